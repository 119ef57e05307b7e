"""How figures move from year to year: what a plan asks for beside what happens anyway."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final

import numpy as np
import pandas as pd

from benchlib.comparison.doubts import NO_DOUBTS, Doubts
from benchlib.comparison.groups import ComparisonGroup
from benchlib.comparison.ranks import MINIMUM_MEMBERS
from benchlib.indicators import ImprovementPlan, Why

#: Fewest changes of other members that say how much figures move anyway.
MINIMUM_CHANGES: Final = 8
#: Of these changes, the share in the middle that counts as usual: a tenth lies below, a tenth above.
USUAL_SHARE: Final = 0.8
PATH_COLUMNS = ["indicator", "year", "planned", "value", "is_doubtful", "median"]


def wide_of(figures: pd.DataFrame, indicator: str) -> pd.DataFrame:
    """Figures of one indicator: a row per municipality, a column per year in which somebody has one."""
    part = figures.loc[(figures["indicator"] == indicator) & figures["value"].notna(), ["territory", "year", "value"]]
    return part.set_index(["territory", "year"])["value"].unstack("year").astype("float64")  # noqa: PD010 - refuses duplicates


def known_years(wide: pd.DataFrame, code: str) -> dict[int, float]:
    """Figures of one municipality by year, in their order, without the missing ones."""
    if code not in wide.index:
        return {}
    row = wide.loc[[code]].iloc[0].dropna()
    return {int(year): float(value) for year, value in zip(row.index, row.to_numpy(), strict=True)}


def median_of(wide: pd.DataFrame, year: int) -> float:
    """Median of a year's figures; NaN of fewer than four, as everywhere."""
    if year not in wide or wide[year].count() < MINIMUM_MEMBERS:
        return np.nan
    return float(wide[year].median())


def usual_change(wide: pd.DataFrame, span: int) -> tuple[float, float, int]:
    """How much figures of an indicator move over so many years, whoever does something about it or not.

    Parameters
    ----------
    wide : pandas.DataFrame
        Figures: a row per municipality, a column per year.
    span : int
        Years.

    Returns
    -------
    low, high : float
        Between them lie the middle eight tenths of the changes; NaN without any.
    count : int
        Changes that are known: all municipalities, all pairs of years with this distance.
    """
    years: Collection[Any] = set(wide.columns)
    changes = [wide[year] - wide[year - span] for year in sorted(years) if year - span in years]
    known = pd.concat(changes).dropna().to_numpy() if changes else np.array([])
    if not len(known):
        return np.nan, np.nan, 0
    edge = (1 - USUAL_SHARE) / 2
    low, high = np.quantile(known, [edge, 1 - edge])
    return float(low), float(high), len(known)


def pace_of(plan: ImprovementPlan, figures: pd.DataFrame, group: ComparisonGroup) -> pd.DataFrame:
    """How fast a plan wants figures to change, and how fast those of the others moved before it.

    Parameters
    ----------
    plan : ImprovementPlan
        The plan.
    figures : pandas.DataFrame
        Tidy indicators of the group, without figures later than the plan: `Gaps.figures`.
    group : ComparisonGroup
        The comparison group.

    Returns
    -------
    pandas.DataFrame
        A row per goal: `indicator`, `needed` (change a year, in the unit of the indicator), `usual_low`, `usual_high` and `usual_count`
        (from `usual_change`, over one year; NaN where too few changes are known).
    """
    rows = []
    for goal in plan.goals:
        low, high, count = usual_change(
            wide_of(figures, goal.indicator).drop(index=group.municipality.code, errors="ignore"), 1
        )
        known = count >= MINIMUM_CHANGES
        base = goal.why or Why(np.nan, plan.base_year)
        rows.append(
            {
                "indicator": goal.indicator,
                "needed": (goal.target - base.base) / (goal.target_year - base.base_year),
                "usual_low": low if known else np.nan,
                "usual_high": high if known else np.nan,
                "usual_count": count,
            }
        )
    return pd.DataFrame(rows, columns=["indicator", "needed", "usual_low", "usual_high", "usual_count"])


def plan_path(
    plan: ImprovementPlan, figures: pd.DataFrame, group: ComparisonGroup, doubts: Doubts = NO_DOUBTS
) -> pd.DataFrame:
    """The path of a plan that was just made, beside the figures before it.

    Parameters
    ----------
    plan : ImprovementPlan
        The plan.
    figures : pandas.DataFrame
        Tidy indicators of the group, without figures later than the plan: `Gaps.figures`.
    group : ComparisonGroup
        The comparison group.
    doubts : frozenset of (str, int, str)
        Which figures are doubtful: `Gaps.doubts`.

    Returns
    -------
    pandas.DataFrame
        As `FollowUp.path`, with the earlier years that have figures.
    """
    rows = []
    for goal in plan.goals:
        wide = wide_of(figures, goal.indicator)
        first = min([plan.base_year, *wide.columns])
        known = known_years(wide, group.municipality.code)
        rows += [
            {
                "indicator": goal.indicator,
                "year": year,
                "planned": goal.planned(year),
                "value": known.get(year, np.nan),
                "is_doubtful": (goal.indicator, year, group.municipality.code) in doubts,
                "median": median_of(wide, year),
            }
            for year in range(first, goal.target_year + 1)
        ]
    return pd.DataFrame(rows, columns=PATH_COLUMNS)
