"""Ranks with the range in which they moved: one year's order is not a municipality's place."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np
import pandas as pd

#: Years before and after the report's own in which a rank is followed.
REACH_YEARS = 2
#: Fewest members with a figure, and their share of all (the rule of Kommunebarometeret, Norway), below which there are no ranks.
MINIMUM_MEMBERS = 4
MINIMUM_DATA = 0.60
_COLUMNS = ["indicator", "territory", "year", "rank", "rank_low", "rank_high", "years", "members_with_figure"]


def rank_ranges(
    table: pd.DataFrame,
    directions: Mapping[str, int],
    codes: Collection[str],
    year: int,
    *,
    reach: int = REACH_YEARS,
) -> pd.DataFrame:
    """Ranks of the members of a group, and how they moved in the years around.

    Parameters
    ----------
    table : pandas.DataFrame
        Tidy indicators of all years, as `load_indicators` gives them.
    directions : mapping of str to {-1, 0, 1}
        Direction of each indicator; those without one are not ranked.
    codes : collection of str
        Members of the group.
    year : int
        Year of the report; the nearest one with figures counts for each indicator.
    reach : int
        How many years before and after that are looked at.

    Returns
    -------
    pandas.DataFrame
        A row per indicator and member with a rank: `indicator`, `territory`, `year`, `rank` (1 is best; ties share the best place),
        `rank_low` and `rank_high` (best and worst rank in the years looked at; NaN if that is one year only: such a rank carries no
        range), `years` (how many these are), `members_with_figure`. There are no ranks in a year in which fewer than four members,
        or fewer than 60 %, have a figure.
    """
    members = set(codes)
    known = table.loc[table["territory"].isin(members) & table["value"].notna()]
    frames = []
    for indicator, part in known.groupby("indicator", sort=False):
        direction = directions.get(str(indicator), 0)
        wide = part.pivot_table(index="territory", columns="year", values="value")
        years: list[int] = list(wide.columns)  # type: ignore[arg-type]
        enough = [y for y in years if _is_enough(int(wide[y].notna().sum()), len(members))]
        shown = min(years, key=lambda y: (abs(y - year), y))
        if not direction or shown not in enough:
            continue
        near = [y for y in enough if abs(y - shown) <= reach]
        ranks = (-direction * wide[near]).rank(method="min")
        frames.append(_ranked(str(indicator), int(shown), ranks))
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=_COLUMNS)


def _is_enough(count: int, members: int) -> bool:
    return count >= MINIMUM_MEMBERS and count >= MINIMUM_DATA * members


def _ranked(indicator: str, year: int, ranks: pd.DataFrame) -> pd.DataFrame:
    there = ranks.loc[ranks[year].notna()]
    years = there.notna().sum(axis=1)
    return pd.DataFrame(
        {
            "indicator": indicator,
            "territory": there.index,
            "year": year,
            "rank": there[year].to_numpy(),
            "rank_low": np.where(years > 1, there.min(axis=1), np.nan),
            "rank_high": np.where(years > 1, there.max(axis=1), np.nan),
            "years": years.to_numpy(),
            "members_with_figure": int(ranks[year].notna().sum()),
        }
    )[_COLUMNS]
