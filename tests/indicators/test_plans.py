"""Improvement plans as data: written for people, read back strictly, kept whole or not at all."""

from __future__ import annotations

import math
import os
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchlib.errors import AccessError, OptionError, PlanError
from benchlib.indicators import (
    Action,
    Goal,
    ImprovementPlan,
    Step,
    Why,
    add_plan,
    checked_plan,
    find_municipality,
    find_plan,
    load_catalogue,
    open_fields,
    own_folder,
    parse_plan,
    plan_problems,
    plans_of_former,
    read_plan,
    stored_plans,
    write_plan,
)
from benchlib.indicators.folder import digest_of
from benchlib.indicators.plans.plan import stem_of_plan
from benchlib.reporting.batch.identity import figures_digest
from tests.indicators.plan_files import PLAN, edited, plan_file, stored

BAUSKA = find_municipality("Bauskas novads")


@pytest.fixture
def home(own: Path) -> Path:
    """A home of its own for what users add."""
    return own.parents[1]


def read(text: str) -> ImprovementPlan:
    return parse_plan(text.encode(), "plan.toml")


def test_every_field_is_read() -> None:
    plan = read(PLAN)
    first, second = plan.goals
    assert (plan.id, plan.municipality, plan.unit.name, plan.base_year) == (
        "bauskas-novads-2011",
        "0025000",
        "Bauskas novads",
        2011,
    )
    assert first == Goal(
        indicator="education_expenditure_per_pupil",
        target=1293.0,
        target_year=2014,
        why=Why(1310.17, 2011, 1293.4, 1089.2, "Valkas novads", 19, 15, 21, 35, "yellow"),
        follow_up=(Step(2012, 1304.5), Step(2014, 1293.0)),
        partners=("Olaines novads", "0053000"),
        practices=("t4-small-schools",),
        actions=(Action("Kopīga virtuve", 12500.5, "2012", "2012-09"), Action()),
        responsible="Izglītības pārvalde",
        notes="Pirmais\nOtrais",
    )
    assert second == Goal("exam_grade9_mathematics", 55.0, 2013, "own")


def test_what_is_written_is_read_back_and_looks_the_same_twice() -> None:
    plan = read(PLAN)
    text = write_plan(plan, header=["Nosaukums", "", "evil\nid = 'x'"], titles=["Izmaksas\r\n[[goals]]"])
    assert read(text) == plan
    assert text == write_plan(plan, header=["Nosaukums", "", "evil\nid = 'x'"], titles=["Izmaksas\r\n[[goals]]"])
    assert text.startswith("# Nosaukums\n#\n# evil id = 'x'\n\nformat = 1\n")
    assert "# Izmaksas [[goals]]\n[[goals]]\nindicator" in text
    assert 'cost_eur = ""' in text, "what is to be filled in is seen"
    assert "target = 1293\n" in text, "whole numbers have no decimals"


TEXT = st.text(max_size=40)
NUMBER = st.floats(-1e12, 1e12, allow_nan=False).map(lambda x: round(x, 4) + 0.0)


@settings(max_examples=60, deadline=None)
@given(target=NUMBER, base=NUMBER, notes=TEXT, what=TEXT, responsible=TEXT, cost=st.none() | NUMBER.map(abs))
def test_any_text_and_number_comes_back(
    target: float, base: float, notes: str, what: str, responsible: str, cost: float | None
) -> None:
    goal = Goal(
        "exam_grade9_mean",
        target,
        2014,
        why=Why(base, 2011),
        actions=(Action(what, cost, "2012", ""),),
        responsible=responsible,
        notes=notes,
    )
    plan = replace(read(PLAN), goals=(goal,))
    assert read(write_plan(plan, header=[notes], titles=[what])) == plan


#: Edits by hand that go wrong, and what the message must name.
BROKEN = (
    ("target = 1293\n", 'target = "1293"\n', ["goal 1 (education_expenditure_per_pupil)", "target", "not a number"]),
    ("target = 1293\n", "target = 1 293\n", ["not valid TOML", "decimals take a point"]),
    ("target = 1293\n", "target = 1293,5\n", ["not valid TOML"]),
    ("target = 1293\n", "target = nan\n", ["goal 1", "target = nan"]),
    ("target = 1293\n", "target = true\n", ["goal 1", "not a number"]),
    ("target = 1293\n", f"target = {'9' * 400}\n", ["goal 1", "target"]),
    ("target = 1293\n", f"target = {'9' * 5000}\n", ["not valid TOML"]),
    ("target = 1293\n", "taget = 1293\n", ["goal 1", "unknown field 'taget'", "Did you mean 'target'?"]),
    ("target = 1293\n", "", ["goal 1", "'target' is missing"]),
    ("target_year = 2014", "target_year = 2011", ["goal 1", "target_year = 2011 is not after the base year 2011"]),
    ("target_year = 2014", "target_year = 2009", ["goal 1", "target_year = 2009"]),
    ("target_year = 2014", 'target_year = "2014"', ["goal 1", "target_year", "not a whole number"]),
    ("year = 2012, target = 1304.5", "year = 2016, target = 1304.5", ["follow_up 1", "year = 2016"]),
    ("year = 2012, target = 1304.5", "year = 2011, target = 1304.5", ["follow_up 1", "must lie after 2011"]),
    ("year = 2014, target = 1293", "year = 2014, target = 1290", ["follow_up 2", "Make them the same"]),
    ("cost_eur = 12500.5", 'cost_eur = "daudz"', ["goal 1", "measure 1", "cost_eur", "not a number"]),
    ("cost_eur = 12500.5", "cost_eur = -1", ["measure 1", "negative"]),
    ('from = "2012"', 'from = "rudenī"', ["measure 1", "from", "not a time"]),
    ('from = "2012"', 'from = "2013-05"', ["measure 1", "until = '2012-09' lies before from = '2013-05'"]),
    ('what = "Kopīga virtuve"', "what = 5", ["measure 1", "what = 5 is not text"]),
    ('comparator = "median"', 'comparator = "mediāna"', ["goal 1", "comparator", "quarter", "own"]),
    ('partners = ["Olaines novads", "0053000"]', 'partners = "Olaine"', ["goal 1", "partners", "list of texts"]),
    ("rank = 19", "rank = 0", ["goal 1", "why", "rank = 0"]),
    ("base = 1310.17", 'base = "daudz"', ["goal 1", "why", "base"]),
    ('light = "yellow"', 'light = "blue"', ["why", "light", "green"]),
    ("[[goals]]\n", "[goals]\n", ["not valid TOML"]),
    ('indicator = "exam_grade9_mathematics"', 'indicator = "education_expenditure_per_pupil"', ["two goals"]),
    ('indicator = "exam_grade9_mathematics"', 'indicator = "a b\\u001b[31m"', ["goal 2", "not the id"]),
    ("format = 1", "format = 2", ["format = 2", "reads format 1"]),
    ('id = "bauskas-novads-2011"', 'id = "../bauska"', ["id = '../bauska'", "bauskas-novads-2011"]),
    ('id = "bauskas-novads-2011"', 'id = "ogres-novads-2011"', ["id", "bauskas-novads-2011"]),
    ('municipality = "0025000"', 'municipality = "0025001"', ["municipality", "0025001"]),
    ('municipality = "0025000"', "municipality = 25000", ["municipality = 25000 is not text"]),
    ('name = "Bauskas novads"', 'name = "Ogres novads"', ["is Bauskas novads, but name = 'Ogres novads'"]),
    ('territory = "2025"', 'territory = "2010"', ["territory", "2021"]),
    ('access = "members"', 'access = "secret"', ["access", "public", "members"]),
    ('access = "members"\nfigures = "public"', 'access = "public"\nfigures = "members"', ["figures for members only"]),
    ("base_year = 2011\ngroup", "base_year = 11\ngroup", ["base_year = 11"]),
    (PLAN[PLAN.index("[[goals]]") :], "", ["holds no goal"]),
)


@pytest.mark.parametrize(("old", "new", "named"), BROKEN, ids=[str(n) for n in range(len(BROKEN))])
def test_a_plan_edited_wrongly_is_refused_by_name(old: str, new: str, named: list[str]) -> None:
    with pytest.raises(PlanError) as refused:
        read(edited((old, new)))
    message = str(refused.value)
    assert message.startswith("plan.toml")
    assert message.isprintable()
    assert [word for word in named if word not in message] == []
    assert re.search(r"[^.?!][.?]$", message), "one mark at the end"
    assert re.search(r"[.?] [A-ZĀ-Ž]|: benchlib |; ", message), "what is wrong, and what to do"
    assert len(message) < 600


def test_a_partner_as_comparator_must_be_named() -> None:
    with pytest.raises(PlanError, match=r"goal 2.*partners is empty"):
        read(edited(('comparator = "own"', 'comparator = "partner"')))


@pytest.mark.parametrize(
    "content",
    [b"\xff\xfe\x00", b"[" * 100_000, b"x = 1\n" * 200_000, PLAN.encode("utf-16"), b""],
    ids=["not text", "nested", "large", "utf-16", "empty"],
)
def test_what_is_no_plan_is_refused(content: bytes) -> None:
    with pytest.raises(PlanError, match=r"^file"):
        parse_plan(content, "file")


def test_what_editors_add_does_no_harm() -> None:
    assert parse_plan(b"\xef\xbb\xbf" + PLAN.replace("\n", "\r\n").encode(), "x") == read(PLAN)
    dated = edited(('from = "2012"', "from = 2012-01-31"), ('until = "2012-09"', "until = 2012"))
    assert read(dated).goals[0].actions[0] == Action("Kopīga virtuve", 12500.5, "2012-01-31", "2012")


def test_an_absent_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(PlanError, match=r"none\.toml: the plan cannot be read"):
        read_plan(tmp_path / "none.toml")


def test_the_path_is_straight_between_the_steps() -> None:
    first, second = read(PLAN).goals
    assert [round(first.planned(year), 3) for year in (2011, 2012, 2013, 2014, 2020)] == [
        1310.17,
        1304.5,
        1298.75,
        1293.0,
        1293.0,
    ]
    assert math.isnan(second.planned(2012)), "without a base nothing is planned before the first step"
    assert second.planned(2013) == 55


def test_what_does_not_fit_the_catalogue() -> None:
    catalogue = load_catalogue()
    assert plan_problems(read(PLAN), catalogue) == ([], [])
    plan = read(
        edited(
            ('indicator = "exam_grade9_mathematics"', 'indicator = "happiness"'),
            ("target = 1293\n", "target = 1400\n"),
            ("year = 2014, target = 1293", "year = 2014, target = 1400"),
            ('"Olaines novads"', '"Olainiešu novads"'),
            ('"t4-small-schools"', '"no-such-practice"'),
            ('theme = "report"', 'theme = "T9"'),
            ('service = "schools"', 'service = "hospitals"'),
        )
    )
    errors, remarks = plan_problems(plan, catalogue)
    found = "\n".join(errors)
    for words in ("theme = 'T9'", "service = 'hospitals'", "goal 2 (happiness)", "target = 1400 is no improvement"):
        assert words in found
    assert "'Olainiešu novads'" in remarks[-2]
    assert "'no-such-practice'" in remarks[-1]
    context = read(edited(('indicator = "exam_grade9_mathematics"', 'indicator = "unemployment_rate"')))
    assert "no direction" in plan_problems(context, catalogue)[0][0]


@pytest.mark.parametrize(
    ("edits", "words"),
    [
        ([("target = 55", "target = 5130")], "goal 2 (exam_grade9_mathematics): target = 5130 is no share in per cent"),
        (
            [("target_year = 2013", "target_year = 2013\nfollow_up = [{ year = 2012, target = 510 }]")],
            "goal 2 (exam_grade9_mathematics): follow_up of 2012: target = 510 is no share",
        ),
        ([("rank = 19", "rank = 99")], "goal 1 (education_expenditure_per_pupil): why: rank = 99 of members = 35"),
        ([("rank_low = 15", "rank_low = 30")], "why: rank_low = 30 lies behind rank_high = 21"),
        ([('"Olaines novads"', '"Bauskas novads"')], "the partner 'Bauskas novads' is the municipality itself"),
        ([('"Olaines novads"', '"0025000"')], "the partner '0025000' is the municipality itself"),
    ],
    ids=["share", "step", "rank", "ranks", "itself", "own code"],
)
def test_what_cannot_be_is_refused(edits: list[tuple[str, str]], words: str) -> None:
    with pytest.raises(PlanError) as refused:
        checked_plan(edited(*edits).encode(), "plan.toml")
    assert f"plan.toml: {words}" in str(refused.value) or words in str(refused.value)


@pytest.mark.parametrize("step", ["1500", "1200"])
def test_a_path_that_leaves_the_way_is_remarked(step: str) -> None:
    remarks = plan_problems(read(edited(("target = 1304.5", f"target = {step}"))), load_catalogue())[1]
    assert remarks == [
        f"goal 1 (education_expenditure_per_pupil): follow_up of 2012: target = {step} does not lie between base = 1310.17 and "
        "target = 1293; the next report holds the figures against it. Correct it if that was not meant."
    ]


PARTNER = ('comparator = "median"', 'comparator = "partner"')


def with_target(target: str) -> list[tuple[str, str]]:
    return [
        ("target = 1293\n", f"target = {target}\n"),
        ("year = 2014, target = 1293", f"year = 2014, target = {target}"),
        ("year = 2012, target = 1304.5", "year = 2012, target = 1310"),
    ]


@pytest.mark.parametrize(
    ("edits", "said"),
    [
        ([PARTNER, *with_target("1256")], []),  # Olaine's figure of 2011
        ([PARTNER, *with_target("1256.4")], []),  # shown as the same
        (
            [PARTNER, *with_target("1270")],
            ["target = 1270 is not the figure of the partner Olaines novads for 2011 (1256)"],
        ),
        (
            [
                PARTNER,
                ("education_expenditure_per_pupil", "libraries_per_10000_inhabitants"),
                ("base = 1310.17", "base = 1"),
            ],
            ["target = 1293 is not the figure of the partner Olaines novads for 2011 (none is known)"],
        ),
        ([("median = 1293.4", "median = 1293.5")], []),
        ([("median = 1293.4\n", "")], []),
        ([("median = 1293.4", "median = 1294")], ["target = 1293 is not the median of the group (1294)"]),
        ([("median = 1293.4", "median = 1294"), ('"median"', '"own"')], []),
    ],
    ids=["figure", "rounded", "another", "unknown", "half", "no median", "another median", "own"],
)
def test_a_target_that_is_not_what_the_comparator_says_is_remarked(
    edits: list[tuple[str, str]], said: list[str]
) -> None:
    remarks = checked_plan(edited(*edits).encode(), "x")[1]
    comparator = "partner" if PARTNER in edits else "median"
    start, end = f'comparator = "{comparator}", but ', '. Correct the target, or say comparator = "own".'
    told = [remark for remark in remarks if start in remark]
    assert told == [
        f"goal 1 ({'education_expenditure_per_pupil' if 'none' not in s else 'libraries_per_10000_inhabitants'}): {start}{s}{end}"
        for s in said
    ]


def test_what_is_still_to_be_filled_in() -> None:
    assert open_fields(read(PLAN)) == ["goal 2 (exam_grade9_mathematics): measures, responsible"]
    half = edited(("cost_eur = 12500.5", 'cost_eur = ""'), ('until = "2012-09"', 'until = ""'))
    assert (
        open_fields(read(half))[0]
        == "goal 1 (education_expenditure_per_pupil): cost_eur of measure 1, until of measure 1"
    )


PUBLIC = ('access = "members"', 'access = "public"')


@pytest.mark.parametrize(
    ("edits", "words"),
    [
        ([("base = 1310.17", "base = 1399")], "base = 1399 is no public figure of Bauskas novads for 2011"),
        ([("best = 1089.2", "best = 1000")], "best = 1000 is no public figure of Valkas novads for 2011"),
        (
            [("best = 1089.2", "best = 1000"), ('"Valkas novads"', '"the best"')],
            "best = 1000 is no public figure of any municipality for 2011",
        ),
        (
            [
                ("education_expenditure_per_pupil", "home_care_per_1000_aged_65"),
                ("base = 1310.17", "base = 22.494"),
                ("target = 1293\n", "target = 37.2\n"),
                ("    { year = 2012, target = 1304.5 },\n    { year = 2014, target = 1293 },\n", ""),
            ],
            "goal 1 (home_care_per_1000_aged_65): base = 22.494 is no public figure of Bauskas novads for 2011",
        ),
    ],
    ids=["base", "best", "best of nobody", "no public figures at all"],
)
def test_a_closed_figure_does_not_become_public_by_two_words(
    edits: list[tuple[str, str]], words: str, home: Path, tmp_path: Path
) -> None:
    path = plan_file(tmp_path, PUBLIC, *edits)
    for refusing in (lambda: checked_plan(path.read_bytes(), str(path)), lambda: add_plan(path)):
        with pytest.raises(PlanError, match=re.escape(words)):
            refusing()
    assert stored_plans() == ()
    stored(home, PUBLIC, *edits)
    assert find_plan("latest", BAUSKA, year=2013) is None
    with pytest.raises(AccessError, match="holds a figure that is not public") as refused:
        find_plan("bauskas-novads-2011", BAUSKA, year=2013)
    assert not re.search(r"22\.494|1399|\b1000\b", str(refused.value)), "nor does the refusal tell it"
    assert find_plan("latest", BAUSKA, year=2013, access="members") is not None
    assert checked_plan(edited(*edits).encode(), "x")[0].access == "members"


REACHES = (
    ('"Izglītības pārvalde"', '"Inga Bērziņa, inga.berzina@jelgava.lv"', "responsible"),
    ('"Izglītības pārvalde"', '"Izglītības pārvalde, tālr. 29123456"', "responsible"),
    ('"Pirmais\\nOtrais"', '"Zvanīt +371 6393 0000"', "notes"),
    ('"Kopīga virtuve"', '"Kopīga virtuve (jautāt 29 123 456)"', "measure 1: what"),
    ('"Olaines novads"', '"janis@olaine.lv"', "partners"),
)


@pytest.mark.parametrize(("old", "new", "field"), REACHES, ids=[str(n) for n in range(len(REACHES))])
def test_a_public_plan_tells_nobody_how_to_reach_a_person(
    old: str, new: str, field: str, home: Path, tmp_path: Path
) -> None:
    words = f"goal 1 (education_expenditure_per_pupil): {field} holds an e-mail address or a telephone number"
    path = plan_file(tmp_path, PUBLIC, (old, new))
    for refusing in (lambda: checked_plan(path.read_bytes(), str(path)), lambda: add_plan(path)):
        with pytest.raises(PlanError, match=re.escape(words)) as refused:
            refusing()
        assert new.strip('"') not in str(refused.value)
    assert stored_plans() == ()
    stored(home, PUBLIC, (old, new))
    assert find_plan("latest", BAUSKA, year=2013) is None, "kept before this was checked, or by hand"
    with pytest.raises(AccessError, match="may reach a person"):
        find_plan("bauskas-novads-2011", BAUSKA, year=2013)
    remarks = checked_plan(edited((old, new)).encode(), "x")[1]
    assert [remark for remark in remarks if remark.startswith(words)], "a plan for members is kept, with a remark"


def test_years_amounts_and_registers_reach_nobody() -> None:
    notes = '"2012-2013, 25 000 000 EUR un 60 000 000 € (20 000 000 eiro), reģ. nr. 90009116223"'
    assert checked_plan(edited(PUBLIC, ('"Pirmais\\nOtrais"', notes)).encode(), "x")[1] == []


def test_a_plan_is_kept_as_it_is_and_not_overwritten(home: Path, tmp_path: Path) -> None:
    path = plan_file(tmp_path)
    added = add_plan(path)
    assert added.path == own_folder() / "plans" / "bauskas-novads-2011.toml"
    assert added.path.is_relative_to(home)
    assert added.path.read_bytes() == path.read_bytes(), "remarks of people are kept"
    plan_file(
        tmp_path, ("target = 1293\n", "target = 1290\n"), ("year = 2014, target = 1293", "year = 2014, target = 1290")
    )
    with pytest.raises(PlanError, match="stored already"):
        add_plan(path)
    assert read_plan(added.path).goals[0].target == 1293
    assert add_plan(path, replace=True).plan.goals[0].target == 1290
    assert read_plan(added.path).goals[0].target == 1290
    assert [p.name for p in added.path.parent.iterdir()] == ["bauskas-novads-2011.toml"], "nothing half is left"


def test_a_broken_plan_is_not_stored(home: Path, tmp_path: Path) -> None:
    path = plan_file(tmp_path, ('indicator = "exam_grade9_mathematics"', 'indicator = "happiness"'))
    with pytest.raises(PlanError, match=r"goal 2 .happiness.*no indicator"):
        add_plan(path)
    with pytest.raises(PlanError, match="no indicator"):
        checked_plan(path.read_bytes(), str(path))
    assert stored_plans() == ()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_rights_is_told(home: Path, tmp_path: Path) -> None:
    (home / "benchlib").mkdir(parents=True, mode=0o500)
    with pytest.raises(PlanError, match="cannot be stored"):
        add_plan(plan_file(tmp_path))


def test_a_stored_plan_changes_what_a_run_depends_on(home: Path, tmp_path: Path) -> None:
    stored(home)
    before = digest_of.__wrapped__(own_folder())
    add_plan(plan_file(tmp_path, ('responsible = "Izglītības pārvalde"', 'responsible = "Dome"')), replace=True)
    assert digest_of.__wrapped__(own_folder()) != before


def test_the_latest_plan_before_the_year_is_found(home: Path) -> None:
    assert find_plan("latest", BAUSKA, year=2013) is None
    public = ('access = "members"', 'access = "public"')
    later = [("bauskas-novads-2011", "bauskas-novads-2012"), ("base_year = 2011\ngroup", "base_year = 2012\ngroup")]
    later += [("    { year = 2012, target = 1304.5 },\n", "")]
    stored(home, public)
    stored(home, *later, name="bauskas-novads-2012.toml")
    assert find_plan("new", BAUSKA, year=2013) is None
    assert find_plan("latest", BAUSKA, year=2011) is None, "a plan of the same year has nothing to follow up"
    assert find_plan("latest", BAUSKA, year=2013).id == "bauskas-novads-2011"  # type: ignore[union-attr]
    found = find_plan("latest", BAUSKA, year=2013, access="members")
    assert found is not None
    assert found.id == "bauskas-novads-2012"
    assert find_plan("latest", BAUSKA, year=2013, theme="T2", access="members") is None
    assert find_plan("bauskas-novads-2011", BAUSKA, year=2012) == read(edited(public))
    assert find_plan("latest", find_municipality("Ogres novads"), year=2013, access="members") is None


def test_a_plan_for_members_never_enters_a_public_report(home: Path) -> None:
    stored(home)
    assert find_plan("latest", BAUSKA, year=2013) is None
    with pytest.raises(AccessError, match="members only"):
        find_plan("bauskas-novads-2011", BAUSKA, year=2013)


def test_a_plan_asked_for_by_name_must_fit_the_report(home: Path) -> None:
    stored(home)
    with pytest.raises(OptionError, match=r"a plan of Bauskas novads .2025., this report is about Ogres novads"):
        find_plan("bauskas-novads-2011", find_municipality("Ogres novads"), year=2013, access="members")
    with pytest.raises(OptionError, match="made on the figures of 2011; in 2011 there is nothing"):
        find_plan("bauskas-novads-2011", BAUSKA, year=2011, access="members")
    with pytest.raises(OptionError, match="no plan of this id is stored"):
        find_plan("../../etc/passwd", BAUSKA, year=2013, access="members")


def test_a_broken_plan_of_somebody_else_is_no_concern(home: Path) -> None:
    stored(home, ("target = 1293\n", "target = nan\n"), name="ogres-novads-2011.toml")
    assert find_plan("latest", BAUSKA, year=2013, access="members") is None
    with pytest.raises(PlanError, match=r"ogres-novads-2011\.toml, goal 1"):
        find_plan("latest", find_municipality("Ogres novads"), year=2013, access="members")
    stored(home, name="bauskas-novads-2011-copy.toml")
    with pytest.raises(PlanError, match="not the name of the file"):
        find_plan("latest", BAUSKA, year=2013, access="members")


def test_names_of_cities_novadi_and_former_ones_do_not_mix(home: Path) -> None:
    city, novads = find_municipality("Jelgavas pilsēta"), find_municipality("Jelgavas novads")
    former = find_municipality("Bauskas novads", "2009")
    assert stem_of_plan(city, "2025", 2011) == "jelgava-2011"
    assert stem_of_plan(novads, "2025", 2011) == "jelgavas-novads-2011"
    assert stem_of_plan(former, "2009", 2011) == "bauskas-novads-of-2009-2011"
    as_former = [
        ("bauskas-novads-2011", "vecumnieku-novads-of-2009-2011"),
        (
            'municipality = "0025000"\nname = "Bauskas novads"',
            f'municipality = "{VECUMNIEKI.code}"\nname = "Vecumnieku novads"',
        ),
        ('territory = "2025"', 'territory = "2009"'),
        ('partners = ["Olaines novads", "0053000"]', "partners = []"),
    ]
    stored(home, *as_former, name="vecumnieku-novads-of-2009-2011.toml")
    assert find_plan("latest", BAUSKA, year=2013, access="members") is None
    found = find_plan("latest", VECUMNIEKI, year=2013, territory="2009", access="members")
    assert found is not None
    assert found.unit == VECUMNIEKI
    assert [plan.name for plan in plans_of_former(BAUSKA, access="members")] == ["Vecumnieku novads"]
    assert plans_of_former(BAUSKA) == ()
    assert plans_of_former(VECUMNIEKI, access="members") == ()


VECUMNIEKI = find_municipality("Vecumnieku novads", "2009")


def test_a_public_plan_is_closed_as_soon_as_one_of_its_indicators_is(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored(home, ('access = "members"', 'access = "public"'))
    asked = {"year": 2013, "territory": "2025"}
    assert find_plan("latest", BAUSKA, **asked) is not None
    catalogue = load_catalogue()
    name = "education_expenditure_per_pupil"
    closed = {**catalogue.indicators, name: replace(catalogue.indicators[name], access="members")}
    changed = replace(catalogue, indicators=closed)
    monkeypatch.setattr("benchlib.indicators.plans.store.load_catalogue", lambda _=None: changed)
    assert find_plan("latest", BAUSKA, **asked) is None
    with pytest.raises(AccessError):
        find_plan("bauskas-novads-2011", BAUSKA, **asked)
    assert find_plan("latest", BAUSKA, access="members", **asked) is not None


def test_what_was_added_is_seen_at_once(home: Path) -> None:
    before = figures_digest()
    add_plan(plan_file(home.parent))
    assert figures_digest() != before, "a batch of this process must not take its reports for unchanged"
