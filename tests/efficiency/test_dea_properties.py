"""What must hold for any sample: against HiGHS as an independent solver, and laws of the model."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.optimize import linprog

from benchlib.efficiency import FrontierResult, Sample, dea, fdh
from benchlib.terms import INTENSITY_BOUNDS

pytestmark = [
    pytest.mark.filterwarnings("ignore::benchlib.errors.FewUnitsWarning"),
    pytest.mark.filterwarnings("ignore::benchlib.errors.UnsolvedUnitsWarning"),
]

#: The same examples in each run: CI does not fail by chance. To hunt, raise the number and drop `derandomize`.
repeatedly = settings(max_examples=40, deadline=None, derandomize=True)

Floats = NDArray[np.float64]
RTS = sorted(INTENSITY_BOUNDS)
ORIENTATIONS = ["input", "output"]


def sample_of(X: Floats, Y: Floats) -> Sample:
    inputs, outputs = ([f"{letter}{i}" for i in range(V.shape[1])] for letter, V in (("x", X), ("y", Y)))
    return Sample.from_table(pd.DataFrame(np.hstack([X, Y]), columns=inputs + outputs), inputs, outputs)


@st.composite
def samples(draw: st.DrawFn, *, with_zeros: bool = False) -> Sample:
    """Small samples with many ties, duplicates and collinear columns; often fewer units than variables."""
    n, m, s = draw(st.integers(1, 9)), draw(st.integers(1, 3)), draw(st.integers(1, 3))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    kind = draw(st.sampled_from(["smooth", "integer", "duplicates", "collinear"]))
    figures = rng.lognormal(0.0, 1.0, (n, m + s))
    if kind == "integer":
        figures = rng.integers(1, 4, (n, m + s)).astype(float)
    elif kind == "duplicates":
        figures = figures[rng.integers(n, size=n)]
    elif kind == "collinear" and m > 1:
        figures[:, 1] = 3.0 * figures[:, 0]
    if with_zeros:
        figures[:, 1:-1] *= rng.random((n, m + s - 2)) > 0.3
    return sample_of(figures[:, :m], figures[:, m:])


def by_highs(sample: Sample, j: int, rts: str, orientation: str) -> float:
    """Farrell factor of unit j from the textbook's inequalities, in HiGHS."""
    x, y = sample.X[j], sample.Y[j]
    n = len(sample)
    with_x, with_y = x > 0, y > 0
    x_part = sample.X.T[with_x] / x[with_x, None]
    y_part = sample.Y.T[with_y] / y[with_y, None]
    grows = orientation == "output"
    a = np.vstack(
        [
            np.column_stack([x_part, np.full(len(x_part), 0.0 if grows else -1.0)]),
            np.column_stack([-y_part, np.full(len(y_part), 1.0 if grows else 0.0)]),
            np.append(np.ones(n), 0.0),
            np.append(-np.ones(n), 0.0),
        ]
    )
    lowest, highest = INTENSITY_BOUNDS[rts]
    b = np.concatenate(
        [np.full(len(x_part), float(grows)), np.full(len(y_part), float(grows) - 1.0), [min(highest, 1e9), -lowest]]
    )
    uses_other = (sample.X[:, ~with_x] > 0).any(axis=1)
    bounds = [(0, 0 if is_barred else None) for is_barred in uses_other] + [(0, None)]
    strict = {"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10}
    found = linprog(np.append(np.zeros(n), -1.0 if grows else 1.0), a, b, bounds=bounds, method="highs", options=strict)
    return float(found.x[-1]) if found.status == 0 else np.nan


@repeatedly
@given(samples(with_zeros=True), st.sampled_from(RTS), st.sampled_from(ORIENTATIONS))
def test_equals_highs(sample: Sample, rts: str, orientation: str) -> None:
    expected = [by_highs(sample, j, rts, orientation) for j in range(len(sample))]
    np.testing.assert_allclose(dea(sample, rts=rts, orientation=orientation).farrell, expected, rtol=1e-8, atol=1e-8)


@repeatedly
@given(
    samples(with_zeros=True),
    st.sampled_from(RTS),
    st.sampled_from(ORIENTATIONS),
    st.lists(st.integers(-9, 12), min_size=6, max_size=6),
)
def test_units_of_measurement_do_not_matter(sample: Sample, rts: str, orientation: str, powers: list[int]) -> None:
    factors = 10.0 ** np.array(powers)
    m, s = sample.X.shape[1], sample.Y.shape[1]
    scaled = sample_of(sample.X * factors[:m], sample.Y * factors[3 : 3 + s])
    for estimate in (
        lambda one: dea(one, rts=rts, orientation=orientation),
        lambda one: fdh(one, orientation=orientation),
    ):
        before, after = estimate(sample), estimate(scaled)
        np.testing.assert_allclose(after.farrell, before.farrell, rtol=1e-9)
        weighed = [result.solution.slacks / spread_of(result) for result in (before, after)]
        np.testing.assert_allclose(weighed[1].sum(axis=1), weighed[0].sum(axis=1), rtol=1e-7, atol=1e-8)


def spread_of(result: FrontierResult) -> Floats:
    figures = np.hstack([result.sample.X, result.sample.Y])
    spread = np.ptp(figures, axis=0)
    spread = np.where(spread > 0, spread, figures.max(axis=0))
    return np.where(spread > 0, spread, 1.0)


@repeatedly
@given(samples(), st.sampled_from(RTS), st.sampled_from(ORIENTATIONS), st.randoms())
def test_the_order_of_units_does_not_matter(sample: Sample, rts: str, orientation: str, random: object) -> None:
    order = list(sample.units)
    random.shuffle(order)  # type: ignore[attr-defined]
    scores = dea(sample, rts=rts, orientation=orientation).scores.set_index("unit")
    shuffled = dea(sample.subset(order), rts=rts, orientation=orientation).scores
    assert shuffled["unit"].tolist() == order
    np.testing.assert_allclose(shuffled["efficiency"], scores.loc[order, "efficiency"], rtol=1e-9)


@repeatedly
@given(samples(), st.sampled_from(RTS), st.sampled_from(ORIENTATIONS))
def test_duplicates_and_dominated_units_change_nothing(sample: Sample, rts: str, orientation: str) -> None:
    wider = sample_of(
        np.vstack([sample.X, sample.X[:1], 2.0 * sample.X[:1]]), np.vstack([sample.Y, sample.Y[:1], 0.5 * sample.Y[:1]])
    )
    before = dea(sample, rts=rts, orientation=orientation).efficiency
    after = dea(wider, rts=rts, orientation=orientation).efficiency
    np.testing.assert_allclose(after[: len(sample)], before, rtol=1e-9)
    assert after[-2] == pytest.approx(before[0], rel=1e-9)
    assert after[-1] <= 0.5 + 1e-9


@repeatedly
@given(samples(with_zeros=True), st.sampled_from(ORIENTATIONS))
def test_a_larger_technology_never_helps(sample: Sample, orientation: str) -> None:
    crs, nirs, ndrs, vrs = (
        dea(sample, rts=r, orientation=orientation).efficiency for r in ("crs", "nirs", "ndrs", "vrs")
    )
    hull = fdh(sample, orientation=orientation).efficiency
    for small, large in pairwise((crs, nirs, vrs, hull)):
        assert not np.any(small > large + 1e-9)
    for small, large in pairwise((crs, ndrs, vrs)):
        assert not np.any(small > large + 1e-9)
    np.testing.assert_allclose(np.fmax(nirs, ndrs), np.where(np.isnan(nirs) & np.isnan(ndrs), np.nan, vrs), rtol=1e-8)


@repeatedly
@given(samples(with_zeros=True))
def test_orientations_agree_under_constant_returns(sample: Sample) -> None:
    inward, outward = (dea(sample, rts="crs", orientation=o).efficiency for o in ORIENTATIONS)
    both = ~np.isnan(inward + outward)
    np.testing.assert_allclose(inward[both], outward[both], rtol=1e-8)


@repeatedly
@given(samples(with_zeros=True), st.sampled_from(RTS), st.sampled_from(ORIENTATIONS))
def test_targets_are_efficient_and_made_of_the_peers(sample: Sample, rts: str, orientation: str) -> None:
    result = dea(sample, rts=rts, orientation=orientation)
    solved = [unit for unit, status in zip(sample.units, result.scores["status"], strict=True) if status == "solved"]
    if not solved:
        return
    target = result.targets.pivot_table(index="unit", columns="variable", values="target", sort=False).loc[solved]
    again = dea(
        Sample.from_table(target, sample.inputs, sample.outputs), rts=rts, orientation=orientation, reference=sample
    )
    np.testing.assert_allclose(again.farrell, 1.0, atol=1e-8)
    np.testing.assert_allclose(again.solution.slacks / spread_of(result), 0.0, atol=1e-7)
    figures = sample.to_frame().set_index("unit")[[*sample.inputs, *sample.outputs]]
    for unit in solved:
        peers = result.peers[result.peers["unit"] == unit]
        mix = (figures.loc[peers["peer"]].to_numpy() * peers[["weight"]].to_numpy()).sum(axis=0)
        np.testing.assert_allclose(mix, target.loc[unit, figures.columns], rtol=1e-7, atol=1e-8)
        lowest, highest = INTENSITY_BOUNDS[rts]
        assert lowest - 1e-8 <= peers["weight"].sum() <= highest + 1e-8


@repeatedly
@given(samples(with_zeros=True), st.sampled_from(RTS), st.sampled_from(ORIENTATIONS))
def test_multipliers_certify_the_score(sample: Sample, rts: str, orientation: str) -> None:
    """No unit beats the multipliers of another, and with them each unit's virtual figures give its own score."""
    result = dea(sample, rts=rts, orientation=orientation)
    m, s = sample.X.shape[1], sample.Y.shape[1]
    for j in np.flatnonzero(~np.isnan(result.farrell)):
        v, u, w = np.split(result.solution.multipliers[j], [m, m + s])
        assert (np.concatenate([v, u]) >= 0).all()
        cost, worth = sample.X @ v, sample.Y @ u
        if orientation == "input":
            assert cost[j] == pytest.approx(1.0, abs=1e-8)
            assert worth[j] + w[0] == pytest.approx(result.farrell[j], abs=1e-8)
            assert (worth + w[0] <= cost + 1e-7 * np.maximum(1.0, cost)).all()
        else:
            assert worth[j] == pytest.approx(1.0, abs=1e-8)
            assert cost[j] + w[0] == pytest.approx(result.farrell[j], rel=1e-8)
            assert (worth <= cost + w[0] + 1e-7 * np.maximum(1.0, cost)).all()


def test_one_unit_is_its_own_frontier() -> None:
    sample = sample_of(np.array([[3.0]]), np.array([[2.0]]))
    for rts in RTS:
        result = dea(sample, rts=rts)
        assert result.efficiency.tolist() == [1.0]
        assert result.peers["peer"].tolist() == [0]


def test_threads_change_nothing(monkeypatch: pytest.MonkeyPatch, synth43: Sample) -> None:
    alone = dea(synth43)
    monkeypatch.setattr("benchlib.efficiency.nonparametric.solution.WORTH_THREADS", 0)
    together = dea(synth43)
    pd.testing.assert_frame_equal(alone.to_frame(), together.to_frame(), check_exact=True)
    pd.testing.assert_frame_equal(alone.multipliers, together.multipliers, check_exact=True)
