"""The likelihood behind `sfa`: against numerical integration, textbook formulas and finite differences."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import log_ndtr
from scipy.stats import norm, truncnorm

from benchlib.efficiency.stochastic.coordinates import NaturalPoint, from_natural, orthonormal, standardise, to_natural
from benchlib.efficiency.stochastic.likelihood import NoisePoint, Observations, Point
from benchlib.efficiency.stochastic.moments import (
    expected_efficiency,
    exponential_moments,
    log_integral,
    moments,
    normal_moments,
    upper_quantile,
)

KINDS = ("half-normal", "exponential", "truncated-normal", "limit")
#: Of inefficiency over time: a unit per observation; four observations per unit; the same, and it decays.
PANELS = ("independent", "constant", "decay")


def observations(kind: str, panel: str, sign: float = 1.0, *, covariates: bool = True, seed: int = 0) -> Observations:
    """Forty observations with every covariate the model can have."""
    rng = np.random.default_rng(seed)
    n = 40
    per_unit = 1 if panel == "independent" else 4
    n_units = n // per_unit

    def design(rows: int, columns: int) -> np.ndarray:
        return np.column_stack([np.ones(rows), rng.normal(size=(rows, columns))])

    X, Q = design(n, 2), design(n, int(covariates))
    Z, W = design(n_units, int(covariates)), design(n_units, int(covariates))
    if kind not in ("truncated-normal", "limit"):
        Z = Z[:, :0]
    if kind == "limit":
        W = W[:, 1:]
    y = (
        X @ [1.0, 0.5, 0.4]
        + 0.3 * rng.normal(size=n)
        - sign * np.repeat(np.abs(rng.normal(size=n_units)) / 2, per_unit)
    )
    first = None if panel == "independent" else np.arange(0, n, 4)
    elapsed = np.tile([-4.0, -2.0, -1.0, 0.0], n // 4) if panel == "decay" else None
    return Observations(kind, sign, y, X, Q, Z, W, first, elapsed)


def parameters(o: Observations, seed: int = 1) -> np.ndarray:
    theta = 0.3 * np.random.default_rng(seed).normal(size=o.n_parameters)
    theta[o.parts["frontier"]] += [1.0, 0.5, 0.4]
    if o.kind == "limit":
        theta[o.parts["mean"].start] = -1.5
        theta[o.parts["mean"].start + 1 : o.parts["mean"].stop] *= 0.3
    return theta


def differences(function, at: np.ndarray, step: float = 1e-5) -> np.ndarray:
    """Central differences, one row per parameter."""
    rows = []
    for j in range(len(at)):
        move = np.zeros(len(at))
        move[j] = step
        rows.append((function(at + move) - function(at - move)) / (2 * step))
    return np.array(rows)


every_model = pytest.mark.parametrize(
    ("kind", "panel", "sign"), [(kind, panel, sign) for kind in KINDS for panel in PANELS for sign in (1.0, -1.0)]
)


@every_model
def test_density_is_the_integral_over_inefficiency(kind: str, panel: str, sign: float) -> None:
    """The density of the residuals of a unit is the mean over u of their normal densities given u."""
    o = observations(kind, panel, sign)
    point = Point(o, parameters(o))
    starts = range(len(o.y)) if o.first is None else o.first
    width = 1 if o.first is None else 4
    for unit, begin in list(enumerate(starts))[:6]:
        rows = slice(begin, begin + width)
        a, b = point.prior.a[unit], point.prior.b[unit]

        def weight(u: float, a: float = a, b: float = b) -> float:
            return float(np.exp(a * u - 0.5 * b * u * u))

        def together(u: float, rows: slice = rows, weight=weight) -> float:
            errors = (point.residual[rows] + point.path[rows] * u) * np.sqrt(point.precision[rows])
            return weight(u) * float(np.prod(norm.pdf(errors) * np.sqrt(point.precision[rows])))

        density = (
            quad(together, 0, np.inf, epsabs=0, epsrel=1e-11)[0] / quad(weight, 0, np.inf, epsabs=0, epsrel=1e-11)[0]
        )
        assert point.by_unit[unit] == pytest.approx(np.log(density), abs=1e-9)


@every_model
def test_score_and_hessian(kind: str, panel: str, sign: float) -> None:
    o = observations(kind, panel, sign)
    theta = parameters(o)
    point = Point(o, theta)
    numeric = differences(lambda at: Point(o, at).by_unit, theta)
    np.testing.assert_allclose(point.scores, numeric.T, rtol=1e-6, atol=1e-7)
    np.testing.assert_allclose(point.gradient, numeric.sum(axis=1), rtol=1e-6, atol=1e-6)
    curvature = differences(lambda at: Point(o, at).gradient, theta)
    np.testing.assert_allclose(point.hessian, curvature, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("panel", PANELS)
def test_one_row_stands_for_all_units_that_are_alike(panel: str) -> None:
    """Without covariates the distribution of u is computed once; derivatives agree all the same."""
    o = observations("truncated-normal", panel, covariates=False)
    assert o.is_alike
    theta = parameters(o)
    point = Point(o, theta)
    assert point.prior.a.shape == (1,)
    np.testing.assert_allclose(point.gradient, differences(lambda at: Point(o, at).value, theta), rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(
        point.hessian, differences(lambda at: Point(o, at).gradient, theta), rtol=1e-6, atol=1e-6
    )


def test_a_single_covariate_is_not_taken_for_a_constant() -> None:
    """The limit has no constant among the regressors of its variance: one column there differs from unit to unit."""
    o = observations("limit", "independent")
    o = replace(o, Z=o.Z[:, :1])
    assert not o.is_alike
    assert len(Point(o, parameters(o)).prior.a) == 40


@pytest.mark.parametrize("panel", PANELS)
@pytest.mark.parametrize("kind", ["truncated-normal"])
def test_natural_parameters(kind: str, panel: str) -> None:
    o = observations(kind, panel)
    theta = parameters(o)
    natural = to_natural(o, theta)
    np.testing.assert_allclose(from_natural(o, natural), theta)
    point = NaturalPoint(o, natural)
    assert point.value == pytest.approx(Point(o, theta).value)
    np.testing.assert_allclose(
        point.gradient, differences(lambda at: NaturalPoint(o, at).value, natural), rtol=1e-6, atol=1e-6
    )
    np.testing.assert_allclose(
        point.hessian, differences(lambda at: NaturalPoint(o, at).gradient, natural), rtol=1e-6, atol=1e-6
    )


def test_without_inefficiency() -> None:
    o = observations("half-normal", "independent")
    theta = np.array([1.0, 0.5, 0.4, -1.0, 0.3])
    point = NoisePoint(o, theta)
    scale = np.exp(0.5 * (o.Q @ theta[3:]))
    assert point.value == pytest.approx(norm.logpdf(o.y, o.X @ theta[:3], scale).sum())
    np.testing.assert_allclose(
        point.gradient, differences(lambda at: NoisePoint(o, at).value, theta), rtol=1e-6, atol=1e-6
    )
    np.testing.assert_allclose(
        point.hessian, differences(lambda at: NoisePoint(o, at).gradient, theta), rtol=1e-6, atol=1e-6
    )


def test_textbook_half_normal() -> None:
    """Aigner, Lovell and Schmidt (1977): 2 / sigma phi(e / sigma) (1 - Phi(e lambda / sigma))."""
    o = observations("half-normal", "independent", covariates=False)
    theta = np.array([1.1, 0.4, 0.5, np.log(0.3), np.log(0.05)])
    e, sigma, ratio = o.y - o.X @ theta[:3], np.sqrt(0.35), np.sqrt(0.3 / 0.05)
    expected = np.log(2 / sigma) + norm.logpdf(e / sigma) + log_ndtr(-e * ratio / sigma)
    np.testing.assert_allclose(Point(o, theta).by_unit, expected, rtol=1e-12)


def test_textbook_exponential() -> None:
    """Meeusen and van den Broeck (1977), with mean sigma_u."""
    o = observations("exponential", "independent", covariates=False)
    theta = np.array([1.1, 0.4, 0.5, np.log(0.3), np.log(0.05)])
    e, su, sv = o.y - o.X @ theta[:3], np.sqrt(0.3), np.sqrt(0.05)
    expected = -np.log(su) + 0.5 * (sv / su) ** 2 + e / su + log_ndtr(-(e / sv) - sv / su)
    np.testing.assert_allclose(Point(o, theta).by_unit, expected, rtol=1e-12)


def test_battese_coelli_1992() -> None:
    """Their appendix: the panel likelihood in sigma^2 = sigma_v^2 + sigma_u^2 and gamma = sigma_u^2 / sigma^2."""
    o = observations("truncated-normal", "decay", covariates=False)
    sigma2, gamma, mu, eta = 0.4, 0.7, 0.2, 0.05
    theta = np.array([1.1, 0.4, 0.5, mu, np.log(gamma * sigma2), np.log((1 - gamma) * sigma2), eta])
    e = (o.y - o.X @ theta[:3]).reshape(-1, 4)
    path = np.exp(-eta * o.elapsed).reshape(-1, 4)
    more = 1 + (np.sum(path**2, axis=1) - 1) * gamma
    z = mu / np.sqrt(gamma * sigma2)
    z_star = (mu * (1 - gamma) - gamma * np.sum(path * e, axis=1)) / np.sqrt(gamma * (1 - gamma) * sigma2 * more)
    expected = (
        -0.5 * 4 * (np.log(2 * np.pi) + np.log(sigma2))
        - 0.5 * 3 * np.log(1 - gamma)
        - 0.5 * np.log(more)
        - log_ndtr(z)
        - 0.5 * z**2
        + log_ndtr(z_star)
        + 0.5 * z_star**2
        - 0.5 * np.sum(e**2, axis=1) / ((1 - gamma) * sigma2)
    )
    np.testing.assert_allclose(Point(o, theta).by_unit, expected, rtol=1e-11)


def test_battese_coelli_1995() -> None:
    """Their working paper's appendix: the mean of the truncated normal depends on covariates."""
    o = observations("truncated-normal", "independent")
    sigma2, gamma = 0.4, 0.7
    theta = np.array([1.1, 0.4, 0.5, 0.2, -0.3, np.log(gamma * sigma2), 0.0, np.log((1 - gamma) * sigma2), 0.0])
    e, mean = o.y - o.X @ theta[:3], o.Z @ theta[3:5]
    d = mean / np.sqrt(gamma * sigma2)
    d_star = ((1 - gamma) * mean - gamma * e) / np.sqrt(gamma * (1 - gamma) * sigma2)
    expected = -0.5 * (np.log(2 * np.pi * sigma2) + (e + mean) ** 2 / sigma2) - log_ndtr(d) + log_ndtr(d_star)
    np.testing.assert_allclose(Point(o, theta).by_unit, expected, rtol=1e-11)


@pytest.mark.parametrize("x", [-60.0, -8.0, -3.0001, -3.0, -2.9999, -0.5, 0.0, 1.5, 12.0])
def test_moments(x: float) -> None:
    """Against SciPy's quadrature of exp(x u - u^2 / 2), scaled by its peak, on both sides of the change of method."""
    peak, width = max(x, 0.0), 12.0 if x > -3 else 45.0 / abs(x)

    def integral(power: int) -> float:
        def density(u: float) -> float:
            return u**power * np.exp(x * u - 0.5 * u * u - 0.5 * peak * peak)

        return quad(density, 0, peak + width, points=[peak] if peak else None, epsabs=0, epsrel=1e-13, limit=200)[0]

    whole = integral(0)
    m1, m2, m3, m4 = (integral(power) / whole for power in (1, 2, 3, 4))
    found = normal_moments(np.array([x]))
    expected = (m1, m2, m2 - m1**2, -0.5 * (m3 - m1 * m2), 0.25 * (m4 - m2**2))
    values = (found.first, found.second, found.variance, found.mixed, found.square)
    np.testing.assert_allclose(np.concatenate(values), expected, rtol=2e-9 if abs(x) > 10 else 1e-11)
    assert log_integral(np.array([x]))[0] == pytest.approx(np.log(whole) + 0.5 * peak * peak, rel=1e-12)


@pytest.mark.parametrize("x", [-1e8, -1e4, -300.0])
def test_far_tail_is_exponential(x: float) -> None:
    """Far below zero the truncated normal is exponential with mean 1 / |x|; nothing cancels."""
    found = normal_moments(np.array([x]))
    assert found.first[0] * -x == pytest.approx(1, rel=2 / x**2 + 1e-14)
    assert found.variance[0] * x * x == pytest.approx(1, rel=10 / x**2 + 1e-13)
    assert found.square[0] * x**4 == pytest.approx(5, rel=100 / x**2 + 1e-12)
    assert log_integral(np.array([x]))[0] == pytest.approx(-np.log(-x), rel=1e-5)


def test_exponential_moments() -> None:
    """k! / rate^k, and the limit of the truncated normal whose variance grows while mean / variance stays."""
    found = exponential_moments(np.array([2.0]))
    near = moments(np.array([-2.0]), np.array([1e-12]))
    for name, value in {"first": 1 / 2, "second": 2 / 4, "variance": 1 / 4, "mixed": -2 / 8, "square": 5 / 16}.items():
        assert getattr(found, name)[0] == pytest.approx(value)
        assert getattr(near, name)[0] == pytest.approx(value, rel=1e-9)


def test_efficiency_and_quantiles() -> None:
    """Against SciPy's truncated normal; a = mean / variance, b = 1 / variance."""
    mean, scale, path = np.array([-2.0, -0.1, 0.0, 0.4, 3.0]), 0.5, np.array([1.0, 0.7, 1.3, 1.0, 1.0])
    a, b = mean / scale**2, np.full(5, 1 / scale**2)
    law = truncnorm(-mean / scale, np.inf, loc=mean, scale=scale)
    for probability in (0.025, 0.5, 0.975):
        np.testing.assert_allclose(upper_quantile(a, b, probability), law.isf(probability), rtol=1e-9)
    np.testing.assert_allclose(moments(a, b).first, law.mean(), rtol=1e-9)
    for unit in range(5):
        one = truncnorm(-mean[unit] / scale, np.inf, loc=mean[unit], scale=scale)
        expected = quad(
            lambda u, one=one, unit=unit: np.exp(-path[unit] * u) * one.pdf(u), 0, 20, points=[max(mean[unit], 0.1)]
        )[0]
        assert expected_efficiency(a, b, path)[unit] == pytest.approx(expected, rel=1e-8)


def test_nothing_is_lost_far_out() -> None:
    """Residuals a thousand noises from the frontier, on either side: the likelihood is that of the nearest simple model."""
    one = np.ones((2, 1))
    o = Observations("half-normal", 1.0, np.array([-1.0, 1e-3]), one, one, one[:, :0], one)
    below, above = Point(o, np.array([0.0, 0.0, np.log(1e-6)])).by_unit
    assert below == pytest.approx(np.log(2) + norm.logpdf(1.0), abs=1e-5)
    assert above == pytest.approx(np.log(2) + norm.logpdf(0.0) + log_ndtr(-1.0), abs=1e-3)
    # Inefficiency of mean 2 with hardly any variance is a shift of the frontier.
    t = Observations("truncated-normal", 1.0, np.array([-1.9, -2.3]), one, one, one, one)
    point = Point(t, np.array([0.0, 2.0, np.log(1e-14), np.log(0.04)]))
    np.testing.assert_allclose(point.by_unit, norm.logpdf([0.1, -0.3], scale=0.2), rtol=1e-6)


def test_standard_units() -> None:
    """The likelihood in standard units is that in reported ones at the transformed parameters, whatever the scale of covariates."""
    o = observations("truncated-normal", "decay")
    wild = Observations(
        o.kind, o.sign, o.y * 7 + 300, o.X * [1, 1e3, 1e-4], o.Q * [1, 1e6], o.Z * [1, 1e-6], o.W, o.first, o.elapsed
    )
    standard = standardise(wild)
    s = standard.observations
    for design in (s.X, s.Q, s.W):
        np.testing.assert_allclose(design.T @ design / len(design), np.eye(design.shape[1]), atol=1e-10)
        np.testing.assert_array_equal(design[:, 0], 1.0)
    assert np.mean(s.y**2) == pytest.approx(1)
    assert np.abs(s.X.T @ s.y).max() < 1e-8
    theta = 0.3 * np.random.default_rng(2).normal(size=o.n_parameters)
    reported = standard.transform @ theta + standard.shift
    assert Point(wild, reported).value == pytest.approx(Point(s, theta).value + standard.log_jacobian, rel=1e-9)


def test_orthonormal_without_constant() -> None:
    design = np.random.default_rng(3).normal(size=(30, 3)) * [1e-5, 1.0, 1e7]
    columns, mapping = orthonormal(design)
    np.testing.assert_allclose(design @ mapping, columns, atol=1e-9)
    np.testing.assert_allclose(columns.T @ columns / 30, np.eye(3), atol=1e-10)
