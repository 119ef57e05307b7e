"""Do intervals contain the truth, where it is known; and would we notice if the bootstrap lost its noise."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from benchlib.efficiency import Sample, bootstrap

SAMPLES, UNITS = 60, 30
NO_NOISE = 1e-9


def simulate(seed: int, n: int = UNITS) -> tuple[Sample, np.ndarray]:
    """Return a sample with the frontier cost = result^1.5, and the true efficiencies."""
    rng = np.random.default_rng(seed)
    result, truth = rng.uniform(1.0, 4.0, n), np.exp(-np.abs(rng.normal(0.0, 0.3, n)))
    return Sample.from_table(pd.DataFrame({"cost": result**1.5 / truth, "result": result}), "cost", "result"), truth


def outcome(**options: Any) -> dict[str, float]:
    """Return coverage, mean estimated and true bias, and coverage of the ranges of ranks, over all samples."""
    found = []
    for seed in range(SAMPLES):
        sample, truth = simulate(seed)
        scores = bootstrap(sample, replications=100, seed=seed, **options).scores
        true_rank = pd.Series(truth).rank(ascending=False)
        found.append(
            {
                "covered": ((scores["low"] <= truth) & (truth <= scores["high"])).mean(),
                "bias": scores["bias"].mean(),
                "true_bias": (scores["efficiency"] - truth).mean(),
                "ranked": ((scores["rank_low"] <= true_rank) & (true_rank <= scores["rank_high"])).mean(),
                "error": ((scores["corrected"] - truth) ** 2).mean(),
                "raw_error": ((scores["efficiency"] - truth) ** 2).mean(),
            }
        )
    return pd.DataFrame(found).mean().to_dict()


@pytest.fixture(scope="module")
def smooth() -> dict[str, float]:
    return outcome()


def test_intervals_contain_the_truth(smooth: dict[str, float]) -> None:
    """Level 0.95; in samples of 30, some 0.90 do."""
    assert 0.86 < smooth["covered"] < 0.97


def test_ranges_contain_the_true_rank(smooth: dict[str, float]) -> None:
    assert 0.92 < smooth["ranked"] < 0.98


def test_bias_is_that_of_dea(smooth: dict[str, float]) -> None:
    assert smooth["bias"] == pytest.approx(smooth["true_bias"], rel=0.15)
    assert smooth["error"] < 0.6 * smooth["raw_error"]


def test_without_noise_the_bootstrap_fails(smooth: dict[str, float]) -> None:
    """The naive bootstrap, to which every loss of the noise leads: half the bias, a third of the truths outside."""
    naive = outcome(frontier_units="keep", bandwidth=NO_NOISE)
    assert naive["covered"] < 0.72
    assert naive["bias"] < 0.55 * naive["true_bias"]
    dropped = outcome(bandwidth=NO_NOISE)
    assert dropped["covered"] < smooth["covered"] - 0.06


def test_with_frontier_units_kept_the_noise_makes_the_difference() -> None:
    kept = outcome(frontier_units="keep")
    assert 0.78 < kept["covered"] < 0.88
    assert kept["bias"] > 0.7 * kept["true_bias"]
