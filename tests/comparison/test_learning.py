"""Whom to visit and why, on seven units that a pencil can score, and on the shipped figures."""

from __future__ import annotations

import math
import tomllib
from dataclasses import replace
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
import tomli_w
from few_units import UNITS, YEAR

from benchlib import comparison
from benchlib.comparison import (
    ComparisonGroup,
    LearningPartners,
    Partner,
    ServiceScores,
    comparable_units,
    comparison_group,
    dominators,
    learning_partners,
    practices_for,
    profile,
    score_service,
    with_figures,
)
from benchlib.efficiency import Sample, dea, fdh
from benchlib.errors import OptionError, UnknownIndicatorError
from benchlib.indicators import Store, catalogue_of, classification, load_catalogue
from tests.indicators.made_up import DataFolder, both, toml

pytestmark = pytest.mark.filterwarnings("ignore::benchlib.errors.FewUnitsWarning")

#: Money and result; the first is looked at. DEA: 60 costs 15, half way from D (10, 50) to B (20, 70).
FIGURES = {
    "A": (30.0, 60.0),
    "B": (20.0, 70.0),  # no worse in anything
    "C": (30.0, 65.0),  # no worse: as dear, better result
    "D": (10.0, 50.0),  # cheaper, worse result: a reference of the DEA score
    "E": (40.0, 80.0),  # dearer, better: neither
    "F": (40.0, 60.0),  # A does better
    "G": (30.0, 60.0),  # a twin
}
CODE = dict(zip(FIGURES, UNITS, strict=False))
LETTER = {code: letter for letter, code in CODE.items()}
#: Ends of the intervals: B and D lie above A's, C touches it, E overlaps.
ENDS = {
    "A": (0.4, 0.5),
    "B": (0.9, 1.0),
    "C": (0.5, 0.6),
    "D": (0.8, 1.0),
    "E": (0.45, 1.0),
    "F": (0.3, 0.4),
    "G": (0.4, 0.5),
}
#: Values of two years. "road": C and E are ahead of A in both years, B in one, D never; "soap" has one year, "size" has no direction.
EXTRA = {
    "road": {2012: "4,5,7,3,6,2,1", 2013: "4,3,6,2,5,7,1"},
    "soap": {2013: "3,4,4,1,2,2,2"},
    "size": {2013: "1,9,9,9,9,9,9"},
}
PRACTICE: dict[str, Any] = {
    "municipality": "Alūksnes novads",
    "country": "LV",
    "network": "T1",
    "indicators": ["road"],
    "source": "made up",
    "year": 2012,
    "language": "lv",
    "access": "public",
    **{name: both(name) for name in ("title", "action", "cost", "result", "contact")},
}


def folder(path: Path) -> DataFolder:
    """Indicators, a network of A, C and F, and practice examples of A, B and nobody."""
    made = DataFolder(path / "data")
    series = {"money": {YEAR: [m for m, _ in FIGURES.values()]}, "result": {YEAR: [r for _, r in FIGURES.values()]}}
    series |= {n: {y: [float(v) for v in text.split(",")] for y, text in by.items()} for n, by in EXTRA.items()}
    for name, by_year in series.items():
        rows = [
            (code, year, name, value)
            for year, values in by_year.items()
            for code, value in zip(CODE.values(), values, strict=True)
        ]
        direction = {"money": -1, "size": 0}.get(name, 1)
        made.measure(name).source(f"source_{name}", rows, territory="2025")
        made.passport(name, measure=name, direction=direction)
    names = {unit.code: unit.name for unit in classification("2025")}
    members = [{"name": names[CODE[letter]], "source": "made up", "territory": "2025"} for letter in "ACF"]
    network = {"name": both("n"), "theme": both("n"), "members_complete": True, "members": members, "sources": []}
    (made.path / "catalogue" / "networks.toml").write_text(tomli_w.dumps({"T1": network}), encoding="utf-8")
    practices = made.path / "catalogue" / "practices"
    practices.mkdir()
    for name, fields in {
        "road": {},
        "secret": {"access": "members"},
        "own": {"municipality": "Aizkraukles novads"},
        "foreign": {"municipality": "", "body": both("KS"), "country": "NO"},
    }.items():
        (practices / f"{name}.toml").write_text(toml({**PRACTICE, **fields}), encoding="utf-8")
    return made


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return folder(tmp_path).store()


def group_of(own: str = "A", letters: str = "ABCDEFG", **fields: Any) -> ComparisonGroup:
    known = {unit.code: unit for unit in classification("2025")}
    members = tuple(known[CODE[letter]] for letter in letters)
    return ComparisonGroup(fields.pop("word", "kind"), known[CODE[own]], members, "2025", **fields)


def similar(**distances: float) -> ComparisonGroup:
    near = pd.Series({CODE[letter]: distance for letter, distance in distances.items()}, dtype="float64")
    return group_of(letters="A" + "".join(distances), word="similar", distances=near)


def scored(own: str = "A", letters: str = "ABCDEFG", **fields: Any) -> ServiceScores:
    """Scores of the units, with intervals that are made up."""
    table = pd.DataFrame.from_dict({CODE[k]: FIGURES[k] for k in letters}, orient="index", columns=["money", "result"])
    sample = Sample.from_table(table, inputs=["money"], outputs=["result"])
    unit, is_scored = CODE[own], own in letters
    ends = pd.DataFrame([(CODE[k], *ENDS[k]) for k in letters], columns=["unit", "low", "high"])
    given: dict[str, Any] = {
        "unit": unit,
        "sample": sample,
        "left_out": pd.DataFrame(),
        "dea": dea(sample, orientation="input", rts="vrs"),
        "fdh": fdh(sample),
        "dea_output": None,
        "fdh_output": None,
        "certainty": SimpleNamespace(scores=ends),
        "table": pd.DataFrame(),
        "better": dominators(sample, unit) if is_scored else pd.DataFrame(columns=["unit"]),
    }
    return ServiceScores(**{**given, **fields})


def found(store: Store, own: str = "A", letters: str = "ABCDEFG", **more: Any) -> LearningPartners:
    fields = {key: more.pop(key) for key in ("certainty", "doubtful") if key in more}
    asked: dict[str, Any] = {"ids": ["road", "soap", "size", "money"], "year": YEAR, "group": similar(), "store": store}
    return learning_partners(scored(own, letters, **fields), group_of(own), **{**asked, **more})


def letters_of(partners: LearningPartners) -> str:
    return "".join(LETTER[partner.unit.code] for partner in partners.partners)


def partner(partners: LearningPartners, letter: str) -> Partner:
    return next(one for one in partners.partners if one.unit.code == CODE[letter])


# Who, and in which order ---------------------------------------------------------------------------------------------


def test_who_is_a_partner_and_why(store: Store) -> None:
    partners = found(store)
    assert letters_of(partners) == "BCD", "neither the dearer E, nor the worse F, nor the twin G"
    assert [one.role for one in partners.partners] == ["dominator", "dominator", "peer"]
    assert [one.weight for one in partners.partners] == pytest.approx([0.5, 0, 0.5])
    assert [one.is_certain for one in partners.partners] == [True, False, True], "touching intervals are not apart"
    assert (partners.is_scored, partners.is_on_frontier, partners.candidates) == (True, False, 3)
    assert [one.networks for one in partners.partners] == [(), ("T1",), ()]
    assert not any(one.is_near or one.is_similar or one.is_doubtful for one in partners.partners)
    assert repr(partners) == (
        "LearningPartners(Aizkraukles novads, 2013, 3 candidates, [Partner(Alūksnes novads: dominator, certain), "
        "Partner(Augšdaugavas novads: dominator, T1), Partner(Ādažu novads: peer, certain)])"
    )


def test_a_member_that_is_nowhere_breaks_no_report_on_others(tmp_path: Path) -> None:
    made = folder(tmp_path)
    path = made.path / "catalogue" / "networks.toml"
    networks = tomllib.loads(path.read_text("utf-8"))
    lost = {"name": "Nekurienes novads", "source": "made up", "territory": "2025"}
    own = {**networks["T1"], "members": [lost]}
    networks["T1"]["members"].append(lost)
    path.write_text(tomli_w.dumps({**networks, "OWN": own}), encoding="utf-8")
    partners = found(made.store())
    assert [one.networks for one in partners.partners] == [(), ("T1",), ()]


@pytest.mark.parametrize(
    ("certain", "distances", "order"),
    [
        ("BC", {}, "CBD"),  # both certain: C is in the network
        ("BC", {"B": 0.9}, "BCD"),  # similar comes before the network
        ("BC", {"B": 0.9, "C": 0.8}, "CBD"),
        ("C", {"B": 0.1}, "CBD"),  # certain comes before similar
        ("", {"D": 0.1}, "CBD"),  # who does no worse in anything comes before the other references, whatever else
        ("BCD", {"D": 0.1}, "CBD"),
    ],
)
def test_the_order_is_as_written(store: Store, certain: str, distances: dict[str, float], order: str) -> None:
    ends = pd.DataFrame(
        [
            (code, 0.9 if letter in certain else 0.1, 0.95 if letter in certain else 0.2)
            for letter, code in CODE.items()
        ],
        columns=["unit", "low", "high"],
    )
    partners = found(store, certainty=SimpleNamespace(scores=ends), group=similar(**distances))
    assert letters_of(partners) == order


def test_the_nearest_of_two_equals_comes_first_then_the_region(store: Store) -> None:
    """E is on the frontier; F (Bauska) and A lie in Zemgale."""
    partners = found(store, own="E", group=similar(B=0.5, D=0.2))
    assert letters_of(partners) == "DB", "both similar: the nearer one first"
    scores, kin = scored("F", "BFG", certainty=None), group_of("F")
    moved = tuple(replace(unit, region="Zemgale") if unit.code == CODE["G"] else unit for unit in kin.members)
    near = learning_partners(scores, replace(kin, members=moved), ids=[], year=YEAR, group=similar(), store=store)
    assert [(LETTER[one.unit.code], one.is_near) for one in near.partners] == [("G", True), ("B", False)]


def test_doubtful_figures_come_last_and_are_marked(store: Store) -> None:
    partners = found(store, doubtful=(CODE["B"], CODE["A"]))
    assert letters_of(partners) == "CDB"
    assert [one.is_doubtful for one in partners.partners] == [False, False, True]


def test_only_the_first_few(store: Store) -> None:
    partners = found(store, most=1)
    assert (letters_of(partners), partners.candidates) == ("B", 3)
    with pytest.raises(OptionError, match="most=0 leaves nobody"):
        found(store, most=0)


def test_without_intervals_nobody_is_certain_and_nobody_uncertain(store: Store) -> None:
    partners = found(store, certainty=None)
    assert [one.is_certain for one in partners.partners] == [None, None, None]
    assert letters_of(partners) == "CBD"


def test_on_the_frontier_others_with_another_mix_are_named(store: Store) -> None:
    partners = found(store, own="B", group=similar(E=0.7))
    assert partners.is_on_frontier
    assert letters_of(partners) == "ED"
    assert {one.role for one in partners.partners} == {"efficient"}
    assert [one.is_certain for one in partners.partners] == [None, None], "they do not do better"
    alone = found(store, own="B", letters="BF")
    assert (alone.is_on_frontier, alone.partners, alone.candidates) == (True, (), 0)


def test_without_a_score_nobody_is_named(store: Store) -> None:
    partners = found(store, own="A", letters="BCDEFG")
    assert (partners.is_scored, partners.is_on_frontier, partners.partners) == (False, False, ())
    assert partners.teaching.dominated == partners.teaching.peer_of == ()
    assert [one.id for one in partners.teaching.practices] == ["own"], "its practice examples are its own all the same"


def test_unknown_indicators_are_refused(store: Store) -> None:
    with pytest.raises(UnknownIndicatorError, match="'rode'"):
        found(store, ids=["rode"])


# In what ------------------------------------------------------------------------------------------------------------


def test_inputs_and_outputs_as_they_were_scored(store: Store) -> None:
    b = partner(found(store), "B")
    assert [(v.indicator, v.own, v.theirs, v.change, v.is_better) for v in b.variables] == [
        ("money", 30, 20, -10, True),
        ("result", 60, 70, 10, True),
    ]
    d = partner(found(store), "D")
    assert [(v.change, v.is_better) for v in d.variables] == [(-20, True), (-10, False)]
    c = partner(found(store), "C")
    assert [(v.change, v.is_better) for v in c.variables] == [(0, False), (5, True)]


def test_where_else_they_are_better_and_whether_in_every_year(store: Store) -> None:
    """road: ranks of A 4 and 4, of B 3 and 5, of C 1 and 2; D is behind. soap has one year."""
    partners = found(store)
    told = {
        LETTER[one.unit.code]: [(s.indicator, s.own, s.theirs, s.year, s.is_lasting) for s in one.strengths]
        for one in partners.partners
    }
    assert told == {
        "B": [("soap", 3, 4, 2013, None)],
        "C": [("road", 4, 6, 2013, True), ("soap", 3, 4, 2013, None)],
        "D": [],
    }, "no indicator without direction, none of the service itself"
    near = found(store, year=2012)
    assert [(s.indicator, s.is_lasting) for s in partner(near, "B").strengths] == [("road", False), ("soap", None)]


def test_a_difference_that_nobody_sees_is_none(tmp_path: Path) -> None:
    made = folder(tmp_path)
    made.measure("dust").source(
        "dust", [(c, YEAR, "dust", 1.04 if c == CODE["B"] else 1.0) for c in CODE.values()], "2025"
    )
    made.passport("dust", measure="dust", direction=1, decimals=1)
    made.measure("rust").source(
        "rust", [(c, YEAR, "rust", 1.06 if c == CODE["B"] else 1.0) for c in CODE.values()], "2025"
    )
    made.passport("rust", measure="rust", direction=1, decimals=1)
    partners = found(made.store(), ids=["dust", "rust"])
    assert [s.indicator for s in partner(partners, "B").strengths] == ["rust"]


def test_missing_figures_are_no_strength(tmp_path: Path) -> None:
    made = folder(tmp_path)
    rows = [(code, YEAR, "gap", None if letter == "B" else 5.0) for letter, code in CODE.items()]
    made.measure("gap").source("gap", rows, "2025").passport("gap", measure="gap", direction=1)
    assert [s.indicator for s in partner(found(made.store(), ids=["gap"]), "B").strengths] == []


# What others can learn here -----------------------------------------------------------------------------------------


def test_the_other_way_round(store: Store) -> None:
    teaching = found(store, own="B").teaching
    assert [LETTER[unit.code] for unit in teaching.dominated] == ["A", "C", "F", "G"], "E and D are no worse than B"
    assert [LETTER[unit.code] for unit in teaching.peer_of] == ["A", "C", "F", "G"]
    assert [LETTER[unit.code] for unit in teaching.learners] == ["A", "C", "F", "G"], "each once"
    own = found(store).teaching
    assert [LETTER[unit.code] for unit in own.dominated] == ["F"], "not the twin"
    assert own.peer_of == ()


def test_who_dominates_whom_is_the_same_both_ways(store: Store) -> None:
    for own in FIGURES:
        for other in found(store, own=own).teaching.dominated:
            assert CODE[own] in set(dominators(scored().sample, other.code)["unit"])


def test_the_best_quarter_comes_with_its_range(store: Store) -> None:
    """Of seven, the best 25 % are the first (0.5 / 7) and the second (1.5 / 7); C is second and first in road."""
    road = found(store, own="C").teaching.strengths
    assert [(s.indicator, s.value, s.rank, s.rank_low, s.rank_high, s.members_with_figure) for s in road[:1]] == [
        ("road", 6, 2, 1, 2, 7)
    ]
    soap = road[1]
    assert (soap.indicator, soap.rank) == ("soap", 1)
    assert math.isnan(soap.rank_low), "one year: no range"
    assert "road" not in [s.indicator for s in found(store).teaching.strengths]
    assert "soap" not in [s.indicator for s in found(store, own="E").teaching.strengths]


# Practice examples ---------------------------------------------------------------------------------------------------


def test_a_later_figure_of_somebody_else_hides_no_strength(tmp_path: Path) -> None:
    """The seven have figures of 2012; one that is not among them has one of 2013, the year of the scores."""
    made = folder(tmp_path)
    rows = [(code, 2012, "late", float(9 - place)) for place, code in enumerate(CODE.values())]
    made.measure("late").source("late", [*rows, (UNITS[8], YEAR, "late", 1.0)], "2025")
    made.passport("late", measure="late", direction=1)
    partners = found(made.store(), ids=["late"])
    assert [(s.indicator, s.year, s.value, s.rank) for s in partners.teaching.strengths] == [("late", 2012, 9, 1)]


def test_practices_of_partners_respect_access(store: Store) -> None:
    assert [p.id for p in partner(found(store), "B").practices] == ["road"]
    assert [p.id for p in partner(found(store, access="members"), "B").practices] == ["road", "secret"]
    assert partner(found(store), "C").practices == ()
    assert [p.id for p in found(store, own="B").teaching.practices] == ["road"]


def test_practices_of_others_for_the_last_quarter(store: Store) -> None:
    """G is last in road; A's own example is for G, but not for A."""
    examples = catalogue_of(store).practices.values()
    red = profile(["road", "soap"], group=group_of("G"), year=YEAR, store=store)
    assert {key: [p.id for p in value] for key, value in practices_for(red, examples).items()} == {
        "road": ["foreign", "own", "road"]
    }
    assert [p.id for p in practices_for(red, examples, access="members")["road"]] == [
        "foreign",
        "own",
        "road",
        "secret",
    ]
    assert practices_for(red, ()) == {"road": ()}
    worse = replace(red, municipality=group_of("A").municipality)
    assert [p.id for p in practices_for(worse, examples)["road"]] == ["foreign", "road"], "one's own is nothing new"
    assert practices_for(profile(["road"], group=group_of("C"), year=YEAR, store=store), examples) == {}


# The shipped figures -------------------------------------------------------------------------------------------------


@cache
def shipped(name: str, territory: str = "2025", year: int = 2013) -> LearningPartners:
    catalogue = load_catalogue()
    kin = comparable_units(name, year=year, territory=territory)  # type: ignore[arg-type]
    scores = score_service(catalogue.service("schools"), kin, year=year, replications=100, seed=1)
    ids = with_figures(catalogue.reports["municipality"]["compared"], territory=territory)  # type: ignore[arg-type]
    return learning_partners(scores, kin, ids=ids, year=year)


def test_bauska() -> None:
    partners = shipped("Bauskas novads")
    assert partners.candidates == 8
    assert [(p.unit.name, p.is_certain) for p in partners.partners[:2]] == [
        ("Olaines novads", True),
        ("Valkas novads", True),
    ]
    talsi = next(p for p in partners.partners if p.unit.name == "Talsu novads")
    assert talsi.networks == ("T2",)
    assert talsi.is_similar
    assert {p.id for p in talsi.practices} == {"talsi-social-service-plan", "talsi-housing-chapter"}
    alike = comparison_group("Bauskas novads", group="similar", year=2013)
    assert talsi.distance == alike.distances[talsi.unit.code]
    assert {p.id for p in partners.teaching.practices} == {
        "vecumnieki-social-service-strategy",
        "vecumnieki-energy-efficiency-overview",
    }
    for one in partners.partners:
        assert all(v.change * v.direction >= 0 for v in one.variables), "no worse in anything"


def test_a_city_is_held_against_all_and_doubtful_ones_come_last() -> None:
    riga = shipped("Rīga")
    assert [(p.unit.name, p.role) for p in riga.partners] == [("Ventspils", "dominator"), ("Liepāja", "peer")]
    assert sum(p.weight for p in riga.partners) == pytest.approx(1)
    jelgava = shipped("Jelgavas pilsēta")
    assert {p.unit.kind for p in jelgava.partners} == {"city", "novads"}
    vecumnieki = shipped("Vecumnieku novads", "2009")
    assert not any(p.is_doubtful for p in vecumnieki.partners), "there are enough others"
    assert {p.id for p in vecumnieki.teaching.practices} == {
        "vecumnieki-social-service-strategy",
        "vecumnieki-energy-efficiency-overview",
    }


def test_on_the_frontier_and_without_a_score() -> None:
    valka = shipped("Valkas novads")
    assert valka.is_on_frontier
    assert {p.role for p in valka.partners} == {"efficient"}
    assert len(valka.teaching.learners) > 20
    adazi = shipped("Ādažu novads", year=2011)
    assert (adazi.is_scored, adazi.partners) == (False, ())
    assert adazi.teaching.strengths, "the figures that there are still have their place"


def test_the_same_twice() -> None:
    first = shipped("Bauskas novads")
    shipped.cache_clear()
    assert repr(shipped("Bauskas novads")) == repr(first)
    assert "0x" not in repr(first)


def test_they_are_handed_on() -> None:
    assert comparison.LearningPartners is LearningPartners
    assert np.isnan(partner_without_context().distance)


def partner_without_context() -> Partner:
    """A municipality whose context is not known has partners, none of them similar."""
    return next(p for p in shipped("Bauskas novads").partners if not p.is_similar)
