"""Frontiers and bootstraps, each beside a linear programme per unit in HiGHS, or the least work that there could be."""

from __future__ import annotations

import resource
from collections.abc import Iterator

import numpy as np
import pandas as pd
from scipy.optimize import linprog

from benchlib.efficiency import Sample, bootstrap, dea, fdh
from benchmarks.measure import Row, alternate, readable


def units_of(count: int, inputs: int = 2, outputs: int = 3) -> Sample:
    """Log-normal units: figures that go with size, and differ from it by a third."""
    rng = np.random.default_rng(count)
    size = rng.lognormal(3.0, 0.8, count)
    columns = [f"x{i}" for i in range(inputs)] + [f"y{r}" for r in range(outputs)]
    table = pd.DataFrame({name: size * rng.lognormal(0.0, 0.3, count) for name in columns})
    return Sample.from_table(table, columns[:inputs], columns[inputs:])


def scores() -> Iterator[Row]:
    """DEA with variable returns to scale for the units of today and those of 2009, beside HiGHS unit by unit."""
    for count, budget in ((43, 0.001), (119, None)):
        sample = units_of(count)
        ours, peer = alternate(lambda: dea(sample), lambda: highs_scores(sample.X, sample.Y), runs=5)  # noqa: B023
        difference = np.abs(dea(sample).efficiency - highs_scores(sample.X, sample.Y)).max()
        note = (
            f"largest difference of a score from HiGHS {difference:.1e}; ours finds slacks, peers and targets as well"
        )
        yield Row(f"dea, vrs, 2 x 3, {count} units", ours, budget, "scipy linprog (HiGHS)", peer, (note,))


def large_samples() -> Iterator[Row]:
    """DEA of thousands of units, beside one pricing pass of all units against all by BLAS: no exact method does less."""
    for count, budget, runs in ((2_500, 0.1, 5), (10_000, 1.0, 3)):
        sample = units_of(count)
        prices = np.ones((count, 5))
        figures = np.hstack([sample.X, sample.Y])
        ours, peer = alternate(lambda: dea(sample), lambda: price_all(prices, figures), runs=runs)  # noqa: B023
        yield Row(f"dea, vrs, 2 x 3, {count:,} units", ours, budget, "one pricing pass (BLAS)", peer)
    sample = units_of(100_000)
    ours, peer = alternate(lambda: dea(sample), lambda: sample.X.copy(), runs=1, warm=False)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    yield Row(
        "dea, vrs, 2 x 3, 100,000 units",
        ours,
        60.0,
        "copy of the inputs",
        peer,
        (f"peak memory {memory:.0f} MB (limit 2,000)",),
    )


def price_all(prices: np.ndarray, figures: np.ndarray, block: int = 1000) -> float:
    """The greatest reduced cost over all pairs of units, in blocks that stay in memory."""
    return max(float((prices[i : i + block] @ figures.T).max()) for i in range(0, len(prices), block))


def bootstraps() -> Iterator[Row]:
    """The smoothed bootstrap, 2,000 replications, beside 40 of them by HiGHS and the rest extrapolated."""
    for count, inputs, outputs, budget in ((43, 2, 3, 0.6), (119, 2, 3, 4.0), (119, 4, 5, 4.0)):
        sample = units_of(count, inputs, outputs)
        few = 2 if count > 100 else 5
        ours, peer = alternate(
            lambda: bootstrap(sample, seed=1),  # noqa: B023
            lambda: [highs_scores(sample.X, sample.Y) for _ in range(few)],  # noqa: B023
            runs=3,
        )
        peer *= 2000 / few
        note = f"the peer's time is {few} replications, times {2000 // few}"
        yield Row(
            f"bootstrap, B = 2,000, {count} units, {inputs} x {outputs}",
            ours,
            budget,
            "scipy linprog (HiGHS)",
            peer,
            (note,),
        )


def disposal_hull() -> Iterator[Row]:
    """FDH of 10,000 units, beside plain numpy for the first 500 of them, extrapolated."""
    sample = units_of(10_000)

    def plain() -> list[float]:
        X, Y = sample.X, sample.Y
        return [float((X[(Y[j] <= Y).all(axis=1)] / X[j]).max(axis=1).min()) for j in range(500)]

    ours, peer = alternate(lambda: fdh(sample), plain, runs=3)
    yield Row("fdh, 10,000 units", ours, 1.0, "plain numpy", peer * 20, (f"500 units in {readable(peer)}, times 20",))


def highs_scores(inputs: np.ndarray, outputs: np.ndarray) -> np.ndarray:
    """Input-oriented efficiency with variable returns to scale, one linear programme per unit.

    Minimise theta over (theta, lambda >= 0): inputs' lambda <= theta x0, outputs' lambda >= y0, sum of lambda = 1.
    """
    units = len(inputs)
    cost = np.r_[1.0, np.zeros(units)]
    convex = np.r_[0.0, np.ones(units)][None, :]
    found = []
    for x, y in zip(inputs, outputs, strict=True):
        above = np.block([[-x[:, None], inputs.T], [np.zeros((len(y), 1)), -outputs.T]])
        solved = linprog(cost, A_ub=above, b_ub=np.r_[np.zeros(len(x)), -y], A_eq=convex, b_eq=[1.0], method="highs")
        found.append(solved.fun)
    return np.array(found)
