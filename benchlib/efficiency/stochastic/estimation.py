"""Maximum likelihood estimates of a frontier, in the units in which they are reported."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchlib.efficiency.stochastic.coordinates import Standardised, standardise
from benchlib.efficiency.stochastic.likelihood import NoisePoint, Observations, Point
from benchlib.efficiency.stochastic.newton import information_at
from benchlib.efficiency.stochastic.search import Boundary, Candidate, find_maximum, fit_null

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Estimate:
    """Where the likelihood is greatest, in reported units; NaN throughout unless `converged`.

    Attributes
    ----------
    theta : ndarray, shape (k,)
        Parameters; infinite at a boundary, NaN where a boundary leaves them without meaning.
    covariance : ndarray, shape (k, k)
        Inverse of the observed information; NaN for parameters at a boundary.
    loglik, loglik_null : float
        Log-likelihood, and that without inefficiency.
    converged : bool
    boundary : str
    a, b : ndarrays, shape (N,)
        Inefficiency of each unit has a density proportional to exp(a u - b u^2 / 2); b is infinite if there is none.
    path : ndarray, shape (n,)
        What it is multiplied with in each observation.
    variance_u, variance_v : float
        Means over units of exp(w'variance) and over observations of exp(q'noise).
    gradient : float
        Greatest derivative of the log-likelihood in standard units, over the parameters that are not at a boundary.
    is_exceeded : bool
        Whether the likelihood is higher towards the edge without noise.
    """

    theta: Floats
    covariance: Floats
    loglik: float
    loglik_null: float
    converged: bool
    boundary: Boundary
    a: Floats
    b: Floats
    path: Floats
    variance_u: float
    variance_v: float
    gradient: float
    is_exceeded: bool


def estimate(observations: Observations) -> Estimate:
    """Return the maximum likelihood estimate of a frontier model."""
    standard = standardise(observations)
    null = fit_null(standard.observations)
    best = find_maximum(standard.observations, null)
    return unresolved(observations) if best is None else report(standard, best, null.value)


def report(standard: Standardised, best: Candidate, null: float) -> Estimate:
    """Return a maximum in reported units."""
    o, scale = best.observations, standard.scale
    places, known = _places(best, standard.observations)
    point = Point(o, best.summit.at) if best.boundary != "no inefficiency" else NoisePoint(o, best.summit.at)
    information = information_at(point, best.free)
    covariance = np.full_like(standard.transform, np.nan)
    if information is not None:
        through = standard.transform[:, places[best.free]]
        covariance[np.ix_(known, known)] = (through @ np.linalg.inv(information) @ through.T)[np.ix_(known, known)]
    theta = standard.transform[:, places] @ best.summit.at + standard.shift
    _mark(theta, best, standard.observations.parts)
    if isinstance(point, Point):
        a, b, path = point.a, point.b, point.path
        spread = np.mean(np.exp(o.W @ best.summit.at[o.parts["variance"]])) if o.kind != "limit" else np.nan
    else:
        a, b, path, spread = np.zeros(len(o.W)), np.full(len(o.W), np.inf), np.ones_like(o.y), 0.0
    return Estimate(
        theta=theta,
        covariance=covariance,
        loglik=best.summit.value + standard.log_jacobian,
        loglik_null=null + standard.log_jacobian,
        converged=True,
        boundary=best.boundary,
        a=a / scale,
        b=b / scale**2,
        path=path,
        variance_u=float(spread) * scale**2,
        variance_v=float(np.mean(1.0 / point.precision)) * scale**2 if best.boundary != "no noise" else 0.0,
        gradient=float(np.abs(point.gradient[best.free]).max()),
        is_exceeded=best.is_exceeded,
    )


def unresolved(o: Observations) -> Estimate:
    """Return an estimate that says only that there is none."""
    k, n_units = o.n_parameters, len(o.W)
    return Estimate(
        theta=np.full(k, np.nan),
        covariance=np.full((k, k), np.nan),
        loglik=np.nan,
        loglik_null=np.nan,
        converged=False,
        boundary="",
        a=np.full(n_units, np.nan),
        b=np.full(n_units, np.nan),
        path=np.full(len(o.y), np.nan),
        variance_u=np.nan,
        variance_v=np.nan,
        gradient=np.nan,
        is_exceeded=False,
    )


def _places(best: Candidate, reported: Observations) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return where the parameters of a candidate stand among the reported ones, and which of these have standard errors."""
    part, everywhere = reported.parts, np.arange(reported.n_parameters)
    lost: list[int] = []
    if best.boundary == "no inefficiency":
        places = np.concatenate([everywhere[part["frontier"]], everywhere[part["noise"]]])
        return places, places
    if best.observations.kind == "limit":
        lost = [part["variance"].start]
    places = np.delete(everywhere, lost)
    if best.boundary == "no noise":
        return places, places[:0]
    if best.boundary:
        lost = [*lost, *everywhere[part["mean"]]]
    if best.boundary == "inefficiency in part":
        lost = [*lost, *everywhere[part["variance"]]]
    return places, np.setdiff1d(everywhere, lost)


def _mark(theta: Floats, best: Candidate, part: dict[str, slice]) -> None:
    """Write infinity where a parameter runs away, and NaN where it has no meaning at the boundary."""
    mean, variance = part["mean"], part["variance"]
    if best.boundary == "no inefficiency":
        for name in ("mean", "variance", "decay"):
            theta[part[name]] = np.nan
        theta[variance.start] = -np.inf
    if best.observations.kind == "limit":
        theta[mean] = np.copysign(np.inf, theta[mean])
        theta[variance.start] = np.inf
    if best.boundary == "no noise":
        theta[part["noise"]] = np.nan
        theta[part["noise"].start] = -np.inf
