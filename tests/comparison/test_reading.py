"""Cost, access, quality and demography in one reading: the parts are those of the functions, nothing is lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from few_units import YEAR, rows

from benchlib.comparison import (
    ServiceReading,
    composite_index,
    need_adjusted_cost,
    rank_ranges,
    region_units,
    service_reading,
)
from benchlib.errors import CatalogueError, NoFiguresError, OptionError
from benchlib.indicators import Store, classification, load_catalogue, load_indicators
from tests.indicators.made_up import DataFolder

SCHOOLS = load_catalogue().service("schools")
MADE = replace(
    SCHOOLS,
    id="made",
    inputs=("money",),
    outputs=("result",),
    coverage=("near",),
    quality=("result",),
    demography=(),
    context=(),
    detail_outputs=(),
)

SERVICE = """name = { lv = "x", en = "x" }
definition = { lv = "x", en = "x" }
inputs = ["money"]
outputs = ["result"]
context = []
method = "dea"
orientation = "input"
rts = "vrs"
volume = ""
years = [2013]
network = ""
caveats = { lv = "", en = "" }
"""


@cache
def shipped(year: int = 2013, territory: str = "2025") -> ServiceReading:
    return service_reading(SCHOOLS, year=year, territory=territory, draws=200, seed=1)  # type: ignore[arg-type]


def test_every_municipality_and_every_indicator_is_there() -> None:
    for reading in (shipped(), shipped(2012), shipped(2012, "2009")):
        codes = [unit.code for unit in classification(reading.territory)]
        assert sorted(reading.units) == sorted(codes)
        ids = [i for ids in reading.indicators.values() for i in ids]
        assert len(reading.table) == len(codes) * len(ids)
        assert set(reading.table["territory"]) == set(codes)
        assert list(reading.indicators) == ["cost", "coverage", "quality", "demography"]


def test_values_and_ranks_are_those_of_the_figures() -> None:
    reading = shipped()
    for indicator in ("education_expenditure_per_pupil", "exam_grade9_mean", "schools_per_100_km2"):
        figures = load_indicators(indicator, years="all")
        now = figures.loc[figures["year"] == 2013].set_index("territory")["value"]
        ranges = rank_ranges(
            figures, {indicator: -1 if "expenditure" in indicator else 1}, [*now.index], 2013
        ).set_index("territory")
        for code in ("0025000", "0001000"):
            cell = reading.cell(indicator, code)
            assert cell["value"] == now[code]
            assert cell["year"] == reading.years[indicator] == 2013
            for name in ("rank", "rank_low", "rank_high", "members_with_figure"):
                assert cell[name] == ranges.loc[code, name] or np.isnan(cell[name])
    with pytest.raises(OptionError, match="is not in this reading"):
        reading.cell("area", "0025000")


def test_doubted_figures_are_those_of_the_year_that_counts() -> None:
    registry = load_catalogue().registry
    doubted = {d.territory for d in registry.doubts_for("public") if d.year == 2012 and d.used == "as published"}
    assert {"0604300", "0741400"} & doubted
    former = shipped(2012, "2009")
    assert set(former.doubtful) <= doubted
    assert "0604300" in former.doubtful
    assert "0025000" not in shipped().doubtful


def test_demography_is_shown_without_a_light() -> None:
    rows = shipped().table.query("dimension == 'demography'")
    assert set(rows["light"]) == {"none"}
    assert rows["rank"].isna().all()
    assert rows["value"].notna().all()


def test_few_figures_give_no_lights(made: Callable[..., Store]) -> None:
    figures = {
        "money": ([1, 2, 3, 4, 5, 6, 7, 8], {"dimension": "cost", "direction": -1}),
        "near": ([5, 5, 5, 5, 1, 1, 1, None], {"dimension": "coverage", "direction": 1}),
        "result": ([8, 7, 6, 5, 4, 3, 2, 1], {"dimension": "quality", "direction": 1}),
    }
    reading = service_reading(MADE, year=YEAR, draws=100, seed=1, store=made(figures))
    assert set(reading.table["light"]) == {"none"}, "8 of 42 municipalities are fewer than 60 %"
    assert reading.table["rank"].isna().all()


def codes() -> list[str]:
    return [unit.code for unit in classification("2025")]


def everywhere(*columns: tuple[str, list[float | None], dict[str, object]]) -> dict[str, object]:
    return {name: (dict(zip(codes(), values, strict=True)), fields) for name, values, fields in columns}


def full(made: Callable[..., Store]) -> Store:
    up, down = [float(v) for v in range(42)], [float(v) for v in range(42, 0, -1)]
    near: list[float | None] = [*up[:30], *[29.0] * 11, None]
    return made(
        everywhere(
            ("money", up, {"dimension": "cost", "direction": -1}),
            ("near", near, {"dimension": "coverage", "direction": 1}),
            ("result", down, {"dimension": "quality", "direction": 1}),
        )
    )


def test_lights_ties_and_missing_figures(made: Callable[..., Store]) -> None:
    reading = service_reading(MADE, year=YEAR, draws=100, seed=1, store=full(made))
    lights = reading.table.pivot_table(index="territory", columns="indicator", values="light", aggfunc="first").loc[
        codes()
    ]
    # 42 figures: the middle of place k is (k - 1/2) / 42, so eleven lie in the best quarter and eleven in the last.
    assert lights["money"].tolist() == ["green"] * 11 + ["yellow"] * 20 + ["red"] * 11
    # Of 41, the twelve best are the same: the middle of their places, 6 / 41, is in the best quarter.
    assert lights["near"].tolist()[29:] == ["green"] * 12 + ["none"]
    assert reading.cell("near", codes()[41])["light"] == "none"


def test_without_demography_the_plain_cost_enters_the_composite(made: Callable[..., Store]) -> None:
    reading = service_reading(MADE, year=YEAR, draws=100, seed=1, store=full(made))
    assert reading.need is None
    assert "no conditions of demography" in reading.reason
    assert reading.composite is not None
    assert list(reading.composite.weights) == ["money", "near", "result"]
    assert reading.units[0] == codes()[0], "cheapest and best in the result"
    partial = reading.composite.scores.set_index("unit")["is_partial"]
    assert partial[codes()[41]]
    assert partial.sum() == 1


def test_the_composite_is_that_of_the_adjusted_cost_access_and_quality() -> None:
    reading = shipped()
    need = need_adjusted_cost(SCHOOLS.inputs[0], SCHOOLS.demography, year=2013)
    assert reading.need is not None
    pd.testing.assert_frame_equal(reading.need.table, need.table, check_exact=True)
    wide = load_indicators(["schools_per_100_km2", "exam_grade9_mean"], years=2013, wide=True)
    wide["adjusted"] = wide["territory"].map(need.table.set_index("territory")["adjusted"])
    again = composite_index(
        wide,
        {"adjusted": 1, "schools_per_100_km2": 1, "exam_grade9_mean": 1},
        directions={"adjusted": -1},
        normalise="rank",
        draws=200,
        seed=1,
    ).scores
    assert reading.composite is not None
    ours = reading.composite.scores.set_index("unit").loc[again["unit"]]
    np.testing.assert_allclose(ours["index"], again["index"], atol=1e-12)
    assert list(reading.units[:3]) == list(again.sort_values("rank", kind="stable")["unit"][:3])


def test_where_demography_explains_little_the_plain_cost_enters_the_composite() -> None:
    reading = shipped(2013, "2009")
    assert reading.need is not None
    assert reading.need.r_squared_left_out == pytest.approx(0.06, abs=0.01)
    assert (reading.is_adjusted, shipped().is_adjusted) == (False, True)
    assert reading.composite is not None
    assert SCHOOLS.inputs[0] in reading.composite.weights
    assert "adjusted_cost" not in reading.composite.weights
    ids = [SCHOOLS.inputs[0], "schools_per_100_km2", "exam_grade9_mean"]
    wide = load_indicators(ids, years=2013, territory="2009", wide=True)
    again = composite_index(
        wide, dict.fromkeys(ids, 1.0), directions={ids[0]: -1}, normalise="rank", draws=200, seed=1
    ).scores
    ours = reading.composite.scores.set_index("unit").loc[again["unit"]]
    np.testing.assert_allclose(ours["index"], again["index"], atol=1e-12)
    assert not replace(reading, need=None).is_adjusted


def test_several_indicators_of_a_dimension_share_its_weight(made: Callable[..., Store]) -> None:
    two = replace(MADE, quality=("result", "near"), coverage=())
    composite = service_reading(two, year=YEAR, draws=100, seed=1, store=full(made)).composite
    assert composite is not None
    assert composite.weights == {"money": 0.5, "result": 0.25, "near": 0.25}


def test_one_dimension_alone_makes_no_composite(made: Callable[..., Store]) -> None:
    alone = service_reading(replace(MADE, quality=(), coverage=()), year=YEAR, draws=100, seed=1, store=full(made))
    assert alone.composite is None
    assert list(alone.units) == codes()


def near_without_figures(path: Path, **fields: object) -> Store:
    folder = DataFolder(path / "data").measure("near").passport("near", measure="near", direction=1, **fields)
    for name, sign in {"money": -1, "result": 1}.items():
        values = [float(v) for v in range(42)][:: -1 if name == "result" else 1]
        folder.measure(name).source(name, rows(name, dict(zip(codes(), values, strict=True))), territory="2025")
        folder.passport(name, measure=name, direction=sign, dimension="cost" if sign < 0 else "quality")
    return folder.store()


def test_an_indicator_without_figures_is_named(tmp_path: Path) -> None:
    reading = service_reading(MADE, year=YEAR, draws=100, seed=1, store=near_without_figures(tmp_path))
    assert reading.absent == ("near",)
    assert reading.indicators["coverage"] == ()
    assert set(reading.table["indicator"]) == {"money", "result"}


def test_what_only_members_know_of_has_no_name_in_public(tmp_path: Path) -> None:
    store = near_without_figures(tmp_path, access="members")
    asked = {"year": YEAR, "draws": 100, "seed": 1, "store": store}
    assert service_reading(MADE, **asked).absent == ()
    assert service_reading(MADE, access="members", **asked).absent == ("near",)


def test_a_year_without_cost_is_refused() -> None:
    with pytest.raises(NoFiguresError, match="2011, 2012, 2013"):
        service_reading(SCHOOLS, year=2009, seed=1)


def test_regions() -> None:
    assert [unit.name for unit in region_units("Zemgale")][:2] == ["Jelgava", "Aizkraukles novads"]
    assert len(region_units("Zemgale")) == 6
    assert len(region_units("Zemgale", "2009")) == 22
    assert region_units("all") == ()
    with pytest.raises(OptionError, match="Known: Kurzeme, Latgale, Rīga, Vidzeme, Zemgale, or all"):
        region_units("Sēlija")
    everybody = [
        unit.code for region in ("Kurzeme", "Latgale", "Rīga", "Vidzeme", "Zemgale") for unit in region_units(region)
    ]
    assert sorted(everybody) == sorted(codes())


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('demography = ["flat"]', ""),
        ('coverage = ["flat"]', "'flat' has no direction"),
        ('quality = ["flat"]', "'flat' has no direction"),
        ('quality = ["no"]', "'no' has no passport"),
        ('demography = ["no"]', "'no' has no passport"),
    ],
)
def test_the_service_must_name_indicators_that_can_be_judged(line: str, message: str, tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "data")
    for name in ("money", "result", "flat"):
        folder.measure(name).passport(name, measure=name, direction=0 if name == "flat" else 1)
    (folder.path / "catalogue" / "services").mkdir()
    (folder.path / "catalogue" / "services" / "x.toml").write_text(SERVICE + line, encoding="utf-8")
    if message:
        with pytest.raises(CatalogueError, match=message):
            load_catalogue(folder.path)
        return
    service = load_catalogue(folder.path).service("x")
    assert (service.demography, service.coverage, service.quality) == (("flat",), (), ())
