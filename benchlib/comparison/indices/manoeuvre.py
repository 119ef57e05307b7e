"""Room for manoeuvre: what a difference in unit cost amounts to in euro, against several references, each with its interval."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from benchlib.comparison.profile import Profile
from benchlib.comparison.quantiles import quantile_interval
from benchlib.comparison.ranks import MINIMUM_MEMBERS
from benchlib.errors import OptionError
from benchlib.indicators import Territory

if TYPE_CHECKING:  # they load statsmodels and numba, which a report without them does not need
    from benchlib.comparison.indices.need import NeedResult
    from benchlib.comparison.services.scores import ServiceScores

_COLUMNS = [
    "reference",
    "units",
    "value",
    "low",
    "high",
    "level",
    "room_eur",
    "room_low_eur",
    "room_high_eur",
    "is_clear",
]
#: Shares by which a cost is taken for the same in two results: they come from the same figure.
_SAME = 1e-9


@dataclass(frozen=True)
class RoomForManoeuvre:
    """What a municipality's unit cost amounts to against several references.

    Attributes
    ----------
    unit : Territory
        The municipality.
    indicator : str
        The unit cost.
    year : int
        Its year.
    cost, volume : float
        Own cost per user, and users; NaN where missing.
    table : pandas.DataFrame
        A row per reference: `reference` ("median" and "best_quarter" of the comparison group, "need": what its conditions let expect,
        "frontier": what the best practice needs; the last two where they are given), `units` (municipalities behind it), `value`, `low`,
        `high` (unit cost of the reference with its interval; NaN for median and quarter of fewer than four figures), `level` (probability
        of the interval that is reached; NaN without one), `room_eur`, `room_low_eur`, `room_high_eur` (own cost minus reference, times
        users: positive is money that would be freed at the reference's cost, negative where the municipality is cheaper), `is_clear`
        (whether the own cost lies outside the reference's interval; False without one, and for the frontier, whose interval lies below
        the own cost of everybody, even of those on the frontier: it is no test).
    volume_year : float
        Year of the users, the nearest to that of the cost; NaN without.
    """

    unit: Territory
    indicator: str
    year: int
    cost: float
    volume: float
    table: pd.DataFrame
    volume_year: float = np.nan

    def __repr__(self) -> str:
        return (
            f"RoomForManoeuvre({self.unit.name}, {self.indicator}, {self.year}, {', '.join(self.table['reference'])})"
        )


def room_for_manoeuvre(
    profile: Profile,
    indicator: str,
    *,
    need: NeedResult | None = None,
    scores: ServiceScores | None = None,
    level: float = 0.95,
) -> RoomForManoeuvre:
    """Room for manoeuvre ("handlingsrom" of KS) in euro a year, with its interval.

    Parameters
    ----------
    profile : Profile
        Position of the municipality in its comparison group.
    indicator : str
        A unit cost of the profile. Without its volume (users) there are references, but no euro.
    need : NeedResult, optional
        From `need_adjusted_cost`, for the expectation under the municipality's conditions.
    scores : ServiceScores, optional
        From `score_service`, for the frontier.
    level : float
        Level of the intervals of median and best quarter; the others have that of their results.

    Returns
    -------
    RoomForManoeuvre

    Raises
    ------
    OptionError
        If the profile does not hold the indicator, it is no unit cost, or `need` or `scores` are about another cost or year.

    Notes
    -----
    (own unit cost - reference) * users. It is a scale for discussion, not a saving: the reference may do less, or under other conditions,
    and the own figure is taken as it is. Intervals: of the median and the quarter see `quantile_interval`; of the expectation the
    prediction interval of the regression; of the frontier the bootstrap interval of the efficiency. The frontier stands at the corrected
    efficiency.

    Examples
    --------
    >>> from benchlib.comparison import comparison_group, profile, room_for_manoeuvre
    >>> group = comparison_group("Bauskas novads", group="kind", year=2013)
    >>> position = profile("education_expenditure_per_pupil", group=group, year=2013)
    >>> room = room_for_manoeuvre(position, "education_expenditure_per_pupil")
    >>> room.table[["reference", "is_clear"]].to_dict("records")
    [{'reference': 'median', 'is_clear': False}, {'reference': 'best_quarter', 'is_clear': True}]
    """
    row = profile.row(indicator)
    if row["dimension"] != "cost":
        raise OptionError(
            f"{indicator!r} is no unit cost, so it cannot be turned into euro. Name one of the dimension cost."
        )
    cost, volume, year = float(row["value"]), float(row["volume"]), int(row["year"])
    values = profile.values.loc[profile.values["indicator"] == indicator, "value"].dropna()
    references = [_of_group("median", float(row["median"]), values, 0.5, level)]
    if row["direction"]:  # spending of which neither more nor less is better has no best quarter
        share = 0.25 if row["direction"] < 0 else 0.75
        references.append(_of_group("best_quarter", _quarter(row), values, share, level))
    code = profile.municipality.code
    if need is not None:
        references += _expected(need, code, indicator, year)
    if scores is not None:
        references += _frontier(scores, code, indicator, cost)
    rows = [_row(cost, volume, *reference) for reference in references]
    table = pd.DataFrame(rows, columns=_COLUMNS)
    return RoomForManoeuvre(
        profile.municipality, indicator, year, cost, volume, table, volume_year=float(row["volume_year"])
    )


def _of_group(name: str, value: float, values: pd.Series, share: float, level: float) -> tuple[Any, ...]:
    """A quantile of the comparison group with its interval; of fewer than four figures there is neither."""
    if len(values) < MINIMUM_MEMBERS:
        return (name, len(values), np.nan, np.nan, np.nan, np.nan)
    return (name, len(values), value, *quantile_interval(values, share, level=level))


def _quarter(row: pd.Series) -> float:
    """Where the best quarter begins."""
    return float(row["lower_quartile"] if row["direction"] < 0 else row["upper_quartile"])


def _expected(need: NeedResult, code: str, indicator: str, year: int) -> list[tuple[Any, ...]]:
    if (need.indicator, need.year) != (indicator, year):
        raise OptionError(
            f"need is about {need.indicator!r} of {need.year}, the profile shows {indicator!r} of {year}."
        )
    own = need.table.loc[(need.table["territory"] == code) & need.table["expected"].notna()]
    return [
        ("need", need.units, row["expected"], row["expected_low"], row["expected_high"], need.level)
        for row in own.to_dict("records")
    ]


def _frontier(scores: ServiceScores, code: str, indicator: str, cost: float) -> list[tuple[Any, ...]]:
    """Cost at the best practice: the efficiency, corrected where it can be, times the own cost."""
    if scores.unit != code or tuple(scores.sample.inputs) != (indicator,):
        raise OptionError(
            f"scores are about {', '.join(scores.sample.inputs)} of {scores.unit}, not about {indicator!r} of {code}. Score a service "
            "with this one input for the same municipality."
        )
    if not scores.is_scored:
        return []
    if abs(scores.own[indicator] - cost) > _SAME * abs(cost):
        raise OptionError(
            f"scores are of another year: {indicator!r} is {scores.own[indicator]:g} there and {cost:g} here."
        )
    count = len(scores.sample)
    if scores.certainty is None:
        efficiency = float(scores.dea.efficiency[scores.sample.units.index(code)])
        return [("frontier", count, cost * efficiency, np.nan, np.nan, np.nan)]
    sure = scores.certainty.scores.query("unit == @code").to_dict("records")[0]
    level = float(scores.certainty.info["level"])
    return [("frontier", count, *(cost * float(sure[name]) for name in ("corrected", "low", "high")), level)]


def _row(
    cost: float, volume: float, reference: str, units: int, value: float, low: float, high: float, level: float
) -> dict[str, object]:
    room, least, most = ((cost - of) * volume for of in (value, high, low))
    return {
        "reference": reference,
        "units": units,
        "value": value,
        "low": low,
        "high": high,
        "level": level,
        "room_eur": room,
        "room_low_eur": least,
        "room_high_eur": most,
        "is_clear": reference != "frontier" and bool(cost > high or cost < low),
    }
