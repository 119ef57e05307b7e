"""The words for a layer: its name, values, ranks, limits of its fifths and sources, in one language."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeAlias

from benchlib.indicators import Passport, Source
from benchlib.reporting.site.layers import CLASSES, Layer, Range
from benchlib.reporting.site.material import Material
from benchlib.reporting.values import label_with_unit, listed, short_value
from benchlib.reporting.words import Words, slug

Json: TypeAlias = dict[str, Any]


def anchor(name: str) -> str:
    """Name of a place in a page, whatever the id that it is made from contains."""
    return slug(name)


def layer_view(layer: Layer, words: Words) -> Json:
    """The texts of a layer, municipality by municipality; short names, since every layer has them in the page.

    Parameters
    ----------
    layer : Layer
        An indicator or a score of one year.
    words : Words
        Language.

    Returns
    -------
    dict
        `y` year, `v` values, `t` texts, `r` ranks, `f` fifths, `n` how many have a value, `m` a sentence on those that have none,
        `l` limits of the fifths from the first to the last, and for a score `i` its intervals.
    """
    view: Json = {
        "y": layer.year,
        "v": [None if value is None else plain_number(value) for value in layer.values],
        "t": [value_text(layer, value, words) for value in layer.values],
        "r": [_short_rank(ranks, words) for ranks in layer.ranks],
        "f": "".join(map(str, layer.fifths)),
        "n": len(layer.known),
        "m": _missing_sentence(layer, words),
        "l": [entry["limits"] for entry in legend(layer, words)],
    }
    if layer.intervals:
        view["i"] = [words.interval(*ends) if ends else "" for ends in layer.intervals]
    return view


def plain_number(value: float) -> float | int:
    """A value as JSON writes it most briefly: 5, not 5.0."""
    return int(value) if value.is_integer() else value


def _missing_sentence(layer: Layer, words: Words) -> str:
    missing = len(layer.values) - len(layer.known)
    if not missing:
        return ""
    text = words.ngettext("{n} municipality has no figure.", "{n} municipalities have no figure.", missing)
    return text.format(n=missing)


def value_text(layer: Layer, value: float | None, words: Words) -> str:
    """Value as a cell or a tile has room for it; the words for "no data" where there is none.

    Parameters
    ----------
    layer : Layer
        What the value is of.
    value : float or None
        The value.
    words : Words
        Language.

    Returns
    -------
    str
    """
    if value is None:
        return words.missing
    return (
        short_value(value, layer.about, words)
        if isinstance(layer.about, Passport)
        else words.number(value, layer.decimals)
    )


def _short_rank(ranks: Range | None, words: Words) -> str:
    """Rank without "of 42", which stands above the column: "3.–7." in Latvian, "3–7" in English."""
    if ranks is None:
        return ""
    dot = "." if words.language == "lv" else ""
    return "\N{EN DASH}".join(f"{rank}{dot}" for rank in dict.fromkeys(ranks))


def legend(layer: Layer, words: Words) -> list[Json]:
    """Classes of the map from the least to the best, with the limits of each.

    Parameters
    ----------
    layer : Layer
        What is shown.
    words : Words
        Language.

    Returns
    -------
    list of dict
        `fifth`, and `limits` as text: "" if nobody is in the class.
    """
    entries = []
    for fifth in range(1, CLASSES + 1):
        bounds = layer.bounds(fifth)
        if bounds is None:
            limits = ""
        elif bounds[0] == bounds[1]:
            limits = words.number(bounds[0], layer.decimals)
        else:
            limits = words.interval(*bounds, layer.decimals)
        entries.append({"fifth": fifth, "limits": limits})
    return entries


def layer_name(layer: Layer, words: Words) -> str:
    """What a layer shows, with its unit but without its year.

    Parameters
    ----------
    layer : Layer
        An indicator or a score.
    words : Words
        Language.

    Returns
    -------
    str
    """
    if isinstance(layer.about, Passport):
        return label_with_unit(layer.about, words)
    return words.gettext("Efficiency: {service}").format(service=layer.about.name[words.language])


def publishers(sources: Iterable[Source], words: Words) -> str:
    """Who published the figures, each once.

    Parameters
    ----------
    sources : iterable of Source
        Sources.
    words : Words
        Language.

    Returns
    -------
    str
    """
    return listed(list(dict.fromkeys(source.publisher[words.language] for source in sources)), words)


def sources_of(material: Material, layer: Layer) -> list[Source]:
    """Public sources of what a layer shows.

    Parameters
    ----------
    material : Material
        With the sources that may be named.
    layer : Layer
        An indicator or a score.

    Returns
    -------
    list of Source
    """
    about = layer.about
    indicators = [about.id] if isinstance(about, Passport) else [*about.inputs, *about.outputs]
    named = {source.id for indicator in indicators for source in material.catalogue.sources_of(indicator)}
    return [source for source in material.sources if source.id in named]


def dimension_labels(words: Words) -> dict[str, str]:
    """Kinds of indicators in the order in which the site shows them, efficiency first.

    Parameters
    ----------
    words : Words
        Language.

    Returns
    -------
    dict of str to str
    """
    _ = words.gettext
    return {
        "efficiency": _("Efficiency"),
        "cost": _("Cost"),
        "coverage": _("Access"),
        "quality": _("Result and quality"),
        "productivity": _("Productivity"),
        "satisfaction": _("Satisfaction"),
        "context": _("Context"),
    }
