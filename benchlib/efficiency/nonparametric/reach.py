"""What combinations of reference units can reach, asked by general linear programmes: rays and greatest slacks.

A ray is a point plus a factor times a step, both with an entry per variable. The first stage finds the extreme factor at which the
ray can still be reached, the second the greatest slacks from there. A radial model is a ray from zero (or from what is
fixed) through the unit, a directional model one that starts at the unit; an additive model has the second stage only.

References
----------
.. [1] T. Kuosmanen (2005). Weak disposability in nonparametric production analysis with undesirable outputs. American Journal of
   Agricultural Economics 87(4), 1077-1082. https://doi.org/10.1111/j.1467-8276.2005.00788.x
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from benchlib.efficiency.kernels.status import INFEASIBLE, SOLVED, TOLERANCE, UNCERTIFIED
from benchlib.efficiency.nonparametric.linear import solve_linear

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

#: The sign between the sum of the intensities and 1, by the bounds on this sum; empty where it is free.
SUM_SIGN: Final = {(0.0, np.inf): "", (1.0, 1.0): "=", (0.0, 1.0): "<", (1.0, np.inf): ">"}


@dataclass(frozen=True, eq=False)
class Reach:
    """What the combinations of K reference units can reach in v variables, inputs first.

    Attributes
    ----------
    figures : ndarray, shape (v, K)
        Figures of the reference units.
    senses : str of length v
        "<": combinations may use less (inputs); ">": they may bring about more (outputs); "=": neither more nor less (undesirable
        outputs, which fall only together with the others: weak disposability).
    bounds : tuple of float
        Least and largest sum of the intensities, as in `terms.INTENSITY_BOUNDS`.
    trades : ndarray, shape (v, q)
        Changes of the figures that can be had at will, in any amount: how restrictions on multipliers look from this side.
    """

    figures: Floats
    senses: str
    bounds: tuple[float, float]
    trades: Floats

    @property
    def is_abated(self) -> bool:
        """Whether there is a second set of intensities, for activity that is stopped.

        Under weak disposability a unit may stop part of its activity, but its inputs remain [1]_. Where the intensities may add
        up to nothing, a smaller intensity is at least as good, and no second set is needed.
        """
        return "=" in self.senses and self.bounds[0] > 0.0

    @cached_property
    def columns(self) -> Floats:
        """Coefficients of the intensities (then of the abated ones, then of the trades), with the row of their sum, if bounded, last."""
        figures = self.figures
        if self.is_abated:
            is_input = np.array(list(self.senses)) == "<"
            figures = np.hstack([figures, np.where(is_input[:, None], figures, 0.0)])
        columns = np.hstack([figures, self.trades])
        if not SUM_SIGN[self.bounds]:
            return columns
        return np.vstack([columns, np.arange(columns.shape[1]) < figures.shape[1]])

    def rows(self, point: Floats) -> tuple[Floats, str]:
        """Return the right-hand sides and signs of the rows for a point, shape (v,)."""
        sign = SUM_SIGN[self.bounds]
        return np.append(point, [1.0] * len(sign)), self.senses + sign

    @cached_property
    def typical(self) -> Floats:
        """The usual size of the figures of each variable whose scale has no meaningful zero, since some are negative; otherwise 0."""
        is_signed = self.figures.min(axis=1) < 0.0
        return np.where(is_signed, np.abs(self.figures).mean(axis=1), 0.0)

    def usual(self, amounts: Floats) -> Floats:
        """Return what matters in each row: the unit's own amounts or, where these say little, what is typical of the reference."""
        sizes: Floats = np.abs(amounts)
        v = len(self.typical)
        sizes[:v] = np.maximum(sizes[:v], self.typical)
        return sizes

    def intensities(self, x: Floats) -> Floats:
        """Return the intensity of each reference unit, shape (K,), abated or not, from the values of the columns."""
        K = self.figures.shape[1]
        total: Floats = x[: K * (1 + self.is_abated)].reshape(-1, K).sum(axis=0)
        return total


@dataclass(frozen=True, eq=False)
class Projection:
    """Where n rays leave what can be reached, as arrays; NaN (peers -1) where there is no answer.

    Attributes
    ----------
    factor : ndarray, shape (n,)
        The extreme factors; for an additive model the weighted sums of slacks.
    status : ndarray, shape (n,)
        Codes of `kernels.status`.
    peers, weights : ndarray, shape (n, p)
        Positions in the reference (then -1) and their intensities.
    slacks : ndarray, shape (n, v)
        Greatest slacks, in the variables' own units.
    duals : ndarray, shape (n, v + 1)
        By how much the factor grows with each figure of the unit, then with the sum of the intensities.
    by_highs : int
        How many programmes HiGHS was asked about.
    """

    factor: Floats
    status: Integers
    peers: Integers
    weights: Floats
    slacks: Floats
    duals: Floats
    by_highs: int


@dataclass(frozen=True, eq=False)
class Answer:
    """One unit's part of a `Projection`, and what its combination adds up to in each row; only `status` unless it is SOLVED."""

    status: int
    factor: float = np.nan
    intensities: Floats | None = None
    reached: Floats | None = None
    slacks: Floats | None = None
    duals: Floats | None = None
    by_highs: int = 0


def extreme_factor(reach: Reach, start: Floats, step: Floats, *, is_greatest: bool, is_free: bool) -> Answer:
    """Find the greatest (or least) factor at which ``start + factor * step`` can be reached.

    Parameters
    ----------
    reach : Reach
        What can be reached.
    start, step : ndarray, shape (v,)
        The ray.
    is_greatest : bool
        Whether the greatest factor is wanted; otherwise the least.
    is_free : bool
        Whether the factor may be negative.

    Returns
    -------
    Answer
        Without slacks.
    """
    rhs, senses = reach.rows(start)
    ray = np.zeros((len(rhs), 1))
    ray[: len(step), 0] = -step
    cost = np.zeros(reach.columns.shape[1] + 1)
    cost[-1] = -1.0 if is_greatest else 1.0
    usual = reach.usual(np.maximum(np.abs(rhs), np.abs(ray[:, 0])))
    by_highs = 0
    for way in (1.0, -1.0) if is_free else (1.0,):
        found = solve_linear(np.hstack([reach.columns, way * ray]), rhs, way * cost, senses=senses, usual=usual)
        by_highs += found.by_highs
        if found.status != INFEASIBLE:  # otherwise the factor must be negative, if there is one
            break
    if found.status != SOLVED:
        return Answer(found.status, by_highs=by_highs)
    duals = np.zeros(len(step) + 1)
    duals[: len(rhs)] = cost[-1] * found.duals
    intensities = reach.intensities(found.x * found.is_used)
    return Answer(SOLVED, way * found.x[-1], intensities, reach.columns @ found.x[:-1], None, duals, by_highs)


def greatest_slacks(
    reach: Reach,
    point: Floats,
    weights: Floats,
    *,
    usual: Floats | None = None,
    reached: Floats | None = None,
    leeway: float = 0.0,
) -> Answer:
    """Find the greatest weighted sum of slacks from a point that can be reached.

    Parameters
    ----------
    reach : Reach
        What can be reached.
    point : ndarray, shape (v,)
        From where.
    weights : ndarray, shape (v,)
        Weight of a slack per unit of its variable. Where it is 0 no slack counts, and none is given; undesirable outputs have none.
    usual : ndarray, shape (v,), optional
        Amounts that matter in each variable; by default those of the point.
    reached : ndarray, shape (r,), optional
        What a combination that reaches the point but for rounding adds up to in each row; the point gives way by so much.
    leeway : float
        By which share of what is usual the point gives way in any case.

    Returns
    -------
    Answer
        Its factor is the weighted sum.
    """
    rhs, senses = reach.rows(point)
    amounts = reach.usual(np.append(point if usual is None else usual, rhs[len(point) :]))
    if reached is not None:
        rhs = _give_way(rhs, senses, reached, leeway * amounts)
    v, counted = len(point), np.where(np.array(list(reach.senses)) == "=", 0.0, weights)
    limited: list[int] = []
    if reach.trades.size:
        # Trades alone could drive the target of an input below zero.
        limited = [i for i in range(v) if counted[i] > 0.0 and reach.senses[i] == "<" and point[i] >= 0.0]
    found = solve_linear(
        np.vstack([reach.columns, reach.columns[limited]]),
        np.append(rhs, np.zeros(len(limited))),
        np.zeros(reach.columns.shape[1]),
        senses=senses + ">" * len(limited),
        slack_cost=np.append(-counted, np.zeros(len(rhs) - v + len(limited))),
        usual=np.append(amounts, point[limited]),
    )
    if found.status != SOLVED:
        return Answer(found.status, by_highs=int(found.by_highs))
    slacks = without_rounding(np.where(counted > 0.0, found.slacks[:v], 0.0), reach, point)
    total = reach.columns @ found.x
    return Answer(
        SOLVED,
        float(weights @ slacks),
        reach.intensities(found.x * found.is_used),
        total,
        slacks,
        None,
        int(found.by_highs),
    )


def _give_way(rhs: Floats, senses: str, reached: Floats, leeway: Floats) -> Floats:
    """Return right-hand sides that are met by what was reached, with some leeway unless they are equations."""
    signs = np.array(list(senses))
    upper, lower = np.maximum(rhs, reached) + leeway, np.minimum(rhs, reached) - leeway
    return np.where(signs == "<", upper, np.where(signs == ">", lower, reached))


def slacks_beyond(
    reach: Reach, point: Floats, weights: Floats, first: Answer, *, usual: Floats | None = None
) -> Answer:
    """Find the greatest slacks from a point that a solved programme has reached: a second stage.

    The point was reached to 1e-9, and some units can be seen so sharply only with a leeway of as much; then this is tried, too.

    Parameters
    ----------
    reach, point, weights, usual
        As in `greatest_slacks`.
    first : Answer
        What reached the point.

    Returns
    -------
    Answer
        UNCERTIFIED, if it is not SOLVED; `by_highs` counts both programmes.
    """
    by_highs = first.by_highs
    for leeway in (0.0, TOLERANCE):
        second = greatest_slacks(reach, point, weights, usual=usual, reached=first.reached, leeway=leeway)
        by_highs += second.by_highs
        if second.status == SOLVED:
            return replace(second, by_highs=by_highs)
    return Answer(UNCERTIFIED, by_highs=by_highs)


def without_rounding(slacks: Floats, reach: Reach, point: Floats) -> Floats:
    """Return slacks without those that are rounding beside the figure of the unit or, if that is 0, of the reference."""
    size = np.where(point != 0.0, np.abs(point), np.abs(reach.figures).max(axis=1))
    is_real = slacks > TOLERANCE * reach.usual(size)
    return np.where(is_real, slacks, 0.0)


def follow(
    reach: Reach, start: Floats, step: Floats, *, is_greatest: bool, is_free: bool, slack_weights: Floats | None
) -> Answer:
    """Follow one ray to the frontier and, if slacks are weighted, find the greatest slacks there; see `project`."""
    first = extreme_factor(reach, start, step, is_greatest=is_greatest, is_free=is_free)
    if first.reached is None or slack_weights is None:
        return first
    second = slacks_beyond(reach, start + first.factor * step, slack_weights, first)
    if second.status != SOLVED:
        return second
    return replace(second, factor=first.factor, duals=first.duals)


def project(
    reach: Reach,
    starts: Floats,
    steps: Floats,
    *,
    is_greatest: bool,
    is_free: bool = False,
    slack_weights: Floats | None = None,
    status: Integers | None = None,
) -> Projection:
    """Follow n rays to the frontier and, if slacks are weighted, find the greatest slacks there.

    Parameters
    ----------
    reach : Reach
        What can be reached.
    starts, steps : ndarray, shape (n, v)
        The rays.
    is_greatest, is_free : bool
        As in `extreme_factor`.
    slack_weights : ndarray, shape (v,), optional
        Weights of the slacks; without them there are no slacks, and peers are those of the first stage.
    status : ndarray, shape (n,), optional
        Codes other than SOLVED for rays that have no meaning; these are not followed.

    Returns
    -------
    Projection
    """
    codes = np.full(len(starts), SOLVED) if status is None else status
    answers = [
        follow(reach, start, step, is_greatest=is_greatest, is_free=is_free, slack_weights=slack_weights)
        if code == SOLVED
        else Answer(int(code))
        for start, step, code in zip(starts, steps, codes, strict=True)
    ]
    return gather(answers, starts.shape[1])


def gather(answers: list[Answer], v: int) -> Projection:
    """Return the answers of n units in v variables as arrays."""
    n = len(answers)
    slacks, duals = np.full((n, v), np.nan), np.full((n, v + 1), np.nan)
    places: list[Integers] = [np.zeros(0, dtype=np.int64)] * n
    for j, answer in enumerate(answers):
        if answer.slacks is not None:
            slacks[j] = answer.slacks
        if answer.duals is not None:
            duals[j] = answer.duals
        if answer.intensities is not None:
            places[j] = np.flatnonzero(answer.intensities > 0.0)
    width = max(map(len, places), default=0)
    peers, weights = np.full((n, width), -1, dtype=np.int64), np.zeros((n, width))
    for j, (answer, own) in enumerate(zip(answers, places, strict=True)):
        if answer.intensities is not None:
            peers[j, : len(own)], weights[j, : len(own)] = own, answer.intensities[own]
    return Projection(
        np.array([answer.factor for answer in answers]),
        np.array([answer.status for answer in answers], dtype=np.int64),
        peers,
        weights,
        slacks,
        duals,
        sum(answer.by_highs for answer in answers),
    )
