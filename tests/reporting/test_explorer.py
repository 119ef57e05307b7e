"""The explorer without its controls: which table results from which choice, and how it is shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchlib.errors import AccessError, ParameterError, UnknownIndicatorError
from benchlib.indicators import Store, load_catalogue, load_indicators
from benchlib.reporting.blocks import Figure, Note
from benchlib.reporting.explorer import ExplorerParameters, Selection, comparison_table, development_table
from benchlib.reporting.explorer.drawing import development_lines, spread_out, two_indicators
from benchlib.reporting.explorer.selection import (
    available_indicators,
    group_members,
    search_indicators,
    search_municipalities,
    years_of,
)
from benchlib.reporting.explorer.table import reading_table
from benchlib.reporting.explorer.views import (
    development_view,
    pairs_of,
    pairs_view,
    passports_view,
    ranking_view,
    table_view,
)
from benchlib.reporting.words import Words
from tests.indicators.made_up import BAUSKA_PARTS, DataFolder, both, replace_in, toml

AIZKRAUKLE, BAUSKA, CESIS, DOBELE, RIGA = "0020000", "0025000", "0026000", "0028000", "0001000"
COST, EXAM, JOBLESS = "education_expenditure_per_pupil", "exam_grade9_mean", "unemployment_rate"
EN, LV = Words("en"), Words("lv")
HOSTILE = "<script>alert('x')</script> & \"quoted\" **b**"

SELECTION = Selection(BAUSKA, (AIZKRAUKLE, BAUSKA, CESIS, DOBELE), (COST, EXAM, JOBLESS), 2013)


@pytest.fixture(scope="module")
def figures() -> pd.DataFrame:
    return comparison_table(SELECTION, EN)


@pytest.fixture(scope="module")
def development() -> pd.DataFrame:
    return development_table(SELECTION, EN)


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    return DataFolder(tmp_path / "data")


# Choosing -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("kekav", ["Ķekavas novads"]),
        ("ĶEKAV", ["Ķekavas novads"]),
        (" cēsu ", ["Cēsu novads"]),
        ("cesis", ["Cēsu novads"]),
        ("0025000", ["Bauskas novads"]),
        ("bauksa", ["Bauskas novads", "Alūksnes novads", "Valkas novads"]),
    ],
)
def test_a_search_forgives_case_diacritics_and_slips(text: str, found: list[str]) -> None:
    assert sorted(unit.name for unit in search_municipalities(text, "2025", LV)) == sorted(found)


def test_a_search_for_a_region_puts_those_with_the_name_first() -> None:
    names = [unit.name for unit in search_municipalities("riga", "2025", LV)]
    assert names[0] == "Rīga"
    assert "Ķekavas novads" in names[1:]
    assert "Bauskas novads" not in names


def test_an_empty_search_lists_everybody_in_alphabetical_order() -> None:
    names = [unit.name for unit in search_municipalities("  ", "2025", LV)]
    assert len(names) == 42
    assert names[:3] == ["Ādažu novads", "Aizkraukles novads", "Alūksnes novads"], "Ā stands where A stands"
    assert len(search_municipalities("", "2009", LV)) == 119


@pytest.mark.parametrize("text", [HOSTILE, "%", "\x00", "ķ" * 10_000])
def test_a_search_survives_anything(text: str) -> None:
    assert search_municipalities(text, "2025", LV)
    search_indicators(text, load_catalogue().indicators.values(), LV)


def test_indicators_are_found_by_all_words_of_name_or_definition() -> None:
    passports = load_catalogue().indicators.values()
    assert [p.id for p in search_indicators("eksamens MATEM", passports, LV)] == ["exam_grade9_mathematics"]
    assert [p.id for p in search_indicators("mathematics mean plain", passports, EN)] == [EXAM]
    assert search_indicators("no such thing", passports, EN) == ()
    assert len(search_indicators("", passports, EN)) == len(passports)


def test_members_come_from_the_words_of_the_reports() -> None:
    asked = ExplorerParameters()
    assert len(group_members("similar", BAUSKA, asked, None)) == 11
    assert BAUSKA in group_members("network:T4", "Bauskas novads", asked, None)
    assert set(group_members("own: Dobeles novads", BAUSKA, asked, None)) == {BAUSKA, DOBELE}


def test_indicators_without_figures_for_the_classification_are_not_offered() -> None:
    today = available_indicators(ExplorerParameters(), None)
    before = available_indicators(ExplorerParameters(territory="2009"), None)
    assert COST in today
    assert COST in before
    assert "municipal_roads_paved_share" in set(today) - set(before)


def test_years_with_figures() -> None:
    assert years_of([COST, EXAM], ExplorerParameters(), None) == {COST: [2011, 2012, 2013], EXAM: [*range(2010, 2015)]}


@pytest.mark.parametrize("text", [" , ,", ","])
def test_parameters_name_at_least_one_indicator(text: str) -> None:
    assert ExplorerParameters(indicators=f"{EXAM} , {COST},{EXAM},").indicator_ids == (EXAM, COST)
    with pytest.raises(ParameterError, match="names none"):
        ExplorerParameters(indicators=text)


# The table ----------------------------------------------------------------------------------------------------------


def test_the_table_agrees_with_the_figures(figures: pd.DataFrame) -> None:
    assert len(figures) == 12, "four municipalities, three indicators"
    for indicator, sign in ((COST, 1), (EXAM, -1)):
        part = figures.loc[figures["indicator"] == indicator].set_index("territory")
        published = load_indicators(indicator, years=2013).set_index("territory")["value"]
        assert part["value"].to_dict() == published[list(SELECTION.members)].to_dict()
        order = sorted(part.index, key=lambda code: sign * part["value"][code])
        assert [int(part["rank"][code]) for code in order] == [1, 2, 3, 4]
        two_in_the_middle = sorted(part["value"])[1:3]
        assert part["median"].unique().tolist() == [pytest.approx(sum(two_in_the_middle) / 2)]
    assert figures.loc[figures["indicator"] == JOBLESS, "rank"].isna().all(), "neither more nor less is better"
    assert figures["name"].tolist()[:2] == ["Aizkraukle municipality", "Bauska municipality"]
    assert set(figures["unit"]) == {"EUR per pupil", "%"}


def test_equal_figures_share_a_rank_and_missing_ones_have_none(folder: DataFolder) -> None:
    folder.measure("cost").passport("cost", measure="cost", direction=-1)
    folder.source("s", [(AIZKRAUKLE, 2020, "cost", 5), (BAUSKA, 2020, "cost", 5), (CESIS, 2020, "cost", 9)], "2021")
    chosen = Selection(BAUSKA, (AIZKRAUKLE, BAUSKA, CESIS, DOBELE), ("cost",), 2013)
    table = comparison_table(chosen, EN, folder.store()).set_index("territory")
    assert table.loc[[AIZKRAUKLE, BAUSKA, CESIS], "rank"].tolist() == [1, 1, 3]
    assert table.loc[DOBELE, ["status", "members_with_figure"]].tolist() == ["missing", 3]
    assert table["median"].isna().all(), "three figures have no median"
    assert np.isnan(table.loc[DOBELE, "value"])
    assert np.isnan(table.loc[DOBELE, "rank"])
    assert set(table["year"]) == {2020}, "the nearest year, and it is said"


def test_a_doubt_stands_with_the_figure_it_is_about_and_nowhere_else() -> None:
    """Koknese, whose expenditure of 2013 the registry doubts, belongs to Aizkraukles novads now."""
    development = development_table(SELECTION, EN)
    doubted = development.loc[(development["doubt"] != "") & (development["indicator"] == COST)]
    assert set(zip(doubted["territory"], doubted["year"], strict=True)) == {(AIZKRAUKLE, 2013)}
    assert "Koknese" in doubted["doubt"].iloc[0]
    assert "Kokneses" in comparison_table(SELECTION, LV).set_index("territory")["doubt"][AIZKRAUKLE].iloc[0]


def test_a_doubt_of_a_later_unit_does_not_reach_an_earlier_classification(folder: DataFolder) -> None:
    folder.measure("people").passport("people", measure="people")
    part = BAUSKA_PARTS[0]
    folder.source("old", [(code, 2012, "people", 5) for code in BAUSKA_PARTS], "2009")
    folder.source("new", [(BAUSKA, 2022, "people", 5)], "2021")
    folder.doubt("new", BAUSKA, 2022, "people").doubt("old", part, 2012, "people")
    store = folder.store()
    past = development_table(Selection(part, (part,), ("people",), 2012, "2009"), EN, store)
    assert (past["doubt"] != "").tolist() == [True]
    now = development_table(Selection(BAUSKA, (BAUSKA,), ("people",), 2012, "2021"), EN, store)
    assert (now["doubt"] != "").tolist() == [True, True]


def test_a_doubt_ends_where_a_later_source_replaces_the_figure(folder: DataFolder) -> None:
    folder.measure("people").passport("people", measure="people")
    folder.source("new", [(BAUSKA, 2022, "people", 5)], "2021").doubt("new", BAUSKA, 2022, "people")
    folder.source("corrected", [(BAUSKA, 2022, "people", 6)], "2021", vintage="2021-01-01")
    chosen, store = Selection(BAUSKA, (BAUSKA,), ("people",), 2022), folder.store()
    assert comparison_table(chosen, EN, store)[["value", "doubt"]].to_numpy().tolist() == [[6, ""]]
    before = comparison_table(replace(chosen, as_of="2020-06-01"), EN, store)
    assert before["value"].tolist() == [5]
    assert before["doubt"].tolist() != [""]


def test_the_development_to_read_tells_of_the_doubt(development: pd.DataFrame) -> None:
    cost = load_catalogue().passport(COST)
    others = development_view(development, BAUSKA, cost, EN).alt
    assert "the median counts doubtful figures of others: 2013." in others
    own = development_view(development, AIZKRAUKLE, cost, EN).alt
    assert "€1,864\N{NO-BREAK SPACE}? in 2013" in own
    assert "doubtful figures of others" not in own


def test_what_is_for_members_only_stays_out_of_the_public_table(folder: DataFolder) -> None:
    folder.measure("open").passport("open", measure="open").measure("shut").passport("shut", measure="shut")
    folder.source("public", [(BAUSKA, 2020, "open", 5)], "2021")
    folder.source("secret", [(BAUSKA, 2020, "open", 777), (BAUSKA, 2020, "shut", 888)], "2021", access="members")
    folder.doubt("secret", BAUSKA, 2020, "open")
    store = folder.store()
    assert list(available_indicators(ExplorerParameters(), store)) == ["open"]
    assert list(available_indicators(ExplorerParameters(access="members"), store)) == ["open", "shut"]
    table = comparison_table(Selection(BAUSKA, (BAUSKA,), ("open",), 2020), EN, store)
    assert table[["value", "source", "doubt"]].to_numpy().tolist() == [[5, "public", ""]]
    closed = comparison_table(Selection(BAUSKA, (BAUSKA,), ("open",), 2020, access="members"), EN, store)
    assert "made up" in closed["doubt"].iloc[0]


def test_a_closed_indicator_is_refused(folder: DataFolder) -> None:
    folder.measure("shut").passport("shut", measure="shut", access="members")
    folder.source("public", [(BAUSKA, 2020, "shut", 5)], "2021")
    with pytest.raises(AccessError, match="members only"):
        comparison_table(Selection(BAUSKA, (BAUSKA,), ("shut",), 2020), EN, folder.store())


def test_all_years_are_in_the_development(development: pd.DataFrame) -> None:
    years = development.groupby("indicator")["year"].agg(["min", "max", "nunique"])
    assert years.loc[COST].tolist() == [2011, 2013, 3]
    assert years.loc[EXAM].tolist() == [2010, 2014, 5]
    assert set(development.columns) == set(comparison_table(SELECTION, EN).columns)


def test_an_unknown_indicator_is_named() -> None:
    with pytest.raises(UnknownIndicatorError, match="exam_grade9_mean"):
        comparison_table(Selection(BAUSKA, (BAUSKA,), ("exam_grade9_men",), 2013), EN)


# To read ------------------------------------------------------------------------------------------------------------


def test_the_table_to_read_is_ordered_marked_and_explained(figures: pd.DataFrame) -> None:
    passports = load_catalogue().indicators
    made = reading_table(figures, SELECTION, passports, EN, order=COST)
    names = [row[0].text for row in made.rows]
    assert names == [
        "Median",
        "Cēsis municipality",
        "Bauska municipality",
        "Dobele municipality",
        "Aizkraukle municipality",
    ]
    assert made.highlight == (2,)
    assert [column.label for column in made.columns][1:3] == ["Education expenditure per pupil†, 2013", "Rank"]
    assert [cell.text for cell in made.rows[4]][1:3] == ["€1,864 ?", "4th"]
    assert "? doubtful" in made.note
    assert "carried over" in made.note
    assert "without a margin of error" in made.note
    assert "State Audit Office" in made.note
    by_exam = reading_table(figures, SELECTION, passports, EN, order=EXAM)
    assert by_exam.rows[1][0].text == "Bauska municipality"


def test_a_missing_figure_says_so_and_comes_last(folder: DataFolder) -> None:
    folder.measure("cost").passport("cost", measure="cost", direction=1)
    folder.source("s", [(BAUSKA, 2020, "cost", None), (CESIS, 2020, "cost", 9), (DOBELE, 2020, "cost", 3)], "2021")
    store, chosen = folder.store(), Selection(BAUSKA, (BAUSKA, CESIS, DOBELE), ("cost",), 2020)
    table = comparison_table(chosen, LV, store)
    made = reading_table(table, chosen, {"cost": load_catalogue(folder.path).passport("cost")}, LV, order="cost")
    assert [[cell.text for cell in row] for row in made.rows[1:]] == [
        ["Cēsu novads", "9", "1."],
        ["Dobeles novads", "3", "2."],
        ["Bauskas novads", "nav datu", ""],
    ]


def test_doubts_are_told_below_the_table(figures: pd.DataFrame) -> None:
    view = table_view(figures, SELECTION, load_catalogue().indicators, EN, order=COST)
    assert [block.kind for block in view] == ["table", "bullets"]
    assert "Koknese" in str(view[1])
    alone = Selection(BAUSKA, (BAUSKA, CESIS), (COST,), 2013)
    clean = table_view(comparison_table(alone, EN), alone, load_catalogue().indicators, EN, order=COST)
    assert [block.kind for block in clean] == ["table"]


def test_a_ranking_without_direction_does_not_speak_of_the_best(figures: pd.DataFrame) -> None:
    passports = load_catalogue().indicators
    profile = SELECTION.profile()
    better = ranking_view(profile, figures, passports[EXAM], EN)
    assert "best first" in better.caption
    neither = ranking_view(profile, figures, passports[JOBLESS], EN)
    assert "best" not in neither.caption + neither.alt
    assert neither.alt.startswith("Unemployment rate, 2013: from 6.7% (Cēsis municipality) to")


def test_the_development_says_in_words_what_it_shows(development: pd.DataFrame) -> None:
    view = development_view(development, BAUSKA, load_catalogue().indicators[EXAM], EN)
    assert isinstance(view, Figure)
    assert "in 2010" in view.alt
    assert "2010–2014. Orange: Bauska municipality" in view.caption


def test_one_year_is_no_development() -> None:
    area = development_table(Selection(BAUSKA, (BAUSKA, CESIS), ("area",), 2013), EN)
    view = development_view(area, BAUSKA, load_catalogue().indicators["area"], EN)
    assert isinstance(view, Note)
    assert "too few years" in view.text


def test_lines_have_the_names_of_a_few_and_of_the_outermost_of_many(development: pd.DataFrame) -> None:
    passport = load_catalogue().indicators[EXAM]
    few = development_lines(development.loc[development["indicator"] == EXAM], BAUSKA, passport, EN)
    assert len(few.texts) == 1 + 4, "the unit, and the four names"
    assert len(few.lines) == 4 + 1, "the four, and their median"
    everybody = tuple(unit.code for unit in search_municipalities("", "2025", EN))
    table = development_table(Selection(BAUSKA, everybody, (EXAM,), 2013), EN)
    many = development_lines(table, BAUSKA, passport, EN)
    assert len(many.texts) == 1 + 3
    assert "Bauska municipality" in {text.get_text() for text in many.texts}
    for drawn in (few, many):
        assert all(text.get_window_extent().x1 <= drawn.figure.bbox.x1 for text in drawn.texts), "no name is cut"


@given(st.lists(st.floats(0, 3), max_size=15), st.floats(0.01, 0.2))
def test_names_keep_apart_and_in_their_order(wanted: list[float], step: float) -> None:
    wanted.sort()
    levels = spread_out(wanted, step, 3.0)
    assert len(levels) == len(wanted)
    assert (np.diff(levels) >= step - 1e-9).all()
    assert ((levels >= 0) & (levels <= 3.0 + 1e-9)).all(), "there is room for 15 names of 0.2"
    if (np.diff(wanted) >= step).all():
        assert levels == pytest.approx(wanted), "nobody is moved without need"


def test_two_indicators_leave_nobody_out_in_silence(folder: DataFolder) -> None:
    folder.measure("a").passport("a", measure="a").measure("b").passport("b", measure="b")
    rows = [(code, 2020, "a", number) for number, code in enumerate((AIZKRAUKLE, BAUSKA, CESIS, DOBELE))]
    folder.source("s", [*rows, (BAUSKA, 2021, "b", 4), (CESIS, 2021, "b", 5), (RIGA, 2021, "b", 5)], "2021")
    store, chosen = folder.store(), Selection(BAUSKA, (AIZKRAUKLE, BAUSKA, CESIS), ("a", "b"), 2020)
    table, passports = comparison_table(chosen, EN, store), load_catalogue(folder.path).indicators
    view = pairs_view(table, BAUSKA, passports["a"], passports["b"], EN)
    assert isinstance(view, Figure)
    assert "Without figures of both: Aizkraukle municipality." in view.caption
    assert view.alt == "b, 2021 (units) against a, 2020 (units): 2 municipalities. Bauska municipality: 1 and 4."
    lonely = table.loc[table["territory"] == AIZKRAUKLE]
    assert isinstance(pairs_view(lonely, AIZKRAUKLE, passports["a"], passports["b"], EN), Note)


def test_two_indicators_name_every_dot_of_a_few(figures: pd.DataFrame) -> None:
    passports = load_catalogue().indicators
    pairs = pairs_of(figures, COST, EXAM)
    drawn = two_indicators(pairs, BAUSKA, passports[COST], passports[EXAM], EN)
    assert {text.get_text() for text in drawn.texts} >= set(figures["name"])
    own = pairs.loc[BAUSKA]
    assert [float(own["x"]), float(own["y"])] in [dots.get_offsets().tolist()[-1] for dots in drawn.collections]


def test_a_passport_holds_what_must_be_known(development: pd.DataFrame) -> None:
    years = {COST: [2011, 2012, 2013], JOBLESS: [2013]}
    text = str(passports_view(development, years, load_catalogue(), EN))
    for part in ("Unit:** EUR per pupil", "Less is better", "2011, 2012, 2013", "euro introduced", "earmarked grant"):
        assert part in text
    assert "Neither more nor less is better" in text
    assert f"In code:** {COST}" in text
    assert "Regional Development Indicator Module" in text


# Hostile names ------------------------------------------------------------------------------------------------------


@pytest.fixture
def hostile(folder: DataFolder) -> Store:
    texts = {name: both(HOSTILE) for name in ("definition", "unit", "caveats")}
    folder.measure("bad").passport("bad", measure="bad", direction=-1, breaks=[HOSTILE], **texts)
    rows = [(code, year, "bad", number) for year in (2020, 2021) for number, code in enumerate((BAUSKA, CESIS, DOBELE))]
    folder.source("s", rows, "2021", publisher=both(HOSTILE)).doubt("s", BAUSKA, 2020, "bad")
    for file in ("registry.toml", "catalogue/indicators/made_up.toml"):
        replace_in(folder.path / file, toml({"name": both("bad")}), toml({"name": both(HOSTILE)}))
    return folder.store()


def test_names_are_shown_never_run(hostile: Store) -> None:
    chosen = Selection(BAUSKA, (BAUSKA, CESIS, DOBELE), ("bad",), 2020)
    catalogue = load_catalogue(hostile.registry.folder)
    table, development = comparison_table(chosen, LV, hostile), development_table(chosen, LV, hostile)
    passport = catalogue.passport("bad")
    views: list[Callable[[], object]] = [
        lambda: table_view(table, chosen, catalogue.indicators, LV, order="bad"),
        lambda: [ranking_view(chosen.profile(hostile), table, passport, LV)],
        lambda: [development_view(development, BAUSKA, passport, LV)],
        lambda: [pairs_view(table, BAUSKA, passport, passport, LV)],
        lambda: passports_view(development, {"bad": [2020, 2021]}, catalogue, LV),
    ]
    for view in views:
        html = "".join(str(block.__html__()) for block in view())  # type: ignore[attr-defined]
        assert "<script" not in html
        assert "&lt;script&gt;" in html
