"""Area labels of CSB tables: which are municipalities, of which classification, and which are something else.

CSB puts the country, regions, municipalities and places inside municipalities into one column, and says in a note in
parentheses from when to when an area has existed: "Madona municipality (from 01.07.2025.)", "(before ATR in 2021)".
"""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date, timedelta
from typing import Final

from benchlib.errors import UnknownTerritoryError
from benchlib.indicators.names import find_municipality, nearest_names
from benchlib.indicators.readers.files import broken
from benchlib.indicators.readers.names import clean_label, exact_names, municipality_code
from benchlib.indicators.territory import CLASSIFICATIONS, classification, codes
from benchlib.terms import Classification

_NOTE: Final = re.compile(r"\s*\(([^()]*)\)$")
_DATED: Final = re.compile(
    r"(?P<word>from|no|since|before|until|to|pirms|līdz)\s+(?P<day>\d\d?)\.(?P<month>\d\d?)\.(?P<year>\d{4})\.?"
)
_BEFORE_REFORM: Final = re.compile(r"(?:before|pirms)\s.*\b2021\b.*")
_FROM_WORDS: Final = ("from", "no", "since")
_CODE: Final = re.compile(r"LV(?P<digits>[0-9A-Z]*)\b.*")

#: The country, its regions, sums of municipalities and parishes.
_OTHER_AREA: Final = re.compile(
    r"latvija|latvia|valstspilsētas|state cities|novadi|municipalities"
    r"|.*\b(?:reģions|region|pagasts|parish|lauku teritorija|rural territory)"
)
#: Towns, and the state cities inside novadi since 2021: part of their novads, never to be added to it.
_TOWN: Final = re.compile(r"jēkabpils|ogre|valmiera|.*\b(?:pilsēta|town)")
_HINT: Final = "If it is another kind of area, pass it in other_areas=."


def area_code(
    label: str, territory: Classification, *, others: Collection[str], name: str, row: int, column: str
) -> str:
    """Return the ATVK code of a municipality, or "" for an area that is none.

    Parameters
    ----------
    label : str
        Label or CSB code ("LV0025000") of the area.
    territory : {"2009", "2021", "2025"}
        Classification of labels that carry no date.
    others : collection of str
        Further labels known to be no municipalities.
    name, row, column : str, int, str
        File, row and column, for messages.

    Returns
    -------
    str

    Raises
    ------
    FiguresFileError
        If the label is neither a municipality nor known to be something else.
    """
    text = clean_label(label)
    if text in others:
        return ""
    coded = _CODE.fullmatch(text)
    if coded is not None:
        return _from_code(coded["digits"], label, name=name, row=row, column=column)
    base, notes = _without_notes(text)
    if _OTHER_AREA.fullmatch(base.casefold()):
        return ""
    try:
        when = _classification(notes, territory)
    except ValueError as error:
        raise broken(
            name, f"the note {error} of {label!r} is not understood. {_HINT}", row=row, column=column
        ) from error
    if base.casefold().endswith((" novads", " municipality")):
        return municipality_code(base, when, name=name, row=row, column=column)
    city = _city(base, when)
    if city or _TOWN.fullmatch(base.casefold()):
        return city
    nearest = ", ".join(nearest_names(base, when))
    problem = f"{label!r} is no municipality of {when}. Nearest: {nearest}. {_HINT}"
    raise broken(name, problem, row=row, column=column)


def _without_notes(text: str) -> tuple[str, list[str]]:
    notes: list[str] = []
    while (found := _NOTE.search(text)) is not None:
        notes.append(found[1].strip().casefold())
        text = text[: found.start()]
    return text.strip(), notes


def _city(base: str, territory: Classification) -> str:
    """Code of a state city, or "". A bare "Bauska" is the town, never the novads around it."""
    exact = exact_names(territory).get(base.casefold())
    if exact is not None:
        return exact.code
    try:
        return find_municipality(f"{base} pilsēta", territory).code
    except UnknownTerritoryError:
        return ""


def _classification(notes: list[str], territory: Classification) -> Classification:
    """Classification in force at the time that the notes speak of; without a note, the one given."""
    for note in notes:
        dated = _DATED.fullmatch(note)
        if dated is not None:
            try:
                day = date(int(dated["year"]), int(dated["month"]), int(dated["day"]))
            except ValueError as error:
                raise ValueError(f"({note})") from error
            return _in_force(day if dated["word"] in _FROM_WORDS else day - timedelta(days=1))
        if _BEFORE_REFORM.fullmatch(note):
            return "2009"
        raise ValueError(f"({note})")
    return territory


def _in_force(day: date) -> Classification:
    started = [year for year in CLASSIFICATIONS if max(unit.valid_from for unit in classification(year)) <= day]
    return started[-1] if started else CLASSIFICATIONS[0]


def _from_code(digits: str, label: str, *, name: str, row: int, column: str) -> str:
    """Municipality of a CSB code; a region has fewer digits, a place inside a municipality its own in positions 5-6."""
    if any(digits in codes(territory) for territory in CLASSIFICATIONS):
        return digits
    if len(digits) < 7 or digits[4:6] != "00":
        return ""
    raise broken(name, f"{label!r} is no code of a municipality. {_HINT}", row=row, column=column)
