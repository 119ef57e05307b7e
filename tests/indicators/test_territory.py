"""Classifications, codes and the crosswalk of the two reforms."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date

import pytest

from benchlib.errors import HarmonisationError, OptionError, UnknownTerritoryError
from benchlib.indicators import (
    CLASSIFICATIONS,
    classification,
    classification_of,
    former_municipalities,
    present_municipalities,
)
from benchlib.indicators.territory import codes, crosswalk

FORWARD = [(old, new) for old in CLASSIFICATIONS for new in CLASSIFICATIONS if old <= new]


@pytest.mark.parametrize(("territory", "units", "cities"), [("2009", 119, 9), ("2021", 43, 7), ("2025", 42, 7)])
def test_units_of_a_classification(territory: str, units: int, cities: int) -> None:
    found = classification(territory)
    assert len(found) == units
    assert Counter(unit.kind for unit in found) == {"city": cities, "novads": units - cities}
    assert [unit.code for unit in found] == sorted({unit.code for unit in found})
    assert len({unit.name for unit in found}) == units
    assert {unit.region for unit in found} == {"Kurzeme", "Latgale", "Rīga", "Vidzeme", "Zemgale"}


@pytest.mark.parametrize("territory", CLASSIFICATIONS)
def test_units_as_text(territory: str) -> None:
    for unit in classification(territory):
        assert len(unit.code) == 7
        assert unit.code.isdigit()
        assert (unit.kind == "novads") == unit.name.endswith(" novads") == unit.name_en.endswith(" municipality")


@pytest.mark.parametrize("word", ["2022", "today", "", 2025, None])
def test_unknown_classification(word: object) -> None:
    with pytest.raises(OptionError, match=r"territory=.*'2009', '2021', '2025'"):
        classification(word)  # type: ignore[arg-type]


def test_code_tells_its_first_classification() -> None:
    assert classification_of("0400200") == "2009"
    assert classification_of("0025000") == "2021"
    assert classification_of("0038001") == "2025"


@pytest.mark.parametrize("code", ["25000", "", "0025001", "Bauskas novads"])
def test_unknown_code_says_what_a_code_is(code: str) -> None:
    with pytest.raises(UnknownTerritoryError, match="seven digits, leading zeros"):
        classification_of(code)


def test_validity_of_the_merged_units() -> None:
    units = codes("2021")
    assert units["0055000"].valid_to == units["0038000"].valid_to == date(2025, 6, 30)
    assert codes("2025")["0038001"].valid_from == date(2025, 7, 1)
    assert codes("2025")["0025000"].valid_to is None


# Crosswalk ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("old", "new"), FORWARD)
def test_shares_of_each_old_unit_add_up_to_one(old: str, new: str) -> None:
    population: dict[str, float] = defaultdict(float)
    area: dict[str, float] = defaultdict(float)
    for link in crosswalk(old, new):
        population[link.old] += link.population_share
        area[link.old] += link.area_share
        assert 0 < link.population_share <= 1
        assert 0 < link.area_share <= 1
    assert set(population) == set(codes(old))
    assert {link.new for link in crosswalk(old, new)} == set(codes(new))
    assert population == pytest.approx(dict.fromkeys(population, 1.0), abs=1e-6)
    assert area == pytest.approx(dict.fromkeys(area, 1.0), abs=1e-6)


@pytest.mark.parametrize(("old", "new"), FORWARD)
def test_order_of_the_links(old: str, new: str) -> None:
    links = crosswalk(old, new)
    assert list(links) == sorted(links, key=lambda link: (link.new, link.old))
    assert len({(link.old, link.new) for link in links}) == len(links)


def test_only_two_units_were_split() -> None:
    split = {link.old: link.basis for link in crosswalk("2009", "2025") if link.basis}
    assert {codes("2009")[code].name: basis for code, basis in split.items()} == {
        "Aglonas novads": "area",
        "Inčukalna novads": "population",
    }


def test_split_shares_are_those_of_the_sources() -> None:
    share = {(link.old, codes("2021")[link.new].name): link for link in crosswalk("2009", "2021") if link.basis}
    assert share["0801800", "Siguldas novads"].population_share == pytest.approx(0.536, abs=5e-4)
    assert share["0801800", "Ropažu novads"].population_share == pytest.approx(0.464, abs=5e-4)
    assert share["0604300", "Preiļu novads"].area_share == pytest.approx(0.336, abs=5e-4)
    # No population share is known for Aglona: the area share stands in, and basis says so.
    for new in ("Preiļu novads", "Krāslavas novads"):
        assert share["0604300", new].population_share == share["0604300", new].area_share


def test_chain_of_both_reforms() -> None:
    """2009 -> 2025 in one step equals 2009 -> 2021 -> 2025."""
    steps: dict[tuple[str, str], float] = defaultdict(float)
    for first in crosswalk("2009", "2021"):
        for second in crosswalk("2021", "2025"):
            if first.new == second.old:
                steps[first.old, second.new] += first.population_share * second.population_share
    assert {(link.old, link.new): link.population_share for link in crosswalk("2009", "2025")} == pytest.approx(steps)
    assert set(former_municipalities("0038001")["name"]) == {
        "Cesvaines novads",
        "Ērgļu novads",
        "Lubānas novads",
        "Madonas novads",
        "Varakļānu novads",
    }


def test_identity() -> None:
    assert all(link.old == link.new and link.population_share == 1 for link in crosswalk("2021", "2021"))


@pytest.mark.parametrize(("old", "new"), [("2021", "2009"), ("2025", "2021"), ("2025", "2009")])
def test_backwards_is_refused(old: str, new: str) -> None:
    with pytest.raises(HarmonisationError, match=rf"cannot be carried back to {new}.*territory='{old}'"):
        crosswalk(old, new)


# Where from, where to -----------------------------------------------------------------------------------------------


def test_present_municipalities_of_a_split_unit() -> None:
    table = present_municipalities("0604300")
    assert table["name"].tolist() == ["Krāslavas novads", "Preiļu novads"]
    assert table["share"].sum() == pytest.approx(1)
    assert table["basis"].tolist() == ["area", "area"]


def test_present_municipalities_in_2021() -> None:
    assert present_municipalities("0701800", "2021")["name"].tolist() == ["Varakļānu novads"]
    assert present_municipalities("0701800")["name"].tolist() == ["Madonas novads"]
    with pytest.raises(HarmonisationError):
        present_municipalities("0038001", "2021")


@pytest.mark.parametrize("territory", ["2021", "2025"])
def test_former_and_present_agree(territory: str) -> None:
    there = {
        (former, unit.code) for unit in classification(territory) for former in former_municipalities(unit.code)["code"]
    }
    back = {
        (unit.code, present)
        for unit in classification("2009")
        for present in present_municipalities(unit.code, territory)["code"]
    }
    assert there == back


def test_former_municipalities_of_a_dissolved_unit() -> None:
    assert former_municipalities("0055000")["name"].tolist() == ["Varakļānu novads"]
    with pytest.raises(UnknownTerritoryError):
        former_municipalities("0099999")
