"""Municipalities by name: forgiving in spelling, strict where two could be meant."""

from __future__ import annotations

import re
import unicodedata
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchlib.errors import AmbiguousTerritoryError, OptionError, UnknownTerritoryError
from benchlib.indicators import CLASSIFICATIONS, classification, find_municipality
from benchlib.indicators.names import nearest_names

UNITS = [(territory, unit) for territory in CLASSIFICATIONS for unit in classification(territory)]
AMBIGUOUS = {
    "2009": {"Daugavpils", "Jelgava", "Jēkabpils", "Rēzekne", "Ventspils"},
    "2021": {"Jelgava", "Rēzekne", "Ventspils"},
    "2025": {"Jelgava", "Rēzekne", "Ventspils"},
}
any_unit = st.sampled_from(UNITS)


def without_diacritics(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


def unmistakable(name: str, territory: str) -> str:
    """The name itself, or what the error message offers in its place for the city."""
    try:
        find_municipality(name, territory)
    except AmbiguousTerritoryError as error:
        offered = re.findall(r"'([^']+)' \(code", str(error))
        return next(words for words in offered if not words.endswith("novads"))
    return name


@given(any_unit, st.sampled_from([str, str.upper, str.lower, str.title, without_diacritics, lambda t: f"  {t} \n"]))
def test_every_unit_is_found_however_it_is_spelt(case, spelling) -> None:
    territory, unit = case
    assert find_municipality(spelling(unit.code), territory) == unit
    assert find_municipality(spelling(unmistakable(unit.name, territory)), territory) == unit
    decomposed = unicodedata.normalize("NFD", unmistakable(unit.name, territory))
    assert find_municipality(spelling(decomposed), territory) == unit


@given(any_unit)
def test_every_novads_is_found_by_its_english_name(case) -> None:
    territory, unit = case
    if unit.kind == "novads":
        assert find_municipality(unit.name_en, territory) == unit
        assert find_municipality(without_diacritics(unit.name_en).lower(), territory) == unit
    else:
        assert find_municipality(f"{unit.name_en} city", territory) == unit
        assert find_municipality(f"{unit.name_en} state city", territory) == unit


@given(any_unit)
def test_every_ambiguous_name_is_refused_and_no_other(case) -> None:
    territory, unit = case
    if unit.name in AMBIGUOUS[territory]:
        with pytest.raises(AmbiguousTerritoryError, match=unit.code):
            find_municipality(unit.name, territory)
    else:
        assert find_municipality(unit.name, territory) == unit


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("bauska", "Bauskas novads"),
        ("BAUSKAS NOVADS", "Bauskas novads"),
        ("Bauskas nov.", "Bauskas novads"),
        ("bauskas novada", "Bauskas novads"),
        ("Bauska municipality", "Bauskas novads"),
        ("0025000", "Bauskas novads"),
        (" 0025000 ", "Bauskas novads"),
        ("cesis", "Cēsu novads"),
        ("CESU NOVADS", "Cēsu novads"),
        ("kekava", "Ķekavas novads"),
        ("Riga", "Rīga"),
        ("Rīgas valstspilsēta", "Rīga"),
        ("Jelgavas novads", "Jelgavas novads"),
        ("jelgavas pilseta", "Jelgava"),
        ("Jelgava (pilsēta)", "Jelgava"),
        ("Ventspils pilsēta", "Ventspils"),
        ("ventspils novads", "Ventspils novads"),
        ("Jelgava municipality", "Jelgavas novads"),
        ("Jelgava city", "Jelgava"),
        ("daugavpils", "Daugavpils"),
        ("Jēkabpils", "Jēkabpils novads"),
        ("Valmiera", "Valmieras novads"),
    ],
)
def test_spellings(text: str, name: str) -> None:
    assert find_municipality(text).name == name


@pytest.mark.parametrize("text", ["Jelgava", "jelgavas", "JELGAVA", "Rēzekne", "rezeknes", "Ventspils"])
def test_ambiguous_name_lists_both_with_their_codes(text: str) -> None:
    with pytest.raises(AmbiguousTerritoryError) as caught:
        find_municipality(text)
    message = str(caught.value)
    assert "fits 2 municipalities of 2025" in message
    assert "novads' (code 00" in message
    assert "pilsēta' (code 00" in message


# Former names -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "territory", "heirs", "remedy"),
    [
        ("Vecumnieku novads", "2025", "part of Bauskas novads now", "territory='2009'"),
        ("iecava", "2025", "part of Bauskas novads now", "territory='2009'"),
        ("0409500", "2025", "part of Bauskas novads now", "territory='2009'"),
        ("Aglona", "2025", "part of Krāslavas novads and Preiļu novads now", "territory='2009'"),
        ("Varakļānu novads", "2025", "part of Madonas novads now", "territory='2009'"),
        ("0055000", "2025", "part of Madonas novads now", "territory='2021'"),
        ("Valmieras pilsēta", "2025", "part of Valmieras novads now", "territory='2009'"),
        ("Augšdaugava", "2009", "exists from 01.07.2021", "territory='2021'"),
        ("0038001", "2021", "exists from 01.07.2025", "territory='2025'"),
    ],
)
def test_name_of_another_time_says_where_it_is_now(text: str, territory: str, heirs: str, remedy: str) -> None:
    with pytest.raises(UnknownTerritoryError) as caught:
        find_municipality(text, territory)
    assert heirs in str(caught.value)
    assert remedy in str(caught.value)


def test_every_former_municipality_is_found_or_explained() -> None:
    today = {unit.name for unit in classification("2025")}
    gone = [unit for unit in classification("2009") if unit.name not in today and unit.kind == "novads"]
    assert len(gone) == 78
    for unit in gone:
        with pytest.raises(UnknownTerritoryError, match=r"is part of .* now"):
            find_municipality(unit.name)


# Misspelt and hostile -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "nearest"),
    [("Bauksas novads", "Bauskas novads"), ("Smiltne", "Smiltenes novads"), ("Ogrre", "Ogres novads")],
)
def test_misspelt_name_gives_three_nearest(text: str, nearest: str) -> None:
    with pytest.raises(UnknownTerritoryError) as caught:
        find_municipality(text)
    offered = re.search(r"Nearest: (.*?)\.", str(caught.value))
    assert offered is not None
    assert offered[1].split(", ")[0] == nearest
    assert len(offered[1].split(", ")) == 3
    assert text in str(caught.value)


HOSTILE = ["", " ", "novads", "pilsēta", "??", "{0}", "%s", "📉", "0" * 400, "x" * 10_000, "Bauska" * 2000]
HOSTILE += ["\x00\x1b[31mBauska\x07", "Bauska\u202eadvon", "Bauska\nRīga", "../../etc", "'; DROP TABLE figure; --"]
HOSTILE += ["<script>alert(1)</script>"]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_gets_a_short_plain_message(text: str) -> None:
    with pytest.raises(UnknownTerritoryError) as caught:
        find_municipality(text)
    message = str(caught.value)
    assert len(message) < 400
    assert message.isprintable()
    assert "Nearest: " in message


@given(st.text(max_size=80), st.sampled_from(CLASSIFICATIONS))
def test_any_text_is_found_or_refused_with_three_names(text: str, territory: str) -> None:
    with suppress(UnknownTerritoryError, AmbiguousTerritoryError):
        assert find_municipality(text, territory) in classification(territory)
    names = nearest_names(text, territory)
    assert len(set(names)) == 3
    assert set(names) <= {unit.name for unit in classification(territory)}


@pytest.mark.parametrize("value", [25000, None, 1.5, b"Bauska", ["Bauska"]])
def test_not_text(value: object) -> None:
    with pytest.raises(UnknownTerritoryError, match=r"named by text.*leading zeros"):
        find_municipality(value)  # type: ignore[arg-type]


def test_unknown_classification() -> None:
    with pytest.raises(OptionError, match="territory='1990'"):
        find_municipality("Bauska", "1990")  # type: ignore[arg-type]
