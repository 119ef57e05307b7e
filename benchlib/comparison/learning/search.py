"""Whom to visit and why, and what others can learn here: the frontier, the context, the networks and the practice examples together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from benchlib.comparison.figures import near_year
from benchlib.comparison.groups import ComparisonGroup, comparison_group
from benchlib.comparison.learning.partners import ROLES, Difference, LearningPartners, Partner, Role, Strength, Teaching
from benchlib.comparison.profile import Profile
from benchlib.comparison.ranks import FEWEST_YEARS, rank_ranges
from benchlib.errors import NoFiguresError, OptionError
from benchlib.indicators import (
    Catalogue,
    Passport,
    Practice,
    Store,
    Territory,
    catalogue_of,
    load_indicators,
    select_practices,
)
from benchlib.terms import Access

if TYPE_CHECKING:  # it loads numba
    from benchlib.comparison.services.scores import ServiceScores

#: Few enough to visit.
MOST_PARTNERS = 5


def learning_partners(
    scores: ServiceScores,
    kin: ComparisonGroup,
    *,
    ids: Iterable[str],
    year: int,
    group: ComparisonGroup | None = None,
    most: int = MOST_PARTNERS,
    access: Access = "public",
    as_of: str | None = None,
    store: Store | None = None,
) -> LearningPartners:
    """The few municipalities worth visiting about a service, and why; and what others can learn here.

    Parameters
    ----------
    scores : ServiceScores
        From `score_service`; nothing is estimated anew.
    kin : ComparisonGroup
        Who shares the frontier, from `comparable_units`.
    ids : iterable of str
        Indicators in which strengths are looked for; those without direction count for nothing.
    year : int
        Year of the scores; of other indicators the nearest in which one of those who share the frontier has a figure.
    group : ComparisonGroup, optional
        A group of the word "similar", so that it is not looked for twice; any other is ignored.
    most : int
        How many partners at most.
    access, as_of, store
        As in `load_indicators`. Practice examples for members only are left out unless `access` is "members".

    Returns
    -------
    LearningPartners
        Partners in this order: those whose own figures are doubtful last; who does no worse in anything (FDH) before the other references
        of the DEA score; better with certainty first; then similar in context, in one network, in one planning region, nearest in
        context. Where nobody does better, those that are on the frontier too, in the order of context, network and region.

    Raises
    ------
    OptionError
        If `most` is below 1.
    BenchlibError
        As `load_indicators`.

    Examples
    --------
    >>> from benchlib.comparison import comparable_units, learning_partners, score_service
    >>> from benchlib.indicators import load_catalogue
    >>> schools = load_catalogue().service("schools")
    >>> kin = comparable_units("Bauskas novads", year=2013)  # novadi among novadi
    >>> scores = score_service(schools, kin, year=2013, replications=50, seed=1)
    >>> found = learning_partners(scores, kin, ids=schools.outputs, year=2013)
    >>> found.partners[0].role, found.partners[0].is_doubtful
    ('dominator', False)
    """
    if most < 1:
        raise OptionError(f"most={most} leaves nobody to learn from. Give at least 1.")
    asked: dict[str, Any] = {"territory": kin.territory, "access": access, "as_of": as_of, "store": store}
    catalogue = catalogue_of(store)
    variables = [*scores.sample.inputs, *scores.sample.outputs]
    wanted = list(dict.fromkeys([*variables, *(i for i in ids if catalogue.passport(i).direction)]))
    figures = load_indicators(wanted, years="all", **asked)
    passports = {name: catalogue.indicators[name] for name in wanted}
    about = _About(
        scores,
        kin,
        catalogue,
        access,
        _by_name(near_year(figures, year, among=kin.codes)),
        rank_ranges(figures, {p.id: p.direction for p in passports.values()}, kin.codes, year),
        _distances(kin, year, group, asked),
        [name for name in wanted if name not in variables],
        year,
    )
    roles = about.roles()
    candidates = sorted((about.candidate(code, role) for code, role in roles.items()), key=_order)
    is_on_frontier = scores.is_scored and not any(role != "efficient" for role in roles.values())
    return LearningPartners(
        kin.municipality,
        year,
        scores.is_scored,
        is_on_frontier,
        tuple(about.explained(candidate) for candidate in candidates[:most]),
        len(candidates),
        about.teaching(),
    )


def _distances(
    kin: ComparisonGroup, year: int, group: ComparisonGroup | None, asked: Mapping[str, Any]
) -> Mapping[str, float]:
    """How far those similar in context are; nobody if the municipality has no context figures."""
    if group is None or group.word != "similar":
        try:
            group = comparison_group(kin.municipality.code, group="similar", year=year, **asked)
        except NoFiguresError:
            return {}
    return {str(code): float(distance) for code, distance in group.distances.items()}


def _order(partner: Partner) -> tuple[Any, ...]:
    return (
        partner.is_doubtful,
        ROLES.index(partner.role),
        not partner.is_certain,
        not partner.is_similar,
        not partner.networks,
        not partner.is_near,
        np.inf if np.isnan(partner.distance) else partner.distance,
        partner.unit.code,
    )


def _by_name(figures: pd.DataFrame) -> dict[tuple[str, str], tuple[float, int]]:
    """Value and year by indicator and municipality; missing ones are not there."""
    known = figures.loc[figures["value"].notna()]
    keys = zip(known["indicator"], known["territory"], strict=True)
    return {key: (float(v), int(y)) for key, v, y in zip(keys, known["value"], known["year"], strict=True)}


@dataclass(frozen=True)
class _About:
    """All that is known when partners are made."""

    scores: ServiceScores
    kin: ComparisonGroup
    catalogue: Catalogue
    access: Access
    figures: Mapping[tuple[str, str], tuple[float, int]]
    ranks: pd.DataFrame
    distances: Mapping[str, float]
    others: Sequence[str]
    year: int

    def roles(self) -> dict[str, Role]:
        """Code and role of everybody from whom the municipality can learn."""
        if not self.scores.is_scored:
            return {}
        found: dict[str, Role] = {str(code): "dominator" for code in self.scores.better["unit"]}
        for code in self._weights:
            found.setdefault(code, "peer")
        if found:
            return found
        efficient = zip(self.scores.sample.units, self.scores.dea.efficiency, strict=True)
        return {str(unit): "efficient" for unit, score in efficient if score >= 1 and unit != self.scores.unit}

    def candidate(self, code: str, role: Role) -> Partner:
        """A partner with what decides its place."""
        unit = self._known[code]
        both = {code, self.kin.municipality.code}
        return Partner(
            unit,
            role,
            self._weights.get(code, 0.0),
            None if role == "efficient" else self._is_certain(code),
            code in self.distances,
            self.distances.get(code, np.nan),
            tuple(name for name, codes in self._networks.items() if both <= codes),
            bool(unit.region) and unit.region == self.kin.municipality.region,
            code in self.scores.doubtful,
        )

    def explained(self, partner: Partner) -> Partner:
        """A partner with its figures and practice examples."""
        code = partner.unit.code
        strengths = (self._difference(name, code) for name in self.others)
        return replace(
            partner,
            variables=self._variables(code),
            strengths=tuple(found for found in strengths if found is not None and found.is_better),
            practices=self._practices(code),
        )

    @cached_property
    def _known(self) -> dict[str, Territory]:
        return {member.code: member for member in self.kin.members}

    @cached_property
    def _weights(self) -> dict[str, float]:
        """Weight of each DEA peer other than the municipality itself."""
        peers = self.scores.dea.peers
        rows = peers.loc[(peers["unit"] == self.scores.unit) & (peers["peer"] != self.scores.unit)]
        return {str(peer): float(weight) for peer, weight in zip(rows["peer"], rows["weight"], strict=True)}

    @cached_property
    def _networks(self) -> dict[str, set[str]]:
        """Codes of the members of each network; a member that is not found breaks no report on others."""
        networks = self.catalogue.networks.values()
        return {n.id: {unit.code for unit in n.known_units(self.kin.territory)} for n in networks}

    @cached_property
    def _ranked(self) -> dict[tuple[str, str], Mapping[Any, Any]]:
        """Rows of the ranks by indicator and municipality."""
        return {(row["indicator"], row["territory"]): row for row in self.ranks.to_dict("records")}

    @cached_property
    def _ends(self) -> dict[str, tuple[float, float]]:
        """Ends of the intervals."""
        table = None if self.scores.certainty is None else self.scores.certainty.scores
        return (
            {}
            if table is None
            else dict(zip(table["unit"], zip(table["low"], table["high"], strict=True), strict=True))
        )

    def _is_certain(self, code: str) -> bool | None:
        """Whether the interval of a partner lies wholly above the own one."""
        if not self._ends:
            return None
        return self._ends[code][0] > self._ends[self.scores.unit][1]

    def _practices(self, code: str) -> tuple[Practice, ...]:
        examples = self.catalogue.practices.values()
        return select_practices(examples, access=self.access, codes=[code], territory=self.kin.territory)

    def _variables(self, code: str) -> tuple[Difference, ...]:
        """Inputs and outputs as they were scored; less of an input is better, more of an output."""
        sample = self.scores.sample
        values = np.hstack([sample.X, sample.Y])
        own, theirs = (values[sample.units.index(unit)] for unit in (self.scores.unit, code))
        names = [*((name, -1) for name in sample.inputs), *((name, 1) for name in sample.outputs)]
        return tuple(
            Difference(name, self.year, float(x), float(y), direction, self._is_lasting(name, code))
            for (name, direction), x, y in zip(names, own, theirs, strict=True)
        )

    def _difference(self, indicator: str, code: str) -> Difference | None:
        """An indicator of both; None where one has no figure or both look the same."""
        own, theirs = (self.figures.get((indicator, unit)) for unit in (self.kin.municipality.code, code))
        passport = self.catalogue.indicators[indicator]
        if own is None or theirs is None or _looks(own[0], passport) == _looks(theirs[0], passport):
            return None
        lasting = self._is_lasting(indicator, code)
        return Difference(indicator, theirs[1], own[0], theirs[0], passport.direction, lasting)

    def _is_lasting(self, indicator: str, code: str) -> bool | None:
        """Whether the ranges of ranks are apart, the partner's on the better side; None without two years in which both have one."""
        theirs, own = (self._ranked.get((indicator, unit)) for unit in (code, self.kin.municipality.code))
        if theirs is None or own is None or len({*theirs["ranked_years"]} & {*own["ranked_years"]}) < FEWEST_YEARS:
            return None
        return bool(theirs["rank_high"] < own["rank_low"])

    def teaching(self) -> Teaching:
        """What others can learn here."""
        own = self.kin.municipality.code
        peers = self.scores.dea.peers
        learners = peers.loc[(peers["peer"] == own) & (peers["unit"] != own), "unit"]
        ranked = [row for (_, code), row in self._ranked.items() if code == own]
        return Teaching(
            tuple(self._known[code] for code in self._dominated()),
            tuple(self._known[code] for code in sorted(map(str, learners))),
            tuple(self._strength(row) for row in ranked if self._is_in_best_quarter(row)),
            self._practices(own),
        )

    def _dominated(self) -> list[str]:
        """Units that use no less of any input and reach no more of any output, and are worse in at least one."""
        sample = self.scores.sample
        if not self.scores.is_scored:
            return []
        x, y = (values[sample.units.index(self.scores.unit)] for values in (sample.X, sample.Y))
        no_better = (x <= sample.X).all(axis=1) & (y >= sample.Y).all(axis=1)
        worse = (x < sample.X).any(axis=1) | (y > sample.Y).any(axis=1)
        return sorted(str(sample.units[place]) for place in np.flatnonzero(no_better & worse))

    def _is_in_best_quarter(self, row: Mapping[Any, Any]) -> bool:
        """Whether the middle of the shared places is in the best quarter, as in the traffic light of a profile."""
        same = (self.ranks["indicator"] == row["indicator"]) & (self.ranks["rank"] == row["rank"])
        return bool((row["rank"] - 1 + int(same.sum()) / 2) / row["members_with_figure"] <= 0.25)

    def _strength(self, row: Mapping[Any, Any]) -> Strength:
        return Strength(
            indicator=str(row["indicator"]),
            year=int(row["year"]),
            value=self.figures[row["indicator"], row["territory"]][0],
            rank=float(row["rank"]),
            rank_low=float(row["rank_low"]),
            rank_high=float(row["rank_high"]),
            members_with_figure=int(row["members_with_figure"]),
            fewest_members=int(row["fewest_members"]),
            most_members=int(row["most_members"]),
        )


def _looks(value: float, passport: Passport) -> float:
    """A value as precise as it is shown; a difference that nobody sees is none."""
    return round(value, passport.decimals)


def practices_for(
    profile: Profile, practices: Iterable[Practice], *, access: Access = "public"
) -> dict[str, tuple[Practice, ...]]:
    """Practice examples of others for the indicators in which a municipality is in the last quarter.

    Parameters
    ----------
    profile : Profile
        Position of the municipality in its comparison group.
    practices : iterable of Practice
        `Catalogue.practices.values()`.
    access : {"public", "members"}
        "public" leaves out what is for members only.

    Returns
    -------
    dict of str to tuple of Practice
        For each indicator with the light "red" the examples that aim at it, the latest first; an empty tuple where there is none.
    """
    examples = list(practices)
    territory, own = profile.group.territory, profile.municipality.code
    red = profile.table.loc[profile.table["light"] == "red", "indicator"]
    return {
        str(indicator): tuple(
            practice
            for practice in select_practices(examples, access=access, indicators=[str(indicator)])
            if own not in practice.codes(territory)
        )
        for indicator in red
    }
