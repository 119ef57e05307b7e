"""A plan held against what came of it: the figures of the years since, and whether they moved more than figures do anyway."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

from benchlib.comparison.doubts import NO_DOUBTS, Doubts, doubtful_figures
from benchlib.comparison.figures import with_figures
from benchlib.comparison.groups import ComparisonGroup, comparison_group
from benchlib.comparison.plans.changes import (
    MINIMUM_CHANGES,
    PATH_COLUMNS,
    known_years,
    median_of,
    usual_change,
    wide_of,
)
from benchlib.comparison.plans.gaps import rounded
from benchlib.errors import BenchlibError, PlanError
from benchlib.indicators import (
    Catalogue,
    Goal,
    ImprovementPlan,
    Passport,
    Store,
    Territory,
    catalogue_of,
    classification,
    load_indicators,
    partner_unit,
    present_municipalities,
)
from benchlib.indicators.panel import COLUMNS
from benchlib.terms import Access

_GOAL_COLUMNS = [
    "indicator",
    "is_known",
    "base",
    "base_year",
    "target",
    "target_year",
    "year",
    "value",
    "planned",
    "state",
    "is_due",
    "is_final",
    "is_base_doubtful",
    "is_value_doubtful",
    "share_done",
    "change",
    "usual_low",
    "usual_high",
    "usual_count",
    "against_usual",
    "median_before",
    "median",
    "base_now",
]
_PARTNER_COLUMNS = [
    "indicator",
    "partner",
    "territory",
    "year_before",
    "before",
    "year",
    "value",
    "change",
    "is_better",
    "is_before_doubtful",
    "is_value_doubtful",
]


@dataclass(frozen=True)
class FollowUp:
    """What became of a plan.

    Attributes
    ----------
    plan : ImprovementPlan
        The plan.
    year : int
        Year up to which figures are looked at.
    group : ComparisonGroup
        Whose changes say how much figures move anyway.
    goals : pandas.DataFrame
        A row per goal: `indicator`, `is_known` (it has a passport), `base` (the figure itself where the plan holds it rounded),
        `base_year`, `target`, `target_year`; `year` and `value` of the latest figure after the base year, `planned` for that year,
        `state` ("reached", "on the way", "behind", "no figure", or "no path" where nothing says what was planned for the year), `is_due`
        (`year` is the target year or later), `is_final` (the figure is of the target year or later: only then the target is missed or
        met for good), `is_base_doubtful` and `is_value_doubtful` (the registry doubts the figure), `share_done` (of the way from base to
        target), `change`; `usual_low`, `usual_high`, `usual_count` (from `usual_change`, over as many years) and `against_usual`
        ("better", "within", "worse", "unknown"); `median_before` and `median` of the group in the base year and now (NaN of fewer than
        four figures); `base_now`: the figure of the base year as it stands in the store today.
    path : pandas.DataFrame
        A row per goal and year from the base year to the later of target year and `year`: `planned`, `value`, `is_doubtful`, `median`.
    partners : pandas.DataFrame
        A row per goal and partner: `partner` (as the plan writes it), `territory` (code; "" if nobody has that name), figures and years
        `before` and now, `change`, `is_better` (now better than the municipality), `is_before_doubtful`, `is_value_doubtful`.
    heirs : tuple of Territory
        Into which municipalities this one has passed by `year`; empty while it exists.
    """

    plan: ImprovementPlan
    year: int
    group: ComparisonGroup
    goals: pd.DataFrame
    path: pd.DataFrame
    partners: pd.DataFrame
    heirs: tuple[Territory, ...]

    def goal(self, indicator: str) -> Goal:
        """The goal about an indicator."""
        return next(goal for goal in self.plan.goals if goal.indicator == indicator)

    def has_measure(self, indicator: str) -> bool:
        """Whether a measure is filled in for the goal about an indicator."""
        return any(action.what.strip() for action in self.goal(indicator).actions)

    @property
    def undecided(self) -> pd.DataFrame:
        """Rows of the goals whose time is over although there is no figure of the target year or later."""
        return self.goals.loc[self.goals["is_due"].astype(bool) & ~self.goals["is_final"].astype(bool)]

    def count(self, *states: str) -> int:
        """How many goals are in these states."""
        return int(self.goals["state"].isin(states).sum())


def plan_group(
    plan: ImprovementPlan, *, access: Access = "public", as_of: str | None = None, store: Store | None = None
) -> ComparisonGroup:
    """The comparison group of a plan, as it was when the plan was made.

    Parameters
    ----------
    plan : ImprovementPlan
        The plan.
    access, as_of, store
        As in `load_indicators`.

    Returns
    -------
    ComparisonGroup

    Raises
    ------
    PlanError
        If the plan names a group that there is not (any more).
    """
    try:
        return comparison_group(
            plan.municipality,
            group=plan.group,
            year=plan.base_year,
            territory=plan.territory,
            access=access,
            as_of=as_of,
            store=store,
        )
    except BenchlibError as error:
        raise PlanError(f"The plan {plan.id}: {error} Correct `group` in its file.") from error


def follow_up(
    plan: ImprovementPlan,
    *,
    group: ComparisonGroup,
    year: int,
    access: Access = "public",
    as_of: str | None = None,
    store: Store | None = None,
) -> FollowUp:
    """Hold a plan against the figures of the years since.

    Parameters
    ----------
    plan : ImprovementPlan
        The plan.
    group : ComparisonGroup
        The group whose changes say how much figures move anyway; its municipality is the plan's.
    year : int
        Up to which year figures are looked at.
    access, as_of, store
        As in `load_indicators`.

    Returns
    -------
    FollowUp
        A goal without figures, or about an indicator that is not known (any more), stays as a row that says so.
    """
    catalogue = catalogue_of(store)
    figures, doubts = _figures(plan, catalogue, year, access, as_of, store)
    rows, paths, partners = [], [], []
    for written in plan.goals:
        passport = catalogue.indicators.get(written.indicator)
        wide = wide_of(figures, written.indicator)
        goal = _with_whole_base(written, passport, known_years(wide, group.municipality.code))
        row = _judged(goal, passport, wide, group, year)
        for name, of in (("is_base_doubtful", "base_year"), ("is_value_doubtful", "year")):
            row[name] = (goal.indicator, row.get(of), group.municipality.code) in doubts
        rows.append(row)
        paths += _path(goal, row, wide, group, year, doubts)
        partners += _partners(goal, row, passport, wide, plan, doubts)
    return FollowUp(
        plan,
        year,
        group,
        pd.DataFrame(rows, columns=_GOAL_COLUMNS),
        pd.DataFrame(paths, columns=PATH_COLUMNS),
        pd.DataFrame(partners, columns=_PARTNER_COLUMNS),
        _heirs(plan.unit, year),
    )


def _figures(
    plan: ImprovementPlan, catalogue: Catalogue, year: int, access: Access, as_of: str | None, store: Store | None
) -> tuple[pd.DataFrame, Doubts]:
    """Figures of all municipalities for the goals that have any, up to the year; and which are doubtful."""
    asked: dict[str, Any] = {"territory": plan.territory, "access": access, "as_of": as_of, "store": store}
    known = [i for i in catalogue.nameable(plan.indicators, access) if i in catalogue.indicators]
    shown = with_figures(known, **asked) if known else []
    if not shown:
        return pd.DataFrame(columns=COLUMNS), NO_DOUBTS
    table = load_indicators(shown, years="all", **asked)
    doubts = doubtful_figures(shown, **asked)
    return table.loc[(table["year"] <= year) & table["value"].notna()], doubts


def _with_whole_base(goal: Goal, passport: Passport | None, known: dict[int, float]) -> Goal:
    """The goal with the figure that its base is a rounding of: rounded a second time, it might be shown as another number."""
    figure = known.get(goal.why.base_year) if goal.why is not None else None
    if goal.why is None or passport is None or figure is None:
        return goal
    places = Decimal(repr(goal.why.base)).normalize().as_tuple().exponent
    decimals = max(passport.decimals, -int(places))
    return replace(goal, why=replace(goal.why, base=figure)) if rounded(figure, decimals) == goal.why.base else goal


def _judged(
    goal: Goal, passport: Passport | None, wide: pd.DataFrame, group: ComparisonGroup, year: int
) -> dict[str, Any]:
    own = group.municipality.code
    known = known_years(wide, own)
    base_year = goal.why.base_year if goal.why else None
    base = goal.why.base if goal.why else np.nan
    since = [one for one in known if base_year is None or one > base_year]
    row: dict[str, Any] = {
        "indicator": goal.indicator,
        "is_known": passport is not None,
        "base": base,
        "base_year": base_year if base_year is not None else np.nan,
        "target": goal.target,
        "target_year": goal.target_year,
        "state": "no figure",
        "is_due": year >= goal.target_year,
        "is_final": False,
        "against_usual": "unknown",
        "usual_count": 0,
        "base_now": known.get(base_year or 0, np.nan),
    }
    if passport is None or not since:
        return row
    judged, value = since[-1], known[since[-1]]
    members = wide.loc[wide.index.isin(group.codes)]
    row |= {
        "year": judged,
        "value": value,
        "planned": goal.planned(judged),
        "state": _state(goal, passport, value, judged),
        "is_final": judged >= goal.target_year,
        "median": median_of(members, judged),
    }
    if base_year is not None:
        row |= _change(goal, passport, members, own, (base_year, judged), value - base)
    return row


def _state(goal: Goal, passport: Passport, value: float, year: int) -> str:
    """Compared as the numbers are shown: what a reader sees as equal is equal."""
    direction = _direction(goal, passport)

    def is_as_good(aim: float) -> bool:
        ends = (rounded(number, passport.decimals) for number in (value, aim))
        return (next(ends) - next(ends)) * direction >= 0

    if is_as_good(goal.target):
        return "reached"
    planned = goal.planned(year)
    if np.isnan(planned):
        return "no path"
    return "on the way" if is_as_good(planned) else "behind"


def _direction(goal: Goal, passport: Passport) -> int:
    """Which way is better; where the passport does not say, the way in which the goal leads."""
    known = [goal.planned(year) for year in sorted(step.year for step in goal.follow_up)]
    first = goal.why.base if goal.why else known[0] if known else np.nan
    return passport.direction or (1 if goal.target >= first else -1)


def _change(
    goal: Goal, passport: Passport, members: pd.DataFrame, own: str, years: tuple[int, int], change: float
) -> dict[str, Any]:
    """The own change beside those of the others over as many years."""
    base_year, judged = years
    base = goal.planned(base_year)
    low, high, count = usual_change(members.drop(index=own, errors="ignore"), judged - base_year)
    known = count >= MINIMUM_CHANGES
    word = "unknown"
    if known:
        direction = _direction(goal, passport)
        good, bad = (high, low) if direction > 0 else (low, high)
        beyond = (change - good) * direction > 0
        short = (change - bad) * direction < 0
        word = "better" if beyond else "worse" if short else "within"
    return {
        "share_done": change / (goal.target - base) if goal.target != base else np.nan,
        "change": change,
        "usual_low": low if known else np.nan,
        "usual_high": high if known else np.nan,
        "usual_count": count,
        "against_usual": word,
        "median_before": median_of(members, base_year),
    }


def _path(
    goal: Goal, row: dict[str, Any], wide: pd.DataFrame, group: ComparisonGroup, year: int, doubts: Doubts
) -> list[dict[str, Any]]:
    first = (
        int(row["base_year"])
        if pd.notna(row["base_year"])
        else min([goal.target_year, *(s.year for s in goal.follow_up)])
    )
    members = wide.loc[wide.index.isin(group.codes)]
    known = {first: row["base"]} | known_years(wide, group.municipality.code)
    path = []
    for one in range(first, max(goal.target_year, year) + 1):
        path.append(
            {
                "indicator": goal.indicator,
                "year": one,
                "planned": goal.planned(one),
                "value": known.get(one, np.nan),
                "is_doubtful": (goal.indicator, one, group.municipality.code) in doubts,
                "median": median_of(members, one),
            }
        )
    return path


def _partners(
    goal: Goal,
    row: dict[str, Any],
    passport: Passport | None,
    wide: pd.DataFrame,
    plan: ImprovementPlan,
    doubts: Doubts,
) -> list[dict[str, Any]]:
    found = []
    for partner in goal.partners:
        unit = partner_unit(partner, plan.territory)
        code = unit.code if unit is not None else ""
        known = known_years(wide, unit.code) if unit is not None else {}
        before, value = (known.get(row.get(name, np.nan), np.nan) for name in ("base_year", "year"))
        better = passport is not None and (value - row.get("value", np.nan)) * _direction(goal, passport) > 0
        found.append(
            {
                "indicator": goal.indicator,
                "partner": partner,
                "territory": code,
                "year_before": row["base_year"],
                "before": before,
                "year": row.get("year", np.nan),
                "value": value,
                "change": value - before,
                "is_better": bool(better),
                "is_before_doubtful": (goal.indicator, row["base_year"], code) in doubts,
                "is_value_doubtful": (goal.indicator, row.get("year"), code) in doubts,
            }
        )
    return found


def _heirs(unit: Territory, year: int) -> tuple[Territory, ...]:
    """Where a municipality is in a year, if it has passed into others by then."""
    if unit.valid_to is None or unit.valid_to.year > year:
        return ()
    known = {one.code: one for one in classification("2025")}
    return tuple(known[code] for code in present_municipalities(unit.code)["code"])
