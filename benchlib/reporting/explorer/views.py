"""What the explorer shows of a selection - table, ranking, development, two indicators, passports - as blocks, like a report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from benchlib.comparison import Profile
from benchlib.comparison.ranks import MINIMUM_MEMBERS
from benchlib.indicators import Catalogue, Passport
from benchlib.reporting import plots, tables, texts
from benchlib.reporting.base import Block
from benchlib.reporting.blocks import Figure, Note
from benchlib.reporting.compose import Blocks, bullets, heading, note, say, show
from benchlib.reporting.explorer.drawing import axis_label, development_lines, two_indicators
from benchlib.reporting.explorer.selection import Selection
from benchlib.reporting.explorer.table import reading_table
from benchlib.reporting.values import dimension_word, few_note, label_of, label_with_unit, short_value, some_listed
from benchlib.reporting.words import Words


def table_view(
    figures: pd.DataFrame, selection: Selection, passports: Mapping[str, Passport], words: Words, *, order: str
) -> Blocks:
    """The comparison to read, and below it why figures are doubtful.

    Parameters
    ----------
    figures : pandas.DataFrame
        From `comparison_table`.
    selection : Selection
        What is compared.
    passports : mapping of str to Passport
        Passports of the indicators.
    words : Words
        Language.
    order : str
        The indicator by which the rows are ordered.

    Returns
    -------
    Blocks
    """
    doubts = [doubt for doubt in dict.fromkeys(figures["doubt"]) if doubt]
    below: list[Block] = [bullets(*doubts)] if doubts else []
    return Blocks(reading_table(figures, selection, passports, words, order=order), below)


def ranking_view(profile: Profile, figures: pd.DataFrame, passport: Passport, words: Words) -> Figure:
    """All selected municipalities on one indicator.

    Parameters
    ----------
    profile : Profile
        Of the selection.
    figures : pandas.DataFrame
        From `comparison_table`.
    passport : Passport
        The indicator.
    words : Words
        Language.

    Returns
    -------
    Figure
    """
    names = dict(zip(figures["territory"], figures["name"], strict=True))
    said = texts.ranking_texts(profile, passport, names, words)
    present = figures.loc[figures["indicator"] == passport.id].dropna(subset="value")
    if not passport.direction and len(present):
        title = label_of(passport, words, year=int(present["year"].iloc[0]))
        said["caption"] = words.gettext("{indicator}, the greatest on top.").format(indicator=title)
        said["caption"] += f" {few_note(words)}" if present["median"].isna().all() else ""
        low, high = present.sort_values("value", kind="stable").iloc[[0, -1]].to_dict("records")
        said["alt"] = words.gettext("{indicator}: from {low} ({low_name}) to {high} ({high_name}).").format(
            indicator=title,
            low=short_value(low["value"], passport, words),
            low_name=low["name"],
            high=short_value(high["value"], passport, words),
            high_name=high["name"],
        )
    return show(plots.ranking(profile, passport, names, words), **said)


def development_view(development: pd.DataFrame, own: str, passport: Passport, words: Words) -> Figure | Note:
    """A line for each selected municipality over the years.

    Parameters
    ----------
    development : pandas.DataFrame
        From `development_table`.
    own : str
        Code of the highlighted municipality.
    passport : Passport
        The indicator.
    words : Words
        Language.

    Returns
    -------
    Figure or Note
        A note if there are figures for one year only.
    """
    part = development.loc[development["indicator"] == passport.id]
    is_doubtful = part["doubt"] != ""
    others = is_doubtful.where(part["territory"] != own, other=False).groupby(part["year"]).transform("sum")
    told = part.assign(is_doubtful=is_doubtful, doubtful_members=others)
    rows = told.loc[told["territory"] == own].sort_values("year")
    years = part["year"]
    if years.nunique() < 2:
        text = words.gettext("{indicator}: too few years with figures.")
        return note(text.format(indicator=passport.name[words.language]))
    if part["median"].notna().any():
        caption = words.gettext(
            "{indicator}, {first}–{last}. Orange: {m}; grey: the others; dashed: the median of all."
        )
    else:
        caption = words.gettext("{indicator}, {first}–{last}. Orange: {m}; grey: the others.") + f" {few_note(words)}"
    drawing = development_lines(part, own, passport, words)
    return show(
        drawing,
        alt=" ".join(texts.trend_sentences(rows, {passport.id: passport}, words)),
        caption=caption.format(
            indicator=label_with_unit(passport, words), first=years.min(), last=years.max(), m=rows["name"].iloc[0]
        ),
    )


def pairs_of(figures: pd.DataFrame, across: str, up: str) -> pd.DataFrame:
    """Two indicators side by side.

    Parameters
    ----------
    figures : pandas.DataFrame
        From `comparison_table`.
    across, up : str
        The indicators.

    Returns
    -------
    pandas.DataFrame
        A row per municipality by code: `name`, `x`, `y`, NaN where missing; `attrs` holds the years of both.
    """
    x, y = (figures.loc[figures["indicator"] == name].set_index("territory") for name in (across, up))
    pairs = pd.DataFrame({"name": x["name"], "x": x["value"], "y": y["value"]})
    pairs.attrs = {"x": int(x["year"].iloc[0]), "y": int(y["year"].iloc[0])}
    return pairs


def pairs_view(figures: pd.DataFrame, own: str, across: Passport, up: Passport, words: Words) -> Figure | Note:
    """One indicator against another.

    Parameters
    ----------
    figures : pandas.DataFrame
        From `comparison_table`.
    own : str
        Code of the highlighted municipality.
    across, up : Passport
        The indicators.
    words : Words
        Language.

    Returns
    -------
    Figure or Note
        A note if nobody has figures of both.
    """
    _ = words.gettext
    pairs = pairs_of(figures, across.id, up.id)
    complete = pairs.dropna()
    if complete.empty:
        return note(_("None of the municipalities has figures of both indicators."))
    lines = [_("Dashed: the medians of both.") if len(complete) >= MINIMUM_MEMBERS else few_note(words)]
    if len(complete) < len(pairs):
        lacking = [str(name) for name in pairs.loc[pairs[["x", "y"]].isna().any(axis=1), "name"]]
        lines.append(_("Without figures of both: {names}.").format(names=some_listed(lacking, words)))
    labels = {"x": axis_label(across, pairs.attrs["x"], words), "y": axis_label(up, pairs.attrs["y"], words)}
    alt = _("{y} against {x}: {n} municipalities.").format(n=words.number(len(complete)), **labels)
    if own in complete.index:
        place = complete.loc[own]
        alt += " " + _("{m}: {x} and {y}.").format(
            m=place["name"], x=short_value(place["x"], across, words), y=short_value(place["y"], up, words)
        )
    return show(two_indicators(complete, own, across, up, words), alt=alt, caption=" ".join(lines))


def passports_view(
    figures: pd.DataFrame, years: Mapping[str, Sequence[int]], catalogue: Catalogue, words: Words
) -> Blocks:
    """What must be known about the selected indicators, and where their figures come from.

    Parameters
    ----------
    figures : pandas.DataFrame
        From `development_table`.
    years : mapping of str to sequence of int
        Years with figures, by indicator.
    catalogue : Catalogue
        Passports and sources.
    words : Words
        Language.

    Returns
    -------
    Blocks
    """
    parts = [_passport(catalogue.passport(name), years[name], words) for name in years]
    return Blocks(*parts, tables.sources(figures, catalogue.registry, words))


def _passport(passport: Passport, years: Sequence[int], words: Words) -> Blocks:
    _ = words.gettext
    better = {1: _("More is better."), -1: _("Less is better."), 0: _("Neither more nor less is better.")}
    lines = [
        _("**Unit:** {unit}").format(unit=passport.unit[words.language]),
        f"**{dimension_word(passport.dimension, words)}.** {better[passport.direction]}",
        _("**Years with figures:** {years}").format(years=", ".join(map(str, years))),
        *(_("**Break of the series:** {what}").format(what=what) for what in passport.breaks),
    ]
    if passport.caveats[words.language]:
        lines.append(_("**Beware:** {caveat}").format(caveat=passport.caveats[words.language]))
    lines.append(_("**In code:** {id}").format(id=passport.id))
    return Blocks(heading(passport.name[words.language], 3), say(passport.definition[words.language]), bullets(*lines))
