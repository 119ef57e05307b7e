"""Energy over the years, and when measures pay back."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from benchlib.errors import OptionError
from benchlib.reporting.energy_words import MOST_MEASURES, capital, kind_word
from benchlib.reporting.plots.rows import KEY_LINE, Mark, draw_key, key_lines
from benchlib.reporting.plots.style import (
    ACCENT,
    GREY,
    INK,
    INTERVAL,
    MIDDLE,
    OWN,
    PALE,
    SMALL,
    beside,
    canvas,
    fitting,
    house_style,
    plain_ticks,
)
from benchlib.reporting.words import Words

#: Years beyond which the axis of paybacks ends: what takes longer is shown to go on.
_LONGEST: Final = 60.0
#: Inches: a measure with its two lines of words; the room left of the axes; right of them.
_ROW: Final = 0.42
_LEFT: Final = 2.25
_RIGHT: Final = 0.85


def energy_trend(trend: pd.DataFrame, words: Words, ax: Axes | None = None) -> Axes:
    """Use of heat of the same buildings: as measured, and as it would have been in normal weather.

    Parameters
    ----------
    trend : pandas.DataFrame
        From `comparison.energy_trend`.
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
        If there are no two years with figures.
    """
    table = trend.dropna(subset="corrected_mwh")
    if len(table) < 2:
        raise OptionError("There is nothing to draw: a development needs two years with corrected figures.")
    _ = words.gettext
    years = table["year"].to_numpy()
    lines = (
        ("heat_mwh", _("as measured"), MIDDLE, (0, (4, 3)), "D"),
        ("corrected_mwh", _("in normal weather"), ACCENT, "-", "o"),
    )
    with house_style():
        ax = ax or canvas(2.6, left=0.6, right=1.35, top=0.25, bottom=0.35)
        ends = sorted(float(table[column].iloc[-1]) for column, *_rest in lines)
        apart = max(0.0, 0.07 * float(table[["heat_mwh", "corrected_mwh"]].max().max()) - (ends[1] - ends[0])) / 2
        for column, label, colour, style, marker in lines:
            values = table[column].to_numpy(dtype="float64")
            ax.plot(years, values, color=colour, ls=style, lw=2.0, marker=marker, ms=5, clip_on=False)
            shift = apart if values[-1] == ends[1] else -apart
            ax.text(years[-1], values[-1] + shift, label, color=INK, **beside(ax, ax.transData, right=0.12))
        ax.set_xlim(years[0], years[-1])
        ax.set_xticks(years, [str(year) for year in years])
        ax.set_ylim(0.0, 1.08 * float(np.nanmax(table[["heat_mwh", "corrected_mwh"]].to_numpy())))
        plain_ticks(ax.yaxis, words, 5)
        ax.grid(axis="y", color=PALE, lw=0.7)
        ax.set_axisbelow(True)
        ax.text(0.0, 1.04, _("Heat, MWh"), transform=ax.transAxes, fontsize=SMALL, color=GREY, ha="left")
    return ax


def payback(measures: pd.DataFrame, words: Words, ax: Axes | None = None) -> Axes:
    """When planned measures pay back, with the range of saving and price, and how long they last.

    Parameters
    ----------
    measures : pandas.DataFrame
        From `comparison.energy_measures`; drawn are planned ones whose payback is known.
    words : Words
        Language of the labels.
    ax : matplotlib.axes.Axes, optional
        Axes to draw on; new ones if absent.

    Returns
    -------
    matplotlib.axes.Axes
        A row for each measure, the shortest payback on top, with what it saves a year; of very many the first ones. Where a
        range goes on beyond the axis, an arrow says so.

    Raises
    ------
    OptionError
        If there is nothing to draw.
    """
    table = measures.loc[(measures["status"] == "planned") & measures["payback"].notna()]
    table = table.sort_values(["payback", "building", "kind"], ignore_index=True).head(MOST_MEASURES)
    if table.empty:
        raise OptionError("There is nothing to draw: no planned measure has both a cost and an expected saving.")
    _ = words.gettext
    marks = [
        Mark(_("payback"), ACCENT),
        Mark(_("range"), INTERVAL, "line"),
        Mark(_("service life"), OWN, "stroke"),
    ]
    lines = key_lines(marks)
    with house_style():
        top = 0.36 + KEY_LINE * len(lines)
        ax = ax or canvas(_ROW * len(table) + top + 0.58, left=_LEFT, right=_RIGHT, top=top, bottom=0.58)
        reach = min(_LONGEST, 1.05 * float(np.nanmax(table[["payback_high", "lifetime"]].to_numpy())))
        for y, row in enumerate(table.to_dict("records")):
            _draw_measure(ax, y, row, reach, words)
        ax.set_ylim(len(table) - 0.5, -0.5)
        ax.set_xlim(0.0, reach)
        ax.yaxis.set_visible(False)
        ax.spines["left"].set_visible(False)
        ax.grid(axis="x", color=PALE, lw=0.7, zorder=0)
        ax.set_axisbelow(True)
        plain_ticks(ax.xaxis, words, 6)
        ax.set_xlabel(_("Years until the cost has come back"), loc="right")
        draw_key(ax, lines, left=_LEFT, above=0.28)
        head = beside(ax, ax.transAxes, right=_RIGHT - 0.1)
        ax.text(1.0, 1.0 + 0.16 / (_ROW * len(table)), _("saves a year"), ha="right", color=GREY, **head)
    return ax


def _draw_measure(ax: Axes, y: int, row: dict[Any, Any], reach: float, words: Words) -> None:
    across, room = ax.get_yaxis_transform(), _LEFT - 0.15
    kind = capital(kind_word(row["kind"], words))
    name = fitting(str(row["name"]), room)
    ax.text(0.0, y - 0.2, name, ha="right", color=INK, fontweight="bold", **beside(ax, across, right=-0.07))
    ax.text(0.0, y + 0.22, fitting(kind, room), ha="right", color=GREY, **beside(ax, across, right=-0.07))
    ax.text(1.0, y, words.euro(row["saving_eur"]), ha="right", color=INK, **beside(ax, across, right=_RIGHT - 0.1))
    ax.axhline(y + 0.5, color=PALE, lw=0.7, zorder=0)
    low, high = row["payback_low"], row["payback_high"]
    ax.hlines(y, min(low, reach), min(high, reach), color=INTERVAL, lw=3.0, capstyle="butt", zorder=2)
    if high > reach:
        ax.scatter(reach, y, s=40, marker=">", color=INTERVAL, lw=0, zorder=3, clip_on=False)
    if row["payback"] <= reach:
        ax.scatter(row["payback"], y, s=30, color=ACCENT, edgecolor="white", lw=0.6, zorder=4)
    ax.scatter(row["lifetime"], y, s=130, marker="|", color=OWN, lw=1.8, zorder=5)
