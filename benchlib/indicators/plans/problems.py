"""What is wrong with an improvement plan, what is odd about it, and what of it is still to be filled in."""

from __future__ import annotations

from collections.abc import Iterator

from benchlib.indicators.catalog import Catalogue
from benchlib.indicators.contact import reaches_a_person
from benchlib.indicators.names import find_municipality
from benchlib.indicators.passports import Passport
from benchlib.indicators.plans.plan import NO_SERVICE, WHOLE_REPORT, Goal, ImprovementPlan, Why
from benchlib.indicators.territory import Territory
from benchlib.terms import Classification


def plan_problems(plan: ImprovementPlan, catalogue: Catalogue) -> tuple[list[str], list[str]]:
    """What in a plan does not fit the catalogue.

    Parameters
    ----------
    plan : ImprovementPlan
        The plan.
    catalogue : Catalogue
        Indicators, networks, services and practice examples.

    Returns
    -------
    errors : list of str
        For which the plan cannot be stored.
    remarks : list of str
        What is odd: a path that leaves the way to the target, a target that is not the median it is said to be, partners and practice
        examples that are not known, which a report shows as a gap, and what may reach a person in a plan for members.
    """
    errors = list(_errors(plan, catalogue))
    return errors, list(_remarks(plan, catalogue))


def _errors(plan: ImprovementPlan, catalogue: Catalogue) -> Iterator[str]:
    if plan.theme != WHOLE_REPORT and plan.theme not in catalogue.networks:
        yield f"theme = {plan.theme!r:.60} is neither {WHOLE_REPORT!r} nor a network. Networks: {', '.join(catalogue.networks)}."
    if plan.service != NO_SERVICE and plan.service not in catalogue.services:
        yield f"service = {plan.service!r:.60} is not a service. Known: {', '.join((*catalogue.services, NO_SERVICE))}."
    for number, goal in enumerate(plan.goals, start=1):
        where = f"goal {number} ({goal.indicator:.60})"
        if goal.indicator not in catalogue.indicators:
            yield f"{where}: there is no indicator of this id. All: benchlib data list."
            continue
        passport = catalogue.indicators[goal.indicator]
        if not passport.direction:
            yield (
                f"{where}: the indicator has no direction, so nobody can say when a target is reached. Choose one for which more or less "
                "is better."
            )
        elif goal.why is not None and (goal.target - goal.why.base) * passport.direction <= 0:
            better = "greater" if passport.direction > 0 else "smaller"
            yield f"{where}: target = {goal.target:g} is no improvement on base = {goal.why.base:g}; it must be {better}."
        yield from (f"{where}: {error}" for error in _impossible(goal, passport, plan))
        if plan.access == "public" and passport.access == "members":
            yield f'{where}: the indicator is for members only, so the plan must say access = "members".'
    if plan.access == "public":
        yield from personal_fields(plan)


def _impossible(goal: Goal, passport: Passport, plan: ImprovementPlan) -> Iterator[str]:
    """What cannot be: shares beyond all, ranks beyond the members, and whoever learns from itself."""
    if passport.unit["en"] == "%":
        numbers = [
            ("target", goal.target),
            *((f"follow_up of {step.year}: target", step.target) for step in goal.follow_up),
        ]
        for name, number in numbers:
            if not 0 <= number <= 100:
                yield f"{name} = {number:g} is no share in per cent, which lies between 0 and 100. Correct the number."
    if goal.why is not None:
        yield from _impossible_ranks(goal.why)
    for partner in goal.partners:
        unit = partner_unit(partner, plan.territory)
        if unit is not None and unit.code == plan.municipality:
            yield f"the partner {partner!r:.60} is the municipality itself. Name another one to learn from, or leave it out."


def _impossible_ranks(why: Why) -> Iterator[str]:
    ranks = {name: getattr(why, name) for name in ("rank", "rank_low", "rank_high")}
    for name, rank in ranks.items():
        if rank is not None and why.members is not None and name == "rank" and rank > why.members:
            yield f"why: rank = {rank} of members = {why.members} cannot be. Take both from the report that made the plan."
    low, high = ranks["rank_low"], ranks["rank_high"]
    if low is not None and high is not None and low > high:
        yield f"why: rank_low = {low} lies behind rank_high = {high}. Take both from the report that made the plan."


def personal_fields(plan: ImprovementPlan) -> list[str]:
    """Fields of a plan that hold what may reach a person; a public plan must not.

    Parameters
    ----------
    plan : ImprovementPlan
        The plan.

    Returns
    -------
    list of str
        A message for each field, without its content.
    """
    found = []
    for number, goal in enumerate(plan.goals, start=1):
        fields = {"responsible": goal.responsible, "notes": goal.notes, "partners": ", ".join(goal.partners)}
        fields |= {"practices": ", ".join(goal.practices)}
        fields |= {f"measure {place}: what": action.what for place, action in enumerate(goal.actions, start=1)}
        found += [
            f"goal {number} ({goal.indicator:.60}): {name} holds an e-mail address or a telephone number, which may be a person's. Name "
            "the office only; a public plan must not hold it."
            for name, text in fields.items()
            if reaches_a_person(text)
        ]
    return found


def _remarks(plan: ImprovementPlan, catalogue: Catalogue) -> Iterator[str]:
    if plan.access == "members":
        yield from personal_fields(plan)
    for number, goal in enumerate(plan.goals, start=1):
        where = f"goal {number} ({goal.indicator:.60})"
        yield from (f"{where}: {remark}" for remark in _detours(goal))
        if goal.indicator in catalogue.indicators:
            yield from (f"{where}: {remark}" for remark in _not_the_median(goal, catalogue.indicators[goal.indicator]))
        for partner in goal.partners:
            if partner_unit(partner, plan.territory) is None:
                yield f"{where}: the partner {partner!r:.60} is not a municipality of {plan.territory}; reports show the word as it is."
        for practice in goal.practices:
            if practice not in catalogue.practices:
                yield f"{where}: there is no practice example {practice!r:.60}; reports show it as unknown."


def _detours(goal: Goal) -> Iterator[str]:
    """Steps that do not lie between the base figure and the target."""
    if goal.why is None:
        return
    low, high = sorted((goal.why.base, goal.target))
    for step in goal.follow_up:
        if not low <= step.target <= high:
            yield (
                f"follow_up of {step.year}: target = {step.target:g} does not lie between base = {goal.why.base:g} and target = "
                f"{goal.target:g}; the next report holds the figures against it. Correct it if that was not meant."
            )


def _not_the_median(goal: Goal, passport: Passport) -> Iterator[str]:
    """A target that is called the group's median and is another number."""
    median = None if goal.why is None else goal.why.median
    if goal.comparator == "median" and median is not None and abs(goal.target - median) > half_a_step(passport):
        yield (
            f'comparator = "median", but target = {goal.target:g} is not the median of the group ({median:g}). '
            'Correct the target, or say comparator = "own".'
        )


def half_a_step(passport: Passport) -> float:
    """Half of the last decimal that is shown: figures no further apart may be one figure, rounded.

    Parameters
    ----------
    passport : Passport
        The indicator.

    Returns
    -------
    float
    """
    return float(0.5 * 10**-passport.decimals + 1e-9)


def open_fields(plan: ImprovementPlan) -> list[str]:
    """What of a plan is still to be filled in.

    Parameters
    ----------
    plan : ImprovementPlan
        The plan.

    Returns
    -------
    list of str
        "goal 1 (exam_grade9_mean): measures, responsible" for each goal where something is missing.
    """
    found = []
    for number, goal in enumerate(plan.goals, start=1):
        names = [] if any(action.what.strip() for action in goal.actions) else ["measures"]
        for place, action in enumerate(goal.actions, start=1):
            if action.what.strip():
                has = {"cost_eur": action.cost_eur is not None, "from": action.start, "until": action.until}
                names += [f"{name} of measure {place}" for name, value in has.items() if not value]
        names += [] if goal.responsible.strip() else ["responsible"]
        if names:
            found.append(f"goal {number} ({goal.indicator:.60}): {', '.join(names)}")
    return found


def partner_unit(partner: str, territory: Classification) -> Territory | None:
    """The municipality that a plan names as a partner; None if there is none of this name or code.

    Parameters
    ----------
    partner : str
        Name or code.
    territory : {"2009", "2021", "2025"}
        Classification.

    Returns
    -------
    Territory or None
    """
    try:
        return find_municipality(partner, territory)
    except LookupError:
        return None
