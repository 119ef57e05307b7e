"""Cross-efficiency: by hand, against another tool and HiGHS, laws, and what is refused."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from benchlib.efficiency import Sample, dea
from benchlib.efficiency.measures import cross
from benchlib.efficiency.measures.cross import CrossEfficiencyResult, choose_multipliers, cross_efficiency
from benchlib.errors import OptionError, SampleError, SolverError, UnsolvedUnitsWarning
from tests.efficiency.reference import REFERENCE, sample_of

pytestmark = pytest.mark.filterwarnings("ignore::benchlib.errors.FewUnitsWarning")

THEIRS = pd.read_csv(REFERENCE / "cross" / "e.csv", dtype={"dmu": str})
CELLS = THEIRS.drop_duplicates(["sample", "orientation", "goal"])[["sample", "orientation", "goal"]]
GOALS = ["benevolent", "aggressive"]
STRICT = {"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10}
repeatedly = settings(max_examples=25, deadline=None, derandomize=True)


def three() -> Sample:
    """A and B are efficient, each by one of two inputs; C is good in neither."""
    table = pd.DataFrame({"staff": [1.0, 4.0, 4.0], "rooms": [2.0, 1.0, 4.0], "pupils": 1.0}, index=list("ABC"))
    return Sample.from_table(table, ["staff", "rooms"], "pupils")


@pytest.mark.parametrize(("name", "orientation", "goal"), list(CELLS.itertuples(index=False, name=None)))
def test_dear(name: str, orientation: str, goal: str) -> None:
    sample = sample_of(name)
    theirs = THEIRS.query("sample == @name and orientation == @orientation and goal == @goal").set_index("dmu")
    expected = theirs.loc[list(sample.units), "e"].to_numpy()
    ours = cross_efficiency(sample, orientation=orientation, goal=goal).scores["cross"]
    np.testing.assert_allclose(ours, 1.0 / np.abs(expected) if orientation == "output" else expected, atol=1e-9)


@pytest.mark.parametrize("name", ["synth43", "deg_huge_range", "deg_mixed_scale", "deg_scale_1e12", "deg_collinear"])
@pytest.mark.parametrize("goal", GOALS)
def test_no_rater_could_do_better(name: str, goal: str) -> None:
    """The textbook's programme, with a row per unit, in HiGHS; each row divided by its largest coefficient."""
    sample = sample_of(name)
    X, Y = sample.X, sample.Y
    efficiency = dea(sample, rts="crs").efficiency
    for d in range(0, len(sample), 3):
        others = np.arange(len(sample)) != d
        X_all, Y_all = X[others].sum(axis=0), Y[others].sum(axis=0)
        v, u = choose_multipliers(X, Y, d, efficiency[d], is_benevolent=goal == "benevolent")
        rows = np.hstack([-X / X_all, Y / Y_all])[others]
        own = np.concatenate([-efficiency[d] * X[d] / X_all, Y[d] / Y_all])
        sign = -1.0 if goal == "benevolent" else 1.0
        normal = np.repeat([1.0, 0.0], [len(X_all), len(Y_all)])
        found = linprog(
            sign * (1.0 - normal),
            rows / np.abs(rows).max(axis=1, keepdims=True),
            np.zeros(len(rows)),
            np.vstack([normal, own / np.abs(own).max()]),
            [1.0, 0.0],
            method="highs",
            options=STRICT,
        )
        assert found.status == 0
        assert v @ X_all == pytest.approx(1.0, abs=1e-9)
        assert u @ Y_all == pytest.approx(sign * found.fun, rel=1e-8, abs=1e-10)


def test_by_hand_aggressive() -> None:
    """A counts staff only (B and C look worst), B rooms only; C cannot tell what to count: both at its best."""
    result = cross_efficiency(three(), goal="aggressive")
    np.testing.assert_allclose(result.matrix, [[1.0, 0.25, 0.25], [0.5, 1.0, 0.25], [1.0, 1.0, 7 / 16]])
    scores = result.scores
    np.testing.assert_allclose(scores["efficiency"], [1.0, 1.0, 7 / 16])
    np.testing.assert_allclose(scores["cross"], [2.5 / 3, 2.25 / 3, 0.9375 / 3])
    np.testing.assert_allclose(scores["maverick"], [1 / 0.75 - 1, 1 / 0.625 - 1, 0.4375 / 0.25 - 1])
    assert result.matrix.loc["A", "B"] == pytest.approx(0.25)
    assert (result.matrix.index.name, result.matrix.columns.name) == ("rater", "rated")


def test_output_orientation_averages_factors() -> None:
    by_efficiency = cross_efficiency(three(), goal="aggressive")
    by_factor = cross_efficiency(three(), goal="aggressive", orientation="output")
    np.testing.assert_allclose(by_factor.matrix, by_efficiency.matrix)
    np.testing.assert_allclose(by_factor.scores["cross"], 1.0 / (1.0 / by_efficiency.matrix).mean(axis=0).to_numpy())
    # B alone is rated by A (1/4) and C (1): factors 4 and 1, mean 2.5.
    assert by_factor.scores.loc[1, "maverick"] == pytest.approx(2.5 - 1.0)


@repeatedly
@given(st.integers(0, 2**32 - 1), st.sampled_from(GOALS), st.sampled_from(["input", "output"]))
def test_laws(seed: int, goal: str, orientation: str) -> None:
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, 12))
    table = pd.DataFrame(rng.lognormal(size=(n, 4)), columns=["x1", "x2", "y1", "y2"])

    def rated(table: pd.DataFrame) -> CrossEfficiencyResult:
        sample = Sample.from_table(table, ["x1", "x2"], ["y1", "y2"])
        return cross_efficiency(sample, goal=goal, orientation=orientation)

    result = rated(table)
    scores, matrix = result.scores.set_index("unit"), result.matrix
    own = dea(Sample.from_table(table, ["x1", "x2"], ["y1", "y2"]), rts="crs").efficiency
    np.testing.assert_allclose(np.diag(matrix), own, rtol=1e-9)
    assert ((matrix > 0.0) & (matrix <= 1.0)).all(axis=None)
    assert (matrix <= own * (1.0 + 1e-9)).all(axis=None), "nobody rates a unit above what it can claim itself"
    assert (scores["cross"] <= scores["efficiency"] * (1.0 + 1e-9)).all()
    other_units = rated(table * 10.0 ** rng.uniform(-9, 12, 4))
    np.testing.assert_allclose(other_units.matrix, matrix, rtol=1e-7)
    order = rng.permutation(n)
    np.testing.assert_allclose(rated(table.iloc[order]).matrix, matrix.iloc[order, order], rtol=1e-7)


def test_benevolent_raters_are_kinder(synth43: Sample) -> None:
    """Each rater gives the others together at least as much: outputs over inputs of the composite, at its multipliers."""
    efficiency = dea(synth43, rts="crs").efficiency
    for d in range(0, 43, 5):
        kind, harsh = (
            choose_multipliers(synth43.X, synth43.Y, d, efficiency[d], is_benevolent=is_kind)
            for is_kind in (True, False)
        )
        others = np.arange(43) != d
        assert kind[1] @ synth43.Y[others].sum(axis=0) >= (1.0 - 1e-12) * (harsh[1] @ synth43.Y[others].sum(axis=0))
    means = [cross_efficiency(synth43, goal=goal).scores["cross"].mean() for goal in GOALS]
    assert means[0] > means[1]


def test_one_unit_has_nobody_to_be_rated_by() -> None:
    sample = Sample.from_table(pd.DataFrame({"x": [2.0], "y": [3.0]}), "x", "y")
    scores = cross_efficiency(sample).scores
    assert scores[["efficiency", "cross"]].to_numpy().tolist() == [[1.0, 1.0]]
    assert np.isnan(scores["maverick"].item())


def test_a_unit_without_output_neither_rates_nor_has_a_mean() -> None:
    table = pd.DataFrame({"x": [1.0, 2.0, 3.0], "y": [1.0, 1.0, 0.0]}, index=list("ABC"))
    with pytest.warns(UnsolvedUnitsWarning, match=r"C \(all outputs are zero"):
        result = cross_efficiency(Sample.from_table(table, "x", "y"))
    np.testing.assert_allclose(result.scores["cross"], [1.0, 0.5, np.nan])
    assert result.matrix.loc["C"].isna().all()
    assert result.info["n_raters"] == 2
    assert result.info["n_unsolved"] == 1


def test_a_harsh_unit_may_have_no_say() -> None:
    """B uses no staff. By counting staff alone it could make A and C look infinitely worse than itself."""
    table = pd.DataFrame({"staff": [1.0, 0.0, 9.0], "rooms": [2.0, 1.0, 4.0], "y": [1.0, 1.0, 1.0]}, index=list("ABC"))
    sample = Sample.from_table(table, ["staff", "rooms"], "y")
    with pytest.warns(UnsolvedUnitsWarning, match=r"Units that do not rate: B \(it could choose to count") as caught:
        result = cross_efficiency(sample, goal="aggressive")
    assert caught[0].filename == __file__
    assert result.scores["status"].tolist() == ["solved", "no rater", "solved"]
    assert result.matrix.loc["B"].isna().tolist() == [True, False, True]
    np.testing.assert_allclose(result.scores["cross"], result.matrix.loc[["A", "C"]].mean(axis=0))
    assert result.info["n_raters"] == 2
    kind = cross_efficiency(sample)
    assert kind.info["n_raters"] == 3
    np.testing.assert_allclose(kind.matrix.loc["B"], [0.5, 1.0, 0.25])


def test_ratings_of_nothing_by_nothing() -> None:
    """A counts only staff, of which B uses none: 0 / 0 is no rating, and a mean without it would be another mean."""
    ratings = np.array([[1.0, np.nan, 0.5], [0.5, 1.0, 0.5], [1.0, 1.0, 0.8]])
    own = pd.DataFrame({"unit": list("ABC"), "name": list("ABC"), "efficiency": [1.0, 1.0, 0.8]})
    own = own.assign(status="solved", reason="")
    scores = cross._tabulate(own, ratings, np.array([True, False, True]), is_output=False)
    assert scores["status"].tolist() == ["solved", "undefined", "solved"]
    assert scores["reason"].tolist() == ["", "rated by inputs of which it uses none (by A)", ""]
    np.testing.assert_allclose(scores["cross"], [2.5 / 3, np.nan, 0.6])


def test_result_says_what_it_is() -> None:
    result = cross_efficiency(three(), goal="aggressive")
    assert "input orientation, crs, aggressive; 3 units, mean efficiency 0.8125, cross 0.6319" in repr(result)
    assert result.scores.columns.tolist() == [
        "unit", "name", "efficiency", "cross", "maverick", "status", "reason",
    ]  # fmt: skip


def test_what_is_refused() -> None:
    with pytest.raises(OptionError, match="rts='vrs' is not possible here, only 'crs'"):
        cross_efficiency(three(), rts="vrs")
    with pytest.raises(OptionError, match="rts='fdh' is not an option"):
        cross_efficiency(three(), rts="fdh")
    with pytest.raises(OptionError, match="goal='neutral'"):
        cross_efficiency(three(), goal="neutral")
    with pytest.raises(OptionError, match="orientation='both'"):
        cross_efficiency(three(), orientation="both")
    table = pd.DataFrame({"x": [1.0, np.nan], "y": [1.0, 1.0]})
    with pytest.raises(SampleError, match=r"missing for 1 \(x\)"):
        cross_efficiency(Sample.from_table(table, "x", "y"))
    crosswise = pd.DataFrame({"x1": [0.0, 1.0], "x2": [1.0, 0.0], "y": [1.0, 1.0]})
    with pytest.raises(SolverError, match="No unit could be scored: it could choose to count only"):
        cross_efficiency(Sample.from_table(crosswise, ["x1", "x2"], "y"), goal="aggressive")
    with pytest.raises(SolverError, match="all outputs are zero"):
        cross_efficiency(Sample.from_table(pd.DataFrame({"x": [1.0, 2.0], "y": 0.0}), "x", "y"))
