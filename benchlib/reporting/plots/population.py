"""How the population developed: the municipality, its comparison group, and nothing beyond the last figure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from benchlib.comparison import PopulationChange
from benchlib.reporting.plots.labels import Place, along, write
from benchlib.reporting.plots.style import GREY, INK, MIDDLE, OWN, PALE, SMALL, canvas, house_style, plain_ticks
from benchlib.reporting.words import Words

_HEIGHT: Final = 2.9
#: Inches right of the axes, for the last values.
_RIGHT: Final = 0.75


def population(change: PopulationChange, names: Mapping[str, str], words: Words, ax: Axes | None = None) -> Axes:
    """Population of each member of the group, the first year set to 100.

    Parameters
    ----------
    change : PopulationChange
        From `comparison.population_change`, with figures of at least two years.
    names : mapping of str to str
        Names by code, in the report's language.
    words : Words
        Language of the labels.
    ax : matplotlib.axes.Axes, optional
        Axes to draw on; new ones if absent.

    Returns
    -------
    matplotlib.axes.Axes
    """
    summary = change.summary
    own = change.group.municipality.code
    with house_style():
        ax = ax or canvas(_HEIGHT, left=0.55, right=_RIGHT, top=0.15, bottom=0.35)
        for code, part in change.table.groupby("territory", sort=False):
            if code != own:
                ax.plot(part["year"], part["index"], color=MIDDLE, lw=0.9)
        ax.axhline(100, color=GREY, lw=0.8)
        ax.plot(summary["year"], summary["median"], color=INK, lw=1.3, ls=(0, (4, 3)))
        ax.plot(summary["year"], summary["index"], color=OWN, lw=2.4)
        ax.set_xlim(summary["year"].iloc[0], summary["year"].iloc[-1])
        years = [int(summary["year"].iloc[0]), int(summary["year"].iloc[-1])]
        ax.set_xticks(years, [str(year) for year in years])
        plain_ticks(ax.yaxis, words, 5)
        ax.tick_params(axis="y", length=0, labelsize=SMALL)
        ax.spines["left"].set_visible(False)
        ax.grid(axis="y", color=PALE, lw=0.8)
        ax.set_axisbelow(True)
        ax.margins(y=0.16)
        _name_lines(ax, change, names, words)
    return ax


def _name_lines(ax: Axes, change: PopulationChange, names: Mapping[str, str], words: Words) -> None:
    """The own last value and the median's beside the ends of their lines, and the members that moved most by name."""
    summary, own = change.summary, change.group.municipality.code
    last = int(summary["year"].iloc[-1])
    ends: list[tuple[float, dict[str, Any]]] = [
        (float(summary["median"].iloc[-1]), {"color": INK}),
        (float(summary["index"].iloc[-1]), {"color": OWN, "fontweight": "bold"}),
    ]
    ends = [(value, look) for value, look in ends if not np.isnan(value)]
    low, high = ax.get_ylim()
    inches_high = ax.get_position().height * _HEIGHT
    heights = [(value - low) / (high - low) * inches_high * 72 for value, _ in ends]
    lift = max(0.0, 12.0 - abs(heights[0] - heights[-1])) / 2 if len(ends) == 2 else 0.0
    lifts = [lift, -lift] if len(ends) == 2 and heights[0] >= heights[1] else [-lift, lift]
    for (value, look), shift in zip(ends, lifts, strict=False):
        ax.annotate(
            words.number(value, 1),
            (last, value),
            xytext=(5, shift - 0.31 * SMALL),
            textcoords="offset points",
            fontsize=SMALL,
            annotation_clip=False,
            **look,
        )
    others = change.table.loc[(change.table["territory"] != own) & (change.table["year"] == last)].dropna(
        subset="index"
    )
    if others.empty:
        return
    ordered = others.sort_values("index")
    lines = change.table.loc[change.table["index"].notna()]
    points = np.vstack(
        [along(part[["year", "index"]].to_numpy(dtype=np.float64), 20) for _, part in lines.groupby("territory")]
    )
    for code, value, up in _extremes(ordered):
        places = [Place(last, value, -3, up * (6 + 3 * k) - (SMALL if up < 0 else 0), "right") for k in range(8)]
        write(ax, names[code], places, points, color=GREY, fontsize=SMALL)


def _extremes(ordered: pd.DataFrame) -> list[tuple[str, float, int]]:
    """The members that lost most and least: code, index and on which side of the line the name stands."""
    rows = [(ordered.iloc[0], -1), (ordered.iloc[-1], 1)] if len(ordered) > 1 else [(ordered.iloc[0], 1)]
    return [(str(row["territory"]), float(row["index"]), up) for row, up in rows]
