"""A linear programme solved in fractions: slow, without any rounding, and as short as can be. For a few rows and columns."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

Row = list[Fraction]


def least(columns: np.ndarray, rhs: np.ndarray, cost: np.ndarray, senses: str) -> Fraction | str:
    """Minimise cost @ x, columns @ x (<, =, >) rhs, x >= 0: the optimum, "infeasible" or "unbounded"."""
    rows, size = columns.shape
    slack = [{"<": 1, ">": -1}.get(sign, 0) for sign in senses]
    table: list[Row] = []
    for i in range(rows):
        row = [Fraction(float(value)) for value in columns[i]] + [Fraction(slack[i] * (k == i)) for k in range(rows)]
        turned = -1 if rhs[i] < 0 else 1
        artificial = [Fraction(k == i) for k in range(rows)]
        table.append([turned * value for value in row] + artificial + [abs(Fraction(float(rhs[i])))])
    basis = [size + rows + i for i in range(rows)]
    own = [Fraction(float(value)) for value in cost] + [Fraction(0)] * rows
    if (start := run(table, basis, [Fraction(0)] * len(own) + [Fraction(1)] * rows, len(own))) != 0:
        assert start != "unbounded"
        return "infeasible"
    for i in range(rows):
        if basis[i] >= len(own):
            column = next((j for j in range(len(own)) if table[i][j] != 0), None)
            if column is not None:
                exchange(table, basis, i, column)
    return run(table, basis, own + [Fraction(0)] * rows, len(own))


def run(table: list[Row], basis: list[int], cost: Sequence[Fraction], allowed: int) -> Fraction | str:
    """Bland's rule from a feasible basis; return the optimum or "unbounded"."""
    while True:
        reduced = [cost[j] - sum(cost[basis[i]] * row[j] for i, row in enumerate(table)) for j in range(allowed)]
        column = next((j for j in range(allowed) if reduced[j] < 0), None)
        if column is None:
            return sum((cost[basis[i]] * row[-1] for i, row in enumerate(table)), Fraction(0))
        ratios = [(row[-1] / row[column], basis[i], i) for i, row in enumerate(table) if row[column] > 0]
        if not ratios:
            return "unbounded"
        exchange(table, basis, min(ratios)[2], column)


def exchange(table: list[Row], basis: list[int], row: int, column: int) -> None:
    pivot = table[row][column]
    table[row] = [value / pivot for value in table[row]]
    for i, other in enumerate(table):
        if i != row and other[column] != 0:
            factor = other[column]
            table[i] = [value - factor * there for value, there in zip(other, table[row], strict=True)]
    basis[row] = column
