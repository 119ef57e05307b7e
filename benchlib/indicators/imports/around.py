"""Units that stand around a table and hold for all of it: in a title, or in the name of the sheet."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from benchlib.indicators.imports.headings import read_heading
from benchlib.indicators.imports.units import COUNTS, Unit, fits_around, unit_of, unread_unit

_BRACKET: Final = re.compile(r"[(\[]([^()\[\]]*)[)\]]")
#: Units that no power of ten ever stands before, so a bare "thousand" in a title is not about them.
_NEVER_SCALED: Final = frozenset({"percent", "share", "days"})
_SAY_IT: Final = (
    'Say the unit in the file of --columns, for example "{column}" = {{ role = "{measure}", unit = "tūkst. EUR" }}.'
)


class UnitsAround:
    """The units that titles and the sheet's name give, for columns that have none of their own.

    Parameters
    ----------
    titles : sequence of str
        What stands above the table.
    sheet : str
        Name of the sheet.
    """

    def __init__(self, titles: Sequence[str], sheet: str) -> None:
        self._found: dict[tuple[str, int, float], tuple[str, Unit]] = {}
        self._rests: list[tuple[str, str]] = []
        above = [("the title above the table", title) for title in titles]
        for what, text in (*above, ("the name of the sheet", sheet.replace("_", " "))):
            rest, units = _units_in(text)
            for unit in units:
                self._found.setdefault((unit.base, unit.power, unit.divisor), (what, unit))
            self._rests.append((what, rest))

    def unit_for(self, wanted: str) -> tuple[str, Unit] | None:
        """The unit for a measure in the unit `wanted`, and where it stands; None if none fits."""
        return next(iter(self._fitting(wanted)), None)

    def problem(self, wanted: str, column: str, measure: str) -> str:
        """Why the unit of a column cannot be known, and what to do; "" if it can."""
        say_it = _SAY_IT.format(column=column, measure=measure)
        bare = [(what, unit.text) for what, unit in self._found.values() if unit.base == "count" and unit.power]
        unread = [(what, word) for what, rest in self._rests if (word := unread_unit(rest, wanted))] + (
            bare if wanted not in COUNTS | _NEVER_SCALED else []
        )
        if unread:
            what, word = unread[0]
            return f"{what} speaks of {word!r:.40}, and it is not clear what that makes of {wanted}. {say_it}"
        fitting = [unit.text for _, unit in self._fitting(wanted)]
        if len(fitting) > 1:
            return f"the titles give two units ({' and '.join(fitting[:2])}). {say_it}"
        return ""

    def unused(self, wanted: Iterable[str]) -> str:
        """A unit that none of the measures can be in, with its place; "" if there is none, or it changes nothing."""
        units = list(wanted)
        for what, unit in self._found.values():
            is_plain = not unit.power and unit.divisor == 1.0
            if not is_plain and not any(fits_around(unit, unit_of_measure) for unit_of_measure in units):
                return f"{what} speaks of {unit.text!r:.40}, in which none of these measures can be"
        return ""

    def _fitting(self, wanted: str) -> list[tuple[str, Unit]]:
        return [found for found in self._found.values() if fits_around(found[1], wanted)]


def _units_in(text: str) -> tuple[str, list[Unit]]:
    """What is left of a title, and its units: in brackets, at its end, or all of it."""
    whole = unit_of(text)
    if whole is not None:
        return "", [whole]
    found: list[Unit] = []

    def taken(match: re.Match[str]) -> str:
        inside = read_heading(match[1])
        unit = unit_of(match[1]) or inside.unit
        found.extend([unit] if unit is not None else [])
        return " " if unit is not None else match[0]

    rest = read_heading(_BRACKET.sub(taken, text))
    return rest.name, found + ([rest.unit] if rest.unit is not None else [])
