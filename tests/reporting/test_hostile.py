"""Names and texts that want to be more than text, and parameters that want to be code: all of it stays text."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import nbformat
import pytest

from benchlib.errors import BenchlibError
from benchlib.reporting.batch.plan import plan_tasks
from benchlib.reporting.batch.reports import run_reports
from tests.reporting.world import World

#: Everything that once broke a page, a template, a formula, a terminal or a line.
NASTY = (
    "<script>window.hacked=1</script><img src=x onerror=window.hacked=1> \"'`{{ 7*7 }}{% raw %} {m:loc} $x^2$ **b** [red] "
    "#set text(size: 99pt) \\u0007 \u202egnorw\u202c &lt;"
)
LONG = "Ļ" * 10_000


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """Nasty names of a municipality, an indicator, a publisher; caveats of 10,000 letters without a space."""
    world = World(tmp_path_factory.mktemp("world"))
    nasty = NASTY.replace("\\", "\\\\").replace('"', '\\"')
    world.edit(
        "territories.csv",
        lambda text: re.sub(
            r"^(0020000|[0-9]{7}),Bauskas novads,Bauska municipality,novads,Zemgale,2021",
            lambda hit: hit[0].replace("Bauska municipality", '"' + NASTY.replace('"', '""') + '"'),
            text,
            flags=re.MULTILINE,
        ),
    )
    world.edit(
        "catalogue/indicators/education.toml",
        lambda text: text.replace('en = "Education expenditure per pupil"', f'en = "{nasty}"').replace(
            'caveats = { lv = "', f'caveats = {{ lv = "{LONG} {nasty} ', 1
        ),
    )
    world.edit(
        "registry.toml",
        lambda text: text.replace('en = "Ministry of Environmental', f'en = "{nasty} Ministry of Environmental', 1),
    )
    world.edit(
        "catalogue/networks.toml", lambda text: text.replace('lv = "T4 Izglītība un kultūra"', f'lv = "{nasty}"')
    )
    plant_practice(world, nasty)
    plant_register(world)
    return world


def plant_practice(world: World, nasty: str) -> None:
    """A practice example that aims at whatever is compared, with a text as long as may be."""
    both = f'{{ lv = "{nasty}", en = "{nasty}" }}'
    fields = "".join(f"{name} = {both}\n" for name in ("title", "cost", "result", "contact"))
    long = "Ļ" * 3000
    (world.data / "catalogue" / "practices" / "nasty.toml").write_text(
        f'municipality = "Bauskas novads"\ncountry = "LV"\nnetwork = "T4"\nsource = "{nasty}"\nyear = 2013\nlanguage = "lv"\n'
        f'access = "public"\nindicators = ["schools_per_100_km2", "education_expenditure_per_pupil", "exam_grade9_mathematics"]\n'
        f'action = {{ lv = "{long} {nasty}", en = "{nasty}" }}\n{fields}',
        encoding="utf-8",
    )


def plant_register(world: World) -> None:
    """Buildings whose names want to be more than names."""
    file = world.folder / "register.csv"
    name = NASTY.replace('"', '""')
    rows = "".join(f'e{n};"{name} {n}";skola;1000;centralizēta;2024;{100 + n};10\n' for n in range(5))
    file.write_text(f"Kods;Nosaukums;Veids;Platība;Siltuma avots;Gads;Siltums;Elektrība\n{rows}", encoding="utf-8")
    options = ["--municipality", "Bauskas novads", "--id", "nasty", "--access", "public", "--yes"]
    world.run("data", "import", str(file), "--kind", "buildings", *options)


@pytest.mark.notebook
@pytest.mark.browser
def test_hostile_texts_stay_texts(world: World, chromium: str) -> None:
    sync_playwright = pytest.importorskip("playwright.sync_api").sync_playwright
    reports, site = world.folder / "reports", world.folder / "site"
    world.run("reports", "Bauskas novads", "--out", str(reports), "-p", "replications=100")
    others = {
        "network": ["T4", "-p", "members=Bauskas novads; Talsu novads; Dobeles novads"],
        "improvement_plan": ["Dobeles novads", "-p", "replications=100"],
        "energy_efficiency": ["nasty"],
    }
    for notebook, about in others.items():
        world.run("reports", *about, "--notebook", notebook, "--lang", "lv", "--out", str(reports))
    world.run("site", str(site), "--reports", str(reports))
    pages = [*reports.glob("*.html"), *site.rglob("*.html")]
    shown = [path for path in pages if "window.hacked" in path.read_text("utf-8")]
    told = {path.name for path in shown}
    for start in ("network-", "improvement-plan-", "energy-efficiency-", "practices", "bauskas-novads-2013-"):
        assert any(name.startswith(start) for name in told), (
            f"the texts must have got into {start}, or nothing is tested"
        )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium)
        page = browser.new_page(viewport={"width": 360, "height": 800})
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        for path in shown:
            page.goto(path.as_uri())
            assert page.evaluate("window.hacked") is None, path
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{path} scrolls sideways"
            assert "49" not in page.title()
        assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
        browser.close()


@pytest.mark.parametrize(
    "name",
    [
        "Bauskas novads'; import os; os.remove('x') #",
        '"""\nimport os\n"""',
        "{{ 7*7 }}",
        "../../etc/passwd",
        "/etc/passwd",
        "Bauskas novads\nimport os",
        "A" * 10_000,
    ],
)
def test_no_name_becomes_code_or_a_path(name: str) -> None:
    with pytest.raises(BenchlibError) as refused:
        plan_tasks(names=[name])
    assert len(str(refused.value)) < 1000


def test_marks_in_a_name_do_not_reach_the_name_of_a_file() -> None:
    assert {task.stem for task in plan_tasks(names=["\u202eBauska"])} == {
        "bauskas-novads-2013-lv",
        "bauskas-novads-2013-en",
    }


@pytest.mark.notebook
@pytest.mark.parametrize(
    "value", ["similar'; import os; os._exit(1) #", '""" + open("/etc/passwd").read() + """', "{__import__('os')}"]
)
def test_no_parameter_becomes_code(value: str, notebook: Any, tmp_path: Path) -> None:
    """A text that no rule forbids reaches the notebook as a literal."""
    path = notebook(
        "say(repr(parameters.group))",
    )
    try:
        batch = run_reports(
            path,
            ["Bauskas novads"],
            languages=["lv"],
            parameters={"group": value},
            out=tmp_path / "out",
            formats=["ipynb"],
        )
    except BenchlibError:
        return
    assert batch.is_done
    made = nbformat.read(tmp_path / "out" / "bauskas-novads-2013-lv.ipynb", as_version=4)
    assert made.cells[1].source.count("\n") < 20
    said = [output.data["text/plain"] for cell in made.cells for output in cell.get("outputs", []) if "data" in output]
    assert repr(value) in said


@pytest.mark.notebook
def test_files_stay_in_their_folder(notebook: Any, tmp_path: Path) -> None:
    out = tmp_path / "here" / ".." / "out"
    (tmp_path / "here").mkdir()
    run_reports(notebook(), ["Bauskas novads"], languages=["lv"], out=out, formats=["ipynb"])
    assert {path.name for path in tmp_path.iterdir()} == {"out", "here", "notebooks"}
    assert not list((tmp_path / "here").iterdir())
