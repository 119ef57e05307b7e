"""Mean efficiency with and without regard to context, in two halves of a sample: the arithmetic of the test of separability.

Units are scored against all others (unconditional) or against those in similar context only (conditional) [1]_. Both means are
biased upwards, and conditional ones more, because fewer units show less of the frontier; the generalised jackknife estimates
the bias from what happens when the half is halved again [2]_.

References
----------
.. [1] C. Daraio, L. Simar and P. W. Wilson (2018). Central limit theorems for conditional efficiency measures and tests of the
   'separability' condition in non-parametric, two-stage models of production. The Econometrics Journal 21(2), 170-191.
   https://doi.org/10.1111/ectj.12103
.. [2] A. Kneip, L. Simar and P. W. Wilson (2015). When bias kills the variance: central limit theorems for DEA and FDH
   efficiency scores. Econometric Theory 31(2), 394-422. https://doi.org/10.1017/S0266466614000413
.. [3] Q. Li, J. Lin and J. S. Racine (2013). Optimal bandwidth selection for nonparametric conditional distribution and
   quantile functions. Journal of Business & Economic Statistics 31(1), 57-65. https://doi.org/10.1080/07350015.2012.738955
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from benchlib.efficiency.kernels.programme import Technology
from benchlib.efficiency.kernels.radial import solve_units

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]

#: How often a half is halved for its bias. More steady the bias of one split; the mean over splits does so too.
HALVINGS: Final = 2
#: How many bandwidths cross-validation compares.
BANDWIDTHS: Final = 16


@dataclass(frozen=True, eq=False)
class Setting:
    """What all splits of a test share.

    Attributes
    ----------
    lowest, highest : float
        Bounds on the sum of the intensities, see `Technology`.
    is_output : bool
        Output orientation.
    rate : float
        Efficiencies against n units converge like n^-rate.
    is_near : ndarray, shape (n, n)
        Which units are in each other's window of context.
    dimensions : int
        Number of context variables r.
    """

    lowest: float
    highest: float
    is_output: bool
    rate: float
    is_near: Flags
    dimensions: int


class Comparison(NamedTuple):
    """Mean efficiency in two halves, corrected for bias."""

    unconditional: float
    """Against all units of the first half."""
    conditional: float
    """Against the units of the second half in similar context."""
    statistic: float
    """Their difference (conditional less unconditional) over its standard error; NaN if efficiency does not vary."""


def convergence_rate(variables: int, *, is_constant: bool) -> float:
    """Return the rate of DEA efficiencies: 2 / (m + s + 1), or 2 / (m + s) under constant returns to scale."""
    return 2.0 / (variables if is_constant else variables + 1)


def contrast(Z: Floats) -> Floats:
    """Return how different the context of each two units is, shape (n, n), from 0 to 1.

    Each variable is replaced by its rank (ties share theirs) over n, so that windows hold as many units in thinly settled
    regions of the context as elsewhere and the unit of measurement is without effect. The variable that differs most counts.
    """
    below = (Z[:, None, :] > Z[None, :, :]).mean(axis=1)
    upto = (Z[:, None, :] >= Z[None, :, :]).mean(axis=1)
    ranks = 0.5 * (below + upto)
    difference: Floats = np.abs(ranks[:, None, :] - ranks[None, :, :]).max(axis=2)
    return difference


def choose_bandwidth(X: Floats, Y: Floats, difference: Floats, dimensions: int, fewest: int) -> float:
    """Return half the width of the window of context, by least-squares cross-validation, for half of the sample.

    The window predicts best, for a unit left out, how the inputs and outputs of units in its context are distributed: the
    probabilities that inputs are at most, and outputs at least, as great as those of each observed unit [3]_. It is widened
    from n to n / 2 units by 2^(1 / (r + 4)), and at least to where windows in a quarter of the sample hold `fewest` units on
    average. Context without influence on inputs and outputs leads to 1, a window that holds everyone.

    Parameters
    ----------
    X, Y : ndarray, shapes (n, m) and (n, s)
        Inputs and outputs.
    difference : ndarray, shape (n, n)
        From `contrast`.
    dimensions : int
        Number of context variables.
    fewest : int
        Least mean number of units in the windows of a quarter of the sample.

    Returns
    -------
    float
        At most 1.
    """
    n = len(X)
    widening = 2.0 ** (1.0 / (dimensions + 4))
    least = float(np.sort(difference, axis=None)[min(n * n - 1, 4 * fewest * n)])
    is_dominating = ((X[:, None, :] <= X).all(axis=2) & (Y[:, None, :] >= Y).all(axis=2)).astype(np.float64)

    def error(width: float) -> float:
        window = (difference <= width).astype(np.float64)
        np.fill_diagonal(window, 0.0)
        predicted = window @ is_dominating / np.maximum(window.sum(axis=1, keepdims=True), 1.0)
        return float(np.mean((is_dominating - predicted) ** 2))

    widths = np.geomspace(max(least, 1.0 / n) / widening, 1.0, BANDWIDTHS)
    errors = np.array([error(width) for width in widths])
    return float(min(1.0, max(least, widening * widths[np.argmin(errors)])))


def score(X: Floats, Y: Floats, is_near: Flags | None, setting: Setting) -> Floats:
    """Return the efficiencies of units among themselves, each against all or against those near it.

    Parameters
    ----------
    X, Y : ndarray, shapes (n, m) and (n, s)
        Inputs and outputs.
    is_near : ndarray, shape (n, n), optional
        Which units each is compared with; by default all.
    setting : Setting
        Returns to scale and orientation.

    Returns
    -------
    ndarray, shape (n,)
        Efficiencies, at most 1; NaN where there is no certified one.
    """
    n = len(X)
    farrell, status, own = np.full(n, np.nan), np.zeros(n, dtype=np.int64), np.arange(n)
    no_peers, nothing, weights = np.zeros((0, 0), dtype=np.int64), np.zeros((0, 0)), np.ones(X.shape[1] + Y.shape[1])
    Xt, Yt = np.ascontiguousarray(X.T), np.ascontiguousarray(Y.T)

    def solve(t: Technology, first: int, last: int) -> None:
        solve_units(t, X, Y, own, weights, first, last, farrell, status, no_peers, nothing, nothing, nothing)

    bounds = setting.lowest, setting.highest, setting.is_output
    if is_near is None or is_near.all():
        solve(Technology(Xt, Yt, *bounds), 0, n)
    else:
        for i in range(n):
            near = np.flatnonzero(is_near[i])
            own[i] = np.searchsorted(near, i)
            solve(Technology(Xt.take(near, axis=1), Yt.take(near, axis=1), *bounds), i, i + 1)
    return 1.0 / farrell if setting.is_output else farrell


def move(X: Floats, Y: Floats, efficiency: Floats, drawn: Floats, setting: Setting) -> tuple[Floats, Floats]:
    """Return inputs and outputs of units moved along their rays from one efficiency to another, both of shape (n,)."""
    if setting.is_output:
        return X, Y * (drawn / efficiency)[:, None]
    return X * (efficiency / drawn)[:, None], Y


def compare_halves(X: Floats, Y: Floats, setting: Setting, generator: np.random.Generator) -> Comparison:
    """Split a sample at random and compare unconditional efficiency in one half with conditional efficiency in the other.

    Parameters
    ----------
    X, Y : ndarray, shapes (n, m) and (n, s)
        Inputs and outputs.
    setting : Setting
        What splits share.
    generator : numpy.random.Generator
        Source of chance.

    Returns
    -------
    Comparison
    """
    order = generator.permutation(len(X))
    first, second = np.split(order, [len(X) // 2])
    near = setting.is_near[np.ix_(second, second)]
    means, errors = [], []
    for places, is_near in ((first, None), (second, near)):
        efficiency = score(X[places], Y[places], is_near, setting)
        counted = efficiency[: _averaged(len(places), is_near, setting)]
        bias = _bias(X[places], Y[places], is_near, efficiency, setting, generator)
        means.append(float(np.nanmean(counted)) - bias)
        errors.append(float(np.nanvar(efficiency, ddof=1)) / len(counted))
    spread = float(np.sqrt(sum(errors)))
    return Comparison(means[0], means[1], (means[1] - means[0]) / spread if spread > 0.0 else float("nan"))


def _averaged(n: int, is_near: Flags | None, setting: Setting) -> int:
    """Return over how many units the mean is taken, so that what is left of the bias vanishes beside its standard error.

    After the correction n^(-3 rate / 2) is left, for n units compared with; that is less than n^(-1/2) where the rate exceeds 1/3.
    Otherwise the mean is taken over n^(2 rate) units only [2]_. In windows, n stands for the units in a window, of which
    there are of the order n^(4 / (r + 4)).
    """
    if is_near is None:
        return n if setting.rate > 1.0 / 3.0 else int(n ** (2.0 * setting.rate))
    if setting.rate > (setting.dimensions + 4) / 12.0:
        return n
    return max(2, min(n, int(is_near.sum(axis=1).mean() ** (2.0 * setting.rate))))


def _bias(
    X: Floats,
    Y: Floats,
    is_near: Flags | None,
    efficiency: Floats,
    setting: Setting,
    generator: np.random.Generator,
) -> float:
    """Return the bias of the mean efficiency by the generalised jackknife."""
    rises = []
    for _ in range(HALVINGS):
        halves = np.empty_like(efficiency)
        for places in np.split(generator.permutation(len(X)), [len(X) // 2]):
            near = None if is_near is None else is_near[np.ix_(places, places)]
            halves[places] = score(X[places], Y[places], near, setting)
        rises.append(np.nanmean(halves - efficiency))
    return float(np.mean(rises) / (2.0**setting.rate - 1.0))
