"""Names in publishers' files to ATVK codes.

A publisher's "Jelgava" is the city, because the publisher writes "Jelgavas novads" for the other; so a name that is
exactly that of a municipality counts as such before the forgiving search, which would call it ambiguous.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from functools import cache
from typing import Literal

from benchlib.errors import AmbiguousTerritoryError, UnknownTerritoryError
from benchlib.indicators.names import find_municipality
from benchlib.indicators.readers.files import broken
from benchlib.indicators.territory import Territory, classification
from benchlib.terms import Classification

ExpectedUnits = int | Literal["all"] | None


@cache
def exact_names(territory: Classification) -> dict[str, Territory]:
    """Return the municipalities of a classification by their full Latvian and English names.

    Parameters
    ----------
    territory : {"2009", "2021", "2025"}

    Returns
    -------
    dict of str to Territory
        Keys are casefolded.
    """
    units = classification(territory)
    return {name.casefold(): unit for unit in units for name in (unit.name_en, unit.name)}


def clean_label(text: str) -> str:
    """Return a label without leading dots (the depth in a tree) and with single blanks.

    Parameters
    ----------
    text : str
        For example "..Bauska municipality ".

    Returns
    -------
    str
    """
    return " ".join(text.split()).lstrip(".").strip()


def municipality_code(label: str, territory: Classification, *, name: str, row: int, column: str) -> str:
    """Return the code of the municipality that a cell names.

    Parameters
    ----------
    label : str
        What stands in the cell.
    territory : {"2009", "2021", "2025"}
        Classification of the file.
    name, row, column : str, int, str
        File, row and column, for the message.

    Returns
    -------
    str
        ATVK code.

    Raises
    ------
    FiguresFileError
        If no municipality or several have this name; the message gives the nearest names.
    """
    text = clean_label(label)
    exact = exact_names(territory).get(text.casefold())
    if exact is not None:
        return exact.code
    try:
        return find_municipality(text, territory).code
    except (UnknownTerritoryError, AmbiguousTerritoryError) as error:
        raise broken(name, str(error), row=row, column=column) from error


def check_units(name: str, found: Iterable[str], expected: ExpectedUnits, territory: Classification) -> None:
    """Check how many municipalities a file holds: the only sign of a file that is cut exactly at a line end.

    Parameters
    ----------
    name : str
        File name for the message.
    found : iterable of str
        Codes in the file; repetitions and "" (no municipality) do not count.
    expected : int, "all" or None
        Number of municipalities, all of the classification, or no check.
    territory : {"2009", "2021", "2025"}

    Raises
    ------
    FiguresFileError
        If the number differs.
    """
    if expected is None:
        return
    have = set(found) - {""}
    number = len(classification(territory)) if expected == "all" else expected
    if len(have) == number:
        return
    absent = [unit.name for unit in classification(territory) if unit.code not in have]
    examples = f" (not in it: {', '.join(absent[:3])}{', ...' if len(absent) > 3 else ''})" if absent else ""
    there = "1 municipality" if len(have) == 1 else f"{len(have)} municipalities"
    wanted = "1 is" if number == 1 else f"{number} are"
    problem = f"{there} where {wanted} expected{examples}; the file may be cut at a line end."
    raise broken(name, f"{problem} If it is meant to be so, pass expected_units={len(have)}.")


def refuse_repeated(
    name: str,
    keys: Iterable[tuple[int, Hashable, str]],
    column: str | None,
    *,
    remedy: str = "Remove the row that does not belong here.",
) -> None:
    """Check that no key stands twice.

    Parameters
    ----------
    name : str
        File name for the message.
    keys : iterable of (row, key, label)
        Row number, what must be unique, and how the file calls it.
    column : str or None
        Column for the message.
    remedy : str
        What to do, in full sentences.

    Raises
    ------
    FiguresFileError
        At the second row with the same key; the message names the first.
    """
    first: dict[Hashable, int] = {}
    for row, key, label in keys:
        if key in first:
            raise broken(name, f"{label!r} already stands in row {first[key]}. {remedy}", row=row, column=column)
        first[key] = row
