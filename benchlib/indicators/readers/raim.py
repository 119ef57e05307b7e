"""RAIM, the Regional Development Indicator Module of the ministry VARAM.

A file a year, a row per municipality, a column per indicator, as csv ("8.05%", "1,250.07") or xlsx.
"""

from __future__ import annotations

from typing import Final

import pandas as pd

from benchlib.indicators.readers.files import (
    FileSource,
    Row,
    Table,
    broken,
    check_cells,
    check_header,
    decode,
    is_workbook,
    load_bytes,
    read_csv_table,
    read_workbook_table,
)
from benchlib.indicators.readers.names import ExpectedUnits, check_units, municipality_code, refuse_repeated
from benchlib.indicators.readers.numbers import NumberFormat, parse_figure
from benchlib.indicators.readers.tidy import Record, tidy_frame, year_of
from benchlib.terms import Classification

_KEY: Final = "Municipality"
_SHARE: Final = NumberFormat(suffix="%", exponent=-2, example="8.05%")
_AMOUNT: Final = NumberFormat(thousands=",", example="1,250.07")

#: Publisher's column -> our measure and how its numbers are written.
_COLUMNS: Final[dict[str, tuple[str, NumberFormat]]] = {
    "UnemploymentRate": ("unemployment_rate", _SHARE),
    "DependencyRatio": ("dependency_ratio", _AMOUNT),
    "PopulationChangePerYear": ("population_change", _SHARE),
    "PerCapitaIncomeTax": ("income_tax_per_inhabitant", _AMOUNT),
    "ExpenditurePerStudent": ("education_expenditure_per_pupil", _AMOUNT),
    "PerCapitaRealEstateTax": ("property_tax_per_inhabitant", _AMOUNT),
    "FemaleRatio": ("female_ratio", _SHARE),
}


def read_raim(
    source: FileSource,
    year: int | None = None,
    *,
    territory: Classification = "2009",
    expected_units: ExpectedUnits = "all",
) -> pd.DataFrame:
    """Read a RAIM export, csv or xlsx.

    Parameters
    ----------
    source : path, bytes or io.BytesIO
        The file. What it is shows in its content, not in its name.
    year : int, optional
        Year of the figures; by default the one in the file's name ("raim-lv-2013.csv").
    territory : {"2009", "2021", "2025"}
        Classification of the municipalities in the file.
    expected_units : int, "all" or None
        How many municipalities the file must hold; None does not check, and then a file that is cut exactly at a line
        end passes for a whole one.

    Returns
    -------
    pandas.DataFrame
        Columns `territory, year, measure, value, status, symbol`; for each row of the file its measures in the file's
        order. `unemployment_rate`, `population_change` and `female_ratio` are shares (8.05% is 0.0805);
        `dependency_ratio` is per 1,000 of working age; the rest is money per head, as published.

    Raises
    ------
    FiguresFileError
        If the file is broken; the message names file, row and column.
    OptionError
        If the year is neither given nor in the file's name.

    Notes
    -----
    The column FemaleRatio of the file of 2009 holds the share of men (Riga 44.51 %, against 55 % of women in later
    years). It is returned as published.
    """
    name, content = load_bytes(source)
    figures_year = year_of(name, year)
    workbook = is_workbook(name, content)
    table = read_workbook_table(name, content) if workbook else read_csv_table(name, decode(name, content))
    header, rows = table.rows[0], table.rows[1:]
    columns = check_header(table, header, (_KEY, *_COLUMNS))
    check_cells(table, rows, len(columns))
    key = columns.index(_KEY)
    codes = [municipality_code(row.cells[key], territory, name=name, row=row.number, column=_KEY) for row in rows]
    keys = ((row.number, code, row.cells[key]) for row, code in zip(rows, codes, strict=True))
    refuse_repeated(name, keys, _KEY)
    records = [
        _record(table, row, code, figures_year, column, cell)
        for row, code in zip(rows, codes, strict=True)
        for column, cell in zip(columns, row.cells, strict=True)
        if column != _KEY
    ]
    check_units(name, codes, expected_units, territory)
    return tidy_frame(records)


def _record(table: Table, row: Row, code: str, year: int, column: str, cell: str) -> Record:
    measure, number_format = _COLUMNS[column]
    try:
        return Record(code, year, measure, parse_figure(cell, number_format))
    except ValueError as error:
        raise broken(table.name, f"{error}. Correct the cell.", row=row.number, column=column) from error
