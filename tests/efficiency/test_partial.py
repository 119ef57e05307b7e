"""Partial frontiers: against another tool, against every possible draw, and what happens at the edges."""

from __future__ import annotations

import itertools
import math
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchlib.efficiency import Sample, fdh
from benchlib.efficiency.kernels import partial as kernel
from benchlib.efficiency.nonparametric.partial import PartialResult, order_alpha, order_m
from benchlib.errors import FewUnitsWarning, OptionError, SampleError, SolverError, UnsolvedUnitsWarning
from tests.efficiency.reference import REFERENCE, sample_of

pytestmark = pytest.mark.filterwarnings("ignore::benchlib.errors.FewUnitsWarning")

ORIENTATIONS = ("input", "output")
COLUMNS = ["unit", "name", "efficiency", "farrell", "status", "reason", "dominating"]
SAMPLES = ("synth43", "deg_duplicates", "deg_integer_ties", "deg_zero_outputs", "deg_one_dmu")


def random_sample(seed: int, n: int = 7, *, zeros: bool = True) -> Sample:
    """Small whole numbers: ties everywhere, and zeros where nothing but zeros would have no score."""
    rng = np.random.default_rng(seed)
    figures = rng.integers(1, 5, (n, 4)).astype(float)
    if zeros:
        figures[:3, 1] = 0.0
        figures[2:5, 3] = 0.0
    return Sample.from_table(pd.DataFrame(figures, columns=["x1", "x2", "y1", "y2"]), ["x1", "x2"], ["y1", "y2"])


def factors_by_hand(sample: Sample, j: int, orientation: str) -> list[Fraction]:
    """Farrell factors of unit j against each unit that dominates it, in plain Python, exactly."""
    X, Y = ([[Fraction(value) for value in row] for row in values.tolist()] for values in (sample.X, sample.Y))
    found = []
    for x, y in zip(X, Y, strict=True):
        if orientation == "input":
            does_as_much = all(a >= b for a, b in zip(y, Y[j], strict=True))
            uses_no_other = all(a == 0 for a, b in zip(x, X[j], strict=True) if b == 0)
            if does_as_much and uses_no_other:
                found.append(max(a / b for a, b in zip(x, X[j], strict=True) if b > 0))
        elif all(a <= b for a, b in zip(x, X[j], strict=True)):
            found.append(min(a / b for a, b in zip(y, Y[j], strict=True) if b > 0))
    return found


# Against another tool -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("orientation", ORIENTATIONS)
@pytest.mark.parametrize("name", SAMPLES)
def test_another_tool(name: str, orientation: str) -> None:
    """R package frontiles; see tests/reference/efficiency/partial for where it is silent or of another opinion."""
    table = pd.read_csv(REFERENCE / "partial" / f"{name}.csv", dtype={"dmu": str})
    sample = sample_of(name)
    compared = 0
    for (kind, order), theirs in table.groupby(["kind", "order"]):
        if kind == "order_m":
            scores = order_m(sample, orientation=orientation, m=int(order)).scores
            is_comparable = np.ones(len(scores), dtype=bool)
        else:
            scores = order_alpha(sample, orientation=orientation, alpha=order).scores
            passed = (1 - order) * scores["dominating"].to_numpy()
            is_comparable = (order == 1.0) | (np.abs(passed - np.round(passed)) > 1e-9)
        assert theirs["dmu"].tolist() == scores["unit"].tolist()
        expected = theirs[orientation].to_numpy()
        is_comparable &= ~np.isnan(expected)
        np.testing.assert_allclose(scores["efficiency"].to_numpy()[is_comparable], expected[is_comparable], rtol=1e-12)
        compared += int(is_comparable.sum())
    assert compared >= 0.7 * len(table)


# Against every possible draw ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("m", [1, 2, 4])
@pytest.mark.parametrize("orientation", ORIENTATIONS)
@pytest.mark.parametrize("seed", range(3))
def test_order_m_is_the_mean_of_the_best_over_all_draws(seed: int, orientation: str, m: int) -> None:
    sample = random_sample(seed)
    scores = order_m(sample, orientation=orientation, m=m).scores
    best = min if orientation == "input" else max
    for j, row in scores.iterrows():
        factors = factors_by_hand(sample, j, orientation)
        draws = [best(draw) for draw in itertools.product(factors, repeat=m)]
        assert row["farrell"] == pytest.approx(float(sum(draws) / len(draws)), rel=1e-13)
        assert row["dominating"] == len(factors)


@pytest.mark.parametrize("alpha", ["0.3", "0.5", "0.75", "0.8", "0.9", "1"])
@pytest.mark.parametrize("orientation", ORIENTATIONS)
def test_order_alpha_is_the_definition(orientation: str, alpha: str) -> None:
    """inf{u: F(u) > 1 - alpha} for inputs, sup{u: S(u) > 1 - alpha} for outputs, with exact fractions."""
    sample = random_sample(5, n=20, zeros=False)
    scores = order_alpha(sample, orientation=orientation, alpha=float(alpha)).scores
    for j, row in scores.iterrows():
        factors = factors_by_hand(sample, j, orientation)
        allowed = (1 - Fraction(alpha)) * len(factors)
        if orientation == "input":
            expected = min(u for u in factors if sum(other <= u for other in factors) > allowed)
        else:
            expected = max(u for u in factors if sum(other >= u for other in factors) > allowed)
        assert row["farrell"] == float(expected)


@pytest.mark.parametrize(("alpha", "expected"), [(0.9, 2.0), (0.91, 1.0), (0.7, 4.0), (0.05, 10.0)])
def test_shares_are_decimal_numbers(alpha: float, expected: float) -> None:
    """A tenth of ten units is one unit, although (1 - 0.9) * 10 is less in binary arithmetic."""
    sample = Sample.from_table(pd.DataFrame({"x": np.arange(1.0, 11.0), "y": 1.0}), "x", "y")
    assert order_alpha(sample, alpha=alpha).scores["farrell"][0] == expected


# Towards the free disposal hull -------------------------------------------------------------------------------------


@pytest.mark.parametrize("orientation", ORIENTATIONS)
def test_greatest_orders_give_the_free_disposal_hull(synth43: Sample, orientation: str) -> None:
    hull = fdh(synth43, orientation=orientation).efficiency
    assert order_alpha(synth43, orientation=orientation, alpha=1).scores["efficiency"].to_numpy() == pytest.approx(
        hull, rel=1e-12
    )
    many = order_m(synth43, orientation=orientation, m=10**6).scores["efficiency"].to_numpy()
    np.testing.assert_allclose(many, hull, rtol=1e-12)
    by_order = np.array([order_m(synth43, orientation=orientation, m=m).scores["efficiency"] for m in (1, 5, 25, 125)])
    assert (np.diff(by_order, axis=0) <= 1e-12).all()
    assert (by_order >= hull - 1e-12).all()


def test_one_extreme_unit_moves_the_hull_but_not_the_quantile() -> None:
    table = pd.DataFrame({"cost": np.r_[0.1, np.arange(10.0, 49.0)], "result": 1.0})
    sample, clean = (Sample.from_table(part, "cost", "result") for part in (table, table.iloc[1:]))
    last = len(clean) - 1
    with_outlier, without = (order_alpha(part, alpha=0.95).scores["farrell"].iloc[-1] for part in (sample, clean))
    assert with_outlier == pytest.approx(without, rel=0.1)
    assert fdh(sample).farrell[-1] == pytest.approx(0.01 * fdh(clean).farrell[last])
    robust = [order_m(part, m=10).scores["farrell"].iloc[-1] for part in (sample, clean)]
    assert robust[0] > 0.6 * robust[1]


# By hand, zeros, another reference ----------------------------------------------------------------------------------


def test_by_hand(five: Sample) -> None:
    """B, C and E bring about at least the 3 of D, which costs 6: factors 4/6, 8/6, 9/6, and 1 for D itself.

    The better of two draws from four: the best with 7/16, then 5/16, 3/16, 1/16.
    """
    scores = order_m(five, m=2).scores.set_index("unit")
    assert scores.columns.tolist() == COLUMNS[1:]
    assert scores.loc["D", "farrell"] == pytest.approx((7 * 4 / 6 + 5 * 1 + 3 * 8 / 6 + 1 * 9 / 6) / 16)
    assert scores["dominating"].tolist() == [5, 3, 2, 4, 2]
    assert scores.loc["B", "status"] == "outside"
    assert "exceeds 1" in scores.loc["B", "reason"]
    assert scores.loc["E", ["status", "reason"]].tolist() == ["solved", ""]
    assert order_alpha(five, alpha=0.75).scores.set_index("unit").loc["D", "farrell"] == 1.0


def test_output_efficiency_is_the_reciprocal(five: Sample) -> None:
    """A and B cost at most the 6 of D, as does D: factors on its 3 are 1/3, 4/3 and 1."""
    scores = order_m(five, orientation="output", m=1).scores.set_index("unit")
    assert scores.loc["D", "farrell"] == pytest.approx((1 / 3 + 4 / 3 + 1) / 3)
    np.testing.assert_allclose(scores["efficiency"], 1 / scores["farrell"])


def test_a_unit_without_some_input_is_compared_with_units_without_it() -> None:
    table = pd.DataFrame({"x1": [4.0, 1.0, 2.0], "x2": [0.0, 1.0, 0.0], "y": 1.0}, index=list("PQR"))
    scores = order_m(Sample.from_table(table, ["x1", "x2"], "y"), m=1).scores
    assert scores["dominating"].tolist() == [2, 3, 2]
    assert scores["farrell"].tolist() == pytest.approx([0.75, (4 + 1 + 2) / 3, 1.5])


def test_units_without_inputs_or_outputs_have_no_score() -> None:
    table = pd.DataFrame({"x": [0.0, 2.0, 4.0], "y": [1.0, 0.0, 2.0]}, index=list("PQR"))
    sample = Sample.from_table(table, "x", "y")
    with pytest.warns(UnsolvedUnitsWarning, match="P .all inputs are zero"):
        scores = order_m(sample).scores
    assert scores["status"].tolist() == ["no input", "solved", "solved"]
    assert np.isnan(scores["efficiency"][0])
    with pytest.warns(UnsolvedUnitsWarning, match="Q .all outputs are zero"):
        assert order_alpha(sample, orientation="output").scores["status"].tolist() == ["solved", "no output", "solved"]


def test_a_frontier_at_zero_is_no_score() -> None:
    """Most reference units need no input, or bring about nothing of one output: the factor would be 0."""
    table = pd.DataFrame({"x1": [0.0, 0.0, 2.0], "x2": [1.0, 1.0, 0.0], "y": 1.0}, index=list("PQR"))
    sample = Sample.from_table(table, ["x1", "x2"], "y")
    free = Sample.from_table(pd.DataFrame({"x1": [0.0], "x2": [0.0], "y": [1.0]}), ["x1", "x2"], "y")
    with pytest.raises(SolverError, match="without any input"):
        order_m(sample, reference=free)
    table = pd.DataFrame({"x": [1.0, 1.0, 1.0], "y1": [0.0, 0.0, 2.0], "y2": [1.0, 1.0, 1.0]}, index=list("PQR"))
    with pytest.warns(UnsolvedUnitsWarning, match=r"R \(no reference unit uses as little"):
        scores = order_alpha(Sample.from_table(table, "x", ["y1", "y2"]), orientation="output", alpha=0.5).scores
    assert scores["farrell"].tolist()[:2] == [1.0, 1.0]
    assert scores["status"][2] == "infeasible"


def test_another_reference(five: Sample) -> None:
    """Against A and D alone nobody reaches the results of B, C and E; B spends less than A and D would."""
    with pytest.warns(UnsolvedUnitsWarning, match="B .no reference unit brings about as much"):
        result = order_m(five, reference=five.subset(["A", "D"]))
    assert result.scores["status"].tolist() == ["outside", "infeasible", "infeasible", "solved", "infeasible"]
    assert result.scores["dominating"].tolist() == [2, 0, 0, 1, 0]
    assert result.info["n_reference"] == 2
    assert result.info["n_unsolved"] == 3
    with pytest.raises(SolverError, match="No unit could be scored"):
        order_m(five.subset(["C"]), reference=five.subset(["A"]))


def test_one_unit_is_its_own_frontier() -> None:
    result = order_m(sample_of("deg_one_dmu"), m=1)
    assert result.scores["efficiency"].tolist() == [1.0]


# Properties ---------------------------------------------------------------------------------------------------------


@settings(max_examples=25, deadline=None)
@given(
    st.integers(0, 1000),
    st.sampled_from(ORIENTATIONS),
    st.lists(st.floats(1e-9, 1e12), min_size=4, max_size=4),
)
def test_units_of_measurement_and_order_do_not_matter(seed: int, orientation: str, scale: list[float]) -> None:
    sample = random_sample(seed, n=12, zeros=False)
    table = sample.to_frame().drop(columns="name").set_index("unit")
    shuffled = (table * scale).iloc[np.random.default_rng(seed).permutation(len(table))]
    other = Sample.from_table(shuffled, sample.inputs, sample.outputs)
    for estimate in (lambda s: order_m(s, orientation=orientation), lambda s: order_alpha(s, orientation=orientation)):
        ours, theirs = (estimate(s).scores.set_index("unit") for s in (sample, other))
        theirs = theirs.loc[ours.index]
        np.testing.assert_allclose(theirs["efficiency"], ours["efficiency"], rtol=1e-9)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 1000), st.sampled_from(ORIENTATIONS), st.integers(1, 60))
def test_everybody_twice_changes_nothing(seed: int, orientation: str, m: int) -> None:
    sample = random_sample(seed, n=9)
    table = sample.to_frame().drop(columns=["unit", "name"])
    twice = Sample.from_table(pd.concat([table, table], ignore_index=True), sample.inputs, sample.outputs)
    ours, theirs = (order_m(s, orientation=orientation, m=m).scores for s in (sample, twice))
    np.testing.assert_allclose(theirs["efficiency"][:9], ours["efficiency"], rtol=1e-12)
    assert theirs["dominating"][:9].tolist() == (2 * ours["dominating"]).tolist()


def test_blocks_make_no_difference(synth43: Sample, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = order_m(synth43, orientation="output").scores
    monkeypatch.setattr(kernel, "PAIRS", 5 * len(synth43))
    pd.testing.assert_frame_equal(order_m(synth43, orientation="output").scores, whole)


@pytest.mark.parametrize("m", [1, 3, 400])
def test_equal_weights_are_no_weights(m: int) -> None:
    factors = np.sort(np.random.default_rng(3).random(11))
    assert kernel.expected_best(factors, m, np.full(11, 0.2)) == pytest.approx(kernel.expected_best(factors, m))
    doubled = kernel.expected_best(np.repeat(factors, 2), m)
    assert kernel.expected_best(factors, m) == pytest.approx(doubled)


def test_weights_count_like_repetition() -> None:
    factors = np.array([1.0, 2.0, 5.0])
    repeated = kernel.expected_best(np.array([1.0, 2.0, 2.0, 2.0, 5.0]), 3)
    assert kernel.expected_best(factors, 3, np.array([1.0, 3.0, 1.0])) == pytest.approx(repeated)
    assert kernel.expected_best(factors, 3, np.array([0.0, 3.0, 0.0])) == 2.0


# Preconditions and the result ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("m", [0, -1, 2.5, True, "25", None])
def test_m_is_a_whole_number(five: Sample, m: Any) -> None:
    with pytest.raises(OptionError, match=r"m=.* is not a whole number from 1 on"):
        order_m(five, m=m)


@pytest.mark.parametrize("alpha", [0.0, 1.01, -1, True, "0.9", math.nan])
def test_alpha_is_a_share(five: Sample, alpha: Any) -> None:
    with pytest.raises(OptionError, match=r"alpha=.* is not a share above 0 and up to 1"):
        order_alpha(five, alpha=alpha)


@pytest.mark.parametrize("estimate", [order_m, order_alpha])
def test_preconditions(five: Sample, estimate: Any) -> None:
    with pytest.raises(OptionError, match="orientation='both'"):
        estimate(five, orientation="both")
    table = five.to_frame().set_index("unit")
    for value, message in ((np.nan, "missing for C .cost"), (-1.0, "negative for C .cost")):
        table.loc["C", "cost"] = value
        with pytest.raises(SampleError, match=message):
            estimate(Sample.from_table(table, "cost", "result"))
    with pytest.raises(SampleError, match="other variables"):
        estimate(five, reference=sample_of("deg_one_dmu"))


@pytest.mark.filterwarnings("default::benchlib.errors.FewUnitsWarning")
def test_few_units_are_remarked_on(five: Sample) -> None:
    with pytest.warns(FewUnitsWarning, match="5 units are few"):
        order_m(five)


def test_the_result_says_what_it_is(five: Sample) -> None:
    result = order_m(five, m=2)
    assert isinstance(result, PartialResult)
    assert repr(result) == repr(order_m(five, m=2))
    assert result.title.startswith(
        "Order-m, m=2, input orientation; 5 units, 3 beyond the frontier, mean efficiency 1.3096"
    )
    assert {**result.info}.items() >= {"method": "Order-m", "m": 2, "orientation": "input", "n_units": 5}.items()
    assert result.info["inputs"] == ("cost",)
    assert order_alpha(five, alpha=0.9).title.startswith("Order-alpha, alpha=0.9")
    assert "<table" in result._repr_html_()
    assert "Order-m" in result.summary()
    with pytest.raises(TypeError):
        result.info["m"] = 3  # type: ignore[index]
