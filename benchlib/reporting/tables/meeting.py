"""Tables of municipalities side by side: their figures and ranks, what changed, what has no figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd

from benchlib.comparison.meetings.meeting import Meeting
from benchlib.indicators import Passport
from benchlib.reporting.blocks import Cell, Column, Table
from benchlib.reporting.compose import Blocks, table
from benchlib.reporting.tables.municipality import light_word
from benchlib.reporting.values import (
    cost_mark,
    cost_note,
    dimension_word,
    few_note,
    label_with_unit,
    listed,
    median_value,
    ranked_row,
    short_value,
    some_listed,
)
from benchlib.reporting.words import Words

#: What stands where something is written by hand: wide enough for a name.
TO_WRITE: Final = "_" * 14
TO_WRITE_DAY: Final = "_" * 8
_DASH: Final = "–"
_TO: Final = "\N{NO-BREAK SPACE}→\N{NO-BREAK SPACE}"
#: Most indicators in a table with ranks behind the figures; of more, the ranks stand in a table below, so that both fit the page.
_MOST_RANKED: Final = 2


def labelled(passport: Passport, year: int, words: Words) -> str:
    """An indicator with its unit, its year, and the mark of unit costs."""
    return f"{label_with_unit(passport, words)}{cost_mark(passport)}, {year}"


def group_word(dimension: str, words: Words) -> str:
    """A group of indicators as a reader calls it: a dimension, or the demography of a planning region's report."""
    return words.gettext("Demography") if dimension == "demography" else dimension_word(dimension, words)


def light_note(words: Words) -> str:
    """What the signs of the traffic light mean."""
    return words.gettext("▲ best quarter, ◆ middle half, ▼ last quarter of the members with a figure.")


def positions(
    meeting: Meeting,
    dimensions: Sequence[str],
    passports: Mapping[str, Passport],
    names: Mapping[str, str],
    words: Words,
    *,
    with_ranks: bool = True,
    with_dimensions: bool = False,
) -> Blocks | None:
    """Everybody in the room on the indicators of some dimensions: figure, light, rank with its range.

    Parameters
    ----------
    meeting : Meeting
        Municipalities side by side.
    dimensions : sequence of str
        Whose indicators.
    passports : mapping of str to Passport
        Passports of the indicators.
    names : mapping of str to str
        Names by code, in the report's language.
    words : Words
        Language.
    with_ranks : bool
        Whether the ranks stand behind the figures.
    with_dimensions : bool
        Whether the label of the first column of each dimension begins with the dimension.

    Returns
    -------
    Blocks or None
        A table, and one of the ranks below it where there are more than two indicators; None where these dimensions have no figures.
    """
    _ = words.gettext
    pairs = [(dimension, name) for dimension in dimensions for name in meeting.of_dimension(dimension)]
    if not pairs:
        return None
    labels = {name: labelled(passports[name], int(meeting.row(name)["year"]), words) for _dimension, name in pairs}
    if with_dimensions:
        labels = _with_groups(pairs, labels, words)
    ranked_ones = [name for _dimension, name in pairs if with_ranks and meeting.row(name)["has_ranks"]]
    is_joint = bool(ranked_ones) and len(pairs) <= _MOST_RANKED
    shown = ", ".join(dict.fromkeys(group_word(dimension, words).lower() for dimension, _name in pairs))
    caption = _("Figures side by side: {dimensions}").format(dimensions=shown)
    values = _positions(meeting, labels, passports, names, words, caption, with_ranks=is_joint)
    if is_joint or not ranked_ones:
        return Blocks(values)
    return Blocks(values, _ranks(meeting, ranked_ones, passports, names, words, f": {shown}"))


def _with_groups(pairs: Sequence[tuple[str, str]], labels: Mapping[str, str], words: Words) -> dict[str, str]:
    """Labels of columns, the first of each group with the group's word before it."""
    first = dict(reversed(pairs))
    return {
        name: f"{group_word(dimension, words)}: {labels[name]}" if first[dimension] == name else labels[name]
        for dimension, name in pairs
    }


def _positions(
    meeting: Meeting,
    labels: Mapping[str, str],
    passports: Mapping[str, Passport],
    names: Mapping[str, str],
    words: Words,
    caption: str,
    *,
    with_ranks: bool,
) -> Table:
    """Everybody on some indicators, whose labels are given."""
    _ = words.gettext
    shown = list(labels)
    columns = [Column("name", _("Municipality"), is_row_header=True)]
    columns += [Column(name, labels[name], align="right") for name in shown]
    parts = {name: meeting.part(name).set_index("territory") for name in shown}
    rows: list[dict[str, str | Cell]] = [
        {
            "name": names[code],
            **{
                name: figure_cell(parts[name].loc[code], passports[name], words, with_rank=with_ranks) for name in shown
            },
        }
        for code in meeting.room.codes
    ]
    medians = {name: meeting.row(name)["median"] for name in shown}
    has_some = not np.isnan(list(medians.values())).all()
    if has_some:
        everybody = len(meeting.among) > len(meeting.room.seats)
        middle = _("Median of all municipalities") if everybody else _("Median of the group")
        rows.append({"name": middle, **{n: median_value(medians[n], passports[n], words) for n in shown}})
    notes = [light_note(words)] if any((parts[name]["light"] != "none").any() for name in shown) else []
    notes += [few_note(words)] if has_some and np.isnan(list(medians.values())).any() else []
    notes += [_("?: doubtful figure.")] if any(parts[name]["is_doubtful"].any() for name in shown) else []
    notes += _lacking_notes([parts[name] for name in shown], names, words)
    notes += [cost_note(words)] if any(cost_mark(passports[name]) for name in shown) else []
    return table(columns, rows, caption=caption, note=" ".join(notes))


def _lacking_notes(parts: Sequence[pd.DataFrame], names: Mapping[str, str], words: Words) -> list[str]:
    """Which part of a derived figure is missing of whom, where the other part is there: a sentence for each measure."""
    found: dict[str, dict[str, None]] = {}
    for part in parts:
        for code, measure in part["lacking"].dropna().items():
            found.setdefault(measure.name[words.language], {})[names[str(code)]] = None
    text = words.gettext("No figure, because {measure} is missing: {names}.")
    return [
        text.format(measure=listed([measure], words, quoted=True), names=some_listed(list(whose), words))
        for measure, whose in found.items()
    ]


def ranks(meeting: Meeting, passports: Mapping[str, Passport], names: Mapping[str, str], words: Words) -> Table | None:
    """Ranks of everybody in the room, each with its range.

    Parameters
    ----------
    meeting : Meeting
        Municipalities side by side.
    passports : mapping of str to Passport
        Passports of the indicators.
    names : mapping of str to str
        Names by code, in the report's language.
    words : Words
        Language.

    Returns
    -------
    Table or None
        None where nothing has ranks.
    """
    shown = [str(name) for name in meeting.summary.loc[meeting.summary["has_ranks"], "indicator"]]
    return _ranks(meeting, shown, passports, names, words) if shown else None


def _ranks(
    meeting: Meeting,
    shown: Sequence[str],
    passports: Mapping[str, Passport],
    names: Mapping[str, str],
    words: Words,
    what: str = "",
) -> Table:
    _ = words.gettext
    columns = [Column("name", _("Municipality"), is_row_header=True)]
    columns += [Column(n, labelled(passports[n], int(meeting.row(n)["year"]), words), align="right") for n in shown]
    parts = {name: meeting.part(name).set_index("territory") for name in shown}
    rows = [
        {"name": names[code], **{n: _rank(parts[n].loc[code], words) for n in shown}} for code in meeting.room.codes
    ]
    return table(
        columns,
        rows,
        caption=_("Ranks, each with the range in which it moved") + what,
        note=_("In brackets: the best and the worst rank within two years before and after; 1 is the best."),
    )


def _rank(row: Any, words: Words) -> str:
    text = ranked_row(row, words)
    return text.replace("\N{NO-BREAK SPACE}(", " (")  # where there is little room the range stands below


def figure_cell(row: Any, passport: Passport, words: Words, *, with_rank: bool = True) -> Cell:
    """A figure with its light, and its rank in words."""
    if np.isnan(row["value"]):
        return Cell(words.missing)
    text = short_value(row["value"], passport, words) + (" ?" if row["is_doubtful"] else "")
    if with_rank and not np.isnan(row["rank"]):
        text += f"; {ranked_row(row, words)}"
    if row["light"] == "none":
        return Cell(text)
    return Cell(text, row["light"], light_word(row["light"], words))


def changes(
    meeting: Meeting, passports: Mapping[str, Passport], names: Mapping[str, str], words: Words
) -> Table | None:
    """What changed since the year before with figures.

    Parameters
    ----------
    meeting : Meeting
        Municipalities side by side.
    passports : mapping of str to Passport
        Passports of the indicators.
    names : mapping of str to str
        Names by code, in the report's language.
    words : Words
        Language.

    Returns
    -------
    Table or None
        None where no indicator has an earlier year.
    """
    _ = words.gettext
    if meeting.changes.empty:
        return None
    columns = [
        Column("indicator", _("Indicator"), is_row_header=True),
        Column("years", _("Years")),
        Column("compared", _("Municipalities compared"), align="right"),
        Column("median", _("Median then and now"), align="right"),
        Column("mover", _("Moved most")),
    ]
    rows = []
    for row in meeting.changes.to_dict("records"):
        passport = passports[row["indicator"]]
        then, now = (short_value(row[f"median_{when}"], passport, words) for when in ("before", "now"))
        mover = _("{m}: {before} → {now}").format(
            m=names.get(row["mover"], ""),
            before=short_value(row["mover_before"], passport, words),
            now=short_value(row["mover_now"], passport, words),
        )
        rows.append(
            {
                "indicator": f"{label_with_unit(passport, words)}{cost_mark(passport)}",
                "years": f"{row['before']}{_TO}{row['year']}",
                "compared": words.number(row["compared"]),
                "median": _DASH if np.isnan(row["median_now"]) else f"{then} → {now}",
                "mover": mover if row["mover"] else _DASH,
            }
        )
    has_cost = any(cost_mark(passports[name]) for name in meeting.changes["indicator"])
    return table(columns, rows, caption=_("Medians then and now"), note=cost_note(words) if has_cost else "")


def without(
    meeting: Meeting, passports: Mapping[str, Passport], words: Words, *, closed: Meeting | None = None
) -> Table | None:
    """Indicators without public figures, why, what to do, and room to write who does it.

    Parameters
    ----------
    meeting : Meeting
        Municipalities side by side.
    passports : mapping of str to Passport
        Passports of the indicators.
    words : Words
        Language.
    closed : Meeting, optional
        The same with access to what is for members only, where a closed part follows.

    Returns
    -------
    Table or None
        None if all have figures.
    """
    _ = words.gettext
    if meeting.without.empty:
        return None
    reasons = {
        "awaited": _("not among the figures of benchlib yet"),
        "classification": _("published for today's municipalities only"),
        "room": _("published, but of nobody here"),
        "none": _("no public figures"),
    }
    bring = _("Bring own figures, counted alike; they are read by benchlib data import.")
    remedies = {
        "classification": _("Make the paper for the municipalities of 2025."),
        "room": _("Ask the publisher, or bring own figures."),
    }
    in_closed = set(closed.of_members.summary["indicator"]) if closed else set()
    see = _("Their figures stand in the closed part.")
    rows = [
        {
            "indicator": passports[row["indicator"]].name[words.language],
            "dimension": group_word(row["dimension"], words),
            "reason": _("for members only") if row["indicator"] in in_closed else reasons[row["reason"]],
            "remedy": see if row["indicator"] in in_closed else remedies.get(row["reason"], bring),
            "who": _DASH if row["indicator"] in in_closed else TO_WRITE,
            "until": _DASH if row["indicator"] in in_closed else TO_WRITE_DAY,
        }
        for row in meeting.without.to_dict("records")
    ]
    columns = [
        Column("indicator", _("Indicator"), is_row_header=True),
        Column("dimension", _("Dimension")),
        Column("reason", _("Why there are none")),
        Column("remedy", _("What can be done")),
        Column("who", _("Who does it")),
        Column("until", _("Until when")),
    ]
    is_public = meeting.access == "public"
    caption = _("Indicators without public figures") if is_public else _("Indicators without figures")
    return table(columns, rows, caption=caption)
