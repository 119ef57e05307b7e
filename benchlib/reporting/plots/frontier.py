"""The frontier figure: money against result, with the two frontiers and whom to learn from."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from benchlib.comparison import ServiceScores
from benchlib.efficiency import FrontierResult
from benchlib.errors import OptionError
from benchlib.indicators import Passport
from benchlib.reporting.plots.style import ACCENT, GREY, INK, MIDDLE, OWN, canvas, halo, house_style, plain_ticks
from benchlib.reporting.words import Words

Floats = NDArray[np.float64]


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
    if sample.X.shape[1] != 1 or sample.Y.shape[1] != 1:
        raise OptionError(
            "frontier() draws one input against one output; score a sample with one of each to see the line."
        )
    x, y = sample.X[:, 0], sample.Y[:, 0]
    with house_style():
        ax = ax or canvas(4.1, left=0.62, right=0.2, top=0.35, bottom=0.62)
        wide, high = np.ptp(x) or 1.0, np.ptp(y) or 1.0
        right, top, bottom = x.max() + 0.06 * wide, y.max() + 0.1 * high, y.min() - 0.06 * high
        # Room on the left for the names of the cheapest corners: nothing lies beyond the frontier.
        ax.set_xlim(x.min() - 0.42 * wide, right)
        ax.set_ylim(bottom, top)
        _lines(ax, scores.dea, scores.fdh, (bottom, right))
        ax.scatter(x, y, s=26, color=MIDDLE, lw=0, zorder=3)
        ax.scatter(
            scores.better[sample.inputs[0]], scores.better[sample.outputs[0]], s=46, color=ACCENT, lw=0, zorder=4
        )
        _name_corners(ax, scores.dea, names)
        if scores.is_scored:
            _mark_own(ax, (scores.own[sample.inputs[0]], scores.own[sample.outputs[0]]), names[scores.unit])
        plain_ticks(ax.xaxis, words, 6)
        plain_ticks(ax.yaxis, words, 6)
        ax.set_xlabel(_axis(passports[sample.inputs[0]], words))
        ax.text(-0.52 / 4.18, 1.02, _axis(passports[sample.outputs[0]], words), transform=ax.transAxes, va="bottom")
    return ax


def _mark_own(ax: Axes, place: tuple[float, float], name: str) -> None:
    ax.scatter(*place, s=90, color=OWN, edgecolor="white", lw=1, zorder=6)
    ax.annotate(
        name,
        place,
        xytext=(8, 8),
        textcoords="offset points",
        color=OWN,
        fontweight="bold",
        zorder=7,
        path_effects=halo(),
    )


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
    # On the tallest stretch: half way up it is far from the names of both its corners.
    tallest = int(np.argmax(np.diff(hull[:, 1]))) if len(hull) > 1 else 0
    x_mid, y_mid = (hull[tallest] + hull[min(tallest + 1, len(hull) - 1)]) / 2
    ax.annotate(
        "DEA", (x_mid, y_mid), xytext=(-6, 5), textcoords="offset points", ha="right", color=ACCENT, fontweight="bold"
    )
    wide = int(np.argmax(np.diff(steps[:, 0]))) if len(steps) > 1 else 0
    x_mid = (steps[wide, 0] + steps[min(wide + 1, len(steps) - 1), 0]) / 2
    ax.annotate(
        "FDH",
        (x_mid, steps[wide, 1]),
        xytext=(0, -4),
        textcoords="offset points",
        va="top",
        color=GREY,
        fontweight="bold",
    )


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


def _name_corners(ax: Axes, dea: FrontierResult, names: Mapping[str, str]) -> None:
    """Name the units that span the DEA frontier, on its empty side."""
    sample = dea.sample
    corners = {(float(x), float(y)) for x, y in _best(dea)}
    for unit, x, y in zip(sample.units, sample.X[:, 0], sample.Y[:, 0], strict=True):
        if (float(x), float(y)) in corners:
            ax.scatter(x, y, s=60, color=ACCENT, edgecolor="white", lw=0.8, zorder=5)
            ax.annotate(
                names[str(unit)],
                (x, y),
                xytext=(-6, 4),
                textcoords="offset points",
                ha="right",
                fontsize=9,
                color=INK,
                zorder=6,
                path_effects=halo(),
            )
