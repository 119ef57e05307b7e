"""Municipalities by name: forgiving in spelling, strict where two could be meant."""

from __future__ import annotations

import re
import unicodedata
from difflib import get_close_matches
from functools import cache
from typing import Final

from benchlib.errors import AmbiguousTerritoryError, UnknownTerritoryError
from benchlib.indicators.territory import CLASSIFICATIONS, Territory, classification, codes, crosswalk
from benchlib.terms import Classification, check_option

_KIND_WORDS: Final = {
    "novads": "novads",
    "novada": "novads",
    "nov": "novads",
    "municipality": "novads",
    "pilseta": "city",
    "pilsetas": "city",
    "valstspilseta": "city",
    "valstspilsetas": "city",
    "city": "city",
}


def plain_text(text: str) -> str:
    """Text as it is compared: small letters without diacritics, digits, single spaces."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(c for c in decomposed if not unicodedata.combining(c))
    return re.sub(r"[^0-9a-z]+", " ", letters).strip()


def _stem_and_kind(text: str) -> tuple[str, str | None]:
    """Split "Jelgavas novads" into ("jelgavas", "novads"); the kind is None when no word says it."""
    words = plain_text(text).split()
    kinds = [_KIND_WORDS[w] for w in words if w in _KIND_WORDS]
    stem = " ".join(w for w in words if w not in _KIND_WORDS and w != "state")
    return stem, kinds[-1] if kinds else None


def _genitive(name: str) -> str:
    """Genitive of a city's name, as in "Jelgavas pilsēta"; names in -pils do not change."""
    return f"{name}s" if name.endswith(("a", "e")) else name


@cache
def _name_index(territory: Classification) -> dict[str, tuple[Territory, ...]]:
    """Every stem by which a unit may be called: genitive and nominative, without diacritics."""
    index: dict[str, list[Territory]] = {}
    for unit in classification(territory):
        spellings = {unit.name, unit.name_en, _genitive(unit.name)}
        if unit.kind == "city" and unit.name == "Rīga":
            spellings.add("Riga")
        for stem in sorted({_stem_and_kind(spelling)[0] for spelling in spellings}):
            index.setdefault(stem, []).append(unit)
    return {stem: tuple(units) for stem, units in index.items()}


def find_municipality(text: str, territory: Classification = "2025") -> Territory:
    """Municipality by name or code; forgives case, diacritics and the word "novads" or "pilsēta".

    Parameters
    ----------
    text : str
        "Bauskas novads", "bauska", "CESU NOVADS", "Jelgavas pilsēta", "Bauska municipality" or a code such as "0025000".
    territory : {"2009", "2021", "2025"}
        Classification to search.

    Returns
    -------
    Territory
        The one municipality that fits.

    Raises
    ------
    UnknownTerritoryError
        If nothing fits; the message gives the three nearest names, or says where a former municipality is today.
    AmbiguousTerritoryError
        If a city and a novads fit ("Jelgava").

    Examples
    --------
    >>> find_municipality("vecumnieki", "2009").name
    'Vecumnieku novads'
    """
    check_option("territory", territory, Classification)
    if not isinstance(text, str):
        raise UnknownTerritoryError(
            f"A municipality is named by text, not by {text!r}; codes keep their leading zeros only as text."
        )
    found = fitting(text, territory)
    if len(found) == 1:
        return found[0]
    if found:
        choices = " or ".join(f"'{full_name(unit)}' (code {unit.code})" for unit in found)
        raise AmbiguousTerritoryError(
            f"'{_shown(text)}' fits {len(found)} municipalities of {territory}. Write {choices}."
        )
    raise UnknownTerritoryError(_unknown(text, territory))


def fitting(text: str, territory: Classification) -> list[Territory]:
    """Municipalities that a text may mean, by code or by name.

    Parameters
    ----------
    text : str
        As in `find_municipality`.
    territory : {"2009", "2021", "2025"}
        Classification to search.

    Returns
    -------
    list of Territory
        None, one, or both a city and a novads; unlike the error of `find_municipality`, an empty list costs nothing.
    """
    if text.strip() in codes(territory):
        return [codes(territory)[text.strip()]]
    stem, kind = _stem_and_kind(text)
    return [unit for unit in _name_index(territory).get(stem, ()) if kind in (None, unit.kind)]


def full_name(unit: Territory) -> str:
    """Return the name that means this municipality and no other of its classification: "Jelgavas pilsēta", "Jelgavas novads".

    Parameters
    ----------
    unit : Territory
        A municipality.

    Returns
    -------
    str
    """
    return unit.name if unit.kind == "novads" else f"{_genitive(unit.name)} pilsēta"


def _shown(text: str) -> str:
    """What the user wrote, short enough and without control characters, for a message."""
    clean = "".join(c if c.isprintable() else " " for c in text)
    return clean if len(clean) <= 60 else f"{clean[:57]}..."


def _unknown(text: str, territory: Classification) -> str:
    start = f"No municipality of the classification {territory} is called '{_shown(text)}'."
    for other in CLASSIFICATIONS:
        for unit in fitting(text, other) if other != territory else ():
            if other > territory:
                return f"{start} It exists from {unit.valid_from:%d.%m.%Y}: use territory='{other}'."
            heirs = [codes(territory)[link.new].name for link in crosswalk(other, territory) if link.old == unit.code]
            return f"{start} It is part of {' and '.join(heirs)} now: name that, or use territory='{other}'."
    nearest = nearest_names(text, territory)
    return f"{start} Nearest: {', '.join(nearest)}. All names: benchlib municipalities --territory {territory}."


def nearest_names(text: str, territory: Classification, count: int = 3) -> list[str]:
    """The municipalities whose names are nearest to a misspelt one, nearest first."""
    by_plain = {plain_text(unit.name): unit.name for unit in classification(territory)}
    by_plain |= {stem: units[0].name for stem, units in _name_index(territory).items()}
    hits = get_close_matches(plain_text(_shown(text)), list(by_plain), n=2 * count + 2, cutoff=0.0)
    return list(dict.fromkeys(by_plain[hit] for hit in hits))[:count]
