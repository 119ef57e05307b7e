"""Coordinates in which a likelihood is easy to climb: standardised designs, and natural parameters of the truncated normal."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from benchlib.efficiency.stochastic.likelihood import Observations, Point

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Standardised:
    """Observations in standard units: residuals of least squares have variance 1, columns of designs are orthonormal.

    Attributes
    ----------
    observations : Observations
        The same observations, in standard units.
    transform : ndarray, shape (k, k)
        Block diagonal: reported parameters are transform @ standard parameters + shift.
    shift : ndarray, shape (k,)
        Least squares for the frontier, the log of the residual variance for the intercepts of log variances.
    scale : float
        Standard deviation of the least-squares residuals.
    """

    observations: Observations
    transform: Floats
    shift: Floats
    scale: float

    @property
    def log_jacobian(self) -> float:
        """What must be added to the log-likelihood in standard units."""
        return -len(self.observations.y) * float(np.log(self.scale))


def standardise(o: Observations) -> Standardised:
    """Return observations in standard units; designs have full rank, and those of X, Q and W begin with a constant."""
    (X, to_x), (Z, to_z), (W, to_w), (Q, to_q) = (orthonormal(design) for design in (o.X, o.Z, o.W, o.Q))
    along = X.T @ o.y / len(o.y)
    residual = o.y - X @ along
    scale = float(np.sqrt(np.mean(np.square(residual))))
    span = 1.0 if o.elapsed is None else float(np.abs(o.elapsed).max())
    elapsed = None if o.elapsed is None else o.elapsed / span
    part = o.parts
    transform = np.zeros((o.n_parameters, o.n_parameters))
    blocks = {"frontier": scale * to_x, "mean": scale * to_z, "variance": to_w, "noise": to_q}
    for name, block in blocks.items():
        transform[part[name], part[name]] = block
    transform[part["decay"], part["decay"]] = 1.0 / span
    shift = np.zeros(o.n_parameters)
    shift[part["frontier"]] = to_x @ along
    shift[[part["variance"].start, part["noise"].start]] = 2.0 * np.log(scale)
    return Standardised(replace(o, y=residual / scale, X=X, Z=Z, W=W, Q=Q, elapsed=elapsed), transform, shift, scale)


def orthonormal(design: Floats) -> tuple[Floats, Floats]:
    """Return columns that span the same space, orthogonal and of mean square 1, and what maps the design to them.

    A constant first column stays as it is, and the others are taken as deviations from their means.

    Parameters
    ----------
    design : ndarray, shape (n, k)
        Of full rank.

    Returns
    -------
    columns : ndarray, shape (n, k)
    mapping : ndarray, shape (k, k)
        columns = design @ mapping; coefficients of the design are mapping @ coefficients of the columns.
    """
    n, k = design.shape
    has_constant = k > 0 and bool(np.all(design[:, 0] == 1.0))
    first = int(has_constant)
    means = design[:, first:].mean(axis=0) * has_constant
    size = np.abs(design[:, first:] - means).max(axis=0, initial=0.0)
    columns, triangle = np.linalg.qr((design[:, first:] - means) / size)
    inverse = np.linalg.solve(triangle, np.eye(k - first)) * np.sqrt(n) / size[:, None]
    mapping = np.eye(k)
    mapping[first:, first:] = inverse
    mapping[:first, first:] = -means @ inverse
    return np.hstack([design[:, :first], columns * np.sqrt(n)]), mapping


@dataclass(frozen=True, eq=False)
class NaturalPoint:
    """The likelihood of a truncated normal at natural parameters: the mean is divided by exp(intercept of log variance).

    As the mean goes to minus infinity the truncated normal becomes exponential, while its likelihood hardly changes along a
    curved ridge. In these parameters the ridge is straight and only one parameter runs away.
    """

    observations: Observations
    natural: Floats

    @cached_property
    def point(self) -> Point:
        """The likelihood at the ordinary parameters."""
        return Point(self.observations, from_natural(self.observations, self.natural))

    @property
    def value(self) -> float:
        """Log-likelihood."""
        return self.point.value

    @cached_property
    def gradient(self) -> Floats:
        """Its derivatives in the natural parameters."""
        gradient: Floats = self._jacobian.T @ self.point.gradient
        return gradient

    @cached_property
    def hessian(self) -> Floats:
        """Its second derivatives in the natural parameters."""
        hessian: Floats = self._jacobian.T @ self.point.hessian @ self._jacobian
        part = self.observations.parts
        mean, intercept = part["mean"], part["variance"].start
        bend = self.point.gradient[mean] * np.exp(self.natural[intercept])
        hessian[mean, intercept] += bend
        hessian[intercept, mean] += bend
        hessian[intercept, intercept] += bend @ self.natural[mean]
        return hessian

    @cached_property
    def _jacobian(self) -> Floats:
        part = self.observations.parts
        mean, intercept = part["mean"], part["variance"].start
        jacobian = np.eye(len(self.natural))
        variance = np.exp(self.natural[intercept])
        jacobian[mean, mean] *= variance
        jacobian[mean, intercept] = self.natural[mean] * variance
        return jacobian


def from_natural(o: Observations, natural: Floats) -> Floats:
    """Return the ordinary parameters."""
    theta = natural.copy()
    theta[o.parts["mean"]] *= np.exp(natural[o.parts["variance"].start])
    return theta


def to_natural(o: Observations, theta: Floats) -> Floats:
    """Return the natural parameters."""
    natural = theta.copy()
    natural[o.parts["mean"]] *= np.exp(-theta[o.parts["variance"].start])
    return natural
