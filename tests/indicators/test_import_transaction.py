"""An import is stored wholly or not at all: with real processes that are killed, stopped, starved of disk, or two at a time."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from filelock import FileLock
from import_files import write_csv

from benchlib.errors import OptionError, StoreError
from benchlib.indicators import check_data, load_registry, own_folder
from benchlib.indicators.imports import ImportOptions, plan_import, store_import, transaction

MEASURE = "social_protection_expenditure"
ROWS = [["Pašvaldība", "Gads", MEASURE], ["Bauskas novads", "2023", "1000,5"]]

#: What a process does before it imports: `HOW` is put in.
SCRIPT = """
import os, resource, signal, sys
from pathlib import Path
from benchlib.indicators.imports import ImportOptions, plan_import, store_import
from benchlib.indicators.imports import transaction
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs ignore it
plan = plan_import(sys.argv[1], ImportOptions(id=sys.argv[2]))
{how}
store_import(plan)
print("stored")
"""
KILLED = """
replace, calls = Path.replace, []
def second(self, target):
    calls.append(target)
    if len(calls) == 2:
        os.kill(os.getpid(), signal.SIG{signal})
    return replace(self, target)
Path.replace = second
"""
NO_SPACE = "resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))"

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals and limits")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return write_csv(tmp_path / "dati.csv", ROWS)


def start(file: Path, id: str, how: str = "") -> subprocess.Popen[str]:
    script = SCRIPT.format(how=how)
    command = [sys.executable, "-c", script, str(file), id]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ.copy())


def finish(process: subprocess.Popen[str]) -> tuple[int, str]:
    out, err = process.communicate(timeout=60)
    return process.returncode, out + err


def left_in(own: Path) -> list[str]:
    return sorted(str(path.relative_to(own)) for path in own.rglob("*") if path.is_file() and path.name != ".lock")


def own_sources() -> list[str]:
    return [source.id for source in load_registry.__wrapped__().sources if source.is_own]


def test_killed_between_the_file_and_the_list(own: Path, file: Path) -> None:
    code, _ = finish(start(file, "a", KILLED.format(signal="KILL")))
    assert code == -signal.SIGKILL
    assert own_sources() == [], "no reader sees anything of it"
    names = left_in(own)
    assert "figures/a.csv" in names, "the moment was the right one"
    assert any(name.startswith(".importing-") for name in names)
    assert any("figures/a.csv has no entry in registry.toml" in problem for problem in check_data())
    # The same import, and any other, goes through afterwards and clears away what was left.
    store_import(plan_import(file, ImportOptions(id="a")))
    assert own_sources() == ["a"]
    assert left_in(own) == ["figures/a.csv", "registry.toml"]
    assert check_data() == []


def test_stopped_between_the_file_and_the_list(own: Path, file: Path) -> None:
    store_import(plan_import(file, ImportOptions(id="before")))
    code, text = finish(start(file, "a", KILLED.format(signal="INT")))
    assert code != 0
    assert "KeyboardInterrupt" in text
    assert own_sources() == ["before"]
    assert left_in(own) == ["figures/before.csv", "registry.toml"]


def test_a_full_disk(own: Path, file: Path) -> None:
    store_import(plan_import(file, ImportOptions(id="before")))
    code, text = finish(start(file, "a", NO_SPACE))
    assert code == 1
    assert f"StoreError: {own} cannot be written to (File too large)" in text
    assert "Free some space there or make it writable" in text
    assert own_sources() == ["before"]
    assert left_in(own) == ["figures/before.csv", "registry.toml"]


def test_several_at_the_same_time(own: Path, file: Path) -> None:
    done = [finish(process) for process in [start(file, name) for name in ("a", "b", "a")]]
    assert sorted(code for code, _ in done) == [0, 0, 1]
    (refused,) = (text for code, text in done if code)
    assert "There is a 'a' already (registry.toml)" in refused
    assert sorted(own_sources()) == ["a", "b"]
    assert left_in(own) == ["figures/a.csv", "figures/b.csv", "registry.toml"]
    assert check_data() == []


def test_another_import_that_does_not_end(own: Path, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transaction, "_PATIENCE", 0.1)
    plan = plan_import(file)
    own.mkdir(parents=True)
    with FileLock(own / ".lock"), pytest.raises(StoreError, match="Another import is writing to"):
        store_import(plan)
    assert left_in(own) == []


def test_a_folder_that_cannot_be_made(own: Path, file: Path) -> None:
    plan = plan_import(file)
    own.parent.parent.mkdir(parents=True)
    own.parent.write_text("a file where a folder should be", encoding="utf-8")
    with pytest.raises(
        StoreError, match=r"cannot be written to \(Not a directory\).*XDG_DATA_HOME.*Nothing was stored"
    ):
        store_import(plan)


def test_a_broken_list_is_named_and_kept(own: Path, file: Path) -> None:
    own.mkdir(parents=True)
    plan = plan_import(file)
    (own / "registry.toml").write_text("[sources", encoding="utf-8")
    with pytest.raises(Exception, match=r"registry.toml is not valid TOML"):
        store_import(plan)
    assert (own / "registry.toml").read_text(encoding="utf-8") == "[sources"


def test_this_process_sees_what_is_new(own: Path, file: Path) -> None:
    assert own_folder() == own
    before = load_registry()
    assert load_registry() is before
    store_import(plan_import(file))
    assert [source.id for source in load_registry().sources if source.is_own] == ["own_dati"]
    with pytest.raises(OptionError):
        plan_import(file)
