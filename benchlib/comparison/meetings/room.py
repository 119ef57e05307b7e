"""Who sits at the table: the known members of a network carried to the municipalities of today, and who is named besides."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from benchlib.comparison.groups import find_listed
from benchlib.errors import AmbiguousTerritoryError, OptionError, UnknownTerritoryError
from benchlib.indicators import CLASSIFICATIONS, Member, Network, Store, Territory, catalogue_of
from benchlib.terms import Classification

#: Before a list of names: these alone, without the known members.
_ONLY = "only:"


@dataclass(frozen=True)
class Seat:
    """A municipality in the room, and what puts it there.

    Attributes
    ----------
    unit : Territory
        The municipality.
    members : tuple of Member
        Known members of the network that are this municipality, or are part of it today: several former ones may meet in one.
    is_named : bool
        True if the list `members` of the call names it.
    """

    unit: Territory
    members: tuple[Member, ...] = ()
    is_named: bool = False


@dataclass(frozen=True)
class Room:
    """The municipalities that are compared with each other.

    Attributes
    ----------
    seats : tuple of Seat
        Each municipality once, by code.
    territory : {"2009", "2021", "2025"}
        Classification of the municipalities.
    network : Network or None
        The network that meets; None for a planning region or another set.
    is_chosen : bool
        True if the municipalities were named one by one, so that the network's own list does not count.
    """

    seats: tuple[Seat, ...]
    territory: Classification
    network: Network | None = None
    is_chosen: bool = False

    @property
    def units(self) -> tuple[Territory, ...]:
        """The municipalities, by code."""
        return tuple(seat.unit for seat in self.seats)

    @property
    def codes(self) -> tuple[str, ...]:
        """Codes of the municipalities."""
        return tuple(unit.code for unit in self.units)

    @property
    def unresolved(self) -> tuple[str, ...]:
        """Members that the sources name without saying whether the city or the novads is meant; nobody guesses.

        Who is in the room under one of these names is not among them.
        """
        if self.network is None or self.is_chosen:
            return ()
        here = set(self.codes)
        return tuple(name for name in self.network.members_unresolved if not here & _meant_by(name, self.territory))

    @property
    def is_complete(self) -> bool:
        """Whether everybody who should be here is known."""
        return self.is_chosen or self.network is None or (self.network.members_complete and not self.unresolved)


def _meant_by(name: str, territory: Classification) -> set[str]:
    """Codes of whom a name may mean: the city and the novads of that name, also those of before the reform where they are today."""
    found = set()
    for kind in ("pilsēta", "novads"):
        for of in CLASSIFICATIONS:
            try:
                found |= {unit.code for unit in Member(f"{name} {kind}", {}, of).units(territory)}
            except UnknownTerritoryError:
                continue
    return found


def room_of(units: Iterable[Territory], territory: Classification = "2025") -> Room:
    """A room for any set of municipalities.

    Parameters
    ----------
    units : iterable of Territory
        The municipalities, each once or more often.
    territory : {"2009", "2021", "2025"}
        Their classification.

    Returns
    -------
    Room

    Raises
    ------
    OptionError
        If nobody is named.
    """
    found = {unit.code: Seat(unit) for unit in units}
    if not found:
        raise OptionError("There is nobody to compare. Name at least one municipality.")
    return Room(tuple(found[code] for code in sorted(found)), territory)


def network_room(
    network: str, *, territory: Classification = "2025", members: str | None = None, store: Store | None = None
) -> Room:
    """The room of a network's meeting.

    Parameters
    ----------
    network : str
        Id of a network of the catalogue.
    territory : {"2009", "2021", "2025"}
        Classification to which the members are carried through the reforms.
    members : str, optional
        "A; B" adds municipalities to the known members, "only: A; B" takes these alone.
    store : Store, optional
        As in `load_indicators`.

    Returns
    -------
    Room

    Raises
    ------
    UnknownIndicatorError
        If there is no such network.
    OptionError
        If nobody is named after "only:", or the network has no known member and nobody is named.
    UnknownTerritoryError, AmbiguousTerritoryError
        If a name is not known; the message gives the nearest, or says where a former municipality is today.
    CatalogueError
        If a member that the network's file names does not exist.
    """
    found = catalogue_of(store).network(network)
    named, is_only = _named(members, territory)
    listed = found.units(territory)  # first: it names the file where a member does not exist
    everybody = {unit.code: unit for unit in (*named, *(() if is_only else listed))}
    if not everybody:
        raise OptionError(
            f"The network {found.id!r} has no known member, so there is nobody to compare. Name some: members='A; B', or add them to "
            "networks.toml, each with its source."
        )
    known: dict[str, list[Member]] = {}
    for member in found.members:
        for unit in member.units(territory):
            known.setdefault(unit.code, []).append(member)
    names = {unit.code for unit in named}
    seats = (Seat(everybody[code], tuple(known.get(code, ())), is_named=code in names) for code in sorted(everybody))
    return Room(tuple(seats), territory, found, is_chosen=is_only)


def _named(members: str | None, territory: Classification) -> tuple[list[Territory], bool]:
    """The municipalities that a list names, and whether it wants these alone."""
    if members is None:
        return [], False
    text = members.strip()
    is_only = text.lower().startswith(_ONLY)
    names = [name.strip() for name in (text[len(_ONLY) :] if is_only else text).split(";") if name.strip()]
    if not names:
        raise OptionError(
            f"members={members!r:.80} names nobody. Write names with semicolons between, 'only: A; B' for these alone, or leave it out "
            "for the known members."
        )
    return [_found(name, territory) for name in names], is_only


def _found(name: str, territory: Classification) -> Territory:
    try:
        return find_listed(name, territory)
    except (UnknownTerritoryError, AmbiguousTerritoryError) as error:
        raise type(error)(f"members: {error}") from error
