"""Numbers of a building register: units of the headings, one notation for the whole sheet, per cent."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from import_files import Percent, Rows, write_csv, write_ods, write_xlsx

from benchlib.errors import FiguresFileError, OptionError
from benchlib.indicators.imports import ImportOptions, ImportPlan, importing, plan_import
from benchlib.indicators.imports.sheets import Sheet, read_sheets

COLUMNS = {
    "Ēka": "s1", "Nosaukums": "Izdomātā skola", "Veids": "skola", "Platība": 2500, "Siltumavots": "šķelda", "Gads": 2023, "Siltums": 250,
    "Elektrība": 60,
}  # fmt: skip
MEASURES = {"Ēka": "s1", "Pasākums": "jumta siltināšana", "Gads": 2022, "Izmaksas": 40000, "Statuss": "īstenots"}


def with_heading(columns: dict[str, object], old: str, new: str, value: object) -> Rows:
    """Two rows, one column of which has another heading and another value."""
    changed = {new if name == old else name: value if name == old else cell for name, cell in columns.items()}
    return [list(changed), list(changed.values())]


def plan_of(path: Path, **options: object) -> ImportPlan:
    given = {"kind": "buildings", "municipality": "Bauskas novads", "id": "ekas"} | options
    return plan_import(path, ImportOptions(**given))  # type: ignore[arg-type]


def stored(plan: ImportPlan, column: str, file: str = "buildings/ekas.csv") -> list[str]:
    header, *lines = plan.files[file].decode().splitlines()
    return [line.split(",")[header.split(",").index(column)] for line in lines]


@pytest.mark.parametrize(
    ("old", "heading", "value", "column", "number", "unit"),
    [
        ("Siltums", "Siltumenerģija, kWh", 250000, "heat_mwh", "250", "MWh (from kWh, ÷ 1000)"),
        ("Siltums", "Siltums (GWh)", 0.25, "heat_mwh", "250", "MWh (from GWh, × 1000)"),
        ("Siltums", "Siltums, GJ", 900, "heat_mwh", "250", "MWh (from GJ, ÷ 3.6)"),
        ("Siltums", "Siltumenerģijas patēriņš kWh gadā", 250000, "heat_mwh", "250", "MWh (from kWh gadā, ÷ 1000)"),
        ("Siltums", "Siltums 2023. gadā, MWh", 250, "heat_mwh", "250", "MWh"),
        ("Siltums", "Heat use, MWh/year", 250, "heat_mwh", "250", "MWh"),
        ("Elektrība", "Elektroenerģija, kWh", 60000, "electricity_mwh", "60", "MWh (from kWh, ÷ 1000)"),
        ("Platība", "Platība, tūkst. m2", 2.5, "area_m2", "2500", "m2 (from tūkst. m2, × 1000)"),
        ("Platība", "Apkurināmā platība (ha)", 0.25, "area_m2", "2500", "m2 (from ha, × 10000)"),
        ("Platība", "Apkurināmā platība", 2500, "area_m2", "2500", "m2 (assumed)"),
        ("Platība", "area_m2", 2500, "area_m2", "2500", "m2"),
    ],
)
def test_units_are_turned_and_shown(
    tmp_path: Path, old: str, heading: str, value: float, column: str, number: str, unit: str
) -> None:
    plan = plan_of(write_xlsx(tmp_path / "a.xlsx", {"Ēkas": with_heading(COLUMNS, old, heading, value)}))
    assert stored(plan, column) == [number]
    assert {seen.role: seen.unit for seen in plan.columns}[column] == unit


@pytest.mark.parametrize(
    ("heading", "value", "column", "number"),
    [
        ("Izmaksas, tūkst. EUR", 40, "cost_eur", "40000"),
        ("Izmaksas (EUR)", 40000, "cost_eur", "40000"),
        ("Izmaksas, LVL", 702.804, "cost_eur", "1000"),
        ("Ietaupījums, kWh", 5000, "saving_mwh", "5"),
        ("Plānotais ietaupījums, GJ", 36, "saving_mwh", "10"),
        ("Ietaupījums, MWh gadā", 5, "saving_mwh", "5"),
        ("Ietaupījums %", 15, "saving_pct", "15"),
        ("Ietaupījums %", "15 %", "saving_pct", "15"),
        ("saving_pct", 15, "saving_pct", "15"),
    ],
)
def test_units_of_measures(tmp_path: Path, heading: str, value: object, column: str, number: str) -> None:
    measures = with_heading({**MEASURES, "X": value}, "X", heading, value)
    if column == "cost_eur":
        measures = with_heading(MEASURES, "Izmaksas", heading, value)
    sheets = {"Ēkas": [list(COLUMNS), list(COLUMNS.values())], "Pasākumi": measures}
    plan = plan_of(write_xlsx(tmp_path / "a.xlsx", sheets))
    assert stored(plan, column, "buildings/ekas.measures.csv") == [number]


@pytest.mark.parametrize(
    ("old", "heading", "message"),
    [
        ("Siltums", "Siltums, kcal", "this says more than a name of heat_mwh, and no unit that can be turned into MWh"),
        ("Siltums", "Siltums, EUR", "'EUR' is no unit of heat_mwh .MWh."),
        ("Siltums", "Siltumenerģija (kopā)", "this says more than a name of"),
        ("Platība", "Platība, kv. pēdas", "this says more than a name of"),
        ("Platība", "Platība (MWh)", "'MWh' is no unit of area_m2 .m2."),
        ("Elektrība", "Elektrība tūkst.", "'tūkst.' is no unit of electricity_mwh"),
    ],
)
def test_an_unknown_tail_is_refused(tmp_path: Path, old: str, heading: str, message: str) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", {"Ēkas": with_heading(COLUMNS, old, heading, 100)})
    with pytest.raises(FiguresFileError, match=f"a.xlsx, sheet 'Ēkas', row 1, column .*{message}.*--column"):
        plan_of(path)


def test_a_declared_heading_is_believed_unless_it_speaks_of_a_unit(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", {"Ēkas": with_heading(COLUMNS, "Siltums", "Siltums (kopā)", 250)})
    assert stored(plan_of(path, columns=("Siltums (kopā)=heat_mwh",)), "heat_mwh") == ["250"]
    path = write_xlsx(tmp_path / "a.xlsx", {"Ēkas": with_heading(COLUMNS, "Siltums", "Skaitītājs kWh", 250000)})
    assert stored(plan_of(path, columns=("Skaitītājs kWh=heat_mwh",)), "heat_mwh") == ["250"]
    path = write_xlsx(tmp_path / "a.xlsx", {"Ēkas": with_heading(COLUMNS, "Siltums", "kWh pēc skaitītāja", 250000)})
    with pytest.raises(FiguresFileError, match="speaks of 'kwh'"):
        plan_of(path, columns=("kWh pēc skaitītāja=heat_mwh",))
    said = '[columns]\n"kWh pēc skaitītāja" = { role = "heat_mwh", unit = "%s" }\n'
    (tmp_path / "c.toml").write_text(said % "kWh", encoding="utf-8")
    assert stored(plan_of(path, declared=tmp_path / "c.toml"), "heat_mwh") == ["250"]
    (tmp_path / "c.toml").write_text(said % "km", encoding="utf-8")
    with pytest.raises(FiguresFileError, match="'km' is no unit of heat_mwh"):
        plan_of(path, declared=tmp_path / "c.toml")


# --- notation ----------------------------------------------------------------------------------------------------------


def csv_with(tmp_path: Path, *areas: str, heat: str = "250") -> Path:
    rows = [list(COLUMNS)]
    for number, area in enumerate(areas):
        cells = {**COLUMNS, "Ēka": f"e{number}", "Platība": area, "Siltums": heat}
        rows.append([str(cell) for cell in cells.values()])
    return write_csv(tmp_path / "a.csv", rows)


def test_a_point_before_three_digits_is_asked_about(tmp_path: Path) -> None:
    path = csv_with(tmp_path, "2500", "1.250")
    with pytest.raises(FiguresFileError, match=r"row 3, column 'Platība': '1.250' can be .* --decimal \."):
        plan_of(path)
    assert stored(plan_of(path, decimal="."), "area_m2") == ["2500", "1.25"]
    with pytest.raises(FiguresFileError, match=r"row 3, column 'Platība': '1.250' is not a number such as '1234,5'"):
        plan_of(path, decimal=",")


def test_the_notation_is_that_of_the_sheet_or_of_the_option(tmp_path: Path) -> None:
    assert stored(plan_of(csv_with(tmp_path, "1 250,5", "1,250")), "area_m2") == ["1250.5", "1.25"]
    with pytest.raises(FiguresFileError, match="one has a decimal comma, the other a point"):
        plan_of(csv_with(tmp_path, "1250,5", "1250.5"))
    path = csv_with(tmp_path, "1,250", heat="12.5")
    assert stored(plan_of(path), "area_m2") == ["1250"]
    assert stored(plan_of(csv_with(tmp_path, "1,250"), decimal="."), "area_m2") == ["1250"]
    assert stored(plan_of(csv_with(tmp_path, "1,250"), decimal=","), "area_m2") == ["1.25"]
    with pytest.raises(OptionError, match="--decimal ';' is neither"):
        plan_of(path, decimal=";")


def test_wrong_numbers_are_named_by_the_heading_of_the_file(tmp_path: Path) -> None:
    with pytest.raises(FiguresFileError, match=r"a\.csv, row 2, column 'Siltums': 'daudz' is not a number"):
        plan_of(csv_with(tmp_path, "2500", heat="daudz"))
    with pytest.raises(FiguresFileError, match="row 2, column 'Siltums': '15%' is a percentage"):
        plan_of(csv_with(tmp_path, "2500", heat="15%"))
    assert stored(plan_of(csv_with(tmp_path, "2500", heat="nav datu")), "heat_mwh") == [""]


# --- per cent ----------------------------------------------------------------------------------------------------------


def sheets_with_saving(value: object) -> dict[str, Rows]:
    measures = with_heading({**MEASURES, "X": value}, "X", "Ietaupījums %", value)
    return {"Ēkas": [list(COLUMNS), list(COLUMNS.values())], "Pasākumi": measures}


def test_a_saving_that_a_spreadsheet_shows_in_per_cent(tmp_path: Path) -> None:
    path = write_ods(tmp_path / "a.ods", sheets_with_saving(Percent(0.15)))
    assert stored(plan_of(path), "saving_pct", "buildings/ekas.measures.csv") == ["15"]
    sheets = sheets_with_saving(0.15)
    path = write_xlsx(tmp_path / "a.xlsx", dict(reversed(sheets.items())), {"F2": "0%"})
    assert stored(plan_of(path), "saving_pct", "buildings/ekas.measures.csv") == ["15"]


def test_per_cent_of_an_old_workbook_that_may_be_shares(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def read(path: Path, sheet: str | None = None) -> tuple[Sheet, ...]:
        return tuple(replace(found, hides_percent=True) for found in read_sheets(path, sheet))

    monkeypatch.setattr(importing, "read_sheets", read)
    with pytest.raises(FiguresFileError, match=r"sheet 'Pasākumi', .*column 'Ietaupījums %': in an old \.xls"):
        plan_of(write_xlsx(tmp_path / "a.xlsx", sheets_with_saving(0.15)))
    assert plan_of(write_xlsx(tmp_path / "a.xlsx", sheets_with_saving(15))).rows == 1


# --- titles ------------------------------------------------------------------------------------------------------------


def test_the_unit_of_a_title_counts_for_what_has_none(tmp_path: Path) -> None:
    rows = [["Enerģijas patēriņš (kWh)"], *with_heading(COLUMNS, "Elektrība", "Elektrība, MWh", 60)]
    plan = plan_of(write_xlsx(tmp_path / "a.xlsx", {"Ēkas": rows}))
    assert (stored(plan, "heat_mwh"), stored(plan, "electricity_mwh"), stored(plan, "area_m2")) == (
        ["0.25"],
        ["60"],
        ["2500"],
    )
    assert "The unit kWh is taken from the title above the table." in plan.notes
    rows[0] = ["Enerģijas patēriņš tūkst. vienību"]
    with pytest.raises(FiguresFileError, match=r"row 2, column 'Platība': the title above the table speaks of 'tukst'"):
        plan_of(write_xlsx(tmp_path / "a.xlsx", {"Ēkas": rows}))
