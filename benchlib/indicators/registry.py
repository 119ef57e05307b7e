"""The registry of figures: measures with their units, sources with their receipts (`data/registry.toml`)."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

from benchlib.errors import BenchlibError, CatalogueError
from benchlib.indicators.folder import data_folder, own_folder
from benchlib.terms import Access, Classification, check_option

Texts = Mapping[str, str]
_KINDS = ("additive", "ratio", "index")
# What a field of a TOML table must be, by the start of its annotation; whatever is not listed is text.
_FIELD_TYPES: Final[dict[str, tuple[type | tuple[type, ...], str]]] = {
    "Texts": (dict, "a table with lv and en"),
    "Mapping": (dict, "a table"),
    "tuple": (tuple, "a list in [ ]"),
    "int": (int, "a whole number"),
    "float": ((int, float), "a number"),
    "bool": (bool, "true or false"),
}


@dataclass(frozen=True, slots=True)
class Measure:
    """Primary data as published.

    Attributes
    ----------
    id : str
        Column word in the figures files.
    name : mapping
        "lv" and "en".
    unit : str
        Unit of the published value ("EUR_per_pupil", "km").
    kind : {"additive", "ratio", "index"}
        How the measure passes over a reform: summed, averaged with `weight`, or not at all.
    weight : str
        Measure that weights a ratio; "" for the others.
    split : {"population", "area"}
        Which share divides an additive measure of a split unit.
    is_static : bool
        True if a value holds for every year (area).
    is_awaited : bool
        True if no open source was found: the measure is declared so that imported figures find their place.
    """

    id: str
    name: Texts
    unit: str
    kind: str
    weight: str = ""
    split: str = "population"
    is_static: bool = False
    is_awaited: bool = False


@dataclass(frozen=True, slots=True)
class Source:
    """One published table in one vintage, and the receipt of the file that holds it.

    Attributes
    ----------
    id : str
        Word by which figures name their source; each vintage has its own.
    publisher, table, caveats : mapping
        Texts by language, "lv" and "en".
    territory : {"2009", "2021", "2025"}
        Classification of the codes in the file.
    years, measures : tuple
        What the file may contain.
    licence : str
        Licence of the publisher, or "not recorded".
    access : {"public", "members"}
        Who may see the figures.
    vintage : str
        "YYYY-MM-DD".
    vintage_basis : str
        "published", or "compiled" where the publisher's own date is not recorded.
    file, rows, sha256
        Receipt: path inside the data folder, number of figures, hash of the file.
    is_own : bool
        True for what the user added; its file lies in the own folder (set by the loader, not in the file).
    """

    id: str
    publisher: Texts
    table: Texts
    territory: Classification
    years: tuple[int, ...]
    measures: tuple[str, ...]
    licence: str
    access: Access
    vintage: str
    vintage_basis: str
    file: str
    rows: int
    sha256: str
    caveats: Texts
    is_own: bool = False


@dataclass(frozen=True, slots=True)
class Doubt:
    """A published figure that cannot be right, or may not be; the figures file marks it with the symbol "?".

    Attributes
    ----------
    source, territory, year, measure
        Which figure.
    published : str
        The value as it came.
    used : str
        "missing" (not used), "as published" (used, but doubtful) or the corrected value.
    reason : mapping
        Why, by language.
    """

    source: str
    territory: str
    year: int
    measure: str
    published: str
    used: str
    reason: Texts


@dataclass(frozen=True, slots=True)
class Registry:
    """All measures, sources and doubts of a data folder.

    Attributes
    ----------
    folder : pathlib.Path
        The data folder.
    measures : mapping of str to Measure
        By id.
    sources : tuple of Source
        In the order of the file.
    doubts : tuple of Doubt
        Figures that cannot be right, or may not be.
    """

    folder: Path
    measures: Mapping[str, Measure]
    sources: tuple[Source, ...]
    doubts: tuple[Doubt, ...] = ()

    def doubts_for(self, access: Access) -> tuple[Doubt, ...]:
        """Doubts that may be told: those about public sources, for members all."""
        told = {source.id for source in self.sources if source.access == "public" or access == "members"}
        return tuple(doubt for doubt in self.doubts if doubt.source in told)

    def sources_of(self, measure: str) -> tuple[Source, ...]:
        """Sources that publish a measure.

        Parameters
        ----------
        measure : str
            Measure by id.

        Returns
        -------
        tuple of Source
            In the order of the registry; empty if nobody publishes it.
        """
        return tuple(source for source in self.sources if measure in source.measures)


def read_toml(path: Path) -> dict[str, Any]:
    """Content of a TOML file of the data folder.

    Raises
    ------
    CatalogueError
        If the file is absent, cannot be read, is not UTF-8 or not TOML; the message names file, line and column.
    """
    try:
        with path.open("rb") as file:
            return tomllib.load(file)
    except FileNotFoundError as error:
        raise CatalogueError(
            f"{path} is absent; without it benchlib does not know its figures. Restore it from the project."
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CatalogueError(f"{path} is not valid TOML in UTF-8: {error}. Correct that line.") from error
    except OSError as error:
        raise CatalogueError(f"{path} cannot be read ({error.strerror}). Check its path and whose it is.") from error


def entries(content: Mapping[str, Any], key: str, path: Path) -> list[dict[str, Any]]:
    """Tables `[[key]]` of a TOML file, in its order.

    Raises
    ------
    CatalogueError
        If the key is there, but not as a list of tables (`[key]` is a slip that is easily made).
    """
    found = content.get(key, [])
    if not isinstance(found, list) or not all(isinstance(entry, dict) for entry in found):
        raise CatalogueError(f"{path}: {key!r} is not a list of tables. Write [[{key}]] above each entry.")
    return found


def vintage_of(entry: Mapping[str, Any], where: str) -> str:
    """Vintage of an entry in the one spelling in which vintages are compared and stored, "YYYY-MM-DD".

    Parameters
    ----------
    entry : mapping
        Table of a list; its `vintage` is a text or a TOML date.
    where : str
        "file, entry" for the message.

    Raises
    ------
    CatalogueError
        If it is not a date.
    """
    text = str(entry.get("vintage", ""))
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise CatalogueError(f"{where}: vintage = {text!r:.80} is not a date. Write it as 2026-11-22.") from error


def build(cls: type[Any], entry: Mapping[str, Any], where: str) -> Any:
    """Make a dataclass from a TOML table, with errors that name file, entry and field.

    Parameters
    ----------
    cls : type
        Dataclass to build.
    entry : mapping
        Keys and values of the TOML table.
    where : str
        "file, entry" for the message.

    Raises
    ------
    CatalogueError
        If a field is unknown or missing, is of another type, or a text lacks one of the two languages.
    """
    for _, message in field_problems(cls, entry):
        raise CatalogueError(f"{where}: {message}")
    return cls(**{key: tuple(value) if isinstance(value, list) else value for key, value in entry.items()})


def field_problems(cls: type[Any], entry: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What keeps a TOML table from becoming a dataclass.

    Parameters
    ----------
    cls : type
        Dataclass to build.
    entry : mapping
        Keys and values of the TOML table.

    Yields
    ------
    tuple of str
        Field, and what is wrong with it: it is unknown, missing, of another type, or lacks one of the two languages.
    """
    fields = cls.__dataclass_fields__
    for key in sorted(set(entry) - set(fields)):
        yield key, f"unknown field {key!r}. Fields: {', '.join(sorted(fields))}."
    for key, value in entry.items():
        if key in fields:
            yield from _wrong_type(key, tuple(value) if isinstance(value, list) else value, str(fields[key].type))
    for key, field in fields.items():
        if key not in entry and field.default is MISSING and field.default_factory is MISSING:
            yield key, f"a required field is missing: {key!r}."


def _wrong_type(key: str, value: Any, annotation: str) -> Iterator[tuple[str, str]]:
    annotation = annotation.removesuffix(" | None")
    if annotation == "Texts" and (
        not isinstance(value, dict) or set(value) != {"lv", "en"} or not all(isinstance(t, str) for t in value.values())
    ):
        yield key, f'{key} needs both languages, as in {key} = {{ lv = "...", en = "..." }}.'
        return
    expected, words = _FIELD_TYPES.get(annotation.partition("[")[0], (str, 'text in " "'))
    if not isinstance(value, expected) or (isinstance(value, bool) and expected is not bool):
        yield key, f"{key} = {value!r:.200} is not {words}."


@cache
def load_registry(data: Path | None = None) -> Registry:
    """Registry of a data folder, checked.

    Parameters
    ----------
    data : pathlib.Path, optional
        Data folder; the shipped one if absent.

    Returns
    -------
    Registry

    Raises
    ------
    CatalogueError
        If the registry is broken: unknown kind, a ratio without a known weight, a source with an unknown measure.
    """
    folder = data or data_folder()
    paths = [folder / "registry.toml", own_folder(folder) / "registry.toml"]
    contents = [(path, read_toml(path)) for path in paths if path == paths[0] or path.exists()]
    measures: dict[str, Measure] = {}
    for path, content in contents:
        measures |= _measures(content, measures, path)
    sources: list[Source] = []
    for path, content in contents:
        is_own = path == paths[1]
        sources += [_source(entry, measures, path, is_own=is_own) for entry in entries(content, "sources", path)]
    doubts = tuple(
        _doubt(entry, sources, path) for path, content in contents for entry in entries(content, "doubts", path)
    )
    ids = [source.id for source in sources]
    for name in ids:
        if ids.count(name) > 1:
            raise CatalogueError(
                f"{paths[-1] if len(contents) > 1 else paths[0]}: source {name!r} stands there twice; each vintage needs an id of its own."
            )
    return Registry(folder, measures, tuple(sources), doubts)


def _measures(content: Mapping[str, Any], known: Mapping[str, Measure], path: Path) -> dict[str, Measure]:
    """Measures of a file, checked; those of an own file may rest on the shipped ones, but not replace them."""
    listed = content.get("measures", {})
    if not isinstance(listed, dict) or not all(isinstance(entry, dict) for entry in listed.values()):
        raise CatalogueError(f"{path}: 'measures' is not a set of tables. Write [measures.<id>] above each entry.")
    found = {key: build(Measure, {"id": key, **entry}, f"{path}, measures.{key}") for key, entry in listed.items()}
    for measure in found.values():
        if measure.id in known:
            raise CatalogueError(f"{path}, measures.{measure.id}: benchlib knows a measure of this id; choose another.")
        _check_measure(measure, {**known, **found}, f"{path}, measures.{measure.id}")
    return found


def _check_measure(measure: Measure, measures: Mapping[str, Measure], where: str) -> None:
    if measure.kind not in _KINDS:
        raise CatalogueError(f"{where}: kind = {measure.kind!r} is not one of {', '.join(_KINDS)}.")
    if measure.kind == "ratio" and (measure.weight not in measures or measures[measure.weight].kind != "additive"):
        raise CatalogueError(
            f"{where}: a ratio needs the additive measure that weights it (weight = ...), or it cannot be carried over a reform; "
            f"{measure.weight!r} is none."
        )
    if measure.split not in ("population", "area"):
        raise CatalogueError(f"{where}: split = {measure.split!r} is neither 'population' nor 'area'.")


def _source(entry: Mapping[str, Any], measures: Mapping[str, Measure], path: Path, *, is_own: bool) -> Source:
    where = f"{path}, source {entry.get('id', '?')!r}"
    source: Source = build(Source, {**entry, "vintage": vintage_of(entry, where), "is_own": is_own}, where)
    try:
        check_option("access", source.access, Access)
        check_option("territory", source.territory, Classification)
    except BenchlibError as error:
        raise CatalogueError(f"{where}: {error}") from error
    for measure in source.measures:
        if measure not in measures:
            raise CatalogueError(f"{where}: measure {measure!r} has no entry under [measures].")
    if Path(source.file).is_absolute() or ".." in Path(source.file).parts:
        raise CatalogueError(f"{where}: file = {source.file!r} leaves the data folder.")
    return source


def _doubt(entry: Mapping[str, Any], sources: Sequence[Source], path: Path) -> Doubt:
    where = f"{path}, doubt about {entry.get('measure', '?')!r} of {entry.get('territory', '?')!r}"
    doubt: Doubt = build(Doubt, entry, where)
    if not any(doubt.source == s.id and doubt.measure in s.measures and doubt.year in s.years for s in sources):
        raise CatalogueError(f"{where}: no source {doubt.source!r} has this measure for {doubt.year}.")
    return doubt
