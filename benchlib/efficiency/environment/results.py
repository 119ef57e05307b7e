"""What the second stage hands back: coefficients with what their signs mean, and units with what their context lets expect."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchlib.efficiency.environment.context import INTERCEPT
from benchlib.efficiency.environment.truncated import SIGMA
from benchlib.efficiency.results import TabularResult, as_html, as_text

Floats = NDArray[np.float64]

MEANING: Final = (
    "A positive coefficient goes with a greater distance from the frontier, that is with less efficiency; "
    "a negative one with more."
)
CAVEAT: Final = (
    "This holds only under separability: context may move units towards or away from one frontier, but must not move the "
    "frontier itself. Where it does, scores against a common frontier mean little; see separability_test. "
    "Association is not cause."
)


@dataclass(frozen=True, eq=False, repr=False)
class SecondStageResult(TabularResult):
    """Efficiency and context.

    Attributes
    ----------
    scores : DataFrame
        A row per unit: unit, name, efficiency (as `dea`), corrected (bias-corrected efficiency; NaN with algorithm 1), expected
        (efficiency at the distance to be expected in the unit's context), above_expected (corrected, with algorithm 1
        efficiency, less expected: positive where a unit does better than its context lets expect).
    coefficients : DataFrame
        A row per term, then sigma: term, estimate (of the distance, per unit of context), standard_error, low, high
        (bootstrap interval at the level), is_significant (the interval does not contain 0), direction (`less efficient`
        or `more efficient`, for more of the term; `unclear` if not significant; empty for intercept and sigma).
    replicates : ndarray, shape (replications, terms + 1)
        Estimates in the bootstrap samples, read-only; NaN where the likelihood had no maximum.
    info : mapping
        As in `FrontierResult`, and algorithm, replications, bias_replications, level, context, reference_levels (of categories),
        n_regressed (units in the last regression), converged, n_not_converged (replications), meaning (of the sign) and
        caveat. n_highs and n_unsolved also count the programmes of the bias correction.
    """

    coefficients: pd.DataFrame
    replicates: Floats

    @property
    def title(self) -> str:
        """The model and its options."""
        return (
            f"Second stage after DEA, {self.info['orientation']} orientation, {self.info['rts']}; algorithm "
            f"{self.info['algorithm']}, {self.info['replications']} replications, level {self.info['level']:g}; "
            f"{self.info['n_regressed']} of {len(self.scores)} units in the regression"
            + ("" if self.info["converged"] else "; not converged")
        )

    def summary(self) -> str:
        """Return the coefficients as text, with what their sign means and what they assume."""
        levels = [f"{name}: {level}" for name, level in self.info["reference_levels"].items()]
        remarks = [f"Reference levels: {'; '.join(levels)}."] if levels else []
        return "\n".join(
            [self.title, "", as_text(self.coefficients), "", *remarks, self.info["meaning"], self.info["caveat"]]
        )

    def _repr_html_(self) -> str:
        remarks = f"<p>{escape(self.info['meaning'])} {escape(self.info['caveat'])}</p>"
        return as_html(self.title, self.coefficients) + remarks


def tabulate(terms: Sequence[str], estimate: Floats, replicates: Floats, level: float) -> pd.DataFrame:
    """Return the table of coefficients, see `SecondStageResult`, from estimates (k + 1,) and replicates (B, k + 1)."""
    known = replicates[~np.isnan(replicates).any(axis=1)]
    error = low = high = np.full(len(estimate), np.nan)
    if len(known) > 1:
        error = known.std(axis=0, ddof=1)
        quantiles = np.quantile(known, [(1.0 + level) / 2.0, (1.0 - level) / 2.0], axis=0)
        low, high = 2.0 * estimate - quantiles
        low[-1], high[-1] = estimate[-1] ** 2 / quantiles[:, -1]
    is_context = np.array([term != INTERCEPT for term in terms] + [False])
    is_less, is_more = low > 0.0, high < 0.0
    words = np.select([is_less, is_more], ["less efficient", "more efficient"], "unclear")
    is_significant = pd.Series(is_less | is_more, dtype="boolean").mask(~is_context | np.isnan(low))
    return pd.DataFrame(
        {
            "term": [*terms, SIGMA],
            "estimate": estimate,
            "standard_error": error,
            "low": low,
            "high": high,
            "is_significant": is_significant,
            "direction": np.where(is_context, words, ""),
        }
    )
