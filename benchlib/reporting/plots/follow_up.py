"""The path of a plan beside the figures of the years: a panel for each goal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from benchlib.indicators import Passport
from benchlib.reporting.plots.style import (
    ACCENT,
    GREY,
    INK,
    OWN,
    PALE,
    SMALL,
    TEXT,
    WIDTH,
    blank,
    folded,
    house_style,
    mark_doubtful,
    plain_ticks,
)
from benchlib.reporting.values import label_of, short_value
from benchlib.reporting.words import Words

#: Inches: a row of panels, what lies above the axes, the axes of a panel, the room right of them for the values.
_PANEL: Final = 2.15
_TITLE: Final = 0.55
_WIDE, _HIGH = 1.3, 1.2
#: Most years that are all written below an axis; of more, the first and the last.
_MOST_YEARS: Final = 4
_MOST_YEARS_ACROSS: Final = 12
#: Points between two values at the right edge.
_APART: Final = 12.0


def follow_up(path: pd.DataFrame, passports: Mapping[str, Passport], words: Words) -> Figure:
    """Panels, two a row, or one across: the path of a plan, the figures of the years ("?" over a doubtful one), the median of the group.

    Parameters
    ----------
    path : pandas.DataFrame
        `FollowUp.path`, or `comparison.plan_path` for a plan that was just made; goals whose indicator is not known are left out.
    passports : mapping of str to Passport
        Passports of the indicators.
    words : Words
        Language of the labels.

    Returns
    -------
    matplotlib.figure.Figure
    """
    indicators = [name for name in dict.fromkeys(path["indicator"]) if name in passports]
    height = _PANEL * max(1, (len(indicators) + 1) // 2) + 0.1
    with house_style():
        figure = blank(height)
        for number, indicator in enumerate(indicators):
            left, top = (number % 2) * WIDTH / 2 + 0.1, (number // 2) * _PANEL + _TITLE
            is_alone = len(indicators) == 1
            wide = _WIDE + WIDTH / 2 if is_alone else _WIDE
            place = ((left + 0.42) / WIDTH, 1 - (top + _HIGH) / height, wide / WIDTH, _HIGH / height)
            ax = figure.add_axes(place)
            room = WIDTH if is_alone else WIDTH / 2
            title = folded(label_of(passports[indicator], words), room - 0.25, TEXT, bold=True)
            figure.text(left / WIDTH, 1 - (top - 0.1) / height, title, fontsize=TEXT, fontweight="bold", va="bottom")
            most = _MOST_YEARS_ACROSS if is_alone else _MOST_YEARS
            _panel(ax, path.loc[path["indicator"] == indicator], passports[indicator], words, most)
    return figure


def _panel(ax: Axes, part: pd.DataFrame, passport: Passport, words: Words, most: int) -> None:
    years = [int(year) for year in part["year"]]
    known = part.dropna(subset="value")
    planned = part.dropna(subset="planned")
    ax.plot(part["year"], part["median"], color=INK, lw=1.2, ls=(0, (4, 3)))
    ax.plot(planned["year"], planned["planned"], color=ACCENT, lw=1.8, ls=(0, (1, 1.6)))
    ax.plot(
        planned["year"].iloc[-1:],
        planned["planned"].iloc[-1:],
        ls="none",
        marker="o",
        ms=8,
        mfc="white",
        mec=ACCENT,
        mew=2,
        clip_on=False,
    )
    ax.plot(known["year"], known["value"], color=OWN, lw=2.2, marker="o", ms=4.5)
    mark_doubtful(ax, known)
    if known.empty:
        ax.text(0.5, 0.9, words.missing, transform=ax.transAxes, ha="center", color=GREY, fontsize=SMALL)
    shown = years if len(years) <= most else [years[0], years[-1]]
    ax.set_xticks(shown, [str(year) for year in shown])
    plain_ticks(ax.yaxis, words, 4)
    ax.tick_params(axis="y", length=0, labelsize=SMALL)
    ax.spines["left"].set_visible(False)
    ax.grid(axis="y", color=PALE, lw=0.8)
    ax.set_axisbelow(True)
    ax.set_xlim(years[0] - 0.15, years[-1] + 0.25)
    ax.margins(y=0.12)
    _write_ends(ax, planned, known, passport, words)


def _write_ends(ax: Axes, planned: pd.DataFrame, known: pd.DataFrame, passport: Passport, words: Words) -> None:
    """The target and the last figure in numbers at the right edge of the panel, each in the colour of its line."""
    low, high = ax.get_ylim()
    ends: list[tuple[float, str, dict[str, Any]]] = []
    if len(planned):
        ends.append((float(planned["planned"].iloc[-1]), "", {"color": ACCENT}))
    if len(known):
        mark = " ?" if known["is_doubtful"].iloc[-1] else ""
        ends.append((float(known["value"].iloc[-1]), mark, {"color": OWN, "fontweight": "bold"}))
    heights = [(value - low) / (high - low) * _HIGH * 72 for value, _, _ in ends]
    lifts = [0.0] * len(ends)
    if len(ends) == 2:
        gap = heights[0] - heights[1]
        lift = max(0.0, _APART - abs(gap)) / 2
        lifts = [lift, -lift] if gap >= 0 else [-lift, lift]
    right = ax.get_xlim()[1]
    for (value, mark, look), lift in zip(ends, lifts, strict=True):
        ax.annotate(
            short_value(value, passport, words) + mark,
            (right, value),
            xytext=(5, lift - 0.31 * SMALL),
            textcoords="offset points",
            fontsize=SMALL,
            annotation_clip=False,
            **look,
        )
