"""Figures of need: the cost of everybody beside what conditions let expect, and cost, access and quality in one reading."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from benchlib.comparison import CompositeResult
from benchlib.errors import OptionError
from benchlib.indicators import Passport
from benchlib.reporting.plots.rows import Mark, name_room, row_axes, write_names
from benchlib.reporting.plots.style import (
    ACCENT,
    GREY,
    HALF,
    INK,
    INTERVAL,
    MARKERS,
    MIDDLE,
    PALE,
    SMALL,
    canvas,
    figure_of,
    house_style,
    plain_ticks,
)
from benchlib.reporting.values import cost_mark, label_of, marked_names
from benchlib.reporting.words import Words

if TYPE_CHECKING:  # both load statsmodels, which a report without them does not need
    from benchlib.comparison import NeedResult, ServiceReading

Floats = NDArray[np.float64]
#: Inches a row, a column of lights, below the rows, a line of headings.
_ROW: Final = 0.19
_COLUMN: Final = 0.5
_BELOW: Final = 0.58
_LINE: Final = 0.17
#: Colour and shape of a light; those without one are a small open dot.
_LIGHTS: Final = {"green": "#1a7f4b", "yellow": MIDDLE, "red": "#b3261e", "none": GREY}
#: Position beside the expectation, as a light: dearer than the interval is the last.
_BESIDE_NEED: Final = {"below": "green", "within": "yellow", "above": "red", "unknown": "none"}


def need_costs(
    need: NeedResult,
    passport: Passport,
    names: Mapping[str, str],
    words: Words,
    ax: Axes | None = None,
    *,
    own: Collection[str] = (),
    doubtful: Collection[str] = (),
) -> Axes:
    """The unit cost of every municipality beside what conditions let expect, the cheapest beside it on top.

    Parameters
    ----------
    need : NeedResult
        From `comparison.need_adjusted_cost`.
    passport : Passport
        The unit cost.
    names : mapping of str to str
        Names by code, in the report's language.
    words : Words
        Language of the labels.
    ax : matplotlib.axes.Axes, optional
        Axes to draw on; new ones if absent.
    own : collection of str
        Codes to highlight.
    doubtful : collection of str
        Codes of those whose names get the mark of doubtful figures.

    Returns
    -------
    matplotlib.axes.Axes
        Those without an expectation stand at the end, with their cost alone.
    """
    table = need.table.sort_values(["deviation", "territory"], na_position="last", ignore_index=True)
    codes = [str(code) for code in table["territory"]]
    names = marked_names(names, doubtful)
    _ = words.gettext
    marks = [
        Mark(_("cost") + cost_mark(passport), ACCENT),
        Mark(_("expected"), INK, "stroke"),
        Mark(_("its interval"), HALF, "line"),
    ]
    with house_style():
        chosen = [row for row, code in enumerate(codes) if code in own]
        ax = row_axes([names[code] for code in codes], marks, ax, own=chosen)
        y = np.arange(len(table))
        known = table["expected"].notna().to_numpy()
        ends = table.loc[known, ["expected_low", "expected_high"]].to_numpy().T
        ax.hlines(y[known], *ends, color=HALF, lw=6, capstyle="butt", zorder=2)
        ax.vlines(table["expected"][known], y[known] - 0.34, y[known] + 0.34, color=INK, lw=1.4, zorder=3)
        ax.scatter(table["cost"], y, s=30, color=ACCENT, edgecolor="white", lw=0.6, zorder=4)
        plain_ticks(ax.xaxis, words, 5)
        ax.set_xlabel(f"{label_of(passport, words)}{cost_mark(passport)}, EUR", loc="right")
    return ax


def reading(
    found: ServiceReading,
    names: Mapping[str, str],
    words: Words,
    ax: Axes | None = None,
    *,
    own: Collection[str] = (),
) -> Axes:
    """Lights in cost, cost beside demography, access and quality, and the ranks in all of them together.

    Parameters
    ----------
    found : ServiceReading
        From `comparison.service_reading`. Of several indicators of a dimension the first is shown. Names of those with a doubtful figure
        get its mark.
    names : mapping of str to str
        Names by code, in the report's language.
    words : Words
        Language of the labels.
    ax : matplotlib.axes.Axes, optional
        Axes to draw on; new ones if absent.
    own : collection of str
        Codes to highlight.

    Returns
    -------
    matplotlib.axes.Axes
        The lights stand at x below 0, the ranks from 0 (the last) to 1 (the best).
    """
    columns = _columns(found, words)
    shown = marked_names(names, found.doubtful)
    labels = [shown[code] for code in found.units]
    with house_style():
        left, top = name_room(labels), 0.2 + 2 * _LINE
        ax = ax or canvas(_ROW * len(labels) + top + _BELOW, left=left, right=0.2, top=top, bottom=_BELOW)
        share = min(0.75, len(columns) * _COLUMN / (ax.get_position().width * figure_of(ax).get_figwidth()))
        first = -share / (1 - share)
        ax.set_xlim(first, 1.04)
        ax.set_ylim(len(labels) - 0.4, -0.6)
        write_names(ax, labels, own=[row for row, code in enumerate(found.units) if code in own])
        ax.hlines(np.arange(0, len(labels), 5), first, 1.04, color=PALE, lw=0.7, zorder=0)
        for number, (head, lights) in enumerate(columns.items()):
            x = first * (1 - (number + 0.5) / len(columns))
            _write_head(ax, x, head, is_raised=number % 2 == 1)
            _draw_lights(ax, x, lights)
        _draw_ranks(ax, found, words)
    return ax


def _write_head(ax: Axes, x: float, head: str, *, is_raised: bool) -> None:
    """Heading of a column; every second one stands a line higher, with a stroke down, so that words are wider than columns."""
    rows = 1 / _ROW  # an inch, in rows
    base = -0.6 - 0.1 * rows
    ax.text(x, base - is_raised * _LINE * rows, head, ha="center", va="baseline", fontsize=SMALL)
    if is_raised:
        ax.vlines(x, base - 0.75 * _LINE * rows, -0.5, color=MIDDLE, lw=0.7, clip_on=False)


def _columns(found: ServiceReading, words: Words) -> dict[str, list[str]]:
    """Heading and lights of each column, a light per municipality in the order of the rows."""
    _ = words.gettext
    heads = {"cost": _("Cost") + "†", "coverage": _("Access"), "quality": _("Quality")}
    columns = {
        heads[dimension]: [str(found.cell(found.indicators[dimension][0], code)["light"]) for code in found.units]
        for dimension in heads
        if found.indicators[dimension]
    }
    if found.need is not None:
        position = found.need.table.set_index("territory")["position"]
        beside_need = [_BESIDE_NEED[str(position.get(code, "unknown"))] for code in found.units]
        first, *others = columns.items()
        columns = dict([first, (_("Against expected"), beside_need), *others])
    return columns


def _draw_lights(ax: Axes, x: float, lights: list[str]) -> None:
    for light in dict.fromkeys(lights):
        rows = np.flatnonzero(np.array(lights) == light)
        look: dict[str, Any] = {"s": 8, "lw": 0} if light == "none" else {"s": 40, "lw": 0}
        ax.scatter(np.full(len(rows), x), rows, marker=MARKERS[light], color=_LIGHTS[light], zorder=3, **look)


def _draw_ranks(ax: Axes, found: ServiceReading, words: Words) -> None:
    """Ranks in the composite: range and the one with equal weights; the best to the right."""
    ax.yaxis.set_visible(False)
    ax.spines["left"].set_visible(False)
    if found.composite is None:
        ax.xaxis.set_visible(False)
        return
    scores = found.composite.scores.set_index("unit").reindex(list(found.units))
    last = max(2.0, float(scores["rank"].count()))
    y = np.arange(len(scores))

    def place(rank: Any) -> Floats:
        return np.asarray((last - np.asarray(rank, dtype=np.float64)) / (last - 1.0))

    ax.hlines(
        y, place(scores["rank_high"]), place(scores["rank_low"]), color=INTERVAL, lw=2.5, capstyle="butt", zorder=2
    )
    ax.scatter(place(scores["rank"]), y, s=26, color=ACCENT, edgecolor="white", lw=0.6, zorder=4, clip_on=False)
    step = 10 if last <= 60 else 40
    ticks = [1.0, *(rank for rank in range(step, int(last), step) if last - rank > step / 2), last]
    ax.set_xticks(place(ticks), [words.number(rank) for rank in ticks])
    ax.spines["bottom"].set_bounds(0.0, 1.0)
    ax.set_xlabel(words.gettext("Rank in all together (right: the best)"), loc="right")


def composite(
    result: CompositeResult,
    names: Mapping[str, str],
    words: Words,
    ax: Axes | None = None,
    *,
    own: Collection[str] = (),
) -> Axes:
    """Ranks in a composite index: those under the weights drawn, those that no weights within the bounds can leave.

    Parameters
    ----------
    result : CompositeResult
        From `comparison.composite_index`.
    names : mapping of str to str
        Names of the units, in the report's language.
    words : Words
        Language of the labels.
    ax : matplotlib.axes.Axes, optional
        Axes to draw on; new ones if absent.
    own : collection of str
        Units to highlight.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    OptionError
        If no unit has an index.
    """
    table = result.scores.dropna(subset="rank").sort_values(["rank", "unit"], ignore_index=True)
    if table.empty:
        raise OptionError("There is nothing to draw: no unit has enough figures for an index.")
    _ = words.gettext
    marks = [
        Mark(_("with the weights given"), ACCENT),
        Mark(_("in {share} of the draws").format(share=words.percent(100 * result.info["level"], 0)), INTERVAL, "line"),
        Mark(_("weights within the bounds"), HALF, "line"),
    ]
    codes = [str(unit) for unit in table["unit"]]
    with house_style():
        chosen = [row for row, code in enumerate(codes) if code in own]
        ax = row_axes([names[code] for code in codes], marks, ax, own=chosen)
        y = np.arange(len(table))
        ax.hlines(y, table["certain_low"], table["certain_high"], color=HALF, lw=8, capstyle="butt", zorder=2)
        ax.hlines(y, table["rank_low"], table["rank_high"], color=INTERVAL, lw=2.5, capstyle="butt", zorder=3)
        ax.scatter(table["rank"], y, s=26, color=ACCENT, edgecolor="white", lw=0.6, zorder=4)
        ax.set_xlim(len(table) + 0.6, 0.4)  # the best to the right, as in every figure of the report
        plain_ticks(ax.xaxis, words, 8)
        ax.set_xlabel(_("Rank (right: the best)"), loc="right")
    return ax
