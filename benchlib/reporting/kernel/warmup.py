"""What is better done once, before the fork, than in every kernel."""

from __future__ import annotations

import warnings
from string import ascii_letters, digits
from typing import Final

import pandas as pd

from benchlib.comparison.indices.need import expected_costs
from benchlib.efficiency import Sample, dea, fdh
from benchlib.indicators import CLASSIFICATIONS, classification, load_catalogue
from benchlib.reporting.drawing.vector import to_svg
from benchlib.reporting.plots.style import canvas, figure_of, house_style
from benchlib.reporting.words import Words

#: What reports write; "$" would begin a formula.
_LETTERS: Final = (
    ascii_letters + digits + "āčēģīķļņšūžĀČĒĢĪĶĻŅŠŪŽ.,;:–−+%€²†?!()/„”“’ \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}"
)


def score_once() -> None:
    """Score a small sample: the first compiled function of a process takes 0.3 s, in which numba fills its tables of types."""
    table = pd.DataFrame({"cost": [1.0, 2.0, 3.0, 4.0], "pupils": [1.0, 3.0, 2.0, 4.0]})
    sample = Sample.from_table(table, "cost", "pupils")
    with warnings.catch_warnings(action="ignore"):
        dea(sample, rts="vrs")
        fdh(sample)


def regress_once() -> None:
    """Fit a small regression: statsmodels imports robust errors and influence only when they are first asked for."""
    place = pd.RangeIndex(12).astype(str)
    cost = pd.Series([3.0, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8], index=place, name="cost")
    conditions = pd.DataFrame({"size": [2.0, 7, 1, 8, 2, 8, 1, 8, 2, 8, 4, 5]}, index=place)
    expected_costs(cost, conditions, years={"size": 2000}, year=2000)


def draw_once() -> None:
    """Draw axes and every letter: fonts, outlines of letters and ticks are made when they are first needed, 0.3 s in all."""
    with house_style():
        ax = canvas(1.0)
        for weight in ("normal", "bold"):
            ax.text(0.0, 0.0, _LETTERS, fontweight=weight)
        ax.plot([0.0, 1.0], [0.0, 1.0], marker="o")
        to_svg(figure_of(ax), 96.0)


def read_once() -> None:
    """Read what every report reads: passports, territories, translations. A kernel would see a change of them no sooner."""
    load_catalogue()
    for year in CLASSIFICATIONS:
        classification(year)
    for language in ("lv", "en"):
        Words(language).gettext("Report")
