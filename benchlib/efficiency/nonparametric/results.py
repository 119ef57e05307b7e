"""What an estimator of the frontier hands back: scores, peers, slacks, targets and multipliers with their labels."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any, Final, Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchlib import __version__
from benchlib.efficiency.kernels import status
from benchlib.efficiency.nonparametric.solution import Solution
from benchlib.efficiency.results import TabularResult, as_html, as_text
from benchlib.efficiency.sample import Sample, listed
from benchlib.errors import SolverError

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Bools = NDArray[np.bool_]

#: The word for each code of `kernels.status`, and the reason that stands beside it.
WORDS: Final[dict[int, tuple[str, str]]] = {
    status.SOLVED: ("solved", ""),
    status.INFEASIBLE: ("infeasible", "no combination of reference units does what this unit does"),
    status.UNBOUNDED: ("unbounded", "a reference unit without input lets outputs grow without limit"),
    status.UNCERTIFIED: ("unsolved", "neither solver found a solution that could be certified"),
    status.NO_INPUT: ("no input", "all inputs are zero, so there is nothing to reduce"),
    status.NO_OUTPUT: ("no output", "all outputs are zero, so the unit has no productivity"),
    status.FREE_OUTPUT: ("free output", "reference units bring about these outputs without any input"),
}
#: Solved, but the unit lies beyond the frontier of a reference to which it does not belong.
OUTSIDE: Final = ("outside", "the unit does better than its reference technology; efficiency exceeds 1")


def status_columns(codes: Integers, is_outside: Bools, outside: tuple[str, str] = OUTSIDE) -> dict[str, list[str]]:
    """Return the columns status and reason of a table of scores, from the codes of the units and where they lie."""
    words = [
        outside if code == status.SOLVED and is_beyond else WORDS[code]
        for code, is_beyond in zip(codes.tolist(), is_outside.tolist(), strict=True)
    ]
    return {"status": [word for word, _ in words], "reason": [reason for _, reason in words]}


def model_info(
    method: str, sample: Sample, reference: Sample, codes: Integers, by_highs: int, **options: Any
) -> Mapping[str, Any]:
    """Return how scores came about: the method and its options, how many units there are and what became of them."""
    n_solved = int(np.sum(codes == status.SOLVED))
    return MappingProxyType(
        {
            "method": method,
            **options,
            "n_units": len(sample),
            "n_reference": len(reference),
            "inputs": sample.inputs,
            "outputs": sample.outputs,
            "n_certified": n_solved,
            "n_highs": by_highs,
            "n_unsolved": len(sample) - n_solved,
            "version": __version__,
        }
    )


def require_a_score(scores: pd.DataFrame) -> None:
    """Raise SolverError, with the reasons, if no unit of a table of scores has one."""
    if not scores["status"].isin(["solved", "outside"]).any():
        reasons = listed(dict.fromkeys(scores["reason"]))
        raise SolverError(f"No unit could be scored: {reasons}. Look at the inputs and outputs of the sample.")


class Solved(Protocol):
    """The arrays behind the tables, as `solution.Solution` and `reach.Projection` have them."""

    @property
    def status(self) -> Integers:
        """Codes of `kernels.status`, shape (n,)."""

    @property
    def peers(self) -> Integers:
        """Positions in the reference (then -1), shape (n, p)."""

    @property
    def weights(self) -> Floats:
        """Intensities of the peers, shape (n, p)."""

    @property
    def slacks(self) -> Floats:
        """Slacks, inputs first, shape (n, m + s)."""


class Projected(ABC):
    """Peers, slacks and targets of units, each compared with a point of the frontier; made when they are first looked at."""

    sample: Sample
    reference: Sample
    solution: Solved

    @abstractmethod
    def _point(self) -> Floats:
        """Figures, shape (n, m + s), after the change that is scored and before the slacks; NaN where there is none."""

    @cached_property
    def peers(self) -> pd.DataFrame:
        """A row per unit and peer: unit, peer, weight; positive weights only, the greatest first.

        An efficient unit is its own peer. Where several sets of peers are optimal, one of them is given.
        """
        rows, places = np.nonzero(self.solution.peers >= 0)
        peers, weights = self.solution.peers[rows, places], self.solution.weights[rows, places]
        order = np.lexsort((peers, -weights, rows))
        return pd.DataFrame(
            {
                "unit": self.sample.index[rows[order]],
                "peer": self.reference.index[peers[order]],
                "weight": weights[order],
            }
        )

    @cached_property
    def slacks(self) -> pd.DataFrame:
        """A row per unit and variable: unit, variable, slack; in the variable's own unit, beyond any proportional change."""
        return self._by_variable(slack=self.solution.slacks)

    @cached_property
    def targets(self) -> pd.DataFrame:
        """A row per unit and variable: unit, variable, observed, target, change, change_pct.

        The target is the efficient point that the unit is compared with: first the proportional (or directional) change, then the
        slacks. `change_pct` is relative to the size of the observed value, and NaN where that is 0.
        """
        observed = np.hstack([self.sample.X, self.sample.Y])
        is_output = np.repeat([False, True], [len(self.sample.inputs), len(self.sample.outputs)])
        target = self._point() + np.where(is_output, 1.0, -1.0) * self.solution.slacks
        known = np.vstack([observed, np.hstack([self.reference.X, self.reference.Y])])
        target = np.where(known.min(axis=0) < 0.0, target, np.maximum(target, 0.0))
        change = target - observed
        percent = np.divide(100.0 * change, np.abs(observed), out=np.full_like(change, np.nan), where=observed != 0.0)
        return self._by_variable(observed=observed, target=target, change=change, change_pct=percent)

    def _by_variable(self, **columns: Floats) -> pd.DataFrame:
        """Return arrays of shape (n, variables) as a table with a row per unit and variable."""
        width = next(iter(columns.values())).shape[1]
        variables = [*self.sample.inputs, *self.sample.outputs, "intercept"][:width]
        return pd.DataFrame(
            {
                "unit": self.sample.index.repeat(width),
                "variable": variables * len(self.sample),
                **{name: values.ravel() for name, values in columns.items()},
            }
        )


@dataclass(frozen=True, eq=False, repr=False)
class ProjectedResult(TabularResult, Projected):
    """Base of results of models that are not radial: scores, and the point that each unit is compared with.

    Attributes
    ----------
    scores : DataFrame
        A row per unit, in the order of the sample.
    info : mapping
        How the scores came about.
    sample, reference : Sample
        The evaluated units and those that span the technology.
    solution : Solved
        The numbers behind the tables, as arrays.
    point : ndarray, shape (n, m + s)
        Figures after the change that is scored and before the slacks.
    """

    sample: Sample
    reference: Sample
    solution: Solved
    point: Floats

    @property
    def efficiency(self) -> Floats:
        """Efficiency, shape (n,): 1 on the frontier; NaN where there is none."""
        return self.scores["efficiency"].to_numpy(dtype=np.float64)

    def _point(self) -> Floats:
        return self.point

    def _describe(self, model: str, column: str) -> str:
        """Return the model, the number of units and how a column of the scores is spread, in one line."""
        known = self.scores[column].dropna().to_numpy()
        best = 1.0 if column == "efficiency" else 0.0
        return f"{model}; {len(self.scores)} units, {int(np.sum(known == best))} efficient, mean {column} {known.mean():.4f}"


@dataclass(frozen=True, eq=False, repr=False)
class FrontierResult(Projected):
    """Scores against a frontier; the tables are made when they are first looked at.

    Attributes
    ----------
    sample : Sample
        The evaluated units.
    reference : Sample
        The units that span the technology; the sample itself unless another was given.
    solution : Solution
        The numbers behind the tables, as arrays.
    info : mapping
        method, orientation, rts (None for `fdh`), n_units, n_reference, inputs, outputs; how many units have a certified
        score (n_certified), were given to HiGHS (n_highs) and have no score (n_unsolved); version of benchlib; fixed, undesirable and
        restrictions where the model has them.
    """

    sample: Sample
    reference: Sample
    solution: Solution
    info: Mapping[str, Any]

    @cached_property
    def farrell(self) -> Floats:
        """Farrell factors, shape (n,): inputs times this, or outputs times this, reach the frontier; NaN where unsolved."""
        factors = self.solution.farrell
        return np.where(np.abs(factors - 1.0) <= status.TOLERANCE, 1.0, factors)

    @cached_property
    def efficiency(self) -> Floats:
        """Efficiency, shape (n,): 1 on the frontier, for either orientation; NaN where unsolved."""
        return 1.0 / self.farrell if self.info["orientation"] == "output" else self.farrell

    @cached_property
    def scores(self) -> pd.DataFrame:
        """A row per unit: unit, name, efficiency, farrell, status, reason.

        `efficiency` lies in (0, 1]. It exceeds 1 (status `outside`) only for a unit that does better than a reference to
        which it does not belong. Where status is neither `solved` nor `outside`, both numbers are NaN.
        """
        return pd.DataFrame(
            {
                "unit": self.sample.index,
                "name": self.sample.names,
                "efficiency": self.efficiency,
                "farrell": self.farrell,
                **status_columns(self.solution.status, self.efficiency > 1.0),
            }
        )

    @cached_property
    def multipliers(self) -> pd.DataFrame:
        """A row per unit and variable, the intercept last: unit, variable, multiplier, virtual. Empty for `fdh`.

        The multipliers are the duals of the radial programme: the weights, per unit of measurement of the variable, that
        show the unit in its best light. They are normalised so that the virtual inputs (multiplier times observed value)
        of the unit add up to 1; in output orientation the virtual outputs do. Then virtual outputs plus intercept are the
        input Farrell factor, and virtual inputs plus intercept the output Farrell factor. The intercept is 0 under `crs`.
        Where several sets of multipliers are optimal (at corners of the frontier), one of them is given. Fixed inputs (in output
        orientation fixed outputs) do not count among the virtual ones that add up to 1; theirs are subtracted from the factor
        instead. The multiplier of an undesirable output may have either sign.
        """
        values = self.solution.multipliers
        observed = np.hstack([self.sample.X, self.sample.Y, np.ones((len(self.sample), 1))])
        if not values.shape[1]:
            return self._by_variable(multiplier=values, virtual=values).iloc[:0]
        return self._by_variable(multiplier=values, virtual=values * observed)

    def to_frame(self) -> pd.DataFrame:
        """Return the scores with the target of each variable beside them, in columns `<variable>_target`."""
        variables = [*self.sample.inputs, *self.sample.outputs]
        target = self.targets["target"].to_numpy().reshape(len(self.sample), len(variables))
        wide = pd.DataFrame(target, columns=[f"{name}_target" for name in variables])
        return pd.concat([self.scores, wide], axis=1)

    def summary(self) -> str:
        """Return the result as text: the model, how efficiency is spread, who is a peer how often, all scores."""
        efficiency = self.efficiency[~np.isnan(self.efficiency)]
        spread = np.quantile(efficiency, [0.0, 0.25, 0.5, 0.75, 1.0])
        lines = [
            self.title,
            f"Inputs: {', '.join(self.sample.inputs)}. Outputs: {', '.join(self.sample.outputs)}.",
            f"Units: {len(self.sample)}, efficient: {int(np.sum(efficiency == 1.0))}, "
            f"without score: {self.info['n_unsolved']}.",
            f"Efficiency: mean {efficiency.mean():.4f}, lowest {spread[0]:.4f}, quartiles "
            f"{spread[1]:.4f} {spread[2]:.4f} {spread[3]:.4f}, highest {spread[4]:.4f}.",
        ]
        others = self.peers[self.peers["unit"] != self.peers["peer"]]
        if len(others):
            counts = others["peer"].value_counts(sort=False).sort_values(ascending=False, kind="stable")
            lines.append("Peer of: " + ", ".join(f"{peer} {count}" for peer, count in counts.items()) + ".")
        table = self.scores[["unit", "name", "efficiency", "farrell", "status"]]
        if self.sample.names == tuple(str(unit) for unit in self.sample.units):
            table = table.drop(columns="name")
        return "\n".join([*lines, "", as_text(table)])

    def __repr__(self) -> str:
        return f"FrontierResult({self.title}; {_spread(self.efficiency)})"

    def _repr_html_(self) -> str:
        return as_html(f"{self.title}; {_spread(self.efficiency)}", self.scores)

    @property
    def title(self) -> str:
        """The model in one line."""
        parts = [f"{self.info['method']}, {self.info['orientation']} orientation"]
        if self.info["rts"]:
            parts[0] += f", {self.info['rts']}"
        for option in ("fixed", "undesirable"):
            if named := self.info.get(option):
                parts.append(f"{option}: {', '.join(named)}")
        if count := len(self.info.get("restrictions", ())):
            parts.append(f"{count} weight ratio{'s' * (count > 1)} restricted")
        return "; ".join(parts)

    def _point(self) -> Floats:
        is_output = np.repeat([False, True], [len(self.sample.inputs), len(self.sample.outputs)])
        kept = {*self.info.get("fixed", ()), *self.info.get("undesirable", ())}
        is_kept = np.array([name in kept for name in (*self.sample.inputs, *self.sample.outputs)])
        is_moving = (is_output == (self.info["orientation"] == "output")) & ~is_kept
        factors: Floats = np.where(is_moving, self.farrell[:, None], 1.0)
        return factors * np.hstack([self.sample.X, self.sample.Y])


class ScaleResult(TabularResult):
    """Scale efficiency of each unit and where it stands on the frontier's scale.

    Attributes
    ----------
    scores : DataFrame
        A row per unit: unit, name, crs, vrs (efficiencies), scale (crs / vrs), returns (`increasing`: the unit is smaller
        than most productive; `constant`; `decreasing`: it is larger; missing where a score is).
    info : mapping
        As in `FrontierResult`.
    """

    @property
    def title(self) -> str:
        """Orientation and how many units stand where."""
        counts = self.scores["returns"].value_counts()
        listed = ", ".join(f"{counts.get(word, 0)} {word}" for word in ("increasing", "constant", "decreasing"))
        return f"{self.info['orientation']} orientation; {len(self.scores)} units: {listed}"


def _spread(efficiency: Floats) -> str:
    known = efficiency[~np.isnan(efficiency)]
    return f"{len(efficiency)} units, {int(np.sum(known == 1.0))} efficient, mean {known.mean():.4f}"
