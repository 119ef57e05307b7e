"""What importing benchlib, and what it builds on, costs and touches. Each question is put to a fresh interpreter."""

from __future__ import annotations

import ast
import importlib
import json
import pkgutil
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions, requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import benchlib

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def python(code: str) -> str:
    """Output of a fresh interpreter that ran the code, away from the checkout."""
    command = [sys.executable, "-B", "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT / "tests", check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


HEAVY = ("pandas", "numpy", "duckdb", "matplotlib", "numba", "statsmodels", "scipy", "papermill", "nbconvert", "jinja2")


def test_import_loads_nothing_heavy() -> None:
    code = f"import sys, benchlib; print(sorted(set({HEAVY}) & set(sys.modules)))"
    assert python(code) == "[]"
    assert "numpy" in python(code.replace("benchlib;", "benchlib; benchlib.dea;"))


@pytest.mark.parametrize("module", ["benchlib.comparison", "benchlib.reporting.batch.reports"])
def test_planning_a_batch_loads_nothing_that_scores(module: str) -> None:
    """A batch in which nothing changed does no more than plan: numba and scipy.stats took longer than all the rest of it."""
    heavy = ("numba", "scipy.stats", "statsmodels", "matplotlib", "papermill", "openpyxl")
    assert python(f"import sys, {module}; print(sorted(set({heavy}) & set(sys.modules)))") == "[]"


AUDIT = """
import os, sys, sysconfig
import encodings.utf_8
sources = [os.path.realpath(path) for path in {*sysconfig.get_paths().values(), sys.base_prefix, sys.prefix, PACKAGE}]
touched = []
def watch(event, args):
    if event == "open":
        path = args[0]
        if isinstance(path, int):
            return
        path = os.path.realpath(os.fsdecode(path))
        if path.endswith((".py", ".pyc", ".so")) and path.startswith(tuple(sources)):
            return
        touched.append(path)
    elif event.startswith(("socket.", "sqlite3.", "subprocess.", "shutil.", "tempfile.")) or event in {
        "os.mkdir", "os.remove", "os.rename", "os.system", "os.fork", "os.posix_spawn", "urllib.Request",
    }:
        touched.append(event)
sys.addaudithook(watch)
import benchlib
{extra}
sys.stdout.write("\\n".join(touched))
"""


def test_import_touches_neither_disk_nor_network() -> None:
    code = f"PACKAGE = {str(ROOT / 'benchlib')!r}" + AUDIT
    assert python(code.replace("{extra}", "")) == ""
    # The watch itself works:
    assert "pyproject.toml" in python(code.replace("{extra}", f"open({str(ROOT / 'pyproject.toml')!r})"))
    assert "socket." in python(code.replace("{extra}", "import socket; socket.socket()"))


#: Imported, though not listed as a dependency of our own: {module: the dependency it belongs to}.
COMES_WITH = {
    "IPython": "ipykernel",
    "PIL": "matplotlib",
    "jupyter_client": "ipykernel",
    "markupsafe": "jinja2",
    "nbclient": "nbconvert",
    "nbformat": "nbconvert",
    "rich": "typer",
    "traitlets": "nbconvert",
}


def test_the_package_imports_only_its_dependencies() -> None:
    imported = set()
    for path in (ROOT / "benchlib").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                imported |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                imported.add(node.module.split(".")[0])
    foreign = imported - set(sys.stdlib_module_names) - {"benchlib"}
    assert "numpy" in foreign
    optional = PROJECT["optional-dependencies"]
    texts = PROJECT["dependencies"] + optional["cluster"] + optional["lab"]
    declared = {canonicalize_name(Requirement(text).name) for text in texts}
    distributions = packages_distributions()
    for module in sorted(foreign):
        (owner,) = {canonicalize_name(name) for name in distributions[COMES_WITH.get(module, module)]}
        assert owner in declared, f"{module} is imported, but pyproject.toml does not ask for {owner}"


@pytest.mark.parametrize(("module", "package"), COMES_WITH.items())
def test_what_comes_with_a_dependency_does(module: str, package: str) -> None:
    (owner,) = {canonicalize_name(name) for name in packages_distributions()[module]}
    needed = {canonicalize_name(Requirement(text).name) for text in requires(package) or []}
    assert owner in needed


def module_names() -> list[str]:
    found = pkgutil.walk_packages(benchlib.__path__, "benchlib.")
    return sorted(module.name for module in found if not module.name.endswith("__main__"))


@pytest.mark.parametrize("name", module_names())
def test_module_imports(name: str) -> None:
    importlib.import_module(name)


@pytest.mark.parametrize("name", benchlib.__all__)
def test_public_name_is_there(name: str) -> None:
    assert getattr(benchlib, name).__doc__


def test_unknown_public_name_is_refused() -> None:
    with pytest.raises(AttributeError, match="no attribute 'deaa'"):
        benchlib.deaa  # noqa: B018


def test_the_slow_import_stays_out() -> None:
    # rfc3987-syntax compiles grammars on import: 2.4 s in every process that imports nbformat (see Makefile, `lock`).
    loaded = json.loads(python("import json, sys, nbformat; print(json.dumps(sorted(sys.modules)))"))
    assert "nbformat" in loaded
    assert not {"rfc3987_syntax", "lark"} & set(loaded)
