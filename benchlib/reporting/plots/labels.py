"""Where a name stands in a figure: beside its dot, inside the axes, on no other text, and hiding as little as possible."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Literal, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backend_bases import RendererBase
from matplotlib.patheffects import withStroke
from matplotlib.text import Annotation
from numpy.typing import NDArray

from benchlib.reporting.drawing.vector import Vector
from benchlib.reporting.plots.style import figure_of

Floats = NDArray[np.float64]

#: What lies outside the axes or on another text is worse than any number of hidden dots.
_WORST = 1_000_000
#: Points of the white outline of letters; half of it shows.
_OUTLINE = 2.5


class Haloed(Annotation):
    """A text with a white outline, which keeps it legible on top of lines."""

    def draw(self, renderer: RendererBase) -> None:
        """Draw it; in a vector picture the letters stay letters instead of becoming outlines of their own."""
        if isinstance(renderer, Vector):
            self.set_path_effects([])
            with renderer.outlined(_OUTLINE):
                super().draw(renderer)
        else:
            self.set_path_effects([withStroke(linewidth=_OUTLINE, foreground="white")])
            super().draw(renderer)


class Place(NamedTuple):
    """A place for a text: a point of the data, points to the right of it and up, and which part of the text is there."""

    x: float
    y: float
    right: float
    up: float
    side: Literal["left", "center", "right"]
    edge: Literal["baseline", "top"] = "baseline"


def write(ax: Axes, text: str, places: Sequence[Place], shown: Floats, **look: Any) -> Annotation:
    """Write a text with a halo at the best of several places.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Axes whose limits are final.
    text : str
        The text.
    places : sequence of Place
        Where it may stand, the most wanted first.
    shown : ndarray, shape (k, 2)
        Points of the data that should stay visible.
    **look
        As `Axes.annotate` takes it.

    Returns
    -------
    matplotlib.text.Annotation
    """
    others = [other.get_window_extent() for other in ax.texts]
    points = ax.transData.transform(shown)
    made = Haloed(text, (0, 0), xytext=(0, 0), textcoords="offset points", **look)
    ax.add_artist(made)
    paper, best, least = figure_of(ax).bbox, places[0], np.inf
    for place in places:
        _put(made, place)
        box = made.get_window_extent().padded(2.0)
        is_inside = ax.bbox.x0 <= box.x0 and box.x1 <= paper.x1 and ax.bbox.y0 <= box.y0 and box.y1 <= ax.bbox.y1
        is_apart = is_inside and not any(box.overlaps(other) for other in others)
        cost = box.count_contains(points) + (0 if is_apart else _WORST)
        if cost < least:
            best, least = place, cost
        if not cost:
            break
    _put(made, best)
    return made


def is_free(text: Annotation) -> bool:
    """Whether a text of the axes stands on no other."""
    assert text.axes is not None
    box = text.get_window_extent()
    return not any(box.overlaps(other.get_window_extent()) for other in text.axes.texts if other is not text)


def _put(text: Annotation, place: Place) -> None:
    text.xy = (place.x, place.y)
    text.set(position=(place.right, place.up), ha=place.side, va=place.edge)


def along(corners: Floats, steps: int = 100) -> Floats:
    """Points on a broken line, close enough together to notice whatever lies on it.

    Parameters
    ----------
    corners : ndarray, shape (k, 2)
        Corners of the line.
    steps : int
        Points on each stretch.

    Returns
    -------
    ndarray, shape ((k - 1) * steps, 2)
    """
    share = np.linspace(0.0, 1.0, steps)[:, None]
    stretches = [start + share * (end - start) for start, end in pairwise(corners)]
    return np.vstack(stretches) if stretches else corners
