"""Free disposal hull: worked out by hand, against brute force, and its zeros and ties."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from benchlib.efficiency import Sample, fdh

pytestmark = pytest.mark.filterwarnings("ignore::benchlib.errors.FewUnitsWarning")


def test_input_orientation(five: Sample) -> None:
    """D is dominated by B (4 for 4 instead of 6 for 3), E by C (8 instead of 9 for 6)."""
    result = fdh(five)
    assert result.efficiency == pytest.approx([1, 1, 1, 4 / 6, 8 / 9])
    assert result.peers["peer"].tolist() == list("ABCBC")
    assert result.peers["weight"].tolist() == [1.0] * 5
    targets = result.targets.pivot_table(index="unit", columns="variable", values="target")
    assert targets.loc["D"].tolist() == pytest.approx([4.0, 4.0])
    assert result.multipliers.empty
    assert result.multipliers.columns.tolist() == ["unit", "variable", "multiplier", "virtual"]


def test_output_orientation(five: Sample) -> None:
    result = fdh(five, orientation="output")
    assert result.efficiency == pytest.approx([1, 1, 1, 3 / 4, 1])
    assert result.farrell == pytest.approx([1, 1, 1, 4 / 3, 1])
    assert result.peers["peer"].tolist() == list("ABCBC")
    assert result.slacks.loc[result.slacks["unit"] == "E", "slack"].tolist() == [1.0, 0.0]


@pytest.mark.parametrize("orientation", ["input", "output"])
def test_brute_force(orientation: str) -> None:
    """Every pair is compared in plain Python; integers make many ties."""
    rng = np.random.default_rng(7)
    X, Y = rng.integers(1, 6, (30, 2)).astype(float), rng.integers(1, 6, (30, 2)).astype(float)
    expected = []
    for j in range(30):
        if orientation == "input":
            dominating = [k for k in range(30) if all(Y[k] >= Y[j])]
            expected.append(min(max(X[k] / X[j]) for k in dominating))
        else:
            dominating = [k for k in range(30) if all(X[k] <= X[j])]
            expected.append(max(min(Y[k] / Y[j]) for k in dominating))
    table = pd.DataFrame(np.hstack([X, Y]), columns=["x1", "x2", "y1", "y2"])
    result = fdh(Sample.from_table(table, ["x1", "x2"], ["y1", "y2"]), orientation=orientation)
    np.testing.assert_allclose(result.farrell, expected, rtol=1e-12)
    peers = result.peers["peer"].to_numpy()
    target = result.targets["target"].to_numpy().reshape(30, 4)
    np.testing.assert_allclose(target, np.hstack([X, Y])[peers], rtol=1e-12)


def test_of_equal_peers_the_one_with_the_greatest_slacks_is_chosen() -> None:
    """P could go to Q or R at the same input; R also brings more, so Q itself is dominated."""
    table = pd.DataFrame({"x": [4.0, 2.0, 2.0], "y": [1.0, 1.0, 3.0]}, index=list("PQR"))
    assert fdh(Sample.from_table(table, "x", "y")).peers["peer"].tolist() == ["R", "R", "R"]


def test_of_duplicates_each_is_its_own_peer() -> None:
    table = pd.DataFrame({"x": [2.0, 2.0, 4.0], "y": [1.0, 1.0, 1.0]}, index=list("PQR"))
    assert fdh(Sample.from_table(table, "x", "y")).peers["peer"].tolist() == ["P", "Q", "P"]


def test_a_unit_without_some_input_is_compared_with_units_without_it() -> None:
    table = pd.DataFrame({"x1": [4.0, 1.0, 2.0], "x2": [0.0, 1.0, 0.0], "y": 1.0}, index=list("PQR"))
    result = fdh(Sample.from_table(table, ["x1", "x2"], "y"))
    assert result.efficiency.tolist() == [0.5, 1.0, 1.0]
    assert result.peers["peer"].tolist() == ["R", "Q", "R"]


def test_another_reference(five: Sample) -> None:
    """Against A and D alone B is outside; nobody there reaches the 6 of C and E."""
    with pytest.warns(UserWarning, match="C .no combination of reference units"):
        result = fdh(five, reference=five.subset(["A", "D"]))
    assert result.scores["status"].tolist() == ["solved", "infeasible", "infeasible", "solved", "infeasible"]
    with pytest.warns(UserWarning, match="Without a score"):
        result = fdh(five, orientation="output", reference=five.subset(["B", "C"]))
    assert result.efficiency[1:] == pytest.approx([1.0, 1.0, 3 / 4, 1.0])
    assert np.isnan(result.efficiency[0])
