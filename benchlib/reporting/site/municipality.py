"""The page of one municipality: who it is, how it stands in the country, which reports there are, whom it can learn from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from benchlib.comparison import ServiceOverview
from benchlib.indicators import Passport, former_municipalities
from benchlib.reporting.blocks import Fact, Facts
from benchlib.reporting.site.layer_texts import (
    Json,
    anchor,
    dimension_labels,
    layer_name,
    publishers,
    sources_of,
    value_text,
)
from benchlib.reporting.site.layers import CLASSES, Layer, rank_text
from benchlib.reporting.site.links import report_entries
from benchlib.reporting.site.material import Material
from benchlib.reporting.site.places import Place, networks_of
from benchlib.reporting.texts.who import origin
from benchlib.reporting.values import efficiency_value, label_with_unit
from benchlib.reporting.words import Name, Words

#: Marks of figures that are not simply as published.
CARRIED: Final = "*"
DOUBTFUL: Final = "?"


def municipality_content(material: Material, place: Place, words: Words) -> Json:
    """What the page of a municipality shows.

    Parameters
    ----------
    material : Material
        All figures, scores and reports.
    place : Place
        The municipality.
    words : Words
        Language.

    Returns
    -------
    dict
        For the template `municipality.html.j2`.
    """
    name, number = words.name(place.unit), material.places.index(place)
    marks = _marks(material, place)
    groups = list(_groups(material, number, marks, words))
    shown = {row["mark"] for group in groups for row in group["rows"]}
    return {
        "title": name,
        "place": place,
        "opening": _opening(place, words),
        "origin": origin(place.unit, former_municipalities(place.code), words),
        "facts": _facts(material, number, words),
        "best": _highlights(material, number, CLASSES, words),
        "last": _highlights(material, number, 1, words),
        "services": list(_services(material, place, words)),
        "reports": report_entries(material.reports_of(place), words),
        "networks": _networks(material, place, words),
        "groups": groups,
        "has_carried": any(CARRIED in mark for mark in shown),
        "has_doubtful": any(DOUBTFUL in mark for mark in shown),
        "doubts": _doubts(material, place, words),
    }


def _opening(place: Place, words: Words) -> str:
    _ = words.gettext
    text = (
        _("{m} is a state city in the planning region {region}.")
        if place.is_city
        else _("{m} is a municipality (novads) in the planning region {region}.")
    )
    return text.format(m=words.name(place.unit), region=Name(place.unit.region, words.language))


def _facts(material: Material, number: int, words: Words) -> Facts | None:
    """Key numbers: the context of the report on a municipality, each with the median of the country."""
    wanted = material.catalogue.reports.get("municipality", {}).get("context", ())
    cards = []
    for layer in _indicators(material):
        value, passport = layer.values[number], layer.about
        if passport.id in wanted and value is not None and isinstance(passport, Passport):
            detail = words.gettext("{year}; median of all {median}").format(year=layer.year, median=_median(layer, words))
            cards.append((wanted.index(passport.id), Fact(label_with_unit(passport, words), value_text(layer, value, words), detail)))
    return Facts(tuple(card for _, card in sorted(cards, key=lambda pair: pair[0]))) if cards else None


def _indicators(material: Material) -> list[Layer]:
    """The latest year of each indicator."""
    return [layer for layer in material.latest if not layer.is_score]


def _median(layer: Layer, words: Words) -> str:
    known = sorted(layer.known)
    middle = len(known) // 2
    median = known[middle] if len(known) % 2 else (known[middle - 1] + known[middle]) / 2
    return value_text(layer, median, words)


def _highlights(material: Material, number: int, fifth: int, words: Words) -> list[Json]:
    """Indicators in which the municipality is in the best, or the last, fifth of the country."""
    return [
        {"name": layer.about.name[words.language], "year": layer.year, "value": value_text(layer, layer.values[number], words)}
        for layer in _indicators(material)
        if layer.direction and layer.fifths[number] == fifth and layer.ranks[number]
    ]


def _marks(material: Material, place: Place) -> dict[tuple[str, int], str]:
    """For each indicator and year: whether the figure was carried over the reform, and whether the registry doubts it."""
    table = material.figures.loc[material.figures["territory"] == place.code]
    carried = (table["status"] == "harmonised") & ((table["parts"] > 1) | (table["share_basis"] != ""))
    doubtful = table["symbol"] == DOUBTFUL
    keys = zip(table["indicator"], table["year"], carried, doubtful, strict=True)
    return {(str(i), int(y)): CARRIED * bool(c) + DOUBTFUL * bool(d) for i, y, c, d in keys}


def _groups(material: Material, number: int, marks: dict[tuple[str, int], str], words: Words) -> Iterator[Json]:
    """Tables of indicators, by kind."""
    for dimension, label in dimension_labels(words).items():
        rows = [
            _indicator_row(material, layer, number, marks, words)
            for layer in _indicators(material)
            if isinstance(layer.about, Passport) and layer.about.dimension == dimension
        ]
        if rows:
            yield {"label": label, "rows": rows}


def _indicator_row(material: Material, layer: Layer, number: int, marks: dict[tuple[str, int], str], words: Words) -> Json:
    value = layer.values[number]
    return {
        "name": layer_name(layer, words),
        "href": f"../data.html#{anchor(layer.about.id)}",
        "year": layer.year,
        "value": value_text(layer, value, words),
        "is_missing": value is None,
        "mark": "" if value is None else marks.get((layer.about.id, layer.year), ""),
        "median": _median(layer, words),
        "rank": rank_text(layer.ranks[number], len(layer.known), words),
        "fifth": layer.fifths[number] if layer.direction and layer.ranks[number] else None,
        "source": publishers(sources_of(material, layer), words),
    }


def _services(material: Material, place: Place, words: Words) -> Iterator[Json]:
    """Scores of each service, the latest year first, and whom to learn from."""
    for service in material.catalogue.services.values():
        overviews = [overview for overview in material.overviews if overview.service.id == service.id]
        rows = [_score_row(material, overview, place, words) for overview in overviews]
        if rows:
            yield {
                "name": service.name[words.language],
                "definition": service.definition[words.language],
                "caveats": service.caveats[words.language],
                "sentence": _score_sentence(overviews[0], place, words),
                "rows": rows,
                "is_doubtful": any(row["is_doubtful"] for row in rows),
            }


def _score_row(material: Material, overview: ServiceOverview, place: Place, words: Words) -> Json:
    row: Json = {"year": overview.year, "is_doubtful": place.code in overview.doubtful, "peers": [], "teaches": 0}
    if place.code not in overview.sample.units:
        return row | {"efficiency": words.missing, "corrected": "", "interval": "", "rank": ""}
    efficiency = float(overview.dea.efficiency[overview.sample.units.index(place.code)])
    row |= {"efficiency": efficiency_value(efficiency, words), "corrected": "", "interval": "", "rank": ""}
    if overview.certainty is not None:
        sure = overview.certainty.scores.set_index("unit").loc[place.code]
        row["corrected"] = words.number(sure["corrected"], 2)
        row["interval"] = words.interval(sure["low"], sure["high"])
        row["rank"] = rank_text((int(sure["rank_low"]), int(sure["rank_high"])), len(overview.sample), words)
    lessons = overview.lessons.loc[overview.lessons["unit"] == place.code, "peers"]
    peers = [material.by_code[str(code)] for code, _ in lessons.iloc[0]] if len(lessons) else []
    row["peers"] = [{"name": words.name(peer.unit), "href": f"{peer.slug}.html"} for peer in peers]
    teachers = overview.teachers.set_index("peer")["learners"]
    row["teaches"] = int(teachers.get(place.code, 0))
    return row


def _score_sentence(overview: ServiceOverview, place: Place, words: Words) -> str:
    """The latest score in words; "" without one."""
    _ = words.gettext
    if place.code not in overview.sample.units:
        return ""
    efficiency = float(overview.dea.efficiency[overview.sample.units.index(place.code)])
    m, count = words.name(place.unit), len(overview.sample)
    if efficiency >= 1:
        text = _("In {year}, {m} was on the frontier of best practice: none of the {count} municipalities did better on both counts.")
        return text.format(year=overview.year, m=m, count=count)
    if overview.service.orientation == "input":
        text = _(
            "In {year}, compared with all {count} municipalities, the best practice reached at least the result of {m} with {share} less "
            "expenditure."
        )
        share = words.percent(100 * (1 - efficiency), 0)
    else:
        text = _(
            "In {year}, compared with all {count} municipalities, the best practice reached a result {share} greater than that of {m} "
            "with the same expenditure."
        )
        share = words.percent(100 * (1 / efficiency - 1), 0)
    return text.format(year=overview.year, count=count, m=m, share=share)


def _networks(material: Material, place: Place, words: Words) -> list[Json]:
    found = []
    for network, member in networks_of(place, material.networks):
        former = words.name(member.unit) if member.unit is not None else member.name
        found.append(
            {
                "name": network.name[words.language],
                "href": f"../networks.html#{anchor(network.id)}",
                "as": "" if former == words.name(place.unit) else former,
                "source": member.source,
            }
        )
    return found


def _doubts(material: Material, place: Place, words: Words) -> list[str]:
    """Published figures about the municipality or its parts that cannot be right, one sentence each."""
    text = words.gettext("{measure}, {territory}, {year}: {reason}")
    named = {part.unit.code: part.unit for part in place.parts} | {place.code: place.unit}
    return [
        text.format(
            measure=material.catalogue.registry.measures[doubt.measure].name[words.language],
            territory=words.name(named[doubt.territory]),
            year=doubt.year,
            reason=doubt.reason[words.language],
        )
        for doubt in material.doubts_of(place)
    ]
