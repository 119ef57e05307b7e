"""`slacks_based` and `additive`: published tables, other tools, exact arithmetic, laws."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import benchlib
from benchlib.efficiency import Sample, dea
from benchlib.efficiency.measures.additive import additive
from benchlib.efficiency.measures.slacks import slacks_based
from benchlib.errors import OptionError, SampleError, SolverError, UnsolvedUnitsWarning
from benchlib.terms import INTENSITY_BOUNDS
from tests.efficiency.exact import least
from tests.efficiency.reference import REFERENCE, sample_of

pytestmark = pytest.mark.filterwarnings("ignore::benchlib.errors.FewUnitsWarning")

repeatedly = settings(max_examples=15, deadline=None, derandomize=True)
RTS = sorted(INTENSITY_BOUNDS)
SUM_SIGN = {"vrs": "=", "nirs": "<", "ndrs": ">"}


def sample_from(figures: Any, m: int, units: Any = None) -> Sample:
    values = np.asarray(figures, dtype=float)
    names = [f"x{i + 1}" for i in range(m)] + [f"y{i + 1}" for i in range(values.shape[1] - m)]
    return Sample.from_table(pd.DataFrame(values, columns=names, index=units), names[:m], names[m:])


def reference(name: str) -> pd.DataFrame:
    return pd.read_csv(REFERENCE / "measures" / f"{name}.csv", dtype={"dmu": str})


@pytest.fixture
def tone() -> Sample:
    """The numerical example of K. Tone (2001), EJOR 130(3), table 1."""
    return sample_from([[4, 3, 2, 3], [6, 3, 2, 3], [8, 1, 6, 2], [8, 1, 6, 1], [2, 4, 1, 4]], 2, list("ABCDE"))


# The slacks-based measure -----------------------------------------------------------------------------------------------


def test_tone_2001(tone: Sample) -> None:
    """Table 1 of the paper: slacks-based efficiency beside that of Charnes, Cooper and Rhodes."""
    assert slacks_based(tone, rts="crs").efficiency.round(3).tolist() == [0.798, 0.568, 1.0, 0.667, 1.0]
    assert dea(tone, rts="crs").efficiency.round(3).tolist() == [0.9, 0.833, 1.0, 1.0, 1.0]


def test_by_hand(five: Sample) -> None:
    """D = (6, 3) against B = (4, 4): (1 - 2/6) / (1 + 1/3) = 1/2; E = (9, 6) against C: 1 - 1/9."""
    result = slacks_based(five)
    assert result.efficiency.tolist() == pytest.approx([1, 1, 1, 1 / 2, 8 / 9])
    assert result.targets["target"].tolist()[6:] == pytest.approx([4, 4, 8, 6])
    assert result.slacks["slack"].tolist()[6:] == pytest.approx([2, 1, 1, 0])
    assert result.peers["peer"].tolist() == list("ABCBC")
    inward = slacks_based(five, orientation="input")
    assert inward.efficiency.tolist() == pytest.approx([1, 1, 1, 5 / 9, 8 / 9])
    outward = slacks_based(five, orientation="output")
    assert outward.efficiency.tolist() == pytest.approx([1, 1, 1, 3 / 5, 1])
    assert outward.slacks["slack"].tolist()[8:] == pytest.approx([1, 0]), "not scored, but found: E could save 1"


def test_scores_and_info(synth43: Sample) -> None:
    result = slacks_based(synth43, rts="ndrs", orientation="input")
    assert result.scores.columns.tolist() == ["unit", "name", "efficiency", "status", "reason"]
    assert result.scores["unit"].tolist() == list(synth43.units)
    assert dict(result.info) == {
        "method": "Slacks-based",
        "orientation": "input",
        "rts": "ndrs",
        "n_units": 43,
        "n_reference": 43,
        "inputs": ("x1", "x2"),
        "outputs": ("y1", "y2", "y3"),
        "n_certified": 43,
        "n_highs": 0,
        "n_unsolved": 0,
        "version": benchlib.__version__,
    }
    assert repr(result).startswith("SlacksBasedResult(Slacks-based, input orientation, ndrs; 43 units, ")
    assert slacks_based(synth43).title.startswith("Slacks-based, inputs and outputs, vrs; 43 units, ")


def test_other_tools() -> None:
    for (name, rts, orientation), cell in reference("slacks_based").groupby(["sample", "rts", "orientation"]):
        result = slacks_based(sample_of(name), rts=rts, orientation=orientation)
        np.testing.assert_allclose(result.efficiency, cell["rho"], rtol=1e-8)
    for (name, rts), cell in reference("slacks_based_second").groupby(["sample", "rts"]):
        np.testing.assert_allclose(slacks_based(sample_of(name), rts=rts).efficiency, cell["efficiency"], rtol=1e-9)


@pytest.mark.parametrize("rts", RTS)
def test_exact_arithmetic(rts: str) -> None:
    """Tone's linear programme with slacks and t as columns, solved in fractions; whole numbers with zeros among the outputs."""
    rng = np.random.default_rng(7)
    figures = rng.integers(1, 6, (7, 4)).astype(float)
    figures[[1, 4], 3] = 0.0
    result = slacks_based(sample_from(figures, 2), rts=rts)
    for j, point in enumerate(figures):
        s = int((point[2:] > 0).sum())
        signs = np.diag([1.0, 1.0, -1.0, -1.0])
        columns = np.hstack([figures.T, signs, -point[:, None]])
        shares = np.divide(1.0, point, out=np.zeros(4), where=point > 0)
        norm = np.r_[np.zeros(9), shares[2:] / s, 1.0]
        cost = np.r_[np.zeros(7), -shares[:2] / 2, 0.0, 0.0, 1.0]
        columns, rhs, senses = np.vstack([columns, norm]), np.r_[np.zeros(4), 1.0], "====="
        if rts != "crs":
            columns = np.vstack([columns, np.r_[np.ones(7), np.zeros(4), -1.0]])
            rhs, senses = np.append(rhs, 0.0), senses + SUM_SIGN[rts]
        assert result.efficiency[j] == pytest.approx(float(least(columns, rhs, cost, senses)), rel=1e-9)


@repeatedly
@given(st.integers(0, 2**32 - 1), st.sampled_from(RTS), st.sampled_from(["both", "input", "output"]))
def test_laws(seed: int, rts: str, orientation: str) -> None:
    """Units of measurement and order do not matter; never above the radial score; 1 exactly without slacks; targets are efficient."""
    rng = np.random.default_rng(seed)
    figures = rng.lognormal(0.0, 1.0, (14, 5))
    if seed % 3 == 0:
        figures = np.ceil(3 * figures)
    order, scale = rng.permutation(14), 10.0 ** rng.integers(-9, 13, 5)
    sample = sample_from(figures, 2)
    plain = slacks_based(sample, orientation=orientation, rts=rts)
    other = slacks_based(sample_from(figures[order] * scale, 2), orientation=orientation, rts=rts)
    np.testing.assert_allclose(other.efficiency, plain.efficiency[order], rtol=1e-8)

    assert ((plain.efficiency > 0) & (plain.efficiency <= 1)).all()
    for way in ("input", "output") if orientation == "both" else (orientation,):
        assert (plain.efficiency <= dea(sample, orientation=way, rts=rts).efficiency + 1e-9).all()
    slacks = plain.slacks["slack"].to_numpy().reshape(14, 5)
    scored = {"both": slacks, "input": slacks[:, :2], "output": slacks[:, 2:]}[orientation]
    assert ((plain.efficiency == 1.0) == (scored == 0.0).all(axis=1)).all()
    targets = sample_from(plain.targets["target"].to_numpy().reshape(14, 5), 2)
    again = slacks_based(targets, rts=rts, reference=sample)
    assert again.efficiency == pytest.approx(np.ones(14), abs=1e-6)


def test_zeros() -> None:
    """P does not have the second output and is not blamed for it; Q has no second input, so it is its own peer."""
    sample = sample_from([[2, 2, 2, 0], [4, 0, 2, 2], [1, 1, 2, 2]], 2, list("PQR"))
    result = slacks_based(sample, rts="crs")
    assert result.efficiency.tolist() == pytest.approx([0.5, 1.0, 1.0])
    assert result.slacks["slack"].tolist()[:4] == pytest.approx([1, 1, 0, 2]), "found, though it is not scored"
    outward = slacks_based(sample, rts="vrs", orientation="output")
    assert outward.efficiency.tolist() == pytest.approx([1.0, 1.0, 1.0])


def test_units_without_a_score() -> None:
    sample = sample_from([[0.0, 1.0], [2.0, 0.0], [3.0, 3.0]], 1, list("NMO"))
    with pytest.warns(UnsolvedUnitsWarning, match=r"N \(all inputs are zero.*M \(all outputs are zero"):
        both = slacks_based(sample)
    assert both.scores["status"].tolist() == ["no input", "no output", "solved"]
    assert both.info["n_unsolved"] == 2
    with pytest.warns(UnsolvedUnitsWarning):
        inward = slacks_based(sample, orientation="input")
    assert inward.scores["status"].tolist() == ["no input", "solved", "solved"]
    with pytest.warns(UnsolvedUnitsWarning):
        inward = slacks_based(sample, orientation="input", rts="nirs")
    assert inward.scores["status"].tolist()[1] == "no output", "doing nothing would do, at no cost"
    with pytest.raises(SolverError, match="without limit"):
        slacks_based(sample, orientation="output", rts="crs")


def test_beyond_another_reference(five: Sample) -> None:
    with pytest.warns(UnsolvedUnitsWarning, match="C .no combination of reference units does what this unit does"):
        result = slacks_based(five, reference=five.subset(["A", "B", "D"]))
    assert result.scores["status"].tolist() == ["solved", "solved", "infeasible", "solved", "infeasible"]
    assert result.peers["peer"].tolist() == ["A", "B", "B"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"orientation": "none"}, "orientation='none' is not an option. Allowed: 'input', 'output', 'both'"),
        ({"rts": "drs"}, "rts='drs' is not an option"),
    ],
)
def test_wrong_words(five: Sample, options: dict[str, Any], message: str) -> None:
    with pytest.raises(OptionError, match=message):
        slacks_based(five, **options)


# The additive models ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("weights", "expected"),
    [
        ("none", [3.0, 1.0]),
        ("range", [(2 / 7 + 1 / 5) / 2, 1 / 14]),
        ("observed", [2 / 6 + 1 / 3, 1 / 9]),
        ("deviation", [2 / np.std([2, 4, 8, 6, 9], ddof=1) + 1 / np.std([1, 4, 6, 3, 6], ddof=1), None]),
        ({"cost": 2}, [16 / 3, 2.0]),
        ({"cost": 1, "result": 10}, [20.0, 1.0]),
    ],
)
def test_additive_by_hand(five: Sample, weights: Any, expected: list[float | None]) -> None:
    """D = (6, 3) and E = (9, 6) under the frontier A (2, 1), B (4, 4), C (8, 6)."""
    result = additive(five, weights=weights)
    assert result.inefficiency[:3].tolist() == [0.0, 0.0, 0.0]
    for value, wanted in zip(result.inefficiency[3:], expected, strict=True):
        assert wanted is None or value == pytest.approx(wanted)
    if weights == "range":
        assert result.efficiency == pytest.approx(1.0 - result.inefficiency)
    else:
        assert np.isnan(result.efficiency).all()


def test_additive_tables(five: Sample) -> None:
    result = additive(five)
    assert result.scores.columns.tolist() == ["unit", "name", "efficiency", "inefficiency", "status", "reason"]
    assert result.slacks["slack"].tolist()[6:] == pytest.approx([2, 1, 1, 0])
    assert result.targets["target"].tolist()[6:] == pytest.approx([4, 4, 8, 6])
    assert result.peers["peer"].tolist() == list("ABCBC")
    assert result.info["weights"] == "range"
    assert repr(result) == (
        f"AdditiveResult(Additive, weights range, vrs; 5 units, 3 efficient, mean inefficiency {(17 / 70 + 1 / 14) / 5:.4f})"
    )
    assert "weights cost 2, vrs" in additive(five, weights={"cost": 2}).title


def test_additive_against_other_tools() -> None:
    for (name, rts), cell in reference("additive").groupby(["sample", "rts"]):
        result = additive(sample_of(name), weights="none", rts=rts)
        np.testing.assert_allclose(result.inefficiency, cell["sum"], rtol=1e-8, atol=1e-8)
        assert np.isnan(result.efficiency).all()
    for name, cell in reference("range_adjusted").groupby("sample"):
        np.testing.assert_allclose(additive(sample_of(name)).efficiency, cell["efficiency"], rtol=1e-9)


@repeatedly
@given(st.integers(0, 2**32 - 1), st.sampled_from(RTS), st.sampled_from(["range", "observed", "deviation"]))
def test_additive_laws(seed: int, rts: str, weights: str) -> None:
    """Units of measurement do not matter; 0 exactly for the strongly efficient; targets are efficient."""
    rng = np.random.default_rng(seed)
    figures = rng.lognormal(0.0, 1.0, (14, 5))
    if seed % 3 == 0:
        figures = np.ceil(3 * figures)
    scale = 10.0 ** rng.integers(-9, 13, 5)
    sample = sample_from(figures, 2)
    plain = additive(sample, weights=weights, rts=rts)
    other = additive(sample_from(figures * scale, 2), weights=weights, rts=rts)
    np.testing.assert_allclose(other.inefficiency, plain.inefficiency, rtol=1e-8, atol=1e-10)
    assert ((plain.inefficiency == 0.0) == (slacks_based(sample, rts=rts).efficiency == 1.0)).all()
    targets = sample_from(plain.targets["target"].to_numpy().reshape(14, 5), 2)
    again = additive(targets, weights=weights, rts=rts, reference=sample)
    assert again.inefficiency == pytest.approx(np.zeros(14), abs=1e-6)
    if rts == "vrs" and weights == "range":
        assert ((plain.efficiency >= 0.0) & (plain.efficiency <= 1.0)).all()


def test_next_to_nothing_can_have_a_large_slack() -> None:
    """P makes 1e-12 where Q makes 10 with the same input: seen from P that is 1e13 times as much, seen from the range it is all."""
    sample = sample_from([[1.0, 1e-12], [1.0, 10.0], [3.0, 5.0]], 1, list("PQR"))
    assert additive(sample).inefficiency.tolist() == pytest.approx([0.5, 0.0, 0.5 + 0.25])
    assert slacks_based(sample).efficiency.tolist() == pytest.approx([1e-13, 1.0, 1 / 6])


def test_a_constant_variable_is_weighted_by_itself() -> None:
    sample = sample_from([[2, 5, 1], [4, 5, 1], [2, 5, 3]], 2)
    assert additive(sample).inefficiency == pytest.approx([1 / 3, 2 / 3, 0.0])
    crs = additive(sample, rts="crs")
    assert crs.inefficiency == pytest.approx([(2 / 3 + 2 / 3) / 3, (5 / 3 + 2 / 3) / 3, 0.0]), (
        "a third of the last unit"
    )
    deviation = additive(sample, weights="deviation").inefficiency
    assert deviation[0] == pytest.approx(2 / np.std([1, 1, 3], ddof=1))
    assert additive(sample.subset([0]), weights="deviation").inefficiency.tolist() == [0.0]


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"weights": "ones"}, OptionError, "weights='ones' is not an option. Allowed: 'range', 'observed'"),
        ({"weights": {"z": 1}}, SampleError, "weights names z"),
        ({"weights": {"cost": -1}}, OptionError, "A weight must be a number from 0 on; in weights it is -1 for cost"),
        ({"weights": {"cost": np.nan}}, OptionError, "it is nan for cost"),
        ({"weights": {"cost": 0}}, OptionError, "weights has no number above 0"),
        ({"rts": 1}, OptionError, "rts=1 is not an option"),
    ],
)
def test_wrong_additive_options(five: Sample, options: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        additive(five, **options)


def test_observed_weights_need_outputs() -> None:
    sample = sample_from([[2.0, 0.0], [0.0, 1.0]], 1, list("PQ"))
    with pytest.raises(SampleError, match=r"Outputs are 0 for P \(y1\), and a slack has no proportion to that"):
        additive(sample, weights="observed")
    assert additive(sample_from([[2.0, 1.0], [0.0, 1.0]], 1), weights="observed").inefficiency.tolist() == [1.0, 0.0]


def test_additive_beyond_another_reference(five: Sample) -> None:
    with pytest.warns(UnsolvedUnitsWarning, match="Their inefficiency is NaN"):
        result = additive(five, reference=five.subset(["A", "B", "D"]))
    assert result.scores["status"].tolist() == ["solved", "solved", "infeasible", "solved", "infeasible"]
    assert result.inefficiency[3] == pytest.approx((2 / 4 + 1 / 3) / 2), "ranges of the reference"
