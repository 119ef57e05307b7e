"""One public service in all municipalities: scores, how sure they are, what drives them, and who learns from whom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pandas as pd

from benchlib.cache import cached
from benchlib.comparison.figures import near_year, with_figures
from benchlib.comparison.services.reach import MINIMUM_UNITS, other_peers
from benchlib.comparison.services.scores import certainty_of, doubtful_units
from benchlib.efficiency import (
    BootstrapResult,
    FrontierResult,
    MetafrontierResult,
    MethodComparison,
    OutlierResult,
    Sample,
    SecondStageResult,
    compare_methods,
    dea,
    fdh,
    metafrontier,
    screen_outliers,
    second_stage,
)
from benchlib.errors import SampleError, SolverError
from benchlib.indicators import Service, Store, classification, load_indicators
from benchlib.terms import Access, Classification, Method


@dataclass(frozen=True)
class ContextEffects:
    """What context has to do with the scores.

    Attributes
    ----------
    result : SecondStageResult or None
        The regression of Simar and Wilson (2007); None where it cannot be estimated.
    conditions : pandas.DataFrame
        Context of the units in the regression, a column per indicator.
    years : dict of str to int
        The year of each indicator: the nearest with figures.
    left_out : tuple of str
        Units with a score whose context is incomplete.
    reason : str
        Why there is no result; "" if there is.
    """

    result: SecondStageResult | None
    conditions: pd.DataFrame
    years: dict[str, int]
    left_out: tuple[str, ...] = ()
    reason: str = ""

    @cached_property
    def effects(self) -> pd.DataFrame:
        """What a usual difference in each condition goes with; no rows without a result.

        Returns
        -------
        pandas.DataFrame
            `indicator`, `usual` (standard deviation of the condition, in its own unit), `change`, `low`, `high` (of the distance from the
            frontier, one over the efficiency, when the condition is greater by so much), `is_significant`, `direction` ("less efficient",
            "more efficient" or "unclear").
        """
        columns = ["indicator", "usual", "change", "low", "high", "is_significant", "direction"]
        if self.result is None:
            return pd.DataFrame(columns=columns)
        table = self.result.coefficients.set_index("term").loc[list(self.conditions)]
        usual = self.conditions.std(ddof=1)
        for name, source in (("change", "estimate"), ("low", "low"), ("high", "high")):
            table[name] = table[source] * usual
        return table.assign(usual=usual).rename_axis("indicator").reset_index()[columns]


@dataclass(frozen=True)
class ServiceOverview:
    """Scores of a service for a year, of all municipalities.

    Attributes
    ----------
    service : Service
        The model.
    year : int
        Year of inputs and outputs.
    territory : {"2025", "2021", "2009"}
        Classification.
    sample : Sample
        The municipalities with complete figures; its context is `kind` ("city" or "novads").
    dea, fdh : FrontierResult
        Among all, in the service's orientation and returns to scale.
    certainty : BootstrapResult or None
        Bias-corrected scores with intervals and ranges of ranks; None where every unit is efficient.
    kinds : MetafrontierResult
        Cities and novadi each among themselves, against the frontier of all.
    methods : MethodComparison
        Scores and ranks by several methods.
    outliers : OutlierResult
        Which municipality drives whose score.
    context : ContextEffects
        What context has to do with the scores.
    doubtful : tuple of str
        Units whose figures of the year are used as published although the registry doubts them.
    trusted_dea, trusted_fdh : FrontierResult
        Scores of all against those that are not doubtful: whom to learn from. The same as `dea` and `fdh` where nobody is doubtful.
    failed : mapping of str to str
        Methods asked for that cannot be applied to these figures, with the reason; `methods` has the others.
    """

    service: Service
    year: int
    territory: Classification
    sample: Sample
    dea: FrontierResult
    fdh: FrontierResult
    certainty: BootstrapResult | None
    kinds: MetafrontierResult
    methods: MethodComparison
    outliers: OutlierResult
    context: ContextEffects
    doubtful: tuple[str, ...]
    trusted_dea: FrontierResult
    trusted_fdh: FrontierResult
    failed: Mapping[str, str] = field(default_factory=dict)

    @property
    def left_out(self) -> pd.DataFrame:
        """Units without complete figures: `unit`, `reason`."""
        return self.sample.left_out

    @cached_property
    def frontiers(self) -> tuple[tuple[frozenset[str], FrontierResult, FrontierResult], ...]:
        """Against whom the units of each kind are held where it is asked whom to learn from: units, DEA and FDH.

        As in the report on a municipality (`comparable_units`): novadi against novadi, for a state city works under other conditions;
        state cities, too few for a frontier of their own, against all. Examples with doubtful figures are left out.
        """
        sample = self.sample
        kinds = {str(unit): str(kind) for unit, kind in zip(sample.units, sample.to_frame()["kind"], strict=True)}
        sizes = Counter(unit.kind for unit in classification(self.territory))
        found = []
        for kind in sorted(set(kinds.values())):
            units = frozenset(unit for unit, of in kinds.items() if of == kind)
            if sizes[kind] < MINIMUM_UNITS or len(units) == len(kinds):
                found.append((units, self.trusted_dea, self.trusted_fdh))
                continue
            own = sample.subset([unit for unit in sample.units if unit in units])
            way: dict[str, Any] = {"orientation": self.service.orientation, "reference": _trusted(own, self.doubtful)}
            scale: dict[str, Any] = {"rts": self.service.rts}
            found.append((units, dea(own, **way, **scale), fdh(own, **way)))
        return tuple(found)

    @cached_property
    def lessons(self) -> pd.DataFrame:
        """From whom each unit that is not on its frontier can learn; examples with doubtful figures are left out.

        Returns
        -------
        pandas.DataFrame
            A row per unit: `unit`, `peers` (pairs of DEA peer and weight, the heaviest first), `single` (the FDH peer, which does no
            worse in anything; "" if nobody does). See `frontiers` for against whom.
        """
        single = {str(unit): str(peer) for unit, peer in self._single[["unit", "peer"]].itertuples(index=False)}
        rows = [
            (str(unit), tuple(zip(peers["peer"], peers["weight"], strict=True)), single.get(str(unit), ""))
            for unit, peers in self._convex.groupby("unit", sort=False)
        ]
        table = pd.DataFrame(rows, columns=["unit", "peers", "single"])
        places = {str(unit): place for place, unit in enumerate(self.sample.units)}
        return table.sort_values("unit", key=lambda units: units.map(places), ignore_index=True)

    @cached_property
    def teachers(self) -> pd.DataFrame:
        """Who can teach how many; examples with doubtful figures are left out.

        Returns
        -------
        pandas.DataFrame
            A row per peer: `peer`, `learners` (units with it as a DEA peer), `main` (of these, how many have it as their heaviest peer),
            `direct` (units whose FDH peer it is: it does no worse in anything). The most called upon first.
        """
        table = pd.DataFrame(
            {
                "learners": self._convex["peer"].value_counts(),
                "main": self._convex.drop_duplicates("unit")["peer"].value_counts(),
                "direct": self._single["peer"].value_counts(),
            }
        )
        table = table.fillna(0).astype(int).rename_axis("peer").reset_index()
        return table.sort_values(["learners", "direct", "peer"], ascending=[False, False, True], ignore_index=True)

    @cached_property
    def _convex(self) -> pd.DataFrame:
        return pd.concat([other_peers(convex, units) for units, convex, _ in self.frontiers], ignore_index=True)

    @cached_property
    def _single(self) -> pd.DataFrame:
        return pd.concat([other_peers(free, units) for units, _, free in self.frontiers], ignore_index=True)


def service_overview(
    service: Service,
    *,
    year: int,
    territory: Classification = "2025",
    methods: Sequence[Method] = ("dea", "bootstrap", "fdh", "order_m", "sfa"),
    replications: int = 2000,
    seed: int,
    level: float = 0.95,
    access: Access = "public",
    as_of: str | None = None,
    store: Store | None = None,
) -> ServiceOverview:
    """Score a service in all municipalities, in several ways.

    Parameters
    ----------
    service : Service
        The model: inputs, outputs, context, orientation, returns to scale (`data/catalogue/services`).
    year : int
        Year of the inputs and outputs.
    territory : {"2025", "2021", "2009"}
        Classification.
    methods : sequence of str
        As in `compare_methods`. A method that cannot be applied to the figures is left out and named in `failed`.
    replications, seed, level
        Of the bootstraps.
    access, as_of, store
        As in `load_indicators`.

    Returns
    -------
    ServiceOverview
        What is slow in it is computed once for the same figures and options, and kept (see `benchlib.cached`).

    Raises
    ------
    NoFiguresError
        If inputs or outputs have no figures for the year.
    SampleError
        If no municipality has complete figures, or none of the methods suits them.
    """
    asked: dict[str, Any] = {"territory": territory, "access": access, "as_of": as_of, "store": store}
    model: dict[str, Any] = {"orientation": service.orientation, "rts": service.rts}
    chance: dict[str, Any] = {"replications": replications, "seed": seed, "level": level}
    sample = _sample(service, year, **asked)
    scored = dea(sample, **model)
    doubtful = doubtful_units([*service.inputs, *service.outputs], year, sample, **asked)
    free = fdh(sample, orientation=model["orientation"])
    against = _trusted(sample, doubtful)
    compared, failed = _compared(sample, methods, {**model, **chance})
    return ServiceOverview(
        service,
        year,
        territory,
        sample,
        scored,
        free,
        certainty_of(sample, scored, **model, **chance),
        metafrontier(sample, "kind", **model),
        compared,
        cached(screen_outliers, sample, **model),
        _context(service, sample, year, {**model, **chance}, **asked),
        doubtful,
        scored if against is None else dea(sample, reference=against, **model),
        free if against is None else fdh(sample, reference=against, orientation=model["orientation"]),
        failed,
    )


def frontier_certainties(
    overview: ServiceOverview, *, replications: int = 2000, seed: int, level: float = 0.95
) -> tuple[BootstrapResult | None, ...]:
    """How sure it is who can learn from whom: the bootstrap among those against whom each municipality is held.

    Parameters
    ----------
    overview : ServiceOverview
        From `service_overview`.
    replications, seed, level
        Of the bootstraps.

    Returns
    -------
    tuple of BootstrapResult or None
        Of each of `ServiceOverview.frontiers`; None where everybody is efficient. Computed once and kept.
    """
    model = {"orientation": overview.service.orientation, "rts": overview.service.rts}
    chance = {"replications": replications, "seed": seed, "level": level}
    return tuple(certainty_of(convex.sample, convex, **model, **chance) for _units, convex, _free in overview.frontiers)


def _sample(service: Service, year: int, **asked: Any) -> Sample:
    table = load_indicators([*service.inputs, *service.outputs], years=year, wide=True, **asked)
    kinds = {unit.code: unit.kind for unit in classification(asked["territory"])}
    table = table.assign(kind=table["territory"].map(kinds))
    return Sample.from_table(
        table, inputs=service.inputs, outputs=service.outputs, unit="territory", context=["kind"]
    ).without_missing()


def _compared(
    sample: Sample, methods: Sequence[Method], options: dict[str, Any]
) -> tuple[MethodComparison, dict[str, str]]:
    """Several methods side by side; those that cannot be applied are left out, with the reason, for the others still say something."""
    asked, failed = tuple(methods), dict[str, str]()
    while True:
        try:
            return cached(compare_methods, sample, methods=asked, **options), failed
        except (SampleError, SolverError) as error:
            lost = next((method for method in asked if str(error).startswith(f"{method}: ")), None)
            if lost is None or len(asked) == 1:
                raise
            failed[lost] = str(error).removeprefix(f"{lost}: ")
            asked = tuple(method for method in asked if method != lost)


def _trusted(sample: Sample, doubtful: Sequence[str]) -> Sample | None:
    """The units whose figures nobody doubts; None if that is all of them, or none."""
    units = [unit for unit in sample.units if unit not in doubtful]
    return sample.subset(units) if 0 < len(units) < len(sample) else None


def _context(service: Service, sample: Sample, year: int, options: dict[str, Any], **asked: Any) -> ContextEffects:
    """Regress the scores on the service's context indicators, each of the nearest year with figures."""
    there = with_figures(service.context, **asked)
    if not there:
        return ContextEffects(None, pd.DataFrame(), {}, reason="no figures on context")
    figures = near_year(load_indicators(there, years="all", **asked), year)
    years = {str(name): int(of) for name, of in figures.groupby("indicator")["year"].first().items()}
    wide = figures.pivot_table(index="territory", columns="indicator", values="value")[there]
    table = sample.to_frame().drop(columns="kind").merge(wide, left_on="unit", right_index=True, how="left")
    try:
        complete = Sample.from_table(table, sample.inputs, sample.outputs, unit="unit", context=there).without_missing()
        result = cached(second_stage, complete, **options)
    except SampleError as error:
        return ContextEffects(None, wide, years, reason=str(error))
    return ContextEffects(result, complete.Z, years, tuple(complete.left_out["unit"]))
