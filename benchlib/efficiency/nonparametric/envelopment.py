"""Envelopment of the observed units: `dea` (convex) and `fdh` (free disposal only)."""

from __future__ import annotations

from types import MappingProxyType

import numpy as np

from benchlib import __version__
from benchlib.efficiency.checks import comparable, own_places, warn_if_few, warn_if_unsolved
from benchlib.efficiency.kernels import status
from benchlib.efficiency.kernels.programme import Technology
from benchlib.efficiency.nonparametric.results import FrontierResult
from benchlib.efficiency.nonparametric.solution import Floats, Solution, solve_disposal, solve_radial
from benchlib.efficiency.sample import Sample, listed
from benchlib.errors import SolverError
from benchlib.terms import INTENSITY_BOUNDS, Orientation, ReturnsToScale, check_option


def dea(
    sample: Sample,
    *,
    orientation: Orientation = "input",
    rts: ReturnsToScale = "vrs",
    reference: Sample | None = None,
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

    Returns
    -------
    FrontierResult
        With scores, peers, slacks, targets and multipliers.

    Raises
    ------
    OptionError
        If orientation or rts is not one of the words.
    SampleError
        If a figure is missing, or if the reference has other variables.
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
    orientation. Every solution is certified (primal and dual feasible, duality gap below 1e-9, relative to the unit's own
    figures); what the own simplex method cannot certify is solved by HiGHS and counted in `info`.

    References
    ----------
    .. [1] A. Charnes, W. W. Cooper and E. Rhodes (1978). Measuring the efficiency of decision making units. European Journal
       of Operational Research 2(6), 429-444. https://doi.org/10.1016/0377-2217(78)90138-8
    .. [2] R. D. Banker, A. Charnes and W. W. Cooper (1984). Some models for estimating technical and scale inefficiencies
       in data envelopment analysis. Management Science 30(9), 1078-1092. https://doi.org/10.1287/mnsc.30.9.1078

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
    return envelop(sample, orientation, rts, reference)


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
    warn_if_unsolved(result.scores)
    return result


def envelop(
    sample: Sample, orientation: Orientation, rts: ReturnsToScale, reference: Sample | None = None
) -> FrontierResult:
    """Do what `dea` says: check, solve, label, warn."""
    check_option("orientation", orientation, Orientation)
    check_option("rts", rts, ReturnsToScale)
    reference = comparable(sample, reference)
    warn_if_few(reference)
    t = technology_of(reference, orientation, rts)
    solution = solve_radial(t, *figures(sample), own_places(sample, reference))
    result = frontier_result("DEA", orientation, rts, sample, reference, solution)
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
) -> FrontierResult:
    """Return the labelled result of a solved model, or raise SolverError if no unit has a score."""
    is_unsolved = np.isnan(solution.farrell)
    info = {
        "method": method,
        "orientation": orientation,
        "rts": rts,
        "n_units": len(sample),
        "n_reference": len(reference),
        "inputs": sample.inputs,
        "outputs": sample.outputs,
        "n_certified": int(np.sum(solution.status == status.SOLVED)),
        "n_highs": solution.by_highs,
        "n_unsolved": int(is_unsolved.sum()),
        "version": __version__,
    }
    result = FrontierResult(sample, reference, solution, MappingProxyType(info))
    if is_unsolved.all():
        reasons = listed(dict.fromkeys(result.scores["reason"]))
        raise SolverError(f"No unit could be scored: {reasons}. Look at the inputs and outputs of the sample.")
    return result
