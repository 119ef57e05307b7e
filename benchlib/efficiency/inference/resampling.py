"""How far ranks move when the sample had turned out otherwise: order-m and order-alpha scores of resampled references.

Partial frontiers are regular (the error falls with the root of n, and its limit is normal), so plain resampling with replacement is
valid for them [1]_, unlike for DEA and FDH.

References
----------
.. [1] C. Cazals, J.-P. Florens and L. Simar (2002). Nonparametric frontier estimation: a robust approach. Journal of Econometrics
   106(1), 1-25. https://doi.org/10.1016/S0304-4076(01)00080-X
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from benchlib.efficiency.kernels.partial import DECIMAL, compare_in_pairs
from benchlib.efficiency.kernels.programme import Technology

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
#: Signed factors in ascending order, shape (k,), and how often each was drawn, shape (B, k) -> signed factor, shape (B,).
Statistic = Callable[[Floats, Integers], Floats]


def draw_counts(n: int, replications: int, generator: np.random.Generator) -> Integers:
    """Return how often each of n units is drawn in each of B samples of size n with replacement, shape (B, n)."""
    return generator.multinomial(n, np.full(n, 1.0 / n), size=replications)


def resample(t: Technology, X: Floats, Y: Floats, counts: Integers, statistic: Statistic) -> Floats:
    """Score units against resampled references.

    Parameters
    ----------
    t : Technology
        K reference units.
    X, Y : ndarray, shapes (n, m) and (n, s)
        Inputs and outputs of the evaluated units.
    counts : ndarray, shape (B, K)
        From `draw_counts`.
    statistic : callable
        `expected_bests` or `bests_but_share`, with its order filled in.

    Returns
    -------
    ndarray, shape (B, n)
        Efficiencies; infinite where no unit that was drawn does as much, so that the unit is beyond comparison.
    """
    found = np.full((len(counts), len(X)), np.inf)
    for j, is_dominating, factors in compare_in_pairs(t, X, Y):
        chosen = np.flatnonzero(is_dominating)
        chosen = chosen[np.argsort(factors[chosen], kind="stable")]
        drawn = counts[:, chosen]
        is_there = drawn.sum(axis=1) > 0
        if is_there.any():
            signed = statistic(factors[chosen], drawn[is_there])
            with np.errstate(divide="ignore"):
                found[is_there, j] = 1.0 / np.abs(signed) if t.is_output else signed
    return found


def expected_bests(factors: Floats, drawn: Integers, m: int) -> Floats:
    """Return `kernels.partial.expected_best` of each resampled set of dominating units.

    Parameters
    ----------
    factors : ndarray, shape (k,)
        Signed factors in ascending order.
    drawn : ndarray, shape (B, k)
        How often each was drawn, at least once in all.
    m : int
        Order.

    Returns
    -------
    ndarray, shape (B,)
    """
    left = np.cumsum(drawn[:, ::-1], axis=1)[:, ::-1]
    survival = left[:, 1:] / left[:, :1]
    best: Floats = factors[0] + survival ** float(m) @ np.diff(factors)
    return best


def bests_but_share(factors: Floats, drawn: Integers, alpha: float) -> Floats:
    """Return `kernels.partial.best_but_share` of each resampled set of dominating units.

    Parameters
    ----------
    factors, drawn
        As in `expected_bests`.
    alpha : float
        Order.

    Returns
    -------
    ndarray, shape (B,)
    """
    so_far = np.cumsum(drawn, axis=1)
    passed = ((1.0 - alpha) * so_far[:, -1] + DECIMAL).astype(np.int64)
    passed = np.minimum(passed, so_far[:, -1] - 1)
    best: Floats = factors[np.argmax(so_far > passed[:, None], axis=1)]
    return best
