"""How a file writes its numbers: with a decimal comma or a decimal point. Found out from all its numbers together, never cell by cell."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from benchlib.errors import OptionError
from benchlib.indicators.imports.cells import NumberText
from benchlib.indicators.readers.files import broken
from benchlib.indicators.readers.numbers import SPACES, SYMBOLS, Figure, NumberFormat, parse_number

#: What people write where there is no figure, besides the publishers' symbols.
OWN_SYMBOLS: Final[Mapping[str, Figure]] = {
    **SYMBOLS,
    **{symbol: Figure(float("nan"), "missing", symbol) for symbol in ("–", "—", "n/a", "N/A", "x", "X", "nav", "nav datu", "no data")},
}  # fmt: skip
_EURO: Final = re.compile(r"^€ ?|(?<=[0-9]) ?(?:€|EUR|eiro|euro)$", re.IGNORECASE)
#: One point before three digits: decimals in English, thousands in German and at times in Latvian.
_IN_THOUSANDS: Final = re.compile(r"-?[1-9][0-9]{0,2}\.[0-9]{3}")
_PERCENT: Final = re.compile(r"(?<=[0-9]) ?%$")


@dataclass(frozen=True)
class Numbers:
    """How numbers are written.

    Attributes
    ----------
    decimal : {",", "."}
        What stands before the decimals; blanks may separate thousands, and commas where the decimals have a point.
    """

    decimal: str

    def read(self, text: str, *, exponent: int = 0, percent: int | None = None) -> Figure:
        """Turn a cell into a figure.

        Parameters
        ----------
        text : str
            What stands in the cell.
        exponent : int
            Power of ten between the unit of the column and that of the measure.
        percent : int or None
            The same for a cell with a per cent sign; None where there may be none.

        Returns
        -------
        Figure

        Raises
        ------
        ValueError
            If the text is neither a number nor a symbol for a missing figure.
        """
        if text in OWN_SYMBOLS:
            return OWN_SYMBOLS[text]
        bare = _PERCENT.sub("", text)
        if bare != text:
            if percent is None:
                raise ValueError(f"{text!r} is a percentage; a number without % is expected")
            exponent = percent
        return Figure(self._number(text, bare, exponent), "observed", "")

    def _number(self, text: str, bare: str, exponent: int) -> float:
        if isinstance(text, NumberText):
            return parse_number(bare, _format(exponent, "."))
        plain = _EURO.sub("", bare).strip()
        if self.decimal == ",":
            if "." in plain:
                raise ValueError(f"{text!r:.60} is not a number such as '1234,5' (decimals have a comma in this file)")
            plain = plain.replace(",", ".")
        elif "," in plain:
            plain = plain.replace(" ", "?").replace(",", " ")
        try:
            return parse_number(plain, _format(exponent, self.decimal))
        except ValueError:
            example = "1234,5" if self.decimal == "," else "1234.5"
            raise ValueError(f"{text!r:.60} is not a number such as {example!r}") from None


@lru_cache
def _format(exponent: int, decimal: str) -> NumberFormat:
    return NumberFormat(thousands=SPACES, exponent=exponent, example=f"1234{decimal}5")


def choose_numbers(where: str, cells: Iterable[tuple[int, str, str]], decimal: str | None = None) -> Numbers:
    """Find out how a file writes its numbers.

    Parameters
    ----------
    where : str
        File and sheet, for the message.
    cells : iterable of (row, column, text)
        Cells in which numbers are expected.
    decimal : {",", "."}, optional
        What the user said.

    Returns
    -------
    Numbers
        With a comma where all numbers are whole.

    Raises
    ------
    FiguresFileError
        If some numbers have a decimal comma and others a point, or if each could be read in two ways ("1,234", "1.250").
    OptionError
        If `decimal` is neither.
    """
    if decimal is not None:
        if decimal not in (",", "."):
            raise OptionError(f"--decimal {decimal!r:.20} is neither ',' nor '.'.")
        return Numbers(decimal)
    only: dict[str, tuple[int, str, str]] = {}
    doubtful: tuple[int, str, str] | None = None
    for cell in cells:
        values = {sign: _value(cell[2], sign) for sign in (",", ".")}
        known = [sign for sign, value in values.items() if value is not None]
        if _IN_THOUSANDS.fullmatch(cell[2]) and not isinstance(cell[2], NumberText):
            doubtful = doubtful or cell
        elif len(known) == 1:
            only.setdefault(known[0], cell)
        elif len(set(values.values())) == 2:
            doubtful = doubtful or cell
    if len(only) == 2:
        (row, _, other), (at, column, text) = sorted(only.values())
        problem = f"{text!r:.40} stands here, {other!r:.40} in row {row}: one has a decimal comma, the other a point. Write all alike."
        raise broken(where, problem, row=at, column=column)
    if not only and doubtful is not None:
        say_which = "Say which: --decimal , or --decimal ."
        if "." in doubtful[2]:
            say_which = "If decimals have a point here, say --decimal . and if not, write the thousands without it."
        problem = f"{doubtful[2]!r:.40} can be a number with three decimals or one in thousands. {say_which}"
        raise broken(where, problem, row=doubtful[0], column=doubtful[1])
    return Numbers(next(iter(only), ","))


def _value(text: str, decimal: str) -> float | None:
    """What a cell says under a way of writing; None if it is no number then. Numbers of a spreadsheet are the same in both."""
    try:
        return Numbers(decimal).read(text, percent=0).value
    except ValueError:
        return None
