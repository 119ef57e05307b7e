"""Which municipality a row is about, and of which classification."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Final

from benchlib.errors import AmbiguousTerritoryError, UnknownTerritoryError
from benchlib.indicators.names import find_municipality, fitting, plain_text
from benchlib.indicators.readers.complaints import Complaints
from benchlib.indicators.readers.files import Row, broken
from benchlib.indicators.readers.names import clean_label, exact_names
from benchlib.indicators.territory import CLASSIFICATIONS, codes, crosswalk
from benchlib.terms import Classification

_DIGITS: Final = re.compile(r"[0-9]{1,7}")
_CODE_DIGITS: Final = 7
#: First words of rows that sum up others; they are no municipalities, and they could give away what is suppressed.
_TOTALS: Final = frozenset(
    {"kopa", "pavisam", "summa", "latvija", "latvija kopa", "valsti", "valsti kopa", "videji", "videjais", "vid", "mediana", "total", "sum",
     "latvia", "mean", "average", "median", "grand total", "all"}
)  # fmt: skip
_REGION: Final = re.compile(r"\b(regions|regiona|statistiskais|region)\b")


@dataclass
class Places:
    """The municipality of each row.

    Attributes
    ----------
    code_of : dict of int to str
        ATVK code by row number; rows that are left out are not in it.
    territory : {"2009", "2021", "2025"}
        Classification.
    why : str
        How the classification is known.
    notes : list of str
        What was left out or restored.
    """

    code_of: dict[int, str]
    territory: Classification
    why: str
    notes: list[str] = field(default_factory=list)


def is_total(label: str) -> bool:
    """Whether a label names a sum or a mean of municipalities.

    Parameters
    ----------
    label : str
        What stands in the column of municipalities.

    Returns
    -------
    bool
    """
    plain = plain_text(label)
    return plain in _TOTALS or plain.split(" ")[0] in ("kopa", "pavisam", "total") or bool(_REGION.search(plain))


@lru_cache(maxsize=4096)
def resolve(text: str, territory: Classification) -> str | None:
    """Code of the municipality that a cell names by code (whose leading zeros may be lost) or by name.

    Parameters
    ----------
    text : str
        What stands in the cell.
    territory : {"2009", "2021", "2025"}
        Classification.

    Returns
    -------
    str or None
        None if no municipality or several are meant.
    """
    label = clean_label(text)
    if _DIGITS.fullmatch(label):
        code = label.zfill(_CODE_DIGITS)
        return code if code in codes(territory) else None
    exact = exact_names(territory).get(label.casefold())
    if exact is not None:
        return exact.code
    found = fitting(label, territory)
    return found[0].code if len(found) == 1 else None


def is_place(text: str) -> bool:
    """Whether a cell names a municipality of any classification by its name, or by a code of seven digits."""
    return (not text.isdigit() or len(text) == _CODE_DIGITS) and any(resolve(text, t) for t in CLASSIFICATIONS)


def same_place(text: str, other: str) -> bool:
    """Whether two cells, by code or by name, mean the same municipality of one classification."""
    return any((code := resolve(text, t)) is not None and code == resolve(other, t) for t in CLASSIFICATIONS)


def one_place(where: str, rows: Sequence[Row], municipality: str, territory: Classification | None) -> Places:
    """All rows are about one municipality, which the user named.

    Parameters
    ----------
    where : str
        File and sheet.
    rows : sequence of Row
        Rows below the headings.
    municipality : str
        Name or code.
    territory : {"2009", "2021", "2025"} or None
        Classification; that of today if absent.

    Returns
    -------
    Places

    Raises
    ------
    UnknownTerritoryError, AmbiguousTerritoryError
        If nobody, or several, have this name.
    """
    chosen = territory or CLASSIFICATIONS[-1]
    code = resolve(municipality, chosen) or find_municipality(municipality, chosen).code
    return Places({row.number: code for row in rows}, chosen, "as you said" if territory else "today's")


def find_places(
    complaints: Complaints,
    rows: Sequence[Row],
    columns: Mapping[str, tuple[int, str]],
    years: Collection[int],
    territory: Classification | None,
) -> Places:
    """The municipality of each row, by code, name or both.

    Parameters
    ----------
    complaints : Complaints
        Takes what is wrong with a row.
    rows : sequence of Row
        Rows below the headings.
    columns : mapping
        Position and heading of "municipality", "code" or both.
    years : collection of int
        Years of the file: where names fit several classifications, they decide.
    territory : {"2009", "2021", "2025"} or None
        What the user said.

    Returns
    -------
    Places

    Raises
    ------
    FiguresFileError
        If the names fit several classifications, so that other territories could be meant.
    """
    kept, notes = _without_totals(complaints, rows, columns)
    labels = [tuple(row.cells[place] for place, _ in columns.values() if row.cells[place]) for row in kept]
    chosen, why = (territory, "as you said") if territory else _classification(complaints.where, labels, years)
    found = Places({}, chosen, why, notes)
    restored = 0
    for row in kept:
        code = _code_of_row(complaints, row, columns, chosen)
        if code is not None:
            found.code_of[row.number] = code
            restored += any(_is_cut(row.cells[place]) for place, _ in columns.values())
    if restored:
        one = "1 code had lost its leading zeros, as spreadsheets do; it is restored."
        several = f"{restored} codes had lost their leading zeros, as spreadsheets do; they are restored."
        found.notes.append(one if restored == 1 else several)
    return found


def _is_cut(text: str) -> bool:
    return bool(_DIGITS.fullmatch(text)) and len(text) < _CODE_DIGITS


def _without_totals(
    complaints: Complaints, rows: Sequence[Row], columns: Mapping[str, tuple[int, str]]
) -> tuple[list[Row], list[str]]:
    """Rows about municipalities; sums and remarks are left out, and told."""
    kept, notes = [], []
    for row in rows:
        labels = [row.cells[place] for place, _ in columns.values() if row.cells[place]]
        filled = [cell for cell in row.cells if cell]
        first = (labels or filled)[0]
        if any(map(is_total, labels)):
            notes.append(f"Row {row.number} ({first!r:.60}) is left out: a sum or a mean is no municipality.")
        elif len(filled) == 1 and not is_place(first):
            notes.append(f"Row {row.number} ({first!r:.60}) is left out: a remark.")
        elif not labels:
            complaints.add(
                "the row has figures and no municipality. Write its name in each row, or delete the row.",
                row=row.number,
                column=next(iter(columns.values()))[1],
            )
        else:
            kept.append(row)
    return kept, notes


def _classification(
    where: str, labels: Sequence[tuple[str, ...]], years: Collection[int]
) -> tuple[Classification, str]:
    """The classification in which most labels are known; where other territories could be meant, the user is asked."""
    found = {t: [tuple(resolve(label, t) for label in row) for row in labels] for t in CLASSIFICATIONS}
    counts = {t: sum(None not in row for row in rows) for t, rows in found.items()}
    most = max(counts.values())
    fitting = [t for t in CLASSIFICATIONS if counts[t] == most]
    if len(fitting) == 1 or most == 0:
        return fitting[-1], "only there are all names or codes known" if most == len(labels) else "most are known there"
    candidates = [t for t in fitting if not years or t != "2009" or min(years) < int(CLASSIFICATIONS[1])]
    if years and min(years) > int(CLASSIFICATIONS[-1]):
        candidates = candidates[-1:]
    first, last = candidates[0], candidates[-1]
    same = _unchanged(first, last)
    place = next(
        (
            number
            for number, (row, other) in enumerate(zip(found[first], found[last], strict=True))
            if tuple(same.get(str(code), code) for code in row) != other
        ),
        None,
    )
    if place is None:
        # No reform touched them: as other figures of those years.
        is_early = bool(years) and max(years) < int(CLASSIFICATIONS[1])
        return first if is_early and first == CLASSIFICATIONS[0] else last, "the names or codes belong to it"
    raise broken(
        where,
        f"{_called(labels[place], found[last][place], last)} a municipality of {first} and of {last}, with other borders; neither names "
        f"nor years tell which is meant. Say it: --territory {first} or --territory {last}.",
    )


def _called(labels: Sequence[str], found: Sequence[str | None], territory: Classification) -> str:
    """What stands in a row, and whom it is taken for, where the name is written otherwise."""
    known = codes(territory)
    names = {code: known[code].name for code in found if code is not None}
    is_exact = all(
        code is None or clean_label(label).casefold() in (code, names[code].casefold())
        for label, code in zip(labels, found, strict=True)
    )
    shown = f"{', '.join(labels)!r:.80}"
    return f"{shown} is" if is_exact else f"{shown} is taken for {', '.join(names.values())!r:.80}, which is"


@cache
def _unchanged(old: Classification, new: Classification) -> dict[str, str]:
    """Codes of the municipalities that no reform between two classifications has touched, by their older code."""
    links = crosswalk(old, new)
    parts = Counter(link.new for link in links)
    return {link.old: link.new for link in links if parts[link.new] == 1 and not link.basis}


def _code_of_row(
    complaints: Complaints, row: Row, columns: Mapping[str, tuple[int, str]], territory: Classification
) -> str | None:
    found: dict[str, str] = {}
    for place, heading in columns.values():
        text = row.cells[place]
        code = resolve(text, territory) if text else None
        if code is not None:
            found[text] = code
        elif text:
            complaints.add(_unknown(text, territory), row=row.number, column=heading)
            return None
    if len(set(found.values())) > 1:
        (first, code), (second, other) = list(found.items())[:2]
        known = codes(territory)
        problem = f"{first!r:.40} is {known[code].name}, {second!r:.40} is {known[other].name}. Correct one of them."
        complaints.add(problem, row=row.number, column=next(iter(columns.values()))[1])
        return None
    return next(iter(found.values()), None)


def _unknown(text: str, territory: Classification) -> str:
    label = clean_label(text)
    if _DIGITS.fullmatch(label):
        return f"{text!r} is no ATVK code of the classification {territory}. Correct it, or say --territory."
    try:
        find_municipality(label, territory)
    except (UnknownTerritoryError, AmbiguousTerritoryError) as error:
        return str(error)
    return f"{text!r:.60} is not known."
