"""Truncated regression: against another tool, against the likelihood written out, and where there is no maximum."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.optimize import approx_fprime
from scipy.stats import kstest, norm, truncnorm
from statsmodels.base.model import GenericLikelihoodModel

from benchlib.efficiency.environment.likelihood import (
    covariance,
    draw_truncated,
    excess_moments,
    fit_truncated,
    truncated_mean,
)
from benchlib.efficiency.environment.truncated import TruncatedRegressionResult, truncated_regression
from benchlib.errors import NotConvergedWarning, OptionError, SampleError
from tests.efficiency.reference import REFERENCE


def log_likelihood(parameters: np.ndarray, y: np.ndarray, Z: np.ndarray, limit: float, side: str) -> float:
    """The textbook formula: normal densities over the probability of being seen."""
    mean, sigma = Z @ parameters[:-1], parameters[-1]
    seen = norm.logsf(limit, mean, sigma) if side == "left" else norm.logcdf(limit, mean, sigma)
    return float(np.sum(norm.logpdf(y, mean, sigma) - seen))


def simulate(seed: int, n: int = 200) -> tuple[np.ndarray, np.ndarray]:
    """Outcomes above 1 with coefficients 1, 0.5, -0.3 and sigma 0.6, and their context."""
    rng = np.random.default_rng(seed)
    Z = np.column_stack([np.ones(n), rng.standard_normal((n, 2))])
    return draw_truncated(Z @ [1.0, 0.5, -0.3], 0.6, 1.0, rng.uniform(size=n)), Z


@pytest.fixture(scope="module")
def left1() -> pd.DataFrame:
    return pd.read_csv(REFERENCE / "truncreg" / "left1.csv")


@pytest.fixture(scope="module")
def fitted(left1: pd.DataFrame) -> TruncatedRegressionResult:
    return truncated_regression(left1["y"], left1[["z1", "z2"]])


# Against other tools ------------------------------------------------------------------------------------------------


def test_estimates_of_another_tool(fitted: TruncatedRegressionResult) -> None:
    expected = pd.read_csv(REFERENCE / "truncreg" / "left1_fitted.csv")
    found = fitted.coefficients
    assert found["term"].tolist() == expected["term"].tolist()
    np.testing.assert_allclose(found["estimate"], expected["estimate"], rtol=1e-7)
    np.testing.assert_allclose(found["standard_error"], expected["standard_error"], rtol=1e-6)
    assert fitted.info["log_likelihood"] == pytest.approx(expected["log_likelihood"][0], abs=1e-9)
    assert fitted.info["gradient"] < 1e-10


class Textbook(GenericLikelihoodModel):  # type: ignore[misc]
    """statsmodels' machinery on the textbook formula, with numerical derivatives."""

    def loglike(self, params: np.ndarray) -> float:
        return log_likelihood(np.append(params[:-1], np.exp(params[-1])), self.endog, self.exog, 1.0, "left")


@pytest.mark.filterwarnings("ignore:df_:UserWarning")
def test_statsmodels_climbs_to_the_same_maximum() -> None:
    y, Z = simulate(1)
    fit = fit_truncated(y[None, :], Z, 1.0, "left")
    start = np.append(np.linalg.lstsq(Z, y, rcond=None)[0], 0.0)
    theirs = Textbook(y, Z).fit(start_params=start, method="bfgs", disp=False, gtol=1e-6, maxiter=500)
    np.testing.assert_allclose(fit.beta[0], theirs.params[:-1], atol=1e-5)
    assert fit.log_likelihood[0] == pytest.approx(theirs.llf, abs=1e-8)
    errors = np.sqrt(np.diagonal(covariance(Z, fit.beta[0], fit.sigma[0], 1.0, "left")))
    np.testing.assert_allclose(errors[:-1], theirs.bse[:-1], rtol=1e-3)


# The arithmetic -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("a", [-40.0, -3.0, 0.0, 1.0, 4.9, 5.1, 30.0, 1e4, 1e8])
def test_moments_of_a_truncated_normal_variable(a: float) -> None:
    """By numerical integration over x = (u - a) / size; far above 0 the distribution is nearly exponential."""
    size = 1.0 / max(1.0, a)
    edges = [0.0, 5.0, 60.0] if a >= 0.0 else [max(0.0, -a - 12.0), -a, 12.0 - a]

    def moment(k: int) -> float:
        def density(x: float) -> float:
            return x**k * np.exp(-a * size * x - (size * x) ** 2 / 2 - (a**2 / 2 if a < 0 else 0.0))

        return sum(quad(density, *pair, epsabs=0, epsrel=1e-10)[0] for pair in pairwise(edges))

    found = [float(v[0]) for v in excess_moments(np.array([a]))]
    expected = [moment(k) / moment(0) * size**k for k in range(1, 5)]
    np.testing.assert_allclose(found, expected, rtol=1e-8)


@pytest.mark.parametrize("side", ["left", "right"])
def test_the_maximum_of_the_textbook_formula(side: str) -> None:
    y, Z = simulate(2)
    sign = 1.0 if side == "left" else -1.0
    limit = 1.0 if side == "left" else 2.0
    y = y if side == "left" else 3.0 - y
    fit = fit_truncated(y[None, :], Z, limit, side)
    top = np.append(fit.beta[0], fit.sigma[0])
    assert fit.is_converged[0]
    assert fit.log_likelihood[0] == pytest.approx(log_likelihood(top, y, Z, limit, side), rel=1e-12)
    slope = approx_fprime(top, log_likelihood, 1e-6, y, Z, limit, side)
    np.testing.assert_allclose(slope, 0.0, atol=1e-2)
    for j in range(4):
        for step in (-1e-3, 1e-3):
            beside = top.copy()
            beside[j] += step
            assert log_likelihood(beside, y, Z, limit, side) < fit.log_likelihood[0]
    np.testing.assert_allclose(fit.beta[0, 1:] * sign, [0.5, -0.3], atol=0.15)


def test_covariance_is_the_inverse_of_the_curvature() -> None:
    y, Z = simulate(3)
    for side, outcome, limit in (("left", y, 1.0), ("right", -y, -1.0)):
        fit = fit_truncated(outcome[None, :], Z, limit, side)
        top, h = np.append(fit.beta[0], fit.sigma[0]), 1e-4
        hessian = np.empty((4, 4))
        for i in range(4):
            for j in range(4):
                values = []
                for a, b in ((h, h), (h, -h), (-h, h), (-h, -h)):
                    beside = top.copy()
                    beside[i] += a
                    beside[j] += b
                    values.append(log_likelihood(beside, outcome, Z, limit, side))
                hessian[i, j] = (values[0] - values[1] - values[2] + values[3]) / (4 * h * h)
        found = covariance(Z, fit.beta[0], fit.sigma[0], limit, side)
        np.testing.assert_allclose(found @ -hessian, np.eye(4), atol=1e-4)


def test_a_fit_does_not_depend_on_those_beside_it() -> None:
    rng = np.random.default_rng(4)
    _, Z = simulate(4)
    Y = draw_truncated(Z @ [1.0, 0.5, -0.3], 0.6, 1.0, rng.uniform(size=(600, 200)))
    Y[3] = 1.0 + rng.lognormal(0.0, 2.0, 200)
    together = fit_truncated(Y, Z, 1.0, "left")
    assert not together.is_converged[3]
    assert together.is_converged.sum() == 599
    for b in (0, 3, 300, 599):
        alone = fit_truncated(Y[b : b + 1], Z, 1.0, "left")
        assert bool(alone.is_converged[0]) == bool(together.is_converged[b])
        if together.is_converged[b]:
            np.testing.assert_allclose(alone.beta[0], together.beta[b], rtol=1e-8)
    # Estimates scatter about the truth by what the information says.
    kept = together.beta[together.is_converged]
    spread = np.sqrt(np.diagonal(covariance(Z, np.array([1.0, 0.5, -0.3]), 0.6, 1.0, "left")))[:-1]
    np.testing.assert_allclose(kept.mean(axis=0), [1.0, 0.5, -0.3], atol=0.05)
    np.testing.assert_allclose(kept.std(axis=0), spread, rtol=0.25)


@settings(max_examples=30, deadline=None)
@given(
    unit=st.sampled_from([1e-9, 1e-3, 1.0, 1e6, 1e12]),
    scales=st.tuples(*[st.sampled_from([1e-9, 1.0, 1e12])] * 2),
    shift=st.floats(-5.0, 5.0),
)
def test_units_of_measurement_do_not_matter(unit: float, scales: tuple[float, float], shift: float) -> None:
    y, Z = simulate(5, 80)
    base = fit_truncated(y[None, :], Z, 1.0, "left")
    W = Z * np.array([1.0, *scales])
    fit = fit_truncated(unit * (y[None, :] + shift), W, unit * (1.0 + shift), "left")
    assert fit.is_converged[0]
    np.testing.assert_allclose(fit.beta[0, 1:], base.beta[0, 1:] * unit / np.array(scales), rtol=1e-6)
    np.testing.assert_allclose(fit.sigma, base.sigma * unit, rtol=1e-6)


def test_a_limit_far_away_leaves_least_squares() -> None:
    y, Z = simulate(6)
    fit = fit_truncated(y[None, :], Z, -50.0, "left")
    beta, squares, *_ = np.linalg.lstsq(Z, y, rcond=None)
    np.testing.assert_allclose(fit.beta[0], beta, rtol=1e-6)
    assert fit.sigma[0] == pytest.approx(np.sqrt(squares[0] / len(y)), rel=1e-6)


def test_least_squares_would_be_wrong() -> None:
    """Truncation flattens: with units unseen below the limit, the slope by least squares is half of the true one."""
    rng = np.random.default_rng(7)
    z = rng.standard_normal(2000)
    y = 0.5 + z + rng.standard_normal(2000)
    seen = y > 1.0
    context = pd.DataFrame({"z": z[seen]})
    ours = truncated_regression(pd.Series(y[seen]), context).coefficients.set_index("term")
    assert ours.loc["z", "low"] < 1.0 < ours.loc["z", "high"]
    assert np.polyfit(z[seen], y[seen], 1)[0] < 0.6


@pytest.mark.parametrize(("mean", "sigma"), [(2.0, 0.5), (0.9, 0.3), (-3.0, 0.4), (-60.0, 1.0)])
def test_draws_follow_the_truncated_distribution(mean: float, sigma: float) -> None:
    uniforms = np.random.default_rng(8).uniform(size=4000)
    drawn = draw_truncated(np.full(4000, mean), sigma, 1.0, uniforms)
    assert drawn.min() >= 1.0
    assert np.isfinite(drawn).all()
    if mean > -60.0:
        assert kstest(drawn, truncnorm((1.0 - mean) / sigma, np.inf, mean, sigma).cdf).pvalue > 0.01
    assert drawn.mean() == pytest.approx(truncated_mean(np.array([mean]), sigma, 1.0)[0], rel=0.02)
    assert draw_truncated(np.array([mean]), sigma, 1.0, np.array([1.0]))[0] == pytest.approx(1.0)


# The table ----------------------------------------------------------------------------------------------------------


def test_intervals_and_tests_follow_from_estimate_and_error(fitted: TruncatedRegressionResult) -> None:
    table = fitted.coefficients.set_index("term")
    z1 = table.loc["z1"]
    assert z1["z"] == pytest.approx(z1["estimate"] / z1["standard_error"])
    assert z1["p_value"] == pytest.approx(2 * norm.sf(z1["z"]))
    assert z1["low"] == pytest.approx(z1["estimate"] - norm.ppf(0.975) * z1["standard_error"])
    assert np.isnan(table.loc["sigma", "z"])
    assert table.loc["sigma", "low"] * table.loc["sigma", "high"] == pytest.approx(table.loc["sigma", "estimate"] ** 2)
    np.testing.assert_allclose(np.diagonal(fitted.covariance), table["standard_error"] ** 2)


def test_expected_outcomes_are_means_of_what_is_seen(fitted: TruncatedRegressionResult, left1: pd.DataFrame) -> None:
    scores, beta = fitted.scores, fitted.coefficients["estimate"].to_numpy()
    mean, sigma = beta[0] + left1[["z1", "z2"]].to_numpy() @ beta[1:3], beta[3]
    expected = truncnorm((1.0 - mean) / sigma, np.inf, mean, sigma).mean()
    np.testing.assert_allclose(scores["expected"], expected, rtol=1e-9)
    np.testing.assert_allclose(scores["outcome"] - scores["expected"], scores["residual"])
    # The first equation of the likelihood: residuals add up to nothing.
    assert scores["residual"].sum() == pytest.approx(0.0, abs=1e-8)


def test_the_right_side_mirrors_the_left(fitted: TruncatedRegressionResult, left1: pd.DataFrame) -> None:
    mirrored = truncated_regression(-left1["y"], left1[["z1", "z2"]], limit=-1.0, side="right")
    flipped = mirrored.coefficients["estimate"] * [-1.0, -1.0, -1.0, 1.0]
    np.testing.assert_allclose(flipped, fitted.coefficients["estimate"], rtol=1e-10)
    np.testing.assert_allclose(mirrored.scores["expected"], -fitted.scores["expected"], rtol=1e-10)
    assert "outcome < -1" in mirrored.title


def test_categories_are_compared_with_a_stated_level() -> None:
    y, Z = simulate(9)
    kind = np.where(Z[:, 1] > 0.5, "city", np.where(Z[:, 1] > -0.5, "town", "novads"))
    outcome = pd.Series(y)
    text = truncated_regression(outcome, pd.DataFrame({"kind": kind, "is_far": Z[:, 2] > 0}))
    assert text.coefficients["term"].tolist() == ["intercept", "kind[novads]", "kind[town]", "is_far", "sigma"]
    assert dict(text.info["reference_levels"]) == {"kind": "city", "is_far": "False"}
    by_hand = pd.DataFrame({"a": kind == "novads", "b": kind == "town", "c": Z[:, 2] > 0}).astype(float)
    numbers = truncated_regression(outcome, by_hand)
    np.testing.assert_allclose(text.coefficients["estimate"], numbers.coefficients["estimate"])
    ordered = pd.Categorical(kind, categories=["town", "city", "novads", "nobody"])
    own_order = truncated_regression(outcome, pd.DataFrame({"kind": ordered}))
    assert own_order.coefficients["term"].tolist() == ["intercept", "kind[city]", "kind[novads]", "sigma"]
    assert own_order.info["reference_levels"]["kind"] == "town"


def test_looks(fitted: TruncatedRegressionResult, left1: pd.DataFrame) -> None:
    assert fitted.title == "Truncated regression, outcome > 1; 160 units, log-likelihood 1.0466"
    assert "z2   -0.8063" in fitted.summary()
    assert fitted._repr_html_().count("<tr") == 5
    assert repr(truncated_regression(left1["y"], left1[["z1", "z2"]])) == repr(fitted)


def test_rows_are_matched_by_unit(fitted: TruncatedRegressionResult, left1: pd.DataFrame) -> None:
    shuffled = left1["y"].sample(frac=1, random_state=1)
    again = truncated_regression(shuffled, left1[["z1", "z2"]])
    pd.testing.assert_frame_equal(again.scores, fitted.scores)


# Where there is no maximum, and bad input ---------------------------------------------------------------------------


def test_spread_as_wide_as_the_exponential_has_no_maximum() -> None:
    rng = np.random.default_rng(10)
    outcome = pd.Series(1.0 + rng.lognormal(0.0, 1.5, 60), index=[f"u{i}" for i in range(60)])
    context = pd.DataFrame({"z": rng.standard_normal(60)}, index=outcome.index)
    with pytest.warns(NotConvergedWarning, match=f"farthest from the limit: {outcome.idxmax()}") as caught:
        result = truncated_regression(outcome, context)
    assert [one.filename for one in caught] == [__file__]
    assert not result.info["converged"]
    assert result.coefficients[["estimate", "standard_error", "low", "high"]].isna().all(axis=None)
    assert result.scores["expected"].isna().all()
    assert np.isnan(result.info["log_likelihood"])
    assert result.title.endswith("not converged")


def test_an_outcome_without_any_error_has_no_maximum_either() -> None:
    z = np.linspace(0.0, 1.0, 20)
    with pytest.warns(NotConvergedWarning):
        result = truncated_regression(pd.Series(2.0 + z), pd.DataFrame({"z": z}))
    assert result.coefficients["estimate"].isna().all()


Y, CONTEXT = pd.Series([1.5, 2.0, 1.2, 3.0, 1.1, 1.9, 2.2, 1.4]), pd.DataFrame({"z": np.arange(8.0)})


@pytest.mark.parametrize(
    ("outcome", "context", "message"),
    [
        (Y.to_numpy(), CONTEXT, "outcome must be a Series and context a DataFrame"),
        (Y, CONTEXT["z"], "must be a Series and context a DataFrame, .* not Series and Series"),
        (Y, CONTEXT[[]], "context has no columns"),
        (Y.iloc[:7], CONTEXT, "must name the same units, each once; not so for 7"),
        (Y.set_axis([0, 1, 2, 3, 4, 5, 6, 6]), CONTEXT, "not so for 7"),
        (Y.astype(str), CONTEXT, "outcome holds .*, not numbers"),
        (Y.mask(Y == 2.0), CONTEXT, "finite and above the limit 1; not so for 1"),
        (Y.replace(2.0, 1.0), CONTEXT, "above the limit 1; not so for 1"),
        (Y.replace(2.0, np.inf), CONTEXT, "must be finite and above the limit 1; not so for 1"),
        (Y, CONTEXT.assign(z=CONTEXT["z"].mask(CONTEXT["z"] == 3.0)), r"Context is missing for 3 \(z\)"),
        (Y, CONTEXT.assign(z=1.0), "Constant: z"),
        (Y, CONTEXT.assign(w="novads"), "Constant: w"),
        (Y, CONTEXT.assign(w=2 * CONTEXT["z"] + 1), "Follows from the other context variables: w"),
        (Y, CONTEXT.assign(w=CONTEXT["z"].replace(3.0, np.inf)), r"Context is infinite for 3 \(w\)"),
        (Y, CONTEXT.assign(w=pd.Timestamp("2021-07-01")), "'w' holds datetime64"),
        (Y, CONTEXT.assign(a=[1, 0] * 4, b=[1, 1, 0, 0] * 2), "There are 8 units for 5 parameters .* at least 10"),
    ],
)
def test_bad_input(outcome: Any, context: Any, message: str) -> None:
    with pytest.raises(SampleError, match=message):
        truncated_regression(outcome, context)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"side": "lower"}, "side='lower' is not an option"),
        ({"limit": np.nan}, "limit=nan is not a number"),
        ({"limit": "1"}, "limit='1' is not a number"),
        ({"level": 95}, "level=95 is not a probability"),
    ],
)
def test_wrong_options(words: dict[str, Any], message: str) -> None:
    with pytest.raises(OptionError, match=message):
        truncated_regression(Y, CONTEXT, **words)
