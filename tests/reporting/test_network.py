"""A network's meeting paper: its sentences and tables say what the meeting says."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from network_cases import BOTH, CASES, EN, ENGLISH, GUESTS, LV, blocks, case, column, named, sentences, table_of
from report_cases import CATALOGUE, PASSPORTS
from report_cases import MONEY as COST

import benchlib as bl
from benchlib.comparison import Meeting, network_meeting
from benchlib.comparison.ranks import SMALL_GAP
from benchlib.reporting import Words, plots, tables, texts
from benchlib.reporting.values import COST_MARK

MONEY = COST.id


@BOTH
@pytest.mark.parametrize("name", CASES)
def test_everything_is_said_in_the_language_of_the_paper(name: str, words: Words) -> None:
    shown = [*sentences(case(name), words), *map(str, blocks(case(name), words).values())]
    for text in shown:
        assert not re.search(r"\bnan\b|\{|\}|  ", text), text
        assert words is EN or not ENGLISH.search(text), text


def test_a_network_of_one_says_what_is_needed() -> None:
    shown = " ".join(sentences(case("T4"), EN))
    assert "1 municipality** is looked at: Jelgava municipality." in shown
    assert "One municipality alone cannot be compared" in shown
    assert "with the parameter members" in shown
    assert "overall" not in blocks(case("T4"), EN)
    assert "differences" not in blocks(case("T4"), EN)
    assert "▲" not in str(blocks(case("T4"), EN)["positions ('quality', 'satisfaction') 0"])


def test_a_network_without_service_figures_is_still_worth_a_meeting() -> None:
    shown, tables_ = " ".join(sentences(case("T2"), EN)), blocks(case("T2"), EN)
    assert "There are public figures on **3 of 8** indicators of the network. None of the service itself has" in shown
    assert "one of them has no public figures" in shown
    assert "not counted: Jelgava and Daugavpils" in shown
    without = table_of(case("T2"), "without")
    assert len(without.rows) == 5
    assert set(column(without, "reason")) == {"not among the figures of benchlib yet"}
    assert all(set(text) == {"_"} for text in column(without, "who")), "room to write"
    assert len(table_of(case("T2"), "differences").rows) == 3
    assert "What does this condition mean for the service in Ādaži municipality" in str(tables_["differences"])
    room = table_of(case("T2"), "room")
    assert "Vecumnieku novads, Iecavas novads" in column(room, "member")
    assert all(column(room, "source"))


def test_the_table_has_everybody_with_light_and_range_of_ranks() -> None:
    table = table_of(case("six"), "positions ('cost', 'productivity') 0")
    assert column(table, "name")[-1] == "Median of the group"
    bauska = next(row for row in table.rows if row[0].text == "Bauska municipality")
    assert bauska[1].text == "€1,581; 4th of 6 (3rd–\N{WORD JOINER}4th)".replace(
        " of ", "\N{NO-BREAK SPACE}of\N{NO-BREAK SPACE}"
    ).replace(" (", "\N{NO-BREAK SPACE}(")
    assert (bauska[1].light, bauska[1].hint) == ("yellow", "middle half")
    assert bauska[2].light is None, "neither more nor less is better"
    assert COST_MARK in table.columns[1].label
    assert COST_MARK in table.note
    ogre = next(row for row in table.rows if row[0].text == "Ogre municipality")
    assert "?" in ogre[1].text, "doubtful"
    assert "?: doubtful figure." in table.note


def test_many_indicators_have_their_ranks_in_a_table_below() -> None:
    found = blocks(case("six"), EN)
    names = [name for name in found if name.startswith("positions ('quality'")]
    values, ranks = (table_of(case("six"), name) for name in names)
    assert len(values.columns) == len(ranks.columns) == 6
    bauska = next(row for row in values.rows if row[0].text == "Bauska municipality")
    assert (bauska[1].text, bauska[1].light) == ("61.3%", "yellow")
    place = next(row for row in ranks.rows if row[0].text == "Bauska municipality")[1]
    assert (
        place.text
        == "3rd\N{NO-BREAK SPACE}of\N{NO-BREAK SPACE}6 (1st–\N{WORD JOINER}3rd\N{NO-BREAK SPACE}of\N{NO-BREAK SPACE}5–\N{WORD JOINER}6)"
    )
    assert len([name for name in found if "context" in name]) == 1, "conditions have no ranks"


def test_no_overall_position_without_sixty_per_cent() -> None:
    overall = table_of(case("six"), "overall")
    assert [c.key for c in overall.columns] == ["name", "present", "green", "yellow", "red"]
    few = case("six").table.copy()
    few.loc[(few["territory"] == "0025000") & (few["dimension"] == "quality"), "value"] = np.nan
    table = tables.network.overall(replace(case("six"), table=few), named("en"), EN)
    assert table is not None
    bauska = next(row for row in table.rows if row[0].text == "Bauska municipality")
    assert [cell.text for cell in bauska[2:]] == ["–", "–", "–", "not given: fewer than 60% of the figures"]


def test_homework_is_open_by_indicator_and_closed_by_name() -> None:
    meeting = case("six")
    open_, closed = table_of(meeting, "homework"), table_of(meeting, "own homework")
    assert [c.key for c in open_.columns] == ["indicator", "count", "ask", "practices", "who", "until"]
    assert sum(int(text.split(" (")[0]) for text in column(open_, "count")) == len(meeting.homework) == len(closed.rows)
    assert set(column(closed, "name")) == {named("en")[code] for code in meeting.homework["territory"]}
    assert meeting.homework.groupby("territory").size().max() <= 3
    assert "Dobele municipality" not in str(open_), "whoever is in the last quarter is not named"
    for table in (open_, closed):
        assert all(set(text) == {"_"} for key in ("who", "until") for text in column(table, key))
    costs = next(row for row in open_.rows if row[0].text.startswith("Education expenditure"))
    assert costs[2].text.startswith("Talsi municipality"), "Ogre spends less, but its figure is doubtful"
    assert costs[3].text != "–"


@BOTH
def test_who_brought_one_part_of_a_figure_is_told_which_other_is_missing(words: Words) -> None:
    meeting = case("fourteen")  # the cities have libraries, and no annual average of their population is published
    people = CATALOGUE.registry.measures["population_annual_average"].name[words.language]
    missing = meeting.homework.loc[meeting.homework["reason"] == "missing"]
    assert len(missing) >= 4
    why = column(table_of(meeting, "own homework", words), "why")
    assert sum(people in text for text in why) == len(missing)
    assert sum(people in text for text in column(table_of(meeting, "figures", words), "marks")) >= 4
    several = tables.meeting.positions(meeting, ("coverage",), PASSPORTS, named(words.language), words)
    assert several is not None
    note = str(next(iter(several)).note)
    assert people in note
    assert note.count("Daugavpils") == 1
    assert "Ogre" not in note


def test_every_figure_stands_in_the_appendix_with_year_marks_and_source() -> None:
    meeting = case("six")
    table = table_of(meeting, "figures")
    assert len(table.rows) == len(meeting.table)
    assert {row[0].text for row in table.rows} == {named("en")[code] for code in meeting.room.codes}
    first = [cell.text for cell in table.rows[0]]
    assert first == [
        "Bauska municipality",
        f"Education expenditure per pupil{COST_MARK}",
        "2013",
        "€1,581",
        "harmonised (4)",
        "1",
    ]
    assert any("doubtful" in text for text in column(table, "marks"))
    assert "1 – Ministry of Environmental Protection and Regional Development" in table.note
    assert set(column(table, "source")) <= {"1", "2", "3", "4", "5"}


def test_the_quadrants_are_told_in_words() -> None:
    meeting = case("six")
    assert meeting.money_and_result is not None
    told = texts.meeting.quadrant_texts(meeting, meeting.money_and_result, PASSPORTS, named("en"), EN)
    assert (
        "Less money and a better result: Ogre municipality\N{NO-BREAK SPACE}? (€1,433; 61.7%) and Talsi municipality (€1,463; 62.3%)."
        in told["alt"]
    )
    assert "More money and a worse result: Dobele municipality" in told["alt"]


def test_a_percentage_differs_in_points_and_money_in_euro() -> None:
    row = {
        "gap": -5.0,
        "gap_pct": -10.0,
        "gap_eur": np.nan,
        "territory": "0025000",
        "other": "",
        "value": 45.0,
        "reference": 50.0,
        "year": 2013,
        "volume_year": np.nan,
    }
    text = texts.talk.difference_text(row, PASSPORTS["exam_grade9_mean"], named("en"), EN)
    assert text == "Bauska municipality: 45.0%, 5.0 percentage points below the median of 50.0%."
    money = row | {
        "gap": 300.4,
        "gap_pct": 20.0,
        "gap_eur": 123_456.0,
        "value": 1800.0,
        "reference": 1499.6,
        "volume_year": 2013,
    }
    text = texts.talk.difference_text(money, PASSPORTS["education_expenditure_per_pupil"], named("lv"), LV)
    assert text.endswith("starpība: 300\u202f€ (20\u202f%); aptuveni 123\u202f000\u202f€ gadā.")
    other = texts.talk.difference_text(money | {"year": 2011}, PASSPORTS[MONEY], named("en"), EN)
    assert other.endswith("; about €123,000 a year (with the users of 2013).")


def test_euro_of_two_years_say_so_in_the_paper() -> None:
    meeting = network_meeting("T4", year=2011, members=GUESTS)
    row = meeting.differences.set_index("indicator").loc[MONEY]
    assert row[["year", "volume_year"]].tolist() == [2011, 2013]
    assert "(with the users of 2013)" in str(tables.network.differences(meeting, PASSPORTS, named("en"), EN))
    assert "with the users of" not in str(table_of(case("six"), "differences"))


def test_a_result_of_which_less_is_better_stands_above() -> None:
    meeting = case("six")
    money, result = MONEY, "exam_grade9_mean"
    summary = meeting.summary.assign(
        direction=meeting.summary["direction"].where(meeting.summary["indicator"] != result, -1)
    )
    turned = replace(meeting, summary=summary)
    passports = PASSPORTS | {result: replace(PASSPORTS[result], direction=-1)}
    told = texts.meeting.quadrant_texts(turned, (money, result), passports, named("en"), EN)
    assert "Less money and a worse result: Ogre municipality" in told["alt"]
    assert "its axis is turned round: what stands above is better" in told["caption"]
    ax = plots.quadrants(turned.pair(money, result), named("en"), EN, x_label="x", y_label="y", is_less_better=True)
    assert ax.yaxis_inverted()
    assert (
        "turned round"
        not in texts.meeting.quadrant_texts(meeting, (money, result), PASSPORTS, named("en"), EN)["caption"]
    )


def test_a_network_that_does_not_compare_both_says_so() -> None:
    meeting = case("six")
    without = meeting.without.loc[meeting.without["dimension"] != "cost"]
    summary = meeting.summary.loc[meeting.summary["dimension"] != "cost"]
    told = texts.network.quadrant_sentence(replace(meeting, summary=summary, without=without), EN)
    assert told.endswith("the network does not compare both a cost and a result.")


def test_the_number_of_indicators_rules_the_words() -> None:
    meeting = case("T2")
    for count, end in (
        (1, "tīkla rādītāja."),
        (2, "tīkla rādītājiem."),
        (11, "tīkla rādītājiem."),
        (21, "tīkla rādītāja."),
    ):
        rows = pd.concat([meeting.without.head(1)] * count, ignore_index=True)
        said = texts.network.summary(
            replace(meeting, summary=meeting.summary.iloc[:0], without=rows), PASSPORTS, named("lv"), LV
        )[1]
        assert said == f"Publiski dati ir par **0 no {count}** {end}"


def test_density_is_no_homework() -> None:
    """Schools per 100 km² follow from settlement: nobody is sent to a state city to ask about them."""
    meeting = network_meeting("T4", year=2013, members=f"{GUESTS}; Daugavpils")
    assert meeting.row("schools_per_100_km2")["best_territory"] == bl.find_municipality("Daugavpils").code
    assert "schools_per_100_km2" not in set(meeting.homework["indicator"]) | set(meeting.differences["indicator"])
    for note in (texts.talk.differences_note(meeting, EN), texts.talk.homework_note(meeting, EN)):
        assert "Figures per area follow from settlement" in note
    assert "Figures per area" not in texts.talk.homework_note(case("T2"), EN), "nothing in it is counted by area"


def test_the_rule_of_the_homework_is_told_whole() -> None:
    share = EN.percent(100 * SMALL_GAP / 2, 1)
    assert share == "12.5%"
    note = texts.talk.homework_note(case("six"), EN)
    assert f"at least {share} of the distance between the two ends of the middle half" in note
    assert "12,5\u202f%" in texts.talk.homework_note(case("six"), LV)
    own = texts.talk.own_homework_note(case("six"), EN)
    assert note.startswith(own), "the closed part says the same, but addresses it"
    assert "not addressed" in note
    assert "not addressed" not in own


def test_homework_of_one_year_is_marked() -> None:
    six = case("six")
    once = six.homework.assign(is_one_year=True)
    marked = tables.network.homework(_with_homework(six, once), PASSPORTS, named("en"), EN)
    assert marked is not None
    counts = column(marked, "count")
    assert all(re.fullmatch(r"(\d+) \(by one year alone: \1\)", text) for text in counts), counts
    assert "by one year alone" not in str(
        tables.network.homework(_with_homework(six, six.homework.assign(is_one_year=False)), PASSPORTS, named("en"), EN)
    )


def _with_homework(meeting: Meeting, homework: pd.DataFrame) -> Meeting:
    found = replace(meeting)
    found.__dict__["homework"] = homework
    return found


def test_a_median_of_too_few_says_so() -> None:
    meeting = case("six")
    summary = meeting.summary.copy()
    summary.loc[summary["indicator"] == MONEY, "median"] = np.nan
    few = replace(meeting, summary=summary)
    several = tables.meeting.positions(few, ("cost", "productivity"), PASSPORTS, named("en"), EN)
    assert several is not None
    (table,) = several
    assert [cell.text for cell in table.rows[-1]][:2] == ["Median of the group", "too few"]
    assert "Fewer than four figures are too few for a median." in table.note


@pytest.mark.parametrize(
    ("indicator", "gap", "start"),
    [
        ("education_expenditure_per_pupil", 5.0, "What does Bauska municipality pay more for"),
        ("education_expenditure_per_pupil", -5.0, "How does Bauska municipality manage with less"),
        ("administration_posts_per_1000_inhabitants", -1.0, "How is the work organised"),
        ("administration_posts_per_1000_inhabitants", 1.0, "What makes the work"),
        ("libraries_per_10000_inhabitants", 5.0, "How did Bauska municipality come to that"),
        ("libraries_per_10000_inhabitants", -5.0, "Is that enough for the residents"),
        ("exam_grade9_mean", 5.0, "What is done differently"),
        ("exam_grade9_mean", -5.0, "What stands in the way"),
        ("social_service_waiting_days", -5.0, "What is done differently"),
        ("pupils_per_school", 5.0, "How does this act on costs"),
        ("population_density", 5.0, "What does this condition mean"),
        ("schools_per_100_km2", 5.0, "How does this act on costs"),
    ],
)
def test_the_question_fits_the_difference(indicator: str, gap: float, start: str) -> None:
    row = {"territory": "0025000", "other": "", "gap": gap, "is_doubtful": False}
    assert texts.talk.question(row, PASSPORTS[indicator], named("en"), EN).startswith(start)
    assert texts.talk.question(row | {"is_doubtful": True}, PASSPORTS[indicator], named("en"), EN).startswith(
        "Is the figure right?"
    )
    latvian = texts.talk.question(row, PASSPORTS[indicator], named("lv"), LV)
    assert re.search(r"Bauskas novad[aā]", latvian) or "darbs" in latvian
