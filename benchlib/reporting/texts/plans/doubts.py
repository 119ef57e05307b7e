"""What must be known before the figures of a plan are trusted: which are doubtful, and which were carried over the reform."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from benchlib.comparison import Gaps
from benchlib.indicators import Catalogue, Service, Territory
from benchlib.reporting.texts import change
from benchlib.reporting.words import Words


def doubt_bullets(
    unit: Territory,
    figures: pd.DataFrame,
    service: Service | None,
    gaps: Gaps,
    catalogue: Catalogue,
    sensitivity: pd.DataFrame,
    names: Mapping[str, str],
    words: Words,
) -> list[str]:
    """Everything a reader must know before trusting the figures, with a service and without one.

    Parameters
    ----------
    unit : Territory
        The municipality.
    figures : pandas.DataFrame
        Tidy figures of the municipality that the plan rests on.
    service : Service or None
        The service that is scored; its caveats are told.
    gaps : Gaps
        From `comparison.find_gaps`: whose doubtful figures median and ranks count.
    catalogue : Catalogue
        Passports, and the doubts of the registry.
    sensitivity : pandas.DataFrame
        From `split_sensitivity`; empty where no split unit matters.
    names : mapping of str to str
        Names by code, in the report's language.
    words : Words
        Language.

    Returns
    -------
    list of str
    """
    own = change.doubt_bullets(unit, figures, service, catalogue, sensitivity, words)
    return [*own, *group_bullets(gaps, catalogue, names, words)]


def group_bullets(gaps: Gaps, catalogue: Catalogue, names: Mapping[str, str], words: Words) -> list[str]:
    """Whose doubtful figures are among those with which the municipality is compared.

    Parameters
    ----------
    gaps : Gaps
        From `comparison.find_gaps`.
    catalogue : Catalogue
        Passports of the indicators.
    names : mapping of str to str
        Names by code, in the report's language.
    words : Words
        Language.

    Returns
    -------
    list of str
    """
    shown = gaps.table.loc[gaps.table["why_not"] != "another year"]
    counted = [
        (catalogue.passport(str(indicator)), int(year), gaps.doubtful_members(str(indicator)))
        for indicator, year in zip(shown["indicator"], shown["year"], strict=True)
    ]
    return change.counted_doubts(counted, names, words)
