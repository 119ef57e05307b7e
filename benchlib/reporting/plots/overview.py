"""Figures about all municipalities at once: their scores, their ranks, what context does, what mergers promised."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from benchlib.comparison import ReformGains
from benchlib.efficiency import BootstrapResult
from benchlib.errors import OptionError
from benchlib.indicators import Passport
from benchlib.reporting.plots.rows import Mark, row_axes
from benchlib.reporting.plots.style import (
    ACCENT,
    GREY,
    HALF,
    INK,
    INTERVAL,
    MIDDLE,
    OWN,
    SMALL,
    canvas,
    folded,
    house_style,
    plain_ticks,
)
from benchlib.reporting.values import label_of, marked_names, method_word
from benchlib.reporting.words import Words

if TYPE_CHECKING:  # both load statsmodels, which a report without them does not need
    from benchlib.comparison.services.overview import ContextEffects
    from benchlib.efficiency import MethodComparison

Floats = NDArray[np.float64]

#: How a method is marked, in the order in which methods are given: shape and colour differ.
_SHAPES: Final = ("o", "D", "s", "^", "v", "P", "X", "<", ">")
_INKS: Final = (ACCENT, OWN, INK, "#7a4fa3", "#9a6b00", "#1a7f4b", "#b3261e", GREY, "#3a6ea5")
#: Share of a row over which the marks of the methods are spread, so that equal ranks do not hide each other.
_SPREAD: Final = 0.5


def score_intervals(
    certainty: BootstrapResult,
    names: Mapping[str, str],
    words: Words,
    ax: Axes | None = None,
    *,
    own: Collection[str] = (),
    doubtful: Collection[str] = (),
) -> Axes:
    """The score of every municipality with its interval, the best on top.

    Parameters
    ----------
    certainty : BootstrapResult
        Bias-corrected scores.
    names : mapping of str to str
        Name of each unit in the report's language.
    words : Words
        Language of the labels.
    ax : matplotlib.axes.Axes, optional
        Axes to draw on; new ones if absent.
    own : collection of str
        Units to highlight.
    doubtful : collection of str
        Units whose names get the mark of doubtful figures.

    Returns
    -------
    matplotlib.axes.Axes
    """
    names = marked_names(names, doubtful)
    table = certainty.scores.sort_values(["corrected", "unit"], ascending=[False, True], ignore_index=True)
    _ = words.gettext
    marks = [
        Mark(_("corrected"), ACCENT),
        Mark(_("95% interval"), INTERVAL, "line"),
        Mark(_("DEA as it is"), INK, "ring"),
    ]
    with house_style():
        ax = _rows(table["unit"], names, marks, ax, own)
        y = np.arange(len(table))
        ax.hlines(y, table["low"], table["high"], color=INTERVAL, lw=2.5, capstyle="butt", zorder=2)
        ax.scatter(table["corrected"], y, s=30, color=ACCENT, edgecolor="white", lw=0.6, zorder=4)
        ax.scatter(table["efficiency"], y, s=16, facecolor="white", edgecolor=INK, lw=0.9, zorder=3)
        least = float(table["low"].min())
        ax.set_xlim(0.0 if least < 0.2 else least - 0.05, 1.03)
        plain_ticks(ax.xaxis, words, 6)
        ax.set_xlabel(_("Efficiency (1 = best practice)"), loc="right")
    return ax


def rank_ranges(
    methods: MethodComparison,
    names: Mapping[str, str],
    words: Words,
    ax: Axes | None = None,
    *,
    own: Collection[str] = (),
    doubtful: Collection[str] = (),
) -> Axes:
    """Rank of every municipality by each method, and the range between the best and the worst of them.

    Parameters
    ----------
    methods : MethodComparison
        Several methods side by side.
    names : mapping of str to str
        Name of each unit in the report's language.
    words : Words
        Language of the labels.
    ax : matplotlib.axes.Axes, optional
        Axes to draw on; new ones if absent.
    own : collection of str
        Units to highlight.
    doubtful : collection of str
        Units whose names get the mark of doubtful figures.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    OptionError
        If no method tells the units apart.
    """
    if not methods.telling:
        raise OptionError("There are no ranks to draw: none of the methods tells the units apart.")
    names = marked_names(names, doubtful)
    ranges = methods.ranges.sort_values(["median", "best", "unit"], ignore_index=True)
    ranks = methods.ranks.loc[ranges["unit"], list(methods.telling)]
    _ = words.gettext
    marks = [
        Mark(method_word(method, words), ink, shape)
        for method, ink, shape in zip(methods.telling, _INKS, _SHAPES, strict=False)
    ]
    with house_style():
        ax = _rows(ranges["unit"], names, marks, ax, own)
        y = np.arange(len(ranges))
        ax.hlines(y, ranges["best"], ranges["worst"], color=HALF, lw=7, capstyle="round", zorder=2)
        steps = _SPREAD * (np.arange(len(marks)) / max(1, len(marks) - 1) - 0.5) if len(marks) > 1 else [0.0]
        for method, mark, step in zip(methods.telling, marks, steps, strict=True):
            ax.scatter(
                ranks[method], y + step, s=20, marker=mark.shape, color=mark.colour, lw=0, zorder=4, clip_on=False
            )
        ax.set_xlim(len(ranges) + 0.6, 0.4)  # the best to the right, as in every figure of the report
        plain_ticks(ax.xaxis, words, 8)
        ax.set_xlabel(_("Rank (right: the best)"), loc="right")
    return ax


def _rows(
    units: Iterable[Any], names: Mapping[str, str], marks: Sequence[Mark], ax: Axes | None, own: Collection[str]
) -> Axes:
    codes = [str(unit) for unit in units]
    return row_axes([names[c] for c in codes], marks, ax, own=[row for row, c in enumerate(codes) if c in own])


def context_effects(
    context: ContextEffects, passports: Mapping[str, Passport], words: Words, ax: Axes | None = None
) -> Axes:
    """What a usual difference in each context indicator goes with, with its interval.

    Parameters
    ----------
    context : ContextEffects
        What context has to do with the scores.
    passports : mapping of str to Passport
        Passports of the indicators.
    words : Words
        Language of the labels.
    ax : matplotlib.axes.Axes, optional
        Axes to draw on; new ones if absent.

    Returns
    -------
    matplotlib.axes.Axes
        To the left of zero: nearer to the best practice.

    Raises
    ------
    OptionError
        If nothing could be estimated.
    """
    if context.result is None:
        raise OptionError(f"There is nothing to draw: {context.reason}")
    table = context.effects
    is_sure = table["is_significant"].fillna(False).to_numpy(dtype=bool)
    inks = np.where(is_sure, ACCENT, MIDDLE)
    _ = words.gettext
    with house_style():
        ax = ax or canvas(0.42 * len(table) + 0.95, left=2.0, right=0.25, top=0.38, bottom=0.55)
        y = np.arange(len(table))
        ax.axvline(0.0, color=INK, lw=0.8, zorder=1)
        ax.hlines(y, table["low"], table["high"], color=inks, lw=2.5, zorder=2)
        # Filled or open: the colour alone would not tell everybody.
        faces = np.where(is_sure, ACCENT, "white")
        ax.scatter(table["change"], y, s=36, color=faces, edgecolor=inks, lw=1.4, zorder=3)
        ax.set_yticks(y, [folded(label_of(passports[name], words), 1.8) for name in table["indicator"]])
        ax.set_ylim(len(table) - 0.5, -0.5)
        ax.tick_params(axis="y", length=0, labelcolor=INK, labelsize=SMALL)
        ax.spines["left"].set_visible(False)
        plain_ticks(ax.xaxis, words, 5)
        ax.set_xlabel(_("Change of the distance per standard deviation"), loc="right")
        ax.text(0.0, 1.03, "← " + _("nearer to the best"), transform=ax.transAxes, color=GREY, fontsize=SMALL)
        ax.text(1.0, 1.03, _("further away") + " →", transform=ax.transAxes, color=GREY, fontsize=SMALL, ha="right")
    return ax


def merger_gains(
    gains: ReformGains,
    names: Mapping[str, str],
    words: Words,
    ax: Axes | None = None,
    *,
    own: Collection[str] = (),
) -> Axes:
    """What each merger could have saved by learning, and what by merging.

    Parameters
    ----------
    gains : ReformGains
        From `comparison.reform_gains`.
    names : mapping of str to str
        Name of each merged municipality in the report's language.
    words : Words
        Language of the labels.
    ax : matplotlib.axes.Axes, optional
        Axes to draw on; new ones if absent.
    own : collection of str
        Units to highlight.

    Returns
    -------
    matplotlib.axes.Axes
        Per cent of the joint expenditure; left of zero merging costs.
    """
    table = gains.savings.dropna(subset=["merging_pct"])
    _ = words.gettext
    marks = [Mark(_("by merging"), ACCENT), Mark(_("by learning from the best, without merging"), INK, "ring")]
    with house_style():
        ax = _rows(table["unit"], names, marks, ax, own)
        y = np.arange(len(table))
        ax.axvline(0.0, color=INK, lw=0.8, zorder=1)
        ax.hlines(y, 0.0, table["merging_pct"], color=INTERVAL, lw=2.5, capstyle="butt", zorder=2)
        ax.scatter(table["merging_pct"], y, s=20, color=ACCENT, lw=0, zorder=4)
        ax.scatter(table["learning_pct"], y, s=16, facecolor="white", edgecolor=INK, lw=0.9, zorder=3)
        plain_ticks(ax.xaxis, words, 6)
        ax.set_xlabel(_("Potential saving, % of joint expenditure"), loc="right")
    return ax
