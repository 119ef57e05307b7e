"""Tables of a planning region's report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from benchlib.comparison.meetings.meeting import Meeting
from benchlib.comparison.meetings.room import Room
from benchlib.indicators import Passport, classification, former_municipalities, present_municipalities
from benchlib.reporting.blocks import Column, Note, Table
from benchlib.reporting.compose import note, table
from benchlib.reporting.tables.meeting import labelled
from benchlib.reporting.tables.service import notes_on_margins, sure_ones
from benchlib.reporting.texts.services.lessons import examples_beyond_margin, margins
from benchlib.reporting.values import (
    cost_mark,
    cost_note,
    doubt_note,
    efficiency_value,
    few_note,
    listed,
    marked_names,
    median_value,
    method_word,
    short_value,
)
from benchlib.reporting.words import MISSING, Words

if TYPE_CHECKING:  # it loads statsmodels, which a report without scores does not need
    from benchlib.comparison.services.overview import ServiceOverview
    from benchlib.efficiency import BootstrapResult

_DASH = "–"


def parts(room: Room, names: Mapping[str, str], words: Words) -> Table:
    """The municipalities of the region and what each was made of; former ones: where each is today.

    Parameters
    ----------
    room : Room
        From `comparison.region_room`.
    names : mapping of str to str
        Names by code, in the report's language.
    words : Words
        Language.

    Returns
    -------
    Table
    """
    _ = words.gettext
    kinds = {"city": _("state city"), "novads": _("novads")}
    is_former = room.territory == "2009"
    rows = [
        {
            "name": names[unit.code],
            "kind": kinds[unit.kind],
            "parts": _heirs(unit.code, words) if is_former else _parts(unit.code, words),
        }
        for unit in room.units
    ]
    columns = [
        Column("name", _("Municipality"), is_row_header=True),
        Column("kind", _("Kind")),
        Column("parts", _("Today part of") if is_former else _("Former municipalities")),
    ]
    return table(columns, rows, caption=_("The municipalities of the region"))


def _parts(code: str, words: Words) -> str:
    found = former_municipalities(code)
    column = "name" if words.language == "lv" else "name_en"
    if len(found) == 1 and found["share"].iloc[0] == 1:
        return words.gettext("not changed by the reform")
    in_part = words.gettext("{name} (in part)")
    return listed(
        [str(p[column]) if p["share"] == 1 else in_part.format(name=p[column]) for p in found.to_dict("records")], words
    )


def _heirs(code: str, words: Words) -> str:
    known = {unit.code: str(words.name(unit)) for unit in classification("2025")}
    return listed([known[heir] for heir in present_municipalities(code)["code"]], words)


def scores(found: pd.DataFrame, overview: ServiceOverview, names: Mapping[str, str], words: Words) -> Table:
    """Scores of the region's municipalities: efficiency, interval, range of ranks, and the rank by each method.

    Parameters
    ----------
    found : pandas.DataFrame
        From `comparison.region_scores`.
    overview : ServiceOverview
        Scores of a service in all municipalities.
    names : mapping of str to str
        Names by code, in the report's language.
    words : Words
        Language.

    Returns
    -------
    Table
    """
    _ = words.gettext
    methods = overview.methods.telling
    columns = [
        Column("name", _("Municipality"), is_row_header=True),
        Column("efficiency", _("Efficiency"), align="right"),
        Column("corrected", _("Corrected (95% interval)"), align="right"),
        Column("ranks", _("Ranks"), align="right"),
        Column("kin", _("Among its own kind"), align="right"),
        *(
            Column(method, _("Rank: {method}").format(method=method_word(method, words)), align="right")
            for method in methods
        ),
    ]
    rows = []
    for row in found.to_dict("records"):
        is_sure = not np.isnan(row["corrected"])
        rows.append(
            {
                "name": names[row["unit"]] + (" ?" if row["is_doubtful"] else ""),
                "efficiency": efficiency_value(row["efficiency"], words),
                "corrected": f"{words.number(row['corrected'], 2)} ({words.interval(row['low'], row['high'])})"
                if is_sure
                else MISSING,
                "ranks": words.interval(row["rank_low"], row["rank_high"], 0) if is_sure else MISSING,
                "kin": efficiency_value(row["kin_efficiency"], words),
                **{str(method): words.rank(row[method]) for method in methods},
            }
        )
    remarks = [_("Among {n} municipalities; 1 is the best.").format(n=len(overview.sample))]
    remarks += [_("?: doubtful figure.")] if found["is_doubtful"].any() else []
    return table(
        columns,
        rows,
        caption=_("Scores of the region's municipalities among all, the best first"),
        note=" ".join(remarks),
    )


def lessons(
    found: pd.DataFrame,
    room: Room,
    overview: ServiceOverview,
    names: Mapping[str, str],
    words: Words,
    *,
    certainties: Sequence[BootstrapResult | None] = (),
) -> Table | Note:
    """From whom each municipality of the region can learn, inside and outside it.

    Parameters
    ----------
    found : pandas.DataFrame
        From `comparison.region_lessons`.
    room : Room
        The region, from `comparison.region_room`.
    overview : ServiceOverview
        Scores of a service in all municipalities.
    names : mapping of str to str
        Names by code, in the report's language.
    words : Words
        Language.
    certainties : sequence of BootstrapResult or None
        Of each of `ServiceOverview.frontiers`, from `comparison.frontier_certainties`.

    Returns
    -------
    Table or Note
        A note if nobody has a score.
    """
    _ = words.gettext
    if found.empty:
        return note(_("Without scores nothing can be said about who learns from whom."))

    inside = _("{name}, in the region")

    def shown(code: str) -> str:
        return inside.format(name=names[code]) if code in room.codes else names[code]

    whose = marked_names(names, overview.doubtful)
    known = examples_beyond_margin(found, margins(overview, certainties))
    sure = {unit: sure_ones(*both, names, words) for unit, both in known.items() if both[0]}
    rows = [
        {
            "unit": whose[row["unit"]],
            "near": listed([names[code] for code in row["near"]], words) if row["near"] else _DASH,
            "peers": "; ".join(f"{shown(code)} ({words.percent(100 * weight, 0)})" for code, weight in row["peers"])
            or _DASH,
            "single": shown(row["single"]) if row["single"] else _DASH,
            "certain": sure.get(row["unit"], _DASH),
        }
        for row in found.to_dict("records")
    ]
    columns = [
        Column("unit", _("Municipality"), is_row_header=True),
        Column("near", _("In the region: no more money, at least the same result")),
        Column("peers", _("Peers and their weight (DEA)")),
        Column("single", _("Best single example (FDH)")),
    ]
    remarks = [
        _(
            "A dash: nobody whose figures are beyond doubt does better by these figures. Novadi are held against novadi, state cities "
            "against all."
        )
    ]
    if sure:
        columns.append(Column("certain", _("Advantage greater than its margin of error")))
        remarks += notes_on_margins(known, words)
    remarks += [doubt_note(words)] if found["unit"].isin(overview.doubtful).any() else []
    return table(columns, rows, caption=_("Who can learn from whom"), note=" ".join(remarks))


def spread(
    meeting: Meeting, inside: Meeting, passports: Mapping[str, Passport], names: Mapping[str, str], words: Words
) -> Table:
    """How far the region's municipalities differ on each indicator, beside the country's median.

    Parameters
    ----------
    meeting : Meeting
        The region's municipalities among all.
    inside : Meeting
        The same among themselves.
    passports : mapping of str to Passport
        Passports of the indicators.
    names : mapping of str to str
        Names by code, in the report's language.
    words : Words
        Language.

    Returns
    -------
    Table
    """
    _ = words.gettext
    rows = []
    for row in inside.summary.to_dict("records"):
        passport = passports[row["indicator"]]
        rows.append(
            {
                "indicator": labelled(passport, row["year"], words),
                "least": f"{short_value(row['least'], passport, words)} ({names[row['least_territory']]})",
                "median": _median(row, passport, words),
                "greatest": f"{short_value(row['greatest'], passport, words)} ({names[row['greatest_territory']]})",
                "all": median_value(meeting.row(passport.id)["median"], passport, words),
            }
        )
    columns = [
        Column("indicator", _("Indicator"), is_row_header=True),
        Column("least", _("Least"), align="right"),
        Column("median", _("Median of the region"), align="right"),
        Column("greatest", _("Greatest"), align="right"),
        Column("all", _("Median of all municipalities"), align="right"),
    ]
    notes = []
    levels = inside.summary.loc[inside.summary["median"].notna(), "median_level"]
    if len(levels):
        text = _("In brackets: the interval of the median (at least {level}).")
        notes.append(text.format(level=words.percent(np.floor(100 * levels.min()), 0)))
    notes += [few_note(words)] if len(levels) < len(inside.summary) else []
    notes += [cost_note(words)] if any(cost_mark(passports[name]) for name in inside.summary["indicator"]) else []
    return table(columns, rows, caption=_("Differences inside the region"), note=" ".join(notes))


def _median(row: Mapping[Any, Any], passport: Passport, words: Words) -> str:
    """The median of the region with its interval."""
    text = median_value(row["median"], passport, words)
    if np.isnan(row["median"]):
        return text
    return f"{text} ({words.interval(row['median_low'], row['median_high'], passport.decimals)})"
