"""Change over time: the Malmquist index, beside the same programmes solved in other ways."""

from __future__ import annotations

import warnings
from collections.abc import Iterator

import numpy as np
import pandas as pd
from scipy.optimize import linprog

from benchlib.efficiency import Sample, bootstrap, dea
from benchlib.efficiency.productivity.malmquist import malmquist
from benchlib.errors import UnsolvedUnitsWarning
from benchmarks.measure import Row, alternate

INPUTS, OUTPUTS = ["x1", "x2"], ["y1", "y2", "y3"]


def panel(units: int, periods: int) -> dict[int, Sample]:
    """A random panel with 2 inputs and 3 outputs, and some progress."""
    rng = np.random.default_rng(units)
    found = {}
    for period in range(periods):
        inputs = rng.lognormal(0.0, 0.7, (units, 2))
        outputs = inputs.prod(axis=1, keepdims=True) ** 0.45 * rng.lognormal(0.0, 0.4, (units, 3)) * 1.02**period
        table = pd.DataFrame(np.hstack([inputs, outputs]), columns=INPUTS + OUTPUTS)
        found[2020 + period] = Sample.from_table(table, INPUTS, OUTPUTS)
    return found


def malmquist_scores() -> Iterator[Row]:
    """500 units in 3 periods, beside `dea` for each period's units against each neighbouring period's."""
    samples = panel(500, 3)
    ours, peer = alternate(lambda: malmquist(samples), lambda: by_dea(samples), runs=7)
    difference = np.abs(malmquist(samples).scores["malmquist"].to_numpy() - by_dea(samples)).max()
    note = f"largest difference of an index {difference:.1e}; dea finds slacks and peers as well"
    yield Row("malmquist, fgnz, 2 x 3, 500 units, 3 periods", ours, 0.1, "ten calls of dea", peer, (note,))


def by_dea(samples: dict[int, Sample]) -> np.ndarray:
    """The index from `dea`: four scores under constant returns for each change, and those under variable returns."""
    periods = list(samples.values())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UnsolvedUnitsWarning)
        own = [dea(sample, rts="crs").efficiency for sample in periods]
        for sample in periods:
            dea(sample, rts="vrs")
        found = []
        for a in range(len(periods) - 1):
            ahead = dea(periods[a + 1], rts="crs", reference=periods[a]).efficiency
            behind = dea(periods[a], rts="crs", reference=periods[a + 1]).efficiency
            found.append(np.sqrt(ahead / own[a] * own[a + 1] / behind))
    return np.concatenate(found)


def malmquist_by_another_solver() -> Iterator[Row]:
    """43 units in 2 periods, beside a linear programme per unit in HiGHS (only the four distances of the index)."""
    samples = panel(43, 2)
    ours, peer = alternate(lambda: malmquist(samples), lambda: by_highs(samples), runs=5)
    difference = np.abs(malmquist(samples).scores["malmquist"].to_numpy() - by_highs(samples)).max()
    note = f"largest difference of an index {difference:.1e}"
    yield Row("malmquist, fgnz, 2 x 3, 43 units, 2 periods", ours, None, "scipy linprog (HiGHS)", peer, (note,))


def by_highs(samples: dict[int, Sample]) -> np.ndarray:
    """The index from input efficiencies under constant returns, one linear programme each."""
    before, after = samples.values()
    e = {(k, p): crs_by_highs(at, of) for k, at in enumerate((before, after)) for p, of in enumerate((before, after))}
    index: np.ndarray = np.sqrt(e[0, 1] / e[0, 0] * e[1, 1] / e[1, 0])
    return index


def crs_by_highs(reference: Sample, sample: Sample) -> np.ndarray:
    """Minimise theta over (theta, lambda >= 0): inputs' lambda <= theta x0, outputs' lambda >= y0."""
    K, s = len(reference), len(OUTPUTS)
    cost, found = np.r_[1.0, np.zeros(K)], []
    for x, y in zip(sample.X, sample.Y, strict=True):
        above = np.block([[-x[:, None], reference.X.T], [np.zeros((s, 1)), -reference.Y.T]])
        found.append(linprog(cost, A_ub=above, b_ub=np.r_[np.zeros(len(x)), -y], method="highs").fun)
    return np.array(found)


def malmquist_intervals() -> Iterator[Row]:
    """Intervals for one change of 43 units, beside the bootstrap of one period with a sixth of the programmes."""
    samples = panel(43, 2)
    ours, peer = alternate(
        lambda: malmquist(samples, replications=2000, seed=1),
        lambda: bootstrap(samples[2020], replications=2000, seed=1),
        runs=3,
    )
    yield Row("malmquist with intervals, 43 units, B = 2,000", ours, None, "bootstrap of one period", peer)
