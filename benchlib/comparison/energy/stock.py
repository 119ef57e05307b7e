"""The buildings of a register added up, and in the order in which a reader wants to see them."""

from __future__ import annotations

import pandas as pd

from benchlib.comparison.energy.use import EnergyUse


def energy_stock(use: EnergyUse) -> pd.DataFrame:
    """Buildings, floor area, energy, cost and carbon dioxide of the report's year by type, and all together.

    Parameters
    ----------
    use : EnergyUse
        From `energy_use`.

    Returns
    -------
    pandas.DataFrame
        `type` ("" in the last row: all together), `buildings`, `area_m2`, `with_heat` (buildings with a plausible figure of heat),
        `heat_mwh`, `electricity_mwh`, `cost_eur`, `co2_t`: sums over the buildings with figures, NaN where there is none.
    """
    rows = []
    for type_ in [*use.types["type"], ""]:
        buildings = use.buildings if not type_ else use.buildings.loc[use.buildings["type"] == type_]
        now = use.this_year.loc[use.this_year["building"].isin(buildings["building"])]
        warm = now.loc[now["is_plausible"]]
        amounts = [
            warm[["heat_mwh", "heat_eur", "heat_co2_t"]],
            now[["electricity_mwh", "electricity_eur", "electricity_co2_t"]],
        ]
        heat, electricity = (part.sum(min_count=1).to_numpy() for part in amounts)
        both = pd.DataFrame([heat, electricity]).sum(min_count=1)
        rows.append(
            {
                "type": type_,
                "buildings": len(buildings),
                "area_m2": float(buildings["area_m2"].sum(min_count=1)),
                "with_heat": int(warm["heat_mwh"].notna().sum()),
                "heat_mwh": heat[0],
                "electricity_mwh": electricity[0],
                "cost_eur": both[1],
                "co2_t": both[2],
            }
        )
    return pd.DataFrame(rows)


def worst_buildings(use: EnergyUse, count: int = 10) -> pd.DataFrame:
    """The buildings with the greatest saving to the median of their type.

    Parameters
    ----------
    use : EnergyUse
        From `energy_use`.
    count : int
        How many at most.

    Returns
    -------
    pandas.DataFrame
        Rows of `EnergyUse.buildings`, the greatest saving first; only those above the median.
    """
    above = use.buildings.loc[use.buildings["saving_median_mwh"] > 0]
    return above.sort_values(["rank", "building"], ignore_index=True).head(count)


def shown_buildings(use: EnergyUse, most: int = 60) -> pd.DataFrame:
    """Buildings in the order in which a figure or a list shows them: type by type, the greatest use first.

    Parameters
    ----------
    use : EnergyUse
        From `energy_use`.
    most : int
        How many at most; of more, those that use most against the median of their type, so that none that matters is left out.

    Returns
    -------
    pandas.DataFrame
        Rows of `EnergyUse.buildings`.
    """
    table = use.buildings
    if len(table) > most:
        above = (table["value"] / table["median"]).fillna(0.0)
        table = table.loc[above.sort_values(ascending=False, kind="stable").index[:most]]
    order = {type_: place for place, type_ in enumerate(use.types["type"])}
    return table.sort_values(
        ["type", "value", "building"],
        key=lambda column: (
            column.map(order) if column.name == "type" else -column if column.name == "value" else column
        ),
        na_position="last",
        ignore_index=True,
    )
