"""The catalogue: passports, services, networks and practice examples (`data/catalogue`, and what the user has added)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any

from benchlib.errors import BenchlibError, CatalogueError, UnknownIndicatorError
from benchlib.indicators.folder import own_folder
from benchlib.indicators.networks import Network, read_network
from benchlib.indicators.passports import Passport, Service
from benchlib.indicators.practices.practice import Practice, read_practice
from benchlib.indicators.registry import Registry, Source, build, entries, load_registry, read_toml
from benchlib.terms import Access, Dimension, Orientation, ReturnsToScale, check_option


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Passports, services, networks and practice examples of a data folder, with the registry that they rest on.

    Attributes
    ----------
    indicators, services, networks, practices : mapping
        Passports, models, networks and practice examples by id.
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
    practices: Mapping[str, Practice] = field(default_factory=dict)

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

    def network(self, network: str) -> Network:
        """Network by id.

        Raises
        ------
        UnknownIndicatorError
            If there is none; the message lists the networks.
        """
        if network in self.networks:
            return self.networks[network]
        raise UnknownIndicatorError(_unknown("network", network, self.networks, "data/catalogue/networks.toml"))

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

    def is_awaited(self, indicator: str) -> bool:
        """Whether nobody publishes what an indicator needs, and nobody has imported it yet.

        Raises
        ------
        UnknownIndicatorError
            If there is no such indicator.
        """
        return any(not self.registry.sources_of(measure) for measure in self.measures_of([indicator]))

    def nameable(self, indicators: Iterable[str], access: Access) -> tuple[str, ...]:
        """Those of some indicators that a report of an access may name: what only members know of has no name in public.

        Parameters
        ----------
        indicators : iterable of str
            Indicators by id; one without a passport stays, there is nothing to hide.
        access : {"public", "members"}
            Access of the report.

        Returns
        -------
        tuple of str
            In the order given.
        """
        hidden = {p.id for p in self.indicators.values() if p.access == "members"} if access == "public" else set()
        return tuple(name for name in indicators if name not in hidden)

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
        `indicators`, `services`, `networks`, `practices` by id, and the `registry`.

    Raises
    ------
    CatalogueError
        If a file is broken or refers to something unknown; the message names file, entry and field.
    """
    catalogue = without_practices(data)
    practices: dict[str, Practice] = {}
    for path in practice_files(data):
        if path.stem in practices:
            raise CatalogueError(f"{path}: there is a practice example of this name already; give the file another.")
        practices[path.stem] = read_practice(path, catalogue.networks, catalogue.indicators)
    return replace(catalogue, practices=practices)


def practice_files(data: Path | None = None) -> list[Path]:
    """Files of practice examples, the shipped ones first.

    Parameters
    ----------
    data : pathlib.Path, optional
        Data folder; the shipped one if absent.

    Returns
    -------
    list of pathlib.Path
    """
    return _files(_folders(load_registry(data).folder), "practices")


def without_practices(data: Path | None = None) -> Catalogue:
    """Catalogue of a data folder without its practice examples, by which these are checked.

    Parameters
    ----------
    data : pathlib.Path, optional
        Data folder; the shipped one if absent.

    Returns
    -------
    Catalogue

    Raises
    ------
    CatalogueError
        As `load_catalogue`.
    """
    registry = load_registry(data)
    shipped, folders = registry.folder / "catalogue", _folders(registry.folder)
    indicators: dict[str, Passport] = {}
    for path in _files(folders, "indicators"):
        for entry in entries(read_toml(path), "indicator", path):
            passport: Passport = build(Passport, entry, f"{path}, indicator {entry.get('id', '?')!r}")
            if passport.id in indicators:
                raise CatalogueError(f"{path}: indicator {passport.id!r} has a passport already; ids are unique.")
            indicators[passport.id] = passport
    for passport in indicators.values():
        _check_passport(passport, indicators, registry)
    networks: dict[str, Network] = {}
    for folder in folders:
        path = folder / "networks.toml"
        for key, entry in read_toml(path).items() if folder == shipped or path.exists() else ():
            networks[key] = read_network(key, entry, networks.get(key), indicators, str(path))
    services: dict[str, Service] = {
        path.stem: build(Service, {"id": path.stem, **read_toml(path)}, str(path))
        for path in _files(folders, "services")
    }
    for service in services.values():
        _check_service(service, indicators, networks, registry)
    reports = _reports(shipped / "reports.toml", indicators)
    return Catalogue(indicators, services, networks, registry, reports)


def _folders(data: Path) -> tuple[Path, Path]:
    """Catalogue of a data folder, and what the user has added to it."""
    return data / "catalogue", own_folder(data) / "catalogue"


def _files(folders: Iterable[Path], room: str) -> list[Path]:
    """TOML files of a room of the catalogue, the shipped ones first."""
    return [path for folder in folders for path in sorted((folder / room).glob("*.toml"))]


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
    named = (*service.inputs, *service.outputs, *service.detail_outputs, *service.context)
    for indicator in (*named, *service.coverage, *service.quality, *service.demography):
        if indicator not in indicators:
            raise CatalogueError(f"{where}: indicator {indicator!r} has no passport.")
    for indicator in (*service.coverage, *service.quality):
        if not indicators[indicator].direction:
            raise CatalogueError(
                f"{where}: {indicator!r} has no direction, so it cannot be judged as access or quality; name it in demography or context."
            )
    if service.volume and service.volume not in registry.measures:
        raise CatalogueError(f"{where}: volume = {service.volume!r} is not a measure of registry.toml.")
