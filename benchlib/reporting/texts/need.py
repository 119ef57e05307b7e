"""Cost beside need, room for manoeuvre, and cost per equalised unit, in sentences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from benchlib.comparison import EqualisedCost, RoomForManoeuvre
from benchlib.indicators import Passport
from benchlib.reporting.values import cost_mark, cost_note, label_of, listed, short_value, volume_note
from benchlib.reporting.words import Words

if TYPE_CHECKING:  # both load statsmodels, which a report without them does not need
    from benchlib.comparison import NeedResult, ServiceReading

#: How many at either end an alt text names.
_ENDS = 3
#: Level that the intervals of the group should reach.
_LEVEL = 0.95


def need_sentences(
    reading: ServiceReading, passports: Mapping[str, Passport], names: Mapping[str, str], words: Words
) -> list[str]:
    """What the conditions explain of the cost, how sure the expectation is, and who lies outside it.

    Parameters
    ----------
    reading : ServiceReading
        From `comparison.service_reading`.
    passports : mapping of str to Passport
        Passports of the indicators.
    names : mapping of str to str
        Names by code, in the report's language.
    words : Words
        Language of the text.

    Returns
    -------
    list of str
    """
    _ = words.gettext
    need = reading.need
    if need is None:
        return [_("The cost cannot be adjusted for demography with these figures.")]
    conditions = listed([label_of(passports[i], words, year=year) for i, year in need.years.items()], words)
    texts = [
        _(
            "For each municipality an expected cost is calculated from the other municipalities and its own conditions ({conditions}); {n} "
            "municipalities have all the figures. The conditions explain {inside} of the differences in cost, and {outside} where the "
            "municipality itself is left out of the calculation."
        ).format(
            n=need.units,
            conditions=conditions,
            inside=words.percent(100 * need.r_squared, 0),
            outside=words.percent(100 * max(0.0, need.r_squared_left_out), 0),
        )
    ]
    if need.explains_little:
        texts.append(_("That is little: the expectation is hardly better than the mean."))
    texts.append(_outside_sentence(need, names, words))
    if need.left_out:
        text = _("Without figures on the conditions, and so without an expectation: {names}.")
        texts.append(text.format(names=listed([names[code] for code in need.left_out], words)))
    texts.append(
        _(
            "What remains is not waste: it holds whatever the conditions do not, such as quality, choices of the "
            "council and errors in the figures."
        )
    )
    return texts


def _outside_sentence(need: NeedResult, names: Mapping[str, str], words: Words) -> str:
    """Who spends more or less than the interval of the expectation."""
    _ = words.gettext
    level = words.percent(100 * need.level, 0)
    sides = {side: need.table.loc[need.table["position"] == side, "territory"] for side in ("above", "below", "within")}
    text = _(
        "{n} of {count} municipalities lie within the {level} interval of what is to be expected: their cost does not clearly differ "
        "from it."
    )
    parts = [text.format(n=len(sides["within"]), count=need.units, level=level)]
    if len(sides["above"]):
        parts.append(_("Dearer than that: {names}.").format(names=listed([names[c] for c in sides["above"]], words)))
    if len(sides["below"]):
        parts.append(_("Cheaper than that: {names}.").format(names=listed([names[c] for c in sides["below"]], words)))
    chance = _(
        "By chance alone about {n} of {count} would lie outside such intervals: it is a reason to look at the figures, not a finding."
    )
    if len(sides["above"]) + len(sides["below"]):
        parts.append(chance.format(n=words.number(need.outside_by_chance), count=need.units))
    return " ".join(parts)


def need_texts(need: NeedResult, passport: Passport, names: Mapping[str, str], words: Words) -> dict[str, str]:
    """Alt text and caption of the figure of cost and expectation.

    Parameters
    ----------
    need : NeedResult
        From `comparison.need_adjusted_cost`.
    passport : Passport
        The unit cost.
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
    table = need.table.dropna(subset="deviation").sort_values(["deviation", "territory"])

    def ends(rows: object) -> str:
        return listed(
            [
                f"{names[str(row['territory'])]} {short_value(row['deviation'], passport, words, sign=True)}"
                for row in rows.to_dict("records")  # type: ignore[attr-defined]
            ],
            words,
        )

    alt = _(
        "{indicator}: {n} municipalities beside the cost expected under their conditions. Furthest below it: {least}. Furthest above it: "
        "{most}."
    ).format(
        indicator=label_of(passport, words, year=need.year),
        n=len(table),
        least=ends(table.head(_ENDS)),
        most=ends(table.tail(_ENDS).iloc[::-1]),
    )
    caption = _(
        "Full dot: cost; stroke: cost expected from the other municipalities under the same conditions; line: its {level} interval. On "
        "top those furthest below the expectation."
    ).format(level=words.percent(100 * need.level, 0))
    return {"alt": alt, "caption": f"{caption} {cost_note(words)}" if cost_mark(passport) else caption}


def room_sentences(room: RoomForManoeuvre, words: Words) -> list[str]:
    """What the room for manoeuvre is and is not, and what its intervals cover.

    Parameters
    ----------
    room : RoomForManoeuvre
        From `comparison.room_for_manoeuvre`.
    words : Words
        Language of the text.

    Returns
    -------
    list of str
    """
    _ = words.gettext
    texts = [
        _(
            "Room for manoeuvre is the difference between the own cost per user and that of a reference, times the users. It is a scale "
            "for discussion, not an amount that can be taken out of a budget."
        )
    ]
    if np.isnan(room.volume):
        texts.append(_("The number of users is not known, so there are no euro."))
    if np.isnan(room.cost):
        return [*texts, _("There is no own figure to hold against the references.")]
    texts += _difference_sentences(room, words)
    if room.table.loc[room.table["reference"] == "frontier", "low"].notna().any():
        texts.append(
            _(
                "The interval of the best practice lies below the own cost of every municipality, even of the best ones: it does not "
                "test whether the cost differs."
            )
        )
    of_group = room.table.loc[
        room.table["reference"].isin(["median", "best_quarter"]) & room.table["low"].notna(), "level"
    ]
    if len(of_group) and of_group.min() < _LEVEL:
        text = _("With so few members the intervals of the group reach {level} only.")
        texts.append(text.format(level=words.percent(100 * float(of_group.min()), 0)))
    return texts


def _difference_sentences(room: RoomForManoeuvre, words: Words) -> list[str]:
    """From which references the cost differs by their intervals, and which have no interval."""
    _ = words.gettext
    heads = reference_words(words)
    given = room.table.loc[room.table["value"].notna()]

    def named(rows: pd.DataFrame) -> str:
        return listed([heads[str(name)] for name in rows["reference"]], words, quoted=True)

    sentences = []
    # The interval of the frontier lies below the own cost whatever that is.
    sure = given.loc[given["low"].notna() & (given["reference"] != "frontier")]
    unsure = given.loc[given["low"].isna()]
    if given["is_clear"].any():
        text = _("By its interval, the cost differs from: {references}.")
        sentences.append(text.format(references=named(given.loc[given["is_clear"]])))
    elif len(sure) == len(room.table):
        sentences.append(_("By the intervals, the cost cannot be distinguished from any of the references."))
    elif len(sure):
        text = _("By its interval, the cost cannot be distinguished from: {references}.")
        sentences.append(text.format(references=named(sure)))
    if len(unsure):
        text = _("There is no interval for: {references}.")
        sentences.append(text.format(references=named(unsure)))
    return sentences


def reference_words(words: Words) -> dict[str, str]:
    """The references of the room for manoeuvre as a reader calls them.

    Parameters
    ----------
    words : Words
        Language of the text.

    Returns
    -------
    dict of str to str
    """
    _ = words.gettext
    return {
        "median": _("Median of the comparison group"),
        "best_quarter": _("Best quarter of the comparison group"),
        "need": _("Expected under its conditions"),
        "frontier": _("Best practice (DEA, corrected)"),
    }


def equalised_note(cost: EqualisedCost, passports: Mapping[str, Passport], words: Words) -> str:
    """That the coefficients are to be verified, and what the units lack.

    Parameters
    ----------
    cost : EqualisedCost
        From `comparison.equalised_cost`.
    passports : mapping of str to Passport
        Passports of the indicators.
    words : Words
        Language of the text.

    Returns
    -------
    str
    """
    _ = words.gettext
    key = cost.units.key
    parts = []
    if not key.is_verified:
        shown = [
            _("{indicator} {coefficient}").format(
                indicator=passports[part.indicator].name[words.language], coefficient=words.number(part.coefficient, 2)
            )
            for part in key.parts
            if not part.verified
        ]
        parts.append(_("Coefficients to be verified: {parts}.").format(parts=listed(shown, words)))
    if cost.units.absent:
        names = listed([passports[part.indicator].name[words.language] for part in cost.units.absent], words)
        parts.append(_("Not counted, because there are no figures: {parts}.").format(parts=names))
    if cost.volume:
        parts.append(volume_note(cost.year, cost.volume_year, words))
    return " ".join(filter(None, [*parts, key.caveats[words.language]]))
