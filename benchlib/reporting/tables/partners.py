"""Tables of learning partners and practice examples."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from benchlib.comparison import Difference, LearningPartners, Partner
from benchlib.indicators import Passport
from benchlib.reporting.blocks import Column, Table
from benchlib.reporting.compose import table
from benchlib.reporting.values import as_shown, cost_mark, cost_note, doubt_note, listed, marked, short_value
from benchlib.reporting.words import Words

_DASH: Final = "–"


def partners(found: LearningPartners, passports: Mapping[str, Passport], words: Words) -> Table | None:
    """Whom to visit: what they spend and reach, the difference, how sure it is, and what both have in common.

    Parameters
    ----------
    found : LearningPartners
        From `comparison.learning_partners`.
    passports : mapping of str to Passport
        Passports of the indicators.
    words : Words
        Language.

    Returns
    -------
    Table or None
        None if there is nobody (`texts.partners.introduction` says why).
    """
    _ = words.gettext
    if not found.partners:
        return None
    shown = [passports[item.indicator] for item in found.partners[0].variables]
    columns = [
        Column("name", _("Municipality"), is_row_header=True),
        *(Column(p.id, f"{p.name[words.language]}{cost_mark(p)}", align="right") for p in shown),
        Column("certain", _("Advantage greater than its margin of error")),
        Column("common", _("In common with {m}").format(m=words.name(found.unit))),
    ]
    rows = [
        {
            "name": marked(str(words.name(partner.unit)), partner.is_doubtful),
            **{item.indicator: _value(item, passports[item.indicator], words) for item in partner.variables},
            "certain": {True: _("yes"), False: _("no"), None: _DASH}[partner.is_certain],
            "common": _common(partner, words),
        }
        for partner in found.partners
    ]
    notes = [_("In parentheses: the difference from {m}.").format(m=words.name(found.unit))]
    if any(partner.is_certain is False for partner in found.partners):
        notes.append(_("No: the 95% intervals of efficiency overlap."))
    if any(partner.is_doubtful for partner in found.partners):
        notes.append(doubt_note(words))
    if any(cost_mark(passport) for passport in shown):
        notes.append(cost_note(words))
    return table(columns, rows, caption=_("Whom to visit"), note=" ".join(notes))


def _value(item: Difference, passport: Passport, words: Words) -> str:
    """Their figure, and the difference between the two as they are shown: whoever subtracts must get it."""
    own, theirs = (as_shown(value, passport.decimals) for value in (item.own, item.theirs))
    if passport.unit["en"].startswith("%"):  # points, not per cent of the own figure
        text = words.number(theirs - own, passport.decimals, sign=True)
    else:
        text = short_value(theirs - own, passport, words, sign=True)
    # A narrow column may break the line before the difference, but not after its sign.
    return f"{short_value(item.theirs, passport, words)} ({text[0]}\N{WORD JOINER}{text[1:]})"


def _common(partner: Partner, words: Words) -> str:
    _ = words.gettext
    found = [_("context")] if partner.is_similar else []
    if partner.networks:
        found.append(_("network {networks}").format(networks=listed(partner.networks, words)))
    if partner.is_near:
        found.append(_("planning region"))
    return ", ".join(found) or _DASH
