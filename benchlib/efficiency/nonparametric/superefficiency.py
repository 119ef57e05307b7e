"""Super-efficiency: each unit against all others, which tells efficient units apart."""

from __future__ import annotations

from benchlib.efficiency.checks import comparable, own_places, warn_if_few, warn_if_unsolved
from benchlib.efficiency.nonparametric.envelopment import figures, frontier_result, technology_of
from benchlib.efficiency.nonparametric.results import FrontierResult
from benchlib.efficiency.nonparametric.solution import solve_radial
from benchlib.efficiency.sample import Sample
from benchlib.terms import Orientation, ReturnsToScale, check_option


def super_efficiency(
    sample: Sample,
    *,
    orientation: Orientation = "input",
    rts: ReturnsToScale = "vrs",
) -> FrontierResult:
    """Score each unit by data envelopment analysis against all other units [1]_.

    Inefficient units keep their score of `dea`. An efficient one may have an efficiency above 1: how far it could worsen and still
    be efficient. That tells efficient units apart, and a very high score is a reason to look at the unit's figures, see
    `screen_outliers`.

    Parameters
    ----------
    sample : Sample
        The n units.
    orientation, rts
        As in `dea`.

    Returns
    -------
    FrontierResult
        As `dea`. A unit with an efficiency above 1 has the status `outside`, and no unit is its own peer. A unit with a
        duplicate has an efficiency of at most 1.

    Raises
    ------
    OptionError, SampleError, SolverError
        As `dea`.

    Warns
    -----
    FewUnitsWarning
        If there are fewer units than max(m * s, 3 * (m + s)), for m inputs and s outputs.
    UnsolvedUnitsWarning
        If units have no score; `scores` says why.

    Notes
    -----
    Unless returns to scale are constant, some units cannot be done by the others at all, whatever the inputs (input
    orientation: whoever has most of an output) or however small the outputs (output orientation: whoever uses least of an input).
    They have the status `infeasible` and no score; other programs print infinity or leave them out. Zeros are not replaced: a unit that
    does not use an input is compared with those others only that do not use it either.

    References
    ----------
    .. [1] P. Andersen and N. C. Petersen (1993). A procedure for ranking efficient units in data envelopment analysis. Management
       Science 39(10), 1261-1264. https://doi.org/10.1287/mnsc.39.10.1261

    Examples
    --------
    >>> import pandas as pd, warnings
    >>> from benchlib.errors import FewUnitsWarning, UnsolvedUnitsWarning
    >>> for category in (FewUnitsWarning, UnsolvedUnitsWarning):
    ...     warnings.simplefilter("ignore", category)
    >>> table = pd.DataFrame({"cost": [2.0, 3.0, 6.0, 5.0], "result": [1.0, 3.0, 4.0, 2.0]}, index=[*"ABCD"])
    >>> super_efficiency(Sample.from_table(table, "cost", "result")).scores[["unit", "efficiency", "status"]]
      unit  efficiency      status
    0    A    1.500000     outside
    1    B    1.555556     outside
    2    C         NaN  infeasible
    3    D    0.500000      solved
    """
    check_option("orientation", orientation, Orientation)
    check_option("rts", rts, ReturnsToScale)
    sample = comparable(sample)
    warn_if_few(sample)
    t = technology_of(sample, orientation, rts)
    solution = solve_radial(t, *figures(sample), own_places(sample, sample), without_own=True)
    result = frontier_result("Super-efficiency", orientation, rts, sample, sample, solution)
    warn_if_unsolved(result.scores)
    return result
