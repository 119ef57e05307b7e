"""Who does better, and how sure that is."""

from __future__ import annotations

from benchlib.comparison import ComparisonGroup, ServiceScores
from benchlib.indicators import Passport, Service
from benchlib.reporting.values import (
    cost_mark,
    cost_note,
    doubt_note,
    listed,
    marked,
    marked_names,
    names_listed,
    short_value,
    some_listed,
)
from benchlib.reporting.words import Words


def better_sentence(scores: ServiceScores, kin: ComparisonGroup, words: Words) -> str:
    """How many spend no more and reach no less, by name.

    Parameters
    ----------
    scores : ServiceScores
        From `comparison.score_service`.
    kin : ComparisonGroup
        Who shares the frontier, from `comparison.comparable_units`.
    words : Words
        Language of the text.

    Returns
    -------
    str
    """
    _ = words.gettext
    m, count = words.name(kin.municipality), len(scores.sample) - 1
    if not scores.is_scored:
        return _("{m} has no score: its figures for the year are incomplete.").format(m=m)
    n = len(scores.better)
    if n == 0:
        text = _(
            "None of the other {count} municipalities spends no more per pupil and reaches as high a result as {m}."
        )
        return text.format(count=count, m=m)
    known = {unit.code: str(words.name(unit)) for unit in kin.members}
    text = words.ngettext(
        "Of the other {count} municipalities, {n} spends no more per pupil and reaches at least the same result: {names}.",
        "Of the other {count} municipalities, {n} spend no more per pupil and reach at least the same result: {names}.",
        n,
    )
    names = marked_names(known, scores.doubtful)
    told = text.format(n=n, count=count, names=some_listed([names[code] for code in scores.better["unit"]], words))
    return f"{told} {doubt_note(words)}" if scores.better["unit"].isin(scores.doubtful).any() else told


def score_sentence(scores: ServiceScores, words: Words) -> str:
    """The score with its interval, in a sentence of its own for the summary; empty without a score.

    Parameters
    ----------
    scores : ServiceScores
        From `comparison.score_service`.
    words : Words
        Language of the text.

    Returns
    -------
    str
    """
    if not scores.is_scored:
        return ""
    row = scores.table.set_index("method").loc["dea"]
    if scores.certainty is None:
        text = words.gettext("Efficiency of the schools against the best practice: {efficiency} of 1.")
        return text.format(efficiency=words.number(row["efficiency"], 2))
    text = words.gettext(
        "Efficiency of the schools against the best practice: {efficiency} of 1; corrected for the small number of units, "
        "{low} to {high}."
    )
    return text.format(
        efficiency=words.number(row["efficiency"], 2),
        low=words.number(row["low"], 2),
        high=words.number(row["high"], 2),
    )


def efficiency_sentences(scores: ServiceScores, kin: ComparisonGroup, service: Service, words: Words) -> list[str]:
    """What is measured, among whom, and what the score means for a councillor.

    Parameters
    ----------
    scores : ServiceScores
        From `comparison.score_service`.
    kin : ComparisonGroup
        Who shares the frontier, from `comparison.comparable_units`.
    service : Service
        The service that is scored.
    words : Words
        Language of the text.

    Returns
    -------
    list of str
    """
    _ = words.gettext
    m = words.name(kin.municipality)
    sentences = [service.definition[words.language], _compared_sentence(scores, kin, words)]
    if not scores.is_scored:
        return [*sentences, _("{m} has no score: its figures for the year are incomplete.").format(m=m)]
    row = scores.table.set_index("method").loc["dea"]
    saving = words.percent(100 * (1 - row["efficiency"]), 0)
    if row["efficiency"] >= 1:
        sentences.append(
            _("{m} is on the frontier (1.00): nobody compared reaches its result with less money per pupil.").format(
                m=m
            )
        )
    else:
        sentences.append(
            _reference_text(scores, words).format(
                m=m, efficiency=words.number(row["efficiency"], 2), saving=saving, peer=_only_peer(scores, kin, words)
            )
        )
    if scores.certainty is not None:
        text = _(
            "Corrected for the small number of units, the score lies between {low} and {high} (95% interval), "
            "the rank between {first} and {last}."
        )
        sentences.append(
            text.format(
                low=words.number(row["low"], 2),
                high=words.number(row["high"], 2),
                first=words.number(row["rank_low"]),
                last=words.number(row["rank_high"]),
            )
        )
    doubtful = _doubtful_sentence(scores, kin, words)
    return [*sentences, doubtful] if doubtful else sentences


def _doubtful_sentence(scores: ServiceScores, kin: ComparisonGroup, words: Words) -> str:
    """Whose doubtful figures span the frontier; "" if nobody's do."""
    efficient = {str(u) for u, e in zip(scores.sample.units, scores.dea.efficiency, strict=True) if e >= 1}
    doubted = [unit for unit in kin.members if unit.code in efficient & set(scores.doubtful)]
    if not doubted:
        return ""
    text = words.gettext(
        "The frontier rests in part on figures that are doubtful because they jump from one year to the next: {names}. All scores depend "
        "on them."
    )
    return text.format(names=names_listed(doubted, words))


def _compared_sentence(scores: ServiceScores, kin: ComparisonGroup, words: Words) -> str:
    """How many share the frontier, and why they."""
    _ = words.gettext
    if kin.word == "kind":
        text = _(
            "{n} {among} with complete figures are compared; state cities and novadi work under different conditions."
        )
    else:
        text = _(
            "State cities are too few for a frontier of their own, so {n} municipalities of both kinds are compared."
        )
    among = {"novads": _("novadi (municipalities that are not state cities)"), "city": _("state cities")}.get(
        kin.detail, ""
    )
    return text.format(n=len(scores.sample), among=among)


def _only_peer(scores: ServiceScores, kin: ComparisonGroup, words: Words) -> str:
    """Name of the peer if there is just one; "" for a mixture."""
    peers = list(scores.dea.peers.loc[scores.dea.peers["unit"] == scores.unit, "peer"])
    found = (unit for unit in kin.members if [unit.code] == peers)
    return next((marked(str(words.name(unit)), unit.code in scores.doubtful) for unit in found), "")


def _reference_text(scores: ServiceScores, words: Words) -> str:
    """The sentence on the DEA score, by what the municipality is held against: one municipality or a mixture."""
    _ = words.gettext
    if (scores.dea.peers["unit"] == scores.unit).sum() == 1:
        return _(
            "The DEA score of {m} is {efficiency}: {peer} reaches at least the same result with {saving} less money per pupil."
        )
    return _(
        "The DEA score of {m} is {efficiency}: a combination of the best municipalities reaches the same result with {saving} less "
        "money per pupil."
    )


def confidence_sentences(service: Service, scores: ServiceScores, words: Words) -> list[str]:
    """How far the efficiency scores can be trusted.

    Parameters
    ----------
    service : Service
        The service that is scored.
    scores : ServiceScores
        From `comparison.score_service`.
    words : Words
        Language of the text.

    Returns
    -------
    list of str
    """
    _ = words.gettext
    efficient = int(scores.table.set_index("method").loc["dea", "efficient"])  # type: ignore[arg-type]
    count = len(scores.sample)
    share = words.ngettext(
        "Of {count} municipalities, {n} lies on the DEA line.",
        "Of {count} municipalities, {n} lie on the DEA line.",
        efficient,
    )
    methods = [
        _("DEA draws a line through the best municipalities and allows mixtures of them."),
        _("FDH compares only with municipalities that exist."),
        share.format(count=count, n=efficient),
    ]
    return [
        " ".join(methods),
        _(
            "A score says how far the best comparable municipality is away, not why. With few units the best practice seen is below the "
            "best possible, so uncorrected scores are too high and may lie above their interval, which corrects for that."
        ),
        _(
            "The interval covers the uncertainty about the frontier, not errors in the figures; with so few units it is "
            "too narrow rather than too wide."
        ),
        service.caveats[words.language],
    ]


def frontier_texts(
    scores: ServiceScores, kin: ComparisonGroup, money: Passport, result: Passport, words: Words
) -> dict[str, str]:
    """Alt text and caption of the frontier figure.

    Parameters
    ----------
    scores : ServiceScores
        From `comparison.score_service`.
    kin : ComparisonGroup
        Who shares the frontier, from `comparison.comparable_units`.
    money : Passport
        The input: money per user.
    result : Passport
        The output.
    words : Words
        Language of the text.

    Returns
    -------
    dict of str to str
        "alt" and "caption".
    """
    _ = words.gettext
    m = words.name(kin.municipality)
    known = marked_names({unit.code: str(words.name(unit)) for unit in kin.members}, scores.doubtful)
    sample = scores.sample
    best = listed([known[str(u)] for u, e in zip(sample.units, scores.dea.efficiency, strict=True) if e >= 1], words)
    alt = _("{money} and {result} of {n} municipalities. On the DEA frontier: {best}.")
    text = alt.format(money=money.name[words.language], result=result.name[words.language], n=len(sample), best=best)
    if scores.is_scored:
        own = _("{m}: {money} and {result}; {n} municipalities spend no more and reach at least the same.")
        text += " " + own.format(
            m=m,
            money=short_value(scores.own[money.id], money, words),
            result=short_value(scores.own[result.id], result, words),
            n=len(scores.better),
        )
    caption = _(
        "Each dot is a municipality; up and to the left is better. Solid line: DEA frontier through the municipalities named, "
        "dashed: FDH frontier."
    )
    if len(scores.better):
        dots = _("The other green dots spend no more than {m} and reach at least the same.")
        caption += " " + dots.format(m=m)
    efficient = (str(u) for u, e in zip(sample.units, scores.dea.efficiency, strict=True) if e >= 1)
    if any(unit in scores.doubtful for unit in (*efficient, scores.unit)):
        caption += f" {doubt_note(words)}"
    if cost_mark(money):
        caption += f" {cost_note(words)}"
    return {"alt": text, "caption": caption}
