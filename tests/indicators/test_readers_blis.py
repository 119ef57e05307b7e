"""BLIS sheets: two names of the key column, blanks in numbers, dates in headings, codes that Excel has shortened."""

import io
import math
from pathlib import Path

import openpyxl
import pytest

from benchlib.errors import FiguresFileError
from benchlib.indicators.readers import read_blis

FIXTURES = Path(__file__).parent / "fixtures"
PAGE, SHEET = FIXTURES / "blis.html", FIXTURES / "blis.csv"
CONTENT = PAGE.read_bytes()
POPULATION, CHILDREN = "registered_population", "children_preschool_age"


def workbook(rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return file


def changed(old, new):
    assert old.encode() in CONTENT
    return CONTENT.replace(old.encode(), new.encode(), 1)


def test_the_saved_page_gives_the_published_figures():
    frame = read_blis(PAGE, expected_units=3)
    assert list(frame.columns) == ["territory", "year", "measure", "value", "status", "symbol"]
    assert frame[["territory", "year", "measure", "value"]].to_numpy().tolist() == [
        ["0010000", 2015, POPULATION, 698086.0],
        ["0010000", 2015, CHILDREN, 50644.0],
        ["0050000", 2015, POPULATION, 96792.0],
        ["0050000", 2015, CHILDREN, 6271.0],
        ["0409500", 2015, POPULATION, 9077.0],
        ["0409500", 2015, CHILDREN, 561.0],
    ]


def test_lost_zeros_are_restored_and_headings_of_another_year_mean_the_same():
    frame = read_blis(SHEET, expected_units=2).set_index(["territory", "measure"])
    assert frame.loc[("0010000", POPULATION), ["year", "value"]].tolist() == [2016, 698529.0]
    assert frame.loc[("0409500", CHILDREN), "value"] == 553.0
    missing = frame.loc[("0010000", CHILDREN)]
    assert math.isnan(missing["value"])
    assert missing["status"] == "missing"


def test_a_workbook_with_title_and_numbers_as_numbers():
    rows = [
        ["Iedzīvotāji"],
        [],
        ["ATVK", "Pašvaldība", "Iedzīvotāju skaits uz 01.01.2015."],
        [10000, "Rīga", 698086],
        ["0384400", "Baltinavas novads", "1 209"],
    ]
    frame = read_blis(workbook(rows), expected_units=None)
    assert frame["territory"].tolist() == ["0010000", "0384400"]
    assert frame["value"].tolist() == [698086.0, 1209.0]
    rows[4][0] = 384401
    with pytest.raises(FiguresFileError, match="row 5, column 'ATVK'"):
        read_blis(workbook(rows), expected_units=None)


def test_further_headings_and_the_year_can_be_given():
    content = changed("Iedzīvotāju skaits uz 01.01.2015.", "Bibliotēku skaits")
    frame = read_blis(content, 2014, mapping={"Bibliotēku skaits": "public_libraries"}, expected_units=3)
    assert frame[["year", "measure"]].to_numpy().tolist()[:2] == [[2014, "public_libraries"], [2015, CHILDREN]]


@pytest.mark.parametrize(
    ("content", "where", "what"),
    [
        (changed("698 086", "698 0867"), "row 2, column 'Iedzīvotāju skaits uz 01.01.2015.'", "not a number"),
        (changed("9 077", "9.077"), "row 4", "'9.077' is not a number such as '698 086'"),
        (changed("9 077", "apm. 9 077"), "row 4", "not a number"),
        (changed("0050000", "0050001"), "row 3, column 'ATVK'", "no ATVK code of the 2009 classification"),
        (changed("0050000", "0001000"), "row 3, column 'ATVK'", "no ATVK code of the 2009 classification"),
        (changed("0050000", "0090000"), "row 3, column 'ATVK'", "is Jelgava, the name says 'Daugavpils'"),
        (changed("0050000</td><td>Daugavpils", "10000</td><td>Rīga"), "row 3, column 'ATVK'", "stands in row 2"),
        (changed("Vecumnieku", "Vecumieku"), "row 4, column 'Nosaukums'", "Vecumnieku novads"),
        (changed("Nosaukums", "Vieta"), "row 1", "'Nosaukums' or 'Pašvaldība'"),
        (changed("ATVK", "Kods"), "(bytes)", "no table has a column 'ATVK'"),
        (changed("Tēmas", "ATVK"), "(bytes)", "2 tables have a column 'ATVK'"),
        (changed("Iedzīvotāju skaits", "Iedzīvotāju blīvums"), "row 1", "this heading is not known"),
        (changed("skaits uz 01.01.2015.", "skaits"), "row 1", "Pass year="),
        (changed("uz 01.01.2015.", "uz 31.02.2015."), "row 1", "is not a date"),
        (changed("Iedzīvotāju skaits uz", "Bērni no 0-6 gadiem"), "row 1", "already stands in row 1"),
        (changed("<td>561</td>", ""), "row 4", "3 cells where the heading has 4"),
        (CONTENT.replace("\u2009".encode(), b"").decode().encode("cp1257"), "row 3", "windows-1257"),
    ],
)
def test_a_broken_sheet_says_where_and_what(content, where, what):
    with pytest.raises(FiguresFileError) as caught:
        read_blis(content, expected_units=None)
    assert where in str(caught.value)
    assert what in str(caught.value)


def test_the_number_of_municipalities_is_checked():
    with pytest.raises(FiguresFileError, match="3 municipalities where 119 are expected"):
        read_blis(PAGE)
