"""Tables in a real browser: many columns stay in sight, a long table is folded on a phone and never on paper."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from axe import open_browser, violations
from invented import notebook_of

from benchlib.reporting.blocks import Cell, Column
from benchlib.reporting.compose import Blocks, heading, table
from benchlib.reporting.export.html import export_html

pytestmark = pytest.mark.browser

#: As in an improvement plan and in an energy overview in Latvian.
GAPS = table(
    [
        Column("i", "Rādītājs", is_row_header=True),
        Column("o", "Pašvaldība", align="right"),
        Column("t", "Labākā ceturtdaļa no", align="right"),
        Column("g", "Starpība", align="right"),
        Column("r", "Vieta"),
        Column("s", "Cik droši"),
        Column("c", "Kļūst par mērķi"),
    ],
    [
        [
            f"9. klases eksāmens Latvijas un pasaules vēsturē, {2011 + n}",
            "62,5\u202f%",
            "61,2\u202f%",
            "+1,3\u202fpp",
            Cell("13.\u00a0no\u00a018\u00a0(13.–\u206015. no 16–\u206018)", "green", "labākā ceturtdaļa"),
            "no labākās ceturtdaļas nevar droši atšķirt",
            "nē",
        ]
        for n in range(3)
    ],
    caption="Atpalicība",
    highlight=[0],
)
STOCK = table(
    [
        ("t", "Ēku veids"),
        *(
            (str(n), label, "right")
            for n, label in enumerate(
                [
                    "Ēkas",
                    "Apkurināmā platība, m²",
                    "Ar siltumenerģijas datiem",
                    "Siltumenerģija, MWh",
                    "Elektroenerģija, MWh",
                    "Izmaksas",
                    "CO₂, t",
                ]
            )
        ),
    ],
    [["Sociālās aprūpes ēkas", "24", "39\u202f890", "23", "5\u202f643", "915", "562\u202f322\u202f€", "504"]],
    caption="Ēkas",
)
COLUMNS = [("m", "Pašvaldība"), ("x", "Izmaksas", "right"), ("r", "Vieta")]
LONG, SHORT = (
    table(COLUMNS, [[f"Novads {n}", f"{n}\u202f€", Cell(f"{n}.", "red", "zem")] for n in range(rows)], caption=caption)
    for rows, caption in ((42, "Visas pašvaldības"), (30, "Grupa"))
)


#: As in the meeting paper of a network: one indicator with a long name, its lights and ranks.
TWO = table(
    [
        Column("m", "Pašvaldība", is_row_header=True),
        Column("x", "Aprūpes mājās saņēmēji uz 1000 iedzīvotājiem vecumā no 65 gadiem, 2024", align="right"),
    ],
    [
        [name, Cell(f"37,9; {n}. no 8 (visos gados)", "yellow", "vidējā puse")]
        for n, name in enumerate(["Daugavpils", "Augšdaugavas novads", "Dienvidkurzemes novads"], start=1)
    ],
    caption="Rādītāju salīdzinājums: pieejamība",
)
#: How many words of the first column are divided between two lines.
DIVIDED = """() => {
    const caption = [...document.querySelectorAll("caption")].find(c => c.textContent.includes("pieejamība"));
    let divided = 0;
    for (const cell of caption.closest("table").querySelectorAll("th:first-child, td:first-child")) {
        const walker = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
        while (walker.nextNode()) {
            for (const word of walker.currentNode.data.matchAll(/\\p{L}+/gu)) {
                const range = document.createRange();
                range.setStart(walker.currentNode, word.index);
                range.setEnd(walker.currentNode, word.index + word[0].length);
                divided += new Set([...range.getClientRects()].map(box => Math.round(box.top))).size > 1;
            }
        }
    }
    return divided;
}"""


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Any]:
    with open_browser(chromium) as opened:
        yield opened


def test_no_name_is_divided_between_two_lines_on_a_phone(browser: Any, address: str) -> None:
    page = opened(browser, address, 360)
    assert page.evaluate(DIVIDED) == 0
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    table_, frame = page.evaluate(
        """() => {
            const caption = [...document.querySelectorAll("caption")].find(c => c.textContent.includes("pieejamība"));
            return [caption.closest("table").scrollWidth, caption.closest(".tabular").clientWidth];
        }"""
    )
    assert table_ <= frame, "both columns in sight"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("pages") / "report.html"
    report = notebook_of(Blocks(heading("Tabulas", 1), GAPS, STOCK, LONG, SHORT, TWO), Blocks(heading("Vēl")))
    path.write_text(export_html(report, language="lv"), encoding="utf-8")
    return path.as_uri()


def opened(browser: Any, address: str, width: int, **options: Any) -> Any:
    page = browser.new_context(viewport={"width": width, "height": 800}, **options).new_page()
    page.goto(address)
    return page


def test_no_column_is_out_of_sight_on_a_desk(browser: Any, address: str) -> None:
    page = opened(browser, address, 1200)
    for number in range(2):
        box = page.locator(".tabular").nth(number)
        assert box.evaluate("box => box.scrollWidth <= box.clientWidth"), f"table {number} scrolls sideways"
    first, place = (page.locator(f".tabular tbody tr:first-child > :nth-child({n})").first for n in (1, 5))
    assert first.bounding_box()["width"] >= 100, "the name is not squeezed for the place"
    assert place.bounding_box()["width"] < 180
    sign, cell = page.locator(".sign").first.bounding_box(), place.bounding_box()
    assert sign["y"] - cell["y"] < 20, "the sign stands in the first line"


def test_a_long_table_is_folded_on_a_phone_and_opens(browser: Any, address: str) -> None:
    page = opened(browser, address, 390)
    assert page.locator(".long").count() == 1, "thirty rows are not folded"
    height = page.evaluate("document.documentElement.scrollHeight")
    last = page.locator(".long tbody tr").last
    assert not last.is_visible()
    assert page.locator("text=Novads 29").last.is_visible(), "the shorter one is there"
    summary = page.locator(".long summary")
    assert summary.inner_text() == "Visas pašvaldības"
    assert violations(page) == []
    summary.focus()
    page.keyboard.press("Enter")
    assert last.is_visible()
    assert page.evaluate("document.documentElement.scrollHeight") > height + 2000
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert violations(page) == []


@pytest.mark.parametrize("options", [{"width": 1200}, {"width": 390, "java_script_enabled": False}])
def test_it_is_open_on_a_desk_and_without_the_script(browser: Any, address: str, options: dict[str, Any]) -> None:
    page = opened(browser, address, **options)
    assert page.locator(".long tbody tr").last.is_visible()


def test_paper_has_every_row_also_when_the_table_is_folded(browser: Any, address: str) -> None:
    page = opened(browser, address, 390)
    page.emulate_media(media="print")
    assert page.locator(".long").evaluate("long => !long.open")
    assert page.locator(".long tbody tr").last.evaluate("row => row.checkVisibility()")
    assert page.locator(".long caption").bounding_box()["height"] > 10, "its name stands above it"
    assert not page.locator(".long summary").is_visible()
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator(".long").evaluate("long => long.open"), "browsers that cannot do it by style alone"
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator(".long").evaluate("long => !long.open")
