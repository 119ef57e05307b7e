"""What turns measured energy into a normal year, euro and carbon dioxide, and how far a building moves from year to year."""

from __future__ import annotations

import dataclasses
import itertools
import math
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import NormalDist
from typing import Final

import numpy as np
import pandas as pd

from benchlib.errors import CatalogueError
from benchlib.indicators import Factor

#: How often the intervals of this report are to hold the truth.
LEVEL: Final = 0.90
#: Fewest pairs of years of buildings without works from which the usual movement between years is told.
MINIMUM_PAIRS: Final = 6
#: What the correction for the weather may miss, as this report assumes: per cent of the degree days of a year, points of a share of
#: hot water. No range holds it, for it does not shrink with the number of buildings.
DEGREE_DAYS_ERROR: Final = 3.0
SHARE_ERROR: Final = 10.0
#: Every pair of such errors, none included: (per cent of the degree days, points of the share).
ERRORS: Final = tuple(itertools.product((0.0, -DEGREE_DAYS_ERROR, DEGREE_DAYS_ERROR), (0.0, -SHARE_ERROR, SHARE_ERROR)))
#: The factor that a parameter of `energy_basis` replaces.
_REPLACED: Final = {
    "degree_days": "degree_days_normal",
    "heat_price": "price_heat",
    "electricity_price": "price_electricity",
}
#: Turns the median absolute deviation of a normal distribution into its standard deviation.
_TO_DEVIATION: Final = 1.4826


@dataclass(frozen=True)
class EnergyBasis:
    """Factors of a report, those of its parameters in place of the file's.

    Attributes
    ----------
    factors : mapping of str to Factor
        By id.
    given : frozenset of str
        Ids whose value is a parameter of the report.
    """

    factors: Mapping[str, Factor]
    given: frozenset[str] = frozenset()

    def value(self, id: str) -> float:
        """Value of a factor; NaN if there is none."""
        return self.factors[id].value if id in self.factors else math.nan

    @property
    def degree_days(self) -> float:
        """Heating degree days of a normal year."""
        return self.value("degree_days_normal")

    def hot_water(self, type: str) -> float:
        """Share of the use of heat that does not follow the weather, in buildings of a type."""
        return self.value(f"hot_water_{type}" if f"hot_water_{type}" in self.factors else "hot_water_other")

    def price(self, source: str) -> float:
        """Price of a MWh from a source of heat, EUR; "electricity" is electricity."""
        if f"price_{source}" in self.factors:
            return self.value(f"price_{source}")
        return self.value("price_heat")

    @property
    def used(self) -> dict[str, float]:
        """What was used for each parameter of `energy_basis`, given or from the file; what is in neither is left out."""
        return {name: self.value(id) for name, id in _REPLACED.items() if id in self.factors}

    def co2(self, source: str) -> float:
        """Carbon dioxide of a MWh from a source of heat, t; NaN if there is no factor."""
        return self.value(f"co2_{source}")


def energy_basis(
    factors: Mapping[str, Factor], *, degree_days: float = 0, heat_price: float = 0, electricity_price: float = 0
) -> EnergyBasis:
    """Factors with those of a report's parameters in their place.

    Parameters
    ----------
    factors : mapping of str to Factor
        From `load_factors`.
    degree_days, heat_price, electricity_price : float
        Replace those of the file if not 0.

    Returns
    -------
    EnergyBasis

    Raises
    ------
    CatalogueError
        If a normal year has no degree days.
    """
    named = {"degree_days": degree_days, "heat_price": heat_price, "electricity_price": electricity_price}
    given = {_REPLACED[name]: value for name, value in named.items() if value}
    changed = {id: dataclasses.replace(factors[id], value=float(value)) for id, value in given.items()}
    basis = EnergyBasis({**factors, **changed}, frozenset(given))
    if not basis.degree_days > 0:
        raise CatalogueError("The factor 'degree_days_normal' is 0; no use of heat can be corrected to such a year.")
    return basis


def corrected_heat(heat: float, degree_days: float, hot_water: float, normal: float) -> float:
    """Use of heat as it would have been in a year of normal weather.

    Only heating follows the weather; hot water stays as it was: E·w + E·(1 − w)·HDD_normal / HDD.

    Parameters
    ----------
    heat : float
        Measured use of a year.
    degree_days : float
        Heating degree days of that year and place; NaN gives NaN.
    hot_water : float
        Share w that does not follow the weather.
    normal : float
        Heating degree days of a normal year.

    Returns
    -------
    float
        In the unit of `heat`.

    References
    ----------
    T. Day (2006). Degree-days: theory and application. CIBSE TM41. The Chartered Institution of Building Services Engineers, London.
    ISBN 978-1-903287-76-7. (Base load apart, use is proportional to degree days.)
    """
    return heat * hot_water + heat * (1.0 - hot_water) * normal / degree_days


def corrected_with_error(
    years: pd.DataFrame, basis: EnergyBasis, degree_days: float = 0.0, share: float = 0.0
) -> pd.Series[float]:
    """Use of heat in normal weather, if degree days and shares of hot water were other than they are taken to be.

    Parameters
    ----------
    years : pandas.DataFrame
        `type`, `heat_mwh` and `degree_days`, a row for each building and year.
    basis : EnergyBasis
        From `energy_basis`.
    degree_days : float
        Per cent by which the degree days would be higher.
    share : float
        Points by which the share of hot water would be greater; it stays between 0 and 1.

    Returns
    -------
    pandas.Series
        MWh, row by row; without an error that of the report.
    """
    water = (years["type"].map(basis.hot_water).astype("float64") + share / 100.0).clip(0.0, 1.0)
    counted = years["degree_days"] * (1.0 + degree_days / 100.0)
    corrected: pd.Series[float] = corrected_heat(years["heat_mwh"], counted, water, basis.degree_days)  # type: ignore[arg-type, assignment]
    return corrected


def yearly_movement(years: pd.DataFrame, column: str) -> float:
    """Standard deviation of the logarithm of a building's use from one ordinary year to the next, divided by √2.

    Taken over all buildings in which nothing was built in either of two neighbouring years; the median keeps single odd figures from
    deciding it.

    Parameters
    ----------
    years : pandas.DataFrame
        `building`, `year`, `is_ordinary` and `column`, a row for each building and year.
    column : str
        Use per square metre.

    Returns
    -------
    float
        About the share by which a single year misses a building's level; NaN with fewer than `MINIMUM_PAIRS` pairs of years.
    """
    usable = years.loc[years["is_ordinary"] & (years[column] > 0)].sort_values(["building", "year"])
    step = usable.groupby("building")["year"].diff() == 1
    change = usable[column].astype("float64").map(math.log).groupby(usable["building"]).diff()
    pairs = change.loc[step].to_numpy()
    if len(pairs) < MINIMUM_PAIRS:
        return math.nan
    return float(_TO_DEVIATION * np.median(np.abs(pairs)) / math.sqrt(2.0))


def margin(movement: float, *counts: int) -> float:
    """Half the width of the interval of a logarithm that rests on means of so many years each.

    Parameters
    ----------
    movement : float
        From `yearly_movement`.
    *counts : int
        Years behind each mean.

    Returns
    -------
    float
    """
    return NormalDist().inv_cdf(0.5 + LEVEL / 2.0) * movement * math.sqrt(sum(1.0 / count for count in counts))
