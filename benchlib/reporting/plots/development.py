"""Figures over time and over the reform: trend beside the group, and the former municipalities side by side."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from benchlib.indicators import Passport
from benchlib.reporting.plots.style import GREY, INK, OWN, PALE, WIDTH, canvas, house_style, plain_ticks, wrapped
from benchlib.reporting.values import label_of, short_value
from benchlib.reporting.words import Words


def trends(table: pd.DataFrame, passports: Mapping[str, Passport], words: Words) -> Figure:
    """Small multiples: the municipality, and the median and middle half of its comparison group, year by year.

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
    rows = (len(indicators) + 1) // 2
    height = 2.15 * rows + 0.1
    with house_style():
        figure = Figure(figsize=(WIDTH, height))
        for number, indicator in enumerate(indicators):
            left, top = (number % 2) * WIDTH / 2 + 0.1, (number // 2) * 2.15 + 0.62
            ax = figure.add_axes(((left + 0.42) / WIDTH, 1 - (top + 1.2) / height, 1.28 / WIDTH, 1.2 / height))
            title = wrapped(label_of(passports[indicator], words), 26)
            figure.text(left / WIDTH, 1 - (top - 0.5) / height, title, fontsize=9.5, fontweight="bold", va="top")
            _trend(ax, table.loc[table["indicator"] == indicator], passports[indicator], words)
    return figure


def _trend(ax: Axes, part: pd.DataFrame, passport: Passport, words: Words) -> None:
    years = part["year"].to_numpy()
    ax.fill_between(years, part["lower_quartile"], part["upper_quartile"], color=PALE, lw=0)
    ax.plot(years, part["median"], color=INK, lw=1.2, ls=(0, (4, 3)))
    ax.plot(years, part["value"], color=OWN, lw=2.2, marker="o", ms=4.5)
    own = part.loc[part["value"].notna()]
    if len(own):
        last = own.iloc[-1]
        ax.annotate(
            short_value(last["value"], passport, words),
            (last["year"], last["value"]),
            xytext=(7, 0),
            textcoords="offset points",
            va="center",
            color=OWN,
            fontweight="bold",
            fontsize=9.5,
            annotation_clip=False,
        )
    else:
        ax.text(0.5, 0.5, words.missing, transform=ax.transAxes, ha="center", color=GREY, fontsize=9, style="italic")
    ax.set_xticks(years, [str(year) for year in years])
    plain_ticks(ax.yaxis, words, 4)
    ax.tick_params(axis="y", length=0, labelsize=8.5)
    ax.spines["left"].set_visible(False)
    ax.grid(axis="y", color=PALE, lw=0.8)
    ax.set_axisbelow(True)
    ax.set_xlim(years.min() - 0.15, years.max() + 0.1)


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
    indicators = list(dict.fromkeys(table["indicator"]))
    parts = table.loc[table["is_part"], ["territory", "label"]].drop_duplicates()
    block = _LINE * len(parts) + 0.42
    height = block * len(indicators) + 0.15
    with house_style():
        ax = ax or canvas(height, left=1.7, right=0.75, top=0.1, bottom=0.05)
        ax.set_xlim(-0.02, 1.02)
        ax.set_ylim(height - 0.15, 0)
        ax.axis("off")
        for number, indicator in enumerate(indicators):
            rows = table.loc[table["indicator"] == indicator].set_index("territory")
            _former_strip(ax, number * block, rows, list(parts["territory"]), passports[indicator], words)
    return ax


_LINE = 0.25  # inches a former municipality


def _former_strip(ax: Axes, top: float, rows: pd.DataFrame, parts: list[str], passport: Passport, words: Words) -> None:
    title = label_of(passport, words, year=int(rows["year"].iloc[0]))
    across = ax.get_yaxis_transform()
    ax.text(-0.02 - 1.53 / 2.55, top + 0.2, title, transform=across, fontsize=9.5, fontweight="bold", va="center")
    values = rows["value"].dropna()
    low, high = float(values.quantile(0.02)), float(values.quantile(0.98))
    bottom = top + 0.36 + _LINE * len(parts)
    spread = np.clip((values.to_numpy() - low) / (high - low or 1.0), 0, 1)
    ax.vlines(spread, top + 0.36, bottom, color=PALE, lw=1.1, zorder=1)
    middle = (float(values.median()) - low) / (high - low or 1.0)
    ax.plot([middle, middle], [top + 0.36, bottom], color=INK, lw=1, ls=(0, (4, 3)), zorder=2)
    for place, code in enumerate(parts):
        y = top + 0.36 + _LINE * (place + 0.5)
        value = float(rows["value"].get(code, np.nan))
        ax.text(-0.03, y, str(rows["label"].get(code, code)), transform=across, ha="right", va="center", fontsize=9.5)
        if np.isnan(value):
            ax.text(0, y, words.missing, va="center", fontsize=9, color=GREY, style="italic")
            continue
        ax.scatter(
            np.clip((value - low) / (high - low or 1.0), 0, 1), y, s=52, color=OWN, edgecolor="white", lw=0.8, zorder=3
        )
        ax.text(1.03, y, short_value(value, passport, words), transform=across, va="center", fontsize=9.5)
