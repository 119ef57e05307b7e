"""A store of several years for plans: figures by head, for the first units of 2025."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from few_units import rows

from benchlib.indicators import Store
from tests.indicators.made_up import DataFolder

#: Values of the units in their order, by year.
Years = Mapping[int, Sequence[float | None]]


def store_of(
    folder: Path,
    figures: Mapping[str, tuple[Years, dict[str, Any]]],
    doubts: Iterable[tuple[str, str, int]] = (),
) -> Store:
    """A store in which each indicator shows the measure of its own name; doubts are indicator, code and year."""
    data = DataFolder(folder / "data")
    for name, (years, fields) in figures.items():
        data.measure(name)
        data.source(
            f"source_{name}", [row for year, values in years.items() for row in rows(name, values, year)], "2025"
        )
        data.passport(name, **{"measure": name, "dimension": "quality", "direction": 1, **fields})
    for name, code, year in doubts:
        data.doubt(f"source_{name}", code, year, name)
    return data.store()
