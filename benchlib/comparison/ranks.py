"""Ranks with the range in which they moved: one year's order is not a municipality's place."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]

#: Years before and after the report's own in which a rank is followed.
REACH_YEARS = 2
#: Fewest members with a figure, and their share of all (the rule of Kommunebarometeret, Norway), below which there are no ranks.
MINIMUM_MEMBERS = 4
MINIMUM_DATA = 0.60
#: Years in which both have a figure that two ranges of ranks need, to be more than one year's order.
FEWEST_YEARS = 2
#: A gap smaller than this share of half the group's middle half is no difference to act on: neighbours lie as far apart.
SMALL_GAP = 0.25
_COLUMNS = [
    *["indicator", "territory", "year", "rank", "rank_low", "rank_high", "years", "members_with_figure"],
    *["fewest_members", "most_members", "is_beyond_middle", "ranked_years"],
]


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
        range), `years` (how many these are), `members_with_figure`, `fewest_members` and `most_members` (with a figure in these years: the
        rank of another year may be one among another number), `is_beyond_middle` (whether the rank is beyond the middle in every one of
        these years, each by its own number of members) and `ranked_years` (a tuple of these years: the ranges of two members can be
        held against each other only as far as they share them). There are no ranks in a year in which fewer than four members, or
        fewer than 60 %, have a figure.
    """
    members = set(codes)
    # Columns as arrays, cut once: ten indicators take a few milliseconds, as tables they would take thirty.
    frames = []
    names, units = table["indicator"].to_numpy(), table["territory"].to_numpy()
    years, values = table["year"].to_numpy(), table["value"].to_numpy(dtype=np.float64)
    is_known = ~np.isnan(values) & np.isin(units, list(members))
    for indicator in dict.fromkeys(names):
        direction = directions.get(str(indicator), 0)
        rows = np.flatnonzero(is_known & (names == indicator)) if direction else np.empty(0, dtype=np.int64)
        if len(rows):
            frames.append(
                _ranked(str(indicator), units[rows], years[rows], direction * values[rows], len(members), year, reach)
            )
    found = [frame for frame in frames if frame is not None]
    return pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=_COLUMNS)


def is_enough(count: int, members: int) -> bool:
    """Whether so many members with a figure, of so many, give ranks."""
    return count >= MINIMUM_MEMBERS and count >= MINIMUM_DATA * members


def _ranked(
    indicator: str, units: NDArray[Any], years: NDArray[Any], goodness: Floats, members: int, year: int, reach: int
) -> pd.DataFrame | None:
    """Ranks on one indicator, None in a year with too few figures."""
    there = np.unique(years)
    shown = min(there, key=lambda y: (abs(y - year), y))
    near = [y for y in there if abs(y - shown) <= reach and is_enough(int((years == y).sum()), members)]
    if shown not in near:
        return None
    order = np.unique(units[years == shown])
    ranks = np.full((len(order), len(near)), np.nan)
    members_of = np.array([int((years == y).sum()) for y in near], dtype=np.float64)
    for column, y in enumerate(near):
        rows = np.flatnonzero(years == y)
        place = np.searchsorted(order, units[rows])
        is_shown = (place < len(order)) & (order[np.minimum(place, len(order) - 1)] == units[rows])
        ranks[place[is_shown], column] = ranks_of(goodness[rows])[is_shown]
    is_there = ~np.isnan(ranks)
    count = is_there.sum(axis=1)
    among = np.where(is_there, members_of, np.nan)
    return pd.DataFrame(
        {
            "indicator": indicator,
            "territory": order,
            "year": int(shown),
            "rank": ranks[:, near.index(shown)],
            "rank_low": np.where(count > 1, np.nanmin(ranks, axis=1), np.nan),
            "rank_high": np.where(count > 1, np.nanmax(ranks, axis=1), np.nan),
            "years": count,
            "members_with_figure": len(order),
            "fewest_members": np.nanmin(among, axis=1).astype(np.int64),
            "most_members": np.nanmax(among, axis=1).astype(np.int64),
            "is_beyond_middle": np.where(is_there, ranks > (members_of + 1) / 2, True).all(axis=1),
            "ranked_years": [tuple(int(y) for y, there in zip(near, row, strict=True) if there) for row in is_there],
        }
    )


def ranks_of(goodness: Floats) -> Floats:
    """Rank of each value, 1 for the greatest; ties share the best place."""
    ordered = np.sort(goodness)
    return np.asarray(len(goodness) - np.searchsorted(ordered, goodness, side="right") + 1, dtype=np.float64)


def light_at(place: float) -> str:
    """Traffic light of a place: best 25 %, middle 50 %, last 25 % (Swedish KKiK).

    Parameters
    ----------
    place : float
        From 0 (best) to 1 (worst): the middle of the tied places, so that equal figures get equal lights.

    Returns
    -------
    str
        "green", "yellow" or "red".
    """
    return "green" if place <= 0.25 else "red" if place >= 0.75 else "yellow"
