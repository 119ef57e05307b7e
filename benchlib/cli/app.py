"""The commands put together, and what ends them: exit codes, errors in one red line."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from benchlib import __version__
from benchlib.cli.batch import reports
from benchlib.cli.catalogue import data_app, municipalities
from benchlib.cli.imports import data_import, data_remove, data_where
from benchlib.cli.pages import lab, site
from benchlib.cli.plans import plans_app
from benchlib.cli.practices import practices_app
from benchlib.cli.report import report
from benchlib.cli.screen import say_error
from benchlib.errors import (
    AccessError,
    AmbiguousTerritoryError,
    BenchlibError,
    OptionError,
    ParameterError,
    UnknownIndicatorError,
    UnknownTerritoryError,
)

app = typer.Typer(
    help="Learn from comparison between municipalities: figures in, scores out, a report for each municipality.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
)

#: Errors that the user can mend in the command itself; all others say that something failed.
_WRONG_USE = (
    OptionError,
    ParameterError,
    UnknownTerritoryError,
    AmbiguousTerritoryError,
    UnknownIndicatorError,
    AccessError,
)


def main() -> None:
    """Run the command line and end the process with its exit code."""
    try:
        app()
    except BenchlibError as error:
        say_error(error)
        sys.exit(2 if isinstance(error, _WRONG_USE) else 1)
    except (KeyboardInterrupt, SystemExit) as stop:
        code = 130 if isinstance(stop, KeyboardInterrupt) else stop.code
        if code in (130, 143):
            say_error("Stopped. What was finished is kept, nothing is half written.")
        sys.exit(code)


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


app.command("report", no_args_is_help=True)(report)
app.command("reports")(reports)
app.command("site")(site)
app.command("lab", context_settings={"allow_extra_args": True, "ignore_unknown_options": True})(lab)
app.command("municipalities")(municipalities)
data_app.command("import", no_args_is_help=True)(data_import)
data_app.command("where")(data_where)
data_app.command("remove", no_args_is_help=True)(data_remove)
app.add_typer(data_app, name="data")
app.add_typer(plans_app, name="plans")
app.add_typer(practices_app, name="practices")
