"""Large samples are scored against the few units that span the technology; nobody may notice."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from benchlib.efficiency import FrontierResult, Sample, dea, super_efficiency
from benchlib.efficiency.kernels.status import UNCERTIFIED
from benchlib.efficiency.nonparametric import frame, solution
from benchlib.efficiency.nonparametric.envelopment import technology_of
from benchlib.errors import OptionError, SampleError, SolverError
from tests.efficiency.reference import ORIENTATION, REFERENCE, sample_of
from tests.efficiency.reference import RTS as RTS_OF

pytestmark = [
    pytest.mark.filterwarnings("ignore::benchlib.errors.FewUnitsWarning"),
    pytest.mark.filterwarnings("ignore::benchlib.errors.UnsolvedUnitsWarning"),
]

RTS = ("crs", "vrs", "nirs", "ndrs")
SAMPLES = sorted(path.stem for path in (REFERENCE / "data").glob("*.csv") if "panel" not in path.stem)


def both_ways(score: Any, monkeypatch: pytest.MonkeyPatch, large: int = 1) -> tuple[FrontierResult, FrontierResult]:
    """Score with all units in every programme, and with those that span the technology."""
    monkeypatch.setattr(solution, "LARGE", 10**9)
    whole = score()
    monkeypatch.setattr(solution, "LARGE", large)
    return whole, score()


def assert_same(whole: FrontierResult, spanned: FrontierResult) -> None:
    assert spanned.scores["status"].tolist() == whole.scores["status"].tolist()
    np.testing.assert_allclose(spanned.farrell, whole.farrell, rtol=1e-9)
    weights = solution.slack_weights(technology_of(whole.reference, "input", "vrs"))
    np.testing.assert_allclose(spanned.solution.slacks @ weights, whole.solution.slacks @ weights, rtol=1e-7, atol=1e-8)
    assert_certified(spanned)


def assert_certified(result: FrontierResult) -> None:
    """Multipliers price no reference unit above its cost; peers do what the target says."""
    m = len(result.sample.inputs)
    X, Y = result.reference.X, result.reference.Y
    for j in np.flatnonzero(~np.isnan(result.farrell)):
        peers, weights = result.solution.peers[j], result.solution.weights[j]
        shown = weights[peers >= 0] @ np.hstack([X, Y])[peers[peers >= 0]]
        target = result.targets["target"].to_numpy().reshape(len(result.sample), -1)[j]
        # Zero inputs aside, the combination of the peers is the target.
        np.testing.assert_allclose(shown, target, rtol=1e-7, atol=1e-9 * max(1.0, np.abs(target).max()))
        if result.info["method"] != "DEA":
            continue
        v, u, w = np.split(result.solution.multipliers[j], [m, m + Y.shape[1]])
        sign = -1.0 if result.info["orientation"] == "output" else 1.0
        excess = Y @ u + sign * w - X @ v
        assert (excess <= 1e-8 * (1.0 + X @ v)).all()


@pytest.mark.parametrize("orientation", ["input", "output"])
@pytest.mark.parametrize("rts", RTS)
@pytest.mark.parametrize("name", SAMPLES)
def test_reference_samples(name: str, rts: str, orientation: str, monkeypatch: pytest.MonkeyPatch) -> None:
    sample = sample_of(name)
    assert_same(*both_ways(lambda: dea(sample, rts=rts, orientation=orientation), monkeypatch))


@pytest.mark.parametrize("rts", RTS)
@pytest.mark.parametrize("orientation", ["input", "output"])
def test_other_references(synth43: Sample, rts: str, orientation: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Some of the units are in the reference, some are not, and some lie outside its technology."""
    reference = synth43.subset(synth43.units[:25])
    assert_same(*both_ways(lambda: dea(synth43, rts=rts, orientation=orientation, reference=reference), monkeypatch))


@pytest.mark.parametrize("rts", RTS)
@pytest.mark.parametrize("orientation", ["input", "output"])
def test_super_efficiency(synth43: Sample, rts: str, orientation: str, monkeypatch: pytest.MonkeyPatch) -> None:
    whole, spanned = both_ways(lambda: super_efficiency(synth43, rts=rts, orientation=orientation), monkeypatch)
    assert (whole.efficiency > 1.0).any()
    assert_same(whole, spanned)


@st.composite
def samples(draw: st.DrawFn) -> Sample:
    """Units with ties, zeros, duplicates, dominated units and collinear columns, on any scale."""
    n = draw(st.integers(1, 25))
    m, s = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    whole = st.integers(0 if draw(st.booleans()) else 1, 6)
    rows = draw(st.lists(st.tuples(*[whole] * (m + s)), min_size=n, max_size=n))
    scales = [10.0 ** draw(st.integers(-9, 12)) for _ in range(m + s)]
    columns = [f"x{i}" for i in range(m)] + [f"y{r}" for r in range(s)]
    table = pd.DataFrame(np.array(rows, dtype=np.float64) * scales, columns=columns)
    return Sample.from_table(table, columns[:m], columns[m:])


@settings(max_examples=60, deadline=None)
@given(sample=samples(), rts=st.sampled_from(RTS), orientation=st.sampled_from(["input", "output"]))
def test_any_sample(sample: Sample, rts: str, orientation: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        try:
            whole, spanned = both_ways(lambda: dea(sample, rts=rts, orientation=orientation), patch)  # type: ignore[arg-type]
        except SolverError:  # all units without a score, in the first way already
            patch.setattr(solution, "LARGE", 1)
            with pytest.raises(SolverError, match="No unit could be scored"):
                dea(sample, rts=rts, orientation=orientation)  # type: ignore[arg-type]
            return
    assert spanned.scores["status"].tolist() == whole.scores["status"].tolist()
    np.testing.assert_allclose(spanned.farrell, whole.farrell, rtol=1e-9)


def random_sample(n: int, seed: int = 1) -> Sample:
    rng = np.random.default_rng(seed)
    columns = ["x0", "x1", "y0", "y1", "y2"]
    table = pd.DataFrame(rng.lognormal(0.0, 0.5, (n, 5)), columns=columns)
    return Sample.from_table(table, columns[:2], columns[2:])


def test_thousands_of_units_against_another_solver() -> None:
    sample = random_sample(3000)
    result = dea(sample)
    assert result.info["n_highs"] == 0
    X, Y = sample.X, sample.Y
    for j in range(0, 3000, 300):
        above = np.block([[-X[j][:, None], X.T], [np.zeros((3, 1)), -Y.T]])
        found = linprog(
            np.r_[1.0, np.zeros(3000)],
            A_ub=above,
            b_ub=np.r_[np.zeros(2), -Y[j]],
            A_eq=np.r_[0.0, np.ones(3000)][None],
            b_eq=[1.0],
        )
        assert result.farrell[j] == pytest.approx(found.fun, abs=1e-8)


def test_the_frame_is_small_and_holds_whoever_nobody_else_can_replace() -> None:
    sample = random_sample(3000)
    t = technology_of(sample, "input", "vrs")
    members = frame.span(t, solution._first_stage)
    assert (np.diff(members) > 0).all()
    assert len(members) < 400
    # With their inputs scaled up a little still efficient: no combination of others does what they do.
    alone = super_efficiency(sample)
    corners = np.flatnonzero((alone.efficiency > 1.0 + 1e-9) | np.isnan(alone.efficiency))
    assert set(corners.tolist()) <= set(members.tolist())
    left = np.setdiff1d(np.arange(3000), members)
    farrell, _, _ = solution._first_stage(frame.part(t, members), sample.X[left], sample.Y[left], False)
    assert (farrell <= 1.0 + frame.OUTSIDE).all()


def test_where_nearly_everybody_spans_the_technology_nothing_is_left_out() -> None:
    angle = np.linspace(0.1, 1.4, 450)
    table = pd.DataFrame({"x0": 2.0 - np.cos(angle), "x1": 2.0 - np.sin(angle), "y": 1.0})
    sample = Sample.from_table(table, ["x0", "x1"], "y")
    result = dea(sample)
    assert (result.efficiency == 1.0).all()
    assert (result.peers["unit"] == result.peers["peer"]).all()


@pytest.mark.parametrize("name", sorted(path.stem for path in (REFERENCE / "highs").glob("*.csv")))
def test_super_efficiency_is_that_of_another_solver(name: str) -> None:
    """Status 2: no combination of the others does it; 3: their outputs grow without limit."""
    table = pd.read_csv(REFERENCE / "highs" / f"{name}.csv", dtype={"dmu": str})
    sample = sample_of(name)
    for (rts, orientation), rows in table.groupby(["rts", "orientation"]):
        try:
            found = super_efficiency(sample, rts=RTS_OF[str(rts)], orientation=ORIENTATION[str(orientation)])  # type: ignore[arg-type]
        except SolverError:
            assert rows["super_status"].ne(0).all()
            continue
        expected = rows.set_index("dmu").loc[[str(unit) for unit in sample.units]]
        is_there = expected["super_status"].eq(0).to_numpy() & ~np.isnan(found.farrell)
        np.testing.assert_allclose(found.farrell[is_there], expected["super_eff"][is_there], rtol=1e-8)
        assert np.isnan(found.farrell[expected["super_status"].eq(2)]).all()


def test_a_unit_alone_has_nobody_to_be_compared_with() -> None:
    sample = Sample.from_table(pd.DataFrame({"x": [1.0], "y": [1.0]}), "x", "y")
    with pytest.raises(SolverError, match="no combination of reference units"):
        super_efficiency(sample)


def test_negative_figures_are_refused() -> None:
    sample = Sample.from_table(pd.DataFrame({"x": [1.0, -2.0], "y": [1.0, 2.0]}, index=[*"AB"]), "x", "y")
    with pytest.raises(SampleError, match=r"negative for B \(x\)"):
        super_efficiency(sample)


@pytest.mark.parametrize("options", [{"rts": "fdh"}, {"orientation": "graph"}])
def test_unknown_words_are_refused(synth43: Sample, options: dict[str, str]) -> None:
    with pytest.raises(OptionError, match="Allowed"):
        super_efficiency(synth43, **options)  # type: ignore[arg-type]


def test_highs_leaves_the_unit_out_as_well(synth43: Sample, monkeypatch: pytest.MonkeyPatch) -> None:
    own = super_efficiency(synth43)
    solve = solution.radial.solve_units

    def unsure(*arguments: Any) -> None:
        solve(*arguments)
        arguments[8][:5] = UNCERTIFIED
        arguments[9][:5] = -1

    monkeypatch.setattr(solution.radial, "solve_units", unsure)
    other = super_efficiency(synth43)
    assert other.info["n_highs"] == 5
    np.testing.assert_allclose(other.farrell, own.farrell, rtol=1e-9)
    pd.testing.assert_frame_equal(other.peers, own.peers, rtol=1e-6)


def test_threads_and_order_of_units_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    sample = random_sample(600)
    there = dea(sample)
    monkeypatch.setattr(solution, "WORTH_THREADS", 10**12)
    np.testing.assert_array_equal(dea(sample).farrell, there.farrell)
    back = dea(sample.subset(sample.units[::-1]))
    np.testing.assert_allclose(back.farrell[::-1], there.farrell, rtol=1e-12)


def test_an_efficient_unit_is_its_own_peer_even_if_others_span_it() -> None:
    """The unit in the middle of a facet, and the second of two duplicates, do not span anything."""
    table = pd.DataFrame({"x": [1.0, 2.0, 3.0, 3.0], "y": [1.0, 2.0, 3.0, 3.0]}, index=[*"ABCD"])
    sample = Sample.from_table(table, "x", "y")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(solution, "LARGE", 1)
        peers = dea(sample).peers
    assert peers.to_dict("list") == {"unit": [*"ABCD"], "peer": [*"ABCD"], "weight": [1.0] * 4}
