"""Indicators, computed and harmonised: the first line that a user types."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache, lru_cache
from typing import Any, Literal

import numpy as np
import pandas as pd

from benchlib.cache import cached
from benchlib.errors import AccessError, NoFiguresError, OptionError
from benchlib.indicators.catalog import Catalogue, load_catalogue
from benchlib.indicators.compute import compute
from benchlib.indicators.names import find_municipality
from benchlib.indicators.passports import Passport
from benchlib.indicators.store import Store, check_day, default_store
from benchlib.indicators.territory import CLASSIFICATIONS, classification_of, codes, crosswalk
from benchlib.terms import Access, Classification, check_option

COLUMNS = [
    "territory",
    "name",
    "year",
    "indicator",
    "value",
    "unit",
    "status",
    "symbol",
    "parts",
    "share_basis",
    "basis_year",
    "source",
    "vintage",
    "access",
]
_KEY = ["indicator", "year", "territory"]

Years = int | Iterable[int] | Literal["all"]


def load_indicators(
    ids: str | Iterable[str],
    *,
    years: Years,
    municipalities: str | Iterable[str] | None = None,
    territory: Classification = "2025",
    access: Access = "public",
    as_of: str | None = None,
    wide: bool = False,
    store: Store | None = None,
) -> pd.DataFrame:
    """Indicators of municipalities, harmonised to one classification.

    Parameters
    ----------
    ids : str or iterable of str
        Indicators by id, or "all".
    years : int, iterable of int or "all"
        Years of the figures.
    municipalities : str or iterable of str, optional
        Names or codes; all municipalities of the classification if absent.
    territory : {"2025", "2021", "2009"}
        Classification to which the figures are carried.
    access : {"public", "members"}
        "public" yields public figures only.
    as_of : str, optional
        "YYYY-MM-DD": figures as they were known on that day (by vintage).
    wide : bool
        True: a row per municipality and year with a column per indicator.
    store : Store, optional
        Another store than that of the shipped figures.

    Returns
    -------
    pandas.DataFrame
        A row per indicator, year and municipality: `territory` (code), `name`, `year`, `indicator`, `value` (NaN where missing),
        `unit`, `status`, `symbol`, `parts` (former units that it is made of), `share_basis` (what the share of a split unit rests
        on), `basis_year` (year of a denominator or weight that lies elsewhere, else 0), `source`, `vintage`, `access`. A municipality
        without a figure has a row with the status "missing". Wide: `territory`, `name`, `year` and the indicators.

    Raises
    ------
    UnknownIndicatorError, UnknownTerritoryError, AmbiguousTerritoryError
        If a name is not known; the message gives the nearest.
    NoFiguresError
        If an indicator has no figures for the years; the message says for which years it has.
    AccessError
        If an indicator for members only is asked for with public access.

    Examples
    --------
    >>> table = load_indicators("education_expenditure_per_pupil", years=2013, municipalities="Bauskas novads")
    >>> table[["name", "status", "parts"]].to_dict("records")
    [{'name': 'Bauskas novads', 'status': 'harmonised', 'parts': 4}]
    """
    check_option("territory", territory, Classification)
    check_option("access", access, Access)
    day = check_day(as_of)
    source = store or default_store()
    catalogue = catalogue_of(source)
    passports = _passports(ids, catalogue, access)
    wanted_years = _years(years)
    units = _units(municipalities, territory)
    # Of all municipalities, whoever is asked for: which years there are must not depend on whom one looks at.
    names = [p.id for p in passports]
    table = _everything(source, tuple(names), territory, access, day)
    static = [p.id for p in passports if p.measure and catalogue.registry.measures[p.measure].is_static]
    groups = [names] if isinstance(ids, str) and ids == "all" else [[name] for name in names]
    _check_years(table, groups, wanted_years, static, lambda group: _nothing(source, group, territory, access, day))
    if wanted_years is not None:
        table = _every_year(table, static, wanted_years)
        table = table.loc[table["year"].isin(wanted_years)]
    table = table.loc[table["territory"].isin(units)]
    order = {name: i for i, name in enumerate(names)}
    table = table.sort_values(_KEY, key=lambda c: c.map(order) if c.name == "indicator" else c, ignore_index=True)
    return _wide(table, names) if wide else table


@lru_cache(maxsize=16)
def _everything(
    store: Store, ids: tuple[str, ...], territory: Classification, access: Access, as_of: str | None
) -> pd.DataFrame:
    """Indicators of all municipalities and years: a store never changes, so the same question has the same answer."""
    return cached(harmonised_indicators, store, ids, territory, access, as_of)


def harmonised_indicators(
    store: Store, ids: tuple[str, ...], territory: Classification, access: Access, as_of: str | None
) -> pd.DataFrame:
    """Indicators of all municipalities and years, computed from the figures of a store.

    Parameters
    ----------
    store : Store
        The figures.
    ids : tuple of str
        Indicators.
    territory : {"2009", "2021", "2025"}
        Classification of the municipalities.
    access : {"public", "members"}
        Figures that may be used.
    as_of : str or None
        Only vintages up to this day.

    Returns
    -------
    pandas.DataFrame
        The columns of `load_indicators`, in no particular order.
    """
    catalogue = catalogue_of(store)
    passports = [catalogue.indicators[name] for name in ids]
    figures = store.figures(catalogue.measures_of(ids), access=access, as_of=as_of)
    table = compute(passports, _not_later(figures, territory), list(codes(territory)), territory, catalogue)
    table = _with_every_unit(table, list(codes(territory)))
    name_of = {code: unit.name for code, unit in codes(territory).items()}
    unit_of = {p.id: p.unit["en"] for p in passports}
    return table.assign(name=table["territory"].map(name_of), unit=table["indicator"].map(unit_of))[COLUMNS]


def catalogue_of(store: Store | None = None) -> Catalogue:
    """Catalogue of the data folder that a store was built from.

    Parameters
    ----------
    store : Store, optional
        The store; that of the shipped figures if absent.

    Returns
    -------
    Catalogue
    """
    shipped = load_catalogue()
    if store is None or store.registry is shipped.registry:
        return shipped
    return load_catalogue(store.registry.folder)


def _passports(ids: str | Iterable[str], catalogue: Catalogue, access: Access) -> list[Passport]:
    if isinstance(ids, str) and ids == "all":
        return [p for p in catalogue.indicators.values() if access == "members" or _is_public(p, catalogue)]
    passports = [catalogue.passport(i) for i in dict.fromkeys(_listed("ids", ids))]
    closed = [p.id for p in passports if p.access == "members"]
    if closed and access == "public":
        raise AccessError(
            f"{closed[0]!r} is for members only; it never enters a public table. Members load it with access='members'."
        )
    if not passports:
        raise OptionError("ids is empty; name at least one indicator, or 'all'. The list: benchlib data list.")
    return passports


def _is_public(passport: Passport, catalogue: Catalogue) -> bool:
    """Whether the public may see the indicator and there is a public source of every measure that it needs."""
    needed = catalogue.measures_of([passport.id])
    return passport.access == "public" and all(
        any(source.access == "public" for source in catalogue.registry.sources_of(measure)) for measure in needed
    )


def _years(years: Years) -> list[int] | None:
    if isinstance(years, str):
        if years == "all":
            return None
        raise OptionError(f"years={years!r} is not a year. Give a number, several numbers or 'all'.")
    listed = _listed("years", years)
    if not listed or any(isinstance(y, bool) or not isinstance(y, int | np.integer) for y in listed):
        raise OptionError(f"years={listed!r}: not whole numbers. Give a year, several years or 'all'.")
    return list(dict.fromkeys(int(year) for year in listed))


def _listed(argument: str, value: Any) -> list[Any]:
    """One or several: a list in any case."""
    if isinstance(value, str | int | np.integer):
        return [value]
    try:
        return list(value)
    except TypeError as error:
        raise OptionError(f"{argument}={value!r} is neither one nor several of them. Give a list.") from error


def _units(municipalities: str | Iterable[str] | None, territory: Classification) -> list[str]:
    if municipalities is None:
        return list(codes(territory))
    names = _listed("municipalities", municipalities)
    if not names:
        raise OptionError("municipalities is empty; name at least one, or leave the argument out for all.")
    return list(dict.fromkeys(find_municipality(name, territory).code for name in names))


def _not_later(figures: pd.DataFrame, territory: Classification) -> pd.DataFrame:
    """Without the figures of a later classification: for former municipalities there are none."""
    last = CLASSIFICATIONS.index(territory)
    allowed = {c for c in figures["territory"].unique() if CLASSIFICATIONS.index(classification_of(c)) <= last}
    return figures.loc[figures["territory"].isin(allowed)]


def _every_year(table: pd.DataFrame, static: Sequence[str], years: Sequence[int]) -> pd.DataFrame:
    """A static measure (area) holds for every year that is asked for; `basis_year` says of which year it is."""
    is_static = table["indicator"].isin(static)
    if not is_static.any():
        return table
    still = table.loc[is_static].sort_values("year").drop_duplicates(["indicator", "territory"], keep="last")
    copies = [still.assign(year=year, basis_year=np.where(still["year"] == year, 0, still["year"])) for year in years]
    return pd.concat([table.loc[~is_static], *copies], ignore_index=True)


def _with_every_unit(table: pd.DataFrame, units: Sequence[str]) -> pd.DataFrame:
    """A row for every municipality: who has no figure where others have one is shown as missing, never left out."""
    pairs = table[["indicator", "year", "access"]].drop_duplicates(["indicator", "year"])
    if len(table) == len(pairs) * len(units):
        return table
    grid = pairs.merge(pd.DataFrame({"territory": list(units)}), how="cross")
    full = grid.merge(table, on=_KEY, how="left", suffixes=("_here", ""))
    empty = {
        "status": "missing",
        "symbol": "",
        "parts": 0,
        "share_basis": "",
        "basis_year": 0,
        "source": "",
        "vintage": "",
    }
    return (
        full.assign(access=full["access"].fillna(full["access_here"]))
        .fillna(empty)
        .astype({"parts": "int64", "basis_year": "int64"})
    )


def _check_years(
    table: pd.DataFrame,
    groups: Sequence[Sequence[str]],
    years: list[int] | None,
    static: Sequence[str],
    nothing: Callable[[Sequence[str]], str],
) -> None:
    """Of each group of indicators (one by one, or "all" together) there must be a figure in the years asked for."""
    figures = table.loc[table["value"].notna()]
    years_of = {str(name): set(part.unique()) for name, part in figures.groupby("indicator")["year"]}
    for group in groups:
        what = repr(group[0]) if len(group) == 1 else "any indicator"
        there = sorted(set().union(*(years_of.get(name, set()) for name in group)))
        if not there:
            raise NoFiguresError(nothing(group).format(what))
        if years is not None and not set(group) <= set(static) and not set(years) & set(there):
            asked, listed = ", ".join(map(str, years)), ", ".join(map(str, there))
            raise NoFiguresError(f"There are no figures of {what} for {asked}. Years with figures: {listed}.")


def _nothing(store: Store, ids: Sequence[str], territory: Classification, access: Access, as_of: str | None) -> str:
    """Why there may be no figure at all, and what to do."""
    figures = store.figures(catalogue_of(store).measures_of(ids), access=access, as_of=as_of)
    lacking = _parts_missing(figures.dropna(subset="value"), territory)
    if lacking:
        return f"There are no figures of {{}} for the municipalities of {territory}, for parts are missing. {lacking}"
    if as_of is not None:
        return f"No figure of {{}} was published by {as_of}. Ask for a later day, or leave as_of out."
    if territory != CLASSIFICATIONS[-1]:
        return (
            f"There are no figures of {{}} for the classification {territory}. Figures of today's municipalities cannot be divided "
            f"among former ones; ask for territory='{CLASSIFICATIONS[-1]}'."
        )
    if access == "public":
        return (
            "There are no public figures of {}. Members may have some: access='members'. Figures of your own come in by "
            "`benchlib data import`."
        )
    return "There are no figures of {}: no source has a value. Figures of your own come in by `benchlib data import`."


def _parts_missing(figures: pd.DataFrame, territory: Classification) -> str:
    """The first municipality of which some parts have a figure and others have none, of a measure of which nobody has all parts."""
    earlier = CLASSIFICATIONS[: CLASSIFICATIONS.index(territory)]
    for _, rows in figures.groupby("measure", sort=True):
        cases = [
            (origin, year, unit, parts, [part for part in parts if part in set(there)])
            for year, there in rows.groupby("year")["territory"]
            for origin in earlier
            for unit, parts in _made_of(origin, territory).items()
        ]
        started = [case for case in cases if case[4]]
        is_whole = any(len(parts) == len(given) for _, _, _, parts, given in started)
        if started and not is_whole and not rows["territory"].isin(list(codes(territory))).any():
            origin, year, unit, parts, given = started[0]
            name_of = {part: codes(origin)[part].name for part in parts}
            there, lacking = (", ".join(n for p, n in name_of.items() if (p in given) == has) for has in (True, False))
            return (
                f"Of {codes(territory)[unit].name} there is {there} for {year}, but not {lacking}. Import what is missing, or ask for "
                f"territory={origin!r}."
            )
    return ""


@cache
def _made_of(origin: Classification, territory: Classification) -> dict[str, tuple[str, ...]]:
    """The former municipalities of each one."""
    made_of: dict[str, tuple[str, ...]] = {}
    for link in crosswalk(origin, territory):
        made_of[link.new] = (*made_of.get(link.new, ()), link.old)
    return made_of


def _wide(table: pd.DataFrame, indicators: Sequence[str]) -> pd.DataFrame:
    matrix = table.set_index(["territory", "name", "year", "indicator"])["value"].unstack("indicator")  # noqa: PD010 - refuses duplicates
    return matrix.reindex(columns=list(indicators)).rename_axis(columns=None).reset_index()
