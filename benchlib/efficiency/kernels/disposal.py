"""Free disposal hull: each unit is compared with each single reference unit, without any programme."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from benchlib.efficiency.kernels.compilation import compiled
from benchlib.efficiency.kernels.programme import Technology
from benchlib.efficiency.kernels.radial import any_positive
from benchlib.efficiency.kernels.simplex import Floats
from benchlib.efficiency.kernels.status import INFEASIBLE, NO_INPUT, NO_OUTPUT, SOLVED

#: Farrell factors that differ by less than this share are equal.
TIE = 1e-12


@compiled
def input_factor(t: Technology, x: Floats, y: Floats, k: int) -> float:
    """Return what share of each input reference unit `k` needs at most; infinite if it does not reach the outputs."""
    for r in range(y.size):
        if t.Y[r, k] < y[r]:
            return np.inf
    factor = 0.0
    for i in range(x.size):
        if x[i] > 0.0:
            factor = max(factor, t.X[i, k] / x[i])
        elif t.X[i, k] > 0.0:
            return np.inf
    return factor


@compiled
def output_factor(t: Technology, x: Floats, y: Floats, k: int) -> float:
    """Return by what factor reference unit `k` exceeds each output at least; 0 if it uses more of an input."""
    for i in range(x.size):
        if t.X[i, k] > x[i]:
            return 0.0
    factor = np.inf
    for r in range(y.size):
        if y[r] > 0.0:
            factor = min(factor, t.Y[r, k] / y[r])
    return factor


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
def best_factor(t: Technology, x: Floats, y: Floats) -> float:
    """Return the Farrell factor of one unit; infinite (input) or 0 (output) if no reference unit dominates it."""
    best = 0.0 if t.is_output else np.inf
    for k in range(t.X.shape[1]):
        best = max(best, output_factor(t, x, y, k)) if t.is_output else min(best, input_factor(t, x, y, k))
    return best


@compiled
def choose_peer(t: Technology, x: Floats, y: Floats, own: int, best: float, weights: Floats, slacks: Floats) -> int:
    """Return the reference unit that gives one unit its Farrell factor `best`; `slacks` is overwritten on the way.

    If several do, it is the one with the greatest weighted sum of slacks, so that the peer itself is not dominated; then
    the unit itself; then the first.
    """
    peer = -1
    greatest = -1.0
    for step in range(-1, t.X.shape[1]):
        k = own if step < 0 else step
        if k < 0:
            continue
        factor = output_factor(t, x, y, k) if t.is_output else input_factor(t, x, y, k)
        if abs(factor - best) <= TIE * best:
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
    for j in range(first, last):
        x, y = X[j], Y[j]
        if not any_positive(y if t.is_output else x):
            status[j] = NO_OUTPUT if t.is_output else NO_INPUT
            continue
        factor = best_factor(t, x, y)
        if factor == (0.0 if t.is_output else np.inf):
            status[j] = INFEASIBLE
            continue
        status[j] = SOLVED
        farrell[j] = factor
        peers[j, 0] = choose_peer(t, x, y, own[j], factor, slack_weights, slacks[j])
        weights[j, 0] = 1.0
        set_slacks(t, x, y, peers[j, 0], factor, slack_weights, slacks[j])
