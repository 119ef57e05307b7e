"""Figures with a row for each municipality: names on the left, a key on top, so that everybody finds the own line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import matplotlib as mpl
import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.font_manager import FontProperties
from matplotlib.legend import Legend
from matplotlib.lines import Line2D
from matplotlib.textpath import text_to_path
from matplotlib.transforms import ScaledTranslation

from benchlib.reporting.plots.style import INK, PALE, WIDTH, canvas

#: Points of the names and of the key, and inches a row: so that they neither touch nor are cut, and a phone shows them.
_SIZE: Final = 9.0
_ROW: Final = 0.18
#: Every so many rows a faint line guides the eye from the name to the mark.
_GUIDE: Final = 5
#: From so many rows on, the axis stands above them too.
_TALL: Final = 30
#: Inches: a line of the key, the mark before its words, the axis above the rows, what lies below them.
_KEY_LINE: Final = 0.19
_KEY_MARK: Final = 0.42
_AXIS: Final = 0.28
_BELOW: Final = 0.56


class Mark(NamedTuple):
    """A line of the key: what is drawn and what it means."""

    label: str
    colour: str
    shape: str = "o"
    """As matplotlib calls it; "line" for a band, "ring" for an open dot."""

    def handle(self) -> Artist:
        """Return the drawing before the words."""
        if self.shape == "line":
            return Line2D([], [], color=self.colour, lw=4, solid_capstyle="butt")
        is_ring = self.shape == "ring"
        return Line2D(
            [],
            [],
            ls="none",
            marker="o" if is_ring else self.shape,
            ms=5,
            mfc="white" if is_ring else self.colour,
            mec=self.colour,
            mew=0.9 if is_ring else 0.0,
        )


def row_axes(names: Sequence[str], marks: Sequence[Mark], ax: Axes | None = None) -> Axes:
    """Axes with a row per name, the first on top, with guides and the key.

    Parameters
    ----------
    names : sequence of str
        Names of the rows, from the top.
    marks : sequence of Mark
        The key.
    ax : matplotlib.axes.Axes, optional
        Axes to draw on; new ones if absent.

    Returns
    -------
    matplotlib.axes.Axes
        Row k lies at y = k.
    """
    lines = _key_lines(marks)
    is_tall = len(names) >= _TALL
    above = _AXIS if is_tall else 0.08
    left = 0.0
    if ax is None:
        left = 0.16 + max(map(_inches, names), default=0.0)
        top = above + _KEY_LINE * len(lines) + 0.06
        ax = canvas(_ROW * len(names) + top + _BELOW, left=left, right=0.2, top=top, bottom=_BELOW)
    ax.set_yticks(np.arange(len(names)), names)
    ax.set_ylim(len(names) - 0.4, -0.6)
    ax.tick_params(axis="y", length=0, labelsize=_SIZE, labelcolor=INK, pad=4)
    ax.tick_params(axis="x", top=False, labeltop=is_tall)
    ax.spines["left"].set_visible(False)
    ax.grid(axis="x", color=PALE, lw=0.7, zorder=0)
    ax.set_axisbelow(True)
    for row in range(0, len(names), _GUIDE):
        ax.axhline(row, color=PALE, lw=0.7, zorder=0)
    _draw_key(ax, lines, left=left, above=above)
    return ax


def _inches(text: str) -> float:
    """How wide a name is, in the font of the house."""
    font = FontProperties(family=mpl.rcParams["font.family"], size=_SIZE)
    points, _, _ = text_to_path.get_text_width_height_descent(text, font, ismath=False)
    return float(points) / 72.0


def _key_lines(marks: Sequence[Mark]) -> list[list[Mark]]:
    """The key broken into lines that are no wider than the figure."""
    lines: list[list[Mark]] = []
    room = 0.0
    for mark in marks:
        wide = _KEY_MARK + _inches(mark.label)
        if not lines or wide > room:
            lines.append([])
            room = WIDTH - 0.1
        lines[-1].append(mark)
        room -= wide
    return lines


def _draw_key(ax: Axes, lines: Sequence[Sequence[Mark]], *, left: float, above: float) -> None:
    """The key above the rows, flush with the figure's left edge: each mark with its word, instead of a box over the figure."""
    for number, line in enumerate(reversed(lines)):
        shift = ScaledTranslation(-left, above + _KEY_LINE * number, ax.figure.dpi_scale_trans)
        handles = [mark.handle() for mark in line]
        key = Legend(
            ax,
            handles,
            [mark.label for mark in line],
            loc="lower left",
            bbox_to_anchor=(0.0, 1.0),
            bbox_transform=ax.transAxes + shift,
            ncols=len(line),
            frameon=False,
            fontsize=_SIZE,
            handlelength=1.2,
            handletextpad=0.4,
            columnspacing=1.2,
            borderpad=0.0,
            borderaxespad=0.15,
        )
        ax.add_artist(key)
