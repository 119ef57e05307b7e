"""Figures of one's own: a table of municipalities becomes a source of the registry, in the project's own layout."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from math import isnan
from pathlib import Path
from typing import Any

import pandas as pd

from benchlib.errors import CatalogueError
from benchlib.indicators.catalog import Catalogue
from benchlib.indicators.figures import COLUMNS, read_figures
from benchlib.indicators.imports.cells import number_text
from benchlib.indicators.imports.columns import ReadColumn, seen_role, understand
from benchlib.indicators.imports.dialects import choose_numbers
from benchlib.indicators.imports.figure_cells import (
    FigureCell,
    check_plausible,
    figure_cells,
    figure_columns,
    figures_of,
)
from benchlib.indicators.imports.headings import FIGURE_ROLES, MeasureNames
from benchlib.indicators.imports.magnitude import magnitude_notes
from benchlib.indicators.imports.options import Declared, ImportOptions
from benchlib.indicators.imports.places import Places
from benchlib.indicators.imports.plan import ImportPlan, SeenColumn, about_source, receipt, samples
from benchlib.indicators.imports.rows import Work, places_of, start, years_of
from benchlib.indicators.imports.sheets import Sheet
from benchlib.indicators.imports.units import Unit, unit_words
from benchlib.indicators.readers.numbers import Figure
from benchlib.indicators.registry import Measure, Source
from benchlib.indicators.territory import CLASSIFICATIONS, codes
from benchlib.terms import Classification


def plan_figures(
    path: Path, sheets: Sequence[Sheet], options: ImportOptions, declared: Declared, catalogue: Catalogue, id: str
) -> ImportPlan:
    """Understand a file of figures.

    Parameters
    ----------
    path : pathlib.Path
        The file.
    sheets : sequence of Sheet
        What was read of it.
    options : ImportOptions
        What the user says.
    declared : Declared
        What the user declares.
    catalogue : Catalogue
        Known measures and indicators.
    id : str
        Id of the new source.

    Returns
    -------
    ImportPlan

    Raises
    ------
    FiguresFileError
        If anything in the file cannot be understood; the message names sheet, row and column of each problem.
    OptionError, CatalogueError
        If the options or declarations are wrong.
    """
    for name, measure in declared.measures.items():
        if catalogue.registry.measures.get(name, measure) != measure:
            raise CatalogueError(f"measures.{name}: benchlib knows another measure of this id. Choose another id.")
    names = MeasureNames(catalogue, declared.measures)
    work = start(understand(sheets, options, declared, FIGURE_ROLES, names), options, path)
    columns = figure_columns(work, names)
    years = {} if all(column.year for column in columns) else years_of(work)
    places = places_of(work, {*years.values(), *(column.year for column in columns if column.year)})
    work.notes += places.notes
    work.notes += work.understood.unknown
    cells = list(figure_cells(work, names, columns, years, places))
    unused = work.around.unused({cell.measure.unit for cell in cells})
    if unused and not all(cell.unit for cell in cells):
        work.complaints.add(f"{unused}. Say the unit of each column in the file of --columns.")
    numbers = choose_numbers(work.where, ((cell.row, cell.column, cell.text) for cell in cells), options.decimal)
    figures = figures_of(work, cells, numbers)
    if not work.complaints:
        check_plausible(work, figures)
    work.complaints.raise_any()
    return _plan(path, work, columns, figures, places, declared, catalogue, id)


def _plan(
    path: Path,
    work: Work,
    columns: Sequence[ReadColumn],
    figures: Sequence[tuple[FigureCell, Figure]],
    places: Places,
    declared: Declared,
    catalogue: Catalogue,
    id: str,
) -> ImportPlan:
    rows = [(c.territory, c.year, c.measure.id, f.value, f.status, f.symbol) for c, f in figures]
    frame = pd.DataFrame(rows, columns=list(COLUMNS)).sort_values(["measure", "year", "territory"], ignore_index=True)
    others = _others(frame, catalogue)
    for problem in _other_borders(frame, places.territory, others):
        work.complaints.add(problem)
    work.complaints.raise_any()
    content, file = _csv(frame), f"figures/{id}.csv"
    units = tuple(sorted(frame["territory"].unique()))
    known = codes(places.territory)
    about = about_source(path, work.understood.sheet, work.options, declared, [known[code] for code in units])
    used = {cell.measure.id: cell.measure for cell, _ in figures}
    entry = {
        "id": id,
        **about.texts(),
        "territory": places.territory,
        "years": sorted({int(year) for year in frame["year"].unique()}),
        "measures": sorted(used),
        "access": work.options.access,
        **receipt(file, content, len(frame)),
    }
    work.notes += magnitude_notes(figures, catalogue)
    work.notes += [*_overlaps(frame, about.vintage, others), *_unshown(used, catalogue)]
    return ImportPlan(
        kind="figures",
        id=id,
        where=work.where,
        columns=_seen(work, columns, figures),
        rows=len({cell.row for cell, _ in figures}),
        territory=places.territory,
        territory_why=places.why,
        codes=units,
        summary=_summary(frame),
        notes=tuple(dict.fromkeys(work.notes)),
        access=work.options.access,
        vintage=about.vintage,
        vintage_basis=about.vintage_basis,
        index="registry.toml",
        addition={**_new_measures(used, declared, catalogue), "sources": [entry]},
        files={file: content},
    )


def _csv(frame: pd.DataFrame) -> bytes:
    """The figures in the layout of the data folder: numbers exact and without an exponent."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for territory, year, measure, value, status, symbol in frame.itertuples(index=False):
        writer.writerow([territory, year, measure, "" if isnan(value) else number_text(value), status, symbol])
    return out.getvalue().encode()


def _summary(frame: pd.DataFrame) -> pd.DataFrame:
    """Figures by measure and year: how many, how many are missing, the smallest and the largest."""
    groups = frame.groupby(["measure", "year"])
    return pd.DataFrame(
        {
            "figures": groups["value"].count(),
            "missing": groups["value"].size() - groups["value"].count(),
            "smallest": groups["value"].min(),
            "largest": groups["value"].max(),
        }
    ).reset_index()


def _seen(
    work: Work, columns: Sequence[ReadColumn], figures: Sequence[tuple[FigureCell, Figure]]
) -> tuple[SeenColumn, ...]:
    taken = {column.position: column for column in columns}
    in_rows = work.understood.of("measure") is not None
    used = {cell.row for cell, _ in figures}
    found = []
    for column in work.understood.columns:
        column = taken.get(column.position, column)
        values = [row.cells[column.position] for row in work.understood.layout.rows if row.number in used]
        role, unit = seen_role(column), ""
        if column.measure is not None:
            around = work.around.unit_for(column.measure.unit)
            role = column.measure.id
            unit = unit_words(column.unit or (around[1] if around else None), column.measure.unit)
        elif column.role == "value" and in_rows:
            role, unit = "values", column.unit.text if isinstance(column.unit, Unit) else column.unit or ""
        if column.year is not None and column.role in ("measure:", "value"):
            role += f", {column.year}"
        found.append(SeenColumn(column.title, role, unit, samples(values)))
    return tuple(found)


def _new_measures(
    used: Mapping[str, Measure], declared: Declared, catalogue: Catalogue
) -> dict[str, dict[str, dict[str, Any]]]:
    """Entries of the measures that the registry does not know yet, with the measures that weight them."""
    wanted = dict.fromkeys([*used, *(measure.weight for measure in used.values())])
    added = {name: declared.measures[name] for name in wanted if name in declared.measures}
    defaults = Measure("", {}, "", "")
    entries = {
        name: {key: value for key, value in asdict(measure).items() if key != "id" and value != getattr(defaults, key)}
        for name, measure in added.items()
        if name not in catalogue.registry.measures
    }
    return {"measures": entries} if entries else {}


def _others(frame: pd.DataFrame, catalogue: Catalogue) -> list[tuple[Source, pd.DataFrame]]:
    """Other sources of these measures with what really stands in them: a source need not have each measure for each of its years."""
    measures, years = set(frame["measure"]), set(frame["year"])
    registry = catalogue.registry
    return [
        (source, read_figures(source, registry.folder))
        for source in registry.sources
        if measures & set(source.measures) and years & set(source.years)
    ]


def _other_borders(
    frame: pd.DataFrame, territory: Classification, others: Sequence[tuple[Source, pd.DataFrame]]
) -> list[str]:
    """Sources of the same measure and year on the other side of the reform of 2021: only figures of the later borders would be used."""
    problems = []
    is_late = territory != CLASSIFICATIONS[0]
    for (name, year), _ in frame.groupby(["measure", "year"]):
        for source, rows in others:
            there = rows.loc[(rows["measure"] == name) & (rows["year"] == year)]
            if is_late:
                there = there.dropna(subset="value")  # a figure that is missing there cannot be pushed aside
            if len(there) and (source.territory == CLASSIFICATIONS[0]) == is_late:
                what = "push all of those aside" if is_late else "not be used at all"
                problems.append(
                    f"{source.id} has {name} for {year} in the borders of {source.territory}; yours, of {territory}, would {what}, "
                    f"for the later borders count. Give them in the borders of {source.territory}: --territory {source.territory}."
                )
    return problems


def _overlaps(frame: pd.DataFrame, vintage: str, others: Sequence[tuple[Source, pd.DataFrame]]) -> list[str]:
    """Other sources that have the same measures for the same years: the later vintage will count."""
    notes = []
    for name, part in frame.groupby("measure"):
        years = {int(year) for year in part["year"].unique()}
        for source, rows in others:
            there = rows.loc[rows["measure"] == name].dropna(subset="value")
            both = sorted(years & {int(year) for year in there["year"].unique()})
            if not both:
                continue
            listed = ", ".join(map(str, both[:4])) + (", ..." if len(both) > 4 else "")
            later = f"yours ({vintage})" if vintage > source.vintage else f"the other one ({source.vintage})"
            if vintage == source.vintage:
                later = f"both are of {vintage}, and what was imported last counts: yours"
            notes.append(
                f"{source.id} has figures of {name} for {listed} too. Where both have one, the later vintage counts: {later}."
            )
    return notes


def _unshown(used: Mapping[str, Measure], catalogue: Catalogue) -> list[str]:
    """Measures of which no indicator is made: no report would show them."""
    shown = {
        measure for passport in catalogue.indicators.values() for measure in (*passport.measures, passport.volume)
    } | {measure.weight for measure in catalogue.registry.measures.values()}
    return [
        f"No indicator is made of {name} yet, so no report shows it. Write a passport for it into catalogue/indicators of your own "
        "folder (benchlib data where)."
        for name in used
        if name not in shown
    ]
