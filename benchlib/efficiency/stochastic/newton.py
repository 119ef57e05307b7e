"""Newton's method for a maximum, safeguarded: exact Hessian, bounded steps, a line search, and a certificate at the end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

#: The squared distance to the maximum in standard errors, gradient' inverse(information) gradient, at which the climb ends.
#: One more step then leaves about its square.
ARRIVED: Final = 1e-12
#: Longest step in any parameter, or this share of its size if that is more. 2 in a log variance is a factor of 7.
LONGEST: Final = 2.0
LONGEST_SHARE: Final = 0.25
#: Curvature below this share of the greatest counts as none.
FLAT: Final = 1e-12
ROUNDS: Final = 300
HALVINGS: Final = 40


class Height(Protocol):
    """What is maximised, at one point."""

    @property
    def value(self) -> float:
        """The height."""

    @property
    def gradient(self) -> Floats:
        """Its derivatives."""

    @property
    def hessian(self) -> Floats:
        """Its second derivatives."""


@dataclass(frozen=True, eq=False)
class Summit:
    """Where a climb ended.

    Attributes
    ----------
    at : ndarray, shape (k,)
        The parameters.
    value : float
        What was maximised, there.
    is_maximum : bool
        Whether the gradient vanishes and the Hessian is negative definite in the free parameters.
    left : str
        Why the climb was broken off, in the words of its `leaves`; empty if it was not.
    """

    at: Floats
    value: float
    is_maximum: bool
    left: str = ""


def climb(
    height: Callable[[Floats], Height],
    start: Floats,
    *,
    leaves: Callable[[Floats], str] = lambda at: "",
    free: NDArray[np.bool_] | None = None,
) -> Summit:
    """Climb from a start to the next maximum.

    Parameters
    ----------
    height : callable
        From parameters, shape (k,), to what is maximised, with gradient and Hessian; -inf where it does not exist.
    start : ndarray, shape (k,)
        Where to begin; the height exists there.
    leaves : callable
        From parameters to a word if they are at the edge of what is possible, where the climb ends.
    free : ndarray of bool, shape (k,), optional
        Parameters that may move; by default all.

    Returns
    -------
    Summit
    """
    free = np.ones(len(start), dtype=bool) if free is None else free
    with np.errstate(all="ignore"):
        at, point = start, height(start)
        for _ in range(ROUNDS):
            step, distance, is_concave = _newton_step(point, free)
            if not np.isfinite(distance):
                break
            if is_concave and distance <= ARRIVED:
                last = height(at + step)
                at, point = (at + step, last) if last.value >= point.value - _rounding(point) else (at, point)
                return Summit(at, point.value, True)
            found = _search(height, at, point, step, distance)
            if found is None:
                break
            at, point = found
            if word := leaves(at):
                return Summit(at, point.value, False, word)
    return Summit(at, point.value, False)


def information_at(point: Height, free: NDArray[np.bool_]) -> Floats | None:
    """Return minus the Hessian in the free parameters, or None unless it is finite and positive definite."""
    information = -point.hessian[np.ix_(free, free)]
    if not np.isfinite(information).all():
        return None
    curvature = np.linalg.eigvalsh(information)
    return information if curvature[0] > FLAT * curvature[-1] else None


def _newton_step(point: Height, free: NDArray[np.bool_]) -> tuple[Floats, float, bool]:
    """Return the step, the squared distance it covers, and whether the height is concave there."""
    gradient, hessian = point.gradient[free], point.hessian[np.ix_(free, free)]
    step = np.zeros(len(free))
    if not (np.isfinite(gradient).all() and np.isfinite(hessian).all()):
        return step, np.nan, False
    curvature, axes = np.linalg.eigh(-hessian)
    least = FLAT * np.abs(curvature).max()
    along = axes.T @ gradient
    # Where the height is not concave, the step goes up just as far as it would if it were.
    move = along / np.maximum(np.abs(curvature), least)
    step[free] = axes @ move
    return step, float(along @ move), bool(curvature[0] > least)


def _search(
    height: Callable[[Floats], Height], at: Floats, point: Height, step: Floats, distance: float
) -> tuple[Floats, Height] | None:
    """Return the first point along the step, halved as often as needed, that is high enough."""
    share = 1.0 / max(1.0, float(np.max(np.abs(step) / np.maximum(LONGEST_SHARE * np.abs(at), LONGEST))))
    for _ in range(HALVINGS):
        trial = height(at + share * step)
        if trial.value >= point.value + 1e-4 * share * distance - _rounding(point):
            return at + share * step, trial
        share *= 0.5
    return None


def _rounding(point: Height) -> float:
    return 1e-13 * (1.0 + abs(point.value))
