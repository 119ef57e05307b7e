"""How building types, sources of heat and kinds of measures are called in the reports on energy."""

from __future__ import annotations

import math
from typing import Any, Final

from benchlib.reporting.values import as_shown
from benchlib.reporting.words import MISSING, Words

#: Measures in a figure of paybacks; of more, those with the shortest.
MOST_MEASURES: Final = 30
#: Digits of a sum in a sentence: prices, factors and expected savings are not known better.
_DIGITS: Final = 3
_NO_ENDS: Final = (math.nan, math.nan)


def type_word(type: str, words: Words) -> str:
    """A type of buildings, in the plural.

    Parameters
    ----------
    type : str
        A word of `REGISTER_WORDS["type"]`.
    words : Words
        Language.

    Returns
    -------
    str
    """
    _ = words.gettext
    return {
        "school": _("schools"),
        "kindergarten": _("kindergartens"),
        "culture": _("buildings of culture"),
        "administration": _("administration buildings"),
        "social_care": _("buildings of social care"),
        "housing": _("residential buildings"),
        "sports": _("sports buildings"),
        "other": _("other buildings"),
    }[type]


def source_word(source: str, words: Words) -> str:
    """A source of heat, of `REGISTER_WORDS["heat_source"]`."""
    _ = words.gettext
    return {
        "district": _("district heat"),
        "natural_gas": _("natural gas"),
        "wood": _("wood"),
        "electricity": _("electricity"),
        "oil": _("diesel oil"),
        "other": _("another source of heat"),
    }[source]


def kind_word(kind: str, words: Words) -> str:
    """A kind of measure, of `REGISTER_WORDS["kind"]`."""
    _ = words.gettext
    return {
        "walls": _("insulation of walls"),
        "roof": _("insulation of the roof"),
        "windows": _("new windows"),
        "heating_system": _("renewal of the heating system"),
        "ventilation": _("ventilation with heat recovery"),
        "lighting": _("new lighting"),
        "automation": _("control and metering"),
        "boiler": _("new boiler"),
        "renovation": _("complete renovation"),
        "solar": _("solar panels"),
        "other": _("another measure"),
    }[kind]


def status_word(status: str, words: Words) -> str:
    """Whether a measure is done or planned."""
    return {"done": words.gettext("completed"), "planned": words.gettext("planned")}[status]


def capital(text: str) -> str:
    """A word at the beginning of a line."""
    return text[:1].upper() + text[1:]


def measured(value: Any, unit: str, words: Words, decimals: int = 0) -> str:
    """A number with a unit that is the same in all languages: "182 kWh/m²"; missing is "…"."""
    text = words.number(value, decimals)
    return text if text == MISSING else f"{text}\N{NO-BREAK SPACE}{unit}"


def ranged(value: str, low: Any, high: Any, words: Words, decimals: int = 0) -> str:
    """A value in a sentence with its range behind it; where there is none, this is said: "182 (no range)"."""
    if value != MISSING and (low != low or high != high):
        return f"{value}\N{NO-BREAK SPACE}({words.gettext('no range')})"
    return with_range(value, low, high, words, decimals)


def with_range(value: str, low: Any, high: Any, words: Words, decimals: int = 0) -> str:
    """A value with its range behind it: "182 (175–190)"; alone where there is no range."""
    if low != low or high != high:
        return value
    return f"{value}\N{NO-BREAK SPACE}({words.interval(low, high, decimals)})"


def round_amount(
    value: Any, unit: str, words: Words, decimals: int = 0, *, ends: tuple[float, float] = _NO_ENDS
) -> str:
    """A sum with its unit, in three digits, and the ends of its range to the same place.

    Parameters
    ----------
    value : float
        The sum.
    unit : str
        Its unit, the same in all languages.
    words : Words
        Language.
    decimals : int, default 0
        Decimals at most.
    ends : tuple of float
        The ends of its range; NaN where there is none.

    Returns
    -------
    str
        "192 MWh (150–230)", "36 000 MWh"; missing is "…".
    """
    place = _place_of(value, decimals)
    shown = max(place, 0)
    low, high = (_to_place(end, place) for end in ends)
    return with_range(measured(_to_place(value, place), unit, words, shown), low, high, words, shown)


def round_euro(value: Any, words: Words, *, ends: tuple[float, float] = _NO_ENDS) -> str:
    """An amount in euro in three digits, and the ends of its range to the same place: "36 000 € (22 700–47 600)"."""
    place = _place_of(value, 0)
    low, high = (_to_place(end, place) for end in ends)
    return with_range(words.euro(_to_place(value, place)), low, high, words)


def _place_of(value: float, decimals: int) -> int:
    """Decimals that leave three digits, below zero for tens and hundreds; never more than `decimals`."""
    if value != value or value == 0:
        return decimals
    return min(decimals, _DIGITS - 1 - math.floor(math.log10(abs(value))))


def _to_place(value: float, place: int) -> float:
    return value if value != value else float(as_shown(value, place))
