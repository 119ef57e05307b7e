"""What a kernel costs: forked from the warm process, beside an ordinary one. In seconds of processor time, also of the caller."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from benchlib.indicators import notebooks_folder
from benchlib.reporting.execute import execute
from benchlib.reporting.kernel.parent import AVAILABLE, WarmParent
from benchlib.reporting.kernel.usage import Usage
from benchmarks.measure import Row, Skipped, readable

#: Says what of its memory a kernel shares with nobody, in kB.
PRIVATE = """with open("/proc/self/smaps_rollup") as rollup:
    print(sum(int(line.split()[1]) for line in rollup if line.startswith("Private")))"""
PEER = "ordinary kernel"


def kernels() -> Iterator[Row | Skipped]:
    """A notebook that does nothing, and the report on a municipality."""
    if not AVAILABLE:
        yield Skipped("warm kernels", "they are for Linux")
        return
    with WarmParent.start() as parent:
        run(of_cells("1"), parent.address)
        imports = Usage.of_running(parent.process.pid)
        report = nbformat.read(notebooks_folder() / "municipality.ipynb", as_version=4)
        report.cells.append(nbformat.v4.new_code_cell(PRIVATE))
        for what, notebook, budget, runs in (
            ("notebook that does nothing, warm kernel (CPU)", of_cells("1"), 0.25, 5),
            ("report on a municipality, warm kernel (CPU)", report, None, 2),
        ):
            forked, ordinary = [], []
            for _ in range(runs):
                forked.append(run(notebook, parent.address))
                ordinary.append(run(notebook, None))
            notes = (
                []
                if budget
                else [f"a kernel has {min(forked)[1]:.0f} MB of its own, an ordinary one {min(ordinary)[1]:.0f}"]
            )
            notes += (
                [f"the warm process imports once, in {readable(imports.cpu_seconds)}"] if budget and imports else []
            )
            yield Row(what, min(forked)[0], budget, PEER, min(ordinary)[0], tuple(notes))


def of_cells(*cells: str) -> NotebookNode:
    first = nbformat.v4.new_code_cell("", metadata={"tags": ["parameters"]})
    return nbformat.v4.new_notebook(cells=[first, *map(nbformat.v4.new_code_cell, cells)])


def run(notebook: NotebookNode, address: str | None) -> tuple[float, float]:
    """Run a notebook. Returns seconds of processor time, here and in the kernel, and the megabytes that it printed last."""
    began = time.process_time()
    done = execute(notebook, {}, cwd=Path.cwd(), warm=address)
    if done.failure or done.cpu_seconds is None:
        raise RuntimeError(done.failure or "the kernel's time is not known")
    printed = [output.text for output in done.notebook.cells[-1].outputs if output.output_type == "stream"]
    megabytes = float(printed[-1]) / 1000 if printed else 0.0
    return time.process_time() - began + done.cpu_seconds, megabytes
