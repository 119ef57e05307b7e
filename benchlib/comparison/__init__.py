"""Meaning: who is compared with whom, how a municipality stands, and what a gap is worth."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from benchlib.comparison.figures import with_figures
from benchlib.comparison.groups import CONTEXT, GROUP_WORDS, ComparisonGroup, comparison_group, named_members
from benchlib.comparison.profile import Profile, profile
from benchlib.comparison.ranks import MINIMUM_DATA, rank_ranges
from benchlib.comparison.reach import comparable_units, dominators, reach
from benchlib.comparison.reform import ReformGains, reform_gains
from benchlib.comparison.service import ServiceScores, score_service
from benchlib.comparison.trend import former_figures, trend

if TYPE_CHECKING:
    from benchlib.comparison.overview import ServiceOverview, service_overview

#: What compares methods loads statsmodels (a second): only when it is first used.
_LATER = dict.fromkeys(("ServiceOverview", "service_overview"), "benchlib.comparison.overview")

__all__ = [
    "CONTEXT",
    "GROUP_WORDS",
    "MINIMUM_DATA",
    "ComparisonGroup",
    "Profile",
    "ReformGains",
    "ServiceOverview",
    "ServiceScores",
    "comparable_units",
    "comparison_group",
    "dominators",
    "former_figures",
    "named_members",
    "profile",
    "rank_ranges",
    "reach",
    "reform_gains",
    "score_service",
    "service_overview",
    "trend",
    "with_figures",
]


def __getattr__(name: str) -> Any:
    if name not in _LATER:
        raise AttributeError(f"module 'benchlib.comparison' has no attribute {name!r}; it has {', '.join(__all__)}")
    value = getattr(import_module(_LATER[name]), name)
    globals()[name] = value
    return value
