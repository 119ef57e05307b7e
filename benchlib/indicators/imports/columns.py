"""What the columns of a sheet are: declared by the user, else guessed from their headings, and shown before anything is stored."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from benchlib.errors import OptionError
from benchlib.indicators.imports.headings import Heading, MeasureNames, read_heading, role_of
from benchlib.indicators.imports.layout import Layout, find_layout
from benchlib.indicators.imports.options import ColumnWords, Declared, ImportOptions
from benchlib.indicators.imports.places import is_place, is_total, same_place
from benchlib.indicators.imports.sheets import Sheet
from benchlib.indicators.imports.units import Unit, unit_of, unread_unit
from benchlib.indicators.names import plain_text
from benchlib.indicators.readers.files import broken
from benchlib.indicators.registry import Measure

#: Roles of which a table has at most one column; a column for each year may hold values.
_SEVERAL: Final = frozenset({"value", "ignore", ""})
#: A column as a spreadsheet calls it, and as messages call one without a heading.
_LETTERS: Final = re.compile(r"\(column (?P<named>[A-Z]{1,2})\)|(?P<bare>[A-Z]{1,2})")


@dataclass(frozen=True)
class ReadColumn:
    """A column and what it was taken for.

    Attributes
    ----------
    position : int
        From 0.
    heading : Heading
        What stands above it.
    role : str
        A role, "measure:" for figures of a measure, "" if it is left out.
    measure : Measure or None
        The measure of its figures.
    year : int or None
        Its year, if it is of one year.
    unit : Unit, str or None
        Its unit, from the declaration or the heading.
    advice : str
        For a column of numbers that is left out: what it could be.
    unread : str
        A word of the heading that speaks of a unit and was not understood; "" if there is none, or the unit was declared.
    """

    position: int
    heading: Heading
    role: str
    measure: Measure | None = None
    year: int | None = None
    unit: Unit | str | None = None
    advice: str = ""
    unread: str = ""

    @property
    def title(self) -> str:
        """The heading, or the letter of the column where there is none."""
        return self.heading.text or untitled(self.position)


@dataclass(frozen=True)
class Understood:
    """A sheet with its columns.

    Attributes
    ----------
    sheet : Sheet
        The sheet.
    layout : Layout
        Headings and rows.
    columns : tuple of ReadColumn
        In the order of the sheet; empty columns without heading are left out.
    row_words : mapping of str to ColumnWords
        What is declared of names that stand in rows, where a column names the measure of each row; by plain text.
    """

    sheet: Sheet
    layout: Layout
    columns: tuple[ReadColumn, ...]
    row_words: Mapping[str, ColumnWords] = field(default_factory=dict)

    @property
    def unknown(self) -> list[str]:
        """A sentence for each column that holds numbers and is left out."""
        return [
            f"Column {column.title!r} holds numbers and is left out, for its heading is not known. {column.advice}"
            for column in self.columns
            if column.advice
        ]

    def of(self, role: str) -> ReadColumn | None:
        """The column of a role, None if there is none."""
        return next((column for column in self.columns if column.role == role), None)


def letters(position: int) -> str:
    """The letter by which a spreadsheet calls a column."""
    return (chr(64 + position // 26) if position >= 26 else "") + chr(65 + position % 26)


def untitled(position: int) -> str:
    """What a column without a heading is called in messages."""
    return f"(column {letters(position)})"


def place_by_letter(name: str, width: int) -> int | None:
    """Position of the column that is called by its letter.

    Parameters
    ----------
    name : str
        "D" or "(column D)".
    width : int
        How many columns there are.

    Returns
    -------
    int or None
        None if it is no letter of a column.
    """
    found = _LETTERS.fullmatch(name)
    letter = (found["named"] or found["bare"]) if found else ""
    return next((place for place in range(width) if letters(place) == letter), None)


def understand(
    sheets: Sequence[Sheet],
    options: ImportOptions,
    declared: Declared,
    roles: Mapping[str, tuple[str, ...]],
    names: MeasureNames | None = None,
) -> Understood:
    """Find the sheet, its headings, and what each column is.

    Parameters
    ----------
    sheets : sequence of Sheet
        Filled sheets of the file.
    options : ImportOptions
        What the user says.
    declared : Declared
        What the user declares.
    roles : mapping
        Roles that columns may have, and their headings.
    names : MeasureNames, optional
        Measures that columns may hold; none if absent.

    Returns
    -------
    Understood

    Raises
    ------
    FiguresFileError
        If no sheet has recognisable headings, or two columns are taken for the same.
    OptionError
        If several sheets could be meant, or a declared column or role does not exist.
    """
    found = [(sheet, layout) for sheet in sheets if (layout := _layout(sheet, options, declared, roles, names))]
    if not found:
        raise _unrecognised(sheets, options)
    if len(found) > 1:
        titles = ", ".join(repr(sheet.title) for sheet, _ in found)
        raise OptionError(f"{found[0][0].file}: several sheets hold a table ({titles}). Say which: --sheet NAME.")
    sheet, layout = found[0]
    says, row_words = _matched(declared.columns, layout)
    columns = []
    for position, text in enumerate(layout.headings):
        if text or any(row.cells[position] for row in layout.rows):
            cells = [row.cells[position] for row in layout.rows if row.cells[position]]
            columns.append(_column(position, text, says.get(position), roles, names, cells))
    columns = _with_place(columns, layout, options)
    _refuse_twice(sheet, layout, columns)
    return Understood(sheet, layout, tuple(columns), row_words)


def _layout(
    sheet: Sheet,
    options: ImportOptions,
    declared: Declared,
    roles: Mapping[str, tuple[str, ...]],
    names: MeasureNames | None,
) -> Layout | None:
    given = {plain_text(heading) for heading in declared.columns}

    def is_key(text: str) -> bool:
        heading = read_heading(text)
        role = role_of(heading, roles)
        if role in ("municipality", "code") or plain_text(text) in given - {""}:
            return True
        if options.municipality is None:
            return False
        return role in ("year", "measure", "question") or bool(names and names.find(heading.name))

    return find_layout(sheet.table.rows, is_key, is_place if options.municipality is None else lambda _: False)


def _unrecognised(sheets: Sequence[Sheet], options: ImportOptions) -> Exception:
    sheet = sheets[0]
    first = max(sheet.table.rows[:10], key=lambda row: sum(map(bool, row.cells)))
    listed = ", ".join(repr(cell) for cell in first.cells[:8] if cell)
    what = "of municipalities" if options.municipality is None else "with figures"
    seen = f"; in row {first.number} stand {listed}" if not sheet.unshown else ""
    problem = (
        f"no column {what} is recognised{seen}. Name it: --column HEADING=municipality"
        + ("." if options.municipality else ", or --municipality NAME if all rows are about one.")
        + (f" {sheet.unshown}" if sheet.unshown else "")
    )
    return broken(sheet.table.name, problem)


def _matched(
    columns: Mapping[str, ColumnWords], layout: Layout
) -> tuple[dict[int, ColumnWords], dict[str, ColumnWords]]:
    """Declarations by position (by heading, else by the letter of the column), and those of names that stand in rows."""
    plain = [plain_text(heading) for heading in layout.headings]
    in_rows = {plain_text(cell) for row in layout.rows for cell in row.cells}
    found, row_words = {}, {}
    for name, says in columns.items():
        places = [place for place, heading in enumerate(layout.headings) if heading == name]
        places = places or [place for place, heading in enumerate(plain) if heading and heading == plain_text(name)]
        by_letter = place_by_letter(name, len(plain))
        if not places and by_letter is not None:
            places = [by_letter]
        if not places and plain_text(name) in in_rows:
            row_words[plain_text(name)] = says
            continue
        if len(places) != 1:
            listed = ", ".join(repr(heading) for heading in layout.headings if heading)
            problem = "stands above no column" if not places else "stands above several columns; name the letter of one"
            raise OptionError(f"column {name!r:.80} {problem}. Headings (row {layout.number}): {listed}.")
        found[places[0]] = says
    return found, row_words


def _column(
    position: int,
    text: str,
    says: ColumnWords | None,
    roles: Mapping[str, tuple[str, ...]],
    names: MeasureNames | None,
    cells: Sequence[str],
) -> ReadColumn:
    heading = read_heading(text)
    if says is not None:
        return _declared_column(position, heading, says, roles, names)
    role = role_of(heading, roles)
    if role is not None:
        return ReadColumn(position, heading, role, unit=heading.unit if role == "value" else None)
    measure = names.find(heading.name) if names else None
    if measure is not None:
        return ReadColumn(position, heading, "measure:", measure, heading.year, heading.unit)
    if names and heading.year and not heading.name:
        return ReadColumn(position, heading, "value", None, heading.year, heading.unit)
    holds_numbers = are_numbers(cells)
    advice = _advice(heading, letters(position), roles, names) if holds_numbers else ""
    return ReadColumn(position, heading, "", advice=advice)


def are_numbers(cells: Sequence[str]) -> bool:
    """Whether most of these cells that are not empty begin as numbers do."""
    return 2 * sum(cell[0].isdigit() for cell in cells) > len(cells)


def _advice(heading: Heading, letter: str, roles: Mapping[str, tuple[str, ...]], names: MeasureNames | None) -> str:
    """What a column of numbers could be, and how that is said; a column without a heading by its letter."""
    near = f"{names.advice(heading.name)} " if names and heading.name else ""
    what = "MEASURE" if names else "ROLE"
    known = "" if names else f" Roles: {', '.join(roles)}."
    return f'{near}Say what it is: --column "{heading.text or letter}={what}".{known}'


def _declared_column(
    position: int,
    heading: Heading,
    says: ColumnWords,
    roles: Mapping[str, tuple[str, ...]],
    names: MeasureNames | None,
) -> ReadColumn:
    year = says.year if says.year is not None else heading.year
    unit = heading.unit if says.unit is None else unit_of(says.unit) or says.unit
    if says.role in roles:
        is_value = says.role == "value"
        unread = unread_unit(heading.name) if says.unit is None else ""
        return ReadColumn(
            position, heading, says.role, None, year if is_value else None, unit, unread=unread if is_value else ""
        )
    measure = names.find(says.role) if names else None
    if measure is None:
        allowed = ", ".join(roles)
        advice = f", nor a measure. {names.advice(says.role)}" if names else "."
        raise OptionError(f"column {heading.text!r:.80}: {says.role!r:.80} is not a role ({allowed}){advice}")
    unread = unread_unit(heading.name, measure.unit) if says.unit is None else ""
    return ReadColumn(position, heading, "measure:", measure, year, unit, unread=unread)


def _with_place(columns: list[ReadColumn], layout: Layout, options: ImportOptions) -> list[ReadColumn]:
    """The column of municipalities is known by what stands in it, if no heading says it; beside codes, by its agreement with them."""
    if options.municipality is not None or any(column.role == "municipality" for column in columns):
        return columns
    code = next((column for column in columns if column.role == "code"), None)
    for number, column in enumerate(columns):
        if column.role:
            continue
        cells = [row.cells[column.position] for row in layout.rows if row.cells[column.position]]
        if (cells and is_place(cells[0])) if code is None else _names_of(code, column, layout):
            return [*columns[:number], replace(column, role="municipality", advice=""), *columns[number + 1 :]]
    return columns


def _names_of(code: ReadColumn, column: ReadColumn, layout: Layout) -> bool:
    """Whether most cells of a column name the municipalities whose codes stand beside them; those that do not are wrong then."""
    pairs = [(row.cells[code.position], row.cells[column.position]) for row in layout.rows]
    named = [(key, name) for key, name in pairs if key and name and not is_total(name)]
    return 2 * sum(not name.isdigit() and same_place(key, name) for key, name in named) > len(named)


def _refuse_twice(sheet: Sheet, layout: Layout, columns: Sequence[ReadColumn]) -> None:
    first: dict[tuple[str, str, int | None], ReadColumn] = {}
    for column in columns:
        key = (column.role, column.measure.id if column.measure else "", column.year)
        if column.role in _SEVERAL and (column.role != "value" or column.year is None):
            continue
        if key in first:
            what = column.measure.id if column.measure else column.role
            problem = (
                f"{first[key].title!r:.60} is taken for {what} too. Leave one of them out: --column "
                f'"{column.title}=ignore", or say what it is.'
            )
            raise broken(sheet.table.name, problem, row=layout.number, column=column.title)
        first[key] = column


def seen_role(column: ReadColumn) -> str:
    """What a column was taken for, as the preview says it."""
    return "left out" if column.role in ("", "ignore") else column.role
