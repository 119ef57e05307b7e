"""What stands on axes, read back for the tests of figures."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import PathCollection
from matplotlib.colors import same_color, to_rgba
from matplotlib.figure import Figure


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
