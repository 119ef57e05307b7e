"""What became of a plan, by hand: states, usual changes, what is not known."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from few_units import UNITS, group_of
from plan_stores import Years, store_of

import benchlib as bl
from benchlib.comparison import FollowUp, follow_up, plan_group
from benchlib.comparison.plans.changes import usual_change
from benchlib.errors import PlanError
from benchlib.indicators import Goal, ImprovementPlan, Step, Store, Why, find_municipality

NAMES = {unit.code: unit.name for unit in bl.classification("2025")}
LESS = {"direction": -1}


def plan_of(*goals: Goal, **fields: Any) -> ImprovementPlan:
    given = {"id": "x", "municipality": UNITS[0], "name": NAMES[UNITS[0]], "territory": "2025", "base_year": 2011}
    return ImprovementPlan(goals=goals, group=f"own: {NAMES[UNITS[1]]}", **{**given, **fields})


def goal_of(indicator: str = "cost", base: float | None = 20, target: float = 14, **fields: Any) -> Goal:
    why = None if base is None else Why(base, 2011)
    return Goal(indicator, target, 2014, why=why, **fields)


def followed(store: Store, *goals: Goal, year: int = 2013, count: int = 5) -> FollowUp:
    return follow_up(plan_of(*goals), group=group_of(count), year=year, store=store)


def store_with(folder: Path, own: list[float | None], others: Years | None = None, **fields: Any) -> Store:
    """A store in which the municipality has these figures from 2011 on; the others change as they do."""
    others = others or {2011 + k: [10, 11, 12, 13] for k in range(len(own))}
    years = {2011 + k: [value, *others[2011 + k]] for k, value in enumerate(own)}
    return store_of(folder, {"cost": (years, {**LESS, **fields})})


@pytest.mark.parametrize(
    ("own", "year", "state", "is_due"),
    [
        ([20, 18, 14], 2013, "reached", False),
        ([20, 18, 13.6], 2013, "reached", False),
        ([20, 18, 14.4], 2013, "reached", False),  # shown as 14
        ([20, 18, 16], 2013, "on the way", False),
        ([20, 18, 17], 2013, "behind", False),
        ([20, 18, 22], 2013, "behind", False),
        ([20, 18, None], 2013, "on the way", False),
        ([20, None, None], 2013, "no figure", False),
        ([20, 18, 16, 15], 2014, "behind", True),
        ([20, 18, 16, 14], 2014, "reached", True),
        ([20, 18, 16, 15], 2013, "on the way", False),
    ],
)
def test_states(tmp_path: Path, own: list[float | None], year: int, state: str, is_due: bool) -> None:
    row = followed(store_with(tmp_path, own), goal_of(), year=year).goals.iloc[0]
    assert (row["state"], bool(row["is_due"])) == (state, is_due)


@pytest.mark.parametrize(
    ("own", "year", "state", "is_due", "is_final"),
    [
        ([20, 18, 17], 2013, "behind", False, False),
        ([20, 18, 17], 2024, "behind", True, False),
        ([20, 18, 14], 2024, "reached", True, False),
        ([20, None, None], 2024, "no figure", True, False),
        ([20, 18, 17, 15], 2024, "behind", True, True),
        ([20, 18, 17, None, 13], 2024, "reached", True, True),
    ],
)
def test_a_target_year_without_a_figure_is_due_and_not_judged(
    tmp_path: Path, own: list[float | None], year: int, state: str, is_due: bool, is_final: bool
) -> None:
    row = followed(store_with(tmp_path, own), goal_of(), year=year).goals.iloc[0]
    assert (row["state"], bool(row["is_due"]), bool(row["is_final"])) == (state, is_due, is_final)


def test_fewer_than_four_figures_have_no_median(tmp_path: Path) -> None:
    others: Years = {2011: [10, 11, 12, 13], 2012: [10, 11, None, None], 2013: [10, 11, 12, 13]}
    row = followed(store_with(tmp_path / "two", [20, 18, None], others), goal_of(), year=2012).goals.iloc[0]
    assert row["median_before"] == 12
    assert np.isnan(row["median"]), "three figures of 2012"
    path = followed(store_with(tmp_path / "path", [20, 18, 17], others), goal_of()).path
    assert path["median"].fillna(-1).tolist() == [12, -1, 12, -1]
    alone = followed(store_with(tmp_path / "three", [20, 18, 17]), goal_of(), count=3)
    assert alone.goals[["median_before", "median"]].isna().all(axis=None)
    assert alone.path["median"].isna().all()


def test_the_row_by_hand(tmp_path: Path) -> None:
    others = {2011: [10, 12, 13, 15], 2012: [11, 12, 13, 15], 2013: [12, 14, 13, 15]}
    row = followed(store_with(tmp_path, [20, 18, 17], others), goal_of(follow_up=(Step(2013, 15.0),))).goals.iloc[0]
    assert row[["base", "base_now", "target", "year", "value", "planned"]].tolist() == [20, 20, 14, 2013, 17, 15]
    assert row[["change", "share_done", "median_before", "median"]].tolist() == [-3, 0.5, 13, 14]


def test_a_change_is_held_against_those_of_the_others(tmp_path: Path) -> None:
    # Changes of four others over one year, in two pairs of years: -1, 0, 0, 1 and -1, 0, 0, 2.
    others = {2011: [10, 11, 12, 13], 2012: [9, 11, 12, 14], 2013: [8, 11, 12, 16]}
    wide = pd.DataFrame(others, dtype="float64")
    low, high, count = usual_change(wide, 1)
    assert count == 8
    assert (low, high) == (-1, pytest.approx(1.3)), "sorted -1 -1 0 0 0 0 1 2: a tenth from the ends"
    assert usual_change(wide, 2)[2] == 4
    assert np.isnan(usual_change(wide, 5)[0])
    for own, word in ((18, "better"), (19.5, "within"), (22, "worse")):
        store = store_with(tmp_path / word, [20, own, None], others)
        row = followed(store, goal_of(), year=2013).goals.iloc[0]
        assert (row["year"], row["against_usual"], row["usual_count"]) == (2012, word, 8)
        assert (row["usual_low"], row["usual_high"]) == (-1, pytest.approx(1.3))


def test_more_is_better_turns_the_judgement(tmp_path: Path) -> None:
    others = {2011: [10, 11, 12, 13], 2012: [9, 11, 12, 14], 2013: [8, 11, 12, 16]}
    store = store_with(tmp_path, [20, 22, None], others, direction=1)
    row = followed(store, goal_of(target=26)).goals.iloc[0]
    assert (row["against_usual"], row["state"]) == ("better", "on the way")


@pytest.mark.parametrize(
    ("target", "own", "state"),
    [
        (14.0, 22, "behind"),
        (14.0, 17, "on the way"),
        (26.0, 22, "on the way"),
        (26.0, 19, "behind"),
        (26.0, 27, "reached"),
    ],
)
def test_where_no_way_is_better_the_goal_says_which(tmp_path: Path, target: float, own: float, state: str) -> None:
    row = followed(store_with(tmp_path, [20, own, None], direction=0), goal_of(target=target)).goals.iloc[0]
    assert row["state"] == state


def test_too_few_changes_say_nothing(tmp_path: Path) -> None:
    row = followed(store_with(tmp_path, [20, 18]), goal_of(), year=2012).goals.iloc[0]
    assert (row["against_usual"], row["usual_count"]) == ("unknown", 4)
    assert np.isnan(row["usual_low"])


def test_a_goal_without_a_base_or_path(tmp_path: Path) -> None:
    store = store_with(tmp_path, [20, 18, 17])
    row = followed(store, goal_of(base=None)).goals.iloc[0]
    assert row["state"] == "no path"
    assert np.isnan(row["base"])
    assert np.isnan(row["change"])
    reached = followed(store, goal_of(base=None, target=17)).goals.iloc[0]
    assert reached["state"] == "reached"
    path = followed(store, goal_of(base=None)).path
    assert path["year"].tolist() == [2014], "nothing is drawn before the first planned year"


def test_an_indicator_that_is_not_known_any_more_stays_as_a_gap(tmp_path: Path) -> None:
    found = followed(store_with(tmp_path, [20, 18, 17]), goal_of("gone"), goal_of())
    assert found.goals[["indicator", "is_known", "state"]].to_numpy().tolist() == [
        ["gone", False, "no figure"],
        ["cost", True, "behind"],
    ]
    assert (found.count("no figure"), found.count("behind", "reached")) == (1, 1)


def test_a_revised_base_is_seen(tmp_path: Path) -> None:
    row = followed(store_with(tmp_path, [19, 18, 17]), goal_of()).goals.iloc[0]
    assert row[["base", "base_now", "change"]].tolist() == [20, 19, -3]


@pytest.mark.parametrize(
    ("stored", "now", "decimals", "base"),
    [
        (59.6, 59.64999985, 1, 59.64999985),  # as shown
        (59.65, 59.64999985, 1, 59.64999985),  # with two decimals more, as plans of earlier versions have it
        (187.5, 187.497282, 0, 187.497282),
        (187.0, 187.497282, 0, 187.497282),
        (59.7, 59.64999985, 1, 59.7),  # another figure
        (60.0, 59.64999985, 1, 60.0),  # fewer decimals than are shown are no rounding
        (59.66, 59.64999985, 1, 59.66),
    ],
)
def test_a_rounded_base_is_the_figure_behind_it(
    tmp_path: Path, stored: float, now: float, decimals: int, base: float
) -> None:
    found = followed(store_with(tmp_path, [now, 18, 17], decimals=decimals), goal_of(base=stored))
    row = found.goals.iloc[0]
    assert row[["base", "base_now"]].tolist() == [base, now]
    assert row["change"] == pytest.approx(17 - base)
    assert found.path["planned"].iloc[0] == base
    assert found.plan.goals[0].why == Why(stored, 2011), "the plan stays as people wrote it"


def test_the_path_holds_every_year(tmp_path: Path) -> None:
    path = followed(store_with(tmp_path, [20, None, 17]), goal_of(), year=2015).path.set_index("year")
    assert path.index.tolist() == [2011, 2012, 2013, 2014, 2015]
    assert path["planned"].tolist() == [20, 18, 16, 14, 14]
    assert path["value"].fillna(-1).tolist() == [20, -1, 17, -1, -1]
    assert path["median"].tolist()[:3] == [12, 11.5, 12]


def test_partners_are_followed_too(tmp_path: Path) -> None:
    others = {2011: [10, 11, 12, 13], 2012: [10, 11, 12, 13], 2013: [9, 18, 12, 13]}
    partners = (NAMES[UNITS[1]], UNITS[2], "Atlantīdas novads")
    found = followed(store_with(tmp_path, [20, 18, 17], others), goal_of(partners=partners)).partners
    assert found["territory"].tolist() == [UNITS[1], UNITS[2], ""]
    assert found["change"].tolist()[:2] == [-1, 7]
    assert found["is_better"].tolist() == [True, False, False]
    assert found["partner"].tolist() == list(partners)
    assert np.isnan(found["value"].iloc[2])


def test_a_former_municipality_after_the_reform(tmp_path: Path) -> None:
    del tmp_path
    unit = find_municipality("Vecumnieku novads", "2009")
    goal = Goal("education_expenditure_per_pupil", 1200, 2023, why=Why(1300, 2013))
    plan = ImprovementPlan("x", unit.code, unit.name, "2009", 2013, (goal,))
    group = plan_group(plan)
    after = follow_up(plan, group=group, year=2022)
    assert [heir.name for heir in after.heirs] == ["Bauskas novads"]
    assert after.goals["state"].tolist() == ["no figure"], "figures of the joined municipality do not count"
    assert follow_up(plan, group=group, year=2020).heirs == ()


def test_a_plan_whose_group_is_gone_is_told() -> None:
    plan = replace(plan_of(goal_of()), group="network:T9")
    with pytest.raises(PlanError, match=r"The plan x: group='network:T9'.*Correct `group`"):
        plan_group(plan)


def test_members_only_indicators_stay_out_of_public_reports(tmp_path: Path) -> None:
    store = store_with(tmp_path, [20, 18, 17], access="members")
    public = followed(store, goal_of()).goals.iloc[0]
    assert public["state"] == "no figure"
    closed = follow_up(plan_of(goal_of()), group=group_of(5), year=2013, access="members", store=store)
    assert closed.goals["state"].tolist() == ["behind"]


def test_real_figures() -> None:
    """Bauska's costs rose from 1,310 to 1,581 euro in 2011-2013; those of all novadi rose as well."""
    goal = Goal("education_expenditure_per_pupil", 1293, 2014, why=Why(1310.17, 2011))
    unit = find_municipality("Bauskas novads")
    plan = ImprovementPlan("x", unit.code, unit.name, "2025", 2011, (goal,), group="kind")
    row = follow_up(plan, group=plan_group(plan), year=2013).goals.iloc[0]
    figures = bl.load_indicators(goal.indicator, years=[2011, 2013])
    novadi = {one.code for one in bl.classification("2025") if one.kind == "novads"}
    wide = figures.loc[figures["territory"].isin(novadi)].pivot_table(index="territory", columns="year", values="value")
    changes = (wide[2013] - wide[2011]).drop(unit.code)
    assert row["usual_count"] == len(changes) == 34
    assert row["usual_low"] == pytest.approx(np.percentile(changes, 10))
    assert row["usual_high"] == pytest.approx(np.percentile(changes, 90))
    assert row["change"] == pytest.approx(wide.loc[unit.code, 2013] - wide.loc[unit.code, 2011])
    assert (row["state"], row["against_usual"]) == ("behind", "within")
