"""Which letters the PDF can show: those of the house's font, and of DejaVu for other scripts.

An accessible PDF may not contain a letter without a glyph, and a report must not fail because somebody's name has one. What no
font has is shown as U+FFFD.
"""

from __future__ import annotations

import re
import struct
import unicodedata
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Final

from benchlib.errors import ReportError
from benchlib.reporting.base import clean_text

#: The house's font, shipped with benchlib.
FONT_FOLDER: Final = Path(__file__).parent / "fonts"
HOUSE_FONT: Final = "Source Sans 3"
#: The font of other scripts; it comes with matplotlib.
OTHER_FONT: Final = "DejaVu Sans"

_UNKNOWN = "\N{REPLACEMENT CHARACTER}"
_SPACES = re.compile(r"[\t\n\v\f\r \x1c-\x1f\x85\u2028\u2029]+")
#: Marks without a picture: turning the direction of a line (a name could turn the words after it), variants, tags.
_UNSEEN = re.compile(
    r"[\u034f\u061c\u180b-\u180f\u200e\u200f\u202a-\u202e\u2061-\u206f\ufe00-\ufe0f\ufeff\U000e0000-\U000e0fff]"
)
#: Marks that need no glyph but do something: break here, join here, do not break here.
_NO_GLYPH: Final = frozenset("\n\u00ad\u200b\u200c\u200d\u2060")
_BREAK: Final = "\N{ZERO WIDTH SPACE}"
_LONG_WORD = re.compile(r"\S{16,}")
_JOINT = re.compile(r"(?<=[_/\\=&?.,;:@|])(?=\w)")
#: In "2011.–2013." a line may break after the dash; with a word joiner it does not.
_RANGE = re.compile(r"(?<=[\d.])\N{EN DASH}(?=\d)")
_PIECE = re.compile(r"[^\s\u200b]{30,}")


class Letters:
    """Makes texts fit for the PDF, and remembers whether one of them needs more than the house's font."""

    def __init__(self) -> None:
        self.needs_other_font = False

    def line(self, text: str) -> str:
        """Return running text: one space for each white space, places to break long words, no unshowable letter.

        Parameters
        ----------
        text : str
            Any text.

        Returns
        -------
        str
        """
        shown = self._shown(_RANGE.sub("\N{EN DASH}\N{WORD JOINER}", spoken(text)))
        return _LONG_WORD.sub(_breakable, shown)

    def lines(self, text: str) -> str:
        """Return printed text with its lines and columns kept.

        Parameters
        ----------
        text : str
            Any text.

        Returns
        -------
        str
        """
        return "\n".join(_PIECE.sub(_pieces, self._shown(_clean(line.expandtabs(4)))) for line in text.splitlines())

    def _shown(self, text: str) -> str:
        if house_letters().issuperset(text):
            return text
        self.needs_other_font = True
        return "".join(c if _can_show(c) else _UNKNOWN for c in _clusters(text))


def spoken(text: str) -> str:
    """Return a text for a screen reader or a window title, which have all letters.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    str
        One line; "…" if nothing of a text is left.
    """
    return _clean(_SPACES.sub(" ", text)).strip(" ") or ("…" if text.strip() else "")


def _clean(text: str) -> str:
    return _UNSEEN.sub("", unicodedata.normalize("NFC", clean_text("A text", text)))


def _breakable(word: re.Match[str]) -> str:
    """Return a long word with places to break it: after the signs of paths and names, else after every 15 letters."""
    return _PIECE.sub(_pieces, _JOINT.sub(_BREAK, word[0]))


def _pieces(word: re.Match[str]) -> str:
    return _BREAK.join(word[0][start : start + 15] for start in range(0, len(word[0]), 15))


def _clusters(text: str) -> list[str]:
    """Return letters together with the marks on them: a font must have them all."""
    starts = 0
    numbered = []
    for letter in text:
        starts += not unicodedata.category(letter).startswith("M")
        numbered.append((starts, letter))
    return ["".join(letter for _, letter in group) for _, group in groupby(numbered, key=lambda pair: pair[0])]


def _can_show(cluster: str) -> bool:
    return house_letters().issuperset(cluster) or other_letters().issuperset(cluster)


@cache
def house_letters() -> frozenset[str]:
    """Return the letters of the house's font, and marks that need no glyph."""
    fonts = (FONT_FOLDER / f"SourceSans3-{weight}.ttf" for weight in ("Regular", "SemiBold"))
    return frozenset.intersection(*(frozenset(glyph_widths(font)) for font in fonts))


@cache
def other_letters() -> frozenset[str]:
    """Return the letters of the font for other scripts, and marks that need no glyph."""
    fonts = (other_font_folder() / name for name in ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf"))
    return frozenset.intersection(*(frozenset(glyph_widths(font)) for font in fonts))


@cache
def other_font_folder() -> Path:
    """Return the folder with matplotlib's fonts."""
    import matplotlib  # a third of a second, and hardly any report has letters that need it

    return Path(matplotlib.get_data_path()) / "fonts" / "ttf"


def glyph_widths(font: Path) -> dict[str, float]:
    """Return the letters that a font has a glyph for, and how wide they are.

    Parameters
    ----------
    font : Path
        A TrueType file with a table "cmap" in format 12.

    Returns
    -------
    dict of str to float
        In shares of the size of the type; marks that need no glyph have none.

    Raises
    ------
    ReportError
        If the file has no such table.
    """
    data = font.read_bytes()
    tables: dict[bytes, int] = dict(struct.iter_unpack(">4s4xI4x", data[12 : 12 + 16 * _short(data, 4)]))
    per_em = _short(data, tables[b"head"] + 18)
    count = _short(data, tables[b"hhea"] + 34)
    start = tables[b"hmtx"]
    widths = [width / per_em for width, _ in struct.iter_unpack(">HH", data[start : start + 4 * count])]
    glyphs = _glyphs(data, tables[b"cmap"])
    if not glyphs:
        raise ReportError(f"{font.name} cannot be used for a PDF: it has no list of letters (cmap, format 12).")
    return {letter: widths[min(glyph, count - 1)] for letter, glyph in glyphs.items()} | dict.fromkeys(_NO_GLYPH, 0.0)


def _glyphs(data: bytes, cmap: int) -> dict[str, int]:
    """Return the numbers of a font's glyphs by letter, from the part of its table "cmap" that has all of them."""
    records = struct.iter_unpack(">4xI", data[cmap + 4 : cmap + 4 + 8 * _short(data, cmap + 2)])
    wide = next((cmap + start for (start,) in records if _short(data, cmap + start) == 12), None)
    if wide is None:
        return {}
    count = struct.unpack(">I", data[wide + 12 : wide + 16])[0]
    groups = struct.iter_unpack(">III", data[wide + 16 : wide + 16 + 12 * count])
    return {chr(first + n): glyph + n for first, last, glyph in groups for n in range(last - first + 1)}


def _short(data: bytes, start: int) -> int:
    return int.from_bytes(data[start : start + 2], "big")
