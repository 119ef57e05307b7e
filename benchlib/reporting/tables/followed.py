"""Tables on what became of a plan: its goals, its measures, and what the partners did meanwhile."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from benchlib.comparison import FollowUp
from benchlib.indicators import ImprovementPlan, Passport
from benchlib.reporting.blocks import Cell, Column, Note, Table
from benchlib.reporting.compose import note, table
from benchlib.reporting.texts.plans.followed import difference
from benchlib.reporting.values import cost_mark, doubt_note, label_with_unit, marked, short_value
from benchlib.reporting.words import MISSING, Words

_LIGHTS: dict[str, Any] = {"reached": "green", "on the way": "yellow", "behind": "red"}


def goals(followed: FollowUp, passports: Mapping[str, Passport], words: Words) -> Table:
    """Every goal: base, target, what the path asked for, the figure, the state.

    Parameters
    ----------
    followed : FollowUp
        From `comparison.follow_up`.
    passports : mapping of str to Passport
        Passports of the indicators.
    words : Words
        Language.

    Returns
    -------
    Table
    """
    _ = words.gettext
    columns = [
        Column("goal", _("Goal"), is_row_header=True),
        Column("base", _("Base figure"), align="right"),
        Column("target", _("Target"), align="right"),
        Column("planned", _("Planned by now"), align="right"),
        Column("value", _("Value"), align="right"),
        Column("state", _("State")),
    ]
    rows = [_goal(row, passports.get(row["indicator"]), words) for row in followed.goals.to_dict("records")]
    notes = [_("▲ reached, ◆ on the way, ▼ not on the way or not reached in time. In brackets: the year.")]
    if followed.goals[["is_base_doubtful", "is_value_doubtful"]].any(axis=None):
        notes.append(doubt_note(words))
    return table(
        columns,
        rows,
        caption=_("The goals of {m} and what came of them").format(m=words.name(followed.plan.unit)),
        note=" ".join(notes),
    )


def _goal(row: Mapping[Any, Any], passport: Passport | None, words: Words) -> dict[str, Any]:
    def shown(value: Any, year: Any, is_doubtful: bool = False) -> str:
        if pd.isna(value):
            return words.missing
        text = words.number(value, 1) if passport is None else short_value(value, passport, words)
        text = marked(text, is_doubtful)
        return text if pd.isna(year) else f"{text} ({int(year)})"

    state = row["state"]
    return {
        "goal": row["indicator"] if passport is None else f"{label_with_unit(passport, words)}{cost_mark(passport)}",
        "base": shown(row["base"], row["base_year"], row["is_base_doubtful"]),
        "target": shown(row["target"], row["target_year"]),
        "planned": shown(row["planned"], row["year"]) if pd.notna(row["planned"]) else MISSING,
        "value": shown(row["value"], row["year"], row["is_value_doubtful"]),
        "state": Cell(_state_word(row, words), _LIGHTS.get(state, "none")),
    }


def _state_word(row: Mapping[Any, Any], words: Words) -> str:
    _ = words.gettext
    if row["state"] == "behind" and row["is_final"]:
        return _("not reached")
    word = {
        "reached": _("reached"),
        "on the way": _("on the way"),
        "behind": _("not on the way"),
        "no path": _("not reached yet"),
        "no figure": _("no figure"),
    }[row["state"]]
    if row["state"] == "no figure" or not row["is_due"] or row["is_final"]:
        return word
    return _("{state}; no figure for {year}").format(state=word, year=row["target_year"])


def actions(plan: ImprovementPlan, passports: Mapping[str, Passport], words: Words) -> Table:
    """The measures of a plan with cost, time and the office responsible; what is not filled in is marked.

    Parameters
    ----------
    plan : ImprovementPlan
        The plan.
    passports : mapping of str to Passport
        Passports of the indicators.
    words : Words
        Language.

    Returns
    -------
    Table
    """
    _ = words.gettext
    columns = [
        Column("goal", _("Goal"), is_row_header=True),
        Column("what", _("Measure")),
        Column("cost", _("Cost"), align="right"),
        Column("time", _("Time")),
        Column("responsible", _("Responsible")),
        Column("notes", _("Notes")),
    ]
    empty = _("[to be filled in]")
    rows = []
    for goal in plan.goals:
        passport = passports.get(goal.indicator)
        for action in goal.actions or (None,):
            time = " – ".join(words.time(part) for part in (action.start, action.until) if part) if action else ""
            cost = None if action is None else action.cost_eur
            rows.append(
                {
                    "goal": goal.indicator if passport is None else passport.name[words.language],
                    "what": (action.what.strip() if action else "") or empty,
                    "cost": empty if cost is None else words.euro(cost, 0 if cost == int(cost) else 2),
                    "time": time or empty,
                    "responsible": goal.responsible.strip() or empty,
                    "notes": goal.notes.strip() or "–",
                }
            )
    return table(
        columns,
        rows,
        caption=_("Measures of the plan of {year}: cost, time, who is responsible").format(year=plan.base_year),
    )


def partners(
    followed: FollowUp, passports: Mapping[str, Passport], names: Mapping[str, str], words: Words
) -> Table | Note:
    """What the partners did in the same years.

    Parameters
    ----------
    followed : FollowUp
        From `comparison.follow_up`.
    passports : mapping of str to Passport
        Passports of the indicators.
    names : mapping of str to str
        Names by code, in the report's language.
    words : Words
        Language.

    Returns
    -------
    Table or Note
        A note where the plan names nobody.
    """
    _ = words.gettext
    if followed.partners.empty:
        return note(_("The plan names no partner."))
    columns = [
        Column("partner", _("Partner"), is_row_header=True),
        Column("goal", _("Goal")),
        Column("before", _("Then"), align="right"),
        Column("now", _("Now"), align="right"),
        Column("change", _("Change"), align="right"),
        Column("better", _("Better than {m} now").format(m=words.name(followed.plan.unit))),
    ]
    rows = []
    for row in followed.partners.to_dict("records"):
        passport = passports.get(row["indicator"])
        known = passport is not None and not np.isnan(row["value"])
        rows.append(
            {
                "partner": names.get(row["territory"], "") or _("{name} (unknown)").format(name=row["partner"]),
                "goal": row["indicator"] if passport is None else passport.name[words.language],
                "before": _figure(row["before"], passport, words, row["is_before_doubtful"]),
                "now": _figure(row["value"], passport, words, row["is_value_doubtful"]),
                "change": marked(
                    difference(row["value"], row["before"], passport, words),
                    row["is_before_doubtful"] or row["is_value_doubtful"],
                )
                if passport is not None and not np.isnan(row["change"])
                else MISSING,
                "better": (_("yes") if row["is_better"] else _("no")) if known else MISSING,
            }
        )
    has_doubts = followed.partners[["is_before_doubtful", "is_value_doubtful"]].any(axis=None)
    caption = _("What the partners of the plan did meanwhile")
    return table(columns, rows, caption=caption, note=doubt_note(words) if has_doubts else "")


def _figure(value: Any, passport: Passport | None, words: Words, is_doubtful: bool) -> str:
    if passport is None or pd.isna(value):
        return words.missing
    return marked(short_value(value, passport, words), is_doubtful)
