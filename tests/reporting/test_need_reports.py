"""Need, room for manoeuvre and the four dimensions: sentences, tables and figures say what the results say."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from itertools import combinations

import numpy as np
import pytest
from drawings import dots, drawn, ink, places, rows_of
from matplotlib.collections import LineCollection
from report_cases import MONEY, PASSPORTS
from report_cases import case as municipality
from service_cases import case, named

from benchlib.comparison import (
    EqualisedCost,
    RoomForManoeuvre,
    equalised_cost,
    region_units,
    room_for_manoeuvre,
)
from benchlib.errors import OptionError
from benchlib.reporting import Words, plots, tables, texts
from benchlib.reporting.blocks import Note, Table
from benchlib.reporting.plots.need import _LIGHTS
from benchlib.reporting.plots.style import ACCENT, INTERVAL, WIDTH
from benchlib.reporting.values import marked, short_value

LV, EN = Words("lv"), Words("en")
BOTH = pytest.mark.parametrize("words", [LV, EN], ids=["lv", "en"])
ENGLISH = re.compile(r"\b(the|of|and|is|with|municipalit\w+|without|figures?|median|cost|by|interval|to)\b", re.I)
ZEMGALE = [unit.code for unit in region_units("Zemgale")]


def cells(table: object) -> list[list[str]]:
    assert isinstance(table, Table)
    return [
        [re.sub("[\N{NARROW NO-BREAK SPACE}\N{NO-BREAK SPACE}]", " ", cell.text) for cell in row] for row in table.rows
    ]


def whole(text: str, words: Words) -> None:
    assert not re.search(r"[{}]|\bnan\b|None(?! of)|<NA>|\binf\b", text), text
    if words is LV:
        assert not ENGLISH.search(text), text


# --- the four dimensions -----------------------------------------------------------------------------------------------


@BOTH
@pytest.mark.parametrize("name", ["today", "former", "bare"])
def test_the_reading_has_a_row_for_everybody(name: str, words: Words) -> None:
    reading, names = case(name).reading, named(words.language)
    table = tables.need.reading(reading, PASSPORTS, names, words)
    whole(str(table), words)
    assert [row[0] for row in cells(table)] == [names[code] for code in reading.units]
    keys = [column.key for column in table.columns]
    assert ("adjusted" in keys, "place" in keys) == (name != "bare", name != "bare")
    assert "†" in table.columns[1].label
    assert "†:" in table.note
    lights = {code: reading.cell(MONEY.id, code)["light"] for code in reading.units}
    assert [row[1].light for row in table.rows] == [lights[code] for code in reading.units]


@BOTH
def test_the_reading_says_the_numbers_of_the_results(words: Words) -> None:
    reading, names = case("today").reading, named(words.language)
    assert reading.need is not None
    assert reading.composite is not None
    made = {row[0]: row for row in cells(tables.need.reading(reading, PASSPORTS, names, words, only=ZEMGALE))}
    assert list(made) == [names[code] for code in reading.units if code in ZEMGALE]
    need = reading.need.table.set_index("territory").loc["0025000"]
    place = reading.composite.scores.set_index("unit").loc["0025000"]
    row = made[names["0025000"]]
    plain = lambda text: re.sub("[\N{NARROW NO-BREAK SPACE}\N{NO-BREAK SPACE}]", " ", text)  # noqa: E731
    assert row[1] == plain(short_value(need["cost"], MONEY, words))
    ends = words.interval(need["adjusted_low"], need["adjusted_high"], 0)
    assert row[2] == plain(f"{short_value(need['adjusted'], MONEY, words)} ({ends})")
    assert row[-1].startswith(plain(words.rank(place["rank"], 42)))
    assert plain(words.rank(place["rank_low"])) in row[-1]
    assert plain(words.rank(place["rank_high"])) in row[-1]


@BOTH
def test_ranks_are_those_among_all_with_their_range(words: Words) -> None:
    reading, names = case("today").reading, named(words.language)
    made = {row[0]: row for row in cells(tables.need.reading_ranks(reading, PASSPORTS, names, words, only=ZEMGALE))}
    assert len(made) == 6
    row, cell = made[names["0025000"]], reading.cell(MONEY.id, "0025000")
    assert row[1].startswith(re.sub(r"\s", " ", words.rank(cell["rank"], 42)))
    assert re.sub(r"\s", " ", words.rank(cell["rank_low"])) in row[1].partition("(")[2]
    assert words.gettext("one year") in row[2], "schools were counted once"
    density = reading.cell("population_density", "0025000")["value"]
    assert row[4] == words.number(density, 1)


@BOTH
def test_what_conditions_go_with(words: Words) -> None:
    need = case("today").reading.need
    assert need is not None
    table = tables.need.conditions(need, PASSPORTS, words)
    whole(str(table), words)
    rows, terms = cells(table), need.coefficients.set_index("term")
    density, age = terms.loc["population_density"], terms.loc["dependency_ratio"]
    assert words.gettext("a doubling") == rows[0][1]
    assert rows[0][2] == re.sub(r"\s", " ", words.euro(density["estimate"] * np.log(2), sign=True))
    assert rows[1][2] == re.sub(r"\s", " ", words.euro(age["estimate"] * age["usual"], sign=True))
    assert tables.need.conditions(None, PASSPORTS, words) is None


def test_who_lies_outside_the_expectation_is_named() -> None:
    reading = case("today").reading
    need = reading.need
    assert need is not None
    said = " ".join(texts.need.need_sentences(reading, PASSPORTS, named("en"), EN))
    assert "40 of 42 municipalities lie within the 95% interval" in said
    assert "Dearer than that: Jelgava municipality and Ķekava municipality." in said
    assert "Cheaper" not in said
    assert "By chance alone about 2 of 42 would lie outside such intervals" in said
    inside = replace(reading, need=replace(need, table=need.table.assign(position="within")))
    assert "By chance" not in " ".join(texts.need.need_sentences(inside, PASSPORTS, named("en"), EN))
    assert "explain 35% of the differences in cost, and 31% where" in said
    assert "That is little" not in said
    poor = replace(reading, need=replace(need, r_squared=0.06, r_squared_left_out=-0.05, left_out=("0025000",)))
    said = " ".join(texts.need.need_sentences(poor, PASSPORTS, named("en"), EN))
    assert "explain 6% of the differences in cost, and 0% where" in said
    assert "That is little: the expectation is hardly better than the mean." in said
    assert "hardly differs" not in said, "it may differ by hundreds of euro all the same"
    assert "Without figures on the conditions, and so without an expectation: Bauska municipality." in said
    former = " ".join(texts.need.need_sentences(case("former").reading, PASSPORTS, named("en"), EN))
    assert "That is little" in former, "among the 119 the two conditions explain next to nothing"
    assert "By chance alone about 6 of 118 would lie outside" in former
    none = texts.need.need_sentences(case("bare").reading, PASSPORTS, named("en"), EN)
    assert none == ["The cost cannot be adjusted for demography with these figures."]


def test_whose_figures_are_doubtful_is_no_example() -> None:
    reading, names = case("former").reading, named("en")
    assert reading.composite is not None
    first = reading.composite.scores.set_index("unit")["best_quarter"]
    assert first["0604300"] > 0.95, "Aglonas novads: a third of the level of 2011"
    assert "0604300" in reading.doubtful
    point, said = texts.reading.reading_point(reading, names, EN), texts.reading.composite_sentences(reading, names, EN)
    named_as_best, left_out = point.split("Not named")
    assert "Aglona" not in named_as_best
    assert named_as_best.count(",") > 0
    assert "Aglona" in left_out
    (doubt,) = [text for text in said if text.startswith("Their place rests on doubtful figures")]
    assert all(names[code] in doubt for code in reading.doubtful)
    (best,) = [text for text in said if text.startswith("Among the best quarter")]
    assert "Aglona" not in best.split("Not named")[0]


def test_what_the_order_depends_on_is_said() -> None:
    reading = case("today").reading
    assert reading.composite is not None
    said = texts.reading.composite_sentences(reading, named("en"), EN)
    share = EN.percent(100 * reading.composite.share_certain, 0)
    assert f"in 2,000 draws of weights around equal ones, {share} of all pairs" in said[1]
    assert "neither the interval of the adjusted cost nor errors in the figures" in said[1]
    assert "takes the ranks in adjusted cost" in said[0]
    former = case("former").reading
    assert not former.is_adjusted
    plain_one = texts.reading.composite_sentences(former, named("en"), EN)
    assert "takes the ranks in cost, access and quality together" in plain_one[0]
    assert "The cost is not adjusted in it: the conditions explain too little" in plain_one[0]
    assert "adjusted cost" not in plain_one[1]
    assert "takes the cost as it is" in tables.need.reading(former, PASSPORTS, named("en"), EN).note
    assert "takes the cost as it is" not in tables.need.reading(reading, PASSPORTS, named("en"), EN).note
    point = texts.reading.reading_point(reading, named("en"), EN)
    sure = reading.composite.scores.query("best_quarter >= 0.95")["unit"]
    told, left_out = point.split("Not named, because their figures are doubtful: ")
    doubtful = set(sure) & set(reading.doubtful)
    assert doubtful
    assert all(named("en")[code] in (left_out if code in doubtful else told) for code in sure)
    assert "in at least 95% of the draws of weights" in told
    assert point.endswith("The interval of the adjusted cost is not counted in this.")
    scores = reading.composite.scores.assign(best_quarter=0.3, is_partial=False)
    scores.loc[0, ["index", "is_partial"]] = [np.nan, False]
    scores.loc[1, "is_partial"] = True
    unsure = replace(reading, composite=replace(reading.composite, scores=scores))
    assert "nobody is among the best quarter in at least 95% of the draws" in texts.reading.reading_point(
        unsure, named("en"), EN
    )
    told = " ".join(texts.reading.composite_sentences(unsure, named("en"), EN))
    assert "With some figures missing, so less sure: Daugavpils." in told
    assert "With fewer than 60% of the figures, so without an index: Rīga." in told
    assert texts.reading.reading_point(case("bare").reading, named("en"), EN) == ""


@BOTH
def test_no_conformity_with_the_ministrys_method_is_claimed(words: Words) -> None:
    said = texts.reading.method_note(words)
    assert {"en": "not published", "lv": "nav publicēta"}[words.language] in said


def test_what_has_no_indicator_or_no_figures_is_said() -> None:
    reading = case("today").reading
    bare = replace(
        reading,
        indicators={**reading.indicators, "coverage": (), "demography": ()},
        absent=("preschool_queue_per_100_children",),
    )
    said = " ".join(texts.reading.reading_sentences(bare, PASSPORTS, EN))
    assert "Nothing stands for: Access and Demography." in said
    assert "No figures were found for: “Children waiting for a pre-school place per 100 children”." in said
    table = tables.need.reading(bare, PASSPORTS, named("en"), EN)
    assert [column.label for column in table.columns][3] == "Quality"


# --- regions -----------------------------------------------------------------------------------------------------------


@BOTH
def test_a_region_in_points(words: Words) -> None:
    overview, names = case("today").overview, named(words.language)
    points = texts.region_points(overview, "Zemgale", ZEMGALE, names, words)
    for point in points:
        whole(point, words)
    assert all(names[code] in points[0] for code in ZEMGALE)
    assert overview.certainty is not None
    table = overview.certainty.scores.set_index("unit")
    best = max(ZEMGALE, key=lambda code: table["corrected"][code])
    assert points[-1].partition(": ")[2].startswith(f"{names[best]} {words.number(table['corrected'][best], 2)}")
    assert texts.region_points(overview, "all", [], names, words) == []
    some = replace(overview, certainty=None)
    assert len(texts.region_points(some, "Zemgale", ZEMGALE, names, words)) == len(points) - 1


def test_a_region_names_its_examples_and_who_has_no_score() -> None:
    overview, names = case("today").overview, named("en")
    best = [u for u, e in zip(overview.sample.units, overview.dea.efficiency, strict=True) if e >= 1]
    points = " ".join(texts.region_points(overview, "Kurzeme", [*best, "no such"], {**names, "no such": "Nowhere"}, EN))
    assert "Of the region, on the frontier of best practice: " in points
    assert "Without complete figures, and so without a score: Nowhere." in points
    assert "Nobody of the region is on the frontier" in " ".join(
        texts.region_points(overview, "Zemgale", ZEMGALE, names, EN)
    )


def test_a_figure_without_a_region_keeps_its_words() -> None:
    about = {"alt": "A.", "caption": "C."}
    assert texts.with_own(about, [], named("en"), EN) == about
    assert texts.with_own(about, ["0025000"], named("en"), EN) == {
        "alt": "A. Highlighted: Bauska municipality.",
        "caption": "C. Orange: Bauska municipality.",
    }


def test_titles() -> None:
    service = case("today").overview.service
    assert texts.service_title(service, 2013, LV, region="Rīga").endswith(
        "Rīgas plānošanas reģions visu pašvaldību vidū, 2013. gads"
    )
    assert texts.service_title(service, 2013, EN, region="Latgale") == (
        "Schools (grades 1-9): planning region Latgale among all municipalities, 2013"
    )


# --- room for manoeuvre ------------------------------------------------------------------------------------------------


@cache
def room() -> RoomForManoeuvre:
    it = municipality("bauska")
    return room_for_manoeuvre(it.profile, MONEY.id, need=case("today").reading.need, scores=it.scores)


def names_of(text: str, words: Words) -> bool:
    """Whether a sentence says from which references the cost differs."""
    head = words.gettext("By its interval, the cost differs from: {references}.").partition("{")[0]
    return text.startswith(head)


@BOTH
def test_the_room_against_each_reference(words: Words) -> None:
    table = tables.room(room(), MONEY, words)
    whole(str(table), words)
    for row, made in zip(room().table.to_dict("records"), cells(table), strict=True):
        assert made[3] == re.sub(r"\s", " ", words.euro(round(row["room_eur"], -3), sign=True))
        assert re.sub(r"\s", " ", words.percent(100 * row["level"], 0)) in made[4]
        verdict = words.gettext("not distinguishable") if not row["is_clear"] else words.gettext("dearer")
        if row["reference"] == "frontier":
            verdict = words.gettext("always lower: no test")
        assert made[5] == verdict
    said = " ".join(texts.need.room_sentences(room(), words))
    whole(said, words)
    differs = [text for text in texts.need.room_sentences(room(), words) if names_of(text, words)]
    best = words.gettext("Best practice (DEA, corrected)")
    assert not any(best in text for text in differs), "its interval lies below every cost"
    assert {"en": "it does not test", "lv": "nepārbauda"}[words.language] in said


def test_the_room_never_promises_a_saving() -> None:
    table = tables.room(room(), MONEY, EN)
    said = " ".join([str(table), *texts.need.room_sentences(room(), EN)])
    assert "A scale for discussion" in said
    assert "not an amount that can be taken out of a budget" in said
    assert not re.search(r"\b(can|could) save\b|savings?\b", said)


def test_a_room_without_users_figure_or_clear_reference() -> None:
    found = room()
    nobody = replace(
        found,
        volume=np.nan,
        table=found.table.assign(room_eur=np.nan, room_low_eur=np.nan, room_high_eur=np.nan, is_clear=False),
    )
    assert "The number of users is not known, so there are no euro." in texts.need.room_sentences(nobody, EN)
    without = tables.room(nobody, MONEY, EN)
    assert {tuple(row[3:]) for row in cells(without)} == {
        ("–", "–", "not distinguishable"),
        ("–", "–", "always lower: no test"),
    }
    assert "The number of users is not known, so there are no euro." in str(without)
    missing = replace(found, cost=np.nan)
    assert isinstance(tables.room(missing, MONEY, EN), Note)
    assert texts.need.room_sentences(missing, EN)[-1] == "There is no own figure to hold against the references."
    none = replace(found, table=found.table.assign(is_clear=False, level=0.875))
    said = " ".join(texts.need.room_sentences(none, EN))
    assert "cannot be distinguished from: “Median of the comparison group”" in said
    assert "“Best practice" not in said
    assert "reach 88% only" in said
    assert "it does not test whether the cost differs" in said
    bare = replace(found, table=found.table.assign(low=np.nan, high=np.nan, room_low_eur=np.nan, is_clear=False))
    assert {tuple(row[4:]) for row in cells(tables.room(bare, MONEY, EN))} == {("–", "no interval")}
    assert "With so few members" not in " ".join(
        texts.need.room_sentences(replace(bare, table=bare.table.assign(level=0.0)), EN)
    )


# --- equalised units ---------------------------------------------------------------------------------------------------


@cache
def equalised() -> EqualisedCost:
    return equalised_cost(MONEY.id, year=2013, incomplete="without")


@BOTH
def test_coefficients_are_shown_as_to_be_verified(words: Words) -> None:
    table = tables.need.equalised(equalised(), PASSPORTS, named(words.language), words)
    whole(str(table), words)
    assert words.gettext("Expenditure per equalised unit (to be verified)") == table.caption
    assert words.number(2.34, 2) in table.note
    assert PASSPORTS["population_above_working_age"].name[words.language] in table.note
    assert len(table.rows) == 42
    dearest = equalised().table.sort_values("cost_per_unit_eur").iloc[-1]
    assert cells(table)[0][0] == named(words.language)[dearest["territory"]]
    few = tables.need.equalised(equalised(), PASSPORTS, named("en"), EN, only=["0025000"])
    assert [row[0] for row in cells(few)] == ["Bauska municipality"]


def test_verified_coefficients_are_not_doubted() -> None:
    found = equalised()
    parts = tuple(replace(part, verified=True) for part in found.units.key.parts)
    sure = replace(found, units=replace(found.units, key=replace(found.units.key, parts=parts), absent=()))
    table = tables.need.equalised(sure, PASSPORTS, named("en"), EN)
    assert table.caption == "Expenditure per equalised unit"
    assert "Coefficients to be verified" not in table.note


# --- figures -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["today", "former", "bare"])
def test_the_lights_of_the_reading(name: str) -> None:
    reading, names = case(name).reading, named("lv")
    ax = plots.reading(reading, names, LV, own=ZEMGALE)
    assert rows_of(ax) == [marked(names[code], code in reading.doubtful) for code in reading.units]
    lights = {
        (round(float(x), 6), float(y)): colour
        for light, colour in _LIGHTS.items()
        for x, y in places(ax, colour)
        if light and x < 0
    }
    columns = sorted({x for x, _ in lights})
    assert len(columns) == (4 if name != "bare" else 3)
    for row, code in enumerate(reading.units):
        assert lights[columns[0], row] == _LIGHTS[str(reading.cell(MONEY.id, code)["light"])]
        assert lights[columns[-1], row] == _LIGHTS[str(reading.cell("exam_grade9_mean", code)["light"])]
    if reading.need is not None:
        outside = set(reading.need.table.query("position == 'above'")["territory"])
        red = {
            reading.units[int(row)]
            for (x, row), colour in lights.items()
            if x == columns[1] and colour == _LIGHTS["red"]
        }
        assert red == outside


def test_a_light_is_told_by_its_shape_too() -> None:
    ax = plots.reading(case("today").reading, named("lv"), LV)
    shapes = {tuple(map(tuple, cloud.get_paths()[0].vertices.round(3))) for cloud in dots(ax)[:-1]}
    assert len(shapes) == 3


@pytest.mark.parametrize("words", [LV, EN], ids=["lv", "en"])
def test_headings_do_not_touch(words: Words) -> None:
    ax = plots.reading(case("today").reading, named(words.language), words)
    drawn(ax)
    heads = [text for text in ax.texts if text.get_va() == "baseline" and text.get_ha() == "center"]
    assert len(heads) == 4
    boxes = [ink(text) for text in heads]
    assert not [1 for one, other in combinations(boxes, 2) if one.expanded(1.05, 1.0).overlaps(other)]
    assert ax.figure.get_figwidth() == WIDTH  # type: ignore[union-attr]


def test_ranks_in_all_together_run_from_the_last_to_the_best() -> None:
    reading = case("today").reading
    assert reading.composite is not None
    ax = plots.reading(reading, named("lv"), LV)
    scores = reading.composite.scores.set_index("unit").loc[list(reading.units)]
    at = [x for x, _ in sorted(places(ax, ACCENT), key=lambda place: place[1])]
    np.testing.assert_allclose(at, (42 - scores["rank"]) / 41, atol=1e-9)
    lines = [found for found in ax.collections if isinstance(found, LineCollection)][-1]
    ends = [(float(s[0, 0]), float(s[-1, 0])) for s in lines.get_segments()]
    np.testing.assert_allclose(
        ends, np.column_stack([42 - scores["rank_high"], 42 - scores["rank_low"]]) / 41, atol=1e-9
    )


@pytest.mark.parametrize("name", ["today", "former"])
def test_cost_and_expectation_are_drawn_as_they_are(name: str) -> None:
    need, names = case(name).reading.need, named("lv")
    assert need is not None
    ax = plots.need_costs(need, MONEY, names, LV, own=ZEMGALE)
    table = need.table.sort_values(["deviation", "territory"], na_position="last")
    assert rows_of(ax) == [names[code] for code in table["territory"]]
    costs = [x for x, _ in sorted(places(ax, ACCENT), key=lambda place: place[1])]
    np.testing.assert_allclose(costs, table["cost"])
    assert "†" in ax.get_xlabel()


def test_a_composite_shows_both_ranges() -> None:
    composite = case("today").reading.composite
    assert composite is not None
    ax = plots.composite(composite, named("lv"), LV)
    assert len(places(ax, ACCENT)) == 42
    ends = [found for found in ax.collections if isinstance(found, LineCollection)]
    table = composite.scores.sort_values(["rank", "unit"])
    wide = [(float(s[0, 0]), float(s[-1, 0])) for s in ends[-2].get_segments()]
    np.testing.assert_allclose(wide, table[["certain_low", "certain_high"]])
    assert INTERVAL
    empty = replace(composite, scores=composite.scores.assign(rank=np.nan))
    with pytest.raises(OptionError, match="nothing to draw"):
        plots.composite(empty, named("lv"), LV)
