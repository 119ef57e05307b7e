"""The second stage: held against known truth, rebuilt step by step, and read aloud."""

from __future__ import annotations

from typing import Any

import numba
import numpy as np
import pandas as pd
import pytest

from benchlib.efficiency import Sample, dea
from benchlib.efficiency.environment.likelihood import draw_truncated, fit_truncated, truncated_mean
from benchlib.efficiency.environment.results import SecondStageResult
from benchlib.efficiency.environment.second_stage import correct, replicate, second_stage
from benchlib.efficiency.environment.truncated import truncated_regression
from benchlib.efficiency.nonparametric.envelopment import technology_of
from benchlib.errors import FewUnitsWarning, NotConvergedWarning, OptionError, SampleError, UnsolvedUnitsWarning

TRUTH = np.array([0.5, 0.5, 1.0])
FEW = {"replications": 100, "bias_replications": 20}


def simulate(seed: int, n: int = 100, orientation: str = "output") -> Sample:
    """The design of Simar and Wilson (2007), section 4: d = 0.5 + 0.5 z + e with sigma 1 and d > 1, one input, one output."""
    rng = np.random.default_rng(seed)
    z = rng.normal(2.0, 1.0, n)
    distance = draw_truncated(TRUTH[0] + TRUTH[1] * z, TRUTH[2], 1.0, rng.uniform(size=n))
    x = rng.uniform(6.0, 16.0, n)
    figures = {"x": x, "y": x**0.75 / distance, "z": z}
    if orientation == "input":
        figures |= {"x": (x / 4) ** 1.5 * distance, "y": x / 4}
    return Sample.from_table(pd.DataFrame(figures), "x", "y", context="z")


def schools(n: int = 80) -> Sample:
    """Schools that are less efficient where pupils come from far, more where they are many, and alike in colour and kind."""
    rng = np.random.default_rng(1)
    pupils, far, full = rng.uniform(100, 900, n), rng.uniform(0, 1, n), rng.uniform(0, 1, n)
    kind = rng.choice(["primary", "basic", "special"], n)
    distance = 1.5 + far - 0.8 * full + 0.8 * (kind == "special") + 0.2 * rng.standard_normal(n)
    table = pd.DataFrame({"cost": pupils**1.1 * np.maximum(distance, 1.0), "pupils": pupils}).assign(
        far=far, full=full, kind=kind, is_red=rng.random(n) < 0.5, code=[f"s{i}" for i in range(n)]
    )
    return Sample.from_table(table, "cost", "pupils", unit="code", context=["far", "full", "kind", "is_red"])


@pytest.fixture(scope="module")
def told() -> SecondStageResult:
    return second_stage(schools(), seed=1, replications=400)


# Against the truth --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("orientation", ["input", "output"])
def test_intervals_contain_the_true_slope(orientation: str) -> None:
    """In 300 simulated samples: 93 to 95 %. With distances moved the wrong way, estimates are far off."""
    is_covered, estimates = [], []
    for seed in range(40):
        result = second_stage(simulate(seed, orientation=orientation), orientation=orientation, seed=seed, **FEW)
        row = result.coefficients.iloc[1]
        is_covered.append(row["low"] <= TRUTH[1] <= row["high"])
        estimates.append(row["estimate"])
    assert 0.85 <= np.mean(is_covered) < 1.0
    assert np.mean(estimates) == pytest.approx(TRUTH[1], abs=0.08)
    assert np.std(estimates) > 0.1


def test_least_squares_misses_the_true_slope() -> None:
    slopes = []
    for seed in range(20):
        sample = simulate(seed)
        slopes.append(np.polyfit(sample.Z["z"], 1 / dea(sample, orientation="output").efficiency, 1)[0])
    assert np.mean(slopes) < 0.4


def test_correction_moves_scores_towards_the_truth() -> None:
    errors = []
    for seed in range(10):
        rng = np.random.default_rng(seed)
        y, z = rng.uniform(1, 4, 80), rng.uniform(0, 1, 80)
        distance = draw_truncated(0.8 + 0.6 * z, 0.4, 1.0, rng.uniform(size=80))
        sample = Sample.from_table(pd.DataFrame({"x": y**1.5 * distance, "y": y, "z": z}), "x", "y", context="z")
        scores = second_stage(sample, seed=seed, **FEW).scores
        errors.append([(scores["efficiency"] - 1 / distance).mean(), (scores["corrected"] - 1 / distance).mean()])
    plain, corrected = np.mean(errors, axis=0)
    assert plain > 0.02
    assert abs(corrected) < plain / 2


# Step by step -------------------------------------------------------------------------------------------------------


def test_algorithm_1_is_a_truncated_regression_of_the_units_inside() -> None:
    sample = simulate(1)
    result = second_stage(sample, algorithm=1, seed=1, replications=100)
    distance = pd.Series(1 / dea(sample).efficiency)
    inside = distance > 1.0
    expected = truncated_regression(distance[inside], sample.Z[inside.to_numpy()]).coefficients["estimate"]
    np.testing.assert_allclose(result.coefficients["estimate"], expected, rtol=1e-9)
    assert result.info["n_regressed"] == inside.sum() < 100
    assert result.scores["corrected"].isna().all()
    assert result.info["bias_replications"] is None


@pytest.mark.parametrize("orientation", ["input", "output"])
def test_correction_by_scoring_against_moved_units(orientation: str) -> None:
    """Each bootstrap sample of the frontier is made as a `Sample` and given to `dea` as reference."""
    sample = simulate(2, 40)
    estimate, uniforms = np.array([0.6, 0.4, 0.8]), np.random.default_rng(2).uniform(0.01, 0.99, (3, 40))
    distance = 1 / dea(sample, orientation=orientation).efficiency
    Z = np.column_stack([np.ones(40), sample.Z["z"]])
    found = correct(technology_of(sample, orientation, "vrs"), distance, Z, estimate, uniforms)
    replicated = []
    for row in uniforms:
        drawn = draw_truncated(Z @ estimate[:2], 0.8, 1.0, row)
        moved = sample.to_frame()
        if orientation == "input":
            moved["x"] *= drawn / distance
        else:
            moved["y"] *= distance / drawn
        reference = Sample.from_table(moved, "x", "y", unit="unit")
        farrell = dea(sample, orientation=orientation, reference=reference).farrell
        replicated.append(farrell if orientation == "output" else 1 / farrell)
    np.testing.assert_allclose(found.distance, 2 * distance - np.mean(replicated, axis=0), rtol=1e-9)
    assert (found.distance >= distance - 1e-9).all()


def test_replicates_are_regressions_of_drawn_distances() -> None:
    rng = np.random.default_rng(3)
    Z = np.column_stack([np.ones(50), rng.standard_normal(50)])
    uniforms = rng.uniform(size=(5, 50))
    found = replicate(Z, np.array([1.2, 0.3, 0.5]), uniforms)
    for b in range(5):
        fit = fit_truncated(draw_truncated(Z @ [1.2, 0.3], 0.5, 1.0, uniforms[b])[None, :], Z, 1.0, "left")
        np.testing.assert_allclose(found[b], [*fit.beta[0], fit.sigma[0]], rtol=1e-8)


def test_table_follows_from_the_replicates(told: SecondStageResult) -> None:
    table = told.coefficients
    for j, row in table.iloc[:-1].iterrows():
        known = told.replicates[:, j]
        assert row["standard_error"] == pytest.approx(known.std(ddof=1))
        assert row["low"] == pytest.approx(2 * row["estimate"] - np.quantile(known, 0.975))
        assert row["high"] == pytest.approx(2 * row["estimate"] - np.quantile(known, 0.025))
    sigma = table.iloc[-1]
    assert sigma["low"] == pytest.approx(sigma["estimate"] ** 2 / np.quantile(told.replicates[:, -1], 0.975))


def test_what_a_units_context_lets_expect(told: SecondStageResult) -> None:
    scores, estimate = told.scores, told.coefficients["estimate"].to_numpy()
    Z = schools().Z
    columns = [np.ones(len(Z)), Z["far"], Z["full"], Z["kind"] == "primary", Z["kind"] == "special", Z["is_red"]]
    mean = np.column_stack([np.asarray(column, dtype=float) for column in columns]) @ estimate[:-1]
    np.testing.assert_allclose(scores["expected"], 1 / truncated_mean(mean, estimate[-1], 1.0))
    np.testing.assert_allclose(scores["above_expected"], scores["corrected"] - scores["expected"])
    assert scores["unit"].tolist() == list(schools().units)
    assert list(scores) == ["unit", "name", "efficiency", "corrected", "expected", "above_expected"]
    by_efficiency = second_stage(schools(), algorithm=1, seed=1, replications=40).scores
    np.testing.assert_allclose(by_efficiency["above_expected"], by_efficiency["efficiency"] - by_efficiency["expected"])


# Read aloud ---------------------------------------------------------------------------------------------------------


def test_directions_are_said_in_words(told: SecondStageResult) -> None:
    table = told.coefficients.set_index("term")
    assert table["direction"].to_dict() == {
        "intercept": "",
        "far": "less efficient",
        "full": "more efficient",
        "kind[primary]": "unclear",
        "kind[special]": "less efficient",
        "is_red": "unclear",
        "sigma": "",
    }
    assert table["is_significant"].dtype == "boolean"
    assert table.loc["far", "is_significant"]
    assert not table.loc["is_red", "is_significant"]
    assert table.loc[["intercept", "sigma"], "is_significant"].isna().all()
    assert table.loc["far", "low"] > 0 > table.loc["full", "high"]


def test_summary_says_what_the_sign_means_and_what_is_assumed(told: SecondStageResult) -> None:
    said = told.summary()
    assert "algorithm 2, 400 replications, level 0.95; 80 of 80 units in the regression" in said
    assert "Reference levels: kind: basic; is_red: False." in said
    assert told.info["context"] == ("far", "full", "kind", "is_red")
    assert "greater distance from the frontier, that is with less efficiency" in said
    assert "only under separability" in told.info["caveat"]
    assert told.info["caveat"] in said
    assert "separability_test" in told._repr_html_()
    assert repr(told).startswith("SecondStageResult(Second stage after DEA, input orientation, vrs")


def test_part_of_the_context() -> None:
    one = second_stage(schools(), context="far", seed=1, **FEW)
    assert one.coefficients["term"].tolist() == ["intercept", "far", "sigma"]
    assert one.info["context"] == ("far",)
    assert dict(one.info["reference_levels"]) == {}


def test_units_of_measurement_do_not_matter() -> None:
    sample = simulate(4)
    table = sample.to_frame().assign(
        x=lambda t: 1e9 * t["x"], y=lambda t: 1e-6 * t["y"], z=lambda t: 1e6 * t["z"] + 5e6
    )
    other = Sample.from_table(table, "x", "y", unit="unit", context="z")
    a, b = (second_stage(one, orientation="output", seed=4, **FEW) for one in (sample, other))
    for column in ("estimate", "standard_error", "low", "high"):
        np.testing.assert_allclose(b.coefficients[column][1] * 1e6, a.coefficients[column][1], rtol=1e-6)
    np.testing.assert_allclose(a.scores["expected"], b.scores["expected"], rtol=1e-6)


# Chance -------------------------------------------------------------------------------------------------------------


def test_same_seed_same_result_whatever_the_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    sample = simulate(5)
    results = []
    for threads in (1, 4):
        monkeypatch.setattr(numba.config, "NUMBA_NUM_THREADS", threads)
        results.append(second_stage(sample, seed=5, **FEW))
    pd.testing.assert_frame_equal(results[0].coefficients, results[1].coefficients, check_exact=True)
    pd.testing.assert_frame_equal(results[0].scores, results[1].scores, check_exact=True)
    by_generator = second_stage(sample, seed=np.random.default_rng(5), **FEW)
    np.testing.assert_array_equal(by_generator.replicates, results[0].replicates)
    assert not np.array_equal(second_stage(sample, seed=6, **FEW).replicates, results[0].replicates)
    with pytest.raises(ValueError, match="read-only"):
        by_generator.replicates[0, 0] = 1.0


# Where there is no maximum ------------------------------------------------------------------------------------------


def wide(seed: int, sigma: float) -> Sample:
    """Costs that scatter above the frontier with a log-normal tail."""
    rng = np.random.default_rng(seed)
    y, z = rng.uniform(1, 4, 60), rng.uniform(0, 1, 60)
    cost = y * (1 + rng.lognormal(0.0, sigma, 60))
    return Sample.from_table(pd.DataFrame({"x": cost, "y": y, "z": z}), "x", "y", context="z")


@pytest.mark.parametrize("algorithm", [1, 2])
def test_no_maximum_no_coefficients(algorithm: int) -> None:
    with pytest.warns(NotConvergedWarning, match="has no maximum") as caught:
        result = second_stage(wide(1, 1.5), algorithm=algorithm, seed=1, **FEW)
    assert [one.filename for one in caught] == [__file__]
    assert result.info["converged"] is False
    assert result.coefficients[["estimate", "standard_error", "low", "high"]].isna().all(axis=None)
    assert result.coefficients["is_significant"].isna().all()
    assert result.scores["efficiency"].notna().all()
    assert result.scores[["corrected", "expected", "above_expected"]].isna().all(axis=None)
    assert result.title.endswith("not converged")


def test_lost_replications_are_counted_and_warned_of() -> None:
    with pytest.warns(NotConvergedWarning, match=r"In \d+ of 100 bootstrap samples .* too short"):
        result = second_stage(wide(2, 0.8), seed=1, **FEW)
    assert result.info["converged"]
    assert result.info["n_not_converged"] == np.isnan(result.replicates[:, 0]).sum() > 1
    assert result.coefficients["low"].notna().all()


# Bad input ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"seed": None}, "seed is missing"),
        ({"algorithm": 3}, "algorithm=3 is not an option. Allowed: 1, 2"),
        ({"algorithm": True}, "algorithm=True is not an option"),
        ({"algorithm": "2"}, "algorithm='2' is not an option"),
        ({"level": 95}, "level=95 is not"),
        ({"replications": 20}, "20 replications are too few"),
        ({"bias_replications": 5}, "bias_replications=5 is not a whole number from 10 on"),
        ({"orientation": "in"}, "orientation='in'"),
        ({"rts": "irs"}, "rts='irs'"),
    ],
)
def test_wrong_options(words: dict[str, Any], message: str) -> None:
    with pytest.raises(OptionError, match=message):
        second_stage(simulate(1), **({"seed": 1} | words))


def changed(**columns: Any) -> Sample:
    table = simulate(1).to_frame().assign(**columns)
    return Sample.from_table(table, "x", "y", unit="unit", context=["z", *(name for name in columns if name != "z")])


Z = simulate(1).Z["z"].to_numpy()


@pytest.mark.parametrize(
    ("sample", "words", "message"),
    [
        (Sample.from_table(simulate(1).to_frame(), "x", "y", unit="unit"), {}, "There are no context variables"),
        (simulate(1), {"context": []}, "There are no context variables"),
        (
            simulate(1),
            {"context": ["density"]},
            "Not among the context of the sample: density. Its context variables: z",
        ),
        (simulate(1), {"context": ["z", "z"]}, "named once only"),
        (
            changed(z=np.where(np.arange(100) == 7, np.nan, Z)),
            {},
            r"Context is missing for 7 \(z\). Call sample.without",
        ),
        (changed(w=3.0), {}, "Constant: w"),
        (changed(w=1 - Z), {}, "Follows from the other context variables: w"),
        (changed(w=pd.Timestamp("2025-01-01")), {}, "'w' holds datetime64"),
        (changed(w=[f"k{i}" for i in range(100)]), {}, "There are 100 units for 102 parameters"),
    ],
)
def test_context_that_cannot_be_used(sample: Sample, words: dict[str, Any], message: str) -> None:
    with pytest.raises(SampleError, match=message):
        second_stage(sample, seed=1, **words)


def test_context_that_is_constant_among_the_units_inside() -> None:
    sample = simulate(1)
    is_efficient = dea(sample).efficiency == 1.0
    with pytest.raises(SampleError, match="Constant among the units with a distance above 1: w"):
        second_stage(changed(w=is_efficient), seed=1)


def test_missing_figures_and_units_without_a_score() -> None:
    sample = simulate(1).to_frame()
    with pytest.raises(SampleError, match="without_missing"):
        second_stage(
            Sample.from_table(sample.assign(x=sample["x"].mask(sample["unit"] == 3)), "x", "y", context="z"), seed=1
        )
    zero = Sample.from_table(sample.assign(y=sample["y"].mask(sample["unit"] == 3, 0.0)), "x", "y", context="z")
    with pytest.raises(SampleError, match="have no distance to explain: 3"), pytest.warns(UnsolvedUnitsWarning):
        second_stage(zero, orientation="output", seed=1)


@pytest.mark.filterwarnings("ignore::benchlib.errors.FewUnitsWarning")
def test_too_few_units() -> None:
    few = simulate(1).subset(range(6))
    with pytest.raises(SampleError, match=r"units with a distance above 1 .* for 3 parameters .* at least 6"):
        second_stage(few, seed=1)
    one = simulate(1).subset([0])
    with pytest.raises(SampleError, match="There are 1 units for 3 parameters"):
        second_stage(one, seed=1)


def test_few_units_are_warned_of_once() -> None:
    sample = Sample.from_table(
        simulate(1).to_frame().assign(**{f"y{i}": np.linspace(1, 2, 100) + i for i in range(40)}),
        ["x"],
        ["y", *(f"y{i}" for i in range(40))],
        context="z",
    )
    with pytest.warns(FewUnitsWarning) as caught:
        second_stage(sample, seed=1, algorithm=1, **FEW)
    assert [one.filename for one in caught if one.category is FewUnitsWarning] == [__file__]
