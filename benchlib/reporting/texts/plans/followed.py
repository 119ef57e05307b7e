"""Sentences on what became of a plan: goal by goal, and whether figures moved more than they do anyway."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from benchlib.comparison import ComparisonGroup, FollowUp
from benchlib.indicators import ImprovementPlan, Passport
from benchlib.reporting.texts.plans.details import change_range, change_value
from benchlib.reporting.values import as_shown, few_note, listed, marked, names_listed, short_value
from benchlib.reporting.words import Words


def plan_sentences(followed: FollowUp, words: Words) -> list[str]:
    """Which plan is followed up, and up to when.

    Parameters
    ----------
    followed : FollowUp
        From `comparison.follow_up`.
    words : Words
        Language of the text.

    Returns
    -------
    list of str
    """
    count = len(followed.plan.goals)
    text = words.ngettext(
        "The plan was made on the figures of {year} and has {n} goal; figures up to {last} are looked at (file {id}).",
        "The plan was made on the figures of {year} and has {n} goals; figures up to {last} are looked at (file {id}).",
        count,
    )
    return [text.format(year=followed.plan.base_year, n=count, last=followed.year, id=followed.plan.id)]


def nothing_note(plans: Sequence[ImprovementPlan], year: int, words: Words) -> str:
    """That there is no plan to follow up; and which plans of former municipalities there are.

    Parameters
    ----------
    plans : sequence of ImprovementPlan
        Plans of the former municipalities that this one consists of.
    year : int
        Year of the report.
    words : Words
        Language of the text.

    Returns
    -------
    str
    """
    text = words.gettext("No plan from before {year} is followed up here; what follows is a proposal.").format(
        year=year
    )
    if plans:
        more = words.gettext(
            "Plans of former municipalities: {names}. Figures since the reform are those of the joined municipality and say nothing about "
            "them; they can be followed up with the municipalities of 2009 (territory 2009), as long as there are figures."
        )
        named = [f"{plan.name}, {plan.base_year}" for plan in plans]
        text += " " + more.format(names=listed(named, words))
    return text


def heirs_note(followed: FollowUp, words: Words) -> str:
    """That the municipality has passed into others, so that later figures say nothing about its plan.

    Parameters
    ----------
    followed : FollowUp
        From `comparison.follow_up`.
    words : Words
        Language of the text.

    Returns
    -------
    str
        "" while the municipality exists.
    """
    if not followed.heirs:
        return ""
    text = words.gettext(
        "Since the reform the territory of {m} belongs to: {heirs}. There are no figures of {m} after that, and those of the joined "
        "municipality say nothing about this plan."
    )
    return text.format(m=words.name(followed.plan.unit), heirs=names_listed(followed.heirs, words))


def goal_bullets(followed: FollowUp, passports: Mapping[str, Passport], words: Words) -> list[str]:
    """Each goal: state, change beside what is usual, and the group.

    Parameters
    ----------
    followed : FollowUp
        From `comparison.follow_up`.
    passports : mapping of str to Passport
        Passports of the indicators.
    words : Words
        Language of the text.

    Returns
    -------
    list of str
    """
    _ = words.gettext
    bullets = []
    for row in followed.goals.to_dict("records"):
        passport = passports.get(row["indicator"])
        if passport is None:
            bullets.append(
                _("**{id}**: the catalogue has no indicator of this id any more; nothing can be said.").format(
                    id=row["indicator"]
                )
            )
            continue
        parts = [
            _state(row, passport, words),
            _undecided(row, words),
            _change(row, passport, words),
            _group(row, passport, words),
            _doubtful(row, words),
            _revised(row, passport, words),
        ]
        bullets.append(f"**{passport.name[words.language]}**: {' '.join(part for part in parts if part)}")
    return bullets


def _state(row: Mapping[Any, Any], passport: Passport, words: Words) -> str:
    _ = words.gettext
    if row["state"] == "no figure":
        if np.isnan(row["base_year"]):
            return _("there is no figure; nothing can be said.")
        return _("there is no figure after {base_year}; nothing can be said.").format(base_year=int(row["base_year"]))
    key = "late" if row["state"] == "behind" and row["is_final"] else row["state"]
    text = {
        "reached": _("reached, {value} in {year} (target {target})."),
        "on the way": _(
            "on the way, {value} in {year}, where the path asked for {planned} (target {target} in {target_year})."
        ),
        "behind": _(
            "not on the way, {value} in {year}, where the path asked for {planned} (target {target} in {target_year})."
        ),
        "late": _("not reached by {target_year}, {value} in {year} (target {target})."),
        "no path": _("{value} in {year}; the plan says nothing for that year (target {target} in {target_year})."),
    }[key]
    return text.format(
        value=marked(short_value(row["value"], passport, words), row["is_value_doubtful"]),
        year=int(row["year"]),
        planned=short_value(row["planned"], passport, words),
        target=short_value(row["target"], passport, words),
        target_year=row["target_year"],
    )


def _undecided(row: Mapping[Any, Any], words: Words) -> str:
    """That the target year is over and nobody knows what the figure was then."""
    if row["state"] == "no figure" or not row["is_due"] or row["is_final"]:
        return ""
    text = words.gettext(
        "There is no figure of the target year {year} or later: whether the target was reached is not known."
    )
    return text.format(year=row["target_year"])


def _change(row: Mapping[Any, Any], passport: Passport, words: Words) -> str:
    _ = words.gettext
    if np.isnan(row["change"]):
        return ""
    text = {
        "better": _("Changed by {change} since {base_year}, a better change than happens anyway: {usual}."),
        "within": _("Changed by {change} since {base_year}, a change such as happens anyway: {usual}."),
        "worse": _("Changed by {change} since {base_year}, a worse change than happens anyway: {usual}."),
        "unknown": _(
            "Changed by {change} since {base_year}; too few changes of the others are known to say whether that happens anyway."
        ),
    }[row["against_usual"]]
    usual = words.ngettext(
        "eight of ten figures of the others changed by {range} over as many years ({n} change)",
        "eight of ten figures of the others changed by {range} over as many years ({n} changes)",
        int(row["usual_count"]),
    )
    return text.format(
        change=marked(
            difference(row["value"], row["base"], passport, words), row["is_base_doubtful"] or row["is_value_doubtful"]
        ),
        base_year=int(row["base_year"]),
        usual=usual.format(
            n=int(row["usual_count"]), range=change_range(row["usual_low"], row["usual_high"], passport, words)
        ),
    )


def difference(value: float, before: float, passport: Passport, words: Words) -> str:
    """The difference of two figures as they are shown, so that whoever subtracts them gets it.

    Parameters
    ----------
    value, before : float
        The figures; not missing.
    passport : Passport
        Their indicator.
    words : Words
        Language of the text.

    Returns
    -------
    str
    """
    change = as_shown(value, passport.decimals) - as_shown(before, passport.decimals)
    return change_value(float(change), passport, words)


def _group(row: Mapping[Any, Any], passport: Passport, words: Words) -> str:
    """How the group moved meanwhile: a target in euro can be missed by everybody."""
    if np.isnan(row["value"]) or np.isnan(row["base"]):
        return ""
    if np.isnan(row["median_before"]) or np.isnan(row["median"]):
        return few_note(words)
    text = words.gettext(
        "The median of the plan's group went from {before} to {now}; the distance to it was {first} and is {last} now."
    )
    return text.format(
        before=short_value(row["median_before"], passport, words),
        now=short_value(row["median"], passport, words),
        first=difference(row["base"], row["median_before"], passport, words),
        last=difference(row["value"], row["median"], passport, words),
    )


def _doubtful(row: Mapping[Any, Any], words: Words) -> str:
    _ = words.gettext
    ends = (("is_base_doubtful", "base_year"), ("is_value_doubtful", "year"))
    years = [int(row[year]) for doubt, year in ends if row[doubt]]
    if len(years) == 2:
        text = _("The figures of {first} and {last} are doubtful: check them before anything is concluded.")
        return text.format(first=years[0], last=years[1])
    text = _("The figure of {year} is doubtful: check it before anything is concluded.")
    return text.format(year=years[0]) if years else ""


def _revised(row: Mapping[Any, Any], passport: Passport, words: Words) -> str:
    if np.isnan(row["base_now"]) or as_shown(row["base_now"], passport.decimals) == as_shown(
        row["base"], passport.decimals
    ):
        return ""
    text = words.gettext("The figure of {base_year} is another one today: {now} instead of {base}.")
    return text.format(
        base_year=int(row["base_year"]),
        now=short_value(row["base_now"], passport, words),
        base=short_value(row["base"], passport, words),
    )


def yardstick_note(words: Words) -> str:
    """What the comparison with usual changes is and is not.

    Parameters
    ----------
    words : Words
        Language of the text.

    Returns
    -------
    str
    """
    return words.gettext(
        "These figures are counts and accounts, not samples, so they have no interval of their own. The only yardstick is how figures "
        "of the other members of the group changed over as many years. A change outside that range is remarkable, and no proof that "
        "the plan made it."
    )


def groups_note(followed: FollowUp, group: ComparisonGroup, year: int, words: Words) -> str:
    """That the plan's group is another one than that of today, so that one figure has two medians in one report.

    Parameters
    ----------
    followed : FollowUp
        From `comparison.follow_up`.
    group : ComparisonGroup
        The group of the report.
    year : int
        Year of the report.
    words : Words
        Language of the text.

    Returns
    -------
    str
        Empty where the groups have the same members.
    """
    if set(followed.group.codes) == set(group.codes):
        return ""
    text = words.gettext(
        "The last plan is held against its own group, as it was chosen in {before}; the gaps and the new plan are held against the group "
        "of {now}, which has other members. So the medians and ranks of the two parts differ."
    )
    return text.format(before=followed.plan.base_year, now=year)


def next_bullets(followed: FollowUp, passports: Mapping[str, Passport], words: Words) -> list[str]:
    """What to do next, by the state of the goals.

    Parameters
    ----------
    followed : FollowUp
        From `comparison.follow_up`.
    passports : mapping of str to Passport
        Passports of the indicators.
    words : Words
        Language of the text.

    Returns
    -------
    list of str
    """
    _ = words.gettext
    goals = followed.goals.assign(
        is_undecided=followed.goals.index.isin(followed.undecided.index),
        is_doubtful=followed.goals["is_base_doubtful"].astype(bool) | followed.goals["is_value_doubtful"].astype(bool),
        has_measure=[followed.has_measure(indicator) for indicator in followed.goals["indicator"]],
    )
    decided = goals.loc[~goals["is_undecided"]]
    reached = decided.loc[decided["state"] == "reached"]
    has_helped = (reached["against_usual"] == "better") & reached["has_measure"] & ~reached["is_doubtful"]
    missed = decided.loc[decided["state"].isin(("behind", "no path"))]
    is_final = missed["is_final"].astype(bool)
    no_figure = goals["state"] == "no figure"
    steps = [
        (_("First check the figure, which is doubtful: {goals}."), goals.loc[goals["is_doubtful"]]),
        (
            _("Write down what helped as a practice example, so that others can learn from it: {goals}."),
            reached.loc[has_helped],
        ),
        (
            _("Reached, but nothing shows that a measure of the plan helped; set a new goal: {goals}."),
            reached.loc[~has_helped],
        ),
        (_("Carry on and measure again next year: {goals}."), decided.loc[decided["state"] == "on the way"]),
        (_("Ask the partners how they do it, and change measures or the target: {goals}."), missed.loc[~is_final]),
        (_("Decide whether the goal stays, with a new time and other measures: {goals}."), missed.loc[is_final]),
        (
            _("Get the figure of the target year before the goal is judged: {goals}."),
            goals.loc[goals["is_undecided"] & ~no_figure],
        ),
        (_("Get the figure, or choose a goal that can be measured: {goals}."), goals.loc[no_figure]),
        (_without_measure(int((~goals["has_measure"]).sum()), words), goals.loc[~goals["has_measure"]]),
    ]
    return [text.format(goals=_names(rows["indicator"], passports, words)) for text, rows in steps if len(rows)]


def _without_measure(count: int, words: Words) -> str:
    return words.ngettext(
        "No measure was filled in for the goal {goals}.", "No measure was filled in for the goals {goals}.", count
    )


def _names(indicators: Iterable[str], passports: Mapping[str, Passport], words: Words) -> str:
    shown = [passports[i].name[words.language] if i in passports else i for i in indicators]
    return listed(shown, words, quoted=True)
