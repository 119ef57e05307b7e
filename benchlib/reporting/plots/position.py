"""Figures of position: the glance over all indicators, and the ranking on one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from benchlib.comparison import Profile
from benchlib.indicators import Passport
from benchlib.reporting.plots.rows import KEY_LINE, Mark, draw_key, key_lines, name_room, write_names
from benchlib.reporting.plots.standing import Standing, standings
from benchlib.reporting.plots.style import (
    GREY,
    HALF,
    INK,
    MARKERS,
    MIDDLE,
    OWN,
    PALE,
    SMALL,
    TEXT,
    TITLE,
    WIDTH,
    beside,
    canvas,
    folded,
    house_style,
    inches,
    plain_ticks,
)
from benchlib.reporting.values import cost_mark, dimension_word, label_with_unit, marked, short_value
from benchlib.reporting.words import Words

_ROW: Final = 0.56  # inches an indicator
_LINE: Final = 0.18  # inches a further line of its name
_HEAD: Final = 0.34  # inches a dimension's heading
#: Axes of the glance: inches on either side, what lies left of 0 and right of 1, and the least room between a name and its value.
_SIDE: Final = 0.12
_OVER: Final = 0.02
_APART: Final = 0.15
#: Stems of the ranking: paler than their dots.
_STEM: Final = "#c6cdd5"
_OWN_STEM: Final = "#e3a57f"


def glance(profile: Profile, passports: Mapping[str, Passport], words: Words, ax: Axes | None = None) -> Axes:
    """Every indicator in one figure: where the municipality lies among its comparison group, better to the right.

    Parameters
    ----------
    profile : Profile
        From `comparison.profile`.
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
    rows: list[dict[str, Any]] = profile.table.to_dict("records")  # type: ignore[assignment]
    dimensions = list(dict.fromkeys(row["dimension"] for row in rows))
    heads = {
        row["indicator"]: _head(
            row, passports[row["indicator"]], words, is_doubtful=profile.is_doubtful(row["indicator"])
        )
        for row in rows
    }
    further = sum(name.count("\n") for name, _ in heads.values())
    height = _ROW * len(rows) + _LINE * further + _HEAD * len(dimensions) - 0.02
    with house_style():
        ax = _glance_axes(ax, height, str(words.name(profile.municipality)), words)
        lines, rules, y = [], [], 0.0
        for dimension in dimensions:
            word = dimension_word(dimension, words)
            ax.text(0, y + _HEAD * 0.75, word, fontweight="bold", fontsize=TITLE, va="bottom")
            rules.append(y + _HEAD * 0.85)
            y += _HEAD
            for row in (row for row in rows if row["dimension"] == dimension):
                name, own = heads[row["indicator"]]
                _write_head(ax, y, name, own, is_missing=bool(np.isnan(row["value"])))
                y += _LINE * name.count("\n")
                lines.append((y + _ROW * 0.72, row))
                y += _ROW
        ax.hlines(rules, 0, 1, color=INK, lw=0.8)
        drawn = [row for _, row in lines]
        markers = [MARKERS[str(row["light"])] for row in drawn]
        _draw_standings(ax, np.array([y for y, _ in lines]), standings(profile, drawn, passports), markers)
    return ax


def _glance_axes(ax: Axes | None, height: float, own: str, words: Words) -> Axes:
    """Axes of a height in inches, with the key and what left and right mean."""
    _ = words.gettext
    key = key_lines(
        [
            Mark(_("comparison group"), MIDDLE),
            Mark(_("its middle half"), HALF, "line"),
            Mark(_("its median"), INK, "stroke"),
            Mark(own, OWN, "D"),
        ]
    )
    top = 0.4 + KEY_LINE * len(key)
    ax = ax or canvas(height + top + 0.1, left=_SIDE, right=_SIDE, top=top, bottom=0.1)
    ax.set_xlim(-_OVER, 1 + _OVER)
    ax.set_ylim(height, 0)
    ax.axis("off")
    draw_key(ax, key, left=0.02, above=0.36)
    ax.text(0, -0.1, "← " + _("worse"), color=GREY, va="bottom", fontsize=SMALL)
    ax.text(1, -0.1, _("better") + " →", color=GREY, va="bottom", ha="right", fontsize=SMALL)
    return ax


def _head(row: Mapping[str, Any], passport: Passport, words: Words, *, is_doubtful: bool) -> tuple[str, str]:
    """Name and own value above the line of an indicator; the name in as many lines as it needs beside the value."""
    own = words.missing
    if not np.isnan(row["value"]):
        own = marked(short_value(row["value"], passport, words), is_doubtful)
    room = (WIDTH - 2 * _SIDE) / (1 + 2 * _OVER) - inches(own, TEXT, bold=True) - _APART
    name = f"{label_with_unit(passport, words)}, {int(row['year'])}{cost_mark(passport)}"
    return folded(name, room, TEXT), own


def _write_head(ax: Axes, y: float, name: str, own: str, *, is_missing: bool) -> None:
    look: dict[str, Any] = {"fontsize": TEXT, "va": "top"}
    value: dict[str, Any] = {"color": GREY} if is_missing else {"color": OWN, "fontweight": "bold"}
    ax.text(0, y + _ROW * 0.12, name, **look)
    ax.text(1, y + _ROW * 0.12, own, ha="right", **value, **look)


def _draw_standings(ax: Axes, y: np.ndarray, places: Sequence[Standing], markers: Sequence[str]) -> None:
    """The group's dots with their middle half and median, and the own mark; few artists for many lines."""
    ax.hlines(y, 0, 1, color=PALE, lw=1, zorder=1)
    low, high, medians, own = (
        np.array([getattr(place, name) for place in places], dtype="float64")
        for name in ("low", "high", "median", "own")
    )
    known = np.isfinite(medians)
    ax.hlines(y[known], low[known], high[known], color=HALF, lw=9, capstyle="butt", zorder=1)
    ax.vlines(medians[known], y[known] - 0.1, y[known] + 0.1, color=INK, lw=1.6, zorder=2)
    others = np.concatenate([place.others for place in places])
    ax.scatter(others, np.repeat(y, [len(place.others) for place in places]), s=20, color=MIDDLE, lw=0, zorder=3)
    for marker in dict.fromkeys(markers):
        chosen = np.isfinite(own) & (np.array(markers) == marker)
        if chosen.any():
            ax.scatter(own[chosen], y[chosen], s=78, color=OWN, marker=marker, edgecolor="white", lw=1, zorder=4)


def ranking(
    profile: Profile, passport: Passport, names: Mapping[str, str], words: Words, ax: Axes | None = None
) -> Axes:
    """All members on one indicator, best on top, with the median where there is one.

    Parameters
    ----------
    profile : Profile
        From `comparison.profile`.
    passport : Passport
        The indicator.
    names : mapping of str to str
        Name of each municipality by code, in the report's language.
    words : Words
        Language of the labels.
    ax : matplotlib.axes.Axes, optional
        Axes to draw on; new ones if absent.

    Returns
    -------
    matplotlib.axes.Axes
    """
    values = profile.values.loc[profile.values["indicator"] == passport.id].set_index("territory")["value"]
    present = values.dropna().sort_values(ascending=passport.direction < 0, kind="stable")
    rows = [*present.index, *values.index[values.isna()]]
    labels = [names[code] for code in rows]
    own = [row for row, code in enumerate(rows) if code == profile.municipality.code]
    shown = [
        words.missing
        if np.isnan(values[code])
        else marked(short_value(values[code], passport, words), profile.is_doubtful(passport.id, str(code)))
        for code in rows
    ]
    with house_style():
        height = 0.25 * len(rows) + 0.88
        ax = ax or canvas(height, left=name_room(labels), right=0.16 + _room(shown), top=0.3, bottom=0.55)
        ax.set_ylim(len(rows) - 0.4, -0.6)
        ax.set_xlim(*_limits(present, passport))
        write_names(ax, labels, own=own)
        _draw_ranking(ax, present, own)
        _write_values(ax, shown, own, words)
        median = float(profile.row(passport.id)["median"])
        if np.isfinite(median):
            _draw_median(ax, median, passport, words)
        ax.yaxis.set_visible(False)
        ax.spines["left"].set_visible(False)
        plain_ticks(ax.xaxis, words, 5)
        ax.set_xlabel(passport.unit[words.language], loc="right")
    return ax


def _limits(present: pd.Series, passport: Passport) -> tuple[float, float]:
    """Ends of the axis: from 0 where lengths are compared, a share of the range below the least for per cent."""
    if present.empty:
        return 0.0, 1.0
    least, greatest = float(present.min()), float(present.max())
    is_share = passport.unit["en"] == "%"
    low = 0.0 if least >= 0 and not is_share else least - 0.12 * ((greatest - least) or abs(least) or 1.0)
    return low, greatest + 0.02 * ((greatest - low) or 1.0)


def _draw_ranking(ax: Axes, present: pd.Series, own: list[int]) -> None:
    """A dot for each member: on a stem from zero, or on a guide across where the axis does not begin at zero."""
    x, y = present.to_numpy(dtype="float64"), np.arange(len(present))
    is_own = np.isin(y, own)
    low, high = ax.get_xlim()
    if low == 0.0:
        ax.hlines(y, 0.0, x, color=np.where(is_own, _OWN_STEM, _STEM), lw=1.6, capstyle="butt", zorder=1)
    else:
        ax.hlines(y, low, high, color=PALE, lw=0.8, zorder=1)
    ax.scatter(x[~is_own], y[~is_own], s=34, color=MIDDLE, zorder=3, lw=0)
    ax.scatter(x[is_own], y[is_own], s=58, color=OWN, zorder=3, lw=0)


def _write_values(ax: Axes, values: list[str], own: list[int], words: Words) -> None:
    """The values right of the axes, flush on their right."""
    across = ax.get_yaxis_transform()
    where = beside(ax, across, right=0.08 + _room(values))
    for y, value in enumerate(values):
        if value == words.missing:
            ax.text(0, y, value, color=GREY, **beside(ax, across))
            continue
        look: dict[str, Any] = {"color": OWN, "fontweight": "bold"} if y in own else {"color": INK}
        ax.text(1, y, value, ha="right", **where, **look)


def _room(values: list[str]) -> float:
    """Inches of the widest value."""
    return max((inches(value, bold=True) for value in values), default=0.0)


def _draw_median(ax: Axes, median: float, passport: Passport, words: Words) -> None:
    ax.axvline(median, color=INK, lw=1, ls=(0, (4, 3)), zorder=2)
    note = words.gettext("group median {median}").format(median=short_value(median, passport, words))
    low, high = ax.get_xlim()
    share = (median - low) / (high - low)
    side = "left" if share < 0.25 else "right" if share > 0.75 else "center"
    ax.text(median, -0.75, note, ha=side, va="bottom", fontsize=SMALL)
