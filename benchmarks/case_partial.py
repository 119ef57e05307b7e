"""Robust frontiers and outlier screening, each beside what a researcher would write in plain numpy or call unit by unit."""

from __future__ import annotations

import warnings
from collections.abc import Iterator

import numpy as np
import pandas as pd

from benchlib.efficiency import Sample, dea
from benchlib.efficiency.nonparametric.conditional import conditional_order_m
from benchlib.efficiency.nonparametric.partial import order_m
from benchlib.efficiency.outliers import screen_outliers
from benchlib.errors import FewUnitsWarning, UnsolvedUnitsWarning
from benchmarks.measure import Row, alternate

INPUTS, OUTPUTS = ["x1", "x2"], ["y1", "y2", "y3"]


def municipalities(units: int) -> Sample:
    """Log-normal units with 2 inputs, 3 outputs and one context variable."""
    rng = np.random.default_rng(units)
    size = rng.lognormal(3.0, 0.8, units)
    table = pd.DataFrame({name: size * rng.lognormal(0.0, 0.3, units) for name in (*INPUTS, *OUTPUTS)})
    return Sample.from_table(table.assign(density=rng.uniform(size=units)), INPUTS, OUTPUTS, context="density")


def drawn_order_m(sample: Sample, m: int = 25, draws: int = 200) -> np.ndarray:
    """Input-oriented order-m efficiency as it is mostly computed: by drawing from the dominating units."""
    rng = np.random.default_rng(1)
    found = np.empty(len(sample))
    for j in range(len(sample)):
        dominating = sample.X[(sample.Y[j] <= sample.Y).all(axis=1)]
        factors = (dominating / sample.X[j]).max(axis=1)
        found[j] = rng.choice(factors, (draws, m)).min(axis=1).mean()
    return found


def robust_frontier() -> Iterator[Row]:
    """Order-m by its closed form, beside 200 draws for each unit in numpy."""
    for units, budget, runs in ((43, None, 21), (2_500, None, 3), (10_000, 3.0, 1)):
        sample = municipalities(units)
        ours, peer = alternate(lambda s=sample: order_m(s), lambda s=sample: drawn_order_m(s), runs=runs)  # type: ignore[misc]
        gap = np.abs(drawn_order_m(sample) / order_m(sample).scores["efficiency"] - 1.0).mean()
        note = f"{units} units: the peer is off by {100 * gap:.2g} % on average, ours is exact and labelled"
        yield Row(f"order-m, m=25, 2 x 3, {units} units", ours, budget, "numpy, 200 draws a unit", peer, (note,))


def comparable_units() -> Iterator[Row]:
    """Conditional order-m with its search for a bandwidth, beside order-m without context."""
    sample = municipalities(119)

    def ours() -> object:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UnsolvedUnitsWarning)
            return conditional_order_m(sample)

    seconds, peer = alternate(ours, lambda: order_m(sample), runs=5)
    yield Row("conditional order-m, 119 units, bandwidth searched", seconds, None, "order-m without context", peer)


def outlier_screening() -> Iterator[Row]:
    """Who drives whose score, beside calling `dea` once without each unit."""
    sample = municipalities(119)

    def peer() -> object:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FewUnitsWarning)
            return [dea(sample.subset([u for u in sample.units if u != unit])) for unit in sample.units]

    seconds, one_by_one = alternate(lambda: screen_outliers(sample), peer, runs=5)
    note = "ours gives super-efficiency, leverage, influence and order-m as well"
    yield Row("screen_outliers, 119 units", seconds, 0.5, "dea without each unit", one_by_one, (note,))
