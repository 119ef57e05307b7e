"""What context has to do with the scores: regression of distances on context, with a bootstrap that knows they are estimates."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor
from types import MappingProxyType
from typing import Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchlib.efficiency.checks import check_count, check_level, check_replications, check_seed, is_whole
from benchlib.efficiency.environment.context import (
    Design,
    chosen_context,
    design_of,
    require_enough,
    require_independent,
)
from benchlib.efficiency.environment.likelihood import draw_truncated, fit_truncated, truncated_mean
from benchlib.efficiency.environment.results import CAVEAT, MEANING, SecondStageResult, tabulate
from benchlib.efficiency.environment.truncated import warn_no_maximum
from benchlib.efficiency.inference.pieces import check_executor, score_in_pieces
from benchlib.efficiency.kernels.programme import Technology
from benchlib.efficiency.kernels.status import TOLERANCE
from benchlib.efficiency.nonparametric.envelopment import envelop, technology_of
from benchlib.efficiency.nonparametric.results import FrontierResult
from benchlib.efficiency.nonparametric.solution import replicate_radial
from benchlib.efficiency.sample import Sample, listed
from benchlib.errors import NotConvergedWarning, OptionError, SampleError, warn
from benchlib.terms import Orientation, ReturnsToScale

Floats = NDArray[np.float64]

#: The distance of the frontier; distances are truncated there.
FRONTIER: Final = 1.0
#: Up to this share of the replications may be without a maximum before the intervals are in doubt.
LOST: Final = 0.01


class _Regression(NamedTuple):
    """The truncated regression of distances on context."""

    is_used: NDArray[np.bool_]
    """Which units lie beyond the frontier and take part, shape (n,)."""
    estimate: Floats
    """Coefficients and sigma, shape (k + 1,); NaN if there is no maximum."""
    converged: bool


class _Correction(NamedTuple):
    """Distances corrected for their bias; NaN if they were not."""

    distance: Floats
    """Corrected distances, shape (n,)."""
    by_highs: int
    """How many programmes HiGHS was asked about."""
    unsolved: int
    """How many programmes nobody could certify; they are not in the mean."""


def second_stage(
    sample: Sample,
    *,
    context: str | Sequence[str] | None = None,
    orientation: Orientation = "input",
    rts: ReturnsToScale = "vrs",
    algorithm: int = 2,
    replications: int = 2000,
    bias_replications: int = 100,
    level: float = 0.95,
    seed: int | np.random.Generator | None = None,
    executor: Executor | None = None,
) -> SecondStageResult:
    """Say under which conditions units are less efficient, by the two-stage procedure of Simar and Wilson [1]_.

    The first stage is `dea`. In the second, the distance d from the frontier (1 on it, greater inside: the reciprocal of the
    efficiency, for either orientation) is explained by context in a truncated regression, d = z'beta + e with d > 1 and e normal.
    **A positive coefficient goes with a greater distance, that is with less efficiency.** Estimated distances depend on each other
    and are too small; ordinary or censored (Tobit) regression overlooks both. Here standard errors and intervals come from
    a bootstrap of the estimated model, and algorithm 2 corrects the distances for their bias first.

    Parameters
    ----------
    sample : Sample
        n units, each with a score and complete context.
    context : str or list of str, optional
        Which context variables; by default all of the sample. Numbers, booleans, or categories, which are compared with their first
        level (in their own order, else in that of the alphabet; `info` names it).
    orientation, rts
        As in `dea`.
    algorithm : {1, 2}
        1 regresses the distances of the units inside the frontier; 2 regresses bias-corrected distances of all units.
    replications : int
        Bootstrap samples of the regression, at least 2 / (1 - level).
    bias_replications : int
        Bootstrap samples of the frontier for the bias correction, at least 10; no effect with algorithm 1.
    level : float
        Probability of the intervals, between 0 and 1.
    seed : int or numpy.random.Generator
        Required. The same seed gives the same result, whatever the number of threads.
    executor : concurrent.futures.Executor, optional
        As in `bootstrap`; for the bias correction, which takes longest where there are many units.

    Returns
    -------
    SecondStageResult

    Raises
    ------
    OptionError
        If an option is not allowed, or seed is missing.
    SampleError
        If a figure or a context value is missing, a unit has no score, a context variable is constant or follows from others, or
        fewer than two units for each parameter lie inside the frontier.
    SolverError
        As `dea`.
    WorkerError
        As `bootstrap`.

    Warns
    -----
    NotConvergedWarning
        If a likelihood has no maximum, because distances are spread as widely as an exponential distribution: all
        coefficients are then NaN. Or if that is so in more than 1 % of the replications: intervals then rest on the others.

    Notes
    -----
    *Algorithm 1.* (1) Regress d on z over the units with d > 1. (2) Draw distances of these units from the estimated model
    `replications` times and regress them.

    *Algorithm 2.* (1) As above. (2) Draw distances of all units from the estimated model `bias_replications` times, move each unit
    along its ray from its estimated distance to the drawn one, and score the observed units against the moved ones: d*. The
    corrected distance is 2 d - mean(d*). (3) Regress it on z over all units. (4) As (2) of algorithm 1, from this regression.

    *Interval.* Errors of the bootstrap stand for errors of the estimate: 2 b - q(1 - a/2) to 2 b - q(a/2), where b is the estimate, q are
    quantiles of its replicates and a = 1 - level (for sigma the same with logarithms). standard_error is the standard deviation of
    the replicates; where some of them are close to the exponential distribution it is great, and the interval a better guide.

    *Coverage.* In simulations with one input, one output, one context variable and 100 units, intervals of level 0.95 contained the
    true coefficient in 93 to 95 of 100 samples with algorithm 2, in 86 to 90 with algorithm 1.

    *Separability.* All this assumes that context does not move the frontier itself; `info["caveat"]` says so in each result, and
    `separability_test` tests it.

    References
    ----------
    .. [1] L. Simar and P. W. Wilson (2007). Estimation and inference in two-stage, semi-parametric models of production processes.
       Journal of Econometrics 136(1), 31-64. https://doi.org/10.1016/j.jeconom.2005.07.009

    Examples
    --------
    Sixty made-up schools, whose costs rise with the share of pupils who come from far:

    >>> import numpy as np, pandas as pd
    >>> rng = np.random.default_rng(1)
    >>> pupils, far = rng.uniform(100, 900, 60), rng.uniform(0, 1, 60)
    >>> cost = pupils**0.9 * (1 + far + 0.3 * np.abs(rng.standard_normal(60)))
    >>> table = pd.DataFrame({"cost": cost, "pupils": pupils, "far_share": far})
    >>> sample = Sample.from_table(table, "cost", "pupils", context="far_share")
    >>> result = second_stage(sample, replications=200, seed=1)
    >>> print(result.coefficients[["term", "is_significant", "direction"]].to_string(index=False))
         term  is_significant      direction
    intercept            <NA>
    far_share            True less efficient
        sigma            <NA>
    """
    check_executor(executor)
    level = check_level(level)
    replications = check_replications(replications, level)
    bias_replications = check_count("bias_replications", bias_replications, least=10)
    if not is_whole(algorithm) or algorithm not in (1, 2):
        raise OptionError(f"algorithm={algorithm!r} is not an option. Allowed: 1, 2.")
    generator = check_seed(seed)
    chosen = chosen_context(sample, context)
    design = design_of(chosen)
    result = envelop(sample, orientation, rts)
    distance = distances(result)
    regression = regress(distance, design, sample)
    correction = _Correction(np.full(len(sample), np.nan), 0, 0)
    if algorithm == 2 and regression.converged:
        uniforms = 1.0 - generator.random((bias_replications, len(sample)))
        technology = technology_of(sample, orientation, rts)
        correction = correct(technology, distance, design.Z, regression.estimate, uniforms, executor)
        regression = regress(correction.distance, design, sample)
    replicates = np.full((replications, len(design.terms) + 1), np.nan)
    if regression.converged:
        Z = design.Z[regression.is_used]
        replicates = replicate(Z, regression.estimate, 1.0 - generator.random((replications, len(Z))))
    replicates.setflags(write=False)
    info = {
        **result.info,
        "n_highs": result.info["n_highs"] + correction.by_highs,
        "n_unsolved": correction.unsolved,
        "algorithm": int(algorithm),
        "replications": replications,
        "bias_replications": bias_replications if algorithm == 2 else None,
        "level": level,
        "context": tuple(str(name) for name in chosen.columns),
        "reference_levels": design.reference_levels,
        "n_regressed": int(regression.is_used.sum()),
        "converged": regression.converged,
        "n_not_converged": _count_lost(replicates) if regression.converged else 0,
        "meaning": MEANING,
        "caveat": CAVEAT,
    }
    compared = correction.distance if algorithm == 2 else distance
    scores = _score(result, correction.distance, compared, _expected(design, regression.estimate))
    coefficients = tabulate(design.terms, regression.estimate, replicates, level)
    return SecondStageResult(scores, MappingProxyType(info), coefficients, replicates)


def distances(result: FrontierResult) -> Floats:
    """Return the distances d >= 1 of all units, or raise SampleError if one has no score."""
    if result.info["n_unsolved"]:
        lost = result.scores.loc[np.isnan(result.efficiency), "unit"]
        raise SampleError(
            f"Units without a score have no distance to explain: {listed(lost)}. Leave them out with sample.subset(...)."
        )
    return 1.0 / result.efficiency


def regress(distance: Floats, design: Design, sample: Sample) -> _Regression:
    """Regress the distances of the units beyond the frontier on context; warn if there is no maximum.

    Parameters
    ----------
    distance : ndarray, shape (n,)
        Distances; units at 1 (or NaN) do not take part.
    design : Design
        Context of the n units.
    sample : Sample
        The units, for messages.

    Returns
    -------
    _Regression
    """
    is_used = distance > FRONTIER + TOLERANCE
    require_enough(int(is_used.sum()), len(design.terms) + 1, "units with a distance above 1 (inside the frontier)")
    require_independent(design.Z[is_used], design.terms, "among the units with a distance above 1")
    fit = fit_truncated(distance[None, is_used], design.Z[is_used], FRONTIER, "left")
    converged = bool(fit.is_converged[0])
    if not converged:
        warn_no_maximum(pd.Series(distance, index=sample.index)[is_used], FRONTIER)
    estimate = np.append(fit.beta[0], fit.sigma[0])
    return _Regression(is_used, estimate if converged else np.full_like(estimate, np.nan), converged)


def correct(
    t: Technology,
    distance: Floats,
    Z: Floats,
    estimate: Floats,
    uniforms: Floats,
    executor: Executor | None = None,
) -> _Correction:
    """Correct distances for their bias by a bootstrap of the frontier.

    Parameters
    ----------
    t : Technology
        The n observed units.
    distance : ndarray, shape (n,)
        Their estimated distances.
    Z : ndarray, shape (n, k)
        Their context.
    estimate : ndarray, shape (k + 1,)
        Coefficients and sigma of the model that distances are drawn from.
    uniforms : ndarray, shape (L, n)
        Numbers in (0, 1), see `draw_truncated`.
    executor : concurrent.futures.Executor, optional
        As in `bootstrap`.

    Returns
    -------
    _Correction
    """
    drawn = draw_truncated(Z @ estimate[:-1], float(estimate[-1]), FRONTIER, uniforms)
    stretch = distance / drawn if t.is_output else drawn / distance
    farrell, by_highs = score_in_pieces(replicate_radial, t, stretch, executor)
    replicated = farrell if t.is_output else 1.0 / farrell
    return _Correction(2.0 * distance - np.nanmean(replicated, axis=0), by_highs, int(np.isnan(farrell).sum()))


def replicate(Z: Floats, estimate: Floats, uniforms: Floats) -> Floats:
    """Draw distances from the estimated model and estimate it again.

    Parameters
    ----------
    Z : ndarray, shape (n, k)
        Context.
    estimate : ndarray, shape (k + 1,)
        Coefficients and sigma.
    uniforms : ndarray, shape (B, n)
        Numbers in (0, 1), see `draw_truncated`.

    Returns
    -------
    ndarray, shape (B, k + 1)
        Coefficients and sigma; NaN where the likelihood has no maximum.
    """
    drawn = draw_truncated(Z @ estimate[:-1], float(estimate[-1]), FRONTIER, uniforms)
    fit = fit_truncated(drawn, Z, FRONTIER, "left")
    return np.where(fit.is_converged[:, None], np.column_stack([fit.beta, fit.sigma]), np.nan)


def _expected(design: Design, estimate: Floats) -> Floats:
    """Return the efficiency at the distance to be expected in each unit's context, shape (n,)."""
    return 1.0 / truncated_mean(design.Z @ estimate[:-1], float(estimate[-1]), FRONTIER)


def _score(result: FrontierResult, corrected: Floats, compared: Floats, expected: Floats) -> pd.DataFrame:
    return result.scores[["unit", "name", "efficiency"]].assign(
        corrected=1.0 / corrected, expected=expected, above_expected=1.0 / compared - expected
    )


def _count_lost(replicates: Floats) -> int:
    """Return how many replications have no estimate, and warn if they are many."""
    lost = int(np.isnan(replicates).any(axis=1).sum())
    if lost > LOST * len(replicates):
        warn(
            f"In {lost} of {len(replicates)} bootstrap samples the truncated regression has no maximum, because distances are spread "
            "as widely as an exponential distribution. Intervals rest on the others and are too short. "
            "Look for outliers among the least efficient units.",
            NotConvergedWarning,
        )
    return lost
