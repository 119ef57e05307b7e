"""A sample is checked once, keeps its order, and says clearly what is wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import FrozenInstanceError
from typing import Any

import numpy as np
import pandas as pd
import pytest

from benchlib.efficiency import Sample, dea, fdh
from benchlib.errors import SampleError


@pytest.fixture
def table() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "territory": ["0001", "0002", "0003", "0004"],
            "name": ["Rīga", "Ādaži", "Bauska <b>", "Cēsis"],
            "cost": [10.0, 12.0, 9.0, 14.0],
            "staff": [3, 4, 2, 5],
            "pupils": [100, 90, 80, 120],
            "region": ["Rīga", "Rīga", "Zemgale", "Vidzeme"],
        }
    )


def compose(table: pd.DataFrame, **changes: Any) -> Sample:
    words: dict[str, Any] = {
        "inputs": ["cost", "staff"],
        "outputs": ["pupils"],
        "unit": "territory",
        "context": ["region"],
    }
    return Sample.from_table(table, **(words | changes))


def test_what_a_sample_holds(table: pd.DataFrame) -> None:
    sample = compose(table)
    assert sample.units == ("0001", "0002", "0003", "0004")
    assert sample.names == ("Rīga", "Ādaži", "Bauska <b>", "Cēsis")
    assert sample.X.tolist() == [[10, 3], [12, 4], [9, 2], [14, 5]]
    assert sample.Y.tolist() == [[100], [90], [80], [120]]
    assert sample.Z["region"].tolist() == ["Rīga", "Rīga", "Zemgale", "Vidzeme"]
    assert len(sample) == 4
    frame = sample.to_frame()
    assert frame.columns.tolist() == ["unit", "name", "cost", "staff", "pupils", "region"]
    pd.testing.assert_frame_equal(frame.drop(columns="unit"), table.drop(columns="territory"), check_dtype=False)


def test_by_default_the_index_identifies_units(table: pd.DataFrame) -> None:
    assert compose(table.set_index("territory"), unit=None).units == ("0001", "0002", "0003", "0004")
    assert compose(table.drop(columns="name")).names == ("0001", "0002", "0003", "0004")
    assert compose(table, label="region").names[2] == "Zemgale"


def test_a_sample_does_not_change_with_its_table(table: pd.DataFrame) -> None:
    sample = compose(table)
    table.loc[0, "cost"] = 99.0
    assert sample.X[0, 0] == 10.0
    with pytest.raises(ValueError, match="read-only"):
        sample.X[0, 0] = 1.0
    with pytest.raises(FrozenInstanceError):
        sample.units = ()  # type: ignore[misc]


def test_looks(table: pd.DataFrame) -> None:
    sample = compose(table)
    assert repr(sample) == "Sample(4 units; inputs: cost, staff; outputs: pupils; context: region)"
    assert "Bauska &lt;b&gt;" in sample._repr_html_()
    assert sample._repr_html_() == compose(table)._repr_html_()


def test_nullable_and_arrow_numbers_are_numbers(table: pd.DataFrame) -> None:
    typed = table.astype({"cost": "Float64", "staff": "int64[pyarrow]"})
    typed.loc[1, "cost"] = pd.NA
    sample = compose(typed)
    assert np.isnan(sample.X[1, 0])
    assert sample.X[3].tolist() == [14.0, 5.0]


def test_missing_figures_are_kept_and_refused_by_name(table: pd.DataFrame) -> None:
    table.loc[[1, 3], "cost"] = np.nan
    sample = compose(table)
    with pytest.raises(SampleError, match=r"missing for 0002, 0004 \(cost\).*sample.without_missing\(\)"):
        dea(sample)


def test_without_missing_remembers_who_left(table: pd.DataFrame) -> None:
    table["cost"] = [10.0, np.nan, 9.0, 14.0]
    table["pupils"] = [100.0, np.nan, 80.0, 120.0]
    table.loc[3, "region"] = None
    sample = compose(table)
    whole = sample.without_missing()
    assert whole.units == ("0001", "0003")
    assert whole.left_out.to_dict("list") == {
        "unit": ["0002", "0004"],
        "reason": ["no figure for cost, pupils", "no figure for region"],
    }
    assert repr(whole).endswith("2 left out)")
    assert len(sample) == 4
    assert len(whole.without_missing().left_out) == 2
    assert whole.subset(["0003"]).left_out["unit"].tolist() == ["0002", "0004"]


def test_without_missing_leaves_somebody(table: pd.DataFrame) -> None:
    table["cost"] = np.nan
    with pytest.raises(SampleError, match="No unit has figures for all of cost, staff, pupils, region"):
        compose(table).without_missing()


def test_subset_keeps_the_order_asked_for(table: pd.DataFrame) -> None:
    part = compose(table).subset(["0004", "0001"])
    assert part.units == ("0004", "0001")
    assert part.names == ("Cēsis", "Rīga")
    assert part.X[:, 0].tolist() == [14.0, 10.0]
    assert part.Z["region"].tolist() == ["Vidzeme", "Rīga"]


@pytest.mark.parametrize(
    ("units", "message"),
    [
        (["0001", "9999"], "Not in the sample: 9999"),
        (["0001", "0001"], "only once"),
        ([], "at least one unit"),
    ],
)
def test_wrong_subsets(table: pd.DataFrame, units: list[str], message: str) -> None:
    with pytest.raises(SampleError, match=message):
        compose(table).subset(units)


def set_cell(column: str, value: object) -> Callable[[pd.DataFrame], pd.DataFrame]:
    return lambda table: table.assign(**{column: [value, *table[column].tolist()[1:]]})


BAD: list[tuple[str, Callable[[pd.DataFrame], Any], dict[str, Any], str]] = [
    ("not a table", lambda t: t.to_dict(), {}, "from a DataFrame with a row per unit, not from dict"),
    ("no rows", lambda t: t.iloc[:0], {}, "no rows"),
    ("unknown variable", lambda t: t, {"inputs": ["cots"]}, "no column cots. Its columns are territory, name, cost"),
    ("unknown unit column", lambda t: t, {"unit": "code"}, "no column code"),
    ("unknown label", lambda t: t, {"label": "nosaukums"}, "no column nosaukums"),
    ("no inputs", lambda t: t, {"inputs": []}, "inputs is empty"),
    ("no outputs", lambda t: t, {"outputs": []}, "outputs is empty"),
    ("two roles", lambda t: t, {"outputs": ["cost"]}, "more than once .*: cost"),
    ("two columns", lambda t: pd.concat([t, t["cost"]], axis=1), {}, "several columns of the name cost"),
    ("repeated unit", set_cell("territory", "0002"), {}, "column 'territory' names more than once: 0002"),
    ("unit missing", set_cell("territory", None), {}, "column 'territory' has a missing value in row 1"),
    (
        "text",
        lambda t: t.assign(cost=["10", "…", "9", "14"]),
        {},
        "Column 'cost' holds .*not numbers .first value: '10'",
    ),
    ("infinite", set_cell("cost", np.inf), {}, r"infinite for 0001 \(cost\)"),
]


@pytest.mark.parametrize(("change", "words", "message"), [case[1:] for case in BAD], ids=[case[0] for case in BAD])
def test_bad_tables(table: pd.DataFrame, change: Callable[..., Any], words: dict[str, Any], message: str) -> None:
    with pytest.raises(SampleError, match=message):
        compose(change(table), **words)


def test_long_lists_are_cut(table: pd.DataFrame) -> None:
    long = pd.DataFrame({"x": np.full(9, np.inf), "y": 1.0})
    with pytest.raises(SampleError, match="infinite for 0, 1, 2, 3, 4 and 4 more"):
        Sample.from_table(long, "x", "y")


def test_negative_figures_are_kept_and_refused_by_the_method(table: pd.DataFrame) -> None:
    sample = compose(set_cell("pupils", -1)(table))
    with pytest.raises(SampleError, match=r"negative for 0001 \(pupils\)"):
        fdh(sample.without_missing())
