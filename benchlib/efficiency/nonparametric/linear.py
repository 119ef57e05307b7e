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
from benchlib.efficiency.kernels.status import INFEASIBLE, SOLVED, TOLERANCE, UNBOUNDED, UNCERTIFIED
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
    is_used : ndarray of bool, shape (c,)
        Whether a column takes more than 1e-9 of a right-hand side; otherwise its value is rounding.
    slacks : ndarray, shape (r,)
        How far each row is from its right-hand side, never negative; 0 for equations.
    duals : ndarray, shape (r,)
        By how much the optimum grows with each right-hand side: at most 0 for rows "<", at least 0 for rows ">" (but for rounding, and if
        slacks have no cost).
    by_highs : bool
        Whether HiGHS was asked.
    """

    status: int
    value: float
    x: Floats
    is_used: NDArray[np.bool_]
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
        default, and where it is 0, the size of the right-hand side; where that is 0 too, the largest term.

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
    of_slacks = of_slacks.copy()
    of_slacks[closing] = 0.0
    count = int(is_open.sum())

    scaled = _load(A[:, is_open], b, sign, amounts)
    status, shares, duals, by_highs = _solve(scaled, np.concatenate([c[is_open], of_slacks[loose]]))
    nothing = 0.0 if status == SOLVED else np.nan
    values, slacks, is_used = np.full(len(c), nothing), np.full(rows, nothing), np.zeros(len(c), dtype=np.bool_)
    found = shares * scaled.columns
    values[is_open], slacks[loose] = found[:count], found[count:]
    is_used[is_open] = shares[:count] > TOLERANCE
    x = values[:given]
    x[free] -= values[given:]
    is_used[free] |= is_used[given:]
    _reopen(A, c, closing, duals)
    value = float(c[:given] @ x + of_slacks @ slacks)
    return LinearAnswer(status, value, x, is_used[:given], slacks, duals, by_highs)


def _closing_rows(columns: Floats, rhs: Floats, sign: Floats) -> list[int]:
    """Return the rows that allow nothing at all of the columns in them: terms of one sign that may add up to 0 at most."""
    found = []
    for i in np.flatnonzero(rhs == 0.0).tolist():
        row = columns[i]
        is_closing = (sign[i] >= 0.0 and row.min() >= 0.0) or (sign[i] <= 0.0 and row.max() <= 0.0)
        if is_closing and row.any():
            found.append(i)
    return found


def _reopen(columns: Floats, cost: Floats, closing: list[int], duals: Floats) -> None:
    """Raise the duals of closing rows, which the optimum does not depend on, until they keep their columns out."""
    for i in closing:
        there = np.flatnonzero(columns[i])
        reduced = cost[there] - duals @ columns[:, there]
        size = columns[i, there]
        duals[i] += np.sign(size[0]) * min(0.0, float((reduced / np.abs(size)).min()))


def _load(columns: Floats, rhs: Floats, sign: Floats, usual: Floats) -> _Scaled:
    """Return the scaled programme, slack columns added, with the basis of artificial columns and still without costs."""
    divisor = _row_sizes(columns, rhs, sign, usual)
    entries = columns / divisor[:, None]
    entries /= (used := _use(entries, sign))
    # The slack of a row "at most" ends at its right-hand side, that of a row "at least" where the columns do.
    excess = np.where(sign < 0.0, np.abs(entries).max(axis=1, initial=1.0), 1.0)
    loose = np.flatnonzero(sign)
    given, size = len(used), len(used) + len(loose)

    rows = len(rhs)
    p = new_programme(rows, size + rows)
    is_turned = np.where(rhs < 0.0, -1.0, 1.0)
    p.columns[:, :given] = entries * is_turned[:, None]
    p.columns[loose, given + np.arange(len(loose))] = (sign * excess * is_turned)[loose]
    p.columns[:, size:] = np.eye(rows)
    p.rhs[:] = np.abs(rhs) / divisor
    p.basis[:] = np.arange(size, size + rows)
    invert_basis(p)
    return _Scaled(p, is_turned / divisor, np.concatenate([1.0 / used, (divisor * excess)[loose]]))


def _row_sizes(columns: Floats, rhs: Floats, sign: Floats, usual: Floats) -> Floats:
    """Return what matters in each row: what is usual, its right-hand side, or else its largest term at the values of the other rows."""
    largest = np.abs(columns).max(axis=1, initial=0.0)
    sizes = np.where(usual > 0.0, usual, np.abs(rhs))
    is_known = sizes > NOTHING * largest
    sizes = np.where(is_known, sizes, np.where(largest > 0.0, largest, 1.0))
    if is_known.all() or not is_known.any():
        return sizes
    known = columns[is_known]
    values = known.any(axis=0) / _use(known / sizes[is_known, None], sign[is_known])
    terms = np.abs(columns * values).max(axis=1, initial=0.0)
    return np.where(is_known | (terms == 0.0), sizes, terms)


def _use(entries: Floats, sign: Floats) -> Floats:
    """Return how much of a right-hand side of 1 each column uses up per unit, shape (c,), positive."""
    size = np.abs(entries)
    # What makes a row "at least" easier to fulfil says nothing about how much of a column there can be.
    used: Floats = np.where(sign[:, None] * entries >= 0.0, size, 0.0).max(axis=0, initial=0.0)
    if not used.all():
        used = np.where(used > 0.0, used, size.max(axis=0, initial=0.0))
        used[used == 0.0] = 1.0
    return used


def _solve(scaled: _Scaled, cost: Floats) -> tuple[int, Floats, Floats, bool]:
    """Return status, scaled values of all columns, duals and whether HiGHS was asked."""
    p, size = scaled.programme, cost.size
    nothing = np.full(size, np.nan), np.full(len(p.rhs), np.nan)
    if not all(np.isfinite(part).all() for part in (p.columns, p.rhs, cost * scaled.columns)):
        return UNCERTIFIED, *nothing, False
    status, unit = _find_feasible(p, size), 1.0
    if status != INFEASIBLE:
        unit = _set_costs(p, cost * scaled.columns)
    if status == SOLVED:
        status, factor = _find_optimum(p, size)
        unit *= factor
    values = np.zeros(p.cost.size)
    values[p.basis] = np.maximum(p.values, 0.0)
    by_highs = status == UNCERTIFIED
    if by_highs:
        upper = np.where(np.arange(p.cost.size) < size, np.inf, 0.0)
        status, values = minimise(p, np.zeros_like(upper), upper)
    if status != SOLVED:
        return status, *nothing, by_highs
    return status, values[:size], p.duals * scaled.rows * unit, by_highs


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
    if status == UNBOUNDED and not _is_unbounded(p):
        return UNCERTIFIED, unit
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


def _is_unbounded(p: Programme) -> bool:
    """Return whether the best column really improves the objective, for ever; or only seems so by rounding and for want of a pivot."""
    best = int(np.where(p.is_open, p.reduced, 0.0).argmin())
    return bool(p.reduced[best] < -TOLERANCE and (p.inverse @ p.columns[:, best]).max() <= NOTHING)


def _set_costs(p: Programme, cost: Floats) -> float:
    """Fill in the scaled costs in units of the largest, and return that unit."""
    # A column without entries has no scale; only the sign of its cost says anything.
    is_empty = ~p.columns[:, : cost.size].any(axis=0)
    largest = float(np.abs(np.where(is_empty, 0.0, cost)).max(initial=0.0))
    unit = largest if largest > 0.0 else 1.0
    p.cost[: cost.size] = np.where(is_empty, np.sign(cost), cost / unit)
    p.cost[cost.size :] = 0.0
    return unit


def _artificial_part(p: Programme, size: int) -> float:
    return float(np.abs(p.values[p.basis >= size]).sum())
