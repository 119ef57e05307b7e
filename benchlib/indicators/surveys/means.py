"""Means of answers on a scale: how far they may be off, and how those of several municipalities become one.

References
----------
.. [1] R. Bhatia, C. Davis (2000). A better bound on the variance. American Mathematical Monthly 107(4), 353-357.
   https://doi.org/10.1080/00029890.2000.12005203
.. [2] C. J. Clopper, E. S. Pearson (1934). The use of confidence or fiducial limits illustrated in the case of the binomial.
   Biometrika 26(4), 404-413. https://doi.org/10.1093/biomet/26.4.404
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final, NamedTuple

from scipy.special import stdtrit

#: Probability with which an interval holds the mean.
LEVEL: Final = 0.95


class Interval(NamedTuple):
    """Range of a mean, and what it rests on: "sd", "largest sd" or "all alike"."""

    low: float
    high: float
    basis: str


def largest_sd(mean: float, n: int, lowest: float, highest: float) -> float:
    """The largest standard deviation that answers with this mean can have.

    Parameters
    ----------
    mean : float
        Mean of the answers.
    n : int
        Number of answers, 2 or more.
    lowest, highest : float
        Ends of the scale.

    Returns
    -------
    float
        Of the sample (divisor n - 1); from the bound of Bhatia and Davis (2000) on the variance: (highest - mean)(mean - lowest).

    Examples
    --------
    >>> largest_sd(3.0, 2, 1.0, 5.0)
    2.8284271247461903
    """
    return math.sqrt(max(0.0, (highest - mean) * (mean - lowest)) * n / (n - 1))


def mean_interval(mean: float, sd: float, n: int, lowest: float, highest: float) -> Interval:
    """95 % interval of a mean, by Student's t, cut at the ends of the scale.

    Parameters
    ----------
    mean : float
        Mean of the answers.
    sd : float
        Standard deviation of the sample; NaN if it is not known: then the largest possible one, so that the interval is too wide rather
        than too narrow.
    n : int
        Number of answers, 2 or more.
    lowest, highest : float
        Ends of the scale.

    Returns
    -------
    Interval
        Where all answered alike, Student's t would give an interval without width. Then the share of those who were not asked and
        would answer otherwise is bounded by Clopper and Pearson (1934), and each of them by the far end of the scale.
    """
    is_known = not math.isnan(sd)
    used = sd if is_known else largest_sd(mean, n, lowest, highest)
    if used == 0.0:
        others = 1.0 - ((1.0 - LEVEL) / 2) ** (1.0 / n)
        return Interval(mean - others * (mean - lowest), mean + others * (highest - mean), "all alike")
    half = float(stdtrit(n - 1, (1.0 + LEVEL) / 2)) * used / math.sqrt(n)
    return Interval(max(lowest, mean - half), min(highest, mean + half), "sd" if is_known else "largest sd")


def pooled(groups: Sequence[tuple[int, float, float]]) -> tuple[int, float, float]:
    """Answers of several groups as if they were one.

    Parameters
    ----------
    groups : sequence of (n, mean, sd)
        Number, mean and standard deviation of each group; an unknown sd is NaN.

    Returns
    -------
    n, mean, sd
        Weighted by the number of answers; the standard deviation from those within the groups and the distances between them. It is NaN
        if that of a group is.
    """
    total = sum(n for n, _, _ in groups)
    mean = math.fsum(n * m for n, m, _ in groups) / total
    squares = math.fsum((n - 1) * s * s + n * (m - mean) ** 2 for n, m, s in groups)
    return total, mean, math.sqrt(squares / (total - 1))
