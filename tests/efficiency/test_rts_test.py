"""The test of returns to scale: its statistics by hand, its size and power where the truth is known, and bad input."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchlib.efficiency import Sample, dea
from benchlib.efficiency.inference.returns_to_scale import ScaleTestResult, rts_test, scale_statistics
from benchlib.errors import FewUnitsWarning, OptionError, SampleError, UnsolvedUnitsWarning

ORIENTATIONS = ("input", "output")


@pytest.fixture(scope="module")
def outcome(synth43: Sample) -> ScaleTestResult:
    return rts_test(synth43, replications=200, seed=1)


def simulate(seed: int, power: float, n: int = 30) -> Sample:
    """Return a sample with the frontier cost = result^power."""
    rng = np.random.default_rng(seed)
    result, truth = rng.uniform(1.0, 4.0, n), np.exp(-np.abs(rng.normal(0.0, 0.3, n)))
    return Sample.from_table(pd.DataFrame({"cost": result**power / truth, "result": result}), "cost", "result")


# By hand ------------------------------------------------------------------------------------------------------------


def test_statistics_by_hand() -> None:
    null, vrs = np.array([[0.5, 0.6], [1.0, 0.5]]), np.array([[1.0, 0.8], [1.0, 1.0]])
    np.testing.assert_allclose(scale_statistics(null, vrs), [[(0.5 + 0.75) / 2, 1.1 / 1.8], [0.75, 0.75]])
    with_gap = scale_statistics(np.array([0.5, np.nan]), np.array([1.0, 0.8]))
    np.testing.assert_allclose(with_gap, [0.5, 0.5])


@pytest.mark.parametrize("orientation", ORIENTATIONS)
@pytest.mark.parametrize("null", ["crs", "nirs"])
def test_units_that_stay_where_they_are_give_what_was_observed(synth43: Sample, orientation: Any, null: Any) -> None:
    """Draws equal to the estimated factors move nobody, so every replication repeats the observed statistics."""
    under_null = dea(synth43, orientation=orientation, rts=null)
    under_vrs = dea(synth43, orientation=orientation)
    draws = np.tile(under_null.farrell, (40, 1))
    result = rts_test(synth43, null=null, orientation=orientation, draws=draws)
    ratio = under_null.efficiency / under_vrs.efficiency
    expected = [ratio.mean(), under_null.efficiency.mean() / under_vrs.efficiency.mean()]
    np.testing.assert_allclose(result.scores["value"], expected, rtol=1e-12)
    np.testing.assert_allclose(result.replicates, np.tile(expected, (40, 1)), rtol=1e-8)
    np.testing.assert_allclose(result.units["ratio"], ratio)
    np.testing.assert_allclose(result.units["vrs"], under_vrs.efficiency)


@pytest.mark.parametrize("orientation", ORIENTATIONS)
def test_moved_units_are_scored_against_each_other(synth43: Sample, orientation: Any) -> None:
    """One replication by `dea` on the moved figures."""
    rng = np.random.default_rng(2)
    drawn = 1.0 + rng.exponential(0.3, (40, 43))
    drawn = drawn if orientation == "output" else 1.0 / drawn
    result = rts_test(synth43, orientation=orientation, draws=drawn)
    table = synth43.to_frame()
    farrell = dea(synth43, orientation=orientation, rts="crs").farrell
    moved = list(synth43.outputs if orientation == "output" else synth43.inputs)
    table[moved] = table[moved].mul(farrell / drawn[0], axis=0)
    sample = Sample.from_table(table, synth43.inputs, synth43.outputs, "unit")
    null, vrs = (dea(sample, orientation=orientation, rts=rts).efficiency for rts in ("crs", "vrs"))
    np.testing.assert_allclose(result.replicates[0], [np.mean(null / vrs), null.mean() / vrs.mean()], rtol=1e-9)


def test_p_value_and_critical_value_by_definition(outcome: ScaleTestResult) -> None:
    for place, row in outcome.scores.iterrows():
        drawn = outcome.replicates[:, place]
        assert row["p_value"] == (1 + np.sum(drawn <= row["value"])) / 201
        assert np.mean(drawn <= row["critical"]) == pytest.approx(0.05, abs=0.01)
        assert row["is_rejected"] == (row["p_value"] <= 0.05)
    assert outcome.p_value == outcome.scores["p_value"][0]


# Where the truth is known -------------------------------------------------------------------------------------------


def test_size_and_power() -> None:
    """At level 0.9 about a tenth of the true hypotheses may be rejected; a frontier cost = result^1.5 is found out."""
    rejected = {
        power: np.mean(
            [rts_test(simulate(s, power), level=0.9, replications=60, seed=s).is_rejected for s in range(40)]
        )
        for power in (1.0, 1.5)
    }
    assert rejected[1.0] <= 0.2
    assert rejected[1.5] >= 0.9


def test_non_increasing_returns_are_told_from_increasing_ones() -> None:
    """cost = result^1.6 has decreasing returns, so `nirs` stands; cost = result^0.5 has increasing ones."""
    p_values = {
        power: [rts_test(simulate(s, power), null="nirs", replications=60, seed=s).p_value for s in range(4)]
        for power in (1.6, 0.5)
    }
    assert min(p_values[1.6]) > 0.05
    assert max(p_values[0.5]) < 0.05


# The result ---------------------------------------------------------------------------------------------------------


def test_result(synth43: Sample, outcome: ScaleTestResult) -> None:
    assert outcome.scores["statistic"].tolist() == ["mean of ratios", "ratio of means"]
    assert tuple(outcome.units["unit"]) == synth43.units
    assert (outcome.units["ratio"] <= 1.0 + 1e-12).all()
    assert outcome.replicates.max() <= 1.0 + 1e-9
    assert outcome.info["n_unsolved"] == 0
    assert outcome.info["null"] == "crs"
    with pytest.raises(ValueError, match="read-only"):
        outcome.replicates[0, 0] = 1.0


def test_decision_in_words(outcome: ScaleTestResult) -> None:
    assert not outcome.is_rejected
    assert outcome.decision.startswith("The figures do not speak against constant returns to scale (level 0.95, p = ")
    assert outcome.decision in outcome.summary()
    assert outcome.decision in repr(outcome)
    rejected = rts_test(simulate(1, 2.0), null="crs", replications=100, seed=1)
    assert rejected.decision == (
        "Constant returns to scale are rejected (level 0.95, p = 0.0099): variable returns to scale are needed."
    )
    assert rejected.summary().count("\n") == 36


def test_same_seed_same_result_whatever_the_threads(synth43: Sample, monkeypatch: pytest.MonkeyPatch) -> None:
    results = []
    for threads in (1, 3):
        monkeypatch.setattr("numba.config.NUMBA_NUM_THREADS", threads)
        monkeypatch.setattr("benchlib.efficiency.nonparametric.solution.WORTH_THREADS", 0)
        results.append(rts_test(synth43, replications=60, seed=7).replicates)
    np.testing.assert_array_equal(results[0], results[1])
    assert not np.allclose(rts_test(synth43, replications=60, seed=8).replicates, results[0])


@settings(max_examples=8, deadline=None)
@given(st.floats(1e-9, 1e12), st.floats(1e-9, 1e12), st.permutations(range(30)))
def test_units_of_measurement_and_order_change_nothing_observed(
    dollars: float, pupils: float, order: list[int]
) -> None:
    sample = simulate(3, 1.3)
    table = sample.to_frame().iloc[order]
    table["cost"], table["result"] = table["cost"] * dollars, table["result"] * pupils
    moved = rts_test(Sample.from_table(table, "cost", "result", "unit"), replications=40, seed=1)
    expected = rts_test(sample, replications=40, seed=1)
    np.testing.assert_allclose(moved.scores["value"], expected.scores["value"], rtol=1e-8)


# Bad input ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"null": "vrs"}, "null='vrs' is not an option. Allowed: 'crs', 'nirs'"),
        ({"null": None}, "null=None"),
        ({"orientation": "in"}, "orientation='in'"),
        ({"seed": None}, "seed is missing"),
        ({"level": 1.0}, "level=1.0 is not a probability"),
        ({"replications": 20}, "20 replications are too few"),
        ({"bandwidth": -1.0}, "bandwidth=-1.0 is not a positive number"),
        ({"frontier_units": True}, "frontier_units=True"),
        ({"draws": np.ones((40, 3))}, r"shape \(40, 3\); needed is \(replications, 43\)"),
        ({"draws": np.full((40, 43), 2.0)}, "above 0 and up to 1"),
    ],
)
def test_wrong_options(synth43: Sample, words: dict[str, Any], message: str) -> None:
    with pytest.raises(OptionError, match=message):
        rts_test(synth43, **({"seed": 1} | words))


@pytest.mark.filterwarnings("ignore::benchlib.errors.FewUnitsWarning")
def test_samples_that_cannot_be_tested() -> None:
    missing = pd.DataFrame({"x": [1.0, np.nan], "y": 1.0})
    with pytest.raises(SampleError, match="without_missing"):
        rts_test(Sample.from_table(missing, "x", "y"), seed=1)
    on_a_ray = pd.DataFrame({"x": [1.0, 2.0, 4.0], "y": [1.0, 2.0, 4.0]})
    with pytest.raises(SampleError, match="All 3 units are efficient"):
        rts_test(Sample.from_table(on_a_ray, "x", "y"), seed=1)
    without_output = pd.DataFrame({"x": [1.0, 2.0, 4.0], "y": [0.0, 3.0, 4.0]}, index=list("PQR"))
    with pytest.raises(SampleError, match="cannot be bootstrapped: P"), pytest.warns(UnsolvedUnitsWarning):
        rts_test(Sample.from_table(without_output, "x", "y"), seed=1)


def test_few_units_warn_once(five: Sample) -> None:
    with pytest.warns(FewUnitsWarning) as caught:
        rts_test(five, seed=1, replications=40)
    assert len(caught) == 1
    assert caught[0].filename == __file__
