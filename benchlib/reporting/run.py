"""One report: check the parameters, run the notebook, write the files so that they appear whole or not at all."""

from __future__ import annotations

import errno
import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

import nbformat
from nbformat import NotebookNode

from benchlib.comparison import named_members
from benchlib.errors import OptionError, ParameterError, ReportError
from benchlib.indicators import find_municipality, load_catalogue, notebooks_folder
from benchlib.reporting.execute import Execution, Progress, execute
from benchlib.reporting.export.html import export_html
from benchlib.reporting.normalise import normalise
from benchlib.reporting.parameters import SCHEMAS, MunicipalityParameters, Parameters, ServiceParameters
from benchlib.reporting.words import slug
from benchlib.terms import check_option

Format = Literal["html", "ipynb"]

#: Tags that say what a cell is for papermill or the export, not what it is about.
_TECHNICAL_TAGS: Final = {"parameters", "injected-parameters", "remove-output"}
_NO_SPACE = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


@dataclass(frozen=True)
class ReportFiles:
    """The files of a finished report.

    Parameters
    ----------
    html, notebook : pathlib.Path or None
        The page and the executed notebook; None where the format was not asked for.
    seconds : dict
        Where the time went: "kernel" (its start), "cells", "export" and "total".
    """

    html: Path | None
    notebook: Path | None
    seconds: dict[str, float]


def run_report(
    notebook: str | Path = "municipality",
    parameters: Mapping[str, Any] | None = None,
    *,
    out: str | Path = "reports",
    formats: Sequence[Format] = ("html", "ipynb"),
    timeout: float | None = None,
    progress: Progress | None = None,
) -> ReportFiles:
    """Make one report.

    The notebook is executed by papermill in a kernel of its own. Two runs with the same parameters, figures and code
    write the same bytes.

    Parameters
    ----------
    notebook : str or pathlib.Path
        Name of a notebook of the project ("municipality", "service"), or the path of an `.ipynb` file of your own with the
        parameters of "municipality".
    parameters : mapping, optional
        Parameters of the notebook; those left out have their defaults (see `MunicipalityParameters` and `ServiceParameters`).
    out : str or pathlib.Path
        Folder for the files; it is made if needed.
    formats : sequence of {"html", "ipynb"}
        Files to write.
    timeout : float, optional
        Seconds after which the run is given up; by default never.
    progress : callable, optional
        Called with the number of cells done and of all cells.

    Returns
    -------
    ReportFiles
        `<municipality>-<year>-<language>.html` and `.ipynb` (for a service `service-<id>-...`); with "of-2009" after the name for
        another classification.

    Raises
    ------
    ParameterError, UnknownTerritoryError, AmbiguousTerritoryError
        If a parameter is wrong; nothing has been started.
    ReportError
        If the run fails. The notebook with the traceback is kept as `….failed.ipynb`; older files stay as they were.
        Also if the folder cannot be written to.
    """
    began = time.perf_counter()
    for word in formats:
        check_option("formats", word, Format)
    path, schema = _find_notebook(notebook)
    checked, stem = _check(schema, parameters or {})
    folder = _prepare(Path(out), stem)
    source = _read(path)
    run = execute(source, checked.to_dict(), cwd=path.parent, timeout=timeout, progress=progress)
    normalise(run.notebook, checked.to_dict(), path.stem)
    if run.failure:
        raise _failed(run.notebook, folder, stem, f"{_where(run)}: {run.failure}")
    exporting = time.perf_counter()
    texts: dict[str, str] = {}
    try:
        texts |= {"html": export_html(run.notebook)} if "html" in formats else {}
    except ReportError as error:
        raise _failed(run.notebook, folder, stem, f"on its way to HTML: {error}") from error
    texts |= {"ipynb": _as_text(run.notebook)} if "ipynb" in formats else {}
    files = _publish(folder, stem, texts)
    (folder / f"{stem}.failed.ipynb").unlink(missing_ok=True)
    end = time.perf_counter()
    seconds = run.seconds | {"export": end - exporting, "total": end - began}
    return ReportFiles(files.get("html"), files.get("ipynb"), seconds)


def _find_notebook(notebook: str | Path) -> tuple[Path, type[Parameters]]:
    if str(notebook) in SCHEMAS:
        return notebooks_folder() / f"{notebook}.ipynb", SCHEMAS[str(notebook)]
    path = Path(notebook)
    if path.suffix != ".ipynb" or not path.is_file():
        raise OptionError(
            f"notebook={str(notebook)!r} is neither a notebook of the project ({', '.join(SCHEMAS)}) "
            "nor the path of an .ipynb file."
        )
    return path.resolve(), MunicipalityParameters


def _check(schema: type[Parameters], values: Mapping[str, Any]) -> tuple[Parameters, str]:
    """Return the checked parameters and the stem of the file names.

    The names go through `slug`, so that whatever a name contains, the files stay inside their folder.
    """
    parameters = schema.from_mapping(values)
    if isinstance(parameters, MunicipalityParameters):
        subject = find_municipality(parameters.municipality, parameters.territory).name
        named_members(parameters.group, parameters.territory)
    elif isinstance(parameters, ServiceParameters):
        subject = f"service-{parameters.service}"
    else:
        return parameters, slug(schema.notebook)
    _check_service(parameters.service, parameters.year)
    of = "" if parameters.territory == type(parameters).territory else f"-of-{parameters.territory}"
    return parameters, f"{slug(subject)}{of}-{parameters.year}-{parameters.language}"


def _check_service(service: str, year: int) -> None:
    services = load_catalogue().services
    if service not in services:
        raise ParameterError(f"service={service!r:.80} is not a service. Known: {', '.join(services)}.")
    years = services[service].years
    if year not in years:
        listed = ", ".join(map(str, years))
        raise ParameterError(
            f"year={year}: the service {service!r} has figures for {listed} only, so there is nothing to compare. "
            "Name one of these years."
        )


def _prepare(folder: Path, stem: str) -> Path:
    """Make the folder and try to write to it, before time is spent on a run."""
    probe = folder / f".{stem}.{os.getpid()}.tmp"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.write_bytes(b"?")
        probe.unlink()
    except OSError as error:
        raise _unwritable(folder, error) from error
    return folder


def _read(path: Path) -> NotebookNode:
    try:
        notebook: NotebookNode = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    except (OSError, ValueError, nbformat.reader.NotJSONError, nbformat.ValidationError) as error:
        raise ReportError(f"The notebook {path} cannot be read: {error}. Save it again in JupyterLab.") from error
    if not any("parameters" in cell.metadata.get("tags", []) for cell in notebook.cells):
        raise ReportError(f"The notebook {path} has no cell tagged 'parameters', so it cannot be given any. Add one.")
    return notebook


def _as_text(notebook: NotebookNode) -> str:
    return str(nbformat.writes(notebook)) + "\n"  # type: ignore[no-untyped-call]


def _publish(folder: Path, stem: str, texts: Mapping[str, str]) -> dict[str, Path]:
    """Write all files under temporary names, then give them their own; an interruption leaves no half a file."""
    temporary = {suffix: folder / f".{stem}.{os.getpid()}.{suffix}.tmp" for suffix in texts}
    final = {suffix: folder / f"{stem}.{suffix}" for suffix in texts}
    try:
        for suffix, text in texts.items():
            temporary[suffix].write_text(text, encoding="utf-8", newline="\n")
        for suffix in texts:
            temporary[suffix].replace(final[suffix])
    except OSError as error:
        raise _unwritable(folder, error) from error
    finally:
        for path in temporary.values():
            path.unlink(missing_ok=True)
    return final


def _unwritable(folder: Path, error: OSError) -> ReportError:
    remedy = "Free some space" if error.errno in _NO_SPACE else "Check its permissions"
    return ReportError(
        f"The report cannot be written to {folder}: {error.strerror}. {remedy}, or choose another folder for the reports."
    )


def _where(run: Execution) -> str:
    return "before its first cell" if run.cell is None else f"in {cell_name(run.notebook, run.cell)}"


def _failed(notebook: NotebookNode, folder: Path, stem: str, what: str) -> ReportError:
    """Keep the failed notebook and return the error that says what went wrong and where the notebook is."""
    try:
        kept = _publish(folder, f"{stem}.failed", {"ipynb": _as_text(notebook)})["ipynb"]
        remains = f"The notebook with the traceback: {kept}"
    except ReportError as error:
        remains = f"The notebook with the traceback could not be kept. {error}"
    return ReportError(f"The report {stem} failed {what}\n{remains}")


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
