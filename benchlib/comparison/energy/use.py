"""Use of energy in a register of buildings: corrected for the weather, against buildings of the same type, over the years."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from benchlib.comparison.energy.basis import (
    DEGREE_DAYS_ERROR,
    LEVEL,
    SHARE_ERROR,
    EnergyBasis,
    corrected_with_error,
    margin,
    yearly_movement,
)
from benchlib.comparison.quantiles import quantile_interval
from benchlib.comparison.ranks import MINIMUM_MEMBERS
from benchlib.errors import NoFiguresError
from benchlib.indicators import Factor, Register
from benchlib.indicators.buildings.register import ELECTRIC_KINDS
from benchlib.indicators.buildings.rows import PLAUSIBLE_ELECTRICITY_KWH_M2, is_plausible, odd_areas

#: Savings are told against the median of a type and its best quarter.
GOALS: Final = ("median", "best")


@dataclass(frozen=True)
class EnergyUse:
    """How much energy the buildings of a register use, and how they stand among their like.

    Attributes
    ----------
    register : Register
        The buildings.
    basis : EnergyBasis
        Prices, emissions, normal year.
    year : int
        Year of the report; nothing later is looked at.
    years : pandas.DataFrame
        A row for each building and year: `building`, `type`, `heat_source`, `year`, `area_m2`, `heat_mwh`, `electricity_mwh`,
        `degree_days`, `heat_kwh_m2`, `corrected_mwh` and `corrected_kwh_m2` (of a normal year; NaN without degree days),
        `electricity_kwh_m2`, `heat_eur`, `electricity_eur`, `heat_co2_t`, `electricity_co2_t`, `is_plausible`, `is_ordinary` (plausible and
        nothing was built in the year). All of electricity is NaN where it cannot be right. Where the area is odd (`odd_areas`), area
        and use per square metre are NaN, and heat is not plausible.
    buildings : pandas.DataFrame
        A row for each building of the register, those without figures too: `building`, `name`, `type`, `heat_source`, `area_m2`, `state`
        ("compared"; "few": fewer than four of the type; "no_figures", "no_correction", "implausible", "odd_area" in the year), `value`
        (corrected kWh per m²), `low`, `high` (its range; NaN where too few years are known), `median`, `best` (of the type). For both
        goals `saving_<goal>_mwh`, `_eur`, `_co2_t`: what reaching it would save a year, and `saving_<goal>_low_mwh`,
        `saving_<goal>_high_mwh` and so on: the same for the ends of the building's range. `saving_median_least_mwh` and
        `saving_median_most_mwh`: the same if the type's median lay at the far ends of its own interval. `rank`, `rank_low`, `rank_high`
        order the savings to the median, the greatest first; NaN where there is none.
    types : pandas.DataFrame
        A row for each type: `type`, `buildings`, `compared`, `area_m2`, `median`, `median_low`, `median_high`, `coverage`, `best` (best
        quarter) in kWh per m², `electricity_median`, `electricity_compared`; NaN with fewer than four buildings.
    movement, electricity_movement : float
        From `yearly_movement`: how far a single year misses a building's level.
    """

    register: Register
    basis: EnergyBasis
    year: int
    years: pd.DataFrame
    buildings: pd.DataFrame
    types: pd.DataFrame
    movement: float
    electricity_movement: float

    @property
    def this_year(self) -> pd.DataFrame:
        """The rows of `years` of the report's year."""
        return self.years.loc[self.years["year"] == self.year]

    @property
    def factors_used(self) -> list[Factor]:
        """The factors that concern this register: those of building types, sources of heat and measures that it has not are left out."""
        there = {
            "hot_water": set(self.buildings["type"]),
            "co2": {*self.years["heat_source"], *self.buildings["heat_source"], "electricity"},
            "lifetime": set(self.register.measures["kind"]),
        }
        parts = (
            (factor, next((p for p in there if factor.id.startswith(f"{p}_")), ""))
            for factor in self.basis.factors.values()
        )
        return [f for f, part in parts if not part or f.id.removeprefix(f"{part}_") in there[part]]

    @property
    def intensity(self) -> float:
        """Heat per square metre of all comparable buildings together in the report's year, in normal weather."""
        part = self.this_year.loc[self.this_year["is_plausible"] & self.this_year["corrected_mwh"].notna()]
        return float(1000.0 * part["corrected_mwh"].sum() / part["area_m2"].sum()) if len(part) else np.nan

    @property
    def share_error_pct(self) -> float:
        """Per cent by which a corrected use of the year changes at most if the share of hot water is 10 points off."""
        return self._error_pct(0.0, SHARE_ERROR)

    @property
    def degree_days_error_pct(self) -> float:
        """Per cent by which a corrected use of the year changes at most if the degree days are 3 % off."""
        return self._error_pct(DEGREE_DAYS_ERROR, 0.0)

    def _error_pct(self, degree_days: float, share: float) -> float:
        part = self.this_year.loc[self.this_year["corrected_mwh"] > 0]
        ends = (corrected_with_error(part, self.basis, way * degree_days, way * share) for way in (-1, 1))
        return float(max((100.0 * (end / part["corrected_mwh"] - 1.0)).abs().max() for end in ends))

    @property
    def range_gap(self) -> str:
        """Why no figure has a range: "no figures", "one year" of figures only, "few pairs" of ordinary years; "" if there are ranges."""
        if not np.isnan(self.movement):
            return ""
        known = self.years.loc[self.years["is_plausible"] & self.years["corrected_mwh"].notna(), "year"].nunique()
        return {0: "no figures", 1: "one year"}.get(known, "few pairs")

    def together(self, unit: str) -> float:
        """Heat and electricity of the report's year together, in "eur" or "co2_t": what there is of both; NaN if there is none."""
        parts = [self.total(f"{source}_{unit}")[0] for source in ("heat", "electricity")]
        return float(np.nansum(parts)) if not np.isnan(parts).all() else np.nan

    def total(self, column: str) -> tuple[float, int]:
        """Sum over the buildings in the report's year, and of how many; implausible figures of heat are left out."""
        part = self.this_year
        if column.startswith(("heat_", "corrected_")):
            part = part.loc[part["is_plausible"]]
        values = part[column].dropna()
        return (float(values.sum()), len(values)) if len(values) else (np.nan, 0)

    def potential(self, goal: str) -> dict[str, float]:
        """Savings of all compared buildings together: `mwh`, `eur`, `co2_t`, each with `low_` and `high_`; sums of the ends."""
        part = self.buildings.loc[self.buildings["state"] == "compared"]
        return {
            f"{end}{unit}": float(part[f"saving_{goal}_{end}{unit}"].sum(min_count=1))
            for unit in ("mwh", "eur", "co2_t")
            for end in ("", "low_", "high_")
        }

    def __repr__(self) -> str:
        return f"EnergyUse({self.register.about.id!r}, {self.year}, {len(self.buildings)} buildings)"


def energy_use(register: Register, basis: EnergyBasis, year: int) -> EnergyUse:
    """Use of energy of the buildings of a register, corrected to a normal year and compared by type.

    Parameters
    ----------
    register : Register
        From `load_register`.
    basis : EnergyBasis
        From `energy_basis`.
    year : int
        Year of the report.

    Returns
    -------
    EnergyUse

    Raises
    ------
    NoFiguresError
        If the register has no figures for the year.

    Notes
    -----
    A building's range is the wider of two: its own corrected use in the years since something was last built, and its value of the year
    with the usual movement between years of the whole register. The median and the best quarter of a type describe the buildings
    of the register and are taken as they are; how far the median of so few buildings may lie from what is usual elsewhere is
    told apart from that, by its interval between order statistics.
    """
    if year not in register.years:
        known = ", ".join(map(str, register.years)) or "no year"
        raise NoFiguresError(f"The register {register.about.id!r} has no figures for {year}; it has them for {known}.")
    years = _years(register, basis, year)
    movement = yearly_movement(years, "corrected_kwh_m2")
    buildings = _buildings(register, years, year, movement)
    types = _types(buildings, years.loc[years["year"] == year])
    buildings = _with_savings(buildings.merge(types[["type", "median", "median_low", "median_high", "best"]]), basis)
    order = {building: place for place, building in enumerate(register.names)}
    buildings = buildings.sort_values("building", key=lambda ids: ids.map(order), ignore_index=True)
    return EnergyUse(
        register, basis, year, years, buildings, types, movement, yearly_movement(years, "electricity_kwh_m2")
    )


def _years(register: Register, basis: EnergyBasis, year: int) -> pd.DataFrame:
    table = register.buildings.dropna(subset="year").astype({"year": "int64"})
    table = table.loc[table["year"] <= year].drop(columns=["name", "municipality", "year_built"])
    odd = odd_areas(register.buildings)
    is_odd = np.array([at in odd for at in zip(table["building"], table["year"], strict=True)], dtype=bool)
    table["area_m2"] = table["area_m2"].where(~is_odd)
    sources = table["heat_source"]
    lit = 1000.0 * table["electricity_mwh"] / table["area_m2"]
    is_believed = lit.map(lambda intensity: is_plausible(intensity, PLAUSIBLE_ELECTRICITY_KWH_M2)).astype(bool)
    table["electricity_mwh"] = table["electricity_mwh"].where(is_believed)
    table["heat_kwh_m2"] = 1000.0 * table["heat_mwh"] / table["area_m2"]
    table["electricity_kwh_m2"] = 1000.0 * table["electricity_mwh"] / table["area_m2"]
    table["corrected_mwh"] = corrected_with_error(table, basis)
    table["corrected_kwh_m2"] = 1000.0 * table["corrected_mwh"] / table["area_m2"]
    table["heat_eur"] = table["heat_mwh"] * sources.map(basis.price)
    table["electricity_eur"] = table["electricity_mwh"] * basis.price("electricity")
    table["heat_co2_t"] = table["heat_mwh"] * sources.map(basis.co2)
    table["electricity_co2_t"] = table["electricity_mwh"] * basis.co2("electricity")
    table["is_plausible"] = table["heat_kwh_m2"].map(is_plausible) & ~is_odd
    built = works(register)
    is_touched = [(b, y) in built for b, y in zip(table["building"], table["year"], strict=True)]
    table["is_ordinary"] = table["is_plausible"] & ~np.array(is_touched, dtype=bool)
    return table.reset_index(drop=True)


def works(register: Register) -> set[tuple[str, int]]:
    """Building and year of every measure that is done, whatever it saves.

    Parameters
    ----------
    register : Register
        The register.

    Returns
    -------
    set of (str, int)
    """
    done = register.measures.loc[register.measures["status"] == "done"]
    return {(str(b), int(y)) for b, y in zip(done["building"], done["year"], strict=True)}


def _last_works(register: Register, year: int) -> dict[str, int]:
    """Year in which something that saves heat was last done in a building, up to a year."""
    done = register.measures
    done = done.loc[(done["status"] == "done") & ~done["kind"].isin(ELECTRIC_KINDS)].astype({"year": "int64"})
    done = done.loc[done["year"] <= year]
    return {str(building): int(last) for building, last in done.groupby("building")["year"].max().items()}


def _buildings(register: Register, years: pd.DataFrame, year: int, movement: float) -> pd.DataFrame:
    last = _last_works(register, year)
    now = {str(row["building"]): row for row in years.loc[years["year"] == year].to_dict("records")}
    rows, odd = [], odd_areas(register.buildings)
    for row in register.buildings.drop_duplicates("building", keep="last").to_dict("records"):
        building = str(row["building"])
        found: dict[Any, Any] = now.get(building, {})
        state = "odd_area" if (building, year) in odd and found else _state(found)
        last_area = np.nan if (building, row["year"]) in odd else row["area_m2"]
        value = float(found["corrected_kwh_m2"]) if state == "compared" else np.nan
        own = years.loc[(years["building"] == building) & years["is_plausible"]]
        since = own.loc[(own["year"] > last.get(building, 0)) | (own["year"] == year), "corrected_kwh_m2"].dropna()
        low, high = _range(value, since.to_numpy(), movement)
        rows.append(
            {
                **{column: row[column] for column in ("building", "name", "type")},
                "heat_source": found.get("heat_source", row["heat_source"]),
                "area_m2": float(found.get("area_m2", last_area)),
                "state": state,
                "value": value,
                "low": low,
                "high": high,
            }
        )
    return pd.DataFrame(rows)


def _state(found: dict[Any, Any]) -> str:
    if not found or np.isnan(found["heat_mwh"]):
        return "no_figures"
    if not found["is_plausible"]:
        return "implausible"
    return "no_correction" if np.isnan(found["corrected_mwh"]) else "compared"


def _range(value: float, since: np.ndarray, movement: float) -> tuple[float, float]:
    if np.isnan(value) or np.isnan(movement):
        return np.nan, np.nan
    half = margin(movement, 1)
    return min(value * np.exp(-half), since.min()), max(value * np.exp(half), since.max())


def _types(buildings: pd.DataFrame, now: pd.DataFrame) -> pd.DataFrame:
    rows = []
    for type_, part in buildings.groupby("type", sort=False):
        values = part.loc[part["state"] == "compared", "value"].to_numpy(dtype="float64")
        lit = now.loc[now["type"] == type_, "electricity_kwh_m2"].dropna()
        row: dict[str, Any] = {"type": type_, "buildings": len(part), "compared": len(values)}
        row |= {"area_m2": float(part["area_m2"].sum(min_count=1)), "electricity_compared": len(lit)}
        row |= dict.fromkeys(["median", "median_low", "median_high", "coverage", "best"], np.nan)
        if len(values) >= MINIMUM_MEMBERS:
            low, high, coverage = quantile_interval(values, level=LEVEL)
            row |= {"median": float(np.median(values)), "best": float(np.quantile(values, 0.25))}
            row |= {"median_low": low, "median_high": high, "coverage": coverage}
        row["electricity_median"] = float(lit.median()) if len(lit) >= MINIMUM_MEMBERS else np.nan
        rows.append(row)
    return pd.DataFrame(rows)


def _with_savings(table: pd.DataFrame, basis: EnergyBasis) -> pd.DataFrame:
    table.loc[(table["state"] == "compared") & table["median"].isna(), "state"] = "few"
    area = table["area_m2"] / 1000.0
    units = {"eur": table["heat_source"].map(basis.price), "co2_t": table["heat_source"].map(basis.co2)}
    for goal in GOALS:
        for end, column in (("", "value"), ("low_", "low"), ("high_", "high")):
            mwh = (table[column] - table[goal]).clip(lower=0.0) * area
            table[f"saving_{goal}_{end}mwh"] = mwh
            for unit, factor in units.items():
                table[f"saving_{goal}_{end}{unit}"] = mwh * factor
    table["saving_median_least_mwh"] = (table["low"] - table["median_high"]).clip(lower=0.0) * area
    table["saving_median_most_mwh"] = (table["high"] - table["median_low"]).clip(lower=0.0) * area
    return _with_ranks(table.drop(columns=["median_low", "median_high"]))


def _with_ranks(table: pd.DataFrame) -> pd.DataFrame:
    """Order of the savings to the median; the range of a rank counts whose ranges lie wholly above or below the own one."""
    saved = table["saving_median_mwh"].where(table["saving_median_mwh"] > 0)
    table["rank"] = saved.rank(ascending=False, method="min")
    # A building that is not above the median, or has no range, is above nobody and below nobody.
    low, high = (table[f"saving_median_{end}_mwh"].where(saved.notna()).to_numpy() for end in ("low", "high"))
    is_sure = ~np.isnan(low)
    best = 1 + (low[None, :] > high[:, None]).sum(axis=1)
    worst = np.maximum((high[None, :] > low[:, None]).sum(axis=1), table["rank"].fillna(0))
    table["rank_low"], table["rank_high"] = np.where(is_sure, best, np.nan), np.where(is_sure, worst, np.nan)
    return table
