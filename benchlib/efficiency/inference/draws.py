"""What bootstraps of the frontier draw from, and the draws: distances of the units, smoothed and reflected at the frontier."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from benchlib.efficiency.checks import check_level, check_replications, check_seed, comparable
from benchlib.efficiency.inference.bandwidth import choose_bandwidth, read_bandwidth
from benchlib.efficiency.kernels.status import TOLERANCE
from benchlib.efficiency.nonparametric.envelopment import envelop
from benchlib.efficiency.nonparametric.results import FrontierResult
from benchlib.efficiency.sample import Sample, listed
from benchlib.errors import OptionError, SampleError
from benchlib.terms import BandwidthRule, FrontierUnits, Orientation, ReturnsToScale, check_option

Floats = NDArray[np.float64]


def score_all(sample: Sample, orientation: Orientation, rts: ReturnsToScale) -> tuple[FrontierResult, Floats]:
    """Score a sample of which every unit needs a score.

    Returns
    -------
    result : FrontierResult
        As `dea`.
    distance : ndarray, shape (n,)
        One over the efficiency, at least 1.

    Raises
    ------
    OptionError, SolverError
        As `dea`.
    SampleError
        If a figure is missing or negative, or a unit has no score.
    """
    comparable(sample)
    result = envelop(sample, orientation, rts)
    if result.info["n_unsolved"]:
        lost = result.scores.loc[np.isnan(result.efficiency), "unit"]
        raise SampleError(
            f"Units without a score cannot be bootstrapped: {listed(lost)}. Leave them out with sample.subset(...)."
        )
    return result, 1.0 / result.efficiency


@dataclass(frozen=True, eq=False)
class Drawing:
    """How bootstrap samples come about: the options of `bootstrap` that say so, checked before anything is computed.

    Attributes
    ----------
    frontier_units, bandwidth, replications, level
        As in `bootstrap`.
    generator : numpy.random.Generator or None
        Source of chance; None if draws are given.
    draws : array_like or None
        As in `bootstrap`.
    """

    frontier_units: FrontierUnits
    bandwidth: BandwidthRule | float
    replications: int
    level: float
    generator: np.random.Generator | None
    draws: ArrayLike | None

    def stretch(self, distance: Floats, orientation: Orientation) -> tuple[Floats, dict[str, Any]]:
        """Draw, or read what was drawn.

        Parameters
        ----------
        distance : ndarray, shape (n,)
            Estimated distances, at least 1.
        orientation : {"input", "output"}
            In which direction units move.

        Returns
        -------
        stretch : ndarray, shape (B, n)
            Factors on the inputs (output orientation: on the outputs) that move each unit along its ray from its
            estimated distance to the drawn one.
        info : dict
            What the result is to say about it.
        """
        info: dict[str, Any] = {"frontier_units": None, "level": self.level, "bandwidth": float("nan")}
        if self.generator is None:
            drawn = read_draws(np.asarray(self.draws, dtype=np.float64), len(distance), orientation, self.level)
        else:
            info["frontier_units"] = self.frontier_units
            info["bandwidth"] = choose_bandwidth(distance, self.bandwidth, self.frontier_units)
            drawn = draw_distances(distance, info["bandwidth"], self.replications, self.generator, self.frontier_units)
        info["replications"] = len(drawn)
        return (distance / drawn if orientation == "output" else drawn / distance), info


def read_drawing(
    frontier_units: FrontierUnits,
    bandwidth: BandwidthRule | float,
    replications: int,
    level: float,
    seed: int | np.random.Generator | None,
    draws: ArrayLike | None,
) -> Drawing:
    """Return the options as they are to be used, or raise OptionError; where draws are given, most have no effect."""
    level = check_level(level)
    if draws is not None:
        return Drawing(frontier_units, bandwidth, replications, level, None, draws)
    check_option("frontier_units", frontier_units, FrontierUnits)
    bandwidth = read_bandwidth(bandwidth)
    replications = check_replications(replications, level)
    return Drawing(frontier_units, bandwidth, replications, level, check_seed(seed), None)


def draw_distances(
    distance: Floats,
    bandwidth: float,
    replications: int,
    generator: np.random.Generator,
    frontier_units: FrontierUnits = "drop",
) -> Floats:
    """Draw from the smoothed, reflected distribution of the distances.

    Parameters
    ----------
    distance : ndarray, shape (n,)
        Estimated distances, at least 1.
    bandwidth : float
        Standard deviation of the noise.
    replications : int
        Number of bootstrap samples B.
    generator : numpy.random.Generator
        Source of chance.
    frontier_units : {"drop", "keep"}
        Whether distances of 1 are drawn as well. If there are no others, they are.

    Returns
    -------
    ndarray, shape (B, n)
        Distances, at least 1.
    """
    excess = distance - 1.0
    inside = excess > TOLERANCE
    if frontier_units == "drop" and inside.any():
        excess = excess[inside]
    picked = excess[generator.integers(len(excess), size=(replications, len(distance)))]
    noisy = np.abs(picked + bandwidth * generator.standard_normal(picked.shape))
    # Mean square about 1, the mean of the reflected distances; without the shrinking the noise would add to it.
    spread = np.mean(excess**2)
    drawn: Floats = 1.0 + noisy * np.sqrt(spread / (spread + bandwidth**2) if spread > 0.0 else 1.0)
    return drawn


def read_draws(factors: Floats, n: int, orientation: Orientation, level: float) -> Floats:
    """Return drawn Farrell factors as distances, or raise OptionError if they cannot be such.

    Parameters
    ----------
    factors : ndarray, shape (B, n)
        Farrell factors.
    n : int
        Number of units.
    orientation : {"input", "output"}
        Whether the factors are at most 1 or at least 1.
    level : float
        Asks for a least number of replications B.

    Returns
    -------
    ndarray, shape (B, n)
    """
    if factors.ndim != 2 or factors.shape[1] != n:
        raise OptionError(f"draws has the shape {factors.shape}; needed is (replications, {n}): a column per unit.")
    check_replications(len(factors), level)
    is_output = orientation == "output"
    with np.errstate(divide="ignore"):
        distances = factors if is_output else 1.0 / factors
    if not np.all((distances >= 1.0 - TOLERANCE) & (distances < np.inf)):
        allowed = "from 1 on" if is_output else "above 0 and up to 1"
        raise OptionError(f"draws must be Farrell factors {allowed} in {orientation} orientation.")
    return distances
