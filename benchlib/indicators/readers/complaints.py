"""All that is wrong with a file, told at once: somebody who corrects a spreadsheet wants to open it once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from benchlib.errors import FiguresFileError
from benchlib.indicators.readers.files import broken

#: As many as a screen shows; the rest is counted.
_SHOWN: Final = 15


@dataclass
class Complaints:
    """What is wrong, cell by cell, in the order of the file.

    Attributes
    ----------
    where : str
        File and sheet.
    titles : mapping of str to str
        What is written above a column, where complaints name it otherwise.
    """

    where: str
    titles: Mapping[str, str] = field(default_factory=dict)
    _found: list[tuple[str, int | None, str | None]] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self._found)

    def add(self, problem: str, *, row: int | None = None, column: str | None = None) -> None:
        """Note what is wrong and what to do, in full sentences."""
        self._found.append((problem, row, self._title(column)))

    def has(self, row: int, column: str | None = None) -> bool:
        """Whether something is wrong with a row already, or with a cell of it."""
        title = self._title(column)
        return any(at == row and title in (None, below) for _, at, below in self._found)

    def _title(self, column: str | None) -> str | None:
        return None if column is None else self.titles.get(column, column)

    def raise_any(self) -> None:
        """Refuse the file if anything is wrong with it.

        Raises
        ------
        FiguresFileError
            The message names file, sheet, row and column of each problem.
        """
        raise_all([self])

    @property
    def text(self) -> str:
        """All that is wrong, as a message."""
        found = sorted(dict.fromkeys(self._found), key=lambda complaint: complaint[1] or 0)
        if len(found) == 1:
            problem, row, column = found[0]
            return str(broken(self.where, problem, row=row, column=column))
        lines = [f"{self.where}: {len(found)} problems. Nothing of the file was imported."]
        for problem, row, column in found[:_SHOWN]:
            places = [f"row {row}"] if row is not None else []
            places += [f"column {column!r}"] if column is not None else []
            lines.append(f"  {', '.join(places)}: {problem}" if places else f"  {problem}")
        if len(found) > _SHOWN:
            lines.append(f"  ... and {len(found) - _SHOWN} more.")
        return "\n".join(lines)


def raise_all(complaints: Iterable[Complaints]) -> None:
    """Refuse a file if anything is wrong with one of its sheets.

    Parameters
    ----------
    complaints : iterable of Complaints
        Those of each sheet.

    Raises
    ------
    FiguresFileError
        The message names all of it.
    """
    found = [each for each in complaints if len(each)]
    if found:
        raise FiguresFileError("\n".join(each.text for each in found))
