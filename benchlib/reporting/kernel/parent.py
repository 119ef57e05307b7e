"""Start the warm process, and end it together with its owner."""

from __future__ import annotations

import atexit
import os
import shutil
import socket
import subprocess
import sys
import sysconfig
import tempfile
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO, Final, Self

from benchlib.reporting.kernel.environment import parent_environment

#: What the report notebooks import in the end. A function after a colon is called once.
PRELOAD: Final = (
    "pandas",
    "duckdb",
    "numba",
    "matplotlib.pyplot",
    "matplotlib.backends.backend_agg",
    "benchlib.comparison.services.overview",
    "benchlib.comparison.services.reading",
    "benchlib.comparison.services.reform",
    "benchlib.comparison.services.regional",
    "benchlib.efficiency.environment",
    "benchlib.efficiency.stochastic",
    "benchlib.reporting.compose",
    "benchlib.reporting.schemas",
    "benchlib.reporting.drawing.picture",
    "benchlib.reporting.plots",
    "benchlib.reporting.tables",
    "benchlib.reporting.texts",
    "benchlib.reporting.kernel.warmup:score_once",
    "benchlib.reporting.kernel.warmup:regress_once",
    "benchlib.reporting.kernel.warmup:draw_once",
    "benchlib.reporting.kernel.warmup:read_once",
)
#: Requests that may wait while the process still imports.
_QUEUE: Final = 128
#: Seconds for the process to end before it is killed.
_PATIENCE: Final = 5.0
#: The path of a socket has room for 107 bytes.
_LONGEST: Final = 80
#: Written to the lifeline: no more kernels.
RETIRE: Final = b"."
_PACKAGE: Final = Path(__file__).parents[2]
#: Linux only: macOS has `fork`, but its frameworks do not survive it.
AVAILABLE: Final = sys.platform == "linux"


class WarmParent:
    """The process whose forks are kernels, as its owner sees it. Use it in a `with` statement, or call `close`.

    Parameters
    ----------
    process : subprocess.Popen
        The process; its standard input tells it how long the owner lives.
    address : str
        Path of the socket that takes requests, for `WarmProvisioner` in this or another process of the same user.
    state : tuple of int
        The state of the code that the process imports.
    """

    def __init__(self, process: subprocess.Popen[bytes], address: str, state: tuple[int, ...]) -> None:
        self.process, self.address = process, address
        self._owner, self._state = os.getpid(), state

    @classmethod
    def start(cls, preload: Sequence[str] = PRELOAD, environment: Mapping[str, str] | None = None) -> Self:
        """Start the process. It imports while the caller goes on; the first request waits for it.

        Parameters
        ----------
        preload : sequence of str
            Modules to import, or functions to call once as "module:function".
        environment : mapping, optional
            By default that of this process. `parent_environment` says what is added.

        Returns
        -------
        WarmParent

        Raises
        ------
        OSError
            If no process can be started, or the platform has no Unix sockets.
        """
        state = _state_of_code()
        folder = _private_folder()
        address = str(folder / "kernels")
        try:
            with socket.socket(socket.AF_UNIX) as listener:
                listener.bind(address)
                Path(address).chmod(0o600)
                listener.listen(_QUEUE)
                process = subprocess.Popen(
                    [sys.executable, "-m", "benchlib.reporting.kernel.forking", str(listener.fileno()), *preload],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.DEVNULL,
                    env=parent_environment(os.environ if environment is None else environment),
                    cwd=folder,  # nothing there can be taken for a module
                    pass_fds=[listener.fileno()],
                    start_new_session=True,  # Ctrl-C is for the owner, who ends runs in good order
                )
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        return cls(process, address, state)

    @property
    def is_current(self) -> bool:
        """Whether this process may go on using it: it runs, belongs to this process, and has imported the code as it is now."""
        return self._is_mine and self.process.poll() is None and self._state == _state_of_code()

    def retire(self) -> None:
        """Let the process end with its last kernel, and take no more requests."""
        if self._is_mine:
            with suppress(BrokenPipeError):
                self._lifeline.write(RETIRE)
                self._lifeline.flush()

    def close(self) -> None:
        """End the process and all its kernels."""
        if not self._is_mine:
            return
        with suppress(BrokenPipeError):
            self._lifeline.close()
        try:
            self.process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(Path(self.address).parent, ignore_errors=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    @property
    def _is_mine(self) -> bool:
        """Not so in a fork of the owner."""
        return self._owner == os.getpid()

    @property
    def _lifeline(self) -> IO[bytes]:
        assert self.process.stdin is not None
        return self.process.stdin


_shared: WarmParent | None = None
_starting = threading.Lock()


def shared_parent() -> WarmParent:
    """Return the warm process of this process, which ends with it. It is replaced when code has changed on disk.

    Returns
    -------
    WarmParent
    """
    global _shared
    with _starting:
        if _shared is not None and not _shared.is_current:
            _shared.retire()
            _shared = None
        if _shared is None:
            _shared = WarmParent.start()
            atexit.register(_shared.close)
        return _shared


def _private_folder() -> Path:
    """Make a folder that only this user can enter, with a path short enough for a socket."""
    usual = tempfile.gettempdir()
    return Path(tempfile.mkdtemp(prefix="benchlib-", dir=usual if len(os.fsencode(usual)) < _LONGEST else "/tmp"))


def _state_of_code() -> tuple[int, ...]:
    """Return what changes when benchlib is edited or a package is installed."""
    installed = {Path(sysconfig.get_path(name)) for name in ("purelib", "platlib")}
    return tuple(path.stat().st_mtime_ns for path in (*sorted(installed), *sorted(_PACKAGE.rglob("*.py"))))
