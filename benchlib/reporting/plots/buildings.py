"""Buildings in a row each: how much heat they use among their like, and what became of those in which something was done."""

from __future__ import annotations

from itertools import groupby
from typing import Any, Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from benchlib.comparison import EnergyUse, shown_buildings
from benchlib.errors import OptionError
from benchlib.reporting.energy_words import capital, type_word
from benchlib.reporting.plots.rows import Mark, row_axes
from benchlib.reporting.plots.style import (
    ACCENT,
    GREY,
    INK,
    INTERVAL,
    MIDDLE,
    OWN,
    SMALL,
    beside,
    house_style,
    plain_ticks,
)
from benchlib.reporting.words import Words

#: The part of the figure right of the greatest value.
_ROOM: Final = 1.05


def building_use(use: EnergyUse, words: Words, ax: Axes | None = None) -> Axes:
    """Heat per square metre of every building, type by type, with the median of the type and its best quarter.

    Parameters
    ----------
    use : EnergyUse
        From `comparison.energy_use`.
    words : Words
        Language of the labels.
    ax : matplotlib.axes.Axes, optional
        Axes to draw on; new ones if absent.

    Returns
    -------
    matplotlib.axes.Axes
        A row for each type and for each of its buildings, the greatest use on top.
    """
    _ = words.gettext
    table = shown_buildings(use)
    rows: list[dict[Any, Any] | str] = []
    for type_, part in groupby(table.to_dict("records"), key=lambda row: str(row["type"])):
        rows += [type_, *part]
    names = ["" if isinstance(row, str) else str(row["name"]) for row in rows]
    marks = [
        Mark(_("{year}, normal weather").format(year=use.year), ACCENT),
        *([Mark(_("range"), INTERVAL, "line")] if table["low"].notna().any() else []),
        Mark(_("median of the type"), INK, "stroke"),
        Mark(_("its best quarter"), OWN, "dashes"),
    ]
    with house_style():
        ax = row_axes(names, marks, ax)
        for y, row in enumerate(rows):
            if isinstance(row, str):
                where = beside(ax, ax.get_yaxis_transform(), right=-0.07)
                ax.text(0.0, y, capital(type_word(row, words)), ha="right", fontweight="bold", color=ACCENT, **where)
            else:
                _draw_building(ax, y, row, words)
        _draw_types(ax, rows)
        greatest = np.nanmax([*table["high"], *table["value"], *table["median"], 1.0])
        ax.set_xlim(0.0, _ROOM * greatest)
        plain_ticks(ax.xaxis, words, 6)
        ax.set_xlabel(_("Heat, kWh per m² and year"), loc="right")
    return ax


def _draw_building(ax: Axes, y: int, row: dict[Any, Any], words: Words) -> None:
    if np.isnan(row["value"]):
        text = words.gettext("not comparable") if row["state"] != "no_figures" else words.missing
        ax.text(0.01, y, text, color=GREY, **beside(ax, ax.get_yaxis_transform()))
        return
    if not np.isnan(row["low"]):
        ax.hlines(y, row["low"], row["high"], color=INTERVAL, lw=2.5, capstyle="butt", zorder=2)
    ax.scatter(row["value"], y, s=26, color=ACCENT, edgecolor="white", lw=0.6, zorder=4)


def _draw_types(ax: Axes, rows: list[dict[Any, Any] | str]) -> None:
    """The median and the best quarter of each type as lines along its rows."""
    first = None
    for y, row in enumerate([*rows, ""]):
        if not isinstance(row, str):
            continue
        if first is not None:
            known = rows[first + 1]
            assert not isinstance(known, str), "a type has buildings"
            ends = [first + 0.5, y - 0.5]
            ax.plot([known["median"]] * 2, ends, color=INK, lw=1.6, zorder=3)
            ax.plot([known["best"]] * 2, ends, color=OWN, lw=1.2, ls=(0, (4, 3)), zorder=3)
        first = y


def renovations(done: pd.DataFrame, words: Words, ax: Axes | None = None) -> Axes:
    """Heat per square metre before and after works, and what had been expected.

    Parameters
    ----------
    done : pandas.DataFrame
        From `comparison.energy_before_after`; drawn are the rows about heat that have a year before and a year after.
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
        If there is nothing to draw.
    """
    table = done.loc[(done["carrier"] == "heat") & done["observed_pct"].notna()].reset_index(drop=True)
    if table.empty:
        raise OptionError(
            "There is nothing to draw: no building has figures from before and after works that save heat."
        )
    _ = words.gettext
    marks = [
        Mark(_("before the works"), INK, "ring"),
        Mark(_("after the works"), ACCENT),
        *([Mark(_("range"), INTERVAL, "line")] if table["low_pct"].notna().any() else []),
        Mark(_("what was expected"), OWN, "stroke"),
    ]
    names = [f"{name}, {year}" for name, year in zip(table["name"], table["year"], strict=True)]
    with house_style():
        ax = row_axes(names, marks, ax)
        for y, row in enumerate(table.to_dict("records")):
            ax.plot([row["before"], row["after"]], [y, y], color=MIDDLE, lw=1.0, zorder=1)
            ends = [row["before"] * (1.0 - row[end] / 100.0) for end in ("high_pct", "low_pct")]
            ax.hlines(y, *ends, color=INTERVAL, lw=3.0, capstyle="butt", zorder=2)
            expected = row["before"] * (1.0 - row["expected_pct"] / 100.0)
            ax.scatter(expected, y, s=90, marker="|", color=OWN, lw=1.8, zorder=5)
            ax.scatter(row["before"], y, s=26, facecolor="white", edgecolor=INK, lw=1.0, zorder=4)
            ax.scatter(row["after"], y, s=26, color=ACCENT, lw=0, zorder=4)
        ax.set_xlim(0.0, _ROOM * float(np.nanmax(table[["before", "after"]].to_numpy())))
        plain_ticks(ax.xaxis, words, 6)
        ax.set_xlabel(_("Heat in normal weather, kWh per m² and year"), loc="right", fontsize=SMALL)
    return ax
