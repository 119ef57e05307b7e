"""A batch: everything planned before anything runs, failures kept apart, nothing repeated without need."""

from __future__ import annotations

import io
import json
import os
import signal
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat
import pytest
from rich.console import Console

from benchlib.errors import OptionError, ParameterError, ReportError, UnknownTerritoryError
from benchlib.reporting.batch import identity, publish, reports
from benchlib.reporting.batch.local import LocalWorkers
from benchlib.reporting.batch.occupied import occupied
from benchlib.reporting.batch.plan import plan_tasks
from benchlib.reporting.batch.progress import Progressing, summary_of
from benchlib.reporting.batch.records import Record
from benchlib.reporting.batch.reports import Batch, run_reports
from benchlib.reporting.batch.task import Finished

Notebook = Callable[..., Path]
THREE = ["Bauskas novads", "Ogres novads", "Dobeles novads"]


class Watching:
    """Keeps what a batch tells, and does something when a run starts."""

    def __init__(self, at_start: Callable[[str, str], None] | None = None) -> None:
        self.at_start = at_start
        self.plan: tuple[int, int] = (0, 0)
        self.replaced: Mapping[str, tuple[str, ...]] = {}
        self.begun: list[str] = []
        self.ended: list[Record] = []

    def planned(self, runs: int, unchanged: int, replaced: Mapping[str, tuple[str, ...]]) -> None:
        self.plan, self.replaced = (runs, unchanged), replaced

    def started(self, stem: str, where: str) -> None:
        self.begun.append(stem)
        if self.at_start:
            self.at_start(stem, where)

    def finished(self, record: Record) -> None:
        self.ended.append(record)


def run(path: Path, out: Path, names: Any = tuple(THREE), **options: Any) -> tuple[Batch, Watching]:
    watcher = options.pop("watcher", Watching())
    given = {"languages": ["lv"], "formats": ["html", "ipynb"], "jobs": 2} | options
    return run_reports(path, list(names), out=out, watcher=watcher, **given), watcher


def names_in(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file() and ".lock" not in path.name}


# The plan -----------------------------------------------------------------------------------------------------------


def test_everybody_in_both_languages_is_the_default() -> None:
    tasks = plan_tasks()
    assert len(tasks) == 84
    assert len({task.stem for task in tasks}) == 84
    assert {task.parameters["language"] for task in tasks} == {"lv", "en"}
    bauska = next(task for task in tasks if task.stem == "bauskas-novads-2013-lv")
    assert bauska.parameters["municipality"] == "Bauskas novads"
    assert dict(bauska.links) == {
        "pdf": "bauskas-novads-2013-lv.pdf",
        "ipynb": "bauskas-novads-2013-lv.ipynb",
        "en": "bauskas-novads-2013-en.html",
    }


def test_years_and_territories_multiply() -> None:
    tasks = plan_tasks(years=[2012, 2013], languages=["lv"], parameters={"territory": "2009"})
    assert len(tasks) == 2 * 119
    assert "vecumnieku-novads-of-2009-2012-lv" in {task.stem for task in tasks}


def test_services_are_planned_like_municipalities() -> None:
    assert [task.stem for task in plan_tasks("service", languages=["en"])] == ["service-schools-2013-en"]


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"names": ["Bauskas novads", "Bauskass novadz"]}, UnknownTerritoryError, "Bauskas novads"),
        ({"names": "Bauskas novads"}, OptionError, "Give a list"),
        ({"names": []}, OptionError, "nothing to run"),
        ({"years": [2031]}, ParameterError, "2011, 2012, 2013"),
        ({"languages": ["de"]}, ParameterError, "language='de'"),
        ({"formats": ["docx"]}, OptionError, "formats='docx'"),
        ({"parameters": {"grupp": "region"}}, ParameterError, "Did you mean 'group'"),
        ({"parameters": {"territory": "2020"}}, OptionError, "2009"),
        ({"notebook": "service", "parameters": {"service": "libraries"}}, OptionError, "'service' .* by names"),
        ({"parameters": {"language": "lv"}}, OptionError, "'language' .* by languages"),
        ({"years": [2013], "parameters": {"year": 2012}}, OptionError, "'year' .* by years"),
        ({"notebook": "nothing"}, OptionError, "neither a notebook of the project"),
    ],
)
def test_a_wrong_plan_starts_nothing(options: dict[str, Any], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        plan_tasks(**options)


@pytest.mark.parametrize("jobs", [0, -1, 1.5, True])
def test_jobs_must_be_a_count(jobs: Any, tmp_path: Path) -> None:
    with pytest.raises(OptionError, match="whole number from 1"):
        run_reports(names=THREE, out=tmp_path, jobs=jobs)


def test_the_clerk_is_told_which_reports_are_replaced() -> None:
    console = Console(width=60, record=True, file=io.StringIO())
    Progressing(console).planned(8, 0, {f"report-{n}": ("group", "seed")[: n + 1] for n in range(7)})
    told = console.export_text()
    assert "with another group, seed, and replaced now: report-0, report-1," in told
    assert "report-4, 2 more." in told
    assert "--out" in told
    quiet = Console(record=True, file=io.StringIO())
    Progressing(quiet).planned(8, 0, {})
    assert "replaced" not in quiet.export_text()


def test_of_a_long_failure_the_advice_at_its_end_is_shown(tmp_path: Path) -> None:
    failure = "No municipality of this name. " + "All names: see there. " * 30 + "Take the member out."
    record = Record("stem", "network", {}, "key", status="failed", failure=failure)
    console = Console(width=200, record=True, file=io.StringIO())
    Progressing(console).finished(record)
    console.print(summary_of(Batch(tmp_path, (record,))))
    assert " ".join(console.export_text().split()).count("Take the member out.") == 2


# Runs ---------------------------------------------------------------------------------------------------------------


@pytest.mark.notebook
def test_reports_records_and_manifest(notebook: Notebook, tmp_path: Path) -> None:
    out = tmp_path / "new" / "reports"
    batch, seen = run(notebook(), out)
    stems = ["bauskas-novads-2013-lv", "ogres-novads-2013-lv", "dobeles-novads-2013-lv"]
    assert batch.is_done
    assert [record.stem for record in batch.records] == stems
    assert seen.plan == (3, 0)
    assert sorted(seen.begun) == sorted(record.stem for record in seen.ended) == sorted(stems)
    files = {f"{stem}.{suffix}" for stem in stems for suffix in ("html", "ipynb")}
    assert names_in(out) == files | {f".runs/{stem}.json" for stem in stems} | {"runs.json"}

    manifest = json.loads(batch.manifest.read_text("utf-8"))
    assert [entry["stem"] for entry in manifest["runs"]] == sorted(stems)
    entry = manifest["runs"][0]
    assert entry["title"] == "Bauskas novads"
    assert entry["status"] == "done"
    assert entry["parameters"]["municipality"] == "Bauskas novads"
    assert entry["files"]["html"]["bytes"] == (out / entry["files"]["html"]["name"]).stat().st_size
    assert 0 < entry["peak_mb"] < 2000


@pytest.mark.notebook
def test_what_is_unchanged_is_skipped_and_what_changed_is_not(
    notebook: Notebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = notebook()

    def begun(replaced: tuple[str, ...] = (), **options: Any) -> list[str]:
        seen = run(path, tmp_path, THREE[:1], **options)[1]
        assert seen.replaced == ({bauska: replaced} if replaced else {})
        return seen.begun

    bauska = "bauskas-novads-2013-lv"
    assert begun() == [bauska]
    before = (tmp_path / f"{bauska}.html").read_bytes()
    assert begun() == []
    assert (tmp_path / f"{bauska}.html").read_bytes() == before

    assert begun(replaced=("seed",), parameters={"seed": 2}) == [bauska]
    assert begun(replaced=("seed",)) == [bauska], "what lies there is that of the other seed"

    html = tmp_path / f"{bauska}.html"
    html.write_bytes(html.read_bytes()[:-1])
    assert begun() == [bauska], "a file cut short is made anew"
    html.unlink()
    assert begun() == [bauska]
    assert begun(formats=["html"]) == [bauska]
    assert begun(formats=["html"]) == []

    for part in ("figures_digest", "code_digest", "environment_digest"):
        monkeypatch.setattr(identity, part, lambda: "changed")
        assert begun(formats=["html"]) == [bauska], part
        assert begun(formats=["html"]) == []

    cells = nbformat.read(path, as_version=4)
    cells.cells[3].outputs = [nbformat.v4.new_output("stream", text="left by an earlier run")]
    nbformat.write(cells, path)
    assert begun(formats=["html"]) == [], "outputs of an earlier run change nothing"
    cells.cells.append(nbformat.v4.new_code_cell("say('more')"))
    nbformat.write(cells, path)
    assert begun(formats=["html"]) == [bauska]


FAILS_FOR_OGRE = "assert 'Ogre' not in parameters.municipality, 'no figures for Ogre'"


@pytest.mark.notebook
def test_a_failed_run_is_kept_apart(notebook: Notebook, tmp_path: Path) -> None:
    batch, _ = run(notebook(FAILS_FOR_OGRE), tmp_path)
    assert not batch.is_done
    assert [record.status for record in batch.records] == ["done", "failed", "done"]
    (failed,) = batch.failed
    assert failed.failure.startswith("in cell 8 (The last part): AssertionError: no figures for Ogre")
    kept = nbformat.read(tmp_path / failed.files["failed.ipynb"]["name"], as_version=4)
    assert any(output.output_type == "error" for cell in kept.cells for output in cell.get("outputs", []))
    assert not (tmp_path / "ogres-novads-2013-lv.html").exists()

    again, seen = run(notebook("say('mended')"), tmp_path)
    assert again.is_done
    assert len(seen.begun) == 3, "another notebook"
    assert not (tmp_path / "ogres-novads-2013-lv.failed.ipynb").exists()


@pytest.mark.notebook
def test_fail_fast_stops_and_the_next_call_carries_on(notebook: Notebook, tmp_path: Path) -> None:
    path = notebook(FAILS_FOR_OGRE)
    names = ["Ogres novads", "Bauskas novads", "Dobeles novads", "Talsu novads"]
    batch, _ = run(path, tmp_path, names, keep_going=False, jobs=1)
    assert [record.status for record in batch.records] == ["failed", "waiting", "waiting", "waiting"]
    batch, seen = run(path, tmp_path, names, jobs=1)
    assert [record.status for record in batch.records] == ["failed", "done", "done", "done"]
    batch, seen = run(path, tmp_path, names, jobs=1)
    assert seen.begun == ["ogres-novads-2013-lv"], "only what failed is tried again"


@pytest.mark.notebook
def test_a_run_that_hangs_is_given_up(notebook: Notebook, tmp_path: Path) -> None:
    batch, _ = run(notebook("import time; time.sleep(600)"), tmp_path, THREE[:1], timeout=3)
    assert "longer than 3 seconds" in batch.failed[0].failure


@pytest.mark.notebook
def test_a_kernel_that_eats_memory_fails_alone(notebook: Notebook, tmp_path: Path) -> None:
    greedy = "x = bytearray(6_000_000_000) if 'Ogre' in parameters.municipality else 0"
    batch, _ = run(notebook(greedy), tmp_path, memory_limit=3_000_000_000)
    assert [record.status for record in batch.records] == ["done", "failed", "done"]
    assert "MemoryError" in batch.failed[0].failure


KILLED_ONCE = """
import os, pathlib, signal
mark = pathlib.Path({folder!r}) / parameters.municipality
if "Ogre" in parameters.municipality and not mark.exists():
    mark.touch()
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.notebook
def test_a_kernel_that_is_killed_gets_a_second_chance(notebook: Notebook, tmp_path: Path) -> None:
    batch, _ = run(notebook(KILLED_ONCE.format(folder=str(tmp_path))), tmp_path / "out")
    assert batch.is_done
    batch, _ = run(notebook("import os; os.kill(os.getpid(), 9)"), tmp_path / "out", THREE[:1])
    assert "the kernel died" in batch.failed[0].failure


def _killing(times: int) -> Callable[[str, str], None]:
    """Return what kills the worker of Ogre, shortly after it started, so many times."""
    killed: list[str] = []

    def kill(stem: str, where: str) -> None:
        if "ogre" in stem and len(killed) < times:
            killed.append(where)
            threading.Timer(0.5, os.kill, [int(where.split()[-1]), signal.SIGKILL]).start()

    return kill


@pytest.mark.notebook
@pytest.mark.skipif(os.name == "nt", reason="sends a POSIX signal")
def test_a_worker_that_is_killed_is_replaced(notebook: Notebook, tmp_path: Path) -> None:
    path = notebook("import time; time.sleep(1.5)")
    batch, seen = run(path, tmp_path / "once", watcher=Watching(_killing(1)))
    assert batch.is_done
    assert seen.begun.count("ogres-novads-2013-lv") == 2

    batch, seen = run(path, tmp_path / "always", watcher=Watching(_killing(9)))
    assert [record.status for record in batch.records] == ["done", "failed", "done"]
    assert batch.failed[0].failure == "in its worker: it was killed (SIGKILL), 2 times"


@pytest.mark.notebook
def test_a_fault_of_the_worker_is_told_and_the_others_go_on(notebook: Notebook, tmp_path: Path) -> None:
    good, bad = plan_tasks(notebook(), THREE[:2], languages=["lv"], formats=["ipynb"])
    with LocalWorkers(1, is_warm=False) as workers:
        events = list(workers.run([replace(bad, source="not a notebook"), good]))
    outcomes = [event.outcome for event in events if isinstance(event, Finished)]
    assert [outcome.failure.startswith("in its worker: NotJSONError") for outcome in outcomes] == [True, False]
    assert outcomes[1].failure == ""


# The folder ---------------------------------------------------------------------------------------------------------


def test_a_second_batch_is_refused_or_waits(notebook: Notebook, tmp_path: Path) -> None:
    with occupied(tmp_path):
        with pytest.raises(ReportError, match=rf"Another batch is writing .*process {os.getpid()}.*--wait"):
            run(notebook(), tmp_path, THREE[:1])
        waited = threading.Event()

        def wait() -> None:
            with occupied(tmp_path, wait=True):
                waited.set()

        other = threading.Thread(target=wait)
        other.start()
        time.sleep(0.3)
        assert not waited.is_set()
    other.join(10)
    assert waited.is_set()


@pytest.mark.notebook
def test_a_full_disk_ends_the_batch_and_leaves_nothing_half_written(
    notebook: Notebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = Path.write_bytes

    def full(path: Path, content: bytes) -> int:
        if "ogres" in path.name:
            write(path, content[:10])
            raise OSError(28, "No space left on device")
        return write(path, content)

    path = notebook()
    monkeypatch.setattr(publish.Path, "write_bytes", full)
    with pytest.raises(ReportError, match=r"No space left on device\. Free some space"):
        run(path, tmp_path, jobs=1)
    monkeypatch.undo()
    assert {name for name in names_in(tmp_path) if "ogres" in name or name.endswith(".tmp")} == set()
    assert (tmp_path / "runs.json").exists()
    batch, seen = run(path, tmp_path, jobs=1)
    assert batch.is_done
    assert seen.begun == ["ogres-novads-2013-lv", "dobeles-novads-2013-lv"]


@pytest.mark.parametrize("damage", ["", "{", '{"stem": 1}', '["a"]', '{"runs": []}'])
def test_a_damaged_record_only_means_that_the_run_is_repeated(damage: str, tmp_path: Path) -> None:
    (tmp_path / ".runs").mkdir()
    (tmp_path / ".runs" / "bauskas-novads-2013-lv.json").write_text(damage)
    started = reports._Run(tmp_path, plan_tasks(names=THREE[:1], languages=["lv"]), None)
    assert started.unchanged == frozenset()
