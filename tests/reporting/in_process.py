"""A notebook's code cells run in this process: what they show comes back as blocks, without the second that a kernel takes."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchlib.reporting import Block

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"


def run_cells(notebook: str, **parameters: Any) -> list[Block]:
    """Run the code cells of a notebook with parameters set below its own, and return the blocks of its report.

    Parameters
    ----------
    notebook : str
        Path below the folder of notebooks.
    **parameters
        Values instead of those in the cell tagged `parameters`.
    """
    namespace: dict[str, Any] = {}
    shown: list[Block] = []
    cells = json.loads((NOTEBOOKS / notebook).read_text("utf-8"))["cells"]
    for number, cell in enumerate(cell for cell in cells if cell["cell_type"] == "code"):
        found = _last_value("".join(cell["source"]), namespace, f"{notebook}, code cell {number}")
        if "parameters" in cell["metadata"].get("tags", []):
            namespace |= parameters
        shown += list(_blocks(found))
    return shown


def _last_value(source: str, namespace: dict[str, Any], where: str) -> Any:
    tree = ast.parse(source)
    last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, where, "exec"), namespace)
    return None if last is None else eval(compile(ast.Expression(last.value), where, "eval"), namespace)


def _blocks(value: Any) -> Iterator[Block]:
    if isinstance(value, Block):
        yield value
    elif value is not None:
        yield from value


def text_of(blocks: list[Block]) -> str:
    """All that a report says, as plain text."""
    return "\n".join(map(str, blocks))
