"""Scores among comparable units: against plain Python, the search for bandwidths against a fine grid, and the edges."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from benchlib.efficiency import Sample
from benchlib.efficiency.kernels import comparability as kernel
from benchlib.efficiency.nonparametric import conditional, solution
from benchlib.efficiency.nonparametric.conditional import ConditionalResult, conditional_order_m
from benchlib.efficiency.nonparametric.envelopment import figures, technology_of
from benchlib.efficiency.nonparametric.partial import order_m
from benchlib.errors import NotConvergedWarning, OptionError, SampleError, UnsolvedUnitsWarning

pytestmark = [
    pytest.mark.filterwarnings("ignore::benchlib.errors.FewUnitsWarning"),
    # The remotest units of simulated samples may have nobody comparable; where that is the point, the test says so.
    pytest.mark.filterwarnings("ignore::benchlib.errors.UnsolvedUnitsWarning"),
]

ORIENTATIONS = ("input", "output")


def simulate(seed: int, n: int = 40, *, effect: float = 1.0, context: tuple[str, ...] = ("density",)) -> Sample:
    """Costs rise with `density` by `effect`; `noise` and `kind` have nothing to do with them."""
    rng = np.random.default_rng(seed)
    result, density = rng.uniform(1.0, 4.0, n), rng.uniform(0.0, 1.0, n)
    cost = result**0.8 * np.exp(np.abs(rng.normal(0.0, 0.2, n)) + effect * density)
    table = pd.DataFrame({"cost": cost, "result": result, "density": density, "noise": rng.uniform(0.0, 9.0, n)})
    table["kind"] = rng.choice(["city", "novads"], n)
    return Sample.from_table(table, "cost", "result", context=context)


def small(seed: int = 0) -> Sample:
    """Whole numbers with ties, two inputs and outputs, a number and a category as context."""
    rng = np.random.default_rng(seed)
    table = pd.DataFrame(rng.integers(1, 5, (12, 4)), columns=["x1", "x2", "y1", "y2"])
    table["density"] = rng.integers(0, 6, 12)
    table["kind"] = rng.choice(["city", "novads", "town"], 12)
    return Sample.from_table(table, ["x1", "x2"], ["y1", "y2"], context=["density", "kind"])


def weight_by_hand(sample: Sample, i: int, k: int, bandwidth: dict[str, float]) -> float:
    distance = abs(float(sample.Z["density"].iloc[i]) - float(sample.Z["density"].iloc[k])) / bandwidth["density"]
    same = sample.Z["kind"].iloc[i] == sample.Z["kind"].iloc[k]
    return max(0.0, 1.0 - distance**2) * (1.0 if same else bandwidth["kind"])


def dominating_by_hand(sample: Sample, j: int, orientation: str) -> list[tuple[int, float]]:
    """Units that dominate j and their signed factors."""
    found = []
    for k in range(len(sample)):
        if orientation == "input" and all(sample.Y[k] >= sample.Y[j]):
            found.append((k, max(sample.X[k] / sample.X[j])))
        elif orientation == "output" and all(sample.X[k] <= sample.X[j]):
            found.append((k, -min(sample.Y[k] / sample.Y[j])))
    return found


# The score ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("m", [1, 4])
@pytest.mark.parametrize("orientation", ORIENTATIONS)
def test_the_score_is_the_integral_of_the_weighted_survival_function(orientation: str, m: int) -> None:
    """Input orientation: the integral of S(u)^m from 0; output orientation: of 1 - F(u)^m."""
    sample, bandwidth = small(), {"kind": 0.3, "density": 4.0}
    scores = conditional_order_m(sample, orientation=orientation, m=m, bandwidth=bandwidth).scores
    # All factors are ratios of 1, 2, 3 and 4, so they stand on a grid of twelfths, and the middle sum is exact.
    grid = np.arange(0.0, 4.0, 1.0 / 12.0) + 1.0 / 24.0
    for j, row in scores.iterrows():
        group = dominating_by_hand(sample, j, orientation)
        weights = np.array([weight_by_hand(sample, j, k, bandwidth) for k, _ in group])
        factors = np.abs([factor for _, factor in group])
        above = (weights * (factors > grid[:, None])).sum(axis=1) / weights.sum()
        heights = above**m if orientation == "input" else 1.0 - (1.0 - above) ** m
        farrell = heights.sum() / 12.0
        assert row["conditional"] == pytest.approx(farrell if orientation == "input" else 1.0 / farrell, rel=1e-12)
        assert row["effective"] == pytest.approx(weights.sum() ** 2 / (weights**2).sum())


@pytest.mark.parametrize("orientation", ORIENTATIONS)
@pytest.mark.parametrize("bandwidth", [{"density": 1e9, "kind": 1.0}, {"density": np.inf, "kind": 1}])
def test_a_context_without_reach_has_no_influence(orientation: str, bandwidth: dict[str, float]) -> None:
    sample = small()
    result = conditional_order_m(sample, orientation=orientation, m=7, bandwidth=bandwidth)
    unconditional = order_m(sample, orientation=orientation, m=7).scores
    np.testing.assert_allclose(result.scores["conditional"], unconditional["efficiency"], rtol=1e-12)
    np.testing.assert_allclose(result.scores["unconditional"], unconditional["efficiency"], rtol=0)
    np.testing.assert_allclose(result.scores["ratio"], 1.0, rtol=1e-12)
    np.testing.assert_allclose(result.scores["effective"], unconditional["dominating"], rtol=1e-12)


@pytest.mark.parametrize(
    "kinds", [["a", "b"], [True, False], pd.Categorical(["a", "b"])], ids=["text", "bool", "categorical"]
)
def test_categories_that_do_not_mix_are_samples_of_their_own(kinds: Any) -> None:
    rng = np.random.default_rng(2)
    table = pd.DataFrame({"x": rng.uniform(1, 3, 16), "y": rng.integers(1, 4, 16)})
    table["kind"] = np.tile(kinds, 8) if isinstance(kinds, list) else kinds.take(np.tile([0, 1], 8))
    sample = Sample.from_table(table, "x", "y", context="kind")
    result = conditional_order_m(sample, m=3, bandwidth=0)
    assert result.bandwidths["kind"].tolist() == ["category"]
    for first in (0, 1):
        own = sample.subset(range(first, 16, 2))
        expected = order_m(own, m=3).scores["efficiency"].to_numpy()
        np.testing.assert_allclose(result.scores["conditional"][first::2], expected, rtol=1e-12)


def test_a_unit_with_nobody_comparable_is_not_compared_with_itself() -> None:
    """Both A and B bring about what C does, but at another density. Nobody but itself dominates D at all."""
    table = pd.DataFrame(
        {"x": [2.0, 3.0, 4.0, 9.0], "y": [1.0, 1.0, 1.0, 2.0], "density": [1.0, 2.0, 9.0, 5.0]}, index=list("ABCD")
    )
    sample = Sample.from_table(table, "x", "y", context="density")
    with pytest.warns(UnsolvedUnitsWarning, match=r"C \(no other unit .* has a comparable context"):
        result = conditional_order_m(sample, m=2, bandwidth={"density": 2})
    scores = result.scores.set_index("unit")
    assert scores["status"].tolist() == ["solved", "solved", "not comparable", "solved"]
    assert scores.loc["C", ["conditional", "ratio"]].isna().all()
    assert scores.loc["C", "effective"] == 1.0
    assert scores.loc["D", ["conditional", "unconditional", "ratio"]].tolist() == [1.0, 1.0, 1.0]
    assert result.info["n_unsolved"] == 1


def test_units_without_outputs_have_no_score() -> None:
    table = pd.DataFrame({"x": [2.0, 3.0, 4.0], "y": [1.0, 0.0, 2.0], "density": [1.0, 2.0, 3.0]})
    sample = Sample.from_table(table, "x", "y", context="density")
    with pytest.warns(UnsolvedUnitsWarning, match="all outputs are zero"):
        scores = conditional_order_m(sample, orientation="output", bandwidth=9.0).scores
    assert scores["status"].tolist() == ["solved", "no output", "solved"]
    assert scores.loc[1, ["conditional", "unconditional", "ratio"]].isna().all()


def test_unfavourable_context_shows_in_the_ratio() -> None:
    sample = simulate(3, n=80)
    scores = conditional_order_m(sample, bandwidth=0.3).scores
    scores = scores[scores["conditional"].notna()]
    assert len(scores) >= 75
    assert np.corrcoef(scores["ratio"], sample.Z["density"].iloc[scores.index])[0, 1] > 0.7
    assert scores["conditional"].mean() > scores["unconditional"].mean() + 0.1


# Bandwidths ---------------------------------------------------------------------------------------------------------


def error_by_hand(sample: Sample, orientation: str, bandwidth: dict[str, float]) -> float:
    """The criterion of the docstring, pair by pair."""
    total = 0.0
    for j in range(len(sample)):
        group = dominating_by_hand(sample, j, orientation)
        if len(group) < 3:
            continue
        for i, own in group:
            others = [(k, factor) for k, factor in group if k != i]
            weights = [weight_by_hand(sample, i, k, bandwidth) for k, _ in others]
            if sum(weights) == 0.0:
                weights = [1.0] * len(others)
            for _, t in group:
                reached = sum(w for w, (_, factor) in zip(weights, others, strict=True) if factor <= t)
                total += ((own <= t) - reached / sum(weights)) ** 2 / len(group)
    return total


def error_of(sample: Sample, orientation: str, bandwidth: dict[str, float]) -> float:
    t = technology_of(sample, orientation, "vrs")  # type: ignore[arg-type]
    widths = np.array([bandwidth[name] for name in sample.context])
    groups = conditional.dominating_groups(t, *figures(sample))
    return conditional.prediction_error(conditional.read_context(sample), widths, groups)


@pytest.mark.parametrize("orientation", ORIENTATIONS)
@pytest.mark.parametrize(
    "bandwidth", [{"density": 2.5, "kind": 0.4}, {"density": 0.5, "kind": 0.0}, {"density": np.inf, "kind": 1.0}]
)
def test_the_criterion_is_the_sum_over_all_pairs(orientation: str, bandwidth: dict[str, float]) -> None:
    expected = error_by_hand(small(), orientation, bandwidth)
    assert error_of(small(), orientation, bandwidth) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("seed", range(3))
def test_cross_validation_finds_the_minimum(seed: int) -> None:
    sample = simulate(seed)
    result = conditional_order_m(sample)
    assert result.info["bandwidth"] == "cross-validation"
    assert result.info["converged"]
    found = error_of(sample, "input", {"density": result.bandwidths["bandwidth"][0]})
    fine = [error_of(sample, "input", {"density": width}) for width in np.geomspace(1 / 64, 4, 100)]
    assert found <= min(fine) * 1.002
    assert found < 0.9 * error_of(sample, "input", {"density": np.inf})


@pytest.mark.parametrize("place", [0.0, 0.2031, 0.4123, 0.97])
def test_the_search_goes_between_the_points_of_its_grid(place: float) -> None:
    reach, least, converged = kernel.choose_reach(lambda at: 1.0 + (at[0] - place) ** 2, 1)
    assert abs(reach[0] - place) < 0.003 < 0.1 * kernel.GRID[1]
    assert least == pytest.approx(1.0, abs=1e-5)
    assert converged


def test_of_equals_the_widest_is_chosen() -> None:
    assert kernel.choose_reach(lambda at: 1.0, 2)[0].tolist() == [1.0, 1.0]


def test_two_variables_are_searched_together() -> None:
    sample = simulate(1, n=25, context=("density", "noise"))
    result = conditional_order_m(sample)
    density, noise = result.bandwidths["bandwidth"]
    found = error_of(sample, "input", {"density": density, "noise": noise})
    fine = [
        error_of(sample, "input", {"density": d, "noise": n})
        for d in np.geomspace(0.05, 4, 15)
        for n in [*np.geomspace(0.45, 36, 15), np.inf]
    ]
    assert found <= min(fine) * 1.01


def test_what_matters_is_told_from_what_does_not() -> None:
    """Context that drives costs gets a bandwidth below half of its range; noise and kind one near or without limit."""
    context = ("density", "noise", "kind")
    widths = [conditional_order_m(simulate(seed, n=50, context=context)).bandwidths["bandwidth"] for seed in range(3)]
    density, noise, kind = np.median(widths, axis=0)
    assert density < 0.5
    assert noise > 9.0
    assert kind > 0.5


@pytest.mark.parametrize("scale", [1e-9, 1e12])
def test_units_of_measurement_do_not_matter(scale: float) -> None:
    sample = simulate(4)
    table = sample.to_frame().set_index("unit").drop(columns="name") * scale
    ours = conditional_order_m(sample)
    theirs = conditional_order_m(Sample.from_table(table, "cost", "result", context="density"))
    np.testing.assert_allclose(theirs.scores["conditional"], ours.scores["conditional"], rtol=1e-9)
    np.testing.assert_allclose(theirs.bandwidths["bandwidth"], scale * ours.bandwidths["bandwidth"], rtol=1e-9)


def test_threads_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    sample = simulate(5)
    ours = conditional_order_m(sample)
    monkeypatch.setattr(solution, "WORTH_THREADS", 1)
    theirs = conditional_order_m(sample)
    pd.testing.assert_frame_equal(ours.scores, theirs.scores)
    pd.testing.assert_frame_equal(ours.bandwidths, theirs.bandwidths)
    assert len(kernel.add_errors.signatures) == 1  # type: ignore[attr-defined]


def test_a_search_that_does_not_settle_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernel, "ROUNDS", 1)
    with pytest.warns(NotConvergedWarning, match="did not settle"):
        result = conditional_order_m(simulate(1, context=("density", "noise")))
    assert result.info["converged"] is False


def test_samples_with_too_few_comparisons_ignore_context() -> None:
    """Nobody has three units that dominate, so nothing can be learnt about comparability."""
    table = pd.DataFrame({"x": [1.0, 2.0], "y": [1.0, 2.0], "density": [1.0, 5.0]})
    result = conditional_order_m(Sample.from_table(table, "x", "y", context="density"))
    assert result.bandwidths["bandwidth"].tolist() == [np.inf]
    np.testing.assert_allclose(result.scores["ratio"], 1.0)


# Preconditions and the result ---------------------------------------------------------------------------------------


def with_context(**changes: Any) -> Sample:
    table = small().to_frame().set_index("unit").drop(columns="name").assign(**changes)
    return Sample.from_table(table, ["x1", "x2"], ["y1", "y2"], context=["density", "kind"])


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"density": [np.nan, *range(11)]}, r"missing for 0 \(density\)"),
        ({"kind": [None, *"abcdefghijk"]}, r"missing for 0 \(kind\)"),
        ({"density": [np.inf, *range(11)]}, r"infinite for 0 \(density\)"),
        ({"density": 3.0}, "same for all units: density"),
        ({"kind": "novads"}, "same for all units: kind"),
    ],
)
def test_context_must_tell_units_apart(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(SampleError, match=message):
        conditional_order_m(with_context(**changes))


def test_context_must_be_there(five: Sample) -> None:
    with pytest.raises(SampleError, match="has no context"):
        conditional_order_m(five)


@pytest.mark.parametrize(
    ("bandwidth", "message"),
    [
        ("rule", "'rule' is neither 'cross-validation' nor a number for each of density, kind"),
        (2.0, "is neither"),
        ({"density": 2.0}, "is neither"),
        ({"density": 2.0, "kind": 0.5, "other": 1.0}, "is neither"),
        ({"density": 0.0, "kind": 0.5}, "bandwidth of density, 0.0, is not a positive number"),
        ({"density": np.nan, "kind": 0.5}, "not a positive number"),
        ({"density": "2", "kind": 0.5}, "not a positive number"),
        ({"density": 2.0, "kind": 1.5}, "bandwidth of kind, 1.5, is not a weight between 0 and 1"),
    ],
)
def test_bandwidths_are_one_for_each(bandwidth: Any, message: str) -> None:
    with pytest.raises(OptionError, match=message):
        conditional_order_m(small(), bandwidth=bandwidth)


def test_other_preconditions() -> None:
    with pytest.raises(OptionError, match="m=0"):
        conditional_order_m(small(), m=0)
    with pytest.raises(OptionError, match="orientation='both'"):
        conditional_order_m(small(), orientation="both")  # type: ignore[arg-type]
    with pytest.raises(SampleError, match=r"negative for 0 \(x1\)"):
        conditional_order_m(with_context(x1=[-1.0, *range(1, 12)]))


def test_the_result_says_what_it_is() -> None:
    result = conditional_order_m(small(), m=4, bandwidth={"density": 9.0, "kind": 0.5})
    assert isinstance(result, ConditionalResult)
    assert result.scores.columns.tolist() == [
        "unit",
        "name",
        "conditional",
        "unconditional",
        "ratio",
        "effective",
        "status",
        "reason",
    ]
    assert result.bandwidths.columns.tolist() == ["variable", "kind", "bandwidth", "spread"]
    assert result.bandwidths["bandwidth"].tolist() == [9.0, 0.5]
    assert result.bandwidths["spread"].isna().tolist() == [False, True]
    assert result.info["bandwidth"] == "given"
    assert result.title.startswith("Conditional order-m, m=4, input orientation, given density, kind; 12 units")
