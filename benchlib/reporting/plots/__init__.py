"""Figures of the reports; each takes a result, draws on axes, and gives them back."""

from benchlib.reporting.plots.development import former, trends
from benchlib.reporting.plots.frontier import frontier, frontier_of_all
from benchlib.reporting.plots.overview import context_effects, merger_gains, rank_ranges, score_intervals
from benchlib.reporting.plots.position import glance, ranking
from benchlib.reporting.plots.tilemap import tile_map

__all__ = [
    "context_effects",
    "former",
    "frontier",
    "frontier_of_all",
    "glance",
    "merger_gains",
    "rank_ranges",
    "ranking",
    "score_intervals",
    "tile_map",
    "trends",
]
