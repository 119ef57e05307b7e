"""`benchlib data import`, `where` and `remove`: figures, surveys and building registers of one's own."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer
from rich.markup import escape

from benchlib.cli.screen import plain, print_table, say_error, screen
from benchlib.errors import OptionError

if TYPE_CHECKING:
    import pandas as pd

    from benchlib.indicators.imports import ImportPlan

#: Names that a line has room for.
_NAMES: Final = 8
_WHAT: Final = {"figures": "source", "survey": "survey", "buildings": "register"}


_Text = str | None
_Kind = Annotated[str, typer.Option(help="What it holds: figures, survey or buildings.", metavar="KIND")]
_Access = Annotated[str, typer.Option(help="Who may see it: members, or public.", metavar="members|public")]
_Columns = Annotated[
    Path | None, typer.Option(help="What the columns are, new measures and the source, as TOML.", metavar="FILE.toml")
]
_Column = Annotated[
    list[str] | None,
    typer.Option(
        help="What a column is: a measure, municipality, code, year, value, ... or ignore; may be repeated.",
        metavar="HEADING=ROLE",
    ),
]
_Sheet = Annotated[_Text, typer.Option(help="Name or number of the sheet.", metavar="NAME")]
_Year = Annotated[int | None, typer.Option(help="Year, where the file does not say it.")]
_Territory = Annotated[
    _Text, typer.Option(help="Municipalities of 2009, 2021 or 2025; found out where possible.", metavar="YEAR")
]
_Municipality = Annotated[_Text, typer.Option(help="The municipality, where the file does not say it.", metavar="NAME")]
_Measure = Annotated[_Text, typer.Option(help="The measure, where columns are headed by years alone.", metavar="ID")]
_Decimal = Annotated[_Text, typer.Option(help="How decimals are written: , or .", metavar="SIGN")]
_Scale = Annotated[_Text, typer.Option(help="Survey: lowest and highest answer, such as 1-5.", metavar="LOW-HIGH")]
_Survey = Annotated[_Text, typer.Option(help="Survey: its name.", metavar="TEXT")]
_Respondents = Annotated[_Text, typer.Option(help="Survey: who answered, residents or users.", metavar="WHO")]
_MinN = Annotated[int, typer.Option("--min-n", help="Survey: means of fewer answers are not stored.", metavar="N")]
_Source = Annotated[_Text, typer.Option(help="What the table is called.", metavar="TEXT")]
_Publisher = Annotated[_Text, typer.Option(help="Who vouches for the figures.", metavar="TEXT")]
_Id = Annotated[_Text, typer.Option("--id", help="Id of the source; from the file's name.", metavar="ID")]
_Vintage = Annotated[_Text, typer.Option(help="Day of the figures; that of the file by default.", metavar="YYYY-MM-DD")]


def data_import(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="xlsx, xls, ods or csv.")],
    *,
    kind: _Kind = "figures",
    access: _Access = "members",
    columns: _Columns = None,
    column: _Column = None,
    sheet: _Sheet = None,
    year: _Year = None,
    territory: _Territory = None,
    municipality: _Municipality = None,
    measure: _Measure = None,
    decimal: _Decimal = None,
    scale: _Scale = None,
    survey: _Survey = None,
    respondents: _Respondents = None,
    min_n: _MinN = 10,
    source: _Source = None,
    publisher: _Publisher = None,
    id: _Id = None,
    vintage: _Vintage = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Store without asking.")] = False,
) -> None:
    """Add figures, a survey or a building register of your own.

    What was understood is shown first; nothing is stored before you say yes. For members only unless you say otherwise.

    [bold]benchlib data import "izdevumi 2023.xlsx"[/bold]
    """
    from benchlib.indicators.imports import ImportOptions, plan_import, store_import

    options = ImportOptions(
        kind=kind,  # type: ignore[arg-type]
        access=access,  # type: ignore[arg-type]
        declared=columns,
        columns=tuple(column or ()),
        sheet=sheet,
        year=year,
        territory=territory,  # type: ignore[arg-type]
        municipality=municipality,
        measure=measure,
        decimal=decimal,
        scale=scale,
        survey=survey,
        respondents=respondents,
        table=source,
        publisher=publisher,
        id=id,
        vintage=vintage,
        min_n=min_n,
    )
    plan = plan_import(file, options)
    _show(plan)
    if not yes and not _agreed():
        raise typer.Exit(1)
    folder = store_import(plan)
    typer.echo(f"Stored as {_WHAT[plan.kind]} {plan.id} in {folder}.")
    typer.echo(
        f"Take it out again: benchlib data remove {plan.id}. Notebooks that are open see it after a restart of the kernel."
    )


def _agreed() -> bool:
    """Ask; where nobody can answer, say what to do."""
    if not sys.stdin.isatty():
        say_error(
            "Nothing was stored: nobody can be asked here. If all of this is right, run the command again with --yes."
        )
        raise typer.Exit(2)
    return _confirmed("Store this?", "Nothing was stored.")


def _confirmed(question: str, otherwise: str) -> bool:
    """Whether the user says yes; if not, by a word, Ctrl-C or Ctrl-D, say what was not done."""
    try:
        agreed = typer.confirm(question, default=False)
    except typer.Abort as stop:
        typer.echo(f"\n{otherwise}")  # the cursor stands behind the question still
        raise typer.Exit(130 if isinstance(stop.__context__, KeyboardInterrupt) else 1) from stop
    if not agreed:
        typer.echo(otherwise)
    return agreed


def _show(plan: ImportPlan) -> None:
    """What was understood, as somebody who knows the file can judge it."""
    rows = [(c.heading, c.role, c.unit, " | ".join(c.samples)) for c in plan.columns]
    print_table(f"{plan.where}: what its columns are", ("column", "read as", "unit", "first values"), rows)
    print_table("\nWhat there is", tuple(map(str, plan.summary.columns)), _cells(plan.summary))
    out = screen()
    out.print()
    if plan.kind == "buildings":
        out.print(f"[bold]Buildings of[/bold] {_some(plan.names)}")
    else:
        borders = f"borders of {plan.territory}; {plan.territory_why}"
        out.print(f"[bold]{len(plan.codes)} in the file[/bold] ({escape(borders)}): {_some(plan.names)}")
    if len(plan.codes) > 1 and plan.absent:
        out.print(f"[bold]{len(plan.absent)} not in the file[/bold]: {_some(plan.absent)}")
    if plan.notes:
        out.print("\n[bold]To be looked at[/bold]")
    for note in plan.notes:
        out.print(f"- {escape(note)}")
    out.print()
    day = plan.vintage if plan.vintage_basis == "told" else f"{plan.vintage}, the day of the file (--vintage)"
    seen = "members only (--access)" if plan.access == "members" else "everybody: it may stand in public reports"
    out.print(f"[bold]Id[/bold] {plan.id}   [bold]Vintage[/bold] {day}   [bold]Seen by[/bold] {seen}")
    out.print()


def _some(names: tuple[str, ...]) -> str:
    more = f", and {len(names) - _NAMES} more" if len(names) > _NAMES else ""
    return escape(", ".join(names[:_NAMES])) + more


def _cells(table: pd.DataFrame) -> list[tuple[str, ...]]:
    return [tuple(map(_cell, row)) for row in table.itertuples(index=False)]


def _cell(value: Any) -> str:
    if value != value or value is None:
        return ""
    return f"{value:,.10g}".replace(",", " ") if isinstance(value, float) else str(value)


def data_where() -> None:
    """Show where your own data lies, and what is in it."""
    from benchlib.indicators import own_folder
    from benchlib.indicators.imports import own_entries

    folder = own_folder()
    typer.echo(str(folder))
    rows = [_entry_row(index, entry) for index, listed in own_entries().items() for entry in listed]
    if rows:
        print_table("", ("id", "what", "seen by", "years", "rows", "vintage", "called"), rows)
    else:
        typer.echo("No figures, survey or building register has been imported yet: benchlib data import FILE.")
    for room, one, several in (
        ("catalogue/indicators", "passport", "passports"),
        ("catalogue/practices", "practice example", "practice examples"),
        ("catalogue/services", "service", "services"),
        ("plans", "improvement plan", "improvement plans"),
    ):
        count = len(list((folder / room).glob("*.toml")))
        if count:
            typer.echo(f"{count} {one if count == 1 else several} in {folder / room}")


def _entry_row(index: str, entry: dict[str, Any]) -> tuple[str, ...]:
    what = {"registry.toml": "figures", "surveys.toml": "survey", "buildings.toml": "buildings"}[index]
    called = entry.get("table") or entry.get("name") or {}
    years = [int(year) for year in entry.get("years", ())]
    span = "" if not years else f"{min(years)}-{max(years)}" if len(years) > 1 else str(years[0])
    values = (
        entry.get("id"),
        what,
        entry.get("access"),
        span,
        entry.get("rows"),
        entry.get("vintage"),
        called.get("en", ""),
    )
    return tuple("" if value is None else str(value) for value in values)


def data_remove(
    id: Annotated[str, typer.Argument(metavar="ID", help="As `benchlib data where` shows it.")],
    *,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Remove without asking.")] = False,
) -> None:
    """Take out again what you imported: a source, a survey or a building register."""
    from benchlib.indicators.imports import own_entries, remove_import

    found = [(index, entry) for index, listed in own_entries().items() for entry in listed if entry.get("id") == id]
    if found and not yes:
        typer.echo("  ".join(plain(cell) for cell in _entry_row(*found[0]) if cell))
        if not sys.stdin.isatty():
            raise OptionError(
                f"Nothing was removed: nobody can be asked here. Run it again with --yes to remove {id!r:.80}."
            )
        if not _confirmed("Remove it?", "Nothing was removed."):
            raise typer.Exit(1)
    measures = remove_import(id)
    typer.echo(
        f"Removed {id}."
        + (f" Measures that nothing else uses went with it: {', '.join(measures)}." if measures else "")
    )
