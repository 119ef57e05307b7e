"""Figures that the registry doubts, in plans: marked, never sure, and nobody with one is named as a partner."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from few_units import UNITS, group_of, rows
from plan_stores import Years, store_of

import benchlib as bl
from benchlib import comparison
from benchlib.comparison import (
    FollowUp,
    better_members,
    choose_gaps,
    doubtful_figures,
    find_gaps,
    follow_up,
    plan_partners,
    plan_path,
    propose_plan,
    theme_indicators,
    unnamed_members,
)
from benchlib.indicators import Goal, ImprovementPlan, Store, Why, catalogue_of
from benchlib.reporting import Words, texts
from tests.indicators.made_up import DataFolder

#: Five units; the first is the municipality. Less is better.
COST: Years = {2011: [16, 10, 11, 12, 13], 2012: [17, 10, 11, 12, 13], 2013: [18, 10, 11, 12, 14]}
LESS = {"direction": -1}
MONEY = "education_expenditure_per_pupil"


def gaps_of(store: Store, *ids: str, year: int = 2013, count: int = 5) -> comparison.Gaps:
    return find_gaps(ids, group=group_of(count), year=year, aim="median", store=store)


def test_which_figures_are_doubtful() -> None:
    """Ikšķile is a part of Ogre today; its published cost of 2012 is used, the registry says why it may be wrong."""
    ogre, iksile = (bl.find_municipality(*name).code for name in (("Ogres novads",), ("Ikšķiles novads", "2009")))
    found = doubtful_figures([MONEY, "exam_grade9_mean"])
    assert (MONEY, 2012, ogre) in found
    assert (MONEY, 2011, ogre) not in found
    assert {indicator for indicator, _, _ in found} == {MONEY}
    assert (MONEY, 2012, iksile) in doubtful_figures([MONEY], territory="2009")
    assert not [year for _, year, _ in doubtful_figures(["dependency_ratio"])], "what is not used is not doubtful"


def test_doubts_about_figures_for_members_are_told_to_members_alone(tmp_path: Path) -> None:
    data = DataFolder(tmp_path / "data").measure("cost").passport("cost", measure="cost")
    data.source("closed", rows("cost", [1.0, 2.0]), "2025", access="members").doubt("closed", UNITS[0], 2013, "cost")
    store = data.store()
    assert doubtful_figures(["cost"], access="members", store=store) == {("cost", 2013, UNITS[0])}
    assert doubtful_figures(["cost"], store=store) == frozenset()


def corrected(folder: Path, access: str = "members") -> Store:
    """The first cost is doubted; a later source of another name corrects it."""
    data = (
        DataFolder(folder / "data").measure("cost").passport("cost", measure="cost", direction=-1, dimension="quality")
    )
    data.source("first", rows("cost", [90.0, 2.0, 3.0, 4.0, 5.0]), "2025").doubt("first", UNITS[0], 2013, "cost")
    data.source("fix", rows("cost", [1.0]), "2025", vintage="2021-01-01", access=access)
    return data.store()


def test_a_corrected_figure_is_no_longer_doubtful(tmp_path: Path) -> None:
    """Whose figure is used decides: the public does not see the correction for members, nor does who looks at an earlier day."""
    store = corrected(tmp_path)
    doubted = {("cost", 2013, UNITS[0])}
    assert doubtful_figures(["cost"], store=store) == doubted
    assert doubtful_figures(["cost"], access="members", store=store) == frozenset()
    assert doubtful_figures(["cost"], access="members", as_of="2020-06-01", store=store) == doubted
    assert comparison.doubts_in_use(catalogue_of(store), ["cost"], access="members", store=store) == ()
    options: dict[str, Any] = {"group": group_of(5), "year": 2013, "store": store}
    units = group_of(5).members
    for access, value, is_doubtful in (("public", 90, True), ("members", 1, False)):
        gaps = find_gaps(["cost"], aim="median", access=access, **options)  # type: ignore[arg-type]
        assert gaps.table[["value", "is_doubtful"]].to_numpy().tolist() == [[value, is_doubtful]]
        met = comparison.group_meeting(units, {"quality": ["cost"]}, year=2013, access=access, store=store)  # type: ignore[arg-type]
        own = met.table.set_index("territory").loc[UNITS[0]]
        assert own[["value", "is_doubtful"]].tolist() == [value, is_doubtful]
        assert comparison.profile(["cost"], access=access, **options).is_doubtful("cost") == is_doubtful  # type: ignore[arg-type]


def test_what_is_told_of_the_own_figures_leaves_out_what_was_corrected(tmp_path: Path) -> None:
    words, unit = Words("en"), group_of(5).municipality
    for folder, access, told in (("closed", "members", 1), ("open", "public", 0)):
        store = corrected(tmp_path / folder, access)
        figures = bl.load_indicators("cost", years=2013, municipalities=[unit.code], store=store)
        bullets = texts.doubt_bullets(unit, figures, None, catalogue_of(store), pd.DataFrame(), words)
        assert sum("made up" in bullet for bullet in bullets) == told


def test_doubts_about_figures_for_members_count_in_their_scores(tmp_path: Path) -> None:
    data = DataFolder(tmp_path / "data").measure("money").passport("money", measure="money").measure("result")
    data.passport("result", measure="result").source("result", rows("result", [5.0, 6.0, 7.0, 8.0, 9.0, 4.0]), "2025")
    data.source("closed", rows("money", [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]), "2025", access="members")
    store = data.doubt("closed", UNITS[1], 2013, "money").store()
    service = replace(catalogue_of().service("schools"), inputs=("money",), outputs=("result",), detail_outputs=())
    kin = comparison.ComparisonGroup("kind", group_of(6).municipality, group_of(6).members, "2025")
    scores = comparison.score_service(service, kin, year=2013, replications=100, seed=1, access="members", store=store)
    assert scores.doubtful == (UNITS[1],)


def test_a_gap_of_a_doubtful_figure_is_never_clear(tmp_path: Path) -> None:
    others = range(10, 20)
    cost: Years = {year: [30, *others] for year in (2011, 2012, 2013)}
    other: Years = {year: [20, *others] for year in (2012, 2013)}
    figures = {"cost": (cost, LESS), "other": (other, LESS)}
    gaps = gaps_of(store_of(tmp_path / "sure", figures), "cost", "other", count=11)
    assert gaps.table[["certainty", "is_doubtful"]].to_numpy().tolist() == [["clear", False]] * 2
    store = store_of(tmp_path / "doubted", figures, [("cost", UNITS[0], 2013)])
    gaps = gaps_of(store, "cost", "other", count=11)
    assert gaps.table[["certainty", "is_doubtful"]].to_numpy().tolist() == [["doubtful", True], ["clear", False]]
    passports = catalogue_of(store).indicators
    assert choose_gaps(gaps, 3, passports)["indicator"].tolist() == ["other"], "check first, then make a goal of it"
    alone = gaps_of(store, "cost", count=11)
    assert choose_gaps(alone, 3, passports)["indicator"].tolist() == ["cost"], "where there is nothing else"
    before = gaps_of(store, "cost", year=2012, count=11)
    assert before.table["certainty"].tolist() == ["clear"], "the doubt is about 2013"


def test_nobody_with_a_doubtful_figure_is_a_partner_or_the_best(tmp_path: Path) -> None:
    store = store_of(tmp_path, {"cost": (COST, LESS)}, [("cost", UNITS[1], 2013)])
    gaps = gaps_of(store, "cost")
    found = better_members(gaps, "cost")
    assert found["territory"].tolist() == [UNITS[2], UNITS[3], UNITS[4]]
    assert found["is_sure"].all()
    assert plan_partners(gaps, ["cost"])["territory"].tolist() == found["territory"].tolist()
    assert unnamed_members(gaps, ["cost"])[["indicator", "territory"]].to_numpy().tolist() == [["cost", UNITS[1]]]
    assert gaps.table[["best", "best_territory"]].to_numpy().tolist() == [[11, UNITS[2]]]
    assert gaps.doubtful_members("cost") == (UNITS[1],)
    assert unnamed_members(gaps_of(store, "cost", year=2012), ["cost"]).empty


def test_who_would_not_have_been_named_anyway_is_not_told_of(tmp_path: Path) -> None:
    store = store_of(tmp_path, {"cost": (COST, LESS)}, [("cost", UNITS[4], 2013)])
    assert unnamed_members(gaps_of(store, "cost"), ["cost"]).empty, "three others are better than the fifth"


def test_against_a_doubtful_own_figure_nobody_is_surely_better(tmp_path: Path) -> None:
    store = store_of(tmp_path, {"cost": (COST, LESS)}, [("cost", UNITS[0], 2013)])
    found = plan_partners(gaps_of(store, "cost"), ["cost"])
    assert found["territory"].tolist() == [UNITS[1], UNITS[2], UNITS[3]]
    assert not found["is_sure"].any()
    assert found["is_own_doubtful"].all()


def test_a_range_of_ranks_needs_two_years_without_doubt(tmp_path: Path) -> None:
    two: Years = {year: values for year, values in COST.items() if year > 2011}
    store = store_of(tmp_path / "two", {"cost": (two, LESS)}, [("cost", UNITS[1], 2012)])
    found = better_members(gaps_of(store, "cost"), "cost").set_index("territory")["is_sure"]
    assert found.to_dict() == {UNITS[1]: False, UNITS[2]: True, UNITS[3]: True}
    three = store_of(tmp_path / "three", {"cost": (COST, LESS)}, [("cost", UNITS[1], 2012)])
    assert better_members(gaps_of(three, "cost"), "cost")["is_sure"].all(), "2011 and 2013 are left"


def test_the_path_marks_what_is_doubtful(tmp_path: Path) -> None:
    store = store_of(tmp_path, {"cost": (COST, LESS)}, [("cost", UNITS[0], 2013)])
    gaps = gaps_of(store, "cost")
    passports = catalogue_of(store).indicators
    chosen = choose_gaps(gaps, 1, passports)
    plan = propose_plan(
        chosen,
        group=group_of(5),
        year=2013,
        partners=plan_partners(gaps, ["cost"]),
        practices={},
        passports=passports,
    )
    path = plan_path(plan, gaps.figures, group_of(5), gaps.doubts).set_index("year")
    assert path["is_doubtful"].to_dict() == {
        2011: False,
        2012: False,
        2013: True,
        2014: False,
        2015: False,
        2016: False,
    }


def followed(store: Store) -> FollowUp:
    names = {unit.code: unit.name for unit in bl.classification("2025")}
    goal = Goal("cost", 12, 2014, why=Why(16, 2011), partners=(names[UNITS[1]], names[UNITS[2]]))
    plan = ImprovementPlan("x", UNITS[0], names[UNITS[0]], "2025", 2011, (goal,), group=f"own: {names[UNITS[1]]}")
    return follow_up(plan, group=group_of(5), year=2013, store=store)


def test_what_became_of_a_plan_knows_the_doubts(tmp_path: Path) -> None:
    doubts = [("cost", UNITS[0], 2013), ("cost", UNITS[1], 2011)]
    found = followed(store_of(tmp_path, {"cost": (COST, LESS)}, doubts))
    assert found.goals[["is_base_doubtful", "is_value_doubtful"]].to_numpy().tolist() == [[False, True]]
    assert found.partners[["is_before_doubtful", "is_value_doubtful"]].to_numpy().tolist() == [
        [True, False],
        [False, False],
    ]
    assert found.path.set_index("year")["is_doubtful"].to_dict() == {2011: False, 2012: False, 2013: True, 2014: False}
    sure = followed(store_of(tmp_path / "sure", {"cost": (COST, LESS)}))
    assert not sure.goals[["is_base_doubtful", "is_value_doubtful"]].to_numpy().any()


@pytest.mark.parametrize(
    ("name", "year", "group", "other"), [("Bauskas novads", 2012, "kind", "Ogres novads")], ids=lambda value: str(value)
)
def test_real_figures_name_nobody_whose_figure_is_doubted(name: str, year: int, group: str, other: str) -> None:
    ids = theme_indicators("report", "none", bl.load_catalogue())
    gaps = find_gaps(ids, group=bl.comparison_group(name, group=group, year=year), year=year)  # type: ignore[arg-type]
    code = bl.find_municipality(other).code
    assert code not in set(plan_partners(gaps, [MONEY])["territory"])
    assert unnamed_members(gaps, [MONEY])["territory"].tolist() == [code]


def test_partners_of_a_service_are_named_only_without_a_doubt() -> None:
    """Against Bauska's schools of 2012 Ogre does no worse in anything; its cost of that year is doubted."""
    unit, year = "Bauskas novads", 2012
    group = bl.comparison_group(unit, group="kind", year=year)
    catalogue = bl.load_catalogue()
    gaps = find_gaps(theme_indicators("report", "schools", catalogue), group=group, year=year)
    kin = comparison.comparable_units(unit, year=year)
    scores = comparison.score_service(catalogue.service("schools"), kin, year=year, replications=100, seed=1)
    learned = comparison.learning_partners(scores, kin, ids=[MONEY], year=year, group=group, most=20)
    doubtful = {partner.unit.code for partner in learned.partners if partner.is_doubtful}
    assert doubtful
    assert not doubtful & set(plan_partners(gaps, [MONEY], learned)["territory"])


def test_the_position_behind_the_gaps_knows_the_doubts_too() -> None:
    """The figure of the plan marks whom its table marks."""
    cost = "education_expenditure_per_pupil"
    group = bl.comparison_group("Ikšķiles novads", group="region", year=2013, territory="2009")
    gaps = find_gaps([cost], group=group, year=2013)
    assert gaps.table["is_doubtful"].tolist() == [True]
    assert gaps.profile.is_doubtful(cost)
    assert gaps.profile.doubtful_members(cost) == gaps.doubtful_members(cost)
