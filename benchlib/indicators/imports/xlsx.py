"""Cells of an Excel workbook, with what their format says about them.

python-calamine, which reads xls and ods, hands on errors (#N/A) and formulas that were never computed as empty cells, and shares that
are shown in per cent as bare numbers. Figures would go missing in silence, so xlsx, by far the commonest format, is read with openpyxl.
"""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any, Final

import openpyxl
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.worksheet.worksheet import Worksheet

from benchlib.errors import FiguresFileError
from benchlib.indicators.imports.cells import number_text
from benchlib.indicators.imports.workbooks import check_extent, check_unpacked, choose_sheets
from benchlib.indicators.readers.files import broken

#: Quoted and escaped characters of a number format are only printed; a bare "%" means that the cell holds a share.
_PRINTED: Final = re.compile(r'"[^"]*"|\\.')


def read_xlsx(name: str, content: bytes, sheet: str | None) -> list[tuple[str, list[list[Any]]]]:
    """Read sheets of an Excel workbook.

    Parameters
    ----------
    name : str
        Name of the file, for messages.
    content : bytes
        The file.
    sheet : str or None
        Title or number of the one that is wanted; all that are not hidden if None.

    Returns
    -------
    list of (title, grid)
        What stands in the cells from A1 on; a share that is shown in per cent is the text "12.5%", and what is merged downwards
        stands in each of its rows.

    Raises
    ------
    FiguresFileError
        If the workbook is damaged, reaches too far, or a cell holds an error or a formula that was never computed.
    OptionError
        If there is no such sheet.
    """
    workbook = _load(name, content, data_only=True)
    sheets = {part.title: part for part in workbook.worksheets}
    hidden = [title for title, part in sheets.items() if part.sheet_state != "visible"]
    chosen = choose_sheets(list(sheets), hidden, sheet)
    for title in chosen:
        check_extent(f"{name}, sheet {title!r}", sheets[title].max_row, sheets[title].max_column)
    formulas = _load(name, content, data_only=False)
    return [(title, _grid(f"{name}, sheet {title!r}", sheets[title], formulas[title])) for title in chosen]


def _load(name: str, content: bytes, *, data_only: bool) -> openpyxl.Workbook:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            check_unpacked(name, archive)
        return openpyxl.load_workbook(io.BytesIO(content), data_only=data_only)
    except FiguresFileError:
        raise
    # A damaged workbook raises whatever zip, zlib, XML or a missing part raises: over ten unrelated kinds of errors.
    except Exception as error:
        problem = "this is not a whole Excel workbook (.xlsx). Open it in the spreadsheet program and save it again."
        raise broken(name, problem) from error


def _grid(where: str, sheet: Worksheet, formulas: Worksheet) -> list[list[Any]]:
    grid = [
        [_value(where, cell, formula) for cell, formula in zip(cells, below, strict=True)]
        for cells, below in zip(sheet.iter_rows(), formulas.iter_rows(), strict=True)
    ]
    for merged in sheet.merged_cells.ranges:
        if merged.min_col == merged.max_col:
            for number in range(merged.min_row, min(merged.max_row, len(grid))):
                grid[number][merged.min_col - 1] = grid[merged.min_row - 1][merged.min_col - 1]
    return grid


def _value(where: str, cell: Cell | MergedCell, formula: Cell | MergedCell) -> Any:
    value: Any = cell.value
    if cell.data_type == "e":
        problem = f"cell {cell.coordinate} shows {value}. Correct its formula, or leave the cell empty."
        raise broken(where, problem, row=cell.row)
    if value is None and formula.data_type == "f":
        problem = f"the formula in cell {cell.coordinate} was never computed. Open the file in the spreadsheet program and save it."
        raise broken(where, problem, row=cell.row)
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if is_number and "%" in _PRINTED.sub("", cell.number_format or ""):
        return number_text(value, is_percent=True)
    return value
