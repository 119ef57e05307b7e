"""What a heading says: a measure or a role, a year, a unit."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from benchlib.indicators.catalog import Catalogue
from benchlib.indicators.imports.units import Unit, only_unit, split_unit
from benchlib.indicators.names import plain_text
from benchlib.indicators.readers.blis import DATE, HEADINGS
from benchlib.indicators.registry import Measure

#: Roles of columns in every kind of file, and the headings by which they are known (compared without case, diacritics, punctuation).
PLACE_ROLES: Final[Mapping[str, tuple[str, ...]]] = {
    "municipality": (
        "pašvaldība", "pašvaldības nosaukums", "novads", "novada nosaukums", "novads pilsēta", "nosaukums", "teritorija",
        "teritorijas nosaukums", "administratīvā teritorija", "administratīvās teritorijas nosaukums", "municipality",
        "municipality name", "name", "territory", "territory name",
    ),
    "code": (
        "atvk", "atvk kods", "kods", "teritorijas kods", "pašvaldības kods", "administratīvās teritorijas kods", "code",
        "municipality code", "territory code",
    ),
    "year": ("gads", "pārskata gads", "periods", "pārskata periods", "year", "period"),
    "ignore": (
        "ignore", "nr", "nr p k", "npk", "p k", "piezīme", "piezīmes", "komentārs", "komentāri", "reģions", "plānošanas reģions", "region",
        "note", "notes", "comment", "comments", "remarks", "no",
    ),
}  # fmt: skip
FIGURE_ROLES: Final[Mapping[str, tuple[str, ...]]] = {
    **PLACE_ROLES,
    "measure": ("rādītājs", "rādītāja nosaukums", "rādītāja kods", "measure", "indicator"),
    "value": ("vērtība", "rādītāja vērtība", "value"),
    "unit": ("mērvienība", "vienība", "unit"),
}  # fmt: skip
#: Further names of measures, by which nothing else can be meant.
_SYNONYMS: Final[Mapping[str, tuple[str, ...]]] = {
    "administration_expenditure": ("pārvaldes izmaksas", "izdevumi pārvaldei", "administration expenditure", "administrative expenditure"),
    "administration_posts": ("pārvaldes štata vietas", "amata vietas pārvaldē", "administration posts"),
    "e_service_requests": ("e-pakalpojumu pieprasījumu skaits", "e-pakalpojumu skaits", "e-service requests"),
    "home_care_recipients": ("aprūpes mājās saņēmēju skaits", "aprūpes mājās klienti", "home care recipients"),
    "housing_expenditure": ("mājokļu un komunālās saimniecības izdevumi", "housing expenditure"),
    "housing_queue_households": ("dzīvokļu rinda", "rinda uz pašvaldības dzīvokli", "housing queue"),
    "municipal_buildings_area": ("pašvaldības ēku platība", "municipal buildings area"),
    "municipal_buildings_heat": ("siltumenerģijas patēriņš pašvaldības ēkās", "municipal buildings heat"),
    "population_65_and_over": (
        "iedzīvotāji 65+", "iedzīvotāji 65 gadi un vairāk", "iedzīvotāju skaits vecumā no 65 gadiem", "population 65+",
    ),
    "preschool_places": ("vietu skaits pirmsskolas izglītības grupās", "vietas pirmsskolā", "pre-school places", "preschool places"),
    "preschool_queue": ("pirmsskolas rinda", "rinda uz pirmsskolu", "pre-school queue", "preschool queue"),
    "social_protection_expenditure": (
        "sociālās aizsardzības izdevumi", "izdevumi sociālajai aizsardzībai", "sociālā aizsardzība", "sociālās aizsardzības izmaksas",
        "social protection expenditure", "social protection",
    ),
    "social_service_clients": ("sociālā dienesta klientu skaits", "klienti sociālajā dienestā", "social service clients"),
    "social_service_waiting_days": ("vidējais gaidīšanas laiks", "gaidīšanas laiks līdz sociālā pakalpojuma saņemšanai"),
    "social_workers": ("sociālo darbinieku skaits", "sociālie darbinieki", "sociālā darba speciālistu skaits", "social workers"),
}  # fmt: skip
_YEAR: Final = re.compile(r"(?<![0-9.,])(?P<year>(?:19|20)[0-9]{2})(?![0-9]|[.,][0-9])")
_YEAR_WORDS: Final = re.compile(
    r"\(?\b(?:uz\s+)?(?:in\s+|gada?\s+)?(?P<year>(?:19|20)[0-9]{2})\b\.?(?:\s?(?:gadā|gads|gada|gadam|g\.|g\b))?\)?",
    re.IGNORECASE,
)
#: How alike (0 to 1) a name must be to be suggested.
_LIKE: Final = 0.45
#: What stands between the names of a heading that has several: "Nosaukums/Pašvaldība", "Pašvaldība (novads)", "Novads vai pilsēta".
_BETWEEN_NAMES: Final = re.compile(r"[/\\|()\[\],;:&+]|\s[–—-]\s|\b(?:vai|un|or|and)\b", re.IGNORECASE)
#: Names that say a role only beside another one: alone, a column of them may hold places inside municipalities.
_BESIDE: Final[Mapping[str, tuple[str, ...]]] = {"municipality": ("pilsēta", "valstspilsēta", "city")}
_BLANKS: Final = re.compile(r"[\s,;:–-]+$|^[\s,;:–-]+")


@dataclass(frozen=True)
class Heading:
    """What a heading says.

    Attributes
    ----------
    text : str
        As it stands in the file.
    name : str
        Without year and unit, as it is compared: small letters without diacritics.
    year : int or None
        Its year; that of its date.
    unit : Unit or None
        Its unit.
    """

    text: str
    name: str
    year: int | None = None
    unit: Unit | None = None


def years_in(text: str) -> list[int]:
    """Different years that stand in a text, in its order.

    Parameters
    ----------
    text : str
        A heading, a title, the name of a file.

    Returns
    -------
    list of int
    """
    dated = [int(found["year"]) for found in DATE.finditer(text)]
    return list(dict.fromkeys([*dated, *(int(found["year"]) for found in _YEAR.finditer(DATE.sub(" ", text)))]))


def read_heading(text: str) -> Heading:
    """Take a heading apart.

    Parameters
    ----------
    text : str
        "Izdevumi (tūkst. EUR) 2023. gadā", "Iedzīvotāju skaits uz 01.01.2015.".

    Returns
    -------
    Heading
        With a year only if exactly one stands in it.
    """
    years = years_in(text)
    rest = text
    if len(years) == 1:
        rest = _YEAR_WORDS.sub(" ", DATE.sub(" ", text))
    rest = _BLANKS.sub("", " ".join(rest.split()))
    unit = only_unit(rest)
    rest, unit = ("", unit) if unit is not None else split_unit(rest)
    return Heading(text, plain_text(_BLANKS.sub("", rest)), years[0] if len(years) == 1 else None, unit)


def role_of(heading: Heading, roles: Mapping[str, tuple[str, ...]]) -> str | None:
    """The role whose heading this is.

    Parameters
    ----------
    heading : Heading
        From `read_heading`.
    roles : mapping
        Headings by role.

    Returns
    -------
    str or None
        A heading of several names ("Nosaukums/Pašvaldība") has a role if all of them have the same one.
    """
    found = _role_of(heading.name, roles)
    if found is not None:
        return found
    parts = [part for text in _BETWEEN_NAMES.split(heading.text) if (part := read_heading(text).name)]
    known = {_role_of(part, roles) for part in parts if _role_of(part, _BESIDE) is None}
    role = known.pop() if len(known) == 1 else None
    return role if role and all(_role_of(part, roles) or _role_of(part, _BESIDE) == role for part in parts) else None


def _role_of(name: str, roles: Mapping[str, tuple[str, ...]]) -> str | None:
    for role, names in roles.items():
        if name and name in {plain_text(known) for known in (role.replace("_", " "), *names)}:
            return role
    return None


class MeasureNames:
    """Measures by all the names that they go by.

    Parameters
    ----------
    catalogue : Catalogue
        Measures and the indicators made of them.
    added : mapping of str to Measure
        Measures that the import itself declares.
    """

    def __init__(self, catalogue: Catalogue, added: Mapping[str, Measure]) -> None:
        self._measures = {**catalogue.registry.measures, **added}
        self._by_name: dict[str, set[str]] = {}
        for measure in self._measures.values():
            for name in (measure.id, *measure.name.values(), *_SYNONYMS.get(measure.id, ())):
                self._by_name.setdefault(plain_text(name), set()).add(measure.id)
        for name, id in HEADINGS.items():
            if id in self._measures:
                self._by_name.setdefault(plain_text(name), set()).add(id)
        self._indicators = {
            plain_text(name): passport
            for passport in catalogue.indicators.values()
            for name in (passport.id, *passport.name.values())
        }

    def find(self, name: str) -> Measure | None:
        """The one measure that goes by a name (as `Heading.name`); None if none does, or several."""
        found = self._by_name.get(plain_text(name), set())
        return self._measures[next(iter(found))] if len(found) == 1 else None

    def advice(self, name: str) -> str:
        """What to do about a name that is no measure's."""
        passport = self._indicators.get(plain_text(name))
        if passport is not None and not passport.measure:
            parts = " and ".join(passport.measures) or "other indicators"
            return f"That is an indicator, which benchlib computes from {parts}: import these."
        near = get_close_matches(plain_text(name), list(self._by_name), n=6, cutoff=_LIKE)
        ids = list(dict.fromkeys(id for match in near for id in sorted(self._by_name[match])))[:3]
        nearest = f"Nearest: {', '.join(ids)}. " if ids else ""
        return f"{nearest}All measures: benchlib data list --measures."
