"""Tables of the overview of energy-efficiency measures: the buildings, their comparison, the factors."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from benchlib.comparison import EnergyUse, energy_stock, worst_buildings
from benchlib.indicators import Factor
from benchlib.reporting.attachment import Attachment
from benchlib.reporting.blocks import Column, Table
from benchlib.reporting.compose import attach, table
from benchlib.reporting.energy_words import (
    capital,
    type_word,
    with_range,
)
from benchlib.reporting.tables.energy_measures import done, kinds, planned
from benchlib.reporting.texts.energy.use import range_gap_sentence
from benchlib.reporting.words import Words

__all__ = ["attachment", "done", "factors", "kinds", "planned", "source", "stock", "types", "worst"]

_DASH: Final = "–"


def stock(use: EnergyUse, words: Words) -> Table:
    """Buildings, floor area, energy, cost and carbon dioxide by type, and all together.

    Parameters
    ----------
    use : EnergyUse
        From `comparison.energy_use`.
    words : Words
        Language.

    Returns
    -------
    Table
    """
    _ = words.gettext
    columns = [
        Column("type", _("Type"), is_row_header=True),
        Column("buildings", _("Buildings"), align="right"),
        Column("area", _("Heated area, m²"), align="right"),
        Column("known", _("With heat"), align="right"),
        Column("heat", _("Heat, MWh"), align="right"),
        Column("electricity", _("Electricity, MWh"), align="right"),
        Column("cost", _("Cost"), align="right"),
        Column("co2", _("CO₂, t"), align="right"),
    ]
    rows = [
        {
            "type": capital(type_word(row["type"], words)) if row["type"] else _("Together"),
            "buildings": words.number(row["buildings"]),
            "area": words.number(row["area_m2"]),
            "known": words.number(row["with_heat"]),
            "heat": words.number(row["heat_mwh"]),
            "electricity": words.number(row["electricity_mwh"]),
            "cost": words.euro(row["cost_eur"]),
            "co2": words.number(row["co2_t"]),
        }
        for row in energy_stock(use).to_dict("records")
    ]
    return table(
        columns,
        rows,
        caption=_("Buildings and their use of energy, {year}").format(year=use.year),
        highlight=[len(rows) - 1],
        note=_(
            "With heat: buildings with a plausible figure of heat for the year. Sums are those of the buildings with figures."
        ),
    )


def types(use: EnergyUse, words: Words) -> Table:
    """Median, its interval and the best quarter of each type.

    Parameters
    ----------
    use : EnergyUse
        From `comparison.energy_use`.
    words : Words
        Language.

    Returns
    -------
    Table
    """
    _ = words.gettext
    columns = [
        Column("type", _("Type"), is_row_header=True),
        Column("compared", _("Compared"), align="right"),
        Column("median", _("Median of heat, kWh/m²"), align="right"),
        Column("interval", _("Interval of the median"), align="right"),
        Column("best", _("Best quarter"), align="right"),
        Column("electricity", _("Median of electricity, kWh/m²"), align="right"),
    ]
    rows = []
    for row in use.types.to_dict("records"):
        has_median = not pd.isna(row["median"])
        coverage = words.percent(100.0 * row["coverage"], 0) if has_median else ""
        interval = f"{words.interval(row['median_low'], row['median_high'], 0)} ({coverage})" if has_median else _DASH
        rows.append(
            {
                "type": capital(type_word(str(row["type"]), words)),
                "compared": words.number(row["compared"]),
                "median": words.number(row["median"]) if has_median else _DASH,
                "interval": interval.replace(" (", "\N{NO-BREAK SPACE}("),
                "best": words.number(row["best"]) if has_median else _DASH,
                "electricity": _DASH if pd.isna(row["electricity_median"]) else words.number(row["electricity_median"]),
            }
        )
    return table(
        columns,
        rows,
        caption=_("Use of energy by type, heat in normal weather"),
        note=_(
            "In brackets: how surely the interval holds the median of such buildings. A dash: fewer than four buildings have figures."
        ),
    )


def worst(use: EnergyUse, words: Words, count: int = 10) -> Table | None:
    """The buildings that would save most at the median of their type.

    Parameters
    ----------
    use : EnergyUse
        From `comparison.energy_use`.
    words : Words
        Language.
    count : int
        How many at most.

    Returns
    -------
    Table or None
        None if no building uses more than the median of its type: `texts.energy.potential_sentences` says so.
    """
    _ = words.gettext
    found = worst_buildings(use, count)
    if found.empty:
        return None
    above = int((use.buildings["saving_median_mwh"] > 0).sum())
    columns = [
        Column("name", _("Building"), is_row_header=True),
        Column("rank", _("Place by saving")),
        Column("value", _("Heat, kWh/m²"), align="right"),
        Column("median", _("Median of the type"), align="right"),
        Column("saving", _("Saving to the median, MWh a year"), align="right"),
        Column("euro", _("EUR a year"), align="right"),
        Column("co2", _("CO₂, t a year"), align="right"),
    ]
    lacking = _("one year") if use.range_gap == "one year" else _("no range")
    rows = [_worst_row(row, above, lacking, words) for row in found.to_dict("records")]
    ranges = range_gap_sentence(use, words) or _(
        "In brackets: ranges, from what the building's use moves from year to year; of the place, how it could change with them. Euro "
        "and CO₂ have the same range in proportion."
    )
    taken = _("The median is taken as it is.")
    return table(columns, rows, caption=_("The greatest savings to the median of the type"), note=f"{ranges} {taken}")


def _worst_row(row: dict[Any, Any], above: int, lacking: str, words: Words) -> dict[str, str]:
    saving = (row[f"saving_median_{end}mwh"] for end in ("", "low_", "high_"))
    mwh, low, high = saving
    return {
        "name": row["name"],
        "rank": _place(row, above, lacking, words),
        "value": with_range(words.number(row["value"]), row["low"], row["high"], words),
        "median": words.number(row["median"]),
        "saving": with_range(words.number(mwh), low, high, words),
        "euro": words.number(row["saving_median_eur"]),
        "co2": words.number(row["saving_median_co2_t"], 1),
    }


def _place(row: dict[Any, Any], above: int, lacking: str, words: Words) -> str:
    """A place with those that the ranges allow, or why there is no range: "3rd of 9 (1st–4th)"."""
    low, high = row["rank_low"], row["rank_high"]
    ends = [] if pd.isna(low) else [words.rank(end) for end in dict.fromkeys((low, high))]
    around = "\N{EN DASH}\N{WORD JOINER}".join(ends) or lacking
    return f"{words.rank(row['rank'], above)}\N{NO-BREAK SPACE}({around})"


def factors(use: EnergyUse, words: Words) -> Table:
    """Every factor of the report: value, source, date, and whether it was held against its source.

    Parameters
    ----------
    use : EnergyUse
        From `comparison.energy_use`.
    words : Words
        Language.

    Returns
    -------
    Table
        Factors of types, sources of heat and kinds of measures that the register does not have are left out.
    """
    _ = words.gettext
    columns = [
        Column("name", _("Factor"), is_row_header=True),
        Column("value", _("Value"), align="right"),
        Column("source", _("Source")),
        Column("date", _("As of")),
        Column("verified", _("Held against the source")),
    ]
    rows = []
    for factor in use.factors_used:
        is_given = factor.id in use.basis.given
        remark = "" if is_given or factor.note is None else f" {factor.note[words.language]}"
        source = _("Given for this report") if is_given else f"{factor.source[words.language]}.{remark}"
        checked = _("yes") if factor.verified else _("to be verified")
        rows.append(
            {
                "name": factor.name[words.language],
                "value": _value(factor, words),
                "source": source,
                "date": _DASH if is_given else factor.date if len(factor.date) == 4 else words.date(factor.date),
                "verified": _DASH if is_given else checked,
            }
        )
    return table(
        columns,
        rows,
        caption=_("Factors of this report"),
        note=_("To be verified: an assumption, or a value that was not held against its source."),
    )


def _value(factor: Factor, words: Words) -> str:
    if factor.id.startswith("hot_water_"):
        return words.percent(100.0 * factor.value, 0)
    decimals = len(f"{factor.value:.6f}".rstrip("0").partition(".")[2])
    return f"{words.number(factor.value, decimals)} {factor.unit[words.language]}"


def source(use: EnergyUse, words: Words) -> Table:
    """Where the register comes from.

    Parameters
    ----------
    use : EnergyUse
        From `comparison.energy_use`.
    words : Words
        Language.

    Returns
    -------
    Table
    """
    _ = words.gettext
    about = use.register.about
    columns = [
        Column("register", _("Register"), is_row_header=True),
        Column("source", _("Source")),
        Column("rows", _("Rows"), align="right"),
        Column("vintage", _("Vintage")),
        Column("access", _("Access")),
    ]
    row = {
        "register": f"{about.name[words.language]} ({about.id})",
        "source": about.source[words.language],
        "rows": words.number(about.rows + about.measures_rows),
        "vintage": words.date(about.vintage),
        "access": _("public") if about.access == "public" else _("members only"),
    }
    return table(columns, [row], caption=_("Source of the figures"))


def attachment(use: EnergyUse, words: Words) -> Attachment:
    """Results building by building, as a file for a spreadsheet.

    Parameters
    ----------
    use : EnergyUse
        From `comparison.energy_use`.
    words : Words
        Language.

    Returns
    -------
    Attachment
    """
    table = use.buildings.assign(name=use.buildings["name"].map(_inert), building=use.buildings["building"].map(_inert))
    content = table.to_csv(index=False, lineterminator="\n", float_format="%.3f")
    return attach(content, "buildings.csv", words.gettext("Results building by building (CSV)"))


def _inert(text: str) -> str:
    """Text that a spreadsheet takes for text: a name must not become a formula on anybody's machine."""
    return f"'{text}" if text[:1] in {"=", "+", "-", "@"} else text
