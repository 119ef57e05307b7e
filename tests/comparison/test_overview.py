"""One service in all municipalities: on the shipped figures, and on a service that is made up and counted by hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest
from few_units import UNITS

from benchlib.comparison import ServiceOverview, comparable_units, region_lessons, service_overview
from benchlib.efficiency import Sample, bootstrap, compare_methods, dea, fdh, metafrontier, second_stage
from benchlib.errors import NoFiguresError, SampleError
from benchlib.indicators import Service, Store, classification, find_municipality, load_catalogue, load_indicators
from benchlib.terms import Classification

pytestmark = [
    pytest.mark.filterwarnings("ignore::benchlib.errors.FewUnitsWarning"),
    pytest.mark.filterwarnings("ignore::benchlib.errors.UnsolvedUnitsWarning"),
]
SCHOOLS = load_catalogue().service("schools")
MONEY, RESULT = "education_expenditure_per_pupil", "exam_grade9_mean"
AGLONA = "0604300"
MADE = replace(
    SCHOOLS, id="made", inputs=("money",), outputs=("result",), detail_outputs=(), context=(), volume="users"
)
A, B, C, D, E = UNITS[:5]


@cache
def schools(year: int = 2013, territory: Classification = "2025") -> ServiceOverview:
    return service_overview(SCHOOLS, year=year, territory=territory, methods=("dea", "fdh"), replications=100, seed=1)


def overview_of(store: Store, service: Service = MADE, **options: Any) -> ServiceOverview:
    asked = {"methods": ("dea", "fdh"), "replications": 100, "seed": 1} | options
    return service_overview(service, year=2013, store=store, **asked)


@pytest.fixture
def five(made: Callable[..., Store]) -> Store:
    """A-B-C is the frontier. D (6, 3) lies below a mix of A and B; E (9, 6) brings what C brings for 8."""
    return made({"money": ([2, 4, 8, 6, 9], {"direction": -1}), "result": ([1, 4, 6, 3, 6], {"direction": 1})})


# --- the shipped figures -----------------------------------------------------------------------------------------------


def test_all_parts_are_about_the_same_sample() -> None:
    found = schools()
    table = load_indicators([MONEY, RESULT], years=2013, wide=True)
    again = Sample.from_table(table, [MONEY], [RESULT], unit="territory")
    assert len(found.sample) == len(again) == 42
    assert found.left_out.empty
    np.testing.assert_array_equal(found.dea.efficiency, dea(again).efficiency)
    np.testing.assert_array_equal(found.fdh.efficiency, fdh(again).efficiency)
    sure = bootstrap(again, replications=100, seed=1).scores
    assert found.certainty is not None
    pd.testing.assert_frame_equal(found.certainty.scores.drop(columns="name"), sure.drop(columns="name"))
    side_by_side = compare_methods(again, methods=["dea", "fdh"]).ranks
    pd.testing.assert_frame_equal(found.methods.ranks, side_by_side)
    assert set(found.outliers.scores["unit"]) == set(again.units)


def test_cities_and_novadi_among_themselves() -> None:
    found = schools()
    groups = found.kinds.groups.set_index("group")
    assert groups["units"].to_dict() == {"city": 7, "novads": 35}
    pd.testing.assert_frame_equal(found.kinds.scores, metafrontier(found.sample, "kind").scores)
    assert (found.kinds.scores["group_efficiency"] >= found.kinds.scores["meta_efficiency"] - 1e-9).all()


def test_context_is_of_the_nearest_year_with_figures() -> None:
    context = schools().context
    assert context.result is not None
    assert context.years["unemployment_rate"] == 2013
    assert context.years["population_density"] == 2014, "the first with figures"
    assert list(context.conditions) == list(SCHOOLS.context)
    density = load_indicators("population_density", years=2014, wide=True).set_index("territory")["population_density"]
    np.testing.assert_array_equal(context.conditions["population_density"], density.loc[list(schools().sample.units)])


def test_effects_are_the_coefficients_times_a_usual_difference() -> None:
    context = schools().context
    assert context.result is not None
    effects = context.effects.set_index("indicator")
    assert list(effects.index) == list(SCHOOLS.context)
    raw = context.result.coefficients.set_index("term")
    for name in SCHOOLS.context:
        usual = np.std(context.conditions[name], ddof=1)
        assert effects.loc[name, "usual"] == pytest.approx(usual)
        for column, source in (("change", "estimate"), ("low", "low"), ("high", "high")):
            assert effects.loc[name, column] == pytest.approx(raw.loc[name, source] * usual)
        assert effects.loc[name, "direction"] == raw.loc[name, "direction"]
    again = second_stage(
        Sample.from_table(
            schools().sample.to_frame().drop(columns="kind").join(context.conditions.reset_index(drop=True)),
            [MONEY],
            [RESULT],
            unit="unit",
            context=list(SCHOOLS.context),
        ),
        replications=100,
        seed=1,
    )
    pd.testing.assert_frame_equal(context.result.coefficients, again.coefficients)


def test_examples_with_doubtful_figures_teach_nobody() -> None:
    found = schools(2012, "2009")
    assert found.doubtful == (AGLONA,), "Ikšķile is doubted too, but has no result"
    assert found.dea.efficiency[found.sample.units.index(AGLONA)] == 1.0, "it spans the frontier all the same"
    assert (found.dea.peers["peer"] == AGLONA).sum() > 100
    assert AGLONA not in set(found.teachers["peer"])
    assert AGLONA not in {peer for peers in found.lessons["peers"] for peer, _ in peers} | set(found.lessons["single"])
    assert AGLONA not in set(found.lessons["unit"]), "who is beyond the frontier of the others has nobody to learn from"
    others = found.sample.subset([unit for unit in found.sample.units if unit != AGLONA])
    own = dea(others).efficiency
    trusted = np.delete(found.trusted_dea.efficiency, found.sample.units.index(AGLONA))
    np.testing.assert_allclose(trusted, own, rtol=1e-9)
    assert (trusted > np.delete(found.dea.efficiency, found.sample.units.index(AGLONA)) - 1e-9).all()


@pytest.mark.parametrize(("year", "territory"), [(2013, "2025"), (2012, "2009")])
def test_everybody_learns_from_those_whom_their_own_report_compares_them_with(year: int, territory: str) -> None:
    found = schools(year, territory)
    kinds = {unit.code: unit.kind for unit in classification(territory)}
    told = {row["unit"]: row for row in found.lessons.to_dict("records")}
    assert {kinds[unit] for unit in told} == {"city", "novads"}
    for unit, row in told.items():
        if kinds[unit] == "novads":
            assert {kinds[peer] for peer, _ in row["peers"]} == {"novads"}, "a novads is held against novadi"
            assert not row["single"] or kinds[row["single"]] == "novads"
    (cities,) = (convex for units, convex, _ in found.frontiers if {kinds[unit] for unit in units} == {"city"})
    assert cities is found.trusted_dea, "cities are too few for a frontier of their own"
    learners = dict(zip(found.teachers["peer"], found.teachers["learners"], strict=True))
    assert {peer: n for peer, n in learners.items() if n} == Counter(
        peer for row in told.values() for peer, _ in row["peers"]
    )
    region = region_lessons(found, list(kinds)).set_index("unit")
    for unit, row in told.items():
        assert region.loc[unit, "peers"] == tuple((peer, weight) for peer, weight in row["peers"]), (
            "one truth everywhere"
        )
        assert region.loc[unit, "single"] == row["single"]


def test_the_models_of_a_novads_are_those_of_its_own_report() -> None:
    found = schools()
    bauska = find_municipality("Bauskas novads").code
    kin = comparable_units(bauska, year=2013)
    sure = found.sample.subset([u for u in found.sample.units if u in kin.codes and u not in found.doubtful])
    own = dea(sure).peers
    expected = own.loc[own["unit"] == bauska, ["peer", "weight"]]
    told = found.lessons.set_index("unit").loc[bauska, "peers"]
    assert [peer for peer, _ in told] == expected["peer"].tolist()
    assert [weight for _, weight in told] == pytest.approx(expected["weight"].tolist())


def test_who_has_no_result_is_left_out_by_name() -> None:
    found = schools(2012, "2009")
    assert len(found.sample) == 112
    assert len(found.left_out) == 7
    assert find_municipality("Ikšķiles novads", "2009").code in found.left_out["unit"].tolist()
    assert set(found.left_out["reason"]) == {f"no figure for {RESULT}"}
    assert len(found.sample) + len(found.left_out) == 119, "nobody is lost in silence"


# --- by hand -----------------------------------------------------------------------------------------------------------


def test_teachers_and_lessons_by_hand(five: Store) -> None:
    found = overview_of(five)
    assert len(found.sample) == 5
    assert len(found.left_out) == 37
    table = found.teachers
    # D: a third of A and two thirds of B bring 3; B alone spends less than D and brings more. E: C.
    assert table.to_dict("list") == {"peer": [B, C, A], "learners": [1, 1, 1], "main": [1, 1, 0], "direct": [1, 1, 0]}
    lessons = found.lessons.set_index("unit")
    assert list(lessons.index) == [D, E]
    assert [peer for peer, _ in lessons.loc[D, "peers"]] == [B, A]
    assert [weight for _, weight in lessons.loc[D, "peers"]] == pytest.approx([2 / 3, 1 / 3])
    assert lessons.loc[E, "peers"] == ((C, pytest.approx(1.0)),)
    assert lessons["single"].tolist() == [B, C]
    assert found.doubtful == ()
    assert found.trusted_dea is found.dea
    assert found.trusted_fdh is found.fdh


def test_without_a_single_example_the_mix_still_teaches(made: Callable[..., Store]) -> None:
    # C (3, 2) lies below the line from A (1, 1) to B (4, 4), but neither is at least as good in both.
    store = made({"money": ([1, 4, 3, 5], {}), "result": ([1, 4, 2, 4], {})})
    lessons = overview_of(store).lessons.set_index("unit")
    assert lessons["single"].to_dict() == {C: "", D: B}
    assert {peer for peer, _ in lessons.loc[C, "peers"]} == {A, B}


def test_the_best_with_a_doubtful_figure_is_passed_over(made: Callable[..., Store]) -> None:
    figures = {"money": ([2, 4, 8, 6, 9], {}), "result": ([1, 4, 6, 3, 6], {})}
    found = overview_of(made(figures, doubts=[("money", B)]))
    assert found.doubtful == (B,)
    assert found.dea.efficiency[:3].tolist() == [1.0, 1.0, 1.0]
    # Without B the frontier goes straight from A (2, 1) to C (8, 6): 3 costs 4.4.
    assert found.trusted_dea.efficiency[3] == pytest.approx(4.4 / 6)
    assert found.trusted_dea.efficiency[1] == pytest.approx(5.6 / 4), "B itself does better than the others"
    lessons = found.lessons.set_index("unit")
    assert list(lessons.index) == [D, E]
    assert [peer for peer, _ in lessons.loc[D, "peers"]] == [A, C]
    assert lessons["single"].to_dict() == {D: "", E: C}
    assert B not in found.teachers["peer"].tolist()


def test_where_every_figure_is_doubted_all_are_taken(made: Callable[..., Store]) -> None:
    figures = {"money": ([2, 4, 8, 6, 9], {}), "result": ([1, 4, 6, 3, 6], {})}
    found = overview_of(made(figures, doubts=[("money", unit) for unit in UNITS[:5]]))
    assert len(found.doubtful) == 5
    assert found.trusted_dea is found.dea


def test_everybody_on_the_frontier_has_nothing_to_learn(made: Callable[..., Store]) -> None:
    found = overview_of(made({"money": ([1, 2, 3], {}), "result": ([1, 2, 2.5], {})}))
    assert found.certainty is None, "there is nothing to draw from"
    assert found.lessons.empty
    assert found.teachers.empty
    assert list(found.teachers) == ["peer", "learners", "main", "direct"]


# --- context -----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def twenty() -> dict[str, dict[str, float]]:
    """Twenty novadi and what they spend: more where the burden is greater."""
    generator = np.random.default_rng(4)
    codes = [unit for unit in schools().sample.units if unit >= "002"][:20]
    burden = generator.uniform(0.0, 1.0, 20)
    result = generator.uniform(5.0, 6.0, 20)
    money = result * np.exp(burden + generator.uniform(0.0, 0.3, 20))
    columns = {"money": money, "result": result, "burden": burden, "flat": np.ones(20)}
    return {name: dict(zip(map(str, codes), values.tolist(), strict=True)) for name, values in columns.items()}


def made_of(columns: dict[str, dict[str, float]], made: Callable[..., Store]) -> Store:
    return made({name: (values, {}) for name, values in columns.items()})


def test_who_has_no_context_is_not_in_the_regression(
    twenty: dict[str, dict[str, float]], made: Callable[..., Store]
) -> None:
    absent = list(twenty["burden"])[3]
    fewer = {**twenty, "burden": {code: value for code, value in twenty["burden"].items() if code != absent}}
    found = overview_of(made_of(fewer, made), replace(MADE, context=("burden",)))
    assert len(found.sample) == 20
    assert found.context.left_out == (absent,)
    assert found.context.result is not None
    assert absent not in found.context.result.scores["unit"].tolist()
    effects = found.context.effects
    assert effects["direction"].tolist() == ["less efficient"]
    assert effects["change"][0] > 0


@pytest.mark.parametrize(("context", "reason"), [(("flat",), "flat"), ((), "no figures on context")])
def test_without_a_regression_there_is_a_reason(
    context: tuple[str, ...], reason: str, twenty: dict[str, dict[str, float]], made: Callable[..., Store]
) -> None:
    found = overview_of(made_of(twenty, made), replace(MADE, context=context)).context
    assert found.result is None
    assert reason in found.reason
    assert found.effects.empty
    assert list(found.effects) == list(schools().context.effects)


def test_too_few_units_for_a_regression(five: Store, made: Callable[..., Store]) -> None:
    found = overview_of(five, replace(MADE, context=("result",))).context
    assert found.result is None
    assert found.reason


# --- what is refused ---------------------------------------------------------------------------------------------------


def test_a_year_without_figures_is_refused(five: Store) -> None:
    with pytest.raises(NoFiguresError):
        service_overview(MADE, year=1999, replications=100, seed=1, store=five)


def test_a_method_that_does_not_suit_the_figures_is_left_out_and_named(made: Callable[..., Store]) -> None:
    figures = {"money": ([2, 4, 8, 6], {}), "staff": ([1, 2, 2, 3], {}), "result": ([1, 4, 6, 3], {})}
    model = replace(MADE, inputs=("money", "staff"))
    found = overview_of(made(figures), model, methods=("dea", "sfa", "fdh"))
    assert found.methods.info["methods"] == ("dea", "fdh"), "the others still show how much the method decides"
    assert list(found.failed) == ["sfa"]
    assert "leave 'sfa' out" in found.failed["sfa"]


def test_where_everybody_is_efficient_the_bootstrap_is_left_out(made: Callable[..., Store]) -> None:
    store = made({"money": ([1, 2, 3, 4], {}), "result": ([1, 2, 3, 4], {})})
    found = overview_of(store, replace(MADE, rts="crs"), methods=("dea", "bootstrap", "fdh"))
    assert (found.dea.efficiency == 1).all()
    assert found.certainty is None
    assert (list(found.failed), found.methods.info["methods"]) == (["bootstrap"], ("dea", "fdh"))


def test_a_single_method_that_does_not_suit_is_refused(made: Callable[..., Store]) -> None:
    figures = {"money": ([2, 4, 8, 6], {}), "staff": ([1, 2, 2, 3], {}), "result": ([1, 4, 6, 3], {})}
    with pytest.raises(SampleError, match=r"^sfa: .*leave 'sfa' out"):
        overview_of(made(figures), replace(MADE, inputs=("money", "staff")), methods=("sfa",))


def test_the_model_decides(five: Store) -> None:
    found = overview_of(five, replace(MADE, orientation="output", rts="crs"))
    for result in (found.dea, found.kinds, found.methods, found.outliers, found.trusted_dea):
        assert (result.info["orientation"], result.info["rts"]) == ("output", "crs")
    # B brings one for each euro; D brings half as much.
    assert found.dea.efficiency[3] == pytest.approx(0.5)
