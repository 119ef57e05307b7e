"""Municipalities side by side: alt texts and captions, what to know about the figures, what to ask where they differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from benchlib.comparison.doubts import doubts_in_use
from benchlib.comparison.meetings.meeting import Meeting
from benchlib.comparison.meetings.room import Room
from benchlib.indicators import (
    CLASSIFICATIONS,
    Catalogue,
    Passport,
    classification,
    former_municipalities,
    present_municipalities,
)
from benchlib.reporting.values import MOST_NAMED, doubt_note, label_of, listed, marked, short_value
from benchlib.reporting.words import Words

#: What each quadrant is called, the most wanted first.
_CORNERS = ("upper left", "upper right", "lower left", "lower right")


def axis_label(passport: Passport, words: Words, *, year: int | None = None) -> str:
    """An indicator as the label of an axis: its name, its unit where the name does not say it, and its year.

    Parameters
    ----------
    passport : Passport
        The indicator.
    words : Words
        Language of the text.
    year : int, optional
        Year of the figures.

    Returns
    -------
    str
    """
    unit = passport.unit[words.language]
    short = {"E": "EUR", "%": "%"}.get(passport.unit["en"][0], "" if unit in passport.name[words.language] else unit)
    return ", ".join(part for part in (passport.name[words.language], short, str(year or "")) if part)


def tiles_of(room: Room) -> list[str]:
    """Codes of 2025 of those in the room, for the tile map.

    Parameters
    ----------
    room : Room
        Who is compared.

    Returns
    -------
    list of str
    """
    return sorted({str(code) for unit in room.units for code in present_municipalities(unit.code)["code"]})


def map_texts(room: Room, words: Words) -> dict[str, str]:
    """Alt text and caption of the tile map.

    Parameters
    ----------
    room : Room
        Who is compared.
    words : Words
        Language of the text.

    Returns
    -------
    dict of str to str
        "alt" and "caption".
    """
    _ = words.gettext
    known = {t.code: t for t in classification("2025")}
    names = listed([str(words.name(known[code])) for code in tiles_of(room)], words)
    return {
        "alt": _("Tile map of the 42 municipalities of Latvia; marked: {own}.").format(own=names),
        "caption": _("A tile is a municipality of today (cities in capitals); green: {names}.").format(names=names),
    }


def dots_texts(
    meeting: Meeting,
    indicators: Sequence[str],
    passports: Mapping[str, Passport],
    names: Mapping[str, str],
    words: Words,
) -> dict[str, str]:
    """Alt text and caption of the dots: every figure, the best first.

    Parameters
    ----------
    meeting : Meeting
        Municipalities side by side.
    indicators : sequence of str
        As `plots.dots` takes them.
    passports : mapping of str to Passport
        Passports of the indicators.
    names : mapping of str to str
        Names by code, in the report's language.
    words : Words
        Language of the text.

    Returns
    -------
    dict of str to str
        "alt" and "caption".
    """
    _ = words.gettext
    there = [row for row in meeting.summary.to_dict("records") if row["indicator"] in indicators]
    lines = [_values_line(meeting, row, passports[row["indicator"]], names, words) for row in there]
    caption = [
        _("A dot is a municipality, with its figure; to the right is better.")
        if all(row["direction"] for row in there)
        else _("A dot is a municipality, with its figure; to the right is better, or more where neither is better.")
    ]
    if len(meeting.among) > len(meeting.room.seats):
        caption.append(_("Small grey dots, median and middle half: all municipalities of the country."))
    if len(meeting.room.seats) > MOST_NAMED:
        caption.append(_("Named are those at either end."))
    return {"alt": " ".join(lines), "caption": " ".join(caption)}


def _values_line(
    meeting: Meeting, row: Mapping[Any, Any], passport: Passport, names: Mapping[str, str], words: Words
) -> str:
    """Everybody's figure of an indicator, the best first, and whose is missing."""
    _ = words.gettext
    part = meeting.part(passport.id)
    present = part.loc[part["value"].notna()].sort_values("value", ascending=passport.direction < 0, kind="stable")
    values = [
        f"{names[str(code)]} {short_value(value, passport, words)}"
        for code, value in zip(present["territory"], present["value"], strict=True)
    ]
    text = _("{indicator}: {values}").format(
        indicator=label_of(passport, words, year=int(row["year"])), values=listed(values, words)
    )
    if not np.isnan(row["median"]):
        text += "; " + _("median {value}").format(value=short_value(row["median"], passport, words))
    absent = [names[str(code)] for code in part.loc[part["value"].isna(), "territory"]]
    if absent:
        text += "; " + _("no data: {names}").format(names=listed(absent, words))
    return f"{text}."


def quadrant_texts(
    meeting: Meeting,
    pair: tuple[str, str],
    passports: Mapping[str, Passport],
    names: Mapping[str, str],
    words: Words,
) -> dict[str, str]:
    """Alt text and caption of money against result.

    Parameters
    ----------
    meeting : Meeting
        Municipalities side by side.
    pair : tuple of str
        The cost and the result.
    passports : mapping of str to Passport
        Passports of the indicators.
    names : mapping of str to str
        Names by code, in the report's language.
    words : Words
        Language of the text.

    Returns
    -------
    dict of str to str
        "alt" and "caption".
    """
    _ = words.gettext
    money, result = (passports[name] for name in pair)
    table = meeting.pair(*pair)
    here = table.loc[table["is_here"]]
    labels = dict(
        zip(
            _CORNERS,
            (
                _("Less money and a better result: {names}."),
                _("More money and a better result: {names}."),
                _("Less money and a worse result: {names}."),
                _("More money and a worse result: {names}."),
            ),
            strict=True,
        )
    )
    lines = []
    for corner, text in labels.items():
        part = here.loc[here["corner"] == corner]
        if len(part):
            values = [
                marked(names[str(row["territory"])], row["is_doubtful"])
                + f" ({short_value(row['x'], money, words)}; {short_value(row['y'], result, words)})"
                for row in part.to_dict("records")
            ]
            lines.append(text.format(names=listed(values, words)))
    start = _("{x} and {y}, against the medians.").format(
        x=axis_label(money, words, year=int(meeting.row(money.id)["year"])),
        y=axis_label(result, words, year=int(meeting.row(result.id)["year"])),
    )
    caption = [
        _(
            "Dashed lines: the medians of those with both figures. Figures carry no margin of error: near a line means on it."
        )
    ]
    if result.direction < 0:
        caption.append(_("Of the result less is better, so its axis is turned round: what stands above is better."))
    if here["is_doubtful"].any():
        caption.append(doubt_note(words))
    absent = [names[code] for code in meeting.room.codes if code not in set(here["territory"])]
    if absent:
        caption.append(_("Without one of the two figures: {names}.").format(names=listed(absent, words)))
    if len(table) > len(here):
        caption.append(_("Small grey dots: the other municipalities of the country."))
    return {"alt": " ".join([start, *lines]), "caption": " ".join(caption)}


def doubt_bullets(meeting: Meeting, catalogue: Catalogue, words: Words) -> list[str]:
    """What must be known before the figures are trusted: how many are carried over the reform, which are estimated or doubtful.

    Parameters
    ----------
    meeting : Meeting
        Municipalities side by side.
    catalogue : Catalogue
        Passports, and the doubts of the registry.
    words : Words
        Language of the text.

    Returns
    -------
    list of str
    """
    table = meeting.table.loc[meeting.table["value"].notna()]
    is_carried = (table["parts"] > 1) | (table["share_basis"] != "")
    harmonised = int(((table["status"] == "harmonised") & is_carried).sum())
    estimated = int((table["status"] == "estimated").sum())
    bullets = []
    if harmonised:
        text = words.ngettext(
            "{n} figure was carried over the reform of 2021: counts are added, ratios averaged with their weight.",
            "{n} figures were carried over the reform of 2021: counts are added, ratios averaged with their weight.",
            harmonised,
        )
        bullets.append(text.format(n=harmonised))
    if estimated:
        text = words.ngettext(
            "{n} figure is estimated, with a denominator of a neighbouring year.",
            "{n} figures are estimated, with a denominator of a neighbouring year.",
            estimated,
        )
        bullets.append(text.format(n=estimated))
    return bullets + _doubts(meeting, catalogue, words)


def _doubts(meeting: Meeting, catalogue: Catalogue, words: Words) -> list[str]:
    """Published figures of those in the room, or of their parts, that the registry doubts, in the years shown."""
    _ = words.gettext
    years: dict[str, set[int]] = {}
    for row in meeting.summary.to_dict("records"):
        for measure in catalogue.measures_of([row["indicator"]]):
            years.setdefault(measure, set()).add(int(row["year"]))
    codes = set(meeting.room.codes)
    if meeting.room.territory != "2009":
        codes |= {str(code) for own in meeting.room.codes for code in former_municipalities(own)["code"]}
    named = {unit.code: unit for year in CLASSIFICATIONS for unit in classification(year)}
    return [
        _("{measure}, {territory}, {year}: {reason}").format(
            measure=catalogue.registry.measures[doubt.measure].name[words.language],
            territory=words.name(named[doubt.territory]),
            year=doubt.year,
            reason=doubt.reason[words.language],
        )
        for doubt in doubts_in_use(catalogue, years, access=meeting.access)
        if doubt.territory in codes and doubt.year in years.get(doubt.measure, ())
    ]


def marks(row: Mapping[Any, Any] | pd.Series, words: Words) -> str:
    """What must be known of one figure: carried over a reform, estimated, doubtful, for members only.

    Parameters
    ----------
    row : mapping
        A row of `Meeting.table`.
    words : Words
        Language of the text.

    Returns
    -------
    str
        "–" if there is nothing to know.
    """
    _ = words.gettext
    found = []
    if np.isnan(row["value"]):
        nothing = _("no data") + (f" ({row['symbol']})" if row["symbol"] else "")
        if row["lacking"] is None:
            return nothing
        lacking = listed([row["lacking"].name[words.language]], words, quoted=True)
        return _("{nothing}: {measure} is missing").format(nothing=nothing, measure=lacking)
    if row["status"] == "harmonised" and row["parts"] > 1:
        found.append(_("harmonised ({n})").format(n=row["parts"]))
    elif row["status"] == "harmonised" and row["share_basis"]:
        found.append(_("harmonised (a share)"))
    if row["status"] == "estimated":
        found.append(_("estimated"))
    if row["is_doubtful"]:
        found.append(_("doubtful"))
    if row["access"] == "members":
        found.append(_("members only"))
    return ", ".join(found) or "–"
