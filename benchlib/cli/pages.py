"""`benchlib site` and `benchlib lab`: what people open in a browser."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from benchlib.cli.screen import say_error, screen


def site(
    out: Annotated[Path, typer.Argument(metavar="OUT", help="Folder for the site.")],
    *,
    reports: Annotated[
        Path | None, typer.Option(help="Folder of a batch (`benchlib reports`) whose reports the site shows.")
    ] = None,
) -> None:
    """Write the public site: search, map, table, every report, data to download. It opens from a folder or any web server.

    [bold]benchlib site public --reports reports[/bold]
    """
    from benchlib.reporting.site.build import build_site

    made = build_site(out, reports=reports)
    screen().print(f"{made.index}  ({len(made.files)} files)", highlight=False, markup=False)
    for line in made.left_out:
        say_error(line)


def lab(
    context: typer.Context,
    *,
    folder: Annotated[
        Path | None, typer.Option(help="Folder for your own copy of the notebooks.", metavar="FOLDER")
    ] = None,
) -> None:
    """Open JupyterLab at the notebooks. Further options, like --no-browser, are JupyterLab's own."""
    from benchlib.reporting.lab import open_lab

    raise typer.Exit(open_lab(folder, context.args))
