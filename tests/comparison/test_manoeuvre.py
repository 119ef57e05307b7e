"""Room for manoeuvre with its intervals, by hand and on the shipped figures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from few_units import YEAR, group_of, rows

from benchlib.comparison import (
    NeedResult,
    Profile,
    RoomForManoeuvre,
    ServiceScores,
    comparable_units,
    comparison_group,
    need_adjusted_cost,
    profile,
    quantile_interval,
    room_for_manoeuvre,
    score_service,
)
from benchlib.errors import OptionError
from benchlib.indicators import Store, load_catalogue
from tests.indicators.made_up import DataFolder

Made = Callable[..., Store]
MONEY = "education_expenditure_per_pupil"
COST: dict[str, Any] = {"dimension": "cost", "direction": -1, "volume": "pupils"}


def rows_of(found: RoomForManoeuvre) -> dict[str, dict[str, Any]]:
    return {str(row["reference"]): row for row in found.table.to_dict("records")}  # type: ignore[misc]


def test_median_and_quarter_by_hand(made: Made) -> None:
    costs = [1500.0, 1000, 1100, 1200, 1300, 1400, 1600, 1700, 1800]
    store = made({"x": (costs, COST), "pupils": ([100.0] + [1.0] * 8, {})})
    found = room_for_manoeuvre(profile("x", group=group_of(9), year=YEAR, store=store), "x")
    assert (found.cost, found.volume, found.year) == (1500, 100, YEAR)
    median = rows_of(found)["median"]
    # Of nine, the second and the eighth enclose the median with 96.1 %.
    assert (median["value"], median["low"], median["high"]) == (1400, 1100, 1700)
    assert median["level"] == pytest.approx(1 - 20 / 512)
    assert (median["room_eur"], median["room_low_eur"], median["room_high_eur"]) == (10_000, -20_000, 40_000)
    assert not median["is_clear"], "the interval covers 0: not to be told from the median"
    quarter = rows_of(found)["best_quarter"]
    low, high, level = quantile_interval(costs, 0.25)
    assert (quarter["value"], quarter["low"], quarter["high"], quarter["level"]) == (1200, low, high, level)
    assert (quarter["room_eur"], quarter["room_low_eur"]) == (30_000, (1500 - high) * 100)
    assert list(rows_of(found)) == ["median", "best_quarter"]


def test_spending_that_is_no_fault_has_no_best_quarter(made: Made) -> None:
    """Social spending per inhabitant is a priority: neither more nor less is better."""
    store = made({"x": ([1500.0, 1000, 1100, 1200], COST | {"direction": 0}), "pupils": ([100.0] * 4, {})})
    found = room_for_manoeuvre(profile("x", group=group_of(4), year=YEAR, store=store), "x")
    assert list(rows_of(found)) == ["median"]


def test_the_dearest_and_the_cheapest_are_told_from_the_median(made: Made) -> None:
    store = made({"x": ([2000.0, 1000, 1100, 1200, 1300, 1400, 1500, 1600, 900], COST), "pupils": ([10.0] * 9, {})})
    dear = rows_of(room_for_manoeuvre(profile("x", group=group_of(9), year=YEAR, store=store), "x"))["median"]
    assert dear["is_clear"]
    assert dear["room_low_eur"] > 0
    cheap = rows_of(room_for_manoeuvre(profile("x", group=group_of(9, 8), year=YEAR, store=store), "x"))["median"]
    assert cheap["is_clear"]
    assert cheap["room_eur"] < 0
    assert cheap["room_high_eur"] < 0, "negative: cheaper, as in the profile"


def test_the_profile_carries_the_interval_of_its_median(made: Made) -> None:
    store = made({"x": ([1500.0, 1000, 1100, 1200, 1300, 1400], COST), "pupils": ([100.0] * 6, {})})
    seen = profile("x", group=group_of(6), year=YEAR, store=store)
    row, median = seen.row("x"), rows_of(room_for_manoeuvre(seen, "x"))["median"]
    assert row[["median", "median_low", "median_high"]].tolist() == [1250, 1000, 1500]
    assert row["median_level"] == median["level"] == 1 - 2 / 64
    ends = ["room_to_median_eur", "room_to_median_low_eur", "room_to_median_high_eur"]
    assert row[ends].tolist() == [median["room_eur"], median["room_low_eur"], median["room_high_eur"]]
    assert row[ends].tolist() == [25_000, 0, 50_000]


def test_without_users_or_figure_there_are_references_but_no_euro(made: Made) -> None:
    store = made({"x": ([1500.0, 1000, 1100, 1200], COST), "pupils": ([None, 1, 1, 1], {})})
    found = rows_of(room_for_manoeuvre(profile("x", group=group_of(4), year=YEAR, store=store), "x"))["median"]
    assert (found["value"], found["level"]) == (1150, 0.875)
    assert np.isnan(found["room_eur"])
    assert not found["is_clear"], "the dearest of four is an end of the interval"


def test_whether_a_cost_differs_does_not_depend_on_the_users(made: Made) -> None:
    costs = [2000.0, 1000, 1100, 1200, 1300, 1400, 1500, 1600, 900]
    store = made({"x": (costs, COST), "pupils": ([None] + [10.0] * 7 + [None], {})})
    dear, cheap = (
        rows_of(room_for_manoeuvre(profile("x", group=group_of(9, own), year=YEAR, store=store), "x"))["median"]
        for own in (0, 8)
    )
    assert np.isnan([dear["room_eur"], cheap["room_eur"]]).all()
    assert dear["is_clear"], "2000 lies above 1600, the upper end"
    assert cheap["is_clear"], "900 lies below 1000, the lower end"


@pytest.mark.parametrize("count", [1, 2, 3])
def test_fewer_than_four_have_no_median_and_no_quarter(made: Made, count: int) -> None:
    store = made({"x": ([1500.0, 1000, 1100][:count], COST), "pupils": ([100.0] * 3, {})})
    found = rows_of(room_for_manoeuvre(profile("x", group=group_of(count), year=YEAR, store=store), "x"))
    assert list(found) == ["median", "best_quarter"], "said to be missing, not left out in silence"
    for row in found.values():
        assert np.isnan([row[name] for name in ("value", "low", "high", "level", "room_eur", "room_low_eur")]).all()
        assert (row["units"], row["is_clear"]) == (count, False)


def test_the_year_of_the_users_is_told(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "data").measure("x").measure("pupils")
    folder.source("a", rows("x", [4, 3, 2, 1]), territory="2025").source(
        "b", rows("pupils", [100.0], YEAR + 2), territory="2025"
    )
    folder.passport("x", measure="x", **COST).passport("pupils", measure="pupils", direction=0)
    found = room_for_manoeuvre(profile("x", group=group_of(4), year=YEAR, store=folder.store()), "x")
    assert (found.year, found.volume, found.volume_year) == (YEAR, 100, YEAR + 2)


def test_without_an_own_figure_there_are_references_alone(made: Made) -> None:
    store = made({"x": ([None, 1000, 1100, 1200, 1300], COST), "pupils": ([1.0] * 5, {})})
    found = room_for_manoeuvre(profile("x", group=group_of(5), year=YEAR, store=store), "x")
    assert np.isnan(found.cost)
    assert found.table["room_eur"].isna().all()
    assert found.table["value"].tolist() == [1150, 1075]


# --- the shipped figures -----------------------------------------------------------------------------------------------


@cache
def shipped() -> tuple[Profile, NeedResult, ServiceScores]:
    group = comparison_group("Bauskas novads", group="similar", year=2013)
    kin = comparable_units("Bauskas novads", year=2013)
    return (
        profile([MONEY, "exam_grade9_mean"], group=group, year=2013),
        need_adjusted_cost(MONEY, ["population_density", "dependency_ratio"], year=2013),
        score_service(load_catalogue().service("schools"), kin, year=2013, replications=100, seed=1),
    )


def test_all_references_of_bauska() -> None:
    seen, need, scores = shipped()
    found = room_for_manoeuvre(seen, MONEY, need=need, scores=scores)
    rows = rows_of(found)
    assert list(rows) == ["median", "best_quarter", "need", "frontier"]
    expected = need.table.set_index("territory").loc["0025000"]
    assert [rows["need"][name] for name in ("value", "low", "high")] == expected[
        ["expected", "expected_low", "expected_high"]
    ].tolist()
    assert rows["need"]["room_eur"] == pytest.approx(expected["deviation"] * found.volume)
    sure = scores.certainty.scores.set_index("unit").loc["0025000"]  # type: ignore[union-attr]
    assert rows["frontier"]["value"] == pytest.approx(found.cost * sure["corrected"])
    assert rows["frontier"]["room_low_eur"] == pytest.approx((1 - sure["high"]) * found.cost * found.volume)
    assert rows["frontier"]["room_high_eur"] == pytest.approx((1 - sure["low"]) * found.cost * found.volume)
    for row in rows.values():
        assert row["room_low_eur"] <= row["room_eur"] <= row["room_high_eur"]
        is_outside = row["room_low_eur"] > 0 or row["room_high_eur"] < 0
        assert row["is_clear"] == (is_outside and row["reference"] != "frontier")
    assert (rows["median"]["units"], rows["need"]["units"], rows["frontier"]["units"]) == (11, 42, 35)


def test_the_interval_of_the_frontier_is_no_test() -> None:
    """Ķekava is on the frontier, and yet the whole interval of the best practice lies below its cost."""
    group, kin = (
        comparison_group("Ķekavas novads", group="similar", year=2013),
        comparable_units("Ķekavas novads", year=2013),
    )
    scores = score_service(load_catalogue().service("schools"), kin, year=2013, replications=100, seed=1)
    assert scores.table["efficiency"].iloc[0] == 1
    row = rows_of(room_for_manoeuvre(profile(MONEY, group=group, year=2013), MONEY, scores=scores))["frontier"]
    assert row["room_low_eur"] > 0
    assert not row["is_clear"]


def test_without_certainty_the_frontier_has_no_interval() -> None:
    seen, _, scores = shipped()
    row = rows_of(room_for_manoeuvre(seen, MONEY, scores=replace(scores, certainty=None)))["frontier"]
    assert np.isnan([row["low"], row["high"], row["level"], row["room_low_eur"]]).all()
    assert not row["is_clear"]
    place = scores.sample.units.index("0025000")
    assert row["value"] == pytest.approx(scores.own[MONEY] * scores.dea.efficiency[place])


def test_what_does_not_belong_together_is_refused() -> None:
    seen, need, scores = shipped()
    with pytest.raises(OptionError, match="no unit cost"):
        room_for_manoeuvre(seen, "exam_grade9_mean")
    with pytest.raises(OptionError, match="not in this profile"):
        room_for_manoeuvre(seen, "area")
    with pytest.raises(OptionError, match="need is about 'education_expenditure_per_pupil' of 2012"):
        room_for_manoeuvre(seen, MONEY, need=replace(need, year=2012))
    with pytest.raises(OptionError, match="of 0026000"):
        room_for_manoeuvre(seen, MONEY, scores=replace(scores, unit="0026000"))
    earlier = profile([MONEY], group=seen.group, year=2012)
    with pytest.raises(OptionError, match="scores are of another year"):
        room_for_manoeuvre(earlier, MONEY, scores=scores)
