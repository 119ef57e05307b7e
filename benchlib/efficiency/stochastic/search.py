"""Which maximum of the likelihood is the answer: inside the model, or at one of its edges."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from benchlib.efficiency.stochastic.coordinates import NaturalPoint, from_natural, to_natural
from benchlib.efficiency.stochastic.likelihood import NoisePoint, Observations, Point
from benchlib.efficiency.stochastic.newton import Summit, climb
from benchlib.efficiency.stochastic.starts import LITTLE, start, starts

Floats = NDArray[np.float64]
#: What keeps the maximum from lying inside the model; the empty word if nothing does.
Boundary = Literal["", "no inefficiency", "inefficiency in part", "no noise", "exponential limit"]

#: Variance of inefficiency (in variances of the residuals) below which there is none, and below which a unit has none.
NO_INEFFICIENCY: Final = 1e-8
NO_INEFFICIENCY_IN_PART: Final = 1e-16
#: Log of the noise variance (in variances of the residuals) below which there is none, and on to what stands for none.
NO_NOISE: Final = float(np.log(1e-8))
NOISE_LEVELS: Final = tuple(np.log([1e-8, 1e-9, 1e-10, 1e-11, 1e-12]).tolist())
#: Mean of the truncated normal, in its standard deviations, below which it is as good as exponential.
EXPONENTIAL: Final = -100.0
#: Means of the truncated normal, in its standard deviations, from which climbs start.
LOCATIONS: Final = (0.0, -3.0, 2.0)
#: A simpler model with a log-likelihood lower by no more than this is as good.
SAME: Final = 1e-7


@dataclass(frozen=True, eq=False)
class Candidate:
    """Where a climb ended: a maximum of the model or along one of its edges, or where it ran off another.

    Attributes
    ----------
    observations : Observations
        In standard units; of kind `limit` for the exponential limit of the truncated normal.
    boundary : str
        The edge along which it went.
    summit : Summit
        At ordinary, not natural, parameters; of the frontier and the noise alone if there is no inefficiency.
    free : ndarray of bool
        Which parameters could move.
    is_exceeded : bool
        Whether the likelihood is higher towards the edge without noise.
    """

    observations: Observations
    boundary: Boundary
    summit: Summit
    free: NDArray[np.bool_]
    is_exceeded: bool = False

    @property
    def value(self) -> float:
        """The log-likelihood."""
        return self.summit.value


def fit_null(o: Observations) -> Candidate:
    """Return the model without inefficiency: least squares, or a regression with noise that depends on covariates."""
    summit = climb(partial(NoisePoint, o), np.zeros(o.X.shape[1] + o.Q.shape[1]))
    return Candidate(o, "no inefficiency", summit, np.ones(len(summit.at), dtype=bool))


def find_maximum(o: Observations, null: Candidate) -> Candidate | None:
    """Return the maximum to report, or None if there is none to trust.

    A maximum inside the model comes first. At the edge without noise the likelihood can be higher still, most of all in small
    samples, but only because the frontier then touches some units; as with other parameters that bound the support, such a
    supremum is not preferred to a maximum inside, nor to least squares where that is one.
    """
    ended = list(_climbs(o))
    if not _inside(ended, null):
        # A climb that begins with hardly any inefficiency shows whether least squares is a maximum.
        ended.append(_climb(o, start(o, LOCATIONS[0], LITTLE)))
    if inside := _inside(ended, null):
        best = max(inside, key=lambda one: one.value)
    elif null.summit.is_maximum and any(_is_null(one, null) for one in ended):
        best = null
    else:
        return _noiseless(ended, null)
    # A climb that ended without a maximum, and higher, shows that the best is not the greatest.
    higher = [one.summit.left for one in ended if one.value > best.value + SAME and not one.summit.is_maximum]
    return replace(best, is_exceeded="no noise" in higher) if set(higher) <= {"no noise", "noise in part"} else None


def edge_of(o: Observations, parameters: Floats, *, known: tuple[str, ...] = ()) -> str:
    """Return which edge of the model is reached, beside those known; a truncated normal is given by natural parameters.

    Beside the boundaries there is `noise in part`: covariates take the noise from some observations, where the likelihood may
    grow without limit.
    """
    point = Point(o, from_natural(o, parameters) if o.kind == "truncated-normal" else parameters)
    log_noise, variance = -np.log(point.precision), point.before.variance
    if np.min(log_noise) < NO_NOISE and "no noise" not in known:
        return "no noise" if np.max(log_noise) < NO_NOISE else "noise in part"
    if np.max(variance) < NO_INEFFICIENCY:
        return "no inefficiency"
    if o.kind == "truncated-normal" and np.max(point.prior.a / np.sqrt(point.prior.b)) < EXPONENTIAL:
        return "exponential limit"
    is_part = np.min(variance) < NO_INEFFICIENCY_IN_PART and "inefficiency in part" not in known
    return "inefficiency in part" if is_part else ""


def _inside(ended: list[Candidate], null: Candidate) -> list[Candidate]:
    return [one for one in ended if one.summit.is_maximum and one.value > null.value + SAME]


def _noiseless(ended: list[Candidate], null: Candidate) -> Candidate | None:
    """Return the greatest maximum along the edge without noise, unless a climb came to a stop elsewhere."""
    if any(not one.summit.left and one.value > null.value + SAME for one in ended):
        return None
    found = [_without_noise(one) for one in ended if one.summit.left == "no noise"]
    return max((one for one in found if one.summit.is_maximum), key=lambda one: one.value, default=None)


def _is_null(one: Candidate, null: Candidate) -> bool:
    """Whether a climb ended without inefficiency, at or on the way to least squares."""
    is_low = one.value <= null.value + SAME
    return is_low and (one.summit.left == "no inefficiency" or one.summit.is_maximum)


def _climbs(o: Observations) -> Iterator[Candidate]:
    """Climb from each start."""
    for location in LOCATIONS if o.mean_has_constant else LOCATIONS[:1]:
        yield from (_climb(o, theta) for theta in starts(o, location))
    if o.mean_has_constant:
        limit = replace(o, kind="limit", W=o.W[:, 1:])
        yield from (_climb(limit, theta) for theta in starts(limit, -np.inf))


def _climb(o: Observations, theta: Floats) -> Candidate:
    """Climb from ordinary parameters, and along the edge where some units have no inefficiency if the climb comes there."""
    free = np.ones(o.n_parameters, dtype=bool)
    boundary: Boundary = "exponential limit" if o.kind == "limit" else ""
    summit = _ascend(o, theta, free, ())
    if summit.left == "inefficiency in part":
        boundary = "inefficiency in part"
        for name, has_constant in (("mean", o.mean_has_constant), ("variance", o.kind != "limit")):
            free[o.parts[name].start + int(has_constant) : o.parts[name].stop] = False
        summit = _ascend(o, summit.at, free, (boundary,))
    return Candidate(o, boundary, summit, free)


def _without_noise(one: Candidate) -> Candidate:
    """Return the maximum along the edge without noise. There the frontier bends at units, so noise goes by degrees."""
    o, free, summit = one.observations, one.free.copy(), one.summit
    free[o.parts["noise"]] = False
    for level in NOISE_LEVELS:
        at = summit.at.copy()
        at[o.parts["noise"]] = 0.0
        at[o.parts["noise"].start] = level
        further = _ascend(o, at, free, ("no noise", one.boundary))
        if summit.is_maximum and not further.is_maximum:
            break
        summit = further
    return Candidate(o, "no noise", summit, free)


def _ascend(o: Observations, theta: Floats, free: NDArray[np.bool_], known: tuple[str, ...]) -> Summit:
    """Climb from and to ordinary parameters; the truncated normal by its natural ones."""
    leaves = partial(edge_of, o, known=known)
    if o.kind != "truncated-normal":
        return climb(partial(Point, o), theta, leaves=leaves, free=free)
    summit = climb(partial(NaturalPoint, o), to_natural(o, theta), leaves=leaves, free=free)
    return replace(summit, at=from_natural(o, summit.at))
