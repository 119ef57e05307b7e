"""Municipalities and the reforms that joined and split them.

A classification is named by the year in which it starts: "2009" (119 units), "2021" (43), "2025" (42). Codes are ATVK
codes: text, seven digits, leading zeros. The code sets of 2009 and 2021 do not overlap, so a code tells its classification.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Final

import pandas as pd

from benchlib.errors import HarmonisationError, UnknownTerritoryError
from benchlib.indicators.folder import data_folder
from benchlib.terms import Classification, check_option

CLASSIFICATIONS: Final[tuple[Classification, ...]] = ("2009", "2021", "2025")
_STARTS: Final = {"2009": date(2009, 7, 1), "2021": date(2021, 7, 1), "2025": date(2025, 7, 1)}


@dataclass(frozen=True, slots=True)
class Territory:
    """One municipality of one classification.

    Attributes
    ----------
    code : str
        ATVK code, seven digits.
    name, name_en : str
        Official Latvian name ("Bauskas novads") and the name used in English ("Bauska municipality").
    kind : {"city", "novads"}
        State city or municipality.
    region : str
        Planning region of the time.
    valid_from, valid_to : datetime.date or None
        First and last day; None: still valid.
    """

    code: str
    name: str
    name_en: str
    kind: str
    region: str
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class Link:
    """How one unit passes into another: the share of its population and area, and what the share rests on."""

    old: str
    new: str
    population_share: float
    area_share: float
    basis: str  # "" for a whole unit, else what population_share rests on: "population" or "area"


@cache
def _all_territories() -> tuple[Territory, ...]:
    path = data_folder() / "territories.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(
            Territory(
                row["code"],
                row["name"],
                row["name_en"],
                row["kind"],
                row["region"],
                date.fromisoformat(row["valid_from"]),
                date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
            )
            for row in csv.DictReader(file)
        )


@cache
def classification(territory: Classification = "2025") -> tuple[Territory, ...]:
    """Municipalities of a classification, in the order of their codes.

    Parameters
    ----------
    territory : {"2009", "2021", "2025"}
        The year in which the classification starts.

    Returns
    -------
    tuple of Territory
        119, 43 or 42 units.

    Raises
    ------
    OptionError
        If the classification is unknown.

    Examples
    --------
    >>> [len(classification(year)) for year in ("2009", "2021", "2025")]
    [119, 43, 42]
    """
    start = _STARTS[check_option("territory", territory, Classification)]
    units = [t for t in _all_territories() if t.valid_from <= start and (t.valid_to is None or t.valid_to >= start)]
    return tuple(sorted(units, key=lambda unit: unit.code))


@cache
def codes(territory: Classification) -> dict[str, Territory]:
    """Territories of a classification by code."""
    return {unit.code: unit for unit in classification(territory)}


def classification_of(code: str) -> Classification:
    """First classification that contains a code.

    Parameters
    ----------
    code : str
        ATVK code.

    Returns
    -------
    {"2009", "2021", "2025"}
        The earliest classification with this code ("0038001", merged Madona, belongs to "2025" only).

    Raises
    ------
    UnknownTerritoryError
        If no classification has the code.
    """
    for territory in CLASSIFICATIONS:
        if code in codes(territory):
            return territory
    raise UnknownTerritoryError(
        f"No municipality has the code {code!r}. Codes have seven digits, leading zeros included ('0025000' is Bauskas novads); "
        "a spreadsheet may have cut the zeros off."
    )


@cache
def _events() -> dict[date, tuple[Link, ...]]:
    """Reforms by date, as in `data/reforms.csv`; an empty population share falls back on the area share."""
    links: dict[date, list[Link]] = {}
    with (data_folder() / "reforms.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            area, population = float(row["area_share"]), row["population_share"]
            basis = "" if area == 1 else ("population" if population else "area")
            link = Link(row["from_code"], row["to_code"], float(population) if population else area, area, basis)
            links.setdefault(date.fromisoformat(row["date"]), []).append(link)
    return {day: tuple(rows) for day, rows in links.items()}


@cache
def crosswalk(old: Classification, new: Classification) -> tuple[Link, ...]:
    """How the units of a classification pass into those of a later one.

    Parameters
    ----------
    old, new : {"2009", "2021", "2025"}
        From and to; equal classifications give the identity.

    Returns
    -------
    tuple of Link
        Ordered by new and old code. The shares of each old unit add up to 1.

    Raises
    ------
    HarmonisationError
        If `new` is earlier than `old`: nothing says how a joined figure would be divided among former municipalities.
    """
    if CLASSIFICATIONS.index(new) < CLASSIFICATIONS.index(old):
        raise HarmonisationError(
            f"Figures of the classification {old} cannot be carried back to {new}: nothing says how a joined figure divides among "
            f"the former municipalities. Use territory='{old}' or later."
        )
    links = {unit.code: {unit.code: Link(unit.code, unit.code, 1.0, 1.0, "")} for unit in classification(old)}
    for day in sorted(_events()):
        if _STARTS[old] < day <= _STARTS[new]:
            links = _apply(links, _events()[day])
    flat = [link for heirs in links.values() for link in heirs.values()]
    return tuple(sorted(flat, key=lambda link: (link.new, link.old)))


def _apply(links: dict[str, dict[str, Link]], event: tuple[Link, ...]) -> dict[str, dict[str, Link]]:
    steps: dict[str, list[Link]] = {}
    for step in event:
        steps.setdefault(step.old, []).append(step)
    result: dict[str, dict[str, Link]] = {}
    for origin, heirs in links.items():
        merged: dict[str, Link] = {}
        for heir in heirs.values():
            for step in steps.get(heir.new, [Link(heir.new, heir.new, 1.0, 1.0, "")]):
                before = merged.get(step.new, Link(origin, step.new, 0.0, 0.0, ""))
                merged[step.new] = Link(
                    origin,
                    step.new,
                    before.population_share + heir.population_share * step.population_share,
                    before.area_share + heir.area_share * step.area_share,
                    before.basis or heir.basis or step.basis,
                )
        result[origin] = merged
    return result


def former_municipalities(code: str) -> pd.DataFrame:
    """The municipalities of 2009 that a municipality of today consists of.

    Parameters
    ----------
    code : str
        Code of a unit of 2021 or 2025.

    Returns
    -------
    pandas.DataFrame
        One row per former municipality: `code`, `name`, `name_en`, `share` of its population that came here (0-1) and
        `basis` ("" whole, "population" or "area": what the share of a split unit rests on).

    Raises
    ------
    UnknownTerritoryError
        If the code is unknown.
    """
    target = _last_classification_of(code)
    return _links_frame((link for link in crosswalk("2009", target) if link.new == code), "old", "2009")


def present_municipalities(code: str, territory: Classification = "2025") -> pd.DataFrame:
    """Where a former municipality is today.

    Parameters
    ----------
    code : str
        Code of any unit.
    territory : {"2009", "2021", "2025"}
        The classification that counts as today.

    Returns
    -------
    pandas.DataFrame
        As `former_municipalities`: one row per municipality that received a part.

    Raises
    ------
    UnknownTerritoryError
        If the code is unknown.
    HarmonisationError
        If the unit begins later than the classification.
    """
    origin = classification_of(code)
    return _links_frame((link for link in crosswalk(origin, territory) if link.old == code), "new", territory)


def _last_classification_of(code: str) -> Classification:
    classification_of(code)
    return next(territory for territory in reversed(CLASSIFICATIONS) if code in codes(territory))


def _links_frame(links: Iterable[Link], end: str, territory: Classification) -> pd.DataFrame:
    rows: list[dict[str, Any]] = []
    for link in links:
        unit = codes(territory)[getattr(link, end)]
        rows.append(
            {
                "code": unit.code,
                "name": unit.name,
                "name_en": unit.name_en,
                "share": link.population_share,
                "basis": link.basis,
            }
        )
    return pd.DataFrame(rows, columns=["code", "name", "name_en", "share", "basis"])
