"""What is known of each run of a folder: one small file a run, so that a crash loses at most the run it hit."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

from benchlib import __version__
from benchlib.reporting.batch.attached import MADE
from benchlib.reporting.batch.publish import publish
from benchlib.reporting.batch.task import Outcome, Task

Status = Literal["done", "failed", "waiting"]

#: Folder of the records inside the folder of the reports, and the file for everybody else to read.
RECORDS: Final = ".runs"
MANIFEST: Final = "runs.json"
#: Raised when the manifest's layout changes; whoever reads it can tell.
LAYOUT: Final = 1


@dataclass(frozen=True)
class Record:
    """What is known of a run.

    Parameters
    ----------
    stem, notebook, parameters, key
        The run, and the hash of all it depends on.
    status : {"done", "failed", "waiting"}
        "waiting": planned, not finished.
    title : str
        Title of the report.
    failure : str
        Why it failed and where.
    files : dict
        By format: name, bytes and sha256 of each file.
    seconds, cpu_seconds, peak_mb : float or None
        Time and memory that it took.
    """

    stem: str
    notebook: str
    parameters: dict[str, Any]
    key: str
    status: Status = "waiting"
    title: str = ""
    failure: str = ""
    files: dict[str, dict[str, Any]] = field(default_factory=dict)
    seconds: float | None = None
    cpu_seconds: float | None = None
    peak_mb: float | None = None

    def is_current(self, key: str, folder: Path) -> bool:
        """Tell whether the run need not be repeated: done, nothing it depends on changed, its files whole.

        A file of data that came with the report must be there, but may have been filled in.
        """
        return (
            self.status == "done"
            and self.key == key
            and all(
                _is_whole(folder / about["name"], about) if suffix in MADE else (folder / about["name"]).is_file()
                for suffix, about in self.files.items()
            )
        )


def _is_whole(path: Path, about: Mapping[str, Any]) -> bool:
    try:
        return bool(path.stat().st_size == about["bytes"] and _sha256(path.read_bytes()) == about["sha256"])
    except OSError:
        return False


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def record_of(task: Task, key: str, outcome: Outcome | None = None, names: Mapping[str, str] | None = None) -> Record:
    """Return the record of a run, before (`outcome` absent) or after it.

    Parameters
    ----------
    task : Task
        The run.
    key : str
        From `identity.key_of`.
    outcome : Outcome, optional
        What became of it.
    names : mapping of str to str, optional
        Names of its files by suffix, from `attached.file_names`.

    Returns
    -------
    Record
    """
    planned = Record(task.stem, task.name, task.parameters, key)
    if outcome is None:
        return planned
    names = names or {}
    files = {
        suffix: {"name": names.get(suffix, f"{task.stem}.{suffix}"), "bytes": len(content), "sha256": _sha256(content)}
        for suffix, content in outcome.files.items()
    }
    return dataclasses.replace(
        planned,
        status="failed" if outcome.failure else "done",
        title=outcome.title,
        failure=outcome.failure,
        files=files,
        seconds=_rounded(outcome.seconds.get("total")),
        cpu_seconds=_rounded(outcome.cpu_seconds),
        peak_mb=_rounded(outcome.peak_mb),
    )


def _rounded(x: float | None) -> float | None:
    return None if x is None else round(x, 2)


def write_record(folder: Path, record: Record) -> None:
    """Keep a record beside the reports.

    Parameters
    ----------
    folder : pathlib.Path
        Folder of the reports.
    record : Record
        What to keep.

    Raises
    ------
    ReportError
        If the folder cannot be written to.
    """
    with suppress(OSError):  # if it cannot be made, writing into it says so
        (folder / RECORDS).mkdir(exist_ok=True)
    publish(folder / RECORDS, {f"{record.stem}.json": _json(dataclasses.asdict(record))})


def read_records(folder: Path) -> dict[str, Record]:
    """Return the records of a folder by stem; one that cannot be read counts as absent, so its run is repeated.

    Parameters
    ----------
    folder : pathlib.Path
        Folder of the reports.

    Returns
    -------
    dict of str to Record
        In the order of the stems.
    """
    found = {}
    for path in sorted((folder / RECORDS).glob("*.json")):
        with suppress(OSError, ValueError, TypeError):
            record = Record(**json.loads(path.read_text("utf-8")))
            found[record.stem] = record
    return found


def write_manifest(folder: Path, records: Iterable[Record]) -> Path:
    """Write `runs.json`: every run of the folder, for programs and for the site.

    Parameters
    ----------
    folder : pathlib.Path
        Folder of the reports.
    records : iterable of Record
        All runs of the folder.

    Returns
    -------
    pathlib.Path
        The file.

    Raises
    ------
    ReportError
        If the folder cannot be written to.
    """
    runs = [dataclasses.asdict(record) for record in sorted(records, key=lambda record: record.stem)]
    publish(folder, {MANIFEST: _json({"benchlib": __version__, "format": LAYOUT, "runs": runs})})
    return folder / MANIFEST


def _json(content: Any) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()
