"""What is checked of a workbook before its cells are read: how large it is, which sheets it has, errors and percentages in an ods."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from xml.etree.ElementTree import ParseError, iterparse

from benchlib.errors import FiguresFileError, OptionError
from benchlib.indicators.readers.files import broken

#: A sheet is held whole in memory, from its first cell to its last; one stray cell in the far corner would take all of it.
MOST_CELLS: Final = 2_000_000
#: Bytes that a workbook may have when it is unpacked.
LARGEST_UNPACKED: Final = 400_000_000
#: The list of parts that every workbook of Excel has, and no document of LibreOffice.
_PARTS_OF_EXCEL: Final = "[Content_Types].xml"
_TABLE: Final = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_VALUE_TYPES: Final = (
    "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}value-type",
    "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}value-type",
)


def choose_sheets(titles: Sequence[str], hidden: Sequence[str], sheet: str | None) -> list[str]:
    """Titles of the sheets to read.

    Parameters
    ----------
    titles, hidden : sequence of str
        All sheets, and those of them that are hidden.
    sheet : str or None
        Title or number (from 1) of the one that is wanted; all that are not hidden if None.

    Returns
    -------
    list of str

    Raises
    ------
    OptionError
        If there is no such sheet.
    """
    if sheet is None:
        return [title for title in titles if title not in hidden]
    if sheet in titles:
        return [sheet]
    if sheet.isascii() and sheet.isdigit() and 1 <= int(sheet) <= len(titles):
        return [titles[int(sheet) - 1]]
    raise OptionError(f"There is no sheet {sheet!r:.80}. Sheets: {', '.join(map(repr, titles))}.")


def check_extent(name: str, rows: int, columns: int) -> None:
    """Refuse a sheet that reaches too far.

    Parameters
    ----------
    name : str
        File and sheet, for the message.
    rows, columns : int
        Last row and column in which something stands.

    Raises
    ------
    FiguresFileError
    """
    if rows * columns > MOST_CELLS:
        problem = f"the sheet reaches to row {rows}, column {columns}; a stray cell far from the figures? Delete it."
        raise broken(name, problem)


def check_unpacked(name: str, archive: zipfile.ZipFile) -> None:
    """Refuse a workbook that would fill the memory.

    Parameters
    ----------
    name : str
        Name of the file.
    archive : zipfile.ZipFile
        The workbook.

    Raises
    ------
    FiguresFileError
    """
    if sum(entry.file_size for entry in archive.infolist()) > LARGEST_UNPACKED:
        problem = "the workbook is too large when it is unpacked. Save the sheet with the figures as a file of its own."
        raise broken(name, problem)


def is_opendocument(name: str, content: bytes) -> bool:
    """Whether a zip is a document of LibreOffice, or was one before it was damaged.

    Parameters
    ----------
    name : str
        Name of the file; where the content tells nothing any more, it does.
    content : bytes
        The file.

    Returns
    -------
    bool
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.namelist()
    except (zipfile.BadZipFile, OSError):
        parts = []
    if _PARTS_OF_EXCEL in parts or "content.xml" in parts:
        return "content.xml" in parts
    return name.casefold().endswith(".ods")


def check_opendocument(name: str, content: bytes) -> dict[str, set[tuple[int, int]]]:
    """Refuse an ods that reaches too far, or in which a formula ends in an error: its cell would read as empty.

    Parameters
    ----------
    name : str
        Name of the file.
    content : bytes
        The file.

    Returns
    -------
    dict of str to set of (int, int)
        By title of the sheet, row and column (from 0) of the cells that show a share in per cent; it reads as a bare number.

    Raises
    ------
    FiguresFileError
        The message names the sheet, and the row of an error.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            check_unpacked(name, archive)
            with archive.open("content.xml") as file:
                return _check_tables(name, iterparse(file, events=("start", "end")))
    except FiguresFileError:
        raise
    except (zipfile.BadZipFile, ParseError, EOFError, KeyError, ValueError) as error:
        raise broken(name, "this is not a whole workbook (.ods). Save it again.") from error


@dataclass
class _OpenRow:
    """A row of an ods while its cells are read: where the next one stands, and which columns hold something."""

    next: int = 0
    last: int = 0
    percent: list[range] = field(default_factory=list)

    def add(self, kinds: Collection[str | None], repeated: int) -> None:
        """Take a cell, which may stand for several."""
        columns = range(self.next, self.next + repeated)
        self.next = columns.stop
        self.last = columns.stop if kinds else self.last
        if "percentage" in kinds:
            self.percent.append(columns)


def _check_tables(name: str, events: Iterable[tuple[str, Any]]) -> dict[str, set[tuple[int, int]]]:
    shown: dict[str, set[tuple[int, int]]] = {}
    where, title, row, widest, open_row = name, "", 0, 0, _OpenRow()
    for event, element in events:
        tag = element.tag.removeprefix(_TABLE)
        if event == "start" and tag == "table":
            title, row, widest = element.get(f"{_TABLE}name", ""), 0, 0
            where = f"{name}, sheet {title!r}"
        elif event == "start" and tag == "table-row":
            open_row = _OpenRow()
        elif event == "end" and tag in ("table-cell", "covered-table-cell"):
            kinds = {element.get(kind) for kind in _VALUE_TYPES} - {None}
            if "error" in kinds:
                problem = "a formula ends in an error. Correct it, or leave the cell empty."
                raise broken(where, problem, row=row + 1)
            open_row.add(kinds, int(element.get(f"{_TABLE}number-columns-repeated", "1")))
        elif event == "end" and tag == "table-row":
            rows = range(row, row + int(element.get(f"{_TABLE}number-rows-repeated", "1")))
            if open_row.last:
                widest = max(widest, open_row.last)
                check_extent(where, rows.stop, widest)
                cells = ((r, c) for r in rows for columns in open_row.percent for c in columns)
                shown.setdefault(title, set()).update(cells)
            row = rows.stop
            element.clear()
    return shown
