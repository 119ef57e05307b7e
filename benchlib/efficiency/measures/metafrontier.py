"""Groups with technologies of their own under one metafrontier: `metafrontier`."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np
import pandas as pd

from benchlib import __version__
from benchlib.efficiency.checks import comparable, enough_units, warn_if_few, warn_if_unsolved
from benchlib.efficiency.kernels.status import TOLERANCE
from benchlib.efficiency.measures.radial import radial
from benchlib.efficiency.results import TabularResult
from benchlib.efficiency.sample import Sample, listed
from benchlib.errors import FewUnitsWarning, OptionError, SampleError, SolverError, warn
from benchlib.terms import Orientation, ReturnsToScale, check_option

#: The columns of the scores that the table of groups sums up.
MEASURES: Final = ("group_efficiency", "meta_efficiency", "technology_gap")
#: In which ways it does so.
SUMMARIES: Final = ("mean", "median", "min")


@dataclass(frozen=True, eq=False, repr=False)
class MetafrontierResult(TabularResult):
    """Efficiency within the own group, against all groups, and the gap between the two frontiers.

    Attributes
    ----------
    scores : DataFrame
        A row per unit: unit, name, group, group_efficiency (against the units of its group), meta_efficiency (against all units),
        technology_gap (technology gap ratio, meta over group efficiency, in (0, 1]: 1 where the group's frontier touches
        the metafrontier), status, reason.
    groups : DataFrame
        A row per group, in the order of their first units: group, units, then mean, median and min of each of the three
        measures over the units that have a score (`technology_gap_mean`, ...).
    info : mapping
        As in `FrontierResult`, and n_groups.
    """

    groups: pd.DataFrame

    @property
    def title(self) -> str:
        """The model, the groups and their mean technology gap ratios."""
        gaps = zip(self.groups["group"], self.groups["technology_gap_mean"], strict=True)
        named = listed(f"{group} {gap:.4f}" for group, gap in gaps)
        return (
            f"Metafrontier of DEA, {self.info['orientation']} orientation, {self.info['rts']}; {len(self.scores)} units in "
            f"{len(self.groups)} group{'s' * (len(self.groups) != 1)}; mean technology gap ratio: {named}"
        )


def metafrontier(
    sample: Sample,
    groups: str | Mapping[Hashable, Hashable] | pd.Series,
    *,
    orientation: Orientation = "input",
    rts: ReturnsToScale = "vrs",
) -> MetafrontierResult:
    """Score units against their own group and against all groups, and say how far the group's technology lies behind.

    Cities and rural municipalities may not be able to do the same. A unit's `group_efficiency` compares it with its own group; its
    `meta_efficiency` with all units. Their ratio is the technology gap ratio [1]_ [2]_: the part of the distance to the
    metafrontier that the unit shares with the best of its group, and that better management within the group would not close.

        meta_efficiency = group_efficiency * technology_gap

    Parameters
    ----------
    sample : Sample
        The n units to be scored.
    groups : str, mapping or Series
        The name of a context variable of the sample, or the group of each unit (unit -> group).
    orientation, rts
        As in `dea`.

    Returns
    -------
    MetafrontierResult

    Raises
    ------
    OptionError
        If orientation or rts is not one of the words, or `groups` is neither a context variable nor a mapping.
    SampleError
        If a figure or the group of a unit is missing.
    SolverError
        If no unit at all has a score.

    Warns
    -----
    FewUnitsWarning
        If the sample or a group has fewer units than max(m * s, 3 * (m + s)), for m inputs and s outputs. In a small group almost
        every unit is efficient (a group of one always), so that the whole distance is read as a technology gap.
    UnsolvedUnitsWarning
        If units have no score; `scores` says why.

    Notes
    -----
    The metafrontier is that of the pooled sample, as `dea` finds it: all combinations of units are possible, also across groups. This
    convex technology is larger than the union of the groups' technologies, which is not convex as a rule (least so under
    `vrs`). Against the union, technology gap ratios would be the same or greater.

    References
    ----------
    .. [1] C. J. O'Donnell, D. S. P. Rao and G. E. Battese (2008). Metafrontier frameworks for the study of firm-level efficiencies
       and technology ratios. Empirical Economics 34(2), 231-255. https://doi.org/10.1007/s00181-007-0119-4
    .. [2] G. E. Battese, D. S. P. Rao and C. J. O'Donnell (2004). A metafrontier production function for estimation of technical
       efficiencies and technology gaps for firms operating under different technologies. Journal of Productivity
       Analysis 21(1), 91-103. https://doi.org/10.1023/B:PROD.0000012454.06094.29

    Examples
    --------
    Two cities and two rural municipalities; the best rural one reaches the same result at twice the cost of the best city:

    >>> import pandas as pd, warnings
    >>> from benchlib.errors import FewUnitsWarning
    >>> warnings.simplefilter("ignore", FewUnitsWarning)
    >>> table = pd.DataFrame({"cost": [2.0, 4.0, 4.0, 5.0], "result": 1.0, "kind": ["city", "city", "rural", "rural"]})
    >>> result = metafrontier(Sample.from_table(table, "cost", "result", context="kind"), "kind")
    >>> result.scores[["group", "group_efficiency", "meta_efficiency", "technology_gap"]]
       group  group_efficiency  meta_efficiency  technology_gap
    0   city               1.0              1.0             1.0
    1   city               0.5              0.5             1.0
    2  rural               1.0              0.5             0.5
    3  rural               0.8              0.4             0.5
    """
    check_option("orientation", orientation, Orientation)
    check_option("rts", rts, ReturnsToScale)
    comparable(sample)
    labels = _read_groups(sample, groups)
    members = {group: [i for i, label in enumerate(labels) if label == group] for group in dict.fromkeys(labels)}
    warn_if_few(sample)
    _warn_if_small(sample, members)
    scores = _score(sample, labels, members, orientation, rts)
    warn_if_unsolved(scores, "technology_gap")
    info = {
        "method": "Metafrontier of DEA",
        "orientation": orientation,
        "rts": rts,
        "n_units": len(sample),
        "n_groups": len(members),
        "inputs": sample.inputs,
        "outputs": sample.outputs,
        "n_unsolved": int(scores["technology_gap"].isna().sum()),
        "version": __version__,
    }
    return MetafrontierResult(scores, MappingProxyType(info), _by_group(scores))


def _read_groups(sample: Sample, groups: str | Mapping[Hashable, Hashable] | pd.Series) -> list[Hashable]:
    """Return the group of each unit, or raise an error if one is not known."""
    if isinstance(groups, str):
        if groups not in sample.context:
            there = f"it has {listed(sample.context)}" if sample.context else "it has none"
            raise OptionError(
                f"groups={groups!r} is not a context variable of the sample ({there}). "
                "Name it in Sample.from_table(..., context=...), or give a mapping unit -> group."
            )
        given: Mapping[Hashable, Hashable] = dict(zip(sample.units, sample.Z[groups].tolist(), strict=True))
    elif isinstance(groups, pd.Series):
        if not groups.index.is_unique:
            twice = groups.index[groups.index.duplicated()].unique()
            raise SampleError(f"groups names these units more than once: {listed(twice)}.")
        given = dict(zip(groups.index.tolist(), groups.tolist(), strict=True))
    elif isinstance(groups, Mapping):
        given = groups
    else:
        raise OptionError(
            f"groups is of type {type(groups).__name__}; needed is the name of a context variable or a mapping unit -> group."
        )
    labels = [given.get(unit) for unit in sample.units]
    is_missing = pd.Series(labels, dtype=object).isna()
    if is_missing.any():
        without = listed(sample.index[is_missing])
        raise SampleError(f"The group is missing for {without}; a unit without a group has no group frontier.")
    return labels


def _warn_if_small(sample: Sample, members: Mapping[Hashable, list[int]]) -> None:
    """Warn once about all groups with few units."""
    enough = enough_units(sample)
    small = {group: len(rows) for group, rows in members.items() if len(rows) < enough}
    if small and len(members) > 1:
        named = listed(f"{group} ({count} unit{'s' * (count > 1)})" for group, count in small.items())
        warn(
            f"Groups with few units: {named}; from {enough} on, scores tell units apart. In a small group nearly every unit is "
            "efficient, and the technology gap is overstated: join groups or use fewer variables. To accept it: "
            "warnings.simplefilter('ignore', benchlib.errors.FewUnitsWarning).",
            FewUnitsWarning,
        )


def _score(
    sample: Sample,
    labels: list[Hashable],
    members: Mapping[Hashable, list[int]],
    orientation: Orientation,
    rts: ReturnsToScale,
) -> pd.DataFrame:
    """Return the scores of all units, or raise SolverError if there is none."""
    meta = radial(sample, orientation, rts, sample)
    within = [radial(own, orientation, rts, own) for own in (_subset(sample, rows) for rows in members.values())]
    order = np.argsort(np.concatenate(list(members.values())))
    group = pd.concat([result.scores for result in within], ignore_index=True).iloc[order].reset_index(drop=True)
    if np.isnan(meta.efficiency).all():
        raise SolverError(
            f"No unit could be scored: {listed(dict.fromkeys(meta.scores['reason']))}. "
            "Look at the inputs and outputs of the sample."
        )
    # Rounding in two programmes that have the same optimum is no gap.
    gap = meta.efficiency / group["efficiency"].to_numpy()
    remarks = ["status", "reason"]
    group.loc[np.isnan(meta.efficiency), remarks] = meta.scores.loc[np.isnan(meta.efficiency), remarks]
    return pd.DataFrame(
        {
            "unit": sample.index,
            "name": sample.names,
            "group": labels,
            "group_efficiency": group["efficiency"],
            "meta_efficiency": meta.efficiency,
            "technology_gap": np.where(np.abs(gap - 1.0) <= TOLERANCE, 1.0, gap),
            "status": group["status"],
            "reason": group["reason"],
        }
    )


def _subset(sample: Sample, rows: list[int]) -> Sample:
    return sample.subset([sample.units[i] for i in rows])


def _by_group(scores: pd.DataFrame) -> pd.DataFrame:
    """Return the table of groups: how many units, and mean, median and least of each measure."""
    by = scores.groupby("group", sort=False)
    columns = {f"{measure}_{summary}": by[measure].agg(summary) for measure in MEASURES for summary in SUMMARIES}
    return pd.DataFrame({"units": by.size(), **columns}).reset_index()
