"""The Hicks-Moorsteen index: on paper, against another tool and another solver, and what must hold."""

from __future__ import annotations

from math import sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchlib.efficiency.productivity.hicks_moorsteen import hicks_moorsteen
from benchlib.efficiency.productivity.malmquist import malmquist
from benchlib.errors import OptionError, SampleError, UnsolvedUnitsWarning
from tests.efficiency.panels import beside, efficiency_by_highs, figures_of, of_figures, random_panel, reference_panel

pytestmark = pytest.mark.filterwarnings("ignore::benchlib.errors.FewUnitsWarning")

PARTS = ["hicks_moorsteen", "output_change", "input_change"]


def test_one_input_one_output_on_paper() -> None:
    """Ratios of the figures, whatever the frontiers: A has 6 instead of 4 from 5 instead of 2."""
    periods = {
        0: of_figures([[2], [4], [9]], [[4], [5], [6]], ["A", "B", "C"]),
        1: of_figures([[5], [4], [3]], [[6], [1], [6]], ["A", "B", "C"]),
    }
    for rts in ("crs", "vrs", "nirs", "ndrs"):
        scores = hicks_moorsteen(periods, rts=rts).scores
        np.testing.assert_allclose(scores["output_change"], [6 / 4, 1 / 5, 1])
        np.testing.assert_allclose(scores["input_change"], [5 / 2, 1, 3 / 9])
        np.testing.assert_allclose(scores["hicks_moorsteen"], [3 / 5, 1 / 5, 3])


def test_two_inputs_on_paper() -> None:
    """One output, a fixed frontier P-Q: (1, 4), (4, 1) make 1 under variable returns. R moves from (4, 4) to (1, 4), which is on it.

    R at (4, 4): halfway along P-Q (2.5, 2.5) is reached with 5/8. So its inputs fell by that factor, its output stayed.
    """
    X0, X1 = [[1, 4], [4, 1], [4, 4]], [[1, 4], [4, 1], [1, 4]]
    periods = {0: of_figures(X0, np.ones((3, 1))), 1: of_figures(X1, np.ones((3, 1)))}
    scores = hicks_moorsteen(periods).scores
    np.testing.assert_allclose(scores["input_change"], [1, 1, 5 / 8])
    np.testing.assert_allclose(scores["hicks_moorsteen"], [1, 1, 8 / 5])


@pytest.mark.parametrize("rts", ["crs", "vrs"])
def test_deapack(rts: str) -> None:
    merged = beside(hicks_moorsteen(reference_panel(), rts=rts).scores, "deapack_hicks_moorsteen", rts=rts)
    for ours, theirs in zip(PARTS, ("index", "output", "input"), strict=True):
        np.testing.assert_allclose(merged[ours], merged[theirs], rtol=1e-10)


@pytest.mark.parametrize("rts", ["crs", "vrs"])
def test_another_solver_and_units_that_come_and_go(rts: str) -> None:
    periods = random_panel(4)
    a, b = periods
    result = hicks_moorsteen(periods, rts=rts)
    assert len(result.left_out) == 2
    for unit, row in result.scores.set_index("unit").iterrows():
        (xa, ya), (xb, yb) = (figures_of(periods, period, unit) for period in periods)

        def outward(at: int, x: np.ndarray, y: np.ndarray) -> float:
            return efficiency_by_highs(periods[at], x, y, "output", rts)

        def inward(at: int, x: np.ndarray, y: np.ndarray) -> float:
            return efficiency_by_highs(periods[at], x, y, "input", rts)

        outputs = sqrt(outward(a, xa, yb) / outward(a, xa, ya) * outward(b, xb, yb) / outward(b, xb, ya))
        inputs = sqrt(inward(a, xa, ya) / inward(a, xb, ya) * inward(b, xa, yb) / inward(b, xb, yb))
        assert row["output_change"] == pytest.approx(outputs, rel=1e-8)
        assert row["input_change"] == pytest.approx(inputs, rel=1e-8)
        assert row["hicks_moorsteen"] == pytest.approx(outputs / inputs, rel=1e-8)


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 10_000), st.floats(0.2, 5.0), st.floats(0.2, 5.0), st.sampled_from(["crs", "vrs"]))
def test_growth_of_all_figures_is_measured_as_it_is(seed: int, more: float, used: float, rts: str) -> None:
    sample = random_panel(seed, 6)[2020]
    grown = of_figures(used * sample.X, more * sample.Y, list(sample.units))
    scores = hicks_moorsteen({0: sample, 1: grown}, rts=rts).scores
    np.testing.assert_allclose(scores["output_change"], more, rtol=1e-8)
    np.testing.assert_allclose(scores["input_change"], used, rtol=1e-8)
    np.testing.assert_allclose(scores["hicks_moorsteen"], more / used, rtol=1e-8)


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 10_000), st.integers(-9, 12))
def test_always_known_reversible_and_free_of_units(seed: int, power: int) -> None:
    """Feasible where Ray and Desli's parts are not; the way back is the reciprocal."""
    periods = random_panel(seed, 7)
    scores = hicks_moorsteen(periods).scores
    assert scores[PARTS].notna().all(axis=None)
    back = hicks_moorsteen(dict(reversed(periods.items()))).scores
    np.testing.assert_allclose(back[PARTS], 1.0 / scores[PARTS], rtol=1e-8)
    scaled = {k: of_figures(s.X * 10.0**power, s.Y / 10.0**power, list(s.units)) for k, s in periods.items()}
    np.testing.assert_allclose(hicks_moorsteen(scaled).scores[PARTS], scores[PARTS], rtol=1e-8)


def test_near_malmquist_under_constant_returns() -> None:
    """Both measure the same thing; with one input they differ only by how outputs are weighted."""
    periods = {k: of_figures(s.X[:, :1], s.Y[:, :1], list(s.units)) for k, s in random_panel(2).items()}
    both = hicks_moorsteen(periods, rts="crs").scores["hicks_moorsteen"], malmquist(periods).scores["malmquist"]
    np.testing.assert_allclose(*both, rtol=1e-9)


def test_table_and_looks() -> None:
    result = hicks_moorsteen(reference_panel())
    assert list(result.scores) == ["unit", "name", "period_from", "period_to", *PARTS, "status", "reason"]
    assert repr(result).startswith(
        "ProductivityResult(Hicks-Moorsteen index, vrs; 2019 to 2021, 43 units, mean change "
    )
    means = result.means
    np.testing.assert_allclose(means["hicks_moorsteen"], means["output_change"] / means["input_change"])
    last = result.cumulative.iloc[43:]
    product = result.scores["hicks_moorsteen"].to_numpy().reshape(2, 43).prod(axis=0)
    np.testing.assert_allclose(last["hicks_moorsteen"], product)


def test_an_output_that_is_new() -> None:
    X = [[2.0], [3.0], [4.0]]
    before, after = of_figures(X, [[1, 0], [1, 0], [1, 0]]), of_figures(X, [[1, 0], [1, 1], [2, 0]])
    with pytest.warns(UnsolvedUnitsWarning, match="outputs of 2024 from inputs of 2023 against 2023: no combination"):
        scores = hicks_moorsteen({2023: before, 2024: after}).scores
    assert scores["hicks_moorsteen"].isna().tolist() == [False, True, False]


def test_bad_input() -> None:
    sample = of_figures([[1]], [[1]])
    with pytest.raises(OptionError, match="rts='irs'"):
        hicks_moorsteen({0: sample, 1: sample}, rts="irs")  # type: ignore[arg-type]
    with pytest.raises(SampleError, match="at least two periods"):
        hicks_moorsteen({0: sample})
