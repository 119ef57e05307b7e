"""What stands on axes, read back for the tests of figures."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import PathCollection, PolyCollection
from matplotlib.colors import same_color, to_hex, to_rgba
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from benchlib.reporting.plots.tilemap import tiles


@contextmanager
def no_warnings() -> Iterator[None]:
    """Every warning is an error, but those about what other tests have left: the garbage collector may come upon it at any time."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for category in (ResourceWarning, pytest.PytestUnraisableExceptionWarning):
            warnings.simplefilter("ignore", category)
        yield


def drawn(drawing: Axes | Figure) -> Figure:
    """Rendered, so that every label is laid out and every warning raised."""
    figure = drawing if isinstance(drawing, Figure) else drawing.get_figure(root=True)
    assert isinstance(figure, Figure)
    FigureCanvasAgg(figure).draw()
    return figure


def dots(ax: Axes) -> list[PathCollection]:
    return [found for found in ax.collections if isinstance(found, PathCollection)]


def places(ax: Axes, colour: str) -> list[tuple[float, float]]:
    """Where dots of a colour lie, in the coordinates of the data."""
    return [
        (float(x), float(y))
        for cloud in dots(ax)
        if same_color(cloud.get_facecolor()[0][:3], to_rgba(colour)[:3])
        for x, y in np.asarray(cloud.get_offsets(), dtype=float)
    ]


def letters(ax: Axes) -> list[str]:
    return [text.get_text() for text in ax.texts]


def rows_of(ax: Axes) -> list[str]:
    """Names left of the axes, from the top."""
    names = [text for text in ax.texts if text.get_position()[0] == 0.0 and text.get_ha() == "right"]
    return [text.get_text() for text in sorted(names, key=lambda text: text.get_position()[1])]


def ink(text: Text) -> Bbox:
    """Where the letters of a line can be; the text's own box has room above and below that no letter fills."""
    box = text.get_window_extent()
    return Bbox.from_extents(box.x0, box.y0 + 0.13 * box.height, box.x1, box.y1 - 0.13 * box.height)


def tiles_by_colour(ax: Axes) -> dict[str, set[str]]:
    """Codes of the municipalities on the map, by the colour of their tile."""
    codes = {(row, column): code for code, (row, column, _) in tiles().items()}
    return {
        to_hex(found.get_facecolor()[0]): {
            codes[int(path.vertices[:, 1].min()), int(path.vertices[:, 0].min())] for path in found.get_paths()
        }
        for found in ax.collections
        if isinstance(found, PolyCollection) and len(found.get_facecolor()) and found.get_clip_on()
    }


def contrast(ground: str, ink: str) -> float:
    """Contrast of two colours as WCAG counts it; 4.5 is enough for letters, 3 for marks."""
    bright, dark = sorted((_luminance(to_rgba(ground)[:3]), _luminance(to_rgba(ink)[:3])), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def _linear(colour: tuple[float, ...]) -> np.ndarray:
    return np.array([x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4 for x in colour])


def _luminance(colour: tuple[float, ...]) -> float:
    return float(_linear(colour) @ [0.2126, 0.7152, 0.0722])


#: How those see who lack one kind of cone: Machado, Oliveira and Fernandes (2009), severity 1, on linear RGB.
BLINDNESS = {
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}


def as_seen(colour: str, blindness: str) -> str:
    """A colour as somebody with a colour blindness sees it."""
    seen = np.clip(np.array(BLINDNESS[blindness]) @ _linear(to_rgba(colour)[:3]), 0, 1)
    return to_hex(tuple(float(12.92 * x if x <= 0.0031308 else 1.055 * x ** (1 / 2.4) - 0.055) for x in seen))
