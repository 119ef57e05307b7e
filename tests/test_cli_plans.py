"""`benchlib plans`: what is added, checked and listed, and the whole cycle from a report to the next."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from benchlib import cli
from benchlib.indicators import own_folder, parse_plan
from tests.indicators.plan_files import plan_file, stored

Result = tuple[int, str, str]
Benchlib = Callable[..., Result]


@pytest.fixture
def benchlib_(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], own: Path) -> Benchlib:
    """Call the command line in this process, with an own folder of its own."""
    monkeypatch.setenv("COLUMNS", "300")
    monkeypatch.setenv("NO_COLOR", "1")
    del own

    def call(*arguments: str) -> Result:
        monkeypatch.setattr(sys, "argv", ["benchlib", "plans", *arguments])
        with pytest.raises(SystemExit) as stopped:
            cli.main()
        output = capsys.readouterr()
        code = stopped.value.code
        return (code if isinstance(code, int) else 0), output.out, output.err

    return call


def test_a_plan_is_added_once(benchlib_: Benchlib, tmp_path: Path) -> None:
    path = str(plan_file(tmp_path))
    code, out, err = benchlib_("add", path)
    assert (code, err) == (0, "")
    first, second = out.splitlines()
    assert first == (
        f"bauskas-novads-2011: 2 goals, for members only. Stored as {own_folder() / 'plans' / 'bauskas-novads-2011.toml'}"
    )
    assert second == (
        "Follow it up: benchlib reports --notebook improvement_plan 0025000 --years YEAR -p access=members"
    )
    code, out, err = benchlib_("add", path)
    assert (code, out) == (1, "")
    assert "stored already" in err
    assert benchlib_("add", path, "--replace")[0] == 0


def test_the_command_to_follow_up_names_what_is_unusual(benchlib_: Benchlib, tmp_path: Path) -> None:
    path = plan_file(
        tmp_path,
        ('group = "similar"', 'group = "own: Ogres novads"'),
        ('theme = "report"', 'theme = "T2"'),
        ('service = "schools"', 'service = "none"'),
        ('access = "members"', 'access = "public"'),
    )
    _, out, _ = benchlib_("add", str(path))
    assert out.splitlines()[1].endswith("--years YEAR -p theme=T2 -p service=none -p 'group=own: Ogres novads'")


def test_remarks_are_told_and_the_plan_is_kept(benchlib_: Benchlib, tmp_path: Path) -> None:
    path = plan_file(tmp_path, ('"Olaines novads"', '"Atlantīdas novads [red]\\u001b"'))
    code, out, err = benchlib_("add", str(path))
    assert code == 0
    assert "Stored as" in out
    assert (
        "goal 1 (education_expenditure_per_pupil): the partner 'Atlantīdas novads [red]\\x1b' is not a municipality"
        in err
    )


@pytest.mark.parametrize(
    ("pair", "words"),
    [
        (
            ("target = 1293\n", 'target = "daudz [bold]"\n'),
            "goal 1 (education_expenditure_per_pupil): target = 'daudz [bold]'",
        ),
        (('group = "similar"', 'group = "network:T9"'), "group='network:T9'"),
        (('group = "similar"', 'group = "own: Atlantīda"'), "Atlantīda"),
        (('indicator = "exam_grade9_mathematics"', 'indicator = "happiness"'), "goal 2 (happiness)"),
    ],
    ids=["number", "network", "own list", "indicator"],
)
def test_a_broken_plan_is_told_and_not_kept(
    pair: tuple[str, str], words: str, benchlib_: Benchlib, tmp_path: Path
) -> None:
    path = plan_file(tmp_path, pair)
    for command in ("add", "check"):
        code, out, err = benchlib_(command, str(path))
        assert (code, out) == (1, "")
        assert str(path) in err
        assert words in err
        assert "Traceback" not in err
    assert not (own_folder() / "plans").exists()


def test_several_files_are_checked(benchlib_: Benchlib, tmp_path: Path) -> None:
    good, bad = plan_file(tmp_path), plan_file(tmp_path, ("format = 1", "format = 9"), name="bad.toml")
    code, out, err = benchlib_("check", str(good), str(bad), str(tmp_path / "none.toml"))
    assert code == 1
    assert out.splitlines() == [
        f"{good}: in order. bauskas-novads-2011: 2 goals.",
        "Still to be filled in: goal 2 (exam_grade9_mathematics): measures, responsible.",
    ]
    assert "format = 9" in err
    assert "none.toml: cannot be read" in err
    assert not (own_folder() / "plans").exists()


def test_an_empty_plan_is_in_order_but_said_to_be_empty(benchlib_: Benchlib, tmp_path: Path) -> None:
    path = plan_file(
        tmp_path,
        ('what = "Kopīga virtuve", cost_eur = 12500.5', 'what = "", cost_eur = ""'),
        ('"Izglītības pārvalde"', '""'),
    )
    code, out, err = benchlib_("check", str(path))
    assert (code, err) == (0, "")
    assert out.splitlines()[1] == (
        "Nothing is filled in yet: goal 1 (education_expenditure_per_pupil): measures, responsible; goal 2 (exam_grade9_mathematics): "
        "measures, responsible."
    )


def test_ids_of_plans_can_be_copied(benchlib_: Benchlib, own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    name = "bauskas-novads-2011-second-version-of-the-education-board"
    stored(own.parents[1], ("bauskas-novads-2011", name), name=f"{name}.toml")
    assert name in benchlib_("list")[1]


def test_plans_are_listed(benchlib_: Benchlib, own: Path) -> None:
    code, out, _ = benchlib_("list")
    assert (code, out.splitlines()[0].strip()) == (0, "Plans: 0")
    stored(own.parents[1])
    stored(own.parents[1], ("format = 1", "format = 9"), name="ogres-novads-2011.toml")
    code, out, err = benchlib_("list")
    assert code == 1
    assert "Plans: 1" in out
    assert "bauskas-novads-2011" in out
    assert "education_expenditure_per_pupil, exam_grade9_mathematics" in out
    assert "ogres-novads-2011.toml" in err


@pytest.mark.notebook
def test_the_cycle_closes(tmp_path: Path) -> None:
    """A report of 2011 gives a plan; people fill it in and add it; the report of 2013 holds it against the figures."""
    environment = os.environ | {"XDG_DATA_HOME": str(tmp_path / "home")}
    out = tmp_path / "reports"

    def run(*arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "benchlib", *arguments],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=240,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    asked = ["reports", "--notebook", "improvement_plan", "Bauskas novads", "--langs", "lv", "--out", str(out)]
    asked += ["-p", "replications=100", "-p", "group=kind", "--formats", "html"]
    run(*asked, "--years", "2011")
    file = out / "improvement-plan-bauskas-novads-2011-lv.plan.toml"
    text = file.read_text("utf-8")
    plan = parse_plan(text.encode(), str(file))
    assert (plan.id, plan.group, plan.access) == ("bauskas-novads-2011", "kind", "members")
    filled = text.replace('what = ""', 'what = "Kopīga virtuve trim skolām"', 1).replace(
        '\naccess = "members"', '\naccess = "public"', 1
    )
    file.write_text(filled, encoding="utf-8")
    assert "for everybody" in run("plans", "add", str(file))
    run(*asked, "--years", "2013")
    page = (out / "improvement-plan-bauskas-novads-2013-lv.html").read_text("utf-8")
    assert "Kopīga virtuve trim skolām" in page
    assert "2011. gada plāna mērķi: sasniegti" in page
