"""Several methods side by side: ranks and correlations by hand, ranges of ranks by brute force, and what cannot be compared."""

from __future__ import annotations

from typing import Any, get_args

import numpy as np
import pandas as pd
import pytest

from benchlib.efficiency import Sample, compare_methods, dea, fdh, order_alpha, order_m, sfa
from benchlib.efficiency import methods as methods_module
from benchlib.efficiency.inference.resampling import bests_but_share, draw_counts, expected_bests, resample
from benchlib.efficiency.methods import Scored, draw_inefficiency
from benchlib.efficiency.nonparametric.envelopment import figures, technology_of
from benchlib.errors import AssumptionWarning, OptionError, SampleError, SolverError
from benchlib.terms import Method

pytestmark = [
    pytest.mark.filterwarnings("ignore::benchlib.errors.FewUnitsWarning"),
    pytest.mark.filterwarnings("ignore::benchlib.errors.UnsolvedUnitsWarning"),
]


def sample_of(money: list[float], result: list[float], **more: list[float]) -> Sample:
    """Units A, B, C, ...: money is the first input, result the only output, further inputs by name."""
    table = pd.DataFrame({"money": money, **more, "result": result}, index=list("ABCDEFGHIJ")[: len(money)])
    return Sample.from_table(table, ["money", *more], ["result"])


@pytest.fixture
def four() -> Sample:
    """A and B span the frontier; for DEA C needs two thirds of its money, D four fifths; FDH finds nobody better than C."""
    return sample_of([1.0, 4.0, 3.0, 5.0], [1.0, 4.0, 2.0, 4.0])


@pytest.fixture(scope="module")
def noisy() -> Sample:
    """Forty units with a cost frontier, inefficiency and noise, so that sfa finds both, whichever way it looks."""
    generator = np.random.default_rng(7)
    result = np.exp(generator.uniform(0.0, 2.0, 40))
    money = result**0.8 * np.exp(np.abs(generator.normal(0.0, 0.6, 40)) + generator.normal(0.0, 0.25, 40))
    table = pd.DataFrame({"money": money, "result": result}, index=[f"u{i:02d}" for i in range(40)])
    return Sample.from_table(table, ["money"], ["result"])


# --- ranks and correlations by hand ------------------------------------------------------------------------------------


def test_ranks_ties_and_correlation_by_hand(four: Sample) -> None:
    found = compare_methods(four, methods=["dea", "fdh"])
    assert found.efficiencies["dea"].tolist() == pytest.approx([1.0, 1.0, 2 / 3, 0.8])
    assert found.efficiencies["fdh"].tolist() == pytest.approx([1.0, 1.0, 1.0, 0.8])
    assert found.ranks["dea"].tolist() == [1, 1, 4, 3]
    assert found.ranks["fdh"].tolist() == [1, 1, 1, 4], "equal units share the better rank; the next counts them all"
    # Average ranks 1.5, 1.5, 4, 3 and 2, 2, 2, 4: deviations from 2.5 multiply to 1, their squares add up to 4.5 and 3.
    assert found.correlations.loc["dea", "fdh"] == pytest.approx(1 / np.sqrt(4.5 * 3))
    assert found.correlations.loc["dea", "dea"] == pytest.approx(1.0)
    assert found.title == "dea, fdh: 4 units, least rank correlation 0.27"


def test_the_range_of_a_unit_is_that_over_the_methods(four: Sample) -> None:
    ranges = compare_methods(four, methods=["dea", "fdh"]).ranges.set_index("unit")
    assert ranges.loc["C", ["best", "worst", "median", "spread"]].tolist() == [1, 4, 2.5, 3]
    assert ranges.loc["A", ["best", "worst", "median", "spread"]].tolist() == [1, 1, 1, 0]
    assert ranges["name"].tolist() == list("ABCD")


def test_the_scores_are_those_of_the_methods(noisy: Sample) -> None:
    found = compare_methods(noisy, methods=["dea", "fdh", "order_m", "order_alpha", "sfa"], replications=40, seed=1)
    expected = {
        "dea": dea(noisy).scores,
        "fdh": fdh(noisy).scores,
        "order_m": order_m(noisy, m=25).scores,
        "order_alpha": order_alpha(noisy, alpha=0.95).scores,
        "sfa": sfa(noisy, frontier="cost").scores,
    }
    for method, scores in expected.items():
        np.testing.assert_array_equal(found.efficiencies[method], scores["efficiency"])


def test_options_reach_the_methods(noisy: Sample) -> None:
    options: dict[str, Any] = {"orientation": "output", "rts": "crs", "m": 3, "alpha": 0.6}
    found = compare_methods(noisy, methods=["dea", "order_m", "order_alpha", "sfa"], **options, replications=40, seed=1)
    np.testing.assert_array_equal(found.efficiencies["dea"], dea(noisy, orientation="output", rts="crs").efficiency)
    of_m = order_m(noisy, orientation="output", m=3).scores["efficiency"]
    np.testing.assert_array_equal(found.efficiencies["order_m"], of_m)
    of_alpha = order_alpha(noisy, orientation="output", alpha=0.6).scores["efficiency"]
    np.testing.assert_array_equal(found.efficiencies["order_alpha"], of_alpha)
    np.testing.assert_array_equal(found.efficiencies["sfa"], sfa(noisy, frontier="production").scores["efficiency"])
    assert {name: found.info[name] for name in options} == options


# --- methods that tell nobody apart, units without a score -------------------------------------------------------------


def test_who_tells_nobody_apart_gives_no_ranks() -> None:
    # No unit dominates another, so FDH is silent; under constant returns B is most productive.
    found = compare_methods(sample_of([1.0, 2.0, 3.0], [1.0, 3.0, 3.5]), methods=["dea", "fdh"], rts="crs")
    assert found.telling == ("dea",)
    assert found.ranks["fdh"].isna().all()
    assert found.efficiencies["fdh"].tolist() == [1.0, 1.0, 1.0]
    assert found.ranks["dea"].tolist() == [3, 1, 2]
    assert found.ranges["best"].tolist() == found.ranges["worst"].tolist() == [3, 1, 2], "FDH's silence is not rank 1"
    assert np.isnan(found.correlations.loc["dea", "fdh"])
    assert np.isnan(found.correlations.loc["fdh", "fdh"])
    assert found.title == "dea, fdh: 3 units"


def test_rounding_is_no_difference(four: Sample, monkeypatch: pytest.MonkeyPatch) -> None:
    def nearly(efficiency: list[float]) -> Any:
        return lambda sample, options: Scored(np.array(efficiency), [""] * 4)

    monkeypatch.setitem(methods_module.SCORING, "fdh", nearly([1.0, 1.0 - 1e-9, 1.0 - 3e-9, 1.0 - 2e-9]))
    found = compare_methods(four, methods=["dea", "fdh"])
    assert found.telling == ("dea",)
    assert np.isnan(found.correlations.loc["dea", "fdh"]), "no correlation with noise"
    monkeypatch.setitem(methods_module.SCORING, "fdh", nearly([1.0, 0.5, 0.5 - 1e-9, 0.25]))
    assert compare_methods(four, methods=["fdh"]).ranks["fdh"].tolist() == [1, 2, 2, 4]


def test_sfa_without_inefficiency_is_silent() -> None:
    # Half of the units are cheap by far, the others dear by little: skewed the wrong way.
    noise = np.array([-0.9, 0.3, 0.3, 0.3, -0.8, 0.3, 0.2, 0.3])
    result = np.arange(1.0, 9.0)
    with pytest.warns(AssumptionWarning, match="no inefficiency|skewed the wrong way"):
        found = compare_methods(
            sample_of((result * np.exp(noise)).tolist(), result.tolist()), methods=["sfa"], replications=40, seed=1
        )
    assert found.telling == ()
    assert found.scores[["rank", "rank_low", "rank_high"]].isna().all(axis=None)
    assert found.ranges["best"].isna().all()


def test_a_single_unit_is_first() -> None:
    assert compare_methods(sample_of([2.0], [1.0]), methods=["dea"]).ranks["dea"].tolist() == [1]


def test_a_unit_without_a_score_says_why_and_has_no_rank() -> None:
    # D uses nothing at all; the others must not be moved by it.
    sample = sample_of([2.0, 4.0, 4.0, 0.0], [1.0, 2.0, 1.0, 0.5])
    found = compare_methods(sample, methods=["dea", "order_m"], replications=40, seed=1).scores.set_index("unit")
    of_d = found.loc["D"]
    assert of_d["efficiency"].isna().all()
    assert of_d[["rank", "rank_low", "rank_high"]].isna().all(axis=None)
    assert set(of_d["reason"]) == {"all inputs are zero, so there is nothing to reduce"}
    assert (found.drop("D")["reason"] == "").all()
    assert found.drop("D")["rank"].max() == 3
    ranges = found.loc[found["method"] == "order_m"].drop("D")
    assert (ranges["rank_high"] <= 3).all(), "in no draw does a unit without a score stand before another"


# --- ranges of ranks ---------------------------------------------------------------------------------------------------


def test_ranges_belong_to_the_methods_that_draw(noisy: Sample) -> None:
    found = compare_methods(
        noisy, methods=["dea", "bootstrap", "fdh", "order_m", "order_alpha", "sfa"], replications=100, seed=1
    ).scores
    has_range = found.groupby("method")["rank_low"].apply(lambda column: column.notna().all())
    assert has_range[has_range].index.tolist() == ["bootstrap", "order_alpha", "order_m", "sfa"]
    assert found.loc[found["method"].isin(["dea", "fdh"]), ["rank_low", "rank_high"]].isna().all(axis=None)
    drawn = found.dropna(subset=["rank_low"])
    assert (drawn["rank_low"] <= drawn["rank"]).all()
    assert (drawn["rank"] <= drawn["rank_high"]).all()
    assert (drawn["rank_low"] < drawn["rank_high"]).any()


def test_a_higher_level_gives_wider_ranges(noisy: Sample) -> None:
    narrow, wide = (
        compare_methods(noisy, methods=["order_m", "sfa"], replications=200, level=level, seed=1).scores
        for level in (0.5, 0.95)
    )
    assert (wide["rank_low"] <= narrow["rank_low"]).all()
    assert (wide["rank_high"] >= narrow["rank_high"]).all()
    assert (wide["rank_high"] - wide["rank_low"]).sum() > (narrow["rank_high"] - narrow["rank_low"]).sum()


@pytest.mark.parametrize("orientation", ["input", "output"])
def test_the_ranges_of_sfa_lie_about_its_ranks(noisy: Sample, orientation: Any) -> None:
    found = compare_methods(noisy, methods=["sfa"], orientation=orientation, replications=200, seed=1).scores
    middle = (found["rank_low"] + found["rank_high"]).astype(float)
    assert middle.corr(found["rank"].astype(float)) > 0.9, "with the wrong sign of the residuals it would be negative"


def test_a_method_does_not_depend_on_which_others_are_asked(noisy: Sample) -> None:
    names: list[Method] = ["order_m", "bootstrap", "sfa", "order_alpha", "dea"]
    together = compare_methods(noisy, methods=names, replications=40, seed=3).scores
    for name in names:
        alone = compare_methods(noisy, methods=[name], replications=40, seed=3).scores
        part = together.loc[together["method"] == name].reset_index(drop=True)
        pd.testing.assert_frame_equal(alone, part, check_exact=True)


def test_the_same_seed_gives_the_same_table(noisy: Sample) -> None:
    first, again, other = (
        compare_methods(noisy, methods=["order_m", "sfa"], replications=40, seed=seed).scores for seed in (5, 5, 6)
    )
    pd.testing.assert_frame_equal(first, again, check_exact=True)
    assert not first["rank_high"].equals(other["rank_high"])
    assert first["rank"].equals(other["rank"]), "what is observed is not drawn"


# --- resampling against brute force ------------------------------------------------------------------------------------


def test_draws_have_the_size_of_the_sample() -> None:
    counts = draw_counts(5, 300, np.random.default_rng(1))
    assert counts.shape == (300, 5)
    assert (counts.sum(axis=1) == 5).all()
    assert counts.mean(axis=0) == pytest.approx(1.0, abs=0.2), "each unit as often as any other"
    assert (counts == 0).any()
    assert (counts > 1).any()


def drawn_sample(sample: Sample, counts: np.ndarray) -> Sample:
    """The sample with each unit as often as it was drawn."""
    rows = np.repeat(np.arange(len(sample)), counts)
    table = sample.to_frame().iloc[rows].assign(unit=[f"{k}" for k in range(len(rows))])
    return Sample.from_table(table, sample.inputs, sample.outputs, unit="unit")


@pytest.mark.parametrize("orientation", ["input", "output"])
@pytest.mark.parametrize("method", ["order_m", "order_alpha"])
@pytest.mark.parametrize("name", ["two inputs", "zeros"])
def test_resampled_scores_are_those_of_resampled_samples(name: str, method: str, orientation: Any) -> None:
    generator = np.random.default_rng(3)
    table = pd.DataFrame(np.ceil(generator.uniform(0.0, 5.0, (9, 4))), columns=["x1", "x2", "y1", "y2"])
    if name == "zeros":
        table.loc[[0, 3], "y1"] = 0.0
        table.loc[[1, 3], "x2"] = 0.0
    sample = Sample.from_table(table.set_axis(list("ABCDEFGHI")), ["x1", "x2"], ["y1", "y2"])
    counts = draw_counts(len(sample), 25, generator)
    if method == "order_m":
        found = resample(
            technology_of(sample, orientation, "vrs"), *figures(sample), counts, lambda f, d: expected_bests(f, d, 4)
        )
    else:
        found = resample(
            technology_of(sample, orientation, "vrs"), *figures(sample), counts, lambda f, d: bests_but_share(f, d, 0.7)
        )
    for row, counted in zip(found, counts, strict=True):
        reference = drawn_sample(sample, counted)
        if method == "order_m":
            scores = order_m(sample, orientation=orientation, m=4, reference=reference).scores
        else:
            scores = order_alpha(sample, orientation=orientation, alpha=0.7, reference=reference).scores
        # Nobody drawn does as much: beyond comparison, not without a score.
        expected = scores["efficiency"].where(scores["status"] != "infeasible", np.inf)
        is_free = scores["status"] == "free output"
        np.testing.assert_allclose(row[~is_free], expected[~is_free], rtol=1e-12)
        assert (row[is_free] == 0.0).all()
    assert np.isinf(found).any(), "the case is among the draws"


def test_resampling_by_hand() -> None:
    # Three units with the same result and costs 1, 2, 4. The third is scored against draws of the others.
    sample = sample_of([1.0, 2.0, 4.0], [1.0, 1.0, 1.0])
    counts = np.array([[1, 1, 1], [0, 2, 1], [0, 0, 3], [3, 0, 0]])
    found = resample(
        technology_of(sample, "input", "vrs"), *figures(sample), counts, lambda f, d: expected_bests(f, d, 1)
    )
    # With m = 1 the expected best is the mean cost of the draw over the own cost.
    np.testing.assert_allclose(found[:, 2], [(1 + 2 + 4) / 12, (2 + 2 + 4) / 12, 1.0, 0.25])
    np.testing.assert_allclose(found[:, 0], [7 / 3, 8 / 3, 4.0, 1.0])
    # At most a third may be better: of three, one.
    share = resample(
        technology_of(sample, "input", "vrs"), *figures(sample), counts, lambda f, d: bests_but_share(f, d, 2 / 3)
    )
    np.testing.assert_allclose(share[:, 2], [0.5, 0.5, 1.0, 0.25])
    # The second is not undercut by a draw that consists of the third alone: 4 / 2.
    assert share[2, 1] == pytest.approx(2.0)


# --- draws of inefficiency ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("orientation", ["input", "output"])
def test_drawn_inefficiencies_have_the_mean_of_jondrow_and_others(noisy: Sample, orientation: str) -> None:
    is_cost = orientation == "input"
    result = sfa(noisy, frontier="cost" if is_cost else "production")
    own = noisy.X[:, 0] if is_cost else noisy.Y[:, 0]
    shortfall = (np.log(own) - np.log(result.predict(noisy).to_numpy())) * (1 if is_cost else -1)
    even = (np.arange(20_000)[:, None] + 0.5) / 20_000
    drawn = draw_inefficiency(
        shortfall, result.info["sigma_u"], result.info["sigma_v"], np.broadcast_to(even, (20_000, 40))
    )
    np.testing.assert_allclose(drawn.mean(axis=0), result.scores["inefficiency"], rtol=2e-4)
    np.testing.assert_allclose(np.exp(-drawn).mean(axis=0), result.scores["efficiency"], rtol=2e-4)


def test_drawn_inefficiencies_at_the_edges() -> None:
    uniform = np.array([[0.0, 0.0], [0.5, 0.5], [0.999, 0.999]])
    shortfall = np.array([-0.4, 0.4])
    assert (draw_inefficiency(shortfall, 0.0, 0.3, uniform) == 0.0).all(), "no inefficiency"
    without_noise = draw_inefficiency(shortfall, 0.3, 0.0, uniform)
    np.testing.assert_allclose(without_noise, np.tile([0.0, 0.4], (3, 1)))
    drawn = draw_inefficiency(shortfall, 0.3, 0.2, uniform)
    np.testing.assert_allclose(drawn[0], 0.0, atol=1e-12)
    assert (np.diff(drawn, axis=0) > 0).all(), "the greater the draw, the greater the inefficiency"


def test_far_below_the_frontier_draws_are_nearly_exponential() -> None:
    # Location -50 standard deviations: the truncated normal is exponential with mean scale^2 / |location|.
    variance = 0.3**2 + 0.2**2
    scale = 0.3 * 0.2 / np.sqrt(variance)
    location = -50.0 * scale
    shortfall = np.array([location * variance / 0.3**2])
    drawn = draw_inefficiency(shortfall, 0.3, 0.2, (np.arange(4000)[:, None] + 0.5) / 4000)
    assert (drawn >= 0.0).all()
    assert np.isfinite(drawn).all()
    assert drawn.mean() == pytest.approx(scale**2 / abs(location), rel=0.01)


# --- what is refused ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"methods": ["dea", "nonsense"]}, "nonsense"),
        ({"methods": ["dea", "fdh", "dea"]}, "names a method twice"),
        ({"methods": []}, "names no methods"),
        ({"methods": "dea"}, r"names no methods. Give a list, such as \['dea', 'fdh'\]"),
        ({"methods": {"dea", "fdh"}}, "names no methods"),
        ({"methods": ["order_m"]}, "seed is missing"),
        ({"methods": ["order_m"], "seed": np.random.default_rng(1)}, "seed must be an int here"),
        ({"methods": ["order_m"], "seed": -1}, "seed=-1"),
        ({"methods": ["order_m"], "seed": 1, "replications": 3}, "3 replications are too few"),
        ({"methods": ["dea"], "level": 1.0}, "level=1.0"),
        ({"methods": ["dea"], "orientation": "both"}, "orientation='both'"),
        ({"methods": ["dea"], "rts": "fdh"}, "rts='fdh'"),
        ({"methods": ["order_m"], "seed": 1, "m": 0}, "m=0"),
        ({"methods": ["order_alpha"], "seed": 1, "alpha": 1.5}, "alpha=1.5"),
    ],
)
def test_wrong_options_are_refused(options: dict[str, Any], message: str, four: Sample) -> None:
    with pytest.raises(OptionError, match=message):
        compare_methods(four, **options)


def test_methods_without_draws_need_no_seed(four: Sample) -> None:
    without: list[Method] = [name for name in get_args(Method) if name not in methods_module.DRAWING]
    found = compare_methods(four, methods=without, replications=1)
    assert set(found.info["methods"]) == {"dea", "fdh", "slacks_based", "super_efficiency", "cross_efficiency"}


@pytest.mark.parametrize(
    ("method", "sample", "orientation", "error"),
    [
        ("sfa", sample_of([1.0, 2, 3, 4, 5], [1.0, 2, 3, 4, 5], staff=[2.0, 1, 2, 3, 1]), "input", SampleError),
        ("bootstrap", sample_of([1.0, 2.0, 3.0], [1.0, 3.0, 4.0]), "input", SampleError),
        ("cross_efficiency", sample_of([0.0, 0.0], [1.0, 1.0]), "input", SolverError),
    ],
)
def test_a_method_that_does_not_suit_the_sample_is_named(
    method: Method, sample: Sample, orientation: Any, error: type[Exception]
) -> None:
    with pytest.raises(error, match=rf"^{method}: .*Or leave '{method}' out of `methods`"):
        compare_methods(sample, methods=[method], orientation=orientation, replications=40, seed=1)


def test_a_missing_figure_is_nobodys_fault() -> None:
    with pytest.raises(SampleError) as caught:
        compare_methods(sample_of([1.0, np.nan, 3.0], [1.0, 2.0, 3.0]), methods=["dea"])
    assert "dea:" not in str(caught.value)
    assert "B" in str(caught.value)


# --- how it is shown ---------------------------------------------------------------------------------------------------


def test_one_row_a_unit_and_two_columns_a_method(four: Sample) -> None:
    found = compare_methods(four, methods=["fdh", "dea"])
    table = found.to_frame()
    assert table.columns.tolist() == ["unit", "name", "fdh", "fdh_rank", "dea", "dea_rank"]
    assert table["unit"].tolist() == list("ABCD"), "in the sample's order"
    assert table.loc[2, ["fdh", "fdh_rank", "dea_rank"]].tolist() == [1.0, 1, 4]
    assert len(found.scores) == 8
    assert found.scores["method"].tolist() == ["fdh"] * 4 + ["dea"] * 4


def test_summary_and_html_are_plain_and_escaped() -> None:
    table = pd.DataFrame({"money": [1.0, 2.0], "result": [1.0, 1.0], "town": ["<b>Rīga</b>", "Cēsis"]})
    sample = Sample.from_table(table, "money", "result", label="town")
    found = compare_methods(sample, methods=["dea"])
    assert "dea: 2 units" in found.summary()
    assert "rank correlation" in found.summary()
    assert "<b>" not in found._repr_html_()
    assert "&lt;b&gt;Rīga" in found._repr_html_()
    assert repr(found) == "MethodComparison(dea: 2 units)"
    assert found.summary() == compare_methods(sample, methods=["dea"]).summary(), "the same twice"


def test_the_rows_follow_the_order_of_the_sample(noisy: Sample) -> None:
    turned = noisy.subset(list(reversed(noisy.units)))
    there, back = (compare_methods(sample, methods=["dea", "fdh"]) for sample in (noisy, turned))
    pd.testing.assert_frame_equal(there.ranks, back.ranks.loc[there.ranks.index])
    assert back.ranks.index.tolist() == list(reversed(noisy.units))
