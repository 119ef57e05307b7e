"""Tables: every cell is a number of the result, written for a reader."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from report_cases import CASES, CATALOGUE, MONEY, PASSPORTS, RESULT, Case, case

import benchlib as bl
from benchlib.reporting import MunicipalityParameters, Words, tables
from benchlib.reporting.blocks import Note, Table
from benchlib.reporting.tables.municipality import light_word
from benchlib.reporting.values import label_with_unit, median_value, short_value

LV, EN = Words("lv"), Words("en")
BOTH = pytest.mark.parametrize("words", [LV, EN], ids=["lv", "en"])


def plain(text: str) -> str:
    return re.sub("[\N{NARROW NO-BREAK SPACE}\N{NO-BREAK SPACE}]", " ", text)


def cells(table: object) -> list[list[str]]:
    assert isinstance(table, Table)
    return [[cell.text for cell in row] for row in table.rows]


def better_of(it: Case, words: Words) -> Table | Note:
    return tables.better(
        it.scores.better,
        it.scores.own,
        money=MONEY,
        result=RESULT,
        names=it.names(words),
        alike=it.group.codes,
        words=words,
    )


@BOTH
@pytest.mark.parametrize("name", CASES)
def test_every_table_of_every_case(name: str, words: Words) -> None:
    it = case(name)
    made = [
        tables.positions(it.profile, PASSPORTS, it.names(words), words),
        tables.methods(it.scores.table, words),
        better_of(it, words),
        tables.missing(it.figures, PASSPORTS, words),
        tables.sources(it.figures, CATALOGUE.registry, words),
    ]
    for table in made:
        text = str(table)
        assert not re.search(r"\bnan\b|None(?! of)|<NA>|[{}]", text), text
        if isinstance(table, Table):
            assert table.caption
            assert table.rows
            assert sum(column.is_row_header for column in table.columns) == 1
            assert all(cell.text for row in table.rows for cell in row), text


# --- positions ---------------------------------------------------------------------------------------------------------


@BOTH
@pytest.mark.parametrize("name", ["bauska", "city", "unscored"])
def test_positions_are_those_of_the_profile(name: str, words: Words) -> None:
    it = case(name)
    table = tables.positions(it.profile, PASSPORTS, it.names(words), words)
    assert len(table.rows) == len(it.profile.table)
    for row, made in zip(it.profile.table.to_dict("records"), table.rows, strict=True):
        passport = PASSPORTS[row["indicator"]]
        label, own, median, rank, best = made
        mark = "†" if passport.dimension == "cost" else ""
        assert label.text == f"{label_with_unit(passport, words)}{mark}, {row['year']}"
        is_missing = np.isnan(row["value"])
        assert own.text == (words.missing if is_missing else short_value(row["value"], passport, words))
        assert median.text == median_value(row["median"], passport, words)
        assert rank.light == row["light"]
        assert rank.hint == light_word(row["light"], words), "the colour in words, for a screen reader"
        place, _, around = plain(rank.text).partition(" (")
        assert place == plain(words.rank(row["rank"], row["members_with_figure"]))
        if np.isnan(row["rank_low"]):
            assert around == ("" if np.isnan(row["rank"]) else f"{words.gettext('one year')})")
        else:
            ends = [words.rank(row["rank_low"]), words.rank(row["rank_high"])]
            moved = "–".join(dict.fromkeys(ends))
            fewest, most = row["fewest_members"], row["most_members"]
            if fewest < most:
                moved = words.gettext("{rank} of {count}").format(rank=moved, count=f"{fewest:.0f}–{most:.0f}")
            elif ends[0] == ends[1]:
                moved = words.gettext("every year")
            assert around.replace("\N{WORD JOINER}", "") == f"{moved})"
        assert " " not in rank.text.partition("(")[0].removesuffix(" "), "'3. no 11' does not break"
        assert best.text.startswith(str(it.names(words)[row["best_territory"]]))
        assert best.text.endswith(short_value(row["best"], passport, words))


def test_positions_in_full() -> None:
    made = cells(tables.positions(case("bauska").profile, PASSPORTS, case("bauska").names(LV), LV))
    assert [plain(text) for text in made[0]] == [
        "Izglītības izdevumi uz vienu skolēnu†, 2013",
        "1 581 €",
        "1 503 €",
        "7. no 11 (visos gados)",
        "Limbažu novads, 1 352 €",
    ]
    city = [
        plain(text) for text in cells(tables.positions(case("city").profile, PASSPORTS, case("city").names(LV), LV))[2]
    ]
    assert city[:2] == ["Publiskās bibliotēkas uz 10 000 iedzīvotājiem, 2024", "nav datu"]
    assert city[3] == "…"


def test_nobody_has_a_figure() -> None:
    it = case("alone")
    table = it.profile.table.assign(
        value=np.nan, median=np.nan, best=np.nan, best_territory="", light="none", rank=np.nan
    )
    made = cells(tables.positions(replace(it.profile, table=table), PASSPORTS, it.names(EN), EN))
    assert made[0][1:] == ["no data", "too few", "…", "…"]


# --- better ------------------------------------------------------------------------------------------------------------


@BOTH
def test_those_who_do_better_with_the_differences(words: Words) -> None:
    it = case("bauska")
    made = cells(better_of(it, words))
    assert len(made) == len(it.scores.better) == 8
    for row, line in zip(it.scores.better.to_dict("records"), made, strict=True):
        less, more = row[MONEY.id] - it.scores.own[MONEY.id], row[RESULT.id] - it.scores.own[RESULT.id]
        assert less <= 0 <= more
        assert line == [
            it.names(words)[row["unit"]],
            words.euro(row[MONEY.id]),
            words.euro(less, sign=True),
            words.percent(row[RESULT.id], 1),
            words.number(more, 1, sign=True),
            words.gettext("yes") if row["unit"] in it.group.codes else words.gettext("no"),
        ]
    assert words.gettext("yes") in {line[-1] for line in made}


@BOTH
def test_nobody_better_and_no_score_are_two_things(words: Words) -> None:
    best, unscored = better_of(case("best"), words), better_of(case("unscored"), words)
    assert isinstance(best, Note)
    assert isinstance(unscored, Note)
    assert best.text == words.gettext("Nobody compared spends no more and reaches at least the same result.")
    assert unscored.text == words.gettext("Without a score nothing can be said about who does better.")
    assert best.text != unscored.text


# --- methods -----------------------------------------------------------------------------------------------------------


def test_methods_side_by_side() -> None:
    it = case("bauska")
    made = cells(tables.methods(it.scores.table, EN))
    dea = it.scores.table.iloc[0]
    assert made[0] == [
        "DEA: one mean result",
        "35",
        str(dea["efficient"]),
        f"{dea['efficiency']:.2f}",
        f"{dea['corrected']:.2f}",
        f"{dea['low']:.2f}–\N{WORD JOINER}{dea['high']:.2f}",
        f"{dea['rank_low']:.0f}–\N{WORD JOINER}{dea['rank_high']:.0f}",
    ]
    assert [line[0] for line in made] == [
        "DEA: one mean result",
        "FDH: one mean result",
        "DEA: four results separately",
        "DEA: cities and novadi together",
    ]
    assert all(line[4:] == ["–", "–", "–"] for line in made[1:]), "only the bootstrap gives an interval"
    assert len(cells(tables.methods(case("city").scores.table, EN))) == 3
    assert {line[3] for line in cells(tables.methods(case("unscored").scores.table, EN))} == {"…"}


# --- missing, sources, run ---------------------------------------------------------------------------------------------


def figures(**columns: list[object]) -> pd.DataFrame:
    return pd.DataFrame(columns)


def test_missing_figures_are_listed_with_the_symbol() -> None:
    table = tables.missing(
        figures(
            indicator=[MONEY.id, MONEY.id, MONEY.id, RESULT.id, RESULT.id],
            year=[2013, 2011, 2012, 2011, 2012],
            value=[np.nan, np.nan, 5.0, np.nan, 1.0],
            symbol=["…", "", "", "", ""],
        ),
        PASSPORTS,
        EN,
    )
    assert cells(table) == [
        ["Education expenditure per pupil", "2011, 2013", "…"],
        ["Grade 9 examinations, mean result", "2011", "not published"],
    ]
    whole = tables.missing(figures(indicator=[MONEY.id], year=[2013], value=[1.0], symbol=[""]), PASSPORTS, EN)
    assert isinstance(whole, Note)
    assert whole.text == "No figure of this report is missing."


def test_missing_of_an_unscored_municipality_says_why_it_has_no_score() -> None:
    made = {line[0]: line[1] for line in cells(tables.missing(case("unscored").figures, PASSPORTS, EN))}
    assert "2011" in made["Grade 9 examinations, mean result"]


@BOTH
def test_sources_are_those_of_the_figures(words: Words) -> None:
    it = case("bauska")
    used = [source for source in CATALOGUE.registry.sources if source.id in set(it.figures["source"])]
    made = cells(tables.sources(it.figures, CATALOGUE.registry, words))
    assert [line[0] for line in made] == [source.publisher[words.language] for source in used]
    for source, line in zip(used, made, strict=True):
        assert line[1] == source.table[words.language]
        assert words.date(source.vintage) in line[3]
        is_owed = line[2] == words.gettext("not recorded; attribution is owed")
        assert is_owed == (source.licence == "not recorded")
    former = cells(tables.sources(case("former").figures, CATALOGUE.registry, words))
    assert len(former) < len(made), "roads and libraries are not in a report of 2009"


def test_the_run_names_parameters_and_programs_but_no_clock() -> None:
    parameters = MunicipalityParameters(municipality="Ogres novads", seed=7)
    made = dict(cells(tables.run(parameters, ["Few units."], EN)))
    assert made["Warnings"] == "Few units."
    assert made["municipality"] == "Ogres novads"
    assert made["seed"] == "7"
    assert "as_of" not in made, "what was not asked is not shown"
    assert made["benchlib"] == bl.__version__
    assert {"numpy", "pandas", "numba"} <= set(made)
    assert cells(tables.run(parameters, [], EN)) == cells(tables.run(parameters, [], EN))
    assert dict(cells(tables.run(parameters, [], EN)))["Warnings"] == "none"
    assert not re.search(r"\d\d:\d\d", " ".join(made.values())), "no time of day"
