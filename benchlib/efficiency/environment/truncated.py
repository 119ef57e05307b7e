"""Regression on context of an outcome that is seen only beyond a limit: `truncated_regression`."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from benchlib import __version__
from benchlib.efficiency.checks import check_level, is_real
from benchlib.efficiency.environment.context import Design, design_of
from benchlib.efficiency.environment.likelihood import TruncatedFit, covariance, fit_truncated, truncated_mean
from benchlib.efficiency.results import TabularResult, as_html, as_text
from benchlib.efficiency.sample import listed
from benchlib.errors import NotConvergedWarning, OptionError, SampleError, warn
from benchlib.terms import TruncationSide, check_option

Floats = NDArray[np.float64]

#: The last row of a table of coefficients: the standard deviation of the untruncated outcome.
SIGMA = "sigma"


@dataclass(frozen=True, eq=False, repr=False)
class TruncatedRegressionResult(TabularResult):
    """A truncated regression: coefficients, and what they make of each unit.

    Attributes
    ----------
    scores : DataFrame
        A row per unit: unit, outcome, expected (given the context and that the outcome is beyond the limit), residual.
    coefficients : DataFrame
        A row per term, then sigma: term, estimate, standard_error, z, p_value, low, high. z and p_value are missing for
        sigma, whose interval is made on the logarithmic scale.
    covariance : DataFrame
        Of the estimates: inverse of the observed information.
    info : mapping
        method, limit, side, level, n_units, log_likelihood, gradient (its greatest entry, per unit, for an outcome and
        context of size 1), converged, reference_levels (of categories), version of benchlib. If it has not
        converged, all estimates are NaN.
    """

    coefficients: pd.DataFrame
    covariance: pd.DataFrame

    @property
    def title(self) -> str:
        """The model and how well it fits."""
        comparison = ">" if self.info["side"] == "left" else "<"
        state = f"log-likelihood {self.info['log_likelihood']:.4f}" if self.info["converged"] else "not converged"
        return f"Truncated regression, outcome {comparison} {self.info['limit']:g}; {len(self.scores)} units, {state}"

    def summary(self) -> str:
        """Return the model and its coefficients as text."""
        return f"{self.title}\n\n{as_text(self.coefficients)}"

    def _repr_html_(self) -> str:
        return as_html(self.title, self.coefficients)


def truncated_regression(
    outcome: pd.Series,
    context: pd.DataFrame,
    *,
    limit: float = 1.0,
    side: TruncationSide = "left",
    level: float = 0.95,
) -> TruncatedRegressionResult:
    """Explain an outcome that exists only beyond a limit, such as a distance from the frontier, by context.

    The outcome is z'beta plus a normal error of standard deviation sigma, and nothing is known of units whose outcome does not exceed
    the limit: not even that they exist [1]_. Ordinary least squares is then biased towards 0, and so is a regression that takes
    units at the limit for censored ones. The coefficients are those of the untruncated outcome, in its units per unit of
    context; the expected outcome of a unit moves by less.

    Parameters
    ----------
    outcome : Series, length n
        Figures beyond the limit; the index names the units.
    context : DataFrame, n rows
        A row per unit with numbers, booleans or categories (compared with a reference level, see `info`).
    limit : float
        What is not beyond it was not seen.
    side : {"left", "right"}
        Where the limit cuts: outcomes lie above a left limit and below a right one.
    level : float
        Probability of the intervals, between 0 and 1.

    Returns
    -------
    TruncatedRegressionResult

    Raises
    ------
    OptionError
        If an option is not allowed.
    SampleError
        If the two tables name different units, a figure is missing, an outcome is not beyond the limit, a context variable is
        constant or follows from others, or there are fewer than two units for each parameter.

    Warns
    -----
    NotConvergedWarning
        If the likelihood has no maximum: the outcomes are spread as widely as an exponential distribution, to which a truncated
        normal distribution with a mean far beyond the limit is the nearest.

    Notes
    -----
    The likelihood is concave in beta / sigma^2 and 1 / sigma^2; it is maximised there by Newton's method from the least-squares
    start, until its gradient vanishes. Standard errors come from the observed information, z and p_value from the
    normal distribution.

    References
    ----------
    .. [1] J. A. Hausman and D. A. Wise (1977). Social experimentation, truncated distributions, and efficient estimation.
       Econometrica 45(4), 919-938. https://doi.org/10.2307/1912682

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> rng = np.random.default_rng(1)
    >>> share = pd.Series(rng.uniform(0.0, 1.0, 500), name="rural_share")
    >>> distance = 0.5 + 2.0 * share + 0.5 * pd.Series(rng.standard_normal(500))
    >>> seen = distance > 1.0
    >>> result = truncated_regression(distance[seen], share[seen].to_frame())
    >>> print(result.coefficients[["term", "estimate", "standard_error"]].round(2).to_string(index=False))
           term  estimate  standard_error
      intercept      0.41            0.14
    rural_share      2.12            0.18
          sigma      0.52            0.03
    """
    check_option("side", side, TruncationSide)
    level = check_level(level)
    if not is_real(limit) or not np.isfinite(limit):
        raise OptionError(f"limit={limit!r} is not a number.")
    outcome = _read_outcome(outcome, context, float(limit), side)
    design = design_of(context)
    y = outcome.to_numpy(dtype=np.float64)
    fit = fit_truncated(y[None, :], design.Z, float(limit), side)
    converged = bool(fit.is_converged[0])
    if not converged:
        warn_no_maximum(outcome, float(limit))
    scores, coefficients, spread = _tabulate(outcome, design, fit, float(limit), side, level)
    info = {
        "method": "truncated regression",
        "limit": float(limit),
        "side": side,
        "level": level,
        "n_units": len(outcome),
        "log_likelihood": float(fit.log_likelihood[0]) if converged else float("nan"),
        "gradient": float(fit.gradient[0]),
        "converged": converged,
        "reference_levels": design.reference_levels,
        "version": __version__,
    }
    return TruncatedRegressionResult(scores, MappingProxyType(info), coefficients, spread)


def warn_no_maximum(outcome: pd.Series, limit: float) -> None:
    """Warn that the likelihood of a truncated regression has no maximum, and name the units that matter most."""
    farthest = (outcome - limit).abs().sort_values(ascending=False, kind="stable").index[:3]
    warn(
        "The truncated regression has no maximum: outcomes are spread so widely beyond the limit that sigma grows without end. "
        f"All estimates are NaN. Look at the units farthest from the limit: {listed(farthest)}.",
        NotConvergedWarning,
    )


def _read_outcome(outcome: Any, context: Any, limit: float, side: str) -> pd.Series:
    """Return the outcome in the order of the context, or raise SampleError if it is not what it should be."""
    if not isinstance(outcome, pd.Series) or not isinstance(context, pd.DataFrame):
        raise SampleError(
            f"outcome must be a Series and context a DataFrame, with a row per unit; not {type(outcome).__name__} "
            f"and {type(context).__name__}."
        )
    if not context.shape[1]:
        raise SampleError("context has no columns, so there is nothing to explain the outcome by.")
    if not outcome.index.is_unique or set(outcome.index) != set(context.index) or len(outcome) != len(context):
        different = set(outcome.index) ^ set(context.index) or set(outcome.index[outcome.index.duplicated()])
        raise SampleError(
            f"outcome and context must name the same units, each once; not so for {listed(sorted(different, key=str))}."
        )
    if not pd.api.types.is_numeric_dtype(outcome):
        raise SampleError(f"outcome holds {outcome.dtype}, not numbers. Convert it with pandas.to_numeric first.")
    figures: pd.Series = outcome.loc[context.index].astype(np.float64)
    beyond = figures - limit if side == "left" else limit - figures
    wrong = figures.index[~(beyond > 0.0) | np.isinf(beyond)]
    if len(wrong):
        word = "above" if side == "left" else "below"
        raise SampleError(
            f"Outcomes must be finite and {word} the limit {limit:g}; not so for {listed(wrong)}. "
            "What is at the limit or missing was not seen; leave these units out."
        )
    return figures


def _tabulate(
    outcome: pd.Series, design: Design, fit: TruncatedFit, limit: float, side: str, level: float
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return scores, coefficients and their covariance, with NaN for estimates if the fit has not converged."""
    size = len(design.terms) + 1
    estimate, spread = np.full(size, np.nan), np.full((size, size), np.nan)
    expected = np.full(len(outcome), np.nan)
    if fit.is_converged[0]:
        beta, sigma = fit.beta[0], float(fit.sigma[0])
        estimate, spread = np.append(beta, sigma), covariance(design.Z, beta, sigma, limit, side)
        sign = 1.0 if side == "left" else -1.0
        expected = sign * truncated_mean(sign * (design.Z @ beta), sigma, sign * limit)
    error = np.sqrt(np.diagonal(spread))
    z = np.append(estimate[:-1] / error[:-1], np.nan)
    reach = ndtri((1.0 + level) / 2.0) * error
    low, high = estimate - reach, estimate + reach
    low[-1], high[-1] = estimate[-1] * np.exp(np.array([-1.0, 1.0]) * reach[-1] / estimate[-1])
    terms = [*design.terms, SIGMA]
    coefficients = pd.DataFrame(
        {
            "term": terms,
            "estimate": estimate,
            "standard_error": error,
            "z": z,
            "p_value": 2.0 * ndtr(-np.abs(z)),
            "low": low,
            "high": high,
        }
    )
    y = outcome.to_numpy()
    scores = pd.DataFrame({"unit": outcome.index, "outcome": y, "expected": expected, "residual": y - expected})
    return scores, coefficients, pd.DataFrame(spread, index=terms, columns=terms)
