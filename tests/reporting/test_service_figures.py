"""Figures about a service: what is drawn is what the results say, every name can be read, and colour is never the only sign."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Iterator
from itertools import combinations
from typing import get_args

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from drawings import dots, drawn, ink, letters, no_warnings, places, rows_of
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.figure import Figure
from matplotlib.legend import Legend
from matplotlib.lines import Line2D
from matplotlib.text import Text
from report_cases import MONEY, PASSPORTS
from service_cases import case, named, with_methods, with_savings

from benchlib.comparison import CompositeResult, NeedResult, ReformGains
from benchlib.efficiency import Sample, compare_methods
from benchlib.errors import OptionError
from benchlib.reporting import Words, plots, show
from benchlib.reporting.plots.rows import Mark, row_axes
from benchlib.reporting.plots.style import ACCENT, INK, SMALL, WIDTH
from benchlib.terms import Method

LV, EN = Words("lv"), Words("en")
NAMES = pytest.mark.parametrize("name", ["today", "former"])

Drawing = Callable[[str, Words], Axes]


def need_of(name: str) -> NeedResult:
    found = case(name).reading.need
    assert found is not None
    return found


def composite_of(name: str) -> CompositeResult:
    found = case(name).reading.composite
    assert found is not None
    return found


def reform_of(name: str) -> ReformGains:
    found = case(name).reform
    assert found is not None
    return found


DRAWINGS: dict[str, Drawing] = {
    "reading": lambda name, words: plots.reading(case(name).reading, named(words.language), words),
    "need": lambda name, words: plots.need_costs(need_of(name), MONEY, named(words.language), words),
    "composite": lambda name, words: plots.composite(composite_of(name), named(words.language), words),
    "frontier": lambda name, words: plots.frontier_of_all(
        case(name).overview.dea, case(name).overview.fdh, named(words.language), PASSPORTS, words
    ),
    "intervals": lambda name, words: plots.score_intervals(
        case(name).overview.certainty,  # type: ignore[arg-type]
        named(words.language),
        words,
    ),
    "ranks": lambda name, words: plots.rank_ranges(case(name).overview.methods, named(words.language), words),
    "context": lambda name, words: plots.context_effects(case(name).overview.context, PASSPORTS, words),
    "mergers": lambda name, words: plots.merger_gains(reform_of(name), named(words.language), words),
}


@pytest.fixture(autouse=True)
def nothing_leaks() -> Iterator[None]:
    """No setting of the session is changed, no figure is left with pyplot, no warning is raised by drawing."""
    before, pyplot = dict(mpl.rcParams), sys.modules.get("matplotlib.pyplot")
    were_open = pyplot.get_fignums() if pyplot else []
    with no_warnings():
        yield
    pyplot = sys.modules.get("matplotlib.pyplot")
    assert (pyplot.get_fignums() if pyplot else []) == were_open
    assert dict(mpl.rcParams) == before


def bands(ax: Axes) -> list[tuple[float, float]]:
    """Ends of the bands or lines, from the first row to the last."""
    found = [lines for lines in ax.collections if isinstance(lines, LineCollection)][-1]  # before them, the guides
    return [(float(segment[0, 0]), float(segment[-1, 0])) for segment in found.get_segments()]


def rings(ax: Axes) -> list[tuple[float, float]]:
    """Where open dots with a dark edge lie."""
    return [
        (float(x), float(y))
        for cloud in dots(ax)
        if mpl.colors.same_color(cloud.get_facecolor()[0][:3], (1, 1, 1))
        and mpl.colors.same_color(cloud.get_edgecolor()[0][:3], mpl.colors.to_rgb(INK))
        for x, y in np.asarray(cloud.get_offsets(), dtype=float)
    ]


def key_of(ax: Axes) -> dict[str, Line2D]:
    keys = [child for child in ax.get_children() if isinstance(child, Legend)]
    return {
        text.get_text(): handle  # type: ignore[misc]
        for key in keys
        for text, handle in zip(key.get_texts(), key.legend_handles, strict=True)
    }


# --- every figure ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "words"), [("today", LV), ("former", LV), ("former", EN)], ids=["42", "119 lv", "119 en"]
)
@pytest.mark.parametrize("what", DRAWINGS)
def test_all_letters_are_on_the_paper_and_apart(what: str, name: str, words: Words) -> None:
    ax = DRAWINGS[what](name, words)
    figure = drawn(ax)
    assert figure.get_figwidth() == WIDTH
    paper = figure.bbox.padded(1.0)
    texts = [text for text in figure.findobj(Text) if text.get_visible() and text.get_text().strip()]
    assert len(texts) > 6
    for text in texts:
        box = text.get_window_extent()
        inside = paper.x0 <= box.x0 <= box.x1 <= paper.x1 and paper.y0 <= box.y0 <= box.y1 <= paper.y1
        assert inside or not _is_shown(text, ax), f"{text.get_text()!r} is cut"
    assert all(text.get_fontsize() >= SMALL for text in texts), "legible on a phone"
    boxes = [(text.get_text(), ink(text)) for text in [*ax.texts, *_of_the_key(ax)]]
    for (first, one), (second, other) in combinations(boxes, 2):
        assert not one.overlaps(other), f"{first} on {second}"


def _is_shown(text: Text, ax: Axes) -> bool:
    """Ticks beyond the ends of an axis have letters that are never drawn."""
    ticks = [*ax.xaxis.get_major_ticks(), *ax.yaxis.get_major_ticks()]
    hidden = [label for tick in ticks for label in (tick.label1, tick.label2) if not _in_view(tick, ax)]
    return not any(text is label for label in hidden)


def _in_view(tick: object, ax: Axes) -> bool:
    axis = ax.xaxis if tick in ax.xaxis.get_major_ticks() else ax.yaxis
    low, high = sorted(axis.get_view_interval())
    return low <= tick.get_loc() <= high  # type: ignore[attr-defined]


def _of_the_key(ax: Axes) -> list[Text]:
    return [text for child in ax.get_children() if isinstance(child, Legend) for text in child.get_texts()]


@pytest.mark.parametrize("what", ["frontier", "mergers"])
def test_the_same_twice(what: str) -> None:
    first, second = (show(DRAWINGS[what]("today", LV), alt="x").image for _ in range(2))
    assert first == second


@pytest.mark.parametrize("what", DRAWINGS)
def test_axes_of_ones_own(what: str) -> None:
    mine, it, names = Figure(figsize=(5, 9)).add_subplot(), case("today").overview, named("lv")
    calls: dict[str, Callable[[], Axes]] = {
        "frontier": lambda: plots.frontier_of_all(it.dea, it.fdh, names, PASSPORTS, LV, ax=mine),
        "intervals": lambda: plots.score_intervals(it.certainty, names, LV, ax=mine),  # type: ignore[arg-type]
        "ranks": lambda: plots.rank_ranges(it.methods, names, LV, ax=mine),
        "context": lambda: plots.context_effects(it.context, PASSPORTS, LV, ax=mine),
        "mergers": lambda: plots.merger_gains(reform_of("today"), names, LV, ax=mine),
        "reading": lambda: plots.reading(case("today").reading, names, LV, ax=mine),
        "need": lambda: plots.need_costs(need_of("today"), MONEY, names, LV, ax=mine),
        "composite": lambda: plots.composite(composite_of("today"), names, LV, ax=mine),
    }
    assert calls[what]() is mine
    drawn(mine)


def test_the_sessions_own_settings_do_not_matter() -> None:
    expected = show(DRAWINGS["mergers"]("today", LV), alt="x").image
    with mpl.rc_context({"font.size": 30, "axes.facecolor": "black", "lines.linewidth": 9, "legend.fontsize": 30}):
        assert show(DRAWINGS["mergers"]("today", LV), alt="x").image == expected


# --- intervals ---------------------------------------------------------------------------------------------------------


@NAMES
def test_intervals_are_those_of_the_bootstrap(name: str) -> None:
    certainty, names = case(name).overview.certainty, named("lv")
    assert certainty is not None
    table = certainty.scores.sort_values(["corrected", "unit"], ascending=[False, True])
    ax = DRAWINGS["intervals"](name, LV)
    assert rows_of(ax) == [names[unit] for unit in table["unit"]], "the best on top"
    y = range(len(table))
    assert bands(ax) == list(zip(table["low"], table["high"], strict=True))
    assert places(ax, ACCENT) == list(zip(table["corrected"], y, strict=True))
    assert rings(ax) == list(zip(table["efficiency"], y, strict=True))
    low, high = ax.get_xlim()
    assert low < table["low"].min()
    assert high > 1.0
    assert set(key_of(ax)) == {"koriģētā", "95\N{NARROW NO-BREAK SPACE}% intervāls", "DEA bez korekcijas"}


# --- ranks -------------------------------------------------------------------------------------------------------------


@NAMES
def test_ranks_are_those_of_the_methods(name: str) -> None:
    methods, names = case(name).overview.methods, named("en")
    ax = DRAWINGS["ranks"](name, EN)
    ranges = methods.ranges.sort_values(["median", "best", "unit"])
    assert rows_of(ax) == [names[unit] for unit in ranges["unit"]]
    assert bands(ax) == list(zip(ranges["best"], ranges["worst"], strict=True))
    clouds = [cloud for cloud in dots(ax) if len(cloud.get_offsets())]
    assert len(clouds) == len(methods.telling) == 4
    for method, cloud in zip(methods.telling, clouds, strict=True):
        x, y = np.asarray(cloud.get_offsets(), dtype=float).T
        assert x.tolist() == methods.ranks.loc[ranges["unit"], method].tolist()
        assert np.round(y).tolist() == list(range(len(ranges))), "each on its own row, beside the others"
    heights = [float(np.asarray(cloud.get_offsets())[0, 1]) for cloud in clouds]
    assert len(set(heights)) == 4, "equal ranks do not hide each other"
    left, right = ax.get_xlim()
    assert left > len(ranges) > 1 > right, "the best to the right"
    assert 0 not in ax.get_xticks()[(ax.get_xticks() <= left) & (ax.get_xticks() >= right)], "there is no rank 0"


def test_every_method_has_a_shape_and_a_colour_of_its_own() -> None:
    generator = np.random.default_rng(1)
    table = pd.DataFrame({"a": generator.uniform(1, 9, 40), "b": generator.uniform(1, 9, 40)})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        methods = compare_methods(
            Sample.from_table(table.set_axis([f"u{i}" for i in range(40)]), "a", "b"),
            methods=get_args(Method),
            orientation="output",
            replications=100,
            seed=1,
        )
    ax = plots.rank_ranges(methods, {f"u{i}": f"Unit {i}" for i in range(40)}, EN)
    key = key_of(ax)
    assert len(key) == len(methods.telling) >= 8
    assert len({handle.get_marker() for handle in key.values()}) == len(key)
    assert len({handle.get_markerfacecolor() for handle in key.values()}) == len(key)
    figure = drawn(ax)
    first_row = ax.transData.transform((1, 0))[1]
    for text in _of_the_key(ax):
        box = text.get_window_extent()
        assert box.x1 <= figure.bbox.x1
        assert first_row + 5 < box.y0 <= box.y1 <= figure.bbox.y1 + 1, "three lines of the key lie above the rows"


def test_a_silent_method_is_not_drawn() -> None:
    overview, silent = with_methods(case("today"), "sfa", "fdh"), with_methods(case("today"), "sfa")
    assert list(key_of(plots.rank_ranges(overview.methods, named("en"), EN))) == ["FDH"]
    with pytest.raises(OptionError, match="none of the methods tells the units apart"):
        plots.rank_ranges(silent.methods, named("en"), EN)


# --- context -----------------------------------------------------------------------------------------------------------


@NAMES
def test_effects_are_those_of_the_table(name: str) -> None:
    effects = case(name).overview.context.effects
    ax = DRAWINGS["context"](name, LV)
    assert bands(ax) == list(zip(effects["low"], effects["high"], strict=True))
    (cloud,) = dots(ax)
    np.testing.assert_array_equal(cloud.get_offsets()[:, 0], effects["change"])
    assert [label.get_text().replace("\n", " ") for label in ax.get_yticklabels()] == [
        PASSPORTS[indicator].name["lv"] for indicator in effects["indicator"]
    ]
    is_filled = [not mpl.colors.same_color(face[:3], (1, 1, 1)) for face in cloud.get_facecolor()]
    assert is_filled == effects["is_significant"].tolist(), "filled or open, not only the colour"
    assert any(is_filled)
    assert not all(is_filled)


def test_no_regression_is_no_figure() -> None:
    with pytest.raises(OptionError, match="nothing to draw: made up"):
        plots.context_effects(case("bare").overview.context, PASSPORTS, EN)


# --- mergers -----------------------------------------------------------------------------------------------------------


@NAMES
def test_savings_are_those_of_the_table(name: str) -> None:
    savings, names = reform_of(name).savings, named("lv")
    ax = DRAWINGS["mergers"](name, LV)
    y = range(len(savings))
    assert rows_of(ax) == [names[unit] for unit in savings["unit"]], "the greatest saving on top"
    assert places(ax, ACCENT) == list(zip(savings["merging_pct"], y, strict=True))
    assert rings(ax) == list(zip(savings["learning_pct"], y, strict=True))
    assert ax.get_xlim()[0] < savings["merging_pct"].min() < 0, "a loss is to be seen"


def test_a_merger_without_potential_is_not_drawn() -> None:
    ax = plots.merger_gains(with_savings(reform_of("today"), size=[0.9, np.nan, 1.1]), named("en"), EN)
    assert len(rows_of(ax)) == 2
    assert [x for x, _ in places(ax, ACCENT)] == pytest.approx([8.0, -8.0])


# --- rows and frontier -------------------------------------------------------------------------------------------------


def test_tall_figures_have_the_axis_on_both_ends() -> None:
    tall, short = (row_axes([f"Row {k}" for k in range(count)], [Mark("x", INK)]) for count in (40, 10))
    assert [bool(ax.xaxis.get_tick_params()["labeltop"]) for ax in (tall, short)] == [True, False]
    assert drawn(tall).get_figheight() > 3 * drawn(short).get_figheight()


def test_a_long_key_takes_several_lines() -> None:
    marks = [Mark("a rather long name of a method", INK, "o")] * 5
    ax = row_axes(["A", "B"], marks)
    keys = [child for child in ax.get_children() if isinstance(child, Legend)]
    assert [len(key.get_texts()) for key in keys] == [1, 2, 2], "from the bottom line to the top"
    assert len({round(key.get_window_extent().y0) for key in keys}) == 3


def test_a_dollar_is_a_dollar() -> None:
    drawn(row_axes(["$x^2$ novads", "", "Ķekava"], [Mark("a $ and a $", INK)]))


@NAMES
def test_the_frontier_is_that_of_all(name: str) -> None:
    overview, names = case(name).overview, named("lv")
    ax = DRAWINGS["frontier"](name, LV)
    sample = overview.sample
    grey = [cloud for cloud in dots(ax) if len(cloud.get_offsets()) == len(sample)]
    assert len(grey) == 1
    np.testing.assert_array_equal(grey[0].get_offsets(), np.hstack([sample.X, sample.Y]))
    best = [names[u] for u, e in zip(sample.units, overview.dea.efficiency, strict=True) if e == 1.0]
    assert set(letters(ax)) >= {*best, "DEA", "FDH"}
    hidden = next(text for text in ax.texts if text.get_text() == "FDH").get_window_extent()
    drawn(ax)
    assert hidden.count_contains(ax.transData.transform(np.hstack([sample.X, sample.Y]))) == 0, "FDH hides nobody"
    assert all(isinstance(cloud, PathCollection) for cloud in dots(ax))
