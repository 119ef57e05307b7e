"""Figures files in the project's own layout: one tidy CSV a source, read strictly.

Columns: `territory,year,measure,value,status,symbol`. UTF-8, comma, decimal point, one figure a row. Either the whole
file is right or nothing of it is used.
"""

from __future__ import annotations

import csv
import hashlib
import io
import math
import re
from pathlib import Path

import pandas as pd

from benchlib.errors import FiguresFileError
from benchlib.indicators.folder import own_folder
from benchlib.indicators.registry import Source
from benchlib.indicators.territory import codes
from benchlib.terms import Status

COLUMNS = ("territory", "year", "measure", "value", "status", "symbol")
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?")
_STATUSES = frozenset(Status.__args__)  # type: ignore[attr-defined]


def read_figures(source: Source, folder: Path) -> pd.DataFrame:
    """Figures of one source, checked against its receipt.

    Parameters
    ----------
    source : Source
        Registry entry: file, measures, years, number of rows, sha256.
    folder : pathlib.Path
        Data folder.

    Returns
    -------
    pandas.DataFrame
        The six columns of the layout; `value` float64 with NaN where the status is missing or suppressed.

    Raises
    ------
    FiguresFileError
        If the file is absent, not UTF-8, has other columns, a short row, text in a number, a duplicate key, an unknown
        territory, measure, year or status, another number of rows, or another sha256. The message names file, row, column.
    """
    path = (own_folder(folder) if source.is_own else folder) / source.file
    try:
        content = path.read_bytes()
    except OSError as error:
        raise FiguresFileError(
            f"{path} cannot be read ({error.strerror}); source {source.id!r} of the registry needs it."
        ) from error
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise FiguresFileError(
            f"{path}: byte {error.start + 1} is not UTF-8, so Latvian letters would be garbled. Save the file as UTF-8 "
            "(in a spreadsheet: CSV UTF-8)."
        ) from error
    frame = _parse(text, source, path)
    digest = hashlib.sha256(content).hexdigest()
    if digest != source.sha256:
        raise FiguresFileError(
            f"{path} is not the file of the registry: sha256 expected {source.sha256}, got {digest}. Somebody changed it, or git "
            f"changed its line ends. If the change is wanted, put the new sha256 into registry.toml (source {source.id!r})."
        )
    return frame


def _parse(text: str, source: Source, path: Path) -> pd.DataFrame:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    columns: tuple[list[object], ...] = ([], [], [], [], [], [])
    seen: dict[tuple[str, str, str], int] = {}
    known = codes(source.territory)
    try:
        header = next(reader, [])
        if tuple(header) != COLUMNS:
            raise FiguresFileError(
                f"{path}, row 1: the columns are {','.join(header)!r}, expected {','.join(COLUMNS)!r}."
            )
        for cells in reader:
            row = reader.line_num
            if len(cells) != len(COLUMNS):
                raise FiguresFileError(
                    f"{path}, row {row}: {len(cells)} cells instead of {len(COLUMNS)}; the file seems to be cut. Fetch it again."
                )
            _check_row(cells, source, known, f"{path}, row {row}")
            key = (cells[0], cells[1], cells[2])
            if key in seen:
                raise FiguresFileError(
                    f"{path}, row {row}: {cells[2]} of {cells[0]} in {cells[1]} stands in row {seen[key]} already; one of them is wrong."
                )
            seen[key] = row
            for column, cell in zip(columns, cells, strict=True):
                column.append(cell)
    except csv.Error as error:
        raise FiguresFileError(
            f"{path}, row {reader.line_num}: {error}; the file seems to be cut. Fetch it again."
        ) from error
    if len(seen) != source.rows:
        raise FiguresFileError(
            f"{path}: {len(seen)} rows, but the registry says {source.rows}; the file seems to be cut or joined. Fetch it again."
        )
    frame = pd.DataFrame(dict(zip(COLUMNS, columns, strict=True)))
    return frame.assign(
        year=frame["year"].astype("int64"), value=pd.to_numeric(frame["value"].replace("", None)).astype("float64")
    )


def _check_row(cells: list[str], source: Source, known: object, where: str) -> None:
    territory, year, measure, value, status, _ = cells
    if territory not in known:  # type: ignore[operator]
        raise FiguresFileError(
            f"{where}, column territory: {territory!r} is not a code of the classification {source.territory}; codes are seven digits, "
            "leading zeros included."
        )
    if year not in map(str, source.years):
        raise FiguresFileError(
            f"{where}, column year: {year!r} is not one of the registry's years {list(source.years)}."
        )
    if measure not in source.measures:
        raise FiguresFileError(f"{where}, column measure: {measure!r} is not a measure of source {source.id!r}.")
    if status not in _STATUSES:
        raise FiguresFileError(f"{where}, column status: {status!r} is not one of {', '.join(sorted(_STATUSES))}.")
    if status in ("missing", "suppressed"):
        if value:
            raise FiguresFileError(
                f"{where}, column value: {value!r} stands beside the status {status}; it must be empty."
            )
    elif not _NUMBER.fullmatch(value) or not math.isfinite(float(value)):
        raise FiguresFileError(f"{where}, column value: {value!r} is not a number (digits and a decimal point).")
