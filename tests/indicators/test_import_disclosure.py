"""Means of few answers stay hidden: no whole less the parts that are shown may leave fewer than `min_n`."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from import_files import write_csv
from made_up import BAUSKA_PARTS

from benchlib.errors import FiguresFileError
from benchlib.indicators.imports import ImportOptions, ImportPlan, plan_import, remove_import, store_import
from benchlib.indicators.territory import codes

HEADER = ["Pašvaldība", "Gads", "Jautājums", "n", "Vidējais"]
BAUSKA, IECAVA, RUNDALE, VECUMNIEKI = (codes("2009")[code].name for code in BAUSKA_PARTS)
WHOLE = "Bauskas novads"
COULD_BE_COMPUTED = r"could be computed from those of Bauskas novads"


def plan(tmp_path: Path, answers: dict[str, int], id: str, *, question: str = "Q", **options: object) -> ImportPlan:
    """Plan a survey of 2013: number of answers by municipality."""
    rows = [HEADER, *([name, 2013, question, n, "3,0"] for name, n in answers.items())]
    given = {"kind": "survey", "scale": "1-5", "respondents": "residents", "survey": "S", "id": id} | options
    return plan_import(write_csv(tmp_path / f"{id}.csv", rows), ImportOptions(**given))  # type: ignore[arg-type]


def parts(tmp_path: Path, answers: dict[str, int], id: str = "parts", **options: object) -> ImportPlan:
    return plan(tmp_path, answers, id, territory="2009", **options)


def whole(tmp_path: Path, n: int, id: str = "whole", **options: object) -> ImportPlan:
    return plan(tmp_path, {WHOLE: n}, id, territory="2025", **options)


def test_a_part_that_nobody_surveyed_hides_nothing(own: Path, tmp_path: Path) -> None:
    store_import(parts(tmp_path, {BAUSKA: 30, IECAVA: 40, RUNDALE: 4}))
    with pytest.raises(FiguresFileError, match=f"few answers of {RUNDALE} {COULD_BE_COMPUTED}"):
        whole(tmp_path, 74)


def test_the_other_way_round(own: Path, tmp_path: Path) -> None:
    store_import(whole(tmp_path, 74))
    with pytest.raises(FiguresFileError, match=f"few answers of {RUNDALE} {COULD_BE_COMPUTED}"):
        parts(tmp_path, {BAUSKA: 30, IECAVA: 40, RUNDALE: 4})


def test_parts_in_several_imports(own: Path, tmp_path: Path) -> None:
    store_import(parts(tmp_path, {RUNDALE: 4}, "a"))
    store_import(whole(tmp_path, 74))
    store_import(parts(tmp_path, {BAUSKA: 30}, "b"))
    with pytest.raises(FiguresFileError, match=COULD_BE_COMPUTED):
        parts(tmp_path, {IECAVA: 40}, "c")


def test_a_later_survey_of_the_same_question_does_not_cover_the_hidden_part(own: Path, tmp_path: Path) -> None:
    store_import(parts(tmp_path, {BAUSKA: 30, IECAVA: 40, RUNDALE: 4, VECUMNIEKI: 20}))
    store_import(parts(tmp_path, {RUNDALE: 50}, "other", survey="Another", vintage=date.today().isoformat()))
    with pytest.raises(FiguresFileError, match=f"few answers of {RUNDALE} {COULD_BE_COMPUTED}"):
        whole(tmp_path, 94)


def test_two_hidden_parts_that_are_few_together(own: Path, tmp_path: Path) -> None:
    store_import(parts(tmp_path, {BAUSKA: 30, IECAVA: 40, RUNDALE: 2, VECUMNIEKI: 1}))
    with pytest.raises(FiguresFileError, match=f"few answers of {RUNDALE}, {VECUMNIEKI} {COULD_BE_COMPUTED}"):
        whole(tmp_path, 73)
    assert whole(tmp_path, 80).rows == 1, "ten and more are left: their mean is that of ten and more"


def test_a_part_without_a_mean_counts_as_no_answers(own: Path, tmp_path: Path) -> None:
    rows = [HEADER, [BAUSKA, 2013, "Q", 30, "3,0"], [IECAVA, 2013, "Q", 40, ""], [RUNDALE, 2013, "Q", 4, "3,0"]]
    given = {"kind": "survey", "scale": "1-5", "respondents": "residents", "id": "parts", "territory": "2009"}
    store_import(plan_import(write_csv(tmp_path / "p.csv", rows), ImportOptions(**given)))  # type: ignore[arg-type]
    assert whole(tmp_path, 74).rows == 1, "44 answers are left: nobody can tell four of them from forty"
    with pytest.raises(FiguresFileError, match=COULD_BE_COMPUTED):
        whole(tmp_path, 39)


@pytest.mark.parametrize("question", ["q", "Q.", " q "])
def test_the_same_question_in_another_spelling(own: Path, tmp_path: Path, question: str) -> None:
    store_import(parts(tmp_path, {BAUSKA: 30, IECAVA: 40, RUNDALE: 4, VECUMNIEKI: 20}))
    with pytest.raises(FiguresFileError, match=COULD_BE_COMPUTED):
        whole(tmp_path, 94, question=question)
    assert whole(tmp_path, 94, question="another").rows == 1
    assert whole(tmp_path, 94, respondents="users").rows == 1


def test_the_stricter_limit_counts(own: Path, tmp_path: Path) -> None:
    store_import(parts(tmp_path, {BAUSKA: 30, IECAVA: 40, RUNDALE: 15, VECUMNIEKI: 25}, min_n=20))
    with pytest.raises(FiguresFileError, match=COULD_BE_COMPUTED):
        whole(tmp_path, 110)


def test_a_unit_of_two_reforms(own: Path, tmp_path: Path) -> None:
    # Madonas novads of 2021 took up Varakļānu novads in 2025; Varakļāni themselves are those of 2009 still.
    store_import(parts(tmp_path, {"Varakļānu novads": 5}))
    store_import(plan(tmp_path, {"Madonas novads": 60}, "between", territory="2021"))
    with pytest.raises(FiguresFileError, match="few answers of Varakļānu novads could be computed from those of Mad"):
        plan(tmp_path, {"Madonas novads": 65}, "whole", territory="2025")


def test_in_one_file_and_survey_what_is_shown_hides_nobody_else(own: Path, tmp_path: Path) -> None:
    store_import(parts(tmp_path, {BAUSKA: 30, RUNDALE: 4}))
    assert whole(tmp_path, 300).rows == 1
    assert plan(tmp_path, {"Rīga": 20}, "riga", territory="2025").rows == 1


def test_what_was_planned_before_the_other_was_stored(own: Path, tmp_path: Path) -> None:
    first = parts(tmp_path, {BAUSKA: 30, IECAVA: 40, RUNDALE: 4, VECUMNIEKI: 20})
    second = whole(tmp_path, 94)
    store_import(first)
    with pytest.raises(FiguresFileError, match=COULD_BE_COMPUTED):
        store_import(second)
    remove_import("parts")
    store_import(second)


def test_what_is_stored_already_does_not_keep_others_out(own: Path, tmp_path: Path) -> None:
    store_import(parts(tmp_path, {BAUSKA: 30, IECAVA: 40, RUNDALE: 4, VECUMNIEKI: 20}))
    assert plan(tmp_path, {"Cēsu novads": 20}, "x", territory="2025").rows == 1


def test_to_leave_the_few_out_does_not_hide_them(own: Path, tmp_path: Path) -> None:
    store_import(parts(tmp_path, {BAUSKA: 30, IECAVA: 40, VECUMNIEKI: 20}))
    with pytest.raises(FiguresFileError, match=f"few answers of {RUNDALE} {COULD_BE_COMPUTED}"):
        whole(tmp_path, 94)
    assert whole(tmp_path, 90).rows == 1, "nothing is left"
    assert whole(tmp_path, 100).rows == 1, "ten are left"


def test_questions_in_other_letters_are_told_apart(own: Path, tmp_path: Path) -> None:
    store_import(parts(tmp_path, {BAUSKA: 30, IECAVA: 40, RUNDALE: 4}, question="Вопрос"))
    assert whole(tmp_path, 74, question="Оценка").rows == 1
    with pytest.raises(FiguresFileError, match=COULD_BE_COMPUTED):
        whole(tmp_path, 74, question="ВОПРОС")
