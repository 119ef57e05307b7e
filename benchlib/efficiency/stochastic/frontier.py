"""Stochastic frontier analysis: `sfa` separates inefficiency from noise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from types import MappingProxyType
from typing import Any, Final

import numpy as np
import pandas as pd

from benchlib import __version__
from benchlib.efficiency.checks import check_level
from benchlib.efficiency.sample import Sample
from benchlib.efficiency.stochastic.estimation import Estimate, estimate
from benchlib.efficiency.stochastic.model import FrontierEstimates, FrontierModel
from benchlib.efficiency.stochastic.moments import expected_efficiency, moments, upper_quantile
from benchlib.efficiency.stochastic.records import Records, read
from benchlib.efficiency.stochastic.results import InefficiencyTest, SfaResult
from benchlib.efficiency.stochastic.specification import Specification
from benchlib.errors import AssumptionWarning, NotConvergedWarning, warn
from benchlib.terms import Decay, FrontierKind, FunctionalForm, InefficiencyDistribution

#: What a maximum at the edge of the model means, and what to do.
REMARKS: Final = {
    "no inefficiency": (
        "The likelihood is greatest without inefficiency: the frontier is that of least squares and every efficiency is 1. The "
        "figures show no inefficiency of the assumed kind, which does not prove that there is none. Reconsider the variables, "
        "use more units, or compare with dea."
    ),
    "exponential limit": (
        "The mean of the truncated normal runs to minus infinity: the likelihood is greatest where inefficiency is exponential. "
        "Scores and standard errors are those of this limit. Use distribution='exponential' instead, with variance=... in place "
        "of mean=...."
    ),
    "no noise": (
        "The likelihood is greatest without noise: the frontier envelops all units, every deviation counts as inefficiency, and "
        "there are no standard errors. Use more units or fewer variables, or compare with dea."
    ),
    "inefficiency in part": (
        "The likelihood is greatest where some units have no inefficiency at all, so that the coefficients of mean and variance "
        "run away and have no standard errors. Leave out the covariate that sets these units apart."
    ),
}


def sfa(
    sample: Sample | Mapping[Any, Sample],
    *,
    frontier: FrontierKind = "production",
    form: FunctionalForm = "cobb-douglas",
    distribution: InefficiencyDistribution = "half-normal",
    prices: str | Sequence[str] = (),
    mean: str | Sequence[str] = (),
    mean_intercept: bool = True,
    variance: str | Sequence[str] = (),
    noise: str | Sequence[str] = (),
    decay: Decay = "none",
    level: float = 0.95,
) -> SfaResult:
    """Score units against a stochastic frontier: maximum likelihood estimates of what is noise and what is inefficiency.

    A production frontier says what output the inputs allow, a cost frontier what cost the outputs require:

        ln y = x'beta + v - u   (production)        ln c = x'beta + v + u   (cost)

    with noise v ~ N(0, sigma_v^2) and inefficiency u >= 0 [1]_ [2]_. The residual shows only the two together; u is inferred from
    its skewness, and for a single unit with little certainty, which is why the scores come with intervals.

    Parameters
    ----------
    sample : Sample or mapping of periods to samples
        A production frontier needs one output and any inputs, a cost frontier one input (the cost) and any outputs; all figures
        positive. Several periods are given as `{2023: sample, 2024: sample}`, and units need not be in all of them.
    frontier : {"production", "cost"}
        What is explained.
    form : {"cobb-douglas", "translog"}
        Linear in logarithms, or with half their squares and their products. The logs of a translog are taken as deviations from
        their means in the sample, so that first-order coefficients are elasticities at the mean.
    distribution : {"half-normal", "exponential", "truncated-normal"}
        Of u: N(0, sigma_u^2) without its negative half [1]_; exponential with mean and standard deviation sigma_u [2]_;
        N(mu, sigma_u^2) cut off below 0 [3]_.
    prices : list of str
        Context columns that are prices of what the cost is spent on; they enter a cost frontier in logarithms. That costs double
        when all prices double is not imposed: divide the cost and the other prices by one of them if it is to be.
    mean : list of str
        Context columns in the mean of the truncated normal, mu = z'delta [4]_.
    mean_intercept : bool
        Whether delta begins with a constant.
    variance, noise : list of str
        Context columns in ln sigma_u^2 and ln sigma_v^2 [5]_, beside a constant.
    decay : {"none", "time", "independent"}
        With several periods: each unit has the same u in all of them; u exp(-eta (t - T)), so that inefficiency falls (eta > 0) or grows
        towards the last period T [6]_; or a u of its own in each period, which `mean` and `variance` require.
        t is the period if all periods are numbers, and else its place in the mapping.
    level : float
        Probability of the intervals of scores and coefficients, and of the critical value of the test.

    Returns
    -------
    SfaResult
        With scores, coefficients and the test for inefficiency.

    Raises
    ------
    OptionError
        If an option is not allowed, or two do not fit together.
    SampleError
        If there are several outputs (production) or inputs (cost), a figure is missing or not positive, a context column is absent
        or not a number, variables are constant or combinations of each other, there are no more observations than
        parameters, or inefficiency is to last over periods and no unit is in two of them.

    Warns
    -----
    AssumptionWarning
        If the maximum lies at the edge of the model (see Notes), or least-squares residuals are skewed the wrong way.
    NotConvergedWarning
        If no maximum was found; then all numbers are NaN.

    Notes
    -----
    *Scores.* Given the residuals, u has a truncated normal distribution. `efficiency` is the mean of exp(-u) [7]_, `inefficiency` that of
    u, `jlms` is exp(-inefficiency) [8]_, `low` and `high` are quantiles [9]_. For a cost frontier exp(-u) is least cost over
    actual cost. The uncertainty of the coefficients is not included.

    *Maximum.* Newton's method with exact derivatives in standardised variables, from several starts for the truncated normal, whose
    likelihood can have several maxima. A maximum is accepted where the Hessian is negative definite and a Newton step less than
    a millionth of a standard error; standard errors come from the same Hessian.

    *Edges.* `info["boundary"]` says where the maximum is if it is not inside the model:

    - ``no inefficiency``: the residuals are skewed the wrong way, and least squares is the maximum [10]_. All efficiencies are 1.
    - ``exponential limit``: mu and sigma_u run away together towards the exponential distribution. All other numbers are those of
      the limit.
    - ``no noise``: the frontier envelops the units as a deterministic one would. No standard errors.
    - ``inefficiency in part``: covariates take all inefficiency from some units. Their coefficients have no standard errors.

    In small samples the likelihood can be higher still without noise, where the frontier touches some units, than at a maximum inside the
    model or at least squares. As with other parameters that bound the range of the data [12]_ that edge is not preferred to them;
    `info["is_exceeded"]` says that it is there.

    *Test.* `inefficiency_test` compares with the model without u. Where mu, delta or eta vanish together with sigma_u, its
    distribution is customary [11]_ rather than proven.

    References
    ----------
    .. [1] D. Aigner, C. A. K. Lovell and P. Schmidt (1977). Formulation and estimation of stochastic frontier production function
       models. Journal of Econometrics 6(1), 21-37. https://doi.org/10.1016/0304-4076(77)90052-5
    .. [2] W. Meeusen and J. van den Broeck (1977). Efficiency estimation from Cobb-Douglas production functions with composed
       error. International Economic Review 18(2), 435-444. https://doi.org/10.2307/2525757
    .. [3] R. E. Stevenson (1980). Likelihood functions for generalized stochastic frontier estimation. Journal of Econometrics
       13(1), 57-66. https://doi.org/10.1016/0304-4076(80)90042-1
    .. [4] G. E. Battese and T. J. Coelli (1995). A model for technical inefficiency effects in a stochastic frontier production
       function for panel data. Empirical Economics 20(2), 325-332. https://doi.org/10.1007/BF01205442
    .. [5] S. B. Caudill, J. M. Ford and D. M. Gropper (1995). Frontier estimation and firm-specific inefficiency measures in the
       presence of heteroscedasticity. Journal of Business & Economic Statistics 13(1), 105-111.
       https://doi.org/10.1080/07350015.1995.10524583
    .. [6] G. E. Battese and T. J. Coelli (1992). Frontier production functions, technical efficiency and panel data: with
       application to paddy farmers in India. Journal of Productivity Analysis 3(1-2), 153-169. https://doi.org/10.1007/BF00158774
    .. [7] G. E. Battese and T. J. Coelli (1988). Prediction of firm-level technical efficiencies with a generalized frontier
       production function and panel data. Journal of Econometrics 38(3), 387-399. https://doi.org/10.1016/0304-4076(88)90053-X
    .. [8] J. Jondrow, C. A. K. Lovell, I. S. Materov and P. Schmidt (1982). On the estimation of technical inefficiency in the
       stochastic frontier production function model. Journal of Econometrics 19(2-3), 233-238.
       https://doi.org/10.1016/0304-4076(82)90004-5
    .. [9] W. C. Horrace and P. Schmidt (1996). Confidence statements for efficiency estimates from stochastic frontier models.
       Journal of Productivity Analysis 7(2-3), 257-282. https://doi.org/10.1007/BF00157044
    .. [10] D. M. Waldman (1982). A stationary point for the stochastic frontier likelihood. Journal of Econometrics 18(2), 275-279.
    .. [11] T. Coelli (1995). Estimators and hypothesis tests for a stochastic frontier function: a Monte Carlo analysis. Journal of
       Productivity Analysis 6(3), 247-268.
    .. [12] R. L. Smith (1985). Maximum likelihood estimation in a class of nonregular cases. Biometrika 72(1), 67-90.
       https://doi.org/10.1093/biomet/72.1.67

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> rng = np.random.default_rng(7)
    >>> pupils = rng.uniform(200, 4000, 300)
    >>> waste = np.abs(rng.normal(0, 0.3, 300))
    >>> cost = 3000 * pupils**0.9 * np.exp(rng.normal(0, 0.1, 300) + waste)
    >>> sample = Sample.from_table(pd.DataFrame({"cost_eur": cost, "pupils": pupils}), inputs="cost_eur", outputs="pupils")
    >>> result = sfa(sample, frontier="cost")
    >>> result.coefficients[["term", "estimate", "standard_error"]].round(2)
                      term  estimate  standard_error
    0                const      7.94            0.11
    1           ln(pupils)      0.91            0.01
    2  ln sigma_u^2: const     -2.59            0.19
    3  ln sigma_v^2: const     -4.59            0.33
    >>> result.scores[["efficiency", "low", "high"]].head(3).round(2)
       efficiency   low  high
    0        0.89  0.75  0.99
    1        0.92  0.79  1.00
    2        0.89  0.76  0.99
    >>> result.inefficiency_test.p < 0.01
    True
    """
    level = check_level(level)
    specification = Specification.of(
        frontier=frontier,
        form=form,
        distribution=distribution,
        prices=prices,
        mean=mean,
        mean_intercept=mean_intercept,
        variance=variance,
        noise=noise,
        decay=decay,
    )
    records = read(sample, specification)
    found = estimate(records.observations)
    explained = f"ln({records.frontier.explained})"
    model = FrontierModel(records.observations, records.terms, explained)
    estimation = FrontierEstimates(model, found.theta, found.covariance, found.loglik)
    info = _info(records, specification, found, level)
    _warn(records, info)
    return SfaResult(
        _scores(records, found, level),
        MappingProxyType(info),
        _coefficients(records, estimation, level),
        _test(records, found, level),
        estimation,
        records.frontier,
    )


def _scores(records: Records, found: Estimate, level: float) -> pd.DataFrame:
    """Return the scores table: inefficiency given the residuals, in the order of the samples."""
    o, tail = records.observations, 0.5 * (1.0 - level)
    a, b = o.by_observation(found.a), o.by_observation(found.b)
    inefficiency = moments(a, b).first * found.path
    columns = {
        "efficiency": expected_efficiency(a, b, found.path),
        "jlms": np.exp(-inefficiency),
        "low": np.exp(-upper_quantile(a, b, tail) * found.path),
        "high": np.exp(-upper_quantile(a, b, 1.0 - tail) * found.path),
        "inefficiency": inefficiency,
    }
    back = np.argsort(records.order)
    units = [unit for sample in records.samples for unit in sample.units]
    labels: dict[str, Any] = {
        "unit": pd.Index(units, tupleize_cols=False),
        "name": [name for sample in records.samples for name in sample.names],
    }
    if records.periods is not None:
        sizes = [len(sample) for sample in records.samples]
        labels["period"] = pd.Index(records.periods, tupleize_cols=False).repeat(sizes)
    return pd.DataFrame(labels | {name: values[back] for name, values in columns.items()})


def _coefficients(records: Records, estimation: FrontierEstimates, level: float) -> pd.DataFrame:
    interval = estimation.conf_int(alpha=1.0 - level)
    return pd.DataFrame(
        {
            "term": records.terms,
            "estimate": estimation.params,
            "standard_error": estimation.bse,
            "z": estimation.tvalues,
            "p": estimation.pvalues,
            "low": interval[:, 0],
            "high": interval[:, 1],
        }
    )


def _test(records: Records, found: Estimate, level: float) -> InefficiencyTest:
    part = records.observations.parts
    lost = sum(part[name].stop - part[name].start for name in ("mean", "variance", "decay"))
    return InefficiencyTest(max(2.0 * (found.loglik - found.loglik_null), 0.0), lost, level)


def _info(records: Records, specification: Specification, found: Estimate, level: float) -> dict[str, Any]:
    n, residual = len(records.residual), records.residual
    spread = np.mean(np.square(residual))
    total = found.variance_u + found.variance_v
    with np.errstate(divide="ignore"):
        ratio = float(np.sqrt(np.divide(found.variance_u, found.variance_v)))
    return {
        "method": "SFA",
        **asdict(specification),
        "level": level,
        "n_units": len({unit for sample in records.samples for unit in sample.units}),
        "n_periods": None if records.periods is None else len(records.periods),
        "n_observations": n,
        "loglik": found.loglik,
        "loglik_ols": float(-0.5 * n * (np.log(2.0 * np.pi * spread) + 1.0)),
        "skewness": float(np.mean(residual**3) / spread**1.5),
        "sigma_u": float(np.sqrt(found.variance_u)),
        "sigma_v": float(np.sqrt(found.variance_v)),
        "sigma_squared": total,
        "gamma": found.variance_u / total,
        "lambda": ratio,
        "converged": found.converged,
        "boundary": found.boundary,
        "is_exceeded": found.is_exceeded,
        "gradient": found.gradient,
        "version": __version__,
    }


def _warn(records: Records, info: dict[str, Any]) -> None:
    """Say plainly what keeps the result from being an ordinary one."""
    o = records.observations
    is_wrong = o.sign * info["skewness"] >= 0.0
    skewed = (
        f"Least-squares residuals are skewed the wrong way ({info['skewness']:+.3f}; inefficiency makes the skewness "
        f"{'negative' if o.sign > 0.0 else 'positive'}). "
    )
    if not info["converged"]:
        warn(
            "The likelihood has no maximum that could be found, so all numbers are NaN. "
            + (
                "noise=... can take all noise from some units, where it has none; leave it out. "
                if info["noise"]
                else ""
            )
            + "Use fewer variables or covariates, a simpler distribution such as 'half-normal', or more units.",
            NotConvergedWarning,
        )
    elif info["boundary"]:
        warn(
            (skewed if is_wrong and info["boundary"] == "no inefficiency" else "") + REMARKS[info["boundary"]],
            AssumptionWarning,
        )
    elif is_wrong and o.is_alike and o.first is None:
        warn(
            skewed
            + "A maximum with inefficiency was found all the same, but the figures hardly support it; see inefficiency_test.",
            AssumptionWarning,
        )
