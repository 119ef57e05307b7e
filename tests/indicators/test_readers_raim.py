"""RAIM: csv and xlsx give the same tidy figures; a broken file says where it is broken."""

import io
import math
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from benchlib.errors import FiguresFileError, OptionError
from benchlib.indicators.readers import read_raim
from benchlib.indicators.readers.names import check_units

FILE = Path(__file__).parent / "fixtures" / "raim-lv-2013.csv"
CONTENT = FILE.read_bytes()
#: The same rows as an Excel workbook holds them: percentages are shares with a format, numbers have no commas.
WORKBOOK_ROWS = [
    ["Bauskas novads", 0.0805, 520, -0.0104, 1250.07, 1445.87, 46, 0.5206],
    ["Jelgava", 0.065, 537, None, 517.63, None, 53.64, 0.5392],
    ["Jelgavas novads", 0.0896, 495, -0.0131, 377.97, 2423.6, 75.6, 0.5109],
]
FORMATS = ["General", "0.00%", "#,##0", "0.00%", "#,##0.00", "#,##0.00", "#,##0.00", "0.00%"]


def workbook(rows=WORKBOOK_ROWS, formats=FORMATS, sheets=1):
    book = openpyxl.Workbook()
    header = CONTENT.decode().splitlines()[0].replace('"', "").split(",")
    for number in range(sheets):
        sheet = book.active if number == 0 else book.create_sheet()
        for row in [header, *rows]:
            sheet.append(row)
            for cell, number_format in zip(sheet[sheet.max_row], formats, strict=True):
                cell.number_format = number_format
    book.create_sheet("empty")
    file = io.BytesIO()
    book.save(file)
    return file


def read(content, **options):
    return read_raim(content, 2013, **{"expected_units": None, **options})


def changed(old, new):
    assert old.encode() in CONTENT
    return CONTENT.replace(old.encode(), new.encode(), 1)


def test_csv_becomes_tidy_figures_in_the_files_order():
    frame = read_raim(FILE, expected_units=3)
    assert list(frame.columns) == ["territory", "year", "measure", "value", "status", "symbol"]
    assert frame["territory"].drop_duplicates().tolist() == ["0400200", "0090000", "0540200"]
    assert set(frame["year"]) == {2013}
    bauska = frame[frame["territory"] == "0400200"]
    assert dict(zip(bauska["measure"], bauska["value"], strict=True)) == {
        "unemployment_rate": 0.0805,
        "dependency_ratio": 520.0,
        "population_change": -0.0104,
        "income_tax_per_inhabitant": 1250.07,
        "education_expenditure_per_pupil": 1445.87,
        "property_tax_per_inhabitant": 46.0,
        "female_ratio": 0.5206,
    }
    assert (str(frame["year"].dtype), str(frame["value"].dtype)) == ("int64", "float64")


def test_an_empty_cell_stays_as_a_missing_figure():
    frame = read_raim(FILE, expected_units=3).set_index(["territory", "measure"])
    assert len(frame) == 3 * 7
    missing = frame.loc[("0090000", "education_expenditure_per_pupil")]
    assert math.isnan(missing["value"])
    assert missing["status"] == "missing"
    assert (frame["status"] == "missing").sum() == 2


def test_workbook_and_csv_give_the_same_figures():
    expected = read_raim(FILE, expected_units=3)
    assert read(workbook()).equals(expected)
    assert read(workbook().getvalue()).equals(expected)


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_line_ends_byte_order_mark_and_blank_lines_do_not_matter(ending, mark):
    content = mark + CONTENT.decode().replace("\n", ending).encode() + ending.encode()
    assert read(content).equals(read(CONTENT))


def test_the_year_comes_from_the_name_or_the_argument(tmp_path):
    assert set(read_raim(FILE, 2012, expected_units=3)["year"]) == {2012}
    nameless = tmp_path / "raim.csv"
    nameless.write_bytes(CONTENT)
    with pytest.raises(OptionError, match=r"raim\.csv.*Pass year="):
        read_raim(nameless)
    with pytest.raises(OptionError, match="year='2013'"):
        read_raim(FILE, "2013")


@pytest.mark.parametrize(
    ("content", "where", "what"),
    [
        (changed("8.05%", "8.05"), "row 2, column 'UnemploymentRate'", "'8.05' is not a number such as '8.05%'"),
        (changed("520", "n/a"), "row 2, column 'DependencyRatio'", "'n/a' is not a number"),
        (changed("517.63", "nan"), "row 3, column 'PerCapitaIncomeTax'", "'nan' is not a number"),
        (changed("75.60", "7e5"), "row 4, column 'PerCapitaRealEstateTax'", "'7e5' is not a number"),
        (changed("46.00", "46.00%"), "row 2, column 'PerCapitaRealEstateTax'", "'46.00%' is not a number"),
        (changed('"1,250.07"', "1,250.07"), "row 2", "9 cells where the heading has 8"),
        (changed("Bauskas novads", "Bausks novads"), "row 2, column 'Municipality'", "Bauskas novads"),
        (changed("Jelgavas novads", "Jelgava"), "row 4, column 'Municipality'", "'Jelgava' already stands in row 3"),
        (changed("UnemploymentRate", "Unemployment"), "row 1", "no column 'UnemploymentRate'"),
        (changed("FemaleRatio", "DependencyRatio"), "row 1", "no column 'FemaleRatio'"),
        (changed('"FemaleRatio"', '"FemaleRatio","Extra"'), "row 1, column 'Extra'", "not known"),
        (CONTENT.replace(b",", b";"), "row 1", "not separated by ','"),
        (CONTENT.replace(b",", b";").replace(b'"', b""), "row 1", "separated by ';'"),
        (CONTENT.split(b"\n", 1)[0] + b"\n", "(bytes)", "no row below the heading"),
        (changed('"Jelgava",', '"Jelgava,'), "row 3", "quotation marks"),
        (b"", "(bytes)", "is empty"),
        (b"\xef\xbb\xbf\n \n", "(bytes)", "is empty"),
        (CONTENT.decode().encode("utf-16"), "(bytes)", "UTF-16"),
        (CONTENT.replace(b"Bauskas", "R\ufffdgas".encode()), "row 2", "letters were lost"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "(bytes)", "old Excel format"),
        (b"PK\x03\x04 and then nothing", "(bytes)", "not a whole Excel workbook"),
    ],
)
def test_a_broken_file_says_where_and_what(content, where, what):
    with pytest.raises(FiguresFileError) as caught:
        read(content)
    assert where in str(caught.value)
    assert what in str(caught.value)
    assert "Nothing of the file was imported." in str(caught.value)


def test_windows_1257_is_reported_and_not_guessed():
    content = CONTENT.replace(b"Bauskas novads", "Ādažu novads".encode("cp1257"))
    with pytest.raises(FiguresFileError, match=r"row 2: .*not UTF-8, the encoding expected.*windows-1257.*iconv"):
        read(content)


def test_the_message_names_the_file(tmp_path):
    path = tmp_path / "raim-lv-2013.csv"
    path.write_bytes(changed("520", "many"))
    with pytest.raises(FiguresFileError, match=r"^raim-lv-2013\.csv, row 2, column 'DependencyRatio'"):
        read_raim(path)
    with pytest.raises(FiguresFileError, match=r"absent\.csv: the file cannot be read"):
        read_raim(tmp_path / "absent.csv", 2013)


def test_a_csv_called_xlsx_is_refused(tmp_path):
    path = tmp_path / "raim-2013.xlsx"
    path.write_bytes(CONTENT)
    with pytest.raises(FiguresFileError, match="not an Excel workbook"):
        read_raim(path)


def with_cell(column, value, number_format=None):
    rows = [list(row) for row in WORKBOOK_ROWS]
    rows[0][column] = value
    formats = list(FORMATS)
    formats[column] = number_format or formats[column]
    return workbook(rows, formats)


@pytest.mark.parametrize(
    ("file", "what"),
    [
        (with_cell(1, 8.05, "0.00"), "row 2, column 'UnemploymentRate': '8.05' is not a number such as '8.05%'"),
        (with_cell(1, 8.05, '0.00"%"'), "row 2, column 'UnemploymentRate': '8.05' is not a number such as '8.05%'"),
        (with_cell(2, "=1+1"), "row 2: cell C2 holds a formula"),
        (with_cell(2, True), "row 2, column 'DependencyRatio': 'True' is not a number"),
        (with_cell(2, datetime(2013, 1, 1), "yyyy-mm-dd"), "row 2, column 'DependencyRatio'"),
        (with_cell(2, "#N/A"), "row 2, column 'DependencyRatio': '#N/A' is not a number"),
        (workbook(sheets=2), "several filled sheets"),
        (workbook([]), "no row below the heading"),
    ],
)
def test_a_broken_workbook_says_where_and_what(file, what):
    with pytest.raises(FiguresFileError) as caught:
        read(file)
    assert what in str(caught.value)


def test_the_number_of_municipalities_is_checked():
    with pytest.raises(FiguresFileError, match=r"3 municipalities where 119 are expected.*expected_units=3"):
        read_raim(FILE)
    with pytest.raises(FiguresFileError, match="3 municipalities where 4 are expected"):
        read_raim(FILE, expected_units=4)
    with pytest.raises(FiguresFileError, match="3 municipalities where 1 is expected"):
        read_raim(FILE, expected_units=1)
    with pytest.raises(FiguresFileError, match=r"^x: 1 municipality where 119 are expected"):
        check_units("x", ["0400200"], "all", "2009")
