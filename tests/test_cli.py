"""The command line: one line per report, plain messages, exit codes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import benchlib.indicators
from benchlib import cli
from benchlib.cli import batch as batch_commands
from benchlib.errors import FiguresFileError, ReportError
from benchlib.reporting import lab as lab_module
from benchlib.reporting import run as run_module
from benchlib.reporting.run import ReportFiles
from benchlib.reporting.schemas import MunicipalityParameters

Result = tuple[int, str, str]
Benchlib = Callable[..., Result]


@pytest.fixture
def benchlib_(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Benchlib:
    """Call the command line in this process; return exit code, standard output and standard error."""
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setenv("NO_COLOR", "1")

    def call(*arguments: str) -> Result:
        monkeypatch.setattr(sys, "argv", ["benchlib", *arguments])
        with pytest.raises(SystemExit) as stopped:
            cli.main()
        output = capsys.readouterr()
        code = stopped.value.code
        return (code if isinstance(code, int) else 0), output.out, output.err

    return call


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Replace the run of a report by a note of its parameters; the one about Dobele fails."""
    made: list[dict[str, Any]] = []

    def run_report(*, parameters: dict[str, Any], out: Path, progress: Callable[[int, int], None]) -> ReportFiles:
        made.append({**parameters, "out": out})
        progress(1, 2)
        if "Dobele" in parameters["municipality"]:
            raise ReportError("The report failed in cell 3.")
        return ReportFiles(out / f"{len(made)}.html", None, None, {"total": 1.25})

    monkeypatch.setattr(run_module, "run_report", run_report)
    return made


def test_a_line_for_each_report(benchlib_: Benchlib, runs: list[dict[str, Any]]) -> None:
    code, out, err = benchlib_(
        "report", "Bauskas novads", "ogre", "--lang", "lv, en", "--year", "2012", "--out", "here"
    )
    assert (code, err) == (0, "")
    assert out.splitlines() == [f"here{os.sep}{n}.html  (1.2 s)" for n in (1, 2, 3, 4)]
    assert [(run["municipality"], run["language"]) for run in runs] == [
        ("Bauskas novads", "lv"),
        ("Bauskas novads", "en"),
        ("ogre", "lv"),
        ("ogre", "en"),
    ]
    assert {run["year"] for run in runs} == {2012}


def test_every_parameter_has_a_flag(benchlib_: Benchlib, runs: list[dict[str, Any]]) -> None:
    flags = {
        "--year": "2011",
        "--territory": "2009",
        "--lang": "en",
        "--group": "own: Bauskas novads; Ogres novads",
        "--service": "schools",
        "--replications": "100",
        "--seed": "7",
        "--access": "members",
        "--as-of": "2014-06-30",
    }
    assert len(flags) + 1 == len(MunicipalityParameters.names()), "the municipality is an argument"
    code, _, err = benchlib_("report", "Bauskas novads", *(word for flag in flags.items() for word in flag))
    assert (code, err) == (0, "")
    values = list(runs[0].values())[1:-1]
    assert [str(value) for value in values] == ["2011", "2009", "en", *list(flags.values())[3:]]


def test_without_flags_the_defaults_hold(benchlib_: Benchlib, runs: list[dict[str, Any]]) -> None:
    assert benchlib_("report", "Bauskas novads")[0] == 0
    assert runs == [{**MunicipalityParameters().to_dict(), "out": Path("reports")}]


def test_a_failed_run_does_not_stop_the_others(benchlib_: Benchlib, runs: list[dict[str, Any]]) -> None:
    code, out, err = benchlib_("report", "Dobeles novads", "Bauskas novads")
    assert code == 1
    assert len(out.splitlines()) == 1
    assert err.strip() == "The report failed in cell 3."
    assert len(runs) == 2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["report", "Bauskas novads", "Bauskass novadz"], "Bauskas novads"),
        (["report", "Bauskas novads", "--year", "20x4"], "year='20x4' must be a whole number"),
        (["report", "Bauskas novads", "--lang", "lv,de"], "language='de' is not an option. Allowed: lv, en."),
        (["report", "Bauskas novads", "--lang", ""], "language='' is not an option"),
        (["report", "Bauskas novads", "--yaer", "2012"], "No such option: --yaer"),
        (["municipalities", "--territory", "2020"], "Allowed: '2009', '2021', '2025'"),
        (["data", "show", "nothing"], "No indicator has the id 'nothing'"),
        (["dance"], "No such command 'dance'"),
    ],
)
def test_wrong_use_is_said_and_starts_nothing(
    arguments: list[str], message: str, benchlib_: Benchlib, runs: list[dict[str, Any]]
) -> None:
    code, out, err = benchlib_(*arguments)
    assert code == 2
    assert message in err
    assert "Traceback" not in out + err
    assert runs == []


def test_municipalities_are_listed(benchlib_: Benchlib) -> None:
    code, out, _ = benchlib_("municipalities", "--territory", "2009")
    assert code == 0
    assert "Municipalities of 2009: 119" in out
    assert "0409500  Vecumnieku novads" in out
    assert "42" in benchlib_("municipalities")[1].splitlines()[0]


def test_data_is_listed_and_shown(benchlib_: Benchlib) -> None:
    code, out, _ = benchlib_("data", "list")
    assert code == 0
    assert "education_expenditure_per_pupil" in out
    code, out, _ = benchlib_("data", "show", "education_expenditure_per_pupil", "--lang", "lv")
    assert code == 0
    for text in ("EUR", "source", "caveats"):
        assert text in out
    assert "exam_grade9_mean" in benchlib_("data", "show", "schools")[1]


def test_data_check(benchlib_: Benchlib, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(benchlib.indicators, "check_data", list)
    assert benchlib_("data", "check")[0] == 0
    monkeypatch.setattr(benchlib.indicators, "check_data", lambda: ["figures/a.csv, row 3: [red] no number"])
    assert benchlib_("data", "check") == (1, "", "figures/a.csv, row 3: [red] no number\n")


def test_broken_figures_are_no_wrong_use(benchlib_: Benchlib, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise FiguresFileError("figures.csv is cut in the middle.")

    monkeypatch.setattr(benchlib.indicators, "load_catalogue", fail)
    assert benchlib_("data", "list") == (1, "", "figures.csv is cut in the middle.\n")


@pytest.mark.parametrize("arguments", [[], ["report"], ["data"]])
def test_no_arguments_show_help(arguments: list[str], benchlib_: Benchlib) -> None:
    _, out, err = benchlib_(*arguments)
    assert "Usage:" in out + err


def test_python_m_benchlib_answers_help_without_heavy_imports() -> None:
    code = "import sys, benchlib.cli; print([m for m in ('pandas', 'matplotlib', 'papermill', 'duckdb') if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
    done = subprocess.run([sys.executable, "-m", "benchlib", "--version"], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("benchlib ")


SLOW = """
import time
from benchlib import cli
from benchlib.cli import batch as batch_commands
from benchlib.reporting import run
def run_report(**_):
    print("running", flush=True)
    time.sleep(60)
run.run_report = run_report
import sys
sys.argv = ["benchlib", "report", "Bauskas novads"]
cli.main()
"""


def test_a_message_keeps_what_looks_like_an_emoji(benchlib_: Benchlib) -> None:
    code, _, errors = benchlib_("data", "import", "a:x:b.csv", "--yes")
    assert code
    assert "a:x:b.csv" in errors


@pytest.mark.skipif(sys.platform == "win32", reason="sends a POSIX signal")
def test_ctrl_c_is_one_line_and_130() -> None:
    with subprocess.Popen([sys.executable, "-c", SLOW], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"running\n"
        time.sleep(0.1)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=30)
    assert process.returncode == 130
    assert errors.decode().strip() == "Stopped. What was finished is kept, nothing is half written."


def test_further_options_of_lab_go_to_jupyterlab(benchlib_: Benchlib, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[Path | None, list[str]]] = []
    monkeypatch.setattr(lab_module, "open_lab", lambda folder, arguments: asked.append((folder, [*arguments])) or 0)
    assert benchlib_("lab", "--no-browser", "--port", "8888")[0] == 0
    assert benchlib_("lab", "--folder", "mine", "--no-browser")[0] == 0
    assert asked == [(None, ["--no-browser", "--port", "8888"]), (Path("mine"), ["--no-browser"])]


@pytest.mark.parametrize(
    ("text", "years"),
    [("2013", [2013]), ("2011-2013", [2011, 2012, 2013]), ("2011, 2013", [2011, 2013])],
)
def test_years_are_read_in_three_ways(text: str, years: list[int]) -> None:
    assert batch_commands._years(text) == years


@pytest.mark.parametrize("text", ["", "20x3", "2013-", "-2013", "2013-2011", "1000-9999", "²⁰¹³"])
def test_other_years_are_wrong_use(text: str, benchlib_: Benchlib) -> None:
    code, _, err = benchlib_("reports", "--years", text)
    assert code == 2
    assert "Write 2013, or 2011-2013, or 2011,2013." in err


def test_parameters_of_a_batch_are_names_and_values(benchlib_: Benchlib) -> None:
    assert batch_commands._parameters("municipality", "2009", ["seed=7", "group=region"]) == {
        "territory": "2009",
        "seed": 7,
        "group": "region",
    }
    assert "is not NAME=VALUE" in benchlib_("reports", "-p", "seed")[2]
    assert "Did you mean 'group'" in benchlib_("reports", "-p", "grupp=region")[2]
