"""Figures over time and over the reform: trend beside the group, and the former municipalities side by side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from benchlib.indicators import Passport
from benchlib.reporting.plots.rows import name_room
from benchlib.reporting.plots.style import (
    GREY,
    HALF,
    INK,
    OWN,
    PALE,
    SMALL,
    TEXT,
    WIDTH,
    beside,
    blank,
    canvas,
    folded,
    house_style,
    inches,
    mark_doubtful,
    plain_ticks,
)
from benchlib.reporting.values import label_of, marked, short_value
from benchlib.reporting.words import Words

#: Inches: a row of small multiples, the axes of one of them.
_PANEL: Final = 2.05
_WIDE, _HIGH = 1.3, 1.2
#: Most years that are all written below an axis; of more, the first and the last.
_MOST_YEARS: Final = 4
#: Points between two values at the end of lines.
_APART: Final = 12.0


def trends(table: pd.DataFrame, passports: Mapping[str, Passport], words: Words) -> Figure:
    """Small multiples: the municipality ("?" over a doubtful figure), median and middle half of its comparison group, year by year.

    Parameters
    ----------
    table : pandas.DataFrame
        From `comparison.trend`.
    passports : mapping of str to Passport
        Passports of the indicators.
    words : Words
        Language of the labels.

    Returns
    -------
    matplotlib.figure.Figure
        Two panels a row.
    """
    indicators = list(dict.fromkeys(table["indicator"]))
    height = _PANEL * ((len(indicators) + 1) // 2) + 0.1
    with house_style():
        figure = blank(height)
        for number, indicator in enumerate(indicators):
            left, top = (number % 2) * WIDTH / 2 + 0.1, (number // 2) * _PANEL + 0.52
            place = ((left + 0.42) / WIDTH, 1 - (top + _HIGH) / height, _WIDE / WIDTH, _HIGH / height)
            ax = figure.add_axes(place)
            title = folded(label_of(passports[indicator], words), WIDTH / 2 - 0.25, TEXT, bold=True)
            figure.text(left / WIDTH, 1 - (top - 0.1) / height, title, fontsize=TEXT, fontweight="bold", va="bottom")
            _trend(ax, table.loc[table["indicator"] == indicator], passports[indicator], words)
    return figure


def _trend(ax: Axes, part: pd.DataFrame, passport: Passport, words: Words) -> None:
    years = part["year"].to_numpy()
    ax.fill_between(years, part["lower_quartile"], part["upper_quartile"], color=HALF, lw=0)
    ax.plot(years, part["median"], color=INK, lw=1.2, ls=(0, (4, 3)))
    ax.plot(years, part["value"], color=OWN, lw=2.2, marker="o", ms=4.5)
    mark_doubtful(ax, part.dropna(subset=["value"]).iloc[:-1])  # the last has its mark beside its value
    if not part["value"].notna().any():
        ax.text(0.5, 0.5, words.missing, transform=ax.transAxes, ha="center", color=GREY, fontsize=SMALL)
    shown = years if len(years) <= _MOST_YEARS else years[[0, -1]]
    ax.set_xticks(shown, [str(year) for year in shown])
    plain_ticks(ax.yaxis, words, 4)
    ax.tick_params(axis="y", length=0, labelsize=SMALL)
    ax.spines["left"].set_visible(False)
    ax.grid(axis="y", color=PALE, lw=0.8)
    ax.set_axisbelow(True)
    ax.set_xlim(years.min() - 0.15, years.max() + 0.1)
    _write_ends(ax, part, passport, words)


def _write_ends(ax: Axes, part: pd.DataFrame, passport: Passport, words: Words) -> None:
    """The last own value and the last median beside the ends of their lines, apart from each other."""
    low, high = ax.get_ylim()
    ends: list[tuple[float, float, str, float, dict[str, Any]]] = []
    looks: dict[str, dict[str, Any]] = {"value": {"color": OWN, "fontweight": "bold"}, "median": {"color": INK}}
    for column, look in looks.items():
        present = part.dropna(subset=[column])
        if len(present):
            year, value = (float(present[name].iloc[-1]) for name in ("year", column))
            is_doubtful = column == "value" and bool(present["is_doubtful"].iloc[-1])
            text = marked(short_value(value, passport, words), is_doubtful)
            ends.append((year, value, text, (value - low) / (high - low) * _HIGH * 72, look))
    lifts = [0.0] * len(ends)
    if len(ends) == 2 and ends[0][0] == ends[1][0]:
        gap = ends[0][3] - ends[1][3]
        lift = max(0.0, _APART - abs(gap)) / 2
        lifts = [lift, -lift] if gap >= 0 else [-lift, lift]
    for (year, value, text, _, look), lift in zip(ends, lifts, strict=True):
        ax.annotate(
            text,
            (year, value),
            xytext=(7, lift - 0.31 * SMALL),
            textcoords="offset points",
            fontsize=SMALL,
            annotation_clip=False,
            **look,
        )


def former(table: pd.DataFrame, passports: Mapping[str, Passport], words: Words, ax: Axes | None = None) -> Axes:
    """The former municipalities of one municipality among all 119: a strip an indicator, a line a former municipality.

    Parameters
    ----------
    table : pandas.DataFrame
        From `comparison.former_figures`, with a column `label`: the name of each unit in the report's language.
    passports : mapping of str to Passport
        Passports of the indicators.
    words : Words
        Language of the labels.
    ax : matplotlib.axes.Axes, optional
        Axes to draw on; new ones if absent.

    Returns
    -------
    matplotlib.axes.Axes
    """
    parts = table.loc[table["is_part"], ["territory", "label"]].drop_duplicates("territory").set_index("territory")
    labels = {str(code): str(label) for code, label in parts["label"].items()}
    indicators = list(dict.fromkeys(table["indicator"]))
    block = _LINE * len(parts) + 0.42
    height = block * len(indicators) + 0.15
    left = name_room(list(labels.values()))
    with house_style():
        ax = ax or canvas(height, left=left, right=0.75, top=0.1, bottom=0.05)
        ax.set_xlim(-0.02, 1.02)
        ax.set_ylim(height - 0.15, 0)
        ax.axis("off")
        edge = -(left - 0.1) / (WIDTH - 0.75 - left)
        dots = []
        for number, indicator in enumerate(indicators):
            rows = table.loc[table["indicator"] == indicator].set_index("territory")
            title = label_of(passports[indicator], words, year=int(rows["year"].iloc[0]))
            across, top = ax.get_yaxis_transform(), number * block
            ax.text(edge, top + 0.2, title, fontweight="bold", **beside(ax, across, size=TEXT))
            dots += _former_strip(ax, top + 0.36, rows["value"], labels, passports[indicator], words)
        x, y = np.reshape(dots, (-1, 2)).T
        ax.scatter(x, y, s=52, color=OWN, edgecolor="white", lw=0.8, zorder=3)
    return ax


_LINE: Final = 0.24  # inches a former municipality


def _former_strip(
    ax: Axes, top: float, figures: pd.Series, labels: Mapping[str, str], passport: Passport, words: Words
) -> list[tuple[float, float]]:
    """A line for each of the 119, the median, and names and values of the parts; returns where the dots of the parts lie."""
    values = figures.dropna()
    low, high = float(values.quantile(0.02)), float(values.quantile(0.98))
    bottom = top + _LINE * len(labels)
    # One line with gaps: as lines of their own, the 119 would take longer than the rest of the figure.
    spread = np.repeat(np.clip((values - low) / (high - low or 1.0), 0, 1), 3)
    ax.plot(spread, np.tile([top, bottom, np.nan], len(values)), color=PALE, lw=1.1, solid_capstyle="butt", zorder=1)
    middle = (float(values.median()) - low) / (high - low or 1.0)
    ax.plot([middle, middle], [top, bottom], color=INK, lw=1, ls=(0, (4, 3)), zorder=2)
    shown = [short_value(figures.get(code, np.nan), passport, words) for code in labels]
    names = beside(ax, ax.get_yaxis_transform(), right=-0.07)
    numbers = beside(ax, ax.get_yaxis_transform(), right=0.08 + max(map(inches, shown)))
    dots = []
    for place, (code, label) in enumerate(labels.items()):
        y = top + _LINE * (place + 0.5)
        value = float(figures.get(code, np.nan))
        ax.text(0, y, label, ha="right", **names)
        if np.isnan(value):
            ax.text(1, y, words.missing, color=GREY, **beside(ax, ax.get_yaxis_transform(), right=0.08))
            continue
        dots.append((float(np.clip((value - low) / (high - low or 1.0), 0, 1)), y))
        ax.text(1, y, shown[place], ha="right", **numbers)
    return dots
