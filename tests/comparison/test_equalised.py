"""Equalised units: sums by hand, what is missing is said, and nothing incomplete comes out unasked."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from few_units import UNITS, YEAR, rows

from benchlib.comparison import equalised_cost, equalised_units
from benchlib.errors import NoFiguresError, OptionError
from benchlib.indicators import Store, load_need_key
from tests.indicators.made_up import DataFolder

Made = Callable[..., Store]
KEY = """name = { lv = "x", en = "x" }
definition = { lv = "x", en = "x" }
source = "made up"
caveats = { lv = "", en = "" }
"""
PART = """[[part]]
indicator = "{}"
coefficient = {}
unit = "units"
source = "made up"
date = 2020-01-01
verified = {}
"""


def store_with(folder: DataFolder, **coefficients: float) -> Store:
    content = KEY + "".join(PART.format(name, value, "true") for name, value in coefficients.items())
    place = folder.path / "catalogue" / "need"
    place.mkdir(parents=True)
    (place / "mine.toml").write_text(content, encoding="utf-8")
    return folder.store()


@pytest.fixture
def folder(tmp_path: object) -> DataFolder:
    made = DataFolder(tmp_path / "data")  # type: ignore[operator]
    for name, values in {"people": [1000, 500, 200], "children": [100, 20, None], "spent": [9000, 800, 700]}.items():
        made.measure(name).source(f"source_{name}", rows(name, values), territory="2025").passport(name, measure=name)
    made.measure("old").passport("old", measure="old")
    made.passport("spent_each", numerator="spent", denominator="people", dimension="cost", direction=-1)
    return made


def test_units_are_people_times_coefficients(folder: DataFolder) -> None:
    found = equalised_units(year=YEAR, key="mine", store=store_with(folder, people=1.0, children=2.5))
    table = found.table.set_index("territory")
    assert table.loc[UNITS[0], ["people", "children", "units"]].tolist() == [1000, 250, 1250]
    assert table.loc[UNITS[1], "units"] == 550
    assert np.isnan(table.loc[UNITS[2], "units"]), "without a figure on children there is no sum"
    assert (found.absent, dict(found.years)) == ((), {"people": YEAR, "children": YEAR})
    assert found.key.is_verified


def test_a_part_without_any_figures_is_refused_by_name(folder: DataFolder) -> None:
    store = store_with(folder, people=1.0, old=0.74)
    with pytest.raises(NoFiguresError, match=r"figures that are not there: old\..*incomplete='without'"):
        equalised_units(year=YEAR, key="mine", store=store)
    found = equalised_units(year=YEAR, key="mine", store=store, incomplete="without")
    assert [part.indicator for part in found.absent] == ["old"]
    assert found.table.set_index("territory")["units"][UNITS[0]] == 1000
    with pytest.raises(OptionError, match="incomplete='perhaps'"):
        equalised_units(year=YEAR, key="mine", store=store, incomplete="perhaps")  # type: ignore[arg-type]


def test_cost_for_each_unit_from_expenditure(folder: DataFolder) -> None:
    found = equalised_cost("spent_each", year=YEAR, key="mine", store=store_with(folder, people=1.0, children=2.5))
    row = found.table.set_index("territory").loc[UNITS[0]]
    assert row["expenditure_eur"] == pytest.approx(9000)
    assert row["cost_per_unit_eur"] == pytest.approx(9000 / 1250)
    assert found.volume == "", "the numerator is the expenditure"


def test_cost_for_each_unit_from_a_published_cost_and_its_users(folder: DataFolder) -> None:
    folder.measure("cost").source("source_cost", rows("cost", [50.0, 60.0, 70.0]), territory="2025")
    folder.passport("cost", measure="cost", dimension="cost", direction=-1, volume="children")
    found = equalised_cost("cost", year=YEAR, key="mine", store=store_with(folder, people=1.0))
    row = found.table.set_index("territory").loc[UNITS[1]]
    assert (row["expenditure_eur"], row["cost_per_unit_eur"]) == (60 * 20, 60 * 20 / 500)
    assert (found.volume, found.volume_year) == ("children", YEAR)


def test_the_year_of_the_users_is_told(folder: DataFolder) -> None:
    folder.measure("cost").measure("users").passport("users", measure="users")
    folder.source("source_cost", rows("cost", [50.0]), territory="2025")
    folder.source("source_users", rows("users", [8.0], YEAR + 1), territory="2025")
    folder.passport("cost", measure="cost", dimension="cost", direction=-1, volume="users")
    found = equalised_cost("cost", year=YEAR, key="mine", store=store_with(folder, people=1.0))
    assert (found.year, found.volume_year) == (YEAR, YEAR + 1)
    assert found.table.set_index("territory")["expenditure_eur"][UNITS[0]] == 400


def test_what_gives_no_expenditure_is_refused(folder: DataFolder) -> None:
    folder.passport("ratio", numerator="spent", denominator="people")
    with pytest.raises(OptionError, match="'ratio' gives no expenditure"):
        equalised_cost("ratio", year=YEAR, key="mine", store=store_with(folder, people=1.0))


def test_the_shipped_figures_lack_those_above_working_age() -> None:
    with pytest.raises(NoFiguresError, match="Inhabitants above working age"):
        equalised_cost("education_expenditure_per_pupil", year=2013)
    found = equalised_cost("education_expenditure_per_pupil", year=2013, incomplete="without")
    assert [part.indicator for part in found.units.absent] == ["population_above_working_age"]
    assert len(found.table) == found.table["cost_per_unit_eur"].notna().sum() == 42
    row = found.units.table.set_index("territory").loc["0025000"]
    coefficients = {part.indicator: part.coefficient for part in load_need_key().parts}
    parts = row[["registered_population", "children_preschool_age", "children_school_age", "area"]]
    assert row["units"] == pytest.approx(parts.sum())
    children = row["children_school_age"] / coefficients["children_school_age"]
    assert children == pytest.approx(round(children), abs=1e-6), "whole children"
    with pytest.raises(NoFiguresError, match="social_protection"):
        equalised_cost("social_protection_expenditure_per_inhabitant", year=2013, incomplete="without")
