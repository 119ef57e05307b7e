"""The energy overview as a whole: what a run may be about, and the notebook really run, public and for members."""

from __future__ import annotations

import hashlib
import html as markup
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pandas as pd
import pytest
from energy_cases import HOSTILE, case, every_text
from pages import Page
from pdfs import Pdf

from benchlib.errors import AccessError, OptionError, ParameterError
from benchlib.indicators import own_folder
from benchlib.indicators.buildings.register import register_csv, registers
from benchlib.reporting import EnergyEfficiencyParameters, Words, run_report
from benchlib.reporting.batch.plan import plan_tasks
from benchlib.reporting.batch.subjects import everything, stem_of
from benchlib.reporting.export.html import export_html
from tests.comparison.registers import measure, register, rows_of

NOTEBOOK = Path(__file__).parents[2] / "notebooks" / "plans" / "energy_efficiency.ipynb"
WARNING = "Izdomāti dati: šis pārskats pilnībā vai daļēji ir izdomāts paraugs."


@pytest.fixture
def closed_register(own: Path) -> str:
    """A register for members only, with hostile names, in a user's data folder of its own."""
    del own
    rows = [row for k in range(5) for row in rows_of(f"h{k}", [100 + 20 * k] * 3)]
    for row in rows:
        row["name"] = f"{HOSTILE} {row['building']}"
    plans = [measure("h4", "walls", "planned", cost_eur=5_000, saving_pct=20)]
    made = register(rows, [*plans, measure("h1", "walls", "done", year=2022, saving_pct=5)])
    write(made.buildings, made.measures, "slegts", access="members")
    return "slegts"


def write(buildings: pd.DataFrame, measures: pd.DataFrame, id: str, *, access: str) -> None:
    """Put a register into the user's own data folder, as `benchlib data import` does."""
    folder = own_folder()
    (folder / "buildings").mkdir(parents=True)
    lines = ["[[registers]]", f'id = "{id}"', f'access = "{access}"', 'vintage = "2025-01-01"']
    lines += [f'{key} = {{ lv = "Slēgts", en = "Closed" }}' for key in ("name", "municipality", "source")]
    for prefix, name, table in (("", id, buildings), ("measures_", f"{id}-measures", measures)):
        content = register_csv(table).encode()
        (folder / "buildings" / f"{name}.csv").write_bytes(content)
        lines += [f'{prefix}file = "buildings/{name}.csv"', f"{prefix}rows = {len(table)}"]
        lines += [f'{prefix}sha256 = "{hashlib.sha256(content).hexdigest()}"']
    (folder / "buildings.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")


# --- what a run may be about ------------------------------------------------------------------------------------------------


def test_the_subjects_are_the_registers_that_may_be_seen(closed_register: str) -> None:
    assert everything("register", {}) == ["demo"]
    assert everything("register", {"access": "members"}) == ["demo", closed_register]
    assert [entry.id for entry in registers(access="members")] == ["demo", closed_register]
    tasks = plan_tasks("energy_efficiency", parameters={"access": "members", "year": 2023}, languages=["lv"])
    assert [task.stem for task in tasks] == [
        "energy-efficiency-demo-2023-lv-members",
        "energy-efficiency-slegts-2023-lv-members",
    ]


def test_a_wrong_subject_is_refused_before_the_run(closed_register: str) -> None:
    with pytest.raises(OptionError, match="register='nav' is not a building register"):
        plan_tasks("energy_efficiency", ["nav"])
    with pytest.raises(AccessError, match="members only"):
        plan_tasks("energy_efficiency", [closed_register])
    with pytest.raises(ParameterError, match="has figures for 2021, 2022, 2023, 2024 only"):
        plan_tasks("energy_efficiency", ["demo"], years=[2019])


def test_a_register_is_reported_for_its_latest_year(closed_register: str) -> None:
    """It has no figures of 2024, the year of the invented one; a run names its year, so that the next one is a new report."""
    given = {"access": "members"}
    (task,) = plan_tasks("energy_efficiency", [closed_register], parameters=given, languages=["lv"])
    assert (task.stem, task.parameters["year"]) == ("energy-efficiency-slegts-2023-lv-members", 2023)
    (named,) = plan_tasks("energy_efficiency", [closed_register], years=[2023], parameters=given, languages=["lv"])
    assert named == task, "the same inputs, the same run"
    tasks = plan_tasks("energy_efficiency", parameters=given, languages=["lv"])
    assert [task.parameters["year"] for task in tasks] == [2024, 2023], "each its own"
    with pytest.raises(ParameterError, match=r"year=1999 is out of bounds\. Allowed: 2000 to 2100, or 0"):
        EnergyEfficiencyParameters(year=1999)


def test_a_year_without_figures_is_not_the_latest() -> None:
    rows = [*rows_of("a", [100, 110]), *rows_of("b", [90, None], electricity_mwh=None)]
    assert register(rows).latest_year == 2022
    empty = [{**row, "heat_mwh": None, "electricity_mwh": None} if row["year"] == 2022 else row for row in rows]
    assert register(empty).latest_year == 2021
    assert register(rows_of("a", [None, None], electricity_mwh=None)).latest_year == 2022, "no figure at all"


def test_parameters() -> None:
    assert stem_of(EnergyEfficiencyParameters()) == "energy-efficiency-demo-2024-lv"
    with pytest.raises(ParameterError, match="degree_days=39"):
        EnergyEfficiencyParameters(degree_days=39)
    with pytest.raises(ParameterError, match="saving_margin=95"):
        EnergyEfficiencyParameters(saving_margin=95)


# --- the notebook -----------------------------------------------------------------------------------------------------------


def test_the_notebook_is_committed_clean() -> None:
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert not any(cell.outputs or cell.execution_count for cell in code)
    assert code[0].metadata.tags == ["parameters"]
    assert "from_notebook(globals())" in code[1].source
    assert not any(re.search(r"^\s*def |^\s*class ", cell.source, re.MULTILINE) for cell in code)
    assert [cell.metadata.get("tags") for cell in code[-3:]] == [["provenance"]] * 3, "provenance last"
    drawn = [len(re.findall(r"\bshow\(\s*plots\.\w+\(", cell.source)) for cell in code]
    assert sum(drawn) == 4
    assert drawn == [cell.source.count("plots.") for cell in code], "one figure, one call"


@pytest.mark.notebook
def test_the_invented_register_in_latvian_says_so_on_every_page(tmp_path: Path) -> None:
    files = run_report("energy_efficiency", {}, out=tmp_path, formats=["html", "pdf"])
    assert files.html is not None
    assert files.pdf is not None
    page = Page(files.html)
    words = Words("lv")
    assert page.lang == "lv"
    assert [tag for tag, _ in page.headings].count("h1") == 1
    assert len([tag for tag, _ in page.headings if tag == "h2"]) == 10
    assert len(page.alts) == 4
    assert all(len(alt) > 60 for alt in page.alts)
    assert page.text.count(WARNING) == 1
    flat = " ".join(" ".join([page.text, *page.alts]).split())
    for where, text in every_text(case("demo"), words):
        if where != "facts":
            assert " ".join(markup.unescape(text).replace("**", "").split()) in flat, f"{where}: {text}"
    for trace in ("Traceback", "import benchlib", str(Path.home()), "/tmp/", "{m"):
        assert trace not in page.source, trace
    pdf = Pdf(files.pdf.read_bytes())
    needle = WARNING.replace(" ", "")
    assert all(needle in pdf.text(number).replace(" ", "") for number in range(1, len(pdf) + 1))
    assert (tmp_path / "energy-efficiency-demo-2024-lv.buildings.csv").is_file()


@pytest.mark.notebook
def test_a_closed_register_with_hostile_names_in_english(closed_register: str, tmp_path: Path) -> None:
    """By plain papermill, as a researcher runs it: refused without access, whole and inert with it."""
    out = tmp_path / "out.ipynb"
    command = [sys.executable, "-m", "papermill", str(NOTEBOOK), str(out), "--no-progress-bar"]
    command += ["-p", "register", closed_register, "-p", "language", "en", "-p", "heat_price", "70.5"]
    refused = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
    assert refused.returncode != 0
    assert "AccessError" in refused.stderr
    files = run_report(
        "energy_efficiency",
        {"register": closed_register, "language": "en", "access": "members", "heat_price": 70.5},
        out=tmp_path,
    )
    assert files.html is not None
    page = Page(files.html)
    assert files.html.name == "energy-efficiency-slegts-2023-en-members.html"
    assert "<script>alert" not in page.source
    assert "alert(1)" in page.text, "the name is shown"
    assert "Invented figures" not in page.text, "a register of one's own is none"
    assert "€70.50 a MWh of heat" in page.text
    assert "For members only: do not publish this report or pass it on." in page.text
    used = {row[0]: row[-1] for row in re.findall(r"<th[^>]*>(\w+)</th><td[^>]*>([^<]*)</td>", page.source)}
    assert (used["year"], used["heat_price"], used["electricity_price"]) == ("2023", "70.5", "150"), (
        "what was used, not 0"
    )
    again = subprocess.run(
        [*command, "-p", "access", "members"], cwd=tmp_path, capture_output=True, timeout=120, check=False
    )
    assert again.returncode == 0, "papermill needs no year either"
    assert "2023" in export_html(nbformat.read(out, as_version=4)).partition("</title>")[0]
    assert "Given for this report" in page.text
