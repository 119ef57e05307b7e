"""A meeting by hand: who is in the room, figures side by side, changes, differences, homework, what has no figures."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from few_units import UNITS, YEAR

from benchlib.comparison import (
    Meeting,
    comparison_group,
    group_meeting,
    network_meeting,
    network_room,
    profile,
    region_room,
    room_of,
)
from benchlib.errors import (
    AmbiguousTerritoryError,
    CatalogueError,
    OptionError,
    UnknownIndicatorError,
    UnknownTerritoryError,
)
from benchlib.indicators import Store, classification, load_catalogue
from benchlib.terms import Classification
from tests.indicators.made_up import BAUSKA, BAUSKA_PARTS, DataFolder, both, toml

KNOWN = {unit.code: unit for unit in classification("2025")}
Years = Mapping[int, Sequence[float | None]]


class World:
    """A data folder in which each indicator shows the measure of its name."""

    def __init__(self, folder: Path) -> None:
        self.data = DataFolder(folder / "data")

    def add(self, name: str, years: Years | Sequence[float | None], access: str = "public", **fields: Any) -> World:
        """Values of the first units of `UNITS`, for one year or for several."""
        by_year = years if isinstance(years, Mapping) else {YEAR: years}
        rows = [
            (unit, year, name, value)
            for year, values in by_year.items()
            for unit, value in zip(UNITS, values, strict=False)
        ]
        self.data.measure(name)
        self.data.source(f"source_{name}", rows, territory="2025", access=access)
        self.data.passport(name, **{"measure": name, "direction": 1, "dimension": "quality", **fields})
        return self

    def store(self) -> Store:
        return self.data.store()

    def meeting(self, *ids: str, size: int = 5, **options: Any) -> Meeting:
        """The first units on some indicators, each in its own dimension."""
        store = self.store()
        indicators: dict[str, list[str]] = {}
        for name in ids:
            indicators.setdefault(load_catalogue(self.data.path).passport(name).dimension, []).append(name)
        units = [KNOWN[code] for code in UNITS[:size]]
        return group_meeting(units, indicators, **{"year": YEAR, "store": store, **options})


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def own_network(world: World, **fields: Any) -> None:
    """One network "N" of the made-up data folder."""
    entry: dict[str, Any] = {
        "name": both("N"),
        "theme": both("n"),
        "members_complete": True,
        "sources": ["s"],
        "members": [],
    }
    members = "".join(f"[[N.members]]\n{toml(member)}" for member in (entry | fields)["members"])
    text = "[N]\n" + toml({name: value for name, value in (entry | fields).items() if name != "members"}) + members
    (world.data.path / "catalogue" / "networks.toml").write_text(text, encoding="utf-8")


# Who is in the room.


def test_former_members_meet_in_the_municipality_of_today_with_their_sources() -> None:
    room = network_room("T2")
    by_name = {seat.unit.name: seat for seat in room.seats}
    assert len(room.seats) == 6
    assert [member.name for member in by_name["Bauskas novads"].members] == ["Vecumnieku novads", "Iecavas novads"]
    assert [member.name for member in by_name["Kuldīgas novads"].members] == ["Skrundas novads"]
    assert all(member.source for seat in room.seats for member in seat.members)
    assert room.unresolved == ("Jelgava", "Daugavpils"), "named as unresolved, not guessed"
    assert not any(unit.name.startswith(("Jelgav", "Daugavp")) for unit in room.units)
    assert not room.is_complete


def test_names_are_added_to_the_known_members_or_stand_alone() -> None:
    added = network_room("T4", members="Bauskas novads;  ogre ; Jelgavas novads")
    assert {seat.unit.name: seat.is_named for seat in added.seats} == {
        "Bauskas novads": True,
        "Jelgavas novads": True,
        "Ogres novads": True,
    }
    assert {seat.unit.name: len(seat.members) for seat in added.seats}["Jelgavas novads"] == 1, "still a known member"
    alone = network_room("T2", members="only: Ogres novads; Rīga")
    assert [unit.name for unit in alone.units] == ["Rīga", "Ogres novads"]
    assert [len(seat.members) for seat in alone.seats] == [0, 1]
    assert alone.is_complete, "those who were named are all there"
    assert alone.unresolved == ()


@pytest.mark.parametrize(
    ("members", "territory", "left"),
    [
        ("Daugavpils", "2025", ("Jelgava",)),
        ("Jelgavas novads", "2025", ("Daugavpils",)),
        ("Jelgavas pilsēta; Augšdaugavas novads", "2025", ()),  # Augšdaugavas novads: the Daugavpils novads of then
        ("Daugavpils novads", "2009", ("Jelgava",)),
        ("Ogres novads; Rēzeknes pilsēta", "2025", ("Jelgava", "Daugavpils")),
    ],
)
def test_who_is_in_the_room_is_not_said_to_be_left_out(
    members: str, territory: Classification, left: tuple[str, ...]
) -> None:
    assert network_room("T2", members=members, territory=territory).unresolved == left


@pytest.mark.parametrize(
    ("members", "error", "message"),
    [
        ("only:", OptionError, "names nobody"),
        (" ; ", OptionError, "names nobody"),
        ("", OptionError, "names nobody"),
        ("Bausks novads", UnknownTerritoryError, "Nearest: Bauskas novads"),
        ("Ogre; Vecumnieku novads", UnknownTerritoryError, "part of Bauskas novads now"),
        ("only: Jelgava", AmbiguousTerritoryError, "Jelgavas pilsēta"),
        ("Ogres novads, Tukuma novads", UnknownTerritoryError, r"members: .* Semicolons separate the names: 'A; B'\."),
    ],
)
def test_a_wrong_list_is_refused(members: str, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        network_room("T4", members=members)


def test_of_one_wrong_name_no_semicolon_is_told() -> None:
    with pytest.raises(UnknownTerritoryError) as refused:
        network_room("T4", members="Bausks novads")
    assert "emicolon" not in str(refused.value)


def test_a_network_that_is_not_there_or_has_nobody(world: World) -> None:
    with pytest.raises(UnknownIndicatorError, match="T9"):
        network_room("T9")
    own_network(world)
    with pytest.raises(OptionError, match="no known member"):
        network_room("N", store=world.store())
    assert [unit.name for unit in network_room("N", members="Rīga", store=world.store()).units] == ["Rīga"]


def test_a_member_that_does_not_exist_is_named_with_its_file(world: World) -> None:
    own_network(world, members=[{"name": "Bausks novads", "source": "s"}])
    for members in (None, "only: Rīga"):
        with pytest.raises(CatalogueError, match=r"networks\.toml, N: the member 'Bausks novads'"):
            network_room("N", members=members, store=world.store())


def test_a_split_member_brings_in_every_heir(world: World) -> None:
    own_network(world, members=[{"name": "Aglonas novads", "source": "s"}])
    room = network_room("N", store=world.store())
    assert [unit.name for unit in room.units] == ["Krāslavas novads", "Preiļu novads"]
    assert [unit.name for unit in network_room("N", territory="2009", store=world.store()).units] == ["Aglonas novads"]


def test_other_rooms() -> None:
    zemgale = region_room("Zemgale")
    assert {unit.region for unit in zemgale.units} == {"Zemgale"}
    assert zemgale.is_complete
    with pytest.raises(OptionError, match="Known: Kurzeme"):
        region_room("Sēlija")
    with pytest.raises(OptionError, match="nobody"):
        room_of([])


# Figures side by side.


def test_median_rank_light_and_gaps_by_hand(world: World) -> None:
    world.add("cost", [100, 200, 300, 400, 500], dimension="cost", direction=-1, volume="users")
    world.add("users", [10, 20, 30, 40, 50], dimension="context", direction=0)
    found = world.meeting("cost")
    row = found.row("cost")
    assert row[["year", "members", "members_with_figure", "present"]].tolist() == [YEAR, 5, 5, 5]
    assert row[["median", "lower_quartile", "upper_quartile", "least", "greatest"]].tolist() == [
        300,
        200,
        400,
        100,
        500,
    ]
    assert row[["least_territory", "greatest_territory", "best_territory"]].tolist() == [UNITS[0], UNITS[4], UNITS[0]]
    # All five below or all five above the median: 2 / 32.
    assert row[["median_low", "median_high", "median_level"]].tolist() == [100, 500, 1 - 2 / 32]
    table = found.part("cost").set_index("territory").loc[list(UNITS[:5])]
    assert table["rank"].tolist() == [1, 2, 3, 4, 5]
    assert table["light"].tolist() == ["green", "yellow", "yellow", "yellow", "red"]
    assert table["gap"].tolist() == [-200, -100, 0, 100, 200]
    assert np.allclose(table["gap_pct"], [-66.6667, -33.3333, 0, 33.3333, 66.6667], atol=1e-3)
    assert table["gap_eur"].tolist() == [-2000, -2000, 0, 4000, 10000], "the gap times the own users"
    assert table["rank_low"].isna().all(), "one year carries no range"


def test_the_year_is_the_nearest_of_those_in_the_room(world: World) -> None:
    world.add("x", {YEAR - 1: [1, 2, 3, 4, 5, None], YEAR: [None, None, None, None, None, 9], YEAR + 4: [6] * 6})
    assert world.meeting("x").row("x")["year"] == YEAR - 1
    assert world.meeting("x", size=6).row("x")["year"] == YEAR


def test_the_country_s_lights_and_ranks_are_those_of_the_profile() -> None:
    units = [KNOWN[code] for code in ("0025000", "0040000", "0003000")]
    ids = ["education_expenditure_per_pupil", "exam_grade9_mean"]
    found = group_meeting(units, {"cost": ids[:1], "quality": ids[1:]}, year=2012, among=classification("2025"))
    assert found.row(ids[0])["members"] == 42
    for unit in units:
        group = comparison_group(unit.code, group="all", year=2012)
        other = profile(ids, group=group, year=2012)
        for name in ids:
            own, expected = found.part(name).set_index("territory").loc[unit.code], other.row(name)
            assert (own["light"], own["year"]) == (expected["light"], expected["year"])
            assert np.array_equal(own["rank"], expected["rank"], equal_nan=True)
            assert found.row(name)["median"] == pytest.approx(expected["median"])
            assert np.isclose(own["gap"], expected["gap_to_median"], equal_nan=True)


def test_fewer_than_four_have_no_median_no_rank_and_no_light(world: World) -> None:
    world.add("x", [1, 2, 3])
    found = world.meeting("x", size=3)
    assert found.is_too_small
    assert found.table["rank"].isna().all()
    assert set(found.table["light"]) == {"none"}
    assert found.row("x")[["median", "median_low", "median_high", "median_level"]].isna().all()
    assert found.homework.empty
    assert not found.positions["is_overall"].any()


def test_too_few_figures_among_many_give_a_median_but_no_rank(world: World) -> None:
    world.add("x", [1, 2, 3, 4, None, None, None, None])
    found = world.meeting("x", size=8)
    assert found.row("x")["median"] == 2.5
    assert found.table["rank"].isna().all()
    assert set(found.table["light"]) == {"none"}


def test_a_doubtful_figure_is_marked_and_never_the_best(world: World) -> None:
    world.add("x", [9, 2, 3, 4, 5])
    world.data.doubt("source_x", UNITS[0], YEAR, "x")
    found = world.meeting("x")
    assert found.part("x").set_index("territory").loc[UNITS[0], "is_doubtful"]
    assert found.part("x")["is_doubtful"].sum() == 1
    assert found.row("x")["best_territory"] == UNITS[4]


def test_sixty_per_cent_of_the_figures_or_no_overall_position(world: World) -> None:
    for name in ("a", "b", "c"):
        world.add(name, [1, 2, 3, 4, 5 if name == "a" else None])
    world.data.measure("d", is_awaited=True)
    world.data.passport("d", measure="d", direction=1, dimension="quality")
    world.add("e", [1, 2, 3, 4, 5], dimension="context", direction=0)
    found = world.meeting("a", "b", "c", "d", "e").positions.set_index("territory")
    assert found["of"].tolist() == [4] * 5, "what nobody publishes counts as absent, context does not count"
    assert found["present"].tolist() == [3, 3, 3, 3, 1]
    assert found["is_overall"].tolist() == [True] * 4 + [False]
    assert found[["green", "yellow", "red"]].loc[[UNITS[3]]].to_numpy().tolist() == [[2, 1, 0]]


def test_corners_around_the_medians(world: World) -> None:
    world.add("money", [1, 2, 3, 4, 5], dimension="cost", direction=-1)
    world.add("result", [5, 1, 3, 4, None]).add("queue", [1, 2, 3, 4, 5], direction=-1)
    world.add("size", [1, 2, 3, 4, 5], direction=0)
    found = world.meeting("money", "result")
    assert found.money_and_result == ("money", "result")
    pair = found.pair("money", "result").set_index("territory")
    assert pair[["x_median", "y_median"]].drop_duplicates().to_numpy().tolist() == [[2.5, 3.5]]
    assert pair["corner"].to_dict() == dict(
        zip(UNITS[:4], ["upper left", "lower left", "lower right", "upper right"], strict=True)
    )
    queue = world.meeting("money", "queue")
    assert queue.money_and_result == ("money", "queue")
    assert queue.pair("money", "queue")["corner"].tolist() == ["upper left"] * 2 + ["middle"] + ["lower right"] * 2, (
        "above is better: the shorter queue"
    )
    assert world.meeting("money", "size").money_and_result is None


def test_euro_come_from_the_users_of_the_year_nearest_to_the_cost(world: World) -> None:
    world.add("cost", {YEAR - 2: [1, 2, 3, 4, 5]}, dimension="cost", direction=-1, volume="users")
    users = {YEAR - 1: [10, 20, 30, 40, 50], YEAR: [900] * 5}
    world.add("users", users, dimension="context", direction=0)
    found = world.meeting("cost")
    table = found.part("cost").set_index("territory")
    assert table["volume"].loc[list(UNITS[:5])].tolist() == [10, 20, 30, 40, 50]
    assert set(table["volume_year"]) == {YEAR - 1}
    assert table["gap_eur"][UNITS[4]] == 2 * 50
    assert found.differences.iloc[0][["year", "volume_year"]].tolist() == [YEAR - 2, YEAR - 1]
    pair = world.meeting("cost", size=2).differences.iloc[0]
    assert pair[["gap_eur", "volume_year"]].tolist() == [20, YEAR - 1]


# What changed.


def test_only_those_with_both_figures_move_the_median(world: World) -> None:
    world.add("x", {YEAR - 5: [1] * 6, YEAR - 3: [10, 20, 30, 40, None, 1000], YEAR: [11, 26, 30, 38, 500, None]})
    row = world.meeting("x", size=6).changes.iloc[0]
    assert row[["before", "year", "compared"]].tolist() == [YEAR - 3, YEAR, 4]
    assert row[["median_before", "median_now"]].tolist() == [25, 28]
    assert row[["mover", "mover_before", "mover_now"]].tolist() == [UNITS[1], 20, 26]
    assert not row["is_carried"]


def test_a_doubtful_figure_is_not_told_to_have_moved_most(world: World) -> None:
    world.add("x", {YEAR - 1: [10, 20, 30, 40], YEAR: [99, 26, 31, 41]})
    world.data.doubt("source_x", UNITS[0], YEAR, "x")
    assert world.meeting("x", size=4).changes.iloc[0]["mover"] == UNITS[1]


def test_no_earlier_year_no_change_and_few_no_median(world: World) -> None:
    world.add("x", [1, 2, 3, 4]).add("y", {YEAR - 1: [1, 2, None], YEAR: [1, 5, 6]})
    found = world.meeting("x", "y", size=4).changes
    assert found["indicator"].tolist() == ["y"]
    assert found.iloc[0]["compared"] == 2
    assert math.isnan(found.iloc[0]["median_now"])
    assert found.iloc[0]["mover"] == UNITS[1]


def test_a_year_carried_over_the_reform_beside_one_that_was_not(tmp_path: Path) -> None:
    made = DataFolder(tmp_path / "data").measure("x").passport("x", measure="x")
    made.source("old", [(code, 2019, "x", 1.0) for code in (*BAUSKA_PARTS, "0050000")])
    made.source("new", [(BAUSKA, 2022, "x", 9.0), ("0002000", 2022, "x", 2.0)], territory="2025")
    store = made.store()

    def is_carried(code: str) -> bool:
        found = group_meeting([KNOWN[code]], {"context": ["x"]}, year=2022, store=store)
        return bool(found.changes.iloc[0]["is_carried"])

    assert is_carried(BAUSKA)
    assert not is_carried("0002000"), "the reform left it as it was"


# Where they differ, and homework.


def test_the_farthest_of_each_indicator_in_per_cent_of_the_median(world: World) -> None:
    world.add("a", [90, 100, 100, 100, 130]).add("b", [1, 2, 2, 2, 3], dimension="coverage")
    world.add("change", [-5, 1, 1, 1, 1]).add("density", [1, 10, 10, 10, 1000], dimension="context", direction=0)
    found = world.meeting("a", "b", "change", "density").differences
    assert found["indicator"].tolist() == ["b", "a"], (
        "what may be negative has no per cent; context explains, it is no question"
    )
    assert found["gap_pct"].tolist() == [-50, 30]
    assert found["territory"].tolist() == [UNITS[0], UNITS[4]]
    assert found["reference"].tolist() == [2, 100]
    assert set(found["other"]) == {""}


def test_context_is_talked_about_where_there_is_nothing_else(world: World) -> None:
    world.add("density", [1, 10, 10, 10, 1000], dimension="context", direction=0)
    assert world.meeting("density").differences["indicator"].tolist() == ["density"]


def test_what_follows_from_settlement_is_a_condition(world: World) -> None:
    world.add("area", [1.0] * 5, dimension="context", direction=0).add("schools", [1, 2, 3, 4, 500.0])
    world.data.passport(
        "per_area", numerator="schools", denominator="area", direction=1, dimension="coverage", scale=100.0
    )
    world.add("x", [9, 10, 10, 10, 11])
    both_of_them = world.meeting("per_area", "x")
    assert both_of_them.row("per_area")[["is_by_area", "best_territory"]].tolist() == [True, UNITS[4]]
    assert both_of_them.differences["indicator"].tolist() == ["x"], "the farthest of all, but nobody decides it"
    assert set(both_of_them.homework["indicator"]) == {"x"}
    alone = world.meeting("per_area")
    assert alone.differences[["indicator", "is_by_area"]].to_numpy().tolist() == [["per_area", True]]
    assert alone.homework.empty


def test_two_are_held_against_each_other(world: World) -> None:
    world.add("cost", [200, 300], dimension="cost", direction=-1, volume="users")
    world.add("users", [10, 20], dimension="context", direction=0).add("same", [7, 7])
    found = world.meeting("cost", "same", size=2).differences
    assert found["indicator"].tolist() == ["cost"]
    row = found.iloc[0]
    assert row[["territory", "other", "value", "reference", "gap", "gap_pct"]].tolist() == [
        UNITS[1],
        UNITS[0],
        300,
        200,
        100,
        50,
    ]
    assert row["gap_eur"] == 2000
    assert world.meeting("cost", size=1).differences.empty


def test_at_most_six_differences(world: World) -> None:
    names = [f"i{number}" for number in range(8)]
    for number, name in enumerate(names):
        world.add(name, [10, 10, 10, 10, 11 + number])
    found = world.meeting(*names).differences
    assert found["indicator"].tolist() == ["i7", "i6", "i5", "i4", "i3", "i2"]


def test_homework_begins_with_the_last_quarter_and_names_whom_to_ask(world: World) -> None:
    for name, last in {"a": 60, "b": 50, "c": 40, "d": 99}.items():
        world.add(name, [100, 100.5, 101, 100, last])
    found = world.meeting("a", "b", "c", "d").homework
    own = found.loc[found["territory"] == UNITS[4]]
    assert own["indicator"].tolist() == ["c", "b", "a"], "the farthest first, three at most"
    assert set(own["reason"]) == {"red"}
    assert set(own["ask"]) == {UNITS[2]}
    assert set(own["ask_value"]) == {101}
    assert UNITS[2] not in set(found["territory"]), "the best has none"


def test_the_last_quarter_comes_before_what_is_further_from_the_median(world: World) -> None:
    world.add("near", [100, 100, 100, 100, 99]).add("far", [100, 100, 100, 10, 50])
    found = world.meeting("near", "far").homework
    own = found.loc[found["territory"] == UNITS[4], ["indicator", "reason"]]
    assert own.to_numpy().tolist() == [["near", "red"], ["far", "worse"]]


def test_a_rank_that_was_better_a_year_ago_is_no_homework(world: World) -> None:
    world.add("steady", {YEAR - 1: [1, 2, 3, 4, 5], YEAR: [1, 2, 3, 4, 5]})
    world.add("moving", {YEAR - 1: [5, 4, 3, 2, 1], YEAR: [1, 2, 3, 4, 5]})
    found = world.meeting("steady", "moving").homework
    for unit, reason in ((UNITS[0], "red"), (UNITS[1], "worse")):
        own = found.loc[found["territory"] == unit]
        assert own[["indicator", "reason", "is_one_year"]].to_numpy().tolist() == [["steady", reason, False]]
    light = world.meeting("moving").part("moving").set_index("territory")["light"][UNITS[0]]
    assert light == "red", "the last of this year was the first of the year before: chance"


def test_what_one_year_says_comes_after_what_several_say(world: World) -> None:
    world.add("steady", {YEAR - 1: [101, 102, 103, 104, 105], YEAR: [101, 102, 103, 104, 105]})
    world.add("once", [1, 2, 3, 4, 5]).add("gone", [None, 2, 3, 4, 5])
    found = world.meeting("steady", "once", "gone").homework
    first = found.loc[found["territory"] == UNITS[0], ["indicator", "reason", "is_one_year"]]
    assert first.to_numpy().tolist() == [["steady", "red", False], ["once", "red", True], ["gone", "missing", False]]
    second = found.loc[found["territory"] == UNITS[1], ["indicator", "reason", "is_one_year"]]
    assert second.to_numpy().tolist() == [["steady", "worse", False], ["gone", "red", True], ["once", "worse", True]]


def test_a_small_gap_is_no_homework(world: World) -> None:
    world.add("cost", [100, 200, 300, 301, 400, 500], direction=-1)
    found = world.meeting("cost", size=6).homework
    # Quartiles 225 and 375.25, so half the middle half is 75; 301 lies 0.5 beyond the median of 300.5.
    assert UNITS[3] not in set(found["territory"])
    assert {UNITS[4], UNITS[5]} <= set(found["territory"])


def test_missing_and_doubtful_figures_are_homework_too(world: World) -> None:
    world.add("x", [1, 3, 3, 3, None])
    world.data.doubt("source_x", UNITS[0], YEAR, "x")
    found = world.meeting("x").homework.set_index("territory")
    assert found["reason"].to_dict() == {UNITS[0]: "doubtful", UNITS[4]: "missing"}
    assert found["ask"].to_dict() == {UNITS[0]: "", UNITS[4]: UNITS[1]}


def test_of_a_derived_figure_the_part_that_is_missing_is_named(world: World) -> None:
    world.add("money", {YEAR - 1: [1] * 7, YEAR: [10, 20, 30, 40, 50, None, None]})
    world.add("people", {YEAR - 1: [1, 1, 1, 1, None, 1, None], YEAR + 3: [1] * 7})
    world.data.passport(
        "cost", numerator="money", denominator="people", max_year_gap=1, scale=2.0, direction=-1, dimension="cost"
    )
    found = world.meeting("cost", size=7)
    lacking = found.part("cost").set_index("territory")["lacking"]
    assert lacking[UNITS[4]].id == "people", "of the year before, by which the others are divided"
    assert lacking[UNITS[5]].id == "money"
    assert lacking[UNITS[6]] is None, "both are missing"
    assert lacking[UNITS[0]] is None
    homework = found.homework.set_index("territory")
    assert homework["reason"][UNITS[4]] == "missing"
    assert homework["lacking"][UNITS[4]].id == "people"
    assert world.meeting("money", size=7).part("money")["lacking"].isna().all(), "published as it is"


# What has no figures, and what is closed.


def test_why_an_indicator_has_no_figures(world: World) -> None:
    world.add("x", [None, None, None, None, None, 7])
    world.data.measure("y", is_awaited=True).passport("y", measure="y", direction=1, dimension="cost")
    found = world.meeting("x", "y")
    assert found.without.set_index("indicator")["reason"].to_dict() == {"x": "room", "y": "awaited"}
    assert found.summary.empty
    assert found.table.empty
    assert found.changes.empty
    assert found.differences.empty
    assert found.homework.empty
    assert found.positions["of"].tolist() == [2] * 5
    assert len(network_meeting("T3", year=2013, territory="2009").without.query("reason == 'classification'")) == 4


def test_nothing_is_known_on_an_early_day() -> None:
    found = network_meeting("T2", year=2013, as_of="1990-01-01")
    assert found.summary.empty
    assert len(found.without) == len(found.room.network.indicator_ids)  # type: ignore[union-attr]
    assert found.changes.empty


@pytest.mark.parametrize("network", ["T1", "T2", "T3", "T4"])
def test_every_indicator_of_every_network_has_figures_or_a_reason(network: str) -> None:
    found = network_meeting(network, year=2013)
    listed = {*found.summary["indicator"], *found.without["indicator"]}
    assert listed == set(load_catalogue().network(network).indicator_ids)
    assert len(found.table) == len(found.summary) * len(found.room.seats), "nobody is lost"


def test_what_is_for_members_only_stays_out_of_a_public_meeting(world: World) -> None:
    world.add("open", [1, 2, 3, 4, 5]).add("shut", [1, 2, 3, 4, 5], access="members")
    world.add("own", [1, 2, 3, 4, 5], access="members")
    passports = world.data.path / "catalogue" / "indicators" / "made_up.toml"
    text = passports.read_text("utf-8")
    passports.write_text(text.replace('id = "own"', 'id = "own"\naccess = "members"'), encoding="utf-8")
    public = world.meeting("open", "shut", "own")
    assert set(public.table["indicator"]) == {"open"}
    assert set(public.figures["indicator"]) == {"open"}
    assert set(public.values["indicator"]) == {"open"}
    assert public.hidden == 1
    assert "own" not in set(public.without["indicator"]), "not even its name"
    assert public.without.set_index("indicator").loc["shut", "reason"] == "awaited", "as if nobody had it"
    assert public.closed.empty
    members = world.meeting("open", "shut", "own", access="members")
    assert set(members.closed["indicator"]) == {"shut", "own"}
    assert len(members.closed) == 10
    assert members.hidden == 0
    closed = members.of_members
    assert set(closed.table["indicator"]) == set(closed.summary["indicator"]) == {"shut", "own"}
    assert set(closed.figures["indicator"]) == set(closed.differences["indicator"]) == {"shut", "own"}
    assert closed.of_dimension("quality") == ("shut", "own")
    assert closed.without.empty
    own, before = (found.part("own").reset_index(drop=True) for found in (closed, members))
    assert own.equals(before), "compared with everybody, as before"


def test_practices_of_those_present_and_of_the_theme() -> None:
    found = network_meeting("T3", year=2013)
    here = [practice.id for practice in found.practices_here]
    compared = set(load_catalogue().network("T3").indicator_ids)
    for practice in (*found.practices_here, *found.practices_of_theme):
        assert practice.network == "T3" or compared & set(practice.indicators)
    others = found.practices_on_other_themes
    assert others
    assert not any(practice.network == "T3" or compared & set(practice.indicators) for practice in others)
    assert not {practice.id for practice in others} & set(here)
    assert "gulbene-housing-exchange" in here
    assert not set(here) & {practice.id for practice in found.practices_of_theme}
    assert [p.id for p in found.practices_for("municipal_buildings_heat_per_m2")] == [
        "vecumnieki-energy-efficiency-overview"
    ]
