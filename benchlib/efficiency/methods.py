"""Several methods side by side: how much of a score is the unit, and how much the method."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from types import MappingProxyType
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import log_ndtr, ndtri_exp

from benchlib import __version__
from benchlib.efficiency.checks import check_level, check_replications, check_seed, comparable
from benchlib.efficiency.inference.resampling import bests_but_share, draw_counts, expected_bests, resample
from benchlib.efficiency.inference.smoothed import bootstrap
from benchlib.efficiency.measures.cross import cross_efficiency
from benchlib.efficiency.measures.slacks import slacks_based
from benchlib.efficiency.nonparametric.envelopment import dea, fdh, figures, technology_of
from benchlib.efficiency.nonparametric.partial import order_alpha, order_m
from benchlib.efficiency.nonparametric.results import FrontierResult
from benchlib.efficiency.nonparametric.superefficiency import super_efficiency
from benchlib.efficiency.results import TabularResult, as_html, as_text
from benchlib.efficiency.sample import Sample
from benchlib.efficiency.stochastic.frontier import sfa
from benchlib.errors import OptionError, SampleError, SolverError
from benchlib.terms import Method, Orientation, ReturnsToScale, check_option

Floats = NDArray[np.float64]

#: Efficiencies that agree to so many decimals share their rank. Differences of order-m scores can be smaller still; they mean nothing.
DECIMALS: Final = 6
#: Methods whose ranges of ranks come from draws.
DRAWING: Final = frozenset({"bootstrap", "order_m", "order_alpha", "sfa"})


class Options(NamedTuple):
    """What the methods are told, once checked."""

    orientation: Orientation
    rts: ReturnsToScale
    m: int
    alpha: float
    replications: int
    level: float
    seed: int | None

    def generator(self) -> np.random.Generator:
        """Return a generator of its own for one method, so that a method's ranks do not depend on which others are asked."""
        return check_seed(self.seed)


class Scored(NamedTuple):
    """What one method says about n units."""

    efficiency: Floats
    """Shape (n,), NaN where there is no score."""
    reason: Sequence[str]
    """Why there is none, else ""."""
    ranks: Floats | None = None
    """Lowest and highest rank at the level, shape (2, n), NaN without a score; None where the method has no draws."""


@dataclass(frozen=True, eq=False, repr=False)
class MethodComparison(TabularResult):
    """Scores and ranks of the same units by several methods.

    Attributes
    ----------
    scores : DataFrame
        A row per method and unit: method, unit, name, efficiency, rank (1 is best; units that agree share it; missing for all where
        the method tells nobody apart), rank_low, rank_high (ranks that the unit holds with the probability of the level; missing
        where the method has no draws), reason (why there is no score).
    info : mapping
        methods, orientation, rts, m, alpha, replications, level, n_units, inputs, outputs, version.
    """

    @property
    def title(self) -> str:
        """How many methods and units, and how well the methods agree."""
        agreement = self.correlations.to_numpy()[np.triu_indices(len(self.correlations), 1)]
        known = agreement[~np.isnan(agreement)]
        least = f", least rank correlation {known.min():.2f}" if len(known) else ""
        return f"{', '.join(self.info['methods'])}: {self.info['n_units']} units{least}"

    @cached_property
    def efficiencies(self) -> pd.DataFrame:
        """Efficiency by unit (rows) and method (columns)."""
        return self._wide("efficiency")

    @cached_property
    def ranks(self) -> pd.DataFrame:
        """Rank by unit (rows) and method (columns)."""
        return self._wide("rank")

    @property
    def telling(self) -> tuple[Method, ...]:
        """The methods that tell units apart, in their order; the others give everybody the same score, or nobody any."""
        return tuple(method for method in self.info["methods"] if self.ranks[method].notna().any())

    @cached_property
    def ranges(self) -> pd.DataFrame:
        """A row per unit: unit, name, best and worst rank over the methods, median, spread (worst minus best)."""
        ranks = self.ranks
        names = self.scores.drop_duplicates("unit").set_index("unit")["name"]
        best, worst = ranks.min(axis=1), ranks.max(axis=1)
        table = pd.DataFrame(
            {"name": names.loc[ranks.index], "best": best, "worst": worst, "median": ranks.median(axis=1)}
        )
        return table.assign(spread=worst - best).rename_axis("unit").reset_index()

    @cached_property
    def correlations(self) -> pd.DataFrame:
        """Spearman's rank correlation of each pair of methods, over the units that both score.

        Missing where a method tells nobody apart.
        """
        return self.efficiencies.round(DECIMALS).corr(method="spearman")

    def to_frame(self) -> pd.DataFrame:
        """Return a row per unit: unit, name, then efficiency and rank by each method, in columns `<method>` and `<method>_rank`."""
        head = self.ranges[["unit", "name"]].set_index("unit")
        ranks = self.ranks.add_suffix("_rank")
        pairs = [column for method in self.info["methods"] for column in (method, f"{method}_rank")]
        return head.join(self.efficiencies).join(ranks)[["name", *pairs]].reset_index()

    def summary(self) -> str:
        """Return the table and the rank correlations as text."""
        correlations = self.correlations.rename_axis(None, axis=1).rename_axis("rank correlation").reset_index()
        return f"{self.title}\n\n{as_text(self.to_frame())}\n\n{as_text(correlations)}"

    def _repr_html_(self) -> str:
        return as_html(self.title, self.to_frame())

    def _wide(self, column: str) -> pd.DataFrame:
        methods = list(self.info["methods"])
        by_method = self.scores[column].to_numpy(dtype=np.float64, na_value=np.nan).reshape(len(methods), -1)
        units = pd.Index(self.scores["unit"].iloc[: by_method.shape[1]], name="unit", tupleize_cols=False)
        return pd.DataFrame(by_method.T, index=units, columns=methods)


def compare_methods(
    sample: Sample,
    *,
    methods: Sequence[Method] = ("dea", "bootstrap", "fdh", "order_m"),
    orientation: Orientation = "input",
    rts: ReturnsToScale = "vrs",
    m: int = 25,
    alpha: float = 0.95,
    replications: int = 2000,
    level: float = 0.95,
    seed: int | None = None,
) -> MethodComparison:
    """Score the same units by several methods: what they agree on is about the units, the rest is about the methods.

    Parameters
    ----------
    sample : Sample
        The n units.
    methods : sequence of str
        Of `dea`, `bootstrap` (bias-corrected `dea`), `fdh`, `order_m`, `order_alpha`, `slacks_based`, `super_efficiency`,
        `cross_efficiency` and `sfa` (half-normal, Cobb-Douglas: a cost frontier in input orientation, which needs one input; a
        production frontier in output orientation, which needs one output).
    orientation, rts
        As in `dea`, for the methods that know them. `cross_efficiency` is scored under constant returns.
    m, alpha
        Of `order_m` and `order_alpha`.
    replications, level
        Draws and probability of the ranges of ranks.
    seed : int, optional
        Required for `bootstrap`, `order_m`, `order_alpha` and `sfa`, whose ranges of ranks are drawn.

    Returns
    -------
    MethodComparison
        With `scores`, `ranks`, `ranges` (over the methods) and `correlations`.

    Raises
    ------
    OptionError
        If a method is unknown, named twice, or none is named; if the seed is missing.
    SampleError, SolverError
        If a figure is missing, or a method cannot be applied to the sample; the message names the method.

    Notes
    -----
    Ranges of ranks: for `bootstrap` see there. For `order_m` and `order_alpha` the reference is resampled with replacement, which
    is valid for partial frontiers [1]_. For `sfa` the inefficiencies are drawn from their conditional distributions, given the estimated
    coefficients. `dea`, `fdh` and the others have no range of their own.

    References
    ----------
    .. [1] C. Cazals, J.-P. Florens and L. Simar (2002). Nonparametric frontier estimation: a robust approach. Journal of
       Econometrics 106(1), 1-25. https://doi.org/10.1016/S0304-4076(01)00080-X

    Examples
    --------
    >>> table = pd.DataFrame({"cost": [2.0, 4.0, 8.0, 6.0, 9.0, 7.0], "result": [1.0, 4.0, 6.0, 3.0, 6.0, 2.0]}, index=[*"ABCDEF"])
    >>> result = compare_methods(Sample.from_table(table, "cost", "result"), methods=["dea", "fdh"])
    >>> result.ranks["dea"].tolist(), result.ranks["fdh"].tolist()
    ([1.0, 1.0, 1.0, 5.0, 4.0, 6.0], [1.0, 1.0, 1.0, 5.0, 4.0, 6.0])
    """
    options = _check(methods, orientation, rts, m, alpha, replications, level, seed)
    sample = comparable(sample)
    parts = []
    for method in methods:
        try:
            scored = SCORING[method](sample, options)
        except (SampleError, SolverError) as error:
            raise type(error)(f"{method}: {error} Or leave {method!r} out of `methods`.") from error
        parts.append(_tabulate(method, sample, scored))
    info = {
        "methods": tuple(methods),
        **{name: value for name, value in options._asdict().items() if name != "seed"},
        "n_units": len(sample),
        "inputs": sample.inputs,
        "outputs": sample.outputs,
        "version": __version__,
    }
    return MethodComparison(pd.concat(parts, ignore_index=True), MappingProxyType(info))


def _check(
    methods: Any,
    orientation: Orientation,
    rts: ReturnsToScale,
    m: int,
    alpha: float,
    replications: int,
    level: float,
    seed: int | None,
) -> Options:
    if isinstance(methods, str) or not isinstance(methods, Sequence) or not methods:
        raise OptionError(f"methods={methods!r} names no methods. Give a list, such as ['dea', 'fdh'].")
    for method in methods:
        check_option("methods", method, Method)
    if len(set(methods)) < len(methods):
        raise OptionError(f"methods={methods!r} names a method twice.")
    level = check_level(level)
    if DRAWING.intersection(methods):
        if isinstance(seed, np.random.Generator):
            raise OptionError("seed must be an int here: every method starts from it anew.")
        check_seed(seed)
        replications = check_replications(replications, level)
    check_option("orientation", orientation, Orientation)
    check_option("rts", rts, ReturnsToScale)
    return Options(orientation, rts, m, alpha, replications, level, seed)


def _tabulate(method: str, sample: Sample, scored: Scored) -> pd.DataFrame:
    rounded = pd.Series(np.round(scored.efficiency, DECIMALS))
    missing = pd.Series([pd.NA] * len(sample), dtype="Int64")
    # Everybody first is nobody's rank: so sfa where it finds no inefficiency.
    tells_apart = len(sample) == 1 or bool(rounded.max() > rounded.min())
    rank = rounded.rank(ascending=False, method="min").astype("Int64") if tells_apart else missing
    low, high = map(pd.Series, scored.ranks) if scored.ranks is not None and tells_apart else (missing, missing)
    return pd.DataFrame(
        {
            "method": method,
            "unit": sample.index,
            "name": sample.names,
            "efficiency": scored.efficiency,
            "rank": rank,
            # The rank seen belongs to its range, whatever the draws say.
            "rank_low": np.minimum(low.astype("Int64"), rank),
            "rank_high": np.maximum(high.astype("Int64"), rank),
            "reason": list(scored.reason),
        }
    )


def _plain(result: TabularResult | FrontierResult, column: str = "efficiency") -> Scored:
    scores = result.scores
    efficiency = scores[column].to_numpy(dtype=np.float64)
    reason = scores["reason"].where(np.isnan(efficiency), "") if "reason" in scores else [""] * len(scores)
    return Scored(efficiency, list(reason))


def _bootstrap(sample: Sample, o: Options) -> Scored:
    scores = bootstrap(
        sample, orientation=o.orientation, rts=o.rts, replications=o.replications, level=o.level, seed=o.seed
    ).scores
    ranks = scores[["rank_low", "rank_high"]].to_numpy().T
    return Scored(scores["corrected"].to_numpy(), [""] * len(scores), ranks)


def _partial(
    sample: Sample, o: Options, result: TabularResult, statistic: Callable[..., Floats], **order: Any
) -> Scored:
    counts = draw_counts(len(sample), o.replications, o.generator())
    t = technology_of(sample, o.orientation, "vrs")
    drawn = resample(t, *figures(sample), counts, partial(statistic, **order))
    scored = _plain(result)
    drawn[:, np.isnan(scored.efficiency)] = np.nan
    return scored._replace(ranks=_rank_range(drawn, o.level))


def _order_m(sample: Sample, o: Options) -> Scored:
    return _partial(sample, o, order_m(sample, orientation=o.orientation, m=o.m), expected_bests, m=o.m)


def _order_alpha(sample: Sample, o: Options) -> Scored:
    result = order_alpha(sample, orientation=o.orientation, alpha=o.alpha)
    return _partial(sample, o, result, bests_but_share, alpha=o.alpha)


def _rank_range(efficiency: Floats, level: float) -> Floats:
    """Return the quantiles of the ranks of drawn efficiencies, shape (B, n): lowest and highest, shape (2, n).

    Units beyond comparison (infinite) share the first rank of their draw; a unit that is NaN in a draw gets NaN.
    """
    ranks = pd.DataFrame(np.round(efficiency, DECIMALS)).rank(axis=1, ascending=False, method="min").to_numpy()
    low = np.quantile(ranks, (1.0 - level) / 2.0, axis=0, method="lower")
    high = np.quantile(ranks, (1.0 + level) / 2.0, axis=0, method="higher")
    return np.array([low, high])


def _sfa(sample: Sample, o: Options) -> Scored:
    is_cost = o.orientation == "input"
    result = sfa(sample, frontier="cost" if is_cost else "production", level=o.level)
    if not result.converged:
        return _plain(result)._replace(reason=["the likelihood has no maximum"] * len(sample))
    own = np.log(sample.X[:, 0] if is_cost else sample.Y[:, 0])
    shortfall = (own - np.log(result.predict(sample).to_numpy())) * (1.0 if is_cost else -1.0)
    uniform = o.generator().random((o.replications, len(sample)))
    drawn = draw_inefficiency(shortfall, result.info["sigma_u"], result.info["sigma_v"], uniform)
    return _plain(result)._replace(ranks=_rank_range(np.exp(-drawn), o.level))


def draw_inefficiency(shortfall: Floats, sigma_u: float, sigma_v: float, uniform: Floats) -> Floats:
    """Draw inefficiencies from their half-normal distributions given the residuals (Jondrow and others 1982).

    Parameters
    ----------
    shortfall : ndarray, shape (n,)
        Log of cost over frontier cost, or of frontier output over output: u minus (or plus) noise.
    sigma_u, sigma_v : float
        Standard deviations before truncation, and of the noise.
    uniform : ndarray, shape (B, n)
        Between 0 and 1.

    Returns
    -------
    ndarray, shape (B, n)
        At least 0; all 0 where there is no inefficiency.
    """
    if sigma_u == 0.0:
        return np.zeros_like(uniform)
    variance = sigma_u**2 + sigma_v**2
    location, scale = shortfall * sigma_u**2 / variance, sigma_u * sigma_v / np.sqrt(variance)
    if scale == 0.0:
        return np.broadcast_to(np.maximum(location, 0.0), uniform.shape)
    # By the upper tail in logarithms, which stays exact where the untruncated distribution lies far below 0.
    tail = np.log1p(-uniform) + log_ndtr(location / scale)
    drawn: Floats = np.maximum(location - scale * ndtri_exp(tail), 0.0)
    return drawn


#: How each method scores.
SCORING: Final[dict[str, Callable[[Sample, Options], Scored]]] = {
    "dea": lambda sample, o: _plain(dea(sample, orientation=o.orientation, rts=o.rts)),
    "bootstrap": _bootstrap,
    "fdh": lambda sample, o: _plain(fdh(sample, orientation=o.orientation)),
    "order_m": _order_m,
    "order_alpha": _order_alpha,
    "slacks_based": lambda sample, o: _plain(slacks_based(sample, orientation=o.orientation, rts=o.rts)),
    "super_efficiency": lambda sample, o: _plain(super_efficiency(sample, orientation=o.orientation, rts=o.rts)),
    "cross_efficiency": lambda sample, o: _plain(cross_efficiency(sample, orientation=o.orientation), "cross"),
    "sfa": _sfa,
}
