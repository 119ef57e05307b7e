"""Partial frontiers: what the best of some, rather than of all, dominating reference units would do.

Plain numpy: sorting dominates the time, and numpy sorts as fast as compiled code would. Factors are *signed*: positive for the
inputs, negative for the outputs, so that the least is the best in either orientation.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from benchlib.efficiency.kernels.programme import Technology

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Integers = NDArray[np.int64]

#: Pairs of units that are compared in one step, so that the figures stay in the processor's cache.
PAIRS = 2**16
#: Shares are decimal numbers: (1 - 0.9) * 10 is 1, although not in binary arithmetic.
DECIMAL = 1e-9


def compare_in_pairs(t: Technology, X: Floats, Y: Floats) -> Iterator[tuple[int, Bools, Floats]]:
    """Compare units with single reference units, as the free disposal hull does.

    Parameters
    ----------
    t : Technology
        K reference units.
    X, Y : ndarray, shapes (n, m) and (n, s)
        Inputs and outputs of the evaluated units.

    Yields
    ------
    j : int
        An evaluated unit; all come, in their order.
    is_dominating : ndarray, shape (K,)
        Whether a reference unit brings about as much (output orientation: uses as little). An input that unit `j` does not
        use may not be used by a dominating unit either.
    factors : ndarray, shape (K,)
        The share of the inputs of `j` that a reference unit needs at most; in output orientation the factor by which it
        exceeds the outputs of `j` at least, with a minus sign. Variables in which `j` has a zero do not count; NaN if it
        has nothing else.
    """
    step = max(1, PAIRS // t.X.shape[1])
    for first in range(0, len(X), step):
        x, y = X[first : first + step], Y[first : first + step]
        is_dominating = _uses_no_more(t, x) if t.is_output else _brings_no_less(t, x, y)
        factors = -_extreme_ratio(t.Y, y, np.fmin) if t.is_output else _extreme_ratio(t.X, x, np.fmax)
        for i in range(len(x)):
            yield first + i, is_dominating[i], factors[i]


def expected_best(factors: Floats, m: int, weights: Floats | None = None) -> float:
    """Return the expected best of `m` draws, with replacement, from the factors of the dominating units.

    That is the integral of the survival function to the power of `m`, a sum of rectangles between sorted factors.

    Parameters
    ----------
    factors : ndarray, shape (N,)
        Signed factors in ascending order, at least one.
    m : int
        Number of draws.
    weights : ndarray, shape (N,), optional
        What the draws are made in proportion to; by default all alike.

    Returns
    -------
    float
        A signed factor.
    """
    count = len(factors)
    if weights is None:
        survival = np.arange(count - 1, 0, -1) / count
    else:
        survival = np.cumsum(weights[::-1])[::-1]
        survival = survival[1:] / survival[0]
    return float(factors[0] + (factors[1:] - factors[:-1]) @ survival ** float(m))


def best_but_share(factors: Floats, alpha: float) -> float:
    """Return the best factor that at most the share 1 - alpha of the dominating units surpasses.

    Parameters
    ----------
    factors : ndarray, shape (N,)
        Signed factors in ascending order, at least one.
    alpha : float
        Share in (0, 1].

    Returns
    -------
    float
        A signed factor.
    """
    passed = int((1.0 - alpha) * len(factors) + DECIMAL)
    return float(factors[min(passed, len(factors) - 1)])


def _uses_no_more(t: Technology, x: Floats) -> Bools:
    found = np.ones((len(x), t.X.shape[1]), dtype=np.bool_)
    for i in range(len(t.X)):
        found &= t.X[i] <= x[:, i, None]
    return found


def _brings_no_less(t: Technology, x: Floats, y: Floats) -> Bools:
    found = np.ones((len(x), t.X.shape[1]), dtype=np.bool_)
    for r in range(len(t.Y)):
        found &= t.Y[r] >= y[:, r, None]
    for i in range(len(t.X)):
        is_unused = x[:, i] == 0.0
        if is_unused.any():
            found &= ~is_unused[:, None] | (t.X[i] == 0.0)
    return found


def _extreme_ratio(reference: Floats, own: Floats, extreme: np.ufunc) -> Floats:
    """Return the extreme over variables of reference by own figures, shape (n, K); own zeros do not count."""
    divisor = np.where(own > 0.0, own, np.nan)
    ratio: Floats = reference[0] / divisor[:, 0, None]
    for v in range(1, len(reference)):
        extreme(ratio, reference[v] / divisor[:, v, None], out=ratio)
    return ratio
