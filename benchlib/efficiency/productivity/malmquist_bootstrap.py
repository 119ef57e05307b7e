"""How sure is a Malmquist index: the smoothed bootstrap of two frontiers at once.

References
----------
.. [1] L. Simar and P. W. Wilson (1999). Estimating and bootstrapping Malmquist indices. European Journal of Operational
   Research 115(3), 459-471. https://doi.org/10.1016/S0377-2217(97)00450-5
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from benchlib.efficiency.checks import check_level, check_replications, check_seed
from benchlib.efficiency.kernels.status import TOLERANCE
from benchlib.efficiency.productivity.changes import malmquist_parts
from benchlib.efficiency.productivity.distances import Frontiers, Pairs, replicate_square
from benchlib.efficiency.productivity.panel import Panel, Transition
from benchlib.efficiency.productivity.results import row_labels
from benchlib.efficiency.sample import listed
from benchlib.errors import OptionError, SampleError
from benchlib.terms import Decomposition

Floats = NDArray[np.float64]

#: Fewest units inside both frontiers from which a joint distribution of distances can be drawn.
FEWEST: Final = 3


@dataclass(frozen=True, eq=False)
class Plan:
    """What to replicate, checked."""

    replications: int
    level: float
    source: np.random.Generator | Floats
    """Chance, or drawn distances of shape (B, 2, n)."""


@dataclass(frozen=True, eq=False)
class Replicated:
    """Intervals, how many programmes HiGHS was asked about, and what is to be known about the replications."""

    intervals: pd.DataFrame
    by_highs: int
    info: Mapping[str, Any]


def make_plan(panel: Panel, replications: Any, level: Any, seed: Any, draws: ArrayLike | None) -> Plan | None:
    """Return what to replicate, or None if nothing; raise OptionError if it cannot be done."""
    level = check_level(level)
    if draws is not None:
        given = read_draws(draws, panel)
        return Plan(check_replications(len(given), level), level, given)
    if replications is None:
        return None
    return Plan(check_replications(replications, level), level, check_seed(seed))


def read_draws(draws: ArrayLike, panel: Panel) -> Floats:
    """Return drawn distances, shape (B, 2, n), or raise OptionError if they cannot be such."""
    first, *others = panel.samples
    if len(others) != 1 or set(first.units) != set(others[0].units):
        raise OptionError("draws can be given for two periods with the same units only; give replications and a seed.")
    given = np.asarray(draws, dtype=np.float64)
    if given.ndim != 3 or given.shape[1:] != (2, len(first)):
        raise OptionError(
            f"draws has the shape {given.shape}; needed is (replications, 2, {len(first)}): for each period a distance per unit."
        )
    if not np.all((given >= 1.0 - TOLERANCE) & (given < np.inf)):
        raise OptionError("draws must be distances from 1 on, which are reciprocals of efficiencies.")
    return given


def bootstrap_parts(
    plan: Plan,
    panel: Panel,
    frontiers: tuple[Frontiers, Frontiers],
    pairs: tuple[Pairs, Pairs],
    decomposition: Decomposition,
    parts: Sequence[Mapping[str, Floats]],
) -> Replicated:
    """Return intervals for all changes of a panel.

    Parameters
    ----------
    plan, panel, frontiers, pairs, decomposition
        As in `replicate`.
    parts : sequence of mappings
        For each transition the estimated index and its parts by name, each of shape (n,).

    Returns
    -------
    Replicated
    """
    tables, asked, lost = [], 0, 0
    for step, estimates in zip(panel.transitions, parts, strict=True):
        replicated, by_highs = replicate(plan, panel, step, frontiers, pairs, decomposition)
        tables.append(tabulate_intervals(panel, step, estimates, replicated, plan.level))
        asked += by_highs
        lost += int(np.sum(np.isnan(replicated["malmquist"]) & ~np.isnan(estimates["malmquist"])))
    info = {"replications": plan.replications, "level": plan.level, "n_lost": lost}
    return Replicated(pd.concat(tables, ignore_index=True), asked, info)


def replicate(
    plan: Plan,
    panel: Panel,
    step: Transition,
    frontiers: tuple[Frontiers, Frontiers],
    pairs: tuple[Pairs, Pairs],
    decomposition: Decomposition,
) -> tuple[dict[str, Floats], int]:
    """Replicate the index and its parts for one change.

    Parameters
    ----------
    plan : Plan
        How often and by which chance.
    panel, step
        Which change.
    frontiers : tuple of two Frontiers
        Of the panel, under constant and under variable returns to scale.
    pairs : tuple of two
        Which (technology, figures) the parts need of either.
    decomposition : {"fgnz", "ray-desli"}
        Which parts.

    Returns
    -------
    parts : dict of ndarray, shape (B, n)
        By the names of their columns.
    by_highs : int
        How many programmes HiGHS was asked about.
    """
    distances = [_own_distances(frontiers[1], panel, period) for period in (step.start, step.end)]
    if isinstance(plan.source, np.random.Generator):
        drawn = draw_distances(distances, step, plan.replications, plan.source)
    else:
        drawn = _arrange(plan.source, step)
    # Reference units move along the ray through their figures from their estimated distance to the drawn one.
    is_output = frontiers[1].technologies[0].is_output
    stretch = [d / new if is_output else new / d for d, new in zip(distances, drawn, strict=True)]
    squares = [
        replicate_square(*kind.of(step), stretch, step.rows, wanted)
        for kind, wanted in zip(frontiers, pairs, strict=True)
    ]
    (crs, crs_asked), (vrs, vrs_asked) = squares
    return malmquist_parts(crs, vrs, decomposition), crs_asked + vrs_asked


def draw_distances(
    distances: Sequence[Floats], step: Transition, replications: int, generator: np.random.Generator
) -> list[Floats]:
    """Draw distances of the units of two periods from their smoothed, reflected joint distribution.

    Parameters
    ----------
    distances : sequence of two ndarray, shapes (K_0,) and (K_1,)
        Estimated distances of all units of either period, at least 1.
    step : Transition
        Which units are the same in both.
    replications : int
        Number of bootstrap samples B.
    generator : numpy.random.Generator
        Source of chance.

    Returns
    -------
    list of two ndarray, shapes (B, K_0) and (B, K_1)
        Drawn distances, at least 1. Units that are in one period only take their part of a pair.
    """
    pairs = np.stack([d[rows] for d, rows in zip(distances, step.rows, strict=True)])
    others = [np.setdiff1d(np.arange(len(d)), rows) for d, rows in zip(distances, step.rows, strict=True)]
    n = pairs.shape[1]
    count = n + sum(map(len, others))
    drawn = draw_pairs(pairs, (replications, count), generator)
    found, first = [], n
    for k, rest in enumerate(others):
        own = np.empty((replications, len(distances[k])))
        own[:, step.rows[k]] = drawn[k, :, :n]
        own[:, rest] = drawn[k, :, first : first + len(rest)]
        first += len(rest)
        found.append(own)
    return found


def draw_pairs(pairs: Floats, shape: tuple[int, int], generator: np.random.Generator) -> Floats:
    """Draw pairs of distances from a smooth estimate of their joint distribution.

    Parameters
    ----------
    pairs : ndarray, shape (2, n)
        Estimated distances of the same units in two periods, at least 1.
    shape : tuple of int
        Of what is to be drawn.
    generator : numpy.random.Generator
        Source of chance.

    Returns
    -------
    ndarray, shape (2, *shape)
        Distances, at least 1.

    Raises
    ------
    SampleError
        If too few units are inside both frontiers.

    Notes
    -----
    Reflecting the pairs at both frontiers, (a, b), (2 - a, b), (2 - a, 2 - b) and (a, 2 - b), with noise whose covariance is reflected
    alike, and folding back what falls below 1 [1]_, comes to the same as adding noise to the pairs and folding.
    """
    excess = pairs[:, (pairs > 1.0 + TOLERANCE).all(axis=0)] - 1.0
    k = excess.shape[1]
    if k < FEWEST:
        raise SampleError(
            f"Only {k} of {pairs.shape[1]} units are inside the frontier in both periods, so there is no distribution of efficiency "
            "to draw from. Use fewer variables or more units."
        )
    h = (4.0 / (5.0 * k)) ** (1.0 / 6.0)
    covariance = np.cov(excess)
    picked = excess[:, generator.integers(k, size=shape)]
    noise = np.tensordot(_root(covariance), generator.standard_normal((2, *shape)), axes=1)
    # Mean square about 1, the centre of the reflected distances; without the shrinking the noise would add to it.
    square = np.mean(excess**2, axis=1)
    shrink = np.sqrt(square / (square + h**2 * np.diag(covariance)))
    drawn: Floats = 1.0 + np.abs(picked + h * noise) * shrink[:, None, None]
    return drawn


def tabulate_intervals(
    panel: Panel, step: Transition, estimates: Mapping[str, Floats], replicated: Mapping[str, Floats], level: float
) -> pd.DataFrame:
    """Return intervals for the index and its parts, a row per unit and part.

    Parameters
    ----------
    panel, step
        Which change.
    estimates : mapping
        The index and its parts by name, each of shape (n,).
    replicated : mapping
        The same from the replications, each of shape (B, n).
    level : float
        Probability of the intervals.

    Returns
    -------
    DataFrame
        With the columns of `INTERVAL_COLUMNS`.
    """
    limits = [interval(value, replicated[part], level) for part, value in estimates.items()]
    value, low, high = (
        np.stack(column, axis=1).ravel()
        for column in (list(estimates.values()), [low for low, _ in limits], [high for _, high in limits])
    )
    is_changed = pd.array((low > 1.0 + TOLERANCE) | (high < 1.0 - TOLERANCE), dtype="boolean")
    is_changed[np.isnan(value)] = pd.NA
    return pd.DataFrame(
        {
            **row_labels(panel, step, len(estimates)),
            "part": list(estimates) * len(step.rows[1]),
            "value": value,
            "low": low,
            "high": high,
            "is_changed": is_changed,
        }
    )


def interval(value: Floats, replicated: Floats, level: float) -> tuple[Floats, Floats]:
    """Return low and high ends, shape (n,), from estimates, shape (n,), and their replications, shape (B, n).

    In logarithms the errors of the replications about the estimate stand for the error of the estimate about the truth.
    """
    low, high = np.full_like(value, np.nan), np.full_like(value, np.nan)
    known = ~np.isnan(value)
    tails = [(1.0 - level) / 2.0, (1.0 + level) / 2.0]
    # Programmes that no solver certified are NaN; `info` counts them.
    lower, upper = np.nanquantile(np.log(replicated[:, known]), tails, axis=0)
    centre = 2.0 * np.log(value[known])
    low[known], high[known] = np.exp(centre - upper), np.exp(centre - lower)
    return low, high


def _own_distances(frontiers: Frontiers, panel: Panel, period: int) -> Floats:
    """Return the distances d >= 1 of all units of a period, or raise SampleError if one has no score."""
    efficiency = frontiers.own[period].values
    if np.isnan(efficiency).any():
        lost = [panel.samples[period].units[i] for i in np.flatnonzero(np.isnan(efficiency))]
        raise SampleError(
            f"Period {panel.labels[period]}: units without a score cannot be bootstrapped: {listed(lost)}. "
            "Leave them out with sample.subset(...)."
        )
    distances: Floats = 1.0 / efficiency
    return distances


def _arrange(draws: Floats, step: Transition) -> list[Floats]:
    """Return drawn distances, shape (B, 2, n), for each period in the order of its own sample."""
    found = []
    for k in (0, 1):
        own = np.empty_like(draws[:, k])
        own[:, step.rows[k]] = draws[:, k]
        found.append(own)
    return found


def _root(covariance: Floats) -> Floats:
    """Return the lower triangular root of a covariance, shape (2, 2), which may be singular."""
    first = np.sqrt(covariance[0, 0])
    shared = covariance[0, 1] / first if first > 0.0 else 0.0
    return np.array([[first, 0.0], [shared, np.sqrt(max(covariance[1, 1] - shared**2, 0.0))]])
