"""How a table stands on paper: widths of its columns, size of its type, and parts one below the other if it is too wide.

A column is as wide as its longest word, as in a browser; Typst's own automatic columns may become narrower, and words then run
into their neighbours. Widths are sums of the letters' widths, so that a report is measured in a millisecond.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, pairwise
from typing import Final

from benchlib.reporting.base import Json
from benchlib.reporting.export.letters import FONT_FOLDER, glyph_widths

#: Points. Three columns and two gaps of 6 mm; text and figures take two columns, tables, where they need them, three.
FULL_WIDTH: Final = 487.6
TEXT_WIDTH: Final = 319.4
#: Height of the text on a page of A4, in points.
PAGE_HEIGHT: Final = 711.5
#: Type of tables, and of those at the end that say how the report was made; the smaller sizes are for wide tables.
SIZES: Final = (8.8, 8.2, 7.5)
SMALL_SIZES: Final = (8.2, 7.5)

_LABEL_SIZE = 0.95  # of the size of the table
_INSET = 4.5
_INSET_AFTER_FIGURES = 14.0  # text beside figures that end at its edge needs more distance
_INSET_OF_MARK = 6.5
_SIGN = 1.2  # width of a sign and its space, in letters' heights
#: A word that can be hyphenated may become this narrow where a table does not fit otherwise.
_NARROWEST = 50.0
_UNKNOWN_LETTER = 1.05  # em; letters of other scripts
_RAGGED = 1.08  # lines are not full to the last letter
_MOST_LINES = 60
#: A column that in so many lines needs no more than this part of the room holds short texts.
_LINES_OF_SHORT = 2
_SHORT_COLUMN = 0.25
_BREAKS = re.compile("[ \N{ZERO WIDTH SPACE}]")
_VOWELS = re.compile("[aeiouyāēīōū]", re.IGNORECASE)
#: Up to this part of a page a table stays in one piece, and a row always does.
_SHORT_TABLE = 0.45
_SHORT_ROW = 0.3


@dataclass(frozen=True)
class Demand:
    """Widths of a column in points.

    Parameters
    ----------
    least : float
        With words divided.
    whole : float
        With whole words.
    well : float
        With all cells in one line and the label in two.
    best : float
        With the label in one line too.
    padding : float
        What of each width is space around the text.
    """

    least: float
    whole: float
    well: float
    best: float
    padding: float = 0.0

    def folded(self, lines: int) -> float:
        """Return the width in which no cell takes more than some lines."""
        text = self.well - self.padding
        return self.well if lines == 1 else max(self.whole, _RAGGED * text / lines + self.padding)


def table_parts(table: Json, sizes: Sequence[float] = SIZES) -> list[Json]:
    """Return a table as one part, or as several where it is too wide even in small type.

    Parameters
    ----------
    table : dict
        With columns, rows, highlight, caption and note, as the template takes them.
    sizes : sequence of float
        Sizes of type in points, the wanted one first.

    Returns
    -------
    list of dict
        Each with some of the columns, and their widths.
    """
    numbers = range(len(table["columns"]))
    for size in sizes:
        demands = [_column_demand(table, number, size) for number in numbers]
        if sum(one.whole for one in demands) <= FULL_WIDTH:
            break
    # Smaller type before divided words, and divided words before parts.
    if sum(one.least for one in demands) <= FULL_WIDTH or len(demands) == 1:
        return [_part(table, numbers, demands, size, "", has_note=True)]
    chosen = _split(table, demands)
    return [
        _part(table, columns, demands, size, f" ({place}/{len(chosen)})", has_note=place == len(chosen))
        for place, columns in enumerate(chosen, start=1)
    ]


def _part(
    table: Json, numbers: Sequence[int], demands: Sequence[Demand], size: float, tag: str, *, has_note: bool
) -> Json:
    """Return the table with some of its columns."""
    wanted = [demands[number] for number in numbers]
    room = TEXT_WIDTH if sum(one.well for one in wanted) <= TEXT_WIDTH else FULL_WIDTH
    widths = share(wanted, room)
    columns = [
        table["columns"][number]
        | {"width": width, "inset": _left_inset(table, number), "hyphenate": demands[number].whole > width + 0.1}
        for number, width in zip(numbers, widths, strict=True)
    ]
    rows = [[row[number] for number in numbers] for row in table["rows"]]
    heights = [_row_height([cell["text"] for cell in row], columns, size) for row in rows]
    label_height = _row_height([column["label"] for column in columns], columns, size)
    return {
        "columns": columns,
        "rows": rows,
        "highlight": table["highlight"],
        "caption": [*table["caption"], (tag, False)] if tag else table["caption"],
        "note": table["note"] if has_note else [],
        "size": size,
        "is_short": label_height + sum(heights) <= _SHORT_TABLE * PAGE_HEIGHT,
        "repeats_labels": label_height <= _SHORT_ROW * PAGE_HEIGHT,
        "long_rows": [number for number, height in enumerate(heights) if height > _SHORT_ROW * PAGE_HEIGHT],
    }


def share(demands: Sequence[Demand], room: float) -> list[float]:
    """Return widths that fill the room.

    Parameters
    ----------
    demands : sequence of Demand
        One for each column.
    room : float
        Points.

    Returns
    -------
    list of float
        With as few lines in a row as possible; what is left goes to columns that lack little, so that figures stay on one line.
    """
    low, high = [one.least for one in demands], [one.whole for one in demands]
    if sum(one.well for one in demands) <= room:
        low, high = [one.well for one in demands], [one.best for one in demands]
    elif sum(high) <= room:
        low, high = _folded(demands, room, spared=True) or _folded(demands, room, spared=False) or (high, high)
    widths = _widened(low, high, room)
    return [width * room / sum(widths) for width in widths]


def _folded(demands: Sequence[Demand], room: float, *, spared: bool) -> tuple[list[float], list[float]] | None:
    """Return the widths in which no cell takes more lines than it must, and those with one line fewer; None if they never fit.

    With `spared`, names, dates and other short texts take two lines at most, however many the long text beside them takes.
    """
    is_spared = [spared and one.folded(_LINES_OF_SHORT) <= _SHORT_COLUMN * room for one in demands]
    steps = (
        [
            one.folded(min(lines, _LINES_OF_SHORT) if is_short else lines)
            for one, is_short in zip(demands, is_spared, strict=True)
        ]
        for lines in range(1, _MOST_LINES + 1)
    )
    found = next(((more, fewer) for fewer, more in pairwise(steps) if sum(more) <= room), None)
    if found is None:
        return None
    more, fewer = found
    return more, [
        one.well if is_short else width for one, is_short, width in zip(demands, is_spared, fewer, strict=True)
    ]


def _widened(widths: Sequence[float], wanted: Sequence[float], room: float) -> list[float]:
    """Return widths moved towards what the columns want while there is room, those that lack little first."""
    moved = list(widths)
    left = max(0.0, room - sum(widths))
    order = sorted(range(len(moved)), key=lambda number: wanted[number] - moved[number])
    for place, number in enumerate(order):
        more = min(wanted[number] - moved[number], left / (len(order) - place))
        moved[number] += more
        left -= more
    return moved


def _split(table: Json, demands: Sequence[Demand]) -> list[list[int]]:
    """Return the columns of each part, about equally wide; the names of the rows stand in every part."""
    named = [number for number, column in enumerate(table["columns"]) if column["is_row_header"]]
    heads = named[:2] if 0 < len(named) < len(demands) else [0]
    others = [number for number in range(len(demands)) if number not in heads]
    room = FULL_WIDTH - min(sum(demands[number].least for number in heads), 0.4 * FULL_WIDTH)
    widths = {number: min(demands[number].least, room) for number in others}
    even = sum(widths.values()) / len(_fill(others, widths, room)) + max(widths.values())
    return [heads + columns for columns in _fill(others, widths, min(room, even))]


def _fill(numbers: Iterable[int], widths: dict[int, float], room: float) -> list[list[int]]:
    parts: list[list[int]] = []
    used = room
    for number in numbers:
        if used + widths[number] > room:
            parts.append([])
            used = 0.0
        parts[-1].append(number)
        used += widths[number]
    return parts


def _column_demand(table: Json, number: int, size: float) -> Demand:
    label = str(table["columns"][number]["label"])
    cells = [(label, size * _LABEL_SIZE, True, 0.0)]
    for place, row in enumerate(table["rows"]):
        has_sign = row[number]["light"] is not None
        is_bold = has_sign or place in table["highlight"]
        cells.append((str(row[number]["text"]), size, is_bold, _SIGN * size if has_sign else 0.0))
    # Letters may also stand a little further apart than their widths.
    padding = _left_inset(table, number) + _INSET + 0.5
    words = [
        (word, width_of(word, height, is_bold) + sign)
        for text, height, is_bold, sign in cells
        for word in _BREAKS.split(text)
    ]
    whole = max(width for _, width in words) + padding
    least = max(min(width, _NARROWEST) if _can_be_hyphenated(word) else width for word, width in words) + padding
    lines = [width_of(text, height, is_bold) + sign + padding for text, height, is_bold, sign in cells]
    well = max(whole, _two_lines(label, size * _LABEL_SIZE) + padding, *lines[1:])
    return Demand(least, whole, well, max(well, lines[0]), padding)


def _two_lines(label: str, size: float) -> float:
    """Return the least width in which a label takes two lines."""
    space = width_of(" ", size, is_bold=True)
    ends = list(accumulate(width_of(word, size, is_bold=True) + space for word in _BREAKS.split(label)))
    return min(max(end, ends[-1] - end) for end in ends) - space


def _can_be_hyphenated(word: str) -> bool:
    return word.isalpha() and len(_VOWELS.findall(word)) > 1


def _left_inset(table: Json, number: int) -> float:
    columns = table["columns"]
    if number == 0:
        return _INSET_OF_MARK if table["highlight"] else 0.0
    comes_after_figures = columns[number - 1]["align"] == "right" and columns[number]["align"] == "left"
    return _INSET_AFTER_FIGURES if comes_after_figures else _INSET


def _row_height(row: Sequence[str], columns: Sequence[Json], size: float) -> float:
    """Return about how high a row becomes, in points."""
    rooms = (max(column["width"] - column["inset"] - _INSET, size) for column in columns)
    taken = (math.ceil(width_of(text, size, is_bold=False) / room) for text, room in zip(row, rooms, strict=True))
    lines = max(taken, default=1)
    return (1.46 + 1.16 * (max(lines, 1) - 1)) * size


def width_of(text: str, size: float, is_bold: bool) -> float:
    """Return the width of a line in points, kerning left out."""
    widths = _widths(is_bold)
    return size * sum(widths.get(letter, _UNKNOWN_LETTER) for letter in text)


@cache
def _widths(is_bold: bool) -> dict[str, float]:
    return glyph_widths(FONT_FOLDER / f"SourceSans3-{'SemiBold' if is_bold else 'Regular'}.ttf")
