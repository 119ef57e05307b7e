"""Building registers: how a municipality writes down its buildings, their use of energy, and what was done about it.

A register is a spreadsheet with two sheets, in which a clerk can fill in one row after the other:

*buildings*
    A row for each building and year: `building` (a short id), `name`, `type`, `municipality`, `area_m2` (heated floor area), `year_built`,
    `heat_source`, `year`, `heat_mwh`, `electricity_mwh`, `degree_days` (heating degree days of that year and place). What does not
    change stands in every row, as copying down gives it; floor area and heat source may change from year to year. A building
    for which there are no figures yet has one row without a year.
*measures*
    A row for each measure: `building`, `year`, `kind`, `cost_eur`, the expected yearly saving as `saving_pct` of the building's use or as
    `saving_mwh`, and `status` (done, planned).

Headings and words may be Latvian or English (`register_words`). Public buildings only; nothing in a
register is about a person.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from benchlib.errors import AccessError, BenchlibError, CatalogueError, OptionError
from benchlib.indicators.buildings.rows import (
    ELECTRIC_KINDS,
    PLAUSIBLE_ELECTRICITY_KWH_M2,
    PLAUSIBLE_KWH_M2,
    AreaJump,
    area_jumps,
    checked_measures,
    checked_register,
    find_doubts,
)
from benchlib.indicators.buildings.words import (
    MEASURE_COLUMNS,
    REGISTER_COLUMNS,
    REGISTER_SHEETS,
    REGISTER_WORDS,
    guess_columns,
)
from benchlib.indicators.folder import data_folder, own_folder
from benchlib.indicators.readers.files import broken, decode, load_bytes, read_csv_table
from benchlib.indicators.registry import Texts, build, entries, read_toml, vintage_of
from benchlib.terms import Access, check_option

__all__ = [
    "ELECTRIC_KINDS",
    "MEASURE_COLUMNS",
    "PLAUSIBLE_ELECTRICITY_KWH_M2",
    "PLAUSIBLE_KWH_M2",
    "REGISTER_COLUMNS",
    "REGISTER_SHEETS",
    "REGISTER_WORDS",
    "AreaJump",
    "Register",
    "RegisterSource",
    "area_jumps",
    "checked_measures",
    "checked_register",
    "find_doubts",
    "guess_columns",
    "is_register_id",
    "load_register",
    "register_csv",
    "register_problems",
    "registers",
]

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class RegisterSource:
    """Entry of a building register in `buildings.toml`, and the receipt of its files.

    Attributes
    ----------
    id : str
        By what it is asked for.
    name, municipality, source : mapping
        Texts by language: what it is called, whose buildings these are, who wrote it down.
    access : {"public", "members"}
        Who may see it.
    vintage : str
        "YYYY-MM-DD", when it was written down.
    file, rows, sha256
        Receipt of the buildings: path inside the data folder, number of rows, hash.
    measures_file, measures_rows, measures_sha256
        The same of the measures; "" where there are none.
    is_invented : bool
        Whether the buildings and figures are made up.
    is_own : bool
        True for what the user added; its files lie in the own folder (set by the loader, not in the file).
    """

    id: str
    name: Texts
    municipality: Texts
    source: Texts
    access: Access
    vintage: str
    file: str
    rows: int
    sha256: str
    measures_file: str = ""
    measures_rows: int = 0
    measures_sha256: str = ""
    is_invented: bool = False
    is_own: bool = False


@dataclass(frozen=True)
class Register:
    """A building register.

    Attributes
    ----------
    about : RegisterSource
        What it is and where it comes from.
    buildings : pandas.DataFrame
        From `checked_register`: a row for each building and year.
    measures : pandas.DataFrame
        From `checked_measures`.
    doubts : pandas.DataFrame
        From `find_doubts`.
    """

    about: RegisterSource
    buildings: pd.DataFrame
    measures: pd.DataFrame
    doubts: pd.DataFrame

    @property
    def names(self) -> dict[str, str]:
        """Name of each building by its id, in the order of the register."""
        return dict(zip(self.buildings["building"], self.buildings["name"], strict=True))

    @property
    def years(self) -> tuple[int, ...]:
        """Years for which at least one building has a row."""
        return tuple(sorted({int(year) for year in self.buildings["year"].dropna()}))

    @property
    def latest_year(self) -> int | None:
        """The last year with a figure of heat or electricity; the last of all where there is no figure, None without any year."""
        known = self.buildings.loc[self.buildings[["heat_mwh", "electricity_mwh"]].notna().any(axis=1), "year"].dropna()
        return int(known.max()) if len(known) else max(self.years, default=None)

    def __repr__(self) -> str:
        return f"Register({self.about.id!r}, {len(self.names)} buildings, {len(self.measures)} measures)"


def is_register_id(id: str) -> bool:
    """Whether a register may be called so: small letters a-z, digits and single hyphens, for reports are named after it."""
    return bool(_ID.fullmatch(id))


def registers(*, access: Access = "public", data: Path | None = None) -> tuple[RegisterSource, ...]:
    """Building registers that may be seen: the invented one that comes with benchlib, then those that the user imported.

    Parameters
    ----------
    access : {"public", "members"}
        "public" leaves out those for members only.
    data : pathlib.Path, optional
        Data folder; the shipped one if absent.

    Returns
    -------
    tuple of RegisterSource

    Raises
    ------
    CatalogueError
        If a `buildings.toml` is broken.
    """
    check_option("access", access, Access)
    return tuple(entry for entry in _all_registers(data) if access == "members" or entry.access == "public")


def load_register(id: str, *, access: Access = "public", data: Path | None = None) -> Register:
    """A building register with all its rows, checked against its receipt.

    Parameters
    ----------
    id : str
        One of `registers`.
    access : {"public", "members"}
        "public" refuses a register for members only.
    data : pathlib.Path, optional
        Data folder; the shipped one if absent.

    Returns
    -------
    Register

    Raises
    ------
    OptionError
        If there is no such register; the message names those that there are.
    AccessError
        If it is for members only and `access` is "public".
    FiguresFileError
        If a file of it is absent, changed or wrong.
    """
    check_option("access", access, Access)
    about = next((entry for entry in _all_registers(data) if entry.id == id), None)
    if about is None:
        known = ", ".join(entry.id for entry in registers(access=access, data=data))
        raise OptionError(
            f"register={id!r:.80} is not a building register. Known: {known}. Add one: benchlib data import FILE --kind buildings."
        )
    if about.access == "members" and access == "public":
        raise AccessError(f"The register {id!r:.80} is for members only. Ask for it with access='members'.")
    folder = own_folder(data) if about.is_own else data or data_folder()
    table, where = _read(folder / about.file, about.rows, about.sha256)
    buildings = checked_register(table, where)
    measures = pd.DataFrame(columns=list(MEASURE_COLUMNS))
    if about.measures_file:
        table, where = _read(folder / about.measures_file, about.measures_rows, about.measures_sha256)
        measures = checked_measures(table, where, set(buildings["building"]))
    return Register(about, buildings, measures, find_doubts(buildings))


def register_csv(frame: pd.DataFrame) -> str:
    """A checked sheet as the CSV in which registers are kept: numbers with a decimal point, missing cells empty.

    Parameters
    ----------
    frame : pandas.DataFrame
        From `checked_register` or `checked_measures`.

    Returns
    -------
    str
        `load_register` reads it back as it was.
    """
    return frame.to_csv(index=False, lineterminator="\n", float_format=_shortest)


def _shortest(number: Any) -> str:
    return repr(float(number)).removesuffix(".0")


def register_problems(data: Path | None = None) -> list[str]:
    """What is wrong with the registers of a data folder, a sentence each; nothing if all can be read.

    Parameters
    ----------
    data : pathlib.Path, optional
        Data folder; the shipped one if absent.

    Returns
    -------
    list of str
    """
    problems = []
    try:
        known = registers(access="members", data=data)
    except BenchlibError as error:
        return [str(error)]
    for entry in known:
        try:
            load_register(entry.id, access="members", data=data)
        except BenchlibError as error:
            problems.append(str(error))
    return problems


def _all_registers(data: Path | None) -> list[RegisterSource]:
    folder = data or data_folder()
    found: dict[str, RegisterSource] = {}
    for path, is_own in ((folder / "buildings.toml", False), (own_folder(folder) / "buildings.toml", True)):
        if not path.exists():
            continue
        for entry in entries(read_toml(path), "registers", path):
            about = _entry(entry, f"{path}, register {entry.get('id', '?')!r:.80}", is_own=is_own)
            if about.id in found:
                raise CatalogueError(f"{path}: the register {about.id!r:.80} stands there twice; choose another id.")
            found[about.id] = about
    return list(found.values())


def _entry(entry: Mapping[str, Any], where: str, *, is_own: bool) -> RegisterSource:
    about: RegisterSource = build(
        RegisterSource, {**entry, "vintage": vintage_of(entry, where), "is_own": is_own}, where
    )
    if not is_register_id(about.id):
        raise CatalogueError(
            f"{where}: the id becomes part of file names; use small letters a-z, digits and hyphens only."
        )
    try:
        check_option("access", about.access, Access)
    except BenchlibError as error:
        raise CatalogueError(f"{where}: {error}") from error
    for file in (about.file, about.measures_file):
        if Path(file).is_absolute() or ".." in Path(file).parts:
            raise CatalogueError(f"{where}: {file!r:.80} leaves the data folder.")
    return about


def _read(path: Path, rows: int, sha256: str) -> tuple[pd.DataFrame, str]:
    """A file of a register as a table of text, with the file's row numbers."""
    name, content = load_bytes(path)
    table = read_csv_table(name, decode(name, content))
    heading, *body = table.rows
    if len(body) != rows or hashlib.sha256(content).hexdigest() != sha256:
        raise broken(
            name, f"this is not the file of buildings.toml, which has {rows} rows and another sha256. Import it again."
        )
    short = next((row for row in body if len(row.cells) != len(heading.cells)), None)
    if short is not None:
        raise broken(name, f"{len(short.cells)} cells where the heading has {len(heading.cells)}.", row=short.number)
    frame = pd.DataFrame([row.cells for row in body], index=[row.number for row in body], columns=list(heading.cells))
    return frame, name
