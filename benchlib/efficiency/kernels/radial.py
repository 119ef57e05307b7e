"""Radial efficiency of unit after unit: Farrell factor, peers, greatest slacks and multipliers, each certified."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from benchlib.efficiency.kernels.compilation import compiled
from benchlib.efficiency.kernels.programme import (
    FREE_START,
    NO_START,
    Technology,
    allocate,
    choose_start,
    load_unit,
    scale_columns,
    set_start,
)
from benchlib.efficiency.kernels.simplex import PIVOT, Floats, Programme, enter, exchange, optimise
from benchlib.efficiency.kernels.status import (
    FREE_OUTPUT,
    INFEASIBLE,
    NO_INPUT,
    NO_OUTPUT,
    SOLVED,
    TOLERANCE,
    UNBOUNDED,
    UNCERTIFIED,
)

#: Most simplex steps per attempt; the programmes here need some ten.
LIMIT = 1000
#: In the second stage a column may enter if it leaves the Farrell factor where it is, within this share of it.
FACE = 1e-10
#: And what rounding does to a reduced cost.
FACE_ROUNDING = 1e-15
#: A Farrell factor below this is zero: the outputs come for nothing, or one of them does not come at all.
NOTHING = 1e-14


@compiled
def any_positive(values: Floats) -> bool:
    """Return whether one of the values is positive."""
    largest = 0.0
    for value in values:
        largest = max(largest, value)
    return largest > 0.0


@compiled
def precheck(t: Technology, x: Floats, y: Floats) -> int:
    """Return NO_INPUT or NO_OUTPUT where the radial question has no meaning, otherwise SOLVED."""
    if not t.is_output and not any_positive(x):
        return NO_INPUT
    if (t.is_output or t.lowest == 0.0) and not any_positive(y):
        return NO_OUTPUT
    return SOLVED


@compiled
def farrell_factor(p: Programme, t: Technology) -> float:
    """Return the value of the Farrell factor in the present basis."""
    for i in range(p.rhs.size):
        if p.basis[i] == t.X.shape[1]:
            return float(p.values[i])
    return 0.0


@compiled
def aim_at_artificial(p: Programme) -> None:
    """Make the value of the artificial unit the objective."""
    p.cost[:] = 0.0
    p.cost[p.cost.size - 1] = 1.0


@compiled
def aim_at_factor(p: Programme, t: Technology) -> None:
    """Make the Farrell factor the objective."""
    p.cost[:] = 0.0
    p.cost[t.X.shape[1]] = -1.0 if t.is_output else 1.0


@compiled
def aim_at_slacks(p: Programme, t: Technology, scale: Floats, weights: Floats) -> None:
    """Make the weighted sum of slacks the objective, and keep the Farrell factor where it is.

    Only columns whose reduced cost in the first stage is zero may enter, which are exactly those that leave the Farrell
    factor where it is. So the second stage continues from the basis of the first.
    """
    first_slack = t.X.shape[1] + 1
    zero = FACE * min(1.0, farrell_factor(p, t)) + FACE_ROUNDING
    largest = 0.0
    for i in range(weights.size):
        largest = max(largest, weights[i] * scale[i])
    for j in range(p.cost.size):
        p.is_open[j] = p.is_open[j] and p.reduced[j] <= zero
        p.cost[j] = 0.0
    for i in range(weights.size):
        p.cost[first_slack + i] = -weights[i] * scale[i] / largest


@compiled
def stand_in(p: Programme, row: int) -> int:
    """Return the open column with the largest entry in a row of the present tableau; -1 if there is none to speak of."""
    best = -1
    largest = PIVOT
    for j in range(p.cost.size):
        entry = 0.0
        for k in range(p.rhs.size):
            entry += p.inverse[row, k] * p.columns[k, j]
        if p.is_open[j] and abs(entry) > largest:
            best, largest = j, abs(entry)
    return best


@compiled
def evict_artificial(p: Programme) -> bool:
    """Take the artificial unit out of an optimal basis; False if it has a value, for which no reference unit stands in."""
    for row in range(p.rhs.size):
        if p.basis[row] != p.cost.size - 1:
            continue
        if p.values[row] > TOLERANCE:
            return False
        column = stand_in(p, row)
        if column >= 0:
            enter(p.columns, p.inverse, column, p.entering)
            p.values[row] = 0.0
            exchange(p.entering, p.values, p.basis, p.inverse, row, column)
    return True


@compiled
def score_unit(p: Programme, t: Technology, x: Floats, y: Floats, own: int, scale: Floats, intensity: Floats) -> int:
    """Solve the radial programme of one unit; the certified optimum is left in `p`.

    Parameters
    ----------
    p : Programme
        From `allocate`.
    t : Technology
        What the unit is compared with.
    x, y : ndarray, shapes (m,) and (s,)
        Inputs and outputs of the unit.
    own : int
        Where the unit itself stands in the reference; -1 if it does not; -2 - k if it stands at k and is not to be compared with
        itself.
    scale, intensity : ndarray, shapes (m + s,) and (K,)
        Receive the divisors of the rows, and what turns the values of the columns into intensities.

    Returns
    -------
    int
        A code of `status`.
    """
    outcome = precheck(t, x, y)
    if outcome != SOLVED:
        return outcome
    load_unit(p, t, scale, x, y)
    if own < -1:
        p.is_open[-2 - own] = False
    start = choose_start(p, t, own)
    if start == FREE_START:
        return UNBOUNDED
    scale_columns(p, t, intensity)
    if not set_start(p, t, p.cost.size - 1 if start == NO_START else start):
        return UNCERTIFIED
    for is_last in (start != NO_START, True):
        if is_last:
            aim_at_factor(p, t)
        else:
            aim_at_artificial(p)
        outcome = optimise(p, LIMIT)
        if is_last or outcome != SOLVED:
            break
        if not evict_artificial(p):
            return INFEASIBLE
    return outcome


@compiled
def read_multipliers(p: Programme, t: Technology, scale: Floats, x: Floats, out: Floats) -> None:
    """Write the duals of the radial programme, in the variables' own units, with the intercept at the end.

    Reference units that use an input which the unit does not use were left out of its programme. The multiplier of such
    an input has no bearing on the unit itself; it is set to the least value that keeps the duals feasible for them.
    """
    m, n_reference = t.X.shape
    s = t.Y.shape[0]
    for i in range(m + s):
        out[i] = max(0.0, -p.duals[i] if i < m else p.duals[i]) / scale[i]
    sign = -1.0 if t.is_output else 1.0
    out[m + s] = 0.0
    if p.rhs.size > m + s:
        out[m + s] = sign * p.duals[m + s]
    for i in range(m):
        if x[i] > 0.0:
            continue
        out[i] = 0.0
        needed = 0.0
        for k in range(n_reference):
            if t.X[i, k] > 0.0:
                excess = sign * out[m + s]
                for r in range(s):
                    excess += out[m + r] * t.Y[r, k]
                for j in range(m):
                    excess -= out[j] * t.X[j, k]
                needed = max(needed, excess / t.X[i, k])
        out[i] = needed


@compiled
def read_basis(
    p: Programme,
    t: Technology,
    scale: Floats,
    intensity: Floats,
    peers: NDArray[np.int64],
    weights: Floats,
    slacks: Floats,
) -> None:
    """Write peers (positions in the reference, then -1), their intensities, and slacks in the variables' own units."""
    n_reference = t.X.shape[1]
    peers[:] = -1
    weights[:] = 0.0
    slacks[:] = 0.0
    found = 0
    for i in range(p.rhs.size):
        column, value = p.basis[i], p.values[i]
        if value <= TOLERANCE:
            continue
        if column < n_reference:
            peers[found] = column
            weights[found] = value * intensity[column]
            found += 1
        elif n_reference < column <= n_reference + slacks.size:
            slacks[column - n_reference - 1] = value * scale[column - n_reference - 1]


@compiled
def solve_units(
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
    multipliers: Floats,
) -> None:
    """Solve the radial programmes of the units `first` to `last - 1`.

    Parameters
    ----------
    t : Technology
        What units are compared with: K reference units.
    X, Y : ndarray, shapes (n, m) and (n, s)
        Inputs and outputs of the evaluated units.
    own : ndarray, shape (n,)
        As in `score_unit`.
    slack_weights : ndarray, shape (m + s,)
        Positive weight of one unit of measurement of each variable's slack in the second stage.
    first, last : int
        Which units; threads take different ones.
    farrell, status : ndarray, shape (n,)
        Receive the Farrell factor (untouched if there is none) and a code of `status`.
    peers, weights : ndarray, shape (n, m + s + 1)
        Receive positions in the reference (then -1) and intensities. With shape (0, 0) only the first stage is solved,
        and the last four arrays are untouched.
    slacks : ndarray, shape (n, m + s)
        Receives the slacks.
    multipliers : ndarray, shape (n, m + s + 1)
        Receives the multipliers, with the intercept at the end.
    """
    p = allocate(t)
    scale = np.zeros(X.shape[1] + Y.shape[1])
    intensity = np.zeros(t.X.shape[1])
    for j in range(first, last):
        status[j] = score_unit(p, t, X[j], Y[j], own[j], scale, intensity)
        if status[j] != SOLVED:
            continue
        value = farrell_factor(p, t)
        if value < NOTHING:
            status[j] = INFEASIBLE if t.is_output else FREE_OUTPUT
            continue
        if peers.size > 0:
            read_multipliers(p, t, scale, X[j], multipliers[j])
            aim_at_slacks(p, t, scale, slack_weights)
            status[j] = optimise(p, LIMIT)
            if status[j] != SOLVED:
                continue
            read_basis(p, t, scale, intensity, peers[j], weights[j], slacks[j])
        farrell[j] = value
