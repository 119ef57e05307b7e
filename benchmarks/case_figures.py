"""The figures of a report: drawing them, and turning the drawings into files, beside matplotlib's own files."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Literal

import matplotlib as mpl
from matplotlib.figure import Figure

import benchlib as bl
from benchlib import comparison
from benchlib.reporting import Words, plots
from benchlib.reporting.drawing.picture import PIXELS_PER_INCH, picture
from benchmarks.measure import Row, Skipped, alternate


def figures() -> Iterator[Row | Skipped]:
    """Four figures of the report on a municipality as files; the peers are PNG of the same sharpness and SVG."""
    words, catalogue = Words("lv"), bl.load_catalogue()
    ids = comparison.with_figures(catalogue.reports["municipality"]["compared"])
    trend = comparison.with_figures(catalogue.reports["municipality"]["trend"])
    group = bl.comparison_group("Bauskas novads", group="similar", year=2013)
    profile = bl.profile(ids, group=group, year=2013)
    development = bl.trend(trend, group=group, years=[2011, 2012, 2013])
    names = {unit.code: str(words.name(unit)) for unit in bl.classification("2025")}
    money = catalogue.indicators["education_expenditure_per_pupil"]

    def drawn() -> list[Figure]:
        axes = (
            plots.tile_map([group.municipality.code], group.codes),
            plots.glance(profile, catalogue.indicators, words),
            plots.ranking(profile, money, names, words),
        )
        found = [ax.get_figure(root=True) for ax in axes]
        return [*(figure for figure in found if figure), plots.trends(development, catalogue.indicators, words)]

    def ours() -> list[bytes]:
        return [picture(figure, 128)[0] for figure in drawn()]

    def theirs(kind: Literal["png", "svg"]) -> list[bytes]:
        files = [io.BytesIO() for _ in range(4)]
        with mpl.rc_context({"svg.fonttype": "path"}):
            for figure, file in zip(drawn(), files, strict=True):
                figure.savefig(file, format=kind, dpi=PIXELS_PER_INCH)
        return [file.getvalue() for file in files]

    for kind in ("png", "svg"):
        seconds, peer = alternate(ours, lambda kind=kind: theirs(kind), runs=5)  # type: ignore[misc]
        note = f"{sum(map(len, ours())) / 1000:.0f} kB beside {sum(map(len, theirs(kind))) / 1000:.0f} kB"  # type: ignore[arg-type]
        yield Row("four figures of a report", seconds, 0.4, f"the same, matplotlib's {kind.upper()}", peer, (note,))
