"""How sure are the scores, without the assumption that efficiency is distributed alike everywhere: subsampling."""

from __future__ import annotations

from concurrent.futures import Executor
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from benchlib.efficiency.checks import check_count, check_level, check_replications, check_seed, warn_if_unsolved
from benchlib.efficiency.inference.draws import score_all
from benchlib.efficiency.inference.intervals import interval_columns, tails
from benchlib.efficiency.inference.pieces import check_executor, score_in_pieces
from benchlib.efficiency.inference.subsets import score_against_subsets
from benchlib.efficiency.kernels.programme import Technology
from benchlib.efficiency.kernels.status import SOLVED, UNCERTIFIED
from benchlib.efficiency.nonparametric.envelopment import technology_of
from benchlib.efficiency.results import TabularResult
from benchlib.efficiency.sample import Sample
from benchlib.errors import OptionError, SampleError
from benchlib.terms import Orientation, ReturnsToScale

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

#: Sizes between n to these powers are tried; the theory wants many units in a subsample and few of all.
TRIED_POWERS: Final = (0.5, 0.75)
#: About so many sizes are tried, each with at most so many replications.
TRIED_SIZES, TRIED_REPLICATIONS = 9, 200
#: A unit that subsamples reach less often than this has no corrected score.
REACHED_LEAST: Final = 0.5
UNREACHED: Final = (
    "unreached",
    "most subsamples have no combination that does what this unit does, so its bias cannot be known",
)


@dataclass(frozen=True, eq=False, repr=False)
class SubsamplingResult(TabularResult):
    """Scores with what subsamples say about them.

    Attributes
    ----------
    scores : DataFrame
        A row per unit: unit, name, efficiency (as `dea`), bias (efficiency minus corrected), corrected (bias-corrected
        efficiency), low, high (interval for the efficiency at the level), unreached (share of the subsamples in which no
        combination does what the unit does), status, reason. Where status is `unreached`, bias and corrected are NaN.
    sizes : DataFrame
        A row per size that was tried: size, volatility (see `subsampling`); empty if the size was given.
    replicates : ndarray, shape (replications, n)
        Farrell factor of each unit against each subsample, read-only; NaN where it is not reached.
    info : mapping
        As in `FrontierResult`, and replications, level, size, rate, n_highs and n_unsolved (programmes no solver certified).
    """

    sizes: pd.DataFrame
    replicates: Floats

    @property
    def title(self) -> str:
        """The model, its options and what came out."""
        means = self.scores[["efficiency", "corrected"]].mean()
        return (
            f"Subsampling of DEA, {self.info['orientation']} orientation, {self.info['rts']}; "
            f"{self.info['replications']} subsamples of {self.info['size']} units, level {self.info['level']:g}; "
            f"{len(self.scores)} units, mean efficiency {means['efficiency']:.4f}, corrected {means['corrected']:.4f}"
        )


def subsampling(
    sample: Sample,
    *,
    orientation: Orientation = "input",
    rts: ReturnsToScale = "vrs",
    size: int | None = None,
    replications: int = 2000,
    level: float = 0.95,
    seed: int | np.random.Generator | None = None,
    draws: ArrayLike | None = None,
    executor: Executor | None = None,
) -> SubsamplingResult:
    """Estimate bias and intervals of `dea` scores from subsamples, after Kneip, Simar and Wilson [1]_.

    Each unit is scored against the technology of `size` units drawn at random, without replacement. What changes from n units to
    `size` units tells what would change from all units there could be to n. Other than `bootstrap`, this does not assume that
    efficiency is distributed alike whatever the mix and size of the unit; it pays with wider intervals.

    Parameters
    ----------
    sample : Sample
        n units, each with a score.
    orientation, rts
        As in `dea`.
    size : int, optional
        Number of units in a subsample, at least 2 and less than n; by default the least volatile (see Notes).
    replications : int
        Number of subsamples B, at least 2 / (1 - level).
    level : float
        Probability of the intervals, between 0 and 1.
    seed : int or numpy.random.Generator
        Required unless `draws` are given. The same seed gives the same result, whatever the number of threads.
    draws : array_like of int, shape (B, size), optional
        Positions (0 to n - 1) of the units in each subsample, to repeat someone else's subsampling. Nothing is drawn then, and
        `size`, `replications` and `seed` have no effect.
    executor
        As in `bootstrap`.

    Returns
    -------
    SubsamplingResult

    Raises
    ------
    OptionError
        If an option is not allowed, or seed is missing.
    SampleError
        If a figure is missing or negative, a unit has no score, or there are too few units to choose a size.
    SolverError
        As `dea`.
    WorkerError
        As `bootstrap`.

    Warns
    -----
    UnsolvedUnitsWarning
        If units are reached by less than half of the subsamples.

    Notes
    -----
    *Rate.* The relative error of a score falls with n^-k: k = 2 / (m + s + 1) for m inputs and s outputs, under `crs`
    k = 2 / (m + s) [1]_. So r = 1 + (size / n)^k (d* / d - 1) stands for true over estimated efficiency, where d is one over the
    efficiency of the unit among all n, and d* the same against a subsample. `corrected` is the efficiency times the mean of r;
    `low` and `high` are the efficiency times quantiles of r.

    *Units beyond a subsample.* A unit may do better than the subsample; then d* < 1, which is right. If no combination of the
    subsample does what the unit does (too large an output under `vrs`, say), then d* = 0, the distance of what is infinitely far
    outside. Such replications lower `low`, as they should, but they do not enter the mean; `unreached` says how many there are.
    Units of extreme size or mix have wide intervals for this reason.

    *Size.* About nine sizes from n^0.5 to n^0.75 are tried. The volatility of a size is the standard deviation of the limits
    `low` and `high` over the size and its two neighbours, averaged over units; the least volatile is taken for all units (in [2]_, for a
    single unit). Larger subsamples give intervals that are too short: with one input, one output and 60 units, those of level 0.95
    contained the truth in 0.94 at size 12, 0.77 at 30 and 0.52 at 48.

    *How far to trust it.* With the size so chosen, the truth lay in 0.95, 0.96 and 0.97 of the intervals at 25, 60 and 119 units (one
    input, one output, `vrs`, simulated with exponential inefficiency), in 0.87 at 60 units under `crs`, and in 0.92 at 43 units with two
    inputs and two outputs, where a fifth of the units had no corrected score. The estimated bias is two thirds of the true one
    or more.

    References
    ----------
    .. [1] A. Kneip, L. Simar and P. W. Wilson (2008). Asymptotics and consistent bootstraps for DEA estimators in nonparametric
       frontier models. Econometric Theory 24(6), 1663-1697. https://doi.org/10.1017/S0266466608080651
    .. [2] L. Simar and P. W. Wilson (2011). Inference by the m out of n bootstrap in nonparametric frontier models. Journal of
       Productivity Analysis 36(1), 33-53. https://doi.org/10.1007/s11123-010-0200-4

    Examples
    --------
    >>> import pandas as pd
    >>> cost = [20.0, 24.0, 30.0, 28.0, 41.0, 36.0, 25.0, 33.0]
    >>> table = pd.DataFrame({"cost": cost, "pupils": [10.0, 14.0, 15.0, 17.0, 20.0, 22.0, 11.0, 12.0]})
    >>> result = subsampling(Sample.from_table(table, "cost", "pupils"), rts="crs", size=4, seed=1)
    >>> bool((result.scores["low"] < result.scores["efficiency"]).all())
    True
    """
    check_executor(executor)
    level = check_level(level)
    n = len(sample)
    if draws is None:
        replications = check_replications(replications, level)
        generator = check_seed(seed)
        size = _read_size(size, n)
    result, distance = score_all(sample, orientation, rts)
    t = technology_of(sample, orientation, rts)
    rate = convergence_rate(sample, rts)
    sizes = pd.DataFrame({"size": pd.Series(dtype=np.int64), "volatility": pd.Series(dtype=np.float64)})
    if draws is None:
        if size is None:
            sizes = try_sizes(t, distance, rate, level, min(replications, TRIED_REPLICATIONS), generator)
            size = int(sizes["size"].iloc[sizes["volatility"].argmin()])
        members = draw_orders(n, replications, generator)[:, :size]
    else:
        members = _read_members(draws, n, level)
    farrell, status, by_highs = score_in_pieces(score_against_subsets, t, members, executor)
    found = _tabulate(t, distance, rate, level, members.shape[1], farrell, status)
    info = {
        **result.info,
        "replications": len(members),
        "level": level,
        "size": members.shape[1],
        "rate": rate,
        "n_highs": by_highs,
        "n_unsolved": int(np.sum(status == UNCERTIFIED)),
    }
    farrell.setflags(write=False)
    scores = result.scores[["unit", "name", "efficiency"]].assign(**found)
    warn_if_unsolved(scores, "corrected")
    return SubsamplingResult(scores, MappingProxyType(info), sizes, farrell)


def convergence_rate(sample: Sample, rts: ReturnsToScale) -> float:
    """Return k, where the error of DEA scores falls with n^-k: 2 / (m + s) under `crs`, otherwise 2 / (m + s + 1)."""
    variables = len(sample.inputs) + len(sample.outputs)
    return 2.0 / (variables if rts == "crs" else variables + 1)


def draw_orders(n: int, replications: int, generator: np.random.Generator) -> Integers:
    """Return random orders of n positions, shape (B, n); the first few of each row are a draw without replacement."""
    return generator.permuted(np.tile(np.arange(n), (replications, 1)), axis=1)


def true_ratio(t: Technology, distance: Floats, scaling: float, farrell: Floats, status: Integers) -> Floats:
    """Return what stands for true over estimated efficiency, shape (B, n).

    Parameters
    ----------
    t : Technology
        The n observed units.
    distance : ndarray, shape (n,)
        One over the efficiency among all n units.
    scaling : float
        (size / n) to the power of the rate.
    farrell, status : ndarray, shape (B, n)
        From `score_against_subsets`.

    Returns
    -------
    ndarray
        1 - scaling where no combination does what the unit does, NaN where neither solver certified a solution.
    """
    against = farrell if t.is_output else 1.0 / farrell
    against = np.where((status == SOLVED) | (status == UNCERTIFIED), against, 0.0)
    ratio: Floats = 1.0 + scaling * (against / distance - 1.0)
    return ratio


def try_sizes(
    t: Technology, distance: Floats, rate: float, level: float, replications: int, generator: np.random.Generator
) -> pd.DataFrame:
    """Return the sizes that are tried and the volatility of each, as in the Notes of `subsampling`.

    All sizes use the same random orders of the units, so that the limits differ by size and not by chance. The first and the last
    size have no two neighbours and no volatility.
    """
    n = len(distance)
    tried = candidate_sizes(n, t.X.shape[0] + t.Y.shape[0])
    orders = draw_orders(n, replications, generator)
    limits = []
    for size in tried.tolist():
        farrell, status, _ = score_against_subsets(t, np.ascontiguousarray(orders[:, :size]))
        ratio = true_ratio(t, distance, (size / n) ** rate, farrell, status)
        limits.append(np.nanquantile(ratio, tails(level), axis=0) / distance)
    spread = [np.std(limits[g - 1 : g + 2], axis=0).sum(axis=0).mean() for g in range(1, len(tried) - 1)]
    return pd.DataFrame({"size": tried, "volatility": [np.nan, *spread, np.nan]})


def candidate_sizes(n: int, variables: int) -> Integers:
    """Return the sizes to be tried, or raise SampleError if there are not three."""
    low = max(n ** TRIED_POWERS[0], variables + 1.0)
    tried = np.unique(np.round(np.geomspace(low, max(low, n ** TRIED_POWERS[1]), TRIED_SIZES)).astype(np.int64))
    tried = tried[tried < n]
    if len(tried) < 3:
        raise SampleError(
            f"{n} units are too few to choose the size of subsamples for {variables} variables. Give a size, or use fewer variables."
        )
    return tried


def _tabulate(
    t: Technology, distance: Floats, rate: float, level: float, size: int, farrell: Floats, status: Integers
) -> dict[str, Any]:
    """Return the columns that follow efficiency in the table of scores."""
    ratio = true_ratio(t, distance, (size / len(distance)) ** rate, farrell, status)
    unreached = np.mean((status != SOLVED) & (status != UNCERTIFIED), axis=0)
    is_known = 1.0 - unreached >= REACHED_LEAST
    columns: dict[str, Any] = interval_columns(1.0 / distance, ratio, level)
    reached = np.where(status == SOLVED, ratio, np.nan)
    corrected = np.full(len(distance), np.nan)
    corrected[is_known] = np.nanmean(reached[:, is_known], axis=0) / distance[is_known]
    words = [("solved", "") if known else UNREACHED for known in is_known.tolist()]
    return columns | {
        "bias": 1.0 / distance - corrected,
        "corrected": corrected,
        "unreached": unreached,
        "status": [word for word, _ in words],
        "reason": [reason for _, reason in words],
    }


def _read_size(size: int | None, n: int) -> int | None:
    if size is None:
        return None
    size = check_count("size", size, least=2)
    if size >= n:
        raise OptionError(f"size={size} is not less than the number of units, {n}; a subsample leaves units out.")
    return size


def _read_members(draws: ArrayLike, n: int, level: float) -> Integers:
    """Return the drawn positions, or raise OptionError if they cannot be such."""
    members = np.asarray(draws)
    if members.ndim != 2 or not np.issubdtype(members.dtype, np.integer):
        raise OptionError(
            f"draws has the shape {members.shape} and type {members.dtype}; needed are whole numbers, (replications, size)."
        )
    check_replications(len(members), level)
    _read_size(members.shape[1], n)
    if members.min() < 0 or members.max() >= n:
        raise OptionError(f"draws must be positions of units, from 0 to {n - 1}.")
    return np.ascontiguousarray(members, dtype=np.int64)
