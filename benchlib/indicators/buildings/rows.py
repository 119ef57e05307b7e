"""The rows of a building register: checked one by one and against each other, and what may be doubted in them."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final, NamedTuple

import pandas as pd

from benchlib.indicators.buildings.words import (
    BOUNDS,
    CELLS,
    MEASURE_COLUMNS,
    REGISTER_COLUMNS,
    WHOLE_COLUMNS,
    is_missing,
)
from benchlib.indicators.readers.complaints import Complaints

#: Measures that save electricity; all others save heat.
ELECTRIC_KINDS: Final = frozenset({"lighting", "solar"})
#: Use of heat and of electricity outside these bounds, kWh per m² and year, is doubted: told, and not used in comparisons.
PLAUSIBLE_KWH_M2: Final = (5.0, 1000.0)
PLAUSIBLE_ELECTRICITY_KWH_M2: Final = (0.1, 1000.0)
#: A heated area that is larger than that of another year by more than this factor is doubted.
_AREA_JUMP: Final = 1.5
#: What is known of a building whatever the year: it may not differ between its rows.
_FIXED: Final = ("name", "type", "municipality", "year_built")
_REQUIRED: Final = ("building", "name", "type", "area_m2", "heat_source", "year", "heat_mwh", "electricity_mwh")
_REQUIRED_OF_MEASURES: Final = ("building", "year", "kind", "status")


def checked_register(table: pd.DataFrame, where: str) -> pd.DataFrame:
    """The sheet of buildings, checked and with its numbers as numbers.

    Parameters
    ----------
    table : pandas.DataFrame
        Columns as in `REGISTER_COLUMNS` (`guess_columns` finds them); cells are numbers or texts in either notation ("1 234,5" or
        "1234.5"). Its index holds the row numbers of the file.
    where : str
        Name of the file and sheet, for the message.

    Returns
    -------
    pandas.DataFrame
        All columns of `REGISTER_COLUMNS`, rows in the file's order; `year` and `year_built` are whole numbers, missing where there
        are none.

    Raises
    ------
    FiguresFileError
        If a column is absent, a floor area is 0 or less, a use of energy is negative, a word is not known, a building has two rows for a
        year, or rows of a building contradict each other. The message names file, row and column of each problem.
    """
    complaints = Complaints(where)
    frame = register_rows(table, complaints)
    complaints.raise_any()
    return frame.reset_index(drop=True)


def register_rows(table: pd.DataFrame, complaints: Complaints) -> pd.DataFrame:
    """As `checked_register`, with all that is wrong handed over.

    Parameters
    ----------
    table : pandas.DataFrame
        As in `checked_register`.
    complaints : Complaints
        Takes what is wrong; of cells with which something is wrong already nothing more is said.

    Returns
    -------
    pandas.DataFrame
        The rows with which nothing is wrong in itself; the index holds their numbers in the file.
    """
    frame = _frame(table, complaints, REGISTER_COLUMNS, _REQUIRED)
    for row, values in zip(frame.index, frame.to_dict("records"), strict=True):
        has_figures = any(not is_missing(values[c]) for c in ("heat_mwh", "electricity_mwh", "degree_days"))
        if is_missing(values["year"]) and has_figures:
            complaints.add("there are figures, but no year. Fill in the year.", row=row, column="year")
    for building, part in frame.groupby("building", sort=False):
        _check_building(str(building), part, complaints)
    return frame


def checked_measures(table: pd.DataFrame, where: str, buildings: Collection[str]) -> pd.DataFrame:
    """The sheet of measures, checked and with its numbers as numbers.

    Parameters
    ----------
    table : pandas.DataFrame
        Columns as in `MEASURE_COLUMNS`, cells and index as in `checked_register`.
    where : str
        Name of the file and sheet, for the message.
    buildings : collection of str
        Ids of the buildings of the register.

    Returns
    -------
    pandas.DataFrame
        All columns of `MEASURE_COLUMNS`, rows in the file's order. A cost or a saving that is not given is missing, and so is
        the year of a planned measure.

    Raises
    ------
    FiguresFileError
        If a column is absent, a building is not in the register, a word is not known, a number is out of bounds, a saving is given
        twice, a measure is done without a year, or the same one stands twice. The message names file, row and column of each problem.
    """
    complaints = Complaints(where)
    frame = measure_rows(table, complaints, buildings)
    complaints.raise_any()
    return frame.reset_index(drop=True)


def measure_rows(table: pd.DataFrame, complaints: Complaints, buildings: Collection[str]) -> pd.DataFrame:
    """As `checked_measures`, with all that is wrong handed over.

    Parameters
    ----------
    table, buildings
        As in `checked_measures`.
    complaints : Complaints
        As in `register_rows`.

    Returns
    -------
    pandas.DataFrame
        As in `register_rows`.
    """
    frame = _frame(table, complaints, MEASURE_COLUMNS, _REQUIRED_OF_MEASURES)
    known, seen = set(buildings), dict[tuple[Any, ...], Any]()
    for row, values in zip(frame.index, frame.to_dict("records"), strict=True):
        building, year = values["building"], None if is_missing(values["year"]) else values["year"]
        if building not in known:
            problem = f"{building!r:.80} is not a building of the register. Add it to the buildings, or correct the id."
            complaints.add(problem, row=row, column="building")
        if year is None and values["status"] == "done":
            complaints.add("the measure is done, but its year is not given. Fill it in.", row=row, column="year")
        if not is_missing(values["saving_pct"]) and not is_missing(values["saving_mwh"]):
            complaints.add("the saving is given in % and in MWh. Keep one.", row=row, column="saving_mwh")
        key = (building, year, values["kind"])
        if key in seen:
            problem = f"the same measure for {building!r:.80} stands in row {seen[key]} already. Remove one of them."
            complaints.add(problem, row=row, column="kind")
        seen.setdefault(key, row)
    return frame


def find_doubts(buildings: pd.DataFrame) -> pd.DataFrame:
    """What is missing in a register or cannot be believed, row by row.

    Parameters
    ----------
    buildings : pandas.DataFrame
        From `checked_register`.

    Returns
    -------
    pandas.DataFrame
        `building`, `year`, `doubt` ("no_years": not one year with figures; "no_heat", "no_electricity": the figure is missing;
        "no_degree_days": the use of heat cannot be corrected for the weather; "implausible_heat", "implausible_electricity": outside
        `PLAUSIBLE_KWH_M2` or `PLAUSIBLE_ELECTRICITY_KWH_M2`, not used in comparisons) and `value` (kWh per m² if implausible). Where the
        area is odd (`area_jumps`), nobody can say whether the use is plausible.
    """
    rows = []
    odd = odd_areas(buildings)
    for row in buildings.to_dict("records"):
        about = {"building": row["building"], "year": row["year"]}
        if is_missing(row["year"]):
            rows.append({**about, "doubt": "no_years", "value": math.nan})
            continue
        for column, doubt in (
            ("heat_mwh", "no_heat"),
            ("electricity_mwh", "no_electricity"),
            ("degree_days", "no_degree_days"),
        ):
            if is_missing(row[column]):
                rows.append({**about, "doubt": doubt, "value": math.nan})
        for column, doubt, bounds in (
            ("heat_mwh", "implausible_heat", PLAUSIBLE_KWH_M2),
            ("electricity_mwh", "implausible_electricity", PLAUSIBLE_ELECTRICITY_KWH_M2),
        ):
            intensity = 1000.0 * row[column] / row["area_m2"]
            if (row["building"], row["year"]) not in odd and not is_plausible(intensity, bounds):
                rows.append({**about, "doubt": doubt, "value": intensity})
    return pd.DataFrame(rows, columns=["building", "year", "doubt", "value"]).astype(
        {"year": "Int64", "value": "float64"}
    )


class AreaJump(NamedTuple):
    """A heated area that differs by more than half from that of another year of the building.

    Attributes
    ----------
    building, year, area_m2
        Whose, when, and how much.
    other_year, other_m2
        The year beside it, and the area in that year.
    is_odd : bool
        Whether no other year of the building has about this area: then it may be a slip of the pen, and nothing is compared by it.
        Else the building has been extended, reduced or measured anew.
    """

    building: str
    year: int
    area_m2: float
    other_year: int
    other_m2: float
    is_odd: bool


def area_jumps(buildings: pd.DataFrame) -> list[AreaJump]:
    """Years in which the heated area of a building differs by more than half from the year beside it.

    Parameters
    ----------
    buildings : pandas.DataFrame
        From `checked_register`.

    Returns
    -------
    list of AreaJump
        In the order of the register. An odd area stands there once, by itself; a lasting change with the first year of the new area.
    """
    found = []
    known = buildings.dropna(subset="year")
    for building, part in known.groupby("building", sort=False):
        rows = sorted((int(year), float(area)) for year, area in zip(part["year"], part["area_m2"], strict=True))
        is_odd = [
            len(rows) > 1 and all(_is_jump(area, other) for at, (_, other) in enumerate(rows) if at != place)
            for place, (_, area) in enumerate(rows)
        ]
        for place, (year, area) in enumerate(rows):
            other_year, other = rows[place - 1] if place else rows[min(1, len(rows) - 1)]
            is_change = place > 0 and not is_odd[place - 1] and _is_jump(area, other)
            if is_odd[place] or is_change:
                found.append(AreaJump(str(building), year, area, other_year, other, is_odd[place]))
    return found


def odd_areas(buildings: pd.DataFrame) -> set[tuple[str, int]]:
    """Building and year of every heated area that no other year of the building bears out.

    Parameters
    ----------
    buildings : pandas.DataFrame
        From `checked_register`.

    Returns
    -------
    set of (str, int)
    """
    return {(jump.building, jump.year) for jump in area_jumps(buildings) if jump.is_odd}


def _is_jump(area: float, other: float) -> bool:
    return max(area, other) > _AREA_JUMP * min(area, other)


def is_plausible(intensity: float, bounds: tuple[float, float] = PLAUSIBLE_KWH_M2) -> bool:
    """Whether a use of heat (or of what the bounds are of) in kWh per m² and year can be believed; a missing one is no reason for doubt."""
    low, high = bounds
    return math.isnan(intensity) or low <= intensity <= high


def _frame(
    table: pd.DataFrame, complaints: Complaints, columns: Mapping[str, tuple[str, ...]], required: Iterable[str]
) -> pd.DataFrame:
    """The columns in their order, each cell understood; rows with a wrong cell, and a table with wrong columns, are left out."""
    before = len(complaints)
    _check_columns(table, complaints, columns, required)
    found: dict[str, list[Any]] = {column: [] for column in columns}
    numbers = []
    for row, values in zip(table.index, table.to_dict("records"), strict=True) if len(complaints) == before else ():
        cells: dict[str, Any] = {}
        for column in columns:
            try:
                cells[column] = CELLS[column](values.get(column))
            except ValueError as error:
                if not complaints.has(row, column):
                    complaints.add(f"{error}.", row=row, column=column)
        if not complaints.has(row):
            numbers.append(row)
            for column, cell in cells.items():
                found[column].append(cell)
    frame = pd.DataFrame(found, index=numbers)
    return frame.astype({c: "Int64" if c in WHOLE_COLUMNS else "float64" for c in columns if c in BOUNDS})


def _check_columns(
    table: pd.DataFrame, complaints: Complaints, columns: Mapping[str, tuple[str, ...]], required: Iterable[str]
) -> None:
    given = [str(column) for column in table.columns]
    for column in dict.fromkeys(given):
        if column not in columns:
            complaints.add(f"this column is not known here. Known: {', '.join(columns)}.", column=column)
        if given.count(column) > 1:
            complaints.add("this column stands twice.", column=column)
    for column in required:
        if column not in given:
            complaints.add(f"there is no column {column!r} ({', '.join(columns[column][:4])}). Add it.")
    if table.empty and not len(complaints):
        complaints.add("there is no row below the headings.")


def _check_building(building: str, part: pd.DataFrame, complaints: Complaints) -> None:
    """The rows of a building agree with each other."""
    first = part.iloc[0]
    for row, values in list(zip(part.index, part.to_dict("records"), strict=True))[1:]:
        for column in _FIXED:
            if values[column] != first[column] and not (is_missing(values[column]) and is_missing(first[column])):
                problem = (
                    f"{values[column]!r:.80} for building {building!r:.80}, but row {part.index[0]} says {first[column]!r:.80}. "
                    "Write the same in all rows of a building."
                )
                complaints.add(problem, row=row, column=column)
    seen: dict[Any, Any] = {}
    for row, year in zip(part.index, part["year"], strict=True):
        key = None if is_missing(year) else int(year)
        if key in seen or (seen and (key is None or None in seen)):
            what = (
                f"{key} stands in row {seen[key]} already"
                if key in seen
                else "one row has no year beside rows with one"
            )
            complaints.add(f"building {building!r:.80}: {what}. Remove one of the rows.", row=row, column="year")
        seen.setdefault(key, row)
