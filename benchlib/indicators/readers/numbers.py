"""Text to number, strictly: what a publisher writes becomes a number only if it is written the publisher's way.

Python's own `float` takes "nan", "inf", "1e5", "1_000" and Arabic digits; a figures file that holds one of these is
broken, so none of them passes here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import inf, nan
from typing import Final

from benchlib.terms import Status

#: Blank, no-break, thin and narrow no-break space: what separates thousands in Latvian typography.
SPACES: Final = " \u00a0\u2009\u202f"


@dataclass(frozen=True)
class NumberFormat:
    """How a publisher writes numbers.

    Attributes
    ----------
    thousands : str
        Characters that may separate groups of three digits (one kind within a number); empty for none.
    suffix : str
        What must follow the digits, such as "%"; empty for nothing.
    exponent : int
        Power of ten by which the written number is scaled: -2 turns "8.05%" into the share 0.0805.
    whole : bool
        Whether only whole numbers are allowed (counts).
    example : str
        A well-written number, for messages.
    """

    thousands: str = ""
    suffix: str = ""
    exponent: int = 0
    whole: bool = False
    example: str = "1250.07"


@dataclass(frozen=True)
class Figure:
    """A cell that was understood: its value (NaN when missing), status and the publisher's symbol ("" for none)."""

    value: float
    status: Status
    symbol: str


def _missing(symbol: str) -> Figure:
    return Figure(nan, "missing", symbol)


#: Symbols that stand in the place of a number. An empty cell is a missing figure without a symbol.
SYMBOLS: Final[Mapping[str, Figure]] = {
    **{symbol: _missing(symbol) for symbol in ("", "…", "...", "..", ".", "-")},
    ":": Figure(nan, "suppressed", ":"),
}

#: The same at the Central Statistical Bureau, where "-" is "magnitude zero".
CSB_SYMBOLS: Final[Mapping[str, Figure]] = {**SYMBOLS, "-": Figure(0.0, "observed", "-")}


def parse_number(text: str, number_format: NumberFormat) -> float:
    """Turn text into a number if it is written in the given format.

    Parameters
    ----------
    text : str
        For example "1,250.07", "698 086" or "8.05%". Blanks around it are ignored.
    number_format : NumberFormat
        How the publisher writes numbers.

    Returns
    -------
    float
        A finite number, correctly rounded from the decimal text.

    Raises
    ------
    ValueError
        If the text is not such a number.

    Examples
    --------
    >>> parse_number("8.05%", NumberFormat(suffix="%", exponent=-2))
    0.0805
    """
    found = _pattern(number_format).fullmatch(text.strip())
    if found is None:
        raise ValueError(f"{text!r} is not a number such as {number_format.example!r}")
    digits = (
        re.sub(f"[{re.escape(number_format.thousands)}]", "", found["digits"]) if found["group"] else found["digits"]
    )
    # Scaling in decimal text, not by a division, keeps 8.05% at 0.0805; adding 0.0 turns -0.0 into 0.0.
    value = float(f"{'-' if found['sign'] else ''}{digits}e{number_format.exponent}") + 0.0
    if abs(value) == inf:
        raise ValueError(f"{text[:20]!r}... is too large for a figure")
    return value


def parse_figure(text: str, number_format: NumberFormat, symbols: Mapping[str, Figure] = SYMBOLS) -> Figure:
    """Turn the text of a cell into a figure: a number, or a symbol that says why there is none.

    Parameters
    ----------
    text : str
        What stands in the cell.
    number_format : NumberFormat
        How the publisher writes numbers.
    symbols : mapping of str to Figure
        What the publisher's symbols mean.

    Returns
    -------
    Figure

    Raises
    ------
    ValueError
        If the text is neither a number in this format nor a symbol.
    """
    known = symbols.get(text.strip())
    return known if known is not None else Figure(parse_number(text, number_format), "observed", "")


@lru_cache
def _pattern(number_format: NumberFormat) -> re.Pattern[str]:
    """Grammar of a number: no leading zeros (that would be a code), groups of exactly three, digits 0-9 only."""
    plain = "(?:0|[1-9][0-9]*)"
    if number_format.thousands:
        separator = f"[{re.escape(number_format.thousands)}]"
        grouped = f"[1-9][0-9]{{0,2}}(?P<group>{separator})[0-9]{{3}}(?:(?P=group)[0-9]{{3}})*"
    else:
        grouped = "(?P<group>(?!))"
    fraction = "" if number_format.whole else r"(?:\.[0-9]+)?"
    suffix = f"[{SPACES}]?{re.escape(number_format.suffix)}" if number_format.suffix else ""
    return re.compile(f"(?P<sign>[-\u2212])?(?P<digits>(?:{grouped}|{plain}){fraction}){suffix}")
