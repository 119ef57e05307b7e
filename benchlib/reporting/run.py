"""One report: check the parameters, run the notebook, write the files so that they appear whole or not at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from benchlib.errors import ReportError
from benchlib.reporting.batch.attached import MADE, file_names
from benchlib.reporting.batch.publish import prepare_folder, publish
from benchlib.reporting.batch.task import Format, Outcome, Task, prepare_task
from benchlib.reporting.batch.work import work
from benchlib.reporting.execute import Progress


@dataclass(frozen=True)
class ReportFiles:
    """The files of a finished report.

    Parameters
    ----------
    html, pdf, notebook : pathlib.Path or None
        The page, the printable document and the executed notebook; None where the format was not asked for.
    seconds : dict
        Where the time went: "kernel" (its start), "cells", "export" and "total".
    attached : tuple of pathlib.Path
        Files of data that come with the report, such as a plan to fill in. One that was filled in before is never replaced: the new
        one lies beside it as `….new.…`, or `….new2.…` and so on where that was filled in too.
    """

    html: Path | None
    pdf: Path | None
    notebook: Path | None
    seconds: dict[str, float]
    attached: tuple[Path, ...] = ()


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
    formats : sequence of {"html", "pdf", "ipynb"}
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
    task = prepare_task(notebook, parameters, formats=formats, timeout=timeout)
    folder = prepare_folder(Path(out))
    outcome = work(_with_links(task), progress=progress)
    if outcome.failure:
        raise _failed(folder, outcome)
    files = file_names(folder, outcome, {})
    publish(folder, {name: outcome.files[suffix] for suffix, name in files.items()})
    (folder / f"{task.stem}.failed.ipynb").unlink(missing_ok=True)
    paths = {suffix: folder / name for suffix, name in files.items()}
    attached = tuple(path for suffix, path in paths.items() if suffix not in MADE)
    return ReportFiles(paths.get("html"), paths.get("pdf"), paths.get("ipynb"), outcome.seconds, attached)


def _with_links(task: Task) -> Task:
    """Return the task with links from the page to the other files of the report."""
    return replace(task, links=tuple((name, f"{task.stem}.{name}") for name in task.formats if name != "html"))


def _failed(folder: Path, outcome: Outcome) -> ReportError:
    """Keep the failed notebook and return the error that says what went wrong and where the notebook is."""
    kept = {f"{outcome.stem}.{suffix}": content for suffix, content in outcome.files.items()}
    try:
        publish(folder, kept)
        remains = f"The notebook with the traceback: {folder / next(iter(kept))}"
    except ReportError as error:
        remains = f"The notebook with the traceback could not be kept. {error}"
    return ReportError(f"The report {outcome.stem} failed {outcome.failure}\n{remains}")
