"""Runs: real papermill and real kernels; what goes wrong is said, and nothing is half written."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import tempfile
import textwrap
import time
from collections.abc import Callable
from pathlib import Path

import nbformat
import papermill
import pytest
from nbformat import NotebookNode

from benchlib.errors import (
    AmbiguousTerritoryError,
    OptionError,
    ParameterError,
    ReportError,
    UnknownTerritoryError,
)
from benchlib.reporting import execute as execute_module
from benchlib.reporting import run as run_module
from benchlib.reporting.batch import publish as publish_module
from benchlib.reporting.batch.work import cell_name
from benchlib.reporting.normalise import normalise
from benchlib.reporting.run import run_report

INJECTION = "x\"\"\"'''\n');import os;os.abort()#{municipality}{{%raw%}}\\ \\n\u202e</script>%s\u2028"
Notebook = Callable[..., Path]


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize(
    ("parameters", "error", "message"),
    [
        ({"yaer": 2013}, ParameterError, "Did you mean 'year'"),
        ({"year": "20x4"}, ParameterError, "year='20x4'"),
        ({"municipality": "Bauskass"}, UnknownTerritoryError, "Bauskas novads"),
        ({"municipality": "../../etc"}, UnknownTerritoryError, "etc"),
        ({"municipality": "Jelgav", "territory": "2021"}, LookupError, "Jelgavas novads"),
        ({"service": "roads"}, ParameterError, "Known: .*schools"),
        ({"year": 2020}, ParameterError, "has figures for 2011, 2012, 2013 only"),
        ({"group": INJECTION}, OptionError, "is not an option"),
        ({"municipality": INJECTION}, UnknownTerritoryError, "No municipality"),
        ({"group": "alike"}, OptionError, "Allowed: similar, region"),
        ({"group": "network:T9"}, OptionError, "Networks: T1, T2, T3, T4"),
        ({"group": "own: Bauskas novads; Jelgava"}, AmbiguousTerritoryError, "Jelgavas pilsēta"),
    ],
)
def test_wrong_parameters_start_nothing(
    parameters: dict[str, object],
    error: type[Exception],
    message: str,
    tmp_path: Path,
    notebook: Notebook,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(run_module, "work", lambda *_, **__: pytest.fail("a kernel was started"))
    with pytest.raises(error, match=message):
        run_report(notebook(), parameters, out=tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_an_unknown_notebook_or_format_is_refused(tmp_path: Path, notebook: Notebook) -> None:
    with pytest.raises(OptionError, match="neither a notebook of the project"):
        run_report("municipalty", out=tmp_path)
    with pytest.raises(OptionError, match="formats='docx'"):
        run_report(notebook(), out=tmp_path, formats=["docx"])  # type: ignore[list-item]


def test_a_notebook_that_cannot_take_parameters_is_refused(tmp_path: Path) -> None:
    broken, bare = tmp_path / "broken.ipynb", tmp_path / "bare.ipynb"
    broken.write_text('{"cells": [', encoding="utf-8")
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1")]), bare)
    with pytest.raises(ReportError, match=r"broken\.ipynb cannot be read"):
        run_report(broken, out=tmp_path)
    with pytest.raises(ReportError, match="no cell tagged 'parameters'"):
        run_report(bare, out=tmp_path)


@pytest.mark.notebook
def test_a_report_from_anywhere_twice_the_same(
    tmp_path: Path, notebook: Notebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = notebook(
        "import warnings; warnings.warn('w'); print(__import__('sys').executable)", "object()", "print(set('abcdefgh'))"
    )
    calls: list[tuple[int, int]] = []
    monkeypatch.chdir(tmp_path)
    first = run_report(path, {"language": "en"}, out="one", progress=lambda *call: calls.append(call))
    monkeypatch.chdir("/")
    second = run_report(path, {"language": "en"}, out=tmp_path / "two" / "three")
    assert first.html is not None
    assert first.notebook is not None
    assert first.html.name == "bauskas-novads-2013-en.html"
    assert names(tmp_path / "one") == ["bauskas-novads-2013-en.html", "bauskas-novads-2013-en.ipynb"]
    assert (tmp_path / "one" / first.html.name).read_bytes() == second.html.read_bytes()  # type: ignore[union-attr]
    text = (tmp_path / "one" / first.notebook.name).read_text("utf-8")
    assert text == second.notebook.read_text("utf-8")  # type: ignore[union-attr]
    assert str(tmp_path) not in text
    assert str(Path(run_module.__file__).parents[2]) not in text
    assert "<python>" in text, "the kernel is this interpreter"
    assert "ipykernel_" not in text
    assert calls[0][0] < calls[-1][0] < calls[0][1]
    assert set(second.seconds) == {"kernel", "cells", "export", "total"}
    nbformat.validate(nbformat.reads(text, as_version=4))


@pytest.mark.notebook
def test_hostile_parameters_stay_text(tmp_path: Path, notebook: Notebook) -> None:
    # The search for names forgives signs, so these reach the notebook; letters of an attack would be refused before (above).
    hostile = "Bauskas novads" + "".join(sign for sign in INJECTION if not sign.isalnum())
    files = run_report(notebook("print([parameters.municipality])"), {"municipality": hostile}, out=tmp_path / "out")
    assert files.notebook is not None
    executed = nbformat.read(files.notebook, as_version=4)
    assert executed.cells[-1].outputs[0].text.strip() == repr([hostile])
    assert names(tmp_path / "out") == ["bauskas-novads-2013-lv.html", "bauskas-novads-2013-lv.ipynb"]
    assert "<script>alert" not in files.html.read_text("utf-8")  # type: ignore[union-attr]


@pytest.mark.notebook
def test_plain_papermill_stops_at_a_misspelt_parameter(tmp_path: Path, notebook: Notebook) -> None:
    with pytest.raises(papermill.PapermillExecutionError, match="Did you mean 'year'"):
        papermill.execute_notebook(
            str(notebook()), None, {"yaer": 2012}, kernel_name="python3", language="python", progress_bar=False
        )


@pytest.mark.notebook
@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ("1 / 0", "ZeroDivisionError: division by zero"),
        ("raise SystemExit(3)", "SystemExit: 3"),
        ("import os; os.kill(os.getpid(), 9)", "the kernel died"),
        ("import time; time.sleep(60)", "longer than 3 seconds"),
    ],
)
def test_a_failing_run_keeps_its_notebook(cell: str, message: str, tmp_path: Path, notebook: Notebook) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "bauskas-novads-2013-lv.html").write_text("older")
    with pytest.raises(ReportError, match=message) as caught:
        run_report(notebook(cell, tags=("the-cell",)), out=out, timeout=3)
    kept = out / "bauskas-novads-2013-lv.failed.ipynb"
    assert names(out) == [kept.name, "bauskas-novads-2013-lv.html"]
    assert (out / "bauskas-novads-2013-lv.html").read_text() == "older"
    assert "cell 8 (the-cell)" in str(caught.value)
    assert str(kept) in str(caught.value)
    failed = nbformat.read(kept, as_version=4)
    assert failed.cells[7].source == cell
    assert "error" in [output.output_type for output in failed.cells[7].outputs]


@pytest.mark.notebook
def test_a_figure_without_words_fails_the_run_and_success_clears_the_failure(
    tmp_path: Path, notebook: Notebook
) -> None:
    cell = "from IPython.display import display\ndisplay({'image/png': ''}, raw=True, metadata={'benchlib': [{}]})"
    with pytest.raises(ReportError, match="on its way to html, ipynb: Cell 8"):
        run_report(notebook(cell), out=tmp_path / "out")
    assert names(tmp_path / "out") == ["bauskas-novads-2013-lv.failed.ipynb"]
    run_report(notebook("1"), out=tmp_path / "out", formats=["html"])
    assert names(tmp_path / "out") == ["bauskas-novads-2013-lv.html"]


@pytest.mark.notebook
def test_another_classification_has_its_own_files(tmp_path: Path, notebook: Notebook) -> None:
    files = run_report(notebook(), {"municipality": "ķekava", "territory": "2009"}, out=tmp_path, formats=["ipynb"])
    assert files.notebook is not None
    assert (files.html, files.notebook.name) == (None, "kekavas-novads-of-2009-2013-lv.ipynb")


def test_a_folder_that_cannot_be_written_to_is_said_before_the_run(tmp_path: Path, notebook: Notebook) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ReportError, match=r"cannot be written to .*file.*choose another folder"):
        run_report(notebook(), out=tmp_path / "file" / "reports")


@pytest.mark.skipif(not Path("/sys/kernel").is_dir(), reason="needs a folder that is read-only even for root")
def test_a_read_only_folder_is_said_before_the_run(notebook: Notebook) -> None:
    with pytest.raises(ReportError, match=r"cannot be written to /sys/kernel.*Check its permissions"):
        run_report(notebook(), out="/sys/kernel/reports")


RUN = """
import resource, sys
from benchlib.errors import ReportError
from benchlib.reporting.run import run_report
if len(sys.argv) > 3:
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), int(sys.argv[3])))
print("ready", flush=True)
try:
    run_report(sys.argv[1], out=sys.argv[2], progress=lambda done, total: print(done, flush=True))
except ReportError as error:
    print(error)
"""


@pytest.mark.notebook
@pytest.mark.skipif(sys.platform == "win32", reason="limits the size of files by POSIX means")
def test_a_full_disk_leaves_nothing_half_written(tmp_path: Path, notebook: Notebook) -> None:
    path = notebook("print('x' * 200_000)")
    command = [sys.executable, "-c", RUN, str(path), str(tmp_path / "out"), "100000"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert "cannot be written to" in done.stdout, done.stderr
    assert "Free some space" in done.stdout
    assert names(tmp_path / "out") == []


@pytest.mark.notebook
@pytest.mark.skipif(not Path("/proc/self").exists(), reason="looks for the kernel in /proc")
def test_ctrl_c_leaves_neither_files_nor_a_kernel(tmp_path: Path, notebook: Notebook) -> None:
    pid_file = tmp_path / "pid"
    path = notebook(f"import os, time; open({str(pid_file)!r}, 'w').write(str(os.getpid())); time.sleep(60)")
    command = [sys.executable, "-c", RUN, str(path), str(tmp_path / "out")]
    environment = {**os.environ, "TMPDIR": str(tmp_path / "tmp")}
    (tmp_path / "tmp").mkdir()
    with subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, env=environment) as process:
        deadline = time.monotonic() + 60
        while not (pid_file.exists() and pid_file.read_text()) and time.monotonic() < deadline:
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
    assert b"KeyboardInterrupt" in errors
    assert names(tmp_path / "out") == []
    assert names(tmp_path / "tmp") == []
    kernel = Path("/proc", pid_file.read_text(), "stat")
    assert not kernel.exists() or kernel.read_text().split()[2] == "Z"


def children() -> set[str]:
    """Return the processes that this one has started and that still run."""
    return {pid for task in Path("/proc/self/task").iterdir() for pid in (task / "children").read_text().split()}


@pytest.mark.notebook
@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="looks for the kernel in /proc")
def test_ctrl_c_while_the_kernel_starts_leaves_no_kernel(
    tmp_path: Path, notebook: Notebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(execute_module._Watch, "kernel_ready", interrupt)
    before = children()
    with pytest.raises(KeyboardInterrupt):
        run_report(notebook(), out=tmp_path / "out")
    assert children() <= before
    assert names(tmp_path / "out") == []


def test_normalising_a_huge_output_takes_no_time() -> None:
    outputs = [nbformat.v4.new_output("stream", text="x" * 2_000_000)]
    normalise(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1", outputs=outputs)]), {}, "small")


def test_publishing_is_all_or_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.html").write_text("older")

    def fail(path: Path, *args: object, **options: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", fail)
    with pytest.raises(ReportError, match=r"No space left on device\. Free some space"):
        publish_module.publish(tmp_path, {"a.html": b"new", "a.ipynb": b"new"})
    assert names(tmp_path) == ["a.html"]
    assert (tmp_path / "a.html").read_bytes() == b"older"


def test_ambiguous_names_are_refused(tmp_path: Path, notebook: Notebook) -> None:
    with pytest.raises((AmbiguousTerritoryError, UnknownTerritoryError), match="Rēzekne"):
        run_report(notebook(), {"municipality": "rezekn"}, out=tmp_path)


def test_a_cell_is_called_by_its_tag_or_the_heading_above() -> None:
    v4 = nbformat.v4
    cells = [
        v4.new_code_cell("1"),
        v4.new_markdown_cell("text\n## Costs  \nmore"),
        v4.new_code_cell("2"),
        v4.new_code_cell("3", metadata={"tags": ["parameters", "glance"]}),
    ]
    notebook = v4.new_notebook(cells=cells)
    assert [cell_name(notebook, index) for index in (0, 2, 3)] == ["cell 1", "cell 3 (Costs)", "cell 4 (glance)"]


def test_normalising_removes_what_differs_between_equal_runs() -> None:
    v4 = nbformat.v4

    def executed(stamp: str, pid: int) -> NotebookNode:
        text = f"{tempfile.gettempdir()}/ipykernel_{pid}/{pid}.py:1: UserWarning\n"
        text += f"<object at 0x7f{pid:08x}> in {sys.prefix}/lib {Path.home()}/x"
        outputs = [v4.new_output("stream", name="stderr", text=text)]
        outputs.append(v4.new_output("display_data", data={"text/plain": text, "image/png": "0x7f000000ab"}))
        outputs.append(v4.new_output("error", ename="E", evalue=text, traceback=[text]))
        cell = v4.new_code_cell("1", outputs=outputs, metadata={"papermill": {"start_time": stamp}, "tags": ["a"]})
        return v4.new_notebook(cells=[cell], metadata={"papermill": {"start_time": stamp}, "title": "T"})

    first, second = executed("1999", 17), executed("2000", 4242)
    for notebook in (first, second):
        normalise(notebook, {"year": 2013}, "small")
    assert nbformat.writes(first) == nbformat.writes(second)
    assert first.cells[0].outputs[0].text == textwrap.dedent(
        """\
        <tmp>/<cell>:1: UserWarning
        <object at 0x…> in <python>/lib ~/x"""
    )
    assert first.cells[0].outputs[1].data["image/png"] == "0x7f000000ab", "pictures are left alone"
    assert first.metadata.benchlib == {"notebook": "small", "parameters": {"year": 2013}}
    assert first.metadata.title == "T"
