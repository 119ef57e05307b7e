"""Files as people send them, written by the tests: xlsx, ods and csv of several dialects."""

from __future__ import annotations

import datetime
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import openpyxl

Rows = Sequence[Sequence[Any]]


def write_xlsx(path: Path, sheets: Mapping[str, Rows] | Rows, formats: Mapping[str, str] | None = None) -> Path:
    """Write a workbook: rows by title of the sheet, or rows alone; number formats by cell of the first sheet."""
    book = openpyxl.Workbook()
    book.remove(book.active)  # type: ignore[arg-type]
    for title, rows in (sheets if isinstance(sheets, Mapping) else {"Dati": sheets}).items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    for cell, number_format in (formats or {}).items():
        book.worksheets[0][cell].number_format = number_format
    book.save(path)
    return path


def write_csv(path: Path, rows: Rows, *, delimiter: str = ";", encoding: str = "utf-8-sig", end: str = "\r\n") -> Path:
    """Write text as Excel with Latvian settings does."""
    text = "".join(delimiter.join(str(cell) for cell in row) + end for row in rows)
    path.write_bytes(text.encode(encoding))
    return path


class Percent(float):
    """A share that a spreadsheet shows in per cent."""


def _ods_cell(value: Any) -> str:
    if isinstance(value, Percent):
        kind = f'office:value-type="percentage" office:value="{float(value)}"'
        return f"<table:table-cell {kind}><text:p>{100 * value:g}%</text:p></table:table-cell>"
    if value is None or value == "":
        return "<table:table-cell/>"
    if value == "#DIV/0!":
        kind = 'office:value-type="string" calcext:value-type="error" table:formula="of:=1/0"'
    elif isinstance(value, (int, float)):
        kind = f'office:value-type="float" office:value="{value}"'
    elif isinstance(value, datetime.date):
        kind = f'office:value-type="date" office:date-value="{value.isoformat()}"'
    else:
        kind = 'office:value-type="string"'
    return f"<table:table-cell {kind}><text:p>{escape(str(value))}</text:p></table:table-cell>"


def write_ods(path: Path, sheets: Mapping[str, Rows], after: str = "") -> Path:
    """Write the smallest document of LibreOffice that a reader takes; `after` is put below the rows of each sheet as it is."""
    spaces = {
        "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
        "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
        "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
        "calcext": "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0",
    }
    tables = "".join(
        f'<table:table table:name="{escape(title)}">'
        + "".join(f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>" for row in rows)
        + f"{after}</table:table>"
        for title, rows in sheets.items()
    )
    declared = " ".join(f'xmlns:{name}="{address}"' for name, address in spaces.items())
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {declared} office:version="1.3">'
        f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        '<?xml version="1.0"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/></manifest:manifest>'
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", kind)
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", manifest)
    return path
