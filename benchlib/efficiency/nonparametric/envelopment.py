"""Envelopment of the observed units: `dea` (convex) and `fdh` (free disposal only)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from benchlib.efficiency.checks import comparable, own_places, warn_if_few, warn_if_unsolved
from benchlib.efficiency.kernels.programme import Technology
from benchlib.efficiency.nonparametric.extended import (
    PLAIN,
    Extension,
    WeightRatio,
    may_be_negative,
    read_extension,
    solve_extended,
)
from benchlib.efficiency.nonparametric.results import FrontierResult, model_info, require_a_score
from benchlib.efficiency.nonparametric.solution import Floats, Solution, slack_weights, solve_disposal, solve_radial
from benchlib.efficiency.sample import Sample
from benchlib.terms import INTENSITY_BOUNDS, Orientation, ReturnsToScale, check_option


def dea(
    sample: Sample,
    *,
    orientation: Orientation = "input",
    rts: ReturnsToScale = "vrs",
    reference: Sample | None = None,
    fixed: str | Sequence[str] = (),
    undesirable: str | Sequence[str] = (),
    restrictions: WeightRatio | Sequence[WeightRatio] = (),
) -> FrontierResult:
    """Score units by data envelopment analysis: against all combinations of reference units.

    Input orientation finds the smallest factor by which all inputs of a unit may shrink while a combination of reference
    units still brings about its outputs [1]_ [2]_; output orientation the greatest factor by which its outputs may grow.
    The scores do not depend on the units of measurement. A second stage then finds the greatest slacks that remain:
    it maximises their sum, each divided by the range (largest minus smallest value) of its variable in the reference, so that
    it does not depend on the units of measurement either.

    Parameters
    ----------
    sample : Sample
        The n units to be scored.
    orientation : {"input", "output"}
        What is to change.
    rts : {"crs", "vrs", "nirs", "ndrs"}
        Returns to scale: constant, variable, non-increasing, non-decreasing; bounds on the sum of the intensities.
    reference : Sample, optional
        The K units that span the technology, with the same inputs and outputs; by default the sample itself. Units outside the
        technology of another reference have an efficiency above 1 (status `outside`) or, where no proportional change leads
        into it, none (status `infeasible`).
    fixed : list of str
        Inputs and outputs that a unit cannot change. It is compared with combinations that use no more (bring about no less) of them,
        but they neither shrink nor grow, have no slack, and their target is what is observed [3]_.
    undesirable : list of str
        Outputs of which less is better, such as emissions. They stay where they are in either orientation, and can only fall
        together with the other outputs (weak disposability); to see them shrink, use `directional`.
    restrictions : list of WeightRatio
        Ranges for ratios of multipliers.

    Returns
    -------
    FrontierResult
        With scores, peers, slacks, targets and multipliers.

    Raises
    ------
    OptionError
        If orientation or rts is not one of the words, if nothing is left to change, or if restrictions contradict each other.
    SampleError
        If a figure is missing or negative, if the reference has other variables, or if fixed, undesirable or restrictions name
        variables that are not there or have another role.
    SolverError
        If no unit at all has a score.

    Warns
    -----
    FewUnitsWarning
        If there are fewer reference units than max(m * s, 3 * (m + s)), for m inputs and s outputs.
    UnsolvedUnitsWarning
        If units have no score; `scores` says why.

    Notes
    -----
    Zeros: a unit that does not use some input is compared only with units that do not use it either. A unit without any input has
    no score in input orientation, one without any output none in output orientation nor, under `crs` and `nirs`, in input
    orientation.

    Negative figures are allowed where a shift of the scale changes neither scores nor peers nor slacks: under `vrs`, in outputs
    and fixed inputs in input orientation, in inputs and fixed outputs in output orientation, without undesirable outputs.
    Anywhere else they are refused by name.

    The row of a fixed input is ``sum_k lambda_k x_k <= x``, without the factor and without scaling by the sum of the intensities, under
    all returns to scale; Banker and Morey [3]_ scale it under `crs`. With undesirable outputs the technology is that of Kuosmanen [4]_:
    each reference unit may stop a part of its own activity, by which all its outputs fall and no input does. Under `crs` and `nirs` that
    equals the textbook form, in which the undesirable outputs are equations.

    Restrictions enter as trades: what one unit of a variable is at least worth in another can be had in exchange. Targets lie in the
    technology so widened; they are not negative.

    Every solution is certified (primal and dual feasible, duality gap below 1e-9, relative to the unit's own
    figures); what the own simplex method cannot certify is solved by HiGHS and counted in `info`.

    References
    ----------
    .. [1] A. Charnes, W. W. Cooper and E. Rhodes (1978). Measuring the efficiency of decision making units. European Journal
       of Operational Research 2(6), 429-444. https://doi.org/10.1016/0377-2217(78)90138-8
    .. [2] R. D. Banker, A. Charnes and W. W. Cooper (1984). Some models for estimating technical and scale inefficiencies
       in data envelopment analysis. Management Science 30(9), 1078-1092. https://doi.org/10.1287/mnsc.30.9.1078
    .. [3] R. D. Banker and R. C. Morey (1986). Efficiency analysis for exogenously fixed inputs and outputs. Operations
       Research 34(4), 513-521. https://doi.org/10.1287/opre.34.4.513
    .. [4] T. Kuosmanen (2005). Weak disposability in nonparametric production analysis with undesirable outputs. American Journal
       of Agricultural Economics 87(4), 1077-1082. https://doi.org/10.1111/j.1467-8276.2005.00788.x

    Examples
    --------
    Five units with two inputs and one output (T. Coelli, D. S. P. Rao and G. E. Battese, 1998, An introduction to efficiency
    and productivity analysis, table 6.1):

    >>> import pandas as pd, warnings
    >>> from benchlib.errors import FewUnitsWarning
    >>> warnings.simplefilter("ignore", FewUnitsWarning)
    >>> table = pd.DataFrame({"y": [1, 2, 3, 1, 2], "x1": [2, 2, 6, 3, 6], "x2": [5, 4, 6, 2, 2]}, index=[1, 2, 3, 4, 5])
    >>> sample = Sample.from_table(table, inputs=["x1", "x2"], outputs=["y"])
    >>> dea(sample, rts="crs").efficiency.round(3)
    array([0.5  , 1.   , 0.833, 0.714, 1.   ])
    """
    return envelop(sample, orientation, rts, reference, fixed, undesirable, restrictions)


def fdh(
    sample: Sample,
    *,
    orientation: Orientation = "input",
    reference: Sample | None = None,
) -> FrontierResult:
    """Score units by the free disposal hull: each against single reference units that dominate it [1]_.

    No combination of units is assumed to be possible, so the peer is one unit that really exists. Its own figures are the
    target. If several reference units give the same score, the peer is the one with the greatest slacks (their sum, each
    divided by the range of its variable in the reference), then the unit itself, then the first.

    Parameters
    ----------
    sample : Sample
        The n units to be scored.
    orientation : {"input", "output"}
        What is to change.
    reference : Sample, optional
        The units to compare with, as in `dea`.

    Returns
    -------
    FrontierResult
        As `dea`, but `multipliers` is empty: there are none.

    Raises
    ------
    OptionError, SampleError, SolverError
        As `dea`.

    Notes
    -----
    Zeros: as in `dea`. A unit without any input has no score in input orientation, one without any output none in output
    orientation.

    References
    ----------
    .. [1] D. Deprins, L. Simar and H. Tulkens (1984). Measuring labor efficiency in post offices. In: M. Marchand,
       P. Pestieau and H. Tulkens (eds.), The performance of public enterprises, 243-267. North-Holland. Reprinted:
       https://doi.org/10.1007/978-0-387-25534-7_16

    Examples
    --------
    >>> import pandas as pd, warnings
    >>> from benchlib.errors import FewUnitsWarning
    >>> warnings.simplefilter("ignore", FewUnitsWarning)
    >>> table = pd.DataFrame({"x": [2.0, 4.0, 5.0], "y": [1.0, 3.0, 2.0]}, index=["A", "B", "C"])
    >>> fdh(Sample.from_table(table, inputs="x", outputs="y")).peers
      unit peer  weight
    0    A    A     1.0
    1    B    B     1.0
    2    C    B     1.0
    """
    check_option("orientation", orientation, Orientation)
    reference = comparable(sample, reference)
    warn_if_few(reference)
    t = technology_of(reference, orientation, "vrs")
    solution = solve_disposal(t, *figures(sample), own_places(sample, reference))
    result = frontier_result("FDH", orientation, None, sample, reference, solution)
    if result.info["n_unsolved"]:
        warn_if_unsolved(result.scores)
    return result


def envelop(
    sample: Sample,
    orientation: Orientation,
    rts: ReturnsToScale,
    reference: Sample | None = None,
    fixed: str | Sequence[str] = (),
    undesirable: str | Sequence[str] = (),
    restrictions: WeightRatio | Sequence[WeightRatio] = (),
) -> FrontierResult:
    """Do what `dea` says: check, solve, label, warn. The fast kernel takes the plain models without negative figures."""
    check_option("orientation", orientation, Orientation)
    check_option("rts", rts, ReturnsToScale)
    extension = read_extension(sample, orientation, fixed, undesirable, restrictions)
    reference = comparable(sample, reference, may_be_negative=may_be_negative(sample, orientation, rts, extension))
    warn_if_few(reference)
    t = technology_of(reference, orientation, rts)
    X, Y = figures(sample)
    if extension or min(values.min() for values in (X, Y, t.X, t.Y)) < 0.0:
        solution = solve_extended(sample, reference, orientation, rts, extension, slack_weights(t))
    else:
        solution = solve_radial(t, X, Y, own_places(sample, reference))
    result = frontier_result("DEA", orientation, rts, sample, reference, solution, extension)
    if result.info["n_unsolved"]:
        warn_if_unsolved(result.scores)
    return result


def technology_of(reference: Sample, orientation: Orientation, rts: ReturnsToScale) -> Technology:
    """Return the technology that the units of a sample span, as the kernels want it."""
    lowest, highest = INTENSITY_BOUNDS[rts]
    X, Y = (np.array(values.T, order="C") for values in (reference.X, reference.Y))
    return Technology(X, Y, lowest, highest, orientation == "output")


def figures(sample: Sample) -> tuple[Floats, Floats]:
    """Return inputs and outputs as the kernels want evaluated units: in rows, contiguous, writable (one signature)."""
    return sample.X.copy(), sample.Y.copy()


def frontier_result(
    method: str,
    orientation: Orientation,
    rts: ReturnsToScale | None,
    sample: Sample,
    reference: Sample,
    solution: Solution,
    extension: Extension = PLAIN,
) -> FrontierResult:
    """Return the labelled result of a solved model, or raise SolverError if no unit has a score."""
    options = {"orientation": orientation, "rts": rts} | {
        name: given for name, given in vars(extension).items() if given
    }
    info = model_info(method, sample, reference, solution.status, solution.by_highs, **options)
    result = FrontierResult(sample, reference, solution, info)
    if info["n_unsolved"]:  # the table is made only when somebody looks at it
        require_a_score(result.scores)
    return result
