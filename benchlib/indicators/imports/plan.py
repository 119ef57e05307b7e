"""What an import will store, complete and checked, before anything is stored: the user looks at it and says yes."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

import pandas as pd

from benchlib.errors import OptionError
from benchlib.indicators.imports.options import Declared, ImportOptions
from benchlib.indicators.imports.sheets import Sheet
from benchlib.indicators.registry import Texts
from benchlib.indicators.territory import Territory, codes
from benchlib.terms import Access, Classification

#: Values of a column that the preview shows.
SAMPLES: Final = 3
_OWN_PUBLISHER: Final = {"lv": "Pašu dati", "en": "Own data"}


@dataclass(frozen=True)
class SeenColumn:
    """A column as it was understood.

    Attributes
    ----------
    heading : str
        What stands above it.
    role : str
        What it was taken for; "left out" if for nothing.
    unit : str
        Unit, with the conversion if there is one.
    samples : tuple of str
        Its first values.
    """

    heading: str
    role: str
    unit: str = ""
    samples: tuple[str, ...] = ()


@dataclass(frozen=True)
class ImportPlan:
    """What will be stored.

    Attributes
    ----------
    kind : str
        "figures", "survey" or "buildings".
    id : str
        Id under which it will be known.
    where : str
        File and sheet.
    columns : tuple of SeenColumn
        How each column was understood.
    rows : int
        Rows of the file that were used.
    territory, territory_why : str
        Classification, and how it is known.
    codes : tuple of str
        Municipalities.
    summary : pandas.DataFrame
        What there is, by measure and year or by question; for the preview.
    notes : tuple of str
        What was left out, restored, converted, or should be looked at.
    access : {"members", "public"}
        Who may see it.
    vintage, vintage_basis : str
        Day of the figures, and how it is known ("told" or "file date").
    index : str
        File of the own folder to which the entry is added.
    addition : mapping
        What is added to it.
    files : mapping of str to bytes
        Data files by their path in the own folder.
    """

    kind: str
    id: str
    where: str
    columns: tuple[SeenColumn, ...]
    rows: int
    territory: Classification
    territory_why: str
    codes: tuple[str, ...]
    summary: pd.DataFrame
    notes: tuple[str, ...]
    access: Access
    vintage: str
    vintage_basis: str
    index: str
    addition: Mapping[str, Any]
    files: Mapping[str, bytes]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the municipalities."""
        known = codes(self.territory)
        return tuple(known[code].name for code in self.codes)

    @property
    def absent(self) -> tuple[str, ...]:
        """Names of the municipalities of the classification that are not in the file."""
        return tuple(unit.name for code, unit in codes(self.territory).items() if code not in self.codes)


@dataclass(frozen=True)
class About:
    """Who vouches for a source, what it is called and of which day it is."""

    publisher: Texts
    table: Texts
    caveats: Texts
    licence: str
    vintage: str
    vintage_basis: str

    def texts(self) -> dict[str, Any]:
        """Return the fields of an entry in the registry."""
        fields = {name: dict(getattr(self, name)) for name in ("publisher", "table", "caveats")}
        return {**fields, "licence": self.licence, "vintage": self.vintage, "vintage_basis": self.vintage_basis}


def about_source(
    path: Path, sheet: Sheet, options: ImportOptions, declared: Declared, units: Sequence[Territory]
) -> About:
    """What the registry will say about a source.

    Parameters
    ----------
    path : pathlib.Path
        The file.
    sheet : Sheet
        What was read of it.
    options : ImportOptions
        What the user says.
    declared : Declared
        What the user declares.
    units : sequence of Territory
        Municipalities of the file; a single one is its publisher if nobody else is named.

    Returns
    -------
    About

    Raises
    ------
    OptionError
        From `vintage_day`.
    """
    title = sheet.file if not sheet.title else f"{sheet.file}, {sheet.title}"
    only = {"lv": units[0].name, "en": units[0].name_en} if len(units) == 1 else _OWN_PUBLISHER
    caveats = {
        "lv": f"Pašu dati no datnes „{title}”; ar publicētiem datiem nav salīdzināti.",
        "en": f"Own data from the file “{title}”, not compared with published data.",
    }
    table = declared.texts.get("table", {"lv": title, "en": title})
    vintage, basis = vintage_day(path, options)
    return About(
        {"lv": options.publisher, "en": options.publisher}
        if options.publisher
        else declared.texts.get("publisher", only),
        {"lv": options.table, "en": options.table} if options.table else table,
        declared.texts.get("caveats", caveats),
        declared.licence or "pašu dati / own data",
        vintage,
        basis,
    )


def vintage_day(path: Path, options: ImportOptions) -> tuple[str, str]:
    """The day of which the figures of a file are, and how it is known.

    Parameters
    ----------
    path : pathlib.Path
        The file.
    options : ImportOptions
        What the user says.

    Returns
    -------
    day : str
        "YYYY-MM-DD".
    basis : str
        "told" or "file date".

    Raises
    ------
    OptionError
        If it is not a date, or lies ahead.
    """
    written, basis = (options.vintage, "told") if options.vintage else (_file_day(path), "file date")
    try:
        day = date.fromisoformat(written)  # 20260115 and 2026-W03-4 are dates too, and would be compared as text
    except ValueError as error:
        raise OptionError(f"vintage={written!r:.40} is not a date. Write it as 2026-11-22.") from error
    if day > date.today():
        what = f"vintage={written!r:.40}" if basis == "told" else f"{path.name} was last changed on {day}: that"
        raise OptionError(
            f"{what} lies ahead; a later correction would not be used until then. Say the day on which the figures were known: "
            "--vintage 2026-11-22."
        )
    return day.isoformat(), basis


def ahead(year: int, vintage: str) -> str:
    """What is wrong with an observed year that lies after its vintage; "" if nothing is.

    Parameters
    ----------
    year : int
        Year of a figure.
    vintage : str
        "YYYY-MM-DD".

    Returns
    -------
    str
    """
    if year <= int(vintage[:4]):
        return ""
    return (
        f"{year} lies after the day of the figures ({vintage}), and nobody can have counted it yet. Correct the year; or, if the figures "
        "are of a later day, say which: --vintage YYYY-MM-DD."
    )


def _file_day(path: Path) -> str:
    """The day on which the file was last changed: the same for the same file, whenever it is imported."""
    return datetime.fromtimestamp(path.stat().st_mtime).date().isoformat()


def receipt(file: str, content: bytes, rows: int) -> dict[str, Any]:
    """Receipt of a data file: where it lies, how many rows it has, its hash.

    Parameters
    ----------
    file : str
        Path in the own folder.
    content : bytes
        The file.
    rows : int
        Number of rows.

    Returns
    -------
    dict
        `file`, `rows`, `sha256`.
    """
    return {"file": file, "rows": rows, "sha256": hashlib.sha256(content).hexdigest()}


def samples(values: Sequence[str]) -> tuple[str, ...]:
    """The first different values of a column that are not empty, cut to what a screen has room for."""
    found = [value for value in dict.fromkeys(values) if value][:SAMPLES]
    return tuple(value if len(value) <= 30 else f"{value[:28]}…" for value in found)
