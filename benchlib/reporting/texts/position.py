"""How the municipality stands: cost, access and result against its comparison group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from benchlib.comparison import ComparisonGroup, Profile, ServiceScores
from benchlib.indicators import Passport
from benchlib.reporting.texts.learning import better_sentence, score_sentence
from benchlib.reporting.values import (
    as_shown,
    cost_mark,
    cost_note,
    doubt_note,
    few_note,
    label_of,
    label_with_unit,
    listed,
    marked,
    ranked_row,
    short_value,
    volume_note,
)
from benchlib.reporting.words import Words


def summary(
    profile: Profile, scores: ServiceScores, kin: ComparisonGroup, money: Passport, result: Passport, words: Words
) -> list[str]:
    """The main messages, one sentence each.

    Parameters
    ----------
    profile : Profile
        From `comparison.profile`.
    scores : ServiceScores
        From `comparison.score_service`.
    kin : ComparisonGroup
        Who shares the frontier, from `comparison.comparable_units`.
    money : Passport
        The input: money per user.
    result : Passport
        The output.
    words : Words
        Language of the text.

    Returns
    -------
    list of str
    """
    sentences = [
        cost_sentence(profile, money, words),
        result_sentence(profile, result, words),
        better_sentence(scores, kin, words),
        score_sentence(scores, words),
        room_sentence(profile, money, words),
    ]
    return [sentence for sentence in sentences if sentence]


def cost_sentence(profile: Profile, passport: Passport, words: Words) -> str:
    """Unit cost against the median of the group.

    Parameters
    ----------
    profile : Profile
        From `comparison.profile`.
    passport : Passport
        The indicator.
    words : Words
        Language of the text.

    Returns
    -------
    str
    """
    _ = words.gettext
    row = profile.row(passport.id)
    own, median = float(row["value"]), float(row["median"])
    m, is_doubtful = words.name(profile.municipality), profile.is_doubtful(passport.id)
    if np.isnan(own):
        return _("{indicator}: there is no figure for {m}.").format(indicator=passport.name[words.language], m=m)
    if np.isnan(median):
        text = _(
            "In {year}, {m} spent **{own}** on education per pupil; fewer than four of its comparison group have a figure, too few for a "
            "median."
        )
        return _with_doubt(
            text.format(m=m, year=row["year"], own=marked(words.euro(own), is_doubtful)), is_doubtful, words
        )
    # Compared as they are shown: whoever subtracts the two numbers must get the gap of the sentence.
    shown, middle = as_shown(own, 0), as_shown(median, 0)
    gap = words.euro(abs(shown - middle))
    values = {"m": m, "year": row["year"], "own": marked(words.euro(own), is_doubtful), "gap": gap}
    if shown == middle:
        text = _(
            "In {year}, {m} spent **{own}** on education per pupil, as much as the median of its comparison group."
        )
    elif shown > middle:
        text = _(
            "In {year}, {m} spent **{own}** on education per pupil: {gap} more than the median of its comparison group ({median})."
        )
    else:
        text = _(
            "In {year}, {m} spent **{own}** on education per pupil: {gap} less than the median of its comparison group ({median})."
        )
    return _with_doubt(text.format(median=words.euro(median), **values), is_doubtful, words)


def _with_doubt(text: str, is_doubtful: bool, words: Words) -> str:
    """A text, and what the mark means if it has one."""
    return f"{text} {doubt_note(words)}" if is_doubtful else text


def result_sentence(profile: Profile, passport: Passport, words: Words) -> str:
    """Result against the median of the group, with the rank.

    Parameters
    ----------
    profile : Profile
        From `comparison.profile`.
    passport : Passport
        The indicator.
    words : Words
        Language of the text.

    Returns
    -------
    str
    """
    _ = words.gettext
    row = profile.row(passport.id)
    own, median = float(row["value"]), float(row["median"])
    m, is_doubtful = words.name(profile.municipality), profile.is_doubtful(passport.id)
    if np.isnan(own):
        return _("{indicator}: there is no figure for {m}.").format(indicator=passport.name[words.language], m=m)
    shown_own = marked(short_value(own, passport, words), is_doubtful)
    if np.isnan(median):
        text = _(
            "The mean result of the four grade 9 examinations was **{own}**; the group has too few figures for a median."
        )
        return _with_doubt(text.format(own=shown_own), is_doubtful, words)
    values = {"m": m, "own": shown_own, "median": short_value(median, passport, words)}
    shown, middle = as_shown(own, passport.decimals), as_shown(median, passport.decimals)
    if shown == middle:
        text = _("The mean result of the four grade 9 examinations was **{own}**, the same as the median of the group.")
    elif shown > middle:
        text = _(
            "The mean result of the four grade 9 examinations was **{own}**, higher than the median of the group ({median})."
        )
    else:
        text = _(
            "The mean result of the four grade 9 examinations was **{own}**, lower than the median of the group ({median})."
        )
    if not np.isnan(row["rank"]):
        text += " " + _("Rank in the group: {rank}.").format(rank=ranked_row(row, words))
    return _with_doubt(text.format(**values), is_doubtful, words)


def room_sentence(profile: Profile, passport: Passport, words: Words) -> str:
    """Room for manoeuvre at the median's unit cost, in euro a year, with the interval of the median.

    Parameters
    ----------
    profile : Profile
        From `comparison.profile`.
    passport : Passport
        The indicator.
    words : Words
        Language of the text.

    Returns
    -------
    str
        Empty where there is no figure, no median, no volume, or no difference of a thousand euro.
    """
    _ = words.gettext
    row = profile.row(passport.id)
    room, low, high = (float(row[f"room_to_median_{end}eur"]) for end in ("", "low_", "high_"))
    if np.isnan(room) or not round(room, -3):
        return ""
    if room > 0:
        text = _(
            "At the group's median cost per pupil, about {room} a year would be freed for {pupils} pupils (room for manoeuvre)."
        )
    else:
        text = _(
            "At the group's median cost per pupil, the schools would cost about {room} a year more for {pupils} pupils."
        )
    shown = marked(words.euro(round(abs(room), -3)), profile.is_doubtful(passport.id))
    sentences = [text.format(room=shown, pupils=words.number(row["volume"]))]
    if not np.isnan(low):
        sentences.append(_interval_sentence(low, high, float(row["median_level"]), words))
    sentences.append(volume_note(row["year"], row["volume_year"], words))
    return " ".join(filter(None, sentences))


def _interval_sentence(low: float, high: float, level: float, words: Words) -> str:
    """How sure the room is, by the interval of the median; with few members its level is less than 95 %."""
    _ = words.gettext
    if low > 0 or high < 0:
        text = _("By the interval of the median ({level}), the amount lies between {low} and {high}.")
    else:
        text = _(
            "By the interval of the median ({level}), the amount lies between {low} and {high} (minus: cheaper than the median), so the "
            "cost cannot be distinguished from the median."
        )
    ends = {name: words.euro(round(value, -3), sign=True) for name, value in (("low", low), ("high", high))}
    return text.format(level=words.percent(100 * level, 0), **ends)


def standing_sentences(profile: Profile, passports: Mapping[str, Passport], words: Words) -> list[str]:
    """Which indicators are in the best and in the worst quarter of the group, and which have no position.

    Parameters
    ----------
    profile : Profile
        From `comparison.profile`.
    passports : mapping of str to Passport
        Passports of the indicators.
    words : Words
        Language of the text.

    Returns
    -------
    list of str
    """
    _ = words.gettext
    table = profile.table.loc[profile.table["direction"] != 0]

    def names(light: str) -> str:
        chosen = table.loc[table["light"] == light, "indicator"]
        return listed([passports[i].name[words.language] for i in chosen], words, quoted=True)

    sentences = []
    if (table["light"] == "green").any():
        sentences.append(_("Among the best quarter of the group: {indicators}.").format(indicators=names("green")))
    if (table["light"] == "red").any():
        sentences.append(_("Among the last quarter of the group: {indicators}.").format(indicators=names("red")))
    if (table["light"] == "none").any():
        sentences.append(_("No position is given for lack of figures: {indicators}.").format(indicators=names("none")))
    if not profile.has_overall_position:
        sentences.append(
            _("Fewer than 60% of the figures are there; nothing is said about the municipality as a whole.")
        )
    return [*sentences, *_rank_sentences(profile, words)]


def _rank_sentences(profile: Profile, words: Words) -> list[str]:
    """How far ranks can be trusted: the range of the years around, or that there is none."""
    _ = words.gettext
    ranks = profile.table.loc[profile.table["rank"].notna()]
    if ranks.empty:
        return []
    if ranks["rank_low"].isna().all():
        text = _(
            "Ranks are those of one year, so how far they move is not known; neighbouring ranks are not a difference."
        )
    else:
        text = _(
            "Behind each rank stand the best and the worst one in the years around; where it says “one year”, how far it moves is not "
            "known. Neighbouring ranks are not a difference."
        )
    return [text]


def glance_texts(profile: Profile, passports: Mapping[str, Passport], words: Words) -> dict[str, str]:
    """Alt text and caption of the glance figure.

    Parameters
    ----------
    profile : Profile
        From `comparison.profile`.
    passports : mapping of str to Passport
        Passports of the indicators.
    words : Words
        Language of the text.

    Returns
    -------
    dict of str to str
        "alt" and "caption".
    """
    _ = words.gettext
    lines = []
    for row in profile.table.to_dict("records"):
        passport = passports[row["indicator"]]
        label = f"{label_with_unit(passport, words)}, {row['year']}{cost_mark(passport)}"
        text = own_and_median(row, passport, words, label, is_doubtful=profile.is_doubtful(passport.id))
        if not np.isnan(row["rank"]):
            rank = ranked_row(row, words)
            text += ", " + _("rank {rank}").format(rank=rank)
        lines.append(text)
    m = words.name(profile.municipality)
    alt = _("{m} among {n} municipalities of its comparison group. {lines}.")
    caption = _(
        "Each dot is a municipality of the comparison group, better to the right; orange: {m} (triangle up: best quarter, diamond: middle "
        "half, triangle down: last quarter). Band: middle half of the group; stroke: median."
    )
    shown = caption.format(m=m) + (f" {few_note(words)}" if profile.table["median"].isna().any() else "")
    shown = _with_doubt(shown, any(map(profile.is_doubtful, profile.table["indicator"])), words)
    return {
        "alt": alt.format(m=m, n=len(profile.group.members), lines="; ".join(lines)),
        "caption": _with_cost_note(shown, [passports[i] for i in profile.table["indicator"]], words),
    }


def own_and_median(
    row: Mapping[Any, Any], passport: Passport, words: Words, label: str, *, is_doubtful: bool = False
) -> str:
    """The own figure and the median of the group, or that there are too few for one, as a part of an alt text.

    Parameters
    ----------
    row : mapping
        A row of the profile's table.
    passport : Passport
        The indicator.
    words : Words
        Language of the text.
    label : str
        What the indicator is called.
    is_doubtful : bool
        Whether the own figure is doubtful.

    Returns
    -------
    str
    """
    _ = words.gettext
    own = words.missing if np.isnan(row["value"]) else marked(short_value(row["value"], passport, words), is_doubtful)
    if np.isnan(row["median"]):
        return _("{indicator}: {own}, too few for a median").format(indicator=label, own=own)
    median = short_value(row["median"], passport, words)
    return _("{indicator}: {own}, median {median}").format(indicator=label, own=own, median=median)


def _with_cost_note(caption: str, shown: Sequence[Passport], words: Words) -> str:
    """A caption, and what the mark beside unit costs means where the figure has one."""
    return f"{caption} {cost_note(words)}" if any(map(cost_mark, shown)) else caption


def ranking_texts(profile: Profile, passport: Passport, names: Mapping[str, str], words: Words) -> dict[str, str]:
    """Alt text and caption of the ranking on one indicator.

    Parameters
    ----------
    profile : Profile
        From `comparison.profile`.
    passport : Passport
        The indicator.
    names : mapping of str to str
        Names by code, in the report's language.
    words : Words
        Language of the text.

    Returns
    -------
    dict of str to str
        "alt" and "caption".
    """
    _ = words.gettext
    values = profile.values.loc[profile.values["indicator"] == passport.id].set_index("territory")["value"]
    present = values.dropna().sort_values(ascending=passport.direction < 0, kind="stable")
    doubtful = {str(code) for code in present.index if profile.is_doubtful(passport.id, str(code))}
    shown = listed(
        [
            marked(f"{names[str(code)]} {short_value(value, passport, words)}", code in doubtful)
            for code, value in present.items()
        ],
        words,
    )
    row = profile.row(passport.id)
    title = label_of(passport, words, year=int(row["year"])) + cost_mark(passport)
    caption = _("{indicator}: the comparison group, best first.").format(indicator=title)
    caption = _with_doubt(caption, bool(doubtful), words)
    caption += f" {few_note(words)}" if np.isnan(row["median"]) else ""
    return {
        "alt": _("{indicator}, best first: {values}.").format(indicator=title, values=shown),
        "caption": _with_cost_note(caption, [passport], words),
    }
