"""Comparison groups: who belongs to them, by hand and in the shipped data."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import pytest
from few_units import UNITS, YEAR

from benchlib.comparison import CONTEXT, comparison_group
from benchlib.errors import AmbiguousTerritoryError, NoFiguresError, OptionError, UnknownTerritoryError
from benchlib.indicators import Member, Store, classification, load_catalogue

BAUSKA = "0025000"


def names(group: object) -> set[str]:
    return {member.name for member in group.members}  # type: ignore[attr-defined]


def test_region_kind_and_all() -> None:
    region = comparison_group("Bauskas novads", group="region", year=2013)
    assert (region.detail, len(region.members)) == ("Zemgale", 6)
    assert {member.region for member in region.members} == {"Zemgale"}
    kind = comparison_group("Bauskas novads", group="kind", year=2013)
    assert (kind.detail, len(kind.members)) == ("novads", 35)
    cities = comparison_group("Jelgavas pilsēta", group="kind", year=2013)
    assert names(cities) == {"Daugavpils", "Jelgava", "Jūrmala", "Liepāja", "Rēzekne", "Rīga", "Ventspils"}
    everybody = comparison_group("Bauskas novads", group="all", year=2013)
    assert everybody.codes == tuple(unit.code for unit in classification("2025"))
    for group in (region, kind, cities, everybody):
        assert group.municipality in group.members
        assert group.municipality not in group.others
        assert list(group.codes) == sorted(group.codes)
        assert group.is_complete
        assert group.distances.empty


def test_former_municipalities_are_compared_with_those_of_their_time() -> None:
    assert len(comparison_group("Vecumnieku novads", group="kind", year=2013, territory="2009").members) == 110
    assert len(comparison_group("Vecumnieku novads", group="all", year=2013, territory="2009").members) == 119
    similar = comparison_group("Vecumnieku novads", year=2013, territory="2009", size=5)
    assert len(similar.others) == 5
    assert set(similar.codes) <= {unit.code for unit in classification("2009")}
    network = comparison_group("Vecumnieku novads", group="network:T2", year=2013, territory="2009")
    assert {"Vecumnieku novads", "Iecavas novads", "Skrundas novads"} < names(network)


def test_network_members_are_carried_through_the_reforms() -> None:
    group = comparison_group("Dobeles novads", group="network:T2", year=2013)
    assert names(group) == {
        "Dobeles novads",  # for whom the group is made
        "Bauskas novads",  # Vecumnieki and Iecava
        "Ogres novads",
        "Kuldīgas novads",  # Skrunda
        "Tukuma novads",
        "Ādažu novads",
        "Talsu novads",
    }
    assert group.detail == "T2"
    assert not group.is_complete
    assert len(comparison_group(BAUSKA, group="network:T2", year=2013).members) == 6, "a member is not counted twice"
    limbazi = comparison_group("Dobeles novads", group="network:T3", year=2013)
    assert "Limbažu novads" in names(limbazi), "Aloja is in Limbažu novads today"


def test_a_split_member_brings_both_heirs(monkeypatch: pytest.MonkeyPatch) -> None:
    catalogue = load_catalogue()
    member = Member("Inčukalna novads", "made up")
    changed = replace(catalogue, networks={"T4": replace(catalogue.networks["T4"], members=(member,))})
    monkeypatch.setattr("benchlib.comparison.groups.load_catalogue", lambda: changed)
    group = comparison_group("Dobeles novads", group="network:T4", year=2013)
    assert names(group) == {"Dobeles novads", "Ropažu novads", "Siguldas novads"}


def test_networks_are_those_that_published_pages_name() -> None:
    networks = load_catalogue().networks
    members = {key: [member.name for member in network.members] for key, network in networks.items()}
    assert members == {
        "T1": ["Skrundas novads", "Preiļu novads"],
        "T2": [
            "Vecumnieku novads",
            "Iecavas novads",
            "Ogres novads",
            "Skrundas novads",
            "Tukuma novads",
            "Ādažu novads",
            "Talsu novads",
        ],
        "T3": ["Vecumnieku novads", "Alojas novads", "Preiļu novads", "Salaspils novads", "Gulbenes novads"],
        "T4": ["Jelgavas novads"],
    }
    assert networks["T2"].members_unresolved == ("Jelgava", "Daugavpils"), "city or novads: not guessed"
    assert not any(network.members_complete for network in networks.values())
    assert all(member.source for network in networks.values() for member in network.members)


def test_own_list() -> None:
    group = comparison_group("Bauskas novads", group="own: ogres; 0028000 ;Bauskas novads; OGRES NOVADS;", year=2013)
    assert [member.name for member in group.members] == ["Bauskas novads", "Dobeles novads", "Ogres novads"]
    assert len(comparison_group("Bauskas novads", group="own: Bauskas novads", year=2013).others) == 0


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"group": "similiar"}, OptionError, "'similiar' is not an option. Allowed: similar, region"),
        ({"group": ""}, OptionError, "Allowed"),
        ({"group": "network:T9"}, OptionError, "there is no network 'T9'. Networks: T1, T2, T3, T4"),
        ({"group": "network:"}, OptionError, "there is no network ''"),
        ({"group": "own:"}, OptionError, "names nobody"),
        ({"group": "own: ; ;"}, OptionError, "names nobody"),
        ({"group": "own: Jelgava"}, AmbiguousTerritoryError, "Jelgavas novads"),
        ({"group": "own: Atlantis"}, UnknownTerritoryError, "Atlantis"),
        ({"group": "own: Ogre, Cēsu novads"}, UnknownTerritoryError, r"Semicolons separate the names: 'A; B'\."),
        ({"size": 0}, OptionError, "size=0 leaves nobody"),
        ({"size": -3}, OptionError, "at least 1"),
        ({"territory": "2010"}, OptionError, "territory='2010'"),
    ],
)
def test_wrong_words_are_refused(options: dict[str, object], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        comparison_group("Bauskas novads", year=2013, **options)  # type: ignore[arg-type]


def test_a_former_name_is_unknown_today() -> None:
    with pytest.raises(UnknownTerritoryError, match="Vecumnieku"):
        comparison_group("Vecumnieku novads", group="region", year=2013)


def test_distances_by_hand(made: Callable[..., Store]) -> None:
    # Four units. Population on the logarithm: 1, e^2, e^4, e^6 -> 0, 2, 4, 6: mean 3, variance (9+1+1+9)/4 = 5.
    # Unemployment as it is: 0, 4, 4, 8: mean 4, variance (16+0+0+16)/4 = 8.
    population = [1.0, math.exp(2), math.exp(4), math.exp(6)]
    store = made({"registered_population": (population, {}), "unemployment_rate": ([0, 4, 4, 8], {})})
    context = ("registered_population", "unemployment_rate")

    def group_of(code: str, size: int = 10) -> object:
        return comparison_group(code, year=YEAR, context=context, size=size, store=store)

    a, b, c, d = UNITS[:4]
    group = comparison_group(a, year=YEAR, context=context, store=store)
    assert group.codes == (a, b, c, d), "itself first, then the nearest; nobody without figures"
    assert group.distances.to_dict() == pytest.approx(
        {
            b: math.sqrt((4 / 5 + 16 / 8) / 2),
            c: math.sqrt((16 / 5 + 16 / 8) / 2),
            d: math.sqrt((36 / 5 + 64 / 8) / 2),
        }
    )
    for one in (a, b, c, d):
        for other in {a, b, c, d} - {one}:
            there, back = group_of(one), group_of(other)
            assert there.distances[other] == pytest.approx(back.distances[one]), "symmetric"  # type: ignore[attr-defined]
    assert group_of(a, size=1).codes == (a, b)  # type: ignore[attr-defined]
    assert group_of(b, size=1).codes == (b, c), "2 on the first, 0 on the second"  # type: ignore[attr-defined]


def test_a_missing_context_figure_neither_helps_nor_harms(made: Callable[..., Store]) -> None:
    store = made(
        {"dependency_ratio": ([0, 2, 4, None], {}), "unemployment_rate": ([0, 4, 4, 8], {})},
    )
    group = comparison_group(UNITS[0], year=YEAR, context=("dependency_ratio", "unemployment_rate"), store=store)
    assert group.distances[UNITS[3]] == pytest.approx(math.sqrt(64 / 8)), "by the one indicator that both have"


def test_equal_and_impossible_context_figures_do_not_decide(made: Callable[..., Store]) -> None:
    store = made({"registered_population": ([0, 10, 20, 40], {}), "unemployment_rate": ([5, 5, 5, 5], {})})
    context = ("registered_population", "unemployment_rate")
    group = comparison_group(UNITS[1], year=YEAR, context=context, store=store)
    assert group.codes == (UNITS[1], UNITS[2], UNITS[3]), "no logarithm of 0, no spread in the other: no distance"


def test_nobody_is_similar_to_a_municipality_without_context(made: Callable[..., Store]) -> None:
    store = made({"unemployment_rate": ([1, 2, 3], {})})
    with pytest.raises(NoFiguresError, match=r"has no figure for any of unemployment_rate.*another group"):
        comparison_group("Rīga", year=YEAR, context=["unemployment_rate"], store=store)


def test_similar_in_the_shipped_data() -> None:
    group = comparison_group("Bauskas novads", year=2013)
    assert group.members[0].code == BAUSKA
    assert len(group.others) == 10
    assert group.context == CONTEXT
    assert group.distances.is_monotonic_increasing
    assert (group.distances > 0).all()
    assert tuple(group.distances.index) == tuple(member.code for member in group.others)
    assert {member.kind for member in group.others} == {"novads"}, "no state city is like Bauska"
    assert len(comparison_group("Bauskas novads", year=2013, size=100).members) == 42
    assert (
        comparison_group("Bauskas novads", year=2030).members == comparison_group("Bauskas novads", year=2015).members
    )


def test_repr_is_short() -> None:
    group = comparison_group("Bauskas novads", group="region", year=2013)
    assert repr(group) == "ComparisonGroup('region', Bauskas novads, 6 members)"
