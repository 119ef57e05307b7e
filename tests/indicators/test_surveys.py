"""Surveys: intervals by hand and against R, answers carried over the reform, what is hidden stays hidden."""

from __future__ import annotations

import hashlib
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from import_files import write_csv
from made_up import BAUSKA, BAUSKA_PARTS

from benchlib.errors import CatalogueError, FiguresFileError, OptionError
from benchlib.indicators import (
    SURVEY_COLUMNS,
    check_data,
    find_municipality,
    imported_surveys,
    load_surveys,
    survey_problems,
)
from benchlib.indicators.imports import ImportOptions, plan_import, store_import
from benchlib.indicators.surveys.means import largest_sd, mean_interval, pooled

HEADER = ["ATVK", "Gads", "Jautājums", "Respondenti", "Vidējais", "Standartnovirze"]


def add(tmp_path: Path, rows: list[list[object]], **options: object) -> None:
    """Import answers: rows of (code, year, question, n, mean, sd)."""
    given = {"kind": "survey", "scale": "1-5", "respondents": "users", "survey": "S", "id": "a"} | options
    path = write_csv(tmp_path / f"{given['id']}.csv", [HEADER, *rows])
    store_import(plan_import(path, ImportOptions(**given)))  # type: ignore[arg-type]


def answer(table: pd.DataFrame, territory: str) -> pd.Series:
    (row,) = (row for _, row in table.loc[table["territory"] == territory].iterrows())
    return row


# --- arithmetic --------------------------------------------------------------------------------------------------------


def test_the_largest_standard_deviation() -> None:
    # Half of the answers at either end: the variance of the sample is n / (n - 1) times 4.
    assert largest_sd(3.0, 10, 1.0, 5.0) == pytest.approx(np.std([1.0] * 5 + [5.0] * 5, ddof=1), abs=1e-14)
    # One of four at the top: mean 2.
    assert largest_sd(2.0, 4, 1.0, 5.0) == pytest.approx(np.std([1.0, 1.0, 1.0, 5.0], ddof=1), abs=1e-14)
    assert largest_sd(5.0, 10, 1.0, 5.0) == 0.0


def test_no_answers_on_the_scale_have_a_larger_one() -> None:
    draws = np.random.default_rng(1)
    for _ in range(300):
        answers = draws.integers(1, 6, size=int(draws.integers(2, 40))).astype(float)
        most = largest_sd(float(answers.mean()), len(answers), 1.0, 5.0)
        assert np.std(answers, ddof=1) <= most + 1e-12


def test_intervals_by_students_t() -> None:
    # R 4.3: 3.5 + c(-1, 1) * qt(0.975, 24) * 1.2 / sqrt(25), with qt(0.975, 24) = 2.063898562
    low, high, basis = mean_interval(3.5, 1.2, 25, 1.0, 5.0)
    assert (low, high) == pytest.approx((3.5 - 2.063898562 * 0.24, 3.5 + 2.063898562 * 0.24), abs=1e-8)
    assert basis == "sd"
    # Cut at the ends of the scale; qt(0.975, 9) = 2.262157163
    low, high, _ = mean_interval(4.8, 0.9, 10, 1.0, 5.0)
    assert (low, high) == pytest.approx((4.8 - 2.262157163 * 0.9 / math.sqrt(10), 5.0), abs=1e-8)


def test_without_a_standard_deviation_the_largest_one_counts() -> None:
    low, high, basis = mean_interval(4.0, math.nan, 10, 1.0, 5.0)
    half = 2.262157163 * math.sqrt(3.0 * 10 / 9) / math.sqrt(10)
    assert (low, high) == pytest.approx((4.0 - half, 5.0), abs=1e-8)
    assert basis == "largest sd"


def test_equal_answers_are_not_certainty() -> None:
    # Clopper and Pearson for 0 of 12: at most 1 - 0.025^(1/12) = 0.2646485 of all would answer otherwise (binom.test(0, 12) in R).
    low, high, basis = mean_interval(5.0, math.nan, 12, 1.0, 5.0)
    assert (low, high) == pytest.approx((5.0 - 4.0 * 0.2646485, 5.0), abs=1e-6)
    assert basis == "all alike"
    low, high, _ = mean_interval(3.0, 0.0, 12, 1.0, 5.0)
    assert (low, high) == pytest.approx((3.0 - 2.0 * 0.2646485, 3.0 + 2.0 * 0.2646485), abs=1e-6)


def test_groups_are_pooled_as_if_they_were_one() -> None:
    draws = np.random.default_rng(2)
    groups = [draws.integers(1, 6, size=size).astype(float) for size in (11, 30, 120)]
    n, mean, sd = pooled([(len(g), float(g.mean()), float(g.std(ddof=1))) for g in groups])
    together = np.concatenate(groups)
    assert (n, mean, sd) == (161, pytest.approx(together.mean()), pytest.approx(together.std(ddof=1)))
    assert math.isnan(pooled([(10, 3.0, 1.0), (10, 4.0, math.nan)])[2])


# --- loading -----------------------------------------------------------------------------------------------------------


def test_without_a_survey_there_is_an_empty_table(own: Path) -> None:
    table = load_surveys(access="members")
    assert table.empty
    assert list(table.columns) == list(SURVEY_COLUMNS)
    assert load_surveys("anything", municipalities="Bauskas novads").empty
    assert imported_surveys(access="members") == ()


def test_everybody_has_a_row(own: Path, tmp_path: Path) -> None:
    add(
        tmp_path,
        [
            [BAUSKA, 2023, "q", 25, "3,5", "1,2"],
            ["0026000", 2023, "q", 9, "4,9", "0,1"],
            ["0001000", 2023, "q", 30, "", ""],
        ],
    )
    table = load_surveys("q", access="members")
    assert (len(table), table["territory"].nunique()) == (42, 42)
    assert list(table.columns) == list(SURVEY_COLUMNS)
    there = answer(table, BAUSKA)
    assert (there["n"], there["mean"], there["sd"], there["share"], there["status"]) == (25, 3.5, 1.2, 62.5, "observed")
    assert (there["low"], there["high"]) == pytest.approx((3.5 - 2.063898562 * 0.24, 3.5 + 2.063898562 * 0.24))
    few = answer(table, "0026000")
    assert (few["status"], few["reason"], few["n_below"]) == ("suppressed", "few answers", 10)
    assert few[["n", "mean", "sd", "low", "high", "share"]].isna().all()
    no_mean = answer(table, "0001000")
    assert (no_mean["n"], no_mean["status"], no_mean["reason"]) == (30, "missing", "no mean")
    absent = answer(table, "0038001")
    assert (absent["status"], absent["reason"], absent["scale_max"]) == ("missing", "not surveyed", 5.0)


def test_members_alone_see_what_is_for_members(own: Path, tmp_path: Path) -> None:
    add(tmp_path, [[BAUSKA, 2023, "q", 25, "3,5", ""]])
    assert load_surveys().empty
    assert imported_surveys() == ()
    add(tmp_path, [[BAUSKA, 2022, "q", 25, "3,5", ""]], id="b", access="public")
    assert set(load_surveys()["year"]) == {2022}
    assert set(load_surveys(access="members")["access"]) == {"members", "public"}


def test_what_is_asked_for(own: Path, tmp_path: Path) -> None:
    rows = [[BAUSKA, year, q, 25, "3,5", "1"] for year in (2022, 2023) for q in ("par rindām", "par attieksmi")]
    add(tmp_path, rows)
    one = load_surveys("par rindām", years=2023, municipalities=["bauska"], access="members")
    assert one[["question", "year", "territory"]].to_numpy().tolist() == [["par rindām", 2023, BAUSKA]]
    assert len(load_surveys(municipalities=BAUSKA, access="members")) == 4
    assert load_surveys(years=[1999], access="members").empty
    with pytest.raises(OptionError, match=r"'par rindam' is in no survey. Nearest: 'par rindām', 'par attieksmi'"):
        load_surveys("par rindam", access="members")


def test_the_latest_vintage_counts(own: Path, tmp_path: Path) -> None:
    add(tmp_path, [[BAUSKA, 2023, "q", 25, "3,5", "1"]], vintage="2024-01-01")
    add(tmp_path, [[BAUSKA, 2023, "q", 50, "3,9", "1"]], vintage="2025-01-01", id="b")
    now = load_surveys("q", municipalities=BAUSKA, access="members")
    assert now[["n", "mean", "source", "vintage"]].to_numpy().tolist() == [[50, 3.9, "b", "2025-01-01"]]
    then = load_surveys("q", municipalities=BAUSKA, access="members", as_of="2024-06-30")
    assert then["mean"].tolist() == [3.5]


# --- over the reform ---------------------------------------------------------------------------------------------------

GROUPS = ((20, "3", "1"), (40, "4", "0,5"), (10, "2,5", "1,5"), (30, "3,5", "1"))


def former(values: tuple[tuple[int, str, str], ...] = GROUPS) -> list[list[object]]:
    return [[code, 2019, "q", *value] for code, value in zip(BAUSKA_PARTS, values, strict=True)]


def test_former_municipalities_become_one(own: Path, tmp_path: Path) -> None:
    add(tmp_path, former())
    whole = answer(load_surveys("q", access="members"), BAUSKA)
    # By hand: (20*3 + 40*4 + 10*2.5 + 30*3.5) / 100 = 3.5; squares within 19 + 39*0.25 + 9*2.25 + 29 = 78, between
    # 20*0.25 + 40*0.25 + 10*1 + 30*0 = 25; sqrt(103 / 99) = 1.0200
    assert (whole["n"], whole["mean"], whole["parts"], whole["status"]) == (100, 3.5, 4, "harmonised")
    assert whole["sd"] == pytest.approx(math.sqrt(103 / 99))
    parts = load_surveys("q", territory="2009", access="members")
    assert answer(parts, BAUSKA_PARTS[1])["mean"] == 4.0
    assert len(parts) == 119


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (((20, "3", "1"), (9, "4", "0,5"), *GROUPS[2:]), "part suppressed"),
        (((20, "3", "1"), (40, "", ""), *GROUPS[2:]), "part missing"),
    ],
)
def test_a_part_without_a_mean_leaves_the_whole_without(
    own: Path, tmp_path: Path, change: tuple[tuple[int, str, str], ...], reason: str
) -> None:
    add(tmp_path, former(change))
    whole = answer(load_surveys("q", access="members"), BAUSKA)
    assert (whole["status"], whole["reason"], whole["parts"]) == ("missing", reason, 4)
    assert math.isnan(whole["mean"])
    assert math.isnan(whole["n"])


def test_a_part_that_was_not_surveyed(own: Path, tmp_path: Path) -> None:
    add(tmp_path, former()[:3])
    assert answer(load_surveys("q", access="members"), BAUSKA)["reason"] == "part missing"


def test_an_unknown_sd_of_a_part_is_unknown_of_the_whole(own: Path, tmp_path: Path) -> None:
    add(tmp_path, former((*GROUPS[:3], (30, "3,5", ""))))
    whole = answer(load_surveys("q", access="members"), BAUSKA)
    assert (whole["mean"], whole["interval"]) == (3.5, "largest sd")
    assert math.isnan(whole["sd"])


def test_scales_that_differ_are_not_mixed(own: Path, tmp_path: Path) -> None:
    add(tmp_path, former()[:3])
    add(tmp_path, former()[3:], id="b", scale="1-10")
    assert answer(load_surveys("q", access="members"), BAUSKA)["reason"] == "scales differ"


def test_a_split_unit_is_not_carried(own: Path, tmp_path: Path) -> None:
    # Aglona was divided between Krāslava and Preiļi; Krāslava and Dagda themselves were whole.
    names = ("Aglonas novads", "Krāslavas novads", "Dagdas novads")
    add(tmp_path, [[find_municipality(name, "2009").code, 2019, "q", 25, "3,5", "1"] for name in names])
    table = load_surveys("q", access="members")
    for name in ("Krāslavas novads", "Preiļu novads"):
        assert answer(table, find_municipality(name).code)["reason"] == "part split"


def test_a_unit_that_no_reform_touched_keeps_its_answers(own: Path, tmp_path: Path) -> None:
    add(tmp_path, [["0010000", 2019, "q", 25, "3,5", "1"], ["0050000", 2019, "q", 5, "3,5", "1"]])
    table = load_surveys("q", access="members")
    assert answer(table, "0001000")[["mean", "status", "parts"]].tolist() == [3.5, "observed", 1]
    assert (table["status"] == "suppressed").sum() == 1


def test_later_answers_are_not_divided_among_former_municipalities(own: Path, tmp_path: Path) -> None:
    add(tmp_path, [[BAUSKA, 2023, "q", 25, "3,5", "1"]])
    table = load_surveys("q", territory="2009", access="members")
    assert set(table["reason"]) == {"not surveyed"}


# --- damage ------------------------------------------------------------------------------------------------------------


def test_damage_is_found(own: Path, tmp_path: Path) -> None:
    add(tmp_path, [[BAUSKA, 2023, "q", 25, "3,5", "1"]])
    assert survey_problems() == check_data() == []
    path = own / "surveys" / "a.csv"
    good = path.read_text(encoding="utf-8")
    path.write_text(good.replace("3.5", "3.6"), encoding="utf-8")
    with pytest.raises(FiguresFileError, match=r"a.csv is not the file of surveys.toml"):
        load_surveys(access="members")
    assert [problem for problem in check_data() if "a.csv is not the file" in problem]
    path.unlink()
    assert "cannot be read" in survey_problems()[0]
    path.write_text(good, encoding="utf-8")
    (path.parent / "stray.csv").write_text("x", encoding="utf-8")
    assert "stray.csv has no entry in surveys.toml" in survey_problems()[0]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("0025000", "9999999", "territory: '9999999' is no code"),
        (",25,", ",2,", "n: 2 is not a whole number from 10"),
        (",3.5,", ",7,", "mean: 7 lies outside the scale"),
        (",3.5,", ",x,", "could not convert"),
        ("observed", "seen", "status: 'seen' is not one of"),
        ("observed", "suppressed", "mean: does not go with the status"),
    ],
)
def test_a_file_that_was_changed_by_hand_is_still_checked(
    own: Path, tmp_path: Path, old: str, new: str, message: str
) -> None:
    add(tmp_path, [[BAUSKA, 2023, "q", 25, "3,5", "1"]])
    path, listed = own / "surveys" / "a.csv", own / "surveys.toml"
    (survey,) = imported_surveys(access="members")
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    listed.write_text(listed.read_text(encoding="utf-8").replace(survey.sha256, sha256), encoding="utf-8")
    with pytest.raises(FiguresFileError, match=f"row 2, column .*{message}"):
        load_surveys(access="members")


def test_a_broken_list(own: Path, tmp_path: Path) -> None:
    add(tmp_path, [[BAUSKA, 2023, "q", 25, "3,5", "1"]])
    listed = own / "surveys.toml"
    good = listed.read_text(encoding="utf-8")
    for old, new, message in (
        ('access = "members"', 'access = "all"', "access='all' is not an option"),
        ('file = "surveys/a.csv"', 'file = "../a.csv"', "leaves the folder"),
        ("min_n = 10", 'min_n = "10"', "is not a whole number"),
    ):
        listed.write_text(good.replace(old, new), encoding="utf-8")
        with pytest.raises(CatalogueError, match=message):
            imported_surveys()
    listed.write_text(good + good, encoding="utf-8")
    with pytest.raises(CatalogueError, match="stands there twice"):
        imported_surveys()


def test_a_vintage_in_another_spelling_is_the_same_day(own: Path, tmp_path: Path) -> None:
    add(tmp_path, [[BAUSKA, 2023, "q", 25, "2,0", "1"]], vintage="2023-01-01", id="early")
    add(tmp_path, [[BAUSKA, 2023, "q", 25, "4,0", "1"]], vintage="2023-12-01", id="late")
    listed = own / "surveys.toml"
    listed.write_text(listed.read_text(encoding="utf-8").replace("2023-01-01", "20230101"), encoding="utf-8")
    assert [survey.vintage for survey in imported_surveys(access="members")] == ["2023-01-01", "2023-12-01"]
    assert answer(load_surveys("q", access="members"), BAUSKA)["mean"] == 4.0
    assert answer(load_surveys("q", access="members", as_of="2023-06-30"), BAUSKA)["mean"] == 2.0
    listed.write_text(listed.read_text(encoding="utf-8").replace("20230101", "spring"), encoding="utf-8")
    with pytest.raises(CatalogueError, match="vintage = 'spring' is not a date"):
        imported_surveys(access="members")
