"""The frontier as a likelihood model of statsmodels, which supplies tests, intervals and summaries."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from statsmodels.base.model import GenericLikelihoodModel, GenericLikelihoodModelResults, LikelihoodModelResults

from benchlib.efficiency.stochastic.likelihood import Observations, Point

Floats = NDArray[np.float64]


class FrontierModel(GenericLikelihoodModel):  # type: ignore[misc]
    """A stochastic frontier with exact score and Hessian.

    Parameters
    ----------
    observations : Observations
        In reported units.
    terms : tuple of str
        Names of all parameters.
    explained : str
        Name of what the frontier explains.
    """

    def __init__(self, observations: Observations, terms: tuple[str, ...], explained: str) -> None:
        self.observations = observations
        width = observations.X.shape[1]
        super().__init__(observations.y, observations.X, hasconst=True, extra_params_names=list(terms[width:]))
        self.data.xnames = list(terms)
        self.data.ynames = explained

    def initialize(self) -> None:
        """Set degrees of freedom; the designs are known to have full rank."""
        n, width = self.observations.X.shape
        self.df_model, self.df_resid = float(width - 1), float(n - width)

    def loglike(self, params: Floats) -> float:
        """Log-likelihood."""
        return Point(self.observations, np.asarray(params)).value

    def loglikeobs(self, params: Floats) -> Floats:
        """Log-likelihood of each unit (of each observation unless inefficiency persists over periods)."""
        return Point(self.observations, np.asarray(params)).by_unit

    def score(self, params: Floats) -> Floats:
        """Derivatives of the log-likelihood."""
        return Point(self.observations, np.asarray(params)).gradient

    def score_obs(self, params: Floats, **options: Any) -> Floats:
        """Derivatives of the log-likelihood of each unit."""
        return Point(self.observations, np.asarray(params)).scores

    def hessian(self, params: Floats) -> Floats:
        """Second derivatives of the log-likelihood."""
        return Point(self.observations, np.asarray(params)).hessian


class FrontierEstimates(GenericLikelihoodModelResults):  # type: ignore[misc]
    """Estimates with everything that statsmodels does with them: `t_test`, `wald_test`, `cov_params`, `summary`.

    Parameters
    ----------
    model : FrontierModel
        The model.
    params, covariance : ndarrays, shapes (k,) and (k, k)
        Estimates and the inverse of the observed information.
    loglik : float
        The greatest log-likelihood, which at a boundary cannot be computed from `params`.
    """

    def __init__(self, model: FrontierModel, params: Floats, covariance: Floats, loglik: float) -> None:
        super().__init__(model, LikelihoodModelResults(model, params, normalized_cov_params=covariance, scale=1.0))
        self.loglik = loglik

    @property
    def llf(self) -> float:
        """The greatest log-likelihood."""
        return self.loglik
