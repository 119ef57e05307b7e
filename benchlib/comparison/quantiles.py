"""How sure a quantile of a few values is: the distribution-free interval between two order statistics."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import bdtr

from benchlib.errors import OptionError


class QuantileInterval(NamedTuple):
    """An interval of a quantile.

    Attributes
    ----------
    low, high : float
        Its ends, two of the values; NaN where there is none.
    level : float
        Probability that it covers the quantile: at least the level asked for, or less where the values are too few for that.
    """

    low: float
    high: float
    level: float


def quantile_interval(values: ArrayLike, share: float = 0.5, *, level: float = 0.95) -> QuantileInterval:
    """Distribution-free interval of a quantile from order statistics, with its exact coverage.

    Parameters
    ----------
    values : array_like
        The values; NaN is left out.
    share : float
        Which quantile, between 0 and 1: 0.5 is the median.
    level : float
        Coverage wanted.

    Returns
    -------
    QuantileInterval
        The interval that leaves out at most half of the rest on either side. Where the least or the greatest value leaves out more, it is
        the end all the same, and `level` says what is reached.

    Raises
    ------
    OptionError
        If `share` is not between 0 and 1.

    Notes
    -----
    Of n independent values with the same continuous distribution, the number below the quantile of share p is binomial, so the values at
    places r < s enclose it with the probability that the number lies between r and s - 1 [1]_. Municipalities are no random draw: the
    interval says how far the quantile of so few comparable ones is a matter of who happens to be among them.

    References
    ----------
    .. [1] H. A. David and H. N. Nagaraja (2003). Order Statistics, 3rd edition, section 7.1. Wiley. https://doi.org/10.1002/0471722162

    Examples
    --------
    >>> quantile_interval([5, 3, 1, 4, 2, 6])
    QuantileInterval(low=1.0, high=6.0, level=0.96875)
    """
    if not 0 < share < 1:
        raise OptionError(
            f"share={share!r} is no quantile between two values: give more than 0 and less than 1, 0.5 for the median."
        )
    ordered = np.asarray(values, dtype=np.float64).ravel()
    ordered = np.sort(ordered[~np.isnan(ordered)])
    n = len(ordered)
    if n < 2:
        return QuantileInterval(np.nan, np.nan, 0.0)
    fewer = bdtr(np.arange(n + 1), n, share)  # fewer[k]: at most k values lie below the quantile
    tail = (1 - level) / 2 + 1e-12
    low = max(1, int(np.searchsorted(fewer, tail, side="right")))  # fewer[low - 1] is no more than the tail
    high = min(n, int(np.searchsorted(fewer, 1 - tail)) + 1)  # 1 - fewer[high - 1] is no more than the tail
    return QuantileInterval(float(ordered[low - 1]), float(ordered[high - 1]), float(fewer[high - 1] - fewer[low - 1]))
