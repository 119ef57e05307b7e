"""Practice examples: what somebody did, with cost, result and contact (`data/catalogue/practices/*.toml`, one file each)."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchlib.errors import BenchlibError, CatalogueError
from benchlib.indicators.names import find_municipality, plain_text
from benchlib.indicators.passports import Passport
from benchlib.indicators.registry import Texts, build, read_toml
from benchlib.indicators.territory import CLASSIFICATIONS, present_municipalities
from benchlib.terms import Access, Classification, Language, check_option

#: The name of a practice's file without ending: it becomes an anchor and part of an address.
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LONGEST_TEXT = 4000
HOME = "LV"


@dataclass(frozen=True, slots=True)
class Practice:
    """A practice example.

    Texts are in both languages. `cost`, `result` and `contact` must be there, but may be empty where the source does not say; nothing
    is guessed.

    Attributes
    ----------
    id : str
        Name of its file without ending.
    title : mapping
        What it is called, by language.
    municipality : str
        Name of the municipality; "" for an example of another country, or of a body that is none.
    country : str
        Two letters, "LV" for Latvia.
    network : str
        Network whose theme it belongs to.
    indicators : tuple of str
        Indicators by id that it aims at.
    action : mapping
        What was done.
    cost, result : mapping
        What it cost and what came of it; empty texts where the source does not say.
    contact : mapping
        The office to ask, never a person; empty where not known.
    source : str
        Where this is written.
    year : int
        Year in which it was done or begun.
    access : {"public", "members"}
        Who may read it.
    language : {"lv", "en"}
        Language of the source.
    territory : {"2009", "2021", "2025"}
        Classification in which the municipality has its name.
    body : mapping
        Who did it, if no municipality did.
    """

    id: str
    title: Texts
    municipality: str
    country: str
    network: str
    indicators: tuple[str, ...]
    action: Texts
    cost: Texts
    result: Texts
    contact: Texts
    source: str
    year: int
    access: Access
    language: Language
    territory: Classification = "2025"
    body: Texts | None = None

    def codes(self, territory: Classification = "2025") -> tuple[str, ...]:
        """Municipalities of a classification that hold the one that did it; none for another country or body.

        Parameters
        ----------
        territory : {"2009", "2021", "2025"}
            Classification, not earlier than the practice's own.
        """
        if not self.municipality or CLASSIFICATIONS.index(territory) < CLASSIFICATIONS.index(self.territory):
            return ()
        unit = find_municipality(self.municipality, self.territory)
        return tuple(present_municipalities(unit.code, territory)["code"])

    def matches(self, text: str) -> bool:
        """Whether every word of a text stands in the practice; case and diacritics do not matter."""
        texts = [self.id, self.municipality, self.country, self.network, self.source, *self.indicators]
        several = (self.title, self.action, self.cost, self.result, self.contact, self.body or {})
        all_of_it = plain_text(
            " ".join([*texts, *(words for by_language in several for words in by_language.values())])
        )
        return all(word in all_of_it for word in plain_text(text).split())


def read_practice(path: Path, networks: Collection[str], passports: Mapping[str, Passport]) -> Practice:
    """Read and check the file of a practice example.

    Parameters
    ----------
    path : pathlib.Path
        The file; its name is the id.
    networks : collection of str
        Known networks.
    passports : mapping of str to Passport
        Known indicators.

    Returns
    -------
    Practice

    Raises
    ------
    CatalogueError
        If the file is not TOML, a field is missing, unknown or of the wrong kind, a text is empty that may not be, or something is
        referred to that does not exist. The message names file and field.
    """
    where = str(path)
    if not _ID.fullmatch(path.stem):
        raise CatalogueError(
            f"{where}: the name of the file becomes part of addresses; use small letters a-z, digits and hyphens only."
        )
    practice: Practice = build(Practice, {"id": path.stem, **read_toml(path)}, where)
    for complaint in _complaints(practice, networks, passports):
        raise CatalogueError(f"{where}: {complaint}")
    return practice


def _complaints(practice: Practice, networks: Collection[str], passports: Mapping[str, Passport]) -> Iterator[str]:
    """What is wrong with a practice whose fields are all there and of the right kind."""
    yield from _wrong_words(practice, networks, passports)
    yield from _wrong_texts(practice)
    yield from _wrong_doer(practice)


def _wrong_words(practice: Practice, networks: Collection[str], passports: Mapping[str, Passport]) -> Iterator[str]:
    yield from _error_of(check_option, "access", practice.access, Access)
    yield from _error_of(check_option, "language", practice.language, Language)
    yield from _error_of(check_option, "territory", practice.territory, Classification)
    if not re.fullmatch(r"[A-Z]{2}", practice.country):
        yield f"country = {practice.country!r:.40} is not a country in two capital letters, such as LV or NO."
    if practice.network not in networks:
        yield f"network = {practice.network!r:.40} is not a network. Known: {', '.join(networks)}."
    for indicator in practice.indicators:
        if indicator not in passports:
            yield f"indicators names {indicator!r:.80}, which has no passport (benchlib data list)."
    if not 1900 <= practice.year <= 2100:
        yield f"year = {practice.year} is not a year."


def _wrong_texts(practice: Practice) -> Iterator[str]:
    for name in ("title", "action"):
        if not all(text.strip() for text in getattr(practice, name).values()):
            yield f"{name} is empty in one of the languages. Readers need it in both."
    for name in ("title", "action", "cost", "result", "contact"):
        if any(len(text) > _LONGEST_TEXT for text in getattr(practice, name).values()):
            yield f"{name} has more than {_LONGEST_TEXT} characters. Shorten it and name the source for the rest."
    if not practice.source.strip():
        yield "source is empty. Say where this is written."


def _wrong_doer(practice: Practice) -> Iterator[str]:
    """Who did it must be one municipality of Latvia, or a body that is named."""
    if not practice.municipality:
        if practice.body is None or not all(text.strip() for text in practice.body.values()):
            yield "neither municipality nor body says who did it. Give one of them."
        return
    if practice.country != HOME:
        yield f"municipality = {practice.municipality!r:.80} stands beside country = {practice.country!r}. Name it in body instead."
    yield from _error_of(find_municipality, practice.municipality, practice.territory)


def _error_of(check: Callable[..., object], *arguments: Any) -> list[str]:
    """The message of a check that fails, else nothing."""
    try:
        check(*arguments)
    except BenchlibError as error:
        return [str(error)]
    return []


def select_practices(
    practices: Iterable[Practice],
    *,
    access: Access = "public",
    network: str = "",
    indicators: Collection[str] = (),
    codes: Collection[str] = (),
    text: str = "",
) -> tuple[Practice, ...]:
    """Practices that fit all that is asked for; those that aim at most of the indicators first, then the latest.

    Parameters
    ----------
    practices : iterable of Practice
        `Catalogue.practices.values()`.
    access : {"public", "members"}
        "public" never yields a practice for members only.
    network : str
        Id of a network; "" for all.
    indicators : collection of str
        Those that aim at one of these indicators; empty for all.
    codes : collection of str
        Those of these municipalities of today; empty for all.
    text : str
        Those in which all these words stand.

    Returns
    -------
    tuple of Practice
    """
    check_option("access", access, Access)
    found = [
        practice
        for practice in practices
        if (access == "members" or practice.access == "public")
        and network in ("", practice.network)
        and (not indicators or set(indicators) & set(practice.indicators))
        and (not codes or set(codes) & set(practice.codes()))
        and practice.matches(text)
    ]
    return tuple(sorted(found, key=lambda p: (-len(set(indicators) & set(p.indicators)), -p.year, p.id)))
