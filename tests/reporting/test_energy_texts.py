"""The energy overview in words and tables: both languages, whole and broken registers, numbers that agree with the results."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace

import pytest
from energy_cases import HOSTILE, MAKERS, case, every_table, every_text, with_area

from benchlib.indicators.buildings.register import REGISTER_WORDS
from benchlib.reporting import Words, tables, texts
from benchlib.reporting.blocks import Table
from benchlib.reporting.energy_words import (
    kind_word,
    measured,
    round_amount,
    round_euro,
    source_word,
    status_word,
    type_word,
    with_range,
)
from tests.comparison.registers import rows_of, used

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
    assert 10_000 < saved["low_eur"] < saved["eur"] < saved["high_eur"] < 100_000
    eur, low, high = (words.number(100 * round(saved[end] / 100)) for end in ("eur", "low_eur", "high_eur"))
    assert f"{eur}\u202f€\u00a0({low}–{high})" in said, "the euro carry their range as the MWh do, to the hundred"
    assert "No 13 plānotiem pasākumiem" in said


# --- no range: one year, or too few pairs of years ---------------------------------------------------------------------------


ONE_YEAR = "up to 2021 the register has figures for one year only"
FEW_PAIRS = "too few buildings have two ordinary years in a row"


def plain(texts_: list[str]) -> str:
    return " ".join(texts_).replace("\u2060", "").replace("\u00a0", " ").replace("**", "")


def test_one_year_has_no_ranges_and_every_section_says_so() -> None:
    it, words = case("one year"), words_of("en")
    summary = plain(texts.energy.summary(it.use, it.change, it.works, it.first, words))
    assert "192 MWh (no range) and €15,300 a year would be saved" in summary
    assert ONE_YEAR in summary
    potential = plain(texts.energy.potential_sentences(it.use, words))
    assert "whole range" not in potential, "nothing to lie with it"
    assert "192 MWh (no range), €15,300 and 10.7 t of CO₂ a year less. " in potential
    assert ONE_YEAR in potential
    assert "band" not in texts.energy.use_texts(it.use, words)["caption"]
    assert "without a range" in texts.energy.use_texts(it.use, words)["caption"]
    assert ONE_YEAR in plain(texts.energy.doubt_bullets(it.use, words))
    method = plain(texts.energy.method_bullets(it.use, 20, 20, words))
    assert ONE_YEAR in method
    assert "A range covers" not in method
    block = tables.energy.worst(it.use, words)
    assert isinstance(block, Table)
    assert ONE_YEAR in str(block.note)
    assert "In brackets" not in str(block.note)
    assert block.rows[0][1].text.replace("\u00a0", " ") == "1st of 7 (one year)"
    first = plain(texts.energy.priority_bullets(it.use, it.first, it.works, words))
    assert "Have examined: which buildings use clearly more than their like cannot be told" in first


def test_a_register_with_ranges_keeps_them() -> None:
    it, words = case("demo"), words_of("en")
    for text in (
        *texts.energy.summary(it.use, it.change, it.works, it.first, words),
        *texts.energy.potential_sentences(it.use, words),
        *texts.energy.doubt_bullets(it.use, words),
    ):
        assert "no range" not in text
    potential = plain(texts.energy.potential_sentences(it.use, words))
    assert "Of the 9 buildings above the median, 8 lie there with their whole range" in potential
    assert re.search(r"22\.7 t \(1\d\.\d–\d\d\.\d\) of CO₂", potential)
    assert "band: its range" in texts.energy.use_texts(it.use, words)["caption"]


def test_too_few_pairs_of_years_are_no_one_year() -> None:
    it, words = case("few pairs"), words_of("en")
    for said in (
        texts.energy.potential_sentences(it.use, words),
        texts.energy.summary(it.use, it.change, it.works, it.first, words),
        texts.energy.doubt_bullets(it.use, words),
        texts.energy.trend_sentences(it.use, it.change, words),
    ):
        assert FEW_PAIRS in plain(said)
    block = tables.energy.worst(it.use, words)
    assert isinstance(block, Table)
    assert block.rows[0][1].text.replace("\u00a0", " ").endswith("(no range)"), "these are two years, not one"


def test_a_register_of_one_building_says_that_its_change_has_no_range() -> None:
    it, words = case("two years"), words_of("en")
    for said in (
        texts.energy.summary(it.use, it.change, it.works, it.first, words),
        texts.energy.trend_sentences(it.use, it.change, words),
    ):
        assert "in normal weather it fell by 34% (no range)" in plain(said)
        assert FEW_PAIRS in plain(said)
    trend = plain(texts.energy.trend_sentences(it.use, it.change, words))
    assert "The use of electricity did not change (no range; 1 building; not corrected)." in trend
    assert "−32% or −36%" in trend, "the error of the degree days is known all the same"
    works = plain(texts.energy.done_sentences(it.works, words))
    assert "fell by 34%; a saving of 40% was expected; how sure this is cannot be told." in works
    assert "fell by 0%; what was expected is not written down; how sure this is cannot be told." in works
    block = tables.energy.done(it.works, words)
    assert isinstance(block, Table)
    assert "its range" not in str(block.note)
    assert "band" not in texts.energy.done_texts(it.works, words)["caption"]


def test_no_range_in_latvian() -> None:
    it, words = case("one year"), words_of("lv")
    summary = plain(texts.energy.summary(it.use, it.change, it.works, it.first, words))
    assert "192 MWh (robežas nav nosakāmas)" in summary
    assert "līdz 2021. gadam reģistrā ir tikai viena gada dati" in summary


# --- what a range does not hold ----------------------------------------------------------------------------------------------


def test_a_change_that_an_error_could_turn_around_is_not_certain() -> None:
    it, words = case("demo"), words_of("en")
    for said in (
        texts.energy.summary(it.use, it.change, it.works, it.first, words),
        texts.energy.trend_sentences(it.use, it.change, words),
    ):
        assert "in normal weather it fell by 4% (2–6)" in plain(said)
        assert (
            "With degree days 3% and the share of hot water 10 points off, the range would be from a fall of 9% to a rise of 2%: it is "
            "not certain that the use of heat fell."
        ) in plain(said)
    trend = plain(texts.energy.trend_sentences(it.use, it.change, words))
    assert "If the degree days of 2024 were 3% lower or higher, the change would be −2% or −7%" in trend
    assert "a share of hot water 10 points smaller or greater would make it −3% or −6%" in trend
    assert "moves all buildings alike" in trend
    assert "The use of electricity fell by 2% (0–4; 22 buildings; not corrected)." in trend


@pytest.mark.parametrize(
    ("raw", "corrected", "ends", "said", "said_lv"),
    [
        (
            -16,
            -12,
            (-15, -8),
            "measured fell by 16%; in normal weather it fell by 12% (8–15)",
            "samazinājās par 16 %; ar",
        ),
        (
            3,
            -2,
            (-5, 1),
            "rose by 3%; in normal weather it fell by 2% (from a fall of 5% to a rise of 1%)",
            "pieauga par 3 %",
        ),
        (0.2, 4, (0.4, 7), "measured did not change; in normal weather it rose by 4% (0–7)", "patēriņš nemainījās; ar"),
        (
            1,
            0.3,
            (-0.4, 2),
            "in normal weather it did not change (0% to +2%)",
            "ar klimata korekciju tas nemainījās (no 0 % līdz +2 %)",
        ),
    ],
)
def test_a_change_is_called_a_fall_or_a_rise(
    raw: float, corrected: float, ends: tuple[float, float], said: str, said_lv: str
) -> None:
    it = case("demo")
    assert it.change is not None
    change = replace(it.change, raw_pct=raw, corrected_pct=corrected, low_pct=ends[0], high_pct=ends[1])
    change = replace(change, electricity_pct=corrected, electricity_low_pct=ends[0], electricity_high_pct=ends[1])
    for language, text in (("en", said), ("lv", said_lv)):
        shown = plain(texts.energy.trend_sentences(it.use, change, words_of(language))).replace("\u202f", " ")
        assert text in shown
        assert "changed by" not in shown
        assert "mainījās par" not in shown


def test_a_change_beyond_all_errors_is_not_called_doubtful() -> None:
    it, words = case("lower"), words_of("en")
    assert it.change is not None
    trend = plain(texts.energy.trend_sentences(it.use, it.change, words))
    low, high = (words.percent(-x, 0) for x in (it.change.most_pct, it.change.least_pct))
    assert f"the range would be {low} to {high}." in trend
    assert "not certain" not in trend
    usual = case("usual")
    said = plain(texts.energy.trend_sentences(usual.use, usual.change, words))
    assert "That is within what buildings move from year to year anyway." in said
    assert "not certain" not in said


def test_errors_of_the_correction_are_named_in_the_method() -> None:
    said = plain(texts.energy.method_bullets(case("demo").use, 20, 20, words_of("en")))
    assert "degree days that are 3% off by at most 3.0%" in said
    assert "as if each building moved apart from the others" in said


def test_works_are_not_called_short_where_an_error_could_account_for_it() -> None:
    it, words = case("demo"), words_of("en")
    summary = plain(texts.energy.summary(it.use, it.change, it.works, it.first, words))
    assert (
        "Completed works that can be judged by now: 4. The expected saving was clearly reached: 0; clearly missed: 1; cannot be told: 3."
    ) in summary
    works = plain(texts.energy.done_sentences(it.works, words))
    assert (
        "fell by 35% (31–38); less than the saving of 40% expected, but errors of the correction for the weather could account for it."
        in works
    )
    assert "by up to 4 points" in works, "how much such errors change the savings"
    more = it.works.assign(verdict="more", low_pct=50.0, least_pct=45.0)
    assert "clearly reached: 4; clearly missed: 0; cannot be told: 0." in plain(
        texts.energy.summary(it.use, it.change, more.head(4), it.first, words)
    )
    first = plain(texts.energy.priority_bullets(it.use, it.first, it.works, words))
    assert "Look after: saved clearly less than expected" in first
    assert "Izdomu vidusskola (2022)" not in first


# --- heat or electricity alone -----------------------------------------------------------------------------------------------


def test_a_register_without_electricity_names_the_heat_alone() -> None:
    it, words = case("no electricity"), words_of("en")
    summary = plain(texts.energy.summary(it.use, it.change, it.works, it.first, words))
    assert "used 110 MWh of heat; it cost about €11,000." in summary
    assert "electricity" not in summary
    facts = {fact.label: (fact.value, fact.detail) for fact in texts.energy.facts(it.use, words)}
    assert facts["Cost at the prices assumed"] == ("€11,000", "heat alone; electricity is not known")
    assert facts["Carbon dioxide"] == ("22 t", "heat alone; electricity is not known")


def test_a_register_without_heat_names_the_electricity_alone() -> None:
    it, words = case("no heat"), words_of("en")
    summary = plain(texts.energy.summary(it.use, it.change, it.works, it.first, words))
    assert "For 2021 there is no figure of heat that could be used; electricity cost about €8,000." in summary
    facts = {fact.label: (fact.value, fact.detail) for fact in texts.energy.facts(it.use, words)}
    assert facts["Cost at the prices assumed"] == ("€8,000", "electricity alone; heat is not known")


def test_no_sum_is_made_of_nothing() -> None:
    said = plain(texts.energy.planned_sentences(case("unknown measures").measures, words_of("en")))
    assert said == "1 measure is planned; its cost and saving are not both known."


def test_nothing_to_put_first_says_why() -> None:
    words = words_of("en")
    alone, calm = (case(name) for name in ("one building", "usual"))
    said = plain(texts.energy.priority_bullets(alone.use, alone.first, alone.works, words))
    assert said.endswith("it names no planned measure, and no type has enough buildings to be compared.")
    said = plain(texts.energy.priority_bullets(calm.use, calm.first, calm.works, words))
    assert said.endswith("it names no planned measure, and no building stands out.")


@pytest.mark.parametrize("language", LANGUAGES)
def test_equal_margins_are_said_once(language: str) -> None:
    words = words_of(language)
    use = case("demo").use
    alike, apart = (plain(texts.energy.method_bullets(use, 20, price, words)) for price in (20, 30))
    assert alike.count(words.percent(20, 0)) == 1
    assert (apart.count(words.percent(20, 0)), apart.count(words.percent(30, 0))) == (1, 1)


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


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "en",
            "The figure of electricity cannot be right and is used nowhere (0.1–1,000.0 kWh/m² would be plausible): Ēka b (2021: 60,000",
        ),
        (
            "lv",
            "Elektroenerģijas patēriņa dati nevar būt pareizi un nekur nav izmantoti "
            "(ticamas vērtības – 0,1–1 000,0 kWh/m²): Ēka b (2021: 60",
        ),
    ],
)
def test_electricity_that_cannot_be_right_is_told(language: str, said: str) -> None:
    use = used([*rows_of("a", [100]), *rows_of("b", [100], electricity_mwh=60000)])
    told = " ".join(texts.energy.doubt_bullets(use, words_of(language))).replace("\u2060", "").replace("\u202f", " ")
    assert said in told


def test_an_area_that_differs_much_between_years_is_told() -> None:
    use = used([*with_area("a", 1000, 99999, 1000), *with_area("b", 1000, 1000, 1800, 1800)], year=2022)
    told = plain(texts.energy.doubt_bullets(use, words_of("en")))
    assert (
        "The heated area differs by more than half from that of the other years; neither it nor the figure of heat of that year is used: "
        "Ēka a (2021: 1,000 m², 2022: 99,999 m²)."
    ) in told
    assert "cannot be compared as it is: Ēka b (2022: 1,000 m², 2023: 1,800 m²)." in told
    stock = plain(texts.energy.stock_sentences(use, words_of("lv")))
    assert "2022. gada apkurināmā platība par vairāk nekā pusi atšķiras no citu gadu platības" in stock
    assert "apkurināmo platību 1\u202f000 m²" in stock, "the odd area is not in the sum"
    assert "cannot be right" not in told


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
    assert tables.energy.worst(case("one building").use, words) is None, "said once, not again by a note below"


def test_the_judgement_of_works_follows_the_range() -> None:
    said = " ".join(texts.energy.done_sentences(case("demo").works, words_of("en"))).replace("\u2060", "")
    assert (
        "„Rūķītis”, 2023 (insulation of walls and new windows): the use of heat fell by 17%\u00a0(11–21); "
        "less than the saving of 33% expected."
    ) in said
    assert "a saving of 22% was expected, which lies in the range." in said
    assert "no full year before the works: Izdomu kultūras centrs (2021)." in said
    assert "no full year after the works: Izdomu sporta halle (2024)." in said


def test_a_rise_is_called_one() -> None:
    works = case("demo").works.copy()
    works.loc[works["observed_pct"].notna(), ["observed_pct", "low_pct", "high_pct"]] = [-8.0, -12.0, -4.0]
    works["verdict"] = works["verdict"].where(works["observed_pct"].isna(), "less")
    for language, risen in (
        ("en", "the use of heat rose by 8%\u00a0(4–12); a saving of 40% was expected."),
        ("lv", "siltumenerģijas patēriņš pieauga par 8\u202f%\u00a0(4–12); bija gaidīts 40\u202f% ietaupījums."),
    ):
        said = texts.energy.done_sentences(works, words_of(language))[0].replace("\u2060", "")
        assert said.endswith(risen), "no rise was expected"
    works.loc[works["observed_pct"].notna(), ["observed_pct", "low_pct", "high_pct"]] = [3.0, -4.0, 9.0]
    said = texts.energy.done_sentences(works, words_of("en"))[0].replace("\u00a0", " ")
    assert "the use of heat fell by 3% (from a fall of 9% to a rise of 4%); " in said
    works.loc[works["observed_pct"].notna(), ["observed_pct", "low_pct", "high_pct"]] = [-8.0, -12.0, -4.0]
    works["verdict"] = works["verdict"].replace("less", "perhaps less")
    said = texts.energy.done_sentences(works, words_of("en"))[0]
    assert said.endswith(
        "a saving of 40% was expected, but errors of the correction for the weather could account for the difference."
    )


def test_sums_of_measures_say_what_they_do_not_hold() -> None:
    kinds = case("demo").kinds
    assert kinds[["without_cost", "without_saving"]].gt(0).any().all(), "the demo has both"
    for language, cost, saving in (("en", "cost: 1", "saving: 1"), ("lv", "izmaksu: 1", "ietaupījuma: 1")):
        block = tables.energy.kinds(kinds, words_of(language))
        assert block is not None
        for row, shown in zip(kinds.to_dict("records"), block.rows, strict=True):
            assert (cost in shown[-1].text) == (row["without_cost"] == 1), shown
            assert (saving in shown[-1].text) == (row["without_saving"] == 1), shown
            assert (shown[-1].text == "–") == (row["without_cost"] + row["without_saving"] == 0)
    both = kinds.assign(without_cost=1, without_saving=2)
    block = tables.energy.kinds(both, words_of("en"))
    assert block is not None
    assert block.rows[0][-1].text == "cost: 1; saving: 2"


def test_a_register_without_measures_says_so_once_in_each_place() -> None:
    for language in LANGUAGES:
        it, words = case("one building"), words_of(language)
        said = [*texts.energy.done_sentences(it.works, words), *texts.energy.planned_sentences(it.measures, words)]
        shown = [tables.energy.done(it.works, words), tables.energy.planned(it.measures, words)]
        assert len(said) == 2
        assert [*shown, tables.energy.kinds(it.kinds, words)] == [None] * 3


def test_what_to_do_first_does_not_begin_with_then() -> None:
    it, words = case("demo"), words_of("en")
    assert plain(texts.energy.priority_bullets(it.use, it.first, it.works, words)).count("Do first:") == 1
    none = {**it.first, "sure": it.first["sure"].head(0)}
    first = plain(texts.energy.priority_bullets(it.use, none, it.works, words)[:1])
    assert first.startswith(
        "Do first: pays back within its service life if all goes as expected, but not if saving and price"
    )
    assert "Then" not in plain(texts.energy.priority_bullets(it.use, none, it.works, words))


@pytest.mark.parametrize(
    ("value", "ends", "shown"),
    [
        (36_002.0, (22_695.0, 47_627.0), "36,000 MWh (22,700–47,600)"),
        (593_794.0, (), "594,000 MWh"),
        (999.6, (), "1,000 MWh"),
        (192.4, (150.2, 230.9), "192 MWh (150–231)"),
        (22.74, (15.02, 30.0), "22.7 MWh (15.0–30.0)"),
        (148.32, (99.5, 200.0), "148 MWh (100–200)"),
        (0.04, (), "0.0 MWh"),
        (0.0, (), "0.0 MWh"),
        (-1_234.0, (), "−1,230 MWh"),
        (float("nan"), (), "…"),
    ],
)
def test_sums_in_sentences_have_three_digits(value: float, ends: tuple[float, ...], shown: str) -> None:
    words = words_of("en")
    given = {"ends": ends} if ends else {}
    assert plain([round_amount(value, "MWh", words, 1, **given)]) == shown  # type: ignore[arg-type]
    euro = plain([round_euro(36_002.0, words, ends=(22_695.0, 47_627.0))])
    assert euro == "€36,000 (22,700–47,600)"


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
