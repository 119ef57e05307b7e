"""The command line: `benchlib report`, `benchlib data`, `benchlib municipalities`.

It calls the rooms and holds no logic of its own. Exit codes: 0 done, 1 a run or a check failed, 2 wrong use, 130 stopped
by Ctrl-C. Commands import what they need when they run, so that `--help` answers at once.
"""

from __future__ import annotations

import dataclasses
import inspect
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from benchlib import __version__
from benchlib.errors import (
    AccessError,
    AmbiguousTerritoryError,
    BenchlibError,
    OptionError,
    ParameterError,
    ReportError,
    UnknownIndicatorError,
    UnknownTerritoryError,
)
from benchlib.reporting.parameters import MunicipalityParameters, Spec
from benchlib.terms import Classification, check_option

if TYPE_CHECKING:
    from benchlib.indicators import Passport, Service

app = typer.Typer(
    help="Learn from comparison between municipalities: figures in, scores out, a report for each municipality.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
)
data_app = typer.Typer(help="The figures and their catalogue.", no_args_is_help=True)
app.add_typer(data_app, name="data")

#: Errors that the user can mend in the command itself; all others say that something failed.
_WRONG_USE = (
    OptionError,
    ParameterError,
    UnknownTerritoryError,
    AmbiguousTerritoryError,
    UnknownIndicatorError,
    AccessError,
)
#: Wide enough for a table even where the output is a file or a pipe.
_PIPE_WIDTH = 160


def main() -> None:
    """Run the command line and end the process with its exit code."""
    try:
        app()
    except BenchlibError as error:
        _say_error(error)
        sys.exit(2 if isinstance(error, _WRONG_USE) else 1)
    except (KeyboardInterrupt, SystemExit) as stop:
        code = 130 if isinstance(stop, KeyboardInterrupt) else stop.code
        if code == 130:
            _say_error("Stopped. Finished reports are kept, nothing is half written.")
        sys.exit(code)


def _say_error(error: object) -> None:
    Console(stderr=True, soft_wrap=True, highlight=False).print(f"{error}", style="red", markup=False)


def _console() -> Console:
    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=_PIPE_WIDTH)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"benchlib {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", help="Show the version and end.", callback=_show_version, is_eager=True)
    ] = False,
) -> None:
    pass


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
    option = typer.Option(f"--{name}", help=text, metavar="NUMBER" if spec.hint is int else "TEXT")
    default = None if spec.default is None else str(spec.default)
    kind = inspect.Parameter.KEYWORD_ONLY
    return inspect.Parameter(spec.name, kind, default=default, annotation=Annotated[str | None, option])


@app.command("report", no_args_is_help=True)
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

    screen = Console(stderr=True)
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
        _say_error(failure)
        return False
    typer.echo(f"{files.html}  ({files.seconds['total']:.1f} s)")
    return True


@app.command("municipalities")
def municipalities(
    territory: Annotated[
        str, typer.Option(help="Municipalities of 2009 (119), 2021 (43) or 2025 (42).", metavar="YEAR")
    ] = "2025",
) -> None:
    """List the municipalities with code, kind and planning region."""
    from benchlib.indicators import classification

    units = classification(check_option("territory", territory, Classification))
    rows = [(unit.code, unit.name, unit.kind, unit.region) for unit in units]
    _print_table(f"Municipalities of {territory}: {len(rows)}", ("code", "name", "kind", "region"), rows)


@data_app.command("list")
def data_list() -> None:
    """List the indicators and services of the catalogue."""
    from benchlib.indicators import load_catalogue

    catalogue = load_catalogue()
    rows = [(p.id, p.name["en"], p.dimension, p.unit["en"]) for p in catalogue.indicators.values()]
    _print_table(f"Indicators: {len(rows)}", ("id", "name", "dimension", "unit"), rows)
    services = [(s.id, s.name["en"], ", ".join(s.inputs), ", ".join(s.outputs)) for s in catalogue.services.values()]
    _print_table(f"Services: {len(services)}", ("id", "name", "inputs", "outputs"), services)


@data_app.command("show")
def data_show(
    id: Annotated[str, typer.Argument(metavar="ID", help="An indicator or service, as `benchlib data list` shows it.")],
    language: Annotated[Literal["lv", "en"], typer.Option("--lang", help="Language of the texts.")] = "en",
) -> None:
    """Show the passport of an indicator or service: what it means, where it comes from, what to beware of."""
    from benchlib.indicators import load_catalogue

    catalogue = load_catalogue()
    entry: Passport | Service = catalogue.services.get(id) or catalogue.passport(id)
    rows = [(item.name, getattr(entry, item.name)) for item in dataclasses.fields(entry)]
    if id in catalogue.indicators:
        rows.append(("carried over reforms", catalogue.passport(id).harmonisation(catalogue.registry.measures)))
        for source in catalogue.sources_of(id):
            rows.append(("source", f"{source.publisher[language]}: {source.table[language]}"))
            rows.append(("", f"{min(source.years)}-{max(source.years)}, licence {source.licence}, {source.file}"))
    _print_entry(rows, language)


def _print_entry(rows: list[tuple[str, Any]], language: str) -> None:
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    table.add_column(style="dim")
    table.add_column(overflow="fold")
    for name, value in rows:
        text = value[language] if isinstance(value, Mapping) else value
        if text not in ("", (), None):
            table.add_row(name.replace("_", " "), _plain(text))
    _console().print(table)


def _plain(value: Any) -> str:
    return escape(", ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value))


@data_app.command("check")
def data_check() -> None:
    """Check figures, catalogue and registry against each other."""
    from benchlib.indicators import check_data

    problems = check_data()
    for problem in problems:
        _say_error(problem)
    if problems:
        raise typer.Exit(1)
    typer.echo("Figures, catalogue and registry agree.")


def _print_table(title: str, headings: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
    table = Table(title=title, title_justify="left", box=None, padding=(0, 2, 0, 0), header_style="bold")
    for heading in headings:
        table.add_column(heading, overflow="fold")
    for row in rows:
        table.add_row(*map(_plain, row))
    _console().print(table)
