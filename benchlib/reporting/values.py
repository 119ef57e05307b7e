"""How an indicator, its value, a score and a method are written for a reader."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pandas as pd
from babel.lists import format_list

from benchlib.indicators import Passport, Territory
from benchlib.reporting.words import MISSING, Words

_SHOWN = 6  # names in a sentence before "and n more"
_MOST_DECIMALS = 6
#: A figure with the names of all municipalities names no more than so many; of more only those at either end.
MOST_NAMED = 12


def label_of(passport: Passport, words: Words, *, year: int | None = None) -> str:
    """Name of an indicator, with its year where that is not the report's own.

    Parameters
    ----------
    passport : Passport
        The indicator.
    words : Words
        Language.
    year : int, optional
        Year of the figure.

    Returns
    -------
    str
    """
    name = passport.name[words.language]
    return name if year is None else f"{name}, {year}"


#: Beside every unit cost; `cost_note` says why.
COST_MARK = "†"


def cost_mark(passport: Passport) -> str:
    """The mark beside the name or the figure of a unit cost; "" for every other indicator."""
    return COST_MARK if passport.dimension == "cost" else ""


def cost_note(words: Words) -> str:
    """What the mark beside unit costs means.

    Parameters
    ----------
    words : Words
        Language.

    Returns
    -------
    str
    """
    return words.gettext(
        "†: to be read with caution: the accounts of the municipalities audited do not show what a service costs "
        "(State Audit Office, 2017)."
    )


def marked(text: str, is_doubtful: bool) -> str:
    """A number or a name with the mark of a doubtful figure behind it; as it is, if nobody doubts it."""
    return f"{text}\N{NO-BREAK SPACE}?" if is_doubtful else text


def marked_names(names: Mapping[str, str], doubtful: Collection[str]) -> dict[str, str]:
    """Names by code, those of municipalities with doubtful figures with their mark."""
    return {code: marked(name, code in doubtful) for code, name in names.items()}


def doubt_note(words: Words) -> str:
    """What the mark of a doubtful figure means."""
    return words.gettext("?: doubtful figure.")


def ranked(rank: Any, low: Any, high: Any, of: Any, words: Words, *, among: tuple[Any, Any] = (None, None)) -> str:
    """A rank with the range in which it moved in the years around, or marked as that of one year.

    Parameters
    ----------
    rank, low, high : float
        From `comparison.rank_ranges`; a NaN range means that there is one year only.
    of : int
        Members with a figure.
    words : Words
        Language.
    among : tuple of (int, int)
        Fewest and most members with a figure in the years of the range. Where these differ, the range says among how many it is, and may
        stand on a line of its own.

    Returns
    -------
    str
        "3. no 11 (2.–5.)", "3. no 11 (visos gados)", "3. no 11 (viens gads)" or "9. no 11 (8.–12. no 11–14)"; missing is "…".
    """
    text = words.rank(rank, of)
    if text == MISSING:
        return text
    space = "\N{NO-BREAK SPACE}"
    around = "\N{EN DASH}\N{WORD JOINER}".join(dict.fromkeys((words.rank(low), words.rank(high))))
    if pd.isna(low) or pd.isna(high):
        around = words.gettext("one year")
    elif not pd.isna(among[0]) and among[0] != among[1]:
        of_those = words.gettext("{rank} of {count}").format(rank=around, count=words.interval(*among, 0))
        around, space = of_those.replace(" ", space), " "
    elif low == high:
        around = words.gettext("every year")
    return f"{text}{space}({around})"


def ranked_row(row: Mapping[Any, Any] | pd.Series, words: Words) -> str:
    """The rank in a row of a profile, a meeting or gaps, as `ranked` writes it.

    Parameters
    ----------
    row : mapping
        With `rank` and `members_with_figure`; `rank_low`, `rank_high`, `fewest_members` and `most_members` where they are known.
    words : Words
        Language.

    Returns
    -------
    str
    """
    among = row.get("fewest_members"), row.get("most_members")
    return ranked(
        row["rank"], row.get("rank_low"), row.get("rank_high"), row["members_with_figure"], words, among=among
    )


def label_with_unit(passport: Passport, words: Words) -> str:
    """Name of an indicator with its unit, where `short_value` and the name do not say it already.

    Parameters
    ----------
    passport : Passport
        The indicator.
    words : Words
        Language.

    Returns
    -------
    str
    """
    name, unit = passport.name[words.language], passport.unit[words.language]
    if passport.unit["en"].startswith(("EUR", "%")) or unit.split()[0].lower() in name.lower():
        return name
    return f"{name}, {unit}"


def short_value(value: Any, passport: Passport, words: Words, *, sign: bool = False) -> str:
    """Value as it stands in a cell or beside a dot: number with euro or per cent sign, other units left to the label.

    Parameters
    ----------
    value : float
        Value in the passport's unit; NaN is missing.
    passport : Passport
        Decimals and unit.
    words : Words
        Language.
    sign : bool
        Write a plus before positive numbers.

    Returns
    -------
    str
    """
    unit = passport.unit["en"]
    if unit.startswith("EUR"):
        return words.euro(value, passport.decimals, sign=sign)
    if unit.startswith("%"):
        return words.percent(value, passport.decimals, sign=sign)
    return words.number(value, passport.decimals, sign=sign)


def as_shown(value: float, decimals: int) -> Decimal:
    """Value rounded as `Words.number` shows it, so that a sentence agrees with the numbers in it.

    Parameters
    ----------
    value : float
        The value; not missing.
    decimals : int
        Decimals to show.

    Returns
    -------
    decimal.Decimal
    """
    return Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def efficiency_value(efficiency: float, words: Words) -> str:
    """Efficiency with two decimals, or as many as show that it is not 1: only the frontier is "1.00".

    Parameters
    ----------
    efficiency : float
        Between 0 and 1 (or above, for who does better than those compared with); NaN is missing.
    words : Words
        Language.

    Returns
    -------
    str
    """
    decimals = 2
    while efficiency < 1.0 and decimals < _MOST_DECIMALS and as_shown(efficiency, decimals) == 1:
        decimals += 1
    return words.number(efficiency, decimals)


def method_word(method: str, words: Words) -> str:
    """A method of `benchlib.compare_methods` as a label has room for it.

    Parameters
    ----------
    method : str
        A word of `terms.Method`.
    words : Words
        Language.

    Returns
    -------
    str
    """
    _ = words.gettext
    return {
        "dea": _("DEA"),
        "bootstrap": _("DEA, corrected"),
        "fdh": _("FDH"),
        "order_m": _("order-m"),
        "order_alpha": _("order-alpha"),
        "slacks_based": _("slacks-based"),
        "super_efficiency": _("super-efficiency"),
        "cross_efficiency": _("cross-efficiency"),
        "sfa": _("SFA"),
    }[method]


def direction_word(direction: str, words: Words) -> str:
    """What more of a condition goes with, from the word in the results of the second stage."""
    _ = words.gettext
    return {
        "less efficient": _("less efficiency"),
        "more efficient": _("more efficiency"),
        "unclear": _("no clear difference"),
    }[direction]


def dimension_word(dimension: str, words: Words) -> str:
    """The dimension as a reader calls it."""
    _ = words.gettext
    return {
        "cost": _("Cost"),
        "productivity": _("Productivity"),
        "coverage": _("Access"),
        "quality": _("Result and quality"),
        "satisfaction": _("Satisfaction"),
        "context": _("Context"),
    }[dimension]


def median_value(median: Any, passport: Passport, words: Words) -> str:
    """A median as it stands in a cell; where there is none, that there are too few figures for it.

    Parameters
    ----------
    median : float
        In the passport's unit; NaN for fewer than four figures.
    passport : Passport
        Decimals and unit.
    words : Words
        Language.

    Returns
    -------
    str
    """
    return words.gettext("too few") if pd.isna(median) else short_value(median, passport, words)


def few_note(words: Words) -> str:
    """Why there is no median."""
    return words.gettext("Fewer than four figures are too few for a median.")


def volume_note(year: Any, volume_year: Any, words: Words) -> str:
    """That euro are made of the cost of one year and the users of another.

    Parameters
    ----------
    year, volume_year : float
        Year of the cost, and that of the users; NaN where unknown.
    words : Words
        Language.

    Returns
    -------
    str
        "" where both are of the same year, or nothing is known of the users.
    """
    if pd.isna(volume_year) or year == volume_year:
        return ""
    text = words.gettext(
        "The euro multiply the cost of {year} by the number of users of {volume_year}: those of {year} are not known."
    )
    return text.format(year=int(year), volume_year=int(volume_year))


def full_value(value: Any, passport: Passport, words: Words) -> str:
    """Value with its unit in words: "1 581 EUR uz skolēnu".

    Parameters
    ----------
    value : float
        Value in the passport's unit; NaN is missing.
    passport : Passport
        Decimals and unit.
    words : Words
        Language.

    Returns
    -------
    str
    """
    number = words.number(value, passport.decimals)
    unit = passport.unit[words.language]
    return words.percent(value, passport.decimals) if unit == "%" else f"{number} {unit}"


def listed(names: Sequence[str], words: Words, *, quoted: bool = False) -> str:
    """Names in a sentence: "A, B un C".

    Parameters
    ----------
    names : sequence of str
        The names.
    words : Words
        Language.
    quoted : bool
        Put each into the quotation marks of the language; for names that are phrases.

    Returns
    -------
    str
    """
    left, right = ("„", "”") if words.language == "lv" else ("“", "”")
    shown = [f"{left}{name}{right}" if quoted else name for name in names]
    return format_list(shown, locale=words.language)


def names_listed(units: Sequence[Territory], words: Words) -> str:
    """Names in a sentence; after six the rest is counted."""
    return some_listed([str(words.name(unit)) for unit in units], words)


def some_listed(names: Sequence[str], words: Words) -> str:
    """Names in a sentence; after six the rest is counted.

    Parameters
    ----------
    names : sequence of str
        The names.
    words : Words
        Language.

    Returns
    -------
    str
    """
    if len(names) <= _SHOWN + 1:
        return listed(names, words)
    rest = len(names) - _SHOWN
    more = words.ngettext("{n} more", "{n} more", rest).format(n=rest)
    return listed([*names[:_SHOWN], more], words)
