"""The general solver: by hand, against exact arithmetic, and what becomes of programmes without an answer."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchlib.efficiency.kernels.status import INFEASIBLE, SOLVED, UNBOUNDED, UNCERTIFIED
from benchlib.efficiency.nonparametric import linear
from benchlib.efficiency.nonparametric.linear import LinearAnswer, solve_linear
from tests.efficiency.exact import least

repeatedly = settings(max_examples=100, deadline=None, derandomize=True)
STATUS = {"infeasible": INFEASIBLE, "unbounded": UNBOUNDED}


def assert_optimal(answer: LinearAnswer, columns: Any, rhs: Any, cost: Any, senses: str) -> None:
    """Primal and dual feasible, complementary, no gap: the definition of an optimum, whatever found it."""
    A, b, c = (np.asarray(given, dtype=float) for given in (columns, rhs, cost))
    x = np.where(answer.is_used, answer.x, 0.0)
    terms = np.abs(A * x).max(axis=1, initial=0.0) + np.abs(b) + 1e-300
    size = np.abs(c * x).max(initial=0.0) + np.abs(b * answer.duals).max(initial=0.0) + 1e-300
    for gap, sign, worth in zip((A @ x - b) / terms, senses, answer.duals * terms / size, strict=True):
        assert {"<": gap < 1e-8, ">": gap > -1e-8, "=": abs(gap) < 1e-8}[sign]
        assert {"<": worth < 1e-8, ">": worth > -1e-8, "=": True}[sign]
    assert (answer.x >= 0).all()
    assert abs(answer.value - b @ answer.duals) / size < 1e-8
    assert abs(answer.value - c @ x) / size < 1e-8


def test_by_hand() -> None:
    """Least cost of 2a + 3b with a + b >= 4, a <= 3, b - a = 2 or more: a = 1, b = 3."""
    answer = solve_linear([[1, 1], [1, 0], [-1, 1]], [4, 3, 2], [2, 3], senses="><>")
    assert answer.status == SOLVED
    assert answer.value == pytest.approx(11.0)
    assert answer.x.tolist() == pytest.approx([1.0, 3.0])
    assert answer.slacks.tolist() == pytest.approx([0.0, 2.0, 0.0])
    assert answer.duals.tolist() == pytest.approx([2.5, 0.0, 0.5]), "2 = 2.5 - 0.5 for a, 3 = 2.5 + 0.5 for b"
    assert not answer.by_highs


def test_rows_are_equations_by_default() -> None:
    answer = solve_linear([[1, 2]], [4], [1, 1])
    assert answer.x.tolist() == [0.0, 2.0]
    assert answer.slacks.tolist() == [0.0]


def test_free_columns_may_be_negative() -> None:
    """The least a with a >= b - 3 and b = 1, a free, is -2."""
    answer = solve_linear([[1, -1], [0, 1]], [-3, 1], [1, 0], senses=">=", is_free=[True, False])
    assert answer.value == pytest.approx(-2.0)
    assert answer.x.tolist() == pytest.approx([-2.0, 1.0])


def test_slacks_may_cost() -> None:
    """Two units with inputs 1 and 4 for one output: seen from 5, the slack can be 4."""
    answer = solve_linear([[1, 4], [1, 1]], [5, 1], [0, 0], senses="<=", slack_cost=[-1, 0])
    assert answer.value == pytest.approx(-4.0)
    assert answer.slacks.tolist() == pytest.approx([4.0, 0.0])


def test_infeasible_and_unbounded() -> None:
    for answer, status in (
        (solve_linear([[1, 1]], [-1], [1, 1], senses="<"), INFEASIBLE),
        (solve_linear([[1, 1], [1, 1]], [1, 2], [1, 1]), INFEASIBLE),
        (solve_linear([[1, -1]], [1], [-1, -1], senses="<"), UNBOUNDED),
        (solve_linear([[1, 0]], [0], [1, -1], senses="<"), UNBOUNDED),
    ):
        assert answer.status == status
        assert not answer.by_highs
        assert np.isnan([answer.value, *answer.x, *answer.slacks, *answer.duals]).all()


def test_redundant_rows_do_no_harm() -> None:
    rows = [[1.0, 1.0, 1.0], [2.0, 2.0, 2.0], [1.0, 2.0, 0.0], [2.0, 3.0, 1.0]]
    answer = solve_linear(rows, [1, 2, 1, 2], [3, 2, 1])
    assert_optimal(answer, rows, [1, 2, 1, 2], [3, 2, 1], "====")
    assert answer.value == pytest.approx(1.5)


def test_a_row_of_nothing_closes_its_columns() -> None:
    """Who uses none of the first input is compared with nobody who does, however little; the dual says why."""
    columns = [[1e-12, 0.0, 1.0], [1.0, 2.0, 1.0], [1.0, 1.0, 1.0]]
    answer = solve_linear(columns, [0, 5, 1], [1, 2, 1], senses="<<=")
    assert answer.x.tolist() == [0.0, 1.0, 0.0]
    assert_optimal(answer, columns, [0, 5, 1], [1, 2, 1], "<<=")
    assert (np.array([1, 2, 1]) - answer.duals @ np.array(columns) >= -1e-12).all()
    turned = solve_linear(-np.array(columns), [0, -5, -1], [1, 2, 1], senses=">>=")
    assert turned.x.tolist() == [0.0, 1.0, 0.0]
    assert (turned.duals == -answer.duals).all()


def test_nothing_left_open() -> None:
    answer = solve_linear([[1.0, 1.0]], [0.0], [-1.0, -1.0])
    assert answer.status == SOLVED
    assert answer.x.tolist() == [0.0, 0.0]
    assert answer.value == 0.0
    assert (np.array([-1.0, -1.0]) - answer.duals[0] >= 0).all()


def test_what_costs_little_counts_too() -> None:
    """The last column costs so much that nobody takes it; between the others, at 1e-12 of that, the choice must be right."""
    answer = solve_linear([[1, 1, 1]], [1], [2e-12, 1e-12, 1.0])
    assert answer.x.tolist() == [0.0, 1.0, 0.0]
    assert answer.value == pytest.approx(1e-12, rel=1e-9)


@st.composite
def programmes(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray, np.ndarray, str]:
    """Small programmes of small whole numbers: degenerate, redundant, infeasible and unbounded ones among them."""
    rows, size = draw(st.integers(1, 4)), draw(st.integers(1, 5))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    columns = rng.integers(-2, 4, (rows, size)).astype(float)
    rhs = columns @ rng.integers(0, 3, size) if rng.random() < 0.7 else rng.integers(-3, 6, rows).astype(float)
    cost = rng.integers(-1, 5, size).astype(float)
    return columns, rhs, cost, "".join(rng.choice(list("<=>"), rows))


@repeatedly
@given(programmes())
def test_exact_arithmetic_agrees(programme: tuple[np.ndarray, np.ndarray, np.ndarray, str]) -> None:
    columns, rhs, cost, senses = programme
    expected = least(columns, rhs, cost, senses)
    answer = solve_linear(columns, rhs, cost, senses=senses)
    if isinstance(expected, Fraction):
        assert answer.status == SOLVED
        assert answer.value == pytest.approx(float(expected), abs=1e-9)
        assert_optimal(answer, columns, rhs, cost, senses)
        assert (cost - answer.duals @ columns >= -1e-9).all()
    else:
        assert answer.status == STATUS[expected]


@repeatedly
@given(programmes(), st.integers(0, 2**32 - 1))
def test_units_of_measurement_do_not_matter(
    programme: tuple[np.ndarray, np.ndarray, np.ndarray, str], seed: int
) -> None:
    columns, rhs, cost, senses = programme
    rng = np.random.default_rng(seed)
    by_row, by_column = (10.0 ** rng.integers(-9, 13, size) for size in columns.shape)
    plain = solve_linear(columns, rhs, cost, senses=senses)
    scaled = solve_linear(columns * by_row[:, None] * by_column, rhs * by_row, cost * by_column, senses=senses)
    assert scaled.status == plain.status
    if plain.status == SOLVED:
        assert scaled.value == pytest.approx(plain.value, rel=1e-9, abs=1e-9)
        assert_optimal(scaled, columns * by_row[:, None] * by_column, rhs * by_row, cost * by_column, senses)


def test_a_very_small_figure_among_large_ones() -> None:
    """A unit with an output of 1e-9 among thousands: neither its row nor its slack may drown the others."""
    rng = np.random.default_rng(3)
    X, Y = rng.lognormal(3.0, 1.0, (2, 60)), rng.lognormal(3.0, 1.0, 60)
    for tiny in (1e-3, 1e-6, 1e-9, 1e-12, 0.0):
        columns = np.vstack([X, Y, np.ones(60)])
        rhs = np.array([40.0, 40.0, tiny, 1.0])
        answer = solve_linear(columns, rhs, np.zeros(60), senses="<<>=", slack_cost=[-1.0, -1.0, -1.0, 0.0])
        without = solve_linear(columns[:2], [40.0, 40.0], -Y - (80.0 - X.sum(axis=0)) + 80.0, senses="<<")
        assert answer.status == without.status == SOLVED
        total = np.append(80.0 - X.sum(axis=0) @ answer.x, Y @ answer.x - tiny).sum()
        assert -answer.value == pytest.approx(total, rel=1e-9)
        vrs = solve_linear(np.vstack([X, np.ones(60)]), [40.0, 40.0, 1.0], X.sum(axis=0) - Y, senses="<<=")
        assert -answer.value == pytest.approx(80.0 - tiny - vrs.value, rel=1e-9)


# The second solver -----------------------------------------------------------------------------------------------------


@pytest.fixture
def giving_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(linear, "optimise", lambda *_: UNCERTIFIED)


@pytest.mark.usefixtures("giving_up")
def test_highs_takes_over() -> None:
    columns, rhs, cost = [[1, 1], [1, 0], [-1, 1]], [4, 3, 2], [2, 3]
    answer = solve_linear(columns, rhs, cost, senses="><>")
    assert answer.by_highs
    assert answer.value == pytest.approx(11.0)
    assert_optimal(answer, columns, rhs, cost, "><>")
    assert solve_linear([[1, 1]], [-1], [1, 1], senses="<").status == INFEASIBLE
    assert solve_linear([[1, -1]], [1], [-1, -1], senses="<").status == UNBOUNDED


@pytest.mark.usefixtures("giving_up")
def test_what_nobody_certifies_is_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(linear, "minimise", lambda *_: (UNCERTIFIED, np.zeros(0)))
    answer = solve_linear([[1, 1]], [1], [1, 2], senses="<")
    assert answer.status == UNCERTIFIED
    assert answer.by_highs
    assert np.isnan([answer.value, *answer.x, *answer.slacks, *answer.duals]).all()


def test_figures_that_are_not_numbers_give_no_answer() -> None:
    assert solve_linear([[1, np.nan]], [1], [1, 2]).status == UNCERTIFIED
