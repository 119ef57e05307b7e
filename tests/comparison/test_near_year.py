"""Which year's figure stands for an indicator."""

from __future__ import annotations

import pandas as pd
import pytest

from benchlib.comparison import with_figures
from benchlib.comparison.figures import near_year
from benchlib.errors import UnknownIndicatorError
from benchlib.indicators import load_catalogue


def tidy(*rows: tuple[str, int, str, float | None]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["indicator", "year", "territory", "value"]).astype({"value": "float64"})


def chosen(table: pd.DataFrame, year: int) -> dict[str, list[int]]:
    return near_year(table, year).groupby("indicator")["year"].unique().map(list).to_dict()


def test_the_nearest_year_with_any_figure() -> None:
    table = tidy(
        ("a", 2010, "x", 1), ("a", 2012, "x", None), ("a", 2012, "y", 5), ("a", 2013, "x", None), ("b", 2020, "x", 1)
    )
    assert chosen(table, 2013) == {"a": [2012], "b": [2020]}, "2013 holds nothing but missing figures"
    kept = near_year(table, 2012)
    assert len(kept.loc[kept["indicator"] == "a"]) == 2, "who has no figure in that year keeps its row"


def test_of_two_equally_near_the_earlier() -> None:
    table = tidy(("a", 2014, "x", 1), ("a", 2010, "x", 1))
    assert chosen(table, 2012) == {"a": [2010]}
    assert chosen(table, 2013) == {"a": [2014]}


def test_an_indicator_without_any_figure_is_left_out() -> None:
    assert near_year(tidy(("a", 2010, "x", None)), 2010).empty


def test_the_order_of_indicators_stays() -> None:
    table = tidy(("z", 2010, "x", 1), ("a", 2010, "x", 1), ("m", 2011, "x", 1))
    assert near_year(table, 2010)["indicator"].tolist() == ["z", "a", "m"]


def test_which_indicators_a_classification_has() -> None:
    ids = ["municipal_roads_paved_share", "exam_grade9_mean", "libraries_per_10000_inhabitants"]
    assert with_figures(ids) == ids
    assert with_figures(ids, territory="2009") == ["exam_grade9_mean"], "roads and libraries came after the reform"
    assert with_figures([]) == []
    for part in load_catalogue().reports["municipality"].values():
        assert with_figures(part) == list(part), "a report of today shows every indicator of its list"
    with pytest.raises(UnknownIndicatorError, match="exam_grade9_mean"):
        with_figures(["exam_grade9_meen"])
