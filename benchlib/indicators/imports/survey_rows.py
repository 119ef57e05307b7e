"""Rows of a survey: what was asked of whom, and the numbers that came of it, each held against what is possible."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, Final

from benchlib.indicators.imports.dialects import Numbers, choose_numbers
from benchlib.indicators.imports.headings import PLACE_ROLES
from benchlib.indicators.imports.rows import Work
from benchlib.indicators.imports.sheets import old_percent
from benchlib.indicators.names import plain_text
from benchlib.indicators.readers.files import Row
from benchlib.indicators.surveys.files import KEY
from benchlib.indicators.surveys.means import largest_sd

#: Roles of columns, and the headings by which they are known.
SURVEY_ROLES: Final[Mapping[str, tuple[str, ...]]] = {
    **PLACE_ROLES,
    "question": ("jautājums", "jautājuma kods", "jautājuma numurs", "apgalvojums", "question", "question id", "statement", "item"),
    "wording": ("jautājuma teksts", "formulējums", "question text"),
    "n": ("n", "respondentu skaits", "respondenti", "atbilžu skaits", "atbildes", "atbildējušo skaits", "atbildēja",
          "number of respondents", "number of answers", "answers", "responses"),
    "mean": ("vidējais", "vidējais vērtējums", "vidējā vērtība", "vidējā atzīme", "vērtējums", "average", "mean score",
             "average score", "score"),
    "sd": ("standartnovirze", "standarta novirze", "st novirze", "s d", "standard deviation", "std", "std dev", "stdev"),
    "scale": ("skala", "vērtējuma skala"),
    "scale_min": ("skalas minimums", "skala no", "scale minimum", "scale from"),
    "scale_max": ("skalas maksimums", "skala līdz", "scale maximum", "scale to"),
    "respondents": ("respondentu grupa", "kas atbildēja", "mērķgrupa", "group of respondents"),
    "survey": ("aptauja", "aptaujas nosaukums", "survey name"),
    "network": ("tīkls", "tematiskais tīkls"),
    "service": ("pakalpojums", "pakalpojuma nosaukums"),
}  # fmt: skip
_RESPONDENTS: Final = {
    **dict.fromkeys(("residents", "inhabitants", "iedzivotaji", "iedzivotajs"), "residents"),
    **dict.fromkeys(
        ("users", "clients", "lietotaji", "pakalpojuma lietotaji", "pakalpojumu lietotaji", "klienti", "pakalpojuma sanemeji"), "users"
    ),
}  # fmt: skip
_NUMBER: Final = r"-?[0-9]+(?:[.,][0-9]+)?"
_SCALE: Final = re.compile(rf"(?P<low>{_NUMBER})\s*(?:-|–|—|\.\.\.?|…|to|līdz)\s*(?P<high>{_NUMBER})")
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LONGEST: Final = 300
#: Upper end of a scale in per cent.
_PERCENT: Final = 100.0

Complain = Callable[[str, str], None]


@dataclass(frozen=True)
class Asked:
    """What a row is about, and its numbers as they stand in the file."""

    row: int
    words: Mapping[str, Any]
    n: str
    mean: str
    sd: str

    @property
    def key(self) -> tuple[Any, ...]:
        """What may be there once."""
        return tuple(self.words[name] for name in KEY)


def read_row(work: Work, row: Row, code: str, year: int | None, networks: Collection[str]) -> Asked | None:
    """The words of a row.

    Parameters
    ----------
    work : Work
        Takes what is wrong.
    row : Row
        The row.
    code : str
        Its municipality.
    year : int or None
        Its year.
    networks : collection of str
        Ids of the known networks.

    Returns
    -------
    Asked or None
        None if something is wrong.
    """
    columns = {column.role: column for column in work.understood.columns if column.role}
    cells = {role: row.cells[column.position] for role, column in columns.items()}
    before = len(work.complaints)

    def complain(problem: str, role: str) -> None:
        work.complaints.add(problem, row=row.number, column=columns[role].title if role in columns else None)

    def complain_once(problem: str, role: str) -> None:
        """Of what the command says, or nobody: it is wrong with all rows."""
        if cells.get(role) or (role in columns and not getattr(work.options, role)):
            complain(problem, role)
        else:
            work.complaints.add(problem)

    if year is None and not work.complaints.has(row.number):
        complain("the row has no year. Fill it in.", "year")
    if not cells["question"]:
        complain("the row has no question. Fill it in.", "question")
    low, high = _scale(cells, work.options.scale, complain, complain_once)
    words = {
        "territory": code,
        "year": year,
        "survey": (cells.get("survey") or work.options.survey or PurePath(work.understood.sheet.file).stem)[:_LONGEST],
        "question": cells["question"][:_LONGEST],
        "respondents": _who(cells.get("respondents") or work.options.respondents or "", complain_once),
        "scale_min": low,
        "scale_max": high,
        "network": _network(cells.get("network", ""), networks, complain),
        "service": cells.get("service", "")[:_LONGEST],
    }
    if year is None or len(work.complaints) > before:
        return None
    return Asked(row.number, words, cells["n"], cells["mean"], cells.get("sd", ""))


def _who(text: str, complain: Complain) -> str:
    found = _RESPONDENTS.get(plain_text(text), "")
    if not found:
        what = f"{text!r:.40} is neither residents nor users" if text else "nothing tells who answered"
        complain(f"{what}. Write it in the row, or say --respondents residents (or users).", "respondents")
    return found


def _network(text: str, networks: Collection[str], complain: Complain) -> str:
    known = {plain_text(key): key for key in networks}
    if text and plain_text(text) not in known:
        complain(f"{text!r:.40} is no network. Known: {', '.join(networks)}.", "network")
    return known.get(plain_text(text), "")


def _scale(
    cells: Mapping[str, str], told: str | None, complain: Complain, complain_once: Complain
) -> tuple[float, float]:
    """Ends of the scale, from one cell, two cells or the option."""
    if cells.get("scale_min") and cells.get("scale_max"):
        role, text = "scale_max", f"{cells['scale_min']} - {cells['scale_max']}"
    else:
        role, text, complain = "scale", cells.get("scale") or told or "", complain_once
    found = _SCALE.fullmatch(text.replace("%", ""))
    if found is None:
        problem = f"{text!r:.40} is no scale such as 1-5" if text else "nothing tells the scale of the answers"
        if _DAY.fullmatch(text):
            problem = f"the spreadsheet has made a date ({text}) of the scale; format the cell as text"
        complain(f"{problem}. Say it: --scale 1-5.", role)
        return 0.0, 1.0
    low, high = (float(found[end].replace(",", ".")) for end in ("low", "high"))
    if not low < high:
        complain(f"{text!r:.40}: the scale must rise, as 1-5 does.", role)
    return low, high


def number_rows(work: Work, asked: Sequence[Asked]) -> list[dict[str, Any]]:
    """The numbers of each row, checked; means of too few answers are left out.

    Parameters
    ----------
    work : Work
        Takes what is wrong with a number.
    asked : sequence of Asked
        From `read_row`.

    Returns
    -------
    list of dict
        Rows as `survey_files.COLUMNS` has them.
    """
    titles = {column.role: column.title for column in work.understood.columns if column.role}
    cells = [(at.row, titles.get(r, ""), text) for at in asked for r in ("n", "mean", "sd") if (text := getattr(at, r))]
    numbers = choose_numbers(work.where, cells, work.options.decimal)
    first: dict[tuple[Any, ...], int] = {}
    rows = []
    for at in asked:
        try:
            rows.append({**at.words, **_numbers_of(at, numbers, work.options.min_n)})
        except _WrongNumberError as error:
            work.complaints.add(str(error), row=at.row, column=titles.get(error.role))
        before = first.setdefault(at.key, at.row)
        if before != at.row:
            problem = (
                f"this question to these respondents stands in row {before} for this municipality and year already."
            )
            work.complaints.add(f"{problem} Keep one of them.", row=at.row, column=titles["question"])
    _check_percent(work, rows, titles["mean"])
    return rows


def _check_percent(work: Work, rows: Sequence[Mapping[str, Any]], column: str) -> None:
    """Means in per cent of an old workbook."""
    means = [row["mean"] for row in rows if row["scale_max"] == _PERCENT and not math.isnan(row["mean"])]
    problem = old_percent(work.understood.sheet, max(means, default=0.0))
    if problem:
        work.complaints.add(problem, column=column)


class _WrongNumberError(Exception):
    """A number that cannot be, and the role of its column."""

    def __init__(self, problem: str, role: str) -> None:
        super().__init__(problem)
        self.role = role


def _read(at: Asked, role: str, numbers: Numbers) -> float:
    text = getattr(at, role)
    try:
        return numbers.read(text, percent=0 if role != "n" else None).value
    except ValueError as error:
        raise _WrongNumberError(f"{error}. Correct the cell.", role) from error


def _numbers_of(at: Asked, numbers: Numbers, min_n: int) -> dict[str, Any]:
    """Number, mean and standard deviation of a row; none of them where fewer than `min_n` answered."""
    n, mean, sd = (_read(at, role, numbers) for role in ("n", "mean", "sd"))
    low, high = at.words["scale_min"], at.words["scale_max"]
    nothing = {"n": math.nan, "mean": math.nan, "sd": math.nan}
    if math.isnan(n):
        if math.isnan(mean):
            return {**nothing, "status": "missing"}
        raise _WrongNumberError(
            "the row has a mean and no number of answers; without it nobody knows how sure it is.", "n"
        )
    if n < 0 or n != int(n):
        raise _WrongNumberError(f"{at.n!r:.20} is not a number of answers: whole and above 0.", "n")
    if n == 0:
        raise _WrongNumberError("nobody answered. Leave the row out, or the cell empty.", "n")
    if not math.isnan(mean) and not low <= mean <= high:
        raise _WrongNumberError(f"{at.mean!r:.20} lies outside the scale {low:g}-{high:g}.", "mean")
    if n < min_n:
        return {**nothing, "status": "suppressed"}
    if math.isnan(mean):
        return {**nothing, "n": n, "status": "missing"}
    if not math.isnan(sd):
        _check_sd(at, sd, mean, int(n))
    return {"n": n, "mean": mean, "sd": sd, "status": "observed"}


def _check_sd(at: Asked, sd: float, mean: float, n: int) -> None:
    """A standard deviation must be possible with this mean; both may be rounded in the last decimal that is written."""
    low, high = at.words["scale_min"], at.words["scale_max"]
    off = _half_a_unit(at.mean)
    nearest = min(max((low + high) / 2, mean - off), mean + off)
    most = largest_sd(nearest, n, low, high) + _half_a_unit(at.sd)
    if sd < 0 or sd > most:
        problem = (
            f"{at.sd!r:.20} cannot be: answers from {low:g} to {high:g} with the mean {mean:g} have at most {most:.2f}."
        )
        raise _WrongNumberError(f"{problem} Is it a variance, or another scale?", "sd")


def _half_a_unit(text: str) -> float:
    decimals = re.search(r"[.,]([0-9]+)", text)
    return 0.5 * 10.0 ** -(len(decimals[1]) if decimals else 0)
