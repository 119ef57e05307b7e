"""The content of a page as data for the template of the PDF: JSON, and the pictures beside it.

Typst receives texts as strings, never as its markup, so nothing that a text contains can do anything.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any, Final

from benchlib.reporting.addresses import with_addresses
from benchlib.reporting.attachment import Attachment
from benchlib.reporting.base import Block, Json
from benchlib.reporting.blocks import Bullets, Cell, Fact, Facts, Figure, Heading, Note, Paragraph, Table
from benchlib.reporting.export.columns import FULL_WIDTH, PAGE_HEIGHT, SIZES, SMALL_SIZES, TEXT_WIDTH, table_parts
from benchlib.reporting.export.letters import HOUSE_FONT, OTHER_FONT, Letters, spoken
from benchlib.reporting.export.page import Page, PlainText, Section

#: The name of the file with all content but the pictures.
CONTENT_FILE: Final = "report.json"
_PRINT_FONT: Final = "DejaVu Sans Mono"
_BOLD = re.compile(r"\*\*(.+?)\*\*", re.DOTALL)  # as in base.rich_text
_LONGEST_SHORT_TITLE: Final = 90


def content_files(page: Page, year: str = "") -> dict[str, bytes]:
    """Return the files that the template reads: `report.json`, and one file for each picture and each attached file of data.

    Parameters
    ----------
    page : Page
        From `read_page`.
    year : str, optional
        Year that the report is about, for the foot of each page.

    Returns
    -------
    dict of str to bytes
        By name.
    """
    content = _Content(page, year)
    data = json.dumps(content.data(), ensure_ascii=False).encode("utf-8")
    return {CONTENT_FILE: data, **content.pictures}


class _Content:
    """A page on its way to JSON: collects pictures, levels of headings, and the fonts that the letters need."""

    def __init__(self, page: Page, year: str) -> None:
        self.page = page
        self.year = year
        self.pictures: dict[str, bytes] = {}
        self.letters = Letters()
        self._level = 0

    def data(self) -> Json:
        page, words = self.page, self.page.words
        title = self.letters.line(page.title)
        sections = [self._section(section, SIZES) for section in page.sections]
        provenance = [self._section(section, SMALL_SIZES) for section in page.provenance]
        data: Json = {
            "language": words.language,
            "title": title,
            "name": spoken(page.title),
            "title_size": 27 if len(title) <= 100 else 20 if len(title) <= 250 else 12,
            "short": title if len(title) <= _LONGEST_SHORT_TITLE else f"{title[: _LONGEST_SHORT_TITLE - 1].rstrip()}…",
            "year": self.letters.line(self.year),
            "warning": self.letters.line(page.warning),
            "layout": {"full": FULL_WIDTH, "text": TEXT_WIDTH, "height": PAGE_HEIGHT},
            "sections": sections,
            "provenance": provenance,
            "has_contents": sum(bool(section["heading"]) for section in sections + provenance) > 1,
            "words": {
                "contents": words.gettext("Contents"),
                "motto": words.gettext("learning from comparison"),
                "made": words.gettext("Made with benchlib {version}.").format(version=page.version),
            },
        }
        others = [OTHER_FONT] if self.letters.needs_other_font else []
        return {**data, "fonts": [HOUSE_FONT, *others], "mono": [_PRINT_FONT, HOUSE_FONT, *others]}

    def _section(self, section: Section, sizes: Sequence[float]) -> Json:
        self._level = 1 if section.heading else 0
        parts: list[Json] = []
        for part in section.parts:
            if isinstance(part, Table) and part.columns:
                parts += [{"kind": "table", **piece} for piece in table_parts(self._table(part), sizes)]
            else:
                parts.append(self._part(part))
        return {"heading": self.letters.line(section.heading), "parts": parts}

    def _part(self, part: Block | PlainText) -> Json:
        match part:
            case Heading():
                return {"kind": "heading", **self._heading(part)}
            case Paragraph():
                return {"kind": "paragraph", "text": self._rich(part.text)}
            case Bullets():
                return {"kind": "bullets", "items": [self._linked(item, part.links) for item in part.items]}
            case Note():
                label = self.letters.line(part.label)
                return {"kind": "note", "note": part.note, "label": label, "text": self._rich(part.text)}
            case Facts():
                return {"kind": "facts", "items": [self._fact(fact) for fact in part.items]}
            case Attachment():
                return {"kind": "attachment", **self._attachment(part)}
            case Figure():
                return {"kind": "figure", **self._figure(part)}
        return {"kind": "plain", "text": self.letters.lines(str(part.text if isinstance(part, PlainText) else part))}

    def _rich(self, text: str) -> list[tuple[str, bool]]:
        """Return the runs of a text and whether they are bold; spaces between two runs stay."""
        runs = [(run, number % 2 == 1) for number, run in enumerate(_BOLD.split(text)) if run]
        return [(_edges(run, self.letters.line(run)), is_bold) for run, is_bold in runs]

    def _linked(self, text: str, has_links: bool) -> list[tuple[str, bool, str]]:
        """Return the runs of a text, whether they are bold, and the address to which they lead, "" for most."""
        runs = [(run, number % 2 == 1) for number, run in enumerate(_BOLD.split(text)) if run]
        return [
            (_edges(piece, self.letters.line(piece)), is_bold, piece if is_address else "")
            for run, is_bold in runs
            for piece, is_address in (with_addresses(run) if has_links else [(run, False)])
        ]

    def _heading(self, heading: Heading) -> Json:
        """Return a heading below a section's; an accessible PDF may not skip a level."""
        is_listed = self._level > 0
        self._level = min(heading.level - 1, self._level + 1)
        return {"level": max(self._level, 1), "listed": is_listed, "text": self.letters.line(heading.text)}

    def _fact(self, fact: Fact) -> Json:
        number, _, unit = fact.value.partition(" ")
        if not any(sign.isdigit() for sign in number):
            number, unit = fact.value, ""
        line = self.letters.line
        return {
            "label": line(fact.label),
            "value": line(number),
            "unit": line(unit),
            "detail": self._rich(fact.detail),
        }

    def _attachment(self, part: Attachment) -> Json:
        """Return a file of data that travels inside the document, where readers of PDF list attached files."""
        file = f"attachment-{len(self.pictures) + 1}"
        self.pictures[file] = part.content.encode("utf-8")
        text = self.page.words.gettext("{label}: attached to this document as {name}.")
        told = self.letters.line(text.format(label=part.label, name=part.suffix))
        return {"file": file, "name": part.suffix, "label": self.letters.line(part.label), "text": told}

    def _figure(self, figure: Figure) -> Json:
        name = f"figure-{len(self.pictures) + 1}.{figure.format}"
        self.pictures[name] = figure.image
        return {
            "file": name,
            "alt": spoken(figure.alt),
            "caption": self._rich(figure.caption),
            "width_px": figure.width_px,
        }

    def _table(self, table: Table) -> Json:
        columns = [
            {"label": self.letters.line(c.label), "align": c.align, "is_row_header": c.is_row_header}
            for c in table.columns
        ]
        return {
            "columns": columns,
            "rows": [self._row(row) for row in table.rows],
            "caption": self._rich(table.caption),
            "highlight": table.highlight,
            "note": self._rich(table.note),
        }

    def _row(self, row: Sequence[Cell]) -> list[dict[str, Any]]:
        line = self.letters.line
        return [{"text": line(cell.text), "light": cell.light, "hint": spoken(cell.hint)} for cell in row]


def _edges(text: str, line: str) -> str:
    """Return the line with the spaces that its text begins and ends with, one each."""
    if not line:
        return " "
    return f"{' ' if text[:1].isspace() else ''}{line}{' ' if text[-1:].isspace() else ''}"
