"""Which figures are used as published although the registry doubts them."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from benchlib.indicators import Catalogue, Doubt, Store, catalogue_of, default_store, present_municipalities
from benchlib.terms import Access, Classification

#: Indicator, year and code of each doubtful figure.
Doubts = frozenset[tuple[str, int, str]]
NO_DOUBTS: Doubts = frozenset()


def doubtful_figures(
    ids: Iterable[str],
    *,
    territory: Classification = "2025",
    access: Access = "public",
    as_of: str | None = None,
    store: Store | None = None,
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
    as_of, store
        As in `load_indicators`: where these take the figure of another source, a later correction for example, nobody doubts it.

    Returns
    -------
    frozenset of (str, int, str)
        Indicator, year and code.
    """
    catalogue = catalogue_of(store)
    needed = {indicator: set(catalogue.measures_of([indicator])) for indicator in ids}
    measures = set[str]().union(*needed.values())
    doubted = doubts_in_use(catalogue, measures, access=access, as_of=as_of, store=store)
    found = set()
    for doubt in doubted:
        if doubt.used == "as published":
            heirs = present_municipalities(doubt.territory, territory)["code"]
            names = [indicator for indicator, several in needed.items() if doubt.measure in several]
            found |= {(name, doubt.year, str(code)) for name in names for code in heirs}
    return frozenset(found)


def doubts_in_use(
    catalogue: Catalogue,
    measures: Collection[str],
    *,
    access: Access = "public",
    as_of: str | None = None,
    store: Store | None = None,
) -> tuple[Doubt, ...]:
    """The doubts about figures that nobody has replaced: where a later figure of another source is used, they tell of nothing.

    Parameters
    ----------
    catalogue : Catalogue
        Whose registry has the doubts.
    measures : collection of str
        Measures by id.
    access, as_of
        As in `load_indicators`.
    store : Store, optional
        The figures; those of the catalogue's own data folder if absent.

    Returns
    -------
    tuple of Doubt
        In the order of the registry.
    """
    doubted = [doubt for doubt in catalogue.registry.doubts_for(access) if doubt.measure in measures]
    if not doubted:
        return ()
    if store is None:
        is_shipped = catalogue.registry is default_store().registry
        store = default_store() if is_shipped else Store(catalogue.registry.folder)
    asked = sorted({doubt.measure for doubt in doubted})
    used = store.figures(asked, territories={doubt.territory for doubt in doubted}, access=access, as_of=as_of)
    places = zip(used["measure"], used["year"], used["territory"], strict=True)
    sources = dict(zip(places, used["source"], strict=True))
    return tuple(d for d in doubted if sources.get((d.measure, d.year, d.territory), d.source) == d.source)
