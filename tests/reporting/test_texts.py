"""Sentences: true to the figures, whole in both languages, and inert whatever a name holds."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from report_cases import CASES, CATALOGUE, MONEY, PASSPORTS, RESULT, SCHOOLS, Case, case, every_text

import benchlib as bl
from benchlib.comparison import ComparisonGroup, Profile
from benchlib.reporting import Words, say, texts
from benchlib.reporting.figures import full_value, listed, short_value
from benchlib.reporting.texts.position import cost_sentence, result_sentence

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
    assert f" {len(it.scores.better)} " in better
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
        "Rank in the group: 3rd of 11."
    )
    assert better == (
        "Of the other 34 municipalities, 8 spend no more per pupil and reach at least the same result: Valka municipality, "
        "Saulkrasti municipality, Olaine municipality, Ādaži municipality, Ogre municipality, Talsi municipality, and 2 more."
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
        "members_with_figure": 9,
        "room_to_median_eur": np.nan,
        "volume": 1000.0,
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


# --- who ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "territory", "expected"),
    [
        ("Bauskas novads", "2025", "Bauska municipality consists of 4 former municipalities: Bauska"),
        ("Preiļu novads", "2025", "Aglona municipality in part (34% of its area), Preiļi municipality,"),
        ("Ropažu novads", "2025", "Inčukalns municipality in part (46% of its population)"),
        ("Rīga", "2025", "The 2021 reform did not change the borders of Rīga."),
        ("Rīga", "2009", "The 2021 reform did not change Rīga."),
        ("Alūksnes novads", "2009", "The 2021 reform did not change Alūksne municipality."),
        ("Vecumnieku novads", "2009", "until 30 June 2021; its territory now belongs to: Bauska municipality."),
        ("Aglonas novads", "2009", "now belongs to: Krāslava municipality and Preiļi municipality."),
        ("Varakļānu novads", "2009", "until 30 June 2025; its territory now belongs to: Madona municipality."),
        ("Ogres novads", "2009", "Since the 2021 reform Ogre municipality also holds the territory of: Ikšķile"),
        ("Preiļu novads", "2009", "holds the territory of: Aglona municipality (in part), Riebiņi municipality, and"),
        ("Varakļānu novads", "2021", "did not change the borders of Varakļāni municipality"),
    ],
)
def test_origin(name: str, territory: str, expected: str) -> None:
    unit = bl.find_municipality(name, territory)  # type: ignore[arg-type]
    parts = None if territory == "2009" else bl.former_municipalities(unit.code)
    assert expected in texts.origin(unit, parts, EN)


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (1, "Salīdzinājuma grupa ir 1 pēc apstākļiem līdzīgākā pašvaldība ("),
        (2, "Salīdzinājuma grupa ir 2 pēc apstākļiem līdzīgākās pašvaldības ("),
        (10, "Salīdzinājuma grupa ir 10 pēc apstākļiem līdzīgākās pašvaldības ("),
        (11, "Salīdzinājuma grupa ir 11 pēc apstākļiem līdzīgākās pašvaldības ("),
        (21, "Salīdzinājuma grupa ir 21 pēc apstākļiem līdzīgākā pašvaldība ("),
    ],
)
def test_the_number_of_look_alikes_rules_the_words(count: int, expected: str) -> None:
    group = bl.comparison_group("Bauskas novads", year=2013, size=count)
    assert texts.group_sentence(group, PASSPORTS, LV).startswith(expected)
    english = texts.group_sentence(group, PASSPORTS, EN)
    assert ("municipality most alike" if count == 1 else "municipalities most alike") in english
    assert ("more." in english) == (count > 7), "after six the rest is counted"


@pytest.mark.parametrize(
    ("word", "lv", "en"),
    [
        ("region", "plānošanas reģions (Zemgale): Jelgava,", "is the planning region Zemgale: Jelgava,"),
        ("kind", "Salīdzinājuma grupa – novadi: Aizkraukles", "is all novadi: Aizkraukle"),
        ("all", "ir visas pašvaldības: Rīga,", "is all municipalities: Rīga,"),
        ("network:T1", "sadarbības tīkla T1 dalībnieki: Kuldīgas novads un", "network T1: Kuldīga municipality and"),
        ("own: Ogres novads", "izvēlēta pēc saraksta: Ogres novads.", "chosen by name: Ogre municipality."),
        (
            "own: Jelgavas novads",
            "Jelgavas novadu nav ar ko salīdzināt",
            "Jelgava municipality is compared with itself",
        ),
    ],
)
def test_group_sentence_by_word(word: str, lv: str, en: str) -> None:
    group = bl.comparison_group("Jelgavas novads", group=word, year=2013)
    assert lv in texts.group_sentence(group, PASSPORTS, LV)
    assert en in texts.group_sentence(group, PASSPORTS, EN)
    assert ("incomplete" in texts.group_sentence(group, PASSPORTS, EN)) == word.startswith("network")


def test_the_map_marks_the_heirs() -> None:
    split = case("split")
    own, others = texts.tiles_of(split.unit, split.group)
    assert own == ["0032000", "0042000"]
    assert others == [], "Krāslava, Dagda and Preiļi lie in the same two municipalities today"
    own, others = texts.tiles_of(case("former").unit, case("former").group)
    assert own == ["0025000"]
    assert own[0] not in others
    assert set(others) <= {unit.code for unit in bl.classification("2025")}


def test_the_age_of_the_figures() -> None:
    assert "of 2013: for years after 2013 no comparable" in texts.age_note(2013, SCHOOLS, EN)
    assert "of 2011: for years after 2013 no comparable" in texts.age_note(2011, SCHOOLS, EN), "2012 and 2013 exist"


def test_context_facts_show_what_is_missing() -> None:
    context = case("bauska").context
    table = context.table.assign(value=np.nan)
    cards = texts.context_facts(replace(context, table=table), PASSPORTS, LV)
    assert {card.value for card in cards} == {"nav datu"}
    cards = texts.context_facts(context, PASSPORTS, EN)
    assert [card.label for card in cards][:2] == ["Registered population, inhabitants", "Area, km²"]


# --- how it stands -----------------------------------------------------------------------------------------------------


def standing(*lights: str, shown: bool = True) -> str:
    ids = [MONEY.id, RESULT.id, "exam_grade9_latvian", "exam_grade9_english"][: len(lights)]
    table = pd.DataFrame(
        {"indicator": ids, "direction": 1, "light": lights, "value": [1.0 if shown else np.nan] * len(ids)}
    )
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
    assert "carry no margin of error" in text
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


# --- doubt -------------------------------------------------------------------------------------------------------------


def of_parts(statuses: list[str], indicator: str = MONEY.id, parts: int = 2, basis: str = "") -> pd.DataFrame:
    return pd.DataFrame({"status": statuses, "indicator": indicator, "parts": parts, "share_basis": basis})


@pytest.mark.parametrize(
    ("count", "lv"),
    [(1, "1 vērtība ir"), (2, "2 vērtības ir"), (10, "10 vērtības ir"), (11, "11 vērtības ir"), (21, "21 vērtība ir")],
)
def test_carried_and_estimated_figures_are_counted(count: int, lv: str) -> None:
    unit = bl.find_municipality("Rīga")
    for status in ("harmonised", "estimated"):
        figures = of_parts([status] * count + ["observed"])
        bullets = texts.doubt_bullets(unit, figures, SCHOOLS, CATALOGUE, pd.DataFrame(), LV)
        assert bullets[0].startswith(lv)
        assert len(bullets) == 3, "and the caveats of input and output"
        english = texts.doubt_bullets(unit, figures, SCHOOLS, CATALOGUE, pd.DataFrame(), EN)[0]
        assert english.startswith(f"{count} figure{'s' if count > 1 else ''} ")


def test_what_the_reform_left_alone_is_not_doubted() -> None:
    def first(parts: int, basis: str = "") -> str:
        figures = of_parts(["harmonised"], parts=parts, basis=basis)
        rows = figures.loc[figures["status"] == "harmonised"]
        return texts.doubt_bullets(bl.find_municipality("Rīga"), rows, SCHOOLS, CATALOGUE, pd.DataFrame(), EN)[0]

    assert first(1).startswith("Education expenditure per pupil: "), "one whole part: the figure as published"
    assert first(2).startswith("1 figure was carried over")
    assert first(1, "population").startswith("1 figure was carried over"), "a part of a split unit"
    city = case("city")
    bullets = texts.doubt_bullets(city.unit, city.figures, SCHOOLS, CATALOGUE, city.sensitivity, EN)
    assert not any("carried over" in bullet for bullet in bullets)


def test_a_split_shows_its_range() -> None:
    it = case("split heir")
    row = it.sensitivity.set_index("indicator").loc[MONEY.id]
    bullets = texts.doubt_bullets(it.unit, it.figures, SCHOOLS, CATALOGUE, it.sensitivity, EN)
    (bullet,) = (text for text in bullets if "was split" in text and MONEY.name["en"] in text)
    assert bullet.startswith(
        "Aglona municipality was split; depending on the share, Education expenditure per pupil (2013)"
    )
    assert bullet.endswith(f"between {EN.euro(row['low'])} and {EN.euro(row['high'])}.")
    former = texts.former_sentences(it.labelled(EN), PASSPORTS, EN)
    assert former[-1] == "Aglona municipality came here only in part; its figures are those of the whole."


def test_a_doubtful_figure_of_a_part_is_told_under_its_heir() -> None:
    doubt = next(d for d in CATALOGUE.registry.doubts if d.measure == "income_tax_per_inhabitant")
    talsi = bl.find_municipality("Talsu novads")
    assert doubt.territory in set(bl.former_municipalities(talsi.code)["code"])
    figures = of_parts(["observed"], "income_tax_per_inhabitant")
    text = " ".join(texts.doubt_bullets(talsi, figures, SCHOOLS, CATALOGUE, pd.DataFrame(), EN))
    assert doubt.reason["en"] in text
    elsewhere = texts.doubt_bullets(bl.find_municipality("Rīga"), figures, SCHOOLS, CATALOGUE, pd.DataFrame(), EN)
    assert doubt.reason["en"] not in " ".join(elsewhere)
    other = figures.assign(indicator=MONEY.id)
    assert doubt.reason["en"] not in " ".join(
        texts.doubt_bullets(talsi, other, SCHOOLS, CATALOGUE, pd.DataFrame(), EN)
    ), "a doubt about a figure that the report does not show is not its business"


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
