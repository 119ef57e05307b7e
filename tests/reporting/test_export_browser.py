"""A report in a real browser: nothing runs and nothing leaves, it fits every screen, and the reader's choices hold."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe import open_browser
from invented import HOSTILE, LONG, every_kind, everywhere, notebook_of

from benchlib.reporting.compose import Blocks, heading, say, table
from benchlib.reporting.export.html import export_html
from benchlib.reporting.words import Words

pytestmark = pytest.mark.browser

LV = Words("lv")
LINKS = {"index": "index.html", "en": "b en.html", "pdf": "Ķekava.pdf", "ipynb": "b.ipynb"}
WIDTH = "document.documentElement.scrollWidth"
FONT = "parseFloat(getComputedStyle(document.documentElement).fontSize)"
PAPER = "getComputedStyle(document.documentElement).backgroundColor"
INK = "getComputedStyle(document.body).color"
WHITE, BLACK, NIGHT = "rgb(255, 255, 255)", "rgb(0, 0, 0)", "rgb(20, 27, 34)"


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Any]:
    with open_browser(chromium) as opened:
        yield opened


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three pages: a report, the report in which every text means harm, the report in which every text is long."""
    folder = tmp_path_factory.mktemp("pages")
    pages = {"report": every_kind(), "hostile": everywhere(HOSTILE), "long": everywhere(LONG)}
    for name, notebook in pages.items():
        html = export_html(notebook, links=LINKS if name == "report" else None)
        (folder / f"{name}.html").write_text(html, encoding="utf-8")
    return folder


@pytest.fixture
def opened(browser: Any, folder: Path) -> Iterator[Any]:
    """Return a function that opens a page, or more pages of the same reader, with what the browser complained of."""
    contexts: list[Any] = []

    def opens(name: str, *, width: int = 1280, context: Any = None, **options: Any) -> Any:
        if context is None:
            context = browser.new_context(viewport={"width": width, "height": 800}, **options)
            contexts.append(context)
        page = context.new_page()
        page.complaints = []
        page.requests = []
        page.on("console", lambda message: page.complaints.append(message.text))
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.on("dialog", lambda dialog: page.complaints.append(dialog.message))
        # What comes here has passed the policy of the page and would leave the machine.
        page.route(
            re.compile("^(?!file:|data:)"), lambda route: (page.requests.append(route.request.url), route.abort())
        )
        page.goto((folder / f"{name}.html").as_uri())
        return page

    yield opens
    for context in contexts:
        context.close()


def choose(page: Any, **choices: str) -> None:
    page.evaluate("document.querySelector('.display').open = true")
    for name, value in choices.items():
        page.locator(f"input[name={name}][value='{value}']").check()


def box(page: Any, selector: str) -> dict[str, float]:
    found: dict[str, float] = page.locator(selector).first.bounding_box()
    return found


# --- nothing runs, nothing leaves ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["report", "hostile"])
def test_nothing_runs_and_no_request_leaves(name: str, opened: Any) -> None:
    page = opened(name)
    page.wait_for_load_state("networkidle")
    assert page.evaluate("window.harmed") is None
    assert page.complaints == []
    assert page.requests == []
    assert page.evaluate("document.querySelectorAll('script').length") == 1


def test_even_what_came_in_could_not_run_or_call(opened: Any) -> None:
    page = opened("report")
    page.evaluate(
        """async () => {
            const add = (tag, about) => document.body.append(Object.assign(document.createElement(tag), about));
            add('script', {textContent: 'window.harmed = 1'});
            add('script', {src: 'http://harm.invalid/a.js'});
            add('img', {src: 'http://harm.invalid/a.png'});
            add('style', {textContent: 'body { display: none }'});
            document.body.insertAdjacentHTML('beforeend', '<img src=data:, onerror="window.harmed = 1">');
            document.body.insertAdjacentHTML('beforeend', '<iframe src="http://harm.invalid/"></iframe>');
            await fetch('http://harm.invalid/').catch(() => 0);
            await new Promise(done => setTimeout(done, 50));
        }"""
    )
    assert page.evaluate("window.harmed") is None
    assert page.requests == []
    assert page.locator("h1").is_visible()
    assert len([text for text in page.complaints if "Content Security Policy" in text]) >= 6


def test_a_vector_picture_keeps_its_own_style(opened: Any) -> None:
    page = opened("report")
    colour = page.evaluate(
        """() => {
            const picture = document.querySelector('img[src^="data:image/svg"]');
            const canvas = Object.assign(document.createElement('canvas'), {width: 40, height: 40}).getContext('2d');
            canvas.drawImage(picture, 0, 0, 40, 40);
            return [...canvas.getImageData(20, 20, 1, 1).data];
        }"""
    )
    assert colour == [200, 80, 10, 255]


def test_a_name_cannot_turn_the_rest_of_its_line(browser: Any, folder: Path) -> None:
    text = "Bauska \u202eadvon\u2067 xyz beigas"
    path = folder / "turned.html"
    path.write_text(export_html(notebook_of(Blocks(heading(text, 1), say(text)))), encoding="utf-8")
    page = browser.new_page()
    page.goto(path.as_uri())
    lefts = page.evaluate(
        """() => ['h1', '.opening p'].map(place => {
            const node = document.querySelector(place).firstChild;
            return ['Bauska', 'xyz', 'beigas'].map(word => {
                const range = document.createRange();
                const start = node.data.indexOf(word);
                range.setStart(node, start);
                range.setEnd(node, start + 1);
                return range.getBoundingClientRect().left;
            });
        })"""
    )
    page.close()
    assert all(left == sorted(left) for left in lefts)


# --- it fits ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["report", "hostile", "long"])
def test_no_sideways_scrolling(name: str, opened: Any) -> None:
    page = opened(name)
    for size, width in (("100", 1280), ("100", 640), ("100", 320), ("150", 320), ("150", 800)):
        page.set_viewport_size({"width": width, "height": 800})
        choose(page, size=size)
        assert page.evaluate(WIDTH) <= width, (size, width)
        right = page.evaluate("document.querySelector('.choices').getBoundingClientRect().right")
        assert right <= width, "the choices themselves are in reach"
        if width == 320:
            ends = "Math.max(...[...document.querySelectorAll('.light')].map(e => e.getBoundingClientRect().right))"
            assert page.evaluate(ends) <= width, "a place in the group is not cut off"


def test_on_a_phone_a_row_is_a_card_and_two_columns_stay_a_table(opened: Any) -> None:
    page = opened("report", width=360)
    cards, table_of_two = page.locator("table").first, page.locator("footer table")
    assert cards.evaluate("table => getComputedStyle(table).display") == "block"
    assert cards.locator("td").first.evaluate("cell => getComputedStyle(cell, '::before').content") == '"Vērtība"'
    assert table_of_two.evaluate("table => getComputedStyle(table).display") == "table"
    assert box(page, "footer tbody th")["y"] == pytest.approx(box(page, "footer tbody td")["y"], abs=1)
    assert page.locator("table [role=columnheader]").count() == page.locator("thead th").count()


def test_large_letters_on_a_desk_are_set_like_on_a_phone(opened: Any) -> None:
    page = opened("report", width=900)
    first = "getComputedStyle(document.querySelector('table')).display"
    assert page.evaluate(first) == "table"
    choose(page, size="150")
    assert page.evaluate(first) == "block"


def test_the_contents_stand_beside_the_text_only_where_there_is_room(opened: Any) -> None:
    page = opened("report", width=1280)
    beside, text = box(page, ".contents > div"), box(page, "main > section")
    assert beside["x"] + beside["width"] < text["x"]
    assert text["width"] == pytest.approx(46 * 16), "the text is not squeezed"
    page.evaluate("window.scrollTo(0, 1500)")
    assert 0 <= box(page, ".contents > div")["y"] < 100, "they stay in sight"
    page.evaluate("window.scrollTo(0, 0)")
    page.set_viewport_size({"width": 1100, "height": 800})
    above, text = box(page, ".contents > div"), box(page, "main > section")
    assert above["y"] + above["height"] < text["y"]
    assert above["x"] == text["x"]


def wait_until(page: Any, condition: str) -> None:
    """Wait as a reader would; playwright's own way asks the page to evaluate text, which its policy forbids."""
    for _ in range(100):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(50)
    pytest.fail(f"it did not come to be that {condition}")


def test_a_table_too_wide_is_in_reach_of_the_keyboard(browser: Any, folder: Path) -> None:
    columns = [("m", "Pašvaldība"), *((str(n), f"Rādītājs {n}", "right") for n in range(15))]
    wide = table(columns, [["Bauskas novads", *["1\u202f234\u202f567"] * 15]], caption="Ļoti plata")
    path = folder / "wide.html"
    path.write_text(export_html(notebook_of(Blocks(heading("A", 1), wide))), encoding="utf-8")
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.goto(path.as_uri())
    page.get_by_role("group", name="Ļoti plata").focus()
    page.keyboard.press("ArrowRight")
    wait_until(page, "document.activeElement.scrollLeft > 0")
    page.set_viewport_size({"width": 400, "height": 800})
    wait_until(page, "document.querySelector('.tabular').tabIndex === -1")
    page.close()


# --- the reader's choices -------------------------------------------------------------------------------------------------


def test_the_choices_work_without_the_script(opened: Any) -> None:
    page = opened("report", java_script_enabled=False, color_scheme="dark")
    assert page.evaluate(PAPER) == NIGHT
    page.locator("summary").click()
    page.get_by_label(LV.gettext("Large"), exact=True).check()
    assert page.evaluate(FONT) == 20
    page.locator("[value='150']").check()
    assert page.evaluate(FONT) == 24
    page.locator("[value=light]").check()
    assert page.evaluate(PAPER) == WHITE
    page.locator("[value=high]").check()
    assert page.evaluate(INK) == BLACK


def test_the_colours_follow_the_device_until_the_reader_chooses(opened: Any) -> None:
    page = opened("report")
    for device, chosen, paper in (
        ("light", "auto", WHITE),
        ("dark", "auto", NIGHT),
        ("dark", "light", WHITE),
        ("light", "dark", NIGHT),
    ):
        page.emulate_media(color_scheme=device)
        choose(page, theme=chosen)
        assert page.evaluate(PAPER) == paper, (device, chosen)
    choose(page, theme="auto")
    page.emulate_media(color_scheme="dark", contrast="more")
    assert (page.evaluate(PAPER), page.evaluate(INK)) == (BLACK, WHITE)
    choose(page, theme="light")
    assert (page.evaluate(PAPER), page.evaluate(INK)) == (WHITE, BLACK)


def test_the_choices_hold_for_the_next_page(opened: Any) -> None:
    first = opened("report", width=360)
    choose(first, size="150", contrast="high", theme="dark")
    first.context.add_init_script(f"addEventListener('DOMContentLoaded', () => {{ window.early = {FONT}; }})")
    second = opened("hostile", context=first.context)
    assert second.evaluate("window.early") == 24, "before the reader sees it"
    assert (second.evaluate(FONT), second.evaluate(PAPER)) == (24, BLACK)
    choose(second, size="100", contrast="auto", theme="auto")
    first.reload()
    assert (first.evaluate(FONT), first.evaluate(PAPER)) == (16, WHITE)
    assert first.complaints == second.complaints == []


def test_nonsense_in_the_memory_of_the_browser_does_no_harm(opened: Any) -> None:
    page = opened("report")
    for kept in ("<script>", "null", "3", '{"size": 7, "theme": {"a": 1}}', '["150"]', '{"size": "9"}'):
        page.evaluate("kept => localStorage.setItem('benchlib-display', kept)", kept)
        page.reload()
        assert (page.evaluate(FONT), page.complaints) == (16, []), kept
    choose(page, size="125")
    page.reload()
    assert page.evaluate(FONT) == 20


def test_a_browser_without_memory_still_lets_the_reader_choose(opened: Any) -> None:
    page = opened("report")
    page.context.add_init_script(
        "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('no', 'SecurityError'); }})"
    )
    page.reload()
    choose(page, size="150")
    assert (page.evaluate(FONT), page.complaints) == (24, [])


def test_everything_is_in_reach_of_the_keyboard(opened: Any) -> None:
    page = opened("report")
    active = "document.activeElement"
    page.keyboard.press("Tab")
    assert page.evaluate(f"{active}.textContent") == LV.gettext("Skip to the content")
    assert box(page, ".skip")["x"] >= 0, "seen once it has the focus"
    page.keyboard.press("Tab")
    assert page.evaluate(f"{active}.localName") == "summary"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    assert page.evaluate(FONT) == 20
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate(f"{active}.name") == "theme"
    page.keyboard.press("Escape")
    assert not page.evaluate("document.querySelector('.display').open")
    assert page.evaluate(f"{active}.localName") == "summary"
    page.keyboard.press("Tab")
    assert page.evaluate(f"{active}.textContent") == LV.gettext("All reports")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    assert page.evaluate(f"{active}.localName") == "main"


def test_a_click_beside_the_choices_closes_them(opened: Any) -> None:
    page = opened("report")
    page.locator("summary").click()
    page.locator("legend").first.click()
    assert page.locator(".choices").is_visible()
    page.locator("h1").click(position={"x": 5, "y": 5})
    assert not page.locator(".choices").is_visible()


def test_links_lead_to_the_files_beside_the_page(opened: Any, folder: Path) -> None:
    page = opened("report")
    found = page.evaluate("[...document.querySelectorAll('.forms a')].map(link => link.href)")
    assert found == [(folder / name).as_uri() for name in LINKS.values()]


def test_pictures_stay_on_a_light_card_whatever_the_theme(opened: Any) -> None:
    page = opened("report", color_scheme="dark")
    card = "getComputedStyle(document.querySelector('.picture')).backgroundColor"
    assert page.evaluate(card) == "rgb(238, 241, 244)"
    page.emulate_media(color_scheme="dark", forced_colors="active")
    assert page.evaluate(card) == "rgb(238, 241, 244)", "else the colours of the system would make it black on black"
    page.emulate_media(color_scheme="dark", forced_colors="none")
    choose(page, contrast="high")
    assert page.evaluate(card) == WHITE


# --- paper ----------------------------------------------------------------------------------------------------------------


def test_paper_is_white_whatever_was_chosen(opened: Any) -> None:
    page = opened("report", color_scheme="dark", contrast="more", width=665)
    choose(page, size="150", contrast="high", theme="dark")
    page.emulate_media(media="print")
    assert (page.evaluate(PAPER), page.evaluate(INK)) == (WHITE, BLACK)
    assert page.evaluate(FONT) == pytest.approx(13.33, abs=0.01), "ten points"
    for selector in (".skip", ".display", ".forms", ".contents"):
        assert not page.locator(selector).is_visible()
    assert page.evaluate("getComputedStyle(document.querySelector('table')).display") == "table"
    picture, column = box(page, ".picture img"), box(page, "main")
    assert 0.7 * column["width"] < picture["width"] < 0.76 * column["width"], "its letters are as large as the text"
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")
