"""One look for every figure: letters, palette, sizes, axes without ornaments.

Figures are drawn 5 inches wide in the house's own font, which is narrow and has every Latvian letter and sign. Letters of 10 points are as
large as the text on a desk, and a phone that shrinks the figure to its width still shows them with more than 9 pixels. Colours
differ in lightness too, and where they carry meaning a shape says the same, so that they survive colour blindness and a grey print.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.axis import XAxis, YAxis
from matplotlib.figure import Figure
from matplotlib.font_manager import FontEntry, FontProperties, fontManager
from matplotlib.ticker import MaxNLocator
from matplotlib.transforms import ScaledTranslation, Transform

from benchlib.reporting.drawing.outline import text_width
from benchlib.reporting.drawing.vector import VectorCanvas
from benchlib.reporting.words import Words

WIDTH: Final = 5.0

INK: Final = "#1b2733"
GREY: Final = "#5c6773"
MIDDLE: Final = "#8491a0"
PALE: Final = "#dfe4ea"
ACCENT: Final = "#0b6e75"
OWN: Final = "#c8500a"
#: Ground behind the own row.
OWN_GROUND: Final = "#fdf1e8"
#: The middle half of a group, and ranges.
HALF: Final = "#d0d8df"
#: Intervals.
INTERVAL: Final = "#4f9ba0"
#: The traffic light by shape, for those who do not see the colour: up, level, down.
MARKERS: Final = {"green": "^", "yellow": "D", "red": "v", "none": "o"}

#: Points of what stands beside marks and axes, of names and values, and of headings within a figure.
SMALL: Final = 10.0
TEXT: Final = 10.5
TITLE: Final = 11.0
#: Half the height of a capital or a digit, as a share of the size: the middle of a name or a number above its baseline.
_MIDDLE_OF_LETTERS: Final = 0.31

#: The house's own font, and the one that draws the letters that it lacks; see `_add_fonts`.
_FAMILY: Final = ["benchlib", "benchlib rest"]
_SETTINGS: Final[dict[str, Any]] = {
    "figure.facecolor": "white",
    "font.family": _FAMILY,
    "font.size": TEXT,
    "text.color": INK,
    "axes.edgecolor": MIDDLE,
    "axes.labelcolor": INK,
    "axes.labelsize": SMALL,
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": False,
    "xtick.color": GREY,
    "ytick.color": GREY,
    "xtick.labelsize": SMALL,
    "ytick.labelsize": SMALL,
    "lines.solid_capstyle": "round",
    "path.simplify": False,
    "text.parse_math": False,  # a name with two dollar signs is a name, not a formula
}


def _add_fonts() -> None:
    """Make the house's font known under a name of its own, so that no font of the machine can take its place.

    matplotlib's DejaVu Sans draws the letters that it lacks, those of names in other scripts.
    """
    house, rest = Path(__file__).parents[1] / "export" / "fonts", Path(mpl.get_data_path()) / "fonts" / "ttf"
    for name, file, weight in (
        ("benchlib", house / "SourceSans3-Regular.ttf", 400),
        ("benchlib", house / "SourceSans3-SemiBold.ttf", 700),
        ("benchlib rest", rest / "DejaVuSans.ttf", 400),
        ("benchlib rest", rest / "DejaVuSans-Bold.ttf", 700),
    ):
        fontManager.ttflist.append(FontEntry(fname=str(file), name=name, weight=weight, size="scalable"))


_add_fonts()


@contextmanager
def house_style() -> Iterator[None]:
    """Draw in the style of the house, whatever the session's own settings are."""
    wanted: Any = {**dict(mpl.rcParamsDefault), **_SETTINGS, "backend": mpl.rcParams["backend"]}
    with mpl.rc_context({key: value for key, value in wanted.items() if mpl.rcParams[key] != value}):
        yield


def blank(height: float) -> Figure:
    """Return an empty figure of the house's width and a height in inches."""
    figure = Figure(figsize=(WIDTH, height))
    VectorCanvas(figure)
    return figure


def canvas(height: float, *, left: float = 0.1, right: float = 0.1, top: float = 0.1, bottom: float = 0.1) -> Axes:
    """Axes on a new figure of the house's width, with margins in inches (fixed: nothing is cropped afterwards).

    Parameters
    ----------
    height : float
        Height of the figure in inches.
    left, right, top, bottom : float
        Margins in inches.

    Returns
    -------
    matplotlib.axes.Axes
    """
    return blank(height).add_axes(
        (left / WIDTH, bottom / height, 1 - (left + right) / WIDTH, 1 - (top + bottom) / height)
    )


def plain_ticks(axis: XAxis | YAxis, words: Words, count: int) -> None:
    """At most `count` steps of 1, 2 or 5, written with the decimals that they need: a tick at 52.5 must not say 53.

    Parameters
    ----------
    axis : matplotlib.axis.XAxis or YAxis
        The axis.
    words : Words
        Notation of the numbers.
    count : int
        Most steps.
    """

    def written(value: float, _: float) -> str:
        step = min(np.diff(axis.get_majorticklocs()), default=1.0)
        return words.number(value, max(0, math.ceil(-math.log10(step) - 1e-9)))

    axis.set_major_locator(MaxNLocator(count, steps=[1, 2, 5, 10]))
    axis.set_major_formatter(written)


def mark_doubtful(ax: Axes, own: pd.DataFrame) -> None:
    """Write a "?" over each doubtful figure of the municipality's own line.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Where the line is drawn.
    own : pandas.DataFrame
        A row per year: `year`, `value`, `is_doubtful`.
    """
    look: dict[str, Any] = {"ha": "center", "color": OWN, "fontsize": SMALL, "fontweight": "bold"}
    for row in own.loc[own["is_doubtful"].astype(bool)].to_dict("records"):
        ax.annotate("?", (row["year"], row["value"]), xytext=(0, 5), textcoords="offset points", **look)


def inches(text: str, size: float = SMALL, *, bold: bool = False) -> float:
    """How wide a text is in the font of the house.

    Parameters
    ----------
    text : str
        The text, one line.
    size : float
        Size in points.
    bold : bool
        Whether it is bold.

    Returns
    -------
    float
    """
    return text_width(text, FontProperties(family=_FAMILY, weight="bold" if bold else "normal", size=size)) / 72.0


def beside(ax: Axes, transform: Transform, *, right: float = 0.0, size: float = SMALL) -> dict[str, Any]:
    """How a text stands so that the middle of its letters, not that of its box, is level with a mark.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        The axes.
    transform : matplotlib.transforms.Transform
        Of the point beside which the text stands.
    right : float
        Inches to the right of the point.
    size : float
        Size of the letters in points.

    Returns
    -------
    dict
        Options of `Axes.text`.
    """
    return {
        "transform": transform
        + ScaledTranslation(right, -_MIDDLE_OF_LETTERS * size / 72.0, figure_of(ax).dpi_scale_trans),
        "va": "baseline",
        "fontsize": size,
    }


def figure_of(ax: Axes) -> Figure:
    """Return the whole figure in which axes stand."""
    figure = ax.get_figure(root=True)
    assert figure is not None, "axes of a figure"
    return figure


def fitting(text: str, width: float, size: float = SMALL) -> str:
    """The text, or as much of it as fits a width in inches, with an ellipsis.

    Parameters
    ----------
    text : str
        The text; line breaks become spaces.
    width : float
        Room in inches.
    size : float
        Size of the letters in points.

    Returns
    -------
    str
    """
    text = re.sub(r"\s*[\r\n]\s*", " ", text)
    if inches(text, size, bold=True) <= width:
        return text
    kept = bisect_right(range(len(text)), width, key=lambda n: inches(f"{text[:n]}…", size, bold=True)) - 1
    return f"{text[: max(0, kept)].rstrip()}…"


def folded(text: str, width: float, size: float = SMALL, *, bold: bool = False) -> str:
    """Text broken into lines of at most a width in inches; a longer word has a line of its own.

    Parameters
    ----------
    text : str
        The text.
    width : float
        Room in inches.
    size : float
        Size of the letters in points.
    bold : bool
        Whether it is bold.

    Returns
    -------
    str
    """
    lines: list[str] = []
    for word in re.split(r"[ \n]+", text.strip()):  # not at spaces that do not break
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and inches(longer, size, bold=bold) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return "\n".join(lines)
