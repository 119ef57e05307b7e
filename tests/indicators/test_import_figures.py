"""A file of figures becomes a source: layouts, units, what is refused and where, and what is stored."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from import_files import Rows, write_csv, write_ods, write_xlsx
from made_up import DataFolder

import benchlib as bl
from benchlib.errors import CatalogueError, FiguresFileError, NoFiguresError, OptionError, StoreError
from benchlib.indicators import Store, check_data, load_catalogue, load_registry
from benchlib.indicators import store as store_module
from benchlib.indicators.figures import read_figures
from benchlib.indicators.imports import ImportOptions, ImportPlan, plan_import, remove_import, store_import

EXPENSE = "social_protection_expenditure"
HEADER = ["Pašvaldība", "Gads", "Sociālās aizsardzības izdevumi"]
WIDE = [HEADER, ["Bauskas novads", 2023, 1000.5], ["Cēsu novads", 2023, 2000]]


def stored(plan: ImportPlan) -> pd.DataFrame:
    """What would be stored, as the strict reader of figures files reads it."""
    text = plan.files[f"figures/{plan.id}.csv"].decode()
    rows = [line.split(",") for line in text.splitlines()]
    return pd.DataFrame(rows[1:], columns=rows[0])


def values(plan: ImportPlan) -> dict[tuple[str, str, str], str]:
    return {(r.territory, r.year, r.measure): r.value for r in stored(plan).itertuples()}


def plan_of(tmp_path: Path, rows: Rows, **options: object) -> ImportPlan:
    return plan_import(write_xlsx(tmp_path / "dati.xlsx", rows), ImportOptions(**options))  # type: ignore[arg-type]


# --- layouts -----------------------------------------------------------------------------------------------------------


def test_the_same_table_in_four_formats_is_the_same_source(tmp_path: Path) -> None:
    text = [HEADER, ["Bauskas novads", "2023", "1 000,5"], ["Cēsu novads", "2023", "2 000"]]
    files = [
        write_xlsx(tmp_path / "dati.xlsx", WIDE),
        write_ods(tmp_path / "dati.ods", {"Lapa": WIDE}),
        write_csv(tmp_path / "dati.csv", text),
        write_csv(tmp_path / "dati2.csv", text, encoding="cp1257"),
    ]
    contents = {plan_import(file, ImportOptions(id="x")).files["figures/x.csv"] for file in files}
    assert contents == {
        b"territory,year,measure,value,status,symbol\n"
        b"0025000,2023,social_protection_expenditure,1000.5,observed,\n"
        b"0026000,2023,social_protection_expenditure,2000,observed,\n"
    }


def test_long_layout(tmp_path: Path) -> None:
    rows = [
        ["ATVK", "Gads", "Rādītājs", "Vērtība", "Mērvienība"],
        [25000, 2023, "Sociālās aizsardzības izdevumi", 1.5, "tūkst. EUR"],
        [25000, 2023, "social_service_clients", 12, "personas"],
        [25000, 2024, "Sociālās aizsardzības izdevumi, EUR", 7, ""],
    ]
    plan = plan_of(tmp_path, rows)
    assert values(plan) == {
        ("0025000", "2023", EXPENSE): "1500",
        ("0025000", "2023", "social_service_clients"): "12",
        ("0025000", "2024", EXPENSE): "7",
    }
    assert "1 codes" not in plan.notes[0]
    assert any("3 codes had lost their leading zeros" in note for note in plan.notes)


def test_the_unit_of_a_column_of_values_stands_in_its_heading(tmp_path: Path) -> None:
    header = ["Pašvaldība", "Gads", "Rādītājs", "Vērtība, tūkst. EUR"]
    plan = plan_of(tmp_path, [header, ["Bauskas novads", 2023, EXPENSE, 5]])
    assert values(plan) == {("0025000", "2023", EXPENSE): "5000"}
    assert plan.columns[3].unit == "tūkst. EUR"
    with pytest.raises(FiguresFileError, match=r"the unit is 'tūkst. EUR'; social_service_clients is in persons"):
        plan_of(tmp_path, [header, ["Bauskas novads", 2023, "social_service_clients", 5]])
    by_row = [[*header, "Mērvienība"], ["Bauskas novads", 2023, EXPENSE, 5, "EUR"]]
    assert values(plan_of(tmp_path, by_row)) == {("0025000", "2023", EXPENSE): "5"}, "that of the row is nearer"


def test_a_column_for_each_year(tmp_path: Path) -> None:
    rows = [["Pašvaldība", "2022", 2023], ["Bauskas novads", 1, 2]]
    expected = {("0025000", "2022", EXPENSE): "1", ("0025000", "2023", EXPENSE): "2"}
    assert values(plan_of(tmp_path, rows, measure=EXPENSE)) == expected
    with pytest.raises(FiguresFileError, match=r"row 1, column '2022': nothing tells of which measure"):
        plan_of(tmp_path, rows)
    with pytest.raises(FiguresFileError, match=r"--measure 'izdevumi' is no measure. Nearest:"):
        plan_of(tmp_path, rows, measure="izdevumi")


def test_measures_in_rows_and_years_in_columns_of_one_municipality(tmp_path: Path) -> None:
    rows = [
        ["Bauskas novada sociālais dienests"],
        ["Rādītājs", "2022. gads", "2023. gads"],
        ["Sociālās aizsardzības izdevumi, tūkst. EUR", 10, 20],
        ["Sociālā dienesta klienti", 5, "nav datu"],
    ]
    plan = plan_of(tmp_path, rows, municipality="Bauskas novads")
    assert values(plan) == {
        ("0025000", "2022", EXPENSE): "10000",
        ("0025000", "2023", EXPENSE): "20000",
        ("0025000", "2022", "social_service_clients"): "5",
        ("0025000", "2023", "social_service_clients"): "",
    }
    last = stored(plan).iloc[-1]
    assert (last["status"], last["symbol"]) == ("missing", "nav datu")


def test_measures_in_rows_are_named_or_left_out(tmp_path: Path) -> None:
    rows = [["Rādītājs", "2023"], ["Sociālie izdevumi", 5], ["Transportlīdzekļi", 4], ["Sociālā dienesta klienti", 6]]
    with pytest.raises(FiguresFileError, match=r"2 problems(.|\n)*'Sociālie izdevumi' is no measure.*=ignore"):
        plan_of(tmp_path, rows, municipality="Rīga")
    columns = (f"Sociālie izdevumi={EXPENSE}", "Transportlīdzekļi=ignore")
    plan = plan_of(tmp_path, rows, municipality="Rīga", columns=columns)
    assert list(values(plan).values()) == ["5", "6"]
    assert "Rows of 'Transportlīdzekļi' are left out, as you said." in plan.notes


def test_two_rows_of_headings(tmp_path: Path) -> None:
    rows = [
        ["Pašvaldība", "Sociālās aizsardzības izdevumi, tūkst. EUR", None, "Sociālā dienesta klienti", None],
        [None, 2022, 2023, 2022, 2023],
        ["Bauskas novads", 1.5, 2, 3, 4],
    ]
    plan = plan_of(tmp_path, rows)
    assert values(plan) == {
        ("0025000", "2022", EXPENSE): "1500",
        ("0025000", "2023", EXPENSE): "2000",
        ("0025000", "2022", "social_service_clients"): "3",
        ("0025000", "2023", "social_service_clients"): "4",
    }


def test_the_year_is_found_or_told(tmp_path: Path) -> None:
    rows = [["Pašvaldība", EXPENSE], ["Bauskas novads", 1]]
    with pytest.raises(FiguresFileError, match=r"nothing tells the year. Say it, for example: --year 2023"):
        plan_of(tmp_path, rows)
    assert set(stored(plan_of(tmp_path, rows, year=2024))["year"]) == {"2024"}
    titled = plan_of(tmp_path, [["Izdevumi 2022. gadā"], *rows])
    assert set(stored(titled)["year"]) == {"2022"}
    assert "The year 2022 is taken from the title above the table." in titled.notes
    named = plan_import(write_xlsx(tmp_path / "dati_2021.xlsx", rows))
    assert set(stored(named)["year"]) == {"2021"}


def test_columns_are_declared(tmp_path: Path) -> None:
    rows = [["Kas", "Kad", "A", "B"], ["Bauskas novads", "2023. gads", 1, 2]]
    columns = ("Kas=municipality", "Kad=year", f"A={EXPENSE}", "D=ignore")
    plan = plan_of(tmp_path, rows, columns=columns)
    assert values(plan) == {("0025000", "2023", EXPENSE): "1"}
    assert [column.role for column in plan.columns] == ["municipality", "year", EXPENSE, "left out"]
    with pytest.raises(OptionError, match=r"column 'C x' stands above no column. Headings .*'Kas', 'Kad', 'A', 'B'"):
        plan_of(tmp_path, rows, columns=("C x=ignore",))
    with pytest.raises(OptionError, match=r"'nothing' is not a role .*, nor a measure. "):
        plan_of(tmp_path, rows, columns=("A=nothing",))


def test_new_measures_are_declared_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "c.toml").write_text(
        'publisher = { lv = "Bauskas novads", en = "Bauska municipality" }\ntable = "Aprūpe"\nlicence = "CC BY 4.0"\n'
        'caveats = "Bez privātās aprūpes."\n[columns]\n"Stundas" = { role = "own_care_hours", unit = "hours" }\n'
        '[measures.own_care_hours]\nname = { lv = "Aprūpes stundas", en = "Hours of care" }\nunit = "hours"\nkind = "ratio"\n'
        'weight = "own_clients"\n[measures.own_clients]\nname = { lv = "Klienti", en = "Clients" }\nunit = "persons"\nkind = "additive"\n'
        '[measures.own_unused]\nname = { lv = "N", en = "N" }\nunit = "km"\nkind = "additive"\n',
        encoding="utf-8",
    )
    rows = [["Pašvaldība", "Gads", "Stundas"], ["Bauskas novads", 2023, 12.5]]
    plan = plan_of(tmp_path, rows, declared=tmp_path / "c.toml")
    assert list(plan.addition["measures"]) == ["own_care_hours", "own_clients"]
    assert plan.addition["measures"]["own_care_hours"]["weight"] == "own_clients"
    (entry,) = plan.addition["sources"]
    assert (entry["table"]["en"], entry["licence"], entry["caveats"]["lv"]) == (
        "Aprūpe",
        "CC BY 4.0",
        "Bez privātās aprūpes.",
    )
    assert any("No indicator is made of own_care_hours yet" in note for note in plan.notes)
    text = (tmp_path / "c.toml").read_text(encoding="utf-8").replace("own_clients", "pupils_grades_1_9")
    (tmp_path / "c.toml").write_text(text, encoding="utf-8")
    with pytest.raises(CatalogueError, match=r"measures.pupils_grades_1_9: benchlib knows another measure of this id"):
        plan_of(tmp_path, rows, declared=tmp_path / "c.toml")


def test_columns_that_are_left_out_are_told(tmp_path: Path) -> None:
    rows = [[*HEADER, "Klientu skaits kopā", "Piezīmes", "Vārds"], ["Bauskas novads", 2023, 1, 12, "x", "y"]]
    plan = plan_of(tmp_path, rows)
    assert [column.role for column in plan.columns][3:] == ["left out", "left out", "left out"]
    (note,) = (note for note in plan.notes if "left out" in note)
    assert note.startswith("Column 'Klientu skaits kopā' holds numbers and is left out")
    assert '--column "Klientu skaits kopā=MEASURE"' in note


def test_several_sheets_with_tables_are_asked_about(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", {"Lasi mani": [["Teksts"]], "2022": WIDE, "2023": WIDE})
    with pytest.raises(OptionError, match=r"several sheets hold a table \('2022', '2023'\). Say which: --sheet NAME"):
        plan_import(path)
    assert plan_import(path, ImportOptions(sheet="2023")).where == "a.xlsx, sheet '2023'"
    with pytest.raises(FiguresFileError, match="no column of municipalities is recognised; in row 1 stand 'Teksts'"):
        plan_import(path, ImportOptions(sheet="Lasi mani"))


# --- units and what is refused -----------------------------------------------------------------------------------------


def test_units_are_turned_and_shown(tmp_path: Path) -> None:
    rows = [["Pašvaldība", "Gads", "Siltumenerģija pašvaldības ēkās, kWh"], ["Bauskas novads", 2023, 1234567]]
    plan = plan_of(tmp_path, rows)
    assert values(plan) == {("0025000", "2023", "municipal_buildings_heat"): "1234.567"}
    assert plan.columns[2].unit == "MWh (from kWh, ÷ 1000)"


def test_a_declared_unit_of_another_kind_is_refused(tmp_path: Path) -> None:
    (tmp_path / "c.toml").write_text(f'[columns]\nA = {{ role = "{EXPENSE}", unit = "km" }}\n', encoding="utf-8")
    rows = [["Pašvaldība", "Gads", "A"], ["Bauskas novads", 2023, 1], ["Cēsu novads", 2023, 1]]
    with pytest.raises(FiguresFileError, match=f"row 2, column 'A': the unit is 'km'; {EXPENSE} is in EUR") as caught:
        plan_of(tmp_path, rows, declared=tmp_path / "c.toml")
    assert len(str(caught.value).splitlines()) == 1, "once a column, not once a row"


@pytest.mark.parametrize(
    ("measure", "given", "message"),
    [
        ("unemployment_rate", [8.1, 12.5], "is in share, and these figures look like percent"),
        ("exam_grade9_latvian", [0.61, 0.72], "is in percent, and these figures look like share"),
    ],
)
def test_shares_and_percentages_are_not_mixed_up(
    tmp_path: Path, measure: str, given: list[float], message: str
) -> None:
    names = ("Bauskas novads", "Cēsu novads")
    rows = [["Pašvaldība", "Gads", measure], *([name, 2023, value] for name, value in zip(names, given, strict=True))]
    with pytest.raises(FiguresFileError, match=f"row 2, column '{measure}': {measure} {message}"):
        plan_of(tmp_path, rows)
    other, factor = ("percent", 0.01) if measure == "unemployment_rate" else ("share", 100.0)
    (tmp_path / "c.toml").write_text(
        f'[columns]\n{measure} = {{ role = "{measure}", unit = "{other}" }}\n', encoding="utf-8"
    )
    plan = plan_of(tmp_path, rows, declared=tmp_path / "c.toml")
    assert [float(value) for value in values(plan).values()] == pytest.approx([value * factor for value in given])


def test_percentages_of_a_spreadsheet_are_understood(tmp_path: Path) -> None:
    path = write_xlsx(
        tmp_path / "a.xlsx",
        [
            ["Pašvaldība", "Gads", "Bezdarba līmenis", "exam_grade9_latvian", EXPENSE],
            ["Bauskas novads", 2023, 0.081, 0.61, 1],
        ],
        {"C2": "0.0%", "D2": "0%"},
    )
    assert list(values(plan_import(path)).values()) == ["61", "1", "0.081"]
    path = write_xlsx(tmp_path / "b.xlsx", [HEADER, ["Bauskas novads", 2023, 0.081]], {"C2": "0.0%"})
    with pytest.raises(FiguresFileError, match=r"'8.1%' is a percentage; a number without % is expected"):
        plan_import(path)


def test_everything_wrong_is_named_at_once(tmp_path: Path) -> None:
    rows = [
        HEADER,
        ["Bauskas novads", 2023, "daudz"],
        ["Bauska novds", 2023, 1],
        ["Cēsu novads", "2022/2023", 1],
        ["Bauskas novads", 2023, 2],
    ]
    with pytest.raises(FiguresFileError) as caught:
        plan_of(tmp_path, rows)
    lines = str(caught.value).splitlines()
    assert lines[0] == "dati.xlsx, sheet 'Dati': 4 problems. Nothing of the file was imported."
    for line, words in zip(
        lines[1:],
        (
            "row 2, column 'Sociālās aizsardzības izdevumi': 'daudz' is not a number",
            "row 3, column 'Pašvaldība': No municipality of the classification 2025 is called 'Bauska novds'. Nearest: Bauskas novads, ",
            "row 4, column 'Gads': '2022/2023' is not a year",
            "row 5, column 'Sociālās aizsardzības izdevumi': social_protection_expenditure of this municipality for 2023 stands in row 2",
        ),
        strict=True,
    ):
        assert words in line


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (
            [["Pašvaldība", "Gads", "Klienti"], ["Rīga", 2023, 1]],
            "no column of figures is recognised. Column 'Klienti' holds numbers .* Nearest:",
        ),
        (
            [["Pašvaldība", "Gads", "Rādītājs", "Vērtība"], ["Rīga", 2023, "x", 1], ["Rīga", 2022, "x", 1]],
            "row 2, .*'x' is no measure",
        ),
        ([HEADER, ["Rīga", 2023, ""], ["Kopā", 2023, 5]], "there is not one figure"),
        ([[*HEADER, HEADER[2]], ["Rīga", 2023, 1, 2]], f"is taken for {EXPENSE} too"),
        (
            [["Pašvaldība", "Gads", "Sociālā dienesta klienti"], ["Rīga", 2023, -5]],
            "there cannot be less than 0 persons",
        ),
        ([HEADER, ["Rīga", "", 1]], "row 2: the row has no year"),
        ([["Vārds", "Cits"], ["a", "b"]], "no column of municipalities is recognised"),
        ([["Vārds", "Gads", "Sīkdati"], ["a", 2023, 1]], "row 1: no column names the municipality"),
    ],
)
def test_refused(tmp_path: Path, rows: Rows, message: str) -> None:
    columns = (f"Sīkdati={EXPENSE}",) if "Sīkdati" in rows[0] else ()
    with pytest.raises(FiguresFileError, match=message):
        plan_of(tmp_path, rows, columns=columns)


@pytest.mark.parametrize("heading", ["Nosaukums/Pašvaldība", "Kas tas ir", ""])
def test_names_beside_codes_are_held_against_them_whatever_stands_above(tmp_path: Path, heading: str) -> None:
    rows = [
        ["ATVK", heading, "Gads", EXPENSE],
        ["0028000", "Ogres novads", 2023, 5],
        ["0025000", "Bauskas novads", 2023, 6],
        ["0026000", "Cēsu novads", 2023, 7],
    ]
    with pytest.raises(FiguresFileError, match="'0028000' is Dobeles novads, 'Ogres novads' is Ogres novads"):
        plan_of(tmp_path, rows)
    rows[1][1] = "Dobele"
    assert [column.role for column in plan_of(tmp_path, rows).columns][:2] == ["code", "municipality"]


def test_other_places_beside_codes_are_left_out(tmp_path: Path) -> None:
    rows = [
        ["ATVK", "Sadarbojas ar", "Gads", EXPENSE],
        ["0028000", "Ogres novads", 2023, 5],
        ["0025000", "Cēsu novads", 2023, 6],
        ["0026000", "Cēsu novads", 2023, 7],
    ]
    plan = plan_of(tmp_path, rows)
    assert [column.role for column in plan.columns][:2] == ["code", "left out"]
    told = plan_of(tmp_path, [[*rows[0][:1], "Nosaukums", *rows[0][2:]], rows[3]], columns=("Nosaukums=ignore",))
    assert [column.role for column in told.columns][:2] == ["code", "left out"]


def test_municipality_twice_said(tmp_path: Path) -> None:
    with pytest.raises(FiguresFileError, match="column 'Pašvaldība': --municipality 'Rīga', but this column says it"):
        plan_of(tmp_path, WIDE, municipality="Rīga")


def test_an_indicator_is_no_measure(tmp_path: Path) -> None:
    rows = [["Pašvaldība", "Gads", "Sociālās aizsardzības izdevumi uz vienu iedzīvotāju"], ["Rīga", 2023, 1]]
    with pytest.raises(
        FiguresFileError, match="computes from social_protection_expenditure and population_annual_average"
    ):
        plan_of(tmp_path, rows)


def test_figures_on_the_other_side_of_the_reform_are_refused(tmp_path: Path) -> None:
    # Harmonising takes the figures of the latest borders for a measure and year: one row would push 119 aside.
    rows = [["Pašvaldība", "Gads", "registered_population"], ["Bauskas novads", 2014, 1]]
    with pytest.raises(
        FiguresFileError,
        match="pmlp_register has registered_population for 2014 in the borders of 2009; yours, of 2025, would push",
    ):
        plan_of(tmp_path, rows, territory="2025")
    assert values(plan_of(tmp_path, rows, territory="2009")) == {("0400200", "2014", "registered_population"): "1"}


def test_years_that_a_source_has_for_other_measures_only_are_no_reason(data: DataFolder, tmp_path: Path) -> None:
    data.measure("cost").measure("people")
    data.source("old", [("0400200", 2013, "people", 5), ("0400200", 2014, "cost", 5), ("0406400", 2015, "cost", None)])

    def plan(year: int, territory: str) -> ImportPlan:
        path = write_xlsx(tmp_path / "a.xlsx", [["Pašvaldība", "cost"], ["Bauskas novads", 1]])
        return plan_import(path, ImportOptions(year=year, territory=territory), data=data.path)  # type: ignore[arg-type]

    assert not any("old has figures" in note for note in plan(2013, "2025").notes)
    with pytest.raises(FiguresFileError, match="old has cost for 2014 in the borders of 2009"):
        plan(2014, "2025")
    assert plan(2015, "2025").rows == 1, "there is no figure that could be pushed aside"
    assert any("old has figures of cost for 2014 too" in note for note in plan(2014, "2009").notes)
    assert not any("old has figures" in note for note in plan(2013, "2009").notes)


def test_later_borders_without_a_figure_still_push_aside(data: DataFolder, tmp_path: Path) -> None:
    # Harmonising looks for the latest borders in which a measure and year stands at all.
    data.measure("cost").source("new", [("0025000", 2014, "cost", None)], territory="2025")
    path = write_xlsx(tmp_path / "a.xlsx", [["Pašvaldība", "cost"], ["Bauskas novads", 1]])
    with pytest.raises(
        FiguresFileError, match="new has cost for 2014 in the borders of 2025; yours, of 2009, would not be"
    ):
        plan_import(path, ImportOptions(year=2014, territory="2009"), data=data.path)


def test_other_sources_of_the_same_figures_are_told(tmp_path: Path) -> None:
    rows = [["Pašvaldība", "Gads", "registered_population"], ["Rīga", 2014, 700000]]
    notes = plan_of(tmp_path, rows, vintage="2015-01-01").notes
    assert any(
        "pmlp_register has figures of registered_population for 2014 too" in n and "the other one (" in n for n in notes
    )
    today = date.today().isoformat()
    notes = plan_of(tmp_path, rows, vintage=today).notes
    assert any(f"the later vintage counts: yours ({today})" in n for n in notes)


# --- what is stored ----------------------------------------------------------------------------------------------------


def test_imported_figures_are_found_by_members_alone(own: Path, tmp_path: Path) -> None:
    indicator = f"{EXPENSE}_per_inhabitant"
    assert load_catalogue().is_awaited(indicator)
    assert store_import(plan_of(tmp_path, WIDE)) == own
    table = bl.load_indicators(indicator, years=2023, municipalities=["Bauskas novads", "Rīga"], access="members")
    people = bl.load_indicators("population_annual_average", years=2023, municipalities="Bauskas novads")["value"].iloc[
        0
    ]
    assert table["value"].dropna().tolist() == [1000.5 / people]
    assert table["access"].tolist() == ["members", "members"]
    assert table["status"].tolist() == ["missing", "observed"]
    with pytest.raises(NoFiguresError, match="There are no public figures"):
        bl.load_indicators(indicator, years=2023)
    assert indicator not in set(bl.load_indicators("all", years="all")["indicator"])
    assert check_data() == []
    remove_import("own_dati")
    assert load_catalogue().is_awaited(indicator)
    assert [path.name for path in own.iterdir()] == [".lock"]


def test_public_only_if_said_so(own: Path, tmp_path: Path) -> None:
    store_import(plan_of(tmp_path, WIDE, access="public"))
    table = bl.load_indicators(f"{EXPENSE}_per_inhabitant", years=2023, municipalities="Bauskas novads")
    assert table["access"].tolist() == ["public"]


def test_what_stands_in_the_registry(own: Path, tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "Izdevumi 2023.xlsx", {"Kopsavilkums": WIDE})
    os.utime(path, (1.7e9, 1.7e9))
    store_import(plan_import(path))
    (source,) = (source for source in load_registry().sources if source.is_own)
    assert (source.id, source.file, source.rows) == ("own_izdevumi_2023", "figures/own_izdevumi_2023.csv", 2)
    assert (source.years, source.measures, source.territory, source.access) == ((2023,), (EXPENSE,), "2025", "members")
    assert (source.vintage[:7], source.vintage_basis) == ("2023-11", "file date")
    assert source.table["lv"] == "Izdevumi 2023.xlsx, Kopsavilkums"
    assert len(read_figures(source, load_registry().folder)) == 2
    told = plan_import(path, ImportOptions(id="b", vintage="2024-02-01", publisher="P", table="T"))
    (entry,) = told.addition["sources"]
    assert (entry["vintage"], entry["publisher"]["en"], entry["table"]["lv"]) == ("2024-02-01", "P", "T")
    with pytest.raises(OptionError, match=r"vintage='1.2.2024' is not a date"):
        plan_import(path, ImportOptions(id="b", vintage="1.2.2024"))


@pytest.mark.parametrize("written", ["20240115", "2024-W03-1"])
def test_a_vintage_is_stored_in_one_spelling(own: Path, tmp_path: Path, written: str) -> None:
    plan = plan_of(tmp_path, WIDE, vintage=written)
    assert plan.vintage == plan.addition["sources"][0]["vintage"] == "2024-01-15"
    store_import(plan)
    assert bl.load_indicators("education_expenditure_per_pupil", years=2013)["value"].notna().any()


def test_what_the_store_would_refuse_is_not_stored(own: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = plan_of(tmp_path, WIDE)
    monkeypatch.setattr(store_module, "_SCHEMA", store_module._SCHEMA.replace("isfinite(value)", "value > 1500"))
    with pytest.raises(StoreError, match="own_dati"):
        store_import(plan)
    assert [path.name for path in own.iterdir()] == [".lock"]


def test_an_id_is_used_once(own: Path, tmp_path: Path) -> None:
    plan = plan_of(tmp_path, WIDE)
    store_import(plan)
    for again in (lambda: plan_of(tmp_path, WIDE), lambda: store_import(plan)):
        with pytest.raises(OptionError, match=r"There is a 'own_dati' already \(registry.toml\).*--id own_dati_2"):
            again()
    with pytest.raises(OptionError, match="There is a 'raim' already"):
        plan_of(tmp_path, WIDE, id="raim")


def test_what_stood_in_the_registry_stays(own: Path, tmp_path: Path) -> None:
    own.mkdir(parents=True)
    kept = "# a remark\n[measures.own_x]\nname = { lv = 'X', en = 'X' }\nunit = 'km'\nkind = 'additive'"
    (own / "registry.toml").write_text(kept, encoding="utf-8")
    for name in ("a", "b", "c"):
        store_import(plan_of(tmp_path, WIDE, id=name))
    assert (own / "registry.toml").read_text(encoding="utf-8").startswith(f'{kept}\n\n[[sources]]\nid = "a"\n')
    remove_import("b")
    assert (own / "registry.toml").read_text(encoding="utf-8").startswith(f'{kept}\n\n[[sources]]\nid = "a"\n')
    assert [source.id for source in load_registry().sources if source.is_own] == ["a", "c"]
    assert sorted(path.name for path in (own / "figures").iterdir()) == ["a.csv", "c.csv"]


def test_an_entry_that_cannot_be_cut_out_of_the_text(own: Path, tmp_path: Path) -> None:
    for name in ("a", "b"):
        store_import(plan_of(tmp_path, WIDE, id=name))
    text = (own / "registry.toml").read_text(encoding="utf-8")
    first = text.index('lv = "', text.index("[sources.caveats]"))
    tricky = f"{text[:first]}lv = '''x\n[[sources]]\nid = 'c'\n''' #{text[first:]}"
    (own / "registry.toml").write_text(tricky, encoding="utf-8")
    remove_import("a")
    assert [source.id for source in load_registry().sources if source.is_own] == ["b"]


def test_no_file_outside_is_removed(own: Path, tmp_path: Path) -> None:
    store_import(plan_of(tmp_path, WIDE))
    other = own.parent / "other.txt"
    other.write_text("somebody's", encoding="utf-8")
    text = (own / "registry.toml").read_text(encoding="utf-8")
    (own / "registry.toml").write_text(text.replace("figures/own_dati.csv", "../other.txt"), encoding="utf-8")
    remove_import("own_dati")
    assert other.exists()
    assert not (own / "registry.toml").exists()


def test_nothing_else_can_be_removed(own: Path) -> None:
    with pytest.raises(OptionError, match="'raim': it belongs to benchlib's own data"):
        remove_import("raim")
    with pytest.raises(OptionError, match="'nothing': nothing that you imported has this id"):
        remove_import("nothing")


def declare_x(tmp_path: Path, kind: str) -> Path:
    measure = f'[measures.own_x]\nname = {{ lv = "X", en = "X" }}\nunit = "km"\nkind = "{kind}"\n'
    (tmp_path / "c.toml").write_text(f'[columns]\nA = "own_x"\n{measure}', encoding="utf-8")
    return tmp_path / "c.toml"


def test_new_measures_are_stored_once(own: Path, tmp_path: Path) -> None:
    rows = [["Pašvaldība", "Gads", "A"], ["Bauskas novads", 2023, 1]]
    for name in ("a", "b"):
        store_import(plan_of(tmp_path, rows, id=name, declared=declare_x(tmp_path, "additive")))
    assert (own / "registry.toml").read_text(encoding="utf-8").count("[measures.own_x]") == 1
    assert load_registry().measures["own_x"].unit == "km"
    assert check_data() == []


def test_a_ratio_without_weight_does_not_pass_the_check(own: Path, tmp_path: Path) -> None:
    rows = [["Pašvaldība", "Gads", "A"], ["Rīga", 2023, 1]]
    plan = plan_of(tmp_path, rows, declared=declare_x(tmp_path, "ratio"))
    with pytest.raises(CatalogueError, match="a ratio needs the additive measure that weights it") as caught:
        store_import(plan)
    assert ".importing" not in str(caught.value), "the reader does not know the copy"
    assert [path.name for path in own.iterdir()] == [".lock"]


def test_another_data_folder(data: DataFolder, tmp_path: Path) -> None:
    data.measure("cost").passport("cost", measure="cost")
    path = write_xlsx(tmp_path / "a.xlsx", [["Pašvaldība", "Gads", "cost"], ["Rīga", 2023, 1]])
    store_import(plan_import(path, data=data.path), data.path)
    store = Store(data.path, tmp_path / "cache")
    assert store.figures(["cost"], access="members")["value"].tolist() == [1.0]
    assert store.figures(["cost"]).empty
    assert (data.path / "own" / "figures" / "own_a.csv").exists()


def test_a_store_made_before_an_import_is_another_one(own: Path, tmp_path: Path) -> None:
    before = Store(cache=tmp_path / "cache")
    store_import(plan_of(tmp_path, WIDE))
    after = Store(cache=tmp_path / "cache")
    assert before.identity != after.identity, "results of the one must never be taken for those of the other"
    assert before.figures([EXPENSE], access="members").empty
    assert len(after.figures([EXPENSE], access="members")) == 2


def test_hostile_texts_stay_texts(own: Path, tmp_path: Path) -> None:
    name = 'x"]\n[[sources]]\n\x1b[31m<script>'
    store_import(plan_of(tmp_path, WIDE, table=name, publisher="{{ 7 }} '''"))
    (source,) = (source for source in load_registry().sources if source.is_own)
    assert (source.table["lv"], source.publisher["lv"]) == (name, "{{ 7 }} '''")
    turned = [HEADER, ["Bauskas\u202e novads", 2023, 1]]
    assert values(plan_of(tmp_path, turned, id="b")) == {("0025000", "2023", EXPENSE): "1"}
