"""A report's PDF, read back for the tests: its structure for screen readers, its bookmarks, and the text of each page.

Typst writes objects one after the other and compresses only streams, so a few patterns read what a test needs.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

_OBJECT = re.compile(rb"(?:^|\n)(\d+) 0 obj\n(.*?)\nendobj", re.DOTALL)
_LITERAL = rb"\((?:\\.|[^\\()])*\)"
for _ in range(3):  # brackets in pairs stand as they are
    _LITERAL = rb"\((?:\\.|[^\\()]|" + _LITERAL + rb")*\)"
_STRING = re.compile(_LITERAL + rb"|<[0-9A-F]*>", re.DOTALL)
_SHOWN = re.compile(rb"/(f\d+) [\d.]+ Tf|\[((?:" + _LITERAL + rb"|[^\]()])*)\]TJ|(" + _LITERAL + rb")Tj", re.DOTALL)
_ESCAPE = re.compile(rb"\\([0-7]{3}|.)", re.DOTALL)
_LETTERS = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


@dataclass
class Element:
    """An element of the structure that a screen reader follows."""

    tag: str
    alt: str
    pages: list[int]
    source: bytes
    children: list[Element] = field(default_factory=list)

    def find(self, *tags: str) -> list[Element]:
        """Return the elements with these tags, this one and those below it, in the order of reading."""
        own = [self] if self.tag in tags else []
        return own + [found for child in self.children for found in child.find(*tags)]

    @property
    def title(self) -> str:
        """The words of a heading."""
        return value(self.source, b"T")

    @property
    def first_page(self) -> int:
        """The page on which it begins."""
        return min(self._all_pages())

    def _all_pages(self) -> Iterator[int]:
        yield from self.pages
        for child in self.children:
            yield from child._all_pages()


class Pdf:
    """A PDF: its objects, catalogue, pages, bookmarks and structure."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.objects = {int(number): body for number, body in _OBJECT.findall(data)}
        self.catalogue = next(body for body in self.objects.values() if b"/Type/Catalog" in body)
        self.info = self.objects[int(re.search(rb"/Info (\d+) 0 R", data)[1])]  # type: ignore[index]
        tree = next(body for body in self.objects.values() if b"/Type/Pages" in body)
        self._pages = references(tree, b"Kids")
        root = next(body for body in self.objects.values() if b"/Type/StructTreeRoot" in body)
        self.root = self._element(references(root, b"K")[0])

    def __len__(self) -> int:
        return len(self._pages)

    @property
    def bookmarks(self) -> list[str]:
        """Titles of all bookmarks, in the order of the pages."""
        entries = (body for body in self.objects.values() if re.match(rb"<</Parent \d+ 0 R.*/Dest ", body, re.DOTALL))
        return [value(body, b"Title") for body in entries]

    def find(self, *tags: str) -> list[Element]:
        """Return the elements of the structure with these tags."""
        return self.root.find(*tags)

    def text(self, page: int | None = None) -> str:
        """Return the text of a page, from 1, or of all; the spaces between lines are lost."""
        chosen = self._pages if page is None else [self._pages[page - 1]]
        return "".join(self._text(self.objects[number]) for number in chosen)

    def _element(self, number: int) -> Element:
        body = self.objects[number]
        tag = re.search(rb"/S/(\w+)", body)[1].decode()  # type: ignore[index]
        pages = [self._pages.index(int(page)) + 1 for page in re.findall(rb"/Pg (\d+) 0 R", body)]
        made = Element(tag, value(body, b"Alt"), pages, body)
        made.children = [self._element(n) for n in references(body, b"K") if b"/StructElem" in self.objects[n]]
        return made

    def stream(self, number: int) -> bytes:
        """Return what a stream holds."""
        body = self.objects[number]
        content = body[body.index(b"stream\n") + 7 : body.rindex(b"\nendstream")]
        return zlib.decompress(content) if b"/FlateDecode" in body else content

    def _text(self, page: bytes) -> str:
        content = self.stream(references(page, b"Contents")[0])
        resources = self._resources(page)
        fonts = {name: self._letters(int(number)) for name, number in re.findall(rb"/(f\d+) (\d+) 0 R", resources)}
        text, letters = "", dict[int, str]()
        for name, many, one in _SHOWN.findall(content):
            letters = fonts[name] if name else letters
            glyphs = b"".join(unescaped(string) for string in _STRING.findall(many or one))
            text += "".join(letters.get(int.from_bytes(glyphs[i : i + 2], "big"), "") for i in range(0, len(glyphs), 2))
        return text

    def _resources(self, page: bytes) -> bytes:
        found = references(page, b"Resources")
        return self.objects[found[0]] if found else page

    def _letters(self, font: int) -> dict[int, str]:
        found = references(self.objects[font], b"ToUnicode")
        pairs = re.findall(rb"<([0-9A-F]{4})> <([0-9A-F]+)>\n", self.stream(found[0]))
        return {int(glyph, 16): bytes.fromhex(letters.decode()).decode("utf-16-be") for glyph, letters in pairs}


def references(body: bytes, key: bytes) -> list[int]:
    """Return the numbers of the objects that a key of a dictionary names."""
    found = re.search(rb"/" + key + rb" ?(\[[^\]]*\]|\d+ 0 R)", body)
    return [int(number) for number in re.findall(rb"(\d+) 0 R", re.sub(rb"<<.*?>>", b"", found[1]))] if found else []


def value(body: bytes, key: bytes) -> str:
    """Return a text of a dictionary, empty if there is none."""
    found = re.search(rb"/" + key + rb"(" + _LITERAL + rb"|<[0-9A-F]*>)", body, re.DOTALL)
    content = unescaped(found[1]) if found else b""
    return content[2:].decode("utf-16-be") if content.startswith(b"\xfe\xff") else content.decode("latin-1")


def unescaped(string: bytes) -> bytes:
    """Return the bytes of a string of a PDF, in either notation."""
    if string.startswith(b"<"):
        return bytes.fromhex(string[1:-1].decode())
    return _ESCAPE.sub(lambda m: bytes([int(m[1], 8)]) if len(m[1]) == 3 else _LETTERS.get(m[1], m[1]), string[1:-1])
