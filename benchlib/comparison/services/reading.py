"""A service read in four dimensions at once: what it costs, whether people reach it, how good it is, and under which demography."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchlib.comparison.figures import near_year, with_figures
from benchlib.comparison.indices.composite import CompositeResult, composite_index
from benchlib.comparison.indices.need import NeedResult, need_adjusted_cost
from benchlib.comparison.ranks import is_enough, light_at, rank_ranges, ranks_of
from benchlib.comparison.services.scores import doubted_heirs
from benchlib.errors import OptionError, SampleError
from benchlib.indicators import Service, Store, Territory, catalogue_of, classification, load_indicators
from benchlib.terms import Access, Classification

Floats = NDArray[np.float64]
#: How an indicator of a service is judged in the reading.
DIMENSIONS = ("cost", "coverage", "quality", "demography")
_ADJUSTED = "adjusted_cost"


@dataclass(frozen=True)
class ServiceReading:
    """Cost, access, quality and demography of a service in all municipalities.

    Attributes
    ----------
    service : Service
        The service.
    year : int
        Year asked for.
    territory : {"2025", "2021", "2009"}
        Classification.
    indicators : mapping of str to tuple of str
        Indicators by dimension: "cost", "coverage" (access), "quality", "demography".
    years : mapping of str to int
        Year of each indicator: the nearest with figures.
    table : pandas.DataFrame
        A row per indicator and municipality: `indicator`, `dimension`, `direction` (0 for demography), `territory`, `year`, `value` (NaN
        where missing), `light` ("green" best quarter of all, "yellow", "red", "none"), `rank`, `rank_low`, `rank_high` (among all; the
        range is that of the years around, NaN for one year), `members_with_figure`, `fewest_members` and `most_members` (in these years).
    absent : tuple of str
        Indicators of the service without any figure.
    need : NeedResult or None
        Cost adjusted for the demography; None where that cannot be estimated (see `reason`).
    composite : CompositeResult or None
        Cost (adjusted where that tells more than the plain one, see `is_adjusted`), access and quality in one index by rank, each dimension
        with the same weight, under uncertain weights; None where fewer than two dimensions have figures.
    reason : str
        Why there is no adjusted cost; "" if there is.
    doubtful : tuple of str
        Municipalities of which a figure is used as published although the registry doubts it.
    """

    service: Service
    year: int
    territory: Classification
    indicators: Mapping[str, tuple[str, ...]]
    years: Mapping[str, int]
    table: pd.DataFrame
    absent: tuple[str, ...]
    need: NeedResult | None
    composite: CompositeResult | None
    reason: str = ""
    doubtful: tuple[str, ...] = ()

    @property
    def is_adjusted(self) -> bool:
        """Whether the cost in the composite is the adjusted one: not where demography explains hardly anything of the cost."""
        return _is_adjusted(self.need)

    @cached_property
    def units(self) -> tuple[str, ...]:
        """Codes of all municipalities: the best of the composite first, those without a place last, by code."""
        codes = [unit.code for unit in classification(self.territory)]
        if self.composite is None:
            return tuple(codes)
        ranks = self.composite.scores.set_index("unit")["rank"].reindex(codes)
        return tuple(ranks.sort_values(kind="stable", na_position="last").index)

    def cell(self, indicator: str, code: str) -> pd.Series:
        """The row of an indicator and a municipality.

        Raises
        ------
        OptionError
            If there is none.
        """
        found = self._rows.get((indicator, code))
        if found is None:
            raise OptionError(f"{indicator!r} of {code!r} is not in this reading.")
        return found

    @cached_property
    def _rows(self) -> dict[tuple[str, str], pd.Series]:
        return {(str(row["indicator"]), str(row["territory"])): row for _, row in self.table.iterrows()}

    def __repr__(self) -> str:
        shown = sum(map(len, self.indicators.values()))
        return f"ServiceReading({self.service.id}, {self.year}, {shown} indicators, {len(self.units)} municipalities)"


def region_units(region: str, territory: Classification = "2025") -> tuple[Territory, ...]:
    """Municipalities of a planning region, or nobody for "all".

    Parameters
    ----------
    region : str
        Name of the region, or "all".
    territory : {"2025", "2021", "2009"}
        Classification.

    Returns
    -------
    tuple of Territory
        By code; empty for "all".

    Raises
    ------
    OptionError
        If there is no such region; the message lists them.
    """
    everybody = classification(territory)
    known = sorted({unit.region for unit in everybody})
    if region not in ("all", *known):
        raise OptionError(f"region={region!r:.80} is not a planning region. Known: {', '.join(known)}, or all.")
    return tuple(unit for unit in everybody if unit.region == region)


def service_reading(
    service: Service,
    *,
    year: int,
    territory: Classification = "2025",
    draws: int = 2000,
    seed: int,
    level: float = 0.95,
    access: Access = "public",
    as_of: str | None = None,
    store: Store | None = None,
) -> ServiceReading:
    """Read cost, access, quality and demography of a service together, for all municipalities.

    Parameters
    ----------
    service : Service
        The service; its first input is the cost, and it names its indicators of `coverage`, `quality` and `demography`.
    year : int
        Year of the cost; the others count in the year nearest to it.
    territory : {"2025", "2021", "2009"}
        Classification.
    draws, seed
        Of the weights of the composite.
    level : float
        Level of intervals and ranges.
    access, as_of, store
        As in `load_indicators`.

    Returns
    -------
    ServiceReading

    Raises
    ------
    NoFiguresError
        If the cost has no figures for the year.

    Notes
    -----
    It is no copy of a ministry's method: none is published. Demography has no good or bad and no light; it enters the composite through
    the cost that is adjusted for it. Where it predicts the cost hardly better than the mean does, the adjustment would move municipalities
    by hundreds of euro without telling anything, so the plain cost counts.
    """
    asked: dict[str, Any] = {"territory": territory, "access": access, "as_of": as_of, "store": store}
    cost = service.inputs[0]
    load_indicators(cost, years=year, **asked)  # refuses a year without cost
    named = {
        "cost": (cost,),
        "coverage": service.coverage,
        "quality": service.quality,
        "demography": service.demography,
    }
    named = {dimension: catalogue_of(store).nameable(ids, access) for dimension, ids in named.items()}
    every = list(dict.fromkeys(i for ids in named.values() for i in ids))
    there = with_figures(every, **asked)
    figures = load_indicators(there, years="all", **asked)
    table = _table(figures, {d: [i for i in ids if i in there] for d, ids in named.items()}, year, asked)
    need, reason = _need(cost, [i for i in service.demography if i in there], year, level, asked)
    return ServiceReading(
        service,
        year,
        territory,
        {d: tuple(i for i in ids if i in there) for d, ids in named.items()},
        {str(i): int(y) for i, y in table.groupby("indicator", sort=False)["year"].first().items()},
        table,
        tuple(i for i in every if i not in there),
        need,
        _composite(table, need, draws, level, seed),
        reason,
        _doubtful(table, asked),
    )


def _doubtful(table: pd.DataFrame, asked: Mapping[str, Any]) -> tuple[str, ...]:
    """Whose figures, of the year in which each indicator counts, are doubted, in the order of the codes."""
    years = table.drop_duplicates("indicator")[["indicator", "year"]].itertuples(index=False)
    doubted = set[str]().union(*(doubted_heirs([str(i)], int(year), **asked) for i, year in years))
    return tuple(unit.code for unit in classification(asked["territory"]) if unit.code in doubted)


def _table(
    figures: pd.DataFrame, named: Mapping[str, Sequence[str]], year: int, asked: Mapping[str, Any]
) -> pd.DataFrame:
    """Value, light and rank with its range of each indicator and municipality; the indicators in the order of the dimensions."""
    codes = [unit.code for unit in classification(asked["territory"])]
    passports = catalogue_of(asked["store"]).indicators
    directions = {
        i: passports[i].direction for dimension, ids in named.items() if dimension != "demography" for i in ids
    }
    near = near_year(figures, year).set_index(["indicator", "territory"])
    ranges = rank_ranges(figures, directions, codes, year).set_index(["indicator", "territory"])
    parts = []
    for dimension, ids in named.items():
        for indicator in ids:
            part = near.loc[indicator].reindex(codes)
            value = part["value"].to_numpy(dtype="float64")
            frame = pd.DataFrame({"indicator": indicator, "dimension": dimension, "territory": codes, "value": value})
            frame["direction"] = sign = directions.get(indicator, 0)
            frame["year"] = int(part["year"].dropna().iloc[0])
            frame["light"] = _lights(sign * value, codes) if sign else "none"
            parts.append(frame)
    table = pd.concat(parts, ignore_index=True)
    columns = ["rank", "rank_low", "rank_high", "members_with_figure", "fewest_members", "most_members"]
    return table.merge(ranges[columns].reset_index(), on=["indicator", "territory"], how="left")


def _lights(goodness: Floats, codes: Collection[str]) -> list[str]:
    """Traffic lights among all; "none" without a figure, or where there are too few."""
    known = ~np.isnan(goodness)
    if not is_enough(int(known.sum()), len(codes)):
        return ["none"] * len(goodness)
    values = goodness[known]
    ranks = ranks_of(values)
    ties = np.array([(values == value).sum() for value in values])
    lights = np.full(len(goodness), "none", dtype=object)
    lights[known] = [light_at(place) for place in (ranks - 1 + ties / 2) / len(values)]
    return list(map(str, lights))


def _need(
    cost: str, demography: Sequence[str], year: int, level: float, asked: Mapping[str, Any]
) -> tuple[NeedResult | None, str]:
    if not demography:
        return None, "the service names no conditions of demography with figures"
    try:
        return need_adjusted_cost(cost, demography, year=year, level=level, **asked), ""
    except SampleError as error:
        return None, str(error)


def _is_adjusted(need: NeedResult | None) -> bool:
    return need is not None and not need.explains_little


def _composite(
    table: pd.DataFrame, need: NeedResult | None, draws: int, level: float, seed: int
) -> CompositeResult | None:
    """One index of the dimensions with a direction, each with the same weight, shared among its indicators."""
    judged = table.loc[table["dimension"] != "demography"]
    wide = judged.pivot_table(index="territory", columns="indicator", values="value", dropna=False)
    groups = {str(d): list(dict.fromkeys(part["indicator"])) for d, part in judged.groupby("dimension", sort=False)}
    if need is not None and _is_adjusted(need):
        wide[_ADJUSTED] = need.table.set_index("territory")["adjusted"]
        groups["cost"] = [_ADJUSTED]
    telling = {d: [i for i in ids if wide[i].max() > wide[i].min()] for d, ids in groups.items()}
    groups = {d: ids for d, ids in telling.items() if ids}
    weights = {i: 1 / len(ids) for ids in groups.values() for i in ids}
    if len(weights) < 2:
        return None
    signs = judged.drop_duplicates("indicator").set_index("indicator")["direction"].to_dict()
    signs[_ADJUSTED] = -1
    return composite_index(
        wide.reset_index(),
        weights,
        directions={i: int(signs[i]) for i in weights},
        normalise="rank",
        draws=draws,
        level=level,
        seed=seed,
    )
