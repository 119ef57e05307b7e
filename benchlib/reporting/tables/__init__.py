"""Tables of the reports: each takes a result and gives back a block with formatted cells."""

from benchlib.reporting.tables import energy, need, network, partners, plan
from benchlib.reporting.tables.municipality import better, methods, positions
from benchlib.reporting.tables.receipts import missing, run, sources
from benchlib.reporting.tables.reliability import agreement, context, drivers, reform
from benchlib.reporting.tables.service import doubts, learners, scores, spread, teachers

__all__ = [
    "agreement",
    "better",
    "context",
    "doubts",
    "drivers",
    "energy",
    "learners",
    "methods",
    "missing",
    "need",
    "network",
    "partners",
    "plan",
    "positions",
    "reform",
    "run",
    "scores",
    "sources",
    "spread",
    "teachers",
]
