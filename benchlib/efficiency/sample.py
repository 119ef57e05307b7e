"""The units that are compared and their inputs, outputs and context, checked once."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from html import escape

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchlib.errors import SampleError

#: A column of this name carries display names unless `label` names another.
LABEL_COLUMN = "name"
#: How many units or variables an error names before it counts the rest.
NAMED = 5


def listed(things: Iterable[object]) -> str:
    """Return things as text for a message: the first few, then how many more there are."""
    words = [str(thing) for thing in things]
    rest = len(words) - NAMED
    return ", ".join(words[:NAMED]) + (f" and {rest} more" if rest > 0 else "")


def describe(is_meant: NDArray[np.bool_], units: Sequence[Hashable], variables: Sequence[str]) -> str:
    """Return which figures are meant, for a message: `Bauska, Dobele (cost)`.

    Parameters
    ----------
    is_meant : ndarray, shape (n, v)
        True where a figure is meant.
    units, variables : sequence
        The labels of rows and columns.

    Returns
    -------
    str
    """
    rows, places = (found.tolist() for found in np.nonzero(is_meant))
    return f"{listed(dict.fromkeys(units[i] for i in rows))} ({listed(dict.fromkeys(variables[j] for j in places))})"


@dataclass(frozen=True, eq=False, repr=False)
class Sample:
    """Units with their inputs, outputs and context. Make one with `from_table`.

    Attributes
    ----------
    units : tuple
        Identifiers, unique, in the order of the table.
    names : tuple of str
        Display names, one per unit.
    inputs, outputs, context : tuple of str
        Names of the variables.
    X, Y : ndarray, shapes (n, m) and (n, s)
        Inputs and outputs, read-only; NaN where a figure is missing.
    Z : DataFrame, shape (n, len(context))
        Context variables, of any type.
    left_out : DataFrame
        Columns unit, reason: who was left out by `without_missing`.

    Notes
    -----
    A figure must be a finite number. Zeros are allowed; a unit whose inputs (or outputs) are *all* zero stays in the sample and in
    the technology of the others; whether it can have a score itself depends on the model, see `dea`. Negative figures are
    kept as well, but most methods refuse them by name: what a radial model says about a negative input depends on the zero
    of its scale. Methods that allow them (translation invariance) say so.
    """

    units: tuple[Hashable, ...]
    names: tuple[str, ...]
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    context: tuple[str, ...]
    X: NDArray[np.float64]
    Y: NDArray[np.float64]
    Z: pd.DataFrame
    left_out: pd.DataFrame = field(default_factory=lambda: pd.DataFrame({"unit": [], "reason": []}, dtype=object))

    @classmethod
    def from_table(
        cls,
        table: pd.DataFrame,
        inputs: str | Sequence[str],
        outputs: str | Sequence[str],
        unit: str | None = None,
        context: str | Sequence[str] = (),
        *,
        label: str | None = None,
    ) -> Sample:
        """Compose a sample from the columns of a table with a row per unit.

        Parameters
        ----------
        table : DataFrame
            A row per unit.
        inputs, outputs : list of str
            Columns, at least one each. Any unit of measurement will do; scores do not depend on it.
        unit : str, optional
            Column that identifies the units; by default the index of the table.
        context : list of str, optional
            Columns with conditions that units cannot change.
        label : str, optional
            Column with display names; by default the column `name` if there is one, else the units themselves.

        Returns
        -------
        Sample
            Missing figures are kept as they are; the estimators refuse them by name, see `without_missing`.

        Raises
        ------
        SampleError
            If a column is missing, named twice or not numeric, if a unit is missing or stands there twice, or if a figure is
            infinite. The message names units and variables.

        Examples
        --------
        >>> table = pd.DataFrame({"cost": [20.0, 30.0], "pupils": [1.0, 2.0]}, index=["Bauska", "Dobele"])
        >>> Sample.from_table(table, inputs=["cost"], outputs=["pupils"])
        Sample(2 units; inputs: cost; outputs: pupils)
        """
        if not isinstance(table, pd.DataFrame):
            raise SampleError(
                f"A sample is made from a DataFrame with a row per unit, not from {type(table).__name__}."
            )
        ins, outs, conditions = (
            _names(role, given) for role, given in (("inputs", inputs), ("outputs", outputs), ("context", context))
        )
        if label is None and LABEL_COLUMN in table.columns:
            label = LABEL_COLUMN
        _check_columns(table, ins, outs, conditions, unit, label)
        units = _read_units(table, unit)
        names = tuple(str(name) for name in (table[label] if label else units))
        X, Y = (_read_figures(table, columns, units) for columns in (ins, outs))
        Z = table.loc[:, list(conditions)].set_axis(_index(units), axis=0)
        return cls(units, names, ins, outs, conditions, X, Y, Z)

    @property
    def index(self) -> pd.Index:
        """The units as an index named `unit`, to label a table with."""
        return _index(self.units)

    @property
    def identity(self) -> tuple[object, ...]:
        """All that the sample consists of; `benchlib.cached` tells samples apart by it."""
        labels = (self.units, self.names, self.inputs, self.outputs, self.context)
        return (*labels, self.X, self.Y, self.Z, self.left_out)

    def __len__(self) -> int:
        return len(self.units)

    def __repr__(self) -> str:
        n = len(self)
        parts = [f"{n} unit{'s' if n != 1 else ''}"]
        for role in ("inputs", "outputs", "context"):
            if names := getattr(self, role):
                parts.append(f"{role}: {', '.join(names)}")
        if len(self.left_out):
            parts.append(f"{len(self.left_out)} left out")
        return f"Sample({'; '.join(parts)})"

    def _repr_html_(self) -> str:
        table = self.to_frame().to_html(index=False, escape=True, max_rows=10, border=0)
        return f"<p>{escape(repr(self))}</p>{table}"

    def to_frame(self) -> pd.DataFrame:
        """Return the sample as a table: unit, name, then inputs, outputs and context."""
        head = pd.DataFrame({"unit": self.index, "name": self.names})
        figures = pd.DataFrame(np.hstack([self.X, self.Y]), columns=[*self.inputs, *self.outputs])
        return pd.concat([head, figures, self.Z.reset_index(drop=True)], axis=1)

    def subset(self, units: Iterable[Hashable]) -> Sample:
        """Return a sample of these units, in this order.

        Parameters
        ----------
        units : iterable
            Identifiers of units of the sample.

        Raises
        ------
        SampleError
            If a unit is not in the sample, is named twice, or if none is named.
        """
        wanted = list(units)
        place = {unit: i for i, unit in enumerate(self.units)}
        if unknown := [unit for unit in wanted if unit not in place]:
            raise SampleError(f"Not in the sample: {listed(unknown)}. Its units are {listed(self.units)}.")
        if len(set(wanted)) < len(wanted):
            raise SampleError("A unit may be in a subset only once.")
        if not wanted:
            raise SampleError("A subset needs at least one unit.")
        return self._take([place[unit] for unit in wanted], self.left_out)

    def without_missing(self) -> Sample:
        """Return a sample of the units that have all figures; `left_out` says who left and why.

        Returns
        -------
        Sample
            Inputs, outputs and context count; `left_out` continues that of this sample.

        Raises
        ------
        SampleError
            If no unit has all figures.
        """
        gaps = np.hstack([np.isnan(self.X), np.isnan(self.Y), self.Z.isna().to_numpy(dtype=bool)])
        variables = (*self.inputs, *self.outputs, *self.context)
        leaving = np.flatnonzero(gaps.any(axis=1))
        if len(leaving) == len(self):
            raise SampleError(f"No unit has figures for all of {listed(variables)}; nothing is left to compare.")
        reasons = [
            "no figure for " + ", ".join(v for v, gap in zip(variables, gaps[i], strict=True) if gap) for i in leaving
        ]
        gone = pd.DataFrame({"unit": [self.units[i] for i in leaving], "reason": reasons}, dtype=object)
        left_out = pd.concat([self.left_out, gone], ignore_index=True)
        return self._take(np.flatnonzero(~gaps.any(axis=1)).tolist(), left_out)

    def require_complete(self) -> None:
        """Raise SampleError, naming units and variables, if a figure of an input or output is missing."""
        is_missing = np.isnan(np.hstack([self.X, self.Y]))
        if is_missing.any():
            raise SampleError(
                f"Figures are missing for {describe(is_missing, self.units, (*self.inputs, *self.outputs))}, "
                "and no unit can be compared on what is not known. "
                "Call sample.without_missing() to leave these units out; it remembers who left."
            )

    def _take(self, rows: list[int], left_out: pd.DataFrame) -> Sample:
        pick = [self.units[i] for i in rows], [self.names[i] for i in rows]
        X, Y = self.X[rows], self.Y[rows]
        for values in (X, Y):
            values.setflags(write=False)
        return Sample(
            tuple(pick[0]), tuple(pick[1]), self.inputs, self.outputs, self.context, X, Y, self.Z.iloc[rows], left_out
        )


def _index(units: Sequence[Hashable]) -> pd.Index:
    return pd.Index(units, name="unit", tupleize_cols=False)


def _names(role: str, given: str | Sequence[str]) -> tuple[str, ...]:
    names = (given,) if isinstance(given, str) else tuple(given)
    if not names and role != "context":
        raise SampleError(f"{role} is empty; a model needs at least one of the {role}.")
    return names


def _check_columns(
    table: pd.DataFrame,
    ins: tuple[str, ...],
    outs: tuple[str, ...],
    conditions: tuple[str, ...],
    unit: str | None,
    label: str | None,
) -> None:
    variables = [*ins, *outs, *conditions]
    if absent := [name for name in (*variables, unit, label) if name is not None and name not in table.columns]:
        raise SampleError(
            f"The table has no column {listed(absent)}. Its columns are {', '.join(map(str, table.columns))}."
        )
    if repeated := [name for name in dict.fromkeys(variables) if variables.count(name) > 1]:
        raise SampleError(
            f"Used more than once as input, output or context: {listed(repeated)}. Each variable has one role."
        )
    doubled = set(table.columns[table.columns.duplicated()])
    if ambiguous := [name for name in variables if name in doubled]:
        raise SampleError(
            f"The table has several columns of the name {listed(ambiguous)}; it is not clear which is meant."
        )


def _read_units(table: pd.DataFrame, unit: str | None) -> tuple[Hashable, ...]:
    column = table.index if unit is None else pd.Index(table[unit])
    where = "the index of the table" if unit is None else f"column {unit!r}"
    if not len(column):
        raise SampleError("The table has no rows, so there is nothing to compare.")
    if column.isna().any():
        raise SampleError(
            f"A unit has no identifier: {where} has a missing value in row {int(column.isna().argmax()) + 1}."
        )
    if column.has_duplicates:
        twice = column[column.duplicated()].unique()
        raise SampleError(
            f"Units must be unique, but {where} names more than once: {listed(twice)}. Select one year, or add up the rows."
        )
    units: tuple[Hashable, ...] = tuple(column.tolist())
    return units


def _read_figures(table: pd.DataFrame, columns: tuple[str, ...], units: tuple[Hashable, ...]) -> NDArray[np.float64]:
    for name in columns:
        if not pd.api.types.is_numeric_dtype(table[name]) or pd.api.types.is_complex_dtype(table[name]):
            raise SampleError(
                f"Column {name!r} holds {table[name].dtype}, not numbers (first value: {table[name].iloc[0]!r}). "
                "Convert it with pandas.to_numeric first."
            )
    values = np.column_stack([table[name].to_numpy(dtype=np.float64, na_value=np.nan) for name in columns])
    if (is_infinite := np.isinf(values)).any():
        raise SampleError(
            f"Figures are infinite for {describe(is_infinite, units, columns)}. Correct them or set them to missing."
        )
    values.setflags(write=False)
    return values
