"""Building registers of one's own: the sheets of buildings and measures become a register of the own folder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path, PurePath
from typing import Any, Final

import pandas as pd

from benchlib.errors import FiguresFileError, OptionError
from benchlib.indicators.buildings.register import (
    MEASURE_COLUMNS,
    REGISTER_COLUMNS,
    REGISTER_SHEETS,
    checked_measures,
    checked_register,
    guess_columns,
    register_csv,
)
from benchlib.indicators.imports.options import Declared, ImportOptions
from benchlib.indicators.imports.places import resolve
from benchlib.indicators.imports.plan import About, ImportPlan, SeenColumn, about_source, receipt, samples
from benchlib.indicators.imports.sheets import Sheet
from benchlib.indicators.names import find_municipality, plain_text
from benchlib.indicators.readers.files import Row, broken
from benchlib.indicators.territory import CLASSIFICATIONS, Territory, classification_of, codes

#: Rows of titles above the headings, at most.
_SEARCHED: Final = 20
#: Columns that a heading row must have to be one.
_FEWEST: Final = 3


def plan_buildings(
    path: Path, sheets: Sequence[Sheet], options: ImportOptions, declared: Declared, id: str
) -> ImportPlan:
    """Understand a building register.

    Parameters
    ----------
    path : pathlib.Path
        The file: a workbook with a sheet of buildings and, if there are any, one of measures; or a csv of buildings.
    sheets : sequence of Sheet
        What was read of it.
    options : ImportOptions
        What the user says.
    declared : Declared
        What the user declares.
    id : str
        Id of the new register.

    Returns
    -------
    ImportPlan

    Raises
    ------
    FiguresFileError
        If anything in the file cannot be understood; the message names sheet, row and column.
    OptionError
        If it is not known whose buildings these are.
    """
    sheet = _sheet_of("buildings", sheets) or sheets[0]
    buildings, columns = _checked(
        sheet, REGISTER_COLUMNS, declared, lambda table, where: checked_register(table, where)
    )
    known = set(buildings["building"])
    other = next((s for s in [_sheet_of("measures", sheets)] if s is not None and s is not sheet), None)
    measures = pd.DataFrame()
    if other is not None:
        measures, further = _checked(
            other, MEASURE_COLUMNS, declared, lambda table, where: checked_measures(table, where, known)
        )
        columns += further
    written = sorted({str(name) for name in buildings["municipality"] if name})
    names = list({resolve(name, CLASSIFICATIONS[-1]) or name: name for name in written}.values())
    unit = _unit(options, names)
    about = about_source(path, sheet, options, declared, [unit])
    entry, files = _stored(id, buildings, measures)
    entry |= {
        "name": _title(sheet, about, options, declared),
        "municipality": {"lv": unit.name, "en": unit.name_en},
        "source": dict(about.publisher),
        "access": options.access,
        "vintage": about.vintage,
        "is_invented": False,
    }
    notes = [*sheet.notes]
    if not len(measures):
        notes.append("There is no sheet of measures (pasākumi, measures): the overview shows the buildings alone.")
    return ImportPlan(
        kind="buildings",
        id=id,
        where=sheet.table.name,
        columns=tuple(columns),
        rows=len(buildings),
        territory=classification_of(unit.code),
        territory_why="whose buildings these are",
        codes=(unit.code,),
        summary=_summary(buildings, measures),
        notes=tuple(notes),
        access=options.access,
        vintage=about.vintage,
        vintage_basis=about.vintage_basis,
        index="buildings.toml",
        addition={"registers": [entry]},
        files=files,
    )


def _stored(id: str, buildings: pd.DataFrame, measures: pd.DataFrame) -> tuple[dict[str, Any], dict[str, bytes]]:
    """Receipts of the register's files, and the files by their path."""
    file, content = f"buildings/{id}.csv", register_csv(buildings).encode()
    entry, files = {"id": id, **receipt(file, content, len(buildings))}, {file: content}
    if len(measures):
        file, content = f"buildings/{id}-measures.csv", register_csv(measures).encode()
        entry |= {f"measures_{key}": value for key, value in receipt(file, content, len(measures)).items()}
        files[file] = content
    return entry, files


def _title(sheet: Sheet, about: About, options: ImportOptions, declared: Declared) -> dict[str, str]:
    """What the register is called: what the user says, else the name of the file."""
    is_told = options.table or "table" in declared.texts
    return dict(about.table) if is_told else dict.fromkeys(("lv", "en"), PurePath(sheet.file).stem)


def _sheet_of(kind: str, sheets: Sequence[Sheet]) -> Sheet | None:
    """The sheet whose name says what it holds."""
    names = {plain_text(name) for name in REGISTER_SHEETS[kind]}
    return next((sheet for sheet in sheets if plain_text(sheet.title) in names), None)


def _checked(
    sheet: Sheet, known: Mapping[str, tuple[str, ...]], declared: Declared, check: Any
) -> tuple[pd.DataFrame, list[SeenColumn]]:
    """A sheet of the register, checked; messages name the headings of the file."""
    where, place, roles = sheet.table.name, *_headings(sheet, known, declared)
    heading, body = sheet.table.rows[place], sheet.table.rows[place + 1 :]
    kept = [row for row in body if any(row.cells[column] for column in roles.values())]
    table = pd.DataFrame(
        {role: [row.cells[column] for row in kept] for role, column in roles.items()},
        index=[row.number for row in kept],
    )
    try:
        frame: pd.DataFrame = check(table, where)
    except FiguresFileError as error:
        text = str(error)
        for role, column in roles.items():
            text = text.replace(f"column {role!r}", f"column {heading.cells[column]!r}")
        raise FiguresFileError(text) from error
    return frame, _seen(heading, kept, roles)


def _headings(sheet: Sheet, known: Mapping[str, tuple[str, ...]], declared: Declared) -> tuple[int, dict[str, int]]:
    """The row of headings, and the position of each column that is known."""
    best: tuple[int, dict[str, int]] = (0, {})
    for place, row in enumerate(sheet.table.rows[:_SEARCHED]):
        says = {column: word.role for column, word in declared.columns.items() if word.role in known}
        told = {role: row.cells.index(column) for column, role in says.items() if column in row.cells}
        free = [cell for cell in row.cells if cell and cell not in declared.columns]
        guessed = guess_columns(free, {role: names for role, names in known.items() if role not in told})
        roles = told | {role: row.cells.index(cell) for role, cell in guessed.items()}
        if len(roles) > len(best[1]):
            best = place, roles
    if len(best[1]) < _FEWEST:
        listed = ", ".join(f"{role} ({names[min(2, len(names) - 1)]})" for role, names in known.items())
        raise broken(sheet.table.name, f"no row of headings is recognised. Columns of a register: {listed}.")
    return best


def _seen(heading: Row, rows: Sequence[Row], roles: Mapping[str, int]) -> list[SeenColumn]:
    role_at = {column: role for role, column in roles.items()}
    return [
        SeenColumn(text, role_at.get(column, "left out"), "", samples([row.cells[column] for row in rows]))
        for column, text in enumerate(heading.cells)
        if text
    ]


def _unit(options: ImportOptions, names: Sequence[str]) -> Territory:
    """Whose buildings these are: what the user says, or the one municipality that the rows name; a former one may have a register too."""
    if options.municipality is None and len(names) != 1:
        what = f"The rows name several ({', '.join(names[:4])})" if names else "No row names it"
        raise OptionError(f"Whose buildings are these? {what}. Say it: --municipality NAME.")
    text = options.municipality or names[0]
    for territory in reversed(CLASSIFICATIONS):
        code = resolve(text, territory)
        if code is not None:
            return codes(territory)[code]
    return find_municipality(text)  # raises, with the nearest names


def _summary(buildings: pd.DataFrame, measures: pd.DataFrame) -> pd.DataFrame:
    """By year: buildings, and how many have figures."""
    groups = buildings.groupby("year", dropna=False)
    table = pd.DataFrame(
        {
            "buildings": groups["building"].nunique(),
            "with heat": groups["heat_mwh"].count(),
            "with electricity": groups["electricity_mwh"].count(),
            "heated area, m2": groups["area_m2"].sum(),
        }
    ).reset_index()
    done = measures.groupby("year")["building"].size() if len(measures) else pd.Series(dtype="int64")
    return table.assign(measures=[int(done.get(year, 0)) if pd.notna(year) else 0 for year in table["year"]])
