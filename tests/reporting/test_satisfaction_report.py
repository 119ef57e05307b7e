"""Sentences, table and figure of satisfaction and cost, in both languages; invented answers."""

from __future__ import annotations

import re

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest

from benchlib.comparison import SatisfactionAgainstCost
from benchlib.comparison.meetings.satisfaction import _COLUMNS, OtherAnswers
from benchlib.errors import OptionError
from benchlib.indicators import Survey, classification, load_catalogue
from benchlib.reporting import Words, plots, show, tables, texts
from benchlib.reporting.blocks import Note, Table

mpl.use("Agg")

LV, EN = Words("lv"), Words("en")
COST = load_catalogue().passport("social_protection_expenditure_per_inhabitant")
UNITS = classification("2025")
QUESTION = "Cik apmierināts(-a) esat? <b>**x**</b>"
#: x, y, low, high, interval, n, n_below, status, reason, quadrant
ROWS = [
    (100.0, 4.5, 4.4, 4.6, "sd", 100, 0, "observed", "", "cheap and satisfied"),
    (300.0, 4.4, 4.3, 4.5, "sd", 100, 0, "observed", "", "dear and satisfied"),
    (150.0, 2.0, 1.9, 2.1, "sd", 100, 0, "observed", "", "cheap and dissatisfied"),
    (310.0, 2.1, 2.0, 2.2, "sd", 100, 0, "observed", "", "dear and dissatisfied"),
    (210.0, 3.3, 2.3, 4.3, "largest sd", 12, 0, "observed", "", "not sure"),
    (190.0, np.nan, np.nan, np.nan, "", np.nan, 10, "suppressed", "few answers", ""),
    (np.nan, 3.9, 3.8, 4.0, "sd", 120, 0, "missing", "no cost", ""),
    (220.0, np.nan, np.nan, np.nan, "", np.nan, 0, "missing", "not surveyed", ""),
]
CODES = [unit.code for unit in UNITS[10 : 10 + len(ROWS)]]


def result_of(rows: list[tuple[object, ...]] = ROWS, **change: object) -> SatisfactionAgainstCost:
    columns = ["x", "y", "y_low", "y_high", "interval", "n", "n_below", "status", "reason", "quadrant"]
    given = pd.DataFrame(rows, columns=columns)
    given["unsure"] = np.where(given["quadrant"] == "not sure", "both", "")
    table = given.assign(
        territory=CODES[: len(rows)], year=2023, x_status="observed", source="s", access="public", parts=1
    )[list(_COLUMNS)]
    fields: dict[str, object] = {
        "indicator": COST.id,
        "question": QUESTION,
        "wording": {},
        "survey": "S",
        "respondents": "users",
        "year": 2024,
        "answer_year": 2023,
        "cost_year": 2022,
        "scale": (1.0, 5.0),
        "median_cost": 210.0,
        "median_answer": 3.3,
        "table": table,
        "costs": pd.DataFrame(),
    }
    return SatisfactionAgainstCost(**(fields | change))  # type: ignore[arg-type]


EMPTY = result_of([], question="", answer_year=None, cost_year=None, median_cost=np.nan, median_answer=np.nan)


def names(words: Words) -> dict[str, str]:
    return {unit.code: words.name(unit) for unit in UNITS}


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (
            LV,
            [
                "Pakalpojuma lietotājiem 2023. gadā jautāts: „Cik apmierināts(-a) esat?",
                "(atbildes no 1 līdz 5). Izmaksas, ar kurām tas salīdzināts: Sociālās aizsardzības izdevumi uz vienu iedzīvotāju, 2022†.",
                "Pašvaldības, kurām ir abi skaitļi: 5 no 8.",
                "vidējais vērtējums 4,50 (95 % intervāls 4,40–\u20604,60), izmaksas 100 EUR uz iedzīvotāju†.",
                "Izmaksas zem mediānas, vērtējums virs tās: ",
                "Gan izmaksas, gan vērtējums virs mediānas: ",
                "Gan izmaksas, gan vērtējums zem mediānas: ",
                "Izmaksas virs mediānas, vērtējums zem tās: ",
                "Ne izmaksas, ne vērtējumu no mediānas nevar droši atšķirt: ",
                "Atbildējuši mazāk nekā 10, tāpēc vidējais vērtējums nav rādīts: ",
                "Standartnovirze nav dota, tāpēc intervāls ir platākais, kādu pieļauj skala: ",
                "Izmaksām intervāla nav.",
            ],
        ),
        (
            EN,
            [
                "The users of the service were asked in 2023: “Cik apmierināts(-a) esat?",
                "(answers from 1 to 5). The cost beside it: Social protection expenditure per inhabitant, 2022†.",
                "Municipalities with both figures: 5 of 8.",
                "mean answer 4.50 (95% interval 4.40–\u20604.60), cost 100 EUR per inhabitant†.",
                "Cost below the median, answers above it: ",
                "Neither cost nor answers surely different from the median: ",
                "Fewer than 10 answered, so their mean is not shown: ",
                "A cost has no interval.",
            ],
        ),
    ],
)
def test_what_is_said(words: Words, expected: list[str]) -> None:
    said = " ".join(texts.satisfaction.sentences(result_of(), COST, names(words), words, own=CODES[0]))
    place = 0
    for part in expected:
        assert part in said[place:], part
        place = said.index(part, place)
    first = names(words)[CODES[0]]
    assert f"virs tās: {first}." in said or f"above it: {first}." in said


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        (5, "{m}: atbilžu par maz, lai rādītu vidējo vērtējumu."),
        (6, "{m}: vidējais vērtējums 3,90 (95 % intervāls 3,80–\u20604,00); nav datu par izmaksām."),
        (7, "{m}: nav aptaujāta."),
    ],
)
def test_the_own_place_without_a_figure(place: int, expected: str) -> None:
    said = texts.satisfaction.sentences(result_of(), COST, names(LV), LV, own=CODES[place])
    assert said[1] == expected.format(m=names(LV)[CODES[place]])


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (1, "Abi skaitļi ir 1 pašvaldībai; mediānai vajag vismaz 4 pašvaldības."),
        (3, "Abi skaitļi ir 3 pašvaldībām; mediānai"),
    ],
)
def test_too_few_for_medians(count: int, expected: str) -> None:
    few = result_of([(*row[:-1], "") for row in ROWS[:count]], median_cost=np.nan, median_answer=np.nan)
    said = texts.satisfaction.sentences(few, COST, names(LV), LV)
    assert said[1].startswith(expected)
    assert "mediānas" not in said[2]
    with pytest.raises(OptionError, match="too few have both figures"):
        plots.satisfaction(few, COST, names(LV), LV)


@pytest.mark.parametrize(
    ("reason", "lv"),
    [
        ("part missing", "kādai bijušajai pašvaldībai nav atbilžu"),
        ("part suppressed", "kādā bijušajā pašvaldībā atbilžu par maz"),
        ("part split", "kāda bijusī pašvaldība ir sadalīta"),
        ("scales differ", "bijušo pašvaldību vērtējuma skalas atšķiras"),
        ("another scale", "vērtēts citā skalā"),
        ("no mean", "vidējā vērtējuma nav"),
        ("", ""),
    ],
)
def test_reasons(reason: str, lv: str) -> None:
    assert texts.satisfaction.reason_text({"reason": reason}, LV) == lv


def test_pooled_answers_are_told() -> None:
    result = result_of()
    told = "The answers of former municipalities are taken together"
    assert told not in " ".join(texts.satisfaction.sentences(result, COST, names(EN), EN))
    joined = result_of(table=result.table.assign(parts=[4, 1, 1, 1, 1, 4, 1, 1]))
    (said,) = (s for s in texts.satisfaction.sentences(joined, COST, names(EN), EN) if s.startswith(told))
    assert said.endswith(f"not of its inhabitants: {names(EN)[CODES[0]]}."), "the one kept back has no mean to explain"


def test_what_else_was_asked_is_named() -> None:
    asked = (OtherAnswers("<b>rindas</b>", "users", 2021, "A"), OtherAnswers("attieksme", "residents", 2023, "A"))
    said = texts.satisfaction.sentences(result_of(others=asked), COST, names(LV), LV)[-1]
    assert said == (
        "Ir arī atbildes uz šādiem jautājumiem: „<b>rindas</b>” (lietotāji, 2021. gads); „attieksme” (iedzīvotāji, 2023. gads). "
        "Citu jautājumu parāda, norādot to parametrā question."
    )
    assert "question" not in " ".join(texts.satisfaction.sentences(result_of(), COST, names(EN), EN))


def test_which_of_two_surveys_with_the_same_question_is_shown() -> None:
    twice = (OtherAnswers(QUESTION, "users", 2023, "<i>T</i>"), OtherAnswers("attieksme", "residents", 2023, "S"))
    said = texts.satisfaction.sentences(result_of(others=twice), COST, names(LV), LV)
    assert said[-2] == (
        "Šis jautājums tajā gadā uzdots vairākās aptaujās. Rādīta aptauja „S”, jo tajā ir dati par vairāk pašvaldībām vai, ja "
        "pašvaldību ir tikpat, tā ir jaunākā. Pārējās: „<i>T</i>”."
    )
    assert said[-1].startswith("Ir arī atbildes uz šādiem jautājumiem: „attieksme” (iedzīvotāji, 2023. gads). ")
    alone = texts.satisfaction.sentences(result_of(others=twice[:1]), COST, names(EN), EN)
    assert "There are answers too to" not in " ".join(alone)
    assert "survey shown is “S”" in alone[-1]


@pytest.mark.parametrize(
    ("x", "y", "unsure", "lv", "en"),
    [
        (209.0, 4.5, "cost", "apmierinātāki; izmaksas tuvu mediānai", "Answers above the median, cost near it: "),
        (211.0, 2.1, "cost", "mazāk apmierināti; izmaksas tuvu mediānai", "Answers below the median, cost near it: "),
        (
            100.0,
            3.3,
            "answers",
            "mazāk naudas; vērtējumu no mediānas nevar droši atšķirt",
            "Cost below the median, answers not surely different from it: ",
        ),
        (
            300.0,
            3.3,
            "answers",
            "vairāk naudas; vērtējumu no mediānas nevar droši atšķirt",
            "Cost above the median, answers not surely different from it: ",
        ),
        (
            210.0,
            3.3,
            "both",
            "ne izmaksas, ne vērtējumu no mediānas nevar droši atšķirt",
            "Neither cost nor answers surely different from the median: ",
        ),
    ],
)
def test_what_is_not_sure_is_said(x: float, y: float, unsure: str, lv: str, en: str) -> None:
    result = result_of()
    result.table.loc[4, ["x", "y", "unsure"]] = [x, y, unsure]
    block = tables.satisfaction.answers(result, COST, names(LV), LV)
    assert isinstance(block, Table)
    cells = {row[0].text: row[-1].text for row in block.rows}
    assert cells[names(LV)[CODES[4]]] == lv
    said = texts.satisfaction.sentences(result, COST, names(EN), EN)
    assert f"{en}{names(EN)[CODES[4]]}." in said
    rule = "Izmaksas ir tuvu mediānai, ja to attālums līdz tai nav lielāks par 12,5\u202f%"
    assert (rule in block.note) == (unsure != "answers")
    assert rule in texts.satisfaction.figure_texts(result, COST, names(LV), LV)["caption"]


def test_without_a_survey_it_is_said_how_one_comes_in() -> None:
    for words in (LV, EN):
        (said,) = texts.satisfaction.sentences(EMPTY, COST, names(words), words)
        block = tables.satisfaction.answers(EMPTY, COST, names(words), words)
        assert isinstance(block, Note)
        assert block.text == said
        assert "--kind survey" in said


def test_the_table() -> None:
    block = tables.satisfaction.answers(result_of(), COST, names(LV), LV, own=CODES[6])
    assert isinstance(block, Table)
    cells = {row[0].text: [cell.text for cell in row[1:]] for row in block.rows}
    known = names(LV)
    assert list(cells)[:3] == [known[CODES[0]], known[CODES[1]], known[CODES[6]]]
    assert cells[known[CODES[0]]] == ["100\u202f€", "4,50", "4,40–\u20604,60", "100", "mazāk naudas, apmierinātāki"]
    assert cells[known[CODES[5]]] == ["190\u202f€", "…", "–", "<10", "atbilžu par maz, lai rādītu vidējo vērtējumu"]
    assert cells[known[CODES[6]]][0::4] == ["…", "nav datu par izmaksām"]
    assert known[CODES[7]] not in cells
    assert f"Nav aptaujātas: {known[CODES[7]]}." in block.note
    assert "Izmaksas ir par 2022. gadu." in block.note
    assert block.note.startswith("†: ")
    assert block.highlight == (2,)
    assert [column.label for column in block.columns][1].endswith("†")
    asked_of_nobody = tables.satisfaction.answers(result_of(), COST, known, LV, own=CODES[7])
    assert len(asked_of_nobody.rows) == 8  # type: ignore[union-attr]


def test_the_sources_of_the_answers() -> None:
    both = {"lv": "Bauska", "en": "Bauska"}
    survey = Survey(
        "a", both, both, both, "CC0", "2025", (2023,), "public", "2024-01-31", "told", 21, "surveys/a.csv", 1, "0"
    )
    block = tables.satisfaction.sources(result_of(surveys=(survey,)), LV)
    assert block is not None
    assert [cell.text for cell in block.rows[0]] == [
        "Bauska",
        "Bauska",
        "CC0",
        "2024. gada 31. janvāris",
        "21 atbildes",
    ]
    assert tables.satisfaction.sources(EMPTY, LV) is None


def test_hostile_questions_are_shown_not_run() -> None:
    block = tables.satisfaction.answers(result_of(), COST, names(LV), LV)
    assert "&lt;b&gt;" in str(block.__html__())
    assert "<b>" not in str(block.__html__())


def test_the_wording_of_a_question_goes_before_its_id() -> None:
    told = result_of(wording={"lv": "Vai esat apmierināts?", "en": "Are you satisfied?"})
    assert texts.satisfaction.question_of(told, LV) == "„Vai esat apmierināts?”"
    assert texts.satisfaction.question_of(told, EN) == "“Are you satisfied?”"


def test_a_long_scale_has_one_decimal() -> None:
    assert texts.satisfaction.mean_text(61.25, result_of(scale=(0.0, 100.0)), LV) == "61,3"
    assert texts.satisfaction.mean_text(3.25, result_of(), LV) == "3,25"


@pytest.mark.parametrize("words", [LV, EN])
def test_the_figure_and_its_words(words: Words) -> None:
    result = result_of()
    ax = plots.satisfaction(result, COST, names(words), words, own=[CODES[0]])
    dots = ax.collections[-1].get_offsets()
    assert np.allclose(np.sort(np.asarray(dots)[:, 0]), [100, 150, 210, 300, 310])
    written = " ".join(text.get_text() for text in ax.texts).replace("\n", " ")
    for corner in ("less money, more satisfied", "more money, less satisfied"):
        assert words.gettext(corner) in written
    assert ax.get_xlabel().endswith("2022†")
    said = texts.satisfaction.figure_texts(result, COST, names(words), words)
    figure = show(ax, **said)
    assert figure.caption.startswith(texts.satisfaction.question_of(result, words))
    for code in CODES[:5]:
        assert names(words)[code] in figure.alt
    assert names(words)[CODES[5]] not in figure.alt
    assert re.search(r"4[.,]50 \(4[.,]40", figure.alt)


def test_of_many_the_alt_text_names_the_groups() -> None:
    many = [ROWS[0]] * 7 + [ROWS[3]] * 7
    codes = [unit.code for unit in UNITS[:14]]
    result = result_of(ROWS)
    table = pd.DataFrame([result.table.iloc[0 if row is ROWS[0] else 3] for row in many]).assign(territory=codes)
    alt = texts.satisfaction.figure_texts(result_of(ROWS, table=table), COST, names(LV), LV)["alt"]
    assert "Izmaksas zem mediānas, vērtējums virs tās: " in alt
    assert "4,50 (" not in alt
