"""From arrays to certified arrays: the own kernels first, HiGHS for what they cannot certify."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numba
import numpy as np
from numpy.typing import NDArray

from benchlib.efficiency.kernels import disposal, radial
from benchlib.efficiency.kernels.programme import Technology
from benchlib.efficiency.kernels.status import TOLERANCE, UNCERTIFIED
from benchlib.efficiency.nonparametric.fallback import solve_unit
from benchlib.efficiency.nonparametric.frame import part, span

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

#: Below this many entries of the technology times units, starting threads costs more than they save.
WORTH_THREADS = 200_000
#: From so many reference units on, those that span the technology are looked for first.
LARGE = 400


@dataclass(frozen=True, eq=False)
class Solution:
    """Scores of n units against K reference units, as arrays.

    Attributes
    ----------
    farrell : ndarray, shape (n,)
        Farrell factors, NaN where there is none.
    status : ndarray, shape (n,)
        Codes of `kernels.status`.
    peers, weights : ndarray, shape (n, p)
        Positions in the reference (then -1) and their intensities.
    slacks : ndarray, shape (n, m + s)
        Greatest slacks, inputs first.
    multipliers : ndarray, shape (n, m + s + 1)
        Multipliers, inputs first, the intercept last; shape (n, 0) where the method has none.
    by_highs : int
        How many units HiGHS was asked about.
    """

    farrell: Floats
    status: Integers
    peers: Integers
    weights: Floats
    slacks: Floats
    multipliers: Floats
    by_highs: int


def share_out(work: Callable[[int, int], None], count: int, effort: int, threads: int | None = None) -> None:
    """Call ``work(first, last)`` for pieces of ``range(count)``, in threads where the effort is worth it.

    Parameters
    ----------
    work : callable
        Fills in its piece of arrays and releases the interpreter's lock, so the number of threads changes nothing.
    count : int
        Number of items.
    effort : int
        Rough number of multiplications of one step through all items.
    threads : int, optional
        Number of threads; by default numba's setting.
    """
    # numba's own setting (all processors, or NUMBA_NUM_THREADS) is the one that a batch of processes turns down.
    threads = min(threads or int(numba.config.NUMBA_NUM_THREADS), count)  # type: ignore[attr-defined]
    if effort < WORTH_THREADS or threads == 1:
        work(0, count)
        return
    edges = np.linspace(0, count, 4 * threads + 1).astype(int)
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(work, edges[:-1], edges[1:]))


def slack_weights(t: Technology) -> Floats:
    """Return what makes slacks of different variables comparable: one over the range in the reference.

    A variable that is constant in the reference is weighted by one over that constant.
    """
    figures = np.vstack([t.X, t.Y])
    spread = np.ptp(figures, axis=1)
    spread = np.where(spread > 0.0, spread, figures.max(axis=1))
    return 1.0 / np.where(spread > 0.0, spread, 1.0)


def solve_radial(t: Technology, X: Floats, Y: Floats, own: Integers, *, without_own: bool = False) -> Solution:
    """Solve both stages of the radial programmes of n units.

    Many units against a large reference are scored against the few reference units that span the same technology.

    Parameters
    ----------
    t : Technology
        What units are compared with.
    X, Y : ndarray, shapes (n, m) and (n, s)
        Inputs and outputs of the evaluated units.
    own : ndarray, shape (n,)
        Where each unit stands in the reference, or -1.
    without_own : bool
        Compare each unit with all others only (super-efficiency).

    Returns
    -------
    Solution
    """
    weights = slack_weights(t)
    count = t.X.shape[1]
    if count < LARGE or len(X) * LARGE < count:
        return _solve_all(t, X, Y, own, weights, without_own=without_own)
    members = span(t, _first_stage)
    place = np.full(count + 1, -1, dtype=np.int64)  # the last for own = -1
    place[members] = np.arange(len(members))
    found = _solve_all(part(t, members), X, Y, place[own], weights)
    found.peers[found.peers >= 0] = members[found.peers[found.peers >= 0]]
    _be_own_peer(found, own)
    if without_own and len(spanning := np.flatnonzero((own >= 0) & (place[own] >= 0))):
        # Without one of these the technology is another: they are compared with everybody else.
        found = _replace_units(
            found, spanning, _solve_all(t, X[spanning], Y[spanning], own[spanning], weights, without_own=True)
        )
    return found


def _solve_all(
    t: Technology, X: Floats, Y: Floats, own: Integers, weights: Floats, *, without_own: bool = False
) -> Solution:
    """Solve the programmes of n units with every reference unit in them."""
    n, variables = len(X), X.shape[1] + Y.shape[1]
    found = _empty(n, variables, peers=variables + 1, multipliers=variables + 1)
    own = np.where((own >= 0) & without_own, -2 - own, own)

    def work(first: int, last: int) -> None:
        radial.solve_units(
            t, X, Y, own, weights, first, last,
            found.farrell, found.status, found.peers, found.weights, found.slacks, found.multipliers,
        )  # fmt: skip

    share_out(work, n, n * t.X.size)
    doubtful = np.flatnonzero(found.status == UNCERTIFIED)
    for j in doubtful.tolist():
        _ask_highs(t, X[j], Y[j], int(own[j]), weights, found, j)
    return replace(found, by_highs=len(doubtful))


def _first_stage(t: Technology, X: Floats, Y: Floats, with_multipliers: bool) -> tuple[Floats, Integers, Floats]:
    """Return Farrell factors, status and multipliers (empty unless asked for) of units that are not in the reference."""
    n, own, weights = len(X), np.full(len(X), -1, dtype=np.int64), slack_weights(t)
    if with_multipliers:
        found = _solve_all(t, X, Y, own, weights)
        return found.farrell, found.status, found.multipliers
    farrell, status = np.full(n, np.nan), np.full(n, UNCERTIFIED, dtype=np.int64)
    no_peers, nothing = np.zeros((0, 0), dtype=np.int64), np.zeros((0, 0))

    def work(first: int, last: int) -> None:
        radial.solve_units(t, X, Y, own, weights, first, last, farrell, status, no_peers, nothing, nothing, nothing)

    share_out(work, n, n * t.X.size)
    return farrell, status, nothing


def solve_disposal(t: Technology, X: Floats, Y: Floats, own: Integers) -> Solution:
    """Compare n units with single reference units (free disposal hull); parameters as in `solve_radial`."""
    n = len(X)
    found = _empty(n, X.shape[1] + Y.shape[1], peers=1, multipliers=0)
    weights = slack_weights(t)

    def work(first: int, last: int) -> None:
        disposal.compare_units(
            t, X, Y, own, weights, first, last, found.farrell, found.status, found.peers, found.weights, found.slacks
        )

    share_out(work, n, n * t.X.size)
    return found


def replicate_radial(t: Technology, stretch: Floats, *, threads: int | None = None) -> tuple[Floats, int]:
    """Score the observed units against bootstrap samples of their technology, first stage only.

    Parameters
    ----------
    t : Technology
        The n observed units.
    stretch : ndarray, shape (B, n)
        Factor on the inputs (output orientation: on the outputs) of each reference unit in each bootstrap sample.
    threads : int, optional
        As in `share_out`.

    Returns
    -------
    farrell : ndarray, shape (B, n)
        Farrell factors, NaN where neither solver found a certified one.
    by_highs : int
        Number of programmes that HiGHS was asked about.
    """
    n = t.X.shape[1]
    X, Y = np.array(t.X.T, order="C"), np.array(t.Y.T, order="C")
    own = np.arange(n)
    weights = slack_weights(t)
    farrell = np.full(stretch.shape, np.nan)
    status = np.full(stretch.shape, UNCERTIFIED, dtype=np.int64)
    no_peers, nothing = np.zeros((0, 0), dtype=np.int64), np.zeros((0, 0))

    def stretched(b: int) -> Technology:
        return t._replace(Y=t.Y * stretch[b]) if t.is_output else t._replace(X=t.X * stretch[b])

    def work(first: int, last: int) -> None:
        for b in range(first, last):
            radial.solve_units(
                stretched(b), X, Y, own, weights, 0, n, farrell[b], status[b], no_peers, nothing, nothing, nothing
            )

    share_out(work, len(stretch), stretch.size * t.X.size, threads)
    doubtful = np.argwhere(status == UNCERTIFIED)
    for b, j in doubtful.tolist():
        farrell[b, j] = solve_unit(stretched(b), X[j], Y[j], weights).farrell
    return farrell, len(doubtful)


def _empty(n: int, variables: int, *, peers: int, multipliers: int) -> Solution:
    return Solution(
        np.full(n, np.nan),
        np.full(n, UNCERTIFIED, dtype=np.int64),
        np.full((n, peers), -1, dtype=np.int64),
        np.zeros((n, peers)),
        np.full((n, variables), np.nan),
        np.full((n, multipliers), np.nan),
        by_highs=0,
    )


def _be_own_peer(found: Solution, own: Integers) -> None:
    """Let units on the frontier that do not span it be their own peers, as they would be with everybody in the programme."""
    is_efficient = (own >= 0) & (np.abs(found.farrell - 1.0) <= TOLERANCE) & ~(found.slacks > 0.0).any(axis=1)
    found.peers[is_efficient], found.weights[is_efficient] = -1, 0.0
    found.peers[is_efficient, 0], found.weights[is_efficient, 0] = own[is_efficient], 1.0


def _replace_units(found: Solution, places: Integers, better: Solution) -> Solution:
    """Return the solution with that of some units replaced."""
    for name in ("farrell", "status", "peers", "weights", "slacks", "multipliers"):
        getattr(found, name)[places] = getattr(better, name)
    return replace(found, by_highs=found.by_highs + better.by_highs)


def _ask_highs(t: Technology, x: Floats, y: Floats, own: int, weights: Floats, found: Solution, j: int) -> None:
    """Fill in unit `j` of `found` by HiGHS; `own` as in `kernels.radial.score_unit`."""
    others = np.delete(np.arange(t.X.shape[1]), -2 - own) if own < -1 else np.arange(t.X.shape[1])
    answer = solve_unit(part(t, others) if own < -1 else t, x, y, weights)
    found.status[j] = answer.status
    found.multipliers[j] = np.nan
    if not np.isnan(answer.farrell):
        found.farrell[j] = answer.farrell
        found.slacks[j] = answer.slacks
        found.multipliers[j] = answer.multipliers
        greatest = np.argsort(-answer.intensities, kind="stable")[: found.peers.shape[1]]
        positive = np.sort(greatest[answer.intensities[greatest] > 0.0])
        found.peers[j, : len(positive)] = others[positive]
        found.weights[j, : len(positive)] = answer.intensities[positive]
