"""A file in the own folder that appears whole or not at all."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path


def keep_file(target: Path, content: bytes) -> None:
    """Write a file under a temporary name beside its place, then give it its own; an interruption leaves no half a file.

    Parameters
    ----------
    target : pathlib.Path
        Where it belongs; folders are made if needed.
    content : bytes
        The file.

    Raises
    ------
    OSError
        If it cannot be written; what was there before stays as it was.
    """
    temporary = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_bytes(content)
        temporary.replace(target)
    finally:
        with suppress(OSError):  # where the folder could not be made, there is nothing to take away
            temporary.unlink(missing_ok=True)
