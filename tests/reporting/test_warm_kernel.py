"""Warm kernels: each a process of its own that looks like an ordinary one, obeys like one, and outlives nobody."""

from __future__ import annotations

import logging
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import nbformat
import pytest
from jupyter_client import KernelManager
from jupyter_client.provisioning import KernelProvisionerFactory, LocalProvisioner
from warm_kernels import LIGHT, comes_true, executed, is_running, kernel, notebook_of

from benchlib.reporting.kernel import parent as parent_module
from benchlib.reporting.kernel import provisioner as provisioner_module
from benchlib.reporting.kernel.environment import KERNEL_ENVIRONMENT, parent_environment, unlike
from benchlib.reporting.kernel.parent import AVAILABLE, WarmParent, shared_parent
from benchlib.reporting.kernel.provisioner import ForkedKernel, WarmProvisioner
from benchlib.reporting.kernel.usage import Usage
from benchlib.reporting.kernel.wire import receive, send

pytestmark = [pytest.mark.notebook, pytest.mark.skipif(not AVAILABLE, reason="warm kernels are for Linux")]


@pytest.fixture(scope="module")
def warm() -> Iterator[WarmParent]:
    with WarmParent.start(LIGHT) as parent:
        yield parent
    assert not Path(parent.address).parent.exists()
    assert parent.process.returncode == 0


@pytest.fixture(autouse=True)
def without_the_history_of_the_user(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))


#: What a notebook could notice of the process it runs in.
LOOK = """
import os, sys, signal, resource, threading, warnings
import matplotlib.pyplot as plt
about = {
    "folder": os.getcwd(), "path": sys.path, "argv": [a.split("/")[-1] for a in sys.argv[:2]], "main": __name__,
    "modules": sys.modules["__main__"].__dict__ is globals(), "names": sorted(globals()), "encoding": sys.stdout.encoding,
    "input": os.read(0, 9), "threads": sorted(type(t).__name__ for t in threading.enumerate()), "session": os.getsid(0) == os.getpid(),
    "signals": [str(signal.getsignal(s)) for s in (signal.SIGINT, signal.SIGTERM, signal.SIGCHLD, signal.SIGPIPE)],
    "blocked": signal.pthread_sigmask(signal.SIG_BLOCK, []), "limits": resource.getrlimit(resource.RLIMIT_NOFILE),
    "environment": {k: v for k, v in os.environ.items() if k not in ("JPY_PARENT_PID", "JPY_SESSION_NAME")},
    "mask": os.umask(0o22), "filters": len(warnings.filters), "backend": plt.get_backend(), "recursion": sys.getrecursionlimit(),
    "parent": os.environ["JPY_PARENT_PID"] == str(os.getppid()), "flags": tuple(sys.flags), "style": dict(plt.rcParams),
}
"""


def open_files(pid: int) -> set[str]:
    found = set()
    for link in Path("/proc", str(pid), "fd").iterdir():
        with suppress(OSError):  # closed meanwhile
            found.add(str(link.readlink()))
    return found - {"anon_inode:[eventpoll]"}  # all are called so


def test_a_warm_kernel_looks_like_an_ordinary_one(warm: WarmParent, tmp_path: Path) -> None:
    environment = {**os.environ, **KERNEL_ENVIRONMENT, "SOMETHING": "of its own"}
    with (
        kernel(None, cwd=str(tmp_path), env=environment) as cold,
        kernel(warm, cwd=str(tmp_path), env=environment) as hot,
    ):
        for each in (cold, hot):
            assert each.run(LOOK) == ""
        assert hot.value("os.getppid()") == warm.process.pid
        assert cold.value("os.getppid()") == os.getpid()
        for name in cold.value("sorted(about)"):
            assert hot.run(f"print(about[{name!r}])") == cold.run(f"print(about[{name!r}])"), name
        assert open_files(hot.pid) & open_files(warm.process.pid) <= {"/dev/null", *open_files(os.getpid())}
        assert cold.value("about['environment']['SOMETHING'], about['parent'], about['session']") == (
            "of its own",
            True,
            True,
        )


def test_kernels_share_neither_names_nor_random_numbers(warm: WarmParent) -> None:
    draw = "(random.random(), np.random.rand(), np.random.default_rng().random(), os.urandom(8), uuid.uuid4().hex)"
    seeded = "(np.random.seed(1), np.random.rand(), np.random.default_rng(1).random(), random.seed(1), random.random())"
    with kernel(warm) as one, kernel(warm) as other:
        for each in (one, other):
            each.run("import os, random, uuid; import numpy as np")
        assert all(a != b for a, b in zip(one.value(draw), other.value(draw), strict=True))
        assert one.value(seeded) == other.value(seeded)
        one.run("np.mine = mine = 1")
        assert other.run("mine") == "NameError"
        assert other.run("np.mine") == "AttributeError"
        assert one.pid != other.pid


def test_interrupt_restart_and_orderly_end(warm: WarmParent, tmp_path: Path) -> None:
    with (tmp_path / "log").open("wb") as log, kernel(warm, stdout=log, stderr=log) as it:
        first = it.pid
        threading.Timer(0.5, it.manager.interrupt_kernel).start()
        assert it.run("import time; kept = 1\nfor _ in range(600): time.sleep(0.1)") == "KeyboardInterrupt"
        assert it.value("1 + 1") == 2
        it.run("import os; os.write(1, b'out'); os.write(2, b'err')")
        it.run(f"import atexit; atexit.register(lambda: open({str(tmp_path / 'ended')!r}, 'w').close())")
        it.manager.restart_kernel()
        it.client.wait_for_ready(60)
        assert it.pid != first
        assert it.run("_dh, kept") == "NameError"
        assert (tmp_path / "ended").exists()
        assert isinstance(it.provisioner.process, ForkedKernel)
        ending = it.provisioner.process
        it.manager.shutdown_kernel()
        assert ending.poll() == 0
        assert it.provisioner.usage.cpu_seconds > 0
        assert it.provisioner.usage.peak_mb > 20
    assert (tmp_path / "log").read_text() == "outerr"


def test_a_killed_kernel_is_seen(warm: WarmParent) -> None:
    with kernel(warm) as it:
        process = it.provisioner.process
        assert process.poll() is None
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(0.01)
        os.kill(it.pid, signal.SIGKILL)
        assert process.wait(20) == -signal.SIGKILL
        assert not it.manager.is_alive()
        process.kill()  # too late, and no error


def test_runs_end_as_with_ordinary_kernels(warm: WarmParent, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PYTEST_CURRENT_TEST")  # ipykernel leaves the process's own files alone under pytest
    died = executed(warm, tmp_path, "import os; os.write(2, b'last words'); os.kill(os.getpid(), 9)")
    assert (died.died, died.cell) == (True, 1)
    assert died.failure.startswith("the kernel died")
    assert died.cpu_seconds is not None, "the parent knows what a kernel took that ended by itself"
    hung = executed(warm, tmp_path, "import time; time.sleep(60)", timeout=2)
    assert "longer than 2 seconds" in hung.failure
    spoken = executed(
        warm, tmp_path, "import subprocess, time; subprocess.run('echo below', shell=True); time.sleep(0.5)"
    )
    assert not spoken.failure
    assert "below" in str(spoken.notebook.cells[1].outputs), "what the process itself writes reaches the notebook"


def test_ctrl_c_leaves_no_kernel(warm: WarmParent, tmp_path: Path) -> None:
    def interrupt(done: int, cells: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        executed(warm, tmp_path, "1", progress=interrupt)
    number = warm.process.pid
    assert comes_true(lambda: Path(f"/proc/{number}/task/{number}/children").read_text() == "")


def test_eight_kernels_at_once(warm: WarmParent, tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        runs = list(pool.map(lambda i: executed(warm, tmp_path, f"import os; print({i}, os.getppid())"), range(8)))
    texts = [run.notebook.cells[1].outputs[0].text.split() for run in runs]
    assert texts == [[str(i), str(warm.process.pid)] for i in range(8)]


@pytest.mark.parametrize("is_warm", [True, False])
@pytest.mark.parametrize("cell", ["big = bytearray(10**10)", "much = []\nwhile True: much.append([0] * 50)"])
def test_a_kernel_that_eats_memory_gets_an_error_in_its_cell(
    cell: str, is_warm: bool, warm: WarmParent, tmp_path: Path
) -> None:
    limit = 700_000_000
    run = executed(warm if is_warm else None, tmp_path, "1", cell, memory_limit=limit, timeout=60)
    if "while" not in cell or not run.died:  # small pieces may leave too little for the kernel's own threads
        assert (run.failure, run.cell, run.died) == ("MemoryError", 2, False)
        assert "MemoryError" in run.notebook.cells[2].outputs[0].traceback[-1]
    assert run.failure.startswith(("MemoryError", "the kernel died"))
    assert run.peak_mb is None or run.peak_mb < limit / 1e6


OWNER = """
import sys, time
sys.path.insert(0, sys.argv[1])
from warm_kernels import kernel
from benchlib.reporting.kernel.parent import WarmParent
if __name__ == "__main__":
    parent = WarmParent.start(["numpy"]) if sys.argv[2] == "-" else None
    with kernel(parent or sys.argv[2]) as it:
        print(it.pid, it.value("__import__('os').getppid()"), parent.address if parent else "", flush=True)
        time.sleep(60)
"""


def in_another_process(address: str) -> tuple[subprocess.Popen[str], list[str]]:
    command = [sys.executable, "-c", OWNER, str(Path(__file__).parent), address]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    return process, process.stdout.readline().split()


def test_kernels_do_not_outlive_their_owner_or_parent(warm: WarmParent) -> None:
    owner, (pid, parent, address) = in_another_process("-")
    worker, (forked, _) = in_another_process(warm.address)
    assert is_running(int(pid))
    assert is_running(int(forked))
    for process in (owner, worker):
        process.kill()
        process.wait()
        process.stdout.close()  # type: ignore[union-attr]
    assert comes_true(lambda: not any(map(is_running, map(int, (pid, parent, forked)))))
    assert comes_true(lambda: not Path(address).parent.exists())
    assert warm.process.poll() is None, "the parent of others goes on"
    with WarmParent.start(["numpy"]) as other, kernel(other) as it:
        it.client.execute(
            "import ctypes, time; open('/proc/self/comm', 'w').write('stuck'); ctypes.PyDLL(None).sleep(60)"
        )
        assert comes_true(lambda: Path(f"/proc/{it.pid}/comm").read_text() == "stuck\n")  # and lets no thread run
        other.process.kill()
        assert it.provisioner.process.wait(20) == -signal.SIGKILL
        assert comes_true(lambda: not is_running(it.pid))


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> pytest.LogCaptureFixture:
    monkeypatch.setattr(provisioner_module, "_told", set())
    caplog.set_level(logging.WARNING, logger=provisioner_module.__name__)
    return caplog


def told(log: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in log.records if record.name == provisioner_module.__name__]


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"env": {"LANG": "tlh"}}, "LANG differs"),
        ({"env": {"OMP_NUM_THREADS": "2"}}, "OMP_NUM_THREADS differs"),
        ({"stdout": subprocess.PIPE}, "files only"),
        ({"independent": True}, "cannot heed independent"),
        ({"cwd": "style"}, "has a matplotlibrc"),
        ({"address": "/nowhere/at/all"}, "has ended, or does not answer"),
    ],
)
def test_what_a_fork_cannot_be_is_an_ordinary_kernel(
    options: dict[str, Any], reason: str, warm: WarmParent, tmp_path: Path, log: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "matplotlibrc").write_text("lines.linewidth: 7")
    asked = {name: value for name, value in options.items() if name != "address"}
    asked |= {"cwd": str(tmp_path)} if "cwd" in asked else {}
    asked |= {"env": {**os.environ, **asked["env"]}} if "env" in asked else {}
    with kernel(options.get("address", warm.address), **asked) as it:
        assert isinstance(it.provisioner.process, subprocess.Popen)
        assert it.provisioner.usage is None
        assert it.value("1 + 1") == 2
    assert [reason in line for line in told(log)] == [True]


def test_a_parent_that_has_died_or_has_threads_is_done_without(
    tmp_path: Path, log: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "busy.py").write_text(
        "import threading, time\nthreading.Thread(target=time.sleep, args=[9], daemon=True).start()"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=os.pathsep)
    with WarmParent.start(["busy"]) as busy:
        assert executed(busy, tmp_path, "1").failure == ""
        assert executed(busy, tmp_path, "1").failure == ""
        busy.process.kill()
        busy.process.wait()
        assert executed(busy, tmp_path, "1").failure == ""
    assert ["busy starts a thread" in told(log)[0], "has ended" in told(log)[1]] == [True, True]
    assert len(told(log)) == 2, "each reason is said once"


def test_what_cannot_be_imported_is_named(tmp_path: Path) -> None:
    with WarmParent.start(["numpy", "no_such_package"]) as broken:
        run = executed(broken, tmp_path, "1")
    assert "the kernel did not start" in run.failure
    assert "no_such_package cannot be loaded: ModuleNotFoundError" in run.failure
    assert run.cell is None


def test_code_that_changes_gets_a_new_parent(monkeypatch: pytest.MonkeyPatch) -> None:
    start = WarmParent.start
    monkeypatch.setattr(WarmParent, "start", lambda: start(["numpy"]))
    monkeypatch.setattr(parent_module, "_shared", None)
    older = shared_parent()
    with kernel(older) as running:
        assert shared_parent() is older
        monkeypatch.setattr(parent_module, "_state_of_code", lambda: (1,))
        newer = shared_parent()
        assert newer is not older
        assert running.value("1 + 1") == 2, "what runs goes on"
        assert older.process.poll() is None
    assert older.process.wait(20) == 0, "it ends with its last kernel"
    newer.close()
    assert not newer.is_current


def test_jupyter_is_untouched_unless_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    manager = KernelManager(kernel_name="python3")
    monkeypatch.delenv("JUPYTER_DEFAULT_PROVISIONER_NAME", raising=False)
    kinds = []
    for name in (None, "benchlib-warm"):
        if name:
            monkeypatch.setenv("JUPYTER_DEFAULT_PROVISIONER_NAME", name)
        factory = KernelProvisionerFactory(parent=manager)
        kinds.append(type(factory.create_provisioner_instance("1", manager.kernel_spec, manager)))
    assert kinds == [LocalProvisioner, WarmProvisioner]


def test_plain_papermill_with_one_variable(tmp_path: Path) -> None:
    nbformat.write(
        notebook_of("print(open('/proc/%d/cmdline' % __import__('os').getppid()).read())"), tmp_path / "in.ipynb"
    )
    command = [sys.executable, "-m", "papermill", "-k", "python3", "--language", "python", "in.ipynb", "out.ipynb"]
    environment = {**os.environ, "JUPYTER_DEFAULT_PROVISIONER_NAME": "benchlib-warm", "TMPDIR": str(tmp_path / "tmp")}
    (tmp_path / "tmp").mkdir()
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "benchlib.reporting.kernel.forking" in nbformat.read(tmp_path / "out.ipynb", 4).cells[-1].outputs[0].text
    assert "leaked" not in done.stderr
    assert list((tmp_path / "tmp").iterdir()) == []


@pytest.mark.parametrize(
    ("own", "asked", "variable"),
    [
        ({}, {}, ""),
        ({}, {"PATH": "/x", "IPYTHONDIR": "/y"}, ""),
        ({"LANG": "lv"}, {"LANG": "lv"}, ""),
        ({"LANG": "lv"}, {}, "LANG"),
        ({}, {"TZ": "UTC"}, "TZ"),
        ({}, {"PYTHONHASHSEED": "1"}, "PYTHONHASHSEED"),
        ({}, {"OPENBLAS_NUM_THREADS": "1"}, ""),
        ({"OPENBLAS_NUM_THREADS": "8"}, {"OPENBLAS_NUM_THREADS": "8"}, "OPENBLAS_NUM_THREADS"),
        ({"MPLBACKEND": "agg"}, {"MPLBACKEND": "agg"}, ""),
        ({}, {"MPLBACKEND": "agg"}, "MPLBACKEND"),
    ],
)
def test_variables_that_a_fork_cannot_change(own: dict[str, str], asked: dict[str, str], variable: str) -> None:
    assert unlike(parent_environment(own), asked) == variable


def test_messages_of_any_length_arrive_with_their_files(tmp_path: Path) -> None:
    message = {"environment": {"LONG": "x" * 2_000_000, "ODD": "\udcff\n\0ā"}}
    ours, theirs = socket.socketpair()
    with ours, theirs, (tmp_path / "file").open("wb") as file:
        sender = threading.Thread(target=send, args=(ours, message, [file.fileno(), 2]))
        sender.start()
        received, (passed, other) = receive(theirs)
        sender.join()
        assert received == message
        os.write(passed, b"here")
        os.close(passed)
        os.close(other)
        ours.sendall(b"\0\0")
        ours.shutdown(socket.SHUT_WR)
        with pytest.raises(EOFError):
            receive(theirs)
    assert (tmp_path / "file").read_bytes() == b"here"


def test_usage_of_processes() -> None:
    mine = Usage.of_running(os.getpid())
    assert mine is not None
    assert mine.cpu_seconds == pytest.approx(sum(os.times()[:4]), abs=0.5)
    assert 10 < mine.peak_mb < 10_000
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    assert Usage.of_running(ended.pid) is None
