"""Which figures stand for an indicator: of which year, and whether the user brought them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

import pandas as pd

from benchlib.errors import OptionError
from benchlib.indicators import Catalogue, Passport, Registry, Store, catalogue_of, load_indicators
from benchlib.terms import Access, Classification


class Volume(NamedTuple):
    """Users or inhabitants behind a unit cost.

    Attributes
    ----------
    value : float
        How many; NaN where missing.
    year : int
        Year of the figure.
    """

    value: float
    year: int


def near_year(table: pd.DataFrame, year: int, *, among: Collection[str] | None = None) -> pd.DataFrame:
    """The rows of each indicator in the year nearest to the one asked for.

    Parameters
    ----------
    table : pandas.DataFrame
        Tidy indicators as `load_indicators` returns them, several years.
    year : int
        Year of the report.
    among : collection of str, optional
        Codes of those who are compared: their figures decide which year it is. The figures of all decide where these have none.

    Returns
    -------
    pandas.DataFrame
        For each indicator the rows of one year: the nearest with any figure, the earlier of two equally near.
    """
    known = table.loc[table["value"].notna(), ["indicator", "year", "territory"]]
    if among is not None:
        is_among = known["territory"].isin(list(among))
        known = known.loc[is_among | ~known["indicator"].isin(known.loc[is_among, "indicator"])]
    years = known[["indicator", "year"]].drop_duplicates()
    years = years.assign(gap=(years["year"] - year).abs()).sort_values(["indicator", "gap", "year"])
    chosen = years.drop_duplicates("indicator")[["indicator", "year"]]
    return table.merge(chosen, on=["indicator", "year"])


def as_numbers(table: pd.DataFrame, where: str) -> pd.DataFrame:
    """The cells of a table that somebody hands in, as numbers.

    Parameters
    ----------
    table : pandas.DataFrame
        A row per unit, which the index names.
    where : str
        What the table is called in the message.

    Returns
    -------
    pandas.DataFrame
        The same with floating numbers; what is missing is NaN.

    Raises
    ------
    OptionError
        If a cell is neither a number nor missing; the message names it.
    """
    numbers: pd.DataFrame = table.apply(pd.to_numeric, errors="coerce")
    for name in table.columns:
        wrong = table.index[numbers[name].isna() & table[name].notna()]
        if len(wrong):
            raise OptionError(
                f"{where}: {name} of {wrong[0]!r} is {table[name][wrong[0]]!r}, which is no number, so nothing can be reckoned with it. "
                "Write a number, or nothing where there is no figure."
            )
    return numbers.astype("float64")


def follows_from_settlement(passport: Passport) -> bool:
    """Whether an indicator is counted by area: how dense something lies follows from settlement more than from decisions."""
    return passport.denominator == "area"


def volume_indicators(costs: Iterable[str], catalogue: Catalogue) -> dict[str, str]:
    """The indicators that show the users behind unit costs as they are.

    Parameters
    ----------
    costs : iterable of str
        Indicators; those without a volume are left out.
    catalogue : Catalogue
        Their passports.

    Returns
    -------
    dict of str to str
        By unit cost.
    """
    shown = {passport.measure: passport.id for passport in catalogue.indicators.values() if passport.measure}
    wanted = {name: catalogue.passport(name).volume for name in costs}
    return {name: shown[measure] for name, measure in wanted.items() if measure in shown}


def volumes_near(table: pd.DataFrame, years: Mapping[str, int], catalogue: Catalogue) -> dict[tuple[str, str], Volume]:
    """Users behind unit costs, in the year nearest to that of the cost.

    Parameters
    ----------
    table : pandas.DataFrame
        Tidy figures of the indicators that show the users (`volume_indicators`), all years.
    years : mapping of str to int
        Year of each unit cost.
    catalogue : Catalogue
        Their passports.

    Returns
    -------
    dict of (str, str) to Volume
        By unit cost and territory.
    """
    found = {}
    for name, shown in volume_indicators(years, catalogue).items():
        near = near_year(table.loc[table["indicator"] == shown], years[name])
        for code, year, value in zip(near["territory"], near["year"], near["value"], strict=True):
            found[name, str(code)] = Volume(float(value), int(year))
    return found


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


def added_indicators(figures: pd.DataFrame, registry: Registry) -> tuple[str, ...]:
    """Indicators with figures that the user added: no publisher brings the next ones.

    Parameters
    ----------
    figures : pandas.DataFrame
        Tidy indicators: `Gaps.figures`.
    registry : Registry
        It knows the sources.

    Returns
    -------
    tuple of str
        In the order of the figures.
    """
    added = {source.id for source in registry.sources if source.is_own}
    resting = [str(source) for source in figures["source"].unique() if added & set(re.split(r"[^\w-]+", str(source)))]
    return tuple(dict.fromkeys(figures.loc[figures["source"].isin(resting), "indicator"]))


def own_indicators(
    *,
    but: Collection[str] = (),
    territory: Classification = "2025",
    access: Access = "public",
    as_of: str | None = None,
    store: Store | None = None,
) -> list[str]:
    """Indicators with figures that rest on what the user imported.

    Parameters
    ----------
    but : collection of str
        Indicators to leave out, because a report shows them already.
    territory, access, as_of, store
        As in `load_indicators`.

    Returns
    -------
    list of str
        In the order of the figures; empty where nothing was imported that may be seen.
    """
    registry = catalogue_of(store).registry
    if not any(source.is_own for source in registry.sources):
        return []
    table = load_indicators("all", years="all", territory=territory, access=access, as_of=as_of, store=store)
    return [one for one in added_indicators(table.dropna(subset="value"), registry) if one not in but]
