"""A planning region's report: its scores are those of all, its lessons those of the frontiers, its notebook as committed."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pytest
from axe import open_browser, violations
from in_process import run_cells, text_of
from network_cases import ENGLISH
from report_cases import PASSPORTS, SCHOOLS
from service_cases import case, named, without_remarks

import benchlib as bl
from benchlib.comparison import (
    Meeting,
    Room,
    group_meeting,
    quantile_interval,
    region_lessons,
    region_room,
    region_scores,
)
from benchlib.efficiency import dea
from benchlib.errors import ParameterError
from benchlib.reporting import RegionParameters, Words, run_report, tables, texts
from benchlib.reporting.batch.subjects import everything, stem_of
from benchlib.reporting.blocks import Figure, Heading, Table

LV, EN = Words("lv"), Words("en")
BOTH = pytest.mark.parametrize("words", [LV, EN], ids=["lv", "en"])
INDICATORS = {
    "cost": SCHOOLS.inputs,
    "coverage": ("schools_per_100_km2",),
    "quality": SCHOOLS.outputs,
    "demography": ("population_change",),
}


@cache
def room(region: str = "Latgale", territory: str = "2025") -> Room:
    return region_room(region, territory)  # type: ignore[arg-type]


@cache
def meetings() -> tuple[Meeting, Meeting]:
    """Latgale among all, and among itself."""
    everybody = bl.classification("2025")
    among = group_meeting(room().units, INDICATORS, year=2013, among=everybody)
    return among, group_meeting(room().units, INDICATORS, year=2013)


@cache
def scores() -> pd.DataFrame:
    return region_scores(case("today").overview, room().codes)


@cache
def lessons() -> pd.DataFrame:
    return region_lessons(case("today").overview, room().codes)


def test_scores_are_those_of_all_municipalities() -> None:
    overview, found = case("today").overview, scores().set_index("unit")
    assert set(found.index) == set(room().codes)
    everybody = overview.dea.scores.set_index("unit")["efficiency"]
    assert np.allclose(found["efficiency"], everybody.loc[found.index])
    assert overview.certainty is not None
    sure = overview.certainty.scores.set_index("unit").loc[found.index]
    for name in ("corrected", "low", "high", "rank_low", "rank_high"):
        assert np.allclose(found[name], sure[name])
    assert found["corrected"].is_monotonic_decreasing
    for method in overview.methods.telling:
        assert np.array_equal(found[method], overview.methods.ranks.loc[found.index, method])
    assert (found["best"] <= found[list(overview.methods.telling)].min(axis=1)).all()
    assert set(found.index[found["is_doubtful"]]) == set(overview.doubtful) & set(room().codes)


def test_who_has_no_score_stays_in_the_table() -> None:
    former = case("former").overview
    found = region_scores(former, room(territory="2009").codes)
    absent = found.loc[found["efficiency"].isna(), "unit"]
    assert set(absent) == set(former.left_out["unit"]) & set(room(territory="2009").codes)
    assert len(absent) > 0
    assert found["efficiency"].isna().to_numpy()[-len(absent) :].all(), "at the end"
    names = named("en")
    table = tables.region.scores(found, former, names, EN)
    assert len(table.rows) == len(room(territory="2009").codes)
    assert "…" in [cell.text for cell in table.rows[-1]]
    assert "Without a score" in " ".join(texts.region.score_sentences(former, found, names, EN))
    bare = region_scores(case("bare").overview, room().codes)
    assert bare["corrected"].isna().all()
    assert bare["efficiency"].is_monotonic_decreasing


@pytest.mark.parametrize(("name", "territory"), [("today", "2025"), ("former", "2009")])
def test_novadi_learn_from_novadi_and_cities_from_all(name: str, territory: str) -> None:
    overview, kinds = case(name).overview, {unit.code: unit.kind for unit in bl.classification(territory)}
    found = region_lessons(overview, room(territory=territory).codes)
    sample = overview.sample
    novadi = [unit for unit in sample.units if kinds[str(unit)] == "novads"]
    sure = [unit for unit in novadi if unit not in overview.doubtful]
    assert sure != novadi
    scored = dea(sample.subset(novadi), reference=sample.subset(sure), orientation="input", rts="vrs")
    inside = set(scored.scores.loc[scored.scores["efficiency"] < 1, "unit"])
    for row in found.to_dict("records"):
        assert not {peer for peer, _ in row["peers"]} & set(overview.doubtful)
        if kinds[row["unit"]] == "novads":
            own = scored.peers.loc[(scored.peers["unit"] == row["unit"]) & (row["unit"] in inside)]
            assert dict(row["peers"]) == pytest.approx(dict(zip(own["peer"], own["weight"], strict=True)))
            assert all(kinds[peer] == "novads" for peer, _ in row["peers"])
        else:
            everybody = overview.trusted_dea.peers
            expected = set(everybody.loc[everybody["unit"] == row["unit"], "peer"]) - {row["unit"]}
            assert {peer for peer, _ in row["peers"]} == expected


def test_near_by_is_who_spends_no_more_and_reaches_no_less() -> None:
    overview = case("today").overview
    figures = overview.sample.to_frame().set_index("unit")
    kinds = {unit.code: unit.kind for unit in room().units}
    money, result = SCHOOLS.inputs[0], SCHOOLS.outputs[0]
    for row in lessons().to_dict("records"):
        own = figures.loc[row["unit"]]
        expected = {
            code
            for code in room().codes
            if code != row["unit"]
            and code not in overview.doubtful
            and (kinds[row["unit"]] == "city" or kinds[code] == "novads")
            and figures.loc[code, money] <= own[money]
            and figures.loc[code, result] >= own[result]
        }
        assert set(row["near"]) == expected


def test_a_novads_that_only_a_city_outdoes_has_its_examples_outside() -> None:
    found = region_lessons(case("today").overview, room("Kurzeme").codes).set_index("unit")
    for name in ("Saldus novads", "Talsu novads", "Ventspils novads"):
        row = found.loc[bl.find_municipality(name).code]
        assert row["near"] == (), "the city of Ventspils works under other conditions"
        assert row["peers"]
    said = texts.region._lesson_point(found.reset_index(), EN)
    assert "for **3** of its municipalities; examples only outside: for **3**." in said


def test_learners_are_counted_inside_and_outside() -> None:
    everywhere = region_lessons(case("today").overview, [str(unit) for unit in case("today").overview.sample.units])
    expected = sum(len(peers) for peers in everywhere["peers"])
    assert everywhere["learners_inside"].sum() == expected, "the country as one region"
    vidzeme = region_lessons(case("today").overview, room("Vidzeme").codes)
    assert (vidzeme["learners_inside"] > 0).any()
    for row in vidzeme.to_dict("records"):
        learners = [other["unit"] for other in everywhere.to_dict("records") if row["unit"] in dict(other["peers"])]
        assert row["learners_inside"] == sum(code in room("Vidzeme").codes for code in learners)
        assert row["learners_outside"] == len(learners) - row["learners_inside"]


def test_an_example_says_whether_its_advantage_is_more_than_chance() -> None:
    """An interval wholly above that of who learns, among those against whom both are held."""
    it, names = case("today"), named("en")
    table = tables.region.lessons(lessons(), room(), it.overview, names, EN, certainties=it.certainties)
    assert isinstance(table, Table)
    known = {}
    for (units, _convex, _free), found in zip(it.overview.frontiers, it.certainties, strict=True):
        assert found is not None
        known |= dict.fromkeys(units, found.scores.set_index("unit"))
    for row, shown in zip(lessons().to_dict("records"), table.rows, strict=True):
        ends = known[row["unit"]]
        examples = {*row["near"], *(peer for peer, _ in row["peers"]), *filter(None, [row["single"]])}
        sure = {code for code in examples if ends["low"][code] > ends["high"][row["unit"]]}
        told = shown[-1].text
        if not examples:
            assert told == "–"
        elif sure in (set(), examples):
            assert told == ("yes" if sure else "no")
        else:
            assert all((names[code] in told) == (code in sure) for code in examples)
    assert "?: doubtful figure." in table.note
    said = " ".join(texts.region.lesson_sentences(lessons(), it.overview, names, EN, certainties=it.certainties))
    with_examples = lessons()["near"].map(bool) | lessons()["peers"].map(bool)
    assert f"of {with_examples.sum()} municipalities. The weights" in said
    silent = " ".join(texts.region.lesson_sentences(lessons(), it.overview, names, EN))
    assert "No interval stands behind these examples" in silent


@BOTH
def test_everything_is_said_in_the_language_of_the_report(words: Words) -> None:
    names, overview = named(words.language), case("today").overview
    meeting, inside = meetings()
    shown = [
        texts.region.title("Latgale", SCHOOLS, 2013, words),
        *texts.region.summary(meeting, inside, scores(), lessons(), PASSPORTS, names, words),
        *texts.region.score_sentences(overview, scores(), names, words),
        texts.region.methods_sentence(overview, words),
        *texts.region.lesson_sentences(lessons(), overview, names, words, certainties=case("today").certainties),
        texts.region.reading_note(words),
        *map(
            str,
            [
                tables.region.parts(room(), names, words),
                tables.region.scores(scores(), overview, names, words),
                tables.region.lessons(lessons(), room(), overview, names, words, certainties=case("today").certainties),
                tables.region.spread(meeting, inside, PASSPORTS, names, words),
                tables.meeting.ranks(meeting, PASSPORTS, names, words),
            ],
        ),
    ]
    for text in shown:
        assert not re.search(r"\bnan\b|\{|\}|  ", text), text
        assert words is EN or not ENGLISH.search(text), text
    assert texts.region.title("Zemgale", SCHOOLS, 2013, LV).startswith("Zemgales plānošanas reģions. Skolas")


def test_one_reading_has_four_groups_and_lights_among_all() -> None:
    meeting, _ = meetings()
    several = tables.meeting.positions(
        meeting, list(INDICATORS), PASSPORTS, named("en"), EN, with_ranks=False, with_dimensions=True
    )
    assert several is not None
    table = several[0]
    assert isinstance(table, Table)
    assert [column.label.split(":")[0] for column in table.columns[1:]] == [
        "Cost",
        "Access",
        "Result and quality",
        "Demography",
    ]
    assert len(table.rows) == len(room().codes) + 1
    assert table.rows[-1][0].text == "Median of all municipalities"
    lights = [cell.light for row in table.rows[:-1] for cell in row[1:4]]
    assert None not in lights
    assert all(row[4].light is None for row in table.rows), "demography has no good and bad"
    ranks = tables.meeting.ranks(meeting, PASSPORTS, named("en"), EN)
    assert ranks is not None
    assert "of\N{NO-BREAK SPACE}42" in ranks.rows[0][1].text


def medians(low: float, high: float, own: float = 60.0, country: float = 55.0) -> str:
    """What is said of a region's median with a typed-in interval."""
    meeting, inside = meetings()
    name = SCHOOLS.outputs[0]
    here = inside.summary.copy()
    here.loc[here["indicator"] == name, ["median", "median_low", "median_high", "median_level"]] = [
        own,
        low,
        high,
        0.96,
    ]
    everywhere = meeting.summary.copy()
    everywhere.loc[everywhere["indicator"] == name, "median"] = country
    told = texts.region.summary(
        replace(meeting, summary=everywhere),
        replace(inside, summary=here),
        scores(),
        lessons(),
        PASSPORTS,
        named("en"),
        EN,
    )
    (found,) = [text for text in told if text.startswith(PASSPORTS[name].name["en"]) and "inside" not in text]
    return found


def test_a_region_s_median_is_held_against_the_country_s_by_its_interval() -> None:
    start = "Grade 9 examinations, mean result, 2013: the region's median is **60.0%** (96% interval: "
    assert medians(50, 70) == (
        f"{start}50.0% to 70.0%); it cannot be distinguished from that of all municipalities (55.0%)."
    )
    assert "cannot be distinguished" in medians(55, 70), "an end belongs to the interval"
    assert medians(56, 70) == f"{start}56.0% to 70.0%), above that of all municipalities (55.0%)."
    assert "), below that of all municipalities (55.0%)." in medians(40, 54, own=50)
    assert medians(np.nan, np.nan, own=np.nan) == (
        "Grade 9 examinations, mean result, 2013: fewer than four municipalities of the region have a figure, too few for a median."
    )


@pytest.mark.parametrize("region", ["Kurzeme", "Latgale", "Rīga", "Vidzeme", "Zemgale"])
def test_what_is_called_above_or_below_lies_outside_the_interval(region: str) -> None:
    """The words against the figures and `quantile_interval` itself."""
    units = room(region).units
    meeting = group_meeting(units, INDICATORS, year=2013, among=bl.classification("2025"))
    inside = group_meeting(units, INDICATORS, year=2013)
    told = texts.region.summary(meeting, inside, scores(), lessons(), PASSPORTS, named("en"), EN)
    for name in (SCHOOLS.inputs[0], SCHOOLS.outputs[0]):
        figures = bl.load_indicators(name, years=2013).set_index("territory")["value"]
        low, high, _ = quantile_interval(figures[list(room(region).codes)])
        (text,) = [text for text in told if text.startswith(PASSPORTS[name].name["en"]) and "median" in text]
        assert ("cannot be distinguished" in text) == (low <= figures.median() <= high), text


def test_the_median_of_the_region_has_its_interval_in_the_table() -> None:
    meeting, inside = meetings()
    made = tables.region.spread(meeting, inside, PASSPORTS, named("en"), EN)
    row = inside.row(SCHOOLS.outputs[0])
    (cell,) = [cells[2].text for cells in made.rows if cells[0].text.startswith("Grade 9 examinations, mean")]
    assert cell == f"{row['median']:.1f}% ({EN.interval(row['median_low'], row['median_high'], 1)})"
    assert "In brackets: the interval of the median (at least" in made.note
    few = replace(inside, summary=inside.summary.assign(median=np.nan))
    none = tables.region.spread(meeting, few, PASSPORTS, named("en"), EN)
    assert {cells[2].text for cells in none.rows} == {"too few"}
    assert "Fewer than four figures are too few for a median." in none.note


def test_a_split_municipality_is_said_to_have_come_in_part() -> None:
    rows = {row[0].text: row[2].text for row in tables.region.parts(room(), named("en"), EN).rows}
    assert "Aglona municipality (in part)" in rows["Preiļi municipality"]
    assert rows["Rēzekne"] == "not changed by the reform"
    former = tables.region.parts(room(territory="2009"), named("en"), EN)
    assert {row[0].text: row[2].text for row in former.rows}[
        "Aglona municipality"
    ] == "Krāslava municipality and Preiļi municipality"


def test_one_region_is_needed() -> None:
    with pytest.raises(ParameterError, match="about one planning region"):
        stem_of(RegionParameters.from_mapping({"region": "all"}))
    with pytest.raises(ParameterError, match="not a planning region"):
        stem_of(RegionParameters.from_mapping({"region": "Sēlija"}))
    with pytest.raises(ParameterError, match="year=2020"):
        stem_of(RegionParameters.from_mapping({"year": 2020}))
    assert stem_of(RegionParameters.from_mapping({"region": "Rīga", "language": "en"})) == "region-riga-2013-en"
    assert everything("region", {}) == ["Kurzeme", "Latgale", "Rīga", "Vidzeme", "Zemgale"]


def test_the_notebook_runs_for_former_municipalities() -> None:
    with without_remarks():
        found = run_cells(
            "region.ipynb", region="Latgale", territory="2009", year=2012, replications=100, language="en"
        )
    shown = text_of(found)
    headings = [block.text for block in found if isinstance(block, Heading) and block.level == 2]
    assert headings[1] == "Cost, access, quality and demography in one reading"
    assert "Who can learn from whom, inside and outside the region" in headings
    assert len([block for block in found if isinstance(block, Figure)]) == 5
    assert not re.search(r"\bnan\b|\{m", shown)
    assert "Today part of" in shown


@pytest.mark.notebook
@pytest.mark.browser
def test_the_report_is_accessible_and_fits_a_phone(tmp_path_factory: pytest.TempPathFactory, chromium: str) -> None:
    folder = tmp_path_factory.mktemp("region")
    files = run_report("region", {"region": "Latgale", "language": "en", "replications": 100}, out=folder)
    assert files.html is not None
    assert files.html.name == "region-latgale-2013-en.html"
    with open_browser(chromium) as browser:
        for width in (1280, 360):
            page = browser.new_page(viewport={"width": width, "height": 900})
            page.goto(files.html.resolve().as_uri())
            assert page.evaluate("document.documentElement.scrollWidth") == width
            assert violations(page, least="minor") == []
