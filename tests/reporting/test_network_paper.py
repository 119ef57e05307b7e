"""The meeting paper, really made: the notebook as it is committed, what is open and what is closed in it."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from axe import open_browser, violations
from in_process import run_cells, text_of
from network_cases import GUESTS
from pages import Page

from benchlib import find_municipality
from benchlib.errors import OptionError, ParameterError, UnknownTerritoryError
from benchlib.reporting import NetworkParameters, Words
from benchlib.reporting.batch.subjects import everything, stem_of
from benchlib.reporting.blocks import Figure, Heading


def parameters(**values: object) -> NetworkParameters:
    return NetworkParameters.from_mapping(values)


def test_a_wrong_subject_is_refused_before_anything_starts() -> None:
    with pytest.raises(ParameterError, match="is not a network"):
        stem_of(parameters(network="T9"))
    with pytest.raises(UnknownTerritoryError, match=r"members: .*Nearest: Bauskas novads"):
        stem_of(parameters(members="Bausks novads"))
    with pytest.raises(OptionError, match="names nobody"):
        stem_of(parameters(members="only:"))
    assert stem_of(parameters(network="T2", language="en", access="members")) == "network-t2-2013-en-members"
    assert everything("network", {}) == ["T1", "T2", "T3", "T4"]


@pytest.mark.parametrize(
    "options",
    [
        {"network": "T1", "language": "en"},
        {"network": "T2", "as_of": "1990-01-01"},
        {"network": "T3", "territory": "2009", "language": "en"},
        {"network": "T4", "access": "members", "language": "en"},
        {"network": "T4", "members": GUESTS, "year": 2011},
    ],
    ids=lambda options: "-".join(map(str, options.values()))[:40],
)
def test_the_notebook_runs_for_every_kind_of_network(options: dict[str, object]) -> None:
    found = run_cells("network.ipynb", **options)
    shown = text_of(found)
    headings = [block.text for block in found if isinstance(block, Heading) and block.level == 2]
    words = Words("en" if options.get("language") == "en" else "lv")
    assert words.gettext("Homework") in headings
    assert words.gettext("What has no public figures") in headings
    assert (words.gettext("Closed part: for members only") in headings) == (options.get("access") == "members")
    assert not re.search(r"\bnan\b|\{m", shown)
    assert all(len(block.alt) > 60 for block in found if isinstance(block, Figure))


SECRET = "SLEPENS"
T2_MEMBERS = ("Bauskas novads", "Ogres novads", "Kuldīgas novads", "Tukuma novads", "Ādažu novads", "Talsu novads")
T2_MEASURES = ("social_service_clients", "social_workers", "social_service_waiting_days")


def own_data(folder: Path) -> None:
    """What a user adds: members, a figure and a practice example for members only, a hostile network."""
    for room in ("catalogue/practices", "figures"):
        (folder / room).mkdir(parents=True)
    people = "\n".join(
        f'    {{ name = "{name}", source = "<b>own</b> #list $x$", territory = "2025" }},'
        for name in GUESTS.split("; ")
    )
    (folder / "catalogue" / "networks.toml").write_text(
        f"""[T4]
members = [
{people}
]

[EVIL]
name = {{ lv = "<script>alert(1)</script> $a$ #evil \\u202e", en = "x" }}
theme = {{ lv = "x", en = "x" }}
members_complete = false
members = [{{ name = "Aglonas novads", source = "<img src=x onerror=alert(1)>" }}]
members_unresolved = ["<script>alert(2)</script>"]
sources = ["s"]
[EVIL.indicators]
cost = ["education_expenditure_per_pupil"]

[BARE]
name = {{ lv = "Klubs", en = "Club" }}
theme = {{ lv = "x", en = "x" }}
members_complete = true
members = [{{ name = "Aglonas novads", source = "x" }}, {{ name = "Bauskas novads", source = "x" }}]
sources = ["s"]
""",
        encoding="utf-8",
    )
    texts_ = "".join(f'{name} = {{ lv = "", en = "" }}\n' for name in ("cost", "result", "contact"))
    (folder / "catalogue" / "practices" / "own-secret.toml").write_text(
        f"""municipality = "Ogres novads"
country = "LV"
network = "T4"
indicators = ["education_expenditure_per_pupil"]
source = "internal"
year = 2020
language = "lv"
access = "members"
title = {{ lv = "{SECRET} piemērs", en = "{SECRET}" }}
action = {{ lv = "darbība", en = "action" }}
{texts_}""",
        encoding="utf-8",
    )
    rows = ["0025000", "0040000", "0051000", "0026000", "0030000"]
    places = [(code, 2016, "preschool_places", 1234 + 100 * place) for place, code in enumerate(rows)]
    service = [
        (find_municipality(name).code, year, measure, 1000 * number + 100 * place + year)
        for place, name in enumerate(T2_MEMBERS)
        for year in (2012, 2013)
        for number, measure in enumerate(T2_MEASURES, start=1)
    ]
    registry = _source(folder, "own_places", places) + _source(folder, "own_service", service)
    (folder / "registry.toml").write_text(registry, encoding="utf-8")


def _source(folder: Path, id: str, figures: Sequence[tuple[str, int, str, int]]) -> str:
    """Entry of the list for figures for members only; the file is written too."""
    content = "territory,year,measure,value,status,symbol\n" + "".join(
        f"{code},{year},{measure},{value},observed,\n" for code, year, measure, value in figures
    )
    (folder / "figures" / f"{id}.csv").write_text(content, encoding="utf-8")
    measures = json.dumps(sorted({measure for _, _, measure, _ in figures}))
    return f"""[[sources]]
id = "{id}"
publisher = {{ lv = "{SECRET} avots", en = "{SECRET}" }}
table = {{ lv = "{SECRET} tabula", en = "{SECRET}" }}
territory = "2025"
years = {sorted({year for _, year, _, _ in figures})}
measures = {measures}
licence = "closed"
access = "members"
vintage = 2026-11-23
vintage_basis = "compiled"
file = "figures/{id}.csv"
rows = {len(figures)}
sha256 = "{hashlib.sha256(content.encode()).hexdigest()}"
caveats = {{ lv = "", en = "" }}

"""


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder with the papers of T4, public and for members, and of a hostile network, of a user who added all that."""
    folder = tmp_path_factory.mktemp("papers")
    own_data(folder / "own" / "benchlib" / "data")
    environment = os.environ | {"XDG_DATA_HOME": str(folder / "own")}
    for names, access in ((["T2", "T4", "EVIL", "BARE"], "public"), (["T2", "T4"], "members")):
        command = [sys.executable, "-m", "benchlib", "reports", *names, "--notebook", "network", "--langs", "lv"]
        command += ["-p", f"access={access}", "--out", str(folder), "--formats", "html,ipynb"]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.mark.notebook
def test_what_is_for_members_only_stands_in_their_paper_alone(papers: Path) -> None:
    public, members = (Page(papers / f"network-t4-2013-lv{closed}.html") for closed in ("", "-members"))
    assert SECRET not in (papers / "network-t4-2013-lv.ipynb").read_text("utf-8") + public.source
    for text in (
        f"{SECRET} piemērs",
        f"{SECRET} avots",
        "Tikai dalībniekiem pieejami prakses piemēri",
        "Katras pašvaldības mājasdarbi",
    ):
        assert text in members.text, text
        assert text not in public.text, text
    assert [text for tag, text in members.headings if tag == "h2"][-2:] == [
        "Slēgtā daļa – tikai dalībniekiem",
        "Datu avoti un pārskata tapšana",
    ]
    assert "benchlib datu krājumā vēl nav" in public.text, "as if nobody had the figures that are for members only"


@pytest.mark.notebook
def test_the_closed_part_compares_as_the_open_one_does(papers: Path) -> None:
    public, members = (Page(papers / f"network-t2-2013-lv{closed}.html") for closed in ("", "-members"))
    open_, shut = members.text.split("Slēgtā daļa – tikai dalībniekiem", 1)
    assert "Publiski dati ir par 3 no 8 tīkla rādītājiem." in open_
    assert "tie ir slēgtajā daļā" in open_
    for part in (
        "Dalībnieku salīdzinājums",
        "Visi rādītāji kopā",
        "Mediānas agrāk un tagad",
        "Par ko runāt",
        "Katras pašvaldības mājasdarbi",
        "Visi dati pa pašvaldībām",
        "Gaidīšanas laiks līdz sociālā pakalpojuma saņemšanai, dienas, 2013",
    ):
        assert part in shut, part
    assert shut.index("vidējās puses platuma") > shut.index("Katras pašvaldības mājasdarbi"), "the rule of the homework"
    assert "1. no 6" in shut, "ranks among the members"
    assert members.source.count("<figure") > public.source.count("<figure"), "the dots of everybody"
    assert "1 5 013" not in public.text.replace("\u202f", " ")
    for text in ("slēgtajā daļā", SECRET):
        assert text not in public.text, text


@pytest.mark.notebook
def test_a_network_without_indicators_says_where_they_are_written(papers: Path) -> None:
    bare = Page(papers / "network-bare-2013-lv.html")
    assert "Tīklam vēl nav norādīts neviens rādītājs, tāpēc salīdzināt nav ko." in bare.text
    assert "networks.toml" in bare.text
    assert "[BARE.indicators]" in bare.text
    assert "0 no 0" not in bare.text
    assert "Salīdzinātas" not in bare.text
    assert "Klāt ir 3 pašvaldības" in bare.text
    titles = [text for tag, text in bare.headings if tag == "h2"]
    assert titles == [
        "Kas piedalās",
        "Par ko runāt",
        "Kam ir prakse, ko parādīt",
        "Mājasdarbi",
        "Datu avoti un pārskata tapšana",
    ]
    assert "vienoties, kurus rādītājus tīkls salīdzina" in bare.text


@pytest.mark.notebook
def test_hostile_names_stay_text(papers: Path) -> None:
    evil = Page(papers / "network-evil-2013-lv.html")
    assert "<script>alert" not in evil.source
    assert "<img src=x" not in evil.source
    assert evil.headings[0][1].startswith("<script>alert(1)</script> $a$ #evil")
    assert "<script>alert(2)</script>" in evil.text


@pytest.mark.notebook
@pytest.mark.browser
def test_the_paper_is_accessible_and_fits_a_phone(papers: Path, chromium: str) -> None:
    with open_browser(chromium) as browser:
        for width in (1280, 360):
            page = browser.new_page(viewport={"width": width, "height": 900})
            page.goto((papers / "network-t4-2013-lv-members.html").resolve().as_uri())
            assert page.evaluate("document.documentElement.scrollWidth") == width
            assert violations(page, least="minor") == []
