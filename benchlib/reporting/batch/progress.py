"""How a batch goes on, in a terminal as moving bars, elsewhere as plain lines."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import timedelta
from textwrap import shorten

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from benchlib.reporting.batch.records import Record
from benchlib.reporting.batch.reports import Batch

#: Characters of an error that are shown: what to do stands at its end. The kept notebook has the whole.
_LONGEST_FAILURE = 1000
#: Most reports that are named in one message.
_MOST_STEMS = 5


class Progressing:
    """Shows the runs of a batch; a context manager, and the `watcher` of `run_reports`.

    Parameters
    ----------
    console : rich.console.Console
        Where to show it, usually standard error.
    """

    def __init__(self, console: Console) -> None:
        self.console = console
        columns = (
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("{task.fields[note]}", markup=False),
        )
        self._bars = Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
        self._all = self._bars.add_task("Reports", total=None, note="")
        self._running: set[str] = set()
        self._total = self._done = self._failed = self._unchanged = 0
        self._began = time.monotonic()

    def __enter__(self) -> Progressing:
        self._bars.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bars.stop()

    def planned(self, runs: int, unchanged: int, replaced: Mapping[str, tuple[str, ...]]) -> None:
        """Say how much there is to do, and which earlier reports will be gone."""
        self._total, self._unchanged, self._began = runs, unchanged, time.monotonic()
        self._bars.update(self._all, total=runs - unchanged)
        kept = f", {unchanged} of them unchanged and kept" if unchanged else ""
        self._say(f"{runs} {'report' if runs == 1 else 'reports'}{kept}")
        if replaced:
            names = ", ".join(dict.fromkeys(name for several in replaced.values() for name in several))
            stems = [*list(replaced)[:_MOST_STEMS], *(f"{n} more" for n in [len(replaced) - _MOST_STEMS] if n > 0)]
            gone = f"Made before with another {names}, and replaced now: {', '.join(stems)}."
            self._say(f"{gone} To keep both, give each a folder of its own (--out).", style="yellow")

    def started(self, stem: str, where: str) -> None:
        """Show a run as running."""
        self._running.add(stem)
        self._update()

    def finished(self, record: Record) -> None:
        """Show a run as done or failed."""
        self._running.discard(record.stem)
        self._done += 1
        took = "" if record.seconds is None else f"  {record.seconds:.1f} s"
        place = f"[{self._done + self._unchanged}/{self._total}]"
        if record.status == "failed":
            self._failed += 1
            self._say(
                f"{place} {record.stem}  FAILED {shorten(record.failure, _LONGEST_FAILURE, placeholder=' …')}",
                style="red",
            )
        elif not self.console.is_terminal:
            self._say(f"{place} {record.stem}{took}{self._left()}")
        self._update()

    def _update(self) -> None:
        failed = f", {self._failed} failed" if self._failed else ""
        running = ", ".join(sorted(self._running)[:2]) + (" …" if len(self._running) > 2 else "")
        note = f"{running}{failed}{self._left()}"
        self._bars.update(self._all, completed=self._done, note=note)

    def _left(self) -> str:
        todo = self._total - self._unchanged
        if not 0 < self._done < todo:
            return ""
        seconds = (time.monotonic() - self._began) / self._done * (todo - self._done)
        return f", {timedelta(seconds=round(seconds))} left"

    def _say(self, line: str, style: str = "") -> None:
        self._bars.console.print(line, style=style, markup=False, highlight=False, soft_wrap=True)


def summary_of(batch: Batch) -> Table:
    """Return a batch in numbers: runs by state, time, memory, and where the failed notebooks are.

    Parameters
    ----------
    batch : Batch
        From `run_reports`.

    Returns
    -------
    rich.table.Table
    """
    run = [r for r in batch.records if r.stem not in batch.unchanged]
    done = [r for r in run if r.status == "done"]
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    table.add_column(style="dim")
    table.add_column(overflow="fold")
    table.add_row("done", str(len(done)))
    table.add_row("unchanged", str(len(batch.unchanged)))
    table.add_row("failed", str(len(batch.failed)), style="red" if batch.failed else "")
    waiting = len(run) - len(done) - len(batch.failed)
    if waiting:
        table.add_row("not run", str(waiting))
    seconds = [r.seconds for r in done if r.seconds is not None]
    if seconds:
        table.add_row("seconds a report", f"{sum(seconds) / len(seconds):.1f} (longest {max(seconds):.1f})")
    memory = [r.peak_mb for r in run if r.peak_mb is not None]
    if memory:
        table.add_row("memory of a kernel", f"at most {max(memory):.0f} MB")
    for record in done:
        for suffix, name in ((suffix, about["name"]) for suffix, about in record.files.items()):
            usual = f"{record.stem}.{suffix}"
            if name != usual:
                table.add_row("kept", escape(f"{usual} has your changes and stays as it is; the new one is {name}"))
    for record in batch.failed:
        kept = next((str(batch.folder / about["name"]) for about in record.files.values()), "no notebook was kept")
        table.add_row(
            f"[red]{escape(record.stem)}[/red]",
            escape(f"{shorten(record.failure, _LONGEST_FAILURE, placeholder=' …')}\n{kept}"),
        )
    table.add_row("all runs", escape(str(batch.manifest)))
    return table
