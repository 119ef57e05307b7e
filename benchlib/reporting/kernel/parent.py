"""Start the warm process, and end it together with its owner."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Final, Self

from benchlib.reporting.kernel.environment import PARENT_ENVIRONMENT

#: What report notebooks import, in the end. None of it starts a thread on import.
PRELOAD: Final = (
    "numpy",
    "pandas",
    "duckdb",
    "numba",
    "scipy.optimize",
    "scipy.stats",
    "matplotlib.pyplot",
    "benchlib.comparison",
    "benchlib.reporting.compose",
    "benchlib.reporting.parameters",
    "benchlib.reporting.plots",
    "benchlib.reporting.tables",
    "benchlib.reporting.texts",
    "ipykernel.ipkernel",
)
#: Requests that may wait while the process imports.
_QUEUE: Final = 128
_PATIENCE: Final = 5.0


class WarmParent:
    def __init__(self, process: subprocess.Popen[bytes], address: str) -> None:
        self.process, self.address = process, address

    @classmethod
    def start(cls, preload: Sequence[str] = PRELOAD, environment: Mapping[str, str] | None = None) -> Self:
        folder = Path(tempfile.mkdtemp(prefix="benchlib-warm-"))
        with socket.socket(socket.AF_UNIX) as listener:
            address = str(folder / "kernels")
            listener.bind(address)
            os.chmod(address, 0o600)
            listener.listen(_QUEUE)
            process = subprocess.Popen(
                [sys.executable, "-m", "benchlib.reporting.kernel.forking", str(listener.fileno()), *preload],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                env={**(os.environ if environment is None else environment), **PARENT_ENVIRONMENT},
                cwd=folder,
                pass_fds=[listener.fileno()],
                start_new_session=True,
            )
        return cls(process, address)

    def close(self) -> None:
        """End the process and its kernels."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        try:
            self.process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(Path(self.address).parent, ignore_errors=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_) -> None:
        self.close()
