"""Tables of the reports: each takes a result and gives back a block with formatted cells."""

from benchlib.reporting.tables import (
    appendix,
    energy,
    followed,
    meeting,
    need,
    network,
    partners,
    plan,
    region,
    satisfaction,
    social,
)
from benchlib.reporting.tables.manoeuvre import room
from benchlib.reporting.tables.municipality import better, methods, positions
from benchlib.reporting.tables.receipts import missing, run, sources
from benchlib.reporting.tables.reliability import agreement, context, drivers, reform
from benchlib.reporting.tables.service import doubts, learners, scores, spread, teachers

__all__ = [
    "agreement",
    "appendix",
    "better",
    "context",
    "doubts",
    "drivers",
    "energy",
    "followed",
    "learners",
    "meeting",
    "methods",
    "missing",
    "need",
    "network",
    "partners",
    "plan",
    "positions",
    "reform",
    "region",
    "room",
    "run",
    "satisfaction",
    "scores",
    "social",
    "sources",
    "spread",
    "teachers",
]
