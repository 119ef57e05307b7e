"""The test of separability: its parts rebuilt with `dea`, its statistic where the truth is known, and when it is refused."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numba
import numpy as np
import pandas as pd
import pytest

from benchlib.efficiency import Sample, dea
from benchlib.efficiency.environment.separability import SeparabilityResult, separability_test
from benchlib.efficiency.environment.splits import (
    HALVINGS,
    Setting,
    _averaged,
    choose_bandwidth,
    compare_halves,
    contrast,
    convergence_rate,
    move,
    score,
)
from benchlib.errors import OptionError, SampleError, UnsolvedUnitsWarning

pytestmark = pytest.mark.filterwarnings("ignore::benchlib.errors.FewUnitsWarning")

FEW = {"splits": 3, "replications": 40}


def simulate(seed: int, n: int = 100, *, shift: float = 0.0, spread: float = 0.0) -> tuple[Sample, np.ndarray]:
    """Return units with the frontier x = y^1.3 (1 + shift z), and their true efficiencies, which `spread` lets fall with z."""
    rng = np.random.default_rng(seed)
    z, y = rng.uniform(0, 1, n), rng.uniform(1, 4, n)
    distance = np.exp((0.3 + spread * (z - 0.4)) * np.abs(rng.standard_normal(n)))
    table = pd.DataFrame({"x": y**1.3 * (1 + shift * z) * distance, "y": y, "z": z})
    return Sample.from_table(table, "x", "y", context="z"), 1 / distance


def setting_of(sample: Sample, width: float | None = None, **words: Any) -> Setting:
    difference = contrast(sample.Z.to_numpy(dtype=float))
    if width is None:
        width = choose_bandwidth(sample.X, sample.Y, difference, sample.Z.shape[1], 3)
    return replace(Setting(1.0, 1.0, False, convergence_rate(2, is_constant=False), difference <= width, 1), **words)


# The parts ----------------------------------------------------------------------------------------------------------


def test_contrast_by_hand() -> None:
    """Ranks over 4 are 1/8, 1/2 (twice) and 7/8."""
    found = contrast(np.array([[1.0], [2.0], [2.0], [10.0]]))
    np.testing.assert_allclose(
        found, [[0, 0.375, 0.375, 0.75], [0.375, 0, 0, 0.375], [0.375, 0, 0, 0.375], [0.75, 0.375, 0.375, 0]]
    )


def test_contrast_is_free_of_units_and_the_greatest_of_the_variables() -> None:
    Z = np.random.default_rng(1).standard_normal((20, 2))
    both, first, second = contrast(Z), contrast(Z[:, :1]), contrast(Z[:, 1:])
    np.testing.assert_array_equal(both, np.maximum(first, second))
    np.testing.assert_array_equal(both, contrast(np.column_stack([1e9 * np.exp(Z[:, 0]), Z[:, 1] ** 3])))


@pytest.mark.parametrize("orientation", ["input", "output"])
@pytest.mark.parametrize("rts", ["crs", "vrs"])
def test_conditional_scores_are_dea_against_the_neighbours(orientation: str, rts: str) -> None:
    sample, _ = simulate(2, 30)
    bounds = (1.0, 1.0) if rts == "vrs" else (0.0, np.inf)
    setting = setting_of(sample, 0.3, lowest=bounds[0], highest=bounds[1], is_output=orientation == "output")
    X, Y = sample.X.copy(), sample.Y.copy()  # as halves are: not read-only, for which kernels would be compiled again
    found = score(X, Y, setting.is_near, setting)
    for i, near in enumerate(setting.is_near):
        alone, neighbours = sample.subset([i]), sample.subset(np.flatnonzero(near).tolist())
        expected = dea(alone, orientation=orientation, rts=rts, reference=neighbours).efficiency
        assert found[i] == pytest.approx(expected[0], rel=1e-9)
    everyone = score(X, Y, None, setting)
    np.testing.assert_allclose(everyone, dea(sample, orientation=orientation, rts=rts).efficiency, rtol=1e-9)
    assert (found >= everyone - 1e-9).all()
    assert (found > everyone + 0.01).any()


def test_a_split_step_by_step() -> None:
    """Halves, jackknife and statistic, with `dea` on subsets and the same draws."""
    sample, _ = simulate(3, 41)
    setting = setting_of(sample, 0.4)
    found = compare_halves(sample.X, sample.Y, setting, np.random.default_rng(3))
    draws, means, variances = np.random.default_rng(3), [], []
    order = draws.permutation(41).tolist()
    for places, is_conditional in ((order[:20], False), (order[20:], True)):

        def mean_of(units: list[int], is_conditional: bool = is_conditional) -> np.ndarray:
            near = {i: [k for k in units if setting.is_near[i, k] or not is_conditional] for i in units}
            return np.array([dea(sample.subset([i]), reference=sample.subset(near[i])).efficiency[0] for i in units])

        efficiency, rises = mean_of(places), []
        for _ in range(HALVINGS):
            mixed = [places[k] for k in draws.permutation(len(places))]
            half = len(places) // 2
            rises.append(np.concatenate([mean_of(mixed[:half]), mean_of(mixed[half:])]).mean() - efficiency.mean())
        means.append(efficiency.mean() - np.mean(rises) / (2 ** (2 / 3) - 1))
        variances.append(efficiency.var(ddof=1) / len(places))
    assert found.unconditional == pytest.approx(means[0])
    assert found.conditional == pytest.approx(means[1])
    assert found.statistic == pytest.approx((means[1] - means[0]) / np.sqrt(sum(variances)))


@pytest.mark.parametrize("orientation", ["input", "output"])
def test_moved_units_have_the_efficiency_that_was_drawn(orientation: str) -> None:
    sample, _ = simulate(4, 30)
    drawn = np.random.default_rng(4).uniform(0.3, 1.0, 30)
    efficiency = dea(sample, orientation=orientation).efficiency
    X, Y = move(sample.X, sample.Y, efficiency, drawn, setting_of(sample, 1.0, is_output=orientation == "output"))
    moved = Sample.from_table(pd.DataFrame({"x": X[:, 0], "y": Y[:, 0]}), "x", "y")
    np.testing.assert_allclose(dea(moved, orientation=orientation, reference=sample).efficiency, drawn, rtol=1e-9)


def test_rates_and_how_many_units_are_averaged() -> None:
    assert convergence_rate(2, is_constant=False) == pytest.approx(2 / 3)
    assert convergence_rate(2, is_constant=True) == 1.0
    near = np.zeros((100, 100), dtype=bool)
    near[:, :25] = True
    sample, _ = simulate(1, 20)
    for rate, dimensions, everyone, windows in (
        (2 / 3, 1, 100, 100),
        (1 / 2, 1, 100, 100),
        (2 / 5, 1, 100, 13),  # 25^0.8
        (1 / 2, 2, 100, 25),  # 25^1
        (1 / 4, 1, 10, 5),  # 100^0.5, 25^0.5
    ):
        setting = setting_of(sample, 1.0, rate=rate, dimensions=dimensions)
        assert (_averaged(100, None, setting), _averaged(100, near, setting)) == (everyone, windows)


def test_bandwidth_is_wide_where_context_is_without_influence() -> None:
    """On average; and it holds enough units for a quarter of the sample."""
    widths: dict[float, list[float]] = {0.0: [], 2.0: []}
    for shift, found in widths.items():
        for seed in range(8):
            sample, _ = simulate(seed, 80, shift=shift)
            difference = contrast(sample.Z.to_numpy())
            found.append(choose_bandwidth(sample.X, sample.Y, difference, 1, 3))
            assert (difference <= found[-1]).sum(axis=1).mean() / 4 >= 3
    assert np.mean(widths[0.0]) > 0.7
    assert np.mean(widths[2.0]) < 0.4


def test_bandwidth_by_brute_force() -> None:
    """The criterion written out unit by unit, on the same grid."""
    sample, _ = simulate(4, 40, shift=1.0)
    X, Y, n = sample.X[:, 0], sample.Y[:, 0], 40
    difference = contrast(sample.Z.to_numpy())
    errors = {}
    for width in np.geomspace(np.sort(difference.ravel())[4 * 3 * n] / 2**0.2, 1.0, 16):
        error = 0.0
        for i in range(n):
            others = [k for k in range(n) if k != i and difference[i, k] <= width]
            for j in range(n):
                share = np.mean([X[k] <= X[j] and Y[k] >= Y[j] for k in others]) if others else 0.0
                error += ((X[i] <= X[j] and Y[i] >= Y[j]) - share) ** 2
        errors[width] = error
    best = min(errors, key=lambda width: errors[width])
    assert choose_bandwidth(sample.X, sample.Y, difference, 1, 3) == pytest.approx(min(1.0, best * 2**0.2))


# Against the truth --------------------------------------------------------------------------------------------------


def statistics(count: int, **words: float) -> np.ndarray:
    found = []
    for seed in range(count):
        sample, _ = simulate(seed, **words)
        found.append(compare_halves(sample.X, sample.Y, setting_of(sample), np.random.default_rng(seed)).statistic)
    return np.array(found)


@pytest.mark.parametrize("spread", [0.0, 0.4])
def test_statistic_where_separability_holds(spread: float) -> None:
    """Nearly standard normal, also where efficiency falls with context. Uncorrected for bias its mean would be far above 0."""
    found = statistics(60, spread=spread)
    assert abs(found.mean()) < 0.5
    assert 0.8 < found.std() < 1.7
    assert np.mean(found > 1.645) < 0.2


def test_statistic_where_context_shifts_the_frontier() -> None:
    found = statistics(30, shift=1.0)
    assert found.mean() > 2.0
    assert np.mean(found > 1.645) > 0.6


def test_jackknife_removes_most_of_the_bias() -> None:
    plain, corrected = [], []
    for seed in range(40):
        sample, truth = simulate(seed, 80)
        setting = setting_of(sample, 0.4)
        found = compare_halves(sample.X, sample.Y, setting, np.random.default_rng(seed))
        corrected.append([found.unconditional - truth.mean(), found.conditional - truth.mean()])
        half = np.random.default_rng(seed).permutation(80)
        near = setting.is_near[np.ix_(half[40:], half[40:])]
        plain.append(
            [
                score(sample.X[part], sample.Y[part], window, setting).mean() - truth.mean()
                for part, window in ((half[:40], None), (half[40:], near))
            ]
        )
    assert (np.mean(plain, axis=0) > [0.025, 0.045]).all()
    assert (np.abs(np.mean(corrected, axis=0)) < np.mean(plain, axis=0) / 2).all()


@pytest.fixture(scope="module")
def rejected() -> SeparabilityResult:
    return separability_test(simulate(1, 80, shift=3.0)[0], seed=1, **FEW)


def test_decisions(rejected: SeparabilityResult) -> None:
    assert rejected.info["is_rejected"] is True
    assert rejected.info["decision"] == "rejected: context shifts the frontier"
    kept = separability_test(simulate(1, 80)[0], seed=1, **FEW)
    assert kept.info["is_rejected"] is False
    assert kept.info["decision"] == "not rejected"
    assert kept.info["p_value"] > 0.1 > rejected.info["p_value"]


# The result ---------------------------------------------------------------------------------------------------------


def test_statistic_and_p_value_follow_from_splits_and_replicates(rejected: SeparabilityResult) -> None:
    scores, info = rejected.scores, rejected.info
    assert list(scores) == ["split", "unconditional", "conditional", "statistic", "p_value"]
    assert scores["split"].tolist() == [1, 2, 3]
    assert info["statistic"] == pytest.approx(scores["statistic"].mean())
    assert info["p_value"] == (1 + (rejected.replicates >= info["statistic"]).sum()) / 41
    assert info["n_lost"] == 0
    assert len(rejected.replicates) == 40
    assert abs(rejected.replicates.mean()) < info["statistic"]
    with pytest.raises(ValueError, match="read-only"):
        rejected.replicates[0] = 0.0


def test_looks(rejected: SeparabilityResult) -> None:
    assert rejected.title.startswith(
        "Separability, input orientation, vrs, context z: rejected: context shifts the frontier (statistic "
    )
    assert rejected.title.endswith("level 0.95; 3 splits, 40 replications; 80 units)")
    assert repr(separability_test(simulate(1, 80, shift=3.0)[0], seed=1, **FEW)) == repr(rejected)


def test_same_seed_same_result_whatever_the_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    sample, _ = simulate(5, 60)
    results = []
    for threads in (1, 4):
        monkeypatch.setattr(numba.config, "NUMBA_NUM_THREADS", threads)
        results.append(separability_test(sample, orientation="output", rts="crs", seed=5, splits=2, replications=40))
    pd.testing.assert_frame_equal(results[0].scores, results[1].scores, check_exact=True)
    np.testing.assert_array_equal(results[0].replicates, results[1].replicates)
    other = separability_test(sample, orientation="output", rts="crs", seed=6, splits=2, replications=40)
    assert not np.array_equal(other.replicates, results[0].replicates)


# When it is refused -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"seed": None}, "seed is missing"),
        ({"rts": "nirs"}, "rts='nirs' is not an option. Allowed: 'crs', 'vrs'"),
        ({"orientation": "in"}, "orientation='in'"),
        ({"splits": 0}, "splits=0 is not a whole number from 1 on"),
        ({"replications": 10}, "10 replications are too few"),
        ({"level": 2}, "level=2 is not"),
    ],
)
def test_wrong_options(words: dict[str, Any], message: str) -> None:
    with pytest.raises(OptionError, match=message):
        separability_test(simulate(1)[0], **({"seed": 1} | words))


def changed(n: int = 42, **columns: Any) -> Sample:
    table = simulate(1, n)[0].to_frame().assign(**columns)
    return Sample.from_table(table, "x", "y", unit="unit", context=["z", *(name for name in columns if name != "z")])


RANDOM = np.random.default_rng(1).standard_normal(42)
ALIKE = pd.DataFrame({"x": 1.0, "y": 1.0, "z": RANDOM})


@pytest.mark.parametrize(
    ("sample", "words", "message"),
    [
        (changed(w=RANDOM), {}, "42 units are too few .* 2 inputs and outputs and 2 context variables.* At least 48"),
        (changed(20), {}, r"20 units are too few .* 1 context variable: .* At least 24 are needed"),
        (changed(w=RANDOM > 0), {"context": "w"}, "continuous context; 'w' holds bool. Test the groups"),
        (changed(w=np.where(RANDOM > 0, "city", "novads")), {"context": "w"}, "continuous context; 'w' holds"),
        (changed(w=np.arange(42) % 5), {"context": "w"}, "'w' has only 5 different values, at least 10"),
        (changed(w=np.where(np.arange(42) == 3, np.inf, RANDOM)), {"context": "w"}, "'w' is infinite for a unit"),
        (changed(z=np.where(np.arange(42) == 3, np.nan, RANDOM)), {}, r"Context is missing for 3 \(z\)"),
        (changed(), {"context": "area"}, "Not among the context of the sample: area"),
        (Sample.from_table(changed().to_frame(), "x", "y", unit="unit"), {}, "There are no context variables"),
        (Sample.from_table(ALIKE, "x", "y", context="z"), {}, "In a half of the 42 units all are efficient"),
    ],
)
def test_refused(sample: Sample, words: dict[str, Any], message: str) -> None:
    with pytest.raises(SampleError, match=message):
        separability_test(sample, seed=1, **words)


def test_a_unit_without_a_score_is_refused_by_name() -> None:
    table = changed().to_frame().assign(y=np.where(np.arange(42) == 3, 0.0, 1.0 + np.arange(42)))
    sample = Sample.from_table(table, "x", "y", unit="unit", context="z")
    with pytest.raises(SampleError, match="cannot be compared: 3"), pytest.warns(UnsolvedUnitsWarning):
        separability_test(sample, orientation="output", seed=1)


def test_the_widest_window_is_everyone() -> None:
    """Then both halves are treated alike, and the statistic compares like with like."""
    sample, _ = simulate(6, 60)
    setting = setting_of(sample, 1.0)
    assert setting.is_near.all()
    found = compare_halves(sample.X, sample.Y, setting, np.random.default_rng(1))
    assert abs(found.statistic) < 3.0
