"""Workers on this machine: processes that each do one run at a time, watched, and replaced when they die or hang."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from typing import Any, Final

from benchlib.reporting.batch.task import Event, Finished, Outcome, Started, Task
from benchlib.reporting.kernel.parent import AVAILABLE, WarmParent

#: A run whose worker was killed is tried once more: it may have been somebody else's memory.
_ATTEMPTS: Final = 2
#: A worker that does not even notice its own time limit gets so much longer.
_GRACE_S: Final = 30.0
_LOOK_S: Final = 0.5


@dataclass
class _Worker:
    """A process, our end of the pipe to it, and what it is doing."""

    process: Any
    pipe: Connection
    task: Task | None = None
    since: float = 0.0

    @property
    def is_late(self) -> bool:
        limit = self.task.timeout if self.task else None
        return limit is not None and time.monotonic() - self.since > limit + _GRACE_S


class LocalWorkers:
    """Processes on this machine that run tasks.

    Parameters
    ----------
    jobs : int
        How many runs at a time.
    is_warm : bool, default True
        Whether kernels are forked from a warm parent, where the system can; the reports are the same, only sooner there.
    """

    def __init__(self, jobs: int, *, is_warm: bool = True) -> None:
        self.jobs = jobs
        methods = multiprocessing.get_all_start_methods()
        self._context: Any = multiprocessing.get_context("forkserver" if "forkserver" in methods else "spawn")
        if "forkserver" in methods:
            # "__main__" is what a child would import anyway, once each.
            self._context.set_forkserver_preload(["__main__", "benchlib.reporting.batch.work"])
        self._parent = WarmParent.start() if is_warm and AVAILABLE else None
        self._workers: list[_Worker] = []

    def __enter__(self) -> LocalWorkers:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def run(self, tasks: Iterable[Task]) -> Iterator[Event]:
        """Run tasks and yield what happens, as it happens.

        Parameters
        ----------
        tasks : iterable of Task
            What to run.

        Yields
        ------
        Started or Finished
            Each task is started once or more, and finished once.
        """
        waiting = deque(tasks)
        attempts: dict[str, int] = {}
        while waiting or any(worker.task for worker in self._workers):
            while waiting and (worker := self._idle()):
                task = waiting.popleft()
                attempts[task.stem] = attempts.get(task.stem, 0) + 1
                self._give(worker, task)
                yield Started(task.stem, f"process {worker.process.pid}")
            for worker, lost in self._news():
                given, worker.task = worker.task, None
                if isinstance(lost, Outcome):
                    yield Finished(lost)
                elif given and attempts[given.stem] < _ATTEMPTS:
                    waiting.append(given)
                elif given:
                    yield Finished(Outcome(given.stem, failure=f"in its worker: {lost}, {_ATTEMPTS} times"))

    def _idle(self) -> _Worker | None:
        """Return a worker without work; a new one if there may be more."""
        idle = next((worker for worker in self._workers if worker.task is None), None)
        if idle is None and len(self._workers) < self.jobs:
            ours, theirs = self._context.Pipe()
            address = self._parent.address if self._parent else None
            process = self._context.Process(target=_serve, args=(theirs, address), name="benchlib-worker", daemon=True)
            process.start()
            theirs.close()
            idle = _Worker(process, ours)
            self._workers.append(idle)
        return idle

    @staticmethod
    def _give(worker: _Worker, task: Task) -> None:
        worker.task, worker.since = task, time.monotonic()
        with suppress(OSError):  # a worker that is dead already is noticed by its pipe
            worker.pipe.send(task)

    def _news(self) -> Iterator[tuple[_Worker, Outcome | str]]:
        """Yield workers that have finished, died or are hopelessly late, with the outcome or what happened to them."""
        ready = set(wait([worker.pipe for worker in self._workers if worker.task], _LOOK_S))
        for worker in [worker for worker in self._workers if worker.task]:
            if worker.pipe in ready:
                try:
                    yield worker, worker.pipe.recv()
                except (EOFError, OSError):
                    yield worker, self._bury(worker, "it was killed")
            elif worker.is_late:
                yield worker, self._bury(worker, "it did not answer any more")

    def _bury(self, worker: _Worker, what: str) -> str:
        self._workers.remove(worker)
        worker.process.kill()
        worker.process.join()
        worker.pipe.close()
        code = worker.process.exitcode
        return f"{what} ({signal.Signals(-code).name})" if code and code < 0 and what == "it was killed" else what

    def close(self) -> None:
        """End all workers and their kernels; what they were doing is lost."""
        for worker in self._workers:
            worker.process.terminate()
        for worker in self._workers:
            worker.process.join(2)
            worker.process.kill()
            worker.process.join()
            worker.pipe.close()
        self._workers.clear()
        if self._parent is not None:
            self._parent.close()
            self._parent = None


def _serve(pipe: Connection, address: str | None) -> None:
    """Be a worker: run what comes through the pipe until it is closed."""
    from benchlib.reporting.batch.work import work  # papermill and nbconvert: a second that the caller need not spend

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C in a terminal reaches everybody; only the caller decides
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    threading.Thread(target=_end_with_caller, daemon=True).start()
    with suppress(EOFError, OSError):
        while True:
            task = pipe.recv()
            try:
                outcome = work(task, warm=address)
            except Exception as error:  # a fault of benchlib or of its installation: told, and the other runs go on
                outcome = Outcome(task.stem, failure=f"in its worker: {type(error).__name__}: {error}")
            pipe.send(outcome)


def _end_with_caller() -> None:
    """End this process when the one that started it is gone, however it went."""
    caller = multiprocessing.parent_process()
    if caller is not None:
        wait([caller.sentinel])
        os._exit(1)
