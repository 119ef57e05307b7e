"""Gains from mergers and cost efficiency, each beside a linear programme per unit in HiGHS."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from scipy.optimize import linprog

from benchlib.efficiency import Sample
from benchlib.efficiency.measures.economic import cost_efficiency
from benchlib.efficiency.measures.mergers import merger_gains
from benchmarks.measure import Row, alternate

VARIABLES = ["x1", "x2", "y1", "y2", "y3"]


def figures(units: int) -> pd.DataFrame:
    return pd.DataFrame(np.random.default_rng(units).lognormal(size=(units, 5)), columns=VARIABLES)


def mergers() -> Iterator[Row]:
    """The reform of 2021 in miniature: 119 units become 43, 38 of them by threes."""
    table = figures(119)
    sample = Sample.from_table(table, VARIABLES[:2], VARIABLES[2:])
    place = np.arange(119)
    into = pd.Series(np.where(place < 114, place // 3, place - 76), index=table.index)
    members = {new: into.index[into == new] for new in into.unique()}
    merged = np.vstack([table.loc[units].sum() for units in members.values()])

    ours, peer = alternate(
        lambda: merger_gains(sample, into, rts="crs"), lambda: highs_potential(table.to_numpy(), merged), runs=5
    )
    found = merger_gains(sample, into, rts="crs").scores["potential"].to_numpy()
    difference = np.abs(found - highs_potential(table.to_numpy(), merged)).max()
    note = f"largest difference of a potential {difference:.1e}; ours splits it into learning, harmony and size as well"
    yield Row(
        f"merger gains, crs, 119 units into {len(members)}", ours, 0.05, "scipy linprog (potential only)", peer, (note,)
    )


def highs_potential(there: np.ndarray, merged: np.ndarray) -> np.ndarray:
    """Input-oriented Farrell factor with constant returns of each merged unit, 2 inputs and 3 outputs."""
    cost = np.r_[1.0, np.zeros(len(there))]
    found = []
    for unit in merged:
        x, y = unit[:2], unit[2:]
        above = np.block([[-x[:, None], there[:, :2].T], [np.zeros((3, 1)), -there[:, 2:].T]])
        found.append(linprog(cost, A_ub=above, b_ub=np.r_[0.0, 0.0, -y], method="highs").fun)
    return np.array(found)


def least_cost() -> Iterator[Row]:
    """Cost efficiency of 500 units, each with prices of its own; HiGHS is asked for every tenth."""
    table = figures(500)
    sample = Sample.from_table(table, VARIABLES[:2], VARIABLES[2:])
    prices = pd.DataFrame(np.random.default_rng(7).lognormal(size=(500, 2)), columns=VARIABLES[:2])
    there, asked = table.to_numpy(), range(0, 500, 10)

    ours, peer = alternate(
        lambda: cost_efficiency(sample, prices), lambda: highs_cost(there, prices.to_numpy(), asked), runs=3
    )
    found = cost_efficiency(sample, prices).scores["optimal"].to_numpy()[asked]
    difference = np.abs(found / highs_cost(there, prices.to_numpy(), asked) - 1.0).max()
    note = f"largest relative difference of a cost {difference:.1e}; the peer solves 50 of the 500, its time is taken ten times"
    yield Row("cost efficiency, vrs, 2 x 3, 500 units", ours, 1.0, "scipy linprog (HiGHS)", 10.0 * peer, (note,))


def highs_cost(there: np.ndarray, prices: np.ndarray, asked: range) -> np.ndarray:
    """Least cost with variable returns of some units, 2 inputs and 3 outputs."""
    one = np.ones((1, len(there)))
    return np.array(
        [
            linprog(
                there[:, :2] @ prices[j], A_ub=-there[:, 2:].T, b_ub=-there[j, 2:], A_eq=one, b_eq=[1.0], method="highs"
            ).fun
            for j in asked
        ]
    )
