"""Tables about one municipality: its position, who does better, its score by several methods."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from benchlib.comparison import Profile
from benchlib.indicators import Passport
from benchlib.reporting.blocks import Cell, Column, Note, Table
from benchlib.reporting.compose import note, table
from benchlib.reporting.values import (
    cost_mark,
    cost_note,
    doubt_note,
    few_note,
    label_with_unit,
    marked,
    median_value,
    ranked_row,
    short_value,
)
from benchlib.reporting.words import Words


def positions(profile: Profile, passports: Mapping[str, Passport], names: Mapping[str, str], words: Words) -> Table:
    """Every indicator: own figure, median, rank and light, and who is best.

    Parameters
    ----------
    profile : Profile
        From `comparison.profile`.
    passports : mapping of str to Passport
        Passports of the indicators.
    names : mapping of str to str
        Names of the members by code, in the report's language.
    words : Words
        Language.

    Returns
    -------
    Table
    """
    _ = words.gettext
    columns = [
        Column("indicator", _("Indicator"), is_row_header=True),
        Column("own", _("Own figure"), align="right"),
        Column("median", _("Group median"), align="right"),
        Column("rank", _("Rank")),
        Column("best", _("Best in the group")),
    ]
    rows = []
    for row in profile.table.to_dict("records"):
        passport = passports[row["indicator"]]
        best = row["best_territory"]
        rows.append(
            {
                "indicator": f"{label_with_unit(passport, words)}{cost_mark(passport)}, {row['year']}",
                "own": words.missing
                if np.isnan(row["value"])
                else marked(short_value(row["value"], passport, words), profile.is_doubtful(passport.id)),
                "median": median_value(row["median"], passport, words),
                "rank": Cell(
                    ranked_row(row, words),
                    row["light"],
                    light_word(row["light"], words),
                ),
                "best": marked(
                    f"{names[best]}, {short_value(row['best'], passport, words)}",
                    profile.is_doubtful(passport.id, best),
                )
                if best
                else words.number(np.nan),
            }
        )
    return table(
        columns,
        rows,
        caption=_("Position of {m} in its comparison group").format(m=words.name(profile.municipality)),
        note=" ".join(_notes_on_ranks(profile, passports, words)),
    )


def _notes_on_ranks(profile: Profile, passports: Mapping[str, Passport], words: Words) -> list[str]:
    """What the signs, the ranges behind ranks and the mark beside unit costs mean, as far as the table has them."""
    _ = words.gettext
    notes = [_("▲ best quarter, ◆ middle half, ▼ last quarter of the members with a figure.")]
    if profile.table["rank"].notna().any():
        notes.append(_("In brackets: best and worst rank in the years around, or that there is one year only."))
    if profile.table["median"].isna().any():
        notes.append(few_note(words))
    if any(cost_mark(passports[indicator]) for indicator in profile.table["indicator"]):
        notes.append(cost_note(words))
    pairs = zip(profile.table["indicator"], profile.table["best_territory"], strict=True)
    if any(profile.is_doubtful(i) or profile.is_doubtful(i, best) for i, best in pairs):
        notes.append(doubt_note(words))
    return notes


def light_word(light: str, words: Words) -> str:
    """The traffic light in words."""
    _ = words.gettext
    return {
        "green": _("best quarter"),
        "yellow": _("middle half"),
        "red": _("last quarter"),
        "none": _("no position"),
    }[light]


def better(
    dominators: pd.DataFrame,
    own: Mapping[str, float],
    *,
    money: Passport,
    result: Passport,
    names: Mapping[str, str],
    alike: Iterable[str],
    words: Words,
) -> Table | Note:
    """Who spends no more and reaches no less: figures, and the difference from the own ones.

    Parameters
    ----------
    dominators : pandas.DataFrame
        From `comparison.dominators`.
    own : mapping of str to float
        Own figure of the input and the output, by indicator; empty without a score.
    money, result : Passport
        The input and the output.
    names : mapping of str to str
        Names by code, in the report's language.
    alike : iterable of str
        Codes of the comparison group, marked as similar in context.
    words : Words
        Language.

    Returns
    -------
    Table or Note
        A note if there is nobody, or no own figure to hold against.
    """
    _ = words.gettext
    if not own:
        return note(_("Without a score nothing can be said about who does better."))
    if dominators.empty:
        return note(_("Nobody compared spends no more and reaches at least the same result."))
    similar = set(alike)
    columns = [
        Column("name", _("Municipality"), is_row_header=True),
        Column("money", f"{money.name[words.language]}{cost_mark(money)}", align="right"),
        Column("less", _("Difference"), align="right"),
        Column("result", result.name[words.language], align="right"),
        Column("more", _("Difference, points"), align="right"),
        Column("alike", _("In the comparison group")),
    ]
    rows = [
        {
            "name": names[row["unit"]],
            "money": short_value(row[money.id], money, words),
            "less": words.euro(row[money.id] - own[money.id], sign=True),
            "result": short_value(row[result.id], result, words),
            "more": words.number(row[result.id] - own[result.id], 1, sign=True),
            "alike": _("yes") if row["unit"] in similar else _("no"),
        }
        for row in dominators.to_dict("records")
    ]
    return table(
        columns,
        rows,
        caption=_("Municipalities that spend no more and reach at least the same result"),
        note=cost_note(words) if cost_mark(money) else "",
    )


def methods(scores: pd.DataFrame, words: Words) -> Table:
    """The score by several methods side by side.

    Parameters
    ----------
    scores : pandas.DataFrame
        `ServiceScores.table`.
    words : Words
        Language.

    Returns
    -------
    Table
    """
    _ = words.gettext
    columns = [
        Column("method", _("Method"), is_row_header=True),
        Column("units", _("Municipalities"), align="right"),
        Column("efficient", _("On the frontier"), align="right"),
        Column("efficiency", _("Efficiency"), align="right"),
        Column("corrected", _("Corrected"), align="right"),
        Column("interval", _("95% interval"), align="right"),
        Column("ranks", _("Range of ranks"), align="right"),
    ]
    cells = [
        {
            "method": method_word(row["method"], words),
            "units": words.number(row["units"]),
            "efficient": words.number(row["efficient"]),
            "efficiency": words.number(row["efficiency"], 2),
            "corrected": "–" if pd.isna(row["corrected"]) else words.number(row["corrected"], 2),
            "interval": _range(row["low"], row["high"], 2, words),
            "ranks": _range(row["rank_low"], row["rank_high"], 0, words),
        }
        for row in scores.to_dict("records")
    ]
    return table(
        columns,
        cells,
        caption=_("Efficiency of the schools by several methods"),
        note=_("1 means that nobody compared does better. A dash: the method gives no interval."),
    )


def method_word(method: str, words: Words) -> str:
    """A method as a reader calls it."""
    _ = words.gettext
    return {
        "dea": _("DEA: one mean result"),
        "fdh": _("FDH: one mean result"),
        "dea_detail": _("DEA: four results separately"),
        "dea_all": _("DEA: cities and novadi together"),
    }[method]


def _range(low: object, high: object, decimals: int, words: Words) -> str:
    if pd.isna(low) or pd.isna(high):  # type: ignore[call-overload]
        return "–"
    return words.interval(low, high, decimals)
