"""What can be added to a radial model: fixed variables, undesirable outputs, restricted weights, and negative figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from benchlib.efficiency.checks import is_real
from benchlib.efficiency.kernels.radial import NOTHING
from benchlib.efficiency.kernels.status import FREE_OUTPUT, INFEASIBLE, NO_INPUT, NO_OUTPUT, SOLVED
from benchlib.efficiency.nonparametric.linear import solve_linear
from benchlib.efficiency.nonparametric.reach import Projection, Reach, project
from benchlib.efficiency.nonparametric.solution import Solution
from benchlib.efficiency.sample import Sample, listed
from benchlib.errors import OptionError, SampleError
from benchlib.terms import INTENSITY_BOUNDS, Orientation, ReturnsToScale

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class WeightRatio:
    """A restriction on multipliers: ``lowest <= multiplier(numerator) / multiplier(denominator) <= highest``.

    Without restrictions a unit may give all the weight to the one variable in which it is best. A range for the ratio of two
    multipliers (an assurance region of type I [1]_) says how many units of measurement of the denominator at least and at most one
    unit of the numerator is worth: ``WeightRatio("teachers", "assistants", 1, 3)``.

    Attributes
    ----------
    numerator, denominator : str
        Two inputs, or two outputs.
    lowest, highest : float
        The range, in units of the denominator per unit of the numerator; by default 0 and infinity.

    References
    ----------
    .. [1] R. G. Thompson, F. D. Singleton, R. M. Thrall and B. A. Smith (1986). Comparative site evaluations for locating a
       high-energy physics lab in Texas. Interfaces 16(6), 35-49. https://doi.org/10.1287/inte.16.6.35
    """

    numerator: str
    denominator: str
    lowest: float = 0.0
    highest: float = np.inf

    def __post_init__(self) -> None:
        if not (is_real(self.lowest) and is_real(self.highest)):
            raise OptionError(
                f"lowest={self.lowest!r} and highest={self.highest!r} must be numbers, as in WeightRatio('a', 'b', 1, 3)."
            )
        if not (0.0 <= self.lowest <= self.highest and self.lowest < np.inf and self.highest > 0.0):
            raise OptionError(
                f"A ratio of multipliers from lowest={self.lowest:g} to highest={self.highest:g} is not possible; "
                "needed is 0 <= lowest <= highest, with a finite lowest and a positive highest."
            )
        if self.numerator == self.denominator:
            raise OptionError(f"A ratio needs two variables, not {self.numerator!r} twice.")


@dataclass(frozen=True)
class Extension:
    """What is added to a radial model, checked by `read_extension`."""

    fixed: tuple[str, ...]
    undesirable: tuple[str, ...]
    restrictions: tuple[WeightRatio, ...]

    def __bool__(self) -> bool:
        return bool(self.fixed or self.undesirable or self.restrictions)


#: Nothing is added.
PLAIN: Final = Extension((), (), ())


def read_extension(
    sample: Sample,
    orientation: Orientation,
    fixed: str | Sequence[str],
    undesirable: str | Sequence[str],
    restrictions: WeightRatio | Sequence[WeightRatio],
) -> Extension:
    """Return what is added to the radial model of a sample, or raise SampleError or OptionError if it makes no sense."""
    kept, bad = read_names(sample, "fixed", fixed), read_names(sample, "undesirable", undesirable)
    ratios = (restrictions,) if isinstance(restrictions, WeightRatio) else tuple(restrictions)
    check_undesirable(sample, bad)
    if both := [name for name in kept if name in bad]:
        raise OptionError(
            f"Both fixed and undesirable: {listed(both)}. dea leaves undesirable outputs where they are in any case."
        )
    side = sample.outputs if orientation == "output" else sample.inputs
    if not [name for name in side if name not in kept and name not in bad]:
        raise OptionError(
            f"All {orientation}s are fixed, so that nothing is left to change in {orientation} orientation."
        )
    _check_ratios(sample, ratios, bad)
    return Extension(kept, bad, ratios)


def read_names(sample: Sample, argument: str, given: str | Sequence[str]) -> tuple[str, ...]:
    """Return names of variables of the sample, or raise SampleError if one is unknown or named twice."""
    names = (given,) if isinstance(given, str) else tuple(given)
    variables = (*sample.inputs, *sample.outputs)
    if unknown := [name for name in names if name not in variables]:
        raise SampleError(
            f"{argument} names {listed(unknown)}; the inputs and outputs of the sample are {', '.join(variables)}."
        )
    return tuple(dict.fromkeys(names))


def check_undesirable(sample: Sample, undesirable: tuple[str, ...]) -> None:
    """Raise SampleError unless undesirable variables are outputs, and not all of them."""
    if inputs := [name for name in undesirable if name in sample.inputs]:
        raise SampleError(f"undesirable names {listed(inputs)}, but only outputs can be undesirable; these are inputs.")
    if set(undesirable) == set(sample.outputs):
        raise SampleError("All outputs are undesirable; a model needs at least one output of which more is better.")


def _check_ratios(sample: Sample, ratios: tuple[WeightRatio, ...], undesirable: tuple[str, ...]) -> None:
    if wrong := [ratio for ratio in ratios if not isinstance(ratio, WeightRatio)]:
        raise OptionError(
            f"restrictions holds {wrong[0]!r}; needed are ratios such as WeightRatio('a', 'b', lowest=1, highest=3)."
        )
    for ratio in ratios:
        pair = read_names(sample, "A WeightRatio", (ratio.numerator, ratio.denominator))
        if len({name in sample.inputs for name in pair}) > 1:
            raise SampleError(f"A ratio restricts two inputs or two outputs; {pair[0]} and {pair[1]} are one of each.")
        if bad := [name for name in pair if name in undesirable]:
            raise OptionError(
                f"The multiplier of {listed(bad)} cannot be restricted: that of an undesirable output may have any sign."
            )
    if not _are_consistent(trades_of(sample, ratios), len(sample.inputs)):
        raise OptionError(f"The restrictions contradict each other; no multipliers fulfil all of {listed(ratios)}.")


def _are_consistent(trades: Floats, m: int) -> bool:
    """Return whether positive multipliers exist under which no trade, in m inputs and then outputs, brings a gain."""
    v, q = trades.shape
    gains = (np.where(np.arange(v) < m, -1.0, 1.0)[:, None] * trades).T
    # Multipliers are looked for in the form 1 + x, x >= 0: their scale does not matter.
    return q == 0 or solve_linear(gains, -gains.sum(axis=1), np.ones(v), senses="<" * q).status == SOLVED


def trades_of(sample: Sample, ratios: tuple[WeightRatio, ...]) -> Floats:
    """Return what restrictions on multipliers mean for figures, a column for each bound, shape (v, q).

    A multiplier of the numerator of at least `lowest` times that of the denominator means that `lowest` units of the denominator can be
    had for one unit of the numerator: these changes can be added to what combinations of units reach.
    """
    variables = (*sample.inputs, *sample.outputs)
    columns = []
    for ratio in ratios:
        sign = 1.0 if ratio.numerator in sample.inputs else -1.0
        for bound, direction in ((ratio.lowest, sign), (ratio.highest, -sign)):
            if 0.0 < bound < np.inf:
                column = np.zeros(len(variables))
                column[variables.index(ratio.numerator)] = direction
                column[variables.index(ratio.denominator)] = -direction * bound
                columns.append(column)
    return np.column_stack(columns) if columns else np.zeros((len(variables), 0))


def plain_reach(reference: Sample, rts: ReturnsToScale) -> Reach:
    """Return what combinations of the units of a sample can reach, without anything added."""
    m, s = len(reference.inputs), len(reference.outputs)
    figures = np.hstack([reference.X, reference.Y]).T
    return Reach(figures, "<" * m + ">" * s, INTENSITY_BOUNDS[rts], np.zeros((m + s, 0)))


def may_be_negative(
    sample: Sample, orientation: Orientation, rts: ReturnsToScale, extension: Extension
) -> tuple[str, ...]:
    """Return the variables in which a shift of the scale changes nothing, so that negative figures are allowed."""
    if rts != "vrs" or extension.undesirable:
        return ()
    other = sample.inputs if orientation == "output" else sample.outputs
    return (*other, *extension.fixed)


def solve_extended(
    sample: Sample,
    reference: Sample,
    orientation: Orientation,
    rts: ReturnsToScale,
    extension: Extension,
    slack_weights: Floats,
) -> Solution:
    """Solve both stages of the radial programmes of a sample with general linear programmes.

    Parameters
    ----------
    sample, reference : Sample
        The evaluated units and those that span the technology, with the variables in the same order.
    orientation, rts : str
        As in `dea`.
    extension : Extension
        What is added.
    slack_weights : ndarray, shape (m + s,)
        Weights of the slacks in the second stage; fixed variables have none.

    Returns
    -------
    Solution
    """
    is_output = orientation == "output"
    variables = (*sample.inputs, *sample.outputs)
    m = len(sample.inputs)
    is_kept = np.array([name in extension.fixed for name in variables])
    is_bad = np.array([name in extension.undesirable for name in variables])
    is_moving = ((np.arange(len(variables)) >= m) == is_output) & ~is_kept & ~is_bad
    observed = np.hstack([sample.X, sample.Y])
    steps = np.where(is_moving, observed, 0.0)
    senses = "".join("=" if bad else "<" if place < m else ">" for place, bad in enumerate(is_bad))
    reach = Reach(
        np.hstack([reference.X, reference.Y]).T,
        senses,
        INTENSITY_BOUNDS[rts],
        trades_of(sample, extension.restrictions),
    )
    found = project(
        reach,
        observed - steps,
        steps,
        is_greatest=is_output,
        slack_weights=np.where(is_kept, 0.0, slack_weights),
        status=_meaning(steps, sample.Y, is_output, reach.bounds[0]),
    )
    return _as_solution(found, is_output, m, is_bad)


def _meaning(steps: Floats, Y: Floats, is_output: bool, lowest: float) -> NDArray[np.int64]:
    """Return NO_INPUT or NO_OUTPUT where the radial question has no meaning, otherwise SOLVED, shape (n,)."""
    codes = np.full(len(Y), SOLVED, dtype=np.int64)
    if not is_output and lowest == 0.0:
        codes[(Y <= 0.0).all(axis=1)] = NO_OUTPUT
    codes[(steps <= 0.0).all(axis=1)] = NO_OUTPUT if is_output else NO_INPUT
    return codes


def _as_solution(found: Projection, is_output: bool, m: int, is_bad: Bools) -> Solution:
    """Return a projection as the solution of a radial model, with its multipliers."""
    status = np.where(found.factor < NOTHING, INFEASIBLE if is_output else FREE_OUTPUT, found.status)
    is_lost = (status != SOLVED)[:, None]
    signs = np.ones(found.duals.shape[1])
    signs[slice(m, -1) if is_output else slice(0, m)] = -1.0
    multipliers = signs * found.duals
    # Those of undesirable outputs and the intercept may be negative; elsewhere that is rounding.
    multipliers = np.where(np.append(is_bad, True), multipliers, np.maximum(multipliers, 0.0)) + 0.0
    return Solution(
        np.where(is_lost[:, 0], np.nan, found.factor),
        status,
        np.where(is_lost, -1, found.peers),
        np.where(is_lost, 0.0, found.weights),
        np.where(is_lost, np.nan, found.slacks),
        np.where(is_lost, np.nan, multipliers),
        found.by_highs,
    )
