"""The verbs of a notebook cell: `heading`, `say`, `bullets`, `show`, `table`, `note`, `facts`.

Each returns a block, or several as `Blocks`; as the last expression of a cell they are displayed and enter the report.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, overload

from benchlib.errors import OptionError
from benchlib.reporting.attachment import Attachment
from benchlib.reporting.base import Block
from benchlib.reporting.blocks import (
    Bullets,
    Cell,
    Column,
    Fact,
    Facts,
    Figure,
    Heading,
    Note,
    NoteKind,
    Paragraph,
    Table,
    as_cell,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as MatplotlibFigure

#: Width on the page: a 5 inch figure is 640 px wide and fits the text column.
PAGE_PIXELS_PER_INCH: Final = 128


class Blocks(Sequence[Block]):
    """Several blocks in their order; the last expression of a cell may be one.

    Each block becomes an output of its own, so a picture stays a picture for whatever reads the notebook.

    Parameters
    ----------
    *parts : Block or iterable of Block
        Blocks and sequences of blocks, flattened.
    """

    def __init__(self, *parts: Block | Iterable[Block]) -> None:
        self._blocks: tuple[Block, ...] = tuple(
            block for part in parts for block in ((part,) if isinstance(part, Block) else tuple(part))
        )

    @overload
    def __getitem__(self, index: int) -> Block: ...
    @overload
    def __getitem__(self, index: slice) -> Blocks: ...
    def __getitem__(self, index: int | slice) -> Block | Blocks:
        return Blocks(self._blocks[index]) if isinstance(index, slice) else self._blocks[index]

    def __len__(self) -> int:
        return len(self._blocks)

    def __iter__(self) -> Iterator[Block]:
        return iter(self._blocks)

    def __add__(self, other: Block | Iterable[Block]) -> Blocks:
        return Blocks(self, other)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Blocks) and self._blocks == other._blocks

    def __hash__(self) -> int:
        return hash(self._blocks)

    def __repr__(self) -> str:
        return f"Blocks({', '.join(map(repr, self._blocks))})"

    def __str__(self) -> str:
        return "\n\n".join(map(str, self._blocks))

    def _ipython_display_(self) -> None:
        from IPython.display import display  # only a kernel comes here, and it has IPython in memory

        for block in self._blocks:
            display(block)  # type: ignore[no-untyped-call]


def heading(text: str, level: int = 2) -> Heading:
    """Return a heading; level 1 is the report's title, level 2 a section.

    Parameters
    ----------
    text : str
        Its words.
    level : int, default 2
        From 1 to 4.
    """
    return Heading(text, level)


def say(*texts: str) -> Blocks:
    """Return one paragraph for each text; `**bold**` is the only markup.

    Parameters
    ----------
    *texts : str
        Plain text. Empty ones are left out, so a sentence may depend on the figures.
    """
    return Blocks(Paragraph(text) for text in texts if not (isinstance(text, str) and not text.strip()))


def bullets(*items: str, links: bool = False) -> Bullets:
    """Return a list of points.

    Parameters
    ----------
    *items : str
        Plain text with `**bold**`.
    links : bool, default False
        Make links of addresses that begin with http:// or https://, as those of sources.
    """
    return Bullets(items, links)


def note(text: str, kind: NoteKind = "info", *, label: str = "") -> Note:
    """Return a remark that stands out from the text.

    Parameters
    ----------
    text : str
        Plain text with `**bold**`.
    kind : {"info", "caution", "invented", "closed"}
        "invented" says that figures are made up for the demonstration, "closed" that the report is for members only. Either puts a
        warning on every page.
    label : str, optional
        The word before it; by default the report writes it in its own language.
    """
    return Note(text, kind, label)


def facts(*items: Fact | Sequence[str]) -> Facts:
    """Return key numbers as cards.

    Parameters
    ----------
    *items : Fact or sequence of str
        Label, formatted value, and optionally a detail.
    """
    return Facts(tuple(item if isinstance(item, Fact) else Fact(*item) for item in items))


def attach(content: str, suffix: str, label: str) -> Attachment:
    """Return a file of data that comes with the report.

    Parameters
    ----------
    content : str
        The file.
    suffix : str
        Ending of its name, such as "plan.toml"; the name begins like that of the report.
    label : str
        What it is, for the reader.
    """
    return Attachment(suffix, content, label)


def table(
    columns: Sequence[Column | Sequence[str]],
    rows: Iterable[Mapping[str, Any] | Sequence[Any]],
    *,
    caption: str,
    highlight: Iterable[int] = (),
    note: str = "",
) -> Table:
    """Return a table of formatted cells.

    Parameters
    ----------
    columns : sequence of Column or (key, label) or (key, label, align)
        The columns; given as tuples, the first one names the rows.
    rows : iterable of mapping or sequence
        Text or `Cell`s, by column key or in the order of the columns.
    caption : str
        What the table shows.
    highlight : iterable of int
        Numbers, from 0, of the rows to highlight.
    note : str
        A line below the table.

    Raises
    ------
    OptionError
        If a row lacks a column, has one too many, or a cell is not text.
    """
    made = tuple(
        column if isinstance(column, Column) else Column(*column, is_row_header=number == 0)  # type: ignore[misc,arg-type]
        for number, column in enumerate(columns)
    )
    keys = [column.key for column in made]
    cells = tuple(tuple(map(as_cell, _ordered(number, row, keys))) for number, row in enumerate(rows))
    return Table(made, cells, caption, tuple(int(number) for number in highlight), note)


def _ordered(number: int, row: Mapping[str, Any] | Sequence[Any], keys: list[str]) -> list[str | Cell]:
    if not isinstance(row, Mapping):
        return list(row)
    lacking = [key for key in keys if key not in row]
    if lacking:
        raise OptionError(
            f"Row {number} of a table lacks the column {lacking[0]!r}; it has {', '.join(map(repr, row))}."
        )
    return [row[key] for key in keys]


def show(drawing: Axes | MatplotlibFigure, *, alt: str, caption: str = "") -> Figure:
    """Turn a drawing into a figure of the report and close it.

    Lines, shapes and letters become SVG: small, sharp at any size, on paper too. A drawing with an image, a shaded mesh or hatching, and
    one of so many marks that dots take fewer bytes (over 150 kB), becomes PNG, sharp to three times the size of the page. The same
    drawing gives the same bytes: nothing of the clock or of the versions in use enters the file.

    Parameters
    ----------
    drawing : matplotlib Axes or Figure
        What a function of `benchlib.reporting.plots` returned. Its margins are its own: nothing is cropped.
    alt : str
        What the picture shows, in words, with its main numbers; required.
    caption : str
        The line below the picture.

    Returns
    -------
    Figure

    Raises
    ------
    OptionError
        If `alt` is empty, or `drawing` is not a matplotlib drawing.
    """
    # Imported here because the process that only starts kernels and writes HTML never draws.
    from benchlib.reporting.drawing.picture import picture

    if not isinstance(alt, str) or not alt.strip():
        raise OptionError("A figure needs an alt text: one or two sentences for readers who do not see the picture.")
    figure: Any = getattr(drawing, "figure", drawing)
    if not hasattr(figure, "savefig"):
        raise OptionError(f"show() takes matplotlib Axes or a Figure, got {type(drawing).__name__}.")
    image, format_ = picture(figure, PAGE_PIXELS_PER_INCH)
    pyplot = sys.modules.get("matplotlib.pyplot")  # without it, nothing keeps the figure open
    if pyplot is not None:
        pyplot.close(figure)
    return Figure(image, alt, caption, round(figure.get_figwidth() * PAGE_PIXELS_PER_INCH), format_)
