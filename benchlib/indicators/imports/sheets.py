"""Files as people send them: spreadsheets (xlsx, xls, ods) and csv of any usual dialect become sheets of text cells.

Nothing is understood here beyond the format. What cannot be read for certain (a formula that ends in an error, a sheet that reaches to the
far corner) is refused by name.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from benchlib.errors import OptionError
from benchlib.indicators.imports.cells import cell_text, clean, number_text
from benchlib.indicators.imports.workbooks import check_opendocument, choose_sheets, is_opendocument
from benchlib.indicators.imports.xlsx import read_xlsx
from benchlib.indicators.readers.files import Row, Table, broken, load_bytes, read_csv_table

#: Files of figures of municipalities have some kilobytes; what is larger is something else.
LARGEST_FILE: Final = 50_000_000
#: How the names of tables end. Others are read too, for what a file is shows in its content; but what is none is not shown.
_SUFFIXES: Final = (".xlsx", ".xlsm", ".xls", ".ods", ".csv", ".tsv", ".tab", ".txt")
_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")
_ZIP: Final = b"PK\x03\x04"
_OLD_EXCEL: Final = b"\xd0\xcf\x11\xe0"
_OLD_NOTES: Final = (
    "In an old .xls, a cell with an error (#N/A) cannot be told from an empty one: look at the missing figures.",
)
#: In this order where two divide the lines equally well: a decimal comma does not win against a semicolon.
_DELIMITERS: Final = {";": "semicolons", "\t": "tabs", "|": "vertical bars", ",": "commas"}


@dataclass(frozen=True)
class Sheet:
    """One sheet of a file.

    Attributes
    ----------
    file : str
        Name of the file.
    title : str
        Name of the sheet; "" for csv.
    table : Table
        Rows that are not blank, all of one width, with the numbers that a person sees; its name ("file, sheet 'title'") stands in every
        message.
    sha256 : str
        Hash of the whole file.
    notes : tuple of str
        How the file was read, for the preview.
    hides_percent : bool
        Whether a share that the file shows in per cent reads as a bare number, as in an old .xls.
    """

    file: str
    title: str
    table: Table
    sha256: str
    notes: tuple[str, ...] = ()
    hides_percent: bool = False

    @property
    def unshown(self) -> str:
        """Why nothing of the file is shown where no table is recognised in it: its name promises none; "" if it does."""
        if self.file.casefold().endswith(_SUFFIXES):
            return ""
        return f"It is not shown here, for the names of tables end in {', '.join(_SUFFIXES[:-1])} or {_SUFFIXES[-1]}."


def old_percent(sheet: Sheet, largest: float) -> str:
    """What is wrong with a column in per cent of a workbook that hides which numbers are shown so.

    Parameters
    ----------
    sheet : Sheet
        The sheet.
    largest : float
        The largest number of the column, as it reads.

    Returns
    -------
    str
        "" if nothing is.
    """
    if not sheet.hides_percent or not 0 < largest <= 1:
        return ""
    return (
        f"in an old .xls a cell that shows 85 % reads as 0.85, and no number of this column in per cent is above 1 (the largest is "
        f"{largest:g}). Save the file as .xlsx, where that can be told."
    )


def read_sheets(path: Path, sheet: str | None = None) -> tuple[Sheet, ...]:
    """All filled sheets of a file, or the one that is named.

    Parameters
    ----------
    path : pathlib.Path
        The file. What it is shows in its content, not in its name.
    sheet : str, optional
        Name of a sheet, or its number from 1.

    Returns
    -------
    tuple of Sheet
        At least one; hidden sheets only if named.

    Raises
    ------
    FiguresFileError
        If the file cannot be read, is protected, damaged, empty, or holds cells that cannot be read for certain.
    OptionError
        If there is no such sheet.
    """
    name, content = load_bytes(path)
    name = clean(name)
    if len(content) > LARGEST_FILE:
        problem = (
            f"{len(content) / 1e6:.0f} MB; a file of figures has at most {LARGEST_FILE / 1e6:.0f}. Save less of it."
        )
        raise broken(name, problem)
    digest = hashlib.sha256(content).hexdigest()
    if not content.startswith((_ZIP, _OLD_EXCEL)):
        if sheet is not None:
            raise OptionError(f"--sheet {sheet!r:.80}: {name} is text and has no sheets. Leave --sheet out.")
        return (_csv_sheet(name, content, digest),)
    found = [(clean(title), _rows(grid)) for title, grid in _workbook(name, content, sheet)]
    is_old = content.startswith(_OLD_EXCEL)
    sheets = [
        Sheet(name, title, Table(f"{name}, sheet {title!r}", rows), digest, _OLD_NOTES if is_old else (), is_old)
        for title, rows in found
        if rows
    ]
    if not sheets:
        raise broken(name, "there is nothing in the workbook. Choose the right file.")
    return tuple(sheets)


def _workbook(name: str, content: bytes, sheet: str | None) -> list[tuple[str, list[list[Any]]]]:
    """Titles and cells of a workbook."""
    if content.startswith(_ZIP) and not is_opendocument(name, content):
        return read_xlsx(name, content, sheet)
    percent = check_opendocument(name, content) if content.startswith(_ZIP) else {}
    try:
        with CalamineWorkbook.from_object(io.BytesIO(content)) as workbook:
            sheets = [about for about in workbook.sheets_metadata if about.typ == SheetTypeEnum.WorkSheet]
            hidden = [about.name for about in sheets if about.visible != SheetVisibleEnum.Visible]
            chosen = choose_sheets([about.name for about in sheets], hidden, sheet)
            return [(title, _grid(workbook.get_sheet_by_name(title), percent.get(title, ()))) for title in chosen]
    except PasswordError as error:
        raise broken(name, "the workbook is protected by a password. Save it without one.") from error
    except (CalamineError, OSError) as error:
        problem = "this is not a whole workbook, or it is protected by a password. Save it again, without one."
        raise broken(name, problem) from error


def _grid(sheet: CalamineSheet, percent: Iterable[tuple[int, int]]) -> list[list[Any]]:
    """Cells of a sheet from A1 on; a share in per cent is "12.5%", and what is merged downwards stands in each of its rows."""
    grid: list[list[Any]] = sheet.to_python(skip_empty_area=False)
    for row, column in percent:
        if row < len(grid) and column < len(grid[row]) and isinstance(grid[row][column], (int, float)):
            grid[row][column] = number_text(grid[row][column], is_percent=True)
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        if left == right:
            for number in range(top + 1, min(bottom + 1, len(grid))):
                grid[number][left] = grid[top][left]
    return grid


def _rows(grid: Sequence[Sequence[Any]]) -> tuple[Row, ...]:
    """Rows that are not blank, as text."""
    return _filled([Row(number, tuple(map(cell_text, cells))) for number, cells in enumerate(grid, 1)])


def _filled(rows: Sequence[Row]) -> tuple[Row, ...]:
    """Rows that are not blank, cut or filled up to one width."""
    kept = [row for row in rows if any(row.cells)]
    width = max((place for row in kept for place, cell in enumerate(row.cells, 1) if cell), default=0)
    return tuple(Row(row.number, (*row.cells[:width], *[""] * (width - len(row.cells)))) for row in kept)


def _csv_sheet(name: str, content: bytes, digest: str) -> Sheet:
    text, encoding = _decoded(name, content)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    notes = []
    if not text.endswith("\n"):
        text += "\n"
        notes.append("The last line has no line end: look whether the last row is whole.")
    delimiter = _delimiter(text)
    notes.insert(0, f"Cells are separated by {_DELIMITERS[delimiter]}; the letters are in {encoding}.")
    table = read_csv_table(name, text, delimiter=delimiter)
    rows = _filled([Row(row.number, tuple(map(clean, row.cells))) for row in table.rows])
    return Sheet(name, "", Table(name, rows), digest, tuple(notes))


def _decoded(name: str, content: bytes) -> tuple[str, str]:
    """Text of a csv and the name of its encoding: what a byte-order mark says, else UTF-8, else the Baltic code page of Windows."""
    attempts = {"utf-8-sig": "UTF-8", "cp1257": "windows-1257"}
    for codec, title in ({"utf-16": "UTF-16"} if content.startswith(_UTF16) else attempts).items():
        try:
            text = content.decode(codec)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text and "\ufffd" not in text:
            return text, title
    raise broken(name, 'this is neither a spreadsheet nor readable text. Save it as .xlsx or as "CSV UTF-8".')


def _delimiter(text: str) -> str:
    """The character that divides most lines into the same number of cells."""

    def regularity(delimiter: str) -> int:
        try:
            widths = Counter(len(cells) for cells in csv.reader(io.StringIO(text), delimiter=delimiter))
        except csv.Error:
            return 0
        return max((count for width, count in widths.items() if width > 1), default=0)

    return max(_DELIMITERS, key=regularity)
