"""Everybody on each indicator: a dot and a name for each, the median and the middle half of the group, better to the right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from benchlib.comparison.meetings.meeting import Meeting
from benchlib.errors import OptionError
from benchlib.indicators import Passport
from benchlib.reporting.plots.rows import KEY_LINE, Mark, draw_key, key_lines
from benchlib.reporting.plots.style import (
    ACCENT,
    GREY,
    HALF,
    INK,
    MIDDLE,
    PALE,
    SMALL,
    TEXT,
    WIDTH,
    canvas,
    fitting,
    folded,
    house_style,
    inches,
)
from benchlib.reporting.values import MOST_NAMED, cost_mark, label_with_unit, listed, short_value
from benchlib.reporting.words import Words

_SIDE: Final = 0.12
#: Inches of the strip on which the dots lie, and where it begins.
_STRIP: Final = WIDTH - 2 * _SIDE - 0.16
_FROM: Final = 0.08
#: Inches: a line of text, a tier of names, from a dot to the first tier, between two indicators.
_LINE: Final = 0.19
_TIER: Final = 0.17
_STEM: Final = 0.13
_GAP: Final = 0.16
#: From a leader to its name, and between two names.
_BESIDE: Final = 0.04
_APART: Final = 0.08
#: Of more than `MOST_NAMED`, so many at either end are named.
_ENDS: Final = 3


class Flag(NamedTuple):
    """A name with its value: inches from the left, how wide it is, and how many tiers from the strip it stands."""

    x: float
    text: str
    width: float
    tier: int = 0


class Strip(NamedTuple):
    """What is drawn for one indicator; places in inches from the left of the strip."""

    head: list[tuple[str, str]]
    above: list[Flag]
    below: list[Flag]
    here: np.ndarray
    doubtful: np.ndarray
    others: np.ndarray
    half: tuple[float, float]
    median: float
    missing: list[str]

    @property
    def height(self) -> float:
        """Inches from the top of the heading to the end of the last line."""
        return self.line + _STEM + _TIER * _tiers(self.below) + _LINE * len(self.missing) + _GAP

    @property
    def line(self) -> float:
        """Inches from the top of the heading to the strip."""
        return _LINE * len(self.head) + 0.04 + _TIER * _tiers(self.above) + _STEM


def dots(
    meeting: Meeting,
    indicators: Sequence[str],
    passports: Mapping[str, Passport],
    names: Mapping[str, str],
    words: Words,
    ax: Axes | None = None,
) -> Axes:
    """Everybody in the room on some indicators, one strip each.

    Parameters
    ----------
    meeting : Meeting
        From `comparison.network_meeting` or `group_meeting`.
    indicators : sequence of str
        Which of its indicators; those without figures are left out (the report lists them).
    passports : mapping of str to Passport
        Passports of the indicators.
    names : mapping of str to str
        Name of each municipality by code, in the report's language.
    words : Words
        Language of the labels.
    ax : matplotlib.axes.Axes, optional
        Axes to draw on, as large as the new ones would be; new ones if absent.

    Returns
    -------
    matplotlib.axes.Axes
        In inches, from the top left.

    Raises
    ------
    OptionError
        If none of the indicators has figures.
    """
    there = set(meeting.summary["indicator"])
    shown = [name for name in indicators if name in there]
    if not shown:
        raise OptionError(f"There is nothing to draw: no figures of {', '.join(indicators) or 'any indicator'}.")
    with house_style():
        strips = [_strip(meeting, passports[name], names, words) for name in shown]
        key = key_lines(_key(meeting, strips, words))
        top = 0.14 + KEY_LINE * len(key)
        height = sum(strip.height for strip in strips)
        ax = ax or canvas(height + top + 0.06, left=_SIDE, right=_SIDE, top=top, bottom=0.06)
        ax.set_xlim(0.0, WIDTH - 2 * _SIDE)
        ax.set_ylim(height, 0.0)
        ax.axis("off")
        draw_key(ax, key, left=0.0, above=0.06)
        y = 0.0
        for strip in strips:
            _draw(ax, strip, y)
            y += strip.height
    return ax


def _key(meeting: Meeting, strips: Sequence[Strip], words: Words) -> list[Mark]:
    _ = words.gettext
    marks = [Mark(_("participant") if meeting.room.network else _("municipality of this report"), ACCENT)]
    if any(len(strip.doubtful) for strip in strips):
        marks.append(Mark(_("doubtful figure"), ACCENT, "ring"))
    if len(meeting.among) > len(meeting.room.seats):
        marks.append(Mark(_("the others"), MIDDLE))
    if any(np.isfinite(strip.median) for strip in strips):
        marks += [Mark(_("middle half"), HALF, "line"), Mark(_("median"), INK, "stroke")]
    return marks


def _strip(meeting: Meeting, passport: Passport, names: Mapping[str, str], words: Words) -> Strip:
    row = meeting.row(passport.id)
    part = meeting.part(passport.id).set_index("territory")
    everybody = meeting.values.loc[meeting.values["indicator"] == passport.id].set_index("territory")["value"].dropna()
    place = _scale(everybody, passport.direction)
    own = part["value"].dropna()
    known = part.loc[own.index].assign(x=place(own)).sort_values("x", kind="stable")
    ends = {*known.index[:_ENDS], *known.index[-_ENDS:]} if len(known) > MOST_NAMED else set(known.index)
    flags = [
        _flag(float(known["x"][code]), names[str(code)], _value(known.loc[code], passport, words))
        for code in known.index
        if code in ends
    ]
    above, below = _sides(flags)
    is_doubtful = known["is_doubtful"].to_numpy(dtype=bool)
    quartiles = place(np.array([row["lower_quartile"], row["upper_quartile"]], dtype="float64"))
    absent = [names[str(code)] for code in part.index[part["value"].isna()]]
    text = words.gettext("no data: {names}").format(names=listed(absent, words)) if absent else ""
    return Strip(
        _head(passport, row, words),
        _raised(above),
        _lowered(below),
        known["x"].to_numpy()[~is_doubtful],
        known["x"].to_numpy()[is_doubtful],
        np.asarray(place(everybody.drop(index=own.index))),
        (float(quartiles.min()), float(quartiles.max())),
        float(place(np.array([row["median"]], dtype="float64"))[0]),
        folded(text, WIDTH - 2 * _SIDE).split("\n") if absent else [],
    )


def _scale(everybody: pd.Series, direction: int) -> Any:
    """From figures to inches: the worst on the left, or the least where neither is better."""
    low, high = float(everybody.min()), float(everybody.max())

    def place(values: Any) -> Any:
        share = 0.5 + 0.0 * values if high == low else (values - low) / (high - low)
        return _STRIP * (1.0 - share if direction < 0 else share)

    return place


def _value(row: pd.Series, passport: Passport, words: Words) -> str:
    return short_value(row["value"], passport, words) + (" ?" if row["is_doubtful"] else "")


def _flag(x: float, name: str, value: str) -> Flag:
    text = f"{fitting(name, _STRIP / 2 - inches(value) - 0.2)} {value}"
    return Flag(x, text, inches(text) + _BESIDE)


def _head(passport: Passport, row: pd.Series, words: Words) -> list[tuple[str, str]]:
    """Lines of the heading, each with what stands on its right: which way is better, and the median if there is room."""
    _ = words.gettext
    name = f"{label_with_unit(passport, words)}{cost_mark(passport)}, {int(row['year'])}"
    way = (_("better") if passport.direction else _("more")) + " →"
    if not np.isnan(row["median"]):
        way = _("median {value}").format(value=short_value(row["median"], passport, words)) + f"   {way}"
    room = WIDTH - 2 * _SIDE
    lines = folded(name, room, TEXT, bold=True).split("\n")
    fits = inches(lines[-1], TEXT, bold=True) + inches(way) + 0.15 <= room
    return [*((line, "") for line in lines[:-1]), (lines[-1], way if fits else ""), *([] if fits else [("", way)])]


def _sides(flags: Sequence[Flag]) -> tuple[list[Flag], list[Flag]]:
    """Who flies to the right above the strip, and who to the left below it: half of them each, but inside the figure."""
    above: list[Flag] = []
    below: list[Flag] = []
    for number, flag in enumerate(flags):
        can_fly_right, can_fly_left = flag.x + flag.width <= _STRIP + _FROM, flag.x >= flag.width - _FROM
        is_first = number < (len(flags) + 1) // 2
        (above if can_fly_right and (is_first or not can_fly_left) else below).append(flag)
    return above, below


def _raised(flags: Sequence[Flag]) -> list[Flag]:
    """Flags that fly to the right: a leader never crosses a name, so who is further left stands higher."""
    placed: list[Flag] = []
    for flag in sorted(flags, key=lambda flag: -flag.x):
        under = [other.tier for other in placed if other.x < flag.x + flag.width + _APART]
        placed.append(flag._replace(tier=max(under, default=-1) + 1))
    return placed


def _lowered(flags: Sequence[Flag]) -> list[Flag]:
    """Flags that fly to the left, below the strip."""
    placed: list[Flag] = []
    for flag in sorted(flags, key=lambda flag: flag.x):
        over = [other.tier for other in placed if other.x > flag.x - flag.width - _APART]
        placed.append(flag._replace(tier=max(over, default=-1) + 1))
    return placed


def _tiers(flags: Sequence[Flag]) -> int:
    return max((flag.tier for flag in flags), default=-1) + 1


def _draw(ax: Axes, strip: Strip, top: float) -> None:
    look: dict[str, Any] = {"va": "center"}
    for number, (text, right) in enumerate(strip.head):
        y = top + _LINE * (number + 0.5)
        ax.text(0.0, y, text, fontsize=TEXT, fontweight="bold", **look)
        ax.text(WIDTH - 2 * _SIDE, y, right, fontsize=SMALL, color=GREY, ha="right", **look)
    y = top + strip.line
    ax.hlines(y, _FROM, _FROM + _STRIP, color=PALE, lw=1, zorder=1)
    if np.isfinite(strip.median):
        ax.hlines(y, _FROM + strip.half[0], _FROM + strip.half[1], color=HALF, lw=9, capstyle="butt", zorder=1)
        ax.vlines(_FROM + strip.median, y - 0.085, y + 0.085, color=INK, lw=1.6, zorder=3)
    for flags, way in ((strip.above, -1), (strip.below, 1)):
        for flag in flags:
            end = y + way * (_STEM + _TIER * (flag.tier + 0.5))
            ax.vlines(_FROM + flag.x, y, end, color=MIDDLE, lw=0.7, zorder=2)
            side: dict[str, Any] = {"ha": "right" if way > 0 else "left"}
            ax.text(_FROM + flag.x - way * _BESIDE, end, flag.text, fontsize=SMALL, va="center", **side)
    ax.scatter(_FROM + strip.others, np.full(len(strip.others), y), s=12, color=MIDDLE, lw=0, zorder=2)
    ax.scatter(_FROM + strip.here, np.full(len(strip.here), y), s=44, color=ACCENT, edgecolor="white", lw=0.8, zorder=4)
    ax.scatter(
        _FROM + strip.doubtful, np.full(len(strip.doubtful), y), s=36, color="white", edgecolor=ACCENT, lw=1.4, zorder=4
    )
    below = y + _STEM + _TIER * _tiers(strip.below)
    for number, line in enumerate(strip.missing):
        ax.text(0.0, below + _LINE * (number + 0.5), line, fontsize=SMALL, color=GREY, **look)
