"""Drawings as small SVG: every letter and mark is stored once, coordinates are whole numbers, nothing else is written.

matplotlib's own SVG is three times as long and takes longer to write. What lines, shapes and letters cannot say (photographs,
shaded meshes, hatching) is refused with `NotVectorError`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from itertools import count, product
from string import ascii_letters
from typing import Any, Final, Literal, cast

import numpy as np
from matplotlib.backend_bases import FigureCanvasBase, GraphicsContextBase, RendererBase
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.path import Path
from matplotlib.transforms import Transform

from benchlib.reporting.drawing.outline import CURVES, EM, LINE, MOVE, Floats, codes_of, laid_out, path_data

Kind = Literal["", "lines", "shapes", "marks", "letters"]

#: Units of the picture in a point (1/72 inch): a step is a tenth of a pixel on a page, less than a printer's dot.
_UNITS: Final = 20
_CAPS: Final = {"butt": "", "round": " stroke-linecap='round'", "projecting": " stroke-linecap='square'"}


class NotVectorError(Exception):
    """The drawing holds something that lines, shapes and letters cannot say."""


class VectorCanvas(FigureCanvasBase):
    """The canvas of a figure that will become SVG: its texts are measured as they will be drawn."""

    def get_renderer(self) -> Vector:
        """Return what measures texts."""
        return Vector(self.figure)


def to_svg(figure: Figure, pixels_per_inch: float) -> bytes:
    """Return a drawing as SVG; the same drawing gives the same bytes.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        The drawing.
    pixels_per_inch : float
        CSS pixels of the page for an inch of the drawing.

    Returns
    -------
    bytes

    Raises
    ------
    NotVectorError
        If the drawing holds an image, a shaded mesh, hatching or hand-drawn lines.
    """
    renderer = Vector(figure)
    figure.draw(renderer)
    return renderer.page(pixels_per_inch).encode("utf-8")


class Vector(RendererBase):
    """What matplotlib's artists draw with; it collects the parts of one picture.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        The drawing; its size counts.
    """

    def __init__(self, figure: Figure) -> None:
        super().__init__()
        self._dpi = float(figure.dpi)
        self._inches = tuple(map(float, figure.get_size_inches()))
        self._scale = 72 * _UNITS / self._dpi
        self._names: dict[str, str] = {}
        self._unused = _names()
        self._body: list[str] = []
        self._open: tuple[Kind, str] = ("", "")
        self._held: list[str] = []
        self._outline = 0.0

    def page(self, pixels_per_inch: float) -> str:
        """Return the whole picture as text."""
        self._close()
        wide, high = (round(inches * 72 * _UNITS) for inches in self._inches)
        across, down = (round(inches * pixels_per_inch) for inches in self._inches)
        named = "".join(text.format(name) for text, name in self._names.items())
        return (
            f"<svg xmlns='http://www.w3.org/2000/svg' width='{across}' height='{down}' viewBox='0 0 {wide} {high}' fill='none' "
            f"stroke-linejoin='round'><defs>{named}</defs>{''.join(self._body)}</svg>"
        )

    # --- what matplotlib asks -------------------------------------------------------------------------------------------

    def points_to_pixels(self, points: Any) -> Any:
        """Return the length in the figure's own pixels."""
        return points * self._dpi / 72

    def get_canvas_width_height(self) -> tuple[float, float]:
        """Return the size in the figure's own pixels."""
        return self._inches[0] * self._dpi, self._inches[1] * self._dpi

    def get_text_width_height_descent(
        self, s: str, prop: FontProperties, ismath: bool | Literal["TeX"]
    ) -> tuple[float, float, float]:
        """Return the measures of a line of text in the figure's own pixels."""
        if ismath:
            return super().get_text_width_height_descent(s, prop, ismath)
        line = laid_out(s, prop)
        size = self.points_to_pixels(prop.get_size_in_points())
        return line.width * size, line.height * size, line.descent * size

    def draw_path(self, gc: GraphicsContextBase, path: Path, transform: Transform, rgbFace: Any = None) -> None:
        """Draw a line or a shape."""
        matrix = np.asarray(transform.frozen().get_matrix())  # type: ignore[attr-defined]
        self._draw(gc, path, matrix, np.zeros((1, 2)), rgbFace)

    def draw_markers(
        self,
        gc: GraphicsContextBase,
        marker_path: Path,
        marker_trans: Transform,
        path: Path,
        trans: Transform,
        rgbFace: Any = None,
    ) -> None:
        """Draw a mark at each corner of a path."""
        corners = [vertices[-2:] for vertices, _ in path.iter_segments(trans, simplify=False) if len(vertices)]
        matrix = np.asarray(marker_trans.frozen().get_matrix())  # type: ignore[attr-defined]
        self._draw(gc, marker_path, matrix, np.reshape(corners, (-1, 2)), rgbFace)

    def draw_text(
        self,
        gc: GraphicsContextBase,
        x: float,
        y: float,
        s: str,
        prop: FontProperties,
        angle: float,
        ismath: bool | Literal["TeX"] = False,
        mtext: Any = None,
    ) -> None:
        """Draw a line of text, each letter by its name."""
        if ismath:
            super().draw_text(gc, x, y, s, prop, angle, ismath, mtext)
            return
        letters = "".join(
            f"<use href='#{self._name(_outline(data))}' x='{at}'/>" for data, at in laid_out(s, prop).letters
        )
        if not letters:
            return
        size = prop.get_size_in_points() * _UNITS / EM
        turned = f"rotate({-angle:g})" if angle else ""
        place = f"<g transform='translate({round(x * self._scale)} {round(y * self._scale)}){turned}scale({size:g})'"
        look = _paint("fill", gc.get_rgb(), gc) + self._clip(gc)
        if self._outline:
            # The outlines of all letters lie below all letters: each would cover a part of its neighbour.
            edge = f" stroke='#fff' stroke-width='{self._outline * _UNITS / size:.0f}'"
            self._add("letters", edge + self._clip(gc), f"{place}>{letters}</g>")
        self._add("letters", look, f"{place}>{letters}</g>")

    def draw_image(self, *_: Any, **__: Any) -> None:
        """Refuse an image."""
        raise NotVectorError("an image")

    def draw_gouraud_triangles(self, *_: Any, **__: Any) -> None:
        """Refuse a shaded mesh."""
        raise NotVectorError("a shaded mesh")

    @contextmanager
    def outlined(self, width: float) -> Iterator[None]:
        """Give the letters drawn meanwhile a white outline.

        Parameters
        ----------
        width : float
            Points; half of it shows.
        """
        self._outline = width
        try:
            yield
        finally:
            self._outline = 0.0

    # --- how it is written ----------------------------------------------------------------------------------------------

    def _draw(self, gc: GraphicsContextBase, path: Path, matrix: Floats, places: Floats, face: Any) -> None:
        """Draw one path at several places; a path with curves is stored once."""
        if gc.get_hatch() is not None or gc.get_sketch_params() is not None:
            raise NotVectorError("hatching or hand-drawn lines")
        look = _look(gc, face)
        places = places[np.isfinite(places).all(axis=1)]
        if not look or not len(places) or not len(np.asarray(path.vertices)):
            return
        if not np.isfinite(path.vertices).all():
            path = path.cleaned(remove_nans=True)
        flip = np.array([self._scale, -self._scale])
        points = (np.asarray(path.vertices) @ matrix[:2, :2].T) * flip
        shifts = (places + matrix[:2, 2]) * flip + [0.0, self._inches[1] * 72 * _UNITS]
        codes = codes_of(path)
        look += self._clip(gc, points, shifts)
        if not CURVES.isdisjoint(codes):
            name = self._name(_outline(path_data(points, codes)))
            for x, y in np.rint(shifts).astype(int).tolist():
                self._add("marks", look, f"<use href='#{name}' x='{x}' y='{y}'/>")
            return
        for shift in shifts:
            data = path_data(points + shift, codes)
            if face is None and "opacity" not in look:
                self._add("lines", look, data)
            else:
                self._add("shapes", look, f"<path d='{data}'/>")

    def _clip(self, gc: GraphicsContextBase, points: Floats | None = None, shifts: Floats | None = None) -> str:
        """Where the drawing ends; nothing for what lies inside anyway."""
        path, transform = cast(tuple[Any, Any], gc.get_clip_path())  # a path, whatever the stubs say
        rectangle = gc.get_clip_rectangle()
        if path is None and rectangle is None:
            return ""
        flip, height = np.array([self._scale, -self._scale]), self._inches[1] * 72 * _UNITS
        if path is not None:
            corners, codes = np.asarray(transform.transform(path.vertices)) * flip + [0.0, height], codes_of(path)
        else:
            corners = np.array(rectangle.corners())[[0, 1, 3, 2]] * flip + [0.0, height]  # type: ignore[union-attr]
            codes = [MOVE, LINE, LINE, LINE]
            if points is not None and shifts is not None:
                reach = gc.get_linewidth() * _UNITS
                low, high = points.min(axis=0) + shifts.min(axis=0), points.max(axis=0) + shifts.max(axis=0)
                if (low - reach >= corners.min(axis=0)).all() and (high + reach <= corners.max(axis=0)).all():
                    return ""
        name = self._name(f"<clipPath id='{{}}'><path d='{path_data(corners, codes)}z'/></clipPath>")
        return f" clip-path='url(#{name})'"

    def _name(self, text: str) -> str:
        """The name of a letter, mark or clip that is written once."""
        if text not in self._names:
            self._names[text] = next(self._unused)
        return self._names[text]

    def _add(self, kind: Kind, look: str, text: str) -> None:
        if (kind, look) != self._open:
            self._close()
            self._open = (kind, look)
        self._held.append(text)

    def _close(self) -> None:
        """Write what looks the same as one element: lines as one path, the rest as a group."""
        (kind, look), text = self._open, "".join(self._held)
        if text:
            self._body.append(f"<path{look} d='{text}'/>" if kind == "lines" else f"<g{look}>{text}</g>")
        self._held.clear()


def _names() -> Iterator[str]:
    """a, b, ... Z, aa, ab, ..."""
    return ("".join(letters) for length in count(1) for letters in product(ascii_letters, repeat=length))


def _outline(data: str) -> str:
    return f"<path id='{{}}' d='{data}'/>"


def _look(gc: GraphicsContextBase, face: Any) -> str:
    """How a line or shape looks; nothing where it cannot be seen."""
    width = gc.get_linewidth()
    text = "" if face is None else _paint("fill", face, gc)
    edge = _paint("stroke", gc.get_rgb(), gc) if width else ""
    if not edge:
        return text
    text += f"{edge} stroke-width='{_tidy(width * _UNITS)}'{_CAPS[gc.get_capstyle()]}"
    offset, dashes = cast(tuple[float, list[float] | None], gc.get_dashes())
    if dashes is not None:
        text += f" stroke-dasharray='{' '.join(_tidy(dash * _UNITS) for dash in dashes)}'"
        text += f" stroke-dashoffset='{_tidy(offset * _UNITS)}'" if offset else ""
    join = gc.get_joinstyle()
    return text if join == "round" else f"{text} stroke-linejoin='{join}'"


def _paint(what: str, colour: Sequence[float], gc: GraphicsContextBase) -> str:
    """The colour of a fill or a stroke with its opacity; nothing if it cannot be seen."""
    alpha = gc.get_alpha() if gc.get_forced_alpha() else colour[3] if len(colour) == 4 else 1.0
    if not alpha:
        return ""
    opacity = "" if alpha == 1 else f" {what}-opacity='{_tidy(alpha)}'"
    return f" {what}='{_hexadecimal((float(colour[0]), float(colour[1]), float(colour[2])))}'{opacity}"


@lru_cache(maxsize=256)
def _hexadecimal(colour: tuple[float, float, float]) -> str:
    text = to_hex(colour)
    return f"#{text[1::2]}" if text[1::2] == text[2::2] else text


def _tidy(value: float) -> str:
    return f"{float(value):.2f}".rstrip("0").rstrip(".")
