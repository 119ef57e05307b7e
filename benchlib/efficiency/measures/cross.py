"""How units look when the others choose the multipliers: `cross_efficiency`."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchlib import __version__
from benchlib.efficiency.checks import comparable, warn_if_few, warn_if_unsolved
from benchlib.efficiency.kernels.status import SOLVED
from benchlib.efficiency.measures.radial import radial
from benchlib.efficiency.nonparametric.linear import solve_linear
from benchlib.efficiency.results import TabularResult
from benchlib.efficiency.sample import Sample, listed
from benchlib.errors import OptionError, SolverError, UnsolvedUnitsWarning, warn
from benchlib.terms import Goal, Orientation, ReturnsToScale, check_option

Floats = NDArray[np.float64]

#: A variable that makes up less of all that a rater counts is nothing but rounding, and not counted.
NOTHING: Final = 1e-12
#: Ratings must lie below 1, and a rater's rating of itself must be its efficiency, within this.
AGREES: Final = 1e-8

#: Status and reason of units beyond what `dea` says.
UNCERTAIN: Final = ("unsolved", "no certified multipliers; its ratings of the others are missing in every mean")
NO_RATER: Final = (
    "no rater",
    "it could choose to count only what it does not use itself; its ratings of the others are missing in every mean",
)
UNDEFINED: Final = "undefined"


@dataclass(frozen=True, eq=False, repr=False)
class CrossEfficiencyResult(TabularResult):
    """Efficiency by the unit's own multipliers and by those of all units.

    Attributes
    ----------
    scores : DataFrame
        A row per unit: unit, name, efficiency (own, as `dea` under `crs`), cross (mean of all its ratings, its own included),
        maverick (efficiency over the mean of the others' ratings, minus 1: how much better it looks to itself than to others),
        status, reason.
    matrix : DataFrame, shape (n, n)
        Ratings in [0, 1]: `matrix.loc[rater, rated]`, with the efficiencies on the diagonal. NaN where a rater has no multipliers, or
        counts no input that the rated unit uses.
    info : mapping
        As in `FrontierResult`, and goal and n_raters (units that have multipliers).
    """

    matrix: pd.DataFrame

    @property
    def title(self) -> str:
        """The model and what came out."""
        means = self.scores[["efficiency", "cross"]].mean()
        return (
            f"Cross-efficiency by DEA, {self.info['orientation']} orientation, {self.info['rts']}, {self.info['goal']}; "
            f"{len(self.scores)} units, mean efficiency {means['efficiency']:.4f}, cross {means['cross']:.4f}"
        )


def cross_efficiency(
    sample: Sample,
    *,
    orientation: Orientation = "input",
    rts: ReturnsToScale = "crs",
    goal: Goal = "benevolent",
) -> CrossEfficiencyResult:
    """Rate every unit by the multipliers of every unit, and take the mean [1]_.

    `dea` lets each unit choose the multipliers that show it in its best light, and many units are efficient that way. Here each unit
    also rates all others by its own choice. Multipliers that leave its efficiency as it is are not unique as a rule; among
    them, a unit takes those that show all others together in the best light (benevolent) or in the worst (aggressive) [2]_:

        unit d:    max (min)  u Y / v X   subject to   u y_d = E_d v x_d,   u y_j <= v x_j for all j,   u, v >= 0,
        rating of j by d = u y_j / v x_j

    where X and Y are sums over all units but d, and E_d is its efficiency.

    Parameters
    ----------
    sample : Sample
        The n units.
    orientation : {"input", "output"}
        What is averaged: efficiencies, or Farrell factors of the outputs (1 / efficiency), whose mean is turned into an efficiency again.
        The ratings are the same under constant returns.
    rts : {"crs"}
        Constant returns only, see Notes.
    goal : {"benevolent", "aggressive"}
        How units choose among multipliers that are equally good for themselves.

    Returns
    -------
    CrossEfficiencyResult

    Raises
    ------
    OptionError
        If an option is not one of the words, or rts is not `crs`.
    SampleError
        If a figure is missing.
    SolverError
        If no unit at all has a score.

    Warns
    -----
    FewUnitsWarning
        As `dea`.
    UnsolvedUnitsWarning
        If units have no mean rating, or do not rate; `scores` says why.

    Notes
    -----
    *Goal.* This is method III of [2]_: the others count as one composite unit, so that large units weigh more. The best of several equal
    optima is still not unique in rare cases (units with the same mix of inputs and outputs); one of them is given.

    *Returns to scale.* Under variable returns the intercept of a multiplier set can make the rating of another unit negative or
    infinite, and a mean of such ratings says nothing. Corrections exist [3]_, but they answer another question.

    *Zeros.* A unit without some input could make the others look worst by counting only that input, which says nothing about itself;
    such an aggressive unit rates nobody (status `no rater`). A unit that uses none of the inputs that some rater counts has no rating by
    it, and so no mean (status `undefined`). Units without an efficiency of their own rate nobody either.

    References
    ----------
    .. [1] T. R. Sexton, R. H. Silkman and A. J. Hogan (1986). Data envelopment analysis: critique and extensions. New Directions
       for Program Evaluation 32, 73-105. https://doi.org/10.1002/ev.1441
    .. [2] J. Doyle and R. Green (1994). Efficiency and cross-efficiency in DEA: derivations, meanings and uses. Journal of the
       Operational Research Society 45(5), 567-578. https://doi.org/10.1057/jors.1994.84
    .. [3] S. Lim and J. Zhu (2015). DEA cross-efficiency evaluation under variable returns to scale. Journal of the Operational
       Research Society 66(3), 476-487. https://doi.org/10.1057/jors.2014.13

    Examples
    --------
    A and B are efficient, each in its own way; to the others, A looks better:

    >>> import pandas as pd, warnings
    >>> from benchlib.errors import FewUnitsWarning
    >>> warnings.simplefilter("ignore", FewUnitsWarning)
    >>> table = pd.DataFrame({"staff": [1.0, 4.0, 4.0], "rooms": [2.0, 1.0, 4.0], "pupils": 1.0}, index=["A", "B", "C"])
    >>> result = cross_efficiency(Sample.from_table(table, ["staff", "rooms"], "pupils"), goal="aggressive")
    >>> result.matrix.round(3)
    rated    A     B      C
    rater
    A      1.0  0.25  0.250
    B      0.5  1.00  0.250
    C      1.0  1.00  0.438
    >>> result.scores[["unit", "efficiency", "cross", "maverick"]].round(3)
      unit  efficiency  cross  maverick
    0    A       1.000  0.833     0.333
    1    B       1.000  0.750     0.600
    2    C       0.438  0.312     0.750
    """
    check_option("orientation", orientation, Orientation)
    check_option("goal", goal, Goal)
    if check_option("rts", rts, ReturnsToScale) != "crs":
        raise OptionError(
            f"rts={rts!r} is not possible here, only 'crs': with an intercept, ratings of other units can be negative or infinite, "
            "and their mean says nothing."
        )
    comparable(sample)
    warn_if_few(sample)
    own = radial(sample, orientation, rts, sample)
    ratings = rate(sample.X, sample.Y, own.efficiency, is_benevolent=goal == "benevolent")
    scores = _tabulate(own.scores, ratings, sample.X.min(axis=1) > 0.0, is_output=orientation == "output")
    if scores["cross"].isna().all():
        raise SolverError(
            f"No unit could be scored: {listed(dict.fromkeys(scores['reason']))}. Look at the inputs and outputs of the sample."
        )
    warn_if_unsolved(scores, "cross")
    _warn_if_silent(scores)
    info = {
        "method": "Cross-efficiency by DEA",
        "orientation": orientation,
        "rts": rts,
        "goal": goal,
        "n_units": len(sample),
        "n_raters": int(_is_rater(ratings).sum()),
        "inputs": sample.inputs,
        "outputs": sample.outputs,
        "n_unsolved": int(scores["cross"].isna().sum()),
        "version": __version__,
    }
    matrix = pd.DataFrame(ratings, index=sample.index.rename("rater"), columns=sample.index.rename("rated"))
    return CrossEfficiencyResult(scores, MappingProxyType(info), matrix)


def rate(X: Floats, Y: Floats, efficiency: Floats, *, is_benevolent: bool) -> Floats:
    """Return the rating of every unit by every unit.

    Parameters
    ----------
    X, Y : ndarray, shapes (n, m) and (n, s)
        Inputs and outputs.
    efficiency : ndarray, shape (n,)
        Own efficiencies under constant returns; NaN where a unit has none.
    is_benevolent : bool
        Whether the others are to look good; otherwise bad.

    Returns
    -------
    ndarray, shape (n, n)
        Raters in rows. A row is NaN (but on the diagonal) where there are no multipliers or they cannot be certified.
    """
    n = len(X)
    ratings = np.full((n, n), np.nan)
    np.fill_diagonal(ratings, efficiency)
    for d in np.flatnonzero(~np.isnan(efficiency)).tolist() if n > 1 else ():
        v, u = choose_multipliers(X, Y, d, float(efficiency[d]), is_benevolent=is_benevolent)
        inputs, outputs = X @ v, Y @ u
        row = np.divide(outputs, inputs, out=np.full(n, np.nan), where=inputs > 0.0)
        if abs(row[d] - efficiency[d]) <= AGREES and not (row > 1.0 + AGREES).any():
            row[d] = efficiency[d]
            ratings[d] = np.minimum(row, 1.0)
    return ratings


def choose_multipliers(
    X: Floats, Y: Floats, d: int, efficiency: float, *, is_benevolent: bool
) -> tuple[Floats, Floats]:
    """Choose, among the multipliers that are best for unit `d`, those that are best (or worst) for all others together.

    Parameters
    ----------
    X, Y : ndarray, shapes (n, m) and (n, s)
        Inputs and outputs of n > 1 units.
    d : int
        The unit that chooses.
    efficiency : float
        Its efficiency under constant returns.
    is_benevolent : bool
        Best or worst.

    Returns
    -------
    v, u : ndarray, shapes (m,) and (s,)
        Multipliers of inputs and outputs; those of the inputs value all inputs of the others at 1. NaN where there are none.
    """
    m, s = X.shape[1], Y.shape[1]
    # As shares of all units, figures do not depend on units of measurement.
    total = np.concatenate([X.sum(axis=0), Y.sum(axis=0)])
    total[total == 0.0] = 1.0
    X, Y = X / total[:m], Y / total[m:]
    # The dual programme has a row per variable instead of one per unit, and its duals are the multipliers. Its columns are the others,
    # the unit's own efficiency (an equation, so free), and the inputs of all others (at most 1, or at least 1, is enough).
    is_other = np.arange(len(X)) != d
    sign = 1.0 if is_benevolent else -1.0
    input_rows = np.column_stack([-X[is_other].T, efficiency * X[d], sign * X[is_other].sum(axis=0)])
    output_rows = np.column_stack([Y[is_other].T, -Y[d], np.zeros(s)])
    cost = np.zeros(input_rows.shape[1])
    cost[-1] = sign
    answer = solve_linear(
        np.vstack([input_rows, output_rows]),
        np.concatenate([np.zeros(m), sign * Y[is_other].sum(axis=0)]),
        cost,
        senses=">" * (m + s),
        is_free=np.arange(len(cost)) == len(cost) - 2,
    )
    if answer.status != SOLVED:
        return np.full(m, np.nan), np.full(s, np.nan)
    multipliers = np.where(answer.duals > NOTHING, answer.duals, 0.0) / total
    return multipliers[:m], multipliers[m:]


def _is_rater(ratings: Floats) -> NDArray[np.bool_]:
    """Return which units rate others (or have nobody else to rate), shape (n,)."""
    known: NDArray[np.int64] = np.sum(~np.isnan(ratings), axis=1)
    return known > min(1, len(ratings) - 1)


def _tabulate(own: pd.DataFrame, ratings: Floats, uses_all: NDArray[np.bool_], *, is_output: bool) -> pd.DataFrame:
    """Return the scores from those of `dea` and the ratings."""
    efficiency = own["efficiency"].to_numpy()
    is_rater = _is_rater(ratings)
    is_other = is_rater[:, None] & ~np.eye(len(ratings), dtype=bool)
    has_score = ~np.isnan(efficiency)
    cross = np.where(has_score, _mean(ratings, np.broadcast_to(is_rater[:, None], ratings.shape), is_output), np.nan)
    others = _mean(ratings, is_other, is_output)
    remarks = list(zip(own["status"], own["reason"], strict=True))
    for j in np.flatnonzero(has_score & ~is_rater):
        remarks[j] = UNCERTAIN if uses_all[j] else NO_RATER
    for j in np.flatnonzero(has_score & (is_rater[:, None] & np.isnan(ratings)).any(axis=0)):
        raters = listed(own["unit"][is_rater & np.isnan(ratings[:, j])])
        remarks[j] = UNDEFINED, f"rated by inputs of which it uses none (by {raters})"
    maverick = np.divide(efficiency, others, out=np.full(len(others), np.nan), where=others > 0.0) - 1.0
    return own[["unit", "name", "efficiency"]].assign(
        cross=cross,
        maverick=maverick,
        status=[status for status, _ in remarks],
        reason=[reason for _, reason in remarks],
    )


def _warn_if_silent(scores: pd.DataFrame) -> None:
    """Warn about units that have an efficiency but do not rate the others, which moves every mean."""
    silent = scores[scores["status"].isin([UNCERTAIN[0], NO_RATER[0]])]
    if len(silent):
        named = listed(f"{unit} ({reason})" for unit, reason in zip(silent["unit"], silent["reason"], strict=True))
        warn(f"Units that do not rate: {named}.", UnsolvedUnitsWarning)


def _mean(ratings: Floats, counts: NDArray[np.bool_], is_output: bool) -> Floats:
    """Return the mean rating of each unit over those that count, as an efficiency; NaN where there is none or one is NaN."""
    with np.errstate(divide="ignore", invalid="ignore"):
        averaged = 1.0 / ratings if is_output else ratings
        mean: Floats = np.where(counts, averaged, 0.0).sum(axis=0) / counts.sum(axis=0)
        return 1.0 / mean if is_output else mean
