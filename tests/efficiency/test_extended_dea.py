"""`dea` with fixed variables, undesirable outputs and restricted multipliers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from benchlib.efficiency import FrontierResult, Sample, dea
from benchlib.efficiency.nonparametric.envelopment import figures, technology_of
from benchlib.efficiency.nonparametric.extended import PLAIN, WeightRatio, solve_extended
from benchlib.efficiency.nonparametric.solution import slack_weights
from benchlib.errors import OptionError, SampleError, SolverError, UnsolvedUnitsWarning
from benchlib.terms import INTENSITY_BOUNDS
from tests.efficiency.reference import REFERENCE, sample_of

pytestmark = [
    pytest.mark.filterwarnings("ignore::benchlib.errors.FewUnitsWarning"),
    pytest.mark.filterwarnings("ignore::benchlib.errors.UnsolvedUnitsWarning"),
]

repeatedly = settings(max_examples=15, deadline=None, derandomize=True)
ORIENTATIONS = ["input", "output"]
RTS = sorted(INTENSITY_BOUNDS)


def reference(name: str) -> pd.DataFrame:
    return pd.read_csv(REFERENCE / "measures" / f"{name}.csv", dtype={"dmu": str})


def sample_from(X: Any, Y: Any, units: Any = None) -> Sample:
    X, Y = np.asarray(X, dtype=float), np.asarray(Y, dtype=float)
    inputs, outputs = ([f"{letter}{i + 1}" for i in range(V.shape[1])] for letter, V in (("x", X), ("y", Y)))
    return Sample.from_table(pd.DataFrame(np.hstack([X, Y]), columns=inputs + outputs, index=units), inputs, outputs)


def target(result: FrontierResult, unit: Any, variable: str) -> float:
    table = result.targets.set_index(["unit", "variable"])
    return float(table.loc[(unit, variable), "target"])


# Nothing added: the general solver and the fast kernel are two ways to the same numbers -----------------------------------


@pytest.mark.parametrize("name", ["synth43", "deg_huge_range", "deg_mixed_scale", "deg_zero_input", "deg_zero_outputs"])
def test_the_general_solver_agrees_with_the_fast_one(name: str) -> None:
    sample = sample_of(name)
    for rts in RTS:
        for orientation in ORIENTATIONS:
            plain = dea(sample, rts=rts, orientation=orientation)
            t = technology_of(sample, orientation, rts)
            slow = FrontierResult(
                sample, sample, solve_extended(sample, sample, orientation, rts, PLAIN, slack_weights(t)), plain.info
            )
            np.testing.assert_allclose(slow.farrell, plain.farrell, rtol=1e-9)
            assert slow.scores["status"].tolist() == plain.scores["status"].tolist()
            pd.testing.assert_frame_equal(slow.targets, plain.targets, rtol=1e-6, atol=1e-9)
            x, y = figures(sample)
            virtual = slow.multipliers["virtual"].to_numpy().reshape(len(sample), -1)
            m = x.shape[1]
            parts = virtual[:, :m].sum(axis=1), virtual[:, m : m + y.shape[1]].sum(axis=1)
            scaled, valued = parts if orientation == "input" else parts[::-1]
            known = ~np.isnan(slow.farrell)
            assert scaled[known] == pytest.approx(1.0)
            assert (valued + virtual[:, -1])[known] == pytest.approx(slow.farrell[known], rel=1e-7)


# Fixed variables ------------------------------------------------------------------------------------------------------


@pytest.fixture
def schools() -> Sample:
    """Cost and a building that cannot change, for pupils; C uses 6 where a half of A and B, with its building, use 3."""
    return sample_from([[2.0, 1.0], [4.0, 3.0], [6.0, 2.0]], [[2.0], [2.0], [2.0]], list("ABC"))


def test_a_fixed_input_by_hand(schools: Sample) -> None:
    """C is compared with A, which has the smaller building: 2 of 6. Without `fixed` it could also use its building less."""
    result = dea(schools, fixed="x2")
    assert result.efficiency.tolist() == pytest.approx([1.0, 1.0 / 2, 1.0 / 3])
    assert target(result, "C", "x1") == pytest.approx(2.0)
    assert target(result, "C", "x2") == 2.0, "what is fixed stays"
    assert result.slacks["slack"].tolist() == [0.0] * 9
    assert dict(result.info) | {"fixed": ("x2",), "n_highs": 0} == dict(result.info)
    assert result.title == "DEA, input orientation, vrs; fixed: x2"
    assert dea(schools).efficiency[2] == pytest.approx(0.5), "x2 from 2 to 1"


def test_a_fixed_output_by_hand() -> None:
    """With y2 fixed at 3, Q follows a third of A and two thirds of B to (2, 3); to move both it has to stop at (1.25, 3.75)."""
    sample = sample_from([[1.0]] * 3, [[4.0, 1.0], [1.0, 4.0], [1.0, 3.0]], list("ABQ"))
    result = dea(sample, orientation="output", fixed=["y2"])
    assert result.farrell[2] == pytest.approx(2.0)
    assert target(result, "Q", "y2") == 3.0
    assert dea(sample, orientation="output").farrell[2] == pytest.approx(1.25)


def test_fixed_against_another_tool() -> None:
    for (name, rts), cell in reference("fixed").groupby(["sample", "rts"]):
        sample = sample_of(name)
        result = dea(sample, rts=rts, fixed=sample.inputs[-1])
        np.testing.assert_allclose(result.farrell, cell["eff"], rtol=1e-9)


@pytest.mark.parametrize("orientation", ORIENTATIONS)
@pytest.mark.parametrize("rts", RTS)
def test_fixed_multipliers_certify_the_score(synth43: Sample, rts: str, orientation: str) -> None:
    """Strong duality: what the fixed variable is worth is subtracted, and no unit makes a profit at these prices."""
    fixed = "x2" if orientation == "input" else "y3"
    result = dea(synth43, rts=rts, orientation=orientation, fixed=fixed)
    v, u, w = np.split(result.solution.multipliers, [2, 5], axis=1)
    xs, ys = synth43.X * v, synth43.Y * u
    if orientation == "input":
        assert xs[:, 0] == pytest.approx(1.0)
        assert ys.sum(axis=1) - xs[:, 1] + w[:, 0] == pytest.approx(result.farrell, rel=1e-8)
        assert (u @ synth43.Y.T + w <= v @ synth43.X.T + 1e-8 * (1 + v @ synth43.X.T)).all()
    else:
        assert ys[:, :2].sum(axis=1) == pytest.approx(1.0)
        assert xs.sum(axis=1) - ys[:, 2] + w[:, 0] == pytest.approx(result.farrell, rel=1e-8)
        assert (v @ synth43.X.T + w >= u @ synth43.Y.T - 1e-8 * (1 + u @ synth43.Y.T)).all()
    assert (result.efficiency <= dea(synth43, rts=rts, orientation=orientation).efficiency + 1e-9).all()


# Undesirable outputs --------------------------------------------------------------------------------------------------


def test_undesirable_by_hand() -> None:
    """Under crs P is compared with R itself, Q with two times R: as much of the bad as Q, twice the good, half the cost."""
    sample = sample_from([[2.0], [4.0], [1.0]], [[2.0, 2.0], [2.0, 4.0], [2.0, 2.0]], list("PQR"))
    result = dea(sample, rts="crs", undesirable="y2")
    assert result.efficiency.tolist() == pytest.approx([0.5, 0.5, 1.0])
    assert target(result, "Q", "y2") == 4.0
    assert target(result, "Q", "y1") == pytest.approx(4.0)
    little = sample_from([[4.0]], [[2.0, 1.0]], ["L"])
    with pytest.raises(SolverError, match="no combination"):
        dea(little, rts="crs", undesirable="y2", reference=sample)
    assert dea(little, rts="crs", reference=sample).efficiency.tolist() == pytest.approx([0.25]), "bad for good"


def test_abatement_by_hand() -> None:
    """One unit, seen from half of what it does: it may stop half of its activity, but keeps all of its input (Kuosmanen 2005)."""
    one = sample_from([[4.0]], [[2.0, 2.0]], ["A"])
    half = sample_from([[4.0]], [[1.0, 1.0]], ["H"])
    result = dea(half, undesirable="y2", reference=one)
    assert result.efficiency.tolist() == pytest.approx([1.0]), "vrs: no smaller unit is known"
    assert result.peers["weight"].tolist() == pytest.approx([1.0])
    assert dea(half, rts="nirs", undesirable="y2", reference=one).efficiency.tolist() == pytest.approx([0.5])
    with pytest.warns(UnsolvedUnitsWarning):
        lost = dea(sample_from([[4.0], [4.0]], [[1.0, 2.1], [1.0, 1.0]]), undesirable="y2", reference=one)
    assert lost.scores["status"].tolist() == ["infeasible", "solved"], "more of the bad than anybody makes"


@pytest.mark.parametrize("orientation", ORIENTATIONS)
@pytest.mark.parametrize("rts", RTS)
def test_undesirable_against_the_textbook_in_highs(synth43: Sample, rts: str, orientation: str) -> None:
    """z for what goes on, w for what is stopped: X(z + w) <= theta x, Yz >= y, Bz = b, sum(z + w) in its bounds."""
    result = dea(synth43, rts=rts, orientation=orientation, undesirable="y3")
    lowest, highest = INTENSITY_BOUNDS[rts]
    X, Y, B = synth43.X.T, synth43.Y.T[:2], synth43.Y.T[2:]
    zero = np.zeros((3, 43))
    for j in range(0, 43, 6):
        x, y, b = X[:, j], Y[:, j], B[:, j]
        moving_x, moving_y = (-x / x, 0 * y) if orientation == "input" else (0 * x, y / y)
        above = np.vstack(
            [
                np.hstack([X / x[:, None], X / x[:, None], moving_x[:, None]]),
                np.hstack([-Y / y[:, None], zero[:2], moving_y[:, None]]),
            ]
        )
        limits = np.r_[0 * x if orientation == "input" else x / x, -y / y if orientation == "input" else 0 * y]
        one = np.r_[np.ones(86), 0.0][None, :]
        for bound, sign in ((highest, 1.0), (lowest, -1.0)):
            if 0 < bound < np.inf:
                above, limits = np.vstack([above, sign * one]), np.r_[limits, sign * bound]
        found = linprog(
            np.r_[np.zeros(86), 1.0 if orientation == "input" else -1.0],
            A_ub=above,
            b_ub=limits,
            A_eq=np.hstack([B / b, zero[2:], [[0.0]]]),
            b_eq=[1.0],
        )
        assert result.farrell[j] == pytest.approx(abs(found.fun), rel=1e-7)
    changed = result.targets[result.targets["variable"] == "y3"]
    assert changed["change"].abs().max() == 0.0
    for unit, peers in result.peers.groupby("unit"):
        assert peers["weight"].sum() <= highest + 1e-9, unit
        assert peers["weight"].sum() >= lowest - 1e-9, unit


# Restricted multipliers -----------------------------------------------------------------------------------------------


def test_a_restriction_by_hand() -> None:
    """Q and P are efficient with weights of their own choice; where both inputs count alike, they use 5 and R uses 4.5."""
    sample = sample_from([[1.0, 4.0], [4.0, 1.0], [2.0, 2.5]], [[1.0]] * 3, list("QPR"))
    assert dea(sample, rts="crs").efficiency.tolist() == [1.0, 1.0, 1.0]
    result = dea(sample, rts="crs", restrictions=WeightRatio("x1", "x2", 1, 1))
    assert result.efficiency.tolist() == pytest.approx([4.5 / 5, 4.5 / 5, 1.0])
    weights = result.multipliers.set_index(["unit", "variable"])["multiplier"]
    assert weights["Q", "x1"] == pytest.approx(weights["Q", "x2"])
    assert result.title == "DEA, input orientation, crs; 1 weight ratio restricted"


def test_weight_ratios_against_another_tool() -> None:
    table = sample_of("deg_base20").to_frame().drop(columns="name").set_index("unit")
    sample = sample_from(*((table / table.mean()).filter(like=letter) for letter in "xy"), table.index)
    restrictions = [WeightRatio("x1", "x2", 0.2, 5), WeightRatio("y2", "y1", 0.2, 5)]
    for (rts, orientation), cell in reference("weight_ratios").groupby(["rts", "orientation"]):
        result = dea(sample, rts=rts, orientation=orientation, restrictions=restrictions)
        np.testing.assert_allclose(result.farrell, cell["eff"], rtol=1e-9)


@pytest.mark.parametrize("orientation", ORIENTATIONS)
@pytest.mark.parametrize("rts", RTS)
def test_restricted_multipliers_keep_their_ratio_and_certify(synth43: Sample, rts: str, orientation: str) -> None:
    mean = np.hstack([synth43.X, synth43.Y]).mean(axis=0)
    low, high = 0.5 * mean[1] / mean[0], 2.0 * mean[1] / mean[0]
    restrictions = [WeightRatio("x1", "x2", low, high), WeightRatio("y3", "y2", lowest=0.5 * mean[3] / mean[4])]
    result = dea(synth43, rts=rts, orientation=orientation, restrictions=restrictions)
    v, u, w = np.split(result.solution.multipliers, [2, 5], axis=1)
    assert (v[:, 0] >= low * v[:, 1] * (1 - 1e-8)).all()
    assert (v[:, 0] <= high * v[:, 1] * (1 + 1e-8)).all()
    assert (u[:, 2] >= restrictions[1].lowest * u[:, 1] * (1 - 1e-8)).all()
    inputs, outputs = (v * synth43.X).sum(axis=1), (u * synth43.Y).sum(axis=1)
    assert (inputs if orientation == "input" else outputs) == pytest.approx(1.0)
    other = outputs if orientation == "input" else inputs
    assert other + w[:, 0] == pytest.approx(result.farrell, rel=1e-8)
    assert (result.efficiency <= dea(synth43, rts=rts, orientation=orientation).efficiency + 1e-9).all()
    assert (result.targets["target"] >= 0.0).all()


def test_trades_do_not_drive_an_input_below_zero() -> None:
    """Q makes as much as P with more of both inputs: slacks of 9 and 0.5. One of x1 buys one of x2, but only until none is left."""
    sample = sample_from([[10.0, 1.0], [1.0, 0.5]], [[1.0], [1.0]], list("QP"))
    result = dea(sample, orientation="output", restrictions=WeightRatio("x1", "x2", lowest=1))
    assert result.efficiency.tolist() == [1.0, 1.0]
    assert result.targets["target"].tolist()[:3] == pytest.approx([1.5, 0.0, 1.0])


@repeatedly
@given(st.integers(0, 2**32 - 1))
def test_units_of_measurement_do_not_matter(seed: int) -> None:
    """Ratios are in units of the variables, and move with them."""
    rng = np.random.default_rng(seed)
    figures = rng.lognormal(0.0, 1.0, (12, 5))
    scale = 10.0 ** rng.integers(-9, 13, 5)
    plain, scaled = (sample_from(F[:, :2], F[:, 2:]) for F in (figures, figures * scale))
    options = {"rts": rng.choice(RTS), "orientation": rng.choice(ORIENTATIONS), "undesirable": "y3"}
    options["fixed"] = "x2" if options["orientation"] == "input" else "y2"
    first = dea(plain, **options, restrictions=WeightRatio("x1", "x2", 0.5, 2))
    ratio = scale[1] / scale[0]
    second = dea(scaled, **options, restrictions=WeightRatio("x1", "x2", 0.5 * ratio, 2 * ratio))
    np.testing.assert_allclose(second.efficiency, first.efficiency, rtol=1e-7)
    assert second.scores["status"].tolist() == first.scores["status"].tolist()


def test_all_three_together_narrow_down_to_one_unit() -> None:
    """One unit is its own frontier, whatever is asked of it."""
    one = sample_from([[2.0, 3.0]], [[4.0, 5.0, 6.0]], ["A"])
    for rts in RTS:
        for orientation in ORIENTATIONS:
            result = dea(
                one,
                rts=rts,
                orientation=orientation,
                fixed=["x2", "y2"],
                undesirable=["y3"],
                restrictions=[WeightRatio("x1", "x2", 0.1, 10)],
            )
            assert result.efficiency.tolist() == pytest.approx([1.0])
            assert result.targets["change"].abs().max() < 1e-9
    assert result.title.endswith("fixed: x2, y2; undesirable: y3; 1 weight ratio restricted")


def test_another_reference_and_units_without_a_score(synth43: Sample) -> None:
    first = synth43.subset(synth43.units[:20])
    result = dea(synth43, rts="crs", fixed="x2", reference=first)
    assert "outside" in result.scores["status"].tolist()
    assert set(result.peers["peer"]) <= set(first.units)
    zero = sample_from([[0.0, 2.0], [1.0, 1.0]], [[1.0], [1.0]], list("NM"))
    with pytest.warns(UnsolvedUnitsWarning, match="N .all inputs are zero"):
        scores = dea(zero, fixed="x2").scores
    assert scores["status"].tolist() == ["no input", "solved"], "nothing but the fixed input is left of N"


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"fixed": "z"}, SampleError, r"fixed names z; the inputs and outputs of the sample are x1, x2, y1"),
        ({"undesirable": "z"}, SampleError, "undesirable names z"),
        ({"fixed": ["x1", "x2"]}, OptionError, "All inputs are fixed, so that nothing is left to change in input"),
        ({"fixed": "y1", "undesirable": "y1"}, OptionError, "Both fixed and undesirable: y1"),
        ({"undesirable": "x1"}, SampleError, "only outputs can be undesirable; these are inputs"),
        ({"undesirable": ["y1", "y2", "y3"]}, SampleError, "All outputs are undesirable"),
        (
            {"orientation": "output", "fixed": ["y1", "y2"], "undesirable": "y3"},
            OptionError,
            "nothing is left to change in output orientation",
        ),
        ({"restrictions": ["x1"]}, OptionError, "restrictions holds 'x1'; needed are ratios"),
        ({"restrictions": [WeightRatio("x1", "z")]}, SampleError, "A WeightRatio names z"),
        ({"restrictions": [WeightRatio("x1", "y1")]}, SampleError, "two inputs or two outputs; x1 and y1"),
        ({"restrictions": [WeightRatio("y1", "y3")], "undesirable": "y3"}, OptionError, "multiplier of y3 cannot be"),
        (
            {"restrictions": [WeightRatio("x1", "x2", 2, 3), WeightRatio("x2", "x1", 2, 3)]},
            OptionError,
            "restrictions contradict each other",
        ),
    ],
)
def test_wrong_options(synth43: Sample, options: dict[str, Any], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        dea(synth43, **options)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("a", "b", 3, 1), "from lowest=3 to highest=1 is not possible"),
        (("a", "b", -1, 1), "from lowest=-1"),
        (("a", "b", 0, 0), "positive highest"),
        (("a", "b", np.inf, np.inf), "finite lowest"),
        (("a", "b", np.nan, 1), "from lowest=nan"),
        (("a", "b", "1", 2), "lowest='1' and highest=2 must be numbers"),
        (("a", "a", 1, 2), "needs two variables, not 'a' twice"),
    ],
)
def test_wrong_ratios(arguments: tuple[Any, ...], message: str) -> None:
    with pytest.raises(OptionError, match=message):
        WeightRatio(*arguments)
