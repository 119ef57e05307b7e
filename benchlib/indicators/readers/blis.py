"""BLIS, the benchlearning database of the Latvian Association of Local Governments (blis.lps.lv).

A sheet per topic and year, a row per municipality: `ATVK`, the name (`Nosaukums` or `Pašvaldība`), and figures whose
headings carry the date.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

import pandas as pd

from benchlib.indicators.readers.files import (
    FileSource,
    Row,
    Table,
    broken,
    check_cells,
    decode,
    is_workbook,
    load_bytes,
    read_csv_table,
    read_workbook_table,
)
from benchlib.indicators.readers.htmltable import read_html_table
from benchlib.indicators.readers.names import (
    ExpectedUnits,
    check_units,
    clean_label,
    municipality_code,
    refuse_repeated,
)
from benchlib.indicators.readers.numbers import SPACES, NumberFormat, parse_figure
from benchlib.indicators.readers.tidy import Record, tidy_frame, year_of
from benchlib.indicators.territory import codes
from benchlib.terms import Classification

_CODE: Final = "ATVK"
_NAMES: Final = ("Nosaukums", "Pašvaldība")
_CODE_DIGITS: Final = 7
DATE: Final = re.compile(r"(?:\buz\s+)?\(?\b(?P<day>[0-9]{1,2})\.\s?(?P<month>[0-9]{1,2})\.\s?(?P<year>[0-9]{4})\.?\)?")
_COUNT: Final = NumberFormat(thousands=SPACES, whole=True, example="698 086")
_DECIMAL: Final = NumberFormat(thousands=SPACES, example="1 250.07")

#: Headings without date, as `_plain_heading` makes them, and their measures. All four are counts of registered persons.
HEADINGS: Final[dict[str, str]] = {
    "iedzīvotāju skaits": "registered_population",
    "iedzīvotāji": "registered_population",
    "bērnu no 0-6 gadiem skaits": "children_preschool_age",
    "bērni no 0-6 gadiem": "children_preschool_age",
    "bērnu un jauniešu no 7-18 gadiem skaits": "children_school_age",
    "bērni un jaunieši no 7-18 gadiem": "children_school_age",
    "iedzīvotāju virs darbspējas vecuma skaits": "population_above_working_age",
    "iedzīvotāji virs darbspējas vecuma": "population_above_working_age",
}


@dataclass(frozen=True)
class _Column:
    """A column of figures: where it stands, its heading, measure, year and how its numbers are written."""

    position: int
    heading: str
    measure: str
    year: int
    number_format: NumberFormat


def read_blis(
    source: FileSource,
    year: int | None = None,
    *,
    mapping: Mapping[str, str] | None = None,
    territory: Classification = "2009",
    expected_units: ExpectedUnits = "all",
) -> pd.DataFrame:
    """Read a BLIS sheet: the saved page (html), csv or xlsx.

    Parameters
    ----------
    source : path, bytes or io.BytesIO
        The file. What it is shows in its content, not in its name.
    year : int, optional
        Year of figures whose heading carries no date; a date in the heading goes before it.
    mapping : mapping of str to str, optional
        Measures of further headings, written without the date ("Bibliotēku skaits": "public_libraries").
    territory : {"2009", "2021", "2025"}
        Classification of the sheet.
    expected_units : int, "all" or None
        How many municipalities the sheet must hold; None does not check, and then a csv that is cut exactly at a line
        end passes for a whole one.

    Returns
    -------
    pandas.DataFrame
        Columns `territory, year, measure, value, status, symbol`; for each row of the sheet its measures in the sheet's
        order.

    Raises
    ------
    FiguresFileError
        If the file is broken; the message names file, row and column.

    Notes
    -----
    A code that lost its leading zeros in a spreadsheet gets them back; every code must agree with the name beside it.
    No sheet as downloaded was at hand; the layout follows descriptions of two sheets (1 January 2015 and 2016).
    """
    name, content = load_bytes(source)
    table = _table(name, content)
    header, rows = _without_title(table)
    headings = [clean_label(cell) for cell in header.cells]
    label = _name_column(table, header, headings)
    check_cells(table, rows, len(headings))
    key = headings.index(_CODE)
    columns = [_column(table, header, i, year, mapping or {}) for i in range(len(headings)) if i not in (key, label)]
    refuse_repeated(
        name, ((header.number, (c.measure, c.year), c.heading) for c in columns), None, remedy="Keep one column."
    )
    atvk = [_code(table, row, key, label, headings[label], territory) for row in rows]
    refuse_repeated(name, ((r.number, code, r.cells[label]) for r, code in zip(rows, atvk, strict=True)), _CODE)
    records = [_record(table, row, code, column) for row, code in zip(rows, atvk, strict=True) for column in columns]
    check_units(name, atvk, expected_units, territory)
    return tidy_frame(records)


def _table(name: str, content: bytes) -> Table:
    if is_workbook(name, content):
        return read_workbook_table(name, content)
    text = decode(name, content)
    if text.lstrip().startswith("<"):
        return read_html_table(name, text, _CODE)
    # Excel with Latvian settings writes semicolons into what it calls CSV.
    heading = next((line for line in text.splitlines() if _CODE in line), "")
    return read_csv_table(name, text, delimiter=";" if ";" in heading else ",")


def _without_title(table: Table) -> tuple[Row, tuple[Row, ...]]:
    for position, row in enumerate(table.rows):
        if _CODE in (clean_label(cell) for cell in row.cells):
            return row, table.rows[position + 1 :]
    raise broken(
        table.name, f"no column {_CODE!r}, by which municipalities are known. Save the sheet with all its columns."
    )


def _name_column(table: Table, header: Row, headings: list[str]) -> int:
    found = [position for position, heading in enumerate(headings) if heading in _NAMES]
    if len(found) != 1:
        listed = ", ".join(repr(heading) for heading in headings)
        problem = f"exactly one column {' or '.join(map(repr, _NAMES))} is expected; the columns are {listed}."
        raise broken(table.name, problem, row=header.number)
    if headings.count(_CODE) > 1 or len(headings) < 3:
        problem = f"one column {_CODE!r}, one of names and at least one of figures are expected."
        raise broken(table.name, problem, row=header.number)
    return found[0]


def _plain_heading(heading: str) -> str:
    """Heading without date, case and kinds of dashes: what stays is the same for all years."""
    text = re.sub("[\u2010-\u2015\u2212]", "-", DATE.sub("", heading))
    return clean_label(re.sub(r"\s*-\s*", "-", text)).casefold().rstrip(" .,:;")


def _column(table: Table, header: Row, position: int, year: int | None, mapping: Mapping[str, str]) -> _Column:
    heading = clean_label(header.cells[position])
    plain = _plain_heading(heading)
    further = {_plain_heading(key): measure for key, measure in mapping.items()}
    measure = further.get(plain) or HEADINGS.get(plain)
    if measure is None:
        problem = (
            f"this heading is not known. Known are {', '.join(map(repr, HEADINGS))}; name its measure in mapping=."
        )
        raise broken(table.name, problem, row=header.number, column=heading)
    number_format = _DECIMAL if plain in further else _COUNT
    return _Column(position, heading, measure, _year(table, header, heading, year), number_format)


def _year(table: Table, header: Row, heading: str, year: int | None) -> int:
    dated = DATE.search(heading)
    if dated is None:
        if year is None:
            raise broken(table.name, "the heading carries no date. Pass year=.", row=header.number, column=heading)
        return year_of(table.name, year)
    try:
        return date(int(dated["year"]), int(dated["month"]), int(dated["day"])).year
    except ValueError as error:
        problem = f"{dated[0]!r} is not a date. Correct the heading."
        raise broken(table.name, problem, row=header.number, column=heading) from error


def _code(table: Table, row: Row, key: int, label: int, column: str, territory: Classification) -> str:
    """Code of the row, leading zeros restored, checked against the classification and against the name beside it."""
    text = row.cells[key].strip()
    code = text.zfill(_CODE_DIGITS)
    if not re.fullmatch("[0-9]{7}", code) or code not in codes(territory):
        problem = f"{text!r} is no ATVK code of the {territory} classification. Correct the cell, or pass territory=."
        raise broken(table.name, problem, row=row.number, column=_CODE)
    named = municipality_code(row.cells[label], territory, name=table.name, row=row.number, column=column)
    if named != code:
        names = f"code {text} is {codes(territory)[code].name}, the name says {row.cells[label].strip()!r}"
        raise broken(table.name, f"{names}. Correct one of them.", row=row.number, column=_CODE)
    return code


def _record(table: Table, row: Row, code: str, column: _Column) -> Record:
    try:
        return Record(code, column.year, column.measure, parse_figure(row.cells[column.position], column.number_format))
    except ValueError as error:
        raise broken(table.name, f"{error}. Correct the cell.", row=row.number, column=column.heading) from error
