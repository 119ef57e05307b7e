"""The first and the last year of an indicator, for the figure that joins them and for its words."""

from __future__ import annotations

import pandas as pd

from benchlib.comparison.ranks import MINIMUM_MEMBERS
from benchlib.errors import OptionError


def ends_of(table: pd.DataFrame, indicator: str) -> pd.DataFrame:
    """The first and the last year with figures of an indicator, a row for each municipality.

    Parameters
    ----------
    table : pandas.DataFrame
        Tidy figures, from `load_indicators`: `territory`, `indicator`, `year`, `value`.
    indicator : str
        The indicator.

    Returns
    -------
    pandas.DataFrame
        Two columns, named by their years; NaN where there is no figure.

    Raises
    ------
    OptionError
        If there are fewer than two years with figures.
    """
    part = table.loc[table["indicator"] == indicator]
    years = sorted(part.loc[part["value"].notna(), "year"].unique())
    if len(years) < 2:
        raise OptionError(f"A slope needs two years with figures of {indicator!r}, the table has {len(years)}.")
    found = {year: part.loc[part["year"] == year].set_index("territory")["value"] for year in (years[0], years[-1])}
    return pd.DataFrame(found, dtype="float64")


def medians_of(ends: pd.DataFrame) -> pd.Series:
    """The median of each of the two years; NaN for fewer than four figures.

    Parameters
    ----------
    ends : pandas.DataFrame
        From `ends_of`.

    Returns
    -------
    pandas.Series
        By year.
    """
    return ends.median().where(ends.count() >= MINIMUM_MEMBERS)
