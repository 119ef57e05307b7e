"""CSB PxWeb exports: title, labels in two languages, dated areas, symbols, years in columns or in rows."""

import math
from pathlib import Path

import pytest

from benchlib.errors import FiguresFileError, OptionError
from benchlib.indicators.readers import read_pxweb_csv

FIXTURES = Path(__file__).parent / "fixtures"
ENGLISH, LATVIAN, LONG = (FIXTURES / f"pxweb_{kind}.csv" for kind in ("en", "lv", "long"))
POPULATION = {"Annual average population": "population_annual_average"}
CONTENT = ENGLISH.read_bytes()


def changed(old, new):
    assert old.encode() in CONTENT
    return CONTENT.replace(old.encode(), new.encode())


def test_years_side_by_side_become_rows_and_no_row_is_lost():
    frame = read_pxweb_csv(ENGLISH, mapping=POPULATION)
    tidy = ["territory", "year", "measure", "value", "status", "symbol"]
    assert list(frame.columns) == [*tidy, "Indicator", "Territorial unit"]
    assert len(frame) == 8 * 3
    assert frame["year"].tolist()[:3] == [2023, 2024, 2025]
    assert set(frame["measure"]) == {"population_annual_average"}
    assert frame["Territorial unit"].iloc[12] == "Jelgava municipality"


def test_areas_get_the_code_of_their_time():
    codes = read_pxweb_csv(ENGLISH, mapping=POPULATION).drop_duplicates("Territorial unit")
    assert dict(zip(codes["Territorial unit"], codes["territory"], strict=True)) == {
        "Latvia": "",
        "Riga statistical region (Riga) (before 01.01.2024.)": "",
        "Riga": "0001000",
        "Jelgava": "0003000",
        "Jelgava municipality": "0030000",
        "Madona municipality": "0038000",
        "Madona municipality (from 01.07.2025.)": "0038001",
        "Madona municipality (before ATR in 2021)": "0700200",
    }


def test_symbols_keep_their_meaning():
    frame = read_pxweb_csv(ENGLISH).set_index(["territory", "year"])
    assert frame.loc[("0003000", 2024), ["value", "status", "symbol"]].tolist() == [0.0, "observed", "-"]
    expected = {"0001000": ("missing", "…"), "0003000": ("suppressed", ":"), "0030000": ("missing", "..")}
    for code, (status, symbol) in {**expected, "0038000": ("missing", ".")}.items():
        row = frame.loc[(code, 2025)]
        assert (row["status"], row["symbol"]) == (status, symbol)
        assert math.isnan(row["value"])


def test_latvian_labels_and_a_mapping_of_two_columns():
    mapping = {("Pavisam", "Pavisam"): "roads_total_length", ("Total", "Total"): "roads_total_length"}
    frame = read_pxweb_csv(LATVIAN, mapping=mapping)
    assert len(frame) == 7
    assert frame["territory"].tolist() == ["", "", "0001000", "0001000", "0025000", "0025000", ""]
    assert frame["measure"].tolist() == ["roads_total_length"] * 3 + [
        "",
        "roads_total_length",
        "",
        "roads_total_length",
    ]
    assert frame.loc[3, ["value", "symbol"]].tolist() == [0.0, "-"]
    assert frame["Teritoriālā vienība"].iloc[-1] == "Codes pagasts"


def test_without_mapping_the_labels_are_the_measure():
    assert read_pxweb_csv(LATVIAN)["measure"].iloc[5] == "Pavisam | Valsts autoceļi"
    assert set(read_pxweb_csv(ENGLISH, mapping="people")["measure"]) == {"people"}


def test_a_mapping_that_fits_nothing_is_an_error():
    with pytest.raises(OptionError, match=r"'births'.*'Annual average population'"):
        read_pxweb_csv(ENGLISH, mapping={**POPULATION, "Births": "births"})


def test_years_one_below_the_other_and_codes_as_labels():
    frame = read_pxweb_csv(LONG, mapping={"Vīrieši": "men"})
    assert frame["territory"].tolist() == ["", "0025000", "0025000", "", "0038001"]
    assert frame["year"].tolist() == [2023, 2023, 2024, 2024, 2025]
    assert frame["value"].tolist() == [900, 20000, 19900, 11000, 14000]
    assert list(frame.columns)[6:] == ["Dzimums", "AREA"]


def test_a_label_beside_the_year_is_kept():
    content = b'"Area","Men 2023","Women 2023","Men 2024","Women 2024"\n"Bauska municipality",1,2,3,4\n'
    frame = read_pxweb_csv(content, mapping={"Men": "men", "Women": "women"})
    assert frame[["year", "measure", "value", "heading"]].to_numpy().tolist() == [
        [2023, "men", 1.0, "Men"],
        [2023, "women", 2.0, "Women"],
        [2024, "men", 3.0, "Men"],
        [2024, "women", 4.0, "Women"],
    ]


def test_a_label_column_never_hides_a_tidy_one():
    content = b'"measure","Area","2024"\n"km","Bauska municipality",1\n'
    frame = read_pxweb_csv(content, mapping="roads")
    assert frame[["measure", "measure_label"]].to_numpy().tolist() == [["roads", "km"]]


def test_a_bare_town_is_not_the_municipality_around_it():
    content = changed("Jelgava municipality", "Bauska")
    with pytest.raises(FiguresFileError, match=r"row 8, column 'Territorial unit': '..Bauska' is no municipality"):
        read_pxweb_csv(content)
    frame = read_pxweb_csv(content, other_areas=["Bauska"])
    assert set(frame[frame["Territorial unit"] == "Bauska"]["territory"]) == {""}


@pytest.mark.parametrize("town", ["Jēkabpils", "Ogre", "Valmiera", "Bauska town", "Bauskas pilsēta", "Codes pagasts"])
def test_places_inside_municipalities_are_kept_without_code(town):
    frame = read_pxweb_csv(changed("Jelgava municipality", town))
    assert frame["territory"].iloc[12] == ""


@pytest.mark.parametrize(
    ("label", "code"),
    [
        ("Madona municipality (before 01.07.2025.)", "0038000"),
        ("Madonas novads (līdz 30.06.2025.)", "0038000"),
        ("Madonas novads (no 01.07.2025.)", "0038001"),
        ("Madona municipality (before 01.07.2021.)", "0700200"),
        ("Rīga (from 01.07.2021.)", "0001000"),
        ("Riga (before ATR in 2021)", "0010000"),
    ],
)
def test_a_date_in_the_label_chooses_the_classification(label, code):
    assert read_pxweb_csv(f'"Area","2024"\n"{label}",1\n'.encode())["territory"].tolist() == [code]


def test_before_2021_jekabpils_was_a_city_of_its_own():
    content = f'"Area","2020"\n"Jēkabpils",22000\n"{"Jēkabpils novads"}",4000\n'.encode()
    assert read_pxweb_csv(content, territory="2009")["territory"].tolist() == ["0110000", "0560200"]


@pytest.mark.parametrize(
    ("content", "where", "what"),
    [
        (changed("605000", "605 000"), "row 6, column '2024'", "'605 000' is not a number"),
        (changed("605000", "6.05e5"), "row 6, column '2024'", "'6.05e5' is not a number"),
        (changed("27306.5", '"27306,5"'), "row 9, column '2024'", "'27306,5' is not a number"),
        (changed("608000,605000", "608000605000"), "row 6", "4 cells where the heading has 5"),
        (changed("Jelgava municipality", "Jelgva municipality"), "row 8", "Jelgavas novads"),
        (changed("from 01.07.2025.", "from 41.07.2025."), "row 10", "is not understood"),
        (changed("from 01.07.2025.", "provisional"), "row 10", "is not understood"),
        (changed(" (from 01.07.2025.)", ""), "row 10", "already stands in row 9"),
        (changed("Territorial unit", "Place"), "row 3", "Pass its heading as territory_column="),
        (changed('"2024"', '"2023"'), "row 3, column '2023'", "stands twice"),
        (changed('"2025"', '"2025Q1"'), "row 3", "Export yearly figures"),
        (CONTENT.replace(b",", b";"), "row 3", "not separated by ','"),
        (
            CONTENT.decode("utf-8-sig").replace("…", "-").encode("cp1257", "replace") + b"\xe2\n",
            "row 12",
            "windows-1257",
        ),
        (b'"Area","Year","Value"\n"Riga","2024Q1",5\n', "row 2, column 'Year'", "'2024Q1' is not a year"),
        (b'"Area","2024"\n"LV0099000",5\n', "row 2, column 'Area'", "no code of a municipality"),
        (b'"Area","2024"\n"Riga",5\n"LV0001000",6\n', "row 3, column 'Area'", "already stands in row 2"),
        (b"A title\n\n", "(bytes)", "no heading"),
    ],
)
def test_a_broken_file_says_where_and_what(content, where, what):
    with pytest.raises(FiguresFileError) as caught:
        read_pxweb_csv(content, mapping="people")
    assert where in str(caught.value)
    assert what in str(caught.value)


def test_the_column_of_areas_can_be_named():
    content = changed("Territorial unit", "Place")
    assert read_pxweb_csv(content, territory_column="Place")["territory"].iloc[6] == "0001000"


def test_the_number_of_municipalities_is_checked_on_request():
    assert len(read_pxweb_csv(LATVIAN, expected_units=2)) == 7
    with pytest.raises(FiguresFileError, match="2 municipalities where 43 are expected"):
        read_pxweb_csv(LATVIAN, expected_units="all")
