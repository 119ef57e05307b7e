"""Comparison groups: with whom a municipality is compared (look-alikes, never mistaken for peers of the frontier)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from benchlib.comparison.figures import near_year
from benchlib.errors import NoFiguresError, OptionError, UnknownTerritoryError
from benchlib.indicators import (
    Network,
    Store,
    Territory,
    classification,
    find_municipality,
    load_catalogue,
    load_indicators,
)
from benchlib.terms import Access, Classification

GROUP_WORDS = ("similar", "region", "kind", "all", "network:T1..T4", "own: NAME; NAME; ...")
_WITHOUT_NAMES = frozenset({"similar", "region", "kind", "all"})
#: Context by which look-alikes are found: size, density, age, labour market, wealth.
CONTEXT = (
    "registered_population",
    "population_density",
    "dependency_ratio",
    "unemployment_rate",
    "income_tax_per_inhabitant",
)
#: Skewed by a few large cities: compared on the logarithm, so that twice as many counts the same everywhere.
_LOGARITHMIC = frozenset({"registered_population", "population_density", "income_tax_per_inhabitant"})


@dataclass(frozen=True)
class ComparisonGroup:
    """Who is compared with whom, and why.

    Attributes
    ----------
    word : str
        The option that made the group ("similar", "region", "network:T2").
    municipality : Territory
        The municipality for which the group was made; always a member.
    members : tuple of Territory
        All members; for "similar" the nearest first, else by code.
    territory : {"2009", "2021", "2025"}
        Classification.
    detail : str
        Name of the region or network; "" otherwise.
    is_complete : bool
        False if the published list of members is known to be incomplete.
    distances : pandas.Series
        For "similar": distance of each member by code, in standard deviations of the context indicators; else empty.
    context : tuple of str
        Indicators by which "similar" was measured; else empty.
    """

    word: str
    municipality: Territory
    members: tuple[Territory, ...]
    territory: Classification
    detail: str = ""
    is_complete: bool = True
    distances: pd.Series = field(default_factory=lambda: pd.Series(dtype="float64"))
    context: tuple[str, ...] = ()

    @property
    def codes(self) -> tuple[str, ...]:
        """Codes of all members."""
        return tuple(member.code for member in self.members)

    @property
    def others(self) -> tuple[Territory, ...]:
        """Members without the municipality itself."""
        return tuple(member for member in self.members if member.code != self.municipality.code)

    def __repr__(self) -> str:
        return f"ComparisonGroup({self.word!r}, {self.municipality.name}, {len(self.members)} members)"


def comparison_group(
    municipality: str,
    *,
    group: str = "similar",
    year: int,
    territory: Classification = "2025",
    size: int = 10,
    context: Sequence[str] = CONTEXT,
    access: Access = "public",
    as_of: str | None = None,
    store: Store | None = None,
) -> ComparisonGroup:
    """Comparison group of a municipality.

    Parameters
    ----------
    municipality : str
        Name or code.
    group : str
        "similar": the `size` nearest neighbours on the context indicators; "region": the planning region; "kind": all cities, or
        all novadi; "all"; "network:T2": the known members of a network; "own: A; B; C": a list of names.
    year : int
        Year of the context indicators; where one is not published for it, the nearest year counts.
    territory : {"2025", "2021", "2009"}
        Classification.
    size : int
        Number of neighbours for "similar".
    context : sequence of str
        Indicators by which "similar" is measured.
    access, as_of, store
        As in `load_indicators`.

    Returns
    -------
    ComparisonGroup

    Raises
    ------
    OptionError
        If the group word is unknown, the own list is empty, or `size` is not positive.
    UnknownTerritoryError, AmbiguousTerritoryError
        If a name is not known.
    NoFiguresError
        For "similar", if the municipality has no context figure at all.

    Examples
    --------
    >>> group = comparison_group("Bauskas novads", group="region", year=2013)
    >>> group.detail, len(group.members)
    ('Zemgale', 6)
    """
    unit = find_municipality(municipality, territory)
    everybody = classification(territory)
    if group == "similar":
        return _similar(unit, territory, year, size, tuple(context), access, as_of, store)
    if group == "all":
        return ComparisonGroup(group, unit, everybody, territory)
    if group == "region":
        members = tuple(t for t in everybody if t.region == unit.region)
        return ComparisonGroup(group, unit, members, territory, detail=unit.region)
    if group == "kind":
        return ComparisonGroup(
            group, unit, tuple(t for t in everybody if t.kind == unit.kind), territory, detail=unit.kind
        )
    others = named_members(group, territory)
    if not group.startswith("network:"):
        return _listed(unit, group, others, territory)
    network = _network(group)
    return _listed(unit, group, others, territory, network.id, network.members_complete)


def named_members(group: str, territory: Classification = "2025") -> tuple[Territory, ...]:
    """Members of a network or of an own list; nobody for the words that need no names ("similar", "region", "kind", "all").

    Parameters
    ----------
    group : str
        As in `comparison_group`.
    territory : {"2025", "2021", "2009"}
        Classification.

    Returns
    -------
    tuple of Territory

    Raises
    ------
    OptionError
        If the group word is unknown or the own list is empty.
    UnknownTerritoryError, AmbiguousTerritoryError
        If a name is not known.
    """
    if group in _WITHOUT_NAMES:
        return ()
    if group.startswith("network:"):
        return _network(group).units(territory)
    if group.startswith("own:"):
        names = [name.strip() for name in group.removeprefix("own:").split(";") if name.strip()]
        if not names:
            raise OptionError(f"group={group!r} names nobody. Write the names after 'own:', separated by semicolons.")
        return tuple(find_listed(name, territory) for name in names)
    raise OptionError(f"group={group!r} is not an option. Allowed: {', '.join(GROUP_WORDS)}.")


def find_listed(name: str, territory: Classification) -> Territory:
    """A municipality of a list; where its name holds commas, the message says what separates names.

    Parameters
    ----------
    name : str
        Name or code, from between two semicolons.
    territory : {"2025", "2021", "2009"}
        Classification.

    Returns
    -------
    Territory

    Raises
    ------
    UnknownTerritoryError, AmbiguousTerritoryError
        If the name is not known.
    """
    try:
        return find_municipality(name, territory)
    except UnknownTerritoryError as error:
        if "," not in name:
            raise
        raise UnknownTerritoryError(f"{error} Semicolons separate the names: 'A; B'.") from error


def _listed(
    unit: Territory,
    word: str,
    others: Sequence[Territory],
    territory: Classification,
    detail: str = "",
    is_complete: bool = True,
) -> ComparisonGroup:
    members = {member.code: member for member in (unit, *others)}
    ordered = tuple(members[code] for code in sorted(members))
    return ComparisonGroup(word, unit, ordered, territory, detail, is_complete)


def _network(word: str) -> Network:
    networks = load_catalogue().networks
    key = word.removeprefix("network:").strip()
    if key not in networks:
        raise OptionError(
            f"group={word!r}: there is no network {key!r}. Networks: {', '.join(networks)} (data/catalogue/networks.toml)."
        )
    return networks[key]


def _similar(
    unit: Territory,
    territory: Classification,
    year: int,
    size: int,
    context: tuple[str, ...],
    access: Access,
    as_of: str | None,
    store: Store | None,
) -> ComparisonGroup:
    if size < 1:
        raise OptionError(f"size={size} leaves nobody to compare with. Give at least 1.")
    table = load_indicators(context, years="all", territory=territory, access=access, as_of=as_of, store=store)
    wide = near_year(table, year).pivot_table(index="territory", columns="indicator", values="value")
    if unit.code not in wide.index:
        raise NoFiguresError(
            f"{unit.name} has no figure for any of {', '.join(context)}, so nobody can be called similar to it. "
            "Choose another group: region, kind, all, a network or an own list."
        )
    for indicator in _LOGARITHMIC & set(wide.columns):
        wide[indicator] = np.log(wide[indicator].where(wide[indicator] > 0))
    standard = (wide - wide.mean()) / wide.std(ddof=0).replace(0, np.nan)
    standard = standard.dropna(axis="columns", how="all")
    difference = standard - standard.loc[unit.code]
    # Mean of squares over the indicators that both have, so that a missing one neither helps nor harms.
    distance = np.sqrt((difference**2).mean(axis=1)).dropna().sort_values(kind="stable")
    nearest = distance.drop(unit.code).head(size)
    known = {t.code: t for t in classification(territory)}
    members = (unit, *(known[code] for code in nearest.index))
    return ComparisonGroup("similar", unit, members, territory, distances=nearest, context=context)
