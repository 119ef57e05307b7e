"""What a meeting talks about: where the members differ and what to ask there, what changed, homework, the closed part."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from benchlib.comparison.figures import follows_from_settlement
from benchlib.comparison.meetings.meeting import Meeting
from benchlib.comparison.ranks import SMALL_GAP
from benchlib.indicators import Passport
from benchlib.reporting.values import listed, short_value
from benchlib.reporting.words import Name, Words


def distance(row: Mapping[Any, Any], passport: Passport, words: Words) -> str:
    """How far two figures lie apart, in the unit of the indicator; shares in percentage points.

    Parameters
    ----------
    row : mapping
        With `gap`.
    passport : Passport
        The indicator.
    words : Words
        Language of the text.

    Returns
    -------
    str
    """
    gap = abs(row["gap"])
    return words.points(gap, passport.decimals) if passport.unit["en"] == "%" else short_value(gap, passport, words)


def difference_text(row: Mapping[Any, Any], passport: Passport, names: Mapping[str, str], words: Words) -> str:
    """Who lies how far from the median, or from the lowest figure of two or three.

    Parameters
    ----------
    row : mapping
        A row of `Meeting.differences`.
    passport : Passport
        The indicator.
    names : mapping of str to str
        Names by code, in the report's language.
    words : Words
        Language of the text.

    Returns
    -------
    str
    """
    _ = words.gettext
    if row["other"]:
        text = _("{m}: {value}; {other}: {reference}; the difference is {gap}")
    elif passport.unit["en"] == "%":  # per cent of a percentage would be taken for points
        above = _("{m}: {value}, {gap} above the median of {reference}")
        text = above if row["gap"] > 0 else _("{m}: {value}, {gap} below the median of {reference}")
    elif row["gap"] > 0:
        text = _("{m}: {value}, {gap} ({pct}) above the median of {reference}")
    else:
        text = _("{m}: {value}, {gap} ({pct}) below the median of {reference}")
    shown = text.format(
        m=names[row["territory"]],
        other=names.get(row["other"], ""),
        value=short_value(row["value"], passport, words),
        reference=short_value(row["reference"], passport, words),
        gap=distance(row, passport, words),
        pct=words.percent(abs(row["gap_pct"]), 0),
    )
    if not np.isnan(row["gap_eur"]) and round(abs(row["gap_eur"]), -3):
        shown += "; " + _("about {euro} a year").format(euro=words.euro(round(abs(row["gap_eur"]), -3)))
        if row["volume_year"] != row["year"]:
            shown += " " + _("(with the users of {year})").format(year=int(row["volume_year"]))
    return f"{shown}."


def question(row: Mapping[Any, Any], passport: Passport, names: Mapping[str, str], words: Words) -> str:
    """What to ask where somebody differs: open, and to be answered by those who know.

    Parameters
    ----------
    row : mapping
        A row of `Meeting.differences`.
    passport : Passport
        The indicator.
    names : mapping of str to str
        Names by code, in the report's language.
    words : Words
        Language of the text.

    Returns
    -------
    str
    """
    _ = words.gettext
    m = names[row["territory"]]
    if row["is_doubtful"]:
        text = _("Is the figure right? It is doubtful: check it before anything is concluded.")
    elif row["other"]:
        text = _("Why do {m} and {other} differ so much?")
    elif not passport.direction or follows_from_settlement(passport):
        text = _question_of_condition(passport.dimension, words)
    else:
        is_better = row["gap"] * passport.direction > 0
        text = _question_of_service(passport.dimension, is_better, words)
    return text.format(m=m if isinstance(m, Name) else Name(m, words.language), other=names.get(row["other"], ""))


def _question_of_condition(dimension: str, words: Words) -> str:
    _ = words.gettext
    if dimension == "context":
        return _("What does this condition mean for the service in {m:loc}, and who works under similar conditions?")
    return _("How does this act on costs and on users in {m:loc}, and what can the others learn from it?")


def _question_of_service(dimension: str, is_better: bool, words: Words) -> str:
    _ = words.gettext
    better = {
        "cost": _(
            "How does {m:loc} manage with less: is the service organised differently, or is part of the cost recorded elsewhere?"
        ),
        "productivity": _("How is the work organised in {m:loc}, and can it be shown to the others?"),
        "coverage": _("How did {m:loc} come to that, and what does it cost?"),
    }
    worse = {
        "cost": _(
            "What does {m:loc} pay more for: a wider service, a dearer network of institutions, or other accounting?"
        ),
        "productivity": _("What makes the work in {m:loc} take more, and what has helped others?"),
        "coverage": _("Is that enough for the residents of {m:gen}, or is the need met in another way?"),
    }
    if is_better:
        return better.get(dimension, _("What is done differently in {m:loc}, and can it be shown to the others?"))
    return worse.get(dimension, _("What stands in the way in {m:loc}, and what has helped others?"))


def changes_note(meeting: Meeting, words: Words) -> str:
    """How then and now are compared.

    Parameters
    ----------
    meeting : Meeting
        From `comparison.network_meeting`.
    words : Words
        Language of the text.

    Returns
    -------
    str
    """
    _ = words.gettext
    if meeting.changes.empty:
        return _("No indicator has an earlier year with figures, so nothing can be said about change.")
    sentences = [
        _(
            "For each indicator the last year with figures before the one shown; only municipalities with a figure in both years are "
            "compared."
        ),
        _("Amounts are not adjusted for inflation, and the figures carry no margin of error."),
    ]
    if meeting.changes["is_carried"].any():
        sentences.append(
            _(
                "Where one of the two years was carried over the reform and the other was not, part of a change may come from that."
            )
        )
    return " ".join(sentences)


def differences_note(meeting: Meeting, words: Words) -> str:
    """What the differences are and are not.

    Parameters
    ----------
    meeting : Meeting
        From `comparison.network_meeting`.
    words : Words
        Language of the text.

    Returns
    -------
    str
    """
    _ = words.gettext
    if meeting.differences.empty:
        return _("There are no two figures that could be held against each other.")
    sentences = [
        _("The farthest figure of each indicator, those farthest from the median in per cent first; at most six."),
        _("The figures are of one year, without a margin of error: a difference is a question, not a verdict."),
    ]
    if (meeting.differences["other"] != "").any():
        sentences.append(_("Of two or three figures there is no median: the highest is held against the lowest."))
    sentences.append(_density_sentence(meeting, words))
    if meeting.differences["gap_eur"].notna().any():
        sentences.append(
            _(
                "Euro a year: the difference times the users or inhabitants behind it, a scale for discussion and not a saving."
            )
        )
    return " ".join(filter(None, sentences))


def _density_sentence(meeting: Meeting, words: Words) -> str:
    """That indicators counted by area give neither questions nor homework; "" where there are none."""
    found = meeting.summary
    is_left_out = found["is_by_area"].astype(bool) & (found["direction"] != 0) & (found["dimension"] != "context")
    if not is_left_out.any():
        return ""
    return words.gettext(
        "Figures per area follow from settlement more than from decisions, so they give neither questions nor homework."
    )


def open_questions(meeting: Meeting, words: Words) -> list[str]:
    """Questions that need no figures.

    Parameters
    ----------
    meeting : Meeting
        From `comparison.network_meeting`.
    words : Words
        Language of the text.

    Returns
    -------
    list of str
    """
    _ = words.gettext
    questions = []
    if len(meeting.without):
        questions.append(
            _(
                "Which of the indicators without figures does each member keep already, and who can bring them in the same form?"
            )
        )
    if not meeting.room.is_complete:
        questions.append(_("Who else belongs in the room?"))
    questions.append(_("What did each member try since the last meeting, and what came of it?"))
    return questions


def homework_note(meeting: Meeting, words: Words) -> str:
    """How homework was chosen; says so if nothing can be.

    Parameters
    ----------
    meeting : Meeting
        From `comparison.network_meeting`.
    words : Words
        Language of the text.

    Returns
    -------
    str
    """
    _ = words.gettext
    if not meeting.has_indicators:
        return _(
            "The first homework: to agree which indicators the network compares, and to write them into networks.toml."
        )
    if meeting.homework.empty:
        return _(
            "The public figures give no homework: too few can be compared, or nobody stands out. What has no figures can still be "
            "divided up."
        )
    open_part = _("Here homework is not addressed to anybody; who takes up what is written in at the meeting.")
    return f"{own_homework_note(meeting, words)} {open_part}"


def own_homework_note(meeting: Meeting, words: Words) -> str:
    """How homework was chosen, whether it is addressed or not.

    Parameters
    ----------
    meeting : Meeting
        From `comparison.network_meeting`.
    words : Words
        Language of the text.

    Returns
    -------
    str
    """
    order = words.gettext(
        "Up to three indicators for each: first those in the last quarter, then those worse than the median, both only if the rank was in "
        "the worse half in every year looked at and the distance from the median is no small one (at least {share} of the distance between "
        "the two ends of the middle half); doubtful figures worse than the median are to be checked; after them what one year alone shows, "
        "and figures that are missing. Whom to ask: who has the best figure in the room. It is a proposal; those present decide."
    ).format(share=words.percent(100 * SMALL_GAP / 2, 1))
    return " ".join(filter(None, [order, _density_sentence(meeting, words)]))


def closed_sentence(words: Words) -> str:
    """That there is a closed part.

    Parameters
    ----------
    words : Words
        Language of the text.

    Returns
    -------
    str
    """
    return words.gettext(
        "For its members the network also has a closed part with figures and practice examples for members only and with the homework of "
        "each member (access=members); nothing of it is in this paper."
    )


def closed_note(words: Words) -> str:
    """What may be done with the closed part.

    Parameters
    ----------
    words : Words
        Language of the text.

    Returns
    -------
    str
    """
    return words.gettext(
        "From here on for members of the network only: not to be published or passed on. The open part above holds public figures "
        "alone and can be published from a paper made with access=public."
    )


def closed_sentences(closed: Meeting, words: Words) -> list[str]:
    """What the closed part has and has not.

    Parameters
    ----------
    closed : Meeting
        The meeting with access to what is for members only.
    words : Words
        Language of the text.

    Returns
    -------
    list of str
    """
    _ = words.gettext
    sentences = [] if len(closed.closed) else [_("There are no figures for members only yet.")]
    return sentences + ([] if closed.closed_practices else [_("There are no practice examples for members only yet.")])


def practices_sentence(meeting: Meeting, words: Words) -> str:
    """That the members have written no practice example on the theme, and on what else they have one.

    Parameters
    ----------
    meeting : Meeting
        From `comparison.network_meeting`.
    words : Words
        Language of the text.

    Returns
    -------
    str
    """
    _ = words.gettext
    found = []
    if not meeting.practices_here:
        found.append(
            _(
                "No member has written a practice example on this theme yet. One is added by: benchlib practices add FILE."
            )
        )
    titles = [practice.title[words.language] for practice in meeting.practices_on_other_themes]
    if titles:
        found.append(_("On other themes the members have: {titles}.").format(titles=listed(titles, words, quoted=True)))
    return " ".join(found)
