"""Directional distance: how far a unit is from the frontier, in a direction that one chooses."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchlib.efficiency.checks import comparable, is_real, warn_if_few, warn_if_unsolved
from benchlib.efficiency.kernels.status import NO_INPUT, NO_OUTPUT, SOLVED, TOLERANCE
from benchlib.efficiency.nonparametric.envelopment import technology_of
from benchlib.efficiency.nonparametric.extended import check_undesirable, read_names
from benchlib.efficiency.nonparametric.reach import Projection, Reach, project
from benchlib.efficiency.nonparametric.results import (
    ProjectedResult,
    model_info,
    require_a_score,
    status_columns,
)
from benchlib.efficiency.nonparametric.solution import slack_weights as weights_by_range
from benchlib.efficiency.sample import Sample, listed
from benchlib.errors import OptionError, SampleError
from benchlib.terms import INTENSITY_BOUNDS, Direction, ReturnsToScale, check_option

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

#: Solved, but the unit lies beyond the frontier of a reference to which it does not belong.
BEYOND: Final = ("outside", "the unit does better than its reference technology; inefficiency is negative")


@dataclass(frozen=True, eq=False, repr=False)
class DirectionalResult(ProjectedResult):
    """Directional distances, with peers, slacks and targets as in `FrontierResult`.

    Attributes
    ----------
    scores : DataFrame
        A row per unit: unit, name, efficiency (see `directional`), inefficiency, status, reason.
    info : mapping
        method, direction, rts, undesirable; how many units and what became of them, as in `FrontierResult`.
    sample, reference : Sample
        The evaluated units and those that span the technology.
    solution : Projection
        The numbers behind the tables, as arrays.
    point : ndarray, shape (n, m + s)
        Figures of the units moved in the direction, before slacks.
    """

    @property
    def inefficiency(self) -> Floats:
        """Inefficiency, shape (n,): how many times the direction leads to the frontier; NaN where unsolved."""
        return self.scores["inefficiency"].to_numpy(dtype=np.float64)

    @property
    def title(self) -> str:
        """The model, its direction and how inefficiency is spread."""
        direction = self.info["direction"]
        words = (
            direction
            if isinstance(direction, str)
            else ", ".join(f"{name} {step:g}" for name, step in direction.items())
        )
        bad = f", undesirable: {', '.join(self.info['undesirable'])}" if self.info["undesirable"] else ""
        return self._describe(f"Directional distance, direction {words}, {self.info['rts']}{bad}", "inefficiency")


def directional(
    sample: Sample,
    *,
    direction: Direction | Mapping[str, float] = "proportional",
    rts: ReturnsToScale = "vrs",
    undesirable: str | Sequence[str] = (),
    reference: Sample | None = None,
) -> DirectionalResult:
    """Score units by the directional distance function: how far the frontier is in a given direction.

    The inefficiency of a unit is the greatest number of steps by which its inputs may shrink and its outputs grow at once, while a
    combination of reference units still does as much with as little [1]_ [2]_: the greatest beta such that ``x - beta g_x``
    suffices for ``y + beta g_y``, with the direction ``(g_x, g_y)``. A second stage finds the greatest slacks that remain, as in `dea`.

    Parameters
    ----------
    sample : Sample
        The n units to be scored.
    direction : {"proportional", "inputs", "outputs", "mean"} or mapping
        One step: the unit's own figures of all variables, of its inputs or of its outputs; the means of the reference; or a number
        for each variable, in its unit of measurement (those that are not named stay where they are).
    rts : {"crs", "vrs", "nirs", "ndrs"}
        Returns to scale.
    undesirable : list of str
        Outputs of which less is better. They shrink in the direction, and can only fall together with the other outputs (weak
        disposability) [3]_.
    reference : Sample, optional
        The K units that span the technology, with the same inputs and outputs; by default the sample itself.

    Returns
    -------
    DirectionalResult
        `inefficiency` is 0 on the frontier, positive below it, and negative only for units that do better than a reference to which they
        do not belong (status `outside`). `efficiency` is what the step means in proportion: ``1 - beta`` for "inputs",
        ``1 / (1 + beta)`` for "outputs" (the radial efficiencies of `dea`, without undesirable outputs), ``(1 - beta) / (1 + beta)`` for
        "proportional" (the productivity of the unit over that of its target). For the other directions it is NaN: the step of
        a unit has no relation to its size.

    Raises
    ------
    OptionError
        If the direction is not one of the words, or holds something other than numbers from 0 on with one above.
    SampleError
        If a figure is missing, or negative where that is not allowed; if the reference, the direction or undesirable name other
        variables.
    SolverError
        If no unit at all has a score.

    Warns
    -----
    FewUnitsWarning, UnsolvedUnitsWarning
        As `dea`.

    Notes
    -----
    Negative figures are allowed under `vrs`, without undesirable outputs, in variables of which a step is not the unit's own figure: there
    a shift of the scale changes nothing. Thus a mapping or "mean" allows them in all variables, "inputs" in outputs, "outputs" in inputs.

    With undesirable outputs the technology is that of Kuosmanen [4]_, as in `dea`. With direction "outputs" this is the model
    of Chung, Färe and Grosskopf [3]_.

    References
    ----------
    .. [1] R. G. Chambers, Y. Chung and R. Färe (1996). Benefit and distance functions. Journal of Economic Theory 70(2), 407-419.
       https://doi.org/10.1006/jeth.1996.0096
    .. [2] R. G. Chambers, Y. Chung and R. Färe (1998). Profit, directional distance functions, and Nerlovian efficiency. Journal of
       Optimization Theory and Applications 98(2), 351-364. https://doi.org/10.1023/A:1022637501082
    .. [3] Y. H. Chung, R. Färe and S. Grosskopf (1997). Productivity and undesirable outputs: a directional distance function
       approach. Journal of Environmental Management 51(3), 229-240. https://doi.org/10.1006/jema.1997.0146
    .. [4] T. Kuosmanen (2005). Weak disposability in nonparametric production analysis with undesirable outputs. American Journal
       of Agricultural Economics 87(4), 1077-1082. https://doi.org/10.1111/j.1467-8276.2005.00788.x

    Examples
    --------
    C could save 2 of its 5 in cost; or do with 1 less and achieve 1 more:

    >>> import pandas as pd, warnings
    >>> from benchlib.errors import FewUnitsWarning
    >>> warnings.simplefilter("ignore", FewUnitsWarning)
    >>> table = pd.DataFrame({"cost": [2.0, 4.0, 5.0], "result": [1.0, 3.0, 2.0]}, index=["A", "B", "C"])
    >>> sample = Sample.from_table(table, inputs="cost", outputs="result")
    >>> directional(sample, direction={"cost": 1}).inefficiency
    array([0., 0., 2.])
    >>> directional(sample, direction={"cost": 1, "result": 1}).inefficiency
    array([0., 0., 1.])
    """
    check_option("rts", rts, ReturnsToScale)
    bad = read_names(sample, "undesirable", undesirable)
    check_undesirable(sample, bad)
    reference = comparable(sample, reference, may_be_negative=_may_be_negative(sample, direction, rts, bad))
    warn_if_few(reference)
    steps = steps_of(sample, reference, direction)
    found = solve_directional(
        reference.X,
        reference.Y,
        sample.X,
        sample.Y,
        steps,
        INTENSITY_BOUNDS[rts],
        undesirable=[sample.outputs.index(name) for name in bad],
        slack_weights=weights_by_range(technology_of(reference, "input", rts)),
    )
    beta = np.where(np.abs(found.factor) <= TOLERANCE, 0.0, found.factor)
    scores = pd.DataFrame(
        {
            "unit": sample.index,
            "name": sample.names,
            "efficiency": _efficiency(beta, direction),
            "inefficiency": beta,
            **status_columns(found.status, beta < 0.0, BEYOND),
        }
    )
    require_a_score(scores)
    options = {
        "direction": direction if isinstance(direction, str) else dict(direction),
        "rts": rts,
        "undesirable": bad,
    }
    info = model_info("Directional distance", sample, reference, found.status, found.by_highs, **options)
    warn_if_unsolved(scores, "inefficiency")
    point = np.hstack([sample.X, sample.Y]) + beta[:, None] * signs_of(sample, bad) * steps
    return DirectionalResult(scores, info, sample, reference, found, point)


def steps_of(sample: Sample, reference: Sample, direction: Direction | Mapping[str, float]) -> Floats:
    """Return one step in the direction for each unit and variable, without signs, shape (n, m + s)."""
    variables = (*sample.inputs, *sample.outputs)
    observed = np.hstack([sample.X, sample.Y])
    if isinstance(direction, Mapping):
        return np.tile(_read_direction(sample, direction), (len(sample), 1))
    check_option("direction", direction, Direction)
    if direction == "mean":
        mean = np.hstack([reference.X, reference.Y]).mean(axis=0)
        if (is_wrong := mean < 0.0).any():
            named = listed(name for name, wrong in zip(variables, is_wrong, strict=True) if wrong)
            raise SampleError(f"The mean of {named} is negative and cannot be a step; give the direction as a mapping.")
        return np.tile(mean, (len(sample), 1))
    is_input = np.arange(len(variables)) < len(sample.inputs)
    is_moving = {"inputs": is_input, "outputs": ~is_input}.get(direction, np.ones(len(variables), dtype=np.bool_))
    return np.where(is_moving, observed, 0.0)


def _read_direction(sample: Sample, direction: Mapping[str, float]) -> Floats:
    read_names(sample, "direction", tuple(direction))
    if wrong := [name for name, step in direction.items() if not is_real(step) or not 0.0 <= step < np.inf]:
        raise OptionError(
            f"A step must be a number from 0 on; in direction it is {direction[wrong[0]]!r} for {wrong[0]}."
        )
    if not any(direction.values()):
        raise OptionError("direction has no step above 0; name at least one variable that is to change.")
    return np.array([float(direction.get(name, 0.0)) for name in (*sample.inputs, *sample.outputs)])


def _may_be_negative(
    sample: Sample, direction: Direction | Mapping[str, float], rts: ReturnsToScale, undesirable: tuple[str, ...]
) -> tuple[str, ...]:
    """Return the variables in which a shift of the scale changes nothing."""
    if rts != "vrs" or undesirable:
        return ()
    if isinstance(direction, Mapping) or direction == "mean":
        return (*sample.inputs, *sample.outputs)
    return {"inputs": sample.outputs, "outputs": sample.inputs}.get(direction, ())


def _efficiency(beta: Floats, direction: Direction | Mapping[str, float]) -> Floats:
    """Return what an inefficiency means in proportion; NaN where the direction has no relation to the unit's size."""
    if direction == "inputs":
        return 1.0 - beta
    beta = np.where(beta > -1.0, beta, np.nan)
    if direction == "outputs":
        return 1.0 / (1.0 + beta)
    return (1.0 - beta) / (1.0 + beta) if direction == "proportional" else np.full_like(beta, np.nan)


def signs_of(sample: Sample, undesirable: Collection[str]) -> Floats:
    """Return -1 for what is to shrink and 1 for what is to grow, shape (m + s,)."""
    return np.array([-1.0] * len(sample.inputs) + [-1.0 if name in undesirable else 1.0 for name in sample.outputs])


def solve_directional(
    reference_X: Floats,
    reference_Y: Floats,
    X: Floats,
    Y: Floats,
    directions: Floats,
    bounds: tuple[float, float],
    *,
    undesirable: Collection[int] = (),
    slack_weights: Floats | None = None,
) -> Projection:
    """Follow the directions of n units to the frontier of K reference units.

    Parameters
    ----------
    reference_X, reference_Y : ndarray, shapes (K, m) and (K, s)
        What the units are compared with.
    X, Y : ndarray, shapes (n, m) and (n, s)
        Inputs and outputs of the units, of any sign where the model allows it.
    directions : ndarray, shape (n, m + s)
        By how much an inefficiency of 1 shrinks each input and each undesirable output and lets each other output grow; not
        negative. A unit without any step has no score.
    bounds : tuple of float
        Least and largest sum of the intensities, as in `terms.INTENSITY_BOUNDS`.
    undesirable : collection of int
        Which outputs (counted from 0) are undesirable.
    slack_weights : ndarray, shape (m + s,), optional
        Weights of the slacks in the second stage; without them there is none, and no slacks.

    Returns
    -------
    Projection
        `factor` is the inefficiency: 0 on the frontier, negative beyond it (only for a unit outside the reference), NaN where
        `status` is not SOLVED.

    Examples
    --------
    The unit needs 4 for 2; another needs 1 for 2, so that 3 of the cost could go:

    >>> figures = np.array([[1.0]]), np.array([[2.0]]), np.array([[4.0]]), np.array([[2.0]])
    >>> solve_directional(*figures, np.array([[1.0, 0.0]]), (1.0, 1.0)).factor
    array([3.])
    """
    m, s = X.shape[1], Y.shape[1]
    is_shrinking = np.arange(m + s) < m
    is_shrinking[[m + r for r in undesirable]] = True
    senses = "<" * m + "".join("=" if r in undesirable else ">" for r in range(s))
    reach = Reach(np.vstack([reference_X.T, reference_Y.T]), senses, bounds, np.zeros((m + s, 0)))
    steps = np.where(is_shrinking, -1.0, 1.0) * directions
    return project(
        reach,
        np.hstack([X, Y]),
        steps,
        is_greatest=True,
        is_free=True,
        slack_weights=slack_weights,
        status=_meaning(directions, X),
    )


def _meaning(directions: Floats, X: Floats) -> Integers:
    """Return NO_INPUT or NO_OUTPUT for units without any step, because all that would change is zero; otherwise SOLVED."""
    lacking = np.where((X > 0.0).any(axis=1), NO_OUTPUT, NO_INPUT)
    return np.where((directions > 0.0).any(axis=1), SOLVED, lacking)
