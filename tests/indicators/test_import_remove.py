"""What is taken out again: its own files and measures, and nothing of anybody else's."""

from __future__ import annotations

from pathlib import Path

import pytest
from import_files import Rows, write_xlsx

from benchlib.errors import CatalogueError, OptionError
from benchlib.indicators import check_data, load_register, load_registry
from benchlib.indicators.imports import ImportOptions, ImportPlan, plan_import, remove_import, store_import

HEADER = ["Ēka", "Nosaukums", "Veids", "Platība", "Siltumavots", "Gads", "Siltums", "Elektrība"]
HALL = ["k1", "Izdomātais tautas nams", "kultūras nams", 850, "centralizēta", 2023, 102.5, 14]
MEASURES = [["Ēka", "Pasākums", "Gads", "Izmaksas", "Statuss"], ["k1", "jumta siltināšana", 2022, 40000, "īstenots"]]


def register(tmp_path: Path, id: str, sheets: dict[str, Rows]) -> ImportPlan:
    options = ImportOptions(kind="buildings", municipality="Bauskas novads", id=id)
    return plan_import(write_xlsx(tmp_path / "ekas.xlsx", sheets), options)


# --- files -------------------------------------------------------------------------------------------------------------


def test_a_register_does_not_write_over_the_measures_of_another(own: Path, tmp_path: Path) -> None:
    both = {"Ēkas": [HEADER, HALL], "Pasākumi": MEASURES}
    for id in ("ekas", "ekas-measures"):
        store_import(register(tmp_path, id, both))
    assert [len(load_register(id, access="members").measures) for id in ("ekas", "ekas-measures")] == [1, 1]
    assert len(list((own / "buildings").iterdir())) == 4
    remove_import("ekas")
    assert check_data() == []
    assert len(load_register("ekas-measures", access="members").measures) == 1


def test_a_file_that_a_list_names_is_not_written_over(own: Path, tmp_path: Path) -> None:
    # As the files were called once.
    store_import(register(tmp_path, "ekas", {"Ēkas": [HEADER, HALL], "Pasākumi": MEASURES}))
    (own / "buildings" / "ekas.measures.csv").rename(own / "buildings" / "ekas-measures.csv")
    text = (own / "buildings.toml").read_text(encoding="utf-8")
    (own / "buildings.toml").write_text(text.replace("ekas.measures.csv", "./ekas-measures.csv"), encoding="utf-8")
    before = (own / "buildings" / "ekas-measures.csv").read_bytes()
    plan = register(tmp_path, "ekas-measures", {"Ēkas": [HEADER, HALL]})
    with pytest.raises(OptionError, match=r"buildings/ekas-measures.csv .*belongs to 'ekas'.*--id"):
        store_import(plan)
    assert (own / "buildings" / "ekas-measures.csv").read_bytes() == before
    assert len(load_register("ekas", access="members").measures) == 1


def test_the_file_of_another_entry_stays(own: Path, tmp_path: Path) -> None:
    for id in ("a", "b"):
        store_import(register(tmp_path, id, {"Ēkas": [HEADER, HALL]}))
    text = (own / "buildings.toml").read_text(encoding="utf-8")
    (own / "buildings.toml").write_text(text.replace("buildings/a.csv", "./buildings/b.csv"), encoding="utf-8")
    remove_import("a")
    assert len(load_register("b", access="members").buildings) == 1


def test_a_list_is_no_data_file(own: Path, tmp_path: Path) -> None:
    for id in ("a", "b"):
        store_import(register(tmp_path, id, {"Ēkas": [HEADER, HALL]}))
    text = (own / "buildings.toml").read_text(encoding="utf-8")
    (own / "buildings.toml").write_text(text.replace("buildings/a.csv", "buildings.toml"), encoding="utf-8")
    remove_import("a")
    assert len(load_register("b", access="members").buildings) == 1


# --- measures ----------------------------------------------------------------------------------------------------------


def declared(tmp_path: Path, unit: str = "hours") -> Path:
    (tmp_path / "c.toml").write_text(
        f'[measures.own_hours]\nname = {{ lv = "S", en = "H" }}\nunit = "{unit}"\nkind = "ratio"\nweight = "own_clients"\n'
        '[measures.own_clients]\nname = { lv = "K", en = "C" }\nunit = "persons"\nkind = "additive"\n',
        encoding="utf-8",
    )
    return tmp_path / "c.toml"


def figures(tmp_path: Path, id: str, *measures: str, unit: str = "hours") -> ImportPlan:
    rows = [["Pašvaldība", "Gads", *measures], ["Bauskas novads", 2023, *(1 for _ in measures)]]
    path = write_xlsx(tmp_path / "dati.xlsx", rows)
    return plan_import(path, ImportOptions(id=id, declared=declared(tmp_path, unit)))


def own_measures() -> dict[str, str]:
    return {id: measure.unit for id, measure in load_registry().measures.items() if id.startswith("own_")}


def test_a_wrong_declaration_can_be_corrected(own: Path, tmp_path: Path) -> None:
    store_import(figures(tmp_path, "a", "own_hours"))
    assert own_measures() == {"own_hours": "hours", "own_clients": "persons"}
    assert remove_import("a") == ("own_hours", "own_clients")
    assert own_measures() == {}
    assert [path.name for path in own.iterdir()] == [".lock"]
    store_import(figures(tmp_path, "a", "own_hours", unit="thousand hours"))
    assert own_measures()["own_hours"] == "thousand hours"


def test_measures_that_others_use_stay(own: Path, tmp_path: Path) -> None:
    store_import(figures(tmp_path, "a", "own_hours", "own_clients"))
    store_import(figures(tmp_path, "b", "own_clients"))
    assert remove_import("a") == ("own_hours",), "the other source has the clients"
    assert own_measures() == {"own_clients": "persons"}
    assert check_data() == []
    assert remove_import("b") == ("own_clients",)


def test_a_weight_stays_with_what_it_weights(own: Path, tmp_path: Path) -> None:
    store_import(figures(tmp_path, "a", "own_hours"))
    store_import(figures(tmp_path, "b", "own_clients"))
    assert remove_import("b") == ()
    assert set(own_measures()) == {"own_hours", "own_clients"}


def test_a_measure_with_a_passport_stays(own: Path, tmp_path: Path) -> None:
    store_import(figures(tmp_path, "a", "own_hours"))
    folder = own / "catalogue" / "indicators"
    folder.mkdir(parents=True)
    texts = "".join(f'{key} = {{ lv = "a", en = "b" }}\n' for key in ("name", "definition", "unit", "caveats"))
    passport = f'[[indicator]]\nid = "own_i"\ndimension = "context"\ndirection = 0\ndecimals = 0\nmeasure = "own_hours"\n{texts}'
    (folder / "x.toml").write_text(passport, encoding="utf-8")
    assert remove_import("a") == ()
    assert set(own_measures()) == {"own_hours", "own_clients"}


def test_what_is_written_by_hand_stays(own: Path, tmp_path: Path) -> None:
    own.mkdir(parents=True)
    kept = "# a remark\n[measures.own_x]\nname = { lv = 'X', en = 'X' }\nunit = 'km'\nkind = 'additive'\n"
    (own / "registry.toml").write_text(kept, encoding="utf-8")
    store_import(figures(tmp_path, "a", "own_hours"))
    remove_import("a")
    assert (own / "registry.toml").read_text(encoding="utf-8").strip() == kept.strip()


def test_a_broken_passport_is_told(own: Path, tmp_path: Path) -> None:
    store_import(figures(tmp_path, "a", "own_hours"))
    (own / "catalogue" / "indicators").mkdir(parents=True)
    (own / "catalogue" / "indicators" / "b.toml").write_text("x = [", encoding="utf-8")
    with pytest.raises(CatalogueError, match=r"b.toml is not valid TOML"):
        remove_import("a")
    assert set(own_measures()) == {"own_hours", "own_clients"}
