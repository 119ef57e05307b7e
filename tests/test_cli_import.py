"""`benchlib data import`, `where`, `remove`: shown first, stored after a yes, told plainly."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import typer

from benchlib import cli
from benchlib.indicators import load_registry
from tests.indicators.import_files import write_csv, write_xlsx

Result = tuple[int, str, str]
Benchlib = Callable[..., Result]

EXPENSE = "social_protection_expenditure"
ROWS = [
    ["Sociālie pakalpojumi 2023. gadā"],
    ["Pašvaldība", "Sociālās aizsardzības izdevumi, tūkst. EUR", "Klientu skaits", "Piezīmes"],
    ["Bauskas novads", 4210.5, 12, "[red]x[/red]"],
    ["Cēsu novads", "nav datu", 13, ""],
    ["Kopā", 4210.5, 25, ""],
]


@pytest.fixture
def benchlib_(own: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Benchlib:
    """Call the command line in this process, with an own folder of its own."""
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setenv("NO_COLOR", "1")

    def call(*arguments: object) -> Result:
        monkeypatch.setattr(sys, "argv", ["benchlib", *map(str, arguments)])
        with pytest.raises(SystemExit) as stopped:
            cli.main()
        output = capsys.readouterr()
        code = stopped.value.code
        return (code if isinstance(code, int) else 0), output.out, output.err

    return call


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return write_xlsx(tmp_path / "dati.xlsx", {"Lapa": ROWS})


def answering(monkeypatch: pytest.MonkeyPatch, *, yes: bool) -> list[str]:
    """Sit a user in front of the terminal."""
    asked: list[str] = []

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr(sys, "stdin", Terminal())
    monkeypatch.setattr(typer, "confirm", lambda question, **_: asked.append(question) or yes)
    return asked


def test_without_a_terminal_it_is_shown_and_nothing_stored(benchlib_: Benchlib, own: Path, file: Path) -> None:
    code, out, err = benchlib_("data", "import", file)
    assert code == 2
    assert (
        err
        == "Nothing was stored: nobody can be asked here. If all of this is right, run the command again with --yes.\n"
    )
    assert not own.exists()
    for text in (
        "dati.xlsx, sheet 'Lapa': what its columns are",
        "EUR (from tūkst. EUR, × 1000)",
        "4210.5 | nav datu",
        "[red]x[/red]",
        "2 in the file (borders of 2025",
        "40 not in the file: Rīga, Daugavpils,",
        "- The year 2023 is taken from the title above the table.",
        "- Row 5 ('Kopā') is left out: a sum or a mean is no municipality.",
        "- Column 'Klientu skaits' holds numbers and is left out",
        "Id own_dati",
        "members only (--access)",
    ):
        assert text in out
    row = next(line for line in out.splitlines() if line.startswith(f"{EXPENSE}  2023"))
    assert row.split()[2:] == ["1", "1", "4", "210", "500", "4", "210", "500"]


def test_with_yes_it_is_stored(benchlib_: Benchlib, own: Path, file: Path) -> None:
    code, out, err = benchlib_("data", "import", file, "--yes")
    assert (code, err) == (0, "")
    assert f"Stored as source own_dati in {own}." in out
    assert "benchlib data remove own_dati" in out
    assert [source.id for source in load_registry().sources if source.is_own] == ["own_dati"]
    code, out, err = benchlib_("data", "import", file, "--yes")
    assert (code, out) == (2, "")
    assert err.startswith("There is a 'own_dati' already (registry.toml)")
    assert benchlib_("data", "check") == (0, "Figures, catalogue and registry agree.\n", "")


@pytest.mark.parametrize("yes", [True, False])
def test_at_a_terminal_the_user_decides(
    benchlib_: Benchlib, own: Path, file: Path, monkeypatch: pytest.MonkeyPatch, yes: bool
) -> None:
    asked = answering(monkeypatch, yes=yes)
    code, out, _ = benchlib_("data", "import", file)
    assert (asked, code) == (["Store this?"], 0 if yes else 1)
    assert (own / "registry.toml").exists() == yes
    assert ("Nothing was stored." in out) == (not yes)


def breaking_off(monkeypatch: pytest.MonkeyPatch, stop: type[BaseException]) -> None:
    """Sit a user in front of the terminal who answers with Ctrl-C or Ctrl-D."""

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

        def readline(self, *_: object) -> str:  # type: ignore[override]
            raise stop

    monkeypatch.setattr(sys, "stdin", Terminal())


@pytest.mark.parametrize(("stop", "code"), [(KeyboardInterrupt, 130), (EOFError, 1)], ids=["Ctrl-C", "Ctrl-D"])
def test_a_question_that_is_broken_off_is_a_no(
    benchlib_: Benchlib, own: Path, file: Path, monkeypatch: pytest.MonkeyPatch, stop: type[BaseException], code: int
) -> None:
    breaking_off(monkeypatch, stop)
    found, out, err = benchlib_("data", "import", file)
    assert (found, out.splitlines()[-2:]) == (code, ["Store this? [y/N]: ", "Nothing was stored."])
    assert "Aborted" not in out + err
    assert not own.exists()
    assert benchlib_("data", "import", file, "--yes")[0] == 0
    found, out, err = benchlib_("data", "remove", "own_dati")
    assert (found, out.splitlines()[-2:]) == (code, ["Remove it? [y/N]: ", "Nothing was removed."])
    assert "Aborted" not in out + err
    assert "own_dati" in benchlib_("data", "where")[1]


def test_every_option_arrives(benchlib_: Benchlib, tmp_path: Path) -> None:
    file = write_csv(tmp_path / "a.csv", [["Kas", "A"], ["Bauskas novads", "1,234"]])
    (tmp_path / "c.toml").write_text(f'[columns]\nA = "{EXPENSE}"\n', encoding="utf-8")
    options = {
        "--kind": "figures",
        "--access": "public",
        "--columns": tmp_path / "c.toml",
        "--column": "Kas=municipality",
        "--year": 2019,
        "--territory": "2009",
        "--decimal": ",",
        "--source": "Tabula",
        "--publisher": "Bauska",
        "--id": "mine",
        "--vintage": "2020-02-01",
    }
    code, _, err = benchlib_("data", "import", file, *(word for pair in options.items() for word in pair), "--yes")
    assert (code, err) == (0, "")
    (source,) = (source for source in load_registry().sources if source.is_own)
    assert (source.id, source.access, source.territory, source.years) == ("mine", "public", "2009", (2019,))
    assert (source.table["lv"], source.publisher["lv"], source.vintage) == ("Tabula", "Bauska", "2020-02-01")


def test_a_survey_by_the_command(benchlib_: Benchlib, own: Path, tmp_path: Path) -> None:
    rows = [["Jautājums", "n", "Vidējais"], ["Par rindām", 25, "3,5"], ["Par attieksmi", 7, "4,5"]]
    file = write_csv(tmp_path / "a.csv", rows)
    options = [
        "--kind",
        "survey",
        "--scale",
        "1-5",
        "--respondents",
        "users",
        "--municipality",
        "bauska",
        "--year",
        "2023",
    ]
    code, out, _ = benchlib_("data", "import", file, *options, "--survey", "Lielā", "--min-n", "8", "--yes")
    assert code == 0
    assert "Of 2 means, 1 with fewer than 8 answers will not be stored" in out
    assert "4,5" not in out
    text = (own / "surveys" / "own_a.csv").read_text(encoding="utf-8")
    assert "0025000,2023,Lielā,Par rindām,users,25,3.5,,1,5,observed,," in text
    assert "4.5" not in text


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["--kind", "figs"], 2, "kind='figs' is not an option. Allowed: 'figures', 'survey', 'buildings'"),
        (["--access", "everybody"], 2, "access='everybody' is not an option"),
        (["--sheet", "Nav"], 2, "There is no sheet 'Nav'. Sheets: 'Lapa'."),
        (["--column", "X=ignore"], 2, "column 'X' stands above no column"),
        (["--municipality", "Rīga"], 1, "but this column says it for each row"),
        (["--min-n", "2"], 2, "at least 3"),
        (["--columns", "nothing.toml"], 1, "nothing.toml is absent. It was to say what the columns are (--columns)"),
        (["--columns", "."], 1, ". is a folder. It was to say what the columns are (--columns)"),
    ],
)
def test_wrong_use_is_said(
    benchlib_: Benchlib, own: Path, file: Path, arguments: list[str], code: int, message: str
) -> None:
    found, out, err = benchlib_("data", "import", file, *arguments, "--yes")
    assert found == code
    assert message in err
    assert "Traceback" not in out + err
    assert not own.exists()


def test_a_broken_file_is_named(benchlib_: Benchlib, own: Path, tmp_path: Path) -> None:
    file = write_csv(
        tmp_path / "a.csv", [["Pašvaldība", "Gads", EXPENSE], ["Bausksa", "2023", "1"], ["Rīga", "2023", "x1"]]
    )
    code, out, err = benchlib_("data", "import", file, "--yes")
    assert (code, out) == (1, "")
    assert err.splitlines()[0] == "a.csv: 2 problems. Nothing of the file was imported."
    assert not own.exists()
    assert benchlib_("data", "import", tmp_path / "absent.csv")[0] == 1


SECRET = "root:$6$salt$hash:19000:0:99999:7:::"


@pytest.mark.parametrize(
    ("name", "is_shown"), [("shadow", False), (".pgpass", False), ("id.pem", False), ("a.CSV", True)]
)
def test_nothing_is_shown_of_a_file_that_is_no_table(
    benchlib_: Benchlib, tmp_path: Path, name: str, is_shown: bool
) -> None:
    for text in (f"{SECRET}\ndaemon:*:19000\n", f"{SECRET},x\nuser,y\n"):
        (tmp_path / name).write_text(text, encoding="utf-8")
        for options in ([], ["--municipality", "Rīga"], ["--kind", "survey"]):
            code, out, err = benchlib_("data", "import", tmp_path / name, *options, "--yes")
            assert code == 1
            assert ("$6$salt$hash" in out + err) == is_shown
            assert err.startswith(f"{name}: no column ")
            assert ("end in .xlsx, .xlsm, .xls, .ods, .csv, .tsv, .tab or .txt" in err) == (not is_shown)
        assert "salt" not in str(benchlib_("data", "import", tmp_path / name, "--kind", "buildings", "--yes"))


def test_a_table_may_have_any_name(benchlib_: Benchlib, tmp_path: Path) -> None:
    file = write_csv(tmp_path / "dati", [["Pašvaldība", "Gads", EXPENSE], ["Rīga", "2023", "1"]])
    assert benchlib_("data", "import", file, "--yes")[0] == 0


NOTHING_YET = "No figures, survey or building register has been imported yet: benchlib data import FILE."


def test_where_and_remove(benchlib_: Benchlib, own: Path, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code, out, _ = benchlib_("data", "where")
    assert (code, out.splitlines()) == (0, [str(own), NOTHING_YET])
    benchlib_("data", "import", file, "--yes", "--vintage", "2024-01-31")
    (own / "plans").mkdir()
    (own / "plans" / "a.toml").write_text("", encoding="utf-8")
    out = benchlib_("data", "where")[1]
    row = next(line for line in out.splitlines() if line.startswith("own_dati"))
    assert row.split() == ["own_dati", "figures", "members", "2023", "2", "2024-01-31", "dati.xlsx,", "Lapa"]
    assert f"1 improvement plan in {own / 'plans'}" in out
    (own / "plans" / "b.toml").write_text("", encoding="utf-8")
    assert f"2 improvement plans in {own / 'plans'}" in benchlib_("data", "where")[1]
    code, _, err = benchlib_("data", "remove", "own_dati")
    assert (code, "Run it again with --yes" in err) == (2, True)
    asked = answering(monkeypatch, yes=False)
    assert benchlib_("data", "remove", "own_dati")[0] == 1
    assert asked == ["Remove it?"]
    assert benchlib_("data", "remove", "own_dati", "--yes") == (0, "Removed own_dati.\n", "")
    assert benchlib_("data", "remove", "own_dati", "--yes")[0] == 2
    assert NOTHING_YET in benchlib_("data", "where")[1]


def test_measures_that_go_with_a_source_are_told(benchlib_: Benchlib, own: Path, tmp_path: Path) -> None:
    file = write_csv(tmp_path / "a.csv", [["Pašvaldība", "Gads", "own_x"], ["Rīga", "2023", "1"]])
    (tmp_path / "c.toml").write_text(
        '[measures.own_x]\nname = { lv = "X", en = "X" }\nunit = "km"\nkind = "additive"\n', encoding="utf-8"
    )
    assert benchlib_("data", "import", file, "--columns", tmp_path / "c.toml", "--yes")[0] == 0
    said = "Removed own_a. Measures that nothing else uses went with it: own_x.\n"
    assert benchlib_("data", "remove", "own_a", "--yes") == (0, said, "")


def test_buildings_without_figures_are_shown(benchlib_: Benchlib, tmp_path: Path) -> None:
    header = ["Ēka", "Nosaukums", "Veids", "Platība, m2", "Siltumavots", "Gads", "Siltums, MWh", "Elektrība, MWh"]
    file = write_csv(
        tmp_path / "ekas.csv", [header, ["k1", "Tautas nams", "kultūras nams", "850", "malka", "", "", ""]]
    )
    arguments = ("--kind", "buildings", "--municipality", "Bauskas novads", "--yes")
    code, out, err = benchlib_("data", "import", file, *arguments)
    assert (code, err) == (0, "")
    (row,) = (line for line in out.splitlines() if line.startswith("no year"))
    assert row.split() == ["no", "year", "1", "0", "0", "850", "0"]


def test_measures_are_listed(benchlib_: Benchlib) -> None:
    for arguments, name in (((), "social protection"), (("--lang", "lv"), "Sociālās aizsardzības izdevumi")):
        code, out, _ = benchlib_("data", "list", "--measures", *arguments)
        assert code == 0
        line = next(line for line in out.splitlines() if line.startswith(EXPENSE))
        assert line.rstrip().endswith("no figures yet")
        assert name in line
    indicators = [benchlib_("data", "list", *arguments)[1] for arguments in ((), ("--lang", "lv"))]
    assert ["Unemployment" in out for out in indicators] == [True, False]
    assert ["Bezdarba līmenis" in out for out in indicators] == [False, True]


def test_a_pipe_in_another_process(tmp_path: Path, file: Path) -> None:
    environment = os.environ | {"XDG_DATA_HOME": str(tmp_path / "elsewhere"), "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-m", "benchlib", "data", "import", str(file)]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env=environment, input="y\n", timeout=60
    )
    assert done.returncode == 2
    assert "run the command again with --yes" in done.stderr
    assert not (tmp_path / "elsewhere").exists()
