"""Figures carried over a territorial reform.

Additive measures are summed, ratios are averaged with their weight measure, indices are refused. A split unit is divided by its
population share, or by area where the population share is not known or the measure is one of length or area. Whatever is
carried has the status "harmonised"; a value is missing when one of its parts is, because a sum of what happens to be there would
be a figure about another territory.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

import numpy as np
import pandas as pd

from benchlib.errors import HarmonisationError
from benchlib.indicators.registry import Measure, load_registry
from benchlib.indicators.territory import CLASSIFICATIONS, Link, classification_of, codes, crosswalk
from benchlib.terms import Classification, check_option

Links = Mapping[Classification, Iterable[Link]]
COLUMNS = [
    "territory",
    "year",
    "measure",
    "value",
    "status",
    "symbol",
    "parts",
    "share_basis",
    "weight_year",
    "source",
    "vintage",
    "access",
]
_KEY = ["measure", "year", "territory"]
_BASES = ("", "population", "area")


def harmonise(
    figures: pd.DataFrame,
    to: Classification = "2025",
    *,
    measures: Mapping[str, Measure] | None = None,
    links: Links | None = None,
) -> pd.DataFrame:
    """Carry figures to another classification of municipalities.

    Parameters
    ----------
    figures : pandas.DataFrame
        Figures as `Store.figures` hands them out: `territory`, `year`, `measure`, `value`, `status`, `symbol`, `source`,
        `vintage`, `access`. For a ratio, the figures of its weight measure must be among them.
    to : {"2009", "2021", "2025"}
        Target classification. Where a measure and year is published for several classifications, the latest counts.
    measures : mapping of str to Measure, optional
        Kind and weight of each measure; the shipped registry if absent.
    links : mapping of str to iterable of Link, optional
        Own crosswalk from each earlier classification, for a sensitivity check; `crosswalk` if absent.

    Returns
    -------
    pandas.DataFrame
        The columns of `figures` plus `parts` (number of former units), `share_basis` ("" whole units, else "population" or "area")
        and `weight_year` (year of the weights of a ratio, 0 where none were used), ordered by measure, year, territory.

    Raises
    ------
    HarmonisationError
        If a figure belongs to a later classification, if an index would have to be carried, or if the weights of a ratio are absent.

    Examples
    --------
    >>> import pandas as pd
    >>> parts = pd.DataFrame({"territory": ["0700200", "0700800", "0701400", "0701800", "0705500"], "year": 2013,
    ...     "measure": "pupils_grades_1_9", "value": [10.0, 20.0, 30.0, 40.0, 50.0], "status": "observed", "symbol": "",
    ...     "source": "example", "vintage": "2026-01-01", "access": "public"})
    >>> harmonise(parts)[["territory", "value", "status", "parts"]].iloc[0].tolist()
    ['0038001', 150.0, 'harmonised', 5]
    """
    check_option("to", to, Classification)
    known = measures if measures is not None else load_registry().measures
    table = figures.assign(
        origin=figures["territory"].map({code: _origin(code) for code in figures["territory"].unique()})
    )
    late = table.loc[table["origin"] > CLASSIFICATIONS.index(to)]
    if len(late):
        crosswalk(CLASSIFICATIONS[np.max(late["origin"].to_numpy(dtype="int64"))], to)  # raises with the reason
    latest = table.groupby(["measure", "year"], sort=False)["origin"].transform("max")
    table = table.loc[table["origin"] == latest]
    is_kept = table["territory"].isin([code for code in codes(to) if _is_unchanged(code, to)])
    kept = table.loc[is_kept].assign(parts=1, share_basis="", weight_year=0)
    carried = [
        _carry(table.loc[~is_kept & (table["origin"] == number)], table, known, _links_table(origin, to, links))
        for number, origin in enumerate(CLASSIFICATIONS)
        if (~is_kept & (table["origin"] == number)).any()
    ]
    result = pd.concat([kept, *carried], ignore_index=True)[COLUMNS]
    return result.sort_values(_KEY, ignore_index=True)


@cache
def _origin(code: str) -> int:
    return CLASSIFICATIONS.index(classification_of(code))


@cache
def _is_unchanged(code: str, to: Classification) -> bool:
    """Whether the code belongs to an earlier classification too: nothing has to be carried."""
    origin = CLASSIFICATIONS[_origin(code)]
    return all(link.old == code for link in crosswalk(origin, to) if link.new == code)


def _links_table(origin: Classification, to: Classification, links: Links | None) -> pd.DataFrame:
    if links is None:
        return _shipped_links(origin, to)
    return _frame_of(links[origin])


@cache
def _shipped_links(origin: Classification, to: Classification) -> pd.DataFrame:
    return _frame_of(crosswalk(origin, to))


def _frame_of(links: Iterable[Link]) -> pd.DataFrame:
    return pd.DataFrame(
        [(link.old, link.new, link.population_share, link.area_share, link.basis) for link in links],
        columns=["territory", "new", "population_share", "area_share", "basis"],
    )


def _carry(group: pd.DataFrame, table: pd.DataFrame, known: Mapping[str, Measure], links: pd.DataFrame) -> pd.DataFrame:
    """Sum or average the figures of one classification into the units of the target."""
    kinds = group["measure"].map({name: known[name].kind for name in group["measure"].unique()})
    refused = group.loc[kinds == "index", "measure"]
    if len(refused):
        raise HarmonisationError(
            f"{refused.iloc[0]!r} is an index, rank or median: it cannot be summed or averaged into other municipalities. Load it in "
            "its own classification, or harmonise the measures it is made of."
        )
    rows = group.merge(links, on="territory")
    by_area = (
        rows["measure"]
        .map({name: known[name].split == "area" for name in rows["measure"].unique()})
        .to_numpy(dtype=bool)
    )
    share = np.where(by_area, rows["area_share"], rows["population_share"])
    is_ratio = (
        rows["measure"]
        .map({name: known[name].kind == "ratio" for name in rows["measure"].unique()})
        .to_numpy(dtype=bool)
    )
    weights, weight_year = _weights(rows.loc[is_ratio], table, known)
    factor = share.copy()
    factor[is_ratio] *= weights
    years = np.zeros(len(rows), dtype="int64")
    years[is_ratio] = weight_year
    rows = rows.assign(
        product=rows["value"].to_numpy() * factor,
        factor=factor,
        is_missing=np.isnan(rows["value"].to_numpy() * factor),
        is_ratio=is_ratio,
        weight_year=years,
        share_basis=np.where(rows["basis"] == "", 0, np.where(by_area | (rows["basis"] == "area"), 2, 1)),
    )
    return _collect(rows)


def _collect(rows: pd.DataFrame) -> pd.DataFrame:
    """One row per measure, year and new unit (numpy rather than groupby.agg: this is the hot spot of `load_indicators`)."""
    group, first = group_rows(rows, ["measure", "year", "new"])
    count = len(first)
    total = np.bincount(group, weights=np.where(rows["is_missing"], 0.0, rows["product"]), minlength=count)
    factor = np.bincount(group, weights=np.where(rows["is_missing"], 0.0, rows["factor"]), minlength=count)
    is_ratio = rows["is_ratio"].to_numpy()[first]
    is_missing = largest(rows["is_missing"].to_numpy(dtype="int64"), group, count) > 0
    is_missing |= is_ratio & (factor == 0)
    divisor = np.where(is_ratio & (factor != 0), factor, 1.0)
    table = rows.iloc[first][["measure", "year", "new", "symbol", "weight_year", "source", "vintage"]]
    # One part for members makes the whole for members.
    is_closed = largest((rows["access"] == "members").to_numpy(dtype="int64"), group, count) > 0
    return table.rename(columns={"new": "territory"}).assign(
        value=np.where(is_missing, np.nan, total / divisor),
        status=np.where(is_missing, "missing", "harmonised"),
        parts=np.bincount(group, minlength=count),
        share_basis=np.array(_BASES)[largest(rows["share_basis"].to_numpy(dtype="int64"), group, count)],
        access=np.where(is_closed, "members", "public"),
    )


def group_rows(rows: pd.DataFrame, keys: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """Number of the group of each row, and the first row of each group."""
    group = rows.groupby(keys, sort=False).ngroup().to_numpy()
    return group, np.unique(group, return_index=True)[1]


def largest(codes_of_rows: np.ndarray, group: np.ndarray, count: int) -> np.ndarray:
    """Largest whole number in each group (at least 0)."""
    result = np.zeros(count, dtype="int64")
    np.maximum.at(result, group, codes_of_rows)
    return result


def _weights(rows: pd.DataFrame, table: pd.DataFrame, known: Mapping[str, Measure]) -> tuple[np.ndarray, np.ndarray]:
    """Weight of each row of a ratio, from the same year or the nearest for which weights are published."""
    if rows.empty:
        return np.empty(0), np.empty(0, dtype="int64")
    weight_of = {name: known[name].weight for name in rows["measure"].unique()}
    published = table.loc[table["measure"].isin(list(weight_of.values())), ["measure", "year", "territory", "value"]]
    years_of = {name: np.sort(part["year"].unique()) for name, part in published.dropna().groupby("measure")}
    nearest: dict[tuple[str, int], int] = {}
    for name, year in rows[["measure", "year"]].drop_duplicates().itertuples(index=False):
        years = years_of.get(weight_of[name])
        if years is None:
            raise HarmonisationError(
                f"{name!r} is a ratio; to carry it over the reform its weight {weight_of[name]!r} is needed, and there is no figure "
                "of it. Load the weight with it, or stay in the classification of the figures."
            )
        nearest[name, year] = int(years[np.argmin(np.abs(years - year))])
    wanted = pd.DataFrame(
        {
            "measure": rows["measure"].map(weight_of).to_numpy(),
            "year": [nearest[key] for key in zip(rows["measure"], rows["year"], strict=True)],
            "territory": rows["territory"].to_numpy(),
        }
    )
    found = wanted.merge(published, on=["measure", "year", "territory"], how="left")
    return found["value"].to_numpy(dtype="float64"), wanted["year"].to_numpy(dtype="int64")
