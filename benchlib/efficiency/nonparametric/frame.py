"""The few reference units that span the technology of many, so that large samples are scored against them alone.

A unit that combinations of others can do adds nothing to their technology. Of 10,000 units with five variables, some hundred remain. They
are found by building the hull up [1]_: all units are scored against the hull so far; those outside are candidates, and of these
the best in the directions that their duals point to are corners of the hull, so they are let in; those inside never have to be
asked again. Whoever is left out was inside: a certified programme says so.

References
----------
.. [1] J. H. Dulá (2011). An algorithm for data envelopment analysis. INFORMS Journal on Computing 23(2), 284-296.
   https://doi.org/10.1287/ijoc.1100.0400
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from benchlib.efficiency.kernels.programme import Technology
from benchlib.efficiency.kernels.status import INFEASIBLE, NO_INPUT, SOLVED, UNCERTIFIED

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
#: Farrell factors and status of units against a technology, and their multipliers where these are asked for.
Score = Callable[[Technology, Floats, Floats, bool], tuple[Floats, Integers, Floats]]

#: A unit whose inputs would have to grow by more than this share to be done by others lies outside.
OUTSIDE: Final = 1e-11
#: In so many directions corners are looked for in a round.
DIRECTIONS: Final = 64
#: Share of the reference units beyond which all are taken.
MOST: Final = 0.25


def span(t: Technology, score: Score) -> Integers:
    """Return which reference units span the technology, in ascending order.

    Parameters
    ----------
    t : Technology
        K reference units.
    score : callable
        Scores units, shapes (n, m) and (n, s), by input orientation.

    Returns
    -------
    ndarray, shape (k,)
        Positions of units whose technology contains all K, up to `OUTSIDE`; all positions if more than `MOST` of the
        units are needed, for then the search does not pay.
    """
    t = t._replace(is_output=False)
    X, Y = np.array(t.X.T, order="C"), np.array(t.Y.T, order="C")
    members = best_ratios(X, Y)
    waiting = np.setdiff1d(np.arange(len(X)), members)
    while len(waiting):
        hull = part(t, members)
        farrell, status, _ = score(hull, X[waiting], Y[waiting], False)
        # Without any input a unit cannot be scored, and one that no solver certifies may be anywhere: both are kept.
        is_kept = (status == NO_INPUT) | (status == UNCERTIFIED)
        is_outside = (status == INFEASIBLE) | ((status == SOLVED) & (farrell > 1.0 + OUTSIDE))
        outside = waiting[is_outside]
        corners = waiting[is_kept]
        if len(outside):
            distance = np.where(status[is_outside] == INFEASIBLE, np.inf, farrell[is_outside])
            corners = np.concatenate([corners, find_corners(hull, X, Y, outside, distance, score)])
        members = np.union1d(members, corners)
        if len(members) > MOST * len(X):
            return np.arange(len(X))
        waiting = np.setdiff1d(outside, members)
    return members


def part(t: Technology, members: Integers) -> Technology:
    """Return the technology that some of the reference units span."""
    return t._replace(X=np.ascontiguousarray(t.X[:, members]), Y=np.ascontiguousarray(t.Y[:, members]))


def best_ratios(X: Floats, Y: Floats) -> Integers:
    """Return the units that bring about most of each output, use least of each input, or are best in one ratio of the two."""
    best = [*np.argmax(Y, axis=0), *np.argmin(X, axis=0)]
    with np.errstate(divide="ignore", invalid="ignore"):
        for x in X.T:
            best += [int(np.nanargmax(np.where(x > 0.0, y / x, np.nan))) for y in Y.T if (x > 0.0).any()]
    return np.unique(np.array(best, dtype=np.int64))


def find_corners(hull: Technology, X: Floats, Y: Floats, outside: Integers, distance: Floats, score: Score) -> Integers:
    """Return the best of the units outside in the directions in which some of them look from the hull.

    Parameters
    ----------
    hull : Technology
        What the members so far span.
    X, Y : ndarray, shapes (K, m) and (K, s)
        All reference units.
    outside : ndarray, shape (o,)
        Those outside the hull.
    distance : ndarray, shape (o,)
        How far they are outside: Farrell factors above 1, or infinite.
    score : callable
        As in `span`.

    Returns
    -------
    ndarray
        Some of `outside`, at least one.
    """
    order = np.argsort(-distance, kind="stable")
    looking = order[np.unique(np.linspace(0, len(order) - 1, DIRECTIONS).astype(np.int64))]
    x, y = X[outside], Y[outside]
    _, status, multipliers = score(hull, x[looking], y[looking], True)
    m, s = X.shape[1], Y.shape[1]
    found = []
    for j, code, dual in zip(looking, status, multipliers, strict=True):
        if code == SOLVED:
            virtual = x @ dual[:m]
            with np.errstate(divide="ignore", invalid="ignore"):
                ratio = (y @ dual[m : m + s] + dual[m + s]) / virtual
            ratio[~(virtual > 0.0)] = -np.inf
        else:
            # Outputs that no combination reaches: whoever has most of them, in the unit's own measure.
            ratio = y @ np.divide(1.0, y[j], out=np.zeros(s), where=y[j] > 0.0)
        # Rounding must not lead to a unit that is no better than the one that looks, or the search might not end.
        found.append(j if not ratio[j] < ratio.max() else int(np.argmax(ratio)))
    chosen: Integers = outside[np.unique(np.array(found))]
    return chosen
