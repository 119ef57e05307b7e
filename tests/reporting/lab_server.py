"""A real JupyterLab for the tests: started as `benchlib lab` starts it, in a home of its own, on this machine only."""

from __future__ import annotations

import json
import os
import pty
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TOKEN = "token-of-the-tests"
#: Runs `open_lab` with a folder and further arguments from the command line.
OPEN = "import sys; from pathlib import Path; from benchlib.reporting.lab import open_lab; "
OPEN += "sys.exit(open_lab(Path(sys.argv[1]), sys.argv[2:]))"
PATIENCE = 120


@dataclass
class Lab:
    """The running program."""

    process: subprocess.Popen[str]
    address: str
    log: Path

    def ask(self, path: str) -> Any:
        """Answer of JupyterLab's interface."""
        request = urllib.request.Request(f"{self.address}{path}", headers={"Authorization": f"token {TOKEN}"})
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.loads(answer.read())

    def interrupt(self) -> None:
        """Press Ctrl-C in its terminal, twice: the second is the answer to JupyterLab's question."""
        for _ in range(2):
            os.killpg(self.process.pid, signal.SIGINT)
            time.sleep(0.5)


@contextmanager
def running_lab(folder: Path, home: Path) -> Iterator[Lab]:
    """Start JupyterLab at a folder and end it afterwards, with its kernels."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    arguments = [
        "--no-browser",
        "--allow-root",
        "--ServerApp.ip=127.0.0.1",
        f"--ServerApp.port={port}",
        "--ServerApp.port_retries=0",
        f"--IdentityProvider.token={TOKEN}",
        "--LabApp.expose_app_in_browser=True",
    ]
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("JUPYTER", "IPYTHON"))}
    environment |= {"HOME": str(home), "PYTHONUNBUFFERED": "1"}
    log = home / "lab.log"
    keyboard, terminal = pty.openpty()  # without a terminal, JupyterLab would not ask before it ends
    with log.open("w") as file:
        process = subprocess.Popen(
            [sys.executable, "-c", OPEN, str(folder), *arguments],
            cwd=home,
            env=environment,
            stdin=terminal,
            stdout=file,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        lab = Lab(process, f"http://127.0.0.1:{port}", log)
        try:
            _wait_for(lab)
            yield lab
        finally:
            if process.poll() is None:
                lab.interrupt()
                try:
                    process.wait(30)
                except subprocess.TimeoutExpired:
                    os.killpg(process.pid, signal.SIGKILL)
                    process.wait()
            os.close(keyboard)
            os.close(terminal)


def _wait_for(lab: Lab) -> None:
    for _ in range(PATIENCE * 5):
        assert lab.process.poll() is None, lab.log.read_text()
        try:
            lab.ask("/api/status")
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise AssertionError(lab.log.read_text())
