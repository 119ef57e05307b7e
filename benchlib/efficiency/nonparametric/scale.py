"""Scale efficiency: how much of the inefficiency is a matter of size, and in which direction."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

import numpy as np
import pandas as pd

from benchlib.efficiency.checks import own_places
from benchlib.efficiency.nonparametric.envelopment import envelop, figures, frontier_result, technology_of
from benchlib.efficiency.nonparametric.results import ScaleResult
from benchlib.efficiency.nonparametric.solution import solve_radial
from benchlib.efficiency.sample import Sample
from benchlib.terms import Orientation, ReturnsToScale, check_option

#: Efficiencies under two returns to scale that differ by less are equal.
SAME: Final = 1e-8
#: What `scale_efficiency` compares with `vrs`.
RESTRICTED: Final[tuple[ReturnsToScale, ...]] = ("crs", "nirs")


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
    vrs = envelop(sample, orientation, "vrs")
    own = own_places(sample, sample)
    crs, nirs = (
        frontier_result(
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
