"""Cost, access, quality and demography of a service in one reading, in sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from benchlib.indicators import Passport
from benchlib.reporting.values import cost_note, doubt_note, label_of, listed, marked_names, some_listed
from benchlib.reporting.words import Words

if TYPE_CHECKING:  # it loads statsmodels, which a report without it does not need
    from benchlib.comparison import ServiceReading

#: How many an alt text names.
_ENDS = 3


def dimension_words(words: Words) -> dict[str, str]:
    """The four dimensions of the reading as a reader calls them.

    Parameters
    ----------
    words : Words
        Language of the text.

    Returns
    -------
    dict of str to str
    """
    _ = words.gettext
    return {"cost": _("Cost"), "coverage": _("Access"), "quality": _("Quality"), "demography": _("Demography")}


def reading_sentences(reading: ServiceReading, passports: Mapping[str, Passport], words: Words) -> list[str]:
    """What stands for each dimension, what is missing, and what to beware of.

    Parameters
    ----------
    reading : ServiceReading
        From `comparison.service_reading`.
    passports : mapping of str to Passport
        Passports of the indicators.
    words : Words
        Language of the text.

    Returns
    -------
    list of str
    """
    _ = words.gettext
    heads = dimension_words(words)
    shown = [
        _("{dimension}: {indicators}").format(
            dimension=heads[dimension],
            indicators=listed([label_of(passports[i], words, year=reading.years[i]) for i in ids], words),
        )
        for dimension, ids in reading.indicators.items()
        if ids
    ]
    sentences = [_("What stands for each dimension – {parts}.").format(parts="; ".join(shown))]
    lacking = [heads[dimension] for dimension, ids in reading.indicators.items() if not ids]
    if lacking:
        sentences.append(_("Nothing stands for: {dimensions}.").format(dimensions=listed(lacking, words)))
    if reading.absent:
        names = listed([passports[i].name[words.language] for i in reading.absent], words, quoted=True)
        sentences.append(_("No figures were found for: {indicators}.").format(indicators=names))
    judged = [i for dimension in ("coverage", "quality") for i in reading.indicators[dimension]]
    cautions = [f"{passports[i].name[words.language]}: {passports[i].caveats[words.language]}" for i in judged]
    return [*sentences, *cautions]


def reading_point(reading: ServiceReading, names: Mapping[str, str], words: Words) -> str:
    """The reading of all dimensions in a point of the summary; "" without an index.

    Parameters
    ----------
    reading : ServiceReading
        From `comparison.service_reading`.
    names : mapping of str to str
        Names by code, in the report's language.
    words : Words
        Language of the text.

    Returns
    -------
    str
    """
    found = reading.composite
    if found is None:
        return ""
    _ = words.gettext
    sure, doubtful = _surely_among_the_best(reading)
    text = _(
        "In cost, access and quality together, among the best quarter in at least {level} of the draws of weights: {names}."
    )
    if not sure:
        text = _(
            "In cost, access and quality together, nobody is among the best quarter in at least {level} of the draws of weights."
        )
    told = some_listed([names[code] for code in sure], words)
    uncounted = _("Errors of the figures are not counted in this.")
    if reading.is_adjusted:
        uncounted = _("The interval of the adjusted cost is not counted in this.")
    sentences = [
        text.format(level=words.percent(100 * found.info["level"], 0), names=told),
        _left_out(doubtful, names, words),
        uncounted,
    ]
    return " ".join(sentence for sentence in sentences if sentence)


def _surely_among_the_best(reading: ServiceReading) -> tuple[list[str], list[str]]:
    """Who is among the best quarter in nearly all draws of weights: those to be named, and those whose figures are doubtful."""
    if reading.composite is None:
        return [], []
    scores = reading.composite.scores
    chosen = [str(code) for code in scores.loc[scores["best_quarter"] >= reading.composite.info["level"], "unit"]]
    return [c for c in chosen if c not in reading.doubtful], [c for c in chosen if c in reading.doubtful]


def _left_out(doubtful: Sequence[str], names: Mapping[str, str], words: Words) -> str:
    """Who would be named as well if its figures were beyond doubt; "" for nobody."""
    if not doubtful:
        return ""
    text = words.gettext("Not named, because their figures are doubtful: {names}.")
    return text.format(names=some_listed([names[code] for code in doubtful], words))


def composite_sentences(reading: ServiceReading, names: Mapping[str, str], words: Words) -> list[str]:
    """What the four dimensions say in one index, and how much of its order depends on the weights.

    Parameters
    ----------
    reading : ServiceReading
        From `comparison.service_reading`.
    names : mapping of str to str
        Names by code, in the report's language.
    words : Words
        Language of the text.

    Returns
    -------
    list of str
    """
    _ = words.gettext
    found = reading.composite
    if found is None:
        return [_("Too few dimensions have figures for an index of all of them.")]
    sure, doubtful = _surely_among_the_best(reading)
    level = words.percent(100 * found.info["level"], 0)
    texts = [
        _what_the_index_takes(reading, words),
        _what_its_order_depends_on(reading, words).format(
            draws=words.number(found.info["draws"]),
            share=words.percent(100 * found.share_certain, 0),
            level=level,
        ),
    ]
    if sure:
        text = _("Among the best quarter in at least {level} of the draws: {names}.")
        told = text.format(level=level, names=some_listed([names[code] for code in sure], words))
        texts.append(f"{told} {_left_out(doubtful, names, words)}".strip())
    if reading.doubtful:
        text = _("Their place rests on doubtful figures, used as published: {names}.")
        texts.append(text.format(names=listed([names[code] for code in reading.doubtful], words)))
    partial = found.scores.loc[found.scores["is_partial"], "unit"]
    if len(partial):
        text = _("With some figures missing, so less sure: {names}.")
        texts.append(text.format(names=listed([names[str(unit)] for unit in partial], words)))
    lost = found.scores.loc[found.scores["index"].isna(), "unit"]
    if len(lost):
        text = _("With fewer than 60% of the figures, so without an index: {names}.")
        texts.append(text.format(names=listed([names[str(unit)] for unit in lost], words)))
    return texts


def _what_the_index_takes(reading: ServiceReading, words: Words) -> str:
    """Whether the cost in the index is adjusted, and if not though it could be: why."""
    _ = words.gettext
    if reading.is_adjusted:
        return _(
            "The index takes the ranks in adjusted cost, access and quality together, each with the same weight; demography enters through "
            "the cost that is adjusted for it."
        )
    text = _("The index takes the ranks in cost, access and quality together, each with the same weight.")
    if reading.need is not None:
        text += " " + _(
            "The cost is not adjusted in it: the conditions explain too little of the differences for an adjustment to tell anything."
        )
    return text


def _what_its_order_depends_on(reading: ServiceReading, words: Words) -> str:
    """How far the order is one of the weights, with fields for the numbers."""
    _ = words.gettext
    if reading.is_adjusted:
        return _(
            "Other weights give another order: in {draws} draws of weights around equal ones, {share} of all pairs of municipalities keep "
            "their order in at least {level} of the draws. The range of ranks says where a municipality lies in {level} of them; it "
            "covers the weights, neither the interval of the adjusted cost nor errors in the figures."
        )
    return _(
        "Other weights give another order: in {draws} draws of weights around equal ones, {share} of all pairs of municipalities keep "
        "their order in at least {level} of the draws. The range of ranks says where a municipality lies in {level} of them; it covers "
        "the weights, not errors in the figures."
    )


def method_note(words: Words) -> str:
    """That this is not the ministry's method.

    Parameters
    ----------
    words : Words
        Language of the text.

    Returns
    -------
    str
    """
    return words.gettext(
        "Quality, access, cost and demography are the four words of the goal of the ministry's project on municipal services. The "
        "method of its assessments is not published, so this reading does not claim to follow it; the choice of indicators and weights "
        "is ours and can be changed in data/catalogue/services."
    )


def reading_texts(reading: ServiceReading, names: Mapping[str, str], words: Words) -> dict[str, str]:
    """Alt text and caption of the figure of the four dimensions.

    Parameters
    ----------
    reading : ServiceReading
        From `comparison.service_reading`.
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
    alt = [_("Lights of {n} municipalities in cost, access and quality.").format(n=len(reading.units))]
    for dimension in ("cost", "coverage", "quality"):
        rows = reading.table.loc[reading.table["dimension"] == dimension]
        lights = rows.groupby("territory", sort=False)["light"].first()
        text = _("{dimension}: {green} in the best quarter, {red} in the last.")
        counts = {light: int((lights == light).sum()) for light in ("green", "red")}
        alt.append(text.format(dimension=dimension_words(words)[dimension], **counts))
    if reading.composite is not None:
        scores = reading.composite.scores.set_index("unit")
        ranges = {code: words.interval(row["rank_low"], row["rank_high"], 0) for code, row in scores.iterrows()}
        shown = marked_names(names, reading.doubtful)
        first = [f"{shown[code]} ({ranges[code]})" for code in reading.units[:_ENDS]]
        alt.append(_("Best in all together, with the range of ranks: {names}.").format(names=listed(first, words)))
    caption = [_("Signs: ▲ best quarter of all municipalities, ◆ middle half, ▼ last quarter, · no figure.")]
    if reading.need is not None:
        caption.append(
            _(
                "Against expected: ▲ cheaper than the interval of the cost expected under the demography, ◆ within, ▼ dearer."
            )
        )
    if reading.composite is not None:
        caption.append(_("Line: ranks held under 95% of the weights; dot: with equal weights."))
    caption += [doubt_note(words)] if reading.doubtful else []
    return {"alt": " ".join(alt), "caption": " ".join([*caption, cost_note(words)])}


def table_notes(reading: ServiceReading, words: Words, *, has_doubts: bool) -> list[str]:
    """What stands below the table of the reading.

    Parameters
    ----------
    reading : ServiceReading
        From `comparison.service_reading`.
    words : Words
        Language of the text.
    has_doubts : bool
        Whether a figure in the table is marked as doubtful.

    Returns
    -------
    list of str
    """
    _ = words.gettext
    notes = [_("▲ best quarter of all municipalities, ◆ middle half, ▼ last quarter.")]
    if reading.need is not None:
        notes.append(_("Adjusted: cost minus the cost expected under the demography, plus the mean cost of all."))
    if reading.composite is not None:
        notes.append(_("All together: in brackets the ranks under 95% of the weights drawn."))
        if reading.need is not None and not reading.is_adjusted:
            notes.append(_("All together takes the cost as it is: demography explains little of it."))
    notes += [doubt_note(words)] if has_doubts else []
    return [*notes, cost_note(words)]
