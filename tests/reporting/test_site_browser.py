"""The site as readers have it: a real Chromium, from the folder and from a static server, by mouse, finger and keyboard."""

from __future__ import annotations

import functools
import http.server
import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import axe
import pytest
from site_cases import Case, built

from benchlib.reporting.site.places import alphabetical, former_places, places

pytestmark = pytest.mark.browser
KINDS = ("file", "http")


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    return built(tmp_path_factory)


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture(scope="module")
def addresses(case: Case) -> Iterator[dict[str, str]]:
    """Where the site is: in its folder, and on a server on this machine that knows nothing but files."""
    handler = functools.partial(Quiet, directory=str(case.folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield {"file": case.folder.as_uri(), "http": f"http://127.0.0.1:{server.server_port}"}
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Any]:
    with axe.open_browser(chromium) as opened:
        yield opened


class Visit:
    """A page with what it asked for and what it complained about."""

    def __init__(self, browser: Any, address: str, **options: Any) -> None:
        self.context = browser.new_context(**{"viewport": {"width": 1200, "height": 900}} | options)
        self.page = self.context.new_page()
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("console", lambda message: self.complaints.append(f"{message.text} {message.location}"))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.goto(address)

    def __enter__(self) -> Any:
        return self.page

    def __exit__(self, *_: object) -> None:
        self.context.close()
        # For a report of the tests, which names no icon, the browser asks the server for one; nothing else may be missing.
        assert not [text for text in self.complaints if "/favicon.ico" not in text]
        places = {urlsplit(url)[:2] for url in self.requests} - {("data", "")}
        assert len(places) == 1, places


#: How many tiles the arrow keys lead to, from the one that the tab key reaches.
WALK = """() => {
    const reached = new Set(), todo = [document.querySelector(".tile[tabindex='0']")];
    while (todo.length) {
        const tile = todo.pop();
        if (reached.has(tile)) continue;
        reached.add(tile);
        for (const key of ["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight"]) {
            tile.focus();
            tile.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
            todo.push(document.activeElement);
        }
    }
    return reached.size;
}"""


def shown(page: Any) -> list[str]:
    return page.locator(".sortable tbody th a").all_inner_texts()  # type: ignore[no-any-return]


def values(page: Any) -> list[str]:
    return page.locator(".sortable tbody .value .told").all_inner_texts()  # type: ignore[no-any-return]


@pytest.mark.parametrize("kind", KINDS)
def test_a_councillor_finds_the_report_by_a_former_name(browser: Any, addresses: dict[str, str], kind: str) -> None:
    with Visit(browser, f"{addresses[kind]}/index.html") as page:
        page.get_by_role("combobox", name=re.compile("^Meklēt|^Find")).fill("vecumnieki")
        assert page.get_by_role("option").all_inner_texts()[0].startswith("Vecumnieku novads")
        assert "Bauskas novads" in page.get_by_role("option").first.inner_text()
        page.keyboard.press("Enter")
        page.wait_for_url("**/municipality/bauskas-novads.html")
        assert page.get_by_role("heading", level=1).inner_text() == "Bauskas novads"
        page.locator("main").get_by_role("link", name="Bauskas novads salīdzinājumā").first.click()
        page.wait_for_url("**/reports/bauskas-novads-2013-lv.html")
        page.go_back()
        page.get_by_role("link", name="English").first.click()
        page.wait_for_url("**/en/municipality/bauskas-novads.html")
        assert page.get_by_role("heading", level=1).inner_text() == "Bauska municipality"
        page.get_by_role("navigation").get_by_role("link").first.click()
        page.wait_for_url("**/en/index.html")


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("Bauskas novads", ["Bauskas novads"]),
        ("BAUSKA", ["Bauskas novads"]),
        ("cesis", ["Cēsu novads"]),
        ("ķekava", ["Ķekavas novads"]),
        ("kekavas nov.", ["Ķekavas novads"]),
        ("jelgava", ["Jelgava", "Jelgavas novads"]),
        ("Jelgavas pilsēta", ["Jelgava", "Jelgavas novads"]),
        ("Jelgavas nov.", ["Jelgavas novads", "Jaunjelgavas novads"]),
        ("valstspilsēta Rēzekne", ["Rēzekne"]),
        ("inčukalna", ["Inčukalna novads", "Inčukalna novads"]),
        ("varaklani", ["Varakļānu novads"]),
        ("jekabpisl", ["Jēkabpils", "Jēkabpils novads"]),
        ("valmeira", ["Valmiera", "Valmieras novads"]),
        ("salspils", ["Salaspils novads"]),
        ("T2", ["T2 Sociālais darbs un veselības aprūpes pieejamība"]),
        ("xyzzy", []),
        ("   ", []),
        ("<!>", []),
        ("(", []),
    ],
)
def test_search_forgives(start: Any, typed: str, expected: list[str]) -> None:
    field = start.locator("#search")
    field.fill(typed)
    found = [text.split("\n")[0].strip() for text in start.locator("#found li b").all_inner_texts()]
    assert found[: len(expected)] == expected
    assert bool(found) == bool(expected)
    count = start.locator("#found_count").inner_text()
    assert (re.sub(r"\D", "", count) == str(len(found))) == bool(found)
    assert start.locator("#found").is_visible() == bool(expected)


@pytest.fixture(scope="module")
def start(browser: Any, addresses: dict[str, str]) -> Iterator[Any]:
    """The first page, open; tests that use it leave it usable."""
    with Visit(browser, f"{addresses['file']}/index.html") as page:
        yield page


def test_every_name_is_found_by_itself(start: Any) -> None:
    """Every municipality, present or former, typed as it is written, is the first hit."""
    names = [place.unit.name for place in places()] + [former.unit.name for former in former_places()]
    first = start.evaluate(
        """names => names.map(name => {
            const field = document.getElementById("search");
            field.value = name;
            field.dispatchEvent(new Event("input"));
            return document.querySelector("#found li b").textContent;
        })""",
        names,
    )
    assert first == names


def test_the_search_can_be_used_without_a_mouse(browser: Any, addresses: dict[str, str]) -> None:
    with Visit(browser, f"{addresses['file']}/index.html") as page:
        field = page.locator("#search")
        field.focus()
        field.press_sequentially("sal")
        assert field.get_attribute("aria-expanded") == "true"
        field.press("ArrowDown")
        field.press("ArrowDown")
        active = page.locator(f"#{field.get_attribute('aria-activedescendant')}")
        assert active.get_attribute("aria-selected") == "true"
        assert page.locator("#found [aria-selected=true]").count() == 1
        second = page.locator("#found li").nth(1)
        assert active.inner_text() == second.inner_text()
        field.press("ArrowUp")
        field.press("ArrowUp")
        assert field.get_attribute("aria-activedescendant") == page.locator("#found li").last.get_attribute("id")
        field.press("Escape")
        assert not page.locator("#found").is_visible()
        assert field.get_attribute("aria-expanded") == "false"
        field.press("Escape")
        assert field.input_value() == ""


def test_the_map_is_one_stop_and_its_arrows_go_everywhere(browser: Any, addresses: dict[str, str]) -> None:
    with Visit(browser, f"{addresses['file']}/index.html") as page:
        assert page.locator(".tile").count() == 42
        assert page.locator(".tile[tabindex='0']").count() == 1
        assert page.evaluate(WALK) == 42
        bauska = page.locator(".tile[href$='bauskas-novads.html']")
        bauska.focus()
        assert page.locator("#card_name").inner_text() == "Bauskas novads"
        assert page.locator("#card_value").inner_text() == bauska.locator(".told").inner_text(timeout=1000)
        assert page.locator(".tile[tabindex='0']").count() == 1
        page.keyboard.press("ArrowUp")  # one row up, the same column
        assert page.locator("#card_name").inner_text() == "Ķekavas novads"
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        page.wait_for_url("**/municipality/bauskas-novads.html")


def test_choosing_an_indicator_changes_map_table_and_address(browser: Any, addresses: dict[str, str]) -> None:
    with Visit(browser, f"{addresses['file']}/en/index.html") as page:
        page.locator("#indicator").select_option("education_expenditure_per_pupil")
        assert page.locator("#year option").all_inner_texts() == ["2013", "2012", "2011"]
        page.locator("#year").select_option("2012")
        assert page.url.endswith("#education_expenditure_per_pupil-2012")
        assert page.locator("#layer_name").inner_text() == "Education expenditure per pupil, 2012"
        by_place = dict(zip(shown(page), values(page), strict=True))
        tiles = page.locator(".tile .unseen").all_text_contents()
        assert sorted(tiles) == sorted(f"{name}: {value}" for name, value in by_place.items())
        cheap = {name: float(value.strip("€").replace(",", "")) for name, value in by_place.items()}
        darkest = page.locator(".tile.f5 .unseen").all_text_contents()
        assert 8 <= len(darkest) <= 9
        limit = max(cheap[text.split(":")[0]] for text in darkest)
        assert sum(value <= limit for value in cheap.values()) == len(darkest)  # less is better, so less is darker
        assert page.locator(".legend .end").all_inner_texts() == ["worse", "better"]
        page.locator("#indicator").select_option("registered_population")
        assert page.locator(".legend .end").all_inner_texts() == ["least", "greatest"]
        assert page.locator("#year").is_disabled()
        page.reload()  # the address is a link to what is shown
        assert page.locator("#layer_name").inner_text() == "Registered population, inhabitants, 2014"


def test_missing_is_hatched_and_said(browser: Any, addresses: dict[str, str]) -> None:
    with Visit(browser, f"{addresses['file']}/en/index.html#population_annual_average-2024") as page:
        cities = page.locator(".tile.city")
        assert cities.count() == 7
        assert page.locator(".tile.f0").count() == 7
        assert {text.split(": ")[1] for text in cities.locator(".unseen").all_text_contents()} == {"no data"}
        assert "gradient" in cities.first.evaluate("tile => getComputedStyle(tile).backgroundImage")
        assert page.locator("#layer_missing").inner_text() == "7 municipalities have no figure."
        page.get_by_role("button", name="Value").click()
        assert values(page)[-7:] == ["no data"] * 7
        page.get_by_role("button", name="Value").click()
        assert values(page)[-7:] == ["no data"] * 7


def test_the_table_sorts_by_number_and_by_the_latvian_alphabet(browser: Any, addresses: dict[str, str]) -> None:
    with Visit(browser, f"{addresses['http']}/index.html") as page:
        names = [place.unit.name for place in places()]
        assert shown(page) == names == sorted(names, key=alphabetical)
        head = page.locator(".sortable thead th")
        assert head.nth(0).get_attribute("aria-sort") == "ascending"
        head.nth(0).get_by_role("button").click()
        assert shown(page) == names[::-1]
        assert head.nth(0).get_attribute("aria-sort") == "descending"
        head.nth(2).get_by_role("button").click()  # inhabitants: the greatest first, 695 539 before 98 922
        people = [
            int(re.sub(r"\D", "", text)) for text in page.locator(".sortable tbody td[data-value]").all_inner_texts()
        ]
        assert people == sorted(people, reverse=True)
        assert [h.get_attribute("aria-sort") for h in head.all()] == [None, None, "descending", None, None]
        head.nth(3).get_by_role("button").focus()
        page.keyboard.press("Enter")
        scores = [float(text.replace(",", ".")) for text in values(page)]
        assert scores == sorted(scores, reverse=True)
        page.locator("#indicator").select_option("education_expenditure_per_pupil")
        head.nth(4).get_by_role("button").click()
        money = [int(re.sub(r"\D", "", text)) for text in values(page)]
        assert money == sorted(money)  # by rank, the best first: less is better


def test_the_alphabet_is_that_of_the_browser(start: Any) -> None:
    names = [place.unit.name for place in places()] + [former.unit.name for former in former_places()]
    names += [
        "Ķ",
        "K",
        "Kz",
        "Č",
        "Cz",
        "ā",
        "a",
        "az",
        "āz",
        "Ž",
        "Zz",
        "Ņ",
        "Nz",
        "ļ",
        "lz",
        "Š",
        "Sz",
        "ģ",
        "gz",
        "ē",
        "ez",
    ]
    theirs = start.evaluate("names => names.sort(new Intl.Collator('lv').compare)", names)
    assert sorted(names, key=alphabetical) == theirs


def test_a_finger_sees_the_figure_first_and_opens_the_page_second(browser: Any, addresses: dict[str, str]) -> None:
    phone = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
    with Visit(browser, f"{addresses['file']}/index.html", **phone) as page:
        tile = page.locator(".tile[href$='ogres-novads.html']")
        assert float(tile.evaluate("tile => parseFloat(getComputedStyle(tile).fontSize)")) >= 10, "letters to be read"
        tile.tap()
        assert page.locator("#card_name").inner_text() == "Ogres novads"
        assert page.url.endswith("/index.html")
        tile.tap()
        page.wait_for_url("**/municipality/ogres-novads.html")


def test_without_javascript_everything_is_there(browser: Any, addresses: dict[str, str]) -> None:
    with Visit(browser, f"{addresses['file']}/index.html", java_script_enabled=False) as page:
        assert not page.locator(".search").is_visible()
        assert not page.locator(".choose").is_visible()
        assert len(shown(page)) == 42
        assert page.locator(".tile.f5").count() >= 8
        assert page.locator(".tile").first.get_attribute("tabindex") is None
        page.locator(".tile[href$='valkas-novads.html']").click()
        page.wait_for_url("**/municipality/valkas-novads.html")
        assert page.locator("table").count() >= 5


PAGES = (
    *("index", "reports", "networks", "municipality/bauskas-novads", "former", "method", "data", "municipality/riga"),
    *("practices", "municipality/talsu-novads"),
)


@pytest.mark.parametrize("width", [320, 480, 768, 1280])
def test_no_page_scrolls_sideways(browser: Any, addresses: dict[str, str], width: int) -> None:
    with Visit(browser, f"{addresses['file']}/index.html", viewport={"width": width, "height": 740}) as page:
        for name in PAGES:
            page.goto(f"{addresses['file']}/{name}.html")
            assert page.evaluate("document.documentElement.scrollWidth") <= width, name
            page.locator("[name=size][value='150']").evaluate("choice => { choice.checked = true; }")
            assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{name} with very large letters"
            if name == "index":
                cut = "box => box.scrollWidth - box.clientWidth"
                assert page.locator(".tabular").evaluate(cut) == 0, "a column is cut off"


@pytest.mark.parametrize(("theme", "width"), [("light", 1200), ("dark", 360)])
def test_axe_finds_nothing_serious(browser: Any, addresses: dict[str, str], theme: str, width: int) -> None:
    options: dict[str, Any] = {"color_scheme": theme, "viewport": {"width": width, "height": 800}}
    with Visit(browser, f"{addresses['file']}/index.html", **options) as page:
        for name in PAGES if theme == "light" else PAGES[::3]:
            page.goto(f"{addresses['file']}/{name}.html")
            if name == "index":
                page.locator("#search").fill("vec")
                page.locator(".tile").first.hover()
            assert axe.violations(page, least="moderate") == [], name


def test_the_reader_s_choice_of_letters_and_colours_goes_with_them(browser: Any, addresses: dict[str, str]) -> None:
    with Visit(browser, f"{addresses['http']}/index.html") as page:
        page.locator(".display summary").click()
        page.locator("[name=size][value='150']").check()
        page.locator("[name=theme][value=dark]").check()
        page.goto(f"{addresses['http']}/en/municipality/ogres-novads.html")
        assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "24px"
        assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"


def test_hostile_texts_did_not_run(browser: Any, addresses: dict[str, str]) -> None:
    with Visit(browser, f"{addresses['file']}/index.html#hostile_indicator-2018") as page:
        assert "<script>window.hit=1</script>" in page.locator("#layer_name").inner_text()
        page.locator("#search").fill("script window hit")
        for name in ("index", "networks", "reports", "data", "municipality/riga", "practices"):
            page.goto(f"{addresses['file']}/{name}.html")
            assert page.evaluate("'hit' in window") is False
            assert page.locator("img").count() == 0


@pytest.mark.parametrize(
    "address", ["#constructor-2013", "#toString-1", "#%", "#x", "#efficiency-schools-1900", "#__proto__-2013"]
)
def test_an_odd_address_shows_the_first_choice(browser: Any, addresses: dict[str, str], address: str) -> None:
    with Visit(browser, f"{addresses['file']}/en/index.html{address}") as page:
        assert page.locator("#layer_name").inner_text() == "Efficiency: Schools (grades 1-9), 2013"
        assert page.locator("#indicator").is_visible()


def practices_shown(page: Any) -> list[str]:
    articles = page.locator(".practice:visible").evaluate_all("all => all.map(one => one.id)")
    return [name.removeprefix("practice-") for name in articles]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("SOCIALA dienesta", {"talsi-social-service-plan", "vecumnieki-social-service-strategy"}),
        ("bauska", {"vecumnieki-social-service-strategy", "vecumnieki-energy-efficiency-overview", "hostile"}),
        ("school network sustainable", {"lps-school-network-criteria"}),  # the words of the other language
        ("energoefektivitte", {"vecumnieki-energy-efficiency-overview"}),  # a slip, and nothing without one
        ("municipal_buildings_heat", {"vecumnieki-energy-efficiency-overview"}),
        ("xyzzy", set()),
        ("(", None),
    ],
)
def test_practices_are_found_as_municipalities_are(
    browser: Any, addresses: dict[str, str], typed: str, expected: set[str] | None
) -> None:
    with Visit(browser, f"{addresses['file']}/practices.html") as page:
        everything = practices_shown(page)
        page.get_by_label("Meklēt prakses piemēru").fill(typed)
        assert set(practices_shown(page)) == (set(everything) if expected is None else expected)
        count = page.locator("#practice_count").inner_text()
        assert re.sub(r"\D", "", count) == (str(len(expected)) if expected else "")
        assert bool(count) == (expected is not None)
        assert bool(page.locator("section[data-network]:visible").count()) == (expected is None or bool(expected))
        assert axe.violations(page, least="moderate") == []


def test_practices_are_chosen_by_network_and_an_address_shows_its_example(
    browser: Any, addresses: dict[str, str]
) -> None:
    with Visit(browser, f"{addresses['http']}/en/practices.html") as page:
        page.get_by_label("Network", exact=True).select_option("t2")
        assert set(practices_shown(page)) == {"talsi-social-service-plan", "vecumnieki-social-service-strategy"}
        assert page.locator("#practice_count").inner_text() == "Found: 2"
        page.get_by_label("Find a practice example").fill("talsi")
        assert practices_shown(page) == ["talsi-social-service-plan"]
        page.keyboard.press("Enter")
        assert page.url.endswith("practices.html"), "a form without a server is not sent"
        page.evaluate("location.hash = 'practice-t4-small-schools'")
        assert page.locator("#practice-t4-small-schools").is_visible()
        page.locator("#practice-t4-small-schools").get_by_role("link", name="Schools per 100 km²").click()
        page.wait_for_url("**/en/data.html#schools-per-100-km2")


def test_practices_are_all_there_without_javascript(browser: Any, addresses: dict[str, str]) -> None:
    with Visit(browser, f"{addresses['file']}/practices.html", java_script_enabled=False) as page:
        assert not page.locator("#practice_search").is_visible()
        assert page.locator(".practice:visible").count() >= 15


def test_the_server_hands_out_every_file(case: Case, addresses: dict[str, str], browser: Any) -> None:
    with Visit(browser, f"{addresses['http']}/") as page:
        assert page.get_by_role("heading", level=1).is_visible()
        for name in (n for n in case.made.files if n.startswith("data/")):
            answer = page.request.get(f"{addresses['http']}/{name}")
            assert answer.body() == (Path(case.folder) / name).read_bytes()
