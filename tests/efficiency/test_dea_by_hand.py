"""DEA of five units with one input and one output, worked out on paper.

    A (2, 1)   B (4, 4)   C (8, 6)   D (6, 3)   E (9, 6)

B is most productive (1 per unit of input). With variable returns the frontier is A-B (slope 3/2), B-C (slope 1/2), flat
after C. With nirs it is the ray to B, then B-C; with ndrs A-B, then the ray through B.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from benchlib.efficiency import Sample, dea
from benchlib.errors import FewUnitsWarning

pytestmark = pytest.mark.filterwarnings("ignore::benchlib.errors.FewUnitsWarning")

EFFICIENCY = {
    ("crs", "input"): [1 / 2, 1, 3 / 4, 1 / 2, 2 / 3],
    ("crs", "output"): [1 / 2, 1, 3 / 4, 1 / 2, 2 / 3],
    ("vrs", "input"): [1, 1, 1, 5 / 9, 8 / 9],
    ("vrs", "output"): [1, 1, 1, 3 / 5, 1],
    ("nirs", "input"): [1 / 2, 1, 1, 1 / 2, 8 / 9],
    ("nirs", "output"): [1 / 2, 1, 1, 3 / 5, 1],
    ("ndrs", "input"): [1, 1, 3 / 4, 5 / 9, 2 / 3],
    ("ndrs", "output"): [1, 1, 3 / 4, 1 / 2, 2 / 3],
}


def of(table: pd.DataFrame, unit: str, column: str) -> list[float]:
    return table.loc[table["unit"] == unit, column].tolist()


@pytest.mark.parametrize(("rts", "orientation"), EFFICIENCY)
def test_efficiency(five: Sample, rts: str, orientation: str) -> None:
    result = dea(five, rts=rts, orientation=orientation)
    expected = np.array(EFFICIENCY[rts, orientation])
    np.testing.assert_allclose(result.efficiency, expected, rtol=1e-12)
    np.testing.assert_allclose(result.farrell, 1 / expected if orientation == "output" else expected, rtol=1e-12)
    assert result.info["n_highs"] == 0


def test_defaults_are_input_and_vrs(five: Sample) -> None:
    assert dea(five).efficiency.tolist() == dea(five, orientation="input", rts="vrs").efficiency.tolist()


@pytest.mark.parametrize(
    ("rts", "orientation", "unit", "peers"),
    [
        ("vrs", "input", "D", {"B": 2 / 3, "A": 1 / 3}),
        ("vrs", "output", "D", {"B": 1 / 2, "C": 1 / 2}),
        ("crs", "input", "D", {"B": 3 / 4}),
        ("crs", "output", "D", {"B": 3 / 2}),
        ("nirs", "input", "A", {"B": 1 / 4}),
        ("ndrs", "output", "C", {"B": 2}),
        ("vrs", "input", "E", {"C": 1}),
        ("vrs", "input", "A", {"A": 1}),
    ],
)
def test_peers(five: Sample, rts: str, orientation: str, unit: str, peers: dict[str, float]) -> None:
    table = dea(five, rts=rts, orientation=orientation).peers
    found = dict(zip(of(table, unit, "peer"), of(table, unit, "weight"), strict=True))
    assert found == pytest.approx(peers)


def test_peers_come_with_the_greatest_weight_first(five: Sample) -> None:
    assert of(dea(five).peers, "D", "peer") == ["B", "A"]


def test_of_duplicates_each_is_its_own_peer() -> None:
    table = pd.DataFrame({"x": [2.0, 2.0, 4.0], "y": [1.0, 1.0, 1.0]}, index=list("PQR"))
    assert of(dea(Sample.from_table(table, "x", "y")).peers, "Q", "peer") == ["Q"]


def test_slack_of_a_unit_on_the_flat_part_of_the_frontier(five: Sample) -> None:
    result = dea(five, orientation="output")
    assert of(result.scores, "E", "efficiency") == [1.0]
    assert of(result.slacks, "E", "slack") == pytest.approx([1.0, 0.0])
    assert of(result.targets, "E", "target") == pytest.approx([8.0, 6.0])
    assert of(result.peers, "E", "peer") == ["C"]


def test_targets(five: Sample) -> None:
    targets = dea(five).targets
    assert targets.columns.tolist() == ["unit", "variable", "observed", "target", "change", "change_pct"]
    assert of(targets, "D", "variable") == ["cost", "result"]
    assert of(targets, "D", "observed") == [6.0, 3.0]
    assert of(targets, "D", "target") == pytest.approx([10 / 3, 3.0])
    assert of(targets, "D", "change") == pytest.approx([-8 / 3, 0.0])
    assert of(targets, "D", "change_pct") == pytest.approx([-400 / 9, 0.0])
    assert of(dea(five, orientation="output").targets, "D", "target") == pytest.approx([6.0, 5.0])


def test_multipliers_in_input_orientation(five: Sample) -> None:
    """Along A-B cost = 4/3 + 2/3 result, so with cost measured in sixths theta = 2/9 + 1/9 result."""
    table = dea(five).multipliers
    assert of(table, "D", "variable") == ["cost", "result", "intercept"]
    assert of(table, "D", "multiplier") == pytest.approx([1 / 6, 1 / 9, 2 / 9])
    assert of(table, "D", "virtual") == pytest.approx([1.0, 3 / 9, 2 / 9])


def test_multipliers_in_output_orientation(five: Sample) -> None:
    """Along B-C result = 2 + 1/2 cost, so with result measured in thirds phi = 2/3 + 1/6 cost."""
    table = dea(five, orientation="output").multipliers
    assert of(table, "D", "multiplier") == pytest.approx([1 / 6, 1 / 3, 2 / 3])
    assert of(table, "D", "virtual") == pytest.approx([1.0, 1.0, 2 / 3])


def test_constant_returns_have_no_intercept(five: Sample) -> None:
    multipliers = dea(five, rts="crs").multipliers
    assert multipliers.loc[multipliers["variable"] == "intercept", "multiplier"].eq(0).all()
    assert of(multipliers, "D", "multiplier") == pytest.approx([1 / 6, 1 / 6, 0.0])


def test_greatest_slacks_are_weighed_by_the_ranges_of_the_variables() -> None:
    """All use the same x0, so P has score 1; Q does with 3 less of x2, R with 1 less of x1.

    The ranges are 2 in x1 and 8 in x2: R is better by 1/2 of a range, Q by 3/8. A plain sum of slacks would choose Q,
    and would change its mind with the unit of measurement.
    """
    table = pd.DataFrame(
        {"x0": 1.0, "x1": [2.0, 2.0, 1.0, 3.0], "x2": [4.0, 1.0, 4.0, 9.0], "y": 1.0}, index=list("PQRS")
    )
    for factor in (1.0, 1e-6, 1e6):
        result = dea(Sample.from_table(table.assign(x1=factor * table["x1"]), ["x0", "x1", "x2"], "y"))
        assert of(result.peers, "P", "peer") == ["R"]
        assert of(result.slacks, "P", "slack") == pytest.approx([0.0, factor, 0.0, 0.0])


def test_few_units_are_said_so(five: Sample) -> None:
    with pytest.warns(FewUnitsWarning, match="5 units are few for 1 input and 1 output; from 6 on") as caught:
        dea(five)
    assert caught[0].filename == __file__
