"""Partial frontiers: `order_m` and `order_alpha`, which a few extreme units cannot move far."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchlib import __version__
from benchlib.efficiency.checks import check_count, comparable, is_real, warn_if_few, warn_if_unsolved
from benchlib.efficiency.kernels import status
from benchlib.efficiency.kernels.partial import best_but_share, compare_in_pairs, expected_best
from benchlib.efficiency.kernels.programme import Technology
from benchlib.efficiency.nonparametric.envelopment import figures, technology_of
from benchlib.efficiency.nonparametric.results import WORDS, require_a_score
from benchlib.efficiency.results import TabularResult
from benchlib.efficiency.sample import Sample
from benchlib.errors import OptionError
from benchlib.terms import Orientation, check_option

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

#: Solved, and better than the partial frontier; nothing is wrong with that.
BEYOND: Final = ("outside", "the unit does better than the partial frontier; efficiency exceeds 1")
#: Why no reference unit, or none with any output, dominates.
ALONE: Final = {
    "input": ("infeasible", "no reference unit brings about as much of every output"),
    "output": ("infeasible", "no reference unit uses as little of every input and brings about some of every output"),
}


class Scored(NamedTuple):
    """Scores of n units against a partial frontier, as arrays of shape (n,)."""

    farrell: Floats
    """Farrell factors, NaN where there is none."""
    status: Integers
    """Codes of `kernels.status`."""
    dominating: Integers
    """How many reference units dominate the unit."""


@dataclass(frozen=True, eq=False, repr=False)
class PartialResult(TabularResult):
    """Scores against a partial frontier.

    Attributes
    ----------
    scores : DataFrame
        A row per unit: unit, name, efficiency, farrell, status, reason, dominating. The Farrell factor leads to the partial
        frontier, and `efficiency` is this factor (input orientation) or its reciprocal (output orientation). It exceeds 1
        where a unit does better than the partial frontier (status `outside`). `dominating` counts the reference units that
        bring about at least as much (output orientation: use at most as much), the unit itself among them if it belongs to
        the reference: the score is drawn from these alone.
    info : mapping
        method, orientation, m or alpha, n_units, n_reference, inputs, outputs, n_outside, n_unsolved, version.
    """

    @property
    def title(self) -> str:
        """The model and what came out, in one line."""
        order = next(f"{name}={self.info[name]:g}" for name in ("m", "alpha") if name in self.info)
        return (
            f"{self.info['method']}, {order}, {self.info['orientation']} orientation; {self.info['n_units']} units, "
            f"{self.info['n_outside']} beyond the frontier, mean efficiency {self.scores['efficiency'].mean():.4f}"
        )


def order_m(
    sample: Sample,
    *,
    orientation: Orientation = "input",
    m: int = 25,
    reference: Sample | None = None,
) -> PartialResult:
    """Score units against what the best of `m` randomly chosen dominating units can be expected to do [1]_ [2]_.

    `fdh` compares a unit with the best of all units that bring about at least as much. One wrong figure there, and the score
    is wrong. Here `m` of these units are drawn (with replacement), the best of them is found as in `fdh`, and the score
    is the expectation of this over all possible draws. An extreme unit matters only as often as it is drawn.

    Input orientation, for a unit (x, y): among the reference units with outputs of at least y, let S(u) be the share of those
    that need more than the share u of its inputs (in at least one input). The Farrell factor is the integral of S(u)^m
    from 0 to infinity [1]_; output orientation is its mirror image.

    Parameters
    ----------
    sample : Sample
        The n units to be scored.
    orientation : {"input", "output"}
        What is to change.
    m : int
        Number of units drawn, from 1 on. The more, the closer to `fdh`; 25 is robust, and with 1 a unit is compared with the
        average of those that dominate it.
    reference : Sample, optional
        The units to draw from, with the same inputs and outputs; by default the sample itself.

    Returns
    -------
    PartialResult
        With an `efficiency` that may exceed 1: such a unit does better than the best of `m` can be expected to do.

    Raises
    ------
    OptionError
        If an option is not allowed.
    SampleError
        If a figure is missing or negative, or if the reference has other variables.
    SolverError
        If no unit at all has a score.

    Warns
    -----
    FewUnitsWarning
        As `dea`.
    UnsolvedUnitsWarning
        If units have no score; `scores` says why.

    Notes
    -----
    The expectation is computed by its closed form: sorting the dominating units makes the integral a finite sum [3]_ (eq. 2.4).
    Nothing is drawn, so there is no seed and no simulation error.

    Where few units dominate (column `dominating`), a large `m` draws the same ones again and again, and the score is that of
    `fdh`. A unit that only itself dominates has an efficiency of 1 whatever its figures.

    Zeros are treated as in `fdh`: a unit that does not use some input is compared only with units that do not use it either; an
    output of 0 does not count in output orientation. Unlike there, a Farrell factor of 0 is no score (status
    `free output` or `infeasible`).

    References
    ----------
    .. [1] C. Cazals, J.-P. Florens and L. Simar (2002). Nonparametric frontier estimation: a robust approach. Journal of
       Econometrics 106(1), 1-25. https://doi.org/10.1016/S0304-4076(01)00080-X
    .. [2] C. Daraio and L. Simar (2005). Introducing environmental variables in nonparametric frontier models: a probabilistic
       approach. Journal of Productivity Analysis 24(1), 93-121. https://doi.org/10.1007/s11123-005-3042-8
    .. [3] A. Daouia and I. Gijbels (2011). Robustness and inference in nonparametric partial frontier modeling. Journal of
       Econometrics 161(2), 147-165. https://doi.org/10.1016/j.jeconom.2010.12.002

    Examples
    --------
    All eight bring about the same, so all are comparable. Against the cheapest of all, 1.0, the second has a score of 0.5;
    the cheaper of two, drawn from the eight, costs about 3.2 on average.

    >>> import pandas as pd
    >>> table = pd.DataFrame({"cost": [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0], "result": 1.0})
    >>> sample = Sample.from_table(table, "cost", "result")
    >>> order_m(sample, m=2).scores["farrell"].round(4).tolist()
    [3.1875, 1.5938, 1.0625, 0.7969, 0.6375, 0.5312, 0.4554, 0.3984]
    """
    m = check_count("m", m)
    return _score("Order-m", sample, orientation, reference, {"m": m}, lambda factors: expected_best(factors, m))


def order_alpha(
    sample: Sample,
    *,
    orientation: Orientation = "input",
    alpha: float = 0.95,
    reference: Sample | None = None,
) -> PartialResult:
    """Score units against the frontier that at most a share of 1 - `alpha` of the dominating units surpasses [1]_ [2]_.

    Input orientation, for a unit (x, y): among the reference units with outputs of at least y, the Farrell factor is the least
    share of its inputs that no more than (1 - alpha) of these units undercut. Output orientation, among the units
    with inputs of at most x: the greatest factor on its outputs that no more than (1 - alpha) of these units exceed.

    Parameters
    ----------
    sample : Sample
        The n units to be scored.
    orientation : {"input", "output"}
        What is to change.
    alpha : float
        Above 0 and up to 1. With 1 the frontier is that of `fdh`.
    reference : Sample, optional
        The units to compare with, with the same inputs and outputs; by default the sample itself.

    Returns
    -------
    PartialResult
        With an `efficiency` that may exceed 1: such a unit is among the best 1 - `alpha` of those that dominate it.

    Raises
    ------
    OptionError, SampleError, SolverError
        As `order_m`.

    Notes
    -----
    If N units dominate, [(1 - alpha) N] of them (rounded down) may be better than the frontier: it is an order statistic, and in
    small groups, where this is 0, the score is that of `fdh`. This is the definition of [2]_, inf{u: F(u) > 1 - alpha},
    with the empirical distribution for F. Unlike the score of `order_m`, this one stays put when the best
    units become still better. Zeros are treated as in `order_m`.

    References
    ----------
    .. [1] Y. Aragon, A. Daouia and C. Thomas-Agnan (2005). Nonparametric frontier estimation: a conditional quantile-based
       approach. Econometric Theory 21(2), 358-389. https://doi.org/10.1017/S0266466605050206
    .. [2] A. Daouia and L. Simar (2007). Nonparametric efficiency analysis: a multivariate conditional quantile approach.
       Journal of Econometrics 140(2), 375-400. https://doi.org/10.1016/j.jeconom.2006.07.002

    Examples
    --------
    Of eight that bring about the same, a quarter (two) may be cheaper than the frontier:

    >>> import pandas as pd
    >>> table = pd.DataFrame({"cost": [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0], "result": 1.0})
    >>> sample = Sample.from_table(table, "cost", "result")
    >>> order_alpha(sample, alpha=0.75).scores["farrell"].round(4).tolist()
    [3.0, 1.5, 1.0, 0.75, 0.6, 0.5, 0.4286, 0.375]
    """
    if not is_real(alpha) or not 0.0 < alpha <= 1.0:
        raise OptionError(f"alpha={alpha!r} is not a share above 0 and up to 1, such as 0.95.")
    order = {"alpha": float(alpha)}
    return _score("Order-alpha", sample, orientation, reference, order, lambda factors: best_but_share(factors, alpha))


def score_units(t: Technology, X: Floats, Y: Floats, estimate: Callable[[Floats], float]) -> Scored:
    """Score n units by a statistic of the units that dominate each.

    Parameters
    ----------
    t : Technology
        The reference units.
    X, Y : ndarray, shapes (n, m) and (n, s)
        Inputs and outputs of the evaluated units.
    estimate : callable
        Makes a signed factor out of those of the dominating units, which come in ascending order (see `kernels.partial`).

    Returns
    -------
    Scored
    """
    found = Scored(np.full(len(X), np.nan), np.full(len(X), status.SOLVED), np.zeros(len(X), dtype=np.int64))
    has_nothing = (Y if t.is_output else X).max(axis=1) == 0.0
    found.status[has_nothing] = status.NO_OUTPUT if t.is_output else status.NO_INPUT
    for j, is_dominating, factors in compare_in_pairs(t, X, Y):
        chosen = factors[is_dominating]
        found.dominating[j] = len(chosen)
        if has_nothing[j]:
            continue
        chosen.sort()
        factor = abs(estimate(chosen)) if len(chosen) else 0.0
        if factor > 0.0:
            found.farrell[j] = factor
        else:
            found.status[j] = status.FREE_OUTPUT if len(chosen) and not t.is_output else status.INFEASIBLE
    return found


def words_of(found: Scored, orientation: Orientation) -> list[tuple[str, str]]:
    """Return status and reason of each unit."""
    is_beyond = beyond(efficiency_of(found.farrell, orientation))
    words = {**WORDS, status.INFEASIBLE: ALONE[orientation]}
    return [BEYOND if past else words[code] for code, past in zip(found.status.tolist(), is_beyond, strict=True)]


def efficiency_of(farrell: Floats, orientation: Orientation) -> Floats:
    """Return the efficiencies of Farrell factors."""
    return 1.0 / farrell if orientation == "output" else farrell


def beyond(efficiency: Floats) -> NDArray[np.bool_]:
    """Return which efficiencies exceed 1 by more than rounding."""
    return efficiency > 1.0 + status.TOLERANCE


def _score(
    method: str,
    sample: Sample,
    orientation: Orientation,
    reference: Sample | None,
    order: dict[str, Any],
    estimate: Callable[[Floats], float],
) -> PartialResult:
    """Check, score, label, warn."""
    check_option("orientation", orientation, Orientation)
    reference = comparable(sample, reference)
    warn_if_few(reference)
    found = score_units(technology_of(reference, orientation, "vrs"), *figures(sample), estimate)
    words = words_of(found, orientation)
    efficiency = efficiency_of(found.farrell, orientation)
    scores = pd.DataFrame(
        {
            "unit": sample.index,
            "name": sample.names,
            "efficiency": efficiency,
            "farrell": found.farrell,
            "status": [word for word, _ in words],
            "reason": [reason for _, reason in words],
            "dominating": found.dominating,
        }
    )
    require_a_score(scores)
    info = {
        "method": method,
        "orientation": orientation,
        **order,
        "n_units": len(sample),
        "n_reference": len(reference),
        "inputs": sample.inputs,
        "outputs": sample.outputs,
        "n_outside": int(beyond(efficiency).sum()),
        "n_unsolved": int(np.isnan(efficiency).sum()),
        "version": __version__,
    }
    warn_if_unsolved(scores)
    return PartialResult(scores, MappingProxyType(info))
