"""The bootstrap: replayed with another tool's draws, its formulas written out, the same for the same seed, and bad input."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from benchlib.efficiency import BootstrapResult, Sample, bootstrap, dea
from benchlib.efficiency.inference.draws import draw_distances
from benchlib.errors import FewUnitsWarning, OptionError, SampleError, UnsolvedUnitsWarning
from tests.efficiency.reference import ORIENTATION, REFERENCE, RTS

COLUMNS = ["unit", "name", "efficiency", "bias", "corrected", "low", "high", "rank", "rank_low", "rank_high"]


@pytest.fixture(scope="module")
def inward(synth43: Sample) -> BootstrapResult:
    return bootstrap(synth43, replications=400, seed=1)


def read(model: str, what: str) -> np.ndarray:
    return pd.read_csv(REFERENCE / "boot" / f"synth43_{model}_{what}.csv").to_numpy()


# Against another tool -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", ["vrs_in", "vrs_out", "crs_in", "drs_out"])
def test_replayed_draws_give_the_replications_of_another_tool(synth43: Sample, model: str) -> None:
    rts, letters = model.split("_")
    result = bootstrap(synth43, orientation=ORIENTATION[letters], rts=RTS[rts], draws=read(model, "drawn"))
    np.testing.assert_allclose(result.replicates, read(model, "replicated"), rtol=1e-8)
    assert result.info["replications"] == 40
    assert (result.info["n_highs"], result.info["n_unsolved"]) == (0, 0)


@pytest.mark.parametrize("letters", ORIENTATION)
def test_own_draws_give_the_bias_of_another_tool_if_frontier_units_are_kept(synth43: Sample, letters: str) -> None:
    """Their correction is 2 d - mean(d*) for the distances; 500 replications there, 1000 here."""
    theirs = pd.read_csv(REFERENCE / "boot" / f"synth43_vrs_{letters}_boot500.csv")["eff_bc"].to_numpy()
    result = bootstrap(synth43, orientation=ORIENTATION[letters], frontier_units="keep", replications=1000, seed=1)
    replicated = result.replicates if letters == "out" else 1 / result.replicates
    ours = 2 / result.scores["efficiency"].to_numpy() - replicated.mean(axis=0)
    ours = ours if letters == "out" else 1 / ours
    assert ours.mean() == pytest.approx(theirs.mean(), rel=0.003)
    np.testing.assert_allclose(ours, theirs, rtol=0.02)


@pytest.mark.parametrize("letters", ORIENTATION)
def test_scores_follow_from_the_replications_as_documented(synth43: Sample, letters: str) -> None:
    """The formulas of the docstring, written out for each unit."""
    result = bootstrap(synth43, orientation=ORIENTATION[letters], draws=read(f"vrs_{letters}", "drawn"), level=0.9)
    replicated = result.replicates if letters == "out" else 1 / result.replicates
    for j, row in result.scores.iterrows():
        efficiency = row["efficiency"]
        ratio = replicated[:, j] * efficiency
        assert ratio.max() <= 1 + 1e-9, "a technology drawn lies inside the estimated one"
        assert row["corrected"] == pytest.approx(efficiency * ratio.mean())
        assert row["bias"] == pytest.approx(efficiency - row["corrected"])
        assert row["low"] == pytest.approx(efficiency * np.quantile(ratio, 0.05))
        assert row["high"] == pytest.approx(efficiency * np.quantile(ratio, 0.95))


def test_correction_lies_between_those_of_distances_and_of_efficiencies(inward: BootstrapResult) -> None:
    """The two customary ones differ; see the Notes of `bootstrap`."""
    efficiency = inward.scores["efficiency"].to_numpy()
    by_efficiencies = 2 * efficiency - inward.replicates.mean(axis=0)
    by_distances = 1 / (2 / efficiency - (1 / inward.replicates).mean(axis=0))
    assert (by_efficiencies < inward.scores["corrected"]).all()
    assert (inward.scores["corrected"] < by_distances).all()


# Draws --------------------------------------------------------------------------------------------------------------


def distances(n: int = 200) -> np.ndarray:
    rng = np.random.default_rng(1)
    return np.concatenate([np.ones(n // 4), np.exp(np.abs(rng.normal(0.0, 0.3, n - n // 4)))])


@pytest.mark.parametrize("frontier_units", ["drop", "keep"])
def test_draws_are_smooth_reflected_and_of_the_right_spread(frontier_units: Any) -> None:
    distance, width = distances(), 0.1
    source = distance[distance > 1] if frontier_units == "drop" else distance
    drawn = draw_distances(distance, width, 200, np.random.default_rng(1), frontier_units)
    assert drawn.shape == (200, 200)
    assert drawn.min() >= 1.0
    assert len(np.unique(drawn)) == drawn.size, "a resample of the scores would repeat values"
    assert not np.isin(drawn, distance).any()
    assert np.mean((drawn - 1) ** 2) == pytest.approx(np.mean((source - 1) ** 2), rel=0.02)
    assert (drawn < 1.01).any(), "shrunk towards their mean, no draw would come near the frontier"


def test_draws_leave_neither_a_gap_nor_a_heap_at_the_frontier() -> None:
    drawn = draw_distances(distances(), 0.1, 500, np.random.default_rng(1))
    near, next_to_it = (np.mean((drawn > low) & (drawn <= low + 0.025)) for low in (1.0, 1.025))
    assert near == pytest.approx(next_to_it, rel=0.05)


def test_each_distance_is_equally_likely() -> None:
    """Three distances with so little noise that each draw tells where it comes from; the shrinking is (1 + h^2 / v)^(-1/2)."""
    distance, width = np.array([1.0, 1.2, 1.6]), 0.02
    drawn = draw_distances(distance, width, 4000, np.random.default_rng(1))
    mean_square = (0.2**2 + 0.6**2) / 2
    by_hand = 1 + np.array([0.2, 0.6]) / np.sqrt(1 + width**2 / mean_square)
    assert np.mean(drawn > 1.4) == pytest.approx(0.5, abs=0.02)
    assert drawn[drawn < 1.4].mean() == pytest.approx(by_hand[0], abs=0.001)
    assert drawn[drawn > 1.4].mean() == pytest.approx(by_hand[1], abs=0.001)
    kept = draw_distances(distance, width, 4000, np.random.default_rng(1), "keep")
    assert np.mean(kept < 1.1) == pytest.approx(1 / 3, abs=0.02)


def test_more_noise_more_correction(synth43: Sample) -> None:
    narrow, wide = (
        bootstrap(synth43, replications=100, seed=3, bandwidth=h, frontier_units="keep").scores["bias"].mean()
        for h in (0.01, 0.1)
    )
    assert narrow < wide


def test_dropping_frontier_units_corrects_more(synth43: Sample, inward: BootstrapResult) -> None:
    kept = bootstrap(synth43, replications=400, seed=1, frontier_units="keep")
    assert (kept.scores["bias"] < inward.scores["bias"]).all()
    assert kept.info["bandwidth"] < inward.info["bandwidth"]
    assert (kept.info["frontier_units"], inward.info["frontier_units"]) == ("keep", "drop")


# The result ---------------------------------------------------------------------------------------------------------


def test_table(synth43: Sample, inward: BootstrapResult) -> None:
    scores = inward.scores
    assert scores.columns.tolist() == COLUMNS
    assert tuple(scores["unit"]) == synth43.units
    np.testing.assert_array_equal(scores["efficiency"], dea(synth43).efficiency)
    assert (scores["bias"] > 0).all()
    assert (scores["low"] <= scores["corrected"]).all()
    assert (scores["corrected"] <= scores["high"]).all()
    assert (scores["high"] <= scores["efficiency"] + 1e-12).all()
    assert (scores["low"] > 0).all()


def test_ranks(inward: BootstrapResult) -> None:
    scores = inward.scores
    assert sorted(scores["rank"]) == list(range(1, 44))
    assert scores.sort_values("rank")["corrected"].is_monotonic_decreasing
    assert (scores["rank_low"] >= 1).all()
    assert (scores["rank_high"] <= 43).all()
    assert (scores["rank_low"] <= scores["rank"]).all()
    assert (scores["rank"] <= scores["rank_high"]).all()
    width = scores["rank_high"] - scores["rank_low"]
    assert width.max() > 10, "small samples do not know their ranks well"
    assert width.mean() < 30


def test_duplicates_share_their_ranks(synth43: Sample) -> None:
    table = synth43.to_frame()
    twice = pd.concat([table, table.iloc[[4]].assign(unit="twin")], ignore_index=True)
    result = bootstrap(Sample.from_table(twice, synth43.inputs, synth43.outputs, "unit"), replications=100, seed=1)
    scores = result.scores.set_index("unit")
    for column in ("corrected", "rank", "rank_low", "rank_high"):
        assert scores.loc["twin", column] == pytest.approx(scores.loc["D00005", column], rel=1e-9)


def test_same_seed_same_result_whatever_the_threads(
    synth43: Sample, inward: BootstrapResult, monkeypatch: pytest.MonkeyPatch
) -> None:
    for threads in (1, 3):
        monkeypatch.setattr("numba.config.NUMBA_NUM_THREADS", threads)
        again = bootstrap(synth43, replications=400, seed=np.random.default_rng(1))
        pd.testing.assert_frame_equal(again.scores, inward.scores, check_exact=True)
        np.testing.assert_array_equal(again.replicates, inward.replicates)
    other = bootstrap(synth43, replications=400, seed=2)
    assert not np.allclose(other.scores["low"], inward.scores["low"])


def test_units_of_measurement_change_nothing(synth43: Sample, inward: BootstrapResult) -> None:
    table = synth43.to_frame()
    table["x1"], table["y1"] = table["x1"] * 1e-9, table["y1"] * 1e12
    moved = bootstrap(Sample.from_table(table, synth43.inputs, synth43.outputs, "unit"), replications=400, seed=1)
    np.testing.assert_allclose(moved.scores["low"], inward.scores["low"], rtol=1e-7)
    np.testing.assert_allclose(moved.scores["corrected"], inward.scores["corrected"], rtol=1e-7)


def test_a_higher_level_is_wider(synth43: Sample, inward: BootstrapResult) -> None:
    wider = bootstrap(synth43, replications=400, seed=1, level=0.99)
    assert (wider.scores["low"] < inward.scores["low"]).all()
    assert (wider.scores["rank_high"] >= inward.scores["rank_high"]).all()


def test_looks(inward: BootstrapResult) -> None:
    assert repr(inward).startswith(
        "BootstrapResult(Bootstrap of DEA, input orientation, vrs; 400 replications, level 0.95, "
    )
    assert inward.summary().count("\n") == 45
    assert inward._repr_html_().count("<tr") == 44
    assert inward.to_frame() is not inward.scores
    with pytest.raises(ValueError, match="read-only"):
        inward.replicates[0, 0] = 1.0


# Bad input ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"seed": None}, "seed is missing"),
        ({"seed": "7"}, "seed='7' is neither"),
        ({"seed": -1}, "seed=-1 is neither"),
        ({"seed": True}, "seed=True is neither"),
        ({"level": 95}, "level=95 is not a probability"),
        ({"level": 0.0}, r"level=0.0 is not"),
        ({"level": "0.95"}, "level='0.95' is not"),
        ({"replications": 20}, "20 replications are too few for level=0.95: at least 40"),
        ({"replications": 2000.5}, "replications=2000.5 is not a whole number"),
        ({"bandwidth": 0.0}, "bandwidth=0.0 is not a positive number"),
        ({"bandwidth": np.nan}, "bandwidth=nan is not a positive number"),
        ({"bandwidth": "scott"}, "bandwidth='scott' is not an option. Allowed: 'rule', 'cross-validation'"),
        ({"frontier_units": "leave"}, "frontier_units='leave' is not an option. Allowed: 'drop', 'keep'"),
        ({"orientation": "in"}, "orientation='in'"),
        ({"rts": "irs"}, "rts='irs'"),
        ({"draws": np.ones((40, 3))}, r"shape \(40, 3\); needed is \(replications, 43\)"),
        ({"draws": np.ones((10, 43))}, "10 replications are too few"),
        ({"draws": np.full((40, 43), 1.2)}, "above 0 and up to 1 in input orientation"),
        ({"draws": np.zeros((40, 43))}, "above 0 and up to 1"),
        ({"draws": np.full((40, 43), np.nan)}, "above 0 and up to 1"),
        ({"draws": np.full((40, 43), 0.8), "orientation": "output"}, "from 1 on in output orientation"),
    ],
)
def test_wrong_options(synth43: Sample, words: dict[str, Any], message: str) -> None:
    with pytest.raises(OptionError, match=message):
        bootstrap(synth43, **({"seed": 1} | words))


@pytest.mark.filterwarnings("ignore::benchlib.errors.FewUnitsWarning")
def test_where_all_are_efficient_there_is_nothing_to_draw_from() -> None:
    sample = Sample.from_table(pd.DataFrame({"x": [1.0, 2.0, 4.0], "y": [1.0, 3.0, 4.0]}), "x", "y")
    with pytest.raises(SampleError, match="All 3 units are efficient"):
        bootstrap(sample, seed=1)
    assert (bootstrap(sample, seed=1, bandwidth=0.1).scores["bias"] > 0).all()


@pytest.mark.filterwarnings("ignore::benchlib.errors.FewUnitsWarning")
def test_a_unit_without_a_score_is_refused_by_name() -> None:
    table = pd.DataFrame({"x": [1.0, 2.0, 4.0], "y": [0.0, 3.0, 4.0]}, index=list("PQR"))
    with pytest.raises(SampleError, match="cannot be bootstrapped: P"), pytest.warns(UnsolvedUnitsWarning):
        bootstrap(Sample.from_table(table, "x", "y"), orientation="output", seed=1)


def test_missing_and_negative_figures_and_few_units(five: Sample) -> None:
    with pytest.warns(FewUnitsWarning) as caught:
        bootstrap(five, seed=1, replications=40)
    assert [one.filename for one in caught] == [__file__]
    with pytest.raises(SampleError, match="without_missing"):
        bootstrap(Sample.from_table(pd.DataFrame({"x": [1.0, np.nan], "y": 1.0}), "x", "y"), seed=1)
    with pytest.raises(SampleError, match="negative for B"):
        bootstrap(
            Sample.from_table(pd.DataFrame({"x": [1.0, 2.0], "y": [1.0, -1.0]}, index=["A", "B"]), "x", "y"), seed=1
        )
