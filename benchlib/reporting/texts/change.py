"""What differed and changed: former municipalities, development, what is missing or doubtful."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

import numpy as np
import pandas as pd

from benchlib.comparison import Profile, doubts_in_use
from benchlib.indicators import (
    CLASSIFICATIONS,
    Catalogue,
    Doubt,
    Passport,
    Service,
    Territory,
    classification,
    former_municipalities,
    present_municipalities,
)
from benchlib.reporting.values import (
    doubt_note,
    few_note,
    label_of,
    listed,
    marked,
    median_value,
    short_value,
    some_listed,
)
from benchlib.reporting.words import Words
from benchlib.terms import Access

_FORMER = frozenset(unit.code for unit in classification("2009"))


def former_sentences(table: pd.DataFrame, passports: Mapping[str, Passport], words: Words) -> list[str]:
    """The widest difference among the former municipalities, indicator by indicator.

    Parameters
    ----------
    table : pandas.DataFrame
        From `comparison.former_figures`, with a column `label`.
    passports : mapping of str to Passport
        Passports of the indicators.
    words : Words
        Language of the text.

    Returns
    -------
    list of str
    """
    _ = words.gettext
    if table.loc[table["is_part"], "territory"].unique().size == 1:
        return [_("The municipality was one before the reform too: there are no parts to compare.")]
    sentences = []
    for indicator, rows in table.loc[table["is_part"]].groupby("indicator", sort=False):
        passport = passports[str(indicator)]
        present = rows.dropna(subset="value").sort_values("value", kind="stable")
        if len(present) < 2:
            continue
        low, high = present.iloc[0], present.iloc[-1]
        sentences.append(
            _("{indicator}: from {low} ({low_name}) to {high} ({high_name}).").format(
                indicator=passport.name[words.language],
                low=short_value(low["value"], passport, words),
                low_name=low["label"],
                high=short_value(high["value"], passport, words),
                high_name=high["label"],
            )
        )
    in_part = table.loc[table["is_part"] & (table["share"].round(6) < 1), "label"].unique()
    text = _("{name} came here only in part; its figures are those of the whole.")
    return [*sentences, *(text.format(name=name) for name in in_part)]


def trend_sentences(table: pd.DataFrame, passports: Mapping[str, Passport], words: Words) -> list[str]:
    """First and last year of each indicator, own and of the group.

    Parameters
    ----------
    table : pandas.DataFrame
        From `comparison.trend`.
    passports : mapping of str to Passport
        Passports of the indicators.
    words : Words
        Language of the text.

    Returns
    -------
    list of str
    """
    _ = words.gettext
    sentences = []
    for indicator, rows in table.groupby("indicator", sort=False):
        passport = passports[str(indicator)]
        present = rows.dropna(subset="value")
        if len(present) < 2:
            sentences.append(
                _("{indicator}: too few years with figures.").format(indicator=passport.name[words.language])
            )
            continue
        first, last = present.iloc[0], present.iloc[-1]
        medians = float(first["median"]), float(last["median"])
        text = _(
            "{indicator}: {first} in {start}, {last} in {end}; median of the group {median_first} and {median_last}."
        )
        if np.isnan(medians).all():
            text = _("{indicator}: {first} in {start}, {last} in {end}; the group has too few figures for a median.")
        sentence = text.format(
            indicator=passport.name[words.language],
            first=marked(short_value(first["value"], passport, words), first["is_doubtful"]),
            start=first["year"],
            last=marked(short_value(last["value"], passport, words), last["is_doubtful"]),
            end=last["year"],
            median_first=median_value(medians[0], passport, words),
            median_last=median_value(medians[1], passport, words),
        )
        if first["members_with_figure"] != last["members_with_figure"]:
            counts = _("In the group, {first} and {last} municipalities have a figure.")
            sentence += " " + counts.format(first=first["members_with_figure"], last=last["members_with_figure"])
        counted = rows.loc[rows["median"].notna() & (rows["doubtful_members"] > 0), "year"].astype(str)
        if len(counted):
            text = _("Years in which the median counts doubtful figures of others: {years}.")
            sentence += " " + text.format(years=", ".join(counted))
        sentences.append(sentence)
    return sentences


def former_labels(table: pd.DataFrame, words: Words) -> pd.Series:
    """Name of each former municipality in the report's language.

    Parameters
    ----------
    table : pandas.DataFrame
        From `comparison.former_figures`.
    words : Words
        Language of the text.

    Returns
    -------
    pandas.Series
        Text for each row.
    """
    known = {unit.code: str(words.name(unit)) for unit in classification("2009")}
    return table["territory"].map(known)


def former_texts(
    unit: Territory, table: pd.DataFrame, passports: Mapping[str, Passport], words: Words
) -> dict[str, str]:
    """Alt text and caption of the figure of former municipalities.

    Parameters
    ----------
    unit : Territory
        The municipality of the report.
    table : pandas.DataFrame
        From `comparison.former_figures`, with a column `label`.
    passports : mapping of str to Passport
        Passports of the indicators.
    words : Words
        Language of the text.

    Returns
    -------
    dict of str to str
        "alt" and "caption".
    """
    _ = words.gettext
    lines = []
    for indicator, rows in table.loc[table["is_part"]].groupby("indicator", sort=False):
        passport = passports[str(indicator)]
        values = [f"{row['label']} {short_value(row['value'], passport, words)}" for row in rows.to_dict("records")]
        lines.append(f"{label_of(passport, words, year=int(rows['year'].iloc[0]))}: {listed(values, words)}")
    known = {t.code: str(words.name(t)) for t in classification("2025")}
    today = listed([known[code] for code in present_municipalities(unit.code)["code"]], words)
    caption = _(
        "Orange: the former municipalities whose territory belongs to {today} now; strokes: all 119 of that time, dashed: their median."
    )
    return {
        "alt": _("Former municipalities among 119. {lines}.").format(lines="; ".join(lines)),
        "caption": caption.format(today=today),
    }


def trend_texts(table: pd.DataFrame, passports: Mapping[str, Passport], words: Words) -> dict[str, str]:
    """Alt text and caption of the figure of development.

    Parameters
    ----------
    table : pandas.DataFrame
        From `comparison.trend`.
    passports : mapping of str to Passport
        Passports of the indicators.
    words : Words
        Language of the text.

    Returns
    -------
    dict of str to str
        "alt" and "caption".
    """
    _ = words.gettext
    alt = _("Development year by year. {lines}").format(lines=" ".join(trend_sentences(table, passports, words)))
    caption = _("Orange: the municipality; dashed: median of the comparison group; band: its middle half.")
    is_short = (table["median"].isna() & (table["members_with_figure"] > 0)).any()
    caption = f"{caption} {few_note(words)}" if is_short else caption
    return {"alt": alt, "caption": f"{caption} {doubt_note(words)}" if table["is_doubtful"].any() else caption}


def doubt_bullets(
    unit: Territory,
    figures: pd.DataFrame,
    service: Service | None,
    catalogue: Catalogue,
    sensitivity: pd.DataFrame,
    words: Words,
) -> list[str]:
    """Everything a reader must know before trusting the figures: harmonised ones, split units, doubtful ones, caveats.

    Parameters
    ----------
    unit : Territory
        The municipality.
    figures : pandas.DataFrame
        Tidy figures of the municipality; doubts about other years are left out.
    service : Service or None
        The service that the report scores; its caveats are told.
    catalogue : Catalogue
        Passports, and the doubts of the registry.
    sensitivity : pandas.DataFrame
        From `split_sensitivity`; empty where no split unit matters.
    words : Words
        Language.

    Returns
    -------
    list of str
    """
    _ = words.gettext
    # A municipality that the reform left as it was has its figures unchanged: that is no reason for doubt.
    is_carried = (figures["parts"] > 1) | (figures["share_basis"] != "")
    harmonised = int(((figures["status"] == "harmonised") & is_carried).sum())
    estimated = int((figures["status"] == "estimated").sum())
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
    bullets += _split_bullets(sensitivity, catalogue.indicators, words)
    codes = [unit.code] if unit.code in _FORMER else [unit.code, *former_municipalities(unit.code)["code"]]
    access: Access = "members" if "members" in set(figures["access"]) else "public"
    years = set(figures["year"])
    measures = catalogue.measures_of(figures["indicator"].unique())
    doubts = [doubt for doubt in doubts_in_use(catalogue, measures, access=access) if doubt.year in years]
    bullets += _doubtful(codes, doubts, catalogue, words)
    for indicator in (*service.inputs, *service.outputs) if service else ():
        passport = catalogue.indicators[indicator]
        caveat = _("{indicator}: {caveat}").format(
            indicator=passport.name[words.language], caveat=passport.caveats[words.language]
        )
        bullets.append(caveat)
    return bullets


def group_doubt_bullets(
    profile: Profile, passports: Mapping[str, Passport], names: Mapping[str, str], words: Words
) -> list[str]:
    """Whose doubtful figures are among those with which the municipality is compared.

    Parameters
    ----------
    profile : Profile
        From `comparison.profile`.
    passports : mapping of str to Passport
        Passports of the indicators.
    names : mapping of str to str
        Names by code, in the report's language.
    words : Words
        Language.

    Returns
    -------
    list of str
        A sentence for each indicator with such figures and a median or a rank.
    """
    table = profile.table.loc[profile.table["median"].notna() | profile.table["rank"].notna()]
    counted = [
        (passports[str(indicator)], int(year), profile.doubtful_members(str(indicator)))
        for indicator, year in zip(table["indicator"], table["year"], strict=True)
    ]
    return counted_doubts(counted, names, words)


def counted_doubts(
    counted: Iterable[tuple[Passport, int, Collection[str]]], names: Mapping[str, str], words: Words
) -> list[str]:
    """That median and ranks count doubtful figures of others, a sentence for each indicator with any.

    Parameters
    ----------
    counted : iterable of (Passport, int, collection of str)
        Each indicator with its year and the codes of the others whose figure is doubtful.
    names : mapping of str to str
        Names by code, in the report's language.
    words : Words
        Language.

    Returns
    -------
    list of str
    """
    text = words.gettext("Median and ranks of “{indicator}” ({year}) count doubtful figures of others: {names}.")
    return [
        text.format(
            indicator=passport.name[words.language],
            year=year,
            names=some_listed([names[code] for code in codes], words),
        )
        for passport, year, codes in counted
        if codes
    ]


def _split_bullets(sensitivity: pd.DataFrame, passports: Mapping[str, Passport], words: Words) -> list[str]:
    text = words.gettext(
        "{former} was split; depending on the share, {indicator} ({year}) lies between {low} and {high}."
    )
    named = {unit.name: unit for unit in classification("2009")}
    return [
        text.format(
            former=words.name(named[row["former"]]),
            indicator=passports[row["indicator"]].name[words.language],
            year=row["year"],
            low=short_value(row["low"], passports[row["indicator"]], words),
            high=short_value(row["high"], passports[row["indicator"]], words),
        )
        for row in sensitivity.to_dict("records")
    ]


def _doubtful(codes: Iterable[str], doubts: Iterable[Doubt], catalogue: Catalogue, words: Words) -> list[str]:
    """Published figures about the municipality or its parts that cannot be right, one sentence each."""
    _ = words.gettext
    wanted = set(codes)
    named = {unit.code: unit for year in CLASSIFICATIONS for unit in classification(year)}
    return [
        _("{measure}, {territory}, {year}: {reason}").format(
            measure=catalogue.registry.measures[doubt.measure].name[words.language],
            territory=words.name(named[doubt.territory]),
            year=doubt.year,
            reason=doubt.reason[words.language],
        )
        for doubt in doubts
        if doubt.territory in wanted
    ]
