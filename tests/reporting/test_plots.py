"""Figures: what is drawn is what the tables say, on any axes, with any figures, twice the same."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from drawings import dots, drawn, ink, letters, no_warnings, places, rows_of, tiles_by_colour
from matplotlib.axes import Axes
from matplotlib.colors import same_color, to_rgba
from matplotlib.figure import Figure
from report_cases import CASES, MONEY, PASSPORTS, RESULT, SCHOOLS, Case, case

import benchlib as bl
from benchlib.comparison import ComparisonGroup, Profile
from benchlib.reporting import Words, plots, show, texts
from benchlib.reporting.plots.style import MARKERS, MIDDLE, OWN, WIDTH
from benchlib.reporting.plots.tilemap import tiles
from benchlib.reporting.values import short_value

LV, EN = Words("lv"), Words("en")

DRAWINGS: dict[str, Callable[[Case, Words], Axes | Figure]] = {
    "tile map": lambda it, words: plots.tile_map(*texts.tiles_of(it.unit, it.group)),
    "glance": lambda it, words: plots.glance(it.profile, PASSPORTS, words),
    "ranking": lambda it, words: plots.ranking(it.profile, MONEY, it.names(words), words),
    "frontier": lambda it, words: plots.frontier(it.scores, it.names(words), PASSPORTS, words),
    "former": lambda it, words: plots.former(it.labelled(words), PASSPORTS, words),
    "trends": lambda it, words: plots.trends(it.development, PASSPORTS, words),
}


def _open_figures() -> list[int]:
    """Figures that pyplot holds; other tests of the session may have left some."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    return [] if pyplot is None else list(pyplot.get_fignums())


@pytest.fixture(autouse=True)
def nothing_leaks() -> Iterator[None]:
    """No figure is left with pyplot, no setting of the session is changed, no warning is raised by drawing."""
    before, were_open = dict(mpl.rcParams), _open_figures()
    with no_warnings():
        yield
    assert _open_figures() == were_open
    assert dict(mpl.rcParams) == before


# --- every figure ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("what", DRAWINGS)
def test_every_figure_of_every_case(what: str, name: str) -> None:
    figure = drawn(DRAWINGS[what](case(name), LV))
    assert figure.get_figwidth() == WIDTH
    assert 1 < figure.get_figheight() < 12


@pytest.mark.parametrize("what", DRAWINGS)
def test_the_same_twice(what: str) -> None:
    first, second = (show(DRAWINGS[what](case("bauska"), EN), alt="x").image for _ in range(2))
    assert first == second
    assert first.startswith(b"<svg ")


@pytest.mark.parametrize("what", sorted(set(DRAWINGS) - {"trends"}))
def test_axes_of_ones_own(what: str) -> None:
    it, mine = case("bauska"), Figure(figsize=(4, 4)).add_subplot()
    calls: dict[str, Callable[[], Axes]] = {
        "tile map": lambda: plots.tile_map(["0025000"], ax=mine),
        "glance": lambda: plots.glance(it.profile, PASSPORTS, LV, ax=mine),
        "ranking": lambda: plots.ranking(it.profile, MONEY, it.names(LV), LV, ax=mine),
        "frontier": lambda: plots.frontier(it.scores, it.names(LV), PASSPORTS, LV, ax=mine),
        "former": lambda: plots.former(it.labelled(LV), PASSPORTS, LV, ax=mine),
    }
    assert calls[what]() is mine
    assert mine.has_data() or mine.texts
    drawn(mine)


def test_the_sessions_own_settings_do_not_matter() -> None:
    it = case("bauska")
    expected = show(plots.ranking(it.profile, MONEY, it.names(LV), LV), alt="x").image
    with mpl.rc_context({"font.size": 30, "axes.facecolor": "black", "lines.linewidth": 9, "axes.grid": True}):
        assert show(plots.ranking(it.profile, MONEY, it.names(LV), LV), alt="x").image == expected


# --- glance ------------------------------------------------------------------------------------------------------------


def test_glance_has_a_line_an_indicator_and_a_dot_a_member() -> None:
    it = case("bauska")
    ax = plots.glance(it.profile, PASSPORTS, LV)
    grey, own = places(ax, MIDDLE), places(ax, OWN)
    assert len(own) == it.profile.table["value"].notna().sum()
    assert len(grey) == (it.profile.table["members_with_figure"] - it.profile.table["value"].notna()).sum()
    for row, (x, y) in zip(it.profile.table.to_dict("records"), sorted(own, key=lambda dot: dot[1]), strict=True):
        values = it.profile.values.loc[it.profile.values["indicator"] == row["indicator"], "value"].dropna()
        share = (row["value"] - values.min()) / (values.max() - values.min())
        assert x == pytest.approx(1 - share if row["direction"] < 0 else share), "better to the right"
        on_line = [other for other, line in grey if line == y]
        others = (values.drop(values.index[values == row["value"]][0]) - values.min()) / (values.max() - values.min())
        assert sorted(on_line) == pytest.approx(sorted(1 - others if row["direction"] < 0 else others))
    shown = letters(ax)
    assert {"Izmaksas", "Pieejamība", "Rezultāts un kvalitāte", "← sliktāk", "labāk →"} <= set(shown)
    for row in it.profile.table.to_dict("records"):
        assert short_value(row["value"], PASSPORTS[row["indicator"]], LV) in shown


def test_glance_tells_the_light_by_shape() -> None:
    it = case("bauska")
    ax = plots.glance(it.profile, PASSPORTS, LV)
    own = [cloud for cloud in dots(ax) if same_color(cloud.get_facecolor()[0][:3], to_rgba(OWN)[:3])]
    drawn_as = {float(y): cloud.get_paths()[0] for cloud in own for _, y in np.asarray(cloud.get_offsets())}
    shapes = {
        light: Figure().add_subplot().scatter(0, 0, marker=marker).get_paths()[0] for light, marker in MARKERS.items()
    }
    assert len(set(it.profile.table["light"])) > 1
    for light, (_, path) in zip(it.profile.table["light"], sorted(drawn_as.items()), strict=True):
        np.testing.assert_array_equal(path.vertices, shapes[light].vertices)


def test_glance_shows_missing_as_missing() -> None:
    ax = plots.glance(case("city").profile, PASSPORTS, LV)
    assert letters(ax).count("nav datu") == case("city").profile.table["value"].isna().sum() > 0
    assert len(places(ax, OWN)) == case("city").profile.table["value"].notna().sum()


# --- ranking -----------------------------------------------------------------------------------------------------------


def made_up(
    values: list[float], passport: str = MONEY.id, names: list[str] | None = None
) -> tuple[Profile, dict[str, str]]:
    """A profile of one indicator with typed-in figures; the municipality is the first."""
    units = bl.classification("2025")[: len(values)]
    group = ComparisonGroup("all", units[0], units, "2025")
    table = pd.DataFrame({"indicator": passport, "territory": [unit.code for unit in units], "value": values})
    wanted = names or [unit.name for unit in units]
    label = {unit.code: name for unit, name in zip(units, wanted, strict=True)}
    present = table["value"].dropna()
    middle = present.quantile([0.25, 0.5, 0.75]).tolist() if len(present) else [np.nan] * 3
    row = {
        "indicator": passport,
        "dimension": PASSPORTS[passport].dimension,
        "year": 2013,
        "value": values[0],
        "lower_quartile": middle[0],
        "median": middle[1],
        "upper_quartile": middle[2],
        "light": "none",
    }
    return Profile(units[0], group, 2013, pd.DataFrame([row]), table), label


def test_ranking_from_best_to_worst() -> None:
    profile, names = made_up([30.0, 10.0, np.nan, 20.0])
    ax = plots.ranking(profile, MONEY, names, LV)
    assert places(ax, MIDDLE) == [(10, 0), (20, 1)], "cheapest on top"
    assert places(ax, OWN) == [(30, 2)]
    assert rows_of(ax) == [names[c] for c in ("0002000", "0004000", "0001000", "0003000")]
    assert letters(ax).count("nav datu") == 1
    assert len(places(ax, MIDDLE) + places(ax, OWN)) == 3, "who has no figure has no dot"
    (median,) = (line for line in ax.lines if line.get_linestyle() == "--" and list(line.get_xdata()) == [20, 20])
    assert median is not None
    assert any(text.startswith("grupas mediāna") for text in letters(ax))
    assert ax.get_xlim()[0] == 0, "money is compared from zero"
    more, names = made_up([30.0, 10.0, 20.0], RESULT.id)
    assert places(plots.ranking(more, RESULT, names, LV), OWN) == [(30, 0)], "where more is better the most is on top"


def test_ranking_of_the_shipped_figures() -> None:
    it = case("bauska")
    ax = plots.ranking(it.profile, MONEY, it.names(EN), EN)
    values = it.profile.values.loc[it.profile.values["indicator"] == MONEY.id, "value"]
    found = places(ax, MIDDLE) + places(ax, OWN)
    assert sorted(x for x, _ in found) == pytest.approx(sorted(values))
    assert places(ax, OWN)[0][0] == it.profile.row(MONEY.id)["value"]
    own = next(text for text in ax.texts if text.get_text() == "Bauska municipality")
    assert (own.get_color(), own.get_fontweight()) == (OWN, "bold")
    assert ax.get_xlabel() == "EUR per pupil"


@pytest.mark.parametrize(
    "values",
    [[np.nan, np.nan, np.nan], [np.nan, 5.0], [7.0], [0.0, 0.0], [3.0, 3.0, 3.0], [-4.0, -9.0, 2.0], [1e9, 1e-9]],
    ids=["all missing", "own missing", "one", "zeros", "equal", "negative", "far apart"],
)
@pytest.mark.parametrize("passport", [MONEY.id, RESULT.id])
def test_odd_figures_are_drawn(values: list[float], passport: str) -> None:
    profile, names = made_up(values, passport)
    ax = plots.ranking(profile, PASSPORTS[passport], names, LV)
    drawn(ax)
    assert len(places(ax, MIDDLE) + places(ax, OWN)) == np.isfinite(values).sum()
    low, high = ax.get_xlim()
    assert low < high
    glance = plots.glance(profile, PASSPORTS, LV)
    drawn(glance)
    assert all(0 <= x <= 1 for x, _ in places(glance, MIDDLE) + places(glance, OWN))


def test_very_long_and_hostile_names() -> None:
    profile, names = made_up([1.0, 2.0, 3.0], names=["Garš " * 60, "$\\nothing{$ %s {x} <b>", "š \n $"])
    assert drawn(plots.ranking(profile, MONEY, names, LV)).get_figwidth() == WIDTH


@pytest.mark.parametrize(
    ("values", "passport"),
    [([52.6, 57.4, 50.1], RESULT.id), ([5.12, 5.31, 5.2], RESULT.id), ([99.0, 3100.0], MONEY.id)],
)
def test_a_tick_says_where_it_is(values: list[float], passport: str) -> None:
    profile, names = made_up(values, passport)
    ax = plots.ranking(profile, PASSPORTS[passport], names, EN)
    drawn(ax)
    table = case("bauska").development.query("indicator == @MONEY.id").assign(value=(values * 2)[:3], median=values[0])
    figure = plots.trends(table.assign(lower_quartile=values[0], upper_quartile=values[1]), PASSPORTS, EN)
    drawn(figure)
    for axis in (ax.xaxis, figure.axes[0].yaxis):
        for tick, label in zip(axis.get_majorticklocs(), axis.get_majorticklabels(), strict=True):
            assert float(label.get_text().replace(",", "").replace("−", "-")) == pytest.approx(tick)


# --- over time and over the reform -------------------------------------------------------------------------------------


def test_trends_are_those_of_the_table() -> None:
    it = case("bauska")
    figure = plots.trends(it.development, PASSPORTS, LV)
    assert len(figure.axes) == it.development["indicator"].nunique()
    for ax, (_, rows) in zip(figure.axes, it.development.groupby("indicator", sort=False), strict=True):
        median, own = ax.lines
        np.testing.assert_array_equal(median.get_ydata(), rows["median"])
        np.testing.assert_array_equal(own.get_ydata(), rows["value"])
        assert (list(own.get_xdata()), own.get_color()) == (list(SCHOOLS.years), OWN)
        band = ax.collections[0].get_paths()[0].vertices
        assert band[:, 1].min() == pytest.approx(rows["lower_quartile"].min())
        assert band[:, 1].max() == pytest.approx(rows["upper_quartile"].max())
        assert [label.get_text() for label in ax.get_xticklabels()] == [str(year) for year in SCHOOLS.years]
        passport = PASSPORTS[str(rows["indicator"].iloc[0])]
        assert letters(ax) == [short_value(rows[name].iloc[-1], passport, LV) for name in ("value", "median")]
        drawn(figure)
        own_text, median_text = map(ink, ax.texts)
        assert not own_text.overlaps(median_text), "both values can be read"


def test_a_gap_in_a_trend_stays_a_gap() -> None:
    table = case("bauska").development.query("indicator == @MONEY.id").copy()
    table["value"] = [1.0, np.nan, 3.0]
    figure = plots.trends(table, PASSPORTS, LV)
    drawn(figure)
    assert np.isnan(figure.axes[0].lines[1].get_ydata()[1])
    nothing = table.assign(value=np.nan, median=np.nan, lower_quartile=np.nan, upper_quartile=np.nan)
    figure = plots.trends(nothing, PASSPORTS, LV)
    drawn(figure)
    assert "nav datu" in letters(figure.axes[0]), "missing is shown as missing"
    drawn(plots.trends(table.iloc[:1], PASSPORTS, LV))


def test_former_municipalities_among_all() -> None:
    it = case("bauska")
    table = it.labelled(LV)
    ax = plots.former(table, PASSPORTS, LV)
    indicators = table["indicator"].unique()
    own = places(ax, OWN)
    assert len(own) == 4 * len(indicators)
    strips = [np.asarray(line.get_xdata()) for line in ax.lines if len(line.get_xdata()) > 2]
    for number, indicator in enumerate(indicators):
        rows = table.loc[table["indicator"] == indicator]
        values = rows["value"].dropna()
        low, high = values.quantile(0.02), values.quantile(0.98)
        assert len(values) == 119
        assert strips[number][::3] == pytest.approx(np.clip((values - low) / (high - low), 0, 1))
        parts = rows.loc[rows["is_part"], "value"]
        expected = np.clip((parts - low) / (high - low), 0, 1)
        assert [x for x, _ in own[4 * number : 4 * number + 4]] == pytest.approx(list(expected))
        for value in parts:
            assert short_value(value, PASSPORTS[indicator], LV) in letters(ax)
    assert letters(ax).count("Vecumnieku novads") == len(indicators)


def test_former_figures_that_are_missing_or_equal() -> None:
    table = case("bauska").labelled(LV).query("indicator == @MONEY.id")
    missing = table.assign(value=table["value"].mask(table["territory"] == "0409500"))
    ax = plots.former(missing, PASSPORTS, LV)
    assert len(places(ax, OWN)) == 3
    assert letters(ax).count("nav datu") == 1
    for value in (5.0, np.nan):
        drawn(plots.former(table.assign(value=value), PASSPORTS, LV))


# --- map ---------------------------------------------------------------------------------------------------------------


def test_the_map_has_a_tile_for_every_municipality() -> None:
    codes = {unit.code for unit in bl.classification("2025")}
    assert set(tiles()) == codes
    places_taken = [(row, column) for row, column, _ in tiles().values()]
    assert len(set(places_taken)) == 42, "no two on one place"
    ax = plots.tile_map(["0025000"], ["0001000", "0003000"])
    found = tiles_by_colour(ax)
    assert found[OWN] == {"0025000"}
    assert sorted(map(len, found.values())) == [1, 2, 39]
    assert {"0001000", "0003000"} in found.values()
    assert letters(ax).count(tiles()["0025000"][2]) == 1
    assert len(letters(ax)) == 42
    assert OWN not in tiles_by_colour(plots.tile_map([]))
    assert sum(map(len, tiles_by_colour(plots.tile_map(["0025000"], ["0025000"])).values())) == 42


def test_neighbours_lie_where_they_lie() -> None:
    def place(name: str) -> tuple[int, int]:
        return tiles()[bl.find_municipality(name).code][:2]

    assert place("Ventspils novads")[1] < place("Rīga")[1] < place("Madonas novads")[1], "west to east"
    assert place("Valkas novads")[0] < place("Rīga")[0] < place("Bauskas novads")[0], "north to south"
