"""Sentences of a network's meeting paper and a region's report."""
