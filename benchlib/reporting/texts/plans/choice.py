"""Sentences of the improvement plan on the choice: among which indicators gaps are looked for, which become goals, and why not others."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from benchlib.comparison import Gaps
from benchlib.indicators import Catalogue, Passport
from benchlib.indicators.plans.plan import WHOLE_REPORT
from benchlib.reporting.values import listed
from benchlib.reporting.words import Words


def goals_sentence(gaps: Gaps, chosen: pd.DataFrame, passports: Mapping[str, Passport], words: Words) -> str:
    """Which gaps become goals; or why none does.

    Parameters
    ----------
    gaps : Gaps
        From `comparison.find_gaps`.
    chosen : pandas.DataFrame
        From `comparison.choose_gaps`.
    passports : mapping of str to Passport
        Passports of the indicators.
    words : Words
        Language of the text.

    Returns
    -------
    str
    """
    _ = words.gettext
    if len(chosen):
        names = listed([passports[i].name[words.language] for i in chosen["indicator"]], words, quoted=True)
        return _proposed(_want(chosen), len(chosen), words).format(indicators=names)
    if (gaps.table["why_not"] == "not worse").any():
        return _("No goal is proposed: on no indicator with figures is {m} behind {aim}.").format(
            m=words.name(gaps.profile.municipality), aim=aim_word(gaps.aim, words)
        )
    return _("No goal is proposed: there are no figures from which a gap could be read.")


def _proposed(want: str, count: int, words: Words) -> str:
    """The sentence on the goals, by what they lack."""
    if want == "unclear":
        return words.ngettext(
            "Proposed for want of anything clearer: {indicators}. This gap is not clear either.",
            "Proposed for want of anything clearer: {indicators}. These gaps are not clear either.",
            count,
        )
    if want == "doubtful":
        return words.ngettext(
            "Proposed for want of anything clearer: {indicators}. The municipality's own figure is doubtful: check it first.",
            "Proposed for want of anything clearer: {indicators}. The municipality's own figures are doubtful: check them first.",
            count,
        )
    if want == "mixed":
        return words.ngettext(
            "Proposed for want of anything clearer: {indicators}. The gap is not clear, or rests on a doubtful figure.",
            "Proposed for want of anything clearer: {indicators}. Each gap is not clear, or rests on a doubtful figure.",
            count,
        )
    return words.ngettext("Proposed goal: {indicators}.", "Proposed goals: {indicators}.", count)


def _want(chosen: pd.DataFrame) -> str:
    """What all the goals lack: "unclear" if no gap is clear, "doubtful" if each rests on a doubtful figure, or "mixed"; "" else."""
    kinds = set(chosen["certainty"])
    if not kinds or kinds - {"unclear", "doubtful"}:
        return ""
    return kinds.pop() if len(kinds) == 1 else "mixed"


def aim_word(aim: str, words: Words) -> str:
    """What is aimed at, in the accusative of a sentence: from "median" or "quarter"."""
    _ = words.gettext
    return {
        "median": _("the median of its comparison group"),
        "quarter": _("what the best quarter of its comparison group reaches"),
    }[aim]


def theme_sentence(theme: str, gaps: Gaps, catalogue: Catalogue, words: Words) -> str:
    """Among which indicators gaps are looked for, and what counts as one.

    Parameters
    ----------
    theme : str
        "report", or a network by id.
    gaps : Gaps
        From `comparison.find_gaps`: it knows what is aimed at.
    catalogue : Catalogue
        Networks.
    words : Words
        Language of the text.

    Returns
    -------
    str
    """
    _ = words.gettext
    if theme == WHOLE_REPORT:
        where = _("Gaps are looked for among the indicators that the report on a municipality compares.")
    else:
        where = _("Gaps are looked for among the indicators of network {name}.").format(
            name=catalogue.network(theme).name[words.language]
        )
    what = {
        "median": _("A gap is a figure worse than the median of the comparison group: what half of its members reach."),
        "quarter": _("A gap is a figure worse than what the best quarter of the comparison group reaches."),
    }[gaps.aim]
    if gaps.is_ahead:
        what = _(
            "On no indicator is the municipality behind the median of its comparison group, so it is held against what the best quarter "
            "of the group reaches: whatever is worse than that counts as a gap."
        )
    never = _("Context that a municipality cannot change never becomes a goal.")
    return f"{where} {what} {never}"


def choice_sentences(gaps: Gaps, chosen: pd.DataFrame, passports: Mapping[str, Passport], words: Words) -> list[str]:
    """Why these gaps and not others, with every indicator named.

    Parameters
    ----------
    gaps : Gaps
        From `comparison.find_gaps`.
    chosen : pandas.DataFrame
        From `comparison.choose_gaps`.
    passports : mapping of str to Passport
        Passports of the indicators.
    words : Words
        Language of the text.

    Returns
    -------
    list of str
    """
    _ = words.gettext
    taken = set(chosen["indicator"])
    left = gaps.open.loc[~gaps.open["indicator"].isin(taken)]
    unclear, doubtful = (left.loc[left["certainty"] == word, "indicator"] for word in ("unclear", "doubtful"))
    later = left.loc[~left["certainty"].isin(("unclear", "doubtful")), "indicator"]
    groups = [
        (_("Not behind: {indicators}."), gaps.table.loc[gaps.table["why_not"] == "not worse", "indicator"]),
        (_("Behind, but not clearly, and therefore no goal: {indicators}."), unclear),
        (
            _("Behind by a doubtful figure, which is to be checked first, and therefore no goal: {indicators}."),
            doubtful,
        ),
        (_("Behind too, left for a later plan: {indicators}."), later),
        (
            _("By area, which follows from settlement more than from decisions, and therefore no goal: {indicators}."),
            gaps.table.loc[gaps.table["why_not"] == "by area", "indicator"],
        ),
        (_("No own figure: {indicators}."), gaps.table.loc[gaps.table["why_not"] == "no figure", "indicator"]),
        (
            _("Too few members have a figure: {indicators}."),
            gaps.table.loc[gaps.table["why_not"] == "too few", "indicator"],
        ),
        (
            _("Figures only of years to which the plan cannot refer: {indicators}."),
            gaps.table.loc[gaps.table["why_not"] == "another year", "indicator"],
        ),
    ]
    sentences = [
        text.format(indicators=listed([passports[i].name[words.language] for i in names], words, quoted=True))
        for text, names in groups
        if len(names)
    ]
    want = _want(chosen)
    if not want:
        return sentences
    first = _("No gap is sure. What is proposed below is proposed only because there is nothing else; think twice.")
    if want == "unclear":
        first = {
            "median": _(
                "No gap is clear: that would take a figure worse than the median in every year looked at, by more than a little, and "
                "outside the interval of the median. What is proposed below is proposed only because there is nothing else; think twice."
            ),
            "quarter": _(
                "No gap is clear: that would take a figure worse than what the best quarter reaches in every year looked at, by more than "
                "a little, and outside the interval of that. What is proposed below is proposed only because there is nothing else; think "
                "twice."
            ),
        }[gaps.aim]
    return [first, *sentences]
