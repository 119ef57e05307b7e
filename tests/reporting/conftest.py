"""A notebook of five cells that makes a report in a second."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest

PARAMETERS = """municipality = "Bauskas novads"  # name or code
year = 2013
territory = "2025"
language = "lv"
group = "similar"
service = "schools"
replications = 2000
seed = 1
access = "public"
as_of = None"""

CHECK = """from benchlib.reporting import Name, Words, facts, heading, say
from benchlib.reporting.schemas import MunicipalityParameters
parameters = MunicipalityParameters.from_notebook(globals())"""

TITLE = """words = Words(parameters.language)
heading(parameters.municipality, level=1)"""

SAY = """say(parameters.group)"""


def make_notebook(path: Path, *cells: str, tags: tuple[str, ...] = ()) -> Path:
    """Write a notebook with the parameters, their check, a title, and further code cells."""
    v4 = nbformat.v4
    notebook = v4.new_notebook(
        cells=[
            v4.new_markdown_cell("# Notes of the author"),
            v4.new_code_cell(PARAMETERS, metadata={"tags": ["parameters"]}),
            v4.new_code_cell(CHECK, metadata={"tags": ["check"]}),
            v4.new_code_cell(TITLE),
            v4.new_code_cell(SAY),
            v4.new_markdown_cell("## The last part"),
            *(v4.new_code_cell(cell, metadata={"tags": list(tags)}) for cell in cells),
        ]
    )
    nbformat.write(notebook, path)
    return path


@pytest.fixture
def notebook(tmp_path: Path) -> Callable[..., Path]:
    """Return a function that writes a small notebook with the given further cells."""
    folder = tmp_path / "notebooks"
    folder.mkdir()
    return lambda *cells, **options: make_notebook(folder / "small.ipynb", *cells, **options)
