"""The Luenberger indicator of productivity: differences of directional distances."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchlib.efficiency.checks import warn_if_few
from benchlib.efficiency.kernels.status import SOLVED, TOLERANCE
from benchlib.efficiency.measures.directional import solve_directional, steps_of
from benchlib.efficiency.productivity.changes import luenberger_parts
from benchlib.efficiency.productivity.distances import ALL_FOUR, Scored, programmes
from benchlib.efficiency.productivity.panel import Panel, Transition, read_panel
from benchlib.efficiency.productivity.results import Outcome, ProductivityResult, productivity_result
from benchlib.efficiency.sample import Sample
from benchlib.terms import INTENSITY_BOUNDS, Direction, ReturnsToScale, check_option

Floats = NDArray[np.float64]


def luenberger(
    periods: Mapping[Any, Sample],
    *,
    direction: Direction | Mapping[str, float] = "proportional",
    rts: ReturnsToScale = "crs",
) -> ProductivityResult:
    """Measure change of productivity by the Luenberger indicator, split into catching up with the frontier and its shift.

    With B(p | q) for the directional distance of a unit's figures of period p from the frontier of period q (0 on it, positive
    below, negative beyond it; see `directional`), the indicator from period a to period b is the mean of the change seen
    from either frontier [1]_::

        luenberger        = ( B(a|a) - B(b|a) + B(a|b) - B(b|b) ) / 2 = efficiency_change + technical_change
        efficiency_change = B(a|a) - B(b|b)                            did the unit come nearer to its frontier?
        technical_change  = ( B(b|b) - B(b|a) + B(a|b) - B(a|a) ) / 2  did the frontier itself move, where the unit is?

    **Above 0 is progress, in all parts.** Inputs may shrink and outputs grow at once, so that there is no orientation.

    Parameters
    ----------
    periods : mapping
        Two or more periods in their order, each with its Sample, as in `malmquist`.
    direction : {"proportional", "inputs", "outputs", "mean"} or mapping
        One step, as in `directional`: the unit's own figures of the period, or of the inputs, or of the outputs; the means of
        all units and periods; or a number for each variable. With "mean" and with a mapping the step is the same for all units and
        periods, so that changes can be added up over units and over time without reserve.
    rts : {"crs", "vrs", "nirs", "ndrs"}
        Returns to scale. Under constant returns the indicator counts gains from better size as productivity; under variable returns
        it does not.

    Returns
    -------
    ProductivityResult
        `scores` has luenberger, efficiency_change and technical_change for each unit and change; `cumulative` and `means`
        add up.

    Raises
    ------
    OptionError
        If an option is not allowed.
    SampleError
        If there are fewer than two periods, if they have other variables or no unit in common, or if a figure is missing or negative.
    SolverError
        If no change at all could be computed.

    Warns
    -----
    FewUnitsWarning, UnsolvedUnitsWarning
        As `malmquist`.

    Notes
    -----
    For units near the frontier, a small change is nearly the logarithm of the Malmquist index with direction "inputs" or "outputs",
    and half of it with "proportional", where a step changes both sides.

    A unit that does better than the other period's frontier may not meet it on its way under variable returns: there is none of
    its size in the other period. Its numbers are NaN. Units that come and go: as in `malmquist`.

    References
    ----------
    .. [1] R. G. Chambers, R. Färe and S. Grosskopf (1996). Productivity growth in APEC countries. Pacific Economic Review 1(3),
       181-190. https://doi.org/10.1111/j.1468-0106.1996.tb00184.x

    Examples
    --------
    School B catches up with school A, which itself does with 8 instead of 10:

    >>> import pandas as pd, warnings
    >>> from benchlib.errors import FewUnitsWarning
    >>> warnings.simplefilter("ignore", FewUnitsWarning)
    >>> before = pd.DataFrame({"cost": [10.0, 20.0], "pupils": [10.0, 10.0]}, index=["A", "B"])
    >>> after = pd.DataFrame({"cost": [8.0, 8.0], "pupils": [10.0, 10.0]}, index=["A", "B"])
    >>> periods = {year: Sample.from_table(table, "cost", "pupils") for year, table in ((2023, before), (2024, after))}
    >>> columns = ["unit", "luenberger", "efficiency_change", "technical_change"]
    >>> luenberger(periods, direction={"cost": 10}).scores[columns].round(6)
      unit  luenberger  efficiency_change  technical_change
    0    A         0.2                0.0               0.2
    1    B         1.2                1.0               0.2
    """
    check_option("rts", rts, ReturnsToScale)
    panel = read_panel(periods)
    chosen = _means(panel) if direction == "mean" else direction
    steps = [steps_of(sample, sample, chosen) for sample in panel.samples]
    warn_if_few(min(panel.samples, key=len))
    own = [_distances(sample, sample, directions, rts) for sample, directions in zip(panel.samples, steps, strict=True)]
    outcomes, asked = [], sum(one.by_highs for one in own)
    for step in panel.transitions:
        square = _square(panel, step, steps, own, rts)
        outcomes.append(Outcome(luenberger_parts(square.values), programmes(panel, step, square)))
        asked += square.by_highs
    shown = direction if isinstance(direction, str) else dict(direction)
    info = {"method": "Luenberger indicator", "direction": shown, "rts": rts, "n_highs": asked}
    return productivity_result(panel, outcomes, info, neutral=0.0)


def _means(panel: Panel) -> dict[str, float]:
    """Return the mean of each variable over all units and periods."""
    first = panel.samples[0]
    figures = np.vstack([np.hstack([sample.X, sample.Y]) for sample in panel.samples])
    return dict(zip((*first.inputs, *first.outputs), figures.mean(axis=0).tolist(), strict=True))


def _square(
    panel: Panel, step: Transition, steps: Sequence[Floats], own: Sequence[Scored], rts: ReturnsToScale
) -> Scored:
    """Return directional distances of the n units of a transition, shape (2, 2, n): ``[technology, figures]``."""
    periods = (step.start, step.end)
    values = np.full((2, 2, len(step.rows[0])), np.nan)
    status = np.full(values.shape, SOLVED, dtype=np.int64)
    asked = 0
    for k, p in ALL_FOUR:
        rows = step.rows[p]
        if k == p:
            found, taken = own[periods[k]], rows
        else:
            sample = panel.samples[periods[p]]
            moved = sample.subset([sample.units[i] for i in rows])
            found = _distances(panel.samples[periods[k]], moved, steps[periods[p]][rows], rts)
            taken, asked = np.arange(len(rows)), asked + found.by_highs
        values[k, p], status[k, p] = found.values[taken], found.status[taken]
    return Scored(values, status, asked)


def _distances(reference: Sample, sample: Sample, directions: Floats, rts: ReturnsToScale) -> Scored:
    """Return the directional distances of n units, exactly 0 where they are 0 within the tolerance of their certificate."""
    found = solve_directional(reference.X, reference.Y, sample.X, sample.Y, directions, INTENSITY_BOUNDS[rts])
    return Scored(np.where(np.abs(found.factor) <= TOLERANCE, 0.0, found.factor), found.status, found.by_highs)
