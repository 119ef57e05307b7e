"""Figures of learning partners and practice examples."""
