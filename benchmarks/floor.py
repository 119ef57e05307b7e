"""The floor under a batch: the cells of the municipality notebook run as plain code, without kernels, notebooks or HTML.

``python -m benchmarks.floor lv en < names``: imports once, then for each name on standard input and each language all figures and
tables. It prints one number, the bytes of what came out, so that nobody can leave work away.
"""

from __future__ import annotations

import ast
import sys
from types import CodeType
from typing import Any

import nbformat

from benchlib.indicators import notebooks_folder
from benchlib.reporting import Block, Blocks


def cells() -> list[tuple[CodeType, CodeType | None]]:
    """Each code cell but the parameters: its statements, and its last expression, which a notebook would show."""
    notebook = nbformat.read(notebooks_folder() / "municipality.ipynb", as_version=4)
    found = []
    for cell in notebook.cells:
        if cell.cell_type == "code":
            tree = ast.parse(cell.source)
            last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
            shown = compile(ast.Expression(last.value), "cell", "eval") if isinstance(last, ast.Expr) else None
            found.append((compile(tree, "cell", "exec"), shown))
    return found


def report(code: list[tuple[CodeType, CodeType | None]], **parameters: str) -> int:
    """Run the cells with parameters and return the bytes of the blocks that they show."""
    space: dict[str, Any] = {}
    size = 0
    for number, (statements, shown) in enumerate(code):
        exec(statements, space)
        if number == 0:
            space |= parameters
        value = eval(shown, space) if shown else None
        for block in value if isinstance(value, Blocks) else [value]:
            if isinstance(block, Block):
                size += sum(len(str(content)) for content in block._repr_mimebundle_()[0].values())
    return size


def main() -> None:
    code = cells()
    names = sys.stdin.read().splitlines()
    print(sum(report(code, municipality=name, language=language) for name in names for language in sys.argv[1:]))


if __name__ == "__main__":
    main()
