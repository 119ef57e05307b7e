"""Surveys as they are kept: entries of `surveys.toml` in the own folder, and the file of answers behind each.

Nothing in these files is about a person: a row is the mean of at least `min_n` answers, or says that there were fewer.
"""

from __future__ import annotations

import csv
import hashlib
import io
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

import pandas as pd

from benchlib.errors import BenchlibError, CatalogueError, FiguresFileError
from benchlib.indicators.folder import own_folder
from benchlib.indicators.registry import Texts, build, entries, read_toml, vintage_of
from benchlib.indicators.territory import codes
from benchlib.terms import Access, Classification, check_option

#: Columns of a file of answers.
COLUMNS: Final = (
    "territory",
    "year",
    "survey",
    "question",
    "respondents",
    "n",
    "mean",
    "sd",
    "scale_min",
    "scale_max",
    "status",
    "network",
    "service",
)
#: What a row is an answer to; it may be there once in a file.
KEY: Final = ("survey", "question", "respondents", "year", "territory")
Respondents = Literal["residents", "users"]
_STATUSES: Final = ("observed", "suppressed", "missing")
_NUMBERS: Final = ("n", "mean", "sd", "scale_min", "scale_max")


@dataclass(frozen=True, slots=True)
class Survey:
    """Entry of a survey, and the receipt of its file.

    Attributes
    ----------
    id : str
        By which it can be taken out again.
    publisher, table, caveats : mapping
        Texts by language.
    licence : str
        Under which terms it may be used.
    territory : {"2009", "2021", "2025"}
        Classification of the municipalities.
    years : tuple of int
        Years of the answers.
    access : {"public", "members"}
        Who may see it.
    vintage, vintage_basis : str
        Day of the file, and how it is known.
    min_n : int
        Fewest answers with which a mean is kept.
    file, rows, sha256
        Receipt: path in the own folder, number of rows, hash.
    questions : mapping of str to mapping
        Wording of questions, by language, where it was given.
    """

    id: str
    publisher: Texts
    table: Texts
    caveats: Texts
    licence: str
    territory: Classification
    years: tuple[int, ...]
    access: Access
    vintage: str
    vintage_basis: str
    min_n: int
    file: str
    rows: int
    sha256: str
    questions: Mapping[str, Texts] = field(default_factory=dict)


def imported_surveys(*, access: Access = "public", data: Path | None = None) -> tuple[Survey, ...]:
    """Surveys that were imported.

    Parameters
    ----------
    access : {"public", "members"}
        "public" leaves out those for members only.
    data : pathlib.Path, optional
        Data folder; the shipped one if absent.

    Returns
    -------
    tuple of Survey
        In the order of their vintages; those of one day as they were imported, so that the last one counts.

    Raises
    ------
    CatalogueError
        If `surveys.toml` is broken.
    """
    check_option("access", access, Access)
    path = own_folder(data) / "surveys.toml"
    if not path.exists():
        return ()
    found = [_survey(entry, path) for entry in entries(read_toml(path), "surveys", path)]
    ids = [survey.id for survey in found]
    twice = next((name for name in ids if ids.count(name) > 1), None)
    if twice is not None:
        raise CatalogueError(f"{path}: survey {twice!r:.80} stands there twice.")
    visible = [survey for survey in found if access == "members" or survey.access == "public"]
    return tuple(sorted(visible, key=lambda survey: survey.vintage))


def _survey(entry: Mapping[str, Any], path: Path) -> Survey:
    where = f"{path}, survey {entry.get('id', '?')!r:.80}"
    survey: Survey = build(Survey, {**entry, "vintage": vintage_of(entry, where)}, where)
    try:
        check_option("access", survey.access, Access)
        check_option("territory", survey.territory, Classification)
    except BenchlibError as error:
        raise CatalogueError(f"{where}: {error}") from error
    if Path(survey.file).is_absolute() or ".." in Path(survey.file).parts:
        raise CatalogueError(f"{where}: file = {survey.file!r:.80} leaves the folder.")
    return survey


def read_survey(survey: Survey, data: Path | None = None) -> pd.DataFrame:
    """Rows of a survey, checked against its receipt.

    Parameters
    ----------
    survey : Survey
        From `imported_surveys`.
    data : pathlib.Path, optional
        Data folder; the shipped one if absent.

    Returns
    -------
    pandas.DataFrame
        `COLUMNS`; numbers as float, NaN where the status is not "observed".

    Raises
    ------
    FiguresFileError
        If the file is absent, changed or wrong; the message names row and column. Nothing of it is used.
    """
    path = own_folder(data) / survey.file
    try:
        content = path.read_bytes()
        reader = csv.reader(io.StringIO(content.decode("utf-8"), newline=""), strict=True)
        header, *lines = list(reader)
    except (OSError, ValueError, csv.Error) as error:
        raise FiguresFileError(
            f"{path} cannot be read ({error}); survey {survey.id!r} needs it. Import it again."
        ) from error
    if hashlib.sha256(content).hexdigest() != survey.sha256 or len(lines) != survey.rows:
        raise FiguresFileError(
            f"{path} is not the file of surveys.toml ({survey.rows} rows, another sha256): somebody changed it. Import it again."
        )
    if tuple(header) != COLUMNS or any(len(cells) != len(COLUMNS) for cells in lines):
        raise FiguresFileError(f"{path}: the columns are not {','.join(COLUMNS)}. Import it again.")
    rows, seen = [], set()
    for number, cells in enumerate(lines, 2):
        row: dict[str, Any] = dict(zip(COLUMNS, cells, strict=True))
        try:
            _check_row(row, survey)
        except ValueError as error:
            raise FiguresFileError(f"{path}, row {number}, column {error}. Nothing of the file was used.") from error
        key = tuple(row[name] for name in KEY)
        if key in seen:
            raise FiguresFileError(
                f"{path}, row {number}: the same question stands there twice. Nothing of the file was used."
            )
        seen.add(key)
        rows.append(row)
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype({"year": "int64", **dict.fromkeys(_NUMBERS, "float64")})


def _check_row(row: dict[str, Any], survey: Survey) -> None:
    """Turn the texts of a row into numbers, or raise with the column and what is wrong."""
    if row["territory"] not in codes(survey.territory):
        raise ValueError(f"territory: {row['territory']!r} is no code of {survey.territory}")
    if row["year"] not in map(str, survey.years):
        raise ValueError(f"year: {row['year']!r} is not one of {list(survey.years)}")
    if row["status"] not in _STATUSES:
        raise ValueError(f"status: {row['status']!r} is not one of {', '.join(_STATUSES)}")
    for column in _NUMBERS:
        row[column] = float(row[column]) if row[column] else math.nan
        if math.isinf(row[column]):
            raise ValueError(f"{column}: not a finite number")
    _check_numbers(row, survey)


def _check_numbers(row: Mapping[str, Any], survey: Survey) -> None:
    if not row["scale_min"] < row["scale_max"]:
        raise ValueError(f"scale_max: {row['scale_max']:g} is not above {row['scale_min']:g}")
    has_mean = not math.isnan(row["mean"])
    if has_mean != (row["status"] == "observed"):
        raise ValueError(f"mean: does not go with the status {row['status']}")
    if has_mean and not (row["n"] >= survey.min_n and row["n"] == int(row["n"])):
        raise ValueError(f"n: {row['n']:g} is not a whole number from {survey.min_n}")
    if has_mean and not row["scale_min"] <= row["mean"] <= row["scale_max"]:
        raise ValueError(f"mean: {row['mean']:g} lies outside the scale")
    if row["status"] == "suppressed" and not math.isnan(row["n"]):
        raise ValueError("n: a suppressed row says how many answered")


def survey_problems(data: Path | None = None) -> list[str]:
    """What is wrong with the surveys of a data folder, a sentence each; nothing if all can be read.

    Parameters
    ----------
    data : pathlib.Path, optional
        Data folder; the shipped one if absent.

    Returns
    -------
    list of str
    """
    try:
        known = imported_surveys(access="members", data=data)
    except BenchlibError as error:
        return [str(error)]
    problems = []
    for survey in known:
        try:
            read_survey(survey, data)
        except BenchlibError as error:
            problems.append(str(error))
    listed = {survey.file for survey in known}
    for path in sorted((own_folder(data) / "surveys").glob("*.csv")):
        if f"surveys/{path.name}" not in listed:
            problems.append(
                f"{path} has no entry in surveys.toml; an import was broken off. Remove it, or import again."
            )
    return problems
