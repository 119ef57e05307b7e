"""Files cut at every single byte: an error, or exactly the whole rows of a file that is valid as it stands.

What cannot be seen in the text itself is a cut exactly at a line end: what is left is a valid shorter file. There the
number of municipalities (`expected_units`) tells. A saved page and a workbook carry their own end, so there no cut
passes.
"""

import csv
import io
from functools import partial
from pathlib import Path

import openpyxl
import pytest

from benchlib.errors import FiguresFileError
from benchlib.indicators.readers import read_blis, read_pxweb_csv, read_raim, read_visc

FIXTURES = Path(__file__).parent / "fixtures"
RAIM = partial(read_raim, year=2013)
VISC = partial(read_visc, subject="mathematics", year=2013)
TEXT_FILES = [
    (RAIM, "raim-lv-2013.csv", 3),
    (VISC, "2013-necentralizetie-MAT9.csv", 4),
    (read_pxweb_csv, "pxweb_en.csv", 6),
    (read_pxweb_csv, "pxweb_lv.csv", 2),
    (read_pxweb_csv, "pxweb_long.csv", 2),
    (read_blis, "blis.csv", 2),
]


@pytest.mark.parametrize(("read", "file", "units"), TEXT_FILES)
def test_a_cut_text_is_refused_unless_it_is_cut_at_a_line_end(read, file, units):
    content = (FIXTURES / file).read_bytes()
    whole = read(content, expected_units=units)
    for length in range(len(content)):
        part = content[:length]
        try:
            frame = read(part, expected_units=None)
        except FiguresFileError:
            continue
        assert part.endswith(b"\n"), f"cut inside a line at byte {length} and not noticed"
        assert frame.equals(whole.head(len(frame))), "what is left must be the first whole rows, unchanged"


@pytest.mark.parametrize(("read", "file", "units"), TEXT_FILES)
def test_the_number_of_municipalities_reveals_a_cut_at_a_line_end(read, file, units):
    content = (FIXTURES / file).read_bytes()
    whole = read(content, expected_units=units)
    for length in (position + 1 for position in range(len(content)) if content[position : position + 1] == b"\n"):
        try:
            frame = read(content[:length], expected_units=units)
        except FiguresFileError:
            continue
        # Further rows of the last municipality, or rows of areas that are none, may be cut off unseen.
        assert set(frame["territory"]) - {""} == set(whole["territory"]) - {""}


def test_a_page_cut_before_the_end_of_its_table_is_refused():
    content = (FIXTURES / "blis.html").read_bytes()
    whole = read_blis(content, expected_units=None)
    end = content.rindex(b"</table>") + len(b"</table>")
    for length in range(len(content)):
        if length < end:
            with pytest.raises(FiguresFileError):
                read_blis(content[:length], expected_units=None)
        else:
            assert read_blis(content[:length], expected_units=None).equals(whole)


def test_a_cut_or_damaged_workbook_is_refused():
    book = openpyxl.Workbook()
    with (FIXTURES / "raim-lv-2013.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.reader(file):
            book.active.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    content = buffer.getvalue()
    assert RAIM(content, expected_units=3).equals(RAIM(FIXTURES / "raim-lv-2013.csv", expected_units=3))
    inside = content.index(b"xl/worksheets/sheet1.xml") + 60
    damaged = content[:inside] + bytes(20) + content[inside + 20 :]
    with pytest.raises(FiguresFileError, match="not a whole Excel workbook"):
        RAIM(damaged, expected_units=None)
    # Every byte would be 6,000 unpackings; a step that is no power of two meets all kinds of places.
    for length in [*range(1, len(content), 37), len(content) - 1]:
        with pytest.raises(FiguresFileError):
            RAIM(content[:length], expected_units=None)
