"""Practice examples: what somebody did, with cost, result and contact (`data/catalogue/practices/*.toml`, one file each)."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from benchlib.errors import BenchlibError, CatalogueError
from benchlib.indicators.contact import reaches_a_person
from benchlib.indicators.names import find_municipality, plain_text
from benchlib.indicators.passports import Passport
from benchlib.indicators.registry import Texts, build, field_problems, read_toml
from benchlib.indicators.territory import CLASSIFICATIONS, Territory, present_municipalities
from benchlib.terms import Access, Classification, check_option

#: The name of a practice's file without ending: it becomes an anchor and part of an address.
_ID = re.compile(r"(?=.{1,80}$)[a-z0-9]+(-[a-z0-9]+)*")
_WRONG_ID = (
    "the name of the file becomes part of addresses; use small letters a-z, digits and hyphens only, at most 80."
)
_LONGEST_TITLE = 200
_LONGEST_TEXT = 4000
#: Addresses of other kinds than those of pages: they do something when somebody follows them.
_OTHER_ADDRESS = re.compile(r"(?i)\b(?:javascript|vbscript|data|file|blob|mailto):\S|\b(?!https?://)[a-z][a-z0-9]*://")
#: A whole address: what a report makes a link of ends before any other letter.
_ADDRESS = re.compile(r"https?://[^\s<>\"'`]+")
#: What does not print, and marks that turn the direction of writing; line breaks and tabs are neither.
_HIDDEN = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]"
)
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
        Year in which it was done or begun; 0 where the source does not say.
    access : {"public", "members"}
        Who may read it.
    language : str
        Language of the source in two small letters, such as lv, en or pl.
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
    language: str
    territory: Classification = "2025"
    body: Texts | None = None

    @property
    def unit(self) -> Territory | None:
        """The municipality that did it, as it was called then; None for another country or body."""
        return find_municipality(self.municipality, self.territory) if self.municipality else None

    def codes(self, territory: Classification = "2025") -> tuple[str, ...]:
        """Municipalities of a classification that hold the one that did it; none for another country or body.

        Parameters
        ----------
        territory : {"2009", "2021", "2025"}
            Classification. In an earlier one than the practice's own there is nobody: what a municipality of today does was not done by
            its former parts.

        Returns
        -------
        tuple of str
        """
        if self.unit is None or CLASSIFICATIONS.index(territory) < CLASSIFICATIONS.index(self.territory):
            return ()
        return tuple(present_municipalities(self.unit.code, territory)["code"])

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
    entry = read_toml(path)
    for _, message in practice_problems(path.stem, entry, networks, passports):
        raise CatalogueError(f"{path}: {message}")
    practice: Practice = build(Practice, {"id": path.stem, **entry}, str(path))
    return practice


def practice_problems(
    name: str,
    entry: Mapping[str, Any],
    networks: Collection[str],
    passports: Mapping[str, Passport],
    *,
    is_new: bool = False,
) -> list[tuple[str, str]]:
    """All that is wrong with a practice example.

    Parameters
    ----------
    name : str
        Name of its file without ending.
    entry : mapping
        The file's content.
    networks : collection of str
        Known networks.
    passports : mapping of str to Passport
        Known indicators.
    is_new : bool
        Whether somebody is about to add it, or asks: then also what would break no report, but leads readers astray.

    Returns
    -------
    list of (str, str)
        Field and sentence. What refers to something is only looked at when all fields are there and of the right kind.
    """
    found = [] if _ID.fullmatch(name) else [("id", _WRONG_ID)]
    if "id" in entry:
        found.append(("id", "unknown field 'id': the name of the file is the id."))
    broken = list(field_problems(Practice, {**entry, "id": name}))
    if broken:
        return found + broken
    practice: Practice = build(Practice, {**entry, "id": name}, name)
    found += _complaints(practice, networks, passports)
    return found + list(_misleading(practice)) if is_new else found


def _complaints(
    practice: Practice, networks: Collection[str], passports: Mapping[str, Passport]
) -> Iterator[tuple[str, str]]:
    """What is wrong with a practice whose fields are all there and of the right kind."""
    yield from _wrong_words(practice, networks, passports)
    yield from _wrong_texts(practice)
    yield from _wrong_doer(practice)


def _wrong_words(
    practice: Practice, networks: Collection[str], passports: Mapping[str, Passport]
) -> Iterator[tuple[str, str]]:
    for name, options in (("access", Access), ("territory", Classification)):
        yield from _error_of(name, check_option, name, getattr(practice, name), options)
    if not re.fullmatch(r"[a-z]{2}", practice.language):
        yield (
            "language",
            f"language = {practice.language!r:.40} is not a language in two small letters, such as lv, en or pl.",
        )
    if not re.fullmatch(r"[A-Z]{2}", practice.country):
        yield (
            "country",
            f"country = {practice.country!r:.40} is not a country in two capital letters, such as LV or NO.",
        )
    if practice.network not in networks:
        yield "network", f"network = {practice.network!r:.40} is not a network. Known: {', '.join(networks)}."
    for indicator in practice.indicators:
        if not isinstance(indicator, str) or indicator not in passports:
            yield "indicators", f"indicators names {indicator!r:.80}, which has no passport (benchlib data list)."
    if practice.year and not 1900 <= practice.year <= 2100:
        yield "year", f"year = {practice.year} is not a year. Write 0 if the source does not say it."


def _texts_of(practice: Practice) -> dict[str, Texts]:
    """All that is written freely, by field."""
    texts = {name: getattr(practice, name) for name in ("title", "action", "cost", "result", "contact")}
    return texts | {"body": practice.body or {}, "source": {"": practice.source}}


def _misleading(practice: Practice) -> Iterator[tuple[str, str]]:
    """What nobody would notice before it is read: a year ahead, half an address, letters that are not seen."""
    if date.today().year < practice.year <= 2100:
        yield "year", f"year = {practice.year} lies ahead. Write the year in which it was done or begun, or 0."
    if re.match(r"https?://", practice.source) and not _ADDRESS.fullmatch(practice.source.strip()):
        yield (
            "source",
            f"source = {practice.source!r:.80} begins as an address, but an address has no blanks, quotation marks or < >. Correct it, or "
            "write the text first and the address last.",
        )
    for name, by_language in _texts_of(practice).items():
        hidden = sorted({letter for text in by_language.values() for letter in _HIDDEN.findall(text)})
        if hidden:
            shown = ", ".join(f"U+{ord(letter):04X}" for letter in hidden)
            yield (
                name,
                f"{name} holds characters that do not print or turn the direction of writing: {shown}. Type it anew.",
            )


def _wrong_texts(practice: Practice) -> Iterator[tuple[str, str]]:
    texts = _texts_of(practice)
    for name in ("title", "action"):
        if not all(text.strip() for text in texts[name].values()):
            yield name, f"{name} is empty in one of the languages. Readers need it in both."
    if not practice.source.strip():
        yield "source", "source is empty. Say where this is written."
    yield from _wrong_contact(practice)
    for name, by_language in texts.items():
        longest = _LONGEST_TITLE if name == "title" else _LONGEST_TEXT
        if any(len(text) > longest for text in by_language.values()):
            yield name, f"{name} has more than {longest} characters. Shorten it and name the source for the rest."


def _wrong_contact(practice: Practice) -> Iterator[tuple[str, str]]:
    """An address that is none of a page, and what may be a person's: an example is read by many and for years."""
    if _OTHER_ADDRESS.search(practice.source):
        yield (
            "source",
            f"source = {practice.source!r:.80} is an address that no page has. Write a text, or an address that begins with https://.",
        )
    if any(reaches_a_person(text) for text in practice.contact.values()):
        yield (
            "contact",
            "contact holds an e-mail address or a telephone number, which may be a person's. Name the office only, such as "
            "“Social service of ...”.",
        )


def _wrong_doer(practice: Practice) -> Iterator[tuple[str, str]]:
    """Who did it must be one municipality of Latvia, or a body that is named."""
    if not practice.municipality:
        if practice.body is None or not all(text.strip() for text in practice.body.values()):
            yield "body", "neither municipality nor body says who did it. Give one of them, body in both languages."
        return
    if practice.body is not None:
        yield "body", "both municipality and body say who did it. Give one of them."
    if practice.country != HOME:
        yield (
            "municipality",
            f"municipality = {practice.municipality!r:.80} stands beside country = {practice.country!r:.40}. Name it in body instead.",
        )
    if practice.territory in CLASSIFICATIONS:
        yield from _error_of("municipality", find_municipality, practice.municipality, practice.territory)


def _error_of(field: str, check: Callable[..., object], *arguments: Any) -> list[tuple[str, str]]:
    """The message of a check that fails, with its field, else nothing."""
    try:
        check(*arguments)
    except BenchlibError as error:
        return [(field, str(error))]
    return []


def select_practices(
    practices: Iterable[Practice],
    *,
    access: Access = "public",
    network: str = "",
    indicators: Collection[str] = (),
    codes: Collection[str] = (),
    territory: Classification = "2025",
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
        Those of these municipalities; empty for all.
    territory : {"2009", "2021", "2025"}
        Classification of the codes. What somebody did as a municipality of 2009 counts for today's that holds it, not the other way.
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
        and (not codes or set(codes) & set(practice.codes(territory)))
        and practice.matches(text)
    ]
    return tuple(sorted(found, key=lambda p: (-len(set(indicators) & set(p.indicators)), -p.year, p.id)))
