"""The energy overview in words and tables: both languages, whole and broken registers, numbers that agree with the results."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace

import pytest
from energy_cases import HOSTILE, MAKERS, case, every_table, every_text

from benchlib.indicators.buildings.register import REGISTER_WORDS
from benchlib.reporting import Words, tables, texts
from benchlib.reporting.blocks import Note, Table
from benchlib.reporting.energy_words import kind_word, measured, source_word, status_word, type_word, with_range

LANGUAGES = ("lv", "en")


def words_of(language: str) -> Words:
    return Words(language)  # type: ignore[arg-type]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", [name for name in MAKERS if name != "hostile"])
def test_every_register_has_whole_sentences(name: str, language: str) -> None:
    words = words_of(language)
    for where, text in every_text(case(name), words):
        assert text.strip(), where
        assert not re.search(r"\{|\}|\bnan\b|NaN|<NA>|None|  ", text), f"{where}: {text}"
        assert not re.search(r": *[.;]|\( *\)", text), f"{where} lacks something: {text}"
        if where not in {"title", "facts"} and "alt" not in where:
            assert text[-1] in ".!)", f"{where}: {text}"


@pytest.mark.parametrize("name", list(MAKERS))
def test_tables_have_no_hole(name: str) -> None:
    for language in LANGUAGES:
        for where, block in every_table(case(name), words_of(language)).items():
            if isinstance(block, Table):
                cells = [cell.text for row in block.rows for cell in row]
                assert not [c for c in cells if not c or "nan" in c.split()], f"{where}: {block}"


def test_every_word_of_a_register_has_a_name_in_both_languages() -> None:
    named = {"type": type_word, "heat_source": source_word, "kind": kind_word, "status": status_word}
    for column, name in named.items():
        for language in LANGUAGES:
            said = [name(word, words_of(language)) for word in REGISTER_WORDS[column]]
            assert len(set(said)) == len(said)
        assert name(next(iter(REGISTER_WORDS[column])), words_of("lv")) != said[0]


def test_numbers_with_units_and_ranges() -> None:
    words = words_of("lv")
    assert measured(1234.5, "MWh", words) == "1\u202f235\u00a0MWh"
    assert measured(float("nan"), "MWh", words) == "…"
    assert with_range("182", 175, 190, words) == "182\u00a0(175–\u2060190)"
    assert with_range("182", float("nan"), float("nan"), words) == "182"


def test_the_summary_says_what_the_results_say() -> None:
    it, words = case("demo"), words_of("lv")
    said = " ".join(texts.energy.summary(it.use, it.change, it.works, it.first, words)).replace("\u2060", "")
    heat, n = it.use.total("heat_mwh")
    assert f"({n} no 24)" in said
    assert f"**{words.number(heat)}\u00a0MWh**" in said
    saved = it.use.potential("median")
    ends = f"({words.number(saved['low_mwh'])}–{words.number(saved['high_mwh'])})"
    assert f"{words.number(saved['mwh'])}\u00a0MWh\u00a0{ends}" in said
    assert "No 4 īstenotiem darbiem, kurus jau var vērtēt, gaidīto ietaupījumu sasniedza 2." in said
    assert "No 13 plānotiem pasākumiem" in said


def test_every_gap_of_the_register_is_told() -> None:
    said = " ".join(texts.energy.doubt_bullets(case("demo").use, words_of("en")))
    for gap in (
        "Without figures for any year: Nekurienes dzīvojamā māja.",
        "The figure of heat is missing: Izdomu mākslas un mūzikas skola (2023).",
        "The figure of electricity is missing: Teiku pagasta pārvalde (2022).",
        "Degree days are missing, so that the use of heat stays uncorrected and is not compared: Sapņu tautas nams (2021).",
        "Izdomu dienas centrs (2022: 156,393\u00a0kWh/m²)",
        "Heated by electricity",
        "factors are assumptions or were not held against their source",
    ):
        assert gap in said, gap


def test_every_factor_used_stands_in_the_table_with_its_source_and_what_is_not_verified() -> None:
    it, words = case("demo"), words_of("en")
    block = tables.energy.factors(it.use, words)
    rows = {row[0].text: [cell.text for cell in row] for row in block.rows}
    assert rows["CO₂: district heat"][1:] == [
        "0.0749 t/MWh",
        "Ministry of Climate and Energy: heat produced in Latvia, figures of 2022. The mean of the country; that of a local network may "
        "differ much.",
        "2022",
        "yes",
    ]
    assert rows["Price of heat"][-1] == "to be verified"
    assert rows["Share of hot water in the use of heat: schools"][1] == "10%"
    assert len(rows) == len(it.use.factors_used)
    assert "Service life: windows" in rows
    lonely = {row[0].text for row in tables.energy.factors(case("one building").use, words).rows}
    assert len(lonely) == 1, "the round factors of the test all have one name"
    assert len(case("one building").use.factors_used) == 6, "no wood, no measures: no factors of them"


def test_given_prices_are_no_doubt() -> None:
    use = case("demo").use
    given = replace(use, basis=replace(use.basis, given=frozenset({"price_heat", "price_electricity"})))
    words = words_of("en")
    assert "Both prices were given for this report." in texts.energy.cost_note(given, words)
    assert "Put in your own prices" in texts.energy.cost_note(use, words)
    rows = {row[0].text: [cell.text for cell in row] for row in tables.energy.factors(given, words).rows}
    assert rows["Price of heat"][2:] == ["Given for this report", "–", "–"]
    assert "19 of 27 factors" in " ".join(texts.energy.doubt_bullets(use, words))
    assert "17 of 27 factors" in " ".join(texts.energy.doubt_bullets(given, words))


def test_the_worst_buildings_carry_ranges() -> None:
    block = tables.energy.worst(case("demo").use, words_of("en"))
    assert isinstance(block, Table)
    assert len(block.rows) == 9
    first = [cell.text.replace("\u2060", "") for cell in block.rows[0]]
    assert first[0] == "Nekurienes pamatskola"
    assert re.fullmatch(r"1st\sof\s9\s\(1st–3rd\)", first[1])
    assert all(re.fullmatch(r"\d+\s\(\d+–\d+\)", first[column]) for column in (2, 4))


def test_too_few_buildings_say_so() -> None:
    words = words_of("en")
    said = "No type has enough buildings with figures to be compared."
    assert texts.energy.potential_sentences(case("one building").use, words) == [said]
    block = tables.energy.worst(case("one building").use, words)
    assert isinstance(block, Note)
    assert block.text == said


def test_the_judgement_of_works_follows_the_range() -> None:
    said = " ".join(texts.energy.done_sentences(case("demo").works, words_of("en"))).replace("\u2060", "")
    assert (
        "Izdomu vidusskola, 2022 (complete renovation): the use of heat fell by 35%\u00a0(31–38); less than the 40% expected."
        in said
    )
    assert "22% were expected, which lies in the range." in said
    assert "no full year before the works: Izdomu kultūras centrs (2021)." in said
    assert "no full year after the works: Izdomu sporta halle (2024)." in said


def test_a_rise_is_called_one() -> None:
    works = case("demo").works.copy()
    works.loc[works["observed_pct"].notna(), ["observed_pct", "low_pct", "high_pct"]] = [-8.0, -12.0, -4.0]
    said = texts.energy.done_sentences(works, words_of("en"))[0].replace("\u2060", "")
    assert "the use of heat rose by 8%\u00a0(4–12)" in said


def test_only_an_invented_register_is_called_invented() -> None:
    assert texts.energy.invented_note(case("demo").use.register, words_of("lv"))
    assert texts.energy.invented_note(case("one building").use.register, words_of("lv")) == ""


def test_hostile_names_are_inert_in_every_block() -> None:
    it = case("hostile")
    for language in LANGUAGES:
        words = words_of(language)
        assert any(HOSTILE in text for _, text in every_text(it, words)), "the name is told as it is"
        for where, block in every_table(it, words).items():
            html = str(block.__html__())
            assert "<script" not in html, where
            assert "\u202e" not in html, where


def test_the_attached_results_are_a_table_for_spreadsheets_without_formulas() -> None:
    file = tables.energy.attachment(case("demo").use, words_of("lv"))
    rows = list(csv.DictReader(io.StringIO(file.content)))
    assert [row["building"] for row in rows] == list(case("demo").use.register.names)
    assert [float(row["value"]) for row in rows if row["value"]] == pytest.approx(
        case("demo").use.buildings["value"].dropna().tolist(), abs=0.001
    )
    use = case("hostile").use
    table = use.buildings.assign(name="=1+1")
    assert "'=1+1" in tables.energy.attachment(replace(use, buildings=table), words_of("lv")).content
