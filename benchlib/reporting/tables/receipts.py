"""Tables at the end of a report: what is missing, where the figures come from, how the report was made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from benchlib.indicators import Passport, Registry
from benchlib.reporting.blocks import Column, Note, Table
from benchlib.reporting.compose import note, table
from benchlib.reporting.parameters import Parameters
from benchlib.reporting.provenance import provenance
from benchlib.reporting.words import Words


def run(
    parameters: Parameters, warned: Sequence[str], words: Words, *, used: Mapping[str, float] | None = None
) -> Table:
    """How the report was made: parameters, versions, revision of the code, warnings raised.

    Parameters
    ----------
    parameters : Parameters
        The checked parameters of the run.
    warned : sequence of str
        From `provenance.collect_warnings`.
    words : Words
        Language.
    used : mapping, optional
        Numbers that were used, by parameter, where the parameter left them to the figures or a file.

    Returns
    -------
    Table
    """
    _ = words.gettext
    shown = parameters.to_dict() | {name: f"{value:.10g}" for name, value in (used or {}).items()}
    rows = [{"name": name, "value": str(value)} for name, value in shown.items() if value is not None]
    rows += [{"name": name, "value": version} for name, version in provenance().items()]
    rows.append({"name": _("Warnings"), "value": " ".join(warned) or _("none")})
    columns = [Column("name", _("Parameter or program"), is_row_header=True), Column("value", _("Value"))]
    return table(columns, rows, caption=_("How the report was made"))


def missing(figures: pd.DataFrame, passports: Mapping[str, Passport], words: Words) -> Table | Note:
    """Figures of the municipality that are missing, by indicator; a note if nothing is missing.

    Parameters
    ----------
    figures : pandas.DataFrame
        Tidy figures of the municipality.
    passports : mapping of str to Passport
        Passports of the indicators.
    words : Words
        Language.

    Returns
    -------
    Table or Note
    """
    _ = words.gettext
    absent = figures.loc[figures["value"].isna()]
    if absent.empty:
        return note(_("No figure of this report is missing."))
    rows = []
    for indicator, part in absent.groupby("indicator", sort=False):
        symbols = sorted({str(symbol) for symbol in part["symbol"]} - {""})
        rows.append(
            {
                "indicator": passports[str(indicator)].name[words.language],
                "years": ", ".join(str(year) for year in sorted(part["year"])),
                "why": ", ".join(symbols) or _("not published"),
            }
        )
    columns = [
        Column("indicator", _("Indicator"), is_row_header=True),
        Column("years", _("Years without a figure")),
        Column("why", _("Publisher's symbol")),
    ]
    return table(columns, rows, caption=_("Missing figures"))


def sources(figures: pd.DataFrame, registry: Registry, words: Words) -> Table:
    """Where the figures of the report come from: publisher, table, licence, vintage.

    Parameters
    ----------
    figures : pandas.DataFrame
        Tidy figures that the report uses, with the column `source`.
    registry : Registry
        The registry of sources.
    words : Words
        Language.

    Returns
    -------
    Table
    """
    _ = words.gettext
    used = set(figures["source"])
    columns = [
        Column("publisher", _("Publisher"), is_row_header=True),
        Column("table", _("Table")),
        Column("licence", _("Licence")),
        Column("vintage", _("Vintage")),
    ]
    rows = []
    for source in registry.sources:
        if source.id not in used:
            continue
        vintage = words.date(source.vintage)
        if source.vintage_basis == "compiled":
            vintage = _("compiled {date}").format(date=vintage)
        licence = _("not recorded; attribution is owed") if source.licence == "not recorded" else source.licence
        rows.append(
            {
                "publisher": source.publisher[words.language],
                "table": source.table[words.language],
                "licence": licence,
                "vintage": vintage,
            }
        )
    return table(columns, rows, caption=_("Sources of the figures"))
