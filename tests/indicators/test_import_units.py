"""Units wherever people write them: in headings, titles and cells; what is not understood is asked about, never passed over."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from import_files import Percent, Rows, write_csv, write_ods, write_xlsx

from benchlib.errors import FiguresFileError
from benchlib.indicators.imports import ImportOptions, ImportPlan, importing, plan_import
from benchlib.indicators.imports.sheets import Sheet, read_sheets

EXPENSE = "social_protection_expenditure"
PLACES = ["Pašvaldība", "Bauskas novads", "Dobeles novads"]


def plan_of(tmp_path: Path, rows: Rows, **options: object) -> ImportPlan:
    given = {"year": 2012, "territory": "2025"} | options
    return plan_import(write_csv(tmp_path / "dati.csv", rows), ImportOptions(**given))  # type: ignore[arg-type]


def values(plan: ImportPlan) -> list[float]:
    lines = plan.files[f"figures/{plan.id}.csv"].decode().splitlines()[1:]
    return [float(line.split(",")[3]) for line in lines]


def table(heading: str, *numbers: str) -> Rows:
    return list(zip(PLACES, [heading, *numbers], strict=False))


# --- titles ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "title",
    [
        "Sociālās aizsardzības izdevumi 2023. gadā (tūkst. EUR)",
        "Sociālās aizsardzības izdevumi (2023. gadā, tūkst. eiro)",
        "Izdevumi, tūkst. EUR",
        "Izdevumi tūkst. EUR 2023. gadā",
        "tūkst. EUR",
        "(tūkst. EUR)",
        "Pielikums [tūkst. EUR] sēdes protokolam",
    ],
)
def test_the_unit_of_a_title_counts_for_the_table(tmp_path: Path, title: str) -> None:
    rows = [[title, ""], *table("Sociālās aizsardzības izdevumi", "1000,5", "2000,5")]
    plan = plan_of(tmp_path, rows)
    assert values(plan) == [1000500.0, 2000500.0]
    assert "The unit tūkst. " in str(plan.notes)
    assert "is taken from the title above the table." in str(plan.notes)
    assert plan.columns[1].unit.endswith("× 1000)")


def test_the_unit_of_a_sheet_counts_too(tmp_path: Path) -> None:
    rows = [["Pašvaldība", "Gads", EXPENSE], ["Bauskas novads", 2023, 1.5]]
    plan = plan_import(write_xlsx(tmp_path / "a.xlsx", {"Izdevumi (tūkst. EUR)": rows}))
    assert values(plan) == [1500.0]
    assert "The unit tūkst. EUR is taken from the name of the sheet." in plan.notes


def test_the_unit_of_the_column_goes_before_that_of_the_title(tmp_path: Path) -> None:
    rows = [["Izdevumi (tūkst. EUR)", ""], *table("Sociālās aizsardzības izdevumi, EUR", "1000", "2000")]
    assert values(plan_of(tmp_path, rows)) == [1000.0, 2000.0]


def test_a_title_about_money_says_nothing_of_persons(tmp_path: Path) -> None:
    rows = [
        ["Izdevumi (tūkst. EUR)", "", ""],
        ["Pašvaldība", EXPENSE, "Sociālā dienesta klienti"],
        ["Bauskas novads", "1,5", "12"],
    ]
    assert values(plan_of(tmp_path, rows)) == [1500.0, 12.0]


def test_measures_in_rows_take_the_unit_of_the_title(tmp_path: Path) -> None:
    rows = [["Pārskats (tūkst. EUR)", ""], ["Rādītājs", "2023"], [EXPENSE, "1,5"], ["Sociālā dienesta klienti", "12"]]
    plan = plan_of(tmp_path, rows, municipality="Bauskas novads")
    assert values(plan) == [1500.0, 12.0]


@pytest.mark.parametrize(
    ("title", "word"),
    [
        ("Izdevumi tūkst. latu un eiro", "tukst"),
        ("Izdevumi (tūkst.)", "tūkst."),
        ("Dati miljonos", "miljonos"),
        ("Izdevumi (tūkst. USD)", "tukst"),
    ],
)
def test_a_title_that_is_not_understood_is_asked_about(tmp_path: Path, title: str, word: str) -> None:
    rows = [[title, ""], *table("Sociālās aizsardzības izdevumi", "1000,5", "2000,5")]
    message = (
        f"column 'Sociālās aizsardzības izdevumi': the title above the table speaks of '{word}'.*file of --columns"
    )
    with pytest.raises(FiguresFileError, match=message):
        plan_of(tmp_path, rows)
    said = f'[columns]\n"Sociālās aizsardzības izdevumi" = {{ role = "{EXPENSE}", unit = "EUR" }}\n'
    (tmp_path / "c.toml").write_text(said, encoding="utf-8")
    assert values(plan_of(tmp_path, rows, declared=tmp_path / "c.toml")) == [1000.5, 2000.5]


def test_a_title_may_name_the_unit_of_the_measure_itself(tmp_path: Path) -> None:
    heading = "Siltumenerģija pašvaldības ēkās"
    rows = [
        ["Patēriņš (MWh) un platība pašvaldības ēkās", ""],
        ["MWh pēc skaitītājiem", ""],
        *table(heading, "10", "20"),
    ]
    assert values(plan_of(tmp_path, rows)) == [10.0, 20.0]
    rows[1] = ["kWh pēc skaitītājiem", ""]
    with pytest.raises(FiguresFileError, match="speaks of 'kwh'"):
        plan_of(tmp_path, rows)


def test_titles_that_contradict_each_other(tmp_path: Path) -> None:
    rows = [["Izdevumi (tūkst. EUR)", ""], ["Izdevumi (milj. EUR)", ""], *table(EXPENSE, "1", "2")]
    with pytest.raises(FiguresFileError, match=r"the titles give two units \(tūkst. EUR and milj. EUR\)"):
        plan_of(tmp_path, rows)


def test_a_unit_of_a_title_in_which_nothing_can_be(tmp_path: Path) -> None:
    rows = [["Klienti (tūkst. EUR)", ""], *table("Sociālā dienesta klienti", "1", "2")]
    with pytest.raises(FiguresFileError, match=r"the title above the table speaks of 'tūkst. EUR', in which none"):
        plan_of(tmp_path, rows)


# --- headings ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "heading", ["Izdevumi tūkst. EUR", "Izdevumi tūkst.EUR", "Izdevumi 1000 EUR", "Kopā (tūkst. EUR)"]
)
def test_a_unit_at_the_end_of_a_declared_heading(tmp_path: Path, heading: str) -> None:
    plan = plan_of(tmp_path, table(heading, "1000,5", "2000,5"), columns=(f"{heading}={EXPENSE}",))
    assert values(plan) == [1000500.0, 2000500.0]


def test_two_rows_of_headings_with_the_unit_below(tmp_path: Path) -> None:
    rows = [["Pašvaldība", "Sociālās aizsardzības izdevumi"], ["", "tūkst. EUR"], ["Bauskas novads", "1000,5"]]
    assert values(plan_of(tmp_path, rows)) == [1000500.0]


@pytest.mark.parametrize(
    ("heading", "word"),
    [
        ("Izdevumi (tūkst.) kopā, EUR", "tukst"),
        ("Izdevumi tūkst. kopā", "tukst"),
        ("Izdevumi milj. ASV dolāru", "milj"),
        ("Izdevumi Ls uz iedzīvotāju", "ls"),
        ("Izdevumi LVL kopā", "lvl"),
    ],
)
def test_a_heading_that_is_not_understood_is_asked_about(tmp_path: Path, heading: str, word: str) -> None:
    rows = table(heading, "1000,5", "2000,5")
    with pytest.raises(FiguresFileError, match=f"row 1, column .*this speaks of '{word}'.*file of --columns"):
        plan_of(tmp_path, rows, columns=(f"{heading}={EXPENSE}",))
    said = f'[columns]\n"{heading}" = {{ role = "{EXPENSE}", unit = "tūkst. EUR" }}\n'
    (tmp_path / "c.toml").write_text(said, encoding="utf-8")
    assert values(plan_of(tmp_path, rows, declared=tmp_path / "c.toml")) == [1000500.0, 2000500.0]


def test_names_in_rows_are_asked_about_too(tmp_path: Path) -> None:
    rows = [["Rādītājs", "2023"], ["Izdevumi tūkst. kopā", "1,5"]]
    with pytest.raises(FiguresFileError, match="row 2, column 'Rādītājs': this speaks of 'tukst'"):
        plan_of(tmp_path, rows, municipality="Rīga", columns=(f"Izdevumi tūkst. kopā={EXPENSE}",))
    said = f'[columns]\n"Izdevumi tūkst. kopā" = {{ role = "{EXPENSE}", unit = "%s" }}\n'
    (tmp_path / "c.toml").write_text(said % "tūkst. EUR", encoding="utf-8")
    assert values(plan_of(tmp_path, rows, municipality="Rīga", declared=tmp_path / "c.toml")) == [1500.0]
    (tmp_path / "c.toml").write_text(said % "parsecs", encoding="utf-8")
    with pytest.raises(FiguresFileError, match="the unit is 'parsecs'"):
        plan_of(tmp_path, rows, municipality="Rīga", declared=tmp_path / "c.toml")


# --- lats and joules ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("unit", ["tūkst. Ls", "tūkst. LVL", "tūkst. latu"])
def test_lats_become_euro(tmp_path: Path, unit: str) -> None:
    heading = f"Izdevumi ({unit})"
    plan = plan_of(tmp_path, table(heading, "702,804", "1405,608", ""), columns=(f"{heading}={EXPENSE}",), decimal=",")
    assert values(plan) == pytest.approx([1e6, 2e6], rel=1e-12)
    assert "Lats are turned into euro: 0.702804 lats are one euro." in plan.notes
    assert plan.columns[1].unit == f"EUR (from {unit}, × 1000, ÷ 0.702804)"


def test_gigajoules_become_megawatt_hours(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, table("Siltumenerģija pašvaldības ēkās, GJ", "360", "36"))
    assert values(plan) == [100.0, 10.0]
    assert plan.columns[1].unit == "MWh (from GJ, ÷ 3.6)"


# --- per cent ----------------------------------------------------------------------------------------------------------


def own_share(tmp_path: Path) -> Path:
    (tmp_path / "c.toml").write_text(
        '[columns]\n"Mans īpatsvars, %" = "own_share"\n[measures.own_share]\nname = { lv = "Mans", en = "Mine" }\nunit = "percent"\n'
        'kind = "ratio"\nweight = "registered_population"\n',
        encoding="utf-8",
    )
    return tmp_path / "c.toml"


SHARES = [["Pašvaldība", "Mans īpatsvars, %"], ["Bauskas novads", Percent(0.195)], ["Dobeles novads", Percent(0.21)]]


def test_per_cent_of_an_ods_is_what_a_person_sees(tmp_path: Path) -> None:
    options = ImportOptions(year=2023, territory="2025", declared=own_share(tmp_path))
    assert values(plan_import(write_ods(tmp_path / "a.ods", {"L": SHARES}), options)) == [19.5, 21.0]


def test_a_survey_in_per_cent_as_ods(tmp_path: Path) -> None:
    rows = [["Pašvaldība", "Gads", "Jautājums", "n", "Vidējais"], ["Bauskas novads", 2023, "q", 50, Percent(0.85)]]
    options = ImportOptions(kind="survey", scale="0-100", respondents="users")
    plan = plan_import(write_ods(tmp_path / "a.ods", {"L": rows}), options)
    assert ",50,85,,0,100,observed" in plan.files["surveys/own_a.csv"].decode()


def test_repeated_cells_of_an_ods(tmp_path: Path) -> None:
    cell = '<table:table-cell office:value-type="percentage" office:value="0.5" table:number-columns-repeated="2"/>'
    row = f'<table:table-row table:number-rows-repeated="2"><table:table-cell/>{cell}</table:table-row>'
    (sheet,) = read_sheets(write_ods(tmp_path / "a.ods", {"L": [["a", "b", "c"], ["x", 0.5, 1]]}, row))
    assert [row.cells for row in sheet.table.rows] == [
        ("a", "b", "c"),
        ("x", "0.5", "1"),
        ("", "50%", "50%"),
        ("", "50%", "50%"),
    ]


def test_repeated_rows_do_not_fill_the_memory(tmp_path: Path) -> None:
    cell = '<table:table-cell office:value-type="percentage" office:value="0.5" table:number-columns-repeated="100"/>'
    row = f'<table:table-row table:number-rows-repeated="100000">{cell}</table:table-row>'
    with pytest.raises(FiguresFileError, match="reaches to row 100001, column 100"):
        read_sheets(write_ods(tmp_path / "a.ods", {"L": [["a"]]}, row))


@pytest.fixture
def old(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let files be read as if they were .xls, which tells a share shown in per cent from a number nowhere."""

    def read(path: Path, sheet: str | None = None) -> tuple[Sheet, ...]:
        return tuple(replace(found, hides_percent=True) for found in read_sheets(path, sheet))

    monkeypatch.setattr(importing, "read_sheets", read)


def test_an_old_workbook_says_that_it_hides_per_cent() -> None:
    (sheet,) = read_sheets(Path(__file__).parent / "fixtures" / "percent.xls")  # written by xlwt 1.3.0, format 0.0%
    assert sheet.hides_percent
    assert [row.cells for row in sheet.table.rows][1] == ("Bauskas novads", "0.195")


@pytest.mark.usefixtures("old")
def test_per_cent_of_an_old_workbook_that_may_be_shares(tmp_path: Path) -> None:
    rows = [SHARES[0], ["Bauskas novads", 0.195], ["Dobeles novads", 0.21]]
    path = write_xlsx(tmp_path / "a.xlsx", rows)
    options = ImportOptions(year=2023, territory="2025", declared=own_share(tmp_path))
    with pytest.raises(FiguresFileError, match=r"column 'Mans īpatsvars, %': in an old .xls .* Save the file as .xlsx"):
        plan_import(path, options)
    path = write_xlsx(tmp_path / "a.xlsx", [*rows, ["Ogres novads", 1.5]])
    assert values(plan_import(path, options)) == [0.195, 0.21, 1.5]


@pytest.mark.usefixtures("old")
def test_shares_in_per_cent_of_an_old_workbook(tmp_path: Path) -> None:
    rows = [["Pašvaldība", "Bezdarba līmenis, %"], ["Bauskas novads", 0.08]]
    options = ImportOptions(year=2023, territory="2025")
    with pytest.raises(FiguresFileError, match=r"in an old \.xls"):
        plan_import(write_xlsx(tmp_path / "a.xlsx", rows), options)
    rows[1][1] = 8.1
    assert values(plan_import(write_xlsx(tmp_path / "a.xlsx", rows), options)) == [0.081]


@pytest.mark.usefixtures("old")
def test_a_survey_in_per_cent_as_old_workbook(tmp_path: Path) -> None:
    rows = [["Pašvaldība", "Gads", "Jautājums", "n", "Vidējais"], ["Bauskas novads", 2023, "q", 50, 0.85]]
    options = ImportOptions(kind="survey", scale="0-100", respondents="users")
    with pytest.raises(FiguresFileError, match=r"column 'Vidējais': in an old .xls"):
        plan_import(write_xlsx(tmp_path / "a.xlsx", rows), options)
    assert plan_import(write_xlsx(tmp_path / "a.xlsx", rows), replace(options, scale="0-1")).rows == 1
