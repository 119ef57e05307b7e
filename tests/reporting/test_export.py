"""HTML: one file that stands alone, that a screen reader can read, and in which nothing runs."""

from __future__ import annotations

import base64
import os
import re
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode

from benchlib.errors import ReportError
from benchlib.reporting.base import Block
from benchlib.reporting.blocks import Fact, Facts, Figure
from benchlib.reporting.compose import Blocks, bullets, heading, note, say, table
from benchlib.reporting.export.html import export_html

v4 = nbformat.v4
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
SVG = "<svg xmlns='http://www.w3.org/2000/svg' width='10' height='10'><script>alert(1)</script></svg>"
LONG = "Ļoti" + "ļoti" * 2500
HOSTILE = "</style></script><script>alert(1)</script><img src=x onerror=alert(1)> {{ 7 * 7 }} {% raw %} \u202e \" '"


def output_of(block: Block) -> NotebookNode:
    data, metadata = block._repr_mimebundle_()
    return v4.new_output("display_data", data=data, metadata=metadata)


def notebook_of(*cells: Blocks | list[NotebookNode], tags: tuple[str, ...] = ()) -> NotebookNode:
    """Return an executed notebook; each cell has the outputs of its blocks, the last one the tags."""
    made = []
    for number, cell in enumerate(cells, start=1):
        outputs = [output_of(block) for block in cell] if isinstance(cell, Blocks) else cell
        own = list(tags) if number == len(cells) else []
        made.append(v4.new_code_cell("secret_code()", outputs=outputs, metadata={"tags": own}))
    return v4.new_notebook(cells=made)


REPORT = (
    Blocks(heading("Bauskas novads", 1), say("Ievads."), Facts((Fact("Iedzīvotāji", "48 326"),))),
    Blocks(heading("Izmaksas"), Figure(PIXEL, "Stabiņi", "Izmaksas eiro"), note("Uzmanies", "caution")),
    Blocks(
        heading("Izmaksas"),
        bullets("a"),
        table([("m", "Pašvaldība"), ("x", "€", "right")], [["Bauska", "1"]], caption="C", highlight=[0]),
    ),
    Blocks(heading("Avoti"), say("CSP")),
)


class Page(HTMLParser):
    """The elements of a page, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def find(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def export(*cells: Blocks | list[NotebookNode], tags: tuple[str, ...] = (), language: str = "lv") -> Page:
    return Page(export_html(notebook_of(*cells, tags=tags), language=language))  # type: ignore[arg-type]


def test_the_structure_of_a_page() -> None:
    page = export(*REPORT, tags=("provenance",))
    assert page.find("html") == [{"lang": "lv"}]
    assert len(page.find("h1")) == 1
    assert [len(page.find(tag)) for tag in ("title", "header", "main", "nav", "footer")] == [1, 1, 1, 1, 1]
    assert [link["href"] for link in page.find("a")] == ["#main", "#izmaksas", "#izmaksas-2", "#avoti"]
    assert [title["id"] for title in page.find("h2")] == ["izmaksas", "izmaksas-2", "avoti"]
    assert "secret_code" not in page.text
    assert "Uzmanību" in page.text


def test_the_words_of_the_page_follow_the_language() -> None:
    page = export(*REPORT, language="en")
    assert page.find("html") == [{"lang": "en"}]
    assert "Contents" in page.text
    assert "Caution" in page.text


def test_the_language_is_that_of_the_run() -> None:
    notebook = notebook_of(*REPORT)
    assert '<html lang="lv">' in export_html(notebook)
    notebook.metadata["papermill"] = {"parameters": {"language": "en"}}
    assert '<html lang="en">' in export_html(notebook)


def test_the_page_stands_alone_and_runs_nothing() -> None:
    page = export(*REPORT)
    policy = next(meta["content"] for meta in page.find("meta") if "http-equiv" in meta)
    assert policy is not None
    assert policy.startswith("default-src 'none'; img-src data:; style-src 'unsafe-inline'")
    assert not page.find("script")
    assert not page.find("link")
    assert all((image["src"] or "").startswith("data:image/") for image in page.find("img"))
    css = export_html(notebook_of(*REPORT)).split("<style>")[1].split("</style>")[0]
    assert not re.search(r"url\(|@import|https?:", css)


def test_hostile_text_is_inert_everywhere() -> None:
    cells = Blocks(
        heading(HOSTILE, 1),
        heading(HOSTILE),
        say(HOSTILE),
        bullets(HOSTILE),
        note(HOSTILE),
        Facts((Fact(HOSTILE, HOSTILE, HOSTILE),)),
        Figure(PIXEL, HOSTILE, HOSTILE),
        table([("m", HOSTILE), ("x", HOSTILE)], [[HOSTILE, HOSTILE]], caption=HOSTILE, note=HOSTILE),
    )
    ordinary = [
        v4.new_output("stream", text=HOSTILE),
        v4.new_output("display_data", data={"text/html": HOSTILE, "text/plain": HOSTILE}),
        v4.new_output("display_data", data={"text/markdown": HOSTILE}),
        v4.new_output("display_data", data={"image/svg+xml": SVG}),
        v4.new_output("error", ename=HOSTILE, evalue=HOSTILE, traceback=[]),
    ]
    page = export(cells, ordinary)
    assert not page.find("script")
    assert not [name for _, attributes in page.elements for name in attributes if name.startswith("on")]
    assert all((image["src"] or "").startswith("data:") for image in page.find("img"))
    assert page.text.count("<script>alert(1)</script>") >= 12
    assert "{{ 7 * 7 }}" in page.text


def test_a_figure_without_alt_names_the_cell() -> None:
    notebook = notebook_of(REPORT[0], REPORT[1])
    notebook.cells[1].outputs[1].metadata["benchlib"][0]["alt"] = " "
    with pytest.raises(ReportError, match=r"Cell 2 .* alt text"):
        export_html(notebook)


@pytest.mark.parametrize("broken", [{"block": "video"}, {"block": "heading"}, {"block": "heading", "size": 1}])
def test_a_broken_block_names_the_cell(broken: dict[str, object]) -> None:
    output = v4.new_output("display_data", data={}, metadata={"benchlib": [broken]})
    with pytest.raises(ReportError, match="Cell 1"):
        export([output])


def test_what_a_researcher_adds_appears() -> None:
    picture = base64.b64encode(PIXEL).decode()
    page = export(
        [
            v4.new_output("stream", name="stdout", text="printed"),
            v4.new_output("stream", name="stderr", text="UserWarning: for the researcher"),
            v4.new_output("execute_result", data={"text/html": "<table>", "text/plain": "a frame"}),
            v4.new_output("display_data", data={"text/markdown": "# plain"}),
            v4.new_output("display_data", data={"image/png": picture}),
            v4.new_output("display_data", data={"image/png": picture}, metadata={"image/png": {"alt": "described"}}),
        ]
    )
    for text in ("printed", "a frame", "# plain", "Uzmanību"):
        assert text in page.text
    assert "UserWarning" not in page.text
    assert not page.find("table")
    assert [image["alt"] for image in page.find("img")] == [
        "Attēls bez apraksta, no darba burtnīcas 1. šūnas.",
        "described",
    ]
    assert page.text.count("Attēls bez apraksta") == 1, "the caution stands once, beside the picture without words"


def test_hidden_cells_stay_hidden() -> None:
    assert "CSP" not in export(*REPORT, tags=("remove-output",)).text


def test_a_notebook_without_a_title_still_has_one() -> None:
    assert "Pārskats" in export(say("a")).text


def test_the_same_notebook_gives_the_same_page() -> None:
    assert export_html(notebook_of(*REPORT)) == export_html(notebook_of(*REPORT))


@pytest.mark.browser
def test_no_sideways_scrolling_on_a_phone_and_no_complaint_of_the_browser(tmp_path: Path, chromium: str) -> None:
    playwright = pytest.importorskip("playwright.sync_api")
    wide = table(
        [("m", "Pašvaldība"), *((str(n), f"Rādītājs {n}", "right") for n in range(8))],
        [[LONG, *["1 234 567 €"] * 8]],
        caption=LONG,
    )
    path = tmp_path / "page.html"
    path.write_text(export_html(notebook_of(*REPORT, Blocks(heading(LONG), say(LONG), wide))), encoding="utf-8")
    flags = "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    flags += "--disable-component-update --disable-sync"
    with playwright.sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=flags.split(), env={**os.environ})
        page = browser.new_page(viewport={"width": 360, "height": 740})
        requests: list[str] = []
        complaints: list[str] = []
        page.on("request", lambda request: requests.append(request.url))
        page.on("console", lambda message: complaints.append(message.text))
        page.goto(path.as_uri())
        for width in (360, 640, 1280):
            page.set_viewport_size({"width": width, "height": 740})
            assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate("document.querySelector('.own').getBoundingClientRect().height") > 0
        browser.close()
    assert [url for url in requests if not url.startswith(("file:", "data:"))] == []
    assert complaints == []
