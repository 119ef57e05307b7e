"""Building registers of one's own: the sheets of buildings and measures become a register of the own folder."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path, PurePath
from typing import Any

import pandas as pd

from benchlib.errors import FiguresFileError, OptionError
from benchlib.indicators.buildings.register import (
    MEASURE_COLUMNS,
    REGISTER_COLUMNS,
    REGISTER_SHEETS,
    checked_measures,
    checked_register,
    register_csv,
)
from benchlib.indicators.imports.building_columns import RegisterTable, read_register_table
from benchlib.indicators.imports.options import Declared, ImportOptions
from benchlib.indicators.imports.places import resolve
from benchlib.indicators.imports.plan import About, ImportPlan, about_source, receipt
from benchlib.indicators.imports.sheets import Sheet
from benchlib.indicators.names import find_municipality, plain_text
from benchlib.indicators.territory import CLASSIFICATIONS, Territory, classification_of, codes


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
    read = [read_register_table(sheet, REGISTER_COLUMNS, declared, options.decimal)]
    buildings = _checked(read[0], sheet.table.name, checked_register)
    known = set(buildings["building"])
    other = next((s for s in [_sheet_of("measures", sheets)] if s is not None and s is not sheet), None)
    measures = pd.DataFrame()
    if other is not None:
        read.append(read_register_table(other, MEASURE_COLUMNS, declared, options.decimal))
        measures = _checked(read[1], other.table.name, lambda table, where: checked_measures(table, where, known))
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
    notes = [*sheet.notes, *(note for part in read for note in part.notes)]
    if not len(measures):
        notes.append("There is no sheet of measures (pasākumi, measures): the overview shows the buildings alone.")
    return ImportPlan(
        kind="buildings",
        id=id,
        where=sheet.table.name,
        columns=tuple(column for part in read for column in part.seen),
        rows=len(buildings),
        territory=classification_of(unit.code),
        territory_why="whose buildings these are",
        codes=(unit.code,),
        summary=_summary(buildings, measures),
        notes=tuple(dict.fromkeys(notes)),
        access=options.access,
        vintage=about.vintage,
        vintage_basis=about.vintage_basis,
        index="buildings.toml",
        addition={"registers": [entry]},
        files=files,
    )


def _stored(id: str, buildings: pd.DataFrame, measures: pd.DataFrame) -> tuple[dict[str, Any], dict[str, bytes]]:
    """Receipts of the register's files, and the files by their path; no id holds a point, so none is called as the measures of another."""
    file, content = f"buildings/{id}.csv", register_csv(buildings).encode()
    entry, files = {"id": id, **receipt(file, content, len(buildings))}, {file: content}
    if len(measures):
        file, content = f"buildings/{id}.measures.csv", register_csv(measures).encode()
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


def _checked(read: RegisterTable, where: str, check: Callable[[pd.DataFrame, str], pd.DataFrame]) -> pd.DataFrame:
    """A sheet of the register, checked; messages name the headings of the file."""
    try:
        return check(read.table, where)
    except FiguresFileError as error:
        text = str(error)
        for role, heading in read.headings.items():
            text = text.replace(f"column {role!r}", f"column {heading!r}")
        raise FiguresFileError(text) from error


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
