"""Context variables as the columns of a regression: numbers as they are, categories as 0 or 1 against a reference level."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchlib.efficiency.sample import Sample, describe, listed
from benchlib.errors import SampleError

Floats = NDArray[np.float64]

INTERCEPT: Final = "intercept"
#: What is left of a column (of size 1) when it is explained by those before it; below this it adds nothing to them.
INDEPENDENT: Final = 1e-8


@dataclass(frozen=True, eq=False)
class Design:
    """Context as the matrix of a regression.

    Attributes
    ----------
    Z : ndarray, shape (n, k)
        The first column is the constant 1.
    terms : tuple of str
        Names of the columns: `intercept`, a number's own name, `variable[level]` for a level of a category.
    reference_levels : mapping
        For each category, the level that the others are compared with.
    """

    Z: Floats
    terms: tuple[str, ...]
    reference_levels: Mapping[str, str]


def chosen_context(sample: Sample, context: str | Sequence[str] | None) -> pd.DataFrame:
    """Return the named columns of the sample's context, by default all, or raise SampleError if there are none such."""
    names = sample.context if context is None else (context,) if isinstance(context, str) else tuple(context)
    if not names:
        raise SampleError("There are no context variables. Name them in Sample.from_table(..., context=[...]).")
    if unknown := [name for name in names if name not in sample.context]:
        known = listed(sample.context) if sample.context else "none"
        raise SampleError(f"Not among the context of the sample: {listed(unknown)}. Its context variables: {known}.")
    if len(set(names)) < len(names):
        raise SampleError(f"A context variable may be named once only; named here: {listed(names)}.")
    return sample.Z[list(names)]


def require_known(context: pd.DataFrame) -> None:
    """Raise SampleError, naming units and variables, if a value is missing."""
    is_missing = context.isna().to_numpy(dtype=bool)
    if is_missing.any():
        raise SampleError(
            f"Context is missing for {describe(is_missing, list(context.index), list(context.columns))}. "
            "Call sample.without_missing() to leave these units out; it remembers who left."
        )


def design_of(context: pd.DataFrame) -> Design:
    """Return context as the matrix of a regression, each column known to add something to the others.

    Parameters
    ----------
    context : DataFrame, shape (n, v)
        Numbers, booleans (reference level False) or categories (reference level: the first, in the order of the
        categories, else of the alphabet).

    Returns
    -------
    Design

    Raises
    ------
    SampleError
        If a value is missing, infinite or of another type, a column is constant or follows from others, or there are fewer
        than two units for each parameter.
    """
    require_known(context)
    columns: list[Floats] = [np.ones(len(context))]
    terms = [INTERCEPT]
    levels: dict[str, str] = {}
    for name in context.columns:
        for term, column in _encode(context[name], levels):
            terms.append(term)
            columns.append(column)
    Z = np.column_stack(columns)
    require_enough(len(Z), len(terms) + 1, "units")
    require_independent(Z, terms)
    return Design(Z, tuple(terms), MappingProxyType(levels))


def require_enough(n: int, parameters: int, what: str) -> None:
    """Raise SampleError if there are fewer than two units for each parameter of a regression."""
    if n < 2 * parameters:
        raise SampleError(
            f"There are {n} {what} for {parameters} parameters (a coefficient per term, and sigma); at least "
            f"{2 * parameters} are needed. Use fewer context variables or levels, or more units."
        )


def require_independent(Z: Floats, terms: Sequence[str], where: str = "") -> None:
    """Raise SampleError, naming terms, if a column is constant or a combination of others.

    Parameters
    ----------
    Z : ndarray, shape (n, k)
        The first column is the constant 1; n is greater than k.
    terms : sequence of str
        Names of the columns.
    where : str
        In which part of the sample, for the message: `among ...`.
    """
    place = f" {where}" if where else ""
    if constant := [term for term, column in zip(terms[1:], Z.T[1:], strict=True) if np.ptp(column) == 0.0]:
        raise SampleError(
            f"Constant{place}: {listed(constant)}. What is the same everywhere explains no difference; leave it out."
        )
    scaled = np.column_stack([Z[:, 0], (Z[:, 1:] - Z[:, 1:].mean(axis=0)) / np.ptp(Z[:, 1:], axis=0)])
    remaining = np.abs(np.diagonal(np.linalg.qr(scaled, mode="r"))) / np.linalg.norm(scaled, axis=0)
    if (is_dependent := remaining < INDEPENDENT).any():
        named = listed(term for term, flag in zip(terms, is_dependent, strict=True) if flag)
        raise SampleError(
            f"Follows from the other context variables{place}: {named}. "
            "Their effects cannot be told apart; leave one of them out."
        )


def _encode(column: pd.Series, levels: dict[str, str]) -> list[tuple[str, Floats]]:
    """Return the terms of one variable with their columns; its reference level, if it has one, is entered in `levels`."""
    name, column = str(column.name), column.infer_objects()
    if pd.api.types.is_bool_dtype(column):
        levels[name] = "False"
        return [(name, column.to_numpy(dtype=np.float64))]
    if pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_complex_dtype(column):
        figures = column.to_numpy(dtype=np.float64)
        if (is_infinite := np.isinf(figures)).any():
            raise SampleError(f"Context is infinite for {describe(is_infinite[:, None], list(column.index), [name])}.")
        return [(name, figures)]
    if isinstance(column.dtype, pd.CategoricalDtype):
        found = list(column.cat.remove_unused_categories().cat.categories)
    elif pd.api.types.is_string_dtype(column) or column.map(lambda value: isinstance(value, str)).all():
        found = sorted(set(column))
    else:
        raise SampleError(
            f"Context variable {name!r} holds {column.dtype} (first value: {column.iloc[0]!r}). "
            "It must hold numbers, booleans or categories."
        )
    if len(found) == 1:
        raise SampleError(f"Constant: {name}. What is the same everywhere explains no difference; leave it out.")
    levels[name] = str(found[0])
    return [(f"{name}[{level}]", (column == level).to_numpy(dtype=np.float64)) for level in found[1:]]
