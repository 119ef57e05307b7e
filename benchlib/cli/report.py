"""`benchlib report`: one report after the other, at once."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from benchlib.cli.screen import say_error
from benchlib.errors import ReportError
from benchlib.reporting.parameters import Spec
from benchlib.reporting.schemas import MunicipalityParameters


def _with_flags(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command that takes `**parameters` one flag for each parameter of the schema."""
    own = [p for p in inspect.signature(command, eval_str=True).parameters.values() if p.kind is not p.VAR_KEYWORD]
    flags = [_flag(spec) for spec in MunicipalityParameters.specs() if spec.name != "municipality"]
    order = sorted([*own, *flags], key=lambda parameter: parameter.name == "out")
    command.__signature__ = inspect.Signature(order)  # type: ignore[attr-defined]
    command.__annotations__ = {parameter.name: parameter.annotation for parameter in order}
    return command


def _flag(spec: Spec) -> inspect.Parameter:
    # Everything comes as text: several languages in one flag, and one place, the schema, that says what is wrong.
    name = spec.rule.flag or spec.name.replace("_", "-")
    text = spec.rule.help if spec.allowed == "any" else f"{spec.rule.help} [dim]({spec.allowed})[/dim]"
    if spec.name == "language":
        text = "Language of the report, or several: lv,en."
    option = typer.Option(f"--{name}", help=text, metavar="NUMBER" if spec.hint in (int, float) else "TEXT")
    default = None if spec.default is None else str(spec.default)
    kind = inspect.Parameter.KEYWORD_ONLY
    return inspect.Parameter(spec.name, kind, default=default, annotation=Annotated[str | None, option])


@_with_flags
def report(
    names: Annotated[list[str], typer.Argument(metavar="NAME...", help="Municipalities, by name or code.")],
    *,
    out: Annotated[Path, typer.Option(help="Folder for the reports.")] = Path("reports"),
    **parameters: Any,
) -> None:
    """Write a report about each NAME, in each language.

    [bold]benchlib report "Bauskas novads" --lang lv,en[/bold]
    """
    given = [
        {**parameters, "municipality": name, "language": language.strip()}
        for name in names
        for language in parameters["language"].split(",")
    ]
    plans = [MunicipalityParameters.from_mapping(values, from_text=True) for values in given]
    _check_names(plans)
    failures = sum(not _report_one(plan, out) for plan in plans)
    if failures:
        raise typer.Exit(1)


def _check_names(plans: list[MunicipalityParameters]) -> None:
    """Refuse all runs if one name is wrong: better than half of the reports an hour later."""
    from benchlib.indicators import find_municipality

    for plan in plans:
        find_municipality(plan.municipality, plan.territory)


def _report_one(plan: MunicipalityParameters, out: Path) -> bool:
    """Run one report with progress, say in one line what became of it, and return whether it is done."""
    from benchlib.reporting.run import run_report

    screen = Console(stderr=True, emoji=False)
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=screen, transient=True, disable=not screen.is_terminal) as bar:
        task = bar.add_task(f"{plan.municipality} {plan.year} {plan.language}")
        try:
            files = run_report(
                parameters=plan.to_dict(),
                out=out,
                progress=lambda done, total: bar.update(task, completed=done, total=total),
            )
        except ReportError as error:
            failure: ReportError | None = error
        else:
            failure = None
    if failure is not None:
        say_error(failure)
        return False
    typer.echo(f"{files.html}  ({files.seconds['total']:.1f} s)")
    return True
