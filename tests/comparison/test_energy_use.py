"""Use of energy in a register: numbers reckoned by hand, and what becomes of figures that are missing or cannot be right."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from registers import basis, measure, register, rows_of, used

from benchlib.comparison import energy_change, energy_stock, energy_trend, energy_use, shown_buildings, worst_buildings
from benchlib.comparison.energy.basis import (
    corrected_heat,
    corrected_with_error,
    energy_basis,
    margin,
    yearly_movement,
)
from benchlib.errors import CatalogueError, NoFiguresError
from benchlib.indicators import load_factors
from benchlib.reporting import Words, texts

#: Half the width of a normal distribution that holds 90 %.
Z90 = 1.6448536269514722
FIVE = [row for name, heat in zip("abcde", (100, 120, 140, 160, 200), strict=True) for row in rows_of(name, [heat])]
#: From year to year each of these moves by a tenth, up and down: the median of the changes of the logarithm is ln 1.1.
MOVING = [row for name in "pqrs" for row in rows_of(name, [100.0, 110.0, 100.0])]
MOVEMENT = 1.4826 * math.log(1.1) / math.sqrt(2)


def by_building(table: pd.DataFrame, column: str) -> dict[str, float]:
    return {str(b): float(v) for b, v in zip(table["building"], table[column], strict=True)}


# --- weather, prices, emissions -------------------------------------------------------------------------------------------


def test_only_heating_follows_the_weather() -> None:
    # 100 MWh in a warm year of 3200 degree days: 10 for hot water, 90 for heating, which a year of 4000 would make 112.5.
    assert corrected_heat(100.0, 3200.0, 0.1, 4000.0) == pytest.approx(122.5)
    assert corrected_heat(100.0, 4000.0, 0.3, 4000.0) == pytest.approx(100.0)
    assert corrected_heat(100.0, 2000.0, 1.0, 4000.0) == pytest.approx(100.0), "hot water alone: nothing to correct"
    assert math.isnan(corrected_heat(100.0, math.nan, 0.1, 4000.0))


def test_every_type_has_its_share_of_hot_water() -> None:
    row = used([*rows_of("a", [100], degree_days=3200), *rows_of("b", [100], degree_days=3200, type="culture")]).years
    assert row["corrected_kwh_m2"].tolist() == pytest.approx([122.5, 112.5]), (
        "a tenth; half where the type has no factor"
    )


def test_euro_and_carbon_dioxide_follow_the_source() -> None:
    use = energy_use(
        register(
            [
                *rows_of("a", [100]),
                *rows_of("b", [100], heat_source="wood"),
                *rows_of("c", [100], heat_source="electricity"),
                *rows_of("d", [100], heat_source="other"),
            ]
        ),
        basis(price_wood=40.0),
        2021,
    )
    rows = use.years.set_index("building")
    assert rows["heat_eur"].tolist() == [10_000.0, 4_000.0, 20_000.0, 10_000.0]
    assert rows["heat_co2_t"].tolist()[:3] == pytest.approx([20.0, 0.0, 10.0])
    assert math.isnan(rows.loc["d", "heat_co2_t"]), "no factor: unknown, not zero"
    assert rows["electricity_eur"].tolist() == [4_000.0] * 4
    assert use.total("heat_co2_t") == (pytest.approx(30.0), 3)


def test_parameters_take_the_place_of_the_file() -> None:
    found = energy_basis(load_factors(), heat_price=74, degree_days=3900)
    assert (found.price("district"), found.price("wood"), found.degree_days) == (74.0, 74.0, 3900.0)
    assert found.price("electricity") == load_factors()["price_electricity"].value
    assert found.given == {"price_heat", "degree_days_normal"}
    with pytest.raises(CatalogueError, match="no use of heat can be corrected"):
        basis(degree_days_normal=0.0)


# --- comparison by type -----------------------------------------------------------------------------------------------------


def test_median_best_quarter_and_savings_of_five_schools() -> None:
    use = used(FIVE)
    kind = use.types.iloc[0]
    assert (kind["median"], kind["best"], kind["compared"]) == (140.0, 120.0, 5)
    assert (kind["median_low"], kind["median_high"]) == (100.0, 200.0), "of five, only the whole range holds it 90 %"
    assert kind["coverage"] == pytest.approx(1 - 2 / 2**5)
    assert by_building(use.buildings, "saving_median_mwh") == {"a": 0, "b": 0, "c": 0, "d": 20, "e": 60}
    assert by_building(use.buildings, "saving_best_mwh") == {"a": 0, "b": 0, "c": 20, "d": 40, "e": 80}
    assert by_building(use.buildings, "saving_median_eur")["e"] == 6_000.0
    assert by_building(use.buildings, "saving_median_co2_t")["e"] == pytest.approx(12.0)
    saved = use.potential("median")
    assert (saved["mwh"], saved["eur"]) == (80.0, 8_000.0)


def test_fewer_than_four_are_not_compared() -> None:
    use = used(FIVE[:3])
    assert use.types[["median", "best", "coverage"]].isna().all(axis=None)
    assert set(use.buildings["state"]) == {"few"}
    assert use.buildings["saving_median_mwh"].isna().all()
    assert worst_buildings(use).empty
    assert np.isnan(use.potential("median")["mwh"])


def test_a_year_with_an_odd_area_is_used_nowhere() -> None:
    odd = rows_of("f", [100, 300, 100])
    odd[1]["area_m2"] = 99999
    use = used([*(row for b in "abcde" for row in rows_of(b, [100, 110, 100])), *odd], year=2022)
    about = use.buildings.set_index("building").loc["f"]
    assert (about["state"], np.isnan(about["value"]), np.isnan(about["area_m2"])) == ("odd_area", True, True)
    assert use.total("heat_mwh") == (550.0, 5)
    assert use.intensity == pytest.approx(110.0)
    assert use.total("electricity_mwh") == (120.0, 6), "the metered electricity does not hang on the area"
    assert use.this_year["electricity_kwh_m2"].count() == 5
    assert energy_stock(use).set_index("type").loc["", ["area_m2", "with_heat"]].tolist() == [5000.0, 5.0]
    later = energy_use(use.register, use.basis, 2023).buildings.set_index("building").loc["f"]
    assert (later["state"], later["area_m2"]) == ("compared", 1000.0)


def test_no_building_is_lost_whatever_its_figures_are() -> None:
    nothing = {"heat_mwh": None, "electricity_mwh": None, "degree_days": None, "year": None}
    use = used(
        [
            *FIVE,
            *rows_of("f", [None]),
            *rows_of("g", [150], degree_days=None),
            *rows_of("h", [2000]),
            *rows_of("i", [1]),
            {**rows_of("j", [1])[0], **nothing},
        ]
    )
    states = dict(zip(use.buildings["building"], use.buildings["state"], strict=True))
    assert list(states) == list("abcdefghij")
    assert [states[b] for b in "fghij"] == ["no_figures", "no_correction", "implausible", "implausible", "no_figures"]
    assert use.types.iloc[0]["median"] == 140.0, "none of them moves the median"
    assert use.total("heat_mwh") == (720.0 + 150.0, 6), "an implausible figure is in no sum"
    assert use.total("corrected_mwh")[1] == 5
    assert use.total("electricity_mwh")[1] == 9
    stock = energy_stock(use).set_index("type")
    assert stock.loc["", "buildings"] == 10
    assert stock.loc["", "with_heat"] == 6
    assert stock.loc["", "cost_eur"] == pytest.approx(87_000.0 + 9 * 4_000.0)


def test_a_year_without_figures_is_refused() -> None:
    with pytest.raises(NoFiguresError, match="it has them for 2021"):
        used(FIVE, year=2020)


def test_later_years_are_not_looked_at() -> None:
    rows = [row for name in "abcd" for row in rows_of(name, [100, 999])]
    assert set(used(rows, year=2021).years["year"]) == {2021}


# --- ranges -----------------------------------------------------------------------------------------------------------------


def test_the_usual_movement_is_a_robust_deviation() -> None:
    table = used(MOVING, year=2023).years
    assert yearly_movement(table, "corrected_kwh_m2") == pytest.approx(MOVEMENT)
    assert math.isnan(yearly_movement(table.head(6), "corrected_kwh_m2")), "four pairs of years tell nothing"
    odd = pd.concat([table, table.tail(3).assign(building="x", corrected_kwh_m2=[1.0, 900.0, 3.0])])
    assert yearly_movement(odd, "corrected_kwh_m2") == pytest.approx(MOVEMENT), "one odd building decides nothing"


def test_years_with_works_and_gaps_are_no_pairs() -> None:
    done = [measure(b, "walls", "done", year=2022) for b in "pq"]
    table = used(MOVING, done, year=2023).years
    assert table["is_ordinary"].sum() == 10
    assert math.isnan(yearly_movement(table, "corrected_kwh_m2")), "four pairs are left, two of each untouched building"
    gap = table.assign(year=table["year"] + (table["year"] > 2021), is_ordinary=True)
    assert math.isnan(yearly_movement(gap, "corrected_kwh_m2")), "2021 and 2023 are no neighbours"


def test_a_range_is_the_wider_of_movement_and_own_years() -> None:
    calm = [row for name in "wxyz" for row in rows_of(name, [100.0, 101.0, 100.0])]
    wild = rows_of("a", [130.0, 160.0, 120.0])
    use = used([*calm, *wild, *rows_of("b", [90.0, 160.0, 150.0])], year=2023)
    half = math.exp(Z90 * 1.4826 * math.log(1.01) / math.sqrt(2))
    row = use.buildings.set_index("building")
    assert row.loc["a", ["low", "high"]].tolist() == pytest.approx([120.0 / half, 160.0])
    assert row.loc["b", ["low", "high"]].tolist() == pytest.approx([90.0, 160.0])
    assert row.loc["w", ["low", "high"]].tolist() == pytest.approx([100.0 / half, max(101.0, 100.0 * half)])
    assert margin(0.1, 1) == pytest.approx(Z90 * 0.1)
    assert margin(0.1, 1, 2) == pytest.approx(Z90 * 0.1 * math.sqrt(1.5))


def test_years_before_works_do_not_widen_the_range() -> None:
    rows = [*MOVING, *rows_of("a", [200.0, 150.0, 100.0])]
    works = [measure("a", "walls", "done", year=2022)]
    since = used(rows, works, year=2023).buildings.set_index("building").loc["a"]
    assert since["high"] == pytest.approx(100.0 * math.exp(Z90 * MOVEMENT))
    lamps = (
        used(rows, [measure("a", "lighting", "done", year=2022)], year=2023).buildings.set_index("building").loc["a"]
    )
    assert lamps["high"] == 200.0, "new lamps change no use of heat"


def test_one_year_gives_no_range_and_no_rank_range() -> None:
    use = used(FIVE)
    assert use.buildings[["low", "high", "rank_low", "rank_high", "saving_median_low_mwh"]].isna().all(axis=None)
    assert by_building(worst_buildings(use), "rank") == {"e": 1.0, "d": 2.0}
    assert use.range_gap == "one year"


def test_why_there_is_no_range() -> None:
    assert used(MOVING, year=2023).range_gap == ""
    assert used(MOVING, year=2022).range_gap == "few pairs", "two years, but four pairs of them only"
    assert used(rows_of("a", [None])).range_gap == "no figures"


def test_a_sum_has_what_is_there() -> None:
    assert used(FIVE).together("eur") == 72_000.0 + 5 * 4_000.0
    assert used([row | {"electricity_mwh": None} for row in FIVE]).together("eur") == 72_000.0
    assert used(rows_of("a", [None])).together("eur") == 4_000.0, "electricity alone"
    assert math.isnan(used(rows_of("a", [None], electricity_mwh=None)).together("eur"))


def test_ranks_carry_the_places_that_ranges_allow() -> None:
    levels = {"a": 60, "b": 80, "c": 100, "d": 101, "e": 150, "f": 155, "g": 300}
    use = used([row for b, x in levels.items() for row in rows_of(b, [x, 1.02 * x, x])], year=2023)
    found = worst_buildings(use).set_index("building")
    assert list(found.index) == ["g", "f", "e"], "d is the median"
    assert found["rank"].tolist() == [1, 2, 3]
    assert found.loc["g", ["rank_low", "rank_high"]].tolist() == [1, 1]
    assert found.loc["f", ["rank_low", "rank_high"]].tolist() == [2, 3], "e and f cannot be told apart"
    assert found.loc["e", ["rank_low", "rank_high"]].tolist() == [2, 3]
    assert (found["saving_median_low_mwh"] <= found["saving_median_mwh"]).all()
    assert (found["saving_median_mwh"] <= found["saving_median_high_mwh"]).all()
    assert (found["saving_median_least_mwh"] <= found["saving_median_low_mwh"]).all()


def test_the_ten_worst_are_ten() -> None:
    use = used([row for k in range(30) for row in rows_of(f"b{k:02}", [50 + 5 * k])])
    assert list(worst_buildings(use)["building"]) == [f"b{k}" for k in range(29, 19, -1)]


def test_a_long_list_keeps_those_that_use_most() -> None:
    rows = [row for k in range(9) for row in rows_of(f"b{k}", [50 + 5 * k])] + rows_of("x", [None])
    shown = shown_buildings(used(rows), most=4)
    assert list(shown["building"]) == ["b8", "b7", "b6", "b5"]
    assert list(shown_buildings(used(rows))["building"])[-1] == "x", (
        "the one without figures is in the list all the same"
    )


# --- development --------------------------------------------------------------------------------------------------------------


def test_the_development_is_that_of_the_same_buildings() -> None:
    rows = [
        *rows_of("a", [100, 80], degree_days=4000),
        *rows_of("b", [300, None]),
        *rows_of("c", [50, 55], electricity_mwh=10),
        *rows_of("d", [9000, 60]),
    ]
    rows[1]["degree_days"] = 3200
    trend = energy_trend(used(rows, year=2022))
    assert trend["buildings"].tolist() == [2, 2]
    assert trend["heat_mwh"].tolist() == [150.0, 135.0]
    assert trend["corrected_mwh"].tolist() == pytest.approx([150.0, 8.0 + 72.0 * 1.25 + 55.0])
    assert trend["electricity_buildings"].tolist() == [4, 4]


def test_the_change_has_a_range_that_narrows_with_many_buildings() -> None:
    change = energy_change(used(MOVING, year=2022))
    assert change is None or math.isnan(change.low_pct), "four pairs of years are too few"
    change = energy_change(used(MOVING, year=2023))
    assert change is not None
    assert (change.first, change.last, change.buildings) == (2021, 2023, 4)
    assert change.corrected_pct == pytest.approx(0.0)
    # Four equal buildings in either year: shares of a quarter, so the sum of squares is 1/4 + 1/4.
    assert change.high_pct == pytest.approx(100 * (math.exp(Z90 * MOVEMENT * math.sqrt(0.5)) - 1))
    assert change.low_pct == pytest.approx(100 * (math.exp(-Z90 * MOVEMENT * math.sqrt(0.5)) - 1))
    assert energy_change(used(FIVE)) is None


def test_a_year_without_corrected_figures_anywhere_does_not_end_the_comparison() -> None:
    """Degree days of 2022 are missing, so nobody has a corrected figure; 2021 and 2023 have."""
    rows = [{**row, "degree_days": math.nan if row["year"] == 2022 else 4000} for row in rows_of("a", [100, 90, 80])]
    found = used(rows, year=2023)
    change = energy_change(found)
    assert change is not None
    assert (change.first, change.last, change.buildings) == (2021, 2023, 1)
    assert change.corrected_pct == pytest.approx(-20.0)
    assert energy_trend(found)["corrected_mwh"].isna().tolist() == [False, True, False]


def test_electricity_alone_is_told() -> None:
    rows = [
        {**row, "degree_days": math.nan, "electricity_mwh": 20.0 - row["year"] % 10} for row in rows_of("a", [9, 9])
    ]
    found = used(rows, year=2022)
    change = energy_change(found)
    assert change is not None
    assert (change.buildings, change.verdict, change.electricity_buildings) == (0, "no_range", 1)
    assert change.electricity_pct == pytest.approx(100 * (18 / 19 - 1))
    said = texts.energy.trend_sentences(found, change, Words("en"))
    assert said[0] == "There are too few years with corrected figures to speak of a development."
    assert said[1].startswith("From 2021 to 2022 the use of electricity fell by 5%")
    assert len(said) == 2
    assert (
        "No 2021. līdz 2022. gadam elektroenerģijas patēriņš"
        in texts.energy.trend_sentences(found, change, Words("lv"))[1]
    )


def test_the_change_of_electricity_has_a_range_of_its_own() -> None:
    rows = [dict(row) for row in MOVING]
    for row in rows:
        row["electricity_mwh"] = 20.0 if row["year"] != 2022 else 21.0
    change = energy_change(used(rows, year=2023))
    assert change is not None
    half = Z90 * 1.4826 * math.log(1.05) / math.sqrt(2) * math.sqrt(0.5)
    assert change.electricity_pct == pytest.approx(0.0)
    assert change.electricity_low_pct == pytest.approx(100 * (math.exp(-half) - 1))
    assert change.electricity_high_pct == pytest.approx(100 * (math.exp(half) - 1))


def test_what_errors_of_the_correction_make_of_the_change() -> None:
    # 100 MWh in a normal year of 4000 degree days, then 80 in one of 3200: 80 · (0.1 + 0.9 · 1.25) = 98, so -2 %.
    rows = [{**row, "degree_days": 3200 if row["year"] == 2022 else 4000} for row in rows_of("a", [100, 80])]
    change = energy_change(used(rows, year=2022))
    assert change is not None
    assert change.corrected_pct == pytest.approx(-2.0)
    fewer, more = (80 * (0.1 + 0.9 * 1.25 / factor) - 100 for factor in (0.97, 1.03))
    assert change.degree_days_pct == pytest.approx((fewer, more)), "3 % fewer, then 3 % more in the last year"
    assert (fewer > 0, more < -4) == (True, True)
    assert change.hot_water_pct == pytest.approx((0.0, -4.0)), "80 · 1.25 = 100 without hot water, 80 · 1.2 = 96"
    assert change.verdict == "no_range"
    assert math.isnan(change.least_pct)


@pytest.mark.parametrize(
    ("heat", "verdict"),
    [((100, 80, 64), "lower"), ((64, 80, 100), "higher"), ((100, 101, 100), "usual"), ((100, 99, 98), "doubtful")],
)
def test_a_change_is_sure_only_if_no_error_turns_it_around(heat: tuple[float, ...], verdict: str) -> None:
    change = energy_change(used([row for k in range(40) for row in rows_of(f"b{k}", heat)], year=2023))
    assert change is not None
    assert change.verdict == verdict
    # 4000 degree days in all years: a share alone changes nothing, but without hot water all use follows the 3 % of the degree days.
    low, high = 1 + change.low_pct / 100, 1 + change.high_pct / 100
    assert change.most_pct == pytest.approx(100 * (high / 0.97 - 1))
    assert change.least_pct == pytest.approx(100 * (low / 1.03 - 1))


def test_electricity_that_cannot_be_right_is_in_no_sum() -> None:
    # Of 1000 m²: 20 kWh/m² each; 60,000 MWh are 60,000 kWh/m², and 0.06 MWh are 0.06.
    rows = [
        *rows_of("a", [100]),
        *rows_of("b", [100], electricity_mwh=60000),
        *rows_of("c", [100], electricity_mwh=0.06),
    ]
    use = used(rows)
    assert use.total("electricity_mwh") == (20.0, 1)
    assert use.total("electricity_eur") == (4000.0, 1)
    assert energy_stock(use).iloc[-1]["electricity_mwh"] == 20.0
    assert use.total("heat_mwh") == (300.0, 3)
    told = use.register.doubts[["building", "doubt"]].to_numpy().tolist()
    assert told == [["b", "implausible_electricity"], ["c", "implausible_electricity"]]


def test_a_share_of_hot_water_stays_a_share() -> None:
    rows = used([*rows_of("a", [100], degree_days=3200), *rows_of("b", [100], degree_days=3200, type="culture")]).years
    made = corrected_with_error(rows, basis(hot_water_other=0.95), share=10.0)
    assert made.tolist() == pytest.approx([20.0 + 80.0 * 1.25, 100.0]), "no more than all of it"
    assert corrected_with_error(rows, basis(hot_water_school=0.05), share=-10.0).iloc[0] == pytest.approx(125.0)


def test_the_share_of_hot_water_matters_little() -> None:
    # 10 points of 100 MWh follow the weather or do not: 10 MWh · (1.25 − 1) of 122.5.
    assert used(rows_of("a", [100], degree_days=3200)).share_error_pct == pytest.approx(100 * 2.5 / 122.5)


def test_degree_days_matter_more() -> None:
    made = used(rows_of("a", [100], degree_days=3200)).degree_days_error_pct
    assert made == pytest.approx(100 * (112.5 / 0.97 - 112.5) / 122.5), "3 % fewer; of the 122.5 MWh 112.5 are heating"
