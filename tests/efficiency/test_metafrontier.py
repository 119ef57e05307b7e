"""Groups under one metafrontier: by hand, against `dea` group by group, and what is refused."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchlib.efficiency import Sample, dea
from benchlib.efficiency.measures.metafrontier import metafrontier
from benchlib.errors import FewUnitsWarning, OptionError, SampleError, SolverError, UnsolvedUnitsWarning
from benchlib.terms import INTENSITY_BOUNDS

pytestmark = pytest.mark.filterwarnings("ignore::benchlib.errors.FewUnitsWarning")

RTS = sorted(INTENSITY_BOUNDS)
MEASURES = ["group_efficiency", "meta_efficiency", "technology_gap"]
repeatedly = settings(max_examples=25, deadline=None, derandomize=True)


def kinds(**columns: list[float] | list[str]) -> Sample:
    """Cities need 1 per result, the best rural unit 2; a second city and a second rural unit waste half and a fifth."""
    figures = {"cost": [2.0, 4.0, 4.0, 5.0], "result": [2.0, 2.0, 2.0, 2.0], "kind": ["city", "city", "rural", "rural"]}
    return Sample.from_table(pd.DataFrame(figures | columns, index=list("ABCD")), "cost", "result", context="kind")


@pytest.mark.parametrize("rts", RTS)
@pytest.mark.parametrize("orientation", ["input", "output"])
def test_by_hand(rts: str, orientation: str) -> None:
    sample = kinds(result=[2.0, 1.0, 1.0, 0.8], cost=[2.0, 2.0, 2.0, 2.0]) if orientation == "output" else kinds()
    scores = metafrontier(sample, "kind", orientation=orientation, rts="crs").scores
    np.testing.assert_allclose(scores["group_efficiency"], [1.0, 0.5, 1.0, 0.8])
    np.testing.assert_allclose(scores["meta_efficiency"], [1.0, 0.5, 0.5, 0.4])
    assert scores["technology_gap"].tolist() == pytest.approx([1.0, 1.0, 0.5, 0.5])
    assert scores["group"].tolist() == ["city", "city", "rural", "rural"]
    assert scores.columns.tolist() == ["unit", "name", "group", *MEASURES, "status", "reason"]


def test_the_frontier_of_all_combines_groups() -> None:
    """Halfway between A (1, 1) of one group and B (3, 3) of the other the pooled technology needs 2; C of the first needs 3."""
    table = pd.DataFrame({"x": [1.0, 3.0, 3.0], "y": [1.0, 3.0, 2.0]}, index=list("ABC"))
    scores = metafrontier(Sample.from_table(table, "x", "y"), {"A": 1, "B": 2, "C": 1}).scores
    assert scores["group_efficiency"].tolist() == [1.0, 1.0, 1.0]
    np.testing.assert_allclose(scores["meta_efficiency"], [1.0, 1.0, 2.0 / 3.0])


@pytest.mark.parametrize("rts", RTS)
@pytest.mark.parametrize("orientation", ["input", "output"])
def test_equals_dea_group_by_group(synth43: Sample, rts: str, orientation: str) -> None:
    group = {unit: "north" if i % 3 else "south" for i, unit in enumerate(synth43.units)}
    scores = metafrontier(synth43, group, orientation=orientation, rts=rts).scores.set_index("unit")
    np.testing.assert_allclose(scores["meta_efficiency"], dea(synth43, orientation=orientation, rts=rts).efficiency)
    for name in ("north", "south"):
        own = synth43.subset([unit for unit in synth43.units if group[unit] == name])
        expected = dea(own, orientation=orientation, rts=rts).efficiency
        np.testing.assert_allclose(scores.loc[list(own.units), "group_efficiency"], expected)
    np.testing.assert_allclose(scores["meta_efficiency"], scores["group_efficiency"] * scores["technology_gap"])


@repeatedly
@given(st.integers(0, 2**32 - 1), st.sampled_from(RTS), st.sampled_from(["input", "output"]))
def test_laws(seed: int, rts: str, orientation: str) -> None:
    rng = np.random.default_rng(seed)
    n = int(rng.integers(2, 15))
    table = pd.DataFrame(rng.lognormal(size=(n, 4)), columns=["x1", "x2", "y1", "y2"])
    group = pd.Series(rng.integers(3, size=n), index=table.index)

    def score(table: pd.DataFrame, group: pd.Series) -> pd.DataFrame:
        sample = Sample.from_table(table, ["x1", "x2"], ["y1", "y2"])
        return metafrontier(sample, group, orientation=orientation, rts=rts).scores.set_index("unit")[MEASURES]

    scores = score(table, group)
    assert (scores["technology_gap"] <= 1.0).all()
    assert (scores["technology_gap"] > 0.0).all()
    other_units = table * 10.0 ** rng.uniform(-9, 12, 4)
    pd.testing.assert_frame_equal(score(other_units, group), scores, rtol=1e-8)
    order = rng.permutation(n)
    pd.testing.assert_frame_equal(score(table.iloc[order], group), scores.iloc[order], rtol=1e-8)
    assert (score(table, group * 0)["technology_gap"] == 1.0).all()


def test_ways_to_name_groups() -> None:
    sample = kinds()
    by_column = metafrontier(sample, "kind")
    group = {"A": "city", "B": "city", "C": "rural", "D": "rural", "elsewhere": "city"}
    for given_groups in (group, pd.Series(group)):
        pd.testing.assert_frame_equal(metafrontier(sample, given_groups).scores, by_column.scores)
    categorical = Sample.from_table(
        sample.to_frame().assign(kind=lambda t: t["kind"].astype("category")), "cost", "result", "unit", "kind"
    )
    assert metafrontier(categorical, "kind").groups["group"].tolist() == ["city", "rural"]


def test_groups_table() -> None:
    groups = metafrontier(kinds(), {"A": 7, "B": 7, "C": 3, "D": 7}).groups.set_index("group")
    assert groups.index.tolist() == [7, 3]
    assert groups["units"].tolist() == [3, 1]
    np.testing.assert_allclose(groups.loc[7, "meta_efficiency_mean"], (1.0 + 0.5 + 0.4) / 3)
    np.testing.assert_allclose(groups.loc[7, ["group_efficiency_median", "group_efficiency_min"]].tolist(), [0.5, 0.4])
    assert groups.loc[3, "technology_gap_min"] == 0.5


def test_result_says_what_it_is() -> None:
    result = metafrontier(kinds(), "kind")
    assert "4 units in 2 groups; mean technology gap ratio: city 1.0000, rural 0.5000" in repr(result)
    assert (result.info["n_groups"], result.info["n_unsolved"], result.info["rts"]) == (2, 0, "vrs")


def test_one_warning_names_small_groups() -> None:
    table = pd.DataFrame({"x": np.arange(1.0, 9.0), "y": np.arange(1.0, 9.0) ** 0.5})
    sample = Sample.from_table(table, "x", "y")
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        metafrontier(sample, {i: "large" if i < 6 else "small" if i < 7 else "other" for i in range(8)})
    (warning,) = caught
    assert warning.category is FewUnitsWarning
    assert "Groups with few units: small (1 unit), other (1 unit); from 6 on" in str(warning.message)
    assert warning.filename == __file__


def test_unsolved_units_keep_their_row_and_reason() -> None:
    sample = kinds(result=[2.0, 0.0, 2.0, 2.0])
    with pytest.warns(UnsolvedUnitsWarning, match=r"Without a score: B \(all outputs are zero"):
        scores = metafrontier(sample, "kind", rts="crs").scores
    assert scores["status"].tolist() == ["solved", "no output", "solved", "solved"]
    assert scores.loc[1, MEASURES].isna().all()
    with pytest.raises(SolverError, match="No unit could be scored: all outputs are zero"):
        metafrontier(kinds(result=[0.0, 0.0, 0.0, 0.0]), "kind", rts="crs")


@pytest.mark.parametrize(
    ("groups", "error", "message"),
    [
        ("region", OptionError, r"groups='region' is not a context variable of the sample \(it has kind\)"),
        (["city", "rural"], OptionError, "groups is of type list"),
        ({"A": 1, "B": 1, "C": None}, SampleError, "The group is missing for C, D"),
        (pd.Series([1, 1, 2, 2, 1], index=list("ABCDA")), SampleError, "more than once: A"),
    ],
)
def test_groups_that_are_refused(groups: object, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        metafrontier(kinds(), groups)


def test_other_preconditions() -> None:
    with pytest.raises(SampleError, match=r"missing for A \(cost\)"):
        metafrontier(kinds(cost=[np.nan, 1.0, 1.0, 1.0]), "kind")
    with pytest.raises(OptionError, match="rts='fdh'"):
        metafrontier(kinds(), "kind", rts="fdh")
    with pytest.raises(OptionError, match="orientation="):
        metafrontier(kinds(), "kind", orientation="in")
    bare = Sample.from_table(kinds().to_frame(), "cost", "result", "unit")
    with pytest.raises(OptionError, match="it has none"):
        metafrontier(bare, "kind")
