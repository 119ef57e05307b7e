"""A second solver for the few programmes that the own simplex method cannot certify: HiGHS, unit by unit.

Slow (milliseconds per unit) and independent: its answer has to pass the same certificate.

References
----------
.. [1] Q. Huangfu and J. A. J. Hall (2018). Parallelizing the dual revised simplex method. Mathematical Programming
   Computation 10(1), 119-142. https://doi.org/10.1007/s12532-017-0130-5
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from benchlib.efficiency.kernels.programme import Technology, allocate, load_unit, scale_columns
from benchlib.efficiency.kernels.radial import NOTHING, read_multipliers
from benchlib.efficiency.kernels.simplex import ROUNDING, Programme
from benchlib.efficiency.kernels.status import FREE_OUTPUT, INFEASIBLE, SOLVED, TOLERANCE, UNBOUNDED, UNCERTIFIED

Floats = NDArray[np.float64]

#: HiGHS's own tolerances, tighter than the certificate.
STRICT = {"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10}
#: What linprog's status means here; everything else is uncertified.
STATUS = {0: SOLVED, 2: INFEASIBLE, 3: UNBOUNDED}


class Answer(NamedTuple):
    """One unit's solution; where `status` is not SOLVED there is nothing else."""

    status: int
    """A code of `kernels.status`."""
    farrell: float = np.nan
    """The Farrell factor."""
    intensities: Floats = np.zeros(0)
    """Intensities in the second stage, shape (K,)."""
    slacks: Floats = np.zeros(0)
    """Slacks in the variables' own units, shape (m + s,)."""
    multipliers: Floats = np.zeros(0)
    """Duals of the radial programme in the variables' own units, then the intercept, shape (m + s + 1,)."""


def solve_unit(t: Technology, x: Floats, y: Floats, slack_weights: Floats) -> Answer:
    """Solve both stages of the radial programme of one unit.

    Parameters
    ----------
    t : Technology
        What the unit is compared with: K reference units.
    x, y : ndarray, shapes (m,) and (s,)
        Inputs and outputs of the unit.
    slack_weights : ndarray, shape (m + s,)
        Weights of the slacks in the second stage.

    Returns
    -------
    Answer
    """
    factor = t.X.shape[1]
    variables = x.size + y.size
    p = allocate(t)
    scale, intensity = np.zeros(variables), np.zeros(factor)
    load_unit(p, t, scale, x, y)
    scale_columns(p, t, intensity)

    p.cost[factor] = -1.0 if t.is_output else 1.0
    upper = np.where(p.is_open, np.inf, 0.0)
    status, values = minimise(p, np.zeros_like(upper), upper)
    if status != SOLVED:
        return Answer(status)
    farrell = float(values[factor])
    if farrell < NOTHING:
        return Answer(INFEASIBLE if t.is_output else FREE_OUTPUT)
    multipliers = np.zeros(variables + 1)
    read_multipliers(p, t, scale, x, multipliers)

    p.cost[:] = 0.0
    p.cost[factor + 1 : factor + 1 + variables] = -slack_weights * scale / (slack_weights * scale).max()
    lower = np.zeros_like(upper)
    lower[factor] = upper[factor] = farrell
    status, values = minimise(p, lower, upper)
    if status != SOLVED:
        return Answer(status)
    values[values < TOLERANCE] = 0.0
    slacks = values[factor + 1 : factor + 1 + variables] * scale
    return Answer(SOLVED, farrell, values[:factor] * intensity, slacks, multipliers)


def minimise(p: Programme, lower: Floats, upper: Floats) -> tuple[int, Floats]:
    """Return status and values of the columns of `p` within bounds, certified; the duals are left in `p`."""
    from scipy.optimize import linprog  # 0.4 s, and hardly any run needs it

    found = linprog(
        p.cost, A_eq=p.columns, b_eq=p.rhs, bounds=np.column_stack([lower, upper]), method="highs-ds", options=STRICT
    )
    status = STATUS.get(found.status, UNCERTIFIED)
    if status != SOLVED:
        return status, np.zeros(0)
    p.duals[:] = found.eqlin.marginals
    reduced = p.cost - p.duals @ p.columns
    is_free = upper > lower
    is_fixed = (upper == lower) & (upper > 0.0)
    primal = float(p.cost @ found.x)
    dual = float(p.duals @ p.rhs + reduced[is_fixed] @ upper[is_fixed])
    tolerance = TOLERANCE * max(1.0, abs(primal))
    magnitude = np.abs(p.columns * found.x).max(axis=1)
    is_certain = (
        np.all(np.abs(p.columns @ found.x - p.rhs) <= tolerance + ROUNDING * magnitude)
        and np.all(reduced[is_free] >= -tolerance)
        and abs(primal - dual) <= tolerance
    )
    return (SOLVED if is_certain else UNCERTIFIED), np.maximum(found.x, 0.0)
