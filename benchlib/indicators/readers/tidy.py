"""The one shape in which every reader hands figures on."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

import pandas as pd

from benchlib.errors import OptionError
from benchlib.indicators.readers.numbers import Figure

COLUMNS: Final = ("territory", "year", "measure", "value", "status", "symbol")

_FIRST_YEAR, _LAST_YEAR = 1900, 2100


class Record(NamedTuple):
    """One figure: where, when, what, and the cell as it was understood."""

    territory: str
    year: int
    measure: str
    figure: Figure


def tidy_frame(records: Iterable[Record]) -> pd.DataFrame:
    """Turn records into a table with a row per figure.

    Parameters
    ----------
    records : iterable of Record

    Returns
    -------
    pandas.DataFrame
        Columns `territory` (ATVK code), `year` (int64), `measure`, `value` (float64, NaN when missing), `status`,
        `symbol`; rows in the order of the records.
    """
    rows = [(r.territory, r.year, r.measure, r.figure.value, r.figure.status, r.figure.symbol) for r in records]
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    return frame.astype({"year": "int64", "value": "float64"})


def year_of(name: str, year: int | None) -> int:
    """Return the year of a file: the argument, else the one four-digit year in the file's name.

    Parameters
    ----------
    name : str
        File name, such as "raim-lv-2013.csv".
    year : int or None
        What the caller passed; it goes before the name.

    Returns
    -------
    int

    Raises
    ------
    OptionError
        If the argument is no year, or if there is none and the name does not carry exactly one.
    """
    if year is None:
        named = set(re.findall(r"(?<![0-9])(?:19|20)[0-9]{2}(?![0-9])", name))
        if len(named) != 1:
            raise OptionError(
                f"The name of the file {name!r} does not say the year of the figures. Pass year=, for example 2013."
            )
        return int(named.pop())
    if isinstance(year, bool) or not isinstance(year, int) or not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise OptionError(f"year={year!r} is not a year between {_FIRST_YEAR} and {_LAST_YEAR}.")
    return year
