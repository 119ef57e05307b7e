"""Free disposal hull: each unit is compared with each single reference unit, without any programme."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from benchlib.efficiency.kernels.compilation import compiled
from benchlib.efficiency.kernels.programme import Technology
from benchlib.efficiency.kernels.radial import any_positive
from benchlib.efficiency.kernels.simplex import Floats
from benchlib.efficiency.kernels.status import FREE_OUTPUT, INFEASIBLE, NO_INPUT, NO_OUTPUT, SOLVED

#: Farrell factors that differ by less than this share are equal.
TIE = 1e-12


@compiled
def input_factors(X: Floats, Y: Floats, x: Floats, y: Floats, factors: Floats) -> float:
    """Write what share of each input each reference unit needs at most, infinite if it does not dominate; return the least.

    The figures of a unit with zero inputs are compared with those of units that do not use these inputs either. Arrays come one by one,
    not as a Technology: counting references to it would take longer than the comparisons.
    """
    m, s = x.size, y.size
    best = np.inf
    for k in range(factors.size):
        factor = 0.0
        for r in range(s):
            if Y[r, k] < y[r]:
                factor = np.inf
                break
        if factor == 0.0:
            for i in range(m):
                if x[i] > 0.0:
                    factor = max(factor, X[i, k] / x[i])
                elif X[i, k] > 0.0:
                    factor = np.inf
        factors[k] = factor
        best = min(best, factor)
    return best


@compiled
def output_factors(X: Floats, Y: Floats, x: Floats, y: Floats, factors: Floats) -> float:
    """Write by what factor each reference unit exceeds each output at least, 0 if it uses more of an input; return the greatest."""
    m, s = x.size, y.size
    best = 0.0
    for k in range(factors.size):
        factor = np.inf
        for i in range(m):
            if X[i, k] > x[i]:
                factor = 0.0
                break
        if factor > 0.0:
            for r in range(s):
                if y[r] > 0.0:
                    factor = min(factor, Y[r, k] / y[r])
        factors[k] = factor
        best = max(best, factor)
    return best


@compiled
def set_slacks(t: Technology, x: Floats, y: Floats, k: int, factor: float, weights: Floats, slacks: Floats) -> float:
    """Write the slacks against reference unit `k` at the given Farrell factor; return their weighted sum."""
    m = x.size
    total = 0.0
    for i in range(m):
        slacks[i] = max(0.0, (x[i] if t.is_output else factor * x[i]) - t.X[i, k])
        total += weights[i] * slacks[i]
    for r in range(y.size):
        slacks[m + r] = max(0.0, t.Y[r, k] - (factor * y[r] if t.is_output else y[r]))
        total += weights[m + r] * slacks[m + r]
    return total


@compiled
def choose_peer(
    t: Technology, x: Floats, y: Floats, own: int, best: float, factors: Floats, weights: Floats, slacks: Floats
) -> int:
    """Return the reference unit that gives one unit its Farrell factor `best`; `slacks` is overwritten on the way.

    If several do, it is the one with the greatest weighted sum of slacks, so that the peer itself is not dominated; then
    the unit itself; then the first.
    """
    peer = -1
    greatest = -1.0
    for step in range(-1, factors.size):
        k = own if step < 0 else step
        if k >= 0 and abs(factors[k] - best) <= TIE * best:
            total = set_slacks(t, x, y, k, best, weights, slacks)
            if total > greatest + TIE:
                peer, greatest = k, total
    return peer


@compiled
def compare_units(
    t: Technology,
    X: Floats,
    Y: Floats,
    own: NDArray[np.int64],
    slack_weights: Floats,
    first: int,
    last: int,
    farrell: Floats,
    status: NDArray[np.int64],
    peers: NDArray[np.int64],
    weights: Floats,
    slacks: Floats,
) -> None:
    """Compare the units `first` to `last - 1`; parameters as in `radial.solve_units`."""
    factors = np.zeros(t.X.shape[1])
    for j in range(first, last):
        x, y = X[j], Y[j]
        if not any_positive(y if t.is_output else x):
            status[j] = NO_OUTPUT if t.is_output else NO_INPUT
            continue
        factor = output_factors(t.X, t.Y, x, y, factors) if t.is_output else input_factors(t.X, t.Y, x, y, factors)
        if factor == (0.0 if t.is_output else np.inf):
            status[j] = INFEASIBLE
            continue
        if factor == 0.0:
            status[j] = FREE_OUTPUT
            continue
        status[j] = SOLVED
        farrell[j] = factor
        peers[j, 0] = choose_peer(t, x, y, own[j], factor, factors, slack_weights, slacks[j])
        weights[j, 0] = 1.0
        set_slacks(t, x, y, peers[j, 0], factor, slack_weights, slacks[j])
