"""DEA examples of the literature, typed in as facts."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from benchlib.efficiency import Sample, dea, scale_efficiency

pytestmark = pytest.mark.filterwarnings("ignore::benchlib.errors.FewUnitsWarning")


@pytest.fixture
def coelli_crs() -> Sample:
    """T. Coelli (1996), A guide to DEAP version 2.1, CEPA working paper 96/08, example 1; also Coelli, Rao and Battese (1998)."""
    table = pd.DataFrame({"y": [1, 2, 3, 1, 2], "x1": [2, 2, 6, 3, 6], "x2": [5, 4, 6, 2, 2]}, index=[1, 2, 3, 4, 5])
    return Sample.from_table(table, ["x1", "x2"], "y")


def test_coelli_constant_returns(coelli_crs: Sample) -> None:
    result = dea(coelli_crs, rts="crs")
    assert result.efficiency.round(3).tolist() == [0.5, 1.0, 0.833, 0.714, 1.0]
    peers = result.peers.set_index(["unit", "peer"])["weight"].round(3).to_dict()
    assert peers == {(1, 2): 0.5, (2, 2): 1.0, (3, 2): 1.0, (3, 5): 0.5, (4, 5): 0.286, (4, 2): 0.214, (5, 5): 1.0}
    assert result.slacks.loc[result.slacks["unit"] == 1, "slack"].round(3).tolist() == [0.0, 0.5, 0.0]
    assert result.slacks["slack"].sum() == pytest.approx(0.5)


def test_coelli_scale_efficiency() -> None:
    """Coelli (1996), example 2: technical efficiency crs and vrs, scale efficiency, and local returns."""
    table = pd.DataFrame({"y": [1, 2, 3, 4, 5], "x": [2, 4, 3, 5, 6]}, index=[1, 2, 3, 4, 5])
    scores = scale_efficiency(Sample.from_table(table, "x", "y")).scores
    assert scores["crs"].round(3).tolist() == [0.5, 0.5, 1.0, 0.8, 0.833]
    assert scores["vrs"].round(3).tolist() == [1.0, 0.625, 1.0, 0.9, 1.0]
    assert scores["scale"].round(3).tolist() == [0.5, 0.8, 1.0, 0.889, 0.833]
    assert scores["returns"].tolist() == ["increasing", "increasing", "constant", "decreasing", "decreasing"]
    assert scores[["crs", "vrs", "scale"]].mean().round(3).tolist() == [0.727, 0.905, 0.804]


def test_cooper_seiford_tone_example_1_1() -> None:
    """W. W. Cooper, L. M. Seiford and K. Tone (2007), Data envelopment analysis, 2nd ed., Springer, tables 1.1 and 1.2.

    Eight branch shops, employees and sales; B sells most per employee.
    """
    table = pd.DataFrame(
        {"employees": [2, 3, 3, 4, 5, 5, 6, 8], "sales": [1, 3, 2, 3, 4, 2, 3, 5]}, index=list("ABCDEFGH")
    )
    efficiency = dea(Sample.from_table(table, "employees", "sales"), rts="crs").efficiency
    assert np.round(efficiency, 3).tolist() == [0.5, 1.0, 0.667, 0.75, 0.8, 0.4, 0.5, 0.625]


def test_cooper_seiford_tone_example_2_2() -> None:
    """The same book, tables 2.2 to 2.4: two inputs, one output.

    F has score 1 with a slack in x1 (its peer is C), A is 0.8571 with the peers D and E.
    """
    table = pd.DataFrame(
        {"x1": [4, 7, 8, 4, 2, 10], "x2": [3, 3, 1, 2, 4, 1], "y": [1, 1, 1, 1, 1, 1]}, index=list("ABCDEF")
    )
    result = dea(Sample.from_table(table, ["x1", "x2"], "y"), rts="crs")
    assert np.round(result.efficiency, 4).tolist() == [0.8571, 0.6316, 1.0, 1.0, 1.0, 1.0]
    slack = result.slacks.set_index(["unit", "variable"])["slack"]
    assert slack["F", "x1"] == pytest.approx(2.0)
    peers = result.peers.groupby("unit")["peer"].agg(lambda names: "".join(sorted(names))).to_dict()
    assert peers == {"A": "DE", "B": "CD", "C": "C", "D": "D", "E": "E", "F": "C"}
    multipliers = result.multipliers.set_index(["unit", "variable"])["multiplier"]
    assert multipliers["A"].round(4).tolist() == [0.1429, 0.1429, 0.8571, 0.0]
    assert multipliers["B"].round(4).tolist() == [0.0526, 0.2105, 0.6316, 0.0]
