"""One municipality against its comparison group: position, traffic light, gap, room for manoeuvre."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from benchlib.comparison.doubts import NO_DOUBTS, Doubts, doubtful_figures
from benchlib.comparison.figures import Volume, near_year, volume_indicators, volumes_near
from benchlib.comparison.groups import ComparisonGroup
from benchlib.comparison.quantiles import quantile_interval
from benchlib.comparison.ranks import MINIMUM_DATA, MINIMUM_MEMBERS, is_enough, light_at, rank_ranges
from benchlib.errors import OptionError
from benchlib.indicators import Catalogue, Passport, Store, Territory, catalogue_of, load_indicators
from benchlib.terms import Access

_COLUMNS = [
    "indicator",
    "dimension",
    "direction",
    "year",
    "value",
    "status",
    "members",
    "members_with_figure",
    "median",
    "median_low",
    "median_high",
    "median_level",
    "lower_quartile",
    "upper_quartile",
    "rank",
    "rank_low",
    "rank_high",
    "rank_years",
    "fewest_members",
    "most_members",
    "quartile",
    "light",
    "best",
    "best_territory",
    "gap_to_median",
    "gap_to_best",
    "volume",
    "volume_year",
    "room_to_median_eur",
    "room_to_median_low_eur",
    "room_to_median_high_eur",
    "room_to_best_eur",
]


@dataclass(frozen=True)
class Profile:
    """How one municipality stands in its comparison group.

    Attributes
    ----------
    municipality : Territory
        The municipality.
    group : ComparisonGroup
        Whom it is compared with.
    year : int
        Year of the report; the year of each indicator stands in `table`.
    table : pandas.DataFrame
        A row per indicator: `indicator`, `dimension`, `direction`, `year`, `value`, `status`, `members`, `members_with_figure`,
        `median` (of the members, the municipality included) with its interval `median_low`, `median_high` and the level that this reaches
        (`median_level`, see `quantile_interval`), `lower_quartile`, `upper_quartile` (of fewer than four figures there are none of these:
        NaN), `rank` (1 is best; NaN without direction or figure), `rank_low` and `rank_high` (best and worst rank in the years around,
        `rank_years` many; NaN for one year), `fewest_members` and `most_members` (with a figure in these years; see `rank_ranges`),
        `quartile` (1 best to 4), `light` ("green" best 25 %, "yellow", "red", "none"), `best` and `best_territory` (best other
        or own figure by direction), `gap_to_median` and `gap_to_best` (own minus theirs, in the indicator's unit), `volume` (users behind
        a unit cost) of `volume_year` (the year nearest to that of the cost; NaN without),
        `room_to_median_eur` with `room_to_median_low_eur` and `room_to_median_high_eur` (by the interval of the median), and
        `room_to_best_eur` (euro that would be freed at their unit cost; only cost indicators with a volume; negative where the
        municipality is cheaper).
    values : pandas.DataFrame
        The tidy figures of all members behind it.
    doubts : frozenset of (str, int, str)
        From `doubtful_figures`: indicator, year and code.
    """

    municipality: Territory
    group: ComparisonGroup
    year: int
    table: pd.DataFrame
    values: pd.DataFrame
    doubts: Doubts = NO_DOUBTS

    @property
    def present_share(self) -> float:
        """Share of the indicators with a direction for which the municipality has a figure."""
        directed = self.table.loc[self.table["direction"] != 0]
        return float(directed["value"].notna().mean()) if len(directed) else 0.0

    @property
    def has_overall_position(self) -> bool:
        """Whether enough figures are there to speak of the municipality as a whole (60 % rule)."""
        return self.present_share >= MINIMUM_DATA

    def row(self, indicator: str) -> pd.Series:
        """The row of one indicator.

        Raises
        ------
        OptionError
            If the profile does not hold the indicator.
        """
        if indicator not in self._rows:
            raise OptionError(f"indicator={indicator!r} is not in this profile. It holds: {', '.join(self._rows)}.")
        return self._rows[indicator]

    @cached_property
    def _rows(self) -> dict[str, pd.Series]:
        """A report asks for rows some hundred times, and each selection would take a millisecond."""
        return {str(row["indicator"]): row for _, row in self.table.iterrows()}

    def is_doubtful(self, indicator: str, code: str = "") -> bool:
        """Whether a figure that is shown is used although the registry doubts it: a member's by code, or the own one."""
        return (indicator, int(self.row(indicator)["year"]), code or self.municipality.code) in self.doubts

    def doubtful_members(self, indicator: str) -> tuple[str, ...]:
        """Codes of the others whose figure is doubtful; median and ranks count it."""
        return tuple(unit.code for unit in self.group.others if self.is_doubtful(indicator, unit.code))

    def __repr__(self) -> str:
        return f"Profile({self.municipality.name}, {self.year}, {len(self.table)} indicators, {self.group!r})"


def profile(
    ids: str | Iterable[str],
    *,
    group: ComparisonGroup,
    year: int,
    until: int | None = None,
    access: Access = "public",
    as_of: str | None = None,
    store: Store | None = None,
) -> Profile:
    """Position of a municipality in its comparison group.

    Parameters
    ----------
    ids : str or iterable of str
        Indicators.
    group : ComparisonGroup
        From `comparison_group`; it knows the municipality and the classification.
    year : int
        Year of the report; where no member has a figure of it, the nearest year in which one has is used and shown.
    until : int, optional
        Last year that is looked at, also for ranges of ranks and for the users behind a cost: a paper written for an earlier year knows
        no more than one written then. An indicator without a figure until then has no row.
    access, as_of, store
        As in `load_indicators`.

    Returns
    -------
    Profile

    Raises
    ------
    BenchlibError
        As `load_indicators`.

    Notes
    -----
    Traffic lights follow the Swedish KKiK: best 25 %, middle 50 %, worst 25 % of the members with a figure. No light is
    given where fewer than 60 % of the members, or fewer than four, have one; of fewer than four there is no median either, and nothing
    that is measured against it.

    Examples
    --------
    >>> from benchlib.comparison import comparison_group, profile
    >>> group = comparison_group("Bauskas novads", group="region", year=2013)
    >>> found = profile("exam_grade9_mean", group=group, year=2013)
    >>> found.table[["year", "members_with_figure", "rank", "light"]].to_dict("records")
    [{'year': 2013, 'members_with_figure': 6, 'rank': 1, 'light': 'green'}]
    """
    catalogue = catalogue_of(store)
    asked: dict[str, Any] = {
        "years": "all",
        "territory": group.territory,
        "access": access,
        "as_of": as_of,
        "store": store,
    }
    table = _not_after(load_indicators(ids, **asked), until)
    values = near_year(table, year, among=group.codes)
    values = values.loc[values["territory"].isin(group.codes)].reset_index(drop=True)
    years = {str(name): int(of) for name, of in values.groupby("indicator", sort=False)["year"].first().items()}
    volumes = _volumes(years, catalogue, group, until, asked)
    ranges = _rank_ranges(table, catalogue, group, year)
    rows = [
        _row(
            catalogue.indicators[str(indicator)],
            part.set_index("territory"),
            group,
            volumes.get(str(indicator)),
            ranges,
        )
        for indicator, part in values.groupby("indicator", sort=False)
    ]
    doubts = doubtful_figures(years, territory=group.territory, access=access, as_of=as_of, store=store)
    return Profile(group.municipality, group, year, pd.DataFrame(rows, columns=_COLUMNS), values, doubts)


def _not_after(table: pd.DataFrame, until: int | None) -> pd.DataFrame:
    return table if until is None else table.loc[table["year"] <= until]


def _rank_ranges(
    table: pd.DataFrame, catalogue: Catalogue, group: ComparisonGroup, year: int
) -> dict[tuple[str, int], dict[str, float]]:
    """Best and worst own rank in the years around, by indicator and the year that is shown."""
    directions = {str(i): catalogue.indicators[str(i)].direction for i in table["indicator"].unique()}
    found = rank_ranges(table, directions, group.codes, year)
    own = found.loc[found["territory"] == group.municipality.code]
    return {
        (row["indicator"], row["year"]): {
            "rank_low": row["rank_low"],
            "rank_high": row["rank_high"],
            "rank_years": row["years"],
            "fewest_members": row["fewest_members"],
            "most_members": row["most_members"],
        }
        for row in own.to_dict("records")
    }


def _volumes(
    years: Mapping[str, int],
    catalogue: Catalogue,
    group: ComparisonGroup,
    until: int | None,
    asked: Mapping[str, Any],
) -> dict[str, Volume]:
    """Own users (pupils) behind each unit cost, in the year nearest to that of the cost."""
    shown = set(volume_indicators(years, catalogue).values())
    if not shown:
        return {}
    own = _not_after(load_indicators(sorted(shown), municipalities=group.municipality.code, **asked), until)
    return {name: volume for (name, _), volume in volumes_near(own, years, catalogue).items()}


def _row(
    passport: Passport,
    part: pd.DataFrame,
    group: ComparisonGroup,
    volume: Volume | None,
    ranges: Mapping[tuple[str, int], Mapping[str, float]],
) -> dict[str, object]:
    values = part["value"].dropna()
    own = float(part["value"].get(group.municipality.code, np.nan))
    direction = passport.direction
    row: dict[str, object] = {
        "indicator": passport.id,
        "dimension": passport.dimension,
        "direction": direction,
        "year": int(part["year"].iloc[0]),
        "value": own,
        "status": str(part["status"].get(group.municipality.code, "missing")),
        "members": len(group.members),
        "members_with_figure": len(values),
    }
    row |= dict.fromkeys(set(_COLUMNS) - set(row), np.nan)
    row |= {"light": "none", "best_territory": ""}
    if volume is not None:
        row |= {"volume": volume.value, "volume_year": volume.year}
    if values.empty:
        return row
    if len(values) >= MINIMUM_MEMBERS:
        row |= _spread(values, own)
    if direction:
        row |= _standing(values, own, direction, len(group.members))
        row |= ranges.get((passport.id, int(part["year"].iloc[0])), {})
    if passport.dimension == "cost" and passport.volume and direction:
        row |= _rooms(row)
    return row


def _spread(values: pd.Series, own: float) -> dict[str, float]:
    """Median with its interval, quartiles, and how far the own figure lies from the median."""
    median = float(values.median())
    low, high, level = quantile_interval(values)
    return {
        "median": median,
        "median_low": low,
        "median_high": high,
        "median_level": level,
        "lower_quartile": float(values.quantile(0.25)),
        "upper_quartile": float(values.quantile(0.75)),
        "gap_to_median": own - median,
    }


def _rooms(row: Mapping[str, Any]) -> dict[str, float]:
    """Own unit cost minus that of the median, of the ends of its interval and of the best, times the users."""
    own, volume = row["value"], row["volume"]
    return {
        "room_to_median_eur": row["gap_to_median"] * volume,
        "room_to_median_low_eur": (own - row["median_high"]) * volume,
        "room_to_median_high_eur": (own - row["median_low"]) * volume,
        "room_to_best_eur": row["gap_to_best"] * volume,
    }


def _standing(values: pd.Series, own: float, direction: int, members: int) -> dict[str, object]:
    goodness = values * direction
    place_of_best = int(goodness.to_numpy().argmax())
    best = float(values.iloc[place_of_best])
    result: dict[str, object] = {
        "best": best,
        "best_territory": str(values.index[place_of_best]),
        "gap_to_best": own - best,
    }
    if np.isnan(own) or not is_enough(len(values), members):
        return result
    rank = int((goodness > own * direction).sum()) + 1
    ties = int((goodness == own * direction).sum())
    # Middle of the tied places, seen from 0 (best) to 1 (worst): equal figures get equal lights.
    place = (rank - 1 + ties / 2) / len(values)
    light = light_at(place)
    quartile = {"green": 1, "red": 4}.get(light, 2 if place <= 0.5 else 3)
    return result | {"rank": rank, "quartile": quartile, "light": light}
