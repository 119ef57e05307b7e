"""What the user says about a file: options of the command, and the file of declarations (`--columns`)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

from benchlib.errors import CatalogueError, OptionError
from benchlib.indicators.registry import Measure, Texts, build, read_toml
from benchlib.terms import Access, Classification, check_option

Kind = Literal["figures", "survey", "buildings"]
_ID: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")
_TEXTS: Final = ("publisher", "table", "caveats")
_KEYS: Final = (*_TEXTS, "licence", "columns", "measures", "questions")
#: With fewer answers somebody could be recognised whatever the user says: of two, each knows the other's.
LOWEST_MIN_N: Final = 3


@dataclass(frozen=True)
class ImportOptions:
    """How a file is to be imported.

    Attributes
    ----------
    kind : {"figures", "survey", "buildings"}
        What the file holds.
    access : {"members", "public"}
        Who may see it; members by default, the safe side.
    declared : pathlib.Path or None
        TOML file that says what the columns are (`[columns]`) and describes new measures (`[measures.ID]`) and the source.
    columns : tuple of str
        "HEADING=ROLE", before the declarations of the file.
    sheet : str or None
        Title or number of the sheet.
    year : int or None
        Year of figures whose heading or row has none.
    territory : {"2009", "2021", "2025"} or None
        Classification of the municipalities; found out where that is possible.
    municipality : str or None
        The one that all rows are about, where the file does not say it.
    measure : str or None
        The measure of columns that are headed by a year alone.
    decimal : {",", "."} or None
        How numbers are written, where that cannot be found out.
    scale : str or None
        "1-5": lowest and highest answer, where the file does not say it.
    survey : str or None
        Name of the survey, where the file does not say it.
    respondents : str or None
        "residents" or "users", where the file does not say it.
    table, publisher : str or None
        What the source is called, and who vouches for it.
    id : str or None
        By which the source will be known; from the file's name if absent.
    vintage : str or None
        Day of the figures, "YYYY-MM-DD"; the day on which the file was last changed if absent.
    min_n : int
        Fewest answers with which a mean is kept.
    """

    kind: Kind = "figures"
    access: Access = "members"
    declared: Path | None = None
    columns: tuple[str, ...] = ()
    sheet: str | None = None
    year: int | None = None
    territory: Classification | None = None
    municipality: str | None = None
    measure: str | None = None
    decimal: str | None = None
    scale: str | None = None
    survey: str | None = None
    respondents: str | None = None
    table: str | None = None
    publisher: str | None = None
    id: str | None = None
    vintage: str | None = None
    min_n: int = 10

    def __post_init__(self) -> None:
        check_option("kind", self.kind, Kind)
        check_option("access", self.access, Access)
        if self.territory is not None:
            check_option("territory", self.territory, Classification)
        if self.id is not None and not _ID.fullmatch(self.id):
            raise OptionError(
                f"id={self.id!r:.80} becomes the name of a file: small letters a-z, digits, _ and -, at most 60, a letter or digit first."
            )
        if self.year is not None and not 1900 <= self.year <= 2100:
            raise OptionError(f"year={self.year} is not a year.")
        if isinstance(self.min_n, bool) or not isinstance(self.min_n, int) or self.min_n < LOWEST_MIN_N:
            raise OptionError(
                f"min_n={self.min_n!r}: at least {LOWEST_MIN_N}. Of two who answered, each knows what the other said."
            )


@dataclass(frozen=True)
class ColumnWords:
    """What is declared of a column: role (or a measure by id), unit, year."""

    role: str
    unit: str | None = None
    year: int | None = None


@dataclass(frozen=True)
class Declared:
    """What is declared of a file.

    Attributes
    ----------
    columns : mapping of str to ColumnWords
        By heading.
    measures : mapping of str to Measure
        New measures by id.
    texts : mapping of str to mapping
        "publisher", "table" and "caveats" by language, as far as given.
    licence : str
        "" if not given.
    questions : mapping of str to mapping
        Wording of the questions of a survey, by language.
    """

    columns: Mapping[str, ColumnWords] = field(default_factory=dict)
    measures: Mapping[str, Measure] = field(default_factory=dict)
    texts: Mapping[str, Texts] = field(default_factory=dict)
    licence: str = ""
    questions: Mapping[str, Texts] = field(default_factory=dict)


def read_declared(options: ImportOptions) -> Declared:
    """What the options and their file declare, those of the command line first.

    Parameters
    ----------
    options : ImportOptions
        What the user says.

    Returns
    -------
    Declared

    Raises
    ------
    CatalogueError
        If the file is absent or broken; the message names the entry.
    OptionError
        If a column of the command line is not HEADING=ROLE.
    """
    path = options.declared
    if path is not None and not path.is_file():
        what = "is a folder" if path.is_dir() else "is absent"
        raise CatalogueError(f"{path} {what}. It was to say what the columns are (--columns); check its path.")
    content: dict[str, Any] = {} if path is None else read_toml(path)
    where = str(path)
    unknown = sorted(set(content) - set(_KEYS))
    if unknown:
        raise CatalogueError(f"{where}: unknown entry {unknown[0]!r}. Known: {', '.join(_KEYS)}.")
    tables = {key: _table(content.get(key, {}), f"{where}, {key}") for key in ("columns", "measures", "questions")}
    columns = {
        heading: _column(says, f"{where}, column {heading!r:.80}") for heading, says in tables["columns"].items()
    }
    for pair in options.columns:
        heading, sign, role = pair.rpartition("=")
        if not sign or not heading.strip() or not role.strip():
            raise OptionError(
                f'--column {pair!r:.80} is not HEADING=ROLE, like "Izdevumi=social_protection_expenditure".'
            )
        columns[heading.strip()] = ColumnWords(role.strip())
    licence = content.get("licence", "")
    if not isinstance(licence, str):
        raise CatalogueError(f'{where}: licence = {licence!r} is not text in " ".')
    return Declared(
        columns,
        {
            id: build(Measure, {"id": id, **_table(entry, f"{where}, measures.{id}")}, f"{where}, measures.{id}")
            for id, entry in tables["measures"].items()
        },
        {key: both_languages(content[key], f"{where}, {key}") for key in _TEXTS if key in content},
        licence,
        {key: both_languages(texts, f"{where}, question {key!r:.80}") for key, texts in tables["questions"].items()},
    )


def both_languages(value: Any, where: str) -> Texts:
    """A text in both languages: one text stands for both.

    Parameters
    ----------
    value : str or mapping
        What was declared.
    where : str
        For the message.

    Returns
    -------
    mapping

    Raises
    ------
    CatalogueError
        If it is neither a text nor texts under lv and en.
    """
    if isinstance(value, str):
        return {"lv": value, "en": value}
    if isinstance(value, dict) and set(value) == {"lv", "en"} and all(isinstance(text, str) for text in value.values()):
        return value
    raise CatalogueError(f'{where}: {value!r:.80} is not text. Write "..." or {{ lv = "...", en = "..." }}.')


def _table(value: Any, where: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise CatalogueError(f"{where}: {value!r:.80} is not a table of names and values.")
    return value


def _column(value: Any, where: str) -> ColumnWords:
    """Declaration of a column: the role alone, or role with unit and year."""
    if isinstance(value, str):
        return ColumnWords(value)
    words: ColumnWords = build(ColumnWords, _table(value, where), where)
    return words
