"""Invented figures say so on every page: at the top of the page however far one scrolls, on every sheet of paper, in every PDF page."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe import open_browser, violations
from invented import HOSTILE, everywhere, notebook_of, output_of, v4
from nbformat import NotebookNode
from pdfs import Pdf

from benchlib.reporting import Words
from benchlib.reporting.compose import Blocks, attach, heading, note, say
from benchlib.reporting.export.html import export_html
from benchlib.reporting.export.page import read_page
from benchlib.reporting.export.pdf import export_pdf

WARNINGS = {
    "lv": "Izdomāti dati: šis pārskats pilnībā vai daļēji ir izdomāts paraugs.",
    "en": "Invented figures: this report, or a part of it, is made up as an example.",
}


def long_report(*blocks: object) -> NotebookNode:
    """Return a report of several pages with these blocks somewhere in it."""
    text = say(*["Rindkopa, kas aizņem vietu. " * 30] * 25)
    return notebook_of(Blocks(heading("Pārskats", 1), text, *blocks), Blocks(heading("Vēl"), text))  # type: ignore[arg-type]


def sheets(pdf: Pdf) -> list[str]:
    return [pdf.text(number).replace(" ", "") for number in range(1, len(pdf) + 1)]


# --- what counts as invented ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["lv", "en"])
def test_one_remark_marks_the_whole_report(language: Any) -> None:
    page = read_page(long_report(note("Viss ir izdomāts.", "invented")), Words(language))
    assert page.is_invented
    assert page.warning == WARNINGS[language]


def test_other_remarks_do_not() -> None:
    page = read_page(long_report(note("Uzmanību: izdomāti dati.", "caution"), say("Invented figures")), Words("en"))
    assert not page.is_invented
    assert page.warning == ""
    html = export_html(long_report(note("a", "caution")), language="en")
    assert 'class="warning"' not in html
    assert WARNINGS["en"] not in html


def test_a_remark_at_the_very_end_counts_too() -> None:
    provenance = notebook_of(Blocks(heading("A", 1)), Blocks(note("a", "invented")), tags=("provenance",))
    assert read_page(provenance, Words("lv")).is_invented


# --- PDF --------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["lv", "en"])
def test_every_page_of_the_pdf_says_it(language: Any) -> None:
    pdf = Pdf(export_pdf(long_report(note("Izdomāts.", "invented")), language=language))
    assert len(pdf) > 3
    assert all(sheet.count(WARNINGS[language].replace(" ", "")) == 1 for sheet in sheets(pdf))


def test_no_page_of_a_real_report_says_it() -> None:
    pdf = Pdf(export_pdf(long_report(), language="lv"))
    assert not any("Izdomāti" in sheet for sheet in sheets(pdf))


def test_the_longest_title_leaves_room_for_it() -> None:
    report = notebook_of(
        Blocks(heading("Ļoti gara virsraksta vārdi " * 20, 1), note("a", "invented")),
        Blocks(heading("Vēl"), say(*["Rindkopa. " * 40] * 40)),
    )
    pdf = Pdf(export_pdf(report, language="lv"))
    assert all(WARNINGS["lv"].replace(" ", "") in sheet for sheet in sheets(pdf))


# --- HTML -------------------------------------------------------------------------------------------------------------------


def test_the_page_says_it_before_all_else() -> None:
    html = export_html(long_report(note("a", "invented")), language="lv")
    assert html.count(WARNINGS["lv"]) == 1
    assert html.index(WARNINGS["lv"]) < html.index("<header>")
    assert 'class="warning"' not in export_html(long_report(), language="lv")


def test_hostile_text_does_not_enter_the_warning() -> None:
    html = export_html(everywhere(HOSTILE), language="en")
    assert f'<aside class="warning"><p>{WARNINGS["en"]}</p></aside>' in html


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Any]:
    with open_browser(chromium) as opened:
        yield opened


def opened(browser: Any, folder: Path, notebook: NotebookNode, **options: Any) -> Any:
    path = folder / "report.html"
    path.write_text(export_html(notebook, language="lv"), encoding="utf-8")
    page = browser.new_page(**options)
    page.goto(path.as_uri())
    return page


@pytest.mark.browser
@pytest.mark.parametrize("width", [360, 1280])
def test_it_stays_in_sight_and_hides_nothing(browser: Any, tmp_path: Path, width: int) -> None:
    page = opened(browser, tmp_path, long_report(note("a", "invented")), viewport={"width": width, "height": 700})
    for target in (0, 3000):
        page.evaluate("y => scrollTo(0, y)", target)
        box = page.locator(".warning").bounding_box()
        assert 0 <= box["y"] <= 10, "at the top, below the stripe at most"
        assert box["height"] < 60
    assert page.evaluate("document.documentElement.scrollWidth") == width
    page.evaluate("location.hash = 'vel'")
    page.wait_for_timeout(100)
    title = page.locator("#vel").bounding_box()
    bar = page.locator(".warning").bounding_box()
    assert title["y"] >= bar["y"] + bar["height"], "a heading that one jumps to is not below the bar"
    page.keyboard.press("Tab")
    assert violations(page) == []
    page.close()


@pytest.mark.browser
def test_it_stands_on_every_sheet_of_paper(browser: Any, tmp_path: Path) -> None:
    notebook = long_report(note("a", "invented"))
    page = opened(browser, tmp_path, notebook)
    printed = page.pdf(prefer_css_page_size=True, tagged=False)
    page.close()
    assert checked_sheets(printed, tmp_path) >= 4


def checked_sheets(pdf: bytes, folder: Path) -> int:
    """How many sheets a print-out has, each of which begins with the warning and has it once."""
    program = shutil.which("pdftotext")
    if program is None:
        pytest.skip("no pdftotext on this machine")
    path = folder / "print.pdf"
    path.write_bytes(pdf)
    text = subprocess.run([program, "-layout", str(path), "-"], capture_output=True, text=True, check=True).stdout
    pages = text.split("\f")[:-1]
    for number, sheet in enumerate(pages, start=1):
        first = next(line.strip() for line in sheet.splitlines() if line.strip())
        assert first == WARNINGS["lv"], f"sheet {number} begins with {first!r}"
        assert sheet.count(WARNINGS["lv"]) == 1
    return len(pages)


# --- files that come with a report -------------------------------------------------------------------------------------------


@pytest.mark.browser
def test_an_attached_file_can_be_saved_from_a_page_on_disk(browser: Any, tmp_path: Path) -> None:
    content = 'nosaukums = "Ēku plāns"\n' * 50
    notebook = notebook_of(Blocks(heading("A", 1), attach(content, "plan.toml", "Plāns kā fails <b>")))
    page = opened(browser, tmp_path, notebook, viewport={"width": 360, "height": 700})
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    with page.expect_download() as waiting:
        page.locator(".attachment a").click()
    saved = tmp_path / "saved"
    waiting.value.save_as(saved)
    assert waiting.value.suggested_filename == "plan.toml"
    assert saved.read_text("utf-8") == content
    assert not said, "the page's policy has nothing against it"
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    assert page.locator(".attachment").bounding_box()["height"] > 40, "set apart from the text"
    assert violations(page) == []
    page.close()


def test_outputs_of_a_cell_carry_attachments() -> None:
    notebook = v4.new_notebook(cells=[v4.new_code_cell("x", outputs=[output_of(attach("a", "plan.toml", "b"))])])
    assert [file.suffix for file in read_page(notebook, Words("lv")).attachments] == ["plan.toml"]
    assert export_html(notebook).count("class='attachment'") == 1
