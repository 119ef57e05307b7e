"""What a report is made of: headings, paragraphs, bullets, figures, tables, notes and key numbers.

A cell of a notebook ends in one of the verbs of `compose` (`say(...)`, `show(...)`, `table(...)`). JupyterLab displays
what they return, and the same content travels with the output as JSON in its metadata. HTML today and PDF tomorrow are
made from that one list of blocks, so they cannot differ. All text is plain text: whatever it contains is shown, never run.
"""

from __future__ import annotations

import base64
import re
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from markupsafe import Markup, escape

from benchlib.errors import OptionError
from benchlib.reporting.base import METADATA_KEY, Block, Json, clean_text, join_html, rich_text, set_fields
from benchlib.terms import Light, check_option

NoteKind = Literal["info", "caution", "invented", "closed"]
Align = Literal["left", "right"]
PictureFormat = Literal["png", "jpeg", "svg"]

#: The mime type of a picture, by its format.
PICTURE_TYPES: Final[dict[str, str]] = {"png": "image/png", "jpeg": "image/jpeg", "svg": "image/svg+xml"}
_SVG_SIZE: Final = re.compile(rb"<svg [^>]*?width='(\d+)' height='(\d+)'")
#: A table of more rows can be folded; the page folds it on a phone, where each row is a card.
_LONG_TABLE: Final = 30
#: Position in its group, told by shape as well as by colour.
_LIGHT_SHAPES: Final = {"green": "▲", "yellow": "◆", "red": "▼", "none": "·"}


@dataclass(frozen=True)
class Heading(Block):
    """A heading; level 1 is the title of the report, level 2 opens a section and enters the table of contents."""

    kind = "heading"
    text: str
    level: int = 2

    def __post_init__(self) -> None:
        set_fields(self, text=clean_text("The text of a heading", self.text, empty=False))
        if type(self.level) is not int or not 1 <= self.level <= 4:
            raise OptionError(f"level={self.level!r} is not a level of a heading. Allowed: 1, 2, 3, 4.")

    def __html__(self) -> Markup:
        return Markup("<h{0}>{1}</h{0}>").format(self.level, self.text)

    def __str__(self) -> str:
        return f"{'#' * self.level} {self.text}"

    def _repr_mimebundle_(self, **_: Any) -> tuple[Json, Json]:
        """Return the heading; the notebook's own headings stand in JupyterLab's table of contents, this one not again."""
        data, metadata = super()._repr_mimebundle_()
        skipped = Markup("<h{0} class='jp-toc-ignore'>{1}</h{0}>").format(self.level, self.text)
        return data | {"text/html": str(skipped)}, metadata


@dataclass(frozen=True)
class Paragraph(Block):
    """A paragraph of plain text; `**bold**` is its only markup."""

    kind = "paragraph"
    text: str

    def __post_init__(self) -> None:
        set_fields(self, text=clean_text("A paragraph", self.text, empty=False))

    def __html__(self) -> Markup:
        return Markup("<p>{}</p>").format(rich_text(self.text))

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Bullets(Block):
    """A list of points, each plain text with `**bold**`; with `links`, addresses of the web lead there."""

    kind = "bullets"
    items: tuple[str, ...]
    links: bool = False

    def __post_init__(self) -> None:
        set_fields(self, items=tuple(clean_text("A bullet", item, empty=False) for item in self.items))

    def __html__(self) -> Markup:
        return Markup("<ul>{}</ul>").format(
            join_html(Markup("<li>{}</li>").format(rich_text(item, links=self.links)) for item in self.items)
        )

    def __str__(self) -> str:
        return "\n".join(f"- {item}" for item in self.items)


@dataclass(frozen=True)
class Note(Block):
    """A remark beside the text: information, a caution, or a warning that figures are invented or for members only.

    `label` is the word before it; left empty, the export writes the word of the report's language.
    """

    kind = "note"
    text: str
    note: NoteKind = "info"
    label: str = ""

    def __post_init__(self) -> None:
        check_option("kind", self.note, NoteKind)
        set_fields(
            self, text=clean_text("A note", self.text, empty=False), label=clean_text("The label of a note", self.label)
        )

    def __html__(self) -> Markup:
        label = Markup("<strong class='note-label'>{}</strong> ").format(self.label) if self.label else ""
        note = Markup("<div class='note note-{}' role='note'><p>{}{}</p></div>")
        return note.format(self.note, label, rich_text(self.text))

    def __str__(self) -> str:
        return f"[{self.label or self.note}] {self.text}"


@dataclass(frozen=True)
class Fact:
    """A key number: what it is, its formatted value, and a line that puts it in proportion."""

    label: str
    value: str
    detail: str = ""

    def __post_init__(self) -> None:
        for name in ("label", "value", "detail"):
            set_fields(
                self, **{name: clean_text(f"The {name} of a key number", getattr(self, name), empty=name == "detail")}
            )


@dataclass(frozen=True)
class Facts(Block):
    """Key numbers, shown as cards side by side."""

    kind = "facts"
    items: tuple[Fact, ...]

    def __post_init__(self) -> None:
        set_fields(self, items=tuple(item if isinstance(item, Fact) else Fact(**item) for item in self.items))

    def __html__(self) -> Markup:
        card = Markup("<div class='fact'><dt>{}</dt><dd><span class='fact-value'>{}</span>{}</dd></div>")
        detail = Markup("<span class='fact-detail'>{}</span>")
        cards = (
            card.format(
                fact.label, _with_unit(fact.value), detail.format(rich_text(fact.detail)) if fact.detail else ""
            )
            for fact in self.items
        )
        return Markup("<dl class='facts'>{}</dl>").format(join_html(cards))

    def __str__(self) -> str:
        return "\n".join(f"{f.label}: {f.value}" + (f" ({f.detail})" if f.detail else "") for f in self.items)


def _with_unit(value: str) -> Markup:
    """Return a key number with its unit in smaller type, so that long units keep their place in the card."""
    number, _, unit = value.partition(" ")
    if not unit or not any(sign.isdigit() for sign in number):
        return escape(value)
    return Markup("{} <span class='fact-unit'>{}</span>").format(number, unit)


@dataclass(frozen=True)
class Figure(Block):
    """A picture with the words that stand for it.

    Parameters
    ----------
    image : bytes
        The picture: PNG, JPEG or SVG.
    alt : str
        What the picture shows, for readers who do not see it; never empty.
    caption : str
        The line below it.
    width_px : int
        Width on the page in CSS pixels; it shrinks on a narrow screen.
    format : {"png", "jpeg", "svg"}
        Format of the picture.
    """

    kind = "figure"
    image: bytes
    alt: str
    caption: str = ""
    width_px: int = 720
    format: PictureFormat = "png"

    def __post_init__(self) -> None:
        check_option("format", self.format, PictureFormat)
        set_fields(self, alt=clean_text("The alt text of a figure", self.alt, empty=False))
        set_fields(self, caption=clean_text("The caption of a figure", self.caption))

    @property
    def base64(self) -> str:
        """The picture as base64 text."""
        return base64.b64encode(self.image).decode("ascii")

    @property
    def height_px(self) -> int | None:
        """Height on the page, None if the picture does not tell its size; given to the browser, the page does not jump."""
        size = _size_of(self.image, self.format)
        return round(self.width_px * size[1] / size[0]) if size and size[0] else None

    def to_json(self) -> Json:
        """Return the block as JSON-ready dict, the picture as base64 text."""
        return {**super().to_json(), "image": self.base64}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Block:
        """Build the block from what `to_json` gave."""
        return super().from_json({**data, "image": base64.b64decode(data["image"])})

    def __html__(self) -> Markup:
        height = self.height_px
        size = Markup(" height='{}'").format(height) if height else Markup("")
        image = Markup("<img src='data:{};base64,{}' alt='{}' width='{}'{}>")
        image = image.format(PICTURE_TYPES[self.format], self.base64, self.alt, self.width_px, size)
        caption = Markup("<figcaption>{}</figcaption>").format(rich_text(self.caption)) if self.caption else ""
        return Markup("<figure><div class='picture'>{}</div>{}</figure>").format(image, caption)

    def __str__(self) -> str:
        return f"[figure: {self.alt}]" + (f" {self.caption}" if self.caption else "")

    def _repr_mimebundle_(self, **_: Any) -> tuple[Json, Json]:
        """Return picture, caption and alt text as HTML; the JSON beside it does not repeat the picture.

        Under its own mime type, JupyterLab would show an SVG only in notebooks that are trusted, and no picture's words.
        """
        data, _metadata = super()._repr_mimebundle_()
        about = {key: value for key, value in self.to_json().items() if key != "image"}
        words = Markup("<details><summary>Alt text</summary>{}</details>").format(self.alt)
        return data | {"text/html": str(self.__html__() + words)}, {METADATA_KEY: [about]}


def _size_of(image: bytes, format_: PictureFormat) -> tuple[int, int] | None:
    """Width and height as a PNG or an SVG of `show` gives them."""
    if format_ == "png" and len(image) >= 24:
        width, height = struct.unpack(">II", image[16:24])
        return width, height
    found = _SVG_SIZE.match(image) if format_ == "svg" else None
    return (int(found[1]), int(found[2])) if found else None


@dataclass(frozen=True)
class Column:
    """A column of a table: key in the rows, label above it, alignment, and whether its cells name the rows."""

    key: str
    label: str
    align: Align = "left"
    is_row_header: bool = False

    def __post_init__(self) -> None:
        check_option("align", self.align, Align)
        set_fields(self, label=clean_text("The label of a column", self.label))


@dataclass(frozen=True)
class Cell:
    """A formatted cell; `light` adds the traffic light as colour and shape, `hint` says it to a screen reader."""

    text: str
    light: Light | None = None
    hint: str = ""

    def __post_init__(self) -> None:
        if self.light is not None:
            check_option("light", self.light, Light)
        set_fields(
            self, text=clean_text("A cell of a table", self.text), hint=clean_text("The hint of a cell", self.hint)
        )

    def __html__(self) -> Markup:
        hint = Markup("<span class='unseen'> {}</span>").format(self.hint) if self.hint else ""
        if self.light is None:
            return Markup("{}{}").format(self.text, hint)
        sign = Markup("<span class='sign' aria-hidden='true'>{}</span>").format(_LIGHT_SHAPES[self.light])
        return Markup("<span class='light light-{}'>{}\N{NO-BREAK SPACE}{}{}</span>").format(
            self.light, sign, self.text, hint
        )


@dataclass(frozen=True)
class Table(Block):
    """A table of formatted cells.

    Parameters
    ----------
    columns : tuple of Column
        The columns from left to right.
    rows : tuple of tuple of Cell
        Each row has one cell per column; plain text is taken as a cell.
    caption : str
        What the table shows; never empty.
    highlight : tuple of int
        Row numbers, from 0, of the municipality that the report is about.
    note : str
        A line below the table.
    """

    kind = "table"
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    caption: str
    highlight: tuple[int, ...] = ()
    note: str = ""

    def __post_init__(self) -> None:
        columns = tuple(c if isinstance(c, Column) else Column(**c) for c in self.columns)
        rows = tuple(tuple(as_cell(cell) for cell in row) for row in self.rows)
        wrong = next((number for number, row in enumerate(rows) if len(row) != len(columns)), None)
        if wrong is not None:
            raise OptionError(f"Row {wrong} of a table has {len(rows[wrong])} cells, its columns are {len(columns)}.")
        if any(type(number) is not int or not 0 <= number < len(rows) for number in self.highlight):
            raise OptionError(f"highlight={self.highlight!r} names a row that the table lacks (0-{len(rows) - 1}).")
        caption, note = (
            clean_text("The caption of a table", self.caption, empty=False),
            clean_text("A table's note", self.note),
        )
        set_fields(self, columns=columns, rows=rows, highlight=tuple(self.highlight), caption=caption, note=note)

    def __html__(self) -> Markup:
        label = Markup("<th scope='col' role='columnheader' class='{}'>{}</th>")
        head = join_html(label.format(column.align, column.label) for column in self.columns)
        body = join_html(self._row_html(number, row) for number, row in enumerate(self.rows))
        note = Markup("<p class='table-note'>{}</p>").format(rich_text(self.note)) if self.note else ""
        # Cards on a phone need `display: block`, which takes a table's meaning from screen readers; the roles keep it.
        shown = Markup(
            "<div class='tabular'><table role='table'><caption>{}</caption>"
            "<thead role='rowgroup'><tr role='row'>{}</tr></thead>"
            "<tbody role='rowgroup'>{}</tbody></table>{}</div>"
        ).format(rich_text(self.caption), head, body, note)
        if len(self.rows) <= _LONG_TABLE:
            return shown
        return Markup("<details class='long' open><summary>{}</summary>{}</details>").format(
            rich_text(self.caption), shown
        )

    def _row_html(self, number: int, row: tuple[Cell, ...]) -> Markup:
        opening = Markup("<tr role='row' class='own'>") if number in self.highlight else Markup("<tr role='row'>")
        cells = (
            Markup("<th scope='row' role='rowheader' class='{}'>{}</th>").format(column.align, cell)
            if column.is_row_header
            else Markup("<td role='cell' class='{}' data-label='{}'>{}</td>").format(column.align, column.label, cell)
            for column, cell in zip(self.columns, row, strict=True)
        )
        return Markup("{}{}</tr>").format(opening, join_html(cells))

    def _repr_mimebundle_(self, **_: Any) -> tuple[Json, Json]:
        """Return the table; JupyterLab, whose own style sheet puts everything to the right, is told where text begins."""
        data, metadata = super()._repr_mimebundle_()
        html = data["text/html"].replace(" class='left'", " class='left' style='text-align:left'")
        return data | {"text/html": html}, metadata

    def __str__(self) -> str:
        lines = [" | ".join(column.label for column in self.columns)]
        lines += [" | ".join(cell.text for cell in row) for row in self.rows]
        return "\n".join([self.caption, *lines, *([self.note] if self.note else [])])


def as_cell(value: Cell | str | Mapping[str, Any]) -> Cell:
    """Return a cell, its text, or its JSON as a cell."""
    return value if isinstance(value, Cell) else Cell(**value) if isinstance(value, Mapping) else Cell(value)


def block_from_json(data: Mapping[str, Any]) -> Block:
    """Build a block from what its `to_json` gave.

    Parameters
    ----------
    data : mapping
        With the key "block", the kind, and one key for each field.

    Returns
    -------
    Block

    Raises
    ------
    OptionError
        If the kind is not known, or a field is missing, unknown or has a wrong value.
    """
    kinds = {cls.kind: cls for cls in Block.__subclasses__()}
    if data.get("block") not in kinds:
        raise OptionError(f"{data.get('block')!r} is not a kind of block. Allowed: {', '.join(sorted(kinds))}.")
    try:
        return kinds[data["block"]].from_json(data)
    except (TypeError, KeyError) as error:
        raise OptionError(f"This is not a {data['block']}: {error}.") from error
