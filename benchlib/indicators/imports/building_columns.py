"""The columns of a building register: which they are, in which units, and their numbers in those of the register."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import isnan, nan
from typing import Final

import pandas as pd

from benchlib.indicators.buildings.register import guess_columns
from benchlib.indicators.buildings.words import BOUNDS, WHOLE_COLUMNS
from benchlib.indicators.imports.around import UnitsAround
from benchlib.indicators.imports.columns import are_numbers, letters, place_by_letter, untitled
from benchlib.indicators.imports.dialects import choose_numbers
from benchlib.indicators.imports.headings import PLACE_ROLES, read_heading, role_of
from benchlib.indicators.imports.options import ColumnWords, Declared
from benchlib.indicators.imports.plan import SeenColumn, samples
from benchlib.indicators.imports.sheets import Sheet, old_percent
from benchlib.indicators.imports.units import (
    Conversion,
    Unit,
    conversion_between,
    lats_note,
    unit_of,
    unit_words,
    unread_unit,
)
from benchlib.indicators.names import plain_text
from benchlib.indicators.readers.complaints import Complaints
from benchlib.indicators.readers.files import Row, broken

#: Rows of titles above the headings, at most.
_SEARCHED: Final = 20
#: Columns that a heading row must have to be one.
_FEWEST: Final = 3
#: Unit in which each column is kept; degree days have none.
_UNITS: Final[Mapping[str, str]] = {
    "area_m2": "m2", "heat_mwh": "MWh", "electricity_mwh": "MWh", "cost_eur": "EUR", "saving_pct": "percent", "saving_mwh": "MWh",
}  # fmt: skip
_NUMBERS: Final = frozenset(BOUNDS) - WHOLE_COLUMNS


@dataclass(frozen=True)
class _Column:
    """A column of the register: where it stands, what is written above it, in which unit it is."""

    role: str
    position: int
    text: str
    unit: Unit | str | None

    @property
    def conversion(self) -> Conversion:
        """What turns its numbers into the unit of the register."""
        return conversion_between(self.unit, _UNITS.get(self.role, "")) or Conversion(0)


@dataclass(frozen=True)
class RegisterTable:
    """A sheet of a register before it is checked.

    Attributes
    ----------
    table : pandas.DataFrame
        Its columns by role, numbers in the units of the register; the index holds the rows of the file.
    headings : mapping of str to str
        What is written above each column, by role.
    seen : tuple of SeenColumn
        All columns of the sheet, for the preview.
    notes : tuple of str
        What was converted, and what is left out.
    complaints : Complaints
        What is wrong with headings or numbers.
    is_read : bool
        Whether all headings could be understood; else numbers are still text, and the rows cannot be checked.
    """

    table: pd.DataFrame
    headings: Mapping[str, str]
    seen: tuple[SeenColumn, ...]
    notes: tuple[str, ...]
    complaints: Complaints
    is_read: bool


def read_register_table(
    sheet: Sheet, known: Mapping[str, tuple[str, ...]], declared: Declared, decimal: str | None
) -> RegisterTable:
    """Find the columns of a sheet and read its numbers.

    Parameters
    ----------
    sheet : Sheet
        The sheet.
    known : mapping
        `REGISTER_COLUMNS` or `MEASURE_COLUMNS`.
    declared : Declared
        What the user declares.
    decimal : {",", "."}, optional
        How numbers are written, where the user said it.

    Returns
    -------
    RegisterTable

    Raises
    ------
    FiguresFileError
        If no row of headings is recognised, or nobody can tell how numbers are written.
    OptionError
        If `decimal` is neither.
    """
    place, positions = _find(sheet, known, declared)
    heading, body = sheet.table.rows[place], sheet.table.rows[place + 1 :]
    above = [" ".join(filter(None, row.cells)) for row in sheet.table.rows[:place]]
    around = UnitsAround(above, sheet.title)
    notes: list[str] = []
    says = _words_at(heading, declared)
    titles = {role: heading.cells[position] or untitled(position) for role, position in positions.items()}
    complaints = Complaints(sheet.table.name, titles)
    columns = [
        _column(
            complaints, heading.number, _Column(role, at, titles[role], None), says.get(at), known[role], around, notes
        )
        for role, at in positions.items()
    ]
    rows = [row for row in body if any(row.cells[column.position] for column in columns)]
    table = pd.DataFrame(
        {column.role: [row.cells[column.position] for row in rows] for column in columns},
        index=[row.number for row in rows],
        dtype=object,
    )
    is_read = not len(complaints)
    if is_read:
        for role, values in _numbers(sheet, rows, columns, decimal, notes, complaints).items():
            table[role] = pd.Series(values, index=table.index, dtype=object)
    notes += _left_out(heading, rows, positions, says, known)
    return RegisterTable(table, titles, _seen(heading, rows, columns), tuple(dict.fromkeys(notes)), complaints, is_read)


def _words_at(heading: Row, declared: Declared) -> dict[int, ColumnWords]:
    """What is declared of columns, by position: by heading, else by the letter of the column."""
    found = {}
    for name, says in declared.columns.items():
        by_letter = place_by_letter(name, len(heading.cells))
        place = heading.cells.index(name) if name in heading.cells else by_letter
        if place is not None:
            found[place] = says
    return found


def _left_out(
    heading: Row,
    rows: Sequence[Row],
    positions: Mapping[str, int],
    says: Mapping[int, ColumnWords],
    known: Mapping[str, tuple[str, ...]],
) -> list[str]:
    """A sentence for each column of numbers that nobody recognised."""
    notes = []
    for position, text in enumerate(heading.cells):
        cells = [row.cells[position] for row in rows if row.cells[position]]
        is_spoken_for = (
            position in positions.values() or position in says or role_of(read_heading(text), PLACE_ROLES) == "ignore"
        )
        if cells and not is_spoken_for and are_numbers(cells):
            notes.append(
                f"Column {text or untitled(position)!r:.80} holds numbers and is left out: its heading is not known, or another column is "
                f'taken for the same. If it belongs to the register, say what it is: --column "{text or letters(position)}=ROLE". Roles: '
                f"{', '.join(role for role in known if role in _NUMBERS)}."
            )
    return notes


def _find(sheet: Sheet, known: Mapping[str, tuple[str, ...]], declared: Declared) -> tuple[int, dict[str, int]]:
    """The row of headings, and the position of each column that is known."""
    best: tuple[int, dict[str, int]] = (0, {})
    for place, row in enumerate(sheet.table.rows[:_SEARCHED]):
        says = _words_at(row, declared)
        told = {word.role: at for at, word in says.items() if word.role in known}
        free = [cell for at, cell in enumerate(row.cells) if cell and at not in says]
        guessed = guess_columns(free, {role: names for role, names in known.items() if role not in told})
        roles = told | {role: row.cells.index(cell) for role, cell in guessed.items()}
        if len(roles) > len(best[1]):
            best = place, roles
    if len(best[1]) < _FEWEST:
        listed = ", ".join(f"{role} ({names[min(2, len(names) - 1)]})" for role, names in known.items())
        raise broken(sheet.table.name, f"no row of headings is recognised. Columns of a register: {listed}.")
    return best


def _column(
    complaints: Complaints,
    row: int,
    column: _Column,
    says: ColumnWords | None,
    names: Sequence[str],
    around: UnitsAround,
    notes: list[str],
) -> _Column:
    """A column with its unit: that which is declared, else that of its heading, else that of a title."""
    text, role, wanted = column.text, column.role, _UNITS.get(column.role)
    if wanted is None:
        return column
    try:
        unit = _unit(text, role, wanted, says, names)
        if unit is None and plain_text(text) != plain_text(role):
            unit = _unit_around(text, role, wanted, around, notes)
    except ValueError as error:
        complaints.add(str(error), row=row, column=text)
        return column
    return replace(column, unit=unit)


def _unit(text: str, role: str, wanted: str, says: ColumnWords | None, names: Sequence[str]) -> Unit | str | None:
    """Unit of a column as its declaration or its heading tells it, None if neither does; a ValueError says what is wrong with that."""
    heading = read_heading(text)
    unit = heading.unit if says is None or says.unit is None else unit_of(says.unit) or says.unit
    if conversion_between(unit, wanted) is None:
        word = unit.text if isinstance(unit, Unit) else unit
        advice = f'Give the figures in {wanted}, or leave the column out: --column "{text}=ignore".'
        raise ValueError(f"{word!r:.40} is no unit of {role} ({wanted}). {advice}")
    if unit is not None:
        return unit
    if says is None and heading.name not in {plain_text(name) for name in (role, *names)}:
        advice = f'Write the unit at its end, or say that it is {wanted}: --column "{text}={role}".'
        raise ValueError(
            f"this says more than a name of {role}, and no unit that can be turned into {wanted}. {advice}"
        )
    word = unread_unit(heading.name, wanted) if says is not None else ""
    if word:
        advice = f'Say it in the file of --columns: "{text}" = {{ role = "{role}", unit = "{wanted}" }}.'
        raise ValueError(f"this speaks of {word!r:.40}, and it is not clear what unit that makes. {advice}")
    return None


def _unit_around(text: str, role: str, wanted: str, around: UnitsAround, notes: list[str]) -> Unit | None:
    """Unit that a title gives; a ValueError where it cannot be known which."""
    problem = around.problem(wanted, text, role)
    if problem:
        raise ValueError(problem)
    found = around.unit_for(wanted)
    if found is None:
        return None
    notes.append(f"The unit {found[1].text} is taken from {found[0]}.")
    return found[1]


def _numbers(
    sheet: Sheet,
    rows: Sequence[Row],
    columns: Sequence[_Column],
    decimal: str | None,
    notes: list[str],
    complaints: Complaints,
) -> dict[str, list[float]]:
    """Numbers of each column that holds them, in the unit of the register; all of a sheet are written in one way."""
    held = [column for column in columns if column.role in _NUMBERS]
    where = sheet.table.name
    numbers = choose_numbers(
        where, ((row.number, c.text, row.cells[c.position]) for row in rows for c in held), decimal
    )
    found: dict[str, list[float]] = {}
    for column in held:
        conversion = column.conversion
        percent = 0 if _UNITS.get(column.role) == "percent" else None
        values = found.setdefault(column.role, [])
        for row in rows:
            try:
                figure = numbers.read(row.cells[column.position], exponent=conversion.exponent, percent=percent)
            except ValueError as error:
                complaints.add(f"{error}. Correct the cell.", row=row.number, column=column.text)
                values.append(nan)
            else:
                values.append(figure.value / conversion.divisor)
        notes += lats_note(column.unit)
        problem = old_percent(sheet, max((v for v in values if not isnan(v)), default=0.0)) if percent == 0 else ""
        if problem:
            complaints.add(problem, column=column.text)
    return found


def _seen(heading: Row, rows: Sequence[Row], columns: Sequence[_Column]) -> tuple[SeenColumn, ...]:
    by_position = {column.position: column for column in columns}
    found = []
    for position, text in enumerate(heading.cells):
        column = by_position.get(position)
        if text or column:
            role = column.role if column else "left out"
            wanted = _UNITS.get(role, "")
            unit = (
                wanted if plain_text(text) == plain_text(role) else unit_words(column.unit if column else None, wanted)
            )
            found.append(
                SeenColumn(text or untitled(position), role, unit, samples([row.cells[position] for row in rows]))
            )
    return tuple(found)
