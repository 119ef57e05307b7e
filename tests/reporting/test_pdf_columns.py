"""Columns of tables on paper: widths by their words, fewest lines, smaller type, and parts; letters measured as another program does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from invented import notebook_of
from matplotlib import get_data_path
from matplotlib.ft2font import FT2Font, LoadFlags
from pdfs import Pdf

from benchlib.errors import ReportError
from benchlib.reporting.compose import Blocks, heading, say, table
from benchlib.reporting.export.columns import FULL_WIDTH, SIZES, TEXT_WIDTH, Demand, share, table_parts, width_of
from benchlib.reporting.export.letters import FONT_FOLDER, Letters, glyph_widths, spoken
from benchlib.reporting.export.pdf import export_pdf

FONTS = [
    FONT_FOLDER / "SourceSans3-Regular.ttf",
    FONT_FOLDER / "SourceSans3-SemiBold.ttf",
    Path(get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf",
]


@pytest.mark.parametrize("path", FONTS, ids=lambda path: path.stem)
def test_letters_and_widths_are_those_that_freetype_reads(path: Path) -> None:
    font = FT2Font(str(path))
    widths = glyph_widths(path)
    assert set(map(ord, widths)) - {0x200B, 0x200C, 0x200D, 0x2060, 0xAD, 0x0A} <= set(font.get_charmap())
    assert set(font.get_charmap()) <= set(map(ord, widths))
    for letter in "AāČģ1 ,€▲W\u202fm":
        glyph = font.load_char(ord(letter), LoadFlags.NO_SCALE)
        assert widths[letter] == pytest.approx(glyph.horiAdvance / font.units_per_EM), letter


def test_a_file_that_is_no_font_for_the_pdf_is_named(tmp_path: Path) -> None:
    data = bytearray(FONTS[0].read_bytes())
    for start in range(len(data) - 2):
        if data[start : start + 4] == b"\x00\x0c\x00\x00":  # format 12, reserved 0
            data[start + 1] = 13
    (tmp_path / "odd.ttf").write_bytes(data)
    with pytest.raises(ReportError, match=r"odd\.ttf .* list of letters"):
        glyph_widths(tmp_path / "odd.ttf")


def test_what_lacks_little_comes_first() -> None:
    # In two lines the third takes 1.08 * 200 / 2 = 108 points and the second 21.6. Of the 50.4 left the second wants 18.4.
    demands = [Demand(20, 20, 20, 20), Demand(20, 20, 40, 40), Demand(20, 20, 200, 200)]
    assert share(demands, 200) == pytest.approx([20, 40, 140])
    # When all cells have their line, labels get theirs: 20 points left, the second wants 5.
    demands = [Demand(20, 20, 30, 60), Demand(20, 20, 50, 55)]
    assert share(demands, 100) == pytest.approx([45, 55])


def test_a_label_takes_two_lines_before_a_cell_does() -> None:
    labels = ["Nr.", "Izglītības izdevumi uz vienu skolēnu"]
    texts = ["Bauskas novads " * 6, "1\u202f234\u202f€"]
    [part] = table_parts(table_of(labels, texts))
    width = part["columns"][1]["width"]
    assert width_of("Izglītības izdevumi", 8.4, is_bold=True) < width < width_of(labels[1], 8.4, is_bold=True)
    assert part["columns"][0]["width"] >= width_of(texts[0].strip(), 8.8, is_bold=False)


def test_rows_take_as_few_lines_as_they_can() -> None:
    # In two lines the texts need 1.08 * 100 / 2 = 54 and 1.08 * 300 / 2 = 162 points; the rest goes to the first.
    widths = share([Demand(10, 10, 100, 100), Demand(10, 10, 300, 300)], 250)
    assert widths[1] >= 162
    assert widths[0] == pytest.approx(250 - widths[1])
    assert widths[0] >= 54


@pytest.mark.parametrize("room", [50.0, 90.0, 150.0, 300.0, 1000.0])
def test_widths_fill_the_room(room: float) -> None:
    demands = [Demand(10, 30, 60, 80, 5), Demand(20, 20, 200, 240, 9), Demand(15, 40, 40, 90, 0)]
    widths = share(demands, room)
    assert sum(widths) == pytest.approx(room)
    if room >= sum(one.whole for one in demands):
        assert all(width >= one.whole for width, one in zip(widths, demands, strict=True)), "no word is cut"


def table_of(labels: list[str], *rows: list[str], heads: int = 1, right: bool = True, **more: Any) -> dict[str, Any]:
    columns = [
        {"label": label, "align": "right" if right and n >= heads else "left", "is_row_header": n < heads}
        for n, label in enumerate(labels)
    ]
    cells = [[{"text": text, "light": None, "hint": ""} for text in row] for row in rows]
    return {"columns": columns, "rows": cells, "highlight": [], "caption": [("C", False)], "note": [], **more}


def test_a_narrow_table_takes_the_width_of_the_text() -> None:
    [part] = table_parts(table_of(["Gads", "Skaits"], ["2013", "1"]))
    assert sum(column["width"] for column in part["columns"]) == pytest.approx(TEXT_WIDTH)
    assert part["size"] == SIZES[0]
    assert part["is_short"]


def test_a_word_has_room_in_its_column() -> None:
    words = ["nepieklājīgākajiem", "kapitālsabiedrībām", "1\u202f234\u202f567\u202f€", "x"]
    [part] = table_parts(table_of(["A", "B", "C", "D"], words, ["teksts ar daudziem vārdiem " * 20] * 4))
    for column, word in zip(part["columns"], words, strict=True):
        assert column["width"] - column["inset"] >= width_of(word, part["size"], is_bold=False)
        assert not column["hyphenate"]


def test_smaller_type_comes_before_divided_words_and_these_before_parts() -> None:
    def of(columns: int, word: str) -> list[dict[str, Any]]:
        return table_parts(table_of(["Nr.", *["x"] * columns], ["1", *[word] * columns], right=False))

    sizes = [of(n, "apdrošināšana")[0]["size"] for n in range(5, 9)]
    assert sizes == sorted(sizes, reverse=True)
    assert (sizes[0], sizes[-1]) == (SIZES[0], SIZES[-1])
    divided = of(7, "nepieklājīgākajiem")
    assert len(divided) == 1
    assert divided[0]["size"] == SIZES[-1]
    assert divided[0]["columns"][1]["hyphenate"]
    parts = of(9, "1234567890123456789")
    assert len(parts) > 1
    assert [run[0] for run in parts[0]["caption"]] == ["C", f" (1/{len(parts)})"]


def test_parts_have_all_columns_once_and_the_names_of_rows_each() -> None:
    labels = ["Novads", *map(str, range(1990, 2024))]
    parts = table_parts(table_of(labels, ["Bauskas novads", *["1\u202f234\u202f€"] * 34], note=[("N", False)]))
    assert all(part["columns"][0]["label"] == "Novads" for part in parts)
    assert [column["label"] for part in parts for column in part["columns"][1:]] == labels[1:]
    assert [bool(part["note"]) for part in parts] == [False] * (len(parts) - 1) + [True]
    widths = [len(part["columns"]) for part in parts]
    assert max(widths) - min(widths) <= 2, "parts are about equally wide"
    assert all(sum(column["width"] for column in part["columns"]) <= FULL_WIDTH + 0.1 for part in parts)


def test_rows_longer_than_a_third_of_a_page_may_break() -> None:
    [part] = table_parts(table_of(["A", "B"], ["x", "vārds " * 2000], ["y", "z"], right=False))
    assert part["long_rows"] == [0]
    assert not part["is_short"]
    [part] = table_parts(table_of(["vārds " * 2000, "B"], ["y", "z"]))
    assert not part["repeats_labels"], "a label as long as a page is not repeated on each"


def test_long_words_get_places_to_break() -> None:
    line = Letters().line
    assert line("education_expenditure_per_pupil") == "education_\u200bexpenditure_\u200bper_\u200bpupil"
    assert max(map(len, line("x" * 100).split("\u200b"))) == 15
    assert line("pretpulksteņrādītājvirziens") == "pretpulksteņrādītājvirziens", "hyphenation is for words"
    assert line("2011.–2013.") == "2011.–\u20602013."


def test_alt_texts_keep_every_letter() -> None:
    assert spoken(" 東京 \n\u202e مدينة ") == "東京 \N{REPLACEMENT CHARACTER} مدينة"
    assert [spoken("\u200e"), spoken(""), spoken(" ")] == ["…", "", ""]


def test_short_texts_beside_a_long_one_take_two_lines_at_most() -> None:
    names = ["Karstā ūdens daļa siltuma patēriņā: skolas", "2022. gada 31. maijs", "Pieņēmums. " * 30]
    [part] = table_parts(table_of(["Koeficients", "Datums", "Avots"], names, ["a", "b", "Pieņēmums."], right=False))
    for column, text in zip(part["columns"][:2], names[:2], strict=True):
        room = column["width"] - column["inset"] - 4.5
        assert width_of(text, part["size"], is_bold=False) / room < 2
    assert part["columns"][2]["width"] > 200, "the long text has the rest"
    assert sum(column["width"] for column in part["columns"]) == pytest.approx(FULL_WIDTH)


@pytest.mark.parametrize("before", range(24, 40, 3))
def test_a_long_table_does_not_begin_with_a_row_or_two_at_the_end_of_a_page(before: int) -> None:
    rows = [[f"Novads-{n:02}", str(n)] for n in range(42)]
    long = table([("m", "Pašvaldība"), ("x", "Vieta", "right")], rows, caption="Garā tabula")
    text = say(*[f"Rindkopa {n}." for n in range(before)])
    pdf = Pdf(export_pdf(notebook_of(Blocks(heading("A", 1), heading("B"), text, long)), language="lv"))
    begins = next(number for number in range(1, len(pdf) + 1) if "Garā" in pdf.text(number))
    assert pdf.text(begins).count("Novads-") >= 5
