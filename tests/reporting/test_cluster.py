"""Reports on a real Dask cluster of processes: the same bytes as here, whatever happens to its workers."""

from __future__ import annotations

import dataclasses
import gc
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest

from benchlib.errors import BenchlibWarning, OptionError, WorkerError
from benchlib.reporting.batch import remote
from benchlib.reporting.batch.cluster import ClusterWorkers
from benchlib.reporting.batch.plan import plan_tasks
from benchlib.reporting.batch.remote import differences
from benchlib.reporting.batch.reports import run_reports
from benchlib.reporting.batch.task import Finished, Outcome, Started, Task

distributed = pytest.importorskip("distributed")

Notebook = Callable[..., Path]
NAMES = ["Bauskas novads", "Ogres novads", "Dobeles novads", "Cēsu novads", "Kuldīgas novads"]
STEMS = [
    f"{name}-2013-lv" for name in ("bauskas-novads", "ogres-novads", "dobeles-novads", "cesu-novads", "kuldigas-novads")
]
WAIT = "import time\ntime.sleep(1)"


@pytest.fixture(autouse=True)
def half_made_clients_end_here() -> Iterator[None]:
    """A client that found nobody is closed when it is collected. Inside the start of the next cluster that waits for itself for ever."""
    yield
    gc.collect()


@contextmanager
def cluster_of(workers: int) -> Iterator[Any]:
    with distributed.LocalCluster(
        n_workers=workers, threads_per_worker=1, processes=True, dashboard_address=":0", silence_logs=50
    ) as cluster:
        yield cluster


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    with cluster_of(3) as cluster:
        yield cluster


@pytest.fixture
def client(cluster: Any) -> Iterator[Any]:
    """A second way into the cluster, for what a test does to its workers; all three are there."""
    with distributed.Client(cluster, set_as_default=False) as client:
        client.wait_for_workers(3, timeout=90)
        yield client


def tasks_of(path: Path, count: int = 1, **options: Any) -> list[Task]:
    return plan_tasks(path, NAMES[:count], languages=["lv"], **({"formats": ["html", "ipynb"]} | options))


def run(
    cluster: Any, tasks: list[Task], at_start: Callable[[Started], None] | None = None
) -> tuple[dict[str, Outcome], Counter[str]]:
    """Run tasks; return the outcomes, each of which may come only once, and how often each task was started."""
    outcomes: dict[str, Outcome] = {}
    starts: Counter[str] = Counter()
    with ClusterWorkers(cluster.scheduler_address) as workers:
        for event in workers.run(tasks):
            if isinstance(event, Finished):
                assert event.outcome.stem not in outcomes
                outcomes[event.outcome.stem] = event.outcome
            else:
                starts[event.stem] += 1
                if at_start:
                    at_start(event)
    return outcomes, starts


def process_at(client: Any, where: str) -> psutil.Process:
    return psutil.Process(client.run(os.getpid, workers=[f"tcp://{where}"])[f"tcp://{where}"])


# Runs ---------------------------------------------------------------------------------------------------------------


@pytest.mark.notebook
def test_the_same_files_as_on_this_machine(cluster: Any, notebook: Notebook, tmp_path: Path) -> None:
    path = notebook()
    options: dict[str, Any] = {"names": NAMES[:2], "languages": ["lv"], "formats": ["html", "pdf", "ipynb"]}
    batch = run_reports(path, **options, out=tmp_path / "far", scheduler=cluster.scheduler_address)
    near = run_reports(path, **options, out=tmp_path / "near", jobs=2)
    assert batch.is_done
    names = [f"{stem}.{suffix}" for stem in STEMS[:2] for suffix in ("html", "pdf", "ipynb")]
    for name in names:
        assert (tmp_path / "far" / name).read_bytes() == (tmp_path / "near" / name).read_bytes(), name
    assert near.is_done
    assert run_reports(path, **options, out=tmp_path / "far").unchanged == set(STEMS[:2]), "made there, current here"


@pytest.mark.notebook
def test_a_worker_killed_in_the_middle(cluster: Any, client: Any, notebook: Notebook) -> None:
    tasks = tasks_of(notebook(WAIT), 4)
    killed: list[str] = []
    kernels: list[psutil.Process] = []

    def kill_the_first(event: Started) -> None:
        if not killed:
            killed.append(event.stem)
            worker = process_at(client, event.where)
            while not kernels:
                time.sleep(0.1)
                kernels.extend(worker.children(recursive=True))
            worker.kill()

    outcomes, starts = run(cluster, tasks, kill_the_first)
    assert set(outcomes) == set(STEMS[:4])
    assert [outcome.failure for outcome in outcomes.values()] == [""] * 4
    assert starts[killed[0]] == 2
    assert starts.total() == 5
    undisturbed, _ = run(cluster, tasks[:1])
    assert undisturbed[killed[0]].files == outcomes[killed[0]].files
    _, alive = psutil.wait_procs(kernels, timeout=30)
    assert not alive, "a kernel has survived its worker"


@pytest.mark.notebook
def test_a_run_whose_workers_are_always_lost_is_given_up(cluster: Any, client: Any, notebook: Notebook) -> None:
    """The others are finished; three workers are enough."""
    tasks = tasks_of(notebook(WAIT), 3)

    def kill(event: Started) -> None:
        if event.stem == STEMS[0]:
            process_at(client, event.where).kill()

    outcomes, starts = run(cluster, tasks, kill)
    assert starts[STEMS[0]] == 3
    assert "it was lost 3 times while it ran this report" in outcomes[STEMS[0]].failure
    assert outcomes[STEMS[0]].files == {}
    assert [outcomes[stem].failure for stem in STEMS[1:3]] == ["", ""]


@pytest.mark.notebook
def test_a_notebook_that_fails_comes_back_with_its_traceback(cluster: Any, client: Any, notebook: Notebook) -> None:
    outcomes, starts = run(cluster, tasks_of(notebook("1 / 0")))
    (outcome,) = outcomes.values()
    assert "cell 8 (The last part): ZeroDivisionError: division by zero" in outcome.failure
    assert list(outcome.files) == ["failed.ipynb"]
    assert b"Traceback" in outcome.files["failed.ipynb"]
    assert starts.total() == 1, "what failed once fails again"


@pytest.mark.notebook
def test_a_folder_that_the_worker_does_not_see(cluster: Any, client: Any, notebook: Notebook) -> None:
    (task,) = tasks_of(notebook())
    outcomes, _ = run(cluster, [dataclasses.replace(task, folder="/not/on/this/machine")])
    assert (
        "/not/on/this/machine is not there. Put the notebook on a drive that all workers see"
        in outcomes[task.stem].failure
    )


def command_of(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.Error:  # it has just ended
        return ""


def under_way(dask_worker: Any) -> int:
    """Return how many runs and kernels a worker has; the process from which kernels are forked looks like one of them."""
    names = [command_of(child) for child in psutil.Process().children(recursive=True)]
    forks = sum("benchlib.reporting.kernel" in name for name in names)
    return int(dask_worker.state.executing_count) + max(0, forks - 1) + sum("ipykernel" in name for name in names)


@pytest.mark.notebook
def test_what_nobody_waits_for_ends(cluster: Any, client: Any, notebook: Notebook) -> None:
    """After Ctrl-C runs end before their next cell, and kernels with them; the last of these cells would come in two minutes."""
    tasks = tasks_of(notebook(*["import time\ntime.sleep(2)"] * 60), 2)
    with ClusterWorkers(cluster.scheduler_address) as workers:
        assert isinstance(next(workers.run(tasks)), Started)
        while sum(client.run(under_way).values()) < 2:
            time.sleep(0.1)
    deadline = time.monotonic() + 60
    while (left := sum(client.run(under_way).values())) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert left == 0


# Who may run --------------------------------------------------------------------------------------------------------


def change_code(digest: str) -> str:
    """Let a worker believe that its code has another hash; return the one that it had."""
    before, remote.code_digest = remote.code_digest(), lambda: digest  # type: ignore[assignment]
    return before


def test_a_worker_with_other_code_is_named(cluster: Any, client: Any) -> None:
    victim = next(iter(client.nthreads()))
    digest = client.run(change_code, "changed", workers=[victim])[victim]
    try:
        with pytest.raises(WorkerError, match="would write other reports") as raised:
            ClusterWorkers(cluster.scheduler_address)
    finally:
        client.run(change_code, digest, workers=[victim])
    assert f"{victim.removeprefix('tcp://')}: other code. Install the same benchlib" in str(raised.value)
    assert str(raised.value).count("other code") == 1


@pytest.mark.notebook
def test_a_worker_that_joins_later_is_checked_too(
    cluster: Any, client: Any, notebook: Notebook, tmp_path: Path
) -> None:
    """A worker whose benchlib is an empty folder joins, gets nothing, and is named."""
    (tmp_path / "benchlib").mkdir()
    (tmp_path / "benchlib" / "__init__.py").touch()
    command = [sys.executable, "-m", "distributed.cli.dask_worker", cluster.scheduler_address, "--no-nanny"]
    joined: list[subprocess.Popen[bytes]] = []
    known = set(client.nthreads())
    places: set[str] = set()

    def join(event: Started) -> None:
        places.add(event.where)
        if not joined:
            environment = os.environ | {"PYTHONPATH": str(tmp_path)}
            joined.append(subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL, cwd=tmp_path))
            client.wait_for_workers(4, timeout=90)

    try:
        with pytest.warns(BenchlibWarning, match=r"gets no reports: cannot run benchlib \(.*No module named"):
            outcomes, _ = run(cluster, tasks_of(notebook(WAIT), 5), join)
    finally:
        for process in joined:
            process.kill()
            process.wait()
    assert [outcome.failure for outcome in outcomes.values()] == [""] * 5
    assert {f"tcp://{where}" for where in places} <= known


def test_differences_have_names() -> None:
    here = {"Python": "3.13.1", "benchlib": "0.2.0", "babel": "2.17", "code": "a", "figures": "b"}
    assert differences(here, dict(here)) == ""
    there = here | {"benchlib": "0.1.0", "figures": "c"}
    del there["babel"]
    assert differences(here, there) == "benchlib 0.1.0 (here 0.2.0), babel is missing (here 2.17), other figures"


# The scheduler ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    ["localhost:8786", "localhost", "", "http://localhost:8786", "tcp://", "tcp://host", "tcp://host:port", 8786],
)
def test_what_is_no_address(address: Any) -> None:
    with pytest.raises(OptionError, match="is not the address of a Dask scheduler"):
        ClusterWorkers(address)


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:1", "tcp://[::1]:1"])
def test_nobody_answers(address: str) -> None:
    with pytest.raises(WorkerError, match=r"No Dask scheduler answers at .*:1 within 1 seconds\. See whether it runs"):
        ClusterWorkers(address, timeout=1)


def test_tls_without_certificates() -> None:
    with pytest.raises(WorkerError, match=r"distributed\.comm\.tls"):
        ClusterWorkers("tls://127.0.0.1:1", timeout=1)


def test_no_workers() -> None:
    with (
        cluster_of(0) as empty,
        pytest.raises(WorkerError, match=r"has had no workers .* Start some: dask worker tcp://"),
    ):
        ClusterWorkers(empty.scheduler_address, patience=0.5)


@pytest.mark.notebook
def test_the_scheduler_is_lost_in_the_middle(notebook: Notebook) -> None:
    with cluster_of(1) as cluster, ClusterWorkers(cluster.scheduler_address, timeout=2) as workers:
        events = workers.run(tasks_of(notebook(WAIT), 3))
        assert isinstance(next(events), Started)
        cluster.close()
        with pytest.raises(WorkerError, match=r"does not answer any more .* repeat the command"):
            list(events)


def test_without_distributed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(WorkerError, match=r'pip install "benchlib\[cluster\]"'):
        ClusterWorkers("tcp://127.0.0.1:1")


def test_who_does_not_use_a_cluster_does_not_load_it() -> None:
    code = "import sys, benchlib.reporting.batch.reports, benchlib.reporting.batch.cluster; print('distributed' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "False"
