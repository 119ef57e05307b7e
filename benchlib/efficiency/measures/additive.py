"""Additive models: the greatest weighted sum of slacks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchlib.efficiency.checks import comparable, is_real, warn_if_few, warn_if_unsolved
from benchlib.efficiency.nonparametric.envelopment import technology_of
from benchlib.efficiency.nonparametric.extended import plain_reach, read_names
from benchlib.efficiency.nonparametric.reach import gather, greatest_slacks
from benchlib.efficiency.nonparametric.results import ProjectedResult, model_info, require_a_score, status_columns
from benchlib.efficiency.nonparametric.solution import slack_weights as weights_by_range
from benchlib.efficiency.sample import Sample, describe
from benchlib.errors import OptionError, SampleError
from benchlib.terms import ReturnsToScale, SlackWeights, check_option

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False, repr=False)
class AdditiveResult(ProjectedResult):
    """Weighted sums of slacks, with peers, slacks and targets as in `FrontierResult`.

    Attributes
    ----------
    scores : DataFrame
        A row per unit: unit, name, efficiency (see `additive`), inefficiency, status, reason.
    info : mapping
        method, weights, rts; how many units and what became of them, as in `FrontierResult`.
    sample, reference : Sample
        The evaluated units and those that span the technology.
    solution : Projection
        The numbers behind the tables, as arrays.
    point : ndarray, shape (n, m + s)
        Observed figures: nothing is scored but slacks.
    """

    @property
    def inefficiency(self) -> Floats:
        """Weighted sum of the slacks, shape (n,); NaN where unsolved."""
        return self.scores["inefficiency"].to_numpy(dtype=np.float64)

    @property
    def title(self) -> str:
        """The model, its weights and how inefficiency is spread."""
        weights = self.info["weights"]
        words = (
            weights if isinstance(weights, str) else ", ".join(f"{name} {weight:g}" for name, weight in weights.items())
        )
        return self._describe(f"Additive, weights {words}, {self.info['rts']}", "inefficiency")


def additive(
    sample: Sample,
    *,
    weights: SlackWeights | Mapping[str, float] = "range",
    rts: ReturnsToScale = "vrs",
    reference: Sample | None = None,
) -> AdditiveResult:
    """Score units by the greatest weighted sum of slacks, in inputs and outputs at once.

    Nothing changes in proportion: the model looks for the combination of reference units that saves most inputs and adds most outputs,
    and the inefficiency is what it saves and adds, weighted. It is 0 exactly for units that are efficient beyond doubt.

    Parameters
    ----------
    sample : Sample
        The n units to be scored.
    weights : {"range", "observed", "deviation", "none"} or mapping
        Weight of a slack per unit of its variable. "range": one over the range of the variable in the reference and over the number
        of variables, the range-adjusted measure [1]_; "observed": one over the unit's own figure, the measure of inefficiency
        proportions [1]_; "deviation": one over the standard deviation in the reference (divisor K - 1), the normalised weighted
        additive model [2]_; "none": 1, so that the sum depends on the units of measurement; or a number for each variable (those
        that are not named do not count).
    rts : {"crs", "vrs", "nirs", "ndrs"}
        Returns to scale.
    reference : Sample, optional
        The K units that span the technology, with the same inputs and outputs; by default the sample itself.

    Returns
    -------
    AdditiveResult
        `inefficiency` is the weighted sum. `efficiency` is 1 - inefficiency for weights "range" under `vrs`, where it lies between 0
        and 1 for units within the ranges of the reference; otherwise it is NaN. A unit beyond the frontier of another reference
        has no slacks and no score (status `infeasible`).

    Raises
    ------
    OptionError
        If weights or rts is not one of the words, or if weights hold something other than numbers from 0 on with one above.
    SampleError
        If a figure is missing, or negative where that is not allowed; if an output is 0 with weights "observed"; if the reference or the
        weights name other variables.
    SolverError
        If no unit at all has a score.

    Warns
    -----
    FewUnitsWarning, UnsolvedUnitsWarning
        As `dea`.

    Notes
    -----
    Negative figures are allowed under `vrs` unless weights are "observed": a shift of the scale of a variable changes nothing. A variable
    that is constant in the reference is weighted, in place of range or deviation, by that constant.

    References
    ----------
    .. [1] W. W. Cooper, K. S. Park and J. T. Pastor (1999). RAM: a range adjusted measure of inefficiency for use with additive models,
       and relations to other models and measures in DEA. Journal of Productivity Analysis 11(1), 5-42.
       https://doi.org/10.1023/A:1007701304281
    .. [2] C. A. K. Lovell and J. T. Pastor (1995). Units invariant and translation invariant DEA models. Operations Research
       Letters 18(3), 147-151. https://doi.org/10.1016/0167-6377(95)00044-5

    Examples
    --------
    D is compared with B, which achieves 2 more and needs 1 less:

    >>> import pandas as pd, warnings
    >>> from benchlib.errors import FewUnitsWarning
    >>> warnings.simplefilter("ignore", FewUnitsWarning)
    >>> table = pd.DataFrame({"cost": [2.0, 4.0, 8.0, 5.0], "result": [1.0, 5.0, 6.0, 3.0]}, index=list("ABCD"))
    >>> sample = Sample.from_table(table, inputs="cost", outputs="result")
    >>> additive(sample, weights="none").inefficiency
    array([0., 0., 0., 3.])
    >>> additive(sample).efficiency.round(3)
    array([1.   , 1.   , 1.   , 0.717])
    """
    check_option("rts", rts, ReturnsToScale)
    is_shiftable = rts == "vrs" and weights != "observed"
    variables = (*sample.inputs, *sample.outputs)
    reference = comparable(sample, reference, may_be_negative=variables if is_shiftable else ())
    warn_if_few(reference)
    slack_weights = weights_of(sample, reference, weights)
    reach = plain_reach(reference, rts)
    points = np.hstack([sample.X, sample.Y])
    found = gather(
        [greatest_slacks(reach, point, row) for point, row in zip(points, slack_weights, strict=True)], len(variables)
    )
    is_measured = weights == "range" and rts == "vrs"
    scores = pd.DataFrame(
        {
            "unit": sample.index,
            "name": sample.names,
            "efficiency": 1.0 - found.factor if is_measured else np.nan,
            "inefficiency": found.factor,
            **status_columns(found.status, np.zeros(len(sample), dtype=np.bool_)),
        }
    )
    require_a_score(scores)
    options = {"weights": weights if isinstance(weights, str) else dict(weights), "rts": rts}
    info = model_info("Additive", sample, reference, found.status, found.by_highs, **options)
    warn_if_unsolved(scores, "inefficiency")
    return AdditiveResult(scores, info, sample, reference, found, points)


def weights_of(sample: Sample, reference: Sample, weights: SlackWeights | Mapping[str, float]) -> Floats:
    """Return the weight of a slack for each unit and variable, shape (n, m + s)."""
    if isinstance(weights, Mapping):
        row = _read_weights(sample, weights)
    elif check_option("weights", weights, SlackWeights) == "observed":
        return _shares(sample)
    elif weights == "none":
        row = np.ones(len(sample.inputs) + len(sample.outputs))
    elif weights == "deviation":
        row = _per_deviation(reference)
    else:
        row = _per_range(reference) / (len(sample.inputs) + len(sample.outputs))
    return np.tile(row, (len(sample), 1))


def _per_range(reference: Sample) -> Floats:
    return weights_by_range(technology_of(reference, "input", "vrs"))


def _per_deviation(reference: Sample) -> Floats:
    """Return one over the standard deviation of each variable or, where it does not vary, over its constant."""
    figures = np.hstack([reference.X, reference.Y])
    if len(figures) == 1:
        return _per_range(reference)
    deviation = figures.std(axis=0, ddof=1)
    is_varying = np.ptp(figures, axis=0) > 0.0  # rounding gives equal figures a deviation, too
    return np.where(is_varying, 1.0 / np.where(is_varying, deviation, 1.0), _per_range(reference))


def _shares(sample: Sample) -> Floats:
    """Return one over each figure; 0 for inputs of 0, which have no slack. Outputs of 0 are refused."""
    if (is_zero := sample.Y == 0.0).any():
        raise SampleError(
            f"Outputs are 0 for {describe(is_zero, sample.units, sample.outputs)}, and a slack has no proportion to that. "
            "Choose other weights, or leave these units out with sample.subset(...)."
        )
    observed = np.hstack([sample.X, sample.Y])
    return np.divide(1.0, observed, out=np.zeros_like(observed), where=observed > 0.0)


def _read_weights(sample: Sample, weights: Mapping[str, float]) -> Floats:
    read_names(sample, "weights", tuple(weights))
    if wrong := [name for name, weight in weights.items() if not is_real(weight) or not 0.0 <= weight < np.inf]:
        raise OptionError(
            f"A weight must be a number from 0 on; in weights it is {weights[wrong[0]]!r} for {wrong[0]}."
        )
    if not any(weights.values()):
        raise OptionError("weights has no number above 0; name at least one variable whose slack counts.")
    return np.array([float(weights.get(name, 0.0)) for name in (*sample.inputs, *sample.outputs)])
