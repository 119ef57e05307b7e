"""Building registers of one's own: the sheets of buildings and measures become a register of the own folder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path, PurePath
from typing import Any

import pandas as pd

from benchlib.errors import OptionError
from benchlib.indicators.buildings.register import (
    MEASURE_COLUMNS,
    REGISTER_COLUMNS,
    REGISTER_SHEETS,
    area_jumps,
    register_csv,
)
from benchlib.indicators.buildings.rows import measure_rows, register_rows
from benchlib.indicators.imports.building_columns import RegisterTable, read_register_table
from benchlib.indicators.imports.options import Declared, ImportOptions
from benchlib.indicators.imports.places import resolve
from benchlib.indicators.imports.plan import About, ImportPlan, about_source, ahead, receipt, vintage_day
from benchlib.indicators.imports.sheets import Sheet
from benchlib.indicators.names import find_municipality, plain_text
from benchlib.indicators.readers.complaints import Complaints, raise_all
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
    buildings = register_rows(read[0].table, read[0].complaints) if read[0].is_read else pd.DataFrame()
    day = vintage_day(path, options)[0]
    _refuse_ahead(buildings, read[0].complaints, day)
    other = next((s for s in [_sheet_of("measures", sheets)] if s is not None and s is not sheet), None)
    measures = pd.DataFrame()
    if other is not None:
        read.append(read_register_table(other, MEASURE_COLUMNS, declared, options.decimal))
        if read[1].is_read:
            measures = measure_rows(read[1].table, read[1].complaints, _ids(*read))
        _refuse_ahead(
            measures.loc[measures["status"] == "done"] if len(measures) else measures, read[1].complaints, day
        )
    raise_all(part.complaints for part in read)
    buildings, measures = buildings.reset_index(drop=True), measures.reset_index(drop=True)
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
    notes = [*sheet.notes, *(note for part in read for note in part.notes), *_area_notes(buildings)]
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


def _ids(buildings: RegisterTable, measures: RegisterTable) -> set[str]:
    """Ids of all buildings, whatever else is wrong with their rows; where no column names them, those of the measures are believed."""
    table = buildings.table if "building" in buildings.table else measures.table
    return {" ".join(str(id).split()) for id in table.get("building", ())}


def _refuse_ahead(rows: pd.DataFrame, complaints: Complaints, vintage: str) -> None:
    """Figures, and measures that are done, of a year after the day of the register."""
    for row, year in rows["year"].dropna().items() if len(rows) else ():
        if problem := ahead(int(year), vintage):
            complaints.add(problem, row=int(str(row)), column="year")


def _area_notes(buildings: pd.DataFrame) -> list[str]:
    """Heated areas that differ much between the years of a building."""
    names = dict(zip(buildings["building"], buildings["name"], strict=True))
    notes = []
    for jump in area_jumps(buildings):
        what = (
            f"No other year bears out {jump.area_m2:,.10g} m2, so reports will use neither it nor the heat of {jump.year}. Correct it if "
            "it is a slip of the pen."
            if jump.is_odd
            else "Correct it, unless the building has been extended, reduced or measured anew."
        )
        notes.append(
            f"The heated area of {jump.building!r:.40} ({names[jump.building]:.60}) is {jump.other_m2:,.10g} m2 in {jump.other_year} and "
            f"{jump.area_m2:,.10g} m2 in {jump.year}, a difference of more than half. {what}"
        )
    return notes


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
    """By year: buildings, how many have figures, and measures; years with measures alone are there too."""
    groups = buildings.groupby("year", dropna=False)
    table = pd.DataFrame(
        {
            "buildings": groups["building"].nunique(),
            "with heat": groups["heat_mwh"].count(),
            "with electricity": groups["electricity_mwh"].count(),
            "heated area, m2": groups["area_m2"].sum(),
        }
    ).reset_index()
    years = measures["year"] if len(measures) else buildings["year"].iloc[:0]
    counts = years.value_counts(dropna=False).rename("measures").rename_axis("year").reset_index()
    table = table.merge(counts, on="year", how="outer").sort_values("year", ignore_index=True)
    whole = ["buildings", "with heat", "with electricity", "measures"]
    table = table.fillna(dict.fromkeys([*whole, "heated area, m2"], 0)).astype(dict.fromkeys(whole, "int64"))
    return table.assign(year=["no year" if pd.isna(year) else int(year) for year in table["year"]])
