"""Where jupyter_client asks for a kernel: a fork of a warm process if there can be one, else an ordinary kernel."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning import LocalProvisioner
from traitlets import Unicode

from benchlib.errors import ReportError
from benchlib.reporting.kernel.parent import WarmParent
from benchlib.reporting.kernel.wire import receive, send


class ForkedKernel:
    stdin = stdout = stderr = None

    def __init__(self, connection, pid):
        self.connection, self.pid = connection, pid
        self.returncode = None
        self.usage = {}

    def poll(self):
        with suppress(subprocess.TimeoutExpired):
            self.wait(0)
        return self.returncode

    def wait(self, timeout=None):
        if self.returncode is None:
            self.connection.settimeout(timeout)
            try:
                message, _ = receive(self.connection)
            except (TimeoutError, BlockingIOError):
                raise subprocess.TimeoutExpired("kernel", timeout) from None
            except (EOFError, ConnectionError):
                message = {"status": -9}
            self.connection.close()
            self.returncode = message.pop("status")
            self.usage = message
        return self.returncode

    def send_signal(self, signum):
        if self.poll() is None:
            os.kill(self.pid, signum)

    def terminate(self):
        self.send_signal(signal.SIGTERM)

    def kill(self):
        self.send_signal(signal.SIGKILL)


_shared = None
class WarmProvisioner(LocalProvisioner):
    address = Unicode("", config=True)

    async def launch_kernel(self, cmd, **kwargs) -> KernelConnectionInfo:
        global _shared
        if not self.address:
            _shared = _shared or WarmParent.start()
            self.address = _shared.address
        i = cmd.index("-m")
        c = socket.socket(socket.AF_UNIX)
        c.connect(self.address)
        send(c, {"executable": cmd[0], "arguments": cmd[i+2:], "environment": kwargs["env"], "cwd": str(kwargs.get("cwd") or os.getcwd())},
             [kwargs["stdout"].fileno() if kwargs.get("stdout") else 1, kwargs["stderr"].fileno() if kwargs.get("stderr") else 2])
        answer, _ = receive(c)
        if "pid" not in answer:
            raise ReportError(str(answer))
        self.process = ForkedKernel(c, answer["pid"])
        self.pid = self.pgid = answer["pid"]
        self.cwd = kwargs.get("cwd")
        return self.connection_info
