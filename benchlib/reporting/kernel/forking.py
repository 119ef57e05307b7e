"""The process that is warm: it imports once, and gives a fork of itself to whoever asks.

Only one thread may run here: a fork has one, and locks that another held at that moment stay locked in it for ever. So no ZMQ
context, event loop, SQLite or DuckDB connection, and no pool of threads is made before the fork.
"""

from __future__ import annotations

import gc
import importlib
import os
import selectors
import shutil
import signal
import socket
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, Final

from benchlib.reporting.kernel.child import IMPORTED_AT_START, Order, become_kernel, end_process
from benchlib.reporting.kernel.environment import unlike
from benchlib.reporting.kernel.usage import Usage
from benchlib.reporting.kernel.wire import receive, send

#: The owner holds the other end of this pipe: what it writes there is "no more kernels", and its end is the end of all.
LIFELINE: Final = 0
#: Seconds after which to look whether the owner still lives. The lifeline tells at once, unless a fork of the owner holds it too.
_LOOK_AGAIN: Final = 1.0
#: Seconds for a request that has begun; nobody may keep the others waiting.
_PATIENCE: Final = 10.0
#: New objects after which a fork looks for cycles. A report makes few: to look as often as usual takes a tenth of its time.
_SELDOM: Final = (50_000, 20, 20)
#: Found in the folder in which a kernel starts, matplotlib reads it on import.
_READ_ON_IMPORT: Final = "matplotlibrc"
_THREADS: Final = Path("/proc/self/task")


class Parent:
    """Takes requests, forks, and tells how each fork ended.

    Parameters
    ----------
    listener : socket.socket
        Where requests arrive.
    environment : mapping
        The environment in which this process was started.
    answer : dict
        The answer to every request if nothing can be forked, else empty.
    """

    def __init__(self, listener: socket.socket, environment: Mapping[str, str], answer: dict[str, Any]) -> None:
        self.listener, self.environment, self.answer = listener, environment, answer
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
        pid: int | None = answer.get("pid")
        if pid == 0:
            self._leave()
            connection.close()
            added = os.environ.keys() - self.environment.keys() - order.environment.keys()  # by what was imported
            return replace(order, environment={**order.environment, **{name: os.environ[name] for name in added}})
        os.close(order.stdout)
        os.close(order.stderr)
        if pid:
            self.kernels[pid] = connection
            self.selector.register(connection, selectors.EVENT_READ, pid)
        with suppress(OSError):  # who has gone meanwhile is noticed by the selector
            send(connection, answer)
        if not pid:
            connection.close()
        return None

    def _refuse(self, order: Order) -> dict[str, Any]:
        """Say why a fork would not be the kernel that was ordered, if so."""
        if order.executable != sys.executable:
            return {"refused": f"it is for {order.executable}, and the warm process is {sys.executable}"}
        if variable := unlike(self.environment, order.environment):
            return {"refused": f"{variable} differs from that of the warm process, and is read at its start only"}
        if not Path(order.cwd).is_dir():
            return {"refused": f"{order.cwd} is no folder"}
        if Path(order.cwd, _READ_ON_IMPORT).exists():
            return {
                "refused": f"{order.cwd} has a {_READ_ON_IMPORT}, and the warm process has imported matplotlib already"
            }
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
                        taken = Usage.of_ended(usage.ru_utime, usage.ru_stime, usage.ru_maxrss)
                        send(connection, {"status": os.waitstatus_to_exitcode(status), "usage": asdict(taken)})
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


def preload(names: Sequence[str]) -> dict[str, Any]:
    """Import modules, and see that a fork is still safe.

    Parameters
    ----------
    names : sequence of str
        Modules, or functions to call once as "module:function".

    Returns
    -------
    dict
        Empty, or the answer to every request, which says why there is no kernel.
    """
    for name in names:
        module, _, function = name.partition(":")
        try:
            loaded = importlib.import_module(module)
            if function:
                getattr(loaded, function)()
        except Exception as error:
            return {"failed": f"{name} cannot be loaded: {type(error).__name__}: {error}"}
        if len(list(_THREADS.iterdir())) > 1:
            return {"refused": f"{name} starts a thread, and a process with several cannot be forked safely"}
    return {}


def main() -> None:
    """Run as ``python -m benchlib.reporting.kernel.forking LISTENER MODULE...``; see `WarmParent`."""
    listener = socket.socket(fileno=int(sys.argv[1]))
    listener.set_inheritable(False)
    environment = dict(os.environ)
    if Path(sys.path[0]) == Path.cwd():
        del sys.path[0]  # as ipykernel_launcher does; a kernel looks into its own folder
    for name in IMPORTED_AT_START:
        with suppress(ImportError):
            importlib.import_module(name)
    parent = Parent(listener, environment, preload(sys.argv[2:]))
    gc.collect()
    gc.set_threshold(*_SELDOM)
    gc.freeze()  # a collection in a fork passes these objects over, so that their pages stay shared
    pid = os.getpid()
    if order := parent.serve():
        become_kernel(order, pid)
    else:
        parent.end()
        shutil.rmtree(Path(listener.getsockname()).parent, ignore_errors=True)
        end_process()


if __name__ == "__main__":
    main()
