"""What somebody lacks of a derived figure: the numerator or the denominator, where the other one is there."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import pandas as pd

from benchlib.indicators import CLASSIFICATIONS, Catalogue, Measure, Passport, Store, classification_of, harmonise
from benchlib.terms import Access, Classification


def lacking_parts(
    values: pd.DataFrame,
    passports: Iterable[Passport],
    codes: Collection[str],
    *,
    catalogue: Catalogue,
    territory: Classification,
    access: Access,
    as_of: str | None,
    store: Store,
) -> dict[tuple[str, str], Measure]:
    """The part that is missing where only one of the two is: who brought the other is not asked for it again.

    Parameters
    ----------
    values : pandas.DataFrame
        Tidy figures, of each indicator in one year.
    passports : iterable of Passport
        The indicators; those that are not derived are left out.
    codes : collection of str
        Whose figures.
    catalogue : Catalogue
        Names of the measures.
    territory, access, as_of, store
        As in `load_indicators`.

    Returns
    -------
    dict of (str, str) to Measure
        By indicator and code. Nothing where both parts are missing.
    """
    gaps = values.loc[values["value"].isna() & values["territory"].isin(codes)]
    derived = [passport for passport in passports if passport.numerator and passport.id in set(gaps["indicator"])]
    if not derived:
        return {}
    measures = catalogue.registry.measures
    figures = store.figures(catalogue.measures_of(passport.id for passport in derived), access=access, as_of=as_of)
    last = CLASSIFICATIONS.index(territory)
    origins = {code: CLASSIFICATIONS.index(classification_of(code)) for code in figures["territory"].unique()}
    carried = harmonise(figures.loc[figures["territory"].map(origins) <= last], territory, measures=measures)
    known = carried.loc[carried["value"].notna(), ["measure", "year", "territory"]]
    there = set(known.itertuples(index=False, name=None))
    ever = set(known[["measure", "territory"]].itertuples(index=False, name=None))
    found = {}
    for passport in derived:
        part = values.loc[values["indicator"] == passport.id]
        year = int(part["year"].iloc[0])
        below_year = int(part.loc[part["value"].notna(), "basis_year"].max()) or year
        is_static = measures[passport.denominator].is_static
        for code in gaps.loc[gaps["indicator"] == passport.id, "territory"]:
            has_top = (passport.numerator, year, code) in there
            below = (passport.denominator, code)
            has_bottom = below in ever if is_static else (passport.denominator, below_year, code) in there
            if has_top != has_bottom:
                found[passport.id, str(code)] = measures[passport.denominator if has_top else passport.numerator]
    return found
