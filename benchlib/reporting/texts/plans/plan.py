"""Sentences of the improvement plan: where the gaps are, which become goals, what reaching them would mean, how to fill the plan in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from benchlib.comparison import FollowUp, Gaps
from benchlib.comparison.ranks import SMALL_GAP
from benchlib.indicators import Goal, ImprovementPlan, Passport
from benchlib.reporting.texts.plans.choice import aim_word, choice_sentences, goals_sentence, theme_sentence
from benchlib.reporting.texts.plans.details import (
    change_range,
    change_value,
    file_header,
    fill_in_bullets,
    goal_titles,
    pace_bullets,
    pace_sentence,
    path_texts,
    title,
    worth_bullets,
    worth_note,
)
from benchlib.reporting.texts.plans.doubts import doubt_bullets
from benchlib.reporting.texts.plans.learning import caveat_bullets, partner_sentences, practice_bullets, practice_text
from benchlib.reporting.values import as_shown, marked, ranked_row, short_value
from benchlib.reporting.words import Words

__all__ = [
    "aim_word",
    "caveat_bullets",
    "certainty_sentence",
    "change_range",
    "change_value",
    "choice_sentences",
    "doubt_bullets",
    "file_header",
    "fill_in_bullets",
    "followed_sentence",
    "gap_value",
    "goal_bullets",
    "goal_titles",
    "goals_sentence",
    "nature_note",
    "pace_bullets",
    "pace_sentence",
    "partner_sentences",
    "path_texts",
    "practice_bullets",
    "practice_text",
    "summary",
    "theme_sentence",
    "title",
    "unclear_reason",
    "worth_bullets",
    "worth_note",
]


def nature_note(words: Words) -> str:
    """What the report is: a proposal from figures, to be decided by people.

    Parameters
    ----------
    words : Words
        Language of the text.

    Returns
    -------
    str
    """
    return words.gettext(
        "A proposal made from figures, not a decision. It names gaps, offers targets and says whom to ask; what is done, by whom and for "
        "how much, the municipality decides and fills in."
    )


def summary(
    gaps: Gaps,
    plan: ImprovementPlan,
    chosen: pd.DataFrame,
    followed: FollowUp | None,
    passports: Mapping[str, Passport],
    words: Words,
) -> list[str]:
    """The main messages, one sentence each.

    Parameters
    ----------
    gaps : Gaps
        From `comparison.find_gaps`.
    plan : ImprovementPlan
        The new plan.
    chosen : pandas.DataFrame
        From `comparison.choose_gaps`.
    followed : FollowUp or None
        From `comparison.follow_up`; None where no plan is followed up.
    passports : mapping of str to Passport
        Passports of the indicators.
    words : Words
        Language of the text.

    Returns
    -------
    list of str
    """
    sentences = [] if followed is None else [followed_sentence(followed, words)]
    sentences.append(goals_sentence(gaps, chosen, passports, words))
    for row in chosen.loc[chosen["room_eur"] >= 500].to_dict("records") if len(chosen) else ():
        sentences.append(_money_sentence(row, passports[row["indicator"]], words))
    if plan.goals:
        sentences.append(
            words.gettext(
                "Measures, costs and the office responsible are still to be filled in; the plan comes with the report as a file of its own."
            )
        )
    return sentences


def _money_sentence(row: Mapping[Any, Any], passport: Passport, words: Words) -> str:
    """What a target is worth, never more certain than its interval."""
    _ = words.gettext
    room = marked(words.euro(round(row["room_eur"], -3)), row["is_doubtful"])
    about = {"indicator": passport.name[words.language], "room": room}
    if row["room_low_eur"] > 0:
        text = _(
            "Reaching the target for “{indicator}” would free about {room} a year: a scale for discussion, not a saving."
        )
    else:
        text = _(
            "Reaching the target for “{indicator}” would free about {room} a year, but in so small a group it may be nothing at all."
        )
    return text.format(**about)


def followed_sentence(followed: FollowUp, words: Words) -> str:
    """How many goals of the plan that is followed up are reached.

    Parameters
    ----------
    followed : FollowUp
        From `comparison.follow_up`.
    words : Words
        Language of the text.

    Returns
    -------
    str
    """
    _ = words.gettext
    undecided = len(followed.undecided)
    text = _(
        "Goals of the plan of {year}: reached {reached}, on the way {way}, not on the way {behind}, without a figure {none}."
    )
    told = text.format(
        year=followed.plan.base_year,
        reached=followed.count("reached"),
        way=followed.count("on the way"),
        behind=followed.count("behind", "no path"),
        none=followed.count("no figure"),
    )
    if not undecided:
        return told
    more = words.ngettext(
        "For {n} goal whose time is over there is no figure of the target year or later.",
        "For {n} goals whose time is over there is no figure of the target year or later.",
        undecided,
    )
    return f"{told} {more.format(n=undecided)}"


def goal_bullets(
    plan: ImprovementPlan, chosen: pd.DataFrame, passports: Mapping[str, Passport], words: Words
) -> list[str]:
    """Each goal: from what to what by when, the rank, and how sure the gap is.

    Parameters
    ----------
    plan : ImprovementPlan
        The new plan.
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
    rows = chosen.set_index("indicator").to_dict("index")
    return [_goal_bullet(goal, rows[goal.indicator], passports[goal.indicator], words) for goal in plan.goals]


def _goal_bullet(goal: Goal, row: Mapping[Any, Any], passport: Passport, words: Words) -> str:
    _ = words.gettext
    text = {
        "median": _(
            "**{indicator}**: from {base} ({base_year}) to **{target}** in {year}, the median of the comparison group."
        ),
        "quarter": _(
            "**{indicator}**: from {base} ({base_year}) to **{target}** in {year}, what the best quarter of the comparison group reaches."
        ),
    }[goal.comparator]
    told = text.format(
        indicator=passport.name[words.language],
        base=marked(short_value(row["value"], passport, words), row["is_doubtful"]),
        base_year=row["year"],
        target=short_value(goal.target, passport, words),
        year=goal.target_year,
    )
    rank = _("Rank in the group: {rank}.").format(rank=ranked_row(row, words))
    return f"{told} {rank} {certainty_sentence(row, passport, words)}"


def certainty_sentence(row: Mapping[Any, Any], passport: Passport, words: Words) -> str:
    """How sure a gap is.

    Parameters
    ----------
    row : mapping
        A row of `Gaps.table`.
    passport : Passport
        Its indicator.
    words : Words
        Language of the text.

    Returns
    -------
    str
    """
    _ = words.gettext
    years, worse = int(row["years"]), int(row["years_worse"])
    if row["certainty"] == "doubtful":
        return _("The own figure of {year} is doubtful: check it before a goal is made of it.").format(year=row["year"])
    if row["certainty"] == "one year":
        return _("The gap rests on one year: nothing says how much the rank moves.")
    if row["certainty"] == "clear":
        text = words.ngettext("Behind in {n} year of {n} looked at.", "Behind in all {n} years looked at.", years)
        return text.format(n=years)
    reason = unclear_reason(row)
    if reason == "years":
        return _("Behind in only {k} of {n} years looked at: the gap is not clear.").format(k=worse, n=years)
    if reason == "small":
        return _("The gap is small beside the differences within the group, so it is not clear.")
    text = _(
        "The own figure lies within the interval of what is aimed at ({low} to {high}, {level} interval): in so small a group it cannot "
        "surely be told from it."
    )
    ends = {name: short_value(row[f"aim_{name}"], passport, words) for name in ("low", "high")}
    return text.format(**ends, level=words.percent(100 * row["aim_level"], 0))


def unclear_reason(row: Mapping[Any, Any]) -> str:
    """What a gap lacks to be clear.

    Parameters
    ----------
    row : mapping
        A row of `Gaps.table` whose certainty is "unclear".

    Returns
    -------
    str
        "years": not every year shows it; "small"; or "interval": the own figure lies within that of the aim.
    """
    if row["years_worse"] < row["years"]:
        return "years"
    return "small" if row["distance"] < SMALL_GAP else "interval"


def gap_value(row: Mapping[Any, Any], passport: Passport, words: Words) -> str:
    """The gap as the difference of the two numbers beside it.

    Parameters
    ----------
    row : mapping
        A row of `Gaps.table`.
    passport : Passport
        The indicator.
    words : Words
        Language of the text.

    Returns
    -------
    str
    """
    if np.isnan(row["value"]) or np.isnan(row["aim"]):
        return words.number(np.nan)
    own, aim = (as_shown(float(row[name]), passport.decimals) for name in ("value", "aim"))
    return marked(change_value(float(own - aim), passport, words), row["is_doubtful"])
