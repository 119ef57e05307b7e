"""The report on a service, really run: the notebook as it is committed, a kernel of its own, the page that comes out."""

from __future__ import annotations

import ast
import html as markup
import os
import re
from pathlib import Path
from typing import Any

import nbformat
import pytest
from axe import violations
from pages import Page
from report_cases import SCHOOLS
from service_cases import case, every_table, every_text, named

from benchlib.comparison import region_units
from benchlib.errors import ParameterError
from benchlib.reporting import ReportFiles, ServiceParameters, Words, run_report, texts
from benchlib.reporting import run as run_module
from benchlib.reporting.base import METADATA_KEY
from benchlib.reporting.blocks import Table, block_from_json
from benchlib.reporting.values import listed

NOTEBOOK = Path(__file__).parents[2] / "notebooks" / "service.ipynb"
HEADINGS = (
    "The service and its figures",
    "Quality, access, cost and demography in one reading",
    "Cost beside what demography would suggest",
    "The best practice",
    "Scores and how sure they are",
    "Several methods side by side",
    "Whose figures drive the scores",
    "What context has to do with it",
    "Who can learn from whom",
    "What merging promised",
    "Sources and how this report was made",
)
#: Reading, need, frontier, intervals, map, ranks, context, mergers.
PICTURES = 8


def report(folder: Path, **parameters: object) -> ReportFiles:
    return run_report("service", {"replications": 100, **parameters}, out=folder)


@pytest.fixture(scope="module")
def today(tmp_path_factory: pytest.TempPathFactory) -> ReportFiles:
    return report(tmp_path_factory.mktemp("today"))


@pytest.fixture(scope="module")
def former(tmp_path_factory: pytest.TempPathFactory) -> ReportFiles:
    return report(tmp_path_factory.mktemp("former"), year=2012, territory="2009", language="en")


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> ReportFiles:
    return report(tmp_path_factory.mktemp("region"), region="Zemgale")


def page_of(files: ReportFiles) -> Page:
    assert files.html is not None
    return Page(files.html)


def blocks_of(files: ReportFiles) -> list[dict[str, Any]]:
    assert files.notebook is not None
    executed = nbformat.read(files.notebook, as_version=4)
    outputs = [output for cell in executed.cells if cell.cell_type == "code" for output in cell.outputs]
    assert not [output for output in outputs if output.output_type == "error" or output.get("name") == "stdout"]
    return [block for output in outputs for block in output.get("metadata", {}).get(METADATA_KEY, [])]


def check(files: ReportFiles, name: str, language: str) -> None:
    """What every report must be, and that it says what the functions of `texts` and `tables` make of the results."""
    page, words, it = page_of(files), Words(language), case(name)  # type: ignore[arg-type]
    assert page.lang == language
    assert [tag for tag, _ in page.headings].count("h1") == 1
    assert [text for tag, text in page.headings if tag == "h2"] == [words.gettext(heading) for heading in HEADINGS]
    assert len(page.alts) == PICTURES - (name == "former"), "there is no map of before the reform"
    assert all(len(alt) > 60 for alt in page.alts), "a figure is told in words"
    flat = " ".join(" ".join([page.text, *page.alts]).split())
    for where, text in every_text(it, words):
        assert " ".join(markup.unescape(text).replace("**", "").split()) in flat, f"{where}: {text}"
    made = [block_from_json(block) for block in blocks_of(files) if block["block"] in {"table", "note"}]
    for where, table in every_table(it, words).items():
        assert table in made, where
    assert page.captions[-2:] == [words.gettext("Sources of the figures"), words.gettext("How the report was made")]
    assert len(page.captions) == page.source.count("<table") == 13
    assert all(caption.strip() for caption in page.captions)
    assert all(label.strip() for label in page.columns)
    for trace in (
        "Traceback",
        "<script>alert",
        "import benchlib",
        "papermill notebooks",
        str(Path.home()),
        "/tmp/",
        "{m",
    ):
        assert trace not in page.source, trace
    assert not re.search(r"\bnan\b|\bNaN\b|&lt;NA&gt;", page.text)


@pytest.mark.notebook
def test_the_report_of_today(today: ReportFiles) -> None:
    assert today.html is not None
    assert today.notebook is not None
    assert (today.html.name, today.notebook.name) == ("service-schools-2013-lv.html", "service-schools-2013-lv.ipynb")
    check(today, "today", "lv")
    page = page_of(today)
    assert page.headings[0] == ("h1", "Skolas (1.–9. klase): visu pašvaldību salīdzinājums, 2013. gads")
    assert "dea, bootstrap, fdh, order_m, sfa" in page.text, "the methods asked are in the provenance"
    assert "skewed the wrong way" in page.text.rpartition("scipy")[2], "a warning raised is not hidden"


@pytest.mark.notebook
def test_the_report_of_the_former_municipalities_in_english(former: ReportFiles) -> None:
    assert former.html is not None
    assert former.html.name == "service-schools-of-2009-2012-en.html"
    check(former, "former", "en")
    page = page_of(former)
    assert "The frontier rests in part on doubtful figures: Aglona municipality." in page.text
    assert "112 municipalities have complete figures" in page.text


@pytest.mark.notebook
def test_a_region_is_shown_among_all_in_both_formats(region: ReportFiles) -> None:
    assert region.html is not None
    assert region.html.name == "service-schools-zemgale-2013-lv.html"
    page, words, names = page_of(region), Words("lv"), named("lv")
    assert page.headings[0] == (
        "h1",
        "Skolas (1.–9. klase): Zemgales plānošanas reģions visu pašvaldību vidū, 2013. gads",
    )
    own = [unit.code for unit in region_units("Zemgale")]
    highlighted = words.gettext("Highlighted: {names}.").format(names=listed([names[code] for code in own], words))
    assert sum(alt.endswith(highlighted) for alt in page.alts) == PICTURES - 1, "all but the conditions of context"
    made = [block_from_json(block) for block in blocks_of(region) if block["block"] == "table"]
    tables_of = {found.caption: found for found in made if isinstance(found, Table)}
    scores = tables_of[
        words.gettext("Scores of the region's municipalities among all {n}, the best first").format(n=42)
    ]
    reading = tables_of[
        words.gettext(
            "Cost, access and quality of the region's municipalities among all, the best in all together first"
        )
    ]
    ranks = tables_of[words.gettext("Ranks among all municipalities, and demography")]
    for found in (scores, reading, ranks):
        assert {row[0].text for row in found.rows} == {names[code] for code in own}
    assert all("no\N{NO-BREAK SPACE}42" in row[1].text for row in ranks.rows), "ranks are those among all"
    said = " ".join(page.text.split())
    for point in texts.region_points(case("today").overview, "Zemgale", own, names, words):
        assert " ".join(point.split()) in said, "scored among all, as without a region"
    assert "fdh" in page.text
    assert words.gettext("Several methods side by side") in [text for _, text in page.headings]


@pytest.mark.notebook
def test_twice_the_same(today: ReportFiles, tmp_path: Path) -> None:
    again = report(tmp_path)
    for first, second in ((today.html, again.html), (today.notebook, again.notebook)):
        assert first is not None
        assert second is not None
        assert first.read_bytes() == second.read_bytes()


@pytest.mark.notebook
@pytest.mark.browser
def test_on_a_phone_and_on_a_desk(today: ReportFiles, former: ReportFiles, region: ReportFiles, chromium: str) -> None:
    playwright = pytest.importorskip("playwright.sync_api")
    flags = "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    flags += "--disable-component-update --disable-sync"
    wide = "[...document.querySelectorAll('.tabular')].filter(e => e.scrollWidth > e.clientWidth).map(e => e.innerText)"
    # A number and its unit in one line: the cell's own text is no taller than a line. (A light is several pieces, and never breaks.)
    broken = """[...document.querySelectorAll('td.right:not(:has(.light))')].filter(cell => {
        const range = document.createRange(); range.selectNodeContents(cell);
        return !cell.textContent.includes('(') && range.getClientRects().length > 1;
    }).map(cell => cell.textContent)"""
    with playwright.sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=flags.split(), env={**os.environ})
        page = browser.new_page()
        for files in (today, former, region):
            assert files.html is not None
            for width in (360, 390, 640, 1280):
                page.set_viewport_size({"width": width, "height": 800})
                page.goto(files.html.as_uri())
                assert page.evaluate("document.documentElement.scrollWidth") <= width
                assert page.evaluate(wide) == [], f"sideways scrolling at {width}"
                if width in (360, 1280):
                    assert violations(page, least="minor") == []
                if width < 400:
                    assert page.evaluate(broken) == [], f"numbers are torn apart at {width}"
        browser.close()


# --- what is refused before anything starts ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"methods": "dea, nonsense"}, "names 'nonsense', which is not a method. Known: dea, bootstrap"),
        ({"methods": "dea; import os"}, "which is not a method"),
        ({"methods": ""}, "methods is empty"),
        ({"methods": " , "}, "names none"),
        ({"methods": "fdh, fdh"}, "names one method only, .* Name two or more"),
        ({"methods": ["dea"]}, "must be text, not list"),
        ({"year": 2020}, "has figures for 2011, 2012, 2013 only"),
        ({"service": "roads"}, "Known: .*schools"),
        ({"service": "../../etc/passwd"}, "is not a service"),
        ({"service": "<script>alert(1)</script>"}, "is not a service"),
        ({"territory": "2020"}, "Allowed: 2009, 2021, 2025"),
        ({"region": "Sēlija"}, "not a planning region of 2025. Known: Kurzeme"),
        ({"municipality": "Bauskas novads"}, "Unknown parameter 'municipality'"),
        ({"metods": "dea"}, "Did you mean 'methods'"),
        ({"as_of": "yesterday"}, "Write it like 2014-06-30"),
    ],
)
def test_wrong_parameters_start_nothing(
    parameters: dict[str, object], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_module, "work", lambda *_, **__: pytest.fail("a kernel was started"))
    with pytest.raises(ParameterError, match=message):
        run_report("service", parameters, out=tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_methods_are_read_forgivingly_and_each_once() -> None:
    assert ServiceParameters(methods=" fdh,dea ,, fdh ").method_words == ("fdh", "dea")
    assert ServiceParameters().method_words == ("dea", "bootstrap", "fdh", "order_m", "sfa")
    described = {row["name"]: row["meaning"] for row in ServiceParameters.describe()}
    assert "super_efficiency" in described["methods"]


# --- the notebook as committed -----------------------------------------------------------------------------------------


def test_the_notebook_is_committed_clean() -> None:
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert not any(cell.outputs or cell.execution_count for cell in code)
    assert code[0].metadata.tags == ["parameters"]
    assert "ServiceParameters.from_notebook(globals())" in code[1].source
    assert [cell.metadata.get("tags") for cell in code[-3:]] == [["provenance"]] * 3, "provenance last"
    assert sum(cell.source.count("plots.") for cell in code) == PICTURES
    assert len({cell.id for cell in notebook.cells}) == len(notebook.cells)


def test_figures_that_name_municipalities_are_told_whose_figures_are_doubtful() -> None:
    """But for the reading, which knows it, and mergers, from which the doubtful are left out."""
    code = [cell.source for cell in nbformat.read(NOTEBOOK, as_version=4).cells if cell.cell_type == "code"]
    drawn = [text.partition("plots.")[2].partition("texts.")[0] for text in code if "plots." in text]
    silent = {text.partition("(")[0] for text in drawn if "doubtful=" not in text}
    assert silent == {"reading", "context_effects", "merger_gains"}


def test_its_parameters_are_the_defaults_of_the_schema() -> None:
    source = nbformat.read(NOTEBOOK, as_version=4).cells[1].source
    given = {
        statement.target.id: ast.literal_eval(statement.value)  # type: ignore[attr-defined, arg-type]
        for statement in ast.parse(source).body
        if isinstance(statement, ast.AnnAssign)
    }
    assert given == ServiceParameters().to_dict()
    assert given["year"] in SCHOOLS.years
