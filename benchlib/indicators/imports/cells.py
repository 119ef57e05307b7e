"""Cells as clean text, with the memory of what the spreadsheet held as a number."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any


class NumberText(str):
    """Text of a cell that the spreadsheet holds as a number: a decimal point, no separators, "%" where it is shown in per cent."""

    __slots__ = ()


def clean(text: str) -> str:
    """Text of a cell without what does not print (control characters, marks that turn the direction of writing); blanks are plain.

    Parameters
    ----------
    text : str
        What stands in the file.

    Returns
    -------
    str
    """
    letters = (c if c.isprintable() else " " if c.isspace() else "" for c in text)
    return " ".join("".join(letters).split())


def number_text(value: float, *, is_percent: bool = False) -> NumberText:
    """Text of a number, exact and without an exponent.

    Parameters
    ----------
    value : float
        A finite number.
    is_percent : bool
        Whether it is shown in per cent: 0.125 is "12.5%".

    Returns
    -------
    NumberText
    """
    number = Decimal(repr(value + 0)).scaleb(2 if is_percent else 0).normalize()
    return NumberText(f"{number:f}{'%' if is_percent else ''}")


def cell_text(value: Any) -> str:
    """Text of what a spreadsheet holds: a number in digits, a day as 2015-01-31, all else clean.

    Parameters
    ----------
    value : object
        What the reader of the spreadsheet gave.

    Returns
    -------
    str
    """
    if value is None or isinstance(value, NumberText):
        return value or ""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return number_text(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == datetime.min.time() else value.isoformat(" ")
    return value.isoformat() if isinstance(value, date) else clean(str(value))
