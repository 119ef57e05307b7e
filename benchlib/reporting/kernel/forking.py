"""The process that is warm: it imports once, and gives a fork of itself to whoever asks.

Only one thread may run here, and nothing may be computed: a fork has one thread, and locks that another thread held at that moment
stay locked in it for ever. No ZMQ context, event loop, SQLite or DuckDB connection, and no pool of threads is made.
"""

from __future__ import annotations

import gc
import importlib
import os
import resource
import selectors
import shutil
import signal
import socket
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from benchlib.reporting.kernel.child import Order, become_kernel
from benchlib.reporting.kernel.environment import unlike
from benchlib.reporting.kernel.wire import receive, send

#: The owner holds the other end of this pipe: what it writes there is "no more kernels", and its end is the end of all.
LIFELINE: Final = 0
#: Seconds after which to look whether the owner still lives. The lifeline tells at once, unless a fork of the owner holds it too.
_LOOK_AGAIN: Final = 1.0
#: Seconds for a request that has begun; nobody may keep the others waiting.
_PATIENCE: Final = 10.0
#: Found in the folder in which a kernel starts, matplotlib reads it on import.
_READ_ON_IMPORT: Final = "matplotlibrc"
_THREADS: Final = Path("/proc/self/task")


class Parent:
    """Takes requests, forks, and tells how each fork ended.

    Parameters
    ----------
    listener : socket.socket
        Where requests arrive.
    answer : dict
        The answer to every request if nothing can be forked, else empty.
    """

    def __init__(self, listener: socket.socket, answer: dict[str, str]) -> None:
        self.listener, self.answer = listener, answer
        self.environment = dict(os.environ)
        self.owner = os.getppid()
        self.kernels: dict[int, socket.socket] = {}
        self.retired = False
        self.deaths, self.wakeup = socket.socketpair()
        self.deaths.setblocking(False)
        self.wakeup.setblocking(False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self.wakeup.fileno(), warn_on_full_buffer=False)
        self.selector = selectors.DefaultSelector()
        for source in (listener, LIFELINE, self.deaths):
            self.selector.register(source, selectors.EVENT_READ)

    def serve(self) -> Order | None:
        """Fork on request until the owner has gone.

        Returns
        -------
        Order or None
            In each fork its order; in the parent None at the end.
        """
        while os.getppid() == self.owner and (self.kernels or not self.retired):
            for key, _ in self.selector.select(_LOOK_AGAIN):
                if key.fileobj is self.listener:
                    if order := self._take_request():
                        return order
                elif key.fileobj is self.deaths:
                    self._bury()
                elif key.fileobj == LIFELINE:
                    if not os.read(LIFELINE, 1):
                        return None
                    self.retired = True
                else:
                    self._abandon(key.data)
        return None

    def end(self) -> None:
        """End all kernels."""
        for pid in self.kernels:
            _kill(pid)

    def _take_request(self) -> Order | None:
        """Answer one request. Returns its order in the fork, None in the parent."""
        connection, _ = self.listener.accept()
        connection.settimeout(_PATIENCE)
        try:
            request, files = receive(connection)
            order = Order(**request, stdout=files[0], stderr=files[1])
        except (EOFError, OSError, ValueError, TypeError, IndexError):
            connection.close()  # gone before it had asked
            return None
        answer = self.answer or self._refuse(order) or _fork()
        if answer.get("pid") == 0:
            self._leave()
            connection.close()
            return order
        os.close(order.stdout)
        os.close(order.stderr)
        if "pid" in answer:
            self.kernels[answer["pid"]] = connection
            self.selector.register(connection, selectors.EVENT_READ, answer["pid"])
        with suppress(OSError):  # who has gone meanwhile is noticed by the selector
            send(connection, answer)
        if "pid" not in answer:
            connection.close()
        return None

    def _refuse(self, order: Order) -> dict[str, Any]:
        """Say why a fork would not be the kernel that was ordered, if so."""
        if order.executable != sys.executable:
            return {"refused": f"it is for {order.executable}, and the warm process is {sys.executable}"}
        if variable := unlike(self.environment, order.environment):
            return {"refused": f"{variable} differs from that of the warm process, and is read at its start only"}
        if not Path(order.cwd).is_dir() or Path(order.cwd, _READ_ON_IMPORT).exists():
            return {"refused": f"{order.cwd} has a {_READ_ON_IMPORT} of its own, or is no folder"}
        return {}

    def _bury(self) -> None:
        """Tell of each fork that has ended how it ended and what it took."""
        with suppress(BlockingIOError):
            self.deaths.recv(4096)
        with suppress(ChildProcessError):
            while (ended := os.wait4(-1, os.WNOHANG))[0]:
                pid, status, usage = ended
                if connection := self.kernels.pop(pid, None):
                    with suppress(OSError):
                        send(connection, {"status": os.waitstatus_to_exitcode(status), **_readable(usage)})
                    self._drop(connection)

    def _abandon(self, pid: int) -> None:
        """End a kernel whose owner has gone."""
        if connection := self.kernels.pop(pid, None):
            _kill(pid)
            self._drop(connection)

    def _drop(self, connection: socket.socket) -> None:
        self.selector.unregister(connection)
        connection.close()

    def _leave(self) -> None:
        """Close, in a fork, what belongs to the parent."""
        self.selector.close()
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        for source in (self.listener, self.deaths, self.wakeup, *self.kernels.values()):
            source.close()


def _fork() -> dict[str, Any]:
    try:
        return {"pid": os.fork()}
    except OSError as error:
        return {"refused": f"no process can be started: {error.strerror}"}


def _kill(pid: int) -> None:
    for kill in (os.killpg, os.kill):  # the group too, unless the fork has not come to found it
        with suppress(ProcessLookupError):
            kill(pid, signal.SIGKILL)


def _readable(usage: resource.struct_rusage) -> dict[str, float]:
    return {"cpu_seconds": usage.ru_utime + usage.ru_stime, "peak_mb": usage.ru_maxrss / 1024}


def preload(modules: Sequence[str]) -> dict[str, str]:
    """Import modules, and see that a fork is still safe.

    Parameters
    ----------
    modules : sequence of str
        Their names.

    Returns
    -------
    dict
        Empty, or why there will be no kernels.
    """
    for name in modules:
        try:
            importlib.import_module(name)
        except Exception as error:
            return {"failed": f"{name} cannot be imported: {type(error).__name__}: {error}"}
        if len(list(_THREADS.iterdir())) > 1:
            return {"refused": f"{name} starts a thread when it is imported, and what runs in threads cannot be forked"}
    return {}


def main() -> None:
    """Run as ``python -m benchlib.reporting.kernel.forking LISTENER MODULE...``; see `WarmParent`."""
    listener = socket.socket(fileno=int(sys.argv[1]))
    listener.set_inheritable(False)
    if Path(sys.path[0]) == Path.cwd():
        del sys.path[0]  # as ipykernel_launcher does; a kernel looks into its own folder
    parent = Parent(listener, preload(sys.argv[2:]))
    gc.collect()
    gc.freeze()  # a collection in a fork leaves these objects, and so their pages, shared
    pid = os.getpid()
    if order := parent.serve():
        become_kernel(order, pid)
    else:
        parent.end()
        shutil.rmtree(Path(listener.getsockname()).parent, ignore_errors=True)


if __name__ == "__main__":
    main()
