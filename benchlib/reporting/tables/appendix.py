"""Tables at the end of a paper: every figure, and how to read an indicator."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np

from benchlib.comparison.meetings.meeting import Meeting
from benchlib.indicators import Catalogue, Passport
from benchlib.reporting.blocks import Column, Note, Table
from benchlib.reporting.compose import note, table
from benchlib.reporting.texts.meetings.meeting import marks
from benchlib.reporting.values import cost_mark, cost_note, label_with_unit, short_value
from benchlib.reporting.words import Words

_DASH: Final = "–"


def figures(meeting: Meeting, catalogue: Catalogue, names: Mapping[str, str], words: Words) -> Table | Note:
    """Every figure of everybody in the room, with year, marks and source: where each finds the own numbers.

    Parameters
    ----------
    meeting : Meeting
        Municipalities side by side.
    catalogue : Catalogue
        Passports and sources.
    names : mapping of str to str
        Names by code, in the report's language.
    words : Words
        Language.

    Returns
    -------
    Table or Note
        A note if there are none.
    """
    _ = words.gettext
    if meeting.table.empty:
        return note(_("There are no figures."))
    publishers = {source.id: source.publisher[words.language] for source in catalogue.registry.sources}
    used = list(dict.fromkeys(publishers[name] for name in meeting.table["source"] if name in publishers))
    order = {name: place for place, name in enumerate(meeting.summary["indicator"])}
    found = sorted(meeting.table.to_dict("records"), key=lambda row: (row["territory"], order[row["indicator"]]))
    rows = [
        {
            "name": names[row["territory"]],
            "indicator": f"{label_with_unit(passport, words)}{cost_mark(passport)}",
            "year": str(row["year"]),
            "value": words.missing if np.isnan(row["value"]) else short_value(row["value"], passport, words),
            "marks": marks(row, words),
            "source": str(used.index(publishers[row["source"]]) + 1) if row["source"] in publishers else _DASH,
        }
        for row in found
        for passport in [catalogue.passport(row["indicator"])]
    ]
    sources = "; ".join(f"{number} – {name}" for number, name in enumerate(used, start=1))
    remarks = [
        _("Harmonised: carried over the reform, in brackets from how many former municipalities."),
        _("Sources: {sources}.").format(sources=sources),
        *([cost_note(words)] if any(cost_mark(catalogue.passport(name)) for name in order) else []),
    ]
    columns = [
        Column("name", _("Municipality"), is_row_header=True),
        Column("indicator", _("Indicator")),
        Column("year", _("Year"), align="right"),
        Column("value", _("Value"), align="right"),
        Column("marks", _("Remarks")),
        Column("source", _("Source")),
    ]
    return table(columns, rows, caption=_("Every figure, by municipality"), note=" ".join(remarks))


def indicators(meeting: Meeting, passports: Mapping[str, Passport], words: Words) -> Table:
    """What each indicator means and what a reader must know about it.

    Parameters
    ----------
    meeting : Meeting
        Municipalities side by side.
    passports : mapping of str to Passport
        Passports of the indicators.
    words : Words
        Language.

    Returns
    -------
    Table
    """
    _ = words.gettext
    ways = {1: _("more is better"), -1: _("less is better"), 0: _("neither is better")}
    rows = [
        {
            "indicator": passport.name[words.language],
            "unit": passport.unit[words.language],
            "way": ways[passport.direction],
            "meaning": passport.definition[words.language],
            "caveat": passport.caveats[words.language] or _DASH,
        }
        for names in meeting.indicators.values()
        for passport in (passports[name] for name in names)
    ]
    columns = [
        Column("indicator", _("Indicator"), is_row_header=True),
        Column("unit", _("Unit")),
        Column("way", _("Direction")),
        Column("meaning", _("What it shows")),
        Column("caveat", _("Take into account")),
    ]
    return table(columns, rows, caption=_("The indicators and how to read them"))
