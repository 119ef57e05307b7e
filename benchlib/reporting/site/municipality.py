"""The page of one municipality: who it is, how it stands in the country, which reports there are, whom it can learn from."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median

from benchlib.comparison.ranks import REACH_YEARS
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
from benchlib.reporting.site.material import CARRIED, DOUBTFUL, Material
from benchlib.reporting.site.places import Place
from benchlib.reporting.site.practices import for_indicator, of_place
from benchlib.reporting.site.scores import ScoredYear
from benchlib.reporting.texts.who import origin
from benchlib.reporting.values import cost_mark, cost_note, efficiency_value, label_with_unit, ranked
from benchlib.reporting.words import Name, Words


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
    number = material.places.index(place)
    groups = list(_groups(material, number, words))
    shown = {row["mark"] for group in groups for row in group["rows"]}
    return {
        "title": words.name(place.unit),
        "place": place,
        "opening": _opening(place, words),
        "origin": origin(place.unit, former_municipalities(place.code), words),
        "facts": _facts(material, number, words),
        "best": _highlights(material, number, CLASSES, words),
        "last": _highlights(material, number, 1, words),
        "services": list(_services(material, place, words)),
        "reports": report_entries(material.reports_of(place), words),
        "networks": _networks(material, place, words),
        "practices": _practices(material, place, words),
        "groups": groups,
        "has_carried": any(CARRIED in mark for mark in shown),
        "cost_note": cost_note(words),
        "has_doubtful": any(DOUBTFUL in mark for mark in shown),
        "doubts": _doubts(material, place, words),
    }


def _opening(place: Place, words: Words) -> str:
    _ = words.gettext
    text = (
        _("{m} is a state city in the planning region {region}.")
        if place.is_city
        else _("{m} lies in the planning region {region}.")
    )
    return text.format(m=words.name(place.unit), region=Name(place.unit.region, words.language))


def _facts(material: Material, number: int, words: Words) -> Facts | None:
    """Key numbers: the context of the report on a municipality, each with the median of the country."""
    wanted = material.catalogue.reports.get("municipality", {}).get("context", ())
    text = words.gettext("{year}; median of all {median}")
    cards = {}
    for layer in _indicators(material):
        value, passport = layer.values[number], layer.about
        if value is not None and isinstance(passport, Passport):
            detail = text.format(year=layer.year, median=_median(layer, words))
            cards[passport.id] = Fact(label_with_unit(passport, words), value_text(layer, value, words), detail)
    chosen = tuple(cards[indicator] for indicator in wanted if indicator in cards)
    return Facts(chosen) if chosen else None


def _indicators(material: Material) -> list[Layer]:
    """The latest year of each indicator."""
    return [layer for layer in material.latest if not layer.is_score]


def _median(layer: Layer, words: Words) -> str:
    return value_text(layer, median(layer.known), words)


def _practices(material: Material, place: Place, words: Words) -> Json:
    """Links to practice examples: own ones, and those of others for the indicators in the last fifth."""
    groups = [
        {"name": layer.about.name[words.language], "practices": for_indicator(material, place, layer.about.id, words)}
        for layer in _in_fifth(material, material.places.index(place), 1)
    ]
    return {"own": of_place(material, place, words), "others": [group for group in groups if group["practices"]]}


def _in_fifth(material: Material, number: int, fifth: int) -> list[Layer]:
    """Indicators in which the municipality is in a fifth of the country; those without direction or rank are in none."""
    return [
        layer
        for layer in _indicators(material)
        if layer.direction and layer.fifths[number] == fifth and layer.ranks[number]
    ]


def _highlights(material: Material, number: int, fifth: int, words: Words) -> list[Json]:
    """Indicators in which the municipality is in the best, or the last, fifth of the country."""
    return [
        {
            "name": layer.about.name[words.language],
            "year": layer.year,
            "value": value_text(layer, layer.values[number], words),
            "rank": _rank(material, layer, number, words),
            "mark": cost_mark(layer.about) if isinstance(layer.about, Passport) else "",
        }
        for layer in _in_fifth(material, number, fifth)
    ]


def _groups(material: Material, number: int, words: Words) -> Iterator[Json]:
    """Tables of indicators, by kind."""
    for dimension, label in dimension_labels(words).items():
        rows = [
            _indicator_row(material, layer, number, words)
            for layer in _indicators(material)
            if isinstance(layer.about, Passport) and layer.about.dimension == dimension
        ]
        if rows:
            yield {"label": label, "rows": rows, "is_context": dimension == "context"}


def _indicator_row(material: Material, layer: Layer, number: int, words: Words) -> Json:
    value = layer.values[number]
    return {
        "name": f"{layer_name(layer, words)}{cost_mark(layer.about) if isinstance(layer.about, Passport) else ''}",
        "href": f"../data.html#{anchor(layer.about.id)}",
        "year": layer.year,
        "value": value_text(layer, value, words),
        "is_missing": value is None,
        "mark": "" if value is None else material.marks[material.codes[number], layer.about.id, layer.year],
        "median": _median(layer, words),
        "rank": _rank(material, layer, number, words),
        "fifth": layer.fifths[number] if layer.direction and layer.ranks[number] else None,
        "source": publishers(sources_of(material, layer), words),
    }


def _rank(material: Material, layer: Layer, number: int, words: Words) -> str:
    """Rank with the range in which it moved in the years around; context, where nobody is better, has none."""
    own = layer.ranks[number]
    if own is None or not layer.direction:
        return rank_text(own, len(layer.known), words)
    around = [
        (ranks[0], len(other.known))
        for other in material.layers
        if other.about is layer.about and abs(other.year - layer.year) <= REACH_YEARS and (ranks := other.ranks[number])
    ]
    places, counts = zip(*around, strict=True)
    low, high = (min(places), max(places)) if len(around) > 1 else (None, None)
    return ranked(own[0], low, high, len(layer.known), words, among=(min(counts), max(counts)))


def _services(material: Material, place: Place, words: Words) -> Iterator[Json]:
    """Scores of each service, the latest year first, and whom to learn from."""
    for service in material.catalogue.services.values():
        years = [scored for scored in material.scores if scored.service.id == service.id]
        if years:
            yield {
                "name": service.name[words.language],
                "definition": service.definition[words.language],
                "caveats": service.caveats[words.language],
                "sentence": _score_sentence(years[0], place, words),
                "rows": [_score_row(material, scored, place, words) for scored in years],
                "is_doubtful": any(scored.by_code[place.code].is_doubtful for scored in years),
            }


def _score_row(material: Material, scored: ScoredYear, place: Place, words: Words) -> Json:
    score = scored.by_code[place.code]
    peers = [material.by_code[code] for code in score.peers]
    corrected = "" if score.corrected is None else words.number(score.corrected, 2)
    return {
        "year": scored.year,
        "is_doubtful": score.is_doubtful,
        "efficiency": words.missing if score.efficiency is None else efficiency_value(score.efficiency, words),
        "own_kind": "" if score.own_kind is None else efficiency_value(score.own_kind, words),
        "corrected": f"{corrected} ({words.interval(score.low, score.high)})" if corrected else "",
        "rank": rank_text(score.ranks, scored.compared, words),
        "peers": [{"name": words.name(peer.unit), "href": f"{peer.slug}.html"} for peer in peers],
        "learners": score.learners,
    }


def _score_sentence(scored: ScoredYear, place: Place, words: Words) -> str:
    """The latest score in words, among those with whom the report on the municipality compares it; "" without one."""
    _ = words.gettext
    score = scored.by_code[place.code]
    is_own_kind = score.own_kind is not None and place.unit.kind == "novads"
    efficiency = score.own_kind if is_own_kind else score.efficiency
    if efficiency is None:
        return ""
    share = ""
    if efficiency >= 1:
        text = _best_text(is_own_kind, words)
    elif scored.service.orientation == "input":
        text = (
            _(
                "In {year}, among {count} novadi, the best practice reached at least the result of {m} with {share} less expenditure "
                "(without an interval)."
            )
            if is_own_kind
            else _(
                "In {year}, among {count} municipalities, the best practice reached at least the result of {m} with {share} less "
                "expenditure (without an interval)."
            )
        )
        share = words.percent(100 * (1 - efficiency), 0)
    else:
        text = (
            _(
                "In {year}, among {count} novadi, the best practice reached a result {share} greater than that of {m} with the same "
                "expenditure (without an interval)."
            )
            if is_own_kind
            else _(
                "In {year}, among {count} municipalities, the best practice reached a result {share} greater than that of {m} "
                "with the same expenditure (without an interval)."
            )
        )
        share = words.percent(100 * (1 / efficiency - 1), 0)
    count = score.own_count if is_own_kind else scored.compared
    return text.format(year=scored.year, count=count, m=words.name(place.unit), share=share)


def _best_text(is_own_kind: bool, words: Words) -> str:
    _ = words.gettext
    if is_own_kind:
        return _(
            "In {year}, {m} was on the frontier of best practice among novadi: none of the {count} novadi compared reached its result with "
            "less expenditure."
        )
    return _(
        "In {year}, {m} was on the frontier of best practice: none of the {count} municipalities compared reached its result with less "
        "expenditure."
    )


def _networks(material: Material, place: Place, words: Words) -> list[Json]:
    found = []
    known = ((material.networks[name], member) for name, members in material.members.items() for member in members)
    for network, member in known:
        if place.code not in member.heirs:
            continue
        former = words.name(member.unit) if member.unit is not None else member.name
        found.append(
            {
                "name": network.name[words.language],
                "href": f"../networks.html#{anchor(network.id)}",
                "as": "" if former == words.name(place.unit) else former,
                "source": member.source.get(words.language, ""),
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
