"""The data for download: what a researcher's program finds when it trusts `datapackage.json`."""

from __future__ import annotations

import csv
import datetime
import hashlib
import io
import json
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from site_cases import Case, built

from benchlib.comparison import service_overview
from benchlib.indicators import Store, load_catalogue, load_indicators
from benchlib.reporting.site.download import _cell

READ: dict[str, Callable[[str], Any]] = {
    "string": str,
    "integer": int,
    "number": float,
    "boolean": lambda text: {"true": True, "false": False}[text],
    "year": lambda text: int(text) if re.fullmatch(r"\d{4}", text) else int("not a year"),
    "date": datetime.date.fromisoformat,
}


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    return built(tmp_path_factory)


@pytest.fixture(scope="module")
def package(case: Case) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(case.page("data/datapackage.json"))
    return content


def rows_of(case: Case, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(case.page(f"data/{name}.csv"))))


def test_the_package_describes_every_file_and_nothing_else(case: Case, package: dict[str, Any]) -> None:
    assert re.fullmatch(r"[a-z0-9._-]+", package["name"])
    assert package["profile"] == "data-package"
    there = {path.name for path in (case.folder / "data").iterdir()}
    assert {resource["path"] for resource in package["resources"]} == there - {"datapackage.json"}
    assert len({resource["name"] for resource in package["resources"]}) == len(package["resources"])
    for resource in package["resources"]:
        content = (case.folder / "data" / resource["path"]).read_bytes()
        assert resource["bytes"] == len(content)
        assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
        assert (resource["profile"], resource["encoding"], resource["format"]) == (
            "tabular-data-resource",
            "utf-8",
            "csv",
        )
        assert b"\r" not in content
        content.decode("utf-8")


def test_every_row_fits_its_schema(case: Case, package: dict[str, Any]) -> None:
    for resource in package["resources"]:
        schema = resource["schema"]
        lines = list(csv.reader(io.StringIO(case.page(f"data/{resource['path']}"))))
        names = [field["name"] for field in schema["fields"]]
        assert lines[0] == names
        assert lines[1:], resource["name"]
        for line in lines[1:]:
            assert len(line) == len(names)
            for field, text in zip(schema["fields"], line, strict=True):
                if text in schema["missingValues"]:
                    assert not field.get("constraints", {}).get("required"), (resource["name"], field["name"], line)
                else:
                    READ[field["type"]](text)
        keys = [tuple(line[names.index(name)] for name in schema["primaryKey"]) for line in lines[1:]]
        assert len(set(keys)) == len(keys), f"{resource['name']}: a key stands twice"


def test_the_tables_point_to_each_other(case: Case, package: dict[str, Any]) -> None:
    for resource in package["resources"]:
        for link in resource["schema"].get("foreignKeys", []):
            targets = {row[link["reference"]["fields"]] for row in rows_of(case, link["reference"]["resource"])}
            assert {row[link["fields"]] for row in rows_of(case, resource["name"])} <= targets
    sources = {row["id"] for row in rows_of(case, "sources")}
    assert {row["source"] for row in rows_of(case, "indicators")} - {""} <= sources
    assert {name for row in rows_of(case, "passports") for name in row["sources"].split()} <= sources


def test_the_figures_are_those_of_the_store(case: Case) -> None:
    table = load_indicators("all", years="all", store=Store(case.data))
    rows = {(r["indicator"], r["year"], r["territory"]): r for r in rows_of(case, "indicators")}
    shown = {indicator for indicator, _, _ in rows}
    expected = table.loc[table["indicator"].isin(shown)]
    assert len(rows) == len(expected)
    assert shown == set(table.loc[table["value"].notna(), "indicator"])
    for figure in expected.to_dict("records"):
        row = rows[figure["indicator"], str(figure["year"]), figure["territory"]]
        assert (row["value"] == "") == np.isnan(figure["value"])
        if row["value"]:
            assert float(row["value"]) == pytest.approx(figure["value"], rel=1e-11)
        assert (row["status"], row["name"], row["unit"]) == (figure["status"], figure["name"], figure["unit"].strip())


def test_codes_keep_their_zeros(case: Case) -> None:
    for name in ("indicators", "scores", "former_municipalities"):
        assert all(re.fullmatch(r"\d{7}", row["territory"]) for row in rows_of(case, name))


def test_scores_are_those_of_the_report(case: Case) -> None:
    overview = service_overview(load_catalogue().service("schools"), year=2013, seed=1, methods=["dea", "fdh"])
    sure = overview.certainty.scores.set_index("unit") if overview.certainty else None
    assert sure is not None
    rows = [row for row in rows_of(case, "scores") if row["year"] == "2013"]
    assert len(rows) == 42
    for row in rows:
        own = sure.loc[row["territory"]]
        for column, name in {
            "efficiency": "efficiency",
            "corrected": "corrected",
            "low": "low",
            "high": "high",
        }.items():
            assert float(row[column]) == pytest.approx(own[name], rel=1e-11)
        assert (int(row["rank_low"]), int(row["rank_high"])) == (own["rank_low"], own["rank_high"])
        assert float(row["low"]) <= float(row["corrected"]) <= float(row["high"])
    lessons = overview.lessons.set_index("unit")["peers"]
    bauska = next(row for row in rows if row["territory"] == "0025000")
    assert bauska["peers"].split() == [peer for peer, _ in lessons["0025000"]]


def test_municipalities_without_complete_figures_stay_in_the_table(case: Case) -> None:
    rows = [row for row in rows_of(case, "scores") if row["year"] == "2011"]
    assert len(rows) == 42
    absent = [row for row in rows if row["efficiency"] == ""]
    assert len(absent) == 12
    assert all(row["corrected"] == row["rank_low"] == row["peers"] == "" for row in absent)


def test_sources_and_licences_are_named(case: Case, package: dict[str, Any]) -> None:
    names = [licence["name"] for licence in package["licenses"]]
    assert names == ["CC-BY-4.0", "notspecified"]
    publishers = {row["publisher_en"] for row in rows_of(case, "sources")}
    assert all(any(source["title"].startswith(who) for source in package["sources"]) for who in publishers)
    assert {row["licence"] for row in rows_of(case, "sources")} == {"CC-BY-4.0", "not recorded"}


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+371 67000000", "'+371 67000000"),
        ("@cmd", "'@cmd"),
        ("\t=1", "'\t=1"),
        ("-cmd|' /C calc'!A0", "'-cmd|' /C calc'!A0"),
        ("-", "-"),
        ("…", "…"),
        ("Bauskas novads", "Bauskas novads"),
        (-0.5, "-0.5"),
        (0.1 + 0.2, "0.3"),
        (49575.0, "49575"),
        (1e-7, "1e-07"),
        (7, "7"),
        (True, "true"),
        (None, ""),
    ],
)
def test_a_cell_is_data_and_never_a_formula(value: object, cell: str) -> None:
    assert _cell(value) == cell


def test_public_practices_come_with_the_municipality_of_then_and_the_codes_of_today(case: Case) -> None:
    rows = {row["id"]: row for row in rows_of(case, "practices")}
    assert set(rows) == {*load_catalogue().practices, "hostile"}, "none for members"
    energy = rows["vecumnieki-energy-efficiency-overview"]
    assert (energy["municipality"], energy["classification"]) == ("Vecumnieku novads", "2009")
    assert (energy["territory"], energy["indicators"]) == ("0025000", "municipal_buildings_heat_per_m2")
    assert energy["cost_lv"] == energy["cost_en"] == "", "the source does not say it"
    norway = rows["norway-effectiveness-networks"]
    assert (norway["municipality"], norway["territory"], norway["country"]) == ("", "", "NO")
    assert norway["body_lv"] == "Norvēģijas Vietējo un reģionālo varas iestāžu asociācija (KS)"
    assert rows["state-audit-administration"]["year"] == ""
    assert rows["hostile"]["indicators"] == "hostile_indicator", "an indicator for members is not named"
