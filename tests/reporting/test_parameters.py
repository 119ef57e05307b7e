"""Parameters: what is wrong is said before anything is computed."""

from __future__ import annotations

from typing import Any

import pytest

from benchlib.errors import ParameterError
from benchlib.reporting.schemas import EnergyEfficiencyParameters, MunicipalityParameters

DEFAULTS = MunicipalityParameters().to_dict()


def test_defaults() -> None:
    assert DEFAULTS == {
        "municipality": "Bauskas novads",
        "year": 2013,
        "territory": "2025",
        "language": "lv",
        "group": "similar",
        "service": "schools",
        "replications": 2000,
        "seed": 1,
        "access": "public",
        "as_of": None,
    }


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("year", "20x4", "must be a whole number, not text"),
        ("year", "2013", "must be a whole number, not text"),
        ("year", True, "must be a whole number, not true or false"),
        ("year", 2013.0, "must be a whole number, not a decimal number"),
        ("year", None, "must be a whole number, not nothing"),
        ("year", 1999, "Allowed: 2000 to 2100"),
        ("replications", 99, "Allowed: 100 to 100000"),
        ("seed", -1, "out of bounds"),
        ("territory", "2020", "Allowed: 2009, 2021, 2025"),
        ("territory", 2020, "must be text"),
        ("language", "LV", "Allowed: lv, en"),
        ("access", "all", "Allowed: public, members"),
        ("municipality", 10000, "papermill use -r"),
        ("municipality", " ", "is empty"),
        ("municipality", "x" * 10_000, "10000 characters"),
        ("municipality", ["Bauska"], "must be text, not list"),
        ("group", None, "must be text, not nothing"),
        ("as_of", "2014-13-01", "Write it like 2014-06-30"),
        ("as_of", "yesterday", "Write it like 2014-06-30"),
    ],
)
def test_wrong_values_are_refused(name: str, value: Any, message: str) -> None:
    with pytest.raises(ParameterError, match=message) as caught:
        MunicipalityParameters.from_mapping({name: value})
    assert name in str(caught.value)


def test_an_unknown_name_is_refused_with_the_nearest_one() -> None:
    with pytest.raises(ParameterError, match=r"Unknown parameter 'yaer'\. Did you mean 'year'\?"):
        MunicipalityParameters.from_mapping({"yaer": 2013})
    with pytest.raises(ParameterError, match=r"'zzz'\. The notebook knows: municipality, year"):
        MunicipalityParameters.from_mapping({"zzz": 1})


def test_papermill_makes_a_number_of_a_classification() -> None:
    assert MunicipalityParameters.from_mapping({"territory": 2009}).territory == "2009"


def test_only_the_command_line_may_write_numbers_as_text() -> None:
    assert MunicipalityParameters.from_mapping({"year": "2012"}, from_text=True).year == 2012
    for text in ("20x4", "2012.0", "-1", "٢٠١٣", " 2012", "9" * 5000):
        with pytest.raises(ParameterError, match="year="):
            MunicipalityParameters.from_mapping({"year": text}, from_text=True)


def price(value: Any, *, from_text: bool = False) -> Any:
    return EnergyEfficiencyParameters.from_mapping({"heat_price": value}, from_text=from_text).heat_price


def test_a_price_may_have_cents() -> None:
    assert [price(value) for value in (74.35, 74, 74.0, 0)] == [74.35, 74, 74, 0]
    assert [price(text, from_text=True) for text in ("74.35", "74", "74.0")] == [74.35, 74, 74]
    assert type(price(74.0)) is int, "the same run, whichever way it is written"
    rows = {row["name"]: row for row in EnergyEfficiencyParameters.describe()}
    assert (rows["heat_price"]["type"], rows["heat_price"]["allowed"]) == ("number", "0 to 1000")


@pytest.mark.parametrize(
    ("value", "from_text", "message"),
    [
        ("74.35", False, r"heat_price='74.35' must be a number, not text\. Write it without quotes\."),
        ("74,35", True, r"must be a number, not text\. Write it with a decimal point: 74\.35\."),
        ("dārgi", True, r"must be a number, not text\.$"),
        ("7e1", True, "must be a number, not text"),
        ("nan", True, "must be a number, not text"),
        ("-1.5", True, "must be a number, not text"),
        (float("nan"), False, "heat_price=nan is out of bounds"),
        (float("inf"), False, "heat_price=inf is out of bounds"),
        (1000.01, False, r"Allowed: 0 to 1000\."),
        (True, False, "must be a number, not true or false"),
        (None, False, "must be a number, not nothing"),
    ],
)
def test_a_wrong_price_is_refused(value: Any, from_text: bool, message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        price(value, from_text=from_text)


def test_every_parameter_is_described() -> None:
    rows = {row["name"]: row for row in MunicipalityParameters.describe()}
    assert list(rows) == list(DEFAULTS)
    assert rows["year"] == {
        "name": "year",
        "type": "whole number",
        "default": "2013",
        "allowed": "2000 to 2100",
        "meaning": "Year of the figures.",
    }
    assert rows["territory"]["allowed"] == "2009, 2021, 2025"
    assert all(row["meaning"].endswith(".") for row in rows.values())


PARAMETERS_CELL = "\n".join(f"{name} = {value!r}" for name, value in DEFAULTS.items())
CHECK = "parameters = MunicipalityParameters.from_notebook(globals())"


def read(*cells: str, **changes: Any) -> MunicipalityParameters:
    return MunicipalityParameters.from_notebook({**DEFAULTS, **changes, "In": ["", *cells, CHECK]})


def test_a_notebook_gives_its_parameters() -> None:
    assert read(PARAMETERS_CELL, "# Parameters\nyear = 2012", year=2012).year == 2012
    assert MunicipalityParameters.from_notebook({**DEFAULTS, "unrelated": 1}) == MunicipalityParameters()


def test_a_misspelt_parameter_of_the_run_is_refused() -> None:
    with pytest.raises(ParameterError, match="Did you mean 'year'"):
        read(PARAMETERS_CELL, "# Parameters\nyaer = 2012\n")


def test_running_cells_again_in_jupyterlab_raises_no_false_alarm() -> None:
    wrong = "# Parameters\nyaer = 2012\n"
    assert read(wrong, PARAMETERS_CELL).year == 2013, "a new start at the parameters cell"
    assert read(wrong, PARAMETERS_CELL, "# Parameters\nyear = 2012", CHECK, "x = 1", year=2012).year == 2012
    assert read(PARAMETERS_CELL, "%matplotlib inline", "yaer = 3", "# a note\nbroken(").year == 2013


def test_a_missing_or_mistyped_parameter_is_refused() -> None:
    namespace = {name: value for name, value in DEFAULTS.items() if name != "seed"}
    with pytest.raises(ParameterError, match="does not set the parameter 'seed'"):
        MunicipalityParameters.from_notebook(namespace)
    with pytest.raises(ParameterError, match="year='2012' must be a whole number"):
        read(year="2012")
