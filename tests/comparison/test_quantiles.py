"""The interval of a quantile from order statistics, against tables and against draws."""

from __future__ import annotations

from math import comb

import numpy as np
import pytest

from benchlib.comparison import quantile_interval
from benchlib.errors import OptionError


@pytest.mark.parametrize(
    ("n", "low", "high", "level"),
    [
        # Places of the 95 % interval of the median, as tables of the sign test give them (Conover 1999, table A3: B(n, 0.5)).
        (6, 1, 6, 1 - 2 / 64),
        (8, 1, 8, 1 - 2 / 256),
        (9, 2, 8, 1 - 2 * (1 + 9) / 512),
        (11, 2, 10, 1 - 2 * (1 + 11) / 2048),
        (12, 3, 10, 1 - 2 * (1 + 12 + 66) / 4096),
        (20, 6, 15, 1 - 2 * sum(comb(20, k) for k in range(6)) / 2**20),
        (42, 15, 28, 1 - 2 * sum(comb(42, k) for k in range(15)) / 2**42),
    ],
)
def test_places_and_coverage_of_the_median(n: int, low: int, high: int, level: float) -> None:
    values = np.random.default_rng(n).permutation(np.arange(1.0, n + 1))
    found = quantile_interval(values)
    assert (found.low, found.high) == (low, high)
    assert found.level == pytest.approx(level, abs=1e-12)
    assert found.level >= 0.95


@pytest.mark.parametrize(("n", "level"), [(2, 0.5), (3, 0.75), (4, 0.875), (5, 0.9375)])
def test_few_values_say_what_level_they_reach(n: int, level: float) -> None:
    found = quantile_interval(range(n))
    assert found == (0.0, n - 1.0, pytest.approx(level, abs=1e-12))


def test_one_value_and_none_have_no_interval() -> None:
    for values in ([], [5.0], [np.nan, np.nan, 3.0]):
        found = quantile_interval(values)
        assert np.isnan([found.low, found.high]).all()
        assert found.level == 0.0


def test_missing_values_and_order_do_not_matter() -> None:
    assert quantile_interval([3, np.nan, 1, 2, 6, 5, 4, 9, 8, 7]) == quantile_interval(range(1, 10))


def test_a_quarter_by_hand() -> None:
    # n = 8, p = 1/4: P(B = 0) = 0.75^8 = 0.1001, so no value lies below the quarter with 97.5 %: the least is the end.
    found = quantile_interval(range(1, 9), 0.25)
    assert (found.low, found.high) == (1, 6)
    chance = [comb(8, k) * 0.25**k * 0.75 ** (8 - k) for k in range(9)]
    assert found.level == pytest.approx(sum(chance[1:6]), abs=1e-12)
    turned = quantile_interval([-v for v in range(1, 9)], 0.75)
    assert (turned.low, turned.high, turned.level) == (-6, -1, pytest.approx(found.level, abs=1e-12))


def test_other_levels() -> None:
    wide, narrow = quantile_interval(range(30), level=0.99), quantile_interval(range(30), level=0.5)
    assert wide.low < narrow.low < narrow.high < wide.high
    assert wide.level >= 0.99
    assert 0.5 <= narrow.level < 0.7


def test_draws_are_covered_as_often_as_said() -> None:
    rng = np.random.default_rng(1)
    for n, share in ((11, 0.5), (15, 0.25)):
        sample = rng.exponential(size=(4000, n))
        true = -np.log(1 - share)
        covered = [found.low <= true <= found.high for found in (quantile_interval(row, share) for row in sample)]
        assert np.mean(covered) == pytest.approx(quantile_interval(range(n), share).level, abs=0.012)


def test_many_values_have_an_interval_too() -> None:
    found = quantile_interval(range(2001))
    # Normal approximation: 1000 ± 1.96 · sqrt(2001) / 2, a place more or less.
    assert found.low == pytest.approx(1000 - 1.96 * 2001**0.5 / 2, abs=1.5)
    assert found.high == pytest.approx(1000 + 1.96 * 2001**0.5 / 2, abs=1.5)
    assert 0.95 <= found.level < 0.953


@pytest.mark.parametrize("share", [0, 1, -0.1, 50, float("nan")])
def test_a_share_that_is_none_is_refused(share: float) -> None:
    with pytest.raises(OptionError, match=r"share=.* 0\.5 for the median"):
        quantile_interval(range(9), share)
