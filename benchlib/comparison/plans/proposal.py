"""From gaps to an improvement plan: which gaps become goals, which examples there are, what is to be reached by when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd

from benchlib.comparison.groups import ComparisonGroup
from benchlib.comparison.plans.gaps import Aim, Gaps, rounded
from benchlib.indicators import (
    Action,
    Catalogue,
    Goal,
    ImprovementPlan,
    Passport,
    Practice,
    Step,
    Why,
    classification,
    full_name,
    select_practices,
)
from benchlib.indicators.names import plain_text
from benchlib.indicators.plans.plan import NO_SERVICE, WHOLE_REPORT, stem_of_plan
from benchlib.terms import Access

#: Practice examples that a plan names for a goal.
MOST_PRACTICES: Final = 3


def choose_gaps(gaps: Gaps, count: int, passports: Mapping[str, Passport]) -> pd.DataFrame:
    """The gaps that become goals.

    Parameters
    ----------
    gaps : Gaps
        From `find_gaps`.
    count : int
        How many at most.
    passports : mapping of str to Passport
        Passports of the indicators.

    Returns
    -------
    pandas.DataFrame
        Rows of `gaps.table`: the last quarter of the group first, then those farthest from the aim, measured by the group's middle
        half. A gap that is not clear (not every year looked at shows it, it is small, or the own figure lies within the interval of the
        aim), or that rests on a doubtful figure, becomes a goal only where there is no other. Of an indicator and the mean of which it is
        a part only one is taken.
    """
    pool = gaps.open.loc[~gaps.open["certainty"].isin(("unclear", "doubtful"))]
    if pool.empty:
        pool = gaps.open
    ordered = pool.assign(last=pool["light"] == "red").sort_values(
        ["last", "distance"], ascending=[False, False], kind="stable"
    )
    chosen: list[str] = []
    for indicator in map(str, ordered["indicator"]):
        parts = set(passports[indicator].mean_of)
        is_part = any(indicator in passports[other].mean_of for other in chosen)
        if len(chosen) < count and not is_part and not parts & set(chosen):
            chosen.append(indicator)
    return gaps.table.set_index("indicator", drop=False).loc[chosen].reset_index(drop=True)


def plan_practices(
    catalogue: Catalogue, indicators: Iterable[str], group: ComparisonGroup, *, access: Access = "public"
) -> dict[str, tuple[Practice, ...]]:
    """Practice examples of others for each of several indicators.

    Parameters
    ----------
    catalogue : Catalogue
        Practice examples.
    indicators : iterable of str
        Those of the goals.
    group : ComparisonGroup
        It knows whose own examples are left out.
    access : {"public", "members"}
        "public" leaves out what is for members only.

    Returns
    -------
    dict of str to tuple of Practice
        At most three each; an empty tuple where there is none.
    """
    examples = list(catalogue.practices.values())
    own = group.municipality.code
    found = {}
    for indicator in indicators:
        fitting = select_practices(examples, access=access, indicators=[indicator])
        found[indicator] = tuple(p for p in fitting if own not in p.codes(group.territory))[:MOST_PRACTICES]
    return found


def propose_plan(
    chosen: pd.DataFrame,
    *,
    group: ComparisonGroup,
    year: int,
    aim: Aim = "median",
    target_years: int = 3,
    partners: pd.DataFrame,
    practices: Mapping[str, Sequence[Practice]],
    passports: Mapping[str, Passport],
    theme: str = WHOLE_REPORT,
    service: str = NO_SERVICE,
    figures: Access = "public",
    made_with: str = "",
) -> ImprovementPlan:
    """A plan to be filled in: each gap with a target, a straight path to it, partners and practice examples.

    Parameters
    ----------
    chosen : pandas.DataFrame
        From `choose_gaps`.
    group : ComparisonGroup
        The comparison group.
    year : int
        Year of the plan.
    aim : {"median", "quarter"}
        What the targets are, as in `find_gaps`.
    target_years : int
        Years until the targets.
    partners : pandas.DataFrame
        From `plan_partners`.
    practices : mapping of str to sequence of Practice
        From `plan_practices`.
    passports : mapping of str to Passport
        Passports of the indicators.
    theme, service, figures, made_with
        As in `ImprovementPlan`.

    Returns
    -------
    ImprovementPlan
        Its targets are figures that half, or a quarter, of the members reach; measures and the office responsible are left empty, and
        the plan is for members until people decide otherwise.
    """
    unit = group.municipality
    stem = stem_of_plan(unit, group.territory, year)
    named = {one.code: full_name(one) for one in classification(group.territory)}
    asked = {str(i): [named[str(code)] for code in part["territory"]] for i, part in partners.groupby("indicator")}
    goals = tuple(
        _goal(
            {**row, "best_name": named[row["best_territory"]]},
            passports[str(row["indicator"])],
            year + target_years,
            aim,
            asked,
            practices,
        )
        for row in chosen.to_dict("records")
    )
    return ImprovementPlan(
        id=stem if theme == WHOLE_REPORT else f"{stem}-{plain_text(theme).replace(' ', '-')}",
        municipality=unit.code,
        name=unit.name,
        territory=group.territory,
        base_year=year,
        goals=goals,
        group=group.word,
        theme=theme,
        service=service,
        figures=figures,
        made_with=made_with,
    )


def _goal(
    row: Mapping[Any, Any],
    passport: Passport,
    target_year: int,
    aim: Aim,
    partners: Mapping[str, Sequence[str]],
    practices: Mapping[str, Sequence[Practice]],
) -> Goal:
    # As they are shown: a plan with more decimals, rounded once more for a reader, might say another number than the report.
    base, target, median, best = (rounded(row[name], passport.decimals) for name in ("value", "aim", "median", "best"))
    base_year = int(row["year"])
    years = range(base_year + 1, target_year + 1)
    steps = np.interp(years, [base_year, target_year], [base, target])
    return Goal(
        indicator=passport.id,
        target=target,
        target_year=target_year,
        comparator=aim,
        why=Why(
            base=base,
            base_year=base_year,
            median=median,
            best=best,
            best_municipality=row["best_name"],
            members=int(row["members_with_figure"]),
            light=str(row["light"]),
            **{name: _whole(row[name]) for name in ("rank", "rank_low", "rank_high")},
        ),
        follow_up=tuple(
            Step(year, rounded(float(step), passport.decimals)) for year, step in zip(years, steps, strict=True)
        ),
        partners=tuple(partners.get(passport.id, ())),
        practices=tuple(practice.id for practice in practices.get(passport.id, ())),
        actions=(Action(),),
    )


def _whole(value: Any) -> int | None:
    return None if pd.isna(value) else int(value)
