"""Doubtful figures in the report on a service: marked wherever their value, or the name of their municipality, is shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from drawings import drawn, ink, letters, rows_of
from matplotlib.axes import Axes
from report_cases import MONEY, PASSPORTS, RESULT
from service_cases import case, named

from benchlib.comparison import region_units
from benchlib.reporting import Words, plots, tables, texts
from benchlib.reporting.blocks import Table
from benchlib.reporting.plots.tilemap import tiles
from benchlib.reporting.values import doubt_note, marked_names

LV, EN = Words("lv"), Words("en")
BOTH = pytest.mark.parametrize("words", [LV, EN], ids=["lv", "en"])
NAMES = pytest.mark.parametrize("name", ["today", "former"])
LATGALE = [unit.code for unit in region_units("Latgale")]
#: Of Latgale, whose cost of 2013 is doubtful.
DOUBTED = {"0024000", "0032000", "0042000"}
MARK = "\N{NO-BREAK SPACE}?"


def marked_rows(table: object, key: str, words: Words) -> set[str]:
    """Codes of the municipalities whose cell in a column has the mark."""
    assert isinstance(table, Table)
    place = [column.key for column in table.columns].index(key)
    codes = {str(name): code for code, name in named(words.language).items() if code in _known()}
    return {codes[row[0].text.removesuffix(MARK)] for row in table.rows if MARK in row[place].text}


def _known() -> set[str]:
    return {str(unit) for name in ("today", "former") for unit in case(name).reading.units}


def test_the_doubtful_ones_of_latgale_are_those_of_the_registry() -> None:
    it = case("today")
    assert DOUBTED == set(LATGALE) & set(it.overview.doubtful) == set(LATGALE) & set(it.reading.doubtful)


# --- tables ------------------------------------------------------------------------------------------------------------


@BOTH
@NAMES
def test_the_table_of_scores_marks_doubtful_figures(name: str, words: Words) -> None:
    it = case(name)
    table = tables.scores(it.overview, PASSPORTS, named(words.language), words, doubts=it.doubts)
    expected = {code for code in it.overview.doubtful if code in named(words.language)}
    assert expected
    if name == "today":  # former names are not unique among both classifications
        assert marked_rows(table, MONEY.id, words) == expected
    assert sum(MARK in row[1].text for row in table.rows) == len(expected)
    assert not [row for row in table.rows if MARK in "".join(cell.text for cell in (row[0], *row[2:]))]
    assert doubt_note(words) in table.note
    some = tables.scores(it.overview, PASSPORTS, named(words.language), words, only=LATGALE[:1], doubts=it.doubts)
    assert doubt_note(words) not in some.note, "nobody shown is doubtful"


@BOTH
def test_the_table_of_the_reading_marks_doubtful_figures_and_what_is_made_of_them(words: Words) -> None:
    it = case("today")
    table = tables.need.reading(it.reading, PASSPORTS, named(words.language), words, doubts=it.doubts)
    for key in (MONEY.id, "adjusted"):
        assert marked_rows(table, key, words) == set(it.reading.doubtful)
    assert not marked_rows(table, RESULT.id, words)
    assert doubt_note(words) in table.note
    sure = tables.need.reading(it.reading, PASSPORTS, named(words.language), words, only=[LATGALE[0]], doubts=it.doubts)
    assert doubt_note(words) not in sure.note
    (row,) = [row for row in table.rows if row[0].text == named(words.language)["0042000"]]
    assert row[1].text == words.euro(it.reading.cell(MONEY.id, "0042000")["value"]) + MARK
    assert row[2].text.partition(" (")[0].endswith(MARK), "behind the value, not behind its interval"


@BOTH
def test_ranks_of_doubtful_figures_are_marked(words: Words) -> None:
    it = case("today")
    names = named(words.language)
    table = tables.need.reading_ranks(it.reading, PASSPORTS, names, words, only=LATGALE, doubts=it.doubts)
    assert marked_rows(table, MONEY.id, words) == DOUBTED
    assert not marked_rows(table, RESULT.id, words)
    assert doubt_note(words) in table.note


def test_the_ends_of_the_figures_are_marked_where_they_are_doubtful() -> None:
    it, names = case("former"), named("en")
    table = tables.spread(it.overview, PASSPORTS, names, EN, doubts=it.doubts)
    assert names["0604300"] in table.rows[0][1].text, "Aglona spends least"
    assert table.rows[0][1].text == f"{EN.euro(it.overview.sample.X[:, 0].min())}{MARK} ({names['0604300']})"
    assert doubt_note(EN) in table.note
    today = tables.spread(case("today").overview, PASSPORTS, names, EN, doubts=case("today").doubts)
    assert "?" not in str(today)


def test_who_learns_is_marked_where_the_own_figures_are_doubtful() -> None:
    it, names = case("today"), named("en")
    table = tables.learners(it.overview, names, EN)
    assert table is not None
    shown = {row[0].text for row in table.rows}
    assert {text for text in shown if text.endswith(MARK)} == {names[code] + MARK for code in it.overview.doubtful}
    assert doubt_note(EN) in table.note
    assert "?" not in str(tables.learners(it.overview, names, EN, only=LATGALE[:1]))


# --- figures -----------------------------------------------------------------------------------------------------------

DRAWINGS: dict[str, Callable[[str, Words], Axes]] = {
    "reading": lambda name, words: plots.reading(case(name).reading, named(words.language), words),
    "need": lambda name, words: plots.need_costs(
        case(name).reading.need,  # type: ignore[arg-type]
        MONEY,
        named(words.language),
        words,
        doubtful=case(name).reading.doubtful,
    ),
    "intervals": lambda name, words: plots.score_intervals(
        case(name).overview.certainty,  # type: ignore[arg-type]
        named(words.language),
        words,
        doubtful=case(name).overview.doubtful,
    ),
    "ranks": lambda name, words: plots.rank_ranges(
        case(name).overview.methods, named(words.language), words, doubtful=case(name).overview.doubtful
    ),
}


@NAMES
@pytest.mark.parametrize("what", DRAWINGS)
def test_rows_of_doubtful_municipalities_are_marked(what: str, name: str) -> None:
    it, names = case(name), named("lv")
    doubtful = it.reading.doubtful if what in {"reading", "need"} else it.overview.doubtful
    shown = rows_of(DRAWINGS[what](name, LV))
    assert sorted(text for text in shown if text.endswith("?")) == sorted(names[code] + MARK for code in doubtful)


def test_a_doubtful_corner_of_the_frontier_is_marked() -> None:
    it, names = case("former"), named("en")
    ax = _frontier("former", doubtful=it.overview.doubtful)
    assert [text for text in letters(ax) if "?" in text] == [names["0604300"] + MARK]
    said = texts.frontier_of_all_texts(it.overview, names, PASSPORTS, EN)
    assert names["0604300"] + MARK in said["alt"]
    assert doubt_note(EN) in said["caption"]
    inside = case("today").overview
    assert "?" not in " ".join(texts.frontier_of_all_texts(inside, names, PASSPORTS, EN).values())
    assert not [text for text in letters(_frontier("today", doubtful=inside.doubtful)) if "?" in text]


def _frontier(name: str, **options: Any) -> Axes:
    overview = case(name).overview
    return plots.frontier_of_all(overview.dea, overview.fdh, named("en"), PASSPORTS, EN, **options)


def test_doubtful_tiles_are_marked_in_a_corner() -> None:
    overview = case("today").overview
    assert overview.certainty is not None
    corrected = overview.certainty.scores.set_index("unit")["corrected"]
    ax = plots.tile_values(corrected, LV, own=LATGALE, doubtful=overview.doubtful)
    drawn(ax)
    marks = [text for text in ax.texts if text.get_text() == "?"]
    places = {(int(y), int(x)) for x, y in (text.get_position() for text in marks)}
    assert places == {tiles()[code][:2] for code in overview.doubtful}
    for text in marks:
        x, y = text.get_position()
        left, top = ax.transData.transform((int(x), int(y)))
        right, middle = ax.transData.transform((int(x) + 1, int(y) + 0.5))
        box = ink(text)
        assert left < box.x0 < box.x1 < right
        assert middle < box.y0 < box.y1 < top, "in its tile, above the name"
    assert "?" not in letters(plots.tile_values(corrected, LV, own=LATGALE))


# --- alt texts and sentences -------------------------------------------------------------------------------------------


@BOTH
def test_alt_texts_and_captions_mark_doubtful_ones(words: Words) -> None:
    it, names = case("today"), named(words.language)
    read = texts.reading.reading_texts(it.reading, names, words)
    assert it.reading.units[2] == "0042000", "Preiļi is the third"
    assert f"{names['0042000']}{MARK} (" in read["alt"]
    intervals = texts.intervals_texts(it.overview, names, words)
    assert f"{names['0020000']}{MARK} " in intervals["alt"], "Aizkraukle is third from the end"
    for said in (read, intervals, texts.ranks_texts(it.overview, names, words)):
        assert said["caption"].count(doubt_note(words)) == 1
    sure = replace(it.overview, doubtful=())
    for said in (
        texts.intervals_texts(sure, names, words),
        texts.ranks_texts(sure, names, words),
        texts.reading.reading_texts(replace(it.reading, doubtful=()), names, words),
    ):
        assert "?" not in said["alt"] + said["caption"]


@BOTH
def test_a_declined_name_keeps_the_mark(words: Words) -> None:
    it = case("today")
    widest = str(it.overview.methods.ranges.sort_values(["spread", "unit"], ascending=[False, True])["unit"].iloc[0])
    names = named(words.language)
    doubted = texts.ranks_texts(replace(it.overview, doubtful=(widest,)), names, words)
    assert (f"{names[widest]:gen}" if words is LV else names[widest]) + MARK in doubted["alt"]


def test_a_figure_of_marked_names_gets_the_note_once() -> None:
    about, names = {"alt": "A.", "caption": "C."}, named("en")
    assert texts.with_own(about, [], names, EN, doubtful=()) == about
    assert texts.with_own(about, [], names, EN, doubtful=["0042000"])["caption"] == "C. ?: doubtful figure."
    both = texts.with_own(about, ["0042000"], names, EN, doubtful=["0042000"])
    assert both["caption"] == "C. ?: doubtful figure. Orange: Preiļi municipality."


@BOTH
def test_points_of_a_region_mark_doubtful_scores(words: Words) -> None:
    overview, names = case("today").overview, named(words.language)
    *others, last = texts.region_points(overview, "Latgale", LATGALE, names, words)
    assert {code for code in LATGALE if f"{names[code]}{MARK} " in last} == DOUBTED
    assert last.endswith(doubt_note(words))
    assert "?" not in " ".join(others)
    assert "?" not in " ".join(texts.region_points(overview, "Zemgale", LATGALE[:1], names, words))
    former = case("former").overview
    best = [str(u) for u, e in zip(former.sample.units, former.dea.efficiency, strict=True) if e >= 1]
    points = texts.region_points(former, "Latgale", best, names, words)
    (told,) = [point for point in points[1:-1] if names["0604300"] in point]
    assert names["0604300"] + MARK in told
    assert told.endswith(doubt_note(words))


def test_outliers_with_doubtful_figures_are_marked() -> None:
    it, names = case("former"), named("en")
    found = set(it.overview.outliers.scores.query("is_outlier")["unit"]) & set(it.overview.doubtful)
    assert found
    said = texts.outlier_sentences(it.overview, names, EN)[0]
    shown = [names[code] for code in found if names[code] in said]
    assert shown
    assert all(name + MARK in said for name in shown)
    assert said.endswith(doubt_note(EN))
    assert "?" not in texts.outlier_sentences(case("today").overview, names, EN)[0]


def test_names_for_functions_that_know_no_doubts() -> None:
    it = case("today")
    names = marked_names(named("en"), it.reading.doubtful)
    assert it.reading.need is not None
    assert MARK not in texts.need.need_texts(it.reading.need, MONEY, named("en"), EN)["alt"]
    assert set(names) == set(named("en"))
