"""Files to rows of text: comma-separated text and Excel workbooks, read completely or not at all.

Every format ends up as the same thing, a `Table` of text cells with the row numbers that a person counts, so that the
readers of the publishers' layouts check and understand cells in one way.
"""

from __future__ import annotations

import csv
import io
import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from benchlib.errors import FiguresFileError

FileSource = str | os.PathLike[str] | bytes | io.BytesIO

_ZIP_MARK = b"PK\x03\x04"
_OLD_EXCEL_MARK = b"\xd0\xcf\x11\xe0"
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_SAVE_AS_UTF8 = 'save it as "CSV UTF-8", or convert it with: iconv -f WINDOWS-1257 -t UTF-8'


@dataclass(frozen=True)
class Row:
    """Cells of a row as text, and the row's number in the file (the first is 1)."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """Rows of a file that are not blank, and the file's name for messages."""

    name: str
    rows: tuple[Row, ...]


def broken(name: str, problem: str, *, row: int | None = None, column: str | None = None) -> FiguresFileError:
    """Return the error for a broken file: where, what, and that nothing of it was imported.

    Parameters
    ----------
    name : str
        Name of the file.
    problem : str
        What is wrong and what to do, in full sentences.
    row : int, optional
        Row as a person counts, the first being 1.
    column : str, optional
        Heading of the column.

    Returns
    -------
    FiguresFileError
        To be raised by the caller.
    """
    place = name
    if row is not None:
        place += f", row {row}"
    if column is not None:
        place += f", column {column!r}"
    return FiguresFileError(f"{place}: {problem} Nothing of the file was imported.")


def load_bytes(source: FileSource) -> tuple[str, bytes]:
    """Read the whole file.

    Parameters
    ----------
    source : path, bytes or io.BytesIO
        The file, or what stands in it.

    Returns
    -------
    name : str
        File name for messages.
    content : bytes

    Raises
    ------
    FiguresFileError
        If the file cannot be read or is empty.
    """
    if isinstance(source, bytes):
        name, content = "(bytes)", source
    elif isinstance(source, io.BytesIO):
        name, content = "(bytes)", source.getvalue()
    else:
        path = Path(source)
        name = path.name
        try:
            content = path.read_bytes()
        except OSError as error:
            raise broken(str(path), f"the file cannot be read ({error.strerror}). Check the path.") from error
    if not content.strip():
        raise broken(name, "the file is empty. Download it again.")
    return name, content


def decode(name: str, content: bytes) -> str:
    """Decode UTF-8 with or without byte-order mark; any other encoding is an error, never a guess.

    Parameters
    ----------
    name : str
        File name for messages.
    content : bytes

    Returns
    -------
    str

    Raises
    ------
    FiguresFileError
        If the bytes are not UTF-8, are cut inside a letter, or hold letters that were lost in an earlier conversion.
    """
    if content.startswith(_UTF16_MARKS) or b"\x00" in content:
        raise broken(name, f"expected text in UTF-8, found UTF-16 or binary data; {_SAVE_AS_UTF8.split(',')[0]}.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = content.count(b"\n", 0, error.start) + 1
        if error.reason == "unexpected end of data":
            raise broken(name, "the file is cut in the middle of a letter. Download it again.", row=row) from error
        found = f"byte 0x{content[error.start]:02X} is not UTF-8, the encoding expected"
        raise broken(name, f"{found}. The file may be in windows-1257: {_SAVE_AS_UTF8}.", row=row) from error
    if "\ufffd" in text:
        row = text.count("\n", 0, text.index("\ufffd")) + 1
        raise broken(name, "letters were lost in an earlier conversion (\ufffd). Download the file again.", row=row)
    return text


def read_csv_table(name: str, text: str, *, delimiter: str = ",") -> Table:
    """Split comma-separated text into rows.

    Parameters
    ----------
    name : str
        File name for messages.
    text : str
        The whole file. It must end with a line end: publishers' exports do, and a file that is cut inside its last
        number cannot be told from a whole one in any other way.
    delimiter : str
        What separates the cells.

    Returns
    -------
    Table
        Row numbers are those of the file's lines; blank lines are left out.

    Raises
    ------
    FiguresFileError
        If the last line is not ended, a quotation mark is not closed, or all lines are blank.
    """
    if not text.endswith("\n"):
        last = text.count("\n") + 1
        hint = "the last line has no line end, so the file is probably cut. Download it again, or end the line."
        raise broken(name, hint, row=last)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows = []
    start = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                rows.append(Row(start, tuple(cells)))
            start = reader.line_num + 1
    except csv.Error as error:
        problem = f"the quotation marks do not match ({error}). The file is cut, or its cells are not separated by"
        raise broken(name, f"{problem} {delimiter!r}.", row=start) from error
    if not rows:
        raise broken(name, "the file is empty. Download it again.")
    return Table(name, tuple(rows))


def is_workbook(name: str, content: bytes) -> bool:
    """Tell whether the bytes are an Excel workbook, whatever the file is called.

    Parameters
    ----------
    name : str
        File name; one that ends in .xlsx promises a workbook.
    content : bytes

    Returns
    -------
    bool

    Raises
    ------
    FiguresFileError
        If the file is an old .xls, or is called .xlsx and is none.
    """
    if content.startswith(_ZIP_MARK):
        return True
    if content.startswith(_OLD_EXCEL_MARK):
        raise broken(name, "the file is in the old Excel format (.xls). Save it as .xlsx.")
    if name.casefold().endswith(".xlsx"):
        raise broken(name, "the file is called .xlsx and is not an Excel workbook. Download it again.")
    return False


def read_workbook_table(name: str, content: bytes) -> Table:
    """Read the one filled sheet of an Excel workbook as text.

    Parameters
    ----------
    name : str
        File name for messages.
    content : bytes

    Returns
    -------
    Table
        Cells as a person would type them in English: 0.0336 formatted as a percentage becomes "3.36%". All rows have
        the same number of cells.

    Raises
    ------
    FiguresFileError
        If this is no workbook, if it is damaged, has several filled sheets, or holds formulas.
    """
    import openpyxl  # 0.1 s, and only an import of figures needs it

    try:
        workbook = openpyxl.load_workbook(io.BytesIO(content))
    # A damaged workbook raises whatever zip, zlib, XML or a missing part raises: over ten unrelated kinds of errors.
    except Exception as error:
        raise broken(name, "this is not a whole Excel workbook (.xlsx). Download it again.") from error
    filled = [
        sheet for sheet in workbook.worksheets if any(_is_filled(row) for row in sheet.iter_rows(values_only=True))
    ]
    if not filled:
        raise broken(name, "the workbook is empty. Download it again.")
    if len(filled) > 1:
        titles = ", ".join(sheet.title for sheet in filled)
        raise broken(name, f"the workbook has several filled sheets ({titles}). Save the right one as its own file.")
    rows = [
        Row(number, tuple(_as_text(name, cell) for cell in row)) for number, row in enumerate(filled[0].iter_rows(), 1)
    ]
    width = max(_width(row.cells) for row in rows)
    return Table(name, tuple(Row(row.number, row.cells[:width]) for row in rows if _is_filled(row.cells)))


def check_header(table: Table, header: Row, wanted: Iterable[str]) -> list[str]:
    """Check that the heading has the wanted columns, each once, and no others.

    Parameters
    ----------
    table : Table
        Gives the name for messages.
    header : Row
        The row with the headings.
    wanted : iterable of str
        Names of the columns, in any order.

    Returns
    -------
    list of str
        The headings in the file's order, without blanks around them.

    Raises
    ------
    FiguresFileError
        If a column is missing, stands twice or is not known.
    """
    found = [cell.strip() for cell in header.cells]
    expected = list(wanted)
    absent = [column for column in expected if column not in found]
    if absent:
        separated = " The cells seem to be separated by ';', a comma is expected." if ";" in found[0] else ""
        listed = ", ".join(repr(column) for column in found)
        raise broken(table.name, f"no column {absent[0]!r}; the columns are {listed}.{separated}", row=header.number)
    for position, column in enumerate(found):
        if column not in expected:
            hint = f"this column is not known in this layout (known: {', '.join(expected)})."
            raise broken(table.name, hint, row=header.number, column=column)
        if column in found[:position]:
            raise broken(table.name, "this column stands twice.", row=header.number, column=column)
    return found


def check_cells(table: Table, rows: Sequence[Row], width: int) -> None:
    """Check that every row has as many cells as the heading.

    Parameters
    ----------
    table : Table
        Gives the name for messages.
    rows : sequence of Row
    width : int
        Number of cells of the heading.

    Raises
    ------
    FiguresFileError
        If a row has fewer or more cells, or if there is no row at all.
    """
    if not rows:
        raise broken(table.name, "there is no row below the heading. Download the file again.")
    for row in rows:
        if len(row.cells) != width:
            cause = "the line is cut" if len(row.cells) < width else "a comma in a text or number is not quoted"
            problem = f"{len(row.cells)} cells where the heading has {width}; probably {cause}."
            raise broken(table.name, problem, row=row.number)


def _is_filled(cells: Iterable[Any]) -> bool:
    return any(cell is not None and str(cell).strip() for cell in cells)


def _width(cells: Sequence[str]) -> int:
    return max((position for position, cell in enumerate(cells, 1) if cell.strip()), default=0)


def _as_text(name: str, cell: Any) -> str:
    """Text of a cell: exact decimals, percentages with their sign, and no formula."""
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "f":
        raise broken(name, f"cell {cell.coordinate} holds a formula. Paste the values and save again.", row=cell.row)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return str(value)
    number = Decimal(repr(value))
    # A quoted or escaped "%" in an Excel format is only printed; a bare one means that the cell holds a share.
    if "%" in re.sub(r'"[^"]*"|\\.', "", cell.number_format or ""):
        return f"{number.scaleb(2).normalize():f}%"
    return f"{number:f}"
