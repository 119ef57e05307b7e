"""What people say of a service against what it costs: sentences, alt text and caption."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from benchlib.comparison import SatisfactionAgainstCost
from benchlib.comparison.ranks import MINIMUM_MEMBERS, SMALL_GAP
from benchlib.indicators import Passport
from benchlib.reporting.values import MOST_NAMED, cost_mark, full_value, label_of, listed, short_value, some_listed
from benchlib.reporting.words import Words

#: A scale longer than this needs no second decimal.
_LONG_SCALE = 10


def how_to_import(words: Words) -> str:
    """What to do where there is no survey.

    Parameters
    ----------
    words : Words
        Language of the text.

    Returns
    -------
    str
    """
    return words.gettext(
        "There is no survey that this report may show, so nothing is said of what people think of the service. A survey comes in by the "
        "command: benchlib data import FILE --kind survey."
    )


def question_of(result: SatisfactionAgainstCost, words: Words) -> str:
    """The question in quotation marks: its wording in the language of the report, or what the survey calls it.

    Parameters
    ----------
    result : SatisfactionAgainstCost
        From `comparison.satisfaction_against_cost`.
    words : Words
        Language of the text.

    Returns
    -------
    str
    """
    return listed([result.wording.get(words.language, "") or result.question], words, quoted=True)


def mean_text(value: Any, result: SatisfactionAgainstCost, words: Words) -> str:
    """A mean answer with as many decimals as its scale needs."""
    low, high = result.scale
    return words.number(value, 2 if high - low <= _LONG_SCALE else 1)


def interval_text(row: Mapping[Any, Any], result: SatisfactionAgainstCost, words: Words) -> str:
    """The interval of a mean answer."""
    low, high = result.scale
    return words.interval(row["y_low"], row["y_high"], 2 if high - low <= _LONG_SCALE else 1)


def answers_text(row: Mapping[Any, Any], words: Words) -> str:
    """How many answered; where few did, only that."""
    return f"<{words.number(row['n_below'])}" if row["n_below"] > 0 else words.number(row["n"])


def reason_text(row: Mapping[Any, Any], words: Words) -> str:
    """Why a municipality has not both figures.

    Parameters
    ----------
    row : mapping
        A row of the result's table.
    words : Words
        Language of the text.

    Returns
    -------
    str
        "" if it has.
    """
    _ = words.gettext
    return {
        "": "",
        "not surveyed": _("not surveyed"),
        "no mean": _("no mean was given"),
        "few answers": _("too few answers to show a mean"),
        "part missing": _("a former municipality has no answers"),
        "part suppressed": _("too few answers in a former municipality"),
        "part split": _("a former municipality was split"),
        "scales differ": _("the scales of the former municipalities differ"),
        "another scale": _("answered on another scale"),
        "no cost": _("no figure of the cost"),
    }[row["reason"]]


def near_rule(words: Words) -> str:
    """When a cost counts as near the median, so that nobody is called dear or cheap by it."""
    text = words.gettext(
        "A cost counts as near the median where it lies no farther from it than {share} of the distance between the two ends of the "
        "middle half."
    )
    return text.format(share=words.percent(100 * SMALL_GAP / 2, 1))


def _standing(row: Mapping[Any, Any], result: SatisfactionAgainstCost) -> str:
    """The quadrant of a municipality, or what can be said of the figure that can be told from its median; "" for none."""
    if row["quadrant"] != "not sure":
        return str(row["quadrant"])
    if row["unsure"] == "cost":
        return "satisfied" if row["y"] > result.median_answer else "dissatisfied"
    if row["unsure"] == "answers":
        return "dear" if row["x"] > result.median_cost else "cheap"
    return "neither"


def standing_text(row: Mapping[Any, Any], result: SatisfactionAgainstCost, words: Words) -> str:
    """How cost and answers of a municipality read together, and which of them cannot be told from its median.

    Parameters
    ----------
    row : mapping
        A row of the result's table.
    result : SatisfactionAgainstCost
        The result.
    words : Words
        Language of the text.

    Returns
    -------
    str
        "" without both figures or medians.
    """
    _ = words.gettext
    return {
        "cheap and satisfied": _("less money, more satisfied"),
        "dear and satisfied": _("more money, more satisfied"),
        "cheap and dissatisfied": _("less money, less satisfied"),
        "dear and dissatisfied": _("more money, less satisfied"),
        "satisfied": _("more satisfied; cost near the median"),
        "dissatisfied": _("less satisfied; cost near the median"),
        "cheap": _("less money; answers not surely different from the median"),
        "dear": _("more money; answers not surely different from the median"),
        "neither": _("neither cost nor answers surely different from the median"),
        "": "",
    }[_standing(row, result)]


def sentences(
    result: SatisfactionAgainstCost, passport: Passport, names: Mapping[str, str], words: Words, *, own: str = ""
) -> list[str]:
    """What was asked of whom, who stands where, and what cannot be told.

    Parameters
    ----------
    result : SatisfactionAgainstCost
        From `comparison.satisfaction_against_cost`.
    passport : Passport
        The cost.
    names : mapping of str to str
        Names by code, in the report's language.
    words : Words
        Language of the text.
    own : str
        Code of the municipality that the report is about; "" for none.

    Returns
    -------
    list of str
        One sentence if there is no survey: how one comes in.
    """
    if result.is_empty:
        return [how_to_import(words)]
    found = [_basis(result, passport, words)]
    row = result.row(own)
    if row is not None:
        found.append(_own_sentence(row.to_dict(), result, passport, names, words))
    return [*found, *_places(result, names, words), *_limits(result, names, words), *_others(result, words)]


def _others(result: SatisfactionAgainstCost, words: Words) -> list[str]:
    """Which of several surveys is shown, and what else the members were asked; nothing of it is lost without a word."""
    _ = words.gettext
    found = []
    if result.same_question:
        text = _(
            "Several surveys asked this question in that year. The survey shown is {survey}: it has figures of more municipalities or, of "
            "as many, is the latest. The others: {others}."
        )
        survey, others = listed([result.survey], words, quoted=True), listed(result.same_question, words, quoted=True)
        found.append(text.format(survey=survey, others=others))
    said = {"users": _("{question} (users, {year})"), "residents": _("{question} (residents, {year})")}
    asked = (result.question, result.respondents, result.answer_year)
    shown = dict.fromkeys(
        said[other.respondents].format(question=listed([other.question], words, quoted=True), year=other.year)
        for other in result.others
        if other[:3] != asked
    )
    if shown:
        text = _("There are answers too to: {questions}. The parameter question shows another question.")
        found.append(text.format(questions="; ".join(shown)))
    return found


def _basis(result: SatisfactionAgainstCost, passport: Passport, words: Words) -> str:
    _ = words.gettext
    asked = {
        "users": _("The users of the service were asked in {year}: {question} (answers from {low} to {high})."),
        "residents": _("The residents were asked in {year}: {question} (answers from {low} to {high})."),
    }[result.respondents]
    low, high = (words.number(end, 0 if end == int(end) else 1) for end in result.scale)
    text = [asked.format(year=result.answer_year, question=question_of(result, words), low=low, high=high)]
    if result.cost_year is not None:
        cost = f"{label_of(passport, words, year=result.cost_year)}{cost_mark(passport)}"
        text.append(_("The cost beside it: {cost}.").format(cost=cost))
    both = _("Municipalities with both figures: {n} of {count}.")
    text.append(both.format(n=words.number(len(result.both)), count=words.number(len(result.table))))
    return " ".join(text)


def _own_sentence(
    row: Mapping[Any, Any],
    result: SatisfactionAgainstCost,
    passport: Passport,
    names: Mapping[str, str],
    words: Words,
) -> str:
    _ = words.gettext
    name = names[row["territory"]]
    if np.isnan(row["y"]):
        return _("{m}: {reason}.").format(m=name, reason=reason_text(row, words))
    mean, interval = mean_text(row["y"], result, words), interval_text(row, result, words)
    if np.isnan(row["x"]):
        text = _("{m}: mean answer {mean} (95% interval {interval}); {reason}.")
        return text.format(m=name, mean=mean, interval=interval, reason=reason_text(row, words))
    text = _("{m}: mean answer {mean} (95% interval {interval}), cost {cost}.")
    cost = f"{full_value(row['x'], passport, words)}{cost_mark(passport)}"
    return text.format(m=name, mean=mean, interval=interval, cost=cost)


def _places(result: SatisfactionAgainstCost, names: Mapping[str, str], words: Words) -> list[str]:
    """Who stands in which quadrant, of whom only one figure can be told from its median, or that there are too few for that."""
    _ = words.gettext
    if not result.has_medians:
        count = len(result.both)
        text = words.ngettext(
            "{n} municipality has both figures; medians need at least {least}.",
            "{n} municipalities have both figures; medians need at least {least}.",
            count,
        )
        return [text.format(n=words.number(count), least=words.number(MINIMUM_MEMBERS))]
    said = {
        "cheap and satisfied": _("Cost below the median, answers above it: {names}."),
        "dear and satisfied": _("Cost and answers above the median: {names}."),
        "cheap and dissatisfied": _("Cost and answers below the median: {names}."),
        "dear and dissatisfied": _("Cost above the median, answers below it: {names}."),
        "satisfied": _("Answers above the median, cost near it: {names}."),
        "dissatisfied": _("Answers below the median, cost near it: {names}."),
        "cheap": _("Cost below the median, answers not surely different from it: {names}."),
        "dear": _("Cost above the median, answers not surely different from it: {names}."),
        "neither": _("Neither cost nor answers surely different from the median: {names}."),
    }
    standing = pd.Series([_standing(row, result) for row in result.table.to_dict("records")], dtype="object")
    groups = {place: result.table.loc[(standing == place).to_numpy(), "territory"] for place in said}
    return [
        said[place].format(names=some_listed([names[code] for code in part], words))
        for place, part in groups.items()
        if len(part)
    ]


def _limits(result: SatisfactionAgainstCost, names: Mapping[str, str], words: Words) -> list[str]:
    """Whose mean is hidden, is as wide as can be or was put together, and what an interval does not tell."""
    _ = words.gettext
    found = []
    hidden = result.table.loc[result.table["n_below"] > 0]
    for below, part in hidden.groupby("n_below"):
        text = _("Fewer than {n} answered, so their mean is not shown: {names}.")
        found.append(
            text.format(n=words.number(below), names=some_listed([names[code] for code in part["territory"]], words))
        )
    wide = result.table.loc[result.table["interval"] == "largest sd", "territory"]
    if len(wide):
        text = _("No standard deviation was given, so the interval is the widest that the scale allows: {names}.")
        found.append(text.format(names=some_listed([names[code] for code in wide], words)))
    joined = result.table.loc[(result.table["parts"] > 1) & result.table["y"].notna(), "territory"]
    if len(joined):
        text = _(
            "The answers of former municipalities are taken together, so each of these counts by the number of its answers and not of its "
            "inhabitants: {names}."
        )
        found.append(text.format(names=some_listed([names[code] for code in joined], words)))
    found.append(
        _(
            "The interval tells how far chance could have moved the mean of those who answered; it does not tell what those would have "
            "said who did not. A cost has no interval."
        )
    )
    return found


def figure_texts(
    result: SatisfactionAgainstCost, passport: Passport, names: Mapping[str, str], words: Words
) -> dict[str, str]:
    """Alt text and caption of `plots.satisfaction`.

    Parameters
    ----------
    result : SatisfactionAgainstCost
        With medians.
    passport : Passport
        The cost.
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
    both = result.both.sort_values("y", ascending=False, kind="stable")
    start = _("{cost}, and the answers to {question}: {n} municipalities. Medians: {x} and {y}.")
    alt = [
        start.format(
            cost=label_of(passport, words, year=result.cost_year),
            question=question_of(result, words),
            n=words.number(len(both)),
            x=short_value(result.median_cost, passport, words),
            y=mean_text(result.median_answer, result, words),
        )
    ]
    if len(both) <= MOST_NAMED:
        alt += [
            f"{names[row['territory']]}: {short_value(row['x'], passport, words)}, {mean_text(row['y'], result, words)} "
            f"({interval_text(row, result, words)})."
            for row in both.to_dict("records")
        ]
    else:
        alt += _places(result, names, words)
    caption = _(
        "{question}. A dot is a municipality that has both figures; the line through it is the 95% interval of its mean answer. The "
        "dashed lines are the medians: where an interval crosses one, nobody can say on which side of it the municipality is."
    )
    return {
        "alt": " ".join(alt),
        "caption": f"{caption.format(question=question_of(result, words))} {near_rule(words)}",
    }
