"""From a frontier to somebody to learn from: who does better with no more, and what reaching them would be worth."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
import pandas as pd

from benchlib.comparison.groups import ComparisonGroup, comparison_group
from benchlib.efficiency import FrontierResult, Sample
from benchlib.errors import OptionError
from benchlib.indicators import find_municipality
from benchlib.terms import Classification

#: Fewest units for a frontier of their own: seven state cities among themselves would nearly all look efficient.
MINIMUM_UNITS = 20
_COLUMNS = [
    "method",
    "orientation",
    "efficiency",
    "input",
    "input_target",
    "saving_per_user",
    "saving_eur",
    "output",
    "output_target",
    "gain",
    "peers",
]


def comparable_units(municipality: str, *, year: int, territory: Classification = "2025") -> ComparisonGroup:
    """With whom a frontier is shared: all of the same kind, or everybody where that kind is too small.

    Parameters
    ----------
    municipality : str
        Name or code.
    year : int
        Year of the scores.
    territory : {"2025", "2021", "2009"}
        Classification.

    Returns
    -------
    ComparisonGroup
        "kind" for a novads (35 or 110 of them), "all" for a state city.

    Raises
    ------
    UnknownTerritoryError, AmbiguousTerritoryError
        If the name is not known.
    """
    unit = find_municipality(municipality, territory)
    same = comparison_group(unit.code, group="kind", year=year, territory=territory)
    if len(same.members) >= MINIMUM_UNITS:
        return same
    return comparison_group(unit.code, group="all", year=year, territory=territory)


def dominators(sample: Sample, unit: str) -> pd.DataFrame:
    """Units that use no more of any input and reach no less of any output, and are better in at least one.

    Parameters
    ----------
    sample : Sample
        Units with inputs and outputs.
    unit : str
        The unit that is dominated.

    Returns
    -------
    pandas.DataFrame
        `unit`, the inputs and the outputs of the dominating units, least first input first; empty if nobody dominates it.

    Raises
    ------
    OptionError
        If the unit is not in the sample.
    """
    place = _place(sample, unit)
    better = (sample.X[place] >= sample.X).all(axis=1) & (sample.Y[place] <= sample.Y).all(axis=1)
    strictly = (sample.X[place] > sample.X).any(axis=1) | (sample.Y[place] < sample.Y).any(axis=1)
    rows = np.flatnonzero(better & strictly)
    table = pd.DataFrame(np.column_stack([sample.X[rows], sample.Y[rows]]), columns=[*sample.inputs, *sample.outputs])
    table.insert(0, "unit", [sample.units[row] for row in rows])
    return table.sort_values([sample.inputs[0], "unit"], ignore_index=True)


def reach(results: Sequence[FrontierResult], unit: str, *, volume: float) -> pd.DataFrame:
    """What reaching the frontier would mean for one unit, method by method.

    Parameters
    ----------
    results : sequence of FrontierResult
        Scores by several methods and orientations; the first input is money per user, the first output the result.
    unit : str
        The unit.
    volume : float
        Users (pupils) that turn money per user into money; NaN if unknown.

    Returns
    -------
    pandas.DataFrame
        A row per result: `method`, `orientation`, `efficiency`, `input`, `input_target`, `saving_per_user` (input units, 0 or more),
        `saving_eur` (times the volume), `output`, `output_target`, `gain` (output units, 0 or more), `peers` (pairs of
        peer and weight).

    Raises
    ------
    OptionError
        If the unit is not in a sample.
    """
    rows = []
    for result in results:
        sample = result.sample
        place = _place(sample, unit)
        targets = result.targets.loc[result.targets["unit"] == unit].set_index("variable")["target"]
        x, y = float(sample.X[place, 0]), float(sample.Y[place, 0])
        x_target, y_target = float(targets[sample.inputs[0]]), float(targets[sample.outputs[0]])
        rows.append(
            {
                "method": str(result.info["method"]),
                "orientation": str(result.info["orientation"]),
                "efficiency": float(result.efficiency[place]),
                "input": x,
                "input_target": x_target,
                "saving_per_user": x - x_target,
                "saving_eur": (x - x_target) * volume,
                "output": y,
                "output_target": y_target,
                "gain": y_target - y,
                "peers": tuple(
                    (str(peer), float(weight))
                    for peer, weight in result.peers.loc[result.peers["unit"] == unit, ["peer", "weight"]].itertuples(
                        index=False
                    )
                ),
            }
        )
    return pd.DataFrame(rows, columns=_COLUMNS)


def _place(sample: Sample, unit: str) -> int:
    if unit not in sample.units:
        raise OptionError(
            f"unit={unit!r} is not in the sample of {len(sample)} units; a unit without figures has no score."
        )
    return sample.units.index(unit)


def other_peers(result: FrontierResult, units: Collection[str]) -> pd.DataFrame:
    """Peers of those units that are not on (or beyond) the frontier.

    Parameters
    ----------
    result : FrontierResult
        The frontier.
    units : collection of str
        Of whom the peers are asked.

    Returns
    -------
    pandas.DataFrame
        As `FrontierResult.peers`, without the unit itself.
    """
    inside = result.scores.loc[result.scores["efficiency"] < 1.0, "unit"]
    peers = result.peers
    return peers[peers["unit"].isin(set(inside) & set(units)) & (peers["unit"] != peers["peer"])]
