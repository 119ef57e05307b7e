"""The data chapter of a social-service plan: for a novads, a city, a former municipality, and with figures that members imported."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from drawings import contrast, drawn
from in_process import NOTEBOOKS, run_cells, text_of
from matplotlib.colors import same_color, to_hex
from matplotlib.text import Text

import benchlib as bl
from benchlib.comparison import population_change, social_chapters
from benchlib.errors import OptionError, UnknownTerritoryError
from benchlib.reporting import Block, Figure, Heading, Table, Words, plots, tables, texts
from benchlib.reporting.batch.subjects import stem_of
from benchlib.reporting.plots import style
from benchlib.reporting.schemas import SocialServicesParameters

NOTEBOOK = "plans/social_services.ipynb"
ODD = re.compile(r"\bnan\b|NaN|<NA>|\bNone\b|\{\w+")
BAUSKA = bl.find_municipality("Bauskas novads")
HEADINGS = (
    "Population and age",
    "Unemployment, income and need",
    "Social-protection budget",
    "Social services: extent, access and quality",
    "Comparison with the group",
    "Goals and indicators to follow",
    "Whom to learn from",
    "What is missing or doubtful",
    "Sources and how this report was made",
)
#: Runs both reports in a process of its own, whose home holds invented figures.
SCRIPT = """
import json, sys
sys.path.insert(0, {folder!r})
from in_process import run_cells, text_of
made = {{access: text_of(run_cells({notebook!r}, language="en", access=access)) for access in ("public", "members")}}
print(json.dumps(made))
"""


def table(blocks: list[Block], caption: str) -> list[list[str]]:
    found = next(block for block in blocks if isinstance(block, Table) and block.caption == caption)
    return [[cell.text for cell in row] for row in found.rows]


@pytest.mark.parametrize("language", ["lv", "en"])
def test_the_chapters_stand_in_the_order_of_the_networks_plans(language: str) -> None:
    blocks = run_cells(NOTEBOOK, language=language)
    words = Words(language)  # type: ignore[arg-type]
    shown = [block.text for block in blocks if isinstance(block, Heading) and block.level == 2]
    assert shown == [words.gettext(heading) for heading in HEADINGS]
    text = text_of(blocks)
    assert not ODD.search(text)
    assert words.gettext("No forecast is made.").partition(".")[0] in text or "Prognozes nav" in text
    empty = words.gettext("[to be filled in]")
    goals = table(blocks, words.gettext("Goals, to be set by the municipality"))
    assert [row[2:] for row in goals] == [["–"] * 5, ["–"] * 5, [empty] * 5, [empty] * 5]
    assert all(len(block.alt) > 60 for block in blocks if isinstance(block, Figure))


def test_what_nobody_publishes_is_named_with_where_it_exists() -> None:
    blocks = run_cells(NOTEBOOK, language="en")
    absent = table(blocks, "Indicators without figures")
    assert {row[0] for row in absent} == {
        "Share of inhabitants aged 65 and over",
        "Share of needy persons",
        "Social protection expenditure per inhabitant",
        "Clients per social work specialist",
        "Home care recipients per 1,000 aged 65 and over",
        "Waiting for a social service, days",
    }
    assert all(row[2] for row in absent)
    text = text_of(blocks)
    assert "Cabinet Regulation No. 324 of 13 June 2017, amended by No. 49 of 21 January 2021" in text
    assert "benchlib data import FILE --kind figures" in text
    followed = {row[0]: row for row in table(blocks, "Indicators to follow")}
    waiting = followed["Waiting for a social service, days"]
    assert waiting[2:] == ["the social service's own register of applications", "less", "no data", "[to be filled in]"]
    assert followed["Unemployment rate"][3:] == ["–", "7.3% (2013)", "–"], "context is watched, not set"
    assert "Talsi municipality, 2016" in text
    assert "Vecumnieki municipality, 2016" in text


def test_a_city_has_another_figure_and_the_gap_is_told() -> None:
    blocks = run_cells(NOTEBOOK, language="lv", municipality="Jelgavas pilsēta")
    text = text_of(blocks)
    assert "Par Jelgavu nav iedzīvotāju skaita datu pa gadiem: tabulā ir tikai novadi, bez valstspilsētām." in text
    assert "Bez datiem: Jelgava." in text
    assert "Iedzīvotāju skaits 1. janvārī" in text
    assert not ODD.search(text)


def test_a_median_of_one_city_is_none() -> None:
    """Of Rīga and the novadi of T2 only Rīga has a population on 1 January: that is no median of a group."""
    text = text_of(run_cells(NOTEBOOK, language="en", municipality="Rīgas pilsēta"))
    row = next(line for line in text.splitlines() if line.startswith("Population on 1 January, inhabitants, "))
    assert row.split(" | ")[2:5] == ["too few", "…", "1"]
    assert "group median 588,911" not in text
    assert "too few in the group for a median" in text
    assert not ODD.search(text)


@pytest.mark.parametrize("language", ["lv", "en"])
def test_a_group_of_three_has_no_medians_anywhere(language: str) -> None:
    blocks = run_cells(NOTEBOOK, language=language, group="own: Talsu novads; Ogres novads")
    text = text_of(blocks)
    words = Words(language)  # type: ignore[arg-type]
    position = table(
        blocks, words.gettext("Indicators of {m} beside its comparison group").format(m=words.name(BAUSKA))
    )
    assert {row[2] for row in position} == {words.gettext("too few"), "…"}
    assert {row[3] for row in position} == {"…"}
    assert not ODD.search(text)


def test_doubts_are_told_and_marked() -> None:
    """Sala, a part of Jēkabpils novads, has a doubtful tax of 2011; it and all figures of four parts are carried over."""
    blocks = run_cells(NOTEBOOK, language="en", municipality="Jēkabpils novads", year=2011)
    text = text_of(blocks)
    assert "Unemployment rate, 2011: 12.1%\u00a0?; median of the group" in text
    assert "Unemployment rate, Sala municipality, 2011: The value is 1.7 to 2.4 times" in text
    assert re.search(r"\d+ figures were carried over the reform of 2021", text)
    assert "?: doubtful figure." in text
    followed = {row[0]: row for row in table(blocks, "Indicators to follow")}
    assert followed["Unemployment rate"][4].endswith("\u00a0? (2011)")
    calm = text_of(run_cells(NOTEBOOK, language="en", municipality="Jēkabpils novads", year=2013))
    assert "Sala municipality, 2011" not in calm, "the chapters of 2013 do not show it"


def test_a_chapter_of_an_earlier_year_knows_no_later_figure_where_it_has_one() -> None:
    text = text_of(run_cells(NOTEBOOK, language="en", year=2012))
    assert "Unemployment rate, 2012: " in text
    assert "Unemployment rate, 2013" not in text


def test_a_former_municipality() -> None:
    blocks = run_cells(NOTEBOOK, language="en", municipality="Vecumnieku novads", territory="2009", year=2013)
    text = text_of(blocks)
    assert "There is no yearly series of the population for the municipalities of this time." in text
    assert "Vecumnieki municipality was a municipality of its own until 30 June 2021" in text
    assert "Figures far from" not in text, "those of 2013 are not old for 2013"
    assert not ODD.search(text)


@pytest.mark.parametrize("code", [unit.code for unit in bl.classification("2025")][::8])
def test_real_municipalities(code: str) -> None:
    assert not ODD.search(text_of(run_cells(NOTEBOOK, municipality=code, group="similar")))


def plant(home: Path) -> None:
    """Invented figures of members, for every municipality of 2025 and three years."""
    folder = home / "benchlib" / "data"
    (folder / "figures").mkdir(parents=True)
    rows = [
        (unit.code, year, measure, base * (1 + 0.01 * k) * (1 + 0.02 * (year - 2022)))
        for k, unit in enumerate(bl.classification("2025"))
        for year in (2022, 2023, 2024)
        for measure, base in (
            ("social_protection_expenditure", 4e6),
            ("population_65_and_over", 8000),
            ("home_care_recipients", 250),
            *([("population_annual_average", 30_000)] if year == 2022 else []),
        )
    ]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["territory", "year", "measure", "value", "status", "symbol"])
    writer.writerows([*row, "observed", ""] for row in rows)
    content = out.getvalue().encode()
    (folder / "figures" / "invented.csv").write_bytes(content)
    measures = json.dumps(sorted({row[2] for row in rows}))
    (folder / "registry.toml").write_text(
        f"""
[[sources]]
id = "invented"
publisher = {{ lv = "Noslēpumu birojs", en = "Bureau of secrets" }}
table = {{ lv = "Izdomāta tabula", en = "Invented table" }}
territory = "2025"
years = [2022, 2023, 2024]
measures = {measures}
licence = "invented"
access = "members"
vintage = 2026-11-23
vintage_basis = "compiled"
file = "figures/invented.csv"
rows = {len(rows)}
sha256 = "{hashlib.sha256(content).hexdigest()}"
caveats = {{ lv = "", en = "" }}
""",
        encoding="utf-8",
    )


def test_figures_of_members_are_shown_to_members_alone(tmp_path: Path) -> None:
    plant(tmp_path)
    script = SCRIPT.format(folder=str(Path(__file__).parent), notebook=NOTEBOOK)
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=os.environ | {"XDG_DATA_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    made = json.loads(done.stdout)
    assert made["public"] == text_of(run_cells(NOTEBOOK, language="en")), "what members imported leaves no trace"
    closed = made["members"]
    assert "Bureau of secrets" in closed
    assert "This report may hold figures, plans or practice examples that are not public" in closed
    # Bauska is the 14th of the codes: 4,000,000 * 1.13 * 1.04 euro for 40,774 inhabitants.
    place = [unit.code for unit in bl.classification("2025")].index("0025000")
    euro = 4e6 * (1 + 0.01 * place) * 1.04 / 40774
    assert f"Social protection expenditure per inhabitant, 2024: €{euro:.0f}; median of the group" in closed
    assert "There are no figures on: “Clients per social work specialist” and “Waiting for a social service”." in closed
    assert "Development year by year. Social protection expenditure per inhabitant" in closed
    assert not ODD.search(closed)


@pytest.mark.notebook
def test_plain_papermill(tmp_path: Path) -> None:
    out = tmp_path / "out.ipynb"
    command = [sys.executable, "-m", "papermill", str(NOTEBOOKS / NOTEBOOK), str(out), "--no-progress-bar"]
    command += ["-p", "municipality", "Talsu novads", "-p", "language", "en"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    outputs = [output for cell in json.loads(out.read_text("utf-8"))["cells"] for output in cell.get("outputs", [])]
    assert not [output for output in outputs if output["output_type"] in {"error", "stream"}]
    assert "Data for the social-service development plan: Talsi municipality, 2024" in json.dumps(outputs)


def test_wrong_parameters_and_names_of_files() -> None:
    made = SocialServicesParameters.from_mapping
    assert stem_of(made({"municipality": "bauska"})) == "social-services-bauskas-novads-2024-lv"
    with pytest.raises(UnknownTerritoryError, match="Bauskas novads"):
        stem_of(made({"municipality": "Vecumnieku novads"}))
    with pytest.raises(OptionError, match="network:T9"):
        stem_of(made({"group": "network:T9"}))


def test_the_notebooks_are_committed_clean() -> None:
    for name in (NOTEBOOK, "plans/improvement_plan.ipynb"):
        notebook = json.loads((NOTEBOOKS / name).read_text("utf-8"))
        code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
        sources = ["".join(cell["source"]) for cell in code]
        assert not any(cell["outputs"] or cell["execution_count"] for cell in code)
        assert code[0]["metadata"]["tags"] == ["parameters"]
        assert "from_notebook(globals())" in sources[1]
        assert not [source for source in sources if re.search(r"^\s*def |^\s*class ", source, re.MULTILINE)]
        assert [cell["metadata"].get("tags") for cell in code[-3:]] == [["provenance"]] * 3
        assert all(source.count("plots.") == len(re.findall(r"\bshow\(\s*plots\.\w+\(", source)) for source in sources)


def test_members_of_the_network_are_named_with_what_they_belong_to_now() -> None:
    network = bl.load_catalogue().network("T2")
    today = texts.social.member_sentences(network, Words("lv"))[0]
    assert "Skrundas novads (tagad – Kuldīgas novads)" in today
    assert "Vecumnieku novads (tagad – Bauskas novads)" in today
    assert "Ogres novads," in today, "its name and its place are there"
    then = texts.social.member_sentences(network, Words("lv"), territory="2009")[0]
    assert "Skrundas novads," in then


def test_the_plan_is_promised_by_what_there_is() -> None:
    group = bl.comparison_group("Bauskas novads", year=2013)
    services = social_chapters(group, year=2013)[-1]
    without = texts.social.plan_sentence(services, Words("lv"))
    assert without.startswith("Kad būs dati par pakalpojumiem")
    row = pd.DataFrame([{"indicator": "home_care_per_1000_aged_65", "value": 22.5}])
    known = replace(services, profile=replace(services.profile, table=row))
    told = texts.social.plan_sentence(known, Words("lv"))
    assert told.startswith("No šiem datiem veiktspējas uzlabošanas plāns")
    for text in (without, told):
        assert "darba burtnīca" not in text
        assert text.endswith("-p theme=T2")


def test_commands_speak_the_language_of_the_text() -> None:
    told = " ".join(texts.social.import_bullets(Words("lv")))
    assert "benchlib data import DATNE --kind figures" in told
    assert "FILE" not in told


def test_dots_in_the_table_have_a_legend() -> None:
    found = tables.social.position(
        social_chapters(bl.comparison_group("Bauskas novads", year=2013), year=2013),
        bl.load_catalogue().indicators,
        Words("en"),
    )
    assert any(cell.text == "…" for row in found.rows for cell in row)
    assert "…: there are no figures for it." in found.note


@pytest.mark.parametrize("language", ["lv", "en"])
def test_the_figure_of_population(language: str) -> None:
    words = Words(language)  # type: ignore[arg-type]
    group = bl.comparison_group("Bauskas novads", group="network:T2", year=2024)
    change = population_change(group, year=2024)
    names = {unit.code: words.name(unit) for unit in bl.classification("2025")}
    ax = plots.population(change, names, words)
    figure = drawn(ax)
    own = next(line for line in ax.lines if same_color(line.get_color(), style.OWN))
    assert list(own.get_ydata()) == change.summary["index"].tolist()
    shown = {text.get_text() for text in ax.texts}
    ada, kuldiga = (names[bl.find_municipality(name).code] for name in ("Ādažu novads", "Kuldīgas novads"))
    assert shown == {words.number(85.7, 1), words.number(87.1, 1), ada, kuldiga}, "who grew and who lost most is named"
    for text in ax.texts:
        box = text.get_window_extent()
        assert ax.bbox.x0 <= box.x0
        assert ax.bbox.y0 <= box.y0
        assert box.x1 <= figure.bbox.x1
        assert box.y1 <= ax.bbox.y1, "no name is cut off"
    for text in figure.findobj(Text):
        if text.get_text().strip():
            assert contrast("#ffffff", to_hex(text.get_color())) >= 4.5
    told = texts.social.population_texts(change, names, words)
    assert words.number(145.9, 1) in told["alt"]


def test_a_group_of_one_and_of_cities_has_no_lines_to_name() -> None:
    words = Words("lv")
    names = {unit.code: words.name(unit) for unit in bl.classification("2025")}
    alone = bl.comparison_group("Jelgavas novads", group="network:T4", year=2024)
    change = population_change(alone, year=2024)
    drawn(plots.population(change, names, words))
    said = texts.social.population_sentences(change, words)
    assert said[1:] == ["Mediānas nav, jo grupā ir par maz pašvaldību ar datiem (1)."], "no median of one"
    told = texts.social.population_texts(change, names, words)
    assert "mediāna –" not in told["alt"]
    assert "pārtrauktā" not in told["caption"]
    city = bl.comparison_group("Jelgavas pilsēta", group="kind", year=2024)
    nobody = population_change(city, year=2024)
    assert nobody.table["index"].isna().all()
    assert social_chapters(city, year=2024)[0].key == "population"
