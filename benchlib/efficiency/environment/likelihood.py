"""Regression with a truncated normal outcome, on arrays: the likelihood, its maximum, and draws from it.

The outcome y = z'b + e, with e normal of standard deviation s, is seen only where it exceeds a limit c [1]_. With t = y - c and (g, h) =
(b, less c in the intercept, 1) / s^2 the log-density is z'g t - h t^2 / 2 - A, where A = log int_0^inf exp(z'g t - h t^2 / 2) dt. This is
an exponential family, so A is convex and the log-likelihood concave in (g, h): Newton's method, with the covariances of
(z t, -t^2 / 2) as curvature, finds the maximum from anywhere, if there is one.

References
----------
.. [1] J. A. Hausman and D. A. Wise (1977). Social experimentation, truncated distributions, and efficient estimation.
   Econometrica 45(4), 919-938. https://doi.org/10.2307/1912682
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import erfcx, log_ndtr, ndtri_exp

from benchlib.efficiency.nonparametric.solution import share_out

Floats = NDArray[np.float64]

#: From this many standard deviations below the limit on, recurrences lose digits and a continued fraction is used instead.
FAR: Final = 5.0
#: Terms of the continued fraction; at `FAR` it is exact to rounding.
TERMS: Final = 20
#: Most Newton steps, and most halvings of one step.
STEPS: Final = 60
HALVINGS: Final = 30
#: Greatest entry of the gradient at a maximum, per observation, for an outcome and a context of size 1.
FLAT: Final = 1e-11
#: Below this h (for an outcome of size 1) the maximum has run away to the exponential distribution, s = infinity.
VANISHING: Final = 1e-8
#: A step goes at most this share of the way to h = 0.
SHARE: Final = 0.9
#: Numbers per block of replications, so that a block stays in the processor's cache.
BLOCK: Final = 50_000


@dataclass(frozen=True, eq=False)
class TruncatedFit:
    """Maxima of B likelihoods.

    Attributes
    ----------
    beta : ndarray, shape (B, k)
        Coefficients.
    sigma : ndarray, shape (B,)
        Standard deviation of the untruncated normal distribution.
    log_likelihood : ndarray, shape (B,)
        At the coefficients.
    gradient : ndarray, shape (B,)
        Greatest entry of the gradient, see `FLAT`.
    is_converged : ndarray, shape (B,)
        Where it is not, the other numbers are where the search stopped.
    """

    beta: Floats
    sigma: Floats
    log_likelihood: Floats
    gradient: Floats
    is_converged: NDArray[np.bool_]


class _Problem(NamedTuple):
    """B likelihoods in standard form: limit 0 from below, size 1, orthogonal context."""

    Q: Floats
    """Context, shape (n, k), with orthogonal columns of mean square 1."""
    products: Floats
    """Products of each two columns of Q, shape (n, k * k)."""
    first: Floats
    """Mean of t times context, shape (B, k)."""
    second: Floats
    """Half the mean of t^2, shape (B,)."""


def excess_moments(a: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """Return the first four moments of u - a, where u is standard normal given that it exceeds a.

    With v_0 = 1 they follow v_{k+1} = k v_{k-1} - a v_k from the first, the inverse Mills ratio less a. Far above 0 the differences
    cancel; there the ratios r_{k-1} = v_k / v_{k-1} = k / (a + r_k) are found from far k downwards.

    Parameters
    ----------
    a : ndarray
        Limits in standard deviations above the mean, of any shape.

    Returns
    -------
    tuple of four ndarray, each of the shape of `a`
    """
    v1 = np.sqrt(2.0 / np.pi) / erfcx(a / np.sqrt(2.0)) - a
    v2 = 1.0 - a * v1
    v3 = 2.0 * v1 - a * v2
    v4 = 3.0 * v2 - a * v3
    is_far = a > FAR
    if is_far.any():
        x = a[is_far]
        ratio = np.zeros_like(x)
        ratios = []
        for k in range(TERMS, 0, -1):
            ratio = k / (x + ratio)
            ratios.append(ratio)
        for moment, value in zip((v1, v2, v3, v4), np.cumprod(ratios[:-5:-1], axis=0), strict=True):
            moment[is_far] = value
    return v1, v2, v3, v4


def truncated_mean(mean: Floats, sigma: float, limit: float) -> Floats:
    """Return the expected outcome above the limit, given the mean of the untruncated distribution."""
    expected: Floats = limit + sigma * excess_moments((limit - mean) / sigma)[0]
    return expected


def draw_truncated(mean: Floats, sigma: float, limit: float, uniforms: Floats) -> Floats:
    """Return draws from the normal distribution truncated from below, by inverting its distribution function.

    Parameters
    ----------
    mean : ndarray, shape (n,)
        Means of the untruncated distributions.
    sigma : float
        Their standard deviation.
    limit : float
        No draw is below.
    uniforms : ndarray, shape (..., n)
        Numbers in (0, 1); the probability of exceeding the draw.

    Returns
    -------
    ndarray, shape (..., n)
    """
    above = ndtri_exp(np.log(uniforms) + log_ndtr((mean - limit) / sigma))
    drawn: Floats = np.maximum(mean - sigma * above, limit)
    return drawn


def fit_truncated(Y: Floats, Z: Floats, limit: float, side: str) -> TruncatedFit:
    """Fit B truncated regressions on the same context.

    Parameters
    ----------
    Y : ndarray, shape (B, n)
        Outcomes, each on the right side of the limit.
    Z : ndarray, shape (n, k)
        Context; the first column is the constant 1, and no column is a combination of the others.
    limit : float
        What is not beyond it was not seen.
    side : {"left", "right"}
        On which side of the distribution the limit cuts: outcomes lie above a left limit and below a right one.

    Returns
    -------
    TruncatedFit
        Free of chance; a regression does not depend on those beside it.
    """
    n, k = Z.shape
    Q, R = np.linalg.qr(Z)
    sign = 1.0 if side == "left" else -1.0
    scale = np.sqrt(np.mean((Y - limit) ** 2, axis=1, keepdims=True))
    found = np.zeros((len(Y), k + 4))
    height = max(1, BLOCK // n)

    def work(first: int, last: int) -> None:
        for start in range(first * height, min(last * height, len(Y)), height):
            block = slice(start, min(start + height, len(Y)))
            found[block] = _maximise(_problem(sign * (Y[block] - limit) / scale[block], Q * np.sqrt(n)))

    share_out(work, -(-len(Y) // height), 100 * Y.size)
    g, h, value, slope, is_flat = found[:, :k], found[:, k], found[:, k + 1], found[:, k + 2], found[:, k + 3]
    with np.errstate(divide="ignore", invalid="ignore"):
        beta = np.linalg.solve(R, (np.sqrt(n) * sign * scale * g / h[:, None]).T).T
        beta[:, 0] += limit
        sigma = scale[:, 0] / np.sqrt(h)
    return TruncatedFit(beta, sigma, n * (value - np.log(scale[:, 0])), slope, is_flat == 1.0)


def covariance(Z: Floats, beta: Floats, sigma: float, limit: float, side: str) -> Floats:
    """Return the inverse of the information about (beta, sigma) at a maximum of the likelihood.

    In (g, h) expected and observed information are the same, so at the maximum this is the observed information in (beta, sigma) too.

    Parameters
    ----------
    Z : ndarray, shape (n, k)
        Context, the constant 1 first.
    beta : ndarray, shape (k,)
        Coefficients.
    sigma : float
        Standard deviation of the untruncated distribution.
    limit, side
        As in `fit_truncated`.

    Returns
    -------
    ndarray, shape (k + 1, k + 1)
    """
    k = Z.shape[1]
    sign = 1.0 if side == "left" else -1.0
    location = sign * (Z @ beta - limit) / sigma
    v1, v2, v3, v4 = excess_moments(-location)
    # Of the outcome in units of sigma: t = v, so that g = location and h = 1.
    cross = -0.5 * (v3 - v1 * v2)
    Q, R = np.linalg.qr(Z)
    information = np.zeros((k + 1, k + 1))
    information[:k, :k] = (Q.T * (v2 - v1**2)) @ Q
    information[:k, k] = information[k, :k] = Q.T @ cross
    information[k, k] = 0.25 * np.sum(v4 - v2**2)
    # From (g, h) to (beta, sigma), with the columns of Q as context and sigma as unit: g = b / s^2, h = 1 / s^2 at s = 1.
    change = np.eye(k + 1)
    change[:k, k] = -2.0 * (Q.T @ location)
    change[k, k] = -2.0
    back = np.eye(k + 1)
    back[:k, :k] = np.linalg.inv(R) * sign
    inverse = np.linalg.inv(change.T @ information @ change)
    result: Floats = sigma**2 * back @ inverse @ back.T
    return result


def _problem(T: Floats, Q: Floats) -> _Problem:
    n, k = Q.shape
    products = (Q[:, :, None] * Q[:, None, :]).reshape(n, k * k)
    return _Problem(Q, products, T @ Q / n, 0.5 * np.mean(T**2, axis=1))


def _start(p: _Problem) -> Floats:
    """Return (g, h) of the regression by least squares, shape (B, k + 1)."""
    variance = np.maximum(2.0 * p.second - np.sum(p.first**2, axis=1), 1e-6 * p.second)
    start: Floats = np.column_stack([p.first, np.ones(len(p.first))]) / variance[:, None]
    return start


def _value(p: _Problem, rows: NDArray[np.int64], theta: Floats) -> Floats:
    """Return the mean log-likelihoods of the problems `rows` at (g, h), shape (len(rows),); -inf where h is not positive."""
    h = theta[:, -1:]
    with np.errstate(divide="ignore", invalid="ignore"):
        a = -(theta[:, :-1] @ p.Q.T) / np.sqrt(h)
        tail = np.where(a > 0.0, np.log(0.5 * erfcx(np.maximum(a, 0.0) / np.sqrt(2.0))), 0.5 * a**2 + log_ndtr(-a))
        value = (
            np.sum(theta[:, :-1] * p.first[rows], axis=1)
            - h[:, 0] * p.second[rows]
            - 0.5 * np.log(2.0 * np.pi / h[:, 0])
            - tail.mean(axis=1)
        )
    return np.where(np.isfinite(value) & (h[:, 0] > 0.0), value, -np.inf)


def _slope(p: _Problem, rows: NDArray[np.int64], theta: Floats) -> tuple[Floats, Floats]:
    """Return gradient, shape (b, k + 1), and curvature (minus the Hessian), shape (b, k + 1, k + 1), of the mean."""
    n, k = p.Q.shape
    s = 1.0 / np.sqrt(theta[:, -1:])
    v1, v2, v3, v4 = excess_moments(-(theta[:, :-1] @ p.Q.T) * s)
    gradient = np.column_stack(
        [p.first[rows] - s * (v1 @ p.Q) / n, 0.5 * s[:, 0] ** 2 * v2.mean(axis=1) - p.second[rows]]
    )
    curvature = np.empty((len(rows), k + 1, k + 1))
    curvature[:, :k, :k] = (s**2 * ((v2 - v1**2) @ p.products) / n).reshape(-1, k, k)
    curvature[:, :k, k] = curvature[:, k, :k] = -0.5 * s**3 * ((v3 - v1 * v2) @ p.Q) / n
    curvature[:, k, k] = 0.25 * s[:, 0] ** 4 * np.mean(v4 - v2**2, axis=1)
    return gradient, curvature


def _maximise(p: _Problem) -> Floats:
    """Return g, h, mean log-likelihood, greatest slope and whether it is a maximum (1.0), shape (B, k + 4)."""
    theta = _start(p)
    everyone = np.arange(len(theta))
    value = _value(p, everyone, theta)
    slope = np.full(len(theta), np.inf)
    active = everyone
    for _ in range(STEPS):
        gradient, curvature = _slope(p, active, theta[active])
        slope[active] = np.abs(gradient).max(axis=1)
        diagonal = np.diagonal(curvature, axis1=1, axis2=2)
        is_open = (slope[active] > FLAT) & (theta[active, -1] > VANISHING) & (diagonal > 0.0).all(axis=1)
        active, gradient, curvature = active[is_open], gradient[is_open], curvature[is_open]
        if not len(active):
            break
        # A hair above singular whatever rounding does; the step is a direction, the gradient decides.
        curvature = curvature + 1e-13 * np.eye(curvature.shape[1]) * np.diagonal(curvature, axis1=1, axis2=2)[:, None]
        step = np.linalg.solve(curvature, gradient[:, :, None])[:, :, 0]
        active = _walk(p, active, theta, value, step, np.sum(step * gradient, axis=1))
    is_maximum = (slope <= FLAT) & (theta[:, -1] > VANISHING)
    return np.column_stack([theta, value, slope, is_maximum])


def _walk(
    p: _Problem, active: NDArray[np.int64], theta: Floats, value: Floats, step: Floats, gain: Floats
) -> NDArray[np.int64]:
    """Go along the steps as far as the likelihood rises; `theta` and `value` are changed. Return who could move."""
    farthest = SHARE * theta[active, -1]
    length = farthest / np.maximum(-step[:, -1], farthest)
    waiting = np.arange(len(active))
    for _ in range(HALVINGS):
        rows = active[waiting]
        tried = theta[rows] + length[waiting, None] * step[waiting]
        risen = _value(p, rows, tried)
        # What a step so short could gain is lost in rounding; Newton's direction is trusted there.
        is_risen = (risen >= value[rows] + 1e-4 * length[waiting] * gain[waiting]) | (
            np.isfinite(risen) & (gain[waiting] < 1e-12)
        )
        theta[rows[is_risen]], value[rows[is_risen]] = tried[is_risen], risen[is_risen]
        waiting = waiting[~is_risen]
        if not len(waiting):
            break
        length[waiting] *= 0.5
    return np.delete(active, waiting)
