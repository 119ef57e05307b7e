"""Doubtful figures of others in the report on a municipality: told once for median and ranks, and marked wherever they are shown."""

from __future__ import annotations

import pytest
from report_cases import CATALOGUE, MONEY, PASSPORTS, RESULT, Case, case

import benchlib as bl
from benchlib import comparison
from benchlib.reporting import Words, plots, tables, texts
from benchlib.reporting.values import doubt_note, short_value

LV, EN = Words("lv"), Words("en")
AIZKRAUKLE, SIGULDA, OGRE = "0020000", "0048000", "0040000"
MARK = "\N{NO-BREAK SPACE}?"


def of_ogre(it: Case) -> tuple[comparison.Profile, comparison.ServiceScores, comparison.ComparisonGroup]:
    """The report's results seen from Ogre, whose own cost is doubtful."""
    group = bl.comparison_group(OGRE, group="similar", year=2013)
    kin = comparison.comparable_units(OGRE, year=2013)
    scores = comparison.score_service(it.service, kin, year=2013, replications=100, seed=1)
    return bl.profile(it.profile.table["indicator"], group=group, year=2013), scores, kin


def test_a_profile_knows_whose_figures_are_doubtful() -> None:
    found = case("bauska").profile
    assert set(found.doubtful_members(MONEY.id)) == {AIZKRAUKLE, SIGULDA}
    assert found.doubtful_members(RESULT.id) == ()
    assert found.is_doubtful(MONEY.id, SIGULDA)
    assert not found.is_doubtful(MONEY.id), "the own figure is in order"
    assert set(found.doubts) >= {(MONEY.id, 2013, AIZKRAUKLE), (MONEY.id, 2013, OGRE)}


@pytest.mark.parametrize("words", [LV, EN], ids=["lv", "en"])
def test_median_and_ranks_say_whose_doubtful_figures_they_count(words: Words) -> None:
    it = case("bauska")
    (bullet,) = texts.group_doubt_bullets(it.profile, PASSPORTS, it.names(words), words)
    named = {name for code, name in it.names(words).items() if name in bullet and code != it.unit.code}
    assert named == {it.names(words)[AIZKRAUKLE], it.names(words)[SIGULDA]}
    assert MONEY.name[words.language] in bullet
    assert "2013" in bullet
    assert {"en": "count doubtful figures of others", "lv": "ieskaitīti arī šo pašvaldību apšaubāmie"}[
        words.language
    ] in bullet
    assert texts.group_doubt_bullets(case("few").profile, PASSPORTS, it.names(words), words) == [], "no median, no rank"


def test_the_ranking_marks_doubtful_figures_in_the_drawing_and_in_its_words() -> None:
    it = case("bauska")
    said = texts.ranking_texts(it.profile, MONEY, it.names(EN), EN)
    marks = [part for part in said["alt"].replace(" and ", ", ").split(", ") if MARK in part]
    named = {code for part in marks for code, name in it.names(EN).items() if name in part}
    assert (len(marks), named) == (2, {AIZKRAUKLE, SIGULDA})
    assert "?: doubtful figure." in said["caption"]
    drawn = [text.get_text() for text in plots.ranking(it.profile, MONEY, it.names(EN), EN).texts]
    values = it.profile.values.loc[it.profile.values["indicator"] == MONEY.id].set_index("territory")["value"]
    expected = {short_value(values[code], MONEY, EN) + MARK for code in (AIZKRAUKLE, SIGULDA)}
    assert {text for text in drawn if text.endswith("?")} == expected
    sure = texts.ranking_texts(it.profile, RESULT, it.names(EN), EN)
    assert "?" not in sure["alt"] + sure["caption"]


def test_who_does_better_on_a_doubtful_figure_is_named_with_the_mark() -> None:
    it = case("bauska")
    assert OGRE in set(it.scores.better["unit"])
    said = texts.better_sentence(it.scores, it.kin, EN)
    assert it.names(EN)[OGRE] + MARK in said
    assert said.count(MARK) == len(set(it.scores.better["unit"].head(6)) & set(it.scores.doubtful))
    assert said.endswith("?: doubtful figure.")
    assert said in texts.summary(it.profile, it.scores, it.kin, MONEY, RESULT, EN)
    best = case("best")
    assert "?" not in texts.better_sentence(best.scores, best.kin, EN), "nobody is named"


def test_who_can_learn_here_is_marked_where_its_figures_are_doubtful() -> None:
    it = case("bauska")
    learners = {unit.code for unit in it.partners.teaching.learners}
    doubted = learners & set(it.scores.doubtful)
    assert AIZKRAUKLE in doubted
    said = " ".join(texts.partners.teaching(it.partners, PASSPORTS, EN, doubtful=it.scores.doubtful))
    assert it.names(EN)[AIZKRAUKLE] + MARK in said
    assert "?: doubtful figure." in said
    assert "?" not in " ".join(texts.partners.teaching(it.partners, PASSPORTS, EN))


def test_peers_with_doubtful_figures_are_marked_where_money_is_said() -> None:
    it = case("bauska")
    reached = it.scores.reach(it.volume)
    peer = reached["peers"].iloc[0][0][0]
    marked = texts.reach_bullets(reached, it.names(EN), MONEY, RESULT, EN, doubtful=[peer])
    assert it.names(EN)[peer] + MARK in marked[0]
    assert MARK not in " ".join(texts.reach_bullets(reached, it.names(EN), MONEY, RESULT, EN))


def test_a_peer_that_counts_for_nothing_is_not_named() -> None:
    it = case("bauska")
    reached = it.scores.reach(it.volume)
    row = reached.iloc[[0]].assign(peers=[((OGRE, 0.997), (SIGULDA, 0.003))])
    (bullet,) = texts.reach_bullets(row, it.names(EN), MONEY, RESULT, EN)
    assert it.names(EN)[OGRE] in bullet
    assert it.names(EN)[SIGULDA] not in bullet
    assert "0%" not in bullet


def test_a_doubtful_corner_of_the_frontier_has_its_mark() -> None:
    it = case("bauska")
    said = texts.frontier_texts(it.scores, it.kin, MONEY, RESULT, EN)
    corners = {str(u) for u, e in zip(it.scores.sample.units, it.scores.dea.efficiency, strict=True) if e >= 1}
    doubted = {it.names(EN)[code] for code in corners & set(it.scores.doubtful)}
    drawn = {text.get_text() for text in plots.frontier(it.scores, it.names(EN), PASSPORTS, EN).texts}
    assert {text.removesuffix(MARK) for text in drawn if text.endswith(MARK)} == doubted
    assert all(name + MARK in said["alt"] for name in doubted)
    assert ("?: doubtful figure." in said["caption"]) == bool(doubted)


def test_an_own_doubtful_figure_is_marked_wherever_it_is_told() -> None:
    it = case("bauska")
    profile, scores, kin = of_ogre(it)
    assert profile.is_doubtful(MONEY.id)
    own = EN.euro(profile.row(MONEY.id)["value"]) + MARK
    cost, result, *_, room = texts.summary(profile, scores, kin, MONEY, RESULT, EN)
    assert f"**{own}**" in cost
    assert cost.endswith("?: doubtful figure.")
    assert "?" not in result
    assert MARK in room
    table = tables.positions(profile, PASSPORTS, it.names(EN), EN)
    row = next(row for row in table.rows if row[0].text.startswith(MONEY.name["en"]))
    assert row[1].text == own
    assert "?: doubtful figure." in table.note
    glance = texts.glance_texts(profile, PASSPORTS, EN)
    assert own in glance["alt"]
    assert "?: doubtful figure." in glance["caption"]
    assert own in {text.get_text() for text in plots.glance(profile, PASSPORTS, EN).texts}
    bullets = texts.reach_bullets(scores.reach(1000.0), it.names(EN), MONEY, RESULT, EN, is_doubtful=True)
    assert any(f"instead of {own} per pupil" in bullet for bullet in bullets)
    room = comparison.room_for_manoeuvre(profile, MONEY.id)
    made = tables.room(room, MONEY, EN, is_doubtful=True)
    assert own in made.caption
    assert made.note.endswith("?: doubtful figure.")
    assert "?" not in str(tables.room(room, MONEY, EN))


def test_the_slope_marks_the_year_that_is_doubtful() -> None:
    it = case("bauska")
    ends = bl.load_indicators([MONEY.id], municipalities=list(it.group.codes), years=[2012, 2013])
    drawn = [text.get_text() for text in _slope(ends, it).texts]
    marked = [text for text in drawn if "?" in text]
    assert {text.split("  ")[1] for text in marked if "  " in text} == {it.names(EN)[c] for c in (AIZKRAUKLE, SIGULDA)}
    said = texts.slope_texts(ends, MONEY, it.names(EN), EN, own=it.unit.code, doubts=it.profile.doubts)
    assert "?: doubtful figure." in said["caption"]
    assert "?" not in texts.slope_texts(ends, MONEY, it.names(EN), EN, own=it.unit.code)["caption"]


def _slope(ends, it: Case):
    return plots.slope(ends, MONEY, it.names(EN), EN, own=it.unit.code, doubts=it.profile.doubts)


def test_the_registry_of_the_shipped_figures_doubts_them() -> None:
    doubted = {doubt.territory for doubt in CATALOGUE.registry.doubts_for("public") if doubt.used == "as published"}
    heirs = {code for former in doubted for code in bl.present_municipalities(former)["code"]}
    assert {AIZKRAUKLE, SIGULDA, OGRE} <= heirs


@pytest.mark.parametrize("words", [LV, EN], ids=["lv", "en"])
def test_the_development_says_where_medians_and_own_figures_are_doubtful(words: Words) -> None:
    """The cost of Ogre is doubtful, and so is that of Sigulda, which its median counts."""
    group = bl.comparison_group(OGRE, group="similar", year=2013)
    assert SIGULDA in group.codes
    others = {year: len(own_doubts(year) & set(group.codes) - {OGRE}) for year in (2011, 2012, 2013)}
    table = bl.trend([MONEY.id, RESULT.id], group=group, years=others)
    cost = table.loc[table["indicator"] == MONEY.id]
    assert cost["is_doubtful"].tolist() == [OGRE in own_doubts(year) for year in others] == [False, True, True]
    assert cost["doubtful_members"].tolist() == list(others.values())
    money, result = texts.trend_sentences(table, PASSPORTS, words)
    assert short_value(cost["value"].iloc[-1], MONEY, words) + MARK in money
    assert short_value(cost["value"].iloc[0], MONEY, words) + MARK not in money
    counted = ", ".join(str(year) for year, count in others.items() if count)
    assert {"en": "counts doubtful figures of others", "lv": "citu pašvaldību apšaubāmie dati"}[words.language] in money
    assert money.endswith(f": {counted}.")
    assert "?" not in result
    assert not result.endswith(money[-10:])
    assert texts.trend_texts(table, PASSPORTS, words)["caption"].endswith(doubt_note(words))
    assert "?" not in texts.trend_texts(case("few").development, PASSPORTS, words)["caption"]
    axes = plots.trends(table, PASSPORTS, words).axes
    marks = [[text.get_text() for text in ax.texts if "?" in text.get_text()] for ax in axes]
    assert marks == [["?", short_value(cost["value"].iloc[-1], MONEY, words) + MARK], []]


def own_doubts(year: int) -> set[str]:
    return {code for _, at, code in comparison.doubtful_figures([MONEY.id]) if at == year}
