"""Satisfaction against cost: the quadrants with the interval of each mean answer."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from matplotlib.axes import Axes

from benchlib.comparison import SatisfactionAgainstCost
from benchlib.errors import OptionError
from benchlib.indicators import Passport
from benchlib.reporting.plots.quadrants import Corners, quadrants
from benchlib.reporting.values import cost_mark, label_of
from benchlib.reporting.words import Words


def satisfaction(
    result: SatisfactionAgainstCost,
    passport: Passport,
    names: Mapping[str, str],
    words: Words,
    *,
    own: Collection[str] = (),
    ax: Axes | None = None,
) -> Axes:
    """Mean answer against cost, with the medians as a cross.

    Parameters
    ----------
    result : SatisfactionAgainstCost
        With medians (`has_medians`).
    passport : Passport
        The cost.
    names : mapping of str to str
        Names by code, in the report's language.
    words : Words
        Language of the labels.
    own : collection of str
        Codes to highlight.
    ax : matplotlib.axes.Axes, optional
        Axes to draw on; new ones if absent.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    OptionError
        If too few have both figures for medians.
    """
    _ = words.gettext
    if not result.has_medians:
        raise OptionError("There is nothing to draw: too few have both figures for medians (result.has_medians).")
    low, high = (words.number(end, 0 if end == int(end) else 1) for end in result.scale)
    return quadrants(
        result.both,
        names,
        words,
        x_label=f"{label_of(passport, words, year=result.cost_year)}{cost_mark(passport)}",
        y_label=_("Mean answer, from {low} to {high}, {year}").format(low=low, high=high, year=result.answer_year),
        corners=Corners(
            _("less money, more satisfied"),
            _("more money, more satisfied"),
            _("less money, less satisfied"),
            _("more money, less satisfied"),
        ),
        cross=(result.median_cost, result.median_answer),
        own=own,
        ax=ax,
    )
