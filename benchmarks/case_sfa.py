"""Stochastic frontiers, beside SciPy maximising the same textbook likelihood with numerical derivatives."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from scipy.optimize import minimize
from scipy.special import log_ndtr

from benchlib.efficiency import Sample
from benchlib.efficiency.stochastic.frontier import sfa
from benchmarks.measure import Row, alternate


def frontiers() -> Iterator[Row]:
    """A half-normal frontier with two inputs: estimates, standard errors, and efficiencies with intervals of all units."""
    yield from (frontier_of(units) for units in (43, 10_000))


def frontier_of(units: int) -> Row:
    """Estimates for simulated units, beside BFGS from the same moments, which gives neither errors nor efficiencies."""
    rng = np.random.default_rng(units)
    logs = rng.normal(size=(units, 2))
    y = 1 + logs @ [0.5, 0.4] + 0.2 * rng.normal(size=units) - np.abs(0.4 * rng.normal(size=units))
    figures = pd.DataFrame(np.exp(np.column_stack([y, logs])), columns=["y", "x1", "x2"])
    sample = Sample.from_table(figures, inputs=["x1", "x2"], outputs="y")

    ours, peer = alternate(lambda: sfa(sample), lambda: by_scipy(y, logs), runs=9)
    difference = sfa(sample).loglik - by_scipy(y, logs)
    note = f"log-likelihood {difference:+.1e} above the peer's; the peer gives no standard errors and no efficiencies"
    budget = 0.1 if units == 10_000 else None
    return Row(f"sfa, half-normal, {units} units", ours, budget, "scipy BFGS", peer, (note,))


def by_scipy(y: np.ndarray, logs: np.ndarray) -> float:
    """Greatest log-likelihood of the half-normal frontier, in ln sigma^2 and the logit of gamma."""
    X = np.column_stack([np.ones(len(y)), logs])

    def minus(theta: np.ndarray) -> float:
        e = y - X @ theta[:-2]
        sigma = np.exp(0.5 * theta[-2])
        ratio = np.exp(0.5 * theta[-1])
        density = 0.5 * np.log(2 / np.pi) - np.log(sigma) - 0.5 * (e / sigma) ** 2 + log_ndtr(-e * ratio / sigma)
        return -float(density.sum())

    beta, squares, *_ = np.linalg.lstsq(X, y, rcond=None)
    start = np.array([*beta, np.log(1.5 * squares[0] / len(y)), 1.0])
    start[0] += 0.3
    return -float(minimize(minus, start, method="BFGS").fun)
