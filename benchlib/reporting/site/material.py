"""Everything that the site is made of, gathered once for all pages and both languages; public figures only."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

import pandas as pd

from benchlib.comparison import service_overview
from benchlib.errors import BenchlibError
from benchlib.indicators import (
    Catalogue,
    Network,
    Passport,
    Practice,
    Source,
    Store,
    catalogue_of,
    load_indicators,
    select_practices,
)
from benchlib.indicators.registry import Doubt
from benchlib.reporting.site.layers import Layer, indicator_layers, score_layers
from benchlib.reporting.site.places import MemberPlace, Place, members_of, places
from benchlib.reporting.site.reports import Report, read_reports
from benchlib.reporting.site.scores import ScoredYear, scored_year
from benchlib.terms import Method

#: The seed of the report on a service: the site shows the very numbers of that report.
SEED: Final = 1
#: Marks of figures: carried over the reform; the registry doubts it.
CARRIED: Final = "*"
DOUBTFUL: Final = "?"
#: The site needs no comparison of methods; these two cost nothing.
_METHODS: tuple[Method, ...] = ("dea", "fdh")


@dataclass(frozen=True)
class Material:
    """What the pages are made of.

    Attributes
    ----------
    catalogue : Catalogue
        Of the data folder; it may know more than the public may, so pages take `passports`, `sources` and `doubts` from here.
    figures : pandas.DataFrame
        All public indicators of all years, tidy, as `load_indicators` gives them.
    scores : tuple of ScoredYear
        Scores of each service and year, the latest year of each service first.
    places : tuple of Place
        The municipalities of today, in the order of the alphabet.
    reports : tuple of Report
        Public reports of the batch.
    left_out : tuple of str
        What could not be taken, and why.
    """

    catalogue: Catalogue
    figures: pd.DataFrame
    scores: tuple[ScoredYear, ...]
    places: tuple[Place, ...]
    reports: tuple[Report, ...]
    left_out: tuple[str, ...]

    @cached_property
    def passports(self) -> dict[str, Passport]:
        """Passports of the indicators that have a public figure, in the order of the catalogue."""
        there = set(self.figures.loc[self.figures["value"].notna(), "indicator"])
        return {name: passport for name, passport in self.catalogue.indicators.items() if name in there}

    @cached_property
    def sources(self) -> tuple[Source, ...]:
        """Public sources of the figures shown, weights included."""
        needed = set(self.catalogue.measures_of(self.passports))
        registry = self.catalogue.registry
        return tuple(s for s in registry.sources if s.access == "public" and needed & set(s.measures))

    @cached_property
    def doubts(self) -> tuple[Doubt, ...]:
        """Doubts about figures of public sources that the indicators shown rest on."""
        public = {source.id for source in self.sources}
        needed = set(self.catalogue.measures_of(self.passports))
        doubts = self.catalogue.registry.doubts
        return tuple(doubt for doubt in doubts if doubt.source in public and doubt.measure in needed)

    @property
    def networks(self) -> Mapping[str, Network]:
        """Networks of the catalogue."""
        return self.catalogue.networks

    @cached_property
    def practices(self) -> tuple[Practice, ...]:
        """Public practice examples, the latest first."""
        return select_practices(self.catalogue.practices.values(), access="public")

    @cached_property
    def members(self) -> dict[str, tuple[MemberPlace, ...]]:
        """Known members of each network, by its id."""
        return {name: members_of(network) for name, network in self.networks.items()}

    @cached_property
    def marks(self) -> dict[tuple[str, str, int], str]:
        """Marks of figures that are not simply as published, by municipality, indicator and year."""
        table = self.figures
        carried = (table["status"] == "harmonised") & ((table["parts"] > 1) | (table["share_basis"] != ""))
        keys = zip(table["territory"], table["indicator"], table["year"], strict=True)
        signs = zip(carried, table["symbol"] == DOUBTFUL, strict=True)
        return {
            (t, i, int(y)): CARRIED * bool(c) + DOUBTFUL * bool(d)
            for (t, i, y), (c, d) in zip(keys, signs, strict=True)
        }

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """Codes of the municipalities, in the order of the places."""
        return tuple(place.code for place in self.places)

    @cached_property
    def by_code(self) -> dict[str, Place]:
        """Places by code."""
        return {place.code: place for place in self.places}

    @cached_property
    def layers(self) -> tuple[Layer, ...]:
        """What the map can show: scores first, then indicators; the latest year of each first."""
        return (
            *score_layers(self.scores, self.codes),
            *indicator_layers(self.figures, self.passports, self.codes),
        )

    @cached_property
    def latest(self) -> tuple[Layer, ...]:
        """The latest year of each indicator and score."""
        first: dict[str, Layer] = {}
        for layer in self.layers:
            first.setdefault(layer.id.rpartition("-")[0], layer)
        return tuple(first.values())

    def doubts_of(self, place: Place) -> list[Doubt]:
        """Doubts about figures of a municipality or of what became part of it."""
        codes = {place.code, *(part.unit.code for part in place.parts)}
        return [doubt for doubt in self.doubts if doubt.territory in codes]

    def reports_of(self, place: Place) -> list[Report]:
        """Reports on a municipality or on what became part of it."""
        return [report for report in self.reports if place.code in report.codes]


def gather(data: Path | None, reports: Path | None) -> Material:
    """Gather the public figures, scores and reports.

    Parameters
    ----------
    data : pathlib.Path or None
        Data folder; None: the shipped one.
    reports : pathlib.Path or None
        Folder of a batch of reports; None: there are no reports.

    Returns
    -------
    Material

    Raises
    ------
    ReportError
        If the list of reports cannot be read.
    NoFiguresError
        If there is no public figure at all.
    """
    found, left_out = read_reports(reports)
    store = None if data is None else Store(Path(data))
    catalogue = catalogue_of(store)
    figures = load_indicators("all", years="all", access="public", store=store)
    scores, unscored = _scores(catalogue, store)
    return Material(catalogue, figures, scores, places(), found, (*left_out, *unscored))


def _scores(catalogue: Catalogue, store: Store | None) -> tuple[tuple[ScoredYear, ...], list[str]]:
    found, left_out = [], []
    codes = [place.code for place in places()]
    for service in catalogue.services.values():
        for year in sorted(service.years, reverse=True):
            try:
                overview = service_overview(
                    service, year=year, seed=SEED, methods=_METHODS, access="public", store=store
                )
            except BenchlibError as error:
                left_out.append(f"There are no scores of the service {service.id} for {year}: {error}")
            else:
                found.append(scored_year(overview, codes))
    return tuple(found), left_out


def sha256_of(content: bytes) -> str:
    """SHA-256 of some bytes, hexadecimal."""
    return hashlib.sha256(content).hexdigest()
