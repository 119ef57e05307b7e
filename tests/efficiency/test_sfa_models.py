"""What `sfa` estimates: the truth of simulated samples, the same whatever the units, and its edges said plainly."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize
from scipy.stats import norm, truncnorm

from benchlib.efficiency import Sample
from benchlib.efficiency.stochastic import newton, search
from benchlib.efficiency.stochastic.frontier import sfa
from benchlib.efficiency.stochastic.likelihood import Observations, Point
from benchlib.efficiency.stochastic.results import SfaResult
from tests.efficiency.sfa_samples import BETA, NUMBERS, estimates, panel, sample, table


def assert_near_truth(result: SfaResult, truth: dict[str, float]) -> None:
    """Every estimate within four of its standard errors, and these not so great that anything would do."""
    errors = estimates(result, "standard_error")[list(truth)]
    assert (errors < 0.5).all()
    distance = (estimates(result)[list(truth)] - pd.Series(truth)) / errors
    assert distance.abs().max() < 4


FRONTIER = {"const": BETA[0], "ln(x1)": BETA[1], "ln(x2)": BETA[2]}


def quiet(given: Sample, **options: object) -> SfaResult:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return sfa(given, **options)


def test_truth_half_normal() -> None:
    figures = table(3000, 1)
    result = sfa(sample(figures))
    assert_near_truth(result, FRONTIER | {"ln sigma_u^2: const": np.log(0.16), "ln sigma_v^2: const": np.log(0.0225)})
    inside = np.exp(-figures["u"]).between(result.scores["low"], result.scores["high"]).mean()
    assert inside == pytest.approx(0.95, abs=0.02)
    assert np.corrcoef(figures["u"], result.scores["inefficiency"])[0, 1] > 0.8


def test_truth_exponential() -> None:
    result = sfa(sample(table(3000, 2, exponential=True, sigma_u=0.3)), distribution="exponential")
    assert_near_truth(result, FRONTIER | {"ln sigma_u^2: const": np.log(0.09), "ln sigma_v^2: const": np.log(0.0225)})


def test_truth_truncated_normal() -> None:
    result = sfa(sample(table(3000, 3, mean=0.6)), distribution="truncated-normal")
    assert_near_truth(result, FRONTIER | {"mean: const": 0.6, "ln sigma_u^2: const": np.log(0.16)})


def test_truth_mean_depends_on_context() -> None:
    z = table(3000, 4)["z"].to_numpy()
    figures = table(3000, 4, mean=0.4 + 0.3 * z)
    assert (figures["z"] == z).all()
    result = sfa(sample(figures), distribution="truncated-normal", mean="z")
    assert_near_truth(result, FRONTIER | {"mean: const": 0.4, "mean: z": 0.3, "ln sigma_u^2: const": np.log(0.16)})
    without = table(3000, 5, mean=0.5 * table(3000, 5)["z"].to_numpy())
    result = sfa(sample(without), distribution="truncated-normal", mean="z", mean_intercept=False)
    assert_near_truth(result, FRONTIER | {"mean: z": 0.5})
    assert "mean: const" not in estimates(result)


@pytest.mark.parametrize("distribution", ["half-normal", "exponential"])
def test_truth_variance_and_noise_depend_on_context(distribution: str) -> None:
    z = table(3000, 6)["z"].to_numpy()
    figures = table(
        3000,
        6,
        sigma_u=np.exp(0.5 * (-1.5 + 0.6 * z)),
        sigma_v=np.exp(0.5 * (-3.5 - 0.4 * z)),
        exponential=distribution == "exponential",
    )
    result = sfa(sample(figures), distribution=distribution, variance=["z"], noise=["z"])
    truth = {
        "ln sigma_u^2: const": -1.5,
        "ln sigma_u^2: z": 0.6,
        "ln sigma_v^2: const": -3.5,
        "ln sigma_v^2: z": -0.4,
    }
    assert_near_truth(result, FRONTIER | truth)
    assert result.info["sigma_u"] == pytest.approx(np.sqrt(np.mean(np.exp(-1.5 + 0.6 * z))), rel=0.1)


@pytest.mark.parametrize("distribution", ["half-normal", "truncated-normal", "exponential"])
def test_truth_panel(distribution: str) -> None:
    """Unbalanced, with gaps between the years; t is the year itself."""
    samples, u = panel(300, [2015, 2016, 2018, 2021], 7, eta=0.1, missing=0.2, mean=0.5)
    result = sfa(samples, decay="time", distribution=distribution)
    assert_near_truth(result, {"ln(x1)": 0.5, "ln(x2)": 0.4, "eta": 0.1, "ln sigma_v^2: const": np.log(0.04)})
    last = result.scores[result.scores["period"] == 2021].set_index("unit")
    assert np.corrcoef(last["inefficiency"], u[last.index])[0, 1] > 0.9
    by_year = {year: rows.set_index("unit")["inefficiency"] for year, rows in result.scores.groupby("period")}
    ratio = (by_year[2016] / by_year[2021]).dropna()
    np.testing.assert_allclose(ratio, np.exp(5 * estimates(result)["eta"]), rtol=1e-9)


def test_truth_cost() -> None:
    rng = np.random.default_rng(8)
    pupils, wage = rng.lognormal(5, 1, 3000), rng.lognormal(0, 0.3, 3000)
    cost = np.exp(
        2 + 0.8 * np.log(pupils) + 0.6 * np.log(wage) + rng.normal(0, 0.15, 3000) + np.abs(rng.normal(0, 0.4, 3000))
    )
    figures = pd.DataFrame({"cost": cost, "pupils": pupils, "wage": wage})
    result = sfa(Sample.from_table(figures, "cost", "pupils", context="wage"), frontier="cost", prices="wage")
    assert_near_truth(result, {"const": 2, "ln(pupils)": 0.8, "ln(wage)": 0.6, "ln sigma_u^2: const": np.log(0.16)})
    assert result.info["skewness"] > 0


def test_truth_translog() -> None:
    rng = np.random.default_rng(9)
    logs = rng.normal(1, 1, size=(3000, 2))
    z = logs - logs.mean(axis=0)
    y = 1 + z @ [0.5, 0.4] + 0.5 * 0.1 * z[:, 0] ** 2 - 0.08 * z[:, 0] * z[:, 1] + 0.5 * 0.05 * z[:, 1] ** 2
    y += rng.normal(0, 0.15, 3000) - np.abs(rng.normal(0, 0.4, 3000))
    figures = pd.DataFrame({"y": np.exp(y), "x1": np.exp(logs[:, 0]), "x2": np.exp(logs[:, 1])})
    result = sfa(Sample.from_table(figures, ["x1", "x2"], "y"), form="translog")
    terms = {"ln(x1)^2 / 2": 0.1, "ln(x1) ln(x2)": -0.08, "ln(x2)^2 / 2": 0.05}
    assert list(estimates(result).index[:6]) == ["const", "ln(x1)", "ln(x2)", *terms]
    assert_near_truth(result, FRONTIER | terms)


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"distribution": "exponential"},
        {"distribution": "truncated-normal"},
        {"distribution": "truncated-normal", "mean": "z"},
        {"variance": "z", "noise": "z"},
        {"form": "translog"},
    ],
    ids=str,
)
def test_scipy_finds_nothing_better(options: dict[str, object]) -> None:
    result = sfa(sample(table(150, 12, mean=0.3)), **options)
    assert result.converged
    assert result.info["gradient"] < 1e-8
    model = result.estimation.model
    best = result.estimation.params
    assert model.loglike(best) == pytest.approx(result.loglik, abs=1e-9)
    errors = result.estimation.bse
    assert np.abs(model.score(best) * errors).max() < 1e-6
    rng = np.random.default_rng(11)
    for _ in range(4):
        start = best + np.minimum(errors, 0.5) * rng.normal(size=len(best))
        with np.errstate(all="ignore"):
            found = minimize(lambda at: -model.loglike(at), start, jac=lambda at: -model.score(at), method="BFGS")
        assert -found.fun <= result.loglik + 1e-7


def test_standard_errors_are_of_the_observed_information() -> None:
    result = sfa(sample(table(200, 12, mean=0.5)), distribution="truncated-normal", mean="z", noise="z")
    o, best = result.estimation.model.observations, result.estimation.params
    information = np.zeros((len(best), len(best)))
    for j in range(len(best)):
        move = np.eye(len(best))[j] * 1e-5
        information[j] = -(Point(o, best + move).gradient - Point(o, best - move).gradient) / 2e-5
    np.testing.assert_allclose(
        estimates(result, "standard_error"), np.sqrt(np.diag(np.linalg.inv(information))), rtol=1e-5
    )


def test_second_maximum_is_not_missed() -> None:
    """Small samples: the greatest of the maxima that many starts find is the one reported."""
    for seed in range(12):
        result = quiet(sample(table(25, seed, exponential=True)), distribution="exponential")
        o = result.estimation.model.observations
        if result.at_boundary:
            continue
        for share in (0.05, 0.3, 0.6, 0.9):
            start = np.array(
                [*np.linalg.lstsq(o.X, o.y, rcond=None)[0], np.log(0.2 * share), np.log(0.2 * (1 - share))]
            )
            start[0] += np.sqrt(0.2 * share)
            with np.errstate(all="ignore"):
                found = minimize(
                    lambda at, o=o: -Point(o, at).value,
                    start,
                    jac=lambda at, o=o: -Point(o, at).gradient,
                    method="BFGS",
                )
            is_inside = found.success and found.x[-1] > -12
            assert not is_inside or -found.fun <= result.loglik + 1e-6


def test_newton_takes_a_saddle_and_a_cliff() -> None:
    class Hill:
        def __init__(self, at: np.ndarray) -> None:
            x, y = at
            self.value = float(-((x**2 - 1) ** 2) - y**2) if abs(x) < 1.5 else -np.inf
            self.gradient = np.array([-4 * x * (x**2 - 1), -2 * y])
            self.hessian = np.array([[4 - 12 * x**2, 0.0], [0.0, -2.0]])

    # Near the saddle of x the step goes up just as far as it would go down a hill of that curvature.
    step, *_ = newton._newton_step(Hill(np.array([0.1, 3.0])), np.array([True, True]))
    np.testing.assert_allclose(step, [0.396 / 3.88, -3.0], rtol=1e-9)
    summit = newton.climb(Hill, np.array([0.1, 3.0]))
    assert summit.is_maximum
    np.testing.assert_allclose(summit.at, [1, 0], atol=1e-9)
    held = newton.climb(Hill, np.array([0.1, 3.0]), free=np.array([False, True]))
    np.testing.assert_allclose(held.at, [0.1, 0], atol=1e-9)
    assert newton.climb(Hill, np.array([0.1, 3.0]), leaves=lambda at: "far" if at[1] < 2 else "").left == "far"
    assert newton.information_at(Hill(np.array([0.0, 0.0])), np.array([True, True])) is None


@given(
    st.tuples(*[st.floats(-9, 12)] * 3),
    st.floats(-6, 9),
    st.sampled_from(["cobb-douglas", "translog"]),
)
@settings(max_examples=15, deadline=None)
def test_units_of_measurement(powers: tuple[float, float, float], context: float, form: str) -> None:
    """Only the intercept (and, of a covariate, its coefficient) knows in what figures are measured."""
    figures = table(120, 13)
    options = {"distribution": "half-normal", "variance": "z", "form": form}
    result = sfa(sample(figures), **options)
    scaled = figures.copy()
    for name, power in zip(("y", "x1", "x2"), powers, strict=True):
        scaled[name] *= 10.0**power
    scaled["z"] = scaled["z"] * 10.0**context + 3 * 10.0**context
    other = sfa(sample(scaled), **options)
    np.testing.assert_allclose(other.scores[NUMBERS], result.scores[NUMBERS], rtol=1e-6, atol=1e-8)
    ours, theirs = estimates(result), estimates(other)
    np.testing.assert_allclose(theirs[["ln(x1)", "ln(x2)"]], ours[["ln(x1)", "ln(x2)"]], rtol=1e-6)
    assert theirs["ln sigma_u^2: z"] * 10.0**context == pytest.approx(ours["ln sigma_u^2: z"], rel=1e-5)
    ratio = other.predict(sample(scaled)) / result.predict(sample(figures))
    np.testing.assert_allclose(ratio, 10.0 ** powers[0], rtol=1e-6)


def test_order_of_units() -> None:
    figures = table(120, 14, mean=0.3)
    shuffled = figures.sample(frac=1, random_state=1)
    options = {"distribution": "truncated-normal", "mean": "z"}
    result, other = sfa(sample(figures), **options), sfa(sample(shuffled), **options)
    assert other.scores["unit"].tolist() == shuffled.index.tolist()
    np.testing.assert_allclose(
        other.scores.set_index("unit").loc[figures.index, NUMBERS], result.scores[NUMBERS], rtol=1e-6, atol=1e-9
    )


def test_everyone_twice() -> None:
    figures = table(100, 15)
    result, twice = sfa(sample(figures)), sfa(sample(pd.concat([figures, figures], ignore_index=True)))
    np.testing.assert_allclose(estimates(twice), estimates(result), rtol=1e-7)
    np.testing.assert_allclose(
        estimates(twice, "standard_error") * np.sqrt(2), estimates(result, "standard_error"), rtol=1e-7
    )
    assert twice.loglik == pytest.approx(2 * result.loglik)


def test_cost_mirrors_production() -> None:
    """1 / output as a cost of 1 / inputs: the same residuals seen from the other side."""
    figures = table(150, 16)
    mirrored = Sample.from_table(1 / figures[["y", "x1", "x2"]], inputs="y", outputs=["x1", "x2"])
    result, other = sfa(sample(figures)), sfa(mirrored, frontier="cost")
    np.testing.assert_allclose(other.scores[NUMBERS], result.scores[NUMBERS], rtol=1e-7)
    assert other.loglik == pytest.approx(result.loglik)
    assert estimates(other)["const"] == pytest.approx(-estimates(result)["const"])


def test_half_normal_is_a_truncated_normal() -> None:
    """At a mean of zero; so its likelihood cannot be greater."""
    given = sample(table(150, 17))
    assert sfa(given, distribution="truncated-normal").loglik >= sfa(given).loglik


def test_panel_without_decay_a_unit_has_one_efficiency() -> None:
    samples, _ = panel(60, [1, 2, 3], 18, missing=0.3)
    result = sfa(samples)
    of_unit = result.scores.groupby("unit")["efficiency"]
    assert (of_unit.max() == of_unit.min()).all()
    assert "eta" not in estimates(result)
    assert result.info["n_units"] == result.scores["unit"].nunique()
    assert (result.info["n_periods"], result.info["n_observations"]) == (3, len(result.scores))
    assert "in 3 periods" in result.title


def test_panel_rows_are_those_of_the_samples() -> None:
    samples, _ = panel(40, [2020, 2021], 19, missing=0.2)
    scores = sfa(samples, decay="time").scores
    assert scores.columns.tolist()[:3] == ["unit", "name", "period"]
    assert scores["unit"].tolist() == [unit for one in samples.values() for unit in one.units]
    assert scores["period"].tolist() == [year for year, one in samples.items() for _ in one.units]


def test_panel_order_of_numbered_periods_does_not_matter() -> None:
    samples, _ = panel(60, [2019, 2020, 2022], 20, eta=0.1)
    result = sfa(samples, decay="time")
    backwards = sfa(dict(reversed(samples.items())), decay="time")
    np.testing.assert_allclose(estimates(backwards), estimates(result), rtol=1e-6)
    named = sfa({f"year {year}": one for year, one in samples.items()}, decay="time")
    assert estimates(named)["eta"] != pytest.approx(estimates(result)["eta"], rel=1e-3)
    steps = sfa(dict(enumerate(samples.values())), decay="time")
    np.testing.assert_allclose(estimates(named), estimates(steps), rtol=1e-9)


def test_panel_efficiencies_by_hand() -> None:
    """Battese and Coelli (1992): u of a unit given all its residuals, then exp(-u exp(-eta (t - T)))."""
    samples, _ = panel(80, [2018, 2019, 2021], 24, eta=0.15, missing=0.2)
    result = sfa(samples, decay="time", distribution="truncated-normal", level=0.9)
    e = estimates(result)
    mean, eta = e["mean: const"], e["eta"]
    su2, sv2 = np.exp(e["ln sigma_u^2: const"]), np.exp(e["ln sigma_v^2: const"])
    rows = result.scores.copy()
    rows["residual"] = np.concatenate(
        [np.log(one.Y[:, 0] / result.predict(one).to_numpy()) for one in samples.values()]
    )
    rows["path"] = np.exp(-eta * (rows["period"] - 2021))
    for _, unit in list(rows.groupby("unit"))[:10]:
        h, total = unit["path"].to_numpy(), sv2 + su2 * (unit["path"] ** 2).sum()
        center = (mean * sv2 - su2 * (unit["path"] * unit["residual"]).sum()) / total
        scale = np.sqrt(su2 * sv2 / total)
        efficiency = (
            norm.cdf(center / scale - h * scale)
            / norm.cdf(center / scale)
            * np.exp(-h * center + 0.5 * h**2 * scale**2)
        )
        np.testing.assert_allclose(unit["efficiency"], efficiency, rtol=1e-8)
        law = truncnorm(-center / scale, np.inf, center, scale)
        np.testing.assert_allclose(unit["inefficiency"], h * law.mean(), rtol=1e-8)
        np.testing.assert_allclose(unit["low"], np.exp(-h * law.ppf(0.95)), rtol=1e-8)
        np.testing.assert_allclose(unit["high"], np.exp(-h * law.ppf(0.05)), rtol=1e-8)
    assert result.inefficiency_test.restrictions == 3
    assert sfa(samples).inefficiency_test.restrictions == 1


def test_panel_independent_periods_are_one_sample() -> None:
    """Battese and Coelli (1995): a u in each period, so that units of a panel are rows like others."""
    samples, _ = panel(80, [1, 2], 21, mean=0.4)
    options = {"distribution": "truncated-normal", "mean": "z"}
    result = quiet(samples, decay="independent", **options)
    rows = pd.concat(
        [one.to_frame().assign(unit=lambda t, p=p: t["unit"].astype(str) + f"-{p}") for p, one in samples.items()]
    )
    stacked = quiet(Sample.from_table(rows, ["x1", "x2"], "y", "unit", ["z"]), **options)
    assert result.loglik == pytest.approx(stacked.loglik, abs=1e-9)
    np.testing.assert_allclose(result.scores[NUMBERS], stacked.scores[NUMBERS], rtol=1e-8, atol=1e-10)


def test_panel_variables_are_matched_by_name() -> None:
    samples, _ = panel(50, [1, 2], 22)
    turned = Sample.from_table(samples[2].to_frame(), ["x2", "x1"], "y", "unit", ["z"])
    np.testing.assert_allclose(estimates(sfa({1: samples[1], 2: turned})), estimates(sfa(samples)), rtol=1e-9)


def test_panel_noise_may_depend_on_context() -> None:
    samples, _ = panel(100, [1, 2, 3], 23)
    assert sfa(samples, noise="z").loglik >= sfa(samples).loglik


def ended(value: float, left: str = "", *, is_maximum: bool = True) -> search.Candidate:
    """A climb of a made-up half-normal model that came to this height."""
    one = np.ones((4, 1))
    o = Observations("half-normal", 1.0, np.array([-1.0, 0.5, 1.0, -0.5]), one, one, one[:, :0], one)
    summit = newton.Summit(np.array([0.5, 0.0, -0.5]), value, is_maximum, left)
    return search.Candidate(o, "", summit, np.ones(3, dtype=bool))


@pytest.mark.parametrize(
    ("climbs", "expected"),
    [
        # The greatest of several maxima.
        ([(-5.0, "", True), (-4.0, "", True)], -4.0),
        # A climb that stopped without a maximum, but higher: nothing can be trusted.
        ([(-5.0, "", True), (-4.0, "", False)], None),
        ([(-5.0, "", True), (-4.0, "no inefficiency", False)], None),
        ([(-5.0, "", True), (-6.0, "", False)], -5.0),
        # Higher where noise vanishes: mentioned, not preferred.
        ([(-5.0, "", True), (-4.0, "no noise", False)], -5.0),
        ([(-5.0, "", True), (-4.0, "noise in part", False)], -5.0),
        # Nothing above least squares.
        ([(-9.0, "", True), (-9.0, "no inefficiency", False)], -9.0),
        ([(-9.5, "no inefficiency", False), (-7.0, "no noise", False)], -9.0),
        # Noise in part, and nothing else.
        ([(-7.0, "noise in part", False)], None),
    ],
    ids=str,
)
def test_which_maximum(climbs: list[tuple], expected: float | None, monkeypatch: pytest.MonkeyPatch) -> None:
    found = [ended(value, left, is_maximum=is_maximum) for value, left, is_maximum in climbs]
    monkeypatch.setattr(search, "_climbs", lambda o: found)
    monkeypatch.setattr(search, "_climb", lambda o, theta: found[-1])
    null = ended(-9.0)
    best = search.find_maximum(null.observations, null)
    assert (None if best is None else best.value) == expected
    assert best is None or best.is_exceeded == (climbs[-1][1] == "no noise")
