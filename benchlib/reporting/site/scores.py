"""The efficiency of a service in one year, municipality by municipality, as plain values."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from benchlib.comparison import ServiceOverview
from benchlib.comparison.services.reach import MINIMUM_UNITS
from benchlib.indicators import Service


@dataclass(frozen=True)
class Score:
    """One municipality in one year.

    Attributes
    ----------
    is_doubtful : bool
        Whether its inputs or outputs are figures that the registry doubts.
    efficiency, efficiency_fdh : float or None
        DEA and FDH among all municipalities; None without complete figures.
    own_kind : float or None
        DEA among its own kind, as in the report on it; None where that kind is too small for a frontier of its own.
    own_count : int or None
        How many of its kind share that frontier.
    corrected, low, high : float or None
        Bias-corrected DEA score and its 95% interval; None where there is no uncertainty to estimate.
    ranks : (int, int) or None
        First and last rank that it may hold.
    peers : tuple of str
        Codes of those to learn from, the heaviest first: of the own kind, or of all where that is too small.
    learners : int
        How many can learn from it.
    """

    is_doubtful: bool
    efficiency: float | None = None
    efficiency_fdh: float | None = None
    own_kind: float | None = None
    own_count: int | None = None
    corrected: float | None = None
    low: float | None = None
    high: float | None = None
    ranks: tuple[int, int] | None = None
    peers: tuple[str, ...] = ()
    learners: int = 0


@dataclass(frozen=True)
class ScoredYear:
    """A service in one year.

    Attributes
    ----------
    service : Service
        The model.
    year : int
        Year of inputs and outputs.
    compared : int
        Municipalities with complete figures.
    by_code : dict of str to Score
        Every municipality of today.
    """

    service: Service
    year: int
    compared: int
    by_code: dict[str, Score]

    @property
    def efficiencies(self) -> list[float]:
        """DEA scores of the municipalities compared."""
        return [score.efficiency for score in self.by_code.values() if score.efficiency is not None]


def scored_year(overview: ServiceOverview, codes: Sequence[str]) -> ScoredYear:
    """Take from the scores of a service what the site shows.

    Parameters
    ----------
    overview : ServiceOverview
        Scores of all municipalities.
    codes : sequence of str
        Municipalities of today.

    Returns
    -------
    ScoredYear
    """
    units = [str(unit) for unit in overview.sample.units]
    found: dict[str, dict[str, Any]] = {code: {"is_doubtful": code in overview.doubtful} for code in codes}
    for unit, dea, fdh in zip(units, overview.dea.efficiency, overview.fdh.efficiency, strict=True):
        found[unit] |= {"efficiency": _value(dea), "efficiency_fdh": _value(fdh)}
    kinds = overview.kinds.scores
    sizes = kinds["group"].value_counts()
    for row in kinds[kinds["group"].map(sizes) >= MINIMUM_UNITS].to_dict("records"):
        found[str(row["unit"])] |= {
            "own_kind": _value(row["group_efficiency"]),
            "own_count": int(sizes[row["group"]]),
        }
    for row in [] if overview.certainty is None else overview.certainty.scores.to_dict("records"):
        found[str(row["unit"])] |= {name: _value(row[name]) for name in ("corrected", "low", "high")}
        found[str(row["unit"])]["ranks"] = int(row["rank_low"]), int(row["rank_high"])
    for row in overview.lessons.to_dict("records"):
        found[str(row["unit"])]["peers"] = tuple(str(peer) for peer, _ in row["peers"])
    for row in overview.teachers.to_dict("records"):
        found[str(row["peer"])]["learners"] = int(row["learners"])
    scores = {code: Score(**values) for code, values in found.items()}
    return ScoredYear(overview.service, overview.year, len(units), scores)


def _value(number: float) -> float | None:
    return float(number) if math.isfinite(number) else None
