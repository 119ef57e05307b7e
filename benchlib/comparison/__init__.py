"""Meaning: who is compared with whom, how a municipality stands, and what a gap is worth."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from benchlib.comparison.doubts import doubtful_figures, doubts_in_use
from benchlib.comparison.energy.basis import EnergyBasis, energy_basis
from benchlib.comparison.energy.measures import (
    energy_before_after,
    energy_kinds,
    energy_measures,
    energy_priorities,
)
from benchlib.comparison.energy.stock import energy_stock, shown_buildings, worst_buildings
from benchlib.comparison.energy.trend import EnergyChange, energy_change, energy_trend
from benchlib.comparison.energy.use import EnergyUse, energy_use
from benchlib.comparison.figures import added_indicators, own_indicators, with_figures
from benchlib.comparison.groups import CONTEXT, GROUP_WORDS, ComparisonGroup, comparison_group, named_members
from benchlib.comparison.indices.composite import CompositeResult, composite_index
from benchlib.comparison.indices.development import IndexResult, territory_development_index
from benchlib.comparison.indices.equalised import EqualisedCost, EqualisedUnits, equalised_cost, equalised_units
from benchlib.comparison.indices.manoeuvre import RoomForManoeuvre, room_for_manoeuvre
from benchlib.comparison.learning.partners import Difference, LearningPartners, Partner, Strength, Teaching
from benchlib.comparison.learning.search import learning_partners, practices_for
from benchlib.comparison.meetings.meeting import Meeting, group_meeting, network_meeting
from benchlib.comparison.meetings.room import Room, Seat, network_room, room_of
from benchlib.comparison.meetings.satisfaction import SatisfactionAgainstCost, satisfaction_against_cost
from benchlib.comparison.plans.changes import pace_of, plan_path
from benchlib.comparison.plans.follow_up import FollowUp, follow_up, plan_group
from benchlib.comparison.plans.gaps import Gaps, find_gaps, theme_indicators
from benchlib.comparison.plans.partners import better_members, plan_partners, unnamed_members
from benchlib.comparison.plans.population import POPULATION, PopulationChange, population_change
from benchlib.comparison.plans.proposal import choose_gaps, plan_practices, propose_plan
from benchlib.comparison.plans.social import Chapter, chapter_figures, social_chapters
from benchlib.comparison.profile import Profile, profile
from benchlib.comparison.quantiles import QuantileInterval, quantile_interval
from benchlib.comparison.ranks import MINIMUM_DATA, rank_ranges
from benchlib.comparison.trend import former_figures, trend

if TYPE_CHECKING:
    from benchlib.comparison.indices.need import NeedResult, expected_costs, need_adjusted_cost
    from benchlib.comparison.services.overview import ServiceOverview, frontier_certainties, service_overview
    from benchlib.comparison.services.reach import comparable_units, dominators, reach
    from benchlib.comparison.services.reading import ServiceReading, region_units, service_reading
    from benchlib.comparison.services.reform import ReformGains, reform_gains
    from benchlib.comparison.services.regional import region_lessons, region_room, region_scores
    from benchlib.comparison.services.scores import ServiceScores, score_service

#: What scores loads numba, what compares methods or fits a regression statsmodels (a second): only when it is first used.
_LATER = {
    **dict.fromkeys(
        ("ServiceOverview", "frontier_certainties", "service_overview"), "benchlib.comparison.services.overview"
    ),
    **dict.fromkeys(("NeedResult", "expected_costs", "need_adjusted_cost"), "benchlib.comparison.indices.need"),
    **dict.fromkeys(("comparable_units", "dominators", "reach"), "benchlib.comparison.services.reach"),
    **dict.fromkeys(("ServiceReading", "region_units", "service_reading"), "benchlib.comparison.services.reading"),
    **dict.fromkeys(("ReformGains", "reform_gains"), "benchlib.comparison.services.reform"),
    **dict.fromkeys(("region_lessons", "region_room", "region_scores"), "benchlib.comparison.services.regional"),
    **dict.fromkeys(("ServiceScores", "score_service"), "benchlib.comparison.services.scores"),
}

__all__ = [
    "CONTEXT",
    "GROUP_WORDS",
    "MINIMUM_DATA",
    "POPULATION",
    "Chapter",
    "ComparisonGroup",
    "CompositeResult",
    "Difference",
    "EnergyBasis",
    "EnergyChange",
    "EnergyUse",
    "EqualisedCost",
    "EqualisedUnits",
    "FollowUp",
    "Gaps",
    "IndexResult",
    "LearningPartners",
    "Meeting",
    "NeedResult",
    "Partner",
    "PopulationChange",
    "Profile",
    "QuantileInterval",
    "ReformGains",
    "Room",
    "RoomForManoeuvre",
    "SatisfactionAgainstCost",
    "Seat",
    "ServiceOverview",
    "ServiceReading",
    "ServiceScores",
    "Strength",
    "Teaching",
    "added_indicators",
    "better_members",
    "chapter_figures",
    "choose_gaps",
    "comparable_units",
    "comparison_group",
    "composite_index",
    "dominators",
    "doubtful_figures",
    "doubts_in_use",
    "energy_basis",
    "energy_before_after",
    "energy_change",
    "energy_kinds",
    "energy_measures",
    "energy_priorities",
    "energy_stock",
    "energy_trend",
    "energy_use",
    "equalised_cost",
    "equalised_units",
    "expected_costs",
    "find_gaps",
    "follow_up",
    "former_figures",
    "frontier_certainties",
    "group_meeting",
    "learning_partners",
    "named_members",
    "need_adjusted_cost",
    "network_meeting",
    "network_room",
    "own_indicators",
    "pace_of",
    "plan_group",
    "plan_partners",
    "plan_path",
    "plan_practices",
    "population_change",
    "practices_for",
    "profile",
    "propose_plan",
    "quantile_interval",
    "rank_ranges",
    "reach",
    "reform_gains",
    "region_lessons",
    "region_room",
    "region_scores",
    "region_units",
    "room_for_manoeuvre",
    "room_of",
    "satisfaction_against_cost",
    "score_service",
    "service_overview",
    "service_reading",
    "shown_buildings",
    "social_chapters",
    "territory_development_index",
    "theme_indicators",
    "trend",
    "unnamed_members",
    "with_figures",
    "worst_buildings",
]


def __getattr__(name: str) -> Any:
    if name not in _LATER:
        raise AttributeError(f"module 'benchlib.comparison' has no attribute {name!r}; it has {', '.join(__all__)}")
    value = getattr(import_module(_LATER[name]), name)
    globals()[name] = value
    return value
