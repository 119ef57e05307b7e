"""What units could gain by merging, before anyone merges: `merger_gains`."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchlib import __version__
from benchlib.efficiency.checks import comparable, warn_if_few
from benchlib.efficiency.kernels.status import TOLERANCE
from benchlib.efficiency.measures.radial import radial
from benchlib.efficiency.results import TabularResult
from benchlib.efficiency.sample import Sample, listed
from benchlib.errors import OptionError, SampleError, UnsolvedUnitsWarning, warn
from benchlib.terms import Orientation, ReturnsToScale, check_option

Floats = NDArray[np.float64]

#: The constituents of each merged unit: new unit -> units, or a Series unit -> new unit.
Mergers = Mapping[Any, Sequence[Any]] | pd.Series

#: Why a merged unit has no gain, or a loss, in the words of mergers.
REASONS: Final = {
    "infeasible": "the merged unit is larger than all that combinations of units of the sample can do",
    "outside": "a loss: at this size the technology of the sample does worse than the merged unit",
}


@dataclass(frozen=True, eq=False, repr=False)
class MergerResult(TabularResult):
    """Potential gains of each merger and where they come from. All measures are Farrell factors.

    Attributes
    ----------
    scores : DataFrame
        A row per merged unit: unit, name, constituents (how many), potential (E), corrected (E*, when the constituents are
        efficient already), learning (E / E*), harmony (H), size (E* / H), status, reason. In input orientation a factor below 1 is a
        gain (inputs shrink), in output orientation one above 1 (outputs grow). NaN where there is none.
    gains : DataFrame
        A row per merged unit and variable, in the variable's own unit: unit, variable, merged (sum of the constituents), target,
        change (target minus merged), of which learning, harmony, size.
    info : mapping
        As in `FrontierResult`, and n_mergers.
    """

    gains: pd.DataFrame

    @property
    def title(self) -> str:
        """The model, the number of mergers and their mean potential."""
        count = len(self.scores)
        return (
            f"Merger gains by DEA, {self.info['orientation']} orientation, {self.info['rts']}; {count} "
            f"merger{'s' * (count != 1)} among {self.info['n_units']} units, mean potential {self.scores['potential'].mean():.4f}"
        )


def merger_gains(
    sample: Sample,
    mergers: Mergers,
    *,
    orientation: Orientation = "input",
    rts: ReturnsToScale = "vrs",
) -> MergerResult:
    """Estimate what units could gain if they merged, against the technology before the merger [1]_.

    The merged unit has the sum of its constituents' inputs and outputs. Its Farrell factor E is the overall potential. Some of it
    needs no merger: E* is the potential that is left when each constituent has become efficient by itself, and E / E* is the gain
    from *learning*. The average of the efficient constituents shows the gain from *harmony* H (a better mix of inputs and outputs,
    at the present size); what is left of E* comes from *size*:

        E = learning * E*,   E* = harmony * size

    Parameters
    ----------
    sample : Sample
        The n units before the merger. All inputs and outputs must be amounts that can be summed (euro, pupils, kilometres), no
        rates, shares or averages.
    mergers : mapping or Series
        New unit -> list of its units in the sample, or a Series unit -> new unit (missing: the unit stays out). A unit may take
        part in several mergers, which are alternatives then. One unit alone is a merger, too: all its potential is learning.
    orientation, rts
        As in `dea`.

    Returns
    -------
    MergerResult
        `scores` has the factors, `gains` the amounts.

    Raises
    ------
    OptionError
        If orientation or rts is not one of the words, or `mergers` is neither a mapping of lists nor a Series.
    SampleError
        If a figure is missing, or if a merger names a unit that is not in the sample, or names one twice, or names none.

    Warns
    -----
    FewUnitsWarning
        If there are fewer units than max(m * s, 3 * (m + s)), for m inputs and s outputs.
    UnsolvedUnitsWarning
        If mergers have no potential; `scores` says why.

    Notes
    -----
    Under `crs` and `ndrs` every merger is possible in either orientation. Under `vrs` and `nirs` a merged unit may be larger than
    anything the sample can show: in input orientation there is no factor then (status `infeasible`). Or it does better than the
    technology does at its size: the factor then says that merging costs (status `outside`).

    Gains in `gains` are proportional: the factor times the merged amounts of all inputs (or all outputs). They are attributed one after
    another: learning (L - 1), then harmony L (H - 1), then size L H (S - 1), each times the merged amount, so that they add up to the
    change.

    References
    ----------
    .. [1] P. Bogetoft and D. Wang (2005). Estimating the potential gains from mergers. Journal of Productivity Analysis 23(2),
       145-171. https://doi.org/10.1007/s11123-005-1326-7

    Examples
    --------
    A spends 2 and B spends 3 for the same result; C shows that a result twice as large needs only 3:

    >>> import pandas as pd, warnings
    >>> from benchlib.errors import FewUnitsWarning
    >>> warnings.simplefilter("ignore", FewUnitsWarning)
    >>> table = pd.DataFrame({"cost": [2.0, 3.0, 3.0], "result": [1.0, 1.0, 2.0]}, index=["A", "B", "C"])
    >>> result = merger_gains(Sample.from_table(table, "cost", "result"), {"AB": ["A", "B"]})
    >>> result.scores[["unit", "potential", "corrected", "learning", "harmony", "size"]]
      unit  potential  corrected  learning  harmony  size
    0   AB        0.6       0.75       0.8      1.0  0.75
    >>> result.gains[["variable", "merged", "target", "change", "learning", "size"]].round(2)
      variable  merged  target  change  learning  size
    0     cost     5.0     3.0    -2.0      -1.0  -1.0
    1   result     2.0     2.0     0.0       0.0   0.0
    """
    check_option("orientation", orientation, Orientation)
    check_option("rts", rts, ReturnsToScale)
    comparable(sample)
    parts = read_mergers(sample, mergers)
    warn_if_few(sample)
    belongs = np.zeros((len(parts), len(sample)))
    for row, places in zip(belongs, parts.values(), strict=True):
        row[places] = 1.0
    scores = _score(sample, list(parts), belongs, orientation, rts)
    _warn_if_without(scores, rts)
    info = {
        "method": "Merger gains by DEA",
        "orientation": orientation,
        "rts": rts,
        "n_units": len(sample),
        "n_mergers": len(parts),
        "inputs": sample.inputs,
        "outputs": sample.outputs,
        "n_unsolved": int(scores["potential"].isna().sum()),
        "version": __version__,
    }
    gains = _amounts(scores, merge(sample, list(parts), belongs), orientation)
    return MergerResult(scores, MappingProxyType(info), gains)


def read_mergers(sample: Sample, mergers: Mergers) -> dict[Hashable, list[int]]:
    """Return for each merged unit where its constituents stand in the sample, or raise an error that names what is wrong."""
    if isinstance(mergers, pd.Series):
        # A Series may cover more units than take part; its missing values say so.
        taking_part = mergers.dropna()
        given: dict[Hashable, list[Hashable]] = {new: [] for new in taking_part.unique().tolist()}
        for unit, new in zip(taking_part.index.tolist(), taking_part.tolist(), strict=True):
            given[new].append(unit)
    elif isinstance(mergers, Mapping) and not any(isinstance(units, str) for units in mergers.values()):
        given = {new: list(units) for new, units in mergers.items()}
    else:
        raise OptionError(
            "mergers must be a mapping from each new unit to a list of units, or a Series unit -> new unit."
        )
    if not given:
        raise SampleError("mergers is empty; name at least one merged unit and its constituents.")
    place = {unit: i for i, unit in enumerate(sample.units)}
    for new, units in given.items():
        if not units:
            raise SampleError(f"The merger {new} has no constituents.")
        if unknown := [unit for unit in units if unit not in place]:
            raise SampleError(
                f"Not in the sample: {listed(unknown)} (merger {new}). Without a constituent the sum would be too small. "
                f"The units of the sample are {listed(sample.units)}."
            )
        if len(set(units)) < len(units):
            raise SampleError(f"The merger {new} names a unit more than once.")
    return {new: [place[unit] for unit in units] for new, units in given.items()}


def merge(sample: Sample, new: list[Hashable], weights: Floats) -> Sample:
    """Return a sample of units that are weighted sums of others.

    Parameters
    ----------
    sample : Sample
        n units.
    new : list
        Identifiers of the k sums.
    weights : ndarray, shape (k, n)
        How much of each unit goes into each sum.

    Returns
    -------
    Sample
        Without context, which cannot be summed.
    """
    X, Y = weights @ sample.X, weights @ sample.Y
    for values in (X, Y):
        values.setflags(write=False)
    Z = pd.DataFrame(index=pd.Index(new, name="unit", tupleize_cols=False))
    names = tuple(str(unit) for unit in new)
    return replace(sample, units=tuple(new), names=names, context=(), X=X, Y=Y, Z=Z)


def _score(
    sample: Sample, new: list[Hashable], belongs: Floats, orientation: Orientation, rts: ReturnsToScale
) -> pd.DataFrame:
    """Return the scores of all mergers."""
    own = radial(sample, orientation, rts, sample).farrell
    efficient = _on_frontier(sample, own, orientation)
    count = belongs.sum(axis=1)
    potential = radial(merge(sample, new, belongs), orientation, rts, sample)
    corrected = radial(merge(efficient, new, belongs), orientation, rts, sample).farrell
    harmony = radial(merge(efficient, new, belongs / count[:, None]), orientation, rts, sample).farrell
    is_without = np.isnan(own) & (belongs > 0.0)
    corrected, harmony = (np.where(is_without.any(axis=1), np.nan, values) for values in (corrected, harmony))
    status = potential.scores["status"]
    reason = [REASONS.get(word, text) for word, text in zip(status, potential.scores["reason"], strict=True)]
    for i in np.flatnonzero(is_without.any(axis=1)):
        reason[i] = reason[i] or f"not split up: {listed(sample.index[is_without[i]])} alone has no efficiency"
    return pd.DataFrame(
        {
            "unit": potential.sample.index,
            "name": potential.sample.names,
            "constituents": count.astype(int),
            "potential": potential.farrell,
            "corrected": corrected,
            "learning": _near_one(potential.farrell / corrected),
            "harmony": harmony,
            "size": _near_one(corrected / harmony),
            "status": status,
            "reason": reason,
        }
    )


def _on_frontier(sample: Sample, farrell: Floats, orientation: Orientation) -> Sample:
    """Return the sample after each unit with a Farrell factor has become efficient by itself."""
    factor = np.where(np.isnan(farrell), 1.0, farrell)[:, None]
    return replace(sample, Y=sample.Y * factor) if orientation == "output" else replace(sample, X=sample.X * factor)


def _near_one(ratio: Floats) -> Floats:
    """Return ratios of optima, with 1 where they differ from it by rounding."""
    return np.where(np.abs(ratio - 1.0) <= 2.0 * TOLERANCE, 1.0, ratio)


def _warn_if_without(scores: pd.DataFrame, rts: ReturnsToScale) -> None:
    """Warn about mergers without a potential."""
    lost = scores[scores["potential"].isna()]
    if len(lost):
        named = listed(f"{unit} ({reason})" for unit, reason in zip(lost["unit"], lost["reason"], strict=True))
        remedy = " Under rts='crs' or 'ndrs' mergers of any size have one." if rts in ("vrs", "nirs") else ""
        warn(f"Mergers without a potential: {named}. Their factors are NaN.{remedy}", UnsolvedUnitsWarning)


def _amounts(scores: pd.DataFrame, merged: Sample, orientation: Orientation) -> pd.DataFrame:
    """Return the factors as amounts of each variable."""
    m, s = len(merged.inputs), len(merged.outputs)
    is_changed = np.repeat([orientation == "input", orientation == "output"], [m, s])
    amounts = np.hstack([merged.X, merged.Y])
    total, learning, harmony, size = (
        scores[[name]].to_numpy() for name in ("potential", "learning", "harmony", "size")
    )
    shares = {
        "learning": learning - 1.0,
        "harmony": learning * (harmony - 1.0),
        "size": learning * harmony * (size - 1.0),
    }
    change = np.where(is_changed, total - 1.0, 0.0) * amounts
    parts = {name: (np.where(is_changed, share, 0.0) * amounts).ravel() for name, share in shares.items()}
    return pd.DataFrame(
        {
            "unit": merged.index.repeat(m + s),
            "variable": [*merged.inputs, *merged.outputs] * len(merged),
            "merged": amounts.ravel(),
            "target": (amounts + change).ravel(),
            "change": change.ravel(),
            **parts,
        }
    )
