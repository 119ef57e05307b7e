"""Where jupyter_client asks for a kernel: a fork of the warm process where there can be one, else an ordinary kernel.

It is used where a kernel's specification names it, or everywhere with JUPYTER_DEFAULT_PROVISIONER_NAME=benchlib-warm.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, Final

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from traitlets import Unicode

from benchlib.errors import ReportError
from benchlib.reporting.kernel.parent import AVAILABLE, shared_parent
from benchlib.reporting.kernel.usage import Usage
from benchlib.reporting.kernel.wire import receive, send

_LAUNCHER: Final = ["-m", "ipykernel_launcher"]
#: Makes no difference but to a debugger that steps into the standard library.
_IDLE_OPTION: Final = "-Xfrozen_modules=off"
#: What can be asked for of a fork. Any other option is for `subprocess.Popen`.
_OPTIONS: Final = {"env", "cwd", "stdout", "stderr", "kernel_id"}
#: Seconds until the warm process must have answered, and between two looks whether a kernel has ended.
_PATIENCE: Final = 120.0
_LOOK_AGAIN: Final = 0.005
_LOOKS: Final = 100
_log: Final = logging.getLogger(__name__)
#: Reasons for ordinary kernels that this process has told already.
_told: set[str] = set()


class ForkedKernel:
    """A kernel that is another process's child, with the methods of `subprocess.Popen` that are needed.

    Parameters
    ----------
    connection : socket.socket
        Over which its parent tells its end. When it is closed, the kernel is ended.
    pid : int
        Its number.
    """

    stdin = stdout = stderr = None

    def __init__(self, connection: socket.socket, pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self.usage: Usage | None = None
        self._connection = connection

    def poll(self) -> int | None:
        """Return how the kernel ended (the negative signal if by one), or None if it runs."""
        with suppress(subprocess.TimeoutExpired):
            self.wait(0)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait until the kernel has ended.

        Parameters
        ----------
        timeout : float, optional
            Seconds.

        Returns
        -------
        int
            As `poll`.

        Raises
        ------
        subprocess.TimeoutExpired
            If it still runs.
        """
        if self.returncode is None:
            message = self._last_message(timeout)
            self._connection.close()
            self.returncode = int(message["status"])
            self.usage = Usage(**message["usage"]) if "usage" in message else None
        return self.returncode

    def _last_message(self, timeout: float | None) -> dict[str, Any]:
        try:
            self._connection.settimeout(timeout)
            self._connection.recv(1, socket.MSG_PEEK)
            self._connection.settimeout(_PATIENCE)
            return receive(self._connection)[0]
        except (TimeoutError, BlockingIOError):
            raise subprocess.TimeoutExpired("kernel", timeout or 0) from None
        except (EOFError, OSError):
            return {"status": -signal.SIGKILL}  # it ends with its parent

    def send_signal(self, signum: int) -> None:
        """Send a signal, unless the kernel has ended."""
        if self.poll() is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, signum)

    def terminate(self) -> None:
        """Ask the kernel to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End the kernel."""
        self.send_signal(signal.SIGKILL)


class _OrdinaryError(Exception):
    """There can be no fork; the message says why."""


class WarmProvisioner(LocalProvisioner):
    """Starts kernels as forks of a warm process.

    Parameters
    ----------
    address : str
        Address of a `WarmParent`. Without one, this process starts one of its own with the first kernel.
    """

    address = Unicode(
        "", config=True, help="Address of the warm process; without one, a process of its own is started."
    )

    _forked: ForkedKernel | None = None

    @property
    def usage(self) -> Usage | None:
        """What the last kernel took, once it has ended; None for an ordinary kernel."""
        return self._forked.usage if self._forked is not None else None

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Fork a kernel, or start an ordinary one if that is not possible.

        Parameters
        ----------
        cmd : list of str
            The command of an ordinary kernel.
        **kwargs
            Its options for `subprocess.Popen`.

        Returns
        -------
        KernelConnectionInfo

        Raises
        ------
        ReportError
            If the warm process could not import what it should.
        """
        try:
            self._forked = await asyncio.to_thread(_fork, self.address, cmd, kwargs)
        except _OrdinaryError as reason:
            self._forked = None
            self._tell(str(reason))
            return await super().launch_kernel(cmd, **kwargs)
        self.process = self._forked  # type: ignore[assignment]
        self.pid = self.pgid = self._forked.pid  # a fork founds a session of its own
        self.cwd = kwargs.get("cwd", Path.cwd())
        return self.connection_info

    async def kill(self, restart: bool = False) -> None:
        """End the kernel, and stay until it has ended: the caller would look only every 0.1 s."""
        await super().kill(restart)
        for _ in range(_LOOKS):
            if await self.poll() is not None:
                break
            await asyncio.sleep(_LOOK_AGAIN)

    def _tell(self, reason: str) -> None:
        if reason not in _told:
            _told.add(reason)
            _log.warning("Kernels are started without the warm process, which takes longer: %s.", reason)


def _fork(address: str, command: Sequence[str], options: dict[str, Any]) -> ForkedKernel:
    """Order a kernel, wait for the answer, and return the kernel."""
    request, files = _request(command, options)
    connection = socket.socket(socket.AF_UNIX)
    try:
        connection.settimeout(_PATIENCE)
        connection.connect(address or shared_parent().address)
        send(connection, request, files)
        answer, _ = receive(connection)
    except (OSError, EOFError) as error:
        connection.close()
        raise _OrdinaryError("it has ended, or does not answer") from error
    if "pid" in answer:
        return ForkedKernel(connection, answer["pid"])
    connection.close()
    if "failed" in answer:
        raise ReportError(
            f"No kernel can be forked from the warm process: {answer['failed']}. Repair the installation."
        )
    raise _OrdinaryError(answer["refused"])


def _request(command: Sequence[str], options: dict[str, Any]) -> tuple[dict[str, Any], list[int]]:
    """Put a command and its options into a request and the files to pass with it."""
    python, *rest = command
    if rest[:1] == [_IDLE_OPTION]:
        rest = rest[1:]
    further = {name for name, value in options.items() if value and name not in _OPTIONS}
    if not AVAILABLE:
        raise _OrdinaryError("this system cannot fork a process safely")
    if rest[:2] != _LAUNCHER:
        raise _OrdinaryError(f"{' '.join(command[:3])} is not the command of a Python kernel")
    if further:
        raise _OrdinaryError(f"it cannot heed {', '.join(sorted(further))}")
    request = {
        "executable": python,
        "arguments": rest[2:],
        "environment": dict(options.get("env") or os.environ),
        "cwd": str(Path(options.get("cwd") or ".").resolve()),
    }
    return request, [_descriptor(options.get("stdout"), 1), _descriptor(options.get("stderr"), 2)]


def _descriptor(stream: IO[Any] | int | None, inherited: int) -> int:
    number = inherited if stream is None else stream if isinstance(stream, int) else stream.fileno()
    if number < 0:
        raise _OrdinaryError("it writes to files only, not to pipes")
    return number
