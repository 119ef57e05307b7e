"""`benchlib plans`: improvement plans that people have filled in, kept so that they can be followed up."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from benchlib.cli.screen import print_table, say_error, screen
from benchlib.errors import BenchlibError, PlanError

if TYPE_CHECKING:
    from benchlib.indicators import ImprovementPlan

plans_app = typer.Typer(
    help="Improvement plans: check, keep, list. A later report follows them up.", no_args_is_help=True
)


@plans_app.command("add")
def plans_add(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A plan.toml that a report wrote and people filled in.")],
    *,
    replace: Annotated[bool, typer.Option("--replace", help="Replace the stored plan of the same id.")] = False,
) -> None:
    """Check a plan and keep it, so that the report of a later year follows it up.

    [bold]benchlib plans add reports/improvement-plan-bauskas-novads-2011-lv.plan.toml[/bold]
    """
    from benchlib.indicators import add_plan

    _checked(file)
    added = add_plan(file, replace=replace)
    for remark in added.remarks:
        say_error(f"{file}: {remark}")
    about = f"{added.plan.id}: {_goals(len(added.plan.goals))}, for {_readers(added.plan.access)}."
    screen().print(f"{about} Stored as {added.path}", markup=False, soft_wrap=True)
    screen().print(f"Follow it up: {_command(added.plan)}", markup=False, soft_wrap=True)


def _command(plan: ImprovementPlan) -> str:
    """The command that writes the report of a later year on a plan."""
    given = {"theme": plan.theme, "service": plan.service, "group": plan.group, "access": plan.access}
    usual = {"theme": "report", "service": "schools", "group": "similar", "access": "public"}
    flags = [shlex.quote(f"{name}={value}") for name, value in given.items() if value != usual[name]]
    parts = ["benchlib reports --notebook improvement_plan", plan.municipality, "--years YEAR"]
    parts += [] if plan.territory == "2025" else [f"--territory {plan.territory}"]
    return " ".join([*parts, *(f"-p {flag}" for flag in flags)])


@plans_app.command("check", no_args_is_help=True)
def plans_check(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Plan files.")],
) -> None:
    """Check plan files without storing them."""
    broken = 0
    for file in files:
        try:
            plan, remarks = _checked(file)
        except PlanError as error:
            say_error(error)
            broken += 1
            continue
        for remark in remarks:
            say_error(f"{file}: {remark}")
        screen().print(f"{file}: in order. {plan.id}: {_goals(len(plan.goals))}.", markup=False, soft_wrap=True)
        _say_what_is_open(plan)
    if broken:
        raise typer.Exit(1)


@plans_app.command("list")
def plans_list() -> None:
    """List the plans that are kept."""
    from benchlib.indicators import stored_plan, stored_plans

    rows, broken = [], 0
    for path in stored_plans():
        try:
            plan = stored_plan(path)
        except PlanError as error:
            say_error(error)
            broken += 1
            continue
        rows.append((plan.id, plan.name, plan.territory, str(plan.base_year), ", ".join(plan.indicators), plan.access))
    headings = ("id", "municipality", "territory", "base year", "goals", "for")
    print_table(f"Plans: {len(rows)}", headings, rows, whole="id")
    if broken:
        raise typer.Exit(1)


def _checked(file: Path) -> tuple[ImprovementPlan, list[str]]:
    """Read a plan and hold it against catalogue and comparison groups; return it with remarks."""
    from benchlib.comparison import named_members
    from benchlib.indicators import checked_plan

    try:
        content = file.read_bytes()
    except OSError as error:
        raise PlanError(f"{file}: cannot be read ({error.strerror}). Check the name and the permissions.") from error
    plan, remarks = checked_plan(content, str(file))
    try:
        named_members(plan.group, plan.territory)
    except BenchlibError as error:
        raise PlanError(f"{file}: {error}") from error
    return plan, remarks


def _say_what_is_open(plan: ImprovementPlan) -> None:
    """Say what is still to be filled in: a plan in order may be an empty one."""
    from benchlib.indicators import open_fields

    fields = open_fields(plan)
    if not fields:
        return
    is_empty = not any(goal.responsible.strip() or any(a.what.strip() for a in goal.actions) for goal in plan.goals)
    first = "Nothing is filled in yet" if is_empty else "Still to be filled in"
    screen().print(f"{first}: {'; '.join(fields)}.", markup=False, soft_wrap=True)


def _goals(count: int) -> str:
    return f"{count} goal{'' if count == 1 else 's'}"


def _readers(access: str) -> str:
    return "everybody" if access == "public" else "members only"
