"""Spreadsheets and csv as people send them become the same text cells; what cannot be read for certain is refused by name."""

from __future__ import annotations

import datetime
import zipfile
from pathlib import Path

import openpyxl
import pytest
from import_files import write_csv, write_ods, write_xlsx

from benchlib.errors import FiguresFileError, OptionError
from benchlib.indicators.imports.cells import NumberText, clean, number_text
from benchlib.indicators.imports.sheets import Sheet, read_sheets

ROWS = [["Pašvaldība", "Gads", "Vērtība"], ["Bauskas novads", 2023, 1234.5], ["Cēsu novads", 2023, ""]]
CELLS = [["Pašvaldība", "Gads", "Vērtība"], ["Bauskas novads", "2023", "1234.5"], ["Cēsu novads", "2023", ""]]


def cells(sheet: Sheet) -> list[list[str]]:
    return [list(row.cells) for row in sheet.table.rows]


def test_xlsx_and_ods_give_the_same_cells(tmp_path: Path) -> None:
    for path in (write_xlsx(tmp_path / "a.xlsx", {"Dati": ROWS}), write_ods(tmp_path / "a.ods", {"Dati": ROWS})):
        (sheet,) = read_sheets(path)
        assert cells(sheet) == CELLS
        assert (sheet.title, sheet.table.name) == ("Dati", f"{path.name}, sheet 'Dati'")
        assert isinstance(sheet.table.rows[1].cells[2], NumberText)
        assert not isinstance(sheet.table.rows[1].cells[0], NumberText)


@pytest.mark.parametrize(
    ("delimiter", "encoding", "end", "said"),
    [
        (";", "utf-8-sig", "\r\n", "semicolons; the letters are in UTF-8"),
        (";", "cp1257", "\r\n", "semicolons; the letters are in windows-1257"),
        ("\t", "utf-16", "\r\n", "tabs; the letters are in UTF-16"),
        (",", "utf-8", "\n", "commas; the letters are in UTF-8"),
        ("|", "utf-8", "\r", "vertical bars; the letters are in UTF-8"),
    ],
)
def test_dialects_of_csv(tmp_path: Path, delimiter: str, encoding: str, end: str, said: str) -> None:
    (sheet,) = read_sheets(write_csv(tmp_path / "a.csv", ROWS, delimiter=delimiter, encoding=encoding, end=end))
    assert cells(sheet) == CELLS
    assert said in sheet.notes[0]
    assert len(sheet.notes) == 1


def test_decimal_commas_are_no_delimiters(tmp_path: Path) -> None:
    rows = [["Pašvaldība", "Vērtība, EUR"], ["Bauskas novads", "1 234,50"], ["Cēsu novads", "2 345,75"]]
    (sheet,) = read_sheets(write_csv(tmp_path / "a.csv", rows))
    assert cells(sheet) == [[str(cell) for cell in row] for row in rows]


def test_row_numbers_are_those_that_a_person_sees(tmp_path: Path) -> None:
    rows = [[], ["Virsraksts"], [], *ROWS]
    (sheet,) = read_sheets(write_xlsx(tmp_path / "a.xlsx", rows))
    assert [row.number for row in sheet.table.rows] == [2, 4, 5, 6]
    assert {len(row.cells) for row in sheet.table.rows} == {3}
    (sheet,) = read_sheets(write_ods(tmp_path / "a.ods", {"x": rows}))
    assert [row.number for row in sheet.table.rows] == [2, 4, 5, 6]
    (tmp_path / "a.csv").write_text('Virsraksts\n\nA;B\n"divas\nrindas";1\nx;2\n', encoding="utf-8")
    (sheet,) = read_sheets(tmp_path / "a.csv")
    assert [(row.number, row.cells[0]) for row in sheet.table.rows][2:] == [(4, "divas rindas"), (6, "x")]


def test_a_line_without_end_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a;b\n1;2", encoding="utf-8")
    (sheet,) = read_sheets(tmp_path / "a.csv")
    assert cells(sheet)[1] == ["1", "2"]
    assert "whether the last row is whole" in sheet.notes[1]


def test_formats_and_kinds_of_cells(tmp_path: Path) -> None:
    rows = [["a", "b", "c", "d", "e"], [0.125, 0.125, datetime.date(2023, 5, 1), True, "0025000"], [1e-7, 12345678.0]]
    path = write_xlsx(tmp_path / "a.xlsx", rows, {"A2": "0.0%", "B2": '0.0"%"'})
    (sheet,) = read_sheets(path)
    assert cells(sheet)[1] == ["12.5%", "0.125", "2023-05-01", "True", "0025000"]
    assert cells(sheet)[2][:2] == ["0.0000001", "12345678"]


def test_merged_cells_stand_in_each_row(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", [["Pašvaldība", "Gads"], ["Bauskas novads", 2022], [None, 2023]])
    book = openpyxl.load_workbook(path)
    book.active.merge_cells("A2:A3")  # type: ignore[union-attr]
    book.save(path)
    (sheet,) = read_sheets(path)
    assert [row.cells[0] for row in sheet.table.rows] == ["Pašvaldība", "Bauskas novads", "Bauskas novads"]


def test_sheets_by_name_number_and_visibility(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", {"Pirmā": ROWS, "Tukša": [], "Otrā": ROWS, "Slēpta": ROWS})
    book = openpyxl.load_workbook(path)
    book["Slēpta"].sheet_state = "hidden"
    book.save(path)
    assert [sheet.title for sheet in read_sheets(path)] == ["Pirmā", "Otrā"]
    assert [sheet.title for sheet in read_sheets(path, "Slēpta")] == ["Slēpta"]
    assert [sheet.title for sheet in read_sheets(path, "3")] == ["Otrā"]
    with pytest.raises(OptionError, match=r"no sheet '9'. Sheets: 'Pirmā', 'Tukša', 'Otrā', 'Slēpta'"):
        read_sheets(path, "9")
    ods = write_ods(tmp_path / "a.ods", {"Pirmā": ROWS, "Otrā": ROWS})
    assert [sheet.title for sheet in read_sheets(ods, "2")] == ["Otrā"]
    with pytest.raises(OptionError, match="is text and has no sheets"):
        read_sheets(write_csv(tmp_path / "a.csv", ROWS), "1")


def test_errors_of_formulas_are_refused_not_lost(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", ROWS)
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    sheet["C3"] = "#DIV/0!"
    sheet["C3"].data_type = "e"
    book.save(path)
    with pytest.raises(FiguresFileError, match=r"a.xlsx, sheet 'Dati', row 3: cell C3 shows #DIV/0!"):
        read_sheets(path)
    sheet["C3"] = "=1+1"  # openpyxl writes no result beside it
    book.save(path)
    with pytest.raises(FiguresFileError, match="the formula in cell C3 was never computed"):
        read_sheets(path)
    ods = write_ods(tmp_path / "a.ods", {"Dati": [*ROWS, ["Ogres novads", 2023, "#DIV/0!"]]})
    with pytest.raises(FiguresFileError, match=r"a.ods, sheet 'Dati', row 4: a formula ends in an error"):
        read_sheets(ods)


def test_a_stray_cell_does_not_fill_the_memory(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", ROWS)
    book = openpyxl.load_workbook(path)
    book.worksheets[0]["XFD1048576"] = 1
    book.save(path)
    with pytest.raises(FiguresFileError, match="reaches to row 1048576, column 16384"):
        read_sheets(path)
    far = (
        '<table:table-row table:number-rows-repeated="1048000"><table:table-cell/></table:table-row><table:table-row>'
        '<table:table-cell table:number-columns-repeated="900"/><table:table-cell office:value-type="float" office:value="1"/>'
        "</table:table-row>"
    )
    with pytest.raises(FiguresFileError, match="reaches to row 1048004, column 901"):
        read_sheets(write_ods(tmp_path / "a.ods", {"Dati": ROWS}, far))
    # What LibreOffice itself writes below every table holds nothing.
    empty = (
        '<table:table-row table:number-rows-repeated="1048573"><table:table-cell table:number-columns-repeated="1024"/>'
        "</table:table-row>"
    )
    assert len(read_sheets(write_ods(tmp_path / "b.ods", {"Dati": ROWS}, empty))[0].table.rows) == 3


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.xlsx", b"", "the file is empty"),
        ("a.xlsx", b"PK\x03\x04 nothing more", "not a whole Excel workbook"),
        ("a.ods", b"PK\x03\x04 nothing more", r"not a whole workbook \(.ods\)"),
        ("A.ODS", b"PK\x03\x04 nothing more", r"not a whole workbook \(.ods\)"),
        ("a.zip", b"PK\x03\x04 nothing more", "not a whole Excel workbook"),
        ("a.xls", b"\xd0\xcf\x11\xe0" + b"x" * 600, "not a whole workbook"),
        ("a.csv", b"\x00\x01\x02\x00", "neither a spreadsheet nor readable text"),
        ("a.csv", b'a;b\n"1;2\n', "quotation marks do not match"),
    ],
)
def test_broken_files(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(FiguresFileError, match=message) as caught:
        read_sheets(tmp_path / name)
    assert name in str(caught.value)


def test_absent_and_cut_files(tmp_path: Path) -> None:
    with pytest.raises(FiguresFileError, match="cannot be read"):
        read_sheets(tmp_path / "nothing.xlsx")
    with pytest.raises(FiguresFileError, match="cannot be read"):
        read_sheets(tmp_path)
    whole = write_xlsx(tmp_path / "a.xlsx", ROWS).read_bytes()
    (tmp_path / "cut.xlsx").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(FiguresFileError, match="not a whole Excel workbook"):
        read_sheets(tmp_path / "cut.xlsx")
    with zipfile.ZipFile(tmp_path / "cut.ods", "w") as archive:
        archive.writestr("content.xml", "<a><b></a>")
    with pytest.raises(FiguresFileError, match=r"not a whole workbook \(.ods\)"):
        read_sheets(tmp_path / "cut.ods")
    whole = write_ods(tmp_path / "a.ods", {"Dati": ROWS}).read_bytes()
    for part in (whole[: len(whole) // 2], whole[:-30]):
        (tmp_path / "cut.ods").write_bytes(part)
        with pytest.raises(FiguresFileError, match=r"not a whole workbook \(.ods\)"):
            read_sheets(tmp_path / "cut.ods")
    with zipfile.ZipFile(tmp_path / "cut.ods", "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    with pytest.raises(FiguresFileError, match=r"not a whole workbook \(.ods\)"):
        read_sheets(tmp_path / "cut.ods")
    (tmp_path / "renamed.ods").write_bytes((tmp_path / "a.xlsx").read_bytes())
    assert len(read_sheets(tmp_path / "renamed.ods")) == 1, "what a whole file is shows in its content"


def test_texts_are_clean() -> None:
    assert clean("  a\u00a0b\u202e c\x1b[31m\n d\ufeff") == "a b c[31m d"
    assert [number_text(value) for value in (0.1, -2.50, 0.0, 1e21)] == ["0.1", "-2.5", "0", "1000000000000000000000"]
    assert number_text(0.0336, is_percent=True) == "3.36%"
