"""Directional distances: by hand, against other tools, and laws of the model."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import benchlib
from benchlib.efficiency import Sample, dea
from benchlib.efficiency.measures.directional import directional, solve_directional
from benchlib.errors import FewUnitsWarning, OptionError, SampleError, SolverError, UnsolvedUnitsWarning
from benchlib.terms import INTENSITY_BOUNDS
from tests.efficiency.exact import least
from tests.efficiency.reference import REFERENCE, sample_of

pytestmark = pytest.mark.filterwarnings("ignore::benchlib.errors.FewUnitsWarning")

repeatedly = settings(max_examples=15, deadline=None, derandomize=True)
RTS = sorted(INTENSITY_BOUNDS)


def sample_from(figures: Any, m: int, units: Any = None) -> Sample:
    values = np.asarray(figures, dtype=float)
    names = [f"x{i + 1}" for i in range(m)] + [f"y{i + 1}" for i in range(values.shape[1] - m)]
    return Sample.from_table(pd.DataFrame(values, columns=names, index=units), names[:m], names[m:])


# By hand --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("direction", "inefficiency", "efficiency"),
    [
        ("inputs", [0, 0, 0, 4 / 9, 1 / 9], [1, 1, 1, 5 / 9, 8 / 9]),
        ("outputs", [0, 0, 0, 2 / 3, 0], [1, 1, 1, 3 / 5, 1]),
        ("proportional", [0, 0, 0, 1 / 3, 0], [1, 1, 1, 1 / 2, 1]),
        ({"cost": 1.0}, [0, 0, 0, 8 / 3, 1], [np.nan] * 5),
        ({"cost": 2.0}, [0, 0, 0, 4 / 3, 1 / 2], [np.nan] * 5),
        ({"result": 1}, [0, 0, 0, 2, 0], [np.nan] * 5),
        ({"cost": 2, "result": 1}, [0, 0, 0, 1, 0], [np.nan] * 5),
    ],
)
def test_by_hand(five: Sample, direction: Any, inefficiency: list[float], efficiency: list[float]) -> None:
    """A-B-C is the frontier; D = (6, 3) meets it at (10/3, 3), (6, 5) and (4, 4); E = (9, 6) can only save 1."""
    result = directional(five, direction=direction)
    assert result.inefficiency == pytest.approx(inefficiency, abs=1e-9)
    assert result.efficiency == pytest.approx(efficiency, nan_ok=True)
    assert result.scores["status"].tolist() == ["solved"] * 5


def test_tables_by_hand(five: Sample) -> None:
    result = directional(five, direction={"cost": 2, "result": 1})
    assert result.targets.columns.tolist() == ["unit", "variable", "observed", "target", "change", "change_pct"]
    assert result.targets["target"].tolist() == pytest.approx([2, 1, 4, 4, 8, 6, 4, 4, 8, 6])
    assert result.targets["change_pct"].tolist()[6:8] == pytest.approx([-100 / 3, 100 / 3])
    assert result.peers.to_dict("list") == {
        "unit": list("ABCDE"),
        "peer": list("ABCBC"),
        "weight": pytest.approx([1.0] * 5),
    }
    assert result.slacks["slack"].tolist() == pytest.approx([0, 0, 0, 0, 0, 0, 0, 0, 1, 0]), "E cannot move, but save"


def test_scores_and_info(synth43: Sample) -> None:
    result = directional(synth43, direction={"x1": 1}, rts="nirs", undesirable="y3")
    assert result.scores.columns.tolist() == ["unit", "name", "efficiency", "inefficiency", "status", "reason"]
    assert result.scores["unit"].tolist() == list(synth43.units)
    assert dict(result.info) == {
        "method": "Directional distance",
        "direction": {"x1": 1},
        "rts": "nirs",
        "undesirable": ("y3",),
        "n_units": 43,
        "n_reference": 43,
        "inputs": ("x1", "x2"),
        "outputs": ("y1", "y2", "y3"),
        "n_certified": 43,
        "n_highs": 0,
        "n_unsolved": 0,
        "version": benchlib.__version__,
    }
    assert repr(result).startswith(
        "DirectionalResult(Directional distance, direction x1 1, nirs, undesirable: y3; 43 units, "
    )
    assert "direction inputs, vrs; 43 units, " in directional(synth43, direction="inputs").summary()


def test_mean_is_a_mapping_of_means(synth43: Sample) -> None:
    means = dict(zip(["x1", "x2", "y1", "y2", "y3"], np.hstack([synth43.X, synth43.Y]).mean(axis=0), strict=True))
    first = synth43.subset(synth43.units[:30])
    by_word = directional(first, direction="mean", reference=synth43)
    assert by_word.inefficiency == pytest.approx(directional(first, direction=means, reference=synth43).inefficiency)


# Other tools ------------------------------------------------------------------------------------------------------------


def test_another_tool() -> None:
    table = pd.read_csv(REFERENCE / "measures" / "directional.csv", dtype={"dmu": str})
    for (name, rts, direction), cell in table.groupby(["sample", "rts", "direction"]):
        result = directional(sample_of(name), direction=direction, rts=rts)
        np.testing.assert_allclose(result.inefficiency, cell["beta"], rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("rts", RTS)
def test_one_sided_directions_are_radial(synth43: Sample, rts: str) -> None:
    for direction, orientation in (("inputs", "input"), ("outputs", "output")):
        result = directional(synth43, direction=direction, rts=rts)
        radial = dea(synth43, orientation=orientation, rts=rts)
        np.testing.assert_allclose(result.efficiency, radial.efficiency, rtol=1e-8)
        pd.testing.assert_frame_equal(result.targets, radial.targets, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("rts", RTS)
def test_exact_arithmetic(rts: str) -> None:
    """Whole numbers with ties, in fractions; the undesirable output among them."""
    rng = np.random.default_rng(5)
    figures = rng.integers(1, 5, (7, 4)).astype(float)
    sample = sample_from(figures, 2)
    result = directional(sample, direction={"x1": 1, "y1": 2, "y2": 1}, rts=rts, undesirable="y2")
    step = np.array([-1.0, 0.0, 2.0, -1.0])
    stopped = np.where(np.arange(4)[:, None] < 2, figures.T, 0.0)
    for j in range(7):
        columns = np.hstack([figures.T, stopped, -step[:, None], step[:, None]])
        rhs, senses = figures[j], "<<>="
        if rts != "crs":
            columns = np.vstack([columns, np.r_[np.ones(14), 0.0, 0.0]])
            rhs, senses = np.append(rhs, 1.0), senses + {"vrs": "=", "nirs": "<", "ndrs": ">"}[rts]
        expected = least(columns, rhs, np.r_[np.zeros(14), -1.0, 1.0], senses)
        assert result.inefficiency[j] == pytest.approx(-float(expected), abs=1e-9)


# Undesirable outputs ----------------------------------------------------------------------------------------------------


def test_undesirable_by_hand() -> None:
    """P makes (4, 2) and Q (2, 2) with the same input. Q heads for (2 + 2b, 2 - 2b), on the ray of P where b = 1/3."""
    sample = sample_from([[1, 4, 2], [1, 2, 2]], 1, list("PQ"))
    for rts, weight in (("crs", 2 / 3), ("vrs", 1.0)):
        result = directional(sample, direction="outputs", rts=rts, undesirable="y2")
        assert result.inefficiency.tolist() == pytest.approx([0.0, 1 / 3])
        assert result.peers["weight"].tolist() == pytest.approx([1.0, weight])
        assert result.slacks["slack"].tolist()[3:] == pytest.approx([1 - weight, 0.0, 0.0]), "vrs: P keeps its input"
        assert result.targets["target"].tolist()[3:] == pytest.approx([weight, 8 / 3, 4 / 3])


def test_the_bad_may_not_be_thrown_away() -> None:
    """With strong disposability Q could drop the bad for nothing; with weak disposability it has to give up good."""
    sample = sample_from([[1, 4, 2], [1, 3, 1]], 1, list("PQ"))
    weak = directional(sample, direction={"y2": 1}, rts="crs", undesirable="y2")
    assert weak.inefficiency.tolist() == pytest.approx([0.0, 0.0])


# Laws -------------------------------------------------------------------------------------------------------------------


@repeatedly
@given(st.integers(0, 2**32 - 1), st.sampled_from(RTS), st.sampled_from(["proportional", "inputs", "outputs", "mean"]))
def test_laws(seed: int, rts: str, direction: str) -> None:
    """Units of measurement and the order of units do not matter; targets are efficient; targets are reached."""
    rng = np.random.default_rng(seed)
    figures = rng.lognormal(0.0, 1.0, (14, 5))
    if seed % 3 == 0:
        figures = np.ceil(3 * figures)
    order = rng.permutation(14)
    plain = directional(sample_from(figures, 2), direction=direction, rts=rts)
    scale = 10.0 ** rng.integers(-9, 13, 5)
    other = directional(sample_from(figures[order] * scale, 2), direction=direction, rts=rts)
    np.testing.assert_allclose(other.inefficiency, plain.inefficiency[order], rtol=1e-8, atol=1e-9)

    targets = plain.targets["target"].to_numpy().reshape(14, 5)
    again = directional(sample_from(targets, 2), direction="proportional", rts=rts, reference=plain.sample)
    assert again.inefficiency == pytest.approx(np.zeros(14), abs=1e-7)
    made = np.zeros((14, 5))
    for row in plain.peers.itertuples():
        made[row.unit] += row.weight * figures[row.peer]
    np.testing.assert_allclose(made, targets, rtol=1e-7, atol=1e-9)


@pytest.mark.parametrize("seed", [2, 8, 10, 17, 24, 26])
def test_figures_that_span_ten_orders_of_magnitude(seed: int) -> None:
    """The second stage starts from a point known to 1e-9 only; with such figures that can be a little out of reach."""
    sample = sample_from(np.random.default_rng(seed).lognormal(0.0, 3.0, (40, 5)), 2)
    for rts in RTS:
        for direction in ("proportional", "mean"):
            assert directional(sample, direction=direction, rts=rts).info["n_unsolved"] == 0


def test_translation_in_the_direction(synth43: Sample) -> None:
    """One step further off is one more: the defining law of the directional distance."""
    step = np.array([50.0, 20.0, 30.0, 0.0, 1.0])
    moved = np.hstack([synth43.X, synth43.Y]) + step * [1, 1, -1, -1, -1]
    direction = dict(zip(["x1", "x2", "y1", "y3"], step[[0, 1, 2, 4]], strict=True))
    names = [*synth43.inputs, *synth43.outputs]
    table = pd.DataFrame(moved, columns=names, index=list(synth43.units))
    further = Sample.from_table(table, synth43.inputs, synth43.outputs)
    first = directional(synth43, direction=direction)
    second = directional(further, direction=direction, reference=synth43)
    np.testing.assert_allclose(second.inefficiency, first.inefficiency + 1.0, rtol=1e-9)


# Across technologies ------------------------------------------------------------------------------------------------------


def test_the_array_function_across_periods(five: Sample) -> None:
    """Better than its reference: negative. Out of its reach in the direction: infeasible."""
    X, Y = np.array([[1.0], [2.0]]), np.array([[2.0], [9.0]])
    found = solve_directional(five.X, five.Y, X, Y, np.array([[1.0, 0.0], [1.0, 0.0]]), (1.0, 1.0))
    assert found.factor[0] == pytest.approx(-5 / 3), "(8/3, 2) on the frontier"
    assert np.isnan(found.factor[1]), "no one makes 9"
    assert found.status.tolist() == [0, 1]
    assert np.isnan(found.slacks).all()
    crs = solve_directional(five.X, five.Y, X, Y, np.hstack([X, Y]), (0.0, np.inf))
    assert crs.factor.tolist() == pytest.approx([-1 / 3, -7 / 11])


def test_outside_and_infeasible(five: Sample) -> None:
    better = sample_from([[1.0, 2.0], [2.0, 9.0]], 1)
    reference = Sample.from_table(
        five.to_frame().rename(columns={"cost": "x1", "result": "y1"}), ["x1"], ["y1"], unit="unit", label="name"
    )
    with pytest.warns(UnsolvedUnitsWarning, match="1 .no combination.*Their inefficiency is NaN"):
        scores = directional(better, direction="inputs", reference=reference).scores
    assert scores["status"].tolist() == ["outside", "infeasible"]
    assert (
        scores["reason"].tolist()[0] == "the unit does better than its reference technology; inefficiency is negative"
    )
    assert scores["inefficiency"].tolist() == pytest.approx([-5 / 3, np.nan], nan_ok=True)
    assert scores["efficiency"].tolist() == pytest.approx([8 / 3, np.nan], nan_ok=True)


def test_units_with_nothing_to_change() -> None:
    sample = sample_from([[0.0, 1.0], [2.0, 0.0], [3.0, 3.0]], 1, list("NMO"))
    with pytest.warns(UnsolvedUnitsWarning, match="N .all inputs are zero"):
        assert directional(sample, direction="inputs").scores["status"].tolist() == ["no input", "solved", "solved"]
    with pytest.warns(UnsolvedUnitsWarning, match="M .all outputs are zero"):
        assert directional(sample, direction="outputs").scores["status"].tolist() == ["solved", "no output", "solved"]
    with pytest.raises(SolverError, match=r"No unit could be scored: .*without limit"):
        directional(sample, direction={"y1": 1}, rts="crs")


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"direction": "own"}, OptionError, "direction='own' is not an option. Allowed: 'proportional', 'inputs'"),
        ({"direction": 1}, OptionError, "direction=1 is not an option"),
        ({"rts": "fdh"}, OptionError, "rts='fdh' is not an option"),
        ({"direction": {"z": 1}}, SampleError, "direction names z; the inputs and outputs of the sample are x1, x2"),
        ({"direction": {"x1": -1}}, OptionError, "must be a number from 0 on; in direction it is -1 for x1"),
        ({"direction": {"x1": np.inf}}, OptionError, "it is inf for x1"),
        ({"direction": {"x1": "1"}}, OptionError, "it is '1' for x1"),
        ({"direction": {"x1": 0}}, OptionError, "direction has no step above 0"),
        ({"direction": {}}, OptionError, "direction has no step above 0"),
        ({"undesirable": "x1"}, SampleError, "only outputs can be undesirable"),
        ({"undesirable": "z"}, SampleError, "undesirable names z"),
    ],
)
def test_wrong_options(synth43: Sample, options: dict[str, Any], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        directional(synth43, **options)


def test_a_negative_mean_is_no_step() -> None:
    sample = sample_from([[1.0, -3.0], [2.0, 1.0], [3.0, 1.5]], 1)
    with pytest.raises(SampleError, match="The mean of y1 is negative and cannot be a step"):
        directional(sample, direction="mean")


def test_few_units_are_named_at_the_caller(five: Sample) -> None:
    with pytest.warns(FewUnitsWarning) as caught:
        directional(five)
    assert [one.filename for one in caught] == [__file__]
