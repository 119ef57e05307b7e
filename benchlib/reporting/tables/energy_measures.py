"""Tables of what was done to the buildings, and of what is planned."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pandas as pd

from benchlib.reporting.blocks import Column, Table
from benchlib.reporting.compose import table
from benchlib.reporting.energy_words import capital, kind_word, status_word, with_range
from benchlib.reporting.values import listed
from benchlib.reporting.words import MISSING, Words

_DASH: Final = "–"


def done(works: pd.DataFrame, words: Words) -> Table | None:
    """Completed works: use before and after, observed and expected saving.

    Parameters
    ----------
    works : pandas.DataFrame
        From `comparison.energy_before_after`.
    words : Words
        Language.

    Returns
    -------
    Table or None
        None if the register names none: `texts.energy.done_sentences` says so.
    """
    _ = words.gettext
    if works.empty:
        return None
    columns = [
        Column("name", _("Building"), is_row_header=True),
        Column("year", _("Year"), align="right"),
        Column("kinds", _("Works")),
        Column("before", _("Before, kWh/m²"), align="right"),
        Column("after", _("After, kWh/m²"), align="right"),
        Column("observed", _("Saved, %"), align="right"),
        Column("expected", _("Expected, %"), align="right"),
        Column("verdict", _("Judgement")),
    ]
    rows = []
    for row in works.to_dict("records"):
        kinds = listed([kind_word(kind, words) for kind in row["kinds"]], words)
        rows.append(
            {
                "name": row["name"],
                "year": str(row["year"]),
                "kinds": kinds if row["carrier"] == "heat" else f"{kinds} ({words.gettext('electricity')})",
                "before": _with_count(row["before"], row["before_years"], words),
                "after": _with_count(row["after"], row["after_years"], words),
                "observed": with_range(words.number(row["observed_pct"]), row["low_pct"], row["high_pct"], words),
                "expected": words.number(row["expected_pct"]),
                "verdict": _verdict(str(row["verdict"]), words),
            }
        )
    remark = _(
        "In brackets: of the use, on how many full years it rests; of the saving, its range. Heat is that of normal weather."
    )
    if works["low_pct"].isna().all():
        remark = _(
            "In brackets: on how many full years the use rests. The savings have no range. Heat is that of normal weather."
        )
    return table(columns, rows, caption=_("Completed works: before and after"), note=remark)


def _with_count(value: float, years: int, words: Words) -> str:
    return f"{words.number(value)}\N{NO-BREAK SPACE}({years})" if years else MISSING


def _verdict(verdict: str, words: Words) -> str:
    _ = words.gettext
    return {
        "as expected": _("no clear difference"),
        "perhaps more": _("perhaps more than expected"),
        "perhaps less": _("perhaps less than expected"),
        "more": _("more than expected"),
        "less": _("less than expected"),
        "no_range": _("no range"),
        "no_expectation": _("nothing expected"),
        "no_before": _("no year before"),
        "no_after": _("no year after yet"),
    }[verdict]


def planned(measures: pd.DataFrame, words: Words) -> Table | None:
    """Planned measures with cost, saving and payback, the shortest payback first.

    Parameters
    ----------
    measures : pandas.DataFrame
        From `comparison.energy_measures`.
    words : Words
        Language.

    Returns
    -------
    Table or None
        None if the register names none: `texts.energy.planned_sentences` says so.
    """
    _ = words.gettext
    found = measures.loc[measures["status"] == "planned"].sort_values(["payback", "building", "kind"])
    if found.empty:
        return None
    columns = [
        Column("name", _("Building"), is_row_header=True),
        Column("kind", _("Kind of measure")),
        Column("cost", _("Cost"), align="right"),
        Column("saving", _("Saving, MWh a year"), align="right"),
        Column("euro", _("EUR a year"), align="right"),
        Column("co2", _("CO₂, t a year"), align="right"),
        Column("payback", _("Payback, years"), align="right"),
        Column("lifetime", _("Service life, years"), align="right"),
    ]
    rows = [
        {
            "name": row["name"],
            "kind": kind_word(row["kind"], words),
            "cost": words.euro(row["cost_eur"]),
            "saving": words.number(row["saving_mwh"], 1),
            "euro": words.number(row["saving_eur"]),
            "co2": words.number(row["saving_co2_t"], 1),
            "payback": with_range(words.number(row["payback"]), row["payback_low"], row["payback_high"], words),
            "lifetime": words.number(row["lifetime"]),
        }
        for row in found.to_dict("records")
    ]
    return table(
        columns,
        rows,
        caption=_("Planned measures"),
        note=_(
            "Each measure counts for itself. In brackets: the range of the payback. “…”: cost, saving or use is not known."
        ),
    )


def kinds(totals: pd.DataFrame, words: Words) -> Table | None:
    """Measures added up by kind, completed and planned.

    Parameters
    ----------
    totals : pandas.DataFrame
        From `comparison.energy_kinds`.
    words : Words
        Language.

    Returns
    -------
    Table or None
        None if the register names no measures, which the sentences on completed and planned ones say.
    """
    _ = words.gettext
    if totals.empty:
        return None
    columns = [
        Column("kind", _("Kind of measure"), is_row_header=True),
        Column("status", _("Status")),
        Column("measures", _("How many"), align="right"),
        Column("cost", _("Cost"), align="right"),
        Column("saving", _("Expected saving, MWh a year"), align="right"),
        Column("euro", _("EUR a year"), align="right"),
        Column("co2", _("CO₂, t a year"), align="right"),
        Column("lacking", _("Not in the sums")),
    ]
    rows = [
        {
            "kind": capital(kind_word(row["kind"], words)),
            "status": status_word(row["status"], words),
            "measures": words.number(row["measures"]),
            "cost": words.euro(row["cost_eur"]),
            "saving": words.number(row["saving_mwh"], 1),
            "euro": words.number(row["saving_eur"]),
            "co2": words.number(row["saving_co2_t"], 1),
            "lacking": _lacking(row, words),
        }
        for row in totals.to_dict("records")
    ]
    return table(
        columns,
        rows,
        caption=_("Measures by kind"),
        note=_(
            "Not in the sums: of how many measures the cost or the saving is not known (the register does not say it, or the building has "
            "no use to refer to). In such a row cost and saving are not those of the same measures."
        ),
    )


def _lacking(row: Mapping[Any, Any], words: Words) -> str:
    """Of how many measures of a kind cost or saving are not in the sums."""
    _ = words.gettext
    counts = (_("cost: {n}"), row["without_cost"]), (_("saving: {n}"), row["without_saving"])
    return "; ".join(text.format(n=words.number(count)) for text, count in counts if count) or _DASH
