"""The notebooks in a real JupyterLab, in Chromium: opened as `benchlib lab` opens them, run, clicked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from lab_server import TOKEN, Lab, running_lab
from playwright.sync_api import Page, expect, sync_playwright

pytestmark = [pytest.mark.browser, pytest.mark.notebook]

#: Milliseconds: on a busy machine a kernel takes its time.
PATIENCE = 90_000
SMALL = """from benchlib.indicators import load_catalogue
from benchlib.reporting import heading, show, table
from benchlib.reporting.plots.style import canvas

heading("A heading of the report")"""
PICTURE = 'show(canvas(1.0), alt="What <i>it</i> shows", caption="What it **says**")'
TABLE = 'table([("m", "Municipality"), ("x", "Value", "right")], [["Bauska", "1"]], caption="A table")'


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    home, place = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("notebooks")
    v4 = nbformat.v4
    cells = [v4.new_markdown_cell("# Notes"), *(v4.new_code_cell(source) for source in (SMALL, PICTURE, TABLE))]
    spec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(v4.new_notebook(cells=cells, metadata={"kernelspec": spec}), place / "small.ipynb")
    with running_lab(place, home) as running:
        yield running


@pytest.fixture
def page(lab: Lab, chromium: str) -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 1500, "height": 1400})
        page.set_default_timeout(PATIENCE)
        expect.set_options(timeout=PATIENCE)
        page.route(lambda address: not address.startswith(lab.address), lambda route: route.abort())
        yield page
        expect.set_options(timeout=5_000)  # Playwright's own
        browser.close()


def run_all(page: Page, lab: Lab, notebook: str) -> None:
    page.goto(f"{lab.address}/lab/tree/{notebook}?token={TOKEN}&reset")
    page.wait_for_selector(".jp-Notebook .jp-CodeCell")
    expect(page.locator("#jp-bottom-panel")).to_contain_text("| Idle")
    expect(page.locator(".jp-Dialog")).to_have_count(0)  # JupyterLab asks for a kernel where a notebook names none
    page.evaluate("() => { window.jupyterapp.commands.execute('notebook:run-all-cells') }")


def test_the_explorer_follows_every_click(page: Page, lab: Lab, tmp_path: Path) -> None:
    run_all(page, lab, "explorer.ipynb")
    rows = page.locator(".benchlib-explorer tbody tr")
    expect(rows).to_have_count(12)
    expect(page.locator(".benchlib-explorer tr.own")).to_contain_text("Bauskas novads")

    page.locator(".benchlib-explorer select").nth(1).select_option(index=3)  # all municipalities
    expect(rows).to_have_count(43)
    page.locator(".benchlib-explorer select").nth(0).select_option("Ogres novads")
    expect(page.locator(".benchlib-explorer tr.own")).to_contain_text("Ogres novads")

    page.locator(".benchlib-explorer input[type=text]").nth(1).fill("platiba")
    page.locator(".benchlib-explorer input[type=text]").nth(1).press("Tab")
    page.get_by_label("Platība", exact=True).check()
    expect(page.locator(".benchlib-explorer thead")).to_contain_text("Platība, km², 2018")

    page.locator(".benchlib-explorer .lm-TabBar-tab").nth(1).click()
    picture = page.locator(".benchlib-explorer figure img")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.complete && image.naturalWidth > 300")
    with page.expect_download() as saved:
        page.locator(".benchlib-explorer a[download]").click()
    saved.value.save_as(tmp_path / "saved.csv")
    assert (tmp_path / "saved.csv").read_text("utf-8-sig").count("Platība") == 42


def test_figures_tables_and_contents_read_well(page: Page, lab: Lab) -> None:
    run_all(page, lab, "small.ipynb")
    output = page.locator(".jp-OutputArea-output")
    expect(page.locator(".jp-Notebook table caption")).to_have_text("A table")
    expect(output.filter(has_text="What it says")).to_have_count(1)
    assert page.locator(".jp-OutputArea-output strong").inner_text() == "says"
    page.locator(".jp-OutputArea-output summary").click()
    expect(output.filter(has_text="What <i>it</i> shows")).to_be_visible()
    align = "cell => getComputedStyle(cell).textAlign"
    assert page.locator(".jp-Notebook tbody th").evaluate(align) == "left"
    assert page.locator(".jp-Notebook tbody td").evaluate(align) == "right"
    page.keyboard.press("Control+Shift+K")
    contents = page.locator(".jp-TableOfContents-content .jp-tocItem")
    expect(contents).to_have_text(["Notes"])
