"""Scores out: how efficient each unit is, against which peers, and how sure that is.

A `Sample` names the units, what they use up (inputs) and what they bring about (outputs). `dea`, `fdh` and
`scale_efficiency` score it, `bootstrap` says how far the scores can be trusted. The arithmetic is in `kernels`.
"""

from __future__ import annotations

from benchlib.efficiency.inference.smoothed import BootstrapResult, bootstrap
from benchlib.efficiency.nonparametric.envelopment import dea, fdh
from benchlib.efficiency.nonparametric.results import FrontierResult, ScaleResult
from benchlib.efficiency.nonparametric.scale import scale_efficiency
from benchlib.efficiency.sample import Sample

__all__ = [
    "BootstrapResult",
    "FrontierResult",
    "Sample",
    "ScaleResult",
    "bootstrap",
    "dea",
    "fdh",
    "scale_efficiency",
]
