"""Composite indices: by hand, against plain enumeration, and the ranks that survive other weights."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linprog

from benchlib.comparison import composite_index
from benchlib.comparison.indices.composite import _drawn
from benchlib.errors import OptionError, SampleError


def table(**columns: list[float]) -> pd.DataFrame:
    count = len(next(iter(columns.values())))
    return pd.DataFrame({"territory": [*"abcdefghij"][:count], **columns})


X, Y = [10.0, 20.0, 40.0, 30.0], [4.0, 3.0, 1.0, 2.0]


def test_z_scores_by_hand() -> None:
    found = composite_index(table(x=X, y=Y), {"x": 3, "y": 1}, directions={"y": -1}, seed=1)
    x = (np.array(X) - 25) / np.sqrt(125)
    y = -(np.array(Y) - 2.5) / np.sqrt(1.25)
    np.testing.assert_allclose(found.scores["index"], 0.75 * x + 0.25 * y, atol=1e-9)
    assert found.scores["rank"].tolist() == [4, 3, 1, 2]
    assert found.weights == {"x": 0.75, "y": 0.25}
    np.testing.assert_allclose(found.normalised["y"], y, rtol=1e-12)


def test_minmax_and_rank_by_hand() -> None:
    made = table(x=[0.0, 5.0, 10.0, 10.0], y=[1.0, 2.0, 100.0, 3.0])
    minmax = composite_index(made, {"x": 1, "y": 1}, normalise="minmax", seed=1)
    np.testing.assert_allclose(minmax.scores["index"], [0, (0.5 + 1 / 99) / 2, 1, (1 + 2 / 99) / 2], atol=1e-9)
    rank = composite_index(made, {"x": 1, "y": 1}, normalise="rank", seed=1)
    # Ranks from the worst: x 1, 2, 3.5, 3.5 and y 1, 2, 4, 3; from 0 to 1: x 0, 0.4, 1, 1 and y 0, 1/3, 1, 2/3.
    np.testing.assert_allclose(rank.scores["index"], [0, (0.4 + 1 / 3) / 2, 1, (1 + 2 / 3) / 2], atol=1e-9)


def test_the_geometric_mean_does_not_make_up_for_a_bad_figure() -> None:
    made = table(x=[0.0, 5.0, 10.0], y=[10.0, 5.0, 0.0])
    plain = composite_index(made, {"x": 1, "y": 1}, normalise="minmax", seed=1).scores["index"]
    assert plain.tolist() == [0.5, 0.5, 0.5]
    found = composite_index(made, {"x": 1, "y": 1}, normalise="minmax", aggregate="geometric", seed=1).scores
    np.testing.assert_allclose(found["index"], [np.sqrt(0.01 * 1.0), 0.505, np.sqrt(0.01)], rtol=1e-8)
    assert found["rank"].tolist() == [2, 1, 2]


def test_ranges_are_those_of_the_draws() -> None:
    rng = np.random.default_rng(5)
    made = table(**{name: rng.normal(size=8).tolist() for name in "uvw"})
    weights = {"u": 1.0, "v": 2.0, "w": 3.0}
    found = composite_index(made, weights, spread=0.8, draws=500, level=0.9, seed=7)
    share = np.array([1, 2, 3]) / 6
    # Dirichlet with the concentration that gives a weight of mean size the relative deviation asked for.
    drawn = np.random.default_rng(7).dirichlet((2 / 0.8**2 - 1) * share, size=500)
    z = made[["u", "v", "w"]].apply(lambda c: (c - c.mean()) / c.std(ddof=0)).to_numpy()
    ranks = np.array([[1 + sum(other > own for other in draw) for own in draw] for draw in (z @ drawn.T).T])
    for unit in range(8):
        ordered = np.sort(ranks[:, unit])
        row = found.scores.loc[unit]
        assert (row["rank_low"], row["rank_high"]) == (ordered[24], ordered[474]), "the 5 % and 95 % of 500 draws"
        assert row["best_quarter"] == (ranks[:, unit] <= 2).mean()
    for i, j in itertools.permutations(range(8), 2):
        assert found.order.iloc[i, j] == pytest.approx(((z @ drawn.T)[i] > (z @ drawn.T)[j]).mean(), abs=1e-12)
    sure = [max(found.order.iloc[i, j], found.order.iloc[j, i]) >= 0.9 for i, j in itertools.combinations(range(8), 2)]
    assert found.share_certain == pytest.approx(np.mean(sure))
    assert len(found.pairs(0.9)) == sum(sure)
    assert (found.pairs(0.9)["share"] >= 0.9).all()


def test_the_spread_is_the_relative_deviation_of_a_weight_of_mean_size() -> None:
    drawn = _drawn(np.full(4, 0.25), 0.5, 20000, 1)
    np.testing.assert_allclose(drawn.mean(axis=0), 0.25, atol=0.003)
    np.testing.assert_allclose(drawn.std(axis=0) / 0.25, 0.5, atol=0.01)


def test_certain_ranks_are_those_of_linear_programmes() -> None:
    rng = np.random.default_rng(11)
    made = table(**{name: rng.normal(size=7).tolist() for name in "uvwx"})
    weights = {"u": 0.4, "v": 0.3, "w": 0.2, "x": 0.1}
    found = composite_index(made, weights, within=0.5, seed=1)
    z = found.normalised.to_numpy()
    bounds = [(w * 0.5, w * 1.5) for w in weights.values()]

    def is_ahead(i: int, j: int) -> bool:
        solved = linprog(z[i] - z[j], A_eq=[[1] * 4], b_eq=[1], bounds=bounds)
        assert solved.success
        return bool(solved.fun > 1e-9)

    for i in range(7):
        low = 1 + sum(is_ahead(j, i) for j in range(7) if j != i)
        high = 7 - sum(is_ahead(i, j) for j in range(7) if j != i)
        assert found.scores.loc[i, ["certain_low", "certain_high"]].tolist() == [low, high]
        assert low <= found.scores.loc[i, "rank"] <= high


def test_without_room_the_certain_rank_is_the_rank() -> None:
    found = composite_index(table(x=X, y=Y), {"x": 3, "y": 1}, within=0.0, seed=1).scores
    assert found["certain_low"].tolist() == found["certain_high"].tolist() == found["rank"].tolist()


def test_who_is_best_in_everything_is_first_with_any_weights() -> None:
    found = composite_index(table(x=[1, 2, 3, 9], y=[2, 1, 3, 9]), {"x": 1, "y": 1}, spread=0.9, seed=1)
    assert (
        found.scores.loc[3, ["rank_low", "rank_high", "certain_low", "certain_high", "best_quarter"]].tolist()
        == [1] * 5
    )
    assert found.scores.loc[0, ["rank_low", "rank_high"]].tolist() == [3, 4], "whose order is a matter of weights"


def test_sixty_per_cent_of_the_indicators() -> None:
    nan = np.nan
    made = table(u=[1, 2, 3, nan], v=[1, 3, 2, nan], w=[1, 2, 3, 4], x=[3, nan, 2, 1], y=[3, nan, 2, 1])
    found = composite_index(made, dict.fromkeys("uvwxy", 1), normalise="minmax", seed=1)
    assert found.scores["present"].tolist() == [1.0, 0.6, 1.0, 0.6]
    assert found.scores["is_partial"].tolist() == [False, True, False, True]
    assert found.scores["index"][1] == pytest.approx((0.5 + 1 + 1 / 3) / 3), "mean of what is there"
    assert np.isnan(found.scores["certain_low"][1])
    few = composite_index(made.assign(y=[3, nan, 2, nan]), dict.fromkeys("uvwxy", 1), normalise="minmax", seed=1)
    assert np.isnan(few.scores[["index", "rank", "rank_low", "best_quarter"]].iloc[3]).all()
    assert few.scores["rank"].max() == 3
    assert "d" not in few.order.index


def test_the_same_seed_gives_the_same_ranges_another_does_not() -> None:
    rng = np.random.default_rng(3)
    made = table(**{name: rng.normal(size=9).tolist() for name in "uvw"})
    one, same, other = (composite_index(made, dict.fromkeys("uvw", 1), draws=200, seed=s) for s in (1, 1, 2))
    pd.testing.assert_frame_equal(one.scores, same.scores, check_exact=True)
    assert not one.order.equals(other.order)


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"weights": {"x": 1.0}}, OptionError, "two or more positive"),
        ({"weights": {"x": 1.0, "y": 0.0}}, OptionError, "two or more positive"),
        ({"weights": {"x": 1.0, "nothing": 1.0}}, SampleError, "no column 'nothing'"),
        ({"directions": {"x": 0}}, OptionError, "'x' has neither"),
        ({"normalise": "distance"}, OptionError, "normalise='distance'"),
        ({"aggregate": "median"}, OptionError, "aggregate='median'"),
        ({"aggregate": "geometric"}, OptionError, "needs positive values"),
        ({"spread": 0.0}, OptionError, "spread=0.0 must lie between 0 and 1.00"),
        ({"spread": 1.0}, OptionError, "spread=1.0"),
        ({"within": 1.0}, OptionError, "within=1.0"),
        ({"draws": 10}, OptionError, "at least 100 draws"),
        ({"level": 1.0}, OptionError, "level=1.0"),
        ({"unit": "name"}, SampleError, "no column 'name'"),
    ],
)
def test_what_is_refused(change: dict[str, object], error: type[Exception], message: str) -> None:
    options = {"weights": {"x": 1.0, "y": 1.0}, "seed": 1} | change
    with pytest.raises(error, match=message):
        composite_index(table(x=X, y=Y), **options)  # type: ignore[arg-type]


def test_figures_that_tell_nobody_apart_or_stand_twice_are_refused() -> None:
    with pytest.raises(SampleError, match="y has fewer than two different figures"):
        composite_index(table(x=X, y=[1, 1, 1, 1]), {"x": 1, "y": 1}, seed=1)
    with pytest.raises(OptionError, match="table: y of 'b' is 'much', which is no number"):
        composite_index(table(x=X, y=[1, "much", 1, 2]), {"x": 1, "y": 1}, seed=1)
    with pytest.raises(SampleError, match="'a' stands twice"):
        composite_index(table(x=X, y=Y).assign(territory="a"), {"x": 1, "y": 1}, seed=1)
