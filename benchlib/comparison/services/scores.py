"""One public service scored: several methods side by side, and what they say about one municipality."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from benchlib.cache import cached
from benchlib.comparison.doubts import doubtful_figures
from benchlib.comparison.groups import ComparisonGroup
from benchlib.comparison.services.reach import dominators, reach
from benchlib.efficiency import BootstrapResult, FrontierResult, Sample, bootstrap, dea, fdh
from benchlib.indicators import Service, Store, load_indicators
from benchlib.terms import Access

_COLUMNS = ["method", "units", "efficient", "efficiency", "corrected", "low", "high", "rank_low", "rank_high"]


@dataclass(frozen=True)
class ServiceScores:
    """Scores of a service for a year, seen from one municipality.

    Attributes
    ----------
    unit : str
        Code of the municipality.
    sample : Sample
        The units compared: those of `kin` with complete figures.
    left_out : pandas.DataFrame
        Units without complete figures: `unit`, `reason`.
    dea, fdh : FrontierResult
        In the service's orientation and returns to scale.
    dea_output, fdh_output : FrontierResult
        The other way round: more result with the same money.
    certainty : BootstrapResult
        Bias-corrected DEA scores with intervals and ranges of ranks; None where every unit is efficient.
    table : pandas.DataFrame
        A row per method: `method` ("dea", "fdh", "dea_detail": the parts of the result as separate outputs, "dea_all": against
        municipalities of every kind), `units`, `efficient`, `efficiency` of the municipality, and `corrected`, `low`, `high`, `rank_low`,
        `rank_high` where the method gives them.
    better : pandas.DataFrame
        From `dominators`; empty if the municipality has no score.
    doubtful : tuple of str
        Units of the sample whose inputs or outputs of the year are used as published although the registry doubts them.
    """

    unit: str
    sample: Sample
    left_out: pd.DataFrame
    dea: FrontierResult
    fdh: FrontierResult
    dea_output: FrontierResult
    fdh_output: FrontierResult
    certainty: BootstrapResult | None
    table: pd.DataFrame
    better: pd.DataFrame
    doubtful: tuple[str, ...] = ()

    @property
    def is_scored(self) -> bool:
        """Whether the municipality has complete figures, and so a score."""
        return self.unit in self.sample.units

    @property
    def own(self) -> dict[str, float]:
        """Own input and output by indicator; empty without a score."""
        if not self.is_scored:
            return {}
        place = self.sample.units.index(self.unit)
        values = [*self.sample.X[place], *self.sample.Y[place]]
        return dict(zip([*self.sample.inputs, *self.sample.outputs], map(float, values), strict=True))

    def reach(self, volume: float) -> pd.DataFrame:
        """What reaching the frontier would mean, method by method (see `comparison.reach`); empty without a score.

        Parameters
        ----------
        volume : float
            Users (pupils) behind the input per user.

        Returns
        -------
        pandas.DataFrame
        """
        results = [self.fdh, self.dea, self.fdh_output, self.dea_output] if self.is_scored else []
        return reach(results, self.unit, volume=volume)


def score_service(
    service: Service,
    kin: ComparisonGroup,
    *,
    year: int,
    replications: int = 2000,
    seed: int,
    level: float = 0.95,
    access: Access = "public",
    as_of: str | None = None,
    store: Store | None = None,
) -> ServiceScores:
    """Score a service by DEA and FDH, with the bootstrap's uncertainty.

    Parameters
    ----------
    service : Service
        The model: inputs, outputs, returns to scale (`data/catalogue/services`).
    kin : ComparisonGroup
        The municipalities that share a frontier, from `comparable_units`; it knows for whom the scores are looked at.
    year : int
        Year of the figures.
    replications, level, seed
        Of the bootstrap.
    access, as_of, store
        As in `load_indicators`.

    Returns
    -------
    ServiceScores

    Raises
    ------
    NoFiguresError
        If inputs or outputs have no figures for the year.
    SampleError
        If no municipality has complete figures.
    """
    ids = [*service.inputs, *service.outputs, *service.detail_outputs]
    table = load_indicators(
        ids, years=year, territory=kin.territory, access=access, as_of=as_of, wide=True, store=store
    )
    alike = table.loc[table["territory"].isin(kin.codes)]
    options: dict[str, Any] = {"rts": service.rts}
    sample, detail, everybody = (
        _sample(alike, service, service.outputs),
        _sample(alike, service, service.detail_outputs or service.outputs),
        _sample(table, service, service.outputs),
    )
    unit = kin.municipality.code
    scored, free = dea(sample, orientation="input", **options), fdh(sample, orientation="input")
    certainty = certainty_of(
        sample, scored, orientation="input", replications=replications, level=level, seed=seed, **options
    )
    rows = [
        _row("dea", scored, unit, certainty),
        _row("fdh", free, unit),
        _row("dea_detail", dea(detail, orientation="input", **options), unit),
    ]
    if len(everybody) > len(sample):
        rows.append(_row("dea_all", dea(everybody, orientation="input", **options), unit))
    better = dominators(sample, unit) if unit in sample.units else _nobody(sample)
    return ServiceScores(
        unit,
        sample,
        sample.left_out,
        scored,
        free,
        dea(sample, orientation="output", **options),
        fdh(sample, orientation="output"),
        certainty,
        pd.DataFrame(rows, columns=_COLUMNS),
        better,
        doubtful_units(ids, year, sample, territory=kin.territory, access=access, as_of=as_of, store=store),
    )


def certainty_of(sample: Sample, scored: FrontierResult, **options: Any) -> BootstrapResult | None:
    """Return the bootstrap, or None where every unit is efficient: then there is no distribution to draw from.

    Parameters
    ----------
    sample : Sample
        The units.
    scored : FrontierResult
        Their scores.
    **options
        As in `bootstrap`.

    Returns
    -------
    BootstrapResult or None
        Computed once and kept for the next report on the same figures.
    """
    if (scored.efficiency >= 1).all():
        return None
    found: BootstrapResult = cached(bootstrap, sample, **options)
    return found


def doubtful_units(ids: Sequence[str], year: int, sample: Sample, **asked: Any) -> tuple[str, ...]:
    """Return the units whose figures of the year are used as published although the registry doubts them.

    Parameters
    ----------
    ids : sequence of str
        Indicators.
    year : int
        Year of the figures.
    sample : Sample
        The units compared.
    **asked
        `territory`, `access`, `as_of` and `store` as in `doubtful_figures`.

    Returns
    -------
    tuple of str
    """
    heirs = doubted_heirs(ids, year, **asked)
    return tuple(str(unit) for unit in sample.units if unit in heirs)


def doubted_heirs(ids: Sequence[str], year: int, **asked: Any) -> set[str]:
    """Return all municipalities whose figures of the year, or those of a part of them, are used although the registry doubts them.

    Parameters
    ----------
    ids : sequence of str
        Indicators.
    year : int
        Year of the figures.
    **asked
        `territory`, `access`, `as_of` and `store` as in `doubtful_figures`.

    Returns
    -------
    set of str
        Codes.
    """
    return {code for _, of, code in doubtful_figures(ids, **asked) if of == year}


def _sample(table: pd.DataFrame, service: Service, outputs: Sequence[str]) -> Sample:
    return Sample.from_table(table, inputs=service.inputs, outputs=outputs, unit="territory").without_missing()


def _nobody(sample: Sample) -> pd.DataFrame:
    return pd.DataFrame(columns=["unit", *sample.inputs, *sample.outputs])


def _row(method: str, result: FrontierResult, unit: str, certainty: BootstrapResult | None = None) -> dict[str, object]:
    sample = result.sample
    has_score = unit in sample.units
    row: dict[str, object] = {
        "method": method,
        "units": len(sample),
        "efficient": int((result.efficiency >= 1).sum()),
        "efficiency": float(result.efficiency[sample.units.index(unit)]) if has_score else np.nan,
    }
    if certainty is not None and has_score:
        sure = certainty.scores.loc[certainty.scores["unit"] == unit].iloc[0]
        row |= {name: sure[name] for name in ("corrected", "low", "high", "rank_low", "rank_high")}
    return row
