"""Replications on the workers of an executor: the same numbers, and clear words when workers are lost."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from typing import Any

import numpy as np
import pandas as pd
import pytest

from benchlib import cached
from benchlib.efficiency import Sample, bootstrap, mean_difference, mean_efficiency, rts_test, second_stage, subsampling
from benchlib.efficiency.inference import pieces
from benchlib.efficiency.inference.subsets import score_against_subsets
from benchlib.efficiency.kernels.programme import Technology
from benchlib.efficiency.nonparametric import solution
from benchlib.efficiency.nonparametric.envelopment import technology_of
from benchlib.efficiency.nonparametric.solution import replicate_radial
from benchlib.errors import OptionError, WorkerError

Call = Callable[..., Any]

#: Multiplications of a piece in these tests, so that small samples are cut as well.
SMALL = 20_000


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pieces, "PIECE", SMALL)


@pytest.fixture(scope="module")
def processes() -> Iterator[Executor]:
    with ProcessPoolExecutor(2, multiprocessing.get_context("spawn")) as pool:
        yield pool


class Counting(ThreadPoolExecutor):
    """Runs tasks in threads and remembers how many there were."""

    tasks = 0

    def submit(self, *args: Any, **kwargs: Any) -> Future[Any]:
        self.tasks += 1
        return super().submit(*args, **kwargs)


class Failing(Executor):
    """Gives back futures that fail with an error, or are cancelled."""

    def __init__(self, error: BaseException | None) -> None:
        self.error, self.futures = error, list[Future[Any]]()

    def submit(self, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        if self.futures:
            pass  # the first decides; the others wait until they are cancelled
        elif self.error is None:
            future.cancel()
        else:
            future.set_exception(self.error)
        self.futures.append(future)
        return future


def same(first: Any, second: Any) -> None:
    pd.testing.assert_frame_equal(first.scores, second.scores, check_exact=True)
    assert first.info == second.info
    if hasattr(first, "replicates"):
        np.testing.assert_array_equal(first.replicates, second.replicates)
        assert first.replicates.dtype == second.replicates.dtype


# The same numbers ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("workers", [1, 3])
@pytest.mark.parametrize("orientation", ["input", "output"])
def test_threads(synth43: Sample, workers: int, orientation: Any) -> None:
    options: dict[str, Any] = {"orientation": orientation, "replications": 67, "seed": 1}
    with Counting(workers) as pool:
        same(bootstrap(synth43, **options), bootstrap(synth43, **options, executor=pool))
    assert pool.tasks > 3


def test_processes(synth43: Sample, processes: Executor) -> None:
    options: dict[str, Any] = {"rts": "crs", "replications": 50, "seed": 2}
    same(bootstrap(synth43, **options), bootstrap(synth43, **options, executor=processes))


def halves(sample: Sample, **options: Any) -> Any:
    return mean_difference(sample.subset(sample.units[:21]), sample.subset(sample.units[21:]), **options)


def explained(sample: Sample, **options: Any) -> Any:
    table = sample.to_frame().assign(z=np.arange(len(sample)) % 7)
    chosen = Sample.from_table(table, sample.inputs, sample.outputs, "unit", "z")
    return second_stage(chosen, replications=40, bias_replications=60, **options)


@pytest.mark.filterwarnings("ignore::benchlib.errors.BenchlibWarning")
@pytest.mark.parametrize(
    ("call", "options"),
    [
        (subsampling, {"replications": 50, "size": 30}),
        (rts_test, {"replications": 50}),
        (mean_efficiency, {"splits": 30}),
        (halves, {"splits": 120}),
        (explained, {}),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_all_that_take_an_executor(synth43: Sample, call: Call, options: dict[str, Any]) -> None:
    with Counting(2) as pool:
        same(call(synth43, seed=3, **options), call(synth43, seed=3, **options, executor=pool))
    assert pool.tasks > 1


def test_a_cluster_of_processes(synth43: Sample) -> None:
    distributed = pytest.importorskip("distributed")
    options: dict[str, Any] = {"replications": 60, "seed": 1}
    with (
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0") as cluster,
        distributed.Client(cluster) as client,
    ):
        same(bootstrap(synth43, **options), bootstrap(synth43, **options, executor=client.get_executor()))
        with pytest.raises(OptionError, match=r"executor is of type Client, .*client\.get_executor\(\)"):
            bootstrap(synth43, seed=1, executor=client)


def test_one_number_for_all_in_the_cache(synth43: Sample, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    with Counting(2) as first, Counting(2) as second:
        made = cached(bootstrap, synth43, replications=50, seed=1, executor=first)
        found = cached(bootstrap, synth43, replications=50, seed=1, executor=second)
        same(found, cached(bootstrap, synth43, replications=50, seed=1))
    same(made, found)
    assert first.tasks > 1
    assert second.tasks == 0


# Pieces -------------------------------------------------------------------------------------------------------------


def technology(n: int, variables: int = 2) -> Technology:
    return Technology(np.ones((1, n)), np.ones((variables - 1, n)), 1.0, 1.0, False)


def test_what_is_little_work_stays_here(synth43: Sample, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    with Counting(2) as pool:
        bootstrap(synth43, replications=50, seed=1, executor=pool)
    assert pool.tasks == 0


def test_pieces_hold_enough_replications_for_the_technology_that_goes_with_them() -> None:
    """However large the sample, the technology is at most half of what is sent."""
    t = technology(2000, variables=5)
    assert pieces.count_pieces(t, np.ones((40, 2000))) == 8
    assert pieces.count_pieces(t, np.ones((3, 2000))) == 1


def test_a_task_uses_one_thread(synth43: Sample, monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker with eight places runs eight tasks; with threads of their own they would be 64."""

    def refuse(threads: int) -> ThreadPoolExecutor:
        raise AssertionError(f"{threads} threads in a task")

    monkeypatch.setattr(solution, "WORTH_THREADS", 0)
    monkeypatch.setattr(solution.numba.config, "NUMBA_NUM_THREADS", 2)
    monkeypatch.setattr(solution, "ThreadPoolExecutor", refuse)
    t, stamp = technology_of(synth43, "input", "vrs"), pieces.code_stamp("efficiency")
    drawn, members = np.ones((3, 43)), np.tile(np.arange(30), (3, 1))
    assert pieces.score_piece(stamp, replicate_radial, t, drawn)[0].shape == (3, 43)
    assert pieces.score_piece(stamp, score_against_subsets, t, members)[0].shape == (3, 43)
    with pytest.raises(AssertionError, match="2 threads in a task"):
        replicate_radial(t, drawn)


# Lost work ----------------------------------------------------------------------------------------------------------


class KilledWorker(Exception):  # noqa: N818 - Dask's name
    """As Dask's."""


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (BrokenExecutor("gone"), "a worker process ended, .*fewer workers or more memory"),
        (KilledWorker("gone"), "a worker process ended"),
        (None, "they were cancelled, or the connection to the scheduler was lost"),
        (OSError("no space left"), "OSError: no space left"),
    ],
)
def test_lost_work_is_an_error_that_says_what_to_do(synth43: Sample, error: Any, message: str) -> None:
    executor = Failing(error)
    with pytest.raises(WorkerError, match=message) as raised:
        bootstrap(synth43, replications=50, seed=1, executor=executor)
    assert "call again without executor: the numbers are the same" in str(raised.value)
    assert all(future.done() for future in executor.futures), "the others go on for nothing"


def test_a_killed_process(synth43: Sample) -> None:
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        victim = pool.submit(os.getpid).result()
        os.kill(victim, signal.SIGKILL)
        with pytest.raises(WorkerError, match="a worker process ended"):
            bootstrap(synth43, replications=50, seed=1, executor=pool)


def test_an_executor_that_was_shut_down(synth43: Sample) -> None:
    pool = ThreadPoolExecutor(1)
    pool.shutdown()
    with pytest.raises(WorkerError, match="after shutdown"):
        bootstrap(synth43, replications=50, seed=1, executor=pool)


def test_a_worker_with_other_code_is_refused(synth43: Sample, processes: Executor) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pieces, "code_stamp", lambda room: "that of this process")
        with pytest.raises(WorkerError, match="A worker of the executor has other code"):
            bootstrap(synth43, replications=50, seed=1, executor=processes)


@pytest.mark.parametrize("call", [bootstrap, subsampling, rts_test, mean_efficiency, second_stage])
def test_what_is_no_executor(five: Sample, call: Call) -> None:
    with pytest.raises(OptionError, match=r"executor is of type int, not a concurrent\.futures\.Executor"):
        call(five, seed=1, executor=4)
