"""Figures files read strictly: the whole file is right or nothing of it is used."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest
from made_up import DataFolder, replace_in

from benchlib.errors import FiguresFileError
from benchlib.indicators import load_registry
from benchlib.indicators.figures import read_figures

HEADER = "territory,year,measure,value,status,symbol\n"
ROWS = [
    ("0400200", 2013, "people", 10, "observed", ""),
    ("0400200", 2014, "people", "12.5", "estimated", ""),
    ("0406400", 2013, "people", None, "missing", "…"),
    ("0406400", 2014, "people", "-1e3", "observed", ""),
]
FILE = "figures/a.csv"


@pytest.fixture
def folder(data: DataFolder) -> Path:
    data.measure("people").measure("roads").passport("people", measure="people").source("a", ROWS)
    return data.path


def read(folder: Path, *, with_new_receipt: bool = False):
    """Figures of the one source; with a new receipt the file's own hash counts as the expected one."""
    fresh = load_registry.__wrapped__  # the registry as it is now, not as it was first read
    if with_new_receipt:
        old = fresh(folder).sources[0].sha256
        replace_in(folder / "registry.toml", old, hashlib.sha256((folder / FILE).read_bytes()).hexdigest())
    return read_figures(fresh(folder).sources[0], folder)


def test_whole_file(folder: Path) -> None:
    table = read(folder)
    assert table["territory"].tolist() == ["0400200", "0400200", "0406400", "0406400"]
    assert table["year"].tolist() == [2013, 2014, 2013, 2014]
    np.testing.assert_array_equal(table["value"].to_numpy(), [10, 12.5, np.nan, -1000])
    assert table["status"].tolist() == ["observed", "estimated", "missing", "observed"]
    assert table["symbol"].tolist() == ["", "", "…", ""]


def test_order_and_quotes_do_not_matter(folder: Path) -> None:
    replace_in(folder / FILE, "0400200,2013,people,10,", '"0400200",2013,people,"10",')
    assert read(folder, with_new_receipt=True)["value"].iloc[0] == 10


BREAKS = {
    "text in a number": ("people,10,", "people,ten,", r"row 2, column value: 'ten' is not a number"),
    "comma for a point": ("people,12.5,", 'people,"12,5",', r"row 3, column value: '12,5'"),
    "blank in a number": ("people,10,", "people,1 0,", r"row 2, column value: '1 0'"),
    "nan": ("people,10,", "people,nan,", r"row 2, column value: 'nan'"),
    "inf": ("people,10,", "people,inf,", r"row 2, column value: 'inf'"),
    "too large": ("people,10,", "people,1e999,", r"row 2, column value: '1e999'"),
    "other digits": ("people,10,", "people,١٠,", r"row 2, column value: '١٠'"),
    "hexadecimal": ("people,10,", "people,0x10,", r"row 2, column value: '0x10'"),
    "underscore": ("people,10,", "people,1_0,", r"row 2, column value: '1_0'"),
    "unit in a number": ("people,10,", "people,10%,", r"row 2, column value: '10%'"),
    "empty but observed": ("people,10,", "people,,", r"row 2, column value: ''"),
    "value beside missing": (",missing,", "7,missing,", r"row 4, column value: '7' stands beside the status missing"),
    "duplicate key": ("0406400,2013,", "0400200,2013,", r"row 4: people of 0400200 in 2013 stands in row 2 already"),
    "unknown code": ("0406400,2013,", "0406401,2013,", r"row 4, column territory: '0406401'"),
    "code of another time": ("0406400,2013,", "0025000,2013,", r"row 4, column territory: '0025000'"),
    "lost zero": ("0406400,2013,", "406400,2013,", r"row 4, column territory: '406400'.*leading zeros"),
    "unknown year": ("0406400,2013,", "0406400,2012,", r"row 4, column year: '2012'.*\[2013, 2014\]"),
    "year with a point": ("0406400,2013,", "0406400,2013.0,", r"row 4, column year: '2013.0'"),
    "year with a zero": ("0406400,2013,", "0406400,02013,", r"row 4, column year: '02013'"),
    "unknown measure": ("2013,people,10", "2013,peeple,10", r"row 2, column measure: 'peeple'"),
    "measure of another source": ("2013,people,10", "2013,roads,10", r"row 2, column measure: 'roads'"),
    "unknown status": (",estimated,", ",guessed,", r"row 3, column status: 'guessed'"),
    "cell too few": ("10,observed,", "10,observed", r"row 2: 5 cells instead of 6"),
    "cell too many": ("10,observed,", "10,observed,,", r"row 2: 7 cells instead of 6"),
    "blank line": ("0406400,2013", "\n0406400,2013", r"row 4: 0 cells instead of 6"),
    "open quote": ("0406400,2013", '"0406400,2013', r"row \d: .*cut"),
    "zero byte": ("people,10,", "people,1\x000,", r"row 2"),
    "wrong column": (
        "value,status",
        "status,value",
        r"row 1: the columns are 'territory,year,measure,status,value,symbol'",
    ),
    "another column": ("symbol\n", "note\n", r"row 1: the columns are .*note"),
    "no header": (HEADER, "", r"row 1: the columns are '0400200"),
    "semicolons": (HEADER, HEADER.replace(",", ";"), r"row 1: the columns are 'territory;year"),
    "byte order mark": (HEADER, "\ufeff" + HEADER, r"row 1: the columns are '\\ufeffterritory"),
    "row lost": ("0400200,2013,people,10,observed,\n", "", r"3 rows, but the registry says 4"),
}


@pytest.mark.parametrize("case", BREAKS)
@pytest.mark.parametrize("with_new_receipt", [True, False], ids=["new receipt", "old receipt"])
def test_broken_file(folder: Path, case: str, with_new_receipt: bool) -> None:
    """The error names the place whether or not somebody also renewed the receipt."""
    old, new, message = BREAKS[case]
    replace_in(folder / FILE, old, new)
    with pytest.raises(FiguresFileError, match=message) as caught:
        read(folder, with_new_receipt=with_new_receipt)
    assert str(folder / FILE) in str(caught.value)


@pytest.mark.parametrize("case", ["too large", "duplicate key", "year with a zero", "lost zero", "wrong column"])
def test_broken_file_leaves_no_store(folder: Path, data: DataFolder, case: str) -> None:
    replace_in(folder / FILE, *BREAKS[case][:2])
    store = data.store()
    with pytest.raises(FiguresFileError):
        store.figures(["people"])
    assert not store.path.parent.exists() or not list(store.path.parent.iterdir())


def test_one_broken_file_keeps_the_others_out_too(folder: Path, data: DataFolder) -> None:
    data.source("b", [("0400200", 2015, "people", 1)])
    replace_in(folder / "figures" / "b.csv", ",1,", ",one,")
    store = data.store()
    for _ in range(2):
        with pytest.raises(FiguresFileError, match=r"b\.csv, row 2, column value"):
            store.figures(["people"])
        assert not store.path.exists()


def test_cut_anywhere(folder: Path) -> None:
    content = (folder / FILE).read_bytes()
    for length in range(len(content)):
        (folder / FILE).write_bytes(content[:length])
        with pytest.raises(FiguresFileError, match=r"a\.csv"):
            read(folder)
    (folder / FILE).write_bytes(content)
    assert len(read(folder)) == 4


def test_any_changed_byte(folder: Path) -> None:
    content = (folder / FILE).read_bytes()
    for place in range(0, len(content), 3):
        changed = bytearray(content)
        changed[place] ^= 1
        (folder / FILE).write_bytes(changed)
        with pytest.raises(FiguresFileError, match=r"a\.csv"):
            read(folder)


@pytest.mark.parametrize(
    ("encoding", "message"),
    [("utf-16", "not UTF-8"), ("utf-8-sig", "row 1: the columns")],
)
def test_wrong_encoding(folder: Path, encoding: str, message: str) -> None:
    (folder / FILE).write_text((folder / FILE).read_text(encoding="utf-8"), encoding=encoding)
    with pytest.raises(FiguresFileError, match=message):
        read(folder)


def test_windows_encoding_says_where_and_what_to_do(folder: Path) -> None:
    text = (folder / FILE).read_text(encoding="utf-8")
    (folder / FILE).write_bytes(text.encode("cp1257"))
    with pytest.raises(FiguresFileError, match=f"byte {text.index('…') + 1} is not UTF-8.*Save the file as UTF-8"):
        read(folder)


def test_line_ends_changed_by_git(folder: Path) -> None:
    (folder / FILE).write_bytes((folder / FILE).read_bytes().replace(b"\n", b"\r\n"))
    with pytest.raises(
        FiguresFileError, match=r"sha256 expected [0-9a-f]{64}, got [0-9a-f]{64}.*git changed its line ends"
    ):
        read(folder)


def test_wrong_receipt(folder: Path) -> None:
    replace_in(folder / FILE, "people,10,", "people,11,")  # a figure like any other: only the hash can tell
    with pytest.raises(FiguresFileError, match="put the new sha256 into registry"):
        read(folder)
    assert read(folder, with_new_receipt=True)["value"].iloc[0] == 11


def test_absent_file_and_folder_in_its_place(folder: Path) -> None:
    (folder / FILE).unlink()
    with pytest.raises(FiguresFileError, match=r"a\.csv cannot be read.*source 'a'"):
        read(folder)
    (folder / FILE).mkdir()
    with pytest.raises(FiguresFileError, match=r"a\.csv cannot be read"):
        read(folder)
