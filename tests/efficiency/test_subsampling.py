"""Subsampling: by hand, against another solver, against the truth, and the same for the same seed."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linprog

from benchlib.efficiency import Sample, dea
from benchlib.efficiency.inference.subsampling import SubsamplingResult, candidate_sizes, subsampling
from benchlib.errors import OptionError, SampleError, UnsolvedUnitsWarning

COLUMNS = ["unit", "name", "efficiency", "bias", "corrected", "low", "high", "unreached", "status", "reason"]
FEW = pytest.mark.filterwarnings("ignore::benchlib.errors.FewUnitsWarning")
UNREACHED = pytest.mark.filterwarnings("ignore::benchlib.errors.UnsolvedUnitsWarning")


@pytest.fixture(scope="module")
def inward(synth43: Sample) -> SubsamplingResult:
    return subsampling(synth43, rts="crs", size=12, replications=200, seed=1)


# By hand ------------------------------------------------------------------------------------------------------------


@FEW
def test_constant_returns_by_hand() -> None:
    """Productivities 1, 2, 4; each pair is drawn as often. m + s = 2, so the rate is 1 and the scaling 2/3.

    The best unit: 1 against a pair with itself, 2 against the others; d* / d = 1, 1, 1/2, so r = 1, 1, 2/3.
    """
    sample = Sample.from_table(pd.DataFrame({"x": [1.0, 1.0, 1.0], "y": [1.0, 2.0, 4.0]}, index=list("ABC")), "x", "y")
    result = subsampling(sample, rts="crs", draws=np.tile([[0, 1], [0, 2], [1, 2]], (40, 1)), level=0.5)
    assert result.info["rate"] == 1.0
    assert result.info["size"] == 2
    assert result.replicates[:3, 2].tolist() == [2.0, 1.0, 1.0]
    best = result.scores.set_index("unit").loc["C"]
    ratio = np.tile([2 / 3, 1.0, 1.0], 40)
    assert best["corrected"] == pytest.approx(ratio.mean())
    assert best["bias"] == pytest.approx(1 - ratio.mean())
    assert (best["low"], best["high"]) == pytest.approx(tuple(np.quantile(ratio, [0.25, 0.75])))
    # A, at 1/4, is against the same pairs: d* = 2, 4, 4 beside d = 4.
    assert result.scores["corrected"][0] == pytest.approx(ratio.mean() / 4)


@FEW
@pytest.mark.parametrize("orientation", ["input", "output"])
def test_units_beyond_the_subsample(orientation: Any) -> None:
    """C has the largest output and, turned round, the smallest input. Without C no combination does what C does: d* = 0."""
    table = pd.DataFrame({"x": [1.0, 2.0, 4.0, 4.0], "y": [1.0, 3.0, 4.0, 2.0]}, index=list("ABCD"))
    if orientation == "output":
        table = pd.DataFrame({"x": 5.0 - table["y"], "y": 5.0 - table["x"]})
    sample = Sample.from_table(table, "x", "y")
    draws = np.array([[0, 1, 3]] * 3 + [[0, 2, 3]] * 17)
    result = subsampling(sample, orientation=orientation, draws=draws, level=0.9)
    beyond = result.scores.set_index("unit").loc["C"]
    scaling = (3 / 4) ** (2 / 3)
    assert beyond["unreached"] == 0.15
    assert np.isnan(result.replicates[:3, 2]).all()
    assert beyond["corrected"] == pytest.approx(1.0), "the mean is over subsamples that reach the unit"
    assert beyond["low"] == pytest.approx(1.0 - scaling), "the interval counts the others as infinitely far"
    assert beyond["high"] == pytest.approx(1.0)
    assert beyond["status"] == "solved"
    # B does better than the others, but within their reach: no infeasibility, d* below 1.
    better = result.scores.set_index("unit").loc["B"]
    assert better["unreached"] == 0.0
    factor = result.replicates[-1, 1]
    assert factor > 1.0 if orientation == "input" else factor < 1.0


@FEW
def test_units_hardly_ever_reached_have_no_corrected_score() -> None:
    table = pd.DataFrame({"x": [1.0, 2.0, 4.0, 4.0], "y": [1.0, 3.0, 4.0, 2.0]}, index=list("ABCD"))
    draws = np.array([[0, 1, 3]] * 11 + [[0, 2, 3]] * 9)
    with pytest.warns(UnsolvedUnitsWarning, match=r"C \(most subsamples have no combination"):
        result = subsampling(Sample.from_table(table, "x", "y"), draws=draws, level=0.9)
    beyond = result.scores.set_index("unit").loc["C"]
    assert beyond["status"] == "unreached"
    assert np.isnan(beyond["corrected"])
    assert np.isnan(beyond["bias"])
    assert beyond["low"] < beyond["high"] == beyond["efficiency"] == 1.0


# Against another solver ---------------------------------------------------------------------------------------------


def highs_factor(sample: Sample, members: np.ndarray, j: int, rts: str) -> float:
    """Input Farrell factor of unit j against the members, NaN where infeasible."""
    X, Y, x, y = sample.X[members], sample.Y[members], sample.X[j], sample.Y[j]
    above = np.block([[-x[:, None], X.T], [np.zeros((len(y), 1)), -Y.T]])
    sums = None if rts == "crs" else np.r_[0.0, np.ones(len(members))][None, :]
    cost = np.r_[1.0, np.zeros(len(members))]
    found = linprog(cost, above, np.r_[np.zeros(len(x)), -y], sums, None if sums is None else [1.0], method="highs")
    return found.fun if found.status == 0 else np.nan


@UNREACHED
@pytest.mark.parametrize("rts", ["crs", "vrs"])
def test_factors_against_subsets_are_those_of_another_solver(synth43: Sample, rts: Any) -> None:
    rng = np.random.default_rng(4)
    draws = np.array([rng.permutation(43)[:10] for _ in range(40)])
    result = subsampling(synth43, rts=rts, draws=draws)
    for b in range(3):
        expected = [highs_factor(synth43, draws[b], j, rts) for j in range(43)]
        np.testing.assert_allclose(result.replicates[b], expected, rtol=1e-7)
    if rts == "vrs":
        assert np.isnan(result.replicates[:3]).any()
        assert (result.replicates[:3] > 1.0).any()


@UNREACHED
def test_factors_against_subsets_are_those_of_dea(synth43: Sample) -> None:
    draws = np.tile(np.arange(20), (40, 1))
    reference = synth43.subset(synth43.units[:20])
    expected = dea(synth43, orientation="output", rts="nirs", reference=reference)
    result = subsampling(synth43, orientation="output", rts="nirs", draws=draws)
    np.testing.assert_allclose(result.replicates[0], expected.farrell, rtol=1e-9)
    np.testing.assert_array_equal(np.isnan(expected.farrell), result.scores["unreached"] == 1.0)


# Against the truth --------------------------------------------------------------------------------------------------


@UNREACHED
def test_intervals_contain_the_truth_and_small_subsamples_are_needed() -> None:
    """Frontier cost = result^1.5. Of level 0.95 intervals some 0.94 hold the truth; with most units drawn, few do."""
    covered: dict[int, list[float]] = {12: [], 40: []}
    error, raw_error = [], []
    for seed in range(25):
        rng = np.random.default_rng(seed)
        result, truth = rng.uniform(1.0, 4.0, 50), np.exp(-np.abs(rng.normal(0.0, 0.3, 50)))
        sample = Sample.from_table(pd.DataFrame({"cost": result**1.5 / truth, "result": result}), "cost", "result")
        for size, shares in covered.items():
            scores = subsampling(sample, size=size, replications=100, seed=seed).scores
            shares.append(((scores["low"] <= truth + 1e-12) & (truth <= scores["high"] + 1e-12)).mean())
            if size == 12:
                error.append(((scores["corrected"] - truth) ** 2).mean())
                raw_error.append(((scores["efficiency"] - truth)[scores["corrected"].notna()] ** 2).mean())
    assert 0.9 < np.mean(covered[12]) < 0.98
    assert np.mean(covered[40]) < 0.7
    assert np.mean(error) < 0.6 * np.mean(raw_error)


# The result ---------------------------------------------------------------------------------------------------------


def test_table(synth43: Sample, inward: SubsamplingResult) -> None:
    scores = inward.scores
    assert scores.columns.tolist() == COLUMNS
    assert tuple(scores["unit"]) == synth43.units
    np.testing.assert_array_equal(scores["efficiency"], dea(synth43, rts="crs").efficiency)
    assert (scores["bias"] > 0).all()
    assert (scores["low"] <= scores["corrected"]).all()
    assert (scores["corrected"] <= scores["high"] + 1e-12).all()
    assert (scores["high"] <= scores["efficiency"] + 1e-12).all()
    assert (scores["low"] > 0).all()
    assert inward.info["rate"] == 2 / 5
    assert inward.sizes.empty
    assert inward.info["n_unsolved"] == 0


def test_rate_depends_on_returns_to_scale(synth43: Sample) -> None:
    with pytest.warns(UnsolvedUnitsWarning):
        assert subsampling(synth43, size=8, replications=40, seed=1).info["rate"] == 2 / 6


@UNREACHED
def test_size_is_the_least_volatile(synth43: Sample) -> None:
    result = subsampling(synth43, replications=60, seed=1)
    sizes = result.sizes
    assert sizes["size"].tolist() == candidate_sizes(43, 5).tolist()
    assert sizes["volatility"].isna().tolist() == [True, *[False] * (len(sizes) - 2), True]
    assert result.info["size"] == sizes.loc[sizes["volatility"].idxmin(), "size"]


def test_candidate_sizes_lie_between_the_powers() -> None:
    assert candidate_sizes(119, 2).min() == 11  # 119^0.5 = 10.9
    assert candidate_sizes(119, 2).max() == 36  # 119^0.75 = 36.03
    assert candidate_sizes(43, 8).min() == 9, "fewer units than variables span next to nothing"


@UNREACHED
def test_same_seed_same_result_whatever_the_threads(synth43: Sample, monkeypatch: pytest.MonkeyPatch) -> None:
    results = []
    for threads in (1, 3):
        monkeypatch.setattr("numba.config.NUMBA_NUM_THREADS", threads)
        monkeypatch.setattr("benchlib.efficiency.nonparametric.solution.WORTH_THREADS", 0)
        results.append(subsampling(synth43, replications=60, seed=7))
    pd.testing.assert_frame_equal(results[0].scores, results[1].scores, check_exact=True)
    np.testing.assert_array_equal(results[0].replicates, results[1].replicates)
    other = subsampling(synth43, replications=60, seed=8)
    assert not np.allclose(other.scores["low"], results[0].scores["low"])


def test_no_unit_is_drawn_twice(inward: SubsamplingResult, synth43: Sample) -> None:
    """Each unit is in 12 of 43 subsamples; there its factor is at most 1, and only a unit left out can exceed it."""
    again = subsampling(synth43, rts="crs", size=42, replications=100, seed=1)
    assert (again.replicates > 1.0 + 1e-9).sum(axis=1).max() <= 1
    assert (inward.replicates > 1.0 + 1e-9).any()


def test_looks(inward: SubsamplingResult) -> None:
    assert repr(inward).startswith(
        "SubsamplingResult(Subsampling of DEA, input orientation, crs; 200 subsamples of 12 units, level 0.95; 43 units, "
    )
    assert inward.summary().count("\n") == 45
    with pytest.raises(ValueError, match="read-only"):
        inward.replicates[0, 0] = 1.0


# Bad input ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"seed": None}, "seed is missing"),
        ({"level": 95}, "level=95 is not a probability"),
        ({"replications": 20}, "20 replications are too few"),
        ({"size": 1}, "size=1 is not a whole number from 2 on"),
        ({"size": 4.5}, "size=4.5 is not a whole number"),
        ({"size": 43}, "size=43 is not less than the number of units, 43"),
        ({"orientation": "in"}, "orientation='in'"),
        ({"rts": "irs"}, "rts='irs'"),
        ({"draws": np.zeros(40, dtype=int)}, r"draws has the shape \(40,\)"),
        ({"draws": np.zeros((40, 5))}, "type float64; needed are whole numbers"),
        ({"draws": np.zeros((10, 5), dtype=int)}, "10 replications are too few"),
        ({"draws": np.zeros((40, 43), dtype=int)}, "size=43 is not less"),
        ({"draws": np.full((40, 5), 43)}, "positions of units, from 0 to 42"),
        ({"draws": np.full((40, 5), -1)}, "positions of units, from 0 to 42"),
    ],
)
def test_wrong_options(synth43: Sample, words: dict[str, Any], message: str) -> None:
    with pytest.raises(OptionError, match=message):
        subsampling(synth43, **({"seed": 1} | words))


@FEW
def test_too_few_units_to_choose_a_size(five: Sample) -> None:
    with pytest.raises(SampleError, match="5 units are too few to choose the size of subsamples for 2 variables"):
        subsampling(five, seed=1)
    assert len(subsampling(five, rts="crs", size=3, seed=1, replications=40).scores) == 5


def test_missing_figures() -> None:
    with pytest.raises(SampleError, match="without_missing"):
        subsampling(Sample.from_table(pd.DataFrame({"x": [1.0, np.nan], "y": 1.0}), "x", "y"), size=2, draws=[[0], [1]])
