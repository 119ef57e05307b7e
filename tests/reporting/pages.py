"""A report's page, read back for the tests."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path


class Page(HTMLParser):
    """Headings, alt texts, tables and all text of a page."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.source = path.read_text("utf-8")
        self.headings: list[tuple[str, str]] = []
        self.alts: list[str] = []
        self.captions: list[str] = []
        self.columns: list[str] = []
        self.lang = ""
        self._open = ""
        self._is_column = False
        self._words: list[str] = []
        self.feed(self.source)
        self.text = " ".join("".join(self._words).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open = tag
        found = dict(attrs)
        if tag == "html":
            self.lang = found.get("lang") or ""
        if tag == "img":
            self.alts.append(found.get("alt") or "")
        if tag in {"h1", "h2"}:
            self.headings.append((tag, ""))
        if tag == "caption":
            self.captions.append("")
        if tag == "th" and found.get("scope") == "col":
            self.columns.append("")
        self._is_column = tag == "th" and found.get("scope") == "col"

    def handle_endtag(self, tag: str) -> None:
        self._open = ""

    def handle_data(self, data: str) -> None:
        if self._open in {"script", "style"}:
            return
        if self._open in {"h1", "h2"}:
            tag, text = self.headings[-1]
            self.headings[-1] = (tag, text + data)
        if self._open == "caption":
            self.captions[-1] += data
        if self._open == "th" and self._is_column:
            self.columns[-1] += data
        self._words.append(data)
