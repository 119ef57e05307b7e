"""Where to start climbing a likelihood: parameters that agree with the moments of the least-squares residuals."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from benchlib.efficiency.stochastic.likelihood import Observations, Point
from benchlib.efficiency.stochastic.moments import normal_moments

Floats = NDArray[np.float64]

#: Shares of the residual variance that inefficiency may have.
SHARES: Final = (0.1, 0.3, 0.5, 0.7, 0.9)
#: Share at a start with hardly any inefficiency, and variance of the noise at one with hardly any noise.
LITTLE: Final = 0.02
#: A start whose log-likelihood is lower than the best one by more than this is not tried.
HOPELESS: Final = 30.0


def starts(o: Observations, location: float) -> list[Floats]:
    """Return the start with the best share of inefficiency, and one with hardly any noise unless it is hopeless.

    Small samples often have a second maximum with little noise. The second start, with the frontier on the outermost unit,
    leads there.

    Parameters
    ----------
    o : Observations
        In standard units, so that least squares is zero and the residuals have variance 1.
    location : float
        Mean of the normal before truncation, in its standard deviations; minus infinity for an exponential.

    Returns
    -------
    list of ndarray, shape (k,)
    """
    _, second = _moments(o, location)
    found = [start(o, location, share) for share in SHARES]
    outermost = float(np.max(o.sign * o.y))
    found.append(_assemble(o, location, outermost, np.sqrt((1.0 + outermost**2) / second), LITTLE))
    values = [Point(o, theta).value for theta in found]
    best = int(np.argmax(values))
    last = len(found) - 1
    return [found[best]] if best == last or values[last] < values[best] - HOPELESS else [found[best], found[last]]


def start(o: Observations, location: float, share: float) -> Floats:
    """Return parameters at which inefficiency has a share of the residual variance, and noise the rest."""
    first, second = _moments(o, location)
    spread = float(np.sqrt(share / (second - first**2)))
    return _assemble(o, location, first * spread, spread, 1.0 - share)


def _moments(o: Observations, location: float) -> tuple[float, float]:
    """Return the means of u and u^2 for sigma_u = 1, or for an exponential of mean 1."""
    if np.isinf(location) or o.kind == "exponential":
        return 1.0, 2.0
    m = normal_moments(np.array([location]))
    return float(m.first[0]), float(m.second[0])


def _assemble(o: Observations, location: float, shift: float, spread: float, noise: float) -> Floats:
    """Return parameters with the frontier above least squares by a shift, u in units of spread, and a noise variance."""
    theta, part = np.zeros(o.n_parameters), o.parts
    theta[0] = o.sign * shift
    if o.mean_has_constant:
        theta[part["mean"].start] = -1.0 / spread if o.kind == "limit" else location * spread
    if o.kind != "limit":
        theta[part["variance"].start] = 2.0 * np.log(spread)
    theta[part["noise"].start] = np.log(noise)
    return theta
