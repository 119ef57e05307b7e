"""Improvement plans as data: goals with their reason, target, path, partners and measures (`plans/*.toml` of the own folder)."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
import tomli_w

from benchlib.indicators.names import plain_text
from benchlib.indicators.territory import CLASSIFICATIONS, Territory, codes
from benchlib.terms import Access, Classification

#: Version of the layout of a plan file.
FORMAT: Final = 1
#: What a plan looks at when it is not the indicators of one network: those that the report on a municipality compares.
WHOLE_REPORT: Final = "report"
NO_SERVICE: Final = "none"

Comparator = Literal["median", "quarter", "partner", "own"]


@dataclass(frozen=True, slots=True)
class Why:
    """The gap from which a goal comes, as it was known when the plan was made.

    Attributes
    ----------
    base : float
        Own figure.
    base_year : int
        Its year.
    median, best : float or None
        Of the comparison group.
    best_municipality : str
        Name of the best.
    rank, rank_low, rank_high : int or None
        Own rank, and the best and worst one of the years looked at.
    members : int or None
        Members of the group with a figure.
    light : {"green", "yellow", "red", "none"}
        Position in the group.
    """

    base: float
    base_year: int
    median: float | None = None
    best: float | None = None
    best_municipality: str = ""
    rank: int | None = None
    rank_low: int | None = None
    rank_high: int | None = None
    members: int | None = None
    light: str = "none"


@dataclass(frozen=True, slots=True)
class Step:
    """What is to be reached in a year on the way to the target.

    Attributes
    ----------
    year : int
        The year.
    target : float
        In the unit of the indicator.
    """

    year: int
    target: float


@dataclass(frozen=True, slots=True)
class Action:
    """A measure that the municipality takes; people fill it in.

    Attributes
    ----------
    what : str
        What is done; "" where it is still to be filled in.
    cost_eur : float or None
        What it costs; None where that is still to be filled in.
    start, until : str
        "2012", "2012-09" or "2012-09-01"; "" where open.
    """

    what: str = ""
    cost_eur: float | None = None
    start: str = ""
    until: str = ""


@dataclass(frozen=True, slots=True)
class Goal:
    """One goal of a plan.

    Attributes
    ----------
    indicator : str
        What is to change, by id.
    target : float
        What is to be reached, in the unit of the indicator.
    target_year : int
        By when.
    comparator : {"median", "quarter", "partner", "own"}
        Where the target comes from: the group's median, what its best quarter reaches, the first partner's figure, or an own decision.
    why : Why or None
        The gap behind it; None where somebody wrote the goal without one.
    follow_up : tuple of Step
        The path, year by year.
    partners : tuple of str
        Whom to learn from: codes or names.
    practices : tuple of str
        Practice examples by id.
    actions : tuple of Action
        Measures (`[[goals.measures]]` in the file).
    responsible : str
        The office that answers for the goal.
    notes : str
        Anything else.
    """

    indicator: str
    target: float
    target_year: int
    comparator: Comparator = "median"
    why: Why | None = None
    follow_up: tuple[Step, ...] = ()
    partners: tuple[str, ...] = ()
    practices: tuple[str, ...] = ()
    actions: tuple[Action, ...] = ()
    responsible: str = ""
    notes: str = ""

    def planned(self, year: int) -> float:
        """What the path asks for in a year: on the straight line between the steps, the target after the last; NaN before the first."""
        points = {step.year: step.target for step in self.follow_up} | {self.target_year: self.target}
        if self.why is not None:
            points[self.why.base_year] = self.why.base
        years = sorted(points)
        return float(np.interp(year, years, [points[y] for y in years], left=np.nan))


@dataclass(frozen=True, slots=True)
class ImprovementPlan:
    """An improvement plan.

    Attributes
    ----------
    id : str
        Begins with `stem_of_plan`; also the name of its file.
    municipality, name : str
        Code and name.
    territory : {"2009", "2021", "2025"}
        Classification of the code.
    base_year : int
        Year of the figures on which the plan was made.
    goals : tuple of Goal
        The goals.
    group : str
        Comparison group, as in `comparison_group`.
    theme : str
        Whose indicators were looked through: a network by id, or "report".
    service : str
        Service that was scored to find partners; "none" without.
    access : {"public", "members"}
        Who may read the plan; a public report takes up public plans only.
    figures : {"public", "members"}
        Which figures stand in it.
    made_with : str
        Program and version.
    format : int
        Version of the layout.
    """

    id: str
    municipality: str
    name: str
    territory: Classification
    base_year: int
    goals: tuple[Goal, ...]
    group: str = "similar"
    theme: str = WHOLE_REPORT
    service: str = NO_SERVICE
    access: Access = "members"
    figures: Access = "public"
    made_with: str = ""
    format: int = FORMAT

    @property
    def unit(self) -> Territory:
        """The municipality."""
        return codes(self.territory)[self.municipality]

    @property
    def indicators(self) -> tuple[str, ...]:
        """Indicators of the goals."""
        return tuple(goal.indicator for goal in self.goals)


def stem_of_plan(unit: Territory, territory: Classification, base_year: int) -> str:
    """With what the id of a plan begins: "bauskas-novads-2011", for a former municipality "bauskas-novads-of-2009-2011".

    Parameters
    ----------
    unit : Territory
        The municipality.
    territory : {"2009", "2021", "2025"}
        Its classification.
    base_year : int
        Year of the figures.

    Returns
    -------
    str
        Small letters, digits and hyphens only.
    """
    of = "" if territory == CLASSIFICATIONS[-1] else f"of-{territory}-"
    return f"{plain_text(unit.name).replace(' ', '-')}-{of}{base_year}"


def write_plan(plan: ImprovementPlan, *, header: Iterable[str] = (), titles: Iterable[str] = ()) -> str:
    """Return a plan as TOML that people can read and fill in.

    Parameters
    ----------
    plan : ImprovementPlan
        The plan.
    header : iterable of str
        Lines of explanation, written as comments on top.
    titles : iterable of str
        A comment above each goal, such as the name of its indicator.

    Returns
    -------
    str
        The same for the same plan; fields still to be filled in stand there as "".
    """
    head: dict[str, Any] = {
        name: getattr(plan, name)
        for name in ("format", "id", "municipality", "name", "territory", "base_year", "group", "theme", "service")
    }
    head |= {name: getattr(plan, name) for name in ("access", "figures", "made_with")}
    above = list(titles)
    parts = [_comments(header), tomli_w.dumps(head)]
    for number, goal in enumerate(plan.goals):
        text = tomli_w.dumps({"goals": [_goal_table(goal)]})
        parts.append(_comments(above[number : number + 1]) + text)
    return "\n".join(part for part in parts if part)


def _comments(lines: Iterable[str]) -> str:
    """Comment lines; whatever a name contains, it cannot end the comment."""
    plain = (" ".join("".join(c if c.isprintable() else " " for c in line).split()) for line in lines)
    return "".join(f"# {line}".rstrip() + "\n" for line in plain)


def _goal_table(goal: Goal) -> dict[str, Any]:
    table: dict[str, Any] = {
        "indicator": goal.indicator,
        "target": _plain(goal.target),
        "target_year": goal.target_year,
        "comparator": goal.comparator,
        "partners": list(goal.partners),
        "practices": list(goal.practices),
        "responsible": goal.responsible,
        "notes": goal.notes,
    }
    if goal.why is not None:
        named = ((name, getattr(goal.why, name)) for name in Why.__dataclass_fields__)
        table["why"] = {name: _plain(value) for name, value in named if value not in (None, "")}
    table["follow_up"] = [{"year": step.year, "target": _plain(step.target)} for step in goal.follow_up]
    table["measures"] = [
        {
            "what": action.what,
            "cost_eur": "" if action.cost_eur is None else _plain(action.cost_eur),
            "from": action.start,
            "until": action.until,
        }
        for action in goal.actions
    ]
    return {name: value for name, value in table.items() if value != [] or name in ("partners", "practices")}


def _plain(value: Any) -> Any:
    """A number as people write it: whole ones without a decimal point."""
    return int(value) if isinstance(value, float) and math.isfinite(value) and value == int(value) else value
