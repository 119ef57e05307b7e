"""Where the reference results of other tools are, and how their words translate."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from benchlib.efficiency import Sample

REFERENCE = Path(__file__).parents[1] / "reference" / "efficiency"
RTS = {"crs": "crs", "vrs": "vrs", "drs": "nirs", "irs": "ndrs"}
ORIENTATION = {"in": "input", "out": "output"}


def sample_of(name: str) -> Sample:
    """Return a reference sample by the name of its file."""
    table = pd.read_csv(REFERENCE / "data" / f"{name}.csv", dtype={"dmu": str})
    inputs, outputs = ([column for column in table if column.startswith(letter)] for letter in "xy")
    return Sample.from_table(table, inputs, outputs, unit="dmu")
