"""Can a mean that is kept back be computed from others? What is left of a whole without the parts that are shown must be many answers."""

from __future__ import annotations

import unicodedata
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import pandas as pd

from benchlib.indicators.surveys.files import imported_surveys, read_survey
from benchlib.indicators.territory import CLASSIFICATIONS, codes, crosswalk
from benchlib.terms import Classification

#: What makes answers comparable. The survey is not among it: its name may be that of a file, and each file has another.
_ASKED: Final = ["asked", "respondents", "year"]


@dataclass(frozen=True)
class _Answer:
    """A stored row: who is meant, down to the municipalities of 2009, and how many answered (0 where that is kept back)."""

    units: frozenset[str]
    name: str
    borders: str
    status: str
    n: int
    min_n: int
    is_new: bool

    @property
    def label(self) -> str:
        """Name and borders: a part may be called as its whole."""
        return f"{self.name} ({self.borders})"


def recoverable(rows: pd.DataFrame, territory: Classification, min_n: int, data: Path | None = None) -> list[str]:
    """What could be computed from new answers together with those that are stored already.

    Parameters
    ----------
    rows : pandas.DataFrame
        New rows, as `survey_files.COLUMNS` has them.
    territory : {"2009", "2021", "2025"}
        Their classification.
    min_n : int
        Fewest answers with which their means are kept.
    data : pathlib.Path, optional
        Data folder; the shipped one if absent.

    Returns
    -------
    list of str
        A sentence for each municipality that may not be shown beside its parts; empty if there is none.

    Notes
    -----
    The number and the mean of a whole, less those of the parts that are shown, are the number and the mean of all others in it. If
    these are fewer than `min_n` (the largest that was asked for), it makes no difference whether they are suppressed, were left out
    of the file, or belong to several parts. Who is suppressed in one survey and shown in another of the same question counts as
    suppressed, for nothing but its name tells one survey from another.
    """
    stored = [
        read_survey(survey, data).assign(origin=survey.territory, min_n=survey.min_n, is_new=False)
        for survey in imported_surveys(access="members", data=data)
    ]
    together = pd.concat([*stored, rows.assign(origin=territory, min_n=min_n, is_new=True)], ignore_index=True)
    together["asked"] = together["question"].map(plain_question)
    problems: dict[str, None] = {}
    for (_, _, year), part in together.groupby(_ASKED, sort=True):
        if part["is_new"].any():
            question = part.loc[part["is_new"], "question"].iloc[0]
            for hidden, whole in _given_away([_answer(row) for row in part.to_dict("records")]):
                problems[
                    f"{question!r:.60}, {year}: the few answers of {hidden} could be computed from those of {whole} and its other parts. "
                    f"Leave {whole} out, or one of the other parts."
                ] = None
    return list(problems)


def plain_question(question: str) -> str:
    """A question as it is compared: its letters and digits in any alphabet, without case and diacritics."""
    return "".join(c for c in unicodedata.normalize("NFKD", question.casefold()) if c.isalnum())


def _answer(row: Mapping[Hashable, Any]) -> _Answer:
    origin, code, status = row["origin"], row["territory"], row["status"]
    n = int(row["n"]) if status == "observed" else 0
    return _Answer(_units(origin)[code], codes(origin)[code].name, origin, status, n, row["min_n"], row["is_new"])


@cache
def _units(territory: Classification) -> dict[str, frozenset[str]]:
    """The municipalities of 2009 of which each one was made; one that was split belongs to all that got a piece of it."""
    first = CLASSIFICATIONS[0]
    if territory == first:
        return {code: frozenset([code]) for code in codes(first)}
    made_of: dict[str, set[str]] = {}
    for link in crosswalk(first, territory):
        made_of.setdefault(link.new, set()).add(link.old)
    return {code: frozenset(units) for code, units in made_of.items()}


def _given_away(answers: Sequence[_Answer]) -> Iterator[tuple[str, str]]:
    """Names of those whose few answers a whole gives away together with its other parts, and the whole."""
    for whole in answers:
        inside = [answer for answer in answers if answer.units < whole.units]
        if whole.status != "observed" or not any(answer.is_new for answer in (whole, *inside)):
            continue
        hidden = [answer for answer in inside if answer.status == "suppressed"]
        limit = max(answer.min_n for answer in (whole, *inside))
        if hidden:
            shown_beside = max(_most_shown(inside, answer.units) for answer in hidden)
            if shown_beside and whole.n - shown_beside < limit:
                yield _names(answer.name for answer in hidden), whole.label
        elif inside and 0 < whole.n - _most_shown(inside, frozenset()) < limit:
            shown = frozenset().union(*(answer.units for answer in inside if answer.status == "observed"))
            known = codes(CLASSIFICATIONS[0])
            others = _names(known[code].name for code in sorted(whole.units - shown))
            yield others or "some who are in no part", whole.label


def _names(names: Iterator[str]) -> str:
    return ", ".join(dict.fromkeys(names))


def _most_shown(inside: Sequence[_Answer], hidden: frozenset[str]) -> int:
    """The most answers that parts beside the hidden one account for, no municipality counted twice."""
    largest: dict[frozenset[str], int] = {}
    for answer in inside:
        if answer.status == "observed" and not answer.units & hidden:
            largest[answer.units] = max(largest.get(answer.units, 0), answer.n)
    return _most(sorted(largest.items(), key=lambda part: (-len(part[0]), sorted(part[0]))))


def _most(parts: Sequence[tuple[frozenset[str], int]]) -> int:
    if not parts:
        return 0
    (units, n), rest = parts[0], parts[1:]
    free = [part for part in rest if not part[0] & units]
    with_it = n + _most(free)
    return with_it if len(free) == len(rest) else max(with_it, _most(rest))
