"""Efficiency when prices are known: `cost_efficiency` and `revenue_efficiency`; `profit` has their sibling."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchlib import __version__
from benchlib.efficiency.checks import comparable, own_places, warn_if_few, warn_if_unsolved
from benchlib.efficiency.kernels import status
from benchlib.efficiency.kernels.programme import Technology
from benchlib.efficiency.measures.prices import Prices, read_prices
from benchlib.efficiency.measures.radial import radial
from benchlib.efficiency.nonparametric.results import OUTSIDE, WORDS
from benchlib.efficiency.nonparametric.solution import solve_radial
from benchlib.efficiency.results import TabularResult
from benchlib.efficiency.sample import Sample, listed
from benchlib.errors import SolverError
from benchlib.terms import INTENSITY_BOUNDS, Orientation, ReturnsToScale, check_option

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

#: What is optimised in each orientation.
METHODS: Final[dict[Orientation, str]] = {"input": "Cost efficiency", "output": "Revenue efficiency"}


@dataclass(frozen=True, eq=False, repr=False)
class EconomicResult(TabularResult):
    """Cost, revenue or profit efficiency of each unit, split into doing things right and choosing the right mix.

    Attributes
    ----------
    scores : DataFrame
        A row per unit, in the order of the sample. Cost and revenue: unit, name, efficiency (overall, in (0, 1]), technical (as
        `dea`), allocative (efficiency / technical), observed and optimal (cost or revenue, in the money of the prices), status,
        reason. Profit: unit, name, inefficiency (overall, 0 or more), technical, allocative (inefficiency - technical), observed,
        optimal (profits), ratio (observed / optimal where both are positive), status, reason.
    targets : DataFrame
        A row per unit and variable: unit, variable, observed, target (the quantity at the optimum), change, change_pct. Where several
        combinations of reference units are optimal, one of them is given.
    info : mapping
        As in `FrontierResult`.
    """

    targets: pd.DataFrame

    @property
    def title(self) -> str:
        """The model and what came out."""
        column = self.scores.columns[2]
        return (
            f"{self.info['method']} by DEA, {self.info['rts']}; {len(self.scores)} units, "
            f"mean {column} {self.scores[column].mean():.4f}"
        )


class Optimum(NamedTuple):
    """What is cheapest, or brings most, for each of n units."""

    farrell: Floats
    """Optimal over observed cost or revenue, shape (n,); NaN where there is none."""
    status: Integers
    """Codes of `kernels.status`, shape (n,)."""
    quantities: Floats
    """Inputs and outputs at the optimum, shape (n, m + s)."""


def cost_efficiency(
    sample: Sample, prices: Prices, *, rts: ReturnsToScale = "vrs", reference: Sample | None = None
) -> EconomicResult:
    """Compare what units spend with the least for which their outputs can be had at their prices [1]_ [2]_.

    The optimum may use another mix of inputs. Cost efficiency is the least over the observed cost. It is the product of technical
    efficiency (as `dea` in input orientation: all inputs shrink in proportion) and allocative efficiency: what is left of the
    difference is due to a mix of inputs that is not the cheapest.

        efficiency = optimal / observed = technical * allocative

    Parameters
    ----------
    sample : Sample
        The n units to be scored.
    prices : mapping or DataFrame
        The price of each input per unit of its measurement: input -> price, the same for all units, or a DataFrame indexed by unit with a
        column per input. The reference units are valued at the prices of the unit that is compared with them.
    rts : {"crs", "vrs", "nirs", "ndrs"}
        Returns to scale, as in `dea`.
    reference : Sample, optional
        The units that span the technology, as in `dea`.

    Returns
    -------
    EconomicResult

    Raises
    ------
    OptionError
        If rts is not one of the words, or prices are of the wrong type.
    SampleError
        If a figure or a price is missing, or a price is not positive, or if the reference has other variables.
    SolverError
        If no unit at all has a score.

    Warns
    -----
    FewUnitsWarning, UnsolvedUnitsWarning
        As `dea`.

    Notes
    -----
    For one unit, its cost takes the place of all inputs, and the programme is the radial one of `dea` with this single input; so it
    is solved and certified in the same way.

    References
    ----------
    .. [1] M. J. Farrell (1957). The measurement of productive efficiency. Journal of the Royal Statistical Society A 120(3),
       253-290. https://doi.org/10.2307/2343100
    .. [2] R. Färe, S. Grosskopf and C. A. K. Lovell (1985). The measurement of efficiency of production. Kluwer-Nijhoff.
       https://doi.org/10.1007/978-94-015-7721-2

    Examples
    --------
    Five units whose inputs cost 1 and 3 (T. Coelli, D. S. P. Rao and G. E. Battese, 1998, An introduction to efficiency and
    productivity analysis, p. 166):

    >>> import pandas as pd, warnings
    >>> from benchlib.errors import FewUnitsWarning
    >>> warnings.simplefilter("ignore", FewUnitsWarning)
    >>> table = pd.DataFrame({"y": [1, 2, 3, 1, 2], "x1": [2, 2, 6, 3, 6], "x2": [5, 4, 6, 2, 2]}, index=[1, 2, 3, 4, 5])
    >>> sample = Sample.from_table(table, inputs=["x1", "x2"], outputs=["y"])
    >>> result = cost_efficiency(sample, {"x1": 1, "x2": 3}, rts="crs")
    >>> result.scores[["unit", "technical", "allocative", "efficiency"]].round(3)
       unit  technical  allocative  efficiency
    0     1      0.500       0.706       0.353
    1     2      1.000       0.857       0.857
    2     3      0.833       0.900       0.750
    3     4      0.714       0.933       0.667
    4     5      1.000       1.000       1.000
    """
    return _evaluate(sample, prices, "input", rts, reference)


def revenue_efficiency(
    sample: Sample, prices: Prices, *, rts: ReturnsToScale = "vrs", reference: Sample | None = None
) -> EconomicResult:
    """Compare what units bring in with the most that their inputs can bring in at their prices [1]_.

    The optimum may have another mix of outputs. Revenue efficiency is the observed over the greatest revenue, the product of
    technical efficiency (as `dea` in output orientation) and allocative efficiency. Where outputs are not sold, the prices may be
    values: what a pupil taught or a kilometre kept up is worth.

        efficiency = observed / optimal = technical * allocative

    Parameters
    ----------
    sample : Sample
        The n units to be scored.
    prices : mapping or DataFrame
        The price of each output, as those of the inputs in `cost_efficiency`.
    rts, reference
        As in `cost_efficiency`.

    Returns
    -------
    EconomicResult

    Raises
    ------
    OptionError, SampleError, SolverError
        As `cost_efficiency`.

    Warns
    -----
    FewUnitsWarning, UnsolvedUnitsWarning
        As `dea`.

    References
    ----------
    .. [1] R. Färe, S. Grosskopf and C. A. K. Lovell (1985). The measurement of efficiency of production. Kluwer-Nijhoff.
       https://doi.org/10.1007/978-94-015-7721-2

    Examples
    --------
    A and B reach the frontier with the same money; pupils count twice as much as adults:

    >>> import pandas as pd, warnings
    >>> from benchlib.errors import FewUnitsWarning
    >>> warnings.simplefilter("ignore", FewUnitsWarning)
    >>> table = pd.DataFrame({"cost": 1.0, "pupils": [4.0, 2.0, 1.0], "adults": [2.0, 4.0, 2.0]}, index=["A", "B", "C"])
    >>> sample = Sample.from_table(table, "cost", ["pupils", "adults"])
    >>> result = revenue_efficiency(sample, {"pupils": 2.0, "adults": 1.0})
    >>> result.scores[["unit", "technical", "allocative", "efficiency", "observed", "optimal"]]
      unit  technical  allocative  efficiency  observed  optimal
    0    A        1.0         1.0         1.0      10.0     10.0
    1    B        1.0         0.8         0.8       8.0     10.0
    2    C        0.5         0.8         0.4       4.0     10.0
    """
    return _evaluate(sample, prices, "output", rts, reference)


def _evaluate(
    sample: Sample, prices: Prices, orientation: Orientation, rts: ReturnsToScale, reference: Sample | None
) -> EconomicResult:
    """Do what `cost_efficiency` and `revenue_efficiency` say: check, solve, label, warn."""
    check_option("rts", rts, ReturnsToScale)
    reference = comparable(sample, reference)
    W = read_prices(sample, prices, sample.outputs if orientation == "output" else sample.inputs)
    warn_if_few(reference)
    optimum = find_optimum(sample, reference, W, orientation, rts)
    technical = radial(sample, orientation, rts, reference).efficiency
    observed = np.sum(W * (sample.Y if orientation == "output" else sample.X), axis=1)
    efficiency = 1.0 / optimum.farrell if orientation == "output" else optimum.farrell
    words = [
        OUTSIDE if code == status.SOLVED and value > 1.0 else WORDS[code]
        for code, value in zip(optimum.status.tolist(), efficiency.tolist(), strict=True)
    ]
    scores = pd.DataFrame(
        {
            "unit": sample.index,
            "name": sample.names,
            "efficiency": efficiency,
            "technical": technical,
            "allocative": snapped(efficiency / technical, 1.0),
            "observed": observed,
            "optimal": observed * optimum.farrell,
            "status": [word for word, _ in words],
            "reason": [reason for _, reason in words],
        }
    )
    return economic_result(METHODS[orientation], rts, sample, reference, scores, optimum.quantities)


def find_optimum(
    sample: Sample, reference: Sample, prices: Floats, orientation: Orientation, rts: ReturnsToScale
) -> Optimum:
    """Find the least cost (greatest revenue) of n units at their own prices.

    Parameters
    ----------
    sample, reference : Sample
        The n evaluated units, and those that span the technology.
    prices : ndarray, shape (n, m) or (n, s)
        Prices of the inputs (output orientation: of the outputs).
    orientation, rts
        As in `dea`; input orientation is for cost, output orientation for revenue.

    Returns
    -------
    Optimum
    """
    is_output = orientation == "output"
    valued, other = (sample.Y, sample.X) if is_output else (sample.X, sample.Y)
    valued_there, other_there = (reference.Y, reference.X) if is_output else (reference.X, reference.Y)
    others = np.array(other_there.T, order="C")
    figures_there = np.hstack([reference.X, reference.Y])
    lowest, highest = INTENSITY_BOUNDS[rts]
    own = own_places(sample, reference)
    n = len(sample)
    found = Optimum(np.full(n, np.nan), np.zeros(n, dtype=np.int64), np.full((n, figures_there.shape[1]), np.nan))
    # Units with the same prices share a technology; as a rule there is one price of a variable for all, or one for each.
    vectors, which = np.unique(prices, axis=0, return_inverse=True)
    for v, price in enumerate(vectors):
        rows = np.flatnonzero(which.ravel() == v)
        here, there = (valued[rows] @ price)[:, None], (valued_there @ price)[None, :]
        X, Y = (other[rows], here) if is_output else (here, other[rows])
        X_there, Y_there = (others, there) if is_output else (there, others)
        solution = solve_radial(Technology(X_there, Y_there, lowest, highest, is_output), X, Y, own[rows])
        found.farrell[rows] = snapped(solution.farrell, 1.0)
        found.status[rows] = solution.status
        # Where there is no peer (position -1) the weight is 0.
        found.quantities[rows] = np.einsum("jp,jpv->jv", solution.weights, figures_there[solution.peers])
    found.quantities[np.isnan(found.farrell)] = np.nan
    return found


def snapped(values: Floats, where: float) -> Floats:
    """Return values, those within rounding of `where` being exactly that."""
    return np.where(np.abs(values - where) <= 2.0 * status.TOLERANCE, where, values)


def economic_result(
    method: str,
    rts: ReturnsToScale,
    sample: Sample,
    reference: Sample,
    scores: pd.DataFrame,
    quantities: Floats,
) -> EconomicResult:
    """Return the labelled result, warn about units without a score, or raise SolverError if there is none.

    Parameters
    ----------
    method : str
        What the title calls it.
    rts, sample, reference
        As in `cost_efficiency`, checked.
    scores : DataFrame
        With the overall score in its third column.
    quantities : ndarray, shape (n, m + s)
        Inputs and outputs at the optimum.

    Returns
    -------
    EconomicResult
    """
    overall = scores.columns[2]
    is_unsolved = scores[overall].isna()
    if is_unsolved.all():
        raise SolverError(
            f"No unit could be scored: {listed(dict.fromkeys(scores['reason']))}. Look at the sample and the prices."
        )
    warn_if_unsolved(scores, overall)
    observed = np.hstack([sample.X, sample.Y])
    change = quantities - observed
    info = {
        "method": method,
        "rts": rts,
        "n_units": len(sample),
        "n_reference": len(reference),
        "inputs": sample.inputs,
        "outputs": sample.outputs,
        "n_unsolved": int(is_unsolved.sum()),
        "version": __version__,
    }
    targets = pd.DataFrame(
        {
            "unit": sample.index.repeat(observed.shape[1]),
            "variable": [*sample.inputs, *sample.outputs] * len(sample),
            "observed": observed.ravel(),
            "target": quantities.ravel(),
            "change": change.ravel(),
            "change_pct": np.divide(
                100.0 * change, observed, out=np.full_like(change, np.nan), where=observed > 0.0
            ).ravel(),
        }
    )
    return EconomicResult(scores, MappingProxyType(info), targets)
