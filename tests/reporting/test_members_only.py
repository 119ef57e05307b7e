"""What is for members only is nowhere in what the public gets: not in a number, a name, a file or a log."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path

import pytest
from pdfs import Pdf

import benchlib as bl
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

PRACTICE = f"""
municipality = "Bauskas novads"
country = "LV"
network = "T2"
indicators = ["schools_per_100_km2", "education_expenditure_per_pupil"]
source = "{PUBLISHER}"
year = 2013
language = "lv"
access = "members"
title = {{ lv = "{INDICATOR}", en = "{INDICATOR}" }}
action = {{ lv = "{PUBLISHER}", en = "{PUBLISHER}" }}
cost = {{ lv = "", en = "" }}
result = {{ lv = "", en = "" }}
contact = {{ lv = "", en = "" }}
"""
#: Figures of a measure that nobody publishes, answers of a survey, a register: (kind, options, rows).
IMPORTS = {
    "figures": (
        ["--territory", "2025"],
        "Pašvaldība;Gads;social_protection_expenditure;Piezīmes\nBauskas novads;2023;{money};" + PUBLISHER + "\n",
    ),
    "survey": (
        ["--territory", "2025", "--scale", "1-5", "--respondents", "users"],
        f"Pašvaldība;Gads;Jautājums;n;Vidējais\nBauskas novads;2013;{INDICATOR}?;40;4,1\n",
    ),
    "buildings": (
        ["--municipality", "Bauskas novads"],
        "Kods;Nosaukums;Veids;Platība;Siltuma avots;Gads;Siltums;Elektrība\n"
        + "".join(f"e{n};{INDICATOR};skola;1000;centralizēta;2024;{100 + n};10\n" for n in range(5)),
    ),
}

pytestmark = pytest.mark.notebook


def plant_own(world: World) -> None:
    """A practice, own figures, a survey, a register and a plan, all for members only."""
    (world.data / "catalogue" / "practices" / "secret.toml").write_text(PRACTICE, encoding="utf-8")
    for kind, (options, text) in IMPORTS.items():
        file = world.folder / f"{kind}.csv"
        people = bl.load_indicators("population_annual_average", years=2023, municipalities="Bauskas novads")
        file.write_text(text.replace("{money}", f"{SECRET * people['value'].item():.0f}"), encoding="utf-8")
        extra = ["--column", "Piezīmes=ignore"] if kind == "figures" else []
        world.run("data", "import", str(file), "--kind", kind, "--id", f"own-{kind}", *options, *extra, "--yes")
    drafts = world.folder / "drafts"
    options = ["--years", "2011", "--lang", "lv", "--formats", "html", "-p", "replications=100", "-p", "group=kind"]
    world.run("reports", "Bauskas novads", "--notebook", "improvement_plan", *options, "--out", str(drafts))
    (draft,) = drafts.glob("*.plan.toml")
    plan = (
        draft.read_text("utf-8")
        .replace('what = ""', f'what = "{PUBLISHER}"')
        .replace('notes = ""', f'notes = "{INDICATOR}"')
    )
    draft.write_text(plan, encoding="utf-8")
    world.run("plans", "add", str(draft))


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
    plant_own(world)
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


#: Further notebooks, and what each is about.
ABOUT = {
    "service": ["schools", "-p", "region=Zemgale"],
    "region": ["Zemgale"],
    "network": ["T2", "-p", "members=Dobeles novads"],
    "social_services": ["Bauskas novads"],
    "improvement_plan": ["Bauskas novads", "--years", "2013", "-p", "group=kind"],
}
#: Those that take replications.
_SCORED = {"service", "region", "improvement_plan"}


def test_nothing_leaks_into_what_is_public(world: World) -> None:
    reports, site = world.folder / "reports", world.folder / "site"
    names = ["Bauskas novads", "Dobeles novads"]
    done = [world.run("reports", *names, "--out", str(reports), "-p", "replications=100")]
    assert json.loads((reports / "runs.json").read_text("utf-8"))["runs"][0]["status"] == "done"
    for notebook, about in ABOUT.items():
        options = ["--lang", "lv", *(["-p", "replications=100"] if notebook in _SCORED else [])]
        done.append(world.run("reports", *about, "--notebook", notebook, *options, "--out", str(reports)))
    done += [
        world.run("site", str(site), "--reports", str(reports)),
        world.run("practices", "list"),
        world.run("reports", "demo", "--notebook", "energy_efficiency", "--lang", "lv", "--out", str(reports)),
    ]
    for one in done:
        assert not NUMBER.search(one.stdout + one.stderr)
        assert not re.search(f"{PUBLISHER}|{INDICATOR}", one.stdout + one.stderr)
    assert len(list(reports.glob("*.pdf"))) == 4 + len(ABOUT) + 1
    assert (site / "index.html").exists()
    assert leaks(reports) + leaks(site) == []


@pytest.mark.parametrize("notebook", ["network", "social_services", "improvement_plan", "energy_efficiency"])
def test_the_search_finds_it_in_closed_reports_of_each_kind(world: World, notebook: str) -> None:
    """The planted secrets are where members look for them, so that the test above can fail."""
    closed = world.folder / f"closed-{notebook}"
    about = ABOUT.get(notebook, ["own-buildings"])
    scored = ["-p", "replications=100"] if notebook in _SCORED else []
    options = ["--lang", "lv", "--formats", "html", "-p", "access=members", *scored, "--out", str(closed)]
    world.run("reports", *about, "--notebook", notebook, *options)
    assert leaks(closed)


def test_a_question_that_nobody_asked_is_refused_before_anything_runs(world: World) -> None:
    """And the message does not tell the public what members were asked."""
    out = world.folder / "unasked"
    asked = ["reports", "T4", "--notebook", "network", "-p", "question=Kas tas?", "--out", str(out)]
    closed = world.run(*asked, "-p", "access=members", code=2)
    assert "is in no survey" in closed.stderr
    assert INDICATOR in closed.stderr
    assert not out.exists()
    assert INDICATOR not in world.run(*asked).stderr


def test_the_search_finds_it_where_it_may_stand(world: World) -> None:
    """The same search over a closed report: it can fail. And the site refuses to show that report."""
    closed, site = world.folder / "closed", world.folder / "site-of-closed"
    options = ["--lang", "lv", "-p", "access=members", "-p", "replications=100"]
    world.run("reports", "Bauskas novads", *options, "--out", str(closed))
    found = "\n".join(leaks(closed))
    for name in ("bauskas-novads-2013-lv-members.html", "bauskas-novads-2013-lv-members.ipynb"):
        assert name in found
    page = (closed / "bauskas-novads-2013-lv-members.html").read_text("utf-8")
    brought = page.index("Rādītāji no pašu ievadītajiem datiem")
    assert (
        "Sociālās aizsardzības izdevumi uz vienu iedzīvotāju"
        in page[brought : page.index("Skolu efektivitāte", brought)]
    )
    world.run("site", str(site), "--reports", str(closed))
    assert leaks(site) == []
    assert not list(site.rglob("*members*"))
