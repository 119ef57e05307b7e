"""Where a municipality and its comparison group lie on an indicator, from 0 (the worst of the group) to 1 (the best)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchlib.comparison import Profile
from benchlib.indicators import Passport

Floats = NDArray[np.float64]


class Standing(NamedTuple):
    """Places on one indicator; NaN where there is none. Without direction, from the smallest to the greatest.

    Attributes
    ----------
    low, high : float
        Ends of the group's middle half.
    median : float
        Of the group.
    others : ndarray
        The other members with a figure.
    own : float
        The municipality.
    """

    low: float
    high: float
    median: float
    others: Floats
    own: float


def standings(profile: Profile, rows: Iterable[Mapping[str, Any]], passports: Mapping[str, Passport]) -> list[Standing]:
    """Return the places on several indicators.

    Parameters
    ----------
    profile : Profile
        From `comparison.profile`.
    rows : iterable of mapping
        Rows of its table.
    passports : mapping of str to Passport
        Passports of the indicators.

    Returns
    -------
    list of Standing
        One for each row.
    """
    values = {name: part.set_index("territory")["value"] for name, part in profile.values.groupby("indicator")}
    return [
        _standing(row, values[row["indicator"]], profile.municipality.code, passports[row["indicator"]].direction)
        for row in rows
    ]


def _standing(row: Mapping[str, Any], values: pd.Series, own: str, direction: int) -> Standing:
    is_present = values.notna().to_numpy()
    present = values.to_numpy(dtype="float64")[is_present]
    if not len(present):
        return Standing(np.nan, np.nan, np.nan, present, np.nan)
    quartiles = np.array([row["lower_quartile"], row["upper_quartile"], row["median"]], dtype="float64")
    first, last, median = _scale(quartiles, present, direction)
    places = _scale(present, present, direction)
    is_own = values.index.to_numpy()[is_present] == own
    at = float(places[is_own][0]) if is_own.any() else np.nan
    return Standing(min(first, last), max(first, last), float(median), places[~is_own], at)


def _scale(x: Floats, values: Floats, direction: int) -> Floats:
    low, high = values.min(), values.max()
    share: Floats = np.full_like(x, 0.5) if high == low else (x - low) / (high - low)
    return 1 - share if direction < 0 else share
