"""Intervals of the Malmquist index: replayed on paper and by `dea`, held against the paper's own recipe and known truth."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.stats import ks_2samp

from benchlib.efficiency import Sample, dea
from benchlib.efficiency.productivity.malmquist import malmquist
from benchlib.efficiency.productivity.malmquist_bootstrap import draw_distances, draw_pairs, interval
from benchlib.efficiency.productivity.panel import read_panel
from benchlib.efficiency.productivity.results import INTERVAL_COLUMNS, ProductivityResult
from benchlib.errors import OptionError, SampleError, UnsolvedUnitsWarning
from tests.efficiency.panels import of_figures, random_panel, reference_panel

pytestmark = pytest.mark.filterwarnings("ignore::benchlib.errors.FewUnitsWarning")

Periods = dict[Any, Sample]


@pytest.fixture(scope="module")
def pair() -> Periods:
    """Two periods of 14 units, the second in another order."""
    periods = {key: sample.subset(range(1, 15)) for key, sample in random_panel(3, 16).items()}
    periods[2021] = periods[2021].subset([*range(14, 0, -1)])
    return periods


def no_change(seed: int, n: int = 40, shift: float = 1.0) -> Periods:
    """Two inputs, one output, constant returns; units change their inputs a little and keep their efficiency."""
    rng = np.random.default_rng(seed)
    efficiency, X = np.exp(-np.abs(rng.normal(0.0, 0.3, n))), rng.uniform(1.0, 4.0, (n, 2))
    moved = X * np.exp(rng.normal(0.0, 0.1, (n, 2)))
    return {
        period: of_figures(inputs, (factor * np.sqrt(inputs.prod(axis=1)) * efficiency)[:, None])
        for period, inputs, factor in ((0, X, 1.0), (1, moved, shift))
    }


def distances(periods: Periods, orientation: str) -> np.ndarray:
    """Return distances under variable returns, shape (2, n), in the order of the first period."""
    units = next(iter(periods.values())).units
    tables = [dea(sample, orientation=orientation).scores.set_index("unit") for sample in periods.values()]
    return np.stack([1.0 / table.loc[list(units), "efficiency"].to_numpy() for table in tables])


# Replayed -----------------------------------------------------------------------------------------------------------


def replay(periods: Periods, drawn: np.ndarray, orientation: str, decomposition: str) -> dict[str, np.ndarray]:
    """Return replications of the index and its parts, shape (B, n), by moving units and calling `dea`."""
    samples = [sample.subset(periods[2020].units) for sample in periods.values()]
    d = distances(periods, orientation)
    found: dict[str, list[np.ndarray]] = {}
    for new in drawn:
        pseudo = []
        for k, sample in enumerate(samples):
            move = (new[k] / d[k])[:, None]
            X, Y = (sample.X * move, sample.Y) if orientation == "input" else (sample.X, sample.Y / move)
            pseudo.append(of_figures(X, Y, list(sample.units)))
        e, v = (
            [
                [dea(of, reference=at, orientation=orientation, rts=rts).efficiency for of in samples]
                for at in pseudo
            ]
            for rts in ("crs", "vrs")
        )  # fmt: skip
        at = e if decomposition == "fgnz" else v
        parts = {
            "malmquist": np.sqrt(e[0][1] / e[0][0] * e[1][1] / e[1][0]),
            "technical_change": np.sqrt(at[0][1] / at[1][1] * at[0][0] / at[1][0]),
            "pure_efficiency_change": v[1][1] / v[0][0],
        }
        for name, values in parts.items():
            found.setdefault(name, []).append(values)
    return {name: np.array(values) for name, values in found.items()}


@pytest.mark.filterwarnings("ignore::benchlib.errors.UnsolvedUnitsWarning")
@pytest.mark.parametrize(("orientation", "decomposition"), [("input", "fgnz"), ("output", "ray-desli")])
def test_intervals_follow_from_given_draws(pair: Periods, orientation: str, decomposition: str) -> None:
    n = len(pair[2020])
    drawn = 1.0 + np.abs(np.random.default_rng(5).normal(0.0, 0.2, (20, 2, n)))
    result = malmquist(pair, orientation=orientation, decomposition=decomposition, draws=drawn, level=0.9)
    replicated = replay(pair, drawn, orientation, decomposition)
    assert (result.info["replications"], result.info["level"], result.info["n_lost"]) == (20, 0.9, 0)
    for part, values in replicated.items():
        rows = result.intervals[result.intervals["part"] == part]
        np.testing.assert_array_equal(rows["value"], result.scores[part])
        low, high = (np.exp(2 * np.log(rows["value"]) - np.quantile(np.log(values), q, axis=0)) for q in (0.95, 0.05))
        np.testing.assert_allclose(rows["low"], low, rtol=1e-8)
        np.testing.assert_allclose(rows["high"], high, rtol=1e-8)


def test_interval_by_hand() -> None:
    """Replications at 1/2, 1 and 2 of the estimate: it may be as much too high or too low."""
    low, high = interval(np.array([3.0, np.nan]), np.array([[1.5, 1.0], [3.0, 1.0], [6.0, 1.0]]), 1.0 - 1e-12)
    np.testing.assert_allclose(low, [1.5, np.nan])
    np.testing.assert_allclose(high, [6.0, np.nan])


@pytest.mark.parametrize("orientation", ["input", "output"])
def test_without_noise_there_is_no_doubt(pair: Periods, orientation: str) -> None:
    """Units that are drawn where they are leave both frontiers where they are."""
    drawn = np.repeat(distances(pair, orientation)[None], 40, axis=0)
    rows = malmquist(pair, orientation=orientation, draws=drawn).intervals
    np.testing.assert_allclose(rows["low"], rows["value"], rtol=1e-8)
    np.testing.assert_allclose(rows["high"], rows["value"], rtol=1e-8)
    np.testing.assert_array_equal(rows["is_changed"], (rows["value"] - 1.0).abs() > 1e-7)


# Draws --------------------------------------------------------------------------------------------------------------


def pairs_of(n: int = 300) -> np.ndarray:
    rng = np.random.default_rng(2)
    shared = np.abs(rng.normal(0.0, 0.3, n))
    return 1.0 + np.stack([shared, np.abs(shared + rng.normal(0.0, 0.1, n))])


def test_draws_keep_what_they_should() -> None:
    pairs = pairs_of()
    drawn = draw_pairs(pairs, (200, 300), np.random.default_rng(1))
    assert drawn.shape == (2, 200, 300)
    assert drawn.min() >= 1.0
    assert len(np.unique(drawn)) == drawn.size, "a resample of the scores would repeat values"
    np.testing.assert_allclose(((drawn - 1.0) ** 2).mean(axis=(1, 2)), ((pairs - 1.0) ** 2).mean(axis=1), rtol=0.02)
    kept = np.corrcoef(drawn.reshape(2, -1))[0, 1]
    assert kept == pytest.approx(np.corrcoef(pairs)[0, 1], abs=0.08), "a unit is drawn with both of its distances"
    assert kept > 0.8


def test_folding_is_the_fourfold_reflection_of_the_paper() -> None:
    """Simar and Wilson (1999), section 4: 4n reflected pairs, noise with the covariance of their quarter, folded at 1."""
    pairs = pairs_of()
    n = pairs.shape[1]
    a, b = pairs
    rng, size = np.random.default_rng(4), 40_000
    delta = np.concatenate([[a, b], [2 - a, b], [2 - a, 2 - b], [a, 2 - b]], axis=1)
    picked = rng.integers(4 * n, size=size)
    covariance = np.cov(pairs)
    turned = covariance * np.array([[1.0, -1.0], [-1.0, 1.0]])
    noise = np.where(
        (picked // n) % 2 == 0,
        rng.multivariate_normal([0, 0], covariance, size).T,
        rng.multivariate_normal([0, 0], turned, size).T,
    )
    h = (4 / (5 * n)) ** (1 / 6)
    rough = delta[:, picked] + h * noise
    square = ((pairs - 1.0) ** 2).mean(axis=1)
    shrink = np.sqrt(square / (square + h**2 * np.diag(covariance)))[:, None]
    paper = 1.0 + np.abs((rough - 1.0) * shrink)
    ours = draw_pairs(pairs, (1, size), np.random.default_rng(3))[:, 0]
    for look in (lambda d: d[0], lambda d: d[1], lambda d: d[0] * d[1], lambda d: d[0] / d[1]):
        assert ks_2samp(look(paper), look(ours)).pvalue > 0.01


def test_units_at_a_frontier_are_not_drawn() -> None:
    pairs = np.array([[1.0, 1.0, 1.5, 1.4, 1.45], [1.3, 1.0, 1.5, 1.4, 1.45]])
    drawn = draw_pairs(pairs, (50, 200), np.random.default_rng(1))
    assert (drawn > 1.2).mean() > 0.99
    alike = draw_pairs(np.stack([pairs[0], pairs[0]]), (50, 5), np.random.default_rng(1))
    np.testing.assert_allclose(alike[0], alike[1], err_msg="a singular covariance is no obstacle")


def test_units_of_one_period_get_their_part_of_a_pair() -> None:
    periods = random_panel(1, 26)
    panel = read_panel(periods)
    own = [1.0 / dea(sample).efficiency for sample in panel.samples]
    drawn = draw_distances(own, panel.transitions[0], 100, np.random.default_rng(1))
    assert [one.shape for one in drawn] == [(100, 25), (100, 25)]
    assert all((one >= 1.0).all() and len(np.unique(one)) == one.size for one in drawn)
    rows = malmquist(periods, replications=100, seed=1).intervals
    assert len(rows) == 24 * 5
    assert rows["low"].notna().all()


# Against the truth --------------------------------------------------------------------------------------------------


def declared(seeds: range, shift: float) -> pd.Series:
    tables = [malmquist(no_change(seed, shift=shift), replications=100, seed=seed).intervals for seed in seeds]
    return pd.concat(tables).groupby("part")["is_changed"].mean().astype(float)


def test_where_nothing_changes_little_is_declared_changed() -> None:
    """At level 0.95; of the index too much, as `malmquist` says. Drawn independently, it would be more, and of the parts less."""
    share = declared(range(6), 1.0)
    assert share["efficiency_change"] < 0.10
    assert share["technical_change"] < 0.10
    assert share["malmquist"] < 0.40
    assert share["pure_efficiency_change"] < 0.20
    assert 0.02 < share.mean() < 0.20


def test_a_shift_of_the_frontier_is_found() -> None:
    share = declared(range(3), 1.15)
    assert share["malmquist"] > 0.95
    assert share["technical_change"] > 0.9
    assert share["efficiency_change"] < 0.15


# The result ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def replicated(pair: Periods) -> ProductivityResult:
    return malmquist(pair, replications=100, seed=1)


def test_table(pair: Periods, replicated: ProductivityResult) -> None:
    rows = replicated.intervals
    assert list(rows) == list(INTERVAL_COLUMNS)
    assert len(rows) == 14 * 5
    assert rows["unit"].tolist()[::5] == list(pair[2020].units)
    assert rows["part"].tolist()[:5] == replicated.parts
    assert (rows["low"] <= rows["high"]).all()
    assert (rows["low"] > 0.0).all()
    assert rows["is_changed"].dtype == "boolean"
    np.testing.assert_array_equal(rows["is_changed"], (rows["low"] > 1 + 1e-9) | (rows["high"] < 1 - 1e-9))
    pd.testing.assert_frame_equal(replicated.scores, malmquist(pair).scores)


def test_same_seed_same_result_whatever_the_threads(
    pair: Periods, replicated: ProductivityResult, monkeypatch: pytest.MonkeyPatch
) -> None:
    for threads in (1, 3):
        monkeypatch.setattr("numba.config.NUMBA_NUM_THREADS", threads)
        monkeypatch.setattr("benchlib.efficiency.nonparametric.solution.WORTH_THREADS", 0)
        again = malmquist(pair, replications=100, seed=np.random.default_rng(1))
        pd.testing.assert_frame_equal(again.intervals, replicated.intervals, check_exact=True)
    other = malmquist(pair, replications=100, seed=2)
    assert not np.allclose(other.intervals["low"], replicated.intervals["low"])


def test_a_higher_level_is_wider(pair: Periods, replicated: ProductivityResult) -> None:
    narrow = malmquist(pair, replications=100, seed=1, level=0.8).intervals
    assert (narrow["low"] >= replicated.intervals["low"]).all()
    assert (narrow["high"] <= replicated.intervals["high"]).all()


def test_several_changes() -> None:
    rows = malmquist(reference_panel(), replications=40, seed=1).intervals
    assert len(rows) == 2 * 43 * 5
    assert rows.groupby(["period_from", "period_to"]).size().to_dict() == {(2019, 2020): 215, (2020, 2021): 215}


def test_what_is_unknown_has_no_interval() -> None:
    periods = no_change(1, 20)
    top = int(periods[0].Y.argmax())
    far = periods[1].to_frame().assign(y0=lambda table: table["y0"].clip(upper=1.5).where(table["unit"] != top, 9.0))
    periods[1] = Sample.from_table(far, ["x0", "x1"], "y0", "unit")
    with pytest.warns(UnsolvedUnitsWarning, match="1 of 20 changes"):
        rows = malmquist(periods, decomposition="ray-desli", replications=40, seed=1).intervals
    unknown = rows[rows["value"].isna()]
    assert set(unknown["unit"]) == {top}
    assert set(unknown["part"]) == {"technical_change", "scale_change"}
    assert unknown[["low", "high", "is_changed"]].isna().all(axis=None)
    assert rows.loc[rows["value"].notna(), ["low", "high", "is_changed"]].notna().all(axis=None)


# Bad input ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"replications": 100}, "seed is missing"),
        ({"replications": 100, "seed": "7"}, "seed='7' is neither"),
        ({"replications": 20, "seed": 1}, "20 replications are too few for level=0.95: at least 40"),
        ({"replications": 1e3, "seed": 1}, "replications=1000.0 is not a whole number"),
        ({"replications": 100, "seed": 1, "level": 1.0}, "level=1.0 is not a probability"),
        ({"draws": np.ones((40, 14))}, r"shape \(40, 14\); needed is \(replications, 2, 14\)"),
        ({"draws": np.ones((40, 2, 13))}, "needed is"),
        ({"draws": np.ones((20, 2, 14))}, "20 replications are too few"),
        ({"draws": np.full((40, 2, 14), 0.9)}, "draws must be distances from 1 on"),
        ({"draws": np.full((40, 2, 14), np.nan)}, "draws must be distances from 1 on"),
        ({"draws": np.full((40, 2, 14), np.inf)}, "draws must be distances from 1 on"),
    ],
)
def test_wrong_options(pair: Periods, words: dict[str, Any], message: str) -> None:
    with pytest.raises(OptionError, match=message):
        malmquist(pair, **words)


@pytest.mark.parametrize("periods", [random_panel(1), reference_panel()], ids=["other units", "three periods"])
def test_draws_need_two_periods_with_the_same_units(periods: Periods) -> None:
    with pytest.raises(OptionError, match="for two periods with the same units only"):
        malmquist(periods, draws=np.ones((40, 2, len(periods[min(periods)]))))


def test_nothing_to_draw_from() -> None:
    periods = {key: of_figures([[1], [2], [4]], [[1], [3], [4 + key]], list("ABC")) for key in (0, 1)}
    with pytest.raises(SampleError, match="Only 0 of 3 units are inside the frontier in both periods"):
        malmquist(periods, replications=40, seed=1)


def test_a_unit_without_a_score_is_refused_by_name(pair: Periods) -> None:
    table = pair[2021].to_frame()
    table.loc[table["unit"] == 4, ["y0", "y1"]] = 0.0
    after = Sample.from_table(table, ["x0", "x1"], ["y0", "y1"], "unit")
    with pytest.raises(SampleError, match="Period 2021: units without a score cannot be bootstrapped: 4"):
        malmquist({2020: pair[2020], 2021: after}, orientation="output", replications=40, seed=1)
