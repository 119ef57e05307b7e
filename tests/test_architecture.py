"""The house rules of CONTRIBUTING.md, read off the source with `ast`: nothing is imported or run.

Every rule is a function from the modules of a package to a list of complaints. `test_house` holds benchlib to them;
`test_rule_can_fail` holds each rule to a small made-up package that breaks it.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from pathlib import Path

import pytest

import benchlib

ROOT = Path(__file__).parents[1]

#: Left may not know right. `errors` and `terms` may be used by all and use none of these.
ROOMS = ("indicators", "efficiency", "comparison", "reporting", "cli")
FREE = ("errors", "terms", "cache")

LONGEST_FILE = 400
#: The aim is 40; docstrings do not count.
LONGEST_FUNCTION = 60

#: Imports inside functions, {module: {imported: reason}}. Only for heavy parts that few callers need.
INNER_IMPORTS: dict[str, dict[str, str]] = {
    "benchlib.cli.batch": {
        "benchlib.reporting.batch.progress": "pandas and DuckDB; --help and wrong use answer without them",
        "benchlib.reporting.batch.reports": "pandas and DuckDB; --help and wrong use answer without them",
    },
    "benchlib.cli.catalogue": {
        "benchlib.indicators": "pandas and DuckDB; --help and wrong use answer without them",
    },
    "benchlib.cli.imports": {
        "benchlib.indicators": "pandas and DuckDB; --help and wrong use answer without them",
        "benchlib.indicators.imports": "pandas and openpyxl; only `data import`, `where` and `remove` need them",
    },
    "benchlib.cli.pages": {
        "benchlib.reporting.lab": "JupyterLab; only `lab` needs it",
        "benchlib.reporting.site.build": "pandas and DuckDB; --help and wrong use answer without them",
    },
    "benchlib.cli.plans": {
        "benchlib.comparison": "pandas and DuckDB; --help and wrong use answer without them",
        "benchlib.indicators": "pandas and DuckDB; --help and wrong use answer without them",
    },
    "benchlib.cli.practices": {
        "benchlib.indicators": "pandas and DuckDB; --help and wrong use answer without them",
    },
    "benchlib.cli.report": {
        "benchlib.indicators": "pandas and DuckDB; --help and wrong use answer without them",
        "benchlib.reporting.run": "papermill and nbconvert; only `report` needs them",
    },
    "benchlib.efficiency.nonparametric.fallback": {
        "scipy.optimize": "0.4 s, and hardly any run needs the second solver"
    },
    "benchlib.indicators.readers.files": {
        "openpyxl": "0.1 s in every command; only who brings figures in reads workbooks",
    },
    "benchlib.reporting.batch.cluster": {
        "distributed": "an extra; where it is missing, the message says how to get it",
    },
    "benchlib.reporting.batch.local": {
        "benchlib.reporting.batch.work": "papermill and nbconvert; the workers need them, the caller does not",
    },
    "benchlib.reporting.batch.remote": {
        "benchlib.reporting.batch.work": "papermill and nbconvert; the workers need them, the caller does not",
        "distributed": "an extra; only a worker of a cluster comes there",
    },
    "benchlib.reporting.batch.reports": {
        "benchlib.reporting.batch.cluster": "distributed, an extra; only with --scheduler",
        "benchlib.reporting.batch.local": "not when nothing has changed, nor with --scheduler",
    },
    "benchlib.reporting.compose": {
        "IPython.display": "only a kernel comes there, and it has IPython in memory already",
        "benchlib.reporting.drawing.picture": "matplotlib and PIL; the process that starts kernels and writes HTML never draws",
    },
    "benchlib.reporting.export.letters": {
        "matplotlib": "for its fonts only, a third of a second; hardly any report has letters that need them",
    },
}


@dataclass(frozen=True)
class Import:
    """An import statement: what it names, where it stands, and in which function, if in one."""

    target: str
    name: str | None
    line: int
    function: str | None


@dataclass(frozen=True)
class Module:
    """A source file of the package, parsed."""

    name: str
    path: Path
    source: str
    tree: ast.Module

    @property
    def room(self) -> str:
        parts = self.name.split(".")
        if len(parts) == 1:
            return "root"
        return "cli" if parts[1] == "__main__" else parts[1]

    def at(self, line: int) -> str:
        return f"{self.name}, line {line}"


Modules = dict[str, Module]
Function = ast.FunctionDef | ast.AsyncFunctionDef
Rule = Callable[[Modules], list[str]]


def read_package(folder: Path) -> Modules:
    found = {}
    for path in sorted(folder.rglob("*.py")):
        parts = (folder.name, *path.relative_to(folder).with_suffix("").parts)
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        source = path.read_text(encoding="utf-8")
        found[name] = Module(name, path, source, ast.parse(source))
    return found


def imports_of(module: Module) -> Iterator[Import]:
    package = module.name if module.path.name == "__init__.py" else module.name.rpartition(".")[0]

    def visit(node: ast.AST, function: str | None) -> Iterator[Import]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.Import):
                yield from (Import(alias.name, None, child.lineno, function) for alias in child.names)
            elif isinstance(child, ast.ImportFrom):
                base = ".".join(package.split(".")[: len(package.split(".")) + 1 - child.level]) if child.level else ""
                target = ".".join(part for part in (base, child.module) if part)
                yield from (Import(target, alias.name, child.lineno, function) for alias in child.names)
            else:
                inside = child.name if isinstance(child, Function) else function
                yield from visit(child, inside)

    return visit(module.tree, None)


def edges_of(module: Module, modules: Modules) -> Iterator[tuple[Import, str]]:
    """Each import of another module of the same package, with the module's full name."""
    for item in imports_of(module):
        for target in (f"{item.target}.{item.name}", item.target):
            if target in modules:
                yield item, target
                break


def functions_of(module: Module) -> Iterator[Function]:
    return (n for n in ast.walk(module.tree) if isinstance(n, Function))


def rooms_import_only_leftward(modules: Modules) -> list[str]:
    order = {room: place for place, room in enumerate(ROOMS)} | dict.fromkeys(FREE, -1)
    complaints = []
    for module in modules.values():
        if module.room not in (*order, "root"):
            complaints.append(f"{module.name} stands in no room; the rooms are {', '.join(ROOMS)}")
            continue
        for item, target in edges_of(module, modules):
            room = modules[target].room
            if room == "root":
                allowed = item.name == "__version__"
            elif module.room in {"root", *FREE}:
                allowed = room in FREE
            else:
                allowed = room == module.room or order.get(room, len(ROOMS)) < order[module.room]
            if not allowed:
                complaints.append(f"{module.at(item.line)}: {module.room} may not import {target} {item.name or ''}")
    return complaints


def imports_have_no_cycle(modules: Modules) -> list[str]:
    graph = {
        module.name: {target for _, target in edges_of(module, modules) if modules[target].room != "root"}
        for module in modules.values()
    }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return ["import cycle: " + " <- ".join(error.args[1])]
    return []


def imports_stand_at_the_top(modules: Modules) -> list[str]:
    complaints = [
        f"{module.at(item.line)}: {item.function}() imports {item.target}; move it to the top of the file"
        for module in modules.values()
        for item in imports_of(module)
        if item.function and item.target not in INNER_IMPORTS.get(module.name, {})
    ]
    return list(dict.fromkeys(complaints))


def kernels_know_only_arrays(modules: Modules) -> list[str]:
    return [
        f"{module.at(item.line)}: a kernel imports {item.target}"
        for module in modules.values()
        if ".kernels" in module.name
        for item in imports_of(module)
        if item.target.split(".")[0] in {"pandas", "duckdb", "pyarrow"}
    ]


def files_are_short(modules: Modules) -> list[str]:
    lengths = {module.name: len(module.source.splitlines()) for module in modules.values()}
    return [f"{name} has {lines} lines, over {LONGEST_FILE}" for name, lines in lengths.items() if lines > LONGEST_FILE]


def code_lines(function: Function) -> int:
    lines = (function.end_lineno or 0) - function.lineno + 1
    if ast.get_docstring(function) is not None:
        docstring = function.body[0]
        lines -= (docstring.end_lineno or 0) - docstring.lineno + 1
    return lines


def functions_are_short(modules: Modules) -> list[str]:
    return [
        f"{module.at(function.lineno)}: {function.name}() has {code_lines(function)} lines, over {LONGEST_FUNCTION}"
        for module in modules.values()
        for function in functions_of(module)
        if code_lines(function) > LONGEST_FUNCTION
    ]


def returns_something(function: Function) -> bool:
    return function.returns is not None and ast.unparse(function.returns) not in {"None", "NoReturn", "Never"}


def takes_something(function: Function) -> bool:
    names = [a.arg for a in (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)]
    return bool([name for name in names if name not in {"self", "cls"}])


def has_section(node: Function | ast.ClassDef, *sections: str) -> bool:
    lines = (ast.get_docstring(node) or "").splitlines()
    return any(line in sections and set(under) == {"-"} for line, under in pairwise(lines) if under)


def public_definitions(
    modules: Modules,
) -> Iterator[tuple[Module, Function | ast.ClassDef]]:
    """What a user reaches as `benchlib.name`, and what a room hands on in its `__init__`."""
    handed_on = set(benchlib.__all__)
    for module in modules.values():
        if module.path.name == "__init__.py":
            handed_on |= {item.name for item in imports_of(module) if item.name}
    for module in modules.values():
        for node in module.tree.body:
            if isinstance(node, Function | ast.ClassDef) and node.name in handed_on:
                yield module, node


def public_names_are_explained(modules: Modules) -> list[str]:
    complaints = []
    for module, node in public_definitions(modules):
        lacking = []
        if isinstance(node, ast.ClassDef):
            has_fields = any(isinstance(line, ast.AnnAssign) for line in node.body)
            if has_fields and not has_section(node, "Attributes", "Parameters"):
                lacking.append("Attributes or Parameters")
        else:
            if takes_something(node) and not has_section(node, "Parameters"):
                lacking.append("Parameters")
            if returns_something(node) and not has_section(node, "Returns", "Yields"):
                lacking.append("Returns")
        complaints += [f"{module.at(node.lineno)}: the docstring of {node.name} has no section {s}" for s in lacking]
    return complaints


RULES: tuple[Rule, ...] = (
    rooms_import_only_leftward,
    imports_have_no_cycle,
    imports_stand_at_the_top,
    kernels_know_only_arrays,
    files_are_short,
    functions_are_short,
    public_names_are_explained,
)

GOOD_DOCSTRING = (
    '"""Score.\n\n    Parameters\n    ----------\n    x : int\n\n    Returns\n    -------\n    int\n    """'
)
CLEAN = {
    "__init__.py": "__version__ = '1'",
    "errors.py": "class OptionError(ValueError): ...",
    "terms.py": "from benchlib.errors import OptionError",
    "indicators/__init__.py": "from .panel import load_indicators",
    "indicators/panel.py": f"from ..terms import OptionError\ndef load_indicators(x) -> int:\n    {GOOD_DOCSTRING}",
    "efficiency/__init__.py": "",
    "efficiency/kernels/__init__.py": "",
    "efficiency/kernels/simplex.py": "import numpy as np",
    "reporting/__init__.py": "from benchlib import __version__\nfrom benchlib.indicators import load_indicators",
    "cli.py": "from benchlib import reporting\nimport benchlib.indicators.panel",
    "__main__.py": "from benchlib.cli import main",
}
LONG_BODY = "\n".join(["    x = 1"] * (LONGEST_FUNCTION + 1))
BROKEN: tuple[tuple[Rule, str, str, str], ...] = (
    (
        rooms_import_only_leftward,
        "indicators/panel.py",
        "from benchlib.reporting import x",
        "indicators may not import",
    ),
    (rooms_import_only_leftward, "indicators/panel.py", "import benchlib.cli", "may not import benchlib.cli"),
    (rooms_import_only_leftward, "indicators/panel.py", "from ..efficiency.kernels import simplex", "kernels.simplex"),
    (rooms_import_only_leftward, "terms.py", "from benchlib import indicators", "terms may not import"),
    (rooms_import_only_leftward, "__init__.py", "from benchlib.cli import main", "root may not import benchlib.cli"),
    (rooms_import_only_leftward, "cli.py", "from benchlib import load_indicators", "may not import benchlib load_ind"),
    (rooms_import_only_leftward, "utils.py", "", "stands in no room"),
    (imports_have_no_cycle, "indicators/panel.py", "from benchlib.indicators import x", "import cycle"),
    (imports_have_no_cycle, "errors.py", "if TYPE_CHECKING:\n    from benchlib import terms", "import cycle"),
    (imports_stand_at_the_top, "cli.py", "class A:\n    def f(self):\n        import duckdb", "f() imports duckdb"),
    (kernels_know_only_arrays, "efficiency/kernels/simplex.py", "from pandas.core import x", "imports pandas.core"),
    (files_are_short, "cli.py", "x = 1\n" * (LONGEST_FILE + 1), "lines, over"),
    (functions_are_short, "cli.py", f"def f():\n{LONG_BODY}", "f() has"),
    (public_names_are_explained, "indicators/panel.py", "def load_indicators(x): ...", "no section Parameters"),
    (public_names_are_explained, "indicators/panel.py", "def load_indicators() -> int: ...", "no section Returns"),
    (public_names_are_explained, "indicators/panel.py", "class load_indicators:\n    x: int", "no section Attributes"),
)


def write_package(folder: Path, files: dict[str, str]) -> Modules:
    for name, source in files.items():
        path = folder / "benchlib" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source, encoding="utf-8")
    return read_package(folder / "benchlib")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_house(rule: Rule) -> None:
    modules = read_package(ROOT / "benchlib")
    assert {"benchlib", "benchlib.errors", "benchlib.terms"} <= set(modules)
    complaints = rule(modules)
    assert not complaints, "\n".join(complaints)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_rule_is_content_with_a_clean_package(rule: Rule, tmp_path: Path) -> None:
    assert rule(write_package(tmp_path, CLEAN)) == []


@pytest.mark.parametrize(("rule", "file", "source", "complaint"), BROKEN)
def test_rule_can_fail(rule: Rule, file: str, source: str, complaint: str, tmp_path: Path) -> None:
    complaints = rule(write_package(tmp_path, CLEAN | {file: source}))
    assert len(complaints) == 1
    assert complaint in complaints[0]


def test_every_rule_is_broken_once() -> None:
    assert {rule for rule, *_ in BROKEN} == set(RULES)


def test_inner_imports_have_reasons_and_exist() -> None:
    modules = read_package(ROOT / "benchlib")
    for name, allowed in INNER_IMPORTS.items():
        assert all(allowed.values()), f"{name}: an allowed import without a reason"
        there = {item.target for item in imports_of(modules[name]) if item.function}
        assert set(allowed) <= there, f"{name} no longer imports {set(allowed) - there} in a function; strike it out"
