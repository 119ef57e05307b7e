"""Set-up: dependencies and their lock, the documents that name them, and `make setup` itself."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

import benchlib

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
CORE = [Requirement(text) for text in PROJECT["dependencies"]]
DEV = [Requirement(text) for extra in PROJECT["optional-dependencies"].values() for text in extra]
ENVIRONMENT = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")

#: Where conda-forge has another name than PyPI.
CONDA_NAMES = {"jupyter-client": "jupyter_client", "duckdb": "python-duckdb", "typst": "typst-py"}


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


# Dependencies -------------------------------------------------------------------------------------------------------


def test_environment_lists_the_dependencies_of_pyproject() -> None:
    listed = [re.fullmatch(r"([\w.-]+)\s*(.*)", entry) for entry in ENVIRONMENT["dependencies"]]
    conda = {match[1]: SpecifierSet(match[2]) for match in listed if match}
    assert len(conda) == len(ENVIRONMENT["dependencies"])
    assert conda.pop("python") == SpecifierSet(PROJECT["requires-python"])
    assert conda.pop("pip") == SpecifierSet()
    assert conda == {CONDA_NAMES.get(r.name, r.name): r.specifier for r in CORE}


def test_environment_takes_conda_forge_only() -> None:
    assert ENVIRONMENT["name"] == "benchlib"
    assert ENVIRONMENT["channels"] == ["conda-forge", "nodefaults"]


def lock_entries() -> list[tuple[Requirement, list[str]]]:
    entries = []
    for block in re.split(r"\n(?=\S)", LOCK.strip()):
        requirement, *hashes = [part.strip() for part in block.replace("\\\n", "\n").splitlines()]
        entries.append((Requirement(requirement), hashes))
    return entries


def test_lock_pins_every_package_with_hashes() -> None:
    assert len(lock_entries()) > len(CORE)
    for requirement, hashes in lock_entries():
        assert re.fullmatch(r"==[^*,]+", str(requirement.specifier)), f"{requirement} is not pinned"
        assert hashes, f"{requirement} has no hash"
        assert all(re.fullmatch(r"--hash=sha256:[0-9a-f]{64}", line) for line in hashes), f"{requirement}: odd line"


def test_lock_names_no_address() -> None:
    assert "://" not in LOCK + text(".ci/uv.txt")
    assert "--index" not in LOCK
    assert "--find-links" not in LOCK


@pytest.mark.parametrize("minor", [11, 12, 13, 14])
@pytest.mark.parametrize("platform", ["linux", "darwin"])
def test_lock_satisfies_pyproject(minor: int, platform: str) -> None:
    target = {
        "python_version": f"3.{minor}",
        "python_full_version": f"3.{minor}.1",
        "sys_platform": platform,
        "platform_system": platform.capitalize(),
        "platform_machine": "x86_64" if platform == "linux" else "arm64",
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
    }
    locked: dict[str, Version] = {}
    for requirement, _ in lock_entries():
        if requirement.marker is None or requirement.marker.evaluate(target):
            name = canonicalize_name(requirement.name)
            assert name not in locked, f"{name} twice for Python 3.{minor} on {platform}"
            locked[name] = Version(str(requirement.specifier).removeprefix("=="))
    for requirement in CORE + DEV:
        version = locked.get(canonicalize_name(requirement.name))
        assert version is not None, f"{requirement.name} is not in the lock; run make lock"
        assert version in requirement.specifier, f"{requirement} but the lock has {version}; run make lock"


def test_lock_leaves_out_the_slow_import() -> None:
    # Why: see `lock` in the Makefile; tests/test_import.py looks at what it would cost.
    assert "rfc3987-syntax" not in {canonicalize_name(requirement.name) for requirement, _ in lock_entries()}


def test_contributing_gives_a_reason_for_each_dependency() -> None:
    reasons = dict(re.findall(r"^\| `([\w.-]+)` \| (.+?) \|$", text("CONTRIBUTING.md"), flags=re.MULTILINE))
    assert set(reasons) == {requirement.name for requirement in CORE + DEV}
    assert all(len(reason.split()) >= 3 for reason in reasons.values())


# Documents ----------------------------------------------------------------------------------------------------------


def test_version_is_the_same_everywhere() -> None:
    version = PROJECT["version"]
    assert benchlib.__version__ == version
    assert str(yaml.safe_load(text("CITATION.cff"))["version"]) == version
    newest = re.search(r"^## \[(.+?)\]", text("CHANGELOG.md"), flags=re.MULTILINE)
    assert newest
    assert newest[1] == version


def test_citation_has_what_the_format_requires() -> None:
    citation = yaml.safe_load(text("CITATION.cff"))
    assert citation["cff-version"] == "1.2.0"
    assert {"message", "title", "authors"} <= set(citation)
    assert citation["license"] == PROJECT["license"]


def test_make_commands_in_the_documents_exist() -> None:
    targets = set(re.findall(r"^(\w+):.*##", text("Makefile"), flags=re.MULTILINE))
    assert {"setup", "report", "test", "lab", "lock", "bench", "clean", "help"} <= targets
    documents = text("README.md") + text("CONTRIBUTING.md") + text("CHANGELOG.md")
    assert set(re.findall(r"`make (\w+)", documents)) <= targets


def test_pre_commit_needs_no_network() -> None:
    config = yaml.safe_load(text(".pre-commit-config.yaml"))
    assert {repo["repo"] for repo in config["repos"]} == {"local"}
    assert {hook["language"] for repo in config["repos"] for hook in repo["hooks"]} == {"system"}


# make setup ---------------------------------------------------------------------------------------------------------

#: Stands in for python3: "installs" without a network, or fails at the step whose words are in $FAIL.
FAKE_PYTHON = """#!/bin/sh
if [ -n "$FAIL" ]; then case "$*" in *"$FAIL"*) exit 1;; esac; fi
case "$*" in *"-m venv"*) rm -rf .venv; mkdir -p .venv/bin; cp "$0" .venv/bin/python; echo made >> made;; esac
"""


def run_setup(folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    command = ["sh", str(folder / ".ci" / "setup")]
    return subprocess.run(command, capture_output=True, text=True, env=os.environ | environment, check=False)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    (tmp_path / ".ci").mkdir()
    for name in (".ci/setup", ".ci/uv.txt", "requirements.lock", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "python").write_text(FAKE_PYTHON, encoding="utf-8")
    (tmp_path / "python").chmod(0o755)
    return tmp_path


def test_setup_says_what_is_missing(checkout: Path) -> None:
    done = run_setup(checkout, PYTHON="no-such-python")
    assert done.returncode == 1
    assert "no Python 3.11 to 3.14 was found (tried: no-such-python)" in done.stderr
    assert "make setup PYTHON=" in done.stderr

    done = run_setup(checkout, PYTHON=str(checkout / "python"), FAIL="ensurepip")
    assert done.returncode == 1
    assert "apt-get install python3-venv" in done.stderr
    assert not (checkout / ".venv").exists()


def test_setup_runs_once_and_again_when_the_lock_changes(checkout: Path) -> None:
    fake = str(checkout / "python")
    assert "Ready" in run_setup(checkout, PYTHON=fake).stdout
    assert run_setup(checkout, PYTHON=fake).stdout == ""
    with (checkout / "requirements.lock").open("a", encoding="utf-8") as lock:
        lock.write("# newer\n")
    assert "up to date with the lock file" in run_setup(checkout, PYTHON=fake).stdout
    assert run_setup(checkout, PYTHON=fake).stdout == ""
    assert (checkout / "made").read_text().split() == ["made"]


@pytest.mark.parametrize("step", ["pip install", "uv pip sync", "--editable"])
def test_interrupted_setup_is_not_taken_for_finished(checkout: Path, step: str) -> None:
    fake = str(checkout / "python")
    done = run_setup(checkout, PYTHON=fake, FAIL=step)
    assert done.returncode != 0
    assert "not finished" in done.stderr
    assert "Setting up" in run_setup(checkout, PYTHON=fake).stdout
    assert (checkout / "made").read_text().split() == ["made", "made"]


def test_interrupted_update_starts_anew(checkout: Path) -> None:
    fake = str(checkout / "python")
    run_setup(checkout, PYTHON=fake)
    (checkout / "requirements.lock").write_text("newer", encoding="utf-8")
    assert run_setup(checkout, PYTHON=fake, FAIL="uv pip sync").returncode != 0
    assert "Setting up" in run_setup(checkout, PYTHON=fake).stdout
    assert (checkout / "made").read_text().split() == ["made", "made"]
