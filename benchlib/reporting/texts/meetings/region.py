"""Sentences of a planning region's report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from benchlib.comparison.meetings.meeting import Meeting
from benchlib.indicators import Passport, Service
from benchlib.reporting.texts.services.lessons import margin_sentence
from benchlib.reporting.values import label_of, listed, method_word, short_value, some_listed
from benchlib.reporting.words import Name, Words

if TYPE_CHECKING:  # it loads statsmodels, which a report without scores does not need
    from benchlib.comparison.services.overview import ServiceOverview
    from benchlib.efficiency import BootstrapResult


def title(region: str, service: Service, year: int, words: Words) -> str:
    """Title of the report.

    Parameters
    ----------
    region : str
        The planning region.
    service : Service
        The service.
    year : int
        Year of the report.
    words : Words
        Language of the text.

    Returns
    -------
    str
    """
    text = words.gettext("{region:gen} planning region. {service}, {year}")
    return text.format(region=Name(region, words.language), service=service.name[words.language], year=year)


def summary(
    meeting: Meeting,
    inside: Meeting,
    scores: pd.DataFrame,
    lessons: pd.DataFrame,
    passports: Mapping[str, Passport],
    names: Mapping[str, str],
    words: Words,
) -> list[str]:
    """The report in a few points.

    Parameters
    ----------
    meeting : Meeting
        The region's municipalities among all.
    inside : Meeting
        The same among themselves.
    scores, lessons : pandas.DataFrame
        From `comparison.region_scores` and `region_lessons`.
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
    count = len(meeting.room.seats)
    who = words.ngettext("**{n} municipality**: {names}.", "**{n} municipalities**: {names}.", count)
    pair = meeting.money_and_result or ()
    points = [
        who.format(n=count, names=some_listed([names[code] for code in meeting.room.codes], words)),
        *(_median_point(meeting, inside, passports[name], words) for name in pair),
        *(_spread_point(inside, passports[name], names, words) for name in pair[:1]),
        _score_point(scores, words),
        _lesson_point(lessons, words),
    ]
    return [point for point in points if point]


def _median_point(meeting: Meeting, inside: Meeting, passport: Passport, words: Words) -> str:
    """The region's median against that of all: above or below only where the interval of the region's median leaves it out."""
    _ = words.gettext
    here, all_ = inside.row(passport.id), float(meeting.row(passport.id)["median"])
    own, low, high = (float(here[name]) for name in ("median", "median_low", "median_high"))
    indicator = label_of(passport, words, year=int(meeting.row(passport.id)["year"]))
    if np.isnan(own) or np.isnan(all_):
        text = _("{indicator}: fewer than four municipalities of the region have a figure, too few for a median.")
        return text.format(indicator=indicator)
    if low <= all_ <= high:
        text = _(
            "{indicator}: the region's median is **{own}** ({level} interval: {low} to {high}); it cannot be distinguished from that of "
            "all municipalities ({all})."
        )
    elif own > all_:
        text = _(
            "{indicator}: the region's median is **{own}** ({level} interval: {low} to {high}), above that of all municipalities ({all})."
        )
    else:
        text = _(
            "{indicator}: the region's median is **{own}** ({level} interval: {low} to {high}), below that of all municipalities ({all})."
        )
    values = {"own": own, "low": low, "high": high, "all": all_}
    return text.format(
        indicator=indicator,
        level=words.percent(100 * float(here["median_level"]), 0),
        **{name: short_value(value, passport, words) for name, value in values.items()},
    )


def _spread_point(inside: Meeting, passport: Passport, names: Mapping[str, str], words: Words) -> str:
    row = inside.row(passport.id)
    if row["present"] < 2:
        return ""
    text = words.gettext("{indicator} inside the region: from {low} ({low_name}) to {high} ({high_name}).")
    return text.format(
        indicator=passport.name[words.language],
        low=short_value(row["least"], passport, words),
        low_name=names[row["least_territory"]],
        high=short_value(row["greatest"], passport, words),
        high_name=names[row["greatest_territory"]],
    )


def _score_point(scores: pd.DataFrame, words: Words) -> str:
    known = scores["efficiency"].dropna()
    if known.empty:
        return words.gettext("Nobody in the region has complete figures, so there are no scores.")
    best = int((known >= 1).sum())
    text = words.ngettext(
        "Of {count} municipalities with a score, **{n}** is on the frontier of best practice among all.",
        "Of {count} municipalities with a score, **{n}** are on the frontier of best practice among all.",
        best,
    )
    sentence = text.format(n=best, count=len(known))
    width = (scores["rank_high"] - scores["rank_low"] + 1).median()
    if not np.isnan(width):
        more = words.gettext(
            "The order is rough: for half of them the place may be any of at least {n} neighbouring ones."
        )
        sentence += " " + more.format(n=words.number(width))
    return sentence


def _lesson_point(lessons: pd.DataFrame, words: Words) -> str:
    if lessons.empty:
        return ""
    near = int(lessons["near"].map(bool).sum())
    far = int((lessons["peers"].map(bool) & ~lessons["near"].map(bool)).sum())
    if not near and not far:
        return ""
    text = words.gettext(
        "Somebody in the region spends no more and reaches no less: for **{near}** of its municipalities; examples only outside: for "
        "**{far}**. Municipalities with doubtful figures are left out as examples."
    )
    return text.format(near=near, far=far)


def score_sentences(
    overview: ServiceOverview, scores: pd.DataFrame, names: Mapping[str, str], words: Words
) -> list[str]:
    """Among whom the scores are, who has none, and whose place depends most on the method.

    Parameters
    ----------
    overview : ServiceOverview
        Scores of a service in all municipalities.
    scores : pandas.DataFrame
        From `comparison.region_scores`.
    names : mapping of str to str
        Names by code, in the report's language.
    words : Words
        Language of the text.

    Returns
    -------
    list of str
    """
    _ = words.gettext
    count = len(overview.sample)
    sentences = [
        words.ngettext(
            "The region's municipalities are scored among all {n} with complete figures.",
            "The region's municipalities are scored among all {n} with complete figures.",
            count,
        ).format(n=count)
    ]
    absent = [names[str(unit)] for unit in scores.loc[scores["efficiency"].isna(), "unit"]]
    if absent:
        sentences.append(
            _("Without a score, because their figures are incomplete: {names}.").format(names=listed(absent, words))
        )
    spread = (scores["worst"] - scores["best"]).dropna()
    if len(spread) and spread.max() > 0 and len(overview.methods.telling) > 1:
        row = scores.iloc[int((scores["worst"] - scores["best"]).fillna(-1).to_numpy().argmax())]
        text = _("The place of {m:gen} depends most on the method: from {best} to {worst}.")
        sentences.append(
            text.format(m=names[str(row["unit"])], best=words.rank(row["best"]), worst=words.rank(row["worst"], count))
        )
    doubted = [names[str(unit)] for unit in scores.loc[scores["is_doubtful"], "unit"]]
    if doubted:
        sentences.append(_("Their scores rest on doubtful figures: {names}.").format(names=listed(doubted, words)))
    return sentences


def methods_sentence(overview: ServiceOverview, words: Words) -> str:
    """Which methods stand side by side, and which of them finds no differences; "" for one method.

    Parameters
    ----------
    overview : ServiceOverview
        Scores of a service in all municipalities.
    words : Words
        Language of the text.

    Returns
    -------
    str
    """
    telling = overview.methods.telling
    if len(telling) < 2:
        return ""
    shown = listed([method_word(method, words) for method in telling], words, quoted=True)
    text = words.gettext(
        "Methods side by side: {methods}. A wide band means that the place depends on the method more than on the service."
    )
    return text.format(methods=shown)


def lesson_sentences(
    lessons: pd.DataFrame,
    overview: ServiceOverview,
    names: Mapping[str, str],
    words: Words,
    *,
    certainties: Sequence[BootstrapResult | None] = (),
) -> list[str]:
    """What a peer is, and who of the region is an example for others.

    Parameters
    ----------
    lessons : pandas.DataFrame
        From `comparison.region_lessons`.
    overview : ServiceOverview
        Scores of a service in all municipalities.
    names : mapping of str to str
        Names by code, in the report's language.
    words : Words
        Language of the text.
    certainties : sequence of BootstrapResult or None
        Of each of `ServiceOverview.frontiers`, from `comparison.frontier_certainties`; without them it is said that there is no interval.

    Returns
    -------
    list of str
    """
    _ = words.gettext
    sentences = [
        _(
            "A peer reaches at least the same result with less expenditure, alone or together with others in the weights given."
        ),
        *filter(None, [margin_sentence(lessons, overview, certainties, words)]),
    ]
    teachers = (
        []
        if lessons.empty
        else lessons.loc[lessons["learners_inside"] + lessons["learners_outside"] > 0].to_dict("records")
    )
    if teachers:
        shown = [
            _("{m} (inside: {near}, outside: {far})").format(
                m=names[row["unit"]], near=row["learners_inside"], far=row["learners_outside"]
            )
            for row in teachers
        ]
        text = _("Examples for others from this region, and for how many: {names}.")
        sentences.append(text.format(names=listed(shown, words)))
    doubted = [names[unit] for unit in overview.doubtful]
    if doubted:
        text = _("Not given as examples, because their figures are doubtful: {names}.")
        sentences.append(text.format(names=listed(doubted, words)))
    return sentences


def reading_note(words: Words) -> str:
    """How the table of four groups is read.

    Parameters
    ----------
    words : Words
        Language of the text.

    Returns
    -------
    str
    """
    return words.gettext(
        "Read a row across: a low cost beside a poor result or poor access is no saving, and a high one may come from the conditions on "
        "the right. Lights and ranks are among all municipalities of the country; demography has none, since neither more nor less is "
        "better."
    )
