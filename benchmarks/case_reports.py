"""Figures and reports: from import to HTML, each beside what could hardly be less work."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import nbformat
import pandas as pd
import papermill

from benchlib.indicators import Store, data_folder, find_municipality, load_indicators
from benchlib.reporting import ReportFiles, run_report
from benchlib.reporting.batch.work import cell_name
from benchmarks.measure import Row, alternate, readable

MUNICIPALITY = "Bauskas novads"
#: For the kernel of the peer, which would otherwise remark on its connection in the middle of the table.
QUIET = ["--log-level=ERROR"]


def import_time() -> Iterator[Row]:
    """A process that imports benchlib, beside one that does nothing."""

    def run(code: str) -> Callable[[], object]:
        return lambda: subprocess.run([sys.executable, "-c", code], check=True)

    ours, bare = alternate(run("import benchlib"), run("pass"), runs=7)
    yield Row("import benchlib (a whole process)", ours, 0.15, "python -c pass", bare)


def store_build() -> Iterator[Row]:
    """The store built from data/, beside merely reading the same files with pandas."""
    files = sorted((data_folder() / "figures").glob("*.csv"))
    with tempfile.TemporaryDirectory() as folder:
        store = Store(cache=Path(folder))
        ours, peer = alternate(store.build, lambda: [pd.read_csv(f, dtype={"territory": str}) for f in files], runs=5)
        size = store.path.stat().st_size / 1e6
    note = f"{len(files)} files, {size:.1f} MB of DuckDB; the peer checks nothing and stores nothing"
    yield Row("store built from data/", ours, 2.0, "pandas.read_csv", peer, (note,))


def one_municipality() -> Iterator[Row]:
    """Everything known about one municipality, beside filtering tables that already lie in memory."""
    files = sorted((data_folder() / "figures").glob("*.csv"))
    figures = pd.concat([pd.read_csv(file, dtype={"territory": str}) for file in files], ignore_index=True)
    code = find_municipality(MUNICIPALITY).code

    def load() -> pd.DataFrame:
        return load_indicators("all", years="all", municipalities=[code])

    ours, peer = alternate(load, lambda: figures[figures["territory"] == code], runs=15)
    note = f"{len(load())} rows; the peer computes no indicator and carries nothing over a reform"
    yield Row("all indicators of one municipality", ours, 0.05, "filter in pandas", peer, (note,))


def report() -> Iterator[Row]:
    """One report, run and HTML, beside papermill running a notebook that only imports what the report needs."""
    clock = CellClock()
    files: list[ReportFiles] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        imports = folder / "imports.ipynb"
        imports.write_text(json.dumps(IMPORTS), encoding="utf-8")

        def ours() -> None:
            clock.began.clear()
            files.append(run_report("municipality", {"municipality": MUNICIPALITY}, out=folder, progress=clock.tick))

        def peer() -> None:
            papermill.execute_notebook(imports, folder / "run.ipynb", progress_bar=False, extra_arguments=QUIET)

        seconds, bare = alternate(ours, peer, runs=3)
        stages = ", ".join(f"{stage} {readable(time)}" for stage, time in files[-1].seconds.items())
        size = sum(path.stat().st_size for path in (files[-1].html, files[-1].notebook) if path) / 1e6
        notes = (f"last run: {stages}; {size:.1f} MB", f"longest cells: {clock.longest(files[-1])}")
    yield Row("one report (run and HTML)", seconds, 15.0, "papermill, imports only", bare, notes)


#: The least notebook that could make a report: it imports the packages and does nothing with them.
IMPORTS = {
    "cells": [
        {
            "cell_type": "code",
            "execution_count": None,
            "id": "imports",
            "metadata": {},
            "outputs": [],
            "source": "import pandas, numba, duckdb, matplotlib.pyplot, statsmodels.api",
        }
    ],
    "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
    "nbformat": 4,
    "nbformat_minor": 5,
}


class CellClock:
    """Notes when each cell of a run began, from the progress that `run_report` tells."""

    def __init__(self) -> None:
        self.began: dict[int, float] = {}

    def tick(self, cell: int, cells: int) -> None:
        self.began[cell] = time.perf_counter()

    def longest(self, files: ReportFiles, count: int = 6) -> str:
        """The cells that took longest, by their name in the executed notebook."""
        starts = list(self.began.values())
        ends = [*starts[1:], starts[0] + files.seconds["cells"]]
        taken = {cell: end - start for cell, start, end in zip(self.began, starts, ends, strict=True)}
        executed = nbformat.read(files.notebook, as_version=4)
        slowest = sorted(taken, key=lambda cell: taken[cell], reverse=True)[:count]
        return ", ".join(f"{cell_name(executed, cell)} {readable(taken[cell])}" for cell in slowest)
