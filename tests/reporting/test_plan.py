"""The improvement plan as a reader gets it: its words, tables and figures, run in this process."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from drawings import contrast, dots, drawn
from hypothesis import example, given, settings
from hypothesis import strategies as st
from in_process import run_cells, text_of
from matplotlib.colors import same_color, to_hex
from matplotlib.text import Text

import benchlib as bl
from benchlib import comparison
from benchlib.errors import AccessError, OptionError, ParameterError
from benchlib.indicators import Action, Goal, ImprovementPlan, Step, Why, parse_plan, write_plan
from benchlib.reporting import Attachment, Block, Figure, Heading, Table, Words, plots, tables, texts
from benchlib.reporting.batch.subjects import stem_of
from benchlib.reporting.plots import style
from benchlib.reporting.schemas import ImprovementPlanParameters, ServiceParameters
from benchlib.reporting.values import short_value

NOTEBOOK = "plans/improvement_plan.ipynb"
PASSPORTS = bl.load_catalogue().indicators
MONEY, MATHS = "education_expenditure_per_pupil", "exam_grade9_mathematics"
NASTY = "<script>window.hacked=1</script> \"'`{{ 7*7 }}{m:loc} $x$ **b** [red]\\u0007"
#: A group, where it does not matter which.
GROUP = bl.comparison_group("Bauskas novads", year=2013)
ODD = re.compile(r"\bnan\b|NaN|<NA>|\bNone\b|\{\w+")
HEADINGS = (
    "What became of the last plan",
    "Where the gaps are",
    "Proposed goals",
    "What reaching the targets would be worth",
    "Whom to learn from",
    "What is to be filled in",
    "What is missing or doubtful",
    "Sources and how this report was made",
)


def plan_of(**fields: object) -> ImprovementPlan:
    """A plan of Bauska, made on the figures of 2011 against all novadi."""
    money = Goal(
        MONEY,
        1293.0,
        2014,
        why=Why(1310.17, 2011, 1293.4),
        follow_up=(Step(2012, 1304.0),),
        partners=("Olaines novads", "Atlantīdas novads"),
        practices=("t4-small-schools", "no-such-practice"),
        actions=(Action("Kopīga virtuve", 12500.0, "2012", "2012-09"), Action()),
        responsible="Izglītības pārvalde",
    )
    maths = Goal(MATHS, 51.0, 2013, why=Why(50.737, 2011))
    plan = ImprovementPlan(
        "bauskas-novads-2011", "0025000", "Bauskas novads", "2025", 2011, (money, maths), group="kind", access="public"
    )
    return replace(plan, **fields)  # type: ignore[arg-type]


@pytest.fixture
def keep(own: Path) -> Path:
    """The folder of stored plans, in a home of its own."""
    folder = own / "plans"
    folder.mkdir(parents=True)
    return folder


def store(folder: Path, plan: ImprovementPlan) -> None:
    (folder / f"{plan.id}.toml").write_text(write_plan(plan), encoding="utf-8")


def report(**parameters: object) -> list[Block]:
    return run_cells(NOTEBOOK, **{"municipality": "Bauskas novads", "replications": 100, "group": "kind", **parameters})


def headings(blocks: list[Block]) -> list[str]:
    return [block.text for block in blocks if isinstance(block, Heading) and block.level == 2]


def table(blocks: list[Block], caption: str) -> Table:
    return next(block for block in blocks if isinstance(block, Table) and block.caption == caption)


def cells(found: Table) -> list[list[str]]:
    return [[cell.text for cell in row] for row in found.rows]


@settings(max_examples=200, deadline=None)
@given(
    figures=st.tuples(*[st.floats(-1e6, 1e6, allow_nan=False) | st.decimals(0, 999, places=3).map(float)] * 3),
    indicator=st.sampled_from([MONEY, MATHS, "home_care_per_1000_aged_65"]),
)
@example(figures=(59.64999985, 61.04999999, 65.45), indicator=MATHS)
@example(figures=(187.497282, 145.499, 105.5), indicator=MONEY)
def test_one_figure_has_one_text_in_report_and_plan(figures: tuple[float, float, float], indicator: str) -> None:
    """Whatever a figure is: the plan's file says what the report says, so the next report finds it unchanged."""
    value, aim, best = figures
    passport, words = PASSPORTS[indicator], Words("lv")
    row = {"indicator": indicator, "year": 2013, "value": value, "aim": aim, "median": aim, "best": best}
    row |= {"best_territory": "0025000", "members_with_figure": 5, "light": "red"}
    row |= dict.fromkeys(("rank", "rank_low", "rank_high"), 5)
    plan = comparison.propose_plan(
        pd.DataFrame([row]),
        group=GROUP,
        year=2013,
        partners=pd.DataFrame({"indicator": [], "territory": []}),
        practices={},
        passports=PASSPORTS,
    )
    (goal,) = parse_plan(write_plan(plan).encode(), "plan.toml").goals
    assert goal.why is not None

    def shown(figure: float | None) -> str:
        return short_value(figure, passport, words)

    assert (shown(goal.why.base), shown(goal.why.median), shown(goal.why.best)) == tuple(map(shown, figures))
    assert shown(goal.target) == shown(aim)
    assert shown(goal.planned(2013)) == shown(value)


@pytest.mark.parametrize("base", [53.8, 53.85], ids=["as shown", "as earlier versions wrote it"])
def test_a_figure_that_was_not_revised_is_not_said_to_be(base: float) -> None:
    """Ogre's 53.84958 of 2011 is shown as 53.8, and rounded to 53.85 first as 53.9."""
    ogre = bl.find_municipality("Ogres novads")
    goal = Goal(MATHS, 60.0, 2014, why=Why(base, 2011), follow_up=(Step(2013, 57.0),))
    found = followed(goals=(goal,), municipality=ogre.code, name=ogre.name)
    (bullet,) = texts.followed.goal_bullets(found, PASSPORTS, Words("en"))
    assert "another one today" not in bullet
    (row,) = cells(tables.followed.goals(found, PASSPORTS, Words("en")))
    assert row[1] == "53.8% (2011)"


@pytest.mark.parametrize("language", ["lv", "en"])
def test_a_new_plan(language: str, keep: Path) -> None:
    del keep
    blocks = report(municipality="Aizkraukles novads", language=language, group="similar")
    words = Words(language)  # type: ignore[arg-type]
    assert headings(blocks) == [words.gettext(heading) for heading in HEADINGS]
    text = text_of(blocks)
    assert not ODD.search(text)
    assert (
        words.gettext("No plan from before {year} is followed up here; what follows is a proposal.").format(year=2013)
        in text
    )
    unclear = words.ngettext(
        "Proposed for want of anything clearer: {indicators}. This gap is not clear either.",
        "Proposed for want of anything clearer: {indicators}. These gaps are not clear either.",
        2,
    )
    assert unclear.partition("{")[0] in text, "Aizkraukle's costs jumped in one year only"
    file = next(block for block in blocks if isinstance(block, Attachment))
    plan = parse_plan(file.content.encode(), "plan.toml")
    assert (file.suffix, plan.id, plan.access) == ("plan.toml", "aizkraukles-novads-2013", "members")
    for goal in plan.goals:
        assert PASSPORTS[goal.indicator].name[language] in text
        assert f"# {PASSPORTS[goal.indicator].name[language]} (" in file.content
    to_fill = table(
        blocks, words.gettext("Measures of the plan of {year}: cost, time, who is responsible").format(year=2013)
    )
    assert {cell for row in cells(to_fill) for cell in row[1:5]} == {words.gettext("[to be filled in]")}
    assert all(len(block.alt) > 60 for block in blocks if isinstance(block, Figure))


def test_a_doubtful_figure_is_marked_wherever_it_counts(keep: Path) -> None:
    """Sigulda 2013: the cost of Krimulda, a part of it, is doubted; 805,000 euro hang on it."""
    del keep
    blocks = report(municipality="Siguldas novads", language="en", group="similar", service="none")
    text = text_of(blocks)
    assert "**Education expenditure per pupil**: from €1,921\u00a0? (2013) to **€1,601** in 2016" in text
    assert "The own figure of 2013 is doubtful: check it before a goal is made of it." in text
    assert "The municipality's own figure is doubtful: check it first." in text
    partners = cells(table(blocks, "Partners to learn from"))
    assert {row[4] for row in partners} == {"the figure of Sigulda municipality is doubtful"}
    assert "Where the own figure is doubtful, nobody can be said to be surely better." in text
    assert "Where a rank rests on one year" not in text
    assert "would free about €805,000\u00a0? a year" in text
    assert "about **€805,000**\u00a0? a year would be freed (Pupils in grades 1-9, 2013: 2,512)" in text
    gaps = {row[0]: row for row in cells(table(blocks, "Gaps to the comparison group"))}
    money = gaps["Education expenditure per pupil†, 2013"]
    assert (money[1], money[3], money[5]) == ("€1,921\u00a0?", "+€320\u00a0?", "the own figure is doubtful")
    steps = cells(table(blocks, "Follow-up: what the path asks for, year by year"))
    assert steps[0][1] == "€1,921\u00a0?"
    assert "Education expenditure per pupil, Krimulda municipality, 2013: It differs from the year before" in text
    assert re.search(r"\d+ figures were carried over the reform of 2021", text)
    file = next(block for block in blocks if isinstance(block, Attachment))
    assert "(EUR per pupil); base figure doubtful" in file.content
    figure = next(block for block in blocks if isinstance(block, Figure) and "Path to each target" in block.alt)
    assert "2013: €1,921\u00a0?" in figure.alt
    assert "?: doubtful figure." in figure.caption


def test_doubtful_figures_of_others_are_told_and_nobody_with_one_is_a_partner(keep: Path) -> None:
    del keep
    blocks = report(year=2012, language="en", service="none")
    text = text_of(blocks)
    partners = cells(table(blocks, "Partners to learn from"))
    assert "Ogre municipality" not in {row[0] for row in partners}
    assert "Not named as partners, because their figures are doubtful: Ogre municipality." in text
    assert (
        "Median and ranks of “Education expenditure per pupil” (2012) count doubtful figures of others: Krāslava municipality, "
        "Ogre municipality, and Preiļi municipality." in text
    )


@pytest.mark.parametrize("service", ["none", "schools"])
def test_doubts_are_told_with_and_without_a_service(service: str, keep: Path) -> None:
    del keep
    for language, part in (("en", "Krimulda municipality, 2013"), ("lv", "Krimuldas novads, 2013")):
        text = text_of(report(municipality="Siguldas novads", language=language, group="similar", service=service))
        assert text.count(part) == 1


def test_what_all_goals_lack_is_said() -> None:
    words = Words("en")
    gaps = comparison.find_gaps([MONEY], group=bl.comparison_group("Bauskas novads", year=2013), year=2013)
    said = {}
    for name, kinds in {"": ["clear", "unclear"], "unclear": ["unclear"] * 2, "mixed": ["unclear", "doubtful"]}.items():
        chosen = pd.DataFrame({"indicator": [MONEY, MATHS], "certainty": kinds})
        said[name] = texts.plan.goals_sentence(gaps, chosen, PASSPORTS, words)
    assert said[""].startswith("Proposed goals: “Education")
    assert said["unclear"].endswith("These gaps are not clear either.")
    assert said["mixed"].endswith("Each gap is not clear, or rests on a doubtful figure.")
    one = pd.DataFrame({"indicator": [MONEY], "certainty": ["clear"]})
    assert texts.plan.goals_sentence(gaps, one, PASSPORTS, words).startswith("Proposed goal: “Education")
    latvian = texts.plan.goals_sentence(gaps, one.assign(certainty="unclear"), PASSPORTS, Words("lv"))
    assert latvian.startswith("Piedāvāts, jo drošāk pamatotu atšķirību nav: „Izglītības")
    assert latvian.endswith("Arī šī atšķirība nav droša.")


def test_why_a_gap_is_not_clear_is_said() -> None:
    """Bauska 2013: behind in all three years, and within the interval of the median, as the report on it says too."""
    words, passport = Words("en"), PASSPORTS[MONEY]
    gaps = comparison.find_gaps(
        [MONEY, MATHS], group=bl.comparison_group("Bauskas novads", group="similar", year=2013), year=2013
    )
    row = gaps.table.set_index("indicator").loc[MONEY].to_dict()
    assert (row["years"], row["years_worse"], row["certainty"]) == (3, 3, "unclear")
    assert row["aim_low"] < row["value"] < row["aim_high"]
    said = texts.plan.certainty_sentence(row, passport, words)
    assert re.fullmatch(
        r"The own figure lies within the interval of what is aimed at \(€[\d,]+ to €[\d,]+, 9\d% interval\): in so small a group it "
        r"cannot surely be told from it\.",
        said,
    )
    some = texts.plan.certainty_sentence({**row, "years_worse": 2}, passport, words)
    assert some == "Behind in only 2 of 3 years looked at: the gap is not clear."
    small = texts.plan.certainty_sentence({**row, "distance": 0.1}, passport, words)
    assert small == "The gap is small beside the differences within the group, so it is not clear."
    shown = cells(tables.plan.gaps(gaps, [], PASSPORTS, words))
    assert shown[0][5] == "not surely different from the median"
    for change, told in (({"years_worse": 2}, "behind in 2 of 3 years"), ({"distance": 0.1}, "a small gap")):
        table = gaps.table.assign(**change).iloc[:1]
        assert cells(tables.plan.gaps(replace(gaps, table=table), [], PASSPORTS, words))[0][5] == told


def test_who_is_not_behind_gets_no_goal_and_no_file(keep: Path) -> None:
    del keep
    blocks = report(year=2011, language="en", group="similar", aim="median")
    text = text_of(blocks)
    assert "No goal is proposed: on no indicator with figures is Bauska municipality behind the median" in text
    assert not [block for block in blocks if isinstance(block, Attachment)]
    assert "Whom to learn from" not in headings(blocks)
    assert not ODD.search(text)


def test_nothing_but_gaps_in_the_figures(keep: Path) -> None:
    del keep
    blocks = report(year=2024, language="en", group="network:T2", theme="T2", service="none")
    text = text_of(blocks)
    assert "No goal is proposed: there are no figures from which a gap could be read." in text
    assert "Home care recipients per 1,000 aged 65 and over | all years | no figures that this report may show" in text
    assert not ODD.search(text)


def test_a_plan_is_followed_up(keep: Path) -> None:
    store(keep, plan_of(access="members"))
    blocks = report(language="en", access="members")
    text = text_of(blocks)
    assert not ODD.search(text)
    assert "Goals of the plan of 2011: reached 1, on the way 0, not on the way 1, without a figure 0." in text
    goals = table(blocks, "The goals of Bauska municipality and what came of them")
    assert cells(goals) == [
        [
            "Education expenditure per pupil†",
            "€1,310 (2011)",
            "€1,293 (2014)",
            "€1,299 (2013)",
            "€1,581 (2013)",
            "not on the way",
        ],
        [
            "Grade 9 examination in mathematics",
            "50.7% (2011)",
            "51.0% (2013)",
            "51.0% (2013)",
            "51.1% (2013)",
            "reached",
        ],
    ]
    assert [row[-1].light for row in goals.rows] == ["red", "green"]
    assert (
        "Changed by +€271 since 2011, a change such as happens anyway: eight of ten figures of the others changed"
        in text
    )
    assert "The median of the plan's group went from" in text
    assert "the distance to it was +€17 and is +€78 now" in text
    assert "which has other members" not in text, "all novadi are the group of both"
    assert "The figure of 2011 is another one today: 51.7% instead of 50.7%." in text
    assert "so they have no interval of their own" in text
    partners = cells(table(blocks, "What the partners of the plan did meanwhile"))
    assert partners[0] == ["Olaine municipality", "Education expenditure per pupil", "€1,256", "€1,282", "+€26", "yes"]
    assert partners[1][0] == "Atlantīdas novads (unknown)"
    assert partners[1][2:] == ["no data", "no data", "…", "…"]
    done = cells(table(blocks, "Measures of the plan of 2011: cost, time, who is responsible"))
    assert done[0][1:5] == ["Kopīga virtuve", "€12,500", "2012 – September 2012", "Izglītības pārvalde"]
    assert done[1][1] == "[to be filled in]"
    assert "No measure was filled in for the goal “Grade 9 examination in mathematics”." in text
    assert "Reached, but nothing shows that a measure of the plan helped; set a new goal: “Grade 9" in text
    assert "Write down what helped" not in text, "no measure, and no better change than usual"
    assert "A change outside that range is remarkable, and no proof that the plan made it." in text


def test_a_plan_for_members_leaves_no_trace_in_a_public_report(keep: Path) -> None:
    without = text_of(report(language="en"))
    store(keep, plan_of(access="members"))
    assert text_of(report(language="en")) == without
    closed = text_of(report(language="en", access="members"))
    assert "Kopīga virtuve" in closed
    assert "This report may hold figures, plans or practice examples that are not public" in closed


def test_hostile_words_of_a_plan_stay_words(keep: Path) -> None:
    nasty = NASTY.replace("\\u0007", "\x07\u202e")
    money = replace(
        plan_of().goals[0],
        actions=(Action(nasty, 1.0),),
        responsible=nasty,
        notes=nasty * 20,
        partners=(nasty,),
        practices=(nasty,),
    )
    store(keep, plan_of(goals=(money, Goal("gone.for.good", 5.0, 2014), plan_of().goals[1]), access="members"))
    blocks = report(language="en", plan="bauskas-novads-2011", access="members")
    pages = "".join(str(block.__html__()) for block in blocks)
    assert "<script" not in pages
    assert "&lt;script&gt;window.hacked=1" in pages
    assert "\x07" not in pages
    assert "\u202e" not in pages
    text = text_of(blocks)
    assert "{{ 7*7 }}{m:loc} $x$ **b** [red]" in text
    assert "gone.for.good**: the catalogue has no indicator of this id any more" in text
    assert "without a figure 1" in text


def test_a_former_municipality_is_followed_up_among_its_own(keep: Path) -> None:
    unit = bl.find_municipality("Vecumnieku novads", "2009")
    plan = plan_of(
        id="vecumnieku-novads-of-2009-2011",
        municipality=unit.code,
        name=unit.name,
        territory="2009",
        goals=(replace(plan_of().goals[0], why=Why(1269.36, 2011, 1293.4), partners=("Olaines novads",)),),
    )
    store(keep, plan)
    text = text_of(report(municipality="Vecumnieku novads", territory="2009", language="en"))
    assert "Goals of the plan of 2011: reached 0, on the way 0, not on the way 1, without a figure 0." in text
    assert not ODD.search(text)
    today = text_of(report(language="en"))
    assert "Plans of former municipalities: Vecumnieku novads, 2011." in today


@pytest.mark.parametrize(
    ("parameters", "error", "words"),
    [
        ({"theme": "T9"}, ParameterError, "theme='T9' is neither report nor a network"),
        ({"service": "hospitals"}, ParameterError, "not a service"),
        ({"year": 2020}, ParameterError, "year=2020"),
        ({"plan": "ogres-novads-2011"}, OptionError, "no plan of this id is stored"),
        ({"plan": "bauskas-novads-2011"}, AccessError, "members only"),
        (
            {"plan": "bauskas-novads-2011", "access": "members", "municipality": "Ogres novads"},
            OptionError,
            "is a plan of Bauskas",
        ),
        ({"aim": "best"}, ParameterError, "median, quarter"),
        ({"goals": 0}, ParameterError, "1 to 10"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_cannot_be_is_refused_before_anything_starts(
    parameters: dict[str, object], error: type[Exception], words: str, keep: Path
) -> None:
    store(keep, plan_of(access="members"))
    with pytest.raises(error, match=words):
        stem_of(ImprovementPlanParameters.from_mapping(parameters))


def test_a_year_without_scores_names_the_way_on(keep: Path) -> None:
    """The figures of schools end in 2013, those of a plan may not: without the service it is followed up all the same."""
    made = ImprovementPlanParameters.from_mapping
    asked = {"year": 2020, "access": "members"}
    with pytest.raises(ParameterError) as refused:
        stem_of(made(asked))
    assert str(refused.value) == (
        "year=2020: the service 'schools' has figures for 2011, 2012, 2013 only, so there is nothing to compare. Name one of these years, "
        "or make the plan without a service: -p service=none."
    )
    assert stem_of(made({**asked, "service": "none"})) == "improvement-plan-bauskas-novads-2020-lv-members"
    store(keep, plan_of(id="bauskas-novads-2011-t2", theme="T2", access="members"))
    with pytest.raises(
        ParameterError, match=r"-p service=none \(and -p theme=T2 for the plan bauskas-novads-2011-t2\)\.$"
    ):
        stem_of(made(asked))
    with pytest.raises(ParameterError, match=r"-p service=none\.$"):
        stem_of(made({**asked, "access": "public"}))
    with pytest.raises(ParameterError, match=r"Name one of these years\.$"):
        stem_of(ServiceParameters.from_mapping({"year": 2020}))


def test_names_of_the_files(keep: Path) -> None:
    del keep
    made = ImprovementPlanParameters.from_mapping
    assert stem_of(made({})) == "improvement-plan-bauskas-novads-2013-lv"
    given = {"theme": "T2", "service": "none", "year": 2024, "access": "members"}
    assert stem_of(made(given)) == "improvement-plan-t2-bauskas-novads-2024-lv-members"


def followed(**fields: object) -> comparison.FollowUp:
    plan = plan_of(**fields)
    return comparison.follow_up(plan, group=comparison.plan_group(plan), year=2013)


def test_every_state_has_its_words() -> None:
    row = followed().goals.iloc[0].to_dict()
    states = ["reached", "on the way", "behind", "no path", "no figure"]
    goals = pd.DataFrame(
        [{**row, "state": state, "is_due": due, "is_final": due} for state in states for due in (False, True)]
    )
    found = replace(followed(), goals=goals)
    for language in ("lv", "en"):
        words = Words(language)  # type: ignore[arg-type]
        bullets = texts.followed.goal_bullets(found, PASSPORTS, words)
        assert len(set(bullets)) == 6, "the target year makes a difference where the goal is missed"
        assert not [bullet for bullet in bullets if ODD.search(bullet)]
        shown = {cell.text for row in tables.followed.goals(found, PASSPORTS, words).rows for cell in row[-1:]}
        assert len(shown) == 6
    judged = [{**row, "against_usual": word} for word in ("better", "within", "worse", "unknown")]
    bullets = texts.followed.goal_bullets(replace(found, goals=pd.DataFrame(judged)), PASSPORTS, Words("lv"))
    assert len(set(bullets)) == 4
    assert "; tas ir labāk nekā parasti: astoņās no desmit reizēm" in bullets[0]
    assert "; šādas izmaiņas notiek arī bez plāna: astoņās" in bullets[1]
    assert "; tas ir sliktāk nekā parasti: astoņās" in bullets[2]
    assert "lai pateiktu, vai šāda izmaiņa ir parasta." in bullets[3]


def words_of(row: dict[str, object], language: str = "en", **plan: object) -> tuple[str, str]:
    """Sentence and advice on one goal of the plan on money."""
    words = Words(language)  # type: ignore[arg-type]
    found = followed(**{"goals": plan_of().goals[:1], **plan})
    found = replace(found, goals=pd.DataFrame([{**found.goals.iloc[0].to_dict(), **row}]))
    (bullet,) = texts.followed.goal_bullets(found, PASSPORTS, words)
    return bullet, " ".join(texts.followed.next_bullets(found, PASSPORTS, words))


def test_less_is_better_and_more_is_not_said() -> None:
    """+4 euro where the others rose by 108 to 618 is a better change, and no greater one."""
    row = {"value": 1314.0, "change": 4.0, "usual_low": 108.0, "usual_high": 618.0, "against_usual": "better"}
    bullet, _ = words_of(row)
    assert "Changed by +€4 since 2011, a better change than happens anyway: eight of ten figures" in bullet
    assert "by +€108 to +€618" in bullet
    worse, _ = words_of(row | {"against_usual": "worse"})
    assert "a worse change than happens anyway" in worse
    assert not re.search(r"\bmore than\b", bullet + worse + texts.followed.yardstick_note(Words("en")))
    assert "greater" not in texts.followed.yardstick_note(Words("en"))


@pytest.mark.parametrize(
    ("row", "has_measure", "advised"),
    [
        ({"against_usual": "better"}, True, True),
        ({"against_usual": "better"}, False, False),
        ({"against_usual": "within"}, True, False),
        ({"against_usual": "unknown"}, True, False),
        ({"against_usual": "better", "is_value_doubtful": True}, True, False),
        ({"against_usual": "better", "is_due": True, "is_final": False}, True, False),
        ({"against_usual": "better", "is_due": True, "is_final": True}, True, True),
    ],
)
def test_a_practice_example_is_advised_only_where_something_helped(
    row: dict[str, object], has_measure: bool, advised: bool
) -> None:
    money = plan_of().goals[0]
    goals = (money if has_measure else replace(money, actions=(Action(), Action("  "))),)
    _, advice = words_of({"state": "reached", **row}, goals=goals)
    assert ("Write down what helped" in advice) is advised
    assert ("No measure was filled in" in advice) is not has_measure


@pytest.mark.parametrize("state", ["reached", "on the way", "behind", "no path"])
def test_a_target_year_without_a_figure_is_told(state: str) -> None:
    row = {"state": state, "is_due": True, "is_final": False, "year": 2013, "target_year": 2014}
    bullet, advice = words_of(row)
    assert "There is no figure of the target year 2014 or later: whether the target was reached is not known." in bullet
    assert "not reached by 2014" not in bullet
    assert "Get the figure of the target year before the goal is judged: “Education expenditure per pupil”." in advice
    assert not re.search("Carry on|Decide whether|Ask the partners|Write down", advice)
    found = followed(goals=plan_of().goals[:1])
    found = replace(found, goals=pd.DataFrame([{**found.goals.iloc[0].to_dict(), **row}]))
    cell = tables.followed.goals(found, PASSPORTS, Words("en")).rows[0][-1].text
    assert cell.endswith("; no figure for 2014")
    told = texts.plan.followed_sentence(found, Words("en"))
    assert told.endswith("For 1 goal whose time is over there is no figure of the target year or later.")
    lv, _ = words_of(row, "lv")
    assert "Par 2014. gadu, kas ir mērķa gads, un vēlāku laiku datu nav, tāpēc nav zināms, vai mērķis sasniegts." in lv


def test_goals_without_a_measure_are_goals_in_every_case() -> None:
    goals = tuple(replace(goal, actions=()) for goal in plan_of().goals)
    for count, told in (
        (1, "Nav ierakstīts neviens pasākums mērķim „Izglītības izdevumi uz vienu skolēnu”."),
        (2, "Nav ierakstīts neviens pasākums mērķiem „Izglītības izdevumi uz vienu skolēnu” un „"),
    ):
        advice = texts.followed.next_bullets(followed(goals=goals[:count]), PASSPORTS, Words("lv"))
        assert advice[-1].startswith(told)


def test_fewer_than_four_figures_are_told_to_give_no_median() -> None:
    bullet, _ = words_of({"median": np.nan})
    assert "The median of the group went" not in bullet
    assert "Fewer than four figures are too few for a median." in bullet


def test_doubtful_figures_of_a_plan_that_is_followed_up_are_marked() -> None:
    bullet, advice = words_of({"is_value_doubtful": True})
    assert "€1,581\u00a0? in 2013" in bullet
    assert "The figure of 2013 is doubtful: check it before anything is concluded." in bullet
    assert "First check the figure, which is doubtful: “Education expenditure per pupil”." in advice
    both, _ = words_of({"is_value_doubtful": True, "is_base_doubtful": True})
    assert "The figures of 2011 and 2013 are doubtful: check them before anything is concluded." in both
    found = followed()
    marked = found.goals.assign(is_value_doubtful=[True, False])
    partners = found.partners.assign(is_before_doubtful=[True, False])
    found = replace(found, goals=marked, partners=partners)
    rows = cells(tables.followed.goals(found, PASSPORTS, Words("en")))
    assert [row[4] for row in rows] == ["€1,581\u00a0? (2013)", "51.1% (2013)"]
    shown = tables.followed.partners(found, PASSPORTS, {}, Words("en"))
    assert isinstance(shown, Table)
    assert [cell.text for cell in shown.rows[0]][2:5] == ["€1,256\u00a0?", "€1,282", "+€26\u00a0?"]
    assert "?: doubtful figure." in str(shown)


def test_the_reform_is_told() -> None:
    heirs = (bl.find_municipality("Bauskas novads"),)
    unit = bl.find_municipality("Vecumnieku novads", "2009")
    plan = plan_of(municipality=unit.code, name=unit.name, territory="2009")
    found = replace(followed(), plan=plan, heirs=heirs)
    note = texts.followed.heirs_note(found, Words("lv"))
    assert note.startswith("Kopš reformas Vecumnieku novada teritoriju pārvalda Bauskas novads.")
    assert texts.followed.heirs_note(followed(), Words("lv")) == ""


def test_two_groups_in_one_report_are_told() -> None:
    found, words = followed(), Words("en")
    assert texts.followed.groups_note(found, found.group, 2013, words) == ""
    other = bl.comparison_group("Bauskas novads", group="similar", year=2013)
    assert texts.followed.groups_note(found, other, 2013, words) == (
        "The last plan is held against its own group, as it was chosen in 2011; the gaps and the new plan are held against the group of "
        "2013, which has other members. So the medians and ranks of the two parts differ."
    )


@pytest.mark.parametrize(
    ("indicator", "needed", "told"),
    [
        (MONEY, -26.0, "a better change than that: the target is ambitious"),
        (MONEY, 100.0, "lies within that range"),
        (MONEY, 600.0, "less than that"),
        (MATHS, 6.0, "a better change than that"),
        (MATHS, 1.0, "lies within that range"),
        (MATHS, -3.0, "less than that"),
    ],
)
def test_how_much_a_path_asks_for_is_said(indicator: str, needed: float, told: str) -> None:
    low, high = (8.0, 505.0) if indicator == MONEY else (-2.0, 4.0)
    pace = pd.DataFrame([{"indicator": indicator, "needed": needed, "usual_low": low, "usual_high": high}])
    (bullet,) = texts.plan.pace_bullets(pace, PASSPORTS, Words("en"))
    assert told in bullet.rpartition(". ")[2] or told in bullet
    (unknown,) = texts.plan.pace_bullets(pace.assign(usual_low=np.nan, usual_high=np.nan), PASSPORTS, Words("en"))
    assert "The path" not in unknown


def test_who_brings_the_next_figures_is_said() -> None:
    shown = cells(tables.plan.steps(plan_of(), PASSPORTS, Words("en"), (), [MATHS]))
    assert [row[-1] for row in shown] == [
        "the publisher's next yearly figure",
        "own figures of the next year, read in again",
    ]


def test_times_of_measures_are_words() -> None:
    action = Action("Kopīga virtuve", 1.0, "2012-01", "2014-06-30")
    plan = plan_of(goals=(replace(plan_of().goals[0], actions=(action,)),))
    for language, time in (
        ("lv", "2012. gada janvāris – 2014. gada 30. jūnijs"),
        ("en", "January 2012 – 30 June 2014"),
    ):
        found = tables.plan.actions(plan, PASSPORTS, Words(language))  # type: ignore[arg-type]
        assert cells(found)[0][3] == time
    assert [column.label for column in found.columns][1] == "Measure"
    assert [Words("lv").time(text) for text in ("2014", "2013-05", "2013-03-01", "drīz")] == [
        "2014. gads",
        "2013. gada maijs",
        "2013. gada 1. marts",
        "drīz",
    ]


@pytest.mark.parametrize(
    ("cost", "lv", "en"), [(12500.5, "12 500,50 €", "€12,500.50"), (12500.0, "12 500 €", "€12,500"), (0.0, "0 €", "€0")]
)
def test_typed_money_stands_as_typed(cost: float, lv: str, en: str) -> None:
    plan = plan_of(goals=(replace(plan_of().goals[0], actions=(Action("Kopīga virtuve", cost),)),))
    for language, text in (("lv", lv), ("en", en)):
        (row,) = cells(tables.plan.actions(plan, PASSPORTS, Words(language)))  # type: ignore[arg-type]
        assert row[2].replace("\N{NARROW NO-BREAK SPACE}", " ") == text


def test_the_plan_as_a_file_is_found_as_the_text_says(keep: Path) -> None:
    del keep
    text = text_of(report(language="en", municipality="Aizkraukles novads", group="similar"))
    assert "the plan comes with the report as a file of its own" in text
    assert "it comes with the page and the PDF as plan.toml, and lies beside them under the name of the report" in text
    assert "benchlib plans check FILE" in text


def test_the_file_asks_for_offices_not_people() -> None:
    header = texts.plan.file_header(plan_of(), Words("lv"))
    assert "responsible: atbildīgā struktūrvienība – bez personas vārda, e-pasta adreses un tālruņa numura." in header


def test_partners_outside_the_group_have_a_legend() -> None:
    row = {
        "indicator": MONEY,
        "territory": "0025000",
        "value": 1.0,
        "rank": np.nan,
        "rank_low": np.nan,
        "rank_high": np.nan,
    }
    row |= {"members_with_figure": 11, "role": "dominator", "is_sure": True, "is_own_doubtful": False}
    unit, words = bl.find_municipality("Talsu novads"), Words("en")
    names = {"0025000": "Bauska"}
    outside = tables.plan.partners(pd.DataFrame([row]), PASSPORTS, names, unit, words)
    assert isinstance(outside, Table)
    assert outside.note == "…: outside the comparison group, so without a rank in it."
    inside = tables.plan.partners(pd.DataFrame([{**row, "rank": 3.0}]), PASSPORTS, names, unit, words)
    assert isinstance(inside, Table)
    assert inside.note == ""


def test_differences_of_percentages_are_points() -> None:
    words = Words("lv")
    assert texts.plan.change_value(1.25, PASSPORTS[MATHS], words) == "+1,3 procentpunkti"
    assert texts.plan.change_value(-17.0, PASSPORTS[MONEY], words) == "−17\N{NARROW NO-BREAK SPACE}€"
    assert texts.followed.difference(51.16, 51.04, PASSPORTS[MATHS], words) == "+0,2 procentpunkti", (
        "51,2 less 51,0 as shown"
    )
    change_range = texts.plan.change_range
    assert change_range(-3.4, 7.4, PASSPORTS[MATHS], words) == "no −3,4 līdz +7,4 procentpunktiem"
    assert change_range(-3.4, 7.1, PASSPORTS[MATHS], words) == "no −3,4 līdz +7,1 procentpunktam"
    assert change_range(-17.0, 10.0, PASSPORTS[MONEY], words) == (
        "no −17\N{NARROW NO-BREAK SPACE}€ līdz +10\N{NARROW NO-BREAK SPACE}€"
    )
    assert change_range(-3.4, 7.4, PASSPORTS[MATHS], Words("en")) == "−3.4 to +7.4 percentage points"


def test_percentage_points_are_written_out_in_every_sentence(keep: Path) -> None:
    store(keep, plan_of(goals=plan_of().goals[1:], access="members"))
    text = text_of(report(language="lv", service="none", access="members"))
    assert not re.search(r"\bpp\b", text)
    assert "mainījās robežās no −" in text
    assert re.search(r"līdz [−+]\d+,\d procentpunkt(?:iem|am) \(aplūkoto izmaiņu skaits", text)
    assert re.search(
        r"attālums līdz tai bija [−+]\d,\d procentpunkt(?:s|i|u), tagad tas ir [−+]\d,\d procentpunkt(?:s|i|u)\.", text
    )


def test_money_is_never_more_certain_than_its_interval() -> None:
    row = {
        "indicator": MONEY,
        "room_eur": 62000.0,
        "room_low_eur": -1000.0,
        "room_high_eur": 90000.0,
        "room_level": 0.96,
    }
    row |= {"year": 2012, "volume": 3674.0, "volume_year": 2010.0, "is_doubtful": False}
    plan = plan_of(goals=plan_of().goals[:1])
    catalogue = bl.load_catalogue()
    unknown_volume = dict.fromkeys(("room_eur", "volume", "volume_year"), np.nan)
    unsure, sure, unknown, alone, doubtful = (
        texts.plan.worth_bullets(plan, pd.DataFrame([{**row, **other}]), catalogue, Words("en"))[0]
        for other in (
            {"volume_year": 2012.0},
            {"room_low_eur": 9000.0},
            unknown_volume,
            {"room_low_eur": np.nan},
            {"is_doubtful": True},
        )
    )
    assert "it may be nothing at all: −€1,000 to €90,000 (96% interval)" in unsure
    assert "€9,000 to €90,000, since the group is small (96% interval)" in sure
    assert "cannot be said: up to 2011 there is no figure on “Pupils in grades 1-9”." in unknown
    (latvian,) = texts.plan.worth_bullets(plan, pd.DataFrame([{**row, **unknown_volume}]), catalogue, Words("lv"))
    assert "jo līdz 2011. gadam nav datu par rādītāju „Skolēnu skaits 1.–9. klasē”." in latvian
    assert "about **€62,000** a year would be freed (Pupils in grades 1-9, 2012: 3,674)" in unsure
    assert "The euro multiply" not in unsure + unknown
    assert "(Pupils in grades 1-9, 2010: 3,674)" in sure
    assert "The euro multiply the cost of 2012 by the number of users of 2010" in sure
    assert "about **€62,000**\u00a0? a year" in doubtful
    assert "The own figure behind it is doubtful." in doubtful
    assert "There is no interval." in alone
    assert (
        texts.plan.worth_bullets(
            plan_of(goals=plan_of().goals[1:]), pd.DataFrame([{**row, "indicator": MATHS}]), catalogue, Words("en")
        )
        == []
    )


@pytest.mark.parametrize("language", ["lv", "en"])
def test_the_figure_of_paths(language: str) -> None:
    words = Words(language)  # type: ignore[arg-type]
    path = pd.concat([followed().path, pd.DataFrame([{"indicator": "gone", "year": 2012, "planned": 1.0}])])
    figure = drawn(plots.follow_up(path, PASSPORTS, words))
    assert len(figure.axes) == 2, "a goal that nobody knows has no panel"
    ax = figure.axes[0]
    lines = {to_hex(line.get_color()): line for line in ax.lines if len(line.get_xdata()) > 1}
    assert list(lines[style.OWN].get_xdata()) == [2011, 2012, 2013]
    assert lines[style.OWN].get_ydata()[-1] == pytest.approx(1581.03, abs=0.01)
    assert list(lines[style.ACCENT].get_ydata()) == pytest.approx([1310.17, 1304.0, 1298.5, 1293.0], abs=0.01)
    ring = next(
        line for line in ax.lines if line.get_marker() == "o" and same_color(line.get_markeredgecolor(), style.ACCENT)
    )
    assert (ring.get_xdata()[0], ring.get_ydata()[0]) == (2014, 1293.0)
    shown = {text.get_text() for text in ax.texts}
    assert shown == {words.euro(1293), words.euro(1581)}
    for text in figure.findobj(Text):
        if text.get_text().strip():
            assert text.get_fontsize() * 334 / (figure.get_figwidth() * 72) >= 9
            assert contrast("#ffffff", to_hex(text.get_color())) >= 4.5
    told = texts.plan.path_texts(path, PASSPORTS, words)
    assert words.euro(1581) in told["alt"]
    assert "gone" not in told["alt"]


def test_a_single_path_fills_the_figure() -> None:
    path = followed(goals=plan_of().goals[:1]).path
    (ax,) = drawn(plots.follow_up(path, PASSPORTS, Words("lv"))).axes
    place = ax.get_position()
    assert place.width > 0.6
    assert place.x1 < 0.95, "room for the values at the right edge"
    assert [label.get_text() for label in ax.get_xticklabels()] == ["2011", "2012", "2013", "2014"]
    two = drawn(plots.follow_up(followed().path, PASSPORTS, Words("lv"))).axes
    assert all(ax.get_position().width < 0.4 for ax in two)


def test_the_figure_of_paths_marks_a_doubtful_figure_and_draws_no_median_of_three() -> None:
    words = Words("en")
    path = followed(goals=plan_of().goals[:1]).path
    path = path.assign(is_doubtful=path["year"] == 2013, median=np.nan)
    ax = drawn(plots.follow_up(path, PASSPORTS, words)).axes[0]
    shown = {text.get_text() for text in ax.texts}
    assert shown == {"?", words.euro(1293), f"{words.euro(1581)} ?"}
    mark = next(text for text in ax.texts if text.get_text() == "?")
    assert mark.xy == (2013, pytest.approx(1581.03, abs=0.01))
    told = texts.plan.path_texts(path, PASSPORTS, words)
    assert "2013: €1,581\u00a0?" in told["alt"]
    assert told["caption"].endswith("ending at the target. ?: doubtful figure.")


@pytest.mark.parametrize("language", ["lv", "en"])
def test_the_glance_keeps_long_names_apart_from_values_and_names_units(language: str) -> None:
    """As home care and waiting have them: a name as long as the figure is wide, and days, which no number shows."""
    words = Words(language)  # type: ignore[arg-type]
    home, waiting = (PASSPORTS[name] for name in ("home_care_per_1000_aged_65", "social_service_waiting_days"))
    gaps = comparison.find_gaps(
        [MONEY, MATHS, "exam_grade9_mean", "libraries_per_10000_inhabitants"], group=GROUP, year=2013
    )
    own = [str(i) for i in gaps.profile.table["indicator"]]
    named = {own[0]: replace(PASSPORTS[own[0]], name=home.name, unit=home.unit), own[1]: replace(waiting, id=own[1])}
    ax = plots.glance(gaps.profile, {**PASSPORTS, **named}, words)
    drawn(ax)
    boxes = [(text, text.get_window_extent()) for text in ax.texts]
    touching = [
        (a.get_text(), b.get_text()) for n, (a, one) in enumerate(boxes) for b, two in boxes[:n] if one.overlaps(two)
    ]
    assert touching == []
    shown = [" ".join(text.get_text().split()) for text in ax.texts]
    assert [f"{home.name[language]}, 2013" in text.replace(f", {home.unit[language]}", "") for text in shown].count(
        True
    ) == 1
    assert f"{waiting.name[language]}, {waiting.unit[language]}, 2013" in [text.rstrip("†") for text in shown]
    marks = [place for cloud in dots(ax) for place in ax.transData.transform(np.asarray(cloud.get_offsets()))]
    assert len(marks) > len(own)
    assert not [text.get_text() for text, box in boxes for x, y in marks if box.padded(3).contains(x, y)]
