"""Who the municipality is and with whom it is compared."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from benchlib.comparison import ComparisonGroup, Profile
from benchlib.indicators import Passport, Territory, classification, present_municipalities
from benchlib.reporting.blocks import Fact
from benchlib.reporting.figures import full_value, listed, names_listed
from benchlib.reporting.words import Words


def title(unit: Territory, year: int, words: Words) -> str:
    """Title of the report."""
    return words.gettext("{m} compared, {year}").format(m=words.name(unit), year=year)


def age_note(year: int, words: Words) -> str:
    """What the figures are and are not, said before anything else."""
    return words.gettext(
        "The figures on schools are of {year}: for later years no comparable open figures on the cost of municipal services were "
        "found. The report shows how to learn from comparison; it does not judge today's council."
    ).format(year=year)


def origin(unit: Territory, parts: pd.DataFrame | None, words: Words) -> str:
    """From which former municipalities this one came, or where a former one is today."""
    _ = words.gettext
    if parts is None:
        heirs = present_municipalities(unit.code)
        known = {t.code: t for t in classification("2025")}
        heir_names = listed([str(words.name(known[code])) for code in heirs["code"]], words)
        if list(heirs["name"]) == [unit.name]:
            return _("The 2021 reform did not change {m}.").format(m=words.name(unit))
        return _("{m} existed until 30 June 2021; its territory now belongs to: {heirs}.").format(
            m=words.name(unit), heirs=heir_names
        )
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


def group_sentence(group: ComparisonGroup, passports: Mapping[str, Passport], words: Words) -> str:
    """With whom the municipality is compared, and why with them."""
    _ = words.gettext
    others = names_listed(group.others, words)
    count = len(group.others)
    if group.word == "similar":
        context = listed([passports[i].name[words.language].lower() for i in group.context], words)
        text = words.ngettext(
            "The comparison group is the {n} municipality most alike in context ({context}): {others}.",
            "The comparison group is the {n} municipalities most alike in context ({context}): {others}.",
            count,
        )
        return text.format(n=count, context=context, others=others)
    kind = {"city": _("state cities"), "novads": _("novadi")}.get(group.detail, group.detail)
    text = {
        "region": _("The comparison group is the planning region {detail}: {others}."),
        "kind": _("The comparison group is all {detail}: {others}."),
        "all": _("The comparison group is all municipalities: {others}."),
    }.get(group.word, _("The comparison group was chosen by name ({detail}): {others}."))
    text = text.format(detail=kind or _("own list"), others=others)
    if not group.is_complete:
        text += " " + _("The network's published list of members is incomplete.")
    return text


def context_facts(context: Profile, passports: Mapping[str, Passport], words: Words) -> list[Fact]:
    """Key numbers of the context as cards, each with the median of the group."""
    cards = []
    for row in context.table.to_dict("records"):
        passport = passports[row["indicator"]]
        value = words.missing if np.isnan(row["value"]) else full_value(row["value"], passport, words)
        median = full_value(row["median"], passport, words) if row["members_with_figure"] else words.missing
        detail = words.gettext("{year}; group median {median}").format(year=row["year"], median=median)
        cards.append(Fact(passport.name[words.language], value, detail))
    return cards


def tiles_of(unit: Territory, group: ComparisonGroup) -> tuple[list[str], list[str]]:
    """Codes of 2025 of the municipality and of its comparison group, for the tile map."""
    own = list(present_municipalities(unit.code)["code"])
    others = {code for member in group.others for code in present_municipalities(member.code)["code"]}
    return own, sorted(others - set(own))


def map_texts(unit: Territory, group: ComparisonGroup, words: Words) -> dict[str, str]:
    """Alt text and caption of the tile map."""
    _ = words.gettext
    own, others = tiles_of(unit, group)
    known = {t.code: t for t in classification("2025")}
    heirs = listed([str(words.name(known[code])) for code in own], words)
    alt = _("Tile map of the 42 municipalities of Latvia; marked: {own}. Comparison group: {others}.")
    caption = _("A tile is a municipality of today (cities in capitals); orange: {own}, green: its comparison group.")
    return {
        "alt": alt.format(own=heirs, others=listed([str(words.name(known[code])) for code in others], words)),
        "caption": caption.format(own=heirs),
    }
