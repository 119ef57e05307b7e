"""Time two things in turns and lay the medians side by side."""

from __future__ import annotations

import os
import platform
import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

Action = Callable[[], object]


@dataclass(frozen=True)
class Row:
    """One line of the table: medians in seconds, the budget, and the peer measured in the same run."""

    what: str
    seconds: float
    budget: float | None
    peer: str
    peer_seconds: float
    notes: tuple[str, ...] = ()

    @property
    def verdict(self) -> str:
        if self.budget is None:
            return ""
        return "within" if self.seconds <= self.budget else "OVER"


@dataclass(frozen=True)
class Skipped:
    """A line that could not be measured, and why."""

    what: str
    reason: str


def alternate(subject: Action, peer: Action, *, runs: int, warm: bool = True) -> tuple[float, float]:
    """Median seconds of subject and peer over `runs` turns, so that a busy moment hits both.

    With `warm`, each runs once untimed before: compilation and first opening of files do not count.
    """
    if warm:
        subject()
        peer()
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(runs):
        for action, seconds in zip((subject, peer), times, strict=True):
            start = time.perf_counter()
            action()
            seconds.append(time.perf_counter() - start)
    return statistics.median(times[0]), statistics.median(times[1])


def readable(seconds: float) -> str:
    """Seconds in the unit that keeps three digits: '12.3 ms'."""
    for factor, unit in ((1, "s"), (1e3, "ms")):
        if seconds * factor >= 1:
            return f"{seconds * factor:.3g} {unit}"
    return f"{seconds * 1e6:.3g} µs"


def table(rows: Iterable[Row | Skipped]) -> str:
    """All rows as aligned text, the machine on top, notes below."""
    header = ("what", "median", "budget", "", "ratio", "peer", "median")
    lines, notes = [header], []
    for row in rows:
        if isinstance(row, Skipped):
            notes.append(f"{row.what}: not measured, {row.reason}")
            continue
        budget = "" if row.budget is None else readable(row.budget)
        ratio = f"{row.seconds / row.peer_seconds:.3g} x"
        lines.append(
            (row.what, readable(row.seconds), budget, row.verdict, ratio, row.peer, readable(row.peer_seconds))
        )
        notes += [f"{row.what}: {note}" for note in row.notes]
    widths = [max(len(line[column]) for line in lines) for column in range(len(header))]
    text = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines]
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    machine = f"Python {platform.python_version()}, {os.cpu_count()} cores{load}; medians, measured in turns"
    return "\n".join([machine, "", text[0], "-" * len(max(text, key=len)), *text[1:], "", *notes]).rstrip()
