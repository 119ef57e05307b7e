"""Who does better, how sure that is, and what reaching them would be worth."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from benchlib.comparison import ComparisonGroup, RoomForManoeuvre, ServiceScores
from benchlib.indicators import Passport, Service
from benchlib.reporting.values import (
    cost_mark,
    cost_note,
    doubt_note,
    listed,
    marked,
    marked_names,
    names_listed,
    short_value,
    some_listed,
    volume_note,
)
from benchlib.reporting.words import Words


def better_sentence(scores: ServiceScores, kin: ComparisonGroup, words: Words) -> str:
    """How many spend no more and reach no less, by name.

    Parameters
    ----------
    scores : ServiceScores
        From `comparison.score_service`.
    kin : ComparisonGroup
        Who shares the frontier, from `comparison.comparable_units`.
    words : Words
        Language of the text.

    Returns
    -------
    str
    """
    _ = words.gettext
    m, count = words.name(kin.municipality), len(scores.sample) - 1
    if not scores.is_scored:
        return _("{m} has no score: its figures for the year are incomplete.").format(m=m)
    n = len(scores.better)
    if n == 0:
        text = _(
            "None of the other {count} municipalities spends no more per pupil and reaches as high a result as {m}."
        )
        return text.format(count=count, m=m)
    known = {unit.code: str(words.name(unit)) for unit in kin.members}
    text = words.ngettext(
        "Of the other {count} municipalities, {n} spends no more per pupil and reaches at least the same result: {names}.",
        "Of the other {count} municipalities, {n} spend no more per pupil and reach at least the same result: {names}.",
        n,
    )
    names = marked_names(known, scores.doubtful)
    told = text.format(n=n, count=count, names=some_listed([names[code] for code in scores.better["unit"]], words))
    return f"{told} {doubt_note(words)}" if scores.better["unit"].isin(scores.doubtful).any() else told


def score_sentence(scores: ServiceScores, words: Words) -> str:
    """The score with its interval, in a sentence of its own for the summary; empty without a score.

    Parameters
    ----------
    scores : ServiceScores
        From `comparison.score_service`.
    words : Words
        Language of the text.

    Returns
    -------
    str
    """
    if not scores.is_scored:
        return ""
    row = scores.table.set_index("method").loc["dea"]
    if scores.certainty is None:
        text = words.gettext("Efficiency of the schools against the best practice: {efficiency} of 1.")
        return text.format(efficiency=words.number(row["efficiency"], 2))
    text = words.gettext(
        "Efficiency of the schools against the best practice: {efficiency} of 1; corrected for the small number of units, "
        "{low} to {high}."
    )
    return text.format(
        efficiency=words.number(row["efficiency"], 2),
        low=words.number(row["low"], 2),
        high=words.number(row["high"], 2),
    )


def efficiency_sentences(scores: ServiceScores, kin: ComparisonGroup, service: Service, words: Words) -> list[str]:
    """What is measured, among whom, and what the score means for a councillor.

    Parameters
    ----------
    scores : ServiceScores
        From `comparison.score_service`.
    kin : ComparisonGroup
        Who shares the frontier, from `comparison.comparable_units`.
    service : Service
        The service that is scored.
    words : Words
        Language of the text.

    Returns
    -------
    list of str
    """
    _ = words.gettext
    m = words.name(kin.municipality)
    sentences = [service.definition[words.language], _compared_sentence(scores, kin, words)]
    if not scores.is_scored:
        return [*sentences, _("{m} has no score: its figures for the year are incomplete.").format(m=m)]
    row = scores.table.set_index("method").loc["dea"]
    saving = words.percent(100 * (1 - row["efficiency"]), 0)
    if row["efficiency"] >= 1:
        sentences.append(
            _("{m} is on the frontier (1.00): nobody compared reaches its result with less money per pupil.").format(
                m=m
            )
        )
    else:
        sentences.append(
            _reference_text(scores, words).format(
                m=m, efficiency=words.number(row["efficiency"], 2), saving=saving, peer=_only_peer(scores, kin, words)
            )
        )
    if scores.certainty is not None:
        text = _(
            "Corrected for the small number of units, the score lies between {low} and {high} (95% interval), "
            "the rank between {first} and {last}."
        )
        sentences.append(
            text.format(
                low=words.number(row["low"], 2),
                high=words.number(row["high"], 2),
                first=words.number(row["rank_low"]),
                last=words.number(row["rank_high"]),
            )
        )
    doubtful = _doubtful_sentence(scores, kin, words)
    return [*sentences, doubtful] if doubtful else sentences


def _doubtful_sentence(scores: ServiceScores, kin: ComparisonGroup, words: Words) -> str:
    """Whose doubtful figures span the frontier; "" if nobody's do."""
    efficient = {str(u) for u, e in zip(scores.sample.units, scores.dea.efficiency, strict=True) if e >= 1}
    doubted = [unit for unit in kin.members if unit.code in efficient & set(scores.doubtful)]
    if not doubted:
        return ""
    text = words.gettext(
        "The frontier rests in part on figures that are doubtful because they jump from one year to the next: {names}. All scores depend "
        "on them."
    )
    return text.format(names=names_listed(doubted, words))


def _compared_sentence(scores: ServiceScores, kin: ComparisonGroup, words: Words) -> str:
    """How many share the frontier, and why they."""
    _ = words.gettext
    if kin.word == "kind":
        text = _(
            "{n} {among} with complete figures are compared; state cities and novadi work under different conditions."
        )
    else:
        text = _(
            "State cities are too few for a frontier of their own, so {n} municipalities of both kinds are compared."
        )
    among = {"novads": _("novadi (municipalities that are not state cities)"), "city": _("state cities")}.get(
        kin.detail, ""
    )
    return text.format(n=len(scores.sample), among=among)


def _only_peer(scores: ServiceScores, kin: ComparisonGroup, words: Words) -> str:
    """Name of the peer if there is just one; "" for a mixture."""
    peers = list(scores.dea.peers.loc[scores.dea.peers["unit"] == scores.unit, "peer"])
    found = (unit for unit in kin.members if [unit.code] == peers)
    return next((marked(str(words.name(unit)), unit.code in scores.doubtful) for unit in found), "")


def _reference_text(scores: ServiceScores, words: Words) -> str:
    """The sentence on the DEA score, by what the municipality is held against: one municipality or a mixture."""
    _ = words.gettext
    if (scores.dea.peers["unit"] == scores.unit).sum() == 1:
        return _(
            "The DEA score of {m} is {efficiency}: {peer} reaches at least the same result with {saving} less money per pupil."
        )
    return _(
        "The DEA score of {m} is {efficiency}: a combination of the best municipalities reaches the same result with {saving} less "
        "money per pupil."
    )


def confidence_sentences(service: Service, scores: ServiceScores, words: Words) -> list[str]:
    """How far the efficiency scores can be trusted.

    Parameters
    ----------
    service : Service
        The service that is scored.
    scores : ServiceScores
        From `comparison.score_service`.
    words : Words
        Language of the text.

    Returns
    -------
    list of str
    """
    _ = words.gettext
    efficient = int(scores.table.set_index("method").loc["dea", "efficient"])  # type: ignore[arg-type]
    count = len(scores.sample)
    share = words.ngettext(
        "Of {count} municipalities, {n} lies on the DEA line.",
        "Of {count} municipalities, {n} lie on the DEA line.",
        efficient,
    )
    methods = [
        _("DEA draws a line through the best municipalities and allows mixtures of them."),
        _("FDH compares only with municipalities that exist."),
        share.format(count=count, n=efficient),
    ]
    return [
        " ".join(methods),
        _(
            "A score says how far the best comparable municipality is away, not why. With few units the best practice seen is below the "
            "best possible, so uncorrected scores are too high and may lie above their interval, which corrects for that."
        ),
        _(
            "The interval covers the uncertainty about the frontier, not errors in the figures; with so few units it is "
            "too narrow rather than too wide."
        ),
        service.caveats[words.language],
    ]


def frontier_texts(
    scores: ServiceScores, kin: ComparisonGroup, money: Passport, result: Passport, words: Words
) -> dict[str, str]:
    """Alt text and caption of the frontier figure.

    Parameters
    ----------
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
    dict of str to str
        "alt" and "caption".
    """
    _ = words.gettext
    m = words.name(kin.municipality)
    known = marked_names({unit.code: str(words.name(unit)) for unit in kin.members}, scores.doubtful)
    sample = scores.sample
    best = listed([known[str(u)] for u, e in zip(sample.units, scores.dea.efficiency, strict=True) if e >= 1], words)
    alt = _("{money} and {result} of {n} municipalities. On the DEA frontier: {best}.")
    text = alt.format(money=money.name[words.language], result=result.name[words.language], n=len(sample), best=best)
    if scores.is_scored:
        own = _("{m}: {money} and {result}; {n} municipalities spend no more and reach at least the same.")
        text += " " + own.format(
            m=m,
            money=short_value(scores.own[money.id], money, words),
            result=short_value(scores.own[result.id], result, words),
            n=len(scores.better),
        )
    caption = _(
        "Each dot is a municipality; up and to the left is better. Solid line: DEA frontier through the municipalities named, "
        "dashed: FDH frontier."
    )
    if len(scores.better):
        dots = _("The other green dots spend no more than {m} and reach at least the same.")
        caption += " " + dots.format(m=m)
    efficient = (str(u) for u, e in zip(sample.units, scores.dea.efficiency, strict=True) if e >= 1)
    if any(unit in scores.doubtful for unit in (*efficient, scores.unit)):
        caption += f" {doubt_note(words)}"
    if cost_mark(money):
        caption += f" {cost_note(words)}"
    return {"alt": text, "caption": caption}


def reach_note(words: Words) -> str:
    """What the money in the text is and is not.

    Parameters
    ----------
    words : Words
        Language of the text.

    Returns
    -------
    str
    """
    _ = words.gettext
    chance = _("FDH and DEA give single figures without an interval; the table of room for manoeuvre has intervals.")
    scale = _(
        "The euro are a scale for discussion, not a saving that can be entered into a budget: they multiply the difference in cost "
        "per pupil by the pupils of grades 1-9 who could be matched to the municipality, fewer than all pupils. "
        "Before anything is decided, ask the "
        "municipalities named how they do it."
    )
    return f"{chance} {scale}"


def reach_bullets(
    table: pd.DataFrame,
    names: Mapping[str, str],
    money: Passport,
    result: Passport,
    words: Words,
    *,
    room: RoomForManoeuvre | None = None,
    doubtful: Collection[str] = (),
) -> list[str]:
    """What reaching the frontier would mean, in euro and in points, by method.

    Parameters
    ----------
    table : pandas.DataFrame
        From `ServiceScores.reach`.
    names : mapping of str to str
        Names by code, in the report's language.
    money : Passport
        The input: money per user.
    result : Passport
        The output.
    words : Words
        Language of the text.
    room : RoomForManoeuvre, optional
        Years of the cost and of the users; where they differ, the euro say of which year the users are.
    doubtful : collection of str
        Codes of those with doubtful figures (`ServiceScores.doubtful`).

    Returns
    -------
    list of str
    """
    _ = words.gettext
    if table.empty:
        return [_("Without a score nothing can be said about reaching the frontier.")]
    is_other = room is not None and volume_note(room.year, room.volume_year, words)
    users = str(int(room.volume_year)) if room is not None and is_other else ""
    shown = marked_names(names, doubtful)
    return [_reach_bullet(row, shown, result, users, words) for row in table.to_dict("records")]


def _reach_bullet(row: Mapping[Any, Any], names: Mapping[str, str], result: Passport, users: str, words: Words) -> str:
    """One method: what its peers reach; they are named only where they do better, for the best are their own peers."""
    _ = words.gettext
    is_input = row["orientation"] == "input"
    is_better = row["saving_per_user"] >= 0.5 if is_input else row["gain"] >= 0.05
    thousands = round(0.0 if np.isnan(row["saving_eur"]) else row["saving_eur"], -3)
    if not is_better:
        text = (
            _("{method}: nobody compared reaches the same result with less money per pupil.")
            if is_input
            else _("{method}: nobody compared reaches a higher result with the same money per pupil.")
        )
    elif not is_input:
        text = _("{method}: a result of {output_target} instead of {output} with the same money per pupil.")
    elif thousands and users:
        text = _(
            "{method}: the same result with {target} instead of {own} per pupil, about {saving} a year less (with the pupils of {users})."
        )
    elif thousands:
        text = _("{method}: the same result with {target} instead of {own} per pupil, about {saving} a year less.")
    else:
        text = _("{method}: the same result with {target} instead of {own} per pupil.")
    bare = _("without an interval")
    peers = f" ({_peers(row['peers'], names, words)}; {bare})" if is_better else ""
    return text.format(
        method=f"**{row['method']}**{peers}",
        target=words.euro(row["input_target"]),
        own=words.euro(row["input"]),
        saving=words.euro(thousands),
        users=users,
        output=short_value(row["output"], result, words),
        output_target=short_value(row["output_target"], result, words),
    )


def _peers(peers: Sequence[tuple[str, float]], names: Mapping[str, str], words: Words) -> str:
    """The peers by name; a mixture with the share of each."""
    if len(peers) == 1:
        return names[peers[0][0]]
    return listed([f"{names[code]} {words.percent(100 * weight, 0)}" for code, weight in peers], words)
