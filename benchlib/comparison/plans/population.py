"""How a population developed beside that of the comparison group: from years that are known, without a forecast."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from benchlib.comparison.groups import ComparisonGroup
from benchlib.comparison.ranks import MINIMUM_MEMBERS
from benchlib.errors import NoFiguresError
from benchlib.indicators import Store, load_indicators
from benchlib.terms import Access

POPULATION = "population_annual_average"


@dataclass(frozen=True)
class PopulationChange:
    """Development of the population, each municipality against its own first year.

    Attributes
    ----------
    group : ComparisonGroup
        The municipality and whom it is compared with.
    table : pandas.DataFrame
        A row per member and year: `territory`, `year`, `value` (inhabitants) and `index` (first common year = 100); members without
        figures (state cities) have none.
    summary : pandas.DataFrame
        A row per year: `year`, `value` and `index` of the municipality (NaN where it has none), `median` of the members' indices (NaN of
        fewer than four) and `members_with_figure`.
    without : tuple of str
        Codes of members without figures.
    """

    group: ComparisonGroup
    table: pd.DataFrame
    summary: pd.DataFrame
    without: tuple[str, ...]

    @property
    def years(self) -> tuple[int, ...]:
        """Years with figures; empty if there are none at all."""
        return tuple(int(year) for year in self.summary["year"])

    @property
    def has_own(self) -> bool:
        """Whether the municipality itself has figures in the first and the last year."""
        ends = self.summary["index"].iloc[[0, -1]] if len(self.summary) else pd.Series([np.nan])
        return bool(ends.notna().all())


def population_change(
    group: ComparisonGroup,
    *,
    year: int,
    access: Access = "public",
    as_of: str | None = None,
    store: Store | None = None,
) -> PopulationChange:
    """Development of the population of a municipality and its comparison group up to a year.

    Parameters
    ----------
    group : ComparisonGroup
        From `comparison_group`.
    year : int
        Last year that is looked at.
    access, as_of, store
        As in `load_indicators`.

    Returns
    -------
    PopulationChange
        Without rows where the classification has no such figures (2009), or there are none up to the year.
    """
    try:
        table = load_indicators(
            POPULATION, years="all", territory=group.territory, access=access, as_of=as_of, store=store
        )
    except NoFiguresError:
        table = pd.DataFrame({"territory": [], "year": [], "value": []})
    table = table.loc[table["territory"].isin(group.codes) & (table["year"] <= year)]
    wide = table.pivot_table(index="territory", columns="year", values="value").reindex(list(group.codes))
    index = 100 * wide.div(wide.iloc[:, 0], axis=0) if len(wide.columns) else wide
    long = pd.DataFrame(
        {
            "territory": np.repeat(np.array(wide.index, dtype=object), len(wide.columns)),
            "year": np.tile(np.array(wide.columns, dtype=np.int64), len(wide)),
            "value": wide.to_numpy(dtype=np.float64).ravel(),
            "index": index.to_numpy(dtype=np.float64).ravel(),
        }
    )
    own = group.municipality.code
    summary = pd.DataFrame(
        {
            "year": np.array(wide.columns, dtype=np.int64),
            "value": wide.loc[own].to_numpy(dtype=np.float64),
            "index": index.loc[own].to_numpy(dtype=np.float64),
            "median": index.median().where(index.notna().sum() >= MINIMUM_MEMBERS).to_numpy(dtype=np.float64),
            "members_with_figure": index.notna().sum().to_numpy(dtype=np.int64),
        }
    )
    return PopulationChange(group, long, summary, tuple(str(code) for code in wide.index[wide.isna().all(axis=1)]))
