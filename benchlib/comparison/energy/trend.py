"""Use of energy of the same buildings over the years, with the weather taken out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from benchlib.comparison.energy.basis import margin
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
        `electricity_mwh` of those with electricity in all years, `electricity_buildings`.
    """
    years = sorted(use.years["year"].unique())
    heat = use.years.loc[use.years["is_plausible"] & use.years["corrected_mwh"].notna()]
    electricity = use.years.dropna(subset="electricity_mwh")
    always, lit = (_present_in_all(part, years) for part in (heat, electricity))
    rows = []
    for year in years:
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
    """How the use of heat of the same buildings changed between the first and the last year.

    Attributes
    ----------
    first, last : int
        The years.
    buildings : int
        How many buildings have plausible, corrected figures in all years.
    raw_pct, corrected_pct : float
        Change as measured, and in normal weather.
    low_pct, high_pct : float
        Range of the corrected change, from the usual movement of single buildings between years; NaN where that is not known. What the
        correction for the weather itself may miss is not in it.
    electricity_pct : float
        Change of the use of electricity of the buildings that have it in all years, `electricity_buildings` of them; NaN if there are none.
    """

    first: int
    last: int
    buildings: int
    raw_pct: float
    corrected_pct: float
    low_pct: float
    high_pct: float
    electricity_pct: float
    electricity_buildings: int


def energy_change(use: EnergyUse) -> EnergyChange | None:
    """Change of the use of heat from the first to the last year, with its range.

    Parameters
    ----------
    use : EnergyUse
        From `energy_use`.

    Returns
    -------
    EnergyChange or None
        None if there are no two years to compare.
    """
    trend = energy_trend(use).dropna(subset="corrected_mwh")
    if len(trend) < 2:
        return None
    first, last = trend.iloc[0], trend.iloc[-1]
    ratio = float(last["corrected_mwh"] / first["corrected_mwh"])
    years = sorted(use.years["year"].unique())
    heat = use.years.loc[use.years["is_plausible"] & use.years["corrected_mwh"].notna()]
    always = heat.loc[heat["building"].isin(_present_in_all(heat, years))]
    spread = 0.0
    for year in (first["year"], last["year"]):
        part = always.loc[always["year"] == year, "corrected_mwh"]
        spread += float(
            ((part / part.sum()) ** 2).sum()
        )  # buildings move apart from each other: their shares add in squares
    half = margin(use.movement, 1) * np.sqrt(spread)
    return EnergyChange(
        int(first["year"]),
        int(last["year"]),
        int(last["buildings"]),
        100.0 * (float(last["heat_mwh"] / first["heat_mwh"]) - 1.0),
        100.0 * (ratio - 1.0),
        100.0 * (ratio * float(np.exp(-half)) - 1.0),
        100.0 * (ratio * float(np.exp(half)) - 1.0),
        100.0 * (float(last["electricity_mwh"] / first["electricity_mwh"]) - 1.0),
        int(last["electricity_buildings"]),
    )


def _present_in_all(part: pd.DataFrame, years: list[int]) -> set[str]:
    counts = part.groupby("building")["year"].nunique()
    return {str(building) for building, count in counts.items() if count == len(years)}
