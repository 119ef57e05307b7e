"""What all commands share: the screen, messages in red, tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from rich.console import Console
from rich.markup import escape
from rich.table import Table

#: Wide enough for a table even where the output is a file or a pipe.
_PIPE_WIDTH: Final = 160


def say_error(error: object) -> None:
    """Write a message to standard error, in red."""
    Console(stderr=True, soft_wrap=True, highlight=False, emoji=False).print(f"{error}", style="red", markup=False)


def screen() -> Console:
    """Return standard output as a console."""
    console = Console(highlight=False, emoji=False)
    return console if console.is_terminal else Console(highlight=False, emoji=False, width=_PIPE_WIDTH)


def plain(value: Any) -> str:
    """Return a value as text without markup, lists with commas."""
    return escape(", ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value))


def print_table(
    title: str, headings: tuple[str, ...], rows: Sequence[tuple[str, ...]], *, whole: str | None = None
) -> None:
    """Print a table with a title; the cells of one column stay whole, so that they can be copied."""
    table = Table(title=escape(title), title_justify="left", box=None, padding=(0, 2, 0, 0), header_style="bold")
    for heading in headings:
        table.add_column(heading, overflow="fold", no_wrap=heading == whole)
    for row in rows:
        table.add_row(*map(plain, row))
    screen().print(table)
