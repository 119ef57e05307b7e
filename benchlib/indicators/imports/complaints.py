"""All that is wrong with a file, told at once: somebody who corrects a spreadsheet wants to open it once."""

from __future__ import annotations

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
    """

    where: str
    _found: list[tuple[str, int | None, str | None]] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self._found)

    def add(self, problem: str, *, row: int | None = None, column: str | None = None) -> None:
        """Note what is wrong and what to do, in full sentences."""
        self._found.append((problem, row, column))

    def has(self, row: int) -> bool:
        """Whether something is wrong with a row already."""
        return any(at == row for _, at, _ in self._found)

    def raise_any(self) -> None:
        """Refuse the file if anything is wrong with it.

        Raises
        ------
        FiguresFileError
            The message names file, sheet, row and column of each problem.
        """
        if not self._found:
            return
        found = sorted(dict.fromkeys(self._found), key=lambda complaint: complaint[1] or 0)
        if len(found) == 1:
            problem, row, column = found[0]
            raise broken(self.where, problem, row=row, column=column)
        lines = [f"{self.where}: {len(found)} problems. Nothing of the file was imported."]
        for problem, row, column in found[:_SHOWN]:
            places = [f"row {row}"] if row is not None else []
            places += [f"column {column!r}"] if column is not None else []
            lines.append(f"  {', '.join(places)}: {problem}" if places else f"  {problem}")
        if len(found) > _SHOWN:
            lines.append(f"  ... and {len(found) - _SHOWN} more.")
        raise FiguresFileError("\n".join(lines))
