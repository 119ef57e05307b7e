"""Where a municipality is behind its comparison group, and how sure that is: what an improvement plan begins with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final, Literal, NamedTuple

import numpy as np
import pandas as pd

from benchlib.comparison.doubts import NO_DOUBTS, Doubts, doubtful_figures
from benchlib.comparison.figures import follows_from_settlement, near_year, with_figures
from benchlib.comparison.groups import ComparisonGroup
from benchlib.comparison.indices.manoeuvre import room_for_manoeuvre
from benchlib.comparison.plans.changes import wide_of
from benchlib.comparison.profile import Profile, profile
from benchlib.comparison.quantiles import quantile_interval
from benchlib.comparison.ranks import REACH_YEARS, SMALL_GAP, is_enough, rank_ranges
from benchlib.indicators import Catalogue, Passport, Store, catalogue_of, load_indicators
from benchlib.indicators.panel import COLUMNS
from benchlib.indicators.plans.plan import NO_SERVICE, WHOLE_REPORT
from benchlib.terms import Access

Aim = Literal["median", "quarter"]
WantedAim = Literal["auto", "median", "quarter"]
#: How many years older than the plan the figure of a goal may be.
OLDEST_BASE: Final = 2
_RANKS = ["rank", "rank_low", "rank_high", "fewest_members", "most_members"]
_COLUMNS = [
    "indicator",
    "dimension",
    "direction",
    "year",
    "value",
    "median",
    "lower_quartile",
    "upper_quartile",
    "best",
    "best_territory",
    "light",
    "members_with_figure",
    "aim",
    "aim_low",
    "aim_high",
    "aim_level",
    *_RANKS,
    "years",
    "years_worse",
    "certainty",
    "is_doubtful",
    "gap",
    "distance",
    "volume",
    "volume_year",
    "room_eur",
    "room_low_eur",
    "room_high_eur",
    "room_level",
    "why_not",
]


@dataclass(frozen=True)
class Gaps:
    """Where a municipality is behind its comparison group, and how sure that is.

    Attributes
    ----------
    profile : Profile
        The position from which the gaps are read, without figures later than the plan: all indicators of `table` but those that are
        left out for "another year".
    table : pandas.DataFrame
        A row per indicator with a direction that a municipality can influence (never context): `indicator`, `dimension`, `direction`,
        `year`, `value`, `median`, `lower_quartile`, `upper_quartile`, `best`, `best_territory` (the best of those whose figure is not
        doubtful), `light`, `members_with_figure`; `aim` (the group's figure that is aimed at) with its interval `aim_low`, `aim_high` and
        the level that this reaches (`aim_level`, see `quantile_interval`); `rank`, `rank_low`, `rank_high`, `fewest_members`,
        `most_members` (as `rank_ranges`), `years` (of the plan's year and up to two before; no later figure is looked at),
        `years_worse` (in how many of them the own figure is worse than the aim of that year), `certainty` ("doubtful": the own figure is;
        "clear": worse in all years, by more than a small gap, and outside the interval of the aim; "unclear": one of these is missing;
        "one year": nothing else is), `is_doubtful` (the own figure is used although the registry doubts it), `gap` (own minus aim),
        `distance` (gap in halves of the group's middle half), `volume` of `volume_year`, `room_eur` with `room_low_eur`, `room_high_eur`
        and `room_level` (euro a year at the unit cost aimed at, from `room_for_manoeuvre`) and `why_not` ("" if it may become a goal; else
        "by area": how dense something lies follows from settlement more than from decisions; "no figure", "too few", "another year" or
        "not worse"). Of an indicator with later figures only there is the nearest year and nothing else.
    ranks : pandas.DataFrame
        From `rank_ranges`, of all members, without figures later than the plan.
    figures : pandas.DataFrame
        Tidy indicators of the members, without figures later than the plan.
    aim : {"median", "quarter"}
        What is aimed at: the group's median, or the figure that its best quarter reaches.
    is_ahead : bool
        Whether the best quarter is aimed at because the municipality is not behind the median anywhere.
    doubts : frozenset of (str, int, str)
        From `doubtful_figures`: indicator, year and code.
    """

    profile: Profile
    table: pd.DataFrame
    ranks: pd.DataFrame
    figures: pd.DataFrame
    aim: Aim = "median"
    is_ahead: bool = False
    doubts: Doubts = NO_DOUBTS

    @property
    def open(self) -> pd.DataFrame:
        """The rows that may become goals."""
        return self.table.loc[self.table["why_not"] == ""]

    def access_of(self, indicators: Iterable[str]) -> Access:
        """Who may see the figures behind some of the indicators: "members" as soon as one of them is for members only."""
        rows = self.figures.loc[self.figures["indicator"].isin(list(indicators))]
        return "members" if len(rows) and (rows["access"] == "members").any() else "public"

    def doubtful_members(self, indicator: str) -> tuple[str, ...]:
        """Codes of the others whose figure of the year shown is doubtful; median and ranks count it."""
        years = self.table.loc[self.table["indicator"] == indicator, "year"]
        others = (unit.code for unit in self.profile.group.others)
        return tuple(code for code in others if any((indicator, int(year), code) in self.doubts for year in years))


def theme_indicators(theme: str, service: str, catalogue: Catalogue, *, access: Access = "public") -> list[str]:
    """Indicators that a plan looks through.

    Parameters
    ----------
    theme : str
        A network by id, or "report": what the report on a municipality compares.
    service : str
        Service whose inputs and outputs belong to it; "none" without.
    catalogue : Catalogue
        Networks, services and reports.
    access : {"public", "members"}
        "public" leaves out indicators that only members may know of.

    Returns
    -------
    list of str
        Each once, without context and what has no direction.

    Raises
    ------
    UnknownIndicatorError
        If there is no such network or service; the message lists them.
    """
    own: Sequence[str] = ()
    if service != NO_SERVICE:
        model = catalogue.service(service)
        own = (*model.inputs, *model.outputs)
    listed = (
        catalogue.reports["municipality"]["compared"]
        if theme == WHOLE_REPORT
        else catalogue.network(theme).indicator_ids
    )
    names = dict.fromkeys(catalogue.nameable((*own, *listed), access))
    return [name for name in names if _is_candidate(catalogue.passport(name))]


def _is_candidate(passport: Passport) -> bool:
    """Whether more or less of it is better, and a municipality can do something about it."""
    return passport.direction != 0 and passport.dimension != "context"


def find_gaps(
    ids: Iterable[str],
    *,
    group: ComparisonGroup,
    year: int,
    aim: WantedAim = "auto",
    access: Access = "public",
    as_of: str | None = None,
    store: Store | None = None,
) -> Gaps:
    """Where a municipality is behind its comparison group.

    Parameters
    ----------
    ids : iterable of str
        Indicators; those without figures, and all context, are left out.
    group : ComparisonGroup
        From `comparison_group`.
    year : int
        Year of the plan: later figures are not looked at, so that a plan made afterwards for an earlier year knows no more than one
        made then.
    aim : {"auto", "median", "quarter"}
        What is aimed at: the group's median, or the figure that its best quarter reaches. "auto" takes the median, and the best quarter
        where the municipality is not behind the median on any indicator.
    access, as_of, store
        As in `load_indicators`.

    Returns
    -------
    Gaps

    Raises
    ------
    UnknownIndicatorError
        If an id has no passport.
    """
    asked: dict[str, Any] = {"access": access, "as_of": as_of, "store": store}
    found = _gaps(ids, group, year, "quarter" if aim == "quarter" else "median", **asked)
    if aim == "auto" and found.open.empty and (found.table["why_not"] == "not worse").any():
        return replace(_gaps(ids, group, year, "quarter", **asked), is_ahead=True)
    return found


class _Basis(NamedTuple):
    """What the rows are read from."""

    position: Profile
    figures: pd.DataFrame
    ranks: pd.DataFrame
    doubts: Doubts
    aim: Aim


def _gaps(ids: Iterable[str], group: ComparisonGroup, year: int, aim: Aim, **asked: Any) -> Gaps:
    catalogue = catalogue_of(asked["store"])
    shown = [i for i in with_figures(ids, territory=group.territory, **asked) if _is_candidate(catalogue.passport(i))]
    if not shown:
        nobody = pd.DataFrame(columns=COLUMNS)
        nothing = profile_of_nothing(group, year)
        return Gaps(nothing, pd.DataFrame(columns=_COLUMNS), rank_ranges(nobody, {}, (), year), nobody, aim)
    position = profile(shown, group=group, year=year, until=year, **asked)
    every = load_indicators(shown, years="all", territory=group.territory, **asked)
    figures = every.loc[every["territory"].isin(group.codes) & (every["year"] <= year)].reset_index(drop=True)
    ranks = rank_ranges(figures, {i: catalogue.indicators[i].direction for i in shown}, group.codes, year)
    doubts = doubtful_figures(shown, territory=group.territory, **asked)
    basis = _Basis(position, figures, ranks, doubts, aim)
    places = {str(row["indicator"]): row for row in position.table.to_dict("records")}
    nearest = near_year(every, year, among=group.codes).groupby("indicator")["year"].first()
    table = pd.DataFrame(
        [
            _row(places[i], basis, catalogue.indicators[i])
            if i in places
            else _later(catalogue.indicators[i], int(nearest[i]))
            for i in shown
        ],
        columns=_COLUMNS,
    )
    near = table.loc[table["why_not"] != "another year", "indicator"]
    shown_here, values = (
        frame.loc[frame["indicator"].isin(near)].reset_index(drop=True) for frame in (position.table, position.values)
    )
    here = Profile(group.municipality, group, year, shown_here, values, doubts)
    return Gaps(here, table, ranks, figures, aim, doubts=doubts)


def _later(passport: Passport, year: int) -> dict[str, Any]:
    """The row of an indicator with later figures only."""
    row: dict[str, Any] = dict.fromkeys(_COLUMNS, np.nan)
    about = {"indicator": passport.id, "dimension": passport.dimension, "direction": passport.direction, "year": year}
    counts = dict.fromkeys(("members_with_figure", "years", "years_worse"), 0)
    words = {"best_territory": "", "light": "none", "certainty": "unclear", "why_not": "another year"}
    return row | about | counts | words | {"is_doubtful": False}


def profile_of_nothing(group: ComparisonGroup, year: int) -> Profile:
    """Return the profile of a municipality for which there is no indicator with figures at all.

    Parameters
    ----------
    group : ComparisonGroup
        The comparison group.
    year : int
        Year of the report.

    Returns
    -------
    Profile
    """
    nothing = pd.DataFrame(columns=["indicator", "direction", "value", "median", "light", "year"])
    return Profile(group.municipality, group, year, nothing, pd.DataFrame(columns=COLUMNS))


def _row(row: Mapping[Any, Any], basis: _Basis, passport: Passport) -> dict[str, Any]:
    group, ranks, aim = basis.position.group, basis.ranks, basis.aim
    own, year = group.municipality.code, int(row["year"])
    is_own = (ranks["indicator"] == passport.id) & (ranks["territory"] == own) & (ranks["year"] == year)
    rank = ranks.loc[is_own].iloc[0] if is_own.any() else pd.Series(dtype="float64")
    wide = wide_of(basis.figures, passport.id)
    share = _share(aim, passport.direction)
    years, worse = _years_behind(wide, own, year, passport.direction, len(group.members), share)
    half = (row["upper_quartile"] - row["lower_quartile"]) / 2
    name = "median" if aim == "median" else "upper_quartile" if passport.direction > 0 else "lower_quartile"
    gap = float(row["value"] - row[name])
    distance = np.inf if half == 0 else abs(gap) / half
    interval = _interval(basis, passport, row)
    is_outside = passport.direction * (row["value"] - interval["aim_low" if passport.direction > 0 else "aim_high"]) < 0
    is_clear = worse == years and distance >= SMALL_GAP and is_outside
    is_doubtful = (passport.id, year, own) in basis.doubts
    certainty = "unclear" if not is_clear or not years else "one year" if years < 2 else "clear"
    return {
        **{name: row[name] for name in _COLUMNS[:10]},
        **_best(basis, passport, year),
        "light": row["light"],
        "members_with_figure": row["members_with_figure"],
        "aim": row[name],
        **interval,
        **{name: rank.get(name, np.nan) for name in _RANKS},
        "years": years,
        "years_worse": worse,
        "certainty": "doubtful" if is_doubtful else certainty,
        "is_doubtful": is_doubtful,
        "gap": gap,
        "distance": distance,
        "volume": row["volume"],
        "volume_year": row["volume_year"],
        **_room(basis.position, row, aim),
        "why_not": _why_not(row, float(row[name]), passport, basis.position.year),
    }


def _best(basis: _Basis, passport: Passport, year: int) -> dict[str, Any]:
    """The best figure of the group that nobody doubts; nothing where there is none."""
    values = basis.position.values
    known = values.loc[(values["indicator"] == passport.id) & values["value"].notna()].set_index("territory")["value"]
    sure = known.loc[[(passport.id, year, code) not in basis.doubts for code in known.index]]
    if sure.empty:
        return {}
    place = int((sure.to_numpy() * passport.direction).argmax())
    return {"best": float(sure.iloc[place]), "best_territory": str(sure.index[place])}


def _interval(basis: _Basis, passport: Passport, row: Mapping[Any, Any]) -> dict[str, float]:
    """Interval of the figure that is aimed at, as the report on a municipality has it for the median."""
    if basis.aim == "median":
        found = tuple(row[f"median_{end}"] for end in ("low", "high", "level"))
    elif np.isnan(row["upper_quartile"]):
        found = (np.nan, np.nan, np.nan)
    else:
        values = basis.position.values
        known = values.loc[values["indicator"] == passport.id, "value"]
        found = quantile_interval(known, _share(basis.aim, passport.direction))
    return dict(zip(("aim_low", "aim_high", "aim_level"), map(float, found), strict=True))


def _room(position: Profile, row: Mapping[Any, Any], aim: Aim) -> dict[str, float]:
    """What the gap of a unit cost amounts to in euro, with its interval; NaN for all else."""
    names = {
        "room_eur": "room_eur",
        "room_low_eur": "room_low_eur",
        "room_high_eur": "room_high_eur",
        "room_level": "level",
    }
    if row["dimension"] != "cost" or pd.isna(row["value"]):
        return dict.fromkeys(names, np.nan)
    table = room_for_manoeuvre(position, str(row["indicator"])).table.set_index("reference")
    found = table.loc[["median" if aim == "median" else "best_quarter"]].iloc[0]
    return {name: float(found[column]) for name, column in names.items()}


def _share(aim: Aim, direction: int) -> float:
    """Share of the members below the figure that is aimed at."""
    return 0.5 if aim == "median" else 0.75 if direction > 0 else 0.25


def _years_behind(
    wide: pd.DataFrame, own: str, year: int, direction: int, members: int, share: float
) -> tuple[int, int]:
    """In how many years up to this one there is a position, and in how many of them it is worse than the aim."""
    years: list[int] = list(wide.columns)  # type: ignore[arg-type]
    near = [y for y in years if year - REACH_YEARS <= y <= year and is_enough(int(wide[y].notna().sum()), members)]
    if own not in wide.index or not near:
        return 0, 0
    behind = (wide.loc[[own], near].iloc[0] - wide[near].quantile(share)).dropna() * direction
    return len(behind), int((behind < 0).sum())


def _why_not(row: Mapping[Any, Any], aim: float, passport: Passport, year: int) -> str:
    """Why an indicator cannot become a goal."""
    if follows_from_settlement(passport):
        return "by area"
    if np.isnan(row["value"]):
        return "no figure"
    if not year - OLDEST_BASE <= row["year"] <= year:
        return "another year"
    if row["light"] == "none":
        return "too few"
    base, target = rounded(row["value"], passport.decimals), rounded(aim, passport.decimals)
    return "" if (target - base) * passport.direction > 0 else "not worse"


def rounded(value: float, decimals: int) -> float:
    """Return a value as readers see it: a target is the number that stands in the text."""
    return float(Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP))
