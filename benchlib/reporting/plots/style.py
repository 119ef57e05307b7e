"""One look for every figure: letters, palette, sizes, axes without ornaments.

Figures are drawn 5 inches wide in the house's own font, which is narrow and has every Latvian letter and sign. Letters of 10 points are as
large as the text on a desk, and a phone that shrinks the figure to its width still shows them with more than 9 pixels. Colours
differ in lightness too, and where they carry meaning a shape says the same, so that they survive colour blindness and a grey print.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import XAxis, YAxis
from matplotlib.figure import Figure
from matplotlib.font_manager import FontEntry, fontManager
from matplotlib.ticker import MaxNLocator

from benchlib.reporting.vector import VectorCanvas
from benchlib.reporting.words import Words

WIDTH: Final = 5.0

INK: Final = "#1b2733"
GREY: Final = "#5c6773"
MIDDLE: Final = "#9aa5b1"
PALE: Final = "#dfe4ea"
ACCENT: Final = "#0b6e75"
OWN: Final = "#c8500a"
#: The traffic light by shape, for those who do not see the colour: up, level, down.
MARKERS: Final = {"green": "^", "yellow": "D", "red": "v", "none": "o"}

#: Points of what stands beside marks and axes, of names and values, and of headings within a figure.
SMALL: Final = 10.0
TEXT: Final = 10.5
TITLE: Final = 11.0

_SETTINGS: Final[dict[str, Any]] = {
    "figure.facecolor": "white",
    "font.family": ["benchlib", "benchlib rest"],
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
    settings: Any = {**dict(mpl.rcParamsDefault), **_SETTINGS, "backend": mpl.rcParams["backend"]}
    with mpl.rc_context(settings):
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
    return blank(height).add_axes((left / WIDTH, bottom / height, 1 - (left + right) / WIDTH, 1 - (top + bottom) / height))


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


def wrapped(text: str, width: int) -> str:
    """Text broken into lines of at most `width` letters."""
    return "\n".join(textwrap.wrap(text, width))
