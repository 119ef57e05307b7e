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
_NEEDED = ("territory", "year", "measure", "value", "status", "symbol", "source", "vintage", "access")
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
        If a figure belongs to a later classification, if an index would have to be carried, if the weights of a ratio are absent, if
        a column is absent, a measure unknown, or a figure there twice.
    UnknownTerritoryError
        If a code belongs to no classification.

    Examples
    --------
    >>> import pandas as pd
    >>> parts = pd.DataFrame({"territory": ["0700200", "0700800", "0701400", "0701800", "0705500"], "year": 2013,
    ...     "measure": "pupils_grades_1_9", "value": [10.0, 20.0, 30.0, 40.0, 50.0], "status": "observed", "symbol": "",
    ...     "source": "example", "vintage": "2026-01-01", "access": "public"})
    >>> harmonise(parts)[["territory", "value", "status", "parts"]].to_dict("records")
    [{'territory': '0038001', 'value': 150.0, 'status': 'harmonised', 'parts': 5}]
    """
    check_option("to", to, Classification)
    known = measures if measures is not None else load_registry().measures
    _check_input(figures, known)
    origin_of = {code: _origin(code) for code in figures["territory"].unique()}
    everything = figures.assign(origin=figures["territory"].map(origin_of).astype("int64"))
    late = everything.loc[everything["origin"] > CLASSIFICATIONS.index(to), "origin"]
    if len(late):
        crosswalk(CLASSIFICATIONS[late.max()], to)  # raises with the reason
    table = everything.loc[_is_latest(everything)]
    is_kept = table["territory"].isin([code for code in codes(to) if _is_unchanged(code, to)])
    kept = table.loc[is_kept].assign(parts=1, share_basis="", weight_year=0)
    carried = []
    for number, origin in enumerate(CLASSIFICATIONS):
        group = table.loc[~is_kept & (table["origin"] == number)]
        if len(group):
            weights = _published_weights(group, everything, known, origin)
            carried.append(_carry(group, weights, known, _links_table(origin, to, links)))
    result = pd.concat([kept, *carried], ignore_index=True)[COLUMNS]
    return result.sort_values(_KEY, ignore_index=True)


def _check_input(figures: pd.DataFrame, known: Mapping[str, Measure]) -> None:
    absent = [column for column in _NEEDED if column not in figures.columns]
    if absent:
        raise HarmonisationError(f"The figures have no column {absent[0]!r}. Needed: {', '.join(_NEEDED)}.")
    strange = sorted(set(figures["measure"].unique()) - set(known))
    if strange:
        raise HarmonisationError(
            f"{strange[0]!r} is not a measure of the registry, so nothing says whether it may be summed. Add it to registry.toml, or "
            "describe it in measures={...}."
        )
    twice = figures.loc[figures.duplicated(_KEY), _KEY]
    if len(twice):
        measure, year, territory = twice.iloc[0]
        raise HarmonisationError(
            f"{measure} of {territory} in {year} stands twice in the figures and would be counted twice. Keep one vintage of each figure."
        )


def _is_latest(table: pd.DataFrame) -> np.ndarray:
    """Rows of the latest classification for which the measure and year is published (2021 and 2025 share most codes)."""
    latest = table.groupby(["measure", "year"], sort=False)["origin"].transform("max").to_numpy()
    result = np.zeros(len(table), dtype=bool)
    for number in np.unique(latest):
        members = table["territory"].isin(list(codes(CLASSIFICATIONS[number]))).to_numpy()
        result |= (latest == number) & members
    return result


def _published_weights(
    group: pd.DataFrame, everything: pd.DataFrame, known: Mapping[str, Measure], origin: Classification
) -> pd.DataFrame:
    """Figures of the weights that the ratios of a group need, in the classification of the group."""
    names = {known[name].weight for name in group["measure"].unique() if known[name].kind == "ratio"}
    weights = everything.loc[everything["measure"].isin(names)]
    number = CLASSIFICATIONS.index(origin)
    if (weights["origin"] < number).any():  # of an earlier classification; weights are additive, so they can be carried
        return harmonise(weights.loc[weights["origin"] <= number, list(_NEEDED)], origin, measures=known)
    return weights.loc[weights["origin"] == number]


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


def _carry(
    group: pd.DataFrame, published: pd.DataFrame, known: Mapping[str, Measure], links: pd.DataFrame
) -> pd.DataFrame:
    """Sum or average the figures of one classification into the units of the target; `published` holds the weights."""
    kinds = group["measure"].map({name: known[name].kind for name in group["measure"].unique()})
    refused = group.loc[kinds == "index", "measure"]
    if len(refused):
        raise HarmonisationError(
            f"{refused.iloc[0]!r} is an index, rank or median: it cannot be summed or averaged into other municipalities. Load it in "
            "its own classification, or harmonise the measures it is made of."
        )
    rows = group.merge(links.assign(expected=links.groupby("new")["new"].transform("size")), on="territory")
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
    weights = _weights(rows.loc[is_ratio], published, known)
    factor = share.copy()
    factor[is_ratio] *= weights["value"].to_numpy(dtype="float64")
    years = np.zeros(len(rows), dtype="int64")
    years[is_ratio] = weights["year"]
    is_closed = np.array(rows["access"] == "members")
    is_closed[is_ratio] |= (weights["access"] == "members").to_numpy()
    rows = rows.assign(
        product=rows["value"].to_numpy() * factor,
        factor=factor,
        is_missing=np.isnan(rows["value"].to_numpy() * factor),
        is_ratio=is_ratio,
        is_closed=is_closed,
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
    # A part without a row is as missing as one whose row says so.
    expected = rows["expected"].to_numpy()[first]
    is_missing |= np.bincount(group, minlength=count) < expected
    divisor = np.where(is_ratio & (factor != 0), factor, 1.0)
    table = rows.iloc[first][["measure", "year", "new", "weight_year", "source", "vintage"]]
    # One part, or one weight, for members makes the whole for members.
    is_closed = largest(rows["is_closed"].to_numpy(dtype="int64"), group, count) > 0
    return table.rename(columns={"new": "territory"}).assign(
        value=np.where(is_missing, np.nan, total / divisor),
        status=np.where(is_missing, "missing", "harmonised"),
        symbol=first_symbol(rows["symbol"].to_numpy(), group, count),
        parts=expected,
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


def first_symbol(symbols: np.ndarray, group: np.ndarray, count: int) -> np.ndarray:
    """The publisher's symbol of each group: that of its first row that has one, so a doubtful part shows in the whole."""
    result = np.full(count, "", dtype=object)
    marked = np.flatnonzero(symbols != "")[::-1]
    result[group[marked]] = symbols[marked]
    return result


def _weights(rows: pd.DataFrame, published: pd.DataFrame, known: Mapping[str, Measure]) -> pd.DataFrame:
    """Weight (`value`, `year`, `access`) of each row of a ratio, of the same year or the nearest for which weights are published."""
    if rows.empty:
        return pd.DataFrame({"value": [], "year": [], "access": []})
    weight_of = {name: known[name].weight for name in rows["measure"].unique()}
    weights = published[[*_KEY, "value", "access"]]
    known_weights = weights.loc[weights["value"].notna()]
    years_of = {name: np.sort(part["year"].unique()) for name, part in known_weights.groupby("measure")}
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
    return wanted.merge(weights, on=_KEY, how="left")
