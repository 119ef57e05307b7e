"""The integral behind every frontier with normal noise, and the moments of the truncated normal that it defines.

All of `sfa` rests on one function of two numbers: the integral of exp(a u - b u^2 / 2) over u >= 0. Substituting
u / sqrt(b) leaves one argument, x = a / sqrt(b): I(x) is the integral of exp(x u - u^2 / 2). Below zero I(x) is computed with
the scaled complementary error function and moments by a continued fraction, so that nothing cancels in either tail.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import erfcx, log_ndtr, ndtri_exp

Floats = NDArray[np.float64]

HALF_LOG_2PI: Final = 0.5 * np.log(2.0 * np.pi)
HALF_LOG_HALF_PI: Final = 0.5 * np.log(0.5 * np.pi)
#: Below, moments come from the continued fraction; its terms from here on leave an error under 1e-15 there.
TAIL: Final = -3.0
TERMS: Final = 40


@dataclass(frozen=True)
class Moments:
    """Moments of a variable u >= 0 with density proportional to exp(a u - b u^2 / 2); arrays of one shape.

    Attributes
    ----------
    first, second : ndarray
        Means of u and of u^2.
    variance, mixed, square : ndarray
        Var(u), Cov(u, -u^2 / 2) and Var(u^2 / 2): the second derivatives of the logarithm of the integral in a and b.
    """

    first: Floats
    second: Floats
    variance: Floats
    mixed: Floats
    square: Floats


def log_core(x: Floats) -> Floats:
    """Return log I(x) where x < 0, and log I(x) - x^2 / 2 elsewhere: the part that stays small."""
    is_below = x < 0.0
    is_above = ~is_below
    value = np.empty_like(x)
    value[is_below] = np.log(erfcx(-x[is_below] * np.sqrt(0.5))) + HALF_LOG_HALF_PI
    value[is_above] = log_ndtr(x[is_above]) + HALF_LOG_2PI
    return value


def log_integral(x: Floats) -> Floats:
    """Return log I(x), where I(x) is the integral of exp(x u - u^2 / 2) over u >= 0."""
    return log_core(x) + 0.5 * np.square(np.maximum(x, 0.0))


def normal_moments(x: Floats) -> Moments:
    """Return the moments for a = x and b = 1: a normal of mean x and variance 1, cut off below 0.

    With J(k) the integral of u^k exp(x u - u^2 / 2) and r(k) = J(k) / J(k - 1), integration by parts gives
    r(k) = k / (r(k + 1) - x), and all moments are products of the first four ratios.
    """
    mills = np.sqrt(2.0 / np.pi) / erfcx(-np.maximum(x, TAIL) * np.sqrt(0.5))
    r1 = np.maximum(x, TAIL) + mills
    r2 = 1.0 / r1 + np.maximum(x, TAIL)
    # The differences below are written so that they do not cancel for large x either.
    d21 = 1.0 / r1 - mills
    d31 = 2.0 / r2 - mills
    d4 = np.maximum(x, TAIL) * d31 + 2.0
    if (is_tail := x < TAIL).any():
        t1, t2, t3, t4 = _ratios(x[is_tail])
        r1[is_tail], r2[is_tail] = t1, t2
        d21[is_tail], d31[is_tail], d4[is_tail] = t2 - t1, t3 - t1, t3 * t4 - t1 * t2
    second = r1 * r2
    return Moments(r1, second, r1 * d21, -0.5 * second * d31, 0.25 * second * d4)


def moments(a: Floats, b: Floats) -> Moments:
    """Return the moments of the density proportional to exp(a u - b u^2 / 2) on u >= 0, for b > 0."""
    scale = 1.0 / np.sqrt(b)
    m = normal_moments(a * scale)
    square = np.square(scale)
    return Moments(
        m.first * scale, m.second * square, m.variance * square, m.mixed * square * scale, m.square * square * square
    )


def exponential_moments(rate: Floats) -> Moments:
    """Return the moments of the exponential distribution, b = 0 and a = -rate."""
    mean = 1.0 / rate
    square = np.square(mean)
    return Moments(mean, 2.0 * square, square, -2.0 * square * mean, 5.0 * square * square)


def expected_efficiency(a: Floats, b: Floats, shift: Floats | float = 1.0) -> Floats:
    """Return the mean of exp(-shift u) for the density proportional to exp(a u - b u^2 / 2) on u >= 0."""
    x, step = a / np.sqrt(b), shift / np.sqrt(b)
    below = x - step
    squares = np.where(
        below >= 0.0, step * (0.5 * step - x), np.where(x >= 0.0, -0.5 * np.square(np.maximum(x, 0.0)), 0.0)
    )
    value: Floats = np.exp(log_core(below) - log_core(x) + squares)
    return value


def upper_quantile(a: Floats, b: Floats, probability: float) -> Floats:
    """Return the u that is exceeded with the given probability, for the density proportional to exp(a u - b u^2 / 2)."""
    x = a / np.sqrt(b)
    value: Floats = (x - ndtri_exp(np.log(probability) + log_ndtr(x))) / np.sqrt(b)
    return np.maximum(value, 0.0)


def _ratios(x: Floats) -> list[Floats]:
    """Return r(1) to r(4) for x well below zero, by the continued fraction from its far end."""
    ratio = np.sqrt(0.25 * np.square(x) + TERMS) + 0.5 * x
    found: list[Floats] = []
    for k in range(TERMS, 0, -1):
        ratio = k / (ratio - x)
        if k <= 4:
            found.insert(0, ratio)
    return found
