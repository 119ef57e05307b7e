"""What the report on one public service says about all municipalities."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from benchlib.indicators import Passport, Service
from benchlib.reporting.texts.services.lessons import margin_sentence
from benchlib.reporting.values import doubt_note, label_of, listed, marked_names, method_word, some_listed
from benchlib.reporting.words import Name, Words

if TYPE_CHECKING:  # both load statsmodels, which a report without them does not need
    from benchlib.comparison import ServiceOverview
    from benchlib.efficiency import BootstrapResult


def service_title(service: Service, year: int, words: Words, *, region: str = "all") -> str:
    """Title of the report.

    Parameters
    ----------
    service : Service
        The service.
    year : int
        Year of the figures.
    words : Words
        Language of the text.
    region : str
        The planning region that the report looks at, or "all".

    Returns
    -------
    str
    """
    _ = words.gettext
    if region == "all":
        text = _("{service}: all municipalities compared, {year}")
    else:
        text = _("{service}: planning region {region} among all municipalities, {year}")
    return text.format(service=service.name[words.language], year=year, region=Name(region, words.language))


def sample_sentences(overview: ServiceOverview, names: Mapping[str, str], words: Words) -> list[str]:
    """What is measured, how many municipalities have complete figures, and who has not.

    Parameters
    ----------
    overview : ServiceOverview
        Scores of a service in all municipalities.
    names : mapping of str to str
        Names by code, in the report's language.
    words : Words
        Language of the text.

    Returns
    -------
    list of str
    """
    service, count = overview.service, len(overview.sample)
    lost = [names[str(unit)] for unit in overview.left_out["unit"]]
    text = words.ngettext(
        "{n} municipality has complete figures and is compared.",
        "{n} municipalities have complete figures and are compared.",
        count,
    ).format(n=count)
    if lost:
        missing = words.ngettext("{n} has not: {names}.", "{n} have not: {names}.", len(lost))
        text += " " + missing.format(n=len(lost), names=listed(lost, words))
    return [service.definition[words.language], text, service.caveats[words.language]]


def spread_sentences(overview: ServiceOverview, names: Mapping[str, str], words: Words) -> list[str]:
    """Who spans the frontier, and what a score means for those in the middle.

    Parameters
    ----------
    overview : ServiceOverview
        Scores of a service in all municipalities.
    names : mapping of str to str
        Names by code, in the report's language.
    words : Words
        Language of the text.

    Returns
    -------
    list of str
    """
    best = [names[str(unit)] for unit in _best(overview)]
    text = words.ngettext(
        "The frontier of best practice is spanned by {n} municipality: {names}.",
        "The frontier of best practice is spanned by {n} municipalities: {names}.",
        len(best),
    )
    sentences = [text.format(n=len(best), names=some_listed(best, words)), _meaning_sentence(overview, words)]
    return [*filter(None, sentences), *filter(None, [doubt_sentence(overview, names, words)])]


def _best(overview: ServiceOverview) -> list[object]:
    return [u for u, e in zip(overview.sample.units, overview.dea.efficiency, strict=True) if e >= 1.0]


def _meaning_sentence(overview: ServiceOverview, words: Words) -> str:
    """What the median says; "" if that is the frontier."""
    _ = words.gettext
    median = float(np.nanmedian(overview.dea.efficiency))
    if median >= 0.995:
        return ""
    if overview.service.orientation == "input":
        text = _(
            "An efficiency of {median} (the median) means: the best practice reaches at least the same result with {saving} less "
            "expenditure."
        )
    else:
        text = _(
            "An efficiency of {median} (the median) means: the best practice reaches a result that is {more} greater with the same "
            "expenditure."
        )
    return text.format(
        median=words.number(median, 2),
        saving=words.percent(100 * (1 - median), 0),
        more=words.percent(100 * (1 / median - 1), 0),
    )


def doubt_sentence(overview: ServiceOverview, names: Mapping[str, str], words: Words) -> str:
    """Whose doubtful figures span the frontier, and what is without them; "" if nobody's do."""
    _ = words.gettext
    doubted = [names[str(unit)] for unit in _best(overview) if unit in overview.doubtful]
    if not doubted:
        return ""
    others = np.nanmedian(np.minimum(overview.trusted_dea.efficiency, 1.0))
    text = _(
        "The frontier rests in part on doubtful figures: {names}. All scores depend on them. Against the others alone, half of all "
        "would have an efficiency of {median} or less."
    )
    return text.format(names=listed(doubted, words), median=words.number(others, 2))


def certainty_sentence(overview: ServiceOverview, words: Words) -> str:
    """How wide the intervals are, and how many ranks a municipality may well hold; "" where there are none.

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
    if overview.certainty is None:
        return ""
    table = overview.certainty.scores
    text = words.gettext(
        "The scores are uncertain: for half of the municipalities the 95% interval is at least {width} wide, and for half the place may be "
        "any of at least {ranks} neighbouring ones (of {count}). Small differences between municipalities mean nothing."
    )
    return text.format(
        width=words.number((table["high"] - table["low"]).median(), 2),
        ranks=words.number(usual_places(overview)),
        count=words.number(len(table)),
    )


def usual_places(overview: ServiceOverview) -> float:
    """How many places half of the municipalities may hold at least; NaN without certainty."""
    if overview.certainty is None:
        return np.nan
    table = overview.certainty.scores
    return float((table["rank_high"] - table["rank_low"] + 1).median())


def kinds_sentences(overview: ServiceOverview, words: Words) -> list[str]:
    """What is the municipality's own gap, and what that of its kind.

    Parameters
    ----------
    overview : ServiceOverview
        Scores of a service in all municipalities.
    words : Words
        Language of the text.

    Returns
    -------
    list of str
    """
    _ = words.gettext
    kinds = {"city": _("State cities"), "novads": _("Novadi")}
    text = _(
        "{kind} ({n}): mean efficiency {own} among themselves and {all} among all; their own best practice reaches {gap} of that "
        "of all."
    )
    return [
        text.format(
            kind=kinds[row["group"]],
            n=row["units"],
            own=words.number(row["group_efficiency_mean"], 2),
            all=words.number(row["meta_efficiency_mean"], 2),
            gap=words.percent(100 * row["technology_gap_mean"], 0),
        )
        for row in overview.kinds.groups.to_dict("records")
    ]


def agreement_sentence(overview: ServiceOverview, words: Words) -> str:
    """How far the methods agree, which tell nobody apart, and which could not be applied; "" where there is nothing to say.

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
    methods = overview.methods
    found = methods.correlations
    values = found.to_numpy()[np.triu_indices(len(found), 1)]
    sentences = []
    if len(values) and not np.isnan(values).all():
        place = int(np.nanargmin(values))
        first, second = (method_word(found.columns[index[place]], words) for index in np.triu_indices(len(found), 1))
        text = words.gettext(
            "The two methods that agree least on the order are {first} and {second} (rank correlation {value}); a municipality in the "
            "middle changes its place by {spread} from method to method."
        )
        sentences.append(
            text.format(
                first=listed([first], words, quoted=True),
                second=listed([second], words, quoted=True),
                value=words.number(values[place], 2),
                spread=words.number(methods.ranges["spread"].median()),
            )
        )
    silent = [method_word(method, words) for method in found.columns if method not in methods.telling]
    if silent:
        text = words.gettext("No difference between the municipalities is found by: {methods}.")
        sentences.append(text.format(methods=listed(silent, words)))
    if overview.failed:
        text = words.gettext("These methods cannot be applied to these figures and are left out: {methods}.")
        sentences.append(text.format(methods=listed([method_word(m, words) for m in overview.failed], words)))
    return " ".join(sentences)


def outlier_sentences(overview: ServiceOverview, names: Mapping[str, str], words: Words) -> list[str]:
    """Whose figures should be checked before the scores are believed.

    Parameters
    ----------
    overview : ServiceOverview
        Scores of a service in all municipalities.
    names : mapping of str to str
        Names by code, in the report's language.
    words : Words
        Language of the text.

    Returns
    -------
    list of str
    """
    _ = words.gettext
    table = overview.outliers.scores
    outliers = [str(unit) for unit in table.loc[table["is_outlier"], "unit"]]
    found = [marked_names(names, overview.doubtful)[unit] for unit in outliers]
    if not found:
        first = _(
            "No municipality stands out so far from the others, or drives their scores so much, that it would have to be "
            "checked first."
        )
    else:
        text = words.ngettext(
            "{n} municipality stands far out or drives the scores of many others: {names}. Check its figures before the scores are used.",
            "{n} municipalities stand far out or drive the scores of many others: {names}. Check their figures before the scores are used.",
            len(found),
        )
        first = text.format(n=len(found), names=some_listed(found, words))
        first += f" {doubt_note(words)}" if set(outliers) & set(overview.doubtful) else ""
    return [
        first,
        _(
            "To stand out is a question to the figures, not a verdict: it may be a mistake, a special case or the best practice."
        ),
    ]


def context_sentences(overview: ServiceOverview, passports: Mapping[str, Passport], words: Words) -> list[str]:
    """Which conditions go with more or less efficiency.

    Parameters
    ----------
    overview : ServiceOverview
        Scores of a service in all municipalities.
    passports : mapping of str to Passport
        Passports of the context indicators.
    words : Words
        Language of the text.

    Returns
    -------
    list of str
    """
    _ = words.gettext
    if overview.context.result is None:
        return [_("What context has to do with the scores cannot be estimated from these figures.")]
    effects = overview.context.effects
    sure = effects[effects["is_significant"].fillna(False)]
    if sure.empty:
        text = _("None of the {n} conditions of context is significantly related to efficiency.")
        return [text.format(n=len(effects))]
    text = words.ngettext(
        "{k} of {n} conditions of context is significantly related to efficiency.",
        "{k} of {n} conditions of context are significantly related to efficiency.",
        len(sure),
    )
    less, more = (
        _("Where “{name}” is greater, efficiency is lower."),
        _("Where “{name}” is greater, efficiency is higher."),
    )
    return [
        text.format(k=len(sure), n=len(effects)),
        *(
            (less if row["direction"] == "less efficient" else more).format(
                name=label_of(passports[row["indicator"]], words)
            )
            for row in sure.to_dict("records")
        ),
    ]


def context_note(words: Words) -> str:
    """What the regression on context assumes.

    Parameters
    ----------
    words : Words
        Language of the text.

    Returns
    -------
    str
    """
    return words.gettext(
        "A connection is not a cause. And the regression takes for granted that context moves municipalities nearer to the best "
        "practice or further away, but does not change what the best practice can reach; where it does, the scores themselves say little."
    )


def lesson_sentences(
    overview: ServiceOverview,
    names: Mapping[str, str],
    words: Words,
    *,
    certainties: Sequence[BootstrapResult | None] = (),
) -> list[str]:
    """What a peer is, how sure it is that it does better, and who is not given as one.

    Parameters
    ----------
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
        _(
            "Examples are sought as in the report on a municipality: for novadi among novadi, for state cities, which are too few for a "
            "frontier of their own, among all. So a novads on the frontier of novadi is not in the table, though cities may do better."
        ),
        *filter(None, [margin_sentence(overview.lessons, overview, certainties, words)]),
    ]
    if overview.doubtful:
        text = _("Not given as examples, because their figures are doubtful: {names}.")
        sentences.append(text.format(names=listed([names[unit] for unit in overview.doubtful], words)))
    return sentences
