"""What the measures of change hand back: a row per unit and change, chains, means and intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchlib import __version__
from benchlib.efficiency.kernels.status import SOLVED
from benchlib.efficiency.nonparametric.results import WORDS
from benchlib.efficiency.productivity.panel import Panel, Transition
from benchlib.efficiency.results import TabularResult, as_text
from benchlib.efficiency.sample import listed
from benchlib.errors import SolverError, UnsolvedUnitsWarning, warn

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

#: Columns of `intervals`.
INTERVAL_COLUMNS: Final = (
    "unit", "name", "period_from", "period_to", "part", "value", "low", "high", "is_changed",
)  # fmt: skip


@dataclass(frozen=True, eq=False, repr=False)
class ProductivityResult(TabularResult):
    """Change between neighbouring periods, unit by unit.

    Attributes
    ----------
    scores : DataFrame
        A row per unit and change, the first change first: unit, name, period_from, period_to, then the measure and its parts (the
        columns of `info["parts"]`), status, reason. Numbers that could not be computed are NaN; `reason` says which
        figures could not be held against which period's frontier. Others of the row may be known.
    left_out : DataFrame
        Columns unit, period, reason: units of a period that are not in a neighbouring one, so that there is no change between
        the two; and units that had been left out of a period's sample before.
    intervals : DataFrame
        A row per unit, change and part: unit, name, period_from, period_to, part, value, low, high, is_changed (no change lies
        outside the interval; missing where the value is). Empty unless replications were asked for.
    neutral : float
        What no change is: 1 for indices, 0 for the Luenberger indicator.
    info : mapping
        method, orientation or direction, rts, decomposition, parts, periods, inputs, outputs; n_units (in at least one change),
        n_changes (rows), n_unsolved (rows with a NaN), n_highs (programmes given to HiGHS); with intervals replications, level,
        n_lost (indices without an answer, over all
        replications); version of benchlib.
    """

    left_out: pd.DataFrame
    intervals: pd.DataFrame
    neutral: float

    @property
    def parts(self) -> list[str]:
        """The names of the measure and its parts, which are columns of all tables."""
        return list(self.info["parts"])

    @cached_property
    def cumulative(self) -> pd.DataFrame:
        """A row per unit and change: unit, name, base, period, then the measure and its parts from `base` to `period`.

        Indices are multiplied, the indicator is added up. `base` is the unit's first period; a unit that was away for a period
        starts again after it, with a new base. Where one change is unknown, so is what follows up to the next base.
        """
        scores = self.scores
        places = {label: i for i, label in enumerate(self.info["periods"])}
        # Changes of a unit without a gap have the same difference between their place in time and their count.
        run = scores["period_from"].map(places) - scores.groupby("unit", sort=False).cumcount()
        groups = [scores["unit"], run]
        base = scores["period_from"].groupby(groups, sort=False).transform("first")
        rows = scores[["unit", "name"]].assign(base=base, period=scores["period_to"])
        changes = scores[self.parts].groupby(groups, sort=False)
        return rows.join(changes.cumprod(skipna=False) if self.neutral == 1.0 else changes.cumsum(skipna=False))

    @cached_property
    def means(self) -> pd.DataFrame:
        """A row per change: period_from, period_to, n_units, then the mean of the measure and of each part.

        Geometric means of indices, arithmetic means of the indicator, over the units of which all parts are known, so that the
        means of the parts make up the mean of the measure.
        """
        known = self.scores.dropna(subset=self.parts)
        keys = ["period_from", "period_to"]
        values = known[self.parts].transform(np.log) if self.neutral == 1.0 else known[self.parts]
        groups = values.groupby([known[key] for key in keys], sort=False)
        table = groups.mean().transform(np.exp) if self.neutral == 1.0 else groups.mean()
        table.insert(0, "n_units", groups.size())
        steps = self.scores[keys].drop_duplicates(ignore_index=True)
        return steps.merge(table.reset_index(), on=keys, how="left").fillna({"n_units": 0}).astype({"n_units": int})

    @property
    def title(self) -> str:
        """The measure, its options, which periods, how many units, and the mean change."""
        info = self.info
        options = [f"{info[word]} {word}" for word in ("orientation", "direction") if isinstance(info.get(word), str)]
        options += [info[word] for word in ("rts", "decomposition") if word in info]
        means = self.means[self.parts[0]]
        mean = np.exp(np.log(means).mean()) if self.neutral == 1.0 else means.mean()
        return (
            f"{info['method']}, {', '.join(options)}; {info['periods'][0]} to {info['periods'][-1]}, "
            f"{info['n_units']} units, mean change {mean:.4f}"
        )

    def summary(self) -> str:
        """Return the result as text: the measure, the means of each change, who is left out, all scores."""
        lines = [self.title, f"Inputs: {', '.join(self.info['inputs'])}. Outputs: {', '.join(self.info['outputs'])}."]
        if len(self.left_out):
            lines.append(f"Not in every change: {listed(dict.fromkeys(self.left_out['unit']))}.")
        lines += ["", as_text(self.means), "", as_text(self.scores.drop(columns="reason"))]
        return "\n".join(lines)


class Outcome(NamedTuple):
    """What was found for the n units of one change."""

    parts: Mapping[str, Floats]
    """The measure, then its parts, by name, each of shape (n,)."""
    programmes: Sequence[tuple[str, Integers]]
    """What was solved for it: which figures against which period, for a reason, and a code of `kernels.status` per unit."""


def productivity_result(
    panel: Panel,
    outcomes: Sequence[Outcome],
    info: Mapping[str, Any],
    *,
    neutral: float,
    intervals: pd.DataFrame | None = None,
) -> ProductivityResult:
    """Return the labelled result of all changes of a panel; warn if a number is unknown.

    Parameters
    ----------
    panel : Panel
        Who is in which change.
    outcomes : sequence of Outcome
        One per transition.
    info : mapping
        What is known about the measure; the rest is added.
    neutral : float
        What no change is.
    intervals : DataFrame, optional
        With the columns of `INTERVAL_COLUMNS`.

    Raises
    ------
    SolverError
        If the measure is unknown for all units.

    Warns
    -----
    UnsolvedUnitsWarning
        If the measure or a part of it is unknown for some.
    """
    tables = [_rows(panel, step, outcome) for step, outcome in zip(panel.transitions, outcomes, strict=True)]
    scores = pd.concat(tables, ignore_index=True)
    parts = tuple(outcomes[0].parts)
    lost = scores[scores[list(parts)].isna().any(axis=1)]
    about = {
        **info,
        "parts": parts,
        "periods": panel.labels,
        "inputs": panel.samples[0].inputs,
        "outputs": panel.samples[0].outputs,
        "n_units": scores["unit"].nunique(),
        "n_changes": len(scores),
        "n_unsolved": len(lost),
        "version": __version__,
    }
    if scores[parts[0]].isna().all():
        raise SolverError(f"No change could be computed: {listed(dict.fromkeys(lost['reason']))}.")
    if len(lost):
        named = listed(f"{unit} ({reason})" for unit, reason in zip(lost["unit"], lost["reason"], strict=True))
        warn(
            f"{len(lost)} of {len(scores)} changes are not known, or not in all their parts: {named}. They are NaN, and the means go "
            "without these units.",
            UnsolvedUnitsWarning,
        )
    if intervals is None:
        intervals = pd.DataFrame(columns=list(INTERVAL_COLUMNS))
    return ProductivityResult(scores, MappingProxyType(about), panel.left_out, intervals, neutral)


def row_labels(panel: Panel, step: Transition, times: int = 1) -> dict[str, Any]:
    """Return the columns that say which unit and change a row is about, each unit `times` times."""
    sample, rows = panel.samples[step.end], step.rows[1].repeat(times).tolist()
    return {
        "unit": pd.Index([sample.units[i] for i in rows], tupleize_cols=False),
        "name": [sample.names[i] for i in rows],
        "period_from": [panel.labels[step.start]] * len(rows),
        "period_to": [panel.labels[step.end]] * len(rows),
    }


def _rows(panel: Panel, step: Transition, outcome: Outcome) -> pd.DataFrame:
    """Return the rows of one change."""
    failed = np.stack([codes != SOLVED for _, codes in outcome.programmes])
    words, reasons = [], []
    for j, which in enumerate(failed.argmax(axis=0).tolist()):
        figures, codes = outcome.programmes[which]
        word, reason = WORDS[int(codes[j])]
        words.append(word)
        reasons.append(f"{figures}: {reason}" if reason else "")
    return pd.DataFrame({**row_labels(panel, step), **outcome.parts, "status": words, "reason": reasons})
