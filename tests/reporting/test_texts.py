"""Sentences: true to the figures, whole in both languages, and inert whatever a name holds."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from report_cases import CASES, MONEY, PASSPORTS, RESULT, SCHOOLS, Case, case, every_text

import benchlib as bl
from benchlib.comparison import ComparisonGroup, Profile
from benchlib.reporting import Words, say, texts
from benchlib.reporting.texts.position import cost_sentence, result_sentence
from benchlib.reporting.values import full_value, listed, short_value

LV, EN = Words("lv"), Words("en")
BOTH = pytest.mark.parametrize("words", [LV, EN], ids=["lv", "en"])
ENGLISH = re.compile(r"\b(the|of|and|is|are|with|municipalit\w+|group|figures?|compared|other|year|per|its)\b", re.I)


def plain(text: str) -> str:
    return text.replace("\N{NARROW NO-BREAK SPACE}", " ").replace("\N{NO-BREAK SPACE}", " ")


# --- every sentence, every case ----------------------------------------------------------------------------------------


@BOTH
@pytest.mark.parametrize("name", CASES)
def test_every_sentence_is_whole(name: str, words: Words) -> None:
    found = list(every_text(case(name), words))
    assert len(found) > 40
    for where, text in found:
        assert text.strip() == text, where
        assert text, where
        assert not re.search(r"[{}]|\bnan\b|None(?! of)|\bNaT\b|\binf\b|[^\d]\.\.|: \.|\(\)|, ,| ,", text), (
            f"{where}: {text}"
        )
        assert text[0].isupper() or text[0].isdigit() or text.startswith(("**", "„", "“")), f"{where}: {text}"
        if not where.startswith(("title", "facts")):
            assert text[-1] in ".!?", f"{where}: {text}"
        if words is LV:
            assert not ENGLISH.search(text), f"{where} is English: {text}"


def test_both_languages_say_as_much() -> None:
    for name in CASES:
        it = case(name)
        assert [where for where, _ in every_text(it, LV)] == [where for where, _ in every_text(it, EN)]


def test_names_stand_in_the_right_case() -> None:
    text = " ".join(sentence for _, sentence in every_text(case("bauska"), LV))
    assert "Bauskas novadu veido 4 bijušās pašvaldības" in text
    assert "Bauskas novada DEA rādītājs" in text
    city = " ".join(sentence for _, sentence in every_text(case("city"), LV))
    assert "2021. gada reforma Jelgavas robežas nemainīja." in city
    assert "Jelgavas DEA rādītājs" in city
    unscored = " ".join(sentence for _, sentence in every_text(case("unscored"), LV))
    assert "Ādažu novadam rādītāja nav" in unscored
    assert "par Ādažu novadu datu nav" in unscored


# --- numbers -----------------------------------------------------------------------------------------------------------


@BOTH
def test_the_summary_says_the_numbers_of_the_tables(words: Words) -> None:
    it = case("bauska")
    money, result = it.profile.row(MONEY.id), it.profile.row(RESULT.id)
    score = it.scores.table.set_index("method").loc["dea"]
    cost, quality, better, efficiency, room = texts.summary(it.profile, it.scores, it.kin, MONEY, RESULT, words)
    assert f"**{words.euro(money['value'])}**" in cost
    assert words.euro(money["median"]) in cost
    assert f"**{words.percent(result['value'], 1)}**" in quality
    assert words.rank(result["rank"], result["members_with_figure"]) in quality
    assert re.search(rf"\b{len(it.scores.better)}\b", better)
    for column in ("efficiency", "low", "high"):
        assert words.number(score[column], 2) in efficiency
    assert words.euro(round(money["room_to_median_eur"], -3)) in room
    assert words.number(money["volume"]) in room


def test_a_sentence_in_full() -> None:
    cost, quality, better, *_ = texts.summary(
        case("bauska").profile, case("bauska").scores, case("bauska").kin, MONEY, RESULT, EN
    )
    assert cost == (
        "In 2013, Bauska municipality spent **€1,581** on education per pupil: €78 more than the median of its comparison "
        "group (€1,503)."
    )
    assert plain(quality) == (
        "The mean result of the four grade 9 examinations was **61.3%**, higher than the median of the group (60.0%). "
        "Rank in the group: 3rd of 11 (1st–\N{WORD JOINER}3rd of 10–\N{WORD JOINER}11)."
    )
    assert better == (
        "Of the other 34 municipalities, 8 spend no more per pupil and reach at least the same result: Valka municipality, "
        "Saulkrasti municipality, Olaine municipality, Ādaži municipality, Ogre municipality\N{NO-BREAK SPACE}?, Talsi municipality, "
        "and 2 more. ?: doubtful figure."
    )


def made_up(passport: str, own: float, median: float, **fields: object) -> Profile:
    """A profile of one indicator with typed-in numbers."""
    unit = bl.find_municipality("Bauskas novads")
    row = {
        "indicator": passport,
        "year": 2013,
        "value": own,
        "median": median,
        "rank": np.nan,
        "rank_low": np.nan,
        "rank_high": np.nan,
        "members_with_figure": 9,
        "median_level": 0.96,
        "room_to_median_eur": np.nan,
        "room_to_median_low_eur": np.nan,
        "room_to_median_high_eur": np.nan,
        "volume": 1000.0,
        "volume_year": 2013.0,
    }
    table = pd.DataFrame([row | fields])
    return Profile(unit, ComparisonGroup("all", unit, (unit,), "2025"), 2013, table, pd.DataFrame())


def number_in(text: str) -> float:
    return float(re.sub(r"[^\d.]", "", text))


@settings(max_examples=200, deadline=None)
@given(st.floats(0, 4000, width=32), st.floats(-3, 3, width=32))
def test_more_and_less_agree_with_the_numbers_shown(own: float, difference: float) -> None:
    text = cost_sentence(made_up(MONEY.id, own, abs(own + difference)), MONEY, EN)
    if "as much as" in text:
        assert EN.euro(own) == EN.euro(abs(own + difference))
        return
    shown, gap, median = (number_in(found) for found in re.findall(r"€([\d,]+)", text))
    assert gap > 0, text
    assert (shown - median) == (gap if " more than " in text else -gap), text


@settings(max_examples=200, deadline=None)
@given(st.floats(0, 100, width=32), st.floats(-0.25, 0.25, width=32))
def test_higher_and_lower_agree_with_the_numbers_shown(own: float, difference: float) -> None:
    text = result_sentence(made_up(RESULT.id, own, abs(own + difference)), RESULT, EN)
    if "the same as" in text:
        assert EN.percent(own, 1) == EN.percent(abs(own + difference), 1)
        return
    shown, median = (number_in(found) for found in re.findall(r"([\d.]+)%", text))
    assert (" higher than " in text) == (shown > median), text
    assert (" lower than " in text) == (shown < median), text


@pytest.mark.parametrize(
    ("room", "expected"),
    [
        (1_321_400.0, "about €1,321,000 a year would be freed for 1,000 pupils"),
        (-14_300.0, "the schools would cost about €14,000 a year more"),
        (499.0, ""),
        (-120.0, ""),
        (0.0, ""),
        (np.nan, ""),
    ],
)
def test_room_for_manoeuvre(room: float, expected: str) -> None:
    text = texts.room_sentence(made_up(MONEY.id, 1.0, 1.0, room_to_median_eur=room), MONEY, EN)
    assert expected in text
    assert bool(text) == bool(expected), "nothing is said about nothing"
    assert "interval" not in text, "one member has no interval"


@pytest.mark.parametrize(
    ("low", "high", "is_clear"),
    [(20_000.0, 60_000.0, True), (-20_000.0, 60_000.0, False), (0.0, 60_000.0, False), (-5_400.0, -1_200.0, True)],
)
def test_a_room_whose_interval_covers_zero_is_not_told_from_the_median(low: float, high: float, is_clear: bool) -> None:
    room = {
        "room_to_median_eur": (low + high) / 2,
        "room_to_median_low_eur": low,
        "room_to_median_high_eur": high,
        "median_level": 0.9375,
    }
    text = texts.room_sentence(made_up(MONEY.id, 1.0, 1.0, **room), MONEY, EN)
    assert ("cannot be distinguished from the median" in text) != is_clear
    assert f"lies between {EN.euro(round(low, -3), sign=True)} and {EN.euro(round(high, -3), sign=True)}" in text
    assert "(94%)" in text, "the level that few members reach, not the one wished for"
    latvian = texts.room_sentence(made_up(MONEY.id, 1.0, 1.0, **room), MONEY, LV)
    assert ("nevar droši atšķirt" in latvian) != is_clear


@BOTH
def test_the_trend_says_first_and_last_year(words: Words) -> None:
    it = case("bauska")
    rows = it.development.loc[it.development["indicator"] == MONEY.id]
    sentence = next(
        text for text in texts.trend_sentences(it.development, PASSPORTS, words) if MONEY.name[words.language] in text
    )
    for part in (rows.iloc[0], rows.iloc[-1]):
        assert short_value(part["value"], MONEY, words) in sentence
        assert short_value(part["median"], MONEY, words) in sentence
        assert str(part["year"]) in sentence


@BOTH
def test_former_municipalities_from_least_to_most(words: Words) -> None:
    it = case("bauska")
    parts = it.labelled(words).query("is_part and indicator == @MONEY.id").sort_values("value")
    first = texts.former_sentences(it.labelled(words), PASSPORTS, words)[0]
    low, high = parts.iloc[0], parts.iloc[-1]
    assert f"{short_value(low['value'], MONEY, words)} ({low['label']})" in first
    assert f"{short_value(high['value'], MONEY, words)} ({high['label']})" in first
    assert first.index(str(low["label"])) < first.index(str(high["label"]))


@BOTH
def test_reach_in_euro_and_points(words: Words) -> None:
    it = case("bauska")
    table = it.scores.reach(3674.0)
    bullets = texts.reach_bullets(table, it.names(words), MONEY, RESULT, words)
    assert len(bullets) == 4
    for row, bullet in zip(table.to_dict("records"), bullets, strict=True):
        assert bullet.startswith(f"**{row['method']}** ({it.names(words)[row['peers'][0][0]]}")
        if row["orientation"] == "input":
            assert words.euro(row["input_target"]) in bullet
            assert words.euro(round(row["saving_per_user"] * 3674, -3)) in bullet
        else:
            assert words.percent(row["output_target"], 1) in bullet
    unknown = texts.reach_bullets(it.scores.reach(np.nan), it.names(words), MONEY, RESULT, words)
    assert words.euro(table["input_target"][0]) in unknown[0]
    assert MONEY.name["en"] not in unknown[0]
    few = texts.reach_bullets(it.scores.reach(0.5), it.names(words), MONEY, RESULT, words)
    assert few == unknown, "a few hundred euro are not 'about 0 a year'"


def test_the_best_name_no_peer_but_themselves() -> None:
    it = case("best")
    bullets = texts.reach_bullets(it.scores.reach(it.volume), it.names(EN), MONEY, RESULT, EN)
    assert bullets[0] == "**FDH**: nobody compared reaches the same result with less money per pupil."
    assert not any("Valka" in bullet for bullet in bullets)
    sentences = texts.efficiency_sentences(it.scores, it.kin, SCHOOLS, EN)
    assert "Valka municipality is on the frontier (1.00)" in " ".join(sentences)
    assert "None of the other 34 municipalities" in texts.better_sentence(it.scores, it.kin, EN)


def test_a_single_peer_is_named_a_mixture_is_not_called_a_municipality() -> None:
    single = texts.efficiency_sentences(case("bauska").scores, case("bauska").kin, SCHOOLS, EN)[2]
    assert single == (
        "The DEA score of Bauska municipality is 0.77: Valka municipality reaches at least the same result with 23% less "
        "money per pupil."
    )
    mixture = texts.efficiency_sentences(case("split heir").scores, case("split heir").kin, SCHOOLS, EN)[2]
    assert "a combination of the best municipalities" in mixture


# --- how it stands -----------------------------------------------------------------------------------------------------


def standing(*lights: str, shown: bool = True, low: float = np.nan) -> str:
    ids = [MONEY.id, RESULT.id, "exam_grade9_latvian", "exam_grade9_english"][: len(lights)]
    table = pd.DataFrame(
        {"indicator": ids, "direction": 1, "light": lights, "value": [1.0 if shown else np.nan] * len(ids)}
    )
    table = table.assign(rank=[1.0, 2.0, np.nan, np.nan][: len(ids)], rank_low=[low] + [np.nan] * (len(ids) - 1))
    unit = bl.find_municipality("Bauskas novads")
    group = ComparisonGroup("all", unit, (unit,), "2025")
    return " ".join(texts.standing_sentences(Profile(unit, group, 2013, table, pd.DataFrame()), PASSPORTS, EN))


def test_standing_by_light() -> None:
    text = standing("green", "red", "yellow", "none")
    assert "Among the best quarter of the group: “Education expenditure per pupil”." in text
    assert "Among the last quarter of the group: “Grade 9 examinations, mean result”." in text
    assert "No position is given for lack of figures: “Grade 9 examination in English”." in text
    assert "Latvian" not in text, "the middle half is not listed"
    assert "60%" not in text
    assert "Ranks are those of one year, so how far they move is not known" in text
    some = standing("green", "red", low=1.0)
    assert "Behind each rank stand the best and the worst one in the years around" in some
    assert "where it says “one year”, how far it moves is not known" in some
    assert "nothing is said about the municipality as a whole" in standing("none", "none", shown=False)


# --- who has no score --------------------------------------------------------------------------------------------------


@BOTH
@pytest.mark.parametrize("name", ["unscored", "split"])
def test_who_has_no_score_is_told_so(name: str, words: Words) -> None:
    it = case(name)
    assert not it.scores.is_scored
    no_score = words.gettext("{m} has no score: its figures for the year are incomplete.").format(m=words.name(it.unit))
    summary = texts.summary(it.profile, it.scores, it.kin, MONEY, RESULT, words)
    assert summary.count(no_score) == 1
    assert texts.better_sentence(it.scores, it.kin, words) == no_score
    assert texts.efficiency_sentences(it.scores, it.kin, SCHOOLS, words)[-1] == no_score
    (bullet,) = texts.reach_bullets(it.scores.reach(it.volume), it.names(words), MONEY, RESULT, words)
    assert bullet == words.gettext("Without a score nothing can be said about reaching the frontier.")
    frontier = texts.frontier_texts(it.scores, it.kin, MONEY, RESULT, words)
    assert str(words.name(it.unit)) not in frontier["alt"] + frontier["caption"]


def with_better(it: Case, count: int) -> str:
    units = [code for code in it.kin.codes if code != it.unit.code][:count]
    scores = replace(it.scores, better=pd.DataFrame({"unit": units, MONEY.id: 1.0, RESULT.id: 1.0}))
    return texts.better_sentence(scores, it.kin, EN)


def test_how_many_do_better() -> None:
    assert "34 municipalities, 1 spends no more per pupil and reaches at least" in with_better(case("bauska"), 1)
    assert "34 municipalities, 2 spend no more per pupil and reach at least" in with_better(case("bauska"), 2)
    assert with_better(case("bauska"), 7).count(" municipality") == 7, "seven names fit"
    assert "and 15 more." in with_better(case("bauska"), 21)


# --- hostile names -----------------------------------------------------------------------------------------------------

HOSTILE = "<img src=x onerror=alert(1)>{0}{m.__class__}%s novads"


@BOTH
def test_hostile_names_are_inert(words: Words) -> None:
    it = case("bauska")
    unit = replace(it.unit, name=HOSTILE, name_en=HOSTILE)
    group = replace(it.group, municipality=unit, members=(unit, *it.group.others))
    kin = replace(it.kin, municipality=unit, members=tuple(unit if t.code == unit.code else t for t in it.kin.members))
    hostile = replace(it, unit=unit, group=group, kin=kin, profile=replace(it.profile, municipality=unit, group=group))
    stem = HOSTILE.removesuffix("novads")
    named = [text for _, text in every_text(hostile, words) if stem in text]
    assert len(named) > 7
    for text in named:
        (block,) = say(text)
        html = block.__html__()  # type: ignore[attr-defined]
        assert "<img" not in html
        assert "&lt;img" in html


# --- values ------------------------------------------------------------------------------------------------------------


def test_values_in_words() -> None:
    assert plain(full_value(1581.4, MONEY, LV)) == "1 581 EUR uz skolēnu"
    assert plain(full_value(61.25, RESULT, LV)) == "61,3 %"
    assert short_value(-1581.5, MONEY, EN) == "−€1,582"
    assert short_value(3.456, PASSPORTS["schools_per_100_km2"], EN) == "3.46"
    assert short_value(np.nan, MONEY, EN) == "…"
    assert listed(["A", "B", "C"], LV) == "A, B un C"
    assert listed(["A"], EN, quoted=True) == "“A”"
    assert listed([], EN) == ""


@BOTH
def test_a_doubtful_frontier_is_said(words: Words) -> None:
    told = " ".join(texts.efficiency_sentences(case("former").scores, case("former").kin, SCHOOLS, words))
    assert ("Aglonas novads" if words.language == "lv" else "Aglona municipality") in told
    silent = texts.efficiency_sentences(case("bauska").scores, case("bauska").kin, SCHOOLS, words)
    assert not any("Aglona" in sentence for sentence in silent)
