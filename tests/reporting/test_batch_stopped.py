"""A batch that is stopped, however roughly: nothing half written, nobody left running, the next call carries on."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

Notebook = Callable[..., Path]

pytestmark = [
    pytest.mark.notebook,
    pytest.mark.skipif(not Path("/proc").exists(), reason="finds processes in /proc"),
]
SLOW = "import time; time.sleep(2.5 if 'Bauska' not in parameters.municipality else 0)"
THREE = ["Bauskas novads", "Ogres novads", "Dobeles novads"]


def command(path: Path, out: Path, *more: str) -> list[str]:
    start = [sys.executable, "-m", "benchlib", "reports", *THREE, "--notebook", str(path), "--out", str(out)]
    return [*start, "--langs", "lv", "--formats", "html,ipynb", *more]


@contextmanager
def started(path: Path, out: Path, *more: str) -> Iterator[subprocess.Popen[str]]:
    """A batch of three in a session of its own, once its first report is there and the second under way."""
    line = command(path, out, "--jobs", "1", *more)
    with subprocess.Popen(line, stderr=subprocess.PIPE, text=True, start_new_session=True) as process:
        assert process.stderr is not None
        while "[1/3]" not in (said := process.stderr.readline()):
            assert said, "the batch ended before its first report"
        time.sleep(1.5)
        yield process


def marked(mark: str) -> list[int]:
    """Processes that carry a mark in their environment: workers, warm parent and kernels alike."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if mark.encode() in (folder / "environ").read_bytes():
                found.append(int(folder.name))
        except OSError:
            continue
    return found


def wait_until_gone(mark: str) -> list[int]:
    deadline = time.monotonic() + 15
    while (left := marked(mark)) and time.monotonic() < deadline:
        time.sleep(0.2)
    return left


@pytest.mark.parametrize(
    ("sent", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGKILL, -9)], ids=["INT", "TERM", "KILL"]
)
def test_stopping(
    sent: signal.Signals, code: int, notebook: Notebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, out = notebook(SLOW), tmp_path / "out"
    mark = f"BENCHLIB_TEST_MARK={os.getpid()}-{sent.name}"
    monkeypatch.setenv(*mark.split("="))
    with started(path, out) as process:
        assert len(marked(mark)) >= 3, "the batch, its worker and its kernel"
        process.send_signal(sent)
        _, errors = process.communicate(timeout=30)
    assert process.returncode == code
    assert "Traceback" not in errors
    if sent != signal.SIGKILL:
        assert "Stopped. What was finished is kept, nothing is half written." in errors
        states = {run["stem"]: run["status"] for run in json.loads((out / "runs.json").read_text("utf-8"))["runs"]}
        assert states["bauskas-novads-2013-lv"] == "done"
        assert states["ogres-novads-2013-lv"] == "waiting"
    assert wait_until_gone(mark) == []
    monkeypatch.delenv(mark.split("=")[0])
    assert list(out.rglob("*.tmp")) == []
    assert sorted(file.name for file in out.glob("*.html")) == ["bauskas-novads-2013-lv.html"]

    done = subprocess.run(command(path, out), capture_output=True, text=True, check=True)
    assert "3 reports, 1 of them unchanged and kept" in done.stderr
    assert "[2/3]" in done.stderr
    assert len(list(out.glob("*.html"))) == 3


def test_ctrl_c_reaches_everybody_in_a_terminal(notebook: Notebook, tmp_path: Path) -> None:
    """A terminal sends the signal to the whole group; workers must leave the decision to the batch."""
    with started(notebook(SLOW), tmp_path) as process:
        os.killpg(process.pid, signal.SIGINT)
        _, errors = process.communicate(timeout=30)
    assert process.returncode == 130
    assert errors.count("Stopped.") == 1
    assert "Traceback" not in errors


def test_a_killed_batch_does_not_lock_the_folder_and_a_running_one_does(notebook: Notebook, tmp_path: Path) -> None:
    path = notebook(SLOW)
    with started(path, tmp_path) as process:
        second = subprocess.run(command(path, tmp_path), capture_output=True, text=True, check=False)
        assert second.returncode == 1
        assert f"Another batch is writing to {tmp_path} (process {process.pid} on" in second.stderr
        process.kill()
    subprocess.run(command(path, tmp_path), capture_output=True, text=True, check=True)


def test_exit_code_and_summary_of_a_batch_with_a_failure(notebook: Notebook, tmp_path: Path) -> None:
    path = notebook("assert 'Ogre' not in parameters.municipality, '[red]no figures[/red]'")
    done = subprocess.run(command(path, tmp_path), capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "FAILED in cell 8 (The last part): AssertionError: [red]no figures[/red]" in done.stderr
    assert "ogres-novads-2013-lv.failed.ipynb" in done.stdout
    assert "runs.json" in done.stdout
