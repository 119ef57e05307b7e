"""From content to pages: one template for each kind of page, in both languages, each page with a strict policy of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from benchlib import __version__
from benchlib.reporting.export.html import TEMPLATE_FOLDER, csp_hash
from benchlib.reporting.site.download import Download
from benchlib.reporting.site.index import index_content
from benchlib.reporting.site.layer_texts import publishers
from benchlib.reporting.site.links import LANGUAGES, size_text
from benchlib.reporting.site.lists import (
    data_content,
    former_content,
    method_content,
    networks_content,
    reports_content,
)
from benchlib.reporting.site.material import Material
from benchlib.reporting.site.municipality import municipality_content
from benchlib.reporting.site.practices import practices_content
from benchlib.reporting.words import Words
from benchlib.terms import Language

_TEMPLATES: Final = Path(__file__).parent / "template"
#: Folder of each language, seen from the folder of the site. Latvian comes first.
_HOMES: Final[dict[Language, str]] = {"lv": "", "en": "en/"}
#: Pages in the order of the menu.
_MENU: Final = ("index", "reports", "networks", "practices", "former", "data", "method")


def render_pages(material: Material, files: Sequence[Download]) -> Iterator[tuple[str, str]]:
    """Every page of the site.

    Parameters
    ----------
    material : Material
        All figures, scores and reports.
    files : sequence of Download
        Files that the page on data offers.

    Yields
    ------
    tuple of str
        Path of the page in the folder of the site, and its text.
    """
    for language, home in _HOMES.items():
        words = Words(language)
        common = {"publishers": publishers(material.sources, words), "place_count": len(material.places)}
        for name, content in _contents(material, files, words):
            yield f"{home}{name}.html", _render(name, common | content, home, words)


def _contents(material: Material, files: Sequence[Download], words: Words) -> Iterator[tuple[str, dict[str, Any]]]:
    """Name and content of each page of a language."""
    yield "index", index_content(material, words)
    yield "reports", reports_content(material, words)
    yield "networks", networks_content(material, words)
    yield "practices", practices_content(material, words)
    yield "former", former_content(material, words)
    yield "data", data_content(material, words) | {"files": _file_rows(files, words)}
    yield "method", method_content(material)
    for place in material.places:
        yield f"municipality/{place.slug}", municipality_content(material, place, words)


def _file_rows(files: Sequence[Download], words: Words) -> list[dict[str, str]]:
    _ = words.gettext
    titles = {
        "indicators.csv": _("Indicators of all municipalities and years"),
        "passports.csv": _("Passports of the indicators"),
        "scores.csv": _("Efficiency scores with intervals and ranges of ranks"),
        "sources.csv": _("Sources of the figures"),
        "doubts.csv": _("Doubtful figures"),
        "practices.csv": _("Practice examples with their sources"),
        "former_municipalities.csv": _("Former municipalities and where they are today"),
        "datapackage.json": _("Description of all files for programs (Frictionless Data Package)"),
    }
    return [
        {
            "name": file.name,
            "title": titles[file.name],
            "rows": "" if file.rows is None else words.number(file.rows),
            "size": size_text(len(file.content), words),
        }
        for file in files
    ]


def _render(name: str, content: Mapping[str, Any], home: str, words: Words) -> str:
    """Text of a page. `root` leads to the folder of the site, `base` to that of the language, `other` to the other language."""
    depth = name.count("/")
    base = "../" * depth
    root = base + "../" * home.count("/")
    template = f"{name.partition('/')[0]}.html.j2"
    frame = {
        "words": words,
        "_": words.gettext,
        "ngettext": words.ngettext,
        "page": name,
        "base": base,
        "root": root,
        "translations": {
            language: f"{root}{folder}{name}.html" for language, folder in _HOMES.items() if language != words.language
        },
        "menu": _MENU,
    }
    return _environment().get_template(template).render(frame | dict(content))


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader([_TEMPLATES, TEMPLATE_FOLDER]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=False,
    )
    environment.filters["csp_hash"] = csp_hash
    environment.globals |= {"version": __version__, "languages": LANGUAGES}
    return environment
