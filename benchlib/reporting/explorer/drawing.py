"""Figures of the explorer that the reports do not have: every municipality's line over the years, and two indicators at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, Literal

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from benchlib.comparison.ranks import MINIMUM_MEMBERS
from benchlib.indicators import Passport
from benchlib.reporting.plots.labels import Place, write
from benchlib.reporting.plots.style import GREY, INK, MIDDLE, OWN, PALE, WIDTH, canvas, house_style, plain_ticks
from benchlib.reporting.values import label_of
from benchlib.reporting.words import Words

Floats = NDArray[np.float64]

#: With more lines or dots than this, only the own one and the outermost have room for a name.
MOST_NAMES: Final = 14
_SIZE: Final = 9.0
#: Inches from one name to the next below it, and of the drawing between its margins.
_LINE: Final = 0.165
_HIGH: Final = 3.1
#: Inches left of the lines, for the numbers of the axis.
_LEFT: Final = 0.6
#: Room left for names beyond the outermost dots, as a share of the distance between them.
_ROOM_ACROSS, _ROOM_UP = 0.25, 0.12
#: Where a name may stand beside its dot: points to the right, points up, side of the text that is there.
_AROUND: Final[tuple[tuple[float, float, Literal["left", "center", "right"]], ...]] = (
    (7, -3, "left"),
    (-7, -3, "right"),
    (0, 7, "center"),
    (0, -14, "center"),
    (5, 6, "left"),
    (-5, 6, "right"),
    (5, -12, "left"),
    (-5, -12, "right"),
)


def development_lines(
    figures: pd.DataFrame, own: str, passport: Passport, words: Words, ax: Axes | None = None
) -> Axes:
    """A line for each municipality over the years, and their median where there is one.

    Parameters
    ----------
    figures : pandas.DataFrame
        From `development_table`, one indicator, at least two years.
    own : str
        Code of the municipality to highlight.
    passport : Passport
        The indicator.
    words : Words
        Language of the labels.
    ax : matplotlib.axes.Axes, optional
        Axes to draw on; new ones if absent.

    Returns
    -------
    matplotlib.axes.Axes
    """
    wide = figures.pivot_table(index="year", columns="territory", values="value", dropna=False)
    names = dict(zip(figures["territory"], figures["name"], strict=True))
    with house_style():
        ends = _named_ends(wide, own)
        right = 0.4 + max((_inches(names[str(code)]) for code in ends.index), default=0.0)
        ax = ax or canvas(_HIGH + 0.75, left=_LEFT, right=right, top=0.35, bottom=0.4)
        for code in sorted(wide.columns, key=lambda code: code == own):
            colour, width = (OWN, 2.2) if code == own else (MIDDLE, 1.1)
            ax.plot(
                wide.index,
                wide[code],
                color=colour,
                lw=width,
                marker="o",
                ms=2 + width,
                alpha=1 if code == own else 0.8,
            )
        medians = figures.drop_duplicates("year").set_index("year")["median"].reindex(wide.index)
        if medians.notna().any():
            ax.plot(wide.index, medians, color=INK, lw=1.2, ls=(0, (4, 3)), zorder=3)
        ax.grid(axis="y", color=PALE, lw=0.8)
        ax.set_axisbelow(True)
        first, last = int(wide.index.min()), int(wide.index.max())
        ax.set_xlim(first - 0.05 * (last - first), last + 0.05 * (last - first))
        ax.xaxis.set_major_locator(MaxNLocator(6, integer=True))
        plain_ticks(ax.yaxis, words, 6)
        above = (-0.5 / (WIDTH - _LEFT - right), 1.03)
        ax.text(*above, passport.unit[words.language], transform=ax.transAxes, va="bottom", color=INK)
        _name_lines(ax, wide, ends, own, names)
    return ax


def _named_ends(wide: pd.DataFrame, own: str) -> pd.Series:
    """Where the lines that get a name end, from the lowest: all if they are few, else the own one and the outermost."""
    ends = wide.ffill().iloc[-1].dropna().sort_values(kind="stable")
    if len(ends) <= MOST_NAMES:
        return ends
    return ends.loc[[code for code in ends.index if code in {own, ends.index[0], ends.index[-1]}]]


def _inches(text: str) -> float:
    """How wide a name is at most: in bold, in the font of the house."""
    font = FontProperties(family=mpl.rcParams["font.family"], size=_SIZE, weight="bold")
    points, _, _ = text_to_path.get_text_width_height_descent(text, font, ismath=False)
    return float(points) / 72.0


def _name_lines(ax: Axes, wide: pd.DataFrame, ends: pd.Series, own: str, names: Mapping[str, str]) -> None:
    """Names right of the axes, level with the end of their lines as far as they have room, joined to it by a thin stroke."""
    low, high = ax.get_ylim()
    wanted = (ends.to_numpy(dtype="float64") - low) / (high - low) * _HIGH
    for code, value, inches in zip(ends.index, ends, spread_out(wanted, _LINE, _HIGH), strict=True):
        colour, weight = (OWN, "bold") if code == own else (INK, "normal")
        last = float(wide[code].last_valid_index())
        level = low + inches / _HIGH * (high - low)
        ax.annotate(
            names[str(code)],
            (last, value),
            xytext=(1.05, level),
            textcoords=ax.get_yaxis_transform(),
            va="center",
            fontsize=_SIZE,
            color=colour,
            fontweight=weight,
            annotation_clip=False,
            arrowprops={"arrowstyle": "-", "color": MIDDLE, "lw": 0.6, "relpos": (0, 0.5), "shrinkA": 1, "shrinkB": 4},
        )


def spread_out(wanted: Sequence[float] | Floats, step: float, high: float) -> Floats:
    """Levels at least a step apart and as near as possible to those wanted, which rise.

    Parameters
    ----------
    wanted : sequence of float
        Levels from the lowest to the highest.
    step : float
        Smallest distance.
    high : float
        The levels stay between 0 and this as long as there is room.

    Returns
    -------
    ndarray
    """
    # Neighbours that are too close form a block, which lies around the mean of what its members want.
    offsets = np.arange(len(wanted)) * step
    blocks: list[list[float]] = []
    for target in np.asarray(wanted, dtype="float64") - offsets:
        blocks.append([target])
        while len(blocks) > 1 and np.mean(blocks[-2]) >= np.mean(blocks[-1]):
            blocks[-2:] = [blocks[-2] + blocks[-1]]
    levels = np.concatenate([np.full(len(block), np.mean(block)) for block in blocks]) if blocks else np.empty(0)
    room = max(0.0, high - offsets[-1]) if len(offsets) else 0.0
    placed: Floats = np.clip(levels, 0.0, room) + offsets
    return placed


def two_indicators(
    pairs: pd.DataFrame, own: str, across: Passport, up: Passport, words: Words, ax: Axes | None = None
) -> Axes:
    """A dot for each municipality: one indicator across, the other up, dashed lines at the medians of four or more.

    Parameters
    ----------
    pairs : pandas.DataFrame
        A row per municipality by code: `name`, `x`, `y`; at least one, nothing missing. `attrs` holds the years of both.
    own : str
        Code of the municipality to highlight.
    across, up : Passport
        The indicators.
    words : Words
        Language of the labels.
    ax : matplotlib.axes.Axes, optional
        Axes to draw on; new ones if absent.

    Returns
    -------
    matplotlib.axes.Axes
    """
    points = pairs[["x", "y"]].to_numpy(dtype="float64")
    with house_style():
        ax = ax or canvas(4.0, left=0.62, right=0.25, top=0.4, bottom=0.6)
        ax.set_xlim(*_with_room(points[:, 0], _ROOM_ACROSS))
        ax.set_ylim(*_with_room(points[:, 1], _ROOM_UP))
        others = pairs.drop(own, errors="ignore")
        ax.scatter(others["x"], others["y"], s=30, color=MIDDLE, lw=0, zorder=3)
        if len(pairs) >= MINIMUM_MEMBERS:
            ax.axvline(float(pairs["x"].median()), color=MIDDLE, lw=0.8, ls=(0, (4, 3)), zorder=1)
            ax.axhline(float(pairs["y"].median()), color=MIDDLE, lw=0.8, ls=(0, (4, 3)), zorder=1)
        plain_ticks(ax.xaxis, words, 6)
        plain_ticks(ax.yaxis, words, 6)
        ax.set_xlabel(axis_label(across, int(pairs.attrs["x"]), words))
        ax.text(-0.52 / 4.13, 1.02, axis_label(up, int(pairs.attrs["y"]), words), transform=ax.transAxes, va="bottom")
        if own in pairs.index:
            place = (float(pairs["x"][own]), float(pairs["y"][own]))
            ax.scatter(*place, s=80, color=OWN, edgecolor="white", lw=1, zorder=5)
            write(ax, pairs["name"][own], _beside(place), points, color=OWN, fontsize=10, fontweight="bold", zorder=6)
        for code in _named_dots(others):
            place = (float(others["x"][code]), float(others["y"][code]))
            write(ax, others["name"][code], _beside(place), points, color=GREY, fontsize=_SIZE, zorder=4)
    return ax


def axis_label(passport: Passport, year: int, words: Words) -> str:
    """Name of an indicator with its year and unit, for an axis.

    Parameters
    ----------
    passport : Passport
        The indicator.
    year : int
        Year of its figures.
    words : Words
        Language.

    Returns
    -------
    str
    """
    return f"{label_of(passport, words, year=year)} ({passport.unit[words.language]})"


def _beside(dot: tuple[float, float]) -> list[Place]:
    x, y = dot
    return [Place(x, y, right, up, side) for right, up, side in _AROUND]


def _with_room(values: Floats, share: float) -> tuple[float, float]:
    """Ends of an axis that leave room for names beyond the outermost dots."""
    low, high = float(values.min()), float(values.max())
    room = share * ((high - low) or abs(high) or 1.0)
    return low - room, high + room


def _named_dots(others: pd.DataFrame) -> list[str]:
    """The dots that get a name: all if they are few, else the outermost in each direction."""
    if len(others) < MOST_NAMES:
        return [str(code) for code in others.index]
    outermost = [others[axis].agg(end) for axis in ("x", "y") for end in ("idxmin", "idxmax")]
    return list(dict.fromkeys(map(str, outermost)))
