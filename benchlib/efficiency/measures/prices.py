"""Prices of inputs and outputs, checked once: `read_prices`."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchlib.efficiency.sample import Sample, describe, listed
from benchlib.errors import OptionError, SampleError

Floats = NDArray[np.float64]

#: Variable -> price, the same for all units; or a row of prices per unit.
Prices = Mapping[str, float] | pd.DataFrame


def read_prices(sample: Sample, prices: Prices, variables: tuple[str, ...]) -> Floats:
    """Return the price of each variable for each unit.

    Parameters
    ----------
    sample : Sample
        n units.
    prices : mapping or DataFrame
        Variable -> price, or a DataFrame indexed by unit with a column per variable. What else is there does not matter.
    variables : tuple of str
        The v variables that need a price.

    Returns
    -------
    ndarray, shape (n, v)
        Positive.

    Raises
    ------
    OptionError
        If prices are neither a mapping nor a DataFrame.
    SampleError
        If a price is missing, not a number, infinite, zero or negative. The message names units and variables.
    """
    if isinstance(prices, pd.DataFrame):
        table = _rows_of(sample, prices, variables)
    elif isinstance(prices, Mapping):
        if absent := [name for name in variables if name not in prices]:
            raise SampleError(f"prices has no price of {listed(absent)}; each of {listed(variables)} needs one.")
        table = pd.DataFrame({name: [prices[name]] * len(sample) for name in variables})
    else:
        raise OptionError(
            f"prices is of type {type(prices).__name__}; needed is a mapping variable -> price, "
            "or a DataFrame indexed by unit with a column per variable."
        )
    values = _numbers(table)
    if (is_wrong := ~((values > 0.0) & (values < np.inf))).any():
        raise SampleError(
            f"Prices must be positive numbers; not so for {describe(is_wrong, sample.units, variables)}. "
            "At a price of zero any amount costs the same, and no mix is the best one."
        )
    return values


def _rows_of(sample: Sample, prices: pd.DataFrame, variables: tuple[str, ...]) -> pd.DataFrame:
    """Return the rows of a table of prices that belong to the units of the sample, in their order."""
    if absent := [name for name in variables if name not in prices.columns]:
        raise SampleError(
            f"prices has no column {listed(absent)}; each of {listed(variables)} needs one. "
            f"Its columns are {listed(prices.columns)}."
        )
    chosen = prices.loc[:, list(variables)]
    if chosen.shape[1] > len(variables):
        raise SampleError(
            f"prices has several columns of one name: {listed(chosen.columns)}; it is not clear which is meant."
        )
    if not prices.index.is_unique:
        twice = prices.index[prices.index.duplicated()].unique()
        raise SampleError(f"prices names these units more than once: {listed(twice)}.")
    place = {unit: i for i, unit in enumerate(prices.index.tolist())}
    if without := [unit for unit in sample.units if unit not in place]:
        raise SampleError(f"prices has no row for {listed(without)}. Index the table of prices by unit.")
    return chosen.iloc[[place[unit] for unit in sample.units]]


def _numbers(table: pd.DataFrame) -> Floats:
    """Return a table as numbers, or raise SampleError that names the column that holds something else."""
    for name in table.columns:
        if not pd.api.types.is_numeric_dtype(table[name]) or pd.api.types.is_bool_dtype(table[name]):
            raise SampleError(f"The prices of {name!r} are {table[name].dtype}, not numbers.")
    return table.to_numpy(dtype=np.float64, na_value=np.nan)
