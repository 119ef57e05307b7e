"""Sentences of the improvement plan on partners, practice examples and caveats."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from benchlib.indicators import ImprovementPlan, Passport, Practice
from benchlib.reporting.base import literal
from benchlib.reporting.values import listed
from benchlib.reporting.words import Words


def partner_sentences(
    plan: ImprovementPlan,
    partners: pd.DataFrame,
    unnamed: pd.DataFrame,
    passports: Mapping[str, Passport],
    names: Mapping[str, str],
    words: Words,
) -> list[str]:
    """For which goals nobody can be named as a partner, who is not named because of a doubtful figure, and what the list means.

    Parameters
    ----------
    plan : ImprovementPlan
        The new plan.
    partners : pandas.DataFrame
        From `comparison.plan_partners`.
    unnamed : pandas.DataFrame
        From `comparison.unnamed_members`.
    passports : mapping of str to Passport
        Passports of the indicators.
    names : mapping of str to str
        Names by code, in the report's language.
    words : Words
        Language of the text.

    Returns
    -------
    list of str
    """
    _ = words.gettext
    sentences = []
    alone = [
        goal.indicator for goal in plan.goals if not goal.partners and goal.indicator not in set(unnamed["indicator"])
    ]
    if alone:
        shown = listed([passports[i].name[words.language] for i in alone], words, quoted=True)
        sentences.append(_("Nobody compared is distinguishably better: {indicators}.").format(indicators=shown))
    sentences += unnamed_sentences(unnamed, names, words)
    if not len(partners):
        return sentences
    by_rank = partners.loc[(partners["role"] == "") & ~partners["is_sure"].astype(bool)]
    if (~by_rank["is_own_doubtful"].astype(bool)).any():
        sentences.append(
            _("Where a rank rests on one year, the best of that year are named; whether they stay better is not known.")
        )
    if partners["is_own_doubtful"].any():
        sentences.append(_("Where the own figure is doubtful, nobody can be said to be surely better."))
    sentences.append(
        _(
            "Ask before you copy: better figures may rest on other conditions, another scope of the service or another way of booking."
        )
    )
    return sentences


def unnamed_sentences(unnamed: pd.DataFrame, names: Mapping[str, str], words: Words) -> list[str]:
    """Who is better, but not named as a partner, because the figure is doubtful.

    Parameters
    ----------
    unnamed : pandas.DataFrame
        From `comparison.unnamed_members`.
    names : mapping of str to str
        Names by code, in the report's language.
    words : Words
        Language of the text.

    Returns
    -------
    list of str
        Empty if there is nobody.
    """
    shown = [names[str(code)] for code in dict.fromkeys(unnamed["territory"])]
    text = words.gettext("Not named as partners, because their figures are doubtful: {names}.")
    return [text.format(names=listed(shown, words))] if shown else []


def caveat_bullets(indicators: Iterable[str], passports: Mapping[str, Passport], words: Words) -> list[str]:
    """What must be known before the figures of goals are used, from their passports.

    Parameters
    ----------
    indicators : iterable of str
        Indicators of the goals.
    passports : mapping of str to Passport
        Passports of the indicators.
    words : Words
        Language of the text.

    Returns
    -------
    list of str
    """
    text = words.gettext("{indicator}: {caveat}")
    return [
        text.format(indicator=passports[i].name[words.language], caveat=passports[i].caveats[words.language])
        for i in indicators
        if passports[i].caveats[words.language]
    ]


def practice_bullets(
    practices: Mapping[str, Sequence[Practice]], passports: Mapping[str, Passport], words: Words
) -> list[str]:
    """Practice examples: what was done, by whom, what came of it, where it is written.

    Parameters
    ----------
    practices : mapping of str to sequence of Practice
        Examples by indicator, from `comparison.plan_practices`.
    passports : mapping of str to Passport
        Passports of the indicators.
    words : Words
        Language of the text.

    Returns
    -------
    list of str
        Each example once; a sentence where there is none.
    """
    _ = words.gettext
    none = [passports[i].name[words.language] for i, found in practices.items() if not found]
    examples = {practice.id: practice for found in practices.values() for practice in found}
    bullets = [practice_text(practice, words) for practice in examples.values()]
    if none:
        text = _("The catalogue holds no practice example yet for: {indicators}. Add one: benchlib practices add FILE")
        bullets.append(text.format(indicators=listed(none, words, quoted=True)))
    return bullets


def practice_text(practice: Practice, words: Words) -> str:
    """A practice example in a few sentences.

    Parameters
    ----------
    practice : Practice
        The example.
    words : Words
        Language of the text.

    Returns
    -------
    str
    """
    _ = words.gettext
    if practice.unit is not None:
        who = str(words.name(practice.unit))
    else:
        who = literal(practice.body[words.language]) if practice.body else practice.country
    year = str(practice.year) if practice.year else ""
    title, action, result = (
        literal(text[words.language]) for text in (practice.title, practice.action, practice.result)
    )
    parts = [f"**{title}** ({', '.join(part for part in (who, year) if part)})."]
    parts.append(_sentence(action))
    parts.append(
        _sentence(_("Result: {result}").format(result=result))
        if result
        else _("The source does not say what came of it.")
    )
    parts.append(_("Source: {source}").format(source=literal(practice.source)))
    return " ".join(parts)


def _sentence(text: str) -> str:
    """A text with its full stop."""
    text = text.strip()
    return text if text.endswith((".", "!", "?")) else f"{text}."
