"""The territory development index: small cases by hand, and how far our figures carry towards the published values."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from benchlib.comparison import territory_development_index
from benchlib.errors import OptionError, SampleError, UnknownTerritoryError
from benchlib.indicators import classification, load_index, load_indicators

#: Four novadi and three cities of 2025.
NOVADI, CITIES = ("0020000", "0021000", "0022000", "0023000"), ("0001000", "0002000", "0003000")

#: The first 24 novadi of annex 2 of Cabinet Regulation 1178 of 21 December 2010 (likumi.lv/ta/id/223343), as printed: level by the figures
#: of 2009 against the means of 2009, change by the figures of 2009 against the means of 2008.
PUBLISHED = {
    "Garkalnes novads": (2.773, 1.528),
    "Mārupes novads": (2.250, 1.102),
    "Ādažu novads": (2.062, 0.922),
    "Ķekavas novads": (1.780, 0.604),
    "Babītes novads": (1.779, 0.593),
    "Stopiņu novads": (1.671, 0.466),
    "Carnikavas novads": (1.390, 0.258),
    "Ikšķiles novads": (1.399, 0.237),
    "Ropažu novads": (1.226, 0.088),
    "Salaspils novads": (0.960, -0.338),
    "Olaines novads": (0.950, -0.342),
    "Baldones novads": (0.650, -0.348),
    "Ķeguma novads": (0.624, -0.510),
    "Inčukalna novads": (0.708, -0.529),
    "Siguldas novads": (0.628, -0.556),
    "Sējas novads": (0.644, -0.572),
    "Ogres novads": (0.580, -0.573),
    "Ozolnieku novads": (0.513, -0.578),
    "Lielvārdes novads": (0.521, -0.599),
    "Saulkrastu novads": (0.302, -0.662),
    "Iecavas novads": (0.415, -0.684),
    "Krimuldas novads": (0.452, -0.687),
    "Engures novads": (0.227, -0.746),
    "Smiltenes novads": (0.263, -0.766),
}


def table(codes: tuple[str, ...], **columns: list[float]) -> pd.DataFrame:
    return pd.DataFrame({"territory": codes, **columns})


# --- by hand -----------------------------------------------------------------------------------------------------------


def test_level_without_weights_of_population() -> None:
    made = table(NOVADI, tax=[100, 200, 300, 400], jobless=[4, 8, 8, 12])
    weights = {"tax": 0.75, "jobless": 0.25}
    found = territory_development_index(made, weights=weights, directions={"tax": 1, "jobless": -1}, weighting="none")
    # Tax: mean 250, variance (150² + 50² + 50² + 150²) / 4 = 12500; jobless: mean 8, variance (16 + 16) / 4 = 8.
    tax, jobless = np.array([-150, -50, 50, 150]) / np.sqrt(12500), -np.array([-4, 0, 0, 4]) / np.sqrt(8)
    np.testing.assert_allclose(found.scores["level"], 0.75 * tax + 0.25 * jobless, rtol=1e-12)
    np.testing.assert_allclose(found.standardised["jobless"], jobless, rtol=1e-12)
    assert found.scores["level"].sum() == pytest.approx(0.0, abs=1e-12)
    assert found.scores["change"].isna().all()


def test_population_weights_mean_and_deviation() -> None:
    made = table(NOVADI[:2], tax=[100, 400], people=[2000, 1000])
    found = territory_development_index(made, weights={"tax": 1}, directions={"tax": 1}, population="people")
    # Mean (100 * 2 + 400) / 3 = 200; variance (100² * 2 + 200²) / 3 = 20000.
    np.testing.assert_allclose(found.scores["level"], [-100 / np.sqrt(20000), 200 / np.sqrt(20000)], rtol=1e-12)
    assert found.info["weighting"] == "population"


def test_cities_and_novadi_are_standardised_among_themselves() -> None:
    made = table((*NOVADI, *CITIES), tax=[1, 2, 3, 4, 1000, 2000, 3000])
    found = territory_development_index(made, weights={"tax": 1}, directions={"tax": 1}, weighting="none").scores
    by_group = found.groupby("group")["level"]
    assert dict(found["group"].value_counts()) == {"novads": 4, "city": 3}
    np.testing.assert_allclose(by_group.mean(), 0.0, atol=1e-12)
    np.testing.assert_allclose(by_group.std(ddof=0), 1.0, rtol=1e-12)
    together = territory_development_index(
        made,
        weights={"tax": 1},
        directions={"tax": 1},
        weighting="none",
        groups=dict.fromkeys(made["territory"], "all"),
    )
    assert together.scores["level"].iloc[:4].max() < 0, "in one group the cities are ahead of all novadi"


def test_change_holds_this_year_against_last_years_mean_and_deviation() -> None:
    now, before = table(NOVADI, tax=[110, 220, 330, 440]), table(NOVADI, tax=[100, 200, 300, 400])
    found = territory_development_index(
        now, weights={"tax": 1}, directions={"tax": 1}, weighting="none", before=before
    ).scores
    np.testing.assert_allclose(found["change"], (np.array([110, 220, 330, 440]) - 250) / np.sqrt(12500), rtol=1e-12)
    np.testing.assert_allclose(found["level"], np.array([-150, -50, 50, 150]) / np.sqrt(12500), rtol=1e-12)
    same = territory_development_index(now, weights={"tax": 1}, directions={"tax": 1}, weighting="none", before=now)
    np.testing.assert_allclose(same.scores["change"], same.scores["level"], rtol=1e-12)


def test_a_missing_indicator_gives_no_index_unless_asked() -> None:
    made = table(NOVADI, tax=[100, 200, 300, np.nan], jobless=[np.nan, 8, 4, 12], old=[5, 4, 3, 2])
    options = {
        "weights": {"tax": 0.7, "jobless": 0.2, "old": 0.1},
        "directions": {"tax": 1, "jobless": -1, "old": -1},
        "weighting": "none",
    }
    strict = territory_development_index(made, **options).scores  # type: ignore[arg-type]
    assert strict["level"].isna().tolist() == [True, False, False, True]
    assert strict["missing"].tolist() == [("jobless",), (), (), ("tax",)]
    found = territory_development_index(made, reweight=True, **options)  # type: ignore[arg-type]
    assert found.scores["is_reweighted"].tolist() == [True, False, False, False]
    t = found.standardised.iloc[0]
    assert found.scores["level"][0] == pytest.approx((0.7 * t["tax"] + 0.1 * t["old"]) / 0.8, rel=1e-12)
    assert np.isnan(found.scores["level"][3]), "30 % of the weights are too few"


def test_the_formula_of_the_law_is_the_default() -> None:
    formula = load_index()
    names = list(formula.weights)
    values = {name: [1.0, 2.0, 4.0, 9.0] for name in names}
    made = table(NOVADI, **values, population_annual_average=[1, 1, 1, 1])
    found = territory_development_index(made)
    t = (np.array([1.0, 2, 4, 9]) - 4) / np.std([1, 2, 4, 9])
    signed = sum(formula.weights[name] * formula.directions[name] for name in names)
    np.testing.assert_allclose(found.scores["level"], signed * t, rtol=1e-12)
    assert found.info["formula"] == "territory_development"
    assert not found.info["verified"]


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"weights": {"tax": 0.5}}, OptionError, "add up to 1, not 0.5"),
        ({"weights": {"tax": 1.5, "old": -0.5}}, OptionError, "must be positive"),
        ({"weights": {}}, OptionError, "add up to 1"),
        ({"directions": {}}, OptionError, "no sign for 'tax'"),
        ({"directions": {"tax": 2}}, OptionError, "no sign for 'tax'"),
        ({"weighting": "sometimes"}, OptionError, "weighting='sometimes'"),
        (
            {"weights": {"nothing": 0.5, "tax": 0.5}, "directions": {"nothing": 1, "tax": 1}},
            SampleError,
            "table has no column 'nothing'. Add its figures if there are any .benchlib data import., or give weights= without it.$",
        ),
        (
            {"weights": {"nothing": 0.5, "less": 0.5}, "directions": {"nothing": 1, "less": 1}},
            SampleError,
            "table has no columns 'nothing', 'less'. Add their figures if there are any .*, or give weights= without them.$",
        ),
        (
            {"weighting": "population"},
            SampleError,
            "table has no column 'population_annual_average', which weights mean and standard deviation. Add it, name another column in "
            "population=, or use weighting='none'.$",
        ),
        ({"weighting": "population", "population": "people"}, SampleError, "0021000: no people"),
        ({"weights": {"flat": 1.0}, "directions": {"flat": 1}}, SampleError, "flat is the same everywhere"),
        ({"groups": {"0020000": "x"}}, SampleError, "belongs to no group"),
    ],
)
def test_what_is_refused(change: dict[str, object], error: type[Exception], message: str) -> None:
    made = table(NOVADI, tax=[1, 2, 3, 4], flat=[7, 7, 7, 7], old=[1, 2, 3, 4], people=[5, np.nan, 5, 5])
    options = {"weights": {"tax": 1.0}, "directions": {"tax": 1}, "weighting": "none"} | change
    with pytest.raises(error, match=message):
        territory_development_index(made, **options)  # type: ignore[arg-type]


def test_a_cell_that_is_no_number_and_a_code_of_nobody_are_refused() -> None:
    options: dict[str, Any] = {"weights": {"tax": 1.0}, "directions": {"tax": 1}, "weighting": "none"}
    made = table(NOVADI, tax=[1, 2, 3, 4])
    wrong = made.assign(tax=[1, "much", 3, 4])
    with pytest.raises(OptionError, match="table: tax of '0021000' is 'much', which is no number"):
        territory_development_index(wrong, **options)
    with pytest.raises(OptionError, match="before: tax of '0021000'"):
        territory_development_index(made, before=wrong, **options)
    with pytest.raises(UnknownTerritoryError, match="9999999"):
        territory_development_index(made.assign(territory=[*NOVADI[:3], "9999999"]), **options)


def test_a_long_table_is_to_be_loaded_wide() -> None:
    long = pd.DataFrame({"territory": NOVADI, "indicator": "tax", "value": [1.0, 2.0, 3.0, 4.0]})
    options: dict[str, Any] = {"weights": {"tax": 1.0}, "directions": {"tax": 1}}
    for name, tables in (("table", (long, None)), ("before", (table(NOVADI, tax=[1, 2, 3, 4]), long))):
        with pytest.raises(SampleError, match=f"{name} has no column 'tax'. Load the indicators with wide=True.$"):
            territory_development_index(tables[0], before=tables[1], weighting="none", **options)
    with pytest.raises(
        SampleError, match=r"table has no column 'territory'. Give the code of each municipality in it.$"
    ):
        territory_development_index(table(NOVADI, tax=[1, 2, 3, 4]).drop(columns="territory"), **options)


def test_a_municipality_that_stands_there_twice_is_refused() -> None:
    made = table(("0020000", "0020000"), tax=[1, 2])
    with pytest.raises(SampleError, match="'0020000' twice"):
        territory_development_index(made, weights={"tax": 1}, directions={"tax": 1}, weighting="none")


# --- against the published values --------------------------------------------------------------------------------------

SIGNS = {"unemployment_rate": -1, "dependency_ratio": -1, "income_tax_per_inhabitant": 1}


def standardised(weighting: str) -> pd.DataFrame:
    """Our three of the four indicators of 2009, standardised among the novadi, by name."""
    figures = load_indicators(list(SIGNS), years=2009, territory="2009", wide=True)
    people = load_indicators("registered_population", years="all", territory="2009").dropna(subset="value")
    figures["people"] = figures["territory"].map(people.set_index("territory")["value"])
    found = territory_development_index(
        figures,
        weights=dict.fromkeys(SIGNS, 1 / 3),
        directions=SIGNS,
        weighting=weighting,
        population="people",  # type: ignore[arg-type]
    )
    names = {unit.code: unit.name for unit in classification("2009")}
    return found.standardised.rename(index=names)


def fitted(weighting: str) -> tuple[np.ndarray, np.ndarray]:
    """Weights with which our three indicators come nearest to the published levels, and the errors that remain."""
    t = standardised(weighting).loc[list(PUBLISHED)].to_numpy()
    level = np.array([level for level, _ in PUBLISHED.values()])
    weights = np.linalg.lstsq(t, level, rcond=None)[0]
    return weights, level - t @ weights


@pytest.mark.parametrize(
    ("weighting", "least", "total", "error"), [("population", 0.15, 0.99, 0.139), ("none", 0.10, 0.87, 0.130)]
)
def test_weights_fitted_to_the_published_levels_are_positive_and_decide_nothing_more(
    weighting: str, least: float, total: float, error: float
) -> None:
    """No reproduction: the change of population in five years and the weights of the regulation are missing.

    Nothing forces the fitted weights to be positive. With the population as weight they add up to nearly 1, without it they come nearer.
    """
    weights, errors = fitted(weighting)
    assert (weights > least).all(), "every sign is the right one"
    assert weights.sum() == pytest.approx(total, abs=0.005)
    assert np.sqrt((errors**2).mean()) == pytest.approx(error, abs=0.0005), "of levels from 0.2 to 2.8"


def test_the_first_three_of_2009_are_the_published_ones_in_their_order() -> None:
    t = standardised("population")
    for income in (0.5, 0.55, 0.6):
        others = (1 - income) / 2
        level = (t * [others, others, income]).sum(axis=1, skipna=False).dropna().sort_values(ascending=False)
        assert list(level.index[:3]) == ["Garkalnes novads", "Mārupes novads", "Ādažu novads"], income
        assert set(level.index[:5]) == set(list(PUBLISHED)[:5])
        for name in list(PUBLISHED)[:3]:
            assert level[name] == pytest.approx(PUBLISHED[name][0], abs=0.5), f"{name}: of that size"
