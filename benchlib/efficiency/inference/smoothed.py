"""How sure are the scores: the smoothed bootstrap of the frontier."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from benchlib.efficiency.checks import check_level, check_replications, check_seed, is_real
from benchlib.efficiency.kernels.status import TOLERANCE
from benchlib.efficiency.nonparametric.envelopment import envelop, technology_of
from benchlib.efficiency.nonparametric.results import FrontierResult
from benchlib.efficiency.nonparametric.solution import replicate_radial
from benchlib.efficiency.results import TabularResult
from benchlib.efficiency.sample import Sample, listed
from benchlib.errors import OptionError, SampleError
from benchlib.terms import Orientation, ReturnsToScale

Floats = NDArray[np.float64]

#: Interquartile range of the standard normal distribution.
NORMAL_IQR: Final = 1.349


@dataclass(frozen=True, eq=False, repr=False)
class BootstrapResult(TabularResult):
    """Scores with what the bootstrap says about them.

    Attributes
    ----------
    scores : DataFrame
        A row per unit: unit, name, efficiency (as `dea`), bias (efficiency minus corrected), corrected (bias-corrected
        efficiency), low, high (interval for the efficiency at the level), rank (by corrected efficiency, 1 is
        best), rank_low, rank_high (ranks that the unit holds with the probability of the level).
    replicates : ndarray, shape (replications, n)
        Farrell factor of each unit against each bootstrap sample of the technology, read-only.
    info : mapping
        As in `FrontierResult`, and replications, level, bandwidth, n_highs and n_unsolved (programmes).
    """

    replicates: Floats

    @property
    def title(self) -> str:
        """The model, its options and what came out."""
        means = self.scores[["efficiency", "corrected"]].mean()
        return (
            f"Bootstrap of DEA, {self.info['orientation']} orientation, {self.info['rts']}; "
            f"{self.info['replications']} replications, level {self.info['level']:g}, "
            f"bandwidth {self.info['bandwidth']:.4g}; {len(self.scores)} units, "
            f"mean efficiency {means['efficiency']:.4f}, corrected {means['corrected']:.4f}"
        )


def bootstrap(
    sample: Sample,
    *,
    orientation: Orientation = "input",
    rts: ReturnsToScale = "vrs",
    replications: int = 2000,
    level: float = 0.95,
    seed: int | np.random.Generator | None = None,
    bandwidth: float | None = None,
    draws: ArrayLike | None = None,
) -> BootstrapResult:
    """Estimate bias, intervals and ranks of `dea` scores by the smoothed homogeneous bootstrap of Simar and Wilson [1]_.

    DEA sees only the best of the units that happen to be observed, so its scores are too high, the more so in small
    samples. The bootstrap repeats this with known truth: it draws efficiencies from a smooth estimate of their distribution,
    moves each unit to its drawn efficiency, and scores the observed units against the technology that results.

    Parameters
    ----------
    sample : Sample
        n units, each with a score.
    orientation, rts
        As in `dea`.
    replications : int
        Number of bootstrap samples B, at least 2 / (1 - level).
    level : float
        Probability of the intervals and rank ranges, between 0 and 1.
    seed : int or numpy.random.Generator
        Required unless `draws` are given. The same seed gives the same result, whatever the number of threads.
    bandwidth : float, optional
        Standard deviation of the smoothing noise on the scale of the distances (see Notes); by default by rule.
    draws : array_like, shape (B, n), optional
        Drawn efficiencies as Farrell factors (at most 1 in input orientation, at least 1 in output orientation),
        to repeat someone else's bootstrap. Nothing is drawn then, and `replications`, `seed` and `bandwidth` have no effect.

    Returns
    -------
    BootstrapResult

    Raises
    ------
    OptionError
        If an option is not allowed, or seed is missing.
    SampleError
        If a figure is missing, a unit has no score, or all units are efficient, so that there is nothing to smooth.
    SolverError
        As `dea`.

    Notes
    -----
    All is computed with distances d >= 1: the reciprocal of the Farrell factor in input orientation (Shephard's distance), the
    Farrell factor itself in output orientation. There the correction cannot leave the possible values.

    *Draws.* An estimated distance is drawn, normal noise of standard deviation h is added, what falls below 1 is reflected
    at 1, and the excess over 1 is shrunk so that the noise does not add to its mean square [1]_ (section 4). The shrinking
    is towards 1, the mean of the reflected distances; towards the mean of the draws, as printed in [1]_, it would keep
    every draw off the frontier and overstate the bias.

    *Bandwidth.* h = 0.9 min(sd, iqr / 1.349) (2k)^(-1/5) for the reflected distances of the k units with d > 1 (those at
    the frontier are there by construction of the estimator), times (2k / n)^(1/5) sd(d) / sd(reflected) to carry it over
    to all units [3]_ (section 3.4).

    *Correction.* d_corrected = 2 d - mean(d*), and `corrected` is its reciprocal.

    *Interval.* The errors d* - d of the bootstrap stand for the errors d - d_true of the estimate [2]_: `high` and `low` are the
    reciprocals of 2 d - q(1 - a/2) and 2 d - q(a/2), where q are quantiles of d* and a = 1 - level. As a rule the DEA
    efficiency itself lies above the interval.

    *Ranks.* In each replication units are ranked by 2 d - d*; `rank_low` and `rank_high` are quantiles of these ranks
    (a/2 rounded down, 1 - a/2 rounded up), widened where needed so that they contain `rank`.

    The bootstrap assumes that efficiency is distributed alike whatever the mix and size of the unit. Intervals are somewhat too
    short in small samples: with 60 simulated units, one input and one output, those of level 0.95 contained the
    truth in three of four cases, with 120 units in nine of ten.

    References
    ----------
    .. [1] L. Simar and P. W. Wilson (1998). Sensitivity analysis of efficiency scores: how to bootstrap in nonparametric
       frontier models. Management Science 44(1), 49-61. https://doi.org/10.1287/mnsc.44.1.49
    .. [2] L. Simar and P. W. Wilson (2000). A general methodology for bootstrapping in non-parametric frontier models. Journal
       of Applied Statistics 27(6), 779-802. https://doi.org/10.1080/02664760050081951
    .. [3] C. Daraio and L. Simar (2007). Advanced robust and nonparametric methods in efficiency analysis. Springer.
       https://doi.org/10.1007/978-0-387-35231-2

    Examples
    --------
    >>> import pandas as pd
    >>> cost = [20.0, 24.0, 30.0, 28.0, 41.0, 36.0, 25.0, 33.0]
    >>> table = pd.DataFrame({"cost": cost, "pupils": [10.0, 14.0, 15.0, 17.0, 20.0, 22.0, 11.0, 12.0]})
    >>> result = bootstrap(Sample.from_table(table, "cost", "pupils"), seed=1)
    >>> bool((result.scores["corrected"] < result.scores["efficiency"]).all())
    True
    """
    level = check_level(level)
    if draws is None:
        generator = check_seed(seed)
        replications = check_replications(replications, level)
        _check_bandwidth(bandwidth)
    result = envelop(sample, orientation, rts)
    distance = _distances(result)
    if draws is None:
        width = rule_of_thumb(distance) if bandwidth is None else float(bandwidth)
        drawn = draw_distances(distance, width, replications, generator)
    else:
        width = float("nan")
        drawn = _read_draws(draws, result, level)
    # Reference units move along the ray through their figures from their estimated distance to the drawn one.
    stretch = distance / drawn if orientation == "output" else drawn / distance
    replicates, by_highs = replicate_radial(technology_of(sample, orientation, rts), stretch)
    replicated = replicates if orientation == "output" else 1.0 / replicates
    info = {
        **result.info,
        "replications": len(drawn),
        "level": level,
        "bandwidth": width,
        "n_highs": by_highs,
        "n_unsolved": int(np.isnan(replicates).sum()),
    }
    replicates.setflags(write=False)
    return BootstrapResult(_tabulate(result, distance, replicated, level), MappingProxyType(info), replicates)


def rule_of_thumb(distance: Floats) -> float:
    """Return the bandwidth of the rule in the Notes of `bootstrap`.

    Parameters
    ----------
    distance : ndarray, shape (n,)
        Estimated distances, at least 1.

    Returns
    -------
    float
        Positive.

    Raises
    ------
    SampleError
        If no distance exceeds 1.
    """
    inside = distance[distance > 1.0 + TOLERANCE]
    if not len(inside):
        raise SampleError(
            f"All {len(distance)} units are efficient, so there is no distribution of efficiency to draw from. "
            "Use fewer variables or more units, or give a bandwidth."
        )
    reflected = np.concatenate([inside, 2.0 - inside])
    deviation = reflected.std(ddof=1)
    quartiles = np.quantile(reflected, [0.25, 0.75])
    spread = min(deviation, (quartiles[1] - quartiles[0]) / NORMAL_IQR or deviation)
    width = 0.9 * spread * len(reflected) ** -0.2
    return float(width * (len(reflected) / len(distance)) ** 0.2 * distance.std(ddof=1) / deviation)


def draw_distances(distance: Floats, bandwidth: float, replications: int, generator: np.random.Generator) -> Floats:
    """Draw from the smoothed, reflected distribution of the distances.

    Parameters
    ----------
    distance : ndarray, shape (n,)
        Estimated distances, at least 1.
    bandwidth : float
        Standard deviation of the noise.
    replications : int
        Number of bootstrap samples B.
    generator : numpy.random.Generator
        Source of chance.

    Returns
    -------
    ndarray, shape (B, n)
        Distances, at least 1.
    """
    excess = distance - 1.0
    picked = excess[generator.integers(len(excess), size=(replications, len(excess)))]
    noisy = np.abs(picked + bandwidth * generator.standard_normal(picked.shape))
    # Mean square about 1, the mean of the reflected distances; without the shrinking the noise would add to it.
    spread = np.mean(excess**2)
    drawn: Floats = 1.0 + noisy * np.sqrt(spread / (spread + bandwidth**2) if spread > 0.0 else 1.0)
    return drawn


def _distances(result: FrontierResult) -> Floats:
    """Return the distances d >= 1 of all units, or raise SampleError if one has no score."""
    if result.info["n_unsolved"]:
        lost = result.scores.loc[np.isnan(result.efficiency), "unit"]
        raise SampleError(
            f"Units without a score cannot be bootstrapped: {listed(lost)}. Leave them out with sample.subset(...)."
        )
    return 1.0 / result.efficiency


def _tabulate(result: FrontierResult, distance: Floats, replicated: Floats, level: float) -> pd.DataFrame:
    """Return the scores table from distances, shape (n,), and replicated distances, shape (B, n)."""
    tails = [(1.0 - level) / 2.0, (1.0 + level) / 2.0]
    # Programmes that no solver certified are NaN; `info` counts them.
    quantiles = np.nanquantile(replicated, tails, axis=0)
    corrected = 1.0 / (2.0 * distance - np.nanmean(replicated, axis=0))
    rank = pd.Series(np.round(corrected, 10)).rank(ascending=False, method="min").astype(int).to_numpy()
    # Rounded, so that units with the same figures share their ranks.
    ranks = pd.DataFrame(np.round(2.0 * distance - replicated, 10)).rank(axis=1, method="min").to_numpy()
    range_low = np.nanquantile(ranks, tails[0], axis=0, method="lower")
    range_high = np.nanquantile(ranks, tails[1], axis=0, method="higher")
    return result.scores[["unit", "name", "efficiency"]].assign(
        bias=result.efficiency - corrected,
        corrected=corrected,
        low=1.0 / (2.0 * distance - quantiles[0]),
        high=1.0 / (2.0 * distance - quantiles[1]),
        rank=rank,
        rank_low=np.minimum(range_low, rank).astype(int),
        rank_high=np.maximum(range_high, rank).astype(int),
    )


def _check_bandwidth(bandwidth: Any) -> None:
    if bandwidth is not None and not (is_real(bandwidth) and 0.0 < bandwidth < np.inf):
        raise OptionError(
            f"bandwidth={bandwidth!r} is not a positive number. Without noise the bootstrap is inconsistent."
        )


def _read_draws(draws: ArrayLike, result: FrontierResult, level: float) -> Floats:
    """Return drawn Farrell factors as distances, or raise OptionError if they cannot be such."""
    factors = np.asarray(draws, dtype=np.float64)
    n = len(result.sample)
    if factors.ndim != 2 or factors.shape[1] != n:
        raise OptionError(f"draws has the shape {factors.shape}; needed is (replications, {n}): a column per unit.")
    check_replications(len(factors), level)
    is_output = result.info["orientation"] == "output"
    with np.errstate(divide="ignore"):
        distances = factors if is_output else 1.0 / factors
    if not np.all((distances >= 1.0 - TOLERANCE) & (distances < np.inf)):
        allowed = "from 1 on" if is_output else "above 0 and up to 1"
        raise OptionError(f"draws must be Farrell factors {allowed} in {result.info['orientation']} orientation.")
    return distances
