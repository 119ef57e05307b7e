"""Mean efficiency: its formula written out, its interval where the truth is known, and bad input."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from benchlib.efficiency import Sample, dea
from benchlib.efficiency.inference.means import mean_difference, mean_efficiency
from benchlib.efficiency.inference.subsampling import draw_orders
from benchlib.errors import FewUnitsWarning, OptionError, SampleError, UnsolvedUnitsWarning

#: Mean of exp(-u) for half-normal u with parameter 0.3.
TRUE_MEAN = 2 * np.exp(0.045) * norm.cdf(-0.3)


def simulate(seed: int, n: int = 60, parameter: float = 0.3) -> Sample:
    """Return a sample with the frontier result = (staff * money)^0.35 and units of known mean efficiency."""
    rng = np.random.default_rng(seed)
    inputs = rng.uniform(1.0, 4.0, (n, 2))
    figures = {"result": np.prod(inputs, axis=1) ** 0.35}
    inputs /= np.exp(-np.abs(rng.normal(0.0, parameter, n)))[:, None]
    table = pd.DataFrame({"staff": inputs[:, 0], "money": inputs[:, 1], **figures})
    return Sample.from_table(table, ["staff", "money"], "result")


# The formula --------------------------------------------------------------------------------------------------------


@pytest.mark.filterwarnings("ignore::benchlib.errors.FewUnitsWarning")
@pytest.mark.parametrize(("rts", "rate"), [("crs", 2 / 3), ("vrs", 2 / 4), ("nirs", 2 / 4)])
@pytest.mark.parametrize("orientation", ["input", "output"])
def test_as_documented(orientation: Any, rts: Any, rate: float) -> None:
    """Each half scored against itself by `dea`, the jackknife and the interval written out."""
    sample = simulate(1, 31)
    result = mean_efficiency(sample, orientation=orientation, rts=rts, splits=3, level=0.9, seed=5)
    efficiency = dea(sample, orientation=orientation, rts=rts).efficiency
    halves = [
        dea(sample.subset([sample.units[i] for i in half]), orientation=orientation, rts=rts).efficiency.mean()
        for order in draw_orders(31, 3, np.random.default_rng(5))
        for half in (order[:15], order[15:])
    ]
    bias = (np.mean(halves) - efficiency.mean()) / (2**rate - 1)
    error = np.sqrt((efficiency.var(ddof=1) + bias**2) / 31)
    row = result.scores.iloc[0]
    assert row["mean"] == pytest.approx(efficiency.mean())
    assert row["bias"] == pytest.approx(bias)
    assert row["corrected"] == pytest.approx(efficiency.mean() - bias)
    assert row["error"] == pytest.approx(error)
    assert row["low"] == pytest.approx(efficiency.mean() - bias - norm.ppf(0.95) * error)
    assert row["high"] == pytest.approx(efficiency.mean() - bias + norm.ppf(0.95) * error)
    assert (row["n_units"], row["n_used"]) == (31, 31)
    assert result.info["rate"] == rate
    assert result.info["n_unsolved"] == 0


@pytest.mark.parametrize(
    ("rts", "n_used"),
    [("vrs", int(43 ** (4 / 6))), ("crs", int(43 ** (4 / 5)))],
)
def test_many_variables_lengthen_the_interval(synth43: Sample, rts: Any, n_used: int) -> None:
    """Five variables: the interval is that of a mean of n^(2 k) units."""
    row = mean_efficiency(synth43, rts=rts, splits=5, seed=1).scores.iloc[0]
    assert row["n_used"] == n_used < 43
    spread = dea(synth43, rts=rts).efficiency.var(ddof=1) + row["bias"] ** 2
    assert row["error"] == pytest.approx(np.sqrt(spread / n_used))


@pytest.mark.filterwarnings("ignore::benchlib.errors.FewUnitsWarning")
def test_interval_stays_within_what_efficiency_can_be() -> None:
    table = pd.DataFrame({"x": [1.0, 1.0, 1.0, 1.0, 1.0, 9.0, 9.0], "y": 1.0})
    row = mean_efficiency(Sample.from_table(table, "x", "y"), rts="crs", level=0.999, seed=1).scores.iloc[0]
    assert row["low"] >= 0.0
    assert row["high"] == 1.0


# Where the truth is known -------------------------------------------------------------------------------------------


def test_interval_contains_the_true_mean_and_the_textbook_one_does_not() -> None:
    """Level 0.95; some 0.9 of the intervals hold the truth, and hardly one of mean plus or minus two standard errors."""
    is_covered, is_covered_by_textbook, bias, true_bias = [], [], [], []
    for seed in range(60):
        sample = simulate(seed)
        row = mean_efficiency(sample, splits=10, seed=seed).scores.iloc[0]
        is_covered.append(row["low"] <= TRUE_MEAN <= row["high"])
        error = dea(sample).efficiency.std(ddof=1) / np.sqrt(60)
        is_covered_by_textbook.append(abs(row["mean"] - TRUE_MEAN) <= 1.96 * error)
        bias.append(row["bias"])
        true_bias.append(row["mean"] - TRUE_MEAN)
    assert np.mean(is_covered) >= 0.84
    assert np.mean(is_covered_by_textbook) < 0.3
    assert np.mean(bias) == pytest.approx(np.mean(true_bias), rel=0.2)


def test_difference_where_there_is_one_and_where_there_is_none() -> None:
    rejected = {}
    for parameter in (0.3, 0.9):
        p_values = []
        for seed in range(20):
            groups = [simulate(2 * seed, 40), simulate(2 * seed + 1, 40, parameter)]
            second = groups[1].to_frame().assign(unit=lambda table: table["unit"] + 1000)
            other = Sample.from_table(second, groups[0].inputs, groups[0].outputs, "unit")
            p_values.append(mean_difference(groups[0], other, splits=5, seed=seed).info["p_value"])
        rejected[parameter] = np.mean(np.array(p_values) < 0.05)
    assert rejected[0.3] <= 0.2
    assert rejected[0.9] >= 0.9


# The result ---------------------------------------------------------------------------------------------------------


def test_difference_is_that_of_the_means(synth43: Sample) -> None:
    groups = [synth43.subset(synth43.units[:21]), synth43.subset(synth43.units[21:])]
    result = mean_difference(*groups, splits=4, rts="crs", seed=3)
    rng = np.random.default_rng(3)
    alone = [mean_efficiency(group, splits=4, rts="crs", seed=rng).scores.iloc[0] for group in groups]
    scores = result.scores.set_index("group")
    assert scores.loc["first", "corrected"] == alone[0]["corrected"]
    assert scores.loc["second", "low"] == alone[1]["low"]
    difference, error = scores.loc["difference", "corrected"], scores.loc["difference", "error"]
    assert difference == pytest.approx(alone[0]["corrected"] - alone[1]["corrected"])
    assert error == pytest.approx(np.hypot(alone[0]["error"], alone[1]["error"]))
    assert scores.loc["difference", "high"] == pytest.approx(difference + norm.ppf(0.975) * error)
    assert result.info["p_value"] == pytest.approx(2 * norm.sf(abs(difference) / error))
    assert scores.loc["difference", "n_units"] == 43
    assert repr(result).startswith("DifferenceResult(Difference of mean efficiencies, input orientation, crs: ")


def test_same_seed_same_result_whatever_the_threads(synth43: Sample, monkeypatch: pytest.MonkeyPatch) -> None:
    results = []
    for threads in (1, 3):
        monkeypatch.setattr("numba.config.NUMBA_NUM_THREADS", threads)
        monkeypatch.setattr("benchlib.efficiency.nonparametric.solution.WORTH_THREADS", 0)
        results.append(mean_efficiency(synth43, splits=10, seed=7).scores)
    pd.testing.assert_frame_equal(results[0], results[1], check_exact=True)
    assert mean_efficiency(synth43, splits=10, seed=8).scores["bias"][0] != results[0]["bias"][0]


def test_looks(synth43: Sample) -> None:
    result = mean_efficiency(synth43, splits=4, seed=1)
    assert repr(result).startswith(
        "MeanResult(Mean efficiency, input orientation, vrs; 43 units: mean 0.8461, corrected "
    )
    assert result.scores.columns.tolist() == [
        "n_units", "n_used", "mean", "bias", "corrected", "error", "low", "high",
    ]  # fmt: skip
    assert "level 0.95" in result.summary()
    assert result._repr_html_().count("<tr") == 2


# Bad input ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"seed": None}, "seed is missing"),
        ({"level": "95 %"}, "level='95 %' is not a probability"),
        ({"splits": 0}, "splits=0 is not a whole number from 1 on"),
        ({"orientation": "both"}, "orientation='both'"),
        ({"rts": "drs"}, "rts='drs'"),
    ],
)
def test_wrong_options(synth43: Sample, words: dict[str, Any], message: str) -> None:
    with pytest.raises(OptionError, match=message):
        mean_efficiency(synth43, **({"seed": 1} | words))
    groups = [synth43.subset(synth43.units[:21]), synth43.subset(synth43.units[21:])]
    with pytest.raises(OptionError, match=message):
        mean_difference(*groups, **({"seed": 1} | words))


@pytest.mark.filterwarnings("ignore::benchlib.errors.FewUnitsWarning")
def test_samples_without_an_interval(five: Sample) -> None:
    with pytest.raises(SampleError, match=r"5 units are too few to estimate the bias .* 6 are the least"):
        mean_efficiency(five, seed=1)
    missing = pd.DataFrame({"x": [1.0, np.nan, 1.0, 2.0, 3.0, 4.0], "y": 1.0})
    with pytest.raises(SampleError, match="without_missing"):
        mean_efficiency(Sample.from_table(missing, "x", "y"), seed=1)
    without_output = pd.DataFrame({"x": [1.0, 2.0, 4.0, 5.0, 6.0, 7.0], "y": [0.0, 3.0, 4.0, 4.0, 4.0, 4.0]})
    with pytest.raises(SampleError, match="Units without a score"), pytest.warns(UnsolvedUnitsWarning):
        mean_efficiency(Sample.from_table(without_output, "x", "y"), rts="crs", seed=1)


def test_groups_that_cannot_be_compared(synth43: Sample) -> None:
    half = synth43.subset(synth43.units[:21])
    with pytest.raises(SampleError, match="in both are D00021"):
        mean_difference(half, synth43.subset(synth43.units[20:]), seed=1)
    table = synth43.to_frame().iloc[21:]
    fewer = Sample.from_table(table, ["x1"], ["y1", "y2", "y3"], "unit")
    with pytest.raises(SampleError, match="other variables"):
        mean_difference(half, fewer, seed=1)
    with pytest.raises(SampleError, match="must be a Sample, not str"):
        mean_difference(half, "the others", seed=1)


def test_few_units_warn(synth43: Sample) -> None:
    with pytest.warns(FewUnitsWarning) as caught:
        mean_efficiency(synth43.subset(synth43.units[:14]), rts="crs", splits=2, seed=1)
    assert [one.filename for one in caught] == [__file__]
