"""The data chapter of a social-service development plan, chapter by chapter: what is known, and what is not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from benchlib.comparison.doubts import NO_DOUBTS, Doubts, doubtful_figures
from benchlib.comparison.figures import with_figures
from benchlib.comparison.groups import ComparisonGroup
from benchlib.comparison.plans.gaps import profile_of_nothing
from benchlib.comparison.plans.population import POPULATION
from benchlib.comparison.profile import Profile, profile
from benchlib.comparison.trend import trend
from benchlib.indicators import Network, Store, catalogue_of, load_indicators
from benchlib.indicators.panel import COLUMNS
from benchlib.terms import Access

#: The chapters in the order of the plans that members of network T2 wrote, with the dimensions of its indicators.
_DIMENSIONS: Final = {
    "population": (),
    "work": ("context",),
    "budget": ("cost",),
    "services": ("productivity", "coverage", "quality", "satisfaction"),
}
#: The population of state cities only; with a yearly series there is no need for it.
_CITIES_ONLY: Final = "population_1_january"
#: Figures that lie further from the year of the report are told to be old.
OLD_YEARS: Final = 5


@dataclass(frozen=True)
class Chapter:
    """One chapter: its indicators, those with figures, and their development.

    Attributes
    ----------
    key : str
        "population", "work", "budget" or "services".
    indicators : tuple of str
        All indicators of the chapter.
    profile : Profile
        Position on those that have figures for the classification; its table may be empty. Figures later than the year of the report
        are looked at only where an indicator has no others.
    development : pandas.DataFrame
        From `trend`: those with figures of two years or more up to the year of the report, the population itself left out (see
        `population_change`); may be empty.
    doubts : frozenset of (str, int, str)
        From `doubtful_figures`: indicator, year and code.
    """

    key: str
    indicators: tuple[str, ...]
    profile: Profile
    development: pd.DataFrame
    doubts: Doubts = NO_DOUBTS

    @property
    def absent(self) -> tuple[str, ...]:
        """Indicators of which nobody has a figure that may be seen."""
        there = set(self.profile.table["indicator"])
        return tuple(indicator for indicator in self.indicators if indicator not in there)

    def is_doubtful(self, row: Mapping[Any, Any]) -> bool:
        """Whether the own figure in a row of the profile is used although the registry doubts it."""
        return (row["indicator"], row["year"], self.profile.municipality.code) in self.doubts

    @property
    def old(self) -> pd.DataFrame:
        """Rows of the profile whose year lies far from that of the report."""
        table = self.profile.table
        return table.loc[(table["year"] - self.profile.year).abs() > OLD_YEARS]


def social_chapters(
    group: ComparisonGroup,
    *,
    year: int,
    network: str = "T2",
    access: Access = "public",
    as_of: str | None = None,
    store: Store | None = None,
) -> tuple[Chapter, ...]:
    """The chapters of a social-service plan with their figures.

    Parameters
    ----------
    group : ComparisonGroup
        The municipality and whom it is compared with.
    year : int
        Year of the plan.
    network : str
        The network whose indicators by dimension fill the chapters on money and services.
    access, as_of, store
        As in `load_indicators`.

    Returns
    -------
    tuple of Chapter
        Population, work and need, budget, services: always all four, without figures where there are none.
    """
    catalogue = catalogue_of(store)
    listed = catalogue.reports.get("social_services", {})
    found = catalogue.network(network)
    is_city = group.municipality.kind == "city"
    chapters: list[Chapter] = []
    for key, dimensions in _DIMENSIONS.items():
        earlier = {name for chapter in chapters for name in chapter.indicators}
        names = dict.fromkeys(catalogue.nameable((*listed.get(key, ()), *_of(found, dimensions)), access))
        ids = tuple(name for name in names if name not in earlier and (name != _CITIES_ONLY or is_city))
        chapters.append(_chapter(key, ids, group, year, {"access": access, "as_of": as_of, "store": store}))
    return tuple(chapters)


def chapter_figures(chapters: Iterable[Chapter]) -> pd.DataFrame:
    """The own figures that the chapters show, each of one year.

    Parameters
    ----------
    chapters : iterable of Chapter
        From `social_chapters`.

    Returns
    -------
    pandas.DataFrame
        Tidy figures, as `load_indicators` gives them.
    """
    shown = [
        chapter.profile.values.loc[chapter.profile.values["territory"] == chapter.profile.municipality.code]
        for chapter in chapters
        if len(chapter.profile.values)
    ]
    return pd.concat(shown, ignore_index=True) if shown else pd.DataFrame(columns=COLUMNS)


def _of(network: Network, dimensions: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for dimension in dimensions for name in network.indicators.get(dimension, ()))


def _chapter(key: str, ids: tuple[str, ...], group: ComparisonGroup, year: int, asked: dict[str, Any]) -> Chapter:
    shown = with_figures(ids, territory=group.territory, **asked) if ids else []
    if not shown:
        return Chapter(key, ids, profile_of_nothing(group, year), pd.DataFrame(columns=["indicator"]))
    doubts = doubtful_figures(shown, territory=group.territory, **asked)
    return Chapter(key, ids, _position(shown, group, year, asked), _development(shown, group, year, asked), doubts)


def _position(shown: list[str], group: ComparisonGroup, year: int, asked: dict[str, Any]) -> Profile:
    """The position as it was known in the year; of what has later figures only, the nearest of those."""
    then = profile(shown, group=group, year=year, until=year, **asked)
    later = [name for name in shown if name not in set(then.table["indicator"])]
    if not later:
        return then
    after = profile(later, group=group, year=year, **asked)
    table, values = (
        pd.concat([getattr(one, name) for one in (then, after) if len(one.table)]).sort_values(
            "indicator", key=lambda names: names.map(shown.index), kind="stable", ignore_index=True
        )
        for name in ("table", "values")
    )
    return Profile(group.municipality, group, year, table, values)


def _development(shown: list[str], group: ComparisonGroup, year: int, asked: dict[str, Any]) -> pd.DataFrame:
    figures = load_indicators(shown, years="all", territory=group.territory, **asked)
    is_there = figures["territory"].isin(group.codes) & (figures["year"] <= year) & figures["value"].notna()
    years = figures.loc[is_there].groupby("indicator")["year"].nunique()
    several = [name for name in shown if years.get(name, 0) > 1 and name != POPULATION]
    if not several:
        return pd.DataFrame(columns=["indicator"])
    span = sorted(figures.loc[is_there & figures["indicator"].isin(several), "year"].unique())
    return trend(several, group=group, years=[int(one) for one in span], **asked)
