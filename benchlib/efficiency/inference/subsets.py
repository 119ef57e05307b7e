"""Scores of all units against the technologies that parts of the sample span."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from benchlib.efficiency.kernels import radial
from benchlib.efficiency.kernels.programme import Technology
from benchlib.efficiency.kernels.status import UNCERTIFIED
from benchlib.efficiency.nonparametric.fallback import solve_unit
from benchlib.efficiency.nonparametric.solution import share_out, slack_weights

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


def score_against_subsets(
    t: Technology, members: Integers, *, threads: int | None = None
) -> tuple[Floats, Integers, int]:
    """Score the n units of a technology against the technology of each subset, first stage only.

    Parameters
    ----------
    t : Technology
        The n observed units.
    members : ndarray, shape (B, size)
        Positions of the units in each subset.
    threads : int, optional
        As in `share_out`.

    Returns
    -------
    farrell : ndarray, shape (B, n)
        Farrell factors; beyond 1 for units outside the technology of the subset, NaN where there is none.
    status : ndarray, shape (B, n)
        Codes of `kernels.status`.
    by_highs : int
        Number of programmes that HiGHS was asked about.
    """
    n, (replications, size) = t.X.shape[1], members.shape
    X, Y = np.array(t.X.T, order="C"), np.array(t.Y.T, order="C")
    # Where a unit stands in a subset is only a hint where to start, which gains nothing here.
    own, weights = np.full(n, -1, dtype=np.int64), slack_weights(t)
    farrell = np.full((replications, n), np.nan)
    status = np.full((replications, n), UNCERTIFIED, dtype=np.int64)
    no_peers, nothing = np.zeros((0, 0), dtype=np.int64), np.zeros((0, 0))

    def subset(b: int) -> Technology:
        return t._replace(X=np.take(t.X, members[b], axis=1), Y=np.take(t.Y, members[b], axis=1))

    def work(first: int, last: int) -> None:
        for b in range(first, last):
            radial.solve_units(
                subset(b), X, Y, own, weights, 0, n, farrell[b], status[b], no_peers, nothing, nothing, nothing
            )

    share_out(work, replications, farrell.size * size * len(weights), threads)
    doubtful = np.argwhere(status == UNCERTIFIED)
    for b, j in doubtful.tolist():
        answer = solve_unit(subset(b), X[j], Y[j], weights)
        farrell[b, j], status[b, j] = answer.farrell, answer.status
    return farrell, status, len(doubtful)
