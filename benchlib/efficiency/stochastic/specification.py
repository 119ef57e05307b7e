"""What is estimated: the options of `sfa`, checked together, and the frontier as a function of logarithms."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations_with_replacement
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchlib.efficiency.checks import require_positive
from benchlib.efficiency.sample import Sample, describe, listed
from benchlib.errors import OptionError, SampleError
from benchlib.terms import Decay, FrontierKind, FunctionalForm, InefficiencyDistribution, check_option

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Specification:
    """The options of `sfa` as it documents them; names of context columns are tuples."""

    frontier: FrontierKind
    form: FunctionalForm
    distribution: InefficiencyDistribution
    prices: tuple[str, ...]
    mean: tuple[str, ...]
    mean_intercept: bool
    variance: tuple[str, ...]
    noise: tuple[str, ...]
    decay: Decay

    @classmethod
    def of(
        cls, *, prices: Any, mean: Any, variance: Any, noise: Any, mean_intercept: Any, **words: Any
    ) -> Specification:
        """Return the options, or raise OptionError if one is not allowed or two do not fit together."""
        for argument, allowed in (
            ("frontier", FrontierKind),
            ("form", FunctionalForm),
            ("distribution", InefficiencyDistribution),
            ("decay", Decay),
        ):
            check_option(argument, words[argument], allowed)
        if not isinstance(mean_intercept, bool):
            raise OptionError(f"mean_intercept={mean_intercept!r} is not True or False.")
        specification = cls(
            prices=_columns("prices", prices),
            mean=_columns("mean", mean),
            mean_intercept=mean_intercept,
            variance=_columns("variance", variance),
            noise=_columns("noise", noise),
            **words,
        )
        specification._check()
        return specification

    def _check(self) -> None:
        if self.prices and self.frontier == "production":
            raise OptionError("prices belong to a cost frontier; a production frontier has none. Use frontier='cost'.")
        if self.mean and self.distribution != "truncated-normal":
            raise OptionError(
                f"mean=... is the mean of the normal before truncation, and distribution={self.distribution!r} has none. "
                "Use distribution='truncated-normal', or variance=... instead."
            )
        if not self.mean_intercept and not self.mean:
            raise OptionError("mean_intercept=False leaves nothing without mean=(...); use distribution='half-normal'.")

    @property
    def persists(self) -> bool:
        """Whether a unit has one inefficiency for all periods, if there are several."""
        return self.decay != "independent"


@dataclass(frozen=True, eq=False)
class FrontierFunction:
    """A frontier in logarithms, Cobb-Douglas or translog.

    Attributes
    ----------
    explained : str
        The output (production) or the input (cost).
    regressors : tuple of str
        The inputs, or the outputs and prices.
    prices : tuple of str
        Those of the regressors that are context columns.
    form : {"cobb-douglas", "translog"}
    centre : ndarray, shape (len(regressors),)
        What is subtracted from the logs of the regressors: their means if translog, else 0.
    """

    explained: str
    regressors: tuple[str, ...]
    prices: tuple[str, ...]
    form: FunctionalForm
    centre: Floats

    @property
    def terms(self) -> tuple[str, ...]:
        """Names of the columns of `design`."""
        logs = [f"ln({name})" for name in self.regressors]
        squares = [f"{a}^2 / 2" if a == b else f"{a} {b}" for a, b in combinations_with_replacement(logs, 2)]
        return ("const", *logs, *(squares if self.form == "translog" else ()))

    def design(self, logs: Floats) -> Floats:
        """Return the regressors, shape (n, len(terms)), from logs that are not centred, shape (n, len(regressors))."""
        z = logs - self.centre
        columns = [np.ones((len(z), 1)), z]
        if self.form == "translog":
            pairs = combinations_with_replacement(range(z.shape[1]), 2)
            columns += [(z[:, [i]] * z[:, [j]]) * (0.5 if i == j else 1.0) for i, j in pairs]
        return np.hstack(columns)

    def logs(self, sample: Sample) -> Floats:
        """Return the logs of the regressors of a sample, shape (n, len(regressors)).

        Raises
        ------
        SampleError
            If a variable is absent, missing, not a number or not positive.
        """
        context = numbers(sample, self.prices, "prices")
        known = dict(zip(sample.inputs, sample.X.T, strict=True)) | dict(zip(sample.outputs, sample.Y.T, strict=True))
        known |= dict(zip(self.prices, context.T, strict=True))
        if absent := [name for name in self.regressors if name not in known]:
            raise SampleError(f"The frontier depends on {listed(absent)}, which the sample does not have: {sample!r}.")
        figures = np.column_stack([known[name] for name in self.regressors])
        if (is_wrong := ~(figures > 0.0)).any():
            raise SampleError(
                f"The frontier has logarithms of figures that are missing or not positive: "
                f"{describe(is_wrong, sample.units, self.regressors)}. Leave these units out with sample.subset(...)."
            )
        logs: Floats = np.log(figures)
        return logs


def frontier_of(samples: list[Sample], specification: Specification) -> FrontierFunction:
    """Return the frontier of samples with the same variables, each complete and positive."""
    first = samples[0]
    is_cost = specification.frontier == "cost"
    explained, others = (first.inputs, first.outputs) if is_cost else (first.outputs, first.inputs)
    if len(explained) > 1:
        role, advice = ("input", "their total cost") if is_cost else ("output", "one of them or an index")
        raise SampleError(
            f"A {specification.frontier} frontier explains one {role}; the sample has {len(explained)}: {listed(explained)}. "
            f"Make a sample with {advice} as the only {role}, or use dea, which takes several."
        )
    regressors = (*others, *specification.prices)
    raw = FrontierFunction(explained[0], regressors, specification.prices, "cobb-douglas", np.zeros(len(regressors)))
    if specification.form == "cobb-douglas":
        return raw
    centre = np.vstack([raw.logs(sample) for sample in samples]).mean(axis=0)
    return FrontierFunction(explained[0], regressors, specification.prices, "translog", centre)


def require_logs(sample: Sample, prices: tuple[str, ...]) -> None:
    """Raise SampleError, naming units and variables, unless logarithms of all variables and prices exist."""
    sample.require_complete()
    numbers(sample, prices, "prices")
    require_positive(sample, "sfa takes logarithms, so it", context=prices)


def numbers(sample: Sample, columns: tuple[str, ...], argument: str) -> Floats:
    """Return context columns as numbers, shape (n, len(columns)).

    Raises
    ------
    SampleError
        If a column is absent, not numeric, missing or infinite somewhere.
    """
    if absent := [name for name in columns if name not in sample.context]:
        has = (
            f"it has {listed(sample.context)}"
            if sample.context
            else "it has none; see Sample.from_table(..., context=...)"
        )
        raise SampleError(f"{argument} names {listed(absent)}, which is no context column of the sample: {has}.")
    found = np.empty((len(sample), len(columns)))
    for place, name in enumerate(columns):
        column = sample.Z[name]
        if not pd.api.types.is_numeric_dtype(column) or pd.api.types.is_complex_dtype(column):
            raise SampleError(
                f"{argument} needs numbers, but context column {name!r} holds {column.dtype}. "
                "Make categories into columns of 0 and 1 first, with pandas.get_dummies."
            )
        found[:, place] = column.to_numpy(dtype=np.float64, na_value=np.nan)
        if not (is_known := np.isfinite(found[:, place])).all():
            units = [unit for unit, known in zip(sample.units, is_known, strict=True) if not known]
            raise SampleError(
                f"Context column {name!r} is missing or infinite for {listed(units)}. "
                "Call sample.without_missing() to leave these units out; it remembers who left."
            )
    return found


def _columns(argument: str, given: Any) -> tuple[str, ...]:
    if isinstance(given, str):
        return (given,)
    names = tuple(given) if isinstance(given, list | tuple) else None
    if names is None or not all(isinstance(name, str) for name in names):
        raise OptionError(f"{argument}={given!r} is not a name of a context column or a list of names.")
    if len(set(names)) < len(names):
        raise OptionError(f"{argument}={given!r} names a column twice.")
    return names
