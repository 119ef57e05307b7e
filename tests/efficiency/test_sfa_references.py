"""`sfa` against other tools: likelihoods to 1e-6, coefficients and standard errors, efficiencies."""

from __future__ import annotations

import io

import numpy as np
import pandas as pd
import pytest

from benchlib.efficiency import Sample
from benchlib.efficiency.stochastic.frontier import sfa
from benchlib.efficiency.stochastic.results import SfaResult
from benchlib.errors import AssumptionWarning
from tests.efficiency.reference import REFERENCE

FOLDER = REFERENCE / "sfa"
ESTIMATES, FITS = (pd.read_csv(FOLDER / f"{name}.csv") for name in ("estimates", "fits"))
#: The terms of the tools, in our words.
TERMS = {
    "(Intercept)": "const",
    "lx1": "ln(x1)",
    "lx2": "ln(x2)",
    "Zmu_(Intercept)": "mean: const",
    "Zu_(Intercept)": "ln sigma_u^2: const",
    "Zv_(Intercept)": "ln sigma_v^2: const",
}
#: Too high by rounding pi, per unit (see the README there).
ROUNDED_PI = 2.4e-8

#: Firm, output, capital and labour of the example of T. Coelli (1996), A guide to FRONTIER version 4.1, CEPA working paper 96/07.
FIRMS = """
1 12.778 9.416 35.134;2 24.285 4.643 77.297;3 20.855 5.095 89.799;4 13.213 4.935 35.698;5 12.018 8.717 27.878;6 15.284 1.066 92.174
7 6.707 0.258 97.907;8 21.656 6.334 82.084;9 14.574 2.35 38.876;10 13.743 1.076 81.761;11 3.793 3.432 9.476;12 37.118 4.033 55.096
13 11.235 7.975 73.13;14 9.237 7.604 24.35;15 12.634 0.344 65.38;16 9.677 2.44 63.839;17 18.315 7.891 59.241;18 17.094 2.906 72.574
19 21.566 2.668 68.916;20 18.872 4.22 57.424;21 17.102 2.661 87.843;22 14.55 2.455 30.789;23 24.031 2.827 93.734;24 6.787 0.439 35.961
25 6.388 0.312 94.264;26 32.996 3.265 95.773;27 26.04 6.752 80.275;28 16.619 4.425 49.886;29 10.065 1.583 22.072;30 6.554 0.907 38.727
31 3.539 6.149 5.322;32 1.66 0.479 2.52;33 16.775 1.955 41.545;34 10.085 8.169 68.389;35 7.064 4.055 77.556;36 31.793 5.029 77.812
37 32.303 6.937 98.904;38 14.571 8.405 42.74;39 12.258 2.503 59.741;40 12.683 6.59 18.085;41 12.88 7.149 26.651;42 15.841 8.04 50.488
43 24.623 4.896 88.182;44 20.571 6.722 30.451;45 21.208 4.195 95.834;46 12.493 4.551 36.704;47 32.313 7.223 89.312;48 15.575 9.561 29.055
49 13.414 4.871 50.018;50 10.228 9.312 40.996;51 19.927 2.895 63.051;52 26.938 8.085 60.992;53 35.825 8.656 94.159;54 12.768 3.427 39.312
55 18.412 1.918 78.628;56 19.853 6.177 64.377;57 3.269 7.188 1.073;58 21.358 9.329 87.124;59 27.124 7.834 60.34;60 14.105 5.621 44.218
"""


@pytest.fixture(scope="module")
def firms() -> Sample:
    lines = FIRMS.strip().replace(";", "\n")
    table = pd.read_csv(io.StringIO(lines), sep=" ", names=["firm", "output", "capital", "labour"])
    table["number"] = table["firm"]
    return Sample.from_table(table, ["capital", "labour"], "output", "firm", ["number"])


def logs_of(name: str) -> Sample:
    """A reference sample whose file has logarithms."""
    table = np.exp(pd.read_csv(FOLDER / f"{name}.csv")[["ly", "lx1", "lx2"]].rename(columns=lambda column: column[1:]))
    return Sample.from_table(table, ["x1", "x2"], "y")


def by_term(result: SfaResult, column: str = "estimate") -> dict[str, float]:
    return result.coefficients.set_index("term")[column].to_dict()


@pytest.mark.parametrize(
    "row", FITS[FITS["data"] == "n500"].to_dict("records"), ids=lambda row: f"{row['distribution']}-{row['tool']}"
)
def test_500_units(row: dict[str, object]) -> None:
    result = sfa(logs_of("n500"), distribution=row["distribution"])
    high = 500 * ROUNDED_PI if row["tool"] == "frontier" else 0.0
    assert result.converged
    assert result.loglik == pytest.approx(row["loglik"] - high, abs=1e-6)
    assert result.info["loglik_ols"] == pytest.approx(row["loglik_ols"], abs=1e-9)
    assert result.scores["efficiency"].mean() == pytest.approx(row["mean_efficiency"], abs=1e-6)
    same = ESTIMATES[["data", "distribution", "tool"]].eq([row["data"], row["distribution"], row["tool"]]).all(axis=1)
    ours = {**by_term(result), "sigmaSq": result.info["sigma_squared"], "gamma": result.info["gamma"]}
    errors = by_term(result, "standard_error")
    for theirs in ESTIMATES[same].itertuples():
        term = TERMS.get(theirs.term, theirs.term)
        assert ours[term] == pytest.approx(theirs.estimate, rel=1e-5)
        if row["tool"] == "sfaR":
            assert errors[term] == pytest.approx(theirs.standard_error, rel=1e-5)


def test_wrong_skewness() -> None:
    """The tools stop at a tiny sigma_u; least squares, the maximum, is where they were going."""
    table = np.exp(pd.read_csv(FOLDER / "wrongskew.csv"))
    with pytest.warns(AssumptionWarning, match=r"skewed the wrong way \(\+0\.623.*every efficiency is 1"):
        result = sfa(Sample.from_table(table, "x", "y"))
    fits = FITS[FITS["data"] == "wrongskew"]
    assert result.info["boundary"] == "no inefficiency"
    assert result.at_boundary
    assert [result.loglik, result.info["loglik_ols"]] == pytest.approx(fits["loglik_ols"].tolist(), abs=1e-9)
    assert result.loglik >= fits["loglik"].max() - 200 * ROUNDED_PI
    slope = ESTIMATES[(ESTIMATES["data"] == "wrongskew") & (ESTIMATES["term"] == "x")]["estimate"]
    assert by_term(result)["ln(x)"] == pytest.approx(slope.mean(), abs=1e-6)
    scores = result.scores[["efficiency", "jlms", "low", "high"]].to_numpy()
    np.testing.assert_array_equal(scores, 1.0)
    assert by_term(result)["ln sigma_u^2: const"] == -np.inf
    assert np.isnan(by_term(result, "standard_error")["ln sigma_u^2: const"])
    assert by_term(result, "standard_error")["ln(x)"] == pytest.approx(0.0157116797414627, rel=1e-4)
    assert (result.info["sigma_u"], result.info["gamma"], result.inefficiency_test.p) == (0.0, 0.0, 1.0)


def test_frontier_example(firms: Sample) -> None:
    """The 60 firms by FRONTIER's own Fortran, as R package frontier 1.1-8 runs it: sfa(log(output) ~ log(capital) + log(labour))."""
    result = sfa(firms)
    estimates = by_term(result)
    assert estimates["const"] == pytest.approx(0.561619, abs=5e-6)
    assert estimates["ln(capital)"] == pytest.approx(0.281102, abs=1e-6)
    assert estimates["ln(labour)"] == pytest.approx(0.536480, abs=1e-6)
    assert result.info["sigma_squared"] == pytest.approx(0.217000, abs=1e-6)
    assert result.info["gamma"] == pytest.approx(0.797207, abs=2e-6)
    assert result.loglik == pytest.approx(-17.0272239826 - 60 * ROUNDED_PI, abs=1e-6)
    assert result.info["loglik_ols"] == pytest.approx(-18.4468410215, abs=1e-9)
    assert result.inefficiency_test.statistic == pytest.approx(2 * (18.4468410215 - 17.0272254), abs=1e-6)
    assert result.scores["efficiency"].mean() == pytest.approx(0.740568, abs=1e-6)
    assert result.scores["efficiency"].iloc[:2].tolist() == pytest.approx([0.6506888, 0.8288915], abs=1e-6)


def test_frontier_example_by_sfar(firms: Sample) -> None:
    """R package sfaR 1.0.1, sfacross(udist = "hnormal", "exponential", "tnormal"): likelihood, coefficients, errors, first unit."""
    half = sfa(firms)
    assert half.loglik == pytest.approx(-17.027225424423, abs=1e-8)
    assert list(by_term(half, "standard_error").values()) == pytest.approx(
        [0.202578556753673, 0.0474977168669681, 0.045173452629512, 0.445476436212759, 0.489245624130562], rel=1e-5
    )
    first = half.scores.iloc[0][["inefficiency", "jlms", "efficiency", "low", "high"]].tolist()
    assert first == pytest.approx([0.44607837, 0.64013360, 0.65068906, 0.44520039, 0.90525568], abs=2e-7)

    exponential = sfa(firms, distribution="exponential")
    assert exponential.loglik == pytest.approx(-16.8075226605155, abs=1e-8)
    assert list(by_term(exponential).values()) == pytest.approx(
        [0.44049827064124, 0.284349104220833, 0.542334176138425, -2.89379143612437, -2.91317520089653], rel=1e-6
    )
    assert list(by_term(exponential, "standard_error").values()) == pytest.approx(
        [0.196419274512504, 0.0475436191283887, 0.0448747681909888, 0.589520939005904, 0.383015709591188], rel=1e-6
    )
    first = exponential.scores.iloc[0][["inefficiency", "jlms", "efficiency", "low", "high"]].tolist()
    assert first == pytest.approx([0.29807062, 0.74224892, 0.75449684, 0.49461566, 0.98104760], abs=2e-7)


def test_truncated_normal_on_a_flat_likelihood(firms: Sample) -> None:
    """sfaR and npsf 0.8.0 agree on -16.78563 with mu between -2.842 and -2.840; frontier stops at -16.79567."""
    result = sfa(firms, distribution="truncated-normal")
    assert result.loglik == pytest.approx(-16.7856333654888, abs=1e-7)
    assert result.loglik >= -16.7856333594679 - 1e-9
    assert -2.8422 < by_term(result)["mean: const"] < -2.8403
    assert by_term(result, "standard_error")["mean: const"] == pytest.approx(18.02, rel=2e-3)
    assert result.scores["efficiency"].mean() == pytest.approx(0.796395, abs=1e-5)
    assert not result.at_boundary


def test_mean_that_depends_on_covariates_without_a_constant(firms: Sample) -> None:
    """R package frontier 1.1-8, sfa(log(output) ~ log(capital) + log(labour) | firm - 1), Battese and Coelli (1995)."""
    result = sfa(firms, distribution="truncated-normal", mean="number", mean_intercept=False)
    expected = {"const": 0.536808, "ln(capital)": 0.268649, "ln(labour)": 0.539341, "mean: number": -0.0102816}
    assert {term: by_term(result)[term] for term in expected} == pytest.approx(expected, rel=1e-5)
    assert result.info["sigma_squared"] == pytest.approx(0.284557, rel=5e-6)
    assert result.info["gamma"] == pytest.approx(0.840088, rel=5e-6)
    assert result.loglik == pytest.approx(-16.3821693178912 - 60 * ROUNDED_PI, abs=1e-6)
    assert result.scores["efficiency"].iloc[:2].tolist() == pytest.approx([0.65861368, 0.83336415], abs=1e-6)
