"""How sure it is that an example does better than who learns from it, as the intervals of both have it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from benchlib.reporting.words import Words

if TYPE_CHECKING:  # it loads statsmodels, which a report without it does not need
    from benchlib.comparison import ServiceOverview
    from benchlib.efficiency import BootstrapResult

#: Of each who learns, the interval of everybody among whom the examples are sought.
Margins = Mapping[str, Mapping[str, tuple[float, float]]]


def margins(overview: ServiceOverview, certainties: Sequence[BootstrapResult | None]) -> Margins:
    """Intervals of efficiency among those against whom each municipality is held where it is asked whom to learn from.

    Parameters
    ----------
    overview : ServiceOverview
        Scores of a service in all municipalities.
    certainties : sequence of BootstrapResult or None
        Of each of `ServiceOverview.frontiers` in their order, as `comparison.frontier_certainties` gives them; empty where there are none.

    Returns
    -------
    mapping of str to mapping of str to (float, float)
        By the code of who learns, then by that of everybody with an interval: its ends. Who has no intervals is not there.
    """
    found: dict[str, dict[str, tuple[float, float]]] = {}
    for (units, _convex, _free), certainty in zip(
        overview.frontiers, certainties or [None] * len(overview.frontiers), strict=True
    ):
        if certainty is not None:
            table = certainty.scores
            ends = dict(zip(map(str, table["unit"]), zip(table["low"], table["high"], strict=True), strict=True))
            found |= dict.fromkeys(units, ends)
    return found


def is_beyond_margin(known: Margins, unit: str, example: str) -> bool | None:
    """Whether an example's advantage is greater than its margin of error: its interval lies wholly above that of who learns.

    Parameters
    ----------
    known : mapping
        From `margins`.
    unit, example : str
        Codes of who learns and of the example.

    Returns
    -------
    bool or None
        None where there is no interval.
    """
    ends = known.get(unit, {})
    return ends[example][0] > ends[unit][1] if {unit, example} <= set(ends) else None


def examples_beyond_margin(lessons: pd.DataFrame, known: Margins) -> dict[str, tuple[list[str], list[str]]]:
    """Everybody's examples, and those of them whose advantage is greater than its margin of error.

    Parameters
    ----------
    lessons : pandas.DataFrame
        `ServiceOverview.lessons`, or from `comparison.region_lessons`.
    known : mapping
        From `margins`.

    Returns
    -------
    dict of str to (list of str, list of str)
        By the code of who learns: codes of all examples, each once, and of the sure ones. Who has no interval is not there.
    """
    found = {}
    for row in lessons.to_dict("records"):
        unit, peers = str(row["unit"]), [str(peer) for peer, _weight in row["peers"]]
        examples = dict.fromkeys([*row.get("near", ()), *peers, *filter(None, [str(row["single"])])])
        sure = {example: is_beyond_margin(known, unit, example) for example in examples}
        if None not in sure.values():
            found[unit] = list(sure), [example for example, is_sure in sure.items() if is_sure]
    return found


def sure_learners(overview: ServiceOverview, known: Margins) -> dict[str, int]:
    """For how many each DEA peer is an example with an advantage greater than its margin of error, by its code."""
    pairs = [
        (str(row["unit"]), str(peer)) for row in overview.lessons.to_dict("records") for peer, _weight in row["peers"]
    ]
    return {
        example: sum(peer == example and bool(is_beyond_margin(known, unit, peer)) for unit, peer in pairs)
        for example in dict.fromkeys(peer for _unit, peer in pairs)
    }


def margin_sentence(
    lessons: pd.DataFrame, overview: ServiceOverview, certainties: Sequence[BootstrapResult | None], words: Words
) -> str:
    """For how many an example's advantage is more than chance may be, and what has no interval at all.

    Parameters
    ----------
    lessons : pandas.DataFrame
        `ServiceOverview.lessons`, or from `comparison.region_lessons`.
    overview : ServiceOverview
        Scores of a service in all municipalities.
    certainties : sequence of BootstrapResult or None
        As in `margins`.
    words : Words
        Language of the text.

    Returns
    -------
    str
        "" where nobody has an example.
    """
    _ = words.gettext
    known = margins(overview, certainties)
    found = {unit: both for unit, both in examples_beyond_margin(lessons, known).items() if both[0]}
    if lessons.empty or (known and not found):
        return ""
    if not found:
        return _(
            "No interval stands behind these examples, their weights and their number: whether an advantage is more than chance is not "
            "known."
        )
    text = words.ngettext(
        "An advantage may be chance. One that is greater than its margin of error (the 95% interval of the example's efficiency lies "
        "wholly above the municipality's own) is found for {n} of {count} municipality. The weights, and the number for which somebody "
        "is an example, have no interval.",
        "An advantage may be chance. One that is greater than its margin of error (the 95% interval of the example's efficiency lies "
        "wholly above the municipality's own) is found for {n} of {count} municipalities. The weights, and the number for which somebody "
        "is an example, have no interval.",
        len(found),
    )
    return text.format(n=sum(bool(sure) for _all, sure in found.values()), count=len(found))
