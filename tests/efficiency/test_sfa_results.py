"""What `sfa` hands back: scores, coefficients, the test for inefficiency, and its edges said plainly."""

from __future__ import annotations

from math import erf

import numpy as np
import pandas as pd
import pytest
from scipy.stats import chi2

from benchlib.efficiency import Sample
from benchlib.efficiency.stochastic import newton
from benchlib.efficiency.stochastic.frontier import sfa
from benchlib.efficiency.stochastic.results import SfaResult, critical_value, exceedance
from benchlib.errors import AssumptionWarning, NotConvergedWarning
from tests.efficiency.sfa_samples import NUMBERS, estimates, sample, table


def test_edge_exponential_limit() -> None:
    given = sample(table(300, 4, exponential=True, sigma_u=0.3))
    with pytest.warns(AssumptionWarning, match="mean of the truncated normal runs to minus infinity"):
        result = sfa(given, distribution="truncated-normal")
    exponential = sfa(given, distribution="exponential")
    assert result.info["boundary"] == "exponential limit"
    assert "boundary: exponential limit" in result.title
    assert result.loglik == pytest.approx(exponential.loglik, abs=1e-9)
    np.testing.assert_allclose(result.scores[NUMBERS], exponential.scores[NUMBERS], rtol=1e-6)
    shared = ["const", "ln(x1)", "ln(x2)", "ln sigma_v^2: const"]
    for column in ("estimate", "standard_error", "low", "high"):
        np.testing.assert_allclose(estimates(result, column)[shared], estimates(exponential, column)[shared], rtol=1e-6)
    assert estimates(result)["mean: const"] == -np.inf
    assert estimates(result)["ln sigma_u^2: const"] == np.inf
    assert estimates(result, "standard_error")[["mean: const", "ln sigma_u^2: const"]].isna().all()
    assert np.isnan(result.info["sigma_u"])
    # Indeed the likelihood grows on the way there.
    model, mean = result.estimation.model, 1 / np.exp(-0.5 * estimates(exponential)["ln sigma_u^2: const"])
    values = []
    for variance in (4.0, 40.0, 400.0):
        theta = np.array([*estimates(result)[:3], -variance / mean, np.log(variance), estimates(result).iloc[-1]])
        values.append(model.loglike(theta))
    assert values == sorted(values)
    assert values[-1] < result.loglik


def test_edge_no_noise() -> None:
    figures = table(40, 0, sigma_v=0.0)
    with pytest.warns(AssumptionWarning, match="greatest without noise"):
        result = sfa(sample(figures))
    assert result.info["boundary"] == "no noise"
    assert result.info["sigma_v"] == 0.0
    assert result.info["gamma"] == 1.0
    assert estimates(result, "standard_error").isna().all()
    assert estimates(result)["ln sigma_v^2: const"] == -np.inf
    ratio = figures["y"] / result.predict(sample(figures))
    assert ratio.max() <= 1 + 1e-4
    np.testing.assert_allclose(result.scores["efficiency"], np.minimum(ratio, 1), atol=1e-4)


def test_edge_no_noise_is_not_preferred_to_a_maximum_inside() -> None:
    """In small samples the likelihood is often higher where the frontier touches some units; the result says so."""
    result = sfa(sample(table(30, 3, sigma_u=0.3, sigma_v=0.2)))
    assert result.converged
    assert not result.at_boundary
    assert result.info["is_exceeded"]
    assert not sfa(sample(table(3000, 1))).info["is_exceeded"]


def test_edge_noise_in_part_is_no_answer() -> None:
    """Where covariates take the noise from some units, the likelihood may grow without limit."""
    figures = table(60, 1)
    figures["z"] = figures["z"] > 0
    with pytest.warns(NotConvergedWarning, match=r"noise=\.\.\. can take all noise from some units"):
        result = sfa(sample(figures), noise="z")
    assert result.scores["efficiency"].isna().all()


def test_edge_inefficiency_in_part() -> None:
    """One of two groups is skewed the wrong way, and a dummy tells them apart."""
    figures = table(200, 0)
    figures["z"] = figures["z"] > 0
    figures.loc[figures["z"], "y"] *= np.exp(2 * figures["u"])
    with pytest.warns(AssumptionWarning, match="some units have no inefficiency at all"):
        result = sfa(sample(figures), variance="z")
    assert result.info["boundary"] == "inefficiency in part"
    best = result.scores.loc[figures["z"], "efficiency"]
    assert best.min() > 1 - 1e-6
    assert result.scores.loc[~figures["z"], "efficiency"].max() < 1 - 1e-3
    errors = estimates(result, "standard_error")
    assert errors[["ln sigma_u^2: const", "ln sigma_u^2: z"]].isna().all()
    assert errors[["const", "ln(x1)", "ln sigma_v^2: const"]].notna().all()


def test_edge_wrong_skewness_of_a_cost_frontier() -> None:
    figures = table(200, 24)
    turned = Sample.from_table(figures, inputs="y", outputs=["x1", "x2"])
    with pytest.warns(AssumptionWarning, match="inefficiency makes the skewness positive"):
        result = sfa(turned, frontier="cost")
    assert result.info["skewness"] < 0
    assert result.info["boundary"] == "no inefficiency"


def test_edge_no_inefficiency_with_everything_else() -> None:
    """Covariates, decay and noise that depends on context: at the edge the model is a regression."""
    figures = table(300, 25, sigma_u=0.0, sigma_v=0.2)
    figures["y"] *= np.exp(0.3 * np.abs(np.random.default_rng(1).normal(size=300)))
    with pytest.warns(AssumptionWarning):
        result = sfa(sample(figures), noise="z")
    assert result.info["boundary"] == "no inefficiency"
    assert result.loglik > result.info["loglik_ols"]
    assert result.inefficiency_test.statistic == 0.0
    assert estimates(result, "standard_error")["ln sigma_v^2: z"] > 0


@pytest.mark.parametrize("options", [{}, {"distribution": "truncated-normal"}], ids=str)
def test_edge_not_converged(options: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(newton, "ROUNDS", 2)
    with pytest.warns(NotConvergedWarning, match="no maximum that could be found"):
        result = sfa(sample(table(100, 26)), **options)
    assert not result.converged
    assert "not converged" in result.title
    assert result.scores[NUMBERS].isna().all(axis=None)
    assert len(result.scores) == 100
    numbers = ["estimate", "standard_error", "z", "p", "low", "high"]
    assert result.coefficients[numbers].isna().all(axis=None)
    assert np.isnan([result.loglik, result.info["gamma"], result.inefficiency_test.p]).all()
    assert result.predict(sample(table(3, 26))).isna().all()
    assert "nan" in result.summary()


@pytest.fixture(scope="module")
def result() -> SfaResult:
    return sfa(sample(table(150, 27)), level=0.9)


def test_scores(result: SfaResult) -> None:
    scores = result.scores
    assert scores.columns.tolist() == ["unit", "name", *NUMBERS]
    assert ((scores["low"] < scores["jlms"]) & (scores["jlms"] < scores["efficiency"])).all()
    assert ((scores["efficiency"] < scores["high"]) & (scores["high"] < 1)).all()
    np.testing.assert_allclose(scores["jlms"], np.exp(-scores["inefficiency"]))
    wide = sfa(sample(table(150, 27)), level=0.99).scores
    assert ((wide["low"] < scores["low"]) & (wide["high"] > scores["high"])).all()


def test_predict(result: SfaResult) -> None:
    e = estimates(result)
    elsewhere = Sample.from_table(
        pd.DataFrame({"x2": [2.0, 3.0], "x1": [5.0, 1.0], "other": [1.0, 1.0]}, index=["A", "B"]),
        ["x2", "x1"],
        "other",
    )
    predicted = result.predict(elsewhere)
    expected = np.exp(e["const"]) * np.array([5.0, 1.0]) ** e["ln(x1)"] * np.array([2.0, 3.0]) ** e["ln(x2)"]
    np.testing.assert_allclose(predicted, expected)
    assert (predicted.index.tolist(), predicted.name) == (["A", "B"], "y")


def test_residual_is_noise_less_inefficiency(result: SfaResult) -> None:
    """Jondrow et al. (1982), half-normal: the mean of u given e, written out."""
    figures = table(150, 27)
    e = np.log(figures["y"] / result.predict(sample(figures))).to_numpy()
    su, sv = result.info["sigma_u"], result.info["sigma_v"]
    mean, scale = -e * su**2 / (su**2 + sv**2), su * sv / np.hypot(su, sv)
    z = mean / scale
    hazard = np.exp(-0.5 * z**2) / np.sqrt(2 * np.pi) / (0.5 * (1 + np.vectorize(erf)(z / np.sqrt(2))))
    np.testing.assert_allclose(result.scores["inefficiency"], mean + scale * hazard, rtol=1e-7)


def test_info(result: SfaResult) -> None:
    i = result.info
    assert i["sigma_squared"] == pytest.approx(i["sigma_u"] ** 2 + i["sigma_v"] ** 2)
    assert i["gamma"] == pytest.approx(i["sigma_u"] ** 2 / i["sigma_squared"])
    assert i["lambda"] == pytest.approx(i["sigma_u"] / i["sigma_v"])
    assert (i["method"], i["frontier"], i["distribution"], i["level"]) == ("SFA", "production", "half-normal", 0.9)
    assert (i["n_units"], i["n_periods"], i["n_observations"], i["boundary"]) == (150, None, 150, "")
    with pytest.raises(TypeError):
        i["gamma"] = 0.5


def test_inefficiency_test(result: SfaResult) -> None:
    test = result.inefficiency_test
    assert test.statistic == pytest.approx(2 * (result.loglik - result.info["loglik_ols"]))
    assert test.p == pytest.approx(0.5 * chi2.sf(test.statistic, 1))
    assert (test.restrictions, test.level) == (1, 0.9)
    assert f"p = {test.p:.4f}" in str(test)
    truncated = sfa(sample(table(300, 3, mean=0.6)), distribution="truncated-normal", mean="z").inefficiency_test
    assert truncated.restrictions == 3


@pytest.mark.parametrize(
    ("restrictions", "level", "value"),
    [
        (1, 0.9, 1.642),
        (1, 0.95, 2.706),
        (1, 0.99, 5.412),
        (2, 0.95, 5.138),
        (3, 0.95, 7.045),
        (3, 0.99, 10.501),
        (4, 0.95, 8.761),
    ],
)
def test_kodde_palm(restrictions: int, level: float, value: float) -> None:
    """D. A. Kodde and F. C. Palm (1986), table 1, one inequality among the restrictions."""
    assert critical_value(restrictions, level) == pytest.approx(value, abs=6e-4)
    assert exceedance(critical_value(restrictions, level), restrictions) == pytest.approx(1 - level)


def test_statsmodels(result: SfaResult) -> None:
    estimation = result.estimation
    text = str(estimation.summary())
    assert "ln sigma_u^2: const" in text
    assert "ln(y)" in text
    assert estimation.aic == pytest.approx(10 - 2 * result.loglik)
    assert estimation.bic == pytest.approx(5 * np.log(150) - 2 * result.loglik)
    constant_returns = estimation.t_test((np.array([[0, 1, 1, 0, 0]]), np.array([1])))
    assert 0 <= float(constant_returns.pvalue) <= 1
    assert float(estimation.wald_test(np.eye(5)[1:3], scalar=True).pvalue) < 1e-10
    np.testing.assert_allclose(estimation.conf_int(alpha=0.1), result.coefficients[["low", "high"]])
    outer = np.linalg.inv(
        estimation.model.score_obs(estimation.params).T @ estimation.model.score_obs(estimation.params)
    )
    np.testing.assert_allclose(np.diag(estimation.covjac), np.diag(outer), rtol=1e-6)
    np.testing.assert_allclose(estimation.covjac, estimation.cov_params(), rtol=1.0, atol=0.01)


def test_looks(result: SfaResult) -> None:
    assert repr(result) == repr(sfa(sample(table(150, 27)), level=0.9))
    assert result.summary() == sfa(sample(table(150, 27)), level=0.9).summary()
    assert "SFA, production frontier, cobb-douglas, half-normal; 150 units" in repr(result)
    for word in ("ln(x1)", "gamma", "Likelihood ratio", "skewness"):
        assert word in result.summary()
    assert "<table" in result._repr_html_()
