"""Cells of figures: each with its municipality, year, measure and unit, and the number that stands in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import isnan
from typing import Final

from benchlib.indicators.imports.columns import ReadColumn
from benchlib.indicators.imports.dialects import Numbers
from benchlib.indicators.imports.headings import MeasureNames, read_heading
from benchlib.indicators.imports.places import Places
from benchlib.indicators.imports.plan import ahead
from benchlib.indicators.imports.rows import Work
from benchlib.indicators.imports.sheets import old_percent
from benchlib.indicators.imports.units import COUNTS, Unit, conversion_between, lats_note, unit_of, unread_unit
from benchlib.indicators.names import plain_text
from benchlib.indicators.readers.files import Row, broken
from benchlib.indicators.readers.numbers import Figure
from benchlib.indicators.registry import Measure

#: How words begin by which a measure says that it is a difference, so that it may be below zero.
_DIFFERENCES: Final = (
    "balanc", "bilanc", "saldo", "chang", "growth", "increas", "decreas", "differ", "surplus", "deficit", "parmain", "izmain", "pieaugum",
    "samazin", "starpib", "parpalik",
)  # fmt: skip
#: Power of ten of a cell with a per cent sign, by the unit of the measure.
_PERCENT: Final[Mapping[str, int]] = {"percent": 0, "share": -2}


@dataclass(frozen=True)
class FigureCell:
    """A cell of figures.

    Attributes
    ----------
    row, column : int, str
        Where it stands.
    territory, year, measure
        What it is a figure of.
    unit : Unit, str or None
        Unit that is written or declared; None if nothing says it.
    text : str
        What stands in it.
    """

    row: int
    column: str
    territory: str
    year: int
    measure: Measure
    unit: Unit | str | None
    text: str

    @property
    def key(self) -> tuple[str, int, str]:
        """What may be there once."""
        return self.territory, self.year, self.measure.id


def figure_columns(work: Work, names: MeasureNames) -> list[ReadColumn]:
    """Columns that hold figures; those headed by a year alone take the measure of the row, or of `--measure`.

    Parameters
    ----------
    work : Work
        The file.
    names : MeasureNames
        Known measures.

    Returns
    -------
    list of ReadColumn

    Raises
    ------
    FiguresFileError
        If there is none, or nothing tells the measure.
    """
    understood, told = work.understood, work.options.measure
    columns = [column for column in understood.columns if column.role in ("measure:", "value")]
    if not columns:
        left = understood.unknown[:4] or ['Name them: --column "HEADING=MEASURE".']
        problem = " ".join(["no column of figures is recognised.", *left])
        raise broken(work.where, problem, row=understood.layout.number)
    for column in columns:
        if column.year is not None and (problem := ahead(column.year, work.vintage)):
            work.complaints.add(problem, row=understood.layout.number, column=column.title)
        if column.unread:
            work.complaints.add(_unread(column.unread), row=understood.layout.number, column=column.title)
    bare = [column for column in columns if column.measure is None]
    if not bare or understood.of("measure") is not None:
        return columns
    measure = names.find(told) if told else None
    if measure is None:
        problem = (
            f"--measure {told!r:.60} is no measure. {names.advice(told)}"
            if told
            else "nothing tells of which measure these figures are. Say it: --measure ID (benchlib data list --measures)."
        )
        raise broken(work.where, problem, row=understood.layout.number, column=bare[0].title)
    return [column if column.measure else replace(column, measure=measure) for column in columns]


def figure_cells(
    work: Work, names: MeasureNames, columns: Sequence[ReadColumn], years: Mapping[int, int], places: Places
) -> Iterator[FigureCell]:
    """Every cell of figures, row by row.

    Parameters
    ----------
    work : Work
        The file; takes what is wrong with a row.
    names : MeasureNames
        Known measures.
    columns : sequence of ReadColumn
        From `figure_columns`.
    years : mapping of int to int
        Year by row.
    places : Places
        Municipality by row.

    Yields
    ------
    FigureCell
    """
    measures, units = work.understood.of("measure"), work.understood.of("unit")
    unknown: set[str] = set()
    for row in work.understood.layout.rows:
        if row.number not in places.code_of:
            continue
        named = _measure_of_row(work, names, row, measures, unknown) if measures else None
        written = row.cells[units.position] if units else ""
        for column in columns:
            measure, unit = (column.measure, None) if column.measure else (named or (None, None))
            year = column.year or years.get(row.number)
            if measure is None:
                continue
            if year is None:
                if not work.complaints.has(row.number):
                    work.complaints.add("the row has no year. Fill it in.", row=row.number)
                break
            said = (unit_of(written) or written) if written else unit or column.unit or _around(work, column, measure)
            code = places.code_of[row.number]
            yield FigureCell(row.number, column.title, code, year, measure, said, row.cells[column.position])


def _measure_of_row(
    work: Work, names: MeasureNames, row: Row, column: ReadColumn, unknown: set[str]
) -> tuple[Measure, Unit | str | None] | None:
    """Measure and unit that a row names; an unknown one is told once."""
    text = row.cells[column.position]
    heading = read_heading(text)
    says = work.understood.row_words.get(plain_text(text))
    if says is not None and says.role == "ignore":
        work.notes.append(f"Rows of {text!r:.60} are left out, as you said.")
        return None
    measure = names.find(says.role) if says else names.find(text) or names.find(heading.name)
    if measure is not None and says is not None and says.unit is not None:
        return measure, unit_of(says.unit) or says.unit
    if measure is not None:
        unread = unread_unit(heading.name, measure.unit) if says is not None else ""
        if unread:
            work.complaints.add(_unread(unread), row=row.number, column=column.title)
        return measure, heading.unit
    if text not in unknown:
        unknown.add(text)
        told = f'Name it, or leave it out: --column "{text}=MEASURE" or --column "{text}=ignore".'
        advice = f"{names.advice(heading.name)} {told}" if text else "Fill it in."
        work.complaints.add(f"{text!r:.60} is no measure. {advice}", row=row.number, column=column.title)
    return None


def _unread(word: str) -> str:
    say_it = 'Say it beside the role in the file of --columns, for example unit = "tūkst. EUR".'
    return f"this speaks of {word!r:.40}, and it is not clear what unit that makes. {say_it}"


def _around(work: Work, column: ReadColumn, measure: Measure) -> Unit | None:
    """Unit that a title gives for a column that has none."""
    problem = work.around.problem(measure.unit, column.title, measure.id)
    if problem:
        work.complaints.add(problem, row=work.understood.layout.number, column=column.title)
        return None
    found = work.around.unit_for(measure.unit)
    if found is None:
        return None
    what, unit = found
    work.notes.append(f"The unit {unit.text} is taken from {what}.")
    return unit


def figures_of(work: Work, cells: Sequence[FigureCell], numbers: Numbers) -> list[tuple[FigureCell, Figure]]:
    """Cells as figures in the unit of their measure.

    Parameters
    ----------
    work : Work
        Takes what is wrong with a cell: text, a unit of another kind, a key that is there already.
    cells : sequence of FigureCell
        From `figure_cells`.
    numbers : Numbers
        How the file writes numbers.

    Returns
    -------
    list of (FigureCell, Figure)
    """
    found: list[tuple[FigureCell, Figure]] = []
    first: dict[tuple[str, int, str], FigureCell] = {}
    refused: set[tuple[str, str]] = set()
    for cell in cells:
        before = first.setdefault(cell.key, cell)
        if before is not cell:
            place = f"row {before.row}" if before.row != cell.row else f"column {before.column!r}"
            problem = (
                f"{cell.measure.id} of this municipality for {cell.year} stands in {place} already. Keep one of them."
            )
            work.complaints.add(problem, row=cell.row, column=cell.column)
        conversion = conversion_between(cell.unit, cell.measure.unit)
        if conversion is None:
            if (cell.column, cell.measure.id) not in refused:
                refused.add((cell.column, cell.measure.id))
                work.complaints.add(_wrong_unit(cell), row=cell.row, column=cell.column)
            continue
        try:
            figure = numbers.read(cell.text, exponent=conversion.exponent, percent=_PERCENT.get(cell.measure.unit))
        except ValueError as error:
            work.complaints.add(f"{error}. Correct the cell.", row=cell.row, column=cell.column)
            continue
        found.append((cell, replace(figure, value=figure.value / conversion.divisor)))
        work.notes += lats_note(cell.unit) if conversion.divisor != 1.0 else []
    return found


def _wrong_unit(cell: FigureCell) -> str:
    unit = cell.unit.text if isinstance(cell.unit, Unit) else cell.unit
    return (
        f"the unit is {unit!r:.40}; {cell.measure.id} is in {cell.measure.unit}, and nothing turns one into the other. Give the figures in "
        f"{cell.measure.unit}, or choose another measure."
    )


def check_plausible(work: Work, figures: Sequence[tuple[FigureCell, Figure]]) -> None:
    """Refuse shares that look like percentages, percentages that look like shares, and counts below zero.

    Parameters
    ----------
    work : Work
        Takes what is wrong.
    figures : sequence of (FigureCell, Figure)
        From `figures_of`. A unit that is written or declared is believed.

    Raises
    ------
    FiguresFileError
        If there is not one figure.
    """
    groups: dict[tuple[str, str], list[tuple[FigureCell, float]]] = {}
    for cell, figure in figures:
        if not isnan(figure.value):
            groups.setdefault((cell.measure.id, cell.column), []).append((cell, figure.value))
    if not groups:
        raise broken(work.where, "there is not one figure in the columns that were recognised.")
    for group in groups.values():
        _check_shares(work, group)
        for cell, value in group:
            if value < 0 and cell.measure.unit in COUNTS and not is_difference(cell.measure):
                problem = f"{cell.text!r:.40}: there cannot be less than 0 {cell.measure.unit}. Correct the cell."
                work.complaints.add(problem, row=cell.row, column=cell.column)


def is_difference(measure: Measure) -> bool:
    """Whether a measure is a balance or a change by its name, so that it may be below zero.

    Parameters
    ----------
    measure : Measure
        "natural_balance", "Iedzīvotāju skaita pārmaiņas gadā".

    Returns
    -------
    bool
    """
    words = plain_text(" ".join([measure.id, *measure.name.values()])).split()
    return any(word.startswith(_DIFFERENCES) for word in words)


def _check_old_percent(work: Work, cell: FigureCell, largest: float) -> None:
    """A column in per cent of a workbook that does not say which numbers are shown in per cent: 85 % reads as 0.85 there."""
    if (
        isinstance(cell.unit, Unit)
        and cell.unit.base == "percent"
        and (problem := old_percent(work.understood.sheet, largest))
    ):
        work.complaints.add(problem, row=cell.row, column=cell.column)


def _check_shares(work: Work, group: Sequence[tuple[FigureCell, float]]) -> None:
    cell = group[0][0]
    unit, largest = cell.measure.unit, max(abs(value) for _, value in group)
    _check_old_percent(work, cell, 100.0 * largest if unit == "share" else largest)
    # A cell that says % is believed; what the others of its column are, it does not say.
    bare = [(at, abs(value)) for at, value in group if "%" not in at.text]
    if cell.unit is not None or not bare:
        return
    largest = max(value for _, value in bare)
    if not {"percent": 0 < largest <= 1, "share": largest > 1}.get(unit, False):
        return
    cell = next(at for at, value in bare if unit == "percent" or value > 1)
    other = {"percent": "share", "share": "percent"}[unit]
    work.complaints.add(
        f"{cell.measure.id} is in {unit}, and these figures look like {other} (the largest is {largest:g}). If they are, say so: "
        f'unit = "{other}" for this column in the file of --columns; if not, unit = "{unit}".',
        row=cell.row,
        column=cell.column,
    )
