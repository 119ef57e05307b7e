"""Meaning: who is compared with whom, how a municipality stands, and what a gap is worth."""

from benchlib.comparison.figures import with_figures
from benchlib.comparison.groups import CONTEXT, GROUP_WORDS, ComparisonGroup, comparison_group, named_members
from benchlib.comparison.profile import MINIMUM_DATA, Profile, profile
from benchlib.comparison.reach import comparable_units, dominators, reach
from benchlib.comparison.service import ServiceScores, score_service
from benchlib.comparison.trend import former_figures, trend

__all__ = [
    "CONTEXT",
    "GROUP_WORDS",
    "MINIMUM_DATA",
    "ComparisonGroup",
    "Profile",
    "ServiceScores",
    "comparable_units",
    "comparison_group",
    "dominators",
    "former_figures",
    "named_members",
    "profile",
    "reach",
    "score_service",
    "trend",
    "with_figures",
]
