"""Run a batch: skip what is unchanged, hand out the rest, publish each report as it comes."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol

from benchlib.errors import OptionError, ReportError
from benchlib.reporting.batch.attached import file_names
from benchlib.reporting.batch.identity import key_of
from benchlib.reporting.batch.occupied import occupied
from benchlib.reporting.batch.plan import plan_tasks
from benchlib.reporting.batch.publish import prepare_folder, publish
from benchlib.reporting.batch.records import MANIFEST, Record, read_records, record_of, write_manifest, write_record
from benchlib.reporting.batch.task import Event, Format, Started, Task

#: A run that takes longer hangs; the slowest takes a minute.
TIMEOUT_S = 900.0


class Workers(Protocol):
    """Whoever runs tasks: processes of this machine, or a cluster."""

    def __enter__(self) -> Workers:
        """Make ready."""

    def __exit__(self, *_: object) -> None:
        """End all work."""

    def run(self, tasks: Iterable[Task]) -> Iterator[Event]:
        """Run tasks and yield what happens, as it happens."""


class Watcher(Protocol):
    """Whoever wants to see how a batch goes on."""

    def planned(self, runs: int, unchanged: int, replaced: Mapping[str, tuple[str, ...]]) -> None:
        """Be told how many runs there are, how many of them need not be repeated, and which replace a report made with other parameters.

        These by the stem of their files, with the names of the parameters that differ.
        """

    def started(self, stem: str, where: str) -> None:
        """Be told that a run was taken up."""

    def finished(self, record: Record) -> None:
        """Be told what became of a run."""


@dataclass(frozen=True)
class Batch:
    """What became of a batch.

    Parameters
    ----------
    folder : pathlib.Path
        Folder of the reports.
    records : tuple of Record
        The runs that were asked for, in their order.
    unchanged : frozenset of str
        Stems of those that were skipped because nothing they depend on has changed.
    """

    folder: Path
    records: tuple[Record, ...]
    unchanged: frozenset[str] = frozenset()

    @property
    def manifest(self) -> Path:
        """The file `runs.json`, with all runs of the folder."""
        return self.folder / MANIFEST

    @property
    def failed(self) -> tuple[Record, ...]:
        """The runs that failed."""
        return tuple(record for record in self.records if record.status == "failed")

    @property
    def is_done(self) -> bool:
        """Whether every report is there."""
        return all(record.status == "done" for record in self.records)


def run_reports(
    notebook: str | Path = "municipality",
    names: Sequence[str] | Literal["all"] = "all",
    *,
    years: Sequence[int] | None = None,
    languages: Sequence[str] = ("lv", "en"),
    parameters: Mapping[str, Any] | None = None,
    out: str | Path = "reports",
    formats: Sequence[Format] = ("html", "pdf", "ipynb"),
    jobs: int | None = None,
    scheduler: str | None = None,
    keep_going: bool = True,
    timeout: float | None = TIMEOUT_S,
    memory_limit: int | None = None,
    wait: bool = False,
    watcher: Watcher | None = None,
) -> Batch:
    """Make a report for each name, year and language, several at a time.

    Every run is a real papermill execution in a kernel process of its own. Runs of which nothing has changed (notebook, parameters,
    figures, code, dependencies, and the files themselves) are skipped. Whatever interrupts a batch, nothing is half written, and the
    next call carries on.

    Parameters
    ----------
    notebook : str or pathlib.Path
        Name of a notebook of the project ("municipality", "service"), or the path of an `.ipynb` file of your own.
    names : sequence of str or "all"
        What the reports are about: municipalities, services, as the notebook asks for.
    years : sequence of int, optional
        Years; by default that of the notebook.
    languages : sequence of {"lv", "en"}
        A report in each.
    parameters : mapping, optional
        Further parameters of the notebook, the same for all runs.
    out : str or pathlib.Path
        Folder of the reports.
    formats : sequence of {"html", "pdf", "ipynb"}
        Files to make of each.
    jobs : int, optional
        Runs at a time; by default one for each core.
    scheduler : str, optional
        Address of a Dask scheduler, like "tcp://host:8786"; its workers run the reports, and `jobs` means nothing.
    keep_going : bool, default True
        Finish the other runs when one fails; otherwise stop at the first.
    timeout : float, optional
        Seconds after which a run is given up.
    memory_limit : int, optional
        Bytes that a kernel may use; a run that needs more fails.
    wait : bool, default False
        Wait for another batch in the same folder instead of refusing.
    watcher : Watcher, optional
        Is told how it goes on.

    Returns
    -------
    Batch
        Also if runs failed: see `Batch.failed` and the records.

    Raises
    ------
    OptionError, ParameterError, UnknownTerritoryError, AmbiguousTerritoryError
        If something was asked for wrongly; nothing has been started.
    ReportError
        If the folder cannot be written to or another batch works there.
    WorkerError
        If the cluster cannot be reached or its workers have other code or figures.
    """
    if jobs is not None and (isinstance(jobs, bool) or not isinstance(jobs, int) or jobs < 1):
        raise OptionError(f"jobs={jobs!r} must be a whole number from 1: how many runs at a time.")
    tasks = plan_tasks(
        notebook,
        names,
        years=years,
        languages=languages,
        parameters=parameters,
        formats=formats,
        timeout=timeout,
        memory_limit=memory_limit,
    )
    folder = prepare_folder(Path(out))
    with occupied(folder, wait=wait):
        return _Run(folder, tasks, watcher).go(lambda runs: _workers(jobs, scheduler, runs), keep_going=keep_going)


def _workers(jobs: int | None, scheduler: str | None, runs: int) -> Workers:
    if scheduler is not None:
        from benchlib.reporting.batch.cluster import ClusterWorkers

        return ClusterWorkers(scheduler)
    from benchlib.reporting.batch.local import LocalWorkers

    jobs = min(jobs or os.cpu_count() or 1, runs)
    # A warm parent imports once what each ordinary kernel imports; for a run or two it would not pay.
    return LocalWorkers(jobs, is_warm=runs > jobs)


class _Run:
    """A batch under way."""

    def __init__(self, folder: Path, tasks: list[Task], watcher: Watcher | None) -> None:
        self.folder, self.watcher = folder, watcher
        self.tasks = {task.stem: task for task in tasks}
        self.keys = {task.stem: key_of(task) for task in tasks}
        self.before = read_records(folder)
        self.records = {stem: record_of(task, self.keys[stem]) for stem, task in self.tasks.items()}
        self.unchanged = frozenset(
            stem for stem, key in self.keys.items() if stem in self.before and self.before[stem].is_current(key, folder)
        )
        self.records |= {stem: self.before[stem] for stem in self.unchanged}

    def go(self, workers: Callable[[int], Workers], *, keep_going: bool) -> Batch:
        todo = [task for stem, task in self.tasks.items() if stem not in self.unchanged]
        if self.watcher is not None:
            self.watcher.planned(len(self.tasks), len(self.unchanged), self._replaced())
        try:
            if todo:
                with workers(len(todo)) as pool:
                    for event in pool.run(todo):
                        if self._take(event) and not keep_going:
                            break
        finally:
            self._write_manifest()
        return Batch(self.folder, tuple(self.records.values()), self.unchanged)

    def _replaced(self) -> dict[str, tuple[str, ...]]:
        """Runs that write over a report of the same name with other content, with the parameters that make the difference."""
        found = {}
        for stem, record in self.records.items():
            before = self.before.get(stem)
            if before is None or before.status != "done" or before.notebook != record.notebook:
                continue
            was, now = before.parameters, record.parameters
            found[stem] = tuple(name for name in now if name in was and was[name] != now[name])
        return {stem: names for stem, names in found.items() if names}

    def _take(self, event: Event) -> bool:
        """Publish what a worker has finished; return whether it is a failure."""
        if isinstance(event, Started):
            if self.watcher is not None:
                self.watcher.started(event.stem, event.where)
            return False
        outcome = event.outcome
        stem = outcome.stem
        before = self.before.get(stem)
        names = file_names(self.folder, outcome, before.files if before else {})
        record = record_of(self.tasks[stem], self.keys[stem], outcome, names)
        publish(self.folder, {names[suffix]: content for suffix, content in outcome.files.items()})
        write_record(self.folder, record)
        if not outcome.failure:
            with suppress(OSError):
                (self.folder / f"{stem}.failed.ipynb").unlink(missing_ok=True)
        self.records[stem] = record
        if self.watcher is not None:
            self.watcher.finished(record)
        return bool(outcome.failure)

    def _write_manifest(self) -> None:
        """Write what is known of all runs of the folder; without room for it, the records stay."""
        with suppress(ReportError):
            write_manifest(self.folder, (self.before | self.records).values())
