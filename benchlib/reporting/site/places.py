"""The municipalities of today as the site shows them: address of the page, tile on the map, what became part of them."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from benchlib.errors import AmbiguousTerritoryError, UnknownTerritoryError
from benchlib.indicators import (
    Network,
    Territory,
    classification,
    data_folder,
    find_municipality,
    former_municipalities,
    present_municipalities,
)
from benchlib.indicators.networks import Member
from benchlib.reporting.words import slug

#: The order of letters in Unicode's rules for Latvian, which browsers follow too.
_ALPHABET: Final = {letter: place for place, letter in enumerate("aābcčdeēfgģhiyījkķlļmnņoōpqrŗsštuūvwxzž", start=1)}


def alphabetical(name: str) -> list[tuple[int, str]]:
    """Key that sorts names as the Latvian alphabet does: Cesvaine before Cēsis, Cēsis before Čakste.

    Parameters
    ----------
    name : str
        A name.

    Returns
    -------
    list of tuple
        To be compared with other keys only.
    """
    # Spaces and signs come before all letters.
    return [(_ALPHABET.get(letter, 0), letter) for letter in name.casefold()]


@dataclass(frozen=True)
class Tile:
    """Where a municipality stands on the map of tiles, and the few letters that fit there."""

    row: int
    column: int
    short: str


@dataclass(frozen=True)
class Part:
    """A former municipality, and how much of it came here.

    Attributes
    ----------
    unit : Territory
        Municipality of 2009.
    share : float
        Between 0 and 1; 1 if it came whole.
    basis : str
        "population" or "area": what the share rests on; "" if whole.
    """

    unit: Territory
    share: float
    basis: str


@dataclass(frozen=True)
class Place:
    """A municipality of today.

    Attributes
    ----------
    unit : Territory
        Its code, names, kind and planning region.
    slug : str
        Name of its page, in all languages.
    tile : Tile
        Its place on the map.
    parts : tuple of Part
        The municipalities of 2009 that it was made of.
    """

    unit: Territory
    slug: str
    tile: Tile
    parts: tuple[Part, ...]

    @property
    def code(self) -> str:
        """ATVK code."""
        return self.unit.code

    @property
    def is_city(self) -> bool:
        """Whether it is a state city."""
        return self.unit.kind == "city"


@dataclass(frozen=True)
class Former:
    """A municipality that is no longer one of its own, and the codes of those that it belongs to today."""

    unit: Territory
    heirs: tuple[str, ...]
    shares: tuple[float, ...]
    basis: str


@dataclass(frozen=True)
class MemberPlace:
    """A member of a network as its source names it, and the municipalities of today that hold it; none if unresolved."""

    name: str
    source: Mapping[str, str]
    unit: Territory | None
    heirs: tuple[str, ...]


@cache
def places() -> tuple[Place, ...]:
    """The municipalities of today in the order of the Latvian alphabet.

    Returns
    -------
    tuple of Place
    """
    known = _former_units()
    found = []
    for unit in classification():
        parts = former_municipalities(unit.code).to_dict("records")
        made_of = tuple(Part(known[part["code"]], float(part["share"]), str(part["basis"])) for part in parts)
        found.append(Place(unit, slug(unit.name), _tiles()[unit.code], made_of))
    return tuple(sorted(found, key=lambda place: alphabetical(place.unit.name)))


@cache
def former_places() -> tuple[Former, ...]:
    """The municipalities of 2009 and 2021 whose name is not on the map any more, in the order of the alphabet.

    Returns
    -------
    tuple of Former
        Each name once.
    """
    today = {unit.code: unit.name for unit in classification()}
    found: dict[str, Former] = {}
    for unit in (*classification("2009"), *classification("2021")):
        heirs = present_municipalities(unit.code)
        if [today[code] for code in heirs["code"]] != [unit.name]:
            shares, basis = tuple(map(float, heirs["share"])), str(heirs["basis"].iloc[0])
            found.setdefault(unit.name, Former(unit, tuple(heirs["code"]), shares, basis))
    return tuple(found[name] for name in sorted(found, key=alphabetical))


def members_of(network: Network) -> tuple[MemberPlace, ...]:
    """Members of a network and where they are today.

    Parameters
    ----------
    network : Network
        From the catalogue.

    Returns
    -------
    tuple of MemberPlace
        In the order of the alphabet; names that cannot be told apart come last, without heirs.
    """
    named = [_member(member) for member in network.members]
    unresolved = [MemberPlace(name, {}, None, ()) for name in network.members_unresolved]
    return tuple(sorted([*named, *unresolved], key=lambda m: (m.unit is None, alphabetical(m.name))))


def _member(named: Member) -> MemberPlace:
    try:
        unit = find_municipality(named.name, named.territory)
    except (UnknownTerritoryError, AmbiguousTerritoryError):
        return MemberPlace(named.name, named.source, None, ())
    return MemberPlace(named.name, named.source, unit, tuple(present_municipalities(unit.code)["code"]))


@cache
def _former_units() -> dict[str, Territory]:
    return {unit.code: unit for unit in classification("2009")}


@cache
def _tiles() -> dict[str, Tile]:
    """Read here and not through `plots`, which would load matplotlib (half a second) for forty-two lines."""
    with (data_folder() / "catalogue" / "tiles.csv").open(encoding="utf-8", newline="") as file:
        return {r["code"]: Tile(int(r["row"]), int(r["column"]), r["short"]) for r in csv.DictReader(file)}
