"""Small SVG: it shows what matplotlib draws, it is the same everywhere, and nothing of a text can run in it."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Callable

import matplotlib as mpl
import numpy as np
import pytest
import typst
from drawings import no_warnings
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import fontManager, get_font
from matplotlib.patches import Wedge
from matplotlib.textpath import TextPath
from PIL import Image
from report_cases import MONEY, PASSPORTS, case

from benchlib.errors import OptionError
from benchlib.reporting import Words, plots, show
from benchlib.reporting.compose import PAGE_PIXELS_PER_INCH
from benchlib.reporting.drawing.outline import EM, laid_out, text_width
from benchlib.reporting.drawing.picture import PIXELS_PER_INCH, SMALL, picture, to_png
from benchlib.reporting.drawing.vector import NotVectorError, VectorCanvas, to_svg
from benchlib.reporting.plots.labels import Place, write
from benchlib.reporting.plots.style import house_style, inches

LV = Words("lv")
#: Every letter of Latvian, and the signs that reports use.
LETTERS = "AĀBCČDEĒFGĢHIĪJKĶLĻMNŅOPRSŠTUŪVZŽaābcčdeēfgģhiījkķlļmnņoprsštuūvzžQWXYqwxy0123456789"
SIGNS = "€%²,.;:–—−+±×·…„”“()[]/&'←→▲◆▼≤≥\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}"


def axes(**options: object) -> Axes:
    with house_style():
        return Figure(figsize=(4, 3), **options).add_subplot()  # type: ignore[arg-type]


def everything() -> Axes:
    """All kinds of lines, marks, shapes and letters; much of it beyond the axes, where it must not show."""
    with house_style():
        ax = axes()
        x = np.linspace(0, 10, 60)
        ax.plot(x, np.sin(x), lw=3, color="#0b6e75")
        ax.plot(x, np.where(abs(x - 5) < 1, np.nan, np.cos(x)), ls=(3, (5, 2)), color="#c8500a", solid_capstyle="round")
        ax.scatter(
            x,
            x / 5 - 1,
            s=np.linspace(5, 90, 60),
            c=x,
            cmap="viridis",
            marker="^",
            edgecolor="black",
            lw=0.7,
            alpha=0.6,
        )
        ax.plot(x[::9], -x[::9] / 9, "D", ms=7, mfc="white", mec="#1b2733")
        ax.fill_between(x, -1, -0.6, color="#b3261e", alpha=0.3, lw=0)
        ax.bar([1, 2, 3], [3, 2, 1], width=0.5, color="#9aa5b1", edgecolor="red", linewidth=2)
        ax.add_patch(Wedge((7, 0), 0.8, 30, 300, facecolor="gold", edgecolor="black", lw=1.5))
        ax.hlines([0.2, 0.4], [2, -30], [6, 30], colors=["black", "blue"], lw=[1, 4])
        ax.text(5, 0.7, "Ķēķis 1,5", rotation=35, color="#1a7f4b", fontsize=16)
        ax.text(8, -0.8, "bold", fontweight="bold", alpha=0.5)
        ax.set_ylim(-1, 1)
        ax.set_xlabel("x²")
        ax.legend(["one", "two"], loc="upper right")
    return ax


DRAWINGS: dict[str, Callable[[], Axes | Figure]] = {
    "everything": everything,
    "glance": lambda: plots.glance(case("bauska").profile, PASSPORTS, LV),
    "frontier": lambda: plots.frontier(case("bauska").scores, case("bauska").names(LV), PASSPORTS, LV),
    "trends": lambda: plots.trends(case("bauska").development, PASSPORTS, LV),
    "map": lambda: plots.tile_values({"0001000": 1.0, "0002000": 0.5}, LV, own=["0002000"]),
}


def figure_of(drawing: Axes | Figure) -> Figure:
    figure = drawing if isinstance(drawing, Figure) else drawing.get_figure(root=True)
    assert isinstance(figure, Figure)
    return figure


def painted(picture: bytes, width: int) -> np.ndarray:
    """A picture as grey pixels, drawn by somebody else's renderer."""
    if picture.startswith(b"<svg"):
        page = f'#set page(width: {width}pt, height: auto, margin: 0pt)\n#image("picture.svg", width: {width}pt)'
        files = {"main.typ": page.encode(), "picture.svg": picture}
        picture = typst.compile(files, format="png", ppi=72)  # type: ignore[assignment]
    image = Image.open(io.BytesIO(picture)).convert("L")
    return np.asarray(
        image.resize((width, round(width * image.height / image.width)), Image.Resampling.BOX), dtype=float
    )


@pytest.mark.parametrize("what", DRAWINGS)
def test_it_shows_what_matplotlib_draws(what: str) -> None:
    figure = figure_of(DRAWINGS[what]())
    ours, theirs = painted(to_svg(figure, 128), 320), painted(to_png(figure), 320)
    assert abs(len(ours) - len(theirs)) <= 1
    assert np.std(theirs) > 10, "there is something to see"
    # Edges differ by a part of a pixel; a word or a line that is missing in one would change a whole block.
    rows = min(len(ours), len(theirs)) // 16
    blocks = [seen[: rows * 16].reshape(rows, 16, 20, 16).mean(axis=(1, 3)) for seen in (ours, theirs)]
    assert np.abs(blocks[0] - blocks[1]).max() < 9


@pytest.mark.parametrize("what", DRAWINGS)
def test_it_is_well_formed_small_and_asks_for_nothing(what: str) -> None:
    figure = figure_of(DRAWINGS[what]())
    text = to_svg(figure, PAGE_PIXELS_PER_INCH).decode()
    root = ET.fromstring(text)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert root.get("width") == f"{figure.get_figwidth() * PAGE_PIXELS_PER_INCH:.0f}"
    assert {element.tag.split("}")[1] for element in root.iter()} <= {"svg", "defs", "path", "g", "use", "clipPath"}
    named = {element.get("id") for element in root.iter()} - {None}
    used = set(re.findall(r"(?:href='#|url\(#)(\w+)", text))
    assert used == named, "what is named is used, and nothing else is asked for"
    assert len(re.findall("href=|url\\(", text)) == len(re.findall("href='#|url\\(#", text))
    packed = io.BytesIO()
    with mpl.rc_context({"svg.fonttype": "path"}):
        figure.savefig(packed, format="svg")
    assert len(text) < 0.55 * len(packed.getvalue())


def test_every_latvian_letter_and_sign_is_drawn_in_the_houses_font() -> None:
    for weight, wanted in (("Regular", "normal"), ("SemiBold", "bold")):
        with house_style(), no_warnings():
            text = Figure().text(0, 0, LETTERS + SIGNS, fontweight=wanted)
        font = text.get_fontproperties()
        seen = [sign for sign in LETTERS + SIGNS if sign.strip()]
        assert len(laid_out(LETTERS + SIGNS, font).letters) == len(seen), "no letter is empty"
        outlines = {sign: laid_out(sign, font).letters[0][0] for sign in seen}
        assert len({*outlines.values()}) == len(seen), "no two are the same box"
        assert get_font(fontManager.findfont(font)).postscript_name == f"SourceSans3-{weight}"
        own = font.copy()
        own.set_family("benchlib")  # without the fallback
        assert {sign: laid_out(sign, own).letters[0][0] for sign in seen} == outlines


def test_letters_of_other_scripts_and_signs_that_show_nothing() -> None:
    with house_style(), no_warnings():
        font = Figure().text(0, 0, "x").get_fontproperties()
        assert len(laid_out("Žanna Δήμος Юрмала", font).letters) == 16
        joined = laid_out("0,38–\N{WORD JOINER}0,44", font)
        assert joined == laid_out("0,38–0,44", font)
        thousands = laid_out("1\N{NARROW NO-BREAK SPACE}500", font)
        assert thousands.width > laid_out("1500", font).width + 0.15, "thousands are parted so that one sees it"


def test_letters_are_where_they_belong() -> None:
    with house_style():
        font = Figure().text(0, 0, "x", fontsize=20).get_fontproperties()
    line = laid_out("Bauskas novads", font)
    ends = [at / EM for _, at in line.letters]
    assert ends == sorted(ends)
    assert ends[-1] < line.width < ends[-1] + 1
    outline = TextPath((0, 0), "Bauskas novads", size=100, prop=font).get_extents()
    assert line.width * 100 == pytest.approx(outline.width, abs=20)
    assert text_width("Bauskas novads", font) == pytest.approx(20 * line.width)
    assert inches("abc", 10.0) == pytest.approx(inches("abc", 20.0) / 2)


def test_dashes_are_as_long_as_they_should_be() -> None:
    ax = axes()
    ax.plot([0, 1], [0, 1], lw=2, ls=(3, (4, 1.5)))
    text = to_svg(figure_of(ax), 128).decode()
    assert "stroke-width='40' stroke-dasharray='160 60' stroke-dashoffset='120'" in text, (
        "20 units a point, dashes by the width"
    )


def test_letters_on_lines_have_a_white_outline_below_all_of_them() -> None:
    ax = axes()
    with house_style():
        write(ax, "Ķekavas", [Place(0.5, 0.5, 0, 0, "left")], np.zeros((0, 2)), fontsize=10)
    groups = re.findall(
        r"<g( (?:stroke|fill)=[^>]*)><g transform='[^']*'>(.*?)</g></g>", to_svg(figure_of(ax), 128).decode()
    )
    outlines = [number for number, (look, _) in enumerate(groups) if "stroke='#fff' stroke-width='250'" in look]
    (first,) = outlines
    assert groups[first][1] == groups[first + 1][1], "the same letters again, filled"
    assert groups[first][1].count("<use") == 7
    ax.set_facecolor("black")
    ax.texts[0].set_color("black")
    middle = painted(to_png(figure_of(ax)), 320)[80:160, 100:260]
    assert (middle > 200).sum() > 30, "in a PNG too"


def test_a_text_never_enters_the_picture() -> None:
    hostile = "</svg><script>alert(1)</script>' onload='x {} {0} $x^2$ \n%"
    ax = axes()
    with house_style():
        ax.set_title(hostile)
        ax.text(0, 0, hostile)
    svg = to_svg(figure_of(ax), 128)
    ET.fromstring(svg)
    assert b"script" not in svg
    assert b"alert" not in svg


def test_texts_are_measured_as_they_are_drawn() -> None:
    figure = Figure(figsize=(4, 3))
    VectorCanvas(figure)
    with house_style():
        text = figure.text(0.5, 0.5, "Dienvidkurzemes novads")
    wide = text.get_window_extent().width / figure.dpi
    assert wide == pytest.approx(inches("Dienvidkurzemes novads", text.get_fontsize()))
    assert figure.dpi == Figure().dpi


DRAW = """
import sys, hashlib
from matplotlib.figure import Figure
from matplotlib.font_manager import fontManager, get_font
from benchlib.reporting.plots.style import canvas, house_style
from benchlib.reporting.drawing.vector import to_svg

def one():
    with house_style():
        ax = canvas(2.0)
        ax.scatter([1, 2, 3], [3, 1, 2])
        ax.set_title("Ķekavas novads")
    return hashlib.sha256(to_svg(ax.figure, 128)).hexdigest()

def other():
    ax = Figure().add_subplot()
    ax.set_title("zyx Ķ 0987")
    to_svg(ax.figure, 128)

if "warm" in sys.argv:
    other()
print(one(), one())
"""


def test_the_same_bytes_in_a_cold_and_in_a_warm_process() -> None:
    told = [
        subprocess.run(
            [sys.executable, "-c", DRAW, *words],
            env={**os.environ, "PYTHONHASHSEED": seed, "MPLBACKEND": "agg"},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.split()
        for words, seed in ((["cold"], "1"), (["warm"], "2"))
    ]
    assert len({*told[0], *told[1]}) == 1


# --- SVG or PNG --------------------------------------------------------------------------------------------------------


def photograph(ax: Axes) -> None:
    ax.imshow(np.arange(12).reshape(3, 4))


def hatching(ax: Axes) -> None:
    ax.bar([1], [1], hatch="//")


def shaded(ax: Axes) -> None:
    ax.pcolormesh([0, 1, 2], [0, 1, 2], np.ones((3, 3)), shading="gouraud")


def by_hand(ax: Axes) -> None:
    ax.plot([0, 1], [0, 1])[0].set_sketch_params(1, 100, 2)


@pytest.mark.parametrize("draw", [photograph, hatching, shaded, by_hand])
def test_what_svg_cannot_say_becomes_png(draw: Callable[[Axes], None]) -> None:
    ax = axes()
    draw(ax)
    with pytest.raises(NotVectorError):
        to_svg(figure_of(ax), 128)
    figure = show(ax, alt="x")
    assert figure.format == "png"
    image = Image.open(io.BytesIO(figure.image))
    assert image.size == (4 * PIXELS_PER_INCH, 3 * PIXELS_PER_INCH)
    assert image.convert("RGB").getpixel((2, 2)) == (255, 255, 255), "white stays white"
    assert not image.info.keys() & {"Software", "Creation Time"}
    assert figure.width_px == 4 * PAGE_PIXELS_PER_INCH


def test_many_marks_take_the_smaller_of_the_two() -> None:
    ax = axes()
    generator = np.random.default_rng(1)
    ax.scatter(*generator.normal(size=(2, 20_000)), s=1)
    figure = figure_of(ax)
    assert len(to_svg(figure, 128)) > SMALL
    drawn, kind = picture(figure, 128)
    assert (kind, len(drawn)) == ("png", len(to_png(figure)))
    assert picture(figure_of(DRAWINGS["glance"]()), 128)[1] == "svg"


def test_the_size_and_canvas_of_a_drawing_stay() -> None:
    ax = axes(dpi=50)
    figure = figure_of(ax)
    canvas = figure.canvas
    ax.bar([1], [1], hatch="//")
    show(ax, alt="x")
    assert (figure.dpi, figure.canvas) == (50, canvas)
    assert np.array_equal(figure.get_size_inches(), (4, 3))


@pytest.mark.parametrize("dpi", [50, 100, 300])
def test_the_resolution_of_a_session_does_not_matter(dpi: int) -> None:
    it = case("bauska")
    with mpl.rc_context({"figure.dpi": dpi, "savefig.bbox": "tight", "svg.fonttype": "none", "svg.hashsalt": None}):
        image = show(plots.ranking(it.profile, MONEY, it.names(LV), LV), alt="x").image
    assert image == show(plots.ranking(it.profile, MONEY, it.names(LV), LV), alt="x").image


def test_a_picture_needs_words() -> None:
    with pytest.raises(OptionError, match="alt text"):
        show(axes(), alt=" ")
