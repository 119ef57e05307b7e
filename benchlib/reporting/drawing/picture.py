"""A drawing as a file: SVG where lines, shapes and letters are enough, else PNG.

Of the figures of a report, SVG takes a third of the time to make and two thirds of the bytes, and stays sharp on every screen and in
print. Letters are outlines: a picture on a page cannot use the page's fonts.
"""

from __future__ import annotations

import io
from typing import Final, Literal

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from benchlib.reporting.drawing.vector import NotVectorError, to_svg

#: A 5 inch figure becomes 1280 pixels wide: two for each pixel of the text column, more than three on a phone.
PIXELS_PER_INCH: Final = 256
#: A vector picture of up to so many bytes is taken as it is; beyond, the PNG may be smaller.
SMALL: Final = 150_000
#: Enough for flat colours and their smoothed edges; the file shrinks to a third.
_PALETTE_COLOURS: Final = 128
_NEARLY_WHITE: Final = 253
#: Nearly the bytes of 9 in less than half the time.
_COMPRESSION: Final = 8


def picture(figure: Figure, page_pixels_per_inch: float) -> tuple[bytes, Literal["svg", "png"]]:
    """Return a drawing as a file and its format; the same drawing gives the same bytes.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        The drawing.
    page_pixels_per_inch : float
        CSS pixels of the page for an inch of the drawing.

    Returns
    -------
    bytes
    {"svg", "png"}
        PNG where the drawing holds images, shaded meshes or hatching, or where it is the smaller of the two.
    """
    try:
        drawn = to_svg(figure, page_pixels_per_inch)
    except NotVectorError:
        return to_png(figure), "png"
    if len(drawn) <= SMALL:
        return drawn, "svg"
    dotted = to_png(figure)
    return (dotted, "png") if len(dotted) < len(drawn) else (drawn, "svg")


def to_png(figure: Figure) -> bytes:
    """Return a drawing as PNG with few colours.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        The drawing. Its margins are its own: nothing is cropped.

    Returns
    -------
    bytes
    """
    canvas, dpi = figure.canvas, figure.dpi
    try:
        figure.dpi = PIXELS_PER_INCH
        drawn = FigureCanvasAgg(figure)
        drawn.draw()  # type: ignore[no-untyped-call]
    finally:
        figure.dpi = dpi
        figure.set_canvas(canvas)
    pixels = np.asarray(drawn.buffer_rgba())  # type: ignore[no-untyped-call]
    image = Image.fromarray(pixels).convert("RGB")
    octree = image.quantize(_PALETTE_COLOURS, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    # The octree mixes white with its neighbours; a background that is not quite white would show on the page.
    shades = octree.getpalette() or []
    triples = zip(*[iter(shades)] * 3, strict=False)
    octree.putpalette([v for t in triples for v in ((255, 255, 255) if min(t) >= _NEARLY_WHITE else t)])
    packed = io.BytesIO()
    octree.save(packed, "PNG", compress_level=_COMPRESSION)
    return packed.getvalue()
