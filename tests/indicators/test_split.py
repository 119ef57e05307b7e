"""How much the two split units matter."""

from __future__ import annotations

import pytest
from made_up import DataFolder

from benchlib.errors import UnknownIndicatorError
from benchlib.indicators import load_indicators, split_sensitivity
from benchlib.indicators.territory import crosswalk

AGLONA, INCUKALNS = "0604300", "0801800"


def parts_of(*former: str) -> list[str]:
    links = crosswalk("2009", "2025")
    heirs = {link.new for link in links if link.old in former}
    return sorted({link.old for link in links if link.new in heirs})


def test_range_by_hand(data: DataFolder) -> None:
    """100 people everywhere: Sigulda has its other parts with all of Inčukalns, with none of it, and with 53.6 %."""
    codes = parts_of(INCUKALNS)
    data.measure("people").measure("roads", split="area").passport("people", measure="people")
    data.passport("roads", measure="roads")
    data.source("a", [(code, 2014, name, 100) for name in ("people", "roads") for code in codes])
    table = split_sensitivity(["people", "roads"], years=2014, store=data.store()).set_index("name")
    assert set(table["indicator"]) == {"people"}  # the share of the area is measured: nothing depends on a guess
    assert set(table["former"]) == {"Inčukalna novads"}
    others = sum(link.new == "0048000" for link in crosswalk("2009", "2025")) - 1
    sigulda = table.loc["Siguldas novads", ["low", "value", "high"]].tolist()
    assert sigulda == pytest.approx([100 * others, 100 * others + 53.6129, 100 * others + 100])


def test_range_of_a_ratio_by_hand(data: DataFolder) -> None:
    codes = parts_of(AGLONA)
    data.measure("people").measure("rate", "ratio", weight="people").passport("rate", measure="rate")
    data.source("a", [(code, 2014, "people", 100) for code in codes])
    data.source("b", [(code, 2014, "rate", 2 if code == AGLONA else 1) for code in codes])
    table = split_sensitivity("rate", years=2014, store=data.store()).set_index("territory")
    others = sum(link.new == "0042000" for link in crosswalk("2009", "2025")) - 1
    assert table.loc["0042000", "low"] == pytest.approx(1)
    assert table.loc["0042000", "high"] == pytest.approx((others + 2) / (others + 1))
    assert set(table["former"]) == {"Aglonas novads"}


def test_shipped_figures() -> None:
    table = split_sensitivity("education_expenditure_per_pupil", years=2013)
    assert set(table["name"]) == {"Krāslavas novads", "Preiļu novads", "Ropažu novads", "Siguldas novads"}
    assert (table["low"] <= table["value"] + 1e-9).all()
    assert (table["value"] <= table["high"] + 1e-9).all()
    loaded = load_indicators("education_expenditure_per_pupil", years=2013).set_index("territory")["value"]
    assert table["value"].tolist() == loaded.loc[table["territory"]].tolist()


@pytest.mark.parametrize(
    ("indicator", "year", "municipality", "territory"),
    [
        ("registered_population", 2014, "Bauska", "2025"),  # made of whole units
        ("roads_total_length", 2024, None, "2025"),  # published for today's municipalities
        ("area", 2013, None, "2025"),
        ("registered_population", 2014, None, "2009"),
    ],
)
def test_empty_where_nothing_depends_on_a_share(indicator, year, municipality, territory) -> None:
    table = split_sensitivity(indicator, years=year, municipalities=municipality, territory=territory)
    assert len(table) == 0
    assert list(table.columns) == ["territory", "name", "year", "indicator", "low", "value", "high", "former"]


def test_one_municipality_gets_the_rows_of_the_whole() -> None:
    ids = ["registered_population", "population_density", "exam_grade9_mean"]
    whole = split_sensitivity(ids, years=[2013, 2014])
    one = split_sensitivity(ids, years=[2013, 2014], municipalities="Siguldas novads")
    expected = whole.loc[whole["name"] == "Siguldas novads"].reset_index(drop=True)
    assert len(one) > 0
    assert one.equals(expected)
    assert set(whole["indicator"]) == set(ids)


def test_errors_are_those_of_load_indicators() -> None:
    with pytest.raises(UnknownIndicatorError):
        split_sensitivity("nothing", years=2013)
