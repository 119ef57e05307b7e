"""Panels that several test files share: the reference panel, made-up ones, and distances by another solver."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from scipy.optimize import linprog

from benchlib.efficiency import Sample
from benchlib.efficiency.productivity.panel import samples_by_period
from tests.efficiency.reference import REFERENCE

FOLDER = REFERENCE / "malmquist"
INPUTS, OUTPUTS = ["x1", "x2"], ["y1", "y2", "y3"]

Periods = dict[Any, Sample]


def reference_panel(outputs: list[str] = OUTPUTS) -> Periods:
    """Return the panel of tests/reference/efficiency/malmquist."""
    table = pd.read_csv(FOLDER / "panel_synth43.csv", dtype={"dmu": str})
    return samples_by_period(table, INPUTS, outputs, unit="dmu", period="period")


def beside(scores: pd.DataFrame, file: str, **cell: str) -> pd.DataFrame:
    """Return a scores table with the results of another tool beside it, for one cell of its file."""
    other = pd.read_csv(FOLDER / f"{file}.csv", dtype={"dmu": str})
    for column, word in cell.items():
        other = other[other[column] == word]
    merged = scores.merge(other, left_on=["unit", "period_to"], right_on=["dmu", "period"], how="left")
    assert len(merged) == len(scores) == 86
    return merged


def of_figures(X: np.ndarray, Y: np.ndarray, units: list[Any] | None = None) -> Sample:
    """Return a sample of arrays, shapes (n, m) and (n, s)."""
    X, Y = np.asarray(X, dtype=float), np.asarray(Y, dtype=float)
    names = [f"x{i}" for i in range(X.shape[1])], [f"y{r}" for r in range(Y.shape[1])]
    table = pd.DataFrame(np.hstack([X, Y]), columns=names[0] + names[1], index=units)
    return Sample.from_table(table, *names)


def random_panel(seed: int, n: int = 12, periods: int = 2) -> Periods:
    """Return a panel with 2 inputs and 2 outputs; the last unit enters late, the first leaves early."""
    rng = np.random.default_rng(seed)
    found: Periods = {}
    for period in range(periods):
        X = rng.lognormal(2.0, 0.5, (n, 2))
        Y = X.prod(axis=1, keepdims=True) ** 0.4 * rng.lognormal(0.0, 0.3, (n, 2)) * 1.05**period
        stays = slice(0, n - 1) if period == 0 else slice(1, n) if period == periods - 1 else slice(0, n)
        found[2020 + period] = of_figures(X[stays], Y[stays], list(range(n))[stays])
    return found


def highs(reference: Sample, x: np.ndarray, y: np.ndarray, step: np.ndarray, start: np.ndarray, rts: str) -> float:
    """Return the greatest t such that ``start + t * step`` (inputs, then outputs) can be reached; NaN if none can."""
    A = np.vstack([reference.X.T, -reference.Y.T])
    sign = np.where(np.arange(len(start)) < len(x), 1.0, -1.0)
    # A lambda <= sign * (start + t step), the greatest t
    above = np.hstack([A, -(sign * step)[:, None]])
    total = np.append(np.ones(A.shape[1]), 0.0)[None, :]
    equal = {"A_eq": total, "b_eq": [1.0]} if rts == "vrs" else {}
    cost = np.append(np.zeros(A.shape[1]), -1.0)
    bounds = [(0, None)] * A.shape[1] + [(None, None)]
    solved = linprog(cost, A_ub=above, b_ub=sign * start, bounds=bounds, method="highs", **equal)
    return float(solved.x[-1]) if solved.status == 0 else float("nan")


def efficiency_by_highs(reference: Sample, x: np.ndarray, y: np.ndarray, orientation: str, rts: str) -> float:
    """Return the efficiency of inputs `x` and outputs `y`: radial programmes as rays."""
    zero_x, zero_y = np.zeros_like(x), np.zeros_like(y)
    if orientation == "input":
        shrink = highs(reference, x, y, np.append(-x, zero_y), np.append(x, y), rts)
        return 1.0 - shrink
    return 1.0 / (1.0 + highs(reference, x, y, np.append(zero_x, y), np.append(x, y), rts))


def figures_of(periods: Mapping[Any, Sample], period: Any, unit: Any) -> tuple[np.ndarray, np.ndarray]:
    """Return inputs and outputs of a unit in a period."""
    sample = periods[period]
    place = sample.units.index(unit)
    return sample.X[place], sample.Y[place]
