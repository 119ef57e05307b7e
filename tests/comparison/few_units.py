"""A few units of 2025 with figures that can be checked by head."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from benchlib.comparison import ComparisonGroup
from benchlib.indicators import classification

#: Eleven novadi of 2025, in the order of their codes.
UNITS = tuple(unit.code for unit in classification("2025") if unit.kind == "novads")[:11]
YEAR = 2013

Values = Sequence[float | None] | Mapping[str, float | None]


def rows(measure: str, values: Values, year: int = YEAR) -> list[tuple[str, int, str, float | None]]:
    """Figures of a measure: one value a unit, in the order of `UNITS`, or by code."""
    pairs = values.items() if isinstance(values, Mapping) else zip(UNITS, values, strict=False)
    return [(code, year, measure, value) for code, value in pairs]


def group_of(count: int, own: int = 0) -> ComparisonGroup:
    """Own list of the first units, made for one of them."""
    known = {unit.code: unit for unit in classification("2025")}
    return ComparisonGroup("own: x", known[UNITS[own]], tuple(known[code] for code in UNITS[:count]), "2025")
