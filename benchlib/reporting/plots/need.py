"""Figures of indices, need-adjusted cost and room for manoeuvre."""
