"""Who can learn from whom: how sure an advantage is stands beside it, and agrees with the report on a municipality."""

from __future__ import annotations

import pytest
from report_cases import MONEY, PASSPORTS, RESULT, SCHOOLS
from report_cases import case as municipality
from service_cases import case, named

from benchlib import comparison
from benchlib.reporting import Words, tables, texts
from benchlib.reporting.blocks import Table
from benchlib.reporting.texts.services.lessons import is_beyond_margin, margins

LV, EN = Words("lv"), Words("en")
BOTH = pytest.mark.parametrize("words", [LV, EN], ids=["lv", "en"])
NAMES = pytest.mark.parametrize("name", ["today", "former"])
MARK = "\N{NO-BREAK SPACE}?"


def column(table: object, key: str) -> list[str]:
    assert isinstance(table, Table)
    place = [found.key for found in table.columns].index(key)
    return [row[place].text for row in table.rows]


def examples_of(row: dict) -> list[str]:
    """Codes of everybody named in a row of lessons, each once."""
    return list(dict.fromkeys([*(str(peer) for peer, _ in row["peers"]), *filter(None, [row["single"]])]))


def test_it_agrees_with_the_report_on_a_municipality() -> None:
    it = case("today")
    found = margins(it.overview, it.certainties)
    checked = 0
    for code in ("0025000", "0040000", "0042000", "0026000"):  # Bauska, Ogre, Preiļi, Cēsis
        kin = comparison.comparable_units(code, year=2013)
        scores = comparison.score_service(SCHOOLS, kin, year=2013, replications=100, seed=1)
        partners = comparison.learning_partners(scores, kin, ids=SCHOOLS.outputs, year=2013, most=20)
        for partner in partners.partners:
            assert is_beyond_margin(found, code, partner.unit.code) == partner.is_certain
            checked += 1
    assert checked > 10


@BOTH
@NAMES
def test_every_row_says_whose_advantage_is_beyond_its_margin(name: str, words: Words) -> None:
    it, names = case(name), named(words.language)
    found = margins(it.overview, it.certainties)
    table = tables.learners(it.overview, names, words, certainties=it.certainties)
    kinds = set()
    for row, text in zip(it.overview.lessons.to_dict("records"), column(table, "certain"), strict=True):
        named_there = examples_of(row)
        sure = [code for code in named_there if is_beyond_margin(found, row["unit"], code)]
        if len(sure) == len(named_there):
            expected, kind = words.gettext("yes"), "all"
        elif not sure:
            expected, kind = words.gettext("no"), "none"
        else:
            expected, kind = ", ".join(names[code] for code in sure), "some"
            assert all(names[code] in text for code in sure)
        kinds.add(kind)
        if kind != "some" or len(sure) == 1:
            assert text == expected
    assert kinds >= {"all", "none"}
    assert isinstance(table, Table)
    assert words.gettext("No: the 95% intervals of efficiency overlap.") in table.note


@BOTH
def test_teachers_are_told_for_how_many_beyond_the_margin(words: Words) -> None:
    it, names = case("today"), named(words.language)
    found = margins(it.overview, it.certainties)
    pairs = [(row["unit"], peer) for row in it.overview.lessons.to_dict("records") for peer, _ in row["peers"]]
    table = tables.teachers(it.overview, names, words, certainties=it.certainties)
    expected = [
        str(sum(bool(is_beyond_margin(found, unit, code)) for unit, code in pairs if code == peer))
        for peer in it.overview.teachers["peer"]
    ]
    assert column(table, "certain") == expected
    assert expected != column(table, "learners"), "not every advantage is certain"
    (point,) = [
        text
        for text in texts.service_summary(it.overview, None, names, PASSPORTS, words, certainties=it.certainties)
        if names[it.overview.teachers["peer"].iloc[0]] in text
    ]
    first = it.overview.teachers.iloc[0]
    assert f"{names[first['peer']]} ({first['learners']}; {expected[0]})" in point
    assert {"en": "margin of error", "lv": "kļūdas robežām"}[words.language] in point


@BOTH
@NAMES
def test_the_sentences_say_how_many_can_be_sure(name: str, words: Words) -> None:
    it, names = case(name), named(words.language)
    found = margins(it.overview, it.certainties)
    rows = it.overview.lessons.to_dict("records")
    sure = sum(any(is_beyond_margin(found, row["unit"], code) for code in examples_of(row)) for row in rows)
    assert 0 < sure < len(rows)
    said = texts.lesson_sentences(it.overview, names, words, certainties=it.certainties)
    (told,) = [text for text in said if {"en": "margin of error", "lv": "kļūdas robežām"}[words.language] in text]
    assert {"en": f"for {sure} of {len(rows)} ", "lv": f"{sure} no {len(rows)}"}[words.language] in told
    assert {"en": "have no interval", "lv": "intervāls nav noteikts"}[words.language] in told


@BOTH
def test_without_intervals_that_is_said(words: Words) -> None:
    it, names = case("bare"), named(words.language)
    said = " ".join(texts.lesson_sentences(it.overview, names, words))
    assert {"en": "No interval stands behind", "lv": "intervāls nav noteikts"}[words.language] in said
    summary = " ".join(texts.service_summary(it.overview, None, names, PASSPORTS, words))
    assert {"en": "without an interval", "lv": "bez intervāla"}[words.language] in summary
    table = tables.learners(it.overview, names, words)
    assert isinstance(table, Table)
    assert "certain" not in [found.key for found in table.columns]
    assert "certain" not in [found.key for found in tables.teachers(it.overview, names, words).columns]  # type: ignore[union-attr]
    assert margins(it.overview, [None] * len(it.overview.frontiers)) == {}
    assert is_beyond_margin({}, "a", "b") is None


# --- what reaching the frontier would be worth -------------------------------------------------------------------------


@BOTH
def test_what_reaching_the_frontier_is_worth_has_no_interval_and_says_so(words: Words) -> None:
    it = municipality("bauska")
    bare = {"en": "without an interval", "lv": "bez intervāla"}[words.language]
    names = it.names(words)
    bullets = texts.reach_bullets(it.scores.reach(it.volume), names, MONEY, RESULT, words)
    assert len(bullets) == 4
    assert all(text.partition(")")[0].endswith(bare) for text in bullets)
    best = municipality("best")
    none = texts.reach_bullets(best.scores.reach(best.volume), names, MONEY, RESULT, words)
    assert bare not in none[0], "nothing is claimed"
    assert bare in texts.reach_note(words)
