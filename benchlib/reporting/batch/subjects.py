"""What a run is about: its subject is checked before anything starts, and names the files.

Names go through `slug`, so that whatever a name contains, the files stay inside their folder.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from benchlib.comparison import named_members
from benchlib.errors import ParameterError
from benchlib.indicators import classification, find_municipality, full_name, load_catalogue
from benchlib.reporting.parameters import Parameters
from benchlib.reporting.schemas import (
    EnergyEfficiencyParameters,
    ImprovementPlanParameters,
    MunicipalityParameters,
    NetworkParameters,
    RegionParameters,
    ServiceParameters,
    SocialServicesParameters,
)
from benchlib.reporting.words import slug
from benchlib.terms import Classification


def everything(subject: str, given: Mapping[str, Any]) -> list[str]:
    """Return everything that a notebook can be about.

    Parameters
    ----------
    subject : str
        `Parameters.subject` of the notebook.
    given : mapping
        Parameters that are the same for all runs.

    Returns
    -------
    list of str
        Names of municipalities, regions, services, networks or registers.
    """
    territory = given.get("territory", MunicipalityParameters.territory)
    if subject == "municipality":
        return [full_name(unit) for unit in classification(territory)]
    if subject == "region":
        return sorted({unit.region for unit in classification(territory)})
    catalogue = load_catalogue()
    if subject == "register":
        return ["demo"]
    return sorted({"service": catalogue.services, "network": catalogue.networks}[subject])


def stem_of(parameters: Parameters) -> str:
    """Check what a run is about and return the name of its files without suffix.

    Parameters
    ----------
    parameters : Parameters
        Checked one by one already.

    Returns
    -------
    str
        Letters, digits and hyphens only.

    Raises
    ------
    ParameterError, UnknownTerritoryError, AmbiguousTerritoryError, OptionError
        If there is no such subject, or there are no figures for its year.
    """
    subject = _subject(parameters)
    territory = getattr(parameters, "territory", "")
    of = "" if territory == getattr(type(parameters), "territory", "") else f"-of-{territory}"
    year = f"-{parameters.year}" if hasattr(parameters, "year") else ""
    access = getattr(parameters, "access", "public")
    closed = "" if access == "public" else f"-{access}"
    return f"{slug(subject)}{of}{year}-{getattr(parameters, 'language', 'lv')}{closed}"


def _subject(parameters: Parameters) -> str:
    match parameters:
        case MunicipalityParameters():
            _check_service(parameters.service, parameters.year)
            return _municipality(parameters.municipality, parameters.group, parameters.territory)
        case ServiceParameters():
            _check_service(parameters.service, parameters.year)
            region = _region(parameters.region, parameters.territory)
            return f"service-{parameters.service}" + (f"-{region}" if region else "")
        case NetworkParameters():
            return f"network-{_network(parameters)}"
        case RegionParameters():
            _check_service(parameters.service, parameters.year)
            return f"region-{_region(parameters.region, parameters.territory) or 'all'}"
        case SocialServicesParameters():
            name = _municipality(parameters.municipality, parameters.group, parameters.territory)
            return f"social-services-{slug(name)}"
        case EnergyEfficiencyParameters():
            return f"energy-efficiency-{parameters.register}"
        case ImprovementPlanParameters():
            _check_service(parameters.service, parameters.year)
            name = _municipality(parameters.municipality, parameters.group, parameters.territory)
            return f"improvement-plan-{slug(name)}"
    return parameters.notebook


def _municipality(name: str, group: str, territory: Classification) -> str:
    named_members(group, territory)
    return find_municipality(name, territory).name


def _region(region: str, territory: Classification) -> str:
    known = sorted({unit.region for unit in classification(territory)})
    if region not in ("all", *known):
        raise ParameterError(
            f"region={region!r:.80} is not a planning region of {territory}. Known: {', '.join(known)}, all."
        )
    return "" if region == "all" else region


def _network(parameters: NetworkParameters) -> str:
    networks = load_catalogue().networks
    if parameters.network not in networks:
        raise ParameterError(f"network={parameters.network!r:.80} is not a network. Known: {', '.join(networks)}.")
    return parameters.network


def _check_service(service: str, year: int) -> None:
    services = load_catalogue().services
    if service not in services:
        raise ParameterError(f"service={service!r:.80} is not a service. Known: {', '.join(services)}.")
    years = services[service].years
    if year not in years:
        listed = ", ".join(map(str, years))
        raise ParameterError(
            f"year={year}: the service {service!r} has figures for {listed} only, so there is nothing to compare. "
            "Name one of these years."
        )
