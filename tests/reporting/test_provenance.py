"""Provenance: versions and revision, never a clock or a path."""

from __future__ import annotations

import re
import subprocess
import warnings
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pytest

import benchlib
from benchlib.errors import FewUnitsWarning
from benchlib.reporting import provenance as module
from benchlib.reporting.provenance import collect_warnings, provenance


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    """The answer is kept for the process; each test asks anew."""
    provenance.cache_clear()
    yield
    provenance.cache_clear()


def test_versions_of_what_can_change_a_number() -> None:
    found = provenance()
    assert found["benchlib"] == benchlib.__version__
    for package in ("duckdb", "matplotlib", "numba", "numpy", "pandas", "scipy"):
        assert found[package] == version(package)
    assert next(iter(found)) == "benchlib"
    assert str(Path.home()) not in str(found)


def test_revision_of_the_checkout() -> None:
    if not (Path(module.__file__).parents[2] / ".git").exists():
        pytest.skip("not a git checkout")
    assert re.fullmatch(r"[0-9a-f]{12}\+?", provenance()["revision"])


@pytest.mark.parametrize(("status", "expected"), [("", "abc"), (" M benchlib/cli.py", "abc+")])
def test_changed_files_are_marked(status: str, expected: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(module, "__file__", str(tmp_path / "benchlib" / "reporting" / "provenance.py"))
    (tmp_path / ".git").mkdir()
    monkeypatch.setattr(module, "_git", lambda _, word, *__: "abc" if word == "rev-parse" else status)
    assert provenance()["revision"] == expected


@pytest.mark.parametrize("error", [FileNotFoundError("git"), subprocess.CalledProcessError(128, "git")])
def test_without_git_the_version_stands_in(error: Exception, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def broken(*_: object) -> str:
        raise error

    monkeypatch.setattr(module, "__file__", str(tmp_path / "benchlib" / "reporting" / "provenance.py"))
    monkeypatch.setattr(module, "_git", broken)
    assert "revision" not in provenance(), "an installed package has no checkout around it"
    provenance.cache_clear()
    (tmp_path / ".git").mkdir()
    assert "revision" not in provenance()


def test_a_package_that_is_not_installed_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(package: str) -> str:
        if package == "duckdb":
            raise PackageNotFoundError(package)
        return "1"

    monkeypatch.setattr(module, "version", absent)
    assert "duckdb" not in provenance()
    assert provenance()["numpy"] == "1"


def test_warnings_of_benchlib_are_kept_once_and_still_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[str] = []
    monkeypatch.setattr(warnings, "showwarning", lambda message, *where, **more: shown.append(str(message)))
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        first = collect_warnings()
        warnings.warn("few units", FewUnitsWarning, stacklevel=1)
        second = collect_warnings()  # the cell is run again
        for text in ("still few", "still few"):
            warnings.warn(text, FewUnitsWarning, stacklevel=1)
        warnings.warn("not ours", UserWarning, stacklevel=1)
    assert (first, second) == (["few units"], ["still few"])
    assert shown == ["few units", "still few", "still few", "not ours"]
