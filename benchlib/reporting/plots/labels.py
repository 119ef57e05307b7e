"""Where a name stands in a figure: beside its dot, inside the axes, on no other text, and hiding as little as possible."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Literal, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.text import Annotation
from numpy.typing import NDArray

from benchlib.reporting.plots.style import halo

Floats = NDArray[np.float64]

#: What lies outside the axes or on another text is worse than any number of hidden dots.
_WORST = 1_000_000


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
    best, least = None, np.inf
    for place in places:
        made = ax.annotate(
            text,
            (place.x, place.y),
            xytext=(place.right, place.up),
            textcoords="offset points",
            ha=place.side,
            va=place.edge,
            path_effects=halo(),
            **look,
        )
        box = made.get_window_extent().padded(2.0)
        is_inside = (
            ax.bbox.x0 <= box.x0 and box.x1 <= ax.figure.bbox.x1 and ax.bbox.y0 <= box.y0 and box.y1 <= ax.bbox.y1
        )
        is_free = is_inside and not any(box.overlaps(other) for other in others)
        cost = box.count_contains(points) + (0 if is_free else _WORST)
        if best is None or cost < least:
            if best is not None:
                best.remove()
            best, least = made, cost
        else:
            made.remove()
    assert best is not None, "there is at least one place"
    return best


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
