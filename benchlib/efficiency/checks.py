"""Preconditions that many methods share, each checked in one place with one message."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, TypeGuard

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchlib.efficiency.sample import Sample, describe, listed
from benchlib.errors import FewUnitsWarning, OptionError, SampleError, UnsolvedUnitsWarning, warn


def comparable(sample: Sample, reference: Sample | None = None, *, may_be_negative: Collection[str] = ()) -> Sample:
    """Return the reference with its variables in the order of the sample, both known to be complete and not negative.

    Parameters
    ----------
    sample : Sample
        The evaluated units.
    reference : Sample, optional
        The units that span the technology; by default the sample itself.
    may_be_negative : collection of str
        Variables in which the method allows negative figures.

    Returns
    -------
    Sample

    Raises
    ------
    SampleError
        If a figure is missing or negative, or if the reference has other inputs or outputs.
    """
    sample.require_complete()
    _refuse_negative(sample, may_be_negative)
    if reference is None or reference is sample:
        return sample
    if not isinstance(reference, Sample):
        raise SampleError(f"reference must be a Sample, not {type(reference).__name__}; see Sample.from_table.")
    if (set(reference.inputs), set(reference.outputs)) != (set(sample.inputs), set(sample.outputs)):
        raise SampleError(
            f"The reference has other variables than the sample: {reference!r} against {sample!r}. "
            "Units can only be compared on the same inputs and outputs."
        )
    if (reference.inputs, reference.outputs) != (sample.inputs, sample.outputs):
        reference = Sample.from_table(
            reference.to_frame(), sample.inputs, sample.outputs, "unit", reference.context, label="name"
        )
    reference.require_complete()
    _refuse_negative(reference, may_be_negative)
    return reference


def own_places(sample: Sample, reference: Sample) -> NDArray[np.int64]:
    """Return where each unit of the sample stands in the reference, shape (n,); -1 if it does not."""
    place = {unit: k for k, unit in enumerate(reference.units)}
    return np.array([place.get(unit, -1) for unit in sample.units], dtype=np.int64)


def enough_units(reference: Sample) -> int:
    """Return from how many units on scores tell units apart: max(m * s, 3 * (m + s)), for m inputs and s outputs."""
    m, s = len(reference.inputs), len(reference.outputs)
    return max(m * s, 3 * (m + s))


def warn_if_few(reference: Sample) -> None:
    """Warn if there are fewer units than `enough_units`."""
    m, s, n = len(reference.inputs), len(reference.outputs), len(reference)
    enough = enough_units(reference)
    if n < enough:
        warn(
            f"{n} units are few for {m} input{'s' * (m > 1)} and {s} output{'s' * (s > 1)}; from {enough} on, scores tell units "
            "apart. Efficiency is overstated: use fewer variables or more units. To accept it: "
            "warnings.simplefilter('ignore', benchlib.errors.FewUnitsWarning).",
            FewUnitsWarning,
        )


def warn_if_unsolved(scores: pd.DataFrame, column: str = "efficiency") -> None:
    """Warn about the rows (unit, reason, ...) of a scores table that have no number in `column`."""
    is_lost = scores[column].isna()
    if is_lost.any():
        lost = scores[is_lost]
        named = listed(f"{unit} ({reason})" for unit, reason in zip(lost["unit"], lost["reason"], strict=True))
        warn(
            f"Without a score: {named}. Their {column} is NaN; leave them out with sample.subset(...) or mend their figures.",
            UnsolvedUnitsWarning,
        )


def _refuse_negative(sample: Sample, allowed: Collection[str]) -> None:
    variables = (*sample.inputs, *sample.outputs)
    is_allowed = np.array([name in allowed for name in variables])
    is_negative = (np.hstack([sample.X, sample.Y]) < 0.0) & ~is_allowed
    if is_negative.any():
        raise SampleError(
            f"Figures are negative for {describe(is_negative, sample.units, variables)}. "
            "The score would depend on where the scale has its zero; use the amount, not the balance."
        )


def require_positive(sample: Sample, method: str, *, context: tuple[str, ...] = ()) -> None:
    """Raise SampleError, naming units and variables, unless all inputs, outputs and the named context are positive."""
    columns = [*sample.inputs, *sample.outputs, *context]
    figures = np.hstack([sample.X, sample.Y, sample.Z[list(context)].to_numpy(dtype=np.float64)])
    is_wrong = ~(figures > 0.0)
    if is_wrong.any():
        raise SampleError(
            f"{method} needs positive figures; not so for {describe(is_wrong, sample.units, columns)}. "
            "Leave these units out with sample.subset(...)."
        )


def check_level(level: Any) -> float:
    """Return the level as a number, or raise OptionError unless it lies between 0 and 1."""
    if not is_real(level) or not 0.0 < level < 1.0:
        raise OptionError(f"level={level!r} is not a probability between 0 and 1, such as 0.95.")
    return float(level)


def check_count(argument: str, value: Any, *, least: int = 1) -> int:
    """Return a whole number of at least `least`, or raise OptionError that names the argument."""
    if not is_whole(value) or value < least:
        raise OptionError(f"{argument}={value!r} is not a whole number from {least} on.")
    return int(value)


def check_replications(replications: Any, level: float) -> int:
    """Return the number of replications, or raise OptionError if it is not a number or too few for the level."""
    if not is_whole(replications):
        raise OptionError(f"replications={replications!r} is not a whole number.")
    if replications < (fewest := int(np.ceil(2.0 / (1.0 - level) - 1e-9))):
        raise OptionError(
            f"{replications} replications are too few for level={level:g}: at least {fewest}; 2000 are customary."
        )
    return int(replications)


def check_seed(seed: Any) -> np.random.Generator:
    """Return a generator from a seed (int or Generator), or raise OptionError if it is missing or something else."""
    if seed is None:
        raise OptionError(
            "seed is missing. Give an int or a numpy Generator, so that the same call gives the same result."
        )
    if not isinstance(seed, np.random.Generator) and not (is_whole(seed) and seed >= 0):
        raise OptionError(f"seed={seed!r} is neither an int from 0 on nor a numpy.random.Generator.")
    return np.random.default_rng(seed)


def is_whole(value: Any) -> TypeGuard[int | np.integer[Any]]:
    """Return whether a value is a whole number, and no bool."""
    return isinstance(value, int | np.integer) and not isinstance(value, bool)


def is_real(value: Any) -> TypeGuard[float | np.floating[Any] | int | np.integer[Any]]:
    """Return whether a value is a number, and no bool."""
    return isinstance(value, float | np.floating) or is_whole(value)
