"""Tables of the data chapter of a social-service development plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from benchlib.comparison import Chapter
from benchlib.indicators import Catalogue, Passport
from benchlib.reporting.blocks import Cell, Column, Table
from benchlib.reporting.compose import table
from benchlib.reporting.tables.municipality import light_word
from benchlib.reporting.texts.plans.social import chapter_word, where_word
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
from benchlib.reporting.words import MISSING, Words
from benchlib.terms import Access


def position(chapters: Sequence[Chapter], passports: Mapping[str, Passport], words: Words) -> Table:
    """Every indicator of every chapter: own figure, median of the group, rank where there is a direction; what is missing stands there too.

    Parameters
    ----------
    chapters : sequence of Chapter
        From `comparison.social_chapters`.
    passports : mapping of str to Passport
        Passports of the indicators.
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
        Column("range", _("Middle half"), align="right"),
        Column("members", _("Members with a figure"), align="right"),
        Column("rank", _("Rank")),
    ]
    rows, notes = [], []
    for chapter in chapters:
        rows += [
            _known(row, passports[row["indicator"]], words, is_doubtful=chapter.is_doubtful(row))
            for row in chapter.profile.table.to_dict("records")
        ]
        rows += [_absent(passports[name], words) for name in chapter.absent]
    if any(isinstance(row["rank"], Cell) for row in rows):
        notes.append(_("▲ best quarter, ◆ middle half, ▼ last quarter of the members with a figure."))
    notes.append(_("A dash: neither more nor less is better, so there is no rank."))
    if any(MISSING in (row["median"], row["range"], row["rank"]) for row in rows):
        notes.append(_("…: there are no figures for it."))
    if any(chapter.profile.table["median"].isna().any() for chapter in chapters if len(chapter.profile.table)):
        notes.append(few_note(words))
    if any(chapter.is_doubtful(row) for chapter in chapters for row in chapter.profile.table.to_dict("records")):
        notes.append(doubt_note(words))
    if any(cost_mark(passports[i]) for chapter in chapters for i in chapter.indicators):
        notes.append(cost_note(words))
    group = chapters[0].profile
    return table(
        columns,
        rows,
        caption=_("Indicators of {m} beside its comparison group").format(m=words.name(group.municipality)),
        note=" ".join(notes),
    )


def _known(row: Mapping[Any, Any], passport: Passport, words: Words, *, is_doubtful: bool) -> dict[str, Any]:
    def shown(value: Any) -> str:
        return short_value(value, passport, words)

    rank: str | Cell = "–"
    if passport.direction:
        text = ranked_row(row, words)
        rank = MISSING if np.isnan(row["rank"]) else Cell(text, row["light"], light_word(row["light"], words))
    return {
        "indicator": f"{label_with_unit(passport, words)}{cost_mark(passport)}, {row['year']}",
        "own": words.missing if np.isnan(row["value"]) else marked(shown(row["value"]), is_doubtful),
        "median": median_value(row["median"], passport, words),
        "range": MISSING
        if np.isnan(row["median"])
        else words.interval(row["lower_quartile"], row["upper_quartile"], passport.decimals),
        "members": words.number(row["members_with_figure"]),
        "rank": rank,
    }


def _absent(passport: Passport, words: Words) -> dict[str, Any]:
    return {
        "indicator": f"{label_with_unit(passport, words)}{cost_mark(passport)}",
        "own": words.missing,
        "median": MISSING,
        "range": MISSING,
        "members": words.number(0),
        "rank": MISSING,
    }


def absent(chapters: Sequence[Chapter], passports: Mapping[str, Passport], words: Words) -> Table | None:
    """Indicators without figures, and where the figure exists.

    Parameters
    ----------
    chapters : sequence of Chapter
        From `comparison.social_chapters`.
    passports : mapping of str to Passport
        Passports of the indicators.
    words : Words
        Language.

    Returns
    -------
    Table or None
        None if nothing is absent.
    """
    _ = words.gettext
    rows = [
        {
            "indicator": label_with_unit(passports[name], words),
            "chapter": chapter_word(chapter.key, words),
            "where": where_word(name, words),
        }
        for chapter in chapters
        for name in chapter.absent
    ]
    if not rows:
        return None
    columns = [
        Column("indicator", _("Indicator"), is_row_header=True),
        Column("chapter", _("Chapter")),
        Column("where", _("Where the figure exists")),
    ]
    return table(columns, rows, caption=_("Indicators without figures"))


def goals(chapters: Sequence[Chapter], passports: Mapping[str, Passport], words: Words) -> Table:
    """The structure of the goals, chapter by chapter, with fields to fill in.

    Parameters
    ----------
    chapters : sequence of Chapter
        From `comparison.social_chapters`.
    passports : mapping of str to Passport
        Passports of the indicators.
    words : Words
        Language.

    Returns
    -------
    Table
    """
    _ = words.gettext
    empty = _("[to be filled in]")
    columns = [
        Column("chapter", _("Chapter"), is_row_header=True),
        Column("about", _("Measured by")),
        Column("goal", _("Goal")),
        Column("action", _("Measure taken")),
        Column("cost", _("Cost")),
        Column("time", _("Time")),
        Column("responsible", _("Responsible")),
    ]
    rows = []
    for chapter in chapters:
        measured = [
            passports[name].name[words.language]
            for name in chapter.indicators
            if passports[name].dimension != "context"
        ]
        fields = dict.fromkeys(("goal", "action", "cost", "time", "responsible"), empty if measured else "–")
        about = "; ".join(measured) or _("context, which cannot be set")
        rows.append({"chapter": chapter_word(chapter.key, words), "about": about, **fields})
    return table(columns, rows, caption=_("Goals, to be set by the municipality"))


def follow(chapters: Sequence[Chapter], catalogue: Catalogue, access: Access, words: Words) -> Table:
    """The indicators by which the plan is followed up, each with its passport, base figure and an empty target.

    Parameters
    ----------
    chapters : sequence of Chapter
        From `comparison.social_chapters`.
    catalogue : Catalogue
        Passports and sources.
    access : {"public", "members"}
        Which sources may be named.
    words : Words
        Language.

    Returns
    -------
    Table
    """
    _ = words.gettext
    columns = [
        Column("indicator", _("Indicator"), is_row_header=True),
        Column("definition", _("Definition")),
        Column("source", _("Source")),
        Column("better", _("Better")),
        Column("base", _("Base figure"), align="right"),
        Column("target", _("Target and year")),
    ]
    empty = _("[to be filled in]")
    rows = []
    for chapter in chapters:
        values = {row["indicator"]: row for row in chapter.profile.table.to_dict("records")}
        for name in chapter.indicators:
            passport = catalogue.passport(name)
            row = values.get(name)
            rows.append(
                {
                    "indicator": f"{label_with_unit(passport, words)}{cost_mark(passport)}",
                    "definition": passport.definition[words.language],
                    "source": _source(name, catalogue, access, words) if row is not None else where_word(name, words),
                    "better": {1: _("more"), -1: _("less"), 0: "–"}[passport.direction],
                    "base": words.missing
                    if row is None or np.isnan(row["value"])
                    else f"{marked(short_value(row['value'], passport, words), chapter.is_doubtful(row))} ({row['year']})",
                    "target": empty if passport.dimension != "context" else "–",
                }
            )
    return table(
        columns,
        rows,
        caption=_("Indicators to follow"),
        note=_(
            "A dash under “Better”: neither more nor less is. A dash instead of a target: context, which is watched but cannot be set."
        ),
    )


def _source(name: str, catalogue: Catalogue, access: Access, words: Words) -> str:
    """Publishers of the figures."""
    shown = (one for one in catalogue.sources_of(name) if access == "members" or one.access == "public")
    return "; ".join(dict.fromkeys(one.publisher[words.language] for one in shown)) or words.missing
