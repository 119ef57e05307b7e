"""The slope, the radar, the map of values, and own rows: what is drawn is what the figures say, and who reads the words knows it too."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from functools import cache
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from drawings import dots, drawn, ink, letters, no_warnings, places, rows_of, tiles_by_colour
from matplotlib.axes import Axes
from matplotlib.colors import same_color, to_hex
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from report_cases import MONEY, PASSPORTS, RESULT, case
from service_cases import case as service_case
from service_cases import named

import benchlib as bl
from benchlib.comparison.ends import ends_of
from benchlib.errors import OptionError
from benchlib.reporting import Words, plots, texts
from benchlib.reporting.plots.slope import spread
from benchlib.reporting.plots.style import HALF, INK, MIDDLE, OWN, OWN_GROUND
from benchlib.reporting.plots.tilemap import SHADES, shades, tiles
from benchlib.reporting.values import short_value

LV, EN = Words("lv"), Words("en")
BAUSKA = "0025000"
assert case("bauska").unit.code  # computed once for all tests of this file


@pytest.fixture(autouse=True)
def nothing_warns() -> Iterator[None]:
    with no_warnings():
        yield


def all_apart(ax: Axes) -> None:
    """No letters on others, none beyond the paper."""
    figure = drawn(ax)
    boxes = [(text.get_text(), ink(text)) for text in ax.texts]
    for (first, one), (second, other) in combinations(boxes, 2):
        assert not one.overlaps(other), f"{first} on {second}"
    for text, box in boxes:
        assert figure.bbox.x0 <= box.x0 <= box.x1 <= figure.bbox.x1, f"{text} is cut"
        assert figure.bbox.y0 <= box.y0 <= box.y1 <= figure.bbox.y1, f"{text} is cut"


# --- slope -------------------------------------------------------------------------------------------------------------


@cache
def group_figures() -> pd.DataFrame:
    it = case("bauska")
    return bl.load_indicators([MONEY.id, RESULT.id], municipalities=list(it.group.codes), years=[2011, 2012, 2013])


def slope_of(indicator: str, words: Words = LV, own: str = BAUSKA) -> Axes:
    return plots.slope(group_figures(), PASSPORTS[indicator], case("bauska").names(words), words, own=own)


@pytest.mark.parametrize("indicator", [MONEY.id, RESULT.id])
def test_a_slope_joins_the_first_and_the_last_year(indicator: str) -> None:
    it, table = case("bauska"), group_figures().query("indicator == @indicator")
    ax = slope_of(indicator)
    years = [table.loc[table["year"] == year].set_index("territory")["value"] for year in (2011, 2013)]
    ends = {code: tuple(float(year.get(code, np.nan)) for year in years) for code in it.group.codes}
    lines: dict[str, list[tuple[float, ...]]] = {str(line.get_color()): [] for line in ax.lines} | {MIDDLE: []}
    for line in ax.lines:
        if list(line.get_xdata()) == [0, 1] and line.get_transform() == ax.transData:
            lines[str(line.get_color())].append(tuple(map(float, line.get_ydata())))
    (own,) = lines[OWN]
    np.testing.assert_array_equal(own, ends[BAUSKA])
    assert len(lines[MIDDLE]) == len(ends) - 1, "everybody of the group, also who has one of the figures"
    others = sorted((pair for code, pair in ends.items() if code != BAUSKA), key=str)
    assert str(sorted(lines[MIDDLE], key=str)) == str(others)
    median = next(pair for colour, pairs in lines.items() if colour == INK for pair in pairs)
    assert median == pytest.approx(tuple(np.nanmedian([pair[k] for pair in ends.values()]) for k in (0, 1)))
    assert letters(ax)[:2] == ["2011", "2013"]


@pytest.mark.parametrize("indicator", [MONEY.id, RESULT.id])
def test_a_slope_names_everybody_of_a_small_group(indicator: str) -> None:
    it, ax = case("bauska"), slope_of(indicator)
    all_apart(ax)
    shown = letters(ax)
    last = group_figures().query("indicator == @indicator and year == 2013").set_index("territory")["value"]
    for code, name in it.names(LV).items():
        value = last.get(code, np.nan)
        label = name if np.isnan(value) else f"{short_value(value, PASSPORTS[indicator], LV)}  {name}"
        assert (label in shown) == (not np.isnan(value))
    (own,) = (text for text in ax.texts if text.get_text().endswith("Bauskas novads"))
    assert (own.get_color(), own.get_fontweight()) == (OWN, "bold")


def test_a_slope_of_all_names_the_ends() -> None:
    table = bl.load_indicators([MONEY.id], years=[2011, 2013])
    ax = plots.slope(table, MONEY, case("bauska").names(EN), EN, own=BAUSKA)
    all_apart(ax)
    last = table.query("year == 2013").set_index("territory")["value"]
    names = [case("bauska").names(EN)[code] for code in (last.idxmin(), last.idxmax(), BAUSKA)]
    named_ones = [text for text in letters(ax) if "  " in text]
    assert len(named_ones) == 4
    assert all(any(text.endswith(name) for text in named_ones) for name in [*names, "median"])


def test_odd_slopes() -> None:
    names = {"a": "A", "b": "B $x$"}
    base = {"territory": ["a", "b"] * 2, "indicator": MONEY.id, "year": [2011, 2011, 2013, 2013]}
    for values in ([1.0, 2.0, 1.0, 2.0], [5.0, 5.0, 5.0, 5.0], [np.nan, 2.0, 3.0, np.nan], [-1.0, 1e9, 1e-9, 0.0]):
        ax = plots.slope(pd.DataFrame({**base, "value": values}), MONEY, names, EN, own="b")
        drawn(ax)
        assert sum(line.get_color() == OWN for line in ax.lines) == 1
    with pytest.raises(OptionError, match="two years"):
        plots.slope(pd.DataFrame({**base, "value": [1.0, 2.0, np.nan, np.nan]}), MONEY, names, EN)
    mine = Figure(figsize=(5, 4)).add_subplot()
    assert plots.slope(group_figures(), MONEY, case("bauska").names(LV), LV, ax=mine) is mine


def test_labels_move_apart_and_no_further_than_they_must() -> None:
    assert spread(np.array([1.0, 2.0]), 0.5, 3.0).tolist() == [1.0, 2.0], "who has room stays"
    assert spread(np.array([1.0, 1.1]), 0.5, 3.0) == pytest.approx([0.8, 1.3])
    assert spread(np.array([1.1, 1.0]), 0.5, 3.0) == pytest.approx([1.3, 0.8]), "in their order"
    assert spread(np.array([0.0, 0.0]), 0.5, 3.0) == pytest.approx([0.0, 0.5]), "within the room"
    crowded = spread(np.zeros(11), 1.0, 5.0)
    assert np.diff(crowded) == pytest.approx([0.5] * 10), "closer where there is no room"
    assert spread(np.array([]), 1.0, 1.0).size == 0


def test_words_of_the_slope() -> None:
    both = ends_of(group_figures(), RESULT.id)
    assert list(both.columns) == [2011, 2013]
    assert len(both) == len(case("bauska").group.codes)
    said = texts.slope_texts(group_figures(), RESULT, case("bauska").names(EN), EN, own=BAUSKA)
    own = [short_value(both.loc[BAUSKA, year], RESULT, EN) for year in (2011, 2013)]
    assert f"Bauska municipality: {own[0]}, then {own[1]}." in said["alt"]
    greatest = (both[2013] - both[2011]).abs().idxmax()
    assert f"The greatest change: {case('bauska').names(EN)[greatest]}," in said["alt"]
    middle = [short_value(both[year].median(), RESULT, EN) for year in (2011, 2013)]
    assert f"Median of the group: {middle[0]}, then {middle[1]}." in said["alt"]
    without = group_figures().copy()
    without.loc[(without["territory"] == BAUSKA) & (without["year"] == 2011), "value"] = np.nan
    alt = texts.slope_texts(without, RESULT, case("bauska").names(EN), EN, own=BAUSKA)["alt"]
    assert f"Bauska municipality: no data, then {own[1]}." in alt


# --- radar -------------------------------------------------------------------------------------------------------------

EIGHT = list(case("bauska").profile.table["indicator"])[:8]


def positions(indicator: str) -> pd.Series:
    profile = case("bauska").profile
    values = profile.values.query("indicator == @indicator").set_index("territory")["value"].dropna()
    share = (values - values.min()) / (values.max() - values.min())
    return 1 - share if PASSPORTS[indicator].direction < 0 else share


@pytest.mark.parametrize("count", [3, 5, 8])
def test_the_radar_shows_positions_in_the_group(count: int) -> None:
    profile, wanted = case("bauska").profile, EIGHT[:count]
    ax = plots.radar(profile, PASSPORTS, LV, indicators=wanted)
    all_apart(ax)
    own = np.array(places(ax, OWN))
    assert np.hypot(*own.T) == pytest.approx([0.15 + 0.85 * positions(i)[BAUSKA] for i in wanted])
    turned = np.degrees(np.arctan2(own[:, 0], own[:, 1])) % 360
    assert turned == pytest.approx([360 / count * k for k in range(count)]), "clockwise from the top"
    (band,) = (patch for patch in ax.patches if isinstance(patch, PathPatch))
    assert same_color(band.get_facecolor(), HALF)
    reach = np.hypot(*band.get_path().vertices.T)
    quartiles = [np.quantile(positions(i), [0.25, 0.75]) for i in wanted]
    assert reach[:count] == pytest.approx([0.15 + 0.85 * high for _, high in quartiles])
    assert reach[count + 1 : 2 * count + 2] == pytest.approx(
        [0.15 + 0.85 * low for low, _ in [*quartiles, quartiles[0]]][::-1]
    )
    (median,) = (line for line in ax.lines if line.get_color() == INK)
    assert np.hypot(*median.get_xydata().T)[:-1] == pytest.approx([0.15 + 0.85 * positions(i).median() for i in wanted])
    for indicator in wanted:
        assert short_value(profile.row(indicator)["value"], PASSPORTS[indicator], LV) in letters(ax)


def test_the_radar_is_open_where_a_figure_is_missing() -> None:
    profile = case("city").profile
    assert profile.table["value"].isna().any()
    wanted = [i for i in profile.table["indicator"] if PASSPORTS[i].direction][-8:]
    ax = plots.radar(profile, PASSPORTS, LV, indicators=wanted)
    drawn(ax)
    missing = int(profile.table.set_index("indicator").loc[wanted, "value"].isna().sum())
    assert missing
    assert letters(ax).count("nav datu") == missing
    assert len(places(ax, OWN)) == len(wanted) - missing
    (own,) = (line for line in ax.lines if line.get_color() == OWN)
    assert np.isnan(own.get_xydata()[:-1, 0]).sum() == missing


def test_a_radar_of_too_much_or_without_sense_is_refused() -> None:
    profile = case("bauska").profile
    with pytest.raises(OptionError, match=r"3 to 8 indicators, got 2.*glance"):
        plots.radar(profile, PASSPORTS, LV, indicators=EIGHT[:2])
    with pytest.raises(OptionError, match="got 10"):
        plots.radar(profile, PASSPORTS, LV)
    with pytest.raises(OptionError, match="no indicator 'wealth'"):
        plots.radar(profile, PASSPORTS, LV, indicators=["wealth", *EIGHT[:3]])
    neutral = {**PASSPORTS, EIGHT[0]: dataclasses.replace(PASSPORTS[EIGHT[0]], direction=0)}
    with pytest.raises(OptionError, match="no better and worse"):
        plots.radar(profile, neutral, LV, indicators=EIGHT[:3])
    mine = Figure(figsize=(5, 4)).add_subplot()
    assert plots.radar(profile, PASSPORTS, LV, mine, indicators=EIGHT[:3]) is mine


def test_words_of_the_radar() -> None:
    profile = case("bauska").profile
    said = texts.radar_texts(profile, PASSPORTS, EN, indicators=EIGHT[:3])
    for indicator in EIGHT:
        value = short_value(profile.row(indicator)["value"], PASSPORTS[indicator], EN)
        assert (f"{PASSPORTS[indicator].name['en']}: {value}, median" in said["alt"]) == (indicator in EIGHT[:3])
    assert "area means nothing" in said["caption"]


# --- map of values -----------------------------------------------------------------------------------------------------


def test_the_best_fifth_is_the_darkest() -> None:
    values = {code: float(k) for k, code in enumerate(sorted(tiles()), start=1)}
    most = tiles_by_colour(plots.tile_values(values, LV))
    assert [len(most[colour]) for colour in SHADES] == [9, 8, 9, 8, 8]
    assert most[SHADES[-1]] == set(sorted(tiles())[-8:]), "of a score more is better"
    least = tiles_by_colour(plots.tile_values(values, LV, passport=MONEY))
    assert least[SHADES[-1]] == set(sorted(tiles())[:8]), "cheaper is better"
    neutral = tiles_by_colour(plots.tile_values(values, LV, passport=dataclasses.replace(MONEY, direction=0)))
    assert neutral == most


def test_equal_values_have_one_shade() -> None:
    equal = shades(pd.Series({"a": 1.0, "b": 1.0, "c": 1.0}), 1)
    assert [found.codes for found in equal] == [("a", "b", "c")]
    found = shades(pd.Series({"a": 1.0, "b": 2.0, "c": 2.0, "d": 2.0, "e": 3.0}), 1)
    assert [(part.codes, part.low, part.high) for part in found] == [
        (("a",), 1, 1),
        (("b", "c", "d"), 2, 2),
        (("e",), 3, 3),
    ]
    assert shades(pd.Series(dtype=float), 1) == []


def test_missing_is_hatched_and_the_own_tile_framed() -> None:
    values = {code: 0.5 + k / 100 for k, code in enumerate(sorted(tiles())[:30])} | {sorted(tiles())[30]: np.nan}
    ax = plots.tile_values(values, LV, own=[BAUSKA])
    all_apart(ax)
    found = tiles_by_colour(ax)
    missing = set(sorted(tiles())[30:])
    assert found["#ffffff"] == missing
    (hatching,) = (line for line in ax.lines if line.get_transform() == ax.transData)
    corners = {(int(y), int(x)) for x, y in hatching.get_xydata() if np.isfinite(x)}
    assert corners == {tiles()[code][:2] for code in missing}
    assert "nav datu" in letters(ax)
    (frame,) = (found for found in ax.collections if [to_hex(colour) for colour in found.get_edgecolor()] == [OWN])
    row, column, _ = tiles()[BAUSKA]
    assert frame.get_paths()[0].get_extents().bounds == (column, row, 1, 1)
    assert "nav datu" not in letters(plots.tile_values(dict.fromkeys(tiles(), 1.0), LV)), "only where there is any"


def test_the_key_says_the_limits_of_the_classes() -> None:
    scores = service_case("today").overview.dea
    values = pd.Series(scores.efficiency, index=list(map(str, scores.sample.units)))
    ax = plots.tile_values(values, LV)
    all_apart(ax)
    for part in shades(values, 1):
        assert LV.interval(part.low, part.high, 2) in letters(ax)
        assert values[list(part.codes)].between(part.low, part.high).all()
    money = plots.tile_values(dict.fromkeys(tiles(), 1000.0), LV, passport=MONEY)
    assert LV.number(1000.0) in letters(money), "no interval where there is one value"


def test_values_of_before_the_reform_are_refused() -> None:
    with pytest.raises(OptionError, match=r"no tile for 0409500.*territory='2025'"):
        plots.tile_values({"0409500": 1.0}, LV)
    mine = Figure(figsize=(5, 4)).add_subplot()
    assert plots.tile_values({}, LV, ax=mine) is mine
    drawn(mine)


def test_words_of_the_map() -> None:
    values = pd.Series({code: float(k) for k, code in enumerate(sorted(tiles()))})
    said = texts.score_map_texts(values, named("en"), EN)
    assert said["alt"].startswith("Map of the corrected efficiency of 42 municipalities.")
    assert named("en")[sorted(tiles())[-1]] in said["alt"].split("lowest")[0]
    assert named("en")[sorted(tiles())[0]] in said["alt"].split("lowest")[1] or "more" in said["alt"].split("lowest")[1]


# --- own rows ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("what", ["intervals", "ranks"])
def test_own_rows_are_seen(what: str) -> None:
    overview, names = service_case("today").overview, named("lv")
    own = ["0025000", "0001000"]
    assert overview.certainty is not None
    ax = (
        plots.score_intervals(overview.certainty, names, LV, own=own)
        if what == "intervals"
        else plots.rank_ranges(overview.methods, names, LV, own=own)
    )
    drawn(ax)
    bold = {text.get_text() for text in ax.texts if text.get_color() == OWN and text.get_fontweight() == "bold"}
    assert bold == {names[code] for code in own}
    bands = [
        patch.get_extents().transformed(ax.transData.inverted())
        for patch in ax.patches
        if same_color(patch.get_facecolor(), OWN_GROUND)
    ]
    lit = {rows_of(ax)[round((band.y0 + band.y1) / 2)] for band in bands}
    assert lit == bold, "the band lies on the row of the name"
    nobody = plots.rank_ranges(overview.methods, names, LV)
    assert not nobody.patches
    assert not [text for text in nobody.texts if text.get_color() == OWN]
    assert dots(ax)
