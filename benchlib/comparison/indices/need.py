"""Need: what a service would be expected to cost under a municipality's conditions, estimated without the municipality itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats
from statsmodels.regression.linear_model import OLS

from benchlib.comparison.figures import near_year
from benchlib.errors import FewUnitsWarning, OptionError, SampleError, warn
from benchlib.indicators import Store, catalogue_of, load_indicators
from benchlib.terms import Access, Classification

Floats = NDArray[np.float64]
#: Units that each condition needs.
_UNITS_PER_TERM = 10
#: Skewness from which a positive condition is taken on the logarithm, if that makes it less skewed.
_SKEWED = 1.0
#: Left-out R² below which the model tells hardly more than the mean.
_LITTLE = 0.10


@dataclass(frozen=True)
class NeedResult:
    """A unit cost beside what conditions let expect.

    Attributes
    ----------
    indicator : str
        The unit cost.
    year : int
        Its year.
    table : pandas.DataFrame
        A row per municipality with a cost: `territory`, `cost`, `expected` (fitted to the others alone; but whether a condition counts as
        its logarithm is decided with all, see `coefficients`), `expected_low`, `expected_high` (prediction interval), `deviation` (cost
        minus expected), `adjusted`, `adjusted_low`, `adjusted_high` (cost minus expected plus the mean cost), `position` ("above",
        "within" or "below" the interval; "unknown" where a condition is missing, or where one holds for this municipality alone, so that
        the others let expect nothing).
    coefficients : pandas.DataFrame
        A row per term: `term` ("constant" or an indicator), `estimate`, `low`, `high` (robust interval), `p`, `is_logarithmic`, `usual`
        (standard deviation of the condition, in its own unit).
    r_squared, r_squared_left_out : float
        Share of the variation of cost that the conditions explain: among the units of the regression, and for units left out of it (may be
        negative: worse than the mean; NaN where one of them cannot be expected from the others).
    units : int
        Municipalities in the regression.
    left_out : tuple of str
        Those with a cost, but without all conditions.
    years : mapping of str to int
        Year of each condition.
    level : float
        Level of the intervals.
    """

    indicator: str
    year: int
    table: pd.DataFrame
    coefficients: pd.DataFrame
    r_squared: float
    r_squared_left_out: float
    units: int
    left_out: tuple[str, ...]
    years: Mapping[str, int]
    level: float

    @property
    def explains_little(self) -> bool:
        """Whether conditions predict the cost of a municipality left out hardly better than the mean does."""
        return not self.r_squared_left_out >= _LITTLE

    @property
    def outside_by_chance(self) -> float:
        """How many of the intervals would leave out the cost by chance alone, if the conditions told all that can be told."""
        return self.units * (1.0 - self.level)

    @property
    def context(self) -> tuple[str, ...]:
        """The conditions, by id."""
        return tuple(self.years)

    def __repr__(self) -> str:
        return (
            f"NeedResult({self.indicator}, {self.year}, {self.units} units, R² {self.r_squared:.2f}, "
            f"left out {self.r_squared_left_out:.2f})"
        )


def need_adjusted_cost(
    indicator: str,
    context: Sequence[str],
    *,
    year: int,
    territory: Classification = "2025",
    level: float = 0.95,
    access: Access = "public",
    as_of: str | None = None,
    store: Store | None = None,
) -> NeedResult:
    """Unit cost adjusted for conditions that a municipality cannot change.

    Parameters
    ----------
    indicator : str
        A unit cost.
    context : sequence of str
        Conditions, few of them (one for every ten municipalities at most); each counts in the year nearest to `year`. Take what makes a
        service dearer from outside: density, age. Wealth or the school network are the municipality's own doing in part.
    year : int
        Year of the cost.
    territory : {"2025", "2021", "2009"}
        Classification.
    level : float
        Level of the intervals.
    access, as_of, store
        As in `load_indicators`.

    Returns
    -------
    NeedResult

    Raises
    ------
    UnknownIndicatorError, NoFiguresError
        As `load_indicators`.
    OptionError
        If the indicator is no cost, or no condition is given.
    SampleError
        If too few municipalities have all figures, or the conditions say the same.

    Notes
    -----
    Least squares of the cost on the conditions, with robust standard errors (HC3) [1]_. A positive condition with a skewness over 1 is
    taken on the logarithm if that makes it less skewed. Each municipality is predicted from the others (leave-one-out, PRESS [2]_), so
    that a high cost does not explain itself; the interval is the usual prediction interval of that regression, which takes the deviations
    for normal and equally wide. What remains is not inefficiency: it holds whatever the conditions do not, also quality.

    References
    ----------
    .. [1] J. G. MacKinnon and H. White (1985). Some heteroskedasticity-consistent covariance matrix estimators with improved finite sample
       properties. Journal of Econometrics 29(3), 305-325. https://doi.org/10.1016/0304-4076(85)90158-7
    .. [2] D. M. Allen (1974). The relationship between variable selection and data augmentation and a method for prediction.
       Technometrics 16(1), 125-127. https://doi.org/10.1080/00401706.1974.10489157

    Examples
    --------
    >>> from benchlib.comparison import need_adjusted_cost
    >>> found = need_adjusted_cost("education_expenditure_per_pupil", ["population_density"], year=2013)
    >>> found
    NeedResult(education_expenditure_per_pupil, 2013, 42 units, R² 0.25, left out 0.22)
    >>> int((found.table["position"] == "within").sum())
    39
    """
    passport = catalogue_of(store).passport(indicator)
    if passport.dimension != "cost":
        raise OptionError(f"{indicator!r} is no unit cost (its dimension is {passport.dimension}). Name one.")
    names = list(dict.fromkeys(context))
    if not names or indicator in names:
        raise OptionError(f"context={list(context)!r} must name conditions other than the cost itself.")
    asked: dict[str, Any] = {"territory": territory, "access": access, "as_of": as_of, "store": store}
    cost = load_indicators(indicator, years=year, **asked).set_index("territory")["value"]
    near = near_year(load_indicators(names, years="all", **asked), year)
    wide = near.pivot_table(index="territory", columns="indicator", values="value").reindex(columns=names)
    years = {str(name): int(of) for name, of in near.groupby("indicator")["year"].first().reindex(names).items()}
    return expected_costs(cost.rename(indicator), wide, years=years, year=year, level=level)


def expected_costs(
    cost: pd.Series, conditions: pd.DataFrame, *, years: Mapping[str, int], year: int, level: float = 0.95
) -> NeedResult:
    """As `need_adjusted_cost`, from figures in hand.

    Parameters
    ----------
    cost : pandas.Series
        Unit cost by territory; its name is the indicator.
    conditions : pandas.DataFrame
        A column per condition, by territory.
    years : mapping of str to int
        Year of each condition.
    year : int
        Year of the cost.
    level : float
        Level of the intervals.

    Returns
    -------
    NeedResult

    Raises
    ------
    OptionError
        If the level is not between 0 and 1.
    SampleError
        If too few municipalities have all figures, or the conditions say the same.
    """
    if not 0 < level < 1:
        raise OptionError(f"level={level!r} must lie between 0 and 1, for example 0.95.")
    cost = cost.dropna()
    known = conditions.reindex(cost.index).dropna()
    y = cost.loc[known.index].to_numpy(dtype=np.float64)
    names = list(conditions.columns)
    _check_units(len(known), len(names), str(cost.name))
    logs = {name: _is_better_on_logarithm(known[name]) for name in names}
    X = np.column_stack([np.ones(len(known)), *(np.log(known[n]) if logs[n] else known[n] for n in names)]).astype(
        np.float64
    )
    if np.linalg.matrix_rank((X - X.mean(axis=0)) / np.where(X.std(axis=0) > 0, X.std(axis=0), 1.0)) < len(names):
        raise SampleError(f"The conditions {', '.join(names)} say the same about the units, or nothing. Leave one out.")
    fitted = OLS(y, X).fit()
    expected, half = _left_out(y, X, fitted, level)
    mean_of_others = (y.sum() - y) / (len(y) - 1)
    left_out = 1.0 - float(((y - expected) ** 2).sum() / ((y - mean_of_others) ** 2).sum())
    columns = {"expected": expected, "expected_low": expected - half, "expected_high": expected + half}
    table = pd.DataFrame({"cost": cost}).join(pd.DataFrame(columns, index=known.index))
    return NeedResult(
        str(cost.name),
        year,
        _adjusted(table, float(cost.mean())),
        _coefficients(fitted, known, logs, level),
        float(fitted.rsquared),
        left_out,
        len(known),
        tuple(map(str, cost.index.difference(known.index))),
        dict(years),
        level,
    )


def _check_units(count: int, terms: int, indicator: str) -> None:
    if count < terms + 4:
        raise SampleError(
            f"{count} municipalities have {indicator} and all {terms} conditions; at least {terms + 4} are needed. Take fewer conditions."
        )
    if count < _UNITS_PER_TERM * terms:
        warn(
            f"{count} municipalities are few for {terms} conditions of need; what they explain is partly chance. Take at most "
            f"{count // _UNITS_PER_TERM}.",
            FewUnitsWarning,
        )


def _is_better_on_logarithm(values: pd.Series) -> bool:
    if not (values > 0).all() or values.max() == values.min():
        return False
    plain, logged = float(stats.skew(values)), float(stats.skew(np.log(values)))
    return plain > _SKEWED and abs(logged) < plain


def _left_out(y: Floats, X: Floats, fitted: Any, level: float) -> tuple[Floats, Floats]:
    """Prediction of each unit from the others, and half its prediction interval: no regression is run twice."""
    leverage = fitted.get_influence().hat_matrix_diag
    freedom = len(y) - X.shape[1]
    error = fitted.resid / (1.0 - leverage)
    variance = (fitted.ssr - fitted.resid**2 / (1.0 - leverage)) / (freedom - 1)
    half = stats.t.ppf(0.5 + level / 2, freedom - 1) * np.sqrt(variance / (1.0 - leverage))
    return np.asarray(y - error), np.asarray(half)


def _adjusted(table: pd.DataFrame, mean: float) -> pd.DataFrame:
    """Deviation, adjusted cost and position beside the expectation."""
    deviation = table["cost"] - table["expected"]
    position = np.select(
        [table["expected"].isna(), table["cost"] > table["expected_high"], table["cost"] < table["expected_low"]],
        ["unknown", "above", "below"],
        default="within",
    )
    return (
        table.assign(
            deviation=deviation,
            adjusted=deviation + mean,
            adjusted_low=table["cost"] - table["expected_high"] + mean,
            adjusted_high=table["cost"] - table["expected_low"] + mean,
            position=position,
        )
        .rename_axis("territory")
        .reset_index()
    )


def _coefficients(fitted: Any, known: pd.DataFrame, logs: Mapping[str, bool], level: float) -> pd.DataFrame:
    robust = fitted.get_robustcov_results(cov_type="HC3", use_t=True)
    interval = robust.conf_int(alpha=1.0 - level)
    return pd.DataFrame(
        {
            "term": ["constant", *known.columns],
            "estimate": robust.params,
            "low": interval[:, 0],
            "high": interval[:, 1],
            "p": robust.pvalues,
            "is_logarithmic": [False, *(logs[name] for name in known.columns)],
            "usual": [np.nan, *known.std(ddof=1)],
        }
    )
