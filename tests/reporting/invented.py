"""An executed notebook, invented: every kind of block and of ordinary output, and texts that mean harm."""

from __future__ import annotations

from io import BytesIO

import nbformat
from nbformat import NotebookNode
from PIL import Image

from benchlib.reporting.base import Block
from benchlib.reporting.blocks import Cell, Fact, Facts, Figure
from benchlib.reporting.compose import Blocks, bullets, heading, note, say, table

v4 = nbformat.v4

SVG_STYLED = (
    "<svg xmlns='http://www.w3.org/2000/svg' width='40' height='40'>"
    "<rect width='40' height='40' style='fill:rgb(200,80,10)'/></svg>"
)
SVG_HOSTILE = (
    "<svg xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink' width='40' height='40' "
    "onload='top.harmed=1'><script>top.harmed=1</script><image href='http://harm.invalid/a.png' width='9' height='9'/>"
    "<style>@import url('http://harm.invalid/b.css');</style></svg>"
)
LONG = "Ļoti" + "ļoti" * 2500
HOSTILE = (
    "</style></script></title></textarea><script>window.harmed=1</script><img src=x onerror=window.harmed=1> "
    "{{ 7 * 7 }} {% raw %} {# x #} \u202e \" ' ` &lt; \n<!-- -->]]>"
)
WIDE = table(
    [("m", "Pašvaldība"), *((str(n), f"Rādītājs {n}", "right") for n in range(7)), ("p", "Piezīme")],
    [["Bauskas novads", *["1 234 567 €"] * 7, Cell("3. no 11", "green", "labākā ceturtdaļa")], [*["Rīga"] * 9]],
    caption="Deviņas slejas",
    highlight=[0],
)
NARROW = table([("m", "Parametrs"), ("x", "Vērtība")], [["year", "2013"], ["seed", "1"]], caption="Divas slejas")


def pixel(format_: str = "png", size: tuple[int, int] = (40, 40)) -> bytes:
    """Return a picture of one colour."""
    out = BytesIO()
    Image.new("RGB", size, (11, 110, 117)).save(out, format_)
    return out.getvalue()


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


def ordinary(text: str, svg: str) -> list[NotebookNode]:
    """Return outputs that are not made of blocks, all with the same text."""
    return [
        v4.new_output("stream", text=text),
        v4.new_output("display_data", data={"text/html": text, "text/plain": text}),
        v4.new_output("display_data", data={"text/markdown": text}),
        v4.new_output("display_data", data={"image/svg+xml": svg}, metadata={"image/svg+xml": {"alt": text}}),
        v4.new_output("error", ename=text, evalue=text, traceback=[]),
    ]


def everywhere(text: str) -> NotebookNode:
    """Return a notebook with the same text in every place of a report."""
    lights = [Cell(text, light, text) for light in ("green", "yellow", "red", "none")]
    columns = [("m", text), *((str(n), text) for n in range(3)), ("x", text, "right")]
    blocks = Blocks(
        heading(text, 1),
        heading(text),
        heading(text, 3),
        say(text),
        bullets(text),
        *(note(text, kind) for kind in ("info", "caution", "invented")),
        note(text, label=text),
        Facts((Fact(text, text, text), Fact(text, f"1 {text}"))),
        Figure(pixel(), text, text),
        table(columns, [[text, *lights]], caption=text, note=text, highlight=[0]),
        table([("m", text), ("x", text, "right")], [[text, text]], caption=text),
    )
    return notebook_of(blocks, ordinary(text, SVG_HOSTILE), Blocks(heading(text), say(text)), tags=("provenance",))


def every_kind() -> NotebookNode:
    """Return a notebook with every kind of block, as a report has them."""
    lights = [
        ["Pirmais", "1 581 €", Cell("3. no 11", "green", "labākā ceturtdaļa")],
        ["Otrais", "0,97", Cell("7. no 11", "yellow", "vidējā puse")],
        ["Trešais", "61,3 %", Cell("11. no 11", "red", "pēdējā ceturtdaļa")],
        ["Ceturtais", "…", Cell("–", "none", "nav datu")],
    ]
    opening = Blocks(
        heading("Bauskas novads salīdzinājumā ar citām pašvaldībām", 1),
        note("Dati ir izdomāti.", "invented"),
        note("Dati ir par 2013. gadu.", "caution"),
        bullets("Izglītībai tērēja **1 581 €**.", "Vieta grupā: 3. no 11."),
    )
    first = Blocks(
        heading("Kas ir šī pašvaldība"),
        say("Novadu veido 4 bijušās pašvaldības."),
        Facts((Fact("Iedzīvotāji", "49\u202f575", "grupas mediāna 35\u202f611"), Fact("Blīvums", "22,8 uz km²"))),
        Figure(pixel(size=(1280, 500)), "Karte: novads ir oranžā krāsā.", "Katrs lauciņš ir viena pašvaldība."),
        Figure(SVG_STYLED.encode(), "Viena josla.", "Vektoru attēls.", 40, "svg"),
        Figure(pixel("jpeg"), "Fotogrāfija.", "", 40, "jpeg"),
    )
    second = Blocks(
        heading("Izmaksas un rezultāts"),
        heading("Skolas", 3),
        heading("Pamatskolas", 4),
        say("Cik tērē un ko sasniedz."),
        table(
            [("m", "Rādītājs"), ("x", "Vērtība", "right"), ("r", "Vieta")],
            lights,
            caption="Vieta grupā",
            highlight=[0],
            note="▲ labākā ceturtdaļa",
        ),
        WIDE,
        note("Sakarība nav cēlonis."),
    )
    sources = Blocks(heading("Datu avoti"), NARROW)
    return notebook_of(opening, first, second, ordinary("x = 1", SVG_STYLED), sources, tags=("provenance",))
