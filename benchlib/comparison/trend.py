"""How a municipality and its comparison group developed, and how its former municipalities differed."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product

import numpy as np
import pandas as pd

from benchlib.comparison.doubts import doubtful_figures
from benchlib.comparison.figures import near_year
from benchlib.comparison.groups import ComparisonGroup
from benchlib.comparison.ranks import MINIMUM_MEMBERS
from benchlib.indicators import (
    Store,
    catalogue_of,
    find_municipality,
    former_municipalities,
    load_indicators,
    present_municipalities,
)
from benchlib.terms import Access, Classification


def trend(
    ids: str | Iterable[str],
    *,
    group: ComparisonGroup,
    years: Iterable[int],
    access: Access = "public",
    as_of: str | None = None,
    store: Store | None = None,
) -> pd.DataFrame:
    """Development of a municipality beside its comparison group.

    Parameters
    ----------
    ids : str or iterable of str
        Indicators.
    group : ComparisonGroup
        From `comparison_group`.
    years : iterable of int
        Years to show.
    access, as_of, store
        As in `load_indicators`.

    Returns
    -------
    pandas.DataFrame
        A row per indicator and year: `indicator`, `year`, `value`, `status` (of the municipality), `median`, `lower_quartile`,
        `upper_quartile` (NaN for fewer than four figures), `members_with_figure` (of the group), `is_doubtful` (the own figure),
        `doubtful_members` (of the others). A year without a figure stays as a row with NaN.
        Indicators stand in the order of `ids`, years in that of `years`.

    Raises
    ------
    BenchlibError
        As `load_indicators`.

    Examples
    --------
    >>> from benchlib.comparison import comparison_group, trend
    >>> group = comparison_group("Bauskas novads", group="region", year=2013)
    >>> trend("exam_grade9_mean", group=group, years=[2012, 2013])[["year", "members_with_figure"]].to_dict("records")
    [{'year': 2012, 'members_with_figure': 6}, {'year': 2013, 'members_with_figure': 6}]
    """
    asked = list(dict.fromkeys(years))
    table = load_indicators(ids, years=asked, territory=group.territory, access=access, as_of=as_of, store=store)
    table = table.loc[table["territory"].isin(group.codes)]
    doubts = doubtful_figures(
        table["indicator"].unique(), territory=group.territory, access=access, as_of=as_of, store=store
    )
    places = zip(table["indicator"], table["year"], table["territory"], strict=True)
    is_own = table["territory"] == group.municipality.code
    is_doubtful = np.array([place in doubts for place in places], dtype=bool)
    table = table.assign(is_doubtful=is_doubtful & table["value"].notna().to_numpy())
    own = table.loc[is_own, ["indicator", "year", "value", "status", "is_doubtful"]]
    others = (
        table.groupby(["indicator", "year"])["value"]
        .agg(
            median="median",
            lower_quartile=lambda v: v.quantile(0.25),
            upper_quartile=lambda v: v.quantile(0.75),
            members_with_figure="count",
        )
        .reset_index()
    )
    doubtful = table.loc[~is_own].groupby(["indicator", "year"])["is_doubtful"].sum().rename("doubtful_members")
    spread = ["median", "lower_quartile", "upper_quartile"]
    others[spread] = others[spread].where(others["members_with_figure"] >= MINIMUM_MEMBERS)
    every = pd.DataFrame(product(own["indicator"].unique(), asked), columns=["indicator", "year"])
    joined = every.merge(own, how="left").merge(others, how="left").merge(doubtful.reset_index(), how="left")
    counts = ["members_with_figure", "doubtful_members"]
    joined[counts] = joined[counts].fillna(0).astype("int64")
    return joined.assign(status=joined["status"].fillna("missing"), is_doubtful=joined["is_doubtful"].eq(True))


def former_figures(
    ids: str | Iterable[str],
    *,
    municipality: str,
    year: int,
    territory: Classification = "2025",
    access: Access = "public",
    as_of: str | None = None,
    store: Store | None = None,
) -> pd.DataFrame:
    """Figures of all 119 former municipalities, with those marked that belong together today.

    Parameters
    ----------
    ids : str or iterable of str
        Indicators.
    municipality : str
        Name or code in `territory`. For a former municipality (territory "2009") those with which it was joined are marked.
    year : int
        Year; the nearest year with figures counts for each indicator.
    territory : {"2025", "2021", "2009"}
        Classification of `municipality`.
    access, as_of, store
        As in `load_indicators`.

    Returns
    -------
    pandas.DataFrame
        Tidy figures of the classification 2009 with the columns `is_part` (belongs to the municipality of today), `share` (of its
        population that came there), `rank` (1 is best; lowest first where the indicator has no direction) and `of` (units with a figure).

    Raises
    ------
    BenchlibError
        As `load_indicators`.
    """
    unit = find_municipality(municipality, territory)
    today = [unit.code] if territory != "2009" else list(present_municipalities(unit.code)["code"])
    parts = pd.concat([former_municipalities(code) for code in today]).groupby("code")["share"].sum()
    table = load_indicators(ids, years="all", territory="2009", access=access, as_of=as_of, store=store)
    table = near_year(table, year)
    passports = catalogue_of(store).indicators
    sign = table["indicator"].map({i: -1 if passports[i].direction > 0 else 1 for i in table["indicator"].unique()})
    order = (table["value"] * sign).groupby(table["indicator"])
    return table.assign(
        is_part=table["territory"].isin(parts.index),
        share=table["territory"].map(parts).fillna(0.0),
        rank=order.rank(method="min"),
        of=table["value"].groupby(table["indicator"]).transform("count").astype(np.int64),
    )
