"""The frontier figure: money against result, with the two frontiers and whom to learn from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.text import Annotation
from numpy.typing import NDArray

from benchlib.comparison import ServiceScores
from benchlib.efficiency import FrontierResult, Sample
from benchlib.errors import OptionError
from benchlib.indicators import Passport
from benchlib.reporting.plots.style import ACCENT, GREY, INK, MIDDLE, OWN, canvas, halo, house_style, plain_ticks
from benchlib.reporting.words import Words

Floats = NDArray[np.float64]

#: Where a name may stand beside its dot: points to the right, points up, side of the text that is there. Corners of the frontier have
#: room above them, where nobody is.
_ABOVE: Final = (
    (-6, 4, "right"),
    (0, 8, "center"),
    (6, 5, "left"),
    (-6, 18, "right"),
    (0, 20, "center"),
    (6, 18, "left"),
)
_AROUND: Final = ((8, 8, "left"), (8, -16, "left"), (-8, -16, "right"), (-8, 8, "right"), (0, -18, "center"))


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
    with house_style():
        ax = _draw(scores.dea, scores.fdh, names, passports, words, ax, unnamed=scores.unit)
        ax.scatter(
            scores.better[sample.inputs[0]], scores.better[sample.outputs[0]], s=46, color=ACCENT, lw=0, zorder=4
        )
        if scores.is_scored:
            _mark_own(ax, (scores.own[sample.inputs[0]], scores.own[sample.outputs[0]]), names[scores.unit])
    return ax


def frontier_of_all(
    dea: FrontierResult,
    fdh: FrontierResult,
    names: Mapping[str, str],
    passports: Mapping[str, Passport],
    words: Words,
    ax: Axes | None = None,
) -> Axes:
    """One input against one output with both frontiers, and nobody in particular.

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

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    OptionError
        If the sample has several inputs or outputs: a frontier in three dimensions is not a line.
    """
    with house_style():
        return _draw(dea, fdh, names, passports, words, ax)


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
    x, y = sample.X[:, 0], sample.Y[:, 0]
    ax = ax or canvas(4.1, left=0.62, right=0.2, top=0.35, bottom=0.62)
    wide, high = np.ptp(x) or 1.0, np.ptp(y) or 1.0
    right, top, bottom = x.max() + 0.06 * wide, y.max() + 0.12 * high, y.min() - 0.06 * high
    # Room on the left for the names of the cheapest corners: nothing lies beyond the frontier.
    ax.set_xlim(x.min() - 0.42 * wide, right)
    ax.set_ylim(bottom, top)
    _lines(ax, dea, fdh, (bottom, right))
    ax.scatter(x, y, s=26, color=MIDDLE, lw=0, zorder=3)
    _name_corners(ax, dea, names, unnamed)
    plain_ticks(ax.xaxis, words, 6)
    plain_ticks(ax.yaxis, words, 6)
    ax.set_xlabel(_axis(passports[sample.inputs[0]], words))
    ax.text(-0.52 / 4.18, 1.02, _axis(passports[sample.outputs[0]], words), transform=ax.transAxes, va="bottom")
    return ax


def _mark_own(ax: Axes, place: tuple[float, float], name: str) -> None:
    ax.scatter(*place, s=90, color=OWN, edgecolor="white", lw=1, zorder=6)
    _label(ax, name, place, _AROUND, color=OWN, fontweight="bold", zorder=7)


def _label(
    ax: Axes, text: str, point: tuple[float, float], places: Sequence[tuple[int, int, str]], **look: Any
) -> Annotation:
    """Write beside a dot, at the first of the places where the text lies inside the axes and on no other text."""
    others = [other.get_window_extent() for other in ax.texts]

    def write(place: tuple[int, int, str]) -> Annotation:
        right, up, side = place
        return ax.annotate(
            text, point, xytext=(right, up), textcoords="offset points", ha=side, path_effects=halo(), **look
        )

    for place in places:
        made = write(place)
        box = made.get_window_extent()
        is_inside = ax.bbox.x0 <= box.x0 and box.x1 <= ax.figure.bbox.x1 and box.y1 <= ax.bbox.y1
        if is_inside and not any(box.overlaps(other) for other in others):
            return made
        made.remove()
    return write(places[0])


def _axis(passport: Passport, words: Words) -> str:
    return f"{passport.name[words.language]}, {passport.unit[words.language].removesuffix(' uz skolēnu').removesuffix(' per pupil')}"


def _lines(ax: Axes, dea: FrontierResult, fdh: FrontierResult, corner: tuple[float, float]) -> None:
    """The two frontiers, each with its name on the line."""
    bottom, right = corner
    hull = _best(dea)
    steps = _best(fdh)
    x = np.concatenate([[hull[0, 0]], hull[:, 0], [right]])
    y = np.concatenate([[bottom], hull[:, 1], [hull[-1, 1]]])
    ax.plot(x, y, color=ACCENT, lw=1.8, zorder=2)
    ax.plot(
        np.concatenate([[steps[0, 0]], np.repeat(steps[1:, 0], 2), [right]])
        if len(steps) > 1
        else [steps[0, 0], right],
        np.repeat(steps[:, 1], 2) if len(steps) > 1 else [steps[0, 1]] * 2,
        color=GREY,
        lw=1.3,
        ls=(0, (4, 2)),
        zorder=2,
    )
    ax.plot([steps[0, 0]] * 2, [bottom, steps[0, 1]], color=GREY, lw=1.3, ls=(0, (4, 2)), zorder=2)
    place = _beside(hull, bottom)
    ax.annotate("DEA", place, xytext=(-6, 5), textcoords="offset points", ha="right", color=ACCENT, fontweight="bold")
    _name_steps(ax, steps, right, fdh.sample)


def _name_steps(ax: Axes, steps: Floats, right: float, sample: Sample) -> None:
    """The name of the FDH frontier, below the widest of its steps where it hides nobody."""
    starts = steps[:, 0]
    ends = np.append(starts[1:], right)
    # Beyond the last corner both frontiers are one line; it comes last.
    order = [*np.argsort((starts - ends)[:-1], kind="stable"), len(steps) - 1]
    dots = ax.transData.transform(np.column_stack([sample.X[:, 0], sample.Y[:, 0]]))
    fewest, best = len(dots) + 1, None
    for k in order:
        name = ax.annotate(
            "FDH",
            ((starts[k] + ends[k]) / 2, steps[k, 1]),
            xytext=(0, -4),
            textcoords="offset points",
            ha="center",
            va="top",
            color=GREY,
            fontweight="bold",
            zorder=5,
            path_effects=halo(),
        )
        hidden = name.get_window_extent().padded(3).count_contains(dots)
        if hidden < fewest and best is not None:
            best.remove()
        if hidden < fewest:
            fewest, best = hidden, name
        else:
            name.remove()


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


def _name_corners(ax: Axes, dea: FrontierResult, names: Mapping[str, str], unnamed: str) -> None:
    """Mark the units that span the DEA frontier, and name them on its empty side."""
    sample = dea.sample
    corners = {(float(x), float(y)) for x, y in _best(dea)}
    units = zip(sample.X[:, 0].tolist(), sample.Y[:, 0].tolist(), sample.units, strict=True)
    for x, y, unit in sorted(units, key=lambda found: found[:2]):
        if (x, y) in corners:
            ax.scatter(x, y, s=60, color=ACCENT, edgecolor="white", lw=0.8, zorder=5)
            if unit != unnamed:
                _label(ax, names[str(unit)], (x, y), _ABOVE, fontsize=9, color=INK, zorder=6)
