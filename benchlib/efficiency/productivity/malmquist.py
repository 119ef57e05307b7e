"""The Malmquist index of productivity and its parts, with intervals where replications are asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike

from benchlib.efficiency.checks import warn_if_few
from benchlib.efficiency.productivity.changes import malmquist_parts
from benchlib.efficiency.productivity.distances import ALL_FOUR, OWN, Frontiers, Pairs, programmes
from benchlib.efficiency.productivity.malmquist_bootstrap import bootstrap_parts, make_plan
from benchlib.efficiency.productivity.panel import read_panel
from benchlib.efficiency.productivity.results import Outcome, ProductivityResult, productivity_result
from benchlib.efficiency.sample import Sample
from benchlib.terms import Decomposition, Orientation, check_option

#: Which (technology, figures) the parts need under constant and under variable returns to scale.
NEEDED: Final[dict[str, tuple[Pairs, Pairs]]] = {"fgnz": (ALL_FOUR, OWN), "ray-desli": (ALL_FOUR, ALL_FOUR)}


def malmquist(
    periods: Mapping[Any, Sample],
    *,
    orientation: Orientation = "input",
    decomposition: Decomposition = "fgnz",
    replications: int | None = None,
    level: float = 0.95,
    seed: int | np.random.Generator | None = None,
    draws: ArrayLike | None = None,
) -> ProductivityResult:
    """Measure change of productivity by the Malmquist index, split into catching up with the frontier and its shift.

    With E(p | q) for the efficiency of a unit's figures of period p against the frontier of period q under constant returns to
    scale (1 on it, above 1 beyond it), the index from period a to period b is the geometric mean of the change seen from
    either frontier [1]_ [2]_::

        malmquist            = sqrt( E(b|a) / E(a|a) * E(b|b) / E(a|b) ) = efficiency_change * technical_change
        efficiency_change    = E(b|b) / E(a|a)                               did the unit come nearer to its frontier?
        technical_change     = sqrt( E(b|a) / E(b|b) * E(a|a) / E(a|b) )     did the frontier itself move, where the unit is?

    **Above 1 is progress, in all parts and for either orientation.**

    Parameters
    ----------
    periods : mapping
        Two or more periods in their order, each with its Sample, such as ``{2023: sample, 2024: sample}``; see
        `samples_by_period`. All have the same inputs and outputs. Units are matched by their identifiers.
    orientation : {"input", "output"}
        As in `dea`. Under constant returns both give the same; so it matters only for pure_efficiency_change, scale_change, and
        technical_change of "ray-desli".
    decomposition : {"fgnz", "ray-desli"}
        What becomes of returns to scale; the index is the same. With V for efficiency under variable returns:

        "fgnz" [3]_: pure_efficiency_change = V(b|b) / V(a|a); scale_change = efficiency_change / pure_efficiency_change.

        "ray-desli" [4]_: pure_efficiency_change as before; technical_change of V instead of E; scale_change = malmquist /
        (pure_efficiency_change * technical_change). The frontier is then the one that units of this size face, but a unit of
        another size than any in the other period has no V there: its technical_change and scale_change are NaN.
    replications : int, optional
        Number of bootstrap samples for `intervals`, at least 2 / (1 - level); by default none are made. 2000 are customary.
    level : float
        Probability of the intervals, between 0 and 1.
    seed : int or numpy.random.Generator
        Required with replications. The same seed gives the same result, whatever the number of threads.
    draws : array_like, shape (B, 2, n), optional
        Drawn distances (at least 1: reciprocals of efficiencies) for two periods with the same n units, in the order of the
        first, to repeat someone else's bootstrap. Nothing is drawn then; replications and seed have no effect.

    Returns
    -------
    ProductivityResult
        `scores` has malmquist and its parts for each unit and change; `cumulative` chains them, `means` averages them.

    Raises
    ------
    OptionError
        If an option is not allowed, or seed is missing.
    SampleError
        If there are fewer than two periods, if they have other variables or no unit in common, or if a figure is missing or negative.
        With replications also if a unit has no score or fewer than 3 units are inside the frontier of both periods.
    SolverError
        If no change at all could be computed.

    Warns
    -----
    FewUnitsWarning
        If a period has fewer units than max(m * s, 3 * (m + s)), for m inputs and s outputs.
    UnsolvedUnitsWarning
        If an index or a part of it is unknown; `scores` says why.

    Notes
    -----
    *Units that come and go.* The frontier of a period is spanned by all its units. A change is measured for units that
    are in both periods; `left_out` names the others.

    *Bootstrap* [5]_. Units of both periods are moved to distances d = 1 / V that are drawn in pairs from a smooth estimate of their
    joint distribution, so that the bootstrap keeps how alike a unit's distances are in both periods; then the observed units
    are scored against the two frontiers that result. The joint distribution is that of the paper: pairs are reflected at both
    frontiers, and normal noise has the covariance of the pairs times h^2, h = (4 / 5k)^(1/6). It is estimated from the k
    pairs with both d > 1; those with d = 1 are at the frontier by construction of the estimator. With all pairs, intervals were a quarter
    shorter in simulations, and efficiency and technical change declared in error about twice as often. Draws are shrunk
    towards 1 so that the noise does not add to their mean square. Variable returns are assumed of the technology; the
    index refers to the cone that it spans. A unit that is in one period only takes one distance of a drawn pair.

    *Intervals.* The errors of the replications about the estimate stand for the error of the estimate about the truth, in logarithms,
    so that an interval is positive and the same whichever way the change is read. They say how far the estimate of the frontiers can be
    trusted, not how well the figures are measured. In simulations without any change (40 units, two inputs, one output, level
    0.95) efficiency_change and technical_change were declared changed for 3 to 8 per cent of the units (5 would be right),
    pure_efficiency_change and scale_change for 8 to 10 per cent (about 20 where units change their size completely), but the index for
    14 to 25 per cent, and for every second unit with an extreme mix of inputs, where the frontier hangs on few units: its intervals are
    too short. A shift of the frontier by 15 per cent was found for at least nine units in ten.

    References
    ----------
    .. [1] D. W. Caves, L. R. Christensen and W. E. Diewert (1982). The economic theory of index numbers and the measurement of
       input, output, and productivity. Econometrica 50(6), 1393-1414. https://doi.org/10.2307/1913388
    .. [2] R. Färe, S. Grosskopf, B. Lindgren and P. Roos (1992). Productivity changes in Swedish pharmacies 1980-1989: a
       non-parametric Malmquist approach. Journal of Productivity Analysis 3, 85-101. https://doi.org/10.1007/BF00158770
    .. [3] R. Färe, S. Grosskopf, M. Norris and Z. Zhang (1994). Productivity growth, technical progress, and efficiency change in
       industrialized countries. American Economic Review 84(1), 66-83. https://www.jstor.org/stable/2117971
    .. [4] S. C. Ray and E. Desli (1997). Productivity growth, technical progress, and efficiency change in industrialized countries:
       comment. American Economic Review 87(5), 1033-1039.
    .. [5] L. Simar and P. W. Wilson (1999). Estimating and bootstrapping Malmquist indices. European Journal of Operational
       Research 115(3), 459-471. https://doi.org/10.1016/S0377-2217(97)00450-5

    Examples
    --------
    School B catches up with school A, which itself becomes a quarter better:

    >>> import pandas as pd, warnings
    >>> from benchlib.errors import FewUnitsWarning
    >>> warnings.simplefilter("ignore", FewUnitsWarning)
    >>> before = pd.DataFrame({"cost": [10.0, 20.0], "pupils": [10.0, 10.0]}, index=["A", "B"])
    >>> after = pd.DataFrame({"cost": [8.0, 8.0], "pupils": [10.0, 10.0]}, index=["A", "B"])
    >>> periods = {year: Sample.from_table(table, "cost", "pupils") for year, table in ((2023, before), (2024, after))}
    >>> malmquist(periods).scores[["unit", "malmquist", "efficiency_change", "technical_change"]]
      unit  malmquist  efficiency_change  technical_change
    0    A       1.25                1.0              1.25
    1    B       2.50                2.0              1.25
    """
    check_option("orientation", orientation, Orientation)
    check_option("decomposition", decomposition, Decomposition)
    panel = read_panel(periods)
    plan = make_plan(panel, replications, level, seed, draws)
    warn_if_few(min(panel.samples, key=len))
    frontiers = Frontiers(panel, orientation, "crs"), Frontiers(panel, orientation, "vrs")
    pairs = NEEDED[decomposition]
    squares = [
        [kind.square(step, wanted) for kind, wanted in zip(frontiers, pairs, strict=True)] for step in panel.transitions
    ]
    parts = [malmquist_parts(crs.values, vrs.values, decomposition) for crs, vrs in squares]
    found = None if plan is None else bootstrap_parts(plan, panel, frontiers, pairs, decomposition, parts)
    asked = sum(kind.by_highs for kind in frontiers) + sum(square.by_highs for pair in squares for square in pair)
    info = {
        "method": "Malmquist index",
        "orientation": orientation,
        "decomposition": decomposition,
        "n_highs": asked + (found.by_highs if found else 0),
        **(found.info if found else {}),
    }
    outcomes = [
        Outcome(values, [solved for square in scored for solved in programmes(panel, step, square)])
        for values, step, scored in zip(parts, panel.transitions, squares, strict=True)
    ]
    return productivity_result(panel, outcomes, info, neutral=1.0, intervals=found.intervals if found else None)
