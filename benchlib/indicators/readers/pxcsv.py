"""PxWeb CSV exports of the Central Statistical Bureau (CSB): a title, a blank line, label columns, figures by year."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import pandas as pd

from benchlib.errors import OptionError
from benchlib.indicators.readers.files import (
    FileSource,
    Row,
    Table,
    broken,
    check_cells,
    decode,
    load_bytes,
    read_csv_table,
)
from benchlib.indicators.readers.names import ExpectedUnits, check_units, clean_label, refuse_repeated
from benchlib.indicators.readers.numbers import CSB_SYMBOLS, Figure, NumberFormat, parse_figure
from benchlib.indicators.readers.pxareas import area_code
from benchlib.indicators.readers.tidy import COLUMNS, Record, tidy_frame
from benchlib.terms import Classification

Mappings = Mapping[str, str] | Mapping[tuple[str, ...], str]

_AREA_HEADINGS: Final = (
    "territorial unit",
    "teritoriālā vienība",
    "administrative territory",
    "administratīvā teritorija",
    "area",
    "region",
    "reģions",
)
_TIME_HEADINGS: Final = ("time period", "laika periods", "year", "gads", "time")
_YEAR: Final = re.compile(r"(?P<label>.*?)\s*\b(?P<year>(?:19|20)[0-9]{2})")
_NUMBER: Final = NumberFormat(example="1250.07")
_HEADING: Final = "heading"


@dataclass(frozen=True)
class _Layout:
    """Positions of the columns; time is None where the years are columns, and labels are all but area and time."""

    headings: tuple[str, ...]
    labels: tuple[int, ...]
    area: int
    time: int | None
    figures: tuple[int, ...]

    def label_names(self) -> list[str]:
        """Names of the label columns of the result; one that would hide a tidy column gets "_label" added."""
        names = [self.headings[position] for position in (*self.labels, self.area)]
        return [f"{name}_label" if name in (*COLUMNS, _HEADING) else name for name in names]


@dataclass(frozen=True)
class _Cell:
    """One figure with everything that the file says about it."""

    row: Row
    labels: tuple[str, ...]
    area: str
    heading: str
    record: Record


def read_pxweb_csv(
    source: FileSource,
    *,
    mapping: Mappings | str | None = None,
    territory: Classification = "2021",
    territory_column: str | None = None,
    other_areas: Collection[str] = (),
    expected_units: ExpectedUnits = None,
) -> pd.DataFrame:
    """Read a CSV export of CSB, in Latvian or English, with the years side by side or one below the other.

    Parameters
    ----------
    source : path, bytes or io.BytesIO
        The file, UTF-8 with or without byte-order mark, with or without title.
    mapping : mapping of labels to str, or str, optional
        Which measure a row is. Keys are the labels of the columns other than area and time, in the file's order: a text
        for one column, a tuple for several; a value column called "Men 2024" adds "Men" as the last label. A text
        instead of a mapping: every figure is that measure. Rows of labels that are not in the mapping are kept with
        `measure` "". Both languages may stand in one mapping; a measure of which no key fits is an error. None: the
        labels, joined by " | ".
    territory : {"2009", "2021", "2025"}
        Classification of areas whose label carries no date.
    territory_column : str, optional
        Heading of the column of areas, where it is not one of the usual ones.
    other_areas : collection of str
        Labels of areas that are no municipalities, beyond country, regions, towns and parishes, which are known.
    expected_units : int, "all" or None
        How many municipalities the file must hold; None does not check, because an export may hold any selection, and
        then a file that is cut exactly at a line end passes for a whole one.

    Returns
    -------
    pandas.DataFrame
        Columns `territory` ("" for an area that is no municipality), `year`, `measure`, `value`, `status`, `symbol`,
        then the label columns of the file without outer blanks and leading dots, then `heading` where value columns
        have a label besides the year. Rows in the file's order, the years of a row from left to right.
        `…`, `..`, `.` are missing, `:` is suppressed, `-` is an observed 0 ("magnitude zero").

    Raises
    ------
    FiguresFileError
        If the file is broken; the message names file, row and column.
    OptionError
        If the mapping does not fit the file.
    """
    name, content = load_bytes(source)
    table = read_csv_table(name, decode(name, content))
    header, rows = _without_title(table)
    layout = _layout(table, header, territory_column)
    check_cells(table, rows, len(layout.headings))
    areas = {clean_label(label) for label in other_areas}
    cells = [cell for row in rows for cell in _cells(table, layout, row, territory, areas)]
    records = _with_measures(name, cells, mapping)
    _refuse_repeated_figures(name, layout, cells, records)
    check_units(name, (record.territory for record in records), expected_units, territory)
    frame = tidy_frame(records)
    for position, label_name in enumerate(layout.label_names()):
        frame[label_name] = [(*cell.labels[: len(layout.labels)], cell.area)[position] for cell in cells]
    return frame.assign(**{_HEADING: [c.heading for c in cells]}) if any(c.heading for c in cells) else frame


def _without_title(table: Table) -> tuple[Row, tuple[Row, ...]]:
    """Heading and rows; lines of a single cell above the heading are titles."""
    for position, row in enumerate(table.rows):
        if len(row.cells) > 1:
            return row, table.rows[position + 1 :]
    raise broken(table.name, "no heading with several columns separated by commas. Export the table as CSV (comma).")


def _layout(table: Table, header: Row, territory_column: str | None) -> _Layout:
    headings = tuple(clean_label(cell) for cell in header.cells)
    for position, heading in enumerate(headings):
        if not heading or heading in headings[:position]:
            problem = "this column stands twice." if heading else "the heading is empty."
            raise broken(table.name, problem, row=header.number, column=heading or f"number {position + 1}")
    area = _find(headings, _AREA_HEADINGS if territory_column is None else (territory_column.casefold(),))
    if area is None:
        listed = ", ".join(repr(heading) for heading in headings)
        problem = f"no column of areas among {listed}. Pass its heading as territory_column=."
        raise broken(table.name, problem, row=header.number)
    figures = tuple(range(_first_year_column(headings, area), len(headings)))
    time = None if figures else _find(headings[:-1], _TIME_HEADINGS)
    if not figures and (time is None or area == len(headings) - 1):
        problem = "neither columns that are years nor a column of years with figures after it. Export yearly figures."
        raise broken(table.name, problem, row=header.number)
    figures = figures or (len(headings) - 1,)
    labels = tuple(position for position in range(len(headings)) if position not in (area, time, *figures))
    return _Layout(headings, labels, area, time, figures)


def _find(headings: tuple[str, ...], wanted: tuple[str, ...]) -> int | None:
    return next((position for position, heading in enumerate(headings) if heading.casefold() in wanted), None)


def _first_year_column(headings: tuple[str, ...], area: int) -> int:
    """Position from which on all headings end in a year; never before the column of areas."""
    first = len(headings)
    while first > area + 1 and _YEAR.fullmatch(headings[first - 1]):
        first -= 1
    return first


def _cells(table: Table, layout: _Layout, row: Row, territory: Classification, others: set[str]) -> Iterator[_Cell]:
    label = row.cells[layout.area]
    column = layout.headings[layout.area]
    code = area_code(label, territory, others=others, name=table.name, row=row.number, column=column)
    labels = tuple(clean_label(row.cells[position]) for position in layout.labels)
    for position in layout.figures:
        heading, year = _time(table, layout, row, position)
        figure = _figure(table, layout, row, position)
        combination = (*labels, heading) if heading else labels
        yield _Cell(row, combination, clean_label(label), heading, Record(code, year, "", figure))


def _time(table: Table, layout: _Layout, row: Row, position: int) -> tuple[str, int]:
    """Label besides the year, and the year: from the heading, or from the column of years."""
    text = layout.headings[position] if layout.time is None else clean_label(row.cells[layout.time])
    found = _YEAR.fullmatch(text)
    if found is None or (layout.time is not None and found["label"]):
        column = layout.headings[position if layout.time is None else layout.time]
        raise broken(table.name, f"{text!r} is not a year. Export yearly figures.", row=row.number, column=column)
    return found["label"], int(found["year"])


def _figure(table: Table, layout: _Layout, row: Row, position: int) -> Figure:
    try:
        return parse_figure(row.cells[position], _NUMBER, CSB_SYMBOLS)
    except ValueError as error:
        column = layout.headings[position]
        raise broken(table.name, f"{error}. Correct the cell.", row=row.number, column=column) from error


def _with_measures(name: str, cells: list[_Cell], mapping: Mappings | str | None) -> list[Record]:
    if mapping is None:
        measures = [" | ".join(cell.labels) for cell in cells]
    elif isinstance(mapping, str):
        measures = [mapping] * len(cells)
    else:
        by_labels = {
            tuple(map(clean_label, (key,) if isinstance(key, str) else key)): measure
            for key, measure in mapping.items()
        }
        measures = [by_labels.get(cell.labels, "") for cell in cells]
        unused = sorted(set(by_labels.values()) - set(measures))
        if unused:
            found = sorted({cell.labels for cell in cells})
            listed = ", ".join(map(repr, found[:5])) + (", ..." if len(found) > 5 else "")
            raise OptionError(f"mapping: no row of {name} has the labels of {unused[0]!r}. The labels are {listed}.")
    return [cell.record._replace(measure=measure) for cell, measure in zip(cells, measures, strict=True)]


def _refuse_repeated_figures(name: str, layout: _Layout, cells: list[_Cell], records: list[Record]) -> None:
    """Neither may the same labels stand twice, nor two labels mean the same figure of a municipality."""
    labelled = ((c.row.number, (c.labels, c.area, c.record.year), _place(c)) for c in cells)
    refuse_repeated(name, labelled, layout.headings[layout.area])
    measured = (
        (c.row.number, (r.territory, r.year, r.measure), f"{r.measure} of {_place(c)}")
        for c, r in zip(cells, records, strict=True)
        if r.territory and r.measure
    )
    refuse_repeated(name, measured, layout.headings[layout.area])


def _place(cell: _Cell) -> str:
    return " | ".join(part for part in (*cell.labels, cell.area, str(cell.record.year)) if part)
