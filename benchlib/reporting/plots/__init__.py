"""Figures of the reports; each takes a result, draws on axes, and gives them back."""

from benchlib.reporting.plots.development import former, trends
from benchlib.reporting.plots.frontier import frontier
from benchlib.reporting.plots.position import glance, ranking
from benchlib.reporting.plots.tilemap import tile_map

__all__ = ["former", "frontier", "glance", "ranking", "tile_map", "trends"]
