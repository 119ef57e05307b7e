"""Whom to learn from and what it is worth, on five units that a pencil can score."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from benchlib.comparison import comparable_units, dominators, reach
from benchlib.efficiency import Sample, dea, fdh
from benchlib.errors import OptionError, UnknownTerritoryError

# Money per user and result. A, B and C span the frontier: A (10, 50) - B (20, 70) - C (40, 80). D and E lie below it.
TABLE = pd.DataFrame(
    {"money": [10.0, 20, 40, 30, 40], "result": [50.0, 70, 80, 60, 60]}, index=["A", "B", "C", "D", "E"]
)
pytestmark = pytest.mark.filterwarnings("ignore::benchlib.errors.FewUnitsWarning")


@pytest.fixture
def sample() -> Sample:
    return Sample.from_table(TABLE, inputs=["money"], outputs=["result"])


def test_dominators_by_hand(sample: Sample) -> None:
    assert dominators(sample, "A").empty
    assert dominators(sample, "B").empty
    assert dominators(sample, "C").empty
    assert dominators(sample, "D").to_dict("records") == [{"unit": "B", "money": 20, "result": 70}]
    assert dominators(sample, "E")["unit"].tolist() == ["B", "D", "C"], "the cheapest first; C is as dear, but better"
    assert list(dominators(sample, "A").columns) == ["unit", "money", "result"]


def test_a_twin_does_not_dominate() -> None:
    twins = Sample.from_table(
        pd.DataFrame({"money": [5.0, 5, 5, 4], "staff": [1.0, 1, 1, 2], "result": [7.0, 7, 8, 9]}, index=list("abcd")),
        inputs=["money", "staff"],
        outputs=["result"],
    )
    assert dominators(twins, "a")["unit"].tolist() == ["c"], "b is equal, d uses more staff"


def test_who_is_not_in_the_sample(sample: Sample) -> None:
    with pytest.raises(OptionError, match="unit='F' is not in the sample of 5 units; a unit without figures"):
        dominators(sample, "F")
    with pytest.raises(OptionError, match="unit='F'"):
        reach([dea(sample)], "F", volume=1.0)


def test_reach_by_hand(sample: Sample) -> None:
    results = [
        fdh(sample, orientation="input"),
        dea(sample, orientation="input"),
        fdh(sample, orientation="output"),
        dea(sample, orientation="output"),
    ]
    table = reach(results, "D", volume=100).set_index(["method", "orientation"])
    assert list(table.index) == [("FDH", "input"), ("DEA", "input"), ("FDH", "output"), ("DEA", "output")]
    # FDH, money: the cheapest with at least 60 is B at 20. DEA, money: half way from A to B, 60 costs 15.
    assert table["efficiency"].tolist() == pytest.approx([20 / 30, 15 / 30, 60 / 70, 60 / 75])
    assert table["input_target"].iloc[:2].tolist() == pytest.approx([20, 15])
    assert table["saving_per_user"].iloc[:2].tolist() == pytest.approx([10, 15])
    assert table["saving_eur"].iloc[:2].tolist() == pytest.approx([1000, 1500])
    # FDH, result: B reaches 70 with 20 <= 30. DEA: half way from B to C, 30 reaches 75.
    assert table["output_target"].iloc[2:].tolist() == pytest.approx([70, 75])
    assert table["gain"].iloc[2:].tolist() == pytest.approx([10, 15])
    assert table["peers"]["FDH", "input"] == (("B", 1.0),)
    assert dict(table["peers"]["DEA", "input"]) == pytest.approx({"A": 0.5, "B": 0.5})
    assert dict(table["peers"]["DEA", "output"]) == pytest.approx({"B": 0.5, "C": 0.5})
    assert (table[["input", "output"]] == [30, 60]).all().all()


def test_the_best_gain_nothing(sample: Sample) -> None:
    table = reach([fdh(sample), dea(sample), dea(sample, orientation="output")], "B", volume=1000)
    assert table["efficiency"].tolist() == [1, 1, 1]
    assert table["saving_eur"].tolist() == pytest.approx([0, 0, 0])
    assert table["gain"].tolist() == pytest.approx([0, 0, 0])


def test_unknown_volume_gives_no_euro(sample: Sample) -> None:
    table = reach([dea(sample)], "D", volume=math.nan)
    assert math.isnan(table["saving_eur"][0])
    assert table["saving_per_user"][0] == pytest.approx(15)


def test_nothing_to_reach_gives_an_empty_table() -> None:
    table = reach([], "D", volume=1.0)
    assert table.empty
    assert "saving_eur" in table.columns


def test_novadi_share_a_frontier_and_cities_join_everybody() -> None:
    assert (comparable_units("Bauskas novads", year=2013).word, comparable_units("Rīga", year=2013).word) == (
        "kind",
        "all",
    )
    assert len(comparable_units("Bauskas novads", year=2013).members) == 35
    assert len(comparable_units("Rīga", year=2013).members) == 42
    old = comparable_units("Vecumnieku novads", year=2013, territory="2009")
    assert (old.word, len(old.members)) == ("kind", 110)
    assert len(comparable_units("Jelgavas pilsēta", year=2013, territory="2009").members) == 119
    with pytest.raises(UnknownTerritoryError):
        comparable_units("Vecumnieku novads", year=2013)
