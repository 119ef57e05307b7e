"""The first page: search, map and table, all of one chosen indicator or score; what the script needs to choose another."""

from __future__ import annotations

import json
from typing import Final

from markupsafe import Markup

from benchlib.indicators import Passport, Territory
from benchlib.reporting.site.layer_texts import (
    Json,
    anchor,
    dimension_labels,
    layer_name,
    layer_view,
    legend,
    plain_number,
    publishers,
    sources_of,
    value_text,
)
from benchlib.reporting.site.layers import Layer
from benchlib.reporting.site.material import Material
from benchlib.reporting.site.places import Place, former_places
from benchlib.reporting.words import Name, Words

#: What JSON may hold but a page's source may not: a tag would end the script, two separators once ended a line.
_ESCAPES: Final[dict[int, str]] = {
    ord(character): f"\\u{ord(character):04x}"
    for character in ("<", ">", "&", "\N{LINE SEPARATOR}", "\N{PARAGRAPH SEPARATOR}")
}


def index_content(material: Material, words: Words) -> Json:
    """What the first page shows before anybody chooses.

    Parameters
    ----------
    material : Material
        All figures, scores and reports.
    words : Words
        Language.

    Returns
    -------
    dict
        For the template `index.html.j2`.
    """
    layer = material.layers[0]
    size = _size_layer(material)
    view = layer_view(layer, words)
    return {
        "layer": layer,
        "about": _about(material, layer, words),
        "legend": legend(layer, words),
        "missing": view["m"],
        "groups": _groups(material, words),
        "size": None if size is None else size.about.name[words.language],
        "size_year": None if size is None else size.year,
        "rows": [_row(material, number, size, view, words) for number in range(len(material.places))],
        "tiles": _tiles(material, view, words),
        "counted": len(layer.known),
        "indicators": len(material.passports),
        "data": script_data(_data(material, words)),
    }


def script_data(content: Json) -> Markup:
    """Content as JSON that may stand in a page: no text in it can end the element or begin another.

    Parameters
    ----------
    content : dict
        Plain data.

    Returns
    -------
    markupsafe.Markup
    """
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return Markup(text.translate(_ESCAPES))


def _about(material: Material, layer: Layer, words: Words) -> Json:
    """Name, source and caveat of a layer, and where its passport or method stands."""
    _ = words.gettext
    caveat = layer.about.caveats[words.language]
    if layer.is_score:
        caveat = (
            _("Best practice among all municipalities is 1. Small differences mean nothing: mind the range of ranks.")
            + " "
            + caveat
        )
    return {
        "name": layer_name(layer, words),
        "source": publishers(sources_of(material, layer), words),
        "caveat": caveat,
        "direction": layer.direction,
        "href": "method.html#scores" if layer.is_score else f"data.html#{anchor(layer.about.id)}",
    }


def _groups(material: Material, words: Words) -> list[Json]:
    """The latest layers by kind of indicator, for the list from which the reader chooses."""
    labels = dimension_labels(words)
    grouped: dict[str, list[Layer]] = {name: [] for name in labels}
    for layer in material.latest:
        grouped[layer.about.dimension if isinstance(layer.about, Passport) else "efficiency"].append(layer)
    return [
        {
            "label": labels[name],
            "options": [{"value": _subject(one), "label": layer_name(one, words)} for one in layers],
        }
        for name, layers in grouped.items()
        if layers
    ]


def _subject(layer: Layer) -> str:
    """What a layer is about, whatever the year."""
    return layer.id.rpartition("-")[0]


def _size_layer(material: Material) -> Layer | None:
    """How large a municipality is: the first indicator of context in the catalogue's report, if it has figures."""
    first = material.catalogue.reports.get("municipality", {}).get("context", ())[:1]
    return next((layer for layer in material.latest if layer.about.id in first and not layer.is_score), None)


def _row(material: Material, number: int, size: Layer | None, view: Json, words: Words) -> Json:
    place = material.places[number]
    inhabitants = None if size is None else size.values[number]
    return {
        "number": number,
        "name": words.name(place.unit),
        "href": place_href(place),
        "is_city": place.is_city,
        "region": place.unit.region,
        "size": "" if size is None else value_text(size, inhabitants, words),
        "size_value": "" if inhabitants is None else plain_number(inhabitants),
        "value": view["t"][number],
        "is_missing": view["v"][number] is None,
        "interval": view["i"][number] if "i" in view else "",
        "rank": view["r"][number],
    }


def place_href(place: Place) -> str:
    """Address of a municipality's page, seen from the folder of its language."""
    return f"municipality/{place.slug}.html"


def _tiles(material: Material, view: Json, words: Words) -> list[Json]:
    """Tiles row by row, as one reads."""
    numbered = sorted(enumerate(material.places), key=lambda pair: (pair[1].tile.row, pair[1].tile.column))
    return [
        {
            "number": number,
            "name": words.name(place.unit),
            "href": place_href(place),
            "short": place.tile.short,
            "row": place.tile.row,
            "column": place.tile.column,
            "is_city": place.is_city,
            "fifth": view["f"][number],
            "value": view["t"][number],
        }
        for number, place in numbered
    ]


def _data(material: Material, words: Words) -> Json:
    """What the script needs: all layers, all names that can be searched, and the sentences that it writes."""
    _ = words.gettext
    layers: dict[str, list[Json]] = {}
    about: dict[str, Json] = {}
    for layer in material.layers:
        layers.setdefault(_subject(layer), []).append(layer_view(layer, words))
        about.setdefault(_subject(layer), _about(material, layer, words))
    return {
        "layers": layers,
        "about": about,
        "places": [[words.name(place.unit), place_href(place), place.unit.region] for place in material.places],
        "search": _search_entries(material, words),
        "texts": {
            "found": _("Found: {n}"),
            "none": _("Nothing found. Check the spelling, or look in the table."),
            "rank": _("rank {rank} of {n}"),
            "title": _("{name}, {year}"),
            "missing": words.missing,
            "interval": _("95% interval"),
            "best": [_("worse"), _("better")],
            "most": [_("least"), _("greatest")],
        },
    }


def _search_entries(material: Material, words: Words) -> list[Json]:
    """Names that can be searched: `n` name, `d` what or where it is, `h` address, `k` kind, `a` spellings in both languages."""
    _ = words.gettext
    entries = []
    for place in material.places:
        region = Name(place.unit.region, words.language)
        about = _("state city") if place.is_city else _("planning region {region}").format(region=region)
        entries.append(_search_entry(place.unit, about, place, words))
    for former in former_places():
        text = _("now {heir}") if len(former.heirs) == 1 else _("in part now {heir}")
        for heir in map(material.by_code.__getitem__, former.heirs):
            entries.append(_search_entry(former.unit, text.format(heir=words.name(heir.unit)), heir, words))
    for network in material.networks.values():
        href, spellings = f"networks.html#{anchor(network.id)}", [network.name["lv"], network.name["en"]]
        entries.append({"n": network.name[words.language], "d": _("network"), "h": href, "k": "", "a": spellings})
    return entries


def _search_entry(unit: Territory, about: str, leads_to: Place, words: Words) -> Json:
    spellings = [unit.name, unit.name_en]
    return {"n": words.name(unit), "d": about, "h": place_href(leads_to), "k": unit.kind, "a": spellings}
