"""The radial programme of one unit: how it is laid out, scaled and started.

Rows are the m inputs, the s outputs and, unless returns to scale are constant, the sum of the intensities. Columns are the
K reference units, the Farrell factor, one slack per row and one artificial unit:

    inputs    sum_k x_ik lambda_k + slack_i = theta x_i    (output orientation: = x_i)
    outputs   sum_k y_rk lambda_k - slack_r = y_r          (output orientation: = phi y_r)
    sum       lowest <= sum_k lambda_k <= highest

Each row is divided by the evaluated unit's own value and each reference column by its largest input so scaled. Thus
numbers near 1 enter whatever the units of measurement, and a value says which share of the unit's input a peer takes.
A zero input of the evaluated unit rules out every reference unit that uses this input: these columns are closed and
the row is empty. A zero output never binds: its row is scaled by the largest reference value.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from benchlib.efficiency.kernels.compilation import compiled
from benchlib.efficiency.kernels.simplex import Floats, Programme, invert_basis, new_programme

#: Answer of `choose_start` if no reference unit will do.
NO_START = -1
#: Answer of `choose_start` if a reference unit without input brings about all the outputs.
FREE_START = -2


class Technology(NamedTuple):
    """What units are compared with, and in which direction."""

    X: Floats
    """Inputs of the reference units, shape (m, K)."""
    Y: Floats
    """Outputs of the reference units, shape (s, K)."""
    lowest: float
    """Least sum of the intensities; (lowest, highest) is (0, inf), (1, 1), (0, 1) or (1, inf)."""
    highest: float
    """Largest sum of the intensities."""
    is_output: bool
    """Output orientation; otherwise input orientation."""


@compiled
def has_sum_row(t: Technology) -> bool:
    """Return whether the bounds on the sum of the intensities restrict anything."""
    return bool(t.lowest > 0.0 or t.highest < np.inf)


@compiled
def allocate(t: Technology) -> Programme:
    """Return a programme in which the slack columns, the same for all units, are filled in."""
    m, n_reference = t.X.shape
    rows = m + t.Y.shape[0] + (1 if has_sum_row(t) else 0)
    p = new_programme(rows, n_reference + rows + 2)
    for i in range(rows):
        p.columns[i, n_reference + 1 + i] = 1.0 if i < m else -1.0
    if has_sum_row(t) and t.highest < np.inf:
        p.columns[rows - 1, n_reference + rows] = 1.0
    return p


@compiled
def load_inputs(p: Programme, t: Technology, scale: Floats, x: Floats) -> None:
    """Fill in the input rows of the unit with inputs `x` and close the columns that use what it does not."""
    m, n_reference = t.X.shape
    artificial = p.cost.size - 1
    for i in range(m):
        is_positive = x[i] > 0.0
        scale[i] = x[i] if is_positive else 1.0
        for k in range(n_reference):
            p.columns[i, k] = t.X[i, k] / scale[i]
        if not is_positive:
            for k in range(n_reference):
                p.is_open[k] = p.is_open[k] and t.X[i, k] == 0.0
                p.columns[i, k] = 0.0
        p.columns[i, n_reference] = -1.0 if is_positive and not t.is_output else 0.0
        p.columns[i, artificial] = 1.0 if is_positive else 0.0
        p.rhs[i] = 1.0 if is_positive and t.is_output else 0.0


@compiled
def load_outputs(p: Programme, t: Technology, scale: Floats, y: Floats) -> None:
    """Fill in the output rows of the unit with outputs `y`."""
    m, n_reference = t.X.shape
    artificial = p.cost.size - 1
    for r in range(y.size):
        is_positive = y[r] > 0.0
        divisor = y[r]
        if not is_positive:
            for k in range(n_reference):
                divisor = max(divisor, t.Y[r, k])
            divisor = divisor if divisor > 0.0 else 1.0
        i = m + r
        scale[i] = divisor
        for k in range(n_reference):
            p.columns[i, k] = t.Y[r, k] / divisor
        p.columns[i, n_reference] = -1.0 if is_positive and t.is_output else 0.0
        p.columns[i, artificial] = 1.0 if is_positive else 0.0
        p.rhs[i] = 1.0 if is_positive and not t.is_output else 0.0


@compiled
def load_unit(p: Programme, t: Technology, scale: Floats, x: Floats, y: Floats) -> None:
    """Fill in the rows of one unit, not yet scaled by column.

    Parameters
    ----------
    p : Programme
        From `allocate`.
    t : Technology
        What the unit is compared with.
    scale : ndarray, shape (m + s,)
        Receives the divisor of each row.
    x, y : ndarray, shapes (m,) and (s,)
        Inputs and outputs of the evaluated unit.
    """
    n_reference = t.X.shape[1]
    rows, size = p.columns.shape
    p.is_open[:] = True
    p.is_open[size - 1] = False
    load_inputs(p, t, scale, x)
    load_outputs(p, t, scale, y)
    if has_sum_row(t):
        p.is_open[size - 2] = t.lowest < t.highest
        p.columns[rows - 1, :n_reference] = 1.0
        p.columns[rows - 1, size - 1] = 1.0
        p.rhs[rows - 1] = 1.0


@compiled
def extent(p: Programme, t: Technology, k: int) -> tuple[float, float]:
    """Return the largest input and the smallest output of column `k`, among the rows in which the unit is positive."""
    m = t.X.shape[0]
    artificial = p.cost.size - 1
    largest = 0.0
    smallest = np.inf
    for i in range(m):
        largest = max(largest, p.columns[i, k])
    for i in range(m, m + t.Y.shape[0]):
        if p.columns[i, artificial] > 0.0:
            smallest = min(smallest, p.columns[i, k])
    return largest, smallest


@compiled
def choose_start(p: Programme, t: Technology, own: int) -> int:
    """Return the single reference unit that comes nearest to the optimum, by free disposal and, if allowed, scaling.

    Parameters
    ----------
    p : Programme
        From `load_unit`.
    t : Technology
        What the unit is compared with.
    own : int
        Where the unit itself stands in the reference, or -1. It wins ties, so that an efficient unit is its own peer.

    Returns
    -------
    int
        A column, `NO_START` or `FREE_START`.
    """
    start = NO_START
    highest = 0.0
    is_scaled = not has_sum_row(t)
    for step in range(-1, t.X.shape[1]):
        k = own if step < 0 else step
        if k < 0 or not p.is_open[k]:
            continue
        largest, smallest = extent(p, t, k)
        if largest == 0.0 and smallest > 0.0 and is_scaled and t.is_output:
            return FREE_START
        if is_scaled:
            score = smallest / largest if largest > 0.0 else (np.inf if smallest > 0.0 else 0.0)
        elif t.is_output:
            score = smallest + 1e-300 if largest <= 1.0 else 0.0
        else:
            score = (1.0 / largest if largest > 0.0 else np.inf) if smallest >= 1.0 else 0.0
        if score > highest:
            start, highest = k, score
    return start


@compiled
def scale_columns(p: Programme, t: Technology, intensity: Floats) -> None:
    """Divide each reference column by its largest input; `intensity` receives what turns its value into a lambda."""
    m, n_reference = t.X.shape
    rows = p.rhs.size
    intensity[:] = 0.0
    for i in range(m):
        for k in range(n_reference):
            intensity[k] = max(intensity[k], p.columns[i, k])
    for k in range(n_reference):
        if intensity[k] == 0.0:
            for i in range(m, m + t.Y.shape[0]):
                intensity[k] = max(intensity[k], p.columns[i, k])
        intensity[k] = 1.0 / intensity[k] if intensity[k] > 0.0 else 1.0
    for i in range(rows):
        for k in range(n_reference):
            p.columns[i, k] *= intensity[k]


@compiled
def set_start(p: Programme, t: Technology, start: int) -> bool:
    """Make the basis of one unit (or the artificial one) at full intensity; False if that basis is singular."""
    m, n_reference = t.X.shape
    rows, size = p.columns.shape
    tight_input = 0
    tight_output = m
    for i in range(rows):
        p.basis[i] = n_reference + 1 + i
    for i in range(m):
        if p.columns[i, start] > p.columns[tight_input, start]:
            tight_input = i
    lowest = np.inf
    for i in range(m, m + t.Y.shape[0]):
        if p.columns[i, size - 1] > 0.0 and p.columns[i, start] < lowest:
            tight_output, lowest = i, p.columns[i, start]
    p.basis[tight_output if t.is_output else tight_input] = n_reference
    if has_sum_row(t):
        p.basis[rows - 1] = start
    else:
        p.basis[tight_input if t.is_output else tight_output] = start
    return bool(invert_basis(p))
