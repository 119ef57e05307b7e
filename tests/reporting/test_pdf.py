"""PDF: the content of the HTML, readable for a screen reader, the same bytes everywhere, and no text that does or loses anything."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
import tempfile
import zlib
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path

import invented
import nbformat
import numpy as np
import pytest
import typst
from invented import HOSTILE, NARROW, SVG_HOSTILE, SVG_STYLED, every_kind, everywhere, notebook_of, output_of, pixel
from nbformat import NotebookNode
from pdfs import Element, Pdf, value
from PIL import Image

from benchlib.errors import ReportError
from benchlib.reporting.base import rich_text
from benchlib.reporting.blocks import Column, Fact, Facts, Figure
from benchlib.reporting.compose import Blocks, attach, heading, note, say, table
from benchlib.reporting.export import pdf
from benchlib.reporting.export.html import export_html
from benchlib.reporting.export.page import read_page
from benchlib.reporting.export.pdf import export_pdf, set_pages
from benchlib.reporting.export.pdf_content import CONTENT_FILE, content_files
from benchlib.reporting.words import Words

v4 = nbformat.v4

#: What Typst would run, cross-reference, calculate or leave out if it read it as markup.
MARKUP = '#panic("x") $x^2$ \\ \\u{41} `c` @ref <lab> = y // c /* d */ *e* _f_ [g] #{1+1} -- ~ "q" https://a.b/c'


@pytest.fixture(autouse=True)
def _pictures_without_links(monkeypatch: pytest.MonkeyPatch) -> None:
    """A picture that loads others cannot be printed; the test for that brings its own."""
    monkeypatch.setattr(invented, "SVG_HOSTILE", SVG_STYLED)


def made(notebook: NotebookNode) -> Pdf:
    return Pdf(export_pdf(notebook))


def report(*blocks: object) -> Pdf:
    return made(notebook_of(Blocks(heading("Pārskats", 1), *blocks)))  # type: ignore[arg-type]


def pictures_of(notebook: NotebookNode) -> list[np.ndarray]:
    """Return the pages as grey pictures, two pixels for a millimetre."""
    files = content_files(read_page(notebook, Words("lv")))
    return [np.asarray(Image.open(BytesIO(page)).convert("L")) for page in set_pages(files, "png", ppi=50.8)]


def letters(text: str) -> str:
    """Return a text without what a PDF does not keep: spaces between lines, and marks that nobody sees."""
    return re.sub(r"[\s\u200b\u2060]", "", text)


# What a screen reader finds


def test_the_catalogue_promises_an_accessible_pdf() -> None:
    report = made(every_kind())
    for promise in (b"/Lang(lv)", b"/Marked true", b"/StructTreeRoot", b"/Outlines", b"/DisplayDocTitle true"):
        assert promise in report.catalogue
    assert b"<pdfuaid:part>1</pdfuaid:part>" in report.data
    assert "Bauskas novads salīdzinājumā".encode("utf-16-be").hex().upper().encode() in report.info
    assert b"/Author(benchlib)" in report.info


def test_the_structure_follows_the_report() -> None:
    report = made(every_kind())
    titles = [(element.tag, element.title) for element in report.find("H1", "H2", "H3")]
    assert titles == [
        ("H1", "Saturs"),
        ("H1", "Kas ir šī pašvaldība"),
        ("H1", "Izmaksas un rezultāts"),
        ("H2", "Skolas"),
        ("H3", "Pamatskolas"),
        ("H1", "Datu avoti"),
    ]
    assert sorted(report.bookmarks) == sorted(title for _, title in titles[1:])
    assert len(report.find("Title")) == 1
    assert len(report.find("TOCI")) == 3, "a line of the contents for each section"
    assert [len(report.find("L")), len(report.find("LI"))] == [1, 2]


def test_every_figure_has_its_alt_text() -> None:
    report = made(every_kind())
    alts = [figure.alt for figure in report.find("Figure")]
    assert alts[:3] == ["Karte: novads ir oranžā krāsā.", "Viena josla.", "Fotogrāfija."]
    assert "" not in alts


def test_a_table_has_caption_labels_and_words_for_its_signs() -> None:
    found = made(every_kind()).find("Table")[0]
    assert len(found.find("Caption")) == 1
    labels = found.find("TH")
    assert len(labels) == 3
    assert all(b"/Scope/Column" in label.source for label in labels)
    assert len(found.find("TBody")[0].find("TR")) == 4
    hints = [sign.alt for sign in found.find("Figure")]
    assert hints == ["labākā ceturtdaļa", "vidējā puse", "pēdējā ceturtdaļa", "nav datu"]
    own = [[b"/BackgroundColor" in cell.source for cell in row.find("TD")] for row in found.find("TBody")[0].find("TR")]
    assert own == [[True] * 3, *[[False] * 3] * 3], "the row of the municipality is marked, and only that one"


def test_levels_of_headings_are_never_skipped() -> None:
    tags = [
        e.tag for e in report(heading("Nodaļa"), heading("Ceturtais", 4), say("x"), heading("Nodaļa")).find("H1", "H2")
    ]
    assert tags == ["H1", "H1", "H2", "H1"]
    early = report(heading("Pirms nodaļām", 3), say("x"))
    assert early.bookmarks == [], "only sections and what stands in them are listed"


# What a reader finds


class Pieces(HTMLParser):
    """The pieces of text of an HTML page between its tags, without what only screen readers get."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self._is_unseen = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._is_unseen = "unseen" in (dict(attrs).get("class") or "")

    def handle_data(self, data: str) -> None:
        if not self._is_unseen and data.strip():
            self.pieces.append(data.strip())


def test_the_pdf_says_what_the_html_says() -> None:
    html = export_html(every_kind())
    pieces = Pieces(html[html.index("<main") : html.index("</footer>")]).pieces
    assert len(pieces) > 80
    shown = letters(made(every_kind()).text())
    assert [piece for piece in pieces if letters(piece) not in shown] == [], "in the HTML but not in the PDF"


def test_pages_are_numbered_and_the_contents_know_them() -> None:
    report = made(every_kind())
    assert len(report) >= 3
    for page in range(1, len(report) + 1):
        assert f"{page} / {len(report)}" in report.text(page)
        assert ("Bauskas novads salīdzinājumā" in report.text(page)) is True, "title or head of the page"
    for section in report.find("H1")[1:]:
        assert re.search(rf"{section.title} *[. ]+{section.first_page}", report.text(1)), section.title


def test_words_and_language_follow_the_run() -> None:
    notebook = every_kind()
    notebook.metadata["benchlib"] = {"parameters": {"language": "en", "year": 2013}}
    report = made(notebook)
    assert b"/Lang(en)" in report.catalogue
    assert "Contents" in report.text(1)
    assert "benchlib · 2013" in report.text(2)
    assert b"/Lang(lv)" in Pdf(export_pdf(notebook, language="lv")).catalogue


def test_bold_is_what_it_is_in_html() -> None:
    for text in ("a **b** c", "**a** **b**", "** a", "a**b", "****", "**a**b**", "a * b ** c ** d", "**a\nb** c"):
        content = content_files(read_page(notebook_of(Blocks(say(text))), Words("lv")))[CONTENT_FILE]
        runs = re.search(r'"kind": "paragraph", "text": (\[\[.*?\]\])', content.decode())
        assert runs is not None
        pairs = re.findall(r'\["(.*?)", (true|false)\]', runs[1])
        written = "".join(f"<strong>{words}</strong>" if bold == "true" else words for words, bold in pairs)
        assert written == str(rich_text(text)).replace("\n", " ")


def test_a_file_of_data_travels_inside_under_its_name() -> None:
    content = 'what = "Kopīga virtuve"\n'
    notebook = notebook_of(Blocks(heading("Pārskats", 1), attach(content, "plan.toml", "Plāns kā datne")))
    found = made(notebook)
    files = [value(body, b"UF") for body in found.objects.values() if b"/Type/Filespec" in body]
    assert files == ["plan.toml"]
    inside = [found.stream(number) for number, body in found.objects.items() if b"/Type/EmbeddedFile" in body]
    assert inside == [content.encode()]
    assert "Plāns kā datne – šim dokumentam pievienotā datne plan.toml." in found.text()
    assert export_pdf(notebook) == export_pdf(notebook)


def test_a_long_table_repeats_its_labels() -> None:
    rows = [[str(n), str(n * n)] for n in range(120)]
    long = report(table([("n", "Skaitlis"), ("q", "Kvadrāts", "right")], rows, caption="Kvadrāti", note="Beigas."))
    assert len(long) >= 3
    assert all("SkaitlisKvadrāts" in long.text(page) for page in range(1, len(long) + 1))
    assert long.text().count("Kvadrāti") == 1
    assert len(long.find("Table")) == 1


def test_a_table_that_is_too_wide_comes_in_parts() -> None:
    columns = [("m", "Pašvaldība"), *((str(year), str(year), "right") for year in range(1990, 2020))]
    wide = report(table(columns, [["Bauskas novads", *["1\u202f234\u202f€"] * 30]], caption="Gadi", note="Beigas."))
    tables = wide.find("Table")
    assert len(tables) > 1
    assert wide.text().count("Bauskas novads") == len(tables), "each part names its rows"
    assert f"Gadi (1/{len(tables)})" in wide.text()
    assert [wide.text().count(str(year)) for year in range(1990, 2020)] == [1] * 30
    assert wide.text().count("Beigas.") == 1


def test_tables_of_any_shape_can_be_printed() -> None:
    heads = tuple(Column(str(n), "W" * 20, is_row_header=True) for n in range(9))
    odd = [
        table([], [], caption="Bez slejām"),
        table([("a", "")], [], caption="Bez rindām", note="N"),
        table([(str(n), str(n)) for n in range(200)], [[str(n) for n in range(200)]], caption="Divsimt"),
        table(heads, [["W" * 40] * 9], caption="Tikai nosaukumi"),
    ]
    assert all(one.caption in report(one).text() for one in odd)
    for page in pictures_of(notebook_of(Blocks(heading("T", 1), *odd))):
        assert not (page[12:, -35:] < 250).any(), "right of the text"


@pytest.mark.parametrize("lines", range(22, 30))
def test_a_heading_stays_with_what_follows(lines: int) -> None:
    above = [say("rinda")] * lines + [heading("Nodaļa"), heading("Sīkāk", 3)]
    rows = [[str(n), "x"] for n in range(60)]
    long = report(*above, table([("n", "A"), ("x", "B")], rows, caption="Gara"))
    parts = (*long.find("H1", "H2"), long.find("Caption")[0], long.find("TH")[0], long.find("TD")[0])
    assert len({part.first_page for part in parts}) == 1
    text = report(*above, say("vārdi " * 80))
    assert len({part.first_page for part in (*text.find("H1", "H2"), text.find("P")[-1])}) == 1


def test_figures_are_whole_however_tall_or_wide() -> None:
    picture = BytesIO()
    Image.new("RGB", (100, 900), (11, 110, 117)).save(picture, "png")
    tall = report(
        *[say("rinda")] * 12,
        Figure(picture.getvalue(), "Augsts", "Paraksts", 640),
        Figure(pixel(), "Plats", "Paraksts", 4000),
        Figure(pixel(), "Mazs", "Paraksts zem vai blakus", 100),
    )
    assert [figure.alt for figure in tall.find("Figure")] == ["Augsts", "Plats", "Mazs"]
    for figure in tall.find("Figure"):
        left, bottom, right, top = box(figure)
        assert left >= 50
        assert right <= 545
        assert bottom >= 55
        assert top <= 800


def box(element: Element) -> list[float]:
    found = re.search(rb"/BBox\[([\d. -]+)\]", element.source)
    assert found is not None
    return [float(number) for number in found[1].split()]


@pytest.mark.parametrize("text", ["ļoti" * 150, "W" * 500, "vārds " * 120], ids=["word", "letters", "words"])
def test_no_text_leaves_the_page(text: str) -> None:
    columns = [("m", "Pašvaldība"), *((str(n), f"Rādītājs {n}", "right") for n in range(9))]
    wide = table(columns, [[text[:400], *["1\u202f234\u202f567\u202f€"] * 9]], caption="Deviņas")
    for page in pictures_of(everywhere(text)) + pictures_of(notebook_of(Blocks(heading("T", 1), wide))):
        content = page[12:] < 250  # below the band at the top of the first page
        assert not content[:, :34].any(), "left of the text"
        assert not content[:, -35:].any(), "right of the text"
        assert not content[-22:].any(), "below the number of the page"


# Texts that mean harm, and letters that fonts lack


@pytest.mark.parametrize(
    "text", [MARKUP, HOSTILE, "\x00\x1b[31m\u202eoksana\u200f\ufffe", "$" * 40, "#" * 9, "[[[", "\\"]
)
def test_texts_are_shown_and_never_run(text: str) -> None:
    report = made(everywhere(text))
    assert not re.search(rb"/(JavaScript|JS|OpenAction|AA|Launch|URI|EmbeddedFile)\b", report.data)
    if text.isprintable():
        assert letters(report.text()).count(letters(text)) >= 20
        assert text in [figure.alt for figure in report.find("Figure")]


def test_letters_of_other_scripts_are_shown_or_marked() -> None:
    names = report(
        say("Ķekava 0,71–\u206025, 1.–9. klase"), say("مدينة"), say("Рига שלום 😀"), say("東京"), say("x\u0489\ue123")
    )
    text = names.text()
    assert "Ķekava 0,71–\u206025, 1.–\u20609. klase" in text
    assert all(letter in text for letter in "مدينةРигаשלום😀\u0489")
    assert names.text().count("\N{REPLACEMENT CHARACTER}") == 3
    fonts = set(re.findall(rb"/FontName/[A-Z]{6}\+([\w-]+)", names.data))
    assert fonts == {b"SourceSans3-Regular", b"SourceSans3-SemiBold", b"DejaVuSans"}


def test_ordinary_reports_need_the_shipped_font_alone() -> None:
    fonts = set(re.findall(rb"/FontName/[A-Z]{6}\+([\w-]+)", report(say("Ā č ▲ ◆ ▼ – − € …"), NARROW).data))
    assert fonts == {b"SourceSans3-Regular", b"SourceSans3-SemiBold"}


# Errors


@pytest.mark.parametrize(
    ("picture", "format_", "reason"),
    [
        (pixel()[:60], "png", "decode"),
        (b"not a picture", "jpeg", ""),
        (b"<svg xmlns='http://www.w3.org/2000/svg' width='4' height='4'><g></svg>", "svg", ""),
        (SVG_HOSTILE.encode(), "svg", "URLs are not allowed"),
    ],
)
def test_a_picture_that_cannot_be_printed_names_its_cell(picture: bytes, format_: str, reason: str) -> None:
    good = Blocks(heading("T", 1), Figure(pixel(), "labs"))
    notebook = notebook_of(good, Blocks(say("x")), Blocks(Figure(picture, "slikts", format=format_)))  # type: ignore[arg-type]
    with pytest.raises(
        ReportError, match=rf"Figure 2 of the report, from cell 3 of the notebook.*{reason}.*Draw it again"
    ):
        export_pdf(notebook)


def test_a_figure_without_alt_names_its_cell() -> None:
    notebook = notebook_of(Blocks(say("x")), Blocks(Figure(pixel(), "labs")))
    notebook.cells[1].outputs[0].metadata["benchlib"][0]["alt"] = " "
    with pytest.raises(ReportError, match=r"Cell 2 .* alt text"):
        export_pdf(notebook)


def test_a_failure_of_typst_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "_TEMPLATES", ("report-table.typ", "report-base.typ", "report.typ"))
    with pytest.raises(ReportError, match=r"Typst cannot make the PDF .* The HTML of the same notebook"):
        export_pdf(notebook_of(Blocks(say("x"))))


def test_no_room_for_pictures_says_where(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))
    with pytest.raises(ReportError, match=r"gone.*TMPDIR"):
        export_pdf(notebook_of(Blocks(say("x"))))


# The same bytes everywhere

PROGRAM = """
import hashlib, sys
import nbformat
from benchlib.reporting.export.pdf import export_pdf
loaded = {"matplotlib", "pandas", "papermill", "nbconvert", "IPython"} & set(sys.modules)
assert not loaded, f"{loaded} before anything is made"
export_pdf(nbformat.v4.new_notebook())
print(hashlib.sha256(export_pdf(nbformat.read(sys.argv[1], 4))).hexdigest())
"""


def test_the_same_notebook_gives_the_same_bytes_in_another_process(tmp_path: Path) -> None:
    notebook = every_kind()
    notebook.cells[0].outputs.append(output_of(say("مدينة 😀")[0]))
    path = tmp_path / "report.ipynb"
    nbformat.write(notebook, path)
    folder, gone = tmp_path / "elsewhere", tmp_path / "tmp"
    folder.mkdir()
    gone.mkdir()
    environment = {**os.environ, "PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo", "LANG": "C", "HOME": str(folder)}
    environment |= {"TMPDIR": str(gone), "SOURCE_DATE_EPOCH": "1", "PYTHONPATH": str(Path.cwd())}
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM, path], env=environment, cwd=folder, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout.strip() == hashlib.sha256(export_pdf(nbformat.read(path, 4))).hexdigest()  # type: ignore[no-untyped-call]
    assert list(gone.iterdir()) == [], "temporary files are removed"


def test_nothing_of_the_machine_or_the_clock_is_inside() -> None:
    data = export_pdf(every_kind())
    streams = re.findall(rb"/FlateDecode.*?stream\n(.*?)\nendstream", data, re.DOTALL)
    everything = data + b"".join(zlib.decompress(stream) for stream in streams)
    assert len(streams) > 5
    for word in (b"CreationDate", b"ModDate", b"CreateDate", str(Path.home()).encode(), b"benchlib-pdf-", b"tmp/"):
        assert word not in everything


def test_the_template_gives_no_warning(tmp_path: Path) -> None:
    notebook = notebook_of(Blocks(heading("T", 1), note("x"), Facts((Fact("a", "1 b", "c"),)), heading("S"), NARROW))
    files = content_files(read_page(notebook, Words("lv")))
    templates = {name: (pdf.TEMPLATE_FOLDER / name).read_bytes() for name in pdf._TEMPLATES}
    for name, content in (templates | files).items():
        (tmp_path / name).write_bytes(content)
    _, warnings = typst.compile_with_warnings(
        str(tmp_path / "report.typ"),
        root=str(tmp_path),
        font_paths=pdf._fonts(needs_other=False),
        ignore_system_fonts=True,
    )
    assert [str(warning) for warning in warnings] == []
