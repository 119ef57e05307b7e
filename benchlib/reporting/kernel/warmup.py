"""What is better done once, before the fork, than in every kernel."""

from __future__ import annotations

import warnings

import pandas as pd

from benchlib.efficiency import Sample, dea, fdh
from benchlib.indicators import CLASSIFICATIONS, classification, load_catalogue
from benchlib.reporting.words import Words


def score_once() -> None:
    """Score a small sample: the first compiled function of a process takes 0.3 s, in which numba fills its tables of types."""
    table = pd.DataFrame({"cost": [1.0, 2.0, 3.0, 4.0], "pupils": [1.0, 3.0, 2.0, 4.0]})
    sample = Sample.from_table(table, "cost", "pupils")
    with warnings.catch_warnings(action="ignore"):
        dea(sample, rts="vrs")
        fdh(sample)


def read_once() -> None:
    """Read what every report reads: passports, territories, translations. A kernel would see a change of them no sooner."""
    load_catalogue()
    for year in CLASSIFICATIONS:
        classification(year)
    for language in ("lv", "en"):
        Words(language).gettext("Report")
