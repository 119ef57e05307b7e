"""How comparable the context of two units is, and how far that comparability should reach.

Every context variable is put on a scale where its *reach* lies between 0 and 1: another category does not count at all (0) to
counts as much (1); for a number the reach is a logarithm of the bandwidth in ranges of the variable, see `bandwidth_of`.
At 1 the variable does not matter.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from benchlib.efficiency.kernels.compilation import compiled

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

#: Bandwidths tried for a number, in ranges of the variable: from the narrowest to the widest, and then without limit.
NARROWEST, WIDEST = 2.0**-6, 2.0**2
#: Reaches tried for each variable in turn, before the best is refined between its neighbours.
GRID = np.linspace(0.0, 1.0, 17)
#: Steps of refinement; each narrows the place of the minimum by the golden section.
REFINEMENTS = 8
GOLDEN = (np.sqrt(5.0) - 1.0) / 2.0
#: Rounds through all variables, and the share by which a round has to lower the criterion to be followed by another.
ROUNDS, GAIN = 20, 1e-6


class Context(NamedTuple):
    """Context of n units in q variables."""

    values: Floats
    """Numbers, or codes of categories, shape (n, q)."""
    is_category: NDArray[np.bool_]
    """Which variables are categories, shape (q,)."""
    spread: Floats
    """Largest minus smallest value, shape (q,)."""


class Groups(NamedTuple):
    """For each of g evaluated units those that dominate it, the best first, all groups one after the other."""

    start: Integers
    """Where each group starts, and where the last one ends, shape (g + 1,)."""
    places: Integers
    """Places of the dominating units, shape (total,)."""
    is_tied: NDArray[np.bool_]
    """Whether the next one in the group is just as good, shape (total,)."""


def comparability(context: Context, bandwidths: Floats, of: Integers, to: Integers) -> Floats:
    """Return the weights of units in the comparison with others: a product over the context variables.

    A number: 1 - (distance / bandwidth)^2, and 0 beyond the bandwidth (Epanechnikov's kernel, but for a constant).
    A category: 1 if it is the same, else the bandwidth (Aitchison and Aitken's kernel, but for a constant).

    Parameters
    ----------
    context : Context
        Of n units.
    bandwidths : ndarray, shape (q,)
        Positive, infinity allowed; between 0 and 1 for categories.
    of, to : ndarray, shapes (a,) and (b,)
        Places of the evaluated and the other units.

    Returns
    -------
    ndarray, shape (a, b)
        Weights in [0, 1].
    """
    weights = np.ones((len(context.values[of]), len(context.values[to])))
    for k, width in enumerate(bandwidths):
        own, other = context.values[of, k][:, None], context.values[to, k]
        if context.is_category[k]:
            weights *= np.where(own == other, 1.0, width)
        else:
            weights *= np.maximum(1.0 - ((own - other) / width) ** 2, 0.0)
    return weights


def bandwidth_of(context: Context, reach: Floats) -> Floats:
    """Return the bandwidths of reaches, both of shape (q,)."""
    numbers = context.spread * NARROWEST * (WIDEST / NARROWEST) ** reach
    numbers[reach >= 1.0] = np.inf
    return np.where(context.is_category, reach, numbers)


@compiled
def squared_errors(weights: Floats, own: int, is_tied: NDArray[np.bool_]) -> float:
    """Return the sum over factors t of the square of 1(factor of `own` <= t) - F(t); see `add_errors`.

    Parameters
    ----------
    weights : ndarray, shape (N,)
        How comparable the units of the group are with this one; overwritten.
    own : int
        Where this one stands in the group.
    is_tied : ndarray, shape (N,)
        See `Groups`.
    """
    weights[own] = 0.0
    total = weights.sum()
    if total == 0.0:
        weights[:] = 1.0
        weights[own] = 0.0
        total = weights.size - 1.0
    error, below, ties = 0.0, 0.0, 0.0
    for k in range(weights.size):
        below += weights[k]
        ties += 1.0
        if not is_tied[k]:
            gap = (1.0 if own <= k else 0.0) - below / total
            error += ties * gap * gap
            ties = 0.0
    return error


@compiled
def add_errors(weights: Floats, groups: Groups, first: int, last: int, errors: Floats) -> None:
    """Find out how badly comparable units predict each other: the least-squares criterion of cross-validation.

    For each unit i of a group and each factor t that occurs there: the square of 1(factor_i <= t) - F_i(t), where F_i is the
    distribution of the factor among the others of the group, weighted by their comparability with i. Where no other is
    comparable at all, all others count alike.

    Parameters
    ----------
    weights : ndarray, shape (n, n)
        How comparable units are.
    groups : Groups
        g of them, each with at least two units.
    first, last : int
        The groups `first` to `last - 1` are looked at.
    errors : ndarray, shape (g,)
        Overwritten with the mean over t, summed over i.
    """
    for g in range(first, last):
        start, end = groups.start[g], groups.start[g + 1]
        places, is_tied = groups.places[start:end], groups.is_tied[start:end]
        error = 0.0
        for own in range(end - start):
            error += squared_errors(weights[places[own]][places], own, is_tied)
        errors[g] = error / (end - start)


def choose_reach(criterion: Callable[[Floats], float], count: int) -> tuple[Floats, float, bool]:
    """Find the reach of each variable that minimises a criterion: a grid for one variable after the other, then refined.

    Parameters
    ----------
    criterion : callable
        From reaches, shape (count,), to a number.
    count : int
        Number of variables.

    Returns
    -------
    reach : ndarray, shape (count,)
        The best found, from two starts: no variable matters, and all do.
    least : float
        The criterion there.
    converged : bool
        Whether the last round made no further gain.
    """
    known: dict[bytes, float] = {}

    def cached(reach: Floats) -> float:
        key = reach.tobytes()
        if key not in known:
            known[key] = criterion(reach)
        return known[key]

    # With one variable the grid is searched whole, and the start makes no difference.
    starts = [np.ones(count), np.full(count, 0.5)][: 1 if count == 1 else 2]
    return min((_descend(cached, start) for start in starts), key=lambda found: found[1])


def _descend(criterion: Callable[[Floats], float], reach: Floats) -> tuple[Floats, float, bool]:
    reach, least = reach.copy(), criterion(reach)
    for _ in range(ROUNDS):
        before = least
        for k in range(len(reach)):
            reach, least = _search_along(criterion, reach, least, k)
        if least >= before * (1.0 - GAIN) or len(reach) == 1:
            return reach, least, True
    return reach, least, False


def _search_along(criterion: Callable[[Floats], float], reach: Floats, least: float, k: int) -> tuple[Floats, float]:
    """Return the best reaches that differ in variable `k` only, and the criterion there; no worse than `reach`."""

    def at(value: float) -> float:
        trial = reach.copy()
        trial[k] = value
        return criterion(trial)

    # From the widest: of equals the first is taken.
    tried = {float(value): at(float(value)) for value in GRID[::-1]}
    tried.setdefault(float(reach[k]), least)
    best = min(tried, key=lambda value: tried[value])
    step = GRID[1]
    low, high = max(best - step, 0.0), min(best + step, 1.0)
    for _ in range(REFINEMENTS):
        left, right = high - GOLDEN * (high - low), low + GOLDEN * (high - low)
        tried[left], tried[right] = at(left), at(right)
        low, high = (low, right) if tried[left] <= tried[right] else (left, high)
    best = min(tried, key=lambda value: tried[value])
    found = reach.copy()
    found[k] = best
    return found, tried[best]
