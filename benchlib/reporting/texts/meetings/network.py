"""Sentences of a network's meeting paper."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from benchlib.comparison.meetings.meeting import Meeting
from benchlib.comparison.ranks import MINIMUM_MEMBERS
from benchlib.indicators import Passport
from benchlib.reporting.blocks import Fact
from benchlib.reporting.texts.meetings.talk import difference_text
from benchlib.reporting.values import dimension_word, label_of, label_with_unit, listed, short_value, some_listed
from benchlib.reporting.words import Words


def title(meeting: Meeting, words: Words) -> str:
    """Title of the paper.

    Parameters
    ----------
    meeting : Meeting
        From `comparison.network_meeting`.
    words : Words
        Language of the text.

    Returns
    -------
    str
    """
    return words.gettext("{network}: meeting paper, {year}").format(network=_name(meeting, words), year=meeting.year)


def _name(meeting: Meeting, words: Words) -> str:
    assert meeting.room.network is not None
    return meeting.room.network.name[words.language]


def caution(meeting: Meeting, words: Words) -> str:
    """How old the figures are, and that the list of members is incomplete; said before anything else.

    Parameters
    ----------
    meeting : Meeting
        From `comparison.network_meeting`.
    words : Words
        Language of the text.

    Returns
    -------
    str
    """
    _ = words.gettext
    years = meeting.summary["year"]
    if not meeting.has_indicators:
        text = _without_indicators(meeting, words)
    elif years.empty:
        text = _(
            "No indicator of this network has a figure yet; the paper says which are missing and how they come in."
        )
    elif years.min() == years.max():
        text = _(
            "All figures are of {last}: for each indicator the year nearest to {year} with figures is taken. The paper says where to ask; "
            "it does not judge today's councils."
        )
    else:
        text = _(
            "The figures are of {first} to {last}: for each indicator the year nearest to {year} with figures is taken. The paper says "
            "where to ask; it does not judge today's councils."
        )
    sentences = [text.format(first=years.min(), last=years.max(), year=meeting.year)]
    if not meeting.room.is_complete:
        sentences.append(
            _(
                "The list of members is incomplete: only those whom the sources name are known, and any of them may have left since."
            )
        )
    return " ".join(sentences)


def _without_indicators(meeting: Meeting, words: Words) -> str:
    """That the network names no indicators, and where they are written."""
    assert meeting.room.network is not None
    text = words.gettext(
        "The network names no indicator yet, so nothing is compared. Indicators are written into your networks.toml below the line {line}, "
        "a list for each dimension, such as {example}; benchlib data list lists them all."
    )
    example = 'cost = ["education_expenditure_per_pupil"]'
    return text.format(line=f"[{meeting.room.network.id}.indicators]", example=example)


def summary(
    meeting: Meeting,
    passports: Mapping[str, Passport],
    names: Mapping[str, str],
    words: Words,
    *,
    closed: Meeting | None = None,
) -> list[str]:
    """The paper in a few points.

    Parameters
    ----------
    meeting : Meeting
        From `comparison.network_meeting`, with public figures alone.
    passports : mapping of str to Passport
        Passports of the indicators.
    names : mapping of str to str
        Names by code, in the report's language.
    words : Words
        Language of the text.
    closed : Meeting, optional
        The same with access to what is for members only, where a closed part follows.

    Returns
    -------
    list of str
    """
    count = len(meeting.room.seats)
    who = words.ngettext(
        "**{n} municipality** is looked at: {names}.", "**{n} municipalities** are compared: {names}.", count
    )
    if not meeting.has_indicators:
        who = words.ngettext(
            "**{n} municipality** is here: {names}.", "**{n} municipalities** are here: {names}.", count
        )
    points = [who.format(n=count, names=some_listed([names[code] for code in meeting.room.codes], words))]
    with_figures = len(meeting.summary)
    total = with_figures + len(meeting.without)
    text = words.ngettext(
        "There are public figures on **{k} of {n}** indicator of the network.",
        "There are public figures on **{k} of {n}** indicators of the network.",
        total,
    )
    points.append(text.format(k=with_figures, n=total) + _service_gap(meeting, words) if meeting.has_indicators else "")
    points.append(_closed_sentence(closed, passports, words) if closed else "")
    points.append(small_sentence(meeting, words))
    points += [
        f"{label_of(passports[row['indicator']], words, year=row['year'])}: "
        + difference_text(row, passports[row["indicator"]], names, words)
        for row in meeting.differences.head(2).to_dict("records")
    ]
    return [point for point in points if point]


def _closed_sentence(closed: Meeting, passports: Mapping[str, Passport], words: Words) -> str:
    """On what there are figures for members only; "" if there are none."""
    shown = [passports[name].name[words.language] for name in closed.of_members.summary["indicator"]]
    if not shown:
        return ""
    text = words.gettext("For members only there are figures on: {indicators}; they stand in the closed part.")
    return text.format(indicators=listed(shown, words, quoted=True))


def _service_gap(meeting: Meeting, words: Words) -> str:
    """That nothing but context has figures, if so."""
    services = meeting.summary.loc[meeting.summary["dimension"] != "context"]
    if len(services) or meeting.summary.empty:
        return ""
    return " " + words.gettext("None of the service itself has: only the conditions can be compared.")


def small_sentence(meeting: Meeting, words: Words) -> str:
    """That there are too few to be compared, and what to do; "" if there are enough.

    Parameters
    ----------
    meeting : Meeting
        From `comparison.network_meeting`.
    words : Words
        Language of the text.

    Returns
    -------
    str
    """
    _ = words.gettext
    if not meeting.is_too_small:
        return ""
    start = (
        _("One municipality alone cannot be compared: its figures stand by themselves.")
        if len(meeting.room.seats) == 1
        else _("Fewer than four municipalities: there are no medians, ranks and lights, only the figures side by side.")
    )
    return start + " " + _("More are added with the parameter members, or for good in networks.toml of your own.")


def room_note(meeting: Meeting, words: Words) -> str:
    """Who is named by the sources but not counted, and how members are added or left out.

    Parameters
    ----------
    meeting : Meeting
        From `comparison.network_meeting`.
    words : Words
        Language of the text.

    Returns
    -------
    str
    """
    _ = words.gettext
    sentences = []
    if meeting.room.unresolved:
        text = _(
            "Named by the sources without saying whether the city or the novads is meant, and therefore not counted: {names}."
        )
        sentences.append(text.format(names=listed(meeting.room.unresolved, words)))
    if meeting.room.is_chosen:
        sentences.append(_("Those present were named for this paper; the network's own list was not used."))
    elif not meeting.room.is_complete and not meeting.is_too_small:  # `small_sentence` says it for a few
        sentences.append(_("Who else takes part is added with the parameter members, names with semicolons between."))
    return " ".join(sentences)


def context_facts(
    meeting: Meeting, passports: Mapping[str, Passport], names: Mapping[str, str], words: Words
) -> list[Fact]:
    """The conditions under which the members work, as cards: median, and from whom to whom it ranges.

    Parameters
    ----------
    meeting : Meeting
        From `comparison.network_meeting`.
    passports : mapping of str to Passport
        Passports of the indicators.
    names : mapping of str to str
        Names by code, in the report's language.
    words : Words
        Language of the text.

    Returns
    -------
    list of Fact
    """
    _ = words.gettext
    cards = []
    for name in meeting.of_dimension("context"):
        row, passport = meeting.row(name), passports[name]
        low, high = (short_value(row[end], passport, words) for end in ("least", "greatest"))
        if row["present"] == 1:
            value, detail = low, _("{year}; {m}").format(year=row["year"], m=names[row["least_territory"]])
        else:
            ends = {
                "low": low,
                "high": high,
                "low_name": names[row["least_territory"]],
                "high_name": names[row["greatest_territory"]],
            }
            if np.isnan(row["median"]):
                value = f"{low}; {high}"
                detail = _("{year}; from {low} ({low_name}) to {high} ({high_name})").format(year=row["year"], **ends)
            else:
                value = short_value(row["median"], passport, words)
                detail = _("median, {year}; from {low} ({low_name}) to {high} ({high_name})").format(
                    year=row["year"], **ends
                )
        cards.append(Fact(label_with_unit(passport, words), value, detail))
    return cards


def empty_sentence(meeting: Meeting, words: Words) -> str:
    """Which dimensions have no figures at all; "" if all have some.

    Parameters
    ----------
    meeting : Meeting
        From `comparison.network_meeting`.
    words : Words
        Language of the text.

    Returns
    -------
    str
    """
    empty = [d for d, names in meeting.indicators.items() if names and not meeting.of_dimension(d)]
    if not empty:
        return ""
    # Semicolons, since the name of a dimension may hold an "and".
    shown = "; ".join(dimension_word(dimension, words).lower() for dimension in empty)
    return words.gettext(
        "No public figures in these groups of indicators: {dimensions}. What could be done is said under “What has no public figures”."
    ).format(dimensions=shown)


def standing_sentence(meeting: Meeting, words: Words) -> str:
    """What lights and ranks are, and how sure; "" where there are none.

    Parameters
    ----------
    meeting : Meeting
        From `comparison.network_meeting`.
    words : Words
        Language of the text.

    Returns
    -------
    str
    """
    if not meeting.summary["has_ranks"].any():
        return ""
    return words.gettext(
        "Ranks are among the municipalities compared. In brackets: the best and the worst rank within two years before and after; a rank "
        "of one year carries no such range. Neighbouring ranks are not a difference."
    )


def quadrant_sentence(meeting: Meeting, words: Words) -> str:
    """Why money and result cannot be set against each other; "" if they can.

    Parameters
    ----------
    meeting : Meeting
        From `comparison.network_meeting`.
    words : Words
        Language of the text.

    Returns
    -------
    str
    """
    _ = words.gettext
    if not _has_both(meeting):
        return _(
            "Money and result cannot be set against each other: the network does not compare both a cost and a result."
        )
    if meeting.money_and_result is None:
        return _("Money and result cannot be set against each other: one of them has no public figures.")
    if len(meeting.pair(*meeting.money_and_result)) < MINIMUM_MEMBERS:
        return _("Money and result are set against each other from four municipalities on that have both figures.")
    return ""


def _has_both(meeting: Meeting) -> bool:
    """Whether a cost and a result are among the indicators, with figures or without."""
    known = pd.concat([meeting.summary, meeting.without])[["dimension", "direction"]]
    judged = set(known.loc[known["direction"] != 0, "dimension"])
    return "cost" in set(known["dimension"]) and bool(judged & {"quality", "satisfaction"})
