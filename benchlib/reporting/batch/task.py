"""A task: one notebook with checked parameters, ready to be run anywhere; and what can become of it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, TypeAlias

from benchlib.errors import OptionError, ReportError
from benchlib.indicators import notebooks_folder
from benchlib.reporting.batch.subjects import settled, stem_of
from benchlib.reporting.parameters import Parameters
from benchlib.reporting.schemas import SCHEMAS, schema_of
from benchlib.terms import check_option

Format = Literal["html", "pdf", "ipynb"]


@dataclass(frozen=True)
class Task:
    """One run, with all that it needs; it can be sent to another process or machine.

    Parameters
    ----------
    stem : str
        Name of the files without suffix: letters, digits and hyphens only.
    name : str
        Name of the notebook, such as "municipality".
    source : str
        The notebook as JSON text.
    parameters : dict
        Checked parameters, all of them.
    formats : tuple of {"html", "pdf", "ipynb"}
        Files to make.
    folder : str or None
        Folder in which the kernel runs; None for the folder of the project's notebooks, wherever that is on the worker.
    timeout : float or None
        Seconds after which the run is given up.
    memory_limit : int or None
        Bytes that the kernel may use.
    links : tuple of (str, str)
        What the page links to, by language or format: file names beside it.
    """

    stem: str
    name: str
    source: str
    parameters: dict[str, Any]
    formats: tuple[Format, ...] = ("html", "ipynb")
    folder: str | None = None
    timeout: float | None = None
    memory_limit: int | None = None
    links: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Outcome:
    """What became of a task.

    Parameters
    ----------
    stem : str
        The task's.
    files : dict of str to bytes
        Content by suffix: "html", "pdf", "ipynb" as asked for; of a failed run "failed.ipynb", with the traceback.
    title : str
        Title of the report.
    failure : str
        What went wrong and in which cell; empty if all went well.
    seconds : dict of str to float
        Where the time went: "kernel" (its start), "cells", "export", "total".
    cpu_seconds, peak_mb : float or None
        CPU time and largest memory of the kernel, where the system tells.
    """

    stem: str
    files: dict[str, bytes] = field(default_factory=dict)
    title: str = ""
    failure: str = ""
    seconds: dict[str, float] = field(default_factory=dict)
    cpu_seconds: float | None = None
    peak_mb: float | None = None


@dataclass(frozen=True)
class Started:
    """A task was taken up; `where` names the worker."""

    stem: str
    where: str = ""


@dataclass(frozen=True)
class Finished:
    """A task was finished, well or not."""

    outcome: Outcome


Event: TypeAlias = Started | Finished


def prepare_task(
    notebook: str | Path,
    parameters: Mapping[str, Any] | None = None,
    *,
    formats: Sequence[Format] = ("html", "ipynb"),
    timeout: float | None = None,
    memory_limit: int | None = None,
) -> Task:
    """Check notebook and parameters and return the run as a task; nothing is started.

    Parameters
    ----------
    notebook : str or pathlib.Path
        Name of a notebook of the project, or the path of an `.ipynb` file.
    parameters : mapping, optional
        Its parameters; defaults where it is silent.
    formats : sequence of {"html", "pdf", "ipynb"}
        Files to make.
    timeout : float, optional
        Seconds after which the run is given up; by default never.
    memory_limit : int, optional
        Bytes that the kernel may use; by default all.

    Returns
    -------
    Task

    Raises
    ------
    OptionError, ParameterError, UnknownTerritoryError, AmbiguousTerritoryError
        If something is wrong with what was asked for.
    ReportError
        If the notebook cannot be read.
    """
    for word in formats:
        check_option("formats", word, Format)
    path, schema = _find_notebook(notebook)
    checked = settled(schema.from_mapping(parameters or {}))
    folder = None if path.is_relative_to(notebooks_folder()) else str(path.parent)
    return Task(
        stem_of(checked),
        path.stem,
        _read(path),
        checked.to_dict(),
        tuple(dict.fromkeys(formats)),
        folder,
        timeout,
        memory_limit,
    )


def _find_notebook(notebook: str | Path) -> tuple[Path, type[Parameters]]:
    if str(notebook) in SCHEMAS:
        schema = SCHEMAS[str(notebook)]
        return notebooks_folder() / schema.folder / f"{notebook}.ipynb", schema
    path = Path(notebook)
    if path.suffix != ".ipynb" or not path.is_file():
        raise OptionError(
            f"notebook={str(notebook)!r:.200} is neither a notebook of the project ({', '.join(SCHEMAS)}) "
            "nor the path of an .ipynb file."
        )
    return path.resolve(), schema_of(path)


def _read(path: Path) -> str:
    """Return a notebook's JSON without what an earlier run left in it: outputs and counts change nothing."""
    try:
        content = json.loads(path.read_text("utf-8"))
        cells = content["cells"]
        is_parameterised = any("parameters" in cell["metadata"].get("tags", []) for cell in cells)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ReportError(f"The notebook {path} cannot be read: {error}. Save it again in JupyterLab.") from error
    if not is_parameterised:
        raise ReportError(f"The notebook {path} has no cell tagged 'parameters', so it cannot be given any. Add one.")
    for cell in cells:
        if cell.get("cell_type") == "code":
            cell |= {"outputs": [], "execution_count": None}
    return json.dumps(content, ensure_ascii=False, sort_keys=True)
