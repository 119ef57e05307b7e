"""Figures of an order that cannot be right, or may not be: against the whole, and against what is stored already."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import pandas as pd

from benchlib.indicators.catalog import Catalogue
from benchlib.indicators.figures import read_figures
from benchlib.indicators.imports.figure_cells import FigureCell, is_difference
from benchlib.indicators.readers.numbers import Figure
from benchlib.indicators.registry import Measure

#: Figures that differ by more than this factor from those of the same municipalities are hardly in the same unit.
_FACTOR: Final = 20.0
#: The whole, in the units of parts of it.
_WHOLE: Final[Mapping[str, float]] = {"share": 1.0, "percent": 100.0}
#: Cells that a note names.
_NAMED: Final = 3


def magnitude_notes(figures: Sequence[tuple[FigureCell, Figure]], catalogue: Catalogue) -> list[str]:
    """What the preview must say of figures whose order may be wrong.

    Parameters
    ----------
    figures : sequence of (FigureCell, Figure)
        Figures in the units of their measures.
    catalogue : Catalogue
        Sources that are stored already, own and shipped.

    Returns
    -------
    list of str
    """
    notes = []
    for measure in {cell.measure.id: cell.measure for cell, _ in figures}.values():
        own = [(cell, figure.value) for cell, figure in figures if cell.measure.id == measure.id]
        own = [(cell, value) for cell, value in own if value == value]
        stored = _stored(measure, catalogue)
        if is_difference(measure) or (stored["value"] < 0).any():
            continue  # it has no whole, and each year may be of another order
        notes += [*_below_zero(measure, own), *_above_whole(measure, own), *_other_order(measure, own, stored)]
    return notes


def _stored(measure: Measure, catalogue: Catalogue) -> pd.DataFrame:
    registry = catalogue.registry
    frames = [
        read_figures(source, registry.folder).assign(source=source.id) for source in registry.sources_of(measure.id)
    ]
    table = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=["measure", "value"])
    return table.loc[table["measure"] == measure.id].dropna(subset="value")


def _below_zero(measure: Measure, own: Sequence[tuple[FigureCell, float]]) -> list[str]:
    below = [(cell, f"{cell.text:.40}") for cell, value in own if value < 0]
    if not below:
        return []
    return [
        f"{measure.id} is below 0 ({_places(below)}). Correct it, or the sign; only a balance, a change or a correction of earlier "
        "accounts can be less than nothing."
    ]


def _places(cells: Sequence[tuple[FigureCell, str]]) -> str:
    """Where the first of these cells stand, what is in them, and how many more there are."""
    named = [f"row {cell.row}, column {cell.column!r:.60}: {what}" for cell, what in cells[:_NAMED]]
    more = f", and {len(cells) - _NAMED} more" if len(cells) > _NAMED else ""
    return "; ".join(named) + more


def _above_whole(measure: Measure, own: Sequence[tuple[FigureCell, float]]) -> list[str]:
    whole = _WHOLE.get(measure.unit)
    above = [] if whole is None else [(cell, f"{100.0 * value / whole:g} %") for cell, value in own if value > whole]
    if not above:
        return []
    return [
        f"{measure.id} is a part of a whole, and some of it is above 100 % ({_places(above)}). Correct it, or the unit of the column; "
        "only a growth can be more."
    ]


def _other_order(measure: Measure, own: Sequence[tuple[FigureCell, float]], stored: pd.DataFrame) -> list[str]:
    """Whether the figures are many times those of the same municipalities in the nearest year, or a small part of them."""
    ratios, sources = [], dict[str, None]()
    for cell, value in own:
        there = stored.loc[(stored["value"] > 0) & (stored["territory"] == cell.territory)] if len(stored) else stored
        if value > 0 and len(there):
            near = there.iloc[(there["year"] - cell.year).abs().argsort(kind="stable").iloc[0]]
            ratios.append(value / near["value"])
            sources[near["source"]] = None
    ratio = float(pd.Series(ratios, dtype="float64").median())
    if not ratios or 1.0 / _FACTOR <= ratio <= _FACTOR:
        return []
    what, times = ("larger", ratio) if ratio > 1 else ("smaller", 1.0 / ratio)
    return [
        f"{measure.id}: these figures are about {float(f'{times:.2g}'):,.0f} times {what} than those of the same municipalities that are "
        f"stored already ({', '.join(sources)}). Look whether they are in {measure.unit}; if not, write the unit at the end of the "
        f'heading, such as "{_example(measure.unit)}".'
    ]


def _example(unit: str) -> str:
    return "tūkst. EUR" if unit.startswith("EUR") else "%" if unit in _WHOLE else "tūkst."
