"""Simulated samples with known noise and inefficiency, for the tests of `sfa`."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import ndtr, ndtri

from benchlib.efficiency import Sample
from benchlib.efficiency.stochastic.results import SfaResult

#: ln y = 1 + 0.5 ln x1 + 0.4 ln x2 + v - u
BETA = (1.0, 0.5, 0.4)
#: The columns of scores that are numbers.
NUMBERS = ["efficiency", "jlms", "low", "high", "inefficiency"]


def estimates(result: SfaResult, column: str = "estimate") -> pd.Series:
    return result.coefficients.set_index("term")[column]


def table(
    n: int,
    seed: int,
    *,
    sigma_u: float | np.ndarray = 0.4,
    sigma_v: float | np.ndarray = 0.15,
    mean: float | np.ndarray = 0.0,
    exponential: bool = False,
) -> pd.DataFrame:
    """Return n units with output y, inputs x1 and x2, a context column z, and the inefficiency u that was drawn."""
    rng = np.random.default_rng(seed)
    logs = rng.normal(size=(n, 2))
    z = rng.normal(size=n)
    if exponential:
        u = rng.exponential(1.0, n) * sigma_u
    else:
        # The inverse distribution from above, which is accurate in the tail.
        share = ndtr(np.divide(mean, sigma_u, out=np.full(n, np.inf), where=np.broadcast_to(sigma_u, n) > 0))
        u = mean - sigma_u * np.nan_to_num(ndtri(rng.uniform(size=n) * share))
    y = BETA[0] + logs @ BETA[1:] + sigma_v * rng.normal(size=n) - u
    return pd.DataFrame({"y": np.exp(y), "x1": np.exp(logs[:, 0]), "x2": np.exp(logs[:, 1]), "z": z, "u": u})


def sample(figures: pd.DataFrame) -> Sample:
    return Sample.from_table(figures, inputs=["x1", "x2"], outputs="y", context=["z"])


def panel(
    n_units: int, years: list[int], seed: int, *, eta: float = 0.0, mean: float = 0.0, missing: float = 0.0
) -> tuple[dict[int, Sample], pd.Series]:
    """Return samples by year, each unit with one inefficiency u exp(-eta (t - T)), and u by unit."""
    rng = np.random.default_rng(seed)
    u = np.abs(rng.normal(mean, 0.4, size=n_units))
    samples = {}
    for year in years:
        logs = rng.normal(size=(n_units, 2))
        y = BETA[0] + logs @ BETA[1:] + 0.2 * rng.normal(size=n_units) - u * np.exp(-eta * (year - years[-1]))
        rows = pd.DataFrame(
            {"y": np.exp(y), "x1": np.exp(logs[:, 0]), "x2": np.exp(logs[:, 1]), "z": rng.normal(size=n_units)}
        )
        samples[year] = sample(rows[rng.random(n_units) >= missing])
    return samples, pd.Series(u)
