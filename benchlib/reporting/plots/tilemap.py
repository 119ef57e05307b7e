"""Latvia as a map of tiles: one municipality, one tile, so that cities are as visible as large novadi."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from functools import cache

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from benchlib.indicators import data_folder
from benchlib.reporting.plots.style import GREY, INK, OWN, PALE, WIDTH, canvas, house_style

_GAP = 0.06  # of a tile, between two tiles
_GROUP = "#a9d3d5"


@cache
def tiles() -> dict[str, tuple[int, int, str]]:
    """Row, column and short name of each of the 42 municipalities, by code (`data/catalogue/tiles.csv`)."""
    with (data_folder() / "catalogue" / "tiles.csv").open(encoding="utf-8", newline="") as file:
        return {r["code"]: (int(r["row"]), int(r["column"]), r["short"]) for r in csv.DictReader(file)}


def tile_map(own: Iterable[str], group: Iterable[str] = (), ax: Axes | None = None) -> Axes:
    """Where the municipality and its comparison group lie.

    Parameters
    ----------
    own : iterable of str
        Codes of 2025 of the municipality; for a former municipality those of its heirs.
    group : iterable of str
        Codes of 2025 of the comparison group.
    ax : matplotlib.axes.Axes, optional
        Axes to draw on; new ones if absent.

    Returns
    -------
    matplotlib.axes.Axes
    """
    own, group = set(own), set(group)
    places = tiles()
    columns = max(column for _, column, _ in places.values()) + 1
    rows = max(row for row, _, _ in places.values()) + 1
    with house_style():
        ax = ax or canvas((WIDTH - 0.2) / columns * rows + 0.2)
        ax.set_xlim(0, columns)
        ax.set_ylim(rows, 0)
        ax.set_aspect("equal")
        ax.axis("off")
        for code, (row, column, short) in places.items():
            colour = OWN if code in own else _GROUP if code in group else PALE
            ax.add_patch(Rectangle((column + _GAP / 2, row + _GAP / 2), 1 - _GAP, 1 - _GAP, color=colour, lw=0))
            ink = "white" if code in own else INK if code in group else GREY
            weight = "bold" if code in own else "normal"
            ax.text(column + 0.5, row + 0.5, short, ha="center", va="center", fontsize=8, color=ink, fontweight=weight)
    return ax
