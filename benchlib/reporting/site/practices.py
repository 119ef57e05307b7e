"""Practice examples on the site: a page of their own, and links from municipalities and networks; public ones only."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from markupsafe import Markup, escape

from benchlib.indicators import Practice, select_practices
from benchlib.indicators.practices.practice import HOME
from benchlib.reporting.base import clean_text
from benchlib.reporting.site.layer_texts import Json, anchor
from benchlib.reporting.site.material import Material
from benchlib.reporting.site.places import Place
from benchlib.reporting.texts.partners import doer
from benchlib.reporting.words import Words
from benchlib.terms import Language

#: A source that is nothing but an address becomes a link; no other scheme does.
_ADDRESS: Final = re.compile(r"https?://[^\s<>\"'`]+")
_OTHER: Final[dict[Language, Language]] = {"lv": "en", "en": "lv"}


def practices_content(material: Material, words: Words) -> Json:
    """All public practice examples, network by network.

    Parameters
    ----------
    material : Material
        With networks, places and practice examples.
    words : Words
        Language.

    Returns
    -------
    dict
        For the template `practices.html.j2`.
    """
    networks = []
    for network in material.networks.values():
        found = [practice for practice in material.practices if practice.network == network.id]
        if found:
            networks.append(
                {
                    "anchor": anchor(network.id),
                    "name": network.name[words.language],
                    "practices": [_article(material, practice, words) for practice in found],
                }
            )
    return {"networks": networks, "count": len(material.practices)}


def _article(material: Material, practice: Practice, words: Words) -> Json:
    """A practice example with all that is known of it."""
    _ = words.gettext
    language = words.language
    other = Words(_OTHER[language])
    texts = {
        _("Cost"): practice.cost[language],
        _("Result"): practice.result[language],
        _("Whom to ask"): practice.contact[language],
    }
    return {
        **practice_link(practice, words),
        "anchor": practice_anchor(practice),
        "doer": _doer(material, practice, words),
        "country": "" if practice.country == HOME else practice.country,
        "action": _clean(practice.action[language]),
        "texts": [(label, _clean(text)) for label, text in texts.items() if text.strip()],
        "indicators": _indicators(material, practice, words),
        "source": _clean(practice.source),
        "is_address": bool(_ADDRESS.fullmatch(practice.source)),
        "source_language": practice.language,
        # What the page does not show, but somebody may type: the other language, and the words of the data files.
        "words": _clean(" ".join([practice.title[other.language], doer(practice, other), *practice.indicators])),
    }


def _doer(material: Material, practice: Practice, words: Words) -> Markup:
    """Who did it, as it was called then, with links to the municipalities that hold it today."""
    name = _clean(doer(practice, words))
    places = [material.by_code[code] for code in practice.codes()]
    links = [
        Markup('<a href="municipality/{}.html">{}</a>').format(place.slug, words.name(place.unit)) for place in places
    ]
    if [words.name(place.unit) for place in places] == [name]:
        return links[0]
    if not links:
        return escape(name)
    text = words.gettext("now {heir}") if len(links) == 1 else words.gettext("in part now {heir}")
    return Markup("{} ({})").format(name, escape(text).format(heir=Markup(", ").join(links)))


def _indicators(material: Material, practice: Practice, words: Words) -> list[Json]:
    """Indicators that a practice aims at; those with a public figure lead to their passport, those for members are not named."""
    known = material.catalogue.indicators
    return [
        {
            "name": known[name].name[words.language],
            "href": f"data.html#{anchor(name)}" if name in material.passports else "",
        }
        for name in practice.indicators
        if known[name].access == "public"
    ]


def practice_link(practice: Practice, words: Words) -> Json:
    """Title, who did it and when, and the address in the page of practice examples.

    Parameters
    ----------
    practice : Practice
        A public example.
    words : Words
        Language.

    Returns
    -------
    dict
        `title`, `who`, `year` ("" if not known) and `href`, seen from the folder of the language.
    """
    return {
        "title": _clean(practice.title[words.language]),
        "who": _clean(doer(practice, words)),
        "year": str(practice.year) if practice.year else "",
        "href": f"practices.html#{practice_anchor(practice)}",
    }


def practice_anchor(practice: Practice) -> str:
    """Name of a practice example's place in the page; its id is made of letters, digits and hyphens."""
    return f"practice-{practice.id}"


def practice_links(practices: Iterable[Practice], words: Words) -> list[Json]:
    """Links to several practice examples (see `practice_link`)."""
    return [practice_link(practice, words) for practice in practices]


def of_place(material: Material, place: Place, words: Words) -> list[Json]:
    """Links to what a municipality, or one that became part of it, did."""
    return practice_links(select_practices(material.practices, codes=[place.code]), words)


def for_indicator(material: Material, place: Place, indicator: str, words: Words) -> list[Json]:
    """Links to what others did about an indicator."""
    found = select_practices(material.practices, indicators=[indicator])
    return practice_links((practice for practice in found if place.code not in practice.codes()), words)


def _clean(text: str) -> str:
    """Text without characters that no page may contain."""
    return clean_text("A text of a practice example", text)
