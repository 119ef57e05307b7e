"""Partial frontiers among units with comparable context: `conditional_order_m`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, Literal, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchlib import __version__
from benchlib.efficiency.checks import check_count, comparable, is_real, warn_if_few, warn_if_unsolved
from benchlib.efficiency.kernels import status
from benchlib.efficiency.kernels.comparability import (
    Context,
    Groups,
    add_errors,
    bandwidth_of,
    choose_reach,
    comparability,
)
from benchlib.efficiency.kernels.partial import compare_in_pairs, expected_best
from benchlib.efficiency.kernels.programme import Technology
from benchlib.efficiency.nonparametric.envelopment import figures, technology_of
from benchlib.efficiency.nonparametric.partial import efficiency_of, score_units, words_of
from benchlib.efficiency.nonparametric.results import WORDS, require_a_score
from benchlib.efficiency.nonparametric.solution import share_out
from benchlib.efficiency.results import TabularResult
from benchlib.efficiency.sample import Sample, describe, listed
from benchlib.errors import NotConvergedWarning, OptionError, SampleError, warn
from benchlib.terms import Orientation, check_option

Floats = NDArray[np.float64]

#: All units that dominate have another context.
NOT_COMPARABLE: Final = (
    "not comparable",
    "no other unit that dominates it has a comparable context; a wider bandwidth would find one",
)


class Conditional(NamedTuple):
    """What comparable units say about n units, as arrays of shape (n,)."""

    farrell: Floats
    """Farrell factors; NaN where there is none."""
    status: NDArray[np.int64]
    """Codes of `kernels.status`: solved; infeasible (no other unit that dominates is comparable); free output."""
    effective: Floats
    """Effective number of comparable units; 0 where no unit dominates."""


@dataclass(frozen=True, eq=False, repr=False)
class ConditionalResult(TabularResult):
    """Scores among comparable units, beside those among all.

    Attributes
    ----------
    scores : DataFrame
        A row per unit: unit, name, conditional and unconditional (efficiency among comparable and among all units), ratio
        (conditional / unconditional), effective (effective number of comparable units that dominate, the unit itself
        included: the square of the sum of their weights over the sum of squares), status, reason.
    bandwidths : DataFrame
        A row per context variable: variable, kind (`number` or `category`), bandwidth, spread (largest minus smallest
        number). An infinite bandwidth, or 1 for a category, means that the variable has no influence.
    info : mapping
        method, orientation, m, context, bandwidth (`cross-validation` or `given`), converged, n_units, inputs, outputs,
        n_unsolved, version.
    """

    bandwidths: pd.DataFrame

    @property
    def title(self) -> str:
        """The model and what came out, in one line."""
        means = self.scores[["conditional", "unconditional"]].mean()
        return (
            f"{self.info['method']}, m={self.info['m']}, {self.info['orientation']} orientation, given "
            f"{', '.join(self.info['context'])}; {self.info['n_units']} units, mean efficiency {means['conditional']:.4f} "
            f"among comparable units, {means['unconditional']:.4f} among all"
        )


def conditional_order_m(
    sample: Sample,
    *,
    orientation: Orientation = "input",
    m: int = 25,
    bandwidth: Literal["cross-validation"] | float | Mapping[str, float] = "cross-validation",
) -> ConditionalResult:
    """Score units as `order_m` does, but against units with a comparable context only [1]_ [2]_.

    The `m` units are no longer drawn evenly from those that dominate: the nearer the context of a unit to that of the
    evaluated one, the more often it is drawn, and one out of reach never. The ratio of the two scores says what the context
    has to do with the distance to the frontier.

    Parameters
    ----------
    sample : Sample
        n units with context: numbers or categories (text, true or false, pandas categories).
    orientation, m
        As in `order_m`.
    bandwidth : "cross-validation", number or mapping of context variable to number
        How far comparability reaches. For a number, the distance from which on a unit is not comparable at all (positive;
        infinity: the variable has no influence). For a category, the weight of units of another category, between 0 (not
        comparable) and 1 (no influence). A single number will do where there is one context variable.

    Returns
    -------
    ConditionalResult

    Raises
    ------
    OptionError
        If an option is not allowed.
    SampleError
        If there is no context, if a figure or a context variable is missing, infinite or the same for all units.
    SolverError
        If no unit at all has a score.

    Warns
    -----
    NotConvergedWarning
        If the search for bandwidths did not settle; `info` says `converged=False`.
    FewUnitsWarning, UnsolvedUnitsWarning
        As `order_m`.

    Notes
    -----
    *Score.* As in `order_m`, with a weighted S(u): the weight of a dominating unit is a product over the context variables of
    1 - (distance / bandwidth)^2, or 0 beyond the bandwidth (Epanechnikov's kernel), and for categories of 1 or the bandwidth
    (Aitchison and Aitken's kernel [3]_, scaled so that the same category counts 1). Nothing is drawn at random.

    *Reading the ratio.* Where the ratio is about 1, comparable units are about as far ahead as all units are. A ratio well above 1
    says that those who are far ahead work under other conditions; the less favourable the context, the greater
    the ratio. A unit that no other comparable unit dominates has no conditional score: it would be compared with itself alone.
    Its status is `not comparable`. A small `effective` is a reason to distrust the score.

    *Bandwidths* minimise a least-squares cross-validation: each unit's place in the distribution of the Farrell factors of the
    units that dominate some unit is predicted from the others among them, weighted by comparability [3]_ [4]_. A
    variable that does not help to predict gets a great bandwidth and so drops out. Reference [4]_ chooses bandwidths for each
    unit separately; here the criterion is added up over all units, since the dominating units of one are often few. The search
    is on a grid from 1/64 to 4 ranges of the variable, and without limit, with refinement. It takes a time that grows
    with the third power of n: a second for a hundred units, minutes for a thousand; give bandwidths then.

    References
    ----------
    .. [1] C. Cazals, J.-P. Florens and L. Simar (2002). Nonparametric frontier estimation: a robust approach. Journal of
       Econometrics 106(1), 1-25. https://doi.org/10.1016/S0304-4076(01)00080-X
    .. [2] C. Daraio and L. Simar (2005). Introducing environmental variables in nonparametric frontier models: a probabilistic
       approach. Journal of Productivity Analysis 24(1), 93-121. https://doi.org/10.1007/s11123-005-3042-8
    .. [3] Q. Li, J. Lin and J. S. Racine (2013). Optimal bandwidth selection for nonparametric conditional distribution and
       quantile functions. Journal of Business and Economic Statistics 31(1), 57-65.
       https://doi.org/10.1080/07350015.2012.738955
    .. [4] L. Bădin, C. Daraio and L. Simar (2010). Optimal bandwidth selection for conditional efficiency measures: a data-driven
       approach. European Journal of Operational Research 201(2), 633-640. https://doi.org/10.1016/j.ejor.2009.03.038

    Examples
    --------
    Four sparsely settled municipalities spend twice what the others do for the same result, and are as efficient among themselves:

    >>> import pandas as pd
    >>> cost = [10.0, 11.0, 12.0, 13.0, 20.0, 22.0, 24.0, 26.0]
    >>> table = pd.DataFrame({"cost": cost, "result": 1.0, "is_sparse": [False] * 4 + [True] * 4})
    >>> sample = Sample.from_table(table, "cost", "result", context="is_sparse")
    >>> result = conditional_order_m(sample, m=25, bandwidth=0)
    >>> result.scores["ratio"].round(2).tolist()
    [1.0, 1.0, 1.0, 1.0, 1.99, 1.99, 1.99, 1.99]
    """
    check_option("orientation", orientation, Orientation)
    m = check_count("m", m)
    comparable(sample)
    context = read_context(sample)
    given = _read_bandwidths(bandwidth, sample, context)
    warn_if_few(sample)
    t = technology_of(sample, orientation, "vrs")
    widths, converged = cross_validate(t, *figures(sample), context) if given is None else (given, True)
    if not converged:
        warn(
            "The search for bandwidths of the context did not settle; the scores belong to the best that were found. Give "
            "bandwidth=... instead, for fewer context variables or as they stand in result.bandwidths.",
            NotConvergedWarning,
        )
    info = {
        "method": "Conditional order-m",
        "orientation": orientation,
        "m": m,
        "context": sample.context,
        "bandwidth": "cross-validation" if given is None else "given",
        "converged": converged,
        "n_units": len(sample),
        "inputs": sample.inputs,
        "outputs": sample.outputs,
    }
    return _labelled(sample, t, context, widths, info)


def read_context(sample: Sample) -> Context:
    """Return the context of a sample as numbers and codes of categories, or raise SampleError if it is of no use."""
    if not sample.context:
        raise SampleError("The sample has no context. Name it: Sample.from_table(..., context=[...]).")
    is_missing = sample.Z.isna().to_numpy(dtype=np.bool_)
    if is_missing.any():
        raise SampleError(
            f"The context is missing for {describe(is_missing, sample.units, sample.context)}, so it is not known whom to "
            "compare them with. Call sample.without_missing() to leave these units out; it remembers who left."
        )
    columns = [sample.Z[name] for name in sample.context]
    is_category = np.array([not _is_number(column) for column in columns])
    values = np.column_stack(
        [
            pd.factorize(column)[0] if category else column.to_numpy(dtype=np.float64)
            for column, category in zip(columns, is_category, strict=True)
        ]
    ).astype(np.float64)
    is_infinite = np.isinf(values)
    if is_infinite.any():
        raise SampleError(f"The context is infinite for {describe(is_infinite, sample.units, sample.context)}.")
    spread = np.ptp(values, axis=0)
    if constant := [name for name, width in zip(sample.context, spread, strict=True) if width == 0.0]:
        raise SampleError(
            f"The context is the same for all units: {listed(constant)}. It cannot tell them apart; leave it out."
        )
    return Context(values, is_category, spread)


def cross_validate(t: Technology, X: Floats, Y: Floats, context: Context) -> tuple[Floats, bool]:
    """Return the bandwidths of least prediction error, shape (q,), and whether the search settled.

    Parameters
    ----------
    t : Technology
        The n units.
    X, Y : ndarray, shapes (n, m) and (n, s)
        Their inputs and outputs.
    context : Context
        Of these units.
    """
    groups = dominating_groups(t, X, Y)
    reach, _, converged = choose_reach(
        lambda reach: prediction_error(context, bandwidth_of(context, reach), groups), len(context.spread)
    )
    return bandwidth_of(context, reach), converged


def dominating_groups(t: Technology, X: Floats, Y: Floats) -> Groups:
    """Return for each of the n units those that dominate it, if at least three do: two say nothing about comparability."""
    start, places, is_tied = [0], [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.bool_)]
    for _, is_dominating, factors in compare_in_pairs(t, X, Y):
        group = np.flatnonzero(is_dominating & ~np.isnan(factors))
        if len(group) > 2:
            group = group[np.argsort(factors[group], kind="stable")]
            start.append(start[-1] + len(group))
            places.append(group)
            is_tied.append(np.append(np.diff(factors[group]) == 0.0, False))
    return Groups(np.array(start), np.concatenate(places), np.concatenate(is_tied))


def prediction_error(context: Context, bandwidths: Floats, groups: Groups) -> float:
    """Return the criterion of cross-validation, see `kernels.comparability.add_errors`, summed over all groups."""
    everybody = np.arange(len(context.values))
    weights = comparability(context, bandwidths, everybody, everybody)
    errors = np.zeros(len(groups.start) - 1)
    share_out(
        lambda first, last: add_errors(weights, groups, first, last, errors),
        len(errors),
        int((np.diff(groups.start) ** 2).sum()),
    )
    return float(errors.sum())


def score_among_comparable(
    t: Technology, X: Floats, Y: Floats, context: Context, bandwidths: Floats, m: int
) -> Conditional:
    """Score the n units of a technology, each among those with a comparable context.

    Parameters
    ----------
    t : Technology
        The n units.
    X, Y : ndarray, shapes (n, m) and (n, s)
        Their inputs and outputs.
    context : Context
        Of these units.
    bandwidths : ndarray, shape (q,)
        As in `comparability`.
    m : int
        Number of units drawn.

    Returns
    -------
    Conditional
    """
    found = Conditional(np.full(len(X), np.nan), np.full(len(X), status.INFEASIBLE), np.zeros(len(X)))
    for j, is_dominating, factors in compare_in_pairs(t, X, Y):
        places = np.flatnonzero(is_dominating)
        if not len(places):
            continue
        weights = comparability(context, bandwidths, np.array([j]), places)[0]
        found.effective[j] = weights.sum() ** 2 / (weights @ weights)
        # A unit that nobody but itself dominates is efficient in any company.
        if len(places) == 1 or (weights[places != j] > 0.0).any():
            order = np.argsort(factors[places], kind="stable")
            factor = abs(expected_best(factors[places[order]], m, weights[order]))
            found.farrell[j] = factor if factor > 0.0 else np.nan
            found.status[j] = status.SOLVED if factor > 0.0 else status.FREE_OUTPUT
    return found


def _labelled(
    sample: Sample, t: Technology, context: Context, bandwidths: Floats, info: dict[str, Any]
) -> ConditionalResult:
    """Score the units, label the scores, warn of units without."""
    orientation, m = info["orientation"], info["m"]
    among_all = score_units(t, *figures(sample), lambda factors: expected_best(factors, m))
    among_comparable = score_among_comparable(t, *figures(sample), context, bandwidths, m)
    unconditional = efficiency_of(among_all.farrell, orientation)
    has_score = ~np.isnan(unconditional)
    # Without a score among all (no inputs, no outputs) there can be none among some.
    conditional = np.where(has_score, efficiency_of(among_comparable.farrell, orientation), np.nan)
    words = [
        {**WORDS, status.INFEASIBLE: NOT_COMPARABLE}[code] if scored else word
        for scored, code, word in zip(
            has_score.tolist(), among_comparable.status.tolist(), words_of(among_all, orientation), strict=True
        )
    ]
    scores = pd.DataFrame(
        {
            "unit": sample.index,
            "name": sample.names,
            "conditional": conditional,
            "unconditional": unconditional,
            "ratio": conditional / unconditional,
            "effective": among_comparable.effective,
            "status": [word for word, _ in words],
            "reason": [reason for _, reason in words],
        }
    )
    require_a_score(scores)
    warn_if_unsolved(scores, "conditional")
    table = pd.DataFrame(
        {
            "variable": list(sample.context),
            "kind": np.where(context.is_category, "category", "number"),
            "bandwidth": bandwidths,
            "spread": np.where(context.is_category, np.nan, context.spread),
        }
    )
    info = {**info, "n_unsolved": int(np.isnan(conditional).sum()), "version": __version__}
    return ConditionalResult(scores, MappingProxyType(info), table)


def _is_number(column: pd.Series) -> bool:
    return bool(pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column))


def _read_bandwidths(bandwidth: Any, sample: Sample, context: Context) -> Floats | None:
    """Return given bandwidths in the order of the context, None for cross-validation, or raise OptionError."""
    if isinstance(bandwidth, str) and bandwidth == "cross-validation":
        return None
    if is_real(bandwidth) and len(sample.context) == 1:
        bandwidth = {sample.context[0]: bandwidth}
    if not isinstance(bandwidth, Mapping) or set(bandwidth) != set(sample.context):
        raise OptionError(
            f"bandwidth={bandwidth!r} is neither 'cross-validation' nor a number for each of {listed(sample.context)}, "
            f"such as {{{sample.context[0]!r}: 1.0}}."
        )
    for name, is_category in zip(sample.context, context.is_category, strict=True):
        value = bandwidth[name]
        if not is_real(value) or not (0.0 <= value <= 1.0 if is_category else value > 0.0):
            allowed = "a weight between 0 and 1, as for any category" if is_category else "a positive number"
            raise OptionError(f"The bandwidth of {name}, {value!r}, is not {allowed}.")
    return np.array([float(bandwidth[name]) for name in sample.context])
