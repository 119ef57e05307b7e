"""Sentences on who the municipality is, with whom it is compared, and what is doubtful about its figures."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from report_cases import CATALOGUE, MONEY, PASSPORTS, SCHOOLS, case

import benchlib as bl
from benchlib.reporting import Words, texts

LV, EN = Words("lv"), Words("en")


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


# --- doubt -------------------------------------------------------------------------------------------------------------


def of_parts(
    statuses: list[str], indicator: str = MONEY.id, parts: int = 2, basis: str = "", year: int = 2013
) -> pd.DataFrame:
    about = {"indicator": indicator, "year": year, "parts": parts, "share_basis": basis, "access": "public"}
    return pd.DataFrame({"status": statuses, **about})


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
    figures = of_parts(["observed"], "income_tax_per_inhabitant", year=doubt.year)
    text = " ".join(texts.doubt_bullets(talsi, figures, SCHOOLS, CATALOGUE, pd.DataFrame(), EN))
    assert doubt.reason["en"] in text
    elsewhere = texts.doubt_bullets(bl.find_municipality("Rīga"), figures, SCHOOLS, CATALOGUE, pd.DataFrame(), EN)
    assert doubt.reason["en"] not in " ".join(elsewhere)
    other = figures.assign(indicator=MONEY.id)
    assert doubt.reason["en"] not in " ".join(
        texts.doubt_bullets(talsi, other, SCHOOLS, CATALOGUE, pd.DataFrame(), EN)
    ), "a doubt about a figure that the report does not show is not its business"
    earlier = texts.doubt_bullets(talsi, figures.assign(year=doubt.year - 1), SCHOOLS, CATALOGUE, pd.DataFrame(), EN)
    assert doubt.reason["en"] not in " ".join(earlier), "nor is one about another year"


def test_a_doubt_about_a_closed_source_is_told_to_members_only() -> None:
    registry = CATALOGUE.registry
    doubt = next(d for d in registry.doubts if d.measure == "income_tax_per_inhabitant")
    sources = tuple(replace(s, access="members") if s.id == doubt.source else s for s in registry.sources)
    closed = replace(CATALOGUE, registry=replace(registry, sources=sources))
    talsi = bl.find_municipality("Talsu novads")
    figures = of_parts(["observed"], "income_tax_per_inhabitant", year=doubt.year)
    told = texts.doubt_bullets(talsi, figures, SCHOOLS, closed, pd.DataFrame(), EN)
    assert doubt.reason["en"] not in " ".join(told)
    told = texts.doubt_bullets(talsi, figures.assign(access="members"), SCHOOLS, closed, pd.DataFrame(), EN)
    assert doubt.reason["en"] in " ".join(told)
