"""How much the figures depend on the share of a former municipality that was split between two of today's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pandas as pd

from benchlib.indicators.compute import compute
from benchlib.indicators.panel import Years, catalogue_of, load_indicators
from benchlib.indicators.store import Store, default_store
from benchlib.indicators.territory import CLASSIFICATIONS, Link, codes, crosswalk
from benchlib.terms import Access, Classification

COLUMNS = ["territory", "name", "year", "indicator", "low", "value", "high", "former"]


def split_sensitivity(
    ids: str | Iterable[str],
    *,
    years: Years,
    municipalities: str | Iterable[str] | None = None,
    territory: Classification = "2025",
    access: Access = "public",
    as_of: str | None = None,
    store: Store | None = None,
) -> pd.DataFrame:
    """Range of the figures when a split unit went wholly to one heir or wholly to the other.

    Two of the 119 municipalities of 2009 were split: Aglona (only its area share is known) and Inčukalns (population of 2014).

    Parameters
    ----------
    ids, years, municipalities, territory, access, as_of, store
        As in `load_indicators`.

    Returns
    -------
    pandas.DataFrame
        A row per figure that depends on a share: `territory`, `name`, `year`, `indicator`, `low`, `value` (with the share that
        benchlib uses), `high`, `former` (name of the split unit). Empty if nothing depends on one.

    Raises
    ------
    BenchlibError
        As `load_indicators`.

    Examples
    --------
    >>> table = split_sensitivity("registered_population", years=2014)
    >>> sorted(table["name"])
    ['Krāslavas novads', 'Preiļu novads', 'Ropažu novads', 'Siguldas novads']
    """
    base = load_indicators(
        ids, years=years, municipalities=municipalities, territory=territory, access=access, as_of=as_of, store=store
    )
    source = store or default_store()
    catalogue = catalogue_of(source)
    wanted = set(base["territory"])
    passports = [catalogue.passport(i) for i in base["indicator"].unique()]
    figures = source.figures(catalogue.measures_of([p.id for p in passports]), access=access, as_of=as_of)
    known = [code for old in CLASSIFICATIONS[: CLASSIFICATIONS.index(territory) + 1] for code in codes(old)]
    figures = figures.loc[figures["territory"].isin(known)]
    tables = []
    for former, heirs in _splits(territory).items():
        touched = wanted & set(heirs)
        if not touched:
            continue
        ends = [
            compute(passports, figures, sorted(touched), territory, catalogue, _all_to(former, h, territory))
            for h in heirs
        ]
        tables.append(_ranges(base, ends, codes("2009")[former].name))
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=COLUMNS)


def _splits(territory: Classification) -> dict[str, list[str]]:
    heirs: dict[str, list[str]] = {}
    for link in crosswalk("2009", territory):
        heirs.setdefault(link.old, []).append(link.new)
    return {old: news for old, news in heirs.items() if len(news) > 1}


def _all_to(former: str, heir: str, territory: Classification) -> dict[Classification, list[Link]]:
    """Crosswalks in which a split unit goes wholly to one heir; measures of length and area keep their exact shares."""
    links: dict[Classification, list[Link]] = {}
    for origin in CLASSIFICATIONS[: CLASSIFICATIONS.index(territory)]:
        links[origin] = [
            replace(link, population_share=float(link.new == heir)) if link.old == former else link
            for link in crosswalk(origin, territory)
        ]
    return links


def _ranges(base: pd.DataFrame, ends: list[pd.DataFrame], former: str) -> pd.DataFrame:
    key = ["territory", "year", "indicator"]
    table = base[[*key, "name", "value"]]
    for number, end in enumerate(ends):
        table = table.merge(end[[*key, "value"]].rename(columns={"value": f"end{number}"}), on=key)
    columns = ["value", *(f"end{number}" for number in range(len(ends)))]
    table = table.assign(low=table[columns].min(axis=1), high=table[columns].max(axis=1), former=former)
    return table.loc[table["high"] - table["low"] > 1e-9 * table["high"].abs(), COLUMNS].reset_index(drop=True)
