"""The rows of a building register: checked one by one and against each other, and what may be doubted in them."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final

import pandas as pd

from benchlib.indicators.buildings.words import (
    BOUNDS,
    CELLS,
    MEASURE_COLUMNS,
    REGISTER_COLUMNS,
    WHOLE_COLUMNS,
    is_missing,
)
from benchlib.indicators.readers.files import broken

#: Measures that save electricity; all others save heat.
ELECTRIC_KINDS: Final = frozenset({"lighting", "solar"})
#: Use of heat and of electricity outside these bounds, kWh per m² and year, is doubted: told, and not used in comparisons.
PLAUSIBLE_KWH_M2: Final = (5.0, 1000.0)
PLAUSIBLE_ELECTRICITY_KWH_M2: Final = (0.1, 1000.0)
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
        year, or rows of a building contradict each other. The message names file, row and column.
    """
    frame = _frame(table, where, REGISTER_COLUMNS, _REQUIRED)
    for row, values in zip(frame.index, frame.to_dict("records"), strict=True):
        has_figures = any(not is_missing(values[c]) for c in ("heat_mwh", "electricity_mwh", "degree_days"))
        if is_missing(values["year"]) and has_figures:
            raise broken(where, "there are figures, but no year. Fill in the year.", row=row, column="year")
    for building, part in frame.groupby("building", sort=False):
        _check_building(str(building), part, where)
    return frame.reset_index(drop=True)


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
        twice, a measure is done without a year, or the same one stands twice. The message names file, row and column.
    """
    frame = _frame(table, where, MEASURE_COLUMNS, _REQUIRED_OF_MEASURES)
    known, seen = set(buildings), dict[tuple[Any, ...], Any]()
    for row, values in zip(frame.index, frame.to_dict("records"), strict=True):
        building, year = values["building"], None if is_missing(values["year"]) else values["year"]
        if building not in known:
            problem = f"{building!r:.80} is not a building of the register. Add it to the buildings, or correct the id."
            raise broken(where, problem, row=row, column="building")
        if year is None and values["status"] == "done":
            raise broken(where, "the measure is done, but its year is not given. Fill it in.", row=row, column="year")
        if not is_missing(values["saving_pct"]) and not is_missing(values["saving_mwh"]):
            raise broken(where, "the saving is given in % and in MWh. Keep one.", row=row, column="saving_mwh")
        key = (building, year, values["kind"])
        if key in seen:
            problem = f"the same measure for {building!r:.80} stands in row {seen[key]} already. Remove one of them."
            raise broken(where, problem, row=row, column="kind")
        seen[key] = row
    return frame.reset_index(drop=True)


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
        `PLAUSIBLE_KWH_M2` or `PLAUSIBLE_ELECTRICITY_KWH_M2`, not used in comparisons) and `value` (kWh per m² if implausible).
    """
    rows = []
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
            if not is_plausible(intensity, bounds):
                rows.append({**about, "doubt": doubt, "value": intensity})
    return pd.DataFrame(rows, columns=["building", "year", "doubt", "value"]).astype(
        {"year": "Int64", "value": "float64"}
    )


def is_plausible(intensity: float, bounds: tuple[float, float] = PLAUSIBLE_KWH_M2) -> bool:
    """Whether a use of heat (or of what the bounds are of) in kWh per m² and year can be believed; a missing one is no reason for doubt."""
    low, high = bounds
    return math.isnan(intensity) or low <= intensity <= high


def _frame(
    table: pd.DataFrame, where: str, columns: Mapping[str, tuple[str, ...]], required: Iterable[str]
) -> pd.DataFrame:
    """The columns in their order, each cell understood or the first wrong one named."""
    given = [str(column) for column in table.columns]
    for column in given:
        if column not in columns:
            raise broken(where, f"this column is not known here. Known: {', '.join(columns)}.", column=column)
        if given.count(column) > 1:
            raise broken(where, "this column stands twice.", column=column)
    absent = [column for column in required if column not in given]
    if absent:
        raise broken(where, f"there is no column {absent[0]!r} ({', '.join(columns[absent[0]][:4])}). Add it.")
    if table.empty:
        raise broken(where, "there is no row below the headings.")
    found: dict[str, list[Any]] = {column: [] for column in columns}
    for row, values in zip(table.index, table.to_dict("records"), strict=True):
        for column in columns:
            try:
                found[column].append(CELLS[column](values.get(column)))
            except ValueError as error:
                raise broken(where, f"{error}.", row=row, column=column) from error
    frame = pd.DataFrame(found, index=table.index)
    return frame.astype({c: "Int64" if c in WHOLE_COLUMNS else "float64" for c in columns if c in BOUNDS})


def _check_building(building: str, part: pd.DataFrame, where: str) -> None:
    """The rows of a building agree with each other."""
    first = part.iloc[0]
    for row, values in list(zip(part.index, part.to_dict("records"), strict=True))[1:]:
        for column in _FIXED:
            if values[column] != first[column] and not (is_missing(values[column]) and is_missing(first[column])):
                problem = (
                    f"{values[column]!r:.80} for building {building!r:.80}, but row {part.index[0]} says {first[column]!r:.80}. "
                    "Write the same in all rows of a building."
                )
                raise broken(where, problem, row=row, column=column)
    seen: dict[Any, Any] = {}
    for row, year in zip(part.index, part["year"], strict=True):
        key = None if is_missing(year) else int(year)
        if key in seen or (seen and (key is None or None in seen)):
            what = (
                f"{key} stands in row {seen[key]} already"
                if key in seen
                else "one row has no year beside rows with one"
            )
            raise broken(where, f"building {building!r:.80}: {what}. Remove one of the rows.", row=row, column="year")
        seen[key] = row
