"""Thematic cooperation networks: their indicators and known members (`data/catalogue/networks.toml`)."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

from benchlib.errors import BenchlibError, CatalogueError
from benchlib.indicators.names import find_municipality
from benchlib.indicators.passports import Passport
from benchlib.indicators.registry import Texts, build
from benchlib.indicators.territory import (
    CLASSIFICATIONS,
    Territory,
    codes,
    former_municipalities,
    present_municipalities,
)
from benchlib.terms import Classification, check_option


@dataclass(frozen=True, slots=True)
class Member:
    """A member of a network, as its source names it.

    Attributes
    ----------
    name : str
        Name of the municipality.
    source : mapping
        What says that it is a member, by language.
    territory : {"2009", "2021", "2025"}
        Classification in which it has this name.
    """

    name: str
    source: Texts
    territory: Classification = "2009"

    def units(self, territory: Classification) -> tuple[Territory, ...]:
        """Municipalities of a classification that hold the member, or are parts of it.

        Parameters
        ----------
        territory : {"2009", "2021", "2025"}
            Classification.

        Returns
        -------
        tuple of Territory
            One, or several: a former municipality that was split brings in every heir, and each municipality of today the former
            ones that it was made of.

        Raises
        ------
        UnknownTerritoryError, AmbiguousTerritoryError
            If there is no such municipality; the message gives the nearest names.
        """
        unit = find_municipality(self.name, self.territory)
        if CLASSIFICATIONS.index(territory) >= CLASSIFICATIONS.index(self.territory):
            found = list(present_municipalities(unit.code, territory)["code"])
        elif territory == "2009":
            found = list(former_municipalities(unit.code)["code"])
        else:  # from 2025 back to 2021: the units of 2021 that passed into this one
            found = [code for code in codes(territory) if unit.code in set(present_municipalities(code)["code"])]
        return tuple(codes(territory)[code] for code in found)


@dataclass(frozen=True, slots=True)
class Network:
    """A thematic cooperation network, its indicators and its known members.

    Attributes
    ----------
    id : str
        "T1" to "T4", or a user's own.
    name, theme : mapping
        Texts by language.
    members : tuple of Member
        Known members, each with the source that names it.
    members_complete : bool
        False where the published list is known to be incomplete.
    sources : tuple of mapping
        Where the network is described, by language.
    members_unresolved : tuple of str
        Names that the sources give without saying whether the city or the novads is meant.
    indicators : mapping of str to tuple of str
        Indicators by id that the network compares, by dimension: cost, productivity, coverage, quality, satisfaction, context.
    """

    id: str
    name: Texts
    theme: Texts
    members: tuple[Member, ...]
    members_complete: bool
    sources: tuple[Texts, ...]
    members_unresolved: tuple[str, ...] = ()
    indicators: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def indicator_ids(self) -> tuple[str, ...]:
        """All indicators, dimension by dimension."""
        return tuple(name for names in self.indicators.values() for name in names)

    def units(self, territory: Classification) -> tuple[Territory, ...]:
        """Municipalities of a classification that the known members are, or are part of; each once, by code.

        Raises
        ------
        CatalogueError
            If a member does not exist; the message names the network, the member and the nearest names.
        """
        found: dict[str, Territory] = {}
        for member in self.members:
            try:
                found |= {unit.code: unit for unit in member.units(territory)}
            except BenchlibError as error:
                raise CatalogueError(
                    f"networks.toml, {self.id}: the member {member.name!r:.80} cannot be found. {error} "
                    "Correct its name or its territory there, or take the member out."
                ) from error
        return tuple(found[code] for code in sorted(found))

    def known_units(self, territory: Classification) -> tuple[Territory, ...]:
        """As `units`, without members that do not exist: for what is about somebody else.

        The network's own paper and `benchlib data check` tell who is not found.
        """
        found: dict[str, Territory] = {}
        for member in self.members:
            with suppress(BenchlibError):
                found |= {unit.code: unit for unit in member.units(territory)}
        return tuple(found[code] for code in sorted(found))


def read_network(
    key: str, entry: Any, shipped: Network | None, passports: Mapping[str, Passport], where: str
) -> Network:
    """Make a network from a table of a `networks.toml`, checked.

    Parameters
    ----------
    key : str
        Id of the network.
    entry : mapping
        The TOML table.
    shipped : Network or None
        The network of the same id that is known already: an own file adds members, sources and indicators to it.
    passports : mapping of str to Passport
        Known indicators.
    where : str
        File, for messages.

    Returns
    -------
    Network

    Raises
    ------
    CatalogueError
        If a field is missing, unknown or of the wrong kind, a member lacks its source, or an indicator has no passport or another
        dimension.
    """
    where = f"{where}, {key}"
    if not isinstance(entry, Mapping):
        raise CatalogueError(f"{where} is not a table. Write [{key}] above the entries of a network.")
    fields = dict(entry)
    fields["members"] = [_member(member, where) for member in _list(fields.get("members", []), "members", where)]
    if "sources" in fields:
        fields["sources"] = [_texts(source, "sources", where) for source in _list(fields["sources"], "sources", where)]
    fields["indicators"] = _indicators(fields.get("indicators", {}), passports, where)
    if shipped is None:
        network: Network = build(Network, {"id": key, **fields}, where)
        return network
    return _joined(shipped, fields, where)


def _joined(shipped: Network, fields: dict[str, Any], where: str) -> Network:
    """What an own file adds to a network that is shipped."""
    other = sorted(set(fields) - {"members", "indicators", "sources", "members_complete"})
    if other:
        raise CatalogueError(
            f"{where}: {other[0]!r} cannot be changed, {shipped.id} is a network that comes with benchlib. Add members, sources and "
            "indicators to it, or choose another id."
        )
    complete = fields.get("members_complete", shipped.members_complete)
    if not isinstance(complete, bool):
        raise CatalogueError(f"{where}: members_complete = {complete!r} is not true or false.")
    indicators = {
        dimension: tuple(
            dict.fromkeys((*shipped.indicators.get(dimension, ()), *fields["indicators"].get(dimension, ())))
        )
        for dimension in dict.fromkeys((*shipped.indicators, *fields["indicators"]))
    }
    return replace(
        shipped,
        members=(*shipped.members, *fields["members"]),
        members_complete=complete,
        sources=(*shipped.sources, *fields.get("sources", [])),
        indicators=indicators,
    )


def _list(value: Any, name: str, where: str) -> list[Any]:
    if not isinstance(value, list):
        raise CatalogueError(f"{where}: {name} = {value!r:.80} is not a list in [ ].")
    return value


def _member(entry: Any, where: str) -> Member:
    if not isinstance(entry, Mapping):
        raise CatalogueError(f'{where}: a member is written {{ name = "...", source = "..." }}, not {entry!r:.80}.')
    called = f"{where}, member {entry.get('name', '?')!r:.80}"
    fields = dict(entry)
    if "source" in fields:
        fields["source"] = _texts(fields["source"], "source", called)
    member: Member = build(Member, fields, called)
    try:
        check_option("territory", member.territory, Classification)
    except BenchlibError as error:
        raise CatalogueError(f"{where}, member {member.name!r:.80}: {error}") from error
    return member


def _texts(value: Any, name: str, where: str) -> Any:
    """A text in both languages; one text stands for both, as an address does. What is neither is left to be refused."""
    if isinstance(value, str):
        return {"lv": value, "en": value}
    if (
        not isinstance(value, Mapping)
        or set(value) != {"lv", "en"}
        or not all(isinstance(t, str) for t in value.values())
    ):
        raise CatalogueError(f'{where}: {name} is a text, or one for each language: {{ lv = "...", en = "..." }}.')
    return value


def _indicators(entry: Any, passports: Mapping[str, Passport], where: str) -> dict[str, tuple[str, ...]]:
    if not isinstance(entry, Mapping):
        raise CatalogueError(f"{where}: indicators is not a table of lists by dimension, as in cost = [...].")
    found: dict[str, tuple[str, ...]] = {}
    for dimension, names in entry.items():
        for name in _list(names, f"indicators.{dimension}", where):
            if not isinstance(name, str) or name not in passports:
                raise CatalogueError(f"{where}, indicators.{dimension}: indicator {name!r:.80} has no passport.")
            if passports[name].dimension != dimension:
                raise CatalogueError(
                    f"{where}, indicators.{dimension}: the passport of {name!r} says dimension = {passports[name].dimension!r}. "
                    "List it there."
                )
        found[dimension] = tuple(dict.fromkeys(names))
    return found
