"""The log-likelihood of all frontier models, with its exact score and Hessian.

Output (or minus cost) is ln y = x'beta + v - h u: noise v of variance exp(q'noise), inefficiency u >= 0 of the unit, and a path
h = exp(-eta (t - T)) over time (1 unless inefficiency decays). Every distribution of u here has a density proportional to
exp(a u - b u^2 / 2), so given the residuals e of a unit u has a density of the same kind, with A = a - sum(h e / s2) and
B = b + sum(h^2 / s2) for noise variances s2. Hence one formula, with I(a, b) the integral of that density:

    log L = sum of log normal densities of e  +  log I(A, B) - log I(a, b),

whose derivatives are moments of u given e minus moments of u.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from benchlib.efficiency.stochastic.moments import (
    HALF_LOG_2PI,
    Floats,
    Moments,
    exponential_moments,
    log_core,
    moments,
)

#: Distributions of inefficiency. `limit` is the truncated normal as its mean goes to minus infinity: exponential, with
#: the rate -z'mean exp(-w'variance).
Kind = Literal["half-normal", "exponential", "truncated-normal", "limit"]
PARTS: Final = ("frontier", "mean", "variance", "noise", "decay")


@dataclass(frozen=True, eq=False)
class Observations:
    """What the likelihood is made of: n observations of N units (n = N unless inefficiency persists over periods).

    Attributes
    ----------
    kind : str
        Distribution of inefficiency.
    sign : float
        1 for a production frontier, -1 for a cost frontier.
    y : ndarray, shape (n,)
        Log of output or cost; the observations of a unit stand together.
    X, Q : ndarrays, shapes (n, kx) and (n, kq)
        Regressors of the frontier and of log noise variance.
    Z, W : ndarrays, shapes (N, kz) and (N, kw)
        Regressors of the mean of the truncated normal and of its log variance.
    first : ndarray, shape (N,), optional
        Where each unit begins; None if every observation is a unit of its own.
    elapsed : ndarray, shape (n,), optional
        t - T; None unless inefficiency decays.
    """

    kind: Kind
    sign: float
    y: Floats
    X: Floats
    Q: Floats
    Z: Floats
    W: Floats
    first: NDArray[np.int64] | None = None
    elapsed: Floats | None = None

    @cached_property
    def parts(self) -> dict[str, slice]:
        """Where the parameters of each of `PARTS` stand."""
        widths = [design.shape[1] for design in (self.X, self.Z, self.W, self.Q)] + [int(self.elapsed is not None)]
        ends = np.cumsum(widths).tolist()
        return {name: slice(end - width, end) for name, end, width in zip(PARTS, ends, widths, strict=True)}

    @cached_property
    def n_parameters(self) -> int:
        """How many parameters there are."""
        return int(self.parts["decay"].stop)

    @cached_property
    def is_alike(self) -> bool:
        """Whether inefficiency has the same distribution for all units, so that one row stands for all."""
        return bool(np.all(self.W == 1.0) and np.all(self.Z == 1.0))

    @cached_property
    def mean_has_constant(self) -> bool:
        """Whether the regressors of the mean begin with a constant."""
        return self.Z.shape[1] > 0 and bool(np.all(self.Z[:, 0] == 1.0))

    def by_unit(self, values: Floats) -> Floats:
        """Sum rows of observations, shape (n, ...), within units."""
        return values if self.first is None else np.add.reduceat(values, self.first, axis=0)

    def by_observation(self, values: Floats) -> Floats:
        """Repeat rows of units, shape (N, ...), for their observations."""
        if self.first is None:
            return values
        return np.repeat(values, np.diff(np.append(self.first, len(self.y))), axis=0)


@dataclass(frozen=True, eq=False)
class Prior:
    """The distribution of inefficiency: a and b of each unit, shape (N,) or (1,) if all are alike, and their derivatives.

    `a_s`, `a_g` and `a_gg` are derivatives of a in the location s = z'mean and the log variance g = w'variance. The mixed one is
    -a_s, and b has the derivatives -b and b in g.
    """

    a: Floats
    b: Floats
    a_s: Floats
    a_g: Floats
    a_gg: Floats

    def log_core(self) -> Floats:
        """Log of the integral of exp(a u - b u^2 / 2), less a^2 / 2b where a > 0."""
        if not self.b.any():
            return -np.log(-self.a)
        value: Floats = log_core(self.a / np.sqrt(self.b)) - 0.5 * np.log(self.b)
        return value

    def moments(self) -> Moments:
        """Moments of inefficiency before its residuals are known."""
        return moments(self.a, self.b) if self.b.any() else exponential_moments(-self.a)


class Point:
    """The likelihood at one parameter vector; derivatives are computed when they are asked for.

    Attributes
    ----------
    a, b : ndarrays, shape (N,)
        Inefficiency of each unit given its residuals: density proportional to exp(a u - b u^2 / 2).
    path : ndarray, shape (n,)
        h, what a unit's u is multiplied with in each observation.
    """

    def __init__(self, observations: Observations, theta: Floats) -> None:
        o = self.observations = observations
        part = o.parts
        self.residual: Floats = o.sign * (o.y - o.X @ theta[part["frontier"]])
        self.precision: Floats = np.exp(-(o.Q @ theta[part["noise"]]))
        self.path = np.ones_like(o.y) if o.elapsed is None else np.exp(-theta[-1] * o.elapsed)
        rows = slice(0, 1) if o.is_alike else slice(None)
        self.prior = prior_of(o.kind, o.Z[rows] @ theta[part["mean"]], o.W[rows] @ theta[part["variance"]])
        self.weighted = self.precision * self.path
        self.total = o.by_unit(self.weighted * self.path)
        self.sum = o.by_unit(self.weighted * self.residual)
        self.a = self.prior.a - self.sum
        self.b = self.prior.b + self.total

    @cached_property
    def by_unit(self) -> Floats:
        """Log-likelihood of each unit, shape (N,)."""
        o, prior = self.observations, self.prior
        # Squares of residuals are split into those within units and that of their sum, and the latter is combined by hand with
        # the squares of both integrals: with little noise, or much certainty about u, they are huge and cancel.
        deviation = self.residual - self.path * o.by_observation(self.sum / self.total)
        own = 0.5 * np.log(self.precision) - 0.5 * self.precision * np.square(deviation) - HALF_LOG_2PI
        x = self.a / np.sqrt(self.b)
        squares = np.where(x < 0.0, -0.5 * np.square(self.sum) / self.total, self._square_above())
        if (is_above := prior.a > 0.0).any():
            mean = np.divide(prior.a, prior.b, out=np.zeros_like(prior.a), where=is_above)
            apart = squares - 0.5 * mean * prior.a
            together = -0.5 * np.square(self.sum + mean * self.total) * prior.b / (self.b * self.total)
            squares = np.where(is_above, np.where(x < 0.0, apart, together), squares)
        value: Floats = o.by_unit(own) + squares + log_core(x) - 0.5 * np.log(self.b) - prior.log_core()
        return value

    def _square_above(self) -> Floats:
        """What is left of the squares where x > 0: x^2 / 2 less that of the sum of residuals, without their difference."""
        cross = self.prior.a * (self.prior.a - 2.0 * self.sum)
        squares: Floats = 0.5 * (cross - np.square(self.sum) * self.prior.b / self.total) / self.b
        return squares

    @cached_property
    def value(self) -> float:
        """Log-likelihood; minus infinity where it does not exist."""
        total = float(np.sum(self.by_unit))
        return total if np.isfinite(total) else -np.inf

    @cached_property
    def given(self) -> Moments:
        """Moments of inefficiency given the residuals, of each unit."""
        return moments(self.a, self.b)

    @cached_property
    def before(self) -> Moments:
        """Moments of inefficiency before the residuals are known, of each unit."""
        return self.prior.moments()

    @cached_property
    def scores(self) -> Floats:
        """Derivatives of the log-likelihood of each unit, shape (N, parameters)."""
        o, prior = self.observations, self.prior
        u, uu = o.by_observation(self.given.first), o.by_observation(self.given.second)
        error = self.residual + self.path * u
        noise = np.square(self.residual) + self.path * (2.0 * self.residual * u + self.path * uu)
        by_a = self.given.first - self.before.first
        by_b = -0.5 * (self.given.second - self.before.second)
        blocks = [
            o.by_unit((o.sign * self.precision * error)[:, None] * o.X),
            (by_a * prior.a_s)[:, None] * o.Z,
            (by_a * prior.a_g - by_b * prior.b)[:, None] * o.W,
            o.by_unit((0.5 * (self.precision * noise - 1.0))[:, None] * o.Q),
        ]
        if o.elapsed is not None:
            fall = o.elapsed * self.weighted * (self.residual * u + self.path * uu)
            blocks.append(o.by_unit(fall)[:, None])
        return np.hstack(blocks)

    @cached_property
    def gradient(self) -> Floats:
        """Derivatives of the log-likelihood, shape (parameters,)."""
        total: Floats = self.scores.sum(axis=0)
        return total

    @cached_property
    def hessian(self) -> Floats:
        """Second derivatives of the log-likelihood, shape (parameters, parameters)."""
        jacobian_a, jacobian_b = self._jacobians()
        inside = slice(self.observations.parts["mean"].start, self.observations.parts["variance"].stop)
        found = _quadratic(self.given, jacobian_a, jacobian_b) + self._curvature()
        prior_b = np.zeros_like(jacobian_b)
        prior_b[:, self.observations.parts["variance"]] = -self.prior.b[:, None] * self.observations.W
        found[inside, inside] -= _quadratic(self.before, jacobian_a[:, inside], prior_b[:, inside])
        return found

    def _jacobians(self) -> tuple[Floats, Floats]:
        """Derivatives of a and b given the residuals, shapes (N, parameters)."""
        o, prior = self.observations, self.prior
        zero_x, zero_z = np.zeros((len(o.W), o.X.shape[1])), np.zeros_like(o.Z)
        pull, weight = self.weighted * self.residual, self.weighted * self.path
        of_a = [
            o.by_unit((o.sign * self.weighted)[:, None] * o.X),
            prior.a_s[:, None] * o.Z,
            prior.a_g[:, None] * o.W,
            o.by_unit(pull[:, None] * o.Q),
        ]
        of_b = [zero_x, zero_z, -prior.b[:, None] * o.W, o.by_unit(-weight[:, None] * o.Q)]
        if o.elapsed is not None:
            of_a.append(o.by_unit(o.elapsed * pull)[:, None])
            of_b.append(o.by_unit(-2.0 * o.elapsed * weight)[:, None])
        return np.hstack(of_a), np.hstack(of_b)

    def _curvature(self) -> Floats:
        """What second derivatives of residuals, noise, path and prior add to the Hessian."""
        o, prior, part = self.observations, self.prior, self.observations.parts
        u, uu = o.by_observation(self.given.first), o.by_observation(self.given.second)
        e, p, h = self.residual, self.precision, self.path
        by_a = self.given.first - self.before.first
        by_b = -0.5 * (self.given.second - self.before.second)
        cross = {
            ("frontier", "frontier"): _cross(o.X, -p, o.X),
            ("frontier", "noise"): _cross(o.X, -o.sign * p * (e + h * u), o.Q),
            ("noise", "noise"): _cross(o.Q, -0.5 * p * (np.square(e) + h * (2.0 * e * u + h * uu)), o.Q),
            ("mean", "variance"): _cross(o.Z, -by_a * prior.a_s, o.W),
            ("variance", "variance"): _cross(o.W, by_a * prior.a_gg + by_b * prior.b, o.W),
        }
        if o.elapsed is not None:
            t = o.elapsed[:, None]
            fall = -self.weighted * (e * u + h * uu)
            cross["frontier", "decay"] = _cross(o.X, -o.sign * self.weighted * u, t)
            cross["noise", "decay"] = _cross(o.Q, fall, t)
            cross["decay", "decay"] = _cross(t, fall - self.weighted * h * uu, t)
        found = np.zeros((o.n_parameters, o.n_parameters))
        for (row, column), block in cross.items():
            found[part[row], part[column]] = block
            found[part[column], part[row]] = block.T
        return found


class NoisePoint:
    """The likelihood without inefficiency at one vector of frontier and noise parameters."""

    def __init__(self, observations: Observations, theta: Floats) -> None:
        self.designs = observations.X, observations.Q
        beta, noise = np.split(theta, [observations.X.shape[1]])
        self.residual = observations.y - observations.X @ beta
        self.log_variance = observations.Q @ noise
        self.precision = np.exp(-self.log_variance)

    @cached_property
    def value(self) -> float:
        """Log-likelihood."""
        terms = self.log_variance + self.precision * np.square(self.residual)
        return float(-0.5 * terms.sum() - HALF_LOG_2PI * len(self.residual))

    @cached_property
    def gradient(self) -> Floats:
        """Its derivatives."""
        X, Q = self.designs
        pull = self.precision * self.residual
        return np.concatenate([X.T @ pull, 0.5 * (Q.T @ (pull * self.residual - 1.0))])

    @cached_property
    def hessian(self) -> Floats:
        """Its second derivatives."""
        X, Q = self.designs
        pull = (self.precision * self.residual)[:, None]
        mixed = -X.T @ (pull * Q)
        frontier = -X.T @ (self.precision[:, None] * X)
        noise = -0.5 * Q.T @ (pull * self.residual[:, None] * Q)
        return np.block([[frontier, mixed], [mixed.T, noise]])


def prior_of(kind: Kind, location: Floats, log_variance: Floats) -> Prior:
    """Return the distribution of inefficiency of each unit from z'mean and w'variance."""
    if kind == "exponential":
        a = -np.exp(-0.5 * log_variance)
        zero = np.zeros_like(a)
        return Prior(a, zero, zero, -0.5 * a, 0.25 * a)
    scale = np.exp(-log_variance)
    zero = np.zeros_like(scale)
    if kind == "half-normal":
        return Prior(zero, scale, zero, zero, zero)
    a = location * scale
    return Prior(a, zero if kind == "limit" else scale, scale, -a, a)


def _quadratic(m: Moments, of_a: Floats, of_b: Floats) -> Floats:
    """Return the sum over units of their Jacobians around the second derivatives of the log integral."""
    along_a = m.variance[:, None] * of_a + m.mixed[:, None] * of_b
    along_b = m.mixed[:, None] * of_a + m.square[:, None] * of_b
    value: Floats = of_a.T @ along_a + of_b.T @ along_b
    return value


def _cross(left: Floats, weight: Floats, right: Floats) -> Floats:
    value: Floats = left.T @ (weight[:, None] * right)
    return value
