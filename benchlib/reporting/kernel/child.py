"""What a fork of the warm process does until it is a kernel like any other."""

from __future__ import annotations

import atexit
import ctypes
import os
import signal
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, NoReturn

import ipykernel_launcher  # type: ignore[import-untyped]
from ipykernel.kernelapp import IPKernelApp

#: What ipykernel imports only when it starts, more than half of the time that it takes. Not every version has all of it.
IMPORTED_AT_START: Final = (
    "encodings.idna",
    "faulthandler",
    "pdb",
    "sqlite3",
    "tornado.platform.asyncio",
    "tornado.queues",
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.core.logger",
    "IPython.core.oinspect",
    "IPython.extensions.storemagic",
    "ipykernel.debugger",
    "ipykernel.ipkernel",
)
_END_WITH_PARENT: Final = 1  # PR_SET_PDEATHSIG of Linux
_LIBC: Final = ctypes.CDLL(None)


@dataclass(frozen=True)
class Order:
    """What a kernel was asked to be.

    Parameters
    ----------
    executable : str
        The interpreter.
    arguments : list of str
        Arguments of `ipykernel_launcher`.
    environment : mapping
        The environment of the kernel.
    cwd : str
        The folder in which it runs.
    stdout, stderr : int
        Descriptors of the files to which the process writes.
    """

    executable: str
    arguments: list[str]
    environment: Mapping[str, str]
    cwd: str
    stdout: int
    stderr: int


def become_kernel(order: Order, parent: int) -> None:
    """Be the kernel that was ordered, until it ends.

    Parameters
    ----------
    order : Order
        What was asked for.
    parent : int
        Number of the process that forked; the kernel ends with it.
    """
    os.setsid()
    _LIBC.prctl(_END_WITH_PARENT, signal.SIGKILL)
    if os.getppid() != parent:
        raise SystemExit("The process that forked this kernel has ended.")
    _take_files(order)
    os.environ.clear()
    os.environ.update({**order.environment, "JPY_PARENT_PID": str(parent)})
    os.chdir(order.cwd)
    if (
        "numpy.random" in sys.modules
    ):  # else all kernels would draw the same "random" numbers; `random` sees to that itself
        sys.modules["numpy.random"].seed()
    sys.argv = [ipykernel_launcher.__file__, *order.arguments]
    # ipykernel read JPY_PARENT_PID when it was imported, which was in the parent.
    IPKernelApp.launch_instance(parent_handle=parent)
    end_process()


def end_process() -> NoReturn:
    """End as an interpreter does, only without taking apart what was imported: in a fork that would copy it all first (0.9 s)."""
    threading._shutdown()  # type: ignore[attr-defined]  # waits for threads that are no daemons
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
    os._exit(0)


def _take_files(order: Order) -> None:
    nothing = os.open(os.devnull, os.O_RDONLY)
    for source, target in ((nothing, 0), (order.stdout, 1), (order.stderr, 2)):
        os.dup2(source, target)
    for descriptor in {nothing, order.stdout, order.stderr} - {0, 1, 2}:
        os.close(descriptor)
