"""Tables of the improvement plan: the gaps, the path of each goal, whom to learn from, what is to be filled in."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from benchlib.comparison import Gaps
from benchlib.comparison.plans.gaps import Aim
from benchlib.indicators import ImprovementPlan, Passport, Territory
from benchlib.reporting.blocks import Cell, Column, Note, Table
from benchlib.reporting.compose import note, table
from benchlib.reporting.tables.followed import actions
from benchlib.reporting.tables.municipality import light_word
from benchlib.reporting.texts.plans.plan import gap_value, unclear_reason
from benchlib.reporting.values import (
    cost_mark,
    cost_note,
    doubt_note,
    few_note,
    label_with_unit,
    marked,
    median_value,
    ranked_row,
    short_value,
)
from benchlib.reporting.words import Words

__all__ = ["actions", "gaps", "missing", "partners", "steps"]


def gaps(found: Gaps, chosen: Collection[str], passports: Mapping[str, Passport], words: Words) -> Table | Note:
    """Every indicator that could become a goal: own figure, what is aimed at, gap, rank, how sure, and whether it becomes one.

    Parameters
    ----------
    found : Gaps
        From `comparison.find_gaps`.
    chosen : collection of str
        Indicators of the goals.
    passports : mapping of str to Passport
        Passports of the indicators.
    words : Words
        Language.

    Returns
    -------
    Table or Note
        A note where there is no indicator with figures.
    """
    _ = words.gettext
    shown = found.table.loc[found.table["why_not"] != "another year"]
    if shown.empty:
        return note(_("There are no figures of these years on anything that a municipality can influence."), "caution")
    columns = [
        Column("indicator", _("Indicator"), is_row_header=True),
        Column("own", _("Own figure"), align="right"),
        Column("aim", _("Group median") if found.aim == "median" else _("Best quarter from"), align="right"),
        Column("gap", _("Difference"), align="right"),
        Column("rank", _("Rank")),
        Column("sure", _("How sure")),
        Column("goal", _("Becomes a goal")),
    ]
    rows = []
    for row in shown.to_dict("records"):
        passport = passports[row["indicator"]]
        light = row["light"]
        rows.append(
            {
                "indicator": f"{label_with_unit(passport, words)}{cost_mark(passport)}, {row['year']}",
                "own": words.missing
                if np.isnan(row["value"])
                else marked(short_value(row["value"], passport, words), row["is_doubtful"]),
                "aim": median_value(row["aim"], passport, words),
                "gap": gap_value(row, passport, words),
                "rank": Cell(
                    ranked_row(row, words),
                    light,
                    light_word(light, words),
                ),
                "sure": _sure_word(row, found.aim, words) if row["why_not"] == "" else _why_word(row["why_not"], words),
                "goal": _("yes") if row["indicator"] in chosen else _("no"),
            }
        )
    notes = [_("▲ best quarter, ◆ middle half, ▼ last quarter of the members with a figure.")]
    notes.append(_("In brackets behind the rank: its range in the plan's year and the two before."))
    if shown["aim"].isna().any():
        notes.append(few_note(words))
    if shown["is_doubtful"].any():
        notes.append(doubt_note(words))
    if any(cost_mark(passports[str(i)]) for i in shown["indicator"]):
        notes.append(cost_note(words))
    highlight = [n for n, indicator in enumerate(shown["indicator"]) if indicator in chosen]
    return table(columns, rows, caption=_("Gaps to the comparison group"), highlight=highlight, note=" ".join(notes))


def _sure_word(row: Mapping[Any, Any], aim: Aim, words: Words) -> str:
    _ = words.gettext
    if row["certainty"] == "unclear":
        within = {
            "median": _("not surely different from the median"),
            "quarter": _("not surely different from the best quarter"),
        }[aim]
        behind = _("behind in {k} of {n} years").format(k=row["years_worse"], n=row["years"])
        return {"years": behind, "small": _("a small gap"), "interval": within}[unclear_reason(row)]
    return {
        "clear": _("clearly behind in every year looked at"),
        "one year": _("one year only"),
        "doubtful": _("the own figure is doubtful"),
    }[row["certainty"]]


def _why_word(why_not: str, words: Words) -> str:
    _ = words.gettext
    return {
        "by area": _("by area, no goal"),
        "no figure": _("no own figure"),
        "too few": _("too few figures in the group"),
        "not worse": _("not behind"),
    }[why_not]


def steps(
    plan: ImprovementPlan,
    passports: Mapping[str, Passport],
    words: Words,
    doubtful: Collection[str] = (),
    added: Collection[str] = (),
) -> Table:
    """The goals year by year, from the base figure to the target.

    Parameters
    ----------
    plan : ImprovementPlan
        The plan, with at least one goal.
    passports : mapping of str to Passport
        Passports of the indicators.
    words : Words
        Language.
    doubtful : collection of str
        Goals whose base figure is doubtful.
    added : collection of str
        Indicators with figures that the user added, from `comparison.added_indicators`.

    Returns
    -------
    Table
    """
    _ = words.gettext
    years = range(plan.base_year, max(goal.target_year for goal in plan.goals) + 1)
    columns = [
        Column("goal", _("Goal"), is_row_header=True),
        *(Column(str(year), str(year), align="right") for year in years),
        Column("followed", _("Followed up by")),
    ]
    rows = []
    for goal in plan.goals:
        passport = passports[goal.indicator]
        cells = {
            str(year): short_value(goal.planned(year), passport, words) if year <= goal.target_year else "–"
            for year in years
        }
        base = str(goal.why.base_year if goal.why else plan.base_year)
        cells |= {base: marked(cells[base], goal.indicator in doubtful)} if base in cells else {}
        label = f"{label_with_unit(passport, words)}{cost_mark(passport)}"
        rows.append({"goal": label, **cells, "followed": _update_word(passport, goal.indicator in added, words)})
    notes = [_("The first year is the base figure, the last the target; between them a straight line.")]
    notes += [doubt_note(words)] if doubtful else []
    return table(
        columns,
        rows,
        caption=_("Follow-up: what the path asks for, year by year"),
        note=" ".join(notes),
    )


def _update_word(passport: Passport, is_added: bool, words: Words) -> str:
    """Where the figure comes from again; the publisher's month where it is recorded."""
    if is_added:
        return words.gettext("own figures of the next year, read in again")
    if passport.update_month == "not recorded":
        return words.gettext("the publisher's next yearly figure")
    return words.gettext("the publisher's yearly figure ({month})").format(month=passport.update_month)


def partners(
    found: pd.DataFrame, passports: Mapping[str, Passport], names: Mapping[str, str], unit: Territory, words: Words
) -> Table | Note:
    """Whom to ask, goal by goal.

    Parameters
    ----------
    found : pandas.DataFrame
        From `comparison.plan_partners`.
    passports : mapping of str to Passport
        Passports of the indicators.
    names : mapping of str to str
        Names by code, in the report's language.
    unit : Territory
        The municipality that asks.
    words : Words
        Language.

    Returns
    -------
    Table or Note
        A note where nobody can be named.
    """
    _ = words.gettext
    if found.empty:
        return note(_("Nobody can be named as a partner from these figures."))
    columns = [
        Column("partner", _("Municipality"), is_row_header=True),
        Column("goal", _("Goal")),
        Column("value", _("Value"), align="right"),
        Column("rank", _("Rank")),
        Column("sure", _("How sure")),
    ]
    rows = [
        {
            "partner": names[row["territory"]],
            "goal": passports[row["indicator"]].name[words.language],
            "value": short_value(row["value"], passports[row["indicator"]], words),
            "rank": ranked_row(row, words),
            "sure": _partner_word(row, unit, words),
        }
        for row in found.to_dict("records")
    ]
    legend = _("…: outside the comparison group, so without a rank in it.") if found["rank"].isna().any() else ""
    return table(columns, rows, caption=_("Partners to learn from"), note=legend)


def _partner_word(row: Mapping[Any, Any], unit: Territory, words: Words) -> str:
    """Why somebody is named, and how sure it is that it does better."""
    _ = words.gettext
    role, doubt = row["role"], _("the figure of {m} is doubtful").format(m=words.name(unit))
    if not role:
        return doubt if row["is_own_doubtful"] else _("ranks do not overlap") if row["is_sure"] else _("one year only")
    why = (
        _("no worse in anything, better in something")
        if role == "dominator"
        else _("reference of the efficiency score")
    )
    sure = (
        _("the interval of its score lies above the own one")
        if row["is_sure"]
        else _("the intervals of the scores overlap")
    )
    return f"{why}; {doubt if row['is_own_doubtful'] else sure}"


def missing(
    ids: Iterable[str], figures: pd.DataFrame, passports: Mapping[str, Passport], words: Words, *, until: int
) -> Table | Note:
    """Figures of the municipality that are missing, and indicators without any figures: nothing is left out in silence.

    Parameters
    ----------
    ids : iterable of str
        Indicators that were looked for.
    figures : pandas.DataFrame
        Tidy figures of the municipality, all years.
    passports : mapping of str to Passport
        Passports of the indicators.
    words : Words
        Language.
    until : int
        Year of the plan; of later years it is told only that there are figures.

    Returns
    -------
    Table or Note
        A note if nothing is missing.
    """
    _ = words.gettext
    rows = []
    for indicator in ids:
        every = figures.loc[figures["indicator"] == indicator]
        part = every.loc[every["year"] <= until]
        absent = part.loc[part["value"].isna()]
        if len(part) and absent.empty:
            continue
        symbols = sorted({str(symbol) for symbol in absent["symbol"]} - {""})
        without = _("figures of later years only") if len(every) else _("no figures that this report may show")
        rows.append(
            {
                "indicator": passports[indicator].name[words.language],
                "years": ", ".join(str(year) for year in sorted(absent["year"])) if len(part) else _("all years"),
                "why": (", ".join(symbols) or _("not published")) if len(part) else without,
            }
        )
    if not rows:
        return note(_("No figure of this report is missing."))
    columns = [
        Column("indicator", _("Indicator"), is_row_header=True),
        Column("years", _("Years without a figure")),
        Column("why", _("Why")),
    ]
    return table(columns, rows, caption=_("Missing figures"))
