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
from typing import IO, Any, Final

import papermill
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from papermill.exceptions import PapermillExecutionError

#: Called with the number of cells done and the number of all cells.
Progress = Callable[[int, int], None]

#: One thread per kernel for linear algebra: the matrices are small, sums come out the same on every machine, and two
#: kernels on two cores do not get in each other's way.
_KERNEL_ENVIRONMENT: Final = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "PYTHONHASHSEED": "0",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
}
_START_SECONDS = 120
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

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        command = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        about = {"supported_encryption": ["curve"]}  # what kernel and parent say on local ports stays between them
        return KernelSpec(argv=command, display_name="Python 3", language="python", metadata=about)


class _Kernel(AsyncKernelManager):
    """A kernel that keeps its files in the folder of the run, untouched by the user's IPython settings."""

    folder: Path
    log_file: IO[bytes]
    started: list[_Kernel]

    def __init__(self, **options: Any) -> None:
        super().__init__(kernel_spec_manager=_ThisInterpreter(), **options)
        self.transport_encryption = "auto"
        self.connection_file = str(self.folder / "kernel.json")
        self.started.append(self)

    async def start_kernel(self, **options: Any) -> None:  # type: ignore[override]
        environment = os.environ | _KERNEL_ENVIRONMENT | {"IPYTHONDIR": str(self.folder / "ipython")}
        await super().start_kernel(env=environment, stdout=self.log_file, stderr=self.log_file, **options)

    def kill(self) -> None:
        """End the process at once if it still runs."""
        process = getattr(self.provisioner, "process", None)
        if process is not None and process.poll() is None:
            process.kill()
            process.wait()


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
        kernel = type("Kernel", (_Kernel,), {"folder": Path(name), "log_file": log, "started": started})
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
        finally:
            for one in started:
                one.kill()  # Ctrl-C while a kernel starts would leave it behind
    return watch.result()


class _Watch:
    """Follows a run: where it is, how long it took, and what it has produced so far."""

    def __init__(self, notebook: NotebookNode, timeout: float | None, progress: Progress | None) -> None:
        self.notebook = notebook
        self.timeout, self.progress = timeout, progress
        self.began = time.perf_counter()
        self.ready: float | None = None
        self.cell: int | None = None
        self.failure = ""

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

    def result(self) -> Execution:
        end = time.perf_counter()
        ready = self.ready or end
        # papermill puts two cells of its own around a failure; without them, cell numbers stay those of the notebook.
        self.notebook.cells = [c for c in self.notebook.cells if _ERROR_MARKER not in c.metadata.get("tags", [])]
        seconds = {"kernel": ready - self.began, "cells": end - ready}
        return Execution(self.notebook, seconds, self.failure, self.cell if self.failure else None)


def _last_lines(log: Path) -> str:
    """Return the end of what the kernel wrote outside its cells, which says why it died."""
    lines = log.read_text("utf-8", errors="replace").strip().splitlines()[-_LOG_LINES:]
    return "\n" + "\n".join(lines) if lines else ""
