"""Sentences of the overview of energy-efficiency measures."""
