"""Where plans lie: one file each in the own folder, found by municipality, classification and year."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from benchlib.errors import AccessError, OptionError, PlanError
from benchlib.indicators.catalog import load_catalogue
from benchlib.indicators.folder import own_folder
from benchlib.indicators.forget import forget_data
from benchlib.indicators.keep import keep_file
from benchlib.indicators.names import full_name
from benchlib.indicators.plans.files import parse_plan, read_plan
from benchlib.indicators.plans.held import closed_figures, foreign_targets
from benchlib.indicators.plans.plan import ImprovementPlan, stem_of_plan
from benchlib.indicators.plans.problems import personal_fields, plan_problems
from benchlib.indicators.territory import Territory, codes, former_municipalities
from benchlib.terms import Access, Classification

#: Words that stand for a plan instead of an id.
LATEST, NEW = "latest", "new"


@dataclass(frozen=True, slots=True)
class AddedPlan:
    """A plan that was stored.

    Attributes
    ----------
    plan : ImprovementPlan
        The plan.
    path : pathlib.Path
        Its file.
    remarks : tuple of str
        What is odd, or what reports will show as a gap.
    """

    plan: ImprovementPlan
    path: Path
    remarks: tuple[str, ...]


def plans_folder(data: Path | None = None) -> Path:
    """Folder of the stored plans; it need not exist.

    Parameters
    ----------
    data : pathlib.Path, optional
        Data folder; the shipped one if absent.

    Returns
    -------
    pathlib.Path
    """
    return own_folder(data) / "plans"


def add_plan(path: Path, *, replace: bool = False, data: Path | None = None) -> AddedPlan:
    """Check a plan file and store it as it is, comments included.

    Parameters
    ----------
    path : pathlib.Path
        The file.
    replace : bool
        Whether a stored plan of the same id may be replaced.
    data : pathlib.Path, optional
        Data folder; the shipped one if absent.

    Returns
    -------
    AddedPlan

    Raises
    ------
    PlanError
        If the file is broken, does not fit the catalogue, cannot be written, or a plan of this id is stored already.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise PlanError(
            f"{path}: the plan cannot be read ({error.strerror}). Check the name and the permissions."
        ) from error
    plan, remarks = checked_plan(content, str(path), data)
    target = plans_folder(data) / f"{plan.id}.toml"
    if target.exists() and not replace:
        raise PlanError(
            f"{path}: a plan {plan.id!r} is stored already ({target}). Replace it with --replace, or give this one an id of its own, "
            f"such as {plan.id}-2."
        )
    try:
        keep_file(target, content)
    except OSError as error:
        raise PlanError(
            f"{path}: the plan cannot be stored in {target.parent} ({error.strerror}). Nothing has changed."
        ) from error
    forget_data()
    return AddedPlan(plan, target, tuple(remarks))


def checked_plan(content: bytes, where: str, data: Path | None = None) -> tuple[ImprovementPlan, list[str]]:
    """Read a plan and hold it against the catalogue.

    Parameters
    ----------
    content : bytes
        The file.
    where : str
        Its name, for messages.
    data : pathlib.Path, optional
        Data folder; the shipped one if absent.

    Returns
    -------
    plan : ImprovementPlan
        The plan.
    remarks : list of str
        What is odd, or what reports will show as a gap.

    Raises
    ------
    PlanError
        If something is wrong; of several complaints about catalogue and figures all are told.
    """
    plan = parse_plan(content, where)
    errors, remarks = plan_problems(plan, load_catalogue(data))
    errors += [] if errors else closed_figures(plan, data)
    if errors:
        raise PlanError("\n".join(f"{where}: {error}" for error in errors))
    return plan, [*remarks, *foreign_targets(plan, data)]


def stored_plans(data: Path | None = None) -> tuple[Path, ...]:
    """Files of the stored plans, in the order of their names.

    Parameters
    ----------
    data : pathlib.Path, optional
        Data folder; the shipped one if absent.

    Returns
    -------
    tuple of pathlib.Path
    """
    return tuple(sorted(plans_folder(data).glob("[!.]*.toml")))


def find_plan(
    word: str,
    unit: Territory,
    *,
    year: int,
    territory: Classification = "2025",
    theme: str | None = None,
    access: Access = "public",
    data: Path | None = None,
) -> ImprovementPlan | None:
    """The stored plan that a report is to follow up.

    Parameters
    ----------
    word : str
        "latest": the plan of the municipality with the latest base year before `year`; "new": none; or an id.
    unit : Territory
        The municipality of the report.
    year : int
        Year of the report.
    territory : {"2009", "2021", "2025"}
        Classification of the municipality.
    theme : str, optional
        For "latest": only plans about this theme.
    access : {"public", "members"}
        "public" finds public plans only, and of these only such whose figures are public and that hold nothing that reaches a person.
    data : pathlib.Path, optional
        Data folder; the shipped one if absent.

    Returns
    -------
    ImprovementPlan or None
        None for "new", or if there is no such plan.

    Raises
    ------
    OptionError
        If there is no plan of the id, or it is another municipality's, or not older than the report.
    AccessError
        If the plan of the id is for members only.
    PlanError
        If a plan of the municipality is broken.
    """
    if word == NEW:
        return None
    if word == LATEST:
        plans = [
            plan
            for plan in _plans_of(unit, territory, data)
            if plan.base_year < year and _may_read(plan, access, data) and theme in (None, plan.theme)
        ]
        return max(plans, key=lambda plan: (plan.base_year, plan.id), default=None)
    return _plan_of_id(word, unit, year, territory, access, data)


def plans_of_former(
    unit: Territory, *, access: Access = "public", data: Path | None = None
) -> tuple[ImprovementPlan, ...]:
    """Stored plans of the former municipalities that one of today consists of: its own figures say nothing about them.

    Parameters
    ----------
    unit : Territory
        A municipality of 2021 or 2025; a former one has no former parts.
    access : {"public", "members"}
        "public" gives public plans only.
    data : pathlib.Path, optional
        Data folder; the shipped one if absent.

    Returns
    -------
    tuple of ImprovementPlan
        By name and year.
    """
    known = codes("2009")
    parts = [] if unit.code in known else [known[code] for code in former_municipalities(unit.code)["code"]]
    plans = [plan for part in parts for plan in _plans_of(part, "2009", data) if _may_read(plan, access, data)]
    return tuple(sorted(plans, key=lambda plan: (plan.name, plan.base_year, plan.id)))


def _plans_of(unit: Territory, territory: Classification, data: Path | None) -> list[ImprovementPlan]:
    """Plans of one municipality: a broken file of another one is no concern of this report."""
    stem = stem_of_plan(unit, territory, 0).removesuffix("0")
    name = re.compile(rf"{re.escape(stem)}\d{{4}}(-.*)?\.toml")
    return [stored_plan(path) for path in stored_plans(data) if name.fullmatch(path.name)]


def stored_plan(path: Path) -> ImprovementPlan:
    """Read a stored plan.

    Parameters
    ----------
    path : pathlib.Path
        One of `stored_plans`.

    Returns
    -------
    ImprovementPlan

    Raises
    ------
    PlanError
        If the file is broken, or its name is not the plan's id.
    """
    plan = read_plan(path)
    if plan.id != path.stem:
        raise PlanError(f"{path}: id = {plan.id!r} is not the name of the file. Give them the same name.")
    return plan


def _may_read(plan: ImprovementPlan, access: Access, data: Path | None) -> bool:
    """Whether a plan may enter a report: a public one only while all in it is public, and nothing reaches a person."""
    if access == "members":
        return True
    names = [goal.indicator for goal in plan.goals]
    is_nameable = plan.access == "public" and load_catalogue(data).nameable(names, access) == tuple(names)
    return is_nameable and not personal_fields(plan) and not closed_figures(plan, data)


def _plan_of_id(
    word: str, unit: Territory, year: int, territory: Classification, access: Access, data: Path | None
) -> ImprovementPlan:
    path = next((path for path in stored_plans(data) if path.stem == word), None)
    if path is None:
        raise OptionError(
            f"plan={word!r:.80}: no plan of this id is stored. Plans: benchlib plans list; or write latest or new."
        )
    plan = stored_plan(path)
    if not _may_read(plan, access, data):
        # The message may end up beside public reports, so it does not tell the figure.
        what, hint = "is for members only", f" Which one: benchlib plans check {path}"
        if closed_figures(plan, data):
            what = "holds a figure that is not public"
        elif plan.access == "public" and personal_fields(plan):
            what = "holds what may reach a person"
        else:
            hint = ""
        raise AccessError(
            f"plan={word!r:.80} {what}; it never enters a public report. Members follow it up with access=members.{hint}"
        )
    if (plan.municipality, plan.territory) != (unit.code, territory):
        raise OptionError(
            f"plan={word!r:.80} is a plan of {full_name(plan.unit)} ({plan.territory}), this report is about {full_name(unit)} "
            f"({territory}). Name that municipality, or another plan."
        )
    if plan.base_year >= year:
        raise OptionError(
            f"plan={word!r:.80} was made on the figures of {plan.base_year}; in {year} there is nothing to follow up. Give a later year."
        )
    return plan
