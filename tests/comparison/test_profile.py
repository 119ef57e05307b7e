"""Position in the group, by hand: quartiles, ranks, lights, gaps and euro."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from few_units import UNITS, YEAR, Values, group_of, rows
from hypothesis import given, settings
from hypothesis import strategies as st

from benchlib.comparison import MINIMUM_DATA, comparison_group, profile
from benchlib.errors import OptionError
from benchlib.indicators import Store, load_catalogue
from tests.indicators.made_up import DataFolder, figures

Made = Callable[..., Store]


def row_of(store: Any, members: int, own: int = 0, indicator: str = "x") -> pd.Series:
    """The row of an indicator, seen from one of the first units of `UNITS`."""
    return profile(indicator, group=group_of(members, own), year=YEAR, store=store).row(indicator)


def lights(store: Any, members: int, indicator: str = "x") -> str:
    """First letter of the light of each unit in turn."""
    return "".join(row_of(store, members, own, indicator)["light"][0] for own in range(members))


def test_median_quartiles_rank_and_gaps_by_hand(made: Made) -> None:
    store = made({"x": ([30, 10, 20, 50, 40], {"direction": 1}), "y": ([30, 10, 20, 50, 40], {"direction": -1})})
    row = row_of(store, 5)
    assert row[["value", "median", "lower_quartile", "upper_quartile"]].tolist() == [30, 30, 20, 40]
    assert row[["members", "members_with_figure", "rank", "year"]].tolist() == [5, 5, 3, YEAR]
    assert (row["best"], row["best_territory"]) == (50, UNITS[3])
    assert (row["gap_to_median"], row["gap_to_best"]) == (0, -20)
    assert row["status"] == "observed"
    less = row_of(store, 5, own=4, indicator="y")
    assert (less["rank"], less["best"], less["best_territory"]) == (4, 10, UNITS[1])
    assert (less["gap_to_median"], less["gap_to_best"]) == (10, 30), "own minus theirs, whatever the direction"
    assert math.isnan(less["room_to_median_eur"]), "40 more of something is no money"


def test_even_number_of_members(made: Made) -> None:
    row = row_of(made({"x": ([10, 20, 40, 80], {"direction": 1})}), 4)
    assert row[["median", "lower_quartile", "upper_quartile"]].tolist() == [30, 17.5, 50]


def test_context_has_no_place(made: Made) -> None:
    row = row_of(made({"x": ([30, 10, 20, 50], {"direction": 0})}), 4)
    assert row["light"] == "none"
    assert row["best_territory"] == ""
    assert np.isnan(row[["rank", "quartile", "best", "gap_to_best"]].astype(float)).all()
    assert row["gap_to_median"] == 5, "the distance to the middle is a fact without a judgement"


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([1, 2, 3, 4], "ryyg"),
        ([1, 2, 3, 4, 5, 6, 7, 8], "rryyyygg"),
        (list(range(11)), "rrryyyyyggg"),
        ([5, 5, 5, 5], "yyyy"),
        ([1, 1, 3, 4], "rryg"),
        ([1, 2, 4, 4], "ryg" + "g"),
        ([1, 5, 5, 5, 5, 5, 5, 9], "ryyyyyyg"),
        ([1, 2, 9, 9, 9, 9], "rryyyy"),
    ],
)
def test_lights_are_25_50_25(values: list[float], expected: str, made: Made) -> None:
    store = made({"x": (values, {"direction": 1}), "y": (values, {"direction": -1})})
    assert lights(store, len(values)) == expected
    swapped = expected.translate(str.maketrans("rg", "gr"))
    assert lights(store, len(values), "y") == swapped


def test_ties_share_a_rank_and_a_quartile(made: Made) -> None:
    store = made({"x": ([4, 4, 2, 1, 1, 1, 0, 0], {"direction": 1})})
    seen = [row_of(store, 8, own=i) for i in range(8)]
    assert [row["rank"] for row in seen] == [1, 1, 3, 4, 4, 4, 7, 7]
    assert [row["quartile"] for row in seen] == [1, 1, 2, 3, 3, 3, 4, 4]


def test_quartile_and_light_agree(made: Made) -> None:
    store = made({"x": ([4, 4, 2, 1], {"direction": 1})})
    assert [row_of(store, 4, own=i)["quartile"] for i in range(4)] == [1, 1, 3, 4]
    assert lights(store, 4) == "ggyr"


@pytest.mark.parametrize(
    ("values", "members", "has_light"),
    [
        ([1, 2, 3], 3, False),  # fewer than four
        ([1, 2, 3, 4], 4, True),
        ([1, 2, 3, None], 4, False),
        ([1, 2, 3, 4, None, None], 6, True),  # 4 of 6: 67 %
        ([1, 2, 3, 4, None, None, None], 7, False),  # 4 of 7: 57 %
        ([1, 2, 3, 4, 5, 6, None, None, None, None], 10, True),  # exactly 60 %
        ([1, 2, 3, 4, 5, None, None, None, None, None], 10, False),
    ],
)
def test_no_position_on_few_figures(values: list[float | None], members: int, has_light: bool, made: Made) -> None:
    row = row_of(made({"x": (values, {"direction": 1})}), members)
    assert (row["light"] != "none") == has_light
    assert math.isnan(row["rank"]) != has_light
    assert (row["members"], row["members_with_figure"]) == (members, sum(value is not None for value in values))
    assert row["best"] == max(value for value in values if value is not None), "the best is known all the same"


def test_missing_own_figure(made: Made) -> None:
    row = row_of(made({"x": ([None, 1, 2, 3, 4], {"direction": 1})}), 5)
    assert math.isnan(row["value"])
    assert (row["status"], row["light"], row["median"], row["best"]) == ("missing", "none", 2.5, 4)
    assert np.isnan(row[["rank", "quartile", "gap_to_median", "gap_to_best"]].astype(float)).all()


def test_members_without_any_figure(made: Made) -> None:
    values: Values = {UNITS[7]: 3.0}
    row = row_of(made({"x": (values, {"direction": 1})}), 5)
    assert (row["members_with_figure"], row["light"], row["best_territory"]) == (0, "none", "")
    assert math.isnan(row["median"])


def money_store(made: Made) -> Store:
    pupils = [1000.0, 200, 300, 400]
    cost = {"dimension": "cost", "direction": -1, "volume": "pupils"}
    return made({"x": ([1500.5, 1400, 1600, 1200], cost), "pupils": (pupils, {})})


def test_room_for_manoeuvre_is_the_gap_times_the_own_pupils(made: Made) -> None:
    store = money_store(made)
    row = row_of(store, 4)
    assert (row["median"], row["gap_to_median"], row["gap_to_best"]) == (1450.25, 50.25, 300.5)
    assert row["volume"] == 1000
    assert row["room_to_median_eur"] == 50.25 * 1000
    assert row["room_to_best_eur"] == 300.5 * 1000
    cheapest = row_of(store, 4, own=3)
    assert cheapest["room_to_median_eur"] == (1200 - 1450.25) * 400, "negative: cheaper than the median"
    assert cheapest["room_to_best_eur"] == 0


def test_the_rank_carries_the_range_of_the_years_around(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "data")
    years = {
        2010: [9, 1, 2, 3, 4],
        2011: [9, 1, 2, 3, 4],
        2012: [3, 1, 2, 4, 5],
        2013: [2, 1, 3, 4, 5],
        2015: [1, 2, 3, 4, 5],
    }
    figures_of = [row for year, values in years.items() for row in rows("x", values, year)]
    folder.measure("x").source("s", figures_of, territory="2025").passport("x", measure="x", direction=-1)
    folder.measure("y").source("t", rows("y", [1, 2, 3, 4, 5]), territory="2025").passport(
        "y", measure="y", direction=1
    )
    seen = profile(["x", "y"], group=group_of(5), year=YEAR, store=folder.store())
    row = seen.row("x")
    # Two years on either side: 2011 fifth, 2012 third, 2013 second, 2015 first; 2010 lies too far away.
    assert row[["rank", "rank_low", "rank_high", "rank_years"]].tolist() == [2, 1, 5, 4]
    once = seen.row("y")
    assert once[["rank", "rank_years"]].tolist() == [5, 1]
    assert np.isnan(once[["rank_low", "rank_high"]].astype(float)).all(), "one year has no range"


def test_the_year_shown_is_one_in_which_the_group_has_figures(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "data")
    others = [(code, 2013, "x", 1.0) for code in UNITS[6:]]
    folder.measure("x").source("s", [*rows("x", [1, 2, 3, 4, 5], 2012), *others], territory="2025")
    folder.passport("x", measure="x", direction=1)
    row = profile("x", group=group_of(5), year=2013, store=folder.store()).row("x")
    assert row[["year", "value", "members_with_figure", "rank", "rank_years"]].tolist() == [2012, 1, 5, 5, 1]


def test_no_room_without_pupils(made: Made) -> None:
    cost = {"dimension": "cost", "direction": -1, "volume": "pupils"}
    store = made({"x": ([4, 3, 2, 1], cost), "pupils": ([None, 1, 1, 1], {})})
    row = row_of(store, 4)
    assert math.isnan(row["volume"])
    assert math.isnan(row["room_to_median_eur"])
    assert row["gap_to_median"] == 1.5


def yearly(folder: DataFolder, name: str, by_year: Mapping[int, Sequence[float | None]], **fields: Any) -> None:
    """A measure with figures of several years, shown by an indicator of the same id."""
    every = [row for year, values in by_year.items() for row in rows(name, values, year)]
    folder.measure(name).source(f"source_{name}", every, territory="2025").passport(name, measure=name, **fields)


def test_the_users_are_those_of_the_year_nearest_to_the_cost(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "data")
    cost = {"dimension": "cost", "direction": -1, "volume": "pupils"}
    yearly(folder, "x", {2011: [4, 3, 2, 1]}, **cost)
    yearly(folder, "y", {2015: [4, 3, 2, 1]}, **cost)
    yearly(folder, "pupils", {2012: [100.0], 2015: [900.0]}, direction=0)
    seen = profile(["x", "y"], group=group_of(4), year=2015, store=folder.store())
    assert seen.row("x")[["year", "volume", "volume_year"]].tolist() == [2011, 100, 2012]
    assert seen.row("x")["room_to_median_eur"] == 1.5 * 100
    assert seen.row("y")[["year", "volume", "volume_year"]].tolist() == [2015, 900, 2015]


def test_later_figures_are_not_looked_at(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "data")
    cost = {"dimension": "cost", "direction": -1, "volume": "pupils"}
    yearly(folder, "x", {2012: [1, 2, 3, 4], 2013: [2, 1, 3, 4], 2014: [4, 1, 2, 3]}, **cost)
    yearly(folder, "old", {2009: [4, 3, 2, 1], 2015: [9, 9, 9, 9]}, direction=1)
    yearly(folder, "later", {2015: [4, 3, 2, 1]}, direction=1)
    yearly(folder, "pupils", {2010: [100.0], 2014: [900.0]}, direction=0)
    asked: dict[str, Any] = {"group": group_of(4), "year": 2014, "store": folder.store()}
    plain, then = profile(["x", "old", "later"], **asked), profile(["x", "old", "later"], until=2013, **asked)
    assert plain.table["year"].tolist() == [2014, 2015, 2015]
    assert plain.row("x")[["rank_low", "rank_high"]].tolist() == [1, 4]
    assert then.row("x")[["year", "value", "rank", "rank_low", "rank_high"]].tolist() == [2013, 2, 2, 1, 2]
    assert then.row("x")[["volume", "volume_year"]].tolist() == [100, 2010]
    assert then.row("old")["year"] == 2009
    assert then.table["indicator"].tolist() == ["x", "old"], "without a figure until then there is no row"
    assert then.values["year"].max() == 2013
    assert profile(["later"], until=2013, **asked).table.empty


@pytest.mark.parametrize("count", [1, 2, 3])
def test_fewer_than_four_figures_have_no_median(made: Made, count: int) -> None:
    cost = {"dimension": "cost", "direction": -1, "volume": "pupils"}
    store = made({"x": ([40.0, 30, 20][:count] + [None] * (4 - count), cost), "pupils": ([10.0] * 4, {})})
    row = row_of(store, 4)
    spread = ["median", "median_low", "median_high", "median_level", "lower_quartile", "upper_quartile"]
    gap = ["gap_to_median", "room_to_median_eur", "room_to_median_low_eur", "room_to_median_high_eur"]
    assert row[[*spread, *gap]].isna().all()
    assert (row["value"], row["members_with_figure"], row["volume"]) == (40, count, 10)
    assert row["best"] == [40, 30, 20][count - 1], "the best is a figure, not an estimate"


def test_sixty_per_cent_of_the_indicators(made: Made) -> None:
    def values(own: float | None) -> tuple[Values, dict[str, Any]]:
        return [own, 2, 3, 4], {"direction": 1}

    context: tuple[Values, dict[str, Any]] = ([None, 1, 1, 1], {"direction": 0})
    store = made({"a": values(1), "b": values(1), "c": values(1), "d": values(None), "e": values(None), "z": context})
    enough = profile(["a", "b", "c", "d", "e", "z"], group=group_of(4), year=YEAR, store=store)
    assert enough.present_share == MINIMUM_DATA == 0.60
    assert enough.has_overall_position, "exactly 60 % is enough; context does not count"
    few = profile(["a", "d", "e"], group=group_of(4), year=YEAR, store=store)
    assert few.present_share == pytest.approx(1 / 3)
    assert not few.has_overall_position
    assert not profile(["z"], group=group_of(4), year=YEAR, store=store).has_overall_position
    assert list(few.table["indicator"]) == ["a", "d", "e"], "in the order asked for"
    with pytest.raises(OptionError, match=r"'b' is not in this profile. It holds: a, d, e"):
        few.row("b")


# --- properties, on a store that is only a table -----------------------------------------------------------------------


class Figures(SimpleNamespace):
    """Stands in for a store: figures from memory, equal only to itself."""

    __hash__ = object.__hash__
    __eq__ = object.__eq__


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = DataFolder(tmp_path_factory.mktemp("properties") / "data").measure("x")
    for name, direction in {"more": 1, "less": -1}.items():
        folder.passport(name, measure="x", direction=direction)
    return load_catalogue(folder.path).registry


def seen(registry: Any, values: Sequence[float], own: int) -> pd.DataFrame:
    table = figures(rows("x", values))
    store = Figures(registry=registry, figures=lambda *_, **__: table)
    return profile(["more", "less"], group=group_of(len(values), own), year=YEAR, store=store).table  # type: ignore[arg-type]


VALUES = st.lists(st.integers(0, 12), min_size=4, max_size=11)


@settings(max_examples=25, deadline=None)
@given(VALUES, st.sampled_from([2.0**-9, 0.5, 3.0, 1024.0]), st.integers(-50, 50), st.data())
def test_the_unit_of_measurement_decides_nothing(
    registry: Any, values: list[int], scale: float, shift: int, data: st.DataObject
) -> None:
    own = data.draw(st.integers(0, len(values) - 1))
    plain = seen(registry, values, own)
    other = seen(registry, [value * scale + shift for value in values], own)
    columns = ["rank", "quartile", "light", "best_territory"]
    pd.testing.assert_frame_equal(plain[columns], other[columns])
    swap = {"green": "red", "red": "green", "yellow": "yellow"}
    assert plain["light"][1] == swap[str(plain["light"][0])], "the other direction turns the light around"
    others_equal = values.count(values[own])
    assert plain["rank"].sum() == len(values) + 2 - others_equal, "ranks from both ends meet"


# --- shipped data ------------------------------------------------------------------------------------------------------


def test_bauska_in_the_shipped_data() -> None:
    group = comparison_group("Bauskas novads", group="region", year=2013)
    result = profile(["education_expenditure_per_pupil", "exam_grade9_mean"], group=group, year=2013)
    cost = result.row("education_expenditure_per_pupil")
    members = result.values.loc[result.values["indicator"] == "education_expenditure_per_pupil"].set_index("territory")
    assert cost["value"] == members["value"]["0025000"]
    assert cost["median"] == np.median(members["value"])
    assert cost["best"] == members["value"].min()
    assert cost["status"] == "harmonised"
    assert cost["room_to_best_eur"] == cost["gap_to_best"] * cost["volume"]
    assert (
        repr(result)
        == "Profile(Bauskas novads, 2013, 2 indicators, ComparisonGroup('region', Bauskas novads, 6 members))"
    )


def test_the_year_nearest_to_the_report_is_used_and_shown() -> None:
    group = comparison_group("Bauskas novads", group="region", year=2010)
    ids = ["education_expenditure_per_pupil", "exam_grade9_mean", "libraries_per_10000_inhabitants"]
    assert profile(ids, group=group, year=2010).table["year"].tolist() == [2011, 2010, 2024]
