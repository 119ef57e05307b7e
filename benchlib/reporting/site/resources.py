"""The tables for download, column by column: figures, scores, passports, sources, doubts, former municipalities."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

from benchlib.reporting.site.material import SEED, Material
from benchlib.reporting.site.places import former_places
from benchlib.reporting.site.scores import ScoredYear

_PRACTICE_TEXTS: Final = {
    "title": "What it is called",
    "action": "What was done",
    "cost": "What it cost",
    "result": "What came of it",
    "contact": "Office to ask",
    "body": "Who did it, if no municipality did",
}
FieldType: TypeAlias = Literal["string", "integer", "number", "boolean", "year", "date"]
Row: TypeAlias = tuple[Any, ...]


@dataclass(frozen=True)
class Field:
    """A column: name, type of Table Schema, meaning, and whether it may be empty."""

    name: str
    type: FieldType
    description: str
    is_required: bool = True

    def described(self) -> dict[str, Any]:
        """Return the column as Table Schema says it."""
        entry: dict[str, Any] = {"name": self.name, "type": self.type, "description": self.description}
        return entry | {"constraints": {"required": True}} if self.is_required else entry


@dataclass(frozen=True)
class Resource:
    """A table for download.

    Attributes
    ----------
    name, title, description : str
        Name of the file without its ending, and what it holds.
    fields : tuple of Field
        Columns.
    rows : list of tuple
        Values in the order of the fields; None is missing.
    key : tuple of str
        Columns that tell the rows apart.
    links : tuple of (str, str, str)
        Column, and the table and column to which it points.
    """

    name: str
    title: str
    description: str
    fields: tuple[Field, ...]
    rows: list[Row]
    key: tuple[str, ...]
    links: tuple[tuple[str, str, str], ...] = ()


def resources(material: Material) -> list[Resource]:
    """The tables for download.

    Parameters
    ----------
    material : Material
        Public figures, scores and passports.

    Returns
    -------
    list of Resource
        Those without a row are left out.
    """
    tables = [
        _indicators(material),
        _passports(material),
        _scores(material),
        _sources(material),
        _doubts(material),
        _practices(material),
        _former(material),
    ]
    return [table for table in tables if table.rows]


def _value(number: float) -> float | None:
    return float(number) if math.isfinite(number) else None


def _indicators(material: Material) -> Resource:
    fields = (
        Field("territory", "string", "ATVK code of the municipality of 2025; text, with leading zeros"),
        Field("name", "string", "Name of the municipality"),
        Field("indicator", "string", "Indicator, by its id in passports.csv"),
        Field("year", "year", "Year of the figure"),
        Field("value", "number", "The figure; empty where it is missing", is_required=False),
        Field("unit", "string", "Unit of the value"),
        Field("status", "string", "observed, estimated, harmonised (carried over the reform), missing or suppressed"),
        Field("symbol", "string", "Symbol of the publisher; '?': doubtful, see doubts.csv", is_required=False),
        Field("parts", "integer", "Number of former municipalities whose figures are in the value"),
        Field(
            "share_basis", "string", "population or area: what the share of a split part rests on", is_required=False
        ),
        Field(
            "basis_year", "year", "Year of denominator or weight where it is not that of the figure", is_required=False
        ),
        Field("source", "string", "Source of the figure, by its id in sources.csv", is_required=False),
        Field("vintage", "date", "Day on which the source was published or compiled", is_required=False),
    )
    table = material.figures.loc[material.figures["indicator"].isin(material.passports)]
    rows = [
        (
            r["territory"],
            r["name"],
            r["indicator"],
            int(r["year"]),
            _value(r["value"]),
            r["unit"],
            r["status"],
            r["symbol"] or None,
            int(r["parts"]),
            r["share_basis"] or None,
            int(r["basis_year"]) or None,
            r["source"] or None,
            r["vintage"] or None,
        )
        for r in table.to_dict("records")
    ]
    return Resource(
        "indicators",
        "Indicators of all municipalities and years",
        "One row for each municipality, indicator and year.",
        fields,
        rows,
        ("indicator", "year", "territory"),
        (("indicator", "passports", "id"),),
    )


def _passports(material: Material) -> Resource:
    fields = (
        Field("id", "string", "Word by which the indicator is named"),
        *(
            Field(f"{text}_{language}", "string", f"{text.capitalize()} ({language})")
            for text in ("name", "definition", "unit")
            for language in ("lv", "en")
        ),
        Field("dimension", "string", "cost, productivity, coverage, quality, satisfaction or context"),
        Field("direction", "integer", "1: more is better, -1: less is better, 0: neither"),
        Field("decimals", "integer", "Decimals to show"),
        Field("measure", "string", "Published measure that the indicator shows", is_required=False),
        Field("numerator", "string", "Measure above the line", is_required=False),
        Field("denominator", "string", "Measure below the line", is_required=False),
        Field("mean_of", "string", "Indicators of which this is the mean, separated by spaces", is_required=False),
        Field("scale", "number", "Factor of the formula"),
        Field("max_year_gap", "integer", "How many years the denominator may lie from the numerator"),
        Field("harmonisation", "string", "How the indicator is carried over a reform"),
        Field("breaks", "string", "Known breaks of the series", is_required=False),
        Field("caveats_lv", "string", "What a reader must know (lv)", is_required=False),
        Field("caveats_en", "string", "What a reader must know (en)", is_required=False),
        Field("sources", "string", "Sources, by their ids in sources.csv, separated by spaces", is_required=False),
    )
    measures, public = material.catalogue.registry.measures, {source.id for source in material.sources}
    rows = [
        (
            p.id,
            *(texts[language] for texts in (p.name, p.definition, p.unit) for language in ("lv", "en")),
            p.dimension,
            p.direction,
            p.decimals,
            p.measure or None,
            p.numerator or None,
            p.denominator or None,
            " ".join(p.mean_of) or None,
            float(p.scale),
            p.max_year_gap,
            p.harmonisation(measures),
            "; ".join(p.breaks) or None,
            p.caveats["lv"] or None,
            p.caveats["en"] or None,
            " ".join(s.id for s in material.catalogue.sources_of(p.id) if s.id in public) or None,
        )
        for p in material.passports.values()
    ]
    return Resource(
        "passports",
        "Passports of the indicators",
        "What must be known about an indicator before it is used.",
        fields,
        rows,
        ("id",),
    )


def _scores(material: Material) -> Resource:
    fields = (
        Field("service", "string", "Service that is scored"),
        Field("year", "year", "Year of inputs and outputs"),
        Field("territory", "string", "ATVK code of the municipality of 2025"),
        Field("name", "string", "Name of the municipality"),
        Field(
            "efficiency",
            "number",
            "DEA score among all municipalities; 1 on the frontier; empty without complete figures",
            is_required=False,
        ),
        Field("efficiency_fdh", "number", "FDH score: against single municipalities only", is_required=False),
        Field("corrected", "number", "DEA score corrected for the small number of municipalities", is_required=False),
        Field("low", "number", "Lower end of the 95% interval", is_required=False),
        Field("high", "number", "Upper end of the 95% interval", is_required=False),
        Field("rank_low", "integer", "Best rank that the municipality may hold (95%)", is_required=False),
        Field("rank_high", "integer", "Last rank that the municipality may hold (95%)", is_required=False),
        Field("is_doubtful", "boolean", "Whether the score rests on figures that the registry doubts"),
        Field(
            "peers",
            "string",
            "Codes of those to learn from, the heaviest first, separated by spaces",
            is_required=False,
        ),
    )
    rows = [row for scored in material.scores for row in _score_rows(material, scored)]
    description = (
        "Data envelopment analysis of the inputs and outputs of the service, variable returns to scale; bias-corrected scores, intervals "
        f"and ranges of ranks by the smoothed bootstrap of Simar and Wilson (1998), 2,000 replications, seed {SEED}."
    )
    return Resource(
        "scores", "Efficiency scores and how sure they are", description, fields, rows, ("service", "year", "territory")
    )


def _score_rows(material: Material, scored: ScoredYear) -> Iterator[Row]:
    for place in material.places:
        score = scored.by_code[place.code]
        yield (
            scored.service.id,
            scored.year,
            place.code,
            place.unit.name,
            score.efficiency,
            score.efficiency_fdh,
            score.corrected,
            score.low,
            score.high,
            *(score.ranks or (None, None)),
            score.is_doubtful,
            " ".join(score.peers) or None,
        )


def _sources(material: Material) -> Resource:
    fields = (
        Field("id", "string", "Word by which figures name the source"),
        *(
            Field(f"{text}_{language}", "string", f"{text.capitalize()} ({language})")
            for text in ("publisher", "table")
            for language in ("lv", "en")
        ),
        Field("territory", "string", "Classification of the published figures: 2009, 2021 or 2025"),
        Field("first_year", "year", "First year"),
        Field("last_year", "year", "Last year"),
        Field("licence", "string", "Licence, or 'not recorded'"),
        Field("vintage", "date", "Day on which the table was published or compiled"),
        Field("vintage_basis", "string", "'published', or 'compiled' where the publisher's own date is not recorded"),
        Field("caveats_lv", "string", "What a reader must know (lv)", is_required=False),
        Field("caveats_en", "string", "What a reader must know (en)", is_required=False),
    )
    rows = [
        (
            s.id,
            *(texts[language] for texts in (s.publisher, s.table) for language in ("lv", "en")),
            s.territory,
            min(s.years),
            max(s.years),
            s.licence,
            str(s.vintage),
            s.vintage_basis,
            s.caveats["lv"] or None,
            s.caveats["en"] or None,
        )
        for s in material.sources
    ]
    return Resource(
        "sources", "Sources of the figures", "Publisher, table, licence and date of each source.", fields, rows, ("id",)
    )


def _doubts(material: Material) -> Resource:
    fields = (
        Field("source", "string", "Source, by its id in sources.csv"),
        Field("territory", "string", "ATVK code, of the classification of the source"),
        Field("year", "year", "Year of the figure"),
        Field("measure", "string", "Published measure"),
        Field("used", "string", "'missing' (not used), 'as published' (used, but doubtful) or the corrected value"),
        Field("reason_lv", "string", "Why (lv)"),
        Field("reason_en", "string", "Why (en)"),
    )
    rows = [(d.source, d.territory, d.year, d.measure, d.used, d.reason["lv"], d.reason["en"]) for d in material.doubts]
    key = ("source", "territory", "year", "measure")
    return Resource(
        "doubts", "Doubtful figures", "Published figures that cannot be right, or may not be.", fields, rows, key
    )


def _practices(material: Material) -> Resource:
    texts = ("title", "action", "cost", "result", "contact", "body")
    fields = (
        Field("id", "string", "Name of the practice example"),
        Field("municipality", "string", "Municipality that did it, as it was called then", is_required=False),
        Field("classification", "year", "Classification in which it had this name: 2009, 2021 or 2025"),
        Field("territory", "string", "ATVK codes of 2025 that hold it, separated by spaces", is_required=False),
        Field("country", "string", "Country in two letters"),
        Field("network", "string", "Network whose theme it belongs to"),
        Field("indicators", "string", "Indicators by id that it aims at, separated by spaces", is_required=False),
        Field("year", "year", "Year in which it was done or begun; empty if not known", is_required=False),
        Field("source", "string", "Where this is written"),
        Field("language", "string", "Language of the source in two letters"),
        *(
            Field(f"{text}_{language}", "string", f"{_PRACTICE_TEXTS[text]} ({language})", is_required=False)
            for text in texts
            for language in ("lv", "en")
        ),
    )
    known = material.catalogue.indicators
    rows = [
        (
            practice.id,
            practice.unit.name if practice.unit else None,
            int(practice.territory),
            " ".join(practice.codes()) or None,
            practice.country,
            practice.network,
            " ".join(name for name in practice.indicators if known[name].access == "public") or None,
            practice.year or None,
            practice.source,
            practice.language,
            *((getattr(practice, text) or {}).get(language) or None for text in texts for language in ("lv", "en")),
        )
        for practice in material.practices
    ]
    description = "What others did, as its source tells it. An empty cell: the source does not say it."
    return Resource("practices", "Practice examples", description, fields, rows, ("id",))


def _former(material: Material) -> Resource:
    fields = (
        Field("former_code", "string", "ATVK code of the municipality that is no longer one of its own"),
        Field("former_name", "string", "Its name"),
        Field("territory", "string", "ATVK code of the municipality of 2025 that holds it or a part of it"),
        Field("name", "string", "Name of that municipality"),
        Field("population_share", "number", "Share of its population that came there, 0 to 1"),
        Field(
            "basis", "string", "population or area: what the share rests on; empty if it came whole", is_required=False
        ),
    )
    rows = [
        (former.unit.code, former.unit.name, code, material.by_code[code].unit.name, share, former.basis or None)
        for former in former_places()
        for code, share in zip(former.heirs, former.shares, strict=True)
    ]
    title, about = "Former municipalities", "Where the municipalities of before the reform of 2021 are today."
    return Resource("former_municipalities", title, about, fields, rows, ("former_code", "territory"))
