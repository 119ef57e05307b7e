"""Fewer than four figures: no median, and the reader is told why; euro of one year's cost and another year's users say so."""

from __future__ import annotations

import re
from dataclasses import replace

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from drawings import drawn, letters
from report_cases import MONEY, PASSPORTS, RESULT, case
from service_cases import named

import benchlib as bl
from benchlib import comparison
from benchlib.comparison import Profile, RoomForManoeuvre, room_for_manoeuvre
from benchlib.reporting import Words, plots, tables, texts
from benchlib.reporting.blocks import Figure, Table
from benchlib.reporting.explorer import Selection, comparison_table, development_table
from benchlib.reporting.explorer.table import reading_table
from benchlib.reporting.explorer.views import development_view, pairs_view, ranking_view
from benchlib.reporting.texts.position import cost_sentence, result_sentence

LV, EN = Words("lv"), Words("en")
BOTH = pytest.mark.parametrize("words", [LV, EN], ids=["lv", "en"])
TOO_FEW = {"en": "too few", "lv": "par maz"}


def few() -> Profile:
    return case("few").profile


def plain(text: str) -> str:
    return re.sub("[\N{NARROW NO-BREAK SPACE}\N{NO-BREAK SPACE}]", " ", text)


def whole(text: str) -> None:
    assert not re.search(r"…|\bnan\b|[{}]", text), text


# --- the report on a municipality --------------------------------------------------------------------------------------


def test_two_have_no_median() -> None:
    assert few().table["members_with_figure"].max() == 2
    assert few().table["median"].isna().all()
    assert few().table["best"].notna().any()


@BOTH
def test_the_sentences_say_that_there_are_too_few(words: Words) -> None:
    it = case("few")
    said = [
        cost_sentence(few(), MONEY, words),
        result_sentence(few(), RESULT, words),
        texts.glance_texts(few(), PASSPORTS, words)["alt"],
        texts.glance_texts(few(), PASSPORTS, words)["caption"],
        texts.ranking_texts(few(), MONEY, it.names(words), words)["caption"],
        *texts.trend_sentences(it.development, PASSPORTS, words),
        texts.trend_texts(it.development, PASSPORTS, words)["caption"],
        *(fact.detail for fact in texts.context_facts(it.context, PASSPORTS, words)),
    ]
    for text in said:
        whole(text)
        assert TOO_FEW[words.language] in text.lower(), text
    assert texts.room_sentence(few(), MONEY, words) == "", "without a median nothing is freed at it"


def test_the_first_sentences_in_full() -> None:
    assert cost_sentence(few(), MONEY, EN) == (
        "In 2011, Bauska municipality spent **€1,310** on education per pupil; fewer than four of its comparison group have a figure, "
        "too few for a median."
    )
    assert "median of its comparison group" not in " ".join(
        texts.summary(few(), case("few").scores, case("few").kin, MONEY, RESULT, EN)
    )


@BOTH
def test_the_table_says_that_there_are_too_few(words: Words) -> None:
    made = tables.positions(few(), PASSPORTS, case("few").names(words), words)
    assert {row[2].text for row in made.rows} == {words.gettext("too few")}
    assert words.gettext("Fewer than four figures are too few for a median.") in made.note
    many = tables.positions(case("bauska").profile, PASSPORTS, case("bauska").names(words), words)
    assert words.gettext("Fewer than four figures are too few for a median.") not in many.note


@BOTH
def test_the_figures_leave_the_median_out(words: Words) -> None:
    it = case("few")
    for ax in (
        plots.glance(few(), PASSPORTS, words),
        plots.ranking(few(), MONEY, it.names(words), words),
        plots.radar(few(), PASSPORTS, words, indicators=[MONEY.id, RESULT.id, "exam_grade9_latvian"]),
    ):
        drawn(ax)
        assert not [text for text in letters(ax) if "…" in text]
    ranking = plots.ranking(few(), MONEY, it.names(words), words)
    assert not [text for text in letters(ranking) if words.gettext("group median {median}")[:6] in text]
    drawn(plots.trends(it.development, PASSPORTS, words))
    plt.close("all")


@BOTH
def test_the_radar_and_the_slope_of_a_few(words: Words) -> None:
    it = case("few")
    three = [MONEY.id, RESULT.id, "exam_grade9_latvian"]
    said = texts.radar_texts(few(), PASSPORTS, words, indicators=three)
    ends = bl.load_indicators([MONEY.id], municipalities=list(it.group.codes), years=[2011, 2013])
    line = texts.slope_texts(ends, MONEY, it.names(words), words, own=it.unit.code)
    for text in (*said.values(), *line.values()):
        whole(text)
        assert TOO_FEW[words.language] in text.lower(), text
    ax = plots.slope(ends, MONEY, it.names(words), words, own=it.unit.code)
    drawn(ax)
    assert not [text for text in letters(ax) if text.endswith(words.gettext("median"))]
    full = texts.slope_texts(
        bl.load_indicators([MONEY.id], years=[2011, 2013]), MONEY, it.names(words), words, own=it.unit.code
    )
    assert TOO_FEW[words.language] not in full["alt"].lower()


# --- room for manoeuvre ------------------------------------------------------------------------------------------------


def room() -> RoomForManoeuvre:
    it = case("few")
    need = comparison.need_adjusted_cost(MONEY.id, ["population_density", "dependency_ratio"], year=2011)
    return room_for_manoeuvre(it.profile, MONEY.id, need=need, scores=it.scores)


@BOTH
def test_references_of_a_few_say_why_they_are_empty(words: Words) -> None:
    made = tables.room(room(), MONEY, words)
    assert isinstance(made, Table)
    whole(str(made))
    rows = [[plain(cell.text) for cell in row] for row in made.rows]
    for row in rows[:2]:
        assert row[1:] == ["2", "–", "–", "–", words.gettext("too few figures")]
    assert rows[2][5] != words.gettext("too few figures")
    said = texts.need.room_sentences(room(), words)
    whole(" ".join(said))
    assert TOO_FEW[words.language] in made.note.lower()
    assert not [text for text in said if words.gettext("With so few members the intervals")[:12] in text]


def test_whether_a_cost_differs_is_said_without_users_too() -> None:
    it = case("bauska")
    table = it.profile.table.assign(volume=np.nan, volume_year=np.nan)
    dear = it.profile.table["indicator"] == MONEY.id
    table.loc[dear, "value"] = 9000.0
    found = room_for_manoeuvre(replace(it.profile, table=table), MONEY.id)
    assert found.table["is_clear"].all()
    said = " ".join(texts.need.room_sentences(found, EN))
    assert "By its interval, the cost differs from: “Median of the comparison group”" in said
    assert "cannot be distinguished" not in said
    made = tables.room(found, MONEY, EN)
    assert isinstance(made, Table)
    assert [row[5].text for row in made.rows] == ["dearer", "dearer"], "decided by the cost, not by the euro"
    without = found.table.assign(low=np.nan, high=np.nan, level=np.nan, is_clear=False)
    told = " ".join(texts.need.room_sentences(replace(found, table=without), EN))
    assert "There is no interval for: “Median of the comparison group”" in told
    assert "cannot be distinguished" not in told


# --- euro of two years -------------------------------------------------------------------------------------------------


@BOTH
def test_euro_of_two_years_name_the_year_of_the_users(words: Words) -> None:
    group = bl.comparison_group("Bauskas novads", group="all", year=2011)
    seen = bl.profile([MONEY.id], group=group, year=2011)
    assert seen.row(MONEY.id)[["year", "volume_year"]].tolist() == [2011, 2013]
    found = room_for_manoeuvre(seen, MONEY.id)
    scores = case("few").scores
    reached = scores.reach(found.volume)
    said = [
        texts.room_sentence(seen, MONEY, words),
        str(tables.room(found, MONEY, words)),
    ]
    for text in said:
        assert (
            words.gettext(
                "The euro multiply the cost of {year} by the number of users of {volume_year}: those of {year} are not known."
            ).format(year=2011, volume_year=2013)
            in text
        )
    names = named(words.language)
    bullets = texts.reach_bullets(reached, names, MONEY, RESULT, words, room=found)
    with_euro = [text for text in bullets if "€" in text.partition("€")[2].partition("€")[2]]
    assert with_euro
    assert all("2013" in text for text in with_euro)
    same = replace(found, volume_year=2011.0)
    assert not [text for text in texts.reach_bullets(reached, names, MONEY, RESULT, words, room=same) if "2013" in text]
    assert "2013" not in str(tables.room(same, MONEY, words))
    now = case("bauska").profile
    assert words.gettext("The euro multiply the cost of {year}")[:9] not in texts.room_sentence(now, MONEY, words)


@BOTH
def test_equalised_cost_of_two_years(words: Words) -> None:
    found = comparison.equalised_cost(MONEY.id, year=2011, incomplete="without")
    assert "2013" in texts.need.equalised_note(found, PASSPORTS, words)
    same = comparison.equalised_cost(MONEY.id, year=2013, incomplete="without")
    assert "2013" not in texts.need.equalised_note(same, PASSPORTS, words)


# --- the explorer ------------------------------------------------------------------------------------------------------


@BOTH
def test_the_explorer_of_two(words: Words) -> None:
    it, ids = case("few"), (MONEY.id, RESULT.id)
    chosen = Selection(it.unit.code, tuple(it.group.codes), ids, 2013)
    figures, development = comparison_table(chosen, words), development_table(chosen, words)
    assert figures["median"].isna().all()
    made = reading_table(figures, chosen, PASSPORTS, words, order=MONEY.id)
    assert made.rows[0][1].text == words.gettext("too few")
    whole(str(made))
    views = [
        ranking_view(chosen.profile(), figures, MONEY, words),
        development_view(development, it.unit.code, MONEY, words),
        pairs_view(figures, it.unit.code, MONEY, RESULT, words),
    ]
    for view in views:
        assert isinstance(view, Figure)
        whole(view.alt + view.caption)
        assert TOO_FEW[words.language] in view.caption.lower(), view.caption
    plt.close("all")


def test_the_explorer_of_four_has_its_medians() -> None:
    codes = tuple(case("bauska").group.codes[:4])
    development = development_table(Selection(codes[0], codes, (MONEY.id,), 2013), EN)
    assert isinstance(development, pd.DataFrame)
    assert development["median"].notna().all()
    view = development_view(development, codes[0], MONEY, EN)
    assert isinstance(view, Figure)
    assert "too few" not in (view.alt + view.caption).lower()
