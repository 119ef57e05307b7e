"""Energy in municipal buildings: use, benchmarks, savings, measures."""
