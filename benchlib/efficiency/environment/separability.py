"""Does context shift the frontier itself? The test of the assumption behind every second stage: `separability_test`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtr

from benchlib.efficiency.checks import check_count, check_level, check_replications, check_seed
from benchlib.efficiency.environment.context import chosen_context, require_known
from benchlib.efficiency.environment.splits import (
    Comparison,
    Setting,
    choose_bandwidth,
    compare_halves,
    contrast,
    convergence_rate,
    move,
)
from benchlib.efficiency.nonparametric.envelopment import envelop
from benchlib.efficiency.nonparametric.solution import share_out
from benchlib.efficiency.results import TabularResult
from benchlib.efficiency.sample import Sample, listed
from benchlib.errors import SampleError
from benchlib.terms import INTENSITY_BOUNDS, Orientation, TestedReturns, check_option

Floats = NDArray[np.float64]

#: A context variable with fewer values has no windows, only groups.
FEWEST_VALUES: Final = 10


@dataclass(frozen=True, eq=False, repr=False)
class SeparabilityResult(TabularResult):
    """The test of separability.

    Attributes
    ----------
    scores : DataFrame
        A row per split: split, unconditional and conditional (mean efficiencies of the halves, corrected for bias), statistic (their
        difference over its standard error), p_value (of this split alone, from the normal distribution).
    replicates : ndarray, shape (replications,)
        Mean statistic in samples for which separability holds, read-only; NaN where efficiency did not vary.
    info : mapping
        As in `FrontierResult`, and context, statistic (mean over the splits), p_value, level, is_rejected, decision (in
        words), splits, replications, n_lost (replications without a statistic), bandwidth (half the width of a window, as
        a share of the units) and n_window (mean number of units in a window, of half of the sample).
    """

    replicates: Floats

    @property
    def title(self) -> str:
        """What was decided, and how."""
        return (
            f"Separability, {self.info['orientation']} orientation, {self.info['rts']}, context "
            f"{', '.join(self.info['context'])}: {self.info['decision']} (statistic {self.info['statistic']:.2f}, "
            f"p {self.info['p_value']:.3f}, level {self.info['level']:g}; {self.info['splits']} splits, "
            f"{self.info['replications']} replications; {self.info['n_units']} units)"
        )


def separability_test(
    sample: Sample,
    *,
    context: str | Sequence[str] | None = None,
    orientation: Orientation = "input",
    rts: TestedReturns = "vrs",
    splits: int = 10,
    replications: int = 200,
    level: float = 0.95,
    seed: int | np.random.Generator | None = None,
) -> SeparabilityResult:
    """Test whether units in different context can be compared with one frontier, after Daraio, Simar and Wilson [1]_.

    Under separability context may make units less efficient, but what is possible is possible everywhere. Then the mean
    efficiency is the same whether units are compared with everyone or only with those in similar context, up to biases that can be
    estimated. If context shifts the frontier, units are more efficient within their own context. The sample is split into two
    halves at random, one for each mean, so that the two are independent; to depend less on one split, the statistic is
    averaged over several [2]_.

    Parameters
    ----------
    sample : Sample
        n units, each with a score and complete context.
    context : str or list of str, optional
        Which context variables; by default all of the sample. They must be continuous.
    orientation : {"input", "output"}
        As in `dea`.
    rts : {"crs", "vrs"}
        Constant or variable returns to scale; for others the rate of convergence is not known.
    splits : int
        How many random splits.
    replications : int
        Bootstrap samples for the distribution of the mean statistic, at least 2 / (1 - level).
    level : float
        Separability is rejected if p is at most 1 - level.
    seed : int or numpy.random.Generator
        Required. The same seed gives the same result, whatever the number of threads.

    Returns
    -------
    SeparabilityResult

    Raises
    ------
    OptionError
        If an option is not allowed, or seed is missing.
    SampleError
        If a figure or a context value is missing, context is not continuous, a unit has no score, efficiency does not vary, or there
        are fewer than 2^(r + 2) (m + s + 1) units for m inputs, s outputs and r context variables.
    SolverError
        As `dea`.

    Notes
    -----
    *Statistic* [1]_. T = (mean conditional - mean unconditional efficiency, each less its bias) / standard error. Conditional
    efficiency is `dea` against the units in a window of context. Biases come from the generalised jackknife with the rate of
    convergence of DEA; with many variables only part of a half is averaged. T is large if context shifts the frontier.

    *Windows.* Context is taken as ranks; a window holds the units within a bandwidth of the unit in each variable. One bandwidth is
    chosen by least-squares cross-validation of the distribution of inputs and outputs given context, on the whole sample, and
    kept in all splits and replications.

    *p_value* [2]_. Statistics of different splits depend on each other, so the distribution of their mean is bootstrapped under
    separability: each unit is moved along its ray from its estimated efficiency to one drawn from all units, whatever its
    context, and all splits are repeated.

    *Where this departs from the papers:* ranks instead of the figures themselves and one bandwidth for all variables, chosen once;
    two shuffles for each jackknife bias rather than many (the mean over splits steadies it).

    *Reading it.* A rejection says that in some context nobody comes near the common frontier: because it cannot be reached there, or
    because all units there are inefficient. The sample cannot tell the two apart. Not rejected is not proved: with one input, one output,
    one context variable and 100 simulated units, separability was rejected at level 0.95 in some 7 of 100 samples in which it held,
    and in 80 of 100 in which the frontier doubled from one end of the context to the other (five splits).

    References
    ----------
    .. [1] C. Daraio, L. Simar and P. W. Wilson (2018). Central limit theorems for conditional efficiency measures and tests of the
       'separability' condition in non-parametric, two-stage models of production. The Econometrics Journal 21(2), 170-191.
       https://doi.org/10.1111/ectj.12103
    .. [2] L. Simar and P. W. Wilson (2020). Hypothesis testing in nonparametric models of production using multiple sample
       splits. Journal of Productivity Analysis 53(3), 287-303. https://doi.org/10.1007/s11123-020-00574-w

    Examples
    --------
    Sixty made-up schools; where pupils come from far, the best possible cost is up to four times as high:

    >>> import numpy as np, pandas as pd
    >>> rng = np.random.default_rng(1)
    >>> pupils, far = rng.uniform(100, 900, 60), rng.uniform(0, 1, 60)
    >>> cost = pupils**1.2 * (1 + 3 * far) * np.exp(0.2 * np.abs(rng.standard_normal(60)))
    >>> table = pd.DataFrame({"cost": cost, "pupils": pupils, "far_share": far})
    >>> sample = Sample.from_table(table, "cost", "pupils", context="far_share")
    >>> separability_test(sample, splits=3, replications=40, seed=1).info["decision"]
    'rejected: context shifts the frontier'
    """
    check_option("rts", rts, TestedReturns)
    level = check_level(level)
    splits = check_count("splits", splits)
    replications = check_replications(replications, level)
    generator = check_seed(seed)
    Z = _read_context(sample, context)
    result = envelop(sample, orientation, rts)
    if result.info["n_unsolved"]:
        lost = result.scores.loc[np.isnan(result.efficiency), "unit"]
        raise SampleError(
            f"Units without a score cannot be compared: {listed(lost)}. Leave them out with sample.subset(...)."
        )
    setting, bandwidth = _prepare(sample, Z, orientation, rts)
    seeds = generator.integers(2**63, size=replications + 1)
    observed = _compare(sample.X, sample.Y, setting, splits, np.random.default_rng(seeds[0]))
    scores = _tabulate(observed)
    statistic = float(np.mean([one.statistic for one in observed]))
    if np.isnan(statistic):
        raise SampleError(
            f"In a half of the {len(sample)} units all are efficient, so there is nothing to compare. "
            "Use fewer variables or more units."
        )
    replicates = _replicate(sample, result.efficiency, setting, splits, seeds[1:])
    # A replication without a statistic counts against rejection.
    p_value = float((1 + np.sum(~(replicates < statistic))) / (1 + replications))
    is_rejected = p_value <= 1.0 - level + 1e-12
    replicates.setflags(write=False)
    info = {
        **result.info,
        "context": tuple(str(name) for name in Z.columns),
        "statistic": statistic,
        "p_value": p_value,
        "level": level,
        "is_rejected": is_rejected,
        "decision": "rejected: context shifts the frontier" if is_rejected else "not rejected",
        "splits": splits,
        "replications": replications,
        "n_lost": int(np.isnan(replicates).sum()),
        "bandwidth": bandwidth,
        "n_window": float(setting.is_near.sum(axis=1).mean() / 2.0),
    }
    return SeparabilityResult(scores, MappingProxyType(info), replicates)


def _read_context(sample: Sample, context: str | Sequence[str] | None) -> pd.DataFrame:
    """Return the context, known to be complete and continuous and to have enough units, or raise SampleError."""
    Z = chosen_context(sample, context)
    require_known(Z)
    for name in Z.columns:
        column = Z[name]
        if not pd.api.types.is_numeric_dtype(column) or pd.api.types.is_bool_dtype(column):
            raise SampleError(
                f"The test needs continuous context; {name!r} holds {column.dtype}. "
                "Test the groups of units that it makes one by one, with sample.subset(...)."
            )
        if column.nunique() < FEWEST_VALUES:
            raise SampleError(
                f"The test needs continuous context; {name!r} has only {column.nunique()} different values, "
                f"at least {FEWEST_VALUES} are needed. Test the groups of units one by one, with sample.subset(...)."
            )
        if np.isinf(column.to_numpy(dtype=np.float64)).any():
            raise SampleError(f"Context variable {name!r} is infinite for a unit. Correct it or leave the unit out.")
    variables, r = len(sample.inputs) + len(sample.outputs), Z.shape[1]
    needed = 2 ** (r + 2) * (variables + 1)
    if len(sample) < needed:
        raise SampleError(
            f"{len(sample)} units are too few to test separability with {variables} inputs and outputs and {r} context "
            f"variable{'s' * (r > 1)}: windows of context in a quarter of the sample would hold too few of them. At least "
            f"{needed} are needed; use fewer variables."
        )
    return Z


def _prepare(sample: Sample, Z: pd.DataFrame, orientation: Orientation, rts: TestedReturns) -> tuple[Setting, float]:
    """Return what all splits share, and the bandwidth."""
    variables, r = len(sample.inputs) + len(sample.outputs), Z.shape[1]
    difference = contrast(Z.to_numpy(dtype=np.float64))
    bandwidth = choose_bandwidth(sample.X, sample.Y, difference, r, variables + 1)
    lowest, highest = INTENSITY_BOUNDS[rts]
    rate = convergence_rate(variables, is_constant=rts == "crs")
    return Setting(lowest, highest, orientation == "output", rate, difference <= bandwidth, r), bandwidth


def _compare(X: Floats, Y: Floats, setting: Setting, splits: int, generator: np.random.Generator) -> list[Comparison]:
    return [compare_halves(X, Y, setting, generator) for _ in range(splits)]


def _tabulate(comparisons: list[Comparison]) -> pd.DataFrame:
    table = pd.DataFrame(comparisons)
    table.insert(0, "split", np.arange(1, len(table) + 1))
    return table.assign(p_value=ndtr(-table["statistic"]))


def _replicate(sample: Sample, efficiency: Floats, setting: Setting, splits: int, seeds: NDArray[np.int64]) -> Floats:
    """Return the mean statistic in samples whose units are moved to efficiencies drawn from all units, shape (B,)."""
    n = len(sample)
    found = np.full(len(seeds), np.nan)

    def work(first: int, last: int) -> None:
        for b in range(first, last):
            generator = np.random.default_rng(seeds[b])
            drawn = efficiency[generator.integers(n, size=n)]
            X, Y = move(sample.X, sample.Y, efficiency, drawn, setting)
            found[b] = np.mean([one.statistic for one in _compare(X, Y, setting, splits, generator)])

    share_out(work, len(seeds), len(seeds) * splits * n * n)
    return found
