"""The site as files: every page there and linked, only public figures, hostile texts inert, the folder safe."""

from __future__ import annotations

import json
import os
import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from site_cases import HOSTILE, SECRET, SECRET_TEXTS, SECRET_WORDS, Case, built, run, write_runs

from benchlib.comparison import comparable_units, score_service
from benchlib.errors import ReportError
from benchlib.indicators import Store, classification, load_catalogue, load_indicators
from benchlib.reporting.site.build import build_site
from benchlib.reporting.site.folder import MARKER
from benchlib.reporting.site.layers import fifths, rank_ranges
from benchlib.reporting.site.places import alphabetical, former_places, places
from benchlib.reporting.site.reports import read_reports


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    return built(tmp_path_factory)


class Page(HTMLParser):
    """Links, ids, headings and text of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: list[str] = []
        self.headings: list[int] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.elements.append((tag, found))
        self.links += [value for name in ("href", "src") if (value := found.get(name)) is not None]
        self.ids += [value] if (value := found.get("id")) is not None else []
        self.headings += [int(tag[1])] if re.fullmatch("h[1-6]", tag) else []

    def handle_data(self, data: str) -> None:
        self.text += data


def pages_of(case: Case) -> dict[str, Page]:
    return {n: Page(case.page(n)) for n in case.made.files if n.endswith(".html") and not n.startswith("reports/")}


# What is there -----------------------------------------------------------------------------------------------------


def test_every_municipality_has_a_page_in_both_languages(case: Case) -> None:
    names = [f"{home}municipality/{place.slug}.html" for home in ("", "en/") for place in places()]
    assert len(set(names)) == 84
    assert set(names) <= set(case.made.files)
    assert case.made.index == case.folder / "index.html"
    assert sorted(case.made.files) == sorted(
        p.relative_to(case.folder).as_posix() for p in case.folder.rglob("*") if p.is_file() and p.name != MARKER
    )


def test_every_link_leads_somewhere_and_nowhere_else(case: Case) -> None:
    pages = pages_of(case)
    outside = set()
    for name, page in pages.items():
        for link in page.links:
            parts = urlsplit(link)
            if parts.scheme == "data":  # the icon
                continue
            if parts.scheme:
                outside.add(link)
                continue
            target = os.path.normpath(Path(name).parent / unquote(parts.path)) if parts.path else name
            assert target in case.made.files, f"{name}: {link}"
            if parts.fragment:
                assert parts.fragment in pages[target].ids, f"{name}: {link}"
    sources = {practice.source for practice in load_catalogue().practices.values()}
    assert outside == {"https://doi.org/10.1287/mnsc.44.1.49", *sources}, "no other scheme than that of the web"


def test_pages_are_well_made(case: Case) -> None:
    for name, page in pages_of(case).items():
        assert page.headings[0] == 1, name
        assert page.headings.count(1) == 1, name
        assert all(after - before <= 1 for before, after in zip(page.headings, page.headings[1:], strict=False)), name
        assert len(page.ids) == len(set(page.ids)), f"{name}: an id stands twice"
        language = next(attributes["lang"] for tag, attributes in page.elements if tag == "html")
        assert language == ("en" if name.startswith("en/") else "lv")


def test_figures_stand_with_year_rank_and_source(case: Case) -> None:
    """Bauska's expenditure of 2013 as RAIM has it: four parts, weighted by pupils."""
    value = load_indicators("education_expenditure_per_pupil", years=2013, municipalities="Bauskas novads")[
        "value"
    ].iloc[0]
    everybody = load_indicators("education_expenditure_per_pupil", years=2013)["value"]
    rank = 1 + int((everybody.round() < round(value)).sum())
    row = re.search(
        r"<tr><th[^>]*><a[^>]*>Education expenditure per pupil†</a>.*?</tr>",
        case.page("en/municipality/bauskas-novads.html"),
    )
    assert row
    text = " ".join(Page(row.group()).text.split())
    assert f"€{value:,.0f}" in text
    assert "2013" in text
    assert f"{rank}th of 42" in text.replace("\xa0", " ")
    assert "Regional Development" in text


def test_a_novads_learns_from_novadi_as_in_its_own_report(case: Case) -> None:
    service = load_catalogue().service("schools")
    kin = comparable_units("Bauskas novads", year=2013)
    scores = score_service(service, kin, year=2013, replications=100, seed=1)
    page = Page(case.page("en/municipality/bauskas-novads.html")).text.replace("\xa0", " ")
    efficiency = scores.table.set_index("method").loc["dea", "efficiency"]
    told = f"In 2013, among {len(scores.sample)} novadi, the best practice reached at least the result of Bauska municipality with"
    assert f"{told} {100 * (1 - efficiency):.0f}% less expenditure (without an interval)." in page
    html = case.page("en/municipality/bauskas-novads.html")
    models = re.findall(r'data-label="Whom to learn from">(.*?)</td>', html, re.DOTALL)
    assert models
    peers = set(re.findall(r">([^<]+)</a>", " ".join(models)))
    novadi = {unit.name_en for unit in classification("2025") if unit.kind == "novads"}
    assert peers
    assert peers <= novadi, "a state city works under other conditions"
    city = Page(case.page("en/municipality/jelgava.html")).text.replace("\xa0", " ")
    assert "In 2013, among 42 municipalities, the best practice reached at least the result of Jelgava with" in city


def test_missing_figures_are_said_to_be_missing(case: Case) -> None:
    """The state cities are not in the table of novadi roads per inhabitant: no zero, no gap, no rank."""
    page = case.page("en/municipality/riga.html")
    row = re.search(r"<tr><th[^>]*><a[^>]*>Public libraries per 10,000[^<]*</a>.*?</tr>", page)
    assert row
    assert "no data" in row.group()
    assert re.search(r'class="right rank">–<', row.group())


def test_former_municipalities_lead_to_the_present_ones(case: Case) -> None:
    page = case.page("former.html")
    for former, heirs in {
        "Vecumnieku novads": ["bauskas-novads"],
        "Inčukalna novads": ["ropazu-novads", "siguldas-novads"],
        "Varakļānu novads": ["madonas-novads"],
    }.items():
        row = re.search(rf'<th scope="row">{former}</th>.*?</tr>', page, re.DOTALL)
        assert row
        assert re.findall(r"municipality/([a-z-]+)\.html", row.group()) == heirs
    names = {former.unit.name for former in former_places()}
    gone = {u.name for u in classification("2009")} - {u.name for u in classification()}
    assert gone <= names


def test_networks_show_known_members_and_leave_the_others_open(case: Case) -> None:
    page = " ".join(Page(case.page("en/networks.html")).text.split())
    assert "T2 Social work" in page
    assert "Vecumnieki municipality Bauska municipality Project page of Vecumnieki" in page
    assert "Jelgava not known which one is meant" in page
    assert "Daugavpils not known which one is meant" in page
    bauska = Page(case.page("en/municipality/bauskas-novads.html")).text
    assert "Vecumnieki municipality" in bauska[bauska.index("Networks", bauska.index("Indicators")) :]


# Practice examples -------------------------------------------------------------------------------------------------


def article(html: str, name: str) -> str:
    found = re.search(rf'<article[^>]* id="practice-{name}".*?</article>', html, re.DOTALL)
    assert found
    return found.group()


def test_every_public_practice_stands_on_its_page(case: Case) -> None:
    shipped = load_catalogue().practices
    for language, home in (("lv", ""), ("en", "en/")):
        html = case.page(f"{home}practices.html")
        ids = re.findall(r'<article[^>]* id="practice-([a-z0-9-]+)"', html)
        assert sorted(ids) == sorted([*shipped, "hostile"])
        for practice in shipped.values():
            text = Page(article(html, practice.id)).text
            for words in (practice.title, practice.action, practice.result, practice.contact):
                assert words[language] in text
            assert practice.source in Page(article(html, practice.id)).links
    assert re.findall(r'data-network="(\w+)"', case.page("practices.html")) == ["t1", "t2", "t3", "t4"]


def test_practices_name_who_did_it_and_what_they_aim_at(case: Case) -> None:
    html = case.page("en/practices.html")
    former = article(html, "vecumnieki-energy-efficiency-overview")
    assert (
        'Vecumnieki municipality (now <a href="municipality/bauskas-novads.html">Bauska municipality</a>), 2016'
        in former
    )
    assert "Heat used in municipal buildings" in former
    assert "data.html#" not in former, "an indicator without figures has no passport on the page of the data"
    same = article(html, "talsi-housing-chapter")
    assert '<p class="source"><a href="municipality/talsu-novads.html">Talsi municipality</a>, 2016</p>' in same
    schools = article(html, "t4-small-schools")
    assert '<a href="data.html#schools-per-100-km2">Schools per 100 km²</a>' in schools
    assert "(NO), 2002" in article(html, "norway-effectiveness-networks")
    assert ", 0" not in article(html, "state-audit-administration"), "a year that is not known is not told"
    odd = article(html, "hostile")
    assert 'https://lv.example/"onclick="window.hit=1' in Page(odd).text
    assert not [tag for tag, attributes in Page(odd).elements if any(name.startswith("on") for name in attributes)]


def test_municipalities_and_networks_lead_to_practices(case: Case) -> None:
    bauska = case.page("en/municipality/bauskas-novads.html")
    assert 'href="../practices.html#practice-vecumnieki-social-service-strategy"' in bauska
    talsi = Page(case.page("en/municipality/talsu-novads.html")).text
    part = talsi[talsi.index("What others did, for indicators in the last fifth") :]
    assert "Schools per 100 km²" in part[:200]
    assert "Small schools: problems and opportunities" in part[:500]
    assert "What was done here" not in case.page("en/municipality/riga.html")
    networks = case.page("networks.html")
    t2 = networks[networks.index('id="t2"') : networks.index('id="t3"')]
    assert re.findall(r'href="practices\.html#practice-([a-z0-9-]+)"', t2) == [
        "talsi-social-service-plan",
        "vecumnieki-social-service-strategy",
    ]


# Reports -----------------------------------------------------------------------------------------------------------


def test_reports_are_linked_where_they_belong(case: Case) -> None:
    bauska = case.page("municipality/bauskas-novads.html")
    for name in ("bauskas-novads-2013-lv.html", "bauskas-novads-2013-lv.pdf", "bauskas-novads-2013-en.html"):
        assert f'href="../reports/{name}"' in bauska
    assert "Vecumnieku novads toreiz" in bauska
    assert bauska.index("Bauskas novads salīdzinājumā") < bauska.index("Bauska municipality compared")
    for heir in ("ropazu", "siguldas"):
        assert "Inčukalna novads toreiz" in case.page(f"municipality/{heir}-novads.html")
    everything = case.page("en/reports.html")
    for title in ("Bauskas novads salīdzinājumā", "Visu skolu salīdzinājums", "Tīkla T4 tikšanās", "Mācību stunda"):
        assert title in everything
    assert "Tīkla T4 tikšanās" in case.page("networks.html")


def test_reports_that_are_not_there_are_said_so_without_their_failure(case: Case) -> None:
    assert "This report could not be made." in case.page("en/municipality/cesu-novads.html")
    assert "This report has not been made yet." in case.page("en/municipality/ogres-novads.html")
    assert not [name for name, text in case.texts().items() if b"Traceback" in text]


def test_untrusted_runs_and_files_are_left_out_with_a_line_each(case: Case) -> None:
    taken = {name for name in case.made.files if name.startswith("reports/")}
    stems = {Path(name).name.split(".")[0] for name in taken}
    assert stems == {
        "bauskas-novads-2013-lv",
        "bauskas-novads-2013-en",
        "vecumnieku-novads-of-2009-2012-lv",
        "incukalna-novads-of-2009-2011-lv",
        "service-schools-2013-lv",
        "network-t4-2013-lv",
        "lesson-lv",
        "hostile-lv",
        "escape-lv",  # without the one file that leads out
    }
    assert "reports/escape-lv.pdf" in taken
    said = "\n".join(case.made.left_out)
    for word in (
        "members-lv",
        "unsaid-lv",
        "nowhere-lv",
        "tongue-lv",
        "state-lv",
        "hidden-lv",
        "changed-lv",
        "gone-lv",
        "linked-lv",
    ):
        assert word in said
    assert "'../outside.html'" in said
    assert "Run 16 of the list" in said
    assert "bare" in said
    assert not any(secret in said for secret in (*SECRET_TEXTS, *SECRET_WORDS))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "cannot be read"),
        ("[]", "not a list of runs"),
        ('{"format": 2, "runs": []}', "another version"),
        (None, "is absent"),
    ],
)
def test_a_list_that_cannot_be_read_says_what_to_do(tmp_path: Path, content: str | None, message: str) -> None:
    if content is not None:
        (tmp_path / "runs.json").write_text(content, encoding="utf-8")
    with pytest.raises(ReportError, match=f"{message}.*benchlib reports"):
        read_reports(tmp_path)


def test_reports_are_the_same_bytes(case: Case) -> None:
    for name in case.made.files:
        if name.startswith("reports/"):
            assert (case.folder / name).read_bytes() == (case.reports / Path(name).name).read_bytes()


# Public only, and inert --------------------------------------------------------------------------------------------


def test_what_is_for_members_is_nowhere(case: Case) -> None:
    store = Store(case.data)
    planted = load_indicators(["secret_indicator", "unemployment_rate"], years=2013, access="members", store=store)
    # It is there for members, so it could have leaked.
    assert planted.groupby("indicator")["value"].max().round().to_dict() == dict.fromkeys(planted["indicator"], SECRET)
    needles = [text.encode() for text in (*SECRET_TEXTS, *SECRET_WORDS)]
    for name, content in case.texts().items():
        assert not [needle for needle in needles if needle in content], name
    assert not [name for name in case.made.files if "secret" in name]


def test_hostile_texts_are_shown_and_not_run(case: Case) -> None:
    hostile_part = "<script>window.hit=1</script>"
    for name, page in pages_of(case).items():
        assert hostile_part not in case.page(name), name
        assert not [attributes for tag, attributes in page.elements if tag == "img" or "onerror" in attributes], name
        assert "49" not in re.findall(r"onerror[^<]{0,40}", case.page(name)), name
    assert HOSTILE in Page(case.page("municipality/riga.html")).text  # the title of a report, as text
    data = re.search(
        r'<script type="application/json" id="site_data">(.*?)</script>', case.page("index.html"), re.DOTALL
    )
    assert data
    assert not set("<>&\u2028\u2029") & set(data.group(1))
    assert hostile_part in json.loads(data.group(1))["about"]["hostile_indicator"]["name"]


def test_every_script_and_style_is_named_by_the_policy(case: Case) -> None:
    for name in pages_of(case):
        html = case.page(name)
        policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', html)
        assert policy
        assert "unsafe" not in policy.group(1)
        assert policy.group(1).startswith("default-src 'none'")
        assert not re.search(r'<[^>]+\s(style|on\w+)="', html), name


def test_two_builds_give_the_same_bytes(case: Case, tmp_path: Path) -> None:
    again = build_site(tmp_path / "again", reports=case.reports, data=case.data)
    assert again.files == case.made.files
    assert {name: (again.folder / name).read_bytes() for name in again.files} == case.texts()
    assert (again.folder / MARKER).read_bytes() == (case.folder / MARKER).read_bytes()


# Orders ------------------------------------------------------------------------------------------------------------


def test_the_latvian_alphabet() -> None:
    names = [
        "Čakste",
        "Cēsis",
        "Ādaži",
        "Aizkraukle",
        "Ķekava",
        "Kuldīga",
        "Krāslava",
        "Šķēde",
        "Saldus",
        "Zilupe",
        "Žīguri",
        "Bāle",
        "Bale",
    ]
    assert sorted(names, key=alphabetical) == [
        "Aizkraukle", "Ādaži", "Bale", "Bāle", "Cēsis", "Čakste", "Krāslava", "Kuldīga", "Ķekava", "Saldus", "Šķēde", "Zilupe", "Žīguri",
    ]  # fmt: skip


def test_equal_figures_share_rank_and_colour() -> None:
    values = (5.0, 3.0, None, 3.0, 1.0)
    assert rank_ranges(values, 1) == ((1, 1), (2, 3), None, (2, 3), (4, 4))
    assert rank_ranges(values, -1) == ((4, 4), (2, 3), None, (2, 3), (1, 1))
    assert rank_ranges(values, 0) == rank_ranges(values, 1)
    assert fifths(values, 1) == (5, 3, 0, 3, 1)
    assert fifths(values, -1) == (1, 3, 0, 3, 5)
    assert fifths(tuple(map(float, range(10))), 1) == (1, 1, 2, 2, 3, 3, 4, 4, 5, 5)
    assert fifths((None, None), 1) == (0, 0)


def test_a_site_without_reports(tmp_path: Path) -> None:
    write_runs(tmp_path, [run(tmp_path, "x", {"access": "members", "language": "lv"})])
    reports, left_out = read_reports(tmp_path)
    assert reports == ()
    assert len(left_out) == 1
    assert read_reports(None) == ((), ())


def test_a_report_with_invented_figures_is_called_so_in_the_list(tmp_path: Path) -> None:
    about = {"access": "public", "language": "lv", "year": 2024}
    write_runs(tmp_path, [run(tmp_path, "a", {**about, "register": "demo"}), run(tmp_path, "b", about)])
    reports, left_out = read_reports(tmp_path)
    assert left_out == ()
    assert [report.is_invented for report in reports] == [True, False]
    page = build_site(tmp_path / "site", reports=tmp_path).index.parent / "reports.html"
    others = page.read_text("utf-8").partition('id="others"')[2]
    assert others.count('<strong class="invented">Izdomāti dati</strong>') == 1
    assert others.index("Izdomāti dati") < others.index("reports/a.html", others.index("reports/a.html") + 1)
