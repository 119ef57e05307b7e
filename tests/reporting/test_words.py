"""Words: Latvian cases, notation of numbers, plural forms, and translations that are complete."""

from __future__ import annotations

import datetime
import pickle

import numpy as np
import pandas as pd
import pytest
from babel.messages.catalog import Catalog

from benchlib.errors import OptionError
from benchlib.indicators import classification
from benchlib.reporting import messages
from benchlib.reporting.words import Name, Words, _Translations, slug

LV, EN = Words("lv"), Words("en")

CASES = {
    "Rīga": "Rīgas Rīgai Rīgu Rīgā",
    "Daugavpils": "Daugavpils Daugavpilij Daugavpili Daugavpilī",
    "Jelgava": "Jelgavas Jelgavai Jelgavu Jelgavā",
    "Jēkabpils": "Jēkabpils Jēkabpilij Jēkabpili Jēkabpilī",
    "Jūrmala": "Jūrmalas Jūrmalai Jūrmalu Jūrmalā",
    "Liepāja": "Liepājas Liepājai Liepāju Liepājā",
    "Rēzekne": "Rēzeknes Rēzeknei Rēzekni Rēzeknē",
    "Valmiera": "Valmieras Valmierai Valmieru Valmierā",
    "Ventspils": "Ventspils Ventspilij Ventspili Ventspilī",
}


@pytest.mark.parametrize("name", CASES)
def test_cities_in_their_cases(name: str) -> None:
    city = Name(name, "lv")
    assert f"{city:gen} {city:dat} {city:acc} {city:loc}" == CASES[name]
    assert f"{city}" == f"{city:nom}" == name


def test_novadi_in_their_cases() -> None:
    bauska = Name("Bauskas novads", "lv")
    assert f"{bauska:gen}, {bauska:dat}, {bauska:acc}, {bauska:loc}" == (
        "Bauskas novada, Bauskas novadam, Bauskas novadu, Bauskas novadā"
    )
    assert f"{Name('Cēsu novads', 'lv'):dat}" == "Cēsu novadam"
    assert f"{Name('Latgale', 'lv'):loc}" == "Latgalē"


@pytest.mark.parametrize("territory", ["2009", "2021", "2025"])
def test_every_municipality_has_every_case(territory: str) -> None:
    for unit in classification(territory):
        name = LV.name(unit)
        assert f"{name:loc}"[-1] in "āēī", unit.name
        assert len({f"{name:dat}", f"{name:acc}", f"{name:loc}", f"{name}"}) == 4, unit.name


def test_in_english_a_name_stays_as_it_is() -> None:
    bauska = next(unit for unit in classification("2025") if unit.name == "Bauskas novads")
    assert f"{EN.name(bauska):loc}" == bauska.name_en
    assert LV.name(bauska) == "Bauskas novads"


def test_a_name_in_a_sentence_takes_the_case_of_its_language() -> None:
    sentence = "{m:loc} skolēns maksā {x}, {m:dat} tas ir daudz; {m!s:>16}"
    text = sentence.format(m=Name("Bauskas novads", "lv"), x=LV.euro(2840))
    assert text == "Bauskas novadā skolēns maksā 2\u202f840\u202f€, Bauskas novadam tas ir daudz;   Bauskas novads"


def test_a_name_survives_pickling() -> None:
    name = pickle.loads(pickle.dumps(Name("Rīga", "lv")))
    assert f"{name:loc}" == "Rīgā"


@pytest.mark.parametrize(
    ("words", "made", "expected"),
    [
        (LV, lambda w: w.number(1234567.891, 1), "1\u202f234\u202f567,9"),
        (EN, lambda w: w.number(1234567.891, 1), "1,234,567.9"),
        (LV, lambda w: w.number(-0.04, 1), "0,0"),
        (LV, lambda w: w.number(2.5), "3"),
        (LV, lambda w: w.number(1.005, 2), "1,01"),
        (LV, lambda w: w.number(np.int64(5), 1, sign=True), "+5,0"),
        (LV, lambda w: w.euro(-2840), "−2\u202f840\u202f€"),
        (EN, lambda w: w.euro(-2840), "−€2,840"),
        (EN, lambda w: w.euro(12.345, 2, sign=True), "+€12.35"),
        (LV, lambda w: w.percent(12.34), "12,3\u202f%"),
        (EN, lambda w: w.percent(-12.34), "−12.3%"),
        (LV, lambda w: w.interval(0.617, 0.81), "0,62–\N{WORD JOINER}0,81"),
        (LV, lambda w: w.interval(-3, 5, 0), "no −3 līdz 5"),
        (EN, lambda w: w.interval(-3, 5, 0), "−3 to 5"),
        (LV, lambda w: w.rank(3, 34), "3.\xa0no\xa034"),
        (EN, lambda w: w.rank(22, 34), "22nd\xa0of\xa034"),
        (
            EN,
            lambda w: " ".join(w.rank(n) for n in (1, 2, 3, 4, 11, 12, 13, 111)),
            "1st 2nd 3rd 4th 11th 12th 13th 111th",
        ),
        (LV, lambda w: w.date("2026-11-22"), "2026. gada 22. novembris"),
        (EN, lambda w: w.date(datetime.date(2026, 11, 22)), "22 November 2026"),
        (LV, lambda w: w.missing, "nav datu"),
    ],
)
def test_notation(words: Words, made: object, expected: str) -> None:
    assert made(words) == expected  # type: ignore[operator]


@pytest.mark.parametrize("missing", [None, float("nan"), np.nan, pd.NA, pd.NaT])
def test_missing_is_shown_as_missing(missing: object) -> None:
    for form in (LV.number, LV.euro, LV.percent, LV.points, LV.rank):
        assert form(missing) == "…"
    assert LV.date(None) == "…"


@pytest.mark.parametrize("wrong", ["12", float("inf")])
def test_what_is_no_number_is_refused(wrong: object) -> None:
    with pytest.raises(OptionError, match="not a number"):
        LV.number(wrong)


def test_latvian_has_three_plural_forms() -> None:
    points = [LV.points(x, 0) for x in (0, 1, 2, 9, 10, 11, 19, 20, 21, 111, 121)]
    forms = [
        "procentpunktu",
        "procentpunkts",
        "procentpunkti",
        "procentpunkti",
        "procentpunktu",
        "procentpunktu",
        "procentpunktu",
        "procentpunktu",
        "procentpunkts",
        "procentpunktu",
        "procentpunkts",
    ]
    assert [point.split()[-1] for point in points] == forms
    assert [EN.points(x, 0) for x in (0, 1, 2)] == ["0 percentage points", "1 percentage point", "2 percentage points"]
    assert [LV.points(x) for x in (1.1, -3.4, 10)] == ["1,1 procentpunkts", "−3,4 procentpunkti", "10,0 procentpunktu"]


def test_the_language_is_checked() -> None:
    with pytest.raises(OptionError, match="language='de'"):
        Words("de")  # type: ignore[arg-type]


def test_every_sentence_is_translated_with_the_same_fields() -> None:
    problems = messages.problems(messages.find_messages(), messages.read_catalog())
    assert not problems, "translate in benchlib/reporting/locale/lv.po:\n" + "\n".join(problems)


def test_the_translations_are_in_order() -> None:
    written = (messages.LOCALE_FOLDER / "lv.po").read_bytes()
    expected = messages.update(messages.find_messages(), messages.read_catalog())
    assert written.decode() == expected.decode(), "run python -m benchlib.reporting.messages"


def test_fuzzy_and_missing_translations_stay_english() -> None:
    catalog = Catalog(locale="lv")
    catalog.add("Good", "Labi")
    catalog.add("Fuzzy", "Neskaidrs", flags=["fuzzy"])
    catalog.add(("{n} a", "{n} b"), ("{n} c", "", ""))
    read = _Translations(catalog)
    assert [read.gettext(text) for text in ("Good", "Fuzzy", "New")] == ["Labi", "Fuzzy", "New"]
    assert read.ngettext("{n} a", "{n} b", 2) == "{n} b"


CODE = """
%matplotlib inline
say(words._("One"), f(words.ngettext("{n} school", "{n} schools", n)), gettext("Two {x}"), other("Three"))
"""


def test_sentences_are_found_in_code_and_templates() -> None:
    found = messages.find_messages([("a.py", CODE), ("b.j2", '<p>{{ _("Four") }}</p>')])
    assert set(found) == {"One", ("{n} school", "{n} schools"), "Two {x}", "Four"}


def test_what_is_wrong_with_translations_is_said() -> None:
    catalog = Catalog(locale="lv")
    catalog.add("Two {x}", "Divi {y}")
    catalog.add("Fuzzy", "Neskaidrs", flags=["fuzzy"])
    catalog.add(("{n} a", "{n} b"), ("{n:loc} c", "{n} d", "{n} e"))
    found = {"Two {x}": "a.py:1", "Fuzzy": "a.py:2", ("{n} a", "{n} b"): "a.py:3", "New": "a.py:4"}
    problems = messages.problems(found, catalog)
    assert [problem.split(":")[1] for problem in problems] == ["1", "2", "4"]


def test_update_keeps_translations_and_drops_what_nobody_says() -> None:
    catalog = Catalog(locale="lv")
    catalog.add("Old", "Vecs")
    catalog.add("Kept", "Paturēts")
    text = messages.update({"New": "a.py:1", "Kept": "a.py:2"}, catalog).decode()
    assert 'msgid "Kept"\nmsgstr "Paturēts"' in text
    assert 'msgid "New"\nmsgstr ""' in text
    assert "Old" not in text
    assert "a.py" not in text


def test_slug() -> None:
    assert slug("Ķekavas novads") == "kekavas-novads"
    assert slug("../../etc/passwd\x00 {x}") == "etc-passwd-x"
    assert slug("…") == "x"
    assert len(slug("a" * 10_000)) == 60
