"""The territory development index: where a municipality stands among its kind on several indicators, and how that changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchlib.comparison.figures import as_numbers
from benchlib.comparison.ranks import MINIMUM_DATA
from benchlib.errors import OptionError, SampleError
from benchlib.indicators import classification, classification_of, load_index
from benchlib.terms import check_option

Floats = NDArray[np.float64]
Weighting = Literal["population", "none"]


@dataclass(frozen=True)
class IndexResult:
    """An index of municipalities, each standardised among its own kind.

    Attributes
    ----------
    scores : pandas.DataFrame
        A row per municipality, in the order of the table: `territory`, `group`, `level` (0 is the mean of the group), `change` (this
        year's figures against last year's mean and standard deviation; NaN without last year's figures), `is_reweighted` (some
        indicators are missing and the weights of the others were stretched), `missing` (indicators without a figure, a tuple).
    standardised : pandas.DataFrame
        A row per municipality, a column per indicator: distance from the mean of the group in its standard deviations, signed so that
        more is better.
    weights, directions : mapping
        Weight and sign of each indicator.
    info : mapping
        `formula` ("" where weights were given), `weighting`, `verified` (whether the weights were compared with the law), `groups` (units
        with a level in each group).
    """

    scores: pd.DataFrame
    standardised: pd.DataFrame
    weights: Mapping[str, float]
    directions: Mapping[str, int]
    info: Mapping[str, Any]

    def __repr__(self) -> str:
        counted = int(self.scores["level"].notna().sum())
        return f"IndexResult({len(self.weights)} indicators, {counted} of {len(self.scores)} municipalities)"


def territory_development_index(
    table: pd.DataFrame,
    *,
    weights: Mapping[str, float] | None = None,
    directions: Mapping[str, int] | None = None,
    weighting: Weighting = "population",
    population: str = "population_annual_average",
    groups: Mapping[str, str] | None = None,
    before: pd.DataFrame | None = None,
    reweight: bool = False,
) -> IndexResult:
    """Level and change of the territory development index (teritorijas attīstības indekss).

    Parameters
    ----------
    table : pandas.DataFrame
        A row per municipality of one year: `territory` (code), a column per indicator, and the population if it weights; as
        `load_indicators(..., wide=True)` gives it.
    weights : mapping of str to float, optional
        Weight of each indicator, adding up to 1; those of `data/catalogue/indices/territory_development.toml` if absent (eight indicators,
        MK 367/2014). The four indicators of MK 482/2010 can be given so; their weights are not among our figures.
    directions : mapping of str to {1, -1}, optional
        Sign of each indicator; those of the formula if absent.
    weighting : {"population", "none"}
        Whether mean and standard deviation are weighted by population.
    population : str
        Column of the table that weights.
    groups : mapping of str to str, optional
        Group of each code within which is standardised; state cities and novadi if absent.
    before : pandas.DataFrame, optional
        The same columns of the year before, for `change`.
    reweight : bool
        True: a municipality that lacks figures has an index from at least 60 % of the weights, which are stretched, and is marked.
        False: it has none.

    Returns
    -------
    IndexResult

    Raises
    ------
    OptionError
        If the weights do not add up to 1, a sign is missing or wrong, `weighting` is unknown, or a cell is no number.
    UnknownTerritoryError
        If a code is of no municipality and `groups` are not given.
    SampleError
        If a column is missing, a municipality stands there twice or without population, or an indicator is the same everywhere in a group.

    Notes
    -----
    t = sign * (x - mean) / standard deviation within the group, index = sum of weight * t; for the change, x is this year's and mean and
    standard deviation are last year's [1]_. The weights are published [2]_. That the statistical weight of the standard deviation is the
    population and that the signs of unfavourable indicators are reversed is not said in what could be read, and neither is
    whether MK 284/2023 changed the weights; all three are parameters.

    What the published values say about it: of the four indicators of the index of 2009 our figures have three (unemployment, dependency
    ratio, income tax). Fitted freely to the first 24 published levels of novadi [3]_, their weights come out all positive. With the
    population as weight they add up to 0.99 and the fitted index misses a level by 0.139 (root mean square), without to 0.87 and 0.130:
    that decides nothing about the population. Either way the first three are ranked as published. It is no reproduction: the fourth
    indicator, the change of population over five years, and the weights of the regulation are missing.

    References
    ----------
    .. [1] MK 482/2010, sections 5.1-5.5, https://likumi.lv/ta/id/211208; Providus (2005), https://providus.lv/raksti/ka-nosaka-teritorijas-attistibas-indeksu/
    .. [2] https://www.vraa.gov.lv/lv/teritorijas-attistibas-indekss
    .. [3] MK 1178/2010, annex, https://likumi.lv/ta/id/223343

    Examples
    --------
    >>> table = pd.DataFrame({"territory": ["0020000", "0021000"], "tax": [100.0, 300.0]})
    >>> territory_development_index(table, weights={"tax": 1.0}, directions={"tax": 1}, weighting="none").scores["level"].tolist()
    [-1.0, 1.0]
    """
    check_option("weighting", weighting, Weighting)
    formula = load_index() if weights is None else None
    chosen, signs = _checked(weights, directions)
    names = list(chosen)
    people = population if weighting == "population" else ""
    frame = _frame(table, names, people, "table")
    group = _groups(frame.index, groups)
    now = _standardised(frame, frame, group, group, names, people)
    sign = np.array([signs[name] for name in names], dtype=np.float64)
    share = np.array([chosen[name] for name in names])
    level, is_reweighted = _index(sign * now, share, reweight)
    change = np.full(len(frame), np.nan)
    if before is not None:
        base = _frame(before, names, people, "before")
        of_base = _groups(base.index, groups)
        then = _standardised(frame, base, group, of_base, names, people)
        change = _index(sign * then, share, reweight)[0]
    lacking = frame[names].isna().to_numpy()
    scores = pd.DataFrame(
        {
            "territory": frame.index,
            "group": group.to_numpy(),
            "level": level,
            "change": change,
            "is_reweighted": is_reweighted,
            "missing": [tuple(np.array(names)[row]) for row in lacking],
        }
    )
    standardised = pd.DataFrame(sign * now, index=frame.index, columns=names)
    counted = scores.loc[scores["level"].notna(), "group"].value_counts().sort_index()
    info = {
        "formula": formula.id if formula else "",
        "weighting": weighting,
        "verified": bool(formula and formula.verified),
        "groups": {str(name): int(n) for name, n in counted.items()},
    }
    return IndexResult(scores, standardised, chosen, signs, info)


def _checked(
    weights: Mapping[str, float] | None, directions: Mapping[str, int] | None
) -> tuple[dict[str, float], dict[str, int]]:
    """Weights and signs, those of the formula where none are given."""
    formula = load_index()
    chosen = dict(formula.weights if weights is None else weights)
    signs = {**formula.directions, **(directions or {})}
    total = sum(chosen.values())
    if not chosen or not all(weight > 0 for weight in chosen.values()) or abs(total - 1.0) > 1e-6:
        raise OptionError(
            f"weights={chosen!r} must be positive and add up to 1, not {total:.4g}. Divide each by their sum."
        )
    for name in chosen:
        if signs.get(name) not in (1, -1):
            raise OptionError(f"directions gives no sign for {name!r}. Say 1 (more is better) or -1 (less is better).")
    return chosen, {name: signs[name] for name in chosen}


def _frame(table: pd.DataFrame, names: Sequence[str], population: str, where: str) -> pd.DataFrame:
    """The columns needed, by territory."""
    columns = [*names, *([population] if population else [])]
    absent = [name for name in ("territory", *columns) if name not in table.columns]
    if absent:
        raise SampleError(_absent(table, absent, population, where))
    twice = table["territory"][table["territory"].duplicated()]
    if len(twice):
        raise SampleError(f"{where} has {twice.iloc[0]!r} twice. Give the figures of one year, a row per municipality.")
    return as_numbers(table.set_index("territory")[columns], where)


def _absent(table: pd.DataFrame, absent: Sequence[str], population: str, where: str) -> str:
    """Which columns a table lacks, and what to do about it."""
    lacks = f"{where} has no column {absent[0]!r}"
    if absent[0] == "territory":
        return f"{lacks}. Give the code of each municipality in it."
    if {"indicator", "value"} <= set(table.columns):
        return f"{lacks}. Load the indicators with wide=True."
    names = [name for name in absent if name != population]
    if not names:
        advice = "Add it, name another column in population=, or use weighting='none'."
        return f"{lacks}, which weights mean and standard deviation. {advice}"
    if len(names) == 1:
        return f"{lacks}. Add its figures if there are any (benchlib data import), or give weights= without it."
    listed = ", ".join(map(repr, names))
    advice = "Add their figures if there are any (benchlib data import), or give weights= without them."
    return f"{where} has no columns {listed}. {advice}"


def _groups(codes: pd.Index, groups: Mapping[str, str] | None) -> pd.Series:
    if groups is None:
        kinds = {
            unit.code: unit.kind for of in {classification_of(code) for code in codes} for unit in classification(of)
        }
        groups = kinds
    unknown = [code for code in codes if code not in groups]
    if unknown:
        raise SampleError(f"{unknown[0]!r} belongs to no group. Name its group in `groups`.")
    return pd.Series([groups[code] for code in codes], index=codes)


def _standardised(
    frame: pd.DataFrame, base: pd.DataFrame, group: pd.Series, of_base: pd.Series, names: list[str], population: str
) -> Floats:
    """Distance of each figure from the mean of its group in the base, in the standard deviations of the base."""
    result = np.full((len(frame), len(names)), np.nan)
    for word in dict.fromkeys(group):
        rows, there = (group == word).to_numpy(), base.loc[of_base == word]
        if population and not (there[population] > 0).all():
            lost = there.index[~(there[population] > 0)]
            raise SampleError(
                f"{', '.join(lost)}: no {population}, which weights mean and standard deviation. Add it, or use weighting='none'."
            )
        for place, name in enumerate(names):
            values = there[name].to_numpy()
            known = ~np.isnan(values)
            if not known.any():
                continue
            weight = there[population].to_numpy()[known] if population else np.ones(int(known.sum()))
            mean = np.average(values[known], weights=weight)
            deviation = np.sqrt(np.average((values[known] - mean) ** 2, weights=weight))
            if not deviation > 1e-12 * max(1.0, abs(mean)):
                raise SampleError(f"{name} is the same everywhere in the group {word!r}, so it cannot be standardised.")
            result[rows, place] = (frame[name].to_numpy()[rows] - mean) / deviation
    return result


def _index(standard: Floats, weights: Floats, reweight: bool) -> tuple[Floats, NDArray[np.bool_]]:
    """Weighted sum of each row, and whether its weights were stretched."""
    known = ~np.isnan(standard)
    share = known @ weights
    is_partial = ~known.all(axis=1)
    is_enough = ~is_partial | (reweight & (share >= MINIMUM_DATA - 1e-9))
    total = np.where(known, standard, 0.0) @ weights
    value = np.where(is_enough, total / np.where(share > 0, share, np.nan), np.nan)
    return value, is_partial & is_enough
