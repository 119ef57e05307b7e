"""Envelopment of the observed units: `dea` (convex), `fdh` (free disposal only) and `scale_efficiency`."""

from __future__ import annotations

import warnings
from types import MappingProxyType
from typing import Final

import numpy as np
import pandas as pd

from benchlib import __version__
from benchlib.efficiency.kernels import status
from benchlib.efficiency.kernels.programme import Technology
from benchlib.efficiency.results import FrontierResult, ScaleResult
from benchlib.efficiency.sample import Sample, listed
from benchlib.efficiency.solution import Floats, Integers, Solution, solve_disposal, solve_radial
from benchlib.errors import FewUnitsWarning, SampleError, SolverError, UnsolvedUnitsWarning
from benchlib.terms import INTENSITY_BOUNDS, Orientation, ReturnsToScale, check_option

#: Efficiencies under two returns to scale that differ by less are equal.
SAME: Final = 1e-8
#: What `scale_efficiency` compares with `vrs`.
RESTRICTED: Final[tuple[ReturnsToScale, ...]] = ("crs", "nirs")


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
    >>> warnings.simplefilter("ignore", FewUnitsWarning)
    >>> table = pd.DataFrame({"y": [1, 2, 3, 1, 2], "x1": [2, 2, 6, 3, 6], "x2": [5, 4, 6, 2, 2]}, index=[1, 2, 3, 4, 5])
    >>> sample = Sample.from_table(table, inputs=["x1", "x2"], outputs=["y"])
    >>> dea(sample, rts="crs").efficiency.round(3)
    array([0.5  , 1.   , 0.833, 0.714, 1.   ])
    """
    return envelop(sample, orientation, rts, reference, stacklevel=3)


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
    >>> warnings.simplefilter("ignore", FewUnitsWarning)
    >>> table = pd.DataFrame({"x": [2.0, 4.0, 5.0], "y": [1.0, 3.0, 2.0]}, index=["A", "B", "C"])
    >>> fdh(Sample.from_table(table, inputs="x", outputs="y")).peers
      unit peer  weight
    0    A    A     1.0
    1    B    B     1.0
    2    C    B     1.0
    """
    check_option("orientation", orientation, Orientation)
    reference = _comparable(sample, reference)
    _warn_if_few(reference, stacklevel=3)
    t = technology_of(reference, orientation, "vrs")
    solution = solve_disposal(t, *figures(sample), _own(sample, reference))
    result = _result("FDH", orientation, None, sample, reference, solution)
    _warn_if_unsolved(result, stacklevel=3)
    return result


def scale_efficiency(sample: Sample, *, orientation: Orientation = "input") -> ScaleResult:
    """Split constant-returns efficiency into pure technical efficiency and scale, and say which way scale is off.

    Scale efficiency is the `crs` over the `vrs` efficiency. Returns to scale are local: constant where the two are equal;
    otherwise decreasing where the `nirs` efficiency equals the `vrs` efficiency, and increasing where it does not [1]_.

    Parameters
    ----------
    sample : Sample
        The n units to be scored, among themselves.
    orientation : {"input", "output"}
        What is to change; the direction of local returns to scale may differ between the two.

    Returns
    -------
    ScaleResult
        `scores` has unit, name, crs, vrs, scale, returns.

    Raises
    ------
    OptionError, SampleError, SolverError
        As `dea`.

    References
    ----------
    .. [1] R. Färe, S. Grosskopf and C. A. K. Lovell (1985). The measurement of efficiency of production. Kluwer-Nijhoff.
       https://doi.org/10.1007/978-94-015-7721-2
    """
    check_option("orientation", orientation, Orientation)
    vrs = envelop(sample, orientation, "vrs", None, stacklevel=3)
    own = _own(sample, sample)
    crs, nirs = (
        _result(
            "DEA",
            orientation,
            rts,
            sample,
            sample,
            solve_radial(technology_of(sample, orientation, rts), *figures(sample), own),
        )
        for rts in RESTRICTED
    )
    ratio = crs.efficiency / vrs.efficiency
    scale = np.where(np.abs(ratio - 1.0) <= SAME, 1.0, ratio)
    is_decreasing = np.abs(nirs.efficiency / vrs.efficiency - 1.0) <= SAME
    words = pd.Series(
        np.where(scale == 1.0, "constant", np.where(is_decreasing, "decreasing", "increasing")), dtype=object
    )
    scores = vrs.scores[["unit", "name"]].assign(
        crs=crs.efficiency, vrs=vrs.efficiency, scale=scale, returns=words.where(~np.isnan(scale), None)
    )
    info = {**vrs.info, "rts": None, "n_unsolved": int(np.isnan(scale).sum())}
    return ScaleResult(scores, MappingProxyType(info))


def envelop(
    sample: Sample, orientation: Orientation, rts: ReturnsToScale, reference: Sample | None, *, stacklevel: int
) -> FrontierResult:
    """Do what `dea` says, with warnings that point to the line `stacklevel` calls up."""
    check_option("orientation", orientation, Orientation)
    check_option("rts", rts, ReturnsToScale)
    reference = _comparable(sample, reference)
    _warn_if_few(reference, stacklevel=stacklevel + 1)
    t = technology_of(reference, orientation, rts)
    solution = solve_radial(t, *figures(sample), _own(sample, reference))
    result = _result("DEA", orientation, rts, sample, reference, solution)
    _warn_if_unsolved(result, stacklevel=stacklevel + 1)
    return result


def technology_of(reference: Sample, orientation: Orientation, rts: ReturnsToScale) -> Technology:
    """Return the technology that the units of a sample span, as the kernels want it."""
    lowest, highest = INTENSITY_BOUNDS[rts]
    X, Y = (np.array(values.T, order="C") for values in (reference.X, reference.Y))
    return Technology(X, Y, lowest, highest, orientation == "output")


def figures(sample: Sample) -> tuple[Floats, Floats]:
    """Return inputs and outputs as the kernels want evaluated units: in rows, contiguous, writable (one signature)."""
    return sample.X.copy(), sample.Y.copy()


def _comparable(sample: Sample, reference: Sample | None) -> Sample:
    """Return the reference with its variables in the order of the sample, both known to be complete."""
    sample.require_complete()
    if reference is None or reference is sample:
        return sample
    if (set(reference.inputs), set(reference.outputs)) != (set(sample.inputs), set(sample.outputs)):
        raise SampleError(
            f"The reference has other variables than the sample: {reference!r} against {sample!r}. "
            "Units can only be compared on the same inputs and outputs."
        )
    if (reference.inputs, reference.outputs) != (sample.inputs, sample.outputs):
        reference = Sample.from_table(
            reference.to_frame(), sample.inputs, sample.outputs, "unit", reference.context, label="name"
        )
    reference.require_complete()
    return reference


def _own(sample: Sample, reference: Sample) -> Integers:
    """Return where each unit stands in the reference, -1 if it does not."""
    place = {unit: k for k, unit in enumerate(reference.units)}
    return np.array([place.get(unit, -1) for unit in sample.units], dtype=np.int64)


def _warn_if_few(reference: Sample, *, stacklevel: int) -> None:
    m, s, n = len(reference.inputs), len(reference.outputs), len(reference)
    enough = max(m * s, 3 * (m + s))
    if n < enough:
        warnings.warn(
            f"{n} units are few for {m} input{'s' * (m > 1)} and {s} output{'s' * (s > 1)}; from {enough} on, scores tell units "
            "apart. Efficiency is overstated: use fewer variables or more units. To accept it: "
            "warnings.simplefilter('ignore', benchlib.errors.FewUnitsWarning).",
            FewUnitsWarning,
            stacklevel=stacklevel,
        )


def _result(
    method: str,
    orientation: Orientation,
    rts: ReturnsToScale | None,
    sample: Sample,
    reference: Sample,
    solution: Solution,
) -> FrontierResult:
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


def _warn_if_unsolved(result: FrontierResult, *, stacklevel: int) -> None:
    if result.info["n_unsolved"]:
        lost = result.scores[np.isnan(result.efficiency)]
        named = listed(f"{unit} ({reason})" for unit, reason in zip(lost["unit"], lost["reason"], strict=True))
        warnings.warn(
            f"Without a score: {named}. Their efficiency is NaN; leave them out with sample.subset(...) or mend their figures.",
            UnsolvedUnitsWarning,
            stacklevel=stacklevel,
        )
