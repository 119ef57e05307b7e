"""Run a notebook: real papermill, and a real kernel in a process of its own that never outlives the run."""

from __future__ import annotations

import logging
import os
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import papermill
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from papermill.exceptions import PapermillExecutionError

from benchlib.reporting.kernel.environment import KERNEL_ENVIRONMENT
from benchlib.reporting.kernel.memory import LIMITED_ARGUMENTS, limit_memory
from benchlib.reporting.kernel.usage import Usage

#: Called with the number of cells done and the number of all cells.
Progress = Callable[[int, int], None]

_START_SECONDS = 120
#: The path of a socket has room for 103 bytes (macOS) or more; the number of a channel is added.
_LONGEST_SOCKET = 100
_ERROR_MARKER = "papermill-error-cell-tag"
_LOG_LINES = 15

# Without a handler of its own, papermill's log would write nbclient's errors, which are raised anyway, to the terminal.
logging.getLogger("papermill").addHandler(logging.NullHandler())


@dataclass
class Execution:
    """What a run left behind.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
        The notebook with its outputs, as far as it came.
    seconds : dict
        "kernel": until the kernel answered; "cells": from then to the end.
    failure : str
        The exception's line if the run failed, else empty.
    cell : int or None
        Index of the failing cell.
    died : bool
        Whether the kernel ended by itself, killed or out of memory.
    cpu_seconds, peak_mb : float or None
        CPU time and largest memory of the kernel, where they are known.
    """

    notebook: NotebookNode
    seconds: dict[str, float] = field(default_factory=dict)
    failure: str = ""
    cell: int | None = None
    died: bool = False
    cpu_seconds: float | None = None
    peak_mb: float | None = None


class _ThisInterpreter(KernelSpecManager):
    """Knows one kernel: the interpreter that runs this code, whatever kernels are installed on the machine."""

    warm: str | None = None

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        command = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        about: dict[str, Any] = {"supported_encryption": ["curve"]}  # what both say on local ports stays between them
        if self.warm:
            about["kernel_provisioner"] = {"provisioner_name": "benchlib-warm", "config": {"address": self.warm}}
        return KernelSpec(argv=command, display_name="Python 3", language="python", metadata=about)


class _Kernel(AsyncKernelManager):
    """A kernel that keeps its files in the folder of the run, untouched by the user's IPython settings."""

    folder: Path
    log_file: IO[bytes]
    started: list[_Kernel]
    warm: str | None
    memory_limit: int | None

    def __init__(self, **options: Any) -> None:
        interpreter = _ThisInterpreter()
        interpreter.warm = self.warm
        super().__init__(kernel_spec_manager=interpreter, **options)
        self.transport_encryption = "auto"
        self.connection_file = str(self.folder / "kernel.json")
        sockets = str(self.folder / "kernel")
        if os.name == "posix" and len(os.fsencode(sockets)) < _LONGEST_SOCKET:
            # Free ports are chosen before the kernel takes them: of many at once, one finds another kernel on its port.
            self.transport, self.ip = "ipc", sockets
            self.transport_encryption = (
                "disabled"  # only this user can enter the folder, so there is nobody to hide from
            )
        self.usage: Usage | None = None
        self.started.append(self)

    async def start_kernel(self, **options: Any) -> None:  # type: ignore[override]
        if self.memory_limit is not None:
            options["extra_arguments"] = [*options.get("extra_arguments", []), *LIMITED_ARGUMENTS]
        environment = os.environ | KERNEL_ENVIRONMENT | {"IPYTHONDIR": str(self.folder / "ipython")}
        await super().start_kernel(env=environment, stdout=self.log_file, stderr=self.log_file, **options)
        if self.memory_limit is not None:
            limit_memory(self._pid, self.memory_limit)

    async def shutdown_kernel(self, now: bool = False, restart: bool = False) -> None:  # type: ignore[override]
        self.usage = Usage.of_running(self._pid)
        await super().shutdown_kernel(now, restart)

    @property
    def _pid(self) -> int:
        return self.provisioner.pid  # type: ignore[union-attr, no-any-return]

    def kill(self) -> None:
        """End the process at once if it still runs. A fork's parent knows what it took also if it ended by itself."""
        process = getattr(self.provisioner, "process", None)
        if process is not None and process.poll() is None:
            process.kill()
            process.wait()
        self.usage = getattr(self.provisioner, "usage", None) or self.usage


def execute(
    notebook: NotebookNode,
    parameters: Mapping[str, Any],
    *,
    cwd: Path,
    timeout: float | None = None,
    progress: Progress | None = None,
    warm: str | None = None,
    memory_limit: int | None = None,
) -> Execution:
    """Run a notebook with parameters and return it with its outputs.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
        The notebook; it is not changed.
    parameters : mapping
        Checked parameters (papermill itself accepts any).
    cwd : pathlib.Path
        Folder in which the kernel runs.
    timeout : float, optional
        Seconds after which the whole run is given up.
    progress : callable, optional
        Called before each code cell with the number of cells done and of all cells.
    warm : str, optional
        Address of a `WarmParent` to fork the kernel from; by default an ordinary kernel is started.
    memory_limit : int, optional
        Bytes that the kernel may use; a cell that needs more gets a MemoryError. By default all there are.

    Returns
    -------
    Execution
        A run that failed is returned too, with `failure` set.
    """
    watch = _Watch(notebook, timeout, progress)
    with tempfile.TemporaryDirectory(prefix="benchlib-") as name, (Path(name) / "kernel.log").open("wb") as log:
        started: list[_Kernel] = []
        settings = {"folder": Path(name), "log_file": log, "warm": warm, "memory_limit": memory_limit}
        kernel = type("Kernel", (_Kernel,), {"started": started, **settings})
        try:
            watch.notebook = papermill.execute_notebook(
                notebook,
                None,
                dict(parameters),
                kernel_name="python3",
                language="python",
                progress_bar=False,
                start_timeout=_START_SECONDS,
                request_save_on_cell_execute=False,
                autosave_cell_every=0,
                record_timing=False,
                shutdown_kernel="immediate",
                kernel_manager_class=kernel,
                resources={"metadata": {"path": str(cwd)}},
                on_notebook_start=watch.kernel_ready,
                on_cell_start=watch.cell_starts,
                timeout_func=watch.seconds_left,
            )
        except PapermillExecutionError as error:
            watch.fails(f"{error.ename}: {error.evalue}".strip(": "))
        except CellTimeoutError:
            watch.fails(f"the run took longer than {timeout:g} seconds", "TimeoutError")
        except (DeadKernelError, RuntimeError) as error:
            reason = "the kernel died" if watch.ready else f"the kernel did not start: {error}"
            watch.fails(f"{reason}{_last_lines(Path(name) / 'kernel.log')}", "DeadKernelError")
            watch.died = True
        finally:
            for one in started:
                one.kill()  # Ctrl-C while a kernel starts would leave it behind
    return watch.result(started[-1].usage if started else None)


class _Watch:
    """Follows a run: where it is, how long it took, and what it has produced so far."""

    def __init__(self, notebook: NotebookNode, timeout: float | None, progress: Progress | None) -> None:
        self.notebook = notebook
        self.timeout, self.progress = timeout, progress
        self.began = time.perf_counter()
        self.ready: float | None = None
        self.cell: int | None = None
        self.failure = ""
        self.died = False

    def kernel_ready(self, notebook: NotebookNode) -> None:
        self.notebook, self.ready = notebook, time.perf_counter()

    def cell_starts(self, cell: NotebookNode, cell_index: int) -> None:
        self.cell = cell_index
        if self.progress is not None:
            self.progress(cell_index, len(self.notebook.cells))

    def seconds_left(self, cell: NotebookNode) -> float | None:
        return None if self.timeout is None else max(0.1, self.began + self.timeout - time.perf_counter())

    def fails(self, line: str, name: str = "") -> None:
        """Note the failure; with a `name`, no traceback came from the kernel, and one is put in its place."""
        self.failure = line
        if name and self.cell is not None:
            output = NotebookNode(output_type="error", ename=name, evalue=line, traceback=[line])  # type: ignore[no-untyped-call]
            self.notebook.cells[self.cell].outputs.append(output)

    def result(self, usage: Usage | None) -> Execution:
        end = time.perf_counter()
        ready = self.ready or end
        # papermill puts two cells of its own around a failure; without them, cell numbers stay those of the notebook.
        self.notebook.cells = [c for c in self.notebook.cells if _ERROR_MARKER not in c.metadata.get("tags", [])]
        seconds = {"kernel": ready - self.began, "cells": end - ready}
        run = Execution(self.notebook, seconds, self.failure, self.cell if self.failure else None, self.died)
        if usage is not None:
            run.cpu_seconds, run.peak_mb = usage.cpu_seconds, usage.peak_mb
        return run


def _last_lines(log: Path) -> str:
    """Return the end of what the kernel wrote outside its cells, which says why it died."""
    lines = log.read_text("utf-8", errors="replace").strip().splitlines()[-_LOG_LINES:]
    return "\n" + "\n".join(lines) if lines else ""
