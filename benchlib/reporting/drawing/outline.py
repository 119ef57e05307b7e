"""Letters and paths in the words of SVG: outlines of whole numbers, each letter laid out once in a process."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
from matplotlib.font_manager import FontProperties, fontManager, get_font
from matplotlib.ft2font import LoadFlags
from matplotlib.path import Path
from matplotlib.textpath import TextToPath
from numpy.typing import NDArray

Floats = NDArray[np.float64]

#: Units of a letter in its size, as in the house's font: its outlines lose nothing.
EM: Final = 1000
#: Codes of a path, and the word and the number of points of each step.
MOVE, CLOSE, STOP = int(Path.MOVETO), int(Path.CLOSEPOLY), int(Path.STOP)
LINE, CURVES = int(Path.LINETO), frozenset({int(Path.CURVE3), int(Path.CURVE4)})
_STEPS: Final = {LINE: ("l", 1), int(Path.CURVE3): ("q", 2), int(Path.CURVE4): ("c", 3)}
#: The narrow space, of a tenth of the size in the house's font, is too narrow to part thousands; its ordinary space is a fifth.
_DRAWN: Final = {ord("\N{NARROW NO-BREAK SPACE}"): "\N{NO-BREAK SPACE}"}
_TO_PATH: Final = TextToPath()
#: The outline of each letter that was ever laid out, by font and number.
_OUTLINES: Final[dict[str, str]] = {}


class Line(NamedTuple):
    """A line of text at a size of 1.

    Attributes
    ----------
    width, height, descent : float
        Its measures; the descent is the part below the baseline.
    letters : tuple of (str, int)
        Outline of each letter that shows, and where it begins in units of `EM`.
    """

    width: float
    height: float
    descent: float
    letters: tuple[tuple[str, int], ...]


def laid_out(text: str, font: FontProperties) -> Line:
    """Return a line of text with its letters in their places.

    Parameters
    ----------
    text : str
        The text.
    font : matplotlib.font_manager.FontProperties
        Families, of which the first that has a letter draws it, and weight; the size does not matter.

    Returns
    -------
    Line
    """
    return _laid_out(_files(font), text)


def text_width(text: str, font: FontProperties) -> float:
    """Return how wide a line of text is, in points.

    Parameters
    ----------
    text : str
        The text.
    font : matplotlib.font_manager.FontProperties
        Font and size.

    Returns
    -------
    float
    """
    return laid_out(text, font).width * font.get_size_in_points()


@lru_cache(maxsize=4096)
def _laid_out(files: tuple[str, ...], text: str) -> Line:
    font = get_font(list(files))
    scale = TextToPath.FONT_SCALE
    font.set_size(scale, TextToPath.DPI)
    shown = text.translate(_DRAWN)
    font.set_text(shown, 0.0, flags=LoadFlags.NO_HINTING)
    width, height = font.get_width_height()
    descent = font.get_descent()
    placed, outlines, _ = _TO_PATH.get_glyphs_with_font(font, shown)
    for key, (vertices, codes) in outlines.items():
        if key not in _OUTLINES:
            corners = np.reshape(np.asarray(vertices, dtype="float64"), (-1, 2)) * [EM / scale, -EM / scale]
            _OUTLINES[key] = path_data(corners, [int(code) for code in codes])
    letters = tuple((_OUTLINES[key], round(float(x) * EM / scale)) for key, x, *_ in placed if _OUTLINES[key])
    return Line(width / 64 / scale, height / 64 / scale, descent / 64 / scale, letters)


def _files(font: FontProperties) -> tuple[str, ...]:
    """Files of the fonts: the first that has a letter draws it."""
    families = font.get_family()
    if font.get_file() is not None or len(families) == 1:
        return (str(fontManager.findfont(font)),)
    return tuple(str(fontManager.findfont(_of_family(font, family))) for family in families)


def _of_family(font: FontProperties, family: str) -> FontProperties:
    one = font.copy()
    one.set_family(family)
    return one


def codes_of(path: Path) -> list[int]:
    """Return what each corner of a path is: begin, line, curve, close."""
    if path.codes is None:
        return [MOVE, *[LINE] * (len(np.asarray(path.vertices)) - 1)]
    return [int(code) for code in np.asarray(path.codes)]


def path_data(corners: Floats, codes: Sequence[int]) -> str:
    """Return a path in SVG's words; its steps are relative and thus short.

    Parameters
    ----------
    corners : ndarray, shape (k, 2)
        Corners and control points, rounded to whole numbers here.
    codes : sequence of int
        Codes of `matplotlib.path.Path`.

    Returns
    -------
    str
    """
    points = np.rint(corners).astype(int).tolist()
    parts: list[str] = []
    (x, y), start, place, last = (0, 0), (0, 0), 0, ""
    while place < len(points) and codes[place] != STOP:
        code = codes[place]
        if code == CLOSE:
            parts.append("z")
            (x, y), last, place = start, "z", place + 1
            continue
        if code == MOVE:
            x, y = start = points[place]
            parts.append(f"M{x} {y}")
            last, place = "M", place + 1
            continue
        word, length = _STEPS[code]
        steps = [value for corner in points[place : place + length] for value in (corner[0] - x, corner[1] - y)]
        if word == "l" and 0 in steps:
            word, steps = ("h", steps[:1]) if steps[1] == 0 else ("v", steps[1:])
        parts.append(f"{' ' if word == last else word}{' '.join(map(str, steps))}")
        (x, y), last, place = points[place + length - 1], word, place + length
    return "".join(parts).replace(" -", "-")
