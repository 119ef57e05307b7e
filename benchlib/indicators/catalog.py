"""The catalogue: passports of indicators, services as models, networks (`data/catalogue/*.toml`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any

from benchlib.errors import BenchlibError, CatalogueError, UnknownIndicatorError
from benchlib.indicators.registry import Measure, Registry, Source, Texts, build, entries, load_registry, read_toml
from benchlib.terms import Access, Dimension, Orientation, ReturnsToScale, check_option


@dataclass(frozen=True, slots=True)
class Passport:
    """What must be known about an indicator before it is used.

    An indicator is one of three: a `measure` as published, `numerator / denominator * scale`, or the plain `mean_of`
    other indicators.

    Attributes
    ----------
    id : str
        Word by which the indicator is loaded.
    name, definition : mapping
        Texts by language, "lv" and "en".
    unit : mapping
        Unit as readers see it, by language.
    dimension : str
        cost, productivity, coverage, quality, satisfaction or context.
    direction : {-1, 0, 1}
        1: more is better; -1: less is better; 0: neither.
    decimals : int
        Decimals to show.
    measure, numerator, denominator, mean_of, scale
        The formula; measures by id, `mean_of` indicators by id.
    max_year_gap : int
        How many years the denominator may lie from the numerator; a figure with a gap is marked "estimated".
    update_month : str
        Month of the publisher's yearly update, or "not recorded".
    breaks : tuple of str
        Known breaks of the series.
    caveats : mapping
        What a reader must know, by language.
    volume : str
        Measure that turns a unit cost into money (room for manoeuvre); "" where that makes no sense.
    access : {"public", "members"}
        Who may see it.
    """

    id: str
    name: Texts
    definition: Texts
    unit: Texts
    dimension: str
    direction: int
    decimals: int
    caveats: Texts
    measure: str = ""
    numerator: str = ""
    denominator: str = ""
    mean_of: tuple[str, ...] = ()
    scale: float = 1.0
    max_year_gap: int = 0
    update_month: str = "not recorded"
    breaks: tuple[str, ...] = ()
    volume: str = ""
    access: str = "public"

    @property
    def measures(self) -> tuple[str, ...]:
        """Measures that the formula needs directly."""
        return tuple(m for m in (self.measure, self.numerator, self.denominator) if m)

    def harmonisation(self, measures: Mapping[str, Measure]) -> str:
        """How the indicator is carried over a reform, in a word that the passport shows.

        Parameters
        ----------
        measures : mapping of str to Measure
            Measures of the registry.

        Returns
        -------
        str
            "sum", "recomputed from summed parts", "mean weighted by ..." or "not harmonisable".
        """
        if self.mean_of:
            return "mean of harmonised indicators"
        if self.numerator:
            return "recomputed from summed parts"
        measure = measures[self.measure]
        if measure.kind == "ratio":
            return f"mean weighted by {measure.weight}"
        return "sum" if measure.kind == "additive" else "not harmonisable"


@dataclass(frozen=True, slots=True)
class Service:
    """A public service as a model: what goes in, what comes out, under which conditions.

    Attributes
    ----------
    id, name, definition, caveats
        As in `Passport`.
    inputs, outputs, detail_outputs, quality, context : tuple of str
        Indicators by id. `detail_outputs` are the parts of the outputs for a sensitivity check.
    method, orientation, rts : str
        Default estimator and its options.
    volume : str
        Measure that turns the input per user into money.
    years : tuple of int
        Years for which inputs and outputs are there.
    network : str
        Network whose theme the service is.
    """

    id: str
    name: Texts
    definition: Texts
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    context: tuple[str, ...]
    method: str
    orientation: str
    rts: str
    volume: str
    years: tuple[int, ...]
    network: str
    caveats: Texts
    detail_outputs: tuple[str, ...] = ()
    quality: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Network:
    """A thematic cooperation network and its known members.

    Attributes
    ----------
    id : str
        "T1" to "T4", or a user's own.
    name, theme : mapping
        Texts by language.
    members : tuple of mapping
        `name` of the municipality of 2009 as the source has it, `source` that names it.
    members_complete : bool
        False where the published list is known to be incomplete.
    members_unresolved : tuple of str
        Names that the sources give without saying whether the city or the novads is meant.
    sources : tuple of str
        Where the network is described.
    """

    id: str
    name: Texts
    theme: Texts
    members: tuple[Mapping[str, str], ...]
    members_complete: bool
    sources: tuple[str, ...]
    members_unresolved: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Passports, services and networks of a data folder, with the registry that they rest on.

    Attributes
    ----------
    indicators, services, networks : mapping
        Passports, models and networks by id.
    registry : Registry
        Measures and sources.
    reports : mapping
        For each report, the indicators that each of its sections shows.
    """

    indicators: Mapping[str, Passport]
    services: Mapping[str, Service]
    networks: Mapping[str, Network]
    registry: Registry
    reports: Mapping[str, Mapping[str, tuple[str, ...]]]

    def passport(self, indicator: str) -> Passport:
        """Passport by id.

        Raises
        ------
        UnknownIndicatorError
            If there is none; the message gives the nearest ids.
        """
        if indicator in self.indicators:
            return self.indicators[indicator]
        raise UnknownIndicatorError(_unknown("indicator", indicator, self.indicators, "benchlib data list"))

    def service(self, service: str) -> Service:
        """Service by id.

        Raises
        ------
        UnknownIndicatorError
            If there is none; the message lists the services.
        """
        if service in self.services:
            return self.services[service]
        raise UnknownIndicatorError(_unknown("service", service, self.services, "data/catalogue/services"))

    def sources_of(self, indicator: str) -> tuple[Source, ...]:
        """Sources of the figures of an indicator; those that only weight it over a reform are left out.

        Parameters
        ----------
        indicator : str
            Indicator by id.

        Returns
        -------
        tuple of Source
            In the order of the registry.
        """
        passport = self.passport(indicator)
        parts = [self.passport(part) for part in passport.mean_of] or [passport]
        shown = {measure for part in parts for measure in part.measures}
        return tuple(source for source in self.registry.sources if shown & set(source.measures))

    def measures_of(self, indicators: Iterable[str]) -> tuple[str, ...]:
        """Every measure needed to compute and harmonise some indicators, weights included."""
        needed: dict[str, None] = {}
        for indicator in indicators:
            passport = self.passport(indicator)
            for measure in (*passport.measures, *self.measures_of(passport.mean_of)):
                needed[measure] = None
                if self.registry.measures[measure].weight:
                    needed[self.registry.measures[measure].weight] = None
        return tuple(needed)


def _unknown(kind: str, word: Any, known: Iterable[str], where: str) -> str:
    names = list(known)
    nearest = get_close_matches(str(word), names, n=3, cutoff=0.0)
    return f"No {kind} has the id {str(word)[:60]!r}. Nearest: {', '.join(nearest)}. All: {where}."


@cache
def load_catalogue(data: Path | None = None) -> Catalogue:
    """Catalogue of a data folder, checked.

    Parameters
    ----------
    data : pathlib.Path, optional
        Data folder; the shipped one if absent.

    Returns
    -------
    Catalogue
        `indicators`, `services`, `networks` by id, and the `registry`.

    Raises
    ------
    CatalogueError
        If a file is broken or refers to something unknown; the message names file, entry and field.
    """
    registry = load_registry(data)
    folder = registry.folder / "catalogue"
    indicators: dict[str, Passport] = {}
    for path in sorted((folder / "indicators").glob("*.toml")):
        for entry in entries(read_toml(path), "indicator", path):
            passport: Passport = build(Passport, entry, f"{path}, indicator {entry.get('id', '?')!r}")
            if passport.id in indicators:
                raise CatalogueError(f"{path}: indicator {passport.id!r} has a passport already; ids are unique.")
            indicators[passport.id] = passport
    for passport in indicators.values():
        _check_passport(passport, indicators, registry)
    path = folder / "networks.toml"
    networks: dict[str, Network] = {
        key: build(Network, {"id": key, **entry}, f"{path}, {key}") for key, entry in read_toml(path).items()
    }
    services: dict[str, Service] = {
        path.stem: build(Service, {"id": path.stem, **read_toml(path)}, str(path))
        for path in sorted((folder / "services").glob("*.toml"))
    }
    for service in services.values():
        _check_service(service, indicators, networks, registry)
    return Catalogue(indicators, services, networks, registry, _reports(folder / "reports.toml", indicators))


def _reports(path: Path, indicators: Mapping[str, Passport]) -> dict[str, dict[str, tuple[str, ...]]]:
    reports = {name: {part: tuple(ids) for part, ids in parts.items()} for name, parts in read_toml(path).items()}
    for name, parts in reports.items():
        for part, ids in parts.items():
            for indicator in ids:
                if indicator not in indicators:
                    raise CatalogueError(f"{path}, {name}.{part}: indicator {indicator!r} has no passport.")
    return reports


def _check_passport(passport: Passport, indicators: Mapping[str, Passport], registry: Registry) -> None:
    where = f"catalogue/indicators, {passport.id!r}"
    try:
        check_option("dimension", passport.dimension, Dimension)
        check_option("access", passport.access, Access)
    except BenchlibError as error:
        raise CatalogueError(f"{where}: {error}") from error
    if passport.direction not in (-1, 0, 1):
        raise CatalogueError(f"{where}: direction = {passport.direction!r} is not -1, 0 or 1.")
    forms = [bool(passport.measure), bool(passport.numerator and passport.denominator), bool(passport.mean_of)]
    if sum(forms) != 1 or bool(passport.numerator) != bool(passport.denominator):
        raise CatalogueError(f"{where}: give exactly one of measure, numerator with denominator, mean_of.")
    for measure in (*passport.measures, *([passport.volume] if passport.volume else [])):
        if measure not in registry.measures:
            raise CatalogueError(f"{where}: measure {measure!r} is not in registry.toml.")
    for part in (passport.numerator, passport.denominator):
        if part and registry.measures[part].kind != "additive":
            raise CatalogueError(f"{where}: {part!r} is not additive; only additive measures form a ratio.")
    for part in passport.mean_of:
        if part not in indicators or indicators[part].mean_of:
            raise CatalogueError(f"{where}: mean_of names {part!r}, which is not an indicator of its own.")


def _check_service(
    service: Service, indicators: Mapping[str, Passport], networks: Mapping[str, Network], registry: Registry
) -> None:
    where = f"catalogue/services/{service.id}.toml"
    try:
        check_option("orientation", service.orientation, Orientation)
        check_option("rts", service.rts, ReturnsToScale)
    except BenchlibError as error:
        raise CatalogueError(f"{where}: {error}") from error
    if service.network and service.network not in networks:
        raise CatalogueError(f"{where}: network {service.network!r} is not in networks.toml.")
    for indicator in (*service.inputs, *service.outputs, *service.detail_outputs, *service.quality, *service.context):
        if indicator not in indicators:
            raise CatalogueError(f"{where}: indicator {indicator!r} has no passport.")
    if service.volume and service.volume not in registry.measures:
        raise CatalogueError(f"{where}: volume = {service.volume!r} is not a measure of registry.toml.")
