"""What a network talks about when it meets: its members side by side, what changed, where they differ, who can show what.

The same is made for any set of municipalities, such as a planning region (`group_meeting`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from benchlib.comparison.meetings.differences import changes_of, differences_of, homework_of
from benchlib.comparison.meetings.room import Room, network_room, room_of
from benchlib.comparison.meetings.side_by_side import Asked, Place, side_by_side
from benchlib.comparison.ranks import MINIMUM_DATA, MINIMUM_MEMBERS
from benchlib.indicators import Practice, Store, Territory, catalogue_of, present_municipalities, select_practices
from benchlib.terms import Access, Classification


@dataclass(frozen=True)
class Meeting:
    """Municipalities side by side on the indicators that they compare.

    Attributes
    ----------
    room : Room
        Who is compared, and why.
    year : int
        Year of the report; each indicator has its own, the nearest with a figure of anybody in the room.
    access : {"public", "members"}
        Figures that were used.
    among : tuple of str
        Codes of those among whom medians, ranks and lights are; the room itself, unless it was put among others.
    indicators : mapping of str to tuple of str
        Indicators by dimension, without those that the access does not allow.
    hidden : int
        How many indicators the access does not allow.
    table : pandas.DataFrame
        A row per indicator with figures and municipality of the room: `indicator`, `dimension`, `direction`, `territory`, `year`, `value`,
        `status`, `symbol`, `parts`, `share_basis`, `source`, `access`, `is_doubtful` (used as published although the registry doubts it),
        `rank`, `rank_low`, `rank_high` (as `rank_ranges`), `members_with_figure`, `light` ("green" best 25 %, "yellow", "red", "none"),
        `gap` (from the median, in the indicator's unit), `gap_pct` (the same in per cent of the median; NaN where it is not positive),
        `volume` (users or inhabitants behind a unit cost) of `volume_year` (the nearest to the cost's year), `gap_eur` (unit costs with a
        volume: what the gap is worth in a year), `lacking` (the `Measure` that is missing of a derived figure whose other part is there,
        else None).
    summary : pandas.DataFrame
        A row per indicator with figures: `indicator`, `dimension`, `direction`, `year`, `members`, `members_with_figure` (of those among
        whom it is compared), `present` (with a figure, in the room), `median`, `lower_quartile`, `upper_quartile`, and the interval of the
        median, `median_low`, `median_high`, `median_level` (see `quantile_interval`; NaN for fewer than four figures), `least`,
        `least_territory`, `greatest`, `greatest_territory`, `best_territory` (in the room; the best has no doubtful figure, and is ""
        without direction), `has_ranks`, `is_by_area` (how dense something lies: it follows from settlement).
    without : pandas.DataFrame
        A row per indicator without figures: `indicator`, `dimension`, `direction`, `reason` ("awaited": nobody publishes it;
        "classification": there are figures of today's municipalities only; "room": others have figures, nobody here; "none").
    values : pandas.DataFrame
        The tidy figures of everybody in the years shown.
    figures : pandas.DataFrame
        The tidy figures of the room, all years.
    doubts : frozenset of (str, int, str)
        Indicator, year and municipality of each figure that is used as published although the registry doubts it.
    practices : tuple of Practice
        All practice examples that the access allows.
    """

    room: Room
    year: int
    access: Access
    among: tuple[str, ...]
    indicators: Mapping[str, tuple[str, ...]]
    hidden: int
    table: pd.DataFrame
    summary: pd.DataFrame
    without: pd.DataFrame
    values: pd.DataFrame
    figures: pd.DataFrame
    doubts: frozenset[Place]
    practices: tuple[Practice, ...]

    @property
    def has_indicators(self) -> bool:
        """Whether any indicator is to be compared; a network of one's own may name none yet."""
        return bool(self.hidden or any(self.indicators.values()))

    @property
    def is_too_small(self) -> bool:
        """Whether there are too few to be compared among themselves: no ranks, no lights, no median."""
        return len(self.among) < MINIMUM_MEMBERS

    @cached_property
    def positions(self) -> pd.DataFrame:
        """How each municipality stands on all indicators together, without a rank of its own.

        Returns
        -------
        pandas.DataFrame
            `territory`, `present` and `of` (indicators with a direction, context left out: with a figure, and all), `green`, `yellow`,
            `red` (lights), `is_overall` (60 % of the figures are there, and there are lights: less says nothing of the whole).
        """
        wanted = self.table.loc[(self.table["direction"] != 0) & (self.table["dimension"] != "context")]
        absent = (self.without["direction"] != 0) & (self.without["dimension"] != "context")
        of = wanted["indicator"].nunique() + int(absent.sum())
        rows = []
        for unit in self.room.units:
            own = wanted.loc[wanted["territory"] == unit.code]
            lights = own["light"].value_counts()
            counts = {light: int(lights.get(light, 0)) for light in ("green", "yellow", "red")}
            present = int(own["value"].notna().sum())
            is_overall = of > 0 and present >= MINIMUM_DATA * of and sum(counts.values()) > 0
            rows.append({"territory": unit.code, "present": present, "of": of, **counts, "is_overall": is_overall})
        return pd.DataFrame(rows)

    @property
    def closed(self) -> pd.DataFrame:
        """The rows of the table with a figure for members only."""
        return self.table.loc[(self.table["access"] == "members") & self.table["value"].notna()]

    @cached_property
    def of_members(self) -> Meeting:
        """The same on those indicators alone of which somebody in the room has a figure for members only, compared with everybody's."""
        names = set(self.closed["indicator"])

        def of(table: pd.DataFrame) -> pd.DataFrame:
            return table.loc[table["indicator"].isin(names)].reset_index(drop=True)

        return replace(
            self,
            indicators={dim: tuple(i for i in those if i in names) for dim, those in self.indicators.items()},
            hidden=0,
            table=of(self.table),
            summary=of(self.summary),
            without=self.without.iloc[:0],
            values=of(self.values),
            figures=of(self.figures),
        )

    @cached_property
    def changes(self) -> pd.DataFrame:
        """What changed since the year before with figures (see `differences.changes_of`)."""
        return changes_of(self.figures, self.summary, self.doubts)

    @cached_property
    def differences(self) -> pd.DataFrame:
        """The biggest differences (see `differences.differences_of`)."""
        return differences_of(self.table, self.summary)

    @cached_property
    def homework(self) -> pd.DataFrame:
        """What each municipality might look into, and whom to ask (see `differences.homework_of`)."""
        return homework_of(self.table, self.summary)

    @cached_property
    def practices_here(self) -> tuple[Practice, ...]:
        """Practice examples of those in the room: on the network's theme, or all without a network."""
        return tuple(practice for practice in self._practices_here if self._is_on_theme(practice))

    @property
    def practices_on_other_themes(self) -> tuple[Practice, ...]:
        """Practice examples of those in the room on themes of other networks."""
        return tuple(practice for practice in self._practices_here if not self._is_on_theme(practice))

    @cached_property
    def _practices_here(self) -> tuple[Practice, ...]:
        here = {code for unit in self.room.units for code in present_municipalities(unit.code)["code"]}
        return select_practices(self.practices, access=self.access, codes=here)

    def _is_on_theme(self, practice: Practice) -> bool:
        """Whether a practice is one of the network, or aims at what it compares."""
        if self.room.network is None:
            return True
        compared = {name for names in self.room.network.indicators.values() for name in names}
        return practice.network == self.room.network.id or bool(compared & set(practice.indicators))

    @cached_property
    def practices_of_theme(self) -> tuple[Practice, ...]:
        """Practice examples of the network's theme by others; none without a network."""
        if self.room.network is None:
            return ()
        here = {practice.id for practice in self.practices_here}
        found = select_practices(self.practices, access=self.access)
        return tuple(practice for practice in found if practice.id not in here and self._is_on_theme(practice))

    @property
    def closed_practices(self) -> tuple[Practice, ...]:
        """Practice examples for members only, of those in the room or on the network's theme."""
        return tuple(p for p in (*self._practices_here, *self.practices_of_theme) if p.access == "members")

    def practices_for(self, indicator: str) -> tuple[Practice, ...]:
        """Practice examples that aim at an indicator, whoever did them."""
        return select_practices(self.practices, access=self.access, indicators=[indicator])

    def row(self, indicator: str) -> pd.Series:
        """The row of the summary of one indicator that has figures."""
        return self.summary.loc[self.summary["indicator"] == indicator].iloc[0]

    def part(self, indicator: str) -> pd.DataFrame:
        """The rows of the table of one indicator."""
        return self.table.loc[self.table["indicator"] == indicator]

    def of_dimension(self, dimension: str) -> tuple[str, ...]:
        """Indicators of a dimension that have figures."""
        there = set(self.summary["indicator"])
        return tuple(name for name in self.indicators.get(dimension, ()) if name in there)

    @property
    def money_and_result(self) -> tuple[str, str] | None:
        """The first cost and the first result with figures, None where one has none: what is spent is set against what comes of it.

        A cost of which more is not worse (spending per inhabitant: a priority) does too; a result needs a better end.
        """
        found = self.summary.set_index("indicator")["direction"]
        money = [name for name in self.of_dimension("cost") if found[name] <= 0]
        results = (*self.of_dimension("quality"), *self.of_dimension("satisfaction"))
        result = [name for name in results if found[name]]
        return (money[0], result[0]) if money and result else None

    def pair(self, x: str, y: str) -> pd.DataFrame:
        """Two indicators of everybody compared.

        Parameters
        ----------
        x, y : str
            Indicators with figures.

        Returns
        -------
        pandas.DataFrame
            `territory`, `x`, `y`, `x_median`, `y_median` (of all rows), `corner` ("upper left", "lower right", ...; "middle" on one of the
            medians; "upper" is the better end where less of y is better), `is_here` (in the room) and `is_doubtful` (one of the two figures
            is), of those who have both figures.
        """
        wide = self.values.pivot_table(index="territory", columns="indicator", values="value")
        both = wide.reindex(columns=[x, y]).dropna().set_axis(["x", "y"], axis=1)
        middle = both.median()
        across = np.select([both["x"] < middle["x"], both["x"] > middle["x"]], ["left", "right"], "")
        ends = ["upper", "lower"] if self.row(y)["direction"] < 0 else ["lower", "upper"]
        up = np.select([both["y"] < middle["y"], both["y"] > middle["y"]], ends, "")
        corner = [f"{v} {h}" if v and h else "middle" for v, h in zip(up, across, strict=True)]
        both = both.assign(x_median=middle["x"], y_median=middle["y"], corner=corner)
        years = {name: int(self.row(name)["year"]) for name in (x, y)}
        doubted = {code for name, year, code in self.doubts if years.get(name) == year}
        here = both.index.isin(self.room.codes)
        return both.assign(is_here=here, is_doubtful=both.index.isin(doubted)).reset_index()

    def __repr__(self) -> str:
        name = self.room.network.id if self.room.network else f"{len(self.room.seats)} municipalities"
        return f"Meeting({name}, {self.year}, {len(self.summary)} indicators with figures)"


def network_meeting(
    network: str,
    *,
    year: int,
    territory: Classification = "2025",
    members: str | None = None,
    access: Access = "public",
    as_of: str | None = None,
    store: Store | None = None,
) -> Meeting:
    """What a network's meeting paper is made of.

    Parameters
    ----------
    network : str
        Id of a network of the catalogue.
    year : int
        Year of the report.
    territory : {"2025", "2021", "2009"}
        Classification; members of another one are carried to it through the reforms.
    members : str, optional
        "A; B" adds municipalities to the known members, "only: A; B" takes these alone.
    access, as_of, store
        As in `load_indicators`.

    Returns
    -------
    Meeting

    Raises
    ------
    BenchlibError
        As `network_room`. That there are no figures is no error: the meeting says what is missing.

    Examples
    --------
    >>> meeting = network_meeting("T2", year=2013)
    >>> [unit.name for unit in meeting.room.units][:2], len(meeting.without)
    (['Ādažu novads', 'Bauskas novads'], 5)
    """
    room = network_room(network, territory=territory, members=members, store=store)
    assert room.network is not None
    return _meeting(room, room.network.indicators, room.codes, year, access, as_of, store)


def group_meeting(
    units: Iterable[Territory],
    indicators: Mapping[str, Sequence[str]],
    *,
    year: int,
    territory: Classification = "2025",
    among: Iterable[Territory] | None = None,
    access: Access = "public",
    as_of: str | None = None,
    store: Store | None = None,
) -> Meeting:
    """The same for any set of municipalities.

    Parameters
    ----------
    units : iterable of Territory
        The municipalities.
    indicators : mapping of str to sequence of str
        Indicators by dimension.
    year : int
        Year of the report.
    territory : {"2025", "2021", "2009"}
        Classification of the municipalities.
    among : iterable of Territory, optional
        Among whom medians, ranks and lights are; the municipalities themselves if absent.
    access, as_of, store
        As in `load_indicators`.

    Returns
    -------
    Meeting

    Raises
    ------
    OptionError
        If there is no municipality.
    """
    room = room_of(units, territory)
    codes = room.codes if among is None else tuple(sorted({*room.codes, *(unit.code for unit in among)}))
    return _meeting(room, indicators, codes, year, access, as_of, store)


def _meeting(
    room: Room,
    indicators: Mapping[str, Sequence[str]],
    among: tuple[str, ...],
    year: int,
    access: Access,
    as_of: str | None,
    store: Store | None,
) -> Meeting:
    catalogue = catalogue_of(store)
    told = {dimension: catalogue.nameable(names, access) for dimension, names in indicators.items()}
    hidden = sum(len(names) - len(told[dimension]) for dimension, names in indicators.items())
    practices = select_practices(catalogue.practices.values(), access=access)
    sides = side_by_side(room, told, among, Asked(year, access, as_of, store))
    return Meeting(room, year, access, among, told, hidden, *sides, practices)
