"""The shipped figures and their catalogue: facts that can be looked up elsewhere, receipts, both languages."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import pytest

from benchlib.indicators import (
    check_data,
    classification,
    data_folder,
    default_store,
    former_municipalities,
    load_catalogue,
    load_indicators,
)

CATALOGUE = load_catalogue()
REGISTRY = CATALOGUE.registry
BAUSKA = "0025000"


def total(indicator: str, year: int) -> float:
    return float(load_indicators(indicator, years=year)["value"].sum())


def value(indicator: str, year: int, municipality: str, territory: str = "2025") -> float:
    table = load_indicators(indicator, years=year, municipalities=municipality, territory=territory)
    return float(table["value"].item())


# Facts --------------------------------------------------------------------------------------------------------------


def test_area_of_bauskas_novads_is_the_published_one() -> None:
    assert round(value("area", 2018, BAUSKA)) == 2173
    assert round(sum(value("area", 2018, code, "2009") for code in former_municipalities(BAUSKA)["code"])) == 2173


def test_area_of_latvia() -> None:
    assert total("area", 2018) == pytest.approx(64_573, rel=1e-3)  # land and inland waters, CSB


def test_roads_and_libraries_add_up_to_the_national_totals() -> None:
    assert total("roads_total_length", 2024) == 57_562
    assert total("public_libraries", 2024) == 712


@pytest.mark.parametrize(
    ("indicator", "year", "municipality", "territory", "published"),
    [
        ("registered_population", 2014, "Rīga", "2009", 695_539),
        ("registered_population", 2014, "Vecumnieku novads", "2009", 9_304),
        ("population_annual_average", 2024, "Bauskas novads", "2025", 40_774),
        ("population_1_january", 2026, "Rīga", "2025", 588_911),
        ("children_preschool_age", 2015, "Rīga", "2009", 50_644),
        ("pupils_grades_1_9", 2013, "Rīga", "2009", 50_323),
    ],
)
def test_population(indicator: str, year: int, municipality: str, territory: str, published: float) -> None:
    assert value(indicator, year, municipality, territory) == published


def test_income_tax_is_in_euro_per_inhabitant() -> None:
    """486 euro a head in 2013 matches the national revenue; amounts left in lats would give 342."""
    tax = load_indicators("income_tax_per_inhabitant", years=2013, territory="2009").set_index("territory")["value"]
    people = load_indicators("registered_population", years=2014, territory="2009").set_index("territory")["value"]
    assert (tax * people).sum() / people.sum() == pytest.approx(486, abs=0.5)


def test_population_covers_novadi_but_not_cities() -> None:
    table = load_indicators("population_annual_average", years=2024)
    kind = {unit.code: unit.kind for unit in classification("2025")}
    is_city = table["territory"].map(kind) == "city"
    assert is_city.sum() == 7
    assert table.loc[is_city, "value"].isna().all()
    assert (table.loc[is_city, "status"] == "missing").all()
    assert table.loc[~is_city, "value"].notna().all()


def test_examinations_are_percentages_and_expenditure_is_plausible() -> None:
    exams = load_indicators("exam_grade9_mean", years="all", territory="2009")["value"].dropna()
    assert len(exams) > 400
    assert exams.between(40, 80).all()
    expenditure = load_indicators("education_expenditure_per_pupil", years="all", territory="2009")["value"].dropna()
    assert expenditure.between(450, 4_000).all()


# Receipts -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("source", REGISTRY.sources, ids=lambda source: source.id)
def test_file_has_the_hash_and_rows_of_the_registry(source) -> None:
    content = (data_folder() / source.file).read_bytes()
    assert hashlib.sha256(content).hexdigest() == source.sha256
    assert content.count(b"\n") == source.rows + 1
    assert b"\r" not in content


def test_every_figures_file_is_registered_once() -> None:
    files = sorted(f"figures/{path.name}" for path in (data_folder() / "figures").iterdir())
    assert sorted(source.file for source in REGISTRY.sources) == files


def test_shipped_data_are_whole() -> None:
    assert check_data() == []


def test_every_source_covers_every_municipality_in_every_year() -> None:
    store = default_store()
    for source in REGISTRY.sources:
        table = store.figures(source.measures)
        table = table.loc[table["source"] == source.id]
        units = len(classification(source.territory))
        assert (table.groupby(["measure", "year"]).size() == units).all(), source.id


def test_everything_shipped_is_public() -> None:
    assert {source.access for source in REGISTRY.sources} == {"public"}
    assert {passport.access for passport in CATALOGUE.indicators.values()} == {"public"}


def test_doubtful_figures_are_marked_and_explained() -> None:
    store = default_store()
    table = store.figures(list(REGISTRY.measures)).set_index(["source", "territory", "year", "measure"])
    marked = set(table.index[table["symbol"] == "?"])
    assert marked == {(doubt.source, doubt.territory, doubt.year, doubt.measure) for doubt in REGISTRY.doubts}
    for doubt in REGISTRY.doubts:
        figure = table.loc[(doubt.source, doubt.territory, doubt.year, doubt.measure)]
        if doubt.used == "missing":
            assert figure["status"] == "missing"
        else:
            used = doubt.published if doubt.used == "as published" else doubt.used
            assert figure["value"] == pytest.approx(float(used), abs=5e-4)


# Catalogue ----------------------------------------------------------------------------------------------------------


def texts() -> Iterator[tuple[str, dict[str, str]]]:
    for measure in REGISTRY.measures.values():
        yield f"measure {measure.id} name", measure.name
    for source in REGISTRY.sources:
        for field in ("publisher", "table", "caveats"):
            yield f"source {source.id} {field}", getattr(source, field)
    for doubt in REGISTRY.doubts:
        yield f"doubt {doubt.territory} {doubt.measure}", doubt.reason
    for passport in CATALOGUE.indicators.values():
        for field in ("name", "definition", "unit", "caveats"):
            yield f"indicator {passport.id} {field}", getattr(passport, field)
    for service in CATALOGUE.services.values():
        for field in ("name", "definition", "caveats"):
            yield f"service {service.id} {field}", getattr(service, field)
    for network in CATALOGUE.networks.values():
        yield f"network {network.id} name", network.name
        yield f"network {network.id} theme", network.theme


def test_text_in_both_languages() -> None:
    checked = list(texts())
    assert len(checked) > 200
    for where, text in checked:
        assert set(text) == {"lv", "en"}, where
        assert all(words and words.strip() == words for words in text.values()), where


def test_every_measure_can_be_loaded_or_weighs_another() -> None:
    used = {measure for passport in CATALOGUE.indicators.values() for measure in passport.measures}
    used |= {measure.weight for measure in REGISTRY.measures.values()}
    assert set(REGISTRY.measures) <= used


def test_every_measure_has_a_source() -> None:
    """All but those that are declared for figures that nobody publishes: they must say so, and have none."""
    without = {name for name in REGISTRY.measures if not REGISTRY.sources_of(name)}
    assert without == {name for name, measure in REGISTRY.measures.items() if measure.is_awaited}


@pytest.mark.parametrize("indicator", [name for name in CATALOGUE.indicators if not CATALOGUE.is_awaited(name)])
def test_every_indicator_has_figures_today(indicator: str) -> None:
    assert load_indicators(indicator, years="all")["value"].notna().sum() > 7


@pytest.mark.parametrize("service", CATALOGUE.services.values(), ids=lambda service: service.id)
def test_service_has_figures_in_each_of_its_years(service) -> None:
    assert service.network in CATALOGUE.networks
    for year in service.years:
        table = load_indicators([*service.inputs, *service.outputs, *service.detail_outputs], years=year, wide=True)
        assert table.notna().all(axis=1).sum() >= 30, (
            year
        )  # 2011 and 2012 miss examinations of small former municipalities


def test_caveats_of_the_sources_reach_the_passports() -> None:
    said = {name: passport.caveats["en"] for name, passport in CATALOGUE.indicators.items()}
    assert "earmarked grant" in said["education_expenditure_per_pupil"]
    assert "lats" in said["income_tax_per_inhabitant"]
    assert "Mean of schools" in said["exam_grade9_mathematics"]
    assert "language of instruction" in said["exam_grade9_latvian"]
    assert "90 %" in said["pupils_grades_1_9"]
    assert "not resident" in said["registered_population"]
    assert "cities" in said["population_annual_average"]
    assert "Jelgavas novads" in said["municipal_streets_paved_share"]


def test_former_municipalities_of_bauskas_novads() -> None:
    table = former_municipalities(BAUSKA)
    assert table["name"].tolist() == ["Bauskas novads", "Iecavas novads", "Rundāles novads", "Vecumnieku novads"]
    assert table["share"].tolist() == [1, 1, 1, 1]
    assert table["basis"].tolist() == ["", "", "", ""]
