"""What the results show, that they never lose a unit, and how they speak about units without a score."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from typing import Any

import numpy as np
import pandas as pd
import pytest

import benchlib
from benchlib.efficiency import FrontierResult, Sample, dea, fdh, scale_efficiency
from benchlib.errors import FewUnitsWarning, OptionError, SampleError, SolverError, UnsolvedUnitsWarning

pytestmark = pytest.mark.filterwarnings("ignore::benchlib.errors.FewUnitsWarning")


def test_a_row_per_unit_in_the_order_of_the_sample(synth43: Sample) -> None:
    order = list(synth43.units)[::-1]
    result = dea(synth43.subset(order))
    assert result.scores.columns.tolist() == ["unit", "name", "efficiency", "farrell", "status", "reason"]
    assert result.scores["unit"].tolist() == order
    for table, per_unit in ((result.slacks, 5), (result.targets, 5), (result.multipliers, 6)):
        assert table["unit"].tolist() == [unit for unit in order for _ in range(per_unit)]
    assert result.slacks.columns.tolist() == ["unit", "variable", "slack"]
    assert result.peers.columns.tolist() == ["unit", "peer", "weight"]
    assert result.peers["unit"].drop_duplicates().tolist() == order
    assert (result.peers["weight"] > 0).all()


def test_efficient_units_are_exactly_1_and_their_own_peers(synth43: Sample) -> None:
    result = dea(synth43)
    efficient = result.scores.loc[result.scores["efficiency"] == 1.0, "unit"].tolist()
    assert len(efficient) > 5
    own = result.peers[result.peers["unit"].isin(efficient)]
    assert own["unit"].tolist() == own["peer"].tolist() == efficient
    assert own["weight"].tolist() == pytest.approx([1.0] * len(own))
    assert result.peers["peer"].isin(efficient).all()


def test_info(synth43: Sample) -> None:
    assert dict(dea(synth43, rts="nirs", orientation="output").info) == {
        "method": "DEA",
        "orientation": "output",
        "rts": "nirs",
        "n_units": 43,
        "n_reference": 43,
        "inputs": ("x1", "x2"),
        "outputs": ("y1", "y2", "y3"),
        "n_certified": 43,
        "n_highs": 0,
        "n_unsolved": 0,
        "version": benchlib.__version__,
    }
    assert fdh(synth43).info["rts"] is None


def test_results_are_frozen(five: Sample) -> None:
    result = dea(five)
    with pytest.raises(FrozenInstanceError):
        result.info = {}  # type: ignore[misc]
    with pytest.raises(TypeError):
        result.info["rts"] = "crs"  # type: ignore[index]


def test_looks(five: Sample) -> None:
    result = dea(five)
    assert repr(result) == "FrontierResult(DEA, input orientation, vrs; 5 units, 3 efficient, mean 0.8889)"
    assert repr(fdh(five)) == "FrontierResult(FDH, input orientation; 5 units, 3 efficient, mean 0.9111)"
    assert result.summary() == dea(five).summary()
    assert result.summary().splitlines()[:5] == [
        "DEA, input orientation, vrs",
        "Inputs: cost. Outputs: result.",
        "Units: 5, efficient: 3, without score: 0.",
        "Efficiency: mean 0.8889, lowest 0.5556, quartiles 0.8889 1.0000 1.0000, highest 1.0000.",
        "Peer of: B 1, A 1, C 1.",
    ]
    assert repr(scale_efficiency(five)) == (
        "ScaleResult(input orientation; 5 units: 2 increasing, 1 constant, 2 decreasing)"
    )


def test_html_is_escaped() -> None:
    table = pd.DataFrame({"name": ["<script>", "b"], "x": [1.0, 2.0], "y": [1.0, 1.0]})
    result = dea(Sample.from_table(table, "x", "y"))
    assert "<script>" not in result._repr_html_()
    assert "&lt;script&gt;" in result._repr_html_()
    assert result._repr_html_().count("<tr") == 3


def test_to_frame_puts_targets_beside_scores(five: Sample) -> None:
    frame = dea(five).to_frame()
    assert frame.columns.tolist()[-2:] == ["cost_target", "result_target"]
    assert frame.loc[3, ["cost_target", "result_target"]].tolist() == pytest.approx([10 / 3, 3.0])


def test_change_in_percent_of_nothing_is_missing() -> None:
    table = pd.DataFrame({"x": [2.0, 1.0], "y1": [0.0, 1.0], "y2": [1.0, 1.0]}, index=["P", "Q"])
    targets = dea(Sample.from_table(table, "x", ["y1", "y2"])).targets.set_index(["unit", "variable"])
    assert targets.loc[("P", "y1"), "target"] == pytest.approx(1.0)
    assert np.isnan(targets.loc[("P", "y1"), "change_pct"])


# Units without a score ----------------------------------------------------------------------------------------------


@pytest.fixture
def with_nothing() -> Sample:
    """P brings about nothing, Q uses nothing."""
    table = pd.DataFrame({"x": [2.0, 0.0, 4.0, 5.0], "y": [0.0, 1.0, 4.0, 2.0]}, index=list("PQRS"))
    return Sample.from_table(table, "x", "y")


@pytest.mark.parametrize(
    ("orientation", "rts", "statuses"),
    [
        ("input", "vrs", ["free output", "no input", "solved", "solved"]),
        ("output", "vrs", ["no output", "solved", "solved", "solved"]),
        ("output", "nirs", ["no output", "solved", "solved", "solved"]),
    ],
)
def test_all_zeros(with_nothing: Sample, orientation: str, rts: str, statuses: list[str]) -> None:
    """Q brings about 1 for nothing, so it stands in for P, which brings about nothing, for nothing."""
    with pytest.warns(UnsolvedUnitsWarning, match="Without a score: P"):
        scores = dea(with_nothing, orientation=orientation, rts=rts).scores
    assert scores["status"].tolist() == statuses
    is_lost = [status != "solved" for status in statuses]
    assert scores["efficiency"].isna().tolist() == is_lost
    assert scores["farrell"].isna().tolist() == is_lost
    assert scores["reason"].astype(bool).tolist() == is_lost


@pytest.mark.parametrize(
    ("orientation", "rts", "reason"),
    [
        ("input", "crs", "without any input"),
        ("output", "crs", "without limit"),
        ("output", "ndrs", "without limit"),
    ],
)
def test_if_nobody_has_a_score_it_is_an_error(with_nothing: Sample, orientation: str, rts: str, reason: str) -> None:
    """Under these returns to scale Q, which needs nothing, can be repeated as often as one likes."""
    with pytest.raises(SolverError, match=f"No unit could be scored: .*{reason}"):
        dea(with_nothing, orientation=orientation, rts=rts)


def test_a_unit_without_a_score_keeps_its_rows(with_nothing: Sample) -> None:
    with pytest.warns(UnsolvedUnitsWarning, match=r"P \(all outputs are zero.*sample.subset"):
        result = dea(with_nothing, orientation="output")
    assert result.info["n_unsolved"] == 1
    assert result.targets["unit"].tolist() == list("PPQQRRSS")
    assert result.targets["target"].isna().tolist() == [True] * 2 + [False] * 6
    assert result.slacks["slack"].isna().tolist() == [True] * 2 + [False] * 6
    assert "P" not in result.peers["unit"].tolist()
    assert "3 efficient" not in repr(result)
    assert "without score: 1" in result.summary()


def test_another_reference(five: Sample) -> None:
    """A, B and D cannot bring about 6 as C and E do; Z brings about twice what B does with the same cost."""
    reference = five.subset(["A", "B", "D"])
    with pytest.warns(UnsolvedUnitsWarning, match=r"C \(no combination of reference units"):
        result = dea(five, reference=reference)
    assert result.scores["status"].tolist() == ["solved", "solved", "infeasible", "solved", "infeasible"]
    assert result.efficiency[3] == pytest.approx(5 / 9)
    better = Sample.from_table(pd.DataFrame({"cost": [2.0], "result": [4.0]}, index=["Z"]), "cost", "result")
    outside = dea(better, rts="crs", reference=five)
    assert outside.efficiency.tolist() == pytest.approx([2.0])
    assert outside.scores["status"].tolist() == ["outside"]
    assert dea(better, rts="crs", orientation="output", reference=five).efficiency.tolist() == pytest.approx([2.0])


def test_a_reference_without_one_of_the_outputs() -> None:
    """Q stands for nothing that P does in y2, at whatever factor; with a factor of 0 P would be infinitely efficient."""
    table = pd.DataFrame({"x": 1.0, "y1": [1.0, 2.0], "y2": [1.0, 0.0]}, index=list("PQ"))
    both = Sample.from_table(table, "x", ["y1", "y2"])
    for rts in ("crs", "vrs"):
        with pytest.warns(UnsolvedUnitsWarning, match="P .no combination"):
            result = dea(both, rts=rts, orientation="output", reference=both.subset(["Q"]))
        assert result.scores["status"].tolist() == ["infeasible", "solved"]


def test_the_reference_may_list_its_variables_in_another_order(synth43: Sample) -> None:
    turned = Sample.from_table(synth43.to_frame(), ["x2", "x1"], ["y3", "y1", "y2"], unit="unit")
    assert dea(synth43, reference=turned).efficiency == pytest.approx(dea(synth43).efficiency, rel=1e-12)


@pytest.mark.parametrize("estimate", [dea, fdh])
def test_a_reference_with_other_variables_is_refused(five: Sample, synth43: Sample, estimate: Any) -> None:
    with pytest.raises(SampleError, match=r"reference has other variables.*inputs: x1, x2.*inputs: cost"):
        estimate(five, reference=synth43)


def test_a_reference_must_be_complete(five: Sample) -> None:
    gap = Sample.from_table(pd.DataFrame({"cost": [1.0, np.nan], "result": 1.0}), "cost", "result")
    for estimate in (dea, fdh):
        with pytest.raises(SampleError, match="missing for 1"):
            estimate(five, reference=gap)


@pytest.mark.parametrize(
    ("estimate", "words", "message"),
    [
        (dea, {"orientation": "in"}, "orientation='in' is not an option. Allowed: 'input', 'output'"),
        (dea, {"rts": "fdh"}, "rts='fdh' is not an option. Allowed: 'crs', 'vrs', 'nirs', 'ndrs'"),
        (dea, {"rts": 1}, "rts=1 is not an option"),
        (fdh, {"orientation": None}, "orientation=None is not an option"),
        (scale_efficiency, {"orientation": "both"}, "orientation='both' is not an option"),
    ],
)
def test_wrong_words(five: Sample, estimate: Any, words: dict[str, Any], message: str) -> None:
    with pytest.raises(OptionError, match=message):
        estimate(five, **words)


def test_options_are_words_with_names(five: Sample) -> None:
    with pytest.raises(TypeError):
        dea(five, "output")  # type: ignore[misc]


@pytest.mark.parametrize("estimate", [dea, fdh, scale_efficiency])
def test_warnings_point_to_the_caller(five: Sample, estimate: Any) -> None:
    with pytest.warns(FewUnitsWarning, match="5 units are few") as caught:
        estimate(five)
    assert [one.filename for one in caught] == [__file__]


@pytest.mark.filterwarnings("error")
def test_enough_units_give_no_warning(synth43: Sample) -> None:
    assert isinstance(dea(synth43), FrontierResult)


# Scale --------------------------------------------------------------------------------------------------------------


def test_scale_efficiency_by_hand(five: Sample) -> None:
    """From the tables in test_dea_by_hand; D is too small seen from its result, and too large seen from its cost."""
    inward = scale_efficiency(five).scores
    assert inward.columns.tolist() == ["unit", "name", "crs", "vrs", "scale", "returns"]
    assert inward["scale"].tolist() == pytest.approx([1 / 2, 1, 3 / 4, 9 / 10, 3 / 4])
    assert inward["returns"].tolist() == ["increasing", "constant", "decreasing", "increasing", "decreasing"]
    outward = scale_efficiency(five, orientation="output").scores
    assert outward["scale"].tolist() == pytest.approx([1 / 2, 1, 3 / 4, 5 / 6, 2 / 3])
    assert outward["returns"].tolist() == ["increasing", "constant", "decreasing", "decreasing", "decreasing"]


def test_scale_of_a_unit_without_a_score_is_missing() -> None:
    table = pd.DataFrame({"x": [2.0, 1.0, 4.0], "y": [0.0, 1.0, 4.0]}, index=list("PQR"))
    with pytest.warns(UnsolvedUnitsWarning):
        result = scale_efficiency(Sample.from_table(table, "x", "y"), orientation="output")
    assert result.scores["scale"].isna().tolist() == [True, False, False]
    assert result.scores["returns"].isna().tolist() == [True, False, False]
    assert result.info["n_unsolved"] == 1
