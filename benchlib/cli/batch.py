"""`benchlib reports`: many reports, unattended."""

from __future__ import annotations

import signal
import sys
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from rich.console import Console

from benchlib.cli.screen import screen
from benchlib.errors import OptionError
from benchlib.reporting.schemas import SCHEMAS, schema_of

_MEGABYTE = 1_000_000
_NOTEBOOKS = f"{', '.join(SCHEMAS)}, or the path of a notebook of your own."


def reports(
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="[NAME...]", help="What to report on, by name or code; all by default."),
    ] = None,
    *,
    notebook: Annotated[str, typer.Option(help=_NOTEBOOKS, metavar="NOTEBOOK")] = "municipality",
    years: Annotated[str | None, typer.Option(help="Years: 2013, or 2011-2013, or 2011,2013.", metavar="YEARS")] = None,
    langs: Annotated[str, typer.Option("--langs", "--lang", help="Languages.", metavar="lv,en")] = "lv,en",
    territory: Annotated[
        str | None, typer.Option(help="Municipalities of 2009 (119), 2021 (43) or 2025 (42).", metavar="YEAR")
    ] = None,
    parameter: Annotated[
        list[str] | None,
        typer.Option(
            "--parameter", "-p", help="A further parameter of the notebook; may be repeated.", metavar="NAME=VALUE"
        ),
    ] = None,
    formats: Annotated[str, typer.Option(help="Files to write.", metavar="html,pdf,ipynb")] = "html,pdf,ipynb",
    jobs: Annotated[int | None, typer.Option(help="Runs at a time; one for each core by default.", min=1)] = None,
    scheduler: Annotated[
        str | None, typer.Option(help="Run on the Dask cluster at this address.", metavar="tcp://HOST:PORT")
    ] = None,
    keep_going: Annotated[
        bool, typer.Option("--keep-going/--fail-fast", help="Finish the others when one fails, or stop at the first.")
    ] = True,
    timeout: Annotated[float, typer.Option(help="Seconds after which a run is given up.", min=1)] = 900,
    memory: Annotated[int | None, typer.Option(help="Megabytes that a run may use.", min=100)] = None,
    wait: Annotated[
        bool, typer.Option("--wait", help="Wait for another batch in the folder instead of refusing.")
    ] = False,
    out: Annotated[Path, typer.Option(help="Folder for the reports.")] = Path("reports"),
) -> None:
    """Write a report about everybody (or each NAME), for each year and language, several at a time.

    Runs of which nothing has changed are skipped, so the same command carries on where it was stopped.

    [bold]benchlib reports --langs lv,en --out reports[/bold]
    """
    from benchlib.reporting.batch.progress import Progressing, summary_of
    from benchlib.reporting.batch.reports import run_reports

    signal.signal(signal.SIGTERM, _terminate)
    with Progressing(Console(stderr=True, highlight=False, emoji=False)) as watcher:
        batch = run_reports(
            notebook,
            names if names and names != ["all"] else "all",
            years=_years(years),
            languages=_words(langs),
            parameters=_parameters(notebook, territory, parameter or []),
            out=out,
            formats=_words(formats),
            jobs=jobs,
            scheduler=scheduler,
            keep_going=keep_going,
            timeout=timeout,
            memory_limit=memory and memory * _MEGABYTE,
            wait=wait,
            watcher=watcher,
        )
    screen().print(summary_of(batch))
    if not batch.is_done:
        raise typer.Exit(1)


def _terminate(*_: Any) -> NoReturn:
    """End like Ctrl-C does: workers are ended, what is known is written."""
    sys.exit(128 + signal.SIGTERM)


def _words(text: str) -> list[Any]:
    return list(dict.fromkeys(word.strip() for word in text.split(",") if word.strip()))


def _years(text: str | None) -> list[int] | None:
    """Return the years of "2013", "2011-2013" or "2011,2013"."""
    if text is None:
        return None
    years: list[int] = []
    for part in _words(text):
        first, dash, last = part.partition("-")
        if not first.isascii() or not first.isdigit() or (dash and not (last.isascii() and last.isdigit())):
            raise OptionError(f"--years {text!r:.80}: {part!r:.20} is no year. Write 2013, or 2011-2013, or 2011,2013.")
        years += range(int(first), int(last or first) + 1)
    if not years or len(years) > 200:
        raise OptionError(f"--years {text!r:.80} names {len(years)} years. Write 2013, or 2011-2013, or 2011,2013.")
    return years


def _parameters(notebook: str, territory: str | None, given: list[str]) -> dict[str, Any]:
    """Return the parameters of `-p NAME=VALUE`, numbers as numbers where the notebook takes one."""
    pairs = {} if territory is None else {"territory": territory}
    for pair in given:
        name, sign, value = pair.partition("=")
        if not sign or not name.strip():
            raise OptionError(f"--parameter {pair!r:.80} is not NAME=VALUE, like group=region.")
        pairs[name.strip()] = value
    return schema_of(notebook).numbers_from_text(pairs)
