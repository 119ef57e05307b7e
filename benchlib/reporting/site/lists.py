"""The other pages: former municipalities, networks, reports, data with passports, the method."""

from __future__ import annotations

from statistics import median

from benchlib.indicators import Network, Passport, Source, select_practices
from benchlib.reporting.site.layer_texts import Json, anchor, dimension_labels
from benchlib.reporting.site.links import report_entries
from benchlib.reporting.site.material import Material
from benchlib.reporting.site.places import MemberPlace, former_places
from benchlib.reporting.site.practices import practice_links
from benchlib.reporting.site.scores import ScoredYear
from benchlib.reporting.words import Words


def former_content(material: Material, words: Words) -> Json:
    """Former municipalities and where they are today.

    Parameters
    ----------
    material : Material
        With the municipalities of today.
    words : Words
        Language.

    Returns
    -------
    dict
        For the template `former.html.j2`.
    """
    _ = words.gettext
    basis = {"population": _("of its population"), "area": _("of its area"), "": ""}
    rows = []
    for former in former_places():
        heirs = []
        for code, share in zip(former.heirs, former.shares, strict=True):
            part = "" if share == 1 else f"{words.percent(100 * share, 0)} {basis[former.basis]}"
            heirs.append({**_place_link(material, code, words), "part": part})
        rows.append({"name": words.name(former.unit), "heirs": heirs})
    return {"rows": rows}


def _place_link(material: Material, code: str, words: Words) -> Json:
    place = material.by_code[code]
    return {"name": words.name(place.unit), "href": f"municipality/{place.slug}.html"}


def networks_content(material: Material, words: Words) -> Json:
    """Networks with their known members and the reports for them.

    Parameters
    ----------
    material : Material
        With networks and reports.
    words : Words
        Language.

    Returns
    -------
    dict
        For the template `networks.html.j2`.
    """
    return {"networks": [_network(material, network, words) for network in material.networks.values()]}


def _network(material: Material, network: Network, words: Words) -> Json:
    reports = [report for report in material.reports if report.network == network.id]
    services = [s.name[words.language] for s in material.catalogue.services.values() if s.network == network.id]
    return {
        "anchor": anchor(network.id),
        "name": network.name[words.language],
        "theme": network.theme[words.language],
        "members": [_member(material, member, words) for member in material.members[network.id]],
        "is_complete": network.members_complete,
        "sources": [source[words.language] for source in network.sources],
        "services": services,
        "reports": report_entries(reports, words),
        "practices": practice_links(select_practices(material.practices, network=network.id), words),
    }


def _member(material: Material, member: MemberPlace, words: Words) -> Json:
    return {
        "name": member.name if member.unit is None else words.name(member.unit),
        "is_resolved": member.unit is not None,
        "source": member.source.get(words.language, ""),
        "heirs": [_place_link(material, code, words) for code in member.heirs],
    }


def reports_content(material: Material, words: Words) -> Json:
    """Every report: on services, on municipalities, and whatever else the batch holds.

    Parameters
    ----------
    material : Material
        With services, scores and reports.
    words : Words
        Language.

    Returns
    -------
    dict
        For the template `reports.html.j2`.
    """
    about_places = [
        {
            "name": words.name(place.unit),
            "slug": place.slug,
            "reports": report_entries(material.reports_of(place), words),
        }
        for place in material.places
    ]
    known = material.catalogue.services
    others = [
        r for r in material.reports if not r.codes and r.service not in known and r.network not in material.networks
    ]
    return {
        "services": [_service(material, service, words) for service in known],
        "places": [entry for entry in about_places if entry["reports"]],
        "networks": report_entries([r for r in material.reports if r.network in material.networks], words),
        "others": report_entries(others, words),
        "count": sum(bool(report.files) for report in material.reports),
    }


def _service(material: Material, name: str, words: Words) -> Json:
    service = material.catalogue.services[name]
    reports = [r for r in material.reports if r.service == name and not r.codes and r.network not in material.networks]
    return {
        "anchor": anchor(name),
        "name": service.name[words.language],
        "definition": service.definition[words.language],
        "caveats": service.caveats[words.language],
        "rows": [_score_summary(year, words) for year in material.scores if year.service.id == name],
        "reports": report_entries(reports, words),
    }


def _score_summary(scored: ScoredYear, words: Words) -> Json:
    return {
        "year": scored.year,
        "count": scored.compared,
        "best": sum(efficiency >= 1 for efficiency in scored.efficiencies),
        "median": words.number(median(scored.efficiencies), 2),
    }


def data_content(material: Material, words: Words) -> Json:
    """Passports of the indicators and the sources of the figures.

    Parameters
    ----------
    material : Material
        With the public indicators and their sources.
    words : Words
        Language.

    Returns
    -------
    dict
        For the template `data.html.j2`.
    """
    groups = []
    for dimension, label in dimension_labels(words).items():
        passports = [p for p in material.passports.values() if p.dimension == dimension]
        if passports:
            groups.append({"label": label, "passports": [_passport(material, p, words) for p in passports]})
    return {"groups": groups, "sources": [_source(source, words) for source in material.sources]}


def _passport(material: Material, passport: Passport, words: Words) -> Json:
    _ = words.gettext
    language = words.language
    years = sorted({layer.year for layer in material.layers if layer.about is passport})
    directions = {1: _("more is better"), -1: _("less is better"), 0: _("neither more nor less is better")}
    named = {source.id for source in material.catalogue.sources_of(passport.id)}
    rows = [
        (_("Unit"), passport.unit[language]),
        (_("Direction"), directions[passport.direction]),
        (_("Formula"), formula(material, passport, words)),
        (_("Years"), ", ".join(map(str, years))),
        (_("Carried over the reform"), _harmonisation(material, passport, words)),
        (
            _("Source"),
            "; ".join(f"{s.publisher[language]}: {s.table[language]}" for s in material.sources if s.id in named),
        ),
        (_("Caveats"), passport.caveats[language]),
    ]
    return {
        "anchor": anchor(passport.id),
        "id": passport.id,
        "name": passport.name[language],
        "definition": passport.definition[language],
        "rows": [(label, text) for label, text in rows if text],
        "breaks": "; ".join(passport.breaks),
    }


def formula(material: Material, passport: Passport, words: Words) -> str:
    """How an indicator comes from what was published, in names of measures.

    Parameters
    ----------
    material : Material
        With measures and passports.
    passport : Passport
        The indicator.
    words : Words
        Language.

    Returns
    -------
    str
    """
    _ = words.gettext
    language, measures = words.language, material.catalogue.registry.measures
    if passport.mean_of:
        names = "; ".join(material.catalogue.indicators[part].name[language] for part in passport.mean_of)
        return _("mean of: {names}").format(names=names)
    times = "" if passport.scale == 1 else f" × {words.number(passport.scale, 0 if passport.scale.is_integer() else 6)}"
    if passport.measure:
        published = _("as published")
        return f"{published}{times}"
    return f"{measures[passport.numerator].name[language]} / {measures[passport.denominator].name[language]}{times}"


def _harmonisation(material: Material, passport: Passport, words: Words) -> str:
    """How the indicator is carried over a reform, in the reader's language (see `Passport.harmonisation`)."""
    _ = words.gettext
    measures = material.catalogue.registry.measures
    if passport.mean_of:
        return _("mean of the carried indicators")
    if passport.numerator:
        return _("parts of the fraction are added up, then divided")
    measure = measures[passport.measure]
    if measure.kind == "ratio":
        return _("mean, weighted by: {weight}").format(weight=measures[measure.weight].name[words.language])
    return _("added up") if measure.kind == "additive" else _("cannot be carried")


def _source(source: Source, words: Words) -> Json:
    _ = words.gettext
    vintage = words.date(source.vintage)
    if source.vintage_basis == "compiled":
        vintage = _("compiled {date}").format(date=vintage)
    first, last = min(source.years), max(source.years)
    return {
        "publisher": source.publisher[words.language],
        "table": source.table[words.language],
        "years": "\N{EN DASH}".join(dict.fromkeys((str(first), str(last)))),
        "licence": _("not recorded; attribution is owed") if source.licence == "not recorded" else source.licence,
        "vintage": vintage,
        "caveats": source.caveats[words.language],
    }


def method_content(material: Material) -> Json:
    """The years about which the scores speak; None without scores.

    Parameters
    ----------
    material : Material
        With the scores.

    Returns
    -------
    dict
        For the template `method.html.j2`.
    """
    years = [scored.year for scored in material.scores]
    return {"first": min(years, default=None), "last": max(years, default=None)}
