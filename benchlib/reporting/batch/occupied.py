"""One batch at a time in a folder."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

from benchlib.errors import ReportError

_LOCK: Final = ".lock"
_HOLDER: Final = ".lock.json"


@contextmanager
def occupied(folder: Path, *, wait: bool = False) -> Iterator[None]:
    """Keep a folder for this process, so that two batches do not write the same files.

    Parameters
    ----------
    folder : pathlib.Path
        Folder of the reports; it exists.
    wait : bool, default False
        Wait until another batch has ended, instead of refusing.

    Raises
    ------
    ReportError
        If another batch works there; the message names it. The lock of a process that was killed is free again.
    """
    # Not reentrant and held by the operating system: it ends with the process, whatever happens to it.
    lock = FileLock(folder / _LOCK)
    try:
        lock.acquire(timeout=-1 if wait else 0)
    except Timeout:
        raise ReportError(
            f"Another batch is writing to {folder}{_holder(folder)}. Wait for its end (--wait), stop it, or choose another "
            "folder with --out."
        ) from None
    try:
        about = {"process": os.getpid(), "machine": platform.node()}
        with suppress(OSError):
            (folder / _HOLDER).write_text(json.dumps(about), encoding="utf-8")
        yield
    finally:
        with suppress(OSError):
            (folder / _HOLDER).unlink()
        lock.release()


def _holder(folder: Path) -> str:
    """Say who holds the folder, as far as that is known."""
    try:
        about = json.loads((folder / _HOLDER).read_text("utf-8"))
        return f" (process {int(about['process'])} on {str(about['machine'])[:80]})"
    except (OSError, ValueError, KeyError, TypeError):
        return ""
