"""VISC, the National Centre for Education: results of the grade-9 examinations.

A file per subject and year, a row per school; Riga comes by district.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, Literal

import numpy as np
import pandas as pd

from benchlib.errors import OptionError
from benchlib.indicators.readers.files import (
    FileSource,
    Row,
    broken,
    check_cells,
    check_header,
    decode,
    load_bytes,
    read_csv_table,
)
from benchlib.indicators.readers.names import ExpectedUnits, check_units, municipality_code, refuse_repeated
from benchlib.indicators.readers.numbers import Figure, NumberFormat, parse_figure
from benchlib.indicators.readers.tidy import Record, tidy_frame, year_of
from benchlib.terms import Classification, check_option

Subject = Literal["mathematics", "english", "latvian", "history"]
Repeated = Literal["error", "mean", "keep"]

_MUNICIPALITY, _SCHOOL, _RESULT = "Novads", "Skola", "Kopvērtējums"
_PERCENT: Final = NumberFormat(suffix="%", example="70.67%")
#: VISC calls Kocēnu novads by the name that it had until 2010, in all years but 2013; its schools are the same.
_FORMER_NAMES: Final = {"Valmieras novads": "Kocēnu novads"}
#: Schools that VISC lists under a neighbour: Mērsrags left Rojas novads in 2011, and Krustpils pamatskola stands under
#: Krustpils novads in 2010, 2013 and 2014, under the city of Jēkabpils in 2011 and 2012. Keys: (area, school).
MOVED_SCHOOLS: Final[Mapping[tuple[str, str], str]] = {
    ("Rojas novads", "Mērsraga vidusskola"): "Mērsraga novads",
    ("Jēkabpils pilsēta", "Krustpils pamatskola"): "Krustpils novads",
}
_SUBJECTS: Final[dict[str, Subject]] = {
    "MAT9": "mathematics",
    "ANG9": "english",
    "VLL9": "latvian",
    "VES9": "history",
}


def read_visc(
    source: FileSource,
    subject: Subject | None = None,
    year: int | None = None,
    *,
    territory: Classification = "2009",
    repeated: Repeated = "error",
    moved: Mapping[tuple[str, str], str] = MOVED_SCHOOLS,
    expected_units: ExpectedUnits = None,
) -> pd.DataFrame:
    """Read results by school.

    Parameters
    ----------
    source : path, bytes or io.BytesIO
        The csv file.
    subject : {"mathematics", "english", "latvian", "history"}, optional
        By default what the file's name says: MAT9, ANG9, VLL9 (Latvian), VES9 (history).
    year : int, optional
        By default the year in the file's name ("2013-necentralizetie-MAT9.csv").
    territory : {"2009", "2021", "2025"}
        Classification of the municipalities in the file.
    repeated : {"error", "mean", "keep"}
        What to do when a school stands in several rows: refuse the file, make one row of their mean (where the first
        stood; "estimated" if they differ), or keep all rows. The file of 2010 for English lists 29 results under one
        school, which look like those of single pupils.
    moved : mapping of (area, school) to str
        Schools that belong to another municipality than the one under which they are listed; pass {} to take the file
        at its word. By default the two that are known. The column `area` keeps what was published.
    expected_units : int, "all" or None
        How many municipalities the file must hold; None does not check, because some years miss a few, and then a file
        that is cut exactly at a line end passes for a whole one.

    Returns
    -------
    pandas.DataFrame
        Columns `territory, year, measure, value, status, symbol`, then `area` (the municipality as published: Riga
        comes by district) and `school`. `measure` is `exam_grade9_<subject>`, `value` is in percent (70.67).

    Raises
    ------
    FiguresFileError
        If the file is broken; the message names file, row and column.
    OptionError
        If subject or year is neither given nor in the file's name.
    """
    check_option("repeated", repeated, Repeated)
    name, content = load_bytes(source)
    measure = f"exam_grade9_{_subject_of(name, subject)}"
    exam_year = year_of(name, year)
    table = read_csv_table(name, decode(name, content))
    columns = check_header(table, table.rows[0], (_MUNICIPALITY, _SCHOOL, _RESULT))
    rows = table.rows[1:]
    check_cells(table, rows, len(columns))
    areas, schools, results = (
        [row.cells[columns.index(column)].strip() for row in rows] for column in (_MUNICIPALITY, _SCHOOL, _RESULT)
    )
    owners = [moved.get((area, school), area) for area, school in zip(areas, schools, strict=True)]
    codes = [_code(name, row, owner, territory) for row, owner in zip(rows, owners, strict=True)]
    figures = [_figure(name, row, school, text) for row, school, text in zip(rows, schools, results, strict=True)]
    if repeated == "error":
        _refuse_repeated_schools(name, rows, areas, schools)
    check_units(name, codes, expected_units, territory)
    frame = tidy_frame(Record(code, exam_year, measure, figure) for code, figure in zip(codes, figures, strict=True))
    frame = frame.assign(area=areas, school=schools)
    return _mean_by_school(frame) if repeated == "mean" else frame


def visc_municipality_means(schools: pd.DataFrame) -> pd.DataFrame:
    """Average the results of schools by municipality, every school counting the same.

    Parameters
    ----------
    schools : pandas.DataFrame
        Rows of `read_visc`, of one file or of several put together.

    Returns
    -------
    pandas.DataFrame
        Columns `territory, year, measure, value, status, symbol`. Two rows for each municipality, year and subject, in
        the order of first appearance: `exam_grade9_<subject>` (percent, the unweighted mean of the schools with a
        result; NaN and "missing" where none has one) and `exam_grade9_<subject>_schools` (how many these are).
    """
    values = schools.groupby(["territory", "year", "measure"], sort=False)["value"]
    summary = values.agg(["mean", "count"]).reset_index()
    records = []
    for code, year, measure, mean, count in summary.itertuples(index=False, name=None):
        result = Figure(mean, "observed", "") if count else Figure(np.nan, "missing", "")
        records.append(Record(code, year, measure, result))
        records.append(Record(code, year, f"{measure}_schools", Figure(float(count), "observed", "")))
    return tidy_frame(records)


def _subject_of(name: str, subject: Subject | None) -> Subject:
    if subject is not None:
        check_option("subject", subject, Subject)
        return subject
    named = {_SUBJECTS[code] for code in _SUBJECTS if re.search(rf"(?<![A-Z]){code}(?![0-9])", name)}
    if len(named) != 1:
        codes = ", ".join(_SUBJECTS)
        raise OptionError(
            f"The name of the file {name!r} does not say the subject ({codes}). Pass subject=, such as 'history'."
        )
    return named.pop()


def _code(name: str, row: Row, area: str, territory: Classification) -> str:
    """Code of a municipality; a district in parentheses, as in "Rīgas pilsēta (Centra raj.)", belongs to the city."""
    municipality = re.sub(r"\s*\([^()]*\)$", "", area)
    if territory == "2009":
        municipality = _FORMER_NAMES.get(municipality, municipality)
    return municipality_code(municipality, territory, name=name, row=row.number, column=_MUNICIPALITY)


def _figure(name: str, row: Row, school: str, text: str) -> Figure:
    if not school:
        raise broken(name, "the school has no name. Add it.", row=row.number, column=_SCHOOL)
    try:
        figure = parse_figure(text, _PERCENT)
    except ValueError as error:
        raise broken(name, f"{error}. Correct the cell.", row=row.number, column=_RESULT) from error
    if not (np.isnan(figure.value) or 0 <= figure.value <= 100):
        raise broken(name, f"{text!r} is not between 0% and 100%. Correct the cell.", row=row.number, column=_RESULT)
    return figure


def _refuse_repeated_schools(name: str, rows: tuple[Row, ...], areas: list[str], schools: list[str]) -> None:
    keys = (
        (row.number, (area, school), f"{school} ({area})")
        for row, area, school in zip(rows, areas, schools, strict=True)
    )
    remedy = "repeated='mean' makes one result of all rows of a school, repeated='keep' counts each."
    refuse_repeated(name, keys, _SCHOOL, remedy=remedy)


def _mean_by_school(frame: pd.DataFrame) -> pd.DataFrame:
    keys = ["territory", "year", "measure", "area", "school"]
    values = frame.groupby(keys, sort=False)["value"]
    known = values.count().to_numpy() > 0
    differ = values.nunique().to_numpy() > 1
    first = frame.drop_duplicates(keys, ignore_index=True)
    return first.assign(
        value=values.mean().to_numpy(dtype=np.float64),
        status=first["status"].mask(known, "observed").mask(differ, "estimated"),
        symbol=first["symbol"].mask(known, ""),
    )
