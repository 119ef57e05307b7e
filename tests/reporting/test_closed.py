"""A report for members says so at its top and on every page, in each form, whichever notebook made it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from in_process import NOTEBOOKS
from invented import notebook_of
from nbformat import NotebookNode
from pdfs import Pdf

from benchlib.reporting import Words
from benchlib.reporting.blocks import Note
from benchlib.reporting.compose import Blocks, heading, note, say
from benchlib.reporting.export.html import export_html
from benchlib.reporting.export.page import access_of, read_page
from benchlib.reporting.export.pdf import export_pdf
from benchlib.reporting.schemas import SCHEMAS, Parameters
from tests.reporting.world import World

WARNINGS = {
    "lv": "Tikai dalībniekiem: pārskatu nepublicēt un nenodot tālāk.",
    "en": "For members only: do not publish this report or pass it on.",
}


def long_report(*blocks: Any) -> NotebookNode:
    """Return a report of several pages, made with public figures, with these blocks somewhere in it."""
    text = say(*["Rindkopa, kas aizņem vietu. " * 30] * 25)
    return notebook_of(Blocks(heading("Pārskats", 1), text, *blocks), Blocks(heading("Vēl"), text))


def made_with(access: str, place: str) -> NotebookNode:
    """Return the same report, its access noted where papermill, `run_report` or jupyter-scheduler leave it."""
    notebook = long_report()
    if place in ("benchlib", "papermill"):
        notebook.metadata[place] = {"parameters": {"access": access}}
    else:
        notebook.cells[0].source = 'access: str = "public"  # public, or members'
        notebook.cells[0].metadata = {"tags": ["parameters"]}
        notebook.cells[1].source = f'access = "{access}"'
        notebook.cells[1].metadata = {"tags": ["injected-parameters"]}
    return notebook


def sheets(pdf: Pdf) -> list[str]:
    return [pdf.text(number).replace(" ", "") for number in range(1, len(pdf) + 1)]


@pytest.mark.parametrize("place", ["benchlib", "papermill", "cells"])
def test_the_parameter_alone_closes_a_report(place: str) -> None:
    closed = made_with("members", place)
    assert read_page(closed, Words("lv")).warning == WARNINGS["lv"]
    assert f'<aside class="warning"><p>{WARNINGS["en"]}</p></aside>' in export_html(closed, language="en")


@pytest.mark.parametrize("place", ["benchlib", "papermill", "cells"])
def test_a_public_report_says_nothing_of_it(place: str) -> None:
    public = made_with("public", place)
    assert access_of(public) == "public"
    assert WARNINGS["lv"] not in export_html(public, language="lv")
    assert not any(WARNINGS["lv"].replace(" ", "") in sheet for sheet in sheets(Pdf(export_pdf(public, language="lv"))))


def test_a_copy_run_again_for_members_is_closed_in_spite_of_its_old_metadata() -> None:
    again = made_with("members", "cells")
    again.metadata["papermill"] = {"parameters": {"access": "public"}}
    assert access_of(again) == "members"


@pytest.mark.parametrize("language", ["lv", "en"])
def test_every_page_of_the_pdf_says_it_once(language: Any) -> None:
    pdf = Pdf(export_pdf(made_with("members", "benchlib"), language=language))
    assert len(pdf) > 3
    assert all(sheet.count(WARNINGS[language].replace(" ", "")) == 1 for sheet in sheets(pdf))


def test_a_remark_closes_a_report_too_and_has_its_own_label() -> None:
    page = read_page(long_report(note("Ir dati, kas nav publiski.", "closed")), Words("lv"))
    assert page.is_closed
    (remark,) = [part for section in page.sections for part in section.parts if isinstance(part, Note)]
    assert remark.label == "Tikai dalībniekiem"


def test_what_is_invented_and_closed_says_both_on_every_page() -> None:
    both = made_with("members", "benchlib")
    both.cells[0].outputs += notebook_of(Blocks(note("Izdomāts.", "invented"))).cells[0].outputs
    said = read_page(both, Words("lv")).warning
    assert said.startswith("Izdomāti dati:")
    assert said.endswith(WARNINGS["lv"])
    assert all(
        said.replace(" ", "") in sheet.replace("\n", "") for sheet in sheets(Pdf(export_pdf(both, language="lv")))
    )


@pytest.mark.parametrize("schema", SCHEMAS.values())
def test_each_notebook_says_it_right_below_its_title(schema: type[Parameters]) -> None:
    """In JupyterLab and in the .ipynb too, where no banner is."""
    notebook = json.loads((NOTEBOOKS / schema.folder / f"{schema.notebook}.ipynb").read_text("utf-8"))
    cells = ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"]
    title = next(number for number, cell in enumerate(cells) if cell.startswith("heading(") and cell.endswith(", 1)"))
    assert cells[title + 1] == ('note(texts.closed_note(words), "closed") if parameters.access == "members" else None')


@pytest.mark.notebook
def test_the_report_on_a_municipality_for_members_says_it_in_all_its_files(tmp_path: Path) -> None:
    world = World(tmp_path)
    out = tmp_path / "reports"
    options = ["--lang", "lv", "-p", "access=members", "-p", "replications=100", "--out", str(out)]
    world.run("reports", "Bauskas novads", *options)
    html, pdf, notebook = (next(out.glob(f"*-members.{suffix}")) for suffix in ("html", "pdf", "ipynb"))
    page = html.read_text("utf-8")
    assert page.index(WARNINGS["lv"]) < page.index("<h1>")
    assert page.index("nepublicēt un nenodot tālāk.", page.index("<h1>")) < page.index("<h2")
    assert all(WARNINGS["lv"].replace(" ", "") in sheet for sheet in sheets(Pdf(pdf.read_bytes())))
    shown = [o for cell in json.loads(notebook.read_text("utf-8"))["cells"] for o in cell.get("outputs", [])]
    assert any("nav publiski: nepublicēt un nenodot tālāk" in str(o.get("data")) for o in shown[:3])
