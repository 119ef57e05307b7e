"""Names of the files of a run. A file of data that came with an earlier report may have been filled in: then it stays as it is."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from itertools import count
from pathlib import Path
from typing import Any, Final

from benchlib.reporting.batch.task import Outcome

#: What is made anew by every run; everything else came with the report and may have been worked on.
MADE: Final = frozenset({"html", "pdf", "ipynb", "failed.ipynb"})


def file_names(folder: Path, outcome: Outcome, known: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """Return the name of each file of a run, by its suffix.

    Parameters
    ----------
    folder : pathlib.Path
        Folder of the reports.
    outcome : Outcome
        What the run made.
    known : mapping
        Files of the run before, as its record has them: `sha256` by suffix.

    Returns
    -------
    dict of str to str
        "stem.suffix"; for a file of data "stem.new.suffix", or "stem.new2.suffix" and so on, where the file of the name before was changed
        since it was written.
    """
    names = {}
    for suffix, content in outcome.files.items():
        was = str(known.get(suffix, {}).get("sha256", ""))
        names[suffix] = next(
            name
            for name in _names(outcome.stem, suffix)
            if suffix in MADE or not _is_worked_on(folder / name, content, was)
        )
    return names


def _names(stem: str, suffix: str) -> Iterator[str]:
    """The names that a file may have, the usual one first."""
    yield f"{stem}.{suffix}"
    yield f"{stem}.new.{suffix}"
    for number in count(2):
        yield f"{stem}.new{number}.{suffix}"


def _is_worked_on(path: Path, content: bytes, was: str) -> bool:
    """Whether there is a file that is neither the new one nor the one that the run before wrote."""
    try:
        there = path.read_bytes()
    except FileNotFoundError:
        return False
    except OSError:  # what cannot be read may be somebody's work
        return True
    return there != content and hashlib.sha256(there).hexdigest() != was
