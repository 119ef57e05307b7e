"""A whole batch: 84 reports beside the same figures made by plain code, and beside a loop of plain commands."""

from __future__ import annotations

import ctypes
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from benchlib.indicators import classification, full_name, notebooks_folder
from benchmarks.measure import Row, Skipped

LANGUAGES = ("lv", "en")
#: Of the loop of plain commands only so many reports are run; each costs the same.
PLAIN_RUNS = 3
_SUBREAPER = 36  # PR_SET_CHILD_SUBREAPER: orphans of a batch come to us, so that their time is counted


def cpu_and_wall(work: Callable[[], object]) -> tuple[float, float]:
    """CPU seconds of all processes that `work` starts, however deep, and the time it takes."""
    ctypes.CDLL(None).prctl(_SUBREAPER, 1)
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    work()
    wall = time.perf_counter() - began
    _bury_all()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, wall


def _bury_all() -> None:
    while True:
        try:
            os.wait()
        except ChildProcessError:
            return


def batch(names: list[str], folder: Path, *more: str) -> None:
    command = [sys.executable, "-m", "benchlib", "reports", *names, "--formats", "html,ipynb", "--jobs", "2"]
    subprocess.run([*command, "--out", str(folder), *more], check=True, capture_output=True)


def floor(names: list[str]) -> None:
    """The same in two processes that share the names."""
    running = []
    for half in (names[::2], names[1::2]):
        command = [sys.executable, "-m", "benchmarks.floor", *LANGUAGES]
        one = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert one.stdin is not None
        one.stdin.write("\n".join(half))
        one.stdin.close()
        running.append(one)
    for one in running:
        assert one.stdout is not None
        assert int(one.stdout.read()) > 0
        one.wait()


def plain_commands(names: list[str], folder: Path) -> None:
    """What one would do without benchlib's batch: papermill, then nbconvert, for one after the other."""
    for name in names:
        made = folder / f"{name}.ipynb"
        run = ["papermill", str(notebooks_folder() / "municipality.ipynb"), str(made), "--no-progress-bar"]
        subprocess.run([sys.executable, "-m", *run, "-p", "municipality", name], check=True, capture_output=True)
        convert = ["nbconvert", "--to", "html", "--no-input", str(made)]
        subprocess.run([sys.executable, "-m", *convert], check=True, capture_output=True)


def all_reports() -> Iterator[Row | Skipped]:
    """42 municipalities in two languages."""
    if sys.platform != "linux":
        yield Skipped("84 reports", "counting the time of all processes needs Linux")
        return
    names = [full_name(unit) for unit in classification("2025")]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        batch(names[:1], folder / "warm-up")
        lowest, _ = cpu_and_wall(lambda: floor(names))
        ours, wall = cpu_and_wall(lambda: batch(names, folder / "all"))
        runs = json.loads((folder / "all" / "runs.json").read_text("utf-8"))["runs"]
        _, again = cpu_and_wall(lambda: batch(names, folder / "all"))
        plain, plain_wall = cpu_and_wall(lambda: plain_commands(names[:PLAIN_RUNS], folder))
    count = len(runs)
    memory = max(run["peak_mb"] or 0 for run in runs)
    notes = (
        f"{ours / count:.2f} CPU-s a report, {wall / count:.2f} s by the clock, kernels at most {memory:.0f} MB",
        f"the loop of commands: {plain / PLAIN_RUNS:.1f} CPU-s and {plain_wall / PLAIN_RUNS:.1f} s a report, "
        f"so {plain_wall / PLAIN_RUNS * count / wall:.1f} times as long",
    )
    yield Row(f"{count} reports, CPU", ours, lowest * 1.4, "figures and tables only, CPU", lowest, notes)
    yield Row(f"{count} reports, by the clock", wall, None, "papermill + nbconvert", plain_wall / PLAIN_RUNS * count)
    yield Row("the same again, nothing changed", again, 2.0, "the first time", wall)
