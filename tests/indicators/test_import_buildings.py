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
    assert plan.summary.to_dict("records")[0] | {"heated area, m2": 0} == {
        "year": 2023, "buildings": 2, "with heat": 2, "with electricity": 1, "heated area, m2": 0, "measures": 0
    }  # fmt: skip
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
