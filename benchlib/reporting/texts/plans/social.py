"""Sentences of the data chapter of a social-service development plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from benchlib.comparison import Chapter, PopulationChange
from benchlib.indicators import Network, Passport, Territory, find_municipality
from benchlib.indicators.networks import Member
from benchlib.reporting.blocks import Fact
from benchlib.reporting.texts.plans.population import forecast_note, population_sentences, population_texts
from benchlib.reporting.texts.who import context_facts
from benchlib.reporting.values import label_of, label_with_unit, listed, marked, names_listed, short_value
from benchlib.reporting.words import Words
from benchlib.terms import Access, Classification

__all__ = [
    "absent_text",
    "chapter_sentences",
    "chapter_word",
    "forecast_note",
    "import_bullets",
    "member_sentences",
    "nature_note",
    "no_practice_note",
    "old_sentence",
    "plan_sentence",
    "population_facts",
    "population_sentences",
    "population_texts",
    "summary",
    "title",
    "where_word",
]


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
    return words.gettext("Data for the social-service development plan: {m}, {year}").format(
        m=words.name(unit), year=year
    )


def chapter_word(key: str, words: Words) -> str:
    """Heading of a chapter, in the order of the plans that members of network T2 wrote."""
    _ = words.gettext
    return {
        "population": _("Population and age"),
        "work": _("Unemployment, income and need"),
        "budget": _("Social-protection budget"),
        "services": _("Social services: extent, access and quality"),
    }[key]


def nature_note(words: Words) -> str:
    """What the chapter is: figures for a plan that people write."""
    return words.gettext(
        "This is the data chapter of a plan, not the plan: figures that are known, gaps that are named, and fields that the municipality "
        "fills in. The indicators of services are proposals; the list of the benchlearning database BLIS was not found."
    )


def summary(
    change: PopulationChange,
    chapters: Sequence[Chapter],
    passports: Mapping[str, Passport],
    access: Access,
    words: Words,
) -> list[str]:
    """The main messages, one sentence each.

    Parameters
    ----------
    change : PopulationChange
        From `comparison.population_change`.
    chapters : sequence of Chapter
        From `comparison.social_chapters`.
    passports : mapping of str to Passport
        Passports of the indicators.
    access : {"public", "members"}
        Which figures the report uses.
    words : Words
        Language of the text.

    Returns
    -------
    list of str
    """
    sentences = population_sentences(change, words)[:1]
    rows = {
        row["indicator"]: (row, chapter) for chapter in chapters for row in chapter.profile.table.to_dict("records")
    }
    for name in ("dependency_ratio", "unemployment_rate", "social_protection_expenditure_per_inhabitant"):
        if name in rows and not np.isnan(rows[name][0]["value"]):
            sentences.append(_against_median(*rows[name], passports[name], words))
    absent = [passports[i].name[words.language] for chapter in chapters for i in chapter.absent]
    if absent:
        sentences.append(absent_text(access, words).format(indicators=listed(absent, words, quoted=True)))
    return sentences


def _against_median(row: Mapping[Any, Any], chapter: Chapter, passport: Passport, words: Words) -> str:
    _ = words.gettext
    if np.isnan(row["median"]):
        text = _("{indicator}, {year}: {own}; too few members of the group have a figure for a median.")
    else:
        text = _("{indicator}, {year}: {own}; median of the group {median}.")
    return text.format(
        indicator=label_with_unit(passport, words),
        year=row["year"],
        own=marked(short_value(row["value"], passport, words), chapter.is_doubtful(row)),
        median=short_value(row["median"], passport, words),
    )


def absent_text(access: Access, words: Words) -> str:
    """Template of the sentence on indicators without figures, with a field `indicators`."""
    _ = words.gettext
    if access == "public":
        return _("There are no public figures on: {indicators}.")
    return _("There are no figures on: {indicators}.")


def population_facts(chapter: Chapter, passports: Mapping[str, Passport], words: Words) -> list[Fact]:
    """Key numbers of the population as cards; what the municipality has no figure of stands in the table instead.

    Parameters
    ----------
    chapter : Chapter
        The chapter "population".
    passports : mapping of str to Passport
        Passports of the indicators.
    words : Words
        Language of the text.

    Returns
    -------
    list of Fact
        Empty if there is no figure.
    """
    there = chapter.profile.table.loc[chapter.profile.table["value"].notna()]
    return context_facts(replace(chapter.profile, table=there), passports, words)


def old_sentence(chapter: Chapter, passports: Mapping[str, Passport], words: Words) -> str:
    """Which figures of a chapter are old, with their years.

    Parameters
    ----------
    chapter : Chapter
        From `comparison.social_chapters`.
    passports : mapping of str to Passport
        Passports of the indicators.
    words : Words
        Language of the text.

    Returns
    -------
    str
        "" if none is.
    """
    rows = chapter.old.to_dict("records")
    if not rows:
        return ""
    named = [label_of(passports[row["indicator"]], words, year=row["year"]) for row in rows]
    text = words.gettext("Figures far from {year}, which say little about today: {indicators}.")
    return text.format(year=chapter.profile.year, indicators=listed(named, words, quoted=True))


def chapter_sentences(chapter: Chapter, passports: Mapping[str, Passport], access: Access, words: Words) -> list[str]:
    """What a chapter holds and what it lacks.

    Parameters
    ----------
    chapter : Chapter
        From `comparison.social_chapters`.
    passports : mapping of str to Passport
        Passports of the indicators.
    access : {"public", "members"}
        Which figures the report uses.
    words : Words
        Language of the text.

    Returns
    -------
    list of str
    """
    own = [
        _against_median(row, chapter, passports[row["indicator"]], words)
        for row in chapter.profile.table.to_dict("records")
        if not np.isnan(row["value"])
    ]
    none = [
        passports[row["indicator"]].name[words.language]
        for row in chapter.profile.table.to_dict("records")
        if np.isnan(row["value"])
    ]
    sentences = [*own]
    if none:
        text = words.gettext("No figure of {m}: {indicators}.")
        sentences.append(
            text.format(m=words.name(chapter.profile.municipality), indicators=listed(none, words, quoted=True))
        )
    absent = [passports[i].name[words.language] for i in chapter.absent]
    if absent:
        sentences.append(absent_text(access, words).format(indicators=listed(absent, words, quoted=True)))
    return sentences


def where_word(indicator: str, words: Words) -> str:
    """Where the figure of an indicator can be found."""
    _ = words.gettext
    report = _(
        "the social service's reports to the Ministry of Welfare (Cabinet Regulation No. 324 of 2017, amended by No. 49 of 2021)"
    )
    return {
        "social_protection_expenditure_per_inhabitant": _(
            "the municipality's budget report, function “Social protection”"
        ),
        "social_clients_per_worker": report,
        "home_care_per_1000_aged_65": report,
        "needy_persons_share": report,
        "social_service_waiting_days": _("the social service's own register of applications"),
        "share_aged_65": _("population by age, Central Statistical Bureau"),
        "population_annual_average": _("Central Statistical Bureau"),
        "population_1_january": _("Central Statistical Bureau"),
    }.get(indicator, _("the municipality's own records"))


def import_bullets(words: Words) -> list[str]:
    """Where figures on social services are, and how they come in.

    Parameters
    ----------
    words : Words
        Language of the text.

    Returns
    -------
    list of str
    """
    _ = words.gettext
    return [
        _(
            "Every social service reports to the Ministry of Welfare on the forms of Cabinet Regulation No. 324 of 13 June 2017, amended "
            "by No. 49 of 21 January 2021 (likumi.lv/ta/id/320472). The members of a network can put their copies side by side."
        ),
        _(
            "The ministry gives more detailed figures, by provider and municipality, free of charge on request "
            "(lm.gov.lv/lv/par-2022-gadu-0)."
        ),
        _(
            "data.gov.lv holds the number of social-service providers with the code of the municipality (dataset "
            "soc-pakalpojumu-sniedzeju-skaits)."
        ),
        _(
            "Put figures into a table with a row for each municipality and a column for each measure, and read it in: benchlib data import "
            "FILE --kind figures"
        ),
        _(
            "Imported figures are for members unless you say otherwise; reports made for members show them (in the command: -p "
            "access=members)."
        ),
    ]


def member_sentences(network: Network, words: Words, *, territory: Classification = "2025") -> list[str]:
    """Who the known members of the network are, what they belong to by now, and that the list is incomplete.

    Parameters
    ----------
    network : Network
        The network.
    words : Words
        Language of the text.
    territory : {"2009", "2021", "2025"}
        Classification of the report: of a member that is not in it by its name, the municipality that took its place is named too.

    Returns
    -------
    list of str
    """
    _ = words.gettext
    names = [_member(member, territory, words) for member in network.members]
    sentences = [
        _("Known members of network {name}: {names}.").format(
            name=network.name[words.language], names=listed(names, words)
        )
    ]
    if network.members_unresolved:
        sentences.append(
            _("Named without saying whether the city or the novads is meant: {names}.").format(
                names=listed(list(network.members_unresolved), words)
            )
        )
    if not network.members_complete:
        sentences.append(_("The network's published list of members is incomplete."))
    return sentences


def _member(member: Member, territory: Classification, words: Words) -> str:
    """A member by the name that it had in the network, and whose part it is by now."""
    unit = find_municipality(member.name, member.territory)
    name = str(words.name(unit))
    heirs = [heir for heir in member.units(territory) if heir.name != unit.name]
    if not heirs or len(heirs) < len(member.units(territory)):
        return name
    text = words.gettext("now {heir}") if len(heirs) == 1 else words.gettext("in part now {heir}")
    return f"{name} ({text.format(heir=names_listed(heirs, words))})"


def plan_sentence(services: Chapter, words: Words) -> str:
    """How goals with figures become a plan that is followed up.

    Parameters
    ----------
    services : Chapter
        The chapter "services": it knows whether there are figures to make goals of.
    words : Words
        Language of the text.

    Returns
    -------
    str
    """
    _ = words.gettext
    if services.profile.table["value"].notna().any():
        text = _(
            "From these figures the improvement plan on the theme of network T2 proposes goals with a path, and a later report holds them "
            "against what came of it."
        )
    else:
        text = _(
            "When figures of services are there, the improvement plan on the theme of network T2 proposes goals with a path, and a later "
            "report holds them against what came of it."
        )
    how = _("Whoever makes the reports gets it with: benchlib reports --notebook improvement_plan -p theme=T2")
    return f"{text} {how}"


def no_practice_note(words: Words) -> str:
    """That the catalogue holds no practice example."""
    return words.gettext(
        "The catalogue holds no practice example of network T2 yet. Add one: benchlib practices add FILE"
    )
