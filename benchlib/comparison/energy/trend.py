"""Use of energy of the same buildings over the years, with the weather taken out."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import pandas as pd

from benchlib.comparison.energy.basis import DEGREE_DAYS_ERROR, ERRORS, SHARE_ERROR, corrected_with_error, margin
from benchlib.comparison.energy.use import EnergyUse


def energy_trend(use: EnergyUse) -> pd.DataFrame:
    """Use of the same buildings year by year, as it was and with the weather taken out.

    Parameters
    ----------
    use : EnergyUse
        From `energy_use`.

    Returns
    -------
    pandas.DataFrame
        `year`, `buildings` (how many: those with plausible, corrected figures in all years), `heat_mwh`, `corrected_mwh`, and
        `electricity_mwh` of those with electricity in all years, `electricity_buildings`. A year in which no building has a corrected
        figure (or one of electricity) is none of these years: it has no value.
    """
    heat, electricity = _heat(use), use.years.dropna(subset="electricity_mwh")
    always, lit = _present_in_all(heat), _present_in_all(electricity)
    rows = []
    for year in sorted(use.years["year"].unique()):
        warm = heat.loc[heat["building"].isin(always) & (heat["year"] == year)]
        bright = electricity.loc[electricity["building"].isin(lit) & (electricity["year"] == year)]
        rows.append(
            {
                "year": int(year),
                "buildings": len(warm),
                "heat_mwh": warm["heat_mwh"].sum(min_count=1),
                "corrected_mwh": warm["corrected_mwh"].sum(min_count=1),
                "electricity_buildings": len(bright),
                "electricity_mwh": bright["electricity_mwh"].sum(min_count=1),
            }
        )
    return pd.DataFrame(rows)


@dataclass(frozen=True)
class EnergyChange:
    """How the use of heat of the same buildings changed between the first and the last year with corrected figures.

    Attributes
    ----------
    first, last : int
        The years; those of the electricity where there are no two with corrected figures.
    buildings : int
        How many buildings have plausible, corrected figures in all years; 0 if there are no two such years, and all of heat is NaN.
    raw_pct, corrected_pct : float
        Change as measured, and in normal weather.
    low_pct, high_pct : float
        Range of the corrected change, from the usual movement of single buildings between years, as if each moved apart from the others;
        NaN where that is not known. What the correction for the weather may miss is not in it, nor what moves all buildings alike.
    degree_days_pct : tuple of float
        The corrected change if the degree days of the last year were lower, and if they were higher, by `basis.DEGREE_DAYS_ERROR`.
    hot_water_pct : tuple of float
        The corrected change if the share of hot water were smaller, and if it were greater, by `basis.SHARE_ERROR`.
    least_pct, most_pct : float
        The range with both errors of the correction at their worst.
    electricity_pct, electricity_low_pct, electricity_high_pct : float
        Change of the use of electricity of the buildings that have it in all years, `electricity_buildings` of them, and its range; NaN if
        there are none.
    electricity_first, electricity_last : int
        The first and the last year with electricity; 0 if there are no two.
    """

    first: int
    last: int
    buildings: int
    raw_pct: float
    corrected_pct: float
    low_pct: float
    high_pct: float
    degree_days_pct: tuple[float, float]
    hot_water_pct: tuple[float, float]
    least_pct: float
    most_pct: float
    electricity_pct: float
    electricity_low_pct: float
    electricity_high_pct: float
    electricity_buildings: int
    electricity_first: int = 0
    electricity_last: int = 0

    @property
    def verdict(self) -> str:
        """What may be said of the corrected change.

        "lower" or "higher": neither the usual movement nor errors of the correction turn it around; "doubtful": such errors could;
        "usual": 0 lies in the range itself; "no_range".
        """
        if np.isnan(self.low_pct):
            return "no_range"
        if self.low_pct <= 0 <= self.high_pct:
            return "usual"
        if self.least_pct <= 0 <= self.most_pct:
            return "doubtful"
        return "lower" if self.most_pct < 0 else "higher"


def energy_change(use: EnergyUse) -> EnergyChange | None:
    """Change of the use of heat from the first to the last year with corrected figures, with its range; and that of electricity.

    Parameters
    ----------
    use : EnergyUse
        From `energy_use`.

    Returns
    -------
    EnergyChange or None
        None if there are no two years to compare, neither of heat nor of electricity.
    """
    heat, electricity = _heat_change(use), _electricity_change(use)
    if not heat and not electricity:
        return None
    nothing: dict[str, Any] = dict.fromkeys((field.name for field in fields(EnergyChange)), np.nan)
    nothing |= {"buildings": 0, "degree_days_pct": (np.nan, np.nan), "hot_water_pct": (np.nan, np.nan)}
    nothing |= {"electricity_buildings": 0, "electricity_first": 0, "electricity_last": 0}
    if not heat:
        nothing |= {"first": electricity["electricity_first"], "last": electricity["electricity_last"]}
    return EnergyChange(**nothing | heat | electricity)


def _heat(use: EnergyUse) -> pd.DataFrame:
    """The rows with plausible, corrected heat."""
    return use.years.loc[use.years["is_plausible"] & use.years["corrected_mwh"].notna()]


def _heat_change(use: EnergyUse) -> dict[str, Any]:
    """What `EnergyChange` says of heat; empty without two years."""
    before, after = _ends(_heat(use))
    if before.empty:
        return {}
    half = margin(use.movement, 1) * _spread(before["corrected_mwh"], after["corrected_mwh"])
    ratios = {
        (days, share): float(
            corrected_with_error(after, use.basis, days, share).sum()
            / corrected_with_error(before, use.basis, 0.0, share).sum()
        )
        for days, share in ERRORS
    }
    low, high = _pct(ratios[0.0, 0.0], half)
    return {
        "first": int(before["year"].iloc[0]),
        "last": int(after["year"].iloc[0]),
        "buildings": len(after),
        "raw_pct": 100.0 * (float(after["heat_mwh"].sum() / before["heat_mwh"].sum()) - 1.0),
        "corrected_pct": 100.0 * (ratios[0.0, 0.0] - 1.0),
        "low_pct": low,
        "high_pct": high,
        "degree_days_pct": tuple(100.0 * (ratios[way * DEGREE_DAYS_ERROR, 0.0] - 1.0) for way in (-1, 1)),
        "hot_water_pct": tuple(100.0 * (ratios[0.0, way * SHARE_ERROR] - 1.0) for way in (-1, 1)),
        "least_pct": _pct(min(ratios.values()), half)[0],
        "most_pct": _pct(max(ratios.values()), half)[1],
    }


def _electricity_change(use: EnergyUse) -> dict[str, Any]:
    """What `EnergyChange` says of electricity; empty without two years."""
    lit = _ends(use.years.dropna(subset="electricity_mwh"))
    dim, bright = (part["electricity_mwh"] for part in lit)
    if not dim.sum() > 0:
        return {}
    ratio = float(bright.sum() / dim.sum())
    low, high = _pct(ratio, margin(use.electricity_movement, 1) * _spread(dim, bright))
    return {
        "electricity_pct": 100.0 * (ratio - 1.0),
        "electricity_low_pct": low,
        "electricity_high_pct": high,
        "electricity_buildings": len(bright),
        "electricity_first": int(lit[0]["year"].iloc[0]),
        "electricity_last": int(lit[1]["year"].iloc[0]),
    }


def _pct(ratio: float, half: float) -> tuple[float, float]:
    """The ends of the interval of a ratio as changes in per cent."""
    low, high = (100.0 * (ratio * float(np.exp(way * half)) - 1.0) for way in (-1, 1))
    return low, high


def _spread(before: pd.Series[float], after: pd.Series[float]) -> float:
    """How much a ratio of sums moves for each part of its buildings' movement: they move apart, so their shares add in squares."""
    return float(np.sqrt(sum(((part / part.sum()) ** 2).sum() for part in (before, after))))


def _ends(part: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The rows of the first and of the last year of the buildings that have one in all years with any; empty without two years."""
    years = sorted(part["year"].unique())
    if len(years) < 2:
        return part.iloc[:0], part.iloc[:0]
    always = part.loc[part["building"].isin(_present_in_all(part))]
    return always.loc[always["year"] == years[0]], always.loc[always["year"] == years[-1]]


def _present_in_all(part: pd.DataFrame) -> set[str]:
    """Buildings with a row in every year in which any has one."""
    counts = part.groupby("building")["year"].nunique()
    return {str(building) for building, count in counts.items() if count == part["year"].nunique()}
