"""Weights as data: formulas of indices and keys of need (`data/catalogue/indices`, `data/catalogue/need`, and what the user has added).

Each number stands in its file with the source that it comes from, its date, and whether somebody has compared it with that source.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from math import isclose, isfinite
from pathlib import Path
from typing import Any

from benchlib.errors import CatalogueError, OptionError
from benchlib.indicators.catalog import load_catalogue
from benchlib.indicators.folder import own_folder
from benchlib.indicators.registry import Texts, build, entries, read_toml


@dataclass(frozen=True, slots=True)
class IndexPart:
    """One indicator of an index.

    Attributes
    ----------
    indicator : str
        Indicator by id.
    weight : float
        Its share of the index.
    direction : {1, -1}
        -1: the sign is reversed, for less is better.
    """

    indicator: str
    weight: float
    direction: int


@dataclass(frozen=True, slots=True)
class IndexFormula:
    """What goes into an index, and on what authority.

    Attributes
    ----------
    id : str
        Name of the file.
    name, definition, doubts : mapping
        Texts by language, "lv" and "en"; `doubts` says what is to be verified.
    source, date : str
        Where the weights come from, and of which day they are ("YYYY-MM-DD").
    legal : tuple of str
        Legal acts, the oldest first.
    verified : bool
        Whether weights and signs were compared with the legal act itself.
    parts : tuple of IndexPart
        The indicators; their weights add up to 1.
    """

    id: str
    name: Texts
    definition: Texts
    source: str
    date: str
    legal: tuple[str, ...]
    verified: bool
    doubts: Texts
    parts: tuple[IndexPart, ...]

    @property
    def weights(self) -> dict[str, float]:
        """Weight of each indicator."""
        return {part.indicator: float(part.weight) for part in self.parts}

    @property
    def directions(self) -> dict[str, int]:
        """Sign of each indicator."""
        return {part.indicator: part.direction for part in self.parts}


@dataclass(frozen=True, slots=True)
class NeedPart:
    """How much need one unit of an indicator stands for.

    Attributes
    ----------
    indicator : str
        Indicator by id: a number of people, or km².
    coefficient : float
        Equalised units for each.
    unit, source, date : str
        Unit of the coefficient, where it comes from, and of which day it is.
    verified : bool
        Whether it was compared with the legal act.
    """

    indicator: str
    coefficient: float
    unit: str
    source: str
    date: str
    verified: bool


@dataclass(frozen=True, slots=True)
class NeedKey:
    """A key of need: people and area added up with coefficients.

    Attributes
    ----------
    id : str
        Name of the file.
    name, definition, caveats : mapping
        Texts by language, "lv" and "en".
    source : str
        Legal act or study.
    parts : tuple of NeedPart
        What is added up.
    """

    id: str
    name: Texts
    definition: Texts
    source: str
    caveats: Texts
    parts: tuple[NeedPart, ...]

    @property
    def is_verified(self) -> bool:
        """Whether every coefficient was compared with its source; until then it is shown as to be verified."""
        return all(part.verified for part in self.parts)


@cache
def load_index(name: str = "territory_development", data: Path | None = None) -> IndexFormula:
    """Formula of an index by id.

    Parameters
    ----------
    name : str
        Name of its file in `catalogue/indices`; a file of the user's own of the same name takes the place of the shipped one.
    data : pathlib.Path, optional
        Data folder; the shipped one if absent.

    Returns
    -------
    IndexFormula

    Raises
    ------
    OptionError
        If there is no such formula; the message lists those that there are.
    CatalogueError
        If the file is broken: a weight that is not positive, weights that do not add up to 1, a sign other than 1 and -1, an indicator
        without a passport or named twice.
    """
    formula: IndexFormula = _read(name, "indices", IndexFormula, IndexPart, data)
    where = f"catalogue/indices/{name}.toml"
    for part in formula.parts:
        if part.direction not in (1, -1):
            raise CatalogueError(f"{where}, {part.indicator}: direction = {part.direction!r} is neither 1 nor -1.")
        if not part.weight > 0:
            raise CatalogueError(f"{where}, {part.indicator}: weight = {part.weight!r} is not positive.")
    total = sum(part.weight for part in formula.parts)
    if not isclose(total, 1.0, abs_tol=1e-9):
        raise CatalogueError(f"{where}: the weights add up to {total:.4g}, not 1. Correct them.")
    return formula


@cache
def load_need_key(name: str = "equalised_units", data: Path | None = None) -> NeedKey:
    """Key of need by id.

    Parameters
    ----------
    name : str
        Name of its file in `catalogue/need`; a file of the user's own of the same name takes the place of the shipped one.
    data : pathlib.Path, optional
        Data folder; the shipped one if absent.

    Returns
    -------
    NeedKey

    Raises
    ------
    OptionError
        If there is no such key; the message lists those that there are.
    CatalogueError
        If the file is broken: a coefficient that is not positive, an indicator without a passport or named twice.
    """
    key: NeedKey = _read(name, "need", NeedKey, NeedPart, data)
    for part in key.parts:
        if not (isfinite(part.coefficient) and part.coefficient > 0):
            raise CatalogueError(
                f"catalogue/need/{name}.toml, {part.indicator}: coefficient = {part.coefficient!r} is not positive."
            )
    return key


def weights_problems(data: Path | None = None) -> list[str]:
    """What is wrong with the formulas and keys, shipped and the user's own.

    Parameters
    ----------
    data : pathlib.Path, optional
        Data folder; the shipped one if absent.

    Returns
    -------
    list of str
        One sentence per problem; empty when all is well.
    """
    problems = []
    for room, load in (("indices", load_index), ("need", load_need_key)):
        for name in _files(room, data):
            try:
                load(name, data)
            except CatalogueError as error:
                problems.append(str(error))
    return problems


def _files(room: str, data: Path | None) -> dict[str, Path]:
    """Files of a room of the catalogue by name; own ones take the place of the shipped ones."""
    folder = load_catalogue(data).registry.folder
    places = (folder, own_folder(folder))
    return {path.stem: path for place in places for path in sorted((place / "catalogue" / room).glob("*.toml"))}


def _read(name: str, room: str, whole: type[Any], part: type[Any], data: Path | None) -> Any:
    """Build the record of a file of a room of the catalogue; own files come before the shipped ones."""
    catalogue, found = load_catalogue(data), _files(room, data)
    if name not in found:
        raise OptionError(f"{name!r:.80} is not a file of catalogue/{room}. There are: {', '.join(found) or 'none'}.")
    path = found[name]
    content = read_toml(path)
    parts = tuple(
        build(part, _dated(entry), f"{path}, part {entry.get('indicator', '?')!r}")
        for entry in entries(content, "part", path)
    )
    ids = [one.indicator for one in parts]
    if not ids or len(set(ids)) < len(ids):
        raise CatalogueError(f"{path}: the parts name no indicator, or one twice ({', '.join(ids)}).")
    for indicator in ids:
        if indicator not in catalogue.indicators:
            raise CatalogueError(f"{path}: indicator {indicator!r} has no passport.")
    return build(whole, {"id": name, **_dated(content), "parts": list(parts)}, str(path))


def _dated(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Fields of a table without its parts; a date as text."""
    return {key: str(value) if key == "date" else value for key, value in entry.items() if key != "part"}
