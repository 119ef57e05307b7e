"""Which figures are used as published although the registry doubts them."""

from __future__ import annotations

from collections.abc import Iterable

from benchlib.indicators import Store, catalogue_of, present_municipalities
from benchlib.terms import Access, Classification

#: Indicator, year and code of each doubtful figure.
Doubts = frozenset[tuple[str, int, str]]
NO_DOUBTS: Doubts = frozenset()


def doubtful_figures(
    ids: Iterable[str], *, territory: Classification = "2025", access: Access = "public", store: Store | None = None
) -> Doubts:
    """The figures that are used as published although the registry doubts them, or one of their parts.

    Parameters
    ----------
    ids : iterable of str
        Indicators.
    territory : {"2025", "2021", "2009"}
        Classification; a doubt about a former municipality is one about those that hold its territory.
    access : {"public", "members"}
        "public" leaves out doubts about figures that only members may see.
    store : Store, optional
        As in `load_indicators`.

    Returns
    -------
    frozenset of (str, int, str)
        Indicator, year and code.
    """
    catalogue = catalogue_of(store)
    doubted = [doubt for doubt in catalogue.registry.doubts_for(access) if doubt.used == "as published"]
    found = set()
    for indicator in ids:
        measures = set(catalogue.measures_of([indicator]))
        for doubt in doubted:
            if doubt.measure in measures:
                heirs = present_municipalities(doubt.territory, territory)["code"]
                found |= {(indicator, doubt.year, str(code)) for code in heirs}
    return frozenset(found)
