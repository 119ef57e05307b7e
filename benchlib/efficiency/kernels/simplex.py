"""A revised simplex method for many small programmes: few rows, many columns, the basis inverse kept explicitly.

The programme is to minimise ``cost @ x`` subject to ``columns @ x == rhs`` and ``x >= 0``, over the columns that are
open. The caller provides a feasible starting basis. Dantzig's rule picks the entering column; after a run of
degenerate steps Bland's rule takes over, which cannot cycle. Nothing is believed until `certify` has recomputed it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from benchlib.efficiency.kernels.compilation import compiled
from benchlib.efficiency.kernels.status import SOLVED, TOLERANCE, UNBOUNDED, UNCERTIFIED

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

#: A column enters while its reduced cost is below -PRICE; far stricter than the certificate asks for.
PRICE = 1e-11
#: Smaller pivots are not trusted.
PIVOT = 1e-9
#: Ratios this close are ties; among ties the largest pivot is taken.
TIE = 1e-12
#: A basis matrix with a smaller pivot than this is singular.
SINGULAR = 1e-14
#: What rounding may do to a sum, relative to its largest term.
ROUNDING = 1e-13
#: Degenerate steps in a row before Bland's rule takes over.
PATIENCE = 30


class Programme(NamedTuple):
    """Room for one linear programme with r rows and c columns, used again for unit after unit."""

    columns: Floats
    """Coefficients, shape (r, c)."""
    rhs: Floats
    """Right-hand side, shape (r,)."""
    cost: Floats
    """Objective, shape (c,), to be minimised."""
    is_open: NDArray[np.bool_]
    """Columns that may enter the basis, shape (c,)."""
    basis: NDArray[np.int64]
    """Column that is basic in each row, shape (r,)."""
    inverse: Floats
    """Inverse of the basis matrix, shape (r, r)."""
    values: Floats
    """Values of the basic columns, shape (r,)."""
    duals: Floats
    """Dual prices of the rows, shape (r,)."""
    reduced: Floats
    """Reduced costs, shape (c,)."""
    entering: Floats
    """Entering column in terms of the basis, shape (r,)."""
    scratch: Floats
    """Copy of the basis matrix while it is inverted, shape (r, r)."""


@compiled
def new_programme(rows: int, size: int) -> Programme:
    """Return an empty programme with `rows` rows and `size` columns."""
    return Programme(
        np.zeros((rows, size)),
        np.zeros(rows),
        np.zeros(size),
        np.zeros(size, dtype=np.bool_),
        np.zeros(rows, dtype=np.int64),
        np.zeros((rows, rows)),
        np.zeros(rows),
        np.zeros(rows),
        np.zeros(size),
        np.zeros(rows),
        np.zeros((rows, rows)),
    )


@compiled
def pivot_row(p: Programme, j: int) -> bool:
    """Bring the largest entry of column `j` of the basis matrix to row `j` and make it 1; False if it is nearly zero."""
    rows = p.rhs.size
    best = j
    for i in range(j + 1, rows):
        if abs(p.scratch[i, j]) > abs(p.scratch[best, j]):
            best = i
    pivot = p.scratch[best, j]
    if abs(pivot) < SINGULAR:
        return False
    for k in range(rows):
        if best != j:
            p.scratch[j, k], p.scratch[best, k] = p.scratch[best, k], p.scratch[j, k]
            p.inverse[j, k], p.inverse[best, k] = p.inverse[best, k], p.inverse[j, k]
        p.scratch[j, k] /= pivot
        p.inverse[j, k] /= pivot
    return True


@compiled
def invert_basis(p: Programme) -> bool:
    """Invert the basis matrix afresh (Gauss-Jordan, partial pivoting) and set the basic values; False if singular."""
    rows = p.rhs.size
    for i in range(rows):
        for j in range(rows):
            p.scratch[i, j] = p.columns[i, p.basis[j]]
            p.inverse[i, j] = 1.0 if i == j else 0.0
    for j in range(rows):
        if not pivot_row(p, j):
            return False
        for i in range(rows):
            factor = p.scratch[i, j]
            if i != j and factor != 0.0:
                for k in range(rows):
                    p.scratch[i, k] -= factor * p.scratch[j, k]
                    p.inverse[i, k] -= factor * p.inverse[j, k]
    for i in range(rows):
        p.values[i] = 0.0
        for k in range(rows):
            p.values[i] += p.inverse[i, k] * p.rhs[k]
    return True


@compiled
def price(columns: Floats, cost: Floats, basis: Integers, inverse: Floats, duals: Floats, reduced: Floats) -> float:
    """Set duals and reduced costs of the present basis; return how small a reduced cost still counts as zero."""
    rows, size = columns.shape
    magnitude = 0.0
    for k in range(rows):
        dual = 0.0
        for i in range(rows):
            dual += cost[basis[i]] * inverse[i, k]
        duals[k] = dual
        magnitude += abs(dual)
    for j in range(size):
        reduced[j] = cost[j]
    for k in range(rows):
        dual = duals[k]
        if dual != 0.0:
            for j in range(size):
                reduced[j] -= dual * columns[k, j]
    return PRICE + 1e-15 * magnitude


@compiled
def entering_column(reduced: Floats, is_open: NDArray[np.bool_], zero: float, is_careful: bool) -> int:
    """Return the open column to enter: the most negative reduced cost or, if careful, the first; -1 if optimal."""
    best = -1
    lowest = -zero
    for j in range(reduced.size):
        if reduced[j] < lowest and is_open[j]:
            best = j
            if is_careful:
                break
            lowest = reduced[j]
    return best


@compiled
def enter(columns: Floats, inverse: Floats, column: int, entering: Floats) -> None:
    """Set `entering` to a column in terms of the present basis."""
    rows = entering.size
    for i in range(rows):
        entry = 0.0
        for k in range(rows):
            entry += inverse[i, k] * columns[k, column]
        entering[i] = entry


@compiled
def leaving_row(entering: Floats, values: Floats, basis: Integers, is_careful: bool) -> int:
    """Return the row whose basic value reaches zero first when the entering column grows; -1 if none does."""
    rows = entering.size
    shortest = np.inf
    for i in range(rows):
        if entering[i] > PIVOT:
            shortest = min(shortest, max(values[i], 0.0) / entering[i])
    row = -1
    for i in range(rows):
        entry = entering[i]
        if not (entry > PIVOT and max(values[i], 0.0) / entry <= shortest + TIE):
            continue
        if row < 0 or (basis[i] < basis[row] if is_careful else entry > entering[row]):
            row = i
    return row


@compiled
def exchange(entering: Floats, values: Floats, basis: Integers, inverse: Floats, row: int, column: int) -> float:
    """Let `column` (already in `entering`) replace what is basic in `row`; return the length of the step."""
    rows = entering.size
    pivot = entering[row]
    step: float = max(values[row], 0.0) / pivot
    for k in range(rows):
        inverse[row, k] /= pivot
    for i in range(rows):
        entry = entering[i]
        if i != row and entry != 0.0:
            values[i] -= step * entry
            for k in range(rows):
                inverse[i, k] -= entry * inverse[row, k]
    values[row] = step
    basis[row] = column
    return step


@compiled
def iterate(p: Programme, limit: int) -> int:
    """Move from basis to basis until no open column improves; return SOLVED, UNBOUNDED or UNCERTIFIED.

    What is called in each step takes the arrays that it needs: handing on the whole programme, counting a reference to each of its
    arrays, would take longer than the step itself.
    """
    columns, cost, basis, inverse, values, entering = p.columns, p.cost, p.basis, p.inverse, p.values, p.entering
    stalled = 0
    for _ in range(limit):
        is_careful = stalled > PATIENCE
        zero = price(columns, cost, basis, inverse, p.duals, p.reduced)
        column = entering_column(p.reduced, p.is_open, zero, is_careful)
        if column < 0:
            return SOLVED
        enter(columns, inverse, column, entering)
        row = leaving_row(entering, values, basis, is_careful)
        if row < 0:
            return UNBOUNDED
        stalled = 0 if exchange(entering, values, basis, inverse, row, column) > TIE else stalled + 1
    return UNCERTIFIED


@compiled
def certify(p: Programme) -> bool:
    """Recompute the present basis from the data; True if it is primal and dual feasible without a duality gap.

    All is measured relative to the objective where that exceeds 1 and, against rounding, to the largest terms of a row.
    """
    if not invert_basis(p):
        return False
    price(p.columns, p.cost, p.basis, p.inverse, p.duals, p.reduced)
    rows, size = p.columns.shape
    primal = 0.0
    dual = 0.0
    largest = 0.0
    for i in range(rows):
        primal += p.cost[p.basis[i]] * max(p.values[i], 0.0)
        dual += p.duals[i] * p.rhs[i]
        largest = max(largest, p.values[i])
    tolerance = TOLERANCE * max(1.0, abs(primal))
    if not abs(primal - dual) <= tolerance:
        return False
    for j in range(size):
        if p.is_open[j] and p.reduced[j] < -tolerance:
            return False
    for i in range(rows):
        residual = -p.rhs[i]
        magnitude = 1.0
        for k in range(rows):
            term = p.columns[i, p.basis[k]] * max(p.values[k], 0.0)
            residual += term
            magnitude = max(magnitude, abs(term))
        if abs(residual) > tolerance + ROUNDING * magnitude or p.values[i] < -TOLERANCE - ROUNDING * largest:
            return False
    return True


@compiled
def optimise(p: Programme, limit: int) -> int:
    """Solve from the feasible basis in `p` to a certified optimum.

    A solution that fails its certificate gets a second and a third chance from its freshly inverted basis.

    Parameters
    ----------
    p : Programme
        With a feasible basis, whose inverse and values are set.
    limit : int
        Most steps per attempt.

    Returns
    -------
    int
        SOLVED, UNBOUNDED or UNCERTIFIED.
    """
    for _ in range(3):
        outcome = iterate(p, limit)
        if outcome == UNBOUNDED:
            return UNBOUNDED
        if certify(p):
            return SOLVED
    return UNCERTIFIED
