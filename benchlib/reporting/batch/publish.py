"""Files that appear whole or not at all."""

from __future__ import annotations

import errno
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from benchlib.errors import ReportError

_NO_SPACE: Final = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def prepare_folder(folder: Path) -> Path:
    """Make a folder and try to write to it, before time is spent on a run.

    Parameters
    ----------
    folder : pathlib.Path
        Folder for the reports.

    Returns
    -------
    pathlib.Path
        The same.

    Raises
    ------
    ReportError
        If it cannot be written to.
    """
    probe = folder / f".probe.{os.getpid()}.tmp"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.write_bytes(b"?")
        probe.unlink()
    except OSError as error:
        raise unwritable(folder, error) from error
    return folder


def publish(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write all files under temporary names, then give them their own; an interruption leaves no half a file.

    Parameters
    ----------
    folder : pathlib.Path
        Where; it exists.
    files : mapping of str to bytes
        Content by file name.

    Raises
    ------
    ReportError
        If the disk is full or the folder cannot be written to; the files of before are as they were.
    """
    temporary = {name: folder / f".{name}.{os.getpid()}.tmp" for name in files}
    try:
        for name, content in files.items():
            temporary[name].write_bytes(content)
        for name in files:
            temporary[name].replace(folder / name)
    except OSError as error:
        raise unwritable(folder, error) from error
    finally:
        for path in temporary.values():
            path.unlink(missing_ok=True)


def unwritable(folder: Path, error: OSError) -> ReportError:
    """Return the error for a folder that cannot be written to, with what to do about it.

    Parameters
    ----------
    folder : pathlib.Path
        The folder.
    error : OSError
        What the system said.

    Returns
    -------
    ReportError
    """
    remedy = "Free some space" if error.errno in _NO_SPACE else "Check its permissions"
    return ReportError(
        f"The report cannot be written to {folder}: {error.strerror}. {remedy}, or choose another folder for the reports."
    )
