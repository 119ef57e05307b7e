"""Sentences on what became of a plan: goal by goal, and whether figures moved more than they do anyway."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from benchlib.comparison import FollowUp
from benchlib.indicators import ImprovementPlan, Passport
from benchlib.reporting.texts.plans.details import change_value
from benchlib.reporting.values import as_shown, listed, names_listed, short_value
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
            _change(row, passport, words),
            _group(row, passport, words),
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
    key = "late" if row["state"] == "behind" and row["is_due"] else row["state"]
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
        value=short_value(row["value"], passport, words),
        year=int(row["year"]),
        planned=short_value(row["planned"], passport, words),
        target=short_value(row["target"], passport, words),
        target_year=row["target_year"],
    )


def _change(row: Mapping[Any, Any], passport: Passport, words: Words) -> str:
    _ = words.gettext
    if np.isnan(row["change"]):
        return ""
    text = {
        "better": _("Changed by {change} since {base_year}, more than happens anyway: {usual}."),
        "within": _("Changed by {change} since {base_year}, not more than happens anyway: {usual}."),
        "worse": _("Changed by {change} since {base_year}, a worse change than happens anyway: {usual}."),
        "unknown": _(
            "Changed by {change} since {base_year}; too few changes of the others are known to say whether that happens anyway."
        ),
    }[row["against_usual"]]
    usual = words.ngettext(
        "eight of ten figures of the others changed by {low} to {high} over as many years ({n} change)",
        "eight of ten figures of the others changed by {low} to {high} over as many years ({n} changes)",
        int(row["usual_count"]),
    )
    shown = {name: change_value(row[f"usual_{name}"], passport, words) for name in ("low", "high")}
    return text.format(
        change=difference(row["value"], row["base"], passport, words),
        base_year=int(row["base_year"]),
        usual=usual.format(n=int(row["usual_count"]), **shown),
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
    if np.isnan(row["median_before"]) or np.isnan(row["median"]):
        return ""
    text = words.gettext(
        "The median of the group went from {before} to {now}, the distance to it from {first} to {last}."
    )
    return text.format(
        before=short_value(row["median_before"], passport, words),
        now=short_value(row["median"], passport, words),
        first=difference(row["base"], row["median_before"], passport, words),
        last=difference(row["value"], row["median"], passport, words),
    )


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
        "of the other members of the group changed over as many years. A change greater than that is remarkable; that "
        "the plan caused it is not shown by it."
    )


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

    def names(*states: str, due: bool | None = None) -> str:
        rows = followed.goals.loc[followed.goals["state"].isin(states)]
        rows = rows if due is None else rows.loc[rows["is_due"] == due]
        shown = [passports[i].name[words.language] if i in passports else i for i in rows["indicator"]]
        return listed(shown, words, quoted=True) if shown else ""

    steps = [
        (
            _("Write down what helped as a practice example, so that others can learn from it: {goals}."),
            names("reached"),
        ),
        (_("Carry on and measure again next year: {goals}."), names("on the way")),
        (
            _("Ask the partners how they do it, and change measures or the target: {goals}."),
            names("behind", "no path", due=False),
        ),
        (
            _("Decide whether the goal stays, with a new time and other measures: {goals}."),
            names("behind", "no path", due=True),
        ),
        (_("Get the figure, or choose a goal that can be measured: {goals}."), names("no figure")),
    ]
    bullets = [text.format(goals=shown) for text, shown in steps if shown]
    open_fields = [goal for goal in followed.plan.goals if not any(action.what.strip() for action in goal.actions)]
    if open_fields:
        shown = [
            passports[g.indicator].name[words.language] if g.indicator in passports else g.indicator
            for g in open_fields
        ]
        bullets.append(_("No measure was filled in: {goals}.").format(goals=listed(shown, words, quoted=True)))
    return bullets
