"""What users add beside the shipped figures: found, told apart, never in the way of what is shipped."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from made_up import BAUSKA, BAUSKA_PARTS, DataFolder, both, toml

from benchlib.comparison import own_indicators
from benchlib.errors import AccessError, CatalogueError, FiguresFileError, NoFiguresError
from benchlib.indicators import (
    Store,
    check_data,
    data_folder,
    load_catalogue,
    load_indicators,
    load_registry,
    own_folder,
)
from benchlib.indicators.folder import data_digest, digest_of


@pytest.fixture
def data(data: DataFolder) -> DataFolder:
    """Shipped: the measure and passport `places`, and figures of one source for 2013."""
    data.measure("places").passport("places", measure="places")
    return data.source("shipped", [(code, 2013, "places", 10) for code in BAUSKA_PARTS])


def add(data: DataFolder, name: str, value: float, *, year: int = 2014, registry: str = "", **fields: object) -> Path:
    """An own source of the measure `places` for the whole of Bauskas novads."""
    own = own_folder(data.path)
    (own / "figures").mkdir(parents=True, exist_ok=True)
    content = f"territory,year,measure,value,status,symbol\n{BAUSKA},{year},places,{value},observed,\n".encode()
    (own / "figures" / f"{name}.csv").write_bytes(content)
    entry = {"id": name, "publisher": both("we"), "table": both("ours"), "territory": "2025", "years": [year]}
    entry |= {"measures": ["places"], "licence": "own", "access": "members", "vintage": "2026-01-01"}
    entry |= {"vintage_basis": "own", "file": f"figures/{name}.csv", "rows": 1, "caveats": both("")}
    entry |= {"sha256": hashlib.sha256(content).hexdigest()} | fields
    with (own / "registry.toml").open("a", encoding="utf-8") as file:
        file.write(f"{registry}\n[[sources]]\n{toml(entry)}")
    return own


def forget() -> None:
    for kept in (load_registry, load_catalogue, data_digest, digest_of):
        kept.cache_clear()


def value(data: DataFolder, year: int, access: str) -> float:
    table = load_indicators("places", years=year, municipalities=BAUSKA, access=access, store=data.store())  # type: ignore[arg-type]
    return float(table["value"].item())


def test_the_own_folder_of_the_shipped_figures_is_the_users(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert own_folder() == own_folder(data_folder()) == tmp_path / "benchlib" / "data"
    assert own_folder(tmp_path / "other") == tmp_path / "other" / "own"


def test_own_figures_are_for_members_only_unless_they_say_otherwise(data: DataFolder) -> None:
    add(data, "mine", 7)
    assert value(data, 2014, "members") == 7
    with pytest.raises(NoFiguresError):
        value(data, 2014, "public")
    assert value(data, 2013, "public") == value(data, 2013, "members") == 40


def test_public_own_figures_are_public(data: DataFolder) -> None:
    add(data, "mine", 7, access="public")
    assert value(data, 2014, "public") == 7


def test_each_source_knows_whose_it_is_whatever_its_entry_says(data: DataFolder) -> None:
    add(data, "mine", 7, is_own=False)
    assert {source.id: source.is_own for source in load_registry(data.path).sources} == {"shipped": False, "mine": True}


def test_a_changed_own_file_makes_another_store_and_another_digest(data: DataFolder) -> None:
    before, digest = Store(data.path, data.path.parent / "cache").path, data_digest(data.path)
    forget()
    own = add(data, "mine", 7)
    after = Store(data.path, data.path.parent / "cache").path
    assert after != before
    assert data_digest(data.path) != digest, "what is kept for the next run must not be found any more"
    (own / "figures" / "mine.csv").write_text("spoiled")
    with pytest.raises(FiguresFileError, match=r"own/figures/mine\.csv"):
        data.store().build()


def test_nothing_shipped_is_replaced(data: DataFolder) -> None:
    add(data, "mine", 7, registry=f"[measures.places]\n{toml({'name': both('x'), 'unit': 'x', 'kind': 'additive'})}")
    with pytest.raises(CatalogueError, match="knows a measure of this id"):
        load_registry(data.path)


def test_a_source_of_the_same_id_is_refused(data: DataFolder) -> None:
    add(data, "shipped", 7)
    with pytest.raises(CatalogueError, match="stands there twice"):
        load_registry(data.path)


def test_own_measures_may_be_weighted_by_shipped_ones_and_have_passports(data: DataFolder) -> None:
    measure = {"name": both("rate"), "unit": "%", "kind": "ratio", "weight": "places"}
    own = add(data, "mine", 7, registry=f"[measures.rate]\n{toml(measure)}")
    folder = own / "catalogue" / "indicators"
    folder.mkdir(parents=True)
    entry = {"id": "rate", "name": both("rate"), "definition": both("r"), "unit": both("%"), "dimension": "quality"}
    entry |= {"direction": 1, "decimals": 1, "measure": "rate", "caveats": both(""), "access": "members"}
    (folder / "mine.toml").write_text(f"[[indicator]]\n{toml(entry)}", encoding="utf-8")
    catalogue = load_catalogue(data.path)
    assert catalogue.is_awaited("rate"), "declared, and no figures yet"
    assert not catalogue.is_awaited("places")
    with pytest.raises(AccessError):
        load_indicators("rate", years=2014, store=data.store())


def test_a_file_without_an_entry_is_found(data: DataFolder) -> None:
    own = add(data, "mine", 7)
    (own / "figures" / "left.csv").write_text("territory,year\n", encoding="utf-8")
    assert [problem for problem in check_data(data.path) if "left.csv has no entry" in problem]


def test_the_indicators_that_rest_on_own_figures_are_found(data: DataFolder) -> None:
    data.measure("others").passport("others", measure="others")
    data.source("published", [(code, 2013, "others", 10) for code in BAUSKA_PARTS])
    add(data, "mine", 12)
    store = data.store()
    assert own_indicators(access="members", store=store) == ["places"]
    assert own_indicators(access="members", store=store, but=["places"]) == []
    assert own_indicators(store=store) == [], "what is for members has no name in public"
    assert own_indicators(access="members", territory="2009", store=store) == [], "in old borders all is published"
