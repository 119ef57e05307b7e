"""Networks: members through the reforms, indicators by dimension, and what users add to them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from made_up import DataFolder

from benchlib.errors import CatalogueError, UnknownIndicatorError
from benchlib.indicators import Member, Network, load_catalogue, own_folder
from benchlib.terms import Classification, Dimension

NETWORKS = load_catalogue().networks
OWN = """
[club]
name = { lv = "Klubs", en = "Club" }
theme = { lv = "Tēma", en = "Theme" }
members_complete = true
members = [{ name = "Bauskas novads", source = "we", territory = "2025" }]
sources = ["we"]
"""


def names(network: Network | Member, territory: Classification) -> list[str]:
    return [unit.name for unit in network.units(territory)]


@pytest.fixture
def own(data: DataFolder) -> Callable[[str], dict[str, Network]]:
    """Return a function that writes an own networks.toml beside a shipped network T9 and loads both."""
    data.measure("places").passport("places", measure="places", dimension="quality", direction=1)
    shipped = OWN.replace("[club]", "[T9]").replace("true", "false") + '[T9.indicators]\nquality = ["places"]\n'
    (data.path / "catalogue" / "networks.toml").write_text(shipped, encoding="utf-8")

    def load(text: str) -> dict[str, Network]:
        path = own_folder(data.path) / "catalogue" / "networks.toml"
        path.parent.mkdir(parents=True)
        path.write_text(text, encoding="utf-8")
        return dict(load_catalogue(data.path).networks)

    return load


def test_members_of_2009_are_found_in_what_holds_them_today() -> None:
    assert names(NETWORKS["T2"], "2025") == [
        "Ādažu novads",
        "Bauskas novads",
        "Kuldīgas novads",
        "Ogres novads",
        "Talsu novads",
        "Tukuma novads",
    ], "Vecumnieki and Iecava meet in Bauskas novads, Skrunda is part of Kuldīgas novads"
    assert len(NETWORKS["T2"].units("2009")) == 7


@pytest.mark.parametrize(
    ("member", "territory", "expected"),
    [
        (Member("Inčukalna novads", "x"), "2025", ["Ropažu novads", "Siguldas novads"]),
        (Member("Varakļānu novads", "x"), "2021", ["Varakļānu novads"]),
        (Member("Varakļānu novads", "x"), "2025", ["Madonas novads"]),
        (
            Member("Bauskas novads", "x", "2025"),
            "2009",
            ["Bauskas novads", "Iecavas novads", "Rundāles novads", "Vecumnieku novads"],
        ),
        (Member("Madonas novads", "x", "2025"), "2021", ["Madonas novads", "Varakļānu novads"]),
    ],
)
def test_a_member_through_the_reforms(member: Member, territory: Classification, expected: list[str]) -> None:
    assert sorted(names(member, territory)) == expected


def test_every_network_compares_indicators_of_the_five_dimensions() -> None:
    for network in NETWORKS.values():
        assert set(network.indicators) <= set(Dimension.__args__)  # type: ignore[attr-defined]
        assert {"cost", "productivity", "coverage", "quality", "satisfaction"} <= set(network.indicators)
        assert set(network.indicator_ids) <= set(load_catalogue().indicators)
    assert NETWORKS["T4"].indicators["cost"] == ("education_expenditure_per_pupil",)


def test_an_unknown_network_is_told_with_the_known_ones() -> None:
    with pytest.raises(UnknownIndicatorError, match="T4"):
        load_catalogue().network("T9")


def test_a_network_of_ones_own(own: Callable[[str], dict[str, Network]]) -> None:
    networks = own(OWN)
    assert set(networks) == {"T9", "club"}
    assert names(networks["club"], "2025") == ["Bauskas novads"]
    assert networks["club"].members_complete


def test_an_own_file_adds_members_to_a_shipped_network(own: Callable[[str], dict[str, Network]]) -> None:
    network = own('[T9]\nmembers = [{ name = "Dobeles novads", source = "letter of 2026", territory = "2025" }]\n')[
        "T9"
    ]
    assert names(network, "2025") == ["Bauskas novads", "Dobeles novads"]
    assert network.name["en"] == "Club"
    assert network.indicators["quality"] == ("places",)


def test_an_indicator_named_twice_stands_there_once(own: Callable[[str], dict[str, Network]]) -> None:
    assert own('[T9.indicators]\nquality = ["places", "places"]\n')["T9"].indicator_ids == ("places",)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[T9]\nname = { lv = "x", en = "y" }', "cannot be changed"),
        ('[T9]\nmembers = [{ name = "Dobeles novads" }]', "source"),
        ('[T9]\nmembers = ["Dobeles novads"]', "a member is written"),
        ('[T9]\nmembers = "Dobeles novads"', "is not a list"),
        ('[T9]\nmembers = [{ name = "Dobeles novads", source = "x", territory = "1990" }]', "1990"),
        ('[T9.indicators]\ncost = ["places"]', "says dimension = 'quality'"),
        ('[T9.indicators]\nquality = ["nothing"]', "has no passport"),
        ("T9 = 1", "is not a table"),
        ("[T9.indicators]\nquality = [[1]]", "has no passport"),
        ("[T9]\nsources = [1]", "one for each language"),
        (OWN.replace("theme", "thema"), "thema"),
    ],
)
def test_a_broken_own_file_says_what_and_where(own: Callable[[str], dict[str, Network]], text: str, said: str) -> None:
    with pytest.raises(CatalogueError, match=said) as refused:
        own(text)
    assert "networks.toml" in str(refused.value)


def test_a_member_that_does_not_exist_is_an_error_with_the_nearest_names() -> None:
    network = NETWORKS["T1"]
    lost = Network("X", network.name, network.theme, (Member("Skrundes novads", "x"),), True, ())
    with pytest.raises(CatalogueError, match="Skrundas novads") as refused:
        lost.units("2025")
    assert "networks.toml, X" in str(refused.value)
    some = Network("X", network.name, network.theme, (*lost.members, *NETWORKS["T2"].members), True, ())
    assert some.known_units("2025") == NETWORKS["T2"].units("2025")
