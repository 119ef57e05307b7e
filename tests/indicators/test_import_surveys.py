"""A file of survey results: what cannot be is refused, what could show a person is not stored."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from import_files import Rows, write_xlsx
from made_up import BAUSKA_PARTS

from benchlib.errors import FiguresFileError, OptionError
from benchlib.indicators import imported_surveys, load_surveys
from benchlib.indicators.imports import ImportOptions, ImportPlan, plan_import, remove_import, store_import
from benchlib.indicators.territory import codes

HEADER = ["Pašvaldība", "Gads", "Jautājums", "Respondentu skaits", "Vidējais vērtējums", "Standartnovirze"]


def plan_of(tmp_path: Path, rows: Rows, **options: object) -> ImportPlan:
    given = {"kind": "survey", "scale": "1-5", "respondents": "users"} | options
    return plan_import(write_xlsx(tmp_path / "aptauja.xlsx", rows), ImportOptions(**given))  # type: ignore[arg-type]


def lines(plan: ImportPlan) -> list[str]:
    return plan.files[f"surveys/{plan.id}.csv"].decode().splitlines()[1:]


def test_rows_as_they_are_stored(own: Path, tmp_path: Path) -> None:
    header = [*HEADER, "Skala", "Respondentu grupa", "Aptauja", "Tīkls", "Pakalpojums", "Jautājuma teksts"]
    rows = [
        header,
        [
            "Cēsu novads",
            2023,
            "q1",
            34,
            3.5,
            1.25,
            "0–10",
            "Iedzīvotāji",
            "Lielā",
            "t2",
            "aprūpe",
            "Vai esat apmierināts?",
        ],
        ["Bauskas novads", 2023, "q1", 12, "87%", "", "0-100", "klienti", "Lielā", "", "", "Vai esat apmierināts?"],
    ]
    plan = plan_of(tmp_path, rows, scale=None, respondents=None)
    assert lines(plan) == [
        "0026000,2023,Lielā,q1,residents,34,3.5,1.25,0,10,observed,T2,aprūpe",
        "0025000,2023,Lielā,q1,users,12,87,,0,100,observed,,",
    ]
    store_import(plan)
    (survey,) = imported_surveys(access="members")
    assert survey.questions == {"q1": {"lv": "Vai esat apmierināts?", "en": "Vai esat apmierināts?"}}
    assert (survey.min_n, survey.years, survey.territory) == (10, (2023,), "2025")
    table = load_surveys("q1", municipalities="Cēsu novads", access="members")
    assert table.loc[table["respondents"] == "residents", ["share", "network"]].to_numpy().tolist() == [[35.0, "T2"]]


@pytest.mark.parametrize(
    ("n", "min_n", "is_kept"), [(2, 3, False), (3, 3, True), (9, 10, False), (10, 10, True), (19, 20, False)]
)
def test_few_answers_are_not_stored(tmp_path: Path, n: int, min_n: int, is_kept: bool) -> None:
    rows = [
        [*HEADER, "Cits vidējais"],
        ["Bauskas novads", 2023, "q", n, 4.56, 0.12, 4.56],
        ["Cēsu novads", 2023, "q", 777, 3.21, 0.89, 1],
    ]
    plan = plan_of(tmp_path, rows, min_n=min_n)
    stored = plan.files["surveys/own_aptauja.csv"].decode()
    assert ("4.56" in stored) == is_kept
    assert (f",{n},4.56,0.12,1,5,observed" in stored) == is_kept
    assert (",,,,1,5,suppressed" in stored) == (not is_kept)
    shown = str([column.samples for column in plan.columns]) + plan.summary.to_string() + str(plan.notes)
    assert ("4.56" in shown) == is_kept, "nor is it put on the screen"
    assert "3.21" in shown
    assert "Column 'Cits vidējais' holds numbers and is left out" in plan.notes[0]


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ((5,), "The only mean, with fewer than 10 answers, will not be stored, only that so few answered (--min-n)."),
        ((5, 20), "Of 2 means, 1 with fewer than 10 answers will not be stored, only that so few answered (--min-n)."),
        ((5, 6), "Of 2 means, 2 with fewer than 10 answers will not be stored, only that so few answered (--min-n)."),
    ],
)
def test_means_that_are_not_stored_are_counted(tmp_path: Path, answers: tuple[int, ...], said: str) -> None:
    rows = [HEADER, *(["Rīga", 2023, f"q{place}", n, 3, 1] for place, n in enumerate(answers))]
    assert said in plan_of(tmp_path, rows).notes


def test_totals_are_left_out_for_they_would_give_away_the_rest(tmp_path: Path) -> None:
    rows = [
        HEADER,
        ["Bauskas novads", 2023, "q", 5, 4.5, 1],
        ["Cēsu novads", 2023, "q", 50, 3, 1],
        ["Kopā", 2023, "q", 55, 3.1, 1],
    ]
    plan = plan_of(tmp_path, rows)
    assert len(lines(plan)) == 2
    assert "55" not in plan.files["surveys/own_aptauja.csv"].decode()
    assert any("'Kopā'" in note for note in plan.notes)


def test_a_part_is_not_given_away_by_its_whole(own: Path, tmp_path: Path) -> None:
    names = [codes("2009")[code].name for code in BAUSKA_PARTS]
    parts = [HEADER, *([name, 2019, "q", 9 if name == names[1] else 40, 3, 1] for name in names)]
    whole = [HEADER, ["Bauskas novads", 2019, "q", 129, 3.1, 1]]
    first = plan_of(tmp_path, parts, territory="2009", id="parts")
    other = plan_of(tmp_path, whole, territory="2025", id="whole")
    store_import(first)
    with pytest.raises(
        FiguresFileError, match=f"few answers of {names[1]} could be computed from those of Bauskas novads"
    ):
        plan_of(tmp_path, whole, territory="2025", id="whole")
    remove_import("parts")
    store_import(other)
    with pytest.raises(FiguresFileError, match="could be computed"):
        plan_of(tmp_path, parts, territory="2009", id="parts")
    two_hidden = [*parts[:-1], [names[3], 2019, "q", 4, 3, 1]]
    assert plan_of(tmp_path, two_hidden, territory="2009", id="parts").rows == 4


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (["Rīga", 2023, "q", 0, 3, 1], "row 2, column 'Respondentu skaits': nobody answered"),
        (["Rīga", 2023, "q", -4, 3, 1], "column 'Respondentu skaits': '-4' is not a number of answers"),
        (["Rīga", 2023, "q", 12.5, 3, 1], "column 'Respondentu skaits': '12.5' is not a number of answers"),
        (["Rīga", 2023, "q", "", 3, 1], "column 'Respondentu skaits': the row has a mean and no number of answers"),
        (["Rīga", 2023, "q", "daudz", 3, 1], "column 'Respondentu skaits': 'daudz' is not a number"),
        (["Rīga", 2023, "q", 20, 5.01, 1], "column 'Vidējais vērtējums': '5.01' lies outside the scale 1-5"),
        (["Rīga", 2023, "q", 20, 0, 1], "column 'Vidējais vērtējums': '0' lies outside the scale 1-5"),
        (["Rīga", 2023, "q", 2, 9, 1], "lies outside the scale"),
        (
            ["Rīga", 2023, "q", 20, 4.5, 1.5],
            r"column 'Standartnovirze': '1.5' cannot be: .* at most 1.46. Is it a variance",
        ),
        (["Rīga", 2023, "q", 20, 4.5, -1], "column 'Standartnovirze': '-1' cannot be"),
        (["Rīga", 2023, "", 20, 4.5, 1], "column 'Jautājums': the row has no question"),
        (["Rīga", "", "q", 20, 4.5, 1], "column 'Gads': the row has no year"),
        (["Rigga", 2023, "q", 20, 4.5, 1], "column 'Pašvaldība': No municipality .* Nearest: Rīga"),
    ],
)
def test_what_cannot_be(tmp_path: Path, row: list[object], message: str) -> None:
    with pytest.raises(FiguresFileError, match=message):
        plan_of(tmp_path, [HEADER, row])


def test_a_rounded_standard_deviation_may_exceed_the_bound_by_its_rounding(tmp_path: Path) -> None:
    # Ten answers 1 and ten answers 5: exactly 2.0519567; the mean 3.0 could be 2.95 to 3.05.
    assert plan_of(tmp_path, [HEADER, ["Rīga", 2023, "q", 20, 3.0, 2.1]]).rows == 1
    with pytest.raises(FiguresFileError, match="cannot be"):
        plan_of(tmp_path, [HEADER, ["Rīga", 2023, "q", 20, 3.0, 2.2]])


def test_the_same_question_twice(tmp_path: Path) -> None:
    row = ["Rīga", 2023, "q", 20, 3, 1]
    with pytest.raises(FiguresFileError, match=r"row 3, column 'Jautājums': this question .* stands in row 2"):
        plan_of(tmp_path, [HEADER, row, row])
    with pytest.raises(FiguresFileError) as caught:
        plan_of(tmp_path, [HEADER, row, [*row[:3], "abc", 3, 1]])
    lines = str(caught.value).splitlines()
    assert "row 3, column 'Respondentu skaits': 'abc' is not a number" in lines[1]
    assert "row 3, column 'Jautājums': this question" in lines[2]
    other = [[*HEADER, "Respondentu grupa"], [*row, "users"], [*row, "residents"]]
    assert plan_of(tmp_path, other, respondents=None).rows == 2


@pytest.mark.parametrize(
    ("scale", "message"),
    [
        (None, "nothing tells the scale of the answers. Say it: --scale 1-5"),
        ("no 1", "'no 1' is no scale such as 1-5"),
        ("5-1", "the scale must rise"),
    ],
)
def test_the_scale_must_be_known(tmp_path: Path, scale: str | None, message: str) -> None:
    with pytest.raises(FiguresFileError, match=message):
        plan_of(tmp_path, [HEADER, ["Rīga", 2023, "q", 20, 3, 1]], scale=scale)


def test_what_the_command_lacks_is_said_once(tmp_path: Path) -> None:
    rows = [HEADER, *(["Rīga", 2023, f"q{number}", 20, 3, 1] for number in range(9))]
    with pytest.raises(FiguresFileError) as caught:
        plan_of(tmp_path, rows, scale=None, respondents=None)
    assert str(caught.value).splitlines()[1:] == [
        "  nothing tells the scale of the answers. Say it: --scale 1-5.",
        "  nothing tells who answered. Write it in the row, or say --respondents residents (or users).",
    ]
    with pytest.raises(FiguresFileError) as caught:
        plan_of(tmp_path, rows, scale="5-1", respondents="visi")
    assert str(caught.value).splitlines()[1:] == [
        "  '5-1': the scale must rise, as 1-5 does.",
        "  'visi' is neither residents nor users. Write it in the row, or say --respondents residents (or users).",
    ]
    with pytest.raises(FiguresFileError, match=r"Dati': 'no 1' is no scale such as 1-5. Say it: --scale 1-5. Nothing"):
        plan_of(tmp_path, rows, scale="no 1")


def test_what_a_row_lacks_is_said_of_the_row(tmp_path: Path) -> None:
    row = ["Rīga", 2023, "q", 20, 3, 1]
    rows = [[*HEADER, "Skala", "Respondentu grupa"], [*row, "1-5", "users"], [*row, "", ""], [*row, "5-1", "visi"]]
    with pytest.raises(FiguresFileError) as caught:
        plan_of(tmp_path, rows, scale=None, respondents=None)
    assert [line.split(": ")[0] for line in str(caught.value).splitlines()[1:]] == [
        "  row 3, column 'Skala'",
        "  row 3, column 'Respondentu grupa'",
        "  row 4, column 'Skala'",
        "  row 4, column 'Respondentu grupa'",
    ]


def test_a_scale_that_became_a_date(tmp_path: Path) -> None:
    rows = [[*HEADER, "Skala"], ["Rīga", 2023, "q", 20, 3, 1, datetime.date(2026, 5, 1)]]
    with pytest.raises(FiguresFileError, match=r"has made a date \(2026-05-01\) of the scale; format the cell as text"):
        plan_of(tmp_path, rows, scale=None)
    two = [[*HEADER, "Skalas minimums", "Skalas maksimums"], ["Rīga", 2023, "q", 20, 3, 1, 0, 10]]
    assert ",0,10,observed" in lines(plan_of(tmp_path, two, scale=None))[0]


def test_who_answered_must_be_known(tmp_path: Path) -> None:
    rows = [HEADER, ["Rīga", 2023, "q", 20, 3, 1]]
    with pytest.raises(FiguresFileError, match=r"nothing tells who answered.*--respondents residents"):
        plan_of(tmp_path, rows, respondents=None)
    with pytest.raises(FiguresFileError, match="'visi' is neither residents nor users"):
        plan_of(tmp_path, rows, respondents="visi")


def test_columns_that_are_needed(tmp_path: Path) -> None:
    with pytest.raises(FiguresFileError, match=r"no column is taken for mean; the columns are .*--column HEADING=mean"):
        plan_of(tmp_path, [HEADER[:4], ["Rīga", 2023, "q", 20]])
    with pytest.raises(FiguresFileError, match=r"'T9' is no network. Known: T1, T2, T3, T4"):
        plan_of(tmp_path, [[*HEADER, "Tīkls"], ["Rīga", 2023, "q", 20, 3, 1, "T9"]])
    with pytest.raises(OptionError, match="'n2' is not a role"):
        plan_of(tmp_path, [HEADER, ["Rīga", 2023, "q", 20, 3, 1]], columns=("Gads=n2",))


def test_all_problems_at_once(tmp_path: Path) -> None:
    rows = [HEADER, ["Rīga", 2023, "q", 0, 3, 1], ["Rigga", 2023, "q", 20, 3, 1], ["Rīga", 2023, "r", 20, 9, 1]]
    with pytest.raises(FiguresFileError, match="3 problems"):
        plan_of(tmp_path, rows)


def test_one_municipality_for_the_whole_file(tmp_path: Path) -> None:
    rows = [["Jautājums", "n", "Vidējais"], ["q1", 20, 3], ["q2", 21, 4]]
    plan = plan_of(tmp_path, rows, municipality="Bauskas novads", year=2023)
    assert [line.split(",")[0] for line in lines(plan)] == ["0025000", "0025000"]
    assert any("Without a standard deviation" in note for note in plan.notes)


def test_the_preview_names_the_survey_and_tells_what_is_stored_already(own: Path, tmp_path: Path) -> None:
    rows = [HEADER, ["Bauskas novads", 2023, "q", 20, 3, 1], ["Cēsu novads", 2023, "r", 20, 3, 1]]
    first = plan_of(tmp_path, rows, vintage="2024-01-01")
    assert set(first.summary["survey"]) == {"aptauja"}
    assert "The survey is called 'aptauja', after the file (--survey)." in first.notes
    assert not any("stored already" in note for note in first.notes)
    store_import(first)
    later = plan_of(
        tmp_path, [HEADER, ["Bauskas novads", 2023, "Q", 25, 4, 1]], id="b", vintage="2024-02-01", survey="Labota"
    )
    (note,) = (note for note in later.notes if "stored already" in note)
    assert note == (
        "'Q' for 2023 (users) is stored already: survey 'aptauja' (own_aptauja, 2024-01-01). If yours corrects it, call it and the "
        "question the same (--survey 'aptauja'): then the later vintage counts. Else both stay."
    )
    assert not any("after the file" in note for note in later.notes)
    same = plan_of(tmp_path, rows, id="c", vintage="2024-02-01", survey="aptauja")
    assert [note for note in same.notes if "stored already" in note] == [
        "'q' for 2023 (users) is stored already (own_aptauja, 2024-01-01). The later vintage counts: yours (2024-02-01).",
        "'r' for 2023 (users) is stored already (own_aptauja, 2024-01-01). The later vintage counts: yours (2024-02-01).",
    ]
    earlier = plan_of(tmp_path, rows, id="c", vintage="2023-02-01", survey="aptauja")
    assert "The later vintage counts: the stored one." in earlier.notes[-1]
    other = plan_of(tmp_path, [HEADER, ["Bauskas novads", 2022, "q", 25, 4, 1]], id="d")
    assert not any("stored already" in note for note in other.notes)
