"""Alt texts and captions of the figures about one public service: what they show, with their main numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from benchlib.comparison import ReformGains
from benchlib.indicators import Passport
from benchlib.reporting.values import (
    cost_mark,
    cost_note,
    direction_word,
    doubt_note,
    label_of,
    listed,
    marked,
    marked_names,
    method_word,
)
from benchlib.reporting.words import Name, Words

if TYPE_CHECKING:  # both load statsmodels, which a report without them does not need
    from benchlib.comparison import ServiceOverview

#: How many at either end an alt text names.
_ENDS = 3


class _MarkedName(Name):
    """The name of a municipality with doubtful figures, with the mark behind it in every case."""

    def __format__(self, spec: str) -> str:
        return marked(super().__format__(spec), is_doubtful=True)


def frontier_of_all_texts(
    overview: ServiceOverview, names: Mapping[str, str], passports: Mapping[str, Passport], words: Words
) -> dict[str, str]:
    """Alt text and caption of the frontier figure.

    Parameters
    ----------
    overview : ServiceOverview
        Scores of a service in all municipalities.
    names : mapping of str to str
        Names by code, in the report's language.
    passports : mapping of str to Passport
        Passports of the indicators.
    words : Words
        Language of the text.

    Returns
    -------
    dict of str to str
        "alt" and "caption".
    """
    _ = words.gettext
    sample = overview.sample
    best = [str(u) for u, e in zip(sample.units, overview.dea.efficiency, strict=True) if e >= 1.0]
    shown = marked_names(names, overview.doubtful)
    alt = _("{money} and {result} of {n} municipalities. On the DEA frontier: {best}.").format(
        money=passports[sample.inputs[0]].name[words.language],
        result=passports[sample.outputs[0]].name[words.language],
        n=len(sample),
        best=listed([shown[unit] for unit in best], words),
    )
    caption = _(
        "Each dot is a municipality; up and to the left is better. Solid line: DEA frontier through the municipalities named, "
        "dashed: FDH frontier."
    )
    if set(best) & set(overview.doubtful):
        caption += f" {doubt_note(words)}"
    if cost_mark(passports[sample.inputs[0]]):
        caption += f" {cost_note(words)}"
    return {"alt": alt, "caption": caption}


def intervals_texts(overview: ServiceOverview, names: Mapping[str, str], words: Words) -> dict[str, str]:
    """Alt text and caption of the figure of scores with intervals.

    Parameters
    ----------
    overview : ServiceOverview
        Scores of a service in all municipalities, with certainty.
    names : mapping of str to str
        Names by code, in the report's language.
    words : Words
        Language of the text.

    Returns
    -------
    dict of str to str
        "alt" and "caption"; empty texts where there are no intervals.
    """
    _ = words.gettext
    if overview.certainty is None:
        return {"alt": "", "caption": ""}
    table = overview.certainty.scores.sort_values(["corrected", "unit"], ascending=[False, True])
    shown = marked_names(names, overview.doubtful)

    def ends(rows: pd.DataFrame) -> str:
        return listed(
            [
                f"{shown[str(unit)]} {words.number(value, 2)}"
                for unit, value in zip(rows["unit"], rows["corrected"], strict=True)
            ],
            words,
        )

    alt = _("Corrected efficiency of {n} municipalities with 95% intervals. Highest: {high}. Lowest: {low}.")
    caption = _(
        "Full dot: efficiency corrected for the small number of units; line: 95% interval; ring: DEA before the correction, which is "
        "too high. Where lines overlap, the order is not certain."
    )
    return {
        "alt": alt.format(n=len(table), high=ends(table.head(_ENDS)), low=ends(table.tail(_ENDS))),
        "caption": _noted(caption, overview, words),
    }


def _noted(caption: str, overview: ServiceOverview, words: Words) -> str:
    """The caption of a figure with a row for everybody, with what the mark means if somebody has it."""
    return f"{caption} {doubt_note(words)}" if overview.doubtful else caption


def ranks_texts(overview: ServiceOverview, names: Mapping[str, Name], words: Words) -> dict[str, str]:
    """Alt text and caption of the figure of ranks by method.

    Parameters
    ----------
    overview : ServiceOverview
        Scores of a service in all municipalities.
    names : mapping of str to Name
        Names by code, in the report's language.
    words : Words
        Language of the text.

    Returns
    -------
    dict of str to str
        "alt" and "caption".
    """
    _ = words.gettext
    telling = overview.methods.telling
    ranges = overview.methods.ranges.sort_values(["spread", "unit"], ascending=[False, True])
    alt = _("Ranks of {n} municipalities by the methods {methods}.").format(
        n=len(ranges), methods=listed([method_word(m, words) for m in telling], words, quoted=True)
    )
    if len(telling) > 1:
        widest = ranges.iloc[0]
        text = _("The place of {name} depends most on the method: {best} by one, {worst} by another.")
        name = names[str(widest["unit"])]
        name = _MarkedName(name, words.language) if widest["unit"] in overview.doubtful else name
        alt += " " + text.format(name=name, best=words.rank(widest["best"]), worst=words.rank(widest["worst"]))
    caption = _(
        "Band: from the best to the worst place that the methods give. A wide band: the place depends on the method."
    )
    return {"alt": alt, "caption": _noted(caption, overview, words)}


def context_texts(overview: ServiceOverview, passports: Mapping[str, Passport], words: Words) -> dict[str, str]:
    """Alt text and caption of the figure of context.

    Parameters
    ----------
    overview : ServiceOverview
        Scores of a service in all municipalities, with a second stage.
    passports : mapping of str to Passport
        Passports of the context indicators.
    words : Words
        Language of the text.

    Returns
    -------
    dict of str to str
        "alt" and "caption".
    """
    _ = words.gettext
    parts = [
        f"{label_of(passports[row['indicator']], words)} – {direction_word(row['direction'], words)}"
        for row in overview.context.effects.to_dict("records")
    ]
    alt = _("What goes with more of each condition: {parts}.").format(parts="; ".join(parts))
    caption = _(
        "Dot: change of the distance from the best practice where the condition is greater by one standard deviation, a usual "
        "difference between municipalities; line: 95% interval. Open and grey: the interval contains zero, so nothing is certain."
    )
    return {"alt": alt, "caption": caption}


def reform_texts(gains: ReformGains, names: Mapping[str, str], words: Words) -> dict[str, str]:
    """Alt text and caption of the figure of merger gains.

    Parameters
    ----------
    gains : ReformGains
        From `comparison.reform_gains`.
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
    table = gains.savings.dropna(subset=["merging_pct"])
    first = [
        f"{names[str(row['unit'])]} {words.percent(row['merging_pct'], 1)}"
        for row in table.head(_ENDS).to_dict("records")
    ]
    alt = _("Potential saving of {n} mergers. By merging itself, from the top: {first}.")
    caption = _(
        "Dot: what merging itself could have saved, from a better mix and another size; ring: what each part could have saved by "
        "learning from the best, without merging. Left of zero: a loss."
    )
    return {"alt": alt.format(n=len(table), first=listed(first, words)), "caption": caption}
