"""From replicated efficiency ratios to bias, corrected scores, intervals and ranges of ranks."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]

#: Numbers that agree to this many decimals share a rank.
DECIMALS = 10


def interval_columns(efficiency: Floats, ratio: Floats, level: float) -> dict[str, Floats]:
    """Return the columns bias, corrected, low and high of a table of scores.

    Parameters
    ----------
    efficiency : ndarray, shape (n,)
        Estimated efficiencies.
    ratio : ndarray, shape (B, n)
        In each replication, what stands for true over estimated efficiency; NaN where it is not known.
    level : float
        Probability of the intervals.

    Returns
    -------
    dict of ndarray, shape (n,)
    """
    corrected = efficiency * np.nanmean(ratio, axis=0)
    low, high = efficiency * np.nanquantile(ratio, tails(level), axis=0)
    return {"bias": efficiency - corrected, "corrected": corrected, "low": low, "high": high}


def rank_columns(efficiency: Floats, corrected: Floats, ratio: Floats, level: float) -> dict[str, NDArray[np.int64]]:
    """Return the columns rank, rank_low and rank_high; parameters as in `interval_columns`.

    In each replication the units are ranked by efficiency times ratio, the best first. The limits are quantiles of these
    ranks, widened where needed so that they contain the rank of the corrected efficiency.
    """
    rank = pd.Series(np.round(corrected, DECIMALS)).rank(ascending=False, method="min").to_numpy(dtype=np.int64)
    replicated = pd.DataFrame(np.round(efficiency * ratio, DECIMALS))
    ranks = replicated.rank(axis=1, ascending=False, method="min").to_numpy()
    low, high = tails(level)
    lowest = np.nanquantile(ranks, low, axis=0, method="lower").astype(np.int64)
    highest = np.nanquantile(ranks, high, axis=0, method="higher").astype(np.int64)
    return {"rank": rank, "rank_low": np.minimum(lowest, rank), "rank_high": np.maximum(highest, rank)}


def tails(level: float) -> tuple[float, float]:
    """Return the two probabilities between which a central interval of the level lies."""
    return (1.0 - level) / 2.0, (1.0 + level) / 2.0
