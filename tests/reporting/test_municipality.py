"""The report on one municipality, really run: the notebook as it is committed, a kernel of its own, the page that comes out."""

from __future__ import annotations

import html as markup
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from pages import Page
from report_cases import case, every_text

from benchlib.reporting import ReportFiles, Words, run_report
from benchlib.reporting.base import METADATA_KEY

NOTEBOOK = Path(__file__).parents[2] / "notebooks" / "municipality.ipynb"
HEADINGS = (
    "Who this municipality is",
    "Cost, access and result against the group",
    "How efficient the schools are",
    "Whom to learn from, and what it would be worth",
    "What others can learn here",
    "How the former municipalities differed",
    "Development 2011–2013",
    "What is missing or doubtful",
    "Sources and how this report was made",
)
#: Map, glance, two rankings, frontier, former municipalities, development, slope.
PICTURES = 8


def translated(words: Words) -> list[str]:
    years = words.gettext("Development {first}–{last}").format(first=2011, last=2013)
    return [years if "–2013" in heading else words.gettext(heading) for heading in HEADINGS]


def check(page: Page, language: str) -> None:
    """What every report must be."""
    words = Words(language)  # type: ignore[arg-type]
    assert page.lang == language
    assert [tag for tag, _ in page.headings].count("h1") == 1
    assert [text for tag, text in page.headings if tag == "h2"] == translated(words)
    assert len(page.alts) == PICTURES
    assert all(len(alt) > 60 for alt in page.alts), "a figure is told in words"
    assert page.text.count(words.gettext("How the report was made")) == 1
    assert page.text.rindex("replications") > page.text.rindex(words.gettext("Missing figures")), "provenance last"
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


def says(page: Page, name: str, language: str) -> None:
    """Every sentence that the functions of `texts` make stands in the page, in words or as an alt text."""
    everything = " ".join([page.text, *page.alts])
    flat = " ".join(everything.split())
    for where, text in every_text(case(name), Words(language)):  # type: ignore[arg-type]
        if where != "facts":
            assert " ".join(markup.unescape(text).replace("**", "").split()) in flat, f"{where}: {text}"


def report(folder: Path, municipality: str, **more: object) -> ReportFiles:
    return run_report("municipality", {"municipality": municipality, "replications": 100, **more}, out=folder)


@pytest.mark.notebook
def test_plain_papermill_for_a_former_municipality(tmp_path: Path) -> None:
    out = tmp_path / "out.ipynb"
    command = [sys.executable, "-m", "papermill", str(NOTEBOOK), str(out), "--no-progress-bar"]
    command += ["-p", "municipality", "Vecumnieku novads", "-p", "territory", "2009", "-p", "replications", "100"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    executed = nbformat.read(out, as_version=4)
    outputs = [output for cell in executed.cells if cell.cell_type == "code" for output in cell.outputs]
    assert not [output for output in outputs if output.output_type in {"error", "stream"}]
    blocks = [block for output in outputs for block in output.get("metadata", {}).get(METADATA_KEY, [])]
    headings = [block["text"] for block in blocks if block["block"] == "heading" and block["level"] < 3]
    assert headings == ["Vecumnieku novads salīdzinājumā ar citām pašvaldībām, 2013. gads", *translated(Words("lv"))]
    figures = [block for block in blocks if block["block"] == "figure"]
    assert len(figures) == PICTURES
    assert all(figure["alt"] and figure["caption"] for figure in figures)
    said = " ".join(block["text"] for block in blocks if block["block"] == "paragraph")
    assert "tagad šo teritoriju pārvalda Bauskas novads" in said
    bullets = [item for block in blocks if block["block"] == "bullets" for item in block["items"]]
    expected = [
        text.strip() for where, text in every_text(case("former"), Words("lv")) if where in {"summary", "reach"}
    ]
    assert set(expected) <= set(bullets), "the sentences are those of the functions, for the 110 novadi of that time"


@pytest.mark.notebook
def test_a_state_city(tmp_path: Path) -> None:
    files = report(tmp_path, "Jelgavas pilsēta")
    assert files.html is not None
    page = Page(files.html)
    check(page, "lv")
    says(page, "city", "lv")
    assert page.headings[0] == ("h1", "Jelgava salīdzinājumā ar citām pašvaldībām, 2013. gads")
    assert "(kopā 42)" in page.text, "state cities are compared with everybody"
    assert "Jelgavas novads" not in page.alts[0].split("iezīmēts:")[1].split(".")[0], "the city, not the novads"


@pytest.mark.notebook
def test_an_unscored_municipality_in_english_with_its_network_twice_the_same(tmp_path: Path) -> None:
    asked = {"year": 2011, "language": "en", "group": "network:T2"}
    files = report(tmp_path / "one", "Ādažu novads", **asked)
    again = report(tmp_path / "two", "Ādažu novads", **asked)
    assert files.html is not None
    assert again.html is not None
    page = Page(files.html)
    check(page, "en")
    says(page, "unscored", "en")
    assert "Ādaži municipality has no score: its figures for the year are incomplete." in page.text
    assert "Without a score nothing can be said about who does better." in page.text
    assert "Nobody compared" not in page.text
    assert "network T2" in page.text
    assert files.html.read_bytes() == again.html.read_bytes()
    assert files.notebook is not None
    assert again.notebook is not None
    assert files.notebook.read_bytes() == again.notebook.read_bytes()


def test_the_notebook_is_committed_clean() -> None:
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert not any(cell.outputs or cell.execution_count for cell in code)
    assert code[0].metadata.tags == ["parameters"]
    assert "from_notebook(globals())" in code[1].source
    assert not any(re.search(r"^\s*def |^\s*class ", cell.source, re.MULTILINE) for cell in code)
    assert [cell.metadata.get("tags") for cell in code[-3:]] == [["provenance"]] * 3, "provenance last"
    drawn = [len(re.findall(r"\bshow\(\s*plots\.\w+\(", cell.source)) for cell in code]
    assert sum(drawn) == PICTURES
    assert drawn == [cell.source.count("plots.") for cell in code], "one figure, one call"
