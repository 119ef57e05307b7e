"""`benchlib practices`: what is listed, checked and stored, and what never is."""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from benchlib import cli
from benchlib.cli.practices import ask_practice
from benchlib.indicators import load_catalogue, own_folder

Result = tuple[int, str, str]
Benchlib = Callable[..., Result]

GOOD = """
municipality = "Bauskas novads"
country = "LV"
network = "T4"
indicators = ["schools_per_100_km2"]
source = "a report [red]"
year = 2012
language = "lv"
access = "ACCESS"
title = { lv = "Skolu autobuss [31m", en = "A school bus [bold]" }
action = { lv = "Brauc", en = "It runs {{ 7*7 }} {m:loc}" }
cost = { lv = "", en = "" }
result = { lv = "", en = "" }
contact = { lv = "", en = "" }
"""


@pytest.fixture
def benchlib_(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], own: Path) -> Iterator[Benchlib]:
    """Call the command line in this process, with an own folder of its own."""
    monkeypatch.setenv("COLUMNS", "300")
    monkeypatch.setenv("NO_COLOR", "1")
    del own
    monkeypatch.setattr(sys, "stdin", io.StringIO())

    def call(*arguments: str) -> Result:
        load_catalogue.cache_clear()
        monkeypatch.setattr(sys, "argv", ["benchlib", "practices", *arguments])
        with pytest.raises(SystemExit) as stopped:
            cli.main()
        output = capsys.readouterr()
        code = stopped.value.code
        return (code if isinstance(code, int) else 0), output.out, output.err

    yield call
    load_catalogue.cache_clear()


def file_of(folder: Path, name: str = "school-bus", *, access: str = "public", old: str = "", new: str = "") -> str:
    path = folder / f"{name}.toml"
    path.write_text(GOOD.replace("ACCESS", access).replace(old, new), encoding="utf-8")
    return str(path)


def ids(out: str) -> list[str]:
    return [line.split()[0] for line in out.splitlines()[2:] if line.strip() and not line.startswith(" ")]


def test_all_are_listed_and_narrowed_down(benchlib_: Benchlib) -> None:
    code, out, err = benchlib_("list")
    assert (code, err) == (0, "")
    assert out.startswith(f"Practice examples: {len(load_catalogue().practices)}")
    assert {*ids(benchlib_("list", "--network", "T2")[1])} == {
        "talsi-social-service-plan",
        "vecumnieki-social-service-strategy",
    }
    schools = benchlib_("list", "--indicator", "schools_per_100_km2", "--lang", "lv")[1]
    assert {*ids(schools)} == {"lps-school-network-criteria", "t4-small-schools"}
    assert "Mazās skolas: grūtības un iespējas" in schools
    for name in ("vecumnieki", "Bauskas novads", "0409500"):
        assert len(ids(benchlib_("list", "--municipality", name)[1])) == 2, name
    assert ids(benchlib_("list", "--text", "SOCIALA dienesta Talsu")[1]) == ["talsi-social-service-plan"]


def test_nothing_that_fits_is_said(benchlib_: Benchlib) -> None:
    code, out, err = benchlib_("list", "--text", "nobody wrote this")
    assert (code, err) == (0, "")
    assert out.startswith("No practice example fits.")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["list", "--network", "T9"], "No network has the id 'T9'"),
        (["list", "--indicator", "pupils"], "No indicator has the id 'pupils'"),
        (["list", "--municipality", "Atlantīda"], "No municipality of the classification 2025 is called 'Atlantīda'"),
        (["list", "--municipality", "Jelgava"], "fits 2 municipalities"),
        (["list", "--access", "all"], "access='all' is not an option. Allowed: 'public', 'members'"),
        (["list", "--lang", "de"], "'de' is not one of 'lv', 'en'"),
        (["show", "nothing"], "No practice example has the id 'nothing'"),
        (["add", "a.toml", "--template", "b.toml"], "not both"),
    ],
)
def test_wrong_use_is_two(arguments: list[str], message: str, benchlib_: Benchlib) -> None:
    code, out, err = benchlib_(*arguments)
    assert (code, out) == (2, "")
    assert message in err
    assert "Traceback" not in err


def test_one_is_shown_with_what_its_source_does_not_say(benchlib_: Benchlib) -> None:
    code, out, _ = benchlib_("show", "state-audit-administration")
    assert code == 0
    assert "almost a million euro in a year" in out
    assert out.count("not said") == 2, "cost and year"
    assert re.search(r"^year +not said", out, re.MULTILINE)


def test_what_is_added_is_listed(benchlib_: Benchlib, tmp_path: Path) -> None:
    code, out, err = benchlib_("add", file_of(tmp_path))
    path = own_folder() / "catalogue" / "practices" / "school-bus.toml"
    assert (code, err) == (0, "")
    assert out == f"Stored as {path}, for everybody.\n"
    assert str(tmp_path) in out
    out = benchlib_("list", "--municipality", "Bauska")[1]
    assert "school-bus" in ids(out)
    assert "A school bus [bold]" in out, "no markup of a terminal"
    assert "{{ 7*7 }} {m:loc}" in benchlib_("show", "school-bus")[1]
    assert benchlib_("check") == (0, "The practice examples are in order.\n", "")


def test_members_only_is_listed_for_members_alone(benchlib_: Benchlib, tmp_path: Path) -> None:
    assert benchlib_("add", file_of(tmp_path, access="members"))[1].endswith("for members only.\n")
    assert "school-bus" not in benchlib_("list")[1]
    assert "school-bus" not in benchlib_("list", "--municipality", "Bauska", "--text", "skolu autobuss")[1]
    assert "school-bus" in benchlib_("list", "--access", "members")[1]
    code, out, err = benchlib_("show", "school-bus")
    assert (code, out) == (2, "")
    assert "Brauc" not in err
    assert "No practice example has the id" in err, "it is not even said to exist"
    assert err.replace("school-bus", "nothing") == benchlib_("show", "nothing")[2]
    assert "add --access members" in err
    assert "--access members" in benchlib_("list", "--municipality", "Bauska", "--text", "skolu autobuss")[1]
    code, _, err = benchlib_("show", "nothing", "--access", "members")
    assert (code, "among the public ones" in err) == (2, False)
    assert "Brauc" in benchlib_("show", "school-bus", "--access", "members", "--lang", "lv")[1]


def test_ids_can_be_copied_from_a_narrow_list(benchlib_: Benchlib, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert "vecumnieki-energy-efficiency-overview" in benchlib_("list")[1]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('source = "a report [red]"\n', "", "a required field is missing: 'source'"),
        ("year = 2012", "year = 2012\ncolour = 'red'", "unknown field 'colour'"),
        ('"Brauc"', '"' + "Ļ" * 10_000 + '"', "action has more than 4000 characters"),
        ("Bauskas novads", "<script>window.hit=1</script>", "No municipality of the classification 2025"),
        ('["schools_per_100_km2"]', '["\\u001b[31mpupils"]', "has no passport"),
    ],
)
def test_a_broken_file_is_checked_and_never_stored(
    old: str, new: str, message: str, benchlib_: Benchlib, tmp_path: Path
) -> None:
    path = file_of(tmp_path, old=old, new=new)
    for command in ("check", "add"):
        code, out, err = benchlib_(command, path)
        assert (code, out) == (1, "")
        assert message in err
        assert path in err
        assert len(err.splitlines()) == 1
        assert "\x1b" not in err
    assert not (own_folder() / "catalogue").exists()
    assert benchlib_("list")[0] == 0


def test_nothing_is_replaced_unless_asked(benchlib_: Benchlib, tmp_path: Path) -> None:
    benchlib_("add", file_of(tmp_path))
    later = file_of(tmp_path, old="year = 2012", new="year = 2014")
    code, _, err = benchlib_("add", later)
    assert code == 2
    assert "--replace" in err
    assert "  2012  " in benchlib_("list", "--text", "autobuss")[1]
    assert benchlib_("add", later, "--replace")[0] == 0
    assert "  2014  " in benchlib_("list", "--text", "autobuss")[1]
    code, _, err = benchlib_("add", file_of(tmp_path, "t4-small-schools"), "--replace")
    assert code == 2
    assert "benchlib comes with a practice example 't4-small-schools'" in err


def test_a_broken_file_put_there_by_hand_does_not_stop_the_check(benchlib_: Benchlib) -> None:
    folder = own_folder() / "catalogue" / "practices"
    folder.mkdir(parents=True)
    path = file_of(folder, old="T4", new="T9")
    code, _, err = benchlib_("check")
    assert code == 1
    assert err == f"{path}: network = 'T9' is not a network. Known: T1, T2, T3, T4.\n"
    code, _, err = benchlib_("list")
    assert (code, "T9" in err) == (1, True)


def test_hidden_letters_of_a_file_put_there_by_hand_never_reach_a_terminal(benchlib_: Benchlib) -> None:
    folder = own_folder() / "catalogue" / "practices"
    folder.mkdir(parents=True)
    path = file_of(folder, old="[31m", new="\\u001b[31m")
    shown = benchlib_("show", "school-bus", "--lang", "lv")[1]
    assert "\x1b" not in shown
    assert "\N{REPLACEMENT CHARACTER}[31m" in shown
    code, _, err = benchlib_("check")
    assert code == 1
    assert err == (
        f"{path}: title holds characters that do not print or turn the direction of writing: U+001B. Type it anew.\n"
    )


def test_a_template_is_written_once_and_printed_to_a_pipe(benchlib_: Benchlib, tmp_path: Path) -> None:
    out = tmp_path / "mine.toml"
    code, said, _ = benchlib_("add", "--template", str(out))
    assert code == 0
    assert f"benchlib practices add {out}" in said
    code, _, err = benchlib_("add", "--template", str(out))
    assert code == 2
    assert "Choose another" in err
    assert benchlib_("add")[1] == out.read_text("utf-8")
    assert benchlib_("add", str(out))[0] == 1, "as it is, it is refused"


ANSWERS = {
    "Name of": ["Skolu Autobuss", "school-bus"],
    "Year of the municipality": ["2009"],
    "Municipality that": ["Atlantīda", "vecumnieki"],
    "What it is called, in Latvian": ["Skolu autobuss", "Skolu autobuss"],
    "What it is called, in English": ["", "A school bus"],
    "Network": ["T9", "T4"],
    "Indicators": ["pupils", "schools_per_100_km2, pupils_per_school"],
    "What was done, in Latvian": ["Brauc"],
    "What was done, in English": ["It runs"],
    "Where this": ["", "a report"],
    "Year in which": ["last", "2012"],
}


def test_it_is_asked_for_field_by_field(benchlib_: Benchlib, capsys: pytest.CaptureFixture[str]) -> None:
    left = {start: list(answers) for start, answers in ANSWERS.items()}
    asked: list[str] = []

    def ask(question: str, default: str) -> str:
        asked.append(question)
        return next(
            (answers.pop(0) for start, answers in left.items() if question.startswith(start) and answers), default
        )

    name, entry = ask_practice(ask)
    assert not any(left.values()), "each wrong answer is asked for again"
    assert name == "school-bus"
    assert entry["indicators"] == ["schools_per_100_km2", "pupils_per_school"]
    assert (entry["year"], entry["territory"], entry["access"]) == (2012, "2009", "members")
    assert not [question for question in asked if question.startswith(("Country", "Who did"))]
    assert "has no passport" in capsys.readouterr().err


def test_the_answers_of_a_terminal_are_stored(benchlib_: Benchlib, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter(
        ["school-bus", "", "", "LPS", "LALRG"] + ["", "", ""] + ["a", "b"] + [""] * 6 + ["a report"] + [""] * 3
    )
    texts = iter(["Skolu autobuss", "A school bus"])
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)

    def prompt(question: str, default: str) -> str:
        return (next(texts) if question.startswith("What it is called") else next(answers)) or default

    monkeypatch.setattr("typer.prompt", prompt)
    code, out, err = benchlib_("add")
    assert (code, err) == (0, "")
    assert "school-bus.toml" in out
    assert "for members only" in out, "unless somebody says otherwise"
    assert "LALRG" in benchlib_("show", "school-bus", "--access", "members")[1]
