"""Addresses in points are links that a finger can tap, in HTML and in PDF; nothing else becomes one."""

from __future__ import annotations

import re
from html import unescape

import pytest
from invented import notebook_of
from pdfs import Pdf

from benchlib.indicators import load_catalogue
from benchlib.reporting import Words, texts
from benchlib.reporting.addresses import with_addresses
from benchlib.reporting.base import rich_text
from benchlib.reporting.compose import Blocks, bullets, heading, say
from benchlib.reporting.export.html import export_html
from benchlib.reporting.export.pdf import export_pdf

LINK = re.compile(r"<a href='([^']*)' rel='noopener noreferrer'>([^<]*)</a>")


def links(text: str) -> list[str]:
    """Where a point leads; what is shown is the same."""
    html = str(bullets(text, links=True).__html__())
    found = LINK.findall(html)
    assert html.count("<a") == len(found), "no link of another form"
    assert all(href == shown for href, shown in found)
    assert unescape(re.sub(r"</?(a|ul|li|strong)\b[^>]*>", "", html)) == text.replace("**", ""), "the text stays"
    return [unescape(href) for href, _ in found]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Talsi (2016; https://a.lv/b?c=1&d=2). Plāns.", ["https://a.lv/b?c=1&d=2"]),
        ("http://a.lv/, https://b.lv/x_(y); beigas", ["http://a.lv/", "https://b.lv/x_(y)"]),
        ("**Ar https://a.lv/c**: un https://b.lv", ["https://a.lv/c", "https://b.lv"]),
        ("„https://a.lv/ā”", ["https://a.lv/ā"]),
        ("javascript:alert(1) file:///etc/passwd data:text/html,x mailto:a@b.lv www.a.lv ftp://a.lv", []),
        ("https:// http://. un xhttps://a.lv", []),
        ("HTTPS://A.LV un JavaScript://https", []),
    ],
)
def test_what_is_an_address(text: str, found: list[str]) -> None:
    assert links(text) == found
    assert "".join(piece for piece, _ in with_addresses(text)) == text


def test_an_address_cannot_leave_its_attribute() -> None:
    for hostile in (
        "https://a.lv/'onmouseover='alert(1)",
        'https://a.lv/"onmouseover="alert(1)',
        "https://a.lv/<script>alert(1)</script>",
        "https://a.lv/&#39;onclick=&#39;x",
    ):
        (link,) = links(hostile)
        assert not set(link) & set("'\"<>")
        assert "<script" not in str(bullets(hostile, links=True).__html__())


def test_only_points_that_are_to_have_links_have_them() -> None:
    assert "<a" not in str(bullets("https://a.lv").__html__())
    assert "<a" not in str(say("https://a.lv")[0].__html__())
    assert str(rich_text("https://a.lv")) == "https://a.lv"


@pytest.mark.parametrize("language", ["lv", "en"])
def test_the_source_of_each_practice_example_is_a_link(language: str) -> None:
    words = Words(language)  # type: ignore[arg-type]
    practices = [one for one in load_catalogue().practices.values() if one.source.startswith("http")]
    assert len(practices) > 10
    points = texts.partners.examples(practices, words)
    assert all(practice.source in links(point) for practice, point in zip(practices, points, strict=True))


def test_html_and_pdf_lead_to_the_same_places() -> None:
    long = "https://www.example.lv/" + "loti-gara-adrese-" * 12 + "beigas"
    notebook = notebook_of(
        Blocks(heading("A", 1), bullets(f"Piemērs (2016; {long}).", "**x** http://b.lv/a.", "y", links=True))
    )
    page = export_html(notebook, language="lv")
    assert [href for href, _ in LINK.findall(page)] == [long, "http://b.lv/a"]
    pdf = export_pdf(notebook, language="lv")
    assert {address.decode() for address in re.findall(rb"/URI ?\(([^)]*)\)", pdf)} == {long, "http://b.lv/a"}
    assert "beigas" in Pdf(pdf).text(1)
