"""Practice examples: the shipped ones, what is refused, and what is found for whom."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from made_up import both, toml

from benchlib.errors import CatalogueError, OptionError
from benchlib.indicators import (
    PRACTICE_TEMPLATE,
    Practice,
    add_practice,
    check_practices,
    load_catalogue,
    problems_of_practice,
    select_practices,
    store_practice,
)
from benchlib.indicators.practices.practice import read_practice

CATALOGUE = load_catalogue()
GOOD: dict[str, Any] = {
    "municipality": "Vecumnieku novads",
    "territory": "2009",
    "country": "LV",
    "network": "T4",
    "indicators": ["schools_per_100_km2"],
    "source": "a report",
    "year": 2012,
    "language": "lv",
    "access": "public",
    **{name: both(name) for name in ("title", "action", "cost", "result", "contact")},
}
HOSTILE = "<script>window.hit=1</script>{{ 7*7 }}{m:loc} [red]\u202e**b**"


@pytest.fixture
def own(own: Path) -> Path:
    """The folder of the practices that users add, empty."""
    return own / "catalogue" / "practices"


def practice(name: str = "x", **fields: Any) -> Practice:
    return Practice(id=name, **{**GOOD, "indicators": tuple(GOOD["indicators"]), **fields})


def written(folder: Path, name: str = "x", **fields: Any) -> Path:
    entry: Mapping[str, Any] = {key: value for key, value in {**GOOD, **fields}.items() if value is not None}
    path = folder / f"{name}.toml"
    path.write_text(toml(entry), encoding="utf-8")
    return path


# The shipped ones ----------------------------------------------------------------------------------------------------


def test_shipped_practices_are_public_sourced_and_in_both_languages() -> None:
    assert check_practices() == []
    assert len(CATALOGUE.practices) >= 13
    for one in CATALOGUE.practices.values():
        assert one.access == "public"
        assert one.source.startswith(("https://", "http://"))
        assert one.title["lv"] != one.title["en"]
        assert one.action["lv"] != one.action["en"]
        assert set(one.indicators) <= set(CATALOGUE.indicators)
    assert {one.network for one in CATALOGUE.practices.values()} == {"T1", "T2", "T3", "T4"}
    assert {one.country for one in CATALOGUE.practices.values()} == {"LV", "NO", "PL"}
    assert {one.territory for one in CATALOGUE.practices.values() if one.municipality} == {"2009"}


def test_a_practice_of_a_former_municipality_belongs_to_todays() -> None:
    strategy = CATALOGUE.practices["vecumnieki-social-service-strategy"]
    assert (strategy.network, strategy.year) == ("T2", 2016)
    assert strategy.codes() == ("0025000",)
    assert strategy.codes("2009") == ("0409500",)
    assert CATALOGUE.practices["norway-effectiveness-networks"].codes() == ()


def test_what_a_municipality_of_today_does_is_not_of_its_former_parts() -> None:
    today = practice(municipality="Bauskas novads", territory="2025")
    assert today.codes() == ("0025000",)
    assert today.codes("2009") == today.codes("2021") == ()
    assert practice(municipality="Inčukalna novads").codes() == ("0044000", "0048000"), (
        "a split one counts for both heirs"
    )


# Who finds what ------------------------------------------------------------------------------------------------------


def test_practices_are_selected_by_all_that_is_asked() -> None:
    made = [
        practice("a", year=2010, indicators=("pupils_per_school", "schools_per_100_km2")),
        practice("b", year=2014, indicators=("schools_per_100_km2",)),
        practice("c", year=2016, network="T2", indicators=()),
        practice("d", year=0, access="members", title=both("Slepens")),
    ]
    assert [p.id for p in select_practices(made)] == ["c", "b", "a"], "the latest first, none for members"
    assert [p.id for p in select_practices(made, access="members")] == ["c", "b", "a", "d"], "an unknown year is last"
    wanted = ["schools_per_100_km2", "pupils_per_school"]
    assert [p.id for p in select_practices(made, indicators=wanted)] == ["a", "b"], "what aims at both comes first"
    assert [p.id for p in select_practices(made, network="T2")] == ["c"]
    assert [p.id for p in select_practices(made, codes=["0025000"])] == ["c", "b", "a"]
    assert [p.id for p in select_practices(made, codes=["0409500"], territory="2009")] == ["c", "b", "a"]
    assert select_practices(made, codes=["0409500"]) == ()
    assert [p.id for p in select_practices(made, text="slepens", access="members")] == ["d"]
    assert select_practices(made, text="slepens") == ()
    with pytest.raises(OptionError, match="access='all' is not an option"):
        select_practices(made, access="all")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "found"),
    [("VECUMNIEKU sociala", True), ("energo", False), ("T2 2016.–2020.", True), ("", True), ("<script>", False)],
)
def test_words_are_found_whatever_their_marks(text: str, found: bool) -> None:
    strategy = CATALOGUE.practices["vecumnieki-social-service-strategy"]
    assert bool(select_practices([strategy], text=text)) == found


# What is refused -----------------------------------------------------------------------------------------------------

WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({"source": None}, "source", "a required field is missing: 'source'"),
    ({"cost": None}, "cost", "a required field is missing: 'cost'"),
    ({"colour": "red"}, "colour", "unknown field 'colour'. Fields: access, action"),
    ({"id": "y"}, "id", "unknown field 'id'"),
    ({"title": "Plan"}, "title", "title needs both languages"),
    ({"title": {"lv": "Plāns"}}, "title", "title needs both languages"),
    ({"title": {"lv": "Plāns", "en": "  "}}, "title", "title is empty in one of the languages"),
    ({"action": both("")}, "action", "action is empty"),
    ({"action": both("Ļ" * 10_000)}, "action", "action has more than 4000 characters"),
    ({"title": both("Ļ" * 201)}, "title", "title has more than 200 characters"),
    ({"source": "a" * 10_000}, "source", "source has more than 4000 characters"),
    ({"source": " "}, "source", "source is empty"),
    ({"year": "2012"}, "year", "year = '2012' is not a whole number"),
    ({"year": 12}, "year", "year = 12 is not a year"),
    ({"indicators": "pupils_per_school"}, "indicators", "is not a list"),
    ({"indicators": ["pupils"]}, "indicators", "'pupils', which has no passport"),
    ({"indicators": [["area"]]}, "indicators", "['area'], which has no passport"),
    ({"network": "T9"}, "network", "'T9' is not a network. Known: T1, T2, T3, T4"),
    ({"access": "everybody"}, "access", "access='everybody' is not an option"),
    ({"territory": "2020"}, "territory", "territory='2020' is not an option"),
    ({"country": "Latvia"}, "country", "'Latvia' is not a country"),
    ({"language": "Latvian"}, "language", "is not a language in two small letters"),
    ({"municipality": "Atlantīdas novads"}, "municipality", "No municipality of the classification 2009"),
    ({"municipality": "Jelgava"}, "municipality", "fits 2 municipalities of 2009"),
    ({"municipality": HOSTILE}, "municipality", "No municipality of the classification 2009"),
    ({"municipality": ""}, "body", "neither municipality nor body says who did it"),
    ({"municipality": "", "body": both(" ")}, "body", "neither municipality nor body"),
    ({"body": both("LPS")}, "body", "both municipality and body"),
    ({"country": "NO"}, "municipality", "stands beside country = 'NO'"),
    ({"source": "javascript:alert(1)"}, "source", "an address that no page has"),
    ({"source": "see JAVASCRIPT:alert(1)"}, "source", "an address that no page has"),
    ({"source": "ftp://example.lv/x"}, "source", "an address that no page has"),
    ({"source": "data:text/html,x"}, "source", "an address that no page has"),
    ({"contact": both("janis@inbox.lv")}, "contact", "Name the office only"),
    ({"contact": {"lv": "Dienests, tel. 29123456", "en": "Social service"}}, "contact", "Name the office only"),
    ({"contact": {"lv": "Dienests", "en": "Phone +47 22 03 50 00"}}, "contact", "Name the office only"),
    ({"contact": both("6393 0000 vai 63 930 000")}, "contact", "Name the office only"),
]


@pytest.mark.parametrize(
    "fields",
    [
        {"source": "Domes lēmums: 2012. gada 3. protokols, https://www.bauska.lv/x?a=1"},
        {"source": "Avots: http://example.lv"},
        {"source": "Source data: 2012"},
        {"year": date.today().year, "action": both("pirmā rinda\n\totrā – soft\u00adhyphen")},
        {"contact": both("Sociālais dienests, 2012-2013, LV-3901, reģ. nr. 90009116223")},
    ],
    ids=["address in a text", "address", "a word with a colon", "this year", "numbers that call nobody"],
)
def test_texts_addresses_and_offices_are_taken(fields: dict[str, Any], tmp_path: Path) -> None:
    assert check_practices([written(tmp_path, **fields)]) == []


def test_an_example_of_ones_own_is_for_members_until_it_says_otherwise() -> None:
    assert tomllib.loads(PRACTICE_TEMPLATE)["access"] == "members"


@pytest.mark.parametrize(("fields", "field", "message"), WRONG)
def test_a_wrong_field_is_named(fields: dict[str, Any], field: str, message: str, tmp_path: Path) -> None:
    path = written(tmp_path, **fields)
    with pytest.raises(CatalogueError) as refused:
        read_practice(path, CATALOGUE.networks, CATALOGUE.indicators)
    assert str(refused.value).startswith(f"{path}: ")
    assert message in str(refused.value)
    assert len(str(refused.value)) < 1000
    assert str(refused.value) in check_practices([path])
    entry = {key: value for key, value in {**GOOD, **fields}.items() if value is not None}
    assert any(message in problem for problem in problems_of_practice("x", entry, field=field))


@pytest.mark.parametrize(
    ("fields", "field", "message"),
    [
        ({"year": date.today().year + 1}, "year", "lies ahead"),
        ({"year": 2077}, "year", "year = 2077 lies ahead"),
        ({"source": "http://exa mple.com/<b>"}, "source", "an address has no blanks"),
        ({"source": "https://example.lv/my file.pdf"}, "source", "an address has no blanks"),
        ({"source": 'https://example.lv/"x'}, "source", "an address has no blanks"),
        ({"source": "Protokols \u202e"}, "source", "U+202E"),
        ({"title": {"lv": "a\u0000b", "en": "x"}}, "title", "U+0000"),
        ({"result": {"lv": "", "en": "\u2066x\x1b"}}, "result", "U+001B, U+2066"),
        ({"municipality": "", "body": both("L\u200fPS")}, "body", "U+200F"),
    ],
)
def test_what_is_new_has_no_year_ahead_no_half_address_and_no_hidden_letters(
    fields: dict[str, Any], field: str, message: str, tmp_path: Path, own: Path
) -> None:
    path = written(tmp_path, **fields)
    assert [message in problem for problem in check_practices([path])] == [True]
    with pytest.raises(CatalogueError) as refused:
        add_practice(path)
    assert message in str(refused.value)
    assert not own.exists()
    assert len(problems_of_practice("x", {**GOOD, **fields}, field=field)) == 1
    # What an earlier version took breaks nothing: it is read, and `check_practices` tells it.
    assert read_practice(path, CATALOGUE.networks, CATALOGUE.indicators).id == "x"


def test_the_good_one_is_good(tmp_path: Path) -> None:
    path = written(tmp_path)
    assert check_practices([path]) == []
    assert read_practice(path, CATALOGUE.networks, CATALOGUE.indicators) == practice()


def test_all_problems_are_told_at_once(tmp_path: Path) -> None:
    path = written(tmp_path, network="T9", year=1, source="")
    assert len(check_practices([path])) == 3
    path = written(tmp_path, title="x", colour="red", cost=None)
    assert len(check_practices([path])) == 3


@pytest.mark.parametrize("name", ["Plan", "a b", "ā", "a--b", "-a", "a" * 81, "a.b", "a_b", "..", ""])
def test_a_name_that_is_no_address_is_refused(name: str) -> None:
    assert "the name of the file becomes part of addresses" in problems_of_practice(name, GOOD)[0]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"title = ", "is not valid TOML"),
        (b"\xff\xfe", "is not UTF-8"),
        (b"a = " + b"[" * 5000, "TOML|without end"),
        (b"x" * 200_001, "more than 200,000 bytes"),
    ],
)
def test_a_file_that_is_no_practice(content: bytes, message: str, tmp_path: Path, own: Path) -> None:
    path = tmp_path / "x.toml"
    path.write_bytes(content)
    with pytest.raises(CatalogueError, match=message):
        add_practice(path)
    assert len(check_practices([path])) == 1
    assert not own.exists()


# Adding --------------------------------------------------------------------------------------------------------------


def test_what_is_added_is_read_with_the_shipped_ones(tmp_path: Path, own: Path) -> None:
    path = written(tmp_path)
    path.write_bytes("\ufeff# mine\n".encode() + path.read_bytes())  # as editors on Windows write it
    added = add_practice(path)
    assert added.path == own / "x.toml"
    assert added.practice == practice()
    assert added.path.read_text("utf-8").startswith("# mine\n"), "comments stay, the mark does not"
    load_catalogue.cache_clear()
    assert load_catalogue().practices["x"] == practice()
    assert [entry.name for entry in own.iterdir()] == ["x.toml"], "no temporary file is left"


def test_fields_are_stored_as_a_file(own: Path) -> None:
    hostile = both(HOSTILE.replace("\u202e", "") + '"\n\\')
    added = store_practice("odd", {**GOOD, "title": hostile})
    assert added.practice.title == hostile
    assert read_practice(added.path, CATALOGUE.networks, CATALOGUE.indicators).title == hostile


def test_nothing_is_overwritten_unless_asked(tmp_path: Path, own: Path) -> None:
    add_practice(written(tmp_path))
    again = written(tmp_path, year=2014)
    with pytest.raises(OptionError, match=r"there is a practice example 'x' already .*--replace"):
        add_practice(again)
    assert "year = 2012" in (own / "x.toml").read_text("utf-8")
    assert add_practice(again, replace=True).practice.year == 2014
    assert "year = 2014" in (own / "x.toml").read_text("utf-8")


def test_a_shipped_one_is_never_replaced(tmp_path: Path, own: Path) -> None:
    path = written(tmp_path, "talsi-social-service-plan")
    with pytest.raises(OptionError, match="benchlib comes with a practice example"):
        add_practice(path, replace=True)
    assert not own.exists()


def test_two_of_one_name_are_refused_when_read(tmp_path: Path, own: Path) -> None:
    own.mkdir(parents=True)
    written(own, "talsi-social-service-plan")
    with pytest.raises(
        CatalogueError, match=r"talsi-social-service-plan\.toml: there is a practice example of this name"
    ):
        load_catalogue()
    (problem,) = check_practices()
    assert str(own) in problem


def test_a_broken_one_is_never_stored_and_leaves_the_old_one(tmp_path: Path, own: Path) -> None:
    add_practice(written(tmp_path))
    with pytest.raises(CatalogueError, match=r"network = 'T9'.*\n.*year = 1"):
        add_practice(written(tmp_path, network="T9", year=1), replace=True)
    assert check_practices() == []
    assert (own / "x.toml").read_text("utf-8") == (tmp_path / "x.toml").read_text("utf-8").replace("T9", "T4").replace(
        "year = 1\n", "year = 2012\n"
    )


def test_a_broken_file_put_there_by_hand_is_found_by_the_check(own: Path) -> None:
    own.mkdir(parents=True)
    written(own, "mine", network="T9")
    assert [problem.partition(": ")[2][:17] for problem in check_practices()] == ["network = 'T9' is"]


def test_the_template_asks_for_everything(tmp_path: Path, own: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(PRACTICE_TEMPLATE, encoding="utf-8")
    with pytest.raises(CatalogueError) as refused:
        add_practice(path)
    assert {line.split(": ")[1].split()[0] for line in str(refused.value).splitlines()} == {
        "title",
        "action",
        "source",
        "neither",
    }
    filled = PRACTICE_TEMPLATE.replace('municipality = ""', 'municipality = "Bauskas novads"')
    filled = (
        filled.replace('source = ""', 'source = "mine"').replace('lv = ""', 'lv = "a"').replace('en = ""', 'en = "a"')
    )
    path.write_text(filled, encoding="utf-8")
    assert add_practice(path).practice.municipality == "Bauskas novads"


def test_a_folder_that_cannot_be_written_to(tmp_path: Path, own: Path) -> None:
    own.parent.mkdir(parents=True)
    own.write_text("in the way", encoding="utf-8")
    with pytest.raises(CatalogueError, match=r"cannot be stored .* Nothing has changed"):
        add_practice(written(tmp_path))
