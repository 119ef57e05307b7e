"""Distances of the units of two periods to the frontiers of both, as arrays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from benchlib.efficiency.kernels import radial
from benchlib.efficiency.kernels.programme import Technology
from benchlib.efficiency.kernels.status import SOLVED, TOLERANCE, UNCERTIFIED
from benchlib.efficiency.nonparametric.envelopment import figures, technology_of
from benchlib.efficiency.nonparametric.fallback import solve_unit
from benchlib.efficiency.nonparametric.solution import share_out, slack_weights
from benchlib.efficiency.productivity.panel import Panel, Transition
from benchlib.terms import Orientation, ReturnsToScale

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

#: Which (technology, figures) are wanted: 0 before, 1 after.
Pairs = tuple[tuple[int, int], ...]

#: Reference units that score less than this in their own technology do not span it.
SPANS: Final = 1.0 - 1e-7
#: Each period's figures (second) against each period's technology (first).
ALL_FOUR: Final[Pairs] = ((0, 0), (0, 1), (1, 0), (1, 1))
#: Each period's figures against its own technology.
OWN: Final[Pairs] = ((0, 0), (1, 1))

_NO_PEERS, _NOTHING = np.zeros((0, 0), dtype=np.int64), np.zeros((0, 0))


@dataclass(frozen=True, eq=False)
class Scored:
    """Efficiencies with what became of their programmes.

    Attributes
    ----------
    values : ndarray
        Efficiencies, 1 on the frontier and above 1 beyond it, for either orientation; NaN where there is none.
    status : ndarray
        Codes of `kernels.status`, of the same shape.
    by_highs : int
        How many programmes HiGHS was asked about.
    """

    values: Floats
    status: Integers
    by_highs: int


def as_efficiency(farrell: Floats, is_output: bool) -> Floats:
    """Return Farrell factors as efficiencies, exactly 1 where they are 1 within the tolerance of their certificate."""
    factors = np.where(np.abs(farrell - 1.0) <= TOLERANCE, 1.0, farrell)
    return 1.0 / factors if is_output else factors


def score(t: Technology, X: Floats, Y: Floats, own: Integers) -> Scored:
    """Return the radial efficiencies of n units; the slacks of the second stage are not needed for indices.

    Parameters
    ----------
    t : Technology
        What units are compared with.
    X, Y : ndarray, shapes (n, m) and (n, s)
        Inputs and outputs of the evaluated units.
    own : ndarray, shape (n,)
        Where each unit itself stands in the technology, or -1.
    """
    n = len(X)
    farrell, status = np.full(n, np.nan), np.full(n, UNCERTIFIED, dtype=np.int64)
    weights = slack_weights(t)

    def work(first: int, last: int) -> None:
        radial.solve_units(
            t, X, Y, own, weights, first, last, farrell, status, _NO_PEERS, _NOTHING, _NOTHING, _NOTHING
        )  # fmt: skip

    share_out(work, n, n * t.X.size)
    doubtful = np.flatnonzero(status == UNCERTIFIED)
    for j in doubtful.tolist():
        answer = solve_unit(t, X[j], Y[j], weights)
        farrell[j], status[j] = answer.farrell, answer.status
    return Scored(as_efficiency(farrell, t.is_output), status, len(doubtful))


class Frontiers:
    """The technology of each period of a panel, and how far its own units and those of other periods are from it.

    Parameters
    ----------
    panel : Panel
        The units by period.
    orientation, rts
        As in `dea`.
    """

    def __init__(self, panel: Panel, orientation: Orientation, rts: ReturnsToScale) -> None:
        self.figures = [figures(sample) for sample in panel.samples]
        self.technologies = [technology_of(sample, orientation, rts) for sample in panel.samples]
        self.own = [
            score(t, X, Y, np.arange(len(X))) for t, (X, Y) in zip(self.technologies, self.figures, strict=True)
        ]
        # Units inside their own frontier add nothing to the technology; without them other units are scored sooner.
        self._spanning = [_only(t, ~(own.values < SPANS)) for t, own in zip(self.technologies, self.own, strict=True)]

    @property
    def by_highs(self) -> int:
        """How many programmes of units against their own period HiGHS was asked about."""
        return sum(own.by_highs for own in self.own)

    def of(self, step: Transition) -> tuple[list[Technology], list[tuple[Floats, Floats]]]:
        """Return the technologies of the two periods of a transition, and the figures of its n units in each."""
        periods = (step.start, step.end)
        evaluated = [
            (self.figures[period][0][rows], self.figures[period][1][rows])
            for period, rows in zip(periods, step.rows, strict=True)
        ]
        return [self.technologies[period] for period in periods], evaluated

    def square(self, step: Transition, pairs: Pairs = ALL_FOUR, *, is_mixed: bool = False) -> Scored:
        """Return efficiencies of the n units of a transition, shape (2, 2, n): ``[technology, figures]``, 0 before, 1 after.

        Parameters
        ----------
        step : Transition
            Between two periods of the panel.
        pairs : tuple of (int, int)
            Which of the four are wanted; the others are NaN.
        is_mixed : bool
            Whether only what the orientation looks at (inputs or outputs) is of the period of the figures, and the rest of the
            period of the technology, which makes the programme feasible.
        """
        periods = (step.start, step.end)
        values = np.full((2, 2, len(step.rows[0])), np.nan)
        status = np.full(values.shape, SOLVED, dtype=np.int64)
        by_highs = 0
        for k, p in pairs:
            if k == p:
                own = self.own[periods[k]]
                values[k, k], status[k, k] = own.values[step.rows[k]], own.status[step.rows[k]]
                continue
            t = self._spanning[periods[k]]
            of_inputs = k if is_mixed and t.is_output else p
            of_outputs = k if is_mixed and not t.is_output else p
            X = self.figures[periods[of_inputs]][0][step.rows[of_inputs]]
            Y = self.figures[periods[of_outputs]][1][step.rows[of_outputs]]
            cross = score(t, X, Y, np.full(len(X), -1))
            values[k, p], status[k, p] = cross.values, cross.status
            by_highs += cross.by_highs
        return Scored(values, status, by_highs)


def replicate_square(
    technologies: Sequence[Technology],
    evaluated: Sequence[tuple[Floats, Floats]],
    stretch: Sequence[Floats],
    places: Sequence[Integers],
    pairs: Pairs,
) -> tuple[Floats, int]:
    """Score the observed units of two periods against bootstrap samples of both technologies.

    Parameters
    ----------
    technologies : sequence of two Technology
        Observed, of K_0 and K_1 units.
    evaluated : sequence of two (X, Y), shapes (n, m) and (n, s)
        Observed figures of the same n units in either period.
    stretch : sequence of two ndarray, shapes (B, K_0) and (B, K_1)
        Factor on the inputs (output orientation: on the outputs) of each reference unit in each bootstrap sample.
    places : sequence of two ndarray, shape (n,)
        Where these units stand in either technology.
    pairs : tuple of (int, int)
        Which (technology, figures) are wanted; the others are NaN.

    Returns
    -------
    values : ndarray, shape (2, 2, B, n)
        Efficiencies, NaN where there is none.
    by_highs : int
        How many programmes HiGHS was asked about.
    """
    replications, n = len(stretch[0]), len(places[0])
    farrell = np.full((2, 2, replications, n), np.nan)
    status = np.full(farrell.shape, SOLVED, dtype=np.int64)
    weights = [slack_weights(t) for t in technologies]

    def stretched(k: int, b: int) -> Technology:
        t = technologies[k]
        return t._replace(Y=t.Y * stretch[k][b]) if t.is_output else t._replace(X=t.X * stretch[k][b])

    def work(first: int, last: int) -> None:
        for b in range(first, last):
            pseudo = [stretched(k, b) for k in (0, 1)]
            for k, p in pairs:
                radial.solve_units(
                    pseudo[k], *evaluated[p], places[k], weights[k], 0, n, farrell[k, p, b], status[k, p, b],
                    _NO_PEERS, _NOTHING, _NOTHING, _NOTHING,
                )  # fmt: skip

    share_out(work, replications, len(pairs) * n * replications * technologies[0].X.size)
    doubtful = np.argwhere(status == UNCERTIFIED)
    for k, p, b, j in doubtful.tolist():
        X, Y = evaluated[p]
        farrell[k, p, b, j] = solve_unit(stretched(k, b), X[j], Y[j], weights[k]).farrell
    return as_efficiency(farrell, technologies[0].is_output), len(doubtful)


def programmes(
    panel: Panel, step: Transition, scored: Scored, words: str = "{figures} against {technology}"
) -> list[tuple[str, Integers]]:
    """Return what was solved for a transition, in words, with a status per unit: what `Outcome` wants.

    Parameters
    ----------
    panel, step
        Which change.
    scored : Scored
        With statuses of shape (2, 2, n).
    words : str
        Where the periods of {figures} and {technology} are filled in.
    """
    labels = panel.labels[step.start], panel.labels[step.end]
    return [(words.format(figures=labels[p], technology=labels[k]), scored.status[k, p]) for k, p in ALL_FOUR]


def _only(t: Technology, keep: NDArray[np.bool_]) -> Technology:
    return t._replace(X=np.ascontiguousarray(t.X[:, keep]), Y=np.ascontiguousarray(t.Y[:, keep]))
