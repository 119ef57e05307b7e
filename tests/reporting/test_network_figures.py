"""The dots and the quadrants: what is drawn is what the meeting says, and every name can be read."""

from __future__ import annotations

from functools import cache
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from drawings import dots as dots_of
from drawings import drawn, ink
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.text import Text
from network_cases import BOTH, GROUPS, LV, case, named
from report_cases import PASSPORTS

from benchlib.comparison import Meeting, group_meeting, region_room
from benchlib.errors import OptionError
from benchlib.indicators import classification
from benchlib.reporting import Words, texts
from benchlib.reporting.plots import dots, quadrants
from benchlib.reporting.plots.dots import Flag, _lowered, _raised, _sides

MONEY, RESULT = "education_expenditure_per_pupil", "exam_grade9_mean"
MARK = "\N{NO-BREAK SPACE}?"


def positions(flags: list[Flag], *, to_right: bool) -> list[tuple[float, float, int]]:
    return [(f.x, f.x + f.width, f.tier) if to_right else (f.x - f.width, f.x, f.tier) for f in flags]


@pytest.mark.parametrize("seed", range(30))
def test_names_touch_neither_each_other_nor_a_leader(seed: int) -> None:
    random = np.random.default_rng(seed)
    xs = np.sort(random.choice([random.uniform(0, 4.6, 12), random.uniform(4.2, 4.6, 12), np.full(12, 0.5)]))
    flags = [Flag(float(x), "x", float(width)) for x, width in zip(xs, random.uniform(0.3, 2.2, 12), strict=True)]
    above, below = _sides(flags)
    for placed, to_right in ((_raised(above), True), (_lowered(below), False)):
        boxes = positions(placed, to_right=to_right)
        assert all(low >= -0.1 and high <= 4.75 for low, high, _ in boxes), "inside the figure"
        for (low, high, tier), (other_low, other_high, other_tier) in combinations(boxes, 2):
            assert tier != other_tier or high <= other_low or other_high <= low, "two names on one another"
        for flag in placed:
            crossed = [box for box in boxes if box[2] < flag.tier and box[0] < flag.x < box[1]]
            assert not crossed, "a leader through a name"
    assert len(above) + len(below) == 12


def group_ids(meeting: Meeting, group: tuple[str, ...]) -> list[str]:
    return [name for dimension in group for name in meeting.of_dimension(dimension)]


@BOTH
@pytest.mark.parametrize("name", ["T1", "six", "fourteen"])
@pytest.mark.parametrize("group", GROUPS, ids=lambda group: group[0])
def test_the_dots_name_everybody_and_nothing_overlaps(name: str, group: tuple[str, ...], words: Words) -> None:
    meeting = case(name)
    ids = group_ids(meeting, group)
    if not ids:
        with pytest.raises(OptionError, match="nothing to draw"):
            dots(meeting, ids, PASSPORTS, named(words.language), words)
        return
    ax = dots(meeting, ids, PASSPORTS, named(words.language), words)
    figure = drawn(ax)
    boxes = [ink(text) for text in ax.texts if text.get_text()]
    assert not [pair for pair in combinations(boxes, 2) if pair[0].overlaps(pair[1])]
    assert all(box.x0 >= 0 and box.x1 <= figure.bbox.x1 and box.y0 >= 0 for box in boxes)
    shown = "\n".join(text.get_text() for text in ax.texts)
    part = meeting.table.loc[meeting.table["indicator"].isin(ids)]
    marks = [np.asarray(cloud.get_offsets()) for cloud in dots_of(ax)]
    assert sum(map(len, marks)) == part["value"].notna().sum()
    for code in part.loc[part["value"].isna(), "territory"]:
        assert named(words.language)[code] in shown, "missing is shown as missing"
    if name != "fourteen":
        for code in part.loc[part["value"].notna(), "territory"]:
            assert shown.count(named(words.language)[code]) == len(ids)


def test_better_is_to_the_right() -> None:
    meeting = case("six")
    for name, best in (("education_expenditure_per_pupil", "0040000"), ("exam_grade9_mean", "0051000")):
        ax = dots(meeting, [name], PASSPORTS, named("lv"), LV)
        text = next(t for t in ax.texts if t.get_text().startswith(named("lv")[best]))
        others = [t for t in ax.texts if "novads" in t.get_text() and t is not text]
        assert all(ends(text) >= ends(other) for other in others)


def ends(text: Text) -> float:
    return float(text.get_position()[0])


FRAME = pd.DataFrame(
    {
        "territory": ["0025000", "0040000", "0051000", "0030000"],
        "x": [1.0, 2.0, 3.0, 4.0],
        "y": [4.0, 1.0, 3.0, 2.0],
        "y_low": [-9.0, 0.5, np.nan, 1.5],
        "y_high": [4.5, 1.5, np.nan, 2.5],
    }
)


def cross_of(ax: Axes) -> tuple[float, float]:
    vertical, horizontal = ax.lines[:2]
    return float(np.asarray(vertical.get_xdata())[0]), float(np.asarray(horizontal.get_ydata())[0])


@BOTH
def test_quadrants_with_intervals_names_and_corners(words: Words) -> None:
    ax = quadrants(FRAME, named(words.language), words, x_label="EUR", y_label="%")
    drawn(ax)
    assert cross_of(ax) == (2.5, 2.5)
    shown = [text.get_text() for text in ax.texts]
    assert {named(words.language)[code] for code in FRAME["territory"]} <= set(shown)
    assert words.gettext("less money, better result") in " ".join(shown).replace("\n", " ")
    lines = [c for c in ax.collections if isinstance(c, LineCollection)]
    known = [segment for segment in lines[0].get_segments() if len(segment) and not np.isnan(segment).any()]
    assert [[tuple(point) for point in segment] for segment in known] == [
        [(1.0, -9.0), (1.0, 4.5)],
        [(2.0, 0.5), (2.0, 1.5)],
        [(4.0, 1.5), (4.0, 2.5)],
    ]
    low, high = ax.get_ylim()
    assert low < -9
    assert high > 4.5, "the axes hold the intervals"


def test_quadrants_by_order() -> None:
    own = quadrants(
        FRAME, named("lv"), LV, x_label="x", y_label="y", cross=(1.5, 1.5), named=["0025000"], own=["0025000"]
    )
    assert cross_of(own) == (1.5, 1.5)
    shown = [text.get_text() for text in own.texts]
    assert named("lv")["0025000"] in shown
    assert named("lv")["0040000"] not in shown
    with pytest.raises(OptionError, match="nobody has both"):
        quadrants(FRAME.assign(y=np.nan), named("lv"), LV, x_label="x", y_label="y")


@BOTH
@pytest.mark.parametrize("name", ["six", "fourteen"])
def test_names_in_the_quadrants_stand_apart_and_inside(name: str, words: Words) -> None:
    meeting = case(name)
    assert meeting.money_and_result is not None
    ax = quadrants(meeting.pair(*meeting.money_and_result), named(words.language), words, x_label="x", y_label="y")
    drawn(ax)
    boxes = [ink(text) for text in ax.texts[:-1]]
    assert not [pair for pair in combinations(boxes, 2) if pair[0].overlaps(pair[1])]
    assert all(ax.bbox.x0 <= box.x0 and box.x1 <= ax.bbox.x1 for box in boxes)
    names = {text.get_text().removesuffix(MARK) for text in ax.texts} & set(named(words.language).values())
    assert len(names) >= len(meeting.room.seats) - (0 if name == "six" else 2)


def test_where_all_crowd_some_stay_without_a_name() -> None:
    codes = list(named("en"))[:30]
    crowd = pd.DataFrame({"territory": codes, "x": 1.0 + np.arange(30) / 1e4, "y": 1.0 + np.arange(30) / 1e4})
    ax = quadrants(pd.concat([crowd, FRAME]), named("en"), Words("en"), x_label="x", y_label="y")
    drawn(ax)
    boxes = [ink(text) for text in ax.texts]
    assert not [pair for pair in combinations(boxes, 2) if pair[0].overlaps(pair[1])]
    assert 4 <= len({text.get_text() for text in ax.texts} & set(named("en").values())) < 30


@pytest.mark.parametrize("region", ["Latgale", "Rīga"])
def test_names_stand_on_no_dot_and_on_no_median_where_there_is_room(region: str) -> None:
    room = region_room(region)
    frame = meeting_of(region).pair(MONEY, RESULT)
    ax = quadrants(frame, named("lv"), LV, x_label="x", y_label="y", named=room.codes)
    drawn(ax)
    own = {name for code, name in named("lv").items() if code in room.codes}
    boxes = {text.get_text(): ink(text) for text in ax.texts if text.get_text().removesuffix(MARK) in own}
    assert len(boxes) == len(room.codes), "everybody of the region is named"
    dots = ax.transData.transform(frame[["x", "y"]].to_numpy(dtype="float64"))
    assert not [name for name, box in boxes.items() if box.count_contains(dots)]
    # Whose own dot lies on a median may have its name there too. Mārupe has no free place beside its dot.
    x, y = ax.transData.transform(cross_of(ax))
    places = {named("lv")[code]: dot for code, dot in zip(frame["territory"], dots, strict=True)}
    crossed = set()
    for name, box in boxes.items():
        own_x, own_y = places[name.removesuffix(MARK)]
        if (box.x0 < x < box.x1 and abs(own_x - x) > 12) or (box.y0 < y < box.y1 and abs(own_y - y) > 12):
            crossed.add(name)
    assert crossed <= {"Mārupes novads"}


def test_doubtful_figures_are_marked_in_the_quadrants_and_in_their_words() -> None:
    room, meeting = region_room("Latgale"), meeting_of("Latgale")
    frame = meeting.pair(MONEY, RESULT)
    doubted = {named("lv")[code] + MARK for code in frame.loc[frame["is_doubtful"] & frame["is_here"], "territory"]}
    assert doubted == {f"{name} novads{MARK}" for name in ("Preiļu", "Krāslavas", "Balvu")}
    ax = quadrants(frame, named("lv"), LV, x_label="x", y_label="y", named=room.codes)
    assert {text.get_text() for text in ax.texts if text.get_text().endswith("?")} == doubted
    said = texts.meeting.quadrant_texts(meeting, (MONEY, RESULT), PASSPORTS, named("lv"), LV)
    assert all(name in said["alt"] for name in doubted)
    assert said["alt"].count(MARK) == len(doubted)
    assert LV.gettext("?: doubtful figure.") in said["caption"]


@cache
def meeting_of(region: str) -> Meeting:
    compared = {"cost": (MONEY,), "quality": (RESULT,)}
    return group_meeting(region_room(region).units, compared, among=classification("2025"), year=2013)
