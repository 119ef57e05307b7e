"""Which units stand out or drive the scores of others: a question to their figures, asked before any score is believed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchlib.efficiency.checks import check_count, comparable, is_real
from benchlib.efficiency.kernels.partial import compare_in_pairs, expected_best
from benchlib.efficiency.kernels.programme import Technology
from benchlib.efficiency.kernels.status import TOLERANCE
from benchlib.efficiency.nonparametric.envelopment import envelop, figures, technology_of
from benchlib.efficiency.nonparametric.partial import beyond, efficiency_of
from benchlib.efficiency.nonparametric.results import FrontierResult
from benchlib.efficiency.nonparametric.solution import solve_radial
from benchlib.efficiency.results import TabularResult, as_text
from benchlib.efficiency.sample import Sample
from benchlib.errors import OptionError, SampleError
from benchlib.terms import Orientation, ReturnsToScale

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

#: With fewer units there is hardly anybody left to compare with when one is left out.
FEWEST = 3


class Removals(NamedTuple):
    """What happens to n units when each of them in turn is left out."""

    driver: Integers
    """Who is left out, shape (c,); a row per score that changes."""
    unit: Integers
    """Whose score changes, shape (c,)."""
    without: Floats
    """The efficiency then, shape (c,); NaN where no solver certified one."""
    super_efficiency: Floats
    """Efficiency of each unit against all others, shape (n,)."""


@dataclass(frozen=True, eq=False, repr=False)
class OutlierResult(TabularResult):
    """What speaks for and against each unit's figures.

    Attributes
    ----------
    scores : DataFrame
        A row per unit: unit, name, efficiency (as `dea`), super_efficiency (against all others; missing where they cannot do
        what the unit does), leverage (root of the sum of squared changes of the others' efficiencies when the unit is left
        out, over n - 1), affected (how many of the others' scores change then), order_m (efficiency against the best of as
        many others as the last of the orders says; missing where no other dominates), is_outlier, reason (why it is one;
        or why the unit has no score).
    influence : DataFrame
        A row per score that changes, the greatest change first: driver (who is left out), unit (whose score changes),
        efficiency (with all units), without (without the driver), change.
    order_m : DataFrame
        A row per unit and order: unit, m, efficiency (against the best of `m` others).
    curve : DataFrame
        A row per order: m, beyond_pct (share of units with an `order_m` efficiency above 1), screened_pct (share with one
        above the screen); in percent of the units that another dominates.
    info : mapping
        As in `FrontierResult`, and screen, orders, leverage_mean, leverage_threshold, n_outliers.
    """

    influence: pd.DataFrame
    order_m: pd.DataFrame
    curve: pd.DataFrame

    @property
    def title(self) -> str:
        """The model and what came out, in one line."""
        return (
            f"Outlier screening, {self.info['orientation']} orientation, {self.info['rts']}; {self.info['n_units']} units, "
            f"{self.info['n_outliers']} to be looked at"
        )

    def summary(self) -> str:
        """Return the result as text: whom to look at, why, and whose scores change most without whom."""
        flagged = self.scores.loc[self.scores["is_outlier"], ["unit", "name", "reason"]]
        parts = [self.title, as_text(flagged) if len(flagged) else "No unit stands out."]
        if len(self.influence):
            parts.append(f"Greatest changes of a score when one unit is left out:\n{as_text(self.influence.head(10))}")
        return "\n\n".join(parts)


def screen_outliers(
    sample: Sample,
    *,
    orientation: Orientation = "input",
    rts: ReturnsToScale = "vrs",
    screen: float = 1.5,
    orders: Sequence[int] = (5, 10, 25, 50, 100),
) -> OutlierResult:
    """Find the units whose figures should be checked before the scores are believed.

    `dea` trusts every figure: one municipality with a wrong or special figure becomes the standard for others. Such a unit
    shows in two ways, and either makes it an outlier here. It *stands out*: its super-efficiency, the score against all
    others, exceeds the `screen` [1]_. Or it *drives others*: its leverage, the root mean square by which the others' scores
    change when it is left out, exceeds log(n) times the mean leverage [2]_.

    An outlier is a question to the figures, not a verdict. A typing error, another way of booking costs or a special case would be
    a reason to correct the figure or to leave the unit out; a municipality that is simply very good is the one to
    learn from. Nothing is removed here.

    Parameters
    ----------
    sample : Sample
        n units, at least 3.
    orientation, rts
        As in `dea`.
    screen : float
        Super-efficiency from which on a unit stands out, above 1. With 1.5 it could use half as much again
        of all inputs (bring about a third less of all outputs) and would still be efficient.
    orders : sequence of int
        Orders m, ascending, of the order-m efficiencies to be shown.

    Returns
    -------
    OutlierResult
        With scores, the table `influence` (which unit drives whose score), and `order_m` and `curve`.

    Raises
    ------
    OptionError
        If an option is not allowed.
    SampleError
        If a figure is missing or negative, or if there are fewer than 3 units.
    SolverError
        As `dea`.

    Warns
    -----
    FewUnitsWarning, UnsolvedUnitsWarning
        As `dea`.

    Notes
    -----
    *Super-efficiency* has no value where the others cannot do what the unit does under variable returns to scale; that is
    no sign of an error, the largest unit is often in this place. An inefficient unit keeps its efficiency.

    *Leverage* of unit j is l_j = ((sum over k != j of (e_k without j - e_k)^2) / (n - 1))^(1/2), for efficiencies e.
    Leaving out a unit can only change the scores of those that have it as a peer in every optimum; these alone are scored anew,
    so that nothing is approximated. Where two outliers lie close together, each hides the other: leave one out and look again.

    *Order m* [3]_: each unit is compared with the best of m of the others that dominate it (see `order_m`; here without the unit
    itself). The curve falls as m grows. An ordinary unit soon comes close to 1; one that stays far above 1 has nobody near
    it. With the greatest m this is about the super-efficiency of `fdh`, which is never below the one used here,
    so it adds no further condition for an outlier; it shows how lonely one is.

    References
    ----------
    .. [1] R. D. Banker and H. Chang (2006). The super-efficiency procedure for outlier identification, not for ranking efficient
       units. European Journal of Operational Research 175(2), 1311-1320. https://doi.org/10.1016/j.ejor.2005.06.028
    .. [2] M. C. Sampaio de Sousa and B. Stošić (2005). Technical efficiency of the Brazilian municipalities: correcting
       nonparametric frontier measurements for outliers. Journal of Productivity Analysis 24(2), 157-181.
       https://doi.org/10.1007/s11123-005-4702-4
    .. [3] L. Simar (2003). Detecting outliers in frontier models: a simple approach. Journal of Productivity Analysis 20(3),
       391-424. https://doi.org/10.1023/A:1027308001925

    Examples
    --------
    Seven municipalities spend between 10 and 16 for the same result; one says that it spends 4:

    >>> import pandas as pd
    >>> cost = [10.0, 11.0, 12.0, 13.0, 14.0, 15.0, 16.0, 4.0]
    >>> table = pd.DataFrame({"cost": cost, "result": 1.0}, index=list("ABCDEFGH"))
    >>> result = screen_outliers(Sample.from_table(table, "cost", "result"))
    >>> result.scores.loc[result.scores["is_outlier"], ["unit", "super_efficiency", "affected"]]
      unit  super_efficiency  affected
    7    H               2.5         7
    >>> result.influence.head(2).round(3)
      driver unit  efficiency  without  change
    0      H    A       0.400    1.000   0.600
    1      H    B       0.364    0.909   0.545
    """
    screen, orders = _check_screen(screen), _check_orders(orders)
    if len(sample) < FEWEST:
        raise SampleError(f"{len(sample)} units are too few to leave one out and compare the rest; at least {FEWEST}.")
    comparable(sample)
    result = envelop(sample, orientation, rts)
    t = technology_of(sample, orientation, rts)
    removals = leave_each_out(t, result)
    by_order = order_m_without_own(t, *figures(sample), orders)
    scores, facts = _tabulate(result, removals, by_order[:, -1], screen)
    info = {**result.info, "screen": screen, "orders": orders, **facts}
    return OutlierResult(
        scores,
        MappingProxyType(info),
        _influence_table(result, removals),
        _order_table(sample, orders, by_order),
        _curve(orders, by_order, screen),
    )


def leave_each_out(t: Technology, result: FrontierResult) -> Removals:
    """Score those units anew that lose a peer, for each unit that is a peer.

    A unit whose optimum does without unit j keeps both optimum and score when j leaves, so it need not be asked.

    Parameters
    ----------
    t : Technology
        What the n units span.
    result : FrontierResult
        Of these units among themselves.

    Returns
    -------
    Removals
    """
    X, Y = figures(result.sample)
    efficiency, peers = result.efficiency, result.solution.peers
    super_efficiency = efficiency.copy()
    drivers, units, scores = [], [], []
    for j in np.unique(peers[peers >= 0]).tolist():
        users = np.flatnonzero((peers == j).any(axis=1))
        rest = t._replace(X=np.delete(t.X, j, axis=1), Y=np.delete(t.Y, j, axis=1))
        places = np.where(users == j, -1, users - (users > j))
        found = efficiency_of(solve_radial(rest, X[users], Y[users], places).farrell, result.info["orientation"])
        found = np.where(np.abs(found - 1.0) <= TOLERANCE, 1.0, found)
        super_efficiency[users[users == j]] = found[users == j]
        # Not `>`: a score that no solver certified is a change of unknown size.
        is_changed = (users != j) & ~(np.abs(found - efficiency[users]) <= TOLERANCE)
        drivers.append(np.full(is_changed.sum(), j))
        units.append(users[is_changed])
        scores.append(found[is_changed])
    return Removals(np.concatenate(drivers), np.concatenate(units), np.concatenate(scores), super_efficiency)


def order_m_without_own(t: Technology, X: Floats, Y: Floats, orders: tuple[int, ...]) -> Floats:
    """Return the order-m efficiency of each unit of a technology against the others, shape (n, orders); NaN where none is."""
    farrell = np.full((len(X), len(orders)), np.nan)
    for j, is_dominating, factors in compare_in_pairs(t, X, Y):
        is_dominating[j] = False
        others = np.sort(factors[is_dominating])
        if len(others) and not np.isnan(others).any():
            farrell[j] = [abs(expected_best(others, m)) for m in orders]
    farrell[farrell == 0.0] = np.nan
    return efficiency_of(farrell, "output" if t.is_output else "input")


def leverages(removals: Removals, efficiency: Floats) -> Floats:
    """Return the leverage of each unit, shape (n,); NaN where a score without it is not known.

    Parameters
    ----------
    removals : Removals
        Of n units.
    efficiency : ndarray, shape (n,)
        With all units.
    """
    squares = (removals.without - efficiency[removals.unit]) ** 2
    total = np.bincount(removals.driver, weights=squares, minlength=len(efficiency))
    found: Floats = np.sqrt(total / (len(efficiency) - 1))
    return found


def _tabulate(
    result: FrontierResult, removals: Removals, order_m: Floats, screen: float
) -> tuple[pd.DataFrame, dict[str, Any]]:
    """Return the scores table, and what of it belongs to all units."""
    n = len(result.sample)
    leverage = leverages(removals, result.efficiency)
    mean = float(np.nanmean(leverage))
    threshold = mean * np.log(n)
    affected = np.bincount(removals.driver, minlength=n)
    is_driver = leverage > threshold
    is_far = removals.super_efficiency > screen
    scores = result.scores[["unit", "name"]].assign(
        efficiency=result.efficiency,
        super_efficiency=removals.super_efficiency,
        leverage=leverage,
        affected=affected,
        order_m=order_m,
        is_outlier=is_driver | is_far,
    )
    greatest = pd.Series(removals.without - result.efficiency[removals.unit]).groupby(removals.driver).max()
    reasons = result.scores["reason"].tolist()
    for j in np.flatnonzero(is_driver | is_far).tolist():
        parts = []
        if is_far[j]:
            parts.append(_how_far(removals.super_efficiency[j], result.info["orientation"]))
        if is_driver[j]:
            parts.append(
                f"without it {affected[j]} other score{'s rise' if affected[j] > 1 else ' rises'} by up to {greatest[j]:.2f} "
                f"(leverage {leverage[j] / mean:.1f} times the mean)"
            )
        reasons[j] = "; ".join(parts)
    facts = {
        "leverage_mean": mean,
        "leverage_threshold": float(threshold),
        "n_outliers": int((is_driver | is_far).sum()),
    }
    return scores.assign(reason=reasons), facts


def _how_far(super_efficiency: float, orientation: Orientation) -> str:
    if orientation == "input":
        return f"with {super_efficiency:.2f} times its inputs it would still be efficient"
    return f"with {100.0 / super_efficiency:.0f} % of its outputs it would still be efficient"


def _influence_table(result: FrontierResult, removals: Removals) -> pd.DataFrame:
    efficiency = result.efficiency[removals.unit]
    table = pd.DataFrame(
        {
            "driver": result.sample.index[removals.driver],
            "unit": result.sample.index[removals.unit],
            "efficiency": efficiency,
            "without": removals.without,
            "change": removals.without - efficiency,
        }
    )
    return table.sort_values("change", ascending=False, kind="stable", ignore_index=True)


def _order_table(sample: Sample, orders: tuple[int, ...], by_order: Floats) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "unit": sample.index.repeat(len(orders)),
            "m": np.tile(orders, len(sample)),
            "efficiency": by_order.ravel(),
        }
    )


def _curve(orders: tuple[int, ...], by_order: Floats, screen: float) -> pd.DataFrame:
    known = by_order[~np.isnan(by_order).any(axis=1)]
    shares = [100.0 * is_past.mean(axis=0) if len(known) else np.nan for is_past in (beyond(known), known > screen)]
    return pd.DataFrame({"m": orders, "beyond_pct": shares[0], "screened_pct": shares[1]})


def _check_screen(screen: Any) -> float:
    if not is_real(screen) or not 1.0 < screen < np.inf:
        raise OptionError(f"screen={screen!r} is not a super-efficiency above 1, such as 1.5.")
    return float(screen)


def _check_orders(orders: Any) -> tuple[int, ...]:
    if isinstance(orders, str) or not isinstance(orders, Sequence) or not len(orders):
        raise OptionError(f"orders={orders!r} is not a list of whole numbers, such as (10, 25, 100).")
    found = tuple(check_count("orders", m) for m in orders)
    if list(found) != sorted(set(found)):
        raise OptionError(f"orders={orders!r} must be in ascending order, each once.")
    return found
