"""What a worker does: turn a task into the bytes of its files. It writes nothing and knows of no other run."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import nbformat
from nbformat import NotebookNode

from benchlib.errors import ReportError
from benchlib.indicators import notebooks_folder
from benchlib.reporting.batch.task import Outcome, Task
from benchlib.reporting.execute import Execution, Progress, execute
from benchlib.reporting.export.html import export_html
from benchlib.reporting.export.page import language_of, read_page
from benchlib.reporting.export.pdf import export_pdf
from benchlib.reporting.normalise import normalise
from benchlib.reporting.words import Words

#: Tags that say what a cell is for papermill or the export, not what it is about.
_TECHNICAL_TAGS: Final = {"parameters", "injected-parameters", "remove-output"}


def work(task: Task, *, warm: str | None = None, progress: Progress | None = None) -> Outcome:
    """Run a task.

    Parameters
    ----------
    task : Task
        What to run.
    warm : str, optional
        Address of a warm parent to fork the kernel from; by default an ordinary kernel is started.
    progress : callable, optional
        Called with the number of cells done and of all cells.

    Returns
    -------
    Outcome
        Also of a run that failed. A kernel that died (from lack of memory, for example) is tried once more.
    """
    began = time.perf_counter()
    run = _execute(task, warm, progress)
    if run.died:
        run = _execute(task, None, progress)
    notebook = run.notebook
    normalise(notebook, task.parameters, task.name)
    exporting = time.perf_counter()
    failure = f"{_where(run)}: {run.failure}" if run.failure else ""
    files: dict[str, bytes] = {}
    title = ""
    if not failure:
        try:
            page = read_page(notebook, Words(language_of(notebook)))
            title = page.title
            files = {name: _MAKERS[name](notebook, task) for name in task.formats}
            files |= {part.suffix: part.content.encode() for part in page.attachments}
        except ReportError as error:
            failure = f"on its way to {', '.join(task.formats)}: {error}"
    if failure:
        files = {"failed.ipynb": _ipynb(notebook, task)}
    end = time.perf_counter()
    seconds = run.seconds | {"export": end - exporting, "total": end - began}
    return Outcome(task.stem, files, title, failure, seconds, run.cpu_seconds, run.peak_mb)


def _execute(task: Task, warm: str | None, progress: Progress | None) -> Execution:
    notebook: NotebookNode = nbformat.reads(task.source, as_version=4)  # type: ignore[no-untyped-call]
    folder = notebooks_folder() if task.folder is None else Path(task.folder)
    return execute(
        notebook,
        task.parameters,
        cwd=folder,
        timeout=task.timeout,
        progress=progress,
        warm=warm,
        memory_limit=task.memory_limit,
    )


def _html(notebook: NotebookNode, task: Task) -> bytes:
    links: dict[Any, str] = dict(task.links)
    return export_html(notebook, links=links).encode("utf-8")


def _pdf(notebook: NotebookNode, _: Task) -> bytes:
    return export_pdf(notebook)


def _ipynb(notebook: NotebookNode, _: Task) -> bytes:
    return f"{nbformat.writes(notebook)}\n".encode()  # type: ignore[no-untyped-call]


_MAKERS: Final[dict[str, Callable[[NotebookNode, Task], bytes]]] = {"html": _html, "pdf": _pdf, "ipynb": _ipynb}


def _where(run: Execution) -> str:
    return "before its first cell" if run.cell is None else f"in {cell_name(run.notebook, run.cell)}"


def cell_name(notebook: NotebookNode, index: int) -> str:
    """Return how to call a cell: its number, and its tag or the heading above it.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
        The notebook.
    index : int
        Index of the cell, from 0.

    Returns
    -------
    str
        For example "cell 7 (efficiency)".
    """
    cells = notebook.cells
    tags = [tag for tag in cells[index].metadata.get("tags", []) if tag not in _TECHNICAL_TAGS]
    above = (
        line for cell in reversed(cells[:index]) if cell.cell_type == "markdown" for line in cell.source.splitlines()
    )
    headings = (line.lstrip("# ").strip() for line in above if line.startswith("#"))
    name = next(iter(tags), None) or next(headings, None)
    return f"cell {index + 1} ({name})" if name else f"cell {index + 1}"
