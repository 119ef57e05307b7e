"""An improvement plan held against the store: whether what it says is a figure that there is, and one for its readers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from benchlib.errors import AccessError, NoFiguresError
from benchlib.indicators.names import full_name
from benchlib.indicators.panel import catalogue_of, load_indicators
from benchlib.indicators.plans.plan import Goal, ImprovementPlan
from benchlib.indicators.plans.problems import half_a_step, partner_unit
from benchlib.indicators.store import Store, default_store
from benchlib.indicators.territory import Territory
from benchlib.terms import Access, Classification


def closed_figures(plan: ImprovementPlan, data: Path | None = None) -> list[str]:
    """Figures of a public plan that are not public: what a plan says about itself is not believed.

    Parameters
    ----------
    plan : ImprovementPlan
        The plan.
    data : pathlib.Path, optional
        Data folder; the shipped one if absent.

    Returns
    -------
    list of str
        A message for each base figure, and each best figure, that no public vintage holds; empty for a plan for members.
    """
    if plan.access != "public":
        return []
    store = default_store() if data is None else Store(data)
    messages = []
    for number, goal in enumerate(plan.goals, start=1):
        if goal.why is None or goal.indicator not in catalogue_of(store).indicators:
            continue
        best_of = partner_unit(goal.why.best_municipality, plan.territory) if goal.why.best_municipality else None
        told = [("base", goal.why.base, plan.unit), ("best", goal.why.best, best_of)]
        for name, figure, unit in told:
            known = _vintages(goal.indicator, goal.why.base_year, unit, plan.territory, "public", store)
            if figure is not None and not _is_among(figure, goal.indicator, known, store):
                whose = full_name(unit) if unit else "any municipality"
                messages.append(
                    f"goal {number} ({goal.indicator:.60}): {name} = {figure:g} is no public figure of {whose} for {goal.why.base_year}, "
                    'and a public plan would publish it. Say access = "members", or make the plan anew on public figures.'
                )
    return messages


def foreign_targets(plan: ImprovementPlan, data: Path | None = None) -> list[str]:
    """Targets that are said to be the first partner's figure and are another number.

    Parameters
    ----------
    plan : ImprovementPlan
        The plan, of which every indicator is known.
    data : pathlib.Path, optional
        Data folder; the shipped one if absent.

    Returns
    -------
    list of str
        A remark for each; a partner that is no municipality is remarked elsewhere.
    """
    store = default_store() if data is None else Store(data)
    found = []
    for number, goal in enumerate(plan.goals, start=1):
        unit = partner_unit(goal.partners[0], plan.territory) if goal.comparator == "partner" else None
        if unit is not None:
            found += [f"goal {number} ({goal.indicator:.60}): {it}" for it in _foreign(goal, unit, plan, store)]
    return found


def _foreign(goal: Goal, unit: Territory, plan: ImprovementPlan, store: Store) -> Iterator[str]:
    year = goal.why.base_year if goal.why is not None else plan.base_year
    known = list(_vintages(goal.indicator, year, unit, plan.territory, plan.access, store))
    if _is_among(goal.target, goal.indicator, known, store):
        return
    latest = known[0].dropna() if known else pd.Series(dtype="float64")
    decimals = catalogue_of(store).indicators[goal.indicator].decimals
    told = "none is known" if latest.empty else f"{latest.iloc[0]:.{decimals}f}"
    yield (
        f'comparator = "partner", but target = {goal.target:g} is not the figure of the partner {full_name(unit)} for {year} ({told}). '
        'Correct the target, or say comparator = "own".'
    )


def _vintages(
    indicator: str, year: int, unit: Territory | None, territory: Classification, access: Access, store: Store
) -> Iterator[pd.Series]:
    """Figures of a municipality, or of all, in every vintage, latest first: a plan may be older than the latest one."""
    measures = catalogue_of(store).measures_of([indicator])
    days = {source.vintage for measure in measures for source in store.registry.sources_of(measure)}
    for day in (None, *sorted(days, reverse=True)):
        try:
            table = load_indicators(
                indicator,
                years=year,
                municipalities=unit.code if unit else None,
                territory=territory,
                access=access,
                as_of=day,
                store=store,
            )
        except (NoFiguresError, AccessError):
            continue
        yield table["value"]


def _is_among(figure: float, indicator: str, known: Iterator[pd.Series] | list[pd.Series], store: Store) -> bool:
    """Whether a figure is one of some, as far as it is shown."""
    near = half_a_step(catalogue_of(store).indicators[indicator])
    return any(((values - figure).abs() <= near).any() for values in known)
