"""Readers of publishers' file layouts: a file as it was downloaded becomes tidy figures, completely or not at all.

Each reader returns the columns `territory` (ATVK code), `year`, `measure`, `value` (NaN when missing), `status` and
`symbol` (the publisher's), in the file's order, and raises `FiguresFileError` with file, row and column where the file
is broken.
"""

from __future__ import annotations

from benchlib.indicators.readers.blis import read_blis
from benchlib.indicators.readers.pxcsv import read_pxweb_csv
from benchlib.indicators.readers.raim import read_raim
from benchlib.indicators.readers.visc import MOVED_SCHOOLS, read_visc, visc_municipality_means

__all__ = ["MOVED_SCHOOLS", "read_blis", "read_pxweb_csv", "read_raim", "read_visc", "visc_municipality_means"]
