"""Blocks: text stays text, a figure has words, and what JupyterLab shows is what the report is made of."""

from __future__ import annotations

import base64
import json
from html.parser import HTMLParser

import matplotlib as mpl
import matplotlib.pyplot as plt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchlib.errors import OptionError
from benchlib.reporting.base import Block
from benchlib.reporting.blocks import (
    Bullets,
    Cell,
    Column,
    Fact,
    Facts,
    Figure,
    Heading,
    Note,
    Paragraph,
    Table,
    block_from_json,
)
from benchlib.reporting.compose import (
    PAGE_PIXELS_PER_INCH,
    Blocks,
    bullets,
    facts,
    heading,
    note,
    say,
    show,
    table,
)

HOSTILE = "<script>alert('x')</script> \" onload='y' {0} %s \x00 \u202e & **<b>**"
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def every_kind(text: str) -> list[Block]:
    columns = (Column("m", text, is_row_header=True), Column("x", text, "right"))
    return [
        Heading(text, 3),
        Paragraph(text),
        Bullets((text, text)),
        Note(text, "invented", text),
        Facts((Fact(text, text, text),)),
        Figure(PIXEL, text, text),
        Table(columns, ((Cell(text), Cell(text, "green", text)),), text, (0,), text),
    ]


class Markup(HTMLParser):
    """Collects elements, attributes and text of a piece of HTML."""

    def __init__(self, html: object) -> None:
        super().__init__()
        self.elements: list[str] = []
        self.attributes: list[str] = []
        self.text = ""
        self.feed(str(html))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        self.attributes += [name for name, _ in attrs]

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("block", every_kind("Bauskas novads"), ids=lambda block: block.kind)
def test_json_there_and_back(block: Block) -> None:
    assert block_from_json(json.loads(json.dumps(block.to_json()))) == block


@pytest.mark.parametrize("block", every_kind(HOSTILE), ids=lambda block: block.kind)
def test_hostile_text_is_inert(block: Block) -> None:
    markup = Markup(block.__html__())
    assert not {"script", "b"} & set(markup.elements)
    assert not [name for name in markup.attributes if name.startswith("on")]
    if block.kind != "figure":
        assert "<script>alert('x')</script>" in markup.text
    assert "\x00" not in str(block.__html__())


@given(st.text())
def test_any_text_is_shown_as_it_is(text: str) -> None:
    if text.strip() and "**" not in text:
        # A browser reads a lone carriage return as a line break, and so does nobody here; everything else is kept.
        shown = Markup(Paragraph(text).__html__())
        assert shown.elements == ["p"]
        assert len(shown.text) == len(text)


def test_bold_is_the_only_markup() -> None:
    assert str(Paragraph("**a** *b* [c](d) <i>").__html__()) == "<p><strong>a</strong> *b* [c](d) &lt;i&gt;</p>"


@pytest.mark.parametrize("alt", ["", "  \n"])
def test_a_figure_without_alt_is_refused(alt: str) -> None:
    with pytest.raises(OptionError, match="alt text"):
        Figure(PIXEL, alt)
    with pytest.raises(OptionError, match="alt text"):
        show(plt.figure(), alt=alt)


def test_numbers_must_come_formatted() -> None:
    with pytest.raises(OptionError, match="must be text, got float"):
        table([("m", "M"), ("x", "X")], [["Bauska", 1.5]], caption="c")


def test_a_table_says_which_row_is_wrong() -> None:
    with pytest.raises(OptionError, match="Row 1 of a table has 1 cells, its columns are 2"):
        table([("m", "M"), ("x", "X")], [["a", "b"], ["a"]], caption="c")
    with pytest.raises(OptionError, match="Row 0 of a table lacks the column 'x'"):
        table([("m", "M"), ("x", "X")], [{"m": "a"}], caption="c")
    with pytest.raises(OptionError, match="highlight"):
        table([("m", "M")], [["a"]], caption="c", highlight=[1])


def test_a_table_can_be_read_by_a_screen_reader_and_on_a_phone() -> None:
    made = table(
        [("m", "Pašvaldība"), ("x", "Izmaksas", "right")],
        [{"x": Cell("3", "red", "apakšējā ceturtdaļā"), "m": "Bauskas novads"}, ["Dobeles novads", "2"]],
        caption="Izmaksas",
        highlight=[0],
    )
    html = str(made.__html__())
    assert "<caption>Izmaksas</caption>" in html
    assert "<th scope='col' role='columnheader' class='right'>Izmaksas</th>" in html
    assert "<tr role='row' class='own'><th scope='row' role='rowheader' class='left'>Bauskas novads</th>" in html
    assert "data-label='Izmaksas'" in html
    assert "▼" in html
    assert "<span class='unseen'> apakšējā ceturtdaļā</span>" in html


def test_verbs_make_blocks() -> None:
    assert say("a", "", "b") == Blocks(Paragraph("a"), Paragraph("b"))
    assert heading("a") == Heading("a", 2)
    assert bullets("a", "b") == Bullets(("a", "b"))
    assert note("a", "caution") == Note("a", "caution")
    assert facts(("a", "1"), Fact("b", "2", "c")) == Facts((Fact("a", "1"), Fact("b", "2", "c")))


def test_blocks_are_a_flat_sequence() -> None:
    blocks = say("a") + heading("b") + say("c", "d")
    assert [str(block) for block in blocks] == ["a", "## b", "c", "d"]
    assert blocks[1:3] == Blocks(heading("b"), say("c"))
    assert len(blocks) == 4


def test_what_jupyterlab_gets() -> None:
    data, metadata = Paragraph("a <b>")._repr_mimebundle_()
    assert data == {"text/html": "<p>a &lt;b&gt;</p>", "text/plain": "a <b>"}
    assert metadata == {"benchlib": [{"block": "paragraph", "text": "a <b>"}]}
    data, metadata = Figure(PIXEL, "alt", "caption", 691)._repr_mimebundle_()
    assert set(data) == {"text/html", "text/plain"}, "JupyterLab shows an SVG of its own type only where it is trusted"
    assert data["text/html"].count(base64.b64encode(PIXEL).decode()) == 1
    assert "alt='alt' width='691'" in data["text/html"]
    assert "<figcaption>caption</figcaption>" in data["text/html"]
    assert "image" not in metadata["benchlib"][0], "the picture travels once"


def test_several_blocks_become_several_outputs(capsys: pytest.CaptureFixture[str]) -> None:
    Blocks(heading("a"), say("b"))._ipython_display_()
    assert capsys.readouterr().out == "## a\nb\n"


def draw() -> plt.Axes:
    fig, ax = plt.subplots(figsize=(7.2, 4.0))
    ax.barh([f"{name} novads" for name in ("Bauskas", "Ķekavas", "Ādažu")], [3, 2, 1])
    ax.set_xlabel("Izmaksas, €")
    fig.subplots_adjust(left=0.2)
    return ax


def test_a_drawing_becomes_a_small_sharp_picture() -> None:
    before = plt.get_fignums()
    figure = show(draw(), alt="Stabiņi", caption="Izmaksas")
    assert (figure.format, figure.width_px) == ("svg", round(7.2 * PAGE_PIXELS_PER_INCH))
    assert len(figure.image) < 20_000
    assert plt.get_fignums() == before, "the drawing is closed"


def test_the_same_drawing_gives_the_same_bytes_whatever_the_backend_wants() -> None:
    first = show(draw(), alt="a").image
    with mpl.rc_context({"savefig.bbox": "tight"}):
        assert show(draw(), alt="a").image == first


def test_show_takes_only_drawings() -> None:
    with pytest.raises(OptionError, match="got str"):
        show("a picture", alt="a")  # type: ignore[arg-type]


def test_the_page_knows_how_high_a_picture_will_be() -> None:
    svg = b"<svg xmlns='http://www.w3.org/2000/svg' width='400' height='300'></svg>"
    assert Figure(svg, "alt", width_px=800, format="svg").height_px == 600
    assert Figure(b"<svg viewBox='0 0 4 3'></svg>", "alt", format="svg").height_px is None
