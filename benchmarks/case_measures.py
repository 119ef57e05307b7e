"""Measures that are not radial, each beside one linear programme per unit in HiGHS."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd
from scipy.optimize import linprog

from benchlib.efficiency import Sample, dea
from benchlib.efficiency.measures.additive import additive
from benchlib.efficiency.measures.directional import directional
from benchlib.efficiency.measures.slacks import slacks_based
from benchlib.efficiency.nonparametric.extended import WeightRatio
from benchlib.errors import FewUnitsWarning
from benchmarks.measure import Row, alternate

BUDGET = {119: 0.2, 500: 2.0}


def measures() -> Iterator[Row]:
    """Variable returns to scale, 2 inputs and 3 outputs; ours find peers, slacks and targets as well."""
    warnings.simplefilter("ignore", FewUnitsWarning)
    for units, budget in BUDGET.items():
        sample = sample_of(units)
        ratio = WeightRatio("x1", "x2", 0.2, 5)
        ours: dict[str, Callable[[], object]] = {
            "directional, proportional": lambda sample=sample: directional(sample),
            "additive, by range": lambda sample=sample: additive(sample),
            "slacks-based": lambda sample=sample: slacks_based(sample),
            "dea, an input fixed": lambda sample=sample: dea(sample, fixed="x2"),
            "dea, an output undesirable": lambda sample=sample: dea(sample, undesirable="y3"),
            "dea, a weight ratio": lambda sample=sample, ratio=ratio: dea(sample, restrictions=ratio),
        }
        for what, score in ours.items():
            seconds, peer = alternate(score, lambda sample=sample: highs_directional(sample), runs=3)
            yield Row(f"{what}, 2 x 3, {units} units", seconds, budget, "linprog (HiGHS), directional", peer)


def sample_of(units: int) -> Sample:
    rng = np.random.default_rng(units)
    figures = rng.lognormal(0.0, 1.0, (units, 1)) * rng.lognormal(0.0, 0.3, (units, 5))
    columns = ["x1", "x2", "y1", "y2", "y3"]
    return Sample.from_table(pd.DataFrame(figures, columns=columns), inputs=columns[:2], outputs=columns[2:])


def highs_directional(sample: Sample) -> np.ndarray:
    """Maximise beta over (beta, lambda >= 0): inputs' lambda <= (1 - beta) x0, outputs' lambda >= (1 + beta) y0."""
    units = len(sample)
    cost = np.r_[-1.0, np.zeros(units)]
    convex = np.r_[0.0, np.ones(units)][None, :]
    bounds = [(None, None), *[(0.0, None)] * units]
    found = []
    for x, y in zip(sample.X, sample.Y, strict=True):
        above = np.block([[x[:, None], sample.X.T], [y[:, None], -sample.Y.T]])
        solved = linprog(cost, A_ub=above, b_ub=np.r_[x, -y], A_eq=convex, b_eq=[1.0], bounds=bounds, method="highs")
        found.append(-solved.fun)
    return np.array(found)
