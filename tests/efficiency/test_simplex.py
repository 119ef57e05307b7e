"""The simplex kernel on programmes of a few literals, and its certificate."""

from __future__ import annotations

import numpy as np
import pytest

from benchlib.efficiency.kernels.simplex import (
    Programme,
    certify,
    enter,
    entering_column,
    invert_basis,
    iterate,
    leaving_row,
    new_programme,
    optimise,
    price,
)
from benchlib.efficiency.kernels.status import SOLVED, UNBOUNDED, UNCERTIFIED


def programme(columns: list[list[float]], rhs: list[float], cost: list[float]) -> Programme:
    """Minimise cost @ x, columns @ x <= rhs, x >= 0; one slack per row makes the starting basis."""
    rows, size = np.shape(columns)
    p = new_programme(rows, size + rows)
    p.columns[:, :size] = columns
    p.columns[:, size:] = np.eye(rows)
    p.rhs[:] = rhs
    p.cost[:size] = cost
    p.is_open[:] = True
    p.basis[:] = np.arange(size, size + rows)
    assert invert_basis(p)
    return p


def solution(p: Programme) -> np.ndarray:
    x = np.zeros(p.cost.size)
    x[p.basis] = p.values
    return x


def test_a_textbook_programme() -> None:
    """Maximise 3a + 5b with a <= 4, 2b <= 12, 3a + 2b <= 18: a = 2, b = 6 (Hillier and Lieberman's Wyndor Glass)."""
    p = programme([[1, 0], [0, 2], [3, 2]], [4, 12, 18], [-3, -5])
    assert optimise(p, 100) == SOLVED
    assert solution(p)[:2].tolist() == pytest.approx([2.0, 6.0])
    assert p.duals.tolist() == pytest.approx([0.0, -1.5, -1.0])
    assert certify(p)


def test_a_degenerate_programme() -> None:
    """E. M. L. Beale's example (1955), on which a naive simplex method goes round for ever: x1 = 1/25, x3 = 1."""
    p = programme([[0.25, -60, -1 / 25, 9], [0.5, -90, -1 / 50, 3], [0, 0, 1, 0]], [0, 0, 1], [-0.75, 150, -1 / 50, 6])
    assert optimise(p, 500) == SOLVED
    assert solution(p)[:4].tolist() == pytest.approx([1 / 25, 0.0, 1.0, 0.0])


def test_blands_rule() -> None:
    """Carefully, the first column that improves enters, and of tied rows the one with the first basic column leaves."""
    p = programme([[1, 1], [2, 4]], [1, 2], [-1, -5])
    zero = price(p.columns, p.cost, p.basis, p.inverse, p.duals, p.reduced)
    assert entering_column(p.reduced, p.is_open, zero, False) == 1
    assert entering_column(p.reduced, p.is_open, zero, True) == 0
    enter(p.columns, p.inverse, 0, p.entering)
    assert leaving_row(p.entering, p.values, p.basis, False) == 1, "the larger pivot"
    assert leaving_row(p.entering, p.values, p.basis, True) == 0


def test_unbounded() -> None:
    assert optimise(programme([[1, -1]], [1], [0, -1]), 100) == UNBOUNDED


def test_closed_columns_stay_out() -> None:
    p = programme([[1, 1]], [1], [-1, -2])
    p.is_open[1] = False
    assert optimise(p, 100) == SOLVED
    assert solution(p)[:2].tolist() == pytest.approx([1.0, 0.0])


def test_too_few_steps_give_no_certificate() -> None:
    p = programme([[1, 0], [0, 2], [3, 2]], [4, 12, 18], [-3, -5])
    assert iterate(p, 1) == UNCERTIFIED
    assert not certify(p)


def test_a_singular_basis_gives_no_certificate() -> None:
    p = programme([[1, 2], [1, 2]], [1, 1], [-1, -1])
    p.basis[:] = [0, 1]
    assert not certify(p)


def test_an_infeasible_basis_gives_no_certificate() -> None:
    """Both constraints tight would need a = -1."""
    p = programme([[1, 1], [0, 1]], [1, 2], [1, 1])
    p.basis[:] = [0, 1]
    assert not certify(p)
