"""Figures of the reports; each takes a result, draws on axes, and gives them back."""

from benchlib.reporting.plots.buildings import building_use, renovations
from benchlib.reporting.plots.development import former, trends
from benchlib.reporting.plots.dots import dots
from benchlib.reporting.plots.energy import energy_trend, payback
from benchlib.reporting.plots.follow_up import follow_up
from benchlib.reporting.plots.frontier import frontier, frontier_of_all
from benchlib.reporting.plots.need import composite, need_costs, reading
from benchlib.reporting.plots.overview import context_effects, merger_gains, rank_ranges, score_intervals
from benchlib.reporting.plots.population import population
from benchlib.reporting.plots.position import glance, ranking
from benchlib.reporting.plots.quadrants import Corners, money_corners, quadrants
from benchlib.reporting.plots.radar import radar
from benchlib.reporting.plots.satisfaction import satisfaction
from benchlib.reporting.plots.slope import slope
from benchlib.reporting.plots.tilemap import tile_map, tile_values

__all__ = [
    "Corners",
    "building_use",
    "composite",
    "context_effects",
    "dots",
    "energy_trend",
    "follow_up",
    "former",
    "frontier",
    "frontier_of_all",
    "glance",
    "merger_gains",
    "money_corners",
    "need_costs",
    "payback",
    "population",
    "quadrants",
    "radar",
    "rank_ranges",
    "ranking",
    "reading",
    "renovations",
    "satisfaction",
    "score_intervals",
    "slope",
    "tile_map",
    "tile_values",
    "trends",
]
