"""Invented building registers, small enough to reckon by hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from benchlib.comparison import EnergyBasis, EnergyUse, energy_basis, energy_use
from benchlib.indicators import Factor, Register, RegisterSource
from benchlib.indicators.buildings.register import MEASURE_COLUMNS, checked_measures, checked_register, find_doubts

_TEXTS = {"lv": "Izdomāts", "en": "Invented"}
#: Factors as round as can be: a normal year of 4000 degree days, a tenth of hot water, 100 and 200 euro, 0.2 and 0.1 t.
_VALUES = {
    "degree_days_normal": 4000.0,
    "hot_water_school": 0.1,
    "hot_water_other": 0.5,
    "price_heat": 100.0,
    "price_electricity": 200.0,
    "co2_district": 0.2,
    "co2_electricity": 0.1,
    "co2_wood": 0.0,
    "lifetime_walls": 20.0,
    "lifetime_lighting": 10.0,
}


def basis(**values: float) -> EnergyBasis:
    """Return the round factors, some of them changed."""
    made = {id: Factor(id, _TEXTS, value, _TEXTS, _TEXTS, "2020", True) for id, value in (_VALUES | values).items()}
    return energy_basis(made)


def rows_of(building: str, heat: Sequence[float | None], **more: Any) -> list[dict[str, Any]]:
    """Return the rows of a school of 1000 m², a year each from 2021; 4000 degree days unless said otherwise."""
    about = {
        "building": building,
        "name": f"Ēka {building}",
        "type": "school",
        "area_m2": 1000,
        "heat_source": "district",
    }
    figures = {"electricity_mwh": 20.0, "degree_days": 4000}
    return [{**about, **figures, "year": 2021 + k, "heat_mwh": mwh, **more} for k, mwh in enumerate(heat)]


def register(rows: Sequence[dict[str, Any]], measures: Sequence[dict[str, Any]] = (), **about: Any) -> Register:
    """Return a register of these rows, as `load_register` would."""
    buildings = checked_register(pd.DataFrame(list(rows)), "test")
    found = pd.DataFrame(columns=list(MEASURE_COLUMNS))
    if measures:
        found = checked_measures(pd.DataFrame(list(measures)), "test", set(buildings["building"]))
    entry: dict[str, Any] = {
        "id": "test", "name": _TEXTS, "municipality": _TEXTS, "source": _TEXTS, "access": "public",
        "vintage": "2025-01-01", "file": "-", "rows": len(buildings), "sha256": "-",
    }  # fmt: skip
    return Register(RegisterSource(**{**entry, **about}), buildings, found, find_doubts(buildings))


def measure(building: str, kind: str, status: str, **more: Any) -> dict[str, Any]:
    """Return a row of the sheet of measures."""
    return {"building": building, "kind": kind, "status": status, "year": None, **more}


def used(rows: Sequence[dict[str, Any]], measures: Sequence[dict[str, Any]] = (), year: int = 2021) -> EnergyUse:
    """Return the use of energy of such a register with the round factors."""
    return energy_use(register(rows, measures), basis(), year)
