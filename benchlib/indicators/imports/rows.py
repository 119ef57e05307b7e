"""What each row of a file is about: its municipality and its year."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

from benchlib.indicators.imports.around import UnitsAround
from benchlib.indicators.imports.columns import Understood
from benchlib.indicators.imports.headings import years_in
from benchlib.indicators.imports.options import ImportOptions
from benchlib.indicators.imports.places import Places, find_places, one_place
from benchlib.indicators.imports.plan import ahead, vintage_day
from benchlib.indicators.readers.complaints import Complaints
from benchlib.indicators.readers.files import broken


@dataclass
class Work:
    """A file under way.

    Attributes
    ----------
    understood : Understood
        The sheet with its columns.
    options : ImportOptions
        What the user says.
    complaints : Complaints
        What is wrong.
    around : UnitsAround
        Units that the titles give.
    vintage : str
        Day of the figures.
    notes : list of str
        What the preview must say.
    """

    understood: Understood
    options: ImportOptions
    complaints: Complaints
    around: UnitsAround
    vintage: str
    notes: list[str] = field(default_factory=list)

    @property
    def where(self) -> str:
        """File and sheet."""
        return self.understood.sheet.table.name


def start(understood: Understood, options: ImportOptions, path: Path) -> Work:
    """Begin with a sheet of a file whose columns are known."""
    complaints = Complaints(understood.sheet.table.name)
    around = UnitsAround(understood.layout.titles, understood.sheet.title)
    return Work(understood, options, complaints, around, vintage_day(path, options)[0], list(understood.sheet.notes))


def years_of(work: Work) -> dict[int, int]:
    """Year of each row: from its column, else the one that is told, else that of a title, the sheet or the file.

    Parameters
    ----------
    work : Work
        Takes what is wrong with a row.

    Returns
    -------
    dict of int to int
        Year by row number; a row whose cell is empty is not in it.

    Raises
    ------
    FiguresFileError
        If nothing tells the year.
    """
    rows, column = work.understood.layout.rows, work.understood.of("year")
    if column is None:
        year = work.options.year if work.options.year is not None else _year_around(work)
        if problem := ahead(year, work.vintage):
            work.complaints.add(problem)
        return {row.number: year for row in rows}
    years: dict[int, int] = {}
    for row in rows:
        text = row.cells[column.position]
        found = years_in(text)
        if len(found) == 1 and "/" not in text:
            years[row.number] = found[0]
            if problem := ahead(found[0], work.vintage):
                work.complaints.add(problem, row=row.number, column=column.title)
        elif text and sum(map(bool, row.cells)) > 1:
            work.complaints.add(f"{text!r:.40} is not a year, such as 2023.", row=row.number, column=column.title)
    return years


def _year_around(work: Work) -> int:
    sheet = work.understood.sheet
    titles = " ".join(work.understood.layout.titles)
    around = (
        ("the title above the table", titles),
        ("the name of the sheet", sheet.title),
        ("the name of the file", sheet.file),
    )
    for what, text in around:
        years = years_in(text.replace("_", " "))
        if len(years) == 1:
            work.notes.append(f"The year {years[0]} is taken from {what}.")
            return years[0]
    raise broken(work.where, "nothing tells the year. Say it, for example: --year 2023.")


def places_of(work: Work, years: Collection[int]) -> Places:
    """Municipality of each row.

    Parameters
    ----------
    work : Work
        Takes what is wrong with a row.
    years : collection of int
        Years of the file.

    Returns
    -------
    Places

    Raises
    ------
    FiguresFileError
        If the classification cannot be known, or the municipality is told although the file says it.
    """
    understood, options = work.understood, work.options
    columns = {
        role: (column.position, column.title)
        for role in ("code", "municipality")
        if (column := understood.of(role)) is not None
    }
    if options.municipality is None and not columns:
        problem = "no column names the municipality. Say which: --column HEADING=municipality, or --municipality NAME for all rows."
        raise broken(work.where, problem, row=understood.layout.number)
    if options.municipality is None:
        return find_places(work.complaints, understood.layout.rows, columns, years, options.territory)
    if columns:
        problem = (
            f"--municipality {options.municipality!r:.60}, but this column says it for each row. Leave one of them out."
        )
        raise broken(work.where, problem, row=understood.layout.number, column=next(iter(columns.values()))[1])
    rows = [row for row in understood.layout.rows if sum(map(bool, row.cells)) > 1]
    return one_place(work.where, rows, options.municipality, options.territory)
