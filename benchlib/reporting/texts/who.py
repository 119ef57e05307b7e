"""Who the municipality is and with whom it is compared."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from benchlib.comparison import ComparisonGroup, Profile
from benchlib.indicators import (
    Passport,
    Service,
    Territory,
    classification,
    former_municipalities,
    present_municipalities,
)
from benchlib.reporting.blocks import Fact
from benchlib.reporting.values import label_with_unit, listed, names_listed, short_value
from benchlib.reporting.words import Words


def title(unit: Territory, year: int, words: Words) -> str:
    """Title of the report.

    Parameters
    ----------
    unit : Territory
        The municipality.
    year : int
        Year of the report.
    words : Words
        Language of the text.

    Returns
    -------
    str
    """
    return words.gettext("{m} compared, {year}").format(m=words.name(unit), year=year)


def age_note(year: int, service: Service, words: Words) -> str:
    """What the figures are and are not, said before anything else.

    Parameters
    ----------
    year : int
        Year of the report.
    service : Service
        The service that is scored.
    words : Words
        Language of the text.

    Returns
    -------
    str
    """
    return words.gettext(
        "The figures on schools are of {year}: for years after {last} no comparable open figures on the cost of municipal services "
        "were found. The report shows how to learn from comparison; it does not judge today's council."
    ).format(year=year, last=max(service.years))


def origin(unit: Territory, parts: pd.DataFrame | None, words: Words) -> str:
    """From which former municipalities this one came, or where a former one is today.

    Parameters
    ----------
    unit : Territory
        The municipality.
    parts : pandas.DataFrame or None
        From `former_municipalities`; None for a former municipality itself.
    words : Words
        Language of the text.

    Returns
    -------
    str
    """
    _ = words.gettext
    if parts is None:
        return _present(unit, words)
    if len(parts) == 1 and parts["share"].iloc[0] == 1:
        return _("The 2021 reform did not change the borders of {m}.").format(m=words.name(unit))
    column = "name" if words.language == "lv" else "name_en"
    shown = []
    for part in parts.to_dict("records"):
        if part["share"] == 1:
            shown.append(str(part[column]))
            continue
        share = words.percent(100 * part["share"], 0)
        basis = _("of its population") if part["basis"] == "population" else _("of its area")
        shown.append(_("{name} in part ({share} {basis})").format(name=part[column], share=share, basis=basis))
    sentence = words.ngettext(
        "{m} consists of {n} former municipality: {parts}.",
        "{m} consists of {n} former municipalities: {parts}.",
        len(parts),
    )
    return sentence.format(m=words.name(unit), n=len(parts), parts=listed(shown, words))


def _present(unit: Territory, words: Words) -> str:
    """Where a former municipality is today: unchanged, larger under its old name, or part of another."""
    _ = words.gettext
    heirs = present_municipalities(unit.code)
    if list(heirs["name"]) != [unit.name]:
        known = {t.code: t for t in classification("2025")}
        names = listed([str(words.name(known[code])) for code in heirs["code"]], words)
        text = _("{m} was a municipality of its own until 30 June {year}; its territory now belongs to: {heirs}.")
        return text.format(m=words.name(unit), year=_last_year(unit), heirs=names)
    parts = former_municipalities(heirs["code"].iloc[0])
    column = "name" if words.language == "lv" else "name_en"
    others = [
        part[column] if part["share"] == 1 else _("{name} (in part)").format(name=part[column])
        for part in parts.to_dict("records")
        if part["code"] != unit.code
    ]
    if not others:
        return _("The 2021 reform did not change {m}.").format(m=words.name(unit))
    text = _("Since the 2021 reform {m} also holds the territory of: {others}.")
    return text.format(m=words.name(unit), others=listed(others, words))


def _last_year(unit: Territory) -> int:
    """Year in which a former municipality ended: Varakļānu novads outlived the reform of 2021 by four years."""
    ends = [t.valid_to for t in (*classification("2021"), unit) if t.name == unit.name and t.valid_to]
    return ends[0].year


def group_sentence(group: ComparisonGroup, passports: Mapping[str, Passport], words: Words) -> str:
    """With whom the municipality is compared, and why with them.

    Parameters
    ----------
    group : ComparisonGroup
        Whom it is compared with.
    passports : mapping of str to Passport
        Passports of the indicators.
    words : Words
        Language of the text.

    Returns
    -------
    str
    """
    _ = words.gettext
    others = names_listed(group.others, words)
    count = len(group.others)
    if not count:
        return _("Nobody else is in the comparison group: {m} is compared with itself alone.").format(
            m=words.name(group.municipality)
        )
    if group.word == "similar":
        context = listed([passports[i].name[words.language].lower() for i in group.context], words)
        text = words.ngettext(
            "The comparison group is the {n} municipality most alike in context ({context}): {others}.",
            "The comparison group is the {n} municipalities most alike in context ({context}): {others}.",
            count,
        )
        return text.format(n=count, context=context, others=others)
    detail = {"city": _("state cities"), "novads": _("novadi")}.get(group.detail, group.detail)
    text = {
        "region": _("The comparison group is the planning region {detail}: {others}."),
        "kind": _("The comparison group is all {detail}: {others}."),
        "all": _("The comparison group is all municipalities: {others}."),
        "network": _("The comparison group is the known members of network {detail}: {others}."),
        "own": _("The comparison group was chosen by name: {others}."),
    }[group.word.partition(":")[0]]
    text = text.format(detail=detail, others=others)
    if not group.is_complete:
        text += " " + _("The network's published list of members is incomplete.")
    return text


def context_facts(context: Profile, passports: Mapping[str, Passport], words: Words) -> list[Fact]:
    """Key numbers of the context as cards, each with the median of the group.

    Parameters
    ----------
    context : Profile
        Profile of the context indicators.
    passports : mapping of str to Passport
        Passports of the indicators.
    words : Words
        Language of the text.

    Returns
    -------
    list of Fact
    """
    cards = []
    for row in context.table.to_dict("records"):
        passport = passports[row["indicator"]]
        value = words.missing if np.isnan(row["value"]) else short_value(row["value"], passport, words)
        if np.isnan(row["median"]):
            detail = words.gettext("{year}; too few in the group for a median").format(year=row["year"])
        else:
            median = short_value(row["median"], passport, words)
            detail = words.gettext("{year}; group median {median}").format(year=row["year"], median=median)
        cards.append(Fact(label_with_unit(passport, words), value, detail))
    return cards


def tiles_of(unit: Territory, group: ComparisonGroup) -> tuple[list[str], list[str]]:
    """Codes of 2025 of the municipality and of its comparison group, for the tile map.

    Parameters
    ----------
    unit : Territory
        The municipality.
    group : ComparisonGroup
        Whom it is compared with.

    Returns
    -------
    tuple of two lists of str
    """
    own = list(present_municipalities(unit.code)["code"])
    others = {code for member in group.others for code in present_municipalities(member.code)["code"]}
    return own, sorted(others - set(own))


def map_texts(unit: Territory, group: ComparisonGroup, words: Words) -> dict[str, str]:
    """Alt text and caption of the tile map.

    Parameters
    ----------
    unit : Territory
        The municipality.
    group : ComparisonGroup
        Whom it is compared with.
    words : Words
        Language of the text.

    Returns
    -------
    dict of str to str
        "alt" and "caption".
    """
    _ = words.gettext
    own, others = tiles_of(unit, group)
    known = {t.code: t for t in classification("2025")}
    heirs = listed([str(words.name(known[code])) for code in own], words)
    alt = _("Tile map of the 42 municipalities of Latvia; marked: {own}.").format(own=heirs)
    if others:
        names = listed([str(words.name(known[code])) for code in others], words)
        alt += " " + _("Comparison group: {others}.").format(others=names)
    caption = _("A tile is a municipality of today (cities in capitals); orange: {own}, green: its comparison group.")
    return {"alt": alt, "caption": caption.format(own=heirs)}
