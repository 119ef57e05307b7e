"""Figures of several municipalities side by side: each in its nearest year, with ranks, lights and distances from the median."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from benchlib.comparison.doubts import doubtful_figures
from benchlib.comparison.figures import Volume, follows_from_settlement, near_year, volumes_near
from benchlib.comparison.meetings.lacking import lacking_parts
from benchlib.comparison.meetings.room import Room
from benchlib.comparison.quantiles import quantile_interval
from benchlib.comparison.ranks import MINIMUM_MEMBERS, is_enough, light_at, rank_ranges
from benchlib.errors import NoFiguresError
from benchlib.indicators import Catalogue, Measure, Passport, Store, catalogue_of, default_store, load_indicators
from benchlib.indicators.panel import COLUMNS
from benchlib.terms import Access, Classification

#: Indicator, year and code of a figure.
Place = tuple[str, int, str]

_SPREAD = ("median", "lower_quartile", "upper_quartile", "median_low", "median_high", "median_level")
_SUMMARY = [
    *["indicator", "dimension", "direction", "year", "members", "members_with_figure", "present", *_SPREAD],
    *["least", "least_territory", "greatest", "greatest_territory", "best_territory", "has_ranks"],
    "is_by_area",
]
#: Columns of the table that come from the tidy figures, and those that are added to them.
_AS_LOADED = ["value", "status", "symbol", "parts", "share_basis", "source", "access"]
_RANGES = ["rank", "rank_low", "rank_high", "fewest_members", "most_members", "is_beyond_middle"]
_RANKED = ["is_doubtful", *_RANGES, "light"]
_TABLE = [
    *["indicator", "dimension", "direction", "territory", "year", *_AS_LOADED, *_RANKED],
    *["members_with_figure", "gap", "gap_pct", "volume", "volume_year", "gap_eur", "lacking"],
]
_WITHOUT = ["indicator", "dimension", "direction", "reason"]


class Asked(NamedTuple):
    """Which figures are wanted.

    Attributes
    ----------
    year : int
        The year to which the nearest is taken.
    access, as_of, store
        As in `load_indicators`.
    """

    year: int
    access: Access
    as_of: str | None
    store: Store | None

    def figures(self, territory: Classification) -> pd.DataFrame:
        """All indicators and years; an empty table where there is no figure at all."""
        try:
            return load_indicators(
                "all", years="all", territory=territory, access=self.access, as_of=self.as_of, store=self.store
            )
        except NoFiguresError:
            return pd.DataFrame(columns=COLUMNS).astype({"year": "int64", "value": "float64"})


class Sides(NamedTuple):
    """The frames of a `Meeting`, which explains them."""

    table: pd.DataFrame
    summary: pd.DataFrame
    without: pd.DataFrame
    values: pd.DataFrame
    figures: pd.DataFrame
    doubts: frozenset[Place]


def side_by_side(room: Room, indicators: Mapping[str, Sequence[str]], among: Collection[str], asked: Asked) -> Sides:
    """Put the figures of a room side by side.

    Parameters
    ----------
    room : Room
        Who is compared.
    indicators : mapping of str to sequence of str
        Indicators by dimension, all of which the access allows.
    among : collection of str
        Codes of those among whom medians, ranks and lights are.
    asked : Asked
        Which figures.

    Returns
    -------
    Sides
    """
    catalogue = catalogue_of(asked.store)
    names = [name for several in indicators.values() for name in several]
    everything = asked.figures(room.territory)
    figures = everything.loc[everything["indicator"].isin(names) & everything["territory"].isin(room.codes)]
    shown = near_year(figures, asked.year)[["indicator", "year"]].drop_duplicates()
    values = everything.loc[everything["territory"].isin(among)].merge(shown, on=["indicator", "year"])
    there = [catalogue.passport(name) for name in names if name in set(shown["indicator"])]
    doubts = doubtful_figures(
        [passport.id for passport in there],
        territory=room.territory,
        access=asked.access,
        as_of=asked.as_of,
        store=asked.store,
    )
    years = {str(name): int(year) for name, year in zip(shown["indicator"], shown["year"], strict=True)}
    volumes = volumes_near(everything.loc[everything["territory"].isin(room.codes)], years, catalogue)
    lacking = lacking_parts(
        values,
        there,
        room.codes,
        catalogue=catalogue,
        territory=room.territory,
        access=asked.access,
        as_of=asked.as_of,
        store=asked.store or default_store(),
    )
    rows, summary = [], []
    for passport in there:
        all_years = everything.loc[everything["indicator"] == passport.id]
        part = values.loc[values["indicator"] == passport.id].set_index("territory")
        table, row = _compared(passport, part, all_years, among, room.codes, doubts)
        rows += _rows(passport, table, row, volumes, lacking)
        summary.append(row)
    return Sides(
        pd.DataFrame(rows, columns=_TABLE),
        pd.DataFrame(summary, columns=_SUMMARY),
        _without(indicators, {passport.id for passport in there}, everything, catalogue, room.territory, asked),
        values.reset_index(drop=True),
        figures.reset_index(drop=True),
        doubts,
    )


def _compared(
    passport: Passport,
    part: pd.DataFrame,
    all_years: pd.DataFrame,
    among: Collection[str],
    codes: Sequence[str],
    doubts: Collection[Place],
) -> tuple[pd.DataFrame, dict[str, Any]]:
    """One indicator: the figures of the room with ranks and lights, and the row of the summary."""
    year, known = int(part["year"].iloc[0]), part["value"].dropna()
    here = part.loc[list(codes)]
    own = here["value"].dropna()
    is_doubtful = pd.Series([(passport.id, year, code) in doubts for code in codes], index=here.index)
    ranks = rank_ranges(all_years, {passport.id: passport.direction}, among, year)
    ranks = ranks.loc[ranks["year"] == year].set_index("territory").reindex(here.index)
    lights = _lights(known * passport.direction, len(among) if passport.direction else 0)
    sure = own[~is_doubtful[own.index]] * passport.direction
    row = {
        "indicator": passport.id,
        "dimension": passport.dimension,
        "direction": passport.direction,
        "year": year,
        "members": len(among),
        "members_with_figure": len(known),
        "present": len(own),
        **_spread(known),
        "least": float(own.min()),
        "least_territory": str(own.idxmin()),
        "greatest": float(own.max()),
        "greatest_territory": str(own.idxmax()),
        "best_territory": str(sure.idxmax()) if passport.direction and len(sure) else "",
        "has_ranks": bool(ranks["rank"].notna().any()),
        "is_by_area": follows_from_settlement(passport),
    }
    added = {name: ranks[name] for name in _RANGES}
    return here.assign(is_doubtful=is_doubtful, light=lights.reindex(here.index).fillna("none"), **added), row


def _spread(known: pd.Series) -> dict[str, float]:
    """Median, quartiles, and the interval of the median; of fewer than four figures there are none."""
    if len(known) < MINIMUM_MEMBERS:
        return dict.fromkeys(_SPREAD, np.nan)
    found = (*known.quantile([0.5, 0.25, 0.75]), *quantile_interval(known))
    return dict(zip(_SPREAD, map(float, found), strict=True))


def _lights(goodness: pd.Series, members: int) -> pd.Series:
    """The light of each; nothing where there are too few figures, or no direction."""
    if not members or not is_enough(len(goodness), members):
        return pd.Series(dtype="object")
    return ((goodness.rank(ascending=False) - 0.5) / len(goodness)).map(light_at)


def _rows(
    passport: Passport,
    table: pd.DataFrame,
    row: Mapping[str, Any],
    volumes: Mapping[tuple[str, str], Volume],
    lacking: Mapping[tuple[str, str], Measure],
) -> list[dict[str, Any]]:
    """A row for each municipality of the room, by code."""
    median = float(row["median"])
    is_relative = median > 0 and row["least"] >= 0
    shared = {name: row[name] for name in ("indicator", "dimension", "direction", "year", "members_with_figure")}
    rows = []
    for code, own in table.iterrows():
        gap = float(own["value"]) - median
        volume, of = volumes.get((passport.id, str(code)), (np.nan, np.nan))
        rows.append(
            {
                **shared,
                **{name: own[name] for name in (*_AS_LOADED, *_RANKED)},
                "territory": str(code),
                "gap": gap,
                "gap_pct": 100 * gap / median if is_relative else np.nan,
                "volume": volume,
                "volume_year": of,
                "gap_eur": gap * volume if passport.dimension == "cost" else np.nan,
                "lacking": lacking.get((passport.id, str(code))),
            }
        )
    return rows


def _without(
    indicators: Mapping[str, Sequence[str]],
    there: Collection[str],
    everything: pd.DataFrame,
    catalogue: Catalogue,
    territory: Classification,
    asked: Asked,
) -> pd.DataFrame:
    """Indicators without a figure of anybody in the room, and why."""
    absent = [(dimension, name) for dimension, names in indicators.items() for name in names if name not in there]
    others = set(everything.loc[everything["value"].notna(), "indicator"])
    later = asked.figures("2025") if absent and territory != "2025" else everything
    today = set(later.loc[later["value"].notna(), "indicator"])

    def reason(name: str) -> str:
        if _is_awaited(name, catalogue, asked.access):
            return "awaited"
        return "room" if name in others else "classification" if name in today else "none"

    rows = [(name, dimension, catalogue.passport(name).direction, reason(name)) for dimension, name in absent]
    return pd.DataFrame(rows, columns=_WITHOUT)


def _is_awaited(indicator: str, catalogue: Catalogue, access: Access) -> bool:
    """Whether nobody publishes what an indicator needs; that there are figures for members only is not told to others."""
    open_to = ("public", "members") if access == "members" else ("public",)
    sources = [catalogue.registry.sources_of(measure) for measure in catalogue.measures_of([indicator])]
    return any(not any(source.access in open_to for source in several) for several in sources)
