"""`load_indicators`: what a user types first."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from made_up import BAUSKA, BAUSKA_PARTS, DataFolder

from benchlib.errors import (
    AmbiguousTerritoryError,
    NoFiguresError,
    OptionError,
    UnknownIndicatorError,
    UnknownTerritoryError,
)
from benchlib.indicators import classification, load_catalogue, load_indicators
from benchlib.indicators.panel import COLUMNS

EXPENDITURE = "education_expenditure_per_pupil"
TAX = "income_tax_per_inhabitant"


# Shape --------------------------------------------------------------------------------------------------------------


def test_long_table() -> None:
    table = load_indicators([EXPENDITURE, "dependency_ratio"], years=[2012, 2013])
    assert list(table.columns) == COLUMNS
    assert len(table) == 2 * 2 * 42
    assert table["indicator"].drop_duplicates().tolist() == [EXPENDITURE, "dependency_ratio"]  # as asked
    key = ["indicator", "year", "territory"]
    assert not table.duplicated(key).any()
    for _, part in table.groupby("indicator"):
        assert part[["year", "territory"]].apply(tuple, axis=1).is_monotonic_increasing
    assert set(table["unit"]) == {"EUR per pupil", "per 1,000 of working age"}
    assert table["value"].dtype == "float64"
    assert table["year"].dtype == "int64"  # a narrow integer would overflow in a user's arithmetic
    names = {unit.code: unit.name for unit in classification("2025")}
    assert (table["territory"].map(names) == table["name"]).all()


@pytest.mark.parametrize("name", sorted(set(load_indicators("all", years="all")["indicator"])))
def test_values_are_numbers_whoever_is_asked_for_alone(name: str) -> None:
    # An indicator alone that is a ratio of two measures came as objects, and statistics failed on them.
    assert load_indicators(name, years="all")["value"].dtype == "float64"


@pytest.mark.parametrize("territory", ["2009", "2021", "2025"])
def test_every_municipality_has_a_row_for_every_figure(territory: str) -> None:
    table = load_indicators("all", years="all", territory=territory)
    counts = table.groupby(["indicator", "year"])["territory"].nunique()
    assert set(counts) == {len(classification(territory))}
    assert (table["value"].isna() == table["status"].isin(["missing", "suppressed"])).all()
    assert set(table["status"]) <= {"observed", "estimated", "harmonised", "missing", "suppressed"}
    assert (table["parts"] >= 1).all()
    if territory == "2009":
        assert "harmonised" not in set(table["status"])


def test_all_indicators() -> None:
    table = load_indicators("all", years="all")
    catalogue = load_catalogue()
    assert set(table["indicator"]) == {name for name in catalogue.indicators if not catalogue.is_awaited(name)}
    assert load_indicators("all", years=2013)["indicator"].isin([EXPENDITURE, "area"]).any()


@pytest.mark.parametrize(
    "years", [2013, np.int64(2013), [2013], (2013,), {2013}, np.array([2013]), pd.Series([2013]), range(2013, 2014)]
)
def test_years_in_any_form(years) -> None:
    expected = load_indicators(EXPENDITURE, years=[2013, 2013])
    assert len(expected) == 42
    pd.testing.assert_frame_equal(load_indicators(EXPENDITURE, years=years), expected)


def test_years_all_and_some() -> None:
    table = load_indicators(EXPENDITURE, years="all")
    assert sorted(table.loc[table["value"].notna(), "year"].unique()) == [2011, 2012, 2013]
    # A year without figures beside one with figures: what there is.
    assert set(load_indicators(EXPENDITURE, years=[2013, 2040])["year"]) == {2013}


@pytest.mark.parametrize("ids", [[EXPENDITURE], (EXPENDITURE,), np.array([EXPENDITURE]), [EXPENDITURE, EXPENDITURE]])
def test_ids_in_any_form(ids) -> None:
    pd.testing.assert_frame_equal(load_indicators(ids, years=2013), load_indicators(EXPENDITURE, years=2013))


def test_wide() -> None:
    ids = ["exam_grade9_mean", EXPENDITURE, "area"]
    wide = load_indicators(ids, years=[2011, 2013], wide=True)
    assert list(wide.columns) == ["territory", "name", "year", *ids]
    assert wide[["territory", "year"]].apply(tuple, axis=1).is_monotonic_increasing
    assert len(wide) == 84
    long = load_indicators(ids, years=[2011, 2013])
    for name in ids:
        part = long.loc[long["indicator"] == name].sort_values(["territory", "year"])
        np.testing.assert_array_equal(wide[name].to_numpy(), part["value"].to_numpy())
    assert len(load_indicators("area", years=[2013, 2013], wide=True)) == 42


def test_result_belongs_to_the_caller() -> None:
    first = load_indicators(EXPENDITURE, years="all")
    kept = first.copy(deep=True)
    first.loc[:, "value"] = 0.0
    pd.testing.assert_frame_equal(load_indicators(EXPENDITURE, years="all"), kept)


# Whom ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "municipalities", ["Bauskas novads", "Rīga", ["Siguldas novads", "Preiļi"], ["0038001", "aizkraukle"]]
)
@pytest.mark.parametrize("years", ["all", 2013, 2024])
def test_filter_equals_filtering_the_whole(municipalities, years) -> None:
    whole = load_indicators("all", years=years)
    some = load_indicators("all", years=years, municipalities=municipalities)
    assert some["territory"].nunique() == (1 if isinstance(municipalities, str) else 2)
    expected = whole.loc[whole["territory"].isin(some["territory"])].reset_index(drop=True)
    pd.testing.assert_frame_equal(some, expected)


def test_municipality_without_a_figure_has_a_row() -> None:
    row = load_indicators("libraries_per_10000_inhabitants", years=2024, municipalities="Rīga").iloc[0]
    assert row["status"] == "missing"
    assert math.isnan(row["value"])


def test_municipality_that_the_source_leaves_out_has_a_row(data: DataFolder) -> None:
    data.measure("people").passport("people", measure="people")
    data.source("a", [(BAUSKA, 2022, "people", 5)], "2021")
    table = load_indicators("people", years=2022, store=data.store())
    assert len(table) == 42
    assert table["status"].value_counts().to_dict() == {"missing": 41, "observed": 1}
    empty = table.loc[table["name"] == "Rīga"].iloc[0]
    assert empty[["symbol", "parts", "share_basis", "basis_year", "source", "access"]].tolist() == [
        "",
        0,
        "",
        0,
        "",
        "public",
    ]
    assert table["parts"].dtype == table["basis_year"].dtype == "int64"


def test_unknown_and_ambiguous_municipality() -> None:
    with pytest.raises(UnknownTerritoryError, match="Nearest: Bauskas novads"):
        load_indicators("area", years=2013, municipalities=["Rīga", "Bausca"])
    with pytest.raises(AmbiguousTerritoryError, match="Jelgavas pilsēta"):
        load_indicators("area", years=2013, municipalities="Jelgava")
    with pytest.raises(UnknownTerritoryError, match="leading zeros"):
        load_indicators("area", years=2013, municipalities=25000)  # type: ignore[arg-type]
    assert load_indicators("area", years=2013, municipalities=["bauska", BAUSKA])["territory"].tolist() == [BAUSKA]


# Wrong use ----------------------------------------------------------------------------------------------------------


def test_unknown_indicator_gives_nearest() -> None:
    with pytest.raises(UnknownIndicatorError, match=f"'education_expenditure'.*Nearest: {EXPENDITURE}"):
        load_indicators("education_expenditure", years=2013)


@pytest.mark.parametrize("ids", [EXPENDITURE, [TAX, EXPENDITURE]])
def test_year_without_figures_says_which_years_there_are(ids) -> None:
    with pytest.raises(NoFiguresError, match=f"'{EXPENDITURE}' for 2009. Years with figures: 2011, 2012, 2013"):
        load_indicators(ids, years=2009)


def test_all_in_a_year_without_any_figures() -> None:
    with pytest.raises(NoFiguresError, match="any indicator for 1995"):
        load_indicators("all", years=1995)


def test_figures_of_today_are_not_divided_among_former_municipalities() -> None:
    with pytest.raises(NoFiguresError, match=r"classification 2009.*ask for territory='2025'"):
        load_indicators("roads_total_length", years=2024, territory="2009")


def test_parts_that_are_missing_are_named(data: DataFolder) -> None:
    data.measure("cost").measure("all").passport("rate", numerator="cost", denominator="all", scale=1)
    rows = [(code, 2019, "cost", 5.0) for code in BAUSKA_PARTS[:2]] + [(BAUSKA_PARTS[2], 2019, "cost", None)]
    data.source("own", rows, access="members").source("register", [(code, 2019, "all", 9) for code in BAUSKA_PARTS])
    with pytest.raises(NoFiguresError) as caught:
        load_indicators("rate", years=2019, access="members", store=data.store())
    assert str(caught.value) == (
        "There are no figures of 'rate' for the municipalities of 2025, for parts are missing. Of Bauskas novads there is Bauskas novads, "
        "Iecavas novads for 2019, but not Rundāles novads, Vecumnieku novads. Import what is missing, or ask for territory='2009'."
    )
    assert (
        len(load_indicators("rate", years=2019, access="members", territory="2009", store=data.store()).dropna()) == 2
    )
    with pytest.raises(NoFiguresError, match="There are no public figures of 'rate'"):
        load_indicators("rate", years=2019, store=data.store())


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"territory": "2010"}, "territory='2010'"),
        ({"territory": 2025}, "territory=2025"),
        ({"access": "secret"}, "access='secret'"),
        ({"as_of": "yesterday"}, "as_of='yesterday'.*YYYY-MM-DD"),
        ({"as_of": 20200101}, "as_of=20200101"),
        ({"as_of": "2020-13-01"}, "as_of='2020-13-01'"),
        ({"years": "2013"}, "years='2013'"),
        ({"years": []}, "years="),
        ({"years": None}, "years=None"),
        ({"years": 2013.0}, "years=2013.0"),
        ({"years": ["2013"]}, "years="),
        ({"years": True}, "years="),
        ({"years": [2013.5]}, "years="),
        ({"ids": []}, "ids is empty"),
        ({"ids": None}, "ids=None"),
        ({"municipalities": []}, "municipalities is empty"),
        ({"municipalities": 1.5}, "municipalities=1.5"),
    ],
)
def test_wrong_option(options: dict, message: str) -> None:
    given = {"ids": EXPENDITURE, "years": 2013} | options
    with pytest.raises(OptionError, match=message):
        load_indicators(given.pop("ids"), **given)


# Meaning of the columns ---------------------------------------------------------------------------------------------


def test_harmonised_figure_shows_its_parts() -> None:
    row = load_indicators(EXPENDITURE, years=2013, municipalities=BAUSKA).iloc[0]
    assert row[["status", "parts", "share_basis", "basis_year"]].tolist() == ["harmonised", 4, "", 2013 - 2013]
    assert row[["source", "access"]].tolist() == ["raim", "public"]
    sigulda = load_indicators(EXPENDITURE, years=2013, municipalities="Siguldas novads").iloc[0]
    assert sigulda["share_basis"] == "population"


def test_weight_of_another_year_is_named() -> None:
    table = load_indicators(TAX, years="all", municipalities=BAUSKA).set_index("year")
    assert table.loc[2010, "basis_year"] == 2014  # the register is of 2014
    former = load_indicators(TAX, years=2010, territory="2009", municipalities="Bauska").iloc[0]
    assert former[["status", "basis_year"]].tolist() == ["observed", 0]


def test_denominator_of_another_year_is_an_estimate() -> None:
    former = load_indicators("children_preschool_share", years=2015, territory="2009", municipalities="Bauska").iloc[0]
    assert former[["status", "basis_year"]].tolist() == ["estimated", 2014]
    today = load_indicators("children_preschool_share", years=2015, municipalities="Bauska").iloc[0]
    assert today[["status", "basis_year"]].tolist() == ["harmonised", 2014]


def test_ratio_is_recomputed_from_summed_parts() -> None:
    parts = load_indicators(
        ["registered_population", "area"], years=2014, territory="2009", municipalities=BAUSKA_PARTS, wide=True
    )
    density = load_indicators("population_density", years=2014, municipalities=BAUSKA).iloc[0]
    assert density["value"] == pytest.approx(parts["registered_population"].sum() / parts["area"].sum())
    assert density[["status", "parts", "basis_year"]].tolist() == ["harmonised", 4, 0]  # area holds for every year


def test_area_holds_for_every_year() -> None:
    table = load_indicators("area", years=[1990, 2018, 2030], municipalities=BAUSKA)
    assert table["year"].tolist() == [1990, 2018, 2030]
    assert set(table["value"].round(6)) == {2173.242009}
    assert table["basis_year"].tolist() == [2018, 0, 2018]
    assert load_indicators("area", years="all")["year"].unique().tolist() == [2018]


@pytest.mark.parametrize(("gap", "years"), [(0, [2014]), (1, [2013, 2014, 2015]), (3, [2011, 2013, 2014, 2015])])
def test_gap_between_numerator_and_denominator(data: DataFolder, gap: int, years: list[int]) -> None:
    data.measure("schools").measure("people")
    data.source("a", [(BAUSKA_PARTS[0], year, "schools", 6) for year in (2010, 2011, 2013, 2014, 2015)])
    data.source("b", [(BAUSKA_PARTS[0], 2014, "people", 3)])
    data.passport("share", numerator="schools", denominator="people", scale=10.0, max_year_gap=gap)
    table = load_indicators("share", years="all", territory="2009", municipalities="Bauska", store=data.store())
    assert table["year"].tolist() == years
    assert set(table["value"]) == {20.0}
    assert [(row.status, row.basis_year) for row in table.itertuples()] == [
        ("observed", 0) if year == 2014 else ("estimated", 2014) for year in years
    ]


def test_denominator_zero_is_missing(data: DataFolder) -> None:
    data.measure("schools").measure("people").passport("share", numerator="schools", denominator="people")
    data.source("a", [(code, 2014, "schools", 6) for code in BAUSKA_PARTS[:2]])
    data.source("b", [(BAUSKA_PARTS[0], 2014, "people", 0), (BAUSKA_PARTS[1], 2014, "people", 2)])
    table = load_indicators("share", years=2014, territory="2009", municipalities=BAUSKA_PARTS[:2], store=data.store())
    assert table["status"].tolist() == ["missing", "observed"]
    assert math.isnan(table["value"].iloc[0])


def test_mean_is_missing_where_a_part_is(data: DataFolder) -> None:
    for name in ("maths", "history"):
        data.measure(name).passport(name, measure=name)
    data.passport("mean", mean_of=["maths", "history"])
    one, two, three, *_ = BAUSKA_PARTS
    data.source("a", [(one, 2014, "maths", 4), (two, 2014, "maths", 4), (three, 2014, "maths", 4)])
    data.source("b", [(one, 2014, "history", 8), (two, 2014, "history", None, "missing", "…")])
    table = load_indicators("mean", years=2014, territory="2009", municipalities=[one, two, three], store=data.store())
    assert table["value"].iloc[0] == 6
    assert table["value"].iloc[1:].isna().all()
    assert table["status"].tolist() == ["observed", "missing", "missing"]
    assert table["symbol"].tolist() == ["", "…", ""]


def test_suppressed_figure_stays_suppressed(data: DataFolder) -> None:
    data.measure("people").passport("people", measure="people")
    data.source("a", [(BAUSKA, 2022, "people", None, "suppressed", "x"), ("0001000", 2022, "people", 3)], "2021")
    row = load_indicators("people", years=2022, municipalities=BAUSKA, store=data.store()).iloc[0]
    assert row[["status", "symbol"]].tolist() == ["suppressed", "x"]
    assert math.isnan(row["value"])
