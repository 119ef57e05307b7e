"""Profit efficiency: what a unit earns against the most that it could earn at its prices."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchlib.efficiency.checks import comparable, own_places, warn_if_few
from benchlib.efficiency.kernels import status
from benchlib.efficiency.measures.directional import solve_directional
from benchlib.efficiency.measures.economic import EconomicResult, economic_result, snapped
from benchlib.efficiency.measures.prices import Prices, read_prices
from benchlib.efficiency.nonparametric.results import WORDS
from benchlib.efficiency.sample import Sample
from benchlib.terms import INTENSITY_BOUNDS, ReturnsToScale, check_option

Floats = NDArray[np.float64]

#: A profit that is a smaller share of costs and revenue is nothing but rounding.
NOTHING: Final = 1e-12

#: Status and reason of units, by what became of them.
SOLVED: Final = ("solved", "")
OUTSIDE: Final = ("outside", "the unit earns more than its reference technology can; inefficiency is negative")
UNBOUNDED: Final = (
    "unbounded",
    "reference units make a profit that grows with size without limit; vrs and nirs limit it",
)
NOTHING_THERE: Final = ("no input", "all inputs and outputs are zero, so there is nothing to measure profit by")


class Best(NamedTuple):
    """The greatest profit of each of n units at its own prices."""

    profit: Floats
    """Shape (n,); infinite where it has no limit."""
    quantities: Floats
    """Inputs and outputs there, shape (n, m + s); NaN where there is no limit."""


def profit_efficiency(
    sample: Sample, prices: Prices, *, rts: ReturnsToScale = "vrs", reference: Sample | None = None
) -> EconomicResult:
    """Compare what units earn with the most that they could earn at their prices.

    A ratio of profits misleads when one is negative. So inefficiency is the difference, per unit of the unit's own turnover (its costs
    plus its revenue, which takes the unit of money out) [1]_. It is the sum of technical inefficiency (the greatest beta at which
    inputs could shrink by beta and outputs grow by beta at the same time) and allocative inefficiency (the wrong mix or size for
    these prices):

        inefficiency = (optimal - observed) / (costs + revenue) = technical + allocative

    Parameters
    ----------
    sample : Sample
        The n units to be scored.
    prices : mapping or DataFrame
        The price of each input and output, as those of the inputs in `cost_efficiency`, in the same unit of money.
    rts, reference
        As in `cost_efficiency`.

    Returns
    -------
    EconomicResult
        With inefficiency (0 at the optimum) in place of efficiency, and the ratio of profits where both are positive.

    Raises
    ------
    OptionError, SampleError, SolverError
        As `cost_efficiency`.

    Warns
    -----
    FewUnitsWarning, UnsolvedUnitsWarning
        As `dea`.

    Notes
    -----
    Under `vrs` a greatest profit always is that of a reference unit. Under `crs` it is 0 if no reference unit makes a profit, and has no
    limit if one does (status `unbounded`). Under `ndrs` it likewise has no limit if one makes a profit. Under `nirs` and `crs` doing
    nothing is possible and earns 0: the targets are 0 then.

    References
    ----------
    .. [1] R. G. Chambers, Y. Chung and R. Färe (1998). Profit, directional distance functions, and Nerlovian efficiency. Journal of
       Optimization Theory and Applications 98(2), 351-364. https://doi.org/10.1023/A:1022637501082

    Examples
    --------
    A earns most at these prices. B produces as well as the frontier allows, in the wrong size; C wastes as well:

    >>> import pandas as pd, warnings
    >>> from benchlib.errors import FewUnitsWarning
    >>> warnings.simplefilter("ignore", FewUnitsWarning)
    >>> table = pd.DataFrame({"staff": [2.0, 6.0, 6.0], "visits": [4.0, 6.0, 2.0]}, index=["A", "B", "C"])
    >>> sample = Sample.from_table(table, "staff", "visits")
    >>> result = profit_efficiency(sample, {"staff": 1.0, "visits": 1.0})
    >>> result.scores[["unit", "inefficiency", "technical", "allocative", "observed", "optimal"]].round(3)
      unit  inefficiency  technical  allocative  observed  optimal
    0    A         0.000      0.000       0.000       2.0      2.0
    1    B         0.167      0.000       0.167       0.0      2.0
    2    C         0.750      0.667       0.083      -4.0      2.0
    """
    check_option("rts", rts, ReturnsToScale)
    reference = comparable(sample, reference)
    P = read_prices(sample, prices, (*sample.inputs, *sample.outputs))
    warn_if_few(reference)
    m = len(sample.inputs)
    costs, revenue = np.sum(P[:, :m] * sample.X, axis=1), np.sum(P[:, m:] * sample.Y, axis=1)
    turnover = np.where(costs + revenue > 0.0, costs + revenue, np.nan)
    best = greatest_profit(sample, reference, P, rts)
    observed, optimal = revenue - costs, np.where(np.isinf(best.profit), np.nan, best.profit)
    inefficiency = snapped((optimal - observed) / turnover, 0.0)
    own = np.hstack([sample.X, sample.Y])
    distance = solve_directional(reference.X, reference.Y, sample.X, sample.Y, own, INTENSITY_BOUNDS[rts])
    technical = snapped(distance.factor, 0.0)
    words = [_words(*one) for one in zip(best.profit, turnover, inefficiency, distance.status, strict=True)]
    scores = pd.DataFrame(
        {
            "unit": sample.index,
            "name": sample.names,
            "inefficiency": inefficiency,
            "technical": technical,
            "allocative": snapped(inefficiency - technical, 0.0),
            "observed": observed,
            "optimal": optimal,
            "ratio": np.divide(
                observed, optimal, out=np.full(len(sample), np.nan), where=(observed > 0.0) & (optimal > 0.0)
            ),
            "status": [word for word, _ in words],
            "reason": [reason for _, reason in words],
        }
    )
    return economic_result("Profit efficiency", rts, sample, reference, scores, best.quantities)


def greatest_profit(sample: Sample, reference: Sample, prices: Floats, rts: ReturnsToScale) -> Best:
    """Find the greatest profit at each unit's own prices: a linear function has its greatest value at a corner.

    Parameters
    ----------
    sample, reference : Sample
        The n evaluated units, and those that span the technology.
    prices : ndarray, shape (n, m + s)
        Prices of inputs and outputs.
    rts
        As in `dea`.

    Returns
    -------
    Best
    """
    lowest, highest = INTENSITY_BOUNDS[rts]
    m = len(sample.inputs)
    there = np.hstack([reference.X, reference.Y])
    own = own_places(sample, reference)
    best = Best(np.full(len(sample), np.inf), np.full((len(sample), there.shape[1]), np.nan))
    for j, price in enumerate(prices):
        money = there * price
        profit = money[:, m:].sum(axis=1) - money[:, :m].sum(axis=1)
        noise = NOTHING * money.sum(axis=1)
        k = int(profit.argmax())
        if own[j] >= 0 and profit[own[j]] >= profit[k] - noise[own[j]]:
            k = int(own[j])
        if profit[k] > noise[k] and highest > 1.0:
            continue
        if profit[k] < -noise[k] and lowest == 0.0:
            best.profit[j], best.quantities[j] = 0.0, 0.0
        else:
            best.profit[j], best.quantities[j] = profit[k], there[k]
    return best


def _words(profit: float, turnover: float, inefficiency: float, code: int) -> tuple[str, str]:
    """Return status and reason of one unit."""
    if np.isnan(turnover):
        return NOTHING_THERE
    if np.isinf(profit):
        return UNBOUNDED
    if inefficiency < 0.0:
        return OUTSIDE
    if code != status.SOLVED:
        return SOLVED[0], f"not split up: {WORDS[code][1]}"
    return SOLVED
