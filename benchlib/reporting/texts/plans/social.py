"""Sentences of the data chapter of a social-service development plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from benchlib.comparison import Chapter, PopulationChange
from benchlib.indicators import Network, Passport, Territory, find_municipality
from benchlib.reporting.blocks import Fact
from benchlib.reporting.texts.who import context_facts
from benchlib.reporting.values import as_shown, label_of, label_with_unit, listed, names_listed, short_value
from benchlib.reporting.words import Words
from benchlib.terms import Access


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
    rows = {row["indicator"]: row for chapter in chapters for row in chapter.profile.table.to_dict("records")}
    for name in ("dependency_ratio", "unemployment_rate", "social_protection_expenditure_per_inhabitant"):
        if name in rows and not np.isnan(rows[name]["value"]):
            sentences.append(_against_median(rows[name], passports[name], words))
    absent = [passports[i].name[words.language] for chapter in chapters for i in chapter.absent]
    if absent:
        sentences.append(absent_text(access, words).format(indicators=listed(absent, words, quoted=True)))
    return sentences


def _against_median(row: Mapping[Any, Any], passport: Passport, words: Words) -> str:
    text = words.gettext("{indicator}, {year}: {own}; median of the group {median}.")
    return text.format(
        indicator=label_with_unit(passport, words),
        year=row["year"],
        own=short_value(row["value"], passport, words),
        median=short_value(row["median"], passport, words),
    )


def absent_text(access: Access, words: Words) -> str:
    """Template of the sentence on indicators without figures, with a field `indicators`."""
    _ = words.gettext
    if access == "public":
        return _("There are no public figures on: {indicators}.")
    return _("There are no figures on: {indicators}.")


def population_sentences(change: PopulationChange, words: Words) -> list[str]:
    """How the population changed, beside the group.

    Parameters
    ----------
    change : PopulationChange
        From `comparison.population_change`.
    words : Words
        Language of the text.

    Returns
    -------
    list of str
    """
    _ = words.gettext
    m = words.name(change.group.municipality)
    if not change.years:
        return [_("There is no yearly series of the population for the municipalities of this time.")]
    first, last = change.summary.iloc[0], change.summary.iloc[-1]
    span = {"m": m, "start": int(first["year"]), "end": int(last["year"])}
    sentences = []
    if change.has_own:
        sentences.append(
            _("From {start} to {end} the population of {m} changed from {a} to {b} ({change}).").format(
                a=words.number(first["value"]),
                b=words.number(last["value"]),
                change=_percent(last["index"], words),
                **span,
            )
        )
    else:
        sentences.append(
            _(
                "There is no yearly series of the population of {m} among the figures: the table holds novadi only, not state cities."
            ).format(m=m)
        )
    count = int(last["members_with_figure"])
    if count > 1:
        text = words.ngettext(
            "Median of the {n} member of the group with figures: {median}.",
            "Median of the {n} members of the group with figures: {median}.",
            count,
        )
        sentences.append(text.format(n=count, median=_percent(last["median"], words)))
    return sentences


def _percent(index: float, words: Words) -> str:
    """Change in per cent from an index of 100, as it is shown."""
    return words.percent(float(as_shown(index - 100, 1)), 1, sign=True)


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


def forecast_note(words: Words) -> str:
    """Why there is no forecast."""
    return words.gettext(
        "No forecast is made. An honest one needs births, deaths and moves by age, which these figures do not hold; to draw the line on "
        "would promise more than is known. For planning, ask the Central Statistical Bureau for one."
    )


def population_texts(change: PopulationChange, names: Mapping[str, str], words: Words) -> dict[str, str]:
    """Alt text and caption of the figure of population.

    Parameters
    ----------
    change : PopulationChange
        From `comparison.population_change`, with years.
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
    last = change.table.loc[change.table["year"] == change.years[-1]].dropna(subset="index").sort_values("index")
    values = [f"{names[row['territory']]} {words.number(row['index'], 1)}" for row in last.to_dict("records")]
    alt = _("Population, {start} = 100. In {end}, lowest first: {values}; median {median}.").format(
        start=change.years[0],
        end=change.years[-1],
        values=listed(values, words) or words.missing,
        median=words.number(change.summary["median"].iloc[-1], 1),
    )
    caption = _(
        "Population, {start} = 100: each grey line is a member of the group, dashed their median, orange {m}."
    ).format(start=change.years[0], m=words.name(change.group.municipality))
    if change.without:
        unknown = [unit for unit in change.group.members if unit.code in change.without]
        caption += " " + _("Without figures: {names}.").format(names=names_listed(unknown, words))
    return {"alt": alt, "caption": caption}


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
        _against_median(row, passports[row["indicator"]], words)
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
            "Put figures into a table with a row for each municipality and a column for each measure, and read it in: {command}"
        ).format(command="benchlib data import FILE --kind figures"),
        _("Imported figures are for members unless you say otherwise; a report shows them with access=members."),
    ]


def member_sentences(network: Network, words: Words) -> list[str]:
    """Who the known members of the network are, and that the list is incomplete.

    Parameters
    ----------
    network : Network
        The network.
    words : Words
        Language of the text.

    Returns
    -------
    list of str
    """
    _ = words.gettext
    names = [str(words.name(find_municipality(member.name, member.territory))) for member in network.members]
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


def plan_sentence(words: Words) -> str:
    """How goals with figures become a plan that is followed up."""
    return words.gettext(
        "When figures of services are there, the improvement plan (notebook improvement_plan, theme=T2) proposes goals with a path, and "
        "a later report holds them against what came of it."
    )


def no_practice_note(words: Words) -> str:
    """That the catalogue holds no practice example."""
    return words.gettext(
        "The catalogue holds no practice example of network T2 yet. Add one: benchlib practices add FILE"
    )
