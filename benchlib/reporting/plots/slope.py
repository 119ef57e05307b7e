"""The slope figure: where everybody of a group stood first, and where at last."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from numpy.typing import NDArray

from benchlib.comparison.doubts import NO_DOUBTS, Doubts
from benchlib.comparison.ends import ends_of, medians_of
from benchlib.indicators import Passport
from benchlib.reporting.plots.style import (
    INK,
    MIDDLE,
    OWN,
    PALE,
    WIDTH,
    beside,
    canvas,
    figure_of,
    fitting,
    house_style,
    inches,
)
from benchlib.reporting.values import marked, short_value
from benchlib.reporting.words import Words

Floats = NDArray[np.float64]

#: Inches between two labels, of the axes, and of the longest label.
_APART: Final = 0.17
_HIGH: Final = 3.3
_LONGEST: Final = 2.3
#: Inches: how far a label may move without a hair, and how long a hair is.
_NEAR: Final = 0.03
_HAIR: Final = 0.2
#: So many members are all named; of more, the own one, the median, and the ends.
_MOST_NAMED: Final = 16


class _Line(NamedTuple):
    """A line: what it is called, where it begins and ends (NaN where there is no figure; which is doubtful), and how it looks."""

    label: str
    first: float
    last: float
    is_doubtful: tuple[bool, bool]
    look: Mapping[str, Any]
    is_named: bool


def slope(
    table: pd.DataFrame,
    passport: Passport,
    names: Mapping[str, str],
    words: Words,
    ax: Axes | None = None,
    *,
    own: str = "",
    doubts: Doubts = NO_DOUBTS,
) -> Axes:
    """Two years of an indicator for every member of a group: who moved, and who overtook whom.

    For two points in time and up to some forty members; what lies between the years is shown by `trends`.

    Parameters
    ----------
    table : pandas.DataFrame
        Tidy figures of the group, from `load_indicators`: `territory`, `indicator`, `year`, `value`. The first and the last year are drawn.
    passport : Passport
        The indicator.
    names : mapping of str to str
        Name of each municipality by code, in the report's language.
    words : Words
        Language of the labels.
    ax : matplotlib.axes.Axes, optional
        Axes to draw on; new ones if absent.
    own : str
        Code of the municipality to highlight.
    doubts : frozenset of (str, int, str)
        From `comparison.doubtful_figures`; such figures are marked.

    Returns
    -------
    matplotlib.axes.Axes
        The first year lies at x = 0, the last at x = 1.

    Raises
    ------
    OptionError
        If the table has fewer than two years of the indicator.
    """
    both = ends_of(table, passport.id)
    is_doubtful = {str(c): _doubted(str(c), passport, both.columns, doubts) for c in both.index}
    lines = _lines(both, names, words, own, is_doubtful)
    with house_style():
        left = 0.12 + _HAIR + max(inches(_value(line, 0, passport, words), bold=True) for line in lines)
        labels = [_label(line, passport, words) for line in lines]
        right = (
            0.15
            + _HAIR
            + max(inches(label, bold=True) for line, label in zip(lines, labels, strict=True) if line.is_named)
        )
        high = max(_HIGH, _APART * 1.15 * sum(line.is_named for line in lines))
        ax = ax or canvas(high + 0.5, left=left, right=min(right, WIDTH - left - 1.0), top=0.38, bottom=0.12)
        ax.set_xlim(0, 1)
        values = both.to_numpy(dtype="float64")
        ax.set_ylim(*_limits(values[np.isfinite(values)]))
        ax.xaxis.set_visible(False)
        ax.yaxis.set_visible(False)
        ax.spines[:].set_visible(False)
        for x, year in enumerate(both.columns):
            ax.axvline(x, color=PALE, lw=1, zorder=0, clip_on=False)
            ax.text(x, 1.03, str(year), transform=ax.get_xaxis_transform(), ha="center", va="bottom", fontweight="bold")
        for line in lines:
            ax.plot([0, 1], [line.first, line.last], clip_on=False, **line.look)
        _write(ax, lines, labels, passport, words)
    return ax


def _lines(
    both: pd.DataFrame, names: Mapping[str, str], words: Words, own: str, is_doubtful: Mapping[str, tuple[bool, bool]]
) -> list[_Line]:
    """The members, then the median of those with a figure (if there is one), then the own municipality: the last is drawn on top."""
    grey = {"color": MIDDLE, "lw": 1.0, "marker": "o", "ms": 3.5, "zorder": 1}
    shown = both.dropna(how="all")
    is_crowded = len(shown) > _MOST_NAMED
    last = shown.iloc[:, 1]
    ends = {last.idxmin(), last.idxmax()} if last.notna().any() else set()
    lines = [
        _Line(names[str(code)], float(first), float(end), is_doubtful[str(code)], grey, not is_crowded or code in ends)
        for code, first, end in shown.itertuples()
        if code != own
    ]
    median = medians_of(shown)
    if median.notna().all():
        dashed = {"color": INK, "lw": 1.3, "ls": (0, (4, 3)), "zorder": 2}
        first, end = (float(value) for value in median)
        lines.append(_Line(words.gettext("median"), first, end, (False, False), dashed, True))
    if own in shown.index:
        bold = {"color": OWN, "lw": 2.4, "marker": "o", "ms": 6, "zorder": 3}
        first, end = shown.loc[[own]].to_numpy()[0].tolist()
        lines.append(_Line(names[own], first, end, is_doubtful[own], bold, True))
    return lines


def _doubted(code: str, passport: Passport, years: pd.Index, doubts: Doubts) -> tuple[bool, bool]:
    """Whether the first and the last figure of a municipality are doubtful."""
    first, last = ((passport.id, int(year), code) in doubts for year in years)
    return first, last


def _label(line: _Line, passport: Passport, words: Words) -> str:
    return fitting(f"{_value(line, 1, passport, words)}  {line.label}", _LONGEST)


def _value(line: _Line, end: int, passport: Passport, words: Words) -> str:
    """The figure at one end of a line, marked where it is doubtful."""
    return marked(short_value((line.first, line.last)[end], passport, words), line.is_doubtful[end])


def _limits(values: Floats) -> tuple[float, float]:
    low, high = float(values.min()), float(values.max())
    room = 0.03 * ((high - low) or abs(high) or 1.0)
    return low - room, high + room


def _write(ax: Axes, lines: Sequence[_Line], labels: Sequence[str], passport: Passport, words: Words) -> None:
    """Values at the left end, values with names at the right; where they would touch they move, and a hair leads to them."""
    figure, (low, high) = figure_of(ax), ax.get_ylim()
    inch = figure.dpi_scale_trans
    (left, bottom), (right, top) = ax.get_position().get_points() * figure.get_size_inches()
    for x, way in ((left, -1), (right, 1)):
        ends = np.array([line.last if way > 0 else line.first for line in lines])
        shown = [k for k, line in enumerate(lines) if line.is_named and np.isfinite(ends[k])]
        wanted = (ends[shown] - low) / (high - low) * (top - bottom)
        places = spread(wanted, _APART, top - bottom)
        moved = np.abs(places - wanted) > _NEAR
        hairs = [
            [(x + way * 0.06, y), (x + way * _HAIR, to), (np.nan, np.nan)] for y, to in zip(wanted, places, strict=True)
        ]
        if moved.any():
            corners = np.asarray(hairs)[moved].reshape(-1, 2) + np.array([0.0, bottom])
            ax.plot(*corners.T, color=MIDDLE, lw=0.6, transform=inch, clip_on=False)
        for k, y in zip(shown, places, strict=True):
            ink = INK if lines[k].look["color"] == MIDDLE else lines[k].look["color"]
            weight = "bold" if ink == OWN else "normal"
            text = labels[k] if way > 0 else _value(lines[k], 0, passport, words)
            where = beside(ax, inch)
            ax.text(
                x + way * (_HAIR + 0.03),
                y + bottom,
                text,
                ha="left" if way > 0 else "right",
                color=ink,
                fontweight=weight,
                **where,
            )


def spread(wanted: Floats, apart: float, room: float) -> Floats:
    """Heights as near as possible to those wanted, in their order, at least `apart` from each other.

    Parameters
    ----------
    wanted : ndarray
        Wanted heights.
    apart : float
        Least distance; less if there is no room.
    room : float
        The heights stay between 0 and `room` where they fit.

    Returns
    -------
    ndarray
    """
    order = np.argsort(wanted, kind="stable")
    if len(order) < 2:
        return wanted
    apart = min(apart, room / (len(order) - 1))
    # Blocks of labels that touch; each stands where its members want to be on average.
    blocks: list[list[float]] = []
    for height in wanted[order]:
        blocks.append([height, 1.0])
        while len(blocks) > 1 and _base(blocks[-1], apart) < _base(blocks[-2], apart) + apart * blocks[-2][1]:
            (upper, more), (lower, some) = blocks.pop(), blocks.pop()
            blocks.append([(lower * some + upper * more) / (some + more), some + more])
    placed = np.concatenate([_base(block, apart) + apart * np.arange(block[1]) for block in blocks])
    placed += max(0.0, -placed[0]) if placed[0] < 0 else min(0.0, room - placed[-1])
    result = np.empty_like(wanted)
    result[order] = placed
    return result


def _base(block: list[float], apart: float) -> float:
    """Height of the lowest label of a block with a centre and a number of labels."""
    centre, count = block
    return centre - apart * (count - 1) / 2
