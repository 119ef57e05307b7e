"""Figures with a row for each municipality: names on the left, a key on top, so that everybody finds the own line."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.legend import Legend
from matplotlib.lines import Line2D
from matplotlib.transforms import ScaledTranslation

from benchlib.reporting.plots.style import (
    INK,
    OWN,
    OWN_GROUND,
    PALE,
    SMALL,
    WIDTH,
    beside,
    canvas,
    figure_of,
    fitting,
    inches,
)

#: Inches a row: names neither touch nor lie far apart.
_ROW: Final = 0.19
#: Every so many rows a faint line guides the eye from the name to the mark.
_GUIDE: Final = 5
#: From so many rows on, the axis stands above them too.
_TALL: Final = 30
#: Inches: a line of the key, the mark before its words, the axis above the rows, what lies below them.
KEY_LINE: Final = 0.2
_KEY_MARK: Final = 0.38
_AXIS: Final = 0.28
_BELOW: Final = 0.58
#: Inches of the longest name that is written in full.
_LONGEST: Final = 2.2


class Mark(NamedTuple):
    """A line of the key: what is drawn and what it means."""

    label: str
    colour: str
    shape: str = "o"
    """As matplotlib calls it; "line" for a band, "ring" for an open dot, "stroke" for an upright line."""

    def handle(self) -> Artist:
        """Return the drawing before the words."""
        if self.shape == "line":
            return Line2D([], [], color=self.colour, lw=5, solid_capstyle="butt")
        if self.shape == "stroke":
            return Line2D([], [], ls="none", marker="|", ms=9, mec=self.colour, mew=1.6)
        if self.shape == "dashes":
            return Line2D([], [], color=self.colour, lw=1.2, ls=(0, (4, 3)))
        is_ring = self.shape == "ring"
        return Line2D(
            [],
            [],
            ls="none",
            marker="o" if is_ring else self.shape,
            ms=5.5,
            mfc="white" if is_ring else self.colour,
            mec=self.colour,
            mew=0.9 if is_ring else 0.0,
        )


def row_axes(names: Sequence[str], marks: Sequence[Mark], ax: Axes | None = None, *, own: Collection[int] = ()) -> Axes:
    """Axes with a row per name, the first on top, with guides and the key.

    Parameters
    ----------
    names : sequence of str
        Names of the rows, from the top.
    marks : sequence of Mark
        The key.
    ax : matplotlib.axes.Axes, optional
        Axes to draw on; new ones if absent.
    own : collection of int
        Rows to highlight.

    Returns
    -------
    matplotlib.axes.Axes
        Row k lies at y = k.
    """
    lines = key_lines(marks)
    is_tall = len(names) >= _TALL
    above = _AXIS if is_tall else 0.08
    left = 0.0
    if ax is None:
        left = name_room(names)
        top = above + KEY_LINE * len(lines) + 0.06
        ax = canvas(_ROW * len(names) + top + _BELOW, left=left, right=0.2, top=top, bottom=_BELOW)
    ax.set_ylim(len(names) - 0.4, -0.6)
    ax.yaxis.set_visible(False)
    ax.tick_params(axis="x", top=False, labeltop=is_tall)
    ax.spines["left"].set_visible(False)
    ax.grid(axis="x", color=PALE, lw=0.7, zorder=0)
    ax.set_axisbelow(True)
    across = ax.get_yaxis_transform()
    ax.hlines(np.arange(0, len(names), _GUIDE), 0.0, 1.0, color=PALE, lw=0.7, zorder=0, transform=across)
    write_names(ax, names, own=own)
    draw_key(ax, lines, left=left, above=above)
    return ax


def name_room(names: Sequence[str]) -> float:
    """Inches left of the axes for names, each of which may be the bold one."""
    return 0.16 + max((inches(fitting(name, _LONGEST), bold=True) for name in names), default=0.0)


def write_names(ax: Axes, names: Sequence[str], *, own: Collection[int] = ()) -> None:
    """Write the names of the rows left of the axes; the own ones in their colour, on a band across the figure.

    As texts: they take a fifth of the time of the ticks of an axis.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Axes on which row k lies at y = k.
    names : sequence of str
        Names from the top.
    own : collection of int
        Rows to highlight.
    """
    where = beside(ax, ax.get_yaxis_transform(), right=-0.07)
    for row, name in enumerate(names):
        look: dict[str, Any] = {"color": OWN, "fontweight": "bold"} if row in own else {"color": INK}
        ax.text(0.0, row, fitting(name, _LONGEST), ha="right", **where, **look)
    for row in own:
        ax.axhspan(row - 0.5, row + 0.5, color=OWN_GROUND, lw=0, zorder=-1)


def key_lines(marks: Sequence[Mark]) -> list[list[Mark]]:
    """The key broken into lines that are no wider than the figure."""
    lines: list[list[Mark]] = []
    room = 0.0
    for mark in marks:
        wide = _KEY_MARK + inches(mark.label)
        if not lines or wide > room:
            lines.append([])
            room = WIDTH - 0.1
        lines[-1].append(mark)
        room -= wide
    return lines


def draw_key(ax: Axes, lines: Sequence[Sequence[Mark]], *, left: float, above: float) -> None:
    """Draw the key above the axes: each mark with its word, instead of a box over the figure.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        The axes.
    lines : sequence of sequence of Mark
        From `key_lines`.
    left, above : float
        Inches from the left edge of the axes to that of the key, and from their top to its last line.
    """
    for number, line in enumerate(reversed(lines)):
        shift = ScaledTranslation(-left, above + KEY_LINE * number, figure_of(ax).dpi_scale_trans)
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
            fontsize=SMALL,
            handlelength=1.1,
            handletextpad=0.4,
            columnspacing=1.2,
            borderpad=0.0,
            borderaxespad=0.15,
        )
        ax.add_artist(key)
