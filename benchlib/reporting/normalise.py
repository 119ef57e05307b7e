"""Make an executed notebook the same whenever and wherever it was run."""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from benchlib.reporting.base import METADATA_KEY

_KERNELSPEC = {"display_name": "Python 3", "language": "python", "name": "python3"}
#: Names and places of a run inside printed text: IPython's temporary cell files, and addresses in memory.
_VOLATILE = ((re.compile(r"ipykernel_\d+[/\\]\d+\.py"), "<cell>"), (re.compile(r"\b0x[0-9a-f]{6,}\b"), "0x…"))
_PICTURES = "image/"


def normalise(notebook: NotebookNode, parameters: Mapping[str, Any], name: str) -> None:
    """Remove from a notebook, in place, what differs between two equal runs: times, random ids, paths of this machine.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
        An executed notebook.
    parameters : mapping
        Parameters of the run; they are kept in the metadata.
    name : str
        Name of the notebook that was run; kept too.
    """
    places = _places()
    kept = {"title": notebook.metadata["title"]} if "title" in notebook.metadata else {}
    about = {"notebook": name, "parameters": dict(parameters)}
    notebook.metadata = nbformat.from_dict(  # type: ignore[no-untyped-call]
        {"kernelspec": _KERNELSPEC, "language_info": {"name": "python"}, METADATA_KEY: about, **kept}
    )
    for number, cell in enumerate(notebook.cells, start=1):
        cell.id = f"cell-{number}"
        for key in ("papermill", "execution", "ExecuteTime"):
            cell.metadata.pop(key, None)
        for output in cell.get("outputs", []):
            _clean_output(output, places)


def _places() -> list[tuple[str, str]]:
    """Return folders of this machine and what stands for them, the longest first."""
    package = Path(__file__).resolve().parents[2]
    places = {
        str(package): ".",
        sys.prefix: "<python>",
        sys.base_prefix: "<python>",
        str(Path.home()): "~",
        tempfile.gettempdir(): "<tmp>",
    }
    return sorted(((p, short) for p, short in places.items() if len(p) > 1), key=lambda place: -len(place[0]))


def _clean_output(output: NotebookNode, places: list[tuple[str, str]]) -> None:
    if "text" in output:
        output.text = _clean(output.text, places)
    if "traceback" in output:
        output.traceback = [_clean(line, places) for line in output.traceback]
        output.evalue = _clean(output.evalue, places)
    is_figure = any(about.get("block") == "figure" for about in output.get("metadata", {}).get(METADATA_KEY, []))
    for mime, content in output.get("data", {}).items():
        if isinstance(content, str) and not mime.startswith(_PICTURES) and not (is_figure and mime == "text/html"):
            output.data[mime] = _clean(content, places)


def _clean(text: str, places: list[tuple[str, str]]) -> str:
    for pattern, short in _VOLATILE:
        text = pattern.sub(short, text)
    for place, short in places:
        text = text.replace(place, short)
    return text
