"""The table of room for manoeuvre: what a difference in unit cost amounts to against each reference."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from benchlib.comparison import RoomForManoeuvre
from benchlib.indicators import Passport
from benchlib.reporting.blocks import Column, Note, Table
from benchlib.reporting.compose import note, table
from benchlib.reporting.texts.need import reference_words
from benchlib.reporting.values import cost_mark, cost_note, doubt_note, few_note, marked, short_value, volume_note
from benchlib.reporting.words import Words

_DASH: Final = "–"


def room(found: RoomForManoeuvre, passport: Passport, words: Words, *, is_doubtful: bool = False) -> Table | Note:
    """Room for manoeuvre against each reference, in euro a year with its interval.

    Parameters
    ----------
    found : RoomForManoeuvre
        From `comparison.room_for_manoeuvre`.
    passport : Passport
        The unit cost.
    words : Words
        Language.
    is_doubtful : bool
        Whether the own cost is doubtful; it is marked.

    Returns
    -------
    Table or Note
        A note without an own figure.
    """
    _ = words.gettext
    if np.isnan(found.cost):
        return note(_("There is no own figure to hold against the references."))
    columns = [
        Column("reference", _("Reference"), is_row_header=True),
        Column("units", _("Municipalities"), align="right"),
        Column("value", _("Its cost (interval)"), align="right"),
        Column("room", _("Room a year"), align="right"),
        Column("interval", _("Interval"), align="right"),
        Column("reading", _("Reading")),
    ]
    rows = [
        {
            "reference": reference_words(words)[row["reference"]],
            "units": words.number(row["units"]),
            "value": _reference_value(row, passport, words),
            "room": _DASH if np.isnan(row["room_eur"]) else _thousands(row["room_eur"], words),
            "interval": _DASH if np.isnan(row["room_low_eur"]) else _level(row, words),
            "reading": _reading_of(row, found.cost, words),
        }
        for row in found.table.to_dict("records")
    ]
    caption = _("Room for manoeuvre: own cost {own}{mark} against several references, {year}").format(
        own=marked(short_value(found.cost, passport, words), is_doubtful), mark=cost_mark(passport), year=found.year
    )
    scale = _(
        "Positive: euro that would be freed at the reference's cost; negative: the own cost is lower. A scale for discussion."
    )
    notes = [
        _("The number of users is not known, so there are no euro.") if np.isnan(found.volume) else scale,
        volume_note(found.year, found.volume_year, words),
        few_note(words) if found.table["value"].isna().any() else "",
        cost_note(words),
        doubt_note(words) if is_doubtful else "",
    ]
    return table(columns, rows, caption=caption, note=" ".join(filter(None, notes)))


def _reference_value(row: Mapping[Any, Any], passport: Passport, words: Words) -> str:
    """The cost of a reference with its interval, if it has one."""
    if np.isnan(row["value"]):
        return _DASH
    value = short_value(row["value"], passport, words)
    return value if np.isnan(row["low"]) else f"{value} ({words.interval(row['low'], row['high'], passport.decimals)})"


def _thousands(value: float, words: Words) -> str:
    return words.euro(round(value, -3), sign=True)


def _level(row: Mapping[Any, Any], words: Words) -> str:
    low, high = (_thousands(row[f"room_{end}_eur"], words) for end in ("low", "high"))
    level = words.percent(100 * row["level"], 0)
    return words.gettext("{low} to {high} ({level})").format(low=low, high=high, level=level)


def _reading_of(row: Mapping[Any, Any], cost: float, words: Words) -> str:
    """Whether the own cost lies outside the interval of the reference; euro are not needed for that."""
    _ = words.gettext
    if np.isnan(row["value"]):
        return _("too few figures")
    if np.isnan(row["low"]):
        return _("no interval")
    if row["reference"] == "frontier":
        return _("always lower: no test")
    if not row["is_clear"]:
        return _("not distinguishable")
    return _("dearer") if cost > row["value"] else _("cheaper")
