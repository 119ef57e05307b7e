"""What `sfa` hands back: efficiencies with intervals, coefficients, and the test for inefficiency."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import chdtrc

from benchlib.efficiency.results import TabularResult, as_text
from benchlib.efficiency.sample import Sample
from benchlib.efficiency.stochastic.model import FrontierEstimates
from benchlib.efficiency.stochastic.specification import FrontierFunction


@dataclass(frozen=True)
class InefficiencyTest:
    """The likelihood-ratio test of a frontier without inefficiency.

    Attributes
    ----------
    statistic : float
        Twice the difference of the log-likelihoods.
    restrictions : int
        Parameters that vanish without inefficiency. One of them is a variance, which cannot be negative, so that the
        statistic is a mixture in halves of chi-square with this many degrees of freedom and with one less [1]_.
    p : float
        Probability of so great a statistic if there is no inefficiency.
    level : float
        The level of the result.
    critical : float
        The value that the statistic exceeds with probability 1 - level if there is no inefficiency.

    References
    ----------
    .. [1] D. A. Kodde and F. C. Palm (1986). Wald criteria for jointly testing equality and inequality restrictions.
       Econometrica 54(5), 1243-1248. https://doi.org/10.2307/1912331
    """

    statistic: float
    restrictions: int
    level: float

    @property
    def p(self) -> float:
        """Probability of so great a statistic if there is no inefficiency."""
        return exceedance(self.statistic, self.restrictions)

    @property
    def critical(self) -> float:
        """The value that the statistic exceeds with probability 1 - level if there is no inefficiency."""
        return critical_value(self.restrictions, self.level)

    def __str__(self) -> str:
        return (
            f"Likelihood ratio {self.statistic:.4f} against no inefficiency ({self.restrictions} "
            f"restriction{'s' * (self.restrictions > 1)}): p = {self.p:.4f}, critical value {self.critical:.3f} "
            f"at level {self.level:g}"
        )


@dataclass(frozen=True, eq=False, repr=False)
class SfaResult(TabularResult):
    """Efficiencies against a stochastic frontier.

    Attributes
    ----------
    scores : DataFrame
        A row per unit (and period): unit, name, (period,) efficiency, jlms, low, high, inefficiency. `efficiency` is the mean of
        exp(-u) given the residuals, `inefficiency` that of u, `jlms` is exp(-inefficiency), and exp(-u) lies between `low` and
        `high` with the probability `level`, if the estimated coefficients were the true ones.
    coefficients : DataFrame
        term, estimate, standard_error, z, p, low, high. Infinite or NaN where `boundary` says why.
    inefficiency_test : InefficiencyTest
        Likelihood ratio against the frontier without inefficiency.
    estimation : statsmodels.base.model.GenericLikelihoodModelResults
        For further tests: `estimation.wald_test(...)`, `estimation.cov_params()`, `estimation.summary()`.
    frontier : FrontierFunction
        The variables, terms and centre of the frontier.
    info : mapping
        method, frontier, form, distribution, prices, mean, mean_intercept, variance, noise, decay, level; n_units, n_periods,
        n_observations; loglik, loglik_ols, skewness (of the residuals of least squares); sigma_u, sigma_v, sigma_squared, gamma
        (sigma_u^2 / sigma_squared), lambda (sigma_u / sigma_v); converged, boundary, is_exceeded (whether the likelihood is
        higher without noise), gradient (its greatest derivative in standard units); version.
        With covariates, sigma_u and sigma_v are roots of mean variances.
    """

    coefficients: pd.DataFrame
    inefficiency_test: InefficiencyTest
    estimation: FrontierEstimates
    frontier: FrontierFunction

    @property
    def loglik(self) -> float:
        """The greatest log-likelihood; NaN unless converged."""
        return float(self.info["loglik"])

    @property
    def converged(self) -> bool:
        """Whether a maximum was found; if not, every number is NaN."""
        return bool(self.info["converged"])

    @property
    def at_boundary(self) -> bool:
        """Whether the maximum lies at the edge of the model; `info["boundary"]` says which."""
        return bool(self.info["boundary"])

    @property
    def title(self) -> str:
        """The model and what came out, in one line."""
        i = self.info
        outcome = f"log-likelihood {i['loglik']:.4f}" if self.converged else "not converged"
        edge = f" (boundary: {i['boundary']})" if self.at_boundary else ""
        units = f"{i['n_units']} units" + (f" in {i['n_periods']} periods" if i["n_periods"] is not None else "")
        return (
            f"SFA, {i['frontier']} frontier, {i['form']}, {i['distribution']}; {units}, {outcome}{edge}, "
            f"mean efficiency {self.scores['efficiency'].mean():.4f}"
        )

    def summary(self) -> str:
        """Return the coefficients and what is known about the fit as text."""
        i = self.info
        shares = (
            f"sigma_u {i['sigma_u']:.4f}, sigma_v {i['sigma_v']:.4f}, gamma {i['gamma']:.4f}, lambda {i['lambda']:.4f}"
        )
        fit = f"Log-likelihood {i['loglik']:.4f}, of least squares {i['loglik_ols']:.4f}; skewness {i['skewness']:.4f}"
        return f"{self.title}\n\n{as_text(self.coefficients)}\n\n{shares}\n{fit}\n{self.inefficiency_test}"

    def predict(self, sample: Sample) -> pd.Series:
        """Return the frontier at the figures of a sample.

        Parameters
        ----------
        sample : Sample
            With the inputs (production) or the outputs and prices (cost) of the frontier, under the same names. Its units need not be
            those of the estimation.

        Returns
        -------
        Series
            The greatest output, or the least cost, in the unit of the variable and without noise; indexed by unit.

        Raises
        ------
        SampleError
            If a variable of the frontier is absent, missing or not positive.
        """
        design = self.frontier.design(self.frontier.logs(sample))
        coefficients = self.coefficients["estimate"].to_numpy()[: design.shape[1]]
        return pd.Series(np.exp(design @ coefficients), index=sample.index, name=self.frontier.explained)


def exceedance(statistic: float, restrictions: int) -> float:
    """Return the probability that the mixture of chi-squares with `restrictions` and one less exceeds a statistic."""
    if statistic <= 0.0:
        return 1.0
    less = chdtrc(restrictions - 1, statistic) if restrictions > 1 else 0.0
    return float(0.5 * (chdtrc(restrictions, statistic) + less))


def critical_value(restrictions: int, level: float) -> float:
    """Return what the mixture of chi-squares exceeds with probability 1 - level; 0 if it is 0 so often."""
    low, high = 0.0, 1.0
    while exceedance(high, restrictions) > 1.0 - level:
        high *= 2.0
    for _ in range(200):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if exceedance(middle, restrictions) > 1.0 - level else (low, middle)
    return high
