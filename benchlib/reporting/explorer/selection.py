"""What is compared in the explorer: which municipalities, on which indicators, in which year.

Everything here works without widgets: a selection can be written down in code, and gives the same table.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, TypedDict

from benchlib.comparison import ComparisonGroup, Profile, comparison_group, profile, with_figures
from benchlib.errors import ParameterError
from benchlib.indicators import (
    Passport,
    Store,
    Territory,
    catalogue_of,
    classification,
    find_municipality,
    load_indicators,
)
from benchlib.indicators.names import nearest_names
from benchlib.reporting.parameters import Parameters, Rule
from benchlib.reporting.schemas import Day, FiguresAccess, ReportLanguage, Year
from benchlib.reporting.schemas import Territory as TerritoryWord
from benchlib.reporting.words import Words, slug
from benchlib.terms import Access, Classification


class Asked(TypedDict):
    """Which figures may be shown."""

    territory: Classification
    access: Access
    as_of: str | None


@dataclass(frozen=True)
class ExplorerParameters(Parameters):
    """Parameters of the explorer (`notebooks/explorer.ipynb`): what it shows first.

    Parameters
    ----------
    municipality, group
        The municipality to highlight, and whom to show beside it, as in `benchlib.comparison_group`.
    indicators : str
        Ids, separated by commas.
    year, territory, access, as_of
        Which figures, as in `benchlib.profile`.
    language : {"lv", "en"}
        Language of all words.
    """

    notebook = "explorer"

    municipality: Annotated[str, Rule("Name or code of the municipality to highlight.")] = "Bauskas novads"
    group: Annotated[
        str,
        Rule(
            "Whom to show beside it: similar, region, kind, all, network:T1 to network:T4, "
            "or a list of your own like 'own: Bauskas novads; Dobeles novads'."
        ),
    ] = "similar"
    indicators: Annotated[str, Rule("Indicators by id, separated by commas; 'benchlib data list' shows them all.")] = (
        "education_expenditure_per_pupil, exam_grade9_mean, unemployment_rate"
    )
    year: Year = 2013
    territory: TerritoryWord = "2025"
    language: ReportLanguage = "lv"
    access: FiguresAccess = "public"
    as_of: Day = None

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.indicator_ids:
            raise ParameterError(f"indicators={self.indicators!r:.80} names none. Write ids, separated by commas.")

    @property
    def asked(self) -> Asked:
        """Classification, access and day, as `benchlib.load_indicators` takes them."""
        return {"territory": self.territory, "access": self.access, "as_of": self.as_of}

    @property
    def indicator_ids(self) -> tuple[str, ...]:
        """The indicators as ids, each once, in their order."""
        ids = (word.strip() for word in self.indicators.split(","))
        return tuple(dict.fromkeys(word for word in ids if word))


@dataclass(frozen=True)
class Selection:
    """What is compared.

    Attributes
    ----------
    municipality : str
        Code of the municipality that is highlighted.
    members : tuple of str
        Codes of all that are compared, the municipality included.
    indicators : tuple of str
        Indicators by id.
    year : int
        Year of the figures; where an indicator has none for it, its nearest year is taken and shown.
    territory : {"2025", "2021", "2009"}
        Classification.
    access : {"public", "members"}
        Which figures may be shown.
    as_of : str or None
        Figures as they were known on that day.
    """

    municipality: str
    members: tuple[str, ...]
    indicators: tuple[str, ...]
    year: int
    territory: Classification = "2025"
    access: Access = "public"
    as_of: str | None = None

    @property
    def asked(self) -> Asked:
        """Classification, access and day, as `benchlib.load_indicators` takes them."""
        return {"territory": self.territory, "access": self.access, "as_of": self.as_of}

    @property
    def units(self) -> tuple[Territory, ...]:
        """The municipalities that are compared, by code."""
        return tuple(unit for unit in classification(self.territory) if unit.code in self.members)

    @property
    def group(self) -> ComparisonGroup:
        """The members as a comparison group, as `benchlib.profile` and `benchlib.trend` take it."""
        unit = find_municipality(self.municipality, self.territory)
        word = f"own: {'; '.join(member.name for member in self.units)}"
        return ComparisonGroup(word, unit, self.units, self.territory)

    def profile(self, store: Store | None = None) -> Profile:
        """The highlighted municipality against the members, as in the reports.

        Parameters
        ----------
        store : Store, optional
            Another store than that of the shipped figures.

        Returns
        -------
        Profile
        """
        return profile(
            self.indicators, group=self.group, year=self.year, access=self.access, as_of=self.as_of, store=store
        )


def group_members(word: str, municipality: str, parameters: ExplorerParameters, store: Store | None) -> tuple[str, ...]:
    """Codes of a comparison group of a municipality, itself included.

    Parameters
    ----------
    word : str
        As in `benchlib.comparison_group`: "similar", "region", "network:T2".
    municipality : str
        Name or code.
    parameters : ExplorerParameters
        Year, classification and access.
    store : Store, optional
        Another store than that of the shipped figures.

    Returns
    -------
    tuple of str
    """
    return comparison_group(municipality, group=word, year=parameters.year, store=store, **parameters.asked).codes


def search_municipalities(text: str, territory: Classification, words: Words) -> tuple[Territory, ...]:
    """Municipalities that a search means, each part in alphabetical order.

    Parameters
    ----------
    text : str
        Part of a name, of a region's name, or of a code; case and diacritics do not matter. Empty: all.
    territory : {"2025", "2021", "2009"}
        Classification.
    words : Words
        Language of the order.

    Returns
    -------
    tuple of Territory
        Those whose name or code contains the text, then those of a region that does; if there is none, the three with the
        nearest names.
    """
    units = sorted(classification(territory), key=lambda unit: slug(words.name(unit)))
    if not text.strip():
        return tuple(units)
    sought = slug(text)
    named = tuple(u for u in units if any(sought in slug(word) for word in (u.name, u.name_en, u.code)))
    found = (*named, *(u for u in units if sought in slug(u.region) and u not in named))
    if found:
        return found
    nearest = nearest_names(text, territory)
    return tuple(unit for name in nearest for unit in units if unit.name == name)


def search_indicators(text: str, passports: Iterable[Passport], words: Words) -> tuple[Passport, ...]:
    """Indicators that a search means, in the order given.

    Parameters
    ----------
    text : str
        Words, all of which must stand in the name, the definition or the id; case and diacritics do not matter. Empty: all.
    passports : iterable of Passport
        Where to search.
    words : Words
        Language of names and definitions.

    Returns
    -------
    tuple of Passport
    """
    sought = [slug(word) for word in text.split()]
    language = words.language
    return tuple(
        passport
        for passport in passports
        if all(
            word in slug(f"{passport.name[language]} {passport.definition[language]} {passport.id}", 1000)
            for word in sought
        )
    )


def available_indicators(parameters: ExplorerParameters, store: Store | None) -> dict[str, Passport]:
    """Passports of the indicators that have a figure for the classification and may be shown.

    Parameters
    ----------
    parameters : ExplorerParameters
        Classification and access.
    store : Store, optional
        Another store than that of the shipped figures.

    Returns
    -------
    dict of str to Passport
        In the order of the catalogue.
    """
    catalogue = catalogue_of(store)
    shown = with_figures(catalogue.indicators, store=store, **parameters.asked)
    return {name: catalogue.passport(name) for name in shown}


def years_of(indicators: Iterable[str], parameters: ExplorerParameters, store: Store | None) -> dict[str, list[int]]:
    """Years in which each indicator has any figure.

    Parameters
    ----------
    indicators : iterable of str
        Indicators by id.
    parameters : ExplorerParameters
        Classification and access.
    store : Store, optional
        Another store than that of the shipped figures.

    Returns
    -------
    dict of str to list of int
        Years in their order, by indicator.
    """
    table = load_indicators(indicators, years="all", store=store, **parameters.asked)
    there = table.loc[table["value"].notna()].groupby("indicator", sort=False)["year"]
    return {str(name): sorted(int(year) for year in years.unique()) for name, years in there}
