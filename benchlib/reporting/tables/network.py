"""Tables of a network's meeting paper."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from benchlib.comparison.meetings.meeting import Meeting
from benchlib.comparison.meetings.room import Seat
from benchlib.indicators import Passport
from benchlib.reporting.blocks import Cell, Column, Table
from benchlib.reporting.compose import table
from benchlib.reporting.tables.meeting import TO_WRITE, TO_WRITE_DAY, labelled, light_note
from benchlib.reporting.tables.municipality import light_word
from benchlib.reporting.texts.meetings.talk import difference_text, question
from benchlib.reporting.values import cost_mark, cost_note, listed, ranked_row, short_value, some_listed
from benchlib.reporting.words import Words

_DASH = "–"
_SHOWN_PRACTICES = 3


def room(meeting: Meeting, names: Mapping[str, str], words: Words) -> Table:
    """Who is in the room: today's municipality, the member as its source names it, and the source.

    Parameters
    ----------
    meeting : Meeting
        From `comparison.network_meeting`.
    names : mapping of str to str
        Names by code, in the report's language.
    words : Words
        Language.

    Returns
    -------
    Table
    """
    _ = words.gettext
    columns = [
        Column("name", _("Municipality"), is_row_header=True),
        Column("member", _("Known member of the network")),
        Column("source", _("Source")),
    ]
    rows = [
        {
            "name": names[seat.unit.code],
            "member": ", ".join(dict.fromkeys(member.name for member in seat.members)) or _DASH,
            "source": _source(seat, words),
        }
        for seat in meeting.room.seats
    ]
    return table(columns, rows, caption=_("Known members and where they are named"))


def _source(seat: Seat, words: Words) -> str:
    found = list(dict.fromkeys(member.source[words.language] for member in seat.members))
    if seat.is_named:
        found.append(words.gettext("named for this paper"))
    return "; ".join(found)


def overall(meeting: Meeting, names: Mapping[str, str], words: Words) -> Table | None:
    """How many lights of each colour everybody has, without making a rank of them.

    Parameters
    ----------
    meeting : Meeting
        From `comparison.network_meeting`.
    names : mapping of str to str
        Names by code, in the report's language.
    words : Words
        Language.

    Returns
    -------
    Table or None
        None where nobody has a light.
    """
    _ = words.gettext
    found = meeting.positions
    if not found[["green", "yellow", "red"]].to_numpy().any():
        return None
    columns = [
        Column("name", _("Municipality"), is_row_header=True),
        Column("present", _("Indicators with figures"), align="right"),
        *(Column(light, light_word(light, words), align="right") for light in ("green", "yellow", "red")),
    ]
    if not found["is_overall"].all():
        columns.append(Column("whole", _("As a whole")))
    rows = []
    for row in found.to_dict("records"):
        lights: dict[str, str | Cell] = {
            light: Cell(words.number(row[light]), light, "") if row["is_overall"] else _DASH
            for light in ("green", "yellow", "red")
        }
        share = _("{k} of {n}").format(k=row["present"], n=row["of"])
        whole = _("enough figures") if row["is_overall"] else _("not given: fewer than 60% of the figures")
        rows.append({"name": names[row["territory"]], "present": share, **lights, "whole": whole})
    remark = _(
        "Number of indicators of which more or less is better, conditions left out. They are counted, not weighed: it is no ranking."
    )
    return table(columns, rows, caption=_("All indicators together"), note=f"{remark} {light_note(words)}")


def differences(
    meeting: Meeting, passports: Mapping[str, Passport], names: Mapping[str, str], words: Words
) -> Table | None:
    """The biggest differences, and a question for each.

    Parameters
    ----------
    meeting : Meeting
        From `comparison.network_meeting`.
    passports : mapping of str to Passport
        Passports of the indicators.
    names : mapping of str to str
        Names by code, in the report's language.
    words : Words
        Language.

    Returns
    -------
    Table or None
        None where there is none.
    """
    _ = words.gettext
    if meeting.differences.empty:
        return None
    rows = [
        {
            "indicator": labelled(passport, row["year"], words),
            "difference": difference_text(row, passport, names, words) + (" ?" if row["is_doubtful"] else ""),
            "question": question(row, passport, names, words),
        }
        for row in meeting.differences.to_dict("records")
        for passport in [passports[row["indicator"]]]
    ]
    columns = [
        Column("indicator", _("Indicator"), is_row_header=True),
        Column("difference", _("Difference")),
        Column("question", _("To be discussed")),
    ]
    has_cost = any(cost_mark(passports[name]) for name in meeting.differences["indicator"])
    return table(
        columns, rows, caption=_("The biggest differences and what they ask"), note=cost_note(words) if has_cost else ""
    )


def homework(
    meeting: Meeting, passports: Mapping[str, Passport], names: Mapping[str, str], words: Words
) -> Table | None:
    """Homework by indicator, with room to write who takes it up and until when; nobody is named but whom to ask.

    Parameters
    ----------
    meeting : Meeting
        From `comparison.network_meeting`.
    passports : mapping of str to Passport
        Passports of the indicators.
    names : mapping of str to str
        Names by code, in the report's language.
    words : Words
        Language.

    Returns
    -------
    Table or None
        None if the figures give none.
    """
    _ = words.gettext
    found = meeting.homework
    if found.empty:
        return None
    rows = []
    counts = found["indicator"].value_counts()
    for name in (name for name in meeting.summary["indicator"] if name in counts.index):
        passport = passports[name]
        row = meeting.row(name)
        best = str(row["best_territory"])
        figure = meeting.part(name).set_index("territory")["value"]
        rows.append(
            {
                "indicator": labelled(passport, int(row["year"]), words),
                "count": _count(found.loc[found["indicator"] == name], words),
                "ask": f"{names[best]} ({short_value(figure[best], passport, words)})" if best else _DASH,
                "practices": _titles(meeting, name, words),
                "who": TO_WRITE,
                "until": TO_WRITE_DAY,
            }
        )
    columns = [
        Column("indicator", _("Look into"), is_row_header=True),
        Column("count", _("For how many"), align="right"),
        Column("ask", _("Whom to ask")),
        Column("practices", _("Practice examples")),
        Column("who", _("Responsible")),
        Column("until", _("Until when")),
    ]
    return table(columns, rows, caption=_("Homework until the next meeting"))


def _count(rows: pd.DataFrame, words: Words) -> str:
    """For how many an indicator is homework, and for how many of these by the rank of one year alone."""
    once = int(rows["is_one_year"].sum())
    if not once:
        return words.number(len(rows))
    text = words.gettext("{n} (by one year alone: {k})")
    return text.format(n=words.number(len(rows)), k=words.number(once))


def own_homework(
    meeting: Meeting, passports: Mapping[str, Passport], names: Mapping[str, str], words: Words
) -> Table | None:
    """Homework of each municipality by name; for the closed part.

    Parameters
    ----------
    meeting : Meeting
        From `comparison.network_meeting`.
    passports : mapping of str to Passport
        Passports of the indicators.
    names : mapping of str to str
        Names by code, in the report's language.
    words : Words
        Language.

    Returns
    -------
    Table or None
        None if the figures give none.
    """
    _ = words.gettext
    if meeting.homework.empty:
        return None
    rows = [
        {
            "name": names[row["territory"]],
            "indicator": labelled(passports[row["indicator"]], row["year"], words),
            "why": _why(row, passports[row["indicator"]], words),
            "ask": f"{names[row['ask']]} ({short_value(row['ask_value'], passports[row['indicator']], words)})"
            if row["ask"]
            else _DASH,
            "practices": _titles(meeting, row["indicator"], words),
            "who": TO_WRITE,
            "until": TO_WRITE_DAY,
        }
        for row in meeting.homework.to_dict("records")
    ]
    columns = [
        Column("name", _("Municipality"), is_row_header=True),
        Column("indicator", _("Look into")),
        Column("why", _("Why")),
        Column("ask", _("Whom to ask")),
        Column("practices", _("Practice examples")),
        Column("who", _("Responsible")),
        Column("until", _("Until when")),
    ]
    return table(columns, rows, caption=_("Homework of each municipality"))


def _why(row: Mapping[Any, Any], passport: Passport, words: Words) -> str:
    """Own figure, median and rank; the light in words, since a sign before so much text would keep it on one line."""
    _ = words.gettext
    if row["reason"] == "missing":
        if row["lacking"] is None:
            return _("others have the figure")
        lacking = listed([row["lacking"].name[words.language]], words, quoted=True)
        return _("others have the figure; of its two parts only {measure} is missing here").format(measure=lacking)
    own, median = (short_value(row[name], passport, words) for name in ("value", "median"))
    text = _("{own}, median {median}").format(own=own, median=median)
    if row["reason"] == "doubtful":
        return _("doubtful, to be checked: {text}").format(text=text)
    if not np.isnan(row["rank"]):
        rank = ranked_row(row, words)
        text += f"; {rank}".replace("\N{NO-BREAK SPACE}(", " (")
    return f"{light_word(row['light'], words)}: {text}" if row["light"] != "none" else text


def _titles(meeting: Meeting, indicator: str, words: Words) -> str:
    titles = [practice.title[words.language] for practice in meeting.practices_for(indicator)]
    return some_listed(titles[:_SHOWN_PRACTICES], words) if titles else _DASH
