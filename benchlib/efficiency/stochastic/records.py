"""From samples to what the likelihood needs: rows stacked, units of a panel together, designs checked for full rank."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from benchlib.efficiency.checks import is_real
from benchlib.efficiency.sample import Sample, listed
from benchlib.efficiency.stochastic.likelihood import Observations
from benchlib.efficiency.stochastic.specification import (
    FrontierFunction,
    Specification,
    frontier_of,
    numbers,
    require_logs,
)
from benchlib.errors import OptionError, SampleError

Floats = NDArray[np.float64]
#: Least share of a column that must not be a combination of the columns before it.
OWN_SHARE: Final = 1e-9


@dataclass(frozen=True, eq=False)
class Records:
    """The rows of one sample, or of samples of several periods one after the other.

    Attributes
    ----------
    samples : list of Sample
        Complete and positive, with the same variables.
    periods : tuple, optional
        Their periods; None for one sample without.
    order : ndarray, shape (n,)
        Rows in the order of the observations, where those of a unit stand together.
    observations : Observations
    frontier : FrontierFunction
    terms : tuple of str
        Names of all parameters.
    residual : ndarray, shape (n,)
        Residuals of least squares, in the order of the observations.
    """

    samples: list[Sample]
    periods: tuple[Hashable, ...] | None
    order: NDArray[np.int64]
    observations: Observations
    frontier: FrontierFunction
    terms: tuple[str, ...]
    residual: Floats


def read(given: Sample | Mapping[Any, Sample], specification: Specification) -> Records:
    """Return the records of a sample or of samples by period, or raise SampleError if they cannot be used."""
    periods, samples = _samples(given)
    for place, sample in enumerate(samples):
        with _about(periods, place):
            require_logs(sample, specification.prices)
    frontier = frontier_of(samples, specification)
    order, first, elapsed = _arrange(samples, periods, specification)
    terms = _terms(frontier, specification, elapsed is not None)
    if len(order) <= len(terms):
        raise SampleError(
            f"{len(order)} observations cannot determine {len(terms)} parameters. Use fewer variables or more units."
        )
    X = np.vstack([frontier.design(frontier.logs(sample)) for sample in samples])
    _require_rank(frontier.terms, X, "the frontier")
    designs = _designs(samples, periods, specification)
    # Only persistent inefficiency has fewer rows than there are observations, and it has no covariates but constants.
    rows = order if first is None else order[first]
    y = np.log(np.concatenate([_explained(sample, frontier) for sample in samples]))
    observations = Observations(
        specification.distribution,
        -1.0 if specification.frontier == "cost" else 1.0,
        y[order],
        X[order],
        designs["noise"][order],
        designs["mean"][rows],
        designs["variance"][rows],
        first,
        elapsed,
    )
    residual = observations.y - observations.X @ np.linalg.lstsq(observations.X, observations.y, rcond=None)[0]
    _require_residuals(observations.y, residual, frontier)
    return Records(samples, periods, order, observations, frontier, terms, residual)


def _samples(given: Any) -> tuple[tuple[Hashable, ...] | None, list[Sample]]:
    """Return periods, if there are any, and their samples with the variables of all in the same order."""
    if isinstance(given, Sample):
        return None, [given]
    if not isinstance(given, Mapping) or not all(isinstance(sample, Sample) for sample in given.values()):
        raise SampleError(
            f"sfa takes a Sample, or a mapping of periods to samples such as {{2023: sample, 2024: sample}}, "
            f"not {type(given).__name__}."
        )
    if not given:
        raise SampleError("The mapping of periods to samples is empty, so there is nothing to compare.")
    (label, first), *others = given.items()
    for period, sample in others:
        if (set(sample.inputs), set(sample.outputs)) != (set(first.inputs), set(first.outputs)):
            raise SampleError(
                f"Period {period} has other variables than {label}: {sample!r} against {first!r}. "
                "One frontier needs the same inputs and outputs in all periods."
            )
    return tuple(given), list(given.values())


@contextmanager
def _about(periods: tuple[Hashable, ...] | None, place: int) -> Iterator[None]:
    """Let a SampleError from within say which period it is about."""
    try:
        yield
    except SampleError as error:
        raise (error if periods is None else SampleError(f"Period {periods[place]}: {error}")) from None


def _arrange(
    samples: list[Sample], periods: tuple[Hashable, ...] | None, specification: Specification
) -> tuple[NDArray[np.int64], NDArray[np.int64] | None, Floats | None]:
    """Return rows with those of a unit together, where each unit begins, and the time of each row before the last period."""
    everything = np.arange(sum(map(len, samples)))
    if periods is None or not specification.persists:
        if specification.decay == "time":
            raise OptionError(
                "decay='time' needs several periods: give a mapping such as {2023: sample, 2024: sample}."
            )
        return everything, None, None
    if specification.mean or specification.variance:
        raise OptionError(
            "mean=... and variance=... describe inefficiency in each period, but here each unit has one for all periods. "
            "Add decay='independent', as in Battese and Coelli (1995)."
        )
    code: dict[Hashable, int] = {}
    codes = np.array([code.setdefault(unit, len(code)) for sample in samples for unit in sample.units])
    if len(code) == len(codes):
        raise SampleError(
            "No unit is in two periods, so nothing tells lasting inefficiency from noise. "
            "Units are matched by their identifiers; write them alike, or use decay='independent'."
        )
    if len(code) < 2:
        raise SampleError(
            f"All periods together have one unit, {next(iter(code))}; there is nothing to compare it with."
        )
    times = np.repeat(_times(periods), [len(sample) for sample in samples])
    order = np.lexsort((times, codes))
    first = np.flatnonzero(np.diff(codes[order], prepend=-1))
    return order, first, times[order] - times.max() if specification.decay == "time" else None


def _times(periods: Sequence[Hashable]) -> Floats:
    """Return periods as points in time: numbers as they are, others by their place."""
    is_number = all(is_real(period) and np.isfinite(float(period)) for period in periods)
    return np.array([float(str(period)) if is_number else place for place, period in enumerate(periods)])


def _explained(sample: Sample, frontier: FrontierFunction) -> Floats:
    table = sample.X if frontier.explained in sample.inputs else sample.Y
    return table[:, 0]


def _designs(
    samples: list[Sample], periods: tuple[Hashable, ...] | None, specification: Specification
) -> dict[str, Floats]:
    """Return the regressors of mean, variance and noise, each of full rank, row by row of the samples."""
    is_truncated = specification.distribution == "truncated-normal"
    constants = {"mean": is_truncated and specification.mean_intercept, "variance": True, "noise": True}
    designs = {}
    for argument, has_constant in constants.items():
        columns = getattr(specification, argument)
        design = _context(samples, periods, columns, argument)[:, int(not has_constant) :]
        _require_rank((*(("const",) if has_constant else ()), *columns), design, f"{argument}=...")
        designs[argument] = design
    return designs


def _context(
    samples: list[Sample], periods: tuple[Hashable, ...] | None, columns: tuple[str, ...], argument: str
) -> Floats:
    """Return a constant and the context columns of all samples, shape (n, 1 + len(columns))."""
    found = []
    for place, sample in enumerate(samples):
        with _about(periods, place):
            found.append(np.hstack([np.ones((len(sample), 1)), numbers(sample, columns, argument)]))
    return np.vstack(found)


def _terms(frontier: FrontierFunction, specification: Specification, decays: bool) -> tuple[str, ...]:
    """Return the names of all parameters, in the order of the likelihood's parts."""
    is_truncated = specification.distribution == "truncated-normal"
    mean = (*(("const",) if is_truncated and specification.mean_intercept else ()), *specification.mean)
    return (
        *frontier.terms,
        *(f"mean: {name}" for name in mean),
        *(f"ln sigma_u^2: {name}" for name in ("const", *specification.variance)),
        *(f"ln sigma_v^2: {name}" for name in ("const", *specification.noise)),
        *(("eta",) if decays else ()),
    )


def _require_rank(names: Sequence[str], design: Floats, where: str) -> None:
    """Raise SampleError if a column is constant or a combination of those before it."""
    if not design.shape[1]:
        return
    has_constant = bool(np.all(design[:, 0] == 1.0))
    deviations = design - design.mean(axis=0) if has_constant else design.copy()
    sizes = np.abs(deviations).max(axis=0)
    is_constant = sizes <= OWN_SHARE * np.abs(design).max(axis=0)
    is_constant[0] &= not has_constant
    if is_constant.any():
        named = listed(name for name, constant in zip(names, is_constant, strict=True) if constant)
        raise SampleError(
            f"{named} in {where} is the same for all units, so its effect cannot be told from the constant. Leave it out."
        )
    columns = (deviations / np.where(sizes > 0.0, sizes, 1.0))[:, int(has_constant) :]
    own = np.abs(np.diag(np.linalg.qr(columns, mode="r"))) / np.linalg.norm(columns, axis=0)[: len(columns)]
    lost = [name for name, share in zip(names[int(has_constant) :], own, strict=False) if share <= OWN_SHARE]
    if lost or len(columns) < columns.shape[1]:
        raise SampleError(
            f"{listed(lost or names)} in {where} is a combination of the other variables, so their effects cannot be told "
            "apart. Leave one of them out."
        )


def _require_residuals(y: Floats, residual: Floats, frontier: FrontierFunction) -> None:
    """Raise SampleError if the frontier fits exactly."""
    spread = np.abs(y - y.mean()).max()
    if np.abs(residual).max() <= OWN_SHARE * max(spread, 1e-6):
        raise SampleError(
            f"ln({frontier.explained}) is an exact function of the other variables: there is neither noise nor inefficiency. "
            "Look for a variable that was computed from the others."
        )
