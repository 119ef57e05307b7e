"""Passports, services and networks: complete, consistent, and clear where they are not."""

from __future__ import annotations

from pathlib import Path

import pytest
from made_up import BAUSKA, DataFolder, replace_in

from benchlib.errors import CatalogueError, UnknownIndicatorError
from benchlib.indicators import load_catalogue

CATALOGUE = load_catalogue()


def test_shipped_catalogue() -> None:
    assert {"education_expenditure_per_pupil", "exam_grade9_mean", "area"} <= set(CATALOGUE.indicators)
    assert set(CATALOGUE.networks) == {"T1", "T2", "T3", "T4"}
    schools = CATALOGUE.service("schools")
    assert schools.inputs == ("education_expenditure_per_pupil",)
    assert schools.outputs == ("exam_grade9_mean",)
    assert {passport.dimension for passport in CATALOGUE.indicators.values()} >= {
        "cost",
        "quality",
        "coverage",
        "context",
    }


def test_directions_of_what_is_good_or_bad() -> None:
    direction = {name: passport.direction for name, passport in CATALOGUE.indicators.items()}
    assert direction["education_expenditure_per_pupil"] == -1
    assert direction["exam_grade9_mathematics"] == direction["libraries_per_10000_inhabitants"] == 1
    assert all(p.direction == 0 for p in CATALOGUE.indicators.values() if p.dimension == "context")
    costs = {p.id: p for p in CATALOGUE.indicators.values() if p.dimension == "cost"}
    assert all(p.volume for p in costs.values())
    # What a council spends on each inhabitant for care or housing is a priority, not a fault.
    priorities = {"social_protection_expenditure_per_inhabitant", "housing_expenditure_per_inhabitant"}
    assert {name: p.direction for name, p in costs.items()} == {name: -(name not in priorities) for name in costs}


@pytest.mark.parametrize(
    ("indicator", "words"),
    [
        ("education_expenditure_per_pupil", "mean weighted by pupils_grades_1_9"),
        ("exam_grade9_english", "mean weighted by exam_grade9_english_schools"),
        ("income_tax_per_inhabitant", "mean weighted by registered_population"),
        ("registered_population", "sum"),
        ("population_density", "recomputed from summed parts"),
        ("exam_grade9_mean", "mean of harmonised indicators"),
    ],
)
def test_harmonisation_in_a_word(indicator: str, words: str) -> None:
    assert CATALOGUE.passport(indicator).harmonisation(CATALOGUE.registry.measures) == words


def test_index_cannot_be_harmonised(data: DataFolder) -> None:
    data.measure("rank", "index").passport("rank", measure="rank")
    loaded = load_catalogue(data.path)
    assert loaded.passport("rank").harmonisation(loaded.registry.measures) == "not harmonisable"


def test_measures_of_includes_weights_and_parts() -> None:
    assert set(CATALOGUE.measures_of(["exam_grade9_mean"])) == {
        f"exam_grade9_{subject}{end}"
        for subject in ("mathematics", "latvian", "english", "history")
        for end in ("", "_schools")
    }
    assert CATALOGUE.measures_of(["population_density"]) == ("registered_population", "area")


@pytest.mark.parametrize("word", ["education", "", "x" * 10_000, None, "exam_grade9_maths"])
def test_unknown_id_gives_three_nearest(word) -> None:
    for ask in (CATALOGUE.passport, lambda w: CATALOGUE.measures_of([w])):
        with pytest.raises(UnknownIndicatorError, match=r"Nearest: \w+, \w+, \w+\. All: benchlib data list") as caught:
            ask(word)
        assert len(str(caught.value)) < 400
    with pytest.raises(UnknownIndicatorError, match=r"No service has the id .*Nearest: schools"):
        CATALOGUE.service(word)


# Broken -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def folder(data: DataFolder) -> Path:
    data.measure("people").measure("rate", "ratio", weight="people").source("a", [(BAUSKA, 2022, "people", 5)], "2021")
    data.passport("people", measure="people").passport("rate", measure="rate")
    data.passport("twice", numerator="people", denominator="people").passport("mean", mean_of=["people", "rate"])
    return data.path


def test_whole_folder(folder: Path) -> None:
    assert list(load_catalogue(folder).indicators) == ["people", "rate", "twice", "mean"]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('measure = "rate"', 'measure = "rat"', r"'rate': measure 'rat' is not in registry\.toml"),
        ('measure = "rate"\n', "", r"'rate': give exactly one of"),
        ('measure = "rate"', 'measure = "rate"\nmean_of = ["people"]', r"'rate': give exactly one of"),
        ('measure = "rate"', 'measure = "rate"\nnumerator = "people"', r"'rate': give exactly one of"),
        ('numerator = "people"\n', "", r"'twice': give exactly one of"),
        ('numerator = "people"', 'numerator = "rate"', r"'twice': 'rate' is not additive"),
        ('mean_of = ["people", "rate"]', 'mean_of = ["people", "mean"]', r"'mean': mean_of names 'mean'"),
        ('mean_of = ["people", "rate"]', 'mean_of = "people"', r"'mean': mean_of = 'people' is not a list"),
        ('id = "rate"', 'id = "people"', r"indicator 'people' has a passport already"),
        ('id = "rate"\n', "", r"indicator '\?': a required field is missing.*'id'"),
        ('measure = "rate"', 'measure = "rate"\nscale = "100"', r"'rate': scale = '100' is not a number"),
        ('measure = "rate"', 'measure = "rate"\nvolume = "pupils"', r"'rate': measure 'pupils' is not in registry"),
        ('measure = "rate"', 'measure = "rate"\naccess = "secret"', r"'rate': access='secret' is not an option"),
        ('measure = "rate"', 'measure = "rate"\ncolour = "red"', r"'rate': unknown field 'colour'"),
    ],
)
def test_broken_passport(folder: Path, old: str, new: str, message: str) -> None:
    replace_in(folder / "catalogue" / "indicators" / "made_up.toml", old, new)
    with pytest.raises(CatalogueError, match=message):
        load_catalogue(folder)


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("dimension", "beauty", r"'bad': dimension='beauty' is not an option.*'cost'"),
        ("direction", 2, r"'bad': direction = 2 is not -1, 0 or 1"),
        ("direction", "up", r"'bad': direction = 'up' is not a whole number"),
        ("decimals", 1.5, r"'bad': decimals = 1.5 is not a whole number"),
        ("caveats", {"lv": ""}, r"'bad': caveats needs both languages"),
    ],
)
def test_wrong_field(data: DataFolder, field: str, value: object, message: str) -> None:
    data.measure("people").passport("bad", **({"measure": "people"} | {field: value}))
    with pytest.raises(CatalogueError, match=message):
        load_catalogue(data.path)


def test_single_bracket_is_explained(folder: Path) -> None:
    (folder / "catalogue" / "indicators" / "more.toml").write_text('[indicator]\nid = "x"\n', encoding="utf-8")
    with pytest.raises(CatalogueError, match=r"more\.toml.*Write \[\[indicator\]\]"):
        load_catalogue(folder)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            'inputs = ["education_expenditure_per_pupil"]',
            'inputs = ["money"]',
            r"schools\.toml: indicator 'money' has no",
        ),
        ('volume = "pupils_grades_1_9"', 'volume = "pupils"', r"schools\.toml: volume = 'pupils'"),
        ('rts = "vrs"', 'rts = "vsr"', r"schools\.toml: rts='vsr' is not an option.*'vrs'"),
        ('orientation = "input"', 'orientation = "in"', r"schools\.toml: orientation='in' is not an option"),
        ('network = "T4"', 'network = "T5"', r"schools\.toml: network 'T5' is not in networks\.toml"),
        ('method = "dea"\n', "", r"schools\.toml: a required field is missing.*'method'"),
        ('method = "dea"', 'methods = "dea"', r"schools\.toml: unknown field 'methods'"),
    ],
)
def test_broken_service(copied: Path, old: str, new: str, message: str) -> None:
    replace_in(copied / "catalogue" / "services" / "schools.toml", old, new)
    with pytest.raises(CatalogueError, match=message):
        load_catalogue(copied)


def test_a_user_adds_a_service_by_writing_a_file(copied: Path) -> None:
    folder = copied / "catalogue" / "services"
    own = (folder / "schools.toml").read_text(encoding="utf-8").replace('"exam_grade9_mean"', '"exam_grade9_english"')
    (folder / "english.toml").write_text(own, encoding="utf-8")
    assert load_catalogue(copied).service("english").outputs == ("exam_grade9_english",)


def test_broken_network_and_report(copied: Path) -> None:
    replace_in(copied / "catalogue" / "networks.toml", "[T3]\n", "[T3]\ncolour = 'red'\n")
    with pytest.raises(CatalogueError, match=r"networks\.toml, T3: unknown field 'colour'"):
        load_catalogue(copied)


def test_report_with_an_unknown_indicator(copied: Path) -> None:
    replace_in(copied / "catalogue" / "reports.toml", '"libraries_per_10000_inhabitants"', '"libraries"')
    with pytest.raises(CatalogueError, match=r"reports\.toml, municipality\.compared: indicator 'libraries'"):
        load_catalogue(copied)
