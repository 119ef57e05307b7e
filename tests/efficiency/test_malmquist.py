"""The Malmquist index: on paper, against other tools and another solver, and what must hold for any panel."""

from __future__ import annotations

from fractions import Fraction
from math import sqrt
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchlib.efficiency import Sample
from benchlib.efficiency.productivity.malmquist import malmquist
from benchlib.efficiency.productivity.panel import samples_by_period
from benchlib.errors import FewUnitsWarning, OptionError, SampleError, SolverError, UnsolvedUnitsWarning
from tests.efficiency.panels import beside, efficiency_by_highs, figures_of, of_figures, random_panel, reference_panel

pytestmark = pytest.mark.filterwarnings("ignore::benchlib.errors.FewUnitsWarning")

FGNZ = ["malmquist", "efficiency_change", "technical_change", "pure_efficiency_change", "scale_change"]
RAY_DESLI = ["malmquist", "technical_change", "pure_efficiency_change", "scale_change"]
ORIENTATION = {"in": "input", "out": "output"}


# On paper -----------------------------------------------------------------------------------------------------------

# One input, one output. Constant returns: the best ratio is 1 (B), then 3/2 (B). Variable returns, before: A-B-C as in
# test_dea_by_hand; after: A-B with slope 5/2, flat at 6 from B on.
BEFORE = {"A": (2, 1), "B": (4, 4), "C": (8, 6), "D": (6, 3), "E": (9, 6)}
AFTER = {"A": (2, 1), "B": (4, 6), "C": (8, 6), "D": (4, 4), "E": (9, 6)}
INDEX = {"A": 1, "B": Fraction(3, 2), "C": 1, "D": 2, "E": 1}
CATCHING_UP = {"A": Fraction(2, 3), "B": 1, "C": Fraction(2, 3), "D": Fraction(4, 3), "E": Fraction(2, 3)}
PURE = {"A": 1, "B": 1, "C": Fraction(1, 2), "D": Fraction(4, 5) / Fraction(5, 9), "E": Fraction(1, 2)}
# Input efficiencies with variable returns: B does with 4 what took 8, and so on.
TECHNICAL_VRS = {
    "A": 1.0,
    "B": sqrt(Fraction(2, 1) * 1 / Fraction(16, 20)),
    "C": 2.0,
    "D": sqrt(1 / Fraction(4, 5) * Fraction(5, 9) / Fraction(14, 30)),
    "E": 2.0,
}


def of_points(points: dict[str, tuple[float, float]]) -> Sample:
    return Sample.from_table(pd.DataFrame(points, index=["cost", "result"]).T, "cost", "result")


@pytest.fixture
def on_paper() -> dict[int, Sample]:
    return {2023: of_points(BEFORE), 2024: of_points(AFTER)}


def column(scores: pd.DataFrame, name: str) -> dict[str, float]:
    return dict(zip(scores["unit"], scores[name], strict=True))


def approx(numbers: dict[str, Any]) -> Any:
    return pytest.approx({unit: float(number) for unit, number in numbers.items()}, rel=1e-12)


def test_fgnz_on_paper(on_paper: dict[int, Sample]) -> None:
    scores = malmquist(on_paper).scores
    assert column(scores, "malmquist") == approx(INDEX)
    assert column(scores, "efficiency_change") == approx(CATCHING_UP)
    assert column(scores, "technical_change") == approx(dict.fromkeys("ABCDE", 1.5))
    assert column(scores, "pure_efficiency_change") == approx(PURE)
    assert column(scores, "scale_change") == approx({unit: CATCHING_UP[unit] / PURE[unit] for unit in "ABCDE"})


def test_ray_desli_on_paper(on_paper: dict[int, Sample]) -> None:
    scores = malmquist(on_paper, decomposition="ray-desli").scores
    assert column(scores, "malmquist") == approx(INDEX)
    assert column(scores, "pure_efficiency_change") == approx(PURE)
    assert column(scores, "technical_change") == approx(TECHNICAL_VRS)
    rest = {unit: float(INDEX[unit]) / (float(PURE[unit]) * TECHNICAL_VRS[unit]) for unit in "ABCDE"}
    assert column(scores, "scale_change") == approx(rest)


def test_output_orientation_on_paper(on_paper: dict[int, Sample]) -> None:
    """Only the pure part differs: before D could have 5 instead of 3; after it is D at 4 that could have 6."""
    scores = malmquist(on_paper, orientation="output").scores
    assert column(scores, "malmquist") == approx(INDEX)
    assert column(scores, "efficiency_change") == approx(CATCHING_UP)
    pure = {"A": 1, "B": 1, "C": 1, "D": Fraction(2, 3) / Fraction(3, 5), "E": 1}
    assert column(scores, "pure_efficiency_change") == approx(pure)


def test_a_size_that_the_other_period_does_not_know(on_paper: dict[int, Sample]) -> None:
    """With 9 as output, B has no input efficiency under variable returns against a frontier that ends at 6."""
    on_paper[2024] = of_points(AFTER | {"B": (4, 9)})
    with pytest.warns(UnsolvedUnitsWarning, match=r"1 of 5 changes .* B \(2024 against 2023: no combination") as caught:
        result = malmquist(on_paper, decomposition="ray-desli")
    assert [one.filename for one in caught if one.category is UnsolvedUnitsWarning] == [__file__]
    row = result.scores.set_index("unit").loc["B"]
    assert row["malmquist"] == pytest.approx(2.25)
    assert row["pure_efficiency_change"] == pytest.approx(1.0)
    assert row[["technical_change", "scale_change"]].isna().all()
    assert row["status"] == "infeasible"
    assert (result.scores["status"] == "solved").sum() == 4
    assert result.info["n_unsolved"] == 1
    assert result.means["n_units"].tolist() == [4]
    assert malmquist(on_paper).info["n_unsolved"] == 0, "fgnz does not need that programme"


# Against other tools ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("letters", ORIENTATION)
def test_benchmarking(letters: str) -> None:
    scores = malmquist(reference_panel(), orientation=ORIENTATION[letters]).scores
    merged = beside(scores, "benchmarking", rts="crs", orientation=letters)
    power = -1 if letters == "out" else 1
    for ours, theirs in (("malmquist", "m"), ("technical_change", "tc"), ("efficiency_change", "ec")):
        np.testing.assert_allclose(merged[ours], merged[theirs] ** power, rtol=1e-10)


@pytest.mark.parametrize("letters", ORIENTATION)
def test_dear(letters: str) -> None:
    scores = malmquist(reference_panel(), orientation=ORIENTATION[letters]).scores
    merged = beside(scores, "dear_fgnz", orientation=letters)
    words = {"malmquist": "mi", "technical_change": "tc", "pure_efficiency_change": "pech", "scale_change": "sech"}
    for ours, theirs in words.items():
        np.testing.assert_allclose(merged[ours], merged[theirs], rtol=1e-10)


@pytest.mark.filterwarnings("ignore::benchlib.errors.UnsolvedUnitsWarning")
@pytest.mark.parametrize("letters", ORIENTATION)
def test_ray_desli_from_the_distances_of_benchmarking(letters: str) -> None:
    """The formulas of the paper on someone else's eight distances."""
    scores = malmquist(reference_panel(), orientation=ORIENTATION[letters], decomposition="ray-desli").scores
    power = -1 if letters == "out" else 1
    c, v = (beside(scores, "benchmarking", rts=rts, orientation=letters) for rts in ("crs", "vrs"))
    E, V = ({key: table[key] ** power for key in ("e00", "e10", "e11", "e01")} for table in (c, v))
    known = np.isfinite(v["e10"]) & np.isfinite(v["e01"])
    assert (~known).sum() == (scores["status"] == "infeasible").sum() > 0
    np.testing.assert_array_equal(scores["technical_change"].isna(), ~known)
    technical = np.sqrt((V["e10"] / V["e11"] * V["e00"] / V["e01"]).where(known))
    size = {key: E[key] / V[key].where(known) for key in E}
    scale = np.sqrt(size["e10"] / size["e00"] * size["e11"] / size["e01"])
    np.testing.assert_allclose(scores["pure_efficiency_change"], V["e11"] / V["e00"], rtol=1e-10)
    np.testing.assert_allclose(scores["technical_change"][known], technical[known], rtol=1e-10)
    np.testing.assert_allclose(scores["scale_change"][known], scale[known], rtol=1e-10)


@pytest.mark.filterwarnings("ignore::benchlib.errors.UnsolvedUnitsWarning")
def test_ray_desli_of_deapack() -> None:
    scores = malmquist(reference_panel(["y1"]), orientation="output", decomposition="ray-desli").scores
    merged = beside(scores, "deapack_ray_desli")
    for ours, theirs in zip(RAY_DESLI, ("index", "technical", "pure", "scale"), strict=True):
        np.testing.assert_allclose(merged[ours], merged[theirs], rtol=1e-10)


@pytest.mark.filterwarnings("ignore::benchlib.errors.UnsolvedUnitsWarning")
@pytest.mark.parametrize("orientation", ["input", "output"])
def test_units_that_come_and_go_against_another_solver(orientation: str) -> None:
    """They span their period's frontier, but have no change."""
    periods = random_panel(1)
    scores = malmquist(periods, orientation=orientation, decomposition="ray-desli").scores
    assert scores["unit"].tolist() == list(range(1, 11))
    for unit, row in scores.set_index("unit").iterrows():
        e = {
            rts: np.array(
                [
                    [efficiency_by_highs(periods[k], *figures_of(periods, p, unit), orientation, rts) for p in periods]
                    for k in periods
                ]
            )
            for rts in ("crs", "vrs")
        }
        index = sqrt(e["crs"][0, 1] / e["crs"][0, 0] * e["crs"][1, 1] / e["crs"][1, 0])
        assert row["malmquist"] == pytest.approx(index, rel=1e-8)
        assert row["pure_efficiency_change"] == pytest.approx(e["vrs"][1, 1] / e["vrs"][0, 0], rel=1e-8)
        v = e["vrs"]
        technical = np.sqrt(v[0, 1] / v[1, 1] * v[0, 0] / v[1, 0])
        assert row["technical_change"] == pytest.approx(technical, rel=1e-8, nan_ok=True)


# What must hold -----------------------------------------------------------------------------------------------------

figure = st.floats(0.5, 20.0, allow_nan=False)


@st.composite
def two_periods(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Inputs and outputs of 2 to 7 units before and after, with 1 or 2 of each."""
    n, m, s = draw(st.integers(2, 7)), draw(st.integers(1, 2)), draw(st.integers(1, 2))
    X0, X1 = (np.array(draw(st.lists(figure, min_size=n * m, max_size=n * m))).reshape(n, m) for _ in "ab")
    Y0, Y1 = (np.array(draw(st.lists(figure, min_size=n * s, max_size=n * s))).reshape(n, s) for _ in "ab")
    return X0, Y0, X1, Y1


def changes(X0: np.ndarray, Y0: np.ndarray, X1: np.ndarray, Y1: np.ndarray, **words: Any) -> pd.DataFrame:
    return malmquist({"before": of_figures(X0, Y0), "after": of_figures(X1, Y1)}, **words).scores


some = settings(max_examples=10, deadline=None)


@some
@given(two_periods(), st.sampled_from(["input", "output"]))
def test_index_is_the_product_of_its_parts(panel: tuple[np.ndarray, ...], orientation: str) -> None:
    fgnz = changes(*panel, orientation=orientation)
    np.testing.assert_allclose(
        fgnz["malmquist"], fgnz["technical_change"] * fgnz["pure_efficiency_change"] * fgnz["scale_change"], rtol=1e-9
    )
    np.testing.assert_allclose(fgnz["malmquist"], fgnz["technical_change"] * fgnz["efficiency_change"], rtol=1e-9)


@pytest.mark.filterwarnings("ignore::benchlib.errors.UnsolvedUnitsWarning")
@some
@given(two_periods(), st.sampled_from(["input", "output"]))
def test_ray_desli_splits_the_same_index(panel: tuple[np.ndarray, ...], orientation: str) -> None:
    words = {"orientation": orientation}
    fgnz, other = changes(*panel, **words), changes(*panel, decomposition="ray-desli", **words)
    np.testing.assert_array_equal(other["malmquist"], fgnz["malmquist"])
    np.testing.assert_array_equal(other["pure_efficiency_change"], fgnz["pure_efficiency_change"])
    known = other["status"] == "solved"
    product = other["technical_change"] * other["pure_efficiency_change"] * other["scale_change"]
    np.testing.assert_allclose(product[known], other["malmquist"][known], rtol=1e-9)
    assert other.loc[~known, "scale_change"].isna().all()


@some
@given(two_periods())
def test_orientations_agree_under_constant_returns(panel: tuple[np.ndarray, ...]) -> None:
    inward, outward = (changes(*panel, orientation=word) for word in ("input", "output"))
    for name in FGNZ[:3]:
        np.testing.assert_allclose(inward[name], outward[name], rtol=1e-8)


@some
@given(two_periods(), st.sampled_from(["fgnz", "ray-desli"]))
def test_identical_periods_show_no_change(panel: tuple[np.ndarray, ...], decomposition: str) -> None:
    X, Y, *_ = panel
    scores = changes(X, Y, X, Y, decomposition=decomposition)
    parts = FGNZ if decomposition == "fgnz" else RAY_DESLI
    np.testing.assert_allclose(scores[parts], 1.0, rtol=1e-9)


@some
@given(two_periods(), st.floats(0.1, 10.0))
def test_more_of_all_outputs_is_technical_change(panel: tuple[np.ndarray, ...], factor: float) -> None:
    X, Y, *_ = panel
    scores = changes(X, Y, X, factor * Y)
    np.testing.assert_allclose(scores["malmquist"], factor, rtol=1e-8)
    np.testing.assert_allclose(scores["technical_change"], factor, rtol=1e-8)
    np.testing.assert_allclose(scores["efficiency_change"], 1.0, rtol=1e-8)


@some
@given(two_periods(), st.integers(-9, 12), st.integers(-9, 12))
def test_units_of_measurement_do_not_matter(panel: tuple[np.ndarray, ...], x: int, y: int) -> None:
    X0, Y0, X1, Y1 = panel
    other = changes(X0 * 10.0**x, Y0 * 10.0**y, X1 * 10.0**x, Y1 * 10.0**y)
    np.testing.assert_allclose(other[FGNZ], changes(*panel)[FGNZ], rtol=1e-8)


@some
@given(two_periods())
def test_the_way_back_is_the_reciprocal(panel: tuple[np.ndarray, ...]) -> None:
    X0, Y0, X1, Y1 = panel
    np.testing.assert_allclose(changes(X1, Y1, X0, Y0)[FGNZ], 1.0 / changes(*panel)[FGNZ], rtol=1e-8)


@some
@given(two_periods(), st.randoms(use_true_random=False))
def test_order_of_units_and_duplicates_do_not_matter(panel: tuple[np.ndarray, ...], random: Any) -> None:
    X0, Y0, X1, Y1 = panel
    n = len(X0)
    before, after = (random.sample(range(n), n) for _ in "ab")
    twin = np.array([*before, 0])
    shuffled = {
        0: of_figures(X0[twin], Y0[twin], [*before, "twin"]),
        1: of_figures(np.vstack([X1[after], X1[:1]]), np.vstack([Y1[after], Y1[:1]]), [*after, "twin"]),
    }
    scores = malmquist(shuffled).scores.set_index("unit")
    expected = changes(*panel).set_index("unit")
    np.testing.assert_allclose(scores.loc[list(range(n)), FGNZ].astype(float), expected[FGNZ], rtol=1e-8)
    np.testing.assert_allclose(scores.loc["twin", FGNZ].astype(float), expected.loc[0, FGNZ].astype(float), rtol=1e-8)


# Several periods, units that come and go ----------------------------------------------------------------------------


@pytest.fixture
def three() -> dict[int, Sample]:
    """A stays; B is away in 2021; C comes in 2021; D is there in 2020 only."""
    return {
        2020: of_figures([[10], [10], [20]], [[10], [5], [8]], ["A", "B", "D"]),
        2021: of_figures([[8], [10]], [[10], [5]], ["A", "C"]),
        2022: of_figures([[8], [10], [10]], [[12], [9], [5]], ["A", "B", "C"]),
    }


def test_rows_and_who_is_left_out(three: dict[int, Sample]) -> None:
    result = malmquist(three)
    rows = result.scores[["unit", "period_from", "period_to"]].to_numpy().tolist()
    assert rows == [["A", 2020, 2021], ["A", 2021, 2022], ["C", 2021, 2022]]
    assert result.left_out.to_numpy().tolist() == [
        ["B", 2020, "not in 2021"],
        ["D", 2020, "not in 2021"],
        ["C", 2021, "not in 2020"],
        ["B", 2022, "not in 2021"],
    ]
    assert result.scores["malmquist"].tolist() == pytest.approx([1.25, 1.2, 1.0])
    assert result.info["n_units"] == 2
    assert "Not in every change: B, D, C." in result.summary()


def test_who_left_the_sample_before_is_remembered() -> None:
    table = pd.DataFrame({"x": [1.0, 2.0, 3.0], "y": [1.0, np.nan, 2.0]}, index=list("ABC"))
    full = Sample.from_table(table.fillna(1.0), "x", "y")
    result = malmquist({2020: full, 2021: Sample.from_table(table, "x", "y").without_missing()})
    assert result.left_out.to_numpy().tolist() == [["B", 2020, "not in 2021"], ["B", 2021, "no figure for y"]]


def test_chains_and_means(three: dict[int, Sample]) -> None:
    three[2023] = three[2022].subset(["B", "A", "C"])
    result = malmquist(three)
    chain = result.cumulative
    assert list(chain.columns) == ["unit", "name", "base", "period", *FGNZ]
    assert len(chain) == len(result.scores)
    assert chain.loc[chain["unit"] == "A", "malmquist"].tolist() == pytest.approx([1.25, 1.5, 1.5])
    assert chain.loc[chain["unit"] == "A", "base"].tolist() == [2020, 2020, 2020]
    last = chain[chain["period"] == 2023].set_index("unit")
    assert last["base"].to_dict() == {"A": 2020, "B": 2022, "C": 2021}
    assert result.means["n_units"].tolist() == [1, 2, 3]
    assert result.means["malmquist"].tolist() == pytest.approx([1.25, sqrt(1.2), 1.0])
    product = result.means[["efficiency_change", "technical_change"]].prod(axis=1)
    np.testing.assert_allclose(result.means["malmquist"], product)


def test_a_gap_starts_a_new_chain() -> None:
    periods = {year: of_figures([[10], [10]], [[year - 2010], [5]], ["A", "B"]) for year in range(2020, 2025)}
    periods[2022] = periods[2022].subset(["B"])
    result = malmquist(periods)
    chain = result.cumulative[result.cumulative["unit"] == "A"]
    assert chain[["base", "period"]].to_numpy().tolist() == [[2020, 2021], [2023, 2024]]
    assert chain["malmquist"].tolist() == pytest.approx([11 / 10, 14 / 13])


@pytest.mark.filterwarnings("ignore::benchlib.errors.UnsolvedUnitsWarning")
def test_an_unknown_change_makes_the_chain_unknown(on_paper: dict[int, Sample]) -> None:
    periods = {2022: on_paper[2023], 2023: of_points(AFTER | {"B": (4, 9)}), 2024: of_points(AFTER | {"B": (4, 9)})}
    chain = malmquist(periods, decomposition="ray-desli").cumulative.set_index(["unit", "period"])
    assert chain.loc["B", "malmquist"].tolist() == pytest.approx([2.25, 2.25])
    assert chain.loc["B", "technical_change"].isna().all()
    assert chain.loc["C", "technical_change"].notna().all()


def test_table_and_looks() -> None:
    periods = reference_panel()
    result = malmquist(periods)
    assert list(result.scores) == ["unit", "name", "period_from", "period_to", *FGNZ, "status", "reason"]
    assert tuple(result.scores["unit"]) == periods[2019].units * 2
    assert repr(result).startswith(
        "ProductivityResult(Malmquist index, input orientation, fgnz; 2019 to 2021, 43 units, "
    )
    assert result.summary().count("\n") == 93
    assert result._repr_html_().count("<tr") >= 60
    assert result.intervals.empty
    assert result.left_out.empty
    assert result.info["n_highs"] == 0
    assert result.info["periods"] == (2019, 2020, 2021)


def test_variables_in_another_order_are_the_same(on_paper: dict[int, Sample]) -> None:
    X, Y = np.array([[1.0, 4.0], [2.0, 2.0], [4.0, 1.0]]), np.ones((3, 1))
    periods = {0: of_figures(X, Y), 1: of_figures(0.8 * X, Y)}
    turned = Sample.from_table(periods[1].to_frame(), ["x1", "x0"], "y0", "unit")
    np.testing.assert_allclose(malmquist({0: periods[0], 1: turned}).scores["malmquist"], 1.25)


# Degenerate panels --------------------------------------------------------------------------------------------------


def test_one_unit() -> None:
    scores = malmquist({0: of_figures([[2]], [[3]], ["A"]), 1: of_figures([[4]], [[9]], ["A"])}).scores
    assert scores[FGNZ].iloc[0].tolist() == pytest.approx([1.5, 1.0, 1.5, 1.0, 1.0])


def test_fewer_units_than_variables_and_collinear_columns() -> None:
    X = np.array([[1.0, 2.0, 3.0], [2.0, 4.0, 6.0]])
    scores = malmquist({0: of_figures(X, X), 1: of_figures(X, 2 * X)}).scores
    np.testing.assert_allclose(scores[FGNZ[:3]], [[2.0, 1.0, 2.0]] * 2)


def test_zeros(on_paper: dict[int, Sample]) -> None:
    """Q makes something that nobody made before: no input efficiency against the old frontier. R makes nothing at all."""
    X = np.array([[2.0], [3.0], [4.0]])
    before = of_figures(X, [[1, 0], [1, 0], [0, 0]], ["P", "Q", "R"])
    after = of_figures(X, [[1, 0], [1, 1], [0, 0]], ["P", "Q", "R"])
    with pytest.warns(UnsolvedUnitsWarning, match="2 of 3 changes"):
        scores = malmquist({2023: before, 2024: after}).scores.set_index("unit")
    assert scores.loc["P", "malmquist"] == pytest.approx(1.0)
    assert scores.loc["Q", "reason"].startswith("2024 against 2023: no combination of reference units")
    assert scores.loc["Q", "efficiency_change"] == pytest.approx(1 / (2 / 3))
    assert scores.loc["R", "status"] == "no output"
    assert scores.loc["R", FGNZ[:3]].isna().all()
    assert scores.loc["R", "pure_efficiency_change"] == 1.0, "under variable returns R could do nothing with less"


@pytest.mark.filterwarnings("ignore::benchlib.errors.UnsolvedUnitsWarning")
def test_no_change_at_all_can_be_computed() -> None:
    nothing = of_figures([[1], [2]], [[0], [0]], ["A", "B"])
    with pytest.raises(SolverError, match="No change could be computed: 2023 against 2023: all outputs are zero"):
        malmquist({2023: nothing, 2024: nothing})


# Bad input ----------------------------------------------------------------------------------------------------------

ONE = of_figures([[1], [2]], [[1], [2]], ["A", "B"])


@pytest.mark.parametrize(
    ("periods", "message"),
    [
        ({2023: ONE}, "at least two periods; there are 1"),
        ({}, "at least two periods; there are 0"),
        ([ONE, ONE], "periods must map each period to its Sample"),
        ({2023: ONE, 2024: ONE.to_frame()}, "periods must map each period to its Sample"),
        ({2023: ONE, 2024: of_figures([[1, 1]], [[1]], ["A"])}, "Period 2024 has other variables than 2023"),
        ({2023: ONE, 2024: of_figures([[1]], [[1]], ["C"])}, r"No unit is in both 2023 \(A, B\) and 2024 \(C\)"),
        (
            {2023: ONE, 2024: of_figures([[1], [np.nan]], [[1], [2]], ["A", "B"])},
            "Period 2024: Figures are missing for B",
        ),
        ({2023: of_figures([[np.nan]], [[1]], ["A"]), 2024: ONE}, "Period 2023: Figures are missing for A"),
        ({2023: ONE, 2024: of_figures([[1], [-2]], [[1], [2]], ["A", "B"])}, "Period 2024: Figures are negative for B"),
    ],
)
def test_panels_that_cannot_be_compared(periods: Any, message: str) -> None:
    with pytest.raises(SampleError, match=message):
        malmquist(periods)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"orientation": "in"}, "orientation='in'"),
        ({"decomposition": "rd"}, "decomposition='rd' is not an option. Allowed: 'fgnz', 'ray-desli'"),
        ({"level": 95}, "level=95"),
    ],
)
def test_wrong_options(words: dict[str, Any], message: str) -> None:
    with pytest.raises(OptionError, match=message):
        malmquist({2023: ONE, 2024: ONE}, **words)


@pytest.mark.filterwarnings("error::benchlib.errors.FewUnitsWarning")
def test_few_units_warn_once_at_the_users_line(three: dict[int, Sample]) -> None:
    with pytest.warns(FewUnitsWarning, match="2 units are few") as caught:
        malmquist(three)
    assert [one.filename for one in caught] == [__file__]


# A table by period --------------------------------------------------------------------------------------------------


def long_table() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "unit": ["B", "A", "A", "B"],
            "year": [2024, 2024, 2023, 2023],
            "cost": [1.0, 2.0, 3.0, 4.0],
            "result": [1.0, 1.0, 1.0, np.nan],
            "area": [5.0, 6.0, 5.0, 6.0],
        }
    )


def test_samples_by_period() -> None:
    periods = samples_by_period(long_table(), "cost", "result", "unit", "year", context="area")
    assert list(periods) == [2023, 2024]
    assert all(type(period) is int for period in periods)
    assert periods[2024].units == ("B", "A")
    assert periods[2024].context == ("area",)
    assert np.isnan(periods[2023].Y[1, 0]), "missing stays missing"
    text = long_table().assign(year=["later", "later", "early", "early"])
    assert list(samples_by_period(text, "cost", "result", "unit", "year")) == ["early", "later"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"unit": ["A", "A", "A", "B"]}, "Period 2024: Units must be unique"),
        ({"year": [2024, 2024, 2023, None]}, "column 'year' is missing in row 4"),
        ({"year": [2024, "2024", 2023, 2023]}, "are of several types and have no order"),
        ({"cost": ["1", "2", "3", "4"]}, "Period 2023: Column 'cost' holds"),
    ],
)
def test_tables_that_make_no_panel(change: dict[str, Any], message: str) -> None:
    with pytest.raises(SampleError, match=message):
        samples_by_period(long_table().assign(**change), "cost", "result", "unit", "year")


def test_table_without_the_column() -> None:
    with pytest.raises(SampleError, match=r"no column 'month' for the period\. It has: unit, year"):
        samples_by_period(long_table(), "cost", "result", "unit", "month")
    with pytest.raises(SampleError, match="It has: dict"):
        samples_by_period({}, "cost", "result", "unit", "month")  # type: ignore[arg-type]
