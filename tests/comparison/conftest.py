"""A store of made-up figures for the comparison room."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from few_units import YEAR, Values, rows

from benchlib.indicators import Store
from tests.indicators.made_up import DataFolder


@pytest.fixture
def made(tmp_path: Path) -> Callable[..., Store]:
    """Return a function that makes a store of measures, each shown by an indicator of the same id.

    `made({"cost": ([1, 2, 3], {"direction": -1})})`: values by unit and fields of the passport; and pairs of measure and unit
    whose figure is used as published, but doubted.
    """

    def make(
        figures: Mapping[str, tuple[Values, dict[str, Any]]],
        territory: str = "2025",
        doubts: Sequence[tuple[str, str]] = (),
    ) -> Store:
        folder = DataFolder(tmp_path / "data")
        for name, (values, fields) in figures.items():
            folder.measure(name)
            folder.source(f"source_{name}", rows(name, values), territory=territory)
            folder.passport(name, **{"measure": name, **fields})
        for name, unit in doubts:
            folder.doubt(f"source_{name}", unit, YEAR, name)
        return folder.store()

    return make
