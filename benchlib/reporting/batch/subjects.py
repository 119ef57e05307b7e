"""What a run is about: its subject is checked before anything starts, and names the files.

Names go through `slug`, so that whatever a name contains, the files stay inside their folder.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from benchlib.comparison import named_members, network_room
from benchlib.errors import ParameterError
from benchlib.indicators import (
    ImprovementPlan,
    classification,
    find_municipality,
    find_plan,
    full_name,
    load_catalogue,
    load_register,
    load_surveys,
    registers,
)
from benchlib.indicators.plans.plan import NO_SERVICE, WHOLE_REPORT
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
        return [about.id for about in registers(access=given.get("access", "public"))]
    return sorted({"service": catalogue.services, "network": catalogue.networks}[subject])


def settled(parameters: Parameters) -> Parameters:
    """Return parameters with what they leave to the figures: the year of an energy overview, if none was named.

    Parameters
    ----------
    parameters : Parameters
        Checked one by one already.

    Returns
    -------
    subclass of Parameters
        A run names the year that it is of, so that a later year in the register is a report of its own.

    Raises
    ------
    OptionError, AccessError
        If there is no such register, or it is for members only.
    """
    if isinstance(parameters, EnergyEfficiencyParameters) and not parameters.year:
        register = load_register(parameters.register, access=parameters.access)
        return dataclasses.replace(parameters, year=register.latest_year or 0)
    return parameters


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
    ParameterError, UnknownTerritoryError, AmbiguousTerritoryError, OptionError, AccessError
        If there is no such subject, it is for members only, or there are no figures for its year.
    """
    parameters = settled(parameters)
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
            return f"region-{_one_region(parameters)}"
        case SocialServicesParameters():
            name = _municipality(parameters.municipality, parameters.group, parameters.territory)
            return f"social-services-{slug(name)}"
        case EnergyEfficiencyParameters():
            return f"energy-efficiency-{_register(parameters)}"
        case ImprovementPlanParameters():
            return _improvement_plan(parameters)
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


def _one_region(parameters: RegionParameters) -> str:
    """The region, which must be one: a report on all municipalities is that on the service."""
    region = _region(parameters.region, parameters.territory)
    if not region:
        raise ParameterError(
            "region='all': a region's report is about one planning region. Name it, or write one report for each by `benchlib reports "
            "--notebook region`; all municipalities together stand in the report on the service."
        )
    return region


def _network(parameters: NetworkParameters) -> str:
    networks = load_catalogue().networks
    if parameters.network not in networks:
        raise ParameterError(f"network={parameters.network!r:.80} is not a network. Known: {', '.join(networks)}.")
    network_room(parameters.network, territory=parameters.territory, members=parameters.members)
    if parameters.question is not None:  # the notebook would come to it in its last part
        load_surveys(parameters.question, access=parameters.access, as_of=parameters.as_of)
    return parameters.network


def _register(parameters: EnergyEfficiencyParameters) -> str:
    """The register's id, if it may be seen and has figures for the year."""
    years = load_register(parameters.register, access=parameters.access).years
    if parameters.year not in years:
        listed = ", ".join(map(str, years)) or "no year"
        raise ParameterError(
            f"year={parameters.year}: the register {parameters.register!r:.80} has figures for {listed} only. Name one of these years."
        )
    return parameters.register


def _improvement_plan(parameters: ImprovementPlanParameters) -> str:
    """What a plan is about, checked together with the plan that is to be followed up."""
    networks = load_catalogue().networks
    if parameters.theme != WHOLE_REPORT and parameters.theme not in networks:
        raise ParameterError(
            f"theme={parameters.theme!r:.80} is neither {WHOLE_REPORT} nor a network. Networks: {', '.join(networks)}."
        )
    name = _municipality(parameters.municipality, parameters.group, parameters.territory)
    if parameters.service != NO_SERVICE:
        _check_service(parameters.service, parameters.year, _without_service(parameters))
    _plan_before(parameters, parameters.theme)
    theme = "" if parameters.theme == WHOLE_REPORT else f"{slug(parameters.theme)}-"
    return f"improvement-plan-{theme}{slug(name)}"


def _plan_before(parameters: ImprovementPlanParameters, theme: str | None) -> ImprovementPlan | None:
    """The plan that is followed up; of any theme, if none is named."""
    return find_plan(
        parameters.plan,
        find_municipality(parameters.municipality, parameters.territory),
        year=parameters.year,
        territory=parameters.territory,
        theme=theme,
        access=parameters.access,
    )


def _without_service(parameters: ImprovementPlanParameters) -> str:
    """How a plan is made, or followed up, for a year without scores."""
    before = _plan_before(parameters, None)
    is_other = before is not None and before.theme != parameters.theme
    theme = f" (and -p theme={before.theme} for the plan {before.id})" if before and is_other else ""
    return f", or make the plan without a service: -p service={NO_SERVICE}{theme}"


def _check_service(service: str, year: int, otherwise: str = "") -> None:
    services = load_catalogue().services
    if service not in services:
        raise ParameterError(f"service={service!r:.80} is not a service. Known: {', '.join(services)}.")
    years = services[service].years
    if year not in years:
        listed = ", ".join(map(str, years))
        raise ParameterError(
            f"year={year}: the service {service!r} has figures for {listed} only, so there is nothing to compare. "
            f"Name one of these years{otherwise}."
        )
