"""The explorer's controls: what each of them does to the selection, the table, the pages and the link."""

from __future__ import annotations

import base64
import io
import re
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from benchlib.errors import AccessError, UnknownIndicatorError, UnknownTerritoryError
from benchlib.indicators import Store
from benchlib.reporting.explorer import Explorer, ExplorerParameters
from benchlib.reporting.explorer.explorer import PAGES
from tests.indicators.made_up import DataFolder, both, replace_in, toml

BAUSKA, CESIS, DOBELE, OGRE = "0025000", "0026000", "0028000", "0040000"
COST, EXAM, JOBLESS = "education_expenditure_per_pupil", "exam_grade9_mean", "unemployment_rate"
HOSTILE = "<script>alert('x')</script>"


@pytest.fixture
def explorer() -> Explorer:
    return Explorer(ExplorerParameters(language="en"))


def names_in(html: str) -> list[str]:
    """First cell of each row of the table on a page."""
    return re.findall(r"<th scope='row'[^>]*>([^<]*)</th>", html)


def test_it_begins_as_the_parameters_say(explorer: Explorer) -> None:
    assert repr(explorer) == "Explorer(Bauskas novads, 11 municipalities, 3 indicators, 2013)"
    assert explorer.selection.indicators == (COST, EXAM, JOBLESS)
    assert len(explorer.table) == 33
    assert names_in(explorer.shown["table"].value)[0] == "Median"
    assert len(names_in(explorer.shown["table"].value)) == 12
    assert explorer.message.value == ""
    view = explorer._repr_mimebundle_()
    assert view["text/plain"] == repr(explorer)
    assert "application/vnd.jupyter.widget-view+json" in view


def test_another_municipality_brings_its_own_group(explorer: Explorer) -> None:
    before = explorer.selection.members
    explorer.controls.municipality.value = OGRE
    assert explorer.selection.municipality == OGRE
    assert explorer.selection.members != before
    assert OGRE in explorer.selection.members
    assert "<tr role='row' class='own'><th scope='row' role='rowheader' class='left'>Ogre municipality" in (
        explorer.shown["table"].value
    )


def test_a_group_is_ticked(explorer: Explorer) -> None:
    explorer.controls.group.value = "region"
    assert len(explorer.selection.members) == 6
    explorer.controls.group.value = "all"
    assert len(explorer.table) == 3 * 42
    explorer.controls.group.value = "network:T4"
    assert BAUSKA in explorer.selection.members, "the highlighted one is always there"


def test_ticks_by_hand_stay_when_the_municipality_changes(explorer: Explorer) -> None:
    explorer.controls.municipalities.boxes[OGRE].value = True
    assert explorer.controls.group.value == "own"
    assert OGRE in explorer.selection.members
    assert len(explorer.selection.members) == 12
    explorer.controls.municipality.value = CESIS
    assert len(explorer.selection.members) == 12
    assert explorer.controls.municipalities.boxes[CESIS].disabled, "the highlighted one cannot be left out"
    assert not explorer.controls.municipalities.boxes[BAUSKA].disabled


def test_a_search_hides_but_does_not_untick(explorer: Explorer) -> None:
    list_ = explorer.controls.municipalities
    members = explorer.selection.members
    list_.search.value = "ogr"
    (shown,) = list_.widget.children[2].children
    assert shown is list_.boxes[OGRE]
    shown.value = True
    assert set(explorer.selection.members) == {*members, OGRE}
    list_.search.value = ""
    assert len(list_.widget.children[2].children) == 42


def test_indicators_stand_under_their_dimension_and_say_when_there_are_none(explorer: Explorer) -> None:
    list_ = explorer.controls.indicators
    list_.search.value = "pupils"
    headings = [child.value for child in list_.widget.children[2].children if hasattr(child, "placeholder")]
    assert headings == ["<b>Cost</b>", "<b>Productivity</b>", "<b>Context</b>"]
    list_.search.value = "zzz"
    assert "Nothing found" in list_.widget.children[2].children[0].value


def test_an_indicator_more_is_a_column_more(explorer: Explorer) -> None:
    explorer.controls.indicators.boxes["area"].value = True
    assert "area" in explorer.selection.indicators
    assert "Area, km², 2018" in explorer.shown["table"].value, "its nearest year, and it is said"
    assert ("Area", "area") in explorer.indicator.options
    assert explorer.selection.year == 2013, "the year stays"


def test_the_year_changes_the_figures(explorer: Explorer) -> None:
    before = explorer.table.set_index(["territory", "indicator"])["value"]
    explorer.controls.year.value = 2012
    after = explorer.table.set_index(["territory", "indicator"])["value"]
    assert before[BAUSKA, COST] != after[BAUSKA, COST]
    assert "Education expenditure per pupil†, 2012" in explorer.shown["table"].value


def test_without_an_indicator_it_says_what_to_do_and_recovers(explorer: Explorer) -> None:
    for name in explorer.selection.indicators:
        explorer.controls.indicators.boxes[name].value = False
    assert "Select at least one indicator" in explorer.message.value
    assert explorer.shown["table"].value == explorer.download.value == ""
    explorer.controls.indicators.boxes[EXAM].value = True
    assert explorer.message.value == ""
    assert len(names_in(explorer.shown["table"].value)) == 12


def test_rows_follow_the_indicator_that_ranks(explorer: Explorer) -> None:
    by_cost = names_in(explorer.shown["table"].value)
    explorer.indicator.value = EXAM
    by_exam = names_in(explorer.shown["table"].value)
    assert by_cost[1] == "Limbaži municipality"
    assert by_exam[1] == "Sigulda municipality"
    assert sorted(by_cost) == sorted(by_exam)


def test_a_page_is_drawn_when_it_is_opened_and_follows_then(explorer: Explorer) -> None:
    assert [page for page in PAGES if explorer.shown[page].value] == ["table"]
    for number, page in enumerate(PAGES):
        explorer.pages.selected_index = number
        assert explorer.shown[page].value, page
    for page in ("ranking", "development", "pairs"):
        assert re.search(r"<img src='data:image/[^;]+;base64,[^']+' alt='[^']{20,}'", explorer.shown[page].value), page
    explorer.pages.selected_index = PAGES.index("pairs")
    before = explorer.shown["pairs"].value
    explorer.across.value = JOBLESS
    assert explorer.shown["pairs"].value != before
    assert "Unemployment rate, 2013" in explorer.shown["pairs"].value
    explorer.pages.selected_index = 0
    explorer.controls.group.value = "region"
    stale = explorer.shown["ranking"].value
    explorer.pages.selected_index = PAGES.index("ranking")
    assert explorer.shown["ranking"].value != stale, "a page that was drawn before follows when it is opened again"


def linked(explorer: Explorer) -> tuple[str, pd.DataFrame]:
    found = re.fullmatch(
        r"<a download='([^']+)' href='data:text/csv;charset=utf-8;base64,([^']+)'>.*</a>", explorer.download.value
    )
    assert found
    content = base64.b64decode(found[2])
    assert content.startswith(b"\xef\xbb\xbfterritory,name,"), "Excel needs the mark to see Latvian letters"
    return found[1], pd.read_csv(io.BytesIO(content), dtype={"territory": "str"}, keep_default_na=True)


def test_what_is_shown_can_be_saved(explorer: Explorer) -> None:
    name, saved = linked(explorer)
    assert name == "bauskas-novads-table-2013.csv"
    assert list(saved.columns) == list(explorer.table.columns)
    assert saved["territory"].tolist() == explorer.table["territory"].tolist(), "zeros at the front are kept"
    assert saved["value"].tolist() == explorer.table["value"].tolist()
    explorer.pages.selected_index = PAGES.index("development")
    name, saved = linked(explorer)
    assert name == "bauskas-novads-development-2013.csv"
    assert set(saved["year"]) == set(explorer.development["year"]) == set(range(2009, 2015))


def test_what_code_takes_is_a_copy(explorer: Explorer) -> None:
    taken = explorer.table
    taken["value"] = 0.0
    assert (explorer.table["value"] > 0).all()


def test_it_speaks_latvian() -> None:
    explorer = Explorer()
    assert "Izglītības izdevumi uz vienu skolēnu" in explorer.shown["table"].value
    assert ("Bauskas novads", BAUSKA) in explorer.controls.municipality.options
    assert ("T4 Izglītība un kultūra", "network:T4") in explorer.controls.group.options


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        ({"municipality": "Baukas novads"}, UnknownTerritoryError),
        ({"indicators": "exam_grade9"}, UnknownIndicatorError),
        ({"group": "own: Nowhere"}, UnknownTerritoryError),
    ],
)
def test_wrong_parameters_are_refused_before_anything_is_shown(asked: dict[str, str], error: type[Exception]) -> None:
    with pytest.raises(error):
        Explorer(ExplorerParameters(**asked))  # type: ignore[arg-type]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    folder = DataFolder(tmp_path / "data")
    folder.measure("bad").passport("bad", measure="bad", direction=1).measure("shut").passport("shut", measure="shut")
    folder.source("s", [(BAUSKA, 2020, "bad", 1), (CESIS, 2020, "bad", 2)], "2021")
    folder.source("closed", [(BAUSKA, 2020, "shut", 888)], "2021", access="members")
    named = {"id": "bad", "name": both("bad")}
    replace_in(folder.path / "catalogue/indicators/made_up.toml", toml(named), toml(named | {"name": both(HOSTILE)}))
    return folder.store()


def test_it_shows_public_figures_only_unless_asked(store: Store) -> None:
    asked = {"group": f"own: {CESIS}", "indicators": "bad"}
    public = Explorer(ExplorerParameters(**asked), store=store)  # type: ignore[arg-type]
    assert list(public.controls.indicators.boxes) == ["bad"]
    members = Explorer(ExplorerParameters(access="members", **asked), store=store)  # type: ignore[arg-type]
    assert list(members.controls.indicators.boxes) == ["bad", "shut"]
    members.controls.indicators.boxes["shut"].value = True
    assert set(members.table["access"]) == {"public", "members"}


def test_names_are_text_in_every_control(store: Store) -> None:
    explorer = Explorer(ExplorerParameters(group=f"own: {CESIS}", indicators="bad"), store=store)
    for number, page in enumerate(PAGES):
        explorer.pages.selected_index = number
        assert "<script" not in explorer.shown[page].value
    box = explorer.controls.indicators.boxes["bad"]
    assert box.description == HOSTILE
    assert not box.description_allow_html, "ipywidgets would run it"


def test_a_group_that_cannot_be_made_is_reported_and_nothing_is_lost(store: Store) -> None:
    explorer = Explorer(ExplorerParameters(group=f"own: {CESIS}", indicators="bad"), store=store)
    explorer.controls.group.value = "similar"
    assert explorer.message.value, "the made-up store has no context by which to be similar"
    assert explorer.selection.members == (BAUSKA, CESIS)
    assert len(names_in(explorer.shown["table"].value)) == 3
    explorer.controls.group.value = "all"
    assert explorer.message.value == ""


def test_closed_indicators_cannot_be_named(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "data").measure("shut").passport("shut", measure="shut", access="members")
    store = folder.source("s", [(BAUSKA, 2020, "shut", 1)], "2021").store()
    with pytest.raises(AccessError):
        Explorer(ExplorerParameters(group="all", indicators="shut"), store=store)


def test_without_ipywidgets_it_says_how_to_install_them() -> None:
    code = (
        "import sys; sys.modules['ipywidgets'] = None\n"
        "from benchlib.reporting.explorer import Selection, comparison_table\n"
        "try:\n    from benchlib.reporting.explorer import Explorer\n"
        "except ImportError as error:\n    print(type(error).__name__, error)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("MissingPartError")
    assert "pip install benchlib[lab]" in done.stdout
