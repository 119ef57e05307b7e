"""One look for every figure: palette, sizes, axes without ornaments.

Figures are drawn 5 inches wide with 10 point letters: as large as the text on a desk, and still legible when a phone shrinks them
to its width. Colours are the house's own and differ in lightness too, so that they survive colour blindness and a grey print.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import XAxis, YAxis
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke
from matplotlib.ticker import MaxNLocator

from benchlib.reporting.words import Words

WIDTH: Final = 5.0

INK: Final = "#1b2733"
GREY: Final = "#5c6773"
MIDDLE: Final = "#9aa5b1"
PALE: Final = "#dfe4ea"
ACCENT: Final = "#0b6e75"
OWN: Final = "#c8500a"
LIGHTS: Final = {"green": "#1a7f4b", "yellow": "#9a6b00", "red": "#b3261e", "none": MIDDLE}
#: The traffic light by shape, for those who do not see the colour: up, level, down.
MARKERS: Final = {"green": "^", "yellow": "D", "red": "v", "none": "o"}

_SETTINGS: Final[dict[str, Any]] = {
    "figure.facecolor": "white",
    "font.family": "DejaVu Sans",
    "font.size": 10,
    "text.color": INK,
    "axes.edgecolor": MIDDLE,
    "axes.labelcolor": INK,
    "axes.labelsize": 10,
    "axes.titlesize": 10.5,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": False,
    "xtick.color": GREY,
    "ytick.color": GREY,
    "xtick.labelsize": 9.5,
    "ytick.labelsize": 9.5,
    "lines.solid_capstyle": "round",
    "path.simplify": False,
    "text.parse_math": False,  # a name with two dollar signs is a name, not a formula
}


@contextmanager
def house_style() -> Iterator[None]:
    """Draw in the style of the house, whatever the session's own settings are."""
    settings: Any = {**dict(mpl.rcParamsDefault), **_SETTINGS, "backend": mpl.rcParams["backend"]}
    with mpl.rc_context(settings):
        yield


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
    figure = Figure(figsize=(WIDTH, height))
    return figure.add_axes((left / WIDTH, bottom / height, 1 - (left + right) / WIDTH, 1 - (top + bottom) / height))


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


def halo(width: float = 2.5) -> list[Any]:
    """White outline that keeps letters legible on top of lines."""
    return [withStroke(linewidth=width, foreground="white")]


def wrapped(text: str, width: int) -> str:
    """Text broken into lines of at most `width` letters."""
    return "\n".join(textwrap.wrap(text, width))
