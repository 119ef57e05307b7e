"""What is for members only is nowhere in what the public gets: not in a number, a name, a file or a log."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path

import pytest
from pdfs import Pdf

from tests.reporting.world import World

#: A cost that nobody has, of a later vintage than the published one; and words that stand nowhere else.
SECRET = 8642.7531
PUBLISHER = "Noslēpumu birojs"
INDICATOR = "Slepenais rādītājs"
#: The number as reports may write it: 8642.75, 8 643, 8,643, 8 642,7531.
NUMBER = re.compile(r"8[\s.,\u00a0\u2009\u202f]?64(2[.,]7|3(?!\d))")

PASSPORT = f"""
[[indicator]]
id = "secret_indicator"
name = {{ lv = "{INDICATOR}", en = "{INDICATOR}" }}
definition = {{ lv = "{INDICATOR}", en = "{INDICATOR}" }}
unit = {{ lv = "EUR", en = "EUR" }}
dimension = "cost"
direction = -1
decimals = 0
measure = "education_expenditure_per_pupil"
access = "members"
caveats = {{ lv = "{INDICATOR}", en = "{INDICATOR}" }}
"""

pytestmark = pytest.mark.notebook


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    world = World(tmp_path_factory.mktemp("world"))
    codes = ["0400200", "0406400", "0407700", "0409500"]  # all parts of Bauskas novads
    rows = [(code, 2013, "education_expenditure_per_pupil", SECRET) for code in codes]
    world.add_source("closed", rows, publisher=PUBLISHER, access="members")
    world.edit("catalogue/indicators/education.toml", lambda text: text + PASSPORT)
    world.edit(
        "catalogue/reports.toml", lambda text: text.replace("compared = [\n", 'compared = [\n    "secret_indicator",\n')
    )
    return world


def texts_of(path: Path) -> list[str]:
    """All that a file says to a reader or in its source, pictures that are text included."""
    content = path.read_bytes()
    if path.suffix == ".pdf":
        pdf = Pdf(content)
        return [pdf.text(), *pdf.bookmarks, *(figure.title for figure in pdf.find("Figure"))]
    text = content.decode("utf-8", errors="replace")
    packed = (base64.b64decode(word) for word in re.findall(r"base64,([A-Za-z0-9+/=]{40,})", text))
    # A letter of a drawn SVG is a path, so its coordinates would be taken for numbers; what it says stands in its alt text.
    return [re.sub(r"base64,[A-Za-z0-9+/=]{40,}", "", text), *(p.decode() for p in packed if p.startswith(b"{"))]


def leaks(folder: Path) -> list[str]:
    """Files below a folder that tell the secret, with what they tell."""
    found = []
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        for text in texts_of(path):
            if hit := NUMBER.search(text) or re.search(f"{PUBLISHER}|{INDICATOR}|secret_indicator", text):
                found.append(f"{path.relative_to(folder)}: {hit[0]}")
    return found


def test_nothing_leaks_into_what_is_public(world: World) -> None:
    reports, site = world.folder / "reports", world.folder / "site"
    names = ["Bauskas novads", "Dobeles novads"]
    said = world.run("reports", *names, "--out", str(reports), "-p", "replications=100")
    assert json.loads((reports / "runs.json").read_text("utf-8"))["runs"][0]["status"] == "done"
    service = world.run(
        "reports", "--notebook", "service", "--out", str(reports), "--lang", "lv", "-p", "replications=100"
    )
    built = world.run("site", str(site), "--reports", str(reports))
    for done in (said, service, built):
        assert not NUMBER.search(done.stdout + done.stderr)
        assert PUBLISHER not in done.stdout + done.stderr
    assert len(list(reports.glob("*.pdf"))) == 5
    assert (site / "index.html").exists()
    assert leaks(reports) + leaks(site) == []


def test_the_search_finds_it_where_it_may_stand(world: World) -> None:
    """The same search over a closed report: it can fail. And the site refuses to show that report."""
    closed, site = world.folder / "closed", world.folder / "site-of-closed"
    options = ["--lang", "lv", "-p", "access=members", "-p", "replications=100"]
    world.run("reports", "Bauskas novads", *options, "--out", str(closed))
    found = "\n".join(leaks(closed))
    for name in ("bauskas-novads-2013-lv-members.html", "bauskas-novads-2013-lv-members.ipynb"):
        assert name in found
    world.run("site", str(site), "--reports", str(closed))
    assert leaks(site) == []
    assert not list(site.rglob("*members*"))
