"""Workers of a Dask cluster: each run is one task, and its files come back to the process that asked."""

from __future__ import annotations

import itertools
import re
import time
import uuid
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Any, Final

from benchlib.errors import BenchlibWarning, OptionError, WorkerError, warn
from benchlib.reporting.batch.remote import differences, installation, run_task
from benchlib.reporting.batch.task import Event, Finished, Outcome, Started, Task

#: A run whose worker was lost is given to others so many times.
_RETRIES: Final = 2
#: Seconds for the scheduler to answer the first time, and later, when it may be busy, and to wait for a worker when there is none.
_CONNECT_S: Final = 10.0
_ANSWER_S: Final = 60.0
_PATIENCE_S: Final = 120.0
#: How often to look which workers came and went.
_LOOK_S: Final = 1.0
_ADDRESS: Final = re.compile(r"(tcp|tls|ws|wss)://([^\s/:\[\]]+|\[[\da-f:.]+\]):\d{1,5}/?", re.ASCII)
#: So many workers are named in a message.
_NAMED: Final = 3


@dataclass
class _Worker:
    """A worker that may have tasks."""

    address: str
    threads: int
    running: int = 0

    @property
    def name(self) -> str:
        return _name(self.address)

    @property
    def freedom(self) -> float:
        return 1.0 - self.running / self.threads


@dataclass(frozen=True)
class _Run:
    """A task that was handed to a worker."""

    task: Task
    worker: _Worker
    future: Any


@dataclass
class _Lost:
    """What became of a run of which nothing came back."""

    task: Task
    where: str


class ClusterWorkers:
    """Workers of a Dask cluster that run tasks, one for each of their threads at a time.

    Only workers with the same benchlib, figures and packages as this process get tasks: the others would write other reports.

    Parameters
    ----------
    address : str
        Of the scheduler, such as "tcp://192.0.2.1:8786"; "tls://..." with the certificates that Dask's own configuration names.
    timeout : float
        Seconds within which the scheduler must answer.
    patience : float
        Seconds to wait for a worker when there is none.

    Raises
    ------
    OptionError
        If the address cannot be one.
    WorkerError
        If distributed is not installed, nobody answers, there are no workers, or one of them differs from this process.
    """

    def __init__(self, address: str, *, timeout: float = _CONNECT_S, patience: float = _PATIENCE_S) -> None:
        self._address, self._timeout, self._patience = address, timeout, patience
        self._here = installation()
        self._workers: dict[str, _Worker] = {}
        self._refused: dict[str, str] = {}
        self._runs: dict[int, _Run] = {}
        # Two batches with runs of the same name must not share them.
        self._batch, self._numbers = uuid.uuid4().hex, itertools.count()
        self._done: SimpleQueue[int] = SimpleQueue()
        self._looked = self._seen = time.monotonic()
        self._client = connect(address, timeout)
        try:
            self._look_for_first()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> ClusterWorkers:
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
            Each task is started once, or again if its worker was lost, and finished once.

        Raises
        ------
        WorkerError
            If the scheduler is lost, or there are no workers any more.
        """
        waiting = deque(tasks)
        # As on one machine: a warm parent on each worker does not pay for a run or two, unless it has to hold a limit.
        threads = sum(worker.threads for worker in self._workers.values())
        is_warm = len(waiting) > threads or any(task.memory_limit is not None for task in waiting)
        losses: Counter[str] = Counter()
        while waiting or self._runs:
            while waiting and (worker := self._freest()):
                task = waiting.popleft()
                self._hand(task, worker, is_warm=is_warm)
                yield Started(task.stem, worker.name)
            for news in self._news():
                if isinstance(news, Outcome):
                    yield Finished(news)
                    continue
                losses[news.task.stem] += 1
                if losses[news.task.stem] <= _RETRIES:
                    waiting.append(news.task)
                else:
                    yield Finished(Outcome(news.task.stem, failure=_lost_too_often(news.where, _RETRIES + 1)))

    def close(self) -> None:
        """Cancel what is not finished, and leave the cluster. Workers end a run that nobody wants before its next cell."""
        with suppress(Exception):  # whatever Dask says of a scheduler that is gone, nothing is left to be done there
            self._client.cancel([run.future for run in self._runs.values()])
            self._client.close(timeout=self._timeout)
        self._runs.clear()

    def _freest(self) -> _Worker | None:
        """Return the worker with the greatest share of idle threads, if there is one."""
        found = max(self._workers.values(), key=lambda worker: worker.freedom, default=None)
        return found if found and found.freedom > 0.0 else None

    def _hand(self, task: Task, worker: _Worker, *, is_warm: bool) -> None:
        number = next(self._numbers)
        # Tasks are handed out one by one, not all at once: a batch may be larger than the scheduler's memory.
        future = self._client.submit(
            run_task,
            task,
            is_warm=is_warm,
            key=("benchlib-report", task.stem, f"{self._batch}-{number}"),
            workers=[worker.address],
            allow_other_workers=False,
            pure=False,
        )
        self._runs[number] = _Run(task, worker, future)
        worker.running += 1
        future.add_done_callback(lambda _: self._done.put(number))

    def _news(self) -> Iterator[Outcome | _Lost]:
        """Yield what has come back or was lost; wait a moment for it."""
        try:
            number = self._done.get(timeout=_LOOK_S)
        except Empty:
            pass
        else:
            if number in self._runs:
                yield self._result(self._pop(number))
        if time.monotonic() - self._looked >= _LOOK_S:
            self._look()
            gone = [number for number, run in self._runs.items() if run.worker.address not in self._workers]
            for number in gone:
                run = self._pop(number)
                run.future.cancel()
                yield _Lost(run.task, run.worker.name)

    def _pop(self, number: int) -> _Run:
        run = self._runs.pop(number)
        run.worker.running -= 1
        return run

    def _result(self, run: _Run) -> Outcome | _Lost:
        """Return the outcome of a run that has ended."""
        if run.future.status == "error":
            error = run.future.exception()
            if type(error).__name__ == "KilledWorker":
                return _Lost(run.task, run.worker.name)
            return Outcome(run.task.stem, failure=f"in its worker {run.worker.name}: {type(error).__name__}: {error}")
        while run.future.status == "finished":
            try:
                outcome: Outcome = run.future.result(timeout=_LOOK_S)
            except TimeoutError:  # as long as the worker lives, it is on its way
                self._look()
                if run.worker.address not in self._workers:
                    break
            else:
                return outcome
        run.future.cancel()
        return _Lost(run.task, run.worker.name)

    def _look_for_first(self) -> None:
        """Wait for workers; at the beginning somebody is there to read which of them differ."""
        self._look()
        while not self._workers and not self._refused:
            time.sleep(min(_LOOK_S, self._patience / 10.0))
            self._look()
        if self._refused:
            raise WorkerError(self._about_refused())

    def _look(self) -> None:
        """Find out which workers are there; new ones are asked what they have installed before they get tasks."""
        try:
            threads: Mapping[str, int] = self._client.nthreads(callback_timeout=_ANSWER_S)
            new = [address for address in threads if address not in self._workers and address not in self._refused]
            # A function of this package; where there is none, the answer is the error.
            found = self._client.run(installation, workers=new, on_error="return") if new else {}
        except Exception as error:  # whatever Dask raises when its scheduler is gone
            raise WorkerError(
                f"The Dask scheduler at {self._address} does not answer any more ({type(error).__name__}). What was finished is kept: "
                "start the scheduler again and repeat the command to go on."
            ) from error
        self._workers = {address: worker for address, worker in self._workers.items() if address in threads}
        self._refused = {address: why for address, why in self._refused.items() if address in threads}
        for address, there in found.items():
            self._admit(address, threads[address], there)
        self._looked = time.monotonic()
        if self._workers:
            self._seen = self._looked
        elif self._looked - self._seen > self._patience:
            raise WorkerError(self._about_refused() if self._refused else self._about_nobody())

    def _admit(self, address: str, threads: int, there: Any) -> None:
        """Let a worker have tasks, or refuse it."""
        if isinstance(there, OSError):  # it left as it came; if not, it is asked again
            return
        why = f"cannot run benchlib ({there})" if isinstance(there, Exception) else differences(self._here, there)
        if not why:
            self._workers[address] = _Worker(address, threads)
            return
        self._refused[address] = why
        if self._runs:
            warn(f"The worker {_name(address)} gets no reports: {why}. {_REMEDY}", BenchlibWarning)

    def _about_refused(self) -> str:
        named = [f"{_name(address)}: {why}" for address, why in list(self._refused.items())[:_NAMED]]
        rest = len(self._refused) - len(named)
        return (
            f"Workers of {self._address} would write other reports than this process. {'; '.join(named)}"
            f"{f'; and {rest} more' if rest else ''}. {_REMEDY}"
        )

    def _about_nobody(self) -> str:
        return (
            f"The Dask scheduler at {self._address} has had no workers for {self._patience:.0f} seconds. "
            f"Start some: dask worker {self._address}"
        )


_REMEDY: Final = "Install the same benchlib, figures and packages there (requirements.lock), restart the worker, and repeat the command."


def connect(address: str, timeout: float) -> Any:
    """Return a client of the scheduler at an address, or raise OptionError or WorkerError that say why there is none."""
    if not isinstance(address, str) or not _ADDRESS.fullmatch(address):
        raise OptionError(
            f"scheduler={address!r:.200} is not the address of a Dask scheduler. Needed is tcp://host:port, as `dask scheduler` prints "
            "it when it starts, or tls://host:port."
        )
    try:
        from distributed import Client
    except ModuleNotFoundError as error:
        raise WorkerError(
            'A cluster needs the package distributed, which is not installed. Add it: pip install "benchlib[cluster]".'
        ) from error
    try:
        return Client(address, timeout=timeout, set_as_default=False)  # type: ignore[no-untyped-call]
    except OSError as error:
        raise WorkerError(
            f"No Dask scheduler answers at {address} within {timeout:g} seconds. See whether it runs (dask scheduler), whether the "
            "address is the one it printed, and whether a firewall is between."
        ) from error
    except (TypeError, ValueError, RuntimeError) as error:
        raise WorkerError(
            f"The connection to {address} cannot be made: {error} For tls://, Dask's configuration must name the certificates "
            "(distributed.comm.tls)."
        ) from error


def _name(address: str) -> str:
    return address.partition("://")[2]


def _lost_too_often(where: str, times: int) -> str:
    return (
        f"in its worker: it was lost {times} times while it ran this report, at last {where}. If that is for want of memory, give "
        "workers more of it or fewer threads, or limit that of a run (--memory)."
    )
