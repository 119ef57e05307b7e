"""The slacks-based measure of efficiency: mean shares of the unit's own figures."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchlib.efficiency.checks import comparable, warn_if_few, warn_if_unsolved
from benchlib.efficiency.kernels.status import NO_INPUT, NO_OUTPUT, SOLVED, UNBOUNDED
from benchlib.efficiency.nonparametric.envelopment import technology_of
from benchlib.efficiency.nonparametric.extended import plain_reach
from benchlib.efficiency.nonparametric.linear import solve_linear
from benchlib.efficiency.nonparametric.reach import (
    Answer,
    Projection,
    Reach,
    gather,
    greatest_slacks,
    slacks_beyond,
    without_rounding,
)
from benchlib.efficiency.nonparametric.results import ProjectedResult, model_info, require_a_score, status_columns
from benchlib.efficiency.nonparametric.solution import slack_weights as weights_by_range
from benchlib.efficiency.sample import Sample
from benchlib.terms import ReturnsToScale, SlackOrientation, check_option

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False, repr=False)
class SlacksBasedResult(ProjectedResult):
    """Slacks-based efficiency, with peers, slacks and targets as in `FrontierResult`.

    Attributes
    ----------
    scores : DataFrame
        A row per unit: unit, name, efficiency, status, reason.
    info : mapping
        method, orientation, rts; how many units and what became of them, as in `FrontierResult`.
    sample, reference : Sample
        The evaluated units and those that span the technology.
    solution : Projection
        The numbers behind the tables, as arrays.
    point : ndarray, shape (n, m + s)
        Observed figures: nothing is scored but slacks.
    """

    @property
    def title(self) -> str:
        """The model and how efficiency is spread."""
        orientation = self.info["orientation"]
        words = "inputs and outputs" if orientation == "both" else f"{orientation} orientation"
        return self._describe(f"Slacks-based, {words}, {self.info['rts']}", "efficiency")


def slacks_based(
    sample: Sample,
    *,
    orientation: SlackOrientation = "both",
    rts: ReturnsToScale = "vrs",
    reference: Sample | None = None,
) -> SlacksBasedResult:
    """Score units by the slacks-based measure: the mean share of inputs that suffices over the mean growth of outputs.

    For the slacks ``s`` of a unit with inputs ``x`` and outputs ``y`` the efficiency is the least value of
    ``(1 - mean(s_x / x)) / (1 + mean(s_y / y))`` over all combinations of reference units that use no more and bring about no less
    [1]_. It is 1 exactly for units without any slack, and never above the radial efficiency of `dea`.

    Parameters
    ----------
    sample : Sample
        The n units to be scored.
    orientation : {"both", "input", "output"}
        Which slacks are scored: all; those of inputs only (the numerator); or those of outputs only (the denominator). The other
        slacks are then made as large as possible without being scored, with the weights of `dea`.
    rts : {"crs", "vrs", "nirs", "ndrs"}
        Returns to scale.
    reference : Sample, optional
        The K units that span the technology, with the same inputs and outputs; by default the sample itself.

    Returns
    -------
    SlacksBasedResult
        A unit beyond the frontier of another reference has no slacks and no score (status `infeasible`).

    Raises
    ------
    OptionError
        If orientation or rts is not one of the words.
    SampleError
        If a figure is missing or negative, or if the reference has other variables.
    SolverError
        If no unit at all has a score.

    Warns
    -----
    FewUnitsWarning, UnsolvedUnitsWarning
        As `dea`.

    Notes
    -----
    The ratio is made linear by the transformation of Charnes and Cooper [2]_.

    Zeros: a mean is taken over the variables that the unit has. An input of 0 has no slack; an output of 0 is taken for something
    that is not the unit's task, so that its slack is not scored (the first of the two cases of Tone [1]_; for the second, a task
    that was not done, set the figure to a small positive number). A unit without any input has no score, except in output orientation; one
    without any output has none, except in input orientation under `vrs` and `ndrs`.

    References
    ----------
    .. [1] K. Tone (2001). A slacks-based measure of efficiency in data envelopment analysis. European Journal of Operational
       Research 130(3), 498-509. https://doi.org/10.1016/S0377-2217(99)00407-5
    .. [2] A. Charnes and W. W. Cooper (1962). Programming with linear fractional functionals. Naval Research Logistics
       Quarterly 9(3-4), 181-186. https://doi.org/10.1002/nav.3800090303

    Examples
    --------
    The example of Tone [1]_, table 1:

    >>> import pandas as pd, warnings
    >>> from benchlib.errors import FewUnitsWarning
    >>> warnings.simplefilter("ignore", FewUnitsWarning)
    >>> table = pd.DataFrame({"x1": [4, 6, 8, 8, 2], "x2": [3, 3, 1, 1, 4], "y1": [2, 2, 6, 6, 1], "y2": [3, 3, 2, 1, 4]})
    >>> sample = Sample.from_table(table.set_index(pd.Index(list("ABCDE"))), inputs=["x1", "x2"], outputs=["y1", "y2"])
    >>> slacks_based(sample, rts="crs").efficiency.round(3)
    array([0.798, 0.568, 1.   , 0.667, 1.   ])
    """
    check_option("orientation", orientation, SlackOrientation)
    check_option("rts", rts, ReturnsToScale)
    reference = comparable(sample, reference)
    warn_if_few(reference)
    points = np.hstack([sample.X, sample.Y])
    unscored = weights_by_range(technology_of(reference, "input", rts))
    found = solve_slacks_based(plain_reach(reference, rts), points, len(sample.inputs), orientation, unscored)
    scores = pd.DataFrame(
        {
            "unit": sample.index,
            "name": sample.names,
            "efficiency": found.factor,
            **status_columns(found.status, np.zeros(len(sample), dtype=np.bool_)),
        }
    )
    require_a_score(scores)
    info = model_info("Slacks-based", sample, reference, found.status, found.by_highs, orientation=orientation, rts=rts)
    warn_if_unsolved(scores)
    return SlacksBasedResult(scores, info, sample, reference, found, points)


def solve_slacks_based(
    reach: Reach, points: Floats, m: int, orientation: SlackOrientation, unscored: Floats
) -> Projection:
    """Find the slacks-based efficiency of n units in m inputs and then outputs, given what can be reached.

    Parameters
    ----------
    reach : Reach
        What can be reached.
    points : ndarray, shape (n, v)
        Figures of the units, not negative.
    m : int
        Number of inputs.
    orientation : str
        As in `slacks_based`.
    unscored : ndarray, shape (v,)
        Weights of the slacks that are not scored.

    Returns
    -------
    Projection
        `factor` is the efficiency.
    """
    is_input = np.arange(points.shape[1]) < m
    answers = []
    for point in points:
        means = mean_weights(point, is_input, orientation)
        if orientation != "output" and not means[is_input].any():
            answers.append(Answer(NO_INPUT))
        elif (orientation != "input" or reach.bounds[0] == 0.0) and not point[~is_input].any():
            answers.append(Answer(NO_OUTPUT))
        else:
            answers.append(_score(reach, point, means, is_input, unscored))
    return gather(answers, points.shape[1])


def mean_weights(point: Floats, is_input: NDArray[np.bool_], orientation: SlackOrientation) -> Floats:
    """Return what turns the slacks of a unit into the means of their shares: one over figure and number; 0 if not scored."""
    is_scored = point > 0.0
    if orientation != "both":
        is_scored &= is_input == (orientation == "input")
    count = np.where(is_input, np.sum(is_scored & is_input), np.sum(is_scored & ~is_input))
    size = point * count
    return np.divide(1.0, size, out=np.zeros_like(size), where=is_scored)


def _score(reach: Reach, point: Floats, means: Floats, is_input: NDArray[np.bool_], unscored: Floats) -> Answer:
    """Find the slacks that are scored and then, from there, the others."""
    is_both = means[is_input].any() and means[~is_input].any()
    first = least_ratio(reach, point, means, is_input) if is_both else greatest_slacks(reach, point, means)
    if first.reached is None or first.slacks is None:
        return first
    shares = means * first.slacks
    efficiency = (1.0 - shares[is_input].sum()) / (1.0 + shares[~is_input].sum())
    target = point + np.where(is_input, -first.slacks, first.slacks)
    is_left = (means == 0.0) & ~(is_input & (point == 0.0))
    second = slacks_beyond(reach, target, np.where(is_left, unscored, 0.0), first, usual=point)
    if second.slacks is None:
        return second
    return replace(second, factor=efficiency, slacks=first.slacks + second.slacks)


def least_ratio(reach: Reach, point: Floats, means: Floats, is_input: NDArray[np.bool_]) -> Answer:
    """Find the slacks with the least ratio of (1 - mean share of input slacks) to (1 + mean share of output slacks).

    That is the mean of the input shares of the combination over the mean of its output shares. All is multiplied by a new variable t such
    that the latter becomes 1: intensities and the point.
    """
    v, given = len(point), reach.columns.shape[1]
    _, senses = reach.rows(point)
    columns = np.zeros((len(senses) + 1, given + 1))
    columns[:-1, :given] = reach.columns
    columns[:-1, -1] = np.append(-point, -np.ones(len(senses) - v))
    columns[-1, :given] = np.where(is_input, 0.0, means) @ reach.columns[:v]
    rhs = np.append(np.zeros(len(senses)), 1.0)
    cost = np.append(np.where(is_input, means, 0.0) @ reach.columns[:v], 0.0)
    usual = np.append(point, np.ones(len(rhs) - v))
    found = solve_linear(columns, rhs, cost, senses=senses + "=", usual=usual)
    if found.status != SOLVED:
        return Answer(found.status, by_highs=int(found.by_highs))
    if (t := found.x[-1]) <= 0.0:  # outputs can grow without limit
        return Answer(UNBOUNDED, by_highs=int(found.by_highs))
    slacks = np.where(means > 0.0, found.slacks[:v] / t, 0.0)
    x = found.x[:-1] / t
    intensities = reach.intensities(x * found.is_used[:-1])
    slacks = without_rounding(slacks, reach, point)
    return Answer(SOLVED, found.value, intensities, reach.columns @ x, slacks, None, int(found.by_highs))
