"""The frontier figure: the lines, who is named, who does better."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from drawings import drawn, letters, no_warnings, places
from matplotlib.axes import Axes
from report_cases import MONEY, PASSPORTS, RESULT, case

from benchlib.comparison import ServiceScores, dominators
from benchlib.efficiency import Sample, dea, fdh
from benchlib.errors import FewUnitsWarning, OptionError
from benchlib.reporting import Words, plots
from benchlib.reporting.plots.style import ACCENT, MIDDLE, OWN

LV, EN = Words("lv"), Words("en")


@pytest.fixture(autouse=True)
def nothing_warns() -> Iterator[None]:
    with no_warnings():
        yield


def scores_of(money: list[float], result: list[float]) -> ServiceScores:
    """Scores of a few units; the municipality is the last. The figure needs no bootstrap."""
    table = pd.DataFrame({MONEY.id: money, RESULT.id: result}, index=[f"u{i}" for i in range(len(money))])
    sample = Sample.from_table(table, [MONEY.id], [RESULT.id])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FewUnitsWarning)
        into, out = dea(sample, orientation="input"), dea(sample, orientation="output")
        free, free_out = fdh(sample, orientation="input"), fdh(sample, orientation="output")
    own = str(sample.units[-1])
    better = dominators(sample, own)
    none: Any = None
    return ServiceScores(own, sample, sample.left_out, into, free, out, free_out, none, pd.DataFrame(), better)


def frontier_of(money: list[float], result: list[float]) -> Axes:
    names = {f"u{i}": f"Unit {i}" for i in range(len(money))}
    return plots.frontier(scores_of(money, result), names, PASSPORTS, EN)


def test_frontier_by_hand() -> None:
    # A (10, 50), B (20, 70), C (40, 80) span the frontier; the municipality is the last, D (30, 60); B does better.
    ax = frontier_of([10, 20, 40, 30], [50, 70, 80, 60])
    assert sorted(places(ax, MIDDLE)) == [(10, 50), (20, 70), (30, 60), (40, 80)]
    assert places(ax, OWN) == [(30, 60)]
    assert (20, 70) in places(ax, ACCENT)
    assert {"Unit 0", "Unit 1", "Unit 2", "Unit 3", "DEA", "FDH"} <= set(letters(ax)), "corners and the own are named"
    right = ax.get_xlim()[1]
    solid, dashed, *_ = ax.lines
    bottom = ax.get_ylim()[0]
    np.testing.assert_allclose(solid.get_xydata(), [(10, bottom), (10, 50), (20, 70), (40, 80), (right, 80)])
    steps = [(10, bottom), (10, 50), (20, 50), (20, 70), (40, 70), (40, 80), (right, 80)]
    np.testing.assert_allclose(dashed.get_xydata(), steps)


def test_frontier_of_the_shipped_figures() -> None:
    it = case("bauska")
    ax = plots.frontier(it.scores, it.names(LV), PASSPORTS, LV)
    sample = it.scores.sample
    assert sorted(places(ax, MIDDLE)) == sorted(zip(sample.X[:, 0], sample.Y[:, 0], strict=True))
    assert places(ax, OWN) == [(it.scores.own[MONEY.id], it.scores.own[RESULT.id])]
    better = {(row[MONEY.id], row[RESULT.id]) for row in it.scores.better.to_dict("records")}
    corners = {
        (float(x), float(y))
        for x, y, e in zip(sample.X[:, 0], sample.Y[:, 0], it.scores.dea.efficiency, strict=True)
        if e == 1
    }
    assert set(places(ax, ACCENT)) == better | corners
    assert "Bauskas novads" in letters(ax)
    low, high = ax.get_xlim()
    assert low < sample.X.min() < sample.X.max() < high
    assert ax.get_xlabel() == "Izglītības izdevumi uz vienu skolēnu†, EUR"


def test_frontier_without_an_own_score_has_no_own_dot() -> None:
    it = case("unscored")
    ax = plots.frontier(it.scores, it.names(LV), PASSPORTS, LV)
    assert not places(ax, OWN)
    assert "Ādažu novads" not in letters(ax)


@pytest.mark.parametrize(
    ("money", "result"),
    [([10, 20, 30, 40], [50, 50, 50, 50]), ([10, 10, 10, 10], [1, 2, 3, 4]), ([5, 5, 5], [7, 7, 7]), ([5], [7])],
    ids=["equal results", "equal money", "all equal", "one unit"],
)
def test_odd_frontiers_are_drawn(money: list[float], result: list[float]) -> None:
    drawn(frontier_of(money, result))


def test_a_frontier_in_three_dimensions_is_refused() -> None:
    table = pd.DataFrame({"a": [1.0, 2, 3], "b": [3.0, 2, 1], "c": [1.0, 1, 1]})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FewUnitsWarning)
        solid = dea(Sample.from_table(table, ["a", "b"], ["c"]))
    with pytest.raises(OptionError, match="one input against one output"):
        plots.frontier(replace(scores_of([1, 2, 3], [1, 2, 3]), sample=solid.sample, dea=solid), {}, PASSPORTS, LV)


def labels_of(ax: Axes) -> dict[str, Any]:
    drawn(ax)
    return {text.get_text(): text.get_window_extent() for text in ax.texts}


def test_the_axis_leaves_room_for_the_names_of_the_corners() -> None:
    money, result = [10.0, 20.0, 40.0, 30.0], [50.0, 70.0, 80.0, 60.0]
    scores = scores_of(money, result)
    starts = {}
    for length in (4, 24):
        names = {f"u{i}": f"{i}".ljust(length, "m") for i in range(4)}
        ax = plots.frontier_of_all(scores.dea, scores.fdh, names, PASSPORTS, EN)
        boxes = labels_of(ax)
        for i in range(3):
            assert boxes[names[f"u{i}"]].x0 >= ax.bbox.x0, "not on the numbers of the axis"
            line = ax.transData.transform([(10, 50), (20, 70), (40, 80)])
            assert boxes[names[f"u{i}"]].count_contains(line) == 0
        starts[length] = ax.get_xlim()[0]
    assert starts[24] < starts[4] < 10, "no more room than the names need"


def test_who_spans_the_frontier_is_named_once() -> None:
    ax = frontier_of([20, 40, 10], [70, 80, 50])
    assert letters(ax).count("Unit 2") == 1
    assert places(ax, OWN) == [(10, 50)]
    assert {"Unit 0", "Unit 1"} <= set(letters(ax))


def test_the_own_name_hides_as_little_as_possible() -> None:
    # The municipality is in the middle; everybody else stands to its upper right, where the name would stand first.
    crowd = [(30 + k, 61 + k / 4) for k in range(1, 9)]
    ax = frontier_of([10, 60, *(x for x, _ in crowd), 30], [50, 80, *(y for _, y in crowd), 60])
    own = labels_of(ax)[f"Unit {len(crowd) + 2}"]
    assert own.count_contains(ax.transData.transform(crowd)) == 0
