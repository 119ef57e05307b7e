"""A building register comes in: sheets by name, headings in Latvian, what is wrong is named by the heading of the file."""

from __future__ import annotations

from pathlib import Path

import pytest
from import_files import Rows, write_csv, write_ods, write_xlsx

from benchlib.errors import AccessError, FiguresFileError, OptionError
from benchlib.indicators import check_data, load_register, registers
from benchlib.indicators.imports import ImportOptions, ImportPlan, plan_import, remove_import, store_import

HEADER = [
    "Ēka",
    "Nosaukums",
    "Veids",
    "Apkurināmā platība, m²",
    "Siltumavots",
    "Gads",
    "Siltumenerģija, MWh",
    "Elektroenerģija, MWh",
]
HALL = ["k1", "Izdomātais tautas nams", "kultūras nams", 850, "centralizēta", 2023, 102.5, 14]
SCHOOL = ["s1", "Izdomātā skola", "skola", 2400.5, "šķelda", 2023, 260, ""]
MEASURES = [["Ēka", "Pasākums", "Gads", "Izmaksas", "Statuss"], ["s1", "jumta siltināšana", 2022, 40000, "īstenots"]]


def plan_of(tmp_path: Path, sheets: dict[str, Rows], **options: object) -> ImportPlan:
    given = {"kind": "buildings", "municipality": "Bauskas novads", "id": "ekas"} | options
    return plan_import(write_xlsx(tmp_path / "ekas.xlsx", sheets), ImportOptions(**given))  # type: ignore[arg-type]


def test_a_register_is_found_again(own: Path, tmp_path: Path) -> None:
    sheets = {"Par failu": [["Izdomāti dati"]], "Ēkas": [["Ēku saraksts"], HEADER, HALL, SCHOOL], "Pasākumi": MEASURES}
    plan = plan_of(tmp_path, sheets)
    assert [column.role for column in plan.columns][:4] == ["building", "name", "type", "area_m2"]
    assert plan.summary.to_numpy().tolist() == [[2022, 0, 0, 0, 0.0, 1], [2023, 2, 2, 1, 3250.5, 0]]
    assert list(plan.summary) == ["year", "buildings", "with heat", "with electricity", "heated area, m2", "measures"]
    store_import(plan)
    with pytest.raises(AccessError):
        load_register("ekas")
    register = load_register("ekas", access="members")
    assert register.names == {"k1": "Izdomātais tautas nams", "s1": "Izdomātā skola"}
    assert register.buildings["area_m2"].tolist() == [850.0, 2400.5]
    assert register.buildings["electricity_mwh"].isna().tolist() == [False, True]
    assert register.measures[["building", "kind", "cost_eur"]].to_numpy().tolist() == [["s1", "roof", 40000.0]]
    assert (register.about.municipality["en"], register.about.is_invented, register.about.is_own) == (
        "Bauska municipality",
        False,
        True,
    )
    assert check_data() == []
    (own / "buildings" / "ekas.csv").write_text("x", encoding="utf-8")
    assert any("ekas.csv" in problem for problem in check_data())
    remove_import("ekas")
    assert [path.name for path in own.iterdir()] == [".lock"]
    assert "ekas" not in {entry.id for entry in registers(access="members")}


def test_the_same_register_in_other_formats(tmp_path: Path) -> None:
    text = [HEADER, [*HALL[:6], "102,5", "14"], [*SCHOOL[:3], "2 400,5", *SCHOOL[4:]]]
    options = ImportOptions(kind="buildings", municipality="Bauskas novads", id="ekas")
    contents = {
        plan_import(path, options).files["buildings/ekas.csv"]
        for path in (
            write_xlsx(tmp_path / "a.xlsx", {"Ēkas": [HEADER, HALL, SCHOOL]}),
            write_ods(tmp_path / "a.ods", {"Ēkas": [HEADER, HALL, SCHOOL]}),
            write_csv(tmp_path / "a.csv", text, encoding="cp1257"),
        )
    }
    assert len(contents) == 1


def test_what_is_wrong_is_named_by_sheet_row_and_heading(tmp_path: Path) -> None:
    with pytest.raises(FiguresFileError, match=r"ekas.xlsx, sheet 'Ēkas', row 3, column 'Apkurināmā platība, m²'"):
        plan_of(tmp_path, {"Ēkas": [["Ēku saraksts"], HEADER, [*HALL[:3], -5, *HALL[4:]]]})
    with pytest.raises(FiguresFileError, match=r"sheet 'Pasākumi', row 2, column 'Ēka': 's1' is not a building"):
        plan_of(tmp_path, {"Ēkas": [HEADER, HALL], "Pasākumi": MEASURES})
    with pytest.raises(FiguresFileError, match=r"no row of headings is recognised. Columns of a register: building"):
        plan_of(tmp_path, {"Ēkas": [["a", "b"], ["c", "d"]]})


def test_whose_buildings_these_are(tmp_path: Path) -> None:
    with pytest.raises(OptionError, match=r"Whose buildings are these\? No row names it. Say it: --municipality NAME"):
        plan_of(tmp_path, {"Ēkas": [HEADER, HALL]}, municipality=None)
    named = [[*HEADER, "Pašvaldība"], [*HALL, "Bauskas novads"], [*SCHOOL, "bauska"]]
    plan = plan_of(tmp_path, {"Ēkas": named}, municipality=None)
    assert plan.addition["registers"][0]["municipality"] == {"lv": "Bauskas novads", "en": "Bauska municipality"}
    former = plan_of(tmp_path, {"Ēkas": [HEADER, HALL]}, municipality="Vecumnieku novads")
    assert (former.names, former.territory) == (("Vecumnieku novads",), "2009")


def test_columns_are_declared(tmp_path: Path) -> None:
    header = ["Objekts", *HEADER[1:]]
    with pytest.raises(FiguresFileError, match="there is no column 'building'"):
        plan_of(tmp_path, {"Ēkas": [header, HALL]})
    assert plan_of(tmp_path, {"Ēkas": [header, HALL]}, columns=("Objekts=building",)).rows == 1


def test_ids_have_hyphens(own: Path, tmp_path: Path) -> None:
    plan = plan_of(tmp_path, {"Ēkas": [HEADER, HALL]}, id=None)
    assert plan.id == "own-ekas"
    store_import(plan)
    with pytest.raises(OptionError, match=r"There is a 'own-ekas' already .*--id own-ekas-2, for example"):
        plan_of(tmp_path, {"Ēkas": [HEADER, HALL]}, id=None)
    store_import(plan_of(tmp_path, {"Ēkas": [HEADER, HALL]}, id="own-ekas-2"))
    with pytest.raises(OptionError, match=r"--id own-ekas-3, for example"):
        plan_of(tmp_path, {"Ēkas": [HEADER, HALL]}, id=None)


@pytest.mark.parametrize("id", ["own_ekas", "a--b", "a-"])
def test_an_id_that_no_register_may_have_is_refused_at_once(tmp_path: Path, id: str) -> None:
    with pytest.raises(
        OptionError, match=f"id='{id}': that of a register has small letters a-z, digits and single hyphens"
    ):
        plan_of(tmp_path, {"Ēkas": [HEADER, HALL]}, id=id)


def test_the_id_of_a_file_with_a_long_name(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / f"{'ēka ' * 30}.xlsx", {"Ēkas": [HEADER, HALL]})
    id = plan_import(path, ImportOptions(kind="buildings", municipality="Bauskas novads")).id
    assert len(id) <= 60
    assert id.endswith("-eka")


def test_measures_without_a_year_and_buildings_without_figures_are_counted(own: Path, tmp_path: Path) -> None:
    planned = [*MEASURES, ["s1", "logi", "", 9000, "plānots"], ["k1", "logi", 2040, 9000, "plānots"]]
    empty = ["m1", "Izdomāts muzejs", "muzejs", 100, "malka", "", "", ""]
    plan = plan_of(tmp_path, {"Ēkas": [HEADER, HALL, SCHOOL, empty], "Pasākumi": planned})
    assert plan.summary["measures"].tolist() == [1, 0, 1, 1], "2022, 2023, 2040, and without a year"
    assert plan.summary["buildings"].tolist() == [0, 2, 0, 1]
    assert plan.summary["measures"].sum() == 3
    only = plan_of(tmp_path, {"Ēkas": [HEADER, HALL, empty]})
    assert only.summary["measures"].tolist() == [0, 0]


def test_all_that_is_wrong_in_both_sheets_is_told_at_once(tmp_path: Path) -> None:
    rows = [HEADER, [*HALL[:3], -5, *HALL[4:6], "daudz", 14], ["m1", "Muzejs", "baznīca", *HALL[3:]]]
    done = [MEASURES[0], ["e9", "logi", 2022, 1, "īstenots"], ["k1", "logi", 2022, 1, "varbūt"]]
    with pytest.raises(FiguresFileError) as error:
        plan_of(tmp_path, {"Ēkas": rows, "Pasākumi": done})
    first, second = str(error.value).split("ekas.xlsx, sheet 'Pasākumi'")
    assert first.startswith("ekas.xlsx, sheet 'Ēkas': 3 problems. Nothing of the file was imported.")
    assert "row 2, column 'Apkurināmā platība, m²': -5 cannot be" in first
    assert "row 2, column 'Siltumenerģija, MWh': 'daudz' is not a number" in first
    assert "row 3, column 'Veids': 'baznīca' is not known" in first
    assert "2 problems" in second
    assert "row 2, column 'Ēka': 'e9' is not a building of the register" in second
    assert "row 3, column 'Statuss': 'varbūt' is not known" in second
    assert "'k1' is not a building" not in second, "it stands there, whatever is wrong with its row"


def test_all_wrong_units_are_told_at_once(tmp_path: Path) -> None:
    header = [*HEADER[:3], "Platība, km", *HEADER[4:6], "Siltums, EUR", HEADER[7]]
    with pytest.raises(FiguresFileError) as error:
        plan_of(tmp_path, {"Ēkas": [header, [*HALL[:3], -5, *HALL[4:]]]})
    assert "2 problems" in str(error.value)
    assert "row 1, column 'Platība, km': 'km' is no unit of area_m2" in str(error.value)
    assert "row 1, column 'Siltums, EUR': 'EUR' is no unit of heat_mwh" in str(error.value)
    assert "-5" not in str(error.value), "in a wrong unit no number is judged"


def left_out(plan: ImportPlan) -> list[str]:
    return [note for note in plan.notes if "holds numbers and is left out" in note]


def test_numbers_that_are_left_out_are_told(tmp_path: Path) -> None:
    header = [*HEADER, "Siltums pēc rēķina, MWh", "Nr.p.k.", "Piezīme", ""]
    plan = plan_of(tmp_path, {"Ēkas": [header, [*HALL, 99, 1, "2 skursteņi", 7], [*SCHOOL, 98, 2, "", 8]]})
    (heat, untitled) = left_out(plan)
    assert heat.startswith("Column 'Siltums pēc rēķina, MWh' holds numbers and is left out")
    assert '--column "Siltums pēc rēķina, MWh=ROLE". Roles: area_m2, heat_mwh, electricity_mwh, degree_days.' in heat
    assert untitled.startswith("Column '(column L)' holds numbers")
    assert '--column "L=ROLE"' in untitled
    sheets = {"Ēkas": [header, [*HALL, 99, 1, "x", 3600]]}
    told = plan_of(tmp_path, sheets, columns=("Siltums pēc rēķina, MWh=heat_mwh", "L=degree_days"))
    assert told.files["buildings/ekas.csv"].decode().splitlines()[1].split(",")[8:] == ["99", "14", "3600"]
    assert [note for note in left_out(told) if "Siltums pēc" in note or "column L" in note] == []
    silent = plan_of(tmp_path, sheets, columns=("Siltums pēc rēķina, MWh=ignore", "(column L)=ignore"))
    assert left_out(silent) == []


def test_a_saving_that_is_not_recognised_is_told(tmp_path: Path) -> None:
    def plan(heading: str) -> ImportPlan:
        measures = [[*MEASURES[0], heading], [*MEASURES[1], 40]]
        return plan_of(tmp_path, {"Ēkas": [HEADER, HALL, SCHOOL], "Pasākumi": measures})

    (note,) = left_out(plan("Ekonomija, MWh"))
    assert '--column "Ekonomija, MWh=ROLE". Roles: cost_eur, saving_pct, saving_mwh.' in note
    assert left_out(plan("Paredzētais ietaupījums, MWh")) == []
    assert plan("Paredzētais ietaupījums, MWh").columns[-1].role == "saving_mwh"


def test_an_area_that_jumps_is_told(tmp_path: Path) -> None:
    rows = [[*HALL[:3], area, HALL[4], year, *HALL[6:]] for year, area in ((2021, 5200), (2022, 99999), (2023, 5200))]
    rows += [
        ["s1", *SCHOOL[1:3], area, "malka", year, 50, 9]
        for year, area in ((2020, 9), (2021, 9), (2022, 19), (2023, 19))
    ]
    odd, lasting = (n for n in plan_of(tmp_path, {"Ēkas": [HEADER, *rows]}).notes if "The heated area" in n)
    assert odd == (
        "The heated area of 'k1' (Izdomātais tautas nams) is 5,200 m2 in 2021 and 99,999 m2 in 2022, a difference of more than half. No "
        "other year bears out 99,999 m2, so reports will use neither it nor the heat of 2022. Correct it if it is a slip of the pen."
    )
    assert "'s1' (Izdomātā skola) is 9 m2 in 2021 and 19 m2 in 2022" in lasting
    assert "Correct it, unless the building has been extended" in lasting


def test_years_to_come_are_refused_where_something_was_observed(own: Path, tmp_path: Path) -> None:
    rows = [HEADER, HALL, [*SCHOOL[:5], 2024, *SCHOOL[6:]]]
    done = [MEASURES[0], ["k1", "logi", 2031, 1, "plānots"], ["s1", "logi", 2024, 1, "īstenots"]]
    with pytest.raises(FiguresFileError) as error:
        plan_of(tmp_path, {"Ēkas": rows, "Pasākumi": done}, vintage="2023-05-01")
    assert "sheet 'Ēkas', row 3, column 'Gads': 2024 lies after the day of the figures (2023-05-01)" in str(error.value)
    assert "sheet 'Pasākumi', row 3, column 'Gads': 2024 lies after" in str(error.value)
    assert "2031" not in str(error.value), "what is planned may lie ahead"
    store_import(plan_of(tmp_path, {"Ēkas": rows, "Pasākumi": done}, vintage="2024-05-01"))
    assert check_data() == []
    listed = own / "buildings.toml"
    listed.write_text(listed.read_text(encoding="utf-8").replace("2024-05-01", "2023-05-01"), encoding="utf-8")
    (problem,) = check_data()
    assert problem.startswith("ekas has 2024 among its years, but is of 2023-05-01")
