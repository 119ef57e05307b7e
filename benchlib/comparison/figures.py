"""Which year's figure stands for an indicator when a report is about one year."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from benchlib.indicators import Store, catalogue_of, load_indicators
from benchlib.terms import Access, Classification


def near_year(table: pd.DataFrame, year: int) -> pd.DataFrame:
    """The rows of each indicator in the year nearest to the one asked for.

    Parameters
    ----------
    table : pandas.DataFrame
        Tidy indicators as `load_indicators` returns them, several years.
    year : int
        Year of the report.

    Returns
    -------
    pandas.DataFrame
        For each indicator the rows of one year: the nearest with any figure, the earlier of two equally near.
    """
    years = table.loc[table["value"].notna(), ["indicator", "year"]].drop_duplicates()
    years = years.assign(gap=(years["year"] - year).abs()).sort_values(["indicator", "gap", "year"])
    chosen = years.drop_duplicates("indicator")[["indicator", "year"]]
    return table.merge(chosen, on=["indicator", "year"])


def with_figures(
    ids: Iterable[str],
    *,
    territory: Classification = "2025",
    access: Access = "public",
    as_of: str | None = None,
    store: Store | None = None,
) -> list[str]:
    """Those of some indicators that have any figure for a classification (roads and libraries have none for 2009).

    Parameters
    ----------
    ids : iterable of str
        Indicators.
    territory, access, as_of, store
        As in `load_indicators`.

    Returns
    -------
    list of str
        In the order given.

    Raises
    ------
    UnknownIndicatorError
        If an id has no passport.
    """
    table = load_indicators("all", years="all", territory=territory, access=access, as_of=as_of, store=store)
    there = set(table.loc[table["value"].notna(), "indicator"])
    catalogue = catalogue_of(store)
    return [i for i in ids if catalogue.passport(i).id in there]
