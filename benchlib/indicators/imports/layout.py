"""Where the table begins in a sheet: titles above it, one or two rows of headings, rows of figures."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from benchlib.indicators.imports.cells import NumberText
from benchlib.indicators.readers.files import Row

#: Rows of titles and remarks above the headings, at most.
_SEARCHED: Final = 40
_YEAR: Final = re.compile(r"(?:19|20)[0-9]{2}")


@dataclass(frozen=True)
class Layout:
    """The parts of a sheet.

    Attributes
    ----------
    number : int
        Row of the headings, as a person counts; the first of two.
    headings : tuple of str
        One a column; of two rows of headings, both joined.
    rows : tuple of Row
        What stands below.
    titles : tuple of str
        What stands above.
    """

    number: int
    headings: tuple[str, ...]
    rows: tuple[Row, ...]
    titles: tuple[str, ...]


def find_layout(
    rows: Sequence[Row], is_key: Callable[[str], bool], is_place: Callable[[str], bool] = lambda _: False
) -> Layout | None:
    """Find the row of headings.

    Parameters
    ----------
    rows : sequence of Row
        Rows of a sheet that are not blank.
    is_key : callable
        Whether a heading is one by which the table is known (that of the municipalities, or one that the user named).
    is_place : callable
        Whether a cell names a municipality; without a known heading, the headings are above the first row with such a cell.

    Returns
    -------
    Layout or None
        None if nothing tells where the headings are.
    """
    filled = [sum(map(bool, row.cells)) for row in rows]
    for place, row in enumerate(rows[:_SEARCHED]):
        keys = [column for column, cell in enumerate(row.cells) if cell and is_key(cell)]
        if keys and (filled[place] > 1 or len(row.cells) == 1):
            return _layout(rows, place, keys[0])
    for place, (row, below) in enumerate(pairwise(rows[: _SEARCHED + 1])):
        columns = [column for column, cell in enumerate(below.cells) if cell and is_place(cell)]
        beside = [cell for column, cell in enumerate(row.cells) if cell and columns and column != columns[0]]
        if beside and not any(map(is_place, row.cells)):
            return _layout(rows, place, columns[0])
    return None


def _layout(rows: Sequence[Row], place: int, key: int) -> Layout:
    upper, below = rows[place], rows[place + 1 :]
    titles = tuple(" ".join(filter(None, row.cells)) for row in rows[:place])
    if below and _is_second_heading(upper, below[0], key):
        return Layout(upper.number, _joined(upper, below[0], key), tuple(below[1:]), titles)
    return Layout(upper.number, upper.cells, tuple(below), titles)


def _is_second_heading(upper: Row, row: Row, key: int) -> bool:
    """Whether a row belongs to the headings: nothing new under the key, and beside it words or years, but no figures."""
    cells = [cell for column, cell in enumerate(row.cells) if cell and column != key]
    is_free = row.cells[key] in ("", upper.cells[key])
    return bool(is_free and cells) and all(
        _YEAR.fullmatch(cell) or not (isinstance(cell, NumberText) or cell[0].isdigit()) for cell in cells
    )


def _joined(upper: Row, lower: Row, key: int) -> tuple[str, ...]:
    """Headings of two rows: what is written over several columns counts for each of them."""
    headings, over = [], ""
    for column, (above, under) in enumerate(zip(upper.cells, lower.cells, strict=True)):
        over = above or (over if under and column > key else "")
        headings.append(over if under in ("", over) else f"{over} {under}".strip())
    return tuple(headings)
