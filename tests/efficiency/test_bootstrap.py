"""The bootstrap: replayed with another tool's draws, held against known truth, and the same for the same seed."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from benchlib.efficiency import BootstrapResult, Sample, bootstrap, dea
from benchlib.efficiency.inference.smoothed import draw_distances, rule_of_thumb
from benchlib.errors import FewUnitsWarning, OptionError, SampleError, UnsolvedUnitsWarning
from tests.efficiency.reference import ORIENTATION, REFERENCE

COLUMNS = ["unit", "name", "efficiency", "bias", "corrected", "low", "high", "rank", "rank_low", "rank_high"]


@pytest.fixture(scope="module")
def inward(synth43: Sample) -> BootstrapResult:
    return bootstrap(synth43, replications=400, seed=1)


def simulate(seed: int, n: int = 60) -> tuple[Sample, np.ndarray]:
    """Return a sample with the frontier cost = result^1.5, and the true efficiencies."""
    rng = np.random.default_rng(seed)
    result, truth = rng.uniform(1.0, 4.0, n), np.exp(-np.abs(rng.normal(0.0, 0.3, n)))
    return Sample.from_table(pd.DataFrame({"cost": result**1.5 / truth, "result": result}), "cost", "result"), truth


# Against another tool -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("letters", ORIENTATION)
def test_replayed_draws_give_the_replications_of_another_tool(synth43: Sample, letters: str) -> None:
    drawn, replicated = (
        pd.read_csv(REFERENCE / "boot" / f"synth43_vrs_{letters}_{what}.csv").to_numpy()
        for what in ("drawn", "replicated")
    )
    result = bootstrap(synth43, orientation=ORIENTATION[letters], draws=drawn)
    np.testing.assert_allclose(result.replicates, replicated, rtol=1e-8)
    assert result.info["replications"] == 40
    assert (result.info["n_highs"], result.info["n_unsolved"]) == (0, 0)


@pytest.mark.parametrize("letters", ORIENTATION)
def test_scores_follow_from_the_replications_as_documented(synth43: Sample, letters: str) -> None:
    """The formulas of the docstring, written out for each unit."""
    drawn = pd.read_csv(REFERENCE / "boot" / f"synth43_vrs_{letters}_drawn.csv").to_numpy()
    result = bootstrap(synth43, orientation=ORIENTATION[letters], draws=drawn, level=0.9)
    replicated = result.replicates if letters == "out" else 1 / result.replicates
    for j, row in result.scores.iterrows():
        d = 1 / row["efficiency"]
        assert row["corrected"] == pytest.approx(1 / (2 * d - replicated[:, j].mean()))
        assert row["bias"] == pytest.approx(row["efficiency"] - row["corrected"])
        assert row["low"] == pytest.approx(1 / (2 * d - np.quantile(replicated[:, j], 0.05)))
        assert row["high"] == pytest.approx(1 / (2 * d - np.quantile(replicated[:, j], 0.95)))


# Against the truth --------------------------------------------------------------------------------------------------


def test_bias_and_intervals_where_the_frontier_is_known() -> None:
    """Without noise, or clipped instead of reflected, the estimated bias is less than half of the true one.

    Intervals are judged for units inside the range of sizes and below the frontier; there they hold the truth in some 75 %,
    without noise in 35 %.
    """
    true_bias, estimated_bias, is_covered = [], [], []
    for seed in range(12):
        sample, truth = simulate(seed)
        scores = bootstrap(sample, replications=100, seed=seed).scores
        true_bias.append((scores["efficiency"] - truth).mean())
        estimated_bias.append(scores["bias"].mean())
        is_judged = (sample.Y[:, 0] > 1.8) & (sample.Y[:, 0] < 3.2) & (truth < 0.85)
        is_covered.append(((scores["low"] <= truth) & (truth <= scores["high"]))[is_judged].mean())
    assert np.mean(estimated_bias) == pytest.approx(np.mean(true_bias), rel=0.3)
    assert 0.6 < np.mean(is_covered) < 0.99


def test_draws_are_smooth_reflected_and_of_the_right_spread() -> None:
    distance = 1 / dea(simulate(1, 200)[0]).efficiency
    width = rule_of_thumb(distance)
    drawn = draw_distances(distance, width, 200, np.random.default_rng(1))
    assert drawn.shape == (200, 200)
    assert drawn.min() >= 1.0
    assert len(np.unique(drawn)) == drawn.size, "a resample of the scores would repeat values"
    assert not np.isin(drawn, distance).any()
    assert np.mean((drawn - 1) ** 2) == pytest.approx(np.mean((distance - 1) ** 2), rel=0.05)
    # Reflection leaves a density without a gap and without a heap at the frontier.
    near, next_to_it = (np.mean((drawn > low) & (drawn <= low + width / 4)) for low in (1.0, 1.0 + width / 4))
    assert near == pytest.approx(next_to_it, rel=0.2)


def test_bandwidth_by_hand() -> None:
    """Distances 1, 1, 1.2, 1.4 leave 1.2, 1.4 and their images 0.8, 0.6: sd 0.36515, iqr 0.5, which over 1.349 is more."""
    distance = np.array([1.0, 1.0, 1.2, 1.4])
    expected = 0.9 * 0.3651484 * 4**-0.2 * (4 / 4) ** 0.2 * distance.std(ddof=1) / 0.3651484
    assert rule_of_thumb(distance) == pytest.approx(expected, rel=1e-6)


def test_more_noise_more_correction(synth43: Sample) -> None:
    narrow, wide = (
        bootstrap(synth43, replications=100, seed=3, bandwidth=h).scores["bias"].mean() for h in (0.01, 0.1)
    )
    assert narrow < wide


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


def test_missing_figures_and_few_units(five: Sample) -> None:
    with pytest.warns(FewUnitsWarning) as caught:
        bootstrap(five, seed=1, replications=40)
    assert [one.filename for one in caught] == [__file__]
    with pytest.raises(SampleError, match="without_missing"):
        bootstrap(Sample.from_table(pd.DataFrame({"x": [1.0, np.nan], "y": 1.0}), "x", "y"), seed=1)
