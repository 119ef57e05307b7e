"""HTML: one file that stands alone, that a screen reader can read, and in which nothing runs but the page's own script."""

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from invented import HOSTILE, everywhere, notebook_of, pixel, v4
from nbformat import NotebookNode

from benchlib.errors import OptionError, ReportError
from benchlib.reporting.blocks import Fact, Facts, Figure
from benchlib.reporting.compose import Blocks, bullets, heading, note, say, table
from benchlib.reporting.export import html as html_module
from benchlib.reporting.export.html import ReportExporter, export_html

REPORT = (
    Blocks(heading("Bauskas novads", 1), say("Ievads."), Facts((Fact("Iedzīvotāji", "48 326"),))),
    Blocks(heading("Izmaksas"), Figure(pixel(), "Stabiņi", "Izmaksas eiro"), note("Uzmanies", "caution")),
    Blocks(
        heading("Izmaksas"),
        bullets("a"),
        table([("m", "Pašvaldība"), ("x", "€", "right")], [["Bauska", "1"]], caption="C", highlight=[0]),
    ),
    Blocks(heading("Avoti"), say("hidden words")),
)
#: Marks that turn the direction of writing.
TURNING = "\u061c\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


class Page(HTMLParser):
    """The elements of a page, its text, and apart from that its styles and scripts."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.code: dict[str, list[str]] = {"style": [], "script": []}
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if self.cdata_elem in self.code:
            self.code[self.cdata_elem].append(data)
        else:
            self.text += data

    def find(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]

    def policy(self) -> dict[str, str]:
        content = next(meta["content"] for meta in self.find("meta") if "http-equiv" in meta) or ""
        return dict(rule.strip().partition(" ")[::2] for rule in content.split(";"))  # type: ignore[misc]


def export(*cells: Blocks | list[NotebookNode], tags: tuple[str, ...] = (), **options: Any) -> Page:
    return Page(export_html(notebook_of(*cells, tags=tags), **{"language": "lv", **options}))


def links_of(page: Page) -> list[str]:
    hrefs = [link["href"] or "" for link in page.find("a")]
    return [href for href in hrefs if not href.startswith("#")]


# --- the page -----------------------------------------------------------------------------------------------------------


def test_the_structure_of_a_page() -> None:
    page = export(*REPORT, tags=("provenance",))
    assert page.find("html") == [{"lang": "lv"}]
    assert len(page.find("h1")) == 1
    assert [len(page.find(tag)) for tag in ("title", "header", "main", "nav", "footer")] == [1, 1, 1, 1, 1]
    assert [link["href"] for link in page.find("a")] == ["#page_content", "#izmaksas", "#izmaksas-2", "#avoti"]
    assert [title["id"] for title in page.find("h2")] == ["izmaksas", "izmaksas-2", "avoti"]
    assert page.find("main")[0]["id"] == "page_content"
    assert page.find("nav")[0]["aria-labelledby"] == "contents_title"
    assert "secret_code" not in page.text
    assert "Uzmanību" in page.text


def test_no_heading_takes_an_identifier_of_the_page_itself() -> None:
    words = ("Main", "Page content", "Contents title", "page_content", "contents_title", "Top")
    page = export(*(Blocks(heading(word), say("a")) for word in words))
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids)) == len(words) + 2


def test_the_words_of_the_page_follow_the_language() -> None:
    page = export(*REPORT, language="en")
    assert page.find("html") == [{"lang": "en"}]
    for words in ("Contents", "Caution", "Text size", "Contrast", "Dark"):
        assert words in page.text


def test_the_language_is_that_of_the_run() -> None:
    notebook = notebook_of(*REPORT)
    assert '<html lang="lv">' in export_html(notebook)
    notebook.metadata["papermill"] = {"parameters": {"language": "en"}}
    assert '<html lang="en">' in export_html(notebook)


def test_a_notebook_without_a_title_still_has_one() -> None:
    assert "Pārskats" in export(say("a")).text


def test_the_same_notebook_gives_the_same_page() -> None:
    links = {"pdf": "a.pdf", "en": "b.html"}
    assert export_html(notebook_of(*REPORT), links=links) == export_html(notebook_of(*REPORT), links=links)


def test_nbconvert_and_jupyterlab_can_export_too(tmp_path: Path) -> None:
    body, _ = ReportExporter().from_notebook_node(notebook_of(*REPORT), {"metadata": {"name": "Notebook"}})
    assert body == export_html(notebook_of(*REPORT))


# --- links ----------------------------------------------------------------------------------------------------------------


def test_the_page_links_to_its_siblings() -> None:
    links = {"index": "index.html", "lv": "b-lv.html", "en": "b-en.html", "pdf": "b-lv.pdf", "ipynb": "b-lv.ipynb"}
    page = export(*REPORT, links=links)
    assert links_of(page) == ["index.html", "b-en.html", "b-lv.pdf", "b-lv.ipynb"], "not to the page itself"
    other = next(link for link in page.find("a") if link["href"] == "b-en.html")
    assert (other["hreflang"], other["lang"]) == ("en", "en")
    assert "English" in page.text
    assert "Latviski" not in page.text
    assert "Latviski" in export(*REPORT, links=links, language="en").text


@pytest.mark.parametrize("links", [None, {}, {"lv": "self.html"}])
def test_without_siblings_there_is_no_list_of_them(links: dict[str, str] | None) -> None:
    page = export(*REPORT, links=links)
    assert not links_of(page)
    assert len(page.find("nav")) == 1, "the contents"


@pytest.mark.parametrize(
    ("name", "href"),
    [
        ("Ķekavas novads.pdf", "%C4%B6ekavas%20novads.pdf"),
        ("a'\"><script>.pdf", "a%27%22%3E%3Cscript%3E.pdf"),
        ("50%#?&.pdf", "50%25%23%3F%26.pdf"),
        ("{{ 7 * 7 }}.pdf", "%7B%7B%207%20%2A%207%20%7D%7D.pdf"),
    ],
)
def test_names_of_files_are_encoded(name: str, href: str) -> None:
    assert links_of(export(*REPORT, links={"pdf": name})) == [href]


@pytest.mark.parametrize(
    "name",
    [
        "javascript:alert(1)",
        "https://example.org/a.pdf",
        "//example.org",
        "../a.pdf",
        "a/b.pdf",
        "a\\b.pdf",
        "data:text/html,x",
        "..",
        ".",
        "",
        "a\n.pdf",
        "a\u202efdp.exe",
        "a\ud800.pdf",
        None,
        b"a.pdf",
    ],
)
def test_a_link_that_could_lead_elsewhere_is_refused(name: object) -> None:
    with pytest.raises(OptionError, match=r"\(pdf\) is not the name of a file beside the page"):
        export(*REPORT, links={"pdf": name})


def test_a_link_to_something_unknown_is_refused() -> None:
    with pytest.raises(OptionError, match=r"links='docx' is not an option. Allowed: 'index', 'lv'"):
        export(*REPORT, links={"docx": "a.docx"})


# --- nothing comes in, nothing goes out -------------------------------------------------------------------------------------


def test_the_page_stands_alone() -> None:
    page = export(*REPORT)
    for tag in ("link", "iframe", "object", "embed", "base", "form"):
        assert not page.find(tag)
    assert all((image["src"] or "").startswith("data:image/") for image in page.find("img"))
    assert not re.search(r"url\(|@import|https?:", page.code["style"][0])
    assert not re.search(r"https?:|fetch|import|eval|innerHTML|document\.write", page.code["script"][0])


def test_the_policy_allows_the_style_and_the_script_of_the_page_and_nothing_else() -> None:
    page = export(*REPORT)
    allowed = {
        f"{tag}-src": f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
        for tag, (text,) in page.code.items()
    }
    rest = {"default-src": "'none'", "img-src": "data:", "base-uri": "'none'", "form-action": "'none'"}
    assert page.policy() == rest | allowed
    assert not [name for _, attributes in page.elements for name in attributes if name == "style" or name[:2] == "on"]
    order = [tag for tag, _ in page.elements]
    assert order.index("style") > next(n for n, (_, about) in enumerate(page.elements) if "http-equiv" in about)


def test_hostile_text_is_inert_everywhere() -> None:
    notebook = everywhere(HOSTILE)
    notebook.metadata["title"] = HOSTILE
    page = Page(export_html(notebook, language="lv"))
    assert [page.code["script"], page.code["style"]] == [export(say("a")).code[tag] for tag in ("script", "style")]
    assert not [name for _, attributes in page.elements for name in attributes if name.startswith("on")]
    assert all((image["src"] or "").startswith("data:") for image in page.find("img"))
    assert page.text.count("<script>window.harmed=1</script>") >= 40
    assert page.text.count("{{ 7 * 7 }} {% raw %} {# x #}") >= 40
    assert "49" not in page.text


def test_marks_that_turn_the_direction_of_writing_show_as_what_they_are() -> None:
    html = export_html(everywhere(f"Bauska{TURNING}x"))
    assert not set(html) & set(TURNING)
    assert html.count("Bauska" + "\N{REPLACEMENT CHARACTER}" * len(TURNING) + "x") >= 40


@pytest.mark.parametrize(
    ("printed", "shown"),
    [
        ("\x1b[1;31mred\x1b[0m\x1b[K", "red"),
        ("\x1b]0;title\x07a\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\", "alink"),
        ("\x1b[38;5;208mo\x1b[?25l", "o"),
        ("bell\x07", "bell\N{REPLACEMENT CHARACTER}"),
        ("a\x1b[31m\nb", "a\nb"),
    ],
)
def test_codes_for_a_terminal_are_left_out(printed: str, shown: str) -> None:
    html = export_html(notebook_of([v4.new_output("stream", text=printed)]))
    assert f"<pre class='printed'>{shown}</pre>" in html


def test_only_colours_and_not_text_are_a_reason_to_show_nothing() -> None:
    assert "class='printed'" not in export_html(notebook_of([v4.new_output("stream", text="\x1b[0m\n")]))


def test_high_contrast_is_the_same_by_choice_and_by_device() -> None:
    css = (html_module.TEMPLATE_FOLDER / "report.css").read_text("utf-8")
    chosen = re.search(r'\[value="high"\]:checked\) \{(.*?)\}', css, re.DOTALL)
    device = re.search(r"\(prefers-contrast: more\) \{\s*:root \{(.*?)\}", css, re.DOTALL)
    assert chosen
    assert device
    assert chosen[1].split() == device[1].split()


# --- what a notebook brings -----------------------------------------------------------------------------------------------


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
    picture = base64.b64encode(pixel()).decode()
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
    assert "hidden words" in export(*REPORT).text
    assert "hidden words" not in export(*REPORT, tags=("remove-output",)).text
