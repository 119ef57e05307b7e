"""Samples of several periods, matched by unit: who is compared with itself, and who cannot be."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchlib.efficiency.checks import comparable
from benchlib.efficiency.sample import Sample, listed
from benchlib.errors import SampleError


@dataclass(frozen=True, eq=False)
class Transition:
    """A step from one period to the next, for the units that are in both.

    Attributes
    ----------
    start, end : int
        Positions of the two periods in the panel.
    rows : tuple of two ndarrays, shape (n,)
        Where the n units stand in the sample of each of the two periods.
    """

    start: int
    end: int
    rows: tuple[NDArray[np.int64], NDArray[np.int64]]


@dataclass(frozen=True, eq=False)
class Panel:
    """Comparable samples of at least two periods.

    Attributes
    ----------
    labels : tuple
        The periods, in their order.
    samples : tuple of Sample
        One per period, with the same inputs and outputs in the same order, complete.
    transitions : tuple of Transition
        From each period to the next.
    left_out : DataFrame
        Columns unit, period, reason: units of a period that have no partner in a neighbouring period.
    """

    labels: tuple[Hashable, ...]
    samples: tuple[Sample, ...]
    transitions: tuple[Transition, ...]
    left_out: pd.DataFrame


def samples_by_period(
    table: pd.DataFrame,
    inputs: str | Sequence[str],
    outputs: str | Sequence[str],
    unit: str,
    period: str,
    context: str | Sequence[str] = (),
    *,
    label: str | None = None,
) -> dict[Any, Sample]:
    """Compose a sample for each period from a table with a row per unit and period.

    Parameters
    ----------
    table : DataFrame
        A row per unit and period.
    inputs, outputs : list of str
        Columns, at least one each.
    unit, period : str
        Columns that identify the unit and the period.
    context : list of str, optional
        Columns with conditions that units cannot change.
    label : str, optional
        Column with display names, as in `Sample.from_table`.

    Returns
    -------
    dict
        Periods in ascending order, each with its sample: what `malmquist`, `luenberger` and `hicks_moorsteen` want.

    Raises
    ------
    SampleError
        If the column of the periods is absent or has gaps, or if a sample cannot be made (see `Sample.from_table`); the message
        names the period.

    Examples
    --------
    >>> table = pd.DataFrame({"school": ["A", "B", "A", "B"], "year": [2023, 2023, 2024, 2024],
    ...                       "cost": [20.0, 30.0, 22.0, 30.0], "pupils": [10.0, 12.0, 12.0, 12.0]})
    >>> samples_by_period(table, "cost", "pupils", unit="school", period="year")[2024]
    Sample(2 units; inputs: cost; outputs: pupils)
    """
    if not isinstance(table, pd.DataFrame) or period not in table.columns:
        columns = ", ".join(map(str, table.columns)) if isinstance(table, pd.DataFrame) else type(table).__name__
        raise SampleError(f"The table has no column {period!r} for the period. It has: {columns}.")
    if (is_open := table[period].isna()).any():
        raise SampleError(f"A row has no period: column {period!r} is missing in row {int(is_open.argmax()) + 1}.")
    try:
        keys = table[period].drop_duplicates().sort_values().tolist()
    except TypeError:
        raise SampleError(f"The periods in column {period!r} are of several types and have no order.") from None
    samples = {}
    for key in keys:
        with about(key):
            rows = table[table[period] == key]
            samples[key] = Sample.from_table(rows, inputs, outputs, unit, context, label=label)
    return samples


def read_panel(periods: Mapping[Any, Sample]) -> Panel:
    """Return the panel of samples by period, or raise SampleError if they cannot be compared.

    Parameters
    ----------
    periods : mapping
        Periods in their order, each with its sample.

    Returns
    -------
    Panel
    """
    if not isinstance(periods, Mapping) or not all(isinstance(sample, Sample) for sample in periods.values()):
        raise SampleError(
            "periods must map each period to its Sample, such as {2023: sample, 2024: sample}; see samples_by_period."
        )
    labels = tuple(periods)
    if len(labels) < 2:
        raise SampleError(f"Change needs at least two periods; there are {len(labels)}.")
    first = periods[labels[0]]
    for label, sample in periods.items():
        if (set(sample.inputs), set(sample.outputs)) != (set(first.inputs), set(first.outputs)):
            raise SampleError(
                f"Period {label} has other variables than {labels[0]}: {sample!r} against {first!r}. "
                "Change can only be measured on the same inputs and outputs."
            )
    samples = []
    for label, sample in periods.items():
        with about(label):
            samples.append(comparable(first, sample))
    steps = tuple(_match(i, j, labels, samples) for i, j in pairwise(range(len(labels))))
    return Panel(labels, tuple(samples), steps, _left_out(labels, list(periods.values())))


@contextmanager
def about(period: Hashable) -> Iterator[None]:
    """Let a SampleError from within say which period it is about."""
    try:
        yield
    except SampleError as error:
        raise SampleError(f"Period {period}: {error}") from None


def _match(start: int, end: int, labels: Sequence[Hashable], samples: Sequence[Sample]) -> Transition:
    before, after = ({unit: i for i, unit in enumerate(samples[k].units)} for k in (start, end))
    both = [unit for unit in before if unit in after]
    if not both:
        raise SampleError(
            f"No unit is in both {labels[start]} ({listed(before)}) and {labels[end]} ({listed(after)}). "
            "Units are matched by their identifiers; write them alike."
        )
    rows = tuple(np.array([place[unit] for unit in both], dtype=np.int64) for place in (before, after))
    return Transition(start, end, (rows[0], rows[1]))


def _left_out(labels: Sequence[Hashable], samples: Sequence[Sample]) -> pd.DataFrame:
    """Return who is in no change: left out of a sample beforehand, or without figures in a neighbouring period."""
    rows: list[tuple[Hashable, Hashable, str]] = []
    for i, (label, sample) in enumerate(zip(labels, samples, strict=True)):
        gone = sample.left_out
        rows += [(unit, label, reason) for unit, reason in zip(gone["unit"], gone["reason"], strict=True)]
        for j in (i - 1, i + 1):
            if 0 <= j < len(labels):
                there = set(samples[j].units)
                rows += [(unit, label, f"not in {labels[j]}") for unit in sample.units if unit not in there]
    columns = zip(*rows, strict=True) if rows else ((), (), ())
    names = ("unit", "period", "reason")
    return pd.DataFrame({name: pd.Series(column, dtype=object) for name, column in zip(names, columns, strict=True)})
