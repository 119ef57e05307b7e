"""Cost for each equalised unit: people and area counted by the need that the law sees in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd

from benchlib.comparison.figures import near_year
from benchlib.errors import NoFiguresError, OptionError
from benchlib.indicators import NeedKey, NeedPart, Passport, Store, catalogue_of, load_indicators, load_need_key
from benchlib.terms import Access, Classification, check_option

Incomplete = Literal["refuse", "without"]


@dataclass(frozen=True)
class EqualisedUnits:
    """Equalised units of municipalities.

    Attributes
    ----------
    key : NeedKey
        The coefficients, with source, date and whether they are verified.
    year : int
        Year asked for.
    table : pandas.DataFrame
        A row per municipality: `territory`, a column per indicator (its contribution in units), `units` (their sum; NaN where one of them
        is missing).
    years : mapping of str to int
        Year of each indicator: the nearest with figures.
    absent : tuple of NeedPart
        Parts of the key for which there are no figures at all; the units are too few by them.
    """

    key: NeedKey
    year: int
    table: pd.DataFrame
    years: Mapping[str, int]
    absent: tuple[NeedPart, ...] = ()

    def __repr__(self) -> str:
        return f"EqualisedUnits({self.key.id}, {self.year}, {len(self.table)} municipalities, {len(self.absent)} parts absent)"


@dataclass(frozen=True)
class EqualisedCost:
    """Expenditure for each equalised unit.

    Attributes
    ----------
    indicator : str
        The unit cost from which the expenditure comes.
    year : int
        Its year.
    units : EqualisedUnits
        What it is divided by.
    table : pandas.DataFrame
        A row per municipality: `territory`, `cost` (as published, for each user), `expenditure_eur`, `units`, `cost_per_unit_eur`.
    volume : str
        Measure by which the published unit cost was multiplied; "" where the expenditure itself is published.
    volume_year : int
        Year of that measure, the nearest to that of the cost.
    """

    indicator: str
    year: int
    units: EqualisedUnits
    table: pd.DataFrame
    volume: str = ""
    volume_year: int = 0


def equalised_units(
    *,
    year: int,
    key: str = "equalised_units",
    territory: Classification = "2025",
    incomplete: Incomplete = "refuse",
    access: Access = "public",
    as_of: str | None = None,
    store: Store | None = None,
) -> EqualisedUnits:
    """People and area of each municipality, added up with the coefficients of a key of need.

    Parameters
    ----------
    year : int
        Year; each indicator counts in the nearest one with figures.
    key : str
        Key by id (`data/catalogue/need`).
    territory : {"2025", "2021", "2009"}
        Classification.
    incomplete : {"refuse", "without"}
        What to do where a part of the key has no figures at all: refuse, or count without it and say so in `absent`.
    access, as_of, store
        As in `load_indicators`.

    Returns
    -------
    EqualisedUnits

    Raises
    ------
    NoFiguresError
        If a part has no figures and `incomplete` is "refuse", or none has any; the message names it.
    OptionError
        If the key is unknown.
    """
    check_option("incomplete", incomplete, Incomplete)
    data = None if store is None else store.registry.folder
    found = load_need_key(key, data)
    asked: dict[str, Any] = {"territory": territory, "access": access, "as_of": as_of, "store": store}
    columns, years, absent = {}, {}, []
    for part in found.parts:
        try:
            near = near_year(load_indicators(part.indicator, years="all", **asked), year)
        except NoFiguresError:
            absent.append(part)
            continue
        columns[part.indicator] = near.set_index("territory")["value"] * part.coefficient
        years[part.indicator] = int(near["year"].iloc[0])
    if absent and (incomplete == "refuse" or not columns):
        names = ", ".join(catalogue_of(store).passport(part.indicator).name["en"] for part in absent)
        raise NoFiguresError(
            f"Equalised units need figures that are not there: {names}. Without them every municipality has too few units, those with many "
            "such people most. Add figures of your own (benchlib data import), or ask for incomplete='without'."
        )
    table = pd.DataFrame(columns)
    table["units"] = table.sum(axis=1, skipna=False)
    return EqualisedUnits(found, year, table.reset_index(), years, tuple(absent))


def equalised_cost(
    indicator: str,
    *,
    year: int,
    key: str = "equalised_units",
    territory: Classification = "2025",
    incomplete: Incomplete = "refuse",
    access: Access = "public",
    as_of: str | None = None,
    store: Store | None = None,
) -> EqualisedCost:
    """Expenditure on a service for each equalised unit.

    Parameters
    ----------
    indicator : str
        A unit cost: expenditure over something (its numerator is the expenditure), or a published cost per user with a volume (education
        expenditure per pupil, times pupils).
    year : int
        Year of the cost.
    key, territory, incomplete
        As in `equalised_units`.
    access, as_of, store
        As in `load_indicators`.

    Returns
    -------
    EqualisedCost

    Raises
    ------
    OptionError
        If the indicator is no unit cost, or gives no expenditure.
    NoFiguresError
        As `load_indicators` and `equalised_units`.

    Examples
    --------
    With the shipped figures a part of the key has none, so it has to be counted without it:

    >>> from benchlib.comparison import equalised_cost
    >>> found = equalised_cost("education_expenditure_per_pupil", year=2013, incomplete="without")
    >>> [part.indicator for part in found.units.absent]
    ['population_above_working_age']
    """
    catalogue = catalogue_of(store)
    passport = catalogue.passport(indicator)
    shown = _users_of(passport, catalogue.indicators)
    asked: dict[str, Any] = {"territory": territory, "access": access, "as_of": as_of, "store": store}
    cost = load_indicators(indicator, years=year, **asked).set_index("territory")["value"]
    near = near_year(load_indicators(shown.id, years="all", **asked), year)
    users = near.set_index("territory")["value"]
    units = equalised_units(year=year, key=key, incomplete=incomplete, **asked)
    table = pd.DataFrame(
        {"cost": cost, "expenditure_eur": cost * users / (passport.scale if passport.numerator else 1.0)}
    )
    table = table.join(units.table.set_index("territory")["units"])
    table["cost_per_unit_eur"] = table["expenditure_eur"] / table["units"]
    volume = "" if passport.numerator else shown.measure
    return EqualisedCost(indicator, year, units, table.reset_index(), volume, int(near["year"].iloc[0]))


def _users_of(passport: Passport, passports: Mapping[str, Passport]) -> Passport:
    """The indicator that shows by how much a unit cost is to be multiplied."""
    measure = passport.denominator or passport.volume
    shown = next((p for p in passports.values() if p.measure == measure and p.scale == 1.0), None)
    if passport.dimension != "cost" or not measure or shown is None:
        raise OptionError(
            f"{passport.id!r} gives no expenditure. It needs the dimension cost, and a denominator or a volume that an indicator shows."
        )
    return shown
