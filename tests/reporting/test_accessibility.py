"""axe-core in real Chromium has nothing against a report: in both languages, every theme, on a desk and on a phone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe import open_browser, violations
from invented import HOSTILE, LONG, every_kind, everywhere

from benchlib.reporting import run_report
from benchlib.reporting.export.html import export_html

pytestmark = pytest.mark.browser

LINKS = {"index": "index.html", "lv": "b-lv.html", "en": "b-en.html", "pdf": "b.pdf", "ipynb": "b.ipynb"}
DESK, PHONE = {"width": 1280, "height": 800}, {"width": 360, "height": 740}


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Any]:
    with open_browser(chromium) as opened:
        yield opened


@pytest.fixture
def opened(browser: Any) -> Iterator[Any]:
    """Return a function that opens a file with the choices of text and colours laid open."""
    page = browser.new_page()

    def opens(path: Path) -> Any:
        page.goto(path.as_uri())
        page.evaluate("document.querySelector('.display').open = true")
        return page

    yield opens
    page.close()


def written(path: Path, notebook: Any) -> Path:
    path.write_text(export_html(notebook, links=LINKS), encoding="utf-8")
    return path


def choose(page: Any, **choices: str) -> None:
    for name, value in choices.items():
        page.locator(f"input[name={name}][value='{value}']").check()


def test_every_kind_of_block_in_every_theme(opened: Any, tmp_path: Path) -> None:
    page = opened(written(tmp_path / "page.html", every_kind()))
    for viewport in (DESK, PHONE):
        page.set_viewport_size(viewport)
        for theme in ("light", "dark"):
            for contrast in ("auto", "high"):
                choose(page, theme=theme, contrast=contrast)
                found = violations(page, least="minor", strict_contrast=contrast == "high")
                assert found == [], (viewport, theme, contrast)


@pytest.mark.parametrize("text", [HOSTILE, LONG[:3000]], ids=["hostile", "long"])
def test_whatever_the_texts_are(text: str, opened: Any, tmp_path: Path) -> None:
    page = opened(written(tmp_path / "page.html", everywhere(text)))
    for viewport in (DESK, PHONE):
        page.set_viewport_size(viewport)
        assert violations(page, least="minor") == [], viewport


@pytest.mark.notebook
def test_a_report_really_run(opened: Any, tmp_path: Path) -> None:
    parameters = {"municipality": "Bauskas novads", "language": "en", "replications": 100}
    files = run_report("municipality", parameters, out=tmp_path, formats=("html",))
    assert files.html is not None
    page = opened(files.html)
    page.set_viewport_size(DESK)
    assert violations(page, least="minor") == []
    page.set_viewport_size(PHONE)
    choose(page, theme="dark", contrast="high", size="125")
    assert violations(page, least="minor", strict_contrast=True) == []
    assert files.html.stat().st_size < 1_500_000


def test_a_fault_is_found_and_told(opened: Any, tmp_path: Path) -> None:
    page = opened(written(tmp_path / "page.html", every_kind()))
    page.evaluate("document.querySelector('img').removeAttribute('alt')")
    page.evaluate("document.querySelector('h1').style.color = '#999'")
    page.evaluate("document.querySelector('h1').style.fontSize = '15px'")
    found = violations(page)
    assert [line.split(" at ")[0] for line in found] == ["critical image-alt", "serious color-contrast"]
    assert "h1" in found[1]
    assert violations(page, least="critical") == found[:1]
