"""Need: by hand, against statsmodels run once for each municipality, and on the shipped figures."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy.stats import skew

from benchlib.comparison import NeedResult, expected_costs, need_adjusted_cost
from benchlib.errors import FewUnitsWarning, OptionError, SampleError, UnknownIndicatorError
from benchlib.indicators import load_indicators

MONEY = "education_expenditure_per_pupil"
CONTEXT = ("population_density", "dependency_ratio")


@cache
def shipped(year: int = 2013) -> NeedResult:
    return need_adjusted_cost(MONEY, CONTEXT, year=year)


def made(n: int = 25, seed: int = 1) -> tuple[pd.Series, pd.DataFrame]:
    rng = np.random.default_rng(seed)
    conditions = pd.DataFrame({"a": rng.normal(50, 5, n), "b": np.exp(rng.normal(3, 1.2, n))}, index=range(n))
    cost = 1000 + 10 * conditions["a"] - 80 * np.log(conditions["b"]) + rng.normal(0, 60, n)
    return cost.rename("cost"), conditions


def fit(cost: pd.Series, conditions: pd.DataFrame, level: float = 0.95) -> NeedResult:
    return expected_costs(cost, conditions, years=dict.fromkeys(conditions, 2013), year=2013, level=level)


# --- by hand -----------------------------------------------------------------------------------------------------------


def test_a_straight_line_by_hand() -> None:
    # Leaving out each unit in turn, a line through the others: (1, 2, 3, 4, 5) with costs 2, 4, 6, 8, 20.
    cost = pd.Series([2.0, 4, 6, 8, 20], index=[*"abcde"], name="cost")
    with pytest.warns(FewUnitsWarning, match="5 municipalities are few for 1 conditions"):
        found = fit(cost, pd.DataFrame({"x": [1.0, 2, 3, 4, 5]}, index=cost.index))
    table = found.table.set_index("territory")
    assert table["expected"]["e"] == pytest.approx(10.0, abs=1e-9), "the line through the first four"
    assert table["deviation"]["e"] == pytest.approx(10.0, abs=1e-9)
    assert table["adjusted"]["e"] == pytest.approx(10.0 + 8.0, abs=1e-9), "plus the mean of all costs"
    assert table["position"]["e"] == "above", "those four lie on a line, so the interval is a point"
    # Line through (2, 4), (3, 6), (4, 8), (5, 20) at 1: slope 5, mean 9.5 at 3.5.
    assert table["expected"]["a"] == pytest.approx(9.5 - 2.5 * 5, abs=1e-9)


# --- against one regression for each municipality ----------------------------------------------------------------------


@pytest.mark.parametrize("level", [0.8, 0.95])
def test_expectation_and_interval_are_those_of_a_regression_without_the_unit(level: float) -> None:
    cost, conditions = made()
    found = fit(cost, conditions, level).table.set_index("territory")
    X = sm.add_constant(pd.DataFrame({"a": conditions["a"], "b": np.log(conditions["b"])}))
    for unit in cost.index:
        others = cost.index != unit
        model = sm.OLS(cost[others], X[others]).fit()
        told = model.get_prediction(X.loc[[unit]]).summary_frame(alpha=1 - level).iloc[0]
        row = found.loc[unit]
        assert row["expected"] == pytest.approx(told["mean"], rel=1e-9)
        assert row["expected_low"] == pytest.approx(told["obs_ci_lower"], rel=1e-9)
        assert row["expected_high"] == pytest.approx(told["obs_ci_upper"], rel=1e-9)


def test_coefficients_are_robust_ones() -> None:
    cost, conditions = made()
    found = fit(cost, conditions)
    X = sm.add_constant(pd.DataFrame({"a": conditions["a"], "b": np.log(conditions["b"])}))
    robust = sm.OLS(cost, X).fit(cov_type="HC3", use_t=True)
    np.testing.assert_allclose(found.coefficients["estimate"], robust.params, rtol=1e-9)
    np.testing.assert_allclose(found.coefficients[["low", "high"]], robust.conf_int(), rtol=1e-9)
    np.testing.assert_allclose(found.coefficients["p"], robust.pvalues, rtol=1e-7)
    assert found.coefficients["term"].tolist() == ["constant", "a", "b"]
    assert found.coefficients["is_logarithmic"].tolist() == [False, False, True]
    assert found.r_squared == pytest.approx(sm.OLS(cost, X).fit().rsquared, rel=1e-12)
    plain = sm.OLS(cost, X).fit()
    assert not np.allclose(found.coefficients[["low", "high"]], plain.conf_int(), rtol=1e-3), "not the plain ones"


def test_left_out_r_squared_is_that_of_predictions_against_the_mean_of_the_others() -> None:
    cost, conditions = made()
    found = fit(cost, conditions)
    expected = found.table.set_index("territory")["expected"]
    means = np.array([cost.drop(unit).mean() for unit in cost.index])
    told = 1 - ((cost - expected) ** 2).sum() / ((cost.to_numpy() - means) ** 2).sum()
    assert found.r_squared_left_out == pytest.approx(told, rel=1e-12)
    assert found.r_squared_left_out < found.r_squared


def test_a_condition_without_connection_explains_little() -> None:
    cost, conditions = made(40, 3)
    noise = pd.DataFrame({"noise": np.random.default_rng(8).normal(size=40)}, index=cost.index)
    assert fit(cost, noise).explains_little
    assert not fit(cost, conditions).explains_little


def test_a_high_cost_does_not_explain_itself() -> None:
    cost, conditions = made()
    before = fit(cost, conditions).table.set_index("territory")
    after = fit(cost.where(cost.index != 4, cost + 5000), conditions).table.set_index("territory")
    assert after["expected"][4] == pytest.approx(before["expected"][4], rel=1e-9)
    assert after["expected_high"][4] == pytest.approx(before["expected_high"][4], rel=1e-9)
    assert after["position"][4] == "above"


def test_how_many_lie_outside_by_chance() -> None:
    cost, conditions = made()
    assert fit(cost, conditions).outside_by_chance == pytest.approx(25 * 0.05)
    assert fit(cost, conditions, 0.8).outside_by_chance == pytest.approx(5)
    assert shipped().outside_by_chance == pytest.approx(2.1)


def test_adjusted_cost_is_cost_minus_expectation_plus_mean_with_its_interval() -> None:
    cost, conditions = made()
    table = fit(cost, conditions).table
    np.testing.assert_allclose(table["adjusted"], table["cost"] - table["expected"] + cost.mean(), rtol=1e-12)
    np.testing.assert_allclose(table["adjusted_low"], table["cost"] - table["expected_high"] + cost.mean(), rtol=1e-12)
    np.testing.assert_allclose(table["adjusted_high"], table["cost"] - table["expected_low"] + cost.mean(), rtol=1e-12)
    inside = (table["expected_low"] <= table["cost"]) & (table["cost"] <= table["expected_high"])
    assert ((table["position"] == "within") == inside).all()


# --- what is missing, what is refused ----------------------------------------------------------------------------------


def test_who_lacks_a_condition_stays_with_the_cost_alone() -> None:
    cost, conditions = made()
    conditions.loc[7, "a"] = np.nan
    found = fit(cost, conditions)
    assert (found.units, found.left_out) == (24, ("7",))
    row = found.table.set_index("territory").loc[7]
    assert row["cost"] == cost[7]
    assert row["position"] == "unknown"
    assert np.isnan(row[["expected", "adjusted", "deviation"]].astype(float)).all()
    assert len(found.table) == 25


def test_who_has_no_cost_is_not_in_the_table() -> None:
    cost, conditions = made()
    cost[3] = np.nan
    assert 3 not in set(fit(cost, conditions).table["territory"])


def test_what_is_refused() -> None:
    cost, conditions = made()
    with pytest.raises(SampleError, match="5 municipalities have cost and all 2 conditions; at least 6"):
        fit(cost.head(5), conditions)
    with pytest.raises(SampleError, match="say the same"):
        fit(cost, conditions.assign(b=conditions["a"] * 2))
    with pytest.raises(SampleError, match="or nothing"):
        fit(cost, conditions.assign(b=3.0))
    with pytest.raises(OptionError, match=r"level=1.5"):
        fit(cost, conditions, 1.5)
    with pytest.raises(OptionError, match="'exam_grade9_mean' is no unit cost"):
        need_adjusted_cost("exam_grade9_mean", CONTEXT, year=2013)
    with pytest.raises(OptionError, match="must name conditions"):
        need_adjusted_cost(MONEY, [], year=2013)
    with pytest.raises(UnknownIndicatorError):
        need_adjusted_cost(MONEY, ["nonsense"], year=2013)


# --- the shipped figures -----------------------------------------------------------------------------------------------


def test_the_shipped_figures() -> None:
    found = shipped()
    assert (found.units, found.left_out) == (42, ())
    assert dict(found.years) == {"population_density": 2014, "dependency_ratio": 2013}
    assert found.coefficients["is_logarithmic"].tolist() == [False, True, False], "density is skewed by a few cities"
    density = load_indicators("population_density", years=2014)["value"].to_numpy(dtype="float64")
    assert skew(density) > max(1, abs(skew(np.log(density))))
    assert 0.2 < found.r_squared_left_out < found.r_squared < 0.5, "a third of the differences, not more"
    lone = found.coefficients.set_index("term")
    assert lone["high"]["population_density"] < 0, "where people live densely a pupil costs less"
    assert (found.table["position"] == "within").sum() == 40
    assert repr(found) == "NeedResult(education_expenditure_per_pupil, 2013, 42 units, R² 0.35, left out 0.31)"


@pytest.mark.parametrize("territory", ["2009", "2021", "2025"])
@pytest.mark.parametrize("condition", ["population_density", "children_school_share", "dependency_ratio"])
def test_each_condition_may_stand_alone(condition: str, territory: str) -> None:
    found = need_adjusted_cost(MONEY, [condition], year=2013, territory=territory)
    assert found.context == (condition,)
    assert found.table["expected"].notna().sum() == found.units


def test_a_year_with_a_missing_condition_names_who_is_left_out() -> None:
    found = shipped(2012)
    assert (found.units, found.left_out) == (41, ("0031000",))
