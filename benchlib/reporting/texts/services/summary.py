"""The report on one public service in a few points."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from benchlib.comparison import ReformGains
from benchlib.indicators import Passport
from benchlib.reporting.texts.services.lessons import margins, sure_learners
from benchlib.reporting.texts.services.service import context_sentences, doubt_sentence, usual_places
from benchlib.reporting.values import label_of, listed
from benchlib.reporting.words import Words

if TYPE_CHECKING:  # it loads statsmodels, which a report without it does not need
    from benchlib.comparison import ServiceOverview
    from benchlib.efficiency import BootstrapResult


def service_summary(
    overview: ServiceOverview,
    reform: ReformGains | None,
    names: Mapping[str, str],
    passports: Mapping[str, Passport],
    words: Words,
    *,
    certainties: Sequence[BootstrapResult | None] = (),
) -> list[str]:
    """The report in a few points: how wide the field is, how sure that is, who is an example, what context and size do.

    Parameters
    ----------
    overview : ServiceOverview
        Scores of a service in all municipalities.
    reform : ReformGains or None
        From `comparison.reform_gains`, if the service has a volume.
    names : mapping of str to str
        Names by code, in the report's language.
    passports : mapping of str to Passport
        Passports of the context indicators.
    words : Words
        Language of the text.
    certainties : sequence of BootstrapResult or None
        Of each of `ServiceOverview.frontiers`, from `comparison.frontier_certainties`; without them it is said that there is no interval.

    Returns
    -------
    list of str
    """
    points = [
        _field_point(overview, words),
        doubt_sentence(overview, names, words),
        _order_point(overview, words),
        _examples_point(overview, certainties, names, words),
        _context_point(overview, passports, words),
        _reform_point(reform, words) if reform is not None else "",
    ]
    return [point for point in points if point]


def _field_point(overview: ServiceOverview, words: Words) -> str:
    efficiency = overview.dea.efficiency
    best = int((efficiency >= 1.0).sum())
    text = words.ngettext(
        "**{n} of {count}** municipalities is on the frontier of best practice; half of all have an efficiency of **{median}** or "
        "less (1 is the best).",
        "**{n} of {count}** municipalities are on the frontier of best practice; half of all have an efficiency of **{median}** or "
        "less (1 is the best).",
        best,
    )
    return text.format(n=best, count=len(efficiency), median=words.number(np.nanmedian(efficiency), 2))


def _order_point(overview: ServiceOverview, words: Words) -> str:
    if overview.certainty is None:
        return ""
    text = words.gettext(
        "The order is rough: for half of the {count} municipalities the place may be any of at least {ranks} neighbouring ones."
    )
    return text.format(ranks=words.number(usual_places(overview)), count=words.number(len(overview.sample)))


def _examples_point(
    overview: ServiceOverview, certainties: Sequence[BootstrapResult | None], names: Mapping[str, str], words: Words
) -> str:
    """Who is most often an example, and for how many of these with an advantage greater than its margin of error."""
    first = overview.teachers.query("learners > 0").head(3)
    if first.empty:
        return ""
    counts = {str(p): words.number(n) for p, n in zip(first["peer"], first["learners"], strict=True)}
    known = margins(overview, certainties)
    if known:
        text = words.gettext(
            "Most often an example for others (in brackets: for how many, and for how many of these with an advantage greater than its "
            "margin of error): {examples}."
        )
        sure = sure_learners(overview, known)
        counts = {peer: f"{count}; {words.number(sure[peer])}" for peer, count in counts.items()}
    else:
        text = words.gettext(
            "Most often an example for others (in brackets: for how many, without an interval): {examples}."
        )
    return text.format(examples=listed([f"{names[peer]} ({count})" for peer, count in counts.items()], words))


def _context_point(overview: ServiceOverview, passports: Mapping[str, Passport], words: Words) -> str:
    _ = words.gettext
    effects = overview.context.effects
    if overview.context.result is None or not effects["is_significant"].any():
        return context_sentences(overview, passports, words)[0]
    less, more = _("“{name}” (the greater, the less efficient)"), _("“{name}” (the greater, the more efficient)")
    parts = [
        (less if row["direction"] == "less efficient" else more).format(
            name=label_of(passports[row["indicator"]], words)
        )
        for row in effects[effects["is_significant"]].to_dict("records")
    ]
    text = _("Significantly related to efficiency, though not necessarily its cause: {parts}.")
    return text.format(parts=listed(parts, words))


def _reform_point(reform: ReformGains, words: Words) -> str:
    table = reform.savings.dropna(subset=["merging_pct"])
    if table.empty:
        return ""
    text = words.ngettext(
        "By the figures of before the reform, learning from the best promised to save {learning} of expenditure, merging itself "
        "{merging} ({n} merger, without an interval).",
        "By the figures of before the reform, learning from the best promised to save {learning} of expenditure, merging itself "
        "{merging} (medians of {n} mergers, without an interval).",
        len(table),
    )
    caveat = words.gettext(
        "That is what those figures let expect, not what came of it; distance to school, closing of schools and the cost of merging are "
        "not in it."
    )
    return f"{text} {caveat}".format(
        learning=words.percent(table["learning_pct"].median(), 1),
        merging=words.percent(table["merging_pct"].median(), 1),
        n=len(table),
    )
