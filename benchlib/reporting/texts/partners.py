"""Sentences of learning partners and practice examples."""
