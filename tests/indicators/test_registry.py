"""`registry.toml`: what is wrong is said with file, entry and field."""

from __future__ import annotations

from pathlib import Path

import pytest
from made_up import BAUSKA, DataFolder, both, replace_in, toml

from benchlib.errors import CatalogueError
from benchlib.indicators import data_folder, load_registry, notebooks_folder


@pytest.fixture
def registry(data: DataFolder) -> Path:
    data.measure("people").measure("rate", "ratio", weight="people")
    data.source("a", [(BAUSKA, 2022, "people", 5), (BAUSKA, 2022, "rate", 5)], "2021")
    return data.path / "registry.toml"


def test_whole_registry(registry: Path) -> None:
    loaded = load_registry(registry.parent)
    assert loaded.measures["rate"].weight == "people"
    assert loaded.measures["people"].split == "population"
    assert [source.id for source in loaded.sources_of("people")] == ["a"]
    assert loaded.sources_of("nothing") == ()
    assert loaded.sources[0].years == (2022,)
    assert loaded.sources[0].vintage == "2020-01-01"


@pytest.mark.parametrize("written", ["20200101", "2020-W01-3"])
def test_a_vintage_is_compared_and_cast_in_one_spelling(registry: Path, written: str) -> None:
    replace_in(registry, 'vintage = "2020-01-01"', f'vintage = "{written}"')
    assert load_registry(registry.parent).sources[0].vintage == "2020-01-01"


def test_vintage_as_a_toml_date(registry: Path) -> None:
    replace_in(registry, 'vintage = "2020-01-01"', "vintage = 2020-01-01")
    assert load_registry(registry.parent).sources[0].vintage == "2020-01-01"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('kind = "ratio"', 'kind = "quotient"', r"measures\.rate: kind = 'quotient' is not one of additive"),
        ('weight = "people"', 'weight = "pupils"', r"measures\.rate: a ratio needs the additive measure.*'pupils'"),
        ('weight = "people"', 'weight = "rate"', r"measures\.rate: a ratio needs the additive measure"),
        ('weight = "people"\n', "", r"measures\.rate: a ratio needs the additive measure"),
        ('weight = "people"', 'wieght = "people"', r"measures\.rate: unknown field 'wieght'\. Fields: .*weight"),
        ('weight = "people"', 'weight = "people"\nsplit = "both"', r"measures\.rate: split = 'both'"),
        ('name = { lv = "rate", en = "rate" }', 'name = { lv = "rate" }', r"measures\.rate: name needs both languages"),
        ('name = { lv = "rate", en = "rate" }', 'name = "rate"', r"measures\.rate: name needs both languages"),
        ('name = { lv = "rate", en = "rate" }\n', "", r"measures\.rate: a required field is missing.*'name'"),
        ('weight = "people"', 'weight = "people"\nis_static = "no"', r"is_static = 'no' is not true or false"),
        ("years = [2022]", "years = 2022", r"source 'a': years = 2022 is not a list"),
        ("years = [2022]", "years = [2022", r"not valid TOML.*line \d+"),
        ("rows = 2", 'rows = "2"', r"source 'a': rows = '2' is not a whole number"),
        ("rows = 2", "rows = true", r"source 'a': rows = True is not a whole number"),
        ("rows = 2\n", "", r"source 'a': a required field is missing.*'rows'"),
        ('access = "public"', 'access = "open"', r"source 'a': access='open' is not an option"),
        ('territory = "2021"', 'territory = "2022"', r"source 'a': territory='2022' is not an option"),
        ('territory = "2021"', "territory = 2021", r"source 'a': territory = 2021 is not text"),
        ('measures = ["people", "rate"]', 'measures = ["people", "rite"]', r"source 'a': measure 'rite' has no entry"),
        ('vintage = "2020-01-01"', 'vintage = "spring"', r"source 'a': vintage = 'spring' is not a date"),
        ('vintage = "2020-01-01"\n', "", r"source 'a': vintage = '' is not a date"),
        ('file = "figures/a.csv"', 'file = "../../secret.csv"', r"source 'a': file = .* leaves the data folder"),
        ('file = "figures/a.csv"', 'file = "/secret.csv"', r"source 'a': file = .* leaves the data folder"),
        ("[[sources]]", "[sources]", r"'sources' is not a list of tables\. Write \[\[sources\]\]"),
        ("[measures.people]", "[[measures]]", r"not valid TOML|'measures' is not a set of tables"),
    ],
)
def test_broken_registry(registry: Path, old: str, new: str, message: str) -> None:
    replace_in(registry, old, new)
    with pytest.raises(CatalogueError, match=message) as caught:
        load_registry(registry.parent)
    assert str(registry) in str(caught.value)


def test_source_twice(data: DataFolder) -> None:
    data.measure("people")
    for _ in range(2):
        data.source("a", [(BAUSKA, 2022, "people", 5)], "2021")
    with pytest.raises(CatalogueError, match="source 'a' stands there twice; each vintage needs an id of its own"):
        load_registry(data.path)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"source": "b"}, "no source 'b' has this measure"),
        ({"year": 2023}, "no source 'a' has this measure for 2023"),
        ({"measure": "pupils"}, "no source 'a' has this measure"),
        ({"reason": "because"}, "reason needs both languages"),
    ],
)
def test_doubt_about_what_is_not_there(data: DataFolder, changes: dict, message: str) -> None:
    data.measure("people").source("a", [(BAUSKA, 2022, "people", 5)], "2021")
    doubt = {
        "source": "a",
        "territory": BAUSKA,
        "year": 2022,
        "measure": "people",
        "published": "5",
        "used": "as published",
    }
    text = (data.path / "registry.toml").read_text(encoding="utf-8")
    entry = toml(doubt | {"reason": both("odd")} | changes)
    (data.path / "registry.toml").write_text(f"{text}\n[[doubts]]\n{entry}", encoding="utf-8")
    with pytest.raises(CatalogueError, match=message):
        load_registry(data.path)


def test_absent_and_garbled_registry(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match=r"registry\.toml is absent"):
        load_registry(tmp_path / "nowhere")
    (tmp_path / "registry.toml").write_bytes("name = 'Ķekava'".encode("utf-16"))
    with pytest.raises(CatalogueError, match=r"registry\.toml is not valid TOML in UTF-8"):
        load_registry(tmp_path)


def test_folders_of_a_checkout() -> None:
    assert (data_folder() / "registry.toml").is_file()
    assert notebooks_folder().name in ("notebooks", "_notebooks")
