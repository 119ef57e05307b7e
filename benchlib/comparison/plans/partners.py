"""Whom to ask about the goals of a plan: who is better, how sure that is, and who is not named because of a doubtful figure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

import numpy as np
import pandas as pd

from benchlib.comparison.learning.partners import Difference, LearningPartners, Partner
from benchlib.comparison.plans.gaps import Gaps
from benchlib.comparison.ranks import FEWEST_YEARS

#: Partners that a plan names for a goal.
MOST_PARTNERS: Final = 3
_RANKS: Final = ("rank", "rank_low", "rank_high", "members_with_figure", "fewest_members", "most_members")
_PARTNER_COLUMNS = [
    *["territory", "value", *_RANKS],
    *["is_sure", "is_own_doubtful"],
]


def better_members(gaps: Gaps, indicator: str) -> pd.DataFrame:
    """Members of the group that are better at one indicator, as far as that can be told.

    Parameters
    ----------
    gaps : Gaps
        From `find_gaps`.
    indicator : str
        The indicator.

    Returns
    -------
    pandas.DataFrame
        Best first, at most three: `territory`, `value`, `rank`, `rank_low`, `rank_high`, `members_with_figure`, `fewest_members`,
        `most_members` (as `rank_ranges`), `is_sure` (their worst rank of the years looked at is better than the own best one, and in at
        least two of these years both have a figure and neither is doubtful), `is_own_doubtful` (the own figure is doubtful, so nobody is
        sure). Where there is one year only, nobody is sure and the best are named; where there are several years, only those whose ranks
        do not overlap. Who has a doubtful figure is not named; see
        `unnamed_members`.
    """
    found = _better(gaps, indicator)
    return found.loc[~found["is_doubtful"], _PARTNER_COLUMNS].head(MOST_PARTNERS).reset_index(drop=True)


def _better(gaps: Gaps, indicator: str) -> pd.DataFrame:
    """All members that are better, best first; `is_doubtful` where the registry doubts their figure."""
    own = gaps.profile.municipality.code
    ranks = gaps.ranks.loc[gaps.ranks["indicator"] == indicator].set_index("territory", drop=False)
    if own not in ranks.index:
        return pd.DataFrame(columns=[*_PARTNER_COLUMNS, "is_doubtful"]).astype({"is_doubtful": bool})
    here = ranks.loc[[own]].iloc[0]
    year = int(here["year"])
    better = ranks.loc[ranks["rank"] < here["rank"]]
    if pd.notna(here["rank_low"]):
        better = better.loc[better["rank_high"] < here["rank_low"]]
    figures = gaps.figures.loc[(gaps.figures["indicator"] == indicator) & (gaps.figures["year"] == year)]
    is_own_doubtful = (indicator, year, own) in gaps.doubts
    own_years = _undoubted(gaps, indicator, own, here)
    common = [own_years & _undoubted(gaps, indicator, str(code), row) for code, row in better.iterrows()]
    found: pd.DataFrame = better.assign(
        value=better["territory"].map(figures.set_index("territory")["value"]),
        is_sure=[not is_own_doubtful and len(years) >= FEWEST_YEARS for years in common],
        is_own_doubtful=is_own_doubtful,
        is_doubtful=[(indicator, year, str(code)) in gaps.doubts for code in better.index],
    ).astype({"is_sure": bool, "is_doubtful": bool})
    return found.reset_index(drop=True).sort_values(["rank", "territory"])


def _undoubted(gaps: Gaps, indicator: str, code: str, row: pd.Series) -> set[int]:
    """The years behind a range of ranks in which the figure is not doubtful."""
    return {year for year in row["ranked_years"] if (indicator, year, code) not in gaps.doubts}


def unnamed_members(gaps: Gaps, indicators: Iterable[str], learned: LearningPartners | None = None) -> pd.DataFrame:
    """Who would be named as a partner, were its figure not doubtful.

    Parameters
    ----------
    gaps : Gaps
        From `find_gaps`.
    indicators : iterable of str
        Those of the goals.
    learned : LearningPartners, optional
        As in `plan_partners`.

    Returns
    -------
    pandas.DataFrame
        `indicator` and `territory`.
    """
    rows: list[tuple[str, str]] = []
    for indicator in indicators:
        helpers = _helpers(indicator, learned)
        if any(not partner.is_doubtful for partner, _ in helpers):
            rows += [(indicator, partner.unit.code) for partner, _ in helpers if partner.is_doubtful]
        else:
            first = _better(gaps, indicator).head(MOST_PARTNERS)
            rows += [(indicator, str(code)) for code in first.loc[first["is_doubtful"], "territory"]]
    return pd.DataFrame(rows, columns=["indicator", "territory"])


def plan_partners(gaps: Gaps, indicators: Iterable[str], learned: LearningPartners | None = None) -> pd.DataFrame:
    """Whom to ask about each of several indicators.

    Parameters
    ----------
    gaps : Gaps
        From `find_gaps`.
    indicators : iterable of str
        Those of the goals.
    learned : LearningPartners, optional
        From `learning_partners`: for what the service itself measures, its partners come first, since they are no worse in the rest.

    Returns
    -------
    pandas.DataFrame
        `indicator`, the columns of `better_members`, and `role` ("dominator" or "peer" for a partner of the service, whose `is_sure` says
        that its interval lies wholly above the own one; "" where ranks alone speak). Nobody with a doubtful figure is named; see
        `unnamed_members`.
    """
    frames = []
    for indicator in indicators:
        found = _service_partners(gaps, indicator, learned)
        frames.append(found if len(found) else better_members(gaps, indicator).assign(indicator=indicator, role=""))
    columns = ["indicator", *_PARTNER_COLUMNS, "role"]
    known = [frame for frame in frames if len(frame)]
    return pd.concat(known, ignore_index=True)[columns] if known else pd.DataFrame(columns=columns)


def _helpers(indicator: str, learned: LearningPartners | None) -> list[tuple[Partner, Difference]]:
    """Partners of the service that are better at one of the indicators that it measures."""
    found = []
    for partner in learned.partners if learned is not None else ():
        better = [v for v in partner.variables if v.indicator == indicator and v.is_better]
        if better and partner.role != "efficient":
            found.append((partner, better[0]))
    return found


def _service_partners(gaps: Gaps, indicator: str, learned: LearningPartners | None) -> pd.DataFrame:
    ranks = gaps.ranks.loc[gaps.ranks["indicator"] == indicator].set_index("territory")
    rows = []
    for partner, difference in _helpers(indicator, learned):
        if partner.is_doubtful:
            continue
        rank: Mapping[Any, Any] = (
            ranks.loc[[partner.unit.code]].iloc[0].to_dict() if partner.unit.code in ranks.index else {}
        )
        is_own_doubtful = (indicator, difference.year, gaps.profile.municipality.code) in gaps.doubts
        rows.append(
            {
                "indicator": indicator,
                "territory": partner.unit.code,
                "value": difference.theirs,
                **{name: rank.get(name, np.nan) for name in _RANKS},
                "is_sure": bool(partner.is_certain) and not is_own_doubtful,
                "is_own_doubtful": is_own_doubtful,
                "role": partner.role,
            }
        )
    return pd.DataFrame(rows).head(MOST_PARTNERS)
