"""Tables about a service: every cell is a number of the results, written for a reader."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from report_cases import CATALOGUE, PASSPORTS, SCHOOLS
from service_cases import CASES, case, every_table, named, with_methods, with_savings

from benchlib.efficiency import Sample, dea, fdh
from benchlib.errors import FewUnitsWarning
from benchlib.indicators import classification
from benchlib.reporting import Words, tables
from benchlib.reporting.blocks import Note, Table
from benchlib.reporting.values import direction_word, marked, short_value

LV, EN = Words("lv"), Words("en")
BOTH = pytest.mark.parametrize("words", [LV, EN], ids=["lv", "en"])
ENGLISH = re.compile(r"\b(the|of|and|is|with|municipalit\w+|without|figures?|median|efficiency|by|interval)\b", re.I)


def cells(table: object) -> list[list[str]]:
    assert isinstance(table, Table)
    return [[cell.text for cell in row] for row in table.rows]


def column(table: object, key: str) -> list[str]:
    assert isinstance(table, Table)
    place = [found.key for found in table.columns].index(key)
    return [row[place].text for row in table.rows]


def labels(table: object) -> list[str]:
    assert isinstance(table, Table)
    return [found.label for found in table.columns]


# --- every table, every case -------------------------------------------------------------------------------------------


@BOTH
@pytest.mark.parametrize("name", CASES)
def test_every_table_of_every_case(name: str, words: Words) -> None:
    for where, table in every_table(case(name), words).items():
        text = str(table)
        if table is None:
            assert name == "bare", where
            continue
        assert not re.search(r"\bnan\b|None(?! of)|<NA>|[{}]|\binf\b", text), f"{where}: {text}"
        if isinstance(table, Table):
            assert table.caption
            assert table.rows
            assert sum(found.is_row_header for found in table.columns) == 1
            assert all(cell.text for row in table.rows for cell in row), f"{where}: {text}"
            if words is LV:
                assert not ENGLISH.search(" ".join([table.caption, table.note, *labels(table)])), where


def test_both_languages_have_the_same_rows() -> None:
    for name in CASES:
        for lv, en in zip(every_table(case(name), LV).values(), every_table(case(name), EN).values(), strict=True):
            assert type(lv) is type(en)
            if isinstance(lv, Table) and isinstance(en, Table):
                assert len(lv.rows) == len(en.rows)
                assert [found.key for found in lv.columns] == [found.key for found in en.columns]


# --- scores ------------------------------------------------------------------------------------------------------------


@BOTH
@pytest.mark.parametrize("name", ["today", "former"])
def test_scores_are_those_of_the_results_the_best_first(name: str, words: Words) -> None:
    overview = case(name).overview
    certainty = overview.certainty
    assert certainty is not None
    table = tables.scores(overview, PASSPORTS, named(words.language), words)
    sure = certainty.scores.sort_values(["corrected", "unit"], ascending=[False, True])
    assert column(table, "name") == [named(words.language)[unit] for unit in sure["unit"]]
    assert len(table.rows) == len(overview.sample)
    kin = overview.kinds.scores.set_index("unit")["group_efficiency"]
    figures = overview.sample.to_frame().set_index("unit")
    for row, made in zip(sure.to_dict("records"), table.rows, strict=True):
        money, result = (short_value(figures.loc[row["unit"], i], PASSPORTS[i], words) for i in figures.columns[1:3])
        interval = words.interval(row["low"], row["high"])
        expected = [money, result, f"{words.number(row['corrected'], 2)} ({interval})"]
        texts = [cell.text for cell in made]
        assert [texts[1], texts[2], texts[4]] == expected
        assert texts[5] == words.interval(row["rank_low"], row["rank_high"], 0)
        assert (texts[3] == words.number(1, 2)) == (row["efficiency"] == 1.0), "only the frontier is 1"
        assert (texts[6] == words.number(1, 2)) == (kin[row["unit"]] == 1.0)


def test_without_certainty_the_table_has_no_columns_for_it() -> None:
    table = tables.scores(case("bare").overview, PASSPORTS, named("en"), EN)
    assert [found.key for found in table.columns] == ["name", *SCHOOLS.inputs, *SCHOOLS.outputs, "efficiency", "kin"]
    shown = [float(text) for text in column(table, "efficiency")]
    assert shown == sorted(shown, reverse=True)


def test_an_interval_does_not_break_in_a_narrow_column() -> None:
    table = tables.scores(case("today").overview, PASSPORTS, named("en"), EN)
    for text in [*column(table, "corrected"), *column(table, "ranks")]:
        assert "–\N{WORD JOINER}" in text


# --- figures and doubts ------------------------------------------------------------------------------------------------


@BOTH
def test_the_spread_of_the_figures(words: Words) -> None:
    overview, names = case("today").overview, named(words.language)
    table = tables.spread(overview, PASSPORTS, names, words)
    money = overview.sample.X[:, 0]
    passport = PASSPORTS[SCHOOLS.inputs[0]]
    row = cells(table)[0]
    assert row[1] == f"{short_value(money.min(), passport, words)} ({names['0005000']})"
    assert row[2:5] == [short_value(np.quantile(money, share), passport, words) for share in (0.25, 0.5, 0.75)]
    assert row[5].startswith(short_value(money.max(), passport, words))
    assert len(table.rows) == 2
    assert "42" in table.caption


def test_doubts_with_their_unit_and_reason() -> None:
    table = tables.doubts(case("former").overview, CATALOGUE, named("en"), EN)
    made = {(row[0], row[1]): row[2:] for row in cells(table)}
    aglona = made["Aglona municipality", "Education expenditure per pupil"]
    assert aglona[0] == "€623.03"
    assert aglona[1] == "used as published"
    riga = made["Rīga", "Grade 9 examination result in history"]
    assert riga[:2] == ["67.70%", "67.74%"]
    schools = made["Rīga", "Schools with an examination result in history"]
    assert schools[:2] == ["120", "119"]
    overview = case("former").overview
    measures = CATALOGUE.measures_of([*SCHOOLS.inputs, *SCHOOLS.outputs])
    behind = [d for d in CATALOGUE.registry.doubts if d.year == 2012 and d.measure in measures]
    assert len(made) == len(behind), "those of the year and the service, and no others"
    none = tables.doubts(replace(overview, year=1999), CATALOGUE, named("en"), EN)
    assert isinstance(none, Note)


# --- methods, drivers --------------------------------------------------------------------------------------------------


def test_agreement_is_the_matrix_of_rank_correlations() -> None:
    overview = case("today").overview
    made = cells(tables.agreement(overview.methods, EN))
    expected = overview.methods.correlations
    assert [row[0] for row in made] == ["DEA", "DEA, corrected", "FDH", "order-m", "SFA"]
    for row, (method, line) in zip(made, expected.iterrows(), strict=True):
        for text, value in zip(row[1:], line, strict=True):
            assert text == ("–" if np.isnan(value) else f"{value:.2f}"), method
    assert {row[-1] for row in made} == {"–"}, "SFA tells nobody apart"
    assert isinstance(tables.agreement(with_methods(case("today"), "dea").methods, EN), Note)


def test_drivers_are_the_greatest_influences() -> None:
    overview, names = case("former").overview, named("en")
    table = tables.drivers(overview.outliers, names, EN)
    influence = overview.outliers.influence
    assert len(cells(table)) == 15
    for row, made in zip(influence.head(15).to_dict("records"), cells(table), strict=True):
        assert made[:2] == [names[row["driver"]], names[row["unit"]]]
    assert isinstance(table, Table)
    assert table.note == f"{len(influence) - 15} smaller changes are not shown."
    few = replace(overview.outliers, influence=influence.head(15))
    assert tables.drivers(few, names, EN).note == ""  # type: ignore[union-attr]
    sixteen = tables.drivers(replace(overview.outliers, influence=influence.head(16)), named("lv"), LV)
    assert isinstance(sixteen, Table)
    assert sixteen.note == "Nav parādīta vēl 1 mazāka izmaiņa."
    assert isinstance(tables.drivers(replace(overview.outliers, influence=influence.head(0)), names, EN), Note)


# --- context -----------------------------------------------------------------------------------------------------------


@BOTH
def test_context_is_the_figure_in_numbers(words: Words) -> None:
    context = case("today").overview.context
    table = tables.context(context, PASSPORTS, words)
    for row, made in zip(context.effects.to_dict("records"), cells(table), strict=True):
        passport = PASSPORTS[row["indicator"]]
        assert made[0].startswith(passport.name[words.language])
        assert made[0].endswith(f", {context.years[row['indicator']]}")
        assert made[1] == short_value(row["usual"], passport, words)
        assert made[2] == words.number(row["change"], 2, sign=True)
        assert made[3] == words.interval(row["low"], row["high"])
        assert made[4] == direction_word(row["direction"], words)
    assert tables.context(case("bare").overview.context, PASSPORTS, words) is None


# --- learning ----------------------------------------------------------------------------------------------------------


@BOTH
@pytest.mark.parametrize("name", ["today", "former"])
def test_learners_and_teachers_are_those_of_the_overview(name: str, words: Words) -> None:
    overview, names = case(name).overview, named(words.language)
    taught = cells(tables.teachers(overview, names, words))
    expected = overview.teachers
    assert [row[0] for row in taught] == [names[peer] for peer in expected["peer"]]
    assert [[int(text) for text in row[1:]] for row in taught] == expected.iloc[:, 1:].to_numpy().tolist()
    learning = {row[0]: row[1:] for row in cells(tables.learners(overview, names, words))}
    assert len(learning) == len(overview.lessons)
    for row in overview.lessons.to_dict("records"):
        peers, single = learning[marked(names[row["unit"]], row["unit"] in overview.doubtful)]
        assert all(f"{names[peer]} ({words.percent(100 * weight, 0)})" in peers for peer, weight in row["peers"])
        assert single == (names[row["single"]] if row["single"] else "–")
    assert any(row[2] == "–" for row in cells(tables.learners(overview, names, words)))
    cities = {names[unit.code] for unit in classification(overview.territory) if unit.kind == "city"}
    of_novadi = {who: text for who, (text, _) in learning.items() if who not in cities}
    assert of_novadi
    assert not [who for who, text in of_novadi.items() if any(f"{city} (" in text for city in cities)]
    assert not any(names["0604300"] in row[1] for row in cells(tables.learners(overview, names, words)))


def test_where_all_are_on_the_frontier_nobody_learns() -> None:
    overview, units = case("today").overview, list(case("today").overview.sample.units[:3])
    table = pd.DataFrame({"unit": units, "a": [1.0, 2.0, 3.0], "b": [1.0, 2.0, 2.5], "kind": "city"})
    sample = Sample.from_table(table, "a", "b", unit="unit", context=["kind"])
    with pytest.warns(FewUnitsWarning):
        all_best = replace(overview, sample=sample, trusted_dea=dea(sample), trusted_fdh=fdh(sample))
    assert isinstance(tables.teachers(all_best, named("en"), EN), Note)
    assert tables.learners(all_best, named("en"), EN) is None


# --- the reform --------------------------------------------------------------------------------------------------------


@BOTH
def test_the_parts_of_each_saving(words: Words) -> None:
    gains, names = case("today").reform, named(words.language)
    assert gains is not None
    made = cells(tables.reform(gains, names, words))
    for row, line in zip(gains.savings.to_dict("records"), made, strict=True):
        parts = [words.percent(row[f"{part}_pct"], 1) for part in ("learning", "harmony", "size", "potential")]
        assert line == [names[row["unit"]], str(row["constituents"]), *parts]
    shown = [
        [float(re.sub(r"[^\d−.,]", "", text).replace("−", "-").replace(",", ".")) for text in row[2:]] for row in made
    ]
    for learning, harmony, size, potential in shown:
        assert learning + harmony + size == pytest.approx(potential, abs=0.16), "up to the rounding of each"


def test_a_merger_without_potential_has_dashes() -> None:
    gains = case("today").reform
    assert gains is not None
    made = cells(tables.reform(with_savings(gains, size=[0.9, np.nan]), named("en"), EN))
    assert made[0][2:] == ["20.0%", "0.0%", "8.0%", "28.0%"]
    assert made[1][4:] == ["–", "–"]
