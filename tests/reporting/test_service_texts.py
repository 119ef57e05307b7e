"""The sentences about a service: true to the figures, whole in both languages, and right in each variant."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest
from report_cases import PASSPORTS, SCHOOLS
from service_cases import CASES, Case, case, every_text, named, with_methods, with_outliers, with_savings

from benchlib.comparison import ReformGains
from benchlib.efficiency import dea
from benchlib.reporting import Name, Words, say, texts
from benchlib.reporting.texts.services.service import usual_places
from benchlib.reporting.values import efficiency_value

LV, EN = Words("lv"), Words("en")
BOTH = pytest.mark.parametrize("words", [LV, EN], ids=["lv", "en"])
ENGLISH = re.compile(r"\b(the|of|and|is|are|with|municipalit\w+|group|figures?|compared|other|year|per|its)\b", re.I)


def reform_of(name: str) -> ReformGains:
    found = case(name).reform
    assert found is not None
    return found


# --- every sentence, every case ----------------------------------------------------------------------------------------


@BOTH
@pytest.mark.parametrize("name", CASES)
def test_every_sentence_is_whole(name: str, words: Words) -> None:
    found = list(every_text(case(name), words))
    assert len(found) > 15
    for where, text in found:
        assert text.strip() == text, where
        assert not re.search(r"[{}]|\bnan\b|None(?! of)|<NA>|\binf\b|…|\.\.|: \.|\(\)|, ,| ,", text), f"{where}: {text}"
        assert text[0].isupper() or text[0].isdigit() or text.startswith(("**", "„", "“")), f"{where}: {text}"
        assert where == "title" or text[-1] == ".", f"{where}: {text}"
        if words is LV:
            assert not ENGLISH.search(text), f"{where} is English: {text}"


def test_both_languages_say_as_much() -> None:
    for name in CASES:
        assert [where for where, _ in every_text(case(name), LV)] == [where for where, _ in every_text(case(name), EN)]


def test_the_summary_repeats_no_sentence_of_the_report() -> None:
    for name in ("today", "former"):
        said = list(every_text(case(name), EN))
        summary = {text for where, text in said if where == "summary"}
        below = {text for where, text in said if where != "summary"}
        doubt = {text for text in summary if text.startswith("The frontier rests in part on doubtful figures")}
        assert summary & below == doubt, "but for the warning, which cannot be said too often"


# --- numbers -----------------------------------------------------------------------------------------------------------


@BOTH
@pytest.mark.parametrize("name", ["today", "former"])
def test_the_summary_says_the_numbers_of_the_results(name: str, words: Words) -> None:
    it, names = case(name), named(words.language)
    efficiency = it.overview.dea.efficiency
    points = texts.service_summary(it.overview, it.reform, names, PASSPORTS, words)
    best, order, examples = points[0], points[-4], points[-3]
    assert f"**{(efficiency == 1).sum()}" in best
    assert f"{len(efficiency)}**" in best
    assert f"**{words.number(np.median(efficiency), 2)}**" in best
    certainty = it.overview.certainty
    assert certainty is not None
    places = (certainty.scores["rank_high"] - certainty.scores["rank_low"] + 1).median()
    assert words.number(places) in order
    first = it.overview.teachers.iloc[0]
    assert f"{names[first['peer']]} ({first['learners']})" in examples
    savings = reform_of(name).savings
    for part in ("learning_pct", "merging_pct"):
        assert words.percent(savings[part].median(), 1) in points[-1]
    assert str(len(savings)) in points[-1]
    assert {"en": "without an interval", "lv": "bez intervāla"}[words.language] in points[-1]
    caveat = {"en": "distance to school, closing of schools", "lv": "ceļš līdz skolai, skolu slēgšana"}[words.language]
    assert caveat in points[-1], "a saving is never told without what it leaves out"


def test_sentences_in_full() -> None:
    names = named("en")
    assert texts.service_title(SCHOOLS, 2013, EN) == "Schools (grades 1-9): all municipalities compared, 2013"
    assert texts.service_title(SCHOOLS, 2013, LV) == "Skolas (1.–9. klase): visu pašvaldību salīdzinājums, 2013. gads"
    assert texts.spread_sentences(case("today").overview, names, EN) == [
        "The frontier of best practice is spanned by 3 municipalities: Liepāja, Ventspils, and Ķekava municipality.",
        "An efficiency of 0.62 (the median) means: the best practice reaches at least the same result with 38% less "
        "expenditure.",
    ]
    assert texts.sample_sentences(case("former").overview, names, EN)[1].startswith(
        "112 municipalities have complete figures and are compared. 7 have not: Viļaka municipality, Gulbene municipality"
    )


@BOTH
def test_who_is_left_out_is_named_one_by_one(words: Words) -> None:
    overview, names = case("former").overview, named(words.language)
    text = " ".join(texts.sample_sentences(overview, names, words))
    assert len(overview.left_out) == 7
    for unit in overview.left_out["unit"]:
        assert names[unit] in text
    assert SCHOOLS.caveats[words.language] in text


@BOTH
def test_the_doubtful_on_the_frontier_are_named_and_what_is_without_them(words: Words) -> None:
    overview, names = case("former").overview, named(words.language)
    spread = texts.spread_sentences(overview, names, words)
    without = np.median(np.minimum(overview.trusted_dea.efficiency, 1.0))
    assert names["0604300"] in spread[-1]
    assert words.number(without, 2) in spread[-1]
    assert without > np.median(overview.dea.efficiency) + 0.1
    today = texts.spread_sentences(case("today").overview, names, words)
    assert len(today) == len(spread) - 1, "doubtful figures inside the frontier are no reason to worry"
    lessons = texts.lesson_sentences(overview, names, words)
    assert names["0604300"] in lessons[-1]
    assert len(texts.lesson_sentences(replace(overview, doubtful=()), names, words)) == 3


@BOTH
def test_certainty_in_numbers(words: Words) -> None:
    overview = case("today").overview
    assert overview.certainty is not None
    table = overview.certainty.scores
    text = texts.certainty_sentence(overview, words)
    assert words.number((table["high"] - table["low"]).median(), 2) in text
    assert words.number((table["rank_high"] - table["rank_low"] + 1).median()) in text
    assert "42" in text
    assert np.isnan(usual_places(case("bare").overview))


@BOTH
def test_kinds_in_numbers(words: Words) -> None:
    overview = case("today").overview
    sentences = texts.kinds_sentences(overview, words)
    for row, text in zip(overview.kinds.groups.to_dict("records"), sentences, strict=True):
        assert f"({row['units']})" in text
        for column in ("group_efficiency_mean", "meta_efficiency_mean"):
            assert words.number(row[column], 2) in text
        assert words.percent(100 * row["technology_gap_mean"], 0) in text


def test_the_methods_that_agree_least() -> None:
    overview = case("today").overview
    found = overview.methods.correlations
    least = found.where(~np.eye(len(found), dtype=bool)).min(axis=None)
    text = texts.agreement_sentence(overview, EN)
    assert f"(rank correlation {least:.2f})" in text
    row, column = np.argwhere(found.to_numpy() == least)[0]
    first, second = found.index[row], found.index[column]
    words_of = {"dea": "“DEA”", "bootstrap": "“DEA, corrected”", "fdh": "“FDH”", "order_m": "“order-m”"}
    assert words_of[first] in text
    assert words_of[second] in text
    assert f"by {overview.methods.ranges['spread'].median():.0f} from method to method" in text
    assert text.endswith("No difference between the municipalities is found by: SFA."), "its residuals are skewed"


@BOTH
def test_context_in_words(words: Words) -> None:
    overview = case("today").overview
    effects = overview.context.effects
    sure = effects[effects["is_significant"]]
    sentences = texts.context_sentences(overview, PASSPORTS, words)
    assert len(sentences) == 1 + len(sure)
    assert str(len(sure)) in sentences[0]
    assert str(len(effects)) in sentences[0]
    lower = words.gettext("Where “{name}” is greater, efficiency is lower.")
    higher = words.gettext("Where “{name}” is greater, efficiency is higher.")
    for row, text in zip(sure.to_dict("records"), sentences[1:], strict=True):
        expected = higher if row["change"] < 0 else lower
        assert text == expected.format(name=PASSPORTS[row["indicator"]].name[words.language])
    alt = texts.context_texts(overview, PASSPORTS, words)["alt"]
    for name in effects["indicator"]:
        assert PASSPORTS[name].name[words.language] in alt


# --- variants ----------------------------------------------------------------------------------------------------------


@BOTH
def test_without_certainty_nothing_is_said_about_it(words: Words) -> None:
    it = case("bare")
    assert texts.certainty_sentence(it.overview, words) == ""
    assert texts.intervals_texts(it.overview, named(words.language), words) == {"alt": "", "caption": ""}
    summary = texts.service_summary(it.overview, None, named(words.language), PASSPORTS, words)
    assert len(summary) == 3, "the field, examples, context"


@BOTH
def test_without_a_regression_that_is_said(words: Words) -> None:
    overview = case("bare").overview
    (sentence,) = texts.context_sentences(overview, PASSPORTS, words)
    assert sentence == words.gettext("What context has to do with the scores cannot be estimated from these figures.")
    assert sentence in texts.service_summary(overview, None, named(words.language), PASSPORTS, words)


@BOTH
def test_no_significant_condition(words: Words) -> None:
    overview = case("today").overview
    assert overview.context.result is not None
    table = overview.context.result.coefficients.assign(is_significant=False, direction="unclear")
    context = replace(overview.context, result=replace(overview.context.result, coefficients=table))
    (sentence,) = texts.context_sentences(replace(overview, context=context), PASSPORTS, words)
    assert "5" in sentence
    assert sentence in texts.service_summary(
        replace(overview, context=context), None, named(words.language), PASSPORTS, words
    )


def test_one_method_is_not_compared() -> None:
    overview = case("bare").overview
    assert texts.agreement_sentence(replace(overview, failed={}), EN) == ""
    assert texts.agreement_sentence(overview, EN) == (
        "These methods cannot be applied to these figures and are left out: DEA, corrected."
    )
    alt = texts.ranks_texts(overview, named("en"), EN)["alt"]
    assert alt == "Ranks of 42 municipalities by the methods “FDH”."


def test_methods_that_are_silent_are_not_drawn_and_not_described() -> None:
    overview = with_methods(case("today"), "sfa", "dea")
    assert overview.methods.telling == ("dea",)
    assert texts.agreement_sentence(overview, EN) == "No difference between the municipalities is found by: SFA."
    assert "SFA" not in texts.ranks_texts(overview, named("en"), EN)["alt"]


@BOTH
def test_the_place_that_depends_most_on_the_method(words: Words) -> None:
    overview, names = case("former").overview, named(words.language)
    widest = overview.methods.ranges.sort_values(["spread", "unit"], ascending=[False, True]).iloc[0]
    alt = texts.ranks_texts(overview, names, words)["alt"]
    assert words.rank(widest["best"]) in alt
    assert words.rank(widest["worst"]) in alt
    assert f"{names[widest['unit']]:gen}" in alt


def test_what_efficiency_means_follows_the_orientation() -> None:
    names, today = named("en"), case("today").overview
    turned = replace(today, service=replace(SCHOOLS, orientation="output"))
    median = np.median(today.dea.efficiency)
    assert f"a result that is {100 * (1 / median - 1):.0f}% greater with the same expenditure" in " ".join(
        texts.spread_sentences(turned, names, EN)
    )


@BOTH
def test_outliers_or_none(words: Words) -> None:
    names, some = named(words.language), case("today").overview
    found = some.outliers.scores.loc[some.outliers.scores["is_outlier"], "unit"]
    assert len(found)
    text = texts.outlier_sentences(some, names, words)[0]
    assert all(names[unit] in text for unit in found)
    nobody = replace(some, outliers=replace(some.outliers, scores=some.outliers.scores.assign(is_outlier=False)))
    assert texts.outlier_sentences(nobody, names, words)[0] == words.gettext(
        "No municipality stands out so far from the others, or drives their scores so much, that it would have to be "
        "checked first."
    )
    assert with_outliers(case("today"), 1.0001).outliers.info["n_outliers"] >= len(found)


# --- the reform --------------------------------------------------------------------------------------------------------


def test_gains_and_losses_of_mergers() -> None:
    names, gains = named("en"), reform_of("today")
    three = with_savings(gains, size=[0.9, 1.1, 0.99999])
    units = [names[unit] for unit in three.gains.scores["unit"]]
    text = " ".join(texts.reform_sentences(three, names, EN))
    assert "3 mergers of the reform can be assessed." in text
    # Learning saves 20 %; merging 0.8 * 10 % = 8 %, 0.8 * -10 % = -8 % and nothing.
    assert "could have saved 20.0% of the joint expenditure; merging itself promised no saving." in text
    assert f"to be expected in {units[0]}: 8.0%." in text
    assert f"For 1 merger the figures of before the reform speak of a loss: {units[1]}." in text
    only_gains = " ".join(texts.reform_sentences(with_savings(gains, size=[0.9, 0.95]), names, EN))
    assert "could have saved 20.0% of the joint expenditure, and merging itself 6.0% more." in only_gains
    assert "loss" not in only_gains
    only_losses = " ".join(texts.reform_sentences(with_savings(gains, size=[1.1, 1.2]), names, EN))
    assert "greatest saving" not in only_losses
    assert "For 2 mergers" in only_losses


@BOTH
def test_nothing_to_assess(words: Words) -> None:
    none = with_savings(reform_of("today"), size=[np.nan, np.nan])
    assert texts.reform_sentences(none, named(words.language), words) == [
        words.gettext("No merger can be assessed with the figures of this year.")
    ]
    summary = texts.service_summary(case("today").overview, none, named(words.language), PASSPORTS, words)
    assert len(summary) == len(
        texts.service_summary(case("today").overview, None, named(words.language), PASSPORTS, words)
    )


@BOTH
@pytest.mark.parametrize("name", ["today", "former"])
def test_who_is_not_assessed_or_not_whole_is_named(name: str, words: Words) -> None:
    gains, names = reform_of(name), named(words.language)
    text = " ".join(texts.reform_sentences(gains, names, words))
    assert len(gains.unknown) == 5
    assert gains.incomplete
    for unit in (*gains.unknown, *gains.incomplete):
        assert names[unit] in text


@BOTH
def test_the_note_says_which_years(words: Words) -> None:
    text = texts.reform_note(reform_of("former"), 2012, words)
    assert "2012" in text
    assert "2013" in text, "pupils are of another year"


# --- Latvian -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (1, "Vēl 1 gadījumu novērtēt nevar"),
        (2, "Vēl 2 gadījumus novērtēt nevar"),
        (10, "Vēl 10 gadījumus novērtēt nevar"),
        (21, "Vēl 21 gadījumu novērtēt nevar"),
    ],
)
def test_latvian_plurals(count: int, expected: str) -> None:
    gains = reform_of("today")
    codes = gains.gains.scores["unit"].tolist()
    rows = gains.left_out.head(0)
    for code in codes[:count]:
        rows.loc[len(rows)] = [code, "0400200", "doubtful"]
    text = " ".join(texts.reform_sentences(replace(gains, left_out=rows), named("lv"), LV))
    assert expected in text


def test_one_municipality_on_the_frontier_in_the_singular() -> None:
    today = case("today").overview
    is_first = np.arange(42)[:, None] == 0
    sample = replace(
        today.sample, X=np.where(is_first, 1.0, today.sample.X), Y=np.where(is_first, 99.0, today.sample.Y)
    )
    sentences = texts.spread_sentences(replace(today, sample=sample, dea=dea(sample)), named("lv"), LV)
    assert sentences[0] == "Labākās prakses robežu veido 1 pašvaldība: Rīga."


def test_names_stand_in_the_right_case() -> None:
    said = " ".join(text for _, text in every_text(case("today"), LV))
    assert re.search(r"bija gaidāms \w+ novadā:", said)
    assert re.search(r"atkarīga ir \w+ novada vieta", said)
    assert not re.search(r"\d\.\.", said)


# --- hostile names, values ---------------------------------------------------------------------------------------------


@BOTH
def test_hostile_names_are_inert(words: Words) -> None:
    evil = "<img src=x onerror=alert(1)>{0}{m.__class__}%s novads"
    names = {code: Name(evil, words.language) for code in named(words.language)}
    it: Case = case("former")
    stem = evil.removesuffix("novads")
    said = [
        *texts.service_summary(it.overview, it.reform, names, PASSPORTS, words),
        *texts.reform_sentences(reform_of("former"), names, words),
        *texts.outlier_sentences(it.overview, names, words),
        texts.ranks_texts(it.overview, names, words)["alt"],
    ]
    found = [text for text in said if stem in text]
    assert len(found) > 5
    for text in found:
        (block,) = say(text)
        assert "<img" not in block.__html__()  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("value", "expected"),
    [(1.0, "1.00"), (0.997, "0.997"), (0.99996, "0.99996"), (0.99, "0.99"), (0.616, "0.62"), (1.2, "1.20")],
)
def test_only_the_frontier_is_one(value: float, expected: str) -> None:
    assert efficiency_value(value, EN) == expected
    assert efficiency_value(float("nan"), EN) == "…"
