"""`benchlib lab`: nobody's changes are lost, the kernel is the one that runs benchlib, and it ends when it is told to."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from lab_server import running_lab

from benchlib import __version__
from benchlib.errors import OptionError
from benchlib.indicators import notebooks_folder
from benchlib.reporting import lab
from benchlib.reporting.lab import RECORD, copy_notebooks, lab_command, lab_environment, open_lab, prepare_notebooks

Say = Callable[[], list[str]]


@pytest.fixture
def shipped(tmp_path: Path) -> Path:
    """The notebooks of an installed package; nobody may write there."""
    folder = tmp_path / "site-packages" / "_notebooks"
    folder.mkdir(parents=True)
    for name in ("municipality", "service"):
        (folder / f"{name}.ipynb").write_text(f"{name} 1")
        (folder / f"{name}.ipynb").chmod(0o444)
    return folder


@pytest.fixture
def place(tmp_path: Path) -> Path:
    folder = tmp_path / "mine"
    folder.mkdir()
    return folder


def bring(shipped: Path, place: Path) -> list[str]:
    said: list[str] = []
    copy_notebooks(shipped, place, said.append)
    return said


def renew(shipped: Path, name: str, text: str) -> None:
    (shipped / name).chmod(0o644)
    (shipped / name).write_text(text)


def content(place: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in place.glob("*.ipynb")}


def test_copies_can_be_written_to_and_are_made_once(shipped: Path, place: Path) -> None:
    assert bring(shipped, place) == ["Copied municipality.ipynb.", "Copied service.ipynb."]
    assert content(place) == {"municipality.ipynb": "municipality 1", "service.ipynb": "service 1"}
    assert (place / "service.ipynb").stat().st_mode & 0o200
    assert bring(shipped, place) == []
    assert sorted(path.name for path in place.iterdir()) == sorted([RECORD, "municipality.ipynb", "service.ipynb"])


def test_a_changed_copy_is_never_written_to(shipped: Path, place: Path) -> None:
    bring(shipped, place)
    (place / "municipality.ipynb").write_text("my work")
    assert bring(shipped, place) == [], "changing a copy is no news"
    renew(shipped, "municipality.ipynb", "municipality 2")
    beside = f"municipality-{__version__}.ipynb"
    said = bring(shipped, place)
    assert said == [f"municipality.ipynb has your changes and stays as it is; the new version is {beside}."]
    assert content(place) == {"municipality.ipynb": "my work", beside: "municipality 2", "service.ipynb": "service 1"}
    (place / beside).write_text("my work on the new version")
    assert bring(shipped, place) == [], "it is said once"
    renew(shipped, "municipality.ipynb", "municipality 3")
    bring(shipped, place)
    assert content(place)[beside] == "my work on the new version"


def test_an_unchanged_copy_is_brought_up_to_date(shipped: Path, place: Path) -> None:
    bring(shipped, place)
    renew(shipped, "service.ipynb", "service 2")
    assert bring(shipped, place) == ["Brought service.ipynb up to date."]
    assert content(place)["service.ipynb"] == "service 2"
    renew(shipped, "service.ipynb", "service 3")
    assert bring(shipped, place) == ["Brought service.ipynb up to date."]


@pytest.mark.parametrize("record", [None, "", "not JSON", "[1]", '{"municipality.ipynb": 5}'])
def test_without_a_record_a_copy_that_differs_counts_as_changed(shipped: Path, place: Path, record: str | None) -> None:
    (place / "municipality.ipynb").write_text("whose?")
    if record is not None:
        (place / RECORD).write_text(record)
    bring(shipped, place)
    assert content(place)["municipality.ipynb"] == "whose?"
    assert content(place)[f"municipality-{__version__}.ipynb"] == "municipality 1"
    assert len(json.loads((place / RECORD).read_text())) == 2


def test_notebooks_in_a_folder_keep_it(shipped: Path, place: Path) -> None:
    (shipped / "plans" / ".ipynb_checkpoints").mkdir(parents=True)
    (shipped / "plans" / "service.ipynb").write_text("plan 1")
    (shipped / "plans" / ".ipynb_checkpoints" / "service-checkpoint.ipynb").write_text("left behind")
    assert "Copied plans/service.ipynb." in bring(shipped, place)
    assert (place / "plans" / "service.ipynb").read_text() == "plan 1"
    assert (place / "service.ipynb").read_text() == "service 1", "one name, two folders"
    assert not (place / "plans" / ".ipynb_checkpoints").exists()
    (place / "plans" / "service.ipynb").write_text("my work")
    renew(shipped, "plans/service.ipynb", "plan 2")
    bring(shipped, place)
    assert content(place / "plans") == {"service.ipynb": "my work", f"service-{__version__}.ipynb": "plan 2"}


def test_a_checkout_is_opened_where_it_is() -> None:
    said: list[str] = []
    before = sorted(notebooks_folder().iterdir())
    assert prepare_notebooks(None, said.append) == notebooks_folder()
    assert prepare_notebooks(notebooks_folder(), said.append) == notebooks_folder()
    assert said == []
    assert sorted(notebooks_folder().iterdir()) == before


def test_an_installed_package_is_copied_from(shipped: Path, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lab, "notebooks_folder", lambda: shipped)
    monkeypatch.chdir(place)
    made = prepare_notebooks(None, [].append)
    assert made == place / "benchlib-notebooks"
    assert set(content(made)) == {"municipality.ipynb", "service.ipynb"}


def test_a_folder_that_is_none_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("mine")
    for wrong in (file, file / "below"):
        with pytest.raises(OptionError, match="benchlib lab FOLDER"):
            prepare_notebooks(wrong, [].append)
    assert file.read_text() == "mine"


def test_the_command_takes_further_arguments(tmp_path: Path) -> None:
    command = lab_command(tmp_path / "a folder", ["--no-browser"])
    assert command[:3] == [sys.executable, "-m", "jupyterlab"]
    assert command[3:] == [f"--ServerApp.root_dir={tmp_path / 'a folder'}", "--no-browser"]
    assert lab_environment({"PATH": "x"})["PATH"] == "x"


def test_the_exit_code_is_that_of_jupyterlab(
    place: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(lab, "lab_command", lambda _, arguments: [sys.executable, "-c", *arguments])
    assert open_lab(place, ["import os; print(os.environ['JUPYTER_PREFER_ENV_PATH']); raise SystemExit(7)"]) == 7
    out = capfd.readouterr().out
    assert f"JupyterLab opens at {place}." in out
    assert "1" in out.splitlines()


@pytest.mark.notebook
def test_jupyterlab_opens_with_our_kernel_and_ends_with_ctrl_c(tmp_path: Path) -> None:
    """The user has a kernel `python3` of another environment, which JupyterLab would prefer by itself outside of venvs."""
    home, place = tmp_path / "home", tmp_path / "mine"
    other = home / ".local" / "share" / "jupyter" / "kernels" / "python3"
    other.mkdir(parents=True)
    argv = ["/nowhere/python", "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    (other / "kernel.json").write_text(json.dumps({"argv": argv, "display_name": "Other", "language": "python"}))
    with running_lab(place, home) as running:
        kernels = running.ask("/api/kernelspecs")
        assert kernels["default"] == "python3"
        assert kernels["kernelspecs"]["python3"]["spec"]["argv"][0] != "/nowhere/python"
        shown = {entry["name"] for entry in running.ask("/api/contents")["content"]}
        assert shown == {path.name for path in notebooks_folder().glob("*.ipynb")} | {"plans"}
        plans = {entry["name"] for entry in running.ask("/api/contents/plans")["content"]}
        assert plans == {path.name for path in (notebooks_folder() / "plans").glob("*.ipynb")}
        running.interrupt()
        assert running.process.wait(60) == 0
    log = running.log.read_text()
    assert log.startswith("Copied explorer.ipynb.")
    assert "Traceback" not in log
