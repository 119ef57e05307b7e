"""Radial scores for measures that score several times and check and warn once, over all of it."""

from __future__ import annotations

from types import MappingProxyType

from benchlib.efficiency.checks import own_places
from benchlib.efficiency.nonparametric.envelopment import figures, technology_of
from benchlib.efficiency.nonparametric.results import FrontierResult
from benchlib.efficiency.nonparametric.solution import solve_radial
from benchlib.efficiency.sample import Sample
from benchlib.terms import Orientation, ReturnsToScale


def radial(sample: Sample, orientation: Orientation, rts: ReturnsToScale, reference: Sample) -> FrontierResult:
    """Return what `dea` returns, for samples that are known to be comparable: nothing is checked, no warning issued.

    Parameters
    ----------
    sample, reference : Sample
        The evaluated units and those that span the technology, with the same variables in the same order.
    orientation, rts
        As in `dea`, already checked.

    Returns
    -------
    FrontierResult
        Also if no unit has a score; `info` has orientation and rts only.
    """
    t = technology_of(reference, orientation, rts)
    solution = solve_radial(t, *figures(sample), own_places(sample, reference))
    return FrontierResult(sample, reference, solution, MappingProxyType({"orientation": orientation, "rts": rts}))
