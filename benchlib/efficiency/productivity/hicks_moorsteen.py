"""The Hicks-Moorsteen index of productivity: growth of outputs over growth of inputs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from benchlib.efficiency.checks import warn_if_few
from benchlib.efficiency.productivity.changes import hicks_moorsteen_parts
from benchlib.efficiency.productivity.distances import Frontiers, programmes
from benchlib.efficiency.productivity.panel import read_panel
from benchlib.efficiency.productivity.results import Outcome, ProductivityResult, productivity_result
from benchlib.efficiency.sample import Sample
from benchlib.terms import ReturnsToScale, check_option


def hicks_moorsteen(periods: Mapping[Any, Sample], *, rts: ReturnsToScale = "vrs") -> ProductivityResult:
    """Measure change of productivity as growth of the outputs over growth of the inputs (Bjurek's index [1]_).

    How much the outputs grew is measured by output distances, which ask by how much all outputs of a unit could grow with its inputs
    held where they are; how much the inputs grew likewise by input distances. With O(x, y | q) and I(x, y | q) for output and
    input efficiency of inputs x and outputs y against the frontier of period q, from period a to period b::

        hicks_moorsteen = output_change / input_change
        output_change   = sqrt( O(x_a, y_b | a) / O(x_a, y_a | a) * O(x_b, y_b | b) / O(x_b, y_a | b) )
        input_change    = sqrt( I(x_a, y_a | a) / I(x_b, y_a | a) * I(x_a, y_b | b) / I(x_b, y_b | b) )

    **hicks_moorsteen above 1 is progress.** output_change above 1 means more outputs, input_change above 1 more inputs.

    Parameters
    ----------
    periods : mapping
        Two or more periods in their order, each with its Sample, as in `malmquist`.
    rts : {"crs", "vrs", "nirs", "ndrs"}
        Returns to scale of the technology. The index measures productivity under all of them.

    Returns
    -------
    ProductivityResult
        `scores` has hicks_moorsteen, output_change and input_change for each unit and change.

    Raises
    ------
    OptionError
        If rts is not one of the words.
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
    Each programme holds outputs against inputs that the unit itself had in the period of the frontier, so that all are feasible
    for positive figures, under variable returns as well: an advantage over `malmquist` with "ray-desli". With one input and one
    output the index is the change of their ratio, whatever the frontiers.

    Units that come and go: as in `malmquist`.

    References
    ----------
    .. [1] H. Bjurek (1996). The Malmquist total factor productivity index. Scandinavian Journal of Economics 98(2), 303-313.
       https://doi.org/10.2307/3440861

    Examples
    --------
    Cost falls by a fifth, the number of pupils grows by a tenth:

    >>> import pandas as pd, warnings
    >>> from benchlib.errors import FewUnitsWarning
    >>> warnings.simplefilter("ignore", FewUnitsWarning)
    >>> before = pd.DataFrame({"cost": [10.0, 20.0], "pupils": [10.0, 10.0]}, index=["A", "B"])
    >>> after = pd.DataFrame({"cost": [8.0, 20.0], "pupils": [11.0, 10.0]}, index=["A", "B"])
    >>> periods = {year: Sample.from_table(table, "cost", "pupils") for year, table in ((2023, before), (2024, after))}
    >>> hicks_moorsteen(periods).scores[["unit", "hicks_moorsteen", "output_change", "input_change"]]
      unit  hicks_moorsteen  output_change  input_change
    0    A            1.375            1.1           0.8
    1    B            1.000            1.0           1.0
    """
    check_option("rts", rts, ReturnsToScale)
    panel = read_panel(periods)
    warn_if_few(min(panel.samples, key=len))
    inward, outward = Frontiers(panel, "input", rts), Frontiers(panel, "output", rts)
    outcomes, asked = [], inward.by_highs + outward.by_highs
    for step in panel.transitions:
        inputs, outputs = (kind.square(step, is_mixed=True) for kind in (inward, outward))
        solved = [
            *programmes(panel, step, inputs, "inputs of {figures} for outputs of {technology} against {technology}"),
            *programmes(panel, step, outputs, "outputs of {figures} from inputs of {technology} against {technology}"),
        ]
        outcomes.append(Outcome(hicks_moorsteen_parts(inputs.values, outputs.values), solved))
        asked += inputs.by_highs + outputs.by_highs
    info = {"method": "Hicks-Moorsteen index", "rts": rts, "n_highs": asked}
    return productivity_result(panel, outcomes, info, neutral=1.0)
