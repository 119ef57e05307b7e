"""`benchlib municipalities` and `benchlib data`: what there is."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer
from rich.table import Table

from benchlib.cli.screen import plain, print_table, say_error, screen
from benchlib.terms import Classification, check_option

if TYPE_CHECKING:
    from benchlib.indicators import Passport, Service

data_app = typer.Typer(help="The figures and their catalogue.", no_args_is_help=True)


def municipalities(
    territory: Annotated[
        str, typer.Option(help="Municipalities of 2009 (119), 2021 (43) or 2025 (42).", metavar="YEAR")
    ] = "2025",
) -> None:
    """List the municipalities with code, kind and planning region."""
    from benchlib.indicators import classification

    units = classification(check_option("territory", territory, Classification))
    rows = [(unit.code, unit.name, unit.kind, unit.region) for unit in units]
    print_table(f"Municipalities of {territory}: {len(rows)}", ("code", "name", "kind", "region"), rows)


@data_app.command("list")
def data_list(
    *,
    measures: Annotated[
        bool, typer.Option("--measures", help="List the measures instead: what figures of your own may be about.")
    ] = False,
    language: Annotated[Literal["lv", "en"], typer.Option("--lang", help="Language of the names.")] = "en",
) -> None:
    """List the indicators and services of the catalogue, or the measures."""
    from benchlib.indicators import load_catalogue

    catalogue = load_catalogue()
    if measures:
        known = catalogue.registry.measures.values()
        listed = [
            (m.id, m.name[language], m.unit, "" if catalogue.registry.sources_of(m.id) else "no figures yet")
            for m in known
        ]
        print_table(f"Measures: {len(listed)}", ("id", "name", "unit", ""), listed)
        return
    rows = [(p.id, p.name[language], p.dimension, p.unit[language]) for p in catalogue.indicators.values()]
    print_table(f"Indicators: {len(rows)}", ("id", "name", "dimension", "unit"), rows)
    services = [
        (s.id, s.name[language], ", ".join(s.inputs), ", ".join(s.outputs)) for s in catalogue.services.values()
    ]
    print_table(f"Services: {len(services)}", ("id", "name", "inputs", "outputs"), services)


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
            table.add_row(name.replace("_", " "), plain(text))
    screen().print(table)


@data_app.command("check")
def data_check() -> None:
    """Check figures, catalogue and registry against each other."""
    from benchlib.indicators import check_data

    problems = check_data()
    for problem in problems:
        say_error(problem)
    if problems:
        raise typer.Exit(1)
    typer.echo("Figures, catalogue and registry agree.")
