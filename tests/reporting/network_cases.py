"""Meetings of networks that differ, and every text and table of their papers: computed once, shared by the tests."""

from __future__ import annotations

import re
from functools import cache

import pytest
from report_cases import CATALOGUE, PASSPORTS

import benchlib as bl
from benchlib.comparison import Meeting, network_meeting
from benchlib.reporting import Name, Words, tables, texts
from benchlib.reporting.base import Block
from benchlib.reporting.blocks import Table

LV, EN = Words("lv"), Words("en")
BOTH = pytest.mark.parametrize("words", [LV, EN], ids=["lv", "en"])
GUESTS = "Bauskas novads; Ogres novads; Dobeles novads; Cēsu novads; Talsu novads"
CASES = {
    "T1": ("T1", None),
    "T2": ("T2", None),
    "T3": ("T3", None),
    "T4": ("T4", None),
    "six": ("T4", GUESTS),
    "fourteen": (
        "T4",
        f"{GUESTS}; Rīga; Daugavpils; Liepāja; Madonas novads; Balvu novads; Siguldas novads; Jūrmala; Valkas novads",
    ),
}
#: Where the dimensions of a meeting are drawn.
GROUPS = (("cost", "productivity"), ("coverage",), ("quality", "satisfaction"), ("context",))
ENGLISH = re.compile(r"\b(the|of|and|with|municipalit\w+|without|figures?|median|cost|by|interval)\b", re.I)


@cache
def case(name: str) -> Meeting:
    network, members = CASES[name]
    return network_meeting(network, year=2013, members=members)


@cache
def named(language: str) -> dict[str, Name]:
    return {unit.code: Words(language).name(unit) for unit in bl.classification("2025")}


def sentences(meeting: Meeting, words: Words) -> list[str]:
    """Every text of the paper, as the notebook calls them."""
    names = named(words.language)
    found = [
        texts.network.title(meeting, words),
        texts.network.caution(meeting, words),
        *texts.network.summary(meeting, PASSPORTS, names, words),
        texts.network.room_note(meeting, words),
        texts.network.small_sentence(meeting, words),
        texts.network.empty_sentence(meeting, words),
        texts.network.standing_sentence(meeting, words),
        texts.network.quadrant_sentence(meeting, words),
        texts.talk.changes_note(meeting, words),
        texts.talk.differences_note(meeting, words),
        *texts.talk.open_questions(meeting, words),
        texts.talk.practices_sentence(meeting, words),
        texts.talk.homework_note(meeting, words),
        texts.talk.closed_sentence(words),
        texts.talk.closed_note(words),
        *texts.talk.closed_sentences(meeting, words),
        *(f"{f.label} {f.value} {f.detail}" for f in texts.network.context_facts(meeting, PASSPORTS, names, words)),
        *texts.meeting.map_texts(meeting.room, words).values(),
    ]
    for row in meeting.differences.to_dict("records"):
        passport = PASSPORTS[row["indicator"]]
        found.append(texts.talk.difference_text(row, passport, names, words))
        found.append(texts.talk.question(row, passport, names, words))
    for group in GROUPS:
        ids = [name for dimension in group for name in meeting.of_dimension(dimension)]
        found += texts.meeting.dots_texts(meeting, ids, PASSPORTS, names, words).values() if ids else []
    if meeting.money_and_result:
        found += texts.meeting.quadrant_texts(meeting, meeting.money_and_result, PASSPORTS, names, words).values()
    return [text for text in found if text]


def blocks(meeting: Meeting, words: Words) -> dict[str, Block]:
    """Every table of the paper."""
    names = named(words.language)
    found: dict[str, Block | None] = {
        "room": tables.network.room(meeting, names, words),
        "overall": tables.network.overall(meeting, names, words),
        "changes": tables.meeting.changes(meeting, PASSPORTS, names, words),
        "differences": tables.network.differences(meeting, PASSPORTS, names, words),
        "homework": tables.network.homework(meeting, PASSPORTS, names, words),
        "own homework": tables.network.own_homework(meeting, PASSPORTS, names, words),
        "without": tables.meeting.without(meeting, PASSPORTS, words),
        "figures": tables.appendix.figures(meeting, CATALOGUE, names, words),
        "indicators": tables.appendix.indicators(meeting, PASSPORTS, words),
    }
    for group in GROUPS:
        several = tables.meeting.positions(meeting, group, PASSPORTS, names, words) or ()
        found |= {f"positions {group} {number}": block for number, block in enumerate(several)}
    return {name: block for name, block in found.items() if block is not None}


def table_of(meeting: Meeting, name: str, words: Words = EN) -> Table:
    block = blocks(meeting, words)[name]
    assert isinstance(block, Table)
    return block


def column(table: Table, key: str) -> list[str]:
    place = [one.key for one in table.columns].index(key)
    return [row[place].text for row in table.rows]
