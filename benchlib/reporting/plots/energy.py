"""Figures of the overview of energy-efficiency measures."""
