"""The table of the explorer: figures of a selection with rank, median, status and doubts, as data and to read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import pandas as pd

from benchlib.comparison import doubts_in_use
from benchlib.comparison.ranks import MINIMUM_MEMBERS
from benchlib.indicators import (
    CLASSIFICATIONS,
    Passport,
    Store,
    catalogue_of,
    classification,
    classification_of,
    load_indicators,
    present_municipalities,
)
from benchlib.reporting.blocks import Cell, Column, Table
from benchlib.reporting.compose import table as table_block
from benchlib.reporting.explorer.selection import Selection
from benchlib.reporting.values import cost_mark, cost_note, few_note, label_with_unit, median_value, short_value
from benchlib.reporting.words import Words
from benchlib.terms import Classification

COLUMNS: Final = (
    "territory",
    "name",
    "indicator",
    "label",
    "unit",
    "year",
    "value",
    "status",
    "symbol",
    "parts",
    "share_basis",
    "rank",
    "members_with_figure",
    "median",
    "doubt",
    "source",
    "vintage",
    "access",
)
_ONE: Final = ["indicator", "year"]
#: What stands behind a value that is not plainly observed or carried over.
_DOUBTED, _ESTIMATED = "?", "≈"


def comparison_table(selection: Selection, words: Words, store: Store | None = None) -> pd.DataFrame:
    """The figures of a selection, each indicator in its year nearest to the one selected.

    Parameters
    ----------
    selection : Selection
        Municipalities, indicators, year.
    words : Words
        Language of names and units.
    store : Store, optional
        Another store than that of the shipped figures.

    Returns
    -------
    pandas.DataFrame
        A row per indicator and municipality: `territory` (code), `name`, `indicator`, `label` (its name), `unit`, `year`, `value`
        (NaN where missing), `status`, `symbol` (the publisher's), `parts` and `share_basis` (as in `load_indicators`), `rank` (1 is
        best among the selected; NaN without direction or figure), `members_with_figure`, `median` (of the selected; NaN for fewer than four
        figures), `doubt` (why the figure, or one of its parts, is doubtful; ""), `source`, `vintage`, `access`.

    Raises
    ------
    BenchlibError
        As `load_indicators`.
    """
    return _described(selection.profile(store).values, selection, store, words)


def development_table(selection: Selection, words: Words, store: Store | None = None) -> pd.DataFrame:
    """The figures of a selection in all years.

    Parameters
    ----------
    selection : Selection
        Municipalities and indicators.
    words : Words
        Language of names and units.
    store : Store, optional
        Another store than that of the shipped figures.

    Returns
    -------
    pandas.DataFrame
        As `comparison_table`, a row per indicator, year and municipality.

    Raises
    ------
    BenchlibError
        As `load_indicators`.
    """
    values = load_indicators(
        selection.indicators, years="all", municipalities=selection.members, store=store, **selection.asked
    )
    has_any = values["value"].notna().groupby([values[key] for key in _ONE]).transform("any")
    return _described(values.loc[has_any], selection, store, words)


def _described(values: pd.DataFrame, selection: Selection, store: Store | None, words: Words) -> pd.DataFrame:
    """Tidy figures with names in the language, rank, median and doubts."""
    catalogue = catalogue_of(store)
    passports = {name: catalogue.passport(name) for name in selection.indicators}
    names = {unit.code: str(words.name(unit)) for unit in selection.units}
    direction = {name: passport.direction or np.nan for name, passport in passports.items()}
    goodness = values["value"] * values["indicator"].map(direction)
    key = [values[name] for name in _ONE]
    counts, medians = (values["value"].groupby(key).transform(what) for what in ("count", "median"))
    table = values.assign(
        name=values["territory"].map(names),
        label=values["indicator"].map({name: p.name[words.language] for name, p in passports.items()}),
        unit=values["indicator"].map({name: p.unit[words.language] for name, p in passports.items()}),
        rank=goodness.groupby(key).rank(method="min", ascending=False),
        members_with_figure=counts,
        median=medians.where(counts >= MINIMUM_MEMBERS),
        doubt=_doubts(values, selection, store, words),
    )
    return table[list(COLUMNS)].reset_index(drop=True)


def _doubts(values: pd.DataFrame, selection: Selection, store: Store | None, words: Words) -> list[str]:
    """Why each figure is doubtful: what the registry says about it, or about a former part of it; "" where nothing."""
    catalogue = catalogue_of(store)
    named = {unit.code: unit for year in CLASSIFICATIONS for unit in classification(year)}
    measures = {name: set(catalogue.measures_of([name])) for name in selection.indicators}
    reasons: dict[tuple[str, str, int], list[str]] = {}
    all_measures = set[str]().union(*measures.values())
    for doubt in doubts_in_use(catalogue, all_measures, access=selection.access, as_of=selection.as_of, store=store):
        reason = words.gettext("{measure}, {territory}, {year}: {reason}").format(
            measure=catalogue.registry.measures[doubt.measure].name[words.language],
            territory=words.name(named[doubt.territory]),
            year=doubt.year,
            reason=doubt.reason[words.language],
        )
        for heir in _heirs(doubt.territory, selection.territory):
            for indicator, needed in measures.items():
                if doubt.measure in needed:
                    reasons.setdefault((heir, indicator, doubt.year), []).append(reason)
    keys = zip(values["territory"], values["indicator"], values["year"], strict=True)
    return [" ".join(reasons.get((str(unit), str(name), int(year)), ())) for unit, name, year in keys]


def _heirs(code: str, territory: Classification) -> list[str]:
    """Municipalities of a classification that hold a unit or a part of it; none if the unit begins later."""
    if CLASSIFICATIONS.index(classification_of(code)) > CLASSIFICATIONS.index(territory):
        return []
    return list(present_municipalities(code, territory)["code"])


def reading_table(
    figures: pd.DataFrame, selection: Selection, passports: Mapping[str, Passport], words: Words, *, order: str
) -> Table:
    """The comparison to read: a row per municipality, an indicator a column with its rank beside it.

    Parameters
    ----------
    figures : pandas.DataFrame
        From `comparison_table`.
    selection : Selection
        What the table is about.
    passports : mapping of str to Passport
        Passports of the indicators.
    words : Words
        Language.
    order : str
        The indicator by which the rows are ordered: the best, or without direction the greatest, on top.

    Returns
    -------
    Table
        Its first row is the median; missing figures say so, and signs behind a value are explained below the table.
    """
    _ = words.gettext
    parts = {name: figures.loc[figures["indicator"] == name].set_index("territory") for name in selection.indicators}
    sign = -1 if passports[order].direction < 0 else 1
    leading = (parts[order]["value"] * sign).sort_values(ascending=False, kind="stable", na_position="last")
    names = dict(zip(figures["territory"], figures["name"], strict=True))
    columns, median = [Column("name", _("Municipality"), is_row_header=True)], {"name": _("Median")}
    for name, part in parts.items():
        passport = passports[name]
        label = f"{label_with_unit(passport, words)}{cost_mark(passport)}, {part['year'].iloc[0]}"
        columns.append(Column(name, label, align="right"))
        median[name] = median_value(part["median"].iloc[0], passport, words)
        if passport.direction:
            columns.append(Column(f"{name} rank", _("Rank"), align="right"))
            median[f"{name} rank"] = ""
    rows = [{"name": names[code], **_cells(str(code), parts, passports, words)} for code in leading.index]
    return table_block(
        columns,
        [median, *rows],
        caption=_("{n} municipalities compared").format(n=words.number(len(rows))),
        highlight=[1 + list(leading.index).index(selection.municipality)],
        note=_signs_explained(figures, [passports[name] for name in parts], words),
    )


def _cells(
    code: str, parts: Mapping[str, pd.DataFrame], passports: Mapping[str, Passport], words: Words
) -> dict[str, Cell | str]:
    """The cells of one municipality: value with its signs, and rank."""
    cells: dict[str, Cell | str] = {}
    for name, part in parts.items():
        row = part.loc[code]
        is_missing = bool(np.isnan(row["value"]))
        text = words.missing if is_missing else short_value(row["value"], passports[name], words)
        signs = [_DOUBTED] if row["doubt"] else []
        signs += [_ESTIMATED] if row["status"] == "estimated" else []
        cells[name] = " ".join([text, *signs])
        if passports[name].direction:
            cells[f"{name} rank"] = "" if is_missing else words.rank(row["rank"])
    return cells


def _signs_explained(figures: pd.DataFrame, shown: Sequence[Passport], words: Words) -> str:
    """What the signs in the table mean, how sure ranks are, and how many figures were carried over the reform."""
    _ = words.gettext
    # A municipality that the reform left as it was has its figures unchanged.
    is_carried = (figures["parts"] > 1) | (figures["share_basis"] != "")
    carried = int(((figures["status"] == "harmonised") & is_carried).sum())
    sentences = []
    if figures["doubt"].any():
        sentences.append(_("{sign} doubtful, see below.").format(sign=_DOUBTED))
    if (figures["status"] == "estimated").any():
        sentences.append(_("{sign} estimated, with a denominator of a neighbouring year.").format(sign=_ESTIMATED))
    if carried:
        text = words.ngettext(
            "{n} figure was carried over the reform of 2021: counts are added, ratios averaged with their weight.",
            "{n} figures were carried over the reform of 2021: counts are added, ratios averaged with their weight.",
            carried,
        )
        sentences.append(text.format(n=words.number(carried)))
    if any(passport.direction for passport in shown):
        sentences.append(_("Ranks are those of one year, without a margin of error."))
    if figures["median"].isna().any():
        sentences.append(few_note(words))
    if any(map(cost_mark, shown)):
        sentences.append(cost_note(words))
    return " ".join(sentences)
