"""Cost, revenue and profit efficiency: published tables, another tool, HiGHS, laws, and what is refused."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from benchlib.efficiency import Sample, dea
from benchlib.efficiency.measures.economic import EconomicResult, cost_efficiency, revenue_efficiency
from benchlib.efficiency.measures.profit import profit_efficiency
from benchlib.errors import OptionError, SampleError, SolverError, UnsolvedUnitsWarning
from benchlib.terms import INTENSITY_BOUNDS
from tests.efficiency.reference import REFERENCE, sample_of
from tests.efficiency.reference import RTS as WORDS

pytestmark = pytest.mark.filterwarnings("ignore::benchlib.errors.FewUnitsWarning")

Method = Callable[..., EconomicResult]
RTS = sorted(INTENSITY_BOUNDS)
METHODS: dict[str, Method] = {"cost": cost_efficiency, "revenue": revenue_efficiency, "profit": profit_efficiency}
repeatedly = settings(max_examples=25, deadline=None, derandomize=True)
STRICT = {"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10}


def five_firms() -> Sample:
    """Five firms with two inputs and one output (Coelli, Rao and Battese 1998, p. 166)."""
    table = pd.DataFrame({"y": [1, 2, 3, 1, 2], "x1": [2, 2, 6, 3, 6], "x2": [5, 4, 6, 2, 2]}, index=[1, 2, 3, 4, 5])
    return Sample.from_table(table, ["x1", "x2"], "y")


def test_published_cost_efficiencies() -> None:
    """Input prices 1 and 3, constant returns; the book gives three decimals."""
    scores = cost_efficiency(five_firms(), {"x1": 1, "x2": 3}, rts="crs").scores
    np.testing.assert_allclose(scores["technical"], [0.500, 1.000, 0.833, 0.714, 1.000], atol=5e-4)
    np.testing.assert_allclose(scores["allocative"], [0.706, 0.857, 0.900, 0.933, 1.000], atol=5e-4)
    np.testing.assert_allclose(scores["efficiency"], [0.353, 0.857, 0.750, 0.667, 1.000], atol=5e-4)


def test_targets_of_the_published_example() -> None:
    """The ray through firm 5 (3 and 1 per unit of output) is the cheapest way at these prices."""
    result = cost_efficiency(five_firms(), {"x1": 1, "x2": 3}, rts="crs")
    target = result.targets.pivot_table(index="unit", columns="variable", values="target")
    np.testing.assert_allclose(target["x1"], [3, 6, 9, 3, 6])
    np.testing.assert_allclose(target["x2"], [1, 2, 3, 1, 2])
    np.testing.assert_allclose(result.scores["optimal"], [6, 12, 18, 6, 12])
    np.testing.assert_allclose(result.scores["observed"], [17, 14, 24, 9, 12])
    first = result.targets.iloc[0]
    assert (first["unit"], first["variable"], first["change"], first["change_pct"]) == (1, "x1", 1.0, 50.0)


@pytest.mark.parametrize("name", ["synth43", "deg_zero_outputs"])
@pytest.mark.parametrize("what", sorted(METHODS))
@pytest.mark.parametrize("rts", sorted(WORDS))
@pytest.mark.filterwarnings("ignore::benchlib.errors.UnsolvedUnitsWarning")
def test_benchmarking(name: str, what: str, rts: str) -> None:
    sample = sample_of(name)
    prices = pd.read_csv(REFERENCE / "economic" / f"{name}_prices.csv", dtype={"dmu": str}).set_index("dmu")
    table = pd.read_csv(REFERENCE / "economic" / f"{name}.csv", dtype={"dmu": str})
    theirs = table.query("rts == @rts and what == @what").set_index("dmu").loc[list(sample.units)]
    optimal = theirs["opt"].replace(np.inf, np.nan)
    if optimal.isna().all():
        with pytest.raises(SolverError, match="a profit that grows with size without limit"):
            METHODS[what](sample, prices, rts=WORDS[rts])
        return
    scores = METHODS[what](sample, prices, rts=WORDS[rts]).scores
    np.testing.assert_allclose(scores["observed"], theirs["actual"], rtol=1e-10)
    turnover = scores["observed"].abs().max()
    np.testing.assert_allclose(scores["optimal"], optimal, rtol=1e-9, atol=1e-9 * turnover)


def by_highs(sample: Sample, prices: pd.DataFrame, j: int, rts: str, what: str) -> float:
    """Optimal over observed cost or revenue of unit j, each row divided by the unit's own figures."""
    n, m = len(sample), len(sample.inputs)
    lowest, highest = INTENSITY_BOUNDS[rts]
    price = prices.loc[sample.units[j]].to_numpy()
    if what == "cost":
        money = sample.X @ price[:m]
        with_output = sample.Y[j] > 0.0
        rows = -sample.Y.T[with_output] / sample.Y[j][with_output, None]
        limits = -np.ones(len(rows))
    else:
        money = sample.Y @ price[m:]
        rows, limits = sample.X.T / sample.X[j][:, None], np.ones(m)
    rows = np.vstack([rows, -np.ones(n), np.ones(n)])
    limits = np.concatenate([limits, [-lowest, min(highest, 1e9)]])
    sign = 1.0 if what == "cost" else -1.0
    found = linprog(sign * money / money[j], rows, limits, method="highs", options=STRICT)
    assert found.status == 0
    return float(sign * found.fun)


@pytest.mark.parametrize("name", ["synth43", "deg_mixed_scale", "deg_scale_1e12", "deg_duplicates", "deg_integer_ties"])
@pytest.mark.parametrize("what", ["cost", "revenue"])
def test_highs(name: str, what: str) -> None:
    sample = sample_of(name)
    rng = np.random.default_rng(7)
    variables = [*sample.inputs, *sample.outputs]
    usual = 1.0 / np.hstack([sample.X, sample.Y]).mean(axis=0)
    prices = pd.DataFrame(usual * rng.uniform(0.5, 2.0, (len(sample), len(variables))), sample.index, variables)
    for rts in RTS:
        scores = METHODS[what](sample, prices, rts=rts).scores
        expected = [by_highs(sample, prices, j, rts, what) for j in range(0, len(sample), 7)]
        np.testing.assert_allclose((scores["optimal"] / scores["observed"])[::7], expected, rtol=1e-9)


def random_case(seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, 12))
    table = pd.DataFrame(rng.lognormal(size=(n, 5)), columns=["x1", "x2", "y1", "y2", "y3"])
    prices = pd.DataFrame(rng.lognormal(size=(n, 5)), columns=table.columns)
    return table, prices.loc[[0] * n].set_axis(table.index) if seed % 2 else prices


def sample_from(table: pd.DataFrame) -> Sample:
    return Sample.from_table(table, ["x1", "x2"], ["y1", "y2", "y3"])


@repeatedly
@given(st.integers(0, 2**32 - 1), st.sampled_from(RTS), st.sampled_from(["cost", "revenue"]))
def test_laws_of_cost_and_revenue(seed: int, rts: str, what: str) -> None:
    table, prices = random_case(seed)
    result = METHODS[what](sample_from(table), prices, rts=rts)
    columns = ["efficiency", "technical", "allocative"]
    scores = result.scores.set_index("unit")
    orientation = "input" if what == "cost" else "output"
    np.testing.assert_allclose(
        scores["technical"], dea(sample_from(table), orientation=orientation, rts=rts).efficiency
    )
    np.testing.assert_allclose(scores["efficiency"], scores["technical"] * scores["allocative"])
    assert scores["efficiency"].between(0.0, 1.0).all()
    assert (scores["allocative"] <= 1.0).all()
    target = result.targets.pivot_table(index="unit", columns="variable", values="target")
    priced = table.columns[:2] if what == "cost" else table.columns[2:]
    np.testing.assert_allclose((target[priced] * prices[priced]).sum(axis=1), scores["optimal"], rtol=1e-8)
    kept = table.columns.difference(priced)
    assert ((target[kept] - table[kept]) * (1 if what == "cost" else -1) >= -1e-8 * table[kept]).all(axis=None)

    rng = np.random.default_rng(seed)
    factor = 10.0 ** rng.uniform(-9, 12, 5)
    other_units = METHODS[what](sample_from(table * factor), prices / factor, rts=rts).scores.set_index("unit")
    pd.testing.assert_frame_equal(other_units[[*columns, "optimal"]], scores[[*columns, "optimal"]], rtol=1e-8)
    order = rng.permutation(len(table))
    again = METHODS[what](sample_from(table.iloc[order]), prices, rts=rts).scores.set_index("unit")
    pd.testing.assert_frame_equal(again[columns], scores.iloc[order][columns], rtol=1e-8)


@repeatedly
@given(st.integers(0, 2**32 - 1), st.sampled_from(["vrs", "nirs"]))
def test_laws_of_profit(seed: int, rts: str) -> None:
    table, prices = random_case(seed)
    result = profit_efficiency(sample_from(table), prices, rts=rts)
    scores = result.scores.set_index("unit")
    money = table * prices
    turnover = money.sum(axis=1)
    signs = np.array([-1.0, -1.0, 1.0, 1.0, 1.0])
    np.testing.assert_allclose(scores["observed"], money @ signs, atol=1e-12 * turnover.max())
    greatest = np.max(prices.to_numpy() @ (table * signs).to_numpy().T, axis=1)
    np.testing.assert_allclose(scores["optimal"], np.maximum(greatest, 0.0) if rts == "nirs" else greatest)
    np.testing.assert_allclose(scores["inefficiency"] * turnover, scores["optimal"] - scores["observed"], atol=1e-8)
    np.testing.assert_allclose(scores["inefficiency"], scores["technical"] + scores["allocative"])
    assert (scores[["inefficiency", "technical", "allocative"]] >= 0.0).all(axis=None)
    target = result.targets.pivot_table(index="unit", columns="variable", values="target")
    np.testing.assert_allclose((target * prices) @ signs, scores["optimal"], atol=1e-8 * turnover.max())
    factor = 10.0 ** np.random.default_rng(seed).uniform(-6, 6, 5)
    other_units = profit_efficiency(sample_from(table * factor), prices / factor, rts=rts).scores.set_index("unit")
    columns = ["inefficiency", "technical", "allocative"]
    pd.testing.assert_frame_equal(other_units[columns], scores[columns], rtol=1e-7, atol=1e-8)


def test_profit_by_hand() -> None:
    """A earns 2, the most. B lies on the frontier in the wrong size; C could halve its input at least."""
    table = pd.DataFrame({"staff": [2.0, 6.0, 6.0], "visits": [4.0, 6.0, 2.0]}, index=list("ABC"))
    sample = Sample.from_table(table, "staff", "visits")
    scores = profit_efficiency(sample, {"staff": 1.0, "visits": 1.0}).scores
    np.testing.assert_allclose(scores["inefficiency"], [0.0, 2 / 12, 6 / 8])
    np.testing.assert_allclose(scores["technical"], [0.0, 0.0, 2 / 3], atol=1e-12)
    np.testing.assert_allclose(scores["ratio"], [1.0, np.nan, np.nan])
    result = profit_efficiency(sample, {"staff": 3.0, "visits": 1.0}, rts="crs")
    np.testing.assert_allclose(result.scores["optimal"], 0.0)
    assert (result.targets["target"] == 0.0).all()


def test_profit_without_limit() -> None:
    table = pd.DataFrame({"staff": [2.0, 6.0], "visits": [4.0, 6.0]}, index=list("AB"))
    sample = Sample.from_table(table, "staff", "visits")
    prices = pd.DataFrame({"staff": [1.0, 3.0], "visits": [1.0, 1.0]}, index=list("AB"))
    for rts in ("crs", "ndrs"):
        with pytest.warns(UnsolvedUnitsWarning, match=r"A \(reference units make a profit .* vrs and nirs limit it"):
            scores = profit_efficiency(sample, prices, rts=rts).scores
        assert scores["status"].tolist() == ["unbounded", "solved"]
        assert scores.loc[0, ["inefficiency", "allocative", "optimal", "ratio"]].isna().all()
        assert scores.loc[0, "technical"] == 0.0
        assert scores.loc[1, "optimal"] == (0.0 if rts == "crs" else -2.0)


def test_break_even_is_no_profit() -> None:
    """3 * 0.1 - 0.3 exceeds 0 for a computer; it is no profit to be had without limit, though."""
    sample = Sample.from_table(pd.DataFrame({"x": [0.3, 0.9], "y": [3.0, 6.0]}), "x", "y")
    result = profit_efficiency(sample, {"x": 1.0, "y": 0.1}, rts="crs")
    np.testing.assert_allclose(result.scores["optimal"], 0.0, atol=1e-15)
    np.testing.assert_allclose(result.targets["target"], [0.3, 3.0, 0.3, 3.0])


def test_reference_of_others() -> None:
    """Against the five firms: half of firm 5's inputs for half its output is on the frontier, twice as dear is not."""
    table = pd.DataFrame({"x1": [3.0, 6.0, 1.0], "x2": [1.0, 2.0, 1.0], "y": [1.0, 1.0, 1.0]}, index=["P", "Q", "R"])
    sample = Sample.from_table(table, ["x1", "x2"], "y")
    result = cost_efficiency(sample, {"x1": 1.0, "x2": 3.0}, rts="crs", reference=five_firms())
    np.testing.assert_allclose(result.scores["efficiency"], [1.0, 0.5, 1.5])
    assert result.scores["status"].tolist() == ["solved", "solved", "outside"]
    assert result.info["n_reference"] == 5
    profit = profit_efficiency(sample, {"x1": 1.0, "x2": 3.0, "y": 7.0}, reference=five_firms().subset([1]))
    assert profit.scores["status"].tolist() == ["outside", "outside", "outside"]
    assert (profit.scores["inefficiency"] < 0.0).all()


def test_units_without_amounts() -> None:
    table = pd.DataFrame({"x": [0.0, 2.0, 4.0], "y": [0.0, 1.0, 1.0]}, index=list("ABC"))
    sample = Sample.from_table(table, "x", "y")
    with pytest.warns(UnsolvedUnitsWarning, match=r"A \(all inputs and outputs are zero"):
        scores = profit_efficiency(sample, {"x": 1.0, "y": 1.0}).scores
    assert scores["status"].tolist() == ["no input", "solved", "solved"]
    with pytest.warns(UnsolvedUnitsWarning, match=r"A \(all inputs are zero"):
        scores = cost_efficiency(sample, {"x": 1.0}, rts="vrs").scores
    assert scores["status"].tolist()[0] == "no input"
    assert np.isnan(scores.loc[0, "efficiency"])
    with pytest.raises(SolverError, match="all outputs are zero"):
        revenue_efficiency(Sample.from_table(table.assign(y=0.0), "x", "y"), {"y": 1.0})


def test_an_input_may_take_the_place_of_one_not_used() -> None:
    """B does without x2; C's mix is cheaper for it all the same, which no proportional change finds."""
    table = pd.DataFrame({"x1": [9.0, 8.0, 1.0], "x2": [1.0, 0.0, 2.0], "y": 1.0}, index=list("ABC"))
    scores = cost_efficiency(Sample.from_table(table, ["x1", "x2"], "y"), {"x1": 1.0, "x2": 1.0}).scores
    np.testing.assert_allclose(scores.loc[1, ["technical", "allocative", "efficiency"]].tolist(), [1.0, 0.375, 0.375])


def test_result_says_what_it_is() -> None:
    result = cost_efficiency(five_firms(), {"x1": 1, "x2": 3}, rts="crs")
    assert repr(result) == "EconomicResult(Cost efficiency by DEA, crs; 5 units, mean efficiency 0.7254)"
    assert "mean inefficiency" in profit_efficiency(five_firms(), {"x1": 1, "x2": 3, "y": 2}).title
    assert result.scores.columns.tolist() == [
        "unit", "name", "efficiency", "technical", "allocative", "observed", "optimal", "status", "reason",
    ]  # fmt: skip


def table_of_prices(**changes: object) -> pd.DataFrame:
    return pd.DataFrame({"x1": 1.0, "x2": 3.0, "y": 2.0}, index=[1, 2, 3, 4, 5]).assign(**changes)


@pytest.mark.parametrize(
    ("prices", "error", "message"),
    [
        ({"x1": 1.0}, SampleError, "prices has no price of x2; each of x1, x2 needs one"),
        ({"x1": 1.0, "x2": 0.0}, SampleError, r"must be positive numbers; not so for 1, 2, 3, 4, 5 \(x2\)"),
        ({"x1": "1", "x2": 1.0}, SampleError, "The prices of 'x1' are"),
        ({"x1": True, "x2": 1.0}, SampleError, "The prices of 'x1' are bool"),
        ([1.0, 3.0], OptionError, "prices is of type list"),
        (table_of_prices().drop(columns="x1"), SampleError, "prices has no column x1"),
        (table_of_prices().drop(index=[2, 4]), SampleError, "prices has no row for 2, 4"),
        (table_of_prices().reset_index(drop=True), SampleError, "prices has no row for 5"),
        (pd.concat([table_of_prices()] * 2), SampleError, "prices names these units more than once: 1, 2, 3"),
        (table_of_prices().iloc[:, [0, 1, 1]], SampleError, "several columns of one name"),
        (table_of_prices(x1=[1.0, np.nan, 1.0, 1.0, 1.0]), SampleError, r"not so for 2 \(x1\)"),
        (table_of_prices(x2=[1.0, 1.0, -1.0, np.inf, 1.0]), SampleError, r"not so for 3, 4 \(x2\)"),
    ],
)
def test_prices_that_are_refused(prices: object, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        cost_efficiency(five_firms(), prices)


def test_prices_belong_to_units_not_rows() -> None:
    prices = table_of_prices(x1=[1.0, 2.0, 3.0, 4.0, 5.0])
    expected = cost_efficiency(five_firms(), prices).scores
    shuffled = pd.concat([prices.sample(frac=1.0, random_state=3), prices.rename(index=lambda unit: unit + 10)])
    pd.testing.assert_frame_equal(cost_efficiency(five_firms(), shuffled).scores, expected)


def test_other_preconditions() -> None:
    with pytest.raises(OptionError, match="rts='fdh'"):
        profit_efficiency(five_firms(), {"x1": 1.0, "x2": 1.0, "y": 1.0}, rts="fdh")
    with pytest.raises(SampleError, match="has other variables"):
        cost_efficiency(five_firms(), {"x1": 1.0, "x2": 1.0}, reference=sample_of("synth43"))
    with pytest.raises(SampleError, match="prices has no price of y"):
        profit_efficiency(five_firms(), {"x1": 1.0, "x2": 1.0})
