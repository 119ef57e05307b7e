"""Kernels to look into: of the warm process, or ordinary ones."""

from __future__ import annotations

import ast
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import nbformat
from jupyter_client import BlockingKernelClient, KernelManager
from nbformat import NotebookNode

from benchlib.reporting.execute import Execution, _ThisInterpreter, execute
from benchlib.reporting.kernel.parent import WarmParent

PATIENCE = 60
#: What small tests need of the packages.
LIGHT = ("numpy.random", "matplotlib.pyplot", "duckdb")


class Kernel:
    """A kernel and a client of it."""

    def __init__(self, manager: KernelManager) -> None:
        self.manager = manager
        self.client: BlockingKernelClient = manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(PATIENCE)

    @property
    def provisioner(self) -> Any:
        return self.manager.provisioner

    @property
    def pid(self) -> int:
        return int(self.provisioner.pid)

    def run(self, code: str) -> str:
        """Run code and return what it printed, or its exception's name."""
        texts: list[str] = []

        def collect(message: dict[str, Any]) -> None:
            texts.append(message["content"].get("text", ""))

        reply = self.client.execute_interactive(code, timeout=PATIENCE, output_hook=collect)["content"]
        return "".join(texts).strip() if reply["status"] == "ok" else reply["ename"]

    def value(self, expression: str) -> Any:
        """Return the value of an expression that is a literal."""
        return ast.literal_eval(self.run(f"print(repr(({expression})))"))


@contextmanager
def kernel(warm: WarmParent | str | None, **options: Any) -> Iterator[Kernel]:
    """Start a kernel, ordinary without a warm process, and end it."""
    interpreter = _ThisInterpreter()
    interpreter.warm = warm.address if isinstance(warm, WarmParent) else warm
    manager = KernelManager(kernel_spec_manager=interpreter, kernel_name="python3")
    manager.transport_encryption = "auto"
    manager.start_kernel(**options)
    started: Kernel | None = None
    try:
        started = Kernel(manager)
        yield started
    finally:
        if started is not None:
            started.client.stop_channels()
        manager.shutdown_kernel(now=True)


def notebook_of(*cells: str) -> NotebookNode:
    """Return a notebook of code cells, the first of them for parameters."""
    v4 = nbformat.v4
    first = v4.new_code_cell("", metadata={"tags": ["parameters"]})
    return v4.new_notebook(cells=[first, *map(v4.new_code_cell, cells)])


def executed(warm: WarmParent | None, folder: Path, *cells: str, **options: Any) -> Execution:
    """Run cells as a report is run."""
    return execute(notebook_of(*cells), {}, cwd=folder, warm=warm.address if warm else None, **options)


def is_running(pid: int) -> bool:
    """Whether there is such a process, other than one that has ended and waits for its parent."""
    try:
        return Path("/proc", str(pid), "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def comes_true(condition: Callable[[], bool], seconds: float = 20) -> bool:
    """Wait until a condition is true; whether it came to be."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True
