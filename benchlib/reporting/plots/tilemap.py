"""Latvia as a map of tiles: one municipality, one tile, so that cities are as visible as large novadi."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from numpy.typing import NDArray

from benchlib.errors import OptionError
from benchlib.indicators import Passport, data_folder
from benchlib.reporting.plots.style import (
    GREY,
    INK,
    MIDDLE,
    OWN,
    PALE,
    SMALL,
    WIDTH,
    beside,
    canvas,
    figure_of,
    house_style,
    inches,
)
from benchlib.reporting.words import Words

Floats = NDArray[np.float64]

_GAP: Final = 0.06  # of a tile, between two tiles
#: Five shades of one colour, from the worst (or least) to the best (or most): each is clearly darker than the one before.
SHADES: Final = ("#e4f1f1", "#b3d8da", "#74b4b8", "#287b81", "#0a4d52")
#: From this shade on, letters are white.
_DARK: Final = 3
_MISSING: Final = "white"
#: The comparison group.
_GROUP: Final = "#8ec5c8"
#: Inches of the square before a line of the key, of a line of the key, and decimals of a score.
_SQUARE: Final = 0.15
_KEY_LINE: Final = 0.26
_SCORE_DECIMALS: Final = 2


class Shade(NamedTuple):
    """A class of the map: its colour, the least and the greatest value in it, and the codes of its municipalities."""

    colour: str
    low: float
    high: float
    codes: tuple[str, ...]


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
    own, group = set(own) & set(tiles()), set(group) & set(tiles())
    with house_style():
        ax = _map_axes(ax)
        _draw(ax, set(tiles()) - own - group, PALE, GREY)
        _draw(ax, group - own, _GROUP, INK)
        _draw(ax, own, OWN, "white", is_bold=True)
    return ax


def tile_values(
    values: Mapping[str, float] | pd.Series,
    words: Words,
    *,
    passport: Passport | None = None,
    own: Collection[str] = (),
    doubtful: Collection[str] = (),
    ax: Axes | None = None,
) -> Axes:
    """An indicator, or a score between 0 and 1, on the map: five classes of about as many municipalities each, the best the darkest.

    Parameters
    ----------
    values : mapping of str to float, or pandas.Series
        Value of each municipality by its code of 2025; absent and NaN are missing and hatched.
    words : Words
        Language of the labels.
    passport : Passport, optional
        The indicator: its direction and decimals. Without one the values are scores, of which more is better.
    own : collection of str
        Codes of municipalities to frame.
    doubtful : collection of str
        Codes of those whose tiles get the mark of doubtful figures in a corner.
    ax : matplotlib.axes.Axes, optional
        Axes to draw on; new ones if absent.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    OptionError
        If a code has no tile: values of before 2025 must be carried to the present municipalities first.
    """
    present = pd.Series(values, dtype="float64").dropna()
    unknown = sorted(set(map(str, present.index)) - set(tiles()))
    if unknown:
        raise OptionError(
            f"The map has no tile for {', '.join(unknown[:3])}. It shows those of 2025: load the figures with territory='2025'."
        )
    found = shades(present, passport.direction if passport else 1)
    missing = sorted(set(tiles()) - set(present.index))
    decimals = passport.decimals if passport else _SCORE_DECIMALS
    key = [(shade.colour, _limits(shade, decimals, words)) for shade in found]
    lines = _key_lines(key + [(_MISSING, words.missing)] * bool(missing))
    with house_style():
        ax = _map_axes(ax, below=_KEY_LINE * len(lines) + 0.1)
        for shade in found:
            ink = "white" if shade.colour in SHADES[_DARK:] else INK
            _draw(ax, shade.codes, shade.colour, ink, doubtful=doubtful)
        _draw(ax, missing, _MISSING, GREY)
        _frame(ax, own)
        for number, line in enumerate(reversed(lines)):
            _draw_key(ax, line, 0.14 + _KEY_LINE * number)
    return ax


def shades(present: pd.Series, direction: int) -> list[Shade]:
    """Five classes of about as many values each; equal values share a class, and an empty class is left out.

    Parameters
    ----------
    present : pandas.Series
        Values by code, none missing.
    direction : {1, -1, 0}
        Whether more is better; without direction the most is the darkest.

    Returns
    -------
    list of Shade
        From the palest to the darkest.
    """
    ranked = (-present if direction < 0 else present).rank(method="min")
    place = ((ranked - 1) * len(SHADES) // max(1, len(present))).astype(int)
    return [
        Shade(colour, float(part.min()), float(part.max()), tuple(sorted(map(str, part.index))))
        for number, colour in enumerate(SHADES)
        if len(part := present[place == number])
    ]


def _limits(shade: Shade, decimals: int, words: Words) -> str:
    """The least and the greatest value of a class, or the one that both look like."""
    low, high = (words.number(value, decimals) for value in (shade.low, shade.high))
    return low if low == high else words.interval(shade.low, shade.high, decimals)


def _map_axes(ax: Axes | None, *, below: float = 0.0) -> Axes:
    """Axes with a unit for each tile; `below` inches are left for the key."""
    columns = max(column for _, column, _ in tiles().values()) + 1
    rows = max(row for row, _, _ in tiles().values()) + 1
    ax = ax or canvas((WIDTH - 0.2) / columns * rows + 0.2 + below, bottom=0.1 + below)
    ax.set_xlim(0, columns)
    ax.set_ylim(rows, 0)
    ax.set_aspect("equal", anchor="N")
    ax.axis("off")
    return ax


def _draw(
    ax: Axes,
    codes: Iterable[str],
    colour: str,
    ink: str,
    *,
    is_bold: bool = False,
    doubtful: Collection[str] = (),
) -> None:
    """Tiles of one colour with their short names; those of missing values are hatched."""
    shown = sorted(codes)
    places = [tiles()[code] for code in shown]
    if not places:
        return
    edge: dict[str, Any] = {"edgecolor": MIDDLE, "lw": 0.8} if colour == _MISSING else {"lw": 0}
    ax.add_collection(PolyCollection([_square(c, r) for r, c, _ in places], facecolor=colour, **edge))
    if colour == _MISSING:
        stripes = np.concatenate([_stripes(column, row) for row, column, _ in places])
        ax.plot(*stripes.T, color=PALE, lw=1.2, solid_capstyle="butt", zorder=1.5)
    where = beside(ax, ax.transData)
    weight = "bold" if is_bold else "normal"
    for code, (row, column, short) in zip(shown, places, strict=True):
        ax.text(column + 0.5, row + 0.5, short, ha="center", color=ink, fontweight=weight, **where)
        if code in doubtful:
            ax.text(column + 0.89, row + 0.01, "?", ha="right", va="top", color=ink, fontsize=SMALL)


def _square(column: float, row: float, gap: float = _GAP) -> list[tuple[float, float]]:
    low, high = gap / 2, 1 - gap / 2
    return [(column + x, row + y) for x, y in ((low, low), (high, low), (high, high), (low, high))]


def _stripes(column: float, row: float) -> Floats:
    """Diagonals of a tile, with gaps between them: hatching that no picture format needs to know."""
    low, high = _GAP / 2, 1 - _GAP / 2
    shifts = (0.6, 0.3, 0.0, -0.3, -0.6)
    ends = [((low + max(0, -s), high - max(0, s)), (high - max(0, s), low + max(0, -s))) for s in shifts]
    corners = [point for start, end in ends for point in (start, end, (np.nan, np.nan))]
    moved: Floats = np.asarray(corners) + np.array([column, row])
    return moved


def _frame(ax: Axes, own: Collection[str]) -> None:
    squares = [_square(tiles()[code][1], tiles()[code][0], 0.0) for code in own]
    if squares:
        ax.add_collection(PolyCollection(squares, facecolor="none", edgecolor=OWN, lw=2.2, zorder=3))


def _key_lines(entries: Sequence[tuple[str, str]]) -> list[list[tuple[str, str]]]:
    """Colour and words of the classes, broken into lines that are no wider than the figure."""
    lines: list[list[tuple[str, str]]] = []
    room = 0.0
    for entry in entries:
        wide = _SQUARE + 0.24 + inches(entry[1])
        if not lines or wide > room:
            lines.append([])
            room = WIDTH
        lines[-1].append(entry)
        room -= wide
    return lines


def _draw_key(ax: Axes, line: Sequence[tuple[str, str]], y: float) -> None:
    """A square and the limits of each class, at a height in inches below the map."""
    inch, x = figure_of(ax).dpi_scale_trans, 0.14
    for colour, label in line:
        corners = np.array([(0, 0), (1, 0), (1, 1), (0, 1)]) * _SQUARE + [x, y]
        edge: dict[str, Any] = {"edgecolor": MIDDLE, "lw": 0.8} if colour == _MISSING else {"lw": 0}
        ax.add_artist(PolyCollection([corners], facecolor=colour, transform=inch, clip_on=False, **edge))
        if colour == _MISSING:
            ax.plot(*corners[[0, 2]].T, color=MIDDLE, lw=1.4, transform=inch, clip_on=False)
        ax.text(x + _SQUARE + 0.07, y + _SQUARE / 2, label, color=INK, **beside(ax, inch))
        x += _SQUARE + 0.24 + inches(label)
