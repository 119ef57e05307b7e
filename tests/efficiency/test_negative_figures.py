"""Negative figures: allowed exactly where a shift of the scale changes nothing, and refused by name elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from benchlib.efficiency import Sample, dea, fdh
from benchlib.efficiency.measures.additive import additive
from benchlib.efficiency.measures.directional import directional
from benchlib.efficiency.measures.slacks import slacks_based
from benchlib.errors import SampleError

pytestmark = pytest.mark.filterwarnings("ignore::benchlib.errors.FewUnitsWarning")

Estimate = Callable[[Sample], Any]


def shifted(sample: Sample, **by: float) -> Sample:
    table = sample.to_frame().drop(columns="name").set_index("unit")
    for name, amount in by.items():
        table[name] += amount
    return Sample.from_table(table, sample.inputs, sample.outputs)


def assert_same_but_shifted(first: Any, second: Any, by: dict[str, float]) -> None:
    """The same answer: scores, peers and slacks; targets moved with the scale."""
    pd.testing.assert_frame_equal(second.scores, first.scores, rtol=1e-8, atol=1e-10)
    pd.testing.assert_frame_equal(second.peers, first.peers, rtol=1e-6)
    spread = np.ptp(np.hstack([first.sample.X, first.sample.Y]), axis=0)
    slacks = [result.slacks["slack"].to_numpy().reshape(-1, len(spread)) / spread for result in (first, second)]
    np.testing.assert_allclose(slacks[1], slacks[0], atol=1e-8)
    moved = [by.get(name, 0.0) for name in (*first.sample.inputs, *first.sample.outputs)]
    targets = [result.targets["target"].to_numpy().reshape(-1, len(spread)) for result in (first, second)]
    np.testing.assert_allclose((targets[1] - moved) / spread, targets[0] / spread, atol=1e-8)


FREE: list[tuple[str, Estimate, dict[str, float]]] = [
    ("dea in, outputs", dea, {"y1": -100_000.0, "y3": -700.0}),
    ("dea out, inputs", lambda s: dea(s, orientation="output"), {"x1": -30_000.0, "x2": -90_000.0}),
    ("dea in, fixed", lambda s: dea(s, fixed="x2"), {"x2": -90_000.0, "y2": -1.0}),
    ("dea out, fixed", lambda s: dea(s, orientation="output", fixed="y3"), {"x1": -30_000.0, "y3": -700.0}),
    ("directional in", lambda s: directional(s, direction="inputs"), {"y1": -100_000.0, "y3": -700.0}),
    ("directional out", lambda s: directional(s, direction="outputs"), {"x1": -30_000.0}),
    (
        "directional fixed",
        lambda s: directional(s, direction={"x1": 100, "y1": 50}),
        {"x1": -30_000.0, "x2": -90_000.0, "y1": -9_000.0},
    ),
    ("additive", additive, {"x1": -30_000.0, "y1": -100_000.0, "y3": -700.0}),
    ("deviation", lambda s: additive(s, weights="deviation"), {"x1": -30_000.0, "y3": -700.0}),
]


@pytest.mark.parametrize(("estimate", "by"), [case[1:] for case in FREE], ids=[case[0] for case in FREE])
def test_a_shift_changes_nothing(synth43: Sample, estimate: Estimate, by: dict[str, float]) -> None:
    assert_same_but_shifted(estimate(synth43), estimate(shifted(synth43, **by)), by)


def test_a_thousand_more_changes_nothing(synth43: Sample) -> None:
    """Above zero the fast kernel does the work, and the law is the same."""
    assert_same_but_shifted(dea(synth43), dea(shifted(synth43, y2=1000.0)), {"y2": 1000.0})


def test_the_intercept_takes_up_the_shift(synth43: Sample) -> None:
    """Multipliers stay, and virtual outputs plus intercept are still the score."""
    plain, negative = dea(synth43), dea(shifted(synth43, y1=-100_000.0))
    for result in (plain, negative):
        virtual = result.multipliers["virtual"].to_numpy().reshape(len(synth43), -1)
        assert virtual[:, :2].sum(axis=1) == pytest.approx(1.0)
        assert virtual[:, 2:].sum(axis=1) == pytest.approx(result.farrell)


@pytest.mark.parametrize("tiny", [0.0, 1e-12, 1e-9, 1e-6, 1e-3])
def test_figures_that_happen_to_lie_near_zero(synth43: Sample, tiny: float) -> None:
    """A shift after which one unit's output is next to nothing, between large negative and large positive ones."""
    for j in (3, 20):
        by = {"y1": tiny - synth43.Y[j, 0]}
        assert_same_but_shifted(dea(synth43), dea(shifted(synth43, **by)), by)
        assert_same_but_shifted(additive(synth43), additive(shifted(synth43, **by)), by)


def test_by_hand_with_a_deficit() -> None:
    """C runs a deficit of 2 at cost 4; A does so, too, at cost 2, and B earns 3 at cost 3."""
    table = pd.DataFrame({"cost": [2.0, 3.0, 4.0], "balance": [-2.0, 3.0, -2.0]}, index=list("ABC"))
    result = dea(Sample.from_table(table, "cost", "balance"))
    assert result.efficiency.tolist() == pytest.approx([1.0, 1.0, 0.5])
    targets = result.targets.set_index(["unit", "variable"])
    assert targets.loc[("C", "balance"), "target"] == pytest.approx(-2.0)
    assert targets.loc[("C", "balance"), "change_pct"] == pytest.approx(0.0)


REFUSED: list[tuple[str, Estimate, str]] = [
    ("crs", lambda s: dea(s, rts="crs"), "y1"),
    ("nirs", lambda s: dea(s, rts="nirs"), "y1"),
    ("outputs grow", lambda s: dea(s, orientation="output"), "y1"),
    ("inputs shrink", dea, "x1"),
    ("fixed in the other orientation", lambda s: dea(s, fixed="y1", orientation="input", rts="crs"), "y1"),
    ("undesirable", lambda s: dea(s, undesirable="y3"), "y1"),
    ("fdh", fdh, "y1"),
    ("proportional", directional, "y1"),
    ("own outputs", lambda s: directional(s, direction="outputs"), "y1"),
    ("directional crs", lambda s: directional(s, direction={"x1": 1}, rts="crs"), "y1"),
    ("directional undesirable", lambda s: directional(s, direction={"x1": 1}, undesirable="y3"), "y1"),
    ("observed weights", lambda s: additive(s, weights="observed"), "y1"),
    ("additive crs", lambda s: additive(s, rts="crs"), "y1"),
    ("slacks-based", slacks_based, "y1"),
]


@pytest.mark.parametrize(("estimate", "variable"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED])
def test_elsewhere_they_are_refused_by_name(synth43: Sample, estimate: Estimate, variable: str) -> None:
    negative = shifted(synth43, **{variable: -30_000.0})
    with pytest.raises(SampleError, match=rf"Figures are negative for D\d+.*\({variable}\)"):
        estimate(negative)


@pytest.mark.filterwarnings("ignore::benchlib.errors.UnsolvedUnitsWarning")
def test_a_negative_reference_is_refused_as_well(synth43: Sample) -> None:
    with pytest.raises(SampleError, match="negative for"):
        dea(synth43, rts="crs", reference=shifted(synth43, y1=-30_000.0))
    lower, plain = dea(synth43, reference=shifted(synth43, y1=-100.0)).efficiency, dea(synth43).efficiency
    is_known = ~np.isnan(lower)
    assert (lower[is_known] >= plain[is_known] - 1e-9).all(), "a reference that brings about less"
    assert lower[is_known].max() > 1.01
