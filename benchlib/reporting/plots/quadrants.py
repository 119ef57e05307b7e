"""What is spent against what comes of it: four quadrants around the medians, each with its meaning in words."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final, Literal, NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.text import Annotation
from numpy.typing import NDArray

from benchlib.errors import OptionError
from benchlib.reporting.plots.labels import Place, along, is_free, write
from benchlib.reporting.plots.style import (
    ACCENT,
    GREY,
    INK,
    INTERVAL,
    MIDDLE,
    OWN,
    SMALL,
    canvas,
    figure_of,
    folded,
    house_style,
    inches,
    plain_ticks,
)
from benchlib.reporting.values import marked_names
from benchlib.reporting.words import Words

Floats = NDArray[np.float64]

#: Where a name may stand around its dot: points to the right, points up, side of the text that is there.
_AROUND: Final[tuple[tuple[float, float, Literal["left", "center", "right"]], ...]] = (
    (7, -3, "left"),
    (-7, -3, "right"),
    (7, 3, "left"),
    (7, -10, "left"),
    (-7, 3, "right"),
    (-7, -10, "right"),
    (0, 8, "center"),
    (0, -16, "center"),
    (6, 8, "left"),
    (-6, 8, "right"),
    (6, -16, "left"),
    (-6, -16, "right"),
    (0, 21, "center"),
    (0, -29, "center"),
    (12, 21, "left"),
    (-12, 21, "right"),
    (12, -29, "left"),
    (-12, -29, "right"),
    (0, 34, "center"),
    (0, -42, "center"),
    (12, 34, "left"),
    (-12, 34, "right"),
    (12, -42, "left"),
    (-12, -42, "right"),
)
#: Points up or down from which on a name needs a leader to its dot.
_NEAR: Final = 18.0
#: Points that a leader keeps from the dots of others.
_CLEAR: Final = 6.0
#: Points from the middle of a dot to its edge; and how many points of a line a dot outweighs.
_DOT: Final = 3.4
_DOT_WEIGHT: Final = 30
#: Of the range, what is left free around the dots: names and words of the corners need it.
_ROOM: Final = (0.16, 0.2)


class Corners(NamedTuple):
    """What each quadrant means, in words.

    Attributes
    ----------
    upper_left, upper_right, lower_left, lower_right : str
        Little of x and much of y, much of both, little of both, much of x and little of y.
    """

    upper_left: str
    upper_right: str
    lower_left: str
    lower_right: str


def money_corners(words: Words) -> Corners:
    """The corners where money goes to the right and a result upwards.

    Parameters
    ----------
    words : Words
        Language.

    Returns
    -------
    Corners
    """
    _ = words.gettext
    return Corners(
        _("less money, better result"),
        _("more money, better result"),
        _("less money, worse result"),
        _("more money, worse result"),
    )


def quadrants(
    frame: pd.DataFrame,
    names: Mapping[str, str],
    words: Words,
    *,
    x_label: str,
    y_label: str,
    corners: Corners | None = None,
    cross: tuple[float, float] | None = None,
    named: Collection[str] | None = None,
    own: Collection[str] = (),
    is_less_better: bool = False,
    ax: Axes | None = None,
) -> Axes:
    """Two figures of each municipality against each other, with the medians as a cross.

    Parameters
    ----------
    frame : pandas.DataFrame
        `territory`, `x`, `y`, and where there are intervals `x_low`, `x_high`, `y_low`, `y_high`; rows without x or y are left out. Names
        of rows that are true in `is_doubtful` get the mark of a doubtful figure.
    names : mapping of str to str
        Name of each municipality by code, in the report's language.
    words : Words
        Language of the labels.
    x_label, y_label : str
        What the axes show, with the unit.
    corners : Corners, optional
        What each quadrant means; money against result if absent.
    cross : tuple of float, optional
        Where the quadrants meet; the medians of the frame if absent.
    named : collection of str, optional
        Whose names are written; everybody's if absent.
    own : collection of str
        Codes to highlight.
    is_less_better : bool
        Whether less of y is better: then its axis is turned round, so that what is better stands above.
    ax : matplotlib.axes.Axes, optional
        Axes to draw on; new ones if absent.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    OptionError
        If nobody has both figures.
    """
    shown = frame.dropna(subset=["x", "y"]).reset_index(drop=True)
    if shown.empty:
        raise OptionError("There is nothing to draw: nobody has both figures.")
    points = shown[["x", "y"]].to_numpy(dtype="float64")
    middle = cross or (float(np.median(points[:, 0])), float(np.median(points[:, 1])))
    with house_style():
        ax = ax or canvas(4.3, left=0.62, right=0.06, top=0.16 + 0.19 * (1 + y_label.count("\n")), bottom=0.62)
        reach = np.vstack([points, [middle], *_ends(shown)])
        ax.set_xlim(*_limits(reach[:, 0], _ROOM[0]))
        ax.set_ylim(*_limits(reach[:, 1], _ROOM[1]))
        if is_less_better:
            ax.invert_yaxis()
        ax.axvline(middle[0], color=GREY, lw=1, ls=(0, (4, 3)), zorder=1)
        ax.axhline(middle[1], color=GREY, lw=1, ls=(0, (4, 3)), zorder=1)
        _draw_intervals(ax, shown)
        is_own = shown["territory"].isin(own).to_numpy()
        is_named = np.ones(len(shown), bool) if named is None else shown["territory"].isin(named).to_numpy()
        inks = np.where(is_own, OWN, np.where(is_named, ACCENT, MIDDLE))
        sizes = np.where(is_named, 46, 18)
        ax.scatter(points[:, 0], points[:, 1], s=sizes, color=inks, edgecolor="white", lw=0.7, zorder=4)
        _write_corners(ax, corners or money_corners(words))
        if "is_doubtful" in shown:
            names = marked_names(names, shown.loc[shown["is_doubtful"].astype(bool), "territory"].tolist())
        visible = np.vstack([_to_keep_visible(ax, points, middle), *_along_intervals(shown)])
        _write_names(ax, shown.loc[is_named], names, own, visible)
        plain_ticks(ax.xaxis, words, 5)
        plain_ticks(ax.yaxis, words, 6)
        ax.set_xlabel(x_label, loc="right")
        ax.text(-0.52 / 4.32, 1.02, folded(y_label, 4.6), transform=ax.transAxes, va="bottom", fontsize=SMALL)
    return ax


def _limits(values: Floats, room: float) -> tuple[float, float]:
    """Ends of an axis, with room for names."""
    wide = float(np.ptp(values)) or abs(float(values[0])) or 1.0
    return float(values.min()) - room * wide, float(values.max()) + room * wide


def _ends(shown: pd.DataFrame) -> list[Floats]:
    """Ends of the intervals, as points that the axes must hold."""
    found = []
    for low, high in (("x_low", "x_high"), ("y_low", "y_high")):
        if {low, high} <= set(shown):
            other = "y" if low == "x_low" else "x"
            for end in (low, high):
                part = shown[[end, other] if low == "x_low" else [other, end]].dropna()
                found.append(part.to_numpy(dtype="float64"))
    return found


def _along_intervals(shown: pd.DataFrame) -> list[Floats]:
    """Points on each interval, so that names do not stand on those of others."""
    found = []
    for low, high in (("x_low", "x_high"), ("y_low", "y_high")):
        if {low, high} <= set(shown):
            here = ("y", low, high) if low == "x_low" else ("x", low, high)
            for at, first, last in shown[list(here)].dropna().itertuples(index=False):
                ends = [(first, at), (last, at)] if low == "x_low" else [(at, first), (at, last)]
                found.append(along(np.array(ends, dtype="float64"), steps=20))
    return found


def _draw_intervals(ax: Axes, shown: pd.DataFrame) -> None:
    if {"y_low", "y_high"} <= set(shown):
        ax.vlines(shown["x"], shown["y_low"], shown["y_high"], color=INTERVAL, lw=1.6, zorder=3)
    if {"x_low", "x_high"} <= set(shown):
        ax.hlines(shown["y"], shown["x_low"], shown["x_high"], color=INTERVAL, lw=1.6, zorder=3)


def _write_corners(ax: Axes, corners: Corners) -> None:
    """The meaning of each quadrant in its outer corner."""
    for text, x, y in zip(corners, (0, 1, 0, 1), (1, 1, 0, 0), strict=True):
        ax.annotate(
            folded(text, 1.9),
            (x, y),
            xytext=(4 - 8 * x, 4 - 8 * y),
            xycoords="axes fraction",
            textcoords="offset points",
            ha="right" if x else "left",
            va="top" if y else "bottom",
            fontsize=SMALL,
            color=ACCENT if (x, y) == (0, 1) else GREY,
            fontweight="bold" if (x, y) == (0, 1) else "normal",
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.0},
            zorder=2,
        )


def _to_keep_visible(ax: Axes, points: Floats, middle: tuple[float, float]) -> Floats:
    """What a name should not stand on: the dots to their edge, and the cross of the medians; a dot counts more than the line."""
    radius = _DOT * figure_of(ax).dpi / 72.0
    edge = radius * np.array([(0, 0), (1, 0), (-1, 0), (0, 1), (0, -1)])
    dots = (ax.transData.transform(points)[:, None, :] + edge).reshape(-1, 2)
    (left, right), (bottom, top) = ax.get_xlim(), ax.get_ylim()
    across, up = np.array([(left, middle[1]), (right, middle[1])]), np.array([(middle[0], bottom), (middle[0], top)])
    heavy = np.repeat(ax.transData.inverted().transform(dots), _DOT_WEIGHT, axis=0)
    return np.vstack([heavy, along(across), along(up)])


def _write_names(
    ax: Axes, shown: pd.DataFrame, names: Mapping[str, str], own: Collection[str], visible: Floats
) -> None:
    """Names beside their dots, with a leader where they stand further away; they hide nobody who is named too.

    Where names crowd, who comes first decides who finds a place: of several orders the one that leaves fewest without. Who finds none
    stays without a name: the alt text and the table have it.
    """
    orders = [shown.sort_values(by, ascending=up) for by in ("y", "x") for up in (False, True)]
    lost: list[int] = []
    for order in orders:
        made = _written(ax, order, names, own, visible)
        lost.append(sum(not _is_good(text) for text in made))
        _remove(made)
        if not lost[-1]:
            break
    made = _written(ax, orders[lost.index(min(lost))], names, own, visible)
    is_placed = [_is_good(text) for text in made]
    for text, is_good in zip(made, is_placed, strict=True):
        if is_good:
            _draw_leader(ax, text)
    _remove([text for text, is_good in zip(made, is_placed, strict=True) if not is_good])


def _written(
    ax: Axes, shown: pd.DataFrame, names: Mapping[str, str], own: Collection[str], visible: Floats
) -> list[Annotation]:
    """The names, placed one after the other."""
    dots = shown[["x", "y"]].to_numpy(dtype="float64")
    made = []
    for code, dot in zip(shown["territory"], dots, strict=True):
        look: dict[str, Any] = {"color": OWN, "fontweight": "bold"} if code in own else {"color": INK}
        wide = inches(names[str(code)], SMALL, bold=code in own) * 72.0
        places = [Place(float(dot[0]), float(dot[1]), right, up, side) for right, up, side in _AROUND]
        fitting = [place for place in places if _fits(ax, place, wide, dots)]
        made.append(write(ax, names[str(code)], fitting or places[:1], visible, fontsize=SMALL, zorder=6, **look))
    return made


def _fits(ax: Axes, place: Place, wide: float, dots: Floats) -> bool:
    """Whether a name so many points wide lies inside the axes, and its leader touches nobody else's dot."""
    point = figure_of(ax).dpi / 72.0
    dot = ax.transData.transform((place.x, place.y))
    start = dot[0] + (place.right - wide * {"left": 0.0, "center": 0.5, "right": 1.0}[place.side]) * point
    if start < ax.bbox.x0 or start + wide * point > ax.bbox.x1:
        return False
    if abs(place.up) <= _NEAR:
        return True
    others = ax.transData.transform(dots[(dots != (place.x, place.y)).any(axis=1)])
    way = along(np.vstack([dot, dot + np.array([place.right, place.up]) * point]), 20)
    distances = np.linalg.norm(others[:, None, :] - way[None, :, :], axis=2)
    return not len(others) or float(distances.min()) > _CLEAR * point


def _is_good(text: Annotation) -> bool:
    """Whether a name stands inside the figure and on no other text."""
    assert text.axes is not None
    box, room = text.get_window_extent(), text.axes.bbox
    is_inside = room.x0 <= box.x0 and box.x1 <= room.x1 and room.y0 <= box.y0 and box.y1 <= room.y1
    return is_inside and is_free(text)


def _remove(made: Sequence[Annotation]) -> None:
    for text in made:
        text.remove()


def _draw_leader(ax: Axes, text: Annotation) -> None:
    """A line from a dot to a name that does not stand right beside it."""
    right, up = text.get_position()
    if abs(up) <= _NEAR:
        return
    end = up - 2 if up > 0 else up + 8  # below the letters, or above them
    tip = ax.transData.transform(text.xy) + np.array([right, end]) * figure_of(ax).dpi / 72.0
    far = ax.transData.inverted().transform(tip)
    ax.plot([text.xy[0], far[0]], [text.xy[1], far[1]], color=MIDDLE, lw=0.7, zorder=3)
