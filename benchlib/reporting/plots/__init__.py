"""Figures of the reports; each takes a result, draws on axes, and gives them back."""

from benchlib.reporting.plots.development import former, trends
from benchlib.reporting.plots.frontier import frontier, frontier_of_all
from benchlib.reporting.plots.overview import context_effects, merger_gains, rank_ranges, score_intervals
from benchlib.reporting.plots.position import glance, ranking
from benchlib.reporting.plots.radar import radar
from benchlib.reporting.plots.slope import slope
from benchlib.reporting.plots.tilemap import tile_map, tile_values

__all__ = [
    "context_effects",
    "former",
    "frontier",
    "frontier_of_all",
    "glance",
    "merger_gains",
    "radar",
    "rank_ranges",
    "ranking",
    "score_intervals",
    "slope",
    "tile_map",
    "tile_values",
    "trends",
]
