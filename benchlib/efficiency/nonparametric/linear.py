"""One linear programme with few rows, solved and certified: the tool of every model that is not radial.

Each row is divided by its right-hand side (or by what the caller says is usual in it) and each column by the largest entry with
which it uses up a right-hand side. Then numbers near 1 enter the simplex method, whatever the units of measurement, and a value
says which share of a right-hand side a column takes. Artificial columns make the starting basis. The own method comes first
(some tenths of a millisecond), HiGHS second. An answer counts only with a certificate: primal and dual feasible and without a
duality gap, each within 1e-9 of the scaled programme, whose right-hand sides, values and optimum are about 1 (or 0).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from benchlib.efficiency.kernels.simplex import PIVOT, Programme, invert_basis, new_programme, optimise
from benchlib.efficiency.kernels.status import INFEASIBLE, SOLVED, TOLERANCE, UNCERTIFIED
from benchlib.efficiency.nonparametric.fallback import minimise

Floats = NDArray[np.float64]

#: Coefficient of a row's slack, by the sign that stands in the row.
SLACK: Final = {"<": 1.0, "=": 0.0, ">": -1.0}
#: Most simplex steps per attempt.
LIMIT: Final = 2000
#: What is below this share of the largest coefficient of its row is nothing but rounding, and no scale.
NOTHING: Final = 1e-14
#: A scaled value below this is rounding, and its cost says nothing about the optimum.
ROUNDED: Final = 1e-10
#: The costs are scaled again where the optimum is a smaller share of the largest cost ...
SMALL: Final = 0.1
#: ... unless it is as small a share of it that it is zero ...
ZERO: Final = 1e-13
#: ... or the difference of nearly equal terms: a smaller share of the largest term.
CANCELLED: Final = 1e-10


@dataclass(frozen=True, eq=False)
class LinearAnswer:
    """What came out of a linear programme; NaN everywhere unless `status` is SOLVED.

    Attributes
    ----------
    status : int
        A code of `kernels.status`: SOLVED, INFEASIBLE, UNBOUNDED or UNCERTIFIED.
    value : float
        The optimum.
    x : ndarray, shape (c,)
        Values of the columns.
    slacks : ndarray, shape (r,)
        How far each row is from its right-hand side, never negative; 0 for equations.
    duals : ndarray, shape (r,)
        By how much the optimum grows with each right-hand side: at most 0 for rows "<", at least 0 for rows ">".
    by_highs : bool
        Whether HiGHS was asked.
    """

    status: int
    value: float
    x: Floats
    slacks: Floats
    duals: Floats
    by_highs: bool


@dataclass(frozen=True, eq=False)
class _Scaled:
    """A scaled programme of r rows and c columns, then r artificial ones, and the way back."""

    programme: Programme
    rows: Floats
    """Factor (with sign) on each row, shape (r,)."""
    columns: Floats
    """Factor on each column, shape (c,): x is the scaled value times this."""


def solve_linear(
    columns: ArrayLike,
    rhs: ArrayLike,
    cost: ArrayLike,
    *,
    senses: str | None = None,
    slack_cost: ArrayLike | None = None,
    is_free: ArrayLike | None = None,
    usual: ArrayLike | None = None,
) -> LinearAnswer:
    """Minimise ``cost @ x + slack_cost @ slacks`` subject to ``columns @ x (<, =, >) rhs`` and ``x >= 0``.

    Parameters
    ----------
    columns : ndarray, shape (r, c)
        Coefficients. Any units of measurement will do: rows and columns are scaled inside.
    rhs : ndarray, shape (r,)
        Right-hand sides, of any sign.
    cost : ndarray, shape (c,)
        Objective, to be minimised.
    senses : str of length r, optional
        A sign for each row: "<" at most, "=" equal, ">" at least; by default all are equations.
    slack_cost : ndarray, shape (r,), optional
        Objective for how far each row is from its right-hand side; by default 0. For equations it does not matter.
    is_free : ndarray of bool, shape (c,), optional
        Columns that may be negative; by default none.
    usual : ndarray, shape (r,), optional
        Positive amounts that matter in each row, such as the figures of the evaluated unit: answers are exact to 1e-9 of these. By
        default, and where it is 0, the size of the right-hand side or, where that is 0 too, the largest coefficient.

    Returns
    -------
    LinearAnswer

    Examples
    --------
    Maximise 3a + 5b with a <= 4, 2b <= 12, 3a + 2b <= 18 (the Wyndor Glass Co. of Hillier and Lieberman):

    >>> answer = solve_linear([[1, 0], [0, 2], [3, 2]], [4, 12, 18], [-3, -5], senses="<<<")
    >>> answer.value, answer.x, answer.duals
    (-36.0, array([2., 6.]), array([ 0. , -1.5, -1. ]))
    """
    A, b, c = (np.asarray(given, dtype=np.float64) for given in (columns, rhs, cost))
    rows, given = A.shape
    of_slacks, amounts = (
        np.zeros(rows) if values is None else np.asarray(values, dtype=np.float64) for values in (slack_cost, usual)
    )
    sign = np.array([SLACK[word] for word in senses]) if senses else np.zeros(rows)
    free = np.flatnonzero(is_free) if is_free is not None else np.zeros(0, dtype=np.intp)
    loose = np.flatnonzero(sign)
    A, c = np.hstack([A, -A[:, free]]), np.concatenate([c, -c[free]])
    closing = _closing_rows(A, b, sign)
    is_open = ~(A[closing] != 0.0).any(axis=0)
    count = int(is_open.sum())

    scaled = _load(A[:, is_open], b, sign, amounts)
    status, found, duals, by_highs = _solve(scaled, np.concatenate([c[is_open], of_slacks[loose]]))
    values, slacks = np.zeros(len(c)), np.full(rows, 0.0 if status == SOLVED else np.nan)
    values[is_open], slacks[loose] = found[:count], found[count:]
    x = values[:given]
    x[free] -= values[given:]
    if status != SOLVED:
        x[:] = np.nan
    _reopen(A, c, closing, duals)
    return LinearAnswer(status, float(c[:given] @ x + of_slacks @ slacks), x, slacks, duals, by_highs)


def _closing_rows(columns: Floats, rhs: Floats, sign: Floats) -> NDArray[np.intp]:
    """Return the rows that allow nothing at all of the columns in them: terms of one sign that may add up to 0 at most."""
    is_none = (rhs == 0.0) & (columns != 0.0).any(axis=1)
    at_most = (sign >= 0.0) & (columns >= 0.0).all(axis=1)
    at_least = (sign <= 0.0) & (columns <= 0.0).all(axis=1)
    return np.flatnonzero(is_none & (at_most | at_least))


def _reopen(columns: Floats, cost: Floats, closing: NDArray[np.intp], duals: Floats) -> None:
    """Raise the duals of closing rows, which the optimum does not depend on, until they keep their columns out."""
    for i in closing.tolist():
        there = np.flatnonzero(columns[i])
        reduced = cost[there] - duals @ columns[:, there]
        size = columns[i, there]
        duals[i] += np.sign(size[0]) * min(0.0, float((reduced / np.abs(size)).min()))


def _load(columns: Floats, rhs: Floats, sign: Floats, usual: Floats) -> _Scaled:
    """Return the scaled programme, slack columns added, with the basis of artificial columns and still without costs."""
    rows = len(rhs)
    largest = np.abs(columns).max(axis=1, initial=0.0)
    divisor = np.where(usual > 0.0, usual, np.abs(rhs))
    divisor = np.where(divisor > NOTHING * largest, divisor, largest)
    divisor = np.where(divisor > 0.0, divisor, 1.0)
    row_factor = 1.0 / divisor
    entries = columns * row_factor[:, None]
    # What makes a row "at least" easier to fulfil says nothing about how much of a column there can be.
    used = np.where(sign[:, None] * entries >= 0.0, np.abs(entries), 0.0).max(axis=0)
    used = np.where(used > 0.0, used, np.abs(entries).max(axis=0))
    loose = np.flatnonzero(sign)
    column_factor = np.concatenate([1.0 / np.where(used > 0.0, used, 1.0), divisor[loose]])

    size = len(column_factor)
    p = new_programme(rows, size + rows)
    is_turned = np.where(rhs < 0.0, -1.0, 1.0)
    p.columns[:, : len(used)] = entries * column_factor[: len(used)] * is_turned[:, None]
    p.columns[loose, len(used) + np.arange(len(loose))] = sign[loose] * is_turned[loose]
    p.columns[:, size:] = np.eye(rows)
    p.rhs[:] = np.abs(rhs) * row_factor
    p.basis[:] = np.arange(size, size + rows)
    invert_basis(p)
    return _Scaled(p, row_factor * is_turned, column_factor)


def _solve(scaled: _Scaled, cost: Floats) -> tuple[int, Floats, Floats, bool]:
    """Return status, values of all columns, duals and whether HiGHS was asked."""
    p, size = scaled.programme, cost.size
    status, unit = _find_feasible(p, size), 1.0
    if status != INFEASIBLE:
        unit = _set_costs(p, cost * scaled.columns)
    if status == SOLVED:
        status, factor = _find_optimum(p, size)
        unit *= factor
    values = np.zeros(p.cost.size)
    values[p.basis] = np.maximum(p.values, 0.0)
    by_highs = status == UNCERTIFIED and bool(np.isfinite(p.columns).all() and np.isfinite(p.cost).all())
    if by_highs:
        upper = np.where(np.arange(p.cost.size) < size, np.inf, 0.0)
        status, values = minimise(p, np.zeros_like(upper), upper)
    if status != SOLVED:
        return status, np.full(size, np.nan), np.full(len(p.rhs), np.nan), by_highs
    return status, values[:size] * scaled.columns, p.duals * scaled.rows * unit, by_highs


def _find_feasible(p: Programme, size: int) -> int:
    """Move from the artificial basis to a feasible one, as free of artificial columns as can be."""
    p.cost[size:] = 1.0
    p.is_open[:] = True
    status = int(optimise(p, LIMIT))
    p.is_open[size:] = False
    if status != SOLVED:
        return UNCERTIFIED
    if _artificial_part(p, size) > TOLERANCE:
        return INFEASIBLE
    while _evict_artificial(p, size):
        pass
    return SOLVED


def _evict_artificial(p: Programme, size: int) -> bool:
    """Put another column in the place of an artificial one at zero; False if all that are left stand in redundant rows."""
    for row in np.flatnonzero(p.basis >= size).tolist():
        entries = np.abs(p.inverse[row] @ p.columns[:, :size])
        if entries.max(initial=0.0) > PIVOT:
            p.basis[row] = int(entries.argmax())
            return bool(invert_basis(p))
    return False


def _find_optimum(p: Programme, size: int) -> tuple[int, float]:
    """Move from a feasible basis to an optimum; return the status and the unit in which costs are counted afterwards."""
    status, unit = int(optimise(p, LIMIT)), 1.0
    terms = p.cost[p.basis] * np.where(p.values > ROUNDED, p.values, 0.0)
    value = abs(float(terms.sum()))
    if status == SOLVED and max(ZERO, CANCELLED * np.abs(terms).max()) < value < SMALL:
        # The tolerances are absolute: count the costs in units of the optimum, and look again.
        cost, basis = p.cost.copy(), p.basis.copy()
        p.cost[:] = cost / value
        if optimise(p, LIMIT) == SOLVED:
            unit = value
        else:  # what was found is rounding; it is exact in units of the largest cost
            p.cost[:], p.basis[:] = cost, basis
            invert_basis(p)
            status = int(optimise(p, LIMIT))
    if status == SOLVED and _artificial_part(p, size) > TOLERANCE:
        status = UNCERTIFIED
    return status, unit


def _set_costs(p: Programme, cost: Floats) -> float:
    """Fill in the scaled costs in units of the largest, and return that unit."""
    largest = float(np.abs(cost).max())
    unit = largest if largest > 0.0 else 1.0
    p.cost[: cost.size] = cost / unit
    p.cost[cost.size :] = 0.0
    return unit


def _artificial_part(p: Programme, size: int) -> float:
    return float(np.abs(p.values[p.basis >= size]).sum())
