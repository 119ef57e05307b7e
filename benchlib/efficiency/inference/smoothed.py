"""How sure are the scores: the smoothed bootstrap of the frontier."""

from __future__ import annotations

from concurrent.futures import Executor
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike, NDArray

from benchlib.efficiency.inference.draws import read_drawing, score_all
from benchlib.efficiency.inference.intervals import interval_columns, rank_columns
from benchlib.efficiency.inference.pieces import check_executor, score_in_pieces
from benchlib.efficiency.nonparametric.envelopment import technology_of
from benchlib.efficiency.nonparametric.solution import replicate_radial
from benchlib.efficiency.results import TabularResult
from benchlib.efficiency.sample import Sample
from benchlib.terms import BandwidthRule, FrontierUnits, Orientation, ReturnsToScale

Floats = NDArray[np.float64]


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
        As in `FrontierResult`, and frontier_units, replications, level, bandwidth, n_highs and n_unsolved (programmes).
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
    frontier_units: FrontierUnits = "drop",
    bandwidth: BandwidthRule | float = "rule",
    replications: int = 2000,
    level: float = 0.95,
    seed: int | np.random.Generator | None = None,
    draws: ArrayLike | None = None,
    executor: Executor | None = None,
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
    frontier_units : {"drop", "keep"}
        Whether the distances of units with efficiency 1 are left out of those drawn from (see Notes) or kept as in [1]_. Keep
        them to repeat published results, or if fully efficient units are expected among all units and not only in the sample.
    bandwidth : {"rule", "cross-validation"} or float
        Standard deviation of the smoothing noise on the scale of the distances (see Notes).
    replications : int
        Number of bootstrap samples B, at least 2 / (1 - level).
    level : float
        Probability of the intervals and rank ranges, between 0 and 1.
    seed : int or numpy.random.Generator
        Required unless `draws` are given. The same seed gives the same result, whatever the number of threads.
    draws : array_like, shape (B, n), optional
        Drawn efficiencies as Farrell factors (at most 1 in input orientation, at least 1 in output orientation),
        to repeat someone else's bootstrap. Nothing is drawn then, and `frontier_units`, `bandwidth`, `replications` and `seed`
        have no effect.
    executor : concurrent.futures.Executor, optional
        Workers that score the replications (see Notes); by default the threads of this process. The result is the same.

    Returns
    -------
    BootstrapResult

    Raises
    ------
    OptionError
        If an option is not allowed, or seed is missing.
    SampleError
        If a figure is missing or negative, a unit has no score, or all units are efficient, so that there is nothing to smooth.
    SolverError
        As `dea`.
    WorkerError
        If work is lost on the executor, or a worker has other code.

    Notes
    -----
    All is computed with distances d >= 1: the reciprocal of the Farrell factor in input orientation (Shephard's distance), the
    Farrell factor itself in output orientation. In both, d is one over the efficiency.

    *Draws.* An estimated distance is drawn, normal noise of standard deviation h is added, what falls below 1 is reflected
    at 1, and the excess over 1 is shrunk so that the noise does not add to its mean square: by (1 + h^2 / v)^(-1/2), where v is
    the mean square of the excesses drawn from. The shrinking is towards 1, the mean of the distances reflected at 1. The formula
    of [1]_ shrinks towards the mean of the draws, which keeps every draw off the frontier: with one input, one output and `crs`,
    the truth lay in 0.21 instead of 0.96 of intervals with level 0.95, at 119 units.

    *Units at the frontier.* DEA makes some units efficient whatever the truth is, a third of a small sample with several variables.
    To draw from these as well claims that the frontier is densely populated, and halves the estimated bias.
    So they are left out, as [3]_ does for the bandwidth.

    *Bandwidth.* By rule: h = 0.9 min(sd, iqr / 1.349) k^(-1/5) for the distances of the k units with d > 1 and their mirror images
    2 - d. By least-squares cross-validation: the h that minimises the estimated integrated squared error of the
    density of these distances [3]_. If units at the frontier are kept, h is carried over to all n units by the factor
    (k / n)^(1/5) sd(d) / sd(reflected) [4]_ (section 3.4). Results depend little on it.

    *Correction and interval.* In a replication the truth is known: the unit has distance d, and d* is what is estimated. What
    happens there stands for what happened to the estimate d itself [2]_. The error of a radial distance is a factor, so
    r = d* / d stands for true over estimated efficiency [5]_. `corrected` is the efficiency times the mean of r; `low` and
    `high` are the efficiency times quantiles of r. As r <= 1, the DEA efficiency is the upper end of what is possible, and as a rule lies
    above the interval. In terms of differences the correction would depend on whether distances (2 d - mean d*, [1]_) or efficiencies
    are subtracted; the factor lies between the two.

    *Ranks.* In each replication units are ranked by efficiency times r; `rank_low` and `rank_high` are quantiles of these ranks
    (a/2 rounded down, 1 - a/2 rounded up, a = 1 - level), widened where needed so that they contain `rank`.

    *How far to trust it.* The bootstrap assumes that efficiency is distributed alike whatever the mix and size of the unit
    (`subsampling` does not), and that units close to the frontier are not rare. Share of intervals of level 0.95 that contain the
    truth, in samples simulated with exponential inefficiency and mean efficiency 0.75 (in brackets: frontier units kept):

    ====================  ===========  ===========  ===========  ===========
    inputs, outputs, rts  25 units     43 units     60 units     119 units
    ====================  ===========  ===========  ===========  ===========
    1, 1, `crs`           0.95 (0.94)               0.94 (0.94)  0.96 (0.96)
    1, 1, `vrs`           0.91 (0.88)               0.92 (0.90)  0.92 (0.90)
    2, 2, `vrs`                        0.84 (0.67)               0.88 (0.75)
    ====================  ===========  ===========  ===========  ===========

    With half-normal inefficiency it is less by up to 0.07. So take intervals as a lower bound on uncertainty where there are many
    variables for the units. Ranges of ranks contained the true rank in 0.90 to 0.97.

    *Executor.* The time grows with the square of n: 2,000 replications with two inputs and three outputs take 1 second of one
    processor at 43 units, 30 seconds at 500, 10 minutes at 2,500 and 3 hours at 10,000. All processors of this machine are
    used without an executor; it pays where it reaches more of them, as `distributed.Client(address).get_executor()` does, and from
    about 500 units on. Each task is some seconds of work for one thread. What is less than two such tasks is computed here.
    The numbers are the same bit by bit on processors of the same kind.

    References
    ----------
    .. [1] L. Simar and P. W. Wilson (1998). Sensitivity analysis of efficiency scores: how to bootstrap in nonparametric
       frontier models. Management Science 44(1), 49-61. https://doi.org/10.1287/mnsc.44.1.49
    .. [2] L. Simar and P. W. Wilson (2000). A general methodology for bootstrapping in non-parametric frontier models. Journal
       of Applied Statistics 27(6), 779-802. https://doi.org/10.1080/02664760050081951
    .. [3] L. Simar and P. W. Wilson (2008). Statistical inference in nonparametric frontier models: recent developments and
       perspectives. In: H. O. Fried, C. A. K. Lovell and S. S. Schmidt (eds.), The measurement of productive efficiency and
       productivity growth, 421-521. Oxford University Press.
    .. [4] C. Daraio and L. Simar (2007). Advanced robust and nonparametric methods in efficiency analysis. Springer.
       https://doi.org/10.1007/978-0-387-35231-2
    .. [5] A. Kneip, L. Simar and P. W. Wilson (2008). Asymptotics and consistent bootstraps for DEA estimators in nonparametric
       frontier models. Econometric Theory 24(6), 1663-1697. https://doi.org/10.1017/S0266466608080651

    Examples
    --------
    >>> import pandas as pd
    >>> cost = [20.0, 24.0, 30.0, 28.0, 41.0, 36.0, 25.0, 33.0]
    >>> table = pd.DataFrame({"cost": cost, "pupils": [10.0, 14.0, 15.0, 17.0, 20.0, 22.0, 11.0, 12.0]})
    >>> result = bootstrap(Sample.from_table(table, "cost", "pupils"), seed=1)
    >>> bool((result.scores["corrected"] < result.scores["efficiency"]).all())
    True
    """
    check_executor(executor)
    drawing = read_drawing(frontier_units, bandwidth, replications, level, seed, draws)
    result, distance = score_all(sample, orientation, rts)
    stretch, drawn = drawing.stretch(distance, orientation)
    technology = technology_of(sample, orientation, rts)
    replicates, by_highs = score_in_pieces(replicate_radial, technology, stretch, executor)
    # Programmes that no solver certified are NaN; `info` counts them.
    ratio = (replicates if orientation == "output" else 1.0 / replicates) / distance
    found = interval_columns(result.efficiency, ratio, drawing.level)
    ranks = rank_columns(result.efficiency, found["corrected"], ratio, drawing.level)
    programmes = {"n_highs": by_highs, "n_unsolved": int(np.isnan(replicates).sum())}
    replicates.setflags(write=False)
    scores = result.scores[["unit", "name", "efficiency"]].assign(**found, **ranks)
    return BootstrapResult(scores, MappingProxyType({**result.info, **drawn, **programmes}), replicates)
