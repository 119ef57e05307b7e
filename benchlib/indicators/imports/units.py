"""Units as people write them in headings, and what stands between them and the unit of a measure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

#: Units of the registry that count something; "persons" in a heading fits each of them.
COUNTS: Final = frozenset(
    {"persons", "pupils", "schools", "libraries", "posts", "requests", "households", "places", "children", "units"}
)
#: Spelling -> (unit, power of ten). Longer spellings first where one ends in another.
_SPELLINGS: Final[Mapping[tuple[str, int], tuple[str, ...]]] = {
    ("EUR", 0): ("eur", "eiro", "euro", "euros", "€"),
    ("EUR", 3): (
        "tūkst. eur", "tūkst. eiro", "tūkst eur", "tūkst eiro", "tūkst. euro", "tūkstoši eiro", "tūkstošos eiro", "tūkst. €",
        "thousand eur", "thousand euro", "eur thousand", "eur 1000", "1000 eur", "keur", "k eur", "teur",
    ),
    ("EUR", 6): ("milj. eur", "milj. eiro", "milj eur", "milj eiro", "miljoni eiro", "million eur", "million euro", "eur million", "meur"),
    ("percent", 0): ("%", "procenti", "procentos", "percent", "per cent"),
    ("share", 0): ("daļa", "share"),
    ("km", 0): ("km", "kilometri"),
    ("km2", 0): ("km2", "km²"),
    ("km2", -2): ("ha", "hektāri"),
    ("m2", 0): ("m2", "m²", "kv. m", "kv.m", "kvadrātmetri"),
    ("m2", 3): ("tūkst. m2", "tūkst. m²", "thousand m2"),
    ("MWh", 0): ("mwh",),
    ("MWh", -3): ("kwh",),
    ("MWh", 3): ("gwh",),
    ("days", 0): ("dienas", "dienās", "days"),
    ("count", 0): ("skaits", "personas", "cilvēki", "gab.", "gab", "count", "number", "persons"),
    ("count", 3): ("tūkst.", "tūkst", "tūkstoši", "tūkst. cilvēku", "thousand", "thousands"),
    ("EUR_per_inhabitant", 0): ("eur uz iedzīvotāju", "eur uz vienu iedzīvotāju", "eur/iedz.", "eur per inhabitant"),
    ("EUR_per_pupil", 0): ("eur uz skolēnu", "eur uz vienu skolēnu", "eur per pupil"),
}  # fmt: skip
_KNOWN: Final = {spelling: unit for unit, spellings in _SPELLINGS.items() for spelling in spellings}
#: Powers of ten between units that are not only multiples of each other.
_BETWEEN: Final = {("percent", "share"): -2, ("share", "percent"): 2}


@dataclass(frozen=True)
class Unit:
    """A unit that was recognised: what it is, the power of ten before it, and how it was written."""

    base: str
    power: int
    text: str


def unit_of(text: str) -> Unit | None:
    """The unit that a text means.

    Parameters
    ----------
    text : str
        "tūkst. EUR", "m²", or a unit of the registry.

    Returns
    -------
    Unit or None
        None if it is none that is known.
    """
    spelled = " ".join(text.split()).casefold()
    if spelled not in _KNOWN:
        return None
    base, power = _KNOWN[spelled]
    return Unit(base, power, " ".join(text.split()))


def split_unit(heading: str) -> tuple[str, Unit | None]:
    """Take the unit off the end of a heading.

    Parameters
    ----------
    heading : str
        "Izdevumi (tūkst. EUR)", "Platība, m²".

    Returns
    -------
    heading : str
        What is left.
    unit : Unit or None
        None if no unit is recognised; then nothing is taken off.
    """
    text = heading.strip()
    for left, right in (("(", ")"), ("[", "]"), (",", ""), (";", "")):
        head, found, tail = text.rpartition(left)
        if found and head.strip() and tail.endswith(right):
            unit = unit_of(tail.removesuffix(right) if right else tail)
            if unit is not None:
                return head.strip(), unit
    return text, None


def exponent_between(unit: Unit | str | None, wanted: str) -> int | None:
    """Power of ten that turns figures of one unit into the unit of a measure.

    Parameters
    ----------
    unit : Unit, str or None
        What the heading or the user says; None where nothing is said, which is taken for the measure's own.
    wanted : str
        Unit of the measure in the registry.

    Returns
    -------
    int or None
        None if the units are of different kinds, and nothing turns one into the other.
    """
    if unit is None or (isinstance(unit, str) and unit.casefold() == wanted.casefold()):
        return 0
    known = unit_of(unit) if isinstance(unit, str) else unit
    if known is None:
        return None
    if known.base == wanted or (known.base == "count" and wanted in COUNTS):
        return known.power
    between = _BETWEEN.get((known.base, wanted))
    return None if between is None else between + known.power
