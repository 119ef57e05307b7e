"""What `comparison.learning_partners` gives: partners, how they compare, and what others can learn here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from benchlib.indicators import Practice, Territory

#: Why somebody is a partner: no worse in anything and better in something; an efficient reference with a weight; or as good, but with
#: another mix of cost and result.
Role = Literal["dominator", "peer", "efficient"]
ROLES: Final[tuple[Role, ...]] = ("dominator", "peer", "efficient")


@dataclass(frozen=True)
class Difference:
    """One indicator of two municipalities.

    Attributes
    ----------
    indicator : str
        By id.
    year : int
        Year of both figures.
    own, theirs : float
        In the indicator's unit.
    direction : {-1, 1}
        1: more is better.
    is_lasting : bool or None
        Whether they were ahead in every year looked at: the ranges of ranks do not overlap. None without two years in which both have a
        rank.
    """

    indicator: str
    year: int
    own: float
    theirs: float
    direction: int
    is_lasting: bool | None = None

    @property
    def change(self) -> float:
        """Theirs minus own, in the indicator's unit."""
        return self.theirs - self.own

    @property
    def is_better(self) -> bool:
        """Whether theirs is better."""
        return self.change * self.direction > 0


@dataclass(frozen=True)
class Partner:
    """A municipality worth visiting.

    Attributes
    ----------
    unit : Territory
        The municipality.
    role : {"dominator", "peer", "efficient"}
        Why: it does no worse in anything and better in something (FDH); it is a reference of the DEA score; or, for somebody on the
        frontier, it is on the frontier too with another mix.
    weight : float
        Weight as a DEA peer; 0 for others.
    is_certain : bool or None
        Whether its bias-corrected interval lies wholly above the municipality's. None where there is no interval, and for the role
        "efficient", which claims nothing.
    is_similar : bool
        Whether it is among the nearest in context.
    distance : float
        How far in context, in standard deviations; NaN if not similar.
    networks : tuple of str
        Networks, by id, in which both are.
    is_near : bool
        Whether both lie in one planning region.
    is_doubtful : bool
        Whether its own figures are used although the registry doubts them.
    variables : tuple of Difference
        Inputs and outputs of the service.
    strengths : tuple of Difference
        Other indicators in which it is better.
    practices : tuple of Practice
        Practice examples that it offers.
    """

    unit: Territory
    role: Role
    weight: float
    is_certain: bool | None
    is_similar: bool
    distance: float
    networks: tuple[str, ...]
    is_near: bool
    is_doubtful: bool
    variables: tuple[Difference, ...] = ()
    strengths: tuple[Difference, ...] = ()
    practices: tuple[Practice, ...] = ()

    def __repr__(self) -> str:
        flags = {
            "certain": self.is_certain,
            "similar": self.is_similar,
            "near": self.is_near,
            "doubtful": self.is_doubtful,
        }
        words = [self.role, *(word for word, holds in flags.items() if holds), *self.networks]
        return f"Partner({self.unit.name}: {', '.join(words)})"


@dataclass(frozen=True)
class Strength:
    """An indicator in which a municipality is in the best quarter.

    Attributes
    ----------
    indicator : str
        By id.
    year : int
        Year of the figure.
    value : float
        In the indicator's unit.
    rank, rank_low, rank_high : float
        Rank of the year, and its range in the years around; NaN if there is one year only.
    members_with_figure : int
        How many are ranked.
    fewest_members, most_members : int
        The same in the years of the range; None where that is not known.
    """

    indicator: str
    year: int
    value: float
    rank: float
    rank_low: float
    rank_high: float
    members_with_figure: int
    fewest_members: int | None = None
    most_members: int | None = None


@dataclass(frozen=True)
class Teaching:
    """What others can learn from a municipality.

    Attributes
    ----------
    dominated : tuple of Territory
        Those that spend no less and reach no more, and are worse in one of them; empty without a score.
    peer_of : tuple of Territory
        Those for whose DEA score it is a reference.
    strengths : tuple of Strength
        Indicators in which it is in the best quarter of those who share the frontier.
    practices : tuple of Practice
        Its own practice examples.
    """

    dominated: tuple[Territory, ...]
    peer_of: tuple[Territory, ...]
    strengths: tuple[Strength, ...]
    practices: tuple[Practice, ...]

    @property
    def learners(self) -> tuple[Territory, ...]:
        """Everybody who can learn from it in this service, each once, by code."""
        found = {unit.code: unit for unit in (*self.dominated, *self.peer_of)}
        return tuple(found[code] for code in sorted(found))


@dataclass(frozen=True)
class LearningPartners:
    """Whom a municipality can learn from in a service, and what others can learn from it.

    Attributes
    ----------
    unit : Territory
        The municipality.
    year : int
        Year of the scores.
    is_scored : bool
        Whether it has a score; without one nobody can be said to do better.
    is_on_frontier : bool
        Whether nobody compared does better.
    partners : tuple of Partner
        The first few; see `learning_partners` for the order.
    candidates : int
        How many there are in all.
    teaching : Teaching
        What others can learn here.
    """

    unit: Territory
    year: int
    is_scored: bool
    is_on_frontier: bool
    partners: tuple[Partner, ...]
    candidates: int
    teaching: Teaching

    def __repr__(self) -> str:
        return f"LearningPartners({self.unit.name}, {self.year}, {self.candidates} candidates, {list(self.partners)!r})"
