"""Figures of the energy overview: what is drawn is what was reckoned; and how they look (tests shared with the other figures)."""

from __future__ import annotations

import numpy as np
import pytest
from drawings import drawn, letters, places, rows_of
from energy_cases import HOSTILE, case
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.legend import Legend
from test_plots_looks import (  # noqa: F401 - the same tests, for the figures of this module
    test_all_letters_are_in_the_houses_font,
    test_letters_can_be_read_on_a_phone,
    test_letters_stand_out_from_what_lies_below,
    test_numbers_are_written_in_the_language,
)

from benchlib.errors import OptionError
from benchlib.reporting import Words, plots, show
from benchlib.reporting.energy_words import MOST_MEASURES
from benchlib.reporting.plots.style import ACCENT, INK, OWN

DRAWINGS = {
    "use": lambda words: plots.building_use(case("demo").use, words),
    "works": lambda words: plots.renovations(case("demo").works, words),
    "trend": lambda words: plots.energy_trend(case("demo").trend, words),
    "payback": lambda words: plots.payback(case("demo").measures, words),
}


@pytest.fixture(
    scope="module", params=[(what, language) for what in DRAWINGS for language in ("lv", "en")], ids="-".join
)
def figure(request: pytest.FixtureRequest) -> Figure:
    what, language = request.param
    return drawn(DRAWINGS[what](Words(language)))


@pytest.fixture
def words() -> Words:
    return Words("en")


def test_every_building_has_its_row_and_its_dot(words: Words) -> None:
    use = case("demo").use
    ax = plots.building_use(use, words)
    rows = [name for name in rows_of(ax) if name]
    assert sorted(rows) == sorted([*use.buildings["name"], "Schools", "Kindergartens", "Buildings of culture",
        "Administration buildings", "Buildings of social care", "Residential buildings", "Sports buildings"])  # fmt: skip
    assert sorted(x for x, _ in places(ax, ACCENT)) == pytest.approx(sorted(use.buildings["value"].dropna()))
    assert letters(ax).count("no data") == 1, "the one without figures says so"
    medians = [line.get_xdata()[0] for line in ax.lines if line.get_color() == INK]
    assert np.sort(np.array(medians, dtype=float))[:4].tolist() == pytest.approx(sorted(use.types["median"].dropna()))


def test_a_building_lies_in_the_rows_of_its_type(words: Words) -> None:
    use = case("demo").use
    names = rows_of(plots.building_use(use, words))
    row = {name: place for place, name in enumerate(name for name in names if name)}
    kindergartens = use.buildings.loc[use.buildings["type"] == "kindergarten", "name"]
    assert all(row["Kindergartens"] < row[name] < row["Buildings of culture"] for name in kindergartens)
    values = use.buildings.set_index("name")["value"]
    drawn_order = sorted(kindergartens, key=row.__getitem__)
    assert drawn_order == sorted(kindergartens, key=lambda name: -values[name]), "the greatest use on top"


def test_works_are_drawn_with_what_was_expected(words: Words) -> None:
    table = case("demo").works.query("carrier == 'heat'").dropna(subset="observed_pct")
    ax = plots.renovations(table, words)
    assert sorted(x for x, _ in places(ax, ACCENT)) == pytest.approx(sorted(table["after"]))
    expected = table["before"] * (1 - table["expected_pct"] / 100)
    assert sorted(x for x, _ in places(ax, OWN)) == pytest.approx(sorted(expected))


def test_paybacks_are_drawn_in_their_order_and_end_with_an_arrow(words: Words) -> None:
    table = case("demo").measures.query("status == 'planned'").dropna(subset="payback").sort_values("payback")
    ax = plots.payback(case("demo").measures, words)
    dots = sorted((y, x) for x, y in places(ax, ACCENT))
    assert [x for _, x in dots] == pytest.approx(table["payback"].tolist())
    assert sum(x == ax.get_xlim()[1] == 60 for x, _ in places(ax, "#4f9ba0")) == int((table["payback_high"] > 60).sum())
    assert letters(ax).count("€14,002") == 1


def test_very_many_measures_are_not_all_drawn(words: Words) -> None:
    many = case("demo").measures.query("status == 'planned'").dropna(subset="payback")
    many = many.loc[many.index.repeat(5)].reset_index(drop=True)
    ax = plots.payback(many, words)
    assert len(places(ax, OWN)) == MOST_MEASURES


def test_the_development_is_drawn_from_zero(words: Words) -> None:
    trend = case("demo").trend
    ax = plots.energy_trend(trend, words)
    drawn_values = [line.get_ydata().tolist() for line in ax.lines]  # type: ignore[union-attr]
    assert drawn_values == [trend["heat_mwh"].tolist(), trend["corrected_mwh"].tolist()]
    assert ax.get_ylim()[0] == 0


def test_nothing_to_draw_is_told(words: Words) -> None:
    it = case("one building")
    for draw, table in ((plots.renovations, it.works), (plots.payback, it.measures), (plots.energy_trend, it.trend)):
        with pytest.raises(OptionError, match="nothing to draw"):
            draw(table, words)
    for name in ("one building", "no degree days", "no heat", "implausible"):
        assert isinstance(plots.building_use(case(name).use, words), Axes)


def test_a_range_that_is_not_drawn_is_not_in_the_key(words: Words) -> None:
    def key(ax: Axes) -> list[str]:
        return [text.get_text() for found in ax.artists if isinstance(found, Legend) for text in found.get_texts()]

    for name, has_range in (("demo", True), ("one year", False), ("few pairs", False)):
        assert ("range" in key(plots.building_use(case(name).use, words))) is has_range, name
    for name, has_range in (("demo", True), ("two years", False)):
        shown = key(plots.renovations(case(name).works, words))
        assert ("range" in shown) is has_range, name
        assert "after the works" in shown


def test_hostile_names_are_drawn_as_letters(words: Words) -> None:
    for ax in (plots.building_use(case("hostile").use, words), plots.payback(case("hostile").measures, words)):
        image = show(ax, alt="x").image
        assert b"<script" not in image
    assert HOSTILE.startswith("<script>")
