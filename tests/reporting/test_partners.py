"""Learning partners and practice examples in words and tables: true to the result, never surer than the interval, inert."""

from __future__ import annotations

import re
from typing import Any

import pytest
from report_cases import CASES, CATALOGUE, MONEY, PASSPORTS, RESULT, case

from benchlib.comparison import Difference, LearningPartners, Partner, Strength, Teaching
from benchlib.indicators import Practice, find_municipality
from benchlib.reporting import Words, bullets, say, tables
from benchlib.reporting.blocks import Table
from benchlib.reporting.texts import partners as texts
from benchlib.reporting.texts.plans.learning import practice_text
from benchlib.reporting.values import COST_MARK

LV, EN = Words("lv"), Words("en")
BOTH = pytest.mark.parametrize("words", [LV, EN], ids=["lv", "en"])
BAUSKA, DOBELE, JELGAVA = (find_municipality(name) for name in ("Bauskas novads", "Dobeles novads", "Jelgavas pilsēta"))
SURE = {
    "lv": "efektivitātes pārsvars ir lielāks par kļūdas robežām",
    "en": "the advantage in efficiency is greater than its margin of error",
}
HOSTILE = "<script>window.hit=1</script>{{ 7*7 }}{m:loc}{0} %s \u202e\x00**b**"


def plain(text: str) -> str:
    return re.sub("[\N{NARROW NO-BREAK SPACE}\N{NO-BREAK SPACE}]", " ", text.replace("\N{WORD JOINER}", ""))


def mix(own: tuple[float, float] = (1500, 60), theirs: tuple[float, float] = (1400, 62)) -> tuple[Difference, ...]:
    return (
        Difference(MONEY.id, 2013, own[0], theirs[0], -1),
        Difference(RESULT.id, 2013, own[1], theirs[1], 1),
    )


def practice(**fields: Any) -> Practice:
    given: dict[str, Any] = {
        **{name: {"lv": "", "en": ""} for name in ("cost", "result", "contact")},
        **{name: {"lv": f"{name} latviski", "en": f"{name} in English"} for name in ("title", "action")},
        "id": "x",
        "municipality": "Vecumnieku novads",
        "territory": "2009",
        "country": "LV",
        "network": "T4",
        "indicators": (MONEY.id,),
        "source": "a report",
        "year": 2012,
        "access": "public",
        "language": "lv",
    }
    return Practice(**{**given, **fields})


def partner(**fields: Any) -> Partner:
    given: dict[str, Any] = {
        "unit": DOBELE,
        "role": "dominator",
        "weight": 0.0,
        "is_certain": True,
        "variables": mix(),
        "is_similar": False,
        "distance": float("nan"),
        "networks": (),
        "is_near": False,
        "is_doubtful": False,
    }
    return Partner(**{**given, **fields})


def found(*partners: Partner, unit: Any = BAUSKA, **fields: Any) -> LearningPartners:
    given: dict[str, Any] = {
        "unit": unit,
        "year": 2013,
        "is_scored": True,
        "is_on_frontier": False,
        "candidates": len(partners),
        "partners": partners,
        "teaching": Teaching((), (), (), ()),
    }
    return LearningPartners(**{**given, **fields})


def reason(words: Words = EN, unit: Any = BAUSKA, **fields: Any) -> str:
    (sentence,) = texts.reasons(found(partner(**fields), unit=unit), PASSPORTS, words)
    return plain(sentence)


# A sentence for each partner -----------------------------------------------------------------------------------------


def test_one_sentence_says_why() -> None:
    both = {"is_similar": True, "networks": ("T2", "T3"), "is_near": True}
    assert reason(LV, **both) == (
        "**Dobeles novads**: tērē mazāk uz skolēnu un sasniedz augstāku rezultātu; efektivitātes pārsvars ir lielāks par kļūdas robežām; "
        "līdzīgi apstākļi; kopīgs sadarbības tīkls: T2 un T3; tas pats plānošanas reģions."
    )
    assert reason(EN, **both) == (
        "**Dobele municipality**: spends less per pupil and reaches a higher result; the advantage in efficiency is greater than its "
        "margin of error; alike in context; same network: T2 and T3; same planning region."
    )


@pytest.mark.parametrize(
    ("theirs", "said"),
    [
        ((1400, 62), "spends less per pupil and reaches a higher result"),
        ((1500, 62), "spends as much per pupil and reaches a higher result"),
        ((1499.6, 60.04), "spends as much per pupil and reaches the same result"),  # as both are shown
        ((1499.4, 60.06), "spends less per pupil and reaches a higher result"),
        ((1300, 58), "spends less per pupil and reaches a lower result"),
        ((1600, 62), "spends more per pupil and reaches a higher result"),
    ],
)
def test_what_they_spend_and_reach_is_said_as_it_is_shown(theirs: tuple[float, float], said: str) -> None:
    assert f": {said};" in reason(variables=mix(theirs=theirs))


def test_a_service_of_other_inputs_is_told_by_the_names_of_its_indicators() -> None:
    more = (*mix(), Difference("schools_per_100_km2", 2013, 1.0, 2.0, 1))
    assert reason(variables=more).startswith(
        f"**Dobele municipality**: less – “{MONEY.name['en']}”{COST_MARK}; "
        f"more – “{RESULT.name['en']}” and “{PASSPORTS['schools_per_100_km2'].name['en']}”;"
    )
    pupils = (Difference("pupils_per_school", 2013, 100, 100.2, -1), *mix()[1:])
    assert f"the same – “{PASSPORTS['pupils_per_school'].name['en']}”" in reason(variables=pupils)


@BOTH
@pytest.mark.parametrize("name", CASES)
def test_no_sentence_is_surer_than_the_interval(name: str, words: Words) -> None:
    it = case(name)
    ends = {} if it.scores.certainty is None else it.scores.certainty.scores.set_index("unit")
    for one, sentence in zip(it.partners.partners, texts.reasons(it.partners, PASSPORTS, words), strict=True):
        apart = one.role != "efficient" and ends["low"][one.unit.code] > ends["high"][it.unit.code]
        assert (SURE[words.language] in sentence) == apart
        assert str(words.name(one.unit)) in sentence


@pytest.mark.parametrize("certain", [False, None])
def test_doubt_is_told(certain: bool | None) -> None:
    assert SURE["en"] not in reason(is_certain=certain)
    assert SURE["lv"] not in reason(LV, is_certain=certain)
    words = {False: "may be chance", None: "is not known"}[certain]
    assert words in reason(is_certain=certain)
    assert "its own figures are doubtful" in reason(is_doubtful=True)


def test_only_a_reference_of_the_score_is_called_one() -> None:
    """A look-alike, or somebody who only does better, is no peer ("paraugs" in Latvian)."""
    for fields in ({"is_similar": True}, {"role": "efficient", "is_certain": None}, {"networks": ("T2",)}):
        assert "paraug" not in reason(LV, **fields)
        assert "measured against" not in reason(**fields)
    peer = {"role": "peer", "weight": 0.234}
    assert "viens no paraugiem, ar kuriem salīdzināta Bauskas novada efektivitāte (svars 23 %)" in reason(LV, **peer)
    assert "(weight 23%)" in reason(**peer)


def test_who_is_as_good_claims_nothing() -> None:
    assert reason(role="efficient", is_certain=None, variables=mix(theirs=(1600, 62))) == (
        "**Dobele municipality**: spends more per pupil and reaches a higher result; on the efficiency frontier too."
    )


def test_where_else_they_are_better_and_how_surely() -> None:
    names = ["exam_grade9_english", "exam_grade9_history", "municipal_roads_paved_share", "schools_per_100_km2"]
    given = [Difference(name, 2013, 1, 2, 1, sure) for name, sure in zip(names, [True, False, None, True], strict=True)]
    said = reason(strengths=tuple(given))
    english, schools = (PASSPORTS[name].name["en"] for name in (names[0], names[3]))
    assert (
        f"better in all years looked at: “{english}” and “{schools}”; better in 2 further indicators, but not surely"
        in said
    )
    assert "labāk vēl 1 rādītājā, taču tas nav droši" in reason(LV, strengths=tuple(given[1:2]))
    assert "better in" not in reason(strengths=())


def test_before_the_list() -> None:
    one = partner()
    assert texts.introduction(found(one), EN) == []
    (order,) = texts.introduction(found(one, one), EN)
    assert order.startswith("Those that do no worse in anything come first")
    assert texts.introduction(found(one, one, candidates=8), EN)[0] == (
        "Named are 2 of 8 municipalities from which Bauska municipality can learn."
    )
    assert texts.introduction(found(one, unit=JELGAVA, candidates=21), LV)[0] == (
        "Nosauktas 1 no 21 pašvaldības, no kuras Jelgava var mācīties."
    )


def test_on_the_frontier_and_without_a_score() -> None:
    (alone,) = texts.introduction(found(is_on_frontier=True), EN)
    assert alone == "Nobody compared does better than Bauska municipality."
    (both,) = texts.introduction(found(partner(role="efficient"), is_on_frontier=True), LV)
    assert both.startswith(
        "Nevienai no salīdzinātajām pašvaldībām neveicas labāk kā Bauskas novadam. Arī turpmāk nosauktās"
    )
    (nothing,) = texts.introduction(found(is_scored=False), EN)
    assert nothing == "Without a score nothing can be said about who does better."
    assert texts.reasons(found(is_scored=False), PASSPORTS, EN) == []
    assert tables.partners.partners(found(is_scored=False), PASSPORTS, EN) is None
    unscored = texts.teaching(found(is_scored=False), PASSPORTS, EN)
    assert unscored[0] == "Without a score nothing can be said about who can learn here."


# The table -----------------------------------------------------------------------------------------------------------


@BOTH
@pytest.mark.parametrize("name", CASES)
def test_every_cell_is_a_number_of_the_result(name: str, words: Words) -> None:
    it = case(name)
    table = tables.partners.partners(it.partners, PASSPORTS, words)
    if not it.partners.partners:
        assert table is None
        return
    assert isinstance(table, Table)
    assert len(table.rows) == len(it.partners.partners)
    assert COST_MARK in table.columns[1].label
    assert COST_MARK in table.note
    for one, row in zip(it.partners.partners, table.rows, strict=True):
        unit, money, result, certain, _common = (cell.text for cell in row)
        assert unit == f"{words.name(one.unit)}{'?' if one.is_doubtful else ''}"
        assert money.startswith(words.euro(one.variables[0].theirs))
        assert result.startswith(words.percent(one.variables[1].theirs))
        assert certain == {True: words.gettext("yes"), False: words.gettext("no"), None: "–"}[one.is_certain]
    assert not re.search(r"\bnan\b|None|[{}]", str(table))


def test_the_difference_is_that_of_the_numbers_shown() -> None:
    """1,499.6 and 1,400.4 are shown as 1,500 and 1,400: 100 less, not 99."""
    table = tables.partners.partners(
        found(partner(variables=mix((1499.6, 60.04), (1400.4, 62.06)), networks=("T2",), is_similar=True)),
        PASSPORTS,
        EN,
    )
    assert table is not None
    assert [plain(cell.text) for cell in table.rows[0]] == [
        "Dobele municipality",
        "€1,400 (−€100)",
        "62.1% (+2.1)",
        "yes",
        "context, network T2",
    ]
    same = tables.partners.partners(found(partner(variables=mix(theirs=(1500, 60)), is_doubtful=True)), PASSPORTS, LV)
    assert same is not None
    assert [plain(cell.text) for cell in same.rows[0]][:3] == ["Dobeles novads ?", "1 500 € (0 €)", "60,0 % (0,0)"]
    assert LV.gettext("?: doubtful figure.") in same.note


# What others can learn here ------------------------------------------------------------------------------------------


def test_who_can_learn_here_and_in_what() -> None:
    nan = float("nan")
    strengths = (
        Strength(MONEY.id, 2013, 1500, 3, 2, 5, 35),
        Strength("schools_per_100_km2", 2013, 1.2, 1, nan, nan, 35),
    )
    taught = Teaching((DOBELE,), (DOBELE, JELGAVA), strengths, ())
    said = [plain(text) for text in texts.teaching(found(teaching=taught), PASSPORTS, EN)]
    assert said == [
        "1 municipality spends no less than Bauska municipality and reaches no more, so it can learn here directly: Dobele municipality.",
        "The efficiency of 2 municipalities is measured against Bauska municipality: Dobele municipality and Jelgava.",
        "In the best quarter of all compared, with the rank and its range in the years around: Education expenditure per pupil, 2013† – "
        "3rd of 35 (2nd–5th); Schools per 100 km², 2013 – 1st of 35 (one year).",
        "No practice example of Bauska municipality is recorded. One can be added: benchlib practices add.",
    ]
    lonely = texts.teaching(found(), PASSPORTS, LV)
    assert lonely[0] == "Šajā pakalpojumā Bauskas novads nav tiešs piemērs nevienai no salīdzinātajām pašvaldībām."
    own = Teaching((), (), (), (practice(),))
    assert not [text for text in texts.teaching(found(teaching=own), PASSPORTS, EN) if "benchlib" in text]


# Practice examples ---------------------------------------------------------------------------------------------------


def test_practice_examples_come_with_who_when_and_source() -> None:
    former, body = practice(), practice(municipality="", body={"lv": "KS", "en": "KS of Norway"}, country="NO", year=0)
    assert texts.examples([former, body], EN) == [
        "**title in English** (Vecumnieki municipality, 2012; a report). action in English",
        "**title in English** (KS of Norway; a report). action in English",
    ]
    assert texts.examples([former], LV) == ["**title latviski** (Vecumnieku novads, 2012; a report). action latviski"]


def test_practices_for_the_last_quarter_and_what_lacks_one() -> None:
    assert texts.needed({}, PASSPORTS, EN) == ["No indicator is in the last quarter of the group."]
    points = texts.needed({MONEY.id: (practice(),), RESULT.id: (), "schools_per_100_km2": ()}, PASSPORTS, EN)
    assert points == [
        f"**{MONEY.name['en']}**: “title in English” (Vecumnieki municipality, 2012; a report).",
        f"No practice example aims at: “{RESULT.name['en']}” and “Schools per 100 km²”. "
        "One can be added: benchlib practices add.",
    ]


@BOTH
def test_hostile_texts_stay_texts(words: Words) -> None:
    both = {"lv": HOSTILE, "en": HOSTILE}
    odd = practice(title=both, action=both, source=HOSTILE, municipality="", body=both, network="T4")
    told = found(partner(practices=(odd,)), teaching=Teaching((), (), (), (odd,)))
    sentences = [
        *texts.reasons(told, PASSPORTS, words),
        *texts.examples([odd], words),
        *texts.needed({MONEY.id: (odd,)}, PASSPORTS, words),
        *texts.teaching(told, PASSPORTS, words),
    ]
    assert sum("{{ 7*7 }}{m:loc}{0} %s" in text for text in sentences) == 3
    html = str(bullets(*sentences).__html__()) + "".join(str(block.__html__()) for block in say(*sentences))
    assert "<script" not in html
    assert "&lt;script&gt;" in html
    assert "\u202e" not in html


def test_stars_of_an_example_make_nothing_bold() -> None:
    starred = {"lv": "**a** b ***", "en": "**a** b ***"}
    odd = practice(title=starred, action=starred, result=starred, source="**c**", municipality="", body=starred)
    told = [*texts.examples([odd], EN), practice_text(odd, EN)]
    for point in told:
        html = str(bullets(point).__html__())
        assert html.count("<strong>") == 1
        assert "<strong>**a** b ***</strong>" in html.replace("\u2060", ""), "as it was written"
    needed = texts.needed({MONEY.id: (odd,)}, PASSPORTS, EN)[0]
    assert str(bullets(needed).__html__()).count("<strong>") == 1


def test_the_shipped_practices_can_all_be_told() -> None:
    for words in (LV, EN):
        for sentence in texts.examples(CATALOGUE.practices.values(), words):
            assert not re.search(r"\(, |\(;|, 0;| \.|\.\.", sentence), sentence
            assert sentence.endswith(".")
