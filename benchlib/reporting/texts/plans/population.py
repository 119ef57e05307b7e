"""Sentences of a social-service plan on the population: how it changed beside the group, and why there is no forecast."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from benchlib.comparison import PopulationChange
from benchlib.reporting.values import as_shown, listed, names_listed
from benchlib.reporting.words import Words


def population_sentences(change: PopulationChange, words: Words) -> list[str]:
    """How the population changed, beside the group.

    Parameters
    ----------
    change : PopulationChange
        From `comparison.population_change`.
    words : Words
        Language of the text.

    Returns
    -------
    list of str
    """
    _ = words.gettext
    m = words.name(change.group.municipality)
    if not change.years:
        return [_("There is no yearly series of the population for the municipalities of this time.")]
    first, last = change.summary.iloc[0], change.summary.iloc[-1]
    span = {"m": m, "start": int(first["year"]), "end": int(last["year"])}
    sentences = []
    if change.has_own:
        sentences.append(
            _("From {start} to {end} the population of {m} changed from {a} to {b} ({change}).").format(
                a=words.number(first["value"]),
                b=words.number(last["value"]),
                change=_percent(last["index"], words),
                **span,
            )
        )
    else:
        sentences.append(
            _(
                "There is no yearly series of the population of {m} among the figures: the table holds novadi only, not state cities."
            ).format(m=m)
        )
    count = int(last["members_with_figure"])
    if np.isnan(last["median"]):
        text = words.ngettext(
            "{n} member of the group has figures: too few for a median.",
            "{n} members of the group have figures: too few for a median.",
            count,
        )
        sentences.append(text.format(n=count))
    else:
        text = words.ngettext(
            "Median of the {n} member of the group with figures: {median}.",
            "Median of the {n} members of the group with figures: {median}.",
            count,
        )
        sentences.append(text.format(n=count, median=_percent(last["median"], words)))
    return sentences


def _percent(index: float, words: Words) -> str:
    """Change in per cent from an index of 100, as it is shown."""
    return words.percent(float(as_shown(index - 100, 1)), 1, sign=True)


def forecast_note(words: Words) -> str:
    """Why there is no forecast."""
    return words.gettext(
        "No forecast is made. An honest one needs births, deaths and moves by age, which these figures do not hold; to draw the line on "
        "would promise more than is known. For planning, ask the Central Statistical Bureau for one."
    )


def population_texts(change: PopulationChange, names: Mapping[str, str], words: Words) -> dict[str, str]:
    """Alt text and caption of the figure of population.

    Parameters
    ----------
    change : PopulationChange
        From `comparison.population_change`, with years.
    names : mapping of str to str
        Names by code, in the report's language.
    words : Words
        Language of the text.

    Returns
    -------
    dict of str to str
        "alt" and "caption".
    """
    _ = words.gettext
    last = change.table.loc[change.table["year"] == change.years[-1]].dropna(subset="index").sort_values("index")
    values = [f"{names[row['territory']]} {words.number(row['index'], 1)}" for row in last.to_dict("records")]
    median = float(change.summary["median"].iloc[-1])
    has_median = not np.isnan(median)
    alt = (
        _("Population, {start} = 100. In {end}, lowest first: {values}; median {median}.")
        if has_median
        else _("Population, {start} = 100. In {end}, lowest first: {values}.")
    ).format(
        start=change.years[0],
        end=change.years[-1],
        values=listed(values, words) or words.missing,
        median=words.number(median, 1),
    )
    caption = (
        _("Population, {start} = 100: each grey line is a member of the group, dashed their median, orange {m}.")
        if has_median
        else _("Population, {start} = 100: each grey line is a member of the group, orange {m}; too few for a median.")
    ).format(start=change.years[0], m=words.name(change.group.municipality))
    if change.without:
        unknown = [unit for unit in change.group.members if unit.code in change.without]
        caption += " " + _("Without figures: {names}.").format(names=names_listed(unknown, words))
    return {"alt": alt, "caption": caption}
