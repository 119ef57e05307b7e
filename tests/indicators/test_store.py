"""The store: built once, rebuilt when it must be, whole or not there, whoever kills or starves it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest
from made_up import BAUSKA, DataFolder, replace_in

from benchlib.errors import FiguresFileError, OptionError, StoreError
from benchlib.indicators import Store, default_store
from benchlib.indicators import store as module

COLUMNS = ["territory", "year", "measure", "value", "status", "symbol", "source", "vintage", "access"]


def with_people(data: DataFolder, people: float = 5) -> DataFolder:
    data.measure("people").passport("people", measure="people")
    return data.source("a", [(BAUSKA, 2022, "people", people), ("0001000", 2022, "people", None)], "2021")


@pytest.fixture
def people(data: DataFolder) -> DataFolder:
    return with_people(data)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []


# Built and rebuilt --------------------------------------------------------------------------------------------------


def test_built_at_the_first_question(people: DataFolder) -> None:
    store = people.store()
    assert not store.path.parent.exists()  # making a Store writes nothing
    table = store.figures(["people"])
    assert list(table.columns) == COLUMNS
    assert table["territory"].tolist() == ["0001000", BAUSKA]
    assert table["value"].isna().tolist() == [True, False]
    assert table["vintage"].tolist() == ["2020-01-01"] * 2
    assert names(store.path.parent) == [store.path.name]


def test_second_store_uses_the_file_of_the_first(people: DataFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = people.store().figures(["people"])
    monkeypatch.setattr(Store, "build", lambda self: pytest.fail("built again"))
    assert people.store().figures(["people"]).equals(expected)


def test_changed_figures_make_another_store(people: DataFolder, tmp_path: Path) -> None:
    before = people.store()
    before.figures(["people"])
    changed = with_people(DataFolder(tmp_path / "changed"), people=6)
    after = Store(changed.path, before.path.parent)
    assert after.path != before.path
    assert after.figures(["people"])["value"].max() == 6
    assert before.figures(["people"])["value"].max() == 5


def test_changed_file_without_a_new_receipt_is_refused_not_ignored(people: DataFolder) -> None:
    people.store().figures(["people"])
    replace_in(people.path / "figures" / "a.csv", "people,5,", "people,6,")
    with pytest.raises(FiguresFileError, match="sha256 expected"):
        people.store().figures(["people"])


def test_changed_registry_makes_another_store(people: DataFolder) -> None:
    before = people.store().path
    replace_in(people.path / "registry.toml", 'licence = "made up"', 'licence = "another"')
    assert people.store().path != before


def test_old_stores_are_removed_and_the_newest_stay(people: DataFolder) -> None:
    store = people.store()
    store.path.parent.mkdir()
    for number in range(8):
        old = store.path.parent / f"figures-{number:016x}.duckdb"
        old.write_bytes(b"old")
        os.utime(old, (number, number))
    stranger = store.path.parent / "notes.txt"
    stranger.write_text("mine", encoding="utf-8")
    store.build()
    assert names(store.path.parent) == sorted(
        [store.path.name, "notes.txt", *(f"figures-{n:016x}.duckdb" for n in range(4, 8))]
    )


@pytest.mark.parametrize("content", [b"", b"not a database", b"\x00" * 20_000])
def test_damaged_file_is_built_again(people: DataFolder, content: bytes) -> None:
    store = people.store()
    expected = store.figures(["people"])
    store.path.write_bytes(content)
    assert people.store().figures(["people"]).equals(expected)


def test_any_damage_inside_the_file_is_noticed_or_harmless(people: DataFolder) -> None:
    """Cut or overwritten at any place: the same figures, never other figures and never DuckDB's own error."""
    store = people.store()
    expected = store.figures(["people"])
    content = store.path.read_bytes()
    rebuilt = 0
    for number in range(12):
        place = len(content) * number // 12
        damaged = content[:place] if number % 2 else content[:place] + b"\xff" * 4096 + content[place + 4096 :]
        store.path.write_bytes(damaged)
        again = people.store()
        assert again.figures(["people"]).equals(expected)
        rebuilt += store.path.read_bytes() != damaged
    assert rebuilt >= 3


def test_file_that_stays_unreadable_is_a_store_error(people: DataFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_write", lambda path, figures: path.write_bytes(b"nonsense"))
    with pytest.raises(StoreError, match=r"cannot be read, even built anew.*XDG_CACHE_HOME"):
        people.store().figures(["people"])


def test_opened_read_only(people: DataFolder) -> None:
    store = people.store()
    store.figures(["people"])
    with pytest.raises(duckdb.InvalidInputException, match="read-only"):
        store._read("DELETE FROM figure", {})
    content = store.path.read_bytes()
    store.figures(["people"])
    assert store.path.read_bytes() == content
    assert names(store.path.parent) == [store.path.name]  # no write-ahead log


def test_cache_folder_with_quotes_and_letters(people: DataFolder, tmp_path: Path) -> None:
    folder = tmp_path / "Ķekavas 'kešs' \"x\""
    assert len(Store(people.path, folder).figures(["people"])) == 2


def test_repr_is_the_same_twice(people: DataFolder) -> None:
    assert repr(people.store()) == repr(people.store())
    assert "1 sources, 1 measures" in repr(people.store())
    assert default_store() is default_store()


def test_territories_and_unknown_measures(people: DataFolder) -> None:
    store = people.store()
    assert store.figures(["people"], territories=[BAUSKA])["territory"].tolist() == [BAUSKA]
    assert len(store.figures(["people"], territories=[])) == 0
    assert len(store.figures(["'; DROP TABLE figure; --"])) == 0
    assert len(store.figures(["people"])) == 2


@pytest.mark.parametrize("options", [{"access": "all"}, {"as_of": "soon"}, {"as_of": 2020}])
def test_wrong_option(people: DataFolder, options: dict) -> None:
    with pytest.raises(OptionError):
        people.store().figures(["people"], **options)


# Several processes --------------------------------------------------------------------------------------------------

READ = """
import sys
from pathlib import Path
from benchlib.indicators import Store
table = Store(Path(sys.argv[1]), Path(sys.argv[2])).figures(["people"])
print(table.to_csv(index=False))
"""
#: A build that stops after the draft is written, says so, and waits to be killed.
STOP = """
import sys, time
from pathlib import Path
from benchlib.indicators import store as module
write = module._write
def write_and_wait(path, figures):
    write(path, figures)
    print("written", flush=True)
    time.sleep(60)
module._write = write_and_wait
module.Store(Path(sys.argv[1]), Path(sys.argv[2])).figures(["people"])
"""
#: Files may not grow beyond some bytes: what a full disk looks like to a process.
STARVE = """
import resource, sys
from pathlib import Path
from benchlib.errors import StoreError
from benchlib.indicators import Store
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
try:
    Store(Path(sys.argv[1]), Path(sys.argv[2])).figures(["people"])
except StoreError as error:
    print(error)
    sys.exit(3)
"""


def process(script: str, data: DataFolder, cache: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", script, str(data.path), str(cache)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_six_processes_at_once(people: DataFolder, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    running = [process(READ, people, cache) for _ in range(6)]
    answers = [each.communicate(timeout=120) for each in running]
    assert [each.returncode for each in running] == [0] * 6, answers
    assert len({out for out, _ in answers}) == 1
    assert "5.0" in answers[0][0]
    assert names(cache) == [people.store().path.name]


@pytest.mark.parametrize("sign", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM], ids=lambda sign: sign.name)
def test_stopped_in_the_middle(people: DataFolder, tmp_path: Path, sign: signal.Signals) -> None:
    cache = tmp_path / "cache"
    running = process(STOP, people, cache)
    assert running.stdout is not None
    assert running.stdout.readline() == "written\n"
    running.send_signal(sign)
    _, complaint = running.communicate(timeout=60)
    assert running.returncode != 0
    assert not list(cache.glob("figures-*"))
    if sign == signal.SIGINT:
        assert "KeyboardInterrupt" in complaint
        assert names(cache) == []  # Ctrl-C leaves nothing at all
    for draft in cache.glob("building-*"):  # a killed process cannot clean up; who comes an hour later does
        os.utime(draft, (time.time() - 7200,) * 2)
    store = people.store()
    assert store.figures(["people"])["value"].max() == 5
    assert names(cache) == [store.path.name]


def test_draft_of_a_running_process_is_left_alone(people: DataFolder) -> None:
    store = people.store()
    draft = store.path.parent / "building-other"
    draft.mkdir(parents=True)
    store.build()
    assert draft.is_dir()


# No room, no permission ---------------------------------------------------------------------------------------------


def test_full_disk(people: DataFolder, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    running = process(STARVE, people, cache)
    message, complaint = running.communicate(timeout=60)
    assert running.returncode == 3, complaint
    assert f"cannot be written to {cache}" in message
    assert "Free some space" in message
    assert names(cache) == []
    assert people.store().figures(["people"])["value"].max() == 5


def test_file_where_the_cache_folder_should_be(people: DataFolder, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("not a folder", encoding="utf-8")
    with pytest.raises(StoreError, match=r"cannot be written to .*cache .*XDG_CACHE_HOME.*Store\(cache=folder\)"):
        people.store().figures(["people"])
    with pytest.raises(StoreError):
        Store(people.path, tmp_path / "cache" / "below").figures(["people"])
    assert (tmp_path / "cache").read_text(encoding="utf-8") == "not a folder"


def test_read_only_cache_folder(people: DataFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "cache"
    folder.mkdir()
    folder.chmod(0o500)
    if os.access(folder, os.W_OK):  # the superuser may write everywhere: let the system refuse by hand
        refusal = PermissionError(13, "Permission denied", str(folder))
        monkeypatch.setattr(module.tempfile, "TemporaryDirectory", lambda **_: (_ for _ in ()).throw(refusal))
    with pytest.raises(StoreError, match=r"Permission denied.*make the folder writable"):
        people.store().figures(["people"])
    folder.chmod(0o700)
    monkeypatch.undo()
    store = people.store()
    store.build()
    folder.chmod(0o500)  # a store that is there can be read all the same
    assert len(store.figures(["people"])) == 2
    folder.chmod(0o700)


def test_folder_where_the_store_should_be(people: DataFolder) -> None:
    store = people.store()
    store.path.mkdir(parents=True)
    (store.path / "something").write_text("x", encoding="utf-8")
    with pytest.raises(StoreError):
        store.figures(["people"])
    assert names(store.path.parent) == [store.path.name]
