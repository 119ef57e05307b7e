"""What may be committed: no path of a machine, no registry host, no outputs in notebooks."""

from __future__ import annotations

import ast
import io
import json
import re
import subprocess
import tokenize
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").rglob("*.ipynb"))

#: Written so that this file does not find itself.
MACHINE = re.compile(
    r"""(?<![\w.:/-])/(?:h[o]me|U[s]ers|r[o]ot|w[o]rk)/[\w.]    # somebody's folder
    | [A-Z]:\\U[s]ers\\ | /t[m]p/bash_jobs
    | pyp[i]\.(?:org|python) | pythonho[s]ted | npm[j]s | deb\.deb[i]an | anaconda\.o[r]g""",
    re.VERBOSE,
)


def committed_files() -> list[Path]:
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def test_committed_files_name_no_machine_and_no_registry() -> None:
    found = []
    for path in committed_files():
        try:
            content = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        lines = enumerate(content.splitlines(), start=1)
        found += [f"{path.relative_to(ROOT)}:{n}: {line[:120]}" for n, line in lines if MACHINE.search(line)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "start", ["/h{}me/anna/x.csv", "open('/w{}rk/main')", "https://pyp{}.org/simple", "/r{}ot/.cache"]
)
def test_machine_pattern_can_find(start: str) -> None:
    vowel = "i" if "pyp" in start else "o"
    assert MACHINE.search(start.format(vowel))
    assert not MACHINE.search("https://example.lv/home/data and PyPI, conda-forge")


# Notebooks as committed ---------------------------------------------------------------------------------------------


def is_literal(node: ast.expr | None) -> bool:
    try:
        ast.literal_eval(node or ast.Name("nothing"))
    except ValueError:
        return False
    return True


def notebook_complaints(notebook: dict[str, Any]) -> list[str]:
    complaints = []
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    if any(cell["outputs"] or cell["execution_count"] is not None for cell in cells):
        complaints.append("has outputs; clear them before committing (Kernel, Restart Kernel and Clear Outputs)")
    if "def " in "".join(line for cell in cells for line in cell["source"] if line.startswith("def ")):
        complaints.append("defines a function; functions belong in benchlib")
    if not cells or "parameters" not in cells[0]["metadata"].get("tags", []):
        return [*complaints, "its first code cell is not tagged parameters"]
    source = "".join(cells[0]["source"])
    readline = io.StringIO(source).readline
    commented = {token.start[0] for token in tokenize.generate_tokens(readline) if token.type == tokenize.COMMENT}
    for statement in ast.parse(source).body:
        if not isinstance(statement, ast.Assign | ast.AnnAssign) or not is_literal(statement.value):
            complaints.append(f"parameters, line {statement.lineno}: not a literal")
        elif not commented & {statement.lineno - 1, *range(statement.lineno, (statement.end_lineno or 0) + 1)}:
            complaints.append(f"parameters, line {statement.lineno}: no comment")
    return complaints


def code_cell(source: str, *tags: str, **changes: Any) -> dict[str, Any]:
    cell = {"cell_type": "code", "source": source.splitlines(keepends=True), "outputs": [], "execution_count": None}
    return cell | {"metadata": {"tags": list(tags)}} | changes


GOOD = code_cell("year: int = 2013  # year\n# language\nlanguage = 'lv'", "parameters")


@pytest.mark.parametrize(
    ("cells", "complaint"),
    [
        ([GOOD, code_cell("1", outputs=[{"output_type": "stream"}])], "has outputs"),
        ([GOOD, code_cell("1", execution_count=3)], "has outputs"),
        ([GOOD, code_cell("def f():\n    pass")], "defines a function"),
        ([code_cell("import benchlib"), GOOD], "not tagged parameters"),
        ([code_cell("year = now()  # year", "parameters")], "not a literal"),
        ([code_cell("import os  # why", "parameters")], "not a literal"),
        ([code_cell("year = 2013", "parameters")], "no comment"),
    ],
)
def test_notebook_rule_can_fail(cells: list[dict[str, Any]], complaint: str) -> None:
    assert notebook_complaints({"cells": [GOOD]}) == []
    (found,) = notebook_complaints({"cells": cells})
    assert complaint in found


def test_there_is_a_notebook() -> None:
    assert ROOT / "notebooks" / "municipality.ipynb" in NOTEBOOKS


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_notebook_as_committed(path: Path) -> None:
    notebook = json.loads(path.read_text(encoding="utf-8"))
    assert notebook_complaints(notebook) == []
    assert notebook["metadata"]["kernelspec"]["name"] == "python3"
