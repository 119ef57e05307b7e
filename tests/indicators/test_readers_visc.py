"""VISC: results by school, and their means by municipality."""

import math
from pathlib import Path

import pytest

from benchlib.errors import FiguresFileError, OptionError
from benchlib.indicators.readers import read_visc, visc_municipality_means

FILE = Path(__file__).parent / "fixtures" / "2013-necentralizetie-MAT9.csv"
CONTENT = FILE.read_bytes()


def read(content, **options):
    return read_visc(content, "mathematics", 2013, **options)


def changed(old, new):
    assert old.encode() in CONTENT
    return CONTENT.replace(old.encode(), new.encode(), 1)


def test_schools_come_in_the_files_order_with_their_area():
    frame = read_visc(FILE)
    assert list(frame.columns) == ["territory", "year", "measure", "value", "status", "symbol", "area", "school"]
    assert frame["territory"].tolist() == ["0400200", "0400200", "0010000", "0010000", "0960200", "0409500"]
    assert set(frame["measure"]) == {"exam_grade9_mathematics"}
    assert set(frame["year"]) == {2013}
    assert frame["value"].tolist()[:5] == [60.0, 70.67, 50.0, 80.0, 40.0]
    assert frame["school"][1] == 'Privātskola "Zīle, strazds un dzenis"'
    assert frame["area"][2] == "Rīgas pilsēta (Centra raj.)"


def test_the_old_name_of_kocenu_novads_is_known():
    frame = read_visc(FILE).set_index("area")
    assert frame.loc["Valmieras novads", "territory"] == "0960200"


def test_a_school_without_result_is_missing_and_not_zero():
    last = read_visc(FILE).iloc[-1]
    assert math.isnan(last["value"])
    assert last["status"] == "missing"


@pytest.mark.parametrize(
    ("code", "subject"), [("MAT9", "mathematics"), ("ANG9", "english"), ("VLL9", "latvian"), ("VES9", "history")]
)
def test_subject_and_year_come_from_the_name(tmp_path, code, subject):
    path = tmp_path / f"2011-necentralizetie-{code}.csv"
    path.write_bytes(CONTENT)
    frame = read_visc(path)
    assert set(frame["measure"]) == {f"exam_grade9_{subject}"}
    assert set(frame["year"]) == {2011}


def test_without_name_the_arguments_are_needed():
    with pytest.raises(OptionError, match="Pass subject="):
        read_visc(CONTENT, year=2013)
    with pytest.raises(OptionError, match="Pass year="):
        read_visc(CONTENT, "history")
    with pytest.raises(OptionError, match="subject='algebra'"):
        read_visc(CONTENT, "algebra", 2013)


def test_means_count_every_school_the_same():
    means = visc_municipality_means(read_visc(FILE)).set_index(["territory", "measure"])
    mean, count = "exam_grade9_mathematics", "exam_grade9_mathematics_schools"
    assert means.loc[("0400200", mean), "value"] == pytest.approx((60.0 + 70.67) / 2)
    assert means.loc[("0400200", count), "value"] == 2
    assert means.loc[("0010000", mean), "value"] == 65.0
    assert math.isnan(means.loc[("0409500", mean), "value"])
    assert means.loc[("0409500", mean), "status"] == "missing"
    assert means.loc[("0409500", count), "value"] == 0


def test_a_school_listed_under_a_neighbour_is_moved_and_says_so():
    content = changed('"Bauskas novads","Ozolu pamatskola"', '"Rojas novads","Mērsraga vidusskola"')
    moved, published = read(content).iloc[0], read(content, moved={}).iloc[0]
    assert (moved["territory"], moved["area"]) == ("0887600", "Rojas novads")
    assert published["territory"] == "0888301"


def test_a_repeated_school_is_refused_averaged_or_kept():
    content = CONTENT + b'"Bauskas novads","Ozolu pamatskola",80.00%\n'
    with pytest.raises(
        FiguresFileError, match=r"row 8, column 'Skola': .* already stands in row 2\. .*repeated='mean'"
    ):
        read(content)
    assert read(content, repeated="keep")["value"].tolist()[-1] == 80.0
    averaged = read(content, repeated="mean")
    assert len(averaged) == 6
    assert averaged.loc[0, ["school", "value", "status"]].tolist() == ["Ozolu pamatskola", 70.0, "estimated"]
    assert averaged["status"].tolist()[1:] == ["observed"] * 4 + ["missing"]
    with pytest.raises(OptionError, match="repeated='drop'"):
        read(content, repeated="drop")


def test_two_equal_rows_of_a_school_are_one_observation():
    content = CONTENT + b'"Bauskas novads","Ozolu pamatskola",60.00%\n'
    assert read(content, repeated="mean").equals(read(CONTENT))


@pytest.mark.parametrize(
    ("content", "where", "what"),
    [
        (changed("60.00%", "60.00"), "row 2, column 'Kopvērtējums'", "'60.00' is not a number such as '70.67%'"),
        (changed("60.00%", "160.00%"), "row 2, column 'Kopvērtējums'", "not between 0% and 100%"),
        (changed('"Ozolu pamatskola"', '""'), "row 2, column 'Skola'", "no name"),
        (changed("Vecumnieku novads", "Vecumnieku nomads"), "row 7, column 'Novads'", "Vecumnieku novads"),
        (changed('"Upes vakarskola",', '"Upes vakarskola"'), "row 7", "2 cells where the heading has 3"),
        (changed('"Skola"', '"School"'), "row 1", "no column 'Skola'"),
        (CONTENT.decode().encode("cp1257"), "row 1", "windows-1257"),
    ],
)
def test_a_broken_file_says_where_and_what(content, where, what):
    with pytest.raises(FiguresFileError) as caught:
        read(content)
    assert where in str(caught.value)
    assert what in str(caught.value)


def test_the_number_of_municipalities_is_checked_on_request():
    assert len(read(CONTENT, expected_units=4)) == 6
    with pytest.raises(FiguresFileError, match="4 municipalities where 119 are expected"):
        read(CONTENT, expected_units="all")
