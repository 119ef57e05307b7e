"""The table of satisfaction and cost: both figures of everybody who was asked, and how they read together."""

from __future__ import annotations

from collections.abc import Mapping

from benchlib.comparison import SatisfactionAgainstCost
from benchlib.indicators import Passport
from benchlib.reporting.blocks import Column, Note, Table
from benchlib.reporting.compose import note, table
from benchlib.reporting.texts.meetings.satisfaction import (
    answers_text,
    how_to_import,
    interval_text,
    mean_text,
    near_rule,
    question_of,
    reason_text,
    standing_text,
)
from benchlib.reporting.values import cost_mark, cost_note, short_value, some_listed
from benchlib.reporting.words import Words


def answers(
    result: SatisfactionAgainstCost, passport: Passport, names: Mapping[str, str], words: Words, *, own: str = ""
) -> Table | Note:
    """Cost, mean answer with its interval, number of answers and reading, the best answers first.

    Parameters
    ----------
    result : SatisfactionAgainstCost
        From `comparison.satisfaction_against_cost`.
    passport : Passport
        The cost.
    names : mapping of str to str
        Names by code, in the report's language.
    words : Words
        Language.
    own : str
        Code of the municipality to highlight; "" for none.

    Returns
    -------
    Table or Note
        A note if there is no survey.
    """
    _ = words.gettext
    if result.is_empty:
        return note(how_to_import(words))
    columns = [
        Column("name", _("Municipality"), is_row_header=True),
        Column("cost", f"{passport.name[words.language]}{cost_mark(passport)}", align="right"),
        Column("mean", _("Mean answer"), align="right"),
        Column("interval", _("95% interval"), align="right"),
        Column("answers", _("Answers"), align="right"),
        Column("reading", _("Cost and answers")),
    ]
    is_asked = (result.table["reason"] != "not surveyed") | (result.table["territory"] == own)
    shown = result.table.loc[is_asked].sort_values("y", ascending=False, kind="stable")
    rows = [
        {
            "name": names[row["territory"]],
            "cost": short_value(row["x"], passport, words),
            "mean": mean_text(row["y"], result, words),
            "interval": "–" if row["y"] != row["y"] else interval_text(row, result, words),
            "answers": answers_text(row, words),
            "reading": standing_text(row, result, words) or reason_text(row, words) or "–",
        }
        for row in shown.to_dict("records")
    ]
    return table(
        columns,
        rows,
        caption=_("Satisfaction and cost: {question}, {year}").format(
            question=question_of(result, words), year=result.answer_year
        ),
        highlight=[number for number, code in enumerate(shown["territory"]) if code == own],
        note=_note(result, passport, names, words, own),
    )


def _note(result: SatisfactionAgainstCost, passport: Passport, names: Mapping[str, str], words: Words, own: str) -> str:
    _ = words.gettext
    parts = []
    if cost_mark(passport):
        parts.append(cost_note(words))
    if result.cost_year is not None and result.cost_year != result.answer_year:
        parts.append(_("The cost is of {year}.").format(year=result.cost_year))
    if result.table["unsure"].isin(["cost", "both"]).any():
        parts.append(near_rule(words))
    absent = result.table.loc[(result.table["reason"] == "not surveyed") & (result.table["territory"] != own)]
    if len(absent):
        parts.append(
            _("Not surveyed: {names}.").format(names=some_listed([names[c] for c in absent["territory"]], words))
        )
    return " ".join(parts)


def sources(result: SatisfactionAgainstCost, words: Words) -> Table | None:
    """Where the answers come from; the cost stands among the sources of the figures.

    Parameters
    ----------
    result : SatisfactionAgainstCost
        From `comparison.satisfaction_against_cost`.
    words : Words
        Language.

    Returns
    -------
    Table or None
        None if there is no survey.
    """
    if not result.surveys:
        return None
    _ = words.gettext
    columns = [
        Column("publisher", _("Publisher"), is_row_header=True),
        Column("table", _("Survey")),
        Column("licence", _("Licence")),
        Column("vintage", _("Vintage")),
        Column("hidden", _("Means are shown from")),
    ]
    rows = [
        {
            "publisher": survey.publisher[words.language],
            "table": survey.table[words.language],
            "licence": survey.licence,
            "vintage": words.date(survey.vintage),
            "hidden": words.ngettext("{n} answer", "{n} answers", survey.min_n).format(n=words.number(survey.min_n)),
        }
        for survey in result.surveys
    ]
    return table(columns, rows, caption=_("Sources of the answers"))
