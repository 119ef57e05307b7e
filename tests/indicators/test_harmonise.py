"""Figures carried over the reforms: cases computed by hand, properties, and a second way to the same numbers."""

from __future__ import annotations

import csv
import math
from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from made_up import BAUSKA, BAUSKA_PARTS, figures

from benchlib.errors import HarmonisationError, OptionError, UnknownTerritoryError
from benchlib.indicators import Measure, classification, data_folder, harmonise, load_indicators
from benchlib.indicators.territory import codes, crosswalk

AGLONA, INCUKALNS = "0604300", "0801800"
KRASLAVA, PREILI, ROPAZI, SIGULDA = "0032000", "0042000", "0044000", "0048000"
MADONA, VARAKLANI, MERGED = "0038000", "0055000", "0038001"
PARTS_OF_SIGULDA = ("0804900", "0847700", "0806000", INCUKALNS)


def measure(name: str, kind: str = "additive", **fields: str) -> Measure:
    return Measure(name, {"lv": name, "en": name}, "units", kind, **fields)


MEASURES = {
    m.id: m
    for m in (
        measure("people"),
        measure("roads", split="area"),
        measure("rate", "ratio", weight="people"),
        measure("rank", "index"),
    )
}


def carried(rows: pd.DataFrame, name: str, to: str = "2025", **options: object) -> pd.DataFrame:
    table = harmonise(rows, to, measures=MEASURES, **options)  # type: ignore[arg-type]
    return table.loc[table["measure"] == name].set_index("territory")


def bauska(values: Sequence[float | None], name: str = "people", year: int = 2013) -> list[tuple]:
    return [(code, year, name, value) for code, value in zip(BAUSKA_PARTS, values, strict=True)]


def rows_of(parts: Mapping[str, float | None], name: str, year: int = 2013) -> list[tuple]:
    return [(code, year, name, value) for code, value in parts.items()]


# By hand ------------------------------------------------------------------------------------------------------------


def test_sum() -> None:
    row = carried(figures(bauska([10, 20, 30, 40.5])), "people").loc[BAUSKA]
    assert row["value"] == 100.5
    assert row[["status", "parts", "share_basis", "weight_year"]].tolist() == ["harmonised", 4, "", 0]


def test_weighted_mean() -> None:
    table = figures([*bauska([1, 2, 3, 4], "rate"), *bauska([10, 20, 30, 40])])
    row = carried(table, "rate").loc[BAUSKA]
    assert row["value"] == pytest.approx((1 * 10 + 2 * 20 + 3 * 30 + 4 * 40) / 100)
    assert row[["status", "parts", "weight_year"]].tolist() == ["harmonised", 4, 2013]


def heirs_of(former: str, territory: str = "2025") -> dict[str, list[str]]:
    """The heirs of a split unit with all the units that they were made of."""
    links = crosswalk("2009", territory)
    return {link.new: [part.old for part in links if part.new == link.new] for link in links if link.old == former}


def test_split_by_population() -> None:
    """Inčukalns: 0.536 to Sigulda, 0.464 to Ropaži; all other units here have nobody."""
    everybody = dict.fromkeys([old for parts in heirs_of(INCUKALNS).values() for old in parts], 0.0)
    table = carried(figures(rows_of(everybody | {INCUKALNS: 1000.0}, "people")), "people")
    assert table["value"].to_dict() == pytest.approx({SIGULDA: 536.1, ROPAZI: 463.9}, abs=0.05)
    assert set(table["share_basis"]) == {"population"}


def test_split_by_area() -> None:
    everybody = dict.fromkeys([old for parts in heirs_of(INCUKALNS).values() for old in parts], 0.0)
    table = carried(figures(rows_of(everybody | {INCUKALNS: 1000.0}, "roads")), "roads")
    assert table["value"].to_dict() == pytest.approx({SIGULDA: 955.6, ROPAZI: 44.4}, abs=0.05)
    assert set(table["share_basis"]) == {"area"}


def test_split_by_area_where_the_population_share_is_not_known() -> None:
    everybody = dict.fromkeys([old for parts in heirs_of(AGLONA).values() for old in parts], 0.0)
    table = carried(figures(rows_of(everybody | {AGLONA: 1000.0}, "people")), "people")
    assert table["value"].to_dict() == pytest.approx({PREILI: 336.1, KRASLAVA: 663.9}, abs=0.05)
    assert set(table["share_basis"]) == {"area"}


def test_split_of_a_ratio_counts_only_the_people_who_came() -> None:
    parts = heirs_of(INCUKALNS)
    everybody = dict.fromkeys([old for olds in parts.values() for old in olds], 100.0)
    rate = dict.fromkeys(everybody, 1.0) | {INCUKALNS: 2.0}
    table = carried(figures([*rows_of(rate, "rate"), *rows_of(everybody, "people")]), "rate")
    others = len(parts[SIGULDA]) - 1
    share = 0.536129
    assert table.loc[SIGULDA, "value"] == pytest.approx((others + 2 * share) / (others + share))


def test_both_reforms_in_one_step() -> None:
    parts = [link.old for link in crosswalk("2009", "2025") if link.new == MERGED]
    table = carried(figures(rows_of(dict.fromkeys(parts, 1.0), "people")), "people")
    assert table.loc[MERGED, ["value", "parts"]].tolist() == [5, 5]


# Missing parts ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("position", range(4))
def test_missing_part_makes_the_whole_missing(position: int) -> None:
    values: list[float | None] = [10, 20, 30, 40]
    values[position] = None
    row = carried(figures(bauska(values)), "people").loc[BAUSKA]
    assert math.isnan(row["value"])
    assert row[["status", "parts"]].tolist() == ["missing", 4]


@pytest.mark.parametrize("position", range(4))
def test_part_without_a_row_is_a_missing_part(position: int) -> None:
    """Three of four parts are not Bauskas novads, even where nobody wrote down that the fourth is missing."""
    table = figures(bauska([10, 20, 30, 40])).drop(index=position)
    row = carried(table, "people").loc[BAUSKA]
    assert math.isnan(row["value"])
    assert row["status"] == "missing"


def test_part_without_a_weight_makes_a_ratio_missing() -> None:
    rate = bauska([1, 2, 3, 4], "rate")
    for weights in ([10, None, 30, 40], [0, 0, 0, 0]):
        row = carried(figures([*rate, *bauska(weights)]), "rate").loc[BAUSKA]
        assert math.isnan(row["value"])
        assert row["status"] == "missing"


def test_symbol_of_a_part_shows_in_the_whole() -> None:
    table = figures(bauska([10, None, 30, 40]))
    table.loc[1, "symbol"] = "…"
    assert carried(table, "people").loc[BAUSKA, "symbol"] == "…"


# Weights ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("year", "nearest"), [(2009, 2011), (2012, 2011), (2013, 2014), (2014, 2014), (2019, 2014)])
def test_weight_of_the_nearest_year(year: int, nearest: int) -> None:
    people = [*bauska([10, 10, 10, 10], year=2011), *bauska([10, 10, 10, 70], year=2014)]
    row = carried(figures([*bauska([1, 1, 1, 2], "rate", year), *people]), "rate").loc[BAUSKA]
    assert row["weight_year"] == nearest
    assert row["value"] == pytest.approx({2011: 1.25, 2014: 1.7}[nearest])


def test_year_in_which_all_weights_are_missing_does_not_count() -> None:
    people = [*bauska([None] * 4, year=2013), *bauska([10] * 4, year=2015)]
    row = carried(figures([*bauska([1, 1, 1, 2], "rate"), *people]), "rate").loc[BAUSKA]
    assert row["weight_year"] == 2015


def test_ratio_without_weights_is_refused() -> None:
    with pytest.raises(HarmonisationError, match=r"'rate' is a ratio.*its weight 'people' is needed"):
        harmonise(figures(bauska([1, 2, 3, 4], "rate")), measures=MEASURES)


def test_weight_that_today_is_published_too_still_weighs_the_former_units() -> None:
    """A series of today's municipalities for the same year must not hide the weights of the former ones."""
    today = [(BAUSKA, 2013, "people", 999.0)]
    table = figures([*bauska([1, 2, 3, 4], "rate"), *bauska([10, 20, 30, 40]), *today])
    assert carried(table, "rate").loc[BAUSKA, "value"] == pytest.approx(3)
    assert carried(table, "people").loc[BAUSKA, ["value", "status"]].tolist() == [999, "observed"]


def test_ratio_of_2021_is_weighted_with_the_weights_of_2009() -> None:
    parts = {link.old: link.new for link in crosswalk("2009", "2021") if link.new in (MADONA, VARAKLANI)}
    people = {old: 60.0 if new == VARAKLANI else 10.0 for old, new in parts.items()}
    table = figures([*rows_of(people, "people"), *rows_of({MADONA: 1.0, VARAKLANI: 2.0}, "rate")])
    assert carried(table, "rate").loc[MERGED, "value"] == pytest.approx((40 * 1 + 60 * 2) / 100)


# Refused ------------------------------------------------------------------------------------------------------------


def test_index_is_refused() -> None:
    with pytest.raises(HarmonisationError, match="'rank' is an index, rank or median"):
        harmonise(figures(bauska([1, 2, 3, 4], "rank")), measures=MEASURES)


def test_index_of_an_unchanged_unit_and_in_its_own_classification() -> None:
    assert carried(figures([(BAUSKA, 2022, "rank", 7.0)]), "rank").loc[BAUSKA, "value"] == 7
    same = carried(figures(bauska([1, 2, 3, 4], "rank")), "rank", to="2009")
    assert same["value"].tolist() == [1, 2, 3, 4]
    assert set(same["status"]) == {"observed"}


@pytest.mark.parametrize(("code", "to"), [(BAUSKA, "2009"), (MERGED, "2021"), (MERGED, "2009")])
def test_later_classification_is_refused(code: str, to: str) -> None:
    with pytest.raises(HarmonisationError, match=f"cannot be carried back to {to}"):
        harmonise(figures([(code, 2022, "people", 1.0)]), to, measures=MEASURES)  # type: ignore[arg-type]


def test_wrong_input() -> None:
    table = figures(bauska([1, 2, 3, 4]))
    with pytest.raises(OptionError, match="to='2030'"):
        harmonise(table, "2030", measures=MEASURES)  # type: ignore[arg-type]
    with pytest.raises(HarmonisationError, match="no column 'symbol'"):
        harmonise(table.drop(columns="symbol"), measures=MEASURES)
    with pytest.raises(HarmonisationError, match="'people' is not a measure of the registry"):
        harmonise(table)
    with pytest.raises(HarmonisationError, match="people of 0400200 in 2013 stands twice"):
        harmonise(pd.concat([table, table.assign(source="later")]), measures=MEASURES)
    with pytest.raises(UnknownTerritoryError, match="'25000'"):
        harmonise(table.assign(territory=["25000", *BAUSKA_PARTS[1:]]), measures=MEASURES)


# What stays as it is ------------------------------------------------------------------------------------------------


def test_unchanged_unit_stays_observed() -> None:
    table = figures([(BAUSKA, 2022, "people", 5.0), (MADONA, 2022, "people", 1.0), (VARAKLANI, 2022, "people", 2.0)])
    result = carried(table, "people")
    assert result.loc[BAUSKA, ["value", "status", "parts"]].tolist() == [5, "observed", 1]
    assert result.loc[MERGED, ["value", "status", "parts"]].tolist() == [3, "harmonised", 2]
    assert len(result) == 2


def test_figures_of_the_2025_classification_keep_every_unit() -> None:
    """41 of its 42 codes belong to 2021 as well; they must not be taken for an earlier publication."""
    table = figures([(unit.code, 2026, "people", 1.0) for unit in classification("2025")])
    result = carried(table, "people")
    assert list(result.index) == list(codes("2025"))
    assert set(result["status"]) == {"observed"}


def test_later_classification_of_the_same_figure_counts() -> None:
    table = figures([*bauska([1, 2, 3, 4]), (BAUSKA, 2013, "people", 11.0)])
    assert carried(table, "people").loc[BAUSKA, ["value", "status"]].tolist() == [11, "observed"]


@pytest.mark.parametrize("name", ["people", "rate"])
def test_one_part_for_members_makes_the_whole_for_members(name: str) -> None:
    table = figures([*bauska([1, 2, 3, 4], "rate"), *bauska([1, 2, 3, 4])])
    assert carried(table, name).loc[BAUSKA, "access"] == "public"
    table.loc[(table["territory"] == BAUSKA_PARTS[2]) & (table["measure"] == name), "access"] = "members"
    assert carried(table, name).loc[BAUSKA, "access"] == "members"


def test_one_weight_for_members_makes_the_ratio_for_members() -> None:
    table = figures([*bauska([1, 2, 3, 4], "rate"), *bauska([1, 2, 3, 4])])
    table.loc[(table["territory"] == BAUSKA_PARTS[2]) & (table["measure"] == "people"), "access"] = "members"
    assert carried(table, "rate").loc[BAUSKA, "access"] == "members"


def test_nothing_in_nothing_out() -> None:
    assert len(harmonise(figures([]), measures=MEASURES)) == 0


def test_input_is_left_alone() -> None:
    table = figures([*bauska([1, 2, 3, 4], "rate"), *bauska([1, 2, 3, 4])])
    before = table.copy(deep=True)
    harmonise(table, measures=MEASURES)
    pd.testing.assert_frame_equal(table, before)


def test_own_crosswalk() -> None:
    links = {"2009": [link for link in crosswalk("2009", "2025") if link.old != BAUSKA_PARTS[0]]}
    row = carried(figures(bauska([1, 2, 3, 4])), "people", links=links).loc[BAUSKA]
    assert row[["value", "parts"]].tolist() == [9, 3]


# Properties ---------------------------------------------------------------------------------------------------------

#: Today's Bauska, Madona (both reforms), and the heirs of the two split units, with everybody they were made of.
NEW = (BAUSKA, MERGED, KRASLAVA, PREILI, ROPAZI, SIGULDA)
OLD = sorted({link.old for link in crosswalk("2009", "2025") if link.new in NEW})
amounts = st.lists(st.floats(0, 1e9, allow_subnormal=False), min_size=len(OLD), max_size=len(OLD))
positive = st.lists(st.floats(1e-3, 1e6), min_size=len(OLD), max_size=len(OLD))
few = settings(max_examples=25, deadline=None)


def heirs(to: str) -> set[str]:
    return {link.new for link in crosswalk("2009", to) if link.old in OLD}


@few
@given(amounts, st.sampled_from(["people", "roads"]), st.sampled_from(["2021", "2025"]))
def test_total_of_an_additive_measure_is_conserved(values: list[float], name: str, to: str) -> None:
    table = carried(figures(rows_of(dict(zip(OLD, values, strict=True)), name)), name, to)
    assert set(table.index) == heirs(to)
    assert table["value"].sum() == pytest.approx(sum(values), rel=2e-6)  # shares are rounded to six digits


@few
@given(positive, st.floats(-1e3, 1e6), st.sampled_from(["2021", "2025"]))
def test_ratio_that_is_equal_everywhere_stays_equal(weights: list[float], rate: float, to: str) -> None:
    people = rows_of(dict(zip(OLD, weights, strict=True)), "people")
    table = carried(figures([*people, *rows_of(dict.fromkeys(OLD, rate), "rate")]), "rate", to)
    assert set(table.index) == heirs(to)
    assert table["value"].to_numpy() == pytest.approx(rate)


@few
@given(positive, amounts)
def test_carried_ratio_lies_between_its_parts(weights: list[float], rates: list[float]) -> None:
    rate = dict(zip(OLD, rates, strict=True))
    people = rows_of(dict(zip(OLD, weights, strict=True)), "people")
    table = carried(figures([*people, *rows_of(rate, "rate")]), "rate")
    for code, value in table["value"].items():
        parts = [rate[link.old] for link in crosswalk("2009", "2025") if link.new == code]
        assert min(parts) * (1 - 1e-9) <= value <= max(parts) * (1 + 1e-9) + 1e-300


@few
@given(amounts, st.randoms(use_true_random=False))
def test_order_of_the_rows_does_not_matter(values: list[float], random) -> None:
    table = figures(rows_of(dict(zip(OLD, values, strict=True)), "people"))
    order = list(range(len(OLD)))
    random.shuffle(order)
    assume(order != sorted(order))
    one, other = carried(table, "people"), carried(table.iloc[order], "people")
    assert list(one.index) == list(other.index)
    assert one["value"].to_numpy() == pytest.approx(other["value"].to_numpy())


# A second way -------------------------------------------------------------------------------------------------------


def column(file: str, measure: str, year: str) -> dict[str, float]:
    with (data_folder() / "figures" / file).open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row["measure"] == measure and row["year"] == year]
    return {row["territory"]: float(row["value"]) if row["value"] else math.nan for row in rows}


def plain_loop(measure: str, year: str) -> dict[str, float]:
    """Mean of 2009's units weighted by pupils, with nothing but the csv files and a loop."""
    rate = column("raim.csv", measure, year)
    pupils = column("izm_schools.csv", "pupils_grades_1_9", "2013")
    with (data_folder() / "reforms.csv").open(encoding="utf-8", newline="") as lines:
        reforms = list(csv.DictReader(lines))
    later = {row["from_code"]: row["to_code"] for row in reforms if row["date"] == "2025-07-01"}
    above: dict[str, float] = defaultdict(float)
    below: dict[str, float] = defaultdict(float)
    for row in reforms:
        if row["date"] == "2021-07-01":
            code = later.get(row["to_code"], row["to_code"])
            share = float(row["population_share"] or row["area_share"])
            above[code] += rate[row["from_code"]] * pupils[row["from_code"]] * share
            below[code] += pupils[row["from_code"]] * share
    return {code: above[code] / below[code] for code in above}


@pytest.mark.parametrize("year", ["2011", "2013"])
def test_expenditure_per_pupil_of_all_municipalities(year: str) -> None:
    expected = plain_loop("education_expenditure_per_pupil", year)
    assert len(expected) == 42
    table = load_indicators("education_expenditure_per_pupil", years=int(year)).set_index("territory")["value"]
    assert table.to_dict() == pytest.approx(expected, rel=1e-12, nan_ok=True)
    assert np.isfinite(table.to_numpy()).all()
