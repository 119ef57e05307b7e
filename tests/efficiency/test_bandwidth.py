"""The bandwidth: by hand, and cross-validation against its definition, integrated numerically."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import norm

from benchlib.efficiency.inference.bandwidth import (
    choose_bandwidth,
    cross_validation,
    rule_of_thumb,
    validation_error,
)
from benchlib.errors import SampleError


def some_distances(k: int = 30) -> np.ndarray:
    return 1.0 + np.random.default_rng(5).exponential(0.3, k)


def density(at: float, data: np.ndarray, width: float) -> float:
    """The reflected kernel estimate on d >= 1."""
    return float(np.mean(norm.pdf(at, data, width) + norm.pdf(at, 2.0 - data, width)))


def error_by_definition(data: np.ndarray, width: float) -> float:
    square = quad(lambda at: density(at, data, width) ** 2, 1.0, data.max() + 8 * width, limit=500, epsabs=1e-11)[0]
    without = [density(one, data[np.abs(data - one) > 1e-9], width) for one in data]
    return float(square - 2.0 * np.mean(without))


def test_rule_by_hand() -> None:
    """1.2, 1.4 and their images 0.8, 0.6: sd 0.36515; iqr 0.5, which over 1.349 is more."""
    inside = np.array([1.2, 1.4])
    assert rule_of_thumb(inside) == pytest.approx(0.9 * 0.3651484 * 2**-0.2, rel=1e-6)
    distance = np.array([1.0, 1.0, 1.2, 1.4])
    assert choose_bandwidth(distance, "rule", "drop") == rule_of_thumb(inside)
    carried = 0.9 * 4**-0.2 * distance.std(ddof=1)
    assert choose_bandwidth(distance, "rule", "keep") == pytest.approx(carried, rel=1e-6)


def test_rule_where_most_distances_are_alike() -> None:
    """Quartiles of the reflected distances: 0.8, 1.2 by the many; the sd is larger."""
    inside = np.array([1.2] * 20 + [3.0])
    assert rule_of_thumb(inside) == pytest.approx(0.9 * 0.4 / 1.349 * 21**-0.2, rel=1e-3)


def test_a_number_is_taken_as_it_is() -> None:
    assert choose_bandwidth(np.ones(3), 0.07, "drop") == 0.07


@pytest.mark.parametrize("width", [0.02, 0.1, 0.4])
def test_criterion_is_the_integral_it_says(width: float) -> None:
    data = some_distances()
    assert validation_error(data, width) == pytest.approx(error_by_definition(data, width), abs=1e-8)


def test_criterion_leaves_ties_out_together() -> None:
    """Otherwise it falls without limit as the bandwidth goes to 0, and cross-validation ends where its search does."""
    data = np.repeat(some_distances(15), 2)
    assert validation_error(data, 0.1) == pytest.approx(error_by_definition(data, 0.1), abs=1e-8)
    assert validation_error(data, 1e-4) > validation_error(data, 0.1)
    assert cross_validation(data) > 0.3 * rule_of_thumb(data)


@pytest.mark.parametrize("seed", range(4))
def test_cross_validation_finds_the_least_error(seed: int) -> None:
    data = 1.0 + np.random.default_rng(seed).gamma(1.5, 0.2, 40)
    rule = rule_of_thumb(data)
    grid = np.geomspace(0.1 * rule, 3.0 * rule, 2000)
    least = grid[np.argmin([validation_error(data, width) for width in grid])]
    assert cross_validation(data) == pytest.approx(least, rel=0.01)


def test_cross_validation_sees_two_heaps_which_the_rule_smooths_over() -> None:
    rng = np.random.default_rng(3)
    data = np.concatenate([rng.normal(1.3, 0.02, 40), rng.normal(2.0, 0.02, 40)])
    assert cross_validation(data) < 0.3 * rule_of_thumb(data)


def test_frontier_units_do_not_count() -> None:
    inside = some_distances()
    with_ones = np.concatenate([np.ones(10), inside])
    for word in ("rule", "cross-validation"):
        assert choose_bandwidth(with_ones, word, "drop") == choose_bandwidth(inside, word, "drop")


@settings(max_examples=30, deadline=None)
@given(st.floats(0.01, 100.0))
def test_bandwidth_scales_with_the_excesses(factor: float) -> None:
    excess = some_distances() - 1.0
    for rule in (rule_of_thumb, cross_validation):
        assert rule(1.0 + factor * excess) == pytest.approx(factor * rule(1.0 + excess), rel=1e-6)


def test_nothing_to_choose_from() -> None:
    with pytest.raises(SampleError, match="All 4 units are efficient"):
        choose_bandwidth(np.ones(4), "rule", "drop")
    with pytest.raises(SampleError, match="all have the same efficiency"):
        cross_validation(np.full(5, 1.3))
    assert rule_of_thumb(np.full(1, 1.3)) > 0.0
