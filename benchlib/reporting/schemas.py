"""The parameters of each notebook: what it takes, with defaults, and what it is about."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal, cast, get_args

from benchlib.errors import ParameterError
from benchlib.reporting.parameters import Parameters, Rule
from benchlib.terms import Access, Classification, Language, Method

#: Parameters that several notebooks share, each with its one rule.
Year = Annotated[int, Rule("Year of the figures.", bounds=(2000, 2100))]
Territory = Annotated[Classification, Rule("Municipalities of 2009 (119), 2021 (43) or 2025 (42).")]
ReportLanguage = Annotated[Language, Rule("Language of the report.", flag="lang")]
ServiceId = Annotated[str, Rule("The public service whose efficiency is scored.")]
Replications = Annotated[int, Rule("Replications of the bootstrap.", bounds=(100, 100_000))]
Seed = Annotated[int, Rule("Seed of the bootstrap; the same seed, the same report.", bounds=(0, 2**32 - 1))]
NetworkId = Annotated[str, Rule("The network: T1 to T4, or one of your own.")]
Region = Annotated[str, Rule("A planning region (Kurzeme, Latgale, Rīga, Vidzeme, Zemgale), or all.")]
MunicipalityName = Annotated[str, Rule("Name or code of the municipality.")]
Group = Annotated[
    str,
    Rule(
        "Whom to compare with: similar, region, kind, all, network:T1 to network:T4, "
        "or a list of your own like 'own: Bauskas novads; Dobeles novads'."
    ),
]
FiguresAccess = Annotated[Access, Rule("Figures to use: public, or also those for members only.")]
Day = Annotated[str | None, Rule("Use the figures as published on this day, like 2014-06-30.", is_day=True)]


@dataclass(frozen=True)
class MunicipalityParameters(Parameters):
    """Parameters of the report about one municipality (`notebooks/municipality.ipynb`)."""

    notebook = "municipality"
    subject = "municipality"

    municipality: MunicipalityName = "Bauskas novads"
    year: Year = 2013
    territory: Territory = "2025"
    language: ReportLanguage = "lv"
    group: Group = "similar"
    service: ServiceId = "schools"
    replications: Replications = 2000
    seed: Seed = 1
    access: FiguresAccess = "public"
    as_of: Day = None


@dataclass(frozen=True)
class ServiceParameters(Parameters):
    """Parameters of the report about one public service in all municipalities (`notebooks/service.ipynb`)."""

    notebook = "service"
    subject = "service"

    service: ServiceId = "schools"
    region: Region = "all"
    year: Year = 2013
    territory: Territory = "2025"
    methods: Annotated[str, Rule(f"Methods to compare, separated by commas, of: {', '.join(get_args(Method))}.")] = (
        "dea, bootstrap, fdh, order_m, sfa"
    )
    language: ReportLanguage = "lv"
    replications: Replications = 2000
    seed: Seed = 1
    access: FiguresAccess = "public"
    as_of: Day = None

    def __post_init__(self) -> None:
        super().__post_init__()
        known = get_args(Method)
        unknown = [word for word in self.method_words if word not in known]
        if unknown or not self.method_words:
            named = f"names {unknown[0]!r:.80}, which is not a method" if unknown else "names none"
            raise ParameterError(f"methods={self.methods!r:.80} {named}. Known: {', '.join(known)}.")
        if len(self.method_words) < 2:
            raise ParameterError(
                f"methods={self.methods!r:.80} names one method only, but the report always shows how much the order depends on the "
                "method. Name two or more, for example dea, fdh."
            )

    @property
    def method_words(self) -> tuple[Method, ...]:
        """The methods as words, each once, in their order."""
        words = (word.strip() for word in self.methods.split(","))
        return cast("tuple[Method, ...]", tuple(dict.fromkeys(word for word in words if word)))


@dataclass(frozen=True)
class NetworkParameters(Parameters):
    """Parameters of a network's meeting paper (`notebooks/network.ipynb`)."""

    notebook = "network"
    subject = "network"

    network: NetworkId = "T4"
    year: Year = 2013
    territory: Territory = "2025"
    members: Annotated[
        str | None,
        Rule(
            "Who is in the room, besides the known members: names with semicolons between; 'only: A; B' for these alone."
        ),
    ] = None
    question: Annotated[
        str | None, Rule("Question of an imported survey to set against the cost; by default one of the nearest year.")
    ] = None
    language: ReportLanguage = "lv"
    access: FiguresAccess = "public"
    as_of: Day = None


@dataclass(frozen=True)
class RegionParameters(Parameters):
    """Parameters of the report on one planning region (`notebooks/region.ipynb`)."""

    notebook = "region"
    subject = "region"

    region: Region = "Zemgale"
    service: ServiceId = "schools"
    year: Year = 2013
    territory: Territory = "2025"
    language: ReportLanguage = "lv"
    replications: Replications = 2000
    seed: Seed = 1
    access: FiguresAccess = "public"
    as_of: Day = None


@dataclass(frozen=True)
class SocialServicesParameters(Parameters):
    """Parameters of the data chapter of a social-service development plan (`notebooks/plans/social_services.ipynb`)."""

    notebook = "social_services"
    folder = "plans"
    subject = "municipality"

    municipality: MunicipalityName = "Bauskas novads"
    year: Year = 2024
    territory: Territory = "2025"
    language: ReportLanguage = "lv"
    group: Group = "network:T2"
    access: FiguresAccess = "public"
    as_of: Day = None


@dataclass(frozen=True)
class EnergyEfficiencyParameters(Parameters):
    """Parameters of the overview of energy-efficiency measures (`notebooks/plans/energy_efficiency.ipynb`)."""

    notebook = "energy_efficiency"
    folder = "plans"
    subject = "register"

    register: Annotated[str, Rule("The building register: demo (invented buildings), or one that you imported.")] = (
        "demo"
    )
    year: Annotated[int, Rule("Year of the overview; 0: the latest year of the register.", bounds=(0, 2100))] = 0
    language: ReportLanguage = "lv"
    degree_days: Annotated[
        int,
        Rule(
            "Heating degree days of a normal year, to which the use of heat is corrected; 0: as in the file of factors.",
            bounds=(0, 9000),
        ),
    ] = 0
    heat_price: Annotated[
        float, Rule("Price of heat, euro per MWh, like 74.35; 0: as in the file of factors.", bounds=(0, 1000))
    ] = 0
    electricity_price: Annotated[
        float, Rule("Price of electricity, euro per MWh; 0: as in the file of factors.", bounds=(0, 2000))
    ] = 0
    saving_margin: Annotated[
        int, Rule("How far the saving of a measure may miss what is expected, per cent.", bounds=(0, 90))
    ] = 20
    price_margin: Annotated[int, Rule("How far prices may move, per cent.", bounds=(0, 90))] = 20
    access: FiguresAccess = "public"

    def __post_init__(self) -> None:
        super().__post_init__()
        if 0 < self.year < 2000:
            raise ParameterError(
                f"year={self.year} is out of bounds. Allowed: 2000 to 2100, or 0 for the latest of the register."
            )
        if 0 < self.degree_days < 1000:
            raise ParameterError(
                f"degree_days={self.degree_days} cannot be those of a year. Allowed: 1000 to 9000, or 0 for those of the file of factors."
            )


@dataclass(frozen=True)
class ImprovementPlanParameters(Parameters):
    """Parameters of the improvement plan (`notebooks/plans/improvement_plan.ipynb`)."""

    notebook = "improvement_plan"
    folder = "plans"
    subject = "municipality"

    municipality: MunicipalityName = "Bauskas novads"
    year: Year = 2013
    territory: Territory = "2025"
    language: ReportLanguage = "lv"
    group: Group = "similar"
    theme: Annotated[
        str,
        Rule(
            "Among which indicators gaps are looked for: report (those of the report on a municipality), or a network's: T1 to T4."
        ),
    ] = "report"
    service: Annotated[str, Rule("The service that is scored to find partners; none: without scores.")] = "schools"
    plan: Annotated[
        str,
        Rule(
            "latest: follow up the latest plan made before the year, if there is one, and propose a new one; new: only propose; "
            "or the id of a plan to follow up (benchlib plans list)."
        ),
    ] = "latest"
    aim: Annotated[
        Literal["auto", "median", "quarter"],
        Rule(
            "What a target is: the group's median, what its best quarter reaches, or auto: the median, and the best quarter "
            "where nothing is behind the median."
        ),
    ] = "auto"
    goals: Annotated[int, Rule("How many gaps a new plan takes up at most.", bounds=(1, 10))] = 3
    target_years: Annotated[int, Rule("Years until the target of a new plan.", bounds=(1, 10))] = 3
    replications: Replications = 2000
    seed: Seed = 1
    access: FiguresAccess = "public"
    as_of: Day = None


#: The schema of each notebook that can be run.
SCHEMAS: dict[str, type[Parameters]] = {
    schema.notebook: schema
    for schema in (
        MunicipalityParameters,
        ServiceParameters,
        NetworkParameters,
        RegionParameters,
        SocialServicesParameters,
        EnergyEfficiencyParameters,
        ImprovementPlanParameters,
    )
}


def schema_of(notebook: str | Path) -> type[Parameters]:
    """Return the parameters that a notebook takes.

    Parameters
    ----------
    notebook : str or pathlib.Path
        Name of a notebook of the project, or path of one; a notebook of one's own takes those of "municipality".

    Returns
    -------
    type of Parameters
    """
    return SCHEMAS.get(Path(notebook).stem, MunicipalityParameters)
