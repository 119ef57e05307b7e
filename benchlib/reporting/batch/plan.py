"""From what was asked for to the list of runs: who, which years, which languages."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from benchlib.errors import OptionError
from benchlib.reporting.batch.subjects import everything
from benchlib.reporting.batch.task import Format, Task, prepare_task
from benchlib.reporting.schemas import schema_of


def plan_tasks(
    notebook: str | Path = "municipality",
    names: Sequence[str] | Literal["all"] = "all",
    *,
    years: Sequence[int] | None = None,
    languages: Sequence[str] = ("lv", "en"),
    parameters: Mapping[str, Any] | None = None,
    formats: Sequence[Format] = ("html", "pdf", "ipynb"),
    timeout: float | None = None,
    memory_limit: int | None = None,
) -> list[Task]:
    """Return a task for each name, year and language; everything is checked before anything is run.

    Parameters
    ----------
    notebook : str or pathlib.Path
        Name of a notebook of the project, or the path of an `.ipynb` file of your own.
    names : sequence of str or "all"
        What the reports are about: municipalities, services, networks, as the notebook asks for.
    years : sequence of int, optional
        Years; by default that of the notebook.
    languages : sequence of {"lv", "en"}
        A report in each.
    parameters : mapping, optional
        Further parameters, the same for all.
    formats : sequence of {"html", "pdf", "ipynb"}
        Files to make of each.
    timeout : float, optional
        Seconds after which a run is given up.
    memory_limit : int, optional
        Bytes that a kernel may use.

    Returns
    -------
    list of Task
        In the order of names, years, languages; each once.

    Raises
    ------
    OptionError, ParameterError, UnknownTerritoryError, AmbiguousTerritoryError
        If one of the runs is asked for wrongly: better now than an hour later.
    ReportError
        If the notebook cannot be read.
    """
    given = dict(parameters or {})
    subject = schema_of(notebook).subject
    _refuse_twice(given, {subject: "names", "language": "languages"} | ({"year": "years"} if years else {}))
    if names == "all":
        names = everything(subject, given)
    elif isinstance(names, str):
        raise OptionError(f"names={names!r:.80} is one text. Give a list of names, or 'all'.")
    when: list[dict[str, Any]] = [{"year": year} for year in years] if years else [{}]
    runs = [
        given | {subject: name, "language": language} | year
        for name in names
        for year in when
        for language in languages
    ]
    options: dict[str, Any] = {"formats": formats, "timeout": timeout, "memory_limit": memory_limit}
    tasks = {task.stem: task for task in (prepare_task(notebook, run, **options) for run in runs)}
    if not tasks:
        raise OptionError("There is nothing to run: no name, year or language was given.")
    return _linked(tasks.values())


def _refuse_twice(given: Mapping[str, Any], instead: Mapping[str, str]) -> None:
    """What is asked for by names, years or languages would silently go before a parameter."""
    for name in sorted(set(given) & set(instead)):
        raise OptionError(
            f"parameters: {name!r} differs from run to run and is given by {instead[name]}. Leave the parameter out; on the command line, "
            "give NAME, --years or --langs."
        )


def _linked(tasks: Iterable[Task]) -> list[Task]:
    """Link each page to its other files and to the same report in the other languages."""
    groups: dict[str, dict[str, Task]] = {}
    for task in tasks:
        alike = repr({name: value for name, value in task.parameters.items() if name != "language"})
        groups.setdefault(alike, {})[task.parameters["language"]] = task
    return [
        dataclasses.replace(task, links=_links(task, {word: t for word, t in group.items() if t is not task}))
        for group in groups.values()
        for task in group.values()
    ]


def _links(task: Task, others: Mapping[str, Task]) -> tuple[tuple[str, str], ...]:
    files = [(name, f"{task.stem}.{name}") for name in task.formats if name != "html"]
    pages = [(language, f"{other.stem}.html") for language, other in others.items() if "html" in other.formats]
    return (*files, *pages)
