"""Figures of position: the glance over all indicators, and the ranking on one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from benchlib.comparison import Profile
from benchlib.indicators import Passport
from benchlib.reporting.plots.style import GREY, INK, MARKERS, MIDDLE, OWN, PALE, canvas, halo, house_style, plain_ticks
from benchlib.reporting.values import label_of, short_value
from benchlib.reporting.words import Words

_ROW = 0.56  # inches an indicator
_HEAD = 0.34  # inches a dimension's heading


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
    dimensions = list(dict.fromkeys(profile.table["dimension"]))
    height = _ROW * len(profile.table) + _HEAD * len(dimensions) + 0.55
    with house_style():
        ax = ax or canvas(height, left=0.12, right=0.12, top=0.4, bottom=0.1)
        ax.set_xlim(-0.02, 1.02)
        ax.set_ylim(height - 0.5, 0)
        ax.axis("off")
        ax.text(0, -0.1, "← " + words.gettext("worse"), color=GREY, va="bottom", fontsize=9.5)
        ax.text(1, -0.1, words.gettext("better") + " →", color=GREY, va="bottom", ha="right", fontsize=9.5)
        y = 0.0
        for dimension in dimensions:
            ax.text(
                0, y + _HEAD * 0.75, dimension_word(dimension, words), fontweight="bold", fontsize=10.5, va="bottom"
            )
            ax.plot([0, 1], [y + _HEAD * 0.85] * 2, color=INK, lw=0.8)
            y += _HEAD
            for row in profile.table.loc[profile.table["dimension"] == dimension].to_dict("records"):
                _strip(ax, y, row, profile, passports[row["indicator"]], words)
                y += _ROW
    return ax


def dimension_word(dimension: str, words: Words) -> str:
    """The dimension as a reader calls it."""
    _ = words.gettext
    return {
        "cost": _("Cost"),
        "productivity": _("Productivity"),
        "coverage": _("Access"),
        "quality": _("Result and quality"),
        "satisfaction": _("Satisfaction"),
        "context": _("Context"),
    }[dimension]


def _strip(ax: Axes, y: float, row: Mapping[str, object], profile: Profile, passport: Passport, words: Words) -> None:
    """One indicator: name and own value above, the group's dots below."""
    values = profile.values.loc[profile.values["indicator"] == passport.id].set_index("territory")["value"].dropna()
    line = y + _ROW * 0.72
    ax.text(0, y + _ROW * 0.14, label_of(passport, words, year=int(str(row["year"]))), fontsize=9.5, va="top")
    own = float(str(row["value"]))
    text = words.missing if np.isnan(own) else short_value(own, passport, words)
    ax.text(
        1,
        y + _ROW * 0.14,
        text,
        fontsize=9.5,
        va="top",
        ha="right",
        fontweight="bold",
        color=OWN if text != words.missing else GREY,
    )
    ax.plot([0, 1], [line, line], color=PALE, lw=1, zorder=1)
    if values.empty:
        return
    quartiles = np.array([row["lower_quartile"], row["upper_quartile"], row["median"]], dtype="float64")
    middle = _scale(values, quartiles, passport.direction)
    ax.plot(sorted(middle[:2]), [line, line], color=PALE, lw=9, solid_capstyle="butt", zorder=1)
    ax.plot([middle[2]] * 2, [line - 0.1, line + 0.1], color=INK, lw=1.6, zorder=2)
    place = pd.Series(_scale(values, values.to_numpy(dtype="float64"), passport.direction), index=values.index)
    others = place.drop(profile.municipality.code, errors="ignore")
    ax.scatter(others, [line] * len(others), s=20, color=MIDDLE, alpha=0.85, lw=0, zorder=3)
    if profile.municipality.code in place.index:
        marker = MARKERS[str(row["light"])]
        own_place = place[profile.municipality.code]
        ax.scatter(own_place, line, s=78, color=OWN, marker=marker, edgecolor="white", lw=1, zorder=4)


def _scale(values: pd.Series, x: np.ndarray, direction: int) -> np.ndarray:
    """Between 0 (worst of the group) and 1 (best); without direction, from the smallest to the largest."""
    low, high = float(values.min()), float(values.max())
    share = np.full_like(x, 0.5) if high == low else (x - low) / (high - low)
    return 1 - share if direction < 0 else share


def ranking(
    profile: Profile, passport: Passport, names: Mapping[str, str], words: Words, ax: Axes | None = None
) -> Axes:
    """All members on one indicator, best on top, with the median.

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
    with house_style():
        ax = ax or canvas(0.27 * len(rows) + 0.85, left=1.75, right=0.72, top=0.3, bottom=0.5)
        ax.set_ylim(len(rows) - 0.4, -0.6)
        low, high = _limits(present, passport)
        ax.set_xlim(low, high)
        for y, code in enumerate(rows):
            own = code == profile.municipality.code
            _ranking_row(ax, y, names[code], float(values[code]), passport, words, is_own=own)
        if len(present):
            median = float(present.median())
            ax.axvline(median, color=INK, lw=1, ls=(0, (4, 3)), zorder=0)
            note = words.gettext("group median {median}").format(median=short_value(median, passport, words))
            ax.text(median, -0.75, note, ha="center", va="bottom", fontsize=9, color=INK, path_effects=halo())
        ax.set_yticks([])
        ax.spines["left"].set_visible(False)
        plain_ticks(ax.xaxis, words, 5)
        ax.set_xlabel(passport.unit[words.language])
    return ax


def _limits(present: pd.Series, passport: Passport) -> tuple[float, float]:
    """Ends of the axis: from 0 where lengths are compared, a share of the range below the least for per cent."""
    if present.empty:
        return 0.0, 1.0
    least, greatest = float(present.min()), float(present.max())
    is_share = passport.unit["en"] == "%"
    low = 0.0 if least >= 0 and not is_share else least - 0.12 * ((greatest - least) or abs(least) or 1.0)
    return low, greatest + 0.02 * ((greatest - low) or 1.0)


def _ranking_row(ax: Axes, y: int, name: str, value: float, passport: Passport, words: Words, *, is_own: bool) -> None:
    """One member: its name, a stem with a dot, its value; or that there is none."""
    across = ax.get_yaxis_transform()
    colour, ink, weight = (OWN, OWN, "bold") if is_own else (MIDDLE, INK, "normal")
    letters: dict[str, Any] = {"transform": across, "va": "center", "fontsize": 9.5, "fontweight": weight, "color": ink}
    ax.text(-0.02, y, name, ha="right", **letters)
    if np.isnan(value):
        ax.text(0, y, words.missing, transform=across, va="center", fontsize=9, color=GREY, style="italic")
        return
    ax.plot([ax.get_xlim()[0], value], [y, y], color=colour, lw=1.2, alpha=0.55, zorder=1)
    ax.scatter(value, y, s=58 if is_own else 34, color=colour, zorder=3, lw=0)
    ax.text(1.02, y, short_value(value, passport, words), **letters)
