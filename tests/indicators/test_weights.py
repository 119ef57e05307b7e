"""Weights as data: what the files say, and which files are refused."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from benchlib.errors import CatalogueError, OptionError
from benchlib.indicators import check_data, data_folder, load_catalogue, load_index, load_need_key
from tests.indicators.made_up import DataFolder

PART = '[[part]]\nindicator = "{}"\nweight = {}\ndirection = {}\n'
HEAD = """name = { lv = "x", en = "x" }
definition = { lv = "x", en = "x" }
source = "made up"
legal = ["none"]
date = 2020-01-01
verified = false
doubts = { lv = "", en = "" }
"""
NEED = """name = { lv = "x", en = "x" }
definition = { lv = "x", en = "x" }
source = "made up"
caveats = { lv = "", en = "" }
[[part]]
indicator = "a"
coefficient = COEFFICIENT
unit = "units"
source = "made up"
date = 2020-01-01
verified = true
"""


def folder(tmp_path: Path, room: str, content: str, *, own: bool = False) -> Path:
    tmp_path.mkdir(exist_ok=True)
    made = DataFolder(tmp_path / "data")
    for name in ("a", "b"):
        made.measure(name).passport(name, measure=name)
    place = made.path / ("own" if own else "") / "catalogue" / room
    place.mkdir(parents=True, exist_ok=True)
    (place / "mine.toml").write_text(content, encoding="utf-8")
    return made.path


def test_the_territory_development_index_has_eight_weights_that_add_up() -> None:
    formula = load_index()
    assert list(formula.weights.values()) == [0.25, 0.15, 0.10, 0.05, 0.10, 0.10, 0.05, 0.20]
    assert sum(formula.weights.values()) == pytest.approx(1.0, abs=1e-12)
    assert [name for name, sign in formula.directions.items() if sign < 0] == [
        "unemployment_rate",
        "needy_persons_share",
        "registered_crimes_per_1000_inhabitants",
        "above_working_age_per_1000_of_working_age",
    ]
    assert not formula.verified, "signs and the change of 2023 are still to be compared with the law"
    assert "284/2023" in formula.doubts["en"]
    assert "284/2023" in formula.doubts["lv"]


def test_the_coefficients_of_need_carry_source_date_and_doubt() -> None:
    key = load_need_key()
    found = {part.indicator: part.coefficient for part in key.parts}
    assert found == {
        "registered_population": 1.0,
        "children_preschool_age": 2.34,
        "children_school_age": 3.26,
        "population_above_working_age": 0.74,
        "area": 1.52,
    }
    assert not key.is_verified
    assert all(part.source and part.date == "2015-07-02" and part.unit for part in key.parts)
    assert "to be verified" in key.caveats["en"]
    assert "jāpārbauda" in key.caveats["lv"]


def test_parts_without_open_figures_are_declared_and_awaited() -> None:
    catalogue = load_catalogue()
    ids = [*load_index().weights, *(part.indicator for part in load_need_key().parts)]
    awaited = {i for i in ids if catalogue.is_awaited(i)}
    assert len(awaited) == 7
    assert "unemployment_rate" not in awaited


def test_every_shipped_file_can_be_read() -> None:
    for path in (data_folder() / "catalogue" / "indices").glob("*.toml"):
        assert load_index(path.stem).parts
    for path in (data_folder() / "catalogue" / "need").glob("*.toml"):
        assert len(load_need_key(path.stem).parts) == len(tomllib.loads(path.read_text("utf-8"))["part"])


def test_a_file_of_ones_own_takes_the_place_of_the_shipped_one(tmp_path: Path) -> None:
    data = folder(tmp_path, "indices", HEAD + PART.format("a", 0.4, 1) + PART.format("b", 0.6, -1), own=True)
    formula = load_index("mine", data)
    assert (formula.weights, formula.directions) == ({"a": 0.4, "b": 0.6}, {"a": 1, "b": -1})
    (data / "catalogue" / "indices").mkdir()
    (data / "catalogue" / "indices" / "mine.toml").write_text(HEAD + PART.format("a", 1, 1), encoding="utf-8")
    load_index.cache_clear()
    assert len(load_index("mine", data).parts) == 2


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        (PART.format("a", 0.5, 1) + PART.format("b", 0.4, 1), "add up to 0.9, not 1"),
        (PART.format("a", 1.5, 1) + PART.format("b", -0.5, 1), "weight = -0.5 is not positive"),
        (PART.format("a", 0.5, 1) + PART.format("b", 0.5, 0), "direction = 0 is neither 1 nor -1"),
        (PART.format("a", 0.5, 1) + PART.format("a", 0.5, 1), "or one twice"),
        (PART.format("a", 0.5, 1) + PART.format("nobody", 0.5, 1), "'nobody' has no passport"),
        (PART.format("a", '"much"', 1), "weight = 'much' is not a number"),
        ("", "name no indicator"),
        ('part = "a"', "Write \\[\\[part\\]\\]"),
        (PART.format("a", 1, 1) + "colour = 3", "unknown field 'colour'"),
    ],
)
def test_a_broken_formula_is_refused_by_name(parts: str, message: str, tmp_path: Path) -> None:
    data = folder(tmp_path, "indices", HEAD + parts)
    with pytest.raises(CatalogueError, match=message):
        load_index("mine", data)


@pytest.mark.parametrize("coefficient", ["0", "-1.5", "nan", "inf"])
def test_a_coefficient_must_be_positive(coefficient: str, tmp_path: Path) -> None:
    data = folder(tmp_path, "need", NEED.replace("COEFFICIENT", coefficient))
    with pytest.raises(CatalogueError, match="is not positive"):
        load_need_key("mine", data)


def test_a_verified_key_says_so(tmp_path: Path) -> None:
    assert load_need_key("mine", folder(tmp_path, "need", NEED.replace("COEFFICIENT", "2.5"))).is_verified


def test_an_unknown_name_lists_those_that_there_are() -> None:
    with pytest.raises(
        OptionError, match=r"'nonsense' is not a file of catalogue/indices. There are: territory_development"
    ):
        load_index("nonsense")
    with pytest.raises(OptionError, match="equalised_units"):
        load_need_key("../../etc/passwd")


def test_the_check_of_the_data_reads_them_too(tmp_path: Path) -> None:
    data = folder(tmp_path, "indices", HEAD + PART.format("a", 0.5, 1) + PART.format("b", 0.4, 1))
    assert [problem for problem in check_data(data) if "add up to 0.9" in problem]
    sound = folder(tmp_path / "sound", "need", NEED.replace("COEFFICIENT", "2.5"))
    assert not [problem for problem in check_data(sound) if "mine.toml" in problem]
