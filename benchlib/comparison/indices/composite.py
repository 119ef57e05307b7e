"""Composite indices: several indicators in one number, and how little of the order survives other weights.

The weights of an index are opinions. So they are drawn many times around those given, and what is reported is the range of ranks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchlib.comparison.figures import as_numbers
from benchlib.comparison.ranks import MINIMUM_DATA
from benchlib.errors import OptionError, SampleError
from benchlib.terms import check_option

Floats = NDArray[np.float64]
Normalise = Literal["z", "minmax", "rank"]
Aggregate = Literal["arithmetic", "geometric"]
#: Digits beyond which two indices are the same.
_DECIMALS = 9
#: Least value of a normalised indicator under the geometric mean: a zero would wipe out everything else.
_FLOOR = 0.01
#: How many units a pass over the draws compares at once.
_AT_ONCE = 8


@dataclass(frozen=True, eq=False)
class CompositeResult:
    """A composite index of units, and the ranks that they hold under other weights.

    Attributes
    ----------
    scores : pandas.DataFrame
        A row per unit, in the order of the table: `unit`, `index` (with the weights given; NaN for who lacks too many figures), `rank` (1
        is best; ties share the best place), `rank_low` and `rank_high` (ranks that the unit holds in the share `level` of the draws),
        `certain_low` and `certain_high` (ranks that no weights within the bounds can leave; NaN where figures are missing),
        `best_quarter` (share of draws in which it is among the best quarter), `present` (share of indicators with a figure), `is_partial`
        (some are missing; the others' weights are stretched).
    order : pandas.DataFrame
        Square, units with an index: share of draws in which the unit of the row is better than that of the column.
    normalised : pandas.DataFrame
        A row per unit, a column per indicator: normalised, more is better.
    weights : mapping
        The weights given, adding up to 1.
    info : mapping
        normalise, aggregate, spread, within, draws, level, seed.
    """

    scores: pd.DataFrame
    order: pd.DataFrame
    normalised: pd.DataFrame
    weights: Mapping[str, float]
    info: Mapping[str, Any]

    @cached_property
    def share_certain(self) -> float:
        """Share of all pairs of units whose order is the same in at least `level` of the draws; NaN with fewer than two units."""
        upper = np.triu_indices(len(self.order), 1)
        ahead = np.maximum(self.order.to_numpy()[upper], self.order.to_numpy().T[upper])
        return float((ahead >= self.info["level"]).mean()) if len(ahead) else np.nan

    def pairs(self, share: float = 0.95) -> pd.DataFrame:
        """Pairs whose order hardly depends on the weights.

        Parameters
        ----------
        share : float
            Least share of draws in which the order is the same.

        Returns
        -------
        pandas.DataFrame
            `better`, `worse`, `share`; the surest first.
        """
        rows, columns = np.nonzero(self.order.to_numpy() >= share)
        units = self.order.index.to_numpy()
        table = pd.DataFrame(
            {"better": units[rows], "worse": units[columns], "share": self.order.to_numpy()[rows, columns]}
        )
        return table.sort_values("share", ascending=False, kind="stable", ignore_index=True)

    def __repr__(self) -> str:
        counted = int(self.scores["index"].notna().sum())
        return f"CompositeResult({len(self.weights)} indicators, {counted} of {len(self.scores)} units)"


def composite_index(
    table: pd.DataFrame,
    weights: Mapping[str, float],
    *,
    directions: Mapping[str, int] | None = None,
    unit: str = "territory",
    normalise: Normalise = "z",
    aggregate: Aggregate = "arithmetic",
    spread: float = 0.5,
    within: float = 0.5,
    draws: int = 2000,
    level: float = 0.95,
    seed: int,
) -> CompositeResult:
    """Composite index with ranges of ranks under uncertain weights.

    Parameters
    ----------
    table : pandas.DataFrame
        A row per unit, a column per indicator.
    weights : mapping of str to float
        Weight of each indicator (two or more); they are divided by their sum.
    directions : mapping of str to {1, -1}, optional
        -1 for indicators of which less is better; 1 where absent.
    unit : str
        Column that names the units.
    normalise : {"z", "minmax", "rank"}
        Standard deviations from the mean; from 0 (worst) to 1 (best) by value; the same by rank, which outliers do not stretch.
    aggregate : {"arithmetic", "geometric"}
        Weighted mean; or geometric mean, in which a bad figure is not made up for by a good one (not with "z").
    spread : float
        How much the weights vary: standard deviation of a weight of mean size, as a share of it.
    within : float
        For the certain ranks: each weight between (1 - within) and (1 + within) times the one given.
    draws : int
        Draws of weights.
    level : float
        Share of the draws that the range of ranks covers.
    seed : int
        Seed of the draws.

    Returns
    -------
    CompositeResult

    Raises
    ------
    OptionError
        If an option is not allowed, weights are not positive or fewer than two, "geometric" is asked for with "z", or a cell is no
        number.
    SampleError
        If a column is missing, a unit stands there twice, or an indicator has fewer than two different figures.

    Notes
    -----
    The steps and their names are those of the OECD handbook [1]_; drawing the weights and reading the range of ranks is the
    uncertainty analysis of Saisana, Saltelli and Tarantola [2]_, here for the weights alone. Weights are drawn from a Dirichlet
    distribution with the given ones as mean. A unit has an index if at least 60 % of the indicators have a figure; the weights of the
    others are stretched, which amounts to taking a missing figure for as good as the mean of its own. A pair is in a certain order if
    the difference of the two indices has one sign for all weights within the bounds that add up to 1: a linear programme with
    a solution in closed form, weight going to the greatest differences first.

    References
    ----------
    .. [1] OECD and JRC (2008). Handbook on Constructing Composite Indicators. https://doi.org/10.1787/9789264043466-en
    .. [2] M. Saisana, A. Saltelli and S. Tarantola (2005). Uncertainty and sensitivity analysis techniques as tools for the quality
       assessment of composite indicators. Journal of the Royal Statistical Society A 168(2), 307-323.
       https://doi.org/10.1111/j.1467-985X.2005.00350.x

    Examples
    --------
    >>> table = pd.DataFrame({"territory": ["a", "b", "c"], "x": [1.0, 2.0, 3.0], "y": [1.0, 3.0, 2.0]})
    >>> result = composite_index(table, {"x": 1, "y": 1}, normalise="minmax", seed=1)
    >>> result.scores[["unit", "index", "rank_low", "rank_high"]].to_dict("list")
    {'unit': ['a', 'b', 'c'], 'index': [0.0, 0.75, 0.75], 'rank_low': [3.0, 1.0, 1.0], 'rank_high': [3.0, 2.0, 2.0]}
    """
    given = _checked(weights, directions, normalise, aggregate, within, draws, level)
    signs = np.array([(directions or {}).get(name, 1) for name in given], dtype=np.float64)
    frame = _frame(table, unit, list(given))
    normalised = _normalised(frame.to_numpy(), signs, normalise)
    share = np.array(list(given.values()))
    values = np.log(_FLOOR + (1 - _FLOOR) * normalised) if aggregate == "geometric" else normalised
    known = ~np.isnan(values)
    has_index = known.mean(axis=1) >= MINIMUM_DATA - 1e-9
    filled, present = np.where(known, values, 0.0)[has_index], known[has_index]
    drawn = _drawn(share, spread, draws, seed)
    indices = np.round((filled @ drawn.T) / (present @ drawn.T), _DECIMALS)
    own = np.round((filled @ share) / (present @ share), _DECIMALS)
    scores = pd.DataFrame({"unit": frame.index, "index": np.nan})
    ranges = _ranges(own, indices, level)
    ranges |= _certain(values[has_index], share, within)
    for name, column in {"index": np.exp(own) if aggregate == "geometric" else own, **ranges}.items():
        scores[name] = np.nan
        scores.loc[has_index, name] = column
    scores = scores.assign(present=known.mean(axis=1), is_partial=has_index & ~known.all(axis=1))
    units = frame.index[has_index]
    order = pd.DataFrame(_order(indices), index=units, columns=list(units))
    info = {"normalise": normalise, "aggregate": aggregate, "spread": spread, "within": within}
    info |= {"draws": draws, "level": level, "seed": seed}
    return CompositeResult(scores, order, pd.DataFrame(normalised, index=frame.index, columns=list(given)), given, info)


def _checked(
    weights: Mapping[str, float],
    directions: Mapping[str, int] | None,
    normalise: Any,
    aggregate: Any,
    within: float,
    draws: int,
    level: float,
) -> dict[str, float]:
    check_option("normalise", normalise, Normalise)
    check_option("aggregate", aggregate, Aggregate)
    if len(weights) < 2 or not all(0 < weight < np.inf for weight in weights.values()):
        raise OptionError(
            f"weights={dict(weights)!r} must be two or more positive numbers: a weight for each indicator."
        )
    wrong = [name for name, sign in (directions or {}).items() if sign not in (1, -1)]
    if wrong:
        raise OptionError(f"directions: {wrong[0]!r} has neither 1 (more is better) nor -1 (less is better).")
    if aggregate == "geometric" and normalise == "z":
        raise OptionError("aggregate='geometric' needs positive values; use normalise='minmax' or 'rank' with it.")
    if not 0 <= within < 1:
        raise OptionError(f"within={within!r} must lie between 0 and 1.")
    if not (type(draws) is int and draws >= 100) or not 0.5 <= level < 1:
        raise OptionError(f"draws={draws!r}, level={level!r}: at least 100 draws, and a level from 0.5 to below 1.")
    total = sum(weights.values())
    return {name: float(weight) / total for name, weight in weights.items()}


def _frame(table: pd.DataFrame, unit: str, names: list[str]) -> pd.DataFrame:
    absent = [name for name in (unit, *names) if name not in table.columns]
    if absent:
        raise SampleError(f"The table has no column {absent[0]!r}; it has {', '.join(map(str, table.columns))}.")
    twice = table[unit][table[unit].duplicated()]
    if len(twice):
        raise SampleError(f"{twice.iloc[0]!r} stands twice in the table. Give a row per unit.")
    frame = as_numbers(table.set_index(unit)[names], "table")
    for name in names:
        if frame[name].nunique() < 2:
            raise SampleError(f"{name} has fewer than two different figures and tells nobody apart. Leave it out.")
    return frame


def _normalised(values: Floats, signs: Floats, how: Normalise) -> Floats:
    """Each column so that more is better; missing stays missing."""
    signed: Floats = values * signs
    if how == "rank":
        signed = pd.DataFrame(signed).rank(method="average").to_numpy()
    if how == "z":
        mean, deviation = np.nanmean(signed, axis=0), np.nanstd(signed, axis=0)
        return np.asarray((signed - mean) / deviation, dtype=np.float64)
    low, high = np.nanmin(signed, axis=0), np.nanmax(signed, axis=0)
    return np.asarray((signed - low) / (high - low), dtype=np.float64)


def _drawn(weights: Floats, spread: float, draws: int, seed: int) -> Floats:
    """Weights around the given ones, shape (draws, indicators)."""
    count = len(weights)
    concentration = (count - 1) / spread**2 - 1 if spread > 0 else np.inf
    if not 0 < concentration < np.inf:
        most = np.sqrt(count - 1)
        raise OptionError(f"spread={spread!r} must lie between 0 and {most:.2f} for {count} indicators.")
    rng = np.random.default_rng(seed)
    # A weight drawn as zero would leave a unit without the one figure that it has.
    return np.asarray(np.maximum(rng.dirichlet(concentration * weights, size=draws), 1e-12), dtype=np.float64)


def _rank(indices: Floats) -> Floats:
    """Rank in each column; ties share the best place."""
    return np.asarray(pd.DataFrame(-indices).rank(method="min").to_numpy(), dtype=np.float64)


def _ranges(own: Floats, indices: Floats, level: float) -> dict[str, Floats]:
    ranks = _rank(indices)
    tail = (1 - level) / 2
    low, high = np.quantile(ranks, [tail, 1 - tail], axis=1, method="inverted_cdf") if len(own) else (own, own)
    quarter = (ranks <= max(1.0, len(own) / 4)).mean(axis=1)
    return {"rank": _rank(own[:, None])[:, 0], "rank_low": low, "rank_high": high, "best_quarter": quarter}


def _order(indices: Floats) -> Floats:
    """Share of draws in which the unit of the row is better than that of the column."""
    shares = np.zeros((len(indices), len(indices)))
    for start in range(0, len(indices), _AT_ONCE):
        some = indices[start : start + _AT_ONCE]
        shares[start : start + _AT_ONCE] = (some[:, None, :] > indices[None, :, :]).mean(axis=2)
    return shares


def _certain(values: Floats, weights: Floats, within: float) -> dict[str, Floats]:
    """Ranks that no weights within the bounds can leave, of the units with every figure among each other and against the others."""
    count = len(values)
    difference = values[:, None, :] - values[None, :, :]
    is_whole = ~np.isnan(difference).any(axis=2)
    least = _least(np.nan_to_num(difference), weights * (1 - within), weights * (1 + within))
    ahead = is_whole & (least > 10.0**-_DECIMALS)
    low, high = 1.0 + ahead.sum(axis=0), count - ahead.sum(axis=1).astype(np.float64)
    is_missing = np.isnan(values).any(axis=1)
    return {"certain_low": np.where(is_missing, np.nan, low), "certain_high": np.where(is_missing, np.nan, high)}


def _least(difference: Floats, low: Floats, high: Floats) -> Floats:
    """Least weighted sum of each row over all weights between the bounds that add up to 1."""
    order = np.argsort(difference, axis=2)
    sorted_difference = np.take_along_axis(difference, order, axis=2)
    room = (high - low)[order]
    # What is left over after the lower bounds goes to the smallest differences first.
    rest = 1.0 - low.sum()
    before = np.cumsum(room, axis=2) - room
    extra = np.clip(rest - before, 0.0, room)
    return np.asarray((sorted_difference * (low[order] + extra)).sum(axis=2), dtype=np.float64)
