"""Gains from mergers: by hand, against another tool, and what is refused."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchlib.efficiency import Sample, dea
from benchlib.efficiency.measures.mergers import MergerResult, merger_gains
from benchlib.errors import OptionError, SampleError, UnsolvedUnitsWarning
from benchlib.terms import INTENSITY_BOUNDS
from tests.efficiency.reference import ORIENTATION, REFERENCE
from tests.efficiency.reference import RTS as WORDS

pytestmark = pytest.mark.filterwarnings("ignore::benchlib.errors.FewUnitsWarning")

RTS = sorted(INTENSITY_BOUNDS)
FACTORS = ["potential", "corrected", "learning", "harmony", "size"]
THEIRS = ["Eff", "Estar", "learning", "harmony", "size"]
repeatedly = settings(max_examples=25, deadline=None, derandomize=True)


def three() -> Sample:
    """A spends 2 and B spends 3 for the same; C shows that twice as much needs only 3."""
    table = pd.DataFrame({"cost": [2.0, 3.0, 3.0], "result": [1.0, 1.0, 2.0]}, index=list("ABC"))
    return Sample.from_table(table, "cost", "result")


@pytest.mark.parametrize("rts", sorted(WORDS))
@pytest.mark.parametrize("orientation", sorted(ORIENTATION))
@pytest.mark.filterwarnings("ignore::benchlib.errors.UnsolvedUnitsWarning")
def test_benchmarking(rts: str, orientation: str) -> None:
    table = pd.read_csv(REFERENCE / "merge" / "sample.csv", dtype={"dmu": str})
    sample = Sample.from_table(table, ["x1", "x2"], ["y1", "y2"], unit="dmu")
    mergers = {1: ["1", "2"], 2: ["3", "4", "5"], 3: ["6", "7"]}
    theirs = pd.read_csv(REFERENCE / "merge" / "factors.csv").query("rts == @rts and orientation == @orientation")
    assert theirs["merge"].tolist() == [1, 2, 3]
    ours = merger_gains(sample, mergers, orientation=ORIENTATION[orientation], rts=WORDS[rts]).scores
    expected = theirs[THEIRS].replace([np.inf, -np.inf], np.nan)
    np.testing.assert_allclose(ours[FACTORS], expected, rtol=1e-8)
    assert (ours["status"] == "infeasible").tolist() == np.isinf(theirs["Eff"]).tolist()


def test_by_hand_input() -> None:
    result = merger_gains(three(), {"AB": ["A", "B"]})
    np.testing.assert_allclose(result.scores[FACTORS], [[0.6, 0.75, 0.8, 1.0, 0.75]])
    gains = result.gains.set_index("variable")
    np.testing.assert_allclose(gains.loc["cost", ["merged", "target", "change"]].tolist(), [5.0, 3.0, -2.0])
    # B alone wastes 1 of 5; of the 4 that remain, size saves 1.
    np.testing.assert_allclose(gains.loc["cost", ["learning", "harmony", "size"]].tolist(), [-1.0, 0.0, -1.0])
    np.testing.assert_allclose(gains.loc["result", ["merged", "target", "change", "size"]].tolist(), [2, 2, 0, 0])


def test_by_hand_harmony() -> None:
    """Both are efficient, in different mixes; their average could do with 3 instead of 4 of each, as M shows."""
    table = pd.DataFrame({"x1": [2.0, 6.0, 3.0], "x2": [6.0, 2.0, 3.0], "y": 1.0}, index=["A", "B", "M"])
    result = merger_gains(Sample.from_table(table, ["x1", "x2"], "y"), {"AB": ["A", "B"]}, rts="crs")
    np.testing.assert_allclose(result.scores[FACTORS], [[0.75, 0.75, 1.0, 0.75, 1.0]])
    np.testing.assert_allclose(result.gains["harmony"], [-2.0, -2.0, 0.0])


def test_by_hand_output() -> None:
    """At constant returns A and B (cost 5) could bring about what C does with 3: 10/3 instead of 2."""
    result = merger_gains(three(), {"AB": ["A", "B"]}, orientation="output", rts="crs")
    np.testing.assert_allclose(result.scores[FACTORS], [[5 / 3, 1.0, 5 / 3, 1.0, 1.0]])
    np.testing.assert_allclose(result.gains["change"], [0.0, 4 / 3])
    np.testing.assert_allclose(result.gains["learning"], [0.0, 4 / 3])


def test_too_large_to_compare() -> None:
    with pytest.warns(UnsolvedUnitsWarning, match=r"AC \(the merged unit is larger .*rts='crs' or 'ndrs'") as caught:
        result = merger_gains(three(), {"AC": ["A", "C"], "AB": ["A", "B"]})
    assert caught[0].filename == __file__
    assert result.scores["status"].tolist() == ["infeasible", "solved"]
    assert result.scores.loc[0, ["potential", "corrected", "learning", "size"]].isna().all()
    assert result.scores.loc[0, "harmony"] == 1.0
    costs = result.gains.loc[(result.gains["unit"] == "AC") & (result.gains["variable"] == "cost")]
    assert costs["merged"].item() == 5.0
    assert np.isnan(costs["target"].item())


def test_a_merger_that_costs() -> None:
    """Twice A would cost 4 by adding up; the technology knows only C for that, which costs 9."""
    table = pd.DataFrame({"cost": [2.0, 2.0, 9.0], "result": [1.0, 1.0, 2.0]}, index=list("ABC"))
    scores = merger_gains(Sample.from_table(table, "cost", "result"), {"AB": ["A", "B"]}).scores
    assert scores["potential"].item() == pytest.approx(2.25)
    assert scores["size"].item() == pytest.approx(2.25)
    assert scores["status"].item() == "outside"
    assert scores["reason"].item().startswith("a loss")


@pytest.mark.parametrize("rts", RTS)
@pytest.mark.parametrize("orientation", ["input", "output"])
def test_one_unit_alone_is_all_learning(synth43: Sample, rts: str, orientation: str) -> None:
    scores = merger_gains(synth43, {u: [u] for u in synth43.units}, orientation=orientation, rts=rts).scores
    np.testing.assert_allclose(scores["potential"], dea(synth43, orientation=orientation, rts=rts).farrell)
    np.testing.assert_allclose(scores["learning"], scores["potential"])
    np.testing.assert_allclose(scores[["corrected", "harmony", "size"]], 1.0)
    assert (scores["constituents"] == 1).all()


@repeatedly
@given(st.integers(0, 2**32 - 1), st.sampled_from(RTS), st.sampled_from(["input", "output"]))
@pytest.mark.filterwarnings("ignore::benchlib.errors.UnsolvedUnitsWarning")
def test_laws(seed: int, rts: str, orientation: str) -> None:
    rng = np.random.default_rng(seed)
    n = int(rng.integers(4, 15))
    table = pd.DataFrame(rng.lognormal(size=(n, 4)), columns=["x1", "x2", "y1", "y2"])
    into = pd.Series(rng.choice(["P", "Q", None], size=n), index=table.index)
    into.iloc[:2] = "P"

    def gains(table: pd.DataFrame) -> MergerResult:
        sample = Sample.from_table(table, ["x1", "x2"], ["y1", "y2"])
        return merger_gains(sample, into, orientation=orientation, rts=rts)

    result = gains(table)
    scores, parts = result.scores, result.gains
    np.testing.assert_allclose(scores["potential"], scores["learning"] * scores["harmony"] * scores["size"])
    toward = np.minimum if orientation == "output" else np.maximum
    assert (toward(scores[["learning", "harmony"]].fillna(1.0), 1.0) == 1.0).all(axis=None)
    if rts == "crs":
        np.testing.assert_allclose(scores["size"], 1.0)
    if rts in ("crs", "ndrs"):
        assert (scores["status"] == "solved").all()
    np.testing.assert_allclose(
        parts["change"], parts["learning"] + parts["harmony"] + parts["size"], rtol=1e-8, atol=1e-8
    )
    other_units = gains(table * 10.0 ** rng.uniform(-9, 12, 4)).scores
    np.testing.assert_allclose(other_units[FACTORS], scores[FACTORS], rtol=1e-8)
    again = gains(table.sample(frac=1.0, random_state=seed)).scores.set_index("unit").loc[scores["unit"]]
    np.testing.assert_allclose(again[FACTORS], scores[FACTORS], rtol=1e-8)


def test_ways_to_name_mergers() -> None:
    series = pd.Series({"A": "AB", "B": "AB", "C": None, "elsewhere": None})
    expected = merger_gains(three(), {"AB": ["A", "B"]})
    pd.testing.assert_frame_equal(merger_gains(three(), series).scores, expected.scores)
    pd.testing.assert_frame_equal(merger_gains(three(), series).gains, expected.gains)
    assert "1 merger among 3 units, mean potential 0.6000" in repr(expected)
    assert expected.info["n_mergers"] == 1


def test_the_merged_unit_may_keep_the_name_of_one_that_was() -> None:
    named_anew, named_as_before = (merger_gains(three(), {name: ["A", "B"]}).scores[FACTORS] for name in ("AB", "A"))
    pd.testing.assert_frame_equal(named_as_before, named_anew)


def test_constituent_without_efficiency_is_named() -> None:
    """B brings about nothing, so that it has no efficiency; the merger with A has a potential all the same."""
    table = pd.DataFrame({"x": [2.0, 2.0, 1.0], "y": [2.0, 0.0, 1.0]}, index=list("ABC"))
    scores = merger_gains(Sample.from_table(table, "x", "y"), {"AC": ["A", "C"], "AB": ["A", "B"]}, rts="crs").scores
    assert scores["potential"].tolist() == [1.0, 0.5]
    assert scores.loc[0, ["corrected", "learning", "harmony", "size"]].tolist() == [1.0, 1.0, 1.0, 1.0]
    assert scores.loc[1, ["corrected", "learning", "harmony", "size"]].isna().all()
    assert scores["reason"].tolist() == ["", "not split up: B alone has no efficiency"]


@pytest.mark.parametrize(
    ("mergers", "error", "message"),
    [
        ([["A", "B"]], OptionError, "mergers must be a mapping"),
        ({"AB": "AB"}, OptionError, "mergers must be a mapping"),
        ({}, SampleError, "mergers is empty"),
        (pd.Series({"A": None}), SampleError, "mergers is empty"),
        ({"AB": []}, SampleError, "The merger AB has no constituents"),
        ({"AD": ["A", "D"]}, SampleError, r"Not in the sample: D \(merger AD\)"),
        ({"AA": ["A", "A"]}, SampleError, "The merger AA names a unit more than once"),
    ],
)
def test_mergers_that_are_refused(mergers: object, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        merger_gains(three(), mergers)


def test_options_that_are_refused() -> None:
    with pytest.raises(OptionError, match="rts='fdh'"):
        merger_gains(three(), {"AB": ["A", "B"]}, rts="fdh")
    with pytest.raises(OptionError, match="orientation='both'"):
        merger_gains(three(), {"AB": ["A", "B"]}, orientation="both")
