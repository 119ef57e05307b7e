"""Scores out: how efficient each unit is, against which peers, and how sure that is.

>>> import pandas as pd
>>> from benchlib.efficiency import Sample, dea
"""

from __future__ import annotations

from benchlib.efficiency.inference import BootstrapResult, bootstrap
from benchlib.efficiency.nonparametric import dea, fdh, scale_efficiency
from benchlib.efficiency.results import FrontierResult, ScaleResult
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
