"""What merging promised, and what would have needed no merger."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from benchlib.comparison import ReformGains
from benchlib.reporting.values import as_shown, listed
from benchlib.reporting.words import Name, Words


def reform_sentences(gains: ReformGains, names: Mapping[str, Name], words: Words) -> list[str]:
    """What merging could have saved, and what would have needed no merger.

    Parameters
    ----------
    gains : ReformGains
        From `comparison.reform_gains`.
    names : mapping of str to Name
        Names by code, in the report's language.
    words : Words
        Language of the text.

    Returns
    -------
    list of str
    """
    _ = words.gettext
    table = gains.savings.dropna(subset=["merging_pct"])
    if table.empty:
        return [_("No merger can be assessed with the figures of this year.")]
    count = words.ngettext(
        "{n} merger of the reform can be assessed.", "{n} mergers of the reform can be assessed.", len(table)
    ).format(n=len(table))
    return [f"{count} {_middle_sentence(table, words)}", *_ends(table, names, words), *_limits(gains, names, words)]


def _middle_sentence(table: pd.DataFrame, words: Words) -> str:
    learning, merging = (float(table[f"{part}_pct"].median()) for part in ("learning", "merging"))
    if as_shown(merging, 1) > 0:
        text = words.gettext(
            "At the median, learning from the best without any merger could have saved {learning} of the joint expenditure, and "
            "merging itself {merging} more."
        )
    else:
        text = words.gettext(
            "At the median, learning from the best without any merger could have saved {learning} of the joint expenditure; merging "
            "itself promised no saving."
        )
    return text.format(learning=words.percent(learning, 1), merging=words.percent(merging, 1))


def _ends(table: pd.DataFrame, names: Mapping[str, Name], words: Words) -> list[str]:
    """The greatest saving, and the losses."""
    sentences = []
    best = table.iloc[0]
    if as_shown(best["merging_pct"], 1) > 0:
        text = words.gettext("The greatest saving by merging itself was to be expected in {name}: {share}.")
        sentences.append(text.format(name=names[str(best["unit"])], share=words.percent(best["merging_pct"], 1)))
    losing = [names[str(row["unit"])] for row in table.to_dict("records") if as_shown(row["merging_pct"], 1) < 0]
    if losing:
        text = words.ngettext(
            "For {n} merger the figures of before the reform speak of a loss: {names}.",
            "For {n} mergers the figures of before the reform speak of a loss: {names}.",
            len(losing),
        )
        sentences.append(text.format(n=len(losing), names=listed(losing, words)))
    return sentences


def _limits(gains: ReformGains, names: Mapping[str, Name], words: Words) -> list[str]:
    """Who could not be assessed, or not whole."""
    sentences = []
    if gains.unknown:
        text = words.ngettext(
            "{n} more cannot be assessed, because figures of a part are missing or doubtful: {names}.",
            "{n} more cannot be assessed, because figures of a part are missing or doubtful: {names}.",
            len(gains.unknown),
        )
        sentences.append(text.format(n=len(gains.unknown), names=listed([names[u] for u in gains.unknown], words)))
    if gains.incomplete:
        text = words.gettext("Assessed without a part, because the reform split that part: {names}.")
        sentences.append(text.format(names=listed([names[u] for u in gains.incomplete], words)))
    return sentences


def reform_note(gains: ReformGains, year: int, words: Words) -> str:
    """What the potential of a merger is and is not.

    Parameters
    ----------
    gains : ReformGains
        From `comparison.reform_gains`.
    year : int
        Year of the figures.
    words : Words
        Language of the text.

    Returns
    -------
    str
    """
    text = words.gettext(
        "This is what the figures of {year} let expect before the reform, not what came of it. Expenditure per pupil is "
        "multiplied by the pupils of {volume}; distance to school, closing of schools and the cost of merging are not in it. The shares "
        "have no interval."
    )
    return text.format(year=year, volume=gains.volume_year)
