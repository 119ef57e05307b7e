"""Building registers: what a clerk may write, what is refused and where, who may read one."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from benchlib.errors import AccessError, CatalogueError, FiguresFileError, OptionError
from benchlib.indicators import load_factors, load_register, registers
from benchlib.indicators.buildings.register import (
    MEASURE_COLUMNS,
    REGISTER_COLUMNS,
    REGISTER_WORDS,
    area_jumps,
    checked_measures,
    checked_register,
    find_doubts,
    guess_columns,
    register_csv,
    register_problems,
)
from benchlib.indicators.names import plain_text

HOSTILE = "=1+1</td><script>alert(1)</script> {m} \u202e $x$"


def row(**more: Any) -> dict[str, Any]:
    return {
        "building": "e1",
        "name": "Skola",
        "type": "skola",
        "area_m2": "1 250,5",
        "heat_source": "Šķelda",
        "year": 2024,
        "heat_mwh": "210,4",
        "electricity_mwh": 18,
        "degree_days": 3480,
        **more,
    }


def checked(*rows: dict[str, Any]) -> pd.DataFrame:
    table = pd.DataFrame(list(rows), index=range(2, len(rows) + 2), dtype=object)
    return checked_register(table, "ēkas.xlsx, Ēkas")


def complaint(*rows: dict[str, Any]) -> str:
    with pytest.raises(FiguresFileError) as error:
        checked(*rows)
    return str(error.value)


# --- what is understood ---------------------------------------------------------------------------------------------------


def test_a_row_as_a_clerk_writes_it() -> None:
    found = checked(row(), row(year="2023", heat_mwh="…", electricity_mwh=np.nan, degree_days=None)).to_dict("records")
    assert found[0]["type"] == "school"
    assert found[0]["heat_source"] == "wood"
    assert (found[0]["area_m2"], found[0]["heat_mwh"], found[0]["year"]) == (1250.5, 210.4, 2024)
    assert found[1]["year"] == 2023
    assert np.isnan([found[1][c] for c in ("heat_mwh", "electricity_mwh", "degree_days")]).all()
    assert found[0]["municipality"] == ""


def test_a_spreadsheet_makes_numbers_of_ids_and_years() -> None:
    found = checked(row(building=12.0, year=2024.0)).iloc[0]
    assert found["building"] == "12"
    assert found["year"] == 2024


def test_area_and_source_may_change_from_year_to_year() -> None:
    found = checked(row(), row(year=2023, area_m2=900, heat_source="gāze"))
    assert list(found["area_m2"]) == [1250.5, 900.0]
    assert list(found["heat_source"]) == ["wood", "natural_gas"]


def test_headings_are_known_in_both_languages() -> None:
    latvian = ["Kods", "Ēkas nosaukums", "Ēkas veids", "Apkurināmā platība, m²", "Siltuma avots", "Gads"]
    latvian += ["Siltumenerģija, MWh", "Elektroenerģija, MWh", "Apkures grādu dienas"]
    assert guess_columns(latvian, REGISTER_COLUMNS) == {
        "building": "Kods",
        "name": "Ēkas nosaukums",
        "type": "Ēkas veids",
        "area_m2": "Apkurināmā platība, m²",
        "heat_source": "Siltuma avots",
        "year": "Gads",
        "heat_mwh": "Siltumenerģija, MWh",
        "electricity_mwh": "Elektroenerģija, MWh",
        "degree_days": "Apkures grādu dienas",
    }
    for columns in (REGISTER_COLUMNS, MEASURE_COLUMNS):
        assert guess_columns(list(columns), columns) == {column: column for column in columns}


def test_two_savings_are_not_mixed_up() -> None:
    headings = ["Ietaupījums, MWh gadā", "Ietaupījums, %", "Ēka"]
    found = guess_columns(headings, MEASURE_COLUMNS)
    assert found["saving_mwh"] == "Ietaupījums, MWh gadā"
    assert found["saving_pct"] == "Ietaupījums, %"


def test_no_spelling_means_two_words() -> None:
    for column, words in REGISTER_WORDS.items():
        spellings = [
            s for word, others in words.items() for s in {plain_text(spelling) for spelling in (word, *others)}
        ]
        assert len(spellings) == len(set(spellings)), column


@pytest.mark.parametrize(
    ("column", "written", "word"),
    [
        ("type", "Pārvaldes ēka", "administration"),
        ("type", "skolas", "school"),
        ("type", "daudzdzīvokļu māja", "housing"),
        ("heat_source", "koksnes granulas", "wood"),
    ],
)
def test_words_as_officials_write_them(column: str, written: str, word: str) -> None:
    assert checked(row(**{column: written}))[column].tolist() == [word]


def test_words_of_measures_as_officials_write_them() -> None:
    found = measures(
        measure(status="veikts"),
        measure(kind="fasādes siltināšana", status="Paredzēti"),
        measure(kind="LED", status="veikta"),
    )
    assert found["status"].tolist() == ["done", "planned", "done"]
    assert found["kind"].tolist() == ["windows", "walls", "lighting"]


# --- what is refused ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "column", "reason"),
    [
        ({"area_m2": 0}, "area_m2", "0 cannot be"),
        ({"area_m2": -5}, "area_m2", "-5 cannot be"),
        ({"area_m2": None}, "area_m2", "empty"),
        ({"heat_mwh": -1}, "heat_mwh", "-1 cannot be"),
        ({"electricity_mwh": "-0,1"}, "electricity_mwh", "-0.1 cannot be"),
        ({"heat_mwh": "1.234,5"}, "heat_mwh", "not a number"),
        ({"heat_mwh": "daudz"}, "heat_mwh", "not a number"),
        ({"heat_mwh": float("inf")}, "heat_mwh", "inf cannot be"),
        ({"heat_mwh": True}, "heat_mwh", "not a number"),
        ({"degree_days": 39}, "degree_days", "39 cannot be"),
        ({"year": 2024.5}, "year", "not a year"),
        ({"year": 24}, "year", "24 cannot be"),
        ({"year": None}, "year", "no year"),
        ({"type": "baznīca"}, "type", "school (skola)"),
        ({"heat_source": ""}, "heat_source", "district"),
        ({"name": "  "}, "name", "empty"),
        ({"name": "x" * 201}, "name", "201 characters"),
    ],
)
def test_a_wrong_cell_is_named_with_row_and_column(change: dict[str, Any], column: str, reason: str) -> None:
    said = complaint(row(), row(building="e2", **change))
    assert said.startswith(f"ēkas.xlsx, Ēkas, row 3, column '{column}':")
    assert reason in said
    assert "Nothing of the file was imported" in said


def test_all_that_is_wrong_is_told_at_once() -> None:
    said = complaint(
        row(area_m2=0, heat_mwh="daudz"), row(building="e2", type="baznīca"), row(building="e3"), row(building="e3")
    )
    assert said.startswith("ēkas.xlsx, Ēkas: 4 problems. Nothing of the file was imported.")
    for place in (
        "row 2, column 'area_m2': 0 cannot",
        "row 2, column 'heat_mwh'",
        "row 3, column 'type'",
        "row 5, column 'year'",
    ):
        assert place in said
    with pytest.raises(
        FiguresFileError, match=r"(?s)m: 2 problems.*row 2, column 'building'.*row 3, column 'cost_eur'"
    ):
        measures(measure(building="e9"), measure(cost_eur=0))


def test_a_year_stands_once() -> None:
    assert "row 4, column 'year': building 'e1': 2024 stands in row 2 already" in complaint(
        row(), row(year=2023), row()
    )


def test_rows_of_a_building_agree() -> None:
    said = complaint(row(), row(year=2023, type="bērnudārzs"))
    assert "row 3, column 'type': 'kindergarten' for building 'e1', but row 2 says 'school'" in said
    empty = {"heat_mwh": None, "electricity_mwh": None, "degree_days": None}
    assert "one row has no year" in complaint(row(), row(year=None, **empty))
    assert "one row has no year" in complaint(row(year=None, **empty), row())


def test_columns_are_checked_first() -> None:
    lacking = {key: value for key, value in row().items() if key != "area_m2"}
    assert "no column 'area_m2' (area_m2, area," in complaint(lacking)
    assert "column 'krāsa': this column is not known" in complaint(row(krāsa="zila"))
    with pytest.raises(FiguresFileError, match="no row below"):
        checked_register(pd.DataFrame(columns=list(row())), "x")
    twice = pd.DataFrame([[*row().values(), 1]], columns=[*row(), "year"])
    with pytest.raises(FiguresFileError, match="column 'year': this column stands twice"):
        checked_register(twice, "x")


def test_hostile_names_stay_text() -> None:
    found = checked(row(name=HOSTILE + "\n\tx"))
    assert found["name"].iloc[0] == HOSTILE + " x", "white space is one space, nothing else is touched"


def measure(**more: Any) -> dict[str, Any]:
    return {"building": "e1", "year": 2024, "kind": "logi", "cost_eur": "12 500", "status": "Plānots", **more}


def measures(*rows: dict[str, Any]) -> pd.DataFrame:
    return checked_measures(pd.DataFrame(list(rows), index=range(2, len(rows) + 2), dtype=object), "m", {"e1"})


def test_measures() -> None:
    found = measures(measure(saving_pct="12,5"), measure(kind="LED", status="pabeigts", saving_mwh=4, year=2023.0))
    assert list(found.columns) == list(MEASURE_COLUMNS)
    assert list(found["kind"]) == ["windows", "lighting"]
    assert list(found["status"]) == ["planned", "done"]
    assert found["saving_pct"].iloc[0] == 12.5
    assert measures(measure(year=None))["year"].isna().all(), "a plan may have no year yet"


@pytest.mark.parametrize(
    ("change", "column", "reason"),
    [
        ({"building": "e9"}, "building", "'e9' is not a building of the register"),
        ({"year": None, "status": "done"}, "year", "its year is not given"),
        ({"saving_pct": 10, "saving_mwh": 5}, "saving_mwh", "in % and in MWh"),
        ({"saving_pct": 120}, "saving_pct", "120 cannot be"),
        ({"cost_eur": 0}, "cost_eur", "0 cannot be"),
        ({"kind": "krāsošana"}, "kind", "walls"),
        ({"kind": "windows"}, "kind", "stands in row 2 already"),
    ],
)
def test_a_wrong_measure_is_named(change: dict[str, Any], column: str, reason: str) -> None:
    with pytest.raises(FiguresFileError) as error:
        measures(measure(), measure(**{"kind": "walls", **change}))
    assert f"m, row 3, column '{column}'" in str(error.value)
    assert reason in str(error.value)


# --- what is doubted ------------------------------------------------------------------------------------------------------


def test_doubts_are_told_and_not_dropped() -> None:
    empty = {"heat_mwh": None, "electricity_mwh": None, "degree_days": None}
    found = find_doubts(
        checked(
            row(area_m2=1000, heat_mwh=100),
            row(year=2023, area_m2=1000, heat_mwh=4.9, degree_days=None),
            row(year=2022, area_m2=1000, heat_mwh=1001, electricity_mwh=None),
            row(year=2021, area_m2=1000, heat_mwh=None),
            row(building="e2", year=None, **empty),
        )
    )
    told = [(d["building"], d["year"], d["doubt"]) for d in found.to_dict("records")]
    assert told[:5] == [
        ("e1", 2023, "no_degree_days"),
        ("e1", 2023, "implausible_heat"),
        ("e1", 2022, "no_electricity"),
        ("e1", 2022, "implausible_heat"),
        ("e1", 2021, "no_heat"),
    ]
    assert told[5][0] == "e2"
    assert told[5][2] == "no_years"
    assert found["value"].dropna().tolist() == pytest.approx([4.9, 1001.0])


def test_the_bounds_themselves_are_plausible() -> None:
    both = checked(row(area_m2=1000, heat_mwh=5), row(year=2023, area_m2=1000, heat_mwh=1000))
    assert find_doubts(both).empty
    both = checked(row(area_m2=1000, electricity_mwh=0.1), row(year=2023, area_m2=1000, electricity_mwh=1000))
    assert find_doubts(both).empty


@pytest.mark.parametrize("mwh", [0.09, 1001, 18000])
def test_electricity_is_doubted_too(mwh: float) -> None:
    found = find_doubts(checked(row(area_m2=1000, electricity_mwh=mwh))).to_dict("records")
    assert found == [{"building": "e1", "year": 2024, "doubt": "implausible_electricity", "value": pytest.approx(mwh)}]


def test_an_area_that_no_other_year_bears_out() -> None:
    def jumps(*areas: float) -> list[tuple[int, float, bool]]:
        rows = [row(year=2020 + k, area_m2=area, heat_mwh=area / 10) for k, area in enumerate(areas)]
        return [(j.year, j.other_m2, j.is_odd) for j in area_jumps(checked(*rows))]

    assert jumps(5200, 5200, 99999, 5200) == [(2022, 5200.0, True)]
    assert jumps(99999, 5200, 5200) == [(2020, 5200.0, True)]
    assert jumps(5200, 5200, 99999) == [(2022, 5200.0, True)], "whether it will last is not known yet"
    assert jumps(2000, 2000, 3500, 3500) == [(2022, 2000.0, False)], "it has been extended"
    assert jumps(2000, 3500) == [(2020, 3500.0, True), (2021, 2000.0, True)], "nobody can say which of them is right"
    assert jumps(1000, 1500, 1000) == jumps(1000) == [], "half as much again is not more than half"


def test_where_the_area_is_odd_the_heat_is_not_called_wrong() -> None:
    rows = [row(year=2020 + k, area_m2=area, heat_mwh=100) for k, area in enumerate((1000, 1000, 99999))]
    assert find_doubts(checked(*rows)).empty


# --- files and who may read them ------------------------------------------------------------------------------------------


def data_with(folder: Path, *, own: bool = False, **more: Any) -> Path:
    """Write a data folder with one register; in its own folder, if asked for."""
    place = folder / "own" if own else folder
    (place / "buildings").mkdir(parents=True, exist_ok=True)
    content = register_csv(checked(row(), row(year=2023))).encode()
    (place / "buildings" / "r.csv").write_bytes(content)
    entry = {
        "id": "manas-ekas", "access": "public", "vintage": "2025-03-01", "file": "buildings/r.csv", "rows": 2,
        "sha256": hashlib.sha256(content).hexdigest(), **more,
    }  # fmt: skip
    lines = [
        f"{key} = {str(value).lower() if isinstance(value, bool) else repr(value)}" for key, value in entry.items()
    ]
    texts = [f'{key} = {{ lv = "a", en = "b" }}' for key in ("name", "municipality", "source")]
    (place / "buildings.toml").write_text("\n".join(["[[registers]]", *lines, *texts]) + "\n", encoding="utf-8")
    return folder


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    found = load_register("manas-ekas", data=data_with(tmp_path))
    pd.testing.assert_frame_equal(found.buildings, checked(row(), row(year=2023)))
    assert found.years == (2023, 2024)
    assert found.names == {"e1": "Skola"}
    assert found.measures.empty
    assert list(found.measures.columns) == list(MEASURE_COLUMNS)


def test_a_vintage_has_one_spelling(tmp_path: Path) -> None:
    assert registers(data=data_with(tmp_path, vintage="20250301"))[0].vintage == "2025-03-01"


def test_own_registers_stand_beside_the_shipped_ones(tmp_path: Path) -> None:
    data_with(tmp_path, id="demo")
    data_with(tmp_path, own=True)
    assert [(entry.id, entry.is_own) for entry in registers(data=tmp_path)] == [("demo", False), ("manas-ekas", True)]
    assert len(load_register("manas-ekas", data=tmp_path).buildings) == 2
    data_with(tmp_path, own=True, id="demo")
    with pytest.raises(CatalogueError, match="'demo' stands there twice"):
        registers(data=tmp_path)


def test_a_closed_register_is_no_public_one(tmp_path: Path) -> None:
    data_with(tmp_path, id="demo")
    data_with(tmp_path, own=True, access="members")
    assert [entry.id for entry in registers(data=tmp_path)] == ["demo"]
    with pytest.raises(AccessError, match="members only"):
        load_register("manas-ekas", data=tmp_path)
    with pytest.raises(OptionError) as error:
        load_register("cits", data=tmp_path)
    assert "'cits' is not a building register. Known: demo." in str(error.value), "closed ones are not even named"
    assert len(load_register("manas-ekas", access="members", data=tmp_path).buildings) == 2


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"sha256": "0" * 64}, "not the file of buildings.toml"),
        ({"rows": 3}, "which has 3 rows"),
        ({"file": "buildings/none.csv"}, "cannot be read"),
        ({"file": "../x.csv"}, "leaves the data folder"),
        ({"id": "Manas ēkas"}, "small letters"),
        ({"id": "../x"}, "small letters"),
        ({"access": "friends"}, "access"),
        ({"vintage": "March"}, "March"),
        ({"colour": "blue"}, "unknown field 'colour'"),
    ],
)
def test_a_broken_entry_is_named(tmp_path: Path, change: dict[str, Any], reason: str) -> None:
    folder = data_with(tmp_path, **change)
    assert any(reason in problem for problem in register_problems(folder))


def test_the_shipped_register_is_whole_and_says_that_it_is_invented() -> None:
    assert register_problems() == []
    demo = load_register("demo")
    assert demo.about.is_invented
    assert "zdomāt" in demo.about.municipality["lv"]
    assert "nvented" in demo.about.municipality["en"]
    assert len(demo.names) == 24
    assert set(demo.doubts["doubt"]) == {"no_years", "no_heat", "no_electricity", "no_degree_days", "implausible_heat"}
    assert set(demo.measures["status"]) == {"done", "planned"}


# --- factors --------------------------------------------------------------------------------------------------------------


def factors_in(folder: Path, text: str) -> Path:
    (folder / "catalogue").mkdir(parents=True, exist_ok=True)
    (folder / "catalogue" / "energy.toml").write_text(text, encoding="utf-8")
    return folder


def factor(id: str, value: str, date: str = "2024") -> str:
    texts = " ".join(f'{key} = {{ lv = "a", en = "b" }}\n' for key in ("name", "unit", "source"))
    return f'[[factors]]\nid = "{id}"\nvalue = {value}\ndate = "{date}"\nverified = false\n{texts}\n'


NEEDED = "".join(factor(id, "1") for id in ("degree_days_normal", "price_heat", "price_electricity", "co2_electricity"))


def test_own_factors_replace_single_ones(tmp_path: Path) -> None:
    factors_in(tmp_path, NEEDED)
    factors_in(tmp_path / "own", factor("price_heat", "71.5"))
    found = load_factors(tmp_path)
    assert found["price_heat"].value == 71.5
    assert found["price_electricity"].value == 1


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (NEEDED.replace("price_heat", "price_hay"), "'price_heat' is missing"),
        (NEEDED + factor("co2_wood", "-1"), "not a number of 0 or more"),
        (NEEDED + factor("co2_wood", "inf"), "not a number of 0 or more"),
        (NEEDED + factor("hot_water_school", "10"), "write 0.1 for 10 %"),
        (NEEDED + factor("co2_wood", "0", date="soon"), "not a year or a day"),
        (NEEDED + factor("price_heat", "2"), "stands there twice"),
        (NEEDED + factor("co2_wood", '"much"'), "is not a number"),
    ],
)
def test_a_broken_factor_is_named(tmp_path: Path, text: str, reason: str) -> None:
    with pytest.raises(CatalogueError, match=reason):
        load_factors(factors_in(tmp_path, text))


def test_every_shipped_factor_says_whether_it_was_verified_and_where_it_is_from() -> None:
    found = load_factors()
    assert all(f.source["lv"] and f.source["en"] and f.date for f in found.values())
    assumed = {f.id for f in found.values() if not f.verified}
    assert {"price_heat", "price_electricity", "hot_water_school", "lifetime_walls"} <= assumed
    assert found["co2_natural_gas"].value == pytest.approx(56.1 * 3.6 / 1000, abs=5e-4)
    assert found["co2_oil"].value == pytest.approx(74.1 * 3.6 / 1000, abs=5e-4)
    types = set(REGISTER_WORDS["type"])
    assert {f"hot_water_{type_}" for type_ in types} <= set(found)
    assert {f"co2_{source}" for source in set(REGISTER_WORDS["heat_source"]) - {"other"}} <= set(found)
