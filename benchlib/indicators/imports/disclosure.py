"""Can a mean that is kept back be computed from others? A joined municipality less all its parts but one gives the last."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import pandas as pd

from benchlib.indicators.surveys.files import KEY, imported_surveys, read_survey
from benchlib.indicators.territory import CLASSIFICATIONS, codes, crosswalk
from benchlib.terms import Classification

_QUESTION: Final = [name for name in KEY if name not in ("territory", "survey")]


def recoverable(rows: pd.DataFrame, territory: Classification, data: Path | None = None) -> list[str]:
    """What could be computed from new answers together with those that are stored already.

    Parameters
    ----------
    rows : pandas.DataFrame
        New rows, as `survey_files.COLUMNS` has them.
    territory : {"2009", "2021", "2025"}
        Their classification.
    data : pathlib.Path, optional
        Data folder; the shipped one if absent.

    Returns
    -------
    list of str
        A sentence for each municipality whose few answers would no longer be hidden; empty if there is none.
    """
    stored = [
        read_survey(survey, data).assign(origin=survey.territory)
        for survey in imported_surveys(access="members", data=data)
    ]
    together = pd.concat([*stored, rows.assign(origin=territory)], ignore_index=True)
    problems = []
    for key, part in together.groupby(_QUESTION, sort=True):
        statuses = {
            origin: dict(zip(group["territory"], group["status"], strict=True))
            for origin, group in part.groupby("origin")
        }
        for hidden, whole in _given_away(statuses):
            question = dict(zip(_QUESTION, key, strict=True))["question"]
            problems.append(
                f"{question!r:.60}: the few answers of {hidden} could be computed from those of {whole} and its other parts. Leave one of "
                "the other parts out."
            )
    return problems


def _given_away(statuses: Any) -> Iterator[tuple[str, str]]:
    """Former municipalities that are the only hidden part of a whole that is shown, with that whole."""
    for earlier, later in [*pairwise(CLASSIFICATIONS), (CLASSIFICATIONS[0], CLASSIFICATIONS[-1])]:
        parts, wholes = statuses.get(earlier, {}), statuses.get(later, {})
        made_of: dict[str, list[str]] = {}
        for link in crosswalk(earlier, later):
            made_of.setdefault(link.new, []).append(link.old)
        for whole, former in made_of.items():
            hidden = [code for code in former if parts.get(code) != "observed"]
            if (
                len(former) > 1
                and wholes.get(whole) == "observed"
                and [parts.get(code) for code in hidden] == ["suppressed"]
            ):
                yield codes(earlier)[hidden[0]].name, codes(later)[whole].name
