"""Units as people write them in headings and titles, and what stands between them and the unit of a measure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from benchlib.indicators.names import plain_text

#: Units of the registry that count something; "persons" in a heading fits each of them.
COUNTS: Final = frozenset(
    {"persons", "pupils", "schools", "libraries", "posts", "requests", "households", "places", "children", "units", "enterprises",
     "crimes"}
)  # fmt: skip
#: Lats for one euro, since 1 January 2014 (Council Regulation (EU) No 870/2013).
LATS: Final = 0.702804
_GIGAJOULES: Final = 3.6
#: Spelling -> (unit, power of ten, divisor).
_SPELLINGS: Final[Mapping[tuple[str, int, float], tuple[str, ...]]] = {
    ("EUR", 0, 1.0): ("eur", "eiro", "euro", "euros", "€"),
    ("EUR", 3, 1.0): (
        "tūkst. eur", "tūkst. eiro", "tūkst. euro", "tūkstoši eiro", "tūkstošos eiro", "tūkstoši eur", "tūkstošos eur", "tūkst. €",
        "eur tūkst.", "eiro tūkst.", "thousand eur", "thousand euro", "thousands of euro", "eur thousand", "eur 1000", "1000 eur",
        "keur", "k eur", "teur",
    ),
    ("EUR", 6, 1.0): (
        "milj. eur", "milj. eiro", "milj. euro", "milj. €", "miljoni eiro", "miljonos eiro", "eur milj.", "million eur", "million euro",
        "millions of euro", "eur million", "mio. eur", "meur",
    ),
    ("EUR", 0, LATS): ("ls", "lvl", "lati", "latos", "latu", "lats"),
    ("EUR", 3, LATS): (
        "tūkst. ls", "tūkst. lvl", "tūkst. latu", "tūkst. lati", "tūkstoši latu", "tūkstošos latu", "ls tūkst.", "thousand lvl",
        "thousand lats", "1000 ls", "1000 lvl",
    ),
    ("EUR", 6, LATS): ("milj. ls", "milj. lvl", "milj. latu", "milj. lati", "miljoni latu", "miljonos latu", "million lvl", "million lats"),
    ("percent", 0, 1.0): ("%", "procenti", "procentos", "percent", "per cent"),
    ("share", 0, 1.0): ("daļa", "share"),
    ("km", 0, 1.0): ("km", "kilometri"),
    ("km2", 0, 1.0): ("km2", "km²"),
    ("km2", -2, 1.0): ("ha", "hektāri", "hektāros"),
    ("m2", 0, 1.0): ("m2", "m²", "kv. m", "kv.m", "kvadrātmetri", "kvadrātmetros"),
    ("m2", 3, 1.0): ("tūkst. m2", "tūkst. m²", "tūkst. kv. m", "thousand m2"),
    ("MWh", 0, 1.0): ("mwh",),
    ("MWh", -3, 1.0): ("kwh",),
    ("MWh", 3, 1.0): ("gwh", "tūkst. mwh"),
    ("MWh", 0, _GIGAJOULES): ("gj",),
    ("MWh", 3, _GIGAJOULES): ("tj",),
    ("days", 0, 1.0): ("dienas", "dienās", "days"),
    ("count", 0, 1.0): ("skaits", "personas", "cilvēki", "gab.", "gab", "count", "number", "persons"),
    ("count", 3, 1.0): ("tūkst.", "tūkst", "tūkstoši", "tūkstošos", "tūkst. cilvēku", "thousand", "thousands"),
    ("EUR_per_inhabitant", 0, 1.0): ("eur uz iedzīvotāju", "eur uz vienu iedzīvotāju", "eur/iedz.", "eur per inhabitant"),
    ("EUR_per_month", 0, 1.0): ("eur mēnesī", "eiro mēnesī", "eur/mēn.", "eur per month", "eur a month"),
    ("EUR_per_pupil", 0, 1.0): ("eur uz skolēnu", "eur uz vienu skolēnu", "eur per pupil"),
}  # fmt: skip
_KNOWN: Final = {spelling: unit for unit, spellings in _SPELLINGS.items() for spelling in spellings}
#: Signs without which a unit would be another one; a text that has one is compared as it stands.
_SIGNS: Final = re.compile(r"[€%$£¥‰]")
#: The same without diacritics, points and commas.
_PLAIN: Final = {plain_text(spelling): unit for spelling, unit in _KNOWN.items() if not _SIGNS.search(spelling)}
#: What may follow a unit and changes nothing: all figures are those of a year.
_A_YEAR: Final = re.compile(
    r"(?:\s+(?:gadā|pa gadu|per year|a year)|\s*/\s*(?:gadā|gads|g\.?|year|yr|a))$", re.IGNORECASE
)
#: Words that are part of a name at least as often as they are a unit; such a unit needs a bracket or a comma before it.
_NEED_A_SIGN: Final = frozenset({("count", 0), ("days", 0), ("share", 0)})
#: Words a unit has at most.
_MOST_WORDS: Final = 5
#: Words that can only be (a part of) a unit: where one is left over, a power of ten or a currency would be lost.
_UNIT_WORDS: Final = frozenset(
    {
        "tukst", "tukstosi", "tukstosos", "tukstosu", "milj", "mlj", "mln", "mio", "miljoni", "miljonos", "miljonu", "mljrd", "mlrd",
        "miljardi", "miljardos", "thousand", "thousands", "million", "millions", "billion", "billions", "keur", "teur", "meur", "ls", "lvl",
        "lati", "latos", "latu", "lats", "usd", "rub", "kwh", "mwh", "gwh", "twh", "gj", "tj", "gcal", "mcal", "kcal", "ha", "hektari",
        "hektaros",
    }
)  # fmt: skip
#: Powers of ten between units that are not only multiples of each other.
_BETWEEN: Final = {("percent", "share"): -2, ("share", "percent"): 2, ("km2", "m2"): 6, ("m2", "km2"): -6}


#: How units begin that are euro for one of something.
_EUR_PER: Final = "EUR_per_"


@dataclass(frozen=True)
class Unit:
    """A unit that was recognised: what it is, the power of ten before it, how it was written, and what it is divided by."""

    base: str
    power: int
    text: str
    divisor: float = 1.0


class Conversion(NamedTuple):
    """What turns figures of one unit into another: a power of ten, then a division."""

    exponent: int
    divisor: float = 1.0

    def __str__(self) -> str:
        power = f"× {10**self.exponent}" if self.exponent > 0 else f"÷ {10**-self.exponent}" if self.exponent else ""
        return ", ".join(filter(None, (power, f"÷ {self.divisor:g}" if self.divisor != 1.0 else "")))


def unit_of(text: str) -> Unit | None:
    """The unit that a text means.

    Parameters
    ----------
    text : str
        "tūkst. EUR", "m²", "MWh gadā", or a unit of the registry.

    Returns
    -------
    Unit or None
        None if it is none that is known.
    """
    written = " ".join(text.split())
    if written[:1] + written[-1:] in ("()", "[]"):
        written = written[1:-1].strip()
    for spelled in (written, _A_YEAR.sub("", written)):
        known = _KNOWN.get(spelled.casefold())
        if known is None and not _SIGNS.search(spelled):
            known = _PLAIN.get(plain_text(spelled))
        if known is not None:
            base, power, divisor = known
            return Unit(base, power, written, divisor)
    return None


def split_unit(heading: str) -> tuple[str, Unit | None]:
    """Take the unit off the end of a heading.

    Parameters
    ----------
    heading : str
        "Izdevumi (tūkst. EUR)", "Platība, m²", "Izdevumi tūkst. EUR".

    Returns
    -------
    heading : str
        What is left.
    unit : Unit or None
        None if no unit is recognised; then nothing is taken off.
    """
    text = heading.strip()
    if unit_of(text) is not None:
        return text, None
    for left, right in (("(", ")"), ("[", "]"), (",", ""), (";", "")):
        for found in re.finditer(re.escape(left), text):
            head, tail = text[: found.start()].strip(), text[found.end() :]
            unit = unit_of(tail.removesuffix(right)) if tail.endswith(right) else None
            if head and unit is not None:
                return head, unit
    words = text.split()
    for place in range(max(1, len(words) - _MOST_WORDS), len(words)):
        unit = unit_of(" ".join(words[place:]))
        if unit is not None and (unit.base, unit.power) not in _NEED_A_SIGN:
            return " ".join(words[:place]), unit
    return text, None


def only_unit(text: str) -> Unit | None:
    """The unit that is all of a heading; words such as "skaits" are a name where nothing stands before them."""
    unit = unit_of(text)
    return None if unit is None or (unit.base, unit.power) in _NEED_A_SIGN else unit


def unread_unit(text: str, wanted: str = "") -> str:
    """A word that speaks of a unit in a text from which the unit was taken off already, as far as it was understood.

    Parameters
    ----------
    text : str
        "Izdevumi tūkst. latu un eiro".
    wanted : str
        Unit of the measure; the word itself changes nothing.

    Returns
    -------
    str
        "" if there is none.
    """
    harmless = plain_text(wanted)
    return next((word for word in plain_text(text).split() if word in _UNIT_WORDS and word != harmless), "")


def conversion_between(unit: Unit | str | None, wanted: str) -> Conversion | None:
    """What turns figures of one unit into the unit of a measure.

    Parameters
    ----------
    unit : Unit, str or None
        What the heading or the user says; None where nothing is said, which is taken for the measure's own.
    wanted : str
        Unit of the measure in the registry.

    Returns
    -------
    Conversion or None
        None if the units are of different kinds, and nothing turns one into the other.

    Examples
    --------
    >>> print(conversion_between("GJ", "MWh"), "and", conversion_between("kWh", "MWh"))
    ÷ 3.6 and ÷ 1000
    """
    if unit is None or (unit.text if isinstance(unit, Unit) else unit).casefold() == wanted.casefold():
        return Conversion(0)
    known = unit_of(unit) if isinstance(unit, str) else unit
    if known is None:
        return None
    if known.base == wanted or (known.base == "count" and wanted in COUNTS):
        return Conversion(known.power, known.divisor)
    target = unit_of(wanted)
    if target is not None and target.base == known.base and known.base != "count":
        return Conversion(known.power - target.power, known.divisor / target.divisor)
    if known.base == "EUR" and wanted.startswith(_EUR_PER):
        return Conversion(known.power, known.divisor)  # of what the euro are counted, the name of the measure says
    between = _BETWEEN.get((known.base, wanted))
    return None if between is None else Conversion(between + known.power)


def fits_around(unit: Unit, wanted: str) -> bool:
    """Whether a unit that stands around a table can be that of a measure.

    Parameters
    ----------
    unit : Unit
        The unit.
    wanted : str
        Unit of the measure. Thousands of euro in a title are said of amounts, not of euro for each of something.

    Returns
    -------
    bool
    """
    is_amount = unit.base == "EUR" and unit.power != 0 and wanted.startswith(_EUR_PER)
    return not is_amount and conversion_between(unit, wanted) is not None


def lats_note(unit: Unit | str | None) -> list[str]:
    """What the preview must say of figures in lats; nothing of others."""
    is_lats = isinstance(unit, Unit) and unit.divisor == LATS
    return [f"Lats are turned into euro: {LATS} lats are one euro."] if is_lats else []


def unit_words(unit: Unit | str | None, wanted: str) -> str:
    """Unit of a measure, and what is turned into it, as the preview shows them.

    Parameters
    ----------
    unit, wanted
        As in `conversion_between`.

    Returns
    -------
    str
        "MWh (from kWh, ÷ 1000)", "EUR (assumed)" where nothing says it; what is counted is said by the name of the measure.
    """
    if unit is None and wanted and wanted not in COUNTS:
        return f"{wanted} (assumed)"
    conversion = conversion_between(unit, wanted)
    if conversion is None or not str(conversion) or not isinstance(unit, Unit):
        return wanted
    return f"{wanted} (from {unit.text}, {conversion})"
