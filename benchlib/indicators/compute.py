"""From measures to indicators: published values, ratios of summed parts, means of several; harmonised on the way."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from benchlib.indicators.catalog import Catalogue
from benchlib.indicators.harmonise import Links, first_symbol, group_rows, harmonise, largest
from benchlib.indicators.passports import Passport
from benchlib.terms import Classification

# The worst part decides what a computed figure is.
_SEVERITY = {"observed": 0, "estimated": 1, "harmonised": 2, "suppressed": 3, "missing": 4}
_STATUS = list(_SEVERITY)


def compute(
    passports: Sequence[Passport],
    figures: pd.DataFrame,
    units: Sequence[str],
    territory: Classification,
    catalogue: Catalogue,
    links: Links | None = None,
) -> pd.DataFrame:
    """Every indicator from the measures, harmonised.

    Parameters
    ----------
    passports : sequence of Passport
        Indicators to compute.
    figures : pandas.DataFrame
        All figures that they need, of any classification up to `territory`.
    units : sequence of str
        Codes of the municipalities to keep.
    territory : {"2009", "2021", "2025"}
        Target classification.
    catalogue : Catalogue
        Passports and measures.
    links : mapping, optional
        Own crosswalk, as in `harmonise`.

    Returns
    -------
    pandas.DataFrame
        Long table by `indicator`, `year`, `territory`, not yet ordered.
    """
    carried = harmonise(figures, territory, measures=catalogue.registry.measures, links=links)
    needed = dict.fromkeys([p.id for p in passports] + [part for p in passports for part in p.mean_of])
    simple = [catalogue.indicators[i] for i in needed if not catalogue.indicators[i].mean_of]
    published = _published([p for p in simple if p.measure], carried)
    ratios = _ratios([p for p in simple if p.numerator], carried, catalogue)
    parts = pd.concat([published, ratios], ignore_index=True) if len(ratios) else published
    asked = parts.loc[parts["indicator"].isin([p.id for p in passports])]
    table = pd.concat([asked, *(_mean(p, parts) for p in passports if p.mean_of)], ignore_index=True)
    is_closed = table["indicator"].isin([p.id for p in passports if p.access == "members"])
    table["access"] = table["access"].where(~is_closed, "members")
    return table.loc[table["territory"].isin(units)]


def _published(passports: Sequence[Passport], carried: pd.DataFrame) -> pd.DataFrame:
    formula = pd.DataFrame([(p.id, p.measure, p.scale) for p in passports], columns=["indicator", "measure", "scale"])
    formula["scale"] = formula["scale"].astype("float64")  # without rows pandas takes it for objects, and so the values
    rows = carried.merge(formula, on="measure")
    is_elsewhere = rows["weight_year"] != rows["year"]
    return rows.assign(value=rows["value"] * rows["scale"], basis_year=rows["weight_year"].where(is_elsewhere, 0))


def _ratios(passports: Sequence[Passport], carried: pd.DataFrame, catalogue: Catalogue) -> pd.DataFrame:
    """Numerator over denominator of the same year, or of the nearest within the passport's gap."""
    years = {
        name: sorted(part["year"].unique()) for name, part in carried.loc[carried["value"].notna()].groupby("measure")
    }
    formula = []
    for p in passports:
        static = catalogue.registry.measures[p.denominator].is_static
        for year in years.get(p.numerator, []):
            near = min(years.get(p.denominator, []), key=lambda y: (abs(y - year), y), default=None)
            if near is not None and (static or abs(near - year) <= p.max_year_gap):
                formula.append(
                    (p.id, p.numerator, year, p.denominator, near, p.scale, 0 if static or near == year else near)
                )
    columns = ["indicator", "measure", "year", "below", "below_year", "scale", "basis_year"]
    rows = carried.merge(pd.DataFrame(formula, columns=columns), on=["measure", "year"])
    taken = ["value", "status", "symbol", "share_basis", "access"]
    below = carried[["measure", "year", "territory", *taken]].rename(columns={c: f"{c}_below" for c in taken})
    rows = rows.merge(
        below.rename(columns={"measure": "below", "year": "below_year"}),
        on=["below", "below_year", "territory"],
        how="left",
    )
    bottom = rows["value_below"].to_numpy(dtype="float64")
    value = (rows["value"] * rows["scale"]).to_numpy(dtype="float64") / np.where(bottom == 0, np.nan, bottom)
    status = _worst(
        [rows["status"], rows["status_below"].fillna("missing")],
        np.isnan(value),
        is_estimated=rows["basis_year"].to_numpy() != 0,
    )
    basis = np.where(rows["share_basis"] != "", rows["share_basis"], rows["share_basis_below"].fillna(""))
    access = np.where(rows["access_below"] == "members", "members", rows["access"])
    symbol = np.where(rows["symbol"] != "", rows["symbol"], rows["symbol_below"].fillna(""))
    return rows.assign(value=value, status=status, symbol=symbol, share_basis=basis, access=access)


def _mean(passport: Passport, parts: pd.DataFrame) -> pd.DataFrame:
    """Plain mean of other indicators; missing where one of them is."""
    rows = parts.loc[parts["indicator"].isin(passport.mean_of)]
    group, first = group_rows(rows, ["year", "territory"])
    count = len(first)
    is_short = np.bincount(group, minlength=count) < len(passport.mean_of)
    total = np.bincount(group, weights=rows["value"], minlength=count)  # NaN where one is missing
    value = np.where(is_short, np.nan, total / len(passport.mean_of))
    severity = largest(rows["status"].map(_SEVERITY).to_numpy(dtype="int64"), group, count)
    is_closed = largest((rows["access"] == "members").to_numpy(dtype="int64"), group, count) > 0
    return rows.iloc[first].assign(
        indicator=passport.id,
        value=value,
        status=np.where(is_short, "missing", np.array(_STATUS)[severity]),
        symbol=first_symbol(rows["symbol"].to_numpy(), group, count),
        access=np.where(is_closed, "members", "public"),
    )


def _worst(statuses: Sequence[pd.Series], is_missing: np.ndarray, is_estimated: np.ndarray) -> np.ndarray:
    severity = np.max([s.map(_SEVERITY).to_numpy(dtype="int64") for s in statuses], axis=0)
    severity = np.maximum(severity, np.where(is_estimated, _SEVERITY["estimated"], 0))
    severity = np.where(is_missing & (severity < _SEVERITY["suppressed"]), _SEVERITY["missing"], severity)
    result: np.ndarray = np.array(_STATUS)[severity]
    return result
