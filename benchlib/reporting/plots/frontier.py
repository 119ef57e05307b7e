"""The frontier figure: money against result, with the two frontiers and whom to learn from."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final, Literal

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from benchlib.comparison import ServiceScores
from benchlib.efficiency import FrontierResult
from benchlib.errors import OptionError
from benchlib.indicators import Passport
from benchlib.reporting.plots.labels import Place, along, is_free, write
from benchlib.reporting.plots.style import ACCENT, GREY, INK, MIDDLE, OWN, SMALL, TEXT, canvas, house_style, plain_ticks
from benchlib.reporting.values import cost_mark, marked_names
from benchlib.reporting.words import Words

Floats = NDArray[np.float64]
Side = Literal["left", "center", "right"]
#: A unit that spans the frontier: its name, its place and its code.
Corner = tuple[str, tuple[float, float], str]

#: Where the name of a corner of the frontier may stand: points to the right, points up, side of the text that is there. There is
#: room above a corner, where nobody is.
_ABOVE: Final[tuple[tuple[float, float, Side], ...]] = (
    (-6, 4, "right"),
    (0, 8, "center"),
    (6, 5, "left"),
    (-6, 18, "right"),
    (0, 20, "center"),
    (6, 18, "left"),
)
#: Where the own name may stand.
_AROUND: Final[tuple[tuple[float, float, Side], ...]] = (
    (8, 8, "left"),
    (8, -16, "left"),
    (-8, 8, "right"),
    (-8, -16, "right"),
    (0, -20, "center"),
    (0, 12, "center"),
)
#: Most of the axes that may be left of the cheapest corner, for the names of corners.
_LEFT: Final = 0.4
#: Size of the names of corners, and how the own name is written.
_SIZE: Final = SMALL
#: Ground behind those who do better.
_BETTER: Final = "#eaf4f4"
_OWN_LETTERS: Final[dict[str, Any]] = {"fontsize": TEXT, "fontweight": "bold"}


def frontier(
    scores: ServiceScores,
    names: Mapping[str, str],
    passports: Mapping[str, Passport],
    words: Words,
    ax: Axes | None = None,
) -> Axes:
    """One input against one output with the DEA and the FDH frontier.

    Parameters
    ----------
    scores : ServiceScores
        Scores of a service with one input and one output, variable returns to scale.
    names : mapping of str to str
        Name of each unit in the report's language.
    passports : mapping of str to Passport
        Passports of the input and the output.
    words : Words
        Language of the labels.
    ax : matplotlib.axes.Axes, optional
        Axes to draw on; new ones if absent.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    OptionError
        If the sample has several inputs or outputs: a frontier in three dimensions is not a line.
    """
    sample = scores.sample
    money, result = sample.inputs[0], sample.outputs[0]
    names = marked_names(names, scores.doubtful)
    with house_style():
        ax = _draw(scores.dea, scores.fdh, names, passports, words, ax, unnamed=scores.unit)
        ax.scatter(scores.better[money], scores.better[result], s=46, color=ACCENT, lw=0, zorder=4)
        if scores.is_scored:
            own = (scores.own[money], scores.own[result])
            dots = np.column_stack([sample.X[:, 0], sample.Y[:, 0]])
            shown = np.vstack([dots, *(along(np.asarray(line.get_xydata())) for line in ax.lines)])
            _mark_own(ax, own, names[scores.unit], shown)
            if len(scores.better):
                _mark_better(ax, own, words.gettext("cheaper and better"), shown)
    return ax


def frontier_of_all(
    dea: FrontierResult,
    fdh: FrontierResult,
    names: Mapping[str, str],
    passports: Mapping[str, Passport],
    words: Words,
    ax: Axes | None = None,
    *,
    own: Collection[str] = (),
    doubtful: Collection[str] = (),
) -> Axes:
    """One input against one output with both frontiers, and nobody in particular, or a region.

    Parameters
    ----------
    dea, fdh : FrontierResult
        Scores with one input and one output, variable returns to scale.
    names : mapping of str to str
        Name of each unit in the report's language.
    passports : mapping of str to Passport
        Passports of the input and the output.
    words : Words
        Language of the labels.
    ax : matplotlib.axes.Axes, optional
        Axes to draw on; new ones if absent.
    own : collection of str
        Units to highlight.
    doubtful : collection of str
        Units whose names get the mark of doubtful figures.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    OptionError
        If the sample has several inputs or outputs: a frontier in three dimensions is not a line.
    """
    with house_style():
        ax = _draw(dea, fdh, marked_names(names, doubtful), passports, words, ax)
        chosen = np.isin(np.asarray(dea.sample.units, dtype=object), list(own))
        # Diamonds, smaller than the corners of the frontier: whoever is both shows both.
        places = (dea.sample.X[chosen, 0], dea.sample.Y[chosen, 0])
        ax.scatter(*places, s=34, color=OWN, marker="D", edgecolor="white", lw=0.6, zorder=6)
    return ax


def _draw(
    dea: FrontierResult,
    fdh: FrontierResult,
    names: Mapping[str, str],
    passports: Mapping[str, Passport],
    words: Words,
    ax: Axes | None,
    *,
    unnamed: str = "",
) -> Axes:
    """The dots, both frontiers, and the names of the corners but for one."""
    sample = dea.sample
    if sample.X.shape[1] != 1 or sample.Y.shape[1] != 1:
        raise OptionError(
            "frontier() draws one input against one output; score a sample with one of each to see the line."
        )
    points = np.column_stack([sample.X[:, 0], sample.Y[:, 0]])
    ax = ax or canvas(4.1, left=0.62, right=0.2, top=0.35, bottom=0.62)
    (x, y), (wide, high) = points.max(axis=0), np.where(np.ptp(points, axis=0) > 0, np.ptp(points, axis=0), 1.0)
    right, bottom = x + 0.06 * wide, points[:, 1].min() - 0.06 * high
    corners = _corners(dea, names)
    ax.set_xlim(_left(ax, corners, points[:, 0].min(), right, unnamed), right)
    ax.set_ylim(bottom, y + 0.12 * high)
    lines = _lines(ax, dea, fdh, (bottom, right))
    ax.scatter(points[:, 0], points[:, 1], s=26, color=MIDDLE, lw=0, zorder=3)
    shown = np.vstack([points, lines])
    for name, (across, up), unit in corners:
        ax.scatter(across, up, s=60, color=ACCENT, edgecolor="white", lw=0.8, zorder=5)
        if unit != unnamed:
            write(ax, name, _beside_dot((across, up), _ABOVE), shown, fontsize=_SIZE, color=INK, zorder=6)
    plain_ticks(ax.xaxis, words, 6)
    plain_ticks(ax.yaxis, words, 6)
    ax.set_xlabel(_axis(passports[sample.inputs[0]], words))
    ax.text(-0.52 / 4.18, 1.02, _axis(passports[sample.outputs[0]], words), transform=ax.transAxes, va="bottom")
    return ax


def _left(ax: Axes, corners: list[Corner], least: float, right: float, own: str) -> float:
    """Where the axis begins: far enough for the names left of the corners, but the dots keep the greater part of the axes."""
    needed = [least - 0.08 * (right - least)]
    for name, (across, _), unit in corners:
        text = ax.text(0.0, 0.0, name, **(_OWN_LETTERS if unit == own else {"fontsize": _SIZE}))
        share = (text.get_window_extent().width + 0.14 * ax.figure.dpi) / ax.bbox.width
        text.remove()
        needed.append((across - share * right) / (1.0 - share) if share < 1.0 else least)
    return max(min(needed), least - _LEFT / (1.0 - _LEFT) * (right - least))


def _mark_own(ax: Axes, place: tuple[float, float], name: str, shown: Floats) -> None:
    ax.scatter(*place, s=90, color=OWN, edgecolor="white", lw=1, zorder=6)
    write(ax, name, _beside_dot(place, _AROUND), shown, color=OWN, zorder=7, **_OWN_LETTERS)


def _mark_better(ax: Axes, own: tuple[float, float], label: str, shown: Floats) -> None:
    """A ground behind everybody who does better, with its name in a corner if there is room for it."""
    (left, _), (_, top) = ax.get_xlim(), ax.get_ylim()
    ax.add_patch(Rectangle((left, own[1]), own[0] - left, top - own[1], color=_BETTER, lw=0, zorder=0))
    places = [
        Place(left, top, 6, -6, "left", "top"),
        Place(own[0], top, -6, -6, "right", "top"),
        Place(left, own[1], 6, 6, "left"),
    ]
    made = write(ax, label, places, shown, fontsize=_SIZE, color=ACCENT, zorder=6)
    if not is_free(made):
        made.remove()


def _beside_dot(dot: tuple[float, float], around: Sequence[tuple[float, float, Side]]) -> list[Place]:
    x, y = dot
    return [Place(x, y, right, up, side) for right, up, side in around]


def _axis(passport: Passport, words: Words) -> str:
    unit = passport.unit[words.language].removesuffix(" uz skolēnu").removesuffix(" per pupil")
    return f"{passport.name[words.language]}{cost_mark(passport)}, {unit}"


def _lines(ax: Axes, dea: FrontierResult, fdh: FrontierResult, ends: tuple[float, float]) -> Floats:
    """The two frontiers, each with its name on the line; returns points on them."""
    bottom, right = ends
    hull, steps = _best(dea), _best(fdh)
    solid = np.vstack([[hull[0, 0], bottom], hull, [right, hull[-1, 1]]])
    corners = np.column_stack([np.append(steps[1:, 0], right), steps[:, 1]])
    dashed = np.vstack([[steps[0, 0], bottom], np.stack([steps, corners], axis=1).reshape(-1, 2)])
    ax.plot(*solid.T, color=ACCENT, lw=1.8, zorder=2)
    ax.plot(*dashed.T, color=GREY, lw=1.3, ls=(0, (4, 2)), zorder=2)
    look: dict[str, Any] = {"fontweight": "bold", "zorder": 5}
    lines = np.vstack([along(solid), along(dashed)])
    write(ax, "DEA", _beside_dot(_beside(hull, bottom), [(-6, 5, "right")]), lines, color=ACCENT, **look)
    # Below the widest step where it hides nobody; beyond the last corner both frontiers are one line.
    order = [*np.argsort(np.subtract(*np.stack([steps, corners])[:, :-1, 0]), kind="stable"), len(steps) - 1]
    below = [Place(float(x), float(y), 0, -4, "center", "top") for x, y in (steps + corners)[order] / 2]
    write(ax, "FDH", below, np.column_stack([fdh.sample.X[:, 0], fdh.sample.Y[:, 0]]), color=GREY, **look)
    return lines


def _beside(hull: Floats, bottom: float) -> tuple[float, float]:
    """Where the name of a frontier stands: on its tallest stretch, half way up, far from the names of both its corners."""
    corners = np.vstack([[hull[0, 0], bottom], hull])
    tallest = int(np.argmax(np.diff(corners[:, 1])))
    x, y = (corners[tallest] + corners[tallest + 1]) / 2
    return float(x), float(y)


def _best(result: FrontierResult) -> Floats:
    """Efficient units that no other dominates, from the cheapest to the best: the corners of the frontier."""
    sample = result.sample
    points = np.column_stack([sample.X[:, 0], sample.Y[:, 0]])[result.efficiency >= 1]
    points = points[np.lexsort((-points[:, 1], points[:, 0]))]
    rising: list[Floats] = []
    for point in points:
        if not rising or point[1] > rising[-1][1]:
            rising.append(point)
    return np.array(rising)


def _corners(dea: FrontierResult, names: Mapping[str, str]) -> list[Corner]:
    """Name, place and code of the units that span the DEA frontier, from the cheapest to the best."""
    sample = dea.sample
    found = {(float(x), float(y)) for x, y in _best(dea)}
    units = zip(sample.X[:, 0].tolist(), sample.Y[:, 0].tolist(), sample.units, strict=True)
    return [
        (names[str(unit)], (x, y), str(unit)) for x, y, unit in sorted(units, key=lambda u: u[:2]) if (x, y) in found
    ]
