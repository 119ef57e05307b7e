"""Passports of indicators, and public services as models (`data/catalogue/indicators`, `data/catalogue/services`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from benchlib.indicators.registry import Measure, Texts


@dataclass(frozen=True, slots=True)
class Passport:
    """What must be known about an indicator before it is used.

    An indicator is one of three: a `measure` as published, `numerator / denominator * scale`, or the plain `mean_of`
    other indicators.

    Attributes
    ----------
    id : str
        Word by which the indicator is loaded.
    name, definition : mapping
        Texts by language, "lv" and "en".
    unit : mapping
        Unit as readers see it, by language.
    dimension : str
        cost, productivity, coverage, quality, satisfaction or context.
    direction : {-1, 0, 1}
        1: more is better; -1: less is better; 0: neither.
    decimals : int
        Decimals to show.
    measure, numerator, denominator, mean_of, scale
        The formula; measures by id, `mean_of` indicators by id.
    max_year_gap : int
        How many years the denominator may lie from the numerator; a figure with a gap is marked "estimated".
    update_month : str
        Month of the publisher's yearly update, or "not recorded".
    breaks : tuple of str
        Known breaks of the series.
    caveats : mapping
        What a reader must know, by language.
    volume : str
        Measure that turns a unit cost into money (room for manoeuvre); "" where that makes no sense.
    access : {"public", "members"}
        Who may see it.
    """

    id: str
    name: Texts
    definition: Texts
    unit: Texts
    dimension: str
    direction: int
    decimals: int
    caveats: Texts
    measure: str = ""
    numerator: str = ""
    denominator: str = ""
    mean_of: tuple[str, ...] = ()
    scale: float = 1.0
    max_year_gap: int = 0
    update_month: str = "not recorded"
    breaks: tuple[str, ...] = ()
    volume: str = ""
    access: str = "public"

    @property
    def measures(self) -> tuple[str, ...]:
        """Measures that the formula needs directly."""
        return tuple(m for m in (self.measure, self.numerator, self.denominator) if m)

    def harmonisation(self, measures: Mapping[str, Measure]) -> str:
        """How the indicator is carried over a reform, in a word that the passport shows.

        Parameters
        ----------
        measures : mapping of str to Measure
            Measures of the registry.

        Returns
        -------
        str
            "sum", "recomputed from summed parts", "mean weighted by ..." or "not harmonisable".
        """
        if self.mean_of:
            return "mean of harmonised indicators"
        if self.numerator:
            return "recomputed from summed parts"
        measure = measures[self.measure]
        if measure.kind == "ratio":
            return f"mean weighted by {measure.weight}"
        return "sum" if measure.kind == "additive" else "not harmonisable"


@dataclass(frozen=True, slots=True)
class Service:
    """A public service as a model: what goes in, what comes out, under which conditions.

    Attributes
    ----------
    id, name, definition, caveats
        As in `Passport`.
    inputs, outputs, detail_outputs, context : tuple of str
        Indicators by id. `detail_outputs` are the parts of the outputs for a sensitivity check.
    coverage, quality, demography : tuple of str
        Indicators by id for the reading of cost, access, quality and demography together: access to the service, its quality, and the
        conditions of need that its cost is adjusted for (few: one for every ten municipalities at most).
    method, orientation, rts : str
        Default estimator and its options.
    volume : str
        Measure that turns the input per user into money.
    years : tuple of int
        Years for which inputs and outputs are there.
    network : str
        Network whose theme the service is.
    """

    id: str
    name: Texts
    definition: Texts
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    context: tuple[str, ...]
    method: str
    orientation: str
    rts: str
    volume: str
    years: tuple[int, ...]
    network: str
    caveats: Texts
    detail_outputs: tuple[str, ...] = ()
    coverage: tuple[str, ...] = ()
    quality: tuple[str, ...] = ()
    demography: tuple[str, ...] = ()
