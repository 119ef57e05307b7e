"""Outlier screening: against scoring everything anew without each unit, a planted error, and what hides it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from benchlib.efficiency import Sample, dea
from benchlib.efficiency import outliers as room
from benchlib.efficiency.nonparametric.partial import order_m
from benchlib.efficiency.outliers import OutlierResult, screen_outliers
from benchlib.errors import FewUnitsWarning, OptionError, SampleError, UnsolvedUnitsWarning
from tests.efficiency.reference import ORIENTATION, REFERENCE, RTS, sample_of

pytestmark = [
    pytest.mark.filterwarnings("ignore::benchlib.errors.FewUnitsWarning"),
    pytest.mark.filterwarnings("ignore::benchlib.errors.UnsolvedUnitsWarning"),
]

COLUMNS = ["unit", "name", "efficiency", "super_efficiency", "leverage", "affected", "order_m", "is_outlier", "reason"]


def simulate(seed: int, n: int = 43) -> pd.DataFrame:
    """Two outputs that cost what they cost, and up to half as much again."""
    rng = np.random.default_rng(seed)
    table = pd.DataFrame({"pupils": rng.lognormal(2.0, 0.8, n), "results": rng.lognormal(2.0, 0.8, n)})
    table["cost"] = (table["pupils"] + table["results"]) ** 0.9 * np.exp(rng.uniform(0.0, 0.4, n))
    return table


def sample_from(table: pd.DataFrame) -> Sample:
    return Sample.from_table(table, "cost", ["pupils", "results"])


def without(sample: Sample, unit: Any) -> Sample:
    return sample.subset([other for other in sample.units if other != unit])


# Against scoring everything anew ------------------------------------------------------------------------------------


@pytest.mark.parametrize("rts", RTS.values())
@pytest.mark.parametrize("orientation", ORIENTATION.values())
@pytest.mark.parametrize("name", ["synth43", "deg_integer_ties", "deg_duplicates"])
def test_all_scores_without_each_unit(name: str, orientation: str, rts: str) -> None:
    """Only units that lose a peer are scored anew; here all are, and nothing else may come out."""
    whole = sample_of(name)
    sample = whole.subset(whole.units[:20])
    n = len(sample)
    model = {"orientation": orientation, "rts": rts}
    result = screen_outliers(sample, **model)
    scores = result.scores.set_index("unit")
    efficiency = dea(sample, **model).efficiency
    np.testing.assert_array_equal(scores["efficiency"], efficiency)
    rows = []
    for j, unit in enumerate(sample.units):
        rest = without(sample, unit)
        change = dea(rest, **model).efficiency - np.delete(efficiency, j)
        assert scores.loc[unit, "leverage"] == pytest.approx(np.sqrt((change**2).sum() / (n - 1)), abs=1e-9)
        assert scores.loc[unit, "affected"] == (change > 1e-9).sum()
        rows += [(unit, other, by) for other, by in zip(rest.units, change, strict=True) if by > 1e-9]
    expected = pd.DataFrame(rows, columns=["driver", "unit", "change"]).set_index(["driver", "unit"])["change"]
    found = result.influence.set_index(["driver", "unit"])["change"]
    assert set(found.index) == set(expected.index)
    np.testing.assert_allclose(found, expected.loc[found.index], atol=1e-9)
    assert found.is_monotonic_decreasing


@pytest.mark.parametrize("name", ["synth43", "deg_huge_range", "deg_zero_outputs", "deg_zero_input", "deg_near_ties"])
def test_super_efficiency_of_another_solver(name: str) -> None:
    """HiGHS, one programme per unit; it says infeasible (2) or unbounded (3) where we say nothing."""
    table = pd.read_csv(REFERENCE / "highs" / f"{name}.csv", dtype={"dmu": str})
    for (rts, orientation), theirs in table.groupby(["rts", "orientation"]):
        result = screen_outliers(sample_of(name), rts=RTS[rts], orientation=ORIENTATION[orientation])
        ours = result.scores["super_efficiency"].to_numpy()
        factor = theirs.set_index("dmu").loc[result.scores["unit"], "super_eff"].to_numpy()
        expected = 1.0 / factor if orientation == "out" else factor
        np.testing.assert_allclose(ours, np.where(np.isinf(expected), np.nan, expected), rtol=1e-9)


@pytest.mark.parametrize("orientation", ORIENTATION.values())
def test_order_m_is_that_against_the_others(synth43: Sample, orientation: str) -> None:
    result = screen_outliers(synth43, orientation=orientation, orders=[3, 30])
    table = result.order_m.pivot_table(index="unit", columns="m", values="efficiency", dropna=False)
    for unit in synth43.units[:12]:
        one, others = synth43.subset([unit]), without(synth43, unit)
        for m in (3, 30):
            if np.isnan(table.loc[unit, m]):
                continue
            scores = order_m(one, orientation=orientation, m=m, reference=others).scores
            assert table.loc[unit, m] == pytest.approx(scores["efficiency"][0], rel=1e-12)
    assert result.order_m["efficiency"].notna().mean() > 0.9
    last = result.order_m.loc[result.order_m["m"] == 30, "efficiency"].to_numpy()
    np.testing.assert_array_equal(result.scores["order_m"], last)


@pytest.mark.parametrize("rts", RTS.values())
def test_order_m_is_never_below_super_efficiency(synth43: Sample, rts: str) -> None:
    scores = screen_outliers(synth43, rts=rts, orders=[200]).scores.dropna()
    assert len(scores) > 35
    assert (scores["order_m"] >= scores["super_efficiency"] - 1e-9).all()


def test_the_curve_counts_units_beyond(synth43: Sample) -> None:
    result = screen_outliers(synth43, screen=2.0, orders=[1, 10, 100])
    known = result.order_m.dropna()
    for row in result.curve.itertuples():
        of_order = known.loc[known["m"] == row.m, "efficiency"]
        assert row.beyond_pct == pytest.approx(100.0 * (of_order > 1.0).mean())
        assert row.screened_pct == pytest.approx(100.0 * (of_order > 2.0).mean())
    assert result.curve["beyond_pct"].is_monotonic_decreasing
    assert result.curve["m"].tolist() == [1, 10, 100]


# By hand ------------------------------------------------------------------------------------------------------------


def test_by_hand(five: Sample) -> None:
    """Without A the cheapest is B: A itself could use 4 instead of 2, and D (at first 10/3 of 6) has to be as cheap as B.

    Without B the frontier runs straight from A to C: B could use 5.6 instead of 4, and D needs 4.4. Without C only E reaches
    its result, with 9 instead of 8, and becomes efficient.
    """
    result = screen_outliers(five, screen=1.9)
    scores = result.scores.set_index("unit")
    assert scores.columns.tolist() == COLUMNS[1:]
    assert scores["super_efficiency"].tolist() == pytest.approx([2.0, 5.6 / 4, 9 / 8, 5 / 9, 8 / 9])
    assert scores["affected"].tolist() == [1, 1, 1, 0, 0]
    assert result.influence["driver"].tolist() == ["B", "C", "A"]
    assert result.influence["unit"].tolist() == ["D", "E", "D"]
    assert result.influence["change"].tolist() == pytest.approx([4.4 / 6 - 10 / 18, 1 - 8 / 9, 4 / 6 - 10 / 18])
    leverage = np.sqrt(np.array([4 / 6 - 10 / 18, 4.4 / 6 - 10 / 18, 1 / 9, 0, 0]) ** 2 / 4)
    assert scores["leverage"].to_numpy() == pytest.approx(leverage)
    assert result.info["leverage_mean"] == pytest.approx(leverage.mean())
    assert result.info["leverage_threshold"] == pytest.approx(leverage.mean() * np.log(5))
    assert scores["is_outlier"].tolist() == [True, True, False, False, False]
    assert scores.loc["A", "reason"] == "with 2.00 times its inputs it would still be efficient"
    assert scores.loc["B", "reason"] == "without it 1 other score rises by up to 0.18 (leverage 2.2 times the mean)"
    assert scores.loc["D", "reason"] == ""


def test_reasons_in_output_orientation(five: Sample) -> None:
    """C brings about 6 with 8, the best of the others 4: with two thirds of its outputs it would still be efficient."""
    scores = screen_outliers(five, orientation="output", screen=1.4).scores.set_index("unit")
    assert scores.loc["C", "super_efficiency"] == pytest.approx(6 / (4 + 2 * 4 / 5))
    scores = screen_outliers(five, orientation="output", screen=1.05).scores.set_index("unit")
    assert scores.loc["C", "reason"].startswith("with 93 % of its outputs it would still be efficient")


# What it is for -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("orientation", ORIENTATION.values())
@pytest.mark.parametrize("seed", range(4))
def test_a_wrong_figure_is_found(seed: int, orientation: str) -> None:
    """Unit 21 says that it costs a third of what it does."""
    table = simulate(seed)
    clean = screen_outliers(sample_from(table), orientation=orientation)
    table.loc[21, "cost"] /= 3.0
    result = screen_outliers(sample_from(table), orientation=orientation)
    scores = result.scores
    assert scores.loc[21, "is_outlier"]
    assert scores["leverage"].idxmax() == 21
    assert 21 in result.influence["driver"].head(3).tolist()
    assert "times the mean" in scores.loc[21, "reason"]
    assert scores.loc[21, "leverage"] > 3 * clean.scores["leverage"].max()
    assert result.info["n_outliers"] == scores["is_outlier"].sum() <= 5
    assert not clean.scores["is_outlier"][21]


def test_two_close_together_hide_each_other() -> None:
    table = simulate(2)
    table.loc[21, "cost"] /= 3.0
    twice = pd.concat([table, table.loc[[21]]], ignore_index=True)
    scores = screen_outliers(sample_from(twice)).scores
    assert not scores["is_outlier"][[21, 43]].any()
    assert scores["leverage"][[21, 43]].tolist() == [0.0, 0.0]
    assert screen_outliers(sample_from(twice.drop(index=43))).scores["is_outlier"][21]


@pytest.mark.parametrize("scale", [1e-9, 1e12])
def test_units_of_measurement_and_order_do_not_matter(scale: float) -> None:
    table = simulate(1)
    ours = screen_outliers(sample_from(table))
    shuffled = (table * [1.0, scale, 1.0 / scale]).iloc[::-1]
    theirs = screen_outliers(sample_from(shuffled))
    numbers = ["efficiency", "super_efficiency", "leverage", "affected", "order_m"]
    left, right = (result.scores.set_index("unit").loc[table.index, numbers] for result in (ours, theirs))
    pd.testing.assert_frame_equal(left, right, rtol=1e-7, atol=1e-9)


def test_nobody_stands_out_where_all_are_efficient() -> None:
    table = pd.DataFrame({"x1": [1.0, 2.0, 4.0], "x2": [4.0, 2.0, 1.0], "y": 1.0})
    result = screen_outliers(Sample.from_table(table, ["x1", "x2"], "y"), screen=3.0)
    assert result.influence.empty
    assert result.scores["leverage"].tolist() == [0.0, 0.0, 0.0]
    assert "No unit stands out." in result.summary()


def test_units_without_a_score_stay() -> None:
    """Q has no output; nobody else dominates another, so in one order-m there is nothing."""
    table = pd.DataFrame({"x": [1.0, 2.0, 3.0, 4.0], "y": [1.0, 0.0, 3.0, 2.0]}, index=list("PQRS"))
    with pytest.warns(UnsolvedUnitsWarning, match=r"Q \(all outputs are zero") as caught:
        result = screen_outliers(Sample.from_table(table, "x", "y"), orientation="output")
    assert sum(warning.category is UnsolvedUnitsWarning for warning in caught) == 1
    scores = result.scores.set_index("unit")
    assert scores.loc["Q", ["efficiency", "super_efficiency", "order_m"]].isna().all()
    assert scores.loc["Q", "reason"] == "all outputs are zero, so the unit has no productivity"
    assert not scores.loc["Q", "is_outlier"]
    assert np.isnan(scores.loc["P", "super_efficiency"])


def test_a_score_that_no_solver_certifies_is_not_passed_over(five: Sample, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without B the score of D is not known, so neither is the leverage of B."""
    honest = room.solve_radial

    def failing(t: Any, X: np.ndarray, *rest: Any) -> Any:
        found = honest(t, X, *rest)
        found.farrell[(X[:, 0] == 6.0) & (t.X[0] != 4.0).all()] = np.nan
        return found

    monkeypatch.setattr(room, "solve_radial", failing)
    result = screen_outliers(five)
    scores = result.scores.set_index("unit")
    assert np.isnan(scores.loc["B", "leverage"])
    assert scores.drop(index="B")["leverage"].notna().all()
    assert result.influence.iloc[-1][["driver", "unit"]].tolist() == ["B", "D"]
    assert result.influence["change"].isna().tolist() == [False, False, True]


# Preconditions and the result ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("screen", [1.0, 0.5, np.inf, np.nan, True, "1.5"])
def test_screen_is_above_one(five: Sample, screen: Any) -> None:
    with pytest.raises(OptionError, match=r"screen=.* is not a super-efficiency above 1"):
        screen_outliers(five, screen=screen)


@pytest.mark.parametrize(
    ("orders", "message"),
    [
        ([], "is not a list of whole numbers"),
        (25, "is not a list of whole numbers"),
        ("25", "is not a list of whole numbers"),
        ([5, 2.5], "orders=2.5 is not a whole number"),
        ([25, 5], "ascending"),
        ([5, 5], "ascending"),
    ],
)
def test_orders_are_whole_numbers(five: Sample, orders: Any, message: str) -> None:
    with pytest.raises(OptionError, match=message):
        screen_outliers(five, orders=orders)


def test_other_preconditions(five: Sample) -> None:
    with pytest.raises(SampleError, match="2 units are too few to leave one out"):
        screen_outliers(five.subset(["A", "B"]))
    with pytest.raises(OptionError, match="rts='fdh'"):
        screen_outliers(five, rts="fdh")  # type: ignore[arg-type]
    table = five.to_frame().set_index("unit")
    table.loc["C", "result"] = -1.0
    with pytest.raises(SampleError, match=r"negative for C \(result\)"):
        screen_outliers(Sample.from_table(table, "cost", "result"))


@pytest.mark.filterwarnings("default::benchlib.errors.FewUnitsWarning")
def test_few_units_are_remarked_on_once(five: Sample) -> None:
    with pytest.warns(FewUnitsWarning) as caught:
        screen_outliers(five)
    assert len(caught) == 1


def test_the_result_says_what_it_is(synth43: Sample) -> None:
    result = screen_outliers(synth43)
    assert isinstance(result, OutlierResult)
    assert result.influence.columns.tolist() == ["driver", "unit", "efficiency", "without", "change"]
    assert result.order_m.columns.tolist() == ["unit", "m", "efficiency"]
    assert result.info["orders"] == (5, 10, 25, 50, 100)
    assert result.info["screen"] == 1.5
    assert result.title == "Outlier screening, input orientation, vrs; 43 units, 4 to be looked at"
    assert "Greatest changes of a score when one unit is left out" in result.summary()
    assert repr(result) == repr(screen_outliers(synth43))
