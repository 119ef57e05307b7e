"""Satisfaction against cost: nearest years, medians, who can be told from them, and what is not told."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from pathlib import Path

import pandas as pd
import pytest
from few_units import YEAR

from benchlib import comparison
from benchlib.comparison import SatisfactionAgainstCost, satisfaction_against_cost
from benchlib.errors import OptionError
from benchlib.indicators import Store, find_municipality
from benchlib.indicators.imports import ImportOptions, forget_data, plan_import, store_import
from tests.indicators.import_files import write_csv
from tests.indicators.made_up import DataFolder

NAMES = ("Bauskas novads", "Cēsu novads", "Dobeles novads", "Gulbenes novads", "Ogres novads", "Tukuma novads")
CODES = [find_municipality(name).code for name in NAMES]
#: n, mean, sd
Answers = Mapping[str, tuple[object, object, object]]


@pytest.fixture
def world(tmp_path: Path) -> Callable[..., Store]:
    """Return a function that makes a store with a cost and surveys of it."""
    folder = DataFolder(tmp_path / "data").measure("cost").measure("pupils")
    folder.passport("cost", measure="cost", dimension="cost", direction=-1)
    folder.passport("pupils", measure="pupils")

    def make(costs: Mapping[int, Mapping[str, float]], **cost_fields: object) -> Store:
        rows = [(find_municipality(n).code, y, "cost", v) for y, values in costs.items() for n, v in values.items()]
        folder.source("costs", rows, territory="2025", **cost_fields)
        return folder.store()

    return make


def survey(
    store: Store, answers: Answers, *, year: int = YEAR, id: str = "s", question: str = "q", **options: object
) -> None:
    folder = store.registry.folder
    rows = [["Pašvaldība", "Gads", "Jautājums", "n", "Vidējais", "sd", "Tīkls"]]
    network = options.pop("network", "")
    rows += [[name, year, question, *numbers, network] for name, numbers in answers.items()]  # type: ignore[list-item]
    given = {
        "kind": "survey",
        "scale": "1-5",
        "respondents": "users",
        "territory": "2025",
        "access": "public",
    } | options
    file = write_csv(folder.parent / f"{id}.csv", rows)
    store_import(plan_import(file, ImportOptions(id=id, **given), folder), folder)  # type: ignore[arg-type]


def table_of(result: SatisfactionAgainstCost) -> dict[str, pd.Series]:
    return {find_municipality(str(code)).name: row for code, row in result.table.set_index("territory").iterrows()}


COSTS = {YEAR: dict(zip(NAMES, (10.0, 20.0, 30.0, 40.0, 50.0, 60.0), strict=True))}
CLEAR: Answers = {
    "Bauskas novads": (100, "4,5", "0,5"),
    "Cēsu novads": (100, "2,0", "0,5"),
    "Dobeles novads": (100, "3,4", "0,5"),
    "Gulbenes novads": (100, "3,3", "0,5"),
    "Ogres novads": (100, "4,4", "0,5"),
    "Tukuma novads": (100, "2,1", "0,5"),
}


def test_quadrants_by_hand(world: Callable[..., Store]) -> None:
    store = world(COSTS)
    survey(store, CLEAR)
    result = satisfaction_against_cost(indicator="cost", year=YEAR, codes=CODES, store=store)
    # Means in order: 2.0 2.1 3.3 3.4 4.4 4.5, so the median is 3.35; a half-width is 1.984 * 0.5 / 10 = 0.099.
    assert (result.median_cost, result.median_answer) == (35.0, pytest.approx(3.35))
    assert {name: row["quadrant"] for name, row in table_of(result).items()} == {
        "Bauskas novads": "cheap and satisfied",
        "Cēsu novads": "cheap and dissatisfied",
        "Dobeles novads": "not sure",
        "Gulbenes novads": "not sure",
        "Ogres novads": "dear and satisfied",
        "Tukuma novads": "dear and dissatisfied",
    }
    row = result.row(CODES[0])
    assert row is not None
    # qt(0.975, 99) = 1.984216952 in R
    assert (row["y_low"], row["y_high"]) == pytest.approx((4.5 - 0.0992108476, 4.5 + 0.0992108476), abs=1e-8)
    assert (row["x"], row["y"], row["n"], row["year"], row["status"], row["reason"]) == (
        10,
        4.5,
        100,
        YEAR,
        "observed",
        "",
    )
    assert (result.question, result.respondents, result.scale, result.cost_year) == ("q", "users", (1.0, 5.0), YEAR)
    assert result.row("nobody") is None
    assert [survey.id for survey in result.surveys] == ["s"]


def test_a_cost_at_the_median_is_not_sure(world: Callable[..., Store]) -> None:
    store = world({YEAR: dict(zip(NAMES[:5], (10.0, 20.0, 30.0, 40.0, 50.0), strict=True))})
    survey(store, {name: CLEAR[name] for name in NAMES[:4]} | {"Ogres novads": (100, "5", "0")})
    result = satisfaction_against_cost(indicator="cost", year=YEAR, codes=CODES[:5], store=store)
    assert table_of(result)["Dobeles novads"]["quadrant"] == "not sure"
    assert table_of(result)["Ogres novads"]["interval"] == "all alike"


def test_fewer_than_four_have_no_medians(world: Callable[..., Store]) -> None:
    store = world(COSTS)
    survey(store, {name: CLEAR[name] for name in NAMES[:3]})
    result = satisfaction_against_cost(indicator="cost", year=YEAR, codes=CODES, store=store)
    assert (result.has_medians, len(result.both)) == (False, 3)
    assert set(result.table["quadrant"]) == {""}
    assert math.isnan(result.median_answer)


def test_who_lacks_a_figure_stays_with_the_reason(world: Callable[..., Store]) -> None:
    store = world({YEAR: dict.fromkeys(NAMES[:3], 1.0)})
    survey(store, {"Bauskas novads": (100, 4, 1), "Cēsu novads": (5, 4, 1), "Gulbenes novads": (100, 3, 1)})
    result = satisfaction_against_cost(indicator="cost", year=YEAR, codes=CODES[:5], store=store)
    found = {name: (row["status"], row["reason"], row["n_below"]) for name, row in table_of(result).items()}
    assert found == {
        "Bauskas novads": ("observed", "", 0),
        "Cēsu novads": ("suppressed", "few answers", 10),
        "Dobeles novads": ("missing", "not surveyed", 0),
        "Gulbenes novads": ("missing", "no cost", 0),
        "Ogres novads": ("missing", "not surveyed", 0),
    }
    assert table_of(result)["Cēsu novads"][["y", "y_low", "y_high", "n"]].isna().all()
    assert len(satisfaction_against_cost(indicator="cost", year=YEAR, store=store).table) == 42


def test_the_nearest_years(world: Callable[..., Store]) -> None:
    store = world({2011: dict.fromkeys(NAMES, 1.0), 2014: dict.fromkeys(NAMES, 2.0)})
    for year, id in ((2010, "a"), (2015, "b")):
        survey(store, CLEAR, year=year, id=id)
    for asked, answered, cost in ((2012, 2010, 2011), (2013, 2015, 2014), (2050, 2015, 2014)):
        result = satisfaction_against_cost(indicator="cost", year=asked, store=store)
        assert (result.answer_year, result.cost_year) == (answered, cost)


def test_without_a_cost(world: Callable[..., Store]) -> None:
    store = world(COSTS, access="members")
    survey(store, CLEAR)
    result = satisfaction_against_cost(indicator="cost", year=YEAR, codes=CODES, store=store)
    assert (result.is_empty, result.cost_year, len(result.both)) == (False, None, 0)
    assert set(result.table["reason"]) == {"no cost"}
    assert satisfaction_against_cost(
        indicator="cost", year=YEAR, codes=CODES, store=store, access="members"
    ).has_medians


def test_without_a_survey_it_is_empty(world: Callable[..., Store]) -> None:
    store = world(COSTS)
    result = satisfaction_against_cost(indicator="cost", year=YEAR, store=store)
    assert (result.is_empty, result.table.empty, result.answer_year) == (True, True, None)
    assert "no survey" in repr(result)
    survey(store, CLEAR, access="members")
    assert satisfaction_against_cost(indicator="cost", year=YEAR, store=store).is_empty
    assert not satisfaction_against_cost(indicator="cost", year=YEAR, store=store, access="members").is_empty


def test_which_question_and_who_answered(world: Callable[..., Store]) -> None:
    store = world(COSTS)
    survey(store, {name: CLEAR[name] for name in NAMES[:4]}, question="few", id="a")
    survey(store, CLEAR, question="many", id="b")
    survey(store, {name: CLEAR[name] for name in NAMES[:5]}, question="many", id="c", respondents="residents")
    chosen = satisfaction_against_cost(indicator="cost", year=YEAR, codes=CODES, store=store)
    assert (chosen.question, chosen.respondents) == ("many", "users")
    asked = satisfaction_against_cost("few", indicator="cost", year=YEAR, codes=CODES, store=store)
    assert len(asked.both) == 4
    others = satisfaction_against_cost(indicator="cost", year=YEAR, codes=CODES, store=store, respondents="residents")
    assert (others.question, others.respondents, len(others.both)) == ("many", "residents", 5)
    assert satisfaction_against_cost(indicator="cost", year=YEAR, network="T9", store=store).question == "many"


def test_the_nearest_year_goes_before_the_number_of_answers_and_the_others_are_named(
    world: Callable[..., Store],
) -> None:
    store = world(COSTS)
    survey(store, {name: CLEAR[name] for name in NAMES[:4]}, question="then", id="a", year=YEAR)
    survey(store, CLEAR, question="now", id="b", year=YEAR + 10, respondents="residents")
    survey(store, {name: CLEAR[name] for name in NAMES[:3]}, question="pilot", id="c", year=YEAR)
    asked = {"indicator": "cost", "codes": CODES, "store": store}
    result = satisfaction_against_cost(year=YEAR, **asked)
    assert (result.question, result.answer_year) == ("then", YEAR)
    assert set(result.others) == {("now", "residents", YEAR + 10, "b"), ("pilot", "users", YEAR, "c")}
    later = satisfaction_against_cost(year=YEAR + 9, **asked)
    assert (later.question, later.answer_year) == ("now", YEAR + 10)
    pilot = satisfaction_against_cost("pilot", year=YEAR, **asked)
    assert (pilot.question, pilot.others) == ("pilot", ()), "who asks for a question is told of no other"


def test_a_cost_near_the_median_is_not_sure(world: Callable[..., Store]) -> None:
    # Quartiles 20.25 and 49.75 of the six, so half the middle half is 14.75, and a quarter of that 3.69 around the median of 35.
    costs = dict(zip(NAMES, (10.0, 17.0, 30.0, 40.0, 53.0, 60.0), strict=True))
    store = world({YEAR: costs | {"Dobeles novads": 31.5, "Gulbenes novads": 38.5}})
    survey(store, {name: (100, "4,5" if place % 2 else "2,0", "0,1") for place, name in enumerate(NAMES)})
    result = satisfaction_against_cost(indicator="cost", year=YEAR, codes=CODES, store=store)
    assert result.median_cost == 35.0
    found = {name: row["quadrant"] for name, row in table_of(result).items()}
    assert found["Dobeles novads"] == found["Gulbenes novads"] == "not sure"
    assert (found["Bauskas novads"], found["Tukuma novads"]) == ("cheap and dissatisfied", "dear and satisfied")
    unsure = {name: row["unsure"] for name, row in table_of(result).items()}
    assert unsure == dict.fromkeys(NAMES, "") | {"Dobeles novads": "cost", "Gulbenes novads": "cost"}
    survey(store, dict.fromkeys(NAMES[:3], (10, "3,0", "1,4")) | dict.fromkeys(NAMES[3:], (100, 4, 0)), id="wide")
    table = table_of(satisfaction_against_cost(indicator="cost", year=YEAR, codes=CODES, store=store))
    assert table["Bauskas novads"]["unsure"] == "answers"
    assert (table["Dobeles novads"]["unsure"], table["Gulbenes novads"]["unsure"]) == ("both", "cost")


def test_another_survey_with_the_same_question_is_named(world: Callable[..., Store]) -> None:
    store = world(COSTS)
    survey(store, CLEAR, id="a", survey="Pirmā")
    survey(store, CLEAR, id="b", survey="Otrā")
    survey(store, {name: CLEAR[name] for name in NAMES[:5]}, id="c", survey="Mazākā")
    survey(store, CLEAR, id="d", survey="Pirmā", respondents="residents")
    result = satisfaction_against_cost(indicator="cost", year=YEAR, codes=CODES, store=store)
    assert (result.survey, result.respondents) == ("Otrā", "users")
    assert result.others == (
        ("q", "users", YEAR, "Pirmā"),
        ("q", "residents", YEAR, "Pirmā"),
        ("q", "users", YEAR, "Mazākā"),
    )
    assert result.same_question == ("Pirmā", "Mazākā")


def test_means_on_another_scale_are_not_held_against_the_others(world: Callable[..., Store]) -> None:
    store = world(COSTS)
    few: Answers = {"Bauskas novads": (100, "9,0", "0,5")}
    survey(store, few, id="a", scale="1-10", survey="Vienota aptauja")
    survey(store, {name: CLEAR[name] for name in NAMES[1:]}, id="b", survey="Vienota aptauja")
    result = satisfaction_against_cost(indicator="cost", year=YEAR, codes=CODES, store=store)
    assert (result.scale, result.median_answer) == ((1.0, 5.0), pytest.approx(3.3))
    row = table_of(result)["Bauskas novads"]
    assert (row["status"], row["reason"], row["quadrant"], row["n"]) == ("missing", "another scale", "", 100)
    assert row[["y", "y_low", "y_high"]].isna().all()


def test_pooled_answers_are_marked(world: Callable[..., Store]) -> None:
    store = world(COSTS)
    parts: Answers = dict.fromkeys(("Jelgavas novads", "Ozolnieku novads"), (50, "3,0", "0,5"))
    survey(store, parts, id="a", territory="2009", survey="S")
    survey(store, CLEAR, id="b", survey="S")
    result = satisfaction_against_cost(indicator="cost", year=YEAR, store=store)
    assert {name for name, row in table_of(result).items() if row["parts"] > 1} == {"Jelgavas novads"}


def test_a_corrected_survey_counts_whatever_its_file_is_called(world: Callable[..., Store]) -> None:
    store = world(COSTS)
    low: Answers = dict.fromkeys(NAMES, (50, "2,0", "0,5"))
    high: Answers = dict.fromkeys(NAMES, (50, "4,0", "0,5"))
    survey(store, low, id="aptauja", vintage="2014-01-01")
    survey(store, high, id="aptauja_labots", vintage="2014-12-01")
    result = satisfaction_against_cost(indicator="cost", year=YEAR, codes=CODES, store=store)
    assert (result.survey, set(result.both["y"])) == ("aptauja_labots", {4.0})
    for id in ("zzz", "aaa"):
        survey(store, low, id=id, vintage="2014-12-01")
        forget_data()
        result = satisfaction_against_cost(indicator="cost", year=YEAR, codes=CODES, store=store)
        assert result.survey == id, "of one day, what was imported last, whatever it is called"


def test_a_question_of_one_network_is_not_shown_to_another(world: Callable[..., Store]) -> None:
    store = world(COSTS)
    catalogue = store.registry.folder / "catalogue" / "networks.toml"
    text = '{ lv = "x", en = "x" }'
    entry = f"name = {text}\ntheme = {text}\nmembers = []\nmembers_complete = true\nsources = []\n"
    catalogue.write_text(f"[T8]\n{entry}[T9]\n{entry}", encoding="utf-8")
    forget_data()
    survey(store, CLEAR, question="theirs", id="a", network="T8")
    asked = {"indicator": "cost", "year": YEAR, "codes": CODES, "store": store}
    assert satisfaction_against_cost(network="T9", **asked).is_empty
    assert satisfaction_against_cost(network="T8", **asked).question == "theirs"


def test_wrong_questions_are_refused(world: Callable[..., Store]) -> None:
    store = world(COSTS)
    survey(store, CLEAR, question="many", id="b")
    with pytest.raises(OptionError, match=r"'mny' is in no survey. Nearest: 'many'"):
        satisfaction_against_cost("mny", indicator="cost", year=YEAR, store=store)
    with pytest.raises(OptionError, match="respondents='all'"):
        satisfaction_against_cost(indicator="cost", year=YEAR, store=store, respondents="all")


def test_only_a_cost_is_dear_or_cheap(world: Callable[..., Store]) -> None:
    with pytest.raises(OptionError, match="indicator='pupils' is not a cost"):
        comparison.satisfaction_against_cost(indicator="pupils", year=YEAR, store=world(COSTS))
