"""How much noise smooths the distribution of distances: by rule of thumb or by cross-validation.

Distances d >= 1 have a density that ends at 1. It is estimated from the k distances above 1 and their mirror images 2 - d:
the sum of the kernels around both, for d >= 1. Distances of 1 tell nothing of the density there, for the
estimator of the frontier makes some whatever the truth is; they are left out [1]_.

References
----------
.. [1] L. Simar and P. W. Wilson (2008). Statistical inference in nonparametric frontier models: recent developments and
   perspectives. In: H. O. Fried, C. A. K. Lovell and S. S. Schmidt (eds.), The measurement of productive efficiency and
   productivity growth, 421-521. Oxford University Press.
.. [2] B. W. Silverman (1986). Density estimation for statistics and data analysis. Chapman and Hall, sections 2.10, 3.4.
.. [3] C. Daraio and L. Simar (2007). Advanced robust and nonparametric methods in efficiency analysis. Springer, section 3.4.
   https://doi.org/10.1007/978-0-387-35231-2
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from benchlib.efficiency.checks import is_real
from benchlib.efficiency.kernels.status import TOLERANCE
from benchlib.errors import OptionError, SampleError
from benchlib.terms import BandwidthRule, FrontierUnits, check_option

Floats = NDArray[np.float64]

#: Interquartile range of the standard normal distribution.
NORMAL_IQR: Final = 1.349
#: Cross-validation looks between these multiples of the rule of thumb; in small samples the criterion may fall for ever.
SEARCHED: Final = (0.1, 3.0)
#: It does so on a grid of this many bandwidths, and again between the neighbours of the best, this many times in all.
GRID, ROUNDS = 25, 4


def read_bandwidth(bandwidth: BandwidthRule | float) -> BandwidthRule | float:
    """Return the option, or raise OptionError unless it is one of the words or a positive number."""
    if is_real(bandwidth):
        if not 0.0 < bandwidth < np.inf:
            raise OptionError(
                f"bandwidth={bandwidth!r} is not a positive number. Without noise the bootstrap is inconsistent."
            )
        return float(bandwidth)
    word: BandwidthRule = check_option("bandwidth", bandwidth, BandwidthRule)
    return word


def choose_bandwidth(distance: Floats, bandwidth: BandwidthRule | float, frontier_units: FrontierUnits) -> float:
    """Return the standard deviation of the smoothing noise.

    Parameters
    ----------
    distance : ndarray, shape (n,)
        Estimated distances, at least 1.
    bandwidth : {"rule", "cross-validation"} or float
        How it is chosen; a number is returned as it is.
    frontier_units : {"drop", "keep"}
        Whether units at the frontier are among those whose distances are drawn. If so, the bandwidth for the k distances
        above 1 is carried over to all n: times (k / n)^(1/5) sd(d) / sd(reflected) [3]_.

    Returns
    -------
    float
        Positive.

    Raises
    ------
    SampleError
        If no distance exceeds 1, or too few differ for cross-validation.
    """
    if not isinstance(bandwidth, str):
        return bandwidth
    inside = distance[distance > 1.0 + TOLERANCE]
    if not len(inside):
        raise SampleError(
            f"All {len(distance)} units are efficient, so there is no distribution of efficiency to draw from. "
            "Use fewer variables or more units, or give a bandwidth."
        )
    width = rule_of_thumb(inside) if bandwidth == "rule" else cross_validation(inside)
    if frontier_units == "drop":
        return width
    carried = distance.std(ddof=1) / reflect(inside).std(ddof=1)
    return float(width * (len(inside) / len(distance)) ** 0.2 * carried)


def reflect(inside: Floats) -> Floats:
    """Return distances and their mirror images at 1, shape (2k,)."""
    return np.concatenate([inside, 2.0 - inside])


def rule_of_thumb(inside: Floats) -> float:
    """Return 0.9 min(sd, iqr / 1.349) k^(-1/5), with sd and iqr of the reflected distances [2]_.

    Parameters
    ----------
    inside : ndarray, shape (k,)
        Distances above 1, at least one.

    Returns
    -------
    float
        Positive.
    """
    reflected = reflect(inside)
    deviation = reflected.std(ddof=1)
    low, high = np.quantile(reflected, [0.25, 0.75])
    spread = min(deviation, (high - low) / NORMAL_IQR or deviation)
    return float(0.9 * spread * len(inside) ** -0.2)


def cross_validation(inside: Floats) -> float:
    """Return the bandwidth with the least `validation_error`, between 0.1 and 3 times the rule of thumb.

    Parameters
    ----------
    inside : ndarray, shape (k,)
        Distances above 1.

    Returns
    -------
    float
        Positive.

    Raises
    ------
    SampleError
        If all distances are equal.
    """
    if np.ptp(inside) <= TOLERANCE:
        raise SampleError(
            "The units below the frontier all have the same efficiency, so there is nothing to cross-validate. "
            'Use bandwidth="rule" or give a number.'
        )
    rule = rule_of_thumb(inside)
    low, high = SEARCHED[0] * rule, SEARCHED[1] * rule
    for _ in range(ROUNDS):
        grid = np.geomspace(low, high, GRID)
        best = int(np.argmin([validation_error(inside, width) for width in grid]))
        low, high = grid[max(best - 1, 0)], grid[min(best + 1, GRID - 1)]
    return float(grid[best])


def validation_error(inside: Floats, width: float) -> float:
    """Return the least-squares cross-validation criterion of the reflected density estimate.

    It estimates, but for a constant, the integrated squared error: the integral of the squared estimate minus twice the
    mean, over units, of the estimate without this unit. A unit leaves together with its mirror image and with all units of
    equal distance; otherwise each would vouch for the others and the best bandwidth would be none.

    Parameters
    ----------
    inside : ndarray, shape (k,)
        Distances above 1, not all equal.
    width : float
        Bandwidth.

    Returns
    -------
    float
    """
    apart = np.subtract.outer(inside, inside)
    mirrored = np.add.outer(inside, inside) - 2.0
    squared = np.mean(_normal(apart, np.sqrt(2.0) * width) + _normal(mirrored, np.sqrt(2.0) * width))
    others = np.abs(apart) > TOLERANCE
    without = np.sum((_normal(apart, width) + _normal(mirrored, width)) * others, axis=1) / others.sum(axis=1)
    return float(squared - 2.0 * without.mean())


def _normal(values: Floats, deviation: float) -> Floats:
    """Return the normal density with mean 0."""
    density: Floats = np.exp(-0.5 * (values / deviation) ** 2) / (deviation * np.sqrt(2.0 * np.pi))
    return density
