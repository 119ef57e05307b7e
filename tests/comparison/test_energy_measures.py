"""Measures: payback with its range, before and after, sums by kind, what comes first; reckoned by hand."""

from __future__ import annotations

import math

import pytest
from registers import measure, rows_of, used
from test_energy_use import MOVEMENT, MOVING, Z90

from benchlib.comparison import (
    energy_before_after,
    energy_kinds,
    energy_measures,
    energy_priorities,
)
from benchlib.errors import OptionError


def one(kind: str, **more: object) -> dict[str, object]:
    return measure("a", kind, "planned", **more)


# --- payback ----------------------------------------------------------------------------------------------------------------


def test_payback_is_cost_by_yearly_saving() -> None:
    row = energy_measures(used(rows_of("a", [100]), [one("walls", cost_eur=12_000, saving_pct=20)])).iloc[0]
    assert (row["base_mwh"], row["saving_mwh"], row["saving_eur"]) == (100.0, 20.0, 2_000.0)
    assert row["saving_co2_t"] == pytest.approx(4.0)
    assert row["payback"] == 6.0
    assert row["payback_low"] == pytest.approx(12_000 / (2_000 * 1.2 * 1.2))
    assert row["payback_high"] == pytest.approx(12_000 / (2_000 * 0.8 * 0.8))
    assert (row["lifetime"], row["verdict"]) == (20.0, "always")


@pytest.mark.parametrize(
    ("cost", "verdict"),
    [(25_600, "always"), (25_601, "expected"), (40_000, "expected"), (40_001, "favourable"), (57_600, "favourable"), (57_601, "never")],
)  # fmt: skip
def test_whether_it_pays_back_in_time(cost: float, verdict: str) -> None:
    # 2000 euro a year and 20 years: 40,000 as expected, 25,600 at worst (times 0.64), 57,600 at best (times 1.44).
    row = energy_measures(used(rows_of("a", [100]), [one("walls", cost_eur=cost, saving_pct=20)])).iloc[0]
    assert row["verdict"] == verdict


def test_a_share_refers_to_normal_weather_and_to_the_last_known_year() -> None:
    rows = rows_of("a", [100, 100, None], degree_days=3200)
    row = energy_measures(used(rows, [one("walls", cost_eur=1, saving_pct=10)], year=2023)).iloc[0]
    assert row["base_mwh"] == pytest.approx(122.5)


def test_done_measures_refer_to_the_year_before() -> None:
    rows = rows_of("a", [200, 150, 100])
    done = measure("a", "walls", "done", year=2022, cost_eur=1, saving_pct=10)
    assert energy_measures(used(rows, [done], year=2023)).iloc[0]["base_mwh"] == 200.0


def test_lamps_save_electricity() -> None:
    row = energy_measures(used(rows_of("a", [100]), [one("lighting", cost_eur=4_000, saving_pct=50)])).iloc[0]
    assert (row["carrier"], row["base_mwh"], row["saving_mwh"]) == ("electricity", 20.0, 10.0)
    assert row["saving_eur"] == 2_000.0
    assert row["saving_co2_t"] == pytest.approx(1.0)


def test_what_is_not_known_stays_unknown() -> None:
    plans = [
        one("walls", cost_eur=5),
        one("roof", saving_pct=5),
        one("windows", cost_eur=100, saving_pct=5),
        measure("b", "walls", "planned", cost_eur=5, saving_pct=5),
    ]
    found = energy_measures(used([*rows_of("a", [100]), *rows_of("b", [None])], plans))
    assert found["verdict"].tolist() == ["unknown"] * 4, "the third has no service life"
    assert found["payback"].isna().tolist() == [True, True, False, True]
    assert found["saving_mwh"].isna().tolist() == [True, False, False, True]


def test_margins_are_checked_and_used() -> None:
    use = used(rows_of("a", [100]), [one("walls", cost_eur=12_000, saving_pct=20)])
    row = energy_measures(use, saving_margin=0, price_margin=50).iloc[0]
    assert (row["payback_low"], row["payback_high"]) == (4.0, 12.0)
    with pytest.raises(OptionError, match="price_margin=91"):
        energy_measures(use, price_margin=91)


def test_a_register_without_measures() -> None:
    use = used(rows_of("a", [100]))
    found = energy_measures(use)
    assert found.empty
    assert energy_kinds(found).empty
    assert energy_before_after(use).empty
    assert all(part.empty for part in energy_priorities(use, found).values())


def test_sums_by_kind_say_what_is_not_in_them() -> None:
    plans = [
        one("walls", cost_eur=12_000, saving_pct=20),
        measure("b", "walls", "planned", cost_eur=8_000, saving_mwh=20),
        measure("c", "walls", "planned", cost_eur=5_000),
        measure("c", "roof", "done", year=2021, saving_mwh=3),
    ]
    rows = [row for b in "abc" for row in rows_of(b, [100])]
    found = energy_kinds(energy_measures(used(rows, plans))).set_index(["status", "kind"])
    walls = found.loc[("planned", "walls")]
    assert (walls["measures"], walls["cost_eur"], walls["saving_mwh"], walls["saving_eur"]) == (3, 25_000, 40, 4_000)
    assert (walls["without_saving"], walls["without_cost"]) == (1, 0)
    assert walls["payback"] == 5.0, "of those two that say both"
    assert found.loc[("done", "roof"), "without_cost"] == 1


# --- before and after -----------------------------------------------------------------------------------------------------------


def test_before_and_after_by_hand() -> None:
    rows = [*MOVING, *rows_of("a", [200, 170, 120, 130])]
    works = [
        measure("a", "walls", "done", year=2022, saving_pct=30),
        measure("a", "roof", "done", year=2022, saving_pct=10),
    ]
    row = energy_before_after(used(rows, works, year=2024)).iloc[0]
    assert (row["before"], row["after"], row["before_years"], row["after_years"]) == (200.0, 125.0, 1, 2)
    assert row["observed_pct"] == pytest.approx(37.5)
    half = Z90 * MOVEMENT * math.sqrt(1 + 1 / 2)
    assert row["low_pct"] == pytest.approx(100 * (1 - 0.625 * math.exp(half)))
    assert row["high_pct"] == pytest.approx(100 * (1 - 0.625 * math.exp(-half)))
    # Errors of the correction: degree days after the works 3 % off, and no hot water, so that all use follows them.
    assert row["least_pct"] == pytest.approx(100 * (1 - 0.625 / 0.97 * math.exp(half)))
    assert row["most_pct"] == pytest.approx(100 * (1 - 0.625 / 1.03 * math.exp(-half)))
    assert row["expected_pct"] == 37.0, "30 % and of the rest 10 %"
    assert row["kinds"] == ("walls", "roof")
    assert row["verdict"] == "as expected"


@pytest.mark.parametrize("turn", [1, -1])
def test_shares_and_amounts_together_save_the_same_in_any_order(turn: int) -> None:
    """50 % and 20 of 100 MWh: one after the other, whichever is written first."""
    rows = [*MOVING, *rows_of("a", [100, 100, 60, 38])]
    works = [
        measure("a", "walls", "done", year=2023, saving_pct=50),
        measure("a", "roof", "done", year=2023, saving_mwh=20),
    ]
    assert energy_before_after(used(rows, works[::turn], year=2024))["expected_pct"].tolist() == [70.0]


def test_an_amount_is_held_against_the_same_years_as_what_was_saved() -> None:
    """120 and 80 are 100 before, 30 of them 30 %; of the last year alone they would be 37.5 %."""
    rows = [*MOVING, *rows_of("a", [120, 80, 75, 70])]
    found = energy_before_after(used(rows, [measure("a", "walls", "done", year=2023, saving_mwh=30)], year=2024))
    assert found[["before", "after", "expected_pct"]].to_numpy().tolist() == [[100.0, 70.0, 30.0]]
    assert found["observed_pct"].iloc[0] == pytest.approx(30.0)
    assert found["verdict"].tolist() == ["as expected"]


@pytest.mark.parametrize(
    ("saving", "verdict"),
    [({"saving_pct": 60}, "less"), ({"saving_pct": 10}, "more"), ({"saving_mwh": 75}, "as expected"), ({}, "no_expectation"),
     ({"saving_pct": 49.5}, "perhaps less"), ({"saving_pct": 22.5}, "perhaps more")],
)  # fmt: skip
def test_the_judgement_asks_whether_the_expectation_lies_in_the_range(saving: dict[str, float], verdict: str) -> None:
    rows = [*MOVING, *rows_of("a", [200, 170, 120, 130])]
    found = energy_before_after(used(rows, [measure("a", "walls", "done", year=2022, **saving)], year=2024))
    assert found["verdict"].tolist() == [verdict]


def test_electricity_needs_no_correction_and_has_no_error_of_it() -> None:
    rows = [dict(row) for row in MOVING] + rows_of("a", [100, 100, 100])
    for row in rows:
        row["electricity_mwh"] = {2021: 20.0, 2022: 21.0, 2023: 15.0 if row["building"] == "a" else 20.0}[row["year"]]
    works = [measure("a", "lighting", "done", year=2022, saving_pct=20)]
    found = energy_before_after(used(rows, works, year=2023)).iloc[0]
    assert found["observed_pct"] == pytest.approx(25.0)
    assert (found["least_pct"], found["most_pct"]) == (found["low_pct"], found["high_pct"])


def test_works_without_a_year_on_either_side_are_not_judged() -> None:
    works = [measure(b, "walls", "done", year=y, saving_pct=10) for b, y in (("p", 2021), ("q", 2023), ("r", 2022))]
    found = energy_before_after(used(MOVING, works, year=2023)).set_index("building")
    assert found["verdict"].to_dict() == {"p": "no_before", "r": "no_range", "q": "no_after"}
    assert found.loc[["p", "q"], "observed_pct"].isna().all()
    assert energy_before_after(used(MOVING, works, year=2022))["building"].tolist() == ["p", "r"], (
        "later works are not told"
    )


def test_earlier_and_later_works_bound_the_years() -> None:
    rows = rows_of("a", [200, 190, 150, 140, 100, 90])
    works = [measure("a", "walls", "done", year=y, saving_pct=10) for y in (2022, 2024)]
    found = energy_before_after(used(rows, works, year=2026))
    assert found[["before", "after"]].to_numpy().tolist() == [[200.0, 150.0], [150.0, 95.0]]


def test_new_lamps_and_new_walls_are_told_apart() -> None:
    rows = rows_of("a", [200, 150, 100])
    for row, electricity in zip(rows, (40.0, 30.0, 20.0), strict=True):
        row["electricity_mwh"] = electricity
    works = [measure("a", "walls", "done", year=2022), measure("a", "lighting", "done", year=2022)]
    found = energy_before_after(used(rows, works, year=2023)).set_index("carrier")
    assert found.loc["heat", ["before", "after"]].tolist() == [200.0, 100.0]
    assert found.loc["electricity", ["before", "after"]].tolist() == [40.0, 20.0]


# --- what comes first -------------------------------------------------------------------------------------------------------------


def test_priorities_follow_payback_and_certainty() -> None:
    levels = {"a": 100, "b": 100, "c": 101, "d": 104, "e": 200, "f": 220}
    rows = [row for b, x in levels.items() for row in rows_of(b, [x, 1.02 * x, x])]
    plans = [
        measure("a", "walls", "planned", cost_eur=60_000, saving_pct=20),
        measure("b", "walls", "planned", cost_eur=30_000, saving_pct=20),
        measure("c", "walls", "planned", cost_eur=9_000, saving_pct=20),
        measure("d", "walls", "planned", cost_eur=8_000, saving_pct=20),
        measure("e", "walls", "planned"),
        measure("f", "lighting", "planned", cost_eur=100, saving_pct=10),
    ]
    use = used(rows, plans, year=2023)
    found = energy_priorities(use, energy_measures(use))
    assert {name: list(part["building"]) for name, part in found.items()} == {
        "sure": ["f", "d", "c"],
        "expected": ["b"],
        "long": ["a"],
        "unknown": ["e"],
        "unplanned": ["f"],
    }, "for e something is planned, though not yet reckoned; lamps are no measure for heat"
