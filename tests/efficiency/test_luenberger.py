"""The Luenberger indicator: on paper, against another tool and another solver, and what must hold."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchlib.efficiency.productivity.luenberger import luenberger
from benchlib.errors import OptionError, SampleError, UnsolvedUnitsWarning
from tests.efficiency.panels import beside, figures_of, highs, of_figures, random_panel, reference_panel

pytestmark = pytest.mark.filterwarnings("ignore::benchlib.errors.FewUnitsWarning")

PARTS = ["luenberger", "efficiency_change", "technical_change"]
WORDS = {"own": "proportional", "in": "inputs", "mean": "mean"}


def test_on_paper() -> None:
    """Constant returns, steps of cost 1. Before, 1 unit costs 1; after, 1/2. P makes 4 with 4, then 6 with 3; Q 2 with 4, then 4 with 4.

    P: B = 0, then 0; against the other frontier 3 - 6 = -3 (after on before) and 4 - 2 = 2 (before on after).
    Q: B = 4 - 2 = 2, then 4 - 2 = 2; crossed 4 - 4 = 0 and 4 - 1 = 3.
    """
    periods = {
        0: of_figures([[4], [4]], [[4], [2]], ["P", "Q"]),
        1: of_figures([[3], [4]], [[6], [4]], ["P", "Q"]),
    }
    scores = luenberger(periods, direction={"x0": 1}).scores
    np.testing.assert_allclose(scores["luenberger"], [(0 + 3 + 2 - 0) / 2, (2 - 0 + 3 - 2) / 2])
    np.testing.assert_allclose(scores["efficiency_change"], [0, 0], atol=1e-12)
    np.testing.assert_allclose(scores["technical_change"], [5 / 2, 3 / 2])


@pytest.mark.filterwarnings("ignore::benchlib.errors.UnsolvedUnitsWarning")
@pytest.mark.parametrize("rts", ["crs", "vrs"])
@pytest.mark.parametrize("letters", WORDS)
def test_deapack(letters: str, rts: str) -> None:
    scores = luenberger(reference_panel(), direction=WORDS[letters], rts=rts).scores
    merged = beside(scores, "deapack_luenberger", rts=rts, direction=letters)
    np.testing.assert_allclose(merged["luenberger"], merged["indicator"], atol=1e-10)
    np.testing.assert_allclose(merged["technical_change"], merged["technical"], atol=1e-10)
    known = merged["efficiency"].notna()
    np.testing.assert_allclose(merged["efficiency_change"][known], merged["efficiency"][known], atol=1e-10)
    assert (~known).sum() == (2 if (letters, rts) == ("in", "vrs") else 0)


@pytest.mark.filterwarnings("ignore::benchlib.errors.UnsolvedUnitsWarning")
@pytest.mark.parametrize("rts", ["crs", "vrs"])
@pytest.mark.parametrize("direction", ["outputs", {"x0": 2.0, "y1": 1.0}], ids=["outputs", "mapping"])
def test_another_solver_and_units_that_come_and_go(direction: Any, rts: str) -> None:
    periods = random_panel(6)
    result = luenberger(periods, direction=direction, rts=rts)
    assert len(result.left_out) == 2
    for unit, row in result.scores.set_index("unit").iterrows():
        B = np.zeros((2, 2))
        for k, at in enumerate(periods):
            for p, of in enumerate(periods):
                x, y = figures_of(periods, of, unit)
                step = np.append(np.zeros(2), y) if direction == "outputs" else np.array([-2.0, 0.0, 0.0, 1.0])
                B[k, p] = highs(periods[at], x, y, step, np.append(x, y), rts)
        assert row["efficiency_change"] == pytest.approx(B[0, 0] - B[1, 1], abs=1e-8)
        expected = (B[0, 0] - B[0, 1] + B[1, 0] - B[1, 1]) / 2
        assert row["luenberger"] == pytest.approx(expected, abs=1e-8, nan_ok=True)


@settings(max_examples=7, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from(["proportional", "inputs", "outputs", "mean"]), st.integers(-9, 12))
def test_what_must_hold(seed: int, direction: str, power: int) -> None:
    periods = random_panel(seed, 6)
    scores = luenberger(periods, direction=direction).scores
    np.testing.assert_allclose(
        scores["luenberger"], scores["efficiency_change"] + scores["technical_change"], atol=1e-9
    )
    back = luenberger(dict(reversed(periods.items())), direction=direction).scores
    np.testing.assert_allclose(back[PARTS], -scores[PARTS], atol=1e-9)
    scaled = {k: of_figures(s.X * 10.0**power, s.Y / 10.0**power, list(s.units)) for k, s in periods.items()}
    np.testing.assert_allclose(luenberger(scaled, direction=direction).scores[PARTS], scores[PARTS], atol=1e-8)
    sample = periods[2020]
    same = luenberger({0: sample, 1: sample}, direction=direction).scores
    np.testing.assert_allclose(same[PARTS], 0.0, atol=1e-9)


def test_a_shift_for_all_is_technical_change() -> None:
    """All outputs doubled: with direction "outputs" and constant returns the half of a step more, before and after.

    B of the frontier unit: 0 and 0; after on before y - y/2 too much: -1/2; before on after: +1.
    """
    sample = of_figures([[1], [2]], [[1], [2]])
    scores = luenberger({0: sample, 1: of_figures(sample.X, 2 * sample.Y)}, direction="outputs").scores
    np.testing.assert_allclose(scores["efficiency_change"], 0.0, atol=1e-12)
    np.testing.assert_allclose(scores["technical_change"], (0.5 + 1.0) / 2)


def test_a_unit_that_the_other_frontier_does_not_face() -> None:
    before, after = of_figures([[1], [2]], [[1], [2]], ["A", "B"]), of_figures([[1], [2]], [[1], [3]], ["A", "B"])
    with pytest.warns(UnsolvedUnitsWarning, match=r"1 of 2 changes .* B \(2024 against 2023: no combination"):
        result = luenberger({2023: before, 2024: after}, direction="inputs", rts="vrs")
    row = result.scores.set_index("unit").loc["B"]
    assert np.isnan(row["luenberger"])
    assert row["efficiency_change"] == 0.0
    assert not luenberger({2023: before, 2024: after}, rts="vrs").info["n_unsolved"]


def test_a_direction_that_leads_nowhere() -> None:
    before, after = of_figures([[1], [2]], [[1], [0]], ["A", "B"]), of_figures([[1], [2]], [[2], [0]], ["A", "B"])
    with pytest.warns(UnsolvedUnitsWarning, match="B .* all outputs are zero"):
        scores = luenberger({0: before, 1: after}, direction="outputs").scores
    assert scores["luenberger"].isna().tolist() == [False, True]
    no_input = of_figures([[1], [0]], [[1], [0]], ["A", "B"])
    with pytest.warns(UnsolvedUnitsWarning, match="B .* all inputs are zero"):
        luenberger({0: no_input, 1: no_input}, direction="inputs")


def test_tables_add_up() -> None:
    result = luenberger(reference_panel(), direction="mean")
    assert list(result.scores) == ["unit", "name", "period_from", "period_to", *PARTS, "status", "reason"]
    assert repr(result).startswith(
        "ProductivityResult(Luenberger indicator, mean direction, crs; 2019 to 2021, 43 units, mean change "
    )
    chain = result.cumulative["luenberger"].to_numpy().reshape(2, 43)
    np.testing.assert_allclose(chain[1], result.scores["luenberger"].to_numpy().reshape(2, 43).sum(axis=0))
    means = result.scores.groupby("period_to")["luenberger"].mean()
    np.testing.assert_allclose(result.means["luenberger"], means)
    np.testing.assert_allclose(
        result.means["luenberger"], result.means[["efficiency_change", "technical_change"]].sum(axis=1)
    )


@pytest.mark.parametrize(
    ("words", "error", "message"),
    [
        ({"direction": "own"}, OptionError, "direction='own'"),
        ({"direction": {"x9": 1.0}}, SampleError, "x9"),
        ({"direction": {"x0": -1.0}}, OptionError, "x0"),
        ({"rts": "irs"}, OptionError, "rts='irs'"),
    ],
)
def test_wrong_options(words: dict[str, Any], error: type[Exception], message: str) -> None:
    sample = of_figures([[1]], [[1]])
    with pytest.raises(error, match=message):
        luenberger({0: sample, 1: sample}, **words)


def test_one_period() -> None:
    with pytest.raises(SampleError, match="at least two periods"):
        luenberger({0: of_figures([[1]], [[1]])})
