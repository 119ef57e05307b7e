"""What was done to the buildings and whether it worked; what could be done, when it pays back, and what it saves."""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np
import pandas as pd

from benchlib.comparison.energy.basis import ERRORS, corrected_with_error, margin
from benchlib.comparison.energy.use import EnergyUse
from benchlib.errors import OptionError
from benchlib.indicators.buildings.register import ELECTRIC_KINDS

#: The column of use per square metre that a measure is to lower, by what it saves.
_INTENSITY: Final = {"heat": "corrected_kwh_m2", "electricity": "electricity_kwh_m2"}
_AMOUNT: Final = {"heat": "corrected_mwh", "electricity": "electricity_mwh"}
_BEFORE_AFTER: Final = [
    "building",
    "name",
    "type",
    "year",
    "kinds",
    "carrier",
    "before",
    "after",
    "before_years",
    "after_years",
    "observed_pct",
    "low_pct",
    "high_pct",
    "least_pct",
    "most_pct",
    "error_points",
    "expected_pct",
    "verdict",
]


def carrier_of(kind: str) -> str:
    """What a kind of measure saves: "heat" or "electricity"."""
    return "electricity" if kind in ELECTRIC_KINDS else "heat"


def energy_measures(use: EnergyUse, *, saving_margin: float = 20, price_margin: float = 20) -> pd.DataFrame:
    """Every measure of the register with its saving, payback and emissions.

    Parameters
    ----------
    use : EnergyUse
        From `energy_use`.
    saving_margin, price_margin : float
        Per cent by which the saving and the price may miss what is expected.

    Returns
    -------
    pandas.DataFrame
        A row for each measure in the register's order: `building`, `name`, `type`, `kind`, `carrier`, `year`, `status`, `cost_eur`,
        `base_mwh` (use of a normal year that a share refers to: before the measure, for planned ones the last known), `saving_mwh`,
        `saving_eur`, `saving_co2_t` (a year), `payback`, `payback_low`, `payback_high` (years: cost by yearly saving; the ends with saving
        and price both at their best and both at their worst), `lifetime` (years) and `verdict`: whether it pays back within
        its lifetime "always", as "expected", only if all goes well ("favourable"), "never", or "unknown".

    Raises
    ------
    OptionError
        If a margin is not between 0 and 90.

    Notes
    -----
    Simple payback: no interest, no rising prices, no upkeep. Measures of a building are counted each for itself: done together they save
    less than the sum.
    """
    for name, value in (("saving_margin", saving_margin), ("price_margin", price_margin)):
        if not 0 <= value <= 90:
            raise OptionError(f"{name}={value!r} is not between 0 and 90 per cent.")
    best = (1 + saving_margin / 100) * (1 + price_margin / 100)
    worst = (1 - saving_margin / 100) * (1 - price_margin / 100)
    about = use.buildings.set_index("building")[["name", "type", "heat_source"]]
    rows = [
        _measure(use, row, about.loc[row["building"]], best, worst) for row in use.register.measures.to_dict("records")
    ]
    return pd.DataFrame(rows, columns=list(rows[0]) if rows else _measure_columns())


def energy_kinds(measures: pd.DataFrame) -> pd.DataFrame:
    """Measures added up by status and kind.

    Parameters
    ----------
    measures : pandas.DataFrame
        From `energy_measures`.

    Returns
    -------
    pandas.DataFrame
        `status`, `kind`, `measures`, `cost_eur`, `saving_mwh`, `saving_eur`, `saving_co2_t` (each measure counted for itself),
        `without_saving` and `without_cost` (how many do not say it and are not in the sums), `payback` of those that say both.
    """
    rows = []
    for (status, kind), part in measures.groupby(["status", "kind"], sort=True):
        both = part.dropna(subset=["cost_eur", "saving_eur"])
        saved = both["saving_eur"].sum()
        rows.append(
            {
                "status": status,
                "kind": kind,
                "measures": len(part),
                **{c: part[c].sum(min_count=1) for c in ("cost_eur", "saving_mwh", "saving_eur", "saving_co2_t")},
                "without_saving": int(part["saving_mwh"].isna().sum()),
                "without_cost": int(part["cost_eur"].isna().sum()),
                "payback": both["cost_eur"].sum() / saved if saved > 0 else math.nan,
            }
        )
    columns = ["status", "kind", "measures", "cost_eur", "saving_mwh", "saving_eur", "saving_co2_t"]
    return pd.DataFrame(rows, columns=[*columns, "without_saving", "without_cost", "payback"])


def energy_before_after(use: EnergyUse) -> pd.DataFrame:
    """What became of the use of buildings in which something was done, against what was expected.

    Measures of a building in the same year cannot be told apart and count together. The year of the works itself is left out, and so are
    years beyond earlier or later works that save the same.

    Parameters
    ----------
    use : EnergyUse
        From `energy_use`.

    Returns
    -------
    pandas.DataFrame
        A row for each building, year and carrier: `building`, `name`, `type`, `year`, `kinds`, `carrier`, `before`, `after` (mean kWh
        per m²; heat of a normal year), `before_years`, `after_years` (how many), `observed_pct` (what is saved of the use before),
        `low_pct`, `high_pct` (its range; NaN where the usual movement between years is not known), `least_pct`, `most_pct` (the range
        with errors of the correction for the weather at their worst, `basis.ERRORS`; those of degree days in the years after the works),
        `error_points` (by how many points such errors move an end of the range at most), `expected_pct` (of the use
        before; NaN if not said), and `verdict`:
        "as expected" (the expectation lies in the range), "more", "less", "perhaps more", "perhaps less" (outside the range, but such
        errors could account for it), "no_range", "no_expectation", "no_before", "no_after".
    """
    done = use.register.measures
    done = done.loc[(done["status"] == "done") & (done["year"] <= use.year)]
    rows = []
    if len(done):
        done = done.assign(carrier=done["kind"].map(carrier_of), year=done["year"].astype("int64"))
        about = use.buildings.set_index("building")[["name", "type"]]
        for (building, carrier), part in done.groupby(["building", "carrier"], sort=False):
            when = sorted(part["year"].unique())
            for place, year in enumerate(when):
                since = when[place - 1] if place else -1
                until = when[place + 1] if place + 1 < len(when) else math.inf
                row = _compared(use, str(building), str(carrier), (since, int(year), until))
                package = part.loc[part["year"] == year]
                row["expected_pct"] = _expected(package, row.pop("before_mwh"))
                row["verdict"] = _verdict(row)
                kinds = tuple(package["kind"])
                named = {column: about.loc[str(building), column] for column in ("name", "type")}
                rows.append({**named, "kinds": kinds, **row})
    return pd.DataFrame(rows, columns=_BEFORE_AFTER).sort_values(["year", "building"], ignore_index=True)


def energy_priorities(use: EnergyUse, measures: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """What to do first: measures that pay back, and buildings that waste much although nothing is planned.

    Parameters
    ----------
    use : EnergyUse
        From `energy_use`.
    measures : pandas.DataFrame
        From `energy_measures`.

    Returns
    -------
    dict of str to pandas.DataFrame
        "sure": planned measures that pay back within their lifetime even in the worst case, the shortest payback first; "expected": those
        that do so only as expected; "long": those that do not, or only if all goes well; "unknown": planned measures without cost,
        saving or a use that it could refer to; "unplanned": buildings (rows of `EnergyUse.buildings`) whose whole range lies above the
        median of their type and for which no measure that saves heat is planned, the greatest saving first.
    """
    planned = measures.loc[measures["status"] == "planned"].sort_values(
        ["payback", "building", "kind"], ignore_index=True
    )
    words = {
        "sure": ("always",),
        "expected": ("expected",),
        "long": ("favourable", "never"),
        "unknown": ("unknown",),
    }
    found = {name: planned.loc[planned["verdict"].isin(verdicts)] for name, verdicts in words.items()}
    busy = set(planned.loc[planned["carrier"] == "heat", "building"])
    idle = use.buildings.loc[(use.buildings["saving_median_low_mwh"] > 0) & ~use.buildings["building"].isin(busy)]
    return {**found, "unplanned": idle.sort_values(["rank", "building"])}


def _measure_columns() -> list[str]:
    ends = ["payback", "payback_low", "payback_high", "lifetime", "verdict"]
    saved = ["cost_eur", "base_mwh", "saving_mwh", "saving_eur", "saving_co2_t"]
    return ["building", "name", "type", "kind", "carrier", "year", "status", *saved, *ends]


def _measure(use: EnergyUse, row: dict[Any, Any], about: pd.Series, best: float, worst: float) -> dict[str, Any]:
    carrier = carrier_of(row["kind"])
    source = "electricity" if carrier == "electricity" else str(about["heat_source"])
    base = _base(use, row["building"], carrier, row["year"] if row["status"] == "done" else use.year + 1)
    saving = _number(row["saving_mwh"])
    if math.isnan(saving):
        saving = base * _number(row["saving_pct"]) / 100.0
    cost, saved = _number(row["cost_eur"]), saving * use.basis.price(source)
    payback = cost / saved if saved > 0 else math.nan
    low, high = payback / best, payback / worst
    lifetime = use.basis.value(f"lifetime_{row['kind']}")
    return {
        "building": row["building"],
        "name": about["name"],
        "type": about["type"],
        "kind": row["kind"],
        "carrier": carrier,
        "year": row["year"],
        "status": row["status"],
        "cost_eur": cost,
        "base_mwh": base,
        "saving_mwh": saving,
        "saving_eur": saved,
        "saving_co2_t": saving * use.basis.co2(source),
        "payback": payback,
        "payback_low": low,
        "payback_high": high,
        "lifetime": lifetime,
        "verdict": _pays_back(payback, low, high, lifetime),
    }


def _pays_back(payback: float, low: float, high: float, lifetime: float) -> str:
    if math.isnan(payback) or math.isnan(lifetime):
        return "unknown"
    if high <= lifetime:
        return "always"
    if payback <= lifetime:
        return "expected"
    return "favourable" if low <= lifetime else "never"


def _number(value: Any) -> float:
    return math.nan if value is None or value is pd.NA else float(value)


def _base(use: EnergyUse, building: str, carrier: str, before: int) -> float:
    """Use of the last known year before a year; NaN where there is none."""
    part = use.years.loc[(use.years["building"] == building) & (use.years["is_plausible"] | (carrier != "heat"))]
    part = part.dropna(subset=_AMOUNT[carrier])
    earlier = part.loc[part["year"] < before]
    return float(earlier.sort_values("year")[_AMOUNT[carrier]].iloc[-1]) if len(earlier) else math.nan


def _compared(use: EnergyUse, building: str, carrier: str, when: tuple[float, int, float]) -> dict[str, Any]:
    """Use before and after works; `before_mwh` is the mean amount of the same years as `before`."""
    since, year, until = when
    column = _INTENSITY[carrier]
    part = use.years.loc[(use.years["building"] == building) & (use.years["is_plausible"] | (carrier != "heat"))]
    before = part.loc[(part["year"] > since) & (part["year"] < year), column].dropna()
    after = part.loc[(part["year"] > year) & (part["year"] < until), column].dropna()
    row: dict[str, Any] = {"building": building, "carrier": carrier, "year": year}
    row |= {"before": before.mean(), "after": after.mean(), "before_years": len(before), "after_years": len(after)}
    row["before_mwh"] = part.loc[before.index, _AMOUNT[carrier]].mean()
    row |= dict.fromkeys(("observed_pct", "low_pct", "high_pct", "least_pct", "most_pct", "error_points"), math.nan)
    if len(before) and len(after) and before.mean() > 0:
        ratio = after.mean() / before.mean()
        movement = use.movement if carrier == "heat" else use.electricity_movement
        half = margin(movement, len(before), len(after))
        row["observed_pct"] = 100.0 * (1.0 - ratio)
        row["low_pct"], row["high_pct"] = _saved(ratio, half), _saved(ratio, -half)
        ratios = (
            _ratios_with_errors(use, part.loc[before.index], part.loc[after.index]) if carrier == "heat" else [ratio]
        )
        row["least_pct"], row["most_pct"] = _saved(max(ratios), half), _saved(min(ratios), -half)
        row["error_points"] = max(row["low_pct"] - row["least_pct"], row["most_pct"] - row["high_pct"])
    return row


def _saved(ratio: float, half: float) -> float:
    """What is saved of the use before, per cent, at one end of the interval of a ratio."""
    return float(100.0 * (1.0 - ratio * np.exp(half)))


def _ratios_with_errors(use: EnergyUse, before: pd.DataFrame, after: pd.DataFrame) -> list[float]:
    """Use after works by the use before, for every error of the correction: degree days are off after the works, shares throughout."""

    def mean(part: pd.DataFrame, degree_days: float, share: float) -> float:
        return float((corrected_with_error(part, use.basis, degree_days, share) / part["area_m2"]).mean())

    return [mean(after, days, share) / mean(before, 0.0, share) for days, share in ERRORS]


def _expected(package: pd.DataFrame, before_mwh: float) -> float:
    """Expected saving of measures together, per cent of the use before; NaN if one of them does not say it.

    Shares act one after the other (30 % and 10 % are 37 %), amounts are added to what they save: in whatever order they are written.
    """
    left, saved = 1.0, 0.0
    for share, amount in zip(package["saving_pct"], package["saving_mwh"], strict=True):
        if not math.isnan(_number(amount)):
            saved += _number(amount) / before_mwh
        else:
            left *= 1.0 - _number(share) / 100.0
    return round(100.0 * (1.0 - left + saved), 9)


def _verdict(row: dict[str, Any]) -> str:
    if not row["before_years"] or not row["after_years"]:
        return "no_after" if row["before_years"] else "no_before"
    if math.isnan(row["low_pct"]):
        return "no_range"
    if math.isnan(row["expected_pct"]):
        return "no_expectation"
    if row["low_pct"] <= row["expected_pct"] <= row["high_pct"]:
        return "as expected"
    if row["expected_pct"] < row["low_pct"]:
        return "more" if row["expected_pct"] < row["least_pct"] else "perhaps more"
    return "less" if row["expected_pct"] > row["most_pct"] else "perhaps less"
