"""Ranks of years in which not the same members have figures: each year counts by its own number, and two ranges need common years."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pandas as pd
import pytest
from few_units import UNITS, YEAR, group_of
from plan_stores import Years, store_of

from benchlib import comparison
from benchlib.comparison import (
    Meeting,
    better_members,
    comparison_group,
    find_gaps,
    group_meeting,
    learning_partners,
    profile,
    rank_ranges,
)
from benchlib.comparison.learning.partners import Strength
from benchlib.indicators import classification, load_catalogue
from benchlib.reporting import Words
from benchlib.reporting.texts.partners import _strength
from benchlib.reporting.values import ranked, ranked_row

KNOWN = {unit.code: unit for unit in classification("2025")}
CODES = UNITS[:10]


def meeting(folder: Path, figures: Years, size: int = 10) -> Meeting:
    store = store_of(folder, {"x": (figures, {})})
    return group_meeting([KNOWN[code] for code in UNITS[:size]], {"quality": ["x"]}, year=YEAR, store=store)


def test_each_year_has_its_own_number_of_members() -> None:
    years: Years = {2012: [5, 4, 3, 2, 1, None], 2013: [6, 5, 4, 3, 2, 1]}
    rows = [("x", code, year, v) for year, values in years.items() for code, v in zip("abcdef", values, strict=True)]
    table = pd.DataFrame(rows, columns=["indicator", "territory", "year", "value"]).astype({"value": "float64"})
    found = rank_ranges(table, {"x": 1}, "abcdef", 2013).set_index("territory")
    assert found.loc["a", ["fewest_members", "most_members", "ranked_years"]].tolist() == [5, 6, (2012, 2013)]
    assert found.loc["f", ["fewest_members", "most_members", "ranked_years"]].tolist() == [6, 6, (2013,)]
    assert found["is_beyond_middle"].to_dict() == {
        "a": False,
        "b": False,
        "c": False,
        "d": True,  # 4th of 5 and 4th of 6
        "e": True,
        "f": True,
    }


def test_a_better_half_of_a_larger_number_is_no_homework(tmp_path: Path) -> None:
    """The first was 5th of 10 a year ago, 6th of 6 now: its best rank of all years lies beyond the middle of six."""
    then: list[float | None] = [60, 100, 90, 80, 70, 50, 40, 30, 20, 10]
    now: list[float | None] = [1, 100, 90, 80, 70, 60, None, None, None, None]
    found = meeting(tmp_path, {YEAR - 1: then, YEAR: now})
    row = found.table.set_index("territory").loc[UNITS[0]]
    assert row[["rank", "rank_low", "rank_high", "light"]].tolist() == [6, 5, 6, "red"]
    assert UNITS[0] not in set(found.homework["territory"])


def test_a_worse_half_of_a_smaller_number_is_homework(tmp_path: Path) -> None:
    """The first was 5th of 6 a year ago, 10th of 10 now: 5th would be the better half of ten."""
    then: list[float | None] = [20, 100, 90, 80, 70, 10, None, None, None, None]
    found = meeting(tmp_path, {YEAR - 1: then, YEAR: [1, 100, 90, 80, 70, 60, 50, 40, 30, 20]})
    own = found.homework.loc[found.homework["territory"] == UNITS[0]]
    assert own[["indicator", "reason", "rank_low", "fewest_members", "most_members"]].to_numpy().tolist() == [
        ["x", "red", 5, 6, 10]
    ]


def test_without_ranks_nothing_is_said_to_be_worse(tmp_path: Path) -> None:
    found = meeting(tmp_path, {YEAR: [1, 100, 90, 80, None, None, None, None, None, None]})
    assert not found.summary["has_ranks"].any()
    assert found.summary["median"].tolist() == [85]
    assert set(found.homework["reason"]) == {"missing"}


@cache
def kurzeme() -> Meeting:
    units = [unit for unit in classification("2009") if unit.region == "Kurzeme"]
    return group_meeting(units, load_catalogue().networks["T4"].indicators, year=2011, territory="2009")


def test_vainode_was_in_the_better_half_in_one_year() -> None:
    history = kurzeme().homework.query("indicator == 'exam_grade9_history'")
    assert "0649300" not in set(history["territory"]), "9th of 20 in 2012"


def test_a_range_says_among_how_many_where_that_changed() -> None:
    lv, en = Words("lv"), Words("en")

    def plain(text: str) -> str:
        return text.replace("\N{NO-BREAK SPACE}", " ").replace("\N{WORD JOINER}", "")

    assert plain(ranked(13, 13, 30, 28, lv, among=(28, 30))) == "13. no 28 (13.–30. no 28–30)"
    assert plain(ranked(13, 13, 30, 28, en, among=(28, 30))) == "13th of 28 (13th–30th of 28–30)"
    assert plain(ranked(13, 13, 13, 28, lv, among=(28, 30))) == "13. no 28 (13. no 28–30)"
    assert plain(ranked(13, 13, 20, 28, lv, among=(28.0, 28.0))) == "13. no 28 (13.–20.)"
    assert plain(ranked(13, 13, 13, 28, lv, among=(28, 28))) == "13. no 28 (visos gados)"
    assert plain(ranked(13, float("nan"), float("nan"), 28, lv, among=(28, 28))) == "13. no 28 (viens gads)"
    group = comparison_group("Jūrmala", group="region", year=2011, territory="2009")
    row = profile(["exam_grade9_history"], group=group, year=2011).table.iloc[0]
    assert plain(ranked_row(row, lv)) == "13. no 28 (13.–30. no 28–30)"
    soap = Strength("exam_grade9_history", 2011, 60.0, 13, 13, 30, 28, 28, 30)
    assert plain(_strength(soap, load_catalogue().indicators, lv)).endswith("13. no 28 (13.–30. no 28–30)")


# Two ranges that do not overlap, but share one year only.


def test_ranges_of_one_common_year_are_not_sure(tmp_path: Path) -> None:
    """The second has figures of 2011 and 2013, the own ones are of 2012 and 2013; the third has all."""
    figures: Years = {
        2011: [None, 90, 80, 70, 60],
        2012: [10, None, 80, 70, 60],
        2013: [10, 90, 80, 70, 60],
    }
    store = store_of(tmp_path, {"x": (figures, {})})
    gaps = find_gaps(["x"], group=group_of(5), year=2013, aim="median", store=store)
    found = better_members(gaps, "x").set_index("territory")
    assert found["is_sure"].to_dict() == {UNITS[1]: False, UNITS[2]: True, UNITS[3]: True}


def test_ligatne_shares_one_year_with_two_of_its_group() -> None:
    group = comparison_group("Līgatnes novads", group="region", year=2012, territory="2009")
    gaps = find_gaps(["exam_grade9_history"], group=group, year=2012)
    years = gaps.ranks.set_index("territory")["ranked_years"]
    own = set(years[group.municipality.code])
    for row in comparison.better_members(gaps, "exam_grade9_history").to_dict("records"):
        assert row["is_sure"] == (len(own & set(years[row["territory"]])) > 1)


@pytest.mark.filterwarnings("ignore::benchlib.errors.FewUnitsWarning")
def test_what_others_do_better_lasts_only_if_two_years_are_common() -> None:
    kin = comparison.comparable_units("Talsu novads", year=2013)
    service = load_catalogue().service("schools")
    scores = comparison.score_service(service, kin, year=2013, replications=100, seed=1)
    found = learning_partners(scores, kin, ids=["exam_grade9_latvian"], year=2013)
    told = {p.unit.name: [s.is_lasting for s in p.strengths] for p in found.partners if p.strengths}
    assert told["Ādažu novads"] == [None], "there is one year of both"


# The year that counts is that of those who are compared.


def test_a_later_figure_of_somebody_else_hides_nothing(tmp_path: Path) -> None:
    """All but the last have figures of 2012, the last, which is not of the group, has one of 2013."""
    figures: Years = {2012: [1, 2, 3, 4, 5, None], 2013: [None] * 5 + [9]}
    store = store_of(tmp_path, {"x": (figures, {})})
    group = group_of(5)
    row = profile(["x"], group=group, year=2013, store=store).row("x")
    assert row[["year", "value", "members_with_figure", "median", "rank"]].tolist() == [2012, 1, 5, 3, 5]
    gaps = find_gaps(["x"], group=group, year=2013, aim="median", store=store)
    assert gaps.table[["year", "value", "why_not"]].to_numpy().tolist() == [[2012, 1, ""]]


def test_a_gap_without_any_position_is_not_said_to_be_of_one_year(tmp_path: Path) -> None:
    """Eleven of twenty have a figure: a median with its interval, which leaves out the own one, but too few for ranks."""
    store = store_of(tmp_path, {"x": ({2013: [1, 90, 91, 92, 93, 94, 95, 96, 97, 98, 99]}, {})})
    units = tuple(unit for unit in KNOWN.values() if unit.kind == "novads")[:20]
    group = comparison.ComparisonGroup("own: x", KNOWN[UNITS[0]], units, "2025")
    gaps = find_gaps(["x"], group=group, year=2013, aim="median", store=store)
    assert gaps.table[["years", "certainty", "why_not"]].to_numpy().tolist() == [[0, "unclear", "too few"]]


def test_nobody_of_the_group_has_a_figure(tmp_path: Path) -> None:
    store = store_of(tmp_path, {"x": ({2012: [None] * 5 + [8], 2013: [None] * 5 + [9]}, {})})
    row = profile(["x"], group=group_of(5), year=2013, store=store).row("x")
    assert row[["year", "members_with_figure"]].tolist() == [2013, 0]
