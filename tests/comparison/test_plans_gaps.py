"""Gaps, goals and targets, by hand; then for every municipality."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from few_units import UNITS, group_of
from plan_stores import Years, store_of

import benchlib as bl
from benchlib import comparison
from benchlib.comparison import (
    Gaps,
    added_indicators,
    better_members,
    choose_gaps,
    find_gaps,
    pace_of,
    plan_partners,
    plan_path,
    plan_practices,
    propose_plan,
    quantile_interval,
    theme_indicators,
)
from benchlib.errors import UnknownIndicatorError
from benchlib.indicators import Action, ImprovementPlan, catalogue_of, parse_plan, write_plan

#: Five units; the first is the municipality. Less is better.
COST: Years = {2011: [16, 10, 11, 12, 13], 2012: [17, 10, 11, 12, 13], 2013: [18, 10, 11, 12, 14]}
LESS = {"direction": -1}
#: Ten others: with the own figure eleven, of which the median's interval leaves out the least and the greatest.
OTHERS = [10, 11, 12, 13, 14, 15, 16, 17, 18, 19]


def row(gaps: Gaps, indicator: str) -> pd.Series:
    return gaps.table.set_index("indicator").loc[indicator]


def gaps_of(
    folder: Path, *, year: int = 2013, count: int = 5, **figures: tuple[Years, dict[str, object]]
) -> tuple[Gaps, bl.Store]:
    store = store_of(folder, figures)
    return find_gaps(list(figures), group=group_of(count), year=year, aim="median", store=store), store


def test_a_gap_by_hand(tmp_path: Path) -> None:
    gaps, _ = gaps_of(tmp_path, cost=(COST, LESS))
    found = row(gaps, "cost")
    assert found[["value", "median", "aim", "gap"]].tolist() == [18, 12, 12, 6]
    assert found[["lower_quartile", "upper_quartile", "distance"]].tolist() == [11, 14, 4], "6 over half of 3"
    assert found[["rank", "rank_low", "rank_high", "years", "years_worse"]].tolist() == [5, 5, 5, 3, 3]
    assert (found["certainty"], found["why_not"], found["light"]) == ("unclear", "", "red")
    ends = found[["aim_low", "aim_high", "aim_level"]].tolist()
    assert ends == [10, 18, 1 - 2 / 2**5], "of five, the interval of the median is the whole range"


def test_a_gap_is_clear_only_outside_the_interval_of_the_aim(tmp_path: Path) -> None:
    """The report on a municipality calls a cost within the interval of the median not surely different; so does the plan."""

    def figures(own: float) -> Years:
        return {year: [own, *OTHERS] for year in (2012, 2013)}

    more = {year: [9.0, *OTHERS] for year in (2012, 2013)}
    gaps, store = gaps_of(
        tmp_path,
        count=11,
        last=(figures(20), LESS),
        within=(figures(18.5), {"direction": -1, "decimals": 1}),
        more=(more, {}),
        once=({2013: [20, *OTHERS]}, LESS),
        once_within=({2013: [18.5, *OTHERS]}, {"direction": -1, "decimals": 1}),
    )
    assert row(gaps, "last")[["aim", "aim_low", "aim_high"]].tolist() == [15, 11, 19]
    assert row(gaps, "last")["aim_level"] == pytest.approx(1 - 2 * 12 / 2**11)
    assert row(gaps, "within")[["years", "years_worse", "aim_high"]].tolist() == [2, 2, 18.5]
    kinds = gaps.table.set_index("indicator")["certainty"].to_dict()
    assert kinds == {
        "last": "clear",
        "within": "unclear",
        "more": "clear",
        "once": "one year",
        "once_within": "unclear",
    }
    assert set(choose_gaps(gaps, 5, catalogue_of(store).indicators)["indicator"]) == {"last", "more", "once"}
    position = gaps.profile.row("within")
    assert position[["median_low", "median_high"]].tolist() == row(gaps, "within")[["aim_low", "aim_high"]].tolist()


def test_the_best_quarter_has_an_interval_of_its_own(tmp_path: Path) -> None:
    wanted = quantile_interval([13.5, *OTHERS], 0.25)
    years: Years = {year: [13.5, *OTHERS] for year in (2012, 2013)}
    store = store_of(tmp_path, {"cost": (years, {"direction": -1, "decimals": 1})})
    gaps = find_gaps(["cost"], group=group_of(11), year=2013, aim="quarter", store=store)
    found = row(gaps, "cost")
    assert found[["aim", "aim_low", "aim_high", "aim_level"]].tolist() == [12.5, *wanted]
    assert (found["years_worse"], found["certainty"]) == (2, "unclear"), "13.5 is worse than 12.5 and within 10 to 16"


def test_later_figures_are_not_looked_at(tmp_path: Path) -> None:
    turned: Years = {2011: [16, 10, 11, 12, 13], 2012: [9, 10, 11, 12, 13], 2013: [9, 10, 11, 12, 14]}
    gaps, _ = gaps_of(tmp_path, year=2011, cost=(turned, LESS))
    assert row(gaps, "cost")[["years", "years_worse", "certainty"]].tolist() == [1, 1, "unclear"]
    assert gaps.figures["year"].max() == 2011
    assert np.isnan(row(gaps, "cost")["rank_low"]), "one year gives no range"


def test_the_position_knows_no_later_figures_either(tmp_path: Path) -> None:
    """The overview and the table of one report give the same rank and range."""
    turned: Years = {2011: [16, 10, 11, 12, 13], 2012: [9, 10, 11, 12, 13], 2013: [9, 10, 11, 12, 14]}
    gaps, _ = gaps_of(tmp_path, year=2012, cost=(turned, LESS))
    names = ["rank", "rank_low", "rank_high"]
    assert gaps.profile.row("cost")[names].tolist() == row(gaps, "cost")[names].tolist() == [1, 1, 5]
    first, _ = gaps_of(tmp_path / "first", year=2011, cost=(turned, LESS))
    assert first.profile.row("cost")[names].isna().tolist() == [False, True, True]


@pytest.mark.parametrize("year", [2011, 2012, 2013])
def test_real_positions_and_gaps_agree(year: int) -> None:
    ids = theme_indicators("report", "schools", bl.load_catalogue())
    for unit in bl.classification("2025")[::5]:
        gaps = find_gaps(ids, group=bl.comparison_group(unit.code, group="kind", year=year), year=year)
        both = gaps.profile.table.merge(gaps.table, on=["indicator", "year"], suffixes=("", "_gap"))
        assert len(both) == len(gaps.profile.table) > 0
        assert both["year"].max() <= year
        for name in ("rank", "rank_low", "rank_high"):
            np.testing.assert_array_equal(both[name], both[f"{name}_gap"])


def test_a_figure_after_the_plan_does_not_hide_one_before_it(tmp_path: Path) -> None:
    both: Years = {2012: [20, 10, 11, 12, 14], 2015: [9, 10, 11, 12, 14]}
    gaps, _ = gaps_of(tmp_path, year=2014, both=(both, LESS), later=({2015: [20, 10, 11, 12, 14]}, LESS))
    assert row(gaps, "both")[["year", "value", "why_not"]].tolist() == [2012, 20, ""], "2015 is nearer, but later"
    assert row(gaps, "later")[["year", "why_not", "years"]].tolist() == [2015, "another year", 0]
    assert np.isnan(row(gaps, "later")["value"]), "a later figure is named by its year and not looked at"


def test_a_gap_that_not_every_year_shows_is_unclear(tmp_path: Path) -> None:
    moving: Years = {2012: [10, *OTHERS], 2013: [20, *OTHERS]}
    gaps, _ = gaps_of(tmp_path, count=11, moving=(moving, LESS))
    assert row(gaps, "moving")[["certainty", "years", "years_worse"]].tolist() == ["unclear", 2, 1]
    still: Years = {2012: [20, *OTHERS], 2013: [20, *OTHERS]}
    gaps, _ = gaps_of(tmp_path / "still", count=11, still=(still, LESS))
    assert row(gaps, "still")["certainty"] == "clear"


def test_a_gap_smaller_than_the_distance_of_neighbours_is_unclear(tmp_path: Path) -> None:
    """The own figure is the worst, so it lies outside the interval; half the middle half is 2 wide."""
    fields = {"direction": -1, "decimals": 1}
    spread = [8.0, 8.0, 8.0, 8.0, 12.0, 12.0, 12.0, 12.0, 12.0, 12.0]
    small: Years = {year: [12.4, *spread] for year in (2012, 2013)}
    near: Years = {year: [13.0, *spread] for year in (2012, 2013)}
    gaps, _ = gaps_of(tmp_path, count=11, small=(small, fields), near=(near, fields))
    assert row(gaps, "small")["distance"] == pytest.approx(0.4 / 2)
    assert row(gaps, "near")["distance"] == pytest.approx(1 / 2)
    assert [row(gaps, name)["certainty"] for name in ("small", "near")] == ["unclear", "clear"]


def test_why_something_is_no_gap(tmp_path: Path) -> None:
    gaps, _ = gaps_of(
        tmp_path,
        better=({2013: [9, 10, 11, 12, 14]}, LESS),
        same=({2013: [12.04, 10, 11, 12, 14]}, LESS),
        absent=({2013: [None, 10, 11, 12, 14]}, LESS),
        few=({2013: [20, 10, None, None, None]}, LESS),
        later=({2014: [20, 10, 11, 12, 14]}, LESS),
        older=({2010: [20, 10, 11, 12, 14]}, LESS),
        context=({2013: [20, 10, 11, 12, 14]}, {"direction": -1, "dimension": "context"}),
        neither=({2013: [20, 10, 11, 12, 14]}, {"direction": 0}),
    )
    assert dict(zip(gaps.table["indicator"], gaps.table["why_not"], strict=True)) == {
        "better": "not worse",
        "same": "not worse",
        "absent": "no figure",
        "few": "too few",
        "later": "another year",
        "older": "another year",
    }
    assert set(gaps.profile.table["indicator"]) == {"better", "same", "absent", "few"}
    assert gaps.open.empty


def test_the_best_quarter_as_aim(tmp_path: Path) -> None:
    store = store_of(tmp_path, {"cost": (COST, LESS), "result": ({2013: [12, 10, 11, 13, 14]}, {})})
    gaps = find_gaps(["cost", "result"], group=group_of(5), year=2013, aim="quarter", store=store)
    assert row(gaps, "cost")[["aim", "gap"]].tolist() == [11, 7]
    assert row(gaps, "result")[["aim", "gap", "why_not"]].tolist() == [13, -1, ""]
    assert choose_gaps(gaps, 3, catalogue_of(store).indicators)["indicator"].tolist() == ["cost"], (
        "the other is unclear"
    )
    goals = propose(gaps.open, store, aim="quarter").goals
    assert {goal.indicator: (goal.target, goal.comparator) for goal in goals} == {
        "cost": (11, "quarter"),
        "result": (13, "quarter"),
    }


def test_who_is_nowhere_behind_the_median_looks_at_the_best_quarter(tmp_path: Path) -> None:
    ahead: Years = {2013: [11.5, 10, 11, 12, 14]}
    store = store_of(tmp_path / "ahead", {"cost": (ahead, LESS)})
    gaps = find_gaps(["cost"], group=group_of(5), year=2013, store=store)
    assert (gaps.aim, gaps.is_ahead) == ("quarter", True)
    assert row(gaps, "cost")[["aim", "gap"]].tolist() == [11, 0.5]
    behind = store_of(tmp_path / "behind", {"cost": (ahead, LESS), "other": (COST, LESS)})
    gaps = find_gaps(["cost", "other"], group=group_of(5), year=2013, store=behind)
    assert (gaps.aim, gaps.is_ahead) == ("median", False), "one gap to the median is enough"
    assert row(gaps, "cost")["why_not"] == "not worse"
    unknown = store_of(tmp_path / "unknown", {"cost": ({2013: [None, 10, 11, 12, 14]}, LESS)})
    assert find_gaps(["cost"], group=group_of(5), year=2013, store=unknown).aim == "median", "nothing is known"


def test_what_nobody_has_leaves_nothing_and_breaks_nothing(tmp_path: Path) -> None:
    store = store_of(tmp_path, {"context": ({2013: [1, 2, 3, 4, 5]}, {"dimension": "context"})})
    gaps = find_gaps(["context"], group=group_of(5), year=2013, store=store)
    assert gaps.table.empty
    assert gaps.open.empty
    assert choose_gaps(gaps, 3, catalogue_of(store).indicators).empty
    assert gaps.access_of(["context"]) == "public"
    with pytest.raises(UnknownIndicatorError):
        find_gaps(["nothing"], group=group_of(5), year=2013, store=store)


def propose(chosen: pd.DataFrame, store: bl.Store, **options: object) -> ImprovementPlan:
    given = {"group": group_of(5), "year": 2013, "practices": {}, "passports": catalogue_of(store).indicators}
    nobody = pd.DataFrame({"indicator": [], "territory": []})
    return propose_plan(chosen, **{"partners": nobody, **given, **options})  # type: ignore[arg-type]


def test_the_last_quarter_comes_first_then_the_farthest(tmp_path: Path) -> None:
    near: Years = {2012: [13, 10, 11, 12, 14], 2013: [13, 10, 11, 12, 14]}
    far: Years = {2012: [13.9, 10, 11, 12, 14], 2013: [13.9, 10, 11, 12, 14]}
    gaps, store = gaps_of(
        tmp_path, near=(near, {"direction": -1}), far=(far, {"direction": -1, "decimals": 1}), cost=(COST, LESS)
    )
    passports = catalogue_of(store).indicators
    assert gaps.table["light"].tolist() == ["yellow", "yellow", "red"]
    assert choose_gaps(gaps, 3, passports)["indicator"].tolist() == ["cost", "far", "near"]
    assert choose_gaps(gaps, 2, passports)["indicator"].tolist() == ["cost", "far"]


def test_an_unclear_gap_becomes_a_goal_only_where_there_is_no_other(tmp_path: Path) -> None:
    unclear: Years = {2012: [10, *OTHERS], 2013: [30, *OTHERS]}
    clear: Years = {2012: [20, *OTHERS], 2013: [20, *OTHERS]}
    gaps, store = gaps_of(tmp_path, count=11, unclear=(unclear, LESS), cost=(clear, LESS))
    assert choose_gaps(gaps, 3, catalogue_of(store).indicators)["indicator"].tolist() == ["cost"]
    alone, store = gaps_of(tmp_path / "alone", count=11, unclear=(unclear, LESS))
    assert choose_gaps(alone, 3, catalogue_of(store).indicators)["indicator"].tolist() == ["unclear"]


def test_a_mean_and_its_parts_are_not_both_goals(tmp_path: Path) -> None:
    low: Years = {2012: [1, 5, 6, 7, 8], 2013: [1, 5, 6, 7, 8]}
    figures = {"a": (low, {}), "b": (low, {})}
    store = store_of(tmp_path, figures)
    path = tmp_path / "data" / "catalogue" / "indicators" / "made_up.toml"
    text = path.read_text("utf-8")
    both = (
        text[text.rindex("[[indicator]]") :]
        .replace('"b"', '"mean"')
        .replace('measure = "mean"', 'mean_of = ["a", "b"]')
    )
    path.write_text(f"{text}\n{both}", encoding="utf-8")
    store = bl.Store(tmp_path / "data", tmp_path / "cache")
    bl.load_catalogue.cache_clear()
    gaps = find_gaps(["mean", "a", "b"], group=group_of(5), year=2013, store=store)
    passports = catalogue_of(store).indicators
    assert choose_gaps(gaps, 3, passports)["indicator"].tolist() == ["mean"]
    gaps = find_gaps(["a", "mean", "b"], group=group_of(5), year=2013, store=store)
    assert choose_gaps(gaps, 3, passports)["indicator"].tolist() == ["a", "b"]


def test_a_density_is_no_goal(tmp_path: Path) -> None:
    del tmp_path
    group = bl.comparison_group("Aizkraukles novads", year=2013)
    gaps = find_gaps(["schools_per_100_km2"], group=group, year=2013)
    assert gaps.table["why_not"].tolist() == ["by area"]


def test_the_plan_by_hand(tmp_path: Path) -> None:
    gaps, store = gaps_of(tmp_path, cost=(COST, LESS))
    passports = catalogue_of(store).indicators
    chosen = choose_gaps(gaps, 3, passports)
    partners = plan_partners(gaps, chosen["indicator"])
    plan = propose(chosen, store, target_years=3, partners=partners, theme="report", made_with="x")
    goal = plan.goals[0]
    assert (goal.target, goal.target_year, goal.comparator) == (12, 2016, "median")
    assert [(step.year, step.target) for step in goal.follow_up] == [(2014, 16), (2015, 14), (2016, 12)]
    assert goal.why is not None
    assert (goal.why.base, goal.why.base_year, goal.why.best, goal.why.rank, goal.why.members) == (18, 2013, 10, 5, 5)
    assert (goal.actions, goal.responsible, plan.access) == ((Action(),), "", "members"), "left for people to fill in"
    known = {unit.code: unit.name for unit in bl.classification("2025")}
    assert goal.partners == tuple(known[code] for code in UNITS[1:4])
    assert goal.why.best_municipality == known[UNITS[1]]
    assert parse_plan(write_plan(plan).encode(), "x") == plan


def test_only_those_are_partners_whose_ranks_do_not_overlap(tmp_path: Path) -> None:
    moving: Years = {2012: [13, 10, 13, 12, 9], 2013: [13, 10, 11, 12, 14]}
    gaps, _ = gaps_of(tmp_path, cost=(moving, LESS), once=({2013: [13, 10, 11, 12, 14]}, LESS))
    # Own ranks 4 and 4; the second unit was 2nd and 1st, the fourth 3rd and 3rd; the third 4th, as the own one, and 2nd.
    sure = better_members(gaps, "cost")
    assert sure["territory"].tolist() == [UNITS[1], UNITS[3]]
    assert sure["is_sure"].all()
    once = better_members(gaps, "once")
    assert once["territory"].tolist() == [UNITS[1], UNITS[2], UNITS[3]]
    assert not once["is_sure"].any()
    assert better_members(gaps, "nothing").empty


def test_money_has_the_interval_of_the_median(tmp_path: Path) -> None:
    data = {"cost": (COST, {"direction": -1, "dimension": "cost", "volume": "users"}), "users": ({2013: [100] * 5}, {})}
    store = store_of(tmp_path, data)
    gaps = find_gaps(["cost"], group=group_of(5), year=2013, store=store)
    found = row(gaps, "cost")
    assert found[["volume", "room_eur"]].tolist() == [100, 600], "(18 - 12) * 100"
    assert found[["room_low_eur", "room_high_eur"]].tolist() == [0, 800], (
        "the median of five lies between least and greatest"
    )


def test_money_counts_users_of_a_year_that_the_plan_knows(tmp_path: Path) -> None:
    of_cost = {"direction": -1, "dimension": "cost", "volume": "users"}
    known = {"cost": (COST, of_cost), "users": ({2010: [100] * 5, 2013: [200] * 5}, {})}
    gaps = find_gaps(["cost"], group=group_of(5), year=2012, store=store_of(tmp_path / "known", known))
    assert row(gaps, "cost")[["volume", "volume_year", "room_eur"]].tolist() == [100, 2010, 500], "(17 - 12) * 100"
    later = {"cost": (COST, of_cost), "users": ({2013: [200] * 5}, {})}
    gaps = find_gaps(["cost"], group=group_of(5), year=2012, store=store_of(tmp_path / "later", later))
    assert row(gaps, "cost")[["volume", "volume_year", "room_eur"]].isna().all()


def test_a_group_of_three_has_no_median_and_no_gap(tmp_path: Path) -> None:
    gaps, _ = gaps_of(tmp_path, count=3, cost=(COST, LESS))
    assert row(gaps, "cost")[["median", "aim", "gap", "distance"]].isna().all()
    assert row(gaps, "cost")["why_not"] == "too few"
    assert gaps.open.empty


def test_the_path_of_a_small_group_has_no_median(tmp_path: Path) -> None:
    gaps, store = gaps_of(tmp_path, cost=(COST, LESS))
    plan = propose(choose_gaps(gaps, 1, catalogue_of(store).indicators), store)
    few = gaps.figures.loc[gaps.figures["territory"].isin(UNITS[:3])]
    assert plan_path(plan, few, group_of(3))["median"].isna().all()


def test_the_path_and_the_pace(tmp_path: Path) -> None:
    gaps, store = gaps_of(tmp_path, cost=(COST, LESS))
    plan = propose(choose_gaps(gaps, 1, catalogue_of(store).indicators), store, target_years=2)
    path = plan_path(plan, gaps.figures, group_of(5)).set_index("year")
    assert path.index.tolist() == [2011, 2012, 2013, 2014, 2015]
    assert path["value"].tolist()[:3] == [16, 17, 18]
    assert path["median"].tolist()[:3] == [12, 12, 12]
    assert path["planned"].tolist()[2:] == [18, 15, 12]
    assert path["planned"].isna().tolist() == [True, True, False, False, False]
    pace = pace_of(plan, gaps.figures, group_of(5)).iloc[0]
    assert (pace["needed"], pace["usual_count"]) == (-3, 8)
    assert (pace["usual_low"], pace["usual_high"]) == (0, pytest.approx(0.3)), "seven zeros and a one"


def test_figures_that_somebody_added_are_known(tmp_path: Path) -> None:
    gaps, store = gaps_of(tmp_path, cost=(COST, LESS), other=(COST, LESS))
    assert added_indicators(gaps.figures, store.registry) == ()
    own = [replace(source, is_own=source.id == "source_other") for source in store.registry.sources]
    assert added_indicators(gaps.figures, replace(store.registry, sources=tuple(own))) == ("other",)


def test_partners_of_a_service_come_first() -> None:
    unit, year = "Bauskas novads", 2013
    group = bl.comparison_group(unit, group="kind", year=year)
    catalogue = bl.load_catalogue()
    gaps = find_gaps(theme_indicators("report", "schools", catalogue), group=group, year=year)
    kin = comparison.comparable_units(unit, year=year)
    scores = comparison.score_service(catalogue.service("schools"), kin, year=year, replications=100, seed=1)
    learned = comparison.learning_partners(scores, kin, ids=gaps.table["indicator"], year=year, group=group)
    found = plan_partners(gaps, ["education_expenditure_per_pupil", "exam_grade9_mathematics"], learned)
    cost = found.loc[found["indicator"] == "education_expenditure_per_pupil"]
    own = row(gaps, "education_expenditure_per_pupil")["value"]
    assert set(cost["role"]) <= {"dominator", "peer"}
    assert (cost["value"] < own).all()
    assert len(cost) == 3
    assert set(found.loc[found["indicator"] == "exam_grade9_mathematics", "role"]) <= {""}


def test_practice_examples_are_those_of_others_and_public() -> None:
    catalogue = bl.load_catalogue()
    talsi, ogre = (
        bl.comparison_group(name, group="network:T2", year=2013) for name in ("Talsu novads", "Ogres novads")
    )
    ids = ["social_protection_expenditure_per_inhabitant", "teacher_monthly_pay"]
    own, other = (plan_practices(catalogue, ids, group) for group in (talsi, ogre))
    assert [practice.municipality for practice in other[ids[0]]] == ["Talsu novads"]
    assert own[ids[0]] == ()
    assert other[ids[1]] == ()


def test_themes() -> None:
    catalogue = bl.load_catalogue()
    report = theme_indicators("report", "schools", catalogue)
    assert report[:2] == ["education_expenditure_per_pupil", "exam_grade9_mean"]
    assert len(report) == len(set(report))
    social = theme_indicators("T2", "none", catalogue)
    assert "social_service_waiting_days" in social
    silent = {"unemployment_rate", "social_clients_per_worker", "social_protection_expenditure_per_inhabitant"}
    assert not silent & set(social), (
        "context, and what has no direction: spending per inhabitant is a priority, not a fault"
    )
    with pytest.raises(UnknownIndicatorError):
        theme_indicators("T9", "none", catalogue)


@pytest.mark.parametrize(("territory", "year"), [("2025", 2011), ("2025", 2013), ("2009", 2012)])
def test_real_figures_give_plans_that_can_be_kept(territory: str, year: int) -> None:
    catalogue = bl.load_catalogue()
    ids = theme_indicators("report", "schools", catalogue)
    units = bl.classification(territory)[:: 6 if territory == "2025" else 17]  # type: ignore[arg-type]
    counts = []
    for unit in units:
        group = bl.comparison_group(unit.code, group="kind", year=year, territory=territory)  # type: ignore[arg-type]
        gaps = find_gaps(ids, group=group, year=year)
        chosen = choose_gaps(gaps, 3, catalogue.indicators)
        plan = propose_plan(
            chosen,
            group=group,
            year=year,
            aim=gaps.aim,
            partners=plan_partners(gaps, chosen["indicator"]),
            practices={},
            passports=catalogue.indicators,
        )
        counts.append(len(plan.goals))
        for goal in plan.goals:
            passport = catalogue.indicators[goal.indicator]
            assert goal.why is not None
            assert goal.why.best is not None
            assert (goal.target - goal.why.base) * passport.direction > 0
            assert (goal.why.best - goal.target) * passport.direction >= -(10**-passport.decimals), (
                "somebody reaches it"
            )
        if plan.goals:
            assert parse_plan(write_plan(plan).encode(), "x") == plan
    assert max(counts) > 1
