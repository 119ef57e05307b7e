"""A planning region in the scores of all municipalities: how its own stand, and from whom each can learn, near by or further away."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from benchlib.comparison.meetings.room import Room, room_of
from benchlib.comparison.services.reach import dominators, other_peers
from benchlib.errors import OptionError
from benchlib.indicators import classification
from benchlib.terms import Classification

if TYPE_CHECKING:  # it loads statsmodels, which a report without scores does not need
    from benchlib.comparison.services.overview import ServiceOverview

_SURE = ["corrected", "low", "high", "rank_low", "rank_high"]
_LESSONS = ["unit", "near", "peers", "single", "learners_inside", "learners_outside"]


def region_room(region: str, territory: Classification = "2025") -> Room:
    """The municipalities of a planning region.

    Parameters
    ----------
    region : str
        Name of the region, as in `Territory.region`.
    territory : {"2009", "2021", "2025"}
        Classification.

    Returns
    -------
    Room

    Raises
    ------
    OptionError
        If there is no such region.
    """
    regions = sorted({unit.region for unit in classification(territory)})
    if region not in regions:
        raise OptionError(
            f"region={region!r:.80} is not a planning region of {territory}. Known: {', '.join(regions)}."
        )
    return room_of((unit for unit in classification(territory) if unit.region == region), territory)


def region_scores(overview: ServiceOverview, codes: Collection[str]) -> pd.DataFrame:
    """Scores of some municipalities among all, by every method.

    Parameters
    ----------
    overview : ServiceOverview
        Scores of a service in all municipalities.
    codes : collection of str
        The municipalities.

    Returns
    -------
    pandas.DataFrame
        A row per municipality, the best corrected score first, those without a score last: `unit`, `efficiency`, `kin_efficiency` (among
        its own kind, cities or novadi), `corrected`, `low`, `high` (95 % interval), `rank_low`, `rank_high` (of the bootstrap), `best`,
        `worst` (rank over all methods), `is_doubtful` (its figures are used although the registry doubts them), and a column of ranks
        named by each method that tells units apart. NaN: no score.
    """
    table = pd.DataFrame({"unit": sorted(codes)}).set_index("unit")
    table["efficiency"] = overview.dea.scores.set_index("unit")["efficiency"].reindex(table.index)
    table["kin_efficiency"] = overview.kinds.scores.set_index("unit")["group_efficiency"].reindex(table.index)
    sure = None if overview.certainty is None else overview.certainty.scores.set_index("unit")
    for name in _SURE:
        table[name] = np.nan if sure is None else sure[name].reindex(table.index)
    ranges = overview.methods.ranges.set_index("unit")[["best", "worst"]].reindex(table.index)
    ranks = overview.methods.ranks[list(overview.methods.telling)].reindex(table.index)
    table = table.join(ranges).assign(is_doubtful=table.index.isin(overview.doubtful)).join(ranks)
    order = "efficiency" if sure is None else "corrected"
    return table.reset_index().sort_values([order, "unit"], ascending=[False, True], ignore_index=True)


def region_lessons(overview: ServiceOverview, codes: Collection[str]) -> pd.DataFrame:
    """From whom the municipalities of a region can learn, inside and outside it.

    Novadi learn from novadi: a state city works under other conditions. State cities, too few for a frontier of their own, learn from
    all (as `comparable_units` has it). Examples with doubtful figures are left out.

    Parameters
    ----------
    overview : ServiceOverview
        Scores of a service in all municipalities.
    codes : collection of str
        The municipalities of the region.

    Returns
    -------
    pandas.DataFrame
        A row per municipality of the region with a score: `unit`, `near` (who in the region spends no more and reaches no less, among
        those whom it is held against), `peers` (pairs of DEA peer and weight, the heaviest first; empty on the frontier), `single` (the
        FDH peer, which does no worse in anything; "" if nobody does), `learners_inside`, `learners_outside` (how many have it as their
        DEA peer).
    """
    peers: dict[str, tuple[tuple[str, float], ...]] = {}
    single: dict[str, str] = {}
    compared: dict[str, set[str]] = {}
    for units, convex, free in overview.frontiers:
        everybody = {str(unit) for unit in convex.sample.units}
        compared |= dict.fromkeys(units, everybody)
        found, alone = other_peers(convex, units), other_peers(free, units)
        for unit, part in found.groupby("unit", sort=False):
            peers[str(unit)] = tuple((str(p), float(w)) for p, w in zip(part["peer"], part["weight"], strict=True))
        single |= {str(unit): str(peer) for unit, peer in zip(alone["unit"], alone["peer"], strict=True)}
    here = [str(unit) for unit in overview.sample.units if unit in set(codes)]
    rows: list[dict[str, Any]] = []
    for unit in here:
        learners = [who for who, others in peers.items() if unit in {peer for peer, _ in others}]
        better = dominators(overview.sample.subset([code for code in here if code in compared[unit]]), unit)["unit"]
        rows.append(
            {
                "unit": unit,
                "near": tuple(str(code) for code in better if code not in overview.doubtful),
                "peers": peers.get(unit, ()),
                "single": single.get(unit, ""),
                "learners_inside": sum(who in codes for who in learners),
                "learners_outside": sum(who not in codes for who in learners),
            }
        )
    return pd.DataFrame(rows, columns=_LESSONS).sort_values("unit", ignore_index=True)
